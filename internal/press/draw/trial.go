package draw

import (
	"math"
	"slices"
	"strings"

	"homecase/packet"
)

// columns gives each value its place in a stack: whole numbers stand exactly,
// others in bins of one mark's width.
func columns(a packet.Axis, all []float64, s Sheet) func(float64) float64 {
	whole := a.Max-a.Min <= s.width()/(2*s.Dot+1)
	for _, v := range all {
		whole = whole && v == math.Trunc(v)
	}
	if whole {
		return func(v float64) float64 { return v }
	}
	b := newBins(a, int(s.width()/(2*s.Dot+1.5)))
	return func(v float64) float64 { return b.middle(b.of(v)) }
}

// dayMarks draws every logged day as a mark: home dots over office squares, on one axis.
func dayMarks(c packet.DayMarks, s Sheet) Picture {
	sc := newScale(c.Axis)
	place := columns(c.Axis, slices.Concat(c.Home, c.Office), s)
	s.Dot = shrink(s.Dot, tallest(place, c.Home), tallest(place, c.Office))
	var p Picture
	home, y := s.band(sc, place, c.Home, c.HomeMean, c.HomeLabel, 0, Circle)
	office, axis := s.band(sc, place, c.Office, c.OfficeMean, c.OfficeMark, y+.8*s.row(), Rect)
	p.add(home.shapes...)
	p.add(office.shapes...)
	ticks, rows := s.ticks(c.Axis, sc, axis+1.4*s.Type[Small])
	p.add(ticks...)
	p.add(home.label, office.label)
	p.add(home.mean...)
	p.add(office.mean...)
	p.Height = axis + s.row()*float64(max(rows, 1)) + .4*s.Type[Small]
	return p
}

func tallest(place func(float64) float64, values []float64) int {
	n, most := map[float64]int{}, 0
	for _, v := range values {
		n[place(v)]++
		most = max(most, n[place(v)])
	}
	return most
}

// shrink makes marks smaller when a stack would tower over the page.
func shrink(dot float64, stacks ...int) float64 {
	if most := slices.Max(stacks); most > 14 {
		return max(dot*14/float64(most), 1)
	}
	return dot
}

type band struct {
	shapes []Op
	label  Op
	mean   []Op
}

// band draws one group's stack over its own line; it returns the line's height.
func (s Sheet) band(sc scale, place func(float64) float64, values []float64, mean packet.Tick, name []packet.Span, y float64, shape Shape) (band, float64) {
	var b band
	size := Mid
	b.label = text(Ink, share(0), y+s.Type[size], Start, size, name...)
	top := y + 1.5*s.Type[size]
	x := sc.at(mean.At)
	if mean.Label.Text != "" {
		if x.Of(s.width()) < s.measure(name, size, false)+s.Type[size] { // the name is in the way: one row lower
			top += s.row()
		}
		b.mean = []Op{s.beside(Muted, x, top-.5*s.Type[size], size, []packet.Span{mean.Label})}
		b.mean[0].Class = Ink
	}
	step := 2*s.Dot + max(1, .15*s.Dot)
	base := top + float64(max(tallest(place, values), 1))*step + .4*s.Dot
	if mean.Label.Text != "" && len(values) > 0 {
		b.shapes = append(b.shapes, line(Stroke, x, x, top-1.25*s.Type[size], base))
	}
	b.shapes = append(b.shapes, line(Axis, share(0), share(1), base, base))
	class := Home
	if shape == Rect {
		class = Office
	}
	heights := map[float64]int{}
	for _, v := range values {
		at, cy := sc.at(place(v)), base-1-s.Dot-float64(heights[place(v)])*step
		heights[place(v)]++
		if shape == Circle {
			b.shapes = append(b.shapes, Op{Shape: Circle, Class: class, X: at, Y: cy, R: s.Dot})
		} else {
			b.shapes = append(b.shapes, box(class, at.plus(-.92*s.Dot), at.plus(.92*s.Dot), cy-.92*s.Dot, cy+.92*s.Dot))
		}
	}
	return b, base
}

// difference draws home minus office with its interval against the agreed limit.
func difference(c packet.Difference, s Sheet) Picture {
	sc := newScale(c.Axis)
	head := []label{}
	if c.Estimate.Label.Text != "" {
		head = append(head, label{at: sc.at(c.Estimate.At), spans: []packet.Span{c.Estimate.Label}, size: Mid, class: Ink})
	}
	limit := sc.at(c.Limit.At)
	if c.WorseLabel != "" {
		at := share(limit.Share / 2)
		if !c.BetterIsHigher {
			at = share((1 + limit.Share) / 2)
		}
		head = append(head, label{at: at, spans: []packet.Span{plain(c.WorseLabel)}, class: Muted})
	}
	tops, rows := s.rows(head, s.Type[Mid])
	top := s.row()*float64(max(rows, 1)) + .5*s.Type[Small]
	body, high := s.interval(c, sc, top)
	base := top + high
	var p Picture
	if c.BetterIsHigher {
		p.add(box(Zone, share(0), limit, top, base))
	} else {
		p.add(box(Zone, limit, share(1), top, base))
	}
	p.add(line(Stroke, limit, limit, top, base+3))
	if sc.holds(0) {
		from := top
		if c.NotComputable != "" { // the reason stands there
			from = base - 3
		}
		p.add(line(Zero, sc.at(0), sc.at(0), from, base+3))
	}
	p.add(line(Axis, share(0), share(1), base, base))
	p.add(body.shapes...)
	var foot []label
	for _, t := range c.Axis.Ticks {
		foot = append(foot, label{at: sc.at(t.At), spans: []packet.Span{t.Label}, class: Muted})
	}
	foot = append(foot, label{at: limit, spans: []packet.Span{c.Limit.Label}, class: Ink})
	feet, rows := s.rows(foot, base+1.4*s.Type[Small])
	p.add(feet[:len(feet)-1]...)
	if c.Estimate.Label.Text != "" {
		p.add(tops[0])
		tops = tops[1:]
	}
	p.add(body.texts...)
	p.add(feet[len(feet)-1])
	p.add(tops...)
	p.Height = base + s.row()*float64(rows) + .4*s.Type[Small]
	if c.Unit != "" {
		p.Height += s.row()
		p.add(text(Muted, share(1), p.Height-.5*s.Type[Small], End, Small, plain(c.Unit)))
	}
	return p
}

type intervalParts struct{ shapes, texts []Op }

// interval draws the bar with its ends, or says why there is none.
func (s Sheet) interval(c packet.Difference, sc scale, top float64) (intervalParts, float64) {
	var b intervalParts
	labels := func(y float64) {
		b.texts = s.ends(sc.at(c.Low.At), sc.at(c.High.At), y, []packet.Span{c.Low.Label}, []packet.Span{c.High.Label})
	}
	if c.NotComputable != "" {
		y := top + 1.5*s.Type[Small]
		labels(y)
		if c.Low.Label.Text == "" && c.High.Label.Text == "" {
			b.texts = nil
		} else {
			y += s.row()
		}
		from, to := sc.at(c.Limit.At).Share, 1.0 // the wider side of the limit has room for the reason
		if from > .5 {
			from, to = 0, from
		}
		for _, l := range s.wrap(c.NotComputable, (to-from)*s.width()-s.Type[Small]) {
			b.texts = append(b.texts, text(Muted, share((from+to)/2), y, Middle, Small, plain(l)))
			y += s.row()
		}
		return b, y - top
	}
	thick := 1.2 * s.Type[Small]
	mid := top + 1.7*s.Type[Small]
	low, high := sc.at(c.Low.At), sc.at(c.High.At)
	if c.LowOpen {
		low = share(0)
	}
	if c.HighOpen {
		high = share(1)
	}
	bar := box(Low, low, high, mid-thick/2, mid+thick/2)
	bar.R = 2.5
	b.shapes = append(b.shapes, bar)
	arrow := func(x At, d float64) {
		b.shapes = append(b.shapes, line(Stroke, x.plus(d), x, mid-thick*.35, mid), line(Stroke, x, x.plus(d), mid, mid+thick*.35))
	}
	if c.LowOpen {
		arrow(low.plus(2), 4)
	}
	if c.HighOpen {
		arrow(high.plus(-2), -4)
	}
	b.shapes = append(b.shapes, Op{Shape: Circle, Class: Point, X: sc.at(c.Estimate.At), Y: mid, R: .55 * s.Type[Small]})
	below := thick
	if pad := .8 * s.Type[Small]; low.Of(s.width())-pad < s.measure([]packet.Span{c.Low.Label}, Small, false) ||
		high.Of(s.width())+pad+s.measure([]packet.Span{c.High.Label}, Small, false) > s.width() { // no room beside the bar
		ops, _ := s.rows([]label{{at: low, spans: []packet.Span{c.Low.Label}, class: Ink}, {at: high, spans: []packet.Span{c.High.Label}, class: Ink}}, mid+thick/2+s.row())
		b.texts = ops
		below = thick/2 + 2.4*s.row()
	} else {
		labels(mid + .35*s.Type[Small])
	}
	return b, mid - top + below + .5*s.Type[Small]
}

// wrap breaks a sentence into lines of a width.
func (s Sheet) wrap(sentence string, width float64) []string {
	var out []string
	cur := ""
	for _, w := range strings.Fields(sentence) {
		next := strings.TrimSpace(cur + " " + w)
		if cur != "" && s.measure([]packet.Span{plain(next)}, Small, false) > width {
			out = append(out, cur)
			next = w
		}
		cur = next
	}
	return append(out, cur)
}
