package pool

import (
	"math"

	"homecase/special"
)

// gridPoints is the number of spreads of people that are looked at.
const gridPoints = 41

// Point holds what the data say at one spread tau, with w = 1/(v + tau^2).
type Point struct{ LogDet, W, WD, WDD float64 }

// Sums is one pass over people, from which all that is said of the group follows.
// Sums of different people may be merged.
type Sums struct {
	N int
	G [gridPoints]Point
}

// Merge adds the sums of other people.
func (s *Sums) Merge(o Sums) {
	s.N += o.N
	for g := range s.G {
		s.G[g].LogDet += o.G[g].LogDet
		s.G[g].W += o.G[g].W
		s.G[g].WD += o.G[g].WD
		s.G[g].WDD += o.G[g].WDD
	}
}

// batch is how many people share one logarithm: that of the product of their
// variances.
const batch = 16

// Add takes in people, in the units of the grid: tau2 are the squared spreads,
// estimates are measured from a common centre. Variances must lie between 1e-18
// and 1e18, or the product of a batch leaves the range of numbers.
func (s *Sums) Add(estimate, variance []float64, tau2 *[gridPoints]float64) {
	s.N += len(estimate)
	for len(estimate) > 0 {
		n := min(batch, len(estimate))
		d, v := estimate[:n], variance[:n]
		for g, t := range tau2 {
			product := 1.0
			var p Point
			for j, x := range d {
				a := v[j] + t
				w := 1 / a
				product *= a
				p.W += w
				w *= x
				p.WD += w
				p.WDD += w * x
			}
			q := &s.G[g]
			q.LogDet += math.Log(product)
			q.W += p.W
			q.WD += p.WD
			q.WDD += p.WDD
		}
		estimate, variance = estimate[n:], variance[n:]
	}
}

// problem is a pool in scaled form: (d - centre)/unit and v/unit^2, so that no sum
// depends on whether people write seconds or hours.
type problem struct {
	k            int
	centre, unit float64
	unitFrom     string
	d, v         []float64
	short        int
	minDF, maxDF float64
	none         *weighed // the sums at no spread
	pauleMandel  float64
}

// quickRule is half of the constant in SE = c*SD/sqrt(days), c = 1.9 to 2.3 for one
// to three home days a week (table of precision): it turns a variance and its
// degrees of freedom back into the day-to-day SD.
const quickRule = 2.0

func newProblem(estimate, variance, df []float64, unit float64) *problem {
	p := &problem{k: len(estimate), unit: unit, unitFrom: "given", minDF: math.Inf(1), maxDF: 0}
	type sums struct {
		d, logs, vmin, vmax, dfMin, dfMax float64
		n, short                          int
	}
	s := total(p.k, func(lo, hi int) sums {
		s := sums{n: hi - lo, vmin: math.Inf(1), dfMin: math.Inf(1)}
		for i := lo; i < hi; i++ {
			s.d += estimate[i]
			s.vmin, s.vmax = math.Min(s.vmin, variance[i]), math.Max(s.vmax, variance[i])
			s.dfMin, s.dfMax = math.Min(s.dfMin, df[i]), math.Max(s.dfMax, df[i])
			if unit == 0 {
				s.logs += math.Log(variance[i] * (df[i] + 2))
			}
			if df[i] < shortTrialDF {
				s.short++
			}
		}
		return s
	}, func(a *sums, b sums) {
		if a.n == 0 {
			*a = b
			return
		}
		a.d, a.logs, a.n, a.short = a.d+b.d, a.logs+b.logs, a.n+b.n, a.short+b.short
		a.vmin, a.vmax = math.Min(a.vmin, b.vmin), math.Max(a.vmax, b.vmax)
		a.dfMin, a.dfMax = math.Min(a.dfMin, b.dfMin), math.Max(a.dfMax, b.dfMax)
	})
	p.short, p.minDF, p.maxDF = s.short, s.dfMin, s.dfMax
	p.centre = s.d / float64(p.k)
	if unit == 0 {
		p.unit, p.unitFrom = 1, "estimates"
		guess := math.Exp(s.logs/float64(p.k)/2) / quickRule
		if guess < 0.25 || guess > 4 {
			p.unit, p.unitFrom = guess, "variances"
		}
	}
	p.d, p.v = make([]float64, p.k), make([]float64, p.k)
	shards(p.k, shardSize, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			p.d[i] = (estimate[i] - p.centre) / p.unit
			p.v[i] = math.Min(1e18, math.Max(1e-18, variance[i]/(p.unit*p.unit)))
		}
	})
	return p
}

// part is one grid point of the posterior, in scaled form.
type part struct{ weight, mu, v, tau float64 }

// posterior makes the grid from 0 to 2 units. A grid that the data fill with only
// a few points is made finer where they are, and one whose end still counts is
// made longer.
func (p *problem) posterior() []part {
	lo, hi := 0.0, 2.0
	var parts []part
	for range 12 {
		var tau2 [gridPoints]float64
		for g := range tau2 {
			t := lo + (hi-lo)*float64(g)/(gridPoints-1)
			tau2[g] = t * t
		}
		all := total(p.k, func(a, b int) Sums {
			var s Sums
			s.Add(p.d[a:b], p.v[a:b], &tau2)
			return s
		}, func(all *Sums, part Sums) { all.Merge(part) })
		parts = all.posterior(&tau2)
		from, to := gridPoints, -1
		for g, q := range parts {
			if q.weight > 1e-6 {
				from, to = min(from, g), max(to, g)
			}
		}
		step := (hi - lo) / (gridPoints - 1)
		switch {
		case to == gridPoints-1 && parts[to].weight > 1e-4 && hi < 1e4:
			lo, hi = lo+step*float64(max(from-1, 0)), hi+(hi-lo)*3
		case to-from < 10 && step > 1e-9:
			lo, hi = math.Max(0, lo+step*float64(from-1)), lo+step*float64(to+1)
		default:
			return parts
		}
	}
	return parts
}

// posterior weighs the grid points: log w = -(S0 + log S1 + S3 - S2^2/S1)/2 + log
// half-normal(0.5) (Roever 2020 gives the same marginal likelihood).
func (s *Sums) posterior(tau2 *[gridPoints]float64) []part {
	parts := make([]part, gridPoints)
	top := math.Inf(-1)
	for g, q := range s.G {
		mu := q.WD / q.W
		l := -0.5*(q.LogDet+math.Log(q.W)+q.WDD-q.WD*mu) - tau2[g]/(2*priorTau*priorTau)
		parts[g] = part{l, mu, 1 / q.W, math.Sqrt(tau2[g])}
		top = math.Max(top, l)
	}
	sum := 0.0
	for g := range parts {
		parts[g].weight = math.Exp(parts[g].weight - top)
		sum += parts[g].weight
	}
	for g := range parts {
		parts[g].weight /= sum
	}
	return parts
}

// Bayes is the group answer averaged over how much people may differ.
type Bayes struct {
	Mean              float64     `json:"mean"`
	SD                float64     `json:"sd"`
	Interval95        [2]float64  `json:"interval95"`
	PAboveMinusMargin float64     `json:"p_above_minus_margin"`
	Share             *float64    `json:"share_at_least_as_good"` // of people, true effect above minus the margin
	ShareRange        *[2]float64 `json:"share_range"`            // from 500 people on: with and without the normal model
	Prediction90      *[2]float64 `json:"prediction90"`           // of the next person's true effect
	Tau               float64     `json:"tau"`                    // how much people differ, SD, posterior mean
	TauInterval90     [2]float64  `json:"tau_interval90"`
	TauMode           float64     `json:"tau_mode"`

	parts        []part
	centre, unit float64
}

func (p *problem) bayes(margin float64) *Bayes {
	parts := p.posterior()
	b := &Bayes{centre: p.centre, unit: p.unit}
	best, second, tau := 0.0, 0.0, 0.0
	for _, q := range parts {
		if q.weight < 1e-14 {
			continue
		}
		b.parts = append(b.parts, q)
		b.Mean += q.weight * q.mu
		second += q.weight * (q.mu*q.mu + q.v)
		tau += q.weight * q.tau
		if q.weight > best {
			best, b.TauMode = q.weight, q.tau*p.unit
		}
	}
	b.SD = p.unit * math.Sqrt(math.Max(0, second-b.Mean*b.Mean))
	b.Mean, b.Tau = p.centre+p.unit*b.Mean, tau*p.unit
	b.TauInterval90 = [2]float64{p.unit * b.tauQuantile(0.05), p.unit * b.tauQuantile(0.95)}
	mean := func(q part) float64 { return math.Sqrt(q.v) }
	next := func(q part) float64 { return math.Sqrt(q.v + q.tau*q.tau) }
	b.Interval95 = [2]float64{b.quantile(0.025, mean), b.quantile(0.975, mean)}
	b.PAboveMinusMargin = b.above(-margin, mean)
	share := b.above(-margin, next)
	b.Share = &share
	b.Prediction90 = &[2]float64{b.quantile(0.05, next), b.quantile(0.95, next)}
	if other, ok := p.freeShare(b, -margin); ok {
		b.ShareRange = &[2]float64{math.Min(share, other), math.Max(share, other)}
	}
	return b
}

// tauQuantile interpolates in the weights, each spread evenly over its cell.
func (b *Bayes) tauQuantile(level float64) float64 {
	sum := 0.0
	for i, q := range b.parts {
		if sum+q.weight >= level || i == len(b.parts)-1 {
			left, right := q.tau, q.tau
			if i > 0 {
				left = (q.tau + b.parts[i-1].tau) / 2
			}
			if i < len(b.parts)-1 {
				right = (q.tau + b.parts[i+1].tau) / 2
			}
			return left + (right-left)*math.Min(1, (level-sum)/q.weight)
		}
		sum += q.weight
	}
	return 0
}

// above is the mixture's chance of more than x; sd gives each part's spread.
func (b *Bayes) above(x float64, sd func(part) float64) float64 {
	x = (x - b.centre) / b.unit
	s := 0.0
	for _, q := range b.parts {
		s += q.weight * special.NormalCDF((q.mu-x)/sd(q))
	}
	return math.Min(1, s)
}

func (b *Bayes) quantile(level float64, sd func(part) float64) float64 {
	lo, hi, z := math.Inf(1), math.Inf(-1), special.NormalQuantile(level)
	for _, q := range b.parts {
		lo, hi = math.Min(lo, q.mu+z*sd(q)), math.Max(hi, q.mu+z*sd(q))
	}
	lo, hi = b.centre+b.unit*lo, b.centre+b.unit*hi
	for range 100 {
		mid := (lo + hi) / 2
		if mid <= lo || mid >= hi {
			break
		}
		if 1-b.above(mid, sd) < level {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
