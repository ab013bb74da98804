package homecase

import (
	"slices"

	"homecase/day"
	"homecase/plan"
	"homecase/trial"
)

// Passed is a trial of so many weeks as the ladder asks for it: weeks count as
// passed when no day is still to come.
func Passed(p plan.Plan, weeks int, extension bool, r *trial.Report) plan.Passed {
	out := plan.Passed{At: p.At, WeeksAgreed: max(weeks, 1), ExtensionAgreed: extension, ExtensionUsed: r.Extended}
	out.WeeksPassed = out.WeeksAgreed
	if r.Interim {
		out.WeeksPassed--
	}
	if r.Verdict != nil {
		out.Verdict = plan.Verdict(*r.Verdict)
	}
	out.StopFired = slices.ContainsFunc(p.StopRules, func(s plan.StopRule) bool { return !s.FiredOn.IsZero() })
	return out
}

// Sealed tells whether both have agreed to the plan and the boss's word, which
// starts the draw, is still awaited.
func (t RunningTrial) Sealed(p trial.Plan) bool { return p.Design != trial.Fixed && p.Drawn == nil }

// Note returns what became of the Friday note of the week that begins on a day.
func (t RunningTrial) Note(monday day.Date) (WeekNote, bool) {
	i := slices.IndexFunc(t.Notes, func(o WeekNote) bool { return o.Monday == monday })
	if i < 0 {
		return WeekNote{}, false
	}
	return t.Notes[i], true
}

// SetNote keeps what became of a week's note, in place of what was there.
func (t *RunningTrial) SetNote(n WeekNote) {
	t.Notes = slices.Clone(t.Notes)
	i := slices.IndexFunc(t.Notes, func(o WeekNote) bool { return o.Monday == n.Monday })
	if i >= 0 {
		t.Notes[i] = n
		return
	}
	t.Notes = append(t.Notes, n)
}
