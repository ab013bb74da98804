package draw

import (
	"math"
	"slices"

	"homecase/packet"
)

// bins cuts an axis into equal bins of at least one dot's width, with an edge
// at zero where zero is on the axis, so that no bin mixes gain and loss.
type bins struct {
	width    float64
	min, max int // first and last bin
}

func newBins(a packet.Axis, most int) bins {
	a.Min, a.Max = real(a.Min), real(a.Max)
	span := a.Max - a.Min
	if span <= 0 {
		return bins{width: 1}
	}
	most = max(most, 2)
	b := bins{width: span / float64(most)}
	if a.Min < 0 && a.Max > 0 {
		if below := math.Floor(-a.Min / span * float64(most)); below >= 1 {
			b.width = max(b.width, -a.Min/below)
		}
	}
	b.min = int(math.Round(a.Min / b.width))
	b.max = max(int(math.Floor(a.Max/b.width+1e-9))-1, b.min)
	return b
}

func (b bins) of(v float64) int {
	if math.IsNaN(v) {
		return b.min
	}
	return max(b.min, min(b.max, int(math.Floor(max(-1e9, min(1e9, v/b.width))))))
}

func (b bins) middle(i int) float64 { return (float64(i) + .5) * b.width }

// mostBins is how many columns of dots a distribution is drawn in: enough to
// show its shape, few enough that dots stack.
const mostBins = 18

// dots draws equally likely results as stacked dots; results below zero are
// hollow and stand left of a dotted zero.
func dots(c packet.Dots, s Sheet) Picture {
	sc, r := newScale(c.Axis), s.Dot
	b := newBins(c.Axis, min(mostBins, int(s.width()/(2*r+2))))
	if w := b.width / max(sc.max-sc.min, 1e-9) * s.width(); w < 2*r+1 {
		r = max(w/2-.5, 1)
	}
	values := slices.Clone(c.Values)
	slices.Sort(values)
	heights := map[int]int{}
	tallest := 0
	for _, v := range values {
		heights[b.of(v)]++
		tallest = max(tallest, heights[b.of(v)])
	}
	clear(heights)
	top := .3 * s.Type[Small]
	if c.Middle.Label.Text != "" {
		top = 1.5 * s.Type[Large]
	}
	step := 2*r + max(1, .12*r)
	axis := top + float64(max(tallest, 2))*step + 1.5
	var p Picture
	p.add(line(Axis, share(0), share(1), axis, axis))
	if sc.holds(0) {
		p.add(line(Zero, sc.at(0), sc.at(0), top*.55, axis+3))
	}
	for _, t := range c.Axis.Ticks {
		p.add(line(Axis, sc.at(t.At), sc.at(t.At), axis, axis+3))
	}
	for _, v := range values {
		i := b.of(v)
		class := High
		if v < 0 {
			class = Loss
		}
		p.add(Op{Shape: Circle, Class: class, X: sc.at(b.middle(i)), Y: axis - 1.5 - r - float64(heights[i])*step, R: r})
		heights[i]++
	}
	ticks, rows := s.ticks(c.Axis, sc, axis+1.35*s.Type[Small])
	p.add(ticks...)
	if c.Middle.Label.Text != "" {
		ops, _ := s.rows([]label{{at: sc.at(c.Middle.At), spans: []packet.Span{c.Middle.Label}, size: Large, bold: true, class: Strong}}, s.Type[Large])
		p.add(ops...)
	}
	p.Height = axis + s.row()*float64(max(rows, 1)) + .35*s.Type[Small]
	return p
}

// TornadoHead lays out the labels above the bars: the axis, the likely result and zero.
func TornadoHead(c packet.Tornado, s Sheet) Picture {
	sc := newScale(c.Axis)
	var labels []label
	for _, t := range c.Axis.Ticks {
		labels = append(labels, label{at: sc.at(t.At), spans: []packet.Span{t.Label}, class: Muted})
	}
	for i, t := range []packet.Tick{c.Likely, c.Zero} {
		if t.Label.Text != "" {
			labels = append(labels, label{at: sc.at(t.At), spans: []packet.Span{t.Label}, class: []Class{Ink, Muted}[i]})
		}
	}
	ops, rows := s.rows(labels, s.Type[Small])
	return Picture{Height: s.row() * float64(rows), Ops: ops}
}

// TornadoBar lays out one row's bar about the likely result, with the lines of
// zero and of the likely result through the whole height, so that rows put
// under each other carry one continuous line. On a web page the first row's
// lines are drawn long and the table clips them; narrow screens show short ones.
func TornadoBar(c packet.Tornado, row int, height float64, s Sheet) Picture {
	sc := newScale(c.Axis)
	p := Picture{Height: height}
	if row < 0 || row >= len(c.Rows) {
		return p
	}
	r, bar := c.Rows[row], 1.3*s.Type[Small]
	zero := sc.holds(c.Zero.At)
	lines := func(y, y2 float64, only string) {
		ops := []Op{line(Stroke, sc.at(c.Likely.At), sc.at(c.Likely.At), y, y2)}
		if zero {
			ops = append(ops, line(Zero, sc.at(c.Zero.At), sc.at(c.Zero.At), y, y2))
		}
		for i := range ops {
			ops[i].Only = only
		}
		p.add(ops...)
	}
	y := 2.0
	if !s.fluid() {
		lines(0, height, "")
		y = .42 * s.Type[Small]
	} else {
		if row == 0 {
			lines(-14, 4000, "wide")
		}
		lines(0, height, "narrow")
	}
	if r.Low != c.Likely.At {
		p.add(box(Low, sc.at(min(r.Low, c.Likely.At)), sc.at(max(r.Low, c.Likely.At)), y, y+bar))
	}
	if r.High != c.Likely.At {
		p.add(box(High, sc.at(min(r.High, c.Likely.At)), sc.at(max(r.High, c.Likely.At)), y, y+bar))
	}
	return p
}

// tornado draws the whole chart as one picture, for writers without tables:
// name and notes above each bar, results below it.
func tornado(c packet.Tornado, s Sheet) Picture {
	p := TornadoHead(c, s)
	sc := newScale(c.Axis)
	for i, r := range c.Rows {
		y := p.Height + s.row()
		name := text(Ink, share(0), y, Start, Small, r.Name)
		name.Bold = true
		p.add(name)
		for _, n := range r.Notes {
			y += s.row()
			p.add(text(Muted, share(0), y, Start, Small, flat(n)...))
		}
		bar := TornadoBar(c, i, 1.7*s.Type[Small], Sheet{Width: s.width(), Type: s.Type})
		for _, o := range bar.Ops {
			o.Y, o.Y2 = o.Y+y+.4*s.row(), o.Y2+y+.4*s.row()
			p.add(o)
		}
		p.Height = y + .4*s.row() + bar.Height
		ends, rows := s.rows([]label{{at: sc.at(r.Low), spans: []packet.Span{r.LowLabel}, class: Ink}, {at: sc.at(r.High), spans: []packet.Span{r.HighLabel}, class: Ink}}, p.Height+s.Type[Small])
		p.add(ends...)
		p.Height += float64(rows) * s.row()
	}
	return p
}

func flat(t packet.Text) []packet.Span {
	var spans []packet.Span
	for i, sentence := range t {
		if i > 0 {
			spans = append(spans, plain(" "))
		}
		spans = append(spans, sentence.Spans...)
	}
	return spans
}

// ends sets two texts at the ends of a bar, outside it where there is room.
func (s Sheet) ends(x, x2 At, y float64, low, high []packet.Span) []Op {
	pad := .4 * s.Type[Small]
	l := text(Ink, x.plus(-pad), y, End, Small, low...)
	if x.Of(s.width())-pad < s.measure(low, Small, false) {
		l.X, l.Anchor = share(0), Start
	}
	h := text(Ink, x2.plus(pad), y, Start, Small, high...)
	if x2.Of(s.width())+pad+s.measure(high, Small, false) > s.width() {
		h.X, h.Anchor = share(1), End
	}
	return []Op{l, h}
}
