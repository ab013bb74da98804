package pdf

import (
	"math"

	"homecase/internal/press/draw"
	"homecase/packet"
)

// cell is a set table cell.
type cell struct {
	text, note []textLine
	ops        []drawn
	barWidth   float64
	e          *elem
	right      bool
	style      style
	cover      bool // text under a bar: there for readers who do not see the bar
}

// grid is a table being set: its columns and the styles of its voices.
type grid struct {
	b                *builder
	x, w             float64
	cols             []float64
	table            *elem
	body, head, note style
	wants            float64 // the width all columns would like together
}

const (
	colGap = 11.0 // between columns
	rowPad = 3.1  // above and below a row's text
)

// table sets a table in the text column, or across the page when it has many columns.
func (b *builder) table(t packet.Table) {
	th := b.theme
	b.gridOf(t, th.cell, th.head, 8)
}

// dataTable sets the table behind a chart in small type.
func (b *builder) dataTable(t packet.Table) {
	th := b.theme
	small := th.note
	small.lead *= .96
	b.gridOf(t, small, small, 5)
}

func (b *builder) gridOf(t packet.Table, body, head style, before float64) {
	if len(t.Columns) == 0 {
		return
	}
	th := b.theme
	compact := body.size < th.cell.size // a chart's own table is no wider than its figures
	note := th.small
	note.colour = muted
	g := &grid{b: b, x: b.x, w: b.w, table: b.parent.child("Table", ""), body: body, head: head, note: note}
	caption := b.piecesOf(t.Caption, th.label.look)
	var captionElem *elem
	if len(caption) > 0 {
		captionElem = g.table.child("Caption", "")
	}
	heads := make([][]piece, len(t.Columns))
	hasHead := false
	for i, c := range t.Columns {
		heads[i] = b.piecesOf(c.Head, head.look)
		hasHead = hasHead || len(heads[i]) > 0
	}
	rows := b.rowPieces(t, g)
	g.columns(t, heads, rows)
	if small := g.wants + 28*float64(len(t.Columns)); compact && small < .7*b.w {
		g.w = small
		g.columns(t, heads, rows)
	}
	if len(t.Columns) >= 5 && g.wants > b.w && th.labelW > 0 {
		g.x, g.w = th.left, th.labelW+th.gutter+th.textW
		g.columns(t, heads, rows)
		if gap := b.clear + 6 - height(b.boxes); b.label && gap > 0 { // below the label
			before = max(before, gap/th.space)
			if len(b.boxes) == 0 {
				b.boxes = append(b.boxes, &box{height: gap, glue: true, draw: func(*pen, float64, float64) {}})
			}
		}
	}
	from := len(b.boxes)
	defer func() { whole(b.boxes[from:], b.room()) }()
	if len(caption) > 0 {
		boxes := b.lineBoxes(lines(b.words(caption), g.w, ragged), th.label, captionElem, g.x, g.w, false)
		glue(boxes)
		b.put(boxes, before)
		b.keepNext()
		before = 2
	}
	var top *box
	if hasHead {
		top = g.headBox(t, heads)
		b.put([]*box{top}, before)
		b.keepNext()
		before = 0
	}
	tbody := g.table.child("TBody", "")
	for i, r := range t.Rows {
		boxes := g.row(t, r, rows[i], tbody.child("TR", ""), top)
		if i == 0 {
			b.put(boxes, before)
		} else {
			b.put(boxes, 0)
		}
		if i == 0 && len(t.Rows) > 1 || i == len(t.Rows)-2 {
			b.keepNext()
		}
	}
}

// rowCell is a cell's text before the column's width is known.
type rowCell struct{ text, note []piece }

func (b *builder) rowPieces(t packet.Table, g *grid) [][]rowCell {
	out := make([][]rowCell, len(t.Rows))
	for i, r := range t.Rows {
		if len(r.Cells) > len(t.Columns) {
			b.refuse("HC-PDF-12", "The table %q has a row with more cells than columns.", t.ID)
		}
		for k, c := range r.Cells {
			if k >= len(t.Columns) {
				break
			}
			l := g.body.look
			if r.Total {
				l = g.body.bold().look
			}
			text := b.piecesOf(c.Text, l)
			out[i] = append(out[i], rowCell{text, b.piecesOf(c.Note, g.note.look)})
		}
	}
	return out
}

// columns finds the widths of the columns from their texts.
func (g *grid) columns(t packet.Table, heads [][]piece, rows [][]rowCell) {
	n := len(t.Columns)
	low, like := make([]float64, n), make([]float64, n)
	widen := func(i int, pieces []piece) {
		w, all := 0.0, 0.0
		for _, x := range g.b.words(pieces) {
			w = max(w, x.width)
			all += x.width + x.blank
		}
		low[i], like[i] = max(low[i], w), max(like[i], all)
	}
	for i := range t.Columns {
		widen(i, heads[i])
	}
	for k, r := range rows {
		for i, c := range r {
			if t.Rows[k].Cells[i].Bar != nil {
				low[i], like[i] = max(low[i], 50), max(like[i], 120)
				continue
			}
			widen(i, c.text)
			widen(i, c.note)
		}
	}
	g.wants = colGap * float64(n-1)
	for i := range like {
		g.wants += min(like[i], 150)
	}
	g.cols = share(t, low, like, g.w-colGap*float64(n-1))
}

// share gives each column its wished share of the width, and fills the rest
// like water: columns that want little get all of it, the long ones divide
// what is left, and none gets less than its longest word while that can be.
func share(t packet.Table, low, like []float64, width float64) []float64 {
	cols := make([]float64, len(low))
	left := width
	var open []int
	for i, c := range t.Columns {
		if c.Width > 0 && c.Width < 1 {
			cols[i] = c.Width * width
			left -= cols[i]
		} else {
			open = append(open, i)
		}
	}
	all := open
	for settled := true; settled && len(open) > 0; {
		settled = false
		fair := left / float64(len(open))
		var rest []int
		for _, i := range open {
			if like[i] <= fair {
				cols[i], settled = like[i], true
				left -= like[i]
			} else {
				rest = append(rest, i)
			}
		}
		open = rest
	}
	if len(open) == 0 {
		spread(t, cols, all, max(left, 0))
		return cols
	}
	fair, need, want := max(left, 1)/float64(len(open)), 0.0, 0.0
	for _, i := range open {
		need += low[i]
		want += max(min(like[i], 3*fair)-low[i], 1)
	}
	for _, i := range open {
		if need >= left {
			cols[i] = max(left, 1) * low[i] / max(need, 1)
		} else {
			cols[i] = low[i] + (left-need)*max(min(like[i], 3*fair)-low[i], 1)/want
		}
	}
	return cols
}

// spread gives width to spare to the columns of text, not to numbers.
func spread(t packet.Table, cols []float64, open []int, spare float64) {
	var soft []int
	for _, i := range open {
		if !t.Columns[i].Right {
			soft = append(soft, i)
		}
	}
	if len(soft) == 0 {
		soft = open
	}
	for _, i := range soft {
		cols[i] += spare / float64(len(soft))
	}
}

func (g *grid) colX(i int) float64 {
	x := g.x
	for _, w := range g.cols[:i] {
		x += w + colGap
	}
	return x
}

// headBox sets the head of the columns. On a further page it is drawn again,
// as furniture, so that it is read aloud once.
func (g *grid) headBox(t packet.Table, heads [][]piece) *box {
	tr := g.table.child("THead", "").child("TR", "")
	cells := make([]cell, len(heads))
	high := 0.0
	for i, h := range heads {
		cells[i] = cell{text: lines(g.b.words(h), g.cols[i], ragged), e: tr.child("TH", columnHead), right: t.Columns[i].Right, style: g.head}
		high = max(high, float64(len(cells[i].text))*g.head.lead)
	}
	paint := func(pn *pen, y float64, again bool) {
		for i, c := range cells {
			e := c.e
			if again {
				e = nil
			}
			top := y + high - float64(len(c.text))*g.head.lead // heads stand on the rule
			g.lines(pn, c, c.text, g.head, i, top, e)
		}
	}
	ruleAt := high + 2.6
	rule := func(pn *pen, y float64) { pn.rule(g.x, y+ruleAt, g.x+g.w, ink, .7) }
	again := &box{height: ruleAt + 1, draw: func(pn *pen, _, y float64) {
		pn.pagination("Header", func() { paint(pn, y, true); rule(pn, y) })
	}}
	return &box{height: ruleAt + 1, base: high - g.head.lead + g.b.base(g.head), head: again, draw: func(pn *pen, _, y float64) {
		paint(pn, y, false)
		pn.artifact(func() { rule(pn, y) })
	}}
}

func (g *grid) lines(pn *pen, c cell, ls []textLine, s style, col int, top float64, e *elem) {
	x := g.colX(col)
	for k, l := range ls {
		at := x
		if c.right {
			at = x + g.cols[col] - l.width
		}
		pn.line(l, at, top+g.b.base(s)+float64(k)*s.lead, e)
	}
}

// row sets one row; it is broken only when it is taller than half a page.
func (g *grid) row(t packet.Table, r packet.Row, pieces []rowCell, tr *elem, head *box) []*box {
	cells := make([]cell, len(t.Columns))
	high := g.body.lead
	for i := range cells {
		kind, attrs := "TD", ""
		if i == 0 && r.Header {
			kind, attrs = "TH", rowHead
		}
		c := cell{e: tr.child(kind, attrs), right: t.Columns[i].Right, style: g.body}
		if i < len(pieces) {
			if r.Total {
				c.style = g.body.bold()
			}
			c.note = lines(g.b.words(pieces[i].note), g.cols[i], ragged)
			if bar := r.Cells[i].Bar; bar != nil {
				c.barWidth = g.cols[i]
				c.ops = g.b.set(draw.Bar(*bar, g.b.sheet(g.cols[i])))
				c.text, c.cover = lines(g.b.words(pieces[i].text), math.Inf(1), ragged), true
			} else {
				c.text = lines(g.b.words(pieces[i].text), g.cols[i], ragged)
			}
		}
		high = max(high, float64(len(c.text))*g.body.lead+float64(len(c.note))*g.note.lead)
		cells[i] = c
	}
	var again *box
	if head != nil {
		again = head.head
	}
	if limit := .5 * (g.b.theme.pageH - g.b.theme.top - g.b.theme.bottom); high > limit {
		return g.slices(cells, again)
	}
	return []*box{{height: high + 2*rowPad, base: rowPad + g.b.base(g.body), head: again, draw: func(pn *pen, _, y float64) {
		if r.Total {
			pn.artifact(func() { pn.rule(g.x, y, g.x+g.w, ink, .7) })
		}
		for i, c := range cells {
			g.cell(pn, c, i, y+rowPad)
		}
		pn.artifact(func() { pn.rule(g.x, y+high+2*rowPad, g.x+g.w, hairline, .5) })
	}}}
}

func (g *grid) cell(pn *pen, c cell, col int, top float64) {
	if c.cover {
		if len(c.ops) > 0 {
			pn.artifact(func() { pn.picture(c.ops, g.colX(col), top+.12*g.body.lead, c.barWidth, nil, false) })
		}
		pn.invisible(func() { g.lines(pn, cell{}, c.text, c.style, col, top, c.e) })
	} else {
		g.lines(pn, c, c.text, c.style, col, top, c.e)
	}
	g.lines(pn, c, c.note, g.note, col, top+float64(len(c.text))*g.body.lead, c.e)
}

// invisible sets text that is read and searched but not seen, below a picture that shows the same.
func (p *pen) invisible(draw func()) {
	p.close()
	p.write("3 Tr\n")
	draw()
	p.write("0 Tr\n")
}

// slices breaks a row that is too tall for a page into boxes of a few lines.
func (g *grid) slices(cells []cell, head *box) []*box {
	const each = 8
	most := 0
	for _, c := range cells {
		most = max(most, len(c.text)+len(c.note))
	}
	var out []*box
	for from := 0; from < most; from += each {
		to := min(from+each, most)
		last := to == most
		bx := &box{height: float64(to-from) * g.body.lead, head: head, draw: func(pn *pen, _, y float64) {
			for i, c := range cells {
				n := len(c.text)
				g.lines(pn, c, c.text[min(from, n):min(to, n)], c.style, i, y, c.e)
				notes := c.note[min(max(from-n, 0), len(c.note)):min(max(to-n, 0), len(c.note))]
				g.lines(pn, c, notes, g.note, i, y+float64(max(n-from, 0))*g.body.lead, c.e)
			}
			if last {
				pn.artifact(func() { pn.rule(g.x, y+float64(to-from)*g.body.lead+rowPad, g.x+g.w, hairline, .5) })
			}
		}}
		if last {
			bx.height += rowPad
		}
		out = append(out, bx)
	}
	out[0].before = rowPad
	return out
}
