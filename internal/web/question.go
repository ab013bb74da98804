package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"homecase"
)

// binder ties a question to the case.
type binder struct {
	// fill puts what the case has into the form.
	fill func(v *visit, a answers)
	// take puts the answers into the case, and refuses what cannot be read.
	take func(v *visit, a answers, c *homecase.Case, course *homecase.Course)
	// options makes what can be chosen, where it comes from the case or a library.
	options func(v *visit, field string) ([]option, error)
	// words gives the page its own names and numbers, in pairs for say.
	words func(v *visit) []string
	// checkThis asks "Is this right?" about what is odd but may be right.
	checkThis func(v *visit, a answers) string
	// next is where Continue leads; the next question when nil.
	next func(v *visit) string
	// aside is the picture beside the question; the boss's sheet when nil.
	aside func(v *visit) (template.HTML, error)
	// missing tells that there is no such page, such as a fourth duty of three.
	missing func(v *visit) bool
	// instead is another page that stands in for this one; empty for none.
	instead func(v *visit) string
	// shape adds fields that depend on the case.
	shape func(v *visit, fields []fieldWords) []fieldWords
	// save keeps answers that are no part of the case; take still checks them.
	save func(v *visit, a answers) error
	// also are further buttons of the form, by the value of "do". They save nothing.
	also map[string]func(v *visit) error
	// back is where Back leads; the question before when nil.
	back func(v *visit) string
	// script names the page's own script, which only adds to it.
	script string
	// closed says why the page may not be used now, such as before an agreed day.
	closed func(v *visit) error
	// free: the page needs no case.
	free bool
}

// questionPage is what the template of a question shows.
type questionPage struct {
	Q         *question
	Heading   string
	Caption   string
	Hint      string
	Private   bool
	Help      *help
	Form      form
	CheckThis string
	Aside     template.HTML
	Later     string // where "Save and come back later" leads
}

// questionScreens are the questions of data/words with their binders.
func (s *Server) questionScreens() []screen {
	binders := map[string]binder{}
	for _, group := range []map[string]binder{startBinders(), dutyBinders(), readyBinders(), factBinders(), moneyBinders(), reasonBinders(), concernBinders(), packetBinders(), talkBinders(), trialBinders()} {
		for id, b := range group {
			binders[id] = b
		}
	}
	var all []screen
	for _, q := range s.order {
		b, ok := binders[q.ID]
		if !ok {
			continue // TestEveryQuestionHasABinder
		}
		all = append(all, screen{
			path: q.Path, free: b.free,
			get:  func(v *visit) error { return v.ask(q, b) },
			post: func(v *visit) error { return v.answer(q, b) },
		})
	}
	return all
}

// shut refuses a page that is not there, or not now.
func (b binder) shut(v *visit) error {
	if b.missing != nil && b.missing(v) {
		return errNoPage
	}
	if b.closed != nil {
		return b.closed(v)
	}
	return nil
}

// ask shows a question with what the case has.
func (v *visit) ask(q *question, b binder) error {
	if b.instead != nil {
		if other := b.instead(v); other != "" {
			return v.seeOther(other)
		}
	}
	if err := b.shut(v); err != nil {
		return err
	}
	q = b.shaped(v, q)
	a := newAnswers()
	if b.fill != nil {
		b.fill(v, a)
	}
	return v.showQuestion(http.StatusOK, q, b, a, "")
}

// answer reads a form. What is wrong sends it back with everything that was
// typed; what is right is saved, and the next page follows.
func (v *visit) answer(q *question, b binder) error {
	if b.instead != nil {
		if other := b.instead(v); other != "" {
			return v.seeOther(other)
		}
	}
	if err := b.shut(v); err != nil {
		return err
	}
	if q.Skip != "" && v.form().Get("do") == "skip" {
		return v.skip(q, b)
	}
	if other := b.also[v.form().Get("do")]; other != nil {
		return other(v)
	}
	q = b.shaped(v, q)
	a := answers{v.form(), map[string]string{}}
	for _, f := range q.Fields {
		if f.Missing != "" && strings.TrimSpace(strings.Join(a.Values[f.Name], "")) == "" {
			a.refuse(f.Name, "%s", v.say(f.Missing))
		}
		if f.Most > 0 && (f.Kind == "text" || f.Kind == "area") {
			a.long(f.Name, f.Most)
		}
	}
	try, course := v.open.Case, v.open.Course
	b.take(v, a, &try, &course)
	if len(a.bad) == 0 {
		problems, err := try.Problems()
		if err != nil {
			return err
		}
		a.place(problems, v.pathsOf(q))
	}
	if len(a.bad) > 0 {
		return v.showQuestion(http.StatusUnprocessableEntity, q, b, a, "")
	}
	if b.checkThis != nil && v.form().Get("sure") == "" {
		if ask := b.checkThis(v, a); ask != "" {
			return v.showQuestion(http.StatusOK, q, b, a, ask)
		}
	}
	if b.save != nil {
		if err := b.save(v, a); err != nil {
			return err
		}
		return v.goOn(q, b)
	}
	err := v.change(q.Did, func(c *homecase.Case, course *homecase.Course) error {
		b.take(v, answers{v.form(), map[string]string{}}, c, course)
		course.Visit(q.Task, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.goOn(q, b)
}

// shaped is the question with the fields that the case adds.
func (b binder) shaped(v *visit, q *question) *question {
	if b.shape == nil {
		return q
	}
	own := *q
	own.Fields = b.shape(v, slices.Clone(q.Fields))
	return &own
}

// pathsOf are the fields with the numbers of a list put into their paths:
// readiness.duties[{n}].hours on the page of the third duty is duties[2].
func (v *visit) pathsOf(q *question) []fieldWords {
	fields := make([]fieldWords, len(q.Fields))
	for i, f := range q.Fields {
		f.Path = strings.ReplaceAll(f.Path, "{n}", itoa(v.index()))
		fields[i] = f
	}
	return fields
}

func (v *visit) skip(q *question, b binder) error {
	err := v.change("Passed over: "+v.say(q.Heading), func(_ *homecase.Case, course *homecase.Course) error {
		course.Visit(q.Task, homecase.Skipped)
		return nil
	})
	if err != nil {
		return err
	}
	return v.goOn(q, b)
}

// goOn leads to the next page: back to where a change was asked for, else on.
func (v *visit) goOn(q *question, b binder) error {
	switch from := v.from(); {
	case from == "check":
		return v.seeOther("/packet/check")
	case from == "later":
		return v.seeOther("/case")
	case b.next != nil:
		return v.seeOther(b.next(v))
	}
	return v.seeOther(v.after(q))
}

func (v *visit) showQuestion(status int, q *question, b binder, a answers, checkThis string) error {
	var pairs []string
	if b.words != nil {
		pairs = b.words(v)
	}
	say := func(s string) string { return v.say(s, pairs...) }
	p := questionPage{Q: q, Heading: say(q.Heading), Caption: say(q.Caption), Hint: say(q.Hint), Private: q.Private, CheckThis: checkThis, Later: "/case"}
	if q.Help != nil {
		p.Help = &help{Summary: say(q.Help.Summary)}
		for _, s := range q.Help.Body {
			p.Help.Body = append(p.Help.Body, say(s))
		}
		for _, s := range q.Help.List {
			p.Help.List = append(p.Help.List, say(s))
		}
	}
	p.Form = form{Action: v.r.URL.Path, From: v.from(), Submit: "Continue", Skip: say(q.Skip)}
	if q.Submit != "" {
		p.Form.Submit = say(q.Submit)
	}
	for _, w := range q.Fields {
		f, err := v.field(w, b, a, say)
		if err != nil {
			return err
		}
		if f.Lead {
			f.Label, f.Caption, f.Hint = p.Heading, p.Caption, p.Hint
		}
		p.Form.File = p.Form.File || f.Kind == "file"
		p.Form.Fields = append(p.Form.Fields, f)
	}
	aside := b.aside
	if aside == nil {
		aside = (*visit).sheetAside
	}
	var err error
	if v.open != nil {
		if p.Aside, err = aside(v); err != nil {
			return err
		}
	}
	tab := q.Tab
	if tab == "" {
		tab = "case"
	}
	back := v.before(q)
	if b.back != nil {
		back = b.back(v)
	}
	return v.show(status, "question", page{Title: p.Heading, Error: len(a.bad) > 0, Tab: tab, Back: back, Script: b.script}, p)
}

// field is a control with its words and what was answered.
func (v *visit) field(w fieldWords, b binder, a answers, say func(string) string) (field, error) {
	f := field{
		ID: "f-" + w.Name, Name: w.Name, Kind: w.Kind, Label: say(w.Label), Hint: say(w.Hint), Suffix: say(w.Suffix), Error: a.bad[w.Name],
		Value: a.Get(w.Name), Width: w.Width, Most: w.Most, Autocomplete: w.Autocomplete, Lead: w.Lead, Numeric: w.Kind == "number",
		Low: a.Get(w.Name + "-low"), Likely: a.Get(w.Name + "-likely"), High: a.Get(w.Name + "-high"), Source: a.Get(w.Name + "-source"),
	}
	options := make([]option, 0, len(w.Options))
	for _, o := range w.Options {
		options = append(options, option{Value: o.Value, Label: say(o.Label), Hint: say(o.Hint), Or: o.Or})
	}
	if b.options != nil && len(options) == 0 {
		made, err := b.options(v, w.Name)
		if err != nil {
			return f, err
		}
		options = made
	}
	for i := range options {
		o := &options[i]
		o.ID = f.ID + "-" + itoa(i+1)
		for _, on := range a.Values[w.Name] {
			o.On = o.On || on == o.Value
		}
	}
	f.Options = options
	return f, nil
}
