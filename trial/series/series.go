// Package series holds the secondary analyses of one person's trial. They stand
// beside the randomisation test and never replace it: regressions with robust
// errors, a model with day-to-day correlation, Welch's test and its equivalence
// forms, a Bayesian grid, several measures at once, fixed home days against a
// baseline, the forecast of more days, and the guardrails.
//
// Every function takes plain slices, one entry an observed day in order of
// time, so that a person can repeat it in a spreadsheet. The package knows no
// plan and no lottery. It gives no verdict and writes no sentence of a report.
//
// A number that cannot be computed is refused with a fault that says why; no
// result holds a NaN or an infinity, so every result can be written as JSON.
//
//	fit, err := series.Regress(days, home, y, 3)
//	if err == nil {
//		fmt.Println(fit.Estimate, fit.SENeweyWest)
//	}
package series

import (
	"math"

	"homecase/fault"
	"homecase/special"
)

// Codes of the refusals.
const (
	CodeShape     fault.Code = "HC-SERIES-01" // slices of different length, or values that are no numbers
	CodeFew       fault.Code = "HC-SERIES-02" // too few days or weeks for this analysis
	CodeEntangled fault.Code = "HC-SERIES-03" // home cannot be told apart from weekday and trend
	CodeFlat      fault.Code = "HC-SERIES-04" // the values do not vary
	CodeArgument  fault.Code = "HC-SERIES-05" // a margin, level or weight outside its domain
)

func refuse(code fault.Code, say string, args ...any) error {
	return fault.New(fault.Finding, code, say, args...)
}

// Days is a calendar as plain slices, one entry an observed day, in order of time.
type Days struct {
	Ordinal []int // number of the scheduled workday; sick days count, holidays do not; nil means 0, 1, 2, ...
	Weekday []int // any numbers; days of the same weekday share one
	Week    []int // any numbers; days of the same week share one
}

// check refuses slices of different length, an order that does not rise, and
// values that are not numbers.
func (d Days) check(home []bool, y []float64) error {
	n := len(y)
	switch {
	case len(d.Weekday) != n || len(d.Week) != n || d.Ordinal != nil && len(d.Ordinal) != n:
		return refuse(CodeShape, "The calendar has not one entry for each of the %d values.", n)
	case home != nil && len(home) != n:
		return refuse(CodeShape, "There are %d places for %d values.", len(home), n)
	}
	for i := 1; i < n && d.Ordinal != nil; i++ {
		if d.Ordinal[i] <= d.Ordinal[i-1] {
			return refuse(CodeShape, "Day %d does not come after the day before it.", i+1)
		}
	}
	return finite(y)
}

func finite(values ...[]float64) error {
	for _, y := range values {
		for i, v := range y {
			if math.IsNaN(v) || math.Abs(v) > 1e100 {
				return refuse(CodeShape, "Value %d is not a number that can be used.", i+1)
			}
		}
	}
	return nil
}

// ordinal returns the number of day i.
func (d Days) ordinal(i int) int {
	if d.Ordinal == nil {
		return i
	}
	return d.Ordinal[i]
}

// trend runs from -1 on the first day to 1 on the last; 0 when there is one day.
func (d Days) trend() []float64 {
	n := len(d.Weekday)
	x := make([]float64, n)
	if n == 0 {
		return x
	}
	first, last := d.ordinal(0), d.ordinal(n-1)
	if first == last {
		return x
	}
	for i := range x {
		x[i] = 2*float64(d.ordinal(i)-first)/float64(last-first) - 1
	}
	return x
}

// Effect is a difference with its standard error and the degrees of freedom of
// its t distribution.
type Effect struct {
	Estimate   float64    `json:"estimate"`
	SE         float64    `json:"se"`
	DF         float64    `json:"df"`
	Interval90 [2]float64 `json:"interval90"`
}

func effect(estimate, se, df float64) Effect {
	e := Effect{Estimate: estimate, SE: se, DF: df}
	e.Interval90 = e.Interval(0.90)
	return e
}

// Interval is the two-sided interval with the given level, 0.90 for 90 %.
func (e Effect) Interval(level float64) [2]float64 {
	w := special.TQuantile(0.5+level/2, e.DF) * e.SE
	return [2]float64{e.Estimate - w, e.Estimate + w}
}

// PGreater is the one-sided p-value against an effect of d0 or less.
func (e Effect) PGreater(d0 float64) float64 { return special.TSurvival((e.Estimate-d0)/e.SE, e.DF) }

// PLess is the one-sided p-value against an effect of d0 or more.
func (e Effect) PLess(d0 float64) float64 { return special.TCDF((e.Estimate-d0)/e.SE, e.DF) }

// PTwoSided is the two-sided p-value against an effect of exactly d0.
func (e Effect) PTwoSided(d0 float64) float64 {
	return 2 * special.TCDF(-math.Abs((e.Estimate-d0)/e.SE), e.DF)
}

// moments returns the mean and the sum of squared deviations.
func moments(y []float64) (mean, ss float64) {
	for _, v := range y {
		mean += v
	}
	mean /= float64(len(y))
	for _, v := range y {
		ss += (v - mean) * (v - mean)
	}
	return mean, ss
}
