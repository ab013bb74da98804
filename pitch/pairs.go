package pitch

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
)

// pairTable finds the points of two stems that follow each other: a hash table
// that is used as it lies in the file, and before it a filter small enough to
// stay at hand, as most words that follow each other are no pair.
type pairTable struct {
	filter []uint64 // a bit where there may be a pair
	slots  []byte   // pairBytes each: the key, or 0 where none is, and the points
}

const (
	pairBytes = 4 + rowBytes
	// mostPairStems is how many stems a key has room for.
	mostPairStems = 1<<15 - 1
)

// pairKey is two stems and how many words stand between, none or one. A stem of
// no pair is 0.
func pairKey(a, b int32, gap int) uint32 { return uint32(a)<<16 | uint32(b)<<1 | uint32(gap) }

// pairHash spreads keys.
func pairHash(key uint32) uint32 {
	key ^= key >> 15
	return key * 0x9E3779B1
}

// find returns the number of the pair's slot + 1, or 0.
func (p *pairTable) find(key uint32) int32 {
	h := pairHash(key)
	if len(p.filter) == 0 || p.filter[h>>6&uint32(len(p.filter)-1)]&(1<<(h&63)) == 0 {
		return 0
	}
	return p.look(key, h)
}

func (p *pairTable) look(key, hash uint32) int32 {
	n := len(p.slots) / pairBytes
	for i := int(uint64(hash) * uint64(n) >> 32); ; i++ {
		if i == n {
			i = 0
		}
		switch binary.LittleEndian.Uint32(p.slots[i*pairBytes:]) {
		case key:
			return int32(i + 1)
		case 0:
			return 0
		}
	}
}

// row is the points in a slot.
func (p *pairTable) row(at int32) []byte { return p.slots[int(at-1)*pairBytes+4:][:rowBytes] }

// tabulate makes the table, half full, with a filter of eight bits and
// more a pair.
func tabulate(pairs map[uint32]points) pairTable {
	n := 2*len(pairs) + 1
	p := pairTable{filter: make([]uint64, 1<<bits.Len(uint(len(pairs)/8))), slots: make([]byte, n*pairBytes)}
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		h := pairHash(key)
		p.filter[h>>6&uint32(len(p.filter)-1)] |= 1 << (h & 63)
		i := int(uint64(h) * uint64(n) >> 32)
		for binary.LittleEndian.Uint32(p.slots[i*pairBytes:]) != 0 {
			i = (i + 1) % n
		}
		binary.LittleEndian.PutUint32(p.slots[i*pairBytes:], key)
		copy(p.slots[i*pairBytes+4:], appendRow(nil, pairs[key]))
	}
	return p
}
