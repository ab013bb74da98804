package evidence

import (
	"cmp"
	"slices"

	"homecase/day"
)

// WorkWeek is one week of a person's own records.
type WorkWeek struct {
	// Monday is the first day of the week.
	Monday day.Date `json:"week"`
	// Home and Office count days that the records place there, Both those with time in either.
	Home   int `json:"home_days"`
	Office int `json:"office_days"`
	Both   int `json:"both_days"`
	// Hours and Meetings are hours; nil where no record tells.
	Hours    *float64 `json:"hours"`
	Meetings *float64 `json:"meeting_hours"`
}

// WorkWeeks are the weeks with any record, and what they rest on.
type WorkWeeks struct {
	Weeks []WorkWeek
	// HoursFrom and MeetingsFrom are the kinds of export that tell them, empty for none.
	HoursFrom, MeetingsFrom string
	// LeftOut are further exports with hours: two clocks on one day would count it twice.
	LeftOut []string
	// From and Until are the first and last day with a count.
	From, Until day.Date
}

// WorkWeeks adds up the imports by week.
func (l Ledger) WorkWeeks() WorkWeeks {
	all := l.Counts()
	var out WorkWeeks
	var more []string
	out.HoursFrom, out.LeftOut = MainSource(all, "hours")
	out.MeetingsFrom, more = MainSource(all, "meeting_hours")
	for _, s := range more {
		if !slices.Contains(out.LeftOut, s) {
			out.LeftOut = append(out.LeftOut, s)
		}
	}
	weeks := map[day.Date]*WorkWeek{}
	places := map[day.Date]map[Place]bool{}
	for _, c := range all {
		w := weeks[c.Date.Monday()]
		if w == nil {
			w = &WorkWeek{Monday: c.Date.Monday()}
			weeks[w.Monday] = w
		}
		switch {
		case c.Measure == "hours" && c.Source == out.HoursFrom:
			w.Hours = plus(w.Hours, c.Value)
		case c.Measure == "meeting_hours" && c.Source == out.MeetingsFrom:
			w.Meetings = plus(w.Meetings, c.Value)
		}
		if c.Place != "" && c.Value > 0 {
			if places[c.Date] == nil {
				places[c.Date] = map[Place]bool{}
			}
			places[c.Date][c.Place] = true
		}
	}
	for d, at := range places {
		switch w := weeks[d.Monday()]; {
		case at[Home] && at[Office]:
			w.Both++
		case at[Home]:
			w.Home++
		default:
			w.Office++
		}
	}
	for _, w := range weeks {
		out.Weeks = append(out.Weeks, *w)
	}
	slices.SortFunc(out.Weeks, func(a, b WorkWeek) int { return a.Monday.Sub(b.Monday) })
	if len(all) > 0 {
		out.From, out.Until = all[0].Date, all[len(all)-1].Date
	}
	return out
}

func plus(sum *float64, v float64) *float64 {
	if sum != nil {
		v += *sum
	}
	return &v
}

// MainSource is the source that counts a measure on the most days, with the
// others that count it too. Two clocks that run on one day must not be added.
func MainSource(all []Counted, measure string) (main string, others []string) {
	days := map[string]map[day.Date]bool{}
	for _, c := range all {
		if c.Measure == measure {
			if days[c.Source] == nil {
				days[c.Source] = map[day.Date]bool{}
			}
			days[c.Source][c.Date] = true
		}
	}
	var names []string
	for s := range days {
		names = append(names, s)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(days[b]), len(days[a])), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		return "", nil
	}
	return names[0], names[1:]
}
