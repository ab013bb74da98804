package pitch

import (
	"cmp"
	"slices"
	"strings"

	"homecase/fault"
)

// draft is the rules compiled, in maps and lists that a compiler fills: a trie
// of phrases over words, and patterns over the phrases. pack writes it as the
// tables that a machine reads.
type draft struct {
	words    map[string]entry
	kinds    kinds
	nodes    []node   // the trie; a node's parts end where the next node's begin
	edges    []edge   // sorted by word within a node
	held     []int32  // atoms whose phrase ends at a node
	pivots   []int32  // patterns to look at when the phrase is there
	members  []uint64 // the atoms of common words as bits
	first    []int32  // the node that a word leads to from the root, or 0
	rules    []compiledRule
	patterns []pattern
	atoms    int32
	asked    int32 // the atoms below this are asked for by patterns and excuses at once
	limits   Limits
	cues     cueDraft
	ends     int32 // the atom of #end
	not      int32 // the atom of @negation
}

// compile builds the machine.
func compile(l *loaded) (*machine, error) {
	d, err := draw(l)
	if err != nil {
		return nil, err
	}
	return unpack(d.pack())
}

// draw compiles the rules.
func draw(l *loaded) (*draft, error) {
	d := &draft{words: make(map[string]entry, 6000), limits: l.limits}
	c := &compiler{d: d, classes: l.lex.Classes, ids: make(map[string]uint16, 6000), atoms: make(map[string]int32, 1500),
		busy: map[string]bool{}, nodes: make([]branch, 1, 9000), edges: make(map[uint64]int32, 9000), weight: map[int32]int{}, common: map[string]bool{}}
	d.kinds = kinds{c.id("#num"), c.id("#pct"), c.id("#money"), c.id("#year"), c.id("#time"), c.id("#date"), c.id("#ord"), c.id("#few"), c.id("#cap"), c.id("#name")}
	c.commonest = strings.Fields(l.lex.Common)
	for _, w := range c.commonest {
		c.common[w] = true
	}
	d.ends = c.atom("#end", []string{"#end"})
	var err error
	if d.not, err = c.class("negation"); err != nil {
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
	if d.index(c); d.asked > mostAsked || len(d.patterns) > mostPatterns {
		return nil, fault.New(fault.Invalid, "HC-PITCH-12", "The rules have %d patterns of %d groups of words, and there is room for %d and %d.",
			len(d.patterns), d.asked, mostPatterns, mostAsked)
	}
	if d.cues, err = compileCues(l.cues, d.rules); err != nil {
		return nil, err
	}
	return d, nil
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
	c.d.patterns = append(c.d.patterns, ps...)
	if cr.unless, err = c.patterns(i, r.Unless); err != nil {
		return place(err)
	}
	c.d.rules = append(c.d.rules, cr)
	return nil
}

// lexicon adds irregular forms, contractions, numbers, names and fillers. It
// runs after the rules, so that only words some rule knows get base forms.
func (c *compiler) lexicon(l lexicon) {
	for pair := range strings.SplitSeq(l.Irregular, ",") {
		f := strings.Fields(pair)
		if len(f) < 2 {
			continue
		}
		base, ok := c.ids[f[0]]
		if !ok {
			continue
		}
		for _, form := range f[1:] {
			e := c.d.words[form]
			e.lemma, e.is = base, e.is|known|settled
			c.d.words[form] = e
		}
	}
	for pair := range strings.SplitSeq(l.Contractions, ",") {
		f := strings.Fields(pair)
		if len(f) == 3 {
			e := c.d.words[f[0]]
			e.lemma, e.second, e.is = c.id(f[1]), c.id(f[2]), e.is|known|settled
			c.d.words[f[0]] = e
		}
	}
	for i, w := range strings.Fields(l.Numbers) {
		c.mark(w, number)
		if i < 31 {
			c.mark(w, smallNumber)
		}
	}
	for w := range strings.FieldsSeq(l.Abbreviated) {
		c.mark(w, abbreviation)
	}
	for w := range strings.FieldsSeq(l.Names) {
		c.mark(w, firstName)
	}
	for w := range strings.FieldsSeq(l.Filler) {
		c.id(w)
		c.mark(w, filler)
	}
}

// mark notes what a written word is.
func (c *compiler) mark(w string, is traits) {
	e := c.d.words[w]
	e.is |= is
	c.d.words[w] = e
}

// index numbers the atoms, sorts the trie and chooses for every pattern the atom
// that is looked at first: the one least likely to be in a sentence.
func (d *draft) index(c *compiler) {
	d.atoms = int32(len(c.atoms))
	first := make([]int32, len(d.patterns))
	for i, p := range d.patterns {
		best := int32(-1)
		for _, a := range p.atoms {
			if a != d.ends && (best < 0 || c.weight[a] < c.weight[best]) {
				best = a
			}
		}
		first[i] = best
	}
	to := d.renumber(c)
	pivots := make([][]int32, d.atoms)
	for i, a := range first {
		pivots[to[a]] = append(pivots[to[a]], int32(i))
	}
	d.first = make([]int32, len(c.ids)+1)
	for _, e := range c.nodes[0].edges {
		d.first[e.id] = e.to
	}
	d.nodes = make([]node, 0, len(c.nodes)+1)
	for i := range c.nodes {
		b := &c.nodes[i]
		slices.Sort(b.atoms)
		b.atoms = slices.Compact(b.atoms)
		d.nodes = append(d.nodes, node{edge: int32(len(d.edges)), atom: int32(len(d.held)), pivot: int32(len(d.pivots)), member: -1})
		if len(b.atoms) > manyAtoms {
			d.nodes[i].member = int32(len(d.members))
			bits := make([]uint64, d.width())
			for _, a := range b.atoms {
				bits[a>>6] |= 1 << (a & 63)
			}
			d.members = append(d.members, bits...)
		}
		slices.SortFunc(b.edges, func(a, b edge) int { return cmp.Compare(a.id, b.id) })
		d.edges, d.held = append(d.edges, b.edges...), append(d.held, b.atoms...)
		var ps []int32
		for _, a := range b.atoms {
			ps = append(ps, pivots[a]...)
		}
		slices.Sort(ps) // rules in order
		d.pivots = append(d.pivots, slices.Compact(ps)...)
	}
	d.nodes = append(d.nodes, node{edge: int32(len(d.edges)), atom: int32(len(d.held)), pivot: int32(len(d.pivots)), member: -1})
}

// node is a place in the trie: where its edges, atoms and patterns begin.
type node struct {
	edge, atom, pivot int32
	member            int32 // where its bits begin, for a common word; otherwise -1
}

// width is how many words of 64 bits hold one bit for every atom.
func (d *draft) width() int { return int(d.atoms+63) / 64 }
