package plan

import (
	"slices"
	"strings"
	"time"

	"homecase/day"
	"homecase/fault"
)

// Calendar is the trial's dates. It has no words; doors add them.
type Calendar struct {
	First day.Date `json:"first"` // the first scheduled day
	Last  day.Date `json:"last"`  // the last scheduled day
	Weeks []Week   `json:"weeks"`
}

// Week is one calendar week of the trial.
type Week struct {
	Monday    day.Date   `json:"monday"`
	Scheduled []day.Date `json:"scheduled"` // working days without holidays
	Eligible  []day.Date `json:"eligible"`  // those of them that may become home days
	Home      int        `json:"home"`      // how many of the eligible days are home days, a half day counting as a day
}

// Days counts scheduled and home days.
func (c Calendar) Days() (scheduled, home int) {
	for _, w := range c.Weeks {
		scheduled += len(w.Scheduled)
		home += w.Home
	}
	return scheduled, home
}

// maxWeeks is the longest trial: two years.
const maxWeeks = 104

// EndDate returns the last day of the trial: until, or the Friday of the last
// week. Weeks are calendar weeks; the first is the one that start falls in. It
// is the zero Date while the plan has no start or no length.
func (p Plan) EndDate() day.Date {
	switch {
	case !p.Until.IsZero():
		return p.Until
	case p.Start.IsZero() || p.Weeks <= 0:
		return day.Date{}
	}
	monday := p.Start.Monday()
	if w := p.Start.Weekday(); w == day.Sat || w == day.Sun {
		monday = monday.Add(7)
	}
	return monday.Add(7*(p.Weeks-1) + 4)
}

// WeekCount returns how many calendar weeks the trial touches, 0 while it has
// no start or no length.
func (p Plan) WeekCount() int {
	end := p.EndDate()
	switch {
	case p.Weeks > 0:
		return p.Weeks
	case end.IsZero() || p.Start.IsZero() || end.Before(p.Start):
		return 0
	}
	return end.Monday().Sub(p.Start.Monday())/7 + 1
}

// Calendar lays the trial out in weeks. Weekends and holidays are not
// scheduled; office days are scheduled but not eligible.
func (p Plan) Calendar(holidays []day.Date) (Calendar, error) {
	end := p.EndDate()
	if p.Start.IsZero() || end.IsZero() {
		return Calendar{}, fault.New(fault.Invalid, "HC-PLAN-20", "The trial needs a start and a number of weeks.")
	}
	if end.Sub(p.Start) < 0 || end.Sub(p.Start) > 7*maxWeeks {
		return Calendar{}, fault.New(fault.Invalid, "HC-PLAN-21", "The trial runs from %s to %s, which cannot be right.", p.Start, end)
	}
	free := make(map[day.Date]bool, len(holidays))
	for _, h := range holidays {
		free[h] = true
	}
	working := func(d day.Date) bool {
		w := d.Weekday()
		return w != day.Sat && w != day.Sun && !free[d]
	}
	var c Calendar
	for monday := p.Start.Monday(); !monday.After(end); monday = monday.Add(7) {
		w := Week{Monday: monday, Scheduled: []day.Date{}, Eligible: []day.Date{}}
		for i := range 5 {
			d := monday.Add(i)
			if d.Before(p.Start) || d.After(end) || !working(d) {
				continue
			}
			w.Scheduled = append(w.Scheduled, d)
			if slices.Contains(p.AllowedDays(), d.Weekday()) && !p.keptInOffice(d, working) {
				w.Eligible = append(w.Eligible, d)
			}
		}
		if len(w.Scheduled) == 0 {
			continue // a week of holidays, or the weekend before the start
		}
		w.Home = min(p.HomeDaysAWeek(), len(w.Eligible))
		if c.First.IsZero() {
			c.First = w.Scheduled[0]
		}
		c.Last = w.Scheduled[len(w.Scheduled)-1]
		c.Weeks = append(c.Weeks, w)
	}
	if len(c.Weeks) == 0 {
		return Calendar{}, fault.New(fault.Invalid, "HC-PLAN-22", "There is no working day between %s and %s.", p.Start, end)
	}
	return c, nil
}

func (p Plan) keptInOffice(d day.Date, working func(day.Date) bool) bool {
	return slices.ContainsFunc(p.OfficeDays, func(r DayRule) bool { return r.Matches(d, working) })
}

// Matches tells whether the rule means the day. working says which days count
// as working days. Quarters are those of the calendar year.
func (r DayRule) Matches(d day.Date, working func(day.Date) bool) bool {
	if r.Rule == "" {
		return d == r.Date
	}
	if !working(d) {
		return false
	}
	period, end, _ := strings.Cut(r.Rule, "-")
	months := map[string]int{"month": 1, "quarter": 3, "year": 12}[period]
	if months == 0 {
		return false
	}
	first := day.On(d.Year, d.Month-time.Month((int(d.Month)-1)%months), 1)
	last := first.AddMonths(months).Add(-1)
	step, edge := 1, last // count the working days from d to the edge of the period
	if end == "start" {
		step, edge = -1, first
	}
	count := 0
	for x := d; ; x = x.Add(step) {
		if working(x) {
			if count++; count > max(r.Count, 1) {
				return false
			}
		}
		if x == edge {
			return true
		}
	}
}
