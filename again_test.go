package homecase_test

import (
	"slices"
	"testing"

	"homecase"
	"homecase/cite"
	"homecase/day"
	"homecase/evidence"
	"homecase/plan"
)

// What was right once is asked about again: after a year, or once its day has
// passed. The example is dated 24 November 2026 and begins on 11 January 2027.
func TestLookAgain(t *testing.T) {
	c := load(t, "examples/accounts-one-day.yaml")
	if err := c.SetPhoto("door", "door.jpg", day.Must("2026-11-24")); err != nil {
		t.Fatal(err)
	}
	kinds := func(on string, running bool) (out []homecase.AgedKind) {
		for _, a := range c.LookAgain(day.Must(on), running) {
			if !slices.Contains(out, a.Kind) {
				out = append(out, a.Kind)
			}
		}
		return out
	}
	if got := kinds("2026-11-24", false); len(got) > 0 {
		t.Errorf("on the day it was written: %v", got)
	}
	if got := kinds("2027-01-11", false); len(got) > 0 {
		t.Errorf("on the first day: %v", got)
	}
	if got := kinds("2027-01-12", false); !slices.Equal(got, []homecase.AgedKind{homecase.AgedStart}) {
		t.Errorf("on the day after the first: %v", got)
	}
	if got := kinds("2027-11-24", true); slices.Contains(got, homecase.AgedPhoto) {
		t.Errorf("a year to the day: %v", got)
	}
	got := kinds("2027-11-25", true)
	for _, want := range []homecase.AgedKind{homecase.AgedPhoto, homecase.AgedPrice, homecase.AgedResult} {
		if !slices.Contains(got, want) {
			t.Errorf("after a year there is no %s: %v", want, got)
		}
	}
	if slices.Contains(got, homecase.AgedStart) {
		t.Error("a trial that runs is to begin again")
	}
	c.Plan.NotNow = &plan.NotNow{AskAgain: day.Must("2027-06-01")}
	if got := kinds("2027-05-31", false); len(got) > 0 {
		t.Errorf("before the agreed date: %v", got)
	}
	if got := kinds("2027-06-01", false); len(got) == 0 {
		t.Error("nothing on the agreed date")
	}
	c.Plan.NotNow = nil
	c.Plan.Promises = []plan.Promise{{Text: "We decide together on 4 May, from what was counted."}}
	if got := kinds("2026-11-24", false); !slices.Equal(got, []homecase.AgedKind{homecase.AgedPromise}) {
		t.Errorf("a promise with another day: %v", got)
	}
}

// With an import goes what was taken from it, and nothing else.
func TestTakeOutImport(t *testing.T) {
	from := func(ids string) cite.Origin {
		return cite.Origin{Kind: cite.Measured, Source: homecase.OwnRecords + ids, Date: day.Must("2026-11-24")}
	}
	for _, c := range []struct {
		source, recorded string
		measure, whole   bool
	}{
		{"git, import git-1: 60 workdays", "git", true, true}, {"git, import git-2 and import git-1: 60 workdays", "git", true, true},
		{"git, import git-1: 60 workdays", "", true, false}, // named by the person, and completed from the records
		{"git, import git-11: 60 workdays", "git", false, false}, {"the closed-item report", "the closed-item report", false, false},
	} {
		k := load(t, "examples/accounts-one-day.yaml")
		usual := 9.0
		k.Facts.Imports = []evidence.Import{{ID: "git-1", Source: "git"}, {ID: "git-11", Source: "git"}}
		k.Facts.Measure = evidence.Measure{Name: "Commits", Usual: &usual, Recorded: c.recorded, Origin: cite.Origin{Kind: cite.Measured, Source: c.source}}
		k.Facts.Results = []evidence.Result{{Text: "Mine", Origin: from("import git-11")}, {Text: "Theirs", Origin: from("import git-1")}, {Text: "Other", Origin: cite.Origin{Source: "import git-1 of another"}}}
		gone, err := k.TakeOutImport("git-1")
		if err != nil || gone.Measure != c.measure || gone.Whole != c.whole || len(gone.Results) != 1 {
			t.Errorf("%s: %+v went, %v", c.source, gone, err)
		}
		if m := k.Facts.Measure; (m.Name == "") != c.whole || (m.Usual == nil) != c.measure || len(k.Facts.Results) != 2 || len(k.Facts.Imports) != 1 {
			t.Errorf("%s: left %+v", c.source, k.Facts)
		}
		if _, err := k.TakeOutImport("git-1"); err == nil {
			t.Error("an import that is gone was taken out again")
		}
	}
}
