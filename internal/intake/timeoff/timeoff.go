// Package timeoff reads the absences of TimeOff.Management. It keeps that a day
// was away, or at home where the absence is called so; it never keeps why: the
// kind of an absence can be about health. Colleagues' absences are refused.
package timeoff

import (
	"bytes"
	"context"

	"homecase/day"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "timeoff"

// Fits recognises the headings; "Date type" stands there twice.
func Fits(h sheet.Header) bool {
	return h.Has("Type of absence", "Started at", "Ended at")
}

// longest is the longest absence read, in days.
const longest = 400

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return sheet.Read(ctx, in, Source, o, Fits, func(h sheet.Header) (sheet.Plan, error) {
		people := tally.NewPeople(o.Author)
		c := columns{kind: h.Find("Type of absence"), from: h.Find("Started at"), to: h.Find("Ended at"),
			mail: h.Find("Email address"), name: h.Find("Name"), last: h.Find("Last name"), fromPart: -1, toPart: -1}
		for i := range h.Width() {
			if h.Folded(i) == "date type" && i > c.from && c.fromPart < 0 {
				c.fromPart = i
			} else if h.Folded(i) == "date type" && i > c.to {
				c.toPart = i
			}
		}
		return sheet.Plan{
			Keep: []int{c.from, c.to, c.fromPart, c.toPart}, Need: []int{c.kind, c.mail, c.name, c.last}, Dates: []int{c.from, c.to},
			Row:  func(t *tally.Tally, r *sheet.Row) error { return c.row(t, r, people) },
			Done: func(*tally.Tally) error { return people.Fault("", "absences") },
		}, nil
	})
}

type columns struct{ kind, from, to, fromPart, toPart, mail, name, last int }

func (c columns) row(t *tally.Tally, r *sheet.Row, people *tally.People) error {
	from, err := r.Date(c.from, "the start of the absence")
	if err != nil {
		return err
	}
	to, err := r.Date(c.to, "the end of the absence")
	if err != nil {
		return err
	}
	full := bytes.Join([][]byte{r.Cell(c.name), r.Cell(c.last)}, []byte{' '})
	if mail := r.Cell(c.mail); !people.Mine(mail, full, r.Cell(c.last)) {
		return nil
	}
	if n := to.Date.Sub(from.Date); n < 0 || n > longest {
		return r.Bad("This absence ends before it starts, or is longer than a year.")
	}
	measure, place := tally.AwayDays, tally.Unknown
	if place = tally.PlaceOf(r.Cell(c.kind)); place != tally.Unknown {
		measure = tally.MarkedDays
	}
	for d := from.Date; !d.After(to.Date); d = d.Add(1) {
		if w := d.Weekday(); w == day.Sat || w == day.Sun {
			continue
		}
		t.Add(d, measure, place, part(d, from.Date, to.Date, r.Cell(c.fromPart), r.Cell(c.toPart)))
	}
	return nil
}

// part is how much of day d is away: half when the first day starts in the
// afternoon or the last ends in the morning, as TimeOff.Management counts.
func part(d, from, to day.Date, first, last []byte) float64 {
	switch {
	case from == to && len(first) > 0 && !bytes.EqualFold(first, []byte("All Day")):
		return .5
	case from != to && d == from && bytes.EqualFold(first, []byte("Afternoon")),
		from != to && d == to && bytes.EqualFold(last, []byte("Morning")):
		return .5
	}
	return 1
}
