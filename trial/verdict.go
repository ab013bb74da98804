package trial

import (
	"math"
	"slices"
	"strconv"

	"homecase/day"
	"homecase/trial/series"
)

// fixed analyses fixed home days against a baseline of office weeks.
func (a *analysis) fixed() {
	p := a.in.Plan
	a.warn("no_lottery_floor")
	a.q = &question{lower: p.Measure.Better == Lower, relative: p.Margin.Relative > 0}
	if a.in.Baseline == nil {
		a.warn("no_baseline")
		return
	}
	a.warn("fixed")
	home := map[day.Weekday]bool{}
	for i, d := range a.rec.days {
		if a.t.assigned[i] {
			home[d.Date.Weekday()] = true
		}
	}
	contrasts := func(d Days) ([]float64, error) {
		var week []int
		var at []bool
		var y []float64
		for _, r := range d.Rows {
			if r.Value != nil {
				week = append(week, r.Date.Monday().Sub(day.On(2000, 1, 3))/7)
				at, y = append(at, home[r.Date.Weekday()]), append(y, a.q.up(*r.Value))
			}
		}
		return series.WeeklyContrasts(week, at, y)
	}
	before, err := contrasts(*a.in.Baseline)
	var during []float64
	if err == nil {
		during, err = contrasts(a.in.Days)
	}
	var fit series.FixedDays
	if err == nil {
		fit, err = series.DifferenceInDifferences(before, during)
	}
	if err != nil {
		a.warn("baseline", "why", err.Error())
		return
	}
	a.out.PNonInferiority = ptr(fit.PGreater(-a.perDay))
	a.out.PWorse = ptr(fit.PLess(-a.perDay))
	a.out.PSuperiority = ptr(fit.PGreater(0))
	for _, s := range a.in.At {
		m, _ := plainNumber(s) // checked when the analysis was opened
		if a.q.relative {
			m *= a.perDay / p.Margin.Relative
		}
		a.out.PAt[s] = ptr(fit.PGreater(-m))
	}
	unit := 1.0 // the printed effect is relative where the margin is
	if a.q.relative && a.perDay > 0 {
		unit = p.Margin.Relative / a.perDay
	}
	shown := func(v float64) float64 { return a.q.up(v) * unit }
	a.out.Estimate = ptr(shown(fit.Estimate))
	lo, hi := shown(fit.Interval90[0]), shown(fit.Interval90[1])
	a.out.Interval90 = &Interval{ptr(min(lo, hi)), ptr(max(lo, hi))}
	a.out.FixedDays = &fit
	a.mayClear = !a.rec.open && *a.out.PNonInferiority <= p.Level()
	a.mayWorse = !a.rec.open && *a.out.PWorse <= p.Level()
}

// guard adds the guardrails: whole weeks, missing days, weekdays.
func (a *analysis) guard() {
	a.weeklyTotals()
	if a.out.PNonInferiority != nil && a.q.curve != nil {
		a.worstCase()
	}
	p := a.in.Plan
	if n := a.homeWeekdays(); len(n) == 1 && a.out.DaysUsed.Home > 1 && p.designOf() != Fixed && p.designOf() != Start {
		a.warn("one_weekday", "weekday", n[0].Name())
	}
	if f := a.out.FloorP; f > p.Level() && p.designOf() != Fixed {
		a.warn("floor", "n", a.out.NAssignments.String(), "floor", figure(f))
	}
}

func (a *analysis) homeWeekdays() []day.Weekday {
	var out []day.Weekday
	for i, d := range a.rec.days {
		if a.t.assigned[i] && !slices.Contains(out, d.Date.Weekday()) {
			out = append(out, d.Date.Weekday())
		}
	}
	return out
}

func (a *analysis) weeklyTotals() {
	if a.in.Baseline == nil {
		a.warn("no_weekly")
		return
	}
	totals := func(d Days) ([]float64, error) {
		var week, scheduled []int
		var y []float64
		n := map[int]int{}
		key := func(r Row) int { return r.Date.Monday().Sub(day.On(2000, 1, 3)) / 7 }
		for _, r := range d.Rows {
			n[key(r)]++
		}
		for _, r := range d.Rows {
			if r.Value != nil {
				week, scheduled, y = append(week, key(r)), append(scheduled, n[key(r)]), append(y, a.q.up(*r.Value))
			}
		}
		return series.WeekTotals(week, scheduled, y, len(a.in.Plan.workdays()))
	}
	before, err := totals(*a.in.Baseline)
	var during []float64
	if err == nil {
		during, err = totals(a.in.Days)
	}
	var w series.WeeklyTotals
	if err == nil {
		w, err = series.CompareWeeks(before, during, a.perDay, float64(len(a.in.Plan.workdays())))
	}
	if err != nil {
		a.warn("weekly", "why", err.Error())
		return
	}
	switch w.Cap {
	case series.CapWarn:
		a.warn("weekly_reach")
	case series.CapTell:
		a.warn("weekly_cap")
	}
	if a.q.lower { // printed as recorded
		w.Estimate, w.Interval90 = -w.Estimate, [2]float64{-w.Interval90[1], -w.Interval90[0]}
		w.TrialMean, w.BaselineMean, w.Limit = -w.TrialMean, -w.BaselineMean, -w.Limit
	}
	a.out.WeeklyTotals = &w
}

// worstCase asks what the missing days could have been at worst.
func (a *analysis) worstCase() {
	missing, home := make([]bool, len(a.seen)), make([]bool, len(a.seen))
	up := make([]float64, len(a.seen))
	any := false
	for i, ok := range a.seen {
		missing[i] = !ok && a.rec.rows[i] != nil
		any = any || missing[i]
		home[i], up[i] = a.t.assigned[i], a.q.up(a.y[i])
	}
	if !any {
		return
	}
	filled, err := series.WorstCase(home, complement(a.seen), up)
	if err != nil {
		return
	}
	for i := range filled {
		filled[i] = a.q.up(filled[i])
	}
	a.out.Missing.PWorstCase = ptr(a.q.fill(a.margin, missing, filled, make([]float64, len(filled)))(0))
}

func complement(v []bool) []bool {
	out := make([]bool, len(v))
	for i, b := range v {
		out[i] = !b
	}
	return out
}

// grade says how strong the evidence is, whatever it shows.
func (a *analysis) grade() {
	p := a.in.Plan
	a.out.Grade = GradeB
	share := 1.0
	if s := a.out.Compliance.Share; s != nil {
		share = *s
	}
	switch {
	case p.designOf() == Fixed && a.out.FixedDays != nil:
		a.out.Grade = GradeC
	case p.designOf() == Fixed:
		a.out.Grade = GradeD
	case share < .7:
		a.out.Grade = GradeD
		a.warn("undone")
	case p.Recorded == System && share >= .9 && p.Replaces == "":
		a.out.Grade = GradeA
	}
	if p.designOf() == Fixed {
		return
	}
	if share < .9 {
		a.warn("compliance", "share", percent(share))
	}
	if p.Recorded != System {
		a.warn("self")
	}
	if p.Replaces != "" {
		a.warn("changed")
	}
}

// conclude takes the first matching row of the ladder and applies the caps.
func (a *analysis) conclude() {
	v := a.ladder()
	used := min(a.out.DaysUsed.Home, a.homeWorked())
	weekly := a.out.WeeklyTotals
	switch {
	case a.out.Grade == GradeD:
		a.tip("")
		a.word("")
		return
	case used < MinHomeDays:
		v = CannotTell
		a.warn("few_home", "home", strconv.Itoa(used))
	case weekly != nil && weekly.Cap == series.CapTell && (v == Clearly || v == Probably):
		v = CannotTell
	case a.out.Grade == GradeC || a.out.FloorP > a.in.Plan.Level() && a.in.Plan.designOf() != Fixed:
		v = capped(v)
	}
	a.out.Verdict = &v
	a.tip(v)
	a.word(v)
}

func capped(v Verdict) Verdict {
	switch v {
	case Clearly:
		return Probably
	case Worse:
		return ProbablyWorse
	}
	return v
}

// homeWorked counts the days with a value that were worked at home.
func (a *analysis) homeWorked() int {
	n := 0
	for i, ok := range a.seen {
		if ok && a.t.home[i] {
			n++
		}
	}
	return n
}

// ladder is the rule of the five verdicts, without caps. Before the end only a
// declared look can say more than "too early".
func (a *analysis) ladder() Verdict {
	switch {
	case a.out.PNonInferiority == nil || a.out.PWorse == nil:
		return CannotTell
	case a.mayClear:
		return Clearly
	case a.mayWorse:
		return Worse
	case a.rec.open:
		return CannotTell
	case *a.out.PNonInferiority <= alphaProbable:
		return Probably
	case *a.out.PWorse <= alphaProbable:
		return ProbablyWorse
	}
	return CannotTell
}

// tip finds how bad the missing home days must have been to overturn the verdict.
func (a *analysis) tip(v Verdict) {
	if a.out.Missing.HomeDays == 0 {
		a.warn("no_missing")
		return
	}
	bar := a.in.Plan.Level()
	switch {
	case v != Clearly && v != Probably || a.q.curve == nil:
		a.warn("no_verdict_to_tip")
		return
	case v == Probably:
		bar = alphaProbable
	}
	n := len(a.seen)
	extra, slope := make([]bool, n), make([]float64, n)
	low, high := math.Inf(1), math.Inf(-1)
	for i, ok := range a.seen {
		if ok {
			low, high = min(low, a.q.up(a.y[i])), max(high, a.q.up(a.y[i]))
		} else if a.rec.rows[i] != nil && a.t.assigned[i] {
			extra[i], slope[i] = true, 1
		}
	}
	floor := low - (high - low)
	if low >= 0 {
		floor = max(0, floor) // a count, a duration or a share is never below zero
	}
	p := a.q.fill(a.margin, extra, make([]float64, n), slope)
	tip, err := series.TippingPoint(floor, high, func(x float64) bool { return p(a.q.up(x)) <= bar })
	if err != nil {
		a.warn("no_verdict_to_tip")
		return
	}
	side := "below"
	if a.q.lower {
		side = "above"
	}
	if tip.Value == nil {
		a.warn("tipping_safe", "low", figure(a.q.up(floor)))
		return
	}
	a.out.TippingPoint = ptr(a.q.up(*tip.Value))
	a.warn("tipping", "side", side, "x", figure(rough(*a.out.TippingPoint)))
}

// rough keeps two digits: a tipping point is found to no more.
func rough(v float64) float64 {
	if v == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	return math.Round(v/unit) * unit
}

// word writes heading and sentence.
func (a *analysis) word(v Verdict) {
	w := a.words.Verdicts[v]
	a.out.Heading, a.out.Sentence = w.Heading, ""
	switch {
	case v == "":
		a.out.Heading, a.out.Sentence = a.words.None.Heading, a.words.None.Sentence
		return
	case a.rec.open && v == CannotTell:
		planned, done := 0, 0
		for i, d := range a.rec.days {
			switch {
			case a.rec.rows[i] == nil:
			case a.t.assigned[i] && a.seen[i]:
				done++
			}
			planned += int(math.Round(d.Chance * 1e6))
		}
		a.out.Heading = say(a.words.Interim.Heading, "done", strconv.Itoa(done), "planned", strconv.Itoa((planned+5e5)/1e6))
		a.out.Sentence = a.words.Interim.Sentence
		return
	}
	i := a.out.Interval90
	low, high := "", ""
	if i != nil {
		low, high = a.effect(i[0], "−∞"), a.effect(i[1], "∞")
	}
	better := i != nil && (i[0] != nil && *i[0] > 0 && !a.q.lower || i[1] != nil && *i[1] < 0 && a.q.lower)
	if v == Clearly && better {
		a.out.Heading = w.Better
	}
	a.out.Sentence = w.Sentence
	if v == CannotTell && i == nil {
		a.out.Sentence = w.Open
	}
	if w.Inside != "" && i != nil && a.slightlyLower(i) {
		a.out.Sentence += " " + w.Inside
	}
	more := a.out.MoreDays
	if v == CannotTell && more.Chance != nil {
		switch {
		case more.N == nil && *more.Chance < .20:
			a.out.Sentence += " " + w.Never + " " + w.Unlikely
		case more.N == nil:
			a.out.Sentence += " " + w.Never
		default:
			a.out.Sentence += " " + say(w.More, "n", strconv.Itoa(*more.N), "chance", percent(math.Round(*more.Chance*100)/100))
		}
	}
	a.out.Sentence = say(a.out.Sentence, "margin", a.marginWords(), "days", strconv.Itoa(a.out.DaysUsed.Home+a.out.DaysUsed.Office),
		"low", low, "high", high, "rate", figure(math.Ceil(a.in.Plan.Level()*100)))
}

// slightlyLower tells whether the whole interval is a loss smaller than the margin.
func (a *analysis) slightlyLower(i *Interval) bool {
	if i[0] == nil || i[1] == nil {
		return false
	}
	if a.q.lower {
		return *i[0] > 0 && *i[1] < a.margin
	}
	return *i[1] < 0 && *i[0] > -a.margin
}

// effect words a limit in the terms of the margin.
func (a *analysis) effect(v *float64, open string) string {
	switch {
	case v == nil:
		return open
	case a.q.relative:
		if *v > 0 {
			return "+" + percent(*v)
		}
		return percent(*v)
	}
	return signed(*v*a.scale()) + a.unit()
}

// scale turns a share into percentage points, in which its differences are told.
func (a *analysis) scale() float64 {
	if a.in.Plan.Measure.Kind == Share {
		return 100
	}
	return 1
}

func (a *analysis) unit() string {
	if a.in.Plan.Measure.Kind == Share {
		return " percentage points"
	}
	if u := a.in.Plan.Measure.Unit; u != "" {
		return " " + u
	}
	return ""
}

func (a *analysis) marginWords() string {
	if r := a.in.Plan.Margin.Relative; r > 0 {
		return percent(r)
	}
	return figure(a.in.Plan.Margin.Absolute*a.scale()) + a.unit()
}
