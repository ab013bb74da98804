package pptx

import (
	"fmt"
	"math"
	"strings"

	"homecase/internal/press/draw"
	"homecase/internal/press/opc"
	"homecase/packet"
)

// drawing writes a chart as one group of the slide program's own shapes.
type drawing struct {
	id   int // of the next shape
	lang string
	dark bool
}

// emu converts points to the unit of DrawingML.
func emu(points float64) int { return int(math.Round(points * 12700)) }

// sheet is the paper a chart is laid out on: type of 22 points and more, seen from the back of a room.
func sheet(factor float64) draw.Sheet {
	s := draw.Sheet{Width: width, Type: [3]float64{22 * factor, 28 * factor, 32 * factor}, Dot: 17 * factor}
	s.Measure = func(words string, size draw.Size, bold bool) float64 {
		w := em(words) * sans * s.Type[min(int(size), 2)]
		if bold {
			w *= 1.05
		}
		return w
	}
	return s
}

// group lays the chart out between two heights, as large as fits, and names it
// by the sentence that says what it shows.
func (d *drawing) group(f packet.Figure, top, bottom float64) string {
	var s draw.Sheet
	var p draw.Picture
	for factor := 1.15; factor > .25; factor -= .05 {
		s = sheet(factor)
		if p = draw.Lay(f.Chart, s); p.Height <= bottom-top {
			break
		}
	}
	if k := min((bottom-top)/max(p.Height, 1), tallest(f.Chart)); k > 1 {
		p = stretch(p, k)
	}
	y := top + max(0, bottom-top-p.Height)*.45 // a little above the middle looks like the middle
	alt := strings.TrimSpace(f.Alt.String())
	if alt == "" {
		alt = "Chart"
	}
	var b strings.Builder
	id := d.next()
	w, h := emu(width), emu(max(p.Height, 1))
	fmt.Fprintf(&b, `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="%d" name="Picture" descr="%s"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/><a:chOff x="0" y="0"/><a:chExt cx="%[5]d" cy="%[6]d"/></a:xfrm></p:grpSpPr>`, id, opc.Escape(alt), emu(left), emu(y), w, h)
	for _, op := range p.Ops {
		if op.Only != "narrow" {
			d.op(&b, op, s)
		}
	}
	b.WriteString(`</p:grpSp>`)
	return b.String()
}

func (d *drawing) next() int { d.id++; return d.id - 1 }

// tallest is how far a chart may be stretched to fill a slide: windows stand
// upright, bars grow thick; dots and marks keep their shape.
func tallest(c packet.Chart) float64 {
	switch c.(type) {
	case packet.Windows:
		return 2
	case packet.HoursBar:
		return 2.8
	case packet.Diary, packet.Verdicts:
		return 2.2
	case packet.Timeline:
		return 1.8
	}
	return 1
}

// stretch makes the shapes of a picture taller and leaves its type alone: a
// text inside a box stays in the box's middle, one below a box keeps its
// distance to it.
func stretch(p draw.Picture, k float64) draw.Picture {
	y0 := math.Inf(1)
	for _, op := range p.Ops {
		if op.Shape == draw.Rect {
			y0 = min(y0, op.Y)
		}
	}
	grow := func(y float64) float64 { return max(0, y-y0) * (k - 1) }
	shift := func(y float64) float64 {
		small, by, below := math.Inf(1), 0.0, 0.0
		for _, op := range p.Ops {
			low := op.Y2
			switch {
			case op.Shape == draw.Circle:
				low = op.Y
			case op.Shape == draw.Text:
				continue
			case op.Shape == draw.Rect && op.Y < y && y < op.Y2 && op.Y2-op.Y < small:
				small, by = op.Y2-op.Y, grow((op.Y+op.Y2)/2)
			}
			if max(op.Y, low) <= y {
				below = max(below, grow(max(op.Y, low)))
			}
		}
		if math.IsInf(small, 1) {
			return below
		}
		return by
	}
	out := draw.Picture{Height: p.Height + shift(p.Height)}
	for _, op := range p.Ops {
		if op.Shape == draw.Text {
			op.Y += shift(op.Y)
		} else {
			op.Y, op.Y2 = op.Y+grow(op.Y), op.Y2+grow(op.Y2)
		}
		out.Ops = append(out.Ops, op)
	}
	return out
}

// paint is how a class of the drawing looks; a colour is one of the theme's names or six hex digits.
type paint struct {
	fill, back string // back makes a hatch of fill on back
	line       string
	weight     float64
	dash       bool
}

// The colours are those of experience.md's tokens; names are the theme's.
const (
	ink, muted     = "tx1", "46585F"
	lamp, lampDeep = "accent1", "accent4"
	lampPale       = "FFF3D9"
	slate, slateBg = "accent2", "EEF2F4"
	dusk, duskPale = "accent3", "D5E6EA"
	bad, badPale   = "accent5", "FBE6E4"
	edge           = "66797F"
)

func (d *drawing) paint(c draw.Class) paint {
	switch c {
	case draw.Home:
		return paint{fill: lamp, line: lampDeep, weight: 1.5}
	case draw.Pale:
		if d.dark { // all of them could be lit
			return paint{fill: "FFE3A3", line: lamp, weight: 2.5}
		}
		return paint{fill: lampPale, line: lampDeep, weight: 1.5}
	case draw.Change:
		return paint{fill: lampDeep, back: lampPale, line: lampDeep, weight: 1.5}
	case draw.Office:
		return paint{fill: slate, line: slate, weight: 1}
	case draw.Day:
		if d.dark {
			return paint{fill: "7F97A6"}
		}
		return paint{fill: slateBg, line: slate, weight: 1.5}
	case draw.OfficePale:
		return paint{fill: slateBg}
	case draw.Low:
		return paint{fill: duskPale, line: dusk, weight: 1.5}
	case draw.High, draw.Chosen:
		return paint{fill: dusk, line: dusk, weight: 1}
	case draw.Loss:
		return paint{fill: badPale, line: bad, weight: 2.5}
	case draw.Zone:
		return paint{fill: badPale}
	case draw.None:
		return paint{line: edge, weight: 1.5, dash: true}
	case draw.Halo:
		if d.dark {
			return paint{fill: "6B5A2E"}
		}
		return paint{fill: lampPale}
	case draw.Now:
		return paint{line: ink, weight: 2.5}
	case draw.Underline:
		return paint{fill: slate}
	case draw.Axis:
		return paint{line: edge, weight: 1.5}
	case draw.Zero:
		return paint{line: ink, weight: 1.5, dash: true}
	case draw.Point:
		return paint{fill: ink, line: "bg1", weight: 1.5}
	}
	return paint{line: ink, weight: 1.5}
}

// colour writes one of the theme's colours or one of ours.
func colour(c string) string {
	if len(c) == 6 && strings.Trim(c, "0123456789ABCDEF") == "" {
		return `<a:solidFill><a:srgbClr val="` + c + `"/></a:solidFill>`
	}
	return `<a:solidFill><a:schemeClr val="` + c + `"/></a:solidFill>`
}

// bare is a colour without the fill about it.
func bare(c string) string {
	return strings.TrimSuffix(strings.TrimPrefix(colour(c), `<a:solidFill>`), `</a:solidFill>`)
}

func (d *drawing) op(b *strings.Builder, op draw.Op, s draw.Sheet) {
	if op.Shape == draw.Text {
		d.label(b, op, op.X.Of(s.Width), s)
		return
	}
	f := op.Frame(s)
	if f.Empty() {
		return
	}
	adjust := `<a:avLst/>`
	if f.Form == "roundRect" {
		adjust = fmt.Sprintf(`<a:avLst><a:gd name="adj" fmla="val %d"/></a:avLst>`, int(min(50000, 5/min(f.W, f.H)*100000)))
	}
	id := d.next()
	spPr := fmt.Sprintf(`<p:spPr><a:xfrm%s><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="%s">%s</a:prstGeom>%s</p:spPr>`, f.Flip, emu(f.X), emu(f.Y), emu(f.W), emu(f.H), f.Form, adjust, look(d.paint(op.Class), f.Form))
	if f.Form == "line" {
		fmt.Fprintf(b, `<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="%d" name="Line %[1]d"/><p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>%s</p:cxnSp>`, id, spPr)
		return
	}
	fmt.Fprintf(b, `<p:sp><p:nvSpPr><p:cNvPr id="%d" name="Shape %[1]d"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>%s</p:sp>`, id, spPr)
}

// look writes fill and outline.
func look(p paint, form string) string {
	fill := `<a:noFill/>`
	switch {
	case form == "line":
		fill = ""
	case p.fill == "":
	case p.back != "":
		fill = `<a:pattFill prst="wdUpDiag"><a:fgClr>` + bare(p.fill) + `</a:fgClr><a:bgClr>` + bare(p.back) + `</a:bgClr></a:pattFill>`
	default:
		fill = colour(p.fill)
	}
	if p.line == "" {
		return fill + `<a:ln><a:noFill/></a:ln>`
	}
	dash := ""
	if p.dash {
		dash = `<a:prstDash val="sysDash"/>`
	}
	return fill + fmt.Sprintf(`<a:ln w="%d">%s%s</a:ln>`, emu(p.weight), colour(p.line), dash)
}

// label writes text as a box without edges that stands on the text's line. The
// line of Calibri begins .95 of its size above it.
func (d *drawing) label(b *strings.Builder, op draw.Op, x float64, s draw.Sheet) {
	words := draw.Plain(op.Text)
	if words == "" {
		return
	}
	size := s.Type[min(int(op.Size), len(s.Type)-1)]
	w := max(s.Measure(words, op.Size, op.Bold)*1.1+8, 12)
	align := "l"
	switch op.Anchor {
	case draw.Middle:
		x, align = x-w/2, "ctr"
	case draw.End:
		x, align = x-w, "r"
	}
	tone := ink
	switch {
	case op.Class == draw.OnChosen:
		tone = "bg1"
	case op.Class == draw.Muted && !d.dark:
		tone = muted
	}
	bold := ""
	if op.Bold || op.Class == draw.Strong {
		bold = ` b="1"`
	}
	id := d.next()
	fmt.Fprintf(b, `<p:sp><p:nvSpPr><p:cNvPr id="%d" name="Label %[1]d"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></a:bodyPr><a:lstStyle/><a:p><a:pPr algn="%s"/><a:r><a:rPr lang="%s" sz="%d"%s>%s</a:rPr><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>`,
		id, emu(x), emu(op.Y-size*.95), emu(w), emu(size*1.25), align, d.lang, int(math.Round(size*10))*10, bold, colour(tone), opc.Escape(words))
}
