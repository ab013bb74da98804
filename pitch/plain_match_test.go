package pitch

import (
	"math"
	"slices"
)

// seen is a common word found in the sentence: where its atoms begin and where it is.
type seen struct {
	member int32
	at     span
}

// plainMatcher holds the working memory for reading sentences one after another.
// A phrase puts its place down for each of its atoms at once, unless it is a
// common word that hundreds of atoms hold: those are gathered when asked for.
type plainMatcher struct {
	d        *draft
	tokens   []plainToken
	common   []seen
	nodeAt   []uint32 // by node: the sentence in which it was last seen
	present  []uint64 // the atoms of this sentence as bits
	spansAt  []uint32 // by atom: the sentence that its spans belong to
	askedAt  []uint32 // by atom: the sentence for which common words were added
	now      uint32
	spans    [][]span
	distinct []int32
	states   []span
	scores   []int32
	next     []span
	hits     []hit
}

func newPlain(d *draft) *plainMatcher {
	marks := make([]uint32, len(d.nodes)+2*int(d.atoms))
	cut := func(n int32) []uint32 {
		out := marks[:n:n]
		marks = marks[n:]
		return out
	}
	return &plainMatcher{d: d, nodeAt: cut(int32(len(d.nodes))), present: make([]uint64, d.width()), spansAt: cut(d.atoms), askedAt: cut(d.atoms), spans: make([][]span, d.atoms)}
}

// read finds every rule of the sentence.
func (x *plainMatcher) read(tokens []plainToken) []hit {
	x.now++
	clear(x.present)
	x.common, x.distinct, x.hits, x.tokens = x.common[:0], x.distinct[:0], x.hits[:0], tokens
	for i := range tokens {
		t := &tokens[i]
		for _, id := range t.ids[:t.n] {
			if to := x.d.first[id]; to != 0 {
				x.walk(to, i, i+1)
			}
		}
	}
	x.set(x.d.ends)
	x.scores = plainScore(x.d, tokens, nil, x.scores)
	hopeless := x.hopeless()
	var likely []int32
	for _, n := range x.distinct {
		for _, p := range x.d.pivots[x.d.nodes[n].pivot:x.d.nodes[n+1].pivot] {
			if !slices.Contains(hopeless, x.d.rules[x.d.patterns[p].rule].Category) || !x.yields(x.d.patterns[p].rule) {
				likely = append(likely, p)
			}
		}
	}
	slices.Sort(likely)
	for _, p := range likely {
		x.try(&x.d.patterns[p])
	}
	x.weigh()
	return x.hits
}

// hopeless lists the categories that no two rules could lift over the veto.
func (x *plainMatcher) hopeless() []Category {
	c := &x.d.cues
	var out []Category
	for i, cat := range c.cats {
		lifts := []int32{0, 0}
		for r, p := range c.rules {
			if x.d.rules[r].Category == cat.category {
				lifts = append(lifts, int32(math.Ceil(.4*float64(p[i]))))
			}
		}
		slices.Sort(lifts)
		if two := lifts[len(lifts)-1] + lifts[len(lifts)-2]; x.scores[i]+two < cat.veto {
			out = append(out, cat.category)
		}
	}
	return out
}

// yields tells whether cues may let a rule off.
func (x *plainMatcher) yields(rule int32) bool {
	r := &x.d.rules[rule]
	return !r.Document && !r.own && r.Severity != Error
}

// weigh lets sentences off whose words speak against a finding, and adds those
// whose words add up to one.
func (x *plainMatcher) weigh() {
	c := &x.d.cues
	x.scores = plainScore(x.d, x.tokens, x.hits, x.scores)
	for i, cat := range c.cats {
		kept := x.hits[:0]
		found := false
		for _, h := range x.hits {
			r := &x.d.rules[h.rule]
			if r.Category == cat.category && !r.Document {
				if x.scores[i] < cat.veto && x.yields(h.rule) {
					continue
				}
				found = true
			}
			kept = append(kept, h)
		}
		x.hits = kept
		if !found && cat.rule >= 0 && x.scores[i] >= cat.at && len(x.tokens) >= leastTokens && !x.excuse(&x.d.rules[cat.rule]) {
			x.hits = append(x.hits, hit{cat.rule, span{0, int32(len(x.tokens))}})
		}
	}
}

func (x *plainMatcher) set(a int32)      { x.present[a>>6] |= 1 << (a & 63) }
func (x *plainMatcher) has(a int32) bool { return x.present[a>>6]&(1<<(a&63)) != 0 }

// found records a phrase.
func (x *plainMatcher) found(n int32, nd, end *node, s span) {
	fresh := x.nodeAt[n] != x.now
	if fresh {
		x.nodeAt[n] = x.now
		if end.pivot > nd.pivot {
			x.distinct = append(x.distinct, n)
		}
	}
	if nd.member >= 0 {
		x.common = append(x.common, seen{nd.member, s})
		if fresh {
			for i, bits := range x.d.members[nd.member : int(nd.member)+len(x.present)] {
				x.present[i] |= bits
			}
		}
		return
	}
	for _, a := range x.d.held[nd.atom:end.atom] {
		x.set(a)
		if x.spansAt[a] != x.now {
			x.spansAt[a] = x.now
			x.spans[a] = x.spans[a][:0]
		}
		x.spans[a] = append(x.spans[a], s)
	}
}

// at returns where an atom is in the sentence.
func (x *plainMatcher) at(a int32) []span {
	if x.askedAt[a] == x.now {
		return x.spans[a]
	}
	x.askedAt[a] = x.now
	if x.spansAt[a] != x.now {
		x.spansAt[a] = x.now
		x.spans[a] = x.spans[a][:0]
	}
	out := x.spans[a]
	if a == x.d.ends {
		for i := 1; i < len(x.tokens); i++ {
			if x.tokens[i].gap != joined {
				out = append(out, span{int32(i), int32(i)})
			}
		}
		out = append(out, span{int32(len(x.tokens)), int32(len(x.tokens))})
	}
	if x.has(a) {
		for _, s := range x.common {
			if x.d.members[s.member+(a>>6)]&(1<<(a&63)) != 0 {
				out = append(out, s.at)
			}
		}
	}
	x.spans[a] = out
	return out
}

// walk follows the trie from a node reached by the tokens [start, at).
func (x *plainMatcher) walk(n int32, start, at int) {
	nd, end := &x.d.nodes[n], &x.d.nodes[n+1]
	if end.atom > nd.atom {
		x.found(n, nd, end, span{int32(start), int32(at)})
	}
	if end.edge == nd.edge || at >= len(x.tokens) || x.tokens[at].gap == clause {
		return
	}
	edges := x.d.edges[nd.edge:end.edge]
	if !x.step(edges, start, at) && x.tokens[at].skip && at+1 < len(x.tokens) && x.tokens[at+1].gap == joined {
		x.step(edges, start, at+1) // over a word like "really"
	}
}

// step follows the edges that the token goes by.
func (x *plainMatcher) step(edges []edge, start, at int) bool {
	t := &x.tokens[at]
	moved := false
	for _, id := range t.ids[:t.n] {
		near := edges
		for len(near) > 8 { // sorted by word
			if mid := len(near) / 2; near[mid].id <= id {
				near = near[mid:]
			} else {
				near = near[:mid]
			}
		}
		for _, e := range near {
			if e.id == id {
				x.walk(e.to, start, at+1)
				moved = true
				break
			}
		}
	}
	return moved
}

// try adds a hit when the pattern is in the sentence and nothing excuses it.
func (x *plainMatcher) try(p *pattern) {
	for _, a := range p.atoms {
		if !x.has(a) {
			return
		}
	}
	for _, h := range x.hits {
		if h.rule == p.rule {
			return
		}
	}
	r := &x.d.rules[p.rule]
	at, ok := x.match(p, r.guarded)
	if ok && !x.excuse(r) {
		x.hits = append(x.hits, hit{p.rule, at})
	}
}

// excuse tells whether one of the rule's excuses is in the sentence.
func (x *plainMatcher) excuse(r *compiledRule) bool {
	return slices.ContainsFunc(r.unless, func(p pattern) bool {
		_, ok := x.match(&p, false)
		return ok
	})
}

// match finds the pattern and says where.
func (x *plainMatcher) match(p *pattern, guarded bool) (span, bool) {
	for _, a := range p.atoms {
		if !x.has(a) {
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
func (x *plainMatcher) follow(s *sequence, guarded bool) (span, bool) {
	x.states = x.states[:0]
	for _, sp := range x.at(s.steps[0].atom) {
		if guarded && x.denied(sp.from) {
			continue
		}
		x.states = append(x.states, sp)
	}
	for _, st := range s.steps[1:] {
		x.next = x.next[:0]
		for _, sp := range x.at(st.atom) {
			for _, before := range x.states {
				if x.near(before.to, sp, st.gap) {
					x.next = append(x.next, span{before.from, sp.to})
					break
				}
			}
		}
		x.states, x.next = x.next, x.states
	}
	if len(x.states) == 0 {
		return span{}, false
	}
	first := x.states[0]
	for _, sp := range x.states[1:] {
		if sp.from < first.from {
			first = sp
		}
	}
	return first, true
}

// near tells whether the span begins at most gap tokens behind "from", fillers
// not counted, without the end of a clause between.
func (x *plainMatcher) near(from int32, sp span, gap int16) bool {
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
func (x *plainMatcher) denied(from int32) bool {
	if !x.has(x.d.not) {
		return false
	}
	for _, sp := range x.at(x.d.not) {
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

// plainScore adds the points of a sentence up: base + sum, scaled by the length.
func plainScore(d *draft, tokens []plainToken, hits []hit, out []int32) []int32 {
	c := &d.cues
	out = append(out[:0], make([]int32, len(c.cats))...)
	add := func(p points) {
		for i := range out {
			out[i] += int32(p[i])
		}
	}
	words := []int32{c.words["^"]} // the begin, the words and the end
	for i := range tokens {
		add(c.single[tokens[i].cue])
		words = append(words, tokens[i].cue)
	}
	words = append(words, c.words["$"])
	for i, a := range words {
		for gap := 0; gap < 2 && i+1+gap < len(words); gap++ {
			if b := words[i+1+gap]; a > 0 && b > 0 && max(a, b) <= mostPairStems {
				add(c.pairs[pairKey(a, b, gap)])
			}
		}
	}
	for _, h := range hits {
		if !d.rules[h.rule].Document {
			add(c.rules[h.rule])
		}
	}
	scale := cueScale(len(tokens))
	for i := range out {
		out[i] = c.cats[i].base + int32(math.Round(float64(out[i])*scale))
	}
	return out
}
