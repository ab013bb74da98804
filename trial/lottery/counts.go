package lottery

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// maxCells is the largest number of different sums that is counted cell by cell.
const maxCells = 1 << 22

// dist counts schedules by the value of a sum: cell v holds how many have it.
// A count has as many 64-bit words as the total needs, lowest first.
type dist struct {
	words int
	cells []uint64
}

func newDist(n, words int) dist {
	return dist{words, append(make([]uint64, 0, n*words), unit(n, words)...)}
}

// unit is the distribution of the empty sum: one schedule, value 0.
func unit(n, words int) []uint64 {
	c := make([]uint64, n*words)
	c[0] = 1
	return c
}

func limbsFor(total *big.Int) int { return (total.BitLen() + 63) / 64 }

func (d dist) len() int { return len(d.cells) / d.words }

// add adds src to d, v cells further up. d must be long enough.
func (d dist) add(src dist, v int) {
	dst := d.cells[v*d.words:]
	if d.words == 1 {
		addCells(dst[:len(src.cells)], src.cells)
		return
	}
	for i := 0; i < len(src.cells); i += d.words {
		var carry uint64
		for j := i; j < i+d.words; j++ {
			dst[j], carry = bits.Add64(dst[j], src.cells[j], carry)
		}
	}
}

// plus returns the distribution of a choice between d and d moved up by v.
func (d dist) plus(src dist, v int64) dist {
	out := dist{d.words, make([]uint64, len(d.cells)+int(v)*d.words)}
	copy(out.cells, d.cells)
	out.add(src, int(v))
	return out
}

// test reads off the tails at obs; mean is the expected sum, in cells.
func (d dist) test(obs int64, mean float64) Test {
	if d.words == 1 {
		return d.test1(obs, mean)
	}
	ge, le, far := make([]uint64, d.words+1), make([]uint64, d.words+1), make([]uint64, d.words+1)
	reach := math.Abs(float64(obs)-mean) - 1e-9*max(1, math.Abs(mean))
	for v := range d.len() {
		c := d.cells[v*d.words : (v+1)*d.words]
		if int64(v) >= obs {
			accumulate(ge, c)
		}
		if int64(v) <= obs {
			accumulate(le, c)
		}
		if math.Abs(float64(v)-mean) >= reach {
			accumulate(far, c)
		}
	}
	total := new(big.Int).Add(toBig(ge), toBig(le))
	total.Sub(total, d.at(obs))
	return newTest(toBig(ge), toBig(le), toBig(far), total)
}

// test1 is test for counts of one word.
func (d dist) test1(obs int64, mean float64) Test {
	reach := math.Abs(float64(obs)-mean) - 1e-9*max(1, math.Abs(mean))
	var ge, le, far, total uint64
	for v, c := range d.cells {
		total += c
		if int64(v) >= obs {
			ge += c
		}
		if int64(v) <= obs {
			le += c
		}
		if math.Abs(float64(v)-mean) >= reach {
			far += c
		}
	}
	whole := func(u uint64) *big.Int { return new(big.Int).SetUint64(u) }
	return newTest(whole(ge), whole(le), whole(far), whole(total))
}

// at returns the count of cell v.
func (d dist) at(v int64) *big.Int {
	if v < 0 || v >= int64(d.len()) {
		return new(big.Int)
	}
	return toBig(d.cells[int(v)*d.words : int(v+1)*d.words])
}

func accumulate(sum, c []uint64) {
	var carry uint64
	for i := range sum {
		var x uint64
		if i < len(c) {
			x = c[i]
		} else if carry == 0 {
			return
		}
		sum[i], carry = bits.Add64(sum[i], x, carry)
	}
}

func toBig(words []uint64) *big.Int {
	out := new(big.Int)
	for _, w := range slices.Backward(words) {
		out.Lsh(out, 64).Add(out, new(big.Int).SetUint64(w))
	}
	return out
}

// subsetSums counts the m-subsets of the scores by their sum: the shift
// algorithm of Streitberg and Roehmel. Scores are whole and not negative.
func subsetSums(scores []int64, m int) (dist, bool) {
	n := len(scores)
	s := slices.Clone(scores)
	slices.Sort(s)
	top := int64(0)
	for _, v := range s[n-m:] {
		if top += v; top > maxCells {
			return dist{}, false
		}
	}
	words := 1
	if n > 62 {
		words = limbsFor(new(big.Int).Binomial(int64(n), int64(m)))
	}
	width := int(top) + 1
	if float64(m+1)*float64(width)*float64(words) > 1<<26 || float64(n)*float64(m)*float64(width)*float64(words) > 4e9 {
		return dist{}, false
	}
	h := make([]uint64, (m+1)*width*words)
	h[0] = 1
	// row j is reachable from the sum of the j smallest scores, which are seen
	// first, up to that of the j largest seen so far
	reach, least := make([]int, m+1), make([]int, m+1)
	for j := 1; j <= m; j++ {
		least[j] = least[j-1] + int(s[j-1])
	}
	for i, v := range s {
		for j := min(i+1, m); j >= max(1, m-(n-1-i)); j-- {
			up := min(int(top), reach[j-1]+int(v))
			shiftRow(h, j, int(v), least[j-1], up, width, words)
			reach[j] = max(reach[j], up)
		}
	}
	return dist{words, h[m*width*words:]}, true
}

// shiftRow adds row j-1 from cell low on to row j, v cells further up, as far
// as cell up.
func shiftRow(h []uint64, j, v, low, up, width, words int) {
	if low+v > up {
		return
	}
	src, dst := h[(j-1)*width*words:j*width*words], h[j*width*words:(j+1)*width*words]
	if words == 1 {
		addCells(dst[low+v:up+1], src[low:])
		return
	}
	dist{words, dst}.add(dist{words, src[low*words : (up-v+1)*words]}, low+v)
}

// addCells adds src to dst over the length of dst, four at a time.
func addCells(dst, src []uint64) {
	src = src[:len(dst)]
	for len(dst) >= 4 && len(src) >= 4 {
		d, s := (*[4]uint64)(dst), (*[4]uint64)(src)
		d[0] += s[0]
		d[1] += s[1]
		d[2] += s[2]
		d[3] += s[3]
		dst, src = dst[4:], src[4:]
	}
	for i, c := range src {
		dst[i] += c
	}
}

// exactWhole convolves the sums of each block, state by state.
func (l *Lottery) exactWhole(scores []int64, z []bool) (Test, bool) {
	if l.take > 0 {
		return l.exactTake(scores, z)
	}
	sums, base, step, width, ok := l.blockSums(scores)
	if !ok {
		return Test{}, false
	}
	words := (l.count.BitLen() + 64) / 64
	cur := make([]dist, l.running+1)
	cur[0] = dist{words, unit(1, words)}
	if l.running == 0 && words == 1 {
		cur[0].cells = weighAll(sums, width)
	} else {
		for b := range l.walk {
			cur = l.convolve(b, sums[b], width[b], cur)
		}
	}
	all := cur[0]
	for _, d := range cur[1:] {
		if d.cells != nil {
			if all.cells == nil {
				all = d
				continue
			}
			all.add(d, 0)
		}
	}
	obs, mean := int64(0), 0.0
	for i, s := range scores {
		if z[i] {
			obs += s
		}
		mean += l.chance[i] * float64(s)
	}
	return all.test((obs-base)/step, (mean-float64(base))/float64(step)), true
}

func (l *Lottery) exactTake(scores []int64, z []bool) (Test, bool) {
	s := reduce(scores).scores
	d, ok := subsetSums(s, l.take)
	obs, all := int64(0), int64(0)
	for i, v := range s {
		all += v
		if z[i] {
			obs += v
		}
	}
	if !ok {
		return Test{}, false
	}
	return d.test(obs, float64(all)*float64(l.take)/float64(l.days)), true
}

// convolve adds block b to the distributions of the sum in each state.
func (l *Lottery) convolve(b int, sums []int64, width int, cur []dist) []dist {
	st := &l.walk[b]
	out := make([]dist, len(cur))
	for s, d := range cur {
		if d.cells == nil {
			continue
		}
		e := st.enter(s)
		for o, next := range st.next[e] {
			if next < 0 || st.weight[e][o] == 0 {
				continue
			}
			if out[next].cells == nil {
				out[next] = dist{d.words, make([]uint64, len(d.cells)+width*d.words)}
			}
			out[next].add(d, int(sums[o]))
		}
	}
	return out
}

// weighAll convolves block after block, each different sum once with its
// multiplicity, in two buffers that take turns.
func weighAll(sums [][]int64, width []int) []uint64 {
	top, widest := 1, 0
	for _, w := range width {
		top += w
		widest = max(widest, w)
	}
	buffer := make([]uint64, 2*top+widest+1)
	cur, next, times := buffer[:1], buffer[top:2*top], buffer[2*top:]
	cur[0] = 1
	for b, values := range sums {
		w := width[b]
		clear(times[:w+1])
		for _, v := range values {
			times[v]++
		}
		out := next[:len(cur)+w]
		clear(out)
		for v, m := range times[:w+1] {
			if m == 0 {
				continue
			}
			dst := out[v : v+len(cur)]
			for i, c := range cur {
				dst[i] += m * c
			}
		}
		next, cur = cur[:cap(cur)][:top], out
	}
	return cur
}

// blockSums returns the sums of each option of each block, counted from the
// block's least sum in units of step, with the width of each block.
func (l *Lottery) blockSums(scores []int64) (sums [][]int64, base, step int64, width []int, ok bool) {
	sums, width = make([][]int64, len(l.blocks)), make([]int, len(l.blocks))
	n := 0
	for _, blk := range l.blocks {
		n += len(blk.options)
	}
	flat := make([]int64, n)
	for b, blk := range l.blocks {
		v := flat[:len(blk.options):len(blk.options)]
		flat = flat[len(blk.options):]
		for o, days := range blk.options {
			for _, d := range days {
				v[o] += scores[d]
			}
		}
		least := slices.Min(v)
		base += least
		for o := range v {
			v[o] -= least
			step = gcd(step, v[o])
		}
		sums[b] = v
	}
	step = max(step, 1)
	total, work := int64(1), 0.0
	for b, v := range sums {
		for o := range v {
			v[o] /= step
		}
		w := slices.Max(v)
		if total += w; total > maxCells {
			return nil, 0, 0, nil, false
		}
		width[b] = int(w)
		work += float64(len(v)) * float64(total) * float64(l.running+1)
	}
	return sums, base, step, width, work*float64(limbsFor(l.count)) < 4e9
}
