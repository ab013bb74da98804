package pitch

import "math/bits"

// commons is the common words found in a sentence. Nearly every sentence has some
// and a pattern asks which of them hold an atom, so they are kept as bits.
type commons struct {
	at    []span   // in order
	in    []uint64 // the words found, as bits
	where []uint64 // by word found: which of the first 64 places are its
	late  []int32  // the words of the places behind those
}

// newCommons makes room for n times 64 common words.
func newCommons(n int) commons {
	return commons{in: make([]uint64, n), where: make([]uint64, n*64)}
}

func (c *commons) clear() {
	clear(c.in)
	c.at, c.late = c.at[:0], c.late[:0]
}

// add notes the place of a word.
func (c *commons) add(word int32, at span) {
	block, bit := &c.in[word>>6], uint64(1)<<(word&63)
	if *block&bit == 0 {
		*block |= bit
		c.where[word] = 0
	}
	if len(c.at) < 64 {
		c.where[word] |= 1 << len(c.at)
	} else {
		c.late = append(c.late, word)
	}
	c.at = append(c.at, at)
}

// gather adds the places of the words whose bits are set, in order.
func (c *commons) gather(to []span, set []uint64) []span {
	places := uint64(0)
	for i, block := range c.in {
		for some := block & set[i]; some != 0; some &= some - 1 {
			places |= c.where[i<<6|bits.TrailingZeros64(some)]
		}
	}
	for ; places != 0; places &= places - 1 {
		to = append(to, c.at[bits.TrailingZeros64(places)])
	}
	for i, word := range c.late { // of a long sentence
		if set[word>>6]&(1<<(word&63)) != 0 {
			to = append(to, c.at[64+i])
		}
	}
	return to
}
