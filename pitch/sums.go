package pitch

import "encoding/binary"

// sums is a number for each category in 16 bits, raised above what it is so that
// none is negative and rows of points are added up four categories at a time.
type sums struct{ a, b, c uint64 }

const (
	raised   = 128
	every    = 0x0001_0001_0001_0001
	neutral  = raised * every // no points, four times
	rowBytes = mostCues
)

// rowOf reads the points of a row.
func rowOf(b []byte) sums {
	const even = 0x00FF_00FF_00FF_00FF
	x, y := binary.LittleEndian.Uint64(b), uint64(binary.LittleEndian.Uint32(b[8:]))
	return sums{x & even, x >> 8 & even, y&even | y&(even<<8)<<24}
}

// appendRow writes points as rowOf reads them.
func appendRow(b []byte, p points) []byte {
	for _, v := range p {
		b = append(b, byte(int(v)+raised))
	}
	return b
}

func (s sums) plus(t sums) sums { return sums{s.a + t.a, s.b + t.b, s.c + t.c} }

// laneOf says where rowOf puts a category: first in a, then in b, then in c.
var laneOf = [mostCues]uint{0, 4, 1, 5, 2, 6, 3, 7, 8, 10, 9, 11}

// bitOf is the bit of a category where each has one.
func bitOf(category int) uint16 { return 1 << laneOf[category] }

// get returns the number of a category.
func (s sums) get(category int) int {
	lane := laneOf[category]
	return int([3]uint64{s.a, s.b, s.c}[lane/4] >> (lane % 4 * 16) & 0xFFFF)
}

// set changes the number of a category, which is 0 before.
func (s *sums) set(category, v int) {
	lane := laneOf[category]
	*[3]*uint64{&s.a, &s.b, &s.c}[lane/4] |= uint64(v) << (lane % 4 * 16)
}

// A number that sums are compared with stands lifted above what it is, so that it
// is not negative. Both sides must have 15 bits: hence how many rows are compared
// at once, and mostBar.
const (
	lifted   = 1 << 13
	compared = (1<<15 - lifted) / 256
	mostBar  = 250 // of a category's base, at and veto
)

// atLeast lists the categories, as their bits, whose sum of rows reaches the bar.
// It is Lamport's comparison of several numbers in one word (1975, Multiple Byte
// Processing with Full-Word Instructions): the top bit of each stays where nothing
// is borrowed from it.
func (s sums) atLeast(bar sums, rows int) uint16 {
	const up = (0x8000 + lifted) * every
	down := uint64(raised*rows) * every
	return tops(s.a+up-bar.a-down) | tops(s.b+up-bar.b-down)<<4 | tops(s.c+up-bar.c-down)<<8
}

// tops gathers the top bits of four numbers.
func tops(x uint64) uint16 {
	const gather = 1<<48 | 1<<33 | 1<<18 | 1<<3
	return uint16((x >> 15 & every) * gather >> 48 & 0xF)
}
