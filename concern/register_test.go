package concern

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/content"
	"homecase/day"
)

func decode(t testing.TB, s string) Register {
	t.Helper()
	var r Register
	if err := content.Decode("case.yaml", []byte(s), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const sample = `
top: [C19, C05, own-1]
answers:
  - {concern: C01, state: company, text: The company pays 20 pounds a month., by: "Ruth Ames, Finance", kind: colleague, source: Ruth Ames, date: 2026-11-12}
  - {concern: C04, state: company, text: Fast enough.}
  - {concern: C05, state: proposal, text: Yes. I can be at my desk within 75 minutes.}
  - {concern: C02, state: with_owner, owner: HR, since: 2026-11-17, asked: 2026-11-20}
  - {concern: C14, state: with_owner, owner: it, since: 2026-11-18}
  - {concern: C03, state: boss_decides}
  - {concern: C08, state: not_applicable, text: My work has no target for the line.}
  - {concern: C56, state: proposal, text: I am in on four days.}
own:
  - {question: Will you still run the Monday meeting?, text: "Yes, from the room."}
`

func TestRegisterRoundTrips(t *testing.T) {
	r := decode(t, sample)
	b, err := content.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, decode(t, string(b))); d != "" {
		t.Errorf("YAML: %s", d)
	}
	j, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Register
	if err := json.Unmarshal(j, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, back); d != "" {
		t.Errorf("JSON: %s", d)
	}
}

// An answer by the company without a name and a source is the person's own.
func TestStanding(t *testing.T) {
	full := Reply{State: Answered, Text: "a", By: "Ruth"}
	full.Kind, full.Source = "colleague", "Ruth"
	assumed := full
	assumed.Kind = "assumption"
	nameless := full
	nameless.By = ""
	for _, c := range []struct {
		r    Reply
		want State
	}{
		{full, Answered}, {assumed, Proposal}, {nameless, Proposal},
		{Reply{State: Answered, Text: "a"}, Proposal},
		{Reply{Text: "a"}, Proposal},
		{Reply{}, Open},
		{Reply{State: Proposal}, Open},
		{Reply{State: BossDecides}, BossDecides},
		{Reply{State: NotApplicable}, NotApplicable},
		{Reply{State: WithOwner}, WithOwner},
	} {
		if got := c.r.Standing(); got != c.want {
			t.Errorf("%+v stands as %s, want %s", c.r, got, c.want)
		}
	}
}

// By hand: 18 core, C19 picked, C56 answered, C32 raised, own-1 added: 22.
// Top three first, then the manager's (C03 C06 C56 own-1 is top), then HR's, and so on.
func TestViewsOrderAndCount(t *testing.T) {
	views, err := decode(t, sample).Views("C32")
	if err != nil {
		t.Fatal(err)
	}
	var ids []ID
	for _, v := range views {
		ids = append(ids, v.ID)
	}
	want := []ID{"C19", "C05", "own-1", "C03", "C06", "C56", "C18", "C02", "C04", "C07", "C08", "C09", "C10", "C13", "C14", "C01", "C12", "C17", "C32", "C11", "C16", "C15"}
	if d := cmp.Diff(want, ids); d != "" {
		t.Error(d)
	}
	if views[0].Top != 1 || views[2].Top != 3 || views[3].Top != 0 || views[2].State != Proposal {
		t.Errorf("top %+v", views[:4])
	}
	got := Count(views)
	wantTally := Tally{Questions: 22, Answered: 5, Proposals: 4, BossDecides: 1, WithOwner: 2, With: []Owner{HR, IT}, NotApplicable: 1, Open: 13}
	if d := cmp.Diff(wantTally, got); d != "" {
		t.Error(d)
	}
	if s := got.Sentence(); s != "22 questions: 5 answered, 1 needs your view, 2 are with HR and IT, 1 does not apply, 13 still open." {
		t.Error(s)
	}
	for _, v := range views {
		if v.ID == "C02" && (v.Label != "With HR, not settled" || v.Since != day.Must("2026-11-17")) {
			t.Errorf("C02: %+v", v)
		}
		if v.State == Open && v.Draft == "" {
			t.Errorf("%s is open and has no draft", v.ID)
		}
	}
}

// The sentence of the mock-up: 18 questions: 13 answered, 3 need your view, 2 are with HR and IT.
func TestSentenceOfTheMockUp(t *testing.T) {
	got := Tally{Questions: 18, Answered: 13, BossDecides: 3, WithOwner: 2, With: []Owner{HR, IT}}.Sentence()
	if got != "18 questions: 13 answered, 3 need your view, 2 are with HR and IT." {
		t.Error(got)
	}
	if got := (Tally{Questions: 1, Open: 1}).Sentence(); got != "1 question: 1 still open." {
		t.Error(got)
	}
}

// Whatever is answered, the parts add up and all eighteen core questions are there.
func TestTallyAddsUp(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var r Register
		for i := range rapid.IntRange(0, 20).Draw(t, "answers") {
			r.Answers = append(r.Answers, Answer{Concern: all[(i*7)%61].ID, Reply: Reply{
				State: rapid.SampledFrom(States()).Draw(t, "state"), Text: rapid.SampledFrom([]string{"", "HR pays 5 pounds."}).Draw(t, "text"),
				Owner: rapid.SampledFrom(Owners()).Draw(t, "owner")}})
		}
		views, err := r.Views(rapid.SampledFrom(all).Draw(t, "raised").ID)
		if err != nil {
			t.Fatal(err)
		}
		n := Count(views)
		core := 0
		for _, v := range views {
			if v.Core {
				core++
			}
		}
		if core != 18 || n.Answered+n.BossDecides+n.WithOwner+n.NotApplicable+n.Open != n.Questions {
			t.Fatalf("%d core, %+v", core, n)
		}
	})
}

func TestListByOwner(t *testing.T) {
	rows, err := Rows("")
	if err != nil || len(rows) != 61 || rows[0].ID != "C01" || rows[60].ID != "C61" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	rows, err = Rows(Insurance)
	// By hand from the catalogue: C11, C16, C34, C54.
	var ids []ID
	for _, v := range rows {
		ids = append(ids, v.ID)
	}
	if d := cmp.Diff([]ID{"C11", "C16", "C34", "C54"}, ids); d != "" || err != nil {
		t.Error(d, err)
	}
	views, err := decode(t, sample).List(HR)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if !strings.Contains(strings.Join(strings.Fields(jsonOf(t, v.Owners)), ""), "hr") && v.With != HR {
			t.Errorf("%s is not HR's: %v", v.ID, v.Owners)
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCheckNamesTheField(t *testing.T) {
	for yaml, want := range map[string]string{
		"top: [C01, C02, C03, C04]": "Pick up to 3",
		"top: [C01, C01]":           "picked twice",
		"top: [C62]":                `no concern "C62"`,
		"top: [own-1]":              `no concern "own-1"`,
		"answers: [{concern: C77}]": `no concern "C77"`,
		"answers: [{concern: C01, text: a}, {concern: C01, text: b}]":                                   "C01 is answered twice",
		"answers: [{concern: C01, state: with_owner, owner: hr}]":                                       "since when",
		"answers: [{concern: C01, state: with_owner, since: 2026-01-02}]":                               "say who",
		"answers: [{concern: C01, state: settled}]":                                                     "is not a state",
		"answers: [{concern: C01, owner: king}]":                                                        "owns no question",
		"answers: [{concern: C01, state: proposal}]":                                                    "there is no answer",
		"answers: [{concern: C01, text: '" + strings.Repeat("x", 4001) + "'}]":                          "4001 characters",
		"answers: [{concern: C01, state: with_owner, owner: hr, since: 2026-03-02, asked: 2026-03-01}]": "before its owner had it",
		"own: [{text: a}]":                                                       "needs words",
		"own: [{id: mine, question: Why?}]":                                      "is written own-1",
		"own: [{id: own-2, question: Why?}, {question: How?}]":                   "Two questions of your own are called own-2",
		"answers: [{concern: own-1, text: a}]\nown: [{question: Why?, text: b}]": "own-1 is answered twice",
	} {
		var r Register
		err := content.Decode("case.yaml", []byte(yaml), &r)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "case.yaml:") {
			t.Errorf("%s: %v", yaml, err)
		}
	}
	for _, fine := range []string{"answers: [{concern: C01, state: company, text: a}]", "answers: [{concern: own-1, text: a}]\nown: [{question: Why?}]", "answers: [{concern: C01, owner: Works Council}]"} {
		decode(t, fine)
	}
}

// A known false answer is named in the list with the reason.
func TestListNamesTraps(t *testing.T) {
	r := decode(t, "answers: [{concern: C16, text: At home you are exempt from claims for injuries.}]")
	if got, err := r.Findings(); err != nil || len(got) != 1 || got[0].Place.Path != "answers[0].text" {
		t.Errorf("findings %v, %v", got, err)
	}
	views, err := r.List("")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.ID == "C16" && (len(v.Traps) != 1 || !strings.Contains(v.Traps[0], "false in Great Britain") || v.Score == nil || *v.Score != 0) {
			t.Errorf("%+v", v)
		}
	}
}
