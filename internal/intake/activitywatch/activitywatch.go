// Package activitywatch reads ActivityWatch's export, with the buckets as a map
// or as a list, a single bucket, or a list of events. It keeps the hours during
// which the person was not away from the keyboard; two computers at once count
// once. Applications, titles and addresses are skipped unread.
package activitywatch

import (
	"bytes"
	"context"
	"time"

	"homecase/internal/intake/input"
	"homecase/internal/intake/jsonwalk"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "activitywatch"

// Fits recognises the beginning of an export.
func Fits(head []byte) bool {
	return bytes.Contains(head, []byte(`"buckets"`)) || bytes.Contains(head, []byte(`"events"`)) && bytes.Contains(head, []byte(`"duration"`)) ||
		bytes.Contains(head, []byte(`"timestamp"`)) && bytes.Contains(head, []byte(`"duration"`)) && bytes.Contains(head, []byte(`"data"`))
}

// longest is the longest event that is believed.
const longest = 31 * 24 * time.Hour

type reader struct {
	j              *jsonwalk.Reader
	t              *tally.Tally
	present        tally.Union // not away from the keyboard
	window         tally.Union // a window was in front
	status         bool        // some watcher knew presence
	event          event
	onEvent, onBag func([]byte) error
	onData         func([]byte) error
}

type event struct {
	start   sheet.Moment
	ok      bool
	seconds float64
	timed   bool
	known   bool // afk or not is told
	present bool
	window  bool
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	t := tally.New(Source, o)
	r := &reader{t: t}
	r.onEvent, r.onData, r.onBag = r.eventField, r.dataField, r.bucketField
	err := jsonwalk.Read(ctx, in, t, func(j *jsonwalk.Reader) error {
		r.j = j
		b, err := j.Peek()
		switch {
		case err != nil:
			return err
		case b == '{':
			return j.Object(r.top)
		case b == '[':
			return j.Array(r.bucketOrEvent)
		}
		return j.Skip()
	})
	if err != nil {
		return tally.Result{}, err
	}
	use := &r.present
	if !r.status {
		use = &r.window
		if !use.Empty() {
			t.Warn(0, "This export does not say when you were away from the keyboard, so time with a window open counts as hours.")
		}
	}
	use.Spread(t, tally.Hours, tally.Unknown)
	if use.Joined() > 0 {
		t.Warn(0, "Some days hold so many short events that gaps between them were closed.")
	}
	if o.TZ == nil && t.Rows() > 0 {
		t.Warn(0, "ActivityWatch writes times in UTC. Give your time zone with --tz so that late hours count on the right day.")
	}
	return t.Result(), nil
}

func (r *reader) top(key []byte) error {
	if string(key) != "buckets" {
		return r.bucketField(key)
	}
	b, err := r.j.Peek()
	switch {
	case err != nil:
		return err
	case b == '[':
		return r.j.Array(r.bucketOrEvent)
	case b == '{':
		return r.j.Object(func([]byte) error { return r.bucketOrEvent() }) // the name holds the computer's name: unread
	}
	return r.j.Skip()
}

// bucketOrEvent reads an object that is either: a bucket has events, an event a timestamp.
func (r *reader) bucketOrEvent() error {
	if b, err := r.j.Peek(); err != nil || b != '{' {
		if err != nil {
			return err
		}
		return r.j.Skip()
	}
	r.event = event{}
	err := r.j.Object(r.onBag)
	if r.event.timed || r.event.ok {
		r.close(err)
	}
	return err
}

func (r *reader) bucketField(key []byte) error {
	switch string(key) {
	case "events":
		if b, err := r.j.Peek(); err != nil || b != '[' {
			if err != nil {
				return err
			}
			return r.j.Skip()
		}
		err := r.j.Array(r.oneEvent)
		r.event = event{}
		return err
	case "timestamp", "duration":
		return r.eventField(key)
	case "data":
		return r.eventField(key)
	}
	r.t.DropKey("", key)
	return r.j.Skip()
}

func (r *reader) oneEvent() error {
	if b, err := r.j.Peek(); err != nil || b != '{' {
		if err != nil {
			return err
		}
		r.t.Row()
		r.t.Warn(r.j.Line(), "This is not an event.")
		return r.j.Skip()
	}
	r.event = event{}
	err := r.j.Object(r.onEvent)
	r.close(err)
	return err
}

func (r *reader) eventField(key []byte) (err error) {
	switch string(key) {
	case "timestamp":
		r.event.start, r.event.ok, err = r.j.Moment()
		return err
	case "duration":
		r.event.seconds, r.event.timed, err = r.j.Number()
		return err
	case "data":
		return r.j.ObjectOrSkip(r.onData)
	}
	r.t.DropKey("", key)
	return r.j.Skip()
}

func (r *reader) dataField(key []byte) error {
	switch string(key) {
	case "status":
		text, err := r.j.Text()
		r.event.known = string(text) == "not-afk" || string(text) == "afk"
		r.event.present = string(text) == "not-afk"
		return err
	case "app":
		r.event.window = true
	}
	r.t.DropKey("data.", key)
	return r.j.Skip()
}

// close counts an event that was read whole.
func (r *reader) close(err error) {
	if err != nil {
		return
	}
	r.t.Row()
	e := r.event
	length := time.Duration(e.seconds * float64(time.Second))
	switch {
	case !e.ok || !e.start.Timed:
		r.t.Warn(r.j.Line(), "This event has no readable timestamp.")
		return
	case !e.timed || e.seconds < 0 || e.seconds > longest.Seconds():
		r.t.Warn(r.j.Line(), "This event has no readable duration.")
		return
	}
	switch {
	case e.known:
		r.status = true
		if e.present {
			r.present.Add(e.start.In(time.UTC), length)
		}
	case e.window && !r.status:
		r.window.Add(e.start.In(time.UTC), length)
	}
}
