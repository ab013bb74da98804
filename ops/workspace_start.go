package ops

import (
	"homecase"
	"homecase/day"
	"homecase/trial"
)

// SmallestChange is how far from the agreed limit the work has to be for a
// trial of so many weeks to notice it with 80 in 100 chance, in units of the
// measure; 0 while the measure or its spread is not known.
func (w *Workspace) SmallestChange(o *Open, weeks int) (float64, error) {
	return know(w, o, askSmallest{weeks}, func() (float64, error) { return w.smallest(o.Case, weeks) })
}

func (w *Workspace) smallest(try homecase.Case, weeks int) (float64, error) {
	try.Plan.Weeks, try.Plan.Until, try.Trial = weeks, day.Date{}, nil
	if try.Plan.Start.IsZero() {
		try.Plan.Start = dayOf(w.Desk).Add(42).Monday()
	}
	p, ok, err := try.TrialPlan(nil)
	if err != nil || !ok || p.Usual == nil {
		return 0, err
	}
	odds, err := trial.PlanOdds(p)
	if err != nil || odds.MDE == nil {
		return 0, nil // a plan that cannot be judged yet shows nothing
	}
	return *odds.MDE, nil
}
