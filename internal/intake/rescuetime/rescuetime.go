// Package rescuetime reads RescueTime's reports by day, hour or five minutes,
// as CSV or JSON, and its daily summary. It keeps hours at the computer. It
// does not keep the productivity score: how it is computed is not published.
// Rankings have no days and are refused, rows about several people too.
package rescuetime

import (
	"bytes"
	"context"
	"time"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/jsonwalk"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "rescuetime"

// Fits recognises the headings of the CSV.
func Fits(h sheet.Header) bool {
	return h.Has("Time Spent (seconds)") && h.Find("Date", "Rank") >= 0
}

// FitsJSON recognises the beginning of the JSON.
func FitsJSON(head []byte) bool {
	return bytes.Contains(head, []byte(`"row_headers"`)) || bytes.Contains(head, []byte(`"productivity_pulse"`))
}

// ranking refuses a report without days.
func ranking() error {
	return fault.New(fault.Invalid, "HC-INTAKE-31", "This RescueTime report is a ranking and has no days.").Then("Export it by time: interval day or hour.")
}

// Read reads a report.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	if text, err := in.Text(); err == nil {
		var head [64]byte
		n, _ := text.Read(head[:])
		if b := bytes.TrimSpace(head[:n]); len(b) > 0 && (b[0] == '{' || b[0] == '[') {
			return readJSON(ctx, in, o)
		}
	}
	return sheet.Read(ctx, in, Source, o, Fits, func(h sheet.Header) (sheet.Plan, error) {
		when, spent, people := h.Find("Date"), h.Find("Time Spent (seconds)"), h.Find("Number of People")
		if when < 0 {
			return sheet.Plan{}, ranking()
		}
		return sheet.Plan{Keep: []int{when, spent}, Need: []int{people}, Dates: []int{when}, Row: func(t *tally.Tally, r *sheet.Row) error {
			m, err := r.Date(when, "the date")
			if err != nil {
				return err
			}
			if n, ok := sheet.Number(r.Cell(people)); ok && n > 1 {
				return r.Bad("This row adds up several people and is not counted.")
			}
			d, ok := sheet.Length(r.Cell(spent), sheet.SecondsUnit)
			if !ok {
				return r.Bad("The time spent cannot be read.")
			}
			t.Time(m.Date, tally.Hours, tally.Unknown, d) // a row is an hour at most, so it lies in one day
			return nil
		}}, nil
	})
}

type reader struct {
	j                     *jsonwalk.Reader
	t                     *tally.Tally
	when, spent, people   int
	column                int
	moment                sheet.Moment
	dated, counted, crowd bool
	seconds               float64
}

func readJSON(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	r := &reader{t: tally.New(Source, o), when: 0, spent: 1, people: 2}
	err := jsonwalk.Read(ctx, in, r.t, func(j *jsonwalk.Reader) error {
		r.j = j
		b, err := j.Peek()
		switch {
		case err != nil:
			return err
		case b == '{':
			return j.Object(r.report)
		case b == '[':
			return j.Array(r.summary)
		}
		return j.Skip()
	})
	if err != nil {
		return tally.Result{}, err
	}
	return r.t.Result(), nil
}

func (r *reader) report(key []byte) error {
	b, err := r.j.Peek()
	switch {
	case err != nil:
		return err
	case string(key) == "row_headers" && b == '[':
		return r.headers()
	case string(key) == "rows" && b == '[':
		return r.j.Array(r.row)
	}
	r.t.DropKey("", key)
	return r.j.Skip()
}

func (r *reader) headers() error {
	r.when, r.spent, r.people, r.column = -1, -1, -1, 0
	err := r.j.Array(func() error {
		text, err := r.j.Text()
		switch sheet.Fold(string(text)) {
		case "date":
			r.when = r.column
		case "time spent (seconds)":
			r.spent = r.column
		case "number of people":
			r.people = r.column
		default:
			r.t.Drop(tally.Text(text))
		}
		r.column++
		return err
	})
	if err == nil && (r.when < 0 || r.spent < 0) {
		return ranking()
	}
	return err
}

func (r *reader) row() error {
	r.t.Row()
	if b, err := r.j.Peek(); err != nil || b != '[' {
		if err != nil {
			return err
		}
		r.t.Warn(r.j.Line(), "This is not a row.")
		return r.j.Skip()
	}
	r.column, r.dated, r.counted, r.crowd = 0, false, false, false
	err := r.j.Array(func() (err error) {
		switch r.column {
		case r.when:
			r.moment, r.dated, err = r.j.Moment()
		case r.spent:
			r.seconds, r.counted, err = r.j.Number()
		case r.people:
			var n float64
			n, _, err = r.j.Number()
			r.crowd = n > 1
		default:
			err = r.j.Skip()
		}
		r.column++
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case !r.dated:
		r.t.Warn(r.j.Line(), "This row has no readable date.")
	case !r.counted || r.seconds < 0 || r.seconds > 86_400*31:
		r.t.Warn(r.j.Line(), "The time spent in this row cannot be read.")
	case r.crowd:
		r.t.Warn(r.j.Line(), "This row adds up several people and is not counted.")
	default:
		r.t.Time(r.moment.Date, tally.Hours, tally.Unknown, time.Duration(r.seconds*1000)*time.Millisecond)
	}
	return nil
}

// summary reads one day of the daily summary.
func (r *reader) summary() error {
	r.t.Row()
	if b, err := r.j.Peek(); err != nil || b != '{' {
		if err != nil {
			return err
		}
		r.t.Warn(r.j.Line(), "This is not a day.")
		return r.j.Skip()
	}
	r.dated, r.counted = false, false
	err := r.j.Object(func(key []byte) (err error) {
		switch string(key) {
		case "date":
			r.moment, r.dated, err = r.j.Moment()
			return err
		case "total_hours":
			r.seconds, r.counted, err = r.j.Number()
			return err
		}
		r.t.DropKey("", key)
		return r.j.Skip()
	})
	if err != nil {
		return err
	}
	if !r.dated || !r.counted || r.seconds < 0 || r.seconds > 25 {
		r.t.Warn(r.j.Line(), "This day has no readable date or hours.")
		return nil
	}
	r.t.Time(r.moment.Date, tally.Hours, tally.Unknown, time.Duration(r.seconds*3.6e6)*time.Millisecond)
	return nil
}
