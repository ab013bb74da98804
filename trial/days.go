package trial

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"homecase/day"
	"homecase/fault"
)

// Place is where a day was worked.
type Place string

// The two places.
const (
	AtHome   Place = "home"
	InOffice Place = "office"
)

// UnmarshalText refuses anything but home and office.
func (p *Place) UnmarshalText(b []byte) error {
	return oneOf(p, Place(strings.ToLower(strings.TrimSpace(string(b)))), []Place{AtHome, InOffice}, "a place")
}

// Row is one day of a days file.
type Row struct {
	Line     int
	Date     day.Date
	Assigned Place
	Place    Place               // empty on a day without work
	Value    *float64            // nil when missing
	Why      string              // why it is missing, such as leave
	More     map[string]*float64 // the further measures
}

// Days is a days file that was read.
type Days struct {
	File    string
	Columns []string // the further measures, in the file's order
	Rows    []Row    // in order of date
}

// MaxRows is how many rows a days file may have: more than ten years of workdays.
const MaxRows = 4000

// maxBytes is the largest days file that is read.
const maxBytes = 4 << 20

// ReadDays reads a days file: a header date,assigned,place,value and one row a
// scheduled day. Columns after these are further measures; why says why a value
// is missing. A share may be written 11:14. All faults are reported with their
// line, up to twenty. Nothing is guessed.
func ReadDays(name string, r io.Reader) (Days, error) {
	return readDays(name, r, []string{"date", "assigned", "place", "value"})
}

// ReadBaseline reads a file of office days before the trial; only date and
// value are needed.
func ReadBaseline(name string, r io.Reader) (Days, error) {
	return readDays(name, r, []string{"date", "value"})
}

type daysReader struct {
	name    string
	need    []string // the columns that must be there
	drawn   bool     // assigned and place among them
	columns map[string]int
	more    []string
	faults  fault.List
	seen    map[day.Date]int
}

func (d *daysReader) refuse(line int, say string, args ...any) {
	code := CodeRow
	if line == 1 {
		code = CodeDays
	}
	d.faults = append(d.faults, fault.New(fault.Invalid, code, say, args...).At(fault.Place{File: d.name, Line: line}))
}

func readDays(name string, r io.Reader, need []string) (Days, error) {
	d := &daysReader{name: name, need: need, drawn: slices.Contains(need, "assigned"), columns: map[string]int{}, seen: map[day.Date]int{}}
	raw, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return Days{}, fault.New(fault.Invalid, CodeDays, "This file cannot be read.").At(fault.Place{File: name}).Because(err)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	switch {
	case len(raw) > maxBytes:
		d.refuse(tooMany(raw), "This file is larger than %d MB, so it is not a file of days.", maxBytes>>20)
		return Days{}, d.faults
	case bytes.IndexByte(raw, 0) >= 0:
		d.refuse(1+bytes.Count(raw[:bytes.IndexByte(raw, 0)], []byte("\n")), "There is a NUL byte here, so this is not a text file.")
		return Days{}, d.faults
	case !utf8.Valid(raw):
		d.refuse(1+badLine(raw), "The text here is not UTF-8. Save the file as UTF-8.")
		return Days{}, d.faults
	}
	out := Days{File: name}
	c := csv.NewReader(bufio.NewReader(bytes.NewReader(raw)))
	c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = -1, true, true
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			d.refuse(bad.Line, "This row cannot be read: the quotation marks do not match.")
			break
		}
		line, _ := c.FieldPos(0)
		if len(d.columns) == 0 {
			if d.header(line, record); len(d.faults) > 0 {
				break
			}
			continue
		}
		if len(out.Rows) == MaxRows {
			d.refuse(line, "This file has more than %d days, so it is not one trial.", MaxRows)
			break
		}
		if row, ok := d.row(line, record); ok {
			out.Rows = append(out.Rows, row)
		}
		if len(d.faults) >= 20 {
			break
		}
	}
	if len(d.columns) == 0 && len(d.faults) == 0 {
		d.refuse(1, "This file is empty. The first line must be date,assigned,place,value.")
	}
	if len(d.faults) > 0 {
		return Days{}, d.faults
	}
	out.Columns = d.more
	slices.SortFunc(out.Rows, func(a, b Row) int { return a.Date.Sub(b.Date) })
	return out, nil
}

func badLine(raw []byte) int {
	n := 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			n++
		}
		raw = raw[size:]
	}
	return n
}

// tooMany returns the line at which a file is longer than a trial can be.
func tooMany(raw []byte) int { return min(MaxRows+2, 1+bytes.Count(raw, []byte("\n"))) }

func (d *daysReader) header(line int, record []string) {
	if !slices.ContainsFunc(record, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "date") }) {
		d.refuse(line, "There is no column \"date\". The first line must be %s.", strings.Join(d.need, ","))
		return
	}
	for i, h := range record {
		h = strings.TrimSpace(h)
		known := strings.ToLower(h)
		switch {
		case slices.Contains([]string{"date", "assigned", "place", "value", "why"}, known):
			h = known
		case h == "":
			d.refuse(line, "Column %d has no name.", i+1)
			continue
		default:
			d.more = append(d.more, h)
		}
		if _, twice := d.columns[h]; twice {
			d.refuse(line, "There are two columns called %q.", clip(h))
		}
		d.columns[h] = i
	}
	for _, h := range d.need {
		if _, ok := d.columns[h]; !ok {
			d.refuse(line, "There is no column %q. The first line must be %s.", h, strings.Join(d.need, ","))
		}
	}
}

func (d *daysReader) row(line int, record []string) (Row, bool) {
	before := len(d.faults)
	if len(record) != len(d.columns) {
		d.refuse(line, "This row has %d cells; the first line has %d.", len(record), len(d.columns))
		return Row{}, false
	}
	cell := func(name string) string {
		if i, ok := d.columns[name]; ok {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	row := Row{Line: line, Why: cell("why")}
	var err error
	if row.Date, err = day.Parse(cell("date")); err != nil {
		d.refuse(line, "%s.", err)
	} else if first, twice := d.seen[row.Date]; twice {
		d.refuse(line, "%s is given twice: the first time on line %d.", row.Date, first)
	} else {
		d.seen[row.Date] = line
	}
	row.Value = d.number(line, "value", cell("value"))
	if d.drawn {
		if err := row.Assigned.UnmarshalText([]byte(cell("assigned"))); err != nil {
			d.refuse(line, "The column assigned: %s.", err)
		}
		place := cell("place")
		if place != "" || row.Value != nil {
			if err := row.Place.UnmarshalText([]byte(place)); err != nil {
				d.refuse(line, "The column place: %s.", err)
			}
		}
	}
	if !d.drawn && strings.EqualFold(cell("place"), string(AtHome)) {
		d.refuse(line, "%s was a home day: the days before the trial must be office days.", row.Date)
	}
	for _, m := range d.more {
		if row.More == nil {
			row.More = map[string]*float64{}
		}
		row.More[m] = d.number(line, m, cell(m))
	}
	return row, len(d.faults) == before
}

// number reads a cell: empty is missing, 11:14 is a share.
func (d *daysReader) number(line int, column, s string) *float64 {
	if s == "" {
		return nil
	}
	if value, of, ok := strings.Cut(s, ":"); ok {
		v, err1 := plainNumber(value)
		n, err2 := plainNumber(of)
		switch {
		case err1 != nil || err2 != nil:
			d.refuse(line, "The column %s: %q is not a share. Write how many of how many, like 11:14.", column, clip(s))
			return nil
		case v < 0 || n < 0 || v > n:
			d.refuse(line, "The column %s: %q is not a share: the first number must not be larger than the second.", column, clip(s))
			return nil
		case n == 0:
			return nil // nothing to take a share of: no value that day
		}
		q := v / n
		return &q
	}
	v, err := plainNumber(s)
	if err != nil {
		d.refuse(line, "The column %s: %q is not a number. Leave the cell empty when the value is missing.", column, clip(s))
		return nil
	}
	return &v
}

// plainNumber reads digits with an optional sign, point and exponent: not the
// hexadecimal numbers, infinities and underscores that Go would also take.
func plainNumber(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(v) > 1e12 || v != 0 && math.Abs(v) < 1e-12 {
		return 0, strconv.ErrSyntax
	}
	return v, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// WriteDays writes a days file that ReadDays reads back.
func WriteDays(w io.Writer, d Days) error {
	c := csv.NewWriter(w)
	head := append([]string{"date", "assigned", "place", "value", "why"}, d.Columns...)
	if err := c.Write(head); err != nil {
		return fmt.Errorf("write days: %w", err)
	}
	for _, r := range d.Rows {
		rec := []string{r.Date.String(), string(r.Assigned), string(r.Place), written(r.Value), r.Why}
		for _, m := range d.Columns {
			rec = append(rec, written(r.More[m]))
		}
		if err := c.Write(rec); err != nil {
			return fmt.Errorf("write days: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}

func written(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// record is the days of a trial fitted to its plan.
type record struct {
	days     []Scheduled
	rows     []*Row // nil for a day that is still to come
	extended bool
	open     bool // days of the part in question are still to come
}

// fit lays the rows beside the scheduled days. Every scheduled day up to
// through needs a row; a row on any other day is refused. A zero through is the
// end of the trial, or of the extension once one of its days has a row.
func (s *Setting) fit(d Days, through day.Date) (*record, error) {
	if len(s.Days) > 0 && s.Days[0].Date.IsZero() {
		return s.fitUndated(d)
	}
	var faults fault.List
	at := func(line int) fault.Place { return fault.Place{File: d.File, Line: line} }
	by := map[day.Date]*Row{}
	for i := range d.Rows {
		by[d.Rows[i].Date] = &d.Rows[i]
	}
	rec := &record{days: s.Days}
	last := s.Days[len(s.Days)-1].Date
	for i := range d.Rows {
		if s.Long != nil && d.Rows[i].Date.After(last) {
			rec.extended = true
		}
	}
	if rec.extended {
		rec.days = append(slices.Clone(s.Days), s.More...)
	}
	planned := map[day.Date]bool{}
	for _, x := range rec.days {
		planned[x.Date] = true
	}
	for _, r := range d.Rows {
		if !planned[r.Date] {
			faults = append(faults, fault.New(fault.Invalid, CodeSchedule, "%s, a %s, is not a workday of the plan.", r.Date, r.Date.Weekday().Name()).At(at(r.Line)))
		}
	}
	for _, x := range rec.days {
		row := by[x.Date]
		rec.rows = append(rec.rows, row)
		if row == nil && (through.IsZero() || !x.Date.After(through)) {
			faults = append(faults, fault.New(fault.Invalid, CodeSchedule, "%s is a workday of the plan and has no row. Leave its value empty when there is none.", x.Date).At(fault.Place{File: d.File, Line: len(d.Rows) + 1}))
		}
		rec.open = rec.open || row == nil
	}
	if len(faults) > 20 {
		n := len(faults) - 20
		faults = append(faults[:20], fault.New(fault.Invalid, CodeSchedule, "There are %d more problems after these.", n).At(fault.Place{File: d.File}))
	}
	return rec, faults.OrNil()
}

func (s *Setting) fitUndated(d Days) (*record, error) {
	if len(d.Rows) != len(s.Days) {
		line := 1
		if len(d.Rows) > 0 {
			line = d.Rows[len(d.Rows)-1].Line
		}
		return nil, fault.New(fault.Invalid, CodeSchedule, "The plan has %d days and this file has %d.", len(s.Days), len(d.Rows)).At(fault.Place{File: d.File, Line: line})
	}
	rec := &record{days: slices.Clone(s.Days)}
	for i := range d.Rows {
		r := &d.Rows[i]
		rec.days[i].Date = r.Date
		rec.days[i].Week = r.Date.Monday().Sub(d.Rows[0].Date.Monday())/7 + 1
		rec.rows = append(rec.rows, r)
	}
	return rec, nil
}
