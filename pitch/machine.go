package pitch

import (
	"cmp"
	"slices"
	"strings"

	"homecase/fault"
)

// machine is the rules compiled: a trie of phrases over words, and patterns
// over the phrases. It is read only and may be shared.
type machine struct {
	words       map[string]entry
	numbers     map[string]bool // number words, and whether they are small
	abbreviated map[string]bool
	names       map[string]bool
	kinds       kinds
	nodes       []node   // the trie; a node's parts end where the next node's begin
	edges       []edge   // sorted by word within a node
	held        []int32  // atoms whose phrase ends at a node
	pivots      []int32  // patterns to look at when the phrase is there
	members     []uint64 // the atoms of common words as bits
	first       []int32  // the node that a word leads to from the root, or 0
	rules       []compiledRule
	patterns    []pattern
	atoms       int
	limits      Limits
	cues        cues
	ends        int32 // the atom of #end
	not         int32 // the atom of @negation
}

// compiledRule is a rule with its excuses.
type compiledRule struct {
	Rule
	unless  []pattern
	guarded bool
	own     bool // a person's own rule, which cues do not let off
}

// compile builds the machine.
func compile(l *loaded) (*machine, error) {
	m := &machine{words: make(map[string]entry, 6000), numbers: map[string]bool{}, abbreviated: map[string]bool{},
		names: map[string]bool{}, limits: l.limits}
	c := &compiler{m: m, classes: l.lex.Classes, ids: make(map[string]uint16, 6000), atoms: make(map[string]int32, 1500),
		busy: map[string]bool{}, nodes: make([]branch, 1, 9000), edges: make(map[uint64]int32, 9000), weight: map[int32]int{}, common: map[string]bool{}}
	m.kinds = kinds{c.id("#num"), c.id("#pct"), c.id("#money"), c.id("#year"), c.id("#time"), c.id("#date"), c.id("#ord"), c.id("#few"), c.id("#cap"), c.id("#name")}
	for w := range strings.FieldsSeq(l.lex.Common) {
		c.common[w] = true
	}
	m.ends = c.atom("#end", []string{"#end"})
	var err error
	if m.not, err = c.class("negation"); err != nil {
		return nil, err
	}
	for i, r := range l.rules {
		if err := c.rule(int32(i), r); err != nil {
			return nil, err
		}
	}
	if c.bad != nil {
		return nil, c.bad
	}
	c.lexicon(l.lex)
	m.index(c)
	m.cues, err = compileCues(l.cues, m.rules)
	return m, err
}

// rule compiles one rule. A rule that is off is matched and not reported, so
// that cues do not report the same sentence.
func (c *compiler) rule(i int32, r Rule) error {
	place := func(err error) error {
		return fault.New(fault.Invalid, "HC-PITCH-09", "The rule %q cannot be read.", r.ID).Because(err).Then("%v", err)
	}
	cr := compiledRule{Rule: r, guarded: !r.Negated, own: r.own}
	ps, err := c.patterns(i, r.When)
	if err != nil {
		return place(err)
	}
	c.m.patterns = append(c.m.patterns, ps...)
	if cr.unless, err = c.patterns(i, r.Unless); err != nil {
		return place(err)
	}
	c.m.rules = append(c.m.rules, cr)
	return nil
}

// lexicon adds irregular forms, contractions, numbers, names and fillers. It
// runs after the rules, so that only words some rule knows get base forms.
func (c *compiler) lexicon(l lexicon) {
	m := c.m
	for pair := range strings.SplitSeq(l.Irregular, ",") {
		f := strings.Fields(pair)
		if len(f) < 2 {
			continue
		}
		base, known := c.ids[f[0]]
		if !known {
			continue
		}
		for _, form := range f[1:] {
			e := m.words[form]
			e.lemma, e.alone = base, true
			m.words[form] = e
		}
	}
	for pair := range strings.SplitSeq(l.Contractions, ",") {
		f := strings.Fields(pair)
		if len(f) == 3 {
			e := m.words[f[0]]
			e.lemma, e.second, e.alone = c.id(f[1]), c.id(f[2]), true
			m.words[f[0]] = e
		}
	}
	for i, w := range strings.Fields(l.Numbers) {
		m.numbers[w] = i < 31
	}
	for w := range strings.FieldsSeq(l.Abbreviated) {
		m.abbreviated[w] = true
	}
	for w := range strings.FieldsSeq(l.Names) {
		m.names[w] = true
	}
	for w := range strings.FieldsSeq(l.Filler) {
		c.id(w)
		e := m.words[w]
		e.filler = true
		m.words[w] = e
	}
}

// index sorts the trie and chooses for every pattern the atom that is looked at
// first: the one least likely to be in a sentence.
func (m *machine) index(c *compiler) {
	m.atoms = len(c.atoms)
	m.first = make([]int32, len(c.ids)+1)
	for _, e := range c.nodes[0].edges {
		m.first[e.id] = e.to
	}
	pivots := make([][]int32, m.atoms)
	for i, p := range m.patterns {
		best := int32(-1)
		for _, a := range p.atoms {
			if a != m.ends && (best < 0 || c.weight[a] < c.weight[best]) {
				best = a
			}
		}
		pivots[best] = append(pivots[best], int32(i))
		slices.SortStableFunc(p.atoms, func(a, b int32) int { return cmp.Compare(c.weight[a], c.weight[b]) })
	}
	m.nodes = make([]node, 0, len(c.nodes)+1)
	for i := range c.nodes {
		b := &c.nodes[i]
		slices.Sort(b.atoms)
		b.atoms = slices.Compact(b.atoms)
		m.nodes = append(m.nodes, node{edge: int32(len(m.edges)), atom: int32(len(m.held)), pivot: int32(len(m.pivots)), member: -1})
		if len(b.atoms) > manyAtoms {
			m.nodes[i].member = int32(len(m.members))
			bits := make([]uint64, m.width())
			for _, a := range b.atoms {
				bits[a>>6] |= 1 << (a & 63)
			}
			m.members = append(m.members, bits...)
		}
		slices.SortFunc(b.edges, func(a, b edge) int { return cmp.Compare(a.id, b.id) })
		m.edges, m.held = append(m.edges, b.edges...), append(m.held, b.atoms...)
		var ps []int32
		for _, a := range b.atoms {
			ps = append(ps, pivots[a]...)
		}
		slices.Sort(ps) // rules in order
		m.pivots = append(m.pivots, slices.Compact(ps)...)
	}
	m.nodes = append(m.nodes, node{edge: int32(len(m.edges)), atom: int32(len(m.held)), pivot: int32(len(m.pivots)), member: -1})
}

// node is a place in the trie: where its edges, atoms and patterns begin.
type node struct {
	edge, atom, pivot int32
	member            int32 // where its bits begin, for a common word; otherwise -1
}

// width is how many words of 64 bits hold one bit for every atom.
func (m *machine) width() int { return (m.atoms + 63) / 64 }

// span is a run of tokens, [from, to).
type span struct{ from, to int32 }

// hit is a rule found in a sentence.
type hit struct {
	rule int32
	at   span
}

// seen is a common word found in the sentence: its node in the trie and where.
type seen struct {
	node int32
	at   span
}

// matcher holds the working memory for reading sentences one after another.
// A phrase puts its place down for each of its atoms at once, unless it is a
// common word that hundreds of atoms hold: those are gathered when asked for.
type matcher struct {
	m        *machine
	tokens   []token
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
	excused  []Category // categories of which a rule was excused
}

func newMatcher(m *machine) *matcher {
	marks := make([]uint32, len(m.nodes)+2*m.atoms)
	cut := func(n int) []uint32 {
		out := marks[:n:n]
		marks = marks[n:]
		return out
	}
	return &matcher{m: m, nodeAt: cut(len(m.nodes)), present: make([]uint64, m.width()), spansAt: cut(m.atoms), askedAt: cut(m.atoms), spans: make([][]span, m.atoms)}
}

// read finds every rule of the sentence.
func (x *matcher) read(tokens []token) []hit {
	x.now++
	clear(x.present)
	x.common, x.distinct, x.hits, x.excused, x.tokens = x.common[:0], x.distinct[:0], x.hits[:0], x.excused[:0], tokens
	for i := range tokens {
		t := &tokens[i]
		for _, id := range t.ids[:t.n] {
			if to := x.m.first[id]; to != 0 {
				x.walk(to, i, i+1)
			}
		}
	}
	x.set(x.m.ends)
	for _, n := range x.distinct {
		for _, p := range x.m.pivots[x.m.nodes[n].pivot:x.m.nodes[n+1].pivot] {
			x.try(&x.m.patterns[p])
		}
	}
	x.weigh()
	return x.hits
}

// leastTokens is the shortest sentence that cues alone may find.
const leastTokens = 4

// weigh lets sentences off whose words speak against a finding, and adds those
// whose words add up to one.
func (x *matcher) weigh() {
	c := &x.m.cues
	x.scores = c.score(x.tokens, x.scores)
	for i, cat := range c.cats {
		kept := x.hits[:0]
		found := false
		for _, h := range x.hits {
			r := &x.m.rules[h.rule]
			if r.Category == cat.category && !r.Document {
				if x.scores[i] < cat.veto && r.Severity != Error && !r.own {
					continue
				}
				found = true
			}
			kept = append(kept, h)
		}
		x.hits = kept
		if !found && cat.rule >= 0 && x.scores[i] >= cat.at && len(x.tokens) >= leastTokens && !slices.Contains(x.excused, cat.category) {
			x.hits = append(x.hits, hit{cat.rule, span{0, int32(len(x.tokens))}})
		}
	}
}

func (x *matcher) set(a int32)      { x.present[a>>6] |= 1 << (a & 63) }
func (x *matcher) has(a int32) bool { return x.present[a>>6]&(1<<(a&63)) != 0 }

// manyAtoms is how many atoms make a word common.
const manyAtoms = 12

// found records a phrase.
func (x *matcher) found(n int32, nd, end *node, s span) {
	fresh := x.nodeAt[n] != x.now
	if fresh {
		x.nodeAt[n] = x.now
		if end.pivot > nd.pivot {
			x.distinct = append(x.distinct, n)
		}
	}
	if nd.member >= 0 {
		x.common = append(x.common, seen{n, s})
		if fresh {
			for i, bits := range x.m.members[nd.member : int(nd.member)+len(x.present)] {
				x.present[i] |= bits
			}
		}
		return
	}
	for _, a := range x.m.held[nd.atom:end.atom] {
		x.set(a)
		if x.spansAt[a] != x.now {
			x.spansAt[a] = x.now
			x.spans[a] = x.spans[a][:0]
		}
		x.spans[a] = append(x.spans[a], s)
	}
}

// at returns where an atom is in the sentence.
func (x *matcher) at(a int32) []span {
	if x.askedAt[a] == x.now {
		return x.spans[a]
	}
	x.askedAt[a] = x.now
	if x.spansAt[a] != x.now {
		x.spansAt[a] = x.now
		x.spans[a] = x.spans[a][:0]
	}
	out := x.spans[a]
	if a == x.m.ends {
		for i := 1; i < len(x.tokens); i++ {
			if x.tokens[i].gap != joined {
				out = append(out, span{int32(i), int32(i)})
			}
		}
		out = append(out, span{int32(len(x.tokens)), int32(len(x.tokens))})
	}
	if x.has(a) {
		for _, s := range x.common {
			if x.m.members[x.m.nodes[s.node].member+(a>>6)]&(1<<(a&63)) != 0 {
				out = append(out, s.at)
			}
		}
	}
	x.spans[a] = out
	return out
}

// walk follows the trie from a node reached by the tokens [start, at).
func (x *matcher) walk(n int32, start, at int) {
	nd, end := &x.m.nodes[n], &x.m.nodes[n+1]
	if end.atom > nd.atom {
		x.found(n, nd, end, span{int32(start), int32(at)})
	}
	if end.edge == nd.edge || at >= len(x.tokens) || x.tokens[at].gap == clause {
		return
	}
	edges := x.m.edges[nd.edge:end.edge]
	if !x.step(edges, start, at) && x.tokens[at].skip && at+1 < len(x.tokens) && x.tokens[at+1].gap == joined {
		x.step(edges, start, at+1) // over a word like "really"
	}
}

// step follows the edges that the token goes by.
func (x *matcher) step(edges []edge, start, at int) bool {
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
func (x *matcher) try(p *pattern) {
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
	r := &x.m.rules[p.rule]
	at, ok := x.match(p, r.guarded)
	if !ok {
		return
	}
	for i := range r.unless {
		if _, ok := x.match(&r.unless[i], false); ok {
			x.excused = append(x.excused, r.Category)
			return
		}
	}
	x.hits = append(x.hits, hit{p.rule, at})
}

// match finds the pattern and says where.
func (x *matcher) match(p *pattern, guarded bool) (span, bool) {
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
func (x *matcher) follow(s *sequence, guarded bool) (span, bool) {
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
	if !x.has(x.m.not) {
		return false
	}
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
