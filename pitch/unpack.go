package pitch

import (
	"encoding/binary"
	"errors"
	"math"
)

// unpacker reads what packer wrote; a short or damaged file sets bad.
type unpacker struct {
	b   []byte
	bad bool
}

func (u *unpacker) int() int {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return int(v)
}

// count reads a length, never more than the bytes that are left.
func (u *unpacker) count() int {
	n := u.int()
	if n < 0 || n > len(u.b) {
		u.bad, u.b = true, nil
		return 0
	}
	return n
}

// table reads the bytes of n things of one size, and returns nothing where the
// file is too short for them.
func (u *unpacker) table(size int) (b []byte, n int) {
	n = u.count()
	if n*size > len(u.b) {
		u.bad, u.b = true, nil
		return nil, 0
	}
	b, u.b = u.b[:n*size], u.b[n*size:]
	return b, n
}

func (u *unpacker) raw() []byte {
	b, _ := u.table(1)
	return b
}

func (u *unpacker) text() string { return string(u.raw()) }
func (u *unpacker) bool() bool   { return u.int() == 1 }

func (u *unpacker) ints() []int32 {
	b, n := u.table(4)
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

func (u *unpacker) words() []uint64 {
	b, n := u.table(8)
	out := make([]uint64, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return out
}

func (u *unpacker) halves() []uint16 {
	b, n := u.table(2)
	out := make([]uint16, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return out
}

func (u *unpacker) index() wordIndex { return wordIndex{u.raw(), u.raw(), u.raw()} }

// take cuts n things off the front of a list.
func take[T any](u *unpacker, list *[]T, n int) []T {
	if n > len(*list) {
		u.bad, u.b, n = true, nil, 0
	}
	out := (*list)[:n:n]
	*list = (*list)[n:]
	return out
}

// patterns reads patterns; their parts lie behind one another in three lists.
func (u *unpacker) patterns() []pattern {
	out := make([]pattern, u.count())
	seqs, steps, atoms := make([]sequence, u.count()), make([]step, u.count()), make([]int32, u.count())
	for i := range out {
		p := &out[i]
		p.rule = int32(u.int())
		p.atoms = take(u, &atoms, u.count())
		for k := range p.atoms {
			p.atoms[k] = int32(u.int())
		}
		p.seqs = take(u, &seqs, u.count())
		for k := range p.seqs {
			s := &p.seqs[k]
			s.absent = u.bool()
			s.steps = take(u, &steps, u.count())
			for j := range s.steps {
				s.steps[j] = step{int32(u.int()), int16(u.int())}
			}
		}
	}
	return out
}

func (u *unpacker) quick() (q quick) {
	b, n := u.table(nodeBytes)
	q.nodes = make([]quickNode, n)
	word, half := binary.LittleEndian.Uint32, binary.LittleEndian.Uint16
	for i := range q.nodes {
		at := b[i*nodeBytes:][:nodeBytes]
		q.nodes[i] = quickNode{mask: binary.LittleEndian.Uint64(at), filter: binary.LittleEndian.Uint64(at[8:]),
			bits: int32(word(at[16:])), need: int32(word(at[20:])), atom: int32(word(at[24:])),
			bitsSize: half(at[28:]), needSize: half(at[30:]), atomSize: half(at[32:]), common: half(at[34:]) == 1}
	}
	const size = 9
	b, n = u.table(size)
	q.bits = make([]someAtoms, n)
	for i := range q.bits {
		at := b[i*size:][:size]
		q.bits[i] = someAtoms{binary.LittleEndian.Uint64(at), at[8]}
	}
	q.held, q.pivots, q.edges, q.first, q.common = u.ints(), u.ints(), u.words(), u.ints(), u.words()
	q.words, q.atoms, q.asked = u.int(), int32(u.int()), int32(u.int())
	return q
}

func (u *unpacker) rules() []compiledRule {
	out := make([]compiledRule, u.count())
	for i := range out {
		r := &out[i]
		r.ID, r.Category, r.Severity = u.text(), Category(u.text()), Severity(u.text())
		r.Why, r.Figure, r.Source, r.Suggestion, r.Off = u.text(), u.text(), u.text(), u.text(), u.text()
		r.Negated, r.Document, r.Unverified, r.Sound, r.guarded, r.own = u.bool(), u.bool(), u.bool(), u.bool(), u.bool(), u.bool()
		r.Also, r.Counts = u.categories(), u.categories()
		r.unless = u.patterns()
	}
	return out
}

func (u *unpacker) categories() []Category {
	var out []Category
	for range u.count() {
		out = append(out, Category(u.text()))
	}
	return out
}

func (u *unpacker) cues() cues {
	c := cues{index: u.index(), single: u.raw(), rules: u.raw(), pairs: pairTable{u.halves(), u.raw(), u.raw()}}
	for range u.count() {
		c.cats = append(c.cats, cueCategory{category: Category(u.text()), base: int32(u.int()), at: int32(u.int()), veto: int32(u.int()), rule: int32(u.int())})
	}
	c.begin, c.end = int32(u.int()), int32(u.int())
	return c
}

// unpack reads a machine.
func unpack(b []byte) (*machine, error) {
	u := &unpacker{b: b}
	m := &machine{words: u.index(), entries: u.raw()}
	for _, k := range m.kinds.all() {
		*k = uint16(u.int())
	}
	m.quick = u.quick()
	m.ends, m.not = int32(u.int()), int32(u.int())
	m.limits.SentenceWords, m.limits.DocumentWords = u.int(), u.int()
	if len(u.b) >= 8 {
		m.limits.Grade, u.b = math.Float64frombits(binary.LittleEndian.Uint64(u.b)), u.b[8:]
	}
	m.patterns, m.rules = u.patterns(), u.rules()
	m.cues = u.cues()
	if u.bad || len(u.b) != 0 {
		return nil, errors.New("the compiled rules are damaged")
	}
	m.settle()
	return m, nil
}
