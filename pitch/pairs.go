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
// compress: Belazzougui, Botelho and Dietzfelbinger 2009), and a tag of a byte
// there tells nearly all other pairs off, so that the points are read of pairs only.
type pairTable struct {
	moves []uint16 // by bucket of pairs: how its pairs are spread
	tags  []byte   // by place: a byte of the pair's hash
	slots []byte   // by place, pairBytes each: the key and the points
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
	return uint64(uint32(hash>>8)^uint32(move)*0x85EBCA6B) * uint64(len(p.tags)) >> 32
}

// found is a pair that may be in the table: its key above its place.
type found uint64

// find returns where the pair would be, and whether its tag is there.
func (p *pairTable) find(key uint32) (found, bool) {
	h := pairHash(key)
	at := p.place(h, p.moves[p.bucket(h)])
	return found(key)<<32 | found(at), p.tags[at] == byte(h)
}

// row returns the points of a pair, or false if another pair is at its place.
func (p *pairTable) row(f found) ([]byte, bool) {
	slot := p.slots[pairBytes*uint64(uint32(f)):][:pairBytes]
	return slot[4:], binary.LittleEndian.Uint32(slot) == uint32(f>>32)
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
	p := pairTable{make([]uint16, n/4+1), make([]byte, n), bytes.Repeat([]byte{0xFF}, n*pairBytes)}
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
			place := p.place(pairHash(key), move)
			p.tags[place] = byte(pairHash(key))
			slot := p.slots[pairBytes*place:]
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
