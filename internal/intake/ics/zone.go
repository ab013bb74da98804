package ics

import (
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"homecase/internal/intake/tally"
)

// observance is a STANDARD or DAYLIGHT part of a VTIMEZONE.
type observance struct {
	to        int // seconds east of UTC while it holds
	from      int
	rule      *rrule.RRule
	more      []time.Time // RDATE onsets, as wall clock in UTC
	startWall time.Time
}

// zones finds the zone a calendar means.
type zones struct {
	own     map[string][]observance // by TZID, from the file
	found   map[string]*time.Location
	calName string // X-WR-TIMEZONE
	lost    map[string]bool
	o       tally.Options
}

func newZones(o tally.Options) *zones {
	return &zones{own: map[string][]observance{}, found: map[string]*time.Location{}, lost: map[string]bool{}, o: o}
}

// floating is the zone of times that name none.
func (z *zones) floating() *time.Location {
	if z.o.TZ != nil {
		return z.o.TZ
	}
	if loc, ok := z.location(z.calName); ok {
		return loc
	}
	return time.UTC
}

func (z *zones) location(name string) (*time.Location, bool) {
	if name == "" {
		return nil, false
	}
	if loc, ok := z.found[name]; ok {
		return loc, loc != nil
	}
	loc, ok := tally.Zone(name)
	if !ok {
		loc = nil
	}
	if len(z.found) < 1000 {
		z.found[name] = loc
	}
	return loc, ok
}

// at returns the moment of a value: by a zone known here, else by the file's
// own description of the zone, else as local time.
func (z *zones) at(v value) time.Time {
	if v.m.Zoned {
		return v.m.In(time.UTC)
	}
	if v.zone == "" {
		return v.m.In(z.floating())
	}
	if loc, ok := z.location(v.zone); ok {
		return v.m.In(loc)
	}
	if list := z.own[v.zone]; len(list) > 0 {
		wall := v.m.In(time.UTC)
		return v.m.In(time.FixedZone("", offsetAt(list, wall)))
	}
	if len(z.lost) < 1000 {
		z.lost[v.zone] = true
	}
	return v.m.In(z.floating())
}

// described returns the file's own description of a value's zone, when that is
// all there is to go by.
func (z *zones) described(v value) []observance {
	if v.m.Zoned || v.zone == "" {
		return nil
	}
	if _, ok := z.location(v.zone); ok {
		return nil
	}
	return z.own[v.zone]
}

// offsetAt returns the offset of the observance that began last before a wall clock time.
func offsetAt(list []observance, wall time.Time) int {
	best, offset := time.Time{}, list[0].from
	for _, o := range list {
		onset := o.startWall
		if onset.After(wall) {
			continue
		}
		if o.rule != nil {
			if at := o.rule.Before(wall, true); !at.IsZero() {
				onset = at
			}
		}
		for _, m := range o.more {
			if m.After(onset) && !m.After(wall) {
				onset = m
			}
		}
		if best.IsZero() || onset.After(best) {
			best, offset = onset, o.to
		}
	}
	return offset
}

// yearly reads the rule of an observance; only yearly ones describe a zone.
// The rule starts late: what happened before 1970 decides nothing here.
func yearly(text string, start time.Time) *rrule.RRule {
	opt, err := rrule.StrToROption(text)
	if err != nil || opt.Freq != rrule.YEARLY || len(opt.Byyearday) > 0 || len(opt.Byweekno) > 0 || len(opt.Bysetpos) > 0 || len(opt.Byhour) > 1 || len(opt.Byminute) > 1 || len(opt.Bysecond) > 1 || opt.Interval > 1 {
		return nil
	}
	if start.Year() < 1969 && opt.Count == 0 {
		start = time.Date(1969, start.Month(), 1, start.Hour(), start.Minute(), start.Second(), 0, time.UTC)
	}
	opt.Dtstart, opt.Count = start, 0
	if !possible(opt) {
		return nil
	}
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return nil
	}
	return rule
}

// utcOffset reads +0100 and -075258.
func utcOffset(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if len(text) != 5 && len(text) != 7 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	n := [3]int{}
	for i := 1; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n[(i-1)/2] = n[(i-1)/2]*10 + int(text[i]-'0')
	}
	v := n[0]*3600 + n[1]*60 + n[2]
	if text[0] == '-' {
		v = -v
	}
	return v, v > -16*3600 && v < 16*3600
}
