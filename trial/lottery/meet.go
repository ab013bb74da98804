package lottery

import (
	"math"
	"math/big"
	"slices"
	"sync"
	"sync/atomic"
)

// MeetMax is the largest number of schedules counted exactly for scores that
// are not whole numbers.
const MeetMax = 10_000_000_000_000

// maxHalf is the longest list of half sums kept in memory.
const maxHalf = 10_000_000

// atLeast counts for each threshold the schedules whose sum of scores is at
// least that, by meeting in the middle: the sorted sums of the first half of
// the blocks against those of the second. Scores are turned into whole numbers
// of about 60 bits first, so that sums are exact and sorting is cheap.
func (l *Lottery) atLeast(scores []float64, thresholds ...float64) ([]uint64, error) {
	if l.count.Cmp(big.NewInt(MeetMax)) > 0 {
		return nil, ErrTooLarge
	}
	total := 0.0
	for _, s := range scores {
		total += math.Abs(s)
	}
	_, exp := math.Frexp(max(total, math.SmallestNonzeroFloat64))
	scale := 60 - exp
	whole := make([]int64, len(scores))
	for i, s := range scores {
		whole[i] = int64(math.Round(math.Ldexp(s, scale)))
	}
	bars := make([]int64, len(thresholds))
	for i, t := range thresholds {
		x := math.Ceil(math.Ldexp(t, scale))
		bars[i] = int64(max(-1<<62, min(1<<62, x)))
	}
	left, right, err := l.halves(whole)
	if err != nil {
		return nil, err
	}
	counts := make([]uint64, len(bars))
	for s := range left {
		for _, part := range right[s] {
			for j, bar := range bars {
				counts[j] += pairs(left[s], part, bar)
			}
		}
	}
	return counts, nil
}

// fewParts is how many sorted lists of the second half are left unmerged: going
// through the first half so many times costs less than the merging.
const fewParts = 16

// halves returns the sums of both halves by the state between them: those of
// the first sorted, those of the second as a few sorted lists.
func (l *Lottery) halves(scores []int64) (left [][]int64, right [][]shifted, err error) {
	if l.take > 0 {
		if l.days > 46 {
			return nil, nil, ErrTooLarge
		}
		half := l.days / 2
		left = l.bySize(scores[:half])
		for _, list := range slices.Backward(l.bySize(scores[half:])) {
			right = append(right, []shifted{{list, 0}})
		}
		return left, right, nil
	}
	mid, size := l.middle()
	if size > maxHalf {
		return nil, nil, ErrTooLarge
	}
	sums := make([][]int64, len(l.blocks))
	for b, blk := range l.blocks {
		sums[b] = make([]int64, len(blk.options))
		for o, days := range blk.options {
			for _, d := range days {
				sums[b][o] += scores[d]
			}
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { left = l.forward(sums, mid) })
	wg.Go(func() { right = l.backward(sums, mid) })
	wg.Wait()
	return left, right, nil
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

// shifted is a sorted list, moved up by shift.
type shifted struct {
	list  []int64
	shift int64
}

func (l *Lottery) forward(sums [][]int64, mid int) [][]int64 {
	states := l.running + 1
	at := make([][]int64, states)
	at[0] = []int64{0}
	for b := range mid {
		st := &l.walk[b]
		parts := make([][]shifted, states)
		for s, list := range at {
			e := st.enter(s)
			for o, n := range st.next[e] {
				if n >= 0 && st.weight[e][o] > 0 && len(list) > 0 {
					parts[n] = append(parts[n], shifted{list, sums[b][o]})
				}
			}
		}
		for s := range at {
			at[s] = mergeAll(parts[s])
		}
	}
	return at
}

func (l *Lottery) backward(sums [][]int64, mid int) [][]shifted {
	states := l.running + 1
	at := make([][]int64, states)
	last := make([][]shifted, states)
	for s := range at {
		at[s] = []int64{0}
		last[s] = []shifted{{at[s], 0}}
	}
	for b := len(l.walk) - 1; b >= mid; b-- {
		st := &l.walk[b]
		before := make([][]int64, states)
		for s := range before {
			var parts []shifted
			e := st.enter(s)
			for o, n := range st.next[e] {
				if n >= 0 && st.weight[e][o] > 0 {
					parts = append(parts, shifted{at[n], sums[b][o]})
				}
			}
			if b == mid && len(parts) <= fewParts {
				last[s] = parts
				continue
			}
			before[s] = mergeAll(parts)
			last[s] = []shifted{{before[s], 0}}
		}
		at = before
	}
	return last
}

// mergeAll merges sorted lists two by two until one is left.
func mergeAll(parts []shifted) []int64 {
	single := true
	n := 0
	for _, p := range parts {
		n += len(p.list)
		single = single && len(p.list) == 1
	}
	if single { // the first block: plain sorting
		out := make([]int64, 0, n)
		for _, p := range parts {
			out = append(out, p.list[0]+p.shift)
		}
		slices.Sort(out)
		return out
	}
	a, b := make([]int64, n), make([]int64, n)
	var wg sync.WaitGroup
	for len(parts) > 1 {
		next := parts[:0:0]
		rest := a
		for i := 0; i < len(parts); i += 2 {
			if i+1 == len(parts) {
				p := parts[i]
				dst := rest[:len(p.list)]
				for k, v := range p.list {
					dst[k] = v + p.shift
				}
				next = append(next, shifted{dst, 0})
				break
			}
			x, y := parts[i], parts[i+1]
			dst := rest[:len(x.list)+len(y.list)]
			rest = rest[len(dst):]
			next = append(next, shifted{dst, 0})
			if len(dst) < 1<<15 {
				merge(dst, x, y)
				continue
			}
			wg.Go(func() { merge(dst, x, y) })
		}
		wg.Wait()
		parts, a, b = next, b, a
	}
	if len(parts) == 0 {
		return nil
	}
	if p := parts[0]; p.shift != 0 {
		for k, v := range p.list {
			a[k] = v + p.shift
		}
		return a
	}
	return parts[0].list
}

// merge writes two sorted lists as one. The inner loop has no branch that
// depends on the values: such branches would be guessed wrongly half the time.
func merge(dst []int64, x, y shifted) {
	i, j, k := 0, 0, 0
	xs, ys, sx, sy := x.list, y.list, x.shift, y.shift
	for i < len(xs) && j < len(ys) && k < len(dst) {
		v, w := xs[i]+sx, ys[j]+sy
		step, least := 0, w
		if v <= w {
			least = v
		}
		if v <= w {
			step = 1
		}
		dst[k] = least
		k++
		i += step
		j += 1 - step
	}
	for ; i < len(x.list); i++ {
		dst[k] = x.list[i] + x.shift
		k++
	}
	for ; j < len(y.list); j++ {
		dst[k] = y.list[j] + y.shift
		k++
	}
}

// bySize returns the sorted sums of the subsets of scores by their size.
func (l *Lottery) bySize(scores []int64) [][]int64 {
	out := make([][]int64, l.take+1)
	out[0] = []int64{0}
	for _, x := range scores {
		for k := l.take; k >= 1; k-- {
			if len(out[k-1]) > 0 {
				out[k] = mergeAll([]shifted{{out[k], 0}, {out[k-1], x}})
			}
		}
	}
	return out
}

// pairs counts the pairs of the two sorted lists that reach bar.
func pairs(a []int64, part shifted, bar int64) uint64 {
	b := part.list
	bar -= part.shift
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	var total atomic.Uint64
	spread(len(b), 1<<14, func(lo, hi int) {
		// as b grows, fewer of a are needed: from is the first of a that is enough
		from, _ := slices.BinarySearch(a, bar-b[lo])
		n := uint64(0)
		for _, v := range b[lo:hi] {
			for from > 0 && a[from-1]+v >= bar {
				from--
			}
			n += uint64(len(a) - from)
		}
		total.Add(n)
	})
	return total.Load()
}
