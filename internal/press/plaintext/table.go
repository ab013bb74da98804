package plaintext

import (
	"strings"

	"homecase/internal/press/text"
	"homecase/packet"
)

// table writes columns side by side where they fit, and one line a cell,
// "head: value", where they do not.
func (w *writer) table(t packet.Table) {
	w.wrapped("", running(t.Caption))
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = running(c.Head)
	}
	var rows [][]string
	for _, r := range t.Rows {
		row := make([]string, len(heads))
		for i := range row {
			if i < len(r.Cells) {
				row[i] = cell(r.Cells[i])
			}
		}
		rows = append(rows, row)
	}
	if len(heads) == 0 {
		return
	}
	if widths, fits := measure(heads, rows); fits {
		w.part(aligned(t, heads, rows, widths))
		return
	}
	for _, row := range rows {
		lines := []string{w.hang("", row[0])}
		for i, c := range row[1:] {
			if c != "" {
				lines = append(lines, w.hang("  ", heads[i+1]+": "+c))
			}
		}
		w.part(strings.Join(lines, "\n"))
	}
}

func cell(c packet.Cell) string {
	s := running(c.Text)
	if note := running(c.Note); note != "" {
		s = strings.TrimSpace(s + " (" + note + ")")
	}
	return s
}

const gap = 2

func measure(heads []string, rows [][]string) ([]int, bool) {
	widths := make([]int, len(heads))
	sum := -gap
	for i, h := range heads {
		widths[i] = text.Columns(h)
		for _, r := range rows {
			widths[i] = max(widths[i], text.Columns(r[i]))
		}
		sum += widths[i] + gap
	}
	return widths, sum <= Columns
}

func aligned(t packet.Table, heads []string, rows [][]string, widths []int) string {
	rules := make([]string, len(widths))
	for i, n := range widths {
		rules[i] = strings.Repeat("-", n)
	}
	lines := []string{line(t, heads, widths), line(t, rules, widths)}
	for i, r := range rows {
		if t.Rows[i].Total {
			lines = append(lines, line(t, rules, widths))
		}
		lines = append(lines, line(t, r, widths))
	}
	return strings.Join(lines, "\n")
}

func line(t packet.Table, cells []string, widths []int) string {
	parts := make([]string, len(cells))
	for i, c := range cells {
		pad := strings.Repeat(" ", widths[i]-text.Columns(c))
		if t.Columns[i].Right {
			parts[i] = pad + c
		} else {
			parts[i] = c + pad
		}
	}
	return strings.TrimRight(strings.Join(parts, strings.Repeat(" ", gap)), " ")
}

// calendar turns a diary into a table; a home day says so beside its number.
func calendar(d packet.Diary) packet.Table {
	t := packet.Table{Columns: []packet.Column{{Head: packet.Plain("Week")}}}
	for _, name := range d.Days {
		t.Columns = append(t.Columns, packet.Column{Head: packet.Plain(name)})
	}
	for _, week := range d.Weeks {
		row := packet.Row{Header: true, Cells: []packet.Cell{{Text: packet.Text{{Spans: week.Label}}}}}
		for _, day := range week.Days {
			c := packet.Cell{Text: packet.Text{{Spans: day.Text}}}
			if day.Fill == packet.FillHome {
				c.Note = packet.Plain("home")
			}
			row.Cells = append(row.Cells, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
