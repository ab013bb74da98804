package pitch

import (
	_ "embed"
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// The rules are read as YAML by people and tests. A run of the program reads
// data/rules.pack instead, the same rules compiled: a test compiles the YAML and
// compares (go test ./pitch -run Pack -update writes the file anew).
//
// What grows with the number of words lies in the file as it is read: nothing is
// done for a word or a pair before a text holds it.
//
//go:embed data/rules.pack
var packed []byte

// packer writes the machine; unpacker reads it in the same order.
type packer struct{ b []byte }

func (p *packer) int(v int)     { p.b = binary.AppendVarint(p.b, int64(v)) }
func (p *packer) text(s string) { p.int(len(s)); p.b = append(p.b, s...) }
func (p *packer) bool(v bool)   { p.int(map[bool]int{true: 1}[v]) }
func (p *packer) raw(b []byte)  { p.int(len(b)); p.b = append(p.b, b...) }

func (p *packer) ints(v ...int32) {
	p.int(len(v))
	for _, i := range v {
		p.b = binary.LittleEndian.AppendUint32(p.b, uint32(i))
	}
}

func (p *packer) words(v []uint64) {
	p.int(len(v))
	for _, w := range v {
		p.b = binary.LittleEndian.AppendUint64(p.b, w)
	}
}

func (p *packer) halves(v []uint16) {
	p.int(len(v))
	for _, h := range v {
		p.b = binary.LittleEndian.AppendUint16(p.b, h)
	}
}

func (p *packer) index(x wordIndex) {
	p.raw(x.begins)
	p.raw(x.records)
	p.raw(x.texts)
}

func (p *packer) patterns(ps []pattern) {
	seqs, steps, atoms := 0, 0, 0
	for _, pt := range ps {
		seqs, atoms = seqs+len(pt.seqs), atoms+len(pt.atoms)
		for _, s := range pt.seqs {
			steps += len(s.steps)
		}
	}
	for _, n := range []int{len(ps), seqs, steps, atoms} {
		p.int(n)
	}
	for _, pt := range ps {
		p.int(int(pt.rule))
		p.int(len(pt.atoms))
		for _, a := range pt.atoms {
			p.int(int(a))
		}
		p.int(len(pt.seqs))
		for _, s := range pt.seqs {
			p.bool(s.absent)
			p.int(len(s.steps))
			for _, st := range s.steps {
				p.int(int(st.atom))
				p.int(int(st.gap))
			}
		}
	}
}

func (p *packer) quick(q quick) {
	p.int(len(q.nodes))
	for _, n := range q.nodes {
		p.b = n.appendTo(p.b)
	}
	p.int(len(q.bits))
	for _, s := range q.bits {
		p.b = append(binary.LittleEndian.AppendUint64(p.b, s.bits), s.word)
	}
	p.ints(q.held...)
	p.ints(q.pivots...)
	p.words(q.edges)
	p.ints(q.first...)
	p.words(q.common)
	p.int(q.words)
	p.int(int(q.atoms))
	p.int(int(q.asked))
}

func (p *packer) rules(rules []compiledRule) {
	p.int(len(rules))
	for i := range rules {
		r := &rules[i]
		for _, s := range []string{r.ID, string(r.Category), string(r.Severity), r.Why, r.Figure, r.Source, r.Suggestion, r.Off} {
			p.text(s)
		}
		for _, v := range []bool{r.Negated, r.Document, r.Unverified, r.Sound, r.guarded, r.own} {
			p.bool(v)
		}
		for _, list := range [][]Category{r.Also, r.Counts} {
			p.int(len(list))
			for _, c := range list {
				p.text(string(c))
			}
		}
		p.patterns(r.unless)
	}
}

func (p *packer) cues(c *cueDraft, rules int) {
	numbers := make(map[string]int, len(c.words))
	for w, id := range c.words {
		numbers[w] = int(id)
	}
	p.index(indexWords(numbers))
	var single, ofRule []byte
	for id := range len(c.words) {
		single = appendRow(single, c.single[int32(id+1)])
	}
	for r := range rules {
		ofRule = appendRow(ofRule, c.rules[int32(r)])
	}
	p.raw(single)
	p.raw(ofRule)
	pairs := tabulate(c.pairs)
	p.halves(pairs.moves)
	p.raw(pairs.tags)
	p.raw(pairs.slots)
	p.int(len(c.cats))
	for _, cat := range c.cats {
		p.text(string(cat.category))
		for _, v := range []int32{cat.base, cat.at, cat.veto, cat.rule} {
			p.int(int(v))
		}
	}
	p.int(int(c.words[beginStem]))
	p.int(int(c.words[endStem]))
}

// pack writes the draft as the tables of a machine.
func (d *draft) pack() []byte {
	p := &packer{}
	numbers := map[string]int{}
	var entries []byte
	for _, w := range slices.Sorted(maps.Keys(d.words)) {
		numbers[w] = len(numbers)
		entries = d.words[w].appendTo(entries)
	}
	p.index(indexWords(numbers))
	p.raw(entries)
	for _, k := range d.kinds.all() {
		p.int(int(*k))
	}
	p.quick(d.quicken())
	p.int(int(d.ends))
	p.int(int(d.not))
	p.int(d.limits.SentenceWords)
	p.int(d.limits.DocumentWords)
	p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(d.limits.Grade))
	p.patterns(d.patterns)
	p.rules(d.rules)
	p.cues(&d.cues, len(d.rules))
	return p.b
}

func (k *kinds) all() []*uint16 {
	return []*uint16{&k.num, &k.percent, &k.money, &k.year, &k.time, &k.date, &k.ordinal, &k.few, &k.capital, &k.name}
}

// nodeBytes is the size of a node in the file.
const nodeBytes = 36

// appendTo writes the node as unpacker.nodes reads it.
func (n *quickNode) appendTo(b []byte) []byte {
	common := uint16(0)
	if n.common {
		common = 1
	}
	b = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, n.mask), n.filter)
	for _, v := range []int32{n.bits, n.need, n.atom} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	for _, v := range []uint16{n.bitsSize, n.needSize, n.atomSize, common} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}
