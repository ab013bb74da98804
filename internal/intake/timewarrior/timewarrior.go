// Package timewarrior reads `timew export`: intervals in UTC with tags. It
// keeps hours per local day, and home or office where a tag says so. An
// interval that is still open has no end and is not counted.
package timewarrior

import (
	"bytes"
	"context"

	"homecase/internal/intake/input"
	"homecase/internal/intake/jsonwalk"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "timewarrior"

// Fits recognises the beginning of an export: a list of objects with a compact start.
func Fits(head []byte) bool {
	i := bytes.Index(head, []byte(`"start"`))
	if i < 0 || !bytes.HasPrefix(bytes.TrimSpace(head), []byte{'['}) {
		return false
	}
	rest := bytes.TrimLeft(head[i+7:], ` :"`)
	return len(rest) > 8 && rest[8] == 'T' && bytes.IndexByte(rest[:8], '-') < 0
}

type interval struct {
	start, end   sheet.Moment
	began, ended bool
	place        tally.Place
	mixed        bool
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	t := tally.New(Source, o)
	err := jsonwalk.Read(ctx, in, t, func(j *jsonwalk.Reader) error {
		return j.ArrayOrSkip(func() error { return one(j, t) })
	})
	if err != nil {
		return tally.Result{}, err
	}
	if o.TZ == nil && t.Rows() > 0 {
		t.Warn(0, "Timewarrior writes times in UTC. Give your time zone so that late hours count on the right day.")
	}
	return t.Result(), nil
}

func one(j *jsonwalk.Reader, t *tally.Tally) error {
	t.Row()
	if b, err := j.Peek(); err != nil || b != '{' {
		if err != nil {
			return err
		}
		t.Warn(j.Line(), "This is not an interval.")
		return j.Skip()
	}
	var i interval
	err := j.Object(func(key []byte) (err error) {
		switch string(key) {
		case "start":
			i.start, i.began, err = j.Moment()
		case "end":
			i.end, i.ended, err = j.Moment()
		case "tags":
			t.Drop("tags")
			return j.ArrayOrSkip(func() error { return i.tag(j) })
		default:
			t.DropKey("", key)
			return j.Skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if i.mixed {
		i.place = tally.Unknown
	}
	switch {
	case !i.began:
		t.Warn(j.Line(), "This interval has no readable start.")
	case !i.ended:
		t.Warn(j.Line(), "This interval is still open or its end cannot be read; it is not counted.")
	case !t.Span(i.start.In(t.Zone()), i.end.In(t.Zone()), tally.Hours, i.place):
		t.Warn(j.Line(), "This interval ends before it starts, or is longer than a month.")
	}
	return nil
}

func (i *interval) tag(j *jsonwalk.Reader) error {
	text, err := j.Text()
	if err != nil {
		return err
	}
	if p := tally.PlaceOf(text); p != tally.Unknown {
		i.mixed = i.mixed || i.place != tally.Unknown && i.place != p
		i.place = p
	}
	return nil
}
