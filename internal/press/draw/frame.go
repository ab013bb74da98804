package draw

// Frame is where an operation stands on a sheet, as DrawingML (ECMA-376 part 1,
// section 20.1) says it: a preset shape in a box, mirrored where it runs back.
type Frame struct {
	Form       string // "rect", "roundRect", "ellipse" or "line"
	Flip       string // the attributes that mirror it, if any
	X, Y, W, H float64
}

// Frame returns the box of a shape that is not text.
func (o Op) Frame(s Sheet) Frame {
	x, x2, y, y2 := o.X.Of(s.Width), o.X2.Of(s.Width), o.Y, o.Y2
	f := Frame{Form: "rect"}
	switch {
	case o.Shape == Circle:
		f.Form = "ellipse"
		x, x2, y, y2 = x-o.R, x+o.R, o.Y-o.R, o.Y+o.R
	case o.Shape == Line:
		f.Form = "line"
	case o.Shape == Rect && o.R > 0:
		f.Form = "roundRect"
	}
	if x2 < x {
		x, x2 = x2, x
		f.Flip += ` flipH="1"`
	}
	if y2 < y {
		y, y2 = y2, y
		f.Flip += ` flipV="1"`
	}
	f.X, f.Y, f.W, f.H = x, y, x2-x, y2-y
	return f
}

// Empty tells that there is nothing to see: an area of no size.
func (f Frame) Empty() bool { return f.Form != "line" && (f.W < .05 || f.H < .05) }
