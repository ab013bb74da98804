package web

import (
	"html/template"
	"strings"

	"homecase/internal/press/draw"
	"homecase/locale"
	"homecase/packet"
)

// icons are the strokes of small pictures in a box of 24 by 24. They decorate:
// the words beside them say the same.
var icons = map[string]template.HTML{
	"lock":  `<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`,
	"back":  `<path d="M15 5l-7 7 7 7"/>`,
	"go":    `<path d="M5 12h14M13 6l6 6-6 6"/>`,
	"done":  `<path d="M4 12.5l5 5L20 6.5"/>`,
	"eye":   `<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="2.6"/>`,
	"wait":  `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3 2"/>`,
	"down":  `<path d="M12 4v12M6 11l6 6 6-6M5 20h14"/>`,
	"sheet": `<path d="M6 3h8l4 4v14H6zM14 3v4h4"/>`,
}

func (s *Server) functions() template.FuncMap {
	return template.FuncMap{
		"tabs": tabs,
		"icon": func(name string) template.HTML {
			return `<svg class="ico" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`
		},
		"picture":     picture,
		"bar":         bar,
		"add":         func(a, b int) int { return a + b },
		"lines":       func(s string) []string { return strings.Split(s, "\n") },
		"textWidth":   textWidth,
		"longDate":    longDate,
		"number":      func(n int) string { return locale.Locale{}.Number(float64(n), 0) },
		"isLink":      func(address string) bool { return strings.HasPrefix(address, "https://") },
		"fileLines":   fileLines,
		"changeLines": changeLines,
		"officeName":  func(id string) string { return officeNames[id] },
	}
}

// picture draws a chart under an id of its own. The sentence or the table
// beside it says what it shows.
func picture(chart packet.Chart, id string) (template.HTML, error) {
	if chart == nil {
		return "", nil
	}
	var b strings.Builder
	err := draw.SVG(&b, chart, "chart-"+id)
	return template.HTML(b.String()), err // written by package draw, which escapes its texts
}

// svg writes a picture under an id of its own.
func svg(p draw.Picture, id string) (template.HTML, error) {
	var b strings.Builder
	err := p.SVG(&b, id)
	return template.HTML(b.String()), err // written by package draw, which escapes its texts
}

// bar draws one bar of a table that is a chart.
func bar(p packet.Bar, id string) (template.HTML, error) {
	var b strings.Builder
	err := draw.Bar(p, draw.Screen()).SVG(&b, "bar-"+id)
	return template.HTML(b.String()), err // as above
}

// fileLines are the lines of a file as items of a list. A file has hundreds, and
// a template takes three times as long for each.
func fileLines(lines []string) template.HTML {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("<li><code>")
		template.HTMLEscape(&b, []byte(line))
		b.WriteString("</code></li>")
	}
	return template.HTML(b.String()) // what is not written here is escaped
}

// changeLines are the lines that came and went, likewise.
func changeLines(changes []change) template.HTML {
	var b strings.Builder
	for _, c := range changes {
		head := "<li><b>New</b> <code>"
		if c.Gone {
			head = `<li class="gone"><b>Gone</b> <code>`
		}
		b.WriteString(head)
		template.HTMLEscape(&b, []byte(c.Line))
		b.WriteString("</code></li>")
	}
	return template.HTML(b.String()) // as above
}

// textWidth is the class of a field that is as wide as what goes into it.
func textWidth(characters int) string {
	switch {
	case characters == 0:
		return ""
	case characters <= 4:
		return "w4"
	case characters <= 8:
		return "w8"
	case characters <= 14:
		return "w14"
	}
	return "w24"
}
