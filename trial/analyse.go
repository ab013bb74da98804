package trial

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"homecase/day"
	"homecase/fault"
	"homecase/trial/lottery"
	"homecase/trial/series"
)

// Draws in a Monte Carlo analysis: while working, and in a published report.
const (
	DefaultDraws = 20_000
	ReportDraws  = 100_000
	maxDraws     = 1_000_000
)

// Input is all that an analysis reads.
type Input struct {
	Plan     Plan
	Days     Days
	Baseline *Days    // office days before the trial; nil without any
	At       []string // further margins to test, as typed
	Draws    int      // of a large lottery; 0 means DefaultDraws
	Through  day.Date // the last day so far; zero when the trial is over
	Nonce    []byte   // checks the draw when given
	Memory   *Memory  // of earlier analyses of the plan; nil without any
}

// analysis carries one reading of the days.
type analysis struct {
	in       Input
	setting  *Setting
	rec      *record
	t        *table
	seen     []bool
	y        []float64
	q        *question
	margin   float64 // in the terms of the test: absolute, or a share
	perDay   float64 // the margin in units a day
	words    *Words
	out      *Report
	lots     *lottery.Lottery
	mayClear bool // a look allows "clearly"
	mayWorse bool
}

// Analyse says what the days say.
func Analyse(in Input) (*Report, error) {
	a := &analysis{in: in}
	if err := a.open(); err != nil {
		return nil, err
	}
	a.describe()
	if a.in.Plan.designOf() == Fixed {
		a.fixed()
	} else {
		a.primary()
	}
	a.guard()
	a.grade()
	a.conclude()
	return a.out, nil
}

// open checks plan and days against each other.
func (a *analysis) open() error {
	p := &a.in.Plan
	var err error
	if a.setting, err = p.ready(); err != nil {
		return err
	}
	if a.words, err = Sentences(); err != nil {
		return err
	}
	if p.Drawn != nil && p.Drawn.Plan != "" {
		if err := p.Drawn.Matches(*p); err != nil {
			return err
		}
	}
	for _, s := range a.in.At {
		if _, err := plainNumber(s); err != nil {
			return fault.New(fault.Invalid, CodeAsked, "%q is not a margin: write numbers like 2,1,0.", clip(s))
		}
	}
	if a.in.Draws == 0 {
		a.in.Draws = DefaultDraws
	}
	if a.in.Draws < 100 || a.in.Draws > maxDraws {
		return fault.New(fault.Invalid, CodeAsked, "An analysis uses 100 to %d draws.", maxDraws)
	}
	if a.rec, err = a.setting.fit(a.in.Days, a.in.Through); err != nil {
		return err
	}
	a.lots = a.setting.Lottery
	if a.rec.extended {
		a.lots = a.setting.Long
	}
	if err := a.table(); err != nil {
		return err
	}
	if a.in.Nonce != nil {
		return a.checkDraw()
	}
	return nil
}

// table lays the rows out and refuses a schedule that the lottery could not
// have drawn, and negative values where a ratio is asked for.
func (a *analysis) table() error {
	n := len(a.rec.days)
	t := &table{week: make([]int, n), weekday: make([]int, n), assigned: make([]bool, n), home: make([]bool, n), lot: a.lots}
	a.t, a.seen, a.y = t, make([]bool, n), make([]float64, n)
	known := 0
	for i, d := range a.rec.days {
		t.week[i] = d.Week
		if !d.Date.IsZero() {
			t.weekday[i] = int(d.Date.Weekday())
		}
		row := a.rec.rows[i]
		if row == nil {
			continue
		}
		known = i + 1
		t.assigned[i] = row.Assigned == AtHome
		t.home[i] = row.Place == AtHome || row.Place == "" && t.assigned[i]
		if row.Value != nil {
			a.seen[i], a.y[i] = true, *row.Value
			if a.in.Plan.Margin.Relative > 0 && *row.Value < 0 {
				return fault.New(fault.Invalid, CodeRow, "The value %s is below zero: a relative margin needs values of zero or more.", figure(*row.Value)).
					At(fault.Place{File: a.in.Days.File, Line: row.Line})
			}
		}
	}
	if at, ok := a.lots.Fits(t.assigned[:known]); !ok {
		return a.undrawn(at)
	}
	return nil
}

// undrawn words the fault of an impossible schedule.
func (a *analysis) undrawn(at int) error {
	at = min(at, len(a.rec.days)-1)
	d, row := a.rec.days[at], a.rec.rows[at]
	f := fault.New(fault.Invalid, CodeUndrawn, "").At(fault.Place{File: a.in.Days.File})
	if row != nil {
		f.Place.Line = row.Line
	}
	switch {
	case a.in.Plan.Groups != nil:
		n := 0
		for _, h := range a.t.assigned {
			if h {
				n++
			}
		}
		f.Say = fmt.Sprintf("%d days are assigned to home and the plan draws %d.", n, a.in.Plan.Groups.Home)
	case d.Chance == 0 && a.t.assigned[at]:
		f.Say = fmt.Sprintf("%s, a %s, is assigned to home, and the plan never draws that day.", d.Date, d.Date.Weekday().Name())
	case d.Chance == 1 && !a.t.assigned[at]:
		f.Say = fmt.Sprintf("%s, a %s, is assigned to the office, and the plan always has it at home.", d.Date, d.Date.Weekday().Name())
	default:
		f.Say = fmt.Sprintf("The home days from %s (week %d) are not a choice that this plan's lottery can draw.", d.Date, d.Week)
	}
	return f.Then("The column assigned holds what was drawn, whatever happened on the day; place holds what happened.")
}

// checkDraw replays the lottery and compares it with the column assigned.
func (a *analysis) checkDraw() error {
	var d Draw
	var err error
	if a.in.Plan.Drawn != nil {
		d, err = Replay(a.in.Plan, *a.in.Plan.Drawn, a.in.Nonce)
	} else {
		d, err = DrawDays(a.in.Plan, a.in.Nonce, "")
	}
	if err != nil {
		return err
	}
	for i, row := range a.rec.rows {
		if row != nil && d.Days[i].Home != (row.Assigned == AtHome) {
			drawn := InOffice
			if d.Days[i].Home {
				drawn = AtHome
			}
			return fault.New(fault.Invalid, CodeUndrawn, "%s is assigned to %s, and the draw with this nonce says %s.", row.Date, row.Assigned, drawn).
				At(fault.Place{File: a.in.Days.File, Line: row.Line})
		}
	}
	return nil
}

// warn adds a sentence of the list.
func (a *analysis) warn(id string, pairs ...string) {
	a.out.Warnings = append(a.out.Warnings, say(a.words.Report[id], pairs...))
}

// describe fills in what needs no test.
func (a *analysis) describe() {
	p := a.in.Plan
	a.out = &Report{
		NAssignments: a.lots.Count(), FloorP: a.lots.Floor(), PAt: map[string]*float64{}, Warnings: []string{},
		Design: p.designOf(), Margin: p.Margin, Interim: a.rec.open, Extended: a.rec.extended, Looks: []Look{}, Days: []DayMark{},
	}
	for _, at := range a.in.At {
		a.out.PAt[at] = nil
	}
	for i, d := range a.rec.days {
		m := DayMark{Date: d.Date.String(), Week: d.Week, Drawable: d.Chance > 0 && d.Chance < 1}
		if row := a.rec.rows[i]; row != nil {
			m.Assigned, m.Place, m.Value, m.Why = row.Assigned, row.Place, row.Value, row.Why
		}
		a.out.Days = append(a.out.Days, m)
	}
	missing := make([]bool, 0, len(a.seen))
	var assigned, actual []bool
	for i, row := range a.rec.rows {
		if row != nil {
			missing = append(missing, !a.seen[i])
			assigned, actual = append(assigned, a.t.assigned[i]), append(actual, a.t.home[i])
		}
	}
	a.out.Compliance, _ = series.Comply(assigned, actual, missing) // same lengths by construction
	a.out.Missing = Missing{HomeDays: a.out.Compliance.MissingHome, OfficeDays: a.out.Compliance.MissingOffice}
	a.out.Means = a.means()
	for i, ok := range a.seen {
		switch {
		case ok && a.t.assigned[i]:
			a.out.DaysUsed.Home++
		case ok:
			a.out.DaysUsed.Office++
		}
	}
	a.setMargin()
	a.out.MoreDays = &More{}
	if a.rec.open {
		a.warn("interim")
	}
	for _, name := range a.in.Days.Columns {
		if !slices.ContainsFunc(p.Measures, func(m Second) bool { return m.Name == name }) {
			a.warn("unknown_column", "name", name)
		}
	}
}

// means are plain means over the days that could have been drawn either way,
// or over all days where there was no lottery.
func (a *analysis) means() Means {
	var home, office []float64
	for i, ok := range a.seen {
		c := a.rec.days[i].Chance
		if !ok || a.in.Plan.designOf() != Fixed && (c == 0 || c == 1) {
			continue
		}
		if a.t.home[i] {
			home = append(home, a.y[i])
		} else {
			office = append(office, a.y[i])
		}
	}
	return Means{mean(home), mean(office)}
}

func mean(v []float64) *float64 {
	if len(v) == 0 {
		return nil
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	sum /= float64(len(v))
	return &sum
}

// setMargin finds the margin in both terms: a day's units, and the test's own.
func (a *analysis) setMargin() {
	p := a.in.Plan
	if p.Margin.Relative == 0 {
		a.margin, a.perDay = p.Margin.Absolute, p.Margin.Absolute
		return
	}
	a.margin = p.Margin.Relative
	base := a.out.Means.Office
	if a.in.Baseline != nil && base == nil {
		base = mean(valuesOf(a.in.Baseline))
	}
	if base != nil {
		a.perDay = p.Margin.Relative * math.Abs(*base)
	}
}

func valuesOf(d *Days) []float64 {
	var out []float64
	for _, r := range d.Rows {
		if r.Value != nil {
			out = append(out, *r.Value)
		}
	}
	return out
}

// seedOf gives the draws of an analysis their seed: the plan alone decides it.
func seedOf(p Plan, part string) [32]byte {
	hash, err := p.Hash()
	if err != nil {
		hash = "unhashed"
	}
	return sha256.Sum256([]byte("homecase analysis 1\n" + part + "\n" + hash))
}

// primary is the randomisation test with the actual lottery.
func (a *analysis) primary() {
	p := a.in.Plan
	a.q = a.t.ask(a.y, a.seen, p.Margin.Relative > 0, p.Measure.Better)
	a.estimate()
	if !a.q.testable() {
		a.warn("few", "home", strconv.Itoa(a.out.DaysUsed.Home), "office", strconv.Itoa(a.out.DaysUsed.Office))
		return
	}
	a.t.sample = a.in.Memory.sample(p, sampled{"draws", a.rec.extended, a.in.Draws}, func() *lottery.Sample { return a.lots.For(seedOf(p, "draws"), a.in.Draws) })
	a.q.prepare()
	var twin float64
	var wg sync.WaitGroup
	wg.Go(func() { twin, a.out.Linear.Exact = a.q.twin(a.margin) })
	a.out.Exact, a.out.Schedules = a.t.sample.Exact(), a.q.curve.N()
	a.out.PNonInferiority = ptr(a.q.notWorse(a.margin))
	a.out.PWorse = ptr(a.q.worse(a.margin))
	a.out.PSuperiority = ptr(a.q.notWorse(0))
	a.askedMargins()
	a.out.Interval90 = a.interval(a.q.interval(.05))
	a.out.Linear.Interval90 = limits(a.q.span(a.q.linear.Lower(.05), a.q.linear.Upper(.05)))
	a.secondary()
	a.several()
	wg.Wait()
	a.out.Linear.PNonInferiority = &twin
	if !a.out.Exact {
		a.warn("draws", "n", strconv.Itoa(a.in.Draws), "all", a.out.NAssignments.String())
	}
	if math.Abs(twin-*a.out.PNonInferiority) > .1 {
		a.warn("twin", "twin", figure(twin), "main", figure(*a.out.PNonInferiority))
	}
	a.looks()
}

func ptr[T any](v T) *T { return &v }

// number returns nil for what JSON cannot hold.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func limits(v [2]float64) *Interval { return &Interval{number(v[0]), number(v[1])} }

// interval turns limits into a printable pair and says when an end is open.
func (a *analysis) interval(v [2]float64) *Interval {
	i := limits(v)
	switch {
	case i[0] == nil && i[1] == nil:
		a.warn("no_interval")
		return nil
	case i[0] == nil || i[1] == nil:
		a.warn("half_interval")
	}
	return i
}

func (a *analysis) estimate() {
	if math.IsNaN(a.q.estimate) {
		a.warn("no_estimate")
		return
	}
	shown := a.q.shown(a.q.estimate)
	if a.out.Estimate = number(shown); a.out.Estimate == nil {
		a.warn("no_ratio")
		return
	}
	v := a.q.variance
	if a.q.relative { // by the delta method: the effect is −1/h − 1
		h := a.q.estimate
		v /= h * h * h * h
	}
	a.out.Sampling = &Estimate{Estimate: shown, Variance: v, DF: max(1, len(a.q.ordinal)-2)}
}

// askedMargins fills p_at for the margins given with --at.
func (a *analysis) askedMargins() {
	for _, s := range a.in.At {
		m, _ := plainNumber(s) // checked when the analysis was opened
		if math.IsNaN(a.q.at(m)) {
			a.warn("at", "margin", s)
			continue
		}
		a.out.PAt[s] = ptr(a.q.notWorse(m))
	}
}

// observed returns the calendar and places of the days with a value that the
// models of the appendix use: days that could not be drawn stay out.
func (a *analysis) observed(seen []bool, y []float64) (d series.Days, home []bool, values []float64) {
	d.Ordinal = []int{}
	for i, ok := range seen {
		c := a.rec.days[i].Chance
		if !ok || c == 0 || c == 1 {
			continue
		}
		d.Ordinal, d.Weekday, d.Week = append(d.Ordinal, i), append(d.Weekday, a.t.weekday[i]), append(d.Week, a.t.week[i])
		home, values = append(home, a.t.home[i]), append(values, a.q.up(y[i]))
	}
	return d, home, values
}

// secondary fills in the analyses that stand beside the test.
func (a *analysis) secondary() {
	d, home, y := a.observed(a.seen, a.y)
	var wg sync.WaitGroup
	var grid error
	wg.Go(func() {
		g, err := series.NewGrid(d, series.DefaultPrior())
		if grid = err; err != nil {
			return
		}
		post, err := g.Posterior(home, y, a.perDay)
		if grid = err; err == nil {
			a.out.Sceptic = &post
		}
	})
	if fit, err := series.Correlated(d, home, y); err == nil {
		a.out.Correlated = &fit
	} else {
		a.warn("correlated", "why", err.Error())
	}
	if c, err := series.DescribeCarryOver(d, home, y); err == nil {
		a.out.CarryOver = &c
	}
	a.forecast()
	a.weekPairs()
	wg.Wait()
	if grid != nil {
		a.warn("sceptic", "why", grid.Error())
	}
	if a.q.lower {
		a.turnBack()
	}
}

// turnBack prints models of a measure that is better lower as home minus office.
func (a *analysis) turnBack() {
	if g := a.out.Correlated; g != nil {
		g.Estimate, g.Interval90 = -g.Estimate, [2]float64{-g.Interval90[1], -g.Interval90[0]}
	}
	if s := a.out.Sceptic; s != nil {
		s.Mean, s.Interval90 = -s.Mean, [2]float64{-s.Interval90[1], -s.Interval90[0]}
	}
	if c := a.out.CarryOver; c != nil {
		c.AfterHome.Mean, c.AfterOffice.Mean = -c.AfterHome.Mean, -c.AfterOffice.Mean
		if c.Difference != nil {
			c.Difference = ptr(-*c.Difference)
		}
	}
}

// forecast says how many more days would settle it, in units a day.
func (a *analysis) forecast() {
	q := a.q
	if q.relative {
		q = a.t.ask(a.y, a.seen, false, a.in.Plan.Measure.Better)
	}
	home := make([]float64, len(a.y))
	resid := make([]float64, len(a.y))
	for i, ok := range a.seen {
		if !ok {
			continue
		}
		if a.t.home[i] {
			home[i] = 1
		}
		resid[i] = q.up(a.y[i]) - q.estimate*home[i]
	}
	n := float64(len(q.ordinal))
	weeks := float64(a.weeksSoFar())
	p := series.Progress{
		Estimate: q.estimate, Variance: inner(resid, q.apply(resid)) / (n - 2), InfoPerWeek: inner(home, q.apply(home)) / weeks,
		Weeks: weeks, Margin: a.perDay, DaysPerWeek: float64(len(a.in.Plan.workdays())),
	}
	sd := math.Sqrt(p.Variance)
	if p.Margin > 0 && p.Margin < .3*sd {
		a.warn("strict")
	}
	if m := a.out.Means.Office; m != nil && p.Margin > .25*math.Abs(*m) && a.in.Plan.Measure.Kind != Rating {
		a.warn("wide")
	}
	more, err := p.More()
	if err != nil {
		a.warn("no_more")
		return
	}
	a.out.MoreDays = &More{N: more.N, Chance: &more.Chance, IfEqual: &more.IfEqual}
}

func (a *analysis) weeksSoFar() int {
	weeks := map[int]bool{}
	for i, ok := range a.seen {
		if ok {
			weeks[a.t.week[i]] = true
		}
	}
	return max(1, len(weeks))
}

func inner(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// weekPairs tests whole weeks by the coin of each pair: only designs that toss
// one for weeks have it.
func (a *analysis) weekPairs() {
	d := a.in.Plan.designOf()
	if d != AltWeek && d != Mixed || a.rec.extended {
		return
	}
	pairs, err := a.in.Plan.pairs(len(a.in.Plan.Weeks))
	if err != nil {
		return
	}
	type sum struct {
		total      float64
		days, seen int
		home       bool
	}
	weeks := map[int]*sum{}
	for i, w := range a.t.week {
		if weeks[w] == nil {
			weeks[w] = &sum{}
		}
		s := weeks[w]
		s.days++
		s.home = s.home || a.t.assigned[i]
		if a.seen[i] {
			s.seen, s.total = s.seen+1, s.total+a.q.up(a.y[i])
		}
	}
	var diffs []float64
	for _, p := range pairs {
		x, y := weeks[p[0]+1], weeks[p[1]+1]
		if x == nil || y == nil || x.seen < x.days || y.seen < y.days || x.days != y.days || x.home == y.home {
			continue
		}
		diff := x.total - y.total
		if y.home {
			diff = -diff
		}
		diffs = append(diffs, diff)
	}
	t, err := lottery.SignFlip(diffs)
	if err != nil {
		return
	}
	a.out.WeeksLot = &WeekPairs{Pairs: len(diffs), Mean: *mean(diffs), PGreater: t.PGreater, PLess: t.PLess}
}
