package pitch

import (
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
	begin  int32                    // the stem that stands for a sentence's begin, or 0
	end    int32                    // the stem that stands for its end, or 0
	bars   [sentenceTokens + 2]bars // by tokens; a contraction may be one too many

	// For training: every stem is taken up as it is met.
	growing bool
	words   map[string]int32
}

type cueCategory struct {
	category       Category
	base, at, veto int32
	rule           int32 // the rule that reports, or -1

	// Worked out from the rest:
	kind uint8  // the category's place in Categories
	bit  uint16 // its own, see bitOf
	lift int32  // the most that two rules of the category add
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
		cat.kind, cat.bit, cat.lift = uint8(slices.Index(Categories(), cat.category)), bitOf(i), 0
		most, next := int32(0), int32(0)
		for r := range rules {
			if rules[r].kind == cat.kind {
				rules[r].bit = cat.bit
				var of tally
				of.add(c.ofRule(int32(r)))
				adds := int32(math.Ceil(float64(of.points(i)) * cueScale(0)))
				most, next = max(most, adds), max(next, min(most, adds))
			}
		}
		cat.lift = most + next
	}
	for n := range c.bars {
		b, scale := &c.bars[n], cueScale(n)
		for i := range c.cats {
			cat := &c.cats[i]
			b.hope.set(i, cat.least(cat.veto-cat.lift, scale)+lifted)
			b.sound.set(i, cat.least(cat.at, scale)+lifted)
		}
	}
}

// least is the least points that score n.
func (c *cueCategory) least(n int32, scale float64) int {
	p := int(float64(n-c.base)/scale) - int(1/scale) - 1
	for c.score(p, scale) < n {
		p++
	}
	return p
}

// score is the base and the points, rounded.
func (c *cueCategory) score(points int, scale float64) int32 {
	return c.base + int32(math.Round(float64(points)*scale))
}

// bars is what the points of a sentence must reach, lifted as sums.atLeast has it.
type bars struct {
	hope  sums // or no two rules of the category can lift the sentence over the veto
	sound sums // for the words alone to make a finding
}

// tally is the sum of a sentence's points.
type tally struct {
	sums
	rows   int            // of sums
	folded *[mostCues]int // what no longer fit into sums, or nil
}

// mostRows is how many rows sums has room for, 255 at the most in each.
const mostRows = 1<<16/256 + 1

// points is the points of a category.
func (t *tally) points(i int) int {
	p := t.get(i) - raised*t.rows
	if t.folded != nil {
		p += t.folded[i]
	}
	return p
}

// fold makes room in sums.
func (t *tally) fold() {
	var all [mostCues]int
	for i := range all {
		all[i] = t.points(i)
	}
	t.folded, t.sums, t.rows = &all, sums{}, 0
}

// add adds a row.
func (t *tally) add(row []byte) {
	if t.rows == mostRows {
		t.fold()
	}
	t.sums, t.rows = t.sums.plus(rowOf(row)), t.rows+1
}

// partTokens is how many tokens are added up before there may be no room left:
// each has its own points and those of two pairs.
const partTokens = mostRows/3 - 1

// pairsOf is room for the pairs of partTokens words and the sentence's end.
type pairsOf [2*partTokens + 2]found

// tally adds the points of a sentence up. Its begin and its end are like words.
func (c *cues) tally(tokens []token, room *pairsOf) tally {
	var t tally
	before, last := int32(0), c.begin
	for len(tokens) > 0 {
		part := tokens[:min(partTokens, len(tokens))]
		tokens = tokens[len(part):]
		if t.rows > 0 {
			t.fold()
		}
		s, n := t.sums, 0
		for i := range part {
			word := part[i].sense
			s = s.plus(word.points)
			n = c.look(room, n, before, last, word.pair)
			before, last = last, word.pair
		}
		if len(tokens) == 0 {
			n = c.look(room, n, before, last, c.end)
		}
		t.rows += len(part)
		for _, f := range room[:n] {
			if row, ok := c.pairs.row(f); ok {
				s = s.plus(rowOf(row))
				t.rows++
			}
		}
		t.sums = s
	}
	return t
}

// look notes the pairs that a stem makes with the two before it behind the first
// n, and returns how many there are then.
func (c *cues) look(room *pairsOf, n int, before, last, stem int32) int {
	one, ok := c.pairs.find(pairKey(last, stem, 0))
	room[n] = one
	if ok {
		n++
	}
	two, ok := c.pairs.find(pairKey(before, stem, 1))
	room[n] = two
	if ok {
		n++
	}
	return n
}

// reached lists the categories whose points reach their bar, as their bits.
func (c *cues) reached(t *tally, bar sums) (out uint16) {
	if t.folded != nil || t.rows > compared {
		for i := range c.cats {
			if t.points(i) >= bar.get(i)-lifted {
				out |= bitOf(i)
			}
		}
		return out
	}
	return t.sums.atLeast(bar, t.rows)
}

// meet notes at a word what its stem counts, so that tally looks little up.
func (c *cues) meet(t *sense) {
	t.points = sums{neutral, neutral, neutral}
	if t.cue == 0 || c.growing {
		return
	}
	t.points = rowOf(c.single[int(t.cue-1)*rowBytes:])
	if t.cue <= mostPairStems {
		t.pair = t.cue
	}
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
