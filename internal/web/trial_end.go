package web

import (
	"net/http"
	"slices"

	"homecase/fault"
	"homecase/plan"
)

// endView is the decision: what may be chosen, and what may not with the reason.
type endView struct {
	Boss, Verdict, Sentence string
	Office                  string // through which the case is shared
	Ways                    []endWay
	Closed                  []endWay
	Problem                 string
	Errors                  []field
	Chosen                  string
	Over                    bool
	DecideOn                string
}

type endWay struct {
	ID, Name, Hint string
	On             bool
}

func showEnd(v *visit) error { return v.endPage(http.StatusOK, endView{}) }

func (v *visit) endPage(status int, view endView) error {
	r, err := v.s.work.Round(v.ctx(), v.open)
	if fault.KindOf(err) == fault.Missing {
		return v.seeOther("/trial")
	}
	if err != nil {
		return err
	}
	if r.Sealed() {
		return v.seeOther("/trial/draw")
	}
	reading, err := v.s.work.Reading(v.open, r)
	if err != nil {
		return err
	}
	view.Boss, view.Over = v.boss(), r.Over()
	if view.Office, err = v.sharedAt(); err != nil {
		return err
	}
	view.Verdict = v.s.label("trial-no-day")
	if reading != nil {
		view.Verdict, view.Sentence = reading.Analysis.Heading, reading.Analysis.Sentence
	}
	if d := r.DecideOn(); !d.IsZero() {
		view.DecideOn = v.kase().Locale().WeekdayDate(d)
	}
	ends, err := v.s.work.Endings(v.open, r)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return err
		}
		view.Problem = faultSay(err)
	}
	for _, e := range ends {
		say, err := v.ruleWords(e.Why)
		if err != nil {
			return err
		}
		way := endWay{ID: string(e.Way), Name: v.say(v.s.label("end-"+string(e.Way)), "{weeks}", itoa(r.Agreement.ExtensionWeeks)), Hint: say, On: view.Chosen == string(e.Way)}
		if e.Rung != nil && (e.Way == plan.Climb || e.Way == plan.GiveUp) {
			way.Name = v.say(v.s.label("end-"+string(e.Way)+"-to"), "{rung}", lowerFirst(e.Rung.Name))
		}
		if e.Allowed {
			view.Ways = append(view.Ways, way)
		} else {
			view.Closed = append(view.Closed, way)
		}
	}
	return v.show(status, "trial-end", page{Title: v.s.label("end-title"), Tab: "trial", Back: "/trial", Wide: true, Error: len(view.Errors) > 0, Status: v.say(v.s.label("trial-status"))}, view)
}

// ruleWords are the sentences of rules of the ladder.
func (v *visit) ruleWords(ids []string) (string, error) {
	rules, err := plan.OpeningRules()
	if err != nil {
		return "", err
	}
	say := ""
	for _, r := range rules {
		if slices.Contains(ids, r.ID) {
			say = r.Say
		}
	}
	return say, nil
}

// saveEnd does what both decided.
func saveEnd(v *visit) error {
	way := plan.Way(v.form().Get("way"))
	if way == "" {
		return v.endPage(http.StatusUnprocessableEntity, endView{Errors: []field{{ID: "way-1", Error: v.s.label("end-missing")}}})
	}
	open, err := v.s.work.EndRound(v.ctx(), v.open, way)
	if err != nil {
		if fault.KindOf(err) == fault.Finding {
			return v.endPage(http.StatusUnprocessableEntity, endView{Chosen: string(way), Errors: []field{{ID: "way-1", Error: faultSay(err)}}})
		}
		return err
	}
	v.open = open
	if way == plan.Climb {
		return v.seeOther("/ladder")
	}
	return v.seeOther("/trial")
}
