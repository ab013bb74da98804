package pitch

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// sense is every name a written word goes by, its own form, its base form and
// kinds such as #num, and what follows from the names for the matcher.
type sense struct {
	// What every sentence looks at comes first, to lie close together.
	now       uint32 // the sentence that it was last met in
	pair      int32  // the stem's number among the cues if it is in pairs, or 0
	mask      uint64 // a bit for every name: see maskOf
	leads     uint64 // the masks of all roots
	filter    uint64 // the filters of all roots
	points    sums   // the points of the stem
	n         uint8  // how many names there are
	size      uint8  // how many roots there are
	skip      bool   // a word like "really" that may stand anywhere
	syllables uint8
	bits      []someAtoms // the atoms of all roots
	second    *sense      // of a contraction, the not of isn't
	tries     []int32     // the roots that patterns are looked for at
	common    []int32     // the roots that are common words, by their numbers there
	ids       [names]uint16
	roots     [names]int32 // the trie's nodes that the names lead to from the root
	cue       int32        // the stem's number among the cues, or 0
	text      string       // the word in small letters
}

// names is the most names a word goes by.
const names = 7

func (t *sense) add(id uint16) {
	if id == 0 || int(t.n) >= len(t.ids) {
		return
	}
	for _, have := range t.ids[:t.n] {
		if have == id {
			return
		}
	}
	t.ids[t.n] = id
	t.n++
}

// maskOf spreads names over 64 bits. Where the bits of an edge and of a token
// have none in common, the token does not go by the edge.
func maskOf(id uint16) uint64 { return 1 << (uint32(id) * 0x9E3779B1 >> 26) }

// settle works out what follows from the names. What it returns belongs to the
// scanner and the matcher behind it.
func (s *scanner) settle(t sense) *sense {
	m := s.m
	for _, id := range t.ids[:t.n] {
		t.mask |= maskOf(id)
		root := int32(0)
		if int(id) < len(m.quick.first) {
			root = m.quick.first[id]
		}
		if root == 0 {
			continue
		}
		t.roots[t.size] = root
		t.size++
		nd := &m.quick.nodes[root]
		t.leads |= nd.mask
		t.filter |= nd.filter
		if nd.common {
			t.common = append(t.common, nd.atom)
		}
		if nd.needSize > 0 {
			t.tries = append(t.tries, root)
		}
		t.bits = merge(t.bits, m.quick.bits[nd.bits:][:nd.bitsSize])
	}
	m.cues.meet(&t)
	return &t
}

// merge adds atoms.
func merge(to, more []someAtoms) []someAtoms {
	if len(to) == 0 {
		return more
	}
	to = slices.Clip(to)
	for _, a := range more {
		if i := slices.IndexFunc(to, func(b someAtoms) bool { return a.word == b.word }); i < 0 {
			to = append(to, a)
		} else if to[i].bits|a.bits != to[i].bits {
			to = slices.Clone(to)
			to[i].bits |= a.bits
		}
	}
	return to
}

// How a word may be written. A key holds it, so it is never 0.
const (
	small   = iota + 1
	opening // large where a sentence may begin with any word, or as the word I
	capital // large inside
)

// forms is a hash table of the written words met so far and their senses. A word
// of up to seven bytes is its own key, so most words are compared as one number.
type forms struct {
	slots []slot
	shift uint8 // of a hash, so that what is left counts the slots
	used  int
}

// place is where the search for a key begins. The upper bits of the product are
// the ones that hold all of a short word.
func (f *forms) place(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> f.shift }

// begin makes slots where there are none.
func (f *forms) begin() {
	if len(f.slots) == 0 {
		f.room(10)
	}
}

// room makes 1<<n slots.
func (f *forms) room(n int) { f.slots, f.shift = make([]slot, 1<<n), uint8(64-n) }

type slot struct {
	key   uint64
	sense *sense // nil where the slot is free
}

// maxForms is how many different words a reading remembers.
const maxForms = 20_000

// longest is how many bytes of a word are read.
const longest = 40

// letters is room for one word in small letters and the longest character behind
// it; what is behind the word does not matter.
type letters [longest + 8]byte

// shortKey is the key of a word of one to seven bytes, the first of eight.
func shortKey(eight uint64, n, how int) uint64 { return eight<<(64-8*n) | uint64(how) }

// key tells words apart: certainly up to seven bytes, mostly beyond.
func (low *letters) key(n, how int) uint64 {
	first := binary.LittleEndian.Uint64(low[:])
	if n < 8 {
		return shortKey(first, n, how)
	}
	last := binary.LittleEndian.Uint64(low[n-8:])
	return (first*0x9E3779B97F4A7C15^bits.RotateLeft64(last, 29))&^0xFF | long | uint64(how)
}

// long marks the key of a longer word in the byte that says how it is written.
const long = 0x80

// find returns the slot of a written word, or the free one where it belongs.
func (f *forms) find(key uint64, low []byte) *slot {
	last := uint64(len(f.slots) - 1)
	for i := f.place(key); ; i++ {
		s := &f.slots[i&last]
		if s.sense == nil || s.key == key && (key&long == 0 || s.sense.text == string(low)) {
			return s
		}
	}
}

// findShort returns the sense of a word that is its own key, or nil.
func (f *forms) findShort(key uint64) *sense {
	slots := f.slots
	for i := f.place(key); len(slots) > 0; i++ {
		if s := &slots[i&uint64(len(slots)-1)]; s.key == key || s.sense == nil {
			return s.sense
		}
	}
	return nil
}

// form returns the sense of the word in low, written as how says.
func (s *scanner) form(key uint64, n, how int) *sense {
	f := &s.forms
	f.begin()
	word := s.low[:n]
	at := f.find(key, word)
	if at.sense == nil {
		return f.put(at, key, s.sense(word, how))
	}
	return at.sense
}

// put fills a free slot, unless there are forms enough.
func (f *forms) put(at *slot, key uint64, t *sense) *sense {
	if f.used < maxForms {
		at.key, at.sense = key, t
		f.used++
		if 2*f.used > len(f.slots) {
			f.grow()
		}
	}
	return t
}

func (f *forms) grow() {
	old := f.slots
	f.room(64 - int(f.shift) + 1)
	for _, s := range old {
		if s.sense != nil {
			*f.find(s.key, []byte(s.sense.text)) = s
		}
	}
}

// sense works out what a written word goes by.
func (s *scanner) sense(word []byte, how int) *sense {
	m := s.m
	pair := m.names2(word)
	t := &pair[0]
	if how == capital {
		t.add(m.kinds.capital)
	}
	if how != small && m.entry(word).is&firstName != 0 {
		t.add(m.kinds.name)
	}
	out := s.settle(*t)
	out.text, out.syllables = string(word), uint8(syllables(word))
	if pair[1].n > 0 {
		out.second = s.settle(pair[1])
	}
	return out
}

// syllables counts runs of vowels, a silent e at the end left out. A character
// beyond ASCII counts as a vowel.
func syllables(low []byte) int {
	count, vowel := 0, false
	for i, c := range low {
		if c >= 0x80 && i > 0 && c&0xC0 == 0x80 {
			continue // the rest of a character
		}
		v := c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c >= 0x80
		if v && !vowel {
			count++
		}
		vowel = v
	}
	if n := len(low); n > 2 && low[n-1] == 'e' && count > 1 && low[n-2] != 'l' {
		count--
	}
	return max(1, count)
}
