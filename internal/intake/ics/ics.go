// Package ics reads calendars (RFC 5545). It keeps the hours in meetings per
// day, how many there were, and the days marked home or office. A meeting is a
// timed event that makes its owner busy; private, cancelled and declined ones
// are left out, and two at once take their time once. Titles are compared with
// the words for home and office and then forgotten; guests and places are not read.
//
// The file is read twice: first the time zones and the changed instances of
// series, then the events. Series go no further than Options.Until, or than the
// day on which the file was written.
package ics

import (
	"bufio"
	"bytes"
	"context"
	"time"

	ical "github.com/arran4/golang-ical"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "ics"

// Fits recognises a calendar.
func Fits(head []byte) bool {
	return bytes.Contains(bytes.ToUpper(head[:min(len(head), 1024)]), []byte("BEGIN:VCALENDAR"))
}

type reader struct {
	t         *tally.Tally
	o         tally.Options
	people    *tally.People
	zones     *zones
	changed   map[string]bool // uid and the moment that an instance replaces
	busy      tally.Union
	latest    time.Time // when the file was written, or the last day it knows
	marks     map[mark]bool
	private   int
	series    int
	goesOn    bool
	cut       bool
	count     map[day.Date]float64
	firstLine int
}

type mark struct {
	date  day.Date
	place tally.Place
}

// maxChanged bounds the memory for changed instances.
const maxChanged = 200_000

// Read reads a calendar.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	r := &reader{t: tally.New(Source, o), o: o, people: tally.NewPeople(o.Author), zones: newZones(o), changed: map[string]bool{}, marks: map[mark]bool{}, count: map[day.Date]float64{}}
	if err := r.pass(ctx, in, r.learn); err != nil {
		return tally.Result{}, err
	}
	if err := r.pass(ctx, in, r.take); err != nil {
		return tally.Result{}, err
	}
	r.finish()
	return r.t.Result(), nil
}

// pass reads the file once and gives every event to each.
func (r *reader) pass(ctx context.Context, in *input.Input, each func(*event)) error {
	text, err := in.Text()
	if err != nil {
		return err
	}
	l := &lines{r: bufio.NewReaderSize(text, 64<<10), line: 1, drop: r.dropName}
	seen := false
	var e *event
	depth := 0 // of components inside the event, such as alarms
	for n := 0; ; n++ {
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		p, line, err := l.next()
		if err != nil {
			r.cut = e != nil || !ended(err)
			r.firstLine = line
			if !seen {
				return fault.New(fault.Invalid, "HC-INTAKE-27", "This is not a calendar file.").At(fault.Place{File: in.Name, Line: 1}).Because(err)
			}
			return nil
		}
		name := p.IANAToken
		switch {
		case name == "BEGIN" && p.Value == "VCALENDAR":
			seen = true
		case name == "BEGIN" && p.Value == "VEVENT" && e == nil:
			e, depth = &event{line: line}, 0
		case name == "BEGIN" && e != nil:
			depth++
		case name == "END" && e != nil && depth > 0:
			depth--
		case name == "END" && e != nil:
			each(e)
			e = nil
		case e != nil && depth == 0:
			e.set(p, r.people)
		case e == nil:
			r.outside(p, l)
		}
	}
}

func (r *reader) dropName(name string) {
	if len(name) <= 40 {
		r.t.Drop(name)
	}
}

// outside reads what is not in an event: the calendar's zone and VTIMEZONEs.
func (r *reader) outside(p *ical.BaseProperty, l *lines) {
	switch {
	case p.IANAToken == "X-WR-TIMEZONE" && r.zones.calName == "":
		r.zones.calName = p.Value
	case p.IANAToken == "BEGIN" && p.Value == "VTIMEZONE":
		r.timezone(l)
	}
}

// timezone reads a VTIMEZONE to its end.
func (r *reader) timezone(l *lines) {
	var id, rule string
	var list []observance
	var now *observance
	for range 5000 {
		p, _, err := l.next()
		if err != nil {
			return
		}
		switch {
		case p.IANAToken == "END" && p.Value == "VTIMEZONE":
			if _, known := r.zones.own[id]; !known && id != "" && len(r.zones.own) < 200 {
				r.zones.own[id] = list
			}
			return
		case p.IANAToken == "TZID":
			id = p.Value
		case p.IANAToken == "BEGIN":
			now, rule = &observance{}, ""
		case p.IANAToken == "END" && now != nil:
			if !now.startWall.IsZero() && len(list) < 500 {
				if rule != "" {
					now.rule = yearly(rule, now.startWall)
				}
				list = append(list, *now)
			}
			now = nil
		case now != nil:
			now.set(p, &rule)
		}
	}
}

func (o *observance) set(p *ical.BaseProperty, rule *string) {
	switch p.IANAToken {
	case "DTSTART":
		o.startWall = wall(p.Value)
	case "RDATE":
		for _, v := range list(p, len(o.more)) {
			o.more = append(o.more, v.m.In(time.UTC))
		}
	case "TZOFFSETFROM":
		o.from, _ = utcOffset(p.Value)
	case "TZOFFSETTO":
		o.to, _ = utcOffset(p.Value)
	case "RRULE":
		*rule = p.Value
	}
}

// wall reads an onset, which may lie in the year 1601.
func wall(text string) time.Time {
	t, err := time.Parse("20060102T150405", text)
	if err != nil {
		return time.Time{}
	}
	return t
}

// key names an instance of a series.
func key(e *event, at time.Time) string { return string(e.uid) + at.UTC().Format(" 20060102T150405") }

// learn is the first pass: changed instances, and how far the file reaches.
func (r *reader) learn(e *event) {
	for _, v := range []value{e.stamp, e.start} {
		if v.m.Date.Year > 0 && (e.rule == "" || v == e.stamp) {
			if at := v.m.In(time.UTC); at.After(r.latest) {
				r.latest = at
			}
		}
	}
	if e.isOverride && len(e.uid) > 0 && len(r.changed) < maxChanged {
		r.changed[key(e, r.zones.at(e.override))] = true
		if !e.override.m.Timed { // some programs give only the day
			r.changed[string(e.uid)+" "+e.override.m.Date.String()] = true
		}
	}
}

// take is the second pass: it counts an event.
func (r *reader) take(e *event) {
	r.t.Row()
	switch {
	case e.badDate || !e.hasStart:
		r.t.Warn(e.line, "This event has no readable start or end.")
		return
	case e.cancelled || e.declined:
		return
	case e.private:
		r.private++
		return
	}
	if !e.start.m.Timed {
		r.wholeDays(e)
		return
	}
	if e.free && e.place == tally.Unknown {
		return
	}
	start := r.zones.at(e.start)
	length := time.Duration(0)
	switch {
	case e.hasEnd && e.end.m.Timed:
		length = r.zones.at(e.end).Sub(start)
	case e.hasLength:
		length = e.length
	}
	if length < 0 || length > 7*24*time.Hour {
		r.t.Warn(e.line, "This event ends before it starts, or is longer than a week.")
		return
	}
	for _, at := range r.instances(e, start) {
		if e.place != tally.Unknown { // "Home" from nine to five is a mark, not a meeting
			r.mark(day.Of(r.local(at)), e.place)
			continue
		}
		r.meeting(at, length)
	}
}

// local returns a moment on the person's clock.
func (r *reader) local(at time.Time) time.Time {
	if r.o.TZ != nil {
		return at.In(r.o.TZ)
	}
	if loc, ok := r.zones.location(r.zones.calName); ok {
		return at.In(loc)
	}
	return at
}

func (r *reader) meeting(at time.Time, length time.Duration) {
	if length == 0 {
		return // a reminder
	}
	r.count[day.Of(r.local(at))]++
	if r.o.TZ == nil { // keep the day that the calendar shows
		_, offset := r.local(at).Zone()
		at = at.Add(time.Duration(offset) * time.Second)
	}
	r.busy.Add(at, length)
}

func (r *reader) mark(d day.Date, p tally.Place) {
	if len(r.marks) < 100_000 {
		r.marks[mark{d, p}] = true
	}
}

// wholeDays reads an all-day event: only marks count.
func (r *reader) wholeDays(e *event) {
	if e.place == tally.Unknown {
		return
	}
	n := 1
	switch {
	case e.hasEnd:
		n = max(1, e.end.m.Date.Sub(e.start.m.Date)) // the end is not included
	case e.hasLength:
		n = max(1, int(e.length/(24*time.Hour)))
	}
	if n > 400 {
		r.t.Warn(e.line, "This event is longer than a year.")
		return
	}
	limit := r.until()
	for _, at := range r.instances(e, e.start.m.In(time.UTC)) {
		for i := range n {
			if d := day.Of(at).Add(i); !d.After(limit) {
				r.mark(d, e.place)
			}
		}
	}
}

// until is the last day that is counted.
func (r *reader) until() day.Date {
	if !r.o.Until.IsZero() {
		return r.o.Until
	}
	return day.Of(r.latest)
}

// finish turns what was found into numbers per day.
func (r *reader) finish() {
	places := map[day.Date]tally.Place{}
	both := 0
	for m := range r.marks {
		if p, ok := places[m.date]; ok && p != m.place {
			both++
			places[m.date] = tally.Unknown
			continue
		}
		places[m.date] = m.place
	}
	for d, p := range places {
		if p != tally.Unknown {
			r.t.Add(d, tally.MarkedDays, p, 1)
		}
	}
	limit := r.until()
	for d, n := range r.count {
		if !d.After(limit) {
			r.t.Add(d, tally.Meetings, places[d], n)
		}
	}
	r.busy.Each(func(start, end time.Time) {
		start, end = r.t.Local(start), r.t.Local(end)
		for start.Before(end) {
			stop := tally.Midnight(start)
			if stop.After(end) {
				stop = end
			}
			if d := day.Of(start); !d.After(limit) {
				r.t.Time(d, tally.MeetingHours, places[d], stop.Sub(start))
			}
			start = stop
		}
	})
	r.say(both)
}

func (r *reader) say(both int) {
	for _, f := range []string{"SUMMARY", "UID", "ATTENDEE"} {
		r.t.Drop(f)
	}
	if r.cut {
		r.t.Warn(r.firstLine, "The file is cut off here. What came before is kept.")
	}
	if both > 0 {
		r.t.Warn(0, "%d days are marked both home and office, so they are marked neither.", both)
	}
	if r.private > 0 {
		r.t.Warn(0, "%d private events are left out.", r.private)
	}
	if n := len(r.zones.lost); n > 0 {
		r.t.Warn(0, "%d time zones in this file are unknown; their events are read as local time.", n)
	}
	if r.goesOn && r.o.Until.IsZero() {
		r.t.Warn(0, "Series that go on are counted up to %s, the last day this file knows of.", r.until())
	}
}
