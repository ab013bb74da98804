// Package wakatime reads what WakaTime and wakapi export: both data dumps,
// summaries, the status bar's day, lists of heartbeats, and wakapi's CSV. It
// keeps hours. Projects, files, languages and machines are skipped unread.
//
// Heartbeats become hours the way WakaTime joins them: two that are at most
// fifteen minutes apart belong together (its default keystroke timeout).
package wakatime

import (
	"bytes"
	"context"
	"math"
	"time"

	"homecase/day"
	"homecase/internal/intake/input"
	"homecase/internal/intake/jsonwalk"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "wakatime"

// timeout is WakaTime's default keystroke timeout.
const timeout = 15 * time.Minute

// Fits recognises the beginning of a JSON export.
func Fits(head []byte) bool {
	has := func(s string) bool { return bytes.Contains(head, []byte(s)) }
	return has(`"heartbeats"`) || has(`"grand_total"`) || has(`"total_seconds"`) || has(`"entity"`) && (has(`"time"`) || has(`"timestamp"`))
}

// FitsTable recognises wakapi's CSV of heartbeats.
func FitsTable(h sheet.Header) bool { return h.Has("entity", "time", "project", "language") }

type reader struct {
	j     *jsonwalk.Reader
	t     *tally.Tally
	beats tally.Union
	n     int
	item  item
	total func([]byte) error
	span  func([]byte) error
	field func([]byte) error
}

// item is what one object said: a day with its total, or a heartbeat.
type item struct {
	date      day.Date
	dated     bool
	seconds   float64
	totalled  bool
	beat      float64
	beaten    bool
	heartbeat bool // it names a file, so a time is due
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	if isTable(in) {
		return readTable(ctx, in, o)
	}
	t := tally.New(Source, o)
	r := &reader{t: t, beats: tally.Union{Gap: timeout}}
	r.total, r.span, r.field = r.totalField, r.rangeField, r.itemField
	err := jsonwalk.Read(ctx, in, t, func(j *jsonwalk.Reader) error {
		r.j = j
		return r.value()
	})
	if err != nil {
		return tally.Result{}, err
	}
	r.beats.Spread(t, tally.Hours, tally.Unknown)
	if r.n > 0 && o.TZ == nil {
		t.Warn(0, "Heartbeats are in UTC. Give your time zone so that late hours count on the right day.")
	}
	return t.Result(), nil
}

// isTable tells whether the text does not begin like JSON.
func isTable(in *input.Input) bool {
	text, err := in.Text()
	if err != nil {
		return false
	}
	var head [64]byte
	n, _ := text.Read(head[:])
	b := bytes.TrimSpace(head[:n])
	return len(b) > 0 && b[0] != '{' && b[0] != '['
}

// value reads a list, an object, or skips what is neither.
func (r *reader) value() error {
	b, err := r.j.Peek()
	switch {
	case err != nil:
		return err
	case b == '[':
		return r.j.Array(r.value)
	case b == '{':
		return r.object()
	}
	return r.j.Skip()
}

func (r *reader) object() error {
	outer := r.item
	r.item = item{}
	if err := r.j.Object(r.field); err != nil {
		return err
	}
	r.close()
	r.item = outer
	return nil
}

func (r *reader) itemField(key []byte) (err error) {
	switch string(key) {
	case "days", "heartbeats", "data", "responses":
		return r.value()
	case "date":
		m, ok, err := r.j.Moment()
		r.item.date, r.item.dated = m.Date, ok
		return err
	case "range":
		return r.j.ObjectOrSkip(r.span)
	case "grand_total":
		return r.j.ObjectOrSkip(r.total)
	case "time", "timestamp":
		r.item.beat, r.item.beaten, err = r.j.Number()
		return err
	case "entity":
		r.item.heartbeat = true
	}
	r.t.DropKey("", key)
	return r.j.Skip()
}

func (r *reader) rangeField(key []byte) error {
	if string(key) != "date" {
		return r.j.Skip()
	}
	m, ok, err := r.j.Moment()
	r.item.date, r.item.dated = m.Date, ok
	return err
}

func (r *reader) totalField(key []byte) (err error) {
	if string(key) != "total_seconds" {
		return r.j.Skip()
	}
	r.item.seconds, r.item.totalled, err = r.j.Number()
	return err
}

func (r *reader) close() {
	i := r.item
	switch {
	case i.heartbeat || i.beaten:
		r.t.Row()
		if !r.beat(i.beat, i.beaten) {
			r.t.Warn(r.j.Line(), "This heartbeat has no readable time.")
		}
	case i.totalled:
		r.t.Row()
		if !i.dated {
			r.t.Warn(r.j.Line(), "This total has no date.")
			return
		}
		if i.seconds < 0 || i.seconds > 86_400*1.05 {
			r.t.Warn(r.j.Line(), "This day has more seconds than a day.")
			return
		}
		r.t.Time(i.date, tally.Hours, tally.Unknown, time.Duration(i.seconds*1000)*time.Millisecond)
	}
}

// beat adds a heartbeat at a time in seconds since 1970.
func (r *reader) beat(at float64, ok bool) bool {
	if !ok || !(at > 0 && at < 7.2e9) { // the years 1970 to 2198
		return false
	}
	r.n++
	whole, frac := math.Modf(at)
	r.beats.Add(time.Unix(int64(whole), int64(frac*1e3)*1e6), 0)
	return true
}

func readTable(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return sheet.Read(ctx, in, Source, o, FitsTable, func(h sheet.Header) (sheet.Plan, error) {
		r := &reader{beats: tally.Union{Gap: timeout}}
		at := h.Find("time")
		return sheet.Plan{Keep: []int{at}, Row: func(_ *tally.Tally, row *sheet.Row) error {
			cell := row.Cell(at)
			v, ok := sheet.Number(cell)
			if !ok {
				m, err := row.Dates.Read(cell)
				if ok = err == nil && m.Timed; ok {
					v = float64(m.In(time.UTC).UnixMilli()) / 1000
				}
			}
			if !r.beat(v, ok) {
				return row.Bad("This heartbeat has no readable time.")
			}
			return nil
		}, Done: func(t *tally.Tally) error {
			r.beats.Spread(t, tally.Hours, tally.Unknown)
			if o.TZ == nil {
				t.Warn(0, "Heartbeats are in UTC. Give your time zone so that late hours count on the right day.")
			}
			return nil
		}}, nil
	})
}
