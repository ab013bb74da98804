package web

import (
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/concern"
)

// told is a fact, a note of law or a wrong answer with where it was read.
type told struct {
	Claim, Text string
	Unverified  bool
	Sources     []cite.Reading
}

// gap is a piece of a draft: words, or a gap the person fills.
type gap struct {
	Text string
	Gap  bool
}

type concernView struct {
	Number, Of           int
	Question, Owner, Top string
	Mine                 bool // a question of the person's own
	Form                 form
	Choice, Note         field
	Draft                []gap
	Slots, Own, Ask      []field
	Good, Settles        []string
	Law, Facts, Traps    []told
}

// asked is the question of the page's address.
type asked struct {
	n     int
	all   []concern.View
	view  concern.View
	entry concern.Concern // of the catalogue; empty for the person's own
}

func (v *visit) asked() (asked, error) {
	all, err := v.s.work.Questions(v.open)
	if err != nil {
		return asked{}, err
	}
	i := v.index()
	if i < 0 || i >= len(all) {
		return asked{}, errNoPage
	}
	q := asked{n: i + 1, all: all, view: all[i]}
	if !strings.HasPrefix(string(q.view.ID), "own-") {
		q.entry, err = concern.Find(q.view.ID)
	}
	return q, err
}

// showConcern asks one question.
func showConcern(v *visit) error {
	q, err := v.asked()
	if err != nil {
		return err
	}
	return v.concern(q, v.fillConcern(q))
}

// fillConcern puts what is known about a question into its form.
func (v *visit) fillConcern(q asked) answers {
	a := newAnswers()
	known := v.kase().DraftWords()
	for _, s := range q.entry.Slots {
		a.Set("slot-"+s.Name, s.Value(known))
	}
	a.Set("text", q.view.Text)
	if q.view.Text == "" {
		a.Set("text", plainDraft(q.entry, known))
	}
	if len(q.view.Owners) > 0 {
		a.Set("owner", string(q.view.Owners[0]))
	}
	a.Set("since", v.today().String())
	switch q.view.State {
	case concern.Answered, concern.Proposal:
		a.Set("answer", "own")
		if given, ok := homecase.FromDraft(q.entry, q.view.Text); ok && q.view.Origin == (cite.Origin{}) {
			a.Set("answer", "draft")
			for name, text := range given {
				a.Set("slot-"+name, text)
			}
		}
		a.Set("kind", string(q.view.Origin.Kind))
		a.Set("by", q.view.By)
		if q.view.Origin.Source != q.view.By {
			a.Set("source", q.view.Origin.Source)
		}
		a.Set("heard", q.view.Origin.Date.String())
	case concern.WithOwner:
		a.Set("answer", "owner")
		a.Set("owner", string(q.view.With))
		a.Set("since", q.view.Since.String())
		a.Set("note", q.view.Text)
	case concern.BossDecides:
		a.Set("answer", "boss")
		a.Set("note", q.view.Text)
	case concern.NotApplicable:
		a.Set("answer", "na")
		a.Set("note", q.view.Text)
	}
	return a
}

// plainDraft is the draft to begin one's own words with; empty where it would
// have gaps.
func plainDraft(q concern.Concern, known map[string]string) string {
	text, open := q.Propose(nil, known)
	if len(open) > 0 {
		return ""
	}
	return text
}

// concern shows a question with its answers.
func (v *visit) concern(q asked, a answers) error {
	view := concernView{Number: q.n, Of: len(q.all), Question: q.view.Question, Mine: q.entry.ID == "", Good: q.entry.Good, Settles: q.entry.Settles}
	if len(q.view.Owners) > 0 {
		view.Owner = v.ownerName(q.view.Owners[0])
		if q.view.Owners[0] == concern.Employee {
			view.Owner = "you"
		}
	}
	if q.view.Top > 0 {
		view.Top = v.s.label("concern-top")
	}
	view.Form = form{Action: v.r.URL.Path, From: v.from()}
	view.Choice = v.concernChoice(q, a)
	view.Form.Fields = append(view.Form.Fields, view.Choice)
	if q.entry.Draft != "" {
		view.Draft = gaps(q.entry.Draft, q.entry.Slots)
		for _, s := range q.entry.Slots {
			view.Slots = append(view.Slots, textField(a, "slot-"+s.Name, s.Ask, "", 24))
		}
	}
	view.Own = v.sourceFields(a)
	view.Ask = []field{v.ownerField(a), {ID: "f-since", Name: "since", Kind: "date", Label: "Since when?", Hint: "The day you asked.", Value: a.Get("since"), Error: a.bad["since"], Width: 14}}
	view.Note = field{ID: "f-note", Name: "note", Kind: "area", Label: "What you would suggest, or why (optional)", Hint: v.say("{Boss} reads these words."), Value: a.Get("note"), Error: a.bad["note"]}
	for _, list := range [][]field{view.Slots, view.Own, view.Ask, {view.Note}} {
		view.Form.Fields = append(view.Form.Fields, list...)
	}
	if err := v.bearing(q, &view); err != nil {
		return err
	}
	back := "/case/concerns"
	if v.from() == "check" {
		back = "/packet/check"
	}
	return v.show(concernStatus(len(a.bad)), "concern", page{Title: view.Question, Error: len(a.bad) > 0, Tab: "case", Back: back}, view)
}

func textField(a answers, name, label, hint string, width int) field {
	return field{ID: "f-" + name, Name: name, Kind: "text", Label: label, Hint: hint, Value: a.Get(name), Error: a.bad[name], Width: width}
}

// concernChoice are the six ways to deal with a question.
func (v *visit) concernChoice(q asked, a answers) field {
	f := field{ID: "f-answer", Name: "answer", Kind: "choice", Label: "What is the answer?", Error: a.bad["answer"]}
	add := func(value, label string, or bool) {
		f.Options = append(f.Options, option{ID: f.ID + "-" + value, Value: value, Label: v.say(label), On: a.Get("answer") == value, Or: or})
	}
	if q.entry.Draft != "" {
		add("draft", "Use the ready answer", false)
	}
	add("own", "Write it in my own words", false)
	add("owner", "I have asked, and wait for the answer", false)
	add("boss", "{Boss} decides this", false)
	add("na", "It does not apply", false)
	add("open", "I do not know yet", true)
	if q.view.State == concern.Open && a.Get("answer") == "" && q.entry.Draft != "" {
		f.Options[0].On = true
	}
	return f
}

// sourceFields ask for the words and where they come from.
func (v *visit) sourceFields(a answers) []field {
	kind := field{ID: "f-kind", Name: "kind", Kind: "select", Label: "Where did you hear it?", Error: a.bad["kind"]}
	for _, o := range []option{
		{Value: "", Label: "Nowhere: it is my proposal"}, {Value: "colleague", Label: "Somebody at work told me"},
		{Value: "published", Label: "I read it in a policy or a page"}, {Value: "measured", Label: "I measured it, or it is in a record"},
		{Value: "assumption", Label: "It is my estimate"},
	} {
		o.On = a.Get("kind") == o.Value
		kind.Options = append(kind.Options, o)
	}
	return []field{
		{ID: "f-text", Name: "text", Kind: "area", Label: "Your answer", Hint: v.say("Say who pays, decides or does what, and what happens when it fails."), Value: a.Get("text"), Error: a.bad["text"]},
		kind,
		textField(a, "by", "Who said so?", "Name and department, such as Priya Nair, IT. Leave it empty for your own proposal.", 24),
		textField(a, "source", "Where does it stand?", "A mail, a policy, a test or a bill.", 24),
		{ID: "f-heard", Name: "heard", Kind: "date", Label: "When?", Value: a.Get("heard"), Error: a.bad["heard"], Width: 14},
	}
}

func (v *visit) ownerField(a answers) field {
	f := field{ID: "f-owner", Name: "owner", Kind: "select", Label: "Who has the question?", Error: a.bad["owner"], Options: []option{{Label: "Select"}}}
	for _, o := range concern.Owners() {
		if o != concern.Employee {
			f.Options = append(f.Options, option{Value: string(o), Label: v.ownerName(o), On: a.Get("owner") == string(o)})
		}
	}
	return f
}

// gaps cuts a draft into its words and its gaps.
func gaps(draft string, slots []concern.Slot) []gap {
	var out []gap
	for draft != "" {
		before, rest, found := strings.Cut(draft, "{")
		if before != "" {
			out = append(out, gap{Text: before})
		}
		if !found {
			break
		}
		name, tail, _ := strings.Cut(rest, "}")
		if i := slices.IndexFunc(slots, func(s concern.Slot) bool { return s.Name == name }); i >= 0 {
			name = strings.ReplaceAll(name, "_", " ")
		}
		out, draft = append(out, gap{Text: "[" + name + "]", Gap: true}), tail
	}
	return out
}

// bearing is what is folded beside the question.
func (v *visit) bearing(q asked, view *concernView) error {
	notes, err := v.kase().LawNotes(q.entry)
	if err != nil {
		return err
	}
	for _, n := range notes {
		view.Law = append(view.Law, told{Text: n.Says, Unverified: n.Unverified, Sources: n.Sources})
	}
	for _, f := range q.entry.Facts {
		view.Facts = append(view.Facts, told{Text: f.Text, Unverified: f.Unverified, Sources: f.Sources})
	}
	for _, t := range q.entry.Traps {
		view.Traps = append(view.Traps, told{Claim: t.Claim, Text: t.Why, Sources: t.Sources})
	}
	return nil
}

// saveConcern keeps the answer, and goes on to the next open question.
func saveConcern(v *visit) error {
	q, err := v.asked()
	if err != nil {
		return err
	}
	if v.form().Get("do") == "remove" && q.entry.ID == "" {
		return v.removeOwn(q.view.ID)
	}
	a := answers{v.form(), map[string]string{}}
	reply := v.takeConcern(q, a)
	if len(a.bad) == 0 {
		try := v.open.Case
		try.Answer(q.view.ID, reply)
		for _, f := range try.Concerns.Check() {
			a.refuse("text", "%s", f.Say)
		}
	}
	if len(a.bad) > 0 {
		return v.concern(q, a)
	}
	err = v.change("Answered a question", func(c *homecase.Case, _ *homecase.Course) error {
		c.Answer(q.view.ID, reply)
		return nil
	})
	if err != nil {
		return err
	}
	if v.from() == "check" {
		return v.seeOther("/packet/check")
	}
	if n := nextOpen(q.all, q.n); n > 0 {
		return v.seeOther("/case/concerns/" + strconv.Itoa(n))
	}
	return v.seeOther("/case/concerns")
}

// takeConcern reads the answer of the form, and refuses what is missing.
func (v *visit) takeConcern(q asked, a answers) concern.Reply {
	for _, name := range []string{"text", "note"} {
		a.long(name, concern.MaxText)
	}
	switch a.line("answer") {
	case "draft":
		return v.takeDraft(q, a)
	case "own":
		return v.takeOwn(a)
	case "owner":
		owner, since := concern.Owner(a.line("owner")), a.date("since", "The day you asked")
		if !slices.Contains(concern.Owners(), owner) {
			a.refuse("owner", "Select who has the question")
		}
		switch {
		case since.IsZero():
			a.refuse("since", "Enter the day you asked")
		case since.After(v.today()):
			a.refuse("since", "The day you asked must be today or before")
		}
		return concern.Reply{State: concern.WithOwner, Owner: owner, Since: since, Asked: q.view.Asked, Text: a.text("note")}
	case "boss":
		return concern.Reply{State: concern.BossDecides, Text: a.text("note")}
	case "na":
		return concern.Reply{State: concern.NotApplicable, Text: a.text("note")}
	case "open":
		return concern.Reply{}
	}
	a.refuse("answer", "Select what the answer is, or that you do not know yet")
	return concern.Reply{}
}

func (v *visit) takeDraft(q asked, a answers) concern.Reply {
	given := map[string]string{}
	for _, s := range q.entry.Slots {
		a.long("slot-"+s.Name, maxSlot)
		given[s.Name] = a.line("slot-" + s.Name)
		if given[s.Name] == "" {
			a.refuse("slot-"+s.Name, "Fill this in, or choose another answer: %s", lowerFirst(s.Ask))
		}
	}
	text, _ := q.entry.Propose(given, nil)
	return concern.Reply{State: concern.Proposal, Text: text}
}

// maxSlot is how much fits into one gap of a sentence.
const maxSlot = 120

func (v *visit) takeOwn(a answers) concern.Reply {
	text := a.text("text")
	if text == "" {
		a.refuse("text", "Write your answer")
	}
	o := cite.Origin{Kind: cite.Kind(a.line("kind")), Source: a.line("source"), Date: a.date("heard", "The day")}
	by := a.line("by")
	a.long("by", maxSlot)
	a.long("source", 2*maxSlot)
	if o.Date.After(v.today()) {
		a.refuse("heard", "The day must be today or before")
	}
	switch {
	case o.Kind != "" && !slices.Contains(cite.Kinds(), o.Kind):
		a.refuse("kind", "Select where you heard it")
	case o.Kind == cite.Colleague && by == "":
		a.refuse("by", "Enter the name of who told you")
	case (o.Kind == cite.Published || o.Kind == cite.Measured) && o.Source == "" && by == "":
		a.refuse("source", "Say where it stands, or that it is your proposal")
	case o.Kind == "" && (by != "" || o.Source != ""):
		a.refuse("kind", "Select where you heard it, or clear the name and the place")
	}
	if o.Kind != "" && o.Source == "" {
		o.Source = by
	}
	return homecase.ReplyFrom(text, by, o)
}

// removeOwn takes a question of the person's own out again.
func (v *visit) removeOwn(id concern.ID) error {
	err := v.remove("Took a question out", func(c *homecase.Case, _ *homecase.Course) error {
		own := slices.Clone(c.Concerns.Own)
		for i := range own {
			if own[i].ID == "" {
				own[i].ID = concern.ID("own-" + strconv.Itoa(i+1))
			}
		}
		c.Concerns.Own = slices.DeleteFunc(own, func(o concern.Own) bool { return o.ID == id })
		c.Concerns.Top = slices.DeleteFunc(slices.Clone(c.Concerns.Top), func(t concern.ID) bool { return t == id })
		c.Concerns.Answers = slices.DeleteFunc(slices.Clone(c.Concerns.Answers), func(a concern.Answer) bool { return a.Concern == id })
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/concerns")
}
