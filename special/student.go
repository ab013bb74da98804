package special

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// manyDF is where the incomplete beta function starts to lose digits and Hill's
// expansion, whose error falls with the fifth power of nu, has all of them.
const manyDF = 400

// TCDF is the chance that Student's t with nu degrees of freedom is at most t.
// An infinite nu is the normal distribution; nu <= 0 gives NaN.
func TCDF(t, nu float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(nu) || nu <= 0:
		return math.NaN()
	case math.IsInf(t, 0):
		return math.Max(0, math.Copysign(1, t))
	case t > 0:
		return 1 - lowerT(-t, nu)
	}
	return lowerT(t, nu)
}

// TSurvival is the chance that Student's t is above t, without the digits that
// 1 - TCDF loses in the tail.
func TSurvival(t, nu float64) float64 { return TCDF(-t, nu) }

// lowerT is the distribution function for t <= 0.
func lowerT(t, nu float64) float64 {
	switch {
	case math.IsInf(nu, 1):
		return NormalCDF(t)
	case nu > manyDF && t*t < nu/4:
		return NormalCDF(-hill(t, nu))
	case math.Abs(t) < 0.5: // the middle: the mass between 0 and |t| keeps its digits
		return 0.5 - 0.5*mathext.RegIncBeta(0.5, nu/2, t*t/(nu+t*t))
	}
	x := nu / (nu + t*t)
	if x == 0 { // t*t is beyond any number; so is the tail
		return 0
	}
	return 0.5 * mathext.RegIncBeta(nu/2, 0.5, x)
}

// hill turns |t| into the normal deviate with the same tail (G. W. Hill 1970,
// algorithm 395, Communications of the ACM 13:617).
func hill(t, nu float64) float64 {
	a := nu - 0.5
	b := 48 * a * a
	y := a * math.Log1p(t*t/nu)
	return (((((-0.4*y-3.3)*y-24)*y-85.5)/(0.8*y*y+100+b)+y+3)/b + 1) * math.Sqrt(y)
}

// logTDensity is the logarithm of Student's density.
func logTDensity(t, nu float64) float64 {
	if math.IsInf(nu, 1) || nu > 1e10 {
		return -0.5*t*t - 0.5*math.Log(2*math.Pi)
	}
	return logGammaRatio(nu/2) - 0.5*math.Log(math.Pi*nu) - (nu+1)/2*math.Log1p(t*t/nu)
}

// logGammaRatio is log Gamma(x+1/2) - log Gamma(x), by its series where the
// difference of two large logarithms would lose digits.
func logGammaRatio(x float64) float64 {
	if x > 100 {
		return 0.5*math.Log(x) - 1/(8*x) + 1/(192*x*x*x)
	}
	a, _ := math.Lgamma(x + 0.5)
	b, _ := math.Lgamma(x)
	return a - b
}

// TQuantile is the inverse of TCDF: a start from Hill's expansion or, for few
// degrees of freedom, from gonum, then Newton steps on the distribution function. Outside the domain it is NaN.
func TQuantile(p, nu float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || math.IsNaN(nu) || nu <= 0:
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case p == 0.5:
		return 0
	case math.IsInf(nu, 1):
		return NormalQuantile(p)
	case p > 0.5:
		return -TQuantile(1-p, nu)
	}
	var t float64
	if nu >= 3 { // the leading term of Hill's expansion, turned round
		z := NormalQuantile(p)
		t = -math.Sqrt(nu * math.Expm1(z*z/(nu-0.5)))
	} else {
		x := mathext.InvRegIncBeta(nu/2, 0.5, 2*p)
		t = -math.Sqrt(nu * (1 - x) / x)
	}
	for range 12 {
		f := lowerT(t, nu)
		// Newton on log F, which stays inside the tail wherever it starts.
		step := f * math.Log(f/p) / math.Exp(logTDensity(t, nu))
		if next := t - step; next < 0 && !math.IsInf(next, 0) {
			t = next
		} else {
			return bisectT(p, nu)
		}
		if math.Abs(step) <= 1e-15*math.Abs(t) {
			return t
		}
	}
	if math.Abs(lowerT(t, nu)-p) > 1e-12*p {
		return bisectT(p, nu)
	}
	return t
}

// bisectT finds the quantile below one half by halving log|t|: slow, and sure
// where the tail is so heavy that other methods start from nowhere.
func bisectT(p, nu float64) float64 {
	lo, hi := -700.0, 700.0
	for range 200 {
		if mid := (lo + hi) / 2; lowerT(-math.Exp(mid), nu) > p {
			lo = mid
		} else {
			hi = mid
		}
	}
	if hi >= 699 {
		return math.Inf(-1)
	}
	return -math.Exp((lo + hi) / 2)
}

// NoncentralTCDF is the chance that (Z+ncp)/sqrt(chi2/nu) is at most t. With
// u = e^v the scale sqrt(chi2/nu) has the density exp(nu(v-(e^2v-1)/2)) in v up
// to a constant, whose integral against Phi(t e^v - ncp) the trapezoid rule
// finds to 1e-10: the integrand is analytic and falls off on both sides.
func NoncentralTCDF(t, nu, ncp float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsNaN(nu) || math.IsNaN(ncp) || nu <= 0:
		return math.NaN()
	case math.IsInf(ncp, 0):
		return math.Max(0, -math.Copysign(1, ncp))
	case math.IsInf(t, 0):
		return math.Max(0, math.Copysign(1, t))
	case math.IsInf(nu, 1):
		return NormalCDF(t - ncp)
	case ncp == 0:
		return TCDF(t, nu)
	case t == 0:
		return NormalCDF(-ncp)
	}
	const most = 200_000 // points on either side, for shifts nobody meets
	h := math.Min(0.08, math.Min(1/math.Sqrt(2*nu), 1/(math.Abs(ncp)+4))/1.5)
	var above, all float64
	for _, dir := range []float64{1, -1} {
		for i := range most {
			if i == 0 && dir < 0 {
				continue
			}
			v := dir * float64(i) * h
			e := nu * (v - math.Expm1(2*v)/2)
			if e < -45 {
				break
			}
			w := math.Exp(e)
			all += w
			above += w * NormalCDF(t*math.Exp(v)-ncp)
		}
	}
	return above / all
}
