// Package parse reads the objects of a PDF file: ours, or one somebody else
// has changed. It follows the last cross-reference section and those it names,
// classic tables and streams alike, and unpacks streams within a limit.
//
// It trusts nothing the file says about lengths, depths or places, repairs
// nothing, and refuses encryption and filters it does not know. No input makes
// it panic or use more memory than its limits.
package parse

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Object is one of Name, String, Dict, Array, Ref, *Stream, float64, int64, bool, Operator or nil.
type Object any

type (
	// Name is a name without its slash.
	Name string
	// String is a string's bytes.
	String string
	// Dict is a dictionary.
	Dict map[Name]Object
	// Array is an array.
	Array []Object
	// Ref points at an object.
	Ref struct{ Num, Gen int64 }
	// Operator is a bare word, such as an operator of a content stream.
	Operator string
	// Stream is a dictionary with bytes as they stand in the file.
	Stream struct {
		Dict Dict
		Raw  []byte
	}
)

// ErrDamaged is the root of every fault in a file's syntax.
var ErrDamaged = errors.New("damaged PDF")

func damaged(at int, what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrDamaged, what, at)
}

const maxDepth = 64

// Lexer reads objects from bytes.
type Lexer struct {
	data  []byte
	pos   int
	depth int
}

// NewLexer starts at the beginning of the bytes.
func NewLexer(data []byte) *Lexer { return &Lexer{data: data} }

// Pos is the place of the next byte.
func (l *Lexer) Pos() int { return l.pos }

// SetPos moves on to a place, never back.
func (l *Lexer) SetPos(p int) {
	if p > l.pos && p <= len(l.data) {
		l.pos = p
	}
}

// Rest is what has not been read.
func (l *Lexer) Rest() []byte { return l.data[l.pos:] }

// End tells whether nothing but space is left.
func (l *Lexer) End() bool { l.space(); return l.pos >= len(l.data) }

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *Lexer) space() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// Next reads one object or operator. References are read as such when refs is
// true, which they are outside content streams.
func (l *Lexer) Next(refs bool) (Object, error) {
	l.space()
	if l.pos >= len(l.data) {
		return nil, damaged(l.pos, "an end")
	}
	if l.depth > maxDepth {
		return nil, damaged(l.pos, "too deep a nesting")
	}
	switch c := l.data[l.pos]; {
	case c == '/':
		l.pos++
		return l.name(), nil
	case c == '(':
		return l.literal()
	case c == '<' && l.pos+1 < len(l.data) && l.data[l.pos+1] == '<':
		l.pos += 2
		return l.dict(refs)
	case c == '<':
		return l.hex()
	case c == '[':
		l.pos++
		return l.array(refs)
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return l.number(refs)
	case isDelimiter(c):
		return nil, damaged(l.pos, "a stray "+string(rune(c)))
	}
	start := l.pos
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		l.pos++
	}
	switch word := string(l.data[start:l.pos]); word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	default:
		return Operator(word), nil
	}
}

func (l *Lexer) name() Name {
	var b []byte
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		c := l.data[l.pos]
		l.pos++
		if c == '#' && l.pos+2 <= len(l.data) {
			if v, err := strconv.ParseUint(string(l.data[l.pos:l.pos+2]), 16, 8); err == nil {
				c = byte(v)
				l.pos += 2
			}
		}
		b = append(b, c)
	}
	return Name(b)
}

func (l *Lexer) dict(refs bool) (Object, error) {
	l.depth++
	defer func() { l.depth-- }()
	d := Dict{}
	for {
		l.space()
		if bytes.HasPrefix(l.data[l.pos:], []byte(">>")) {
			l.pos += 2
			return d, nil
		}
		k, err := l.Next(refs)
		if err != nil {
			return nil, err
		}
		key, ok := k.(Name)
		if !ok {
			return nil, damaged(l.pos, "a dictionary key that is no name")
		}
		v, err := l.Next(refs)
		if err != nil {
			return nil, err
		}
		if _, op := v.(Operator); op {
			return nil, damaged(l.pos, "a bare word in a dictionary")
		}
		d[key] = v
	}
}

func (l *Lexer) array(refs bool) (Object, error) {
	l.depth++
	defer func() { l.depth-- }()
	a := Array{}
	for {
		l.space()
		if l.pos < len(l.data) && l.data[l.pos] == ']' {
			l.pos++
			return a, nil
		}
		v, err := l.Next(refs)
		if err != nil {
			return nil, err
		}
		if _, op := v.(Operator); op {
			return nil, damaged(l.pos, "a bare word in an array")
		}
		a = append(a, v)
	}
}

func (l *Lexer) number(refs bool) (Object, error) {
	start := l.pos
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		l.pos++
	}
	word := string(l.data[start:l.pos])
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		f, err := strconv.ParseFloat(word, 64)
		if err != nil || f != f || f > 1e15 || f < -1e15 {
			return nil, damaged(start, "a number that is none")
		}
		return f, nil
	}
	if refs && n >= 0 {
		after := l.pos
		if gen, ok := l.plainInt(); ok {
			l.space()
			if l.pos < len(l.data) && l.data[l.pos] == 'R' && (l.pos+1 == len(l.data) || isSpace(l.data[l.pos+1]) || isDelimiter(l.data[l.pos+1])) {
				l.pos++
				return Ref{n, gen}, nil
			}
		}
		l.pos = after
	}
	return n, nil
}

func (l *Lexer) plainInt() (int64, bool) {
	l.space()
	start := l.pos
	for l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '9' {
		l.pos++
	}
	n, err := strconv.ParseInt(string(l.data[start:l.pos]), 10, 64)
	return n, err == nil
}

func (l *Lexer) hex() (Object, error) {
	start := l.pos
	l.pos++
	var out []byte
	half, pending := byte(0), false
	for ; l.pos < len(l.data); l.pos++ {
		c := l.data[l.pos]
		switch {
		case c == '>':
			l.pos++
			if pending {
				out = append(out, half<<4)
			}
			return String(out), nil
		case isSpace(c):
			continue
		}
		v, ok := hexValue(c)
		if !ok {
			return nil, damaged(l.pos, "a letter that is no hex digit")
		}
		if pending {
			out = append(out, half<<4|v)
		}
		half, pending = v, !pending
	}
	return nil, damaged(start, "a string without an end")
}

func hexValue(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

func (l *Lexer) literal() (Object, error) {
	start := l.pos
	l.pos++
	var out []byte
	for open := 1; l.pos < len(l.data); l.pos++ {
		switch c := l.data[l.pos]; c {
		case '(':
			open++
			out = append(out, c)
		case ')':
			open--
			if open == 0 {
				l.pos++
				return String(out), nil
			}
			out = append(out, c)
		case '\\':
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	return nil, damaged(start, "a string without an end")
}

// escape reads what follows a backslash; it leaves the place on its last byte.
func (l *Lexer) escape(out []byte) []byte {
	if l.pos+1 >= len(l.data) {
		return out
	}
	l.pos++
	c := l.data[l.pos]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '\n' {
			l.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := 0
	for n := 0; n < 3 && l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '7'; n++ {
		v = v*8 + int(l.data[l.pos]-'0')
		l.pos++
	}
	l.pos--
	return append(out, byte(v))
}
