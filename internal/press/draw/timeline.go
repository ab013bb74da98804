package draw

import "homecase/packet"

// timeline draws the weeks of a trial as a row of windows over a line with the
// moments that matter, and above them what holds in every week.
func timeline(c packet.Timeline, s Sheet) Picture {
	small, r := s.Type[Small], .42*s.Type[Small]
	weeks, length := c.Weeks, max(real(c.Length), 1)
	if weeks <= 0 {
		weeks, length = 1, max(length, 1.1) // the arrow takes the rest of the line
	}
	length = max(length, float64(weeks))
	inset := r / s.width()
	sc := scale{0, length, inset, 1 - inset}
	last := sc.at(float64(weeks))
	var p Picture
	top := 0.0
	if len(c.Above) > 0 { // a bracket over the weeks it holds for
		p.add(text(Ink, between(sc.at(0), last), small, Middle, Small, c.Above...))
		y := 1.5 * small
		p.add(line(Stroke, sc.at(0), last, y, y), line(Stroke, sc.at(0), sc.at(0), y, y+.45*small), line(Stroke, last, last, y, y+.45*small))
		top = y + .8*small
	}
	base := top + 2.4*small
	boxes := weeks
	if s.width()/length < 1.1*small { // too many to tell apart
		boxes = 1
	}
	part := float64(weeks) / float64(boxes)
	for i := range boxes {
		x, x2 := sc.at(float64(i)*part), sc.at(float64(i+1)*part)
		gap := min(.07*(x2.Share-x.Share), .3*small/s.width())
		b := box(fillClass(c.Fill), share(x.Share+gap), share(x2.Share-gap), top, base-.55*small)
		b.R = 3
		p.add(b)
	}
	p.add(line(Axis, sc.at(0), share(1-inset), base, base))
	if c.Weeks <= 0 {
		end := share(1 - inset)
		p.add(line(Axis, end.plus(-.5*small), end, base-.35*small, base), line(Axis, end.plus(-.5*small), end, base+.35*small, base))
	}
	labels := make([]label, 0, len(c.Moments)+1)
	for _, m := range c.Moments {
		x := sc.at(m.At)
		p.add(Op{Shape: Circle, Class: Point, X: x, Y: base, R: r})
		labels = append(labels, label{at: x, spans: m.Label, class: Ink, bold: true})
	}
	if len(c.Each) > 0 {
		labels = append(labels, label{at: between(sc.at(0), last), spans: c.Each, class: Muted})
	}
	ops, rows := s.rows(labels, base+r+1.15*small)
	p.add(ops...)
	p.Height = base + r + s.row()*float64(max(rows, 1)) + .35*small
	return p
}
