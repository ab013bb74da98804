package pitch

import (
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
	filler      map[uint16]bool
	kinds       kinds
	nodes       []node
	first       []int32 // the node that a word leads to from the root, or 0
	rules       []compiledRule
	patterns    []pattern
	pivot       [][]int32 // patterns by the atom that is looked at first
	atoms       int
	limits      Limits
	ends        int32 // the atom of #end
	not         int32 // the atom of @negation
}

// compiledRule is a rule with its excuses.
type compiledRule struct {
	Rule
	unless  []pattern
	guarded bool
}

// compile builds the machine.
func compile(l *loaded) (*machine, error) {
	m := &machine{words: make(map[string]entry, 6000), numbers: map[string]bool{}, abbreviated: map[string]bool{},
		names: map[string]bool{}, filler: map[uint16]bool{}, nodes: make([]node, 1, 8000), limits: l.limits}
	c := &compiler{m: m, classes: l.lex.Classes, ids: make(map[string]uint16, 6000), atoms: make(map[string]int32, 1500),
		busy: map[string]bool{}, edges: make(map[uint64]int32, 9000), ordered: map[int32]bool{}, common: map[string]bool{}}
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
	return m, nil
}

// rule compiles one rule; a rule that is off keeps its place.
func (c *compiler) rule(i int32, r Rule) error {
	place := func(err error) error {
		return fault.New(fault.Invalid, "HC-PITCH-09", "The rule %q cannot be read.", r.ID).Because(err).Then("%v", err)
	}
	cr := compiledRule{Rule: r, guarded: !r.Negated}
	if r.Off == "" {
		ps, err := c.patterns(i, r.When)
		if err != nil {
			return place(err)
		}
		c.m.patterns = append(c.m.patterns, ps...)
		if cr.unless, err = c.patterns(i, r.Unless); err != nil {
			return place(err)
		}
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
		m.filler[c.id(w)] = true
	}
}

// index sorts the trie and chooses for every pattern the atom that is seldom there.
func (m *machine) index(c *compiler) {
	m.atoms = len(c.atoms)
	m.first = make([]int32, len(c.ids)+1)
	for _, e := range m.nodes[0].edges {
		m.first[e.id] = e.to
	}
	m.pivot = make([][]int32, m.atoms)
	for i, p := range m.patterns {
		best := p.atoms[0]
		for _, a := range p.atoms {
			if c.ordered[best] && !c.ordered[a] {
				best = a
			}
		}
		m.pivot[best] = append(m.pivot[best], int32(i))
	}
}

// span is a run of tokens, [from, to).
type span struct{ from, to int32 }

// matcher holds the working memory for reading sentences one after another.
type matcher struct {
	m       *machine
	tokens  []token
	spans   [][]span // by atom
	touched []int32
	ends    []span
	states  []span
	next    []span
	hits    []hit
}

// hit is a rule found in a sentence.
type hit struct {
	rule int32
	at   span
}

func newMatcher(m *machine) *matcher {
	return &matcher{m: m, spans: make([][]span, m.atoms)}
}

// read finds every rule of the sentence.
func (x *matcher) read(tokens []token) []hit {
	for _, a := range x.touched {
		x.spans[a] = x.spans[a][:0]
	}
	x.touched, x.hits, x.tokens = x.touched[:0], x.hits[:0], tokens
	for i := range tokens {
		if i > 0 && tokens[i].gap != joined {
			x.put(x.m.ends, span{int32(i), int32(i)})
		}
		for _, id := range tokens[i].ids[:tokens[i].n] {
			if to := x.m.first[id]; to != 0 {
				x.walk(to, i, i+1)
			}
		}
	}
	x.put(x.m.ends, span{int32(len(tokens)), int32(len(tokens))})
	for k := 0; k < len(x.touched); k++ {
		for _, p := range x.m.pivot[x.touched[k]] {
			x.try(&x.m.patterns[p])
		}
	}
	return x.hits
}

func (x *matcher) put(a int32, s span) {
	if len(x.spans[a]) == 0 {
		x.touched = append(x.touched, a)
	}
	x.spans[a] = append(x.spans[a], s)
}

// walk follows the trie from a node reached by the tokens [start, at).
func (x *matcher) walk(n int32, start, at int) {
	nd := &x.m.nodes[n]
	for _, a := range nd.atoms {
		x.put(a, span{int32(start), int32(at)})
	}
	if len(nd.edges) == 0 || at >= len(x.tokens) || x.tokens[at].gap == clause {
		return
	}
	t := &x.tokens[at]
	moved := false
	for _, e := range nd.edges {
		if slices.Contains(t.ids[:t.n], e.id) {
			x.walk(e.to, start, at+1)
			moved = true
		}
	}
	if t.skip && !moved && at+1 < len(x.tokens) && x.tokens[at+1].gap == joined {
		x.skipOver(n, start, at+1)
	}
}

// skipOver goes on behind a filler, without counting the node's atoms again.
func (x *matcher) skipOver(n int32, start, at int) {
	t := &x.tokens[at]
	for _, e := range x.m.nodes[n].edges {
		if slices.Contains(t.ids[:t.n], e.id) {
			x.walk(e.to, start, at+1)
		}
	}
}

// try adds a hit when the pattern is in the sentence and nothing excuses it.
func (x *matcher) try(p *pattern) {
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
			return
		}
	}
	x.hits = append(x.hits, hit{p.rule, at})
}

// match finds the pattern and says where.
func (x *matcher) match(p *pattern, guarded bool) (span, bool) {
	for _, a := range p.atoms {
		if len(x.spans[a]) == 0 {
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
	for _, sp := range x.spans[s.steps[0].atom] {
		if guarded && x.denied(sp.from) {
			continue
		}
		x.states = append(x.states, sp)
	}
	for _, st := range s.steps[1:] {
		x.next = x.next[:0]
		for _, sp := range x.spans[st.atom] {
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
	return x.states[0], true
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
	for _, sp := range x.spans[x.m.not] {
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
