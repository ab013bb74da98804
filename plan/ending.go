package plan

import (
	"slices"

	"homecase/day"
	"homecase/fault"
)

// Way is one way in which the trial of a rung can end.
type Way string

// The ways, as they are offered.
const (
	GoOn     Way = "continue"  // keep the rung as it is
	Lengthen Way = "extend"    // the one extension agreed beforehand
	GiveUp   Way = "stop"      // go back
	Climb    Way = "next_rung" // ask for the rung above
)

// Ending is a way to end, and whether the verdict and what was agreed allow it.
type Ending struct {
	Way Way
	// Allowed tells whether both may choose it.
	Allowed bool
	// Why are the rules that say so, by id. Their sentences are in OpeningRules.
	Why []string
	// Rung is where it leads; nil below the first.
	Rung *Rung
}

// Endings lists all ways to end the trial of the rung where the person stands.
// Stopping is always allowed. The others wait for the agreed weeks, follow the
// verdict, and never lead two rungs away.
func (l Ladder) Endings(p Passed) ([]Ending, error) {
	at := l.index(p.At)
	if at < 0 {
		return nil, fault.New(fault.Invalid, "HC-PLAN-31", "There is no rung %q on the ladder.", clip(string(p.At), 40))
	}
	next, err := l.Next(p)
	if err != nil {
		return nil, err
	}
	here := l.to(at, Stay).Rung
	out := []Ending{
		{Way: GoOn, Allowed: next.Step == Open || next.Step == Stay || next.Step == Top, Why: next.Why, Rung: here},
		{Way: Lengthen, Why: next.Why, Rung: here},
		{Way: GiveUp, Allowed: true, Why: []string{"HC-LADDER-EITHER"}, Rung: l.to(at-1, Back).Rung},
		{Way: Climb, Allowed: next.Step == Open, Why: next.Why},
	}
	if next.Step == Open {
		out[3].Rung = next.Rung
	}
	extend := &out[1]
	switch {
	case next.Step == Open && p.ExtensionAgreed && !p.ExtensionUsed:
		extend.Why = []string{"HC-LADDER-CLEAR"}
	case next.Step == Extend, next.Step == Stay && p.ExtensionAgreed && !p.ExtensionUsed:
		extend.Allowed = true
	case next.Step == Stay && p.ExtensionUsed:
		extend.Why = []string{"HC-LADDER-EXTENDED"}
	case next.Step == Stay:
		extend.Why = []string{"HC-LADDER-NO-EXTENSION"}
	}
	return out, nil
}

// Tries finds the rung that a trial of so many days a week tries: the first one
// above where the person stands that means as many days, else the one where
// they stand, else the first on the ladder. ok is false where none does.
func (l Ladder) Tries(days float64, at RungID) (r Rung, ok bool) {
	from := l.index(at)
	for i := from + 1; i < len(l); i++ {
		if l[i].Days == days {
			return l[i], true
		}
	}
	for i := from; i >= 0; i-- {
		if l[i].Days == days {
			return l[i], true
		}
	}
	return Rung{}, false
}

// Above tells how many rungs one lies above another.
func (l Ladder) Above(upper, lower RungID) int { return l.index(upper) - l.index(lower) }

// NextRound makes the plan ask for a rung from a new first day. What belonged
// to the last round is taken out: its talk and answer, its end, and the days on
// which a stop rule came true.
func (p *Plan) NextRound(r Rung, start day.Date, weeks int) {
	p.Days, p.Start, p.Weeks, p.Until = r.Days, start, weeks, day.Date{}
	p.DecideOn = p.DecisionDay()
	p.Talk, p.Outcome, p.NotNow = nil, nil, nil
	p.StopRules = slices.Clone(p.StopRules)
	for i := range p.StopRules {
		p.StopRules[i].FiredOn = day.Date{}
	}
	if need := p.HomeDaysAWeek(); len(p.Wish) > need {
		p.Wish = p.Wish[:need]
	} else if p.Choice == Fixed && len(p.Wish) < need {
		p.Choice = Lottery
	}
	if len(p.Allowed) > 0 && len(p.Allowed) <= p.HomeDaysAWeek() {
		p.Allowed = nil
	}
}

// DecisionDay is the usual day to decide: the Thursday after the last week, so
// that every day is in. It is the zero Date while the plan has no end.
func (p Plan) DecisionDay() day.Date {
	end := p.EndDate()
	if end.IsZero() {
		return end
	}
	return end.Monday().Add(10)
}
