package pitch

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"homecase/fault"
)

// Besides rules there are cues: words and pairs of words that speak for or
// against a category, with points. The points come from the labelled sentences
// of testdata (logistic regression; train_test.go) and stand in data/cues.yaml,
// where a person can read and change them. A sentence whose points reach "at" is
// found by the rule marked "sound" of the category; one that falls below "veto"
// is let off by the category's other rules, unless they are errors.

// Cue is the points of one category.
type Cue struct {
	// Category is what the words speak for.
	Category Category `json:"category"`
	// Base is the score of a sentence without any cue, in tenths.
	Base int `json:"base"`
	// At is the score from which the sentence is found.
	At int `json:"at"`
	// Veto is the score below which the category's rules let it off.
	Veto int `json:"veto"`
	// Words lists word, pair, or "word * word" with a gap of one, and its points in tenths.
	Words string `json:"words"`
}

// cueFile is the shape of data/cues.yaml.
type cueFile struct {
	Cues []Cue `json:"cues"`
}

// cues is the points compiled: a row of points for every word and pair.
type cues struct {
	words   map[string]int32 // the stem's number, from 1
	single  []int32          // by stem: its row + 1, or 0
	pairs   []uint64         // two stems and the gap, sorted
	rows    []int32          // by pair: its row
	start   []int32          // by stem: where the pairs that begin with it begin
	points  []int8           // rows, one number a category
	cats    []cueCategory
	growing bool // take every stem up, for training
}

type cueCategory struct {
	category       Category
	base, at, veto int32
	rule           int32 // the rule that reports, or -1
}

// id is the number of a word's stem, 0 when no cue has it.
func (c *cues) id(w []byte) int32 {
	var buf [48]byte
	s := stem(append(buf[:0], w...))
	id := c.words[string(s)]
	if id == 0 && c.growing {
		id = int32(len(c.words) + 1)
		c.words[string(s)] = id
	}
	return id
}

// stem takes usual endings off, the same for training and reading. It need not
// be a word.
func stem(w []byte) []byte {
	for _, end := range []string{"ings", "ing", "edly", "ed", "ies", "es", "s", "ly"} {
		if n := len(w) - len(end); n >= 3 && string(w[n:]) == end {
			w = w[:n]
			break
		}
	}
	if n := len(w); n > 4 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	return w
}

func pairKey(a, b int32, gap uint64) uint64 { return uint64(a)<<33 | uint64(b)<<1 | gap }

// compileCues reads the points. rules tells which rule reports a category.
func compileCues(list []Cue, rules []compiledRule) (cues, error) {
	c := cues{words: map[string]int32{}, single: make([]int32, 1)}
	rowOf := map[string]int{}
	pairs := map[uint64]int32{}
	stemID := func(w string) int32 {
		id := c.words[w]
		if id == 0 {
			id = int32(len(c.words) + 1)
			c.words[w] = id
			c.single = append(c.single, 0)
		}
		return id
	}
	for i, cue := range list {
		cat := cueCategory{cue.Category, int32(cue.Base), int32(cue.At), int32(cue.Veto), -1}
		for r := range rules {
			if rules[r].Sound && rules[r].Category == cue.Category && rules[r].Off == "" {
				cat.rule = int32(r)
			}
		}
		c.cats = append(c.cats, cat)
		for entry := range strings.SplitSeq(cue.Words, ",") {
			f := strings.Fields(entry)
			if len(f) < 2 {
				continue
			}
			points, err := strconv.Atoi(f[len(f)-1])
			if err != nil || len(f) > 4 || points < -127 || points > 127 {
				return c, fault.New(fault.Invalid, "HC-PITCH-11", "A cue is one or two words and its points, not %q.", strings.TrimSpace(entry))
			}
			name := strings.Join(f[:len(f)-1], " ")
			row, ok := rowOf[name]
			if !ok {
				row = len(c.points) / len(list)
				rowOf[name] = row
				c.points = append(c.points, make([]int8, len(list))...)
				switch {
				case len(f) == 2:
					c.single[stemID(f[0])] = int32(row) + 1
				case len(f) == 3:
					pairs[pairKey(stemID(f[0]), stemID(f[1]), 0)] = int32(row)
				default:
					pairs[pairKey(stemID(f[0]), stemID(f[2]), 1)] = int32(row)
				}
			}
			c.points[row*len(list)+i] = int8(points)
		}
	}
	c.pairs = slices.Sorted(maps.Keys(pairs))
	for _, k := range c.pairs {
		c.rows = append(c.rows, pairs[k])
	}
	c.index()
	return c, nil
}

// index finds where each stem's pairs begin.
func (c *cues) index() {
	c.start = make([]int32, len(c.single)+1)
	at := 0
	for a := range c.start {
		for at < len(c.pairs) && c.pairs[at]>>33 < uint64(a) {
			at++
		}
		c.start[a] = int32(at)
	}
}

// score adds the points of a sentence up: base + 2·sum/√n with n the number of
// words and pairs there are.
func (c *cues) score(tokens []token, out []int32) []int32 {
	out = append(out[:0], make([]int32, len(c.cats))...)
	add := func(row int32) {
		at := int(row) * len(c.cats)
		for i, p := range c.points[at : at+len(c.cats)] {
			out[i] += int32(p)
		}
	}
	for i := range tokens {
		a := tokens[i].cue
		if a == 0 {
			continue
		}
		if row := c.single[a]; row > 0 {
			add(row - 1)
		}
		from, to := c.start[a], c.start[a+1]
		for gap := 1; gap <= 2 && i+gap < len(tokens) && from < to; gap++ {
			if b := tokens[i+gap].cue; b != 0 {
				if k, ok := slices.BinarySearch(c.pairs[from:to], pairKey(a, b, uint64(gap-1))); ok {
					add(c.rows[int(from)+k])
				}
			}
		}
	}
	scale := cueScale(len(tokens))
	for i := range out {
		out[i] = c.cats[i].base + int32(math.Round(float64(out[i])*scale))
	}
	return out
}

// cueScale evens sentences of different length out.
func cueScale(tokens int) float64 { return 2 / math.Sqrt(float64(max(1, 3*tokens-3))) }
