package page

import (
	"fmt"
	"html/template"
	"strings"

	"homecase/internal/press/draw"
	"homecase/packet"
)

// figure prints the sentence that carries the finding, the chart and the
// table behind it. Weeks, diaries and verdicts are text by nature and become
// lists and tables; the other charts are drawings, hidden from readers who
// hear the page, because the sentence and the table say the same.
func (p *printer) figure(f packet.Figure) template.HTML {
	v := struct {
		ID               string
		Alt, Chart, Data template.HTML
		Name             string
		Table            bool
	}{ID: f.ID, Alt: inline(f.Alt), Chart: p.chart(f)}
	if f.Data != nil {
		v.Data, v.Table = p.table(*f.Data), true
		v.Name = wordsOnly(f.Data.Caption.String())
	}
	return p.run("figure", v)
}

func (p *printer) chart(f packet.Figure) template.HTML {
	switch c := f.Chart.(type) {
	case packet.Windows:
		return p.run("windows", windows(c))
	case packet.Verdicts:
		return p.run("verdicts", verdicts(c))
	case packet.Diary:
		return p.run("diary", diary(c))
	}
	return p.drawing(draw.Lay(f.Chart, draw.Screen()))
}

func (p *printer) bar(b packet.Bar) template.HTML {
	return p.drawing(draw.Bar(b, draw.Screen()))
}

// drawing writes a picture under a name of its own; the names people give
// their figures are not safe to stand in an address inside a drawing.
func (p *printer) drawing(picture draw.Picture) template.HTML {
	p.drawings++
	var b strings.Builder
	if err := picture.SVG(&b, fmt.Sprintf("drawing-%d", p.drawings)); err != nil && p.err == nil {
		p.err = err
	}
	return template.HTML(b.String())
}

type windowView struct{ Class, Name, Place string }

func windows(c packet.Windows) []windowView {
	var days []windowView
	for _, d := range c.Days {
		days = append(days, windowView{fillClass(d.Lit), d.Name, d.Place})
	}
	return days
}

func fillClass(f packet.Fill) string {
	switch f {
	case packet.FillHome, packet.FillPale, packet.FillOffice:
		return string(f)
	}
	return "none"
}

type verdictView struct {
	Name string
	Now  bool
}

func verdicts(c packet.Verdicts) []verdictView {
	var names []verdictView
	for i, n := range c.Names {
		names = append(names, verdictView{n, i == c.Current})
	}
	return names
}

type diaryView struct {
	Days  []string
	Weeks []diaryWeek
}

type diaryWeek struct {
	Label template.HTML
	Days  []diaryDay
}

type diaryDay struct {
	Class, Say string
	Text       template.HTML
}

func diary(c packet.Diary) diaryView {
	v := diaryView{Days: c.Days}
	for _, w := range c.Weeks {
		week := diaryWeek{Label: inlineSpans(w.Label)}
		for _, d := range w.Days {
			day := diaryDay{Class: fillClass(d.Fill), Text: inlineSpans(d.Text)}
			var say []string
			switch d.Fill {
			case packet.FillHome:
				say = append(say, "at home")
			case packet.FillOffice:
				say = append(say, "office")
			}
			if d.Now {
				day.Class += " today"
				say = append(say, "today")
			}
			day.Say = strings.Join(say, ", ")
			week.Days = append(week.Days, day)
		}
		v.Weeks = append(v.Weeks, week)
	}
	return v
}
