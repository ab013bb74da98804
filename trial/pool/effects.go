package pool

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"homecase/special"
)

// Line is a random-effects mean with one estimate of the spread of people. The
// interval is Hartung and Knapp's, never shorter than the classical one (the
// modified form, factor max(1, q): Roever et al. 2015), with k-1 degrees of freedom.
type Line struct {
	Mu           float64    `json:"mu"`
	Tau2         float64    `json:"tau2"`
	SE           float64    `json:"se"`
	SEHK         float64    `json:"se_hk"`
	Interval95Z  [2]float64 `json:"interval95_z"`
	Interval95   [2]float64 `json:"interval95"` // the one to print
	Prediction90 [2]float64 `json:"prediction90"`
	People       int        `json:"people"`
}

// Share is the share of people whose true effect is above -margin when the spread
// of people is taken as known.
func (l Line) Share(margin float64) float64 {
	if l.Tau2 == 0 {
		if l.Mu >= -margin {
			return 1
		}
		return 0
	}
	return special.NormalCDF((l.Mu + margin) / math.Sqrt(l.Tau2))
}

// PGreater is the one-sided p-value against a mean of m0 or less.
func (l Line) PGreater(m0 float64) float64 {
	return special.TSurvival((l.Mu-m0)/l.robust(), float64(l.People-1))
}

func (l Line) robust() float64 { return math.Max(l.SE, l.SEHK) }

// Shrink draws one person's estimate towards the mean: B = v/(v + tau^2). The
// second value is the SD with, the third without, the uncertainty of the mean.
func (l Line) Shrink(estimate, variance float64) (mean, sd, sdMuKnown float64) {
	b := variance / (variance + l.Tau2)
	own := (1 - b) * variance
	return l.Mu + (1-b)*(estimate-l.Mu), math.Sqrt(own + b*b*l.SE*l.SE), math.Sqrt(own)
}

// weighed holds the sums at one spread of people.
type weighed struct {
	w, wd, w2, w3 float64
	q, qw         float64 // sum w (d-mu)^2 and sum w^2 (d-mu)^2
	mu            float64
}

// settled is when a spread is found: sums over a million people are not exact
// enough for more.
const settled = 1e-12

// at returns the sums at a spread; those at none are asked for often.
func (p *problem) at(tau2 float64) weighed {
	if tau2 != 0 {
		return p.sums(tau2)
	}
	if p.none == nil {
		s := p.sums(0)
		p.none = &s
	}
	return *p.none
}

// sums makes two passes: the mean, then squares around it, which no cancellation
// can spoil.
func (p *problem) sums(tau2 float64) weighed {
	s := total(p.k, func(lo, hi int) weighed {
		var s weighed
		for i := lo; i < hi; i++ {
			w := 1 / (p.v[i] + tau2)
			s.w += w
			s.wd += w * p.d[i]
			s.w2 += w * w
			s.w3 += w * w * w
		}
		return s
	}, func(a *weighed, b weighed) { a.w, a.wd, a.w2, a.w3 = a.w+b.w, a.wd+b.wd, a.w2+b.w2, a.w3+b.w3 })
	s.mu = s.wd / s.w
	r := total(p.k, func(lo, hi int) [2]float64 {
		var q, qw float64
		for i := lo; i < hi; i++ {
			w := 1 / (p.v[i] + tau2)
			e := p.d[i] - s.mu
			q += w * e * e
			qw += w * w * e * e
		}
		return [2]float64{q, qw}
	}, func(a *[2]float64, b [2]float64) { a[0] += b[0]; a[1] += b[1] })
	s.q, s.qw = r[0], r[1]
	return s
}

// line writes the result at a spread in the units of the estimates.
func (p *problem) line(tau2 float64) Line {
	s := p.at(tau2)
	df := float64(p.k - 1)
	l := Line{Mu: p.centre + p.unit*s.mu, Tau2: tau2 * p.unit * p.unit, People: p.k}
	l.SE = p.unit / math.Sqrt(s.w)
	l.SEHK = l.SE * math.Sqrt(s.q/df)
	z, t := special.NormalQuantile(0.975), special.TQuantile(0.975, df)
	l.Interval95Z = [2]float64{l.Mu - z*l.SE, l.Mu + z*l.SE}
	se := l.robust()
	l.Interval95 = [2]float64{l.Mu - t*se, l.Mu + t*se}
	w := special.TQuantile(0.95, df) * math.Sqrt(l.Tau2+se*se)
	l.Prediction90 = [2]float64{l.Mu - w, l.Mu + w}
	return l
}

// dl is DerSimonian and Laird's moment estimate (1986).
func (p *problem) dl() Line {
	s := p.at(0)
	return p.line(math.Max(0, (s.q-float64(p.k-1))/(s.w-s.w2/s.w)))
}

// pm is Paule and Mandel's (1982): the spread at which Q equals its expectation.
func (p *problem) pm() Line {
	p.pauleMandel = p.solveQ(float64(p.k - 1))
	return p.line(p.pauleMandel)
}

// solveQ finds the spread at which Q falls to want, or 0 where it is below it
// from the start. 1/Q is nearly straight, so Newton's method on it takes a few
// steps; a bracket keeps it safe.
func (p *problem) solveQ(want float64) float64 {
	lo, hi, t := 0.0, math.Inf(1), 0.0
	for i := range 200 {
		s := p.at(t)
		if i == 0 && s.q <= want {
			return 0
		}
		if s.q > want {
			lo = t
		} else {
			hi = t
		}
		next := t + s.q*(s.q-want)/(want*s.qw)
		if !(next > lo && next < hi) {
			if next = (lo + hi) / 2; math.IsInf(hi, 1) {
				next = 2*lo + 1
			}
		}
		if math.Abs(next-t) <= settled*(next+t) || math.IsNaN(next) {
			return t
		}
		t = next
	}
	return t
}

// reml is the restricted maximum likelihood by Fisher scoring, started at Paule
// and Mandel's estimate, which comes first (Viechtbauer 2005).
func (p *problem) reml() Line {
	t := p.pauleMandel
	for range 100 {
		s := p.at(t)
		trace := s.w - s.w2/s.w
		info := s.w2 - 2*s.w3/s.w + s.w2*s.w2/(s.w*s.w)
		next := math.Max(0, t+(s.qw-trace)/info)
		done := math.Abs(next-t) <= settled*(next+t)
		if t = next; done {
			break
		}
	}
	return p.line(t)
}

// heterogeneity is Cochran's Q with the Q-profile interval (Viechtbauer 2007).
func (p *problem) heterogeneity() *Spread {
	df := float64(p.k - 1)
	s := &Spread{DF: p.k - 1, Q: p.at(0).q}
	chi := distuv.ChiSquared{K: df}
	s.P = chi.Survival(s.Q)
	u := p.unit * p.unit
	s.Tau295 = [2]float64{u * p.solveQ(chiQuantile(0.975, df)), u * p.solveQ(chiQuantile(0.025, df))}
	return s
}

// chiQuantile is exact for few degrees of freedom and Wilson and Hilferty's cube
// (1931) beyond, where the two agree to six digits.
func chiQuantile(level, df float64) float64 {
	if df <= 2000 {
		return distuv.ChiSquared{K: df}.Quantile(level)
	}
	c := 2 / (9 * df)
	x := 1 - c + special.NormalQuantile(level)*math.Sqrt(c)
	return df * x * x * x
}
