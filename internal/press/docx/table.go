package docx

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"homecase/internal/press/opc"
	"homecase/packet"
)

// table writes a captioned table whose header row repeats on every page.
func (b *body) table(t packet.Table) {
	if len(t.Columns) == 0 {
		return
	}
	if len(t.Caption) > 0 {
		b.para("TableCaption", "", b.sentences(t.Caption, ""))
	}
	widths := columnWidths(t)
	last := 0
	if len(t.Rows) > 0 && t.Rows[len(t.Rows)-1].Total {
		last = 1
	}
	b.xml.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="CaseTable"/>` + fmt.Sprintf(`<w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/>`, total(widths)) +
		fmt.Sprintf(`<w:tblLook w:val="%04X" w:firstRow="1" w:lastRow="%d" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, 0x06A0|last<<6, last) + caption(t.Caption.String()) + `</w:tblPr>`)
	b.grid(widths)
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		style := "TableHead"
		if c.Right {
			style = "TableHeadNumber"
		}
		heads[i] = paragraph(style, b.sentences(c.Head, ""))
	}
	b.row(widths, heads, `<w:cantSplit/><w:tblHeader/>`)
	for _, r := range t.Rows {
		cells := make([]string, len(t.Columns))
		for i := range cells {
			if i < len(r.Cells) {
				cells[i] = b.cell(r.Cells[i], t.Columns[i].Right, widths[i])
			} else {
				cells[i] = paragraph("TableText", "")
			}
		}
		b.row(widths, cells, `<w:cantSplit/>`)
	}
	b.xml.WriteString(`</w:tbl>`)
	b.para("TableEnd", "", "")
}

func total(widths []int) int {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	return sum
}

// caption is the table's title and description for readers who hear it.
func caption(s string) string {
	if s = opc.Escape(s); s == "" {
		return ""
	}
	return `<w:tblCaption w:val="` + s + `"/>`
}

func paragraph(style, inner string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + inner + `</w:p>`
}

func (b *body) grid(widths []int) {
	b.xml.WriteString(`<w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&b.xml, `<w:gridCol w:w="%d"/>`, w)
	}
	b.xml.WriteString(`</w:tblGrid>`)
}

func (b *body) row(widths []int, cells []string, props string) {
	b.xml.WriteString(`<w:tr><w:trPr>` + props + `</w:trPr>`)
	for i, c := range cells {
		fmt.Fprintf(&b.xml, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, widths[i], c)
	}
	b.xml.WriteString(`</w:tr>`)
}

func (b *body) cell(c packet.Cell, right bool, w int) string {
	style := "TableText"
	if right {
		style = "TableNumber"
	}
	inner := b.sentences(c.Text, "")
	if c.Bar != nil {
		inner = b.bar(*c.Bar, c.Text.String(), w)
	}
	out := paragraph(style, inner)
	if len(c.Note) > 0 {
		out += paragraph("TableNote", b.sentences(c.Note, ""))
	}
	return out
}

// columnWidths shares the width of the text. Every column gets room for its
// longest word; what is left goes to columns by their own share, or by how
// much their cells hold. A small table stays small.
func columnWidths(t packet.Table) []int {
	const letter, air = 115, 160 // twentieths of a point in the type of tables
	least, want := make([]int, len(t.Columns)), make([]float64, len(t.Columns))
	natural, used, sum := 0, 0, 0.0
	for i, c := range t.Columns {
		word, cell := longest(t, i)
		least[i] = min(word, 14)*letter + air
		used += least[i]
		natural += min(cell, 60)*letter + air
		want[i] = float64(min(cell, 60))
		if c.Width > 0 && c.Width < 1 {
			want[i], natural = 200*c.Width, width
		}
		sum += want[i]
	}
	all := min(max(natural*5/4, width/2), width)
	widths, left := make([]int, len(want)), all
	for i := range widths {
		if used < all && sum > 0 {
			widths[i] = least[i] + int(float64(all-used)*want[i]/sum)
		} else {
			widths[i] = all / len(widths)
		}
		left -= widths[i]
	}
	widths[len(widths)-1] += left
	return widths
}

// longest counts the letters of a column's longest word and of its longest
// cell, its head counting too.
func longest(t packet.Table, i int) (word, cell int) {
	look := func(s string) {
		cell = max(cell, utf8.RuneCountInString(s))
		for w := range strings.FieldsSeq(s) {
			word = max(word, utf8.RuneCountInString(w))
		}
	}
	look(t.Columns[i].Head.String())
	for _, r := range t.Rows {
		if i < len(r.Cells) {
			look(r.Cells[i].Text.String())
			look(r.Cells[i].Note.String())
		}
	}
	return word, cell
}

// week writes the five windows as a row of lit cells that say in words what
// the light says.
func (b *body) week(c packet.Windows, alt string) {
	if len(c.Days) == 0 {
		return
	}
	w := min(width/len(c.Days), 1300)
	widths := make([]int, len(c.Days))
	for i := range widths {
		widths[i] = w
	}
	b.shaded(widths, alt, func() {
		for i, d := range c.Days {
			b.lit(widths[i], d.Lit, paragraph("DayName", run(d.Name, ""))+paragraph("DayPlace", run(d.Place, "")))
		}
	})
	b.xml.WriteString(`</w:tbl>`)
	b.para("TableEnd", "", "")
}

// diary writes the trial's calendar with a header row of weekdays.
func (b *body) diary(c packet.Diary, alt string) {
	if len(c.Days) == 0 {
		return
	}
	const label = 1700
	widths := []int{label}
	for range c.Days {
		widths = append(widths, min((width-label)/len(c.Days), 1300))
	}
	heads := []string{paragraph("TableHead", run("Week", ""))}
	for _, d := range c.Days {
		heads = append(heads, paragraph("DayName", run(d, "")))
	}
	b.open("WeekTable", widths, alt)
	b.row(widths, heads, `<w:cantSplit/><w:tblHeader/>`)
	for _, week := range c.Weeks {
		b.xml.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		fmt.Fprintf(&b.xml, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, label, paragraph("TableText", b.spans(week.Label, "")))
		for i := range c.Days {
			var d packet.DiaryDay
			if i < len(week.Days) {
				d = week.Days[i]
			}
			b.lit(widths[i+1], d.Fill, paragraph("DayPlace", b.spans(d.Text, "")))
		}
		b.xml.WriteString(`</w:tr>`)
	}
	b.xml.WriteString(`</w:tbl>`)
	b.para("TableEnd", "", "")
}

func (b *body) open(style string, widths []int, alt string) {
	fmt.Fprintf(&b.xml, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0600" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, style, total(widths))
	if alt = opc.Escape(alt); alt != "" {
		b.xml.WriteString(`<w:tblDescription w:val="` + alt + `"/>`)
	}
	b.xml.WriteString(`</w:tblPr>`)
	b.grid(widths)
}

// shaded writes a table of one row of lit cells, without its end.
func (b *body) shaded(widths []int, alt string, cells func()) {
	b.open("WeekTable", widths, alt)
	b.xml.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	cells()
	b.xml.WriteString(`</w:tr>`)
}

// lit writes a cell in the colour of its place, the only formatting that
// stands on the thing itself: it is what the cell says.
func (b *body) lit(w int, f packet.Fill, inner string) {
	fill := map[packet.Fill]string{packet.FillHome: "FFC24B", packet.FillPale: "FFF3D9", packet.FillOffice: "DFE7EC"}[f]
	shade := ""
	if fill != "" {
		shade = `<w:shd w:val="clear" w:color="auto" w:fill="` + fill + `"/>`
	}
	fmt.Fprintf(&b.xml, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc>`, w, shade, inner)
}

// verdicts writes the possible verdicts in a line, the one that holds in strong type and named.
func (b *body) verdicts(c packet.Verdicts) {
	var line strings.Builder
	for i, name := range c.Names {
		if i > 0 {
			line.WriteString(run(" · ", ""))
		}
		if i == c.Current {
			line.WriteString(run(name+" (this one holds)", "Strong"))
		} else {
			line.WriteString(run(name, ""))
		}
	}
	b.para("Meta", "", line.String())
}
