// Package timesheet reads what time trackers export as tables: one row per
// entry, with a day, perhaps a start, and a length. It keeps hours per day and,
// where a tag says so, home or office. It does not read what the time was spent on.
package timesheet

import (
	"bytes"
	"context"
	"errors"
	"time"

	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Layout names the columns of one tracker, each by the headings it may have.
type Layout struct {
	Source             string
	Fits               func(sheet.Header) bool
	Day                []string // the day, alone or with the time of day
	Start              []string // the time of day of the start
	EndDay, End        []string
	Length             []string
	Decimal            []string // the length in hours, preferred to Length
	Person             []string // name, e-mail: the first that is there stands for the person
	Tags               []string
	Kind               []string // a column that says break
	WholeNumberSeconds bool     // a length without a point or colon is in seconds
	Refuse             func(sheet.Header) error
}

// sameDay is how late an entry may end by its clock and surely lie in one day:
// no zone moves its clocks by more than three hours.
const sameDay = 21 * time.Hour

// columns is a layout found in one file.
type columns struct {
	day, start, endDay, end, length, decimal, kind, tags int
	person                                               []int
	marks                                                *tally.Marks
}

// Read reads a tracker's table.
func Read(ctx context.Context, in *input.Input, o tally.Options, l Layout) (tally.Result, error) {
	return sheet.Read(ctx, in, l.Source, o, l.Fits, func(h sheet.Header) (sheet.Plan, error) {
		if l.Refuse != nil {
			if err := l.Refuse(h); err != nil {
				return sheet.Plan{}, err
			}
		}
		c := columns{h.Find(l.Day...), h.Find(l.Start...), h.Find(l.EndDay...), h.Find(l.End...), h.Find(l.Length...), h.Find(l.Decimal...), h.Find(l.Kind...), h.Find(l.Tags...), nil, new(tally.Marks)}
		for _, name := range l.Person {
			if i := h.Find(name); i >= 0 {
				c.person = append(c.person, i)
			}
		}
		people := tally.NewPeople(o.Author)
		return sheet.Plan{
			Keep:  []int{c.day, c.start, c.endDay, c.end, c.length, c.decimal},
			Need:  append([]int{c.kind, c.tags}, c.person...),
			Dates: []int{c.day, c.endDay, c.end},
			Row:   func(t *tally.Tally, r *sheet.Row) error { return c.row(t, r, l, people) },
			Done:  func(*tally.Tally) error { return people.Fault("", "hours") },
		}, nil
	})
}

func (c columns) row(t *tally.Tally, r *sheet.Row, l Layout, people *tally.People) error {
	m, err := r.Date(c.day, "the day of the entry")
	if err != nil {
		return err
	}
	var who [4][]byte
	names := who[:0]
	for _, i := range c.person[:min(len(c.person), len(who))] {
		names = append(names, r.Cell(i))
	}
	if len(c.person) > 0 && !people.Mine(names...) {
		return nil
	}
	if k := r.Cell(c.kind); len(k) > 0 && bytes.EqualFold(k, []byte("break")) {
		return nil
	}
	place := c.marks.Of(r.Cell(c.tags))
	if clock := r.Cell(c.start); c.start >= 0 && len(clock) > 0 {
		d, ok := sheet.Clock(clock, r.Dates.Serial)
		if !ok {
			if whole, err := r.Dates.Read(clock); err == nil { // a moment with its own day
				m, d, ok = whole, whole.Clock, true
			} else if errors.Is(err, sheet.ErrAmbiguous) || errors.Is(err, sheet.ErrAgainst) {
				return err
			}
		}
		if !ok {
			return r.Bad("The time of the start cannot be read.")
		}
		m.Clock, m.Timed = d, true
	}
	length, known, err := c.span(r, l, m, t.Zone())
	switch {
	case err != nil:
		return err
	case !known:
		return r.Bad("This entry has no length and no end: a timer that still runs is not counted.")
	case !m.Timed:
		if length > 31*24*time.Hour {
			return r.Bad("This entry is longer than a month.")
		}
		t.Time(m.Date, tally.Hours, place, length)
		return nil
	}
	if !m.Zoned && m.Clock+length <= sameDay {
		t.Time(m.Date, tally.Hours, place, length)
		return nil
	}
	start := m.In(t.Zone())
	if !t.Span(start, start.Add(length), tally.Hours, place) {
		return r.Bad("This entry ends before it starts, or is longer than a month.")
	}
	return nil
}

// span returns how long an entry is.
func (c columns) span(r *sheet.Row, l Layout, m sheet.Moment, loc *time.Location) (time.Duration, bool, error) {
	bare, inBook := sheet.HoursUnit, r.Dates.Serial
	if inBook {
		bare = sheet.DaysUnit
	}
	if cell := r.Cell(c.decimal); len(cell) > 0 {
		if d, ok := sheet.Length(cell, sheet.HoursUnit); ok {
			return d, true, nil
		}
	}
	cell := r.Cell(c.length)
	plain := len(cell) > 0 && bytes.IndexAny(cell, ":.,hmsHMS") < 0
	if l.WholeNumberSeconds && plain {
		bare = sheet.SecondsUnit
	}
	if len(cell) > 0 && !(plain && c.end >= 0 && len(r.Cell(c.end)) > 0) {
		d, ok := sheet.Length(cell, bare)
		if !ok {
			return 0, false, r.Bad("The length of this entry cannot be read.")
		}
		return d, true, nil
	}
	return c.fromEnd(r, m, loc, len(cell) > 0)
}

// fromEnd counts from the start to the end of an entry.
func (c columns) fromEnd(r *sheet.Row, m sheet.Moment, loc *time.Location, must bool) (time.Duration, bool, error) {
	cell := r.Cell(c.end)
	if len(cell) == 0 || !m.Timed {
		return 0, false, nil
	}
	end := m
	if day := r.Cell(c.endDay); len(day) > 0 {
		var err error
		if end, err = r.Date(c.endDay, "the day of the end"); err != nil {
			return 0, false, err
		}
	}
	if clock, ok := sheet.Clock(cell, r.Dates.Serial); ok {
		end.Clock = clock
		if c.endDay < 0 && clock < m.Clock { // over midnight
			end.Date = end.Date.Add(1)
		}
	} else {
		var err error
		if end, err = r.Date(c.end, "the end of the entry"); err != nil {
			return 0, false, err
		}
	}
	d := end.In(loc).Sub(m.In(loc))
	if d < 0 {
		return 0, false, r.Bad("This entry ends before it starts.")
	}
	return d, true, nil
}
