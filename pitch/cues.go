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
// where a person can read and change them. A rule that finds a sentence adds
// points of its own. A sentence whose points reach "at" is found by the rule
// marked "sound" of the category, unless another has found it; one that falls
// below "veto" is let off by the category's other rules, unless they are errors.

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
}

// cueFile is the shape of data/cues.yaml.
type cueFile struct {
	Cues []Cue `json:"cues"`
	// Words lists, a line each, a word, a pair, "word * word" with a gap of one or
	// "%rule", and its points in tenths for each category in turn.
	Words string `json:"words"`
}

// cues is the points compiled: a row of points for every word and pair.
type cues struct {
	words   map[string]int32 // the stem's number, from 1
	single  []int32          // by stem: its row + 1, or 0
	pairs   []uint64         // two stems and the gap, sorted
	rows    []int32          // by pair: its row
	ofRule  []int32          // by rule: its row + 1, or 0
	points  []int8           // rows, one number a category
	cats    []cueCategory
	growing bool // take every stem up, for training

	sums  []sums    // by row: worked out from points
	stems []cueStem // by stem, likewise
	table []uint64  // the pairs as a hash table of short key and row + 1, likewise
	begin int32     // the stem that stands for a sentence's begin, or 0
	end   int32     // the stem that stands for its end, or 0
}

// ruleMark stands before the id of a rule among the words.
const ruleMark = "%"

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

// mostStems is how many stems a short key has room for.
const mostStems = 1<<15 - 1

// shortKey is a pair of stems and the gap in 31 bits.
func shortKey(a, b int32, gap uint64) uint32 { return uint32(a)<<16 | uint32(b)<<1 | uint32(gap) }

// place is where the search for a pair begins.
func (c *cues) place(key uint32) int { return int(key * 0x9E3779B1 >> 8) }

// pair returns the pair's row + 1, or 0.
func (c *cues) pair(a, b int32, gap uint64) int32 {
	key, last := shortKey(a, b, gap), len(c.table)-1
	for i := c.place(key); ; i++ {
		if p := c.table[i&last]; p == 0 || uint32(p>>32) == key {
			return int32(uint32(p))
		}
	}
}

type cueCategory struct {
	category       Category
	base, at, veto int32
	rule           int32   // the rule that reports, or -1
	kind           uint8   // the category's place in Categories
	lift           int32   // the most that a rule of the category adds
	least          float64 // the points below which no rule lifts over the veto
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
func compileCues(f cueFile, rules []compiledRule) (cues, error) {
	c := cues{words: map[string]int32{}, single: make([]int32, 1), ofRule: make([]int32, len(rules))}
	if len(f.Cues) > mostCues {
		return c, fault.New(fault.Invalid, "HC-PITCH-12", "There are cues for %d categories, and room for %d.", len(f.Cues), mostCues)
	}
	for _, cue := range f.Cues {
		cat := cueCategory{category: cue.Category, base: int32(cue.Base), at: int32(cue.At), veto: int32(cue.Veto), rule: -1}
		for r := range rules {
			if rules[r].Sound && rules[r].Category == cue.Category && rules[r].Off == "" {
				cat.rule = int32(r)
			}
		}
		c.cats = append(c.cats, cat)
	}
	pairs := map[uint64]int32{}
	for line := range strings.Lines(f.Words) {
		words, err := c.row(strings.Fields(line))
		if err != nil {
			return c, err
		}
		row := int32(len(c.points)/max(1, len(c.cats))) - 1
		switch len(words) {
		case 0:
		case 1:
			if id, ok := strings.CutPrefix(words[0], ruleMark); ok {
				at := slices.IndexFunc(rules, func(r compiledRule) bool { return r.ID == id })
				if at < 0 {
					return c, fault.New(fault.Invalid, "HC-PITCH-11", "The cues name a rule %q, and there is none.", id)
				}
				c.ofRule[at] = row + 1
				continue
			}
			c.single[c.stemID(words[0])] = row + 1
		default:
			last := len(words) - 1
			pairs[pairKey(c.stemID(words[0]), c.stemID(words[last]), uint64(last-1))] = row
		}
	}
	if len(c.words) > mostStems {
		return c, fault.New(fault.Invalid, "HC-PITCH-12", "There are cues for %d words, and room for %d.", len(c.words), mostStems)
	}
	c.pairs = slices.Sorted(maps.Keys(pairs))
	for _, k := range c.pairs {
		c.rows = append(c.rows, pairs[k])
	}
	return c, nil
}

// stemID is the number of a stem, a new one for a new stem.
func (c *cues) stemID(w string) int32 {
	id := c.words[w]
	if id == 0 {
		id = int32(len(c.words) + 1)
		c.words[w] = id
		c.single = append(c.single, 0)
	}
	return id
}

// row reads a line of words and points and returns the words; none for an empty line.
func (c *cues) row(line []string) ([]string, error) {
	n := len(line) - len(c.cats)
	if len(line) == 0 || len(c.cats) == 0 {
		return nil, nil
	}
	if n < 1 || n > 3 || n == 3 && line[1] != "*" {
		return nil, fault.New(fault.Invalid, "HC-PITCH-11", "A cue is one or two words and a number for each category, not %q.", strings.Join(line, " "))
	}
	for _, text := range line[n:] {
		points, err := strconv.ParseInt(text, 10, 8)
		if err != nil {
			return nil, fault.New(fault.Invalid, "HC-PITCH-11", "The points of a cue are a number from -127 to 127, not %q.", text)
		}
		c.points = append(c.points, int8(max(points, -127)))
	}
	return line[:n], nil
}

// hasten works out what score looks at.
func (c *cues) hasten(rules []compiledRule) {
	c.begin, c.end = c.words[beginStem], c.words[endStem]
	for i := range c.cats {
		cat := &c.cats[i]
		cat.kind, cat.lift = uint8(slices.Index(Categories(), cat.category)), 0
		for r, row := range c.ofRule {
			if row > 0 && rules[r].kind == cat.kind {
				most := float64(c.points[int(row-1)*len(c.cats)+i]) * cueScale(0)
				cat.lift = max(cat.lift, int32(math.Ceil(most)))
			}
		}
		cat.least = roundsTo(cat.veto - cat.base - cat.lift)
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
	c.table = make([]uint64, 1<<bits.Len(uint(len(c.pairs)+len(c.pairs)/2)))
	for i, k := range c.pairs {
		c.stems[k>>33].second |= maskOf(uint16(k >> 1))
		key := shortKey(int32(k>>33), int32(k>>1)&mostStems, k&1)
		at := c.place(key)
		for c.table[at&(len(c.table)-1)] != 0 {
			at++
		}
		c.table[at&(len(c.table)-1)] = uint64(key)<<32 | uint64(c.rows[i]+1)
	}
}

// tally is the sum of a sentence's points.
type tally struct {
	sums
	rows  int
	scale float64
	worth [mostCues]float64 // by category: its points
}

// tally adds the points of a sentence up.
func (c *cues) tally(tokens []token) tally {
	t := tally{scale: cueScale(len(tokens))}
	for gap := range min(2, len(tokens)) {
		t.add(c, tokens[gap].edges[gap])
		t.add(c, tokens[len(tokens)-1-gap].edges[2+gap])
	}
	a, b, d, e := t.sums[0], t.sums[1], t.sums[2], t.sums[3]
	rows := t.rows
	for i := range tokens {
		s := tokens[i].sense
		if row := s.points; row != nil {
			a, b, d, e = a+row[0], b+row[1], d+row[2], e+row[3]
			rows++
		}
		if s.second == 0 {
			continue
		}
		for gap := 1; gap <= 2 && i+gap < len(tokens); gap++ {
			other := tokens[i+gap].sense
			if s.second&other.bit == 0 {
				continue
			}
			if at := c.pair(s.cue, other.cue, uint64(gap-1)); at > 0 {
				row := &c.sums[at-1]
				a, b, d, e = a+row[0], b+row[1], d+row[2], e+row[3]
				rows++
			}
		}
	}
	t.sums, t.rows = sums{a, b, d, e}, rows
	for i := range c.cats {
		t.worth[i] = t.points(i)
	}
	return t
}

// settle notes at a word what its stem counts, so that tally looks little up.
func (c *cues) settle(t *sense) {
	if t.cue == 0 || int(t.cue) >= len(c.stems) {
		return // no cue, or one that training has just met
	}
	s := &c.stems[t.cue]
	for gap := range uint64(2) {
		if c.begin > 0 {
			t.edges[gap] = c.pair(c.begin, t.cue, gap)
		}
		if c.end > 0 {
			t.edges[2+gap] = c.pair(t.cue, c.end, gap)
		}
	}
	t.second, t.bit = s.second, maskOf(uint16(t.cue))
	if s.single > 0 {
		t.points = &c.sums[s.single-1]
	}
}

// add adds the points of a row + 1, or of none.
func (t *tally) add(c *cues, at int32) {
	if at == 0 {
		return
	}
	for i, v := range c.sums[at-1] {
		t.sums[i] += v
	}
	t.rows++
}

// points is a category's sum, scaled.
func (t *tally) points(i int) float64 {
	return float64(int(t.sums[i/lanes]>>(i%lanes*lane)&(1<<lane-1))-raised*t.rows) * t.scale
}

// roundsTo is the least number that rounds to n.
func roundsTo(n int32) float64 {
	least := float64(n) - .5
	if n > 0 {
		return least
	}
	return math.Nextafter(least, 0) // halves are rounded away from zero
}

// score is the base and the points, rounded.
func (c *cueCategory) score(points float64) int32 { return c.base + int32(math.Round(points)) }

// hopeless lists the categories, as bits of their places, that the words speak
// so much against that no rule could lift the sentence over the veto.
func (c *cues) hopeless(t *tally) uint32 {
	out := uint32(0)
	for i := range c.cats {
		if cat := &c.cats[i]; t.worth[i] < cat.least {
			out |= 1 << cat.kind
		}
	}
	return out
}

// ruleRow adds the points of a rule that has found the sentence.
func (c *cues) ruleRow(t *tally, rule int32) {
	if int(rule) >= len(c.ofRule) || c.ofRule[rule] == 0 {
		return
	}
	t.add(c, c.ofRule[rule])
	for i := range c.cats {
		t.worth[i] = t.points(i)
	}
}

// evenTokens is the length from which the points of a sentence count for less,
// because long ones have more of them by chance.
const evenTokens = 16

// cueScale is what the points of a sentence of some length count.
func cueScale(tokens int) float64 {
	const full = .4
	return full * math.Sqrt(evenTokens/float64(max(evenTokens, tokens)))
}
