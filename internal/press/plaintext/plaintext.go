// Package plaintext writes a document as plain text in 72 columns: the body of
// an e-mail, a letter to paste, a packet for somebody whose mail shows nothing
// else. Pictures become the sentence that carries their finding and the table
// behind them; links stand in angle brackets behind their words. Nothing is
// left out but what only a screen or a sheet of paper can hold.
package plaintext

import (
	"fmt"
	"strings"

	"homecase/internal/press/text"
	"homecase/packet"
)

// Columns is the width of the text, as mail has had it since terminals.
const Columns = 72

// Write writes the document. Lines end in "\n", and so does the text.
func Write(doc packet.Document) string { return write(doc, Columns) }

// Flow writes the document with each paragraph on one line, for a person to copy
// into a program that breaks lines itself.
func Flow(doc packet.Document) string { return write(doc, unbroken) }

// unbroken is wider than any paragraph.
const unbroken = 1 << 30

func write(doc packet.Document, columns int) string {
	doc = text.Document(doc)
	w := &writer{letter: doc.Kind == packet.Letter, columns: columns}
	w.blocks(doc.Head)
	if doc.Contents {
		w.contents(doc.Sections)
	}
	for _, s := range doc.Sections {
		if s.Label != "" {
			w.part(s.Label + "\n" + strings.Repeat("-", min(text.Columns(s.Label), Columns)))
		}
		w.blocks(s.Blocks)
	}
	return w.String()
}

type writer struct {
	strings.Builder
	letter  bool
	columns int // of running text
}

// part adds a paragraph with an empty line before it.
func (w *writer) part(s string) {
	if s = strings.TrimRight(s, "\n "); s == "" {
		return
	}
	if w.Len() > 0 {
		w.WriteByte('\n')
	}
	w.WriteString(s + "\n")
}

// wrapped adds running text; first stands before its first line and the
// following lines are indented to match.
func (w *writer) wrapped(first, s string) { w.part(w.hang(first, s)) }

func (w *writer) hang(first, s string) string {
	indent := strings.Repeat(" ", text.Columns(first))
	lines := text.Wrap(s, w.columns-len(indent))
	return first + strings.Join(lines, "\n"+indent)
}

func (w *writer) contents(sections []packet.Section) {
	var lines []string
	for _, s := range sections {
		if s.Label != "" {
			lines = append(lines, w.hang(strings.Repeat("  ", max(s.Level-2, 0))+"- ", s.Label))
		}
	}
	w.part(strings.Join(lines, "\n"))
}

func (w *writer) blocks(blocks []packet.Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *writer) block(b packet.Block) {
	switch b := b.(type) {
	case packet.Para:
		w.para(b)
	case packet.Heading:
		w.wrapped("", running(b.Text))
	case packet.List:
		w.list(b)
	case packet.Choice:
		w.choice(b)
	case packet.Question:
		w.question(b)
	case packet.Table:
		w.table(b)
	case packet.Figure:
		w.wrapped("", running(b.Alt))
		if d, ok := b.Chart.(packet.Diary); ok {
			w.table(calendar(d))
		}
		if b.Data != nil {
			w.table(*b.Data)
		}
	case packet.Photo:
		w.wrapped("", "[Photo: "+running(b.Alt)+"]")
	case packet.Signature:
		for _, c := range b.Captions {
			w.part("\n\n" + strings.Repeat("_", Columns/2) + "\n" + c)
		}
	}
}

func (w *writer) para(p packet.Para) {
	s := running(p.Text)
	if len(p.Evidence) > 0 {
		s += " [" + running(p.Evidence) + "]"
	}
	if p.Style == packet.Title && !w.letter {
		lines := text.Wrap(s, w.columns)
		w.part(strings.Join(lines, "\n") + "\n" + strings.Repeat("=", min(text.Columns(lines[len(lines)-1]), Columns)))
		return
	}
	w.wrapped("", s)
}

func (w *writer) list(l packet.List) {
	var items []string
	for i, item := range l.Items {
		first := "- "
		if l.Style == packet.Numbers {
			first = fmt.Sprintf("%d. ", i+1)
		}
		items = append(items, w.hang(first, running(item)))
	}
	w.part(strings.Join(items, "\n"))
}

func (w *writer) choice(c packet.Choice) {
	var lines []string
	for _, o := range c.Options {
		line := w.hang("[ ] ", o.Label)
		if o.Line {
			line += " ____________________"
		}
		lines = append(lines, line)
	}
	w.part(strings.Join(lines, "\n"))
	w.wrapped("", running(c.Note))
}

func (w *writer) question(q packet.Question) {
	head := running(q.Question)
	if q.Number.Text != "" {
		head = q.Number.Text + " " + head
	}
	w.wrapped("", head)
	w.wrapped("  ", running(q.Answer))
	w.wrapped("  ", strings.TrimSpace(text.State(q.State, q.By.String())+" "+running(q.By)))
}

func running(t packet.Text) string {
	parts := make([]string, len(t))
	for i, s := range t {
		parts[i] = spans(s.Spans)
	}
	return strings.Join(parts, " ")
}

// spans writes words with the address of a link behind them, unless the words are the address.
func spans(in []packet.Span) string {
	var b strings.Builder
	for _, s := range in {
		b.WriteString(s.Text)
		address := strings.TrimPrefix(s.Href, "mailto:")
		if address != "" && !strings.HasPrefix(address, "#") && address != s.Text && !strings.ContainsAny(address, " <>") && web(s.Href) {
			b.WriteString(" <" + address + ">")
		}
	}
	return b.String()
}

func web(href string) bool {
	lower := strings.ToLower(href)
	return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "mailto:")
}
