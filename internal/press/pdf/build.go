package pdf

import (
	"fmt"
	"strings"

	"homecase/packet"
)

// builder sets the blocks of one part of the document into boxes.
type builder struct {
	*printer
	parent *elem
	boxes  []*box
	x, w   float64 // the column
	level  int     // heading level of the part
	inner  int     // level of the last heading inside it
	last   packet.Block
	clear  float64 // height of the label beside the column, which a wide table must not run into
	label  bool    // a label stands beside the column
}

// build sets the whole document.
func (p *printer) build() []*box {
	rest := p.theme
	p.theme = p.front
	defer func() { p.theme = rest }()
	t := p.theme
	head := &builder{printer: p, parent: p.root, x: t.textX, w: t.textW, level: 1}
	for _, b := range p.doc.Head {
		head.block(b)
	}
	boxes := head.boxes
	toc := p.doc.Contents && len(p.doc.Sections) > 1
	for i, s := range p.doc.Sections {
		if s.NewPage && i > 0 {
			p.theme = rest
		}
		if toc && (s.NewPage || !p.startsPages()) {
			toc = false
			made := p.tableOfContents(p.doc.Sections[i:])
			made[0].newPage = s.NewPage
			boxes = append(boxes, made...)
			if i > 0 {
				s.NewPage = false
			}
		}
		boxes = append(boxes, p.section(s)...)
	}
	if len(boxes) == 0 {
		p.refuse("HC-PDF-09", "There is nothing to print.")
		boxes = append(boxes, &box{draw: func(*pen, float64, float64) {}})
	}
	return boxes
}

// startsPages tells whether a section starts a page; the contents then stand
// before that section, so that the summary keeps its sheet.
func (p *printer) startsPages() bool {
	for _, s := range p.doc.Sections {
		if s.NewPage {
			return true
		}
	}
	return false
}

// section sets a part with its label in the margin, or above it where there is no margin.
func (p *printer) section(s packet.Section) []*box {
	p.where = fmt.Sprintf("section %q", s.Label)
	t := p.theme
	sect := p.root.child("Sect", "")
	level := p.nextLevel(max(s.Level, 2))
	b := &builder{printer: p, parent: sect, x: t.textX, w: t.textW, level: level, inner: level}
	var label []textLine
	var labelElem *elem
	if s.Label != "" {
		labelElem = sect.child(fmt.Sprintf("H%d", level), "")
		width := t.labelW
		if width == 0 {
			width = t.textW
		}
		label = lines(p.words(p.plain(s.Label, t.label.look)), width, balanced)
	}
	b.label = len(label) > 0 && t.labelW > 0
	b.clear = float64(len(label)) * t.label.lead
	if len(label) > 0 && t.labelW == 0 { // no margin: the label stands above
		b.put(p.lineBoxes(label, t.label, labelElem, t.textX, t.textW, false), 0)
		glue(b.boxes)
		b.boxes[len(b.boxes)-1].glue = true
	}
	for _, blk := range s.Blocks {
		b.block(blk)
	}
	if len(b.boxes) == 0 {
		b.boxes = append(b.boxes, &box{draw: func(*pen, float64, float64) {}})
	}
	first := b.boxes[0]
	first.dest, first.newPage = s.ID, s.NewPage
	first.before = 15 * t.space
	first.rule = t.labelW > 0
	if b.label {
		p.hang(b.boxes, label, labelElem)
	}
	first.cost = costSection
	if height(b.boxes) < .42*p.room() {
		apart(b.boxes, costShort)
	}
	p.where = "the document"
	return b.boxes
}

// hang puts the label beside the first boxes and keeps them together as far as it reaches.
func (p *printer) hang(boxes []*box, label []textLine, e *elem) {
	t := p.theme
	first, draw := boxes[0], boxes[0].draw
	shift := first.base - p.base(t.label)
	if first.base == 0 {
		shift = 0
	}
	first.draw = func(pn *pen, x, y float64) {
		for i, l := range label {
			pn.line(l, t.left, y+max(shift, 0)+p.base(t.label)+float64(i)*t.label.lead, e)
		}
		draw(pn, x, y)
	}
	need := max(shift, 0) + float64(len(label))*t.label.lead
	reached := 0.0
	for i, b := range boxes {
		if i > 0 {
			reached += b.before
		}
		reached += b.height
		if reached >= need {
			return
		}
		if i < len(boxes)-1 {
			b.glue = true
		}
	}
	boxes[len(boxes)-1].height += need - reached
}

// room is the height of a page's text.
func (p *printer) room() float64 { return p.theme.pageH - p.theme.top - p.theme.bottom }

// nextLevel keeps headings from skipping a level.
func (p *printer) nextLevel(want int) int {
	level := min(want, p.lastLevel+1, 6)
	p.lastLevel = level
	return level
}

// base is the distance from the top of a line to its base line.
func (p *printer) base(s style) float64 {
	f := p.faces[s.face]
	up, down := float64(f.Ascent)*s.size/1000, -float64(f.Descent)*s.size/1000
	return (s.lead-up-down)/2 + up
}

// lineBoxes makes a box of each line.
func (p *printer) lineBoxes(ls []textLine, s style, e *elem, x, w float64, right bool) []*box {
	out := make([]*box, 0, len(ls))
	base := p.base(s)
	for _, l := range ls {
		at := x
		if right {
			at = x + w - l.width
		}
		out = append(out, &box{height: s.lead, base: base, draw: func(pn *pen, _, y float64) { pn.line(l, at, y+base, e) }})
	}
	return out
}

// put appends boxes with space before the first; at the start of a part there is none.
func (b *builder) put(boxes []*box, before float64) {
	if len(boxes) == 0 {
		return
	}
	if len(b.boxes) > 0 {
		boxes[0].before = before * b.theme.space
	}
	b.boxes = append(b.boxes, boxes...)
}

// text sets pieces as a paragraph of an element.
func (b *builder) text(pieces []piece, s style, e *elem, how setting, before float64) {
	boxes := b.lineBoxes(lines(b.words(pieces), b.w, how), s, e, b.x, b.w, false)
	pair(boxes)
	b.put(boxes, before)
}

func (b *builder) block(blk packet.Block) {
	switch blk := blk.(type) {
	case packet.Para:
		b.para(blk)
	case packet.Heading:
		b.heading(blk)
	case packet.List:
		b.list(blk)
	case packet.Choice:
		b.choice(blk)
	case packet.Question:
		b.question(blk)
	case packet.Table:
		b.table(blk)
	case packet.Figure:
		b.figure(blk)
	case packet.Photo:
		b.photo(blk)
	case packet.Signature:
		b.signature(blk)
	default:
		b.refuse("HC-PDF-10", "The printer does not know the block %T.", blk)
	}
	b.last = blk
}

// keepNext glues what was set last to what comes next.
func (b *builder) keepNext() {
	if n := len(b.boxes); n > 0 {
		b.boxes[n-1].glue = true
	}
}

func (b *builder) para(para packet.Para) {
	t := b.theme
	if b.doc.Kind == packet.Letter {
		b.letterPara(para)
		return
	}
	switch para.Style {
	case packet.Title:
		e := b.parent.child(fmt.Sprintf("H%d", b.nextLevel(1)), "")
		b.text(b.piecesOf(para.Text, t.title.look), t.title, e, balanced, 5)
		b.keepNext()
	case packet.Ask:
		b.text(b.withEvidence(para, t.ask), t.ask, b.parent.child("P", ""), ragged, 8)
	case packet.Meta:
		b.text(b.withEvidence(para, t.meta), t.meta, b.parent.child("P", ""), ragged, 5)
	case packet.Note:
		from := len(b.boxes)
		b.text(b.withEvidence(para, t.note), t.note, b.parent.child("P", ""), ragged, 4)
		switch b.last.(type) {
		case packet.Figure, packet.Table, packet.Photo: // what it says of them is read with them
			for _, bx := range b.boxes[from:] {
				bx.cost += costShort
			}
		}
	default:
		b.text(b.withEvidence(para, t.body), t.body, b.parent.child("P", ""), ragged, b.bodyGap())
	}
}

// bodyGap is the space above a paragraph: little below a heading, since they belong together.
func (b *builder) bodyGap() float64 {
	switch b.last.(type) {
	case packet.Heading:
		return 1
	case packet.Figure, packet.Table, packet.Photo:
		return 8
	}
	return 5.5
}

// withEvidence sets a paragraph's text, then its short source in brackets.
func (b *builder) withEvidence(para packet.Para, s style) []piece {
	pieces := b.piecesOf(para.Text, s.look)
	if len(para.Evidence) == 0 {
		return pieces
	}
	l := b.theme.note.look
	if len(pieces) > 0 {
		pieces = append(pieces, piece{text: " ", look: s.look})
	}
	pieces = append(pieces, piece{text: "[", look: l})
	from := len(pieces)
	pieces = append(pieces, b.piecesOf(para.Evidence, l)...)
	length := 0
	for _, pc := range pieces[from:] {
		length += len(pc.text)
	}
	for i := from; i < len(pieces); i++ {
		pieces[i].keep = length < 45
	}
	return append(pieces, piece{text: "]", look: l})
}

func (b *builder) heading(h packet.Heading) {
	s, before := b.theme.fact, 8.0
	if h.Level >= 4 {
		s, before = b.theme.sub, 7
	}
	level := b.nextLevel(max(h.Level, 2))
	b.inner = level
	from := len(b.boxes)
	b.text(b.piecesOf(h.Text, s.look), s, b.parent.child(fmt.Sprintf("H%d", level), ""), balanced, before)
	b.boxes[from].cost += costHeading
	b.keepNext()
}

// letterPara sets a letter: everything in one voice, the subject in semi-bold.
func (b *builder) letterPara(para packet.Para) {
	t := b.theme
	s, how, before := t.body, ragged, .62*t.body.lead
	e := "P"
	switch para.Style {
	case packet.Title:
		s, before = t.title, 1.5*t.body.lead
		e = fmt.Sprintf("H%d", b.nextLevel(1))
	case packet.Note:
		s = t.note
	case packet.Meta:
		before = t.body.lead
	}
	b.text(b.withEvidence(para, s), s, b.parent.child(e, ""), how, before)
	if para.Style == packet.Title {
		b.keepNext()
	}
}

// list sets bullets, ticks or numbers hanging beside their items.
func (b *builder) list(l packet.List) {
	attrs := "/A <</O /List /ListNumbering /Disc>>"
	switch l.Style {
	case packet.Numbers:
		attrs = "/A <</O /List /ListNumbering /Decimal>>"
	case packet.Ticks:
		attrs = "/A <</O /List /ListNumbering /None>>"
	}
	s := b.theme.body
	list := b.parent.child("L", attrs)
	indent := 1.14 * s.size
	if l.Style == packet.Numbers && len(l.Items) > 9 {
		indent = 1.75 * s.size
	}
	for i, item := range l.Items {
		li := list.child("LI", "")
		var mark []textLine
		var lbl *elem
		switch l.Style {
		case packet.Numbers:
			lbl = li.child("Lbl", "")
			mark = lines(b.words([]piece{b.furniture("@item", fmt.Sprintf("%d.", i+1), s.look)}), b.w, ragged)
		case packet.Bullets:
			lbl = li.child("Lbl", "")
			mark = lines(b.words([]piece{{text: "•", look: s.look}}), b.w, ragged)
		}
		body := li.child("LBody", "")
		boxes := b.lineBoxes(lines(b.words(b.piecesOf(item, s.look)), b.w-indent, ragged), s, body, b.x+indent, b.w, false)
		if len(boxes) == 0 {
			continue
		}
		pair(boxes)
		b.before(boxes[0], func(pn *pen, y float64) {
			for _, m := range mark {
				pn.line(m, b.x, y+boxes[0].base, lbl)
			}
			if l.Style == packet.Ticks {
				pn.artifact(func() { pn.tick(b.x, y+boxes[0].base, s.size) })
			}
		})
		before := 2.5
		if i == 0 {
			before = 5
		}
		b.put(boxes, before)
		if len(l.Items) > 1 && (i == 0 || i == len(l.Items)-2) { // neither its first item nor its last stands alone
			boxes[len(boxes)-1].glue = true
		}
	}
}

// before draws something ahead of a box's own content.
func (b *builder) before(bx *box, first func(pn *pen, y float64)) {
	draw := bx.draw
	bx.draw = func(pn *pen, x, y float64) {
		first(pn, y)
		draw(pn, x, y)
	}
}

// tick draws a check mark standing on the base line.
func (p *pen) tick(x, baseline, size float64) {
	p.stroke(dusk)
	p.op("w", .095*size)
	p.write("1 J 1 j\n")
	p.op("m", x+.04*size, p.y(baseline-.24*size))
	p.op("l", x+.24*size, p.y(baseline-.02*size))
	p.op("l", x+.66*size, p.y(baseline-.56*size))
	p.write("S\n0 J 0 j\n")
}

// question sets a question as a small heading, its answer, and who says so.
func (b *builder) question(q packet.Question) {
	t, from := b.theme, len(b.boxes)
	defer func() { // a short answer stays with its question
		all := b.boxes[from:]
		if height(all) < .2*t.pageH {
			glue(all)
		}
		apart(all, costAnswer)
	}()
	level := b.nextLevel(b.inner + 1)
	p := b.piecesOf(packet.Text{{Spans: []packet.Span{q.Number}}}, t.sub.look)
	if q.Number.Text != "" {
		p = append(p, piece{text: "  ", look: t.sub.look})
	}
	p = append(p, b.piecesOf(q.Question, t.sub.look)...)
	b.text(p, t.sub, b.parent.child(fmt.Sprintf("H%d", level), ""), ragged, 9)
	b.keepNext()
	if len(q.Answer) > 0 {
		b.text(b.piecesOf(q.Answer, t.body.look), t.body, b.parent.child("P", ""), ragged, 0)
	}
	state := strings.TrimSpace(q.State)
	if state == "" && len(q.By) == 0 {
		return
	}
	b.keepNext()
	by := b.piecesOf(q.By, t.meta.look)
	if state != "" {
		bold := t.meta.bold().look
		bold.colour = ink
		state = capital(state)
		if len(by) > 0 {
			state += "."
			by = append([]piece{{text: " ", look: t.meta.look}}, by...)
		}
		by = append(b.plain(state, bold), by...)
	}
	b.text(by, t.meta, b.parent.child("P", ""), ragged, 1)
}
