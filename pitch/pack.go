package pitch

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
)

// The rules are read as YAML by people and tests. A run of the program reads
// data/rules.pack instead, the same rules compiled: a test compiles the YAML and
// compares (go test ./pitch -run Pack -update writes the file anew).
//
//go:embed data/rules.pack
var packed []byte

// packer writes the machine; unpacker reads it in the same order.
type packer struct{ b []byte }

func (p *packer) int(v int64)   { p.b = binary.AppendVarint(p.b, v) }
func (p *packer) text(s string) { p.int(int64(len(s))); p.b = append(p.b, s...) }
func (p *packer) bool(v bool)   { p.int(map[bool]int64{true: 1}[v]) }

func (p *packer) ints(v []int32) {
	p.int(int64(len(v)))
	for _, i := range v {
		p.b = binary.LittleEndian.AppendUint32(p.b, uint32(i))
	}
}

func (p *packer) set(m map[string]bool) {
	p.int(int64(len(m)))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		p.text(k)
		p.bool(m[k])
	}
}

func (p *packer) patterns(ps []pattern) {
	p.int(int64(len(ps)))
	for _, pt := range ps {
		p.int(int64(pt.rule))
		p.ints(pt.atoms)
		p.int(int64(len(pt.seqs)))
		for _, s := range pt.seqs {
			p.bool(s.absent)
			p.int(int64(len(s.steps)))
			for _, st := range s.steps {
				p.int(int64(st.atom))
				p.int(int64(st.gap))
			}
		}
	}
}

func (p *packer) cues(c *cues) {
	p.int(int64(len(c.words)))
	for _, k := range slices.Sorted(maps.Keys(c.words)) {
		p.text(k)
		p.int(int64(c.words[k]))
	}
	p.ints(c.single)
	p.int(int64(len(c.pairs)))
	for _, k := range c.pairs {
		p.b = binary.LittleEndian.AppendUint64(p.b, k)
	}
	p.ints(c.rows)
	p.ints(c.ofRule)
	p.int(int64(len(c.points)))
	for _, v := range c.points {
		p.b = append(p.b, byte(v))
	}
	p.int(int64(len(c.cats)))
	for _, cat := range c.cats {
		p.text(string(cat.category))
		p.ints([]int32{cat.base, cat.at, cat.veto, cat.rule})
	}
}

// pack writes a machine.
func pack(m *machine) []byte {
	p := &packer{}
	p.int(int64(len(m.words)))
	for _, k := range slices.Sorted(maps.Keys(m.words)) {
		e := m.words[k]
		p.text(k)
		p.bool(e.filler)
		p.bool(e.alone)
		for _, v := range []uint16{e.word, e.exact, e.lemma, e.second} {
			p.int(int64(v))
		}
	}
	p.set(m.numbers)
	p.set(m.abbreviated)
	p.set(m.names)
	for _, k := range m.kinds.all() {
		p.int(int64(*k))
	}
	flat := []int32{}
	for _, n := range m.nodes {
		flat = append(flat, n.edge, n.atom, n.pivot, n.member)
	}
	p.ints(flat)
	flat = flat[:0]
	for _, e := range m.edges {
		flat = append(flat, int32(e.id), e.to)
	}
	p.ints(flat)
	p.ints(m.held)
	p.ints(m.pivots)
	p.int(int64(len(m.members)))
	for _, v := range m.members {
		p.b = binary.LittleEndian.AppendUint64(p.b, v)
	}
	p.ints(m.first)
	p.ints([]int32{int32(m.atoms), m.ends, m.not, int32(m.limits.SentenceWords), int32(m.limits.DocumentWords)})
	p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(m.limits.Grade))
	p.patterns(m.patterns)
	p.int(int64(len(m.rules)))
	for i := range m.rules {
		r := &m.rules[i]
		for _, s := range []string{r.ID, string(r.Category), string(r.Severity), r.Why, r.Figure, r.Source, r.Suggestion, r.Off} {
			p.text(s)
		}
		for _, v := range []bool{r.Negated, r.Document, r.Unverified, r.guarded, r.Sound} {
			p.bool(v)
		}
		for _, list := range [][]Category{r.Also, r.Counts} {
			p.int(int64(len(list)))
			for _, c := range list {
				p.text(string(c))
			}
		}
		p.patterns(r.unless)
	}
	p.cues(&m.cues)
	return p.b
}

func (k *kinds) all() []*uint16 {
	return []*uint16{&k.num, &k.percent, &k.money, &k.year, &k.time, &k.date, &k.ordinal, &k.few, &k.capital, &k.name}
}

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

func (u *unpacker) text() string {
	n := u.count()
	s := string(u.b[:n])
	u.b = u.b[n:]
	return s
}

func (u *unpacker) bool() bool { return u.int() == 1 }

func (u *unpacker) word() uint64 {
	if len(u.b) < 8 {
		u.bad, u.b = true, nil
		return 0
	}
	v := binary.LittleEndian.Uint64(u.b)
	u.b = u.b[8:]
	return v
}

func (u *unpacker) ints() []int32 {
	n := u.count()
	if 4*n > len(u.b) {
		u.bad, u.b, n = true, nil, 0
	}
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(binary.LittleEndian.Uint32(u.b[4*i:]))
	}
	u.b = u.b[4*n:]
	return out
}

func (u *unpacker) set() map[string]bool {
	n := u.count()
	m := make(map[string]bool, n)
	for range n {
		k := u.text()
		m[k] = u.bool()
	}
	return m
}

func (u *unpacker) patterns() []pattern {
	out := make([]pattern, u.count())
	for i := range out {
		p := &out[i]
		p.rule = int32(u.int())
		p.atoms = u.ints()
		p.seqs = make([]sequence, u.count())
		for k := range p.seqs {
			s := &p.seqs[k]
			s.absent = u.bool()
			s.steps = make([]step, u.count())
			for j := range s.steps {
				s.steps[j] = step{int32(u.int()), int16(u.int())}
			}
		}
	}
	return out
}

func (u *unpacker) cues(c *cues) {
	n := u.count()
	c.words = make(map[string]int32, n)
	for range n {
		k := u.text()
		c.words[k] = int32(u.int())
	}
	c.single = u.ints()
	c.pairs = make([]uint64, u.count())
	for i := range c.pairs {
		c.pairs[i] = u.word()
	}
	c.rows = u.ints()
	c.ofRule = u.ints()
	c.points = make([]int8, u.count())
	for i := range c.points {
		c.points[i] = int8(u.b[i])
	}
	u.b = u.b[len(c.points):]
	for range u.count() {
		cat := cueCategory{category: Category(u.text())}
		if v := u.ints(); len(v) == 4 {
			cat.base, cat.at, cat.veto, cat.rule = v[0], v[1], v[2], v[3]
		}
		c.cats = append(c.cats, cat)
	}
}

func (u *unpacker) categories() []Category {
	var out []Category
	for range u.count() {
		out = append(out, Category(u.text()))
	}
	return out
}

// unpack reads a machine.
func unpack(b []byte) (*machine, error) {
	u := &unpacker{b: b}
	n := u.count()
	m := &machine{words: make(map[string]entry, n)}
	for range n {
		k := u.text()
		m.words[k] = entry{filler: u.bool(), alone: u.bool(), word: uint16(u.int()), exact: uint16(u.int()), lemma: uint16(u.int()), second: uint16(u.int())}
	}
	m.numbers, m.abbreviated, m.names = u.set(), u.set(), u.set()
	for _, k := range m.kinds.all() {
		*k = uint16(u.int())
	}
	flat := u.ints()
	m.nodes = make([]node, len(flat)/4)
	for i := range m.nodes {
		m.nodes[i] = node{flat[4*i], flat[4*i+1], flat[4*i+2], flat[4*i+3]}
	}
	flat = u.ints()
	m.edges = make([]edge, len(flat)/2)
	for i := range m.edges {
		m.edges[i] = edge{uint16(flat[2*i]), flat[2*i+1]}
	}
	m.held, m.pivots = u.ints(), u.ints()
	m.members = make([]uint64, u.count())
	for i := range m.members {
		m.members[i] = u.word()
	}
	m.first = u.ints()
	if five := u.ints(); len(five) == 5 {
		m.atoms, m.ends, m.not = int(five[0]), five[1], five[2]
		m.limits.SentenceWords, m.limits.DocumentWords = int(five[3]), int(five[4])
	}
	m.limits.Grade = math.Float64frombits(u.word())
	m.patterns = u.patterns()
	m.rules = make([]compiledRule, u.count())
	for i := range m.rules {
		r := &m.rules[i]
		r.ID, r.Category, r.Severity = u.text(), Category(u.text()), Severity(u.text())
		r.Why, r.Figure, r.Source, r.Suggestion, r.Off = u.text(), u.text(), u.text(), u.text(), u.text()
		r.Negated, r.Document, r.Unverified, r.guarded, r.Sound = u.bool(), u.bool(), u.bool(), u.bool(), u.bool()
		r.Also, r.Counts = u.categories(), u.categories()
		r.unless = u.patterns()
	}
	u.cues(&m.cues)
	if u.bad || len(u.b) != 0 {
		return nil, errors.New("the compiled rules are damaged")
	}
	m.hasten()
	return m, nil
}
