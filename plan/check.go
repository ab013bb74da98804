package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"homecase/day"
	"homecase/fault"
)

// The limits of what a file may say.
const (
	maxDays     = 5
	maxPromises = 8
	maxLines    = 12 // check-ins, stop rules, rungs
	maxText     = 200
	maxNotes    = 4000
	oddWeeks    = 26 // weeks above which we ask whether it is right
	oddHours    = 11 // hours of a day above which we ask
	lateDecide  = 42 // days after the end above which we ask
)

func refuse(code fault.Code, at, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: at})
}

// text refuses what is too long, and nothing where something is needed.
func text(at, what, s string, limit int, needed bool) fault.List {
	if needed && strings.TrimSpace(s) == "" {
		return fault.List{refuse("HC-PLAN-01", at, "Write %s.", what)}
	}
	if n := utf8.RuneCountInString(s); n > limit {
		return fault.List{refuse("HC-PLAN-02", at, "This text has %d characters; the limit is %d.", n, limit)}
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' {
			return fault.List{refuse("HC-PLAN-02", at, "This text holds a control character.")}
		}
	}
	return nil
}

// Check refuses what cannot be right whatever the day is. CheckAt adds what
// depends on the day of the case.
func (p Plan) Check() fault.List {
	out := p.checkAsk()
	out = append(out, p.checkDates()...)
	for _, l := range []struct {
		at       string
		n, limit int
	}{
		{"promises", len(p.Promises), maxPromises}, {"check_ins", len(p.CheckIns), maxLines},
		{"stop_rules", len(p.StopRules), maxLines}, {"ladder", len(p.Ladder), maxLines},
	} {
		if l.n > l.limit {
			out = append(out, refuse("HC-PLAN-03", l.at, "There are %d entries here; the limit is %d.", l.n, l.limit))
		}
	}
	if p.Stop == ByNotice && strings.TrimSpace(p.StopNotice) == "" {
		out = append(out, refuse("HC-PLAN-04", "stop", "Say what notice ends the trial: stop_notice: two weeks."))
	}
	out = append(out, text("stop_notice", "the notice", p.StopNotice, maxText, false)...)
	out = append(out, text("notes", "notes", p.Notes, maxNotes, false)...)
	for i, s := range p.Promises {
		for _, earlier := range p.Promises[:i] {
			if strings.EqualFold(strings.TrimSpace(s.Text), strings.TrimSpace(earlier.Text)) {
				out = append(out, refuse("HC-PLAN-05", fmt.Sprintf("promises[%d].text", i), "This promise is there already."))
				break
			}
		}
	}
	return append(out, p.Ladder.check(p.At, p.Lowest)...)
}

func (p Plan) checkAsk() fault.List {
	var out fault.List
	switch {
	case p.Days < 0:
		out = append(out, refuse("HC-PLAN-06", "days", "Days at home cannot be negative."))
	case p.Days > maxDays:
		out = append(out, refuse("HC-PLAN-06", "days", "The ask is at most %d days a week, not %g.", maxDays, p.Days))
	case p.Days*2 != math.Trunc(p.Days*2):
		out = append(out, refuse("HC-PLAN-06", "days", "Write days in halves, like 1 or 1.5, not %g.", p.Days))
	}
	out = append(out, weekdays("allowed", p.Allowed)...)
	out = append(out, weekdays("wish", p.Wish)...)
	for i, w := range p.Wish {
		if !slices.Contains(p.AllowedDays(), w) {
			out = append(out, refuse("HC-PLAN-07", fmt.Sprintf("wish[%d]", i), "You wish for %s, but it is not among the allowed days.", w.Name()))
		}
	}
	need := p.HomeDaysAWeek()
	if p.Days <= maxDays && len(p.Allowed) > 0 && need > len(p.Allowed) {
		out = append(out, refuse("HC-PLAN-08", "allowed", "You ask for %g days a week, but only %d weekdays are allowed.", p.AskedDays(), len(p.Allowed)))
	}
	if p.Choice == Fixed && p.Days <= maxDays && len(p.Wish) != need {
		out = append(out, refuse("HC-PLAN-09", "choice", "Fixed days need %d under wish; there are %d.", need, len(p.Wish)))
	}
	return out
}

func weekdays(at string, list []day.Weekday) fault.List {
	var out fault.List
	for i, w := range list {
		place := fmt.Sprintf("%s[%d]", at, i)
		if slices.Contains(list[:i], w) {
			out = append(out, refuse("HC-PLAN-10", place, "%s is listed twice.", w.Name()))
		}
		if w == day.Sat || w == day.Sun {
			out = append(out, refuse("HC-PLAN-10", place, "%s is not scheduled: a trial runs Monday to Friday.", w.Name()))
		}
	}
	return out
}

func (p Plan) checkDates() fault.List {
	var out fault.List
	switch {
	case p.Weeks < 0:
		out = append(out, refuse("HC-PLAN-11", "weeks", "Weeks cannot be negative."))
	case p.Weeks > maxWeeks:
		out = append(out, refuse("HC-PLAN-11", "weeks", "A trial of %d weeks cannot be right; the longest is %d.", p.Weeks, maxWeeks))
	case p.Weeks > 0 && !p.Until.IsZero():
		out = append(out, refuse("HC-PLAN-12", "until", "Give weeks or until, not both."))
	}
	if !p.Until.IsZero() && !p.Start.IsZero() {
		if p.Until.Before(p.Start) {
			out = append(out, refuse("HC-PLAN-13", "until", "The last day, %s, lies before the start, %s.", p.Until, p.Start))
		} else if p.Until.Sub(p.Start) > 7*maxWeeks {
			out = append(out, refuse("HC-PLAN-13", "until", "A trial until %s cannot be right; the longest is %d weeks.", p.Until, maxWeeks))
		}
	}
	if p.Weeks > maxWeeks || p.DecideOn.IsZero() {
		return out
	}
	if end := p.EndDate(); p.DecideOn.Before(end) {
		out = append(out, refuse("HC-PLAN-14", "decide_on", "The decision on %s comes before the last day of the trial, %s.", p.DecideOn, end))
	} else if p.DecideOn.Before(p.Start) {
		out = append(out, refuse("HC-PLAN-14", "decide_on", "The decision on %s comes before the start, %s.", p.DecideOn, p.Start))
	}
	return out
}

// check refuses a ladder that is not one.
func (l Ladder) check(at, lowest RungID) fault.List {
	var out fault.List
	for i, r := range l {
		place := fmt.Sprintf("ladder[%d]", i)
		if l.index(r.ID) < i {
			out = append(out, refuse("HC-PLAN-33", place, "The rung %s is there twice.", r.ID))
		}
		if i > 0 && r.Days < l[i-1].Days {
			out = append(out, refuse("HC-PLAN-34", place, "A ladder goes up: %s has fewer days than the rung before it.", r.Name))
		}
	}
	for _, x := range []struct {
		key string
		id  RungID
	}{{"at", at}, {"lowest", lowest}} {
		if x.id != "" && l.index(x.id) < 0 {
			out = append(out, refuse("HC-PLAN-31", x.key, "There is no rung %q on the ladder.", clip(string(x.id), 40)))
		}
	}
	return out
}

// Check refuses a rung that is not one.
func (r Rung) Check() fault.List {
	out := text("id", "an id for the rung", string(r.ID), 40, true)
	out = append(out, text("name", "a name for the rung", r.Name, maxText, true)...)
	out = append(out, text("ask", "the ask", r.Ask, maxText, false)...)
	if r.Days < 0 || r.Days > maxDays || r.Days*2 != math.Trunc(r.Days*2) {
		out = append(out, refuse("HC-PLAN-35", "days", "A rung has 0 to %d days in halves, not %g.", maxDays, r.Days))
	}
	return out
}

// Check refuses an empty or overlong promise.
func (p Promise) Check() fault.List {
	return append(text("text", "the promise", p.Text, maxText, true), text("limit", "the limit", p.Limit, maxText, false)...)
}

// Check refuses hours that are none.
func (h Hours) Check() fault.List {
	var out fault.List
	pair := func(at string, from, to Clock) {
		a, okA := from.Minutes()
		b, okB := to.Minutes()
		switch {
		case okA != okB:
			out = append(out, refuse("HC-PLAN-15", "", "Give both times of %s, or neither.", at))
		case okA && a >= b:
			out = append(out, refuse("HC-PLAN-15", "", "%s: %s is not before %s.", at, from, to))
		}
	}
	pair("the hours", h.From, h.To)
	pair("the reachable hours", h.ReachableFrom, h.ReachableTo)
	return out
}

// Check refuses a recall that cannot be.
func (r Recall) Check() fault.List {
	out := text("notice", "the notice", r.Notice, maxText, false)
	out = append(out, text("travel", "who pays", r.Travel, maxText, false)...)
	out = append(out, text("moved_day", "what becomes of the day", r.MovedDay, maxText, false)...)
	if r.MostPerMonth < 0 || r.MostPerMonth > 31 {
		out = append(out, refuse("HC-PLAN-16", "most_per_month", "%d times a month cannot be right.", r.MostPerMonth))
	}
	return out
}

// Check refuses an outage plan that cannot be.
func (o Outage) Check() fault.List {
	out := text("backup", "the backup", o.Backup, maxText, false)
	out = append(out, text("offline", "the work", o.Offline, maxText, false)...)
	out = append(out, text("then", "what follows", o.Then, maxText, false)...)
	if o.AfterMinutes < 0 || o.AfterMinutes > 480 {
		out = append(out, refuse("HC-PLAN-17", "after_minutes", "%d minutes without a line cannot be right.", o.AfterMinutes))
	}
	return out
}

// Check refuses a check-in without time or content.
func (c CheckIn) Check() fault.List {
	out := text("what", "what happens at this check-in", c.What, maxText, true)
	if c.Every == "" {
		out = append(out, refuse("HC-PLAN-18", "every", "Say when: a weekday such as friday, or day, week, fortnight or month."))
	}
	return out
}

// Check refuses an empty stop rule.
func (s StopRule) Check() fault.List {
	return text("text", "what would make you both stop", s.Text, maxText, true)
}

// Check refuses a talk that cannot be.
func (t Talk) Check() fault.List {
	out := append(text("place", "the place", t.Place, maxText, false), text("note", "the note", t.Note, maxNotes, false)...)
	if t.Minutes < 0 || t.Minutes > 480 {
		out = append(out, refuse("HC-PLAN-19", "minutes", "A talk of %d minutes cannot be right.", t.Minutes))
	}
	return out
}

// Check refuses an outcome without an answer.
func (o Outcome) Check() fault.List {
	if o.How == "" {
		return fault.List{refuse("HC-PLAN-23", "how", "Select how it went: agreed, agreed_with_changes, thinking or not_now.")}
	}
	out := text("note", "the note", o.Note, maxNotes, false)
	if !o.FollowUp.IsZero() && !o.FollowUp.After(o.On) {
		out = append(out, refuse("HC-PLAN-26", "follow_up", "The day to come back to it must come after the answer."))
	}
	return out
}

// Check refuses a not now without its day, or with a date that lies before it.
func (n NotNow) Check() fault.List {
	out := append(text("worry", "the worry", n.Worry, 400, false), text("concern", "the concern", n.Concern, 20, false)...)
	if n.Said.IsZero() {
		out = append(out, refuse("HC-PLAN-24", "said", "Write the day on which your boss said not now."))
	}
	if !n.AskAgain.IsZero() && !n.AskAgain.After(n.Said) {
		out = append(out, refuse("HC-PLAN-24", "ask_again", "The day to ask again must come after %s.", n.Said))
	}
	for i, t := range n.Tasks {
		out = append(out, text(fmt.Sprintf("tasks[%d].text", i), "what to do", t.Text, maxText, true)...)
	}
	return out
}

// Check refuses a day nobody agreed to: days at home are agreed openly.
func (o OpportunityDay) Check() fault.List {
	out := append(text("why", "why the day came up", o.Why, maxText, true), text("agreed_by", "who agreed to it beforehand", o.AgreedBy, maxText, true)...)
	if o.Date.IsZero() {
		out = append(out, refuse("HC-PLAN-25", "date", "Write the day."))
	}
	return append(out, text("result", "the result", o.Result, 400, false)...)
}

// Check refuses thanks to nobody.
func (t Thanks) Check() fault.List {
	return append(text("who", "who you thank", t.Who, maxText, true), text("for", "what for", t.For, maxText, true)...)
}
