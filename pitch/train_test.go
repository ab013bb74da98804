package pitch

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var train = flag.Bool("train", false, "work data/cues.yaml out anew from the labelled sentences")

var real = flag.String("real", "", "sets that are not trained on, by full path with commas between, for the thresholds alone")

// labelledFiles lists the sets of sentences in the order in which they were written.
func labelledFiles(t testing.TB) []string {
	t.Helper()
	names := []string{"labelled.tsv", "second.tsv", "third.tsv", "fourth.tsv", "fifth.tsv", "sixth.tsv", "eighth.tsv", "ninth.tsv", "tenth.tsv", "wider.tsv", "eleventh.tsv", "twelfth.tsv"}
	var out []string
	for _, name := range slices.Concat(names, registers(), []string{combined}) {
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
	unseen   bool // by those who wrote the rules
	paged    bool // put anew after a real page
	part     int  // the fold of its whole file, or of its pages
}

// examples turns sentences into features, with the scanner that reads texts.
func examples(t testing.TB, names []string) ([]example, []string) {
	t.Helper()
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	l.cues = cueFile{}
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
	bare, err := compile(l)
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	in := groups(t)
	for at, name := range names {
		sentences := readSet
		if !filepath.IsAbs(name) {
			sentences = readLabelled
		}
		for line, x := range sentences(t, name) {
			e := example{labelled: x, unseen: slices.Contains(unseenFiles(), name), part: at % folds}
			if e.paged = slices.Contains(pageFiles(), name); e.paged {
				e.part = line / pagesTogether % folds
			}
			if name == combined {
				e.fold, e.part = -1, -1
			}
			if slices.Contains(registers(), name) && len(x.want) > 0 {
				e.either = slices.Concat(x.either, lesser(x.want)) // nobody looked for them
			}
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
				for _, name := range namesOf(stems, in) {
					e.features = append(e.features, feature(name))
				}
				n += len(stems)
			}
			e.scale = cueScale(n)
			for _, id := range bare.found(x.text) {
				for range ruleWeight {
					e.features = append(e.features, feature(ruleMark+id))
				}
			}
			out = append(out, e)
		}
	}
	return out, list
}

// namesOf lists what a sentence shows: its stems, their groups, its pairs, and
// the words at its begin and end.
func namesOf(stems []string, in map[string][]string) []string {
	var out []string
	for i, w := range stems {
		if w == "" {
			continue
		}
		out = append(append(out, w), in[w]...)
		if i+1 < len(stems) && stems[i+1] != "" {
			out = append(out, w+" "+stems[i+1])
		}
		if i+2 < len(stems) && stems[i+2] != "" {
			out = append(out, w+" * "+stems[i+2])
		}
	}
	for gap := range min(2, len(stems)) {
		between := []string{" ", " * "}[gap]
		if w := stems[gap]; w != "" {
			out = append(out, beginStem+between+w)
		}
		if w := stems[len(stems)-1-gap]; w != "" {
			out = append(out, w+between+endStem)
		}
	}
	return out
}

// folds is how many parts the files are dealt out to, whole, for the thresholds:
// sentences of one file are alike, and a model that has seen some of them flatters
// itself on the others.
const folds = 5

// ruleWeight is how many words a rule counts for.
const ruleWeight = 3

// found lists the rules that match a sentence, without what cues make of it.
func (m *machine) found(text string) []string {
	var out []string
	src := &source{text: []byte(text)}
	newReader(m).each(src, 0, len(src.text), func(_ *sentence, hits []hit) {
		for _, h := range hits {
			if r := &m.rules[h.rule]; !r.Document && r.Off == "" {
				out = append(out, r.ID)
			}
		}
	})
	return out
}

// model is logistic regression with AdaGrad steps (Duchi, Hazan, Singer 2011),
// the points averaged over the later rounds.
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

// How long the points are fitted, from which round on they are averaged, and
// how strongly they are drawn to nothing.
const (
	rounds       = 25
	settledAfter = 8
	shrink       = 1e-2
)

func fit(set []example, features int, cat Category) *model {
	m := &model{base: -2, points: make([]float64, features)}
	squares := make([]float64, features)
	mean := &model{points: make([]float64, features)}
	rnd := rand.New(rand.NewPCG(7, 7))
	order := make([]int, len(set))
	for i := range order {
		order[i] = i
	}
	for round := range rounds {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			e := set[i]
			if slices.Contains(e.either, cat) {
				continue
			}
			y, weight := 0.0, 1.0
			if slices.Contains(e.want, cat) {
				y, weight = 1, 3
			}
			if e.unseen {
				weight *= 2
			}
			g := (1/(1+math.Exp(-m.score(e))) - y) * weight
			m.base -= .015 * g
			for _, f := range e.features {
				step := g*e.scale + shrink*m.points[f]
				squares[f] += step*step + 1e-9
				m.points[f] -= .3 * step / math.Sqrt(squares[f])
			}
		}
		if round >= settledAfter {
			mean.base += m.base / (rounds - settledAfter)
			for i, p := range m.points {
				mean.points[i] += p / (rounds - settledAfter)
			}
		}
	}
	return mean
}

// seldom drops words and rules that occur in fewer than two sentences, and pairs
// that occur in fewer than four.
func seldom(set []example, features []string) {
	in := map[int]int{}
	for _, e := range set {
		for _, f := range slices.Compact(slices.Sorted(slices.Values(e.features))) {
			in[f]++
		}
	}
	for i := range set {
		set[i].features = slices.DeleteFunc(set[i].features, func(f int) bool {
			return in[f] < 2 || in[f] < 4 && strings.Contains(features[f], " ")
		})
	}
}

// trained works the points out.
func trained(set []example, apart [][]example, features []string, in map[string][]string) cueFile {
	number := map[string]int{}
	for i, f := range features {
		number[f] = i
	}
	// A claim is false by its figure, not by its sound.
	cats := slices.DeleteFunc(Categories(), func(c Category) bool { return c == KnownFalse })
	models, out := make([]*model, len(cats)), cueFile{Cues: make([]Cue, len(cats))}
	tenths := func(v float64) int { return int(math.Round(v * 10)) }
	var wg sync.WaitGroup
	for i, cat := range cats {
		wg.Go(func() {
			m := fit(set, len(features), cat)
			at, veto := thresholds(m, set, apart, len(features), cat)
			models[i], out.Cues[i] = m, Cue{Category: cat, Base: tenths(m.base), At: tenths(at), Veto: tenths(veto)}
		})
	}
	wg.Wait()
	rows := map[string][]int{}
	for i, m := range models {
		for name, points := range m.total(features, number, in) {
			if rows[name] == nil {
				rows[name] = make([]int, len(cats))
			}
			rows[name][i] = max(-127, min(127, tenths(points)))
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		if row := rows[name]; slices.Max(row) >= weak || slices.Min(row) <= -weak {
			b.WriteString(name + " " + strings.Trim(fmt.Sprint(row), "[]") + "\n")
		}
	}
	out.Words = b.String()
	return out
}

// weak is what points stay below, in tenths, of a word that is left out.
const weak = 3

// total adds the points of the groups to those of their words.
func (m *model) total(features []string, number map[string]int, in map[string][]string) map[string]float64 {
	total := map[string]float64{}
	for i, f := range features {
		switch {
		case strings.HasPrefix(f, ruleMark):
			total[f] = ruleWeight * m.points[i]
		case !strings.HasPrefix(f, "@"):
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
	return total
}

// thresholds finds the score from which cues alone report, and the score below
// which they let a sentence off. For the categories that matter most both are
// the score where precision is recall: in sentences that were put anew after real
// pages, across folds, and in each set apart, the mean of these. For the others
// cues must be as precise as sure asks, and five in a hundred of the category lie
// below veto.
func thresholds(m *model, set []example, apart [][]example, features int, cat Category) (at, veto float64) {
	if slices.Contains(foremost(), cat) {
		cross := acrossFolds(set, features, cat, func(e example) int { return e.part })
		paged := slices.DeleteFunc(cross, func(s scored) bool { return !s.paged })
		odds := oddsOf(paged)
		at = even(paged, odds)
		for _, other := range apart {
			at += even(m.scored(other, cat), odds)
		}
		at /= float64(1 + len(apart))
		return at, at
	}
	at, veto = 9, -9
	cross := acrossFolds(set, features, cat, func(e example) int { return e.fold })
	yes, all := 0, 0
	for _, s := range cross {
		if s.yes {
			all++
		}
	}
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
	return max(at, 0), min(veto, -7)
}

// scored is a sentence's score by a model that has not seen it.
type scored struct {
	score      float64
	yes, paged bool
}

// acrossFolds scores each fold by a model of the other four, the highest first.
func acrossFolds(set []example, features int, cat Category, in func(example) int) []scored {
	var cross []scored
	for fold := range folds {
		var rest []example
		for _, e := range set {
			if in(e) != fold {
				rest = append(rest, e)
			}
		}
		m := fit(rest, features, cat)
		held := slices.DeleteFunc(slices.Clone(set), func(e example) bool { return in(e) != fold })
		cross = append(cross, m.scored(held, cat)...)
	}
	return falling(cross)
}

// scored scores sentences, the highest first.
func (m *model) scored(set []example, cat Category) []scored {
	var out []scored
	for _, e := range set {
		if !slices.Contains(e.either, cat) {
			out = append(out, scored{m.score(e), slices.Contains(e.want, cat), e.paged})
		}
	}
	return falling(out)
}

func falling(s []scored) []scored {
	slices.SortStableFunc(s, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return s
}

// oddsOf is how many sentences are not of the category for each that is: those of
// real pages, and no fewer than in a letter that is full of it, 8.
func oddsOf(paged []scored) float64 {
	yes := 0
	for _, s := range paged {
		if s.yes {
			yes++
		}
	}
	return max(8, float64(len(paged)-yes)/float64(max(1, yes)))
}

// even is the score at which precision is recall at these odds: there as many are
// found in vain as are missed.
func even(cross []scored, odds float64) float64 {
	yes, no := 0, 0
	for _, s := range cross {
		if s.yes {
			yes++
		} else {
			no++
		}
	}
	if yes == 0 || no == 0 {
		return 0
	}
	vain, missed := 0.0, 1.0 // as shares of all that are of the category
	for k, s := range cross {
		if s.yes {
			missed -= 1 / float64(yes)
		} else {
			vain += odds / float64(no)
		}
		if vain >= missed && k+1 < len(cross) {
			return (s.score + cross[k+1].score) / 2
		}
	}
	return cross[len(cross)-1].score
}

// TestTrain writes data/cues.yaml.
func TestTrain(t *testing.T) {
	if !*train {
		t.Skip("run with -train")
	}
	others := strings.FieldsFunc(*real, func(r rune) bool { return r == ',' })
	set, features := examples(t, slices.Concat(labelledFiles(t), others))
	var apart [][]example
	for _, name := range slices.Backward(others) {
		from := len(set) - len(readSet(t, name))
		apart, set = append(apart, set[from:]), set[:from]
	}
	seldom(set, features)
	file := trained(set, apart, features, groups(t))
	var b strings.Builder
	b.WriteString("# Words, pairs of words and rules with their points in tenths, for and against each\n" +
		"# category in turn: \"word points\", \"word word points\", \"word * word points\" with one\n" +
		"# word between, \"%rule points\". ^ is a sentence's begin and $ its end.\n" +
		"# Worked out from the labelled sentences: go test ./pitch -run Train -train\n# then go test ./pitch -run 'Pack|Vale' -update. Points may be changed by hand.\ncues:\n")
	for _, c := range file.Cues {
		fmt.Fprintf(&b, "  - category: %s\n    base: %d\n    at: %d\n    veto: %d\n", c.Category, c.Base, c.At, c.Veto)
	}
	b.WriteString("words: |\n")
	for line := range strings.Lines(file.Words) {
		b.WriteString("  " + line)
	}
	if err := os.WriteFile("data/cues.yaml", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFolds scores all labelled sentences in five folds by hash. The cues of a
// fold come from the other four. The rules were written by somebody who had read
// the sentences, so the numbers flatter them; TestHeldOut does not.
func TestFolds(t *testing.T) {
	if os.Getenv("HOMECASE_TESTS_LONG") == "" {
		t.Skip("trains thirty times, in the long run alone: HOMECASE_TESTS_LONG")
	}
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	set, features := examples(t, labelledFiles(t))
	seldom(set, features)
	total, unseen := map[Category]score{}, map[Category]score{}
	for fold := range folds {
		var rest []example
		var held, new []labelled
		for _, e := range set {
			if e.fold == fold && e.unseen {
				new = append(new, e.labelled)
			} else if e.fold == fold {
				held = append(held, e.labelled)
			} else {
				rest = append(rest, e)
			}
		}
		l.cues = trained(rest, nil, features, groups(t))
		m, err := compile(l)
		if err != nil {
			t.Fatal(err)
		}
		add(unseen, scores(m, new))
		add(total, scores(m, held))
	}
	report(t, "five folds, sentences that the rules were not written with", unseen)
	add(total, unseen)
	report(t, fmt.Sprintf("%d sentences, five folds", len(set)), total)
	floor(t, total, .63) // .04 below the lowest that it gave last, the recall of ultimatum
}

// sure is how precise cues alone must be, across folds, before they report one
// of the lesser categories. What may be an error must be surer.
func sure(c Category) float64 {
	if c.mayError() || c == Care || c == Comparison || c == HidesNegatives {
		return .95
	}
	return .9
}

// foremost lists the categories that decide how a letter is read.
func foremost() []Category {
	return []Category{Personal, Ultimatum, Vague, Overpromise, Unsupported, GoodTrial, GoodAccountability}
}

// lesser lists the other categories that a sentence is not labelled with: in the
// voices of web pages nobody looked for them.
func lesser(want []Category) []Category {
	return slices.DeleteFunc(Categories(), func(c Category) bool {
		return slices.Contains(foremost(), c) || slices.Contains(want, c)
	})
}

// combined is a set that is partly put together from the same halves of
// sentences, so its sentences are always trained on and never scored in folds.
const combined = "further.tsv"

// unseenFiles lists the sets that most of the rules were not written with. They
// count double in training, as most of them speak as web pages do.
func unseenFiles() []string {
	return append([]string{"eleventh.tsv", "twelfth.tsv"}, registers()...)
}

// registers lists the sets that are written in the voices of web pages.
func registers() []string {
	return slices.Concat([]string{"letters.tsv", "advice.tsv", "comments.tsv", "blogs.tsv", "threads.tsv", "mixed.tsv", "long.tsv", "more.tsv", "pairs.tsv", "kinds.tsv", "lives.tsv", "hype.tsv", "figures.tsv", "answers.tsv", "unusual.tsv", "demands.tsv", "claims.tsv", "packets.tsv", "plain.tsv"}, pageFiles())
}

// pageFiles lists the sets that were put anew after real pages. Sentences of a page
// stand together, so these files are dealt out to the folds by pagesTogether lines.
func pageFiles() []string { return []string{"pages.tsv", "sites.tsv", "hosts.tsv"} }

const pagesTogether = 50
