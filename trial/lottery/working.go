package lottery

import "math"

// Working is the covariance that the analysis works with, fixed before the
// data: neighbouring days are alike, the same weekdays are alike, days of one
// week are a little alike, and there may be a trend. Any fixed choice keeps the
// randomisation test exact; a good one gives power.
type Working struct {
	Rho     float64 // correlation of one workday with the next
	Weekday float64 // variance shared by the same weekdays
	Week    float64 // variance shared by the days of one week
	Trend   float64 // variance of a straight trend over the trial
}

// Default is the working covariance used unless a baseline says otherwise.
func Default() Working { return Working{Rho: .3, Weekday: .5, Week: .1, Trend: 1} }

// Projection applies P = V⁻¹ − V⁻¹11'V⁻¹/(1'V⁻¹1) to vectors, where V is the
// working covariance. V is an AR(1) part, whose inverse has three diagonals,
// plus a few shared components, so no n×n matrix is ever built (Woodbury).
type Projection struct {
	diag, off []float64   // the inverse of the AR(1) part
	shared    [][]float64 // the components scaled by their standard deviation
	chol      [][]float64 // Cholesky factor of I + U'R⁻¹U
	one       []float64   // V⁻¹1
	oneSum    float64
}

// Project prepares P for days with the ordinals s of their workdays, their
// weekdays and their weeks. The days are in order and their ordinals rise.
func (w Working) Project(s, weekday, week []int) *Projection {
	n := len(s)
	p := &Projection{diag: make([]float64, n), off: make([]float64, n)}
	p.inverse(w.Rho, s)
	p.shared = append(p.shared, indicators(weekday, w.Weekday)...)
	p.shared = append(p.shared, indicators(week, w.Week)...)
	if w.Trend > 0 && n > 1 && s[n-1] > s[0] {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Sqrt(w.Trend) * (2*float64(s[i]-s[0])/float64(s[n-1]-s[0]) - 1)
		}
		p.shared = append(p.shared, x)
	}
	p.factor()
	p.one = make([]float64, n)
	for i := range p.one {
		p.one[i] = 1
	}
	p.one = p.solve(p.one)
	for _, v := range p.one {
		p.oneSum += v
	}
	return p
}

// inverse fills the three diagonals of the inverse correlation of an AR(1)
// series observed at the ordinals s.
func (p *Projection) inverse(rho float64, s []int) {
	n := len(s)
	for i := range p.diag {
		p.diag[i] = 1
	}
	for i := range n - 1 {
		f := math.Pow(rho, float64(s[i+1]-s[i]))
		g := 1 - f*f
		p.diag[i] += f * f / g
		p.diag[i+1] += f * f / g
		p.off[i] = -f / g
	}
}

func indicators(group []int, variance float64) [][]float64 {
	if variance <= 0 {
		return nil
	}
	at := map[int]int{}
	var out [][]float64
	for i, g := range group {
		c, ok := at[g]
		if !ok {
			c = len(out)
			at[g] = c
			out = append(out, make([]float64, len(group)))
		}
		out[c][i] = math.Sqrt(variance)
	}
	return out
}

func (p *Projection) serial(v []float64) []float64 {
	n := len(v)
	out := make([]float64, n)
	for i := range out {
		out[i] = p.diag[i] * v[i]
		if i > 0 {
			out[i] += p.off[i-1] * v[i-1]
		}
		if i+1 < n {
			out[i] += p.off[i] * v[i+1]
		}
	}
	return out
}

func (p *Projection) factor() {
	r := len(p.shared)
	p.chol = make([][]float64, r)
	from, to := make([]int, r), make([]int, r) // where a component is not zero: one of a week is short
	for i, u := range p.shared {
		from[i], to[i] = support(u)
		ru := p.serial(u)
		p.chol[i] = make([]float64, i+1)
		for j := 0; j <= i; j++ {
			p.chol[i][j] = dot(p.shared[j][from[j]:to[j]], ru[from[j]:])
			if i == j {
				p.chol[i][j]++
			}
		}
	}
	for i := range r {
		for j := 0; j <= i; j++ {
			sum := p.chol[i][j] - dot(p.chol[i][:j], p.chol[j][:j])
			if i == j {
				p.chol[i][i] = math.Sqrt(sum)
			} else {
				p.chol[i][j] = sum / p.chol[j][j]
			}
		}
	}
}

// support is the part of v outside which it is zero.
func support(v []float64) (from, to int) {
	to = len(v)
	for from < to && v[from] == 0 {
		from++
	}
	for from < to && v[to-1] == 0 {
		to--
	}
	return from, to
}

// solve returns V⁻¹v.
func (p *Projection) solve(v []float64) []float64 {
	out := p.serial(v)
	r := len(p.shared)
	y := make([]float64, r)
	for i := range r {
		y[i] = (dot(p.shared[i], out) - dot(p.chol[i][:i], y[:i])) / p.chol[i][i]
	}
	for i := r - 1; i >= 0; i-- {
		for k := i + 1; k < r; k++ {
			y[i] -= p.chol[k][i] * y[k]
		}
		y[i] /= p.chol[i][i]
	}
	u := make([]float64, len(v))
	for i, w := range y {
		for j, x := range p.shared[i] {
			u[j] += w * x
		}
	}
	for i, x := range p.serial(u) {
		out[i] -= x
	}
	return out
}

// Apply returns Pv.
func (p *Projection) Apply(v []float64) []float64 {
	out := p.solve(v)
	sum := 0.0
	for _, x := range out {
		sum += x
	}
	for i := range out {
		out[i] -= p.one[i] * sum / p.oneSum
	}
	return out
}

// SerialForm returns v'Rv for an AR(1) correlation with parameter rho over the
// ordinals s, in one pass.
func SerialForm(v []float64, s []int, rho float64) float64 {
	total, carry := 0.0, 0.0
	for i, x := range v {
		if i > 0 {
			carry *= math.Pow(rho, float64(s[i]-s[i-1]))
		}
		total += x*x + 2*x*carry
		carry += x
	}
	return total
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
