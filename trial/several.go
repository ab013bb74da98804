package trial

import (
	"math"

	"homecase/fault"
	"homecase/trial/lottery"
	"homecase/trial/series"
)

// several analyses the further measures by the same schedules, and all of them
// together: which improved, and whether all hold.
func (a *analysis) several() {
	plan := a.in.Plan
	if len(plan.Measures) == 0 {
		return
	}
	all := &Altogether{Measures: []MeasureResult{}}
	questions := []*question{}
	names := []*MeasureResult{}
	main := MeasureResult{Name: plan.Measure.Name, Estimate: a.out.Estimate, Interval90: a.out.Interval90,
		PNonInferiority: a.out.PNonInferiority, PSuperiority: a.out.PSuperiority, DaysUsed: a.out.DaysUsed}
	questions, names = append(questions, a.q), append(names, &main)
	complete := true
	for _, m := range plan.Measures {
		res := MeasureResult{Name: m.Name}
		q, err := a.askColumn(m)
		if err != nil {
			complete = false
			a.warn("measure", "name", m.Name, "why", err.Error())
			names = append(names, &res)
			questions = append(questions, nil)
			continue
		}
		res.DaysUsed.Home, res.DaysUsed.Office = q.arms()
		q.prepare()
		res.Estimate = number(q.shown(q.estimate))
		res.Interval90 = limits(q.interval(.05))
		res.PSuperiority = ptr(q.notWorse(0))
		if m.Margin.Given() {
			res.PNonInferiority = ptr(q.notWorse(m.Margin.Absolute + m.Margin.Relative))
		} else {
			complete = false
		}
		questions, names = append(questions, q), append(names, &res)
	}
	improved(questions, names)
	var hold []float64
	for _, r := range names {
		all.Measures = append(all.Measures, *r)
		if r.PNonInferiority != nil {
			hold = append(hold, *r.PNonInferiority)
		}
	}
	if complete && len(hold) == len(names) {
		all.PNonInferiority = ptr(series.AllMustHold(hold))
	}
	a.out.Several = all
}

// askColumn prepares the question of a further column.
func (a *analysis) askColumn(m Second) (*question, error) {
	n := len(a.rec.days)
	y, seen := make([]float64, n), make([]bool, n)
	relative := m.Margin.Relative > 0
	for i, row := range a.rec.rows {
		if row == nil || row.More[m.Name] == nil {
			continue
		}
		y[i], seen[i] = *row.More[m.Name], true
		if relative && y[i] < 0 {
			return nil, fault.New(fault.Finding, CodeRow, "a relative margin needs values of zero or more, and %s has %s.", row.Date, figure(y[i]))
		}
	}
	q := a.t.ask(y, seen, relative, m.Better)
	if !q.testable() || math.IsNaN(q.estimate) {
		return nil, fault.New(fault.Finding, CodeRow, "it has too few home or office days with a value.")
	}
	return q, nil
}

// improved answers "which ones improved": Westfall and Young's step-down over
// the lottery's own schedules, with Holm's and Benjamini and Hochberg's beside it.
func improved(questions []*question, results []*MeasureResult) {
	var observed, raw []float64
	var draws [][]float64
	var at []int
	source := series.Sampled
	for i, q := range questions {
		if q == nil {
			continue
		}
		scores := make([]float64, len(q.a))
		h := q.at(0)
		for j := range scores {
			scores[j] = q.a[j] - h*q.b[j]
			if q.tail() == lottery.AtMost {
				scores[j] = -scores[j]
			}
		}
		obs, all := standardised(q.t.sample, scores, q.t.assigned)
		observed, draws, at = append(observed, obs), append(draws, all), append(at, i)
		raw = append(raw, *results[i].PSuperiority)
		if q.t.sample.Exact() {
			source = series.Enumerated
		}
	}
	if len(at) < 2 {
		return
	}
	steps, err := series.StepDownMaxT(observed, draws, source)
	if err != nil {
		return
	}
	holm, bh := series.Holm(raw), series.BenjaminiHochberg(raw)
	for k, i := range at {
		results[i].PImproved, results[i].PImprovedHolm, results[i].PImprovedBH = ptr(steps[k].PAdjusted), ptr(holm[k]), ptr(bh[k])
	}
}

// standardised returns the linear score of the observed and of each schedule,
// less its mean over the lottery and divided by its standard deviation there.
func standardised(s *lottery.Sample, scores []float64, z []bool) (observed float64, all []float64) {
	l := s.Lottery()
	mean := 0.0
	for i, e := range l.Chances() {
		mean += e * scores[i]
		if z[i] {
			observed += scores[i]
		}
	}
	sd := math.Sqrt(l.Variance(scores))
	if sd == 0 {
		sd = 1
	}
	all = s.Sums(scores)
	for i := range all {
		all[i] = (all[i] - mean) / sd
	}
	return (observed - mean) / sd, all
}
