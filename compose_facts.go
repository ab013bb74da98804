package homecase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"homecase/cite"
	"homecase/concern"
	"homecase/evidence"
	"homecase/packet"
	"homecase/trial"
)

// ledgerFacts records results, the programme, the measure and the studies.
func (k *composer) ledgerFacts() error {
	b, f := k.b, k.c.Facts
	if f.Programme.Status != "" {
		b.Fact(cite.Fact{ID: "programme", Text: "What the company does about working from home.", Origin: orAssumption(f.Programme.Origin)})
		if f.Programme.Note != "" {
			b.Set("programme.note", sentence(f.Programme.Note), "as given", "programme")
		}
	}
	var names []string
	for _, p := range f.People {
		if p.Consent == evidence.Yes {
			names = append(names, p.Name)
		}
	}
	if len(names) > 0 {
		b.Set("people.names", k.l.List(names), "as given", "programme")
		b.Count("people.count", float64(len(names)), 0, "counted", "programme")
	}
	for i, r := range k.results() {
		id := "result." + strconv.Itoa(i+1)
		b.Fact(cite.Fact{ID: id, Text: r.Text, Unit: r.Unit, Origin: r.Origin})
		b.Set(packet.Ref(id)+".text", sentence(r.Text), "as given", id)
		b.Set(packet.Ref(id)+".source", k.originWords(r.Origin), "as given", id)
	}
	k.measureFacts(f.Measure)
	return k.studyFacts(f)
}

// results are the business results; others never reach a packet.
func (k *composer) results() []evidence.Result {
	var out []evidence.Result
	for _, r := range k.c.Facts.Results {
		if r.Business {
			out = append(out, r)
		}
	}
	return out
}

// orAssumption gives a statement without numbers an honest origin.
func orAssumption(o cite.Origin) cite.Origin {
	if o.Kind == "" {
		o.Kind = cite.Assumption
	}
	return o
}

// own records a piece of the person's own text, with the fact it is.
func (k *composer) own(prefix packet.Ref, key, text string) {
	k.b.Own(factOf(prefix), text)
	k.b.Set(prefix+"."+packet.Ref(key), sentence(text), "as given", factOf(prefix))
}

func (k *composer) measureFacts(m evidence.Measure) {
	if m.Name == "" || m.Usual == nil {
		return
	}
	b := k.b
	b.Fact(cite.Fact{ID: "measure", Text: "What I do on an ordinary day: " + m.Name + ".", Unit: m.Unit, Origin: m.Origin})
	b.Set("measure.name", lower(m.Name), "as given", "measure")
	b.Set("measure.unit", unitWord(trial.Measure{Unit: m.Unit}), "as given", "measure")
	b.Set("measure.usual", k.l.Number(*m.Usual, 2), "as given", "measure")
	recorded := m.Recorded
	if recorded == "" {
		recorded = "my own log"
	}
	b.Set("measure.recorded", recorded, "as given", "measure")
}

// studyFacts records the chosen studies and those that must stand beside them.
func (k *composer) studyFacts(f evidence.Ledger) error {
	selection, err := evidence.Select(f.Studies)
	if err != nil {
		return err
	}
	for _, s := range selection.Chosen {
		k.study(s)
	}
	for _, s := range selection.Contrary {
		k.study(s.Study)
	}
	return k.quoteFacts(f)
}

// quoteFacts records what the person says about studies, where the library
// agrees. A known false claim is left out and stands among the findings.
func (k *composer) quoteFacts(f evidence.Ledger) error {
	for _, q := range f.Quotes {
		problems, err := evidence.Check(q)
		if err != nil {
			return err
		}
		if q.Text == "" || slices.ContainsFunc(problems, func(p evidence.Problem) bool { return p.Level == evidence.Error }) {
			continue
		}
		s, err := evidence.Find(q.Study)
		if err != nil {
			return err
		}
		k.study(s)
		ref := nth("quote", len(k.quoted))
		k.b.Set(ref+".text", sentence(q.Text), "checked against the study", string(q.Study))
		k.quoted = append(k.quoted, q.Study)
	}
	return nil
}

func (k *composer) study(s evidence.Study) {
	id := string(s.ID)
	source := fmt.Sprintf("%s (%d), %s", s.Authors, s.Year, s.Journal)
	f := cite.Fact{ID: id, Text: s.Result, Origin: cite.Origin{Kind: cite.Published, Source: source}}
	if len(s.Sources) > 0 {
		f.Date, f.Address = s.Sources[0].Read, s.Sources[0].Address
	}
	if s.DOI != "" {
		f.Address = "https://doi.org/" + s.DOI
	}
	k.b.Fact(f)
	ref := packet.Ref(id)
	k.b.Set(ref+".result", sentence(s.Result), "as published", id)
	k.b.Set(ref+".limits", sentence(strings.Join(s.Limits, " ")), "as published", id)
	k.b.Set(ref+".short", s.Short, "as published", id)
	k.b.Set(ref+".source", source, "as published", id)
}

// askedView is one question with the ref its texts stand under.
type askedView struct {
	concern.View
	ref packet.Ref
}

// concernFacts records the questions and what is known about each.
func (k *composer) concernFacts() error {
	raised, err := concern.RaisedBy(k.c.signals(k.money)...)
	if err != nil {
		return err
	}
	views, err := k.c.Concerns.Views(raised...)
	if err != nil {
		return err
	}
	b := k.b
	b.Own("concerns", "Questions a manager may have, with the answers known so far.")
	for _, v := range views {
		a := askedView{v, packet.Ref("question." + string(v.ID))}
		k.asked = append(k.asked, a)
		id := factOf(a.ref)
		if v.State == concern.Answered {
			b.Fact(cite.Fact{ID: id, Text: v.Title + ": answered by " + v.By + ".", Origin: orColleague(v)})
		} else {
			b.Own(id, v.Title+".")
		}
		b.Set(a.ref+".asked", v.Question, "as asked")
		if v.Text != "" {
			b.Set(a.ref+".answer", sentence(v.Text), "as given", id)
		}
		owner := v.With
		if owner == "" && len(v.Owners) > 0 {
			owner = v.Owners[0]
		}
		b.Set(a.ref+".owner", answerer(owner), "as given")
		if !v.Since.IsZero() {
			b.Set(a.ref+".since", k.l.DayMonth(v.Since), "as given")
		}
		if o := cite.Origin(v.Origin); o.Source != "" {
			b.Set(a.ref+".from", k.originWords(o), "as given", id)
		}
		if v.State == concern.Answered {
			by := v.By
			if !v.Origin.Date.IsZero() {
				by += ", " + k.l.DayMonth(v.Origin.Date)
			}
			b.Set(a.ref+".by", by, "as given", id)
		}
	}
	k.tally(concern.Count(views))
	return nil
}

// answerer is who can answer, said by the person to the boss who reads it.
func answerer(o concern.Owner) string {
	switch o {
	case concern.Manager:
		return "You"
	case concern.Employee:
		return "I"
	}
	return capital(o.Name())
}

// orColleague completes the origin of an answer that names who gave it.
func orColleague(v concern.View) cite.Origin {
	o := cite.Origin(v.Origin)
	if o.Source == "" {
		o.Source = v.By
	}
	if o.Kind == "" {
		o.Kind = cite.Colleague
	}
	return o
}

func (k *composer) tally(t concern.Tally) {
	b := k.b
	for _, c := range []struct {
		ref packet.Ref
		n   int
	}{{"questions.total", t.Questions}, {"questions.answered", t.Answered}, {"questions.view", t.BossDecides}, {"questions.waiting", t.WithOwner}, {"questions.open", t.Open}, {"questions.none", t.NotApplicable}} {
		b.Count(c.ref, float64(c.n), 0, "counted", "concerns")
	}
	var owners []string
	for _, o := range t.With {
		owners = append(owners, o.Name())
	}
	b.Set("questions.owners", k.l.List(owners), "who has them", "concerns")
}

// tallyParts are the parts of "18 questions: …" that are not zero.
func (k *composer) tallyParts() []packet.Sentence {
	var parts []packet.Sentence
	t := concern.Count(k.views())
	for _, p := range []struct {
		n  int
		id string
	}{{t.Answered, "answered"}, {t.BossDecides, "view"}, {t.WithOwner, "waiting"}, {t.Open, "open"}, {t.NotApplicable, "not-applicable"}} {
		if p.n > 0 {
			parts = append(parts, k.b.Say("questions."+p.id))
		}
	}
	return parts
}

func (k *composer) views() []concern.View {
	views := make([]concern.View, len(k.asked))
	for i, a := range k.asked {
		views[i] = a.View
	}
	return views
}

// sentence ends a text with a full stop where the person left it out.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}
