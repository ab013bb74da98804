package homecase_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/pitch"
)

// Every card answers from the accounts example, and lacks by name what an empty
// case does not know. Nothing private is on a card.
func TestRehearsal(t *testing.T) {
	c, err := homecase.Load("examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	on := day.Must("2026-11-24")
	cards, err := c.Rehearsal(on, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cards) != 10 {
		t.Fatalf("%d cards", len(cards))
	}
	var said []string
	for _, r := range cards {
		if r.Say == "" || len(r.Lacks) > 0 || r.Title == "" {
			t.Errorf("%s: %q lacks %v", r.ID, r.Say, r.Lacks)
		}
		if strings.Contains(r.Say, "..") || strings.ContainsAny(r.Say, "{}") || regexp.MustCompile(`\d{4}-\d\d`).MatchString(r.Say) {
			t.Errorf("%s: %s", r.ID, r.Say)
		}
		said = append(said, r.Say)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{ // by hand from the example
		"Every Friday you get a note with three numbers: items closed, errors found, reply time.",
		"29 of my 40 hours can move.", "against a drop of 10% we agree on first.", "I shall come back on 24 February 2027, not before.",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no card says %q:\n%s", want, all)
		}
	}
	if strings.Contains(all, "on the train") {
		t.Error("a personal reason is on a card")
	}
	found, err := pitch.CheckWords("cards", said, pitch.Options{})
	if err != nil || pitch.HasErrors(found) {
		t.Errorf("%v %v", found, err)
	}
	empty := homecase.Case{Date: on}
	cards, err = empty.Rehearsal(on, nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cards, func(r homecase.Rehearsal) bool { return r.ID == "need-you" })
	if cards[i].Say != "" || !slices.Equal(cards[i].Lacks, []string{"recall.notice"}) {
		t.Errorf("%+v", cards[i])
	}
}

// Every concern of the catalogue suggests something to do, in the person's own voice.
func TestSuggestTasks(t *testing.T) {
	got, err := homecase.SuggestTasks("C19")
	if err != nil || !slices.Equal(got, []string{"Get ready: my own trial"}) {
		t.Error(got, err)
	}
	if got, err := homecase.SuggestTasks(""); err != nil || got != nil {
		t.Error(got, err)
	}
	if _, err := homecase.SuggestTasks("C99"); err == nil {
		t.Error("an unknown concern suggests something")
	}
}
