package content_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

type dayCount struct {
	Date  day.Date `json:"date"`
	Value float64  `json:"value"`
	Place string   `json:"place,omitempty"`
}

func (dayCount) OneLine() {}

type counts struct {
	ID   string     `json:"id"`
	Days []dayCount `json:"days"`
}

// Each case is a file as a person types it, one change, and the file after:
// written by hand, so that every kept comment and blank line is seen.
func TestSetKeepsEveryOtherLine(t *testing.T) {
	two := counts{ID: "git-1", Days: []dayCount{{Date: day.Must("2026-09-01"), Value: 3}, {Date: day.Must("2026-09-02"), Value: 2.5, Place: "home"}}}
	for _, c := range []struct {
		name, path string
		v          any
		in, want   string
	}{
		{"a new group at the end", "facts.imports[0]", two,
			"version: 1 # mine\n\n# why\nname: 'A'\n# end\n",
			"version: 1 # mine\n\n# why\nname: 'A'\nfacts:\n  imports:\n    - id: git-1\n      days:\n        - {date: 2026-09-01, value: 3}\n        - {date: 2026-09-02, value: 2.5, place: home}\n# end\n"},
		{"a new key in a group", "facts.imports[0]", counts{ID: "x", Days: []dayCount{}},
			"facts:\n    # the boss's number\n    measure: {name: a} # trusted\n\n# plan\nplan: {days: 1}\n",
			"facts:\n    # the boss's number\n    measure: {name: a} # trusted\n    imports:\n      - id: x\n        days: []\n\n# plan\nplan: {days: 1}\n"},
		{"a second item", "list[1]", "b", "list:\n- a # first\nafter: 1\n", "list:\n- a # first\n- b\nafter: 1\n"},
		{"an item in the middle goes", "list[1]", nil, "list:\n  - a # one\n  # of b\n  - b # two\n  - c # three\n", "list:\n  - a # one\n  # of b\n  - c # three\n"},
		{"the last item takes the list along", "facts.imports[0]", nil, "v: 1\nfacts:\n  imports:\n    - id: x\n", "v: 1\n"},
		{"but not its neighbours", "facts.imports[0]", nil, "facts:\n  imports:\n    - id: x\n  # of a\n  a: 1\n", "facts:\n  # of a\n  a: 1\n"},
		{"a number keeps its comment", "facts.usual", 11.5, "facts:\n  usual: 9 # counted\n  x: \"12\"\n", "facts:\n  usual: 11.5 # counted\n  x: \"12\"\n"},
		{"inside one line", "facts.measure.usual", 11.5, "# top\nfacts:\n  measure: {name: 'a b', unit: items} # m\n  # next\n  x: 1\n", "# top\nfacts:\n  measure: {name: 'a b', unit: items, usual: 11.5} # m\n  # next\n  x: 1\n"},
		{"a group with nothing in it", "facts.a", 1, "facts:\nplan: 2\n", "facts:\n  a: 1\nplan: 2\n"},
		{"a text of several lines is no comment", "b", 2, "a: |\n  one\n  # two\n\n  three\nb: 1\n", "a: |\n  one\n  # two\n\n  three\nb: 2\n"},
		{"after a text of several lines", "b", 2, "a: |\n  one\n  # two\n# of b\n", "a: |\n  one\n  # two\nb: 2\n# of b\n"},
		{"Windows line ends", "b", 2, "a: 1\r\n# c\r\n", "a: 1\r\nb: 2\r\n# c\r\n"},
		{"no line end at the end", "b", 2, "a: 1", "a: 1\nb: 2\n"},
		{"all in one line", "b", 2, "# top\n{a: 1, c: [1, 2]}\n", "# top\na: 1\nc: [1, 2]\nb: 2\n"},
		{"a bracket over several lines", "b", 2, "a: {\nx: 1\n}\nc: 3\n", "a: {\nx: 1\n}\nc: 3\nb: 2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, err := content.Parse("f.yaml", []byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			got, err := tree.Set(c.path, c.v)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	tree, err := content.Parse("f.yaml", []byte("a: 1\nlist: [1]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fault.Kind{"b": fault.Missing, "list[4]": fault.Missing, "a.x": fault.Missing, "a[": fault.Internal} {
		if _, err := tree.Set(path, nil); fault.KindOf(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := tree.Set("list[3]", 1); fault.KindOf(err) != fault.Missing {
		t.Error("an index beyond the end was set")
	}
	if _, err := tree.Set("big", strings.Repeat("x", content.MaxBytes)); fault.CodeOf(err) != "HC-FILE-02" {
		t.Error("a file grew beyond what can be read:", err)
	}
}

// Adding and taking away again gives the file back byte for byte, wherever the
// person's comments and blank lines stand.
func TestSetAndUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		noise := func() {
			for range rapid.IntRange(0, 2).Draw(t, "noise") {
				b.WriteString(rapid.SampledFrom([]string{"\n", "# note\n", "  # indented note\n", "    # deeper\n"}).Draw(t, "line"))
			}
		}
		keys := []string{"version", "person", "plan", "money"}
		where := rapid.IntRange(0, len(keys)).Draw(t, "where")
		for i, k := range keys {
			noise()
			if i == where {
				b.WriteString("facts:\n")
				noise()
				b.WriteString("  measure: {name: a} # m\n")
				noise()
				b.WriteString("  studies: [E01]\n")
			}
			noise()
			b.WriteString(k + rapid.SampledFrom([]string{": 1\n", ": {a: 1, b: [x, 'y']} # c\n", ":\n  - a\n  # of b\n  - b\n", ": |\n  text\n  # text\n", ":\n- a\n- b\n"}).Draw(t, "value"))
		}
		noise()
		in := []byte(b.String())
		tree, err := content.Parse("f.yaml", in)
		if err != nil {
			t.Fatal(err)
		}
		with, err := tree.Set("facts.imports[0]", counts{ID: "x", Days: []dayCount{{Value: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bytes.SplitAfter(in, []byte("\n")) {
			if !bytes.Contains(with, line) {
				t.Fatalf("lost %q of\n%s\nin\n%s", line, in, with)
			}
		}
		again, err := content.Parse("f.yaml", with)
		if err != nil {
			t.Fatal(err)
		}
		back, err := again.Set("facts.imports[0]", nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(back, in) {
			t.Fatalf("was\n%s\nwith\n%s\nis\n%s", in, with, back)
		}
	})
}

// Whatever YAML comes in, a change never panics, and what it returns reads again.
func FuzzSet(f *testing.F) {
	for _, s := range []string{"a: 1\n", "{a: 1}", "- a\n- b\n", "a:\n  - b: 1\n    c: 2\n# x\n", "? a\n: b\n", "a: |\n\n x\n", "facts: {}\n", "a: !!str 1\n", "\"facts\": 1\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		tree, err := content.Parse("f.yaml", []byte(in))
		if err != nil {
			return
		}
		got, err := tree.Set("facts.imports[0]", counts{ID: "x", Days: []dayCount{{Value: 1}}})
		if err != nil {
			return
		}
		again, err := content.Parse("f.yaml", got)
		if err != nil {
			t.Fatalf("%q became %q: %v", in, got, err)
		}
		if again.Len("facts.imports") != 1 {
			t.Fatalf("%q became %q", in, got)
		}
	})
}

// A part is read although the rest is not finished, and its faults have their place.
func TestDecodePart(t *testing.T) {
	tree, err := content.Parse("f.yaml", []byte("version: none\nsub:\n  name: a\n  hours: -1\nitems: []\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got item
	err = tree.DecodePart("sub", &got)
	if fault.CodeOf(err) != "T-1" || !strings.HasPrefix(err.Error(), "f.yaml:4:10: ") || got.Name != "a" {
		t.Error(err, got)
	}
	if err := tree.DecodePart("none", &got); err != nil || got.Name != "a" {
		t.Error(err)
	}
}
