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

var (
	mistakes = flag.String("mistakes", "", "print the mistakes of a category, or all")
	folds    = flag.String("folds", "01234", "which folds of the labelled sentences to look at")
)

// labelled is one sentence written for this package, with its categories.
type labelled struct {
	text string
	want []Category
	fold int
}

// readLabelled reads testdata/labelled.tsv: categories, a tab, the sentence.
func readLabelled(t testing.TB, name string) []labelled {
	t.Helper()
	f, err := os.Open("testdata/" + name)
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
				if !slices.Contains(Categories(), Category(c)) {
					t.Fatalf("%s:%d: no category %q", name, line, c)
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
func scores(t *testing.T, set []labelled) map[Category]score {
	out := map[Category]score{}
	for _, l := range set {
		got := Label(l.text)
		for _, c := range Categories() {
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

func report(title string, m map[Category]score) {
	fmt.Println(title)
	for _, c := range Categories() {
		s := m[c]
		p, pl, ph := s.precision()
		r, rl, rh := s.recall()
		fmt.Printf("  %-20s precision %.3f (%.2f to %.2f)  recall %.3f (%.2f to %.2f)  n=%d\n", c, p, pl, ph, r, rl, rh, s.tp+s.fn)
	}
}

func TestLabelled(t *testing.T) {
	var set []labelled
	for _, l := range readLabelled(t, "labelled.tsv") {
		if strings.ContainsRune(*folds, rune('0'+l.fold)) {
			set = append(set, l)
		}
	}
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("folds %s, %d sentences", *folds, len(set)), m)
	}
}

// TestSecond scores a second set, written after the first rules stood.
func TestSecond(t *testing.T) {
	set := readLabelled(t, "second.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("second set, %d sentences", len(set)), m)
	}
}

// TestThird scores a third set, written after the second had been used.
func TestThird(t *testing.T) {
	set := readLabelled(t, "third.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("third set, %d sentences", len(set)), m)
	}
}

// TestFourth scores a fourth set, written last.
func TestFourth(t *testing.T) {
	set := readLabelled(t, "fourth.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("fourth set, %d sentences", len(set)), m)
	}
}

// TestFifth scores a fifth set, written for training the cues.
func TestFifth(t *testing.T) {
	set := readLabelled(t, "fifth.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("fifth set, %d sentences", len(set)), m)
	}
}

// TestSixth scores a sixth set, written when the cues stood.
func TestSixth(t *testing.T) {
	set := readLabelled(t, "sixth.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("sixth set, %d sentences", len(set)), m)
	}
}

// TestSeventh scores the last set: nothing was changed after it was written.
func TestSeventh(t *testing.T) {
	set := readLabelled(t, "seventh.tsv")
	m := scores(t, set)
	if testing.Verbose() {
		report(fmt.Sprintf("seventh set, %d sentences", len(set)), m)
	}
}
