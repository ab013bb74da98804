package lottery

import (
	"errors"
	"math"
	"math/big"
)

// Test is an exact permutation test: how many of all schedules give a sum of
// home days at least, or at most, as large as the one observed.
type Test struct {
	CountGE      *big.Int `json:"count_ge"`
	CountLE      *big.Int `json:"count_le"`
	Total        *big.Int `json:"total"`
	PGreater     float64  `json:"p_greater"`
	PLess        float64  `json:"p_less"`
	PTwoSidedAbs float64  `json:"p_two_sided_abs"`  // share at least as far from the mean as the observed one (R coin)
	PTwoSidedMin float64  `json:"p_two_sided_2min"` // twice the smaller one-sided p, at most 1 (SciPy)
}

// Errors of the exact tests.
var (
	ErrValues = errors.New("an exact test needs finite numbers, at least one on each side")
	ErrFit    = errors.New("the lottery could not have drawn this schedule")
)

func newTest(ge, le, far, total *big.Int) Test {
	share := func(n *big.Int) float64 {
		if total.BitLen() <= 53 { // both are exact as floats, so the quotient is rounded once
			return float64(n.Int64()) / float64(total.Int64())
		}
		f, _ := new(big.Rat).SetFrac(n, total).Float64()
		return f
	}
	t := Test{CountGE: ge, CountLE: le, Total: total, PGreater: share(ge), PLess: share(le), PTwoSidedAbs: share(far)}
	t.PTwoSidedMin = min(1, 2*min(t.PGreater, t.PLess))
	return t
}

// Exact compares two groups by the sum of the home values over all ways to
// divide the values, as R's coin and exactRankTests do.
func Exact(home, office []float64) (Test, error) {
	n := len(home) + len(office)
	if len(home) == 0 || len(office) == 0 {
		return Test{}, ErrValues
	}
	values := make([]float64, 0, n)
	values = append(append(values, home...), office...)
	if !finite(values) {
		return Test{}, ErrValues
	}
	if scores, ok := Integers(values); ok {
		s := reduce(scores)
		if d, ok := subsetSums(s.scores, len(home)); ok {
			obs := int64(0)
			for _, v := range s.scores[:len(home)] {
				obs += v
			}
			all := int64(0)
			for _, v := range s.scores {
				all += v
			}
			return d.test(obs, float64(len(home))*float64(all)/float64(n)), nil
		}
	}
	l, err := Complete(n, len(home))
	if err != nil {
		return Test{}, err
	}
	z := make([]bool, n)
	for i := range home {
		z[i] = true
	}
	return l.Exact(values, z)
}

// SignFlip tests paired differences: each sign is as likely as its opposite.
// A difference of zero keeps its two equal signs.
func SignFlip(differences []float64) (Test, error) {
	if len(differences) == 0 || !finite(differences) {
		return Test{}, ErrValues
	}
	size := make([]float64, len(differences))
	for i, d := range differences {
		size[i] = math.Abs(d)
	}
	if scores, ok := Integers(size); ok {
		g := int64(0)
		for _, v := range scores {
			g = gcd(g, v)
		}
		d := newDist(1, limbsFor(new(big.Int).Lsh(big.NewInt(1), uint(len(scores)))))
		obs, all := int64(0), int64(0)
		room := true
		for i, v := range scores {
			v /= max(g, 1)
			scores[i] = v
			if all += v; all > maxCells {
				room = false
				break
			}
			if differences[i] > 0 {
				obs += v
			}
		}
		if room {
			for _, v := range scores {
				d = d.plus(d, v)
			}
			return d.test(obs, float64(all)/2), nil
		}
	}
	return flipReal(differences, size)
}

// flipReal lists or meets in the middle: a pair of weeks with one home day is
// a sign, so the lottery of blocks does it.
func flipReal(differences, size []float64) (Test, error) {
	weeks := make([]Week, len(size))
	scores := make([]float64, 0, 2*len(size))
	z := make([]bool, 0, 2*len(size))
	for i, v := range size {
		weeks[i] = Week{Days: []int{1, 2}, Allowed: []int{1, 2}, K: 1}
		scores = append(scores, v, -v)
		z = append(z, differences[i] > 0, differences[i] <= 0)
	}
	l, err := KOfM(weeks)
	if err != nil {
		return Test{}, err
	}
	return l.Exact(scores, z)
}

// Exact tests the sum of scores over the home days of z among all schedules.
// Recorded decimals are scaled to whole numbers and convolved; other numbers
// are listed, or met in the middle up to 10^13 schedules.
func (l *Lottery) Exact(scores []float64, z []bool) (Test, error) {
	if len(scores) != l.days || !finite(scores) {
		return Test{}, ErrValues
	}
	if _, ok := l.Fits(z); !ok {
		return Test{}, ErrFit
	}
	if whole, ok := Integers(scores); ok {
		if t, ok := l.exactWhole(whole, z); ok {
			return t, nil
		}
	}
	return l.exactReal(scores, z)
}

func (l *Lottery) exactReal(scores []float64, z []bool) (Test, error) {
	obs, mean := 0.0, 0.0
	for i, s := range scores {
		if z[i] {
			obs += s
		}
		mean += l.chance[i] * s
	}
	tol := rounding(scores)
	far := math.Abs(obs-mean) - tol
	// counts of sums ≥ the first, > the second, ≥ the third, > the fourth
	c, err := l.atLeast(scores, obs-tol, math.Nextafter(obs+tol, math.Inf(1)), mean+far, math.Nextafter(mean-far, math.Inf(1)))
	if err != nil {
		return Test{}, err
	}
	total := l.Count()
	big1 := func(u uint64) *big.Int { return new(big.Int).SetUint64(u) }
	le := new(big.Int).Sub(total, big1(c[1]))
	both := new(big.Int).Add(big1(c[2]), new(big.Int).Sub(total, big1(c[3])))
	if both.Cmp(total) > 0 {
		both.Set(total)
	}
	return newTest(big1(c[0]), le, both, total), nil
}

// tolerance is how far apart two statistics may be through rounding: ties are
// decided by it, never by ==.
func tolerance(t float64) float64 { return 1e-9 * max(1, math.Abs(t)) }

// rounding is the same for sums of the values, in their own scale.
func rounding(values []float64) float64 {
	size := 0.0
	for _, v := range values {
		size = max(size, math.Abs(v))
	}
	return 1e-9 * size
}

func finite(values []float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Integers scales recorded decimals to whole numbers by a power of ten. It
// reports false when the numbers have more than six decimals or are too large.
func Integers(values []float64) ([]int64, bool) {
	out := make([]int64, len(values))
	for scale := 1.0; scale <= 1e6; scale *= 10 {
		ok := true
		for i, v := range values {
			w := math.Round(v * scale)
			if math.Abs(w) > 1<<50 || w/scale != v {
				ok = false
				break
			}
			out[i] = int64(w)
		}
		if ok {
			return out, true
		}
	}
	return nil, false
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// reduced scores start at zero and have no common divisor: fewer cells.
type reduced struct{ scores []int64 }

func reduce(scores []int64) reduced {
	least := scores[0]
	for _, v := range scores {
		least = min(least, v)
	}
	g := int64(0)
	out := make([]int64, len(scores))
	for i, v := range scores {
		out[i] = v - least
		g = gcd(g, out[i])
	}
	if g > 1 {
		for i := range out {
			out[i] /= g
		}
	}
	return reduced{out}
}
