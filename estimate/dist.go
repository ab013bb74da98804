package estimate

import (
	"math"
	"sort"

	"homecase/special"
)

// z90 is twice the 95 % point of the normal distribution: a 5–95 % range is
// that many standard deviations wide (trial-statistics section 7 prints 3.2897).
const z90 = 2 * 1.6448536269514722

// cells is the size of the tables of inverse distribution functions.
const cells = 4096

// edge is how many cells at either end are computed, not looked up: there the
// functions bend too much for a straight line.
const edge = 32

// dist is a range turned into a distribution, in base units.
type dist struct {
	shape     Shape
	a, m, b   float64 // ends and mode; the value of a fixed number is a
	p, q      float64 // of the beta distribution
	mu, sigma float64
	table     *[cells + 1]float64 // values of the inverse distribution function
	beta      *betaKnots
}

// newDist returns the distribution of r, whose unit is scale base units.
func newDist(r Range, scale float64) *dist {
	d := &dist{shape: r.Kind()}
	switch d.shape {
	case Fixed:
		d.a = r.Lowest().Float() * scale
	case Lognormal:
		low, high := math.Log(r.P5.Float()), math.Log(r.P95.Float())
		d.mu, d.sigma = (low+high)/2+math.Log(scale), (high-low)/z90
	case Normal:
		low, high := r.P5.Float()*scale, r.P95.Float()*scale
		d.mu, d.sigma = (low+high)/2, (high-low)/z90
	default: // PERT and triangular
		d.a, d.m, d.b = r.Low.Float()*scale, r.Likely.Float()*scale, r.High.Float()*scale
		// PERT: a beta distribution whose mean is (low + 4 likely + high) / 6.
		if !(d.a < d.b) { // alike to sixteen digits
			d.shape = Fixed
			return d
		}
		d.p, d.q = 1+4*(d.m-d.a)/(d.b-d.a), 1+4*(d.b-d.m)/(d.b-d.a)
	}
	return d
}

// quantile is the inverse distribution function, as exact as package special.
func (d *dist) quantile(u float64) float64 {
	switch d.shape {
	case Fixed:
		return d.a
	case Lognormal:
		return math.Exp(d.mu + d.sigma*special.NormalQuantile(u))
	case Normal:
		return d.mu + d.sigma*special.NormalQuantile(u)
	case Triangular:
		// Straight sides: the distribution function is a parabola on each.
		if u*(d.b-d.a) < d.m-d.a {
			return d.a + math.Sqrt(u*(d.b-d.a)*(d.m-d.a))
		}
		return d.b - math.Sqrt((1-u)*(d.b-d.a)*(d.b-d.m))
	}
	return d.a + (d.b-d.a)*special.BetaQuantile(u, d.p, d.q)
}

// mean is the exact mean, for checks.
func (d *dist) mean() float64 {
	switch d.shape {
	case Fixed:
		return d.a
	case Lognormal:
		return math.Exp(d.mu + d.sigma*d.sigma/2)
	case Normal:
		return d.mu
	case Triangular:
		return (d.a + d.m + d.b) / 3
	}
	return (d.a + 4*d.m + d.b) / 6
}

// prepare builds the table. z holds the normal quantiles at the cell borders.
func (d *dist) prepare(z []float64) {
	if d.shape == Fixed || d.table != nil {
		return
	}
	d.table = new([cells + 1]float64)
	switch d.shape {
	case PERT:
		d.beta = newBetaKnots(d.p, d.q)
		d.beta.fill(d.table[:])
		for i, x := range d.table {
			d.table[i] = d.a + float64((d.b-d.a)*x)
		}
	case Triangular:
		for i := range d.table {
			d.table[i] = d.quantile(float64(i) / cells)
		}
	default:
		for i := range d.table {
			d.table[i] = d.mu + float64(d.sigma*z[i])
			if d.shape == Lognormal {
				d.table[i] = math.Exp(d.table[i])
			}
		}
	}
}

// column turns uniform numbers into values of the distribution.
func (d *dist) column(u, out []float64) {
	if d.shape == Fixed {
		for i := range u {
			out[i] = d.a
		}
		return
	}
	t := d.table
	out = out[:len(u)]
	for i, v := range u {
		f := v * cells
		k := uint(f)
		if k < edge || k >= cells-edge {
			out[i] = d.tail(v)
			continue
		}
		// float64 keeps processors that fuse multiply and add from rounding differently.
		out[i] = t[k] + float64((f-float64(k))*(t[k+1]-t[k]))
	}
}

func (d *dist) tail(u float64) float64 {
	if d.shape == PERT {
		return d.a + float64((d.b-d.a)*d.beta.tail(u))
	}
	return d.quantile(u)
}

// normalTable returns the normal quantiles at the cell borders.
func normalTable() []float64 {
	z := make([]float64, cells+1)
	for i := 1; i <= cells/2; i++ {
		z[i] = special.NormalQuantile(float64(i) / cells)
		z[cells-i] = -z[i]
	}
	z[0], z[cells] = math.Inf(-1), math.Inf(1)
	z[cells/2] = 0
	return z
}

// knots is how many pieces the beta density is integrated over.
const knots = 256

// betaKnots holds the distribution function of a beta distribution at points
// that crowd toward both ends, from below and from above so that both tails keep
// their digits.
type betaKnots struct {
	p, q         float64
	x, y         []float64 // the points and one minus them
	below, above []float64 // probability below and above each point
	density      []float64
}

func newBetaKnots(p, q float64) *betaKnots {
	k := &betaKnots{p: p, q: q}
	for _, s := range []*[]float64{&k.x, &k.y, &k.below, &k.above, &k.density} {
		*s = make([]float64, knots+1)
	}
	// x = s²(3−2s) turns the powers at both ends into smooth functions of s.
	at := func(s float64) (x, y float64) { return s * s * (3 - 2*s), (1 - s) * (1 - s) * (1 + 2*s) }
	shape := func(x, y float64) float64 { return math.Exp((p-1)*math.Log(x) + (q-1)*math.Log(y)) }
	// Gauss–Legendre, three points: exact to degree five on every piece.
	node, weight := [3]float64{0.5 - math.Sqrt(0.15), 0.5, 0.5 + math.Sqrt(0.15)}, [3]float64{5. / 18, 8. / 18, 5. / 18}
	mass := make([]float64, knots)
	const h = 1.0 / knots
	for j := range knots {
		for i, g := range node {
			s := (float64(j) + g) * h
			x, y := at(s)
			mass[j] += weight[i] * h * shape(x, y) * 6 * s * (1 - s)
		}
	}
	for j := range knots {
		k.x[j+1], k.y[j+1] = at(float64(j+1) * h)
		k.below[j+1] = k.below[j] + mass[j]
	}
	k.y[0] = 1
	for j := knots - 1; j >= 0; j-- {
		k.above[j] = k.above[j+1] + mass[j]
	}
	total := k.below[knots]
	for j := range k.x {
		k.below[j] /= total
		k.above[j] /= total
		if j > 0 && j < knots {
			k.density[j] = shape(k.x[j], k.y[j]) / total
		}
	}
	return k
}

// fill writes the inverse at the borders of the cells between the edges, by
// cubic Hermite pieces: at the knots both the value and the slope are known.
func (k *betaKnots) fill(table []float64) {
	table[0], table[cells] = 0, 1
	j := 1
	for i := 1; i < cells; i++ {
		u := float64(i) / cells
		if i <= edge-1 || i >= cells-edge+1 {
			table[i] = k.tail(u)
			continue
		}
		for j+1 < knots-1 && k.below[j+1] < u {
			j++
		}
		w := k.below[j+1] - k.below[j]
		t := (u - k.below[j]) / w
		if t < 0 || t > 1 || k.density[j] <= 0 || k.density[j+1] <= 0 {
			table[i] = special.BetaQuantile(u, k.p, k.q)
			continue
		}
		d0, d1 := w/k.density[j], w/k.density[j+1]
		t2, t3 := t*t, t*t*t
		table[i] = k.x[j]*(2*t3-3*t2+1) + d0*(t3-2*t2+t) + k.x[j+1]*(3*t2-2*t3) + d1*(t3-t2)
	}
}

// tail is the inverse near either end. There the distribution function is
// nearly a power of the distance to the end, so its logarithm is nearly a line.
func (k *betaKnots) tail(u float64) float64 {
	if u <= 0.5 {
		j := sort.Search(knots, func(i int) bool { return k.below[i] >= u })
		if j < 9 || j >= knots {
			return special.BetaQuantile(u, k.p, k.q)
		}
		return logLine(u, k.below[j-1], k.below[j], k.x[j-1], k.x[j])
	}
	v := 1 - u
	j := sort.Search(knots, func(i int) bool { return k.above[knots-i] >= v })
	if j < 9 || j >= knots {
		return special.BetaQuantile(u, k.p, k.q)
	}
	return 1 - logLine(v, k.above[knots-j+1], k.above[knots-j], k.y[knots-j+1], k.y[knots-j])
}

func logLine(u, u0, u1, x0, x1 float64) float64 {
	t := math.Log(u/u0) / math.Log(u1/u0)
	return x0 * math.Exp(t*math.Log(x1/x0))
}
