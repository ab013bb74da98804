package office

import (
	"html/template"
	"slices"
	"strings"

	"homecase/ops"
	"homecase/share"
)

// trialView is what the page of a trial shows: the plan until it is agreed to,
// the latest report from then on, and what follows at the end.
type trialView struct {
	Person, Start, Until, ConfirmedOn, Word, Seal  string
	Planned, Waits, Over                           bool
	Replaced                                       string // when the plan before this one was agreed to
	NextSays                                       string // what comes of it
	ExtendedOn                                     string // when it was decided that the trial goes on
	More                                           bool   // it is the extension of the trial before
	StoppedOn, StopNote, NextOn, NextWay, NextNote string
	StoppedByReader                                bool
	Note                                           *noteView
	Earlier                                        []noteView
	Report, Plan                                   template.HTML
	Files                                          []fileView
	Confirm                                        *confirmView
	Decide                                         *nextView
	Stop                                           *stopView
	Mail                                           *mailView
}

type noteView struct{ Week, Text string }

type fileView struct{ Label, Href string }

type confirmView struct {
	ID, Planning string
	Word         *control
	Tick         tickbox
}

type nextView struct {
	ID    string
	Ways  []option
	Error *problem
	Note  control
	Tick  tickbox
}

type stopView struct {
	ID, Say string
	Note    control
	Tick    tickbox
}

type mailView struct {
	On    string
	Email control
}

// trialForm is what was typed into one of the forms of the page.
type trialForm struct {
	of         string // confirm, stop, next or notes
	id         string
	word, note string
	way, email string
	ticked     bool
}

func (rd *readers) trial(v *readerVisit) error { return rd.trialPage(v, trialForm{}, nil) }

func (rd *readers) trialPage(v *readerVisit, f trialForm, wrong problems) (err error) {
	t, w := v.Exchange.Trial, rd.words
	view := trialView{Person: v.Exchange.Person.Person}
	if t == nil {
		return rd.page(v, "trial", w.Headings["trial_none"], nil, view)
	}
	view.Planned, view.Start, view.Until, view.Seal = true, v.date(t.Start), v.date(t.Until), t.PlanHash
	view.ConfirmedOn, view.Word, view.Waits = v.on(t.Confirmed), t.Word, t.Confirmed.IsZero() && t.Stopped.IsZero()
	view.Over = !t.Stopped.IsZero() || t.Next != nil || len(waysOf(t)) > 0
	if view.Plan, err = rd.shown(v, t.Document); err != nil {
		return err
	}
	if b := t.Before; b != nil && !b.Confirmed.IsZero() {
		if view.More = t.Extends(); view.More {
			view.ExtendedOn = v.on(b.NextAt)
		} else if !b.Stopped.IsZero() {
			view.Replaced = v.on(b.Confirmed)
		}
	}
	if err := rd.reports(v, t, &view); err != nil {
		return err
	}
	heading := "trial"
	switch {
	case view.Waits && view.More:
		heading = "trial_more"
	case view.Waits:
		heading = "trial_plan"
	case !t.Stopped.IsZero():
		heading, view.StoppedOn, view.StopNote, view.StoppedByReader = "trial_stopped", v.on(t.Stopped), t.StopNote, t.StoppedBy == share.Reader
	case t.Next != nil:
		heading, view.NextOn, view.NextWay, view.NextNote = "trial_decided", v.on(t.NextAt), w.Ways[t.Next.Way], t.Next.Note
		view.NextSays = filled(w.WaysNext[t.Next.Way], "person", view.Person)
		if t.Next.Way == "extend" {
			heading, view.Over = "trial_goes_on", false
		}
	case len(waysOf(t)) > 0:
		heading = "trial_end"
	}
	if err := rd.trialForms(v, t, f, wrong, &view); err != nil {
		return err
	}
	return rd.page(v, "trial", w.Headings[heading], wrong, view)
}

// reports fills in the Friday notes, the latest first, and the trial as it stood
// with the last of them.
func (rd *readers) reports(v *readerVisit, t *share.Trial, view *trialView) (err error) {
	reports := t.Reports
	for t.Extends() { // what was reported before the extension is of the same trial
		t = t.Before
		reports = append(slices.Clone(t.Reports), reports...)
	}
	if len(reports) == 0 {
		return nil
	}
	for _, r := range slices.Backward(reports) {
		view.Earlier = append(view.Earlier, noteView{v.date(r.Monday), r.Note})
	}
	last := reports[len(reports)-1]
	view.Note, view.Earlier = &view.Earlier[0], view.Earlier[1:]
	view.Report, err = rd.shown(v, last.Document)
	for _, f := range last.Files {
		label, ok := rd.words.Files[f.Name]
		if !ok {
			label = filled(rd.words.Files["other"], "name", f.Name)
		}
		view.Files = append(view.Files, fileView{label + ", " + size(f.Bytes), v.base + "/files/" + f.Name})
	}
	return err
}

// trialForms adds the forms that fit where the trial stands.
func (rd *readers) trialForms(v *readerVisit, t *share.Trial, f trialForm, wrong problems, view *trialView) error {
	id, err := rd.office.NewID()
	if err != nil {
		return err
	}
	idOf := func(of string) string {
		if f.of == of && f.id != "" {
			return f.id // what failed once is the same act when it is sent again
		}
		return id
	}
	w := rd.words
	note := func(at, of string) control {
		c := control{At: at, Label: w.Fields["note"], Error: wrong.at(at)}
		if f.of == of {
			c.Value = f.note
		}
		return c
	}
	tick := func(at, words, of string) tickbox {
		return tickbox{at, w.Statements[words], f.of == of && f.ticked, wrong.at(at)}
	}
	switch {
	case view.Waits && view.Plan == "": // nobody agrees to what they cannot read
		return nil
	case view.Waits:
		c := &confirmView{ID: idOf("confirm"), Planning: t.ID, Tick: tick("statement", "plan", "confirm")}
		if t.NonceHash != "" {
			c.Word = &control{At: "word", Label: w.Fields["word"], Hint: w.Fields["word_hint"], Type: "text", Value: f.word, Error: wrong.at("word")}
		}
		view.Confirm = c
		return nil
	case !t.Running():
		return nil
	case len(waysOf(t)) > 0:
		view.Decide = &nextView{ID: idOf("next"), Error: wrong.at("way"), Note: note("note", "next"), Tick: tick("statement", "next", "next")}
		for _, way := range waysOf(t) {
			view.Decide.Ways = append(view.Decide.Ways, option{At: "way-" + way, Value: way, Label: w.Ways[way], Hint: w.WaysHint[way], On: f.way == way})
		}
		if p := wrong.at("way"); p != nil {
			view.Decide.Error = &problem{"way", p.Say}
			p.At = view.Decide.Ways[0].At
		}
	default:
		view.Stop = &stopView{ID: idOf("stop"), Say: w.Stops["stop_"+v.Edition.Terms.Stop], Note: note("stop-note", "stop"), Tick: tick("stop-statement", "stop", "stop")}
		if view.Stop.Say == "" {
			view.Stop.Say = w.Stops["stop_on_any_day"]
		}
	}
	if rd.office.SendsMail() {
		on, err := rd.office.ReportsTo(v.r.Context(), v.Org, &v.Open)
		if err != nil {
			return err
		}
		view.Mail = &mailView{On: on, Email: control{At: "email", Label: w.Fields["notes"], Type: "email", Value: f.email, Error: wrong.at("email")}}
	}
	return nil
}

// confirm takes the yes to a plan.
func (rd *readers) confirm(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	f := trialForm{of: "confirm", id: v.field("id"), word: strings.TrimSpace(v.field("word")), ticked: v.field("statement") == "yes"}
	if err := needsID(f.id); err != nil {
		return err
	}
	var wrong problems
	rd.tooLong(&wrong, "word", f.word, 200)
	if !f.ticked {
		wrong.add("statement", rd.words.Errors["tick"])
	}
	if len(wrong) == 0 {
		if err := wrong.take(rd.office.ConfirmPlan(v.r.Context(), v.token, f.id, v.field("planning"), f.word), only("word")); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return rd.trialPage(v, f, wrong)
	}
	return v.to("/trial")
}

// only names one control.
func only(at string) func(string) string {
	return func(path string) string {
		if path == at {
			return at
		}
		return ""
	}
}

// stop ends a trial before its end.
func (rd *readers) stop(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	f := trialForm{of: "stop", id: v.field("id"), note: v.field("stop-note"), ticked: v.field("stop-statement") == "yes"}
	if err := needsID(f.id); err != nil {
		return err
	}
	var wrong problems
	rd.tooLong(&wrong, "stop-note", f.note, share.MaxNote)
	if !f.ticked {
		wrong.add("stop-statement", rd.words.Errors["tick"])
	}
	if len(wrong) == 0 {
		if err := wrong.take(rd.office.StopTrial(v.r.Context(), v.token, f.id, f.note), only("")); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return rd.trialPage(v, f, wrong)
	}
	return v.to("/trial")
}

// next takes the decision at the end of a trial.
func (rd *readers) next(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	f := trialForm{of: "next", id: v.field("id"), way: v.field("way"), note: v.field("note"), ticked: v.field("statement") == "yes"}
	if err := needsID(f.id); err != nil {
		return err
	}
	var wrong problems
	if !slices.Contains(share.Ways(), f.way) {
		wrong.add("way", rd.words.Errors["way"])
	}
	rd.tooLong(&wrong, "note", f.note, share.MaxNote)
	if !f.ticked {
		wrong.add("statement", rd.words.Errors["tick"])
	}
	if len(wrong) == 0 {
		if err := wrong.take(rd.office.DecideTrial(v.r.Context(), v.token, f.id, f.way, f.note), only("note")); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return rd.trialPage(v, f, wrong)
	}
	return v.to("/trial")
}

// notes begins or ends the Friday notes by e-mail.
func (rd *readers) notes(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	email := strings.TrimSpace(v.field("email"))
	switch {
	case email == "":
		if err := rd.office.NoReports(v.r.Context(), v.Org, &v.Open); err != nil {
			return err
		}
	case !ops.IsAddress(email):
		return rd.trialPage(v, trialForm{of: "notes", email: email}, problems{{"email", rd.words.Errors["email"]}})
	default:
		if err := rd.office.WatchReports(v.r.Context(), v.Org, &v.Open, email); err != nil {
			return err
		}
	}
	return v.to("/trial")
}
