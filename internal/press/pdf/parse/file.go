package parse

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Limits of what is read.
const (
	MaxFile    = 64 << 20  // bytes of a file
	maxStream  = 64 << 20  // bytes of one stream when unpacked
	maxTotal   = 256 << 20 // bytes of all streams when unpacked
	maxObjects = 1 << 20
	maxUpdates = 64 // cross-reference sections
)

// ErrRefused is a file that is whole but uses what this reader does not read.
var ErrRefused = errors.New("PDF that cannot be read")

// File is an open PDF.
type File struct {
	Trailer  Dict
	Sections int // cross-reference sections: more than one is a file changed after it was made
	data     []byte
	entries  map[int64]entry
	cache    map[int64]Object
	busy     map[int64]bool
	total    int
}

// entry is where an object lies: at a byte, or in an object stream.
type entry struct {
	at     int64
	gen    int64
	stream int64 // number of the object stream, 0 when it lies in the file
	free   bool
}

// Open reads the cross-reference sections, the last one first: what it says
// about an object holds.
func Open(data []byte) (*File, error) {
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrRefused, MaxFile)
	}
	if at := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); at != 0 {
		return nil, damaged(0, "no PDF header")
	}
	f := &File{data: data, entries: map[int64]entry{}, cache: map[int64]Object{}, busy: map[int64]bool{}}
	sx := bytes.LastIndex(data, []byte("startxref"))
	if sx < 0 {
		return nil, damaged(len(data), "no place of the cross-reference table")
	}
	l := &Lexer{data: data, pos: sx + len("startxref")}
	at, ok := l.plainInt()
	if !ok {
		return nil, damaged(sx, "no place of the cross-reference table")
	}
	seen := map[int64]bool{}
	for next := []int64{at}; len(next) > 0; {
		at, next = next[0], next[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		if len(seen) > maxUpdates {
			return nil, damaged(int(at), "too many cross-reference sections")
		}
		trailer, err := f.section(at)
		if err != nil {
			return nil, err
		}
		if f.Trailer == nil {
			f.Trailer = trailer
		}
		if hybrid, ok := trailer["XRefStm"].(int64); ok { // comes before Prev (ISO 32000-1, 7.5.8.4)
			next = append(next, hybrid)
		} else {
			f.Sections++
		}
		if prev, ok := trailer["Prev"].(int64); ok {
			next = append(next, prev)
		}
	}
	if _, ok := f.Trailer["Encrypt"]; ok {
		return nil, fmt.Errorf("%w: it is encrypted", ErrRefused)
	}
	return f, nil
}

func (f *File) section(at int64) (Dict, error) {
	if at < 0 || at >= int64(len(f.data)) {
		return nil, damaged(int(at), "a cross-reference table outside the file")
	}
	l := &Lexer{data: f.data, pos: int(at)}
	l.space()
	if bytes.HasPrefix(l.Rest(), []byte("xref")) {
		l.pos += 4
		return f.table(l)
	}
	return f.xrefStream(l)
}

func (f *File) table(l *Lexer) (Dict, error) {
	for {
		l.space()
		if bytes.HasPrefix(l.Rest(), []byte("trailer")) {
			l.pos += 7
			break
		}
		first, ok1 := l.plainInt()
		n, ok2 := l.plainInt()
		if !ok1 || !ok2 || n > maxObjects || first > maxObjects {
			return nil, damaged(l.pos, "a cross-reference table")
		}
		for i := range n {
			at, ok1 := l.plainInt()
			gen, ok2 := l.plainInt()
			l.space()
			if !ok1 || !ok2 || l.pos >= len(l.data) {
				return nil, damaged(l.pos, "a cross-reference entry")
			}
			kind := l.data[l.pos]
			l.pos++
			f.enter(first+i, entry{at: at, gen: gen, free: kind != 'n'})
		}
	}
	o, err := l.Next(true)
	if err != nil {
		return nil, err
	}
	d, ok := o.(Dict)
	if !ok {
		return nil, damaged(l.pos, "a trailer")
	}
	return d, nil
}

// enter keeps what the latest section says about an object.
func (f *File) enter(num int64, e entry) {
	if _, known := f.entries[num]; !known && len(f.entries) < maxObjects {
		f.entries[num] = e
	}
}

func (f *File) xrefStream(l *Lexer) (Dict, error) {
	_, o, err := f.indirect(l)
	if err != nil {
		return nil, err
	}
	s, ok := o.(*Stream)
	if !ok || s.Dict["Type"] != Name("XRef") {
		return nil, damaged(l.pos, "no cross-reference table")
	}
	data, err := f.Unpack(s)
	if err != nil {
		return nil, err
	}
	w, _ := s.Dict["W"].(Array)
	var width [3]int
	if len(w) != 3 {
		return nil, damaged(l.pos, "a cross-reference stream")
	}
	for i := range width {
		n, ok := w[i].(int64)
		if !ok || n < 0 || n > 8 {
			return nil, damaged(l.pos, "a cross-reference stream")
		}
		width[i] = int(n)
	}
	row := width[0] + width[1] + width[2]
	index, ok := s.Dict["Index"].(Array)
	if !ok {
		index = Array{int64(0), s.Dict["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(int64)
		n, ok2 := index[i+1].(int64)
		if !ok1 || !ok2 || row == 0 || n < 0 || first < 0 || first > maxObjects || n > int64(len(data)/row) {
			return nil, damaged(l.pos, "a cross-reference stream")
		}
		for k := range n {
			f.enter(first+k, streamEntry(data[:row], width))
			data = data[row:]
		}
	}
	return s.Dict, nil
}

func streamEntry(row []byte, width [3]int) entry {
	field := func(n int, missing int64) int64 {
		if n == 0 {
			return missing
		}
		v := int64(0)
		for _, c := range row[:n] {
			v = v<<8 | int64(c)
		}
		row = row[n:]
		return v
	}
	kind, second, third := field(width[0], 1), field(width[1], 0), field(width[2], 0)
	switch kind {
	case 1:
		return entry{at: second, gen: third}
	case 2:
		return entry{at: third, stream: second}
	}
	return entry{free: true}
}

// indirect reads "n g obj … endobj".
func (f *File) indirect(l *Lexer) (int64, Object, error) {
	num, ok1 := l.plainInt()
	_, ok2 := l.plainInt()
	l.space()
	if !ok1 || !ok2 || !bytes.HasPrefix(l.Rest(), []byte("obj")) {
		return 0, nil, damaged(l.pos, "no object")
	}
	l.pos += 3
	o, err := l.Next(true)
	if err != nil {
		return 0, nil, err
	}
	d, ok := o.(Dict)
	if !ok {
		return num, o, nil
	}
	l.space()
	if !bytes.HasPrefix(l.Rest(), []byte("stream")) {
		return num, o, nil
	}
	l.pos += 6
	if bytes.HasPrefix(l.Rest(), []byte("\r\n")) {
		l.pos += 2
	} else if bytes.HasPrefix(l.Rest(), []byte("\n")) {
		l.pos++
	}
	start := l.pos
	n, ok := f.Resolve(d["Length"]).(int64)
	if !ok || n < 0 || n > int64(len(f.data)-start) {
		return 0, nil, damaged(start, "a stream's length")
	}
	after := &Lexer{data: f.data, pos: start + int(n)}
	after.space()
	if !bytes.HasPrefix(after.Rest(), []byte("endstream")) {
		return 0, nil, damaged(start, "a stream's length")
	}
	return num, &Stream{d, f.data[start : start+int(n)]}, nil
}

// Resolve follows references; what does not exist or cannot be read is nil, as the format has it.
func (f *File) Resolve(o Object) Object {
	for range maxDepth {
		r, ok := o.(Ref)
		if !ok {
			return o
		}
		o = f.load(r)
	}
	return nil
}

func (f *File) load(r Ref) Object {
	if o, ok := f.cache[r.Num]; ok {
		return o
	}
	e, ok := f.entries[r.Num]
	if !ok || e.free || f.busy[r.Num] {
		return nil
	}
	f.busy[r.Num] = true
	defer delete(f.busy, r.Num)
	var o Object
	if e.stream > 0 {
		o = f.packed(e, r.Num)
	} else if e.at >= 0 && e.at < int64(len(f.data)) && e.gen == r.Gen {
		if num, found, err := f.indirect(&Lexer{data: f.data, pos: int(e.at)}); err == nil && num == r.Num {
			o = found
		}
	}
	f.cache[r.Num] = o
	return o
}

// packed reads an object out of an object stream.
func (f *File) packed(e entry, num int64) Object {
	if f.entries[e.stream].stream > 0 { // an object stream does not lie in another
		return nil
	}
	s, ok := f.Resolve(Ref{Num: e.stream}).(*Stream)
	if !ok {
		return nil
	}
	data, err := f.Unpack(s)
	if err != nil {
		return nil
	}
	first, ok1 := s.Dict["First"].(int64)
	n, ok2 := s.Dict["N"].(int64)
	if !ok1 || !ok2 || first < 0 || first > int64(len(data)) || n < 0 || n > maxObjects {
		return nil
	}
	head := NewLexer(data[:first])
	for range n {
		id, ok1 := head.plainInt()
		at, ok2 := head.plainInt()
		if !ok1 || !ok2 {
			return nil
		}
		if id == num && at >= 0 && at <= int64(len(data))-first {
			o, err := NewLexer(data[first+at:]).Next(true)
			if err != nil {
				return nil
			}
			return o
		}
	}
	return nil
}

// Unpack returns a stream's bytes.
func (f *File) Unpack(s *Stream) ([]byte, error) {
	filters := Array{}
	switch v := f.Resolve(s.Dict["Filter"]).(type) {
	case Name:
		filters = Array{v}
	case Array:
		filters = v
	}
	data := s.Raw
	for i, x := range filters {
		name, _ := f.Resolve(x).(Name)
		if name != "FlateDecode" && name != "Fl" {
			return nil, fmt.Errorf("%w: a stream is packed with %s", ErrRefused, name)
		}
		parms := f.Dict(s.Dict["DecodeParms"])
		if list, ok := f.Resolve(s.Dict["DecodeParms"]).(Array); ok && i < len(list) {
			parms = f.Dict(list[i])
		}
		var err error
		if data, err = f.inflate(data); err != nil {
			return nil, err
		}
		if data, err = unpredict(data, parms); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (f *File) inflate(data []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: a packed stream: %w", ErrDamaged, err)
	}
	limit := min(maxStream, maxTotal-f.total)
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	f.total += len(out)
	if len(out) > limit {
		return nil, fmt.Errorf("%w: a stream unpacks to more than %d bytes", ErrRefused, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: a packed stream: %w", ErrDamaged, err)
	}
	return out, nil
}

// unpredict undoes the PNG predictors that cross-reference streams use.
func unpredict(data []byte, parms Dict) ([]byte, error) {
	p, _ := parms["Predictor"].(int64)
	if p < 2 {
		return data, nil
	}
	columns, ok := parms["Columns"].(int64)
	if !ok {
		columns = 1
	}
	if p < 10 || columns < 1 || columns > 1<<16 || parms["Colors"] != nil && parms["Colors"] != int64(1) || parms["BitsPerComponent"] != nil && parms["BitsPerComponent"] != int64(8) {
		return nil, fmt.Errorf("%w: a stream uses predictor %d", ErrRefused, p)
	}
	n := int(columns)
	prev := make([]byte, n)
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		if len(data) < n+1 {
			return nil, damaged(0, "a predicted stream")
		}
		row := bytes.Clone(data[1 : n+1])
		for i := range row {
			left, up, corner := byte(0), prev[i], byte(0)
			if i > 0 {
				left, corner = row[i-1], prev[i-1]
			}
			switch data[0] {
			case 1:
				row[i] += left
			case 2:
				row[i] += up
			case 3:
				row[i] += byte((int(left) + int(up)) / 2)
			case 4:
				row[i] += paeth(left, up, corner)
			}
		}
		out = append(out, row...)
		prev, data = row, data[n+1:]
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	da, db, dc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case da <= db && da <= dc:
		return a
	case db <= dc:
		return b
	}
	return c
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// Dict resolves an object to a dictionary, a stream's own included; nil when it is none.
func (f *File) Dict(o Object) Dict {
	switch v := f.Resolve(o).(type) {
	case Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}

// Array resolves an object to an array, nil when it is none.
func (f *File) Array(o Object) Array {
	a, _ := f.Resolve(o).(Array)
	return a
}

// Catalog is the document's root.
func (f *File) Catalog() Dict { return f.Dict(f.Trailer["Root"]) }

// Page is a page with what it takes over from the tree above it.
type Page struct {
	Ref       Object
	Dict      Dict
	Resources Dict
}

// Pages lists the pages in order.
func (f *File) Pages() ([]Page, error) {
	var out []Page
	seen := map[int64]bool{}
	var visit func(o Object, resources Object, depth int) error
	visit = func(o, resources Object, depth int) error {
		if r, ok := o.(Ref); ok {
			if seen[r.Num] {
				return fmt.Errorf("%w: a page stands twice in the tree of pages", ErrDamaged)
			}
			seen[r.Num] = true
		}
		d := f.Dict(o)
		if d == nil || depth > maxDepth || len(out) > 1<<14 {
			return fmt.Errorf("%w: the tree of pages", ErrDamaged)
		}
		if r, ok := d["Resources"]; ok {
			resources = r
		}
		if kids := f.Array(d["Kids"]); kids != nil {
			for _, k := range kids {
				if err := visit(k, resources, depth+1); err != nil {
					return err
				}
			}
			return nil
		}
		out = append(out, Page{o, d, f.Dict(resources)})
		return nil
	}
	if err := visit(f.Catalog()["Pages"], nil, 0); err != nil {
		return nil, err
	}
	return out, nil
}

// Content joins a page's content streams.
func (f *File) Content(page Dict) ([]byte, error) {
	parts := Array{page["Contents"]}
	if a := f.Array(page["Contents"]); a != nil {
		parts = a
	}
	var out []byte
	for _, p := range parts {
		s, ok := f.Resolve(p).(*Stream)
		if !ok {
			continue
		}
		data, err := f.Unpack(s)
		if err != nil {
			return nil, err
		}
		if len(out)+len(data) > maxStream {
			return nil, fmt.Errorf("%w: a page of more than %d bytes", ErrRefused, maxStream)
		}
		out = append(append(out, data...), '\n')
	}
	return out, nil
}

// NameTree lists the entries of a name tree in order.
func (f *File) NameTree(o Object) (keys []string, values []Object) {
	seen := 0
	var visit func(o Object, depth int)
	visit = func(o Object, depth int) {
		d := f.Dict(o)
		if d == nil || depth > maxDepth || seen > 1<<16 {
			return
		}
		seen++
		names := f.Array(d["Names"])
		for i := 0; i+1 < len(names); i += 2 {
			key, _ := f.Resolve(names[i]).(String)
			keys, values = append(keys, string(key)), append(values, names[i+1])
		}
		for _, k := range f.Array(d["Kids"]) {
			visit(k, depth+1)
		}
	}
	visit(o, 0)
	return keys, values
}
