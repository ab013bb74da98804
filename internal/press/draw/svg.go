package draw

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"strconv"

	"homecase/packet"
)

// Stylesheet gives the classes their colours by the custom properties of the
// page (--ink, --lamp, --slate-fill and so on); a page that shows drawings includes it.
//
//go:embed draw.css
var Stylesheet string

// SVG writes a chart as fluid SVG. The picture is hidden from assistive
// technology: its finding and its table stand beside it as text. The id is
// used for the hatching and has to be unique in the page.
func SVG(w io.Writer, chart packet.Chart, id string) error {
	return Lay(chart, Screen()).SVG(w, id)
}

// SVG writes the picture as fluid SVG: x in percent, y in pixels, no viewBox,
// no inline style.
func (p Picture) SVG(w io.Writer, id string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg class="plot" width="100%%" height="%s" aria-hidden="true">`, px(p.Height))
	if p.hatched() {
		fmt.Fprintf(&b, `<defs><pattern id="%[1]s-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" class="d-hatch-bg"/><line y2="7" class="d-hatch"/></pattern></defs>`, html.EscapeString(id))
	}
	for _, o := range p.Ops {
		o.svg(&b, id)
	}
	b.WriteString("</svg>")
	_, err := w.Write(b.Bytes())
	return err
}

func (p Picture) hatched() bool {
	for _, o := range p.Ops {
		if o.Class == Change {
			return true
		}
	}
	return false
}

// shifted tells whether a place needs more than a percentage.
func shifted(a At) bool { return a.Share != 0 && a.Plus != 0 }

func (o Op) svg(b *bytes.Buffer, id string) {
	class := "d-" + string(o.Class)
	if o.Only != "" {
		class += " d-" + o.Only
	}
	if o.Shape == Text {
		o.svgText(b, class)
		return
	}
	fill := ""
	if o.Class == Change {
		fill = ` fill="url(#` + html.EscapeString(id) + `-hatch)"`
	}
	open, shut, x, x2 := "", "", o.X, o.X2
	if shifted(x) || o.Shape != Circle && shifted(x2) { // a nested svg stands at the share, the shape at its length
		open, shut = `<svg x="`+pct(x.Share)+`" class="d-ov">`, `</svg>`
		x2.Share -= x.Share
		x.Share = 0
	}
	b.WriteString(open)
	switch o.Shape {
	case Rect:
		width := pct(x2.Share - x.Share)
		if x2.Share == x.Share {
			width = px(x2.Plus - x.Plus)
		}
		fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s"%s%s class="%s"/>`, place(x), px(o.Y), width, px(o.Y2-o.Y), round(o.R), fill, class)
	case Line:
		fmt.Fprintf(b, `<line x1="%s" x2="%s" y1="%s" y2="%s" class="%s"/>`, place(x), place(x2), px(o.Y), px(o.Y2), class)
	case Circle:
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s" class="%s"/>`, place(x), px(o.Y), px(o.R), class)
	}
	b.WriteString(shut)
}

func (o Op) svgText(b *bytes.Buffer, class string) {
	class += [...]string{" d-s", " d-m", " d-l"}[o.Size]
	if o.Bold {
		class += " d-b"
	}
	anchor := [...]string{"", ` text-anchor="middle"`, ` text-anchor="end"`}[o.Anchor]
	dx := ""
	if shifted(o.X) {
		dx = ` dx="` + px(o.X.Plus) + `"`
	}
	ref := ""
	if len(o.Text) == 1 && o.Text[0].Ref != "" {
		ref = ` data-ref="` + html.EscapeString(string(o.Text[0].Ref)) + `"`
	}
	fmt.Fprintf(b, `<text x="%s"%s y="%s"%s%s class="%s">`, place(o.X), dx, px(o.Y), anchor, ref, class)
	for _, s := range o.Text {
		if s.Ref != "" && ref == "" {
			fmt.Fprintf(b, `<tspan data-ref="%s">%s</tspan>`, html.EscapeString(string(s.Ref)), html.EscapeString(s.Text))
		} else {
			b.WriteString(html.EscapeString(s.Text))
		}
	}
	b.WriteString(`</text>`)
}

// place writes a share as percent, or a bare length.
func place(a At) string {
	if a.Share == 0 {
		return px(a.Plus)
	}
	return pct(a.Share)
}

func round(r float64) string {
	if r == 0 {
		return ""
	}
	return ` rx="` + px(r) + `"`
}

func pct(share float64) string { return trim(share*100, 3) + "%" }

func px(v float64) string { return trim(v, 1) }

func trim(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}
