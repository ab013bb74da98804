package pdf

import (
	"bytes"
	"strings"

	"homecase/internal/press/pdf/parse"
	"homecase/internal/press/pdf/typeface"
)

// visitor is told what a page draws, in order.
type visitor interface {
	begin(tag parse.Name, props parse.Dict)
	end()
	text(f *readFont, s parse.String)
	paint(op string)
	image()
	odd(what string) // something our printer never writes
}

// scanner runs the content of a page and of the forms it uses.
type scanner struct {
	file  *parse.File
	fonts map[parse.Ref]*readFont
	visit visitor
	forms int
	left  int // operators still allowed
}

const (
	maxForms     = 8
	maxOperators = 4_000_000
	maxOperands  = 1 << 16
)

func newScanner(f *parse.File, v visitor) *scanner {
	return &scanner{file: f, fonts: map[parse.Ref]*readFont{}, visit: v, left: maxOperators}
}

// run interprets content far enough to see every text, picture and mark.
func (s *scanner) run(content []byte, resources parse.Dict) error {
	l := parse.NewLexer(content)
	var stack []parse.Object
	var font *readFont
	var saved []*readFont
	for !l.End() {
		o, err := l.Next(false)
		if err != nil {
			return err
		}
		op, ok := o.(parse.Operator)
		if !ok {
			if stack = append(stack, o); len(stack) > maxOperands {
				return parse.ErrDamaged
			}
			continue
		}
		if s.left--; s.left < 0 {
			return parse.ErrRefused
		}
		switch op {
		case "q":
			if saved = append(saved, font); len(saved) > maxOperands {
				return parse.ErrDamaged
			}
		case "Q":
			if n := len(saved); n > 0 {
				font, saved = saved[n-1], saved[:n-1]
			}
		case "Tf":
			if len(stack) >= 2 {
				name, _ := stack[len(stack)-2].(parse.Name)
				font = s.font(s.file.Dict(resources["Font"])[name])
			}
		case "Do":
			if err := s.do(stack, resources); err != nil {
				return err
			}
		case "BI":
			skipInline(l)
			s.visit.image()
		default:
			s.operator(string(op), stack, font, resources)
		}
		stack = stack[:0]
	}
	return nil
}

func (s *scanner) operator(op string, stack []parse.Object, font *readFont, resources parse.Dict) {
	last := func() parse.Object {
		if len(stack) == 0 {
			return nil
		}
		return stack[len(stack)-1]
	}
	switch op {
	case "Tj", "'", "\"":
		if t, ok := last().(parse.String); ok {
			s.visit.text(font, t)
		}
	case "TJ":
		a, _ := last().(parse.Array)
		for _, x := range a {
			if t, ok := x.(parse.String); ok {
				s.visit.text(font, t)
			}
		}
	case "BMC":
		tag, _ := last().(parse.Name)
		s.visit.begin(tag, nil)
	case "BDC":
		props := s.file.Dict(last())
		if name, ok := last().(parse.Name); ok {
			props = s.file.Dict(s.file.Dict(resources["Properties"])[name])
		}
		tag := parse.Name("")
		if len(stack) >= 2 {
			tag, _ = stack[len(stack)-2].(parse.Name)
		}
		s.visit.begin(tag, props)
	case "EMC":
		s.visit.end()
	case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh":
		s.visit.paint(op)
	case "gs":
		s.visit.odd("transparency")
	case "scn", "SCN":
		if _, ok := last().(parse.Name); ok {
			s.visit.odd("a pattern")
		}
	}
}

// do draws a picture, or runs the content of a form.
func (s *scanner) do(stack []parse.Object, resources parse.Dict) error {
	if len(stack) == 0 {
		return nil
	}
	name, _ := stack[len(stack)-1].(parse.Name)
	x, _ := s.file.Resolve(s.file.Dict(resources["XObject"])[name]).(*parse.Stream)
	if x == nil {
		return nil
	}
	if s.file.Resolve(x.Dict["Subtype"]) != parse.Name("Form") {
		s.visit.image()
		return nil
	}
	return s.form(x, resources)
}

func (s *scanner) form(x *parse.Stream, resources parse.Dict) error {
	if s.forms >= maxForms {
		return parse.ErrRefused
	}
	s.forms++
	defer func() { s.forms-- }()
	data, err := s.file.Unpack(x)
	if err != nil {
		return err
	}
	if own := s.file.Dict(x.Dict["Resources"]); own != nil {
		resources = own
	}
	return s.run(data, resources)
}

// skipInline moves past an inline picture.
func skipInline(l *parse.Lexer) {
	rest := l.Rest()
	for at := 0; ; {
		i := bytes.Index(rest[at:], []byte("EI"))
		if i < 0 {
			l.SetPos(l.Pos() + len(rest))
			return
		}
		at += i + 2
		before := at-3 >= 0 && bytes.IndexByte([]byte(" \n\r\t"), rest[at-3]) >= 0
		if before && (at == len(rest) || bytes.IndexByte([]byte(" \n\r\t"), rest[at]) >= 0) {
			l.SetPos(l.Pos() + at)
			return
		}
	}
}

// readFont is a font of a file being read.
type readFont struct {
	codes     parse.CMap
	composite bool
	face      *typeface.Face // ours, when the font claims to be
	outlines  *typeface.Outlines
	right     map[uint32]bool // codes whose outline was compared, and the result
}

func (s *scanner) font(o parse.Object) *readFont {
	if r, ok := o.(parse.Ref); ok {
		if f, ok := s.fonts[r]; ok {
			return f
		}
		f := s.readFont(s.file.Dict(o))
		s.fonts[r] = f
		return f
	}
	return s.readFont(s.file.Dict(o))
}

func (s *scanner) readFont(d parse.Dict) *readFont {
	f := &readFont{right: map[uint32]bool{}}
	if d == nil {
		return f
	}
	if u, ok := s.file.Resolve(d["ToUnicode"]).(*parse.Stream); ok {
		if data, err := s.file.Unpack(u); err == nil {
			f.codes, _ = parse.ReadCMap(data)
		}
	}
	f.composite = s.file.Resolve(d["Subtype"]) == parse.Name("Type0")
	name, _ := s.file.Resolve(d["BaseFont"]).(parse.Name)
	kids := s.file.Array(d["DescendantFonts"])
	if !f.composite || len(kids) == 0 || s.file.Resolve(d["Encoding"]) != parse.Name("Identity-H") {
		return f
	}
	cid := s.file.Dict(kids[0])
	program, ok := s.file.Resolve(s.file.Dict(cid["FontDescriptor"])["FontFile2"]).(*parse.Stream)
	if !ok || s.file.Resolve(cid["CIDToGIDMap"]) != parse.Name("Identity") {
		return f
	}
	data, err := s.file.Unpack(program)
	if err != nil {
		return f
	}
	if f.outlines, err = typeface.ParseSubset(data); err != nil {
		return f
	}
	all, err := faces()
	if err != nil {
		return f
	}
	for _, face := range all {
		if _, after, ok := strings.Cut(string(name), "+"); ok && after == face.Name {
			f.face = face
		}
	}
	return f
}

// decode turns a shown string into text. A code without text is the
// replacement character. ours tells whether every glyph is drawn with the
// outline our own font has for that text, so that what is seen is what is read.
func (f *readFont) decode(s parse.String) (text string, ours bool) {
	if f == nil {
		f = &readFont{}
	}
	var b strings.Builder
	ours = true
	step := 1
	if f.composite {
		step = 2
	}
	for i := 0; i < len(s); i += step {
		c := uint32(s[i])
		if step == 2 && i+1 < len(s) {
			c = c<<8 | uint32(s[i+1])
		}
		t, ok := f.codes[c]
		switch {
		case ok:
		case step == 1: // a simple font without a map: its codes are Latin letters, near enough to see digits
			t = string(rune(c))
		default:
			t = "\ufffd"
		}
		b.WriteString(t)
		ours = ours && f.drawn(c, t)
	}
	return b.String(), ours
}

// drawn tells whether a code's outline is that of our font for the text.
func (f *readFont) drawn(c uint32, text string) bool {
	if f.face == nil || f.outlines == nil || c > 0xffff {
		return false
	}
	if right, ok := f.right[c]; ok {
		return right
	}
	glyphs, err := f.face.Shape(text)
	right := err == nil && len(glyphs) == 1 && sameOutline(f.outlines.Outline(uint16(c)), f.face.Outline(glyphs[0].ID))
	f.right[c] = right
	return right
}

// sameOutline compares glyphs; the numbers of a composite's parts differ in a subset.
func sameOutline(got, want []byte) bool {
	if len(want) == 0 || len(got) < len(want) {
		return len(want) == 0 && len(got) == 0
	}
	if want[0]&0x80 != 0 { // composite: its box and the way its parts are placed
		return bytes.Equal(got[:12], want[:12])
	}
	return bytes.Equal(got[:len(want)], want)
}
