package pdf

import (
	"homecase/internal/press/draw"
	"homecase/packet"
)

// The words of a tornado's columns.
const (
	wordInput  = "Input"
	wordWorse  = "Worse"
	wordBetter = "Better"
)

// tornado sets the chart as what it is, a table: input, result at the worse
// end, the bar about the likely result, result at the better end.
func (b *builder) tornado(c packet.Tornado, summary string) {
	th := b.theme
	g := &grid{b: b, x: b.x, w: b.w, body: th.cell, head: th.head, note: th.small}
	g.table = b.parent.child("Table", "/A <</O /Table /Summary "+textString(summary)+">>")
	g.tornadoColumns(c)
	sheet := b.sheet(g.cols[2])
	top := g.tornadoHead(c, sheet)
	from := len(b.boxes)
	defer func() {
		if all := b.boxes[from:]; height(all) < b.room() { // its bars are read against each other
			glue(all)
		}
	}()
	b.put([]*box{top}, 8)
	b.keepNext()
	body := g.table.child("TBody", "")
	for i, r := range c.Rows {
		b.put([]*box{g.tornadoRow(c, i, r, sheet, body.child("TR", ""), top)}, 0)
		if i == 0 || i == len(c.Rows)-2 {
			b.keepNext()
		}
	}
}

func (g *grid) tornadoColumns(c packet.Tornado) {
	low := max(g.b.measure(g.head.look, wordWorse), g.b.measure(g.head.look, wordBetter))
	for _, r := range c.Rows {
		low = max(low, g.b.measure(g.body.look, r.LowLabel.Text), g.b.measure(g.body.look, r.HighLabel.Text))
	}
	low = min(low, .2*g.w)
	name := .4 * g.w
	g.cols = []float64{name, low, g.w - name - 2*low - 3*colGap, low}
}

func (g *grid) tornadoHead(c packet.Tornado, sheet draw.Sheet) *box {
	tr := g.table.child("THead", "").child("TR", "")
	words := []string{wordInput, wordWorse, "", wordBetter}
	cells := make([]cell, len(words))
	for i, w := range words {
		cells[i] = cell{e: tr.child("TH", columnHead), right: i == 1 || i == 3, style: g.head}
		if w != "" {
			cells[i].text = lines(g.b.words(g.b.plain(w, g.head.look)), g.cols[i], ragged)
		}
	}
	pic := draw.TornadoHead(c, sheet)
	cells[2].ops = g.b.set(pic)
	high := max(pic.Height, g.head.lead)
	paint := func(pn *pen, y float64, again bool) {
		for i, c := range cells {
			e := c.e
			if again {
				e = nil
			}
			if i == 2 {
				pn.picture(c.ops, g.colX(2), y+high-pic.Height, g.cols[2], e, false)
				continue
			}
			g.lines(pn, c, c.text, g.head, i, y+high-g.head.lead, e)
		}
	}
	rule := func(pn *pen, y float64) { pn.rule(g.x, y+high+2.6, g.x+g.w, ink, .7) }
	again := &box{height: high + 3.6, draw: func(pn *pen, _, y float64) {
		pn.pagination("Header", func() { paint(pn, y, true); rule(pn, y) })
	}}
	return &box{height: high + 3.6, head: again, draw: func(pn *pen, _, y float64) {
		paint(pn, y, false)
		pn.artifact(func() { rule(pn, y) })
	}}
}

func (g *grid) tornadoRow(c packet.Tornado, i int, r packet.TornadoRow, sheet draw.Sheet, tr *elem, head *box) *box {
	name := cell{e: tr.child("TH", rowHead), style: g.body}
	name.text = lines(g.b.words(g.b.piecesOf(packet.Text{{Spans: []packet.Span{r.Name}}}, g.body.look)), g.cols[0], ragged)
	for _, n := range r.Notes {
		name.note = append(name.note, lines(g.b.words(g.b.piecesOf(n, g.note.look)), g.cols[0], ragged)...)
	}
	ends := [2]cell{}
	for k, s := range []packet.Span{r.LowLabel, r.HighLabel} {
		ends[k] = cell{e: tr.child("TD", ""), right: true, style: g.body}
		ends[k].text = lines(g.b.words(g.b.piecesOf(packet.Text{{Spans: []packet.Span{s}}}, g.body.look)), g.cols[1], ragged)
		if k == 0 {
			tr.child("TD", "") // the bar's cell: the ends beside it say the same in figures
		}
	}
	high := 2*rowPad + float64(len(name.text))*g.body.lead + float64(len(name.note))*g.note.lead
	bar := g.b.set(draw.TornadoBar(c, i, high, sheet))
	return &box{height: high, head: head.head, draw: func(pn *pen, _, y float64) {
		pn.artifact(func() {
			pn.rule(g.x, y+high, g.x+g.w, hairline, .5)
			pn.picture(bar, g.colX(2), y, g.cols[2], nil, false)
		})
		g.cell(pn, name, 0, y+rowPad)
		g.cell(pn, ends[0], 1, y+rowPad)
		g.cell(pn, ends[1], 3, y+rowPad)
	}}
}

// diary sets weeks by weekdays as a table, each day's number in its cell.
func (b *builder) diary(c packet.Diary, summary string) {
	th := b.theme
	sheet := b.sheet(b.w)
	label := 0.0
	for _, w := range c.Weeks {
		label = max(label, b.measure(th.note.look, draw.Plain(w.Label)))
	}
	label += 12
	n := max(len(c.Days), 1)
	day := min((b.w-label)/float64(n), 58*th.note.size/8.5)
	table := b.parent.child("Table", "/A <</O /Table /Summary "+textString(summary)+">>")
	tr := table.child("THead", "").child("TR", "")
	tr.child("TD", "")
	heads := make([]cell, len(c.Days))
	for i, d := range c.Days {
		heads[i] = cell{text: lines(b.words(b.plain(d, th.head.look)), day, ragged), e: tr.child("TH", columnHead)}
	}
	high := 2.15 * th.note.size
	b.put([]*box{{height: th.head.lead + 2, glue: true, draw: func(pn *pen, _, y float64) {
		for i, h := range heads {
			for _, l := range h.text {
				pn.line(l, b.x+label+day*(float64(i)+.5)-l.width/2, y+b.base(th.head), h.e)
			}
		}
	}}}, 7)
	body := table.child("TBody", "")
	for k, w := range c.Weeks {
		b.put([]*box{b.diaryWeek(w, len(c.Days), label, day, high, sheet, body.child("TR", ""))}, 0)
		if k < len(c.Weeks)-1 {
			b.keepNext()
		}
	}
}

func (b *builder) diaryWeek(w packet.DiaryWeek, days int, label, day, high float64, sheet draw.Sheet, tr *elem) *box {
	th := b.theme
	head := tr.child("TH", rowHead)
	l := th.note.look
	l.colour = ink
	name := lines(b.words(b.piecesOf(packet.Text{{Spans: w.Label}}, l)), label, ragged)
	cells := make([]cell, days)
	for i := range cells {
		cells[i].e = tr.child("TD", "")
		if i < len(w.Days) {
			x := draw.At{Plus: float64(i) * day}
			ops := draw.DiaryCell(w.Days[i], draw.At{Plus: x.Plus + 1}, draw.At{Plus: x.Plus + day - 1}, 1, high-1, sheet)
			cells[i].ops = b.set(draw.Picture{Ops: ops})
		}
	}
	return &box{height: high, draw: func(pn *pen, _, y float64) {
		for _, ln := range name {
			pn.line(ln, b.x, y+high*.5+.34*l.size, head)
		}
		for _, c := range cells {
			if len(c.ops) > 0 {
				pn.picture(c.ops, b.x+label, y, b.w-label, c.e, false)
			}
		}
	}}
}
