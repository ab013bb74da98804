package pool

import (
	"math"

	"homecase/special"
)

// Person is one person's effect drawn towards the group: for that person alone.
type Person struct {
	Mean              float64    `json:"mean"`
	SD                float64    `json:"sd"`
	Interval90        [2]float64 `json:"interval90"`
	PAboveMinusMargin float64    `json:"p_above_minus_margin"`
}

// Shrink returns what the group's result says about a person with this estimate:
// E = mu + (1-B)(d - mu) and variance (1-B)v + B^2 V, B = v/(v + tau^2), averaged
// over the grid. It answers false where there is no pooled result.
func (a *Answer) Shrink(estimate, variance, df float64) (Person, bool) {
	b := a.Bayes
	if b == nil || unusable(estimate, variance, df) != "" {
		return Person{}, false
	}
	v, _ := a.Moderation.Variance(variance, df)
	d := (estimate - b.centre) / b.unit
	v /= b.unit * b.unit
	bar := (-a.Margin - b.centre) / b.unit
	var mean, second, above float64
	for _, q := range b.parts {
		k := v / (v + q.tau*q.tau)
		m, s2 := q.mu+(1-k)*(d-q.mu), (1-k)*v+k*k*q.v
		mean += q.weight * m
		second += q.weight * (s2 + m*m)
		above += q.weight * special.NormalCDF((m-bar)/math.Sqrt(s2))
	}
	sd := math.Sqrt(math.Max(0, second-mean*mean))
	z := special.NormalQuantile(0.95)
	p := Person{Mean: b.centre + b.unit*mean, SD: b.unit * sd, PAboveMinusMargin: math.Min(1, above)}
	p.Interval90 = [2]float64{p.Mean - z*p.SD, p.Mean + z*p.SD}
	return p, true
}

// The free check of the share: from so many people on, on so many of them, with
// so many support points and rounds.
const (
	freeFrom   = 500
	freeSample = 4000
	freeGrid   = 100
	freeRounds = 100
)

// freeShare estimates the share of people with a true effect above x without the
// normal model: a distribution on a grid of 100 effects, started at the normal one
// and moved by EM towards the best fitting (Laird 1978). Stopped after 100 rounds it
// stays smooth. Every n-th person stands for all where there are many.
func (p *problem) freeShare(b *Bayes, x float64) (float64, bool) {
	if p.k < freeFrom {
		return 0, false
	}
	stride := (p.k + freeSample - 1) / freeSample
	var mu, tau float64
	for _, q := range b.parts {
		mu += q.weight * q.mu
		tau += q.weight * q.tau
	}
	tau = math.Max(tau, 1e-3)
	x = (x - b.centre) / b.unit
	const reach = 5
	support, mass := make([]float64, freeGrid), make([]float64, freeGrid)
	for g := range support {
		z := -reach + 2*reach*(float64(g)+0.5)/freeGrid
		support[g], mass[g] = mu+z*tau, math.Exp(-z*z/2)
	}
	var fit [][]float64
	for i := 0; i < p.k; i += stride {
		row := make([]float64, freeGrid)
		top := math.Inf(-1)
		for g, m := range support {
			e := p.d[i] - m
			row[g] = -0.5 * e * e / p.v[i]
			top = math.Max(top, row[g])
		}
		for g := range row {
			row[g] = math.Exp(row[g] - top)
		}
		fit = append(fit, row)
	}
	next := make([]float64, freeGrid)
	for range freeRounds {
		clear(next)
		for _, row := range fit {
			s := 0.0
			for g, f := range row {
				s += f * mass[g]
			}
			if s == 0 {
				continue
			}
			for g, f := range row {
				next[g] += f * mass[g] / s
			}
		}
		mass, next = next, mass
	}
	var above, all float64
	half := reach * tau / freeGrid
	for g, m := range support {
		part := math.Max(0, math.Min(1, (m+half-x)/(2*half))) // of the cell around m
		above += part * mass[g]
		all += mass[g]
	}
	return above / all, all > 0
}
