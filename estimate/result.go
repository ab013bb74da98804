package estimate

import "math"

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

// quantilePoints are the chances of Quantiles, in order.
var quantilePoints = [...]float64{.01, .05, .10, .25, .50, .75, .90, .95, .99}

func quantilesOf(q []float64) Quantiles {
	return Quantiles{q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7], q[8]}
}

// below is the share of values under zero.
func below(v []float64) float64 {
	n := 0
	for _, x := range v {
		if x < 0 {
			n++
		}
	}
	return float64(n) / float64(len(v))
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

// part is what one scramble says alone: its mean, its quantiles at errorPoints
// and its share below zero.
type part [5]float64

func partOf(v []float64) part {
	var sum float64
	for _, x := range v {
		sum += x
	}
	q := pick(v, errorPoints[:])
	return part{sum / float64(len(v)), q[0], q[1], q[2], below(v)}
}

// scrambleError is the standard error over independent scrambles: their standard
// deviation divided by the root of their number.
func scrambleError(parts []part) Errors {
	n := float64(len(parts))
	var e part
	for k := range e {
		all := make([]float64, len(parts))
		var mean float64
		for g, p := range parts {
			all[g] = p[k]
			mean += p[k]
		}
		e[k] = spread(all, mean/n) / math.Sqrt(n)
	}
	return Errors{e[0], e[1], e[2], e[3], e[4]}
}

// errorPoints are the quantiles whose error is reported.
var errorPoints = [...]float64{.05, .5, .95}

// neighbours lists the quantiles one standard error of the count to either side
// of each reported one.
func neighbours(n int) []float64 {
	var ps []float64
	for _, p := range errorPoints {
		d := math.Sqrt(p * (1 - p) / float64(n))
		ps = append(ps, max(p-d, 0), min(p+d, 1))
	}
	return ps
}

// plainError is the standard error of independent draws: from the standard
// deviation for the mean, from the neighbouring order statistics for quantiles.
// For one scramble it is on the cautious side.
func plainError(q []float64, r Result, n int) Errors {
	root := math.Sqrt(float64(n))
	return Errors{
		Mean: r.SD / root, P5: (q[1] - q[0]) / 2, P50: (q[3] - q[2]) / 2, P95: (q[5] - q[4]) / 2,
		Below: math.Sqrt(r.Below*(1-r.Below)) / root,
	}
}
