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

	quick quick // worked out from the rest
}

// compiledRule is a rule with its excuses.
type compiledRule struct {
	Rule
	unless  []pattern
	guarded bool
	own     bool // a person's own rule, which cues do not let off

	// Worked out from the rest:
	excuses []need // in step with unless
	kind    uint8  // the category's place in Categories, or past their end
	weight  uint8  // the severity's
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
	if m.cues, err = compileCues(l.cues, m.rules); err != nil {
		return nil, err
	}
	m.hasten()
	return m, nil
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
	m.renumber(c)
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

// renumber gives atoms that common words hold neighbouring numbers, so that a
// common word sets few words of bits.
func (m *machine) renumber(c *compiler) {
	order := make([]int32, m.atoms)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(c.weight[b], c.weight[a]) })
	to := make([]int32, m.atoms)
	weight := make(map[int32]int, m.atoms)
	for i, a := range order {
		to[a] = int32(i)
		weight[int32(i)] = c.weight[a]
	}
	c.weight = weight
	m.ends, m.not = to[m.ends], to[m.not]
	for i := range c.nodes {
		for k, a := range c.nodes[i].atoms {
			c.nodes[i].atoms[k] = to[a]
		}
	}
	move := func(ps []pattern) {
		for _, p := range ps {
			for k, a := range p.atoms {
				p.atoms[k] = to[a]
			}
			for _, s := range p.seqs {
				for k := range s.steps {
					s.steps[k].atom = to[s.steps[k].atom]
				}
			}
		}
	}
	move(m.patterns)
	for i := range m.rules {
		move(m.rules[i].unless)
	}
}

// node is a place in the trie: where its edges, atoms and patterns begin.
type node struct {
	edge, atom, pivot int32
	member            int32 // where its bits begin, for a common word; otherwise -1
}

// width is how many words of 64 bits hold one bit for every atom.
func (m *machine) width() int { return (m.atoms + 63) / 64 }
