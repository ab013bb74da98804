package draw

import "homecase/packet"

// windows draws five windows, lit where the day is at home.
func windows(c packet.Windows, s Sheet) Picture {
	n := max(len(c.Days), 1)
	small, mid := s.Type[Small], s.Type[Mid]
	air := .5 * mid
	room := (s.width()-air*float64(n-1))/float64(n) - .5*small
	rows := 1
	for _, d := range c.Days {
		rows = max(rows, len(s.wrap(d.Place, room)))
	}
	h := small*1.3 + 1.1*small*float64(rows-1) + mid*1.2 + .6*mid
	p := Picture{Height: h + 4}
	part := 1 / float64(n)
	gap := 0.0
	if s.fluid() { // both sides of a box are shares there
		air, gap = 0, .018
	}
	for i, d := range c.Days {
		x := share((part + gap*part) * float64(i)).plus(air * float64(i) * part)
		x2 := share((part+gap*part)*float64(i+1) - gap).plus(air*float64(i+1)*part - air)
		class := Office
		switch d.Lit {
		case packet.FillHome:
			class = Home
			if !s.fluid() {
				halo := box(Halo, x.plus(-2.5), x2.plus(2.5), -.5, h+4.5)
				halo.R = 5
				p.add(halo)
			}
		case packet.FillPale:
			class = Pale
		case packet.FillOffice:
			class = Day
		}
		b := box(class, x, x2, 2, h+2)
		b.R = 3
		p.add(b)
		mx := between(x, x2)
		name := text(Ink, mx, 2+.35*mid+mid, Middle, Mid, plain(d.Name))
		name.Bold = true
		p.add(name)
		for k, l := range s.wrap(d.Place, room) {
			p.add(text(Ink, mx, 2+.35*mid+mid+1.27*small+1.1*small*float64(k), Middle, Small, plain(l)))
		}
	}
	return p
}

// hoursBar draws a week's hours in one bar, each part with its label below.
// Labels stand at the start of their part, the last at its end, and move to a
// second row where parts are too narrow for them.
func hoursBar(c packet.HoursBar, s Sheet) Picture {
	total := 0.0
	hours := make([]float64, len(c.Parts))
	for i, part := range c.Parts {
		hours[i] = max(real(part.Hours), 0)
		total += hours[i]
	}
	if total <= 0 {
		total = 1
	}
	high := 1.95 * s.Type[Small]
	var p Picture
	at, used := 0.0, []float64{}
	for i, part := range c.Parts {
		from, to := at/total, (at+hours[i])/total
		at += hours[i]
		if hours[i] > 0 {
			p.add(box(fillClass(part.Fill), share(from), share(to), 1, 1+high))
		}
		w := s.measure(part.Label, Small, false)
		anchor, x := Start, share(from)
		left := x.Of(s.width())
		if middle := share((from + to) / 2); i > 0 && middle.Of(s.width())-w/2 >= 0 {
			anchor, x, left = Middle, middle, middle.Of(s.width())-w/2 // below its own part
		}
		if i == len(c.Parts)-1 && i > 0 || left+w > s.width() {
			anchor, x = End, share(to)
			left = x.Of(s.width()) - w
		}
		row := 0
		for row < len(used) && used[row] > left {
			row++
		}
		if row == len(used) {
			used = append(used, 0)
		}
		used[row] = left + w + .1*s.Type[Small] // widths are those of the narrowest sheet
		class := Muted
		if i == 0 {
			class = Ink
		}
		p.add(text(class, x, 1+high+s.row()*float64(row+1)+.15*s.row(), anchor, Small, part.Label...))
	}
	p.Height = 1 + high + s.row()*(float64(max(len(used), 1))+.45)
	return p
}

// Bar lays a table cell's bar out.
func Bar(b packet.Bar, s Sheet) Picture {
	h := 1.25 * s.Type[Small]
	sc := scale{0, real(b.Max), 0, 1}
	if sc.max <= 0 {
		sc.max = 1
	}
	from, to := min(b.From, b.To), max(b.From, b.To)
	p := Picture{Height: h}
	if to > from {
		p.add(box(fillClass(b.Fill), sc.at(from), sc.at(to), 1, h-1))
	}
	p.add(line(Axis, share(0), share(0), 0, h)) // zero is always on the axis
	return p
}

// verdicts draws the row of possible verdicts with the one that holds.
func verdicts(c packet.Verdicts, s Sheet) Picture {
	var p Picture
	pad, h := .8*s.Type[Small], 2*s.Type[Small]
	x, y := 0.0, 1.0
	for i, name := range c.Names {
		holds := i == c.Current
		w := s.measure([]packet.Span{plain(name)}, Small, holds) + 2*pad
		if x > 0 && x+w > s.width() {
			x, y = 0, y+h+.5*s.Type[Small]
		}
		class, ink := None, Muted
		if holds {
			class, ink = Chosen, OnChosen
		}
		b := box(class, At{0, x}, At{0, x + w}, y, y+h)
		b.R = 2.5
		t := text(ink, At{0, x + w/2}, y+h/2+.35*s.Type[Small], Middle, Small, plain(name))
		t.Bold = holds
		p.add(b, t)
		x += w + .5*s.Type[Small]
	}
	p.Height = y + h + 1
	return p
}

// diary draws weeks by weekdays, the day's number in each cell.
func diary(c packet.Diary, s Sheet) Picture {
	var p Picture
	w := 0.0
	for _, week := range c.Weeks {
		w = max(w, s.measure(week.Label, Small, false))
	}
	w += s.Type[Small]
	names := min(.4, max(.24, w/s.width())) // the part of a fluid picture that the labels take
	n := float64(max(len(c.Days), 1))
	if s.fluid() {
		w = 0
	}
	col := func(i int) At { // the label column keeps its width, the days share the rest
		k := float64(i) / n
		if s.fluid() {
			return share(names + (1-names)*k)
		}
		return At{k, w * (1 - k)}
	}
	h, y := 2.1*s.Type[Small], s.row()
	for i, d := range c.Days {
		p.add(text(Muted, between(col(i), col(i+1)), y-.35*s.row(), Middle, Small, plain(d)))
	}
	for _, week := range c.Weeks {
		p.add(text(Ink, share(0), y+h*.66, Start, Small, week.Label...))
		for i, d := range week.Days {
			if i < len(c.Days) {
				gap := max(1, .1*s.Type[Small])
				x, x2 := col(i).plus(gap), col(i+1).plus(-gap)
				if s.fluid() {
					x, x2 = share(col(i).Share+.004), share(col(i+1).Share-.004)
				}
				p.add(DiaryCell(d, x, x2, y+1, y+h-1, s)...)
			}
		}
		y += h
	}
	p.Height = y + 1
	return p
}

// DiaryCell draws one day of a diary into a cell.
func DiaryCell(d packet.DiaryDay, x, x2 At, y, y2 float64, s Sheet) []Op {
	var ops []Op
	bold, class := false, Muted
	switch d.Fill {
	case packet.FillHome:
		ops = append(ops, box(Home, x, x2, y, y2))
		bold, class = true, Ink
	case packet.FillOffice:
		ops = append(ops, box(OfficePale, x, x2, y, y2), box(Underline, x, x2, y2-1.8, y2))
		class = Ink
	default:
		ops = append(ops, box(None, x, x2, y, y2))
	}
	if d.Now {
		ops = append(ops, box(Now, x, x2, y, y2))
	}
	if len(d.Text) > 0 {
		t := text(class, between(x, x2), (y+y2)/2+.34*s.Type[Small], Middle, Small, d.Text...)
		t.Bold = bold
		ops = append(ops, t)
	}
	return ops
}
