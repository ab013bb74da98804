// Package sheet reads tables: CSV as it really arrives, and workbooks. It
// finds columns by their headings, reads dates without guessing the order of
// day and month, and keeps a wrong line from taking the good ones with it.
// Cells are lent until the next row and are never part of a message.
package sheet

import (
	"bytes"
	"errors"
	"io"

	"homecase/fault"
	"homecase/internal/intake/input"
)

// Rows is a table, row by row.
type Rows interface {
	// Next returns the cells of the next row and the line on which it starts.
	// The cells are valid until the next call. At the end it returns io.EOF; a
	// *Bad row can be skipped; io.ErrUnexpectedEOF says that the file was cut off.
	Next() (cells [][]byte, line int, err error)
	// Serial tells that dates may be stored as numbers of days, as workbooks do.
	Serial() bool
	Close() error
}

// Bad is a row that cannot be read; the ones after it can.
type Bad struct {
	Line int
	Say  string
}

// Error says what is wrong with the row.
func (b *Bad) Error() string { return b.Say }

// csvReader splits text into rows. It holds one row at a time.
type csvReader struct {
	r        io.Reader
	buf      []byte
	pos, end int // unread bytes are buf[pos:end]
	err      error
	line     int // the line at buf[pos]
	max      int
	comma    byte
	enough   int // cells wanted; the rest of a row is not split
	cells    [][]byte
	scratch  []byte
	loneCR   bool
	idle     int
	open     int // how often a quote did not close
	reach    int // how far a closing quote is looked for
}

const (
	startBuffer = 256 << 10
	// shortReach is how far a closing quote is looked for after one was missing,
	// and manyOpen is when quotes stop meaning anything in this file: together
	// they keep a broken file from being searched again and again.
	shortReach = 64 << 10
	manyOpen   = 1000
)

func newCSV(r io.Reader, max int) (*csvReader, error) {
	c := &csvReader{r: r, buf: make([]byte, startBuffer), line: 1, max: max, reach: max, comma: ',', enough: 1 << 20}
	for c.end < len(c.buf)/2 && c.err == nil {
		c.fill()
	}
	if c.end == 0 && errors.Is(c.err, io.EOF) {
		return nil, io.EOF
	}
	c.shape()
	return c, nil
}

// shape finds line ends and the separator from the first line.
func (c *csvReader) shape() {
	sample := c.buf[:c.end]
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		c.loneCR = true // the line ends of old Macs
		c.soften(0)
		sample = c.buf[:c.end]
	}
	if rest, ok := bytes.CutPrefix(bytes.ToLower(sample[:min(len(sample), 5)]), []byte("sep=")); ok && len(rest) == 1 {
		c.comma = sample[4] // Excel's own note about the separator
		if i := bytes.IndexByte(sample, '\n'); i >= 0 {
			c.pos, c.line = i+1, 2
		}
		return
	}
	c.comma = separator(sample)
}

func separator(sample []byte) byte {
	count := map[byte]int{}
	quoted := false
	for _, b := range sample[:min(len(sample), 64<<10)] {
		if b == '"' {
			quoted = !quoted
		}
		if b == '\n' && !quoted && len(count) > 0 {
			break
		}
		if !quoted && (b == ',' || b == ';' || b == '\t' || b == '|') {
			count[b]++
		}
	}
	best := byte(',')
	for _, b := range []byte(";\t|") {
		if count[b] > count[best] {
			best = b
		}
	}
	return best
}

func (c *csvReader) soften(from int) {
	for i := from; i < c.end; i++ {
		if c.buf[i] == '\r' {
			c.buf[i] = '\n'
		}
	}
}

// fill reads more, making room by moving what is unread to the front or by growing.
func (c *csvReader) fill() {
	if c.err != nil {
		return
	}
	if c.pos > 0 {
		c.end = copy(c.buf, c.buf[c.pos:c.end])
		c.pos = 0
	}
	if c.end == len(c.buf) {
		bigger := make([]byte, min(2*len(c.buf), c.max+startBuffer))
		copy(bigger, c.buf[:c.end])
		c.buf = bigger
	}
	n, err := c.r.Read(c.buf[c.end:])
	if n > 0 {
		c.idle = 0
	} else if c.idle++; c.idle > 100 && err == nil {
		err = io.ErrNoProgress
	}
	if c.loneCR {
		c.end += n
		c.soften(c.end - n)
	} else {
		c.end += n
	}
	c.err = err
}

func (c *csvReader) Serial() bool { return false }
func (c *csvReader) Close() error { return nil }

// Next returns the next row. Empty lines are not rows.
func (c *csvReader) Next() ([][]byte, int, error) {
	for {
		from := 0
		for {
			if i := bytes.IndexByte(c.buf[c.pos+from:c.end], '\n'); i >= 0 {
				from += i
				break
			}
			from = c.end - c.pos
			if c.err != nil {
				return c.lastRow()
			}
			if from > c.max {
				return nil, c.line, c.tooLong()
			}
			c.fill()
		}
		row := c.buf[c.pos : c.pos+from]
		if from > c.max {
			return nil, c.line, c.tooLong()
		}
		if bytes.IndexByte(row, '"') >= 0 && c.open < manyOpen {
			return c.quoted()
		}
		line := c.line
		c.pos += from + 1
		c.line++
		row = bytes.TrimSuffix(row, []byte{'\r'})
		if len(row) == 0 {
			continue
		}
		c.split(row)
		return c.cells, line, nil
	}
}

// lastRow reads what stands after the last line end.
func (c *csvReader) lastRow() ([][]byte, int, error) {
	row := bytes.TrimSuffix(c.buf[c.pos:c.end], []byte{'\r'})
	if !errors.Is(c.err, io.EOF) {
		c.pos = c.end // the row is not whole
		return nil, c.line, c.err
	}
	if len(row) == 0 {
		return nil, c.line, io.EOF
	}
	if bytes.IndexByte(row, '"') >= 0 && c.open < manyOpen {
		return c.quoted()
	}
	line := c.line
	c.pos = c.end
	c.split(row)
	return c.cells, line, nil
}

// tooLong drops a line that is longer than a record may be.
func (c *csvReader) tooLong() error {
	bad := &Bad{c.line, "This line is longer than a record of work can be and is skipped."}
	for {
		if i := bytes.IndexByte(c.buf[c.pos:c.end], '\n'); i >= 0 {
			c.pos += i + 1
			c.line++
			return bad
		}
		c.pos = c.end
		if c.err != nil {
			return bad
		}
		c.fill()
	}
}

// split cuts a row without quotes.
func (c *csvReader) split(row []byte) {
	c.cells = c.cells[:0]
	for len(c.cells) < c.enough {
		i := bytes.IndexByte(row, c.comma)
		if i < 0 {
			c.cells = append(c.cells, row)
			return
		}
		c.cells = append(c.cells, row[:i])
		row = row[i+1:]
	}
}

// quoted cuts a row with quotes in it, which may go over several lines.
func (c *csvReader) quoted() ([][]byte, int, error) {
	for {
		data := c.buf[c.pos:c.end]
		n, state := c.cut(data, c.err != nil)
		switch {
		case state == whole && n == len(data) && data[n-1] != '\n' && !errors.Is(c.err, io.EOF):
			c.pos = c.end // the row is not whole
			return nil, c.line, c.err
		case state == whole:
			line := c.line
			c.line += bytes.Count(c.buf[c.pos:c.pos+n], []byte{'\n'})
			c.pos += n
			return c.cells, line, nil
		case c.err == nil && len(data) <= c.reach:
			c.fill()
		default:
			return nil, c.line, c.unclosed()
		}
	}
}

// unclosed gives up the line with a quote that never ends and goes on with the
// next line: a stray quote must not swallow the file.
func (c *csvReader) unclosed() error {
	c.open++
	c.reach = min(c.reach, shortReach)
	bad := &Bad{c.line, "A quotation mark opens here and does not close; the line is skipped."}
	i := bytes.IndexByte(c.buf[c.pos:c.end], '\n')
	if i < 0 {
		c.pos = c.end
		return bad
	}
	c.pos += i + 1
	c.line++
	return bad
}

type rowState uint8

const (
	partial rowState = iota
	whole
)

// cut splits one row with quotes off the front of data and returns its length.
// Unquoted text may hold quotes; text after a closing quote is kept as it is.
func (c *csvReader) cut(data []byte, atEnd bool) (int, rowState) {
	c.cells, c.scratch = c.cells[:0], c.scratch[:0]
	i := 0
	for {
		var cell []byte
		if i < len(data) && data[i] == '"' {
			body, next, ok := c.quotedCell(data, i+1, atEnd)
			if !ok {
				return 0, partial
			}
			cell, i = body, next
		} else {
			j := i
			for j < len(data) && data[j] != c.comma && data[j] != '\n' {
				j++
			}
			if j == len(data) && !atEnd {
				return 0, partial
			}
			cell, i = data[i:j], j
		}
		atLineEnd := i >= len(data) || data[i] == '\n'
		if atLineEnd {
			cell = bytes.TrimSuffix(cell, []byte{'\r'})
		}
		if len(c.cells) < c.enough {
			c.cells = append(c.cells, cell)
		}
		if i >= len(data) {
			return i, whole
		}
		i++
		if atLineEnd {
			return i, whole
		}
	}
}

// quotedCell reads a cell from after its opening quote to the separator or line end.
func (c *csvReader) quotedCell(data []byte, i int, atEnd bool) (cell []byte, next int, ok bool) {
	start, copied := i, -1
	for {
		q := bytes.IndexByte(data[i:], '"')
		if q < 0 {
			return nil, 0, false
		}
		q += i
		if q+1 >= len(data) {
			if !atEnd {
				return nil, 0, false
			}
			return c.cell(data[start:q], copied), q + 1, true
		}
		switch b := data[q+1]; {
		case b == '"': // a doubled quote is one
			if copied < 0 {
				copied = len(c.scratch)
			}
			c.scratch = append(c.scratch, data[start:q+1]...)
			i, start = q+2, q+2
		case b == c.comma || b == '\n':
			return c.cell(data[start:q], copied), q + 1, true
		case b == '\r':
			if q+2 < len(data) && data[q+2] == '\n' || q+2 == len(data) && atEnd {
				return c.cell(data[start:q], copied), q + 2, true
			}
			if q+2 == len(data) {
				return nil, 0, false
			}
			i = q + 2
		default: // text after the closing quote: the quote was part of the text
			i = q + 1
		}
	}
}

func (c *csvReader) cell(tail []byte, copied int) []byte {
	if copied < 0 {
		return tail
	}
	c.scratch = append(c.scratch, tail...)
	return c.scratch[copied:]
}

// Open reads an input as a table.
func Open(in *input.Input, max int) (Rows, error) {
	if r, ok := in.Workbook(); ok {
		return newXLSX(in, r)
	}
	text, err := in.Text()
	if err != nil {
		return nil, err
	}
	c, err := newCSV(text, max)
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "HC-INTAKE-20", "This file is empty.").At(fault.Place{File: in.Name})
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}
