package web

import (
	"net/http"
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/trial"
)

// drawView is the agreement of the plan, the draw, and the plan once drawn.
type drawView struct {
	Boss     string
	Office   string // through which the case is shared; empty where it is not
	Errors   []field
	Plan     []pair
	Summary  string
	CheckIns []string
	Stops    []string
	On       string // when both agreed, as typed
	Today    string
	Hashes   *trial.Commitment
	Word     string
	Drawn    bool
	Fixed    bool
	Shown    []homeDay
	Hidden   bool
	Problem  string // why it cannot be agreed
	Low      string // the odds, where they are low
	Send     string // the office has not got this plan yet
}

type pair struct{ Name, Text string }

// homeDay is a day whose place is known already.
type homeDay struct {
	Date string
	Home bool
}

func showDraw(v *visit) error { return v.drawPage(http.StatusOK, drawView{}) }

func (v *visit) drawPage(status int, view drawView) error {
	view.Boss, view.Today = v.boss(), v.today().String()
	var err error
	if view.Office, err = v.sharedAt(); err != nil {
		return err
	}
	p := page{Tab: "trial", Back: "/trial", Wide: true, Error: len(view.Errors) > 0}
	r, err := v.s.work.Round(v.ctx(), v.open)
	switch {
	case fault.KindOf(err) == fault.Missing:
		p.Title, p.Back = v.say(v.s.label("agree-title")), "/trial/plan"
		if view.On == "" {
			view.On = view.Today
		}
		if err := v.toAgree(&view); err != nil {
			return err
		}
		return v.show(status, "trial-agree", p, view)
	case err != nil:
		return err
	}
	view.agreed(v, r)
	if r.Sealed() {
		hashes, err := v.s.work.Hashes(r)
		if err != nil {
			return err
		}
		p.Title, view.Hashes = v.say(v.s.label("word-title")), &hashes
		return v.show(status, "trial-word", p, view)
	}
	if view.Send, err = v.planToSend(); err != nil {
		return err
	}
	p.Title = v.s.label("agreed-title")
	return v.show(status, "trial-agreed", p, view)
}

// toAgree lists what both are about to agree on.
func (v *visit) toAgree(view *drawView) error {
	odds, err := v.s.work.PlanOdds(v.open)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return err
		}
		view.Problem = faultSay(err)
		return nil
	}
	view.Summary, _ = v.weekStrip(v.kase(), odds)
	view.Fixed = odds.Plan.Design == trial.Fixed
	if len(odds.Refusals) > 0 && !view.Fixed {
		view.Problem = odds.Refusals[0]
	}
	if s := odds.Odds.Odds; s != nil && s.Equal.Clearly < .5 && !view.Fixed {
		view.Low = v.say(v.s.label("odds-says"), "{odds}", timesIn(s.Equal.Clearly))
	}
	view.pairs(v, odds.Plan)
	for _, k := range v.kase().Plan.CheckIns {
		view.CheckIns = append(view.CheckIns, strings.ToUpper(string(k.Every[:1]))+string(k.Every[1:])+": "+k.What)
	}
	for _, s := range v.kase().Plan.StopRules {
		view.Stops = append(view.Stops, s.Text)
	}
	return nil
}

// agreed lists what stands since both agreed.
func (view *drawView) agreed(v *visit, r *ops.Round) {
	view.pairs(v, r.Agreement)
	view.CheckIns, view.Stops, view.Fixed = r.Agreement.CheckIns, r.Agreement.Stop, r.Fixed()
	l := v.kase().Locale()
	view.Plan = append(view.Plan, pair{v.s.label("agreed-on"), l.WeekdayDate(r.Agreed)})
	if d := r.Agreement.Drawn; d != nil {
		view.Drawn, view.Hashes, view.Word = true, d, d.Word
		view.Plan = append(view.Plan, pair{v.s.label("drawn-on"), l.WeekdayDate(d.On)})
	}
	for _, d := range r.Days {
		switch {
		case d.Date.After(r.Shown()):
			view.Hidden = true
		case d.Planned == trial.AtHome && !d.Date.Before(r.Today):
			view.Shown = append(view.Shown, homeDay{l.WeekdayDate(d.Date), true})
		}
	}
}

// pairs is a plan in lines.
func (view *drawView) pairs(v *visit, p trial.Plan) {
	l := v.kase().Locale()
	add := func(id, text string) {
		if text != "" {
			view.Plan = append(view.Plan, pair{v.s.label(id), text})
		}
	}
	add("pair-measure", p.Measure.Name)
	add("pair-margin", v.say(v.s.label("pair-margin-text"), "{margin}", v.marginWords(p)))
	recorded := "pair-recorded-self"
	if p.Recorded == trial.System {
		recorded = "pair-recorded-system"
	}
	add("pair-recorded", v.s.label(recorded))
	add("pair-first", l.WeekdayDate(p.Weeks[0].Start))
	add("pair-weeks", itoa(len(p.Weeks)))
	if p.ExtensionWeeks > 0 {
		add("pair-extension", v.say(v.s.label("pair-extension-text"), "{weeks}", itoa(p.ExtensionWeeks)))
	} else {
		add("pair-extension", v.s.label("pair-extension-none"))
	}
	if !p.DecideOn.IsZero() {
		add("pair-decide", l.WeekdayDate(p.DecideOn))
	}
	purpose := p.Purpose
	if purpose == "" {
		purpose = v.s.words["trial-plan"].Say["purpose"]
	}
	add("pair-purpose", purpose)
}

// saveDraw takes the next step: agree, open again, or draw with a word.
func saveDraw(v *visit) error {
	switch v.form().Get("do") {
	case "agree":
		return v.agreeOnPlan()
	case "open":
		open, err := v.s.work.Unseal(v.ctx(), v.open)
		if err != nil {
			return err
		}
		v.open = open
		return v.seeOther("/trial/plan")
	}
	a := answers{v.form(), map[string]string{}}
	word := a.line("word")
	switch {
	case word == "" && v.form().Get("do") != "wordless":
		a.refuse("word", "%s", v.say(v.s.label("word-missing")))
	case len(word) > 200:
		a.refuse("word", "%s", v.s.label("word-long"))
	}
	if v.form().Get("do") == "wordless" {
		word = ""
	}
	if say := a.bad["word"]; say != "" {
		return v.drawPage(http.StatusUnprocessableEntity, drawView{Word: word, Errors: []field{{ID: "word", Error: say}}})
	}
	open, err := v.s.work.DrawRound(v.ctx(), v.open, word)
	if err != nil {
		return err
	}
	v.open = open
	return v.seeOther("/trial")
}

// agreeOnPlan writes down that both agreed.
func (v *visit) agreeOnPlan() error {
	a := answers{v.form(), map[string]string{}}
	on := a.date("on", "The day")
	if on.IsZero() {
		a.refuse("on", "%s", v.s.label("agree-on-missing"))
	}
	if v.form().Get("both") == "" {
		a.refuse("both", "%s", v.say(v.s.label("agree-both-missing")))
	}
	view := drawView{On: a.line("on")}
	bad := func() error { return v.drawPage(http.StatusUnprocessableEntity, view) }
	for _, name := range []string{"on", "both"} {
		if say := a.bad[name]; say != "" {
			view.Errors = append(view.Errors, field{ID: name, Error: say})
		}
	}
	if len(view.Errors) > 0 {
		return bad()
	}
	open, err := v.s.work.Seal(v.ctx(), v.open, on, v.s.words["trial-plan"].Say["purpose"])
	switch k := fault.KindOf(err); {
	case err == nil:
	case k == fault.Invalid || k == fault.Finding:
		view.Errors = []field{{ID: "on", Error: faultSay(err)}}
		return bad()
	default:
		return err
	}
	v.open = open
	if v.open.Course.Trial != nil && v.open.Course.Trial.Nonce == "" { // fixed days have no draw
		return v.seeOther("/trial")
	}
	return v.seeOther("/trial/draw")
}

// showStop asks on which day a stop rule came true.
func showStop(v *visit) error { return v.stopPage(http.StatusOK, nil, nil) }

// stopRow is one stop rule with its day.
type stopRow struct{ ID, Text, On, Error string }

func (v *visit) stopPage(status int, typed answersOf, bad map[string]string) error {
	var view struct {
		Boss   string
		Rows   []stopRow
		Errors []field
	}
	view.Boss = v.boss()
	for i, s := range v.kase().Plan.StopRules {
		row := stopRow{ID: "rule-" + itoa(i+1), Text: s.Text}
		if !s.FiredOn.IsZero() {
			row.On = s.FiredOn.String()
		}
		if typed != nil {
			row.On = typed(row.ID)
		}
		if row.Error = bad[row.ID]; row.Error != "" {
			view.Errors = append(view.Errors, field{ID: row.ID, Error: row.Error})
		}
		view.Rows = append(view.Rows, row)
	}
	return v.show(status, "trial-stop", page{Title: v.s.label("stop-title"), Tab: "trial", Back: "/trial", Error: len(bad) > 0}, view)
}

// answersOf reads a typed field by its name.
type answersOf func(name string) string

// saveStop keeps the days on which stop rules came true; an empty day takes one back.
func saveStop(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	rules := v.kase().Plan.StopRules
	days := make([]day.Date, len(rules))
	for i := range rules {
		name := "rule-" + itoa(i+1)
		if days[i] = a.date(name, "The day"); days[i].After(v.today()) {
			a.refuse(name, "%s", v.s.label("stop-future"))
		}
	}
	if len(a.bad) > 0 {
		return v.stopPage(http.StatusUnprocessableEntity, a.line, a.bad)
	}
	if err := v.s.work.FireRules(v.ctx(), v.open, days); err != nil {
		return err
	}
	return v.seeOther("/trial")
}
