package page

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"homecase/internal/press/text"
	"homecase/packet"
)

// printer turns blocks into markup. It remembers the first fault, so that the
// caller asks once.
type printer struct {
	opt       Options
	templates *template.Template
	titles    int
	title     string // the text of the page's heading
	photos    int
	drawings  int
	floor     int  // headings inside the section at hand are of this level or below
	inside    bool // the document stands inside another page
	err       error
}

// run executes a named template and returns its markup.
func (p *printer) run(name string, data any) template.HTML {
	var b strings.Builder
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil && p.err == nil {
		p.err = fmt.Errorf("write %s: %w", name, err)
	}
	return template.HTML(b.String())
}

func (p *printer) blocks(blocks []packet.Block) []template.HTML {
	var out []template.HTML
	for _, b := range blocks {
		out = append(out, p.block(b))
	}
	return out
}

func (p *printer) block(b packet.Block) template.HTML {
	switch b := b.(type) {
	case packet.Para:
		return p.para(b)
	case packet.Heading:
		return p.run("heading", struct {
			Level int
			Text  template.HTML
		}{min(max(b.Level, p.floor), 6), inline(b.Text)})
	case packet.List:
		return p.list(b)
	case packet.Choice:
		return p.run("choice", struct {
			Options []packet.Option
			Note    template.HTML
			OnPaper bool
		}{b.Options, inline(b.Note), p.opt.Decision != nil})
	case packet.Question:
		return p.question(b)
	case packet.Table:
		return p.table(b)
	case packet.Figure:
		return p.figure(b)
	case packet.Photo:
		return p.photo(b)
	case packet.Signature:
		return p.run("signature", b.Captions)
	}
	if p.err == nil {
		p.err = fmt.Errorf("a page cannot print a block of type %T", b)
	}
	return ""
}

func (p *printer) para(b packet.Para) template.HTML {
	v := struct {
		Class          string
		Text, Evidence template.HTML
	}{"", inline(b.Text), inline(b.Evidence)}
	switch b.Style {
	case packet.Title:
		p.titles++
		if p.titles == 1 {
			p.title = b.Text.String()
			if p.inside {
				return p.run("inner-title", v.Text)
			}
			return p.run("title", v.Text)
		}
		v.Class = "ask"
	case packet.Ask, packet.Meta, packet.Note:
		v.Class = string(b.Style)
	}
	return p.run("para", v)
}

func (p *printer) list(b packet.List) template.HTML {
	v := struct {
		Numbered bool
		Class    string
		Items    []template.HTML
	}{Numbered: b.Style == packet.Numbers, Class: "dots"}
	if b.Style == packet.Ticks {
		v.Class = "tick"
	}
	for _, t := range b.Items {
		v.Items = append(v.Items, inline(t))
	}
	return p.run("list", v)
}

// digitless is a question for people who hear the link behind it; one with a
// number in it is left out there, since nothing would bind the number.
func digitless(s string) string {
	if packet.HasDigit(s) {
		return ""
	}
	return s
}

func (p *printer) question(b packet.Question) template.HTML {
	v := struct {
		ID, Plain, Waiting, State, Ask string
		Number, Question, Answer, By   template.HTML
		Beside                         Beside
	}{Beside: p.beside(b.ID), ID: b.ID, Plain: digitless(b.Question.String()), Question: inline(b.Question), Answer: inline(b.Answer), By: inline(b.By)}
	if b.Number.Text != "" {
		v.Number = inlineSpans([]packet.Span{b.Number})
	}
	if b.Open {
		v.Waiting = b.State
	} else {
		v.State = text.State(b.State, b.By.String())
	}
	if p.opt.Ask != nil {
		v.Ask = safeHref(p.opt.Ask(b.ID))
	}
	return p.run("question", v)
}

func (p *printer) photo(b packet.Photo) template.HTML {
	p.photos++
	v := struct {
		Source        template.URL
		Width, Height int
		Mark          string
		Alt           template.HTML
	}{Width: b.Width, Height: b.Height, Mark: fmt.Sprintf("photo-%d", p.photos), Alt: inline(b.Alt)}
	if p.opt.Assets == "" {
		v.Source = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.JPEG))
	} else {
		v.Source = template.URL(safeHref(p.opt.Files + b.ID + ".jpg"))
	}
	return p.run("photo", v)
}

type tableView struct {
	ID, Wrap, Class string
	Scroll, Stack   bool
	Caption         template.HTML
	Columns         []columnView
	Rows            []rowView
}

type columnView struct {
	Class string
	Head  template.HTML
}

type rowView struct {
	Total bool
	Cells []cellView
}

type cellView struct {
	Class, Label    string
	Header          bool
	Text, Note, Bar template.HTML
}

// table lays a table out for its width: up to three columns fit a phone as
// they are; wider ones become a card a row there, with the column's head
// before each cell. A head that holds a number cannot be repeated without
// printing the number twice, so such a table scrolls sideways instead.
func (p *printer) table(t packet.Table) template.HTML {
	v := tableView{ID: t.ID, Caption: inline(t.Caption), Class: "plain", Wrap: "fit"}
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head.String()
		v.Scroll = v.Scroll || packet.HasDigit(heads[i])
		col := columnView{Head: inline(c.Head)}
		if c.Right && len(t.Columns) > 1 {
			col.Class = "n"
		}
		v.Columns = append(v.Columns, col)
	}
	v.Stack = len(t.Columns) > 3 && !v.Scroll
	v.Scroll = len(t.Columns) > 3 && v.Scroll
	switch {
	case v.Stack:
		v.Class += " stack"
	case v.Scroll:
		v.Wrap = "scroll"
	}
	if len(t.Columns) > 4 {
		v.Class += " wide"
	}
	for _, r := range t.Rows {
		row := rowView{Total: r.Total}
		for i, c := range r.Cells {
			row.Cells = append(row.Cells, p.cell(t, heads, v.Stack, i, c, r.Header && i == 0))
		}
		v.Rows = append(v.Rows, row)
	}
	return p.run("table", v)
}

func (p *printer) cell(t packet.Table, heads []string, stack bool, i int, c packet.Cell, header bool) cellView {
	v := cellView{Header: header, Text: inline(c.Text), Note: inline(c.Note)}
	if i < len(t.Columns) && t.Columns[i].Right && len(t.Columns) > 1 {
		v.Class = "n"
	}
	if c.Bar != nil {
		v.Class, v.Bar = "bar", p.bar(*c.Bar)
	}
	if stack && !header && i < len(heads) && (v.Text != "" || v.Note != "") {
		v.Label = heads[i]
	}
	return v
}
