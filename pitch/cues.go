package pitch

import (
	"encoding/binary"
	"math"
	"slices"
)

// cues is the points as a reading adds them up. The tables are used as they lie
// in the file, so that a run of the program pays for the words it meets and not
// for all there are.
type cues struct {
	index  wordIndex // of stems, to their numbers
	single []byte    // by stem: the points of the word alone, rowBytes each
	pairs  pairTable
	rules  []byte // by rule: its points
	cats   []cueCategory
	begin  int32 // the stem that stands for a sentence's begin, or 0
	end    int32 // the stem that stands for its end, or 0

	// For training: every stem is taken up as it is met.
	growing bool
	words   map[string]int32
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
	if c.growing {
		if c.words[string(s)] == 0 {
			c.words[string(s)] = int32(len(c.words) + 1)
		}
		return c.words[string(s)]
	}
	id, _ := c.index.find(s)
	return int32(id)
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

// settle works out what a score goes by.
func (c *cues) settle(rules []compiledRule) {
	for i := range c.cats {
		cat := &c.cats[i]
		cat.kind, cat.lift = uint8(slices.Index(Categories(), cat.category)), 0
		for r := range rules {
			if rules[r].kind == cat.kind {
				var of tally
				of.addRow(c.ofRule(int32(r)))
				cat.lift = max(cat.lift, int32(math.Ceil(float64(of.points[i])*cueScale(0))))
			}
		}
		cat.least = roundsTo(cat.veto - cat.base - cat.lift)
	}
}

// tally is the sum of a sentence's points, by category.
type tally struct {
	points [mostCues]int32
	scale  float64
}

// sums is a number for each category in 16 bits, raised above what it is so that
// none is negative and rows are added up four categories at a time.
type sums struct{ a, b, c uint64 }

const (
	raised   = 128
	neutral  = raised * 0x0001_0001_0001_0001 // four categories of no points
	rowBytes = mostCues
	// foldTokens is how many tokens have so few rows that 16 bits hold their sum:
	// three a token and four for the sentence's begin and end, each at most 255.
	foldTokens = 80
)

// rowOf reads the points of a row.
func rowOf(b []byte) sums {
	const even = 0x00FF_00FF_00FF_00FF
	x, y := binary.LittleEndian.Uint64(b), uint64(binary.LittleEndian.Uint32(b[8:]))
	return sums{x & even, x >> 8 & even, y&even | y&(even<<8)<<24}
}

// appendRow writes points as rowOf reads them.
func appendRow(b []byte, p points) []byte {
	for _, v := range p {
		b = append(b, byte(int(v)+raised))
	}
	return b
}

// laneOf says which category stands in each 16 bits of sums.
var laneOf = [3][4]int{{0, 2, 4, 6}, {1, 3, 5, 7}, {8, 10, 9, 11}}

// fold adds the sum of some rows.
func (t *tally) fold(s sums, rows int) {
	for k, v := range [3]uint64{s.a, s.b, s.c} {
		for i, cat := range laneOf[k] {
			t.points[cat] += int32(v>>(16*i)&0xFFFF) - int32(raised*rows)
		}
	}
}

// addRow adds one row.
func (t *tally) addRow(row []byte) { t.fold(rowOf(row), 1) }

// tally adds the points of a sentence up.
func (c *cues) tally(tokens []token) tally {
	t := tally{scale: cueScale(len(tokens))}
	for from := 0; from < len(tokens); from += foldTokens {
		c.foldPart(&t, tokens, from, min(from+foldTokens, len(tokens)))
	}
	for gap := range min(2, len(tokens)) {
		for _, at := range [2]int32{tokens[gap].edges[gap], tokens[len(tokens)-1-gap].edges[2+gap]} {
			if at > 0 {
				t.addRow(c.pairs.row(at))
			}
		}
	}
	return t
}

// foldPart adds the words from..to and the pairs that begin with them.
func (c *cues) foldPart(t *tally, tokens []token, from, to int) {
	var s sums
	rows := to - from
	for i := from; i < to; i++ {
		word := tokens[i].sense
		s = sums{s.a + word.points.a, s.b + word.points.b, s.c + word.points.c}
		if word.pair == 0 {
			continue
		}
		for gap := 0; gap < 2 && i+1+gap < len(tokens); gap++ {
			if at := c.pairs.find(pairKey(word.pair, tokens[i+1+gap].pair, gap)); at > 0 {
				row := rowOf(c.pairs.row(at))
				s = sums{s.a + row.a, s.b + row.b, s.c + row.c}
				rows++
			}
		}
	}
	t.fold(s, rows)
}

// meet notes at a word what its stem counts, so that tally looks little up.
func (c *cues) meet(t *sense) {
	t.points = sums{neutral, neutral, neutral}
	if t.cue == 0 || c.growing {
		return
	}
	t.points = rowOf(c.single[int(t.cue-1)*rowBytes:])
	if t.cue > mostPairStems {
		return
	}
	t.pair = t.cue
	for gap := range 2 {
		if c.begin > 0 {
			t.edges[gap] = c.pairs.find(pairKey(c.begin, t.cue, gap))
		}
		if c.end > 0 {
			t.edges[2+gap] = c.pairs.find(pairKey(t.cue, c.end, gap))
		}
	}
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

// worth is the points of a category, scaled.
func (t *tally) worth(i int) float64 { return float64(t.points[i]) * t.scale }

// hopeless lists the categories, as bits of their places, that the words speak
// so much against that no rule could lift the sentence over the veto.
func (c *cues) hopeless(t *tally) uint32 {
	out := uint32(0)
	for i := range c.cats {
		if cat := &c.cats[i]; t.worth(i) < cat.least {
			out |= 1 << cat.kind
		}
	}
	return out
}

// ofRule is the points of a rule that has found the sentence.
func (c *cues) ofRule(rule int32) []byte { return c.rules[int(rule)*rowBytes:][:rowBytes] }

// evenTokens is the length from which the points of a sentence count for less,
// because long ones have more of them by chance.
const evenTokens = 16

// cueScale is what the points of a sentence of some length count.
func cueScale(tokens int) float64 {
	const full = .4
	return full * math.Sqrt(evenTokens/float64(max(evenTokens, tokens)))
}
