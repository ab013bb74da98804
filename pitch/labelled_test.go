package pitch

import (
	"bufio"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

var ownSet = flag.String("set", "", "score a file of labelled sentences that is not in testdata")

var mistakes = flag.String("mistakes", "", "print the mistakes of a category, or all")

// labelled is one sentence written for this package, with its categories.
type labelled struct {
	text   string
	want   []Category
	either []Category // as right to find as not to find
	fold   int
}

// readLabelled reads a set: categories, a tab, the sentence. A category behind a
// question mark counts neither way: readers differ.
func readLabelled(t testing.TB, name string) []labelled {
	t.Helper()
	return readSet(t, "testdata/"+name)
}

func readSet(t testing.TB, name string) []labelled {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		cats, text, ok := strings.Cut(s.Text(), "\t")
		if !ok {
			t.Fatalf("%s:%d: no tab", name, line)
		}
		l := labelled{text: text}
		h := fnv.New32a()
		h.Write([]byte(text))
		l.fold = int(h.Sum32() % 5)
		if cats != "-" {
			for c := range strings.SplitSeq(cats, ",") {
				c, open := strings.CutPrefix(c, "?")
				if !slices.Contains(Categories(), Category(c)) {
					t.Fatalf("%s:%d: no category %q", name, line, c)
				}
				if open {
					l.either = append(l.either, Category(c))
					continue
				}
				l.want = append(l.want, Category(c))
			}
		}
		out = append(out, l)
	}
	return out
}

// score counts a category's hits and misses.
type score struct{ tp, fp, fn int }

func (s score) precision() (float64, float64, float64) { return wilson(s.tp, s.tp+s.fp) }
func (s score) recall() (float64, float64, float64)    { return wilson(s.tp, s.tp+s.fn) }

// wilson is the 95 % score interval of Wilson 1927, JASA 22:209.
func wilson(k, n int) (p, low, high float64) {
	if n == 0 {
		return math.NaN(), 0, 1
	}
	const z = 1.959964
	p = float64(k) / float64(n)
	d := 1 + z*z/float64(n)
	mid := (p + z*z/(2*float64(n))) / d
	half := z / d * math.Sqrt(p*(1-p)/float64(n)+z*z/(4*float64(n)*float64(n)))
	return p, mid - half, mid + half
}

func TestWilson(t *testing.T) {
	// R: prop.test(45, 50, correct = FALSE)$conf.int is 0.7863971 0.9565242.
	_, low, high := wilson(45, 50)
	if math.Abs(low-0.7863971) > 1e-6 || math.Abs(high-0.9565242) > 1e-6 {
		t.Errorf("wilson(45, 50) = %.7f %.7f", low, high)
	}
}

// scores labels the sentences and compares.
func scores(m *machine, set []labelled) map[Category]score {
	out := map[Category]score{}
	for _, l := range set {
		got := m.label(l.text)
		for _, c := range Categories() {
			if slices.Contains(l.either, c) {
				continue
			}
			s := out[c]
			w, g := slices.Contains(l.want, c), slices.Contains(got, c)
			switch {
			case w && g:
				s.tp++
			case g:
				s.fp++
			case w:
				s.fn++
			}
			out[c] = s
			if w != g && (*mistakes == "all" || *mistakes == string(c)) {
				fmt.Printf("%-4s %-19s want %v got %v: %s\n", map[bool]string{true: "miss", false: "too"}[w], c, l.want, got, l.text)
			}
		}
	}
	return out
}

func add(total, more map[Category]score) {
	for c, s := range more {
		t := total[c]
		total[c] = score{t.tp + s.tp, t.fp + s.fp, t.fn + s.fn}
	}
}

func report(t *testing.T, title string, m map[Category]score) {
	t.Log(title)
	for _, c := range Categories() {
		s := m[c]
		p, pl, ph := s.precision()
		r, rl, rh := s.recall()
		if s.tp+s.fn > 0 {
			t.Logf("  %-20s precision %.3f (%.2f to %.2f)  recall %.3f (%.2f to %.2f)  n=%d", c, p, pl, ph, r, rl, rh, s.tp+s.fn)
		}
	}
}

// floor fails when one of the seven categories that matter most falls below.
func floor(t *testing.T, m map[Category]score, least float64) {
	t.Helper()
	for _, c := range foremost() {
		s := m[c]
		if p, _, _ := s.precision(); p < least {
			t.Errorf("%s: precision %.3f", c, p)
		}
		if r, _, _ := s.recall(); r < least {
			t.Errorf("%s: recall %.3f", c, r)
		}
	}
}

// TestLabelled scores the sentences that the rules were written with.
func TestLabelled(t *testing.T) {
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	total, sentences := map[Category]score{}, 0
	for _, name := range labelledFiles(t) {
		set := readLabelled(t, name)
		got := scores(m, set)
		report(t, fmt.Sprintf("%s, %d sentences", name, len(set)), got)
		add(total, got)
		sentences += len(set)
	}
	report(t, fmt.Sprintf("all %d sentences", sentences), total)
	floor(t, total, .85)
}

// TestLast scores a set that nothing was trained on. It was written last and
// scored before anything was changed; a few rules were mended afterwards.
func TestLast(t *testing.T) {
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	got := scores(m, readLabelled(t, "seventh.tsv"))
	report(t, "sentences not trained on", got)
	floor(t, got, .75)
}

// TestHeldOut scores the set that was written before the rules were read and is
// not trained on. It has been open since, so it no longer tells how good the rules
// are (docs/linter.md does); the floors lie .04 below what it gave last and only
// notice a rule that spoils it.
func TestHeldOut(t *testing.T) {
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	got := scores(m, readLabelled(t, "thirteenth.tsv"))
	report(t, "written before the rules were read, not trained on", got)
	for c, least := range map[Category]struct{ precision, recall float64 }{
		Personal:           {.84, .90},
		Ultimatum:          {.86, .88},
		Vague:              {.82, .82},
		Overpromise:        {.79, .93},
		Unsupported:        {.91, .80},
		GoodTrial:          {.95, .92},
		GoodAccountability: {.80, .80},
	} {
		s := got[c]
		if p, _, _ := s.precision(); p < least.precision {
			t.Errorf("%s: precision %.3f", c, p)
		}
		if r, _, _ := s.recall(); r < least.recall {
			t.Errorf("%s: recall %.3f", c, r)
		}
	}
}

// TestSet scores a set of one's own, such as sentences that may not be passed on.
func TestSet(t *testing.T) {
	if *ownSet == "" {
		t.Skip("run with -set FILE")
	}
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	set := readSet(t, *ownSet)
	report(t, fmt.Sprintf("%d sentences", len(set)), scores(m, set))
}

func TestEnoughSentences(t *testing.T) {
	count := map[Category]int{}
	none, all := 0, 0
	for _, name := range labelledFiles(t) {
		for _, l := range readLabelled(t, name) {
			all++
			if len(l.want) == 0 {
				none++
			}
			for _, c := range l.want {
				count[c]++
			}
		}
	}
	for _, c := range Categories() {
		if count[c] < 40 {
			t.Errorf("%s has %d sentences", c, count[c])
		}
	}
	if all < 400 || none < 150 {
		t.Errorf("%d sentences, %d without a category", all, none)
	}
}
