package share

import (
	"slices"

	"homecase/day"
)

// MaxWeeks is the longest trial that terms name.
const MaxWeeks = 104

// Same tells whether terms say the same.
func (t Terms) Same(o Terms) bool {
	return t.HalfDays == o.HalfDays && slices.Equal(t.Weekdays, o.Weekdays) && t.Lottery == o.Lottery && t.Start == o.Start && t.Weeks == o.Weeks &&
		t.DecideOn == o.DecideOn && t.Stop == o.Stop && t.Notice == o.Notice && slices.Equal(t.Promises, o.Promises)
}

// Chosen tells whether the home days are some of the weekdays, chosen week by week
// and not by lot.
func (t Terms) Chosen() bool { return !t.Lottery && 2*len(t.Weekdays) > t.HalfDays+1 }

// LastDay is the Friday on which so many weeks end; zero where it is not known.
func LastDay(start day.Date, weeks int) day.Date {
	if start.IsZero() || weeks == 0 {
		return day.Date{}
	}
	return start.Monday().Add(7*weeks - 3)
}

// NeedsDays is how many weekdays terms must name for their home days; 0 where
// they need none.
func (t Terms) NeedsDays(was Terms) int {
	if need := (t.HalfDays + 1) / 2; len(t.Weekdays) < need && (len(t.Weekdays) > 0 || len(was.Weekdays) > 0) {
		return need
	}
	return 0
}

// Day is the day on which a decision was made: that of its line, or the one that
// the person wrote down with an answer that came another way.
func (d *Standing) Day() day.Date {
	if !d.On.IsZero() {
		return d.On
	}
	return day.Of(d.At)
}
