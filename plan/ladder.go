package plan

import (
	"fmt"
	"slices"

	"homecase/fault"
)

// RungID names a rung of a ladder.
type RungID string

// Rung is one step of home working.
type Rung struct {
	// ID is a short name of your own, or one of the rungs that ship, such as one-day.
	ID RungID `json:"id"`
	// Name is what the rung is called, such as "One day a week".
	Name string `json:"name"`
	// Days is how many days a week it means; 0 for a single project.
	Days float64 `json:"days"`
	// Ask is the rung as you would ask for it, in one sentence.
	Ask string `json:"ask,omitempty"`
}

// Ladder is the rungs in order, the smallest first.
type Ladder []Rung

// index returns the place of a rung, -1 when it is not there.
func (l Ladder) index(id RungID) int {
	return slices.IndexFunc(l, func(r Rung) bool { return r.ID == id })
}

// Verdict is what a trial said, in the five words of a trial report.
type Verdict string

// The five verdicts, best first.
const (
	ClearlyGood  Verdict = "clearly_at_least_as_good"
	ProbablyGood Verdict = "probably_at_least_as_good"
	CannotTell   Verdict = "cannot_tell_yet"
	ProbablyBad  Verdict = "probably_worse"
	Bad          Verdict = "worse"
)

// Step is what follows on the ladder.
type Step string

// The steps.
const (
	Open   Step = "open"   // the next rung may be asked for
	Stay   Step = "stay"   // keep the rung; an extension may be agreed
	Extend Step = "extend" // the one extension agreed beforehand
	Wait   Step = "wait"   // the agreed weeks have not passed
	Back   Step = "back"   // one rung down
	Top    Step = "top"    // there is no further rung
)

// Passed is what has happened on the rung where the person stands.
type Passed struct {
	At              RungID // the rung; empty before the first
	Verdict         Verdict
	WeeksAgreed     int
	WeeksPassed     int
	StopFired       bool // a stop rule fired
	ExtensionAgreed bool // one extension was agreed beforehand
	ExtensionUsed   bool
}

// Opening is the answer of Next: what follows, the rung it leads to, and the
// rules that say so, by id. Their sentences are in OpeningRules.
type Opening struct {
	Step Step     `json:"step"`
	Rung *Rung    `json:"rung,omitempty"` // the rung to ask for, or to go back to; nil when none
	Why  []string `json:"why"`
}

// Next says which rung is open. The next one opens when the agreed weeks have
// passed, no stop rule fired and the verdict is clearly at least as good.
// Probably leads to staying, cannot tell to the one extension agreed
// beforehand, and worse to one rung down. It never leads two rungs away.
func (l Ladder) Next(p Passed) (Opening, error) {
	if len(l) == 0 {
		return Opening{}, fault.New(fault.Invalid, "HC-PLAN-30", "The ladder has no rungs.")
	}
	at := l.index(p.At)
	if at < 0 && p.At != "" {
		return Opening{}, fault.New(fault.Invalid, "HC-PLAN-31", "There is no rung %q on the ladder.", clip(string(p.At), 40))
	}
	if p.At == "" {
		return l.to(0, Open, "HC-LADDER-FIRST"), nil
	}
	switch {
	case p.StopFired:
		return l.to(at-1, Back, "HC-LADDER-STOPPED"), nil
	case p.WeeksAgreed < 1 || p.WeeksPassed < p.WeeksAgreed:
		return l.to(at, Wait, "HC-LADDER-WEEKS"), nil
	}
	switch p.Verdict {
	case ClearlyGood:
		if at == len(l)-1 {
			return l.to(at, Top, "HC-LADDER-TOP"), nil
		}
		return l.to(at+1, Open, "HC-LADDER-CLEAR"), nil
	case ProbablyGood:
		return l.to(at, Stay, "HC-LADDER-PROBABLY"), nil
	case CannotTell:
		if p.ExtensionAgreed && !p.ExtensionUsed {
			return l.to(at, Extend, "HC-LADDER-EXTEND"), nil
		}
		return l.to(at, Stay, "HC-LADDER-CANNOT-TELL"), nil
	case ProbablyBad, Bad:
		return l.to(at-1, Back, "HC-LADDER-WORSE"), nil
	case "":
		return l.to(at, Wait, "HC-LADDER-NO-VERDICT"), nil
	}
	return Opening{}, fault.New(fault.Invalid, "HC-PLAN-32", "%q is not one of the five verdicts.", clip(string(p.Verdict), 40))
}

// to leads to the rung at i; below the first there is none.
func (l Ladder) to(i int, s Step, why ...string) Opening {
	o := Opening{Step: s, Why: why}
	if i >= 0 {
		r := l[i]
		o.Rung = &r
	}
	return o
}

// DefaultLadder returns the rungs that ship up to the ask. An ask between two
// rungs becomes a rung of its own at the top.
func DefaultLadder(ask float64) (Ladder, error) {
	all, err := Rungs()
	if err != nil {
		return nil, err
	}
	var out Ladder
	for _, r := range all {
		if r.Rung.Days <= ask {
			out = append(out, r.Rung)
		}
	}
	if n := len(out); n > 0 && out[n-1].Days < ask {
		days := fmt.Sprintf("%g", ask)
		out = append(out, Rung{ID: RungID("days-" + days), Name: days + " days a week", Days: ask, Ask: "I would like to work from home " + days + " days a week."})
	}
	return out, nil
}
