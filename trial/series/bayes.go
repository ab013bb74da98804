package series

import (
	"math"

	"homecase/special"
)

// Prior is what the Bayesian model believes before the first day. Spreads are in
// SDs of a day.
type Prior struct {
	EffectVariance float64   // of the home effect, around no difference
	Rho            []float64 // correlation of neighbouring days, grid points
	RhoWeight      []float64 // their weights, not normalised
	WeekdaySD      []float64
	WeekdayWeight  []float64
	WeekSD         []float64
	WeekWeight     []float64
	TrendVariance  float64
	MeanVariance   float64
	NoiseDF        float64 // how many days the first guess of a day's variance counts for
}

// DefaultPrior is a mild sceptic: 12 correlations, 5 weekday spreads and 3 week
// spreads, 180 points in all, and an effect of N(0, 1 SD^2).
func DefaultPrior() Prior {
	p := Prior{EffectVariance: 1, TrendVariance: 1, MeanVariance: 100, NoiseDF: 1, WeekdaySD: []float64{0, 0.15, 0.3, 0.6, 1.2}, WeekSD: []float64{0, 0.3, 0.6}}
	for i := -3; i <= 8; i++ { // Beta(5, 3) on (rho+1)/2
		rho := float64(i) / 10
		u := (rho + 1) / 2
		p.Rho = append(p.Rho, rho)
		p.RhoWeight = append(p.RhoWeight, math.Pow(u, 4)*math.Pow(1-u, 2))
	}
	for _, s := range p.WeekdaySD {
		p.WeekdayWeight = append(p.WeekdayWeight, math.Exp(-0.5*(s/0.6)*(s/0.6)))
	}
	for _, s := range p.WeekSD {
		p.WeekWeight = append(p.WeekWeight, math.Exp(-0.5*(s/0.3)*(s/0.3)))
	}
	return p
}

func (p Prior) check() error {
	ok := p.EffectVariance > 0 && p.TrendVariance >= 0 && p.MeanVariance >= 0 && p.NoiseDF > 0 &&
		len(p.Rho) > 0 && len(p.WeekdaySD) > 0 && len(p.WeekSD) > 0 &&
		len(p.Rho) == len(p.RhoWeight) && len(p.WeekdaySD) == len(p.WeekdayWeight) && len(p.WeekSD) == len(p.WeekWeight)
	for i, r := range p.Rho {
		ok = ok && math.Abs(r) < 1 && i < len(p.RhoWeight) && p.RhoWeight[i] > 0
	}
	for _, s := range [][]float64{p.WeekdaySD, p.WeekSD} {
		for _, v := range s {
			ok = ok && v >= 0 && v < 1e6
		}
	}
	for _, s := range [][]float64{p.WeekdayWeight, p.WeekWeight} {
		for _, v := range s {
			ok = ok && v > 0 && !math.IsInf(v, 1)
		}
	}
	if !ok {
		return refuse(CodeArgument, "The prior has a variance, a correlation or a weight outside its domain.")
	}
	return nil
}

// Grid is the part of the Bayesian model that depends on the calendar only. It is
// made once and serves every series of values on that calendar; it is safe for
// concurrent use.
//
// The model is y = mean + weekday + week + trend + effect*home + AR(1) noise. At a
// grid point everything else is conjugate, so the effect is an exact mixture of t
// distributions: no simulation, the same answer always.
type Grid struct {
	prior  Prior
	days   Days
	n      int
	common []column // of week, weekday, trend and mean
	kind   []uint8  // what each column is
	cells  []cell
	white  []whitened
}

const (
	weekColumn uint8 = iota
	weekdayColumn
	trendColumn
	meanColumn
)

// column holds the values of a column from the first to the last that may be
// other than zero: of a week's column that is the week.
type column struct {
	at     int
	values []float64
}

// dot multiplies two columns where both have values.
func (c column) dot(d column) float64 {
	from, to := max(c.at, d.at), min(c.at+len(c.values), d.at+len(d.values))
	if from >= to {
		return 0
	}
	return dot(c.values[from-c.at:to-c.at], d.values[from-d.at:])
}

// cell is one grid point: V = R + U D U' with R the AR(1) matrix. Its inverse
// needs only the small matrix I + D^1/2 U'R^-1 U D^1/2 (Woodbury's identity).
type cell struct {
	rho    int
	root   []float64 // D^1/2
	chol   []column  // rows of the small matrix's lower triangle, each to its diagonal
	weight float64   // log prior - log|V|/2
}

// whitened is the calendar for one rho: its columns divided by the root of R,
// and what a day takes from the day before.
type whitened struct {
	keep, scale []float64
	logR        float64
	cols        []column
}

// NewGrid prepares the model for a calendar.
func NewGrid(d Days, prior Prior) (*Grid, error) {
	n := len(d.Weekday)
	if err := d.check(nil, make([]float64, n)); err != nil {
		return nil, err
	}
	if err := prior.check(); err != nil {
		return nil, err
	}
	if n < 3 {
		return nil, refuse(CodeFew, "The Bayesian model needs at least three days with a value; there are %d.", n)
	}
	g := &Grid{prior: prior, days: d, n: n}
	g.columns()
	for r, rho := range prior.Rho {
		w := g.whitening(rho)
		for _, c := range g.common {
			w.cols = append(w.cols, w.whiten(c, n))
		}
		gram := w.gram()
		g.white = append(g.white, w)
		for i, wd := range prior.WeekdaySD {
			for j, wk := range prior.WeekSD {
				c, logDet := g.point(gram, wd, wk)
				c.rho = r
				c.weight = math.Log(prior.RhoWeight[r]*prior.WeekdayWeight[i]*prior.WeekWeight[j]) - 0.5*(w.logR+logDet)
				g.cells = append(g.cells, c)
			}
		}
	}
	return g, nil
}

// columns lists the shared columns of the calendar. The weeks come first: each
// meets only its neighbours, so that the lower triangle of the small matrix is
// empty but for its last few rows, however long the calendar is.
func (g *Grid) columns() {
	add := func(kind uint8, c column) { g.common, g.kind = append(g.common, c), append(g.kind, kind) }
	groups := func(kind uint8, of []int) {
		for i, v := range of {
			if first(of, v) != i {
				continue
			}
			c := column{at: i}
			for j, w := range of[i:] {
				if w == v {
					c.values = append(append(c.values, make([]float64, j-len(c.values))...), 1)
				}
			}
			add(kind, c)
		}
	}
	groups(weekColumn, g.days.Week)
	groups(weekdayColumn, g.days.Weekday)
	add(trendColumn, column{values: g.days.trend()})
	one := make([]float64, g.n)
	for i := range one {
		one[i] = 1
	}
	add(meanColumn, column{values: one})
}

// whitening is the root of the AR(1) correlation matrix for one rho.
func (g *Grid) whitening(rho float64) whitened {
	w := whitened{keep: make([]float64, g.n), scale: make([]float64, g.n)}
	w.scale[0] = 1
	for i := 1; i < g.n; i++ {
		k := math.Pow(rho, float64(g.days.ordinal(i)-g.days.ordinal(i-1)))
		w.keep[i], w.scale[i] = k, math.Sqrt(1-k*k)
		w.logR += math.Log(1 - k*k)
	}
	return w
}

// whiten divides a column of n days by the root: each value reaches one day on.
func (w *whitened) whiten(c column, n int) column {
	out := column{c.at, make([]float64, min(len(c.values)+1, n-c.at))}
	before := 0.0
	for i := range out.values {
		now := 0.0
		if i < len(c.values) {
			now = c.values[i]
		}
		out.values[i] = (now - w.keep[c.at+i]*before) / w.scale[c.at+i]
		before = now
	}
	return out
}

// gram multiplies every column with those before it, from the first that it
// meets.
func (w *whitened) gram() []column {
	rows := make([]column, len(w.cols))
	for a, c := range w.cols {
		for b, d := range w.cols[:a+1] {
			v := c.dot(d)
			switch {
			case len(rows[a].values) > 0:
				rows[a].values = append(rows[a].values, v)
			case v != 0 || a == b:
				rows[a] = column{b, []float64{v}}
			}
		}
	}
	return rows
}

func (g *Grid) point(gram []column, weekday, week float64) (cell, float64) {
	q := len(g.kind)
	c := cell{root: make([]float64, q), chol: make([]column, q)}
	for i, k := range g.kind {
		switch k {
		case weekdayColumn:
			c.root[i] = weekday
		case weekColumn:
			c.root[i] = week
		case trendColumn:
			c.root[i] = math.Sqrt(g.prior.TrendVariance)
		case meanColumn:
			c.root[i] = math.Sqrt(g.prior.MeanVariance)
		}
	}
	logDet := 0.0
	for i, meets := range gram {
		row := column{meets.at, make([]float64, 0, len(meets.values))} // what is empty before stays empty
		for k, v := range meets.values {
			j := meets.at + k
			s := c.root[i] * c.root[j] * v
			if i == j {
				s++
				row.values = append(row.values, math.Sqrt(s-dot(row.values, row.values)))
				continue
			}
			above := c.chol[j]
			diagonal := above.values[len(above.values)-1]
			above.values = above.values[:len(above.values)-1]
			row.values = append(row.values, (s-row.dot(above))/diagonal)
		}
		c.chol[i] = row
		logDet += 2 * math.Log(row.values[len(row.values)-1])
	}
	return c, logDet
}

// reduce solves with the small matrix's lower triangle: the inner product of two
// reduced vectors is what Woodbury's identity takes away.
func (c cell) reduce(u []float64, out []float64) {
	for i, row := range c.chol {
		last := len(row.values) - 1
		out[i] = (c.root[i]*u[i] - dot(row.values[:last], out[row.at:])) / row.values[last]
	}
}

// Posterior is what a mild sceptic should believe of the home effect.
type Posterior struct {
	Mean              float64    `json:"mean"`
	SD                float64    `json:"sd"`
	Interval90        [2]float64 `json:"interval90"`
	PAboveMinusMargin float64    `json:"p_above_minus_margin"`
	PAboveZero        float64    `json:"p_above_zero"`
	GridPoints        int        `json:"grid_points"`
	DF                float64    `json:"df"`

	parts []part
}

// part is one t distribution of the mixture.
type part struct{ weight, centre, scale float64 }

// Posterior computes the answer for values, better up, and places. Values are
// centred first; the noise's first guess is their variance.
func (g *Grid) Posterior(home []bool, y []float64, margin float64) (Posterior, error) {
	if len(y) != g.n {
		return Posterior{}, refuse(CodeShape, "There are %d values for %d days.", len(y), g.n)
	}
	if err := g.days.check(home, y); err != nil {
		return Posterior{}, err
	}
	if math.IsNaN(margin) || math.IsInf(margin, 0) {
		return Posterior{}, refuse(CodeArgument, "The margin is not a number.")
	}
	mean, ss := moments(y)
	if ss <= 1e-24*float64(g.n)*mean*mean || ss == 0 {
		return Posterior{}, refuse(CodeFlat, "All values are the same, so nothing can be learnt from them.")
	}
	centred, z := make([]float64, g.n), make([]float64, g.n)
	arms := 0
	for i, v := range y {
		centred[i] = v - mean
		if home[i] {
			z[i], arms = 1, arms+1
		}
	}
	if arms == 0 || arms == g.n {
		return Posterior{}, refuse(CodeFew, "The Bayesian model needs home days and office days.")
	}
	post := Posterior{GridPoints: len(g.cells), DF: g.prior.NoiseDF + float64(g.n)}
	post.parts = g.mixture(z, centred, ss/float64(g.n-1))
	var second float64
	for _, p := range post.parts {
		post.Mean += p.weight * p.centre
		second += p.weight * (p.scale*p.scale*post.DF/(post.DF-2) + p.centre*p.centre)
	}
	post.SD = math.Sqrt(math.Max(0, second-post.Mean*post.Mean))
	post.Interval90 = [2]float64{post.quantile(0.05), post.quantile(0.95)}
	post.PAboveMinusMargin, post.PAboveZero = post.Above(-margin), post.Above(0)
	return post, nil
}

// mixture returns the parts with normalised weights:
// Lambda = z'Pz + 1/b, m = z'Py/Lambda, S = nu0 s0^2 + y'Py - m^2 Lambda.
func (g *Grid) mixture(z, y []float64, s0 float64) []part {
	b, nu := g.prior.EffectVariance, g.prior.NoiseDF+float64(g.n)
	parts := make([]part, len(g.cells))
	top := math.Inf(-1)
	q := len(g.kind)
	uz, uy, rz, ry := make([]float64, q), make([]float64, q), make([]float64, q), make([]float64, q)
	var zz, zy, yy float64
	at := -1
	for i, c := range g.cells {
		if c.rho != at {
			at = c.rho
			w := &g.white[at]
			wz, wy := w.whiten(column{values: z}, g.n), w.whiten(column{values: y}, g.n)
			zz, zy, yy = wz.dot(wz), wz.dot(wy), wy.dot(wy)
			for k, col := range w.cols {
				uz[k], uy[k] = col.dot(wz), col.dot(wy)
			}
		}
		c.reduce(uz, rz)
		c.reduce(uy, ry)
		lambda := zz - dot(rz, rz) + 1/b
		m := (zy - dot(rz, ry)) / lambda
		s := g.prior.NoiseDF*s0 + yy - dot(ry, ry) - m*m*lambda
		w := c.weight - 0.5*math.Log(b*lambda) - 0.5*nu*math.Log(s)
		parts[i] = part{w, m, math.Sqrt(s / (nu * lambda))}
		top = math.Max(top, w)
	}
	all := 0.0
	for i := range parts {
		parts[i].weight = math.Exp(parts[i].weight - top)
		all += parts[i].weight
	}
	for i := range parts {
		parts[i].weight /= all
	}
	return parts
}

// Above is the chance that the effect is above d.
func (p Posterior) Above(d float64) float64 {
	s := 0.0
	for _, t := range p.parts {
		if t.weight < 1e-15 {
			continue
		}
		s += t.weight * special.TSurvival((d-t.centre)/t.scale, p.DF)
	}
	return math.Min(1, s)
}

// quantile solves the mixture's distribution function by Newton's method inside a
// bracket.
func (p Posterior) quantile(level float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	q := special.TQuantile(level, p.DF)
	for _, t := range p.parts { // the quantile lies between those of the parts
		lo, hi = math.Min(lo, t.centre+q*t.scale), math.Max(hi, t.centre+q*t.scale)
	}
	x := p.Mean + q*p.SD
	for range 60 {
		if !(x > lo && x < hi) {
			x = (lo + hi) / 2
		}
		below, density := p.at(x)
		if below < level {
			lo = x
		} else {
			hi = x
		}
		step := (below - level) / density
		if x -= step; math.Abs(step) <= 1e-11*p.SD || hi-lo <= 1e-14*(math.Abs(lo)+math.Abs(hi)) {
			break
		}
	}
	return math.Min(math.Max(x, lo), hi)
}

// at returns the mixture's distribution function and its density.
func (p Posterior) at(x float64) (below, density float64) {
	lg, _ := math.Lgamma((p.DF + 1) / 2)
	lh, _ := math.Lgamma(p.DF / 2)
	k := math.Exp(lg-lh) / math.Sqrt(math.Pi*p.DF)
	for _, t := range p.parts {
		if t.weight < 1e-15 {
			continue
		}
		z := (x - t.centre) / t.scale
		below += t.weight * special.TCDF(z, p.DF)
		density += t.weight * k / t.scale * math.Exp(-(p.DF+1)/2*math.Log1p(z*z/p.DF))
	}
	return below, density
}
