package docx

import (
	"fmt"
	"strings"
	"unicode"

	"homecase/internal/press/opc"
	"homecase/packet"
)

// run is a run of text in a character style, split where the direction of
// writing turns: Word needs to be told which runs are right to left.
func run(s, style string) string {
	var b strings.Builder
	for _, piece := range directions(s) {
		props := ""
		if style != "" {
			props = `<w:rStyle w:val="` + style + `"/>`
		}
		if piece.rtl {
			props += `<w:rtl/>`
		}
		if props != "" {
			props = `<w:rPr>` + props + `</w:rPr>`
		}
		b.WriteString(`<w:r>` + props + `<w:t xml:space="preserve">` + opc.Escape(piece.text) + `</w:t></w:r>`)
	}
	return b.String()
}

type piece struct {
	text string
	rtl  bool
}

// directions splits text into stretches of one direction; spaces and signs
// between two right-to-left words belong to them.
func directions(s string) []piece {
	var out []piece
	start, last := -1, 0 // of the right-to-left stretch; where its last letter ends
	from := 0
	flush := func(end int) {
		if start > from {
			out = append(out, piece{s[from:start], false})
		}
		out = append(out, piece{s[start:end], true})
		from, start = end, -1
	}
	for i, r := range s {
		switch {
		case r >= '\u0590' && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko):
			if start < 0 {
				start = i
			}
			last = i + len(string(r))
		case start >= 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			flush(last)
		}
	}
	if start >= 0 {
		flush(last)
	}
	if from < len(s) {
		out = append(out, piece{s[from:], false})
	}
	return out
}

// sentences writes running text with one space between sentences.
func (b *body) sentences(t packet.Text, style string) string {
	var out strings.Builder
	for i, s := range t {
		if i > 0 {
			out.WriteString(run(" ", style))
		}
		out.WriteString(b.spans(s.Spans, style))
	}
	return out.String()
}

func (b *body) spans(spans []packet.Span, style string) string {
	var out strings.Builder
	for _, s := range spans {
		use := style
		if s.Strong {
			use = "Strong"
		}
		switch link := b.link(s.Href); {
		case link != "":
			out.WriteString(`<w:hyperlink ` + link + `>` + run(s.Text, "Hyperlink") + `</w:hyperlink>`)
		default:
			out.WriteString(run(s.Text, use))
		}
	}
	return out.String()
}

// link gives the attribute of a hyperlink, or nothing for an address that a
// document should not open.
func (b *body) link(href string) string {
	lower := strings.ToLower(href)
	switch {
	case strings.HasPrefix(href, "#"):
		if name, ok := b.anchors[href[1:]]; ok {
			return `w:anchor="` + name + `" w:history="1"`
		}
		return ""
	case strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "mailto:"):
		if strings.ContainsAny(href, " \"<>\\^`{|}") {
			return ""
		}
		return `r:id="` + b.relation("hyperlink", href, true) + `" w:history="1"`
	}
	return ""
}

// relation adds a relationship of the main part; the same target twice is one relationship.
func (b *body) relation(kind, target string, external bool) string {
	const own = 4 // styles, numbering, settings, footer
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	rel := `Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kind + `" Target="` + opc.Escape(target) + `"` + mode
	for i, r := range b.rels {
		if r == rel {
			return fmt.Sprintf("rId%d", own+1+i)
		}
	}
	b.rels = append(b.rels, rel)
	return fmt.Sprintf("rId%d", own+len(b.rels))
}

func (b *body) relations() string {
	var out strings.Builder
	out.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, name := range []string{"styles", "numbering", "settings", "footer"} {
		file := name
		if name == "footer" {
			file = "footer1"
		}
		fmt.Fprintf(&out, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s.xml"/>`, i+1, name, file)
	}
	for i, r := range b.rels {
		fmt.Fprintf(&out, `<Relationship Id="rId%d" %s/>`, i+5, r)
	}
	out.WriteString(`</Relationships>`)
	return out.String()
}
