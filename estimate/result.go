package estimate

import (
	"math"
	"sort"
)

// Quantiles are values that a result stays below with the given chance.
type Quantiles struct {
	P1  float64 `json:"p1"`
	P5  float64 `json:"p5"`
	P10 float64 `json:"p10"`
	P25 float64 `json:"p25"`
	P50 float64 `json:"p50"`
	P75 float64 `json:"p75"`
	P90 float64 `json:"p90"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// Errors are standard errors of the sampling: how far the numbers would move
// with another seed. They say nothing about whether the inputs are true.
type Errors struct {
	Mean  float64 `json:"mean"`
	P5    float64 `json:"p5"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	Below float64 `json:"below_zero"`
}

// Result is what the draws say about one output.
type Result struct {
	Name      string      `json:"name"`
	Unit      Unit        `json:"unit"`
	Mean      float64     `json:"mean"`
	SD        float64     `json:"sd"`
	Quantiles Quantiles   `json:"quantiles"`
	Below     float64     `json:"below_zero"` // chance of a result below zero
	Twenty    [20]float64 `json:"twenty"`     // twenty equally likely results, lowest first
	Error     Errors      `json:"error"`
	// Step is the finest step the sampling error allows: 1, 2 or 5 times a power of ten.
	Step float64 `json:"step"`
}

// Round rounds v to the finest step the sampling error allows, or to two
// significant digits of the standard deviation when that is coarser: finer
// figures than that would be read as knowledge.
func (r Result) Round(v float64) float64 {
	step := max(r.Step, stepFor(r.SD/50))
	if step <= 0 {
		return v
	}
	rounded := math.Round(v/step) * step
	if step < 1 { // a tenth is no binary number: round once more to its decimals
		p := math.Pow(10, math.Ceil(-math.Log10(step)))
		rounded = math.Round(rounded*p) / p
	}
	return rounded + 0 // no negative zero
}

// stepFor returns the smallest of 1, 2, 5, 10, … that is not below the error.
func stepFor(err float64) float64 {
	if err <= 0 || math.IsInf(err, 0) || math.IsNaN(err) {
		return 0
	}
	p := math.Pow(10, math.Floor(math.Log10(err)))
	for _, f := range []float64{1, 2, 5} {
		if f*p >= err {
			return f * p
		}
	}
	return 10 * p
}

// quantile interpolates between order statistics (type 7 of Hyndman and Fan 1996).
func quantile(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	k := int(h)
	if k+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[k] + float64((h-float64(k))*(sorted[k+1]-sorted[k]))
}

func quantiles(sorted []float64) Quantiles {
	q := func(p float64) float64 { return quantile(sorted, p) }
	return Quantiles{q(.01), q(.05), q(.10), q(.25), q(.50), q(.75), q(.90), q(.95), q(.99)}
}

// below is the share of values under zero.
func below(sorted []float64) float64 {
	return float64(sort.SearchFloat64s(sorted, 0)) / float64(len(sorted))
}

func spread(v []float64, mean float64) float64 {
	if len(v) < 2 {
		return 0
	}
	var sum float64
	for _, x := range v {
		sum += float64((x - mean) * (x - mean))
	}
	return math.Sqrt(sum / float64(len(v)-1))
}

// scrambleError is the standard error over independent scrambles: their standard
// deviation divided by the root of their number.
func scrambleError(v []float64, n, groups int, room []float64) Errors {
	var all [5][]float64
	part := make([]float64, n)
	for g := range groups {
		copy(part, v[g*n:(g+1)*n])
		var sum float64
		for _, x := range part {
			sum += x
		}
		sortFloats(part, room)
		for k, x := range []float64{sum / float64(n), quantile(part, .05), quantile(part, .5), quantile(part, .95), below(part)} {
			all[k] = append(all[k], x)
		}
	}
	var e [5]float64
	for k, x := range all {
		var mean float64
		for _, y := range x {
			mean += y
		}
		e[k] = spread(x, mean/float64(groups)) / math.Sqrt(float64(groups))
	}
	return Errors{e[0], e[1], e[2], e[3], e[4]}
}

// plainError is the standard error of independent draws: from the standard
// deviation for the mean, from the neighbouring order statistics for quantiles.
// For one scramble it is on the cautious side.
func plainError(sorted []float64, r Result) Errors {
	n := float64(len(sorted))
	q := func(p float64) float64 {
		d := math.Sqrt(p * (1 - p) / n)
		return (quantile(sorted, min(p+d, 1)) - quantile(sorted, max(p-d, 0))) / 2
	}
	return Errors{Mean: r.SD / math.Sqrt(n), P5: q(.05), P50: q(.5), P95: q(.95), Below: math.Sqrt(r.Below * (1 - r.Below) / n)}
}
