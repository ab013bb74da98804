package pool

import (
	"math"

	"homecase/fault"
	"homecase/special"
)

// SubsetSums lists the sums of every choice of k of the scores: what one week of
// "k of the allowed days" can add to the statistic. It refuses more than 20 scores.
func SubsetSums(scores []float64, k int) ([]float64, error) {
	n := len(scores)
	if n > 20 || k < 0 || k > n {
		return nil, fault.New(fault.Finding, CodeArgument, "Of %d days %d cannot be listed.", n, k)
	}
	var out []float64
	var walk func(from, left int, sum float64)
	walk = func(from, left int, sum float64) {
		if left == 0 {
			out = append(out, sum)
			return
		}
		for i := from; i <= n-left; i++ {
			walk(i+1, left-1, sum+scores[i])
		}
	}
	walk(0, k, 0)
	return out, nil
}

// Design is the variance of a person's estimate that the lottery itself gives.
type Design struct {
	ScoreVariance float64 `json:"score_variance"` // of the linear score over the lottery
	Variance      float64 `json:"variance"`       // of the estimate
	DF            float64 `json:"df"`
}

// DesignVariance is n/(n-2) * sum over blocks of Var(q'a) / ((z-e)'Pd)^2. A block is
// a part of the calendar that is drawn by itself: a week, a pair of weeks, a cycle.
// blocks[b] holds q'a for each of its equally likely outcomes, with a = P(y - estimate*d);
// slope is (z-e)'Pd, and n the number of observed days.
func DesignVariance(blocks [][]float64, slope float64, n int) (Design, error) {
	if n < 3 {
		return Design{}, fault.New(fault.Finding, CodeFew, "A variance needs at least three days; there are %d.", n)
	}
	if !(math.Abs(slope) > 1e-12) || math.IsInf(slope, 0) {
		return Design{}, fault.New(fault.Finding, CodeFlat, "The days drawn say nothing about home against office.")
	}
	sum := 0.0
	for _, b := range blocks {
		if len(b) == 0 {
			continue
		}
		mean := 0.0
		for _, v := range b {
			mean += v
		}
		mean /= float64(len(b))
		ss := 0.0
		for _, v := range b {
			ss += (v - mean) * (v - mean)
		}
		sum += ss / float64(len(b))
	}
	v := float64(n) / float64(n-2) * sum / (slope * slope)
	if !(v > 0) || math.IsInf(v, 1) {
		return Design{}, fault.New(fault.Finding, CodeFlat, "The lottery leaves no variance, so the estimate has no error to pool with.")
	}
	return Design{ScoreVariance: sum, Variance: v, DF: float64(n - 2)}, nil
}

// Moderation is the common variance and how many degrees of freedom it counts for.
type Moderation struct {
	DFPrior  *float64 `json:"df_prior"` // null: all people share one variance
	VarPrior float64  `json:"var_prior"`
}

// Moderate estimates the common variance from people's own (Smyth 2004; the same
// numbers as limma's squeezeVar): e = log v - digamma(df/2) + log(df/2), and the
// prior's degrees of freedom from the variance of e beyond that of chance.
func Moderate(variance, df []float64) (*Moderation, error) {
	k := len(variance)
	if len(df) != k {
		return nil, fault.New(fault.Finding, CodeShape, "There are %d variances and %d degrees of freedom.", k, len(df))
	}
	if k < 2 {
		return nil, fault.New(fault.Finding, CodeFew, "A common variance needs at least two people.")
	}
	for i := range variance {
		if say := unusable(0, variance[i], df[i]); say != "" {
			return nil, fault.New(fault.Finding, CodeShape, "Person %d: %s", i+1, say)
		}
	}
	type sums struct{ n, mean, ss, trigamma, v float64 }
	s := total(k, func(lo, hi int) sums {
		var s sums
		last, shift, tri := math.NaN(), 0.0, 0.0
		for i := lo; i < hi; i++ {
			if df[i] != last {
				last = df[i]
				shift, tri = math.Log(last/2)-special.Digamma(last/2), special.Trigamma(last/2)
			}
			e := math.Log(variance[i]) + shift
			s.n++
			d := e - s.mean
			s.mean += d / s.n
			s.ss += d * (e - s.mean)
			s.trigamma += tri
			s.v += variance[i]
		}
		return s
	}, func(a *sums, b sums) { // Chan, Golub and LeVeque 1983
		n := a.n + b.n
		d := b.mean - a.mean
		a.mean += d * b.n / n
		a.ss += b.ss + d*d*a.n*b.n/n
		a.n, a.trigamma, a.v = n, a.trigamma+b.trigamma, a.v+b.v
	})
	n := float64(k)
	extra := s.ss/(n-1) - s.trigamma/n
	if !(extra > 0) { // no person differs beyond chance: one variance for all
		return &Moderation{VarPrior: s.v / n}, nil
	}
	half := special.InverseTrigamma(extra)
	d0 := 2 * half
	return &Moderation{DFPrior: &d0, VarPrior: math.Exp(s.mean + special.Digamma(half) - math.Log(half))}, nil
}

// Variance returns a person's variance drawn towards the common one, and its
// degrees of freedom; they are infinite when all people share one variance.
func (m *Moderation) Variance(variance, df float64) (v, total float64) {
	if m == nil {
		return variance, df
	}
	if m.DFPrior == nil {
		return m.VarPrior, math.Inf(1)
	}
	d0 := *m.DFPrior
	return (d0*m.VarPrior + df*variance) / (d0 + df), d0 + df
}

func (m *Moderation) apply(variance, df []float64) []float64 {
	out := make([]float64, len(variance))
	shards(len(out), shardSize, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			out[i], _ = m.Variance(variance[i], df[i])
		}
	})
	return out
}
