// Package draw turns a chart of a packet into one list of drawing operations,
// so that what the web page shows is what the paper prints. A place across is
// a share of the width plus a length, a place down is a length; with a width
// of zero the picture is fluid and goes into an SVG without a viewBox, whose
// type keeps its size from 320 to 1,280 pixels.
//
// Every visible character that the chart holds is drawn, with its marks, in
// the order of the chart's own fields. The package colours nothing: operations
// carry a class that says what they mean, and stylesheet and palette do the
// rest. It draws no text of its own and leaves no label out to make room.
package draw

import (
	"math"
	"strings"

	"homecase/packet"
)

// Class is what a shape means.
type Class string

// The classes. At most four fills stand in one chart.
const (
	Home       Class = "home"
	Pale       Class = "pale"
	Change     Class = "change" // hatched
	Office     Class = "office"
	Day        Class = "day"         // an unlit window
	OfficePale Class = "office-pale" // an office day as a cell
	Low        Class = "low"
	High       Class = "high"
	Loss       Class = "loss" // a hollow mark for a result below zero
	Zone       Class = "zone" // the side of a limit where results are worse
	None       Class = "none" // not known yet
	Halo       Class = "halo" // the glow about a lit window
	Now        Class = "now"  // today's outline
	Chosen     Class = "chosen"
	Axis       Class = "axis"
	Zero       Class = "zero" // the dotted zero
	Stroke     Class = "stroke"
	Point      Class = "point"
	Underline  Class = "underline"
	Ink        Class = "ink"
	Muted      Class = "muted"
	Strong     Class = "strong"
	OnChosen   Class = "on-chosen"
)

// Shape is the form of an operation.
type Shape uint8

// The shapes.
const (
	Rect Shape = iota
	Line
	Circle
	Text
)

// At is a place across: a share of the width, 0 to 1, plus a length.
type At struct{ Share, Plus float64 }

// Of is the place in a picture of the given width.
func (a At) Of(width float64) float64 { return a.Share*width + a.Plus }

func share(s float64) At { return At{Share: s} }

func (a At) plus(d float64) At { return At{a.Share, a.Plus + d} }

// Anchor says which end of a text stands at its place.
type Anchor uint8

// The anchors.
const (
	Start Anchor = iota
	Middle
	End
)

// Size is one of the three sizes of type in a chart.
type Size uint8

// The sizes.
const (
	Small Size = iota
	Mid
	Large
)

// Op is one drawing operation. A rectangle and a line reach from (X, Y) to
// (X2, Y2); a circle has its middle there and radius R; a text stands on the
// line Y.
type Op struct {
	Shape  Shape
	Class  Class
	X, X2  At
	Y, Y2  float64
	R      float64 // radius of a circle, or of a rectangle's corners
	Anchor Anchor
	Size   Size
	Bold   bool
	Text   []packet.Span
	Only   string // "wide" or "narrow": drawn only on screens of that kind
}

// Sheet is what a picture is laid out for.
type Sheet struct {
	Width float64    // zero: fluid
	Type  [3]float64 // sizes of type, small to large
	Dot   float64    // radius of a dot
	// Measure is the width of a text; nil estimates it from the typeface of the pages.
	Measure func(text string, size Size, bold bool) float64
}

func (s Sheet) fluid() bool { return s.Width == 0 }

func between(a, b At) At { return At{(a.Share + b.Share) / 2, (a.Plus + b.Plus) / 2} }

// narrowest is the text width of the narrowest screen we hold pages to, 320
// pixels; labels that would collide there move apart for every width.
const narrowest = 280

// Screen is the sheet of a web page.
func Screen() Sheet { return Sheet{Type: [3]float64{14, 16, 20}, Dot: 7} }

// Print is the sheet of a page of the given width in points. Factor is 1, or more for large print.
func Print(width, factor float64, measure func(string, Size, bool) float64) Sheet {
	return Sheet{Width: width, Type: [3]float64{8.5 * factor, 9.5 * factor, 11.5 * factor}, Dot: 4.4 * factor, Measure: measure}
}

func (s Sheet) width() float64 {
	if s.Width > 0 {
		return s.Width
	}
	return narrowest
}

func (s Sheet) measure(spans []packet.Span, size Size, bold bool) float64 {
	text := Plain(spans)
	if s.Measure != nil {
		return s.Measure(text, size, bold)
	}
	w := 0.0
	for _, r := range text {
		w += advance(r)
	}
	if bold {
		w *= 1.03
	}
	return w * s.Type[size]
}

// advance is about how wide a letter of Hanken Grotesk is, as a share of the
// size of type: the widest of those that are listed together.
func advance(r rune) float64 {
	for _, kind := range []struct {
		letters string
		width   float64
	}{
		{" '\"!,.:;|()[]{}`ijlI", .265}, {"-ft", .346}, {"r*–/", .415}, {"sz", .475}, {"cgkvxyL?", .535}, {"aehnu", .55},
		{"bdopqEFST", .59}, {"ABKRUVXY", .656}, {"CDGHN&#%", .735}, {"OQw", .76}, {"mM@", .85}, {"W", .96},
	} {
		if strings.ContainsRune(kind.letters, r) {
			return kind.width
		}
	}
	if r > 0x2e7f { // the scripts that fill a square
		return 1
	}
	return .56
}

// row is the height of a line of small type with air.
func (s Sheet) row() float64 { return s.Type[Small] * 1.36 }

// Plain joins spans without marks.
func Plain(spans []packet.Span) string {
	text := ""
	for _, s := range spans {
		text += s.Text
	}
	return text
}

// Picture is a chart laid out.
type Picture struct {
	Height float64
	Ops    []Op
}

func (p *Picture) add(ops ...Op) { p.Ops = append(p.Ops, ops...) }

// Lay lays a chart out.
func Lay(chart packet.Chart, s Sheet) Picture {
	switch c := chart.(type) {
	case packet.Windows:
		return windows(c, s)
	case packet.HoursBar:
		return hoursBar(c, s)
	case packet.Dots:
		return dots(c, s)
	case packet.Tornado:
		return tornado(c, s)
	case packet.DayMarks:
		return dayMarks(c, s)
	case packet.Difference:
		return difference(c, s)
	case packet.Diary:
		return diary(c, s)
	case packet.Verdicts:
		return verdicts(c, s)
	case packet.Timeline:
		return timeline(c, s)
	}
	return Picture{}
}

// fillClass maps the model's fill to a class.
func fillClass(f packet.Fill) Class {
	switch f {
	case packet.FillHome:
		return Home
	case packet.FillPale:
		return Pale
	case packet.FillChange:
		return Change
	case packet.FillOffice:
		return Office
	case packet.FillLow:
		return Low
	case packet.FillHigh:
		return High
	}
	return None
}

// scale maps values of an axis to shares of the width; values outside it stay at its ends.
type scale struct{ min, max, from, to float64 }

func newScale(a packet.Axis) scale { return scale{real(a.Min), real(a.Max), 0, 1} }

// real keeps a value that cannot be drawn from spoiling what can.
func real(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return max(-1e12, min(1e12, v))
}

func (s scale) at(v float64) At {
	if s.max <= s.min || math.IsNaN(v) {
		return share(s.from)
	}
	k := (v - s.min) / (s.max - s.min)
	return share(s.from + max(0, min(1, k))*(s.to-s.from))
}

func (s scale) holds(v float64) bool { return v >= s.min && v <= s.max }

func text(class Class, x At, y float64, anchor Anchor, size Size, spans ...packet.Span) Op {
	return Op{Shape: Text, Class: class, X: x, Y: y, Anchor: anchor, Size: size, Text: spans}
}

func plain(s string) packet.Span { return packet.Span{Text: s} }

func box(class Class, x, x2 At, y, y2 float64) Op {
	return Op{Shape: Rect, Class: class, X: x, X2: x2, Y: y, Y2: y2}
}

func line(class Class, x, x2 At, y, y2 float64) Op {
	return Op{Shape: Line, Class: class, X: x, X2: x2, Y: y, Y2: y2}
}
