package pdf

import (
	"bytes"
	"fmt"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/internal/press/draw"
	"homecase/packet"
)

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// sheet is what charts are laid out for in a column of this document.
func (p *printer) sheet(width float64) draw.Sheet {
	factor := p.theme.note.size / 8.5
	return draw.Print(width, factor, func(s string, size draw.Size, bold bool) float64 {
		return p.measure(p.chartLook(size, bold, draw.Ink, factor), s)
	})
}

func (p *printer) chartLook(size draw.Size, bold bool, class draw.Class, factor float64) look {
	l := look{face: sans, size: [...]float64{8.5, 9.5, 11.5}[size] * factor, colour: ink}
	if bold {
		l.face = sansBold
	}
	switch class {
	case draw.Muted:
		l.colour = muted
	case draw.OnChosen:
		l.colour = white
	}
	return l
}

// drawn is an operation with its text set, so that marks are counted in reading order.
type drawn struct {
	draw.Op
	text []textLine
}

func (p *printer) set(pic draw.Picture) []drawn {
	out := make([]drawn, len(pic.Ops))
	for i, o := range pic.Ops {
		out[i].Op = o
		if o.Shape == draw.Text {
			l := p.chartLook(o.Size, o.Bold, o.Class, p.theme.note.size/8.5)
			var pieces []piece
			for _, sp := range o.Text {
				if sp.Text == "" {
					continue
				}
				if sp.Ref == "" {
					pieces = append(pieces, p.plain(sp.Text, l)...)
				} else {
					pieces = append(pieces, p.pieceOf(sp, l, nil))
				}
			}
			out[i].text = lines(p.words(pieces), math.Inf(1), ragged)
		}
	}
	return out
}

// figure sets a chart. What is a table is set as a table, with the sentence
// that carries the finding as its summary; the rest is a figure with that
// sentence as its alternative text.
func (b *builder) figure(f packet.Figure) {
	alt := f.Alt.String()
	b.keepNext()
	switch c := f.Chart.(type) {
	case packet.Tornado:
		b.tornado(c, alt)
	case packet.Diary:
		b.diary(c, alt)
	default:
		width := b.w
		if w, ok := c.(packet.Windows); ok {
			width = b.windowsWidth(w)
		}
		pic := draw.Lay(f.Chart, b.sheet(width))
		ops := b.set(pic)
		e := b.parent.child("Figure", "")
		b.put([]*box{{height: pic.Height, draw: func(pn *pen, _, y float64) {
			e.attrs = pn.figureAttrs(alt, b.x, y, width, pic.Height)
			pn.picture(ops, b.x, y, width, e, true)
		}}}, 7)
	}
	if f.Data != nil && Shows(b.doc.Kind).Data {
		b.keepNext()
		b.dataTable(*f.Data)
	}
}

// windowsWidth is 92 mm, or more where a day's words need it.
func (b *builder) windowsWidth(w packet.Windows) float64 {
	factor := b.theme.note.size / 8.5
	need := 92 * mm * factor
	for _, d := range w.Days {
		need = max(need, float64(len(w.Days))*(b.measure(b.chartLook(draw.Small, false, draw.Ink, factor), d.Place)+14*factor))
	}
	return min(b.w, need)
}

func (p *pen) figureAttrs(alt string, x, y, w, h float64) string {
	return fmt.Sprintf("/Alt %s /A <</O /Layout /Placement /Block /BBox [%s %s %s %s]>>", textString(alt),
		num(x), num(p.y(y+h)), num(x+w), num(p.y(y)))
}

// picture draws set operations. The text is the element's; the shapes are its
// content too in a figure, and artifacts in a table. Without an element all is
// part of the artifact that is open.
func (p *pen) picture(ops []drawn, x, y, w float64, e *elem, figure bool) {
	shapes := func() {
		for _, o := range ops {
			if o.Shape != draw.Text {
				p.shape(o.Op, x, y, w)
			}
		}
	}
	switch {
	case e == nil || !hasShapes(ops):
		shapes()
	case figure:
		p.in(e, shapes)
	default:
		p.artifact(shapes)
	}
	for _, o := range ops {
		for _, l := range o.text {
			at := x + o.X.Of(w)
			switch o.Anchor {
			case draw.Middle:
				at -= l.width / 2
			case draw.End:
				at -= l.width
			}
			p.line(l, at, y+o.Y, e)
		}
	}
}

func hasShapes(ops []drawn) bool {
	for _, o := range ops {
		if o.Shape != draw.Text {
			return true
		}
	}
	return false
}

// paint is how a class looks on paper; a width of zero draws no edge.
type paint struct {
	fill, edge rgb
	width      float64
	hollow     bool // not filled
	dotted     bool
}

func paintOf(c draw.Class) paint {
	switch c {
	case draw.Home:
		return paint{fill: lamp, edge: lampDeep, width: .8}
	case draw.Pale, draw.Change:
		return paint{fill: lampWash, edge: lampDeep, width: .8}
	case draw.Office:
		return paint{fill: slate, edge: slate, width: .8}
	case draw.Day:
		return paint{fill: slateWash, edge: slate, width: .8}
	case draw.OfficePale:
		return paint{fill: slateWash}
	case draw.Underline:
		return paint{fill: slate}
	case draw.Low:
		return paint{fill: duskWash, edge: dusk, width: .8}
	case draw.High:
		return paint{fill: dusk, edge: dusk, width: .6}
	case draw.Loss:
		return paint{fill: badWash, edge: bad, width: 1.3}
	case draw.Zone:
		return paint{fill: badWash}
	case draw.Halo:
		return paint{fill: lampWash}
	case draw.Chosen:
		return paint{fill: dusk}
	case draw.None:
		return paint{edge: hairline, width: .6, hollow: true}
	case draw.Now:
		return paint{edge: ink, width: 1.4, hollow: true}
	case draw.Point:
		return paint{fill: ink, edge: white, width: 1.4}
	case draw.Zero:
		return paint{edge: ink, width: .8, dotted: true}
	case draw.Axis:
		return paint{edge: axisGray, width: .7}
	}
	return paint{edge: ink, width: 1}
}

func (p *pen) shape(o draw.Op, x, y, w float64) {
	c := paintOf(o.Class)
	if !c.hollow && o.Shape != draw.Line {
		p.fill(c.fill)
	}
	if c.width > 0 {
		p.stroke(c.edge)
		p.op("w", c.width)
	}
	x1, x2 := x+o.X.Of(w), x+o.X2.Of(w)
	switch o.Shape {
	case draw.Line:
		if c.dotted {
			p.write("[1.6 2] 0 d\n")
		}
		p.op("m", x1, p.y(y+o.Y))
		p.op("l", x2, p.y(y+o.Y2))
		p.write("S\n")
		if c.dotted {
			p.write("[] 0 d\n")
		}
		return
	case draw.Circle:
		p.circle(x1, y+o.Y, max(o.R-c.width/2, .3))
	case draw.Rect:
		in := c.width / 2 // the edge lies inside, so that neighbours do not cover each other
		if o.Class == draw.Change {
			p.hatch(x1, y+o.Y, x2, y+o.Y2)
		}
		p.outline(x1+in, y+o.Y+in, max(x2-x1-2*in, .2), max(o.Y2-o.Y-2*in, .2), o.R)
	}
	switch {
	case o.Class == draw.Change || c.hollow:
		p.write("S\n")
	case c.width > 0:
		p.write("B\n")
	default:
		p.write("f\n")
	}
}

// hatch fills a rectangle with diagonal lines.
func (p *pen) hatch(x, y, x2, y2 float64) {
	p.op("re", x, p.y(y2), x2-x, y2-y)
	p.write("f\nq\n")
	p.op("re", x, p.y(y2), x2-x, y2-y)
	p.write("W n\n")
	for at := x - (y2 - y); at < x2; at += 3.2 {
		p.op("m", at, p.y(y2))
		p.op("l", at+(y2-y), p.y(y))
	}
	p.write("S\nQ\n")
}

// picture is a photo of the document.
type picture struct {
	data          []byte
	width, height int
	gray          bool
}

// most is the greatest side and number of pixels of a photo we print.
const (
	mostSide   = 12000
	mostPixels = 60_000_000
)

// photo sets a photo with its alternative text, as wide as the column and at most 70 mm high.
func (b *builder) photo(ph packet.Photo) {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(ph.JPEG))
	if err != nil {
		b.refuse("HC-PDF-11", "The photo %q is not a JPEG picture.", ph.ID).Because(err)
		return
	}
	if cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > mostSide || cfg.Height > mostSide || cfg.Width*cfg.Height > mostPixels {
		b.refuse("HC-PDF-11", "The photo %q is too large to print.", ph.ID).Then("Use one of at most 60 million pixels.")
		return
	}
	if cfg.ColorModel == color.CMYKModel {
		b.refuse("HC-PDF-11", "The photo %q is in printing colours.", ph.ID).Then("Save it in RGB.")
		return
	}
	if len(ph.Alt) == 0 {
		b.refuse("HC-PDF-11", "The photo %q has no text that says what it shows.", ph.ID)
	}
	w, h := b.w, b.w*float64(cfg.Height)/float64(cfg.Width)
	if most := 70 * mm; h > most {
		w, h = w*most/h, most
	}
	b.images = append(b.images, picture{ph.JPEG, cfg.Width, cfg.Height, cfg.ColorModel == color.GrayModel})
	n := len(b.images) - 1
	e := b.parent.child("Figure", "")
	b.keepNext()
	b.put([]*box{{height: h, draw: func(pn *pen, _, y float64) {
		e.attrs = pn.figureAttrs(ph.Alt.String(), b.x, y, w, h)
		pn.page.images = append(pn.page.images, n)
		pn.in(e, func() {
			pn.write("q\n")
			for _, v := range []float64{w, 0, 0, h, b.x, pn.y(y + h)} {
				pn.num(v)
			}
			pn.write(fmt.Sprintf("cm\n/I%d Do\nQ\n", n))
		})
	}}}, 7)
}

// choice sets the boxes to tick on paper, all of the same weight.
func (b *builder) choice(c packet.Choice) {
	t := b.theme
	l := t.label.look
	l.size *= 1.06
	side := 1.06 * l.size
	list := b.parent.child("L", "/A <</O /List /ListNumbering /None>>")
	type spot struct {
		x    float64
		row  int
		text textLine
		e    *elem
		line bool
	}
	var spots []spot
	x, row := 0.0, 0
	for _, o := range c.Options {
		ls := lines(b.words(b.plain(o.Label, l)), math.Inf(1), ragged)
		if len(ls) == 0 {
			continue
		}
		need := side + 5.5 + ls[0].width
		if o.Line {
			need += 60
		}
		if x > 0 && x+need > b.w {
			x, row = 0, row+1
		}
		e := list.child("LI", "").child("LBody", "")
		spots = append(spots, spot{x, row, ls[0], e, o.Line})
		x += need + 25
	}
	high := 1.5 * l.size
	bx := &box{height: float64(row+1) * high * 1.15, base: 1.05 * l.size, draw: func(pn *pen, _, y float64) {
		for _, s := range spots {
			base := y + 1.05*l.size + float64(s.row)*high*1.15
			pn.artifact(func() {
				pn.stroke(ink)
				pn.op("w", .8)
				pn.outline(b.x+s.x, base-.88*side, side, side, 0)
				pn.write("S\n")
				if s.line {
					pn.rule(b.x+s.x+side+5.5, base+.32*side, b.x+b.w, ink, .6)
				}
			})
			pn.line(s.text, b.x+s.x+side+5.5, base, s.e)
		}
	}}
	b.put([]*box{bx}, 6)
	if len(c.Note) > 0 {
		b.keepNext()
		b.text(b.piecesOf(c.Note, t.note.look), t.note, b.parent.child("P", ""), ragged, 5)
	}
}

// signature sets lines to sign on, two beside each other, captions below.
func (b *builder) signature(s packet.Signature) {
	t := b.theme
	const perRow = 2
	width := (b.w - 20) / perRow
	b.keepNext() // nobody signs below nothing
	from := len(b.boxes)
	defer func() { apart(b.boxes[from:], costShort) }()
	for i := 0; i < len(s.Captions); i += perRow {
		row := s.Captions[i:min(i+perRow, len(s.Captions))]
		set := make([][]textLine, len(row))
		elems := make([]*elem, len(row))
		most := 0
		for k, c := range row {
			elems[k] = b.parent.child("P", "")
			set[k] = lines(b.words(b.plain(strings.TrimSpace(c), t.note.look)), width, ragged)
			most = max(most, len(set[k]))
		}
		room := 30.0
		b.put([]*box{{height: room + float64(most)*t.note.lead, draw: func(pn *pen, _, y float64) {
			for k := range row {
				x := b.x + float64(k)*(width+20)
				pn.artifact(func() { pn.rule(x, y+room-2, x+width, ink, .6) })
				for n, l := range set[k] {
					pn.line(l, x, y+room+b.base(t.note)+float64(n)*t.note.lead, elems[k])
				}
			}
		}}}, 6)
	}
}
