package homecase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homecase/concern"
	"homecase/plan"
)

// Passage is a piece of the person's own text that the boss will read.
type Passage struct {
	Path    string // its field
	Text    string
	Sourced bool // the field beside it says where the figure is from
	Others  bool // the field asks about colleagues, so that naming them compares nobody
}

// Passages lists the person's own words in the order of the case. Nothing
// private is among them, and no suggestion that was taken as it was offered.
func (c Shared) Passages() ([]Passage, error) {
	offers, err := plan.Offers()
	if err != nil {
		return nil, err
	}
	questions, err := concern.Catalogue()
	if err != nil {
		return nil, err
	}
	p := &passages{}
	for i, d := range c.Readiness.Duties {
		p.add(Passage{Text: d.CoveredBy, Others: true}, "readiness.duties[%d].covered_by", i)
	}
	for i, e := range c.Readiness.Unsupervised {
		p.add(Passage{Text: e.Text}, "readiness.unsupervised[%d].text", i)
	}
	p.add(Passage{Text: c.Facts.Programme.Note, Others: true}, "facts.programme.note")
	for i, r := range c.Facts.Results {
		if r.Business {
			p.add(Passage{Text: r.Text, Sourced: r.Source != ""}, "facts.results[%d].text", i)
		}
	}
	for i, r := range c.Reasons.Business {
		rests := len(r.Facts) > 0 // the packet prints behind it what it rests on
		p.add(Passage{Text: r.Head, Sourced: rests}, "reasons.business[%d].head", i)
		p.add(Passage{Text: r.Text, Sourced: rests}, "reasons.business[%d].text", i)
	}
	for i, r := range c.Reasons.Personal {
		p.add(Passage{Text: r.Text}, "reasons.personal[%d].text", i)
	}
	for i, a := range c.Concerns.Answers {
		if !drafted(questions, a) {
			p.add(Passage{Text: a.Text, Sourced: a.Origin.Source != ""}, "concerns.answers[%d].text", i)
		}
	}
	for i, o := range c.Concerns.Own {
		p.add(Passage{Text: o.Text, Sourced: o.Origin.Source != ""}, "concerns.own[%d].text", i)
	}
	words := c.PlanWords()
	for i, x := range c.Plan.Promises {
		if !slices.ContainsFunc(offers, func(o plan.Offer) bool { return x.Text == o.Write(words) }) {
			p.add(Passage{Text: x.Text}, "plan.promises[%d].text", i)
		}
	}
	for i, s := range c.Plan.StopRules {
		p.add(Passage{Text: s.Text}, "plan.stop_rules[%d].text", i)
	}
	return p.all, nil
}

// passages gathers texts under the paths of their fields; what is empty is none.
type passages struct{ all []Passage }

func (p *passages) add(one Passage, path string, args ...any) {
	if strings.TrimSpace(one.Text) != "" {
		one.Path = fmt.Sprintf(path, args...)
		p.all = append(p.all, one)
	}
}

// drafted tells whether an answer is a ready one with its gaps filled.
func drafted(questions []concern.Concern, a concern.Answer) bool {
	i := slices.IndexFunc(questions, func(q concern.Concern) bool { return q.ID == a.Concern })
	if i < 0 {
		return false
	}
	_, ok := FromDraft(questions[i], a.Text)
	return ok
}

// PlanWords are what the plan knows, by the slots of its promises and notes,
// with dates as the reader writes them.
func (c *Case) PlanWords() map[string]string {
	v, l := c.Plan.Values(), c.Locale()
	if !c.Plan.Start.IsZero() {
		v["trial.start"] = l.Date(c.Plan.Start)
	}
	if end := c.Plan.EndDate(); !end.IsZero() {
		v["trial.end"] = l.Date(end)
	}
	if !c.Plan.DecideOn.IsZero() {
		v["trial.decide"] = l.Date(c.Plan.DecideOn)
	}
	return v
}

// WithUsual returns the case with the usual promises where it has none.
func (c *Case) WithUsual() (plan.Plan, error) { return c.Plan.WithUsual(c.PlanWords()) }

// DraftWords are what the case knows for the slots of a concern's draft.
func (c *Case) DraftWords() map[string]string {
	v, l := c.PlanWords(), c.Locale()
	words := map[string]string{
		"trial.weeks": v["trial.weeks"], "trial.start": v["trial.start"], "trial.end": v["trial.end"],
		"ask.days": dayWords(c.Plan.AskedDays(), l.Word), "outage.backup": v["outage.backup"], "outage.minutes": v["outage.minutes"],
		"outage.then": strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(c.Plan.Outage.Then), "I "), "."),
		"office.room": lower(strings.TrimSuffix(strings.TrimSpace(c.Readiness.HomeOffice.Door.Note), ".")),
	}
	if n := c.Plan.Recall.MostPerMonth; n > 0 {
		words["recall.times"] = strconv.Itoa(n)
	}
	if m := c.Facts.Measure; m.Name != "" && m.Usual != nil {
		words["measure.name"], words["measure.usual"] = lower(m.Name), l.Number(*m.Usual, 2)
	}
	return words
}

// Spoken are the words with which suggested promises and ready answers are written.
type Spoken struct{ plan, drafts map[string]string }

// Spoken are the case's words as it stands.
func (c *Case) Spoken() Spoken { return Spoken{c.PlanWords(), c.DraftWords()} }

// Follow writes the promises and answers that were taken from suggestions anew
// once what they speak of has changed. Before are the words until then; what
// the person wrote stays as it is.
func (c *Case) Follow(before Spoken) error {
	offers, err := plan.Offers()
	if err != nil {
		return err
	}
	questions, err := concern.Catalogue()
	if err != nil {
		return err
	}
	now, promises := c.Spoken(), slices.Clone(c.Plan.Promises)
	for i := range promises {
		for _, o := range offers {
			if text := o.Write(now.plan); promises[i].Limit == "" && text != "" && promises[i].Text == o.Write(before.plan) {
				promises[i].Text = text
				break
			}
		}
	}
	c.Plan.Promises = promises
	answers := slices.Clone(c.Concerns.Answers)
	for i, a := range answers {
		at := slices.IndexFunc(questions, func(q concern.Concern) bool { return q.ID == a.Concern })
		if at < 0 || a.State != concern.Proposal {
			continue
		}
		if text, ok := redraft(questions[at], a.Text, before.drafts, now.drafts); ok {
			answers[i].Text = text
		}
	}
	c.Concerns.Answers = answers
	return nil
}

// redraft writes a ready answer with the words of now; what the person put into
// its gaps stays. ok is false where the answer is not the draft.
func redraft(q concern.Concern, text string, before, now map[string]string) (string, bool) {
	given, ok := FromDraft(q, text)
	if !ok {
		return "", false
	}
	for _, s := range q.Slots {
		if given[s.Name] == s.Value(before) {
			delete(given, s.Name)
		}
	}
	if old, _ := q.Propose(given, before); old != text {
		return "", false
	}
	fresh, open := q.Propose(given, now)
	return fresh, len(open) == 0
}

// OutdatedPromises are the promises that name another day for the decision than
// the plan, by their places, with the plan's own day.
func (c *Case) OutdatedPromises() (places []int, day string) {
	on := c.Plan.DecideOn
	if on.IsZero() {
		return nil, ""
	}
	l := c.Locale()
	for i, p := range c.Plan.Promises {
		text := strings.ToLower(p.Text)
		named := slices.ContainsFunc(months(), func(m string) bool { return strings.Contains(text, m) })
		if named && strings.Contains(text, "decide") && !strings.Contains(text, strings.ToLower(l.DayMonth(on))) {
			places = append(places, i)
		}
	}
	return places, l.Date(on)
}

// months are the names of the months in small letters.
func months() []string {
	var out []string
	for m := time.January; m <= time.December; m++ {
		out = append(out, strings.ToLower(m.String()))
	}
	return out
}
