package pdf

import "strconv"

// page is one page being drawn.
type page struct {
	content []byte
	marked  []*elem // by marked-content id
	text    look    // the look in force, to leave repeated operators out
	filled  rgb     // the fill in force; black at the start
	images  []int   // of the document, used here
	open    *elem   // whose plain content may still go on, as line follows line
}

// pen draws on one page. Places are points from the top left corner.
type pen struct {
	*printer
	page   *page
	number int // of the page, from 0
}

func (p *pen) write(s string)        { p.page.content = append(p.page.content, s...) }
func (p *pen) num(v float64)         { p.page.content = append(appendNum(p.page.content, v), ' ') }
func (p *pen) y(top float64) float64 { return p.theme.pageH - top }
func (p *pen) stroke(c rgb)          { p.colour(c, "RG\n") }
func (p *pen) op(o string, v ...float64) {
	for _, x := range v {
		p.num(x)
	}
	p.write(o + "\n")
}

// fill sets the colour of areas and of text.
func (p *pen) fill(c rgb) {
	if c != p.page.filled {
		p.page.filled = c
		p.colour(c, "rg\n")
	}
}

func (p *pen) colour(c rgb, op string) {
	for _, v := range []uint8{uint8(c >> 16), uint8(c >> 8), uint8(c)} {
		b := strconv.AppendFloat(p.page.content, float64(v)/255, 'f', 3, 64)
		p.page.content = append(b, ' ')
	}
	p.write(op)
}

// in draws the content of an element. What follows may belong to it too, so
// its marked content stays open until something else begins.
func (p *pen) in(e *elem, draw func()) {
	if p.page.open != e {
		p.begin(e, e.kind, "")
		p.page.open = e
	}
	draw()
}

// close ends the content that is still open.
func (p *pen) close() {
	if p.page.open != nil {
		p.page.open = nil
		p.write("EMC\n")
	}
}

// begin opens marked content of an element.
func (p *pen) begin(e *elem, tag, props string) {
	p.close()
	id := len(p.page.marked)
	p.page.marked = append(p.page.marked, e)
	e.kids = append(e.kids, kid{page: p.number, mcid: id})
	p.write("/" + tag + " <<" + props + "/MCID " + strconv.Itoa(id) + ">> BDC\n")
}

// marked draws content of an element under a tag with properties of ours. A
// bound number is a run of its own beside its neighbours, not inside them:
// some readers lose what follows a nested run.
func (p *pen) marked(e *elem, tag, props string, draw func()) {
	p.begin(e, tag, props)
	draw()
	p.write("EMC\n")
}

// artifact draws what carries no meaning of its own: rules, boxes, furniture.
func (p *pen) artifact(draw func()) {
	p.close()
	p.write("/Artifact BMC\n")
	draw()
	p.write("EMC\n")
}

// pagination draws what repeats from page to page.
func (p *pen) pagination(subtype string, draw func()) {
	p.close()
	p.write("/Artifact <</Type /Pagination /Subtype /" + subtype + ">> BDC\n")
	draw()
	p.write("EMC\n")
}

// line sets a line of text into an element; links get elements of their own.
func (p *pen) line(l textLine, x, baseline float64, e *elem) {
	n := 0
	for _, w := range l.words {
		n += len(w.bits) + len(w.space)
	}
	bits := make([]bit, 0, n)
	for _, w := range l.words {
		bits = append(append(bits, w.bits...), w.space...)
	}
	for len(bits) > 0 {
		n, width := 0, 0.0
		lk := bits[0].piece.link
		for n < len(bits) && bits[n].piece.link == lk {
			width += bits[n].width
			n++
		}
		part := bits[:n]
		bits = bits[n:]
		if lk == nil || e == nil {
			p.run(part, x, baseline, e)
		} else {
			if lk.elem == nil {
				lk.elem = e.child("Link", "")
			}
			p.run(part, x, baseline, lk.elem)
			p.linkArea(lk, part, x, baseline, width)
		}
		x += width
	}
}

// run sets bits side by side, each mark in marked content of its own; e is nil
// inside an artifact.
func (p *pen) run(bits []bit, x, baseline float64, e *elem) {
	for len(bits) > 0 {
		n, width := 0, 0.0
		m := bits[0].piece.mark
		for n < len(bits) && bits[n].piece.mark == m {
			width += bits[n].width
			n++
		}
		part, at := bits[:n], x
		bits, x = bits[n:], x+width
		draw := func() { p.show(part, at, baseline) }
		props := ""
		if m != nil {
			props = "/Ref " + byteString(string(m.ref)) + " /N " + strconv.Itoa(m.n) + " "
		}
		switch {
		case e != nil && m != nil:
			p.marked(e, "HC", props, draw)
		case e != nil:
			p.in(e, draw)
		case m != nil:
			p.write("/HC <<" + props + ">> BDC\n")
			draw()
			p.write("EMC\n")
		default:
			draw()
		}
	}
}

// show sets bits at a place.
func (p *pen) show(bits []bit, x, baseline float64) {
	p.write("BT\n1 0 0 1 ")
	p.num(x)
	p.num(p.y(baseline))
	p.write("Tm\n")
	for len(bits) > 0 {
		n := 0
		for n < len(bits) && bits[n].piece.look == bits[0].piece.look {
			n++
		}
		p.glyphs(bits[:n])
		bits = bits[n:]
	}
	p.write("ET\n")
}

// glyphs writes bits of one look.
func (p *pen) glyphs(bits []bit) {
	pc := bits[0].piece
	if now := p.page.text; now != pc.look {
		if now.face != pc.look.face || now.size != pc.look.size {
			p.write("/F" + strconv.Itoa(int(pc.look.face)) + " ")
			p.op("Tf", pc.look.size)
		}
		if now.track != pc.look.track {
			p.op("Tc", pc.look.track)
		}
		p.page.text = pc.look
	}
	p.fill(pc.look.colour)
	out := append(p.page.content, '[', '<')
	for _, b := range bits {
		for _, g := range b.glyphs {
			const hex = "0123456789ABCDEF"
			id := p.subset(pc.look.face).Number(g)
			out = append(out, hex[id>>12], hex[id>>8&15], hex[id>>4&15], hex[id&15])
			if g.Kern != 0 {
				out = append(out, '>')
				out = strconv.AppendInt(out, int64(-g.Kern), 10)
				out = append(out, '<')
			}
		}
	}
	p.page.content = append(out, ">]TJ\n"...)
}

// linkArea makes a piece of a link clickable and underlines it with a hairline.
func (p *pen) linkArea(lk *link, part []bit, x, baseline, width float64) {
	for i := len(part) - 1; i >= 0 && isSpace(rune(part[i].glyphs[0].Text[0])); i-- {
		width -= part[i].width
	}
	size := part[0].piece.look.size
	a := &annot{page: p.number, x: x, y: p.y(baseline + .25*size), w: width, h: 1.05 * size, href: lk.href, contents: lk.text, elem: lk.elem}
	p.annots = append(p.annots, a)
	lk.elem.kids = append(lk.elem.kids, kid{annot: a})
	if !lk.quiet {
		p.artifact(func() { p.rule(x, baseline+.16*size, x+width, part[0].piece.look.colour, .35) })
	}
}

// rule draws a horizontal hairline.
func (p *pen) rule(x, y, x2 float64, c rgb, width float64) {
	p.stroke(c)
	p.op("w", width)
	p.op("m", x, p.y(y))
	p.op("l", x2, p.y(y))
	p.write("S\n")
}

// outline is the path of a rectangle with rounded corners.
func (p *pen) outline(x, y, w, h, r float64) {
	r = min(r, w/2, h/2)
	if r <= 0 {
		p.op("re", x, p.y(y+h), w, h)
		return
	}
	const k = .5523 // a quarter circle as a Bézier curve
	b, t, c := p.y(y+h), p.y(y), r*(1-k)
	p.op("m", x+r, b)
	p.op("l", x+w-r, b)
	p.op("c", x+w-c, b, x+w, b+c, x+w, b+r)
	p.op("l", x+w, t-r)
	p.op("c", x+w, t-c, x+w-c, t, x+w-r, t)
	p.op("l", x+r, t)
	p.op("c", x+c, t, x, t-c, x, t-r)
	p.op("l", x, b+r)
	p.op("c", x, b+c, x+c, b, x+r, b)
	p.write("h\n")
}

func (p *pen) circle(x, y, r float64) { p.outline(x-r, y-r, 2*r, 2*r, r) }
