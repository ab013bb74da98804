package pitch

import (
	"math/bits"
	"slices"
)

// quick is what the matcher looks at most, packed close together. It is worked
// out from the machine and not stored.
type quick struct {
	nodes  []quickNode // in step with the machine's nodes
	bits   []someAtoms // the atoms of the nodes
	needs  []need      // in step with pivots
	edges  []quickEdge // a hash table
	common []uint64    // by atom: the common words that hold it, as bits
	words  int         // how many words of 64 bits that takes
}

// commonOf is the common words that hold an atom, as bits.
func (q *quick) commonOf(atom int32) []uint64 { return q.common[int(atom)*q.words:][:q.words] }

// filterOf spreads atoms over 64 bits. A phrase whose filter lacks the bit does
// not hold the atom.
func filterOf(atom int32) uint64 { return 1 << (uint32(atom) * 0x9E3779B1 >> 26) }

// quickNode is a node of the trie with all that a step onto it asks for.
type quickNode struct {
	mask     uint64 // the names its edges go by, see maskOf
	filter   uint64 // its atoms, see filterOf; 0 for a common word
	bits     int32
	need     int32
	atom     int32 // in held, or among the common words
	bitsSize uint16
	needSize uint16
	atomSize uint16 // 0 for a common word
	common   bool
}

// quickEdge leads from a node by a name; to is 0 where there is none.
type quickEdge struct {
	node int32
	to   int32
	id   uint16
}

func edgeHash(node int32, id uint16) uint32 {
	return (uint32(node)*0x9E3779B1 ^ uint32(id)*0x85EBCA77) >> 12
}

// edge returns the node behind the edge, or 0.
func (q *quick) edge(node int32, id uint16) int32 {
	last := uint32(len(q.edges) - 1)
	for i := edgeHash(node, id); ; i++ {
		if e := &q.edges[i&last]; e.to == 0 || e.node == node && e.id == id {
			return e.to
		}
	}
}

// someAtoms is the atoms 64·word to 64·word+63 as bits.
type someAtoms struct {
	bits uint64
	word int32
}

// need is two atoms without which a pattern is not in a sentence, and the bit of
// the category that the words of a sentence may rule out.
type need struct {
	pattern int32
	a, b    int32
	kind    uint32
}

// hasten works quick out.
func (m *machine) hasten() {
	q := quick{nodes: make([]quickNode, len(m.nodes)-1), bits: make([]someAtoms, 0, len(m.held)), needs: make([]need, len(m.pivots)),
		edges: make([]quickEdge, 1<<bits.Len(uint(2*len(m.edges))))}
	q.words = (len(m.members)/m.width() + 63) / 64
	q.common = make([]uint64, q.words*m.atoms)
	for i := range q.nodes {
		from, to := &m.nodes[i], &m.nodes[i+1]
		n := quickNode{bits: int32(len(q.bits)), need: from.pivot, needSize: uint16(to.pivot - from.pivot), atom: from.atom, atomSize: uint16(to.atom - from.atom)}
		if from.member >= 0 {
			n.common, n.atom, n.atomSize = true, from.member/int32(m.width()), 0
		}
		for _, e := range m.edges[from.edge:to.edge] {
			n.mask |= maskOf(e.id)
			at := edgeHash(int32(i), e.id)
			for q.edges[at&uint32(len(q.edges)-1)].to != 0 {
				at++
			}
			q.edges[at&uint32(len(q.edges)-1)] = quickEdge{int32(i), e.to, e.id}
		}
		for _, a := range m.held[from.atom:to.atom] { // sorted
			if n.common {
				q.commonOf(a)[n.atom>>6] |= 1 << (n.atom & 63)
			} else {
				n.filter |= filterOf(a)
			}
			if len(q.bits) == int(n.bits) || q.bits[len(q.bits)-1].word != a>>6 {
				q.bits = append(q.bits, someAtoms{word: a >> 6})
			}
			q.bits[len(q.bits)-1].bits |= 1 << (a & 63)
		}
		n.bitsSize = uint16(len(q.bits)) - uint16(n.bits)
		q.nodes[i] = n
	}
	for i := range m.rules {
		r := &m.rules[i]
		r.kind, r.weight = uint8(len(Categories())), uint8(r.Severity.weight())
		r.excuses = make([]need, len(r.unless))
		for k, p := range r.unless {
			r.excuses[k] = need{int32(k), p.atoms[0], p.atoms[min(1, len(p.atoms)-1)], 0}
		}
		if k := slices.Index(Categories(), r.Category); k >= 0 {
			r.kind = uint8(k)
		}
	}
	for i, p := range m.pivots {
		atoms := m.patterns[p].atoms // the rarest first
		q.needs[i] = need{p, atoms[min(1, len(atoms)-1)], atoms[min(2, len(atoms)-1)], m.rules[m.patterns[p].rule].yields()}
	}
	m.quick = q
	m.cues.hasten(m.rules)
}

// yields is the bit of the rule's category when cues may let the rule off, or 0.
func (r *compiledRule) yields() uint32 {
	if r.Document || r.own || r.Severity == Error {
		return 0
	}
	return 1 << r.kind
}
