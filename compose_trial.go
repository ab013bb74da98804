package homecase

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"homecase/cite"
	"homecase/day"
	"homecase/packet"
	"homecase/plan"
	"homecase/trial"
)

// trialView is the trial as the packet tells it.
type trialView struct {
	plan trial.Plan
	odds *trial.Odds
	ok   bool // there is a trial with weeks
}

// TrialPlan is the trial's plan in full: what the case says of it, with weeks
// from the plan group and the measure from the facts where they are left out.
// It is not complete, and ok is false, while the case has no weeks.
func (c *Case) TrialPlan(holidays []day.Date) (p trial.Plan, ok bool, err error) {
	if c.Trial != nil {
		p = *c.Trial
	}
	if p.Title == "" {
		p.Title = "Home days of " + c.Person.Name
	}
	p.Measure, p.Usual = c.trialMeasure(p.Measure, p.Usual)
	if p.Margin == (trial.Margin{}) && p.Measure.Name != "" {
		p.Margin = defaultMargin(p.Measure.Kind)
	}
	if p.DecideOn.IsZero() {
		p.DecideOn = c.Plan.DecideOn
	}
	if len(p.Holidays) == 0 {
		p.Holidays = holidays
	}
	if len(p.Weeks) > 0 || p.Groups != nil {
		return p, true, nil
	}
	cal, err := c.Plan.Calendar(p.Holidays)
	if err != nil || c.Plan.Start.IsZero() || len(cal.Weeks) == 0 {
		return p, false, nil // a case without dates has no trial yet
	}
	if (c.Plan.Choice == plan.Fixed || c.Plan.Choice == plan.Boss) && p.Design == "" {
		p.Design = trial.Fixed // days that a person picks, whoever it is, are not drawn
	}
	for _, w := range cal.Weeks {
		p.Weeks = append(p.Weeks, trialWeek(w, c.Plan))
	}
	last := cal.Last
	if p.Extension = c.extension(cal, p); len(p.Extension) > 0 {
		last = p.Extension[len(p.Extension)-1].Start.Monday().Add(6)
	}
	p.Holidays = within(p.Holidays, cal.First, last)
	return p, true, nil
}

// SpareWeeks is how many weeks longer than its extension the calendar of a trial
// is read: a week in which nobody works at all is passed over.
const SpareWeeks = 4

// extension lists the weeks of an agreed extension with the holidays and office
// days that fall into them.
func (c *Case) extension(cal plan.Calendar, p trial.Plan) []trial.Week {
	if p.ExtensionWeeks <= 0 || p.ExtensionWeeks > trial.MaxWeeks {
		return nil
	}
	longer := c.Plan
	longer.Until = cal.Last.Monday().Add(7*(p.ExtensionWeeks+SpareWeeks) + 4)
	all, err := longer.Calendar(p.Holidays)
	if err != nil {
		return nil // too long to be read: each is like the last week
	}
	var out []trial.Week
	for _, w := range all.Weeks {
		if w.Monday.After(cal.Last) && len(out) < p.ExtensionWeeks {
			out = append(out, trialWeek(w, c.Plan))
		}
	}
	return out
}

// foreseen is the plan with as many days as the boss will name. Which days
// they are changes the odds little, and nobody knows them yet.
func foreseen(p trial.Plan, choice plan.Choice) trial.Plan {
	if choice != plan.Boss || p.Design != trial.Fixed {
		return p
	}
	p.Weeks = slices.Clone(p.Weeks)
	for i, w := range p.Weeks {
		p.Weeks[i].Allowed = w.Allowed[:min(w.Home, len(w.Allowed))]
	}
	return p
}

// trialWeek turns a week of the plan into a week of the lottery.
func trialWeek(w plan.Week, p plan.Plan) trial.Week {
	out := trial.Week{Start: w.Monday, Home: w.Home}
	if len(w.Scheduled) > 0 && w.Scheduled[0].After(w.Monday) && p.Start.After(w.Monday) && p.Start.Monday() == w.Monday {
		out.Start = p.Start
	}
	for _, d := range w.Eligible {
		if p.Choice != plan.Fixed || slices.Contains(p.Wish, d.Weekday()) {
			out.Allowed = append(out.Allowed, d.Weekday())
		}
	}
	out.Home = min(out.Home, len(out.Allowed))
	return out
}

func within(days []day.Date, from, to day.Date) []day.Date {
	var out []day.Date
	for _, d := range days {
		if !d.Before(from) && !d.After(to) {
			out = append(out, d)
		}
	}
	return out
}

// trialMeasure completes the measure from the facts.
func (c *Case) trialMeasure(m trial.Measure, u *trial.Usual) (trial.Measure, *trial.Usual) {
	f := c.Facts.Measure
	if m.Name == "" && f.Name != "" {
		m = trial.Measure{Name: f.Name, Unit: f.Unit, Kind: trial.MeasureKind(f.Kind), Better: trial.Better(f.Better), Source: f.Recorded}
	}
	if u == nil && f.Usual != nil && f.Spread != nil && *f.Spread > 0 {
		u = &trial.Usual{Mean: *f.Usual, SD: *f.Spread}
	}
	return m, u
}

func (o Options) odds(p trial.Plan) (*trial.Odds, error) {
	if o.Odds != nil {
		return o.Odds(p)
	}
	return trial.PlanOdds(p)
}

// trialFacts records the trial and what it can show before it starts.
func (k *composer) trialFacts() error {
	p, ok, err := k.c.TrialPlan(k.o.Holidays)
	if err != nil {
		return err
	}
	k.trial = trialView{plan: p, ok: ok}
	b := k.b
	b.Fact(cite.Fact{ID: "trial.odds", Text: "What the trial can show, computed from its own plan.", Origin: cite.Origin{Kind: cite.Measured, Source: "homecase trial plan, from the dates, the margin and the usual spread"}})
	if p.Margin.Given() {
		k.marginFacts(p)
	}
	p = foreseen(p, k.c.Plan.Choice)
	if !ok || p.Complete() != nil {
		return nil
	}
	odds, err := k.o.odds(p)
	if err != nil {
		return err
	}
	k.trial.odds = odds
	b.Set("odds.schedules", k.bigNumber(odds.NAssignments), "counted from the plan", "trial.odds")
	b.Set("odds.floor", k.smallChance(odds.FloorP), "one in the number of schedules", "trial.odds")
	b.Count("trial.home-days", odds.HomeDays, 1, "home days of the plan", "trial.odds")
	b.Set("odds.false", "5 of 100", "the level of the test", "trial.odds")
	b.Set("odds.hundred", "100", "a round number to count in", "trial.odds")
	b.Set("odds.power", "80 in 100", "as agreed in the method", "trial.odds")
	if odds.SE != nil {
		b.Set("odds.half-width", k.l.Number(1.645**odds.SE, 1), "1.645 times the standard error", "trial.odds", "measure")
	}
	if odds.DaysNeeded != nil {
		b.Count("odds.weeks-needed", math.Ceil(float64(*odds.DaysNeeded)/5), 0, "days needed, in weeks of five", "trial.odds", "measure")
	}
	if w := p.ExtensionWeeks; w > 0 {
		b.Set("trial.extension-words", k.l.Word(w)+plural(w, " week", " weeks"), "as agreed", "ask")
	}
	if odds.Odds != nil {
		k.oddsFacts(*odds.Odds)
	}
	return nil
}

func (k *composer) oddsFacts(s trial.Scenarios) {
	k.scenarioFacts(s, "trial.odds", "measure")
	yes := s.Equal.Clearly + s.Equal.Probably
	k.b.Set("odds.equal-yes", k.roughly(yes), "clearly or probably, if home days are equal", "trial.odds", "measure")
}

// scenarioFacts records how many of 100 such trials end in each verdict.
func (k *composer) scenarioFacts(s trial.Scenarios, facts ...string) {
	rows := []struct {
		verdict            string
		equal, better, low float64
	}{
		{"clearly_at_least_as_good", s.Equal.Clearly, s.Better.Clearly, s.AtMargin.Clearly},
		{"probably_at_least_as_good", s.Equal.Probably, s.Better.Probably, s.AtMargin.Probably},
		{"cannot_tell_yet", s.Equal.CannotTell, s.Better.CannotTell, s.AtMargin.CannotTell},
		{"probably_worse", s.Equal.ProbablyWorse, s.Better.ProbablyWorse, s.AtMargin.ProbablyWorse},
		{"worse", s.Equal.Worse, s.Better.Worse, s.AtMargin.Worse},
	}
	for _, r := range rows {
		ref := packet.Ref("odds." + r.verdict)
		k.b.Set(ref+".equal", k.ofHundred(r.equal), "noncentral t, if home days are equal", facts...)
		k.b.Set(ref+".better", k.ofHundred(r.better), "noncentral t, if home days are better by the margin", facts...)
		k.b.Set(ref+".margin", k.ofHundred(r.low), "noncentral t, if home days are lower by the margin", facts...)
	}
}

// ofHundred writes a probability as a count of 100, and never as none or all.
func (k *composer) ofHundred(p float64) string {
	switch n := math.Round(p * 100); {
	case n < 1:
		return "under 1"
	case n > 99:
		return "over 99"
	default:
		return k.l.Number(n, 0)
	}
}

// roughly writes a probability as about 82 in 100, but over 99 in 100.
func (k *composer) roughly(p float64) string {
	n := k.ofHundred(p)
	if strings.Contains(n, " ") {
		return n + " in 100"
	}
	return "about " + n + " in 100"
}

func (k *composer) bigNumber(n *big.Int) string {
	f, _ := new(big.Float).SetInt(n).Float64()
	if f < 1e12 {
		return k.l.Number(f, 0)
	}
	return "Over " + k.l.Number(math.Floor(f/1e12), 0) + " million million"
}

func (k *composer) smallChance(p float64) string {
	if p <= 0 {
		return "1 in 1"
	}
	inverse := 1 / p
	if inverse < 1e12 {
		return "1 in " + k.l.Number(math.Round(inverse), 0)
	}
	return "under 1 in a million million"
}

// marginFacts records the drop that would not matter.
func (k *composer) marginFacts(p trial.Plan) {
	b := k.b
	k.marginAs(p, "as proposed", "ask", "measure")
	if p.Agreed != nil && len(p.Agreed.By) > 0 {
		b.Set("margin.by", k.l.List(p.Agreed.By), "as agreed", "ask")
		b.Set("margin.date", k.l.Date(p.Agreed.On), "as agreed", "ask")
	}
}

// marginAs writes the drop that would not matter in the words of the measure.
func (k *composer) marginAs(p trial.Plan, how string, facts ...string) {
	b := k.b
	drop, short := "", ""
	switch m := p.Margin; {
	case m.Relative > 0:
		drop = k.l.Percent(m.Relative, 1)
		short = drop
		if p.Usual != nil {
			drop += fmt.Sprintf(" (about %s %s)", k.l.Number(m.Relative*p.Usual.Mean, 1), unitADay(p.Measure))
		}
	default:
		drop = k.l.Number(m.Absolute, 2) + " " + unitADay(p.Measure)
		short = drop
	}
	b.Set("margin.short", short, how, facts[0])
	b.Set("margin.drop", strings.TrimSpace(drop), how+"; about as many units as the usual amount times the share", facts...)
}

func unitWord(m trial.Measure) string {
	if m.Unit != "" {
		return m.Unit
	}
	return "points"
}

// unitADay is the unit of a difference: items a day where days add up, and
// plain hours or points where a day has one level.
func unitADay(m trial.Measure) string {
	if m.Kind == trial.Count {
		return unitWord(m) + " a day"
	}
	return unitWord(m)
}

func (k *composer) trialSection() packet.Section {
	s := packet.Section{ID: "trial", Label: k.label("trial.label"), Level: 2}
	var ids []string
	if k.choiceIsLottery() {
		ids = append(ids, "trial.draw", "trial.draw-why", "trial.seal")
	} else if k.c.Plan.Choice == plan.Fixed {
		ids = append(ids, "trial.fixed", "trial.baseline")
	} else {
		ids = append(ids, "trial.boss", "trial.baseline")
	}
	if k.b.Has("measure.usual") {
		ids = append(ids, k.forKind("trial.measure"))
	}
	if k.b.Has("margin.drop") {
		ids = append(ids, k.forBetter("trial.margin"))
		if k.b.Has("margin.by") {
			ids = append(ids, "trial.margin-by")
		} else {
			ids = append(ids, "trial.margin-open")
		}
	}
	if !k.b.Has("measure.usual") || !k.b.Has("margin.drop") {
		ids = append(ids, "summary.know-none")
	}
	s.Blocks = append(s.Blocks, packet.Para{Text: k.b.Says("", ids...)})
	s.Blocks = append(s.Blocks, k.oddsBlocks()...)
	s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "trial.checks-head")})
	var items []packet.Text
	for i := range k.c.Plan.CheckIns {
		items = append(items, k.b.Says(nth("check", i), "trial.check"))
	}
	for i := range k.c.Plan.StopRules {
		items = append(items, k.b.Says(nth("stoprule", i), "trial.stop"))
	}
	items = append(items, k.b.Says("", k.stops()))
	if k.b.Has("ask.decide") {
		items = append(items, k.b.Says("", "trial.decide"))
	}
	items = append(items, k.b.Says("", "trial.purpose"))
	s.Blocks = append(s.Blocks, packet.List{Items: items})
	return s
}

// forKind picks the phrase for a measure whose days have a level, not a count.
func (k *composer) forKind(id string) string {
	if k.trial.plan.Measure.Kind == trial.Count {
		return id
	}
	return id + "-level"
}

// forBetter picks the phrase for a measure that is better when it is lower.
func (k *composer) forBetter(id string) string {
	if k.trial.plan.Measure.Better == trial.Lower {
		return id + "-lower"
	}
	return id
}

// oddsBlocks say what the trial can show, and what it cannot.
func (k *composer) oddsBlocks() []packet.Block {
	b, o := k.b, k.trial.odds
	if o == nil {
		return nil
	}
	blocks := []packet.Block{packet.Heading{Level: 3, Text: b.Says("", "trial.odds-head")}}
	var ids []string
	if k.choiceIsLottery() {
		ids = append(ids, "trial.schedules")
	}
	if b.Has("odds.half-width") {
		ids = append(ids, "trial.precision")
	}
	if b.Has("odds.weeks-needed") {
		ids = append(ids, "trial.needed")
	}
	if k.choiceIsLottery() {
		ids = append(ids, "trial.fooled") // without a lottery no verdict says clearly
	}
	if b.Has("trial.extension-words") {
		ids = append(ids, "trial.undecided")
	} else {
		ids = append(ids, "trial.undecided-stop")
	}
	ids = append(ids, "trial.five")
	blocks = append(blocks, packet.Para{Text: b.Says("", ids...)})
	if o.Odds == nil {
		return blocks
	}
	t := packet.Table{ID: "odds", Caption: b.Says("", "trial.odds-caption"), Columns: []packet.Column{
		{Head: b.Says("", "trial.odds-head-verdict"), Width: .37}, {Head: b.Says("", "trial.odds-head-equal"), Right: true, Width: .17},
		{Head: b.Says("", "trial.odds-head-better"), Right: true, Width: .23}, {Head: b.Says("", "trial.odds-head-margin"), Right: true, Width: .23},
	}}
	verdicts := []string{"clearly_at_least_as_good", "probably_at_least_as_good", "cannot_tell_yet", "probably_worse", "worse"}
	if !k.choiceIsLottery() {
		verdicts = verdicts[1:4] // the outer two cannot come up
	}
	for _, v := range verdicts {
		ref := packet.Ref("odds." + v)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{
			{Text: b.Says("", "verdicts."+v)}, {Text: b.Text(ref + ".equal")}, {Text: b.Text(ref + ".better")}, {Text: b.Text(ref + ".margin")},
		}})
	}
	return append(blocks, t)
}

// defaultMargin is the margin offered: a tenth of the office mean, and a
// quarter of a point for ratings. It follows from the work, never from the odds.
func defaultMargin(k trial.MeasureKind) trial.Margin {
	if k == trial.Rating {
		return trial.Margin{Absolute: .25}
	}
	return trial.Margin{Relative: .1}
}
