package lottery

import (
	"math"
	"math/big"
	"slices"
	"sync/atomic"
)

// MeetMax is the largest number of schedules counted exactly for scores that
// are not whole numbers.
const MeetMax = 10_000_000_000_000

// maxHalf is the longest list of half sums kept in memory.
const maxHalf = 20_000_000

// atLeast counts for each threshold the schedules whose sum of scores is at
// least that. Lotteries of more than 10^13 schedules are refused.
func (l *Lottery) atLeast(scores []float64, thresholds ...float64) ([]uint64, error) {
	if l.count.Cmp(big.NewInt(MeetMax)) > 0 {
		return nil, ErrTooLarge
	}
	var left, right [][]float64
	if l.take > 0 {
		if float64(l.days) > 50 { // 2^25 half subsets
			return nil, ErrTooLarge
		}
		left, right = l.halvesTake(scores)
	} else {
		mid, size := l.middle()
		if size > maxHalf {
			return nil, ErrTooLarge
		}
		left, right = l.halves(scores, mid)
	}
	counts := make([]uint64, len(thresholds))
	for s := range left {
		pairs(left[s], right[s], thresholds, counts)
	}
	return counts, nil
}

// middle returns the block at which the two halves are most alike in size, and
// the longer half's length.
func (l *Lottery) middle() (mid int, size float64) {
	size = math.Inf(1)
	for m := 0; m <= len(l.blocks); m++ {
		a, b := 1.0, 1.0
		for i, blk := range l.blocks {
			if i < m {
				a *= float64(len(blk.options))
			} else {
				b *= float64(len(blk.options))
			}
		}
		if s := max(a, b); s < size {
			mid, size = m, s
		}
	}
	return mid, size
}

// halves returns the sums of the first and second half by the state between.
func (l *Lottery) halves(scores []float64, mid int) (left, right [][]float64) {
	t := l.tables([][]float64{scores})
	states := l.running + 1
	left = make([][]float64, states)
	left[0] = []float64{0}
	for b := range mid {
		st := &l.walk[b]
		next := make([][]float64, states)
		for s, sums := range left {
			e := st.enter(s)
			for o, n := range st.next[e] {
				if n >= 0 && st.weight[e][o] > 0 {
					next[n] = appendPlus(next[n], sums, t[b][o])
				}
			}
		}
		left = next
	}
	right = make([][]float64, states)
	for s := range right {
		right[s] = []float64{0}
	}
	for b := len(l.walk) - 1; b >= mid; b-- {
		st := &l.walk[b]
		before := make([][]float64, states)
		for s := range before {
			if len(left[s]) == 0 && b == mid {
				continue
			}
			e := st.enter(s)
			for o, n := range st.next[e] {
				if n >= 0 && st.weight[e][o] > 0 {
					before[s] = appendPlus(before[s], right[n], t[b][o])
				}
			}
		}
		right = before
	}
	return left, right
}

func appendPlus(dst, src []float64, v float64) []float64 {
	dst = slices.Grow(dst, len(src))
	for _, s := range src {
		dst = append(dst, s+v)
	}
	return dst
}

// halvesTake returns the sums of the subsets of each half of the days by size,
// paired so that sizes add up to take.
func (l *Lottery) halvesTake(scores []float64) (left, right [][]float64) {
	half := len(scores) / 2
	bySize := func(v []float64) [][]float64 {
		out := make([][]float64, l.take+1)
		out[0] = []float64{0}
		for _, x := range v {
			for k := l.take; k >= 1; k-- {
				out[k] = appendPlus(out[k], out[k-1], x)
			}
		}
		return out
	}
	left, right = bySize(scores[:half]), bySize(scores[half:])
	slices.Reverse(right)
	return left, right
}

// pairs adds to counts how many pairs reach each threshold. The shorter list
// is sorted into narrow bins, so that each value of the longer one finds its
// place in a few steps.
func pairs(a, b, thresholds []float64, counts []uint64) {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return
	}
	bins := newBins(a)
	total := make([]atomic.Uint64, len(thresholds))
	spread(len(b), 1<<14, func(lo, hi int) {
		for j, t := range thresholds {
			n := uint64(0)
			for _, v := range b[lo:hi] {
				n += uint64(bins.atLeast(t - v))
			}
			total[j].Add(n)
		}
	})
	for j := range counts {
		counts[j] += total[j].Load()
	}
}

// bins holds values sorted by bin; values inside a large bin are sorted too.
type bins struct {
	low, high, scale float64
	start            []int32
	values           []float64
}

func newBins(v []float64) *bins {
	b := &bins{low: slices.Min(v), high: slices.Max(v), values: make([]float64, len(v))}
	n := len(v)
	if b.high > b.low {
		b.scale = float64(n) / (b.high - b.low) * (1 - 1e-12)
	}
	b.start = make([]int32, n+2)
	for _, x := range v {
		b.start[b.bin(x)+2]++
	}
	for i := 2; i < len(b.start); i++ {
		b.start[i] += b.start[i-1]
	}
	for _, x := range v {
		i := b.bin(x) + 1
		b.values[b.start[i]] = x
		b.start[i]++
	}
	for i := range n {
		if part := b.values[b.start[i]:b.start[i+1]]; len(part) > 8 {
			slices.Sort(part)
		}
	}
	return b
}

func (b *bins) bin(x float64) int { return min(int((x-b.low)*b.scale), len(b.values)-1) }

// atLeast returns how many values are at least x.
func (b *bins) atLeast(x float64) int {
	switch {
	case x <= b.low:
		return len(b.values)
	case x > b.high:
		return 0
	}
	i := b.bin(x)
	part := b.values[b.start[i]:b.start[i+1]]
	n := len(b.values) - int(b.start[i+1])
	if len(part) > 8 {
		at, _ := slices.BinarySearch(part, x)
		return n + len(part) - at
	}
	for _, v := range part {
		if v >= x {
			n++
		}
	}
	return n
}
