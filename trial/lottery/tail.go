package lottery

import (
	"math"
	"math/big"
)

// maxTail is how many nodes the search for negative denominators may visit.
const maxTail = 2_000_000

// LinearCount counts exactly, without listing them, the schedules that the
// linear twin counts as extreme at h: for lotteries beyond EnumMax and up to
// MeetMax.
func (l *Lottery) LinearCount(a, b []float64, z []bool, h float64, tail Tail) (*big.Int, error) {
	sign := 1.0
	if tail == AtMost {
		sign = -1
	}
	score := make([]float64, l.days)
	observed, zb := 0.0, 0.0
	for i := range score {
		score[i] = sign * (a[i] - h*b[i])
		if z[i] {
			observed += score[i]
			zb += b[i]
		}
	}
	tol := rounding(a)
	counts, err := l.atLeast(score, observed-tol)
	if err != nil {
		return nil, err
	}
	total := new(big.Int).SetUint64(counts[0])
	more, ok := l.negative(score, b, observed-tol, zb+rounding(b))
	if !ok {
		return nil, ErrTooLarge
	}
	return total.Add(total, big.NewInt(int64(more))), nil
}

// negative counts the schedules with a negative denominator (a sum of b above
// the observed one) whose score stays below the bar. Those with a zero
// denominator need no care: the sum of a decides for them as h·b cancels.
func (l *Lottery) negative(score, b []float64, bar, zb float64) (int, bool) {
	if l.take > 0 {
		return l.negativeTake(score, b, bar, zb)
	}
	t := l.tables([][]float64{score, b})
	most := make([]float64, len(t)+1) // the largest sum of b from each block on
	for i := len(t) - 1; i >= 0; i-- {
		m := math.Inf(-1)
		for o := 1; o < len(t[i]); o += 2 {
			m = max(m, t[i][o])
		}
		most[i] = most[i+1] + m
	}
	found, visited := 0, 0
	var rec func(i, state int, s, d float64)
	rec = func(i, state int, s, d float64) {
		if visited++; visited > maxTail || d+most[i] <= zb {
			return
		}
		if i == len(l.walk) {
			if s < bar {
				found++
			}
			return
		}
		st := &l.walk[i]
		e := st.enter(state)
		for o, n := range st.next[e] {
			if n >= 0 && st.weight[e][o] > 0 {
				rec(i+1, int(n), s+t[i][2*o], d+t[i][2*o+1])
			}
		}
	}
	rec(0, 0, 0, 0)
	return found, visited <= maxTail
}

func (l *Lottery) negativeTake(score, b []float64, bar, zb float64) (int, bool) {
	// the largest sum of b over k days from day i on
	most := make([][]float64, l.days+1)
	for i := l.days; i >= 0; i-- {
		most[i] = make([]float64, l.take+1)
		for k := 1; k <= l.take; k++ {
			most[i][k] = math.Inf(-1)
			if i < l.days {
				most[i][k] = max(most[i+1][k], b[i]+most[i+1][k-1])
			}
		}
	}
	found, visited := 0, 0
	var rec func(i, k int, s, d float64)
	rec = func(i, k int, s, d float64) {
		if visited++; visited > maxTail || d+most[i][k] <= zb {
			return
		}
		if k == 0 {
			if s < bar {
				found++
			}
			return
		}
		if i == l.days {
			return
		}
		rec(i+1, k-1, s+score[i], d+b[i])
		rec(i+1, k, s, d)
	}
	rec(0, l.take, 0, 0)
	return found, visited <= maxTail
}

// Variance returns the variance, over the lottery, of the sum of scores over
// home days: exactly, block by block.
func (l *Lottery) Variance(scores []float64) float64 {
	if l.take > 0 {
		mean, ss := 0.0, 0.0
		for _, v := range scores {
			mean += v / float64(l.days)
		}
		for _, v := range scores {
			ss += (v - mean) * (v - mean)
		}
		n, k := float64(l.days), float64(l.take)
		return ss * k * (n - k) / (n * (n - 1))
	}
	t := l.tables([][]float64{scores})
	first := make([]float64, l.running+1) // mean of the rest, from each state
	second := make([]float64, l.running+1)
	for b := len(l.walk) - 1; b >= 0; b-- {
		st := &l.walk[b]
		m1, m2 := make([]float64, len(first)), make([]float64, len(first))
		for s := range m1 {
			e := st.enter(s)
			for o, w := range st.weight[e] {
				if w > 0 {
					n := st.next[e][o]
					m1[s] += w * (t[b][o] + first[n])
				}
			}
			for o, w := range st.weight[e] {
				if w > 0 {
					n := st.next[e][o]
					d := t[b][o] + first[n] - m1[s]
					m2[s] += w * (d*d + second[n])
				}
			}
		}
		first, second = m1, m2
	}
	return second[0]
}
