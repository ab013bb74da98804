package series

import "math"

// OLS is the home effect of the regression "weekday + trend + home", with the
// classical error and those that allow for unequal and for correlated days.
// It is printed for comparison only: in short trials Newey and West's error is
// far too small (18 false alarms of 100 instead of 5 at ten days).
type OLS struct {
	Effect
	T            float64 `json:"t"`
	PTwoSided0   float64 `json:"p_two_sided"`
	SEHC0        float64 `json:"se_hc0"`
	SEHC2        float64 `json:"se_hc2"`
	SEHC3        float64 `json:"se_hc3"`
	SENeweyWest  float64 `json:"se_newey_west"`       // with the factor n/(n-p)
	SENeweyWest0 float64 `json:"se_newey_west_plain"` // without it
	Lag          int     `json:"lag"`
	Days         int     `json:"days"`
}

// Regress fits y on weekday, trend and home. Home is the actual place. The lag
// is the number of days over which Newey and West's weights (Bartlett) fall to 0.
func Regress(d Days, home []bool, y []float64, lag int) (OLS, error) {
	if err := d.check(home, y); err != nil {
		return OLS{}, err
	}
	if lag < 0 {
		return OLS{}, refuse(CodeArgument, "The lag must be 0 or more, and is %d.", lag)
	}
	f, err := newFrame(d, home)
	if err != nil {
		return OLS{}, err
	}
	n, p := f.n, len(f.cols)
	_, length := qr(f.cols)
	// The last row of (X'X)^-1 X' is the last orthonormal column over its
	// length, so every variance of the home effect is a sum over it.
	a := append([]float64(nil), f.cols[p-1]...)
	scale(a, 1/length)
	e := append([]float64(nil), y...)
	for range 2 {
		for _, q := range f.cols {
			axpy(-dot(q, e), q, e)
		}
	}
	rss, df := dot(e, e), float64(n-p)
	if rss <= 1e-20*dot(y, y) {
		return OLS{}, refuse(CodeFlat, "Nothing is left to chance once weekday and trend are taken out, so there is no error to show.")
	}
	out := OLS{Effect: effect(dot(a, y), math.Sqrt(rss/df)/length, df), Lag: lag, Days: n}
	out.T = out.Estimate / out.SE
	out.PTwoSided0 = out.PTwoSided(0)
	var hc0, hc2, hc3 float64
	score := make([]float64, n)
	for i := range e {
		leverage := 0.0
		for _, q := range f.cols {
			leverage += q[i] * q[i]
		}
		score[i] = a[i] * e[i]
		s := score[i] * score[i]
		hc0 += s
		if left := 1 - leverage; left > 1e-12 { // a day that fits itself has no residual to weigh
			hc2 += s / left
			hc3 += s / (left * left)
		}
	}
	out.SEHC0, out.SEHC2, out.SEHC3 = math.Sqrt(hc0), math.Sqrt(hc2), math.Sqrt(hc3)
	nw := hc0
	for l := 1; l <= min(lag, n-1); l++ {
		nw += 2 * (1 - float64(l)/float64(lag+1)) * dot(score[l:], score[:n-l])
	}
	nw = math.Max(nw, 0)
	out.SENeweyWest0, out.SENeweyWest = math.Sqrt(nw), math.Sqrt(nw*float64(n)/df)
	return out, nil
}
