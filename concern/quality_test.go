package concern

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
)

type labelled struct {
	Reply
	Met  []string `json:"met"`
	Note string   `json:"note,omitempty"`
}

func answers(t testing.TB) []labelled {
	t.Helper()
	b, err := os.ReadFile("testdata/answers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Answers []labelled `json:"answers"`
	}
	if err := content.Decode("answers.yaml", b, &file); err != nil {
		t.Fatal(err)
	}
	return file.Answers
}

func TestQualityAgreesWithLabels(t *testing.T) {
	all := answers(t)
	if len(all) < 30 {
		t.Fatalf("%d labelled answers, want at least 30", len(all))
	}
	wrong := 0
	for _, a := range all {
		score, met, missing := Quality(a.Reply)
		if d := cmp.Diff(append([]string{}, a.Met...), append([]string{}, met...)); d != "" {
			wrong++
			t.Errorf("%s\n%s", a.Text, d)
		}
		if score != len(met) || len(met)+len(missing) != 5 {
			t.Errorf("%s: score %d, met %v, missing %v", a.Text, score, met, missing)
		}
	}
	t.Logf("%d of %d answers agree in all five marks", len(all)-wrong, len(all))
}

func TestMarksExplainThemselves(t *testing.T) {
	marks, err := Marks()
	if err != nil || len(marks) != 5 {
		t.Fatalf("%v, %v", marks, err)
	}
	_, _, missing := Quality(Reply{})
	for i, m := range marks {
		if m.ID != missing[i] || m.Met == "" || m.Lack == "" {
			t.Errorf("mark %+v, quality says %s", m, missing[i])
		}
	}
}

func FuzzQuality(f *testing.F) {
	for _, a := range answers(f) {
		f.Add(a.Text, a.Source)
	}
	f.Add("\xff 1.1.1 if not", "s")
	f.Add(strings.Repeat("if a ", 500), "")
	f.Fuzz(func(t *testing.T, text, source string) {
		r := Reply{Text: text}
		r.Kind, r.Source = "measured", source
		score, met, missing := Quality(r)
		if score < 0 || score > 5 || score != len(met) || len(met)+len(missing) != 5 {
			t.Errorf("score %d, met %v, missing %v", score, met, missing)
		}
		// An unsure sentence never adds a mark.
		if _, with, _ := Quality(Reply{Text: text + ".\nI am not sure, perhaps HR pays 5 pounds under the policy if it fails."}); len(with) > score {
			_, plainly, _ := Quality(Reply{Text: text + ".\n"})
			if !slices.Equal(with, plainly) {
				t.Errorf("an unsure sentence added a mark: %v after %v", with, plainly)
			}
		}
	})
}

// The held-out set says how the marks do on answers they were not made for.
func TestQualityOnHeldOutAnswers(t *testing.T) {
	b, err := os.ReadFile("testdata/answers-held-out.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Answers []labelled `json:"answers"`
	}
	if err := content.Decode("answers-held-out.yaml", b, &file); err != nil {
		t.Fatal(err)
	}
	right, marks := 0, 0
	for _, a := range file.Answers {
		_, met, missing := Quality(a.Reply)
		for _, id := range slices.Concat(met, missing) {
			marks++
			if slices.Contains(met, id) == slices.Contains(a.Met, id) {
				right++
			} else {
				t.Logf("%s: %s", id, a.Text)
			}
		}
	}
	t.Logf("%d of %d marks agree on %d held-out answers", right, marks, len(file.Answers))
	if float64(right) < .85*float64(marks) {
		t.Errorf("only %d of %d marks agree", right, marks)
	}
}

// plain is its expression, walked by hand.
func FuzzPlain(f *testing.F) {
	between := regexp.MustCompile(`[^\p{L}\p{N}']+`)
	for _, s := range []string{"", "I'm *exempt* from Café-claims, §19.", "¼ of ２ days…\u00a0", "\xff a\x80b", " . "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := plain(s), " "+between.ReplaceAllString(strings.ToLower(s), " ")+" "; got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	})
}
