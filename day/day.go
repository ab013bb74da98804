// Package day is the calendar day: no clock, no time zone. A case, a law and a
// trial speak of days, and a day is the same day wherever the file is read.
//
// Months are counted the way statutes count them: the corresponding date, and
// the last day of a shorter month. What a period includes is the caller's
// matter; package policy says which statute counts how.
package day

import (
	"fmt"
	"strings"
	"time"
)

// Date is a calendar day. The zero Date is unknown.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// On returns the day, as written: On(2026, 2, 30) is not valid and stays so.
func On(year int, month time.Month, d int) Date { return Date{year, month, d} }

// Of returns the day on which t falls in its own zone.
func Of(t time.Time) Date { y, m, d := t.Date(); return Date{y, m, d} }

// Parse reads YYYY-MM-DD and refuses days that do not exist.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err == nil {
		return Of(t), nil
	}
	var y, m, d int
	if n, _ := fmt.Sscanf(s, "%4d-%2d-%2d", &y, &m, &d); n == 3 && len(s) == 10 {
		return Date{}, fmt.Errorf("%s is not a day of the calendar", s)
	}
	return Date{}, fmt.Errorf("%q is not a date written like 2026-11-24", s)
}

// Must is Parse for constants and tests; it panics on a bad date.
func Must(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero tells whether the day is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String writes YYYY-MM-DD, and nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText and UnmarshalText read and write YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Add returns the day n days later.
func (d Date) Add(n int) Date { return Of(d.Time().AddDate(0, 0, n)) }

// AddMonths returns the corresponding date n months later, or the last day of
// that month where it is too short: 31 December plus two months is 28 February.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Sub returns the number of days from o to d.
func (d Date) Sub(o Date) int { return int(d.Time().Sub(o.Time()).Hours() / 24) }

// Before tells whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Time().Before(o.Time()) }

// After tells whether d is later than o.
func (d Date) After(o Date) bool { return o.Before(d) }

// Weekday returns the day of the week.
func (d Date) Weekday() Weekday { return Weekday(d.Time().Weekday()) }

// Monday returns the Monday of d's week.
func (d Date) Monday() Date { return d.Add(-((int(d.Weekday()) + 6) % 7)) }

// Weekday is a day of the week, written mon to sun in files.
type Weekday time.Weekday

// The weekdays.
const (
	Sun Weekday = iota
	Mon
	Tue
	Wed
	Thu
	Fri
	Sat
)

var short = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Working lists Monday to Friday.
func Working() []Weekday { return []Weekday{Mon, Tue, Wed, Thu, Fri} }

// String writes mon to sun.
func (w Weekday) String() string {
	if w < 0 || int(w) >= len(short) {
		return "?"
	}
	return short[w]
}

// Name writes Monday to Sunday.
func (w Weekday) Name() string { return time.Weekday(w).String() }

// MarshalText writes mon to sun.
func (w Weekday) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads mon to sun, or the full English name.
func (w *Weekday) UnmarshalText(b []byte) error {
	s := strings.ToLower(string(b))
	for i, n := range short {
		if s == n || s == strings.ToLower(Weekday(i).Name()) {
			*w = Weekday(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a weekday: write mon, tue, wed, thu, fri, sat or sun", string(b))
}
