package policy

import (
	"fmt"
	"slices"

	"homecase/day"
	"homecase/fault"
)

// Count is how a period runs.
type Count struct {
	N    int    `json:"n,omitempty"`
	Unit string `json:"unit,omitempty"` // days, weeks, months or working_days
	// How is one of:
	//   beginning_with  the first day counts; the date is the last day of the period
	//   beginning_next  the period begins with the following day; the date is its last day
	//   after           the first day does not count; the date is the last day
	//   before          back from a day; the date is the latest day that leaves the whole period
	//   leaving         forward; the date is the earliest day for which "before" allows the first
	//   completed       the date is the day after a period that began with the first day
	//   year_end        the date is 31 December of the year
	How string `json:"how"`
}

// Check refuses a way of counting that does not exist.
func (c Count) Check() fault.List {
	var l fault.List
	if !slices.Contains([]string{"beginning_with", "beginning_next", "after", "before", "leaving", "completed", "year_end"}, c.How) {
		l = append(l, problem("how", "There is no way of counting called %q.", c.How))
	}
	if c.How == "year_end" {
		return l
	}
	if !slices.Contains([]string{"days", "weeks", "months", "working_days"}, c.Unit) {
		l = append(l, problem("unit", "There is no unit called %q.", c.Unit))
	}
	if c.Unit == "working_days" && c.How != "after" {
		l = append(l, problem("how", "Working days are counted with after only."))
	}
	if c.N < 1 || c.N > 1000 {
		l = append(l, problem("n", "A period has from 1 to 1000 units."))
	}
	return l
}

// lastDay returns the last day of the period of n months beginning with d: the
// day before the corresponding date or, where that month has no such date, its
// last day (Dodds v Walker [1981] 1 WLR 1027 for the corresponding date; the
// shorter month by the same rule).
func lastDay(d day.Date, n int) day.Date {
	t := d.AddMonths(n)
	if t.Day == d.Day {
		return t.Add(-1)
	}
	return t
}

// on runs the count from a day and says how it was counted.
func (c Count) on(from day.Date, holidays []day.Date) (day.Date, string) {
	switch c.How {
	case "beginning_with":
		return c.beginningWith(from)
	case "beginning_next":
		return c.beginningWith(from.Add(1))
	case "after":
		return c.after(from, holidays)
	case "before":
		return c.back(from), fmt.Sprintf("%s back from %s.%s", c.period(), long(from), c.short(from, -c.N))
	case "leaving":
		return c.leaving(from), fmt.Sprintf("The first day that leaves %s after %s.", c.period(), long(from))
	case "completed":
		last, _ := c.beginningWith(from)
		return last.Add(1), fmt.Sprintf("The day after a period of %s that began with %s.", c.period(), long(from))
	}
	return day.On(from.Year, 12, 31), fmt.Sprintf("The last day of the calendar year %d.", from.Year)
}

func (c Count) beginningWith(from day.Date) (day.Date, string) {
	if c.Unit != "months" {
		return from.Add(c.days() - 1), fmt.Sprintf("%s beginning with %s, that day included.", c.period(), long(from))
	}
	how := fmt.Sprintf("%s beginning with %s, that day included: the corresponding date is %s, and the period ends the day before.",
		c.period(), long(from), long(from.AddMonths(c.N)))
	if s := c.short(from, c.N); s != "" {
		how = fmt.Sprintf("%s beginning with %s, that day included.%s", c.period(), long(from), s)
	}
	return lastDay(from, c.N), how
}

func (c Count) after(from day.Date, holidays []day.Date) (day.Date, string) {
	excluded := fmt.Sprintf("%s after %s, that day not counted.", c.period(), long(from))
	switch c.Unit {
	case "months":
		return from.AddMonths(c.N), excluded + c.short(from, c.N)
	case "working_days":
		known := "public holidays were left out as given"
		if len(holidays) == 0 {
			known = "no list of public holidays was given, so only weekends were left out"
		}
		return workingDays(from, c.N, holidays), fmt.Sprintf("%s after %s, that day not counted; %s.", c.period(), long(from), known)
	}
	return from.Add(c.days()), excluded
}

func (c Count) back(from day.Date) day.Date {
	if c.Unit == "months" {
		return from.AddMonths(-c.N)
	}
	return from.Add(-c.days())
}

// leaving searches forward, because clamping makes months back and forth
// unequal: two months before 28 February is 28 December, so a request of
// 31 December leaves two months only from 1 March on.
func (c Count) leaving(from day.Date) day.Date {
	if c.Unit != "months" {
		return from.Add(c.days())
	}
	d := from.AddMonths(c.N)
	for c.back(d).Before(from) {
		d = d.Add(1)
	}
	return d
}

func (c Count) days() int {
	if c.Unit == "weeks" {
		return 7 * c.N
	}
	return c.N
}

// short says that the month reached has no corresponding date, or nothing.
func (c Count) short(from day.Date, months int) string {
	if c.Unit != "months" {
		return ""
	}
	t := from.AddMonths(months)
	if t.Day == from.Day {
		return ""
	}
	return fmt.Sprintf(" %s %d has no day %d, so its last day counts.", t.Month, t.Year, from.Day)
}

func (c Count) period() string {
	unit := map[string]string{"days": "day", "weeks": "week", "months": "month", "working_days": "working day"}[c.Unit]
	if c.N != 1 {
		unit += "s"
	}
	if c.Unit == "weeks" {
		return fmt.Sprintf("%d %s (%d days)", c.N, unit, 7*c.N)
	}
	return fmt.Sprintf("%d %s", c.N, unit)
}

// workingDays returns the n-th day after d that is neither Saturday, Sunday
// nor one of the holidays.
func workingDays(d day.Date, n int, holidays []day.Date) day.Date {
	for n > 0 {
		d = d.Add(1)
		if w := d.Weekday(); w != day.Sat && w != day.Sun && !slices.Contains(holidays, d) {
			n--
		}
	}
	return d
}
