package readiness

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"homecase/fault"
)

// Occupation is one row of the occupation table, scored.
type Occupation struct {
	SOC          string        `json:"soc"`
	Title        string        `json:"title"`
	Teleworkable bool          `json:"teleworkable"`
	Failed       []ConditionID `json:"failed"`    // the conditions that tie it, in the order of the table
	Unknown      int           `json:"unknown"`   // empty cells; they count as not tied
	Uncertain    bool          `json:"uncertain"` // there is an empty cell
}

// The limits of an occupation table.
const (
	maxTable  = 64 << 20 // bytes; the whole O*NET table is under 1 MB
	maxLine   = 64 << 10 // bytes between two line ends
	maxFaults = 20       // problems reported before reading stops
	lowScore  = 1        // the scales run from 1
	highScore = 5        // to 5
)

// Occupations reads an occupation table and yields its rows as they come. A row
// that cannot be read yields a fault with file, line and column, and reading
// goes on where the table still has rows; a fault of the header or of the CSV
// form ends it.
//
// The header is soc,title and one column for each score, in the order of
// Conditions. Scores are numbers from 1 to 5; an empty cell is not known and
// counts as not tied. An occupation is teleworkable when nothing ties it.
func Occupations(name string, r io.Reader) iter.Seq2[Occupation, error] {
	return func(yield func(Occupation, error) bool) {
		conditions, err := Conditions()
		if err != nil {
			yield(Occupation{}, err)
			return
		}
		t := &table{name: name, limit: &limited{r: bufio.NewReader(r)}}
		for _, c := range conditions {
			for _, col := range c.Columns {
				t.columns = append(t.columns, scored{col, c.ID})
			}
		}
		t.csv = csv.NewReader(t.limit)
		t.csv.FieldsPerRecord = -1 // counted below, with a sentence
		t.csv.ReuseRecord = true
		if f := t.header(); f != nil {
			yield(Occupation{}, f)
			return
		}
		for {
			record, f := t.next()
			if f != nil {
				yield(Occupation{}, f)
				return
			}
			if record == nil {
				return
			}
			o, f := t.score(record)
			var err error
			if f != nil {
				o, err = Occupation{}, f
			}
			if !yield(o, err) {
				return
			}
		}
	}
}

// ReadOccupations reads a whole table. It returns every problem found, up to
// twenty, and no rows then.
func ReadOccupations(name string, r io.Reader) ([]Occupation, error) {
	out := []Occupation{}
	var faults fault.List
	for o, err := range Occupations(name, r) {
		if err == nil {
			out = append(out, o)
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) {
			return nil, err
		}
		if faults = append(faults, f); len(faults) == maxFaults {
			break
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return out, nil
}

// OccupationHeader returns the header an occupation table must have.
func OccupationHeader() ([]string, error) {
	conditions, err := Conditions()
	header := []string{"soc", "title"}
	for _, c := range conditions {
		for _, col := range c.Columns {
			header = append(header, col.Column)
		}
	}
	return header, err
}

type scored struct {
	Column
	condition ConditionID
}

type table struct {
	name    string
	limit   *limited
	csv     *csv.Reader
	columns []scored
}

func (t *table) refuse(code fault.Code, line, column int, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...).At(fault.Place{File: t.name, Line: line, Column: column})
}

// next returns the next record, nil at the end.
func (t *table) next() ([]string, *fault.Error) {
	record, err := t.csv.Read()
	if err == nil {
		return record, nil
	}
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		f.Place.File = t.name
		return nil, f
	}
	var p *csv.ParseError
	if errors.As(err, &p) {
		why := "a quotation mark is out of place"
		if errors.Is(p.Err, csv.ErrQuote) && t.limit.done {
			why = "a quotation mark is never closed"
		}
		return nil, t.refuse("HC-OCC-01", p.Line, p.Column, "This is not CSV: %s.", why)
	}
	return nil, t.refuse("HC-OCC-02", 0, 0, "This file cannot be read.").Because(err)
}

// header reads the first record and refuses any other header.
func (t *table) header() *fault.Error {
	record, f := t.next()
	if f != nil {
		return f
	}
	if record == nil {
		return t.refuse("HC-OCC-03", 1, 1, "This file is empty; the first line must be the header soc,title,physical,….")
	}
	record = slices.Clone(record)
	record[0] = strings.TrimPrefix(record[0], "\ufeff")
	want := []string{"soc", "title"}
	for _, c := range t.columns {
		want = append(want, c.Column.Column)
	}
	for i, w := range want {
		if i >= len(record) {
			line, _ := t.csv.FieldPos(len(record) - 1)
			return t.refuse("HC-OCC-04", line, 0, "The header ends before the column %s; it needs %d columns.", w, len(want))
		}
		if got := strings.ToLower(strings.TrimSpace(record[i])); got != w {
			line, column := t.csv.FieldPos(i)
			return t.refuse("HC-OCC-04", line, column, "Column %d of the header must be %s, not %q.", i+1, w, clip(got, 40))
		}
	}
	if len(record) > len(want) {
		line, column := t.csv.FieldPos(len(want))
		return t.refuse("HC-OCC-04", line, column, "The header has a column too many after %s: %q.", want[len(want)-1], clip(record[len(want)], 40))
	}
	return nil
}

// score reads one row.
func (t *table) score(record []string) (Occupation, *fault.Error) {
	line, _ := t.csv.FieldPos(0)
	if want := len(t.columns) + 2; len(record) != want {
		return Occupation{}, t.refuse("HC-OCC-05", line, 0, "This row has %d columns; the header has %d.", len(record), want)
	}
	for i, text := range record[:2] {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }) {
			at, column := t.csv.FieldPos(i)
			return Occupation{}, t.refuse("HC-OCC-06", at, column, "The text here is not plain UTF-8.")
		}
	}
	o := Occupation{SOC: strings.Clone(strings.TrimSpace(record[0])), Title: strings.Clone(strings.TrimSpace(record[1])), Failed: []ConditionID{}}
	if o.SOC == "" {
		return Occupation{}, t.refuse("HC-OCC-07", line, 1, "This row has no occupation code in the column soc.")
	}
	for i, c := range t.columns {
		text := strings.TrimSpace(record[i+2])
		if text == "" {
			o.Unknown++
			continue
		}
		score, err := strconv.ParseFloat(text, 64)
		at, column := t.csv.FieldPos(i + 2)
		if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
			return Occupation{}, t.refuse("HC-OCC-08", at, column, "%s must be a number from 1 to 5 or empty, not %q.", c.Column.Column, clip(strings.ToValidUTF8(text, "?"), 40))
		}
		if score < lowScore || score > highScore {
			return Occupation{}, t.refuse("HC-OCC-09", at, column, "%s is %s; the scale runs from 1 to 5.", c.Column.Column, number(score)).Then("Use the importance or context score, not the level.")
		}
		if c.Ties(score) && !slices.Contains(o.Failed, c.condition) {
			o.Failed = append(o.Failed, c.condition)
		}
	}
	o.Teleworkable = len(o.Failed) == 0
	o.Uncertain = o.Unknown > 0
	return o, nil
}

// limited refuses what no table holds, before the CSV reader keeps it: a line
// or a file that never ends, and NUL bytes.
type limited struct {
	r      *bufio.Reader
	total  int
	line   int // bytes since the last line end
	number int // line ends so far
	done   bool
}

// Read passes bytes on until one of the limits is reached.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if errors.Is(err, io.EOF) {
		l.done = true
	}
	for i, c := range p[:n] {
		l.total++
		l.line++
		bad := func(code fault.Code, say string, args ...any) (int, error) {
			return i, fault.New(fault.Invalid, code, say, args...).At(fault.Place{Line: l.number + 1, Column: l.line})
		}
		switch {
		case c == 0:
			return bad("HC-OCC-10", "There is a NUL byte here, so this is not a text file.")
		case l.total > maxTable:
			return bad("HC-OCC-11", "This file is larger than %d MB, so it is not an occupation table.", maxTable>>20)
		case l.line > maxLine:
			return bad("HC-OCC-12", "This line is longer than %d KB, so this is not an occupation table.", maxLine>>10)
		case c == '\n':
			l.number++
			l.line = 0
		}
	}
	return n, err
}
