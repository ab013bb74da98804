package series

import (
	"math"

	"homecase/special"
)

// Welch compares the means of two samples without assuming equal spread. In a
// trial it ignores weekday, trend and order, so it is a line for comparison.
type Welch struct {
	Effect
	First      Sample     `json:"first"`
	Second     Sample     `json:"second"`
	T          float64    `json:"t"`
	PTwoSided0 float64    `json:"p_two_sided"`
	PGreater0  float64    `json:"p_greater"`
	PLess0     float64    `json:"p_less"`
	Interval95 [2]float64 `json:"interval95"`
}

// Sample describes one of two samples.
type Sample struct {
	N    int     `json:"n"`
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

// CompareMeans is Welch's test of the first sample's mean less the second's.
func CompareMeans(x, y []float64) (Welch, error) {
	if err := finite(x, y); err != nil {
		return Welch{}, err
	}
	if len(x) < 2 || len(y) < 2 {
		return Welch{}, refuse(CodeFew, "Welch's test needs at least two values on either side; there are %d and %d.", len(x), len(y))
	}
	mx, sx := moments(x)
	my, sy := moments(y)
	nx, ny := float64(len(x)), float64(len(y))
	vx, vy := sx/(nx-1)/nx, sy/(ny-1)/ny
	if v := vx + vy; v <= 1e-26*(mx*mx+my*my) || v == 0 {
		return Welch{}, refuse(CodeFlat, "All values of each side are the same, so there is no error to show.")
	}
	// Degrees of freedom after Satterthwaite 1946 and Welch 1947; as a share of
	// the total, so that very small variances do not underflow.
	cx, cy := vx/(vx+vy), vy/(vx+vy)
	w := Welch{
		Effect: effect(mx-my, math.Sqrt(vx+vy), 1/(cx*cx/(nx-1)+cy*cy/(ny-1))),
		First:  Sample{len(x), mx, math.Sqrt(sx / (nx - 1))},
		Second: Sample{len(y), my, math.Sqrt(sy / (ny - 1))},
	}
	w.T = w.Estimate / w.SE
	w.PTwoSided0, w.PGreater0, w.PLess0 = w.PTwoSided(0), w.PGreater(0), w.PLess(0)
	w.Interval95 = w.Interval(0.95)
	return w, nil
}

// Equivalence is the answer to "not worse than the margin" and, on request, "not
// worse and not better" (two one-sided tests, Schuirmann 1987).
type Equivalence struct {
	Effect
	Margin          float64 `json:"margin"`
	T               float64 `json:"t_noninferiority"`
	PNonInferiority float64 `json:"p_noninferiority"`
	PUpper          float64 `json:"p_upper"`
	PEquivalence    float64 `json:"p_equivalence"`
}

// Equivalent tests an effect against a margin above 0, where more is better.
func (e Effect) Equivalent(margin float64) (Equivalence, error) {
	if !(margin > 0) || math.IsInf(margin, 1) {
		return Equivalence{}, refuse(CodeArgument, "The margin must be above 0.")
	}
	q := Equivalence{Effect: e, Margin: margin, T: (e.Estimate + margin) / e.SE}
	q.PNonInferiority, q.PUpper = e.PGreater(-margin), e.PLess(margin)
	q.PEquivalence = math.Max(q.PNonInferiority, q.PUpper)
	return q, nil
}

// Power is the chance that a one-sided t test at level alpha finds an effect
// whose distance from the boundary is ncp standard errors.
func Power(ncp, df, alpha float64) float64 {
	return 1 - special.NoncentralTCDF(special.TQuantile(1-alpha, df), df, ncp)
}

// PowerTwoSamples is the chance that a one-sided t test with n values on either
// side finds a difference of d standard deviations.
func PowerTwoSamples(n, d, alpha float64) float64 {
	return Power(d*math.Sqrt(n/2), 2*(n-1), alpha)
}

// SizeTwoSamples is the number of values on either side for the wanted power. It
// need not be a whole number: round up. A difference of 0 or less cannot be found.
func SizeTwoSamples(d, alpha, power float64) (float64, error) {
	if !(d > 0 && alpha > 0 && alpha < 0.5 && power > alpha && power < 1) {
		return 0, refuse(CodeArgument, "A sample size needs a difference above 0, a level below one half and a power between the level and 1.")
	}
	lo, hi := 2.0, 4.0
	for PowerTwoSamples(hi, d, alpha) < power {
		if hi > 1e9 {
			return 0, refuse(CodeArgument, "A difference of %g standard deviations needs more than a thousand million values.", d)
		}
		lo, hi = hi, 2*hi
	}
	if PowerTwoSamples(lo, d, alpha) >= power {
		return lo, nil
	}
	for range 60 {
		if mid := (lo + hi) / 2; PowerTwoSamples(mid, d, alpha) < power {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi, nil
}
