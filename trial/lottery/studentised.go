package lottery

import (
	"math"
	"slices"
	"sync/atomic"
)

// Curve is a p-value as a function of a hypothesis h about scores a − h·b: how
// rare the observed schedule's statistic would be if h were true.
//
// The statistic is Welch's t of the scores between home and office days, over
// the observed days only. A group of one has variance 0; a schedule that
// leaves a group empty, or both variances 0, counts as extreme.
type Curve struct {
	rows  []float64 // for each schedule: days, Σa, Σb, Σa², Σab, Σb² over its home days
	all   [6]float64
	seen  [6]float64 // the observed schedule
	extra int        // 1 for draws: the observed schedule is one of the N
}

const cols = 6

// Tail is the direction in which a result is extreme.
type Tail uint8

// The two tails.
const (
	AtLeast Tail = iota // large statistics speak against the hypothesis
	AtMost              // small ones do
)

// Other returns the opposite tail.
func (t Tail) Other() Tail { return AtMost - t }

// NewCurve prepares the curve. a and b are scores in day order, 0 on days that
// were not observed; z is the observed schedule.
func NewCurve(s *Sample, a, b []float64, observed, z []bool) *Curve {
	n := len(a)
	c := make([][]float64, cols)
	for j := range c {
		c[j] = make([]float64, n)
	}
	for i := range n {
		if observed[i] {
			c[0][i], c[1][i], c[2][i] = 1, a[i], b[i]
			c[3][i], c[4][i], c[5][i] = a[i]*a[i], a[i]*b[i], b[i]*b[i]
		}
	}
	out := &Curve{rows: s.Sums(c...)}
	if !s.exact {
		out.extra = 1
	}
	for j := range c {
		for i, v := range c[j] {
			out.all[j] += v
			if z[i] {
				out.seen[j] += v
			}
		}
	}
	return out
}

// N returns the number of schedules compared, the observed one included.
func (c *Curve) N() int { return len(c.rows)/cols + c.extra }

// statistic returns the t of a row at h, and whether the row is extreme by rule.
func (c *Curve) statistic(row []float64, h float64) (t float64, extreme bool) {
	n1, n0 := row[0], c.all[0]-row[0]
	if n1 < 1 || n0 < 1 {
		return 0, true
	}
	s1 := row[1] - h*row[2]
	q1 := row[3] - h*(2*row[4]-h*row[5])
	s0 := c.all[1] - h*c.all[2] - s1
	q := c.all[3] - h*(2*c.all[4]-h*c.all[5])
	v := spreadOf(q1, s1, n1, q)/n1 + spreadOf(q-q1, s0, n0, q)/n0
	if v <= 0 {
		return 0, true
	}
	return (s1/n1 - s0/n0) / math.Sqrt(v), false
}

// spreadOf is the sample variance from a sum of squares q and a sum s over n
// values; rounding in the scale of all is taken for zero.
func spreadOf(q, s, n, all float64) float64 {
	if n < 2 {
		return 0
	}
	ss := q - s*s/n
	if ss <= 1e-13*all {
		return 0
	}
	return ss / (n - 1)
}

// Statistic returns the observed t at h.
func (c *Curve) Statistic(h float64) float64 {
	t, _ := c.statistic(c.seen[:], h)
	return t
}

// rule is one direction of the test at one h.
type rule struct {
	c       *Curve
	h, t    float64
	tail    Tail
	extreme bool // the observed row itself is extreme by rule: everything that is not ties with it
}

func (c *Curve) rule(h float64, tail Tail) *rule {
	t, ext := c.statistic(c.seen[:], h)
	tol := tolerance(t)
	if tail == AtMost {
		t += tol
	} else {
		t -= tol
	}
	return &rule{c, h, t, tail, ext}
}

func (r *rule) counts(row []float64) bool {
	t, ext := r.c.statistic(row, r.h)
	if ext || r.extreme {
		return true
	}
	if r.tail == AtMost {
		return t <= r.t
	}
	return t >= r.t
}

// tally counts extreme rows. It is statistic and counts written out, because a
// report calls it half a million times.
func (r *rule) tally(rows []float64) int {
	all := &r.c.all
	h, sign, bar := r.h, 1.0, r.t
	if r.tail == AtMost {
		sign, bar = -1, -bar
	}
	days, sum, squares := all[0], all[1]-h*all[2], all[3]-h*(2*all[4]-h*all[5])
	least := 1e-13 * squares
	n := 0
	for ; len(rows) >= cols; rows = rows[cols:] {
		row := rows[:cols]
		n1 := row[0]
		n0 := days - n1
		if n1 < 1 || n0 < 1 {
			n++
			continue
		}
		s1 := row[1] - h*row[2]
		q1 := row[3] - h*(2*row[4]-h*row[5])
		s0 := sum - s1
		m1, m0 := s1/n1, s0/n0
		v := 0.0
		if ss := q1 - s1*m1; n1 > 1 && ss > least {
			v = ss / ((n1 - 1) * n1)
		}
		if ss := squares - q1 - s0*m0; n0 > 1 && ss > least {
			v += ss / ((n0 - 1) * n0)
		}
		if v <= 0 || sign*(m1-m0) >= bar*math.Sqrt(v) {
			n++
		}
	}
	return n
}

// count returns how many schedules are at least as extreme, the observed one
// included.
func (c *Curve) count(h float64, tail Tail) int {
	r := c.rule(h, tail)
	if r.extreme {
		return c.N()
	}
	var total atomic.Int64
	spread(len(c.rows)/cols, 1<<13, func(lo, hi int) {
		total.Add(int64(r.tally(c.rows[lo*cols : hi*cols])))
	})
	return int(total.Load()) + c.extra
}

// Each returns the statistic of each schedule of the sample at h and the
// observed one, turned so that larger is more extreme; plus infinity where a
// schedule is extreme by rule.
func (c *Curve) Each(h float64, tail Tail) (all []float64, observed float64) {
	one := func(row []float64) float64 {
		t, ext := c.statistic(row, h)
		switch {
		case ext:
			return math.Inf(1)
		case tail == AtMost:
			return -t
		}
		return t
	}
	all = make([]float64, len(c.rows)/cols)
	for i := range all {
		all[i] = one(c.rows[i*cols : i*cols+cols])
	}
	return all, one(c.seen[:])
}

// P returns the share of schedules at least as extreme as the observed one.
func (c *Curve) P(h float64, tail Tail) float64 { return float64(c.count(h, tail)) / float64(c.N()) }

// Count returns the number of schedules behind P.
func (c *Curve) Count(h float64, tail Tail) int { return c.count(h, tail) }

// Lower returns the least h that is not refused at alpha in the tail AtLeast: the
// crossing nearest the estimate, minus infinity when there is none. step is
// the first step, about one standard error.
func (c *Curve) Lower(estimate, step, alpha float64) float64 {
	return c.crossing(estimate, -math.Abs(step), alpha, AtLeast)
}

// Upper is the mirror of Lower.
func (c *Curve) Upper(estimate, step, alpha float64) float64 {
	return c.crossing(estimate, math.Abs(step), alpha, AtMost)
}

// AllowedCount is the largest number of extreme schedules that still refuses a
// hypothesis at alpha: the zero-based index of a limit in sorted thresholds.
func AllowedCount(alpha float64, n int) int { return int(math.Floor(alpha*float64(n) + 1e-9)) }

// crossing steps out from the estimate until the count falls to the allowed
// number, then halves the interval.
func (c *Curve) crossing(estimate, step, alpha float64, tail Tail) float64 {
	k := AllowedCount(alpha, c.N())
	if k < 1 || step == 0 || math.IsNaN(step) || math.IsInf(step, 0) {
		return math.Inf(int(math.Copysign(1, step)))
	}
	inside, outside := estimate, estimate
	if c.count(estimate, tail) <= k {
		// the estimate itself is refused: the nearest crossing lies the other way
		for d := -step; ; d *= 2 {
			if math.Abs(d) > math.Abs(step)*(1<<40) {
				return estimate
			}
			if inside = estimate + d; c.count(inside, tail) > k {
				break
			}
			outside = inside
		}
		return c.bisect(inside, outside, k, tail)
	}
	for d := step; ; d *= 2 {
		if math.Abs(d) > math.Abs(step)*(1<<40) {
			return math.Inf(int(math.Copysign(1, step)))
		}
		if outside = estimate + d; c.count(outside, tail) <= k {
			break
		}
		inside = outside
	}
	return c.bisect(inside, outside, k, tail)
}

// bisect halves 50 times between a hypothesis with more than k extreme
// schedules and one with at most k. After five halvings only the schedules
// that changed side between the two ends are looked at; the ends are counted
// in full once more, and where that disagrees all 50 halvings are.
func (c *Curve) bisect(inside, outside float64, k int, tail Tail) float64 {
	in, out := inside, outside
	for range 5 {
		mid := (in + out) / 2
		if c.count(mid, tail) > k {
			in = mid
		} else {
			out = mid
		}
	}
	wideIn, wideOut := in, out
	always, active := c.undecided(in, out, tail)
	for range 45 {
		mid := (in + out) / 2
		r := c.rule(mid, tail)
		n := always
		for _, i := range active {
			if r.counts(c.rows[int(i)*cols : int(i)*cols+cols]) {
				n++
			}
		}
		if n > k {
			in = mid
		} else {
			out = mid
		}
	}
	if c.count(in, tail) > k && c.count(out, tail) <= k {
		return (in + out) / 2
	}
	in, out = wideIn, wideOut
	for range 45 {
		mid := (in + out) / 2
		if c.count(mid, tail) > k {
			in = mid
		} else {
			out = mid
		}
	}
	return (in + out) / 2
}

// undecided splits the schedules by whether they are extreme at both ends.
func (c *Curve) undecided(x, y float64, tail Tail) (always int, active []int32) {
	rx, ry := c.rule(x, tail), c.rule(y, tail)
	always = c.extra
	for i := range len(c.rows) / cols {
		row := c.rows[i*cols : i*cols+cols]
		switch a, b := rx.counts(row), ry.counts(row); {
		case a && b:
			always++
		case a != b:
			active = append(active, int32(i))
		}
	}
	return always, active
}

// Linear is the fast twin of Curve: the statistic is the plain sum of the
// scores over home days, so that each schedule has one threshold and every
// p-value and limit is an order statistic of one pass.
//
// A schedule with a negative denominator counts as extreme at every h; one
// with a zero denominator only when its numerator does not exceed the observed one.
type Linear struct {
	num, den     []float64 // observed minus each schedule
	lower, upper []float64 // sorted thresholds
	tol, flat    float64   // rounding in sums of a, and of b
}

// NewLinear prepares the twin; scores are 0 on days that were not observed.
func NewLinear(s *Sample, a, b []float64, z []bool) *Linear {
	sums := s.Sums(a, b)
	za, zb := 0.0, 0.0
	for i := range a {
		if z[i] {
			za += a[i]
			zb += b[i]
		}
	}
	n := s.Len()
	l := &Linear{num: make([]float64, n), den: make([]float64, n), tol: rounding(a), flat: rounding(b)}
	for i := range n {
		l.num[i], l.den[i] = za-sums[2*i], zb-sums[2*i+1]
	}
	if !s.exact {
		l.num, l.den = append(l.num, 0), append(l.den, 0)
	}
	l.lower, l.upper = make([]float64, len(l.num)), make([]float64, len(l.num))
	for i, nu := range l.num {
		l.lower[i], l.upper[i] = l.thresholds(nu, l.den[i])
	}
	l.sort()
	return l
}

// sort sorts the thresholds. Where the two lists differ only in schedules that
// are extreme at every h, one sorting serves both.
func (l *Linear) sort() {
	always := 0
	for i, x := range l.lower {
		switch {
		case math.IsInf(x, -1) && math.IsInf(l.upper[i], 1):
			always++
		case x != l.upper[i]:
			slices.Sort(l.lower)
			slices.Sort(l.upper)
			return
		}
	}
	slices.Sort(l.lower)
	copy(l.upper, l.lower[always:])
	for i := len(l.upper) - always; i < len(l.upper); i++ {
		l.upper[i] = math.Inf(1)
	}
}

func (l *Linear) thresholds(num, den float64) (lower, upper float64) {
	lower, upper = math.Inf(-1), math.Inf(1)
	switch {
	case den > l.flat:
		return num / den, num / den
	case den < -l.flat:
		return lower, upper
	}
	if num > l.tol {
		lower = math.Inf(1)
	}
	if num < -l.tol {
		upper = math.Inf(-1)
	}
	return lower, upper
}

// N returns the number of schedules compared.
func (l *Linear) N() int { return len(l.num) }

// CountGreater counts the schedules whose sum of a − h·b is at least the observed one.
func (l *Linear) CountGreater(h float64) int {
	n := 0
	for i, nu := range l.num {
		if den := l.den[i]; den < -l.flat || nu-h*den <= l.tol && (den > l.flat || nu <= l.tol) {
			n++
		}
	}
	return n
}

// CountLess is the mirror of CountGreater.
func (l *Linear) CountLess(h float64) int {
	n := 0
	for i, nu := range l.num {
		if den := l.den[i]; den < -l.flat || nu-h*den >= -l.tol && (den > l.flat || nu >= -l.tol) {
			n++
		}
	}
	return n
}

// Greater returns the share behind CountGreater.
func (l *Linear) Greater(h float64) float64 { return float64(l.CountGreater(h)) / float64(l.N()) }

// Less returns the share behind CountLess.
func (l *Linear) Less(h float64) float64 { return float64(l.CountLess(h)) / float64(l.N()) }

// Lower returns the one-sided lower limit at alpha; minus infinity when even
// the observed schedule alone is more than alpha.
func (l *Linear) Lower(alpha float64) float64 {
	k := AllowedCount(alpha, l.N())
	if k < 1 {
		return math.Inf(-1)
	}
	return l.lower[k]
}

// Upper is the mirror of Lower.
func (l *Linear) Upper(alpha float64) float64 {
	k := AllowedCount(alpha, l.N())
	if k < 1 {
		return math.Inf(1)
	}
	return l.upper[len(l.upper)-1-k]
}
