package mail

import (
	"html"
	"strings"

	"homecase/internal/press/plaintext"
	"homecase/internal/press/text"
	"homecase/packet"
)

// Body writes a document as the two bodies of a message. The HTML is what
// every mail program shows alike: paragraphs, lists, tables and links in the
// reader's own type, nothing loaded from anywhere.
func Body(doc packet.Document) (plain, rich string) {
	doc = text.Document(doc)
	w := &htmlBody{}
	lang := "en"
	if !strings.ContainsAny(doc.Lang, "\"<>& ") && doc.Lang != "" {
		lang = doc.Lang
	}
	w.WriteString(`<!DOCTYPE html>` + "\n" + `<html lang="` + html.EscapeString(lang) + `"><head><meta charset="utf-8"><title>` + html.EscapeString(doc.Title) + `</title></head>` + "\n" +
		`<body style="margin:0;padding:16px;font:17px/1.5 Georgia,serif"><div style="max-width:36em">` + "\n")
	w.blocks(doc.Head)
	for _, s := range doc.Sections {
		if s.Label != "" {
			w.line(`h2 style="font:bold 17px/1.4 sans-serif;margin:24px 0 8px"`, html.EscapeString(s.Label))
		}
		w.blocks(s.Blocks)
	}
	w.WriteString("</div></body></html>\n")
	return plaintext.Write(doc), w.String()
}

type htmlBody struct{ strings.Builder }

// line writes one element; tag may carry attributes.
func (w *htmlBody) line(tag, inner string) {
	if inner == "" {
		return
	}
	name, _, _ := strings.Cut(tag, " ")
	w.WriteString("<" + tag + ">" + inner + "</" + name + ">\n")
}

const (
	note  = `p style="margin:0 0 12px;font:15px/1.45 sans-serif"`
	para  = `p style="margin:0 0 12px"`
	title = `h1 style="font:normal 26px/1.2 Georgia,serif;margin:0 0 12px"`
	fact  = `h3 style="font:normal 21px/1.25 Georgia,serif;margin:16px 0 4px"`
)

func (w *htmlBody) blocks(blocks []packet.Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *htmlBody) block(b packet.Block) {
	switch b := b.(type) {
	case packet.Para:
		w.para(b)
	case packet.Heading:
		w.line(fact, inline(b.Text))
	case packet.List:
		w.list(b)
	case packet.Choice:
		labels := make([]string, len(b.Options))
		for i, o := range b.Options {
			labels[i] = o.Label
		}
		w.line(para, html.EscapeString(strings.Join(labels, " / ")))
		w.line(note, inline(b.Note))
	case packet.Question:
		q := b.Question.String()
		if b.Number.Text != "" {
			q = b.Number.Text + " " + q
		}
		w.line(para, "<strong>"+html.EscapeString(q)+"</strong>")
		w.line(para, inline(b.Answer))
		w.line(note, strings.TrimSpace(html.EscapeString(text.State(b.State, b.By.String()))+" "+inline(b.By)))
	case packet.Table:
		w.table(b)
	case packet.Figure:
		w.line(para, inline(b.Alt))
		if b.Data != nil {
			w.table(*b.Data)
		}
	case packet.Photo:
		w.line(note, inline(b.Alt))
	case packet.Signature:
		for _, c := range b.Captions {
			w.line(para, html.EscapeString(c))
		}
	}
}

func (w *htmlBody) para(p packet.Para) {
	s := inline(p.Text)
	if len(p.Evidence) > 0 {
		s += ` <small>[` + inline(p.Evidence) + `]</small>`
	}
	switch p.Style {
	case packet.Title:
		w.line(title, s)
	case packet.Meta, packet.Note:
		w.line(note, s)
	default:
		w.line(para, s)
	}
}

func (w *htmlBody) list(l packet.List) {
	var items strings.Builder
	for _, t := range l.Items {
		items.WriteString(`<li style="margin:0 0 6px">` + inline(t) + `</li>`)
	}
	if l.Style == packet.Numbers {
		w.line(`ol style="margin:0 0 12px;padding:0 0 0 24px"`, items.String())
	} else {
		w.line(`ul style="margin:0 0 12px;padding:0 0 0 24px"`, items.String())
	}
}

func (w *htmlBody) table(t packet.Table) {
	var b strings.Builder
	if len(t.Caption) > 0 {
		b.WriteString(`<caption style="text-align:left;padding:0 0 6px">` + inline(t.Caption) + `</caption>`)
	}
	b.WriteString(`<thead><tr>`)
	for _, c := range t.Columns {
		b.WriteString(`<th scope="col" style="` + cellStyle(c.Right) + `">` + inline(c.Head) + `</th>`)
	}
	b.WriteString(`</tr></thead><tbody>`)
	for _, r := range t.Rows {
		b.WriteString(`<tr>`)
		for i, c := range r.Cells {
			open, shut := "td", "td"
			if r.Header && i == 0 {
				open, shut = `th scope="row"`, "th"
			}
			inner := inline(c.Text)
			if len(c.Note) > 0 {
				inner += `<br><small>` + inline(c.Note) + `</small>`
			}
			b.WriteString(`<` + open + ` style="` + cellStyle(i < len(t.Columns) && t.Columns[i].Right) + `">` + inner + `</` + shut + `>`)
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</tbody>`)
	w.line(`table style="border-collapse:collapse;margin:0 0 16px;font:15px/1.4 sans-serif"`, b.String())
}

func cellStyle(right bool) string {
	const all = "padding:4px 14px 4px 0;border-bottom:1px solid #ccc;vertical-align:top;font-weight:normal;text-align:"
	if right {
		return all + "right"
	}
	return all + "left"
}

func inline(t packet.Text) string {
	var b strings.Builder
	for i, s := range t {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, p := range s.Spans {
			words := html.EscapeString(p.Text)
			if p.Strong {
				words = "<strong>" + words + "</strong>"
			}
			lower := strings.ToLower(p.Href)
			if (strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "mailto:")) && !strings.ContainsAny(p.Href, " \"'<>`") {
				words = `<a href="` + html.EscapeString(p.Href) + `">` + words + `</a>`
			}
			b.WriteString(words)
		}
	}
	return b.String()
}
