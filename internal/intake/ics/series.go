package ics

import (
	"time"

	"github.com/teambition/rrule-go"

	"homecase/internal/intake/tally"
)

// Limits of a series: fifty years of workdays, and all series of a file together.
const (
	maxInstances = 20_000
	maxAll       = 500_000
)

// monthDays is the longest each month can be.
var monthDays = [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// possible refuses rules that never match or that the calendar of a person
// does not have: looking for the next match could take for ever.
func possible(o *rrule.ROption) bool {
	if o.Freq > rrule.DAILY || o.Interval > 1000 || len(o.Bysetpos) > 0 && o.Freq == rrule.DAILY || len(o.Byeaster) > 0 ||
		len(o.Byyearday)+len(o.Byweekno) > 0 && o.Freq != rrule.YEARLY || len(o.Byhour)*max(1, len(o.Byminute))*max(1, len(o.Bysecond)) > 48 {
		return false
	}
	for _, n := range o.Bysetpos {
		if n > 31 || n < -31 {
			return false
		}
	}
	for _, n := range o.Byyearday {
		if n > 365 || n < -365 {
			return false
		}
	}
	for _, n := range o.Byweekno {
		if n > 52 || n < -52 {
			return false
		}
	}
	if len(o.Bymonthday) == 0 {
		return true
	}
	if len(o.Byweekday) > 0 && len(o.Bysetpos) > 0 || len(o.Byyearday)+len(o.Byweekno) > 0 {
		return false
	}
	months := o.Bymonth
	if len(months) == 0 {
		return true
	}
	for _, m := range months {
		for _, d := range o.Bymonthday {
			if m >= 1 && m <= 12 && d != 0 && max(d, -d) <= monthDays[m-1] {
				return true
			}
		}
	}
	return false
}

// instances lists when an event takes place: once, or for each time of its
// series that was not taken out or replaced by a changed one.
func (r *reader) instances(e *event, start time.Time) []time.Time {
	limit := r.until().Add(1).Time().Add(24 * time.Hour) // a day's room for zones
	if e.rule == "" || e.isOverride {
		return r.without(e, r.alsoOn(e, []time.Time{start}))
	}
	opt, err := rrule.StrToROptionInLocation(e.rule, start.Location())
	if err != nil || !tally.Known(e.start.m.Date) || !possible(opt) {
		r.t.Warn(e.line, "The rule of this series cannot be read, so only its first date counts.")
		return r.without(e, r.alsoOn(e, []time.Time{start}))
	}
	own := r.zones.described(e.start)
	moment := start
	if len(own) > 0 { // a zone only the file describes: count by the clock on the wall
		start = e.start.m.In(time.UTC)
		if !opt.Until.IsZero() {
			opt.Until = opt.Until.Add(time.Duration(offsetAt(own, opt.Until)) * time.Second)
		}
	}
	opt.Dtstart = start
	if !opt.Until.IsZero() && !e.start.m.Timed { // a day, whatever time stands beside it
		opt.Until = time.Date(opt.Until.Year(), opt.Until.Month(), opt.Until.Day(), 23, 59, 59, 0, time.UTC)
	}
	if opt.Until.IsZero() || opt.Until.After(limit) {
		opt.Until = limit
		r.goesOn = true
	}
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		r.t.Warn(e.line, "The rule of this series cannot be read, so only its first date counts.")
		return r.without(e, r.alsoOn(e, []time.Time{start}))
	}
	var out []time.Time
	if first := rule.After(start, true); !first.Equal(start) && !start.After(limit) {
		out = append(out, moment) // the start belongs to the series even when its rule leaves it out (RFC 5545, 3.8.5.3)
	}
	next := rule.Iterator()
	for at, ok := next(); ok && !at.After(limit); at, ok = next() {
		if len(out) >= maxInstances || r.series >= maxAll {
			r.t.Warn(e.line, "This series has more dates than are counted.")
			break
		}
		r.series++
		if len(own) > 0 {
			at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.FixedZone("", offsetAt(own, at)))
		}
		out = append(out, at)
	}
	return r.without(e, r.alsoOn(e, out))
}

// alsoOn adds the extra dates of a series.
func (r *reader) alsoOn(e *event, out []time.Time) []time.Time {
	for _, v := range e.extra {
		out = append(out, r.zones.at(v))
	}
	return out
}

// without takes out the exceptions. An exception that is only a day takes out
// whatever starts on that day in the series' own zone.
func (r *reader) without(e *event, all []time.Time) []time.Time {
	gone := map[int64]bool{}
	goneDay := map[string]bool{}
	for _, v := range e.except {
		if v.m.Timed {
			gone[r.zones.at(v).Unix()] = true
		} else {
			goneDay[v.m.Date.String()] = true
		}
	}
	out := all[:0]
	seen := map[int64]bool{}
	for _, at := range all {
		date := at.Format(time.DateOnly)
		replaced := !e.isOverride && (r.changed[key(e, at)] || r.changed[string(e.uid)+" "+date])
		if gone[at.Unix()] || goneDay[date] || replaced || seen[at.Unix()] {
			continue
		}
		seen[at.Unix()] = true
		out = append(out, at)
	}
	return out
}
