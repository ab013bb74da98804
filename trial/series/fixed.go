package series

import "math"

// MinBaselineWeeks is the least number of office-only weeks before a trial with
// fixed home days.
const MinBaselineWeeks = 4

// FixedDays is the answer of a trial without a lottery: the same home weekdays
// every week, set against weeks before in which everybody was in the office.
type FixedDays struct {
	Effect
	PGreater0     float64 `json:"p_greater"`
	BaselineWeeks int     `json:"baseline_weeks"`
	TrialWeeks    int     `json:"trial_weeks"`
}

// WeeklyContrasts returns, for each week in order, the mean of the home weekdays
// less the mean of the other days. A week without both kinds of day is left out.
func WeeklyContrasts(week []int, homeWeekday []bool, y []float64) ([]float64, error) {
	if len(week) != len(y) || len(homeWeekday) != len(y) {
		return nil, refuse(CodeShape, "The calendar has not one entry for each of the %d values.", len(y))
	}
	if err := finite(y); err != nil {
		return nil, err
	}
	type sums struct{ home, office, nHome, nOffice float64 }
	var order []int
	by := map[int]*sums{}
	for i, w := range week {
		s := by[w]
		if s == nil {
			s = &sums{}
			by[w], order = s, append(order, w)
		}
		if homeWeekday[i] {
			s.home, s.nHome = s.home+y[i], s.nHome+1
		} else {
			s.office, s.nOffice = s.office+y[i], s.nOffice+1
		}
	}
	var out []float64
	for _, w := range order {
		if s := by[w]; s.nHome > 0 && s.nOffice > 0 {
			out = append(out, s.home/s.nHome-s.office/s.nOffice)
		}
	}
	return out, nil
}

// DifferenceInDifferences compares the weekly contrasts of the trial with those
// of the baseline by the t test with pooled variance. Its verdict is at most
// "probably": nothing was drawn by lot.
func DifferenceInDifferences(baseline, trial []float64) (FixedDays, error) {
	if err := finite(baseline, trial); err != nil {
		return FixedDays{}, err
	}
	if len(baseline) < MinBaselineWeeks {
		return FixedDays{}, refuse(CodeFew, "Fixed home days need at least %d office weeks before the trial; there are %d.", MinBaselineWeeks, len(baseline))
	}
	if len(trial) < 2 {
		return FixedDays{}, refuse(CodeFew, "Fixed home days need at least two weeks of trial; there are %d.", len(trial))
	}
	e, err := pooled(baseline, trial)
	if err != nil {
		return FixedDays{}, err
	}
	return FixedDays{Effect: e, PGreater0: e.PGreater(0), BaselineWeeks: len(baseline), TrialWeeks: len(trial)}, nil
}

// pooled is the mean of the second sample less that of the first, with one
// variance for both.
func pooled(before, after []float64) (Effect, error) {
	m0, s0 := moments(before)
	m1, s1 := moments(after)
	n0, n1 := float64(len(before)), float64(len(after))
	df := n0 + n1 - 2
	se := math.Sqrt((s0 + s1) / df * (1/n0 + 1/n1))
	if se <= 1e-13*(math.Abs(m0)+math.Abs(m1)) || se == 0 {
		return Effect{}, refuse(CodeFlat, "All weeks are the same, so there is no error to show.")
	}
	return effect(m1-m0, se, df), nil
}
