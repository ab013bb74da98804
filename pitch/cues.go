package pitch

import (
	"maps"
	"math"
	"math/bits"
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
	points  []int8           // rows, one number a category
	cats    []cueCategory
	growing bool // take every stem up, for training

	sums  []sums    // by row: worked out from points
	stems []cueStem // by stem, likewise
	table []cuePair // the pairs as a hash table, likewise
	begin int32     // the stem that stands for a sentence's begin, or 0
	end   int32     // the stem that stands for its end, or 0
}

// Pairs may name a sentence's begin and end, as words stand there for who acts:
// "^ i" and "^ the", "me $".
const (
	beginStem = "^"
	endStem   = "$"
)

// sums is a number a category, each in 21 bits and 128 above what it is, so
// that rows are added up three categories at a time. A sentence has far fewer
// rows than the 8,224 that would fill 21 bits.
type sums [mostCues / lanes]uint64

const (
	lane     = 21
	lanes    = 3
	raised   = 128
	mostCues = 12 // categories with cues
)

// cueStem is where a stem's points and pairs are.
type cueStem struct {
	second uint64 // the second stems of its pairs as bits, see maskOf
	single int32  // its row + 1, or 0
}

// cuePair is a pair and its row + 1.
type cuePair struct {
	key uint64
	row int32
}

// pair returns the pair's row + 1, or 0.
func (c *cues) pair(key uint64) int32 {
	last := len(c.table) - 1
	for i := int(key * 0x9E3779B97F4A7C15 >> 32); ; i++ {
		if p := &c.table[i&last]; p.row == 0 || p.key == key {
			return p.row
		}
	}
}

type cueCategory struct {
	category       Category
	base, at, veto int32
	rule           int32 // the rule that reports, or -1
	kind           uint8 // the category's place in Categories
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
	if len(list) > mostCues {
		return c, fault.New(fault.Invalid, "HC-PITCH-12", "There are cues for %d categories, and room for %d.", len(list), mostCues)
	}
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
		cat := cueCategory{category: cue.Category, base: int32(cue.Base), at: int32(cue.At), veto: int32(cue.Veto), rule: -1}
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
	return c, nil
}

// hasten works out what score looks at.
func (c *cues) hasten() {
	c.begin, c.end = c.words[beginStem], c.words[endStem]
	for i := range c.cats {
		c.cats[i].kind = uint8(slices.Index(Categories(), c.cats[i].category))
	}
	n := len(c.cats)
	c.sums = make([]sums, 0, len(c.points)/max(1, n))
	for row := range slices.Chunk(c.points, max(1, n)) {
		var s sums
		for i, p := range row {
			s[i/lanes] |= uint64(int(p)+raised) << (i % lanes * lane)
		}
		c.sums = append(c.sums, s)
	}
	c.stems = make([]cueStem, len(c.single))
	for a := range c.stems {
		c.stems[a].single = c.single[a]
	}
	c.table = make([]cuePair, 1<<bits.Len(uint(2*len(c.pairs))))
	for i, k := range c.pairs {
		c.stems[k>>33].second |= maskOf(uint16(k >> 1))
		at := int(k * 0x9E3779B97F4A7C15 >> 32)
		for c.table[at&(len(c.table)-1)].row != 0 {
			at++
		}
		c.table[at&(len(c.table)-1)] = cuePair{k, c.rows[i] + 1}
	}
}

// tally is the sum of a sentence's points.
type tally struct {
	sums
	rows  int
	scale float64
}

// tally adds the points of a sentence up.
func (c *cues) tally(tokens []token) tally {
	t := tally{scale: cueScale(len(tokens))}
	if c.begin > 0 {
		for gap := range min(2, len(tokens)) {
			c.pairUp(&t, c.begin, tokens[gap].cue, uint64(gap))
		}
	}
	if c.end > 0 {
		for gap := range min(2, len(tokens)) {
			c.pairUp(&t, tokens[len(tokens)-1-gap].cue, c.end, uint64(gap))
		}
	}
	a, b, d, e := t.sums[0], t.sums[1], t.sums[2], t.sums[3]
	rows := t.rows
	for i := range tokens {
		first := tokens[i].cue
		if first == 0 {
			continue
		}
		s := &c.stems[first]
		if s.single > 0 {
			row := &c.sums[s.single-1]
			a, b, d, e = a+row[0], b+row[1], d+row[2], e+row[3]
			rows++
		}
		if s.second == 0 {
			continue
		}
		for gap := 1; gap <= 2 && i+gap < len(tokens); gap++ {
			second := tokens[i+gap].cue
			if second == 0 || s.second&maskOf(uint16(second)) == 0 {
				continue
			}
			if at := c.pair(pairKey(first, second, uint64(gap-1))); at > 0 {
				row := &c.sums[at-1]
				a, b, d, e = a+row[0], b+row[1], d+row[2], e+row[3]
				rows++
			}
		}
	}
	t.sums, t.rows = sums{a, b, d, e}, rows
	return t
}

// pairUp adds the points of one pair.
func (c *cues) pairUp(t *tally, first, second int32, gap uint64) {
	if first == 0 || second == 0 || c.stems[first].second&maskOf(uint16(second)) == 0 {
		return
	}
	if at := c.pair(pairKey(first, second, gap)); at > 0 {
		for i, v := range c.sums[at-1] {
			t.sums[i] += v
		}
		t.rows++
	}
}

// points is a category's sum, scaled: 2·sum/√n with n the number of words and
// pairs there are.
func (t *tally) points(i int) float64 {
	return float64(int(t.sums[i/lanes]>>(i%lanes*lane)&(1<<lane-1))-raised*t.rows) * t.scale
}

// score is the base and the points, rounded.
func (c *cueCategory) score(points float64) int32 { return c.base + int32(math.Round(points)) }

// cueScale evens sentences of different length out.
func cueScale(tokens int) float64 { return 2 / math.Sqrt(float64(max(1, 3*tokens-3))) }
