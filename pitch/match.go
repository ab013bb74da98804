package pitch

import (
	"math"
	"slices"
)

// span is a run of tokens, [from, to).
type span struct{ from, to int32 }

// hit is a rule found in a sentence.
type hit struct {
	rule int32
	at   span
}

// meeting is a phrase found in the sentence: a node, or all roots of a word.
type meeting struct {
	filter uint64 // a bit for every atom: see filterOf
	node   int32  // or -1
	at     span
}

// matcher holds the working memory for reading sentences one after another. It
// notes the phrases it meets, and gathers the places of an atom from them when a
// pattern asks, which is after its rarest atoms were found to be in the sentence.
type matcher struct {
	m        *machine
	q        *quick // of the machine
	tokens   []token
	met      []meeting
	common   commons
	present  [mostAsked / 64]uint64 // the asked atoms of this sentence as bits
	places   []places               // by atom
	now      uint32
	distinct []int32
	likely   []int32 // the patterns to try
	pairs    pairsOf
	settled  []uint32 // by rule: the sentence up to which it was found or excused
	states   []span
	next     []span
	hits     []hit
}

// places is where an atom is in the sentence.
type places struct {
	spans []span
	asked uint32 // the sentence that the spans belong to
}

func newMatcher(m *machine) *matcher {
	return &matcher{m: m, q: &m.quick, common: newCommons(m.quick.words), settled: make([]uint32, len(m.rules)), places: make([]places, m.quick.atoms)}
}

// read finds every rule of the sentence.
func (x *matcher) read(tokens []token) []hit {
	x.now++
	clear(x.present[:(x.q.asked+63)/64])
	x.met = x.met[:0]
	x.common.clear()
	x.distinct, x.hits, x.tokens = x.distinct[:0], x.hits[:0], tokens
	for i := range tokens {
		t := tokens[i].sense
		if t.now != x.now {
			t.now = x.now
			x.show(t)
		}
		if t.size == 0 {
			continue
		}
		at := span{int32(i), int32(i + 1)}
		if !x.leadsOn(t.leads, i+1) {
			x.meetWord(t, at)
			continue
		}
		for _, root := range t.roots[:t.size] {
			x.meet(root, &x.q.nodes[root], at)
			x.walk(root, i, i+1)
		}
	}
	x.set(x.m.ends)
	sum, bars := x.m.cues.tally(tokens, &x.pairs), &x.m.cues.bars[len(tokens)]
	x.tryAll(x.m.cues.reached(&sum, bars.hope) | always)
	x.weigh(&sum, bars.sound)
	return x.hits
}

// show notes the atoms of a word, and its roots whose patterns are to be tried.
func (x *matcher) show(t *sense) {
	atoms := t.bits
	for i := range atoms {
		x.present[atoms[i].word] |= atoms[i].bits
	}
	for _, node := range t.tries {
		x.distinct = append(x.distinct, node)
	}
}

// tryAll tries the patterns of the phrases met, but for those whose categories
// have no hope. Of two patterns of a rule the one that stands first in the file is
// tried first, so that what a finding quotes hangs on the rules alone.
func (x *matcher) tryAll(hope uint16) {
	q := x.q
	x.likely = x.likely[:0]
	for _, node := range x.distinct {
		nd := &q.nodes[node]
		if nd.hope&hope == 0 {
			continue
		}
		needs := q.needs[nd.need:][:nd.needSize]
		for i := range needs {
			if n := &needs[i]; n.hope&hope != 0 && x.has(int32(n.a)) && x.has(int32(n.b)) {
				x.likely = append(x.likely, int32(n.pattern))
			}
		}
	}
	slices.Sort(x.likely)
	for _, p := range x.likely {
		x.try(&x.m.patterns[p])
	}
}

// leastTokens is the shortest sentence that cues alone may find.
const leastTokens = 4

// weigh lets sentences off whose words speak against a finding, and adds those
// whose words add up to one.
func (x *matcher) weigh(sum *tally, sound sums) {
	c := &x.m.cues
	found := uint16(0)
	for _, h := range x.hits {
		if r := &x.m.rules[h.rule]; !r.Document {
			found |= r.bit
			sum.add(c.ofRule(h.rule))
		}
	}
	judged := found | c.reached(sum, sound)
	if judged == 0 {
		return
	}
	for i := range c.cats {
		if cat := &c.cats[i]; judged&cat.bit != 0 {
			x.judge(cat, cat.score(sum.points(i), cueScale(len(x.tokens))))
		}
	}
}

// judge applies the score of one category to the hits.
func (x *matcher) judge(cat *cueCategory, score int32) {
	kept := x.hits[:0]
	found := false
	for _, h := range x.hits {
		r := &x.m.rules[h.rule]
		if r.bit == cat.bit && !r.Document {
			if score < cat.veto && r.yields() {
				continue
			}
			found = true
		}
		kept = append(kept, h)
	}
	x.hits = kept
	if !found && cat.rule >= 0 && score >= cat.at && len(x.tokens) >= leastTokens && !x.excuse(&x.m.rules[cat.rule]) {
		x.hits = append(x.hits, hit{cat.rule, span{0, int32(len(x.tokens))}})
	}
}

func (x *matcher) set(a int32) { x.present[uint8(a>>6)] |= 1 << (a & 63) }

// has tells whether an asked atom is in the sentence.
func (x *matcher) has(a int32) bool { return x.present[uint8(a>>6)]&(1<<(a&63)) != 0 }

// lacks tells whether an atom is not in the sentence, as far as that is known at once.
func (x *matcher) lacks(a int32) bool { return a < x.q.asked && !x.has(a) }

// manyAtoms is how many atoms make a word common.
const manyAtoms = 12

// at returns where an atom is in the sentence: phrases first, then common words.
func (x *matcher) at(a int32) []span {
	p := &x.places[a]
	if p.asked == x.now {
		return p.spans
	}
	p.asked, p.spans = x.now, p.spans[:0]
	switch {
	case a == x.m.ends:
		for i := 1; i < len(x.tokens); i++ {
			if x.tokens[i].gap != joined {
				p.spans = append(p.spans, span{int32(i), int32(i)})
			}
		}
		p.spans = append(p.spans, span{int32(len(x.tokens)), int32(len(x.tokens))})
	case !x.lacks(a):
		p.spans = x.gather(p.spans, a)
	}
	return p.spans
}

// gather adds the places of the phrases met that hold an atom, and then those of
// common words.
func (x *matcher) gather(to []span, a int32) []span {
	bit := filterOf(a)
	met := x.met
	for i := range met {
		m := &met[i]
		if m.filter&bit == 0 {
			continue
		}
		if m.node >= 0 {
			if x.q.holds(m.node, a) {
				to = append(to, m.at)
			}
			continue
		}
		word := x.tokens[m.at.from].sense
		for _, root := range word.roots[:word.size] {
			if x.q.holds(root, a) {
				to = append(to, m.at)
			}
		}
	}
	return x.common.gather(to, x.q.commonOf(a))
}

// holds tells whether a node that is no common word holds the atom.
func (q *quick) holds(n, a int32) bool {
	nd := &q.nodes[n]
	for _, b := range q.held[nd.atom:][:nd.atomSize] {
		if b == a {
			return true
		}
	}
	return false
}

// meetWord notes the places of all roots of a word that leads no further.
func (x *matcher) meetWord(t *sense, at span) {
	if t.filter != 0 {
		x.met = append(x.met, meeting{t.filter, -1, at})
	}
	for _, c := range t.common {
		x.common.add(c, at)
	}
}

// meet notes the place of a node.
func (x *matcher) meet(n int32, nd *quickNode, at span) {
	switch {
	case nd.common:
		x.common.add(nd.atom, at)
	case nd.filter != 0:
		x.met = append(x.met, meeting{nd.filter, n, at})
	}
}

// leadsOn tells whether the token at a place may go by an edge of the mask.
func (x *matcher) leadsOn(mask uint64, at int) bool {
	if mask == 0 || at >= len(x.tokens) {
		return false
	}
	t := &x.tokens[at]
	return t.gap != clause && (mask&t.mask != 0 || t.skip)
}

// walk follows the trie on from a node reached by the tokens [start, at).
func (x *matcher) walk(n int32, start, at int) {
	mask := x.q.nodes[n].mask
	if !x.leadsOn(mask, at) {
		return
	}
	t := &x.tokens[at]
	if mask&t.mask != 0 && x.step(n, start, at) {
		return
	}
	if t.skip && at+1 < len(x.tokens) { // over a word like "really"
		if u := &x.tokens[at+1]; u.gap == joined && mask&u.mask != 0 {
			x.step(n, start, at+1)
		}
	}
}

// step follows the edges that the token goes by.
func (x *matcher) step(n int32, start, at int) bool {
	t := x.tokens[at].sense
	moved := false
	for _, id := range t.ids[:t.n] {
		to := x.q.edge(n, id)
		if to == 0 {
			continue
		}
		moved = true
		if nd := &x.q.nodes[to]; nd.filter != 0 || nd.common {
			for _, some := range x.q.bits[nd.bits:][:nd.bitsSize] {
				x.present[some.word] |= some.bits
			}
			if nd.needSize > 0 {
				x.distinct = append(x.distinct, to)
			}
			x.meet(to, nd, span{int32(start), int32(at + 1)})
		}
		x.walk(to, start, at+1)
	}
	return moved
}

// try adds a hit when the pattern is in the sentence and nothing excuses it. One
// pattern of a rule is enough, and so is one excuse.
func (x *matcher) try(p *pattern) {
	if x.settled[p.rule] >= x.now {
		return
	}
	r := &x.m.rules[p.rule]
	at, ok := x.match(p, r.guarded)
	if !ok {
		return
	}
	x.settled[p.rule] = x.now
	if x.excuse(r) {
		return
	}
	x.hits = append(x.hits, hit{p.rule, at})
	if r.Document { // one sentence is enough for the whole text
		x.settled[p.rule] = math.MaxUint32
	}
}

// excuse tells whether one of the rule's excuses is in the sentence.
func (x *matcher) excuse(r *compiledRule) bool {
	for _, n := range r.excuses {
		if x.has(int32(n.a)) && x.has(int32(n.b)) {
			if _, ok := x.match(&r.unless[n.pattern], false); ok {
				return true
			}
		}
	}
	return false
}

// match finds the pattern and says where.
func (x *matcher) match(p *pattern, guarded bool) (span, bool) {
	for _, a := range p.atoms {
		if x.lacks(a) {
			return span{}, false
		}
	}
	at := span{1 << 30, 0}
	for i := range p.seqs {
		s := &p.seqs[i]
		found, ok := x.follow(s, guarded && i == 0)
		if ok == s.absent {
			return span{}, false
		}
		if !s.absent {
			at.from, at.to = min(at.from, found.from), max(at.to, found.to)
		}
	}
	return at, true
}

// follow finds the elements of a sequence one behind the other.
func (x *matcher) follow(s *sequence, guarded bool) (span, bool) {
	states := x.at(s.steps[0].atom)
	if guarded && !x.lacks(x.m.not) {
		x.states = x.states[:0]
		for _, sp := range states {
			if !x.denied(sp.from) {
				x.states = append(x.states, sp)
			}
		}
		states = x.states
	}
	for _, st := range s.steps[1:] {
		if len(states) == 0 {
			break
		}
		next := x.next[:0]
		for _, sp := range x.at(st.atom) {
			for _, before := range states {
				if x.near(before.to, sp, st.gap) {
					next = append(next, span{before.from, sp.to})
					break
				}
			}
		}
		states, x.states, x.next = next, next, x.states
	}
	if len(states) == 0 {
		return span{}, false
	}
	first := states[0]
	for _, sp := range states[1:] {
		if sp.from < first.from {
			first = sp
		}
	}
	return first, true
}

// near tells whether the span begins at most gap tokens behind "from", fillers
// not counted, without the end of a clause between.
func (x *matcher) near(from int32, sp span, gap int16) bool {
	if sp.from < from {
		return false
	}
	if gap == far {
		return true
	}
	if int(sp.from-from) > int(gap)+4 {
		return false
	}
	last := sp.from
	if sp.to == sp.from {
		last-- // #end lies before the break it stands for
	}
	count := int16(0)
	for i := from; i <= last && int(i) < len(x.tokens); i++ {
		if x.tokens[i].gap == clause {
			return false
		}
		if i < sp.from && !x.tokens[i].skip {
			count++
		}
	}
	return count <= gap
}

// denied tells whether a "not" stands within two words before, in the same clause.
func (x *matcher) denied(from int32) bool {
	for _, sp := range x.at(x.m.not) {
		if sp.to <= from && from-sp.to <= 2 {
			broken := false
			for i := sp.to; i <= from && int(i) < len(x.tokens); i++ {
				broken = broken || x.tokens[i].gap != joined
			}
			if !broken {
				return true
			}
		}
	}
	return false
}
