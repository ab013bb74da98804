package cli

import (
	"strings"
	"unicode/utf8"
)

// columns is the width of everything printed for people.
const columns = 80

// wrap breaks text at 80 columns; further lines are indented.
func wrap(text string, indent int) string { return wrapAt(text, indent, 0) }

// row puts a name into a column of its own and wraps the text beside it. A
// name that is longer than its column stands on a line of its own.
func row(name string, width int, text string) string {
	if n := utf8.RuneCountInString(name); n < width {
		return name + strings.Repeat(" ", width-n) + wrapAt(text, width, width)
	}
	return name + "\n" + strings.Repeat(" ", width) + wrapAt(text, width, width)
}

// fold wraps paragraphs. Lines that begin with a space stay as they are.
func fold(text string) string {
	var out, open []string
	end := func() {
		if len(open) > 0 {
			out = append(out, wrap(strings.Join(open, " "), 0))
			open = nil
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == ' ' {
			end()
			out = append(out, line)
			continue
		}
		open = append(open, line)
	}
	end()
	return strings.Join(out, "\n")
}

// wrapAt wraps text whose first line begins at a column already. Spaces at the
// start of the text are kept; a word that fits on no line stays whole.
func wrapAt(text string, indent, column int) string {
	lead := len(text) - len(strings.TrimLeft(text, " "))
	var b strings.Builder
	b.WriteString(text[:lead])
	column += lead
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > columns:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
