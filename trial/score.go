package trial

import (
	"math"
	"math/big"

	"homecase/trial/lottery"
)

// table is a trial laid out for the analysis: one entry a scheduled day.
type table struct {
	week, weekday []int
	assigned      []bool // the schedule drawn
	home          []bool // where the day was worked
	lot           *lottery.Lottery
	sample        *lottery.Sample
}

// question is one measure with its margin, made ready for the lottery test: a
// hypothesis h leaves the scores a − h·b (trial-wide formulas: absolute margins
// test y − d0·place, relative ones y on office days and y/r0 on home days).
type question struct {
	t        *table
	y        []float64 // as recorded, 0 where not observed
	seen     []bool
	ordinal  []int // of the observed days
	project  *lottery.Projection
	a, b     []float64 // by scheduled day, 0 where not observed
	relative bool
	lower    bool // lower is better
	estimate float64
	step     float64 // about one standard error of h
	variance float64 // sampling variance of the estimate
	curve    *lottery.Curve
	linear   *lottery.Linear
}

// ask prepares a question. seen marks the days with a value.
func (t *table) ask(y []float64, seen []bool, relative bool, better Better) *question {
	q := &question{t: t, y: y, seen: seen, relative: relative, lower: better == Lower}
	q.project, q.ordinal = t.projection(seen)
	u, v := make([]float64, len(y)), make([]float64, len(y))
	for i := range y {
		if !seen[i] {
			continue
		}
		switch {
		case relative && t.home[i]:
			v[i] = y[i]
		case relative:
			u[i] = y[i]
		default:
			u[i] = q.up(y[i])
			if t.home[i] {
				v[i] = 1
			}
		}
	}
	q.a, q.b = q.apply(u), q.apply(v)
	q.solve()
	return q
}

// up turns a value so that more is better.
func (q *question) up(y float64) float64 {
	if q.lower {
		return -y
	}
	return y
}

// projection prepares the working model over the observed days.
func (t *table) projection(seen []bool) (*lottery.Projection, []int) {
	var s, weekday, week []int
	for i, ok := range seen {
		if ok {
			s, weekday, week = append(s, i), append(weekday, t.weekday[i]), append(week, t.week[i])
		}
	}
	return lottery.Default().Project(s, weekday, week), s
}

// apply projects the observed entries of v.
func (q *question) apply(v []float64) []float64 {
	x := make([]float64, len(q.ordinal))
	for i, t := range q.ordinal {
		x[i] = v[t]
	}
	out := make([]float64, len(v))
	for i, w := range q.project.Apply(x) {
		out[q.ordinal[i]] = w
	}
	return out
}

// solve finds the estimate (z−e)'a / (z−e)'b and its sampling variance
// n/(n−2) · Var(q'(a − estimate·b)) / ((z−e)'b)².
func (q *question) solve() {
	num, den := 0.0, 0.0
	size := 0.0
	for i, e := range q.t.lot.Chances() {
		w := -e
		if q.t.assigned[i] {
			w++
		}
		num += w * q.a[i]
		den += w * q.b[i]
		size = max(size, math.Abs(q.b[i]))
	}
	q.estimate = math.NaN()
	n := float64(len(q.ordinal))
	if math.Abs(den) <= 1e-9*size || size == 0 || n < 3 {
		return
	}
	q.estimate = num / den
	r := make([]float64, len(q.a))
	for i := range r {
		r[i] = q.a[i] - q.estimate*q.b[i]
	}
	q.variance = n / (n - 2) * q.t.lot.Variance(r) / (den * den)
	if q.step = math.Sqrt(q.variance); q.step == 0 {
		q.step = 1e-6 * (1 + math.Abs(q.estimate)) // days without any noise still have a limit
	}
}

// testable tells whether both arms have the three observed days that a
// p-value needs.
func (q *question) testable() bool {
	home, office := q.arms()
	return home >= 3 && office >= 3
}

func (q *question) arms() (home, office int) {
	for i, ok := range q.seen {
		switch {
		case ok && q.t.assigned[i]:
			home++
		case ok:
			office++
		}
	}
	return home, office
}

// prepare computes the curves.
func (q *question) prepare() {
	q.curve = lottery.NewCurve(q.t.sample, q.a, q.b, q.seen, q.t.assigned)
	q.linear = lottery.NewLinear(q.t.sample, q.a, q.b, q.t.assigned)
}

// at returns the h of a margin: how much worse home may be. It is NaN where a
// relative margin leaves nothing.
func (q *question) at(margin float64) float64 {
	if !q.relative {
		return -margin
	}
	ratio := 1 - margin
	if q.lower {
		ratio = 1 + margin
	}
	if ratio <= 0 {
		return math.NaN()
	}
	return -1 / ratio
}

// tail is the direction that favours home: a ratio of a measure that is better
// lower is favoured by small values.
func (q *question) tail() lottery.Tail {
	if q.relative && q.lower {
		return lottery.AtMost
	}
	return lottery.AtLeast
}

// notWorse is the p-value against "worse than the margin".
func (q *question) notWorse(margin float64) float64 {
	return q.curve.P(q.at(margin), q.tail())
}

// worse is the p-value for "worse than the margin".
func (q *question) worse(margin float64) float64 {
	return q.curve.P(q.at(margin), q.tail().Other())
}

// shown turns h into the effect that is printed: home minus office, or the
// ratio minus 1.
func (q *question) shown(h float64) float64 {
	switch {
	case !q.relative && q.lower:
		return -h
	case !q.relative:
		return h
	case h >= 0:
		return math.Inf(1)
	}
	return -1/h - 1
}

// span turns limits of h into an interval of effects.
func (q *question) span(lower, upper float64) [2]float64 {
	a, b := q.shown(lower), q.shown(upper)
	return [2]float64{min(a, b), max(a, b)}
}

// interval returns the interval with alpha on either side.
func (q *question) interval(alpha float64) [2]float64 {
	if math.IsNaN(q.estimate) {
		return [2]float64{math.Inf(-1), math.Inf(1)}
	}
	return q.span(q.curve.Lower(q.estimate, q.step, alpha), q.curve.Upper(q.estimate, q.step, alpha))
}

// twin returns the p-value of the linear twin: exact wherever the lottery can
// be counted, from the draws otherwise. exact tells which.
func (q *question) twin(margin float64) (p float64, exact bool) {
	h := q.at(margin)
	if !q.t.sample.Exact() {
		if n, err := q.t.lot.LinearCount(q.a, q.b, q.t.assigned, h, q.tail()); err == nil {
			p, _ = new(big.Rat).SetFrac(n, q.t.lot.Count()).Float64()
			return p, true
		}
	}
	if q.tail() == lottery.AtMost {
		return q.linear.Less(h), q.t.sample.Exact()
	}
	return q.linear.Greater(h), q.t.sample.Exact()
}

// fill returns the p-value at the margin if the days marked in extra had the
// values base + x·slope, as a function of x. It is the same curve with x in
// the place of the hypothesis.
func (q *question) fill(margin float64, extra []bool, base, slope []float64) func(x float64) float64 {
	seen := make([]bool, len(q.seen))
	copy(seen, q.seen)
	u, v := make([]float64, len(seen)), make([]float64, len(seen))
	h := q.at(margin)
	for i := range seen {
		y, s := q.y[i], 0.0
		if extra[i] {
			seen[i], y, s = true, base[i], slope[i]
		}
		if !seen[i] {
			continue
		}
		home := q.t.home[i] || extra[i] && q.t.assigned[i]
		switch {
		case q.relative && home:
			u[i], v[i] = -h*y, h*s
		case q.relative:
			u[i], v[i] = y, -s
		default:
			u[i], v[i] = q.up(y), -q.up(s)
			if home {
				u[i] -= h
			}
		}
	}
	f := &question{t: q.t, seen: seen}
	f.project, f.ordinal = q.t.projection(seen)
	c := lottery.NewCurve(q.t.sample, f.apply(u), f.apply(v), seen, q.t.assigned)
	return func(x float64) float64 { return c.P(x, q.tail()) }
}
