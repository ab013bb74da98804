package estimate

import (
	"math"
	"sync"

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
		k := int(f)
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
	below, above []float64 // probability below and above each point
	density      []float64
	low, high    []logLine
}

// grid holds the points, which all beta distributions share: their distances
// to both ends and the logarithms of these.
type grid struct {
	x, y       [knots + 1]float64
	logX, logY [knots + 1]float64
	nodes      [knots][3]struct{ s, logX, logY float64 } // inside each piece
}

// Gauss–Legendre, three points: exact to degree five on every piece.
var (
	nodes   = [3]float64{0.5 - math.Sqrt(0.15), 0.5, 0.5 + math.Sqrt(0.15)}
	weights = [3]float64{5. / 18, 8. / 18, 5. / 18}
)

var points = sync.OnceValue(func() *grid {
	// x = s²(3−2s) turns the powers at both ends into smooth functions of s.
	at := func(s float64) (x, y float64) { return s * s * (3 - 2*s), (1 - s) * (1 - s) * (1 + 2*s) }
	g := new(grid)
	const h = 1.0 / knots
	for j := range knots {
		for i, part := range nodes {
			s := (float64(j) + part) * h
			x, y := at(s)
			g.nodes[j][i].s, g.nodes[j][i].logX, g.nodes[j][i].logY = s, math.Log(x), math.Log(y)
		}
		g.x[j+1], g.y[j+1] = at(float64(j+1) * h)
		g.logX[j+1], g.logY[j+1] = math.Log(g.x[j+1]), math.Log(g.y[j+1])
	}
	g.y[0] = 1
	return g
})

func newBetaKnots(p, q float64) *betaKnots {
	k, g := &betaKnots{p: p, q: q}, points()
	for _, s := range []*[]float64{&k.below, &k.above, &k.density} {
		*s = make([]float64, knots+1)
	}
	shape := func(logX, logY float64) float64 { return math.Exp((p-1)*logX + (q-1)*logY) }
	var mass [knots]float64
	const h = 1.0 / knots
	for j := range knots {
		for i, n := range g.nodes[j] {
			mass[j] += weights[i] * h * shape(n.logX, n.logY) * 6 * n.s * (1 - n.s)
		}
	}
	for j := range knots {
		k.below[j+1] = k.below[j] + mass[j]
	}
	for j := knots - 1; j >= 0; j-- {
		k.above[j] = k.above[j+1] + mass[j]
	}
	total := k.below[knots]
	for j := range k.below {
		k.below[j] /= total
		k.above[j] /= total
		if j > 0 && j < knots {
			k.density[j] = shape(g.logX[j], g.logY[j]) / total
		}
	}
	k.low = logLines(func(j int) (u, x float64) { return k.below[j], g.x[j] })
	k.high = logLines(func(j int) (u, x float64) { return k.above[knots-j], g.y[knots-j] })
	return k
}

// fill writes the inverse at the borders of the cells between the edges, by
// cubic Hermite pieces: at the knots both the value and the slope are known.
func (k *betaKnots) fill(table []float64) {
	g := points()
	table[0], table[cells] = 0, 1
	var w, d0, d1 float64 // of the piece behind knot j
	for i, j, of := 1, 1, 0; i < cells; i++ {
		u := float64(i) / cells
		if i <= edge-1 || i >= cells-edge+1 {
			table[i] = k.tail(u)
			continue
		}
		for j+1 < knots-1 && k.below[j+1] < u {
			j++
		}
		if of != j {
			of, w = j, k.below[j+1]-k.below[j]
			d0, d1 = w/k.density[j], w/k.density[j+1]
		}
		t := (u - k.below[j]) / w
		if t < 0 || t > 1 || k.density[j] <= 0 || k.density[j+1] <= 0 {
			table[i] = special.BetaQuantile(u, k.p, k.q)
			continue
		}
		t2, t3 := t*t, t*t*t
		table[i] = g.x[j]*(2*t3-3*t2+1) + d0*(t3-2*t2+t) + g.x[j+1]*(3*t2-2*t3) + d1*(t3-t2)
	}
}

// tail is the inverse near either end. There the distribution function is
// nearly a power of the distance to the end, so its logarithm is nearly a line.
func (k *betaKnots) tail(u float64) float64 {
	lines, v := k.low, u
	if u > 0.5 {
		lines, v = k.high, 1-u
	}
	for i := len(lines) - 1; i >= 0; i-- { // most draws lie in the pieces far from the end
		l := &lines[i]
		if v <= l.u {
			continue
		}
		if v > l.until {
			break
		}
		x := l.x * math.Exp(math.Log(v/l.u)/l.logU*l.logX)
		if u > 0.5 {
			return 1 - x
		}
		return x
	}
	return special.BetaQuantile(u, k.p, k.q)
}

// logLine is one piece of a tail: from a probability and a distance from the
// end, with the logarithms of what both grow by.
type logLine struct{ u, until, x, logU, logX float64 }

// logLines are the pieces of a tail as far as the edge reaches. Those nearest
// to the end are left out: there a line is not exact enough.
func logLines(at func(j int) (u, x float64)) []logLine {
	const first = 8
	lines := make([]logLine, 0, 64)
	u, x := at(first)
	for j := first + 1; j < knots && u < edge/float64(cells); j++ {
		until, to := at(j)
		lines = append(lines, logLine{u, until, x, math.Log(until / u), math.Log(to / x)})
		u, x = until, to
	}
	return lines
}
