package plan

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase/cite"
)

// readable fails on an empty text and on a sentence of more than 25 words.
func readable(t *testing.T, id string, source cite.Reading, texts ...string) {
	t.Helper()
	if source.Title == "" {
		t.Errorf("%s has no source", id)
	}
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s has an empty text", id)
		}
		for _, s := range regexp.MustCompile(`[.?!:;]\s`).Split(text, -1) {
			if len(strings.Fields(s)) > 25 {
				t.Errorf("%s is too long: %s", id, s)
			}
		}
	}
}

// values fills every slot that a case can have.
func values(t *testing.T) map[string]string {
	v := read(t, accounts).Values()
	for k, s := range map[string]string{
		"person.name": "Ines", "boss.name": "Dana", "project.name": "The audit file", "project.date": "2026-12-01",
		"duties.portable": "29", "duties.total": "40", "duties.office": "post and training",
		"trial.measure": "exceptions closed", "trial.margin": "1 item a day",
	} {
		v[k] = s
	}
	return v
}

func TestCards(t *testing.T) {
	list, err := Cards()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 10 {
		t.Errorf("%d cards, want ten", len(list))
	}
	seen := map[string]bool{}
	for _, c := range list {
		readable(t, c.ID, c.Source, c.Says, c.Listen, c.Ask, string(c.Answer))
		if !regexp.MustCompile(`^C\d\d$`).MatchString(c.Concern) || seen[c.ID] || !strings.HasSuffix(c.Ask, "?") {
			t.Errorf("bad card %+v", c)
		}
		seen[c.ID] = true
		text, missing := c.Answer.Fill(values(t))
		if len(missing) > 0 || strings.ContainsAny(text, "{}") {
			t.Errorf("%s: no value for %v", c.ID, missing)
		}
		if strings.Count(text, ". ") > 0 {
			t.Errorf("%s answers in more than one sentence: %s", c.ID, text)
		}
	}
	questions, err := OpeningQuestions()
	if err != nil || len(questions) < 3 {
		t.Fatalf("%d opening questions, %v", len(questions), err)
	}
	for _, q := range questions {
		readable(t, q.ID, q.Source, q.Ask)
	}
}

func TestNotes(t *testing.T) {
	list, err := Notes()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, n := range list {
		ids = append(ids, n.ID)
		readable(t, n.ID, n.Source, n.When, string(n.Subject), string(n.Body))
		for _, part := range []Template{n.Subject, n.Body} {
			if text, missing := part.Fill(values(t)); len(missing) > 0 || strings.ContainsAny(text, "{}") {
				t.Errorf("%s: no value for %v", n.ID, missing)
			}
		}
	}
	for _, id := range []string{"invitation", "thanks", "agreed", "not-now", "project-day", "hr-rule"} {
		if !slices.Contains(ids, id) {
			t.Errorf("no note %s", id)
		}
	}
}

func TestRungsAndRules(t *testing.T) {
	list, err := Rungs()
	if err != nil {
		t.Fatal(err)
	}
	var l Ladder
	for _, r := range list {
		readable(t, string(r.Rung.ID), r.Source, r.Rung.Name, r.Rung.Ask, r.Note)
		l = append(l, r.Rung)
		if f := r.Rung.Check(); len(f) > 0 {
			t.Errorf("%s: %v", r.Rung.ID, f)
		}
	}
	if f := l.check("", ""); len(f) > 0 {
		t.Errorf("the shipped ladder: %v", f)
	}
	rules, err := OpeningRules()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range rules {
		readable(t, r.ID, r.Source, r.Say)
		ids = append(ids, r.ID)
	}
	for _, id := range []string{"FIRST", "CLEAR", "TOP", "PROBABLY", "EXTEND", "CANNOT-TELL", "WEEKS", "NO-VERDICT", "STOPPED", "WORSE"} {
		if !slices.Contains(ids, "HC-LADDER-"+id) {
			t.Errorf("no sentence for HC-LADDER-%s", id)
		}
	}
}

func TestKeepingAndMovingOn(t *testing.T) {
	items, err := KeepingItems()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range items {
		readable(t, k.ID, k.Source, k.Do, k.Why)
	}
	if !slices.ContainsFunc(items, func(k KeepingItem) bool { return k.ID == "ill" && strings.Contains(k.Do, "sick leave") }) {
		t.Error("ill does not mean sick leave")
	}
	questions, err := MovingOnQuestions()
	if err != nil || len(questions) != 3 {
		t.Fatalf("%d questions, %v", len(questions), err)
	}
	for _, q := range questions {
		readable(t, q.ID, q.Source, q.Ask, q.Do)
		if !q.Private {
			t.Errorf("%s is not private", q.ID)
		}
	}
}

func TestTemplates(t *testing.T) {
	got, missing := Template("{a.b} and {c}, {a.b}").Fill(map[string]string{"a.b": "{c}", "c": "2"})
	if got != "{c} and 2, {c}" || missing != nil {
		t.Errorf("got %q, %v", got, missing)
	}
	got, missing = Template("{a} {b} {a}").Fill(map[string]string{"b": "2"})
	if got != "" || !slices.Equal(missing, []string{"a"}) {
		t.Errorf("a hole was printed: %q, %v", got, missing)
	}
	if s := Template("{a} {b} {a}").Slots(); !slices.Equal(s, []string{"a", "b"}) {
		t.Errorf("slots %v", s)
	}
	if got, _ := Template("an {open").Fill(map[string]string{"open": "x"}); got != "" {
		t.Errorf("got %q", got)
	}
}
