package web

import (
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/evidence"
)

// reasonScreens are the reasons, for the boss and for the person alone.
func reasonScreens() []screen {
	return []screen{
		{path: "/case/reasons", get: func(v *visit) error { return v.reasons(http.StatusOK, nil, "") }, post: saveReasons},
		{path: "/case/reasons/{n}/share", get: showPersonal, post: savePersonal},
		{path: "/case/money/trades", get: showTrades, post: saveTrades},
	}
}

// reasonBinders ties a single reason to the case.
func reasonBinders() map[string]binder {
	back := func(*visit) string { return "/case/reasons" }
	return map[string]binder{
		"reason-new": {take: func(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
			c.Reasons.Business = append(slices.Clone(c.Reasons.Business), takeReason(a))
		}, options: factOptions, next: back, back: back},
		"reason": {fill: fillReason, take: func(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
			if i := v.index(); i < len(c.Reasons.Business) {
				c.Reasons.Business = slices.Clone(c.Reasons.Business)
				c.Reasons.Business[i] = takeReason(a)
			}
		}, options: factOptions, next: back, back: back, missing: func(v *visit) bool { return v.index() < 0 || v.index() >= len(v.kase().Reasons.Business) }},
		"reason-personal": {take: func(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
			c.Reasons.Personal = append(slices.Clone(c.Reasons.Personal), homecase.Personal{Text: a.line("text")})
		}, next: back, back: back},
	}
}

func fillReason(v *visit, a answers) {
	r := v.kase().Reasons.Business[v.index()]
	a.Set("head", r.Head)
	a.Set("text", r.Text)
	a.Values["facts"] = r.Facts
}

func takeReason(a answers) homecase.Reason {
	return homecase.Reason{Head: a.line("head"), Text: a.line("text"), Facts: slices.Clone(a.Values["facts"])}
}

// factOptions are the facts a reason can rest on, as far as the case has them.
func factOptions(v *visit, _ string) ([]option, error) {
	c, shared := v.kase(), v.kase().Shared()
	var out []option
	add := func(there bool, value, label, hint string) {
		if there {
			out = append(out, option{Value: value, Label: label, Hint: hint})
		}
	}
	n := 0
	for _, r := range shared.Facts.Results {
		if r.Business {
			n++
			add(true, "result."+itoa(n), r.Text, r.Source)
		}
	}
	add(c.Readiness.Hours().Total() > 0, "hours", v.s.label("fact-hours"), c.Readiness.DutiesOrigin.Source)
	add(len(c.Money.Lines) > 0, "money", v.s.label("fact-money"), "")
	add(c.Facts.Measure.Usual != nil, "measure", v.s.label("fact-measure"), c.Facts.Measure.Recorded)
	add(c.Facts.Programme.Note != "", "programme", v.s.label("fact-programme"), c.Facts.Programme.Note)
	for _, id := range c.Facts.Studies {
		s, err := evidence.Find(id)
		if err != nil {
			return nil, err
		}
		add(true, string(id), s.Short, s.Result)
	}
	return out, nil
}

// suggestedReasons are reasons made of the person's own facts, the strongest first.
// Those that the case has already are left out.
func (v *visit) suggestedReasons() ([]homecase.Reason, error) {
	c := v.kase()
	var out []homecase.Reason
	n := 0
	for _, r := range c.Shared().Facts.Results {
		if !r.Business {
			continue
		}
		n++
		if !r.Known() {
			continue
		}
		head := v.s.label("reason-result-head")
		if r.Number != nil {
			head = strings.TrimSpace(c.Locale().Number(*r.Number, 2) + unitAfter(r.Unit))
		}
		out = append(out, homecase.Reason{Head: head, Text: r.Text, Facts: []string{"result." + itoa(n)}})
	}
	if m := c.Facts.Measure; m.Usual != nil && m.Recorded != "" && m.Name != "" {
		text := v.say(v.s.label("reason-measure-text"), "{measure}", upperFirst(m.Name), "{recorded}", m.Recorded)
		out = append(out, homecase.Reason{Head: v.s.label("reason-measure-head"), Text: text, Facts: []string{"measure"}})
	}
	if p := c.Facts.Programme; p.Note != "" && p.Known() && (p.Status == evidence.Formal || p.Status == evidence.Informal) {
		out = append(out, homecase.Reason{Head: v.s.label("reason-programme-head"), Text: p.Note, Facts: []string{"programme"}})
	}
	for _, id := range c.Facts.Studies {
		s, err := evidence.Find(id)
		if err != nil {
			return nil, err
		}
		out = append(out, homecase.Reason{Head: s.Short, Text: s.Result, Facts: []string{string(id)}})
	}
	return slices.DeleteFunc(out, func(r homecase.Reason) bool {
		return slices.ContainsFunc(c.Reasons.Business, func(have homecase.Reason) bool {
			return have.Head == r.Head || slices.Equal(have.Facts, r.Facts) && have.Text == r.Text
		})
	}), nil
}

// unitAfter is the unit behind a number: 14%, or 42 exceptions.
func unitAfter(unit string) string {
	if unit == "%" {
		return unit
	}
	return " " + unit
}

// reasonRow is a reason to tick.
type reasonRow struct {
	ID, Value, Head, Text string
	On                    bool
	Edit                  string // where it is changed; empty for a suggestion
}

type reasonsView struct {
	Rows      []reasonRow
	Personal  []personalRow
	CheckThis string
	Boss      string
	From      string
	Sheet     sheetView
}

type personalRow struct {
	N     int
	Text  string
	Share bool
}

// reasons shows what can be chosen: what the case has first, then suggestions.
func (v *visit) reasons(status int, picked []string, checkThis string) error {
	view := reasonsView{Boss: v.boss(), From: v.from(), CheckThis: checkThis}
	on := func(value string, fallback bool) bool {
		if picked == nil {
			return fallback
		}
		return slices.Contains(picked, value)
	}
	for i, r := range v.kase().Reasons.Business {
		value := "have-" + itoa(i+1)
		view.Rows = append(view.Rows, reasonRow{Value: value, Head: r.Head, Text: r.Text, On: on(value, true), Edit: "/case/reasons/" + itoa(i+1)})
	}
	suggested, err := v.suggestedReasons()
	if err != nil {
		return err
	}
	for i, r := range suggested {
		// A suggestion is known by what it rests on: the list may change meanwhile.
		value := "new-" + strings.Join(r.Facts, " ")
		view.Rows = append(view.Rows, reasonRow{Value: value, Head: r.Head, Text: r.Text, On: on(value, len(view.Rows) == 0 && i == 0)})
	}
	for i := range view.Rows {
		view.Rows[i].ID = "r-" + itoa(i+1)
	}
	for i, p := range v.kase().Reasons.Personal {
		view.Personal = append(view.Personal, personalRow{i + 1, p.Text, p.Share})
	}
	if view.Sheet, err = v.sheet(); err != nil {
		return err
	}
	return v.show(status, "reasons", page{Title: "Choose up to three reasons", Tab: "case", Back: "/case"}, view)
}

// mostShown is how many reasons the first page can show at most.
const mostShown = 3

// saveReasons keeps what was ticked, in the order of the page.
func saveReasons(v *visit) error {
	picked := v.form()["pick"]
	if len(picked) > mostShown && v.form().Get("sure") == "" {
		return v.reasons(http.StatusOK, picked, v.say(v.s.label("reasons-many"), "{n}", itoa(len(picked))))
	}
	suggested, err := v.suggestedReasons()
	if err != nil {
		return err
	}
	how := homecase.Answered
	if len(picked) == 0 {
		how = homecase.Skipped
	}
	err = v.change("Chose the reasons", func(c *homecase.Case, course *homecase.Course) error {
		var keep []homecase.Reason
		for i, r := range c.Reasons.Business {
			if slices.Contains(picked, "have-"+itoa(i+1)) {
				keep = append(keep, r)
			}
		}
		for _, r := range suggested {
			if slices.Contains(picked, "new-"+strings.Join(r.Facts, " ")) {
				keep = append(keep, r)
			}
		}
		c.Reasons.Business = keep
		course.Visit(homecase.TaskReasons, how)
		return nil
	})
	if err != nil {
		return err
	}
	return v.leave(homecase.TaskReasons)
}

type personalView struct {
	N     int
	Text  string
	Share bool
	Boss  string
}

// showPersonal shows the exact words the boss would read, and asks.
func showPersonal(v *visit) error {
	i := v.index()
	if i < 0 || i >= len(v.kase().Reasons.Personal) {
		return errNoPage
	}
	p := v.kase().Reasons.Personal[i]
	return v.ok("share-reason", page{Title: "Shall " + v.boss() + " read this?", Tab: "case", Back: "/case/reasons"}, personalView{i + 1, p.Text, p.Share, v.boss()})
}

func savePersonal(v *visit) error {
	i, do := v.index(), v.form().Get("do")
	did := map[string]string{"add": "share-did", "keep": "unshare-did", "drop": "drop-reason-did"}[do]
	if i < 0 || i >= len(v.kase().Reasons.Personal) || did == "" {
		return errNoPage
	}
	save := v.change
	if do == "drop" {
		save = v.remove
	}
	err := save(v.s.label(did), func(c *homecase.Case, _ *homecase.Course) error {
		if i >= len(c.Reasons.Personal) {
			return errNoPage
		}
		c.Reasons.Personal = slices.Clone(c.Reasons.Personal)
		if do == "drop" {
			c.Reasons.Personal = slices.Delete(c.Reasons.Personal, i, i+1)
			return nil
		}
		c.Reasons.Personal[i].Share = do == "add"
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/reasons")
}
