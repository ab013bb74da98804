package series

import (
	"math"
	"slices"
)

// AllMustHold is the intersection-union test: every measure must pass, so the
// largest p-value is the p-value of all, without correction (Berger 1982).
func AllMustHold(p []float64) float64 {
	worst := 0.0
	for _, v := range p {
		if !(v <= 1) {
			v = 1
		}
		worst = max(worst, v)
	}
	if len(p) == 0 {
		return 1
	}
	return worst
}

// Source tells how the schedules of a lottery were obtained.
type Source uint8

// The two sources.
const (
	Enumerated Source = iota // every possible schedule once, the observed one among them
	Sampled                  // drawn by lot, without the observed one: p adds one above and below
)

// StepDown is the answer to "which measures improved" for one measure.
type StepDown struct {
	P         float64 `json:"p"`
	PAdjusted float64 `json:"p_adjusted"`
}

// StepDownMaxT adjusts the p-values of several measures by the lottery's own
// draws (Westfall and Young 1993, step-down max T), which uses how the measures
// move together. draws[k][i] is the statistic of measure k under schedule i; all
// measures use the same schedules in the same order. The statistics must be on
// one scale, standardised or studentised.
func StepDownMaxT(observed []float64, draws [][]float64, source Source) ([]StepDown, error) {
	k := len(observed)
	if k == 0 || len(draws) != k || len(draws[0]) == 0 {
		return nil, refuse(CodeShape, "There are %d measures and draws for %d.", k, len(draws))
	}
	if err := finite(observed); err != nil {
		return nil, err
	}
	n := len(draws[0])
	for _, d := range draws {
		if len(d) != n {
			return nil, refuse(CodeShape, "The measures have not the same number of draws.")
		}
	}
	order := make([]int, k) // from the largest statistic to the smallest
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case observed[a] > observed[b]:
			return -1
		case observed[a] < observed[b]:
			return 1
		}
		return 0
	})
	share := func(count int) float64 {
		if source == Sampled {
			return float64(1+count) / float64(1+n)
		}
		return float64(count) / float64(n)
	}
	out := make([]StepDown, k)
	top := make([]float64, n) // the largest statistic of this measure and all that come after it
	for i := range top {
		top[i] = math.Inf(-1)
	}
	for j := k - 1; j >= 0; j-- {
		m := order[j]
		// Equal by arithmetic, different by rounding: ties go by tolerance.
		bar := observed[m] - 1e-9*math.Max(1, math.Abs(observed[m]))
		own, all := 0, 0
		for i, t := range draws[m] {
			if !(t < bar) { // a draw that is not a number counts as extreme
				own++
			}
			if t > top[i] || math.IsNaN(t) {
				top[i] = t
			}
			if !(top[i] < bar) {
				all++
			}
		}
		out[m] = StepDown{P: share(own), PAdjusted: share(all)}
	}
	for j := 1; j < k; j++ {
		out[order[j]].PAdjusted = math.Max(out[order[j]].PAdjusted, out[order[j-1]].PAdjusted)
	}
	return out, nil
}

// Holm, Hochberg, BenjaminiHochberg and BenjaminiYekutieli adjust p-values as R's
// p.adjust does. Holm and Hochberg keep the chance of one false alarm; the other
// two keep the share of false ones among those named. A value that is not a
// number counts as 1.

// Holm adjusts by Holm's step-down method (1979).
func Holm(p []float64) []float64 {
	n := float64(len(p))
	return adjust(p, up, func(rank float64) float64 { return n - rank + 1 })
}

// Hochberg adjusts by Hochberg's step-up method (1988).
func Hochberg(p []float64) []float64 {
	n := float64(len(p))
	return adjust(p, down, func(rank float64) float64 { return n - rank + 1 })
}

// BenjaminiHochberg adjusts for the false discovery rate (1995).
func BenjaminiHochberg(p []float64) []float64 {
	n := float64(len(p))
	return adjust(p, down, func(rank float64) float64 { return n / rank })
}

// BenjaminiYekutieli is the same for any dependence (2001).
func BenjaminiYekutieli(p []float64) []float64 {
	n, harmonic := float64(len(p)), 0.0
	for i := range p {
		harmonic += 1 / float64(i+1)
	}
	return adjust(p, down, func(rank float64) float64 { return harmonic * n / rank })
}

// direction is the way in which adjusted values are made monotone.
type direction uint8

const (
	up   direction = iota // from the smallest p, by running maximum
	down                  // from the largest p, by running minimum
)

func adjust(p []float64, way direction, factor func(rank float64) float64) []float64 {
	clean := make([]float64, len(p))
	order := make([]int, len(p))
	for i, v := range p {
		order[i] = i
		if clean[i] = math.Max(v, 0); !(v <= 1) {
			clean[i] = 1
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case clean[a] < clean[b]:
			return -1
		case clean[a] > clean[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	if way == up {
		run := 0.0
		for r, i := range order {
			run = math.Max(run, math.Min(1, clean[i]*factor(float64(r+1))))
			out[i] = run
		}
		return out
	}
	run := 1.0
	for r := len(order) - 1; r >= 0; r-- {
		run = math.Min(run, clean[order[r]]*factor(float64(r+1)))
		out[order[r]] = run
	}
	return out
}
