package plan

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/day"
)

func dates(list []day.Date) []string {
	out := []string{}
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %d", d.Weekday(), d.Day))
	}
	return out
}

// By hand, with a calendar of January 2027: the 1st is a Friday.
func TestCalendarByHand(t *testing.T) {
	p := read(t, "start: 2027-01-11\nweeks: 3\nallowed: [mon, tue, wed, thu]\noffice_days: ['month-end:2', 2027-01-19]")
	c, err := p.Calendar([]day.Date{day.Must("2027-01-13")})
	if err != nil {
		t.Fatal(err)
	}
	if c.First != day.Must("2027-01-11") || c.Last != day.Must("2027-01-29") || len(c.Weeks) != 3 {
		t.Fatalf("%s to %s in %d weeks", c.First, c.Last, len(c.Weeks))
	}
	for i, want := range [][]string{
		{"mon 11", "tue 12", "thu 14"}, // the 13th is a holiday
		{"mon 18", "wed 20", "thu 21"}, // the 19th is kept in the office
		{"mon 25", "tue 26", "wed 27"}, // the 28th and 29th are the month's last working days
	} {
		if diff := cmp.Diff(want, dates(c.Weeks[i].Eligible)); diff != "" {
			t.Errorf("week %d (-want +got):\n%s", i+1, diff)
		}
	}
	if s, h := c.Days(); s != 14 || h != 3 {
		t.Errorf("%d scheduled and %d home days, want 14 and 3", s, h)
	}
}

func TestCalendarEdges(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		first, last string
		weeks       int
	}{
		{"eight weeks", "start: 2027-01-11\nweeks: 8", "2027-01-11", "2027-03-05", 8},
		{"a start on Wednesday makes a short week", "start: 2027-01-13\nweeks: 2", "2027-01-13", "2027-01-22", 2},
		{"a start on Saturday begins on Monday", "start: 2027-01-09\nweeks: 2", "2027-01-11", "2027-01-22", 2},
		{"until a day", "start: 2027-01-11\nuntil: 2027-01-20", "2027-01-11", "2027-01-20", 2},
		{"over the new year", "start: 2026-12-28\nweeks: 2", "2026-12-28", "2027-01-08", 2},
	} {
		p := read(t, c.text)
		got, err := p.Calendar(nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := p.WeekCount(); n != c.weeks {
			t.Errorf("%s: %d weeks counted, want %d", c.name, n, c.weeks)
		}
		if got.First.String() != c.first || got.Last.String() != c.last || len(got.Weeks) != c.weeks {
			t.Errorf("%s: %s to %s in %d weeks", c.name, got.First, got.Last, len(got.Weeks))
		}
	}
	for _, bad := range []string{"weeks: 8", "start: 2027-01-11", "start: 2027-01-09\nuntil: 2027-01-10"} {
		if c, err := read(t, bad).Calendar(nil); err == nil {
			t.Errorf("%s: laid out %+v", bad, c)
		}
	}
}

func TestDayRules(t *testing.T) {
	working := func(d day.Date) bool {
		return d.Weekday() != day.Sat && d.Weekday() != day.Sun && d != day.Must("2027-12-31")
	}
	for _, c := range []struct {
		rule, date string
		want       bool
	}{
		{"month-end", "2027-01-29", true}, // the 30th and 31st are a weekend
		{"month-end", "2027-01-28", false},
		{"month-end:2", "2027-01-28", true},
		{"month-end", "2027-01-31", false}, // a Sunday is no working day
		{"month-start", "2027-02-01", true},
		{"month-start:3", "2027-02-03", true},
		{"month-start:3", "2027-02-04", false},
		{"quarter-end", "2027-03-31", true},
		{"quarter-end", "2027-02-26", false},
		{"quarter-start", "2027-04-01", true},
		{"quarter-start", "2027-05-03", false},
		{"year-end", "2027-12-30", true}, // the 31st is a holiday here
		{"year-end:2", "2027-12-29", true},
		{"year-start", "2027-01-01", true},
		{"2027-01-19", "2027-01-19", true},
		{"2027-01-19", "2028-01-19", false},
	} {
		var r DayRule
		if err := r.UnmarshalText([]byte(c.rule)); err != nil {
			t.Fatal(err)
		}
		if got := r.Matches(day.Must(c.date), working); got != c.want {
			t.Errorf("%s on %s: %v", c.rule, c.date, got)
		}
		if r.String() != c.rule {
			t.Errorf("%s is written %s", c.rule, r)
		}
	}
}

// The calendar never schedules weekends or holidays, and never makes a day
// eligible that is not allowed.
func TestCalendarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := day.Must("2027-01-01").Add(rapid.IntRange(0, 700).Draw(t, "start"))
		p := Plan{Start: start, Weeks: rapid.IntRange(1, 20).Draw(t, "weeks"), Days: float64(rapid.IntRange(1, 10).Draw(t, "days")) / 2}
		p.Allowed = rapid.SliceOfNDistinct(rapid.SampledFrom(day.Working()), 1, 5, rapid.ID[day.Weekday]).Draw(t, "allowed")
		holidays := map[day.Date]bool{}
		var list []day.Date
		for range rapid.IntRange(0, 10).Draw(t, "holidays") {
			d := start.Add(rapid.IntRange(0, 140).Draw(t, "holiday"))
			holidays[d] = true
			list = append(list, d)
		}
		c, err := p.Calendar(list)
		if err != nil {
			return // a trial of one holiday week
		}
		var previous day.Date
		for _, w := range c.Weeks {
			if w.Home > len(w.Eligible) || w.Home > p.HomeDaysAWeek() {
				t.Fatalf("%d home days in %+v", w.Home, w)
			}
			for _, d := range w.Scheduled {
				if d.Weekday() == day.Sat || d.Weekday() == day.Sun || holidays[d] || !d.After(previous) || d.Before(start) || d.After(p.EndDate()) {
					t.Fatalf("%s is scheduled", d)
				}
				previous = d
			}
		}
	})
}
