package web

import (
	"errors"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/packet"
	"homecase/plan"
	"homecase/trial"
)

// planBinder ties the plan of the trial to the case.
func planBinder() binder {
	return binder{
		fill: fillPlan, take: takePlan, words: planWords, aside: (*visit).oddsAside, script: "planner.js",
		next: func(*visit) string { return "/trial/draw" }, back: func(*visit) string { return "/trial" }, also: map[string]func(*visit) error{"odds": showOdds},
		instead: func(v *visit) string {
			if v.open.Course.Trial != nil {
				return "/trial/draw"
			}
			return ""
		},
	}
}

// unitOf is what the measure is counted in, and its name.
func unitOf(m trial.Measure) string {
	if m.Unit != "" {
		return m.Unit
	}
	return strings.ToLower(m.Name)
}

func (v *visit) measureOf(c *homecase.Case) trial.Measure {
	p, _, err := c.TrialPlan(nil)
	if err != nil || p.Measure.Name == "" {
		return trial.Measure{Name: v.s.label("trial-measure-none"), Unit: v.s.label("trial-unit-none")}
	}
	return p.Measure
}

func planWords(v *visit) []string {
	m := v.measureOf(v.kase())
	return []string{"{measure}", strings.ToLower(m.Name), "{unit}", unitOf(m) + " a day"}
}

func fillPlan(v *visit, a answers) {
	c := v.kase()
	fillTrial(v, a)
	a.Del("weeks")
	p, t := c.Plan, trialPart(c)
	if u := c.Facts.Measure.Usual; u != nil {
		a.Set("usual", formatNumber(*u))
	}
	if s := c.Facts.Measure.Spread; s != nil {
		a.Set("spread", formatNumber(*s))
	}
	full, _, err := c.TrialPlan(nil)
	switch {
	case err == nil && full.Margin.Absolute > 0:
		a.Set("margin", formatNumber(full.Margin.Absolute))
		a.Set("margin-in", "units")
	default:
		a.Set("margin", "10")
		if err == nil && full.Margin.Relative > 0 {
			a.Set("margin", formatNumber(math.Round(full.Margin.Relative*1e6)/1e4))
		}
		a.Set("margin-in", "share")
	}
	a.Set("weeks", strconv.Itoa(max(p.WeekCount(), 1)))
	if p.WeekCount() == 0 {
		a.Set("weeks", "8")
	}
	a.Set("days", formatNumber(p.AskedDays()))
	if p.Choice == plan.Boss { // the days that were named are fixed days
		a.Set("choice", string(plan.Fixed))
	}
	for _, w := range p.Wish {
		a.Add("wish", w.String())
	}
	a.Set("extension", strconv.Itoa(t.ExtensionWeeks))
	decide := p.DecideOn
	if decide.IsZero() {
		decide = p.DecisionDay()
	}
	if !decide.IsZero() {
		a.Set("decide", decide.String())
	}
	a.Set("recorded", string(trial.Self))
	if t.Recorded != "" {
		a.Set("recorded", string(t.Recorded))
	}
	var lines []string
	for _, k := range p.CheckIns {
		lines = append(lines, strings.ToUpper(string(k.Every[:1]))+string(k.Every[1:])+": "+k.What)
	}
	a.Set("checkins", strings.Join(lines, "\n"))
	lines = nil
	for _, s := range p.StopRules {
		lines = append(lines, s.Text)
	}
	a.Set("stops", strings.Join(lines, "\n"))
}

func trialPart(c *homecase.Case) trial.Plan {
	if c.Trial == nil {
		return trial.Plan{}
	}
	return *c.Trial
}

// takePlan puts the plan of the trial into the case.
func takePlan(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	t, before := trialPart(c), c.Spoken()
	defer follow(a, c, before)
	label := func(name string) string { return v.planLabel(name) }
	c.Facts.Measure.Usual, c.Facts.Measure.Spread = nil, nil
	if u, ok := a.number("usual", "A usual day"); ok {
		c.Facts.Measure.Usual = &u
	}
	if s, ok := a.number("spread", "The ups and downs"); ok {
		c.Facts.Measure.Spread = &s
	}
	takeMargin(a, &t)
	v.takeDates(a, c)
	if n, ok := v.whole(a, "extension", label("extension"), "4"); ok {
		t.ExtensionWeeks = n
	} else if a.line("extension") == "" {
		t.ExtensionWeeks = 0
	}
	c.Plan.ExtensionAgreed = t.ExtensionWeeks > 0
	t.Recorded = trial.Self
	if a.line("recorded") == string(trial.System) {
		t.Recorded = trial.System
	}
	t.Weeks, t.DecideOn, t.Design = nil, day.Date{}, ""
	c.Trial = &t
	v.takeLines(a, c)
}

func (v *visit) planLabel(name string) string {
	for _, f := range v.s.words["trial-plan"].Fields {
		if f.Name == name {
			return v.say(f.Label)
		}
	}
	return name
}

func takeMargin(a answers, t *trial.Plan) {
	m, ok := a.number("margin", "The margin")
	switch {
	case !ok:
	case !(m > 0):
		a.refuse("margin", "The margin must be more than 0")
	case a.line("margin-in") == "units":
		t.Margin = trial.Margin{Absolute: m}
	default:
		t.Margin = trial.Margin{Relative: m / 100}
	}
}

// takeDates reads when the trial is and which days may be drawn.
func (v *visit) takeDates(a answers, c *homecase.Case) {
	p := &c.Plan
	if start := a.date("start", "The first day"); !start.IsZero() {
		if !start.After(v.today()) {
			a.refuse("start", "The first day must come after today")
		}
		p.Start = start
	}
	if n, ok := v.whole(a, "weeks", "The length", "8"); ok {
		p.Weeks, p.Until = n, day.Date{}
		if n < 1 {
			a.refuse("weeks", "A trial has at least 1 week")
		}
	}
	if d, ok := a.number("days", "Home days a week"); ok {
		p.Days = d
		if !(d > 0) {
			a.refuse("days", "A week of the trial has at least half a home day")
		}
	}
	p.Allowed, p.Wish = nil, nil
	for _, w := range day.Working() {
		if !slices.Contains(a.Values["never"], w.String()) {
			p.Allowed = append(p.Allowed, w)
		}
		if slices.Contains(a.Values["wish"], w.String()) {
			p.Wish = append(p.Wish, w)
		}
	}
	if len(p.Allowed) == 0 {
		a.refuse("never", "Leave at least one day that can be a home day")
	}
	if len(p.Allowed) == len(day.Working()) {
		p.Allowed = nil
	}
	p.Choice = plan.Lottery
	if a.line("choice") == string(plan.Fixed) {
		p.Choice = plan.Fixed
		if n := p.HomeDaysAWeek(); len(p.Wish) != n && p.Days > 0 {
			a.refuse("wish", "Pick %d of the days, one for each home day", n)
		}
	}
	before := p.DecideOn
	p.DecideOn = a.date("decide", "The day you decide")
	if end := p.EndDate(); p.DecideOn.IsZero() || p.DecideOn == before && p.DecideOn.Before(end) {
		p.DecideOn = p.DecisionDay() // it moves with a trial that became longer
	}
}

// takeLines reads the check-ins and what would stop the trial, one on a line.
func (v *visit) takeLines(a answers, c *homecase.Case) {
	c.Plan.CheckIns = nil
	for line := range strings.Lines(a.text("checkins")) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		when, what, ok := strings.Cut(line, ":")
		var every plan.Every
		if !ok || every.UnmarshalText([]byte(strings.ToLower(strings.TrimSpace(when)))) != nil {
			a.refuse("checkins", "%s", v.say(v.s.words["trial-plan"].Say["refuse-checkin"], "{line}", line))
			continue
		}
		c.Plan.CheckIns = append(c.Plan.CheckIns, plan.CheckIn{Every: every, What: strings.TrimSpace(what)})
	}
	before := c.Plan.StopRules
	c.Plan.StopRules = nil
	for line := range strings.Lines(a.text("stops")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		rule := plan.StopRule{Text: line}
		for _, b := range before {
			if b.Text == line {
				rule = b
			}
		}
		c.Plan.StopRules = append(c.Plan.StopRules, rule)
	}
}

// whole reads a whole number.
func (v *visit) whole(a answers, name, label, example string) (int, bool) {
	n, ok := a.number(name, label)
	if !ok {
		return 0, false
	}
	if n != math.Trunc(n) || math.Abs(n) > 1000 {
		a.refuse(name, "%s", v.say(v.s.words["trial-plan"].Say["refuse-whole"], "{label}", label, "{example}", example))
		return 0, false
	}
	return int(n), true
}

// planScreens show the odds of a plan that is not saved yet, as a part for the
// script that follows typing.
func planScreens() []screen {
	return []screen{{path: "/trial/odds", get: oddsPart}}
}

// showOdds shows the form as it was typed, with its odds. Nothing is saved.
func showOdds(v *visit) error {
	q, b := v.s.words["trial-plan"], planBinder()
	a := answers{v.form(), map[string]string{}}
	try, course := v.open.Case, v.open.Course
	b.take(v, a, &try, &course)
	status := http.StatusOK
	if len(a.bad) > 0 {
		status = http.StatusUnprocessableEntity
	} else {
		a.Set("decide", try.Plan.DecideOn.String())
	}
	return v.showQuestion(status, q, b, a, "")
}

// oddsPart writes the odds alone, of the fields in the address.
func oddsPart(v *visit) error {
	v.r.PostForm = v.r.URL.Query()
	part, err := v.oddsOf(v.r.PostForm != nil && len(v.r.PostForm) > 0)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8") // no page of its own
	_, _ = v.w.Write([]byte(part))                                // the browser is gone: nobody is left to tell
	return nil
}

// oddsView is what a plan can show.
type oddsView struct {
	Boss         string
	Measure      string
	Source       string
	Missing      string
	Refusals     []string
	Says, Fooled string
	Low          bool
	Ways         []oddsWay
	Rows         []oddsRow
	Warnings     []string
	Summary      string
	Weeks        packet.Chart
	Form         bool // the button belongs to a form
}

type oddsWay struct{ Text, Odds string }

type oddsRow struct{ Verdict, Equal, Better, AtMargin string }

// oddsAside shows the odds beside the plan, of what was typed or else saved.
func (v *visit) oddsAside() (template.HTML, error) {
	inner, err := v.oddsOf(v.r.Method == http.MethodPost)
	if err != nil {
		return "", err
	}
	return v.s.part("odds-aside", struct {
		Boss string
		Odds template.HTML
	}{v.boss(), inner})
}

// oddsOf computes the odds of the case, with the fields of a form on top.
func (v *visit) oddsOf(typed bool) (template.HTML, error) {
	o := v.open
	if typed {
		var err error
		if o, err = v.open.Copy(); err != nil {
			return "", err
		}
		takePlan(v, answers{v.r.PostForm, map[string]string{}}, &o.Case, &o.Course)
	}
	view, err := v.odds(o)
	if err != nil {
		return "", err
	}
	return v.s.part("odds", view)
}

func (v *visit) odds(o *ops.Open) (oddsView, error) {
	view := oddsView{Boss: v.boss()}
	m := v.measureOf(&o.Case)
	view.Measure, view.Source = m.Name, m.Source
	if problems, err := v.s.work.Problems(o); err != nil {
		return view, err
	} else if i := slices.IndexFunc(problems, func(f *fault.Error) bool {
		return under(f.Place.Path, "plan") || under(f.Place.Path, "trial")
	}); i >= 0 {
		view.Missing = problems[i].Say
		return view, nil
	}
	odds, err := v.s.work.PlanOdds(o)
	switch {
	case err != nil && fault.KindOf(err) == fault.Internal:
		return view, err
	case err != nil:
		view.Missing = faultSay(err)
		return view, nil
	}
	p := odds.Plan
	view.Summary, view.Weeks = v.weekStrip(&o.Case, odds)
	view.Warnings, view.Refusals = odds.Warnings, odds.Refusals
	if odds.Odds.Odds == nil {
		view.Missing = v.s.label("odds-no-spread")
		return view, nil
	}
	s := odds.Odds.Odds
	view.Says = v.say(v.s.label("odds-says"), "{odds}", timesIn(s.Equal.Clearly))
	view.Fooled = v.say(v.s.label("odds-fooled"), "{margin}", v.marginWords(p), "{odds}", timesIn(s.AtMargin.Clearly))
	if p.Design == trial.Fixed {
		view.Says = v.say(v.s.label("odds-says-probably"), "{odds}", timesIn(s.Equal.Probably))
		view.Fooled = v.say(v.s.label("odds-fooled"), "{margin}", v.marginWords(p), "{odds}", timesIn(s.AtMargin.Probably))
	}
	view.Low = s.Equal.Clearly < .5
	for _, o := range odds.Alternatives {
		view.Ways = append(view.Ways, oddsWay{o.Text, timesIn(o.ClearlyIfEqual)})
	}
	for _, r := range []struct {
		id      string
		e, b, m float64
	}{
		{"clearly", s.Equal.Clearly, s.Better.Clearly, s.AtMargin.Clearly}, {"probably", s.Equal.Probably, s.Better.Probably, s.AtMargin.Probably},
		{"cannot", s.Equal.CannotTell, s.Better.CannotTell, s.AtMargin.CannotTell}, {"probably-worse", s.Equal.ProbablyWorse, s.Better.ProbablyWorse, s.AtMargin.ProbablyWorse},
		{"worse", s.Equal.Worse, s.Better.Worse, s.AtMargin.Worse},
	} {
		view.Rows = append(view.Rows, oddsRow{v.s.label("verdict-" + r.id), inHundred(r.e), inHundred(r.b), inHundred(r.m)})
	}
	return view, nil
}

// faultSay is the first sentence of a fault with what to do.
func faultSay(err error) string {
	var list fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &list) && len(list) > 0:
		one = list[0]
	case !errors.As(err, &one):
		return err.Error()
	}
	return strings.TrimSpace(one.Say + " " + one.Next)
}

// timesIn says a chance as people count: 7 times in 10, 3 times in 100.
func timesIn(p float64) string {
	ten, hundred := math.Round(p*10), math.Round(p*100)
	switch {
	case p < .005:
		return "less than 1 time in 100"
	case hundred == 1:
		return "about 1 time in 100"
	case hundred < 10:
		return fmt.Sprintf("about %g times in 100", hundred)
	case p > .995:
		return "more than 99 times in 100"
	case ten == 10:
		return fmt.Sprintf("about %g times in 100", hundred)
	case ten == 1:
		return "about 1 time in 10"
	case p < .5 && ten == 5:
		return "a little under 5 times in 10"
	}
	return fmt.Sprintf("about %g times in 10", ten)
}

// inHundred counts a chance in 100, and never as none or all.
func inHundred(p float64) string {
	switch n := math.Round(p * 100); {
	case n < 1:
		return "under 1"
	case n > 99:
		return "over 99"
	default:
		return strconv.Itoa(int(n))
	}
}

// marginWords is the margin as a drop: 10%, or 2 items a day.
func (v *visit) marginWords(p trial.Plan) string {
	l := v.kase().Locale()
	if p.Margin.Relative > 0 {
		return l.Percent(p.Margin.Relative, 2)
	}
	return l.Number(p.Margin.Absolute, 2) + " " + unitOf(p.Measure) + " a day"
}

// weekStrip is the trial in a line, and as a row of windows.
func (v *visit) weekStrip(c *homecase.Case, odds *ops.Odds) (string, packet.Chart) {
	l, p := c.Locale(), odds.Plan
	span := func(s string) []packet.Span { return []packet.Span{{Text: s}} }
	first, end := p.Weeks[0].Start, c.Plan.EndDate()
	if end.IsZero() {
		end = p.Weeks[len(p.Weeks)-1].Start.Monday().Add(4)
	}
	home := l.Number(odds.HomeDays, 1)
	how := "drawn"
	fill := packet.FillPale
	if p.Design == trial.Fixed {
		how, fill = "fixed", packet.FillHome
	}
	say := v.say(v.s.label("strip-"+how), "{weeks}", strconv.Itoa(len(p.Weeks)), "{from}", l.Date(first), "{to}", l.Date(end), "{home}", home)
	strip := packet.Timeline{Weeks: len(p.Weeks), Length: float64(len(p.Weeks)), Fill: fill, Above: span(v.say(v.s.label("strip-above-"+how), "{home}", home)),
		Moments: []packet.Moment{{Label: span(l.DayMonth(first))}}}
	if d := p.DecideOn; d.After(first) {
		at := float64(d.Sub(first)) / 7
		strip.Length = max(strip.Length, at)
		strip.Moments = append(strip.Moments, packet.Moment{At: at, Label: span(v.say(v.s.label("strip-decide"), "{date}", l.DayMonth(d)))})
		say += " " + v.say(v.s.label("strip-decide-on"), "{date}", l.Date(d))
	}
	return say, strip
}
