package pool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"homecase/fault"
)

// Limits of a file. A line of a table is short; a longer one is another file.
const (
	maxLine   = 64 << 10
	maxRows   = 20_000_000
	maxFaults = 20
	chunkSize = 1 << 20
)

// header is the first line: where the wanted columns stand.
type header struct {
	name    string
	line    int
	columns int
	at      map[string]int
}

// problem found in a line, counted from the chunk's first line.
type lineFault struct {
	line   int
	column int
	code   fault.Code
	say    string
}

// chunk is a run of whole lines with what was read from them.
type chunk[T any] struct {
	text   []byte
	lines  int
	rows   T
	faults []lineFault
	done   chan struct{}
}

// readTable reads a CSV table with a header. Lines are parsed by all processors in
// chunks and handed to take in the order of the file, with the number of the line
// before the chunk. row parses one line's fields into a chunk's rows.
func readTable[T any](name string, r io.Reader, want, optional []string,
	row func(h *header, line int, fields [][]byte, rows *T) *lineFault, take func(before int, rows *T) int) error {
	l := &lines{r: r}
	h, err := readHeader(name, l, want, optional)
	if err != nil {
		return err
	}
	queue := make(chan *chunk[T], 2*runtime.GOMAXPROCS(0)) // in file order, for the merge
	work := make(chan *chunk[T], cap(queue))
	stop := make(chan struct{})
	var readErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(queue)
		defer close(work)
		for {
			text, err := l.next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					readErr = err
				}
				return
			}
			c := &chunk[T]{text: text, done: make(chan struct{})}
			select {
			case queue <- c:
				work <- c
			case <-stop:
				return
			}
		}
	})
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := range work {
				parseChunk(h, c, row)
				close(c.done)
			}
		})
	}
	var faults fault.List
	before, rows, stopped := h.line, 0, false
	for c := range queue {
		<-c.done
		if stopped {
			continue
		}
		for _, f := range c.faults {
			faults = append(faults, fault.New(fault.Invalid, f.code, "%s", f.say).At(fault.Place{File: name, Line: before + f.line, Column: f.column}))
		}
		rows += take(before, &c.rows)
		before += c.lines
		if len(faults) > maxFaults || rows > maxRows {
			stopped = true
			close(stop)
		}
	}
	wg.Wait()
	switch {
	case readErr != nil:
		return fault.New(fault.Invalid, CodeFile, "%s", sentence(readErr)).At(fault.Place{File: name, Line: before + 1}).Because(readErr)
	case rows > maxRows:
		return fault.New(fault.Invalid, CodeFile, "The file has more than %d rows.", maxRows).At(fault.Place{File: name})
	case len(faults) > maxFaults:
		more := fault.New(fault.Invalid, CodeMore, "There are more problems after these.").At(fault.Place{File: name})
		return append(faults[:maxFaults:maxFaults], more)
	}
	return faults.OrNil()
}

var errLine = errors.New("a line is longer than 64 KB")

func sentence(err error) string {
	if errors.Is(err, errLine) {
		return "This line is longer than 64 KB, so this is not a table of one row a line."
	}
	return fmt.Sprintf("This file cannot be read: %v.", err)
}

// lines cuts a stream into chunks of whole lines.
type lines struct {
	r    io.Reader
	rest []byte
	end  bool
}

func (l *lines) next() ([]byte, error) {
	if l.end && len(l.rest) == 0 {
		return nil, io.EOF
	}
	buf := make([]byte, max(chunkSize, 2*len(l.rest)))
	n := copy(buf, l.rest)
	l.rest = nil
	for !l.end && n < len(buf) {
		m, err := l.r.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) {
			l.end = true
		} else if err != nil {
			return nil, err
		}
	}
	cut := bytes.LastIndexByte(buf[:n], '\n') + 1
	if l.end {
		cut = n
	}
	if cut == 0 && n > 0 {
		return nil, errLine
	}
	if cut == 0 {
		return nil, io.EOF
	}
	l.rest = append([]byte(nil), buf[cut:n]...)
	if len(l.rest) > maxLine && !l.end {
		l.end = true // the next chunk would start with an endless line
		return buf[:cut], nil
	}
	return buf[:cut], nil
}

// readHeader reads lines until one is not blank and finds the columns in it.
func readHeader(name string, l *lines, want, optional []string) (*header, error) {
	bad := func(line int, code fault.Code, say string, args ...any) error {
		return fault.New(fault.Invalid, code, say, args...).At(fault.Place{File: name, Line: line})
	}
	text, err := l.next()
	if errors.Is(err, io.EOF) {
		return nil, bad(1, CodeHeader, "The file is empty. Its first line names the columns: %s.", strings.Join(want, ","))
	}
	if err != nil {
		return nil, bad(1, CodeFile, "%s", sentence(err))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	h := &header{name: name, at: map[string]int{}}
	for {
		line, after, found := bytes.Cut(text, []byte("\n"))
		h.line++
		if text = after; len(bytes.TrimSpace(line)) == 0 && found {
			continue
		}
		fields, lf := split(bytes.TrimSuffix(line, []byte("\r")), nil)
		if lf != nil {
			return nil, bad(h.line, lf.code, "%s", lf.say)
		}
		h.columns = len(fields)
		for i, f := range fields {
			key := strings.ToLower(strings.TrimSpace(string(f)))
			if _, twice := h.at[key]; twice && (contains(want, key) || contains(optional, key)) {
				return nil, bad(h.line, CodeHeader, "The column %s stands here twice.", key)
			}
			h.at[key] = i
		}
		for _, w := range want {
			if _, ok := h.at[w]; ok {
				continue
			}
			if bytes.IndexByte(line, ';') >= 0 && len(fields) == 1 {
				return nil, bad(h.line, CodeHeader, "The columns are separated by semicolons here. Save the table with commas.")
			}
			return nil, bad(h.line, CodeHeader, "The column %s is missing. The first line names the columns: %s.", w, strings.Join(want, ","))
		}
		l.rest = append(text, l.rest...)
		return h, nil
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func parseChunk[T any](h *header, c *chunk[T], row func(*header, int, [][]byte, *T) *lineFault) {
	text := c.text
	var fields [][]byte
	for len(text) > 0 {
		line, after, _ := bytes.Cut(text, []byte("\n"))
		text = after
		c.lines++
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var lf *lineFault
		if len(line) > maxLine {
			lf = &lineFault{code: CodeFile, say: "This line is longer than 64 KB, so this is not a table of one row a line."}
		} else if fields, lf = split(line, fields[:0]); lf == nil && len(fields) != h.columns {
			lf = &lineFault{code: CodeValue, say: fmt.Sprintf("This line has %d columns and the first has %d.", len(fields), h.columns)}
		}
		if lf == nil {
			lf = row(h, c.lines, fields, &c.rows)
		}
		if lf != nil && len(c.faults) <= maxFaults {
			lf.line = c.lines
			c.faults = append(c.faults, *lf)
		}
	}
	c.text = nil
}

// split cuts a line at commas. A field in quotation marks may hold commas and
// doubled quotation marks, and ends on its own line.
func split(line []byte, fields [][]byte) ([][]byte, *lineFault) {
	if !utf8.Valid(line) {
		return nil, &lineFault{code: CodeFile, say: "This line is not UTF-8 text. Save the table as UTF-8."}
	}
	if bytes.IndexByte(line, 0) >= 0 {
		return nil, &lineFault{code: CodeFile, say: "There is a NUL byte in this line, so this is not a text file."}
	}
	if bytes.IndexByte(line, '"') < 0 {
		for {
			i := bytes.IndexByte(line, ',')
			if i < 0 {
				return append(fields, line), nil
			}
			fields, line = append(fields, line[:i]), line[i+1:]
		}
	}
	for {
		trimmed := bytes.TrimLeft(line, " \t")
		if len(trimmed) == 0 || trimmed[0] != '"' {
			i := bytes.IndexByte(line, ',')
			if i < 0 {
				return append(fields, line), nil
			}
			fields, line = append(fields, line[:i]), line[i+1:]
			continue
		}
		var out []byte
		rest := trimmed[1:]
		for {
			i := bytes.IndexByte(rest, '"')
			if i < 0 {
				return nil, &lineFault{code: CodeValue, say: "A quotation mark is not closed on this line."}
			}
			out, rest = append(out, rest[:i]...), rest[i+1:]
			if len(rest) == 0 || rest[0] != '"' {
				break
			}
			out, rest = append(out, '"'), rest[1:]
		}
		fields = append(fields, out)
		rest = bytes.TrimLeft(rest, " \t")
		if len(rest) == 0 {
			return fields, nil
		}
		if rest[0] != ',' {
			return nil, &lineFault{code: CodeValue, say: "Something stands between a closing quotation mark and the next comma."}
		}
		line = rest[1:]
	}
}

// number reads a plain decimal number; words such as inf, and hexadecimal, are no
// values of a table.
func number(field []byte) (float64, bool) {
	b := bytes.TrimSpace(field)
	if len(b) == 0 || len(b) > 60 {
		return 0, false
	}
	for _, c := range b {
		if !(c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E') {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// show shortens a field for a sentence.
func show(field []byte) string {
	s := strings.TrimSpace(string(field))
	if r := []rune(s); len(r) > 30 {
		s = string(r[:30]) + "…"
	}
	return strconv.Quote(s)
}
