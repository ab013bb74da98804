package ops_test

import (
	"os"
	"strings"
	"testing"

	"homecase"
	"homecase/cite"
	"homecase/concern"
	"homecase/day"
	"homecase/evidence"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/plan"
)

// Remarks are about the person's own words. A figure whose source stands beside
// it has one, a field that asks for colleagues may name them, and suggestions
// that were taken as they were offered are not held against the person.
func TestRemarksAreAboutTheirOwnWords(t *testing.T) {
	text, err := os.ReadFile("../examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	w := &ops.Workspace{Desk: deskOn("2026-11-24"), Store: store}
	o, err := w.Take(t.Context(), "case.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	const raised = "Errors fell from 4% to 2%."
	remarks := func(change func(*homecase.Case)) (paths string) {
		o, err := w.Change(t.Context(), o.ID, "Changed", func(c *homecase.Case, _ *homecase.Course) error { change(c); return nil })
		if err != nil {
			t.Fatal(err)
		}
		all, err := w.Remarks(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			paths += r.Path + " "
		}
		return paths
	}
	source := cite.Origin{Kind: cite.Measured, Source: "the closed-item report", Date: day.Must("2026-11-01")}
	suggested := func(c *homecase.Case) {
		c.Plan.Promises, c.Concerns.Answers, c.Reasons.Business = nil, nil, nil
		c.Facts.Results = []evidence.Result{{Text: raised, Business: true, Origin: source}}
		if c.Plan, err = c.WithUsual(); err != nil {
			t.Fatal(err)
		}
		if n, err := c.TakeDrafts(); err != nil || n < 5 {
			t.Fatalf("%d ready answers: %v", n, err)
		}
	}
	if got := remarks(suggested); got != "" {
		t.Errorf("words that were suggested, sourced or asked for are held against the person: %s", got)
	}
	for name, c := range map[string]struct {
		change func(*homecase.Case)
		at     string
	}{
		"a figure without a source": {func(c *homecase.Case) { c.Facts.Results[0].Origin = cite.Origin{} }, "facts.results[0].text"},
		"their own promise": {func(c *homecase.Case) {
			c.Plan.Promises = []plan.Promise{{Text: "I am always reachable, day and night."}}
		}, "plan.promises[0].text"},
		"their own answer": {func(c *homecase.Case) {
			c.Concerns.Answers = []concern.Answer{{Concern: "C03", Reply: concern.Reply{State: concern.Proposal, Text: "If you say no, I will have to look for another job."}}}
		}, "concerns.answers[0].text"},
	} {
		remarks(suggested)
		if got := remarks(c.change); !strings.Contains(got, c.at) {
			t.Errorf("%s: no remark at %s, but %q", name, c.at, got)
		}
	}
}
