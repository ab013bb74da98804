package pitch

// quick is the trie as the matcher goes through it, packed close together.
type quick struct {
	nodes  []quickNode
	bits   []someAtoms // the atoms of the nodes
	held   []int32     // the same one by one
	pivots []int32     // patterns to look at when the phrase is there
	needs  []need      // in step with pivots, worked out by machine.settle
	edges  []uint64    // a hash table: see edgeKey
	first  []int32     // the node that a word leads to from the root, or 0
	common []uint64    // by atom: the common words that hold it, as bits
	words  int         // how many words of 64 bits that takes
	atoms  int32
	asked  int32 // the atoms that have bits
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
	need     int32 // in pivots
	atom     int32 // in held, or among the common words
	bitsSize uint16
	needSize uint16
	atomSize uint16 // 0 for a common word
	common   bool
	hope     uint16 // of its patterns together, see need; worked out by machine.settle
}

// edgeKey is a node and a name, which lead to the node that stands below them in
// a slot of the hash table.
func edgeKey(node int32, id uint16) uint64 { return uint64(node)<<16 | uint64(id) }

// edge returns the node behind the edge, or 0.
func (q *quick) edge(node int32, id uint16) int32 {
	key, n := edgeKey(node, id), uint64(len(q.edges))
	for i := edgePlace(key, n); ; i++ {
		if i == n {
			i = 0
		}
		if e := q.edges[i]; e == 0 || e>>nodeBits == key {
			return int32(e & mostNodes)
		}
	}
}

// edgePlace is where the search for an edge begins in a table of n slots.
func edgePlace(key, n uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> 32 * n >> 32 }

const (
	nodeBits  = 24
	mostNodes = 1<<nodeBits - 1
)

// someAtoms is the atoms 64·word to 64·word+63 as bits.
type someAtoms struct {
	bits uint64
	word uint8
}

const (
	mostAsked    = 64 * 256 // atoms that are asked for at once
	mostPatterns = 1 << 16
)

// quicken works quick out.
func (d *draft) quicken() quick {
	q := quick{nodes: make([]quickNode, len(d.nodes)-1), held: d.held, pivots: d.pivots, first: d.first, atoms: d.atoms, asked: d.asked,
		edges: make([]uint64, 2*len(d.edges)+1)}
	q.words = (len(d.members)/d.width() + 63) / 64
	q.common = make([]uint64, q.words*int(d.atoms))
	for i := range q.nodes {
		from, to := &d.nodes[i], &d.nodes[i+1]
		n := quickNode{bits: int32(len(q.bits)), need: from.pivot, needSize: uint16(to.pivot - from.pivot), atom: from.atom, atomSize: uint16(to.atom - from.atom)}
		if from.member >= 0 {
			n.common, n.atom, n.atomSize = true, from.member/int32(d.width()), 0
		}
		for _, e := range d.edges[from.edge:to.edge] {
			n.mask |= maskOf(e.id)
			q.put(int32(i), e)
		}
		for _, a := range d.held[from.atom:to.atom] { // sorted
			if n.common {
				q.commonOf(a)[n.atom>>6] |= 1 << (n.atom & 63)
			} else {
				n.filter |= filterOf(a)
			}
			if a >= d.asked {
				continue
			}
			if len(q.bits) == int(n.bits) || q.bits[len(q.bits)-1].word != uint8(a>>6) {
				q.bits = append(q.bits, someAtoms{word: uint8(a >> 6)})
			}
			q.bits[len(q.bits)-1].bits |= 1 << (a & 63)
		}
		n.bitsSize = uint16(len(q.bits) - int(n.bits))
		q.nodes[i] = n
	}
	return q
}

// put adds an edge to the table.
func (q *quick) put(node int32, e edge) {
	key, n := edgeKey(node, e.id), uint64(len(q.edges))
	i := edgePlace(key, n)
	for q.edges[i] != 0 {
		i = (i + 1) % n
	}
	q.edges[i] = key<<nodeBits | uint64(e.to)
}
