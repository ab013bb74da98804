package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func whole(t testing.TB) []Study {
	t.Helper()
	all, err := Studies()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The library holds the 36 studies, each complete enough to be printed.
func TestLibraryIsComplete(t *testing.T) {
	all := whole(t)
	topics, _ := Topics()
	if len(all) != 36 {
		t.Fatalf("%d studies, want 36", len(all))
	}
	designs := []Design{Randomised, Quasi, Meta, Lab, Survey, Model, Macro}
	for i, s := range all {
		if want := ID(fmt.Sprintf("E%02d", i+1)); s.ID != want {
			t.Errorf("study %d is %s, want %s", i, s.ID, want)
		}
		if !studyID.MatchString(string(s.ID)) || studyID.MatchString("E37") || studyID.MatchString("E00") {
			t.Errorf("%s: the short form of known ids is out of step", s.ID)
		}
		for name, v := range map[string]string{"short": s.Short, "authors": s.Authors, "title": s.Title, "journal": s.Journal, "population": s.Population, "days": s.Days, "result": s.Result, "use": s.Use} {
			if strings.TrimSpace(v) == "" {
				t.Errorf("%s has no %s", s.ID, name)
			}
		}
		if s.Year < 1990 || s.Year > 2026 || !slices.Contains(designs, s.Design) {
			t.Errorf("%s: year %d, design %q", s.ID, s.Year, s.Design)
		}
		if len(s.Limits) == 0 || len(s.Bears) == 0 || len(s.Sources) == 0 || len(s.Names) == 0 {
			t.Errorf("%s lacks limits, bearings, sources or names", s.ID)
		}
		for _, b := range s.Bears {
			if !slices.ContainsFunc(topics, func(x Topic) bool { return x.Tag == b.Tag }) || !slices.Contains([]Direction{For, Against, Mixed, None}, b.Direction) {
				t.Errorf("%s: bearing %+v", s.ID, b)
			}
		}
		for _, src := range s.Sources {
			if src.Title == "" || src.Address != "" && !strings.HasPrefix(src.Address, "http") {
				t.Errorf("%s: source %+v", s.ID, src)
			}
		}
		for _, f := range s.Effects {
			if f.Measure == "" || f.Value == nil && (f.Low == nil || f.High == nil) || f.Low != nil && *f.Low >= *f.High {
				t.Errorf("%s: figure %+v", s.ID, f)
			}
			if f.Low != nil && !slices.Contains([]string{"range", "ci95"}, f.Interval) {
				t.Errorf("%s: what are low and high of %q?", s.ID, f.Measure)
			}
		}
	}
}

// A study with a superseded version says what replaced it and keeps one current version.
func TestVersionsSayWhatReplacedThem(t *testing.T) {
	trapped := 0
	for _, s := range whole(t) {
		current := 0
		for _, v := range s.Versions {
			if !v.Superseded {
				current++
				continue
			}
			trapped++
			if v.Now == "" || len(v.Figures) == 0 {
				t.Errorf("%s %s: superseded without figures or replacement", s.ID, v.Version)
			}
		}
		if len(s.Versions) > 0 && current == 0 {
			t.Errorf("%s has no current version", s.ID)
		}
	}
	for _, id := range []ID{"E04", "E05", "E09", "E12", "E24"} {
		s, err := Find(id)
		if err != nil || !slices.ContainsFunc(s.Versions, func(v Version) bool { return v.Superseded }) {
			t.Errorf("%s must keep its superseded version (%v)", id, err)
		}
	}
	if trapped < 6 {
		t.Errorf("%d superseded versions", trapped)
	}
}

// What was recalled and not read is marked; the list is from the open points of the evidence page.
func TestRecalledValuesAreMarked(t *testing.T) {
	for id, measure := range map[ID]string{"E01": "eligible", "E11": "other groups", "E15": "leaving", "E19": "levels off", "E21": "fully remote"} {
		s, err := Find(id)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(s.Effects, func(f Figure) bool { return f.Unverified && strings.Contains(f.Measure, measure) }) || !s.Doubtful() {
			t.Errorf("%s: the figure on %q must be marked unverified", id, measure)
		}
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?:;](\s|$)`)

// Sentences people read stay within 25 words.
func TestSentencesAreShort(t *testing.T) {
	var texts []string
	for _, s := range whole(t) {
		texts = append(append(texts, s.Result, s.Use, s.Days), s.Limits...)
		for _, b := range s.Bears {
			texts = append(texts, b.Why)
		}
		for _, v := range s.Versions {
			texts = append(texts, v.Claim)
		}
	}
	claims, err := Claims()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		texts = append(texts, c.Say, c.Next)
		if c.Say == "" || c.Next == "" || c.Source == "" || len(c.All) == 0 {
			t.Errorf("claim %s is incomplete", c.ID)
		}
		if c.Study != "" {
			if _, err := Find(c.Study); err != nil {
				t.Error(err)
			}
		}
	}
	args, err := Arguments()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range args {
		texts = append(texts, a.Claim, a.First, a.Verdict, a.Answer)
	}
	qs, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	ls, err := Letters()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range qs {
		texts = append(texts, q.Ask, q.Why)
	}
	for _, l := range ls {
		texts = append(append(texts, l.Subject, l.When), l.Lines...)
	}
	for _, text := range texts {
		for _, s := range sentenceEnd.Split(text, -1) {
			n := len(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) }))
			if n > 25 {
				t.Errorf("%d words: %s", n, s)
			}
		}
	}
	if len(qs) != 5 || len(ls) < 2 {
		t.Errorf("%d questions and %d letters", len(qs), len(ls))
	}
}

// Each argument names studies that exist and that do speak on its tag, on the side it puts them.
func TestArgumentsRestOnTheLibrary(t *testing.T) {
	args, err := Arguments()
	if err != nil || len(args) != 9 {
		t.Fatalf("%d arguments, %v", len(args), err)
	}
	for _, a := range args {
		for side, ids := range map[Direction][]ID{For: a.For, Against: a.Against} {
			for _, id := range ids {
				s, err := Find(id)
				if err != nil {
					t.Error(err)
					continue
				}
				b, ok := s.On(a.Tag)
				if !ok || side == For && b.Direction == Against || side == Against && b.Direction == For {
					t.Errorf("%s puts %s on the side %q, the library says %q", a.ID, id, side, b.Direction)
				}
			}
		}
	}
}
