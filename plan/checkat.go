package plan

import (
	"fmt"

	"homecase/day"
	"homecase/fault"
)

// Context is what a check needs from the rest of the case.
type Context struct {
	Date      day.Date // the day of the case
	Statutory bool     // the person asks under a statute
}

// CheckAt refuses what the day of the case or the way of asking rules out. An
// ask before the agreed date is a finding, not bad input: the file is fine and
// the answer is "not before".
func (p Plan) CheckAt(c Context) fault.List {
	var out fault.List
	if c.Statutory && p.Stop == OnAnyDay {
		out = append(out, refuse("HC-PLAN-40", "stop", "Stopping on any day is an informal offer. Under a statute the statute's notice holds: write stop: by_law."))
	}
	if c.Date.IsZero() {
		return out
	}
	if !p.Start.IsZero() && !p.Start.After(c.Date) {
		out = append(out, refuse("HC-PLAN-41", "start", "The start, %s, must come after the date of the case, %s.", p.Start, c.Date))
	}
	for i, d := range p.PreviousRequests {
		if d.After(c.Date) {
			out = append(out, refuse("HC-PLAN-42", fmt.Sprintf("previous_requests[%d]", i), "An earlier request cannot be dated %s, after the date of the case.", d))
		}
	}
	if n := p.NotNow; n != nil && n.Said.After(c.Date) {
		out = append(out, refuse("HC-PLAN-43", "not_now.said", "The answer cannot be dated %s, after the date of the case.", n.Said))
	} else if n != nil && c.Date.Before(n.RetryOn()) {
		out = append(out, fault.New(fault.Finding, "HC-PLAN-44", "Not before %s: that is the day to ask again.", n.RetryOn()).
			At(fault.Place{Path: "not_now"}).Then("Work on the worry until then, and say thank you."))
	}
	return out
}

// CheckThis lists what is odd but may be right. The faults are of kind Finding
// and stop nothing.
func (p Plan) CheckThis(c Context) fault.List {
	var out fault.List
	ask := func(code fault.Code, at, say string, args ...any) {
		out = append(out, fault.New(fault.Finding, code, say, args...).At(fault.Place{Path: at}).Then("Is this right?"))
	}
	if w := p.Start.Weekday(); !p.Start.IsZero() && w != day.Mon {
		ask("HC-PLAN-50", "start", "The trial starts on a %s, so its first week is short.", w.Name())
	}
	if p.Weeks > oddWeeks {
		ask("HC-PLAN-51", "weeks", "The trial lasts %d weeks.", p.Weeks)
	}
	if end := p.EndDate(); !end.IsZero() && !p.DecideOn.IsZero() && p.DecideOn.Sub(end) > lateDecide {
		ask("HC-PLAN-52", "decide_on", "The decision comes %d days after the trial ends.", p.DecideOn.Sub(end))
	}
	if from, ok := p.Hours.From.Minutes(); ok {
		if to, ok := p.Hours.To.Minutes(); ok && to-from > oddHours*60 {
			ask("HC-PLAN-53", "hours", "The day lasts from %s to %s.", p.Hours.From, p.Hours.To)
		}
	}
	if p.Choice == Lottery && p.HomeDaysAWeek() >= len(p.AllowedDays()) {
		ask("HC-PLAN-54", "choice", "Every allowed day is a home day, so there is nothing to draw by lot.")
	}
	if n := p.NotNow; n != nil && !n.AskAgain.IsZero() && n.AskAgain.Sub(n.Said) < shortRetryDays {
		ask("HC-PLAN-55", "not_now.ask_again", "You would ask again after %d days, under four weeks.", n.AskAgain.Sub(n.Said))
	}
	if t := p.Talk; t != nil && !t.Date.IsZero() {
		working := func(d day.Date) bool { return d.Weekday() != day.Sat && d.Weekday() != day.Sun }
		switch {
		case !working(t.Date):
			ask("HC-PLAN-56", "talk.date", "The talk is on a %s.", t.Date.Weekday().Name())
		case !p.Start.IsZero() && !t.Date.Before(p.Start):
			ask("HC-PLAN-56", "talk.date", "The talk on %s comes after the trial starts.", t.Date)
		}
		for _, r := range append(p.BusyDays[:len(p.BusyDays):len(p.BusyDays)], p.OfficeDays...) {
			if r.Matches(t.Date, working) {
				ask("HC-PLAN-57", "talk.date", "The talk on %s falls on a busy day you gave: %s.", t.Date, r)
				break
			}
		}
	}
	return out
}
