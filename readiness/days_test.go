package readiness

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDaysByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		week Week
		want float64
	}{
		// 40 h on 5 days: a half is 4 h.
		{"all portable", Week{5, 40, 0, 0}, 5},
		{"nothing portable", Week{5, 40, 40, 0}, 0},
		{"one hour short of half a day", Week{5, 40, 37, 0}, 0},                          // 40−37 = 3 < 4
		{"exactly half a day", Week{5, 40, 36, 0}, 0.5},                                  // 9 halves × 4 = 36
		{"campus manager: 5 h of paperwork", Week{5, 40, 35, 15}, 0.5},                   // 35 needs 9 halves; 3 h a day fit in 4
		{"accounts: 11 h in the office on any day", Week{5, 40, 11, 0}, 3.5},             // 11/4 → 3 halves, 7 left
		{"the same with an hour a day", Week{5, 40, 11, 5}, 2.5},                         // one half of each day stays
		{"daily work of half a day fits", Week{5, 40, 20, 20}, 2.5},                      // 4 h a day in 4 h
		{"daily work just over half a day", Week{5, 40, 20.5, 20.5}, 0},                  // 4.1 h a day > 4
		{"nurse: 30 of 37.5 daily", Week{5, 37.5, 30, 30}, 0},                            // 6 h a day > 3.75
		{"part time on three days", Week{3, 24, 8, 0}, 2},                                // a day of 8 h in the office
		{"part time on three days with daily work", Week{3, 24, 8, 3}, 1.5},              // one half a day each
		{"decimal hours that do not add up in binary", Week{5, 0.1 + 0.2, 0.27, 0}, 0.5}, // 9/10 of .3
		{"no week", Week{5, 0, 0, 0}, 0},
		{"six days", Week{6, 48, 0, 0}, 5}, // the ask never exceeds five
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.week.Supports(); got != c.want {
				t.Errorf("got %v days, want %v", got, c.want)
			}
		})
	}
}

// slowSupports tries every way of spending each day (office, half, home) and
// fills the office halves with whole units of work, day by day. It shares no
// formula with Supports: everything is counted in integer units.
func slowSupports(n, total, daily, other int) float64 {
	// One unit is 1/(2n) of an hour, so that half a day of `total` hours has
	// `total` units and an hour of work has 2n.
	half := total
	best := 0
	spend := make([]int, n) // halves at home of each day
	var try func(i int)
	try = func(i int) {
		if i < n {
			for h := range 3 {
				spend[i] = h
				try(i + 1)
			}
			return
		}
		k, left := 0, other*2*n
		for _, h := range spend {
			k += h
			room := (2 - h) * half
			today := daily * 2 // daily hours × 2n units, over n days
			if today > room {
				return
			}
			left -= min(left, room-today)
		}
		if left == 0 {
			best = max(best, min(k, 10))
		}
	}
	try(0)
	return float64(best) / 2
}

func TestDaysAgreeWithASlowSolver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "days")
		daily := rapid.IntRange(0, 40).Draw(t, "daily")
		other := rapid.IntRange(0, 40).Draw(t, "other")
		home := rapid.IntRange(0, 40).Draw(t, "home")
		total := daily + other + home
		want := 0.0
		if total > 0 {
			want = slowSupports(n, total, daily, other)
		}
		w := Week{Days: n, Total: float64(total), Tied: float64(daily + other), Daily: float64(daily)}
		if got := w.Supports(); got != want {
			t.Fatalf("%+v: got %v, the slow solver %v", w, got, want)
		}
	})
}

func TestDutyCountsNeverBetterThanWritten(t *testing.T) {
	for _, c := range []struct {
		duty Duty
		want Where
	}{
		{Duty{Where: Home}, Home},
		{Duty{Where: Home, Tests: Tests{No, No, No}}, Home},
		{Duty{Where: Home, Tests: Tests{Thing: Yes}}, Office},
		{Duty{Where: Home, Tests: Tests{Data: Unknown}}, WhereNotSure},
		{Duty{Where: Home, Conditions: []ConditionID{Handling}}, Office},
		{Duty{Where: HomeWithChange, Tests: Tests{Thing: Yes}}, HomeWithChange},
		{Duty{Where: HomeWithChange, Conditions: []ConditionID{Handling}}, Office},
		{Duty{Where: WhereNotSure}, WhereNotSure},
		{Duty{Where: WhereNotSure, Tests: Tests{People: Yes}}, WhereNotSure},
		{Duty{Where: Office}, Office},
		{Duty{}, WhereNotSure},
	} {
		if got := c.duty.Counts(); got != c.want {
			t.Errorf("%+v counts as %s, want %s", c.duty, got, c.want)
		}
	}
}
