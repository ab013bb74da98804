package web

import (
	"net/http"
	"slices"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// spokenView shows what was decided in a talk before it goes to the office.
type spokenView struct {
	Boss, To, At, Mark string
	Says               []pair
	Terms              []termRow // of changes, beside the ask
	Was                *earlierView
	Form               form
	Problem            string
}

// earlierView is an answer as it was written down before.
type earlierView struct{ Said, Way, On, Written string }

func (v *visit) earlier(d share.Standing) earlierView {
	return earlierView{v.s.label("said-" + string(d.Answer)), v.s.label("way-" + d.Way), v.date(d.Day()), when(d.At)}
}

// untold is what was decided in a talk and the office does not have; nil where
// there is no such thing.
func (v *visit) untold() (*ops.Spoken, error) {
	p, err := v.s.work.Spoken(v.ctx(), v.open)
	if fault.KindOf(err) == fault.Missing {
		return nil, nil
	}
	return p, err
}

// afterTalk leads to the office where it does not have the answer yet.
func afterTalk(v *visit) string {
	if p, err := v.untold(); err == nil && p != nil {
		return "/talk/outcome/office"
	}
	return "/talk"
}

func showSpoken(v *visit) error {
	a := newAnswers()
	a.Set("way", "talk")
	return v.spokenPage(http.StatusOK, a, "")
}

func (v *visit) spokenPage(status int, a answers, problem string) error {
	p, err := v.untold()
	if err != nil {
		return err
	}
	if p == nil {
		return v.seeOther("/talk")
	}
	s, err := v.shared()
	if err != nil {
		return err
	}
	view := spokenView{Boss: v.boss(), To: p.To, At: p.At, Mark: p.Mark, Problem: problem, Form: form{Action: "/talk/outcome/office"}}
	view.Says = []pair{{v.s.label("spoken-answer"), v.s.label("said-" + string(p.Answer))}, {v.s.label("spoken-on"), v.date(p.On)}}
	if !p.Until.IsZero() {
		view.Says = append(view.Says, pair{v.s.label("spoken-until"), v.date(p.Until)})
	}
	if p.Accepted {
		view.Says[0].Text = v.s.label("spoken-accepted")
		view.Terms = v.termRows(p.Asked, *p.Terms)
	}
	if p.Was != nil {
		was := v.earlier(*p.Was)
		view.Was = &was
	}
	view.Form.Fields = v.recordFields(a, "way", "note")
	view.Form.Fields[1].Hint = v.s.label("spoken-note-hint")
	return v.show(status, "share-spoken", page{Title: v.s.label("spoken-title"), Error: len(a.bad) > 0 || problem != "", Tab: "talk", Back: "/talk", Status: officeStatus(s)}, view)
}

// saveSpoken sends what was shown.
func saveSpoken(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	way := a.line("way")
	if !slices.Contains([]string{"email", "paper", "talk"}, way) {
		a.refuse("way", "%s", v.s.label("record-way-missing"))
	}
	a.long("note", share.MaxQuestion)
	refused := func(say string) error { return v.spokenPage(http.StatusUnprocessableEntity, a, say) }
	if len(a.bad) > 0 {
		return refused("")
	}
	_, err := v.s.work.Tell(v.ctx(), v.open, a.line("mark"), way, a.text("note"))
	return v.sent(err, "/talk", refused)
}

// showCorrect asks anew for an answer that was written down wrongly.
func showCorrect(v *visit) error {
	a := newAnswers()
	if s, err := v.shared(); err != nil {
		return err
	} else if d := s.Ahead.Decision(); d != nil {
		fillRecording(a, d)
	}
	return v.correctPage(http.StatusOK, a, "")
}

func fillRecording(a answers, d *share.Standing) {
	a.Set("answer", string(d.Answer))
	a.Set("way", d.Way)
	a.Set("on", d.Day().String())
	a.Set("note", d.Note)
	if !d.Until.IsZero() {
		a.Set("until", d.Until.String())
	}
}

func (v *visit) correctPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	d := s.Ahead.Decision()
	if d == nil || d.Way == "" {
		return v.seeOther("/share/answer")
	}
	was := v.earlier(*d)
	view := spokenView{Boss: v.boss(), To: s.Office.OrgName, At: s.Office.Address, Mark: d.ID, Problem: problem, Was: &was, Form: form{Action: "/share/answer/correct"}}
	view.Form.Fields = v.recordFields(a, "answer", "way", "on", "until", "note")
	return v.show(status, "share-correct", page{Title: v.s.label("correct-title"), Error: len(a.bad) > 0 || problem != "", Tab: "talk", Back: "/share/answer", Status: officeStatus(s)}, view)
}

// saveCorrect writes the answer down as it was.
func saveCorrect(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	if a.Get("answer") == string(share.Countered) {
		return v.seeOther("/share/answer/changes") // they have a page of their own
	}
	refused := func(say string) error { return v.correctPage(http.StatusUnprocessableEntity, a, say) }
	r := v.readRecording(a)
	if len(a.bad) > 0 {
		return refused("")
	}
	r.Corrects = a.line("corrects")
	_, err := v.s.work.Recorded(v.ctx(), v.open, r)
	return v.sent(err, "/share/answer", refused)
}
