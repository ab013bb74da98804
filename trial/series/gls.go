package series

import "math"

// MinDaysGLS is the least number of days for the model with correlated days:
// below it the interval is too short by simulation.
const MinDaysGLS = 20

// GLS is the home effect of "weekday + trend + home" with errors that follow an
// AR(1) process, fitted by restricted maximum likelihood. Print it with the
// words "model-based".
type GLS struct {
	Effect
	Rho   float64 `json:"rho"`
	Sigma float64 `json:"sigma"`
	Days  int     `json:"days"`
}

// Correlated fits the model. Days without a value may be left out: two days that
// stand k scheduled workdays apart have the correlation rho^k.
func Correlated(d Days, home []bool, y []float64) (GLS, error) {
	if err := d.check(home, y); err != nil {
		return GLS{}, err
	}
	if len(y) < MinDaysGLS {
		return GLS{}, refuse(CodeFew, "The model with correlated days needs at least %d days with a value; there are %d.", MinDaysGLS, len(y))
	}
	f, err := newFrame(d, home)
	if err != nil {
		return GLS{}, err
	}
	r := &reml{frame: f, days: d, y: y, white: make([][]float64, len(f.cols)), wy: make([]float64, f.n)}
	for j := range r.white {
		r.white[j] = make([]float64, f.n)
	}
	if r.fit(0); r.rss <= 1e-20*dot(y, y) {
		return GLS{}, refuse(CodeFlat, "Nothing is left to chance once weekday and trend are taken out, so there is no error to show.")
	}
	rho := r.maximise()
	r.fit(rho)
	df := float64(f.n - len(f.cols))
	sigma := math.Sqrt(r.rss / df)
	return GLS{Effect: effect(r.coef, sigma/r.length, df), Rho: rho, Sigma: sigma, Days: f.n}, nil
}

// reml evaluates the restricted likelihood profiled over everything but rho.
type reml struct {
	*frame
	days  Days
	y     []float64
	white [][]float64
	wy    []float64

	rss, coef, length float64
}

// fit whitens the data with rho and returns the restricted log likelihood up to
// a constant: -((n-p) log RSS + log|V| + log|X'V^-1 X|)/2 (Harville 1977).
func (r *reml) fit(rho float64) float64 {
	for j, c := range r.cols {
		copy(r.white[j], c)
	}
	copy(r.wy, r.y)
	logV := 0.0
	for i := r.n - 1; i > 0; i-- {
		g := rho
		if gap := r.days.ordinal(i) - r.days.ordinal(i-1); gap != 1 {
			g = math.Pow(rho, float64(gap))
		}
		left := 1 - g*g
		logV += math.Log(left)
		k := 1 / math.Sqrt(left)
		for _, w := range r.white {
			w[i] = (w[i] - g*w[i-1]) * k
		}
		r.wy[i] = (r.wy[i] - g*r.wy[i-1]) * k
	}
	logX, length := qr(r.white)
	r.length = length
	r.coef = dot(r.white[len(r.white)-1], r.wy) / length
	for range 2 {
		for _, q := range r.white {
			axpy(-dot(q, r.wy), q, r.wy)
		}
	}
	r.rss = dot(r.wy, r.wy)
	return -0.5 * (float64(r.n-len(r.cols))*math.Log(r.rss) + logV + logX)
}

// maximise looks along a coarse grid, because the likelihood of a short series
// may have two tops, and then narrows the best cell by the golden section
// until a parabola through three points is exact.
func (r *reml) maximise() float64 {
	const step, edge = 0.09, 0.99
	best, at := math.Inf(-1), 0.0
	for i := range 23 {
		rho := -edge + step*float64(i)
		if l := r.fit(rho); l > best {
			best, at = l, rho
		}
	}
	const g = 0.6180339887498949
	a, b := math.Max(at-step, -edge), math.Min(at+step, edge)
	x1, x2 := b-g*(b-a), a+g*(b-a)
	l1, l2 := r.fit(x1), r.fit(x2)
	for b-a > 2e-3 {
		if l1 > l2 {
			b, x2, l2 = x2, x1, l1
			x1 = b - g*(b-a)
			l1 = r.fit(x1)
		} else {
			a, x1, l1 = x1, x2, l2
			x2 = a + g*(b-a)
			l2 = r.fit(x2)
		}
	}
	m := (a + b) / 2
	for range 3 { // the top of the parabola through m-h, m, m+h
		const h = 1e-3
		lo, mid, hi := r.fit(m-h), r.fit(m), r.fit(m+h)
		curve := lo - 2*mid + hi
		if !(curve < 0) || math.Abs(m) > edge-2*h {
			break
		}
		move := h / 2 * (lo - hi) / curve
		if move = math.Max(-2*h, math.Min(2*h, move)); math.Abs(move) < 1e-9 {
			break
		}
		m += move
	}
	return math.Max(-edge, math.Min(edge, m))
}
