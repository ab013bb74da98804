package estimate

import "math"

// sortFloats sorts numbers that are neither NaN nor infinite, by their bits: six
// passes of eleven, several times faster than comparing when there are a million.
// scratch must be as long as v.
func sortFloats(v, scratch []float64) {
	const passes, width = 6, 11
	var counts [passes][1 << width]int32
	for _, x := range v {
		k := sortKey(x)
		for p := range passes {
			counts[p][k>>(p*width)&(1<<width-1)]++
		}
	}
	from, to := v, scratch[:len(v)]
	for p := range passes {
		c := &counts[p]
		if len(v) > 0 && int(c[sortKey(v[0])>>(p*width)&(1<<width-1)]) == len(v) {
			continue // all share these bits
		}
		var at int32
		for i, n := range c {
			c[i] = at
			at += n
		}
		for _, x := range from {
			k := sortKey(x) >> (p * width) & (1<<width - 1)
			to[c[k]] = x
			c[k]++
		}
		from, to = to, from
	}
	if len(v) > 0 && &from[0] != &v[0] {
		copy(v, from)
	}
}

// sortKey orders as the number does: negative numbers have all bits turned,
// others only the sign.
func sortKey(x float64) uint64 {
	b := math.Float64bits(x)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}
