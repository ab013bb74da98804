package readiness

import (
	"math"
	"slices"
	"strconv"
)

// tied tells whether a test or a condition ties the duty to the office as
// things are now.
func (d Duty) tied() bool {
	return len(d.Conditions) > 0 || d.Tests.Thing == Yes || d.Tests.People == Yes || d.Tests.Data == Yes
}

// testOpen tells whether the person wrote that a test is not known.
func (d Duty) testOpen() bool {
	for _, t := range []Answer{d.Tests.Thing, d.Tests.People, d.Tests.Data} {
		if t == NotSure || t == Unknown {
			return true
		}
	}
	return false
}

// Counts returns the place for which the duty's hours count. It is never
// better than what the person wrote: a tied duty counts as office, and a duty
// with a test that is not known counts as not sure. A change can undo a test
// but not a condition.
func (d Duty) Counts() Where {
	switch {
	case d.Where == Office:
		return Office
	case len(d.Conditions) > 0:
		return Office
	case d.Where == HomeWithChange:
		return HomeWithChange
	case d.Where != Home:
		return WhereNotSure
	case d.tied():
		return Office
	case d.testOpen():
		return WhereNotSure
	}
	return Home
}

// binds returns how office hours of the duty bind; not known counts as daily.
func (d Duty) binds() Binding {
	if d.Binds == Weekly || d.Binds == Any {
		return d.Binds
	}
	return Daily
}

// Hours adds up the week by where each duty counts.
func (a Answers) Hours() Hours {
	var h Hours
	for _, d := range a.Duties {
		switch d.Counts() {
		case Home:
			h.Home += d.Hours
		case HomeWithChange:
			h.HomeWithChange += d.Hours
		case Office:
			h.Office += d.Hours
		default:
			h.NotSure += d.Hours
		}
	}
	return h
}

// Week is what the model of days needs to know.
type Week struct {
	Days  int     // working days a week, 1 to 7
	Total float64 // hours a week
	Tied  float64 // hours that must be in the office, daily ones included
	Daily float64 // hours of those that must be there on every working day
}

// Week reads the model's inputs from the answers. With changes, duties marked
// home_with_change are taken as done at home; without, as office work tied to
// no day.
func (a Answers) Week(withChanges bool) Week {
	w := Week{Days: a.WorkingDays}
	if w.Days < 1 || w.Days > 7 {
		w.Days = 5
	}
	for _, d := range a.Duties {
		w.Total += d.Hours
		where := d.Counts()
		if where == Home || where == HomeWithChange && withChanges {
			continue
		}
		w.Tied += d.Hours
		if d.binds() == Daily && !(where == HomeWithChange && d.Binds == "") {
			w.Daily += d.Hours // a duty that is to move home need not say how it binds
		}
	}
	return w
}

// Supports returns the largest number of home days, in halves, that the week
// allows.
//
// The model. A week of H hours on n days has days of H/n hours, and each day
// has two halves. A home day is two halves at home, half a home day is one. Two
// things must fit into the office halves:
//
//   - every day: the daily-bound work of that day, D/n hours. So no day with
//     daily-bound work can be a full home day, and a day can be half a home day
//     only when D/n is at most half a day, H/2n;
//   - over the week: all office-bound hours O, daily ones included. With k halves
//     at home the office has (2n − k) · H/2n hours. Weekly and any-day work is
//     taken to be movable between the office halves, also in parts.
//
// The answer is the largest k/2 for which both hold.
//
// Example. H = 40, n = 5: a day has 8 hours, a half 4. Post takes 5 hours and
// must be done daily (1 hour a day), meetings take 6 on a day others set, the
// other 29 can be done at home: O = 11. Office halves needed for O: 11/4, so 3,
// which leaves k ≤ 7. But post keeps one half of every day in the office, so
// k ≤ 5: two and a half days, as five half days. If post could be done on any
// day, k = 7 would hold: three and a half days.
func (w Week) Supports() float64 {
	if w.Total <= 0 || w.Days < 1 {
		return 0
	}
	half := w.Total / float64(2*w.Days)
	slack := w.Total * 1e-9 // sums of decimal hours carry rounding
	most := min(2*w.Days, 10)
	if w.Daily > slack {
		most = min(most, w.Days)
		if w.Daily/float64(w.Days) > half+slack {
			most = 0
		}
	}
	for k := most; k > 0; k-- {
		if w.Tied <= float64(2*w.Days-k)*half+slack {
			return float64(k) / 2
		}
	}
	return 0
}

// DayHours is the length of a working day.
func (w Week) DayHours() float64 { return w.Total / float64(max(w.Days, 1)) }

// best is the week as it would be if everything not known turned out well.
func (a Answers) best() Week {
	b := a
	b.Duties = slices.Clone(a.Duties)
	for i, d := range b.Duties {
		if d.Counts() == WhereNotSure {
			d.Where, d.Tests = Home, Tests{}
		}
		if d.Binds != Weekly && d.Binds != Daily {
			d.Binds = Any
		}
		b.Duties[i] = d
	}
	return b.Week(true)
}

// number writes hours and days without needless decimals.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// Days writes a number of days as a person would: no day, half a day, 1 day, 2.5 days.
func Days(d float64) string {
	switch d {
	case 0:
		return "no day"
	case 0.5:
		return "half a day"
	case 1:
		return "1 day"
	}
	return number(d) + " days"
}
