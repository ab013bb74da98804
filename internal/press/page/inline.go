package page

import (
	"html"
	"html/template"
	"strings"
	"unicode"

	"homecase/packet"
)

// inline writes running text: sentences with one space between them. Every
// character that came from outside goes through html.EscapeString.
func inline(t packet.Text) template.HTML {
	var b strings.Builder
	for i, s := range t {
		if i > 0 {
			b.WriteByte(' ')
		}
		writeSpans(&b, s.Spans)
	}
	return template.HTML(b.String())
}

func inlineSpans(spans []packet.Span) template.HTML {
	var b strings.Builder
	writeSpans(&b, spans)
	return template.HTML(b.String())
}

func writeSpans(b *strings.Builder, spans []packet.Span) {
	for _, s := range spans {
		words := html.EscapeString(s.Text)
		if s.Ref != "" {
			words = `<data value="` + html.EscapeString(string(s.Ref)) + `">` + words + `</data>`
		}
		if s.Strong {
			words = "<strong>" + words + "</strong>"
		}
		if href := safeHref(s.Href); href != "" {
			words = `<a href="` + html.EscapeString(href) + `">` + words + `</a>`
		}
		b.WriteString(words)
	}
}

// safeHref lets through what a packet may link to: a secure page, a message,
// a place in this page, a path of the server the page came from.
func safeHref(href string) string {
	if strings.ContainsAny(href, " \"'<>`\\") || strings.ContainsFunc(href, unicode.IsControl) {
		return ""
	}
	lower := strings.ToLower(href)
	for _, prefix := range []string{"https://", "mailto:", "#"} {
		if strings.HasPrefix(lower, prefix) && len(href) > len(prefix) {
			return href
		}
	}
	if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
		return href
	}
	return ""
}
