package pitch

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// pairTable finds the points of two stems that follow each other. It is used as
// it lies in the file. A pair has one place where it can be (hash, displace and
// compress: Belazzougui, Botelho and Dietzfelbinger 2009), so the place is read
// without a guess of the processor whether two words are a pair.
type pairTable struct {
	moves  []uint16 // by bucket of pairs: how its pairs are spread
	slots  []byte   // pairBytes each: the key and the points
	places uint64   // how many
}

// newPairTable takes the two parts of the table, as they lie in the file.
func newPairTable(moves []uint16, slots []byte) pairTable {
	return pairTable{moves, slots, uint64(len(slots) / pairBytes)}
}

const (
	pairBytes = 4 + rowBytes
	// mostPairStems is how many stems a key has room for.
	mostPairStems = 1<<15 - 1
)

// pairKey is two stems and how many words stand between, none or one. A stem of
// no pair is 0.
func pairKey(a, b int32, gap int) uint32 { return uint32(a)<<16 | uint32(b)<<1 | uint32(gap) }

// pairHash spreads keys. Its upper bits name the bucket.
func pairHash(key uint32) uint64 { return uint64(key) * 0x9E3779B97F4A7C15 }

// bucket is where the move of a pair is.
func (p *pairTable) bucket(hash uint64) uint64 { return hash >> 32 * uint64(len(p.moves)) >> 32 }

// place is where a pair is, when its bucket has a move.
func (p *pairTable) place(hash uint64, move uint16) uint64 {
	return uint64(uint32(hash>>8)^uint32(move)*0x85EBCA6B) * p.places >> 32
}

// row returns the points of the pair and 1, or nothing and 0.
func (p *pairTable) row(key uint32) (sums, int) {
	h := pairHash(key)
	slot := p.slots[pairBytes*p.place(h, p.moves[p.bucket(h)]):][:pairBytes]
	same := uint64(int64(uint64(binary.LittleEndian.Uint32(slot)^key)-1) >> 63) // all ones, or 0
	row := rowOf(slot[4:])
	return sums{row.a & same, row.b & same, row.c & same}, int(same & 1)
}

// noPair is the key of an empty slot, which no pair has.
const noPair = 1<<32 - 1

// tabulate makes the table, four fifths full or a little less.
func tabulate(pairs map[uint32]points) pairTable {
	for n := len(pairs)*5/4 + 1; ; n += n/8 + 1 {
		if p, ok := spreadOver(pairs, n); ok {
			return p
		}
	}
}

// spreadOver makes a table of n slots, if the pairs can be spread over them.
func spreadOver(pairs map[uint32]points, n int) (pairTable, bool) {
	p := newPairTable(make([]uint16, n/4+1), bytes.Repeat([]byte{0xFF}, n*pairBytes))
	buckets := make([][]uint32, len(p.moves))
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		at := p.bucket(pairHash(key))
		buckets[at] = append(buckets[at], key)
	}
	order := make([]int, len(buckets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(buckets[b]), len(buckets[a])) })
	taken := make([]bool, n)
	for _, at := range order { // the fullest first
		move, ok := p.settle(buckets[at], taken)
		if !ok {
			return p, false
		}
		p.moves[at] = move
		for _, key := range buckets[at] {
			slot := p.slots[pairBytes*p.place(pairHash(key), move):]
			binary.LittleEndian.PutUint32(slot, key)
			copy(slot[4:pairBytes], appendRow(nil, pairs[key]))
		}
	}
	return p, true
}

// settle finds the move that puts the keys where nothing is, and takes the places.
func (p *pairTable) settle(keys []uint32, taken []bool) (uint16, bool) {
	var places []uint64
	for move := range 1 << 16 {
		places = places[:0]
		for _, key := range keys {
			at := p.place(pairHash(key), uint16(move))
			if taken[at] || slices.Contains(places, at) {
				break
			}
			places = append(places, at)
		}
		if len(places) == len(keys) {
			for _, at := range places {
				taken[at] = true
			}
			return uint16(move), true
		}
	}
	return 0, false
}
