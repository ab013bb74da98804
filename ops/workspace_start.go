package ops

import (
	"crypto/sha256"
	"encoding/json"
	"sync"

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
	odds, err := w.oddsOf(p)
	if err != nil || odds.MDE == nil {
		return 0, nil // a plan that cannot be judged yet shows nothing
	}
	return *odds.MDE, nil
}

// planOdds are the odds of the plans that pages asked about last: the plan of
// the case, and each length it might have. A change elsewhere in the case leaves
// them as they are.
type planOdds struct {
	mu     sync.Mutex
	recent []oddsOfPlan
}

type oddsOfPlan struct {
	plan [sha256.Size]byte
	odds *trial.Odds
	err  error
}

// mostPlans is how many plans are kept: the lengths that are offered, and those
// of a plan that is being changed.
const mostPlans = 12

func (w *Workspace) oddsOf(p trial.Plan) (*trial.Odds, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	plan := sha256.Sum256(text)
	o := &w.odds
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, k := range o.recent {
		if k.plan == plan {
			return k.odds, k.err
		}
	}
	k := oddsOfPlan{plan: plan}
	k.odds, k.err = trial.PlanOdds(p)
	o.recent = append([]oddsOfPlan{k}, o.recent[:min(len(o.recent), mostPlans-1)]...)
	return k.odds, k.err
}
