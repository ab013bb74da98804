// Package special computes the distribution functions that the trial's
// statistics rest on: Student's t, central and noncentral, the normal and beta
// quantiles, and the derivatives of the log gamma function.
//
// It stands on gonum and repairs what is not exact enough there: the quantile
// of t (good to 1e-9 only), the digamma function (2e-11) and the noncentral t
// (a rough normal curve for large shifts).
//
// The functions never panic and never guess: an argument outside the domain
// gives NaN. Every result is good to about 1e-12; the noncentral t to 1e-10.
package special

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// NormalCDF is the chance that a standard normal variable is at most x.
func NormalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// NormalQuantile is the inverse of NormalCDF. Outside [0, 1] it is NaN.
func NormalQuantile(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1:
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	}
	return mathext.NormalQuantile(p)
}

// BetaQuantile returns the x for which a beta variable with shapes a and b is
// at most x with chance p. Outside the domain it is NaN.
func BetaQuantile(p, a, b float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(a > 0 && b > 0) || math.IsInf(a, 1) || math.IsInf(b, 1):
		return math.NaN()
	case p == 0 || p == 1:
		return p
	case a == 1: // the powers at the ends have inverses in closed form
		return -math.Expm1(math.Log1p(-p) / b)
	case b == 1:
		return math.Exp(math.Log(p) / a)
	}
	x := mathext.InvRegIncBeta(a, b, p)
	// One Newton step on the distribution function takes the last digits.
	if x > 0 && x < 1 {
		la, _ := math.Lgamma(a)
		lb, _ := math.Lgamma(b)
		lab, _ := math.Lgamma(a + b)
		density := math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x) - la - lb + lab)
		if y := x - (mathext.RegIncBeta(a, b, x)-p)/density; y > 0 && y < 1 {
			return y
		}
	}
	return x
}

// Digamma is the derivative of log Gamma: recurrence up to 10, then the
// asymptotic series (dlmf.nist.gov/5.5.E2 and 5.11.E2).
func Digamma(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x <= 0 && (x == math.Floor(x) || math.IsInf(x, -1)):
		return math.NaN()
	case x < 0: // reflection, dlmf.nist.gov/5.5.E4
		return Digamma(1-x) - math.Pi/math.Tan(math.Pi*x)
	}
	shift := 0.0
	for ; x < 10; x++ {
		shift += 1 / x
	}
	q := 1 / (x * x)
	series := q * (1./12 - q*(1./120-q*(1./252-q*(1./240-q*(1./132-q*(691./32760-q*(1./12-q*3617./8160)))))))
	return math.Log(x) - 0.5/x - series - shift
}

// Trigamma is the derivative of Digamma (dlmf.nist.gov/5.15.E8).
func Trigamma(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case math.IsInf(x, 1):
		return 0
	case x <= 0 && (x == math.Floor(x) || math.IsInf(x, -1)):
		return math.NaN()
	case x < 0: // reflection, dlmf.nist.gov/5.15.E6
		s := math.Pi / math.Sin(math.Pi*x)
		return s*s - Trigamma(1-x)
	}
	shift := 0.0
	for ; x < 10; x++ {
		shift += 1 / (x * x)
	}
	q := 1 / (x * x)
	series := q * (1./6 - q*(1./30-q*(1./42-q*(1./30-q*(5./66-q*(691./2730-q*(7./6-q*3617./510)))))))
	return 1/x + 0.5*q + series/x + shift
}

// tetragamma is the derivative of Trigamma for positive x; it steers Newton's
// method only, so half the digits would do.
func tetragamma(x float64) float64 {
	shift := 0.0
	for ; x < 10; x++ {
		shift += 2 / (x * x * x)
	}
	q := 1 / (x * x)
	return -q*(1+1/x+q*(1./2-q*(1./6-q*(1./6-q*(3./10-q*5./6))))) - shift
}

// InverseTrigamma returns the positive y with Trigamma(y) = x. Newton's method
// on 1/Trigamma is monotone from the start 0.5 + 1/x (Smyth 2004, appendix).
func InverseTrigamma(x float64) float64 {
	switch {
	case math.IsNaN(x) || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(1)
	case math.IsInf(x, 1):
		return 0
	case x > 1e15:
		return 1 / math.Sqrt(x)
	case x < 1e-15:
		return 1 / x
	}
	y := 0.5 + 1/x
	for range 60 {
		t := Trigamma(y)
		step := t * (1 - t/x) / tetragamma(y)
		y += step
		if math.Abs(step) <= 1e-15*y {
			break
		}
	}
	return y
}
