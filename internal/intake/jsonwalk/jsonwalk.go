// Package jsonwalk reads JSON from a stream, value by value, and skips what
// nobody asked for without making it a string. It holds one buffer; how long
// the file is does not matter. It accepts several values after each other, as
// paging tools write them, and says where a file breaks off. It is lenient with
// numbers and literals it skips, never with the structure.
package jsonwalk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"
)

// MaxDepth is how deep values may be nested, MaxString how long a string may
// be that is asked for. Skipped strings may have any length.
const (
	MaxDepth   = 200
	MaxString  = 1 << 20
	bufferSize = 128 << 10
)

// Broken says that the text is not JSON from here on, or ends too early.
type Broken struct {
	Line int
	Cut  bool // the text ends in the middle of a value
	Say  string
}

// Error says what is wrong.
func (b *Broken) Error() string { return fmt.Sprintf("line %d: %s", b.Line, b.Say) }

// Reader reads JSON. Strings and keys it returns are valid until the next call.
type Reader struct {
	r        io.Reader
	buf      []byte
	pos, end int
	line     int
	depth    int
	err      error
	idle     int
	scratch  []byte
}

// New returns a reader of r.
func New(r io.Reader) *Reader { return &Reader{r: r, buf: make([]byte, bufferSize), line: 1} }

// Line returns the line that is being read.
func (j *Reader) Line() int { return j.line }

// fill replaces the buffer, which must be used up, with more text.
func (j *Reader) fill() bool {
	for j.err == nil {
		n, err := j.r.Read(j.buf)
		j.pos, j.end, j.err = 0, n, err
		if n > 0 {
			j.idle = 0
			return true
		}
		if j.idle++; j.idle > 100 && err == nil {
			j.err = io.ErrNoProgress
		}
	}
	return false
}

func (j *Reader) cut() error {
	if j.err != nil && !errors.Is(j.err, io.EOF) && !errors.Is(j.err, io.ErrUnexpectedEOF) {
		return j.err
	}
	return &Broken{j.line, true, "The file is cut off here."}
}

func (j *Reader) broken(say string) error { return &Broken{j.line, false, say} }

// Peek returns the first byte of the next value, or io.EOF at the proper end.
func (j *Reader) Peek() (byte, error) {
	for {
		for j.pos < j.end {
			switch b := j.buf[j.pos]; b {
			case '\n':
				j.line++
				j.pos++
			case ' ', '\t', '\r':
				j.pos++
			default:
				return b, nil
			}
		}
		if !j.fill() {
			if errors.Is(j.err, io.EOF) && j.depth == 0 {
				return 0, io.EOF
			}
			return 0, j.cut()
		}
	}
}

// expect reads one sign.
func (j *Reader) expect(want byte, say string) error {
	b, err := j.Peek()
	if err != nil {
		return err
	}
	if b != want {
		return j.broken(say)
	}
	j.pos++
	return nil
}

func (j *Reader) enter(b byte) error {
	if err := j.expect(b, "Another kind of value was expected here."); err != nil {
		return err
	}
	if j.depth++; j.depth > MaxDepth {
		return j.broken("Values are nested too deeply here.")
	}
	return nil
}

// more reads the comma between members or the closing sign.
func (j *Reader) more(closing byte, first bool) (bool, error) {
	b, err := j.Peek()
	if err != nil {
		return false, err
	}
	switch {
	case b == closing:
		j.pos++
		j.depth--
		return false, nil
	case first:
		return true, nil
	case b == ',':
		j.pos++
		return true, nil
	}
	return false, j.broken("A comma or a closing bracket is missing here.")
}

// Object reads an object: f is called for every key and must read or skip the value.
func (j *Reader) Object(f func(key []byte) error) error {
	if err := j.enter('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := j.more('}', first)
		if err != nil || !more {
			return err
		}
		key, err := j.String()
		if err != nil {
			return err
		}
		// the colon may lie beyond the buffer that key points into
		if j.pos >= j.end || j.buf[j.pos] != ':' {
			j.scratch = append(j.scratch[:0], key...)
			key = j.scratch
			if err := j.expect(':', "A colon is missing after a name here."); err != nil {
				return err
			}
		} else {
			j.pos++
		}
		if err := f(key); err != nil {
			return err
		}
	}
}

// Array reads an array: f is called for every value and must read or skip it.
func (j *Reader) Array(f func() error) error {
	if err := j.enter('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := j.more(']', first)
		if err != nil || !more {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
}

// String reads a string.
func (j *Reader) String() ([]byte, error) {
	if err := j.expect('"', "Text in quotation marks was expected here."); err != nil {
		return nil, err
	}
	if i := bytes.IndexByte(j.buf[j.pos:j.end], '"'); i >= 0 { // whole and plain: lend it
		s := j.buf[j.pos : j.pos+i]
		if bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '\n') < 0 {
			j.pos += i + 1
			return s, nil
		}
	}
	j.scratch = j.scratch[:0]
	for {
		b, err := j.next()
		if err != nil {
			return nil, err
		}
		switch {
		case b == '"':
			return j.scratch, nil
		case b == '\\':
			if err := j.escape(); err != nil {
				return nil, err
			}
		case b == '\n':
			j.line++
			fallthrough
		default:
			j.scratch = append(j.scratch, b)
		}
		if len(j.scratch) > MaxString {
			return nil, j.broken("A text here is longer than any date, number or name can be.")
		}
	}
}

func (j *Reader) next() (byte, error) {
	if j.pos >= j.end && !j.fill() {
		return 0, j.cut()
	}
	b := j.buf[j.pos]
	j.pos++
	return b, nil
}

func (j *Reader) escape() error {
	b, err := j.next()
	if err != nil {
		return err
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), b); i >= 0 {
		j.scratch = append(j.scratch, "\"\\/\b\f\n\r\t"[i])
		return nil
	}
	if b != 'u' {
		return j.broken("A text here has a broken escape.")
	}
	var r rune
	for range 4 {
		h, err := j.next()
		if err != nil {
			return err
		}
		v := bytes.IndexByte([]byte("0123456789abcdef"), h|0x20)
		if h >= '0' && h <= '9' {
			v = int(h - '0')
		}
		if v < 0 {
			return j.broken("A text here has a broken escape.")
		}
		r = r<<4 | rune(v)
	}
	j.scratch = utf8.AppendRune(j.scratch, r) // a lone half of a pair becomes U+FFFD: such text is never a date
	return nil
}

// Skip skips a value without looking into it.
func (j *Reader) Skip() error {
	b, err := j.Peek()
	if err != nil {
		return err
	}
	switch b {
	case '"':
		j.pos++
		return j.skipString()
	case '{', '[':
		return j.skipNested()
	case '}', ']', ',', ':':
		return j.broken("A value is missing here.")
	}
	_, err = j.bare()
	return err
}

// skipString goes behind the closing quotation mark.
func (j *Reader) skipString() error {
	odd := false // the text so far ends in an odd number of backslashes
	for {
		chunk := j.buf[j.pos:j.end]
		i := bytes.IndexByte(chunk, '"')
		part := chunk
		if i >= 0 {
			part = chunk[:i]
		}
		n := 0
		for n < len(part) && part[len(part)-1-n] == '\\' {
			n++
		}
		if n == len(part) && odd {
			n++
		}
		odd = n%2 == 1
		j.line += bytes.Count(part, []byte{'\n'})
		if i < 0 {
			if !j.fill() {
				return j.cut()
			}
			continue
		}
		j.pos += i + 1
		if !odd {
			return nil
		}
		odd = false
	}
}

// skipNested goes behind the bracket that closes the next value.
func (j *Reader) skipNested() error {
	level := 0
	for {
		for j.pos < j.end {
			b := j.buf[j.pos]
			j.pos++
			switch b {
			case '"':
				if err := j.skipString(); err != nil {
					return err
				}
			case '{', '[':
				if level++; level+j.depth > 10_000 {
					return j.broken("Values are nested too deeply here.")
				}
			case '}', ']':
				if level--; level == 0 {
					return nil
				}
			case '\n':
				j.line++
			}
		}
		if !j.fill() {
			return j.cut()
		}
	}
}

// bare reads a number or a literal.
func (j *Reader) bare() ([]byte, error) {
	j.scratch = j.scratch[:0]
	for {
		start := j.pos
		for j.pos < j.end {
			b := j.buf[j.pos]
			if b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == ':' || b == '"' || b == '{' || b == '[' {
				if len(j.scratch) == 0 {
					return j.buf[start:j.pos], nil
				}
				return append(j.scratch, j.buf[start:j.pos]...), nil
			}
			j.pos++
		}
		if j.scratch = append(j.scratch, j.buf[start:j.pos]...); len(j.scratch) > 400 {
			return nil, j.broken("This is not JSON.")
		}
		if !j.fill() {
			if errors.Is(j.err, io.EOF) {
				return j.scratch, nil
			}
			return nil, j.cut()
		}
	}
}

// Text reads a string, or skips another value and returns nil.
func (j *Reader) Text() ([]byte, error) {
	b, err := j.Peek()
	if err != nil {
		return nil, err
	}
	if b != '"' {
		return nil, j.Skip()
	}
	return j.String()
}

// Number reads a number, also one in quotation marks. Anything else is skipped
// and is not ok.
func (j *Reader) Number() (v float64, ok bool, err error) {
	b, err := j.Peek()
	if err != nil {
		return 0, false, err
	}
	var text []byte
	switch {
	case b == '"':
		text, err = j.String()
	case b == '-' || b >= '0' && b <= '9':
		text, err = j.bare()
	default:
		return 0, false, j.Skip()
	}
	if err != nil || len(text) == 0 || len(text) > 40 || text[0]|0x20 > '9' && text[0] != '-' {
		return 0, false, err
	}
	v, bad := strconv.ParseFloat(string(text), 64)
	return v, bad == nil && !math.IsNaN(v) && !math.IsInf(v, 0), nil
}

// ObjectOrSkip reads an object's fields, or skips what is no object.
func (j *Reader) ObjectOrSkip(f func(key []byte) error) error {
	if is, err := j.begins('{'); !is {
		return err
	}
	return j.Object(f)
}

// ArrayOrSkip reads an array's elements, or skips what is no array.
func (j *Reader) ArrayOrSkip(f func() error) error {
	if is, err := j.begins('['); !is {
		return err
	}
	return j.Array(f)
}

// begins tells whether the next value begins so; one that does not is skipped.
func (j *Reader) begins(with byte) (bool, error) {
	b, err := j.Peek()
	if err != nil || b == with {
		return err == nil, err
	}
	return false, j.Skip()
}

// Bool reads true or false; anything else is skipped and is false.
func (j *Reader) Bool() (bool, error) {
	b, err := j.Peek()
	if err != nil || b != 't' {
		if err != nil {
			return false, err
		}
		return false, j.Skip()
	}
	text, err := j.bare()
	return string(text) == "true", err
}
