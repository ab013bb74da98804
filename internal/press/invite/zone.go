package invite

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// timezone writes the rules that hold in a zone around the meeting, read from
// Go's own copy of the time zone database.
//
// A zone that changes its clocks by the same rule in the years around the
// meeting gets that rule, as Outlook likes it; one that does not, for example
// where summer time follows the moon, gets the dates of its changes.
func timezone(zone *time.Location, at time.Time) *ics.VTimezone {
	tz := ics.NewTimezone(zone.String())
	changes := transitions(zone, at.Year()-1, at.Year()+2)
	before := last(changes, at)
	if before < 0 {
		name, offset := at.In(zone).Zone()
		tz.Components = append(tz.Components, observance(at.In(zone).IsDST(), time.Unix(0, 0).UTC(), offset, offset, name, ""))
		return tz
	}
	for _, i := range relevant(changes, before) {
		c := changes[i]
		tz.Components = append(tz.Components, observance(c.dst, c.local, c.from, c.to, c.name, rule(changes, i)))
	}
	return tz
}

// change is a moment when clocks change: the wall clock it happens at, before
// the change, and the offsets in seconds before and after.
type change struct {
	local    time.Time
	from, to int
	name     string
	dst      bool
}

// transitions finds the changes of a zone from the start of one year to the
// end of another, to the second.
func transitions(zone *time.Location, from, to int) []change {
	var out []change
	t := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(to+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for t.Before(end) {
		_, next := t.In(zone).ZoneBounds()
		if next.IsZero() || !next.Before(end) {
			break
		}
		_, before := next.Add(-time.Second).In(zone).Zone()
		name, after := next.In(zone).Zone()
		out = append(out, change{next.UTC().Add(time.Duration(before) * time.Second), before, after, name, next.In(zone).IsDST()})
		t = next.UTC()
	}
	return out
}

// last is the index of the change in force at a moment, -1 for none.
func last(changes []change, at time.Time) int {
	found := -1
	for i, c := range changes {
		if !c.local.Add(-time.Duration(c.from) * time.Second).After(at) {
			found = i
		}
	}
	return found
}

// relevant are the change in force at the meeting and the next of the other
// kind; with a rule each that is the zone for good, without one it is the
// stretch that matters.
func relevant(changes []change, i int) []int {
	if i+1 < len(changes) {
		return []int{i, i + 1}
	}
	return []int{i}
}

// rule describes a change that comes every year on the same weekday of the
// same week: "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU". It is empty unless that holds
// for the years at hand.
func rule(changes []change, i int) string {
	c := changes[i]
	seen := 0
	nth, final := true, true
	for _, o := range changes {
		if o.to != c.to || o.from != c.from || o.dst != c.dst {
			continue
		}
		if o.local.Month() != c.local.Month() || o.local.Weekday() != c.local.Weekday() || o.local.Hour() != c.local.Hour() || o.local.Minute() != c.local.Minute() {
			return ""
		}
		seen++
		nth = nth && (o.local.Day()-1)/7 == (c.local.Day()-1)/7
		final = final && o.local.AddDate(0, 0, 7).Month() != o.local.Month()
	}
	day := c.local.Weekday().String()[:2]
	day = string(day[0]) + string(day[1]-'a'+'A')
	switch {
	case seen < 3:
		return ""
	case final:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=-1%s", c.local.Month(), day)
	case nth:
		return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", c.local.Month(), (c.local.Day()-1)/7+1, day)
	}
	return ""
}

func observance(dst bool, local time.Time, from, to int, name, rule string) ics.Component {
	var base ics.ComponentBase
	base.AddProperty(ics.ComponentPropertyDtStart, local.Format("20060102T150405"))
	base.AddProperty("TZOFFSETFROM", offset(from))
	base.AddProperty("TZOFFSETTO", offset(to))
	base.AddProperty("TZNAME", name)
	if rule != "" {
		base.AddProperty(ics.ComponentPropertyRrule, rule)
	}
	if dst {
		return &ics.Daylight{ComponentBase: base}
	}
	return &ics.Standard{ComponentBase: base}
}

// offset writes seconds east of Greenwich as +0100.
func offset(seconds int) string {
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	s := fmt.Sprintf("%s%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		s += fmt.Sprintf("%02d", seconds%60)
	}
	return s
}
