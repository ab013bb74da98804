// Package estimate works with quantities nobody knows exactly. A quantity has a
// unit and a range: lowest, likely and highest, or the two values it stays
// between nine times in ten. A Model joins such inputs by formulas, checks
// their dimensions when it is made, and answers with ranges: mean, quantiles,
// the chance of a loss, twenty equally likely results, and which input moves the
// answer most.
//
// Formulas are data. Adding money to hours is a fault when a formula is loaded,
// with the place, and never a number on a page. One point is computed exactly, in
// fractions; draws are computed in binary floating point, by scrambled Sobol'
// points or by plain Monte Carlo. The same model and seed give the same bits
// for any number of processors.
//
// The package refuses to give more digits than its own sampling error allows
// (Result.Step), and it knows nothing of what the quantities mean.
//
//	f, err := estimate.ParseFormula("distance_per_day * home_days / fuel_economy * fuel_price")
//	m, err := estimate.NewModel(inputs, []estimate.Output{{Name: "fuel", Terms: []estimate.Term{{Formula: f}}}}, nil)
//	run, err := m.Sobol(estimate.Options{Seed: 20261124})
package estimate

import "homecase/fault"

// Codes of the faults this package returns.
const (
	CodeUnit        fault.Code = "HC-EST-01" // not a unit
	CodeDimension   fault.Code = "HC-EST-02" // money added to hours, and the like
	CodeSyntax      fault.Code = "HC-EST-03" // a formula that cannot be read
	CodeName        fault.Code = "HC-EST-04" // a formula names something nobody gave
	CodeRange       fault.Code = "HC-EST-05" // lowest above highest, and the like
	CodeEmpty       fault.Code = "HC-EST-06" // no number at all
	CodeDivision    fault.Code = "HC-EST-07" // a division by zero
	CodeCorrelation fault.Code = "HC-EST-08" // correlations that cannot hold together
	CodeTooMany     fault.Code = "HC-EST-09" // more inputs than the sampler has dimensions
	CodeNumber      fault.Code = "HC-EST-10" // a number out of bounds
)

func invalid(code fault.Code, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...)
}
