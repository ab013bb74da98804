package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// Header is the headings of a table. Headings may repeat.
type Header struct {
	names []string // as written, decoded
	folds []string
	Line  int
}

// maxColumns bounds what a broken first line can cost.
const maxColumns = 20_000

// NewHeader reads headings from a row.
func NewHeader(cells [][]byte, line int) Header {
	h := Header{Line: line}
	for _, c := range cells[:min(len(cells), maxColumns)] {
		name := strings.TrimSpace(strings.TrimPrefix(tally.Text(c[:min(len(c), 400)]), "\ufeff"))
		h.names = append(h.names, name)
		h.folds = append(h.folds, Fold(name))
	}
	return h
}

// Fold makes headings comparable: case, underscores and doubled spaces do not matter.
func Fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(s, "_", " "))), " ")
}

// Find returns the first column with one of the headings, the earlier ones
// preferred, or -1.
func (h Header) Find(names ...string) int {
	for _, n := range names {
		if i := slices.Index(h.folds, Fold(n)); i >= 0 {
			return i
		}
	}
	return -1
}

// Has tells whether all the headings are there.
func (h Header) Has(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return h.Find(n) < 0 })
}

// Width returns the number of columns.
func (h Header) Width() int { return len(h.names) }

// Name returns a heading, safe to print.
func (h Header) Name(i int) string {
	if i < 0 || i >= len(h.names) {
		return ""
	}
	return tally.Label(h.names[i])
}

// Folded returns a heading for comparison.
func (h Header) Folded(i int) string { return h.folds[i] }

// Row is one row while it is read.
type Row struct {
	Line  int
	Dates Dates
	cells [][]byte
}

// Cell returns a cell without spaces around it; a missing one is empty.
func (r *Row) Cell(i int) []byte {
	if i < 0 || i >= len(r.cells) {
		return nil
	}
	return bytes.TrimSpace(r.cells[i])
}

// Whole tells whether the row reaches as far as column i.
func (r *Row) Whole(i int) bool { return i < len(r.cells) }

// Bad returns an error that reports the row and goes on.
func (r *Row) Bad(say string) error { return &Bad{r.Line, say} }

// Plan is how a reader wants its table read.
type Plan struct {
	Keep  []int // columns whose numbers or days are kept; all others are listed as dropped
	Need  []int // columns looked at, kept or not
	Dates []int // columns with dates, searched when the order of day and month is unclear
	Row   func(t *tally.Tally, r *Row) error
	Done  func(t *tally.Tally) error // after the last row, may be nil
}

// Maker looks at the headings and says how to read the rows. It is called
// again when the table is read again, so what it counts starts afresh.
type Maker func(h Header) (Plan, error)

// headRows is how many lines may stand above the headings.
const headRows = 20

// Read reads a table. fits recognises the row of headings.
func Read(ctx context.Context, in *input.Input, source string, o tally.Options, fits func(Header) bool, mk Maker) (tally.Result, error) {
	order, given := o.DateOrder, o.DateOrder != ""
	for {
		p := pass{in: in, o: o, order: order, given: given, found: order != "" && !given}
		result, err := p.read(ctx, source, fits, mk)
		if !errors.Is(err, ErrAmbiguous) || order != "" {
			return result, err
		}
		if order, err = p.search(ctx, fits); err != nil {
			return tally.Result{}, err
		}
	}
}

// pass is one reading of a table.
type pass struct {
	in           *input.Input
	o            tally.Options
	order        tally.DateOrder
	given, found bool
	dates        []int
}

func (p *pass) open(fits func(Header) bool) (Rows, Header, error) {
	rows, err := Open(p.in, p.o.Record())
	if err != nil {
		return nil, Header{}, err
	}
	for range headRows {
		cells, line, err := rows.Next()
		var bad *Bad
		if errors.As(err, &bad) && line > 1 {
			continue
		}
		if err != nil {
			rows.Close()
			return nil, Header{}, p.headFault(line, err)
		}
		if h := NewHeader(cells, line); fits(h) {
			return rows, h, nil
		}
	}
	rows.Close()
	return nil, Header{}, p.headFault(1, nil)
}

func (p *pass) headFault(line int, err error) error {
	var bad *Bad
	if errors.As(err, &bad) {
		return fault.New(fault.Invalid, "HC-INTAKE-21", "The first line of this file cannot be read as headings: it is too long or its quotation marks do not close.").
			At(fault.Place{File: p.in.Name, Line: line})
	}
	if fault.CodeOf(err) != "" {
		return err
	}
	return fault.New(fault.Invalid, "HC-INTAKE-21", "The headings that this source has were not found.").At(fault.Place{File: p.in.Name, Line: line}).
		Then("See homecase evidence sources for the export to choose.").Because(err)
}

func (p *pass) read(ctx context.Context, source string, fits func(Header) bool, mk Maker) (tally.Result, error) {
	rows, h, err := p.open(fits)
	if err != nil {
		return tally.Result{}, err
	}
	defer rows.Close()
	plan, err := mk(h)
	if err != nil {
		return tally.Result{}, p.place(err, h.Line)
	}
	p.dates = plan.Dates
	t := tally.New(source, p.o)
	drop(t, h, plan.Keep)
	limit(rows, slices.Concat(plan.Keep, plan.Need, plan.Dates))
	row := &Row{Dates: Dates{Order: p.order, Serial: rows.Serial()}}
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return tally.Result{}, ctx.Err()
		}
		cells, line, err := rows.Next()
		if err == nil {
			t.Row()
			row.cells, row.Line = cells, line
			err = plan.Row(t, row)
		} else if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			continue
		}
		stop, err := p.weigh(t, line, err)
		if err != nil {
			return tally.Result{}, err
		}
		if stop {
			break
		}
	}
	if plan.Done != nil {
		if err := plan.Done(t); err != nil {
			return tally.Result{}, p.place(err, 0)
		}
	}
	return t.Result(), nil
}

// weigh decides what an error of a row means: a warning, the end, or a refusal.
func (p *pass) weigh(t *tally.Tally, line int, err error) (stop bool, _ error) {
	var bad *Bad
	switch {
	case errors.Is(err, ErrAgainst) && p.found:
		return false, fault.New(fault.Invalid, "HC-INTAKE-23", "Some dates in this file prove day first and some month first.").At(fault.Place{File: p.in.Name, Line: line}).
			Then("Say which is right with --date-order dmy or mdy; the others are then reported and left out.")
	case errors.Is(err, ErrAgainst):
		t.Warn(line, "The date cannot be read in the order of day and month that you gave.")
	case errors.As(err, &bad):
		t.Warn(bad.Line, "%s", bad.Say)
	case errors.Is(err, io.ErrUnexpectedEOF):
		t.Warn(line, "The file is cut off here. What came before is kept.")
		return true, nil
	case errors.Is(err, ErrAmbiguous):
		return false, ErrAmbiguous
	case fault.CodeOf(err) != "":
		return false, p.place(err, line)
	default:
		t.Warn(line, "The file cannot be read further. What came before is kept.")
		return true, nil
	}
	return false, nil
}

// place adds the file to a fault that has none.
func (p *pass) place(err error, line int) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Place.File == "" {
		f.At(fault.Place{File: p.in.Name, Line: line, Path: f.Place.Path})
	}
	return err
}

// search looks through the file for a date that can only be read one way.
func (p *pass) search(ctx context.Context, fits func(Header) bool) (tally.DateOrder, error) {
	rows, h, err := p.open(fits)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	limit(rows, p.dates)
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return "", ctx.Err()
		}
		cells, _, err := rows.Next()
		var bad *Bad
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			return "", fault.New(fault.Invalid, "HC-INTAKE-22", "No date in this file says whether the day or the month comes first.").At(fault.Place{File: p.in.Name, Line: h.Line + 1}).
				Then("Say which with --date-order dmy (3/4 is 3 April) or --date-order mdy (3/4 is 4 March).")
		}
		for _, i := range p.dates {
			if i >= 0 && i < len(cells) {
				if order := Decides(cells[i]); order != "" {
					return order, nil
				}
			}
		}
	}
}

// limit tells a CSV file how many cells of a row are wanted at all.
func limit(rows Rows, columns []int) {
	if c, ok := rows.(*csvReader); ok && len(columns) > 0 {
		c.enough = slices.Max(columns) + 1
	}
}

// drop lists the headings that are not kept; one that repeats is listed once.
func drop(t *tally.Tally, h Header, keep []int) {
	kept := map[string]bool{}
	for _, i := range keep {
		if i >= 0 && i < len(h.folds) {
			kept[h.folds[i]] = true
		}
	}
	for i, name := range h.names {
		if name != "" && !kept[h.folds[i]] {
			t.Drop(name)
		}
	}
}

// Date reads a cell as a date; what says which, for the warning.
func (r *Row) Date(i int, what string) (Moment, error) {
	m, err := r.Dates.Read(r.Cell(i))
	if errors.Is(err, ErrNoDate) {
		if !r.Whole(i) {
			return m, r.Bad("The line is too short: it ends before " + what + ".")
		}
		return m, r.Bad("This is not a date: " + what + ".")
	}
	return m, err
}

// Trim takes the spaces off a cell.
func Trim(cell []byte) []byte { return bytes.TrimSpace(cell) }
