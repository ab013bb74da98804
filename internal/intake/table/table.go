// Package table reads any table with a column of dates: CSV or XLSX. Which
// column holds what is suggested by the headings, shown on a page to match
// them, and decided by the person; the cells are never shown. Without a column
// of values every row counts as one finished item.
package table

import (
	"context"
	"errors"
	"io"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "table"

// dates are headings that mean the day something was finished or done, the surest first.
var dates = []string{"Finished date", "Date finished", "Finished", "Finished at", "Completed", "Completed at", "Completed date", "Completion date", "Date completed",
	"Closed", "Closed at", "Closed date", "Date closed", "Resolved", "Resolved at", "Resolution date", "Done", "Done at", "Done date", "Delivered", "Shipped", "Merged at",
	"Date", "Day", "Work date", "Entry date", "Datum", "Fecha", "Data", "Dag"}

// values are headings that hold the number of the day, and what they mean.
var values = []struct {
	heading string
	measure tally.Measure
}{
	{"Items", tally.Items}, {"Count", tally.Items}, {"Finished items", tally.Items}, {"Tasks", tally.Items}, {"Tickets", tally.Items}, {"Cases", tally.Items},
	{"Invoices", tally.Items}, {"Calls", tally.Items}, {"Orders", tally.Items}, {"Pages", tally.Items}, {"Number", tally.Items}, {"Value", tally.Items},
	{"Commits", tally.Commits}, {"Pull requests", tally.PullRequests}, {"Story points", tally.StoryPoints}, {"Hours", tally.Hours}, {"Hours worked", tally.Hours},
	{"Stunden", tally.Hours}, {"Heures", tally.Hours}, {"Uren", tally.Hours}, {"Horas", tally.Hours}, {"Meeting hours", tally.MeetingHours}, {"Meetings", tally.Meetings},
	{"Interruptions", tally.Interruptions}, {"Interrupted", tally.Interruptions}, {"Unterbrechungen", tally.Interruptions}, {"Interrupciones", tally.Interruptions},
}

var placeNames = []string{"Place", "Location", "Where", "Work location", "Home or office", "WFH"}

// Column is a column as the matching page shows it.
type Column struct {
	Name string `json:"name"`
	// Holds is what the first rows hold: date, number, place, text or empty.
	Holds string `json:"holds"`
	// Filled is the share of the first rows that have something here.
	Filled float64 `json:"filled"`
}

// Page is what a person needs to match columns: their headings, what they hold, and a suggestion.
type Page struct {
	Columns []Column      `json:"columns"`
	Rows    int           `json:"rows"` // rows looked at
	Suggest tally.Columns `json:"suggest"`
}

// looked is how many rows the page looks at.
const looked = 200

// Fits recognises a table with a column that is surely a date by its heading.
func Fits(h sheet.Header) bool { return h.Width() >= 1 && h.Find(dates...) >= 0 }

// Match looks at a table and suggests which column is which. No cell is in the answer.
func Match(ctx context.Context, in *input.Input, o tally.Options) (Page, error) {
	rows, err := sheet.Open(in, o.Record())
	if err != nil {
		return Page{}, err
	}
	defer rows.Close()
	cells, line, err := rows.Next()
	if err != nil {
		return Page{}, fault.New(fault.Invalid, "HC-INTAKE-21", "This table has no line of headings.").At(fault.Place{File: in.Name, Line: 1}).Because(err)
	}
	h := sheet.NewHeader(cells, line)
	seen := make([]kinds, h.Width())
	d := sheet.Dates{Order: tally.DayFirst, Serial: rows.Serial()}
	page := Page{}
	for page.Rows < looked && ctx.Err() == nil {
		cells, _, err := rows.Next()
		var bad *sheet.Bad
		if errors.As(err, &bad) {
			continue
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && page.Rows == 0 {
				return Page{}, err
			}
			break
		}
		page.Rows++
		for i := range seen {
			if i < len(cells) {
				seen[i].look(cells[i], d)
			}
		}
	}
	for i, k := range seen {
		page.Columns = append(page.Columns, Column{h.Name(i), k.holds(), k.share(page.Rows)})
	}
	page.Suggest = suggest(h, seen)
	return page, ctx.Err()
}

// kinds counts what a column holds.
type kinds struct{ filled, date, number, place int }

func (k *kinds) look(cell []byte, d sheet.Dates) {
	r := sheet.Trim(cell)
	if len(r) == 0 {
		return
	}
	k.filled++
	v, isNumber := sheet.Number(r)
	isNumber = isNumber && !(d.Serial && v >= 36_526 && v < 73_051) // the years 2000 to 2099 in a workbook
	if _, err := d.Read(r); (err == nil || errors.Is(err, sheet.ErrAgainst)) && !isNumber {
		k.date++
	} else if tally.PlaceOf(r) != tally.Unknown {
		k.place++
	} else if isNumber {
		k.number++
	}
}

func (k kinds) holds() string {
	most := func(n int) bool { return k.filled > 0 && n*10 >= k.filled*9 }
	switch {
	case k.filled == 0:
		return "empty"
	case most(k.date):
		return "date"
	case most(k.number):
		return "number"
	case most(k.place):
		return "place"
	}
	return "text"
}

func (k kinds) share(rows int) float64 {
	if rows == 0 {
		return 0
	}
	return float64(k.filled) / float64(rows)
}

func suggest(h sheet.Header, seen []kinds) tally.Columns {
	var c tally.Columns
	if i := h.Find(dates...); i >= 0 {
		c.Date = h.Name(i)
	} else {
		for i, k := range seen {
			if k.holds() == "date" {
				c.Date = h.Name(i)
				break
			}
		}
	}
	c.Measure = tally.Items
	for _, v := range values {
		if i := h.Find(v.heading); i >= 0 && (2*seen[i].number >= seen[i].filled || v.measure == tally.Hours) {
			c.Value, c.Measure = h.Name(i), v.measure
			break
		}
	}
	if i := h.Find(placeNames...); i >= 0 {
		c.Place = h.Name(i)
	}
	return c
}

// columns is a match found in one file.
type columns struct {
	date, value, place, person int
	measure                    tally.Measure
	mine                       *tally.People
	empty                      int
}

// Read reads a table by the columns of the options, or by the suggestion.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	want := o.Columns
	if want.Date == "" || want.Value == "" {
		page, err := Match(ctx, in, o)
		if err != nil {
			return tally.Result{}, err
		}
		if want.Date == "" {
			want.Date = page.Suggest.Date
			if want.Value == "" && want.Measure == "" {
				want.Value, want.Measure = page.Suggest.Value, page.Suggest.Measure
			}
			if want.Place == "" {
				want.Place = page.Suggest.Place
			}
		}
	}
	first := func(h sheet.Header) bool { return true }
	return sheet.Read(ctx, in, Source, o, first, func(h sheet.Header) (sheet.Plan, error) {
		c := &columns{date: -1, value: -1, place: -1, person: -1, measure: want.Measure, mine: tally.NewPeople(o.Author)}
		for _, x := range []struct {
			to   *int
			name string
		}{{&c.date, want.Date}, {&c.value, want.Value}, {&c.place, want.Place}, {&c.person, want.Person}} {
			if x.name == "" {
				continue
			}
			if *x.to = find(h, x.name); *x.to < 0 {
				return sheet.Plan{}, fault.New(fault.Invalid, "HC-INTAKE-28", "There is no column named %q.", tally.Label(x.name)).Then("Write the heading as the file does.")
			}
		}
		if c.date < 0 {
			return sheet.Plan{}, fault.New(fault.Invalid, "HC-INTAKE-28", "No column of this table holds dates under a heading known here.").Then("Say which column is the date.")
		}
		if c.measure == "" {
			c.measure = measureOf(h, c.value)
		}
		return sheet.Plan{Keep: []int{c.date, c.value, c.place}, Need: []int{c.person}, Dates: []int{c.date}, Row: c.row, Done: c.end}, nil
	})
}

// find returns a column by its heading as the page printed it.
func find(h sheet.Header, name string) int {
	if i := h.Find(name); i >= 0 {
		return i
	}
	for i := range h.Width() {
		if h.Name(i) == name {
			return i
		}
	}
	return -1
}

func measureOf(h sheet.Header, value int) tally.Measure {
	if value >= 0 {
		for _, v := range values {
			if h.Folded(value) == sheet.Fold(v.heading) {
				return v.measure
			}
		}
	}
	return tally.Items
}

func (c *columns) row(t *tally.Tally, r *sheet.Row) error {
	if len(r.Cell(c.date)) == 0 && r.Whole(c.date) {
		c.empty++
		return nil
	}
	m, err := r.Date(c.date, "the date")
	if err != nil {
		return err
	}
	if c.person >= 0 && !c.mine.Mine(r.Cell(c.person)) {
		return nil
	}
	d, place := m.Date, tally.Unknown
	if m.Zoned {
		d = day.Of(t.Local(m.In(t.Zone())))
	}
	if c.place >= 0 {
		place = tally.PlaceOf(r.Cell(c.place))
	}
	if c.value < 0 {
		t.Add(d, c.measure, place, 1)
		return nil
	}
	cell := r.Cell(c.value)
	if len(cell) == 0 {
		c.empty++
		return nil
	}
	if c.measure == tally.Hours || c.measure == tally.MeetingHours {
		length, ok := sheet.Length(cell, sheet.HoursUnit)
		if !ok {
			return r.Bad("The number of hours cannot be read.")
		}
		t.Time(d, c.measure, place, length)
		return nil
	}
	v, ok := sheet.Number(cell)
	if !ok || v < 0 {
		return r.Bad("The number cannot be read, or is below nought.")
	}
	t.Add(d, c.measure, place, v)
	return nil
}

func (c *columns) end(t *tally.Tally) error {
	if c.empty > 0 {
		t.Warn(0, "%d rows have no date or no number and are not counted.", c.empty)
	}
	return c.mine.Fault("", "rows")
}
