package pitch

import (
	"strings"
	"testing"
)

func TestDataCompiles(t *testing.T) {
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compile(l); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range l.rules {
		if seen[r.ID] {
			t.Errorf("rule %s is there twice", r.ID)
		}
		seen[r.ID] = true
		if r.Why == "" || r.Source == "" || r.Suggestion == "" || r.Severity == "" || r.Category == "" {
			t.Errorf("rule %s lacks a why, a source, a suggestion, a severity or a category", r.ID)
		}
		if strings.Count(r.Suggestion, "{") != strings.Count(r.Suggestion, "}") {
			t.Errorf("rule %s: a slot is not closed", r.ID)
		}
		if r.Severity == Error && !r.Category.mayError() {
			t.Errorf("rule %s must not be an error", r.ID)
		}
		for _, s := range []string{r.Why, r.Figure} {
			for sentence := range strings.SplitSeq(s, ". ") {
				if n := len(strings.Fields(sentence)); n > 25 {
					t.Errorf("rule %s: a sentence of %d words: %s", r.ID, n, sentence)
				}
			}
		}
	}
	for _, c := range Categories() {
		found := false
		for _, r := range l.rules {
			found = found || r.Category == c
		}
		if !found {
			t.Errorf("no rule finds %s", c)
		}
	}
}
