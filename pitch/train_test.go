package pitch

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

var train = flag.Bool("train", false, "work data/cues.yaml out anew from the labelled sentences")

// labelledFiles lists the sets of sentences in the order in which they were written.
func labelledFiles(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, name := range []string{"labelled.tsv", "second.tsv", "third.tsv", "fourth.tsv", "fifth.tsv", "sixth.tsv", "eighth.tsv", "ninth.tsv", "tenth.tsv", "wider.tsv"} {
		if _, err := os.Stat("testdata/" + name); err == nil {
			out = append(out, name)
		}
	}
	return out
}

// groups reads testdata/groups.txt and the lexicon's classes: by stem, the groups
// that the word is in. A group is a feature of its own in training; its points are
// then added to those of each of its words.
func groups(t testing.TB) map[string][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/groups.txt")
	if err != nil {
		t.Fatal(err)
	}
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	put := func(name, word string) {
		if s := string(stem([]byte(word))); !slices.Contains(out[s], name) {
			out[s] = append(out[s], name)
		}
	}
	for line := range strings.Lines(string(b)) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(words) {
			put("@"+name, w)
		}
	}
	for name, text := range l.lex.Classes {
		for phrase := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' }) {
			if w := strings.TrimSpace(phrase); w != "" && !strings.ContainsAny(w, " @=#") {
				put("@class-"+name, w)
			}
		}
	}
	for _, names := range out {
		slices.Sort(names)
	}
	return out
}

// example is a sentence as the numbers of its words and pairs.
type example struct {
	labelled
	features []int
	scale    float64
}

// examples turns sentences into features, with the scanner that reads texts.
func examples(t testing.TB, names []string) ([]example, []string) {
	t.Helper()
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	l.cues = nil
	m, err := compile(l)
	if err != nil {
		t.Fatal(err)
	}
	m.cues = cues{words: map[string]int32{}, growing: true}
	index := map[string]int{}
	var list []string
	feature := func(s string) int {
		i, ok := index[s]
		if !ok {
			i = len(list)
			index[s] = i
			list = append(list, s)
		}
		return i
	}
	var out []example
	in := groups(t)
	for _, name := range names {
		for _, x := range readLabelled(t, name) {
			e := example{labelled: x}
			s := scanner{m: m, text: []byte(x.text)}
			n := 0
			for s.next() {
				stems := make([]string, len(s.cur.tokens))
				byID := map[int32]string{}
				for w, id := range m.cues.words {
					byID[id] = w
				}
				for i, tok := range s.cur.tokens {
					stems[i] = byID[tok.cue]
				}
				for i, w := range stems {
					if w == "" {
						continue
					}
					e.features = append(e.features, feature(w))
					for _, g := range in[w] {
						e.features = append(e.features, feature(g))
					}
					if i+1 < len(stems) && stems[i+1] != "" {
						e.features = append(e.features, feature(w+" "+stems[i+1]))
					}
					if i+2 < len(stems) && stems[i+2] != "" {
						e.features = append(e.features, feature(w+" * "+stems[i+2]))
					}
				}
				for gap := range min(2, len(stems)) {
					between := []string{" ", " * "}[gap]
					if w := stems[gap]; w != "" {
						e.features = append(e.features, feature(beginStem+between+w))
					}
					if w := stems[len(stems)-1-gap]; w != "" {
						e.features = append(e.features, feature(w+between+endStem))
					}
				}
				n += len(stems)
			}
			e.scale = cueScale(n)
			out = append(out, e)
		}
	}
	return out, list
}

// model is logistic regression with AdaGrad steps (Duchi, Hazan, Singer 2011).
type model struct {
	base   float64
	points []float64
}

func (m *model) score(e example) float64 {
	sum := 0.0
	for _, f := range e.features {
		sum += m.points[f]
	}
	return m.base + sum*e.scale
}

func fit(set []example, features int, cat Category) *model {
	m := &model{base: -2, points: make([]float64, features)}
	squares := make([]float64, features)
	rnd := rand.New(rand.NewPCG(7, 7))
	order := make([]int, len(set))
	for i := range order {
		order[i] = i
	}
	for range 25 {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			e := set[i]
			y, weight := 0.0, 1.0
			if slices.Contains(e.want, cat) {
				y, weight = 1, 3
			}
			g := (1/(1+math.Exp(-m.score(e))) - y) * weight
			m.base -= .015 * g
			for _, f := range e.features {
				step := g*e.scale + 1e-3*m.points[f]
				squares[f] += step*step + 1e-9
				m.points[f] -= .3 * step / math.Sqrt(squares[f])
			}
		}
	}
	return m
}

// seldom drops words and pairs that occur in fewer than least sentences.
func seldom(set []example, least int) {
	in := map[int]int{}
	for _, e := range set {
		for _, f := range slices.Compact(slices.Sorted(slices.Values(e.features))) {
			in[f]++
		}
	}
	for i := range set {
		set[i].features = slices.DeleteFunc(set[i].features, func(f int) bool { return in[f] < least })
	}
}

// trained works the points out. Where cues alone report is chosen across folds.
func trained(set []example, features []string, in map[string][]string) []Cue {
	var out []Cue
	number := map[string]int{}
	for i, f := range features {
		number[f] = i
	}
	for _, cat := range Categories() {
		if cat == KnownFalse {
			continue // a claim is false by its figure, not by its sound
		}
		cue := Cue{Category: cat}
		m := fit(set, len(features), cat)
		at, veto := thresholds(set, len(features), cat)
		cue.Base = int(math.Round(m.base * 10))
		cue.At = int(math.Round(max(at, m.base+1, 0) * 10))
		cue.Veto = int(math.Round(min(veto, leastVeto(cat)) * 10))
		total := map[string]float64{} // points with those of the groups
		for i, f := range features {
			if !strings.HasPrefix(f, "@") {
				total[f] += m.points[i]
			}
		}
		for w, names := range in {
			for _, g := range names {
				if i, ok := number[g]; ok {
					total[w] += m.points[i]
				}
			}
		}
		order := slices.Sorted(maps.Keys(total))
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(math.Abs(total[b]), math.Abs(total[a])) })
		var words []string
		for _, w := range order[:min(len(order), 6000)] {
			if p := int(math.Round(total[w] * 10)); p != 0 {
				words = append(words, fmt.Sprintf("%s %d", w, max(-127, min(127, p))))
			}
		}
		var b strings.Builder
		for chunk := range slices.Chunk(words, 12) {
			b.WriteString(strings.Join(chunk, ", ") + ",\n")
		}
		cue.Words = b.String()
		out = append(out, cue)
	}
	return out
}

// thresholds finds the score from which cues alone are as precise as sure asks,
// and the score below which five in a hundred of the category lie.
func thresholds(set []example, features int, cat Category) (at, veto float64) {
	type scored struct {
		score float64
		yes   bool
	}
	var cross []scored
	all := 0
	for fold := range 5 {
		var rest []example
		for _, e := range set {
			if e.fold != fold {
				rest = append(rest, e)
			}
		}
		m := fit(rest, features, cat)
		for _, e := range set {
			if e.fold == fold {
				yes := slices.Contains(e.want, cat)
				cross = append(cross, scored{m.score(e), yes})
				if yes {
					all++
				}
			}
		}
	}
	slices.SortStableFunc(cross, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	at, veto = 9, -9
	yes := 0
	for k, s := range cross {
		if s.yes {
			yes++
			if veto == -9 && float64(all-yes) <= .05*float64(all) {
				veto = s.score
			}
		}
		if k >= 4 && float64(yes)/float64(k+1) >= sure(cat) {
			at = s.score
		}
	}
	return at, veto
}

// TestTrain writes data/cues.yaml.
func TestTrain(t *testing.T) {
	if !*train {
		t.Skip("run with -train")
	}
	set, features := examples(t, labelledFiles(t))
	seldom(set, 3)
	var b strings.Builder
	b.WriteString("# Words and pairs of words with their points in tenths, for and against a category:\n" +
		"# \"word points\", \"word word points\", \"word * word points\" with one word between.\n" +
		"# Worked out from the labelled sentences: go test ./pitch -run Train -train\n# then go test ./pitch -run 'Pack|Vale' -update. Points may be changed by hand.\ncues:\n")
	for _, c := range trained(set, features, groups(t)) {
		fmt.Fprintf(&b, "  - category: %s\n    base: %d\n    at: %d\n    veto: %d\n    words: |\n", c.Category, c.Base, c.At, c.Veto)
		for line := range strings.Lines(c.Words) {
			b.WriteString("      " + line)
		}
	}
	if err := os.WriteFile("data/cues.yaml", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFolds scores all labelled sentences in five folds by hash. The cues of a
// fold come from the other four. The rules were written by somebody who had read
// the sentences, so the numbers flatter them; TestHeldOut does not.
func TestFolds(t *testing.T) {
	if testing.Short() {
		t.Skip("trains five times")
	}
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	set, features := examples(t, labelledFiles(t))
	seldom(set, 3)
	total := map[Category]score{}
	for fold := range 5 {
		var rest []example
		var held []labelled
		for _, e := range set {
			if e.fold == fold {
				held = append(held, e.labelled)
			} else {
				rest = append(rest, e)
			}
		}
		l.cues = trained(rest, features, groups(t))
		m, err := compile(l)
		if err != nil {
			t.Fatal(err)
		}
		add(total, scores(m, held))
	}
	report(t, fmt.Sprintf("%d sentences, five folds", len(set)), total)
	floor(t, total, .83)
}

// sure is how precise cues alone must be, across folds, before they report. What
// may be an error must be surer.
func sure(c Category) float64 {
	switch {
	case c.mayError(), c == Care, c == Comparison, c == HidesNegatives:
		return .95
	case c == Overpromise, c == Personal:
		return .92
	case c == GoodAccountability:
		return .87
	}
	return .9
}

// leastVeto is the highest score that may let a sentence off. What may be an
// error is left to its excuses, and so is what few sentences show.
func leastVeto(c Category) float64 {
	switch c {
	case Personal, Ultimatum, Vague, Overpromise, Unsupported, GoodTrial, GoodAccountability:
		return 0
	}
	return -7
}
