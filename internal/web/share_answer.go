package web

import (
	"net/http"
	"slices"

	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/plan"
	"homecase/share"
)

// askedView are the questions with their answers, in place.
type askedView struct {
	Boss    string
	Rows    []askedRow
	Line    fetchedLine
	Errors  []field
	Problem string
}

type askedRow struct {
	N, ID, About, Text, Asked string
	Answer, Answered, First   string
	Way                       bool // its answer is on its way
	Typed, Error              string
	Open                      bool // the form to correct it
}

func showAsked(v *visit) error { return v.askedPage(http.StatusOK, "", "", "", "") }

func (v *visit) askedPage(status int, id, typed, bad, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	view := askedView{Boss: v.boss(), Line: v.fetched(s), Problem: problem}
	for i, q := range s.Ahead.Questions {
		row := askedRow{N: itoa(i + 1), ID: q.ID, About: q.About, Text: q.Text, Asked: when(q.Asked), Answer: q.Answer}
		if !q.Answered.IsZero() {
			row.Answered, row.Way = when(q.Answered), !s.Questions[i].Answered.Equal(q.Answered)
			row.Typed = q.Answer
		}
		if !q.First.IsZero() {
			row.First = when(q.First)
		}
		if q.ID == id {
			row.Typed, row.Error, row.Open = typed, bad, true
			if bad != "" {
				view.Errors = append(view.Errors, field{ID: "reply-" + row.N, Error: bad})
			}
		}
		view.Rows = append(view.Rows, row)
	}
	slices.SortStableFunc(view.Rows, func(a, b askedRow) int { // what waits comes first
		switch {
		case (a.Answered == "") == (b.Answered == ""):
			return 0
		case a.Answered == "":
			return -1
		}
		return 1
	})
	title := v.s.label("asked-none")
	if n := len(view.Rows); n > 0 {
		title = v.say(v.s.label("asked-title"))
	}
	return v.show(status, "share-questions", page{Title: title, Error: len(view.Errors) > 0 || problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}, view)
}

func saveReply(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	id, text := a.line("question"), a.text("text")
	if text == "" {
		return v.askedPage(http.StatusUnprocessableEntity, id, "", v.s.label("reply-missing"), "")
	}
	if a.long("text", share.MaxNote); a.bad["text"] != "" {
		return v.askedPage(http.StatusUnprocessableEntity, id, text, a.bad["text"], "")
	}
	send := v.s.work.Reply
	if a.Get("do") == "correct" {
		send = v.s.work.CorrectReply
	}
	_, err := send(v.ctx(), v.open, id, text)
	return v.sent(err, "/share/questions", func(say string) error { return v.askedPage(http.StatusUnprocessableEntity, id, text, "", say) })
}

// answerView is the decision of the other side, or where it is written down by hand.
type answerView struct {
	Boss, State, Lede, Note, Reason, On, Way string
	Kind                                     share.Act
	Grounds                                  []string
	Notice                                   []share.Said
	Counter                                  *counterView
	Accepted                                 bool
	Undo                                     string // until when it can still be undone
	Form                                     form
	ByHand                                   bool
	Line                                     fetchedLine
	Problem                                  string
	Waits                                    bool          // the person's own answer is on its way
	Written                                  string        // when it was written down by hand
	Before                                   []earlierView // what it was written down as before
	MayCorrect                               bool
}

// counterView are the changes beside what was asked for.
type counterView struct {
	ID     string
	Rows   []termRow
	Cannot string
	Reply  field
}

type termRow struct {
	Name, Before, After string
	Changed             bool
}

func showAnswer(v *visit) error {
	a := newAnswers()
	a.Set("on", v.today().String())
	return v.answerPage(http.StatusOK, a, "")
}

func (v *visit) answerPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	if len(s.Ahead.Editions) == 0 {
		return v.seeOther("/share")
	}
	view := answerView{Boss: v.boss(), State: v.stateWords(s), Line: v.fetched(s), Problem: problem, Form: form{Action: "/share/answer"}}
	title := v.s.label("answer-none")
	if d := s.Ahead.Decision(); d != nil {
		kind := string(d.Answer)
		if !d.Accepted.IsZero() {
			kind = "accepted"
		}
		title, view.Lede = v.say(v.s.label("answer-"+kind)), v.say(v.s.label("answer-lede-"+kind), "{day}", v.date(v.askAgainAfter(d)))
		if err := v.fillAnswerView(&view, s, d, a); err != nil {
			return err
		}
	} else {
		view.ByHand = true
		view.Form.Fields = v.recordFields(a, "answer", "way", "on", "until", "note")
	}
	return v.show(status, "share-answer", page{Title: title, Error: len(a.bad) > 0 || problem != "", Tab: "talk", Back: "/share", Status: officeStatus(s)}, view)
}

// askAgainAfter is the day to ask again after a decision: as the plan has it, or as
// the record does where the plan says that something else was decided.
func (v *visit) askAgainAfter(d *share.Standing) day.Date {
	if again := v.kase().Plan.NotNow.Retry(); !again.IsZero() || d.Answer != share.Deferred {
		return again
	}
	return plan.NotNow{Said: d.Day(), AskAgain: d.Until}.RetryOn()
}

func (v *visit) fillAnswerView(view *answerView, s *ops.Shared, d *share.Standing, a answers) error {
	view.Kind, view.Note, view.Reason, view.On = d.Answer, d.Note, d.Reason, when(d.At)
	view.Grounds, view.Notice, view.Accepted = d.Grounds, d.Notice, !d.Accepted.IsZero()
	if d.Way != "" {
		view.Way, view.On, view.Written = v.s.label("way-"+d.Way), v.date(d.Day()), when(d.At)
		view.MayCorrect = s.Ahead.MayCorrect(d)
	}
	for _, was := range s.Ahead.CorrectedBy(d) {
		view.Before = append(view.Before, v.earlier(was))
	}
	if until, ok := s.Ahead.CanUndo(v.s.work.Now()); ok {
		view.Undo = v.date(day.Of(until.Local()))
	}
	if d.Answer != share.Countered || d.Terms == nil {
		return nil
	}
	view.Counter = &counterView{ID: d.ID, Rows: v.termRows(s.Ahead.Editions[d.Edition-1].Terms, *d.Terms)}
	view.Counter.Reply = field{ID: "f-text", Name: "text", Kind: "area", Label: v.say(v.s.label("respond-text")), Value: a.Get("text"), Error: a.bad["text"], Most: share.MaxNote}
	if a.bad["text"] != "" {
		view.Form.Fields = []field{view.Counter.Reply}
	}
	if view.Accepted {
		view.Waits = s.Decision() == nil || s.Decision().Accepted.IsZero()
		return nil
	}
	k, err := v.s.work.Counter(v.ctx(), v.open)
	switch {
	case err == nil && len(k.Cannot) > 0:
		view.Counter.Cannot = k.Cannot[0].Say
	case err != nil && fault.KindOf(err) != fault.Missing:
		return err
	}
	return nil
}

// termRows lays two sets of terms beside each other.
func (v *visit) termRows(before, after share.Terms) []termRow {
	was, is := v.termPairs(before), v.termPairs(after)
	var out []termRow
	for _, p := range is {
		row := termRow{Name: p.Name, After: p.Text, Before: textOf(was, p.Name)}
		row.Changed = row.Before != row.After
		out = append(out, row)
	}
	for _, p := range was {
		if textOf(is, p.Name) == "" {
			out = append(out, termRow{Name: p.Name, Before: p.Text, Changed: true})
		}
	}
	return out
}

func textOf(pairs []pair, name string) string {
	for _, p := range pairs {
		if p.Name == name {
			return p.Text
		}
	}
	return ""
}

// recordFields ask for an answer that came by another way: those of these names.
func (v *visit) recordFields(a answers, names ...string) []field {
	pick := func(name string, ids ...string) field {
		f := field{ID: "f-" + name, Name: name, Kind: "choice", Label: v.say(v.s.label("record-" + name)), Error: a.bad[name]}
		for i, id := range ids {
			f.Options = append(f.Options, option{ID: "f-" + name + "-" + itoa(i+1), Value: id, Label: v.say(v.s.label("record-" + name + "-" + id)), On: a.Get(name) == id})
		}
		return f
	}
	all := []field{
		pick("answer", "agreed", "not_now"),
		pick("way", "email", "paper", "talk"),
		{ID: "f-on", Name: "on", Kind: "date", Label: v.s.label("record-on"), Value: a.Get("on"), Error: a.bad["on"], Width: 14},
		{ID: "f-until", Name: "until", Kind: "date", Label: v.s.label("record-until"), Hint: v.s.label("record-until-hint"), Value: a.Get("until"), Error: a.bad["until"], Width: 14},
		{ID: "f-note", Name: "note", Kind: "area", Label: v.s.label("record-note"), Value: a.Get("note"), Error: a.bad["note"]},
	}
	return slices.DeleteFunc(all, func(f field) bool { return !slices.Contains(names, f.Name) })
}

// saveAnswer accepts the changes, answers them, or writes an answer down.
func saveAnswer(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	refused := func(say string) error { return v.answerPage(http.StatusUnprocessableEntity, a, say) }
	switch v.form().Get("do") {
	case "accept":
		_, err := v.s.work.Accept(v.ctx(), v.open, a.line("decision"), "")
		return v.sent(err, "/share/answer", refused)
	case "respond":
		if a.text("text") == "" {
			a.refuse("text", "%s", v.s.label("respond-missing"))
		}
		a.long("text", share.MaxNote)
		if len(a.bad) > 0 {
			return refused("")
		}
		_, err := v.s.work.Respond(v.ctx(), v.open, a.line("decision"), a.text("text"))
		return v.sent(err, "/share/answer", refused)
	}
	if a.Get("answer") == string(share.Countered) {
		return v.seeOther("/share/answer/changes") // they have a page of their own
	}
	r := v.readRecording(a)
	if len(a.bad) > 0 {
		return refused("")
	}
	_, err := v.s.work.Recorded(v.ctx(), v.open, r)
	return v.sent(err, "/share/answer", refused)
}

func (v *visit) readRecording(a answers) share.Recording {
	r := share.Recording{Way: a.line("way"), Answer: share.Act(a.line("answer")), On: a.date("on", "The day"), Note: a.text("note")}
	if r.Answer != share.Agreed && r.Answer != share.Deferred && r.Answer != share.Countered {
		a.refuse("answer", "%s", v.s.label("record-answer-missing"))
	}
	if !slices.Contains([]string{"email", "paper", "talk"}, r.Way) {
		a.refuse("way", "%s", v.s.label("record-way-missing"))
	}
	switch {
	case r.On.IsZero():
		a.refuse("on", "%s", v.s.label("record-on-missing"))
	case r.On.After(v.today()):
		a.refuse("on", "%s", v.s.label("record-on-future"))
	}
	if r.Answer == share.Deferred {
		if r.Until = a.date("until", "The day to ask again"); !r.Until.IsZero() && !r.Until.After(v.today()) {
			a.refuse("until", "%s", v.s.label("record-until-past"))
		}
	}
	a.long("note", share.MaxQuestion)
	return r
}
