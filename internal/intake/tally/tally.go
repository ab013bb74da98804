// Package tally keeps what an import may keep: a number per day, measure and
// place. It has no field for a title, a window, an address or a colleague, so
// no reader can store one; what was left out is listed by the name of its
// field. A line that could not be read is reported by its number, never by its
// content.
//
//	t := tally.New("toggl", o)
//	t.Row()
//	t.Span(start, end, tally.Hours, tally.Home)
//	result := t.Result()
package tally

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"homecase/day"
)

// Measure is what is counted in a day.
type Measure string

// The measures, finished work first. data of package intake says what each means.
const (
	Items        Measure = "items"
	PullRequests Measure = "pull_requests"
	Commits      Measure = "commits"
	StoryPoints  Measure = "story_points"
	Hours        Measure = "hours"
	MeetingHours Measure = "meeting_hours"
	Meetings     Measure = "meetings"
	// Interruptions are those a person wrote down; no program can count them.
	Interruptions Measure = "interruptions"
	MarkedDays    Measure = "marked_days" // the source says where the day was worked
	AwayDays      Measure = "away_days"   // not at work; why is not kept
)

var order = []Measure{Items, PullRequests, Commits, StoryPoints, Hours, MeetingHours, Meetings, Interruptions, MarkedDays, AwayDays}

// Place is where the day was worked, when the source knows.
type Place string

// The places.
const (
	Unknown Place = ""
	Home    Place = "home"
	Office  Place = "office"
)

// Kept is everything that is stored of one measure on one day.
type Kept struct {
	Date    day.Date `json:"date"`
	Measure Measure  `json:"measure"`
	Value   float64  `json:"value"`
	Place   Place    `json:"place"` // empty when the source does not know
}

// Warning is a line that was not counted, or, with line 0, something to know
// about the file as a whole.
type Warning struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Result is what an import would keep and what it drops.
type Result struct {
	Source        string    `json:"source"`
	Rows          int       `json:"rows"` // records read, wrong ones included
	Days          int       `json:"days"` // days with something kept
	Kept          []Kept    `json:"kept"`
	DroppedFields []string  `json:"dropped_fields"`
	Warnings      []Warning `json:"warnings"`
	// Author is whose work was counted, when the source needed to know.
	Author string `json:"author,omitempty"`
}

// DateOrder is how 03/04/2026 is to be read.
type DateOrder string

// The orders; the zero value lets the file decide, and asks when it cannot.
const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

// Columns says which column of a plain table holds what, by its heading.
type Columns struct {
	Date    string  // the day, or the moment, that the row is counted on
	Value   string  // empty: every row counts as one
	Measure Measure // empty: items, or what the heading of Value means
	Place   string  // a column that says home or office
	Person  string  // a column that says whose row it is
}

// Options are the person's choices for one import. The zero value is usable.
type Options struct {
	// TZ is the zone in which the days are the person's days. Without it a time
	// counts on the day that is written in the file.
	TZ        *time.Location
	DateOrder DateOrder
	// Author is the person whose work counts: e-mails, logins or names, separated by commas.
	Author string
	// From and Until limit the days, both included. A calendar's future is not yet a fact:
	// give the day of the import as Until.
	From, Until day.Date
	Columns     Columns
	// MaxRecord is the longest record in bytes, 8 MB when 0.
	MaxRecord int
	// MaxBytes is how much an archive may unpack to, 4 GB when 0.
	MaxBytes int64
}

// Record returns the longest record that is read.
func (o Options) Record() int {
	if o.MaxRecord > 0 {
		return o.MaxRecord
	}
	return 8 << 20
}

// Unpacked returns the most that an archive may unpack to.
func (o Options) Unpacked() int64 {
	if o.MaxBytes > 0 {
		return o.MaxBytes
	}
	return 4 << 30
}

// Limits that keep memory small whatever the file holds.
const (
	maxWarnings = 200
	maxFields   = 1000
	maxField    = 60                  // letters shown of a field's name
	maxSpan     = 31 * 24 * time.Hour // a longer span is a mistake in the file
)

type slot struct {
	date    day.Date
	measure Measure
	place   Place
}

// sum is what a slot adds up to; times are exact.
type sum struct {
	time  time.Duration
	count float64
}

// Tally adds up an import.
type Tally struct {
	source   string
	o        Options
	rows     int
	sums     map[slot]*sum
	last     slot // the slot of the entry before: most files are in order
	lastSum  *sum
	fields   map[string]bool
	order    []string
	warnings []Warning
	more     int
	outside  int
	Author   string
}

// New returns an empty tally.
func New(source string, o Options) *Tally {
	return &Tally{source: source, o: o, sums: map[slot]*sum{}, fields: map[string]bool{}}
}

// Row counts a record that was read.
func (t *Tally) Row() { t.rows++ }

// Rows returns how many records were read.
func (t *Tally) Rows() int { return t.rows }

// Zone returns the zone for times that say none.
func (t *Tally) Zone() *time.Location {
	if t.o.TZ != nil {
		return t.o.TZ
	}
	return time.UTC
}

// Local returns a moment in the person's zone, or as it is written.
func (t *Tally) Local(m time.Time) time.Time {
	if t.o.TZ != nil {
		return m.In(t.o.TZ)
	}
	return m
}

// fits tells whether a day can be counted, and remembers when it is outside the asked days.
func (t *Tally) fits(d day.Date) bool {
	if !t.o.From.IsZero() && d.Before(t.o.From) || !t.o.Until.IsZero() && d.After(t.o.Until) {
		t.outside++
		return false
	}
	return Known(d)
}

// at returns the sum of a slot.
func (t *Tally) at(s slot) *sum {
	if t.lastSum != nil && s == t.last {
		return t.lastSum
	}
	v := t.sums[s]
	if v == nil {
		v = new(sum)
		t.sums[s] = v
	}
	t.last, t.lastSum = s, v
	return v
}

// Known tells whether a day lies in the years that a work record can have.
func Known(d day.Date) bool { return d.Year >= 1970 && d.Year <= 2199 }

// Add counts v of a measure on a day.
func (t *Tally) Add(d day.Date, m Measure, p Place, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) && t.fits(d) {
		t.at(slot{d, m, p}).count += v
	}
}

// Time adds a duration to a day.
func (t *Tally) Time(d day.Date, m Measure, p Place, v time.Duration) {
	if v > 0 && t.fits(d) {
		t.at(slot{d, m, p}).time += v
	}
}

// Span adds the time from start to end to the local days on which it falls; it
// returns false when the span is backwards or too long to be true.
func (t *Tally) Span(start, end time.Time, m Measure, p Place) bool {
	length := end.Sub(start)
	if length < 0 || length > maxSpan {
		return false
	}
	start, end = t.Local(start), t.Local(end).In(t.Local(start).Location())
	for start.Before(end) {
		stop := Midnight(start)
		if stop.After(end) {
			stop = end
		}
		t.Time(day.Of(start), m, p, stop.Sub(start))
		start = stop
	}
	return true
}

// Midnight returns the first moment of the day after t, in t's zone. Where the
// clocks go forward at midnight, that moment is one o'clock.
func Midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
	for day.Of(next) == day.Of(t) || !next.After(t) {
		next = next.Add(30 * time.Minute)
	}
	return next
}

// Drop notes a field that is not kept, by its name.
func (t *Tally) Drop(name string) {
	if t.fields[name] || len(t.fields) >= maxFields {
		return
	}
	t.fields[name] = true
	t.order = append(t.order, Label(name))
}

// DropKey is Drop for a field's name as it stands in the file, inside parent.
func (t *Tally) DropKey(parent string, key []byte) {
	if parent == "" {
		if !t.fields[string(key)] {
			t.Drop(string(key))
		}
		return
	}
	var room [96]byte
	full := append(append(room[:0], parent...), key...)
	if !t.fields[string(full)] {
		t.Drop(string(full))
	}
}

// Label makes a heading safe to print: one line, no control characters, not long.
func Label(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxField {
		s = string(r[:maxField]) + "…"
	}
	return s
}

// Warn reports a line that was not counted. The text must not quote the file.
func (t *Tally) Warn(line int, text string, args ...any) {
	if line > 0 && len(t.warnings) >= maxWarnings {
		t.more++
		return
	}
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	t.warnings = append(t.warnings, Warning{line, text})
}

// Result returns what is kept: sorted by day, finished work before hours.
func (t *Tally) Result() Result {
	r := Result{Source: t.source, Rows: t.rows, Kept: []Kept{}, DroppedFields: t.order, Warnings: t.warnings, Author: t.Author}
	long := map[day.Date]time.Duration{}
	for s, v := range t.sums {
		if s.measure == Hours {
			long[s.date] += v.time
		}
		r.Kept = append(r.Kept, Kept{s.date, s.measure, round(v.time.Hours() + v.count), s.place})
	}
	slices.SortFunc(r.Kept, func(a, b Kept) int {
		return cmp.Or(a.Date.Sub(b.Date), cmp.Compare(slices.Index(order, a.Measure), slices.Index(order, b.Measure)),
			cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Place, b.Place))
	})
	for i, k := range r.Kept {
		if i == 0 || r.Kept[i-1].Date != k.Date {
			r.Days++
		}
	}
	if t.more > 0 {
		r.Warnings = append(r.Warnings, Warning{0, fmt.Sprintf("%d more lines were not counted for reasons like these.", t.more)})
	}
	if t.outside > 0 {
		r.Warnings = append(r.Warnings, Warning{0, fmt.Sprintf("%d entries lie outside the days asked for and were not counted.", t.outside)})
	}
	if w, ok := tooLong(long); ok {
		r.Warnings = append(r.Warnings, w)
	}
	if r.DroppedFields == nil {
		r.DroppedFields = []string{}
	}
	if r.Warnings == nil {
		r.Warnings = []Warning{}
	}
	return r
}

// tooLong warns of days that have more hours than a day has.
func tooLong(long map[day.Date]time.Duration) (Warning, bool) {
	n, when := 0, day.Date{}
	for d, v := range long {
		if v > 25*time.Hour { // the day on which the clocks go back has 25
			n++
			if when.IsZero() || d.Before(when) {
				when = d
			}
		}
	}
	if n == 0 {
		return Warning{}, false
	}
	return Warning{0, fmt.Sprintf("%d days have more than 24 hours, the first is %s. Look whether entries overlap or stand twice.", n, when)}, true
}

// round keeps four decimals: a third of a second in an hour.
func round(v float64) float64 { return math.Round(v*1e4) / 1e4 }
