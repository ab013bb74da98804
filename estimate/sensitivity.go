package estimate

import (
	"math"
	"slices"
)

// Bar shows what one input does to an output, the others at their median.
type Bar struct {
	Input  string   `json:"input"`
	Unit   Unit     `json:"unit"`
	P5     float64  `json:"p5"`             // the input's own 5 % value
	P95    float64  `json:"p95"`            // and its 95 % value
	AtP5   float64  `json:"at_p5"`          // the output there
	AtP95  float64  `json:"at_p95"`         //
	Swing  float64  `json:"swing"`          // the distance between the two
	Median float64  `json:"median"`         // the input's median
	Zero   *float64 `json:"zero,omitempty"` // where the output would be nothing, when that lies inside the range
}

// Tornado is the bars of all inputs that move an output, longest first.
type Tornado struct {
	Output string  `json:"output"`
	Base   float64 `json:"base"` // the output with every input at its median
	Bars   []Bar   `json:"bars"`
}

// probe evaluates one output at single points.
type probe struct {
	m   *Model
	mc  *machine
	out Output
}

func (m *Model) newProbe(output string) (*probe, error) {
	i, err := m.output(output)
	if err != nil {
		return nil, err
	}
	p, err := m.compile(m.outputs[i : i+1])
	if err != nil {
		return nil, err
	}
	pr := &probe{m: m, mc: p.machine(1, 1), out: m.outputs[i]}
	pr.medians()
	return pr, nil
}

func (p *probe) medians() {
	for i, d := range p.m.dists {
		p.mc.input(i)[0] = d.quantile(0.5)
	}
}

func (p *probe) at(i int, x float64) float64 {
	column := p.mc.input(i)
	old := column[0]
	column[0] = x
	p.mc.run(1)
	column[0] = old
	return p.mc.out(0)[0]
}

func (p *probe) base() float64 {
	p.mc.run(1)
	return p.mc.out(0)[0]
}

// Tornado moves each input to its 5 % and its 95 % value with the others at
// their median. Inputs that do not move the output are left out.
func (m *Model) Tornado(output string) (Tornado, error) {
	p, err := m.newProbe(output)
	if err != nil {
		return Tornado{}, err
	}
	t := Tornado{Output: output, Base: p.base()}
	for i, d := range m.dists {
		in := m.inputs[m.varied[i]]
		low, high := d.quantile(0.05), d.quantile(0.95)
		b := Bar{Input: in.Name, Unit: in.Unit, AtP5: p.at(i, low), AtP95: p.at(i, high)}
		if b.Swing = math.Abs(b.AtP95 - b.AtP5); b.Swing == 0 {
			continue
		}
		f := in.Unit.factor()
		b.P5, b.P95, b.Median = low/f, high/f, d.quantile(0.5)/f
		if x, ok := p.zero(i, d); ok {
			x /= f
			b.Zero = &x
		}
		t.Bars = append(t.Bars, b)
	}
	slices.SortStableFunc(t.Bars, func(a, b Bar) int {
		switch {
		case a.Swing > b.Swing:
			return -1
		case a.Swing < b.Swing:
			return 1
		}
		return 0
	})
	return t, nil
}

// zero finds the value of input i at which the output is nothing, between the
// ends of its range (or its 0.1 % and 99.9 % values), others at their median.
func (p *probe) zero(i int, d *dist) (float64, bool) {
	low, high := d.a, d.b
	if d.shape == Lognormal || d.shape == Normal {
		low, high = d.quantile(0.001), d.quantile(0.999)
	}
	const pieces = 64
	x0, f0 := low, p.at(i, low)
	for k := 1; k <= pieces; k++ {
		x1 := low + (high-low)*float64(k)/pieces
		f1 := p.at(i, x1)
		if f0 == 0 {
			return x0, true
		}
		if (f0 < 0) != (f1 < 0) {
			for range 60 {
				mid := x0 + (x1-x0)/2
				if fm := p.at(i, mid); (fm < 0) == (f0 < 0) {
					x0 = mid
				} else {
					x1 = mid
				}
			}
			return x1, true
		}
		x0, f0 = x1, f1
	}
	return 0, false
}

// Index says which part of an output's variance comes from one input.
type Index struct {
	Input string `json:"input"`
	// First is the part that would go if this input alone were known.
	First float64 `json:"first"`
	// Total is the part that stays if everything else were known; the two differ
	// by how far the input works together with others.
	Total float64 `json:"total"`
}

// Learning is what knowing one input would be worth.
type Learning struct {
	Input string `json:"input"`
	// SDNow is the standard deviation of the output as things stand.
	SDNow float64 `json:"sd_now"`
	// SDThen is what would be left of it, on average, if the input were known.
	SDThen float64 `json:"sd_then"`
	// Drop is the part of the standard deviation that would go.
	Drop float64 `json:"drop"`
}

// Sensitivity holds the Sobol' indices of one output, largest total first.
type Sensitivity struct {
	Output  string  `json:"output"`
	Indices []Index `json:"indices"`
	// FirstSum is the sum of the first-order indices; the further below 1, the
	// more the inputs work together and the less a tornado tells.
	FirstSum float64 `json:"first_sum"`
	SD       float64 `json:"sd"`
	// Independent is true when the inputs were taken as independent though
	// correlations were given: the indices mean nothing otherwise.
	Independent bool `json:"assumed_independent"`
	// Learn names the input most worth finding out, nil when nothing varies.
	Learn *Learning `json:"learn,omitempty"`
}

// indexLog2 is the base size of the index estimates: 2^13 × (inputs + 2) evaluations.
const indexLog2 = 13

// Sensitivity computes first-order indices by Saltelli's estimator and total
// indices by Jansen's, over one Sobol' set of twice as many dimensions as inputs
// (Saltelli et al., Comput. Phys. Commun. 181, 259-270, 2010).
func (m *Model) Sensitivity(output string, o Options) (Sensitivity, error) {
	o = o.fill()
	i, err := m.output(output)
	if err != nil {
		return Sensitivity{}, err
	}
	s := Sensitivity{Output: output, Independent: m.copula != nil}
	p, err := m.compile(m.outputs[i : i+1])
	if err != nil {
		return s, err
	}
	use := p.reach(0)
	if 2*len(use) > MaxDimensions {
		return s, invalid(CodeTooMany, "%d inputs move %s; the indices can part %d.", len(use), output, MaxDimensions/2)
	}
	if len(use) == 0 {
		return s, nil
	}
	m.prepare()
	n := 1 << indexLog2
	eval := func() evaluator {
		mc := p.machine(block, 1)
		return evaluator{
			column: func(k int) []float64 { return mc.input(use[k]) },
			invert: func(k int, u, out []float64) { m.dists[use[k]].column(u, out) },
			run:    func(n int) []float64 { mc.run(n); return mc.out(0)[:n] },
		}
	}
	acc, err := indices(len(use), n, o, eval)
	if err != nil {
		return s, err
	}
	s.SD = math.Sqrt(acc.variance)
	for k, i := range use {
		x := Index{Input: m.inputs[m.varied[i]].Name, First: acc.first[k], Total: acc.total[k]}
		s.FirstSum += x.First
		s.Indices = append(s.Indices, x)
	}
	s.learn()
	slices.SortStableFunc(s.Indices, func(a, b Index) int {
		switch {
		case a.Total > b.Total:
			return -1
		case a.Total < b.Total:
			return 1
		}
		return 0
	})
	return s, nil
}

// learn picks the input whose knowledge takes most of the standard deviation:
// the variance left on average is (1 − first) of the whole.
func (s *Sensitivity) learn() {
	for _, x := range s.Indices {
		l := Learning{Input: x.Input, SDNow: s.SD, SDThen: s.SD * math.Sqrt(max(0, 1-x.First))}
		if s.SD > 0 {
			l.Drop = 1 - l.SDThen/l.SDNow
		}
		if s.Learn == nil || l.Drop > s.Learn.Drop {
			s.Learn = &l
		}
	}
}

// reach lists the varied inputs that an output's register depends on.
func (p *program) reach(out int) []int {
	need := map[int]bool{p.outs[out]: true}
	for k := len(p.code) - 1; k >= 0; k-- {
		if need[p.code[k].dst] {
			need[p.code[k].a], need[p.code[k].b] = true, true
		}
	}
	var use []int
	for i, r := range p.inputs {
		if need[r] {
			use = append(use, i)
		}
	}
	return use
}

// evaluator is one worker's function of several inputs.
type evaluator struct {
	column func(k int) []float64         // where input k is read from
	invert func(k int, u, out []float64) // uniform numbers to values
	run    func(n int) []float64         // the function on the columns
}

type indexSums struct {
	variance     float64
	first, total []float64
}

// indices estimates the Sobol' indices of a function of d inputs over n points.
func indices(d, n int, o Options, worker func() evaluator) (indexSums, error) {
	base, err := newSobol(2 * d)
	if err != nil {
		return indexSums{}, err
	}
	points := base.scrambled(o.Seed, 0)
	fA, fB := make([]float64, n), make([]float64, n)
	fAB := make([][]float64, d)
	for k := range fAB {
		fAB[k] = make([]float64, n)
	}
	parallel((n+block-1)/block, o.Workers, func() func(int) {
		ev := worker()
		u, a, b := make([]float64, block), columns(d), columns(d)
		return func(task int) {
			first := task * block
			size := min(block, n-first)
			for k := range d {
				points.fill(k, first, u[:size])
				ev.invert(k, u[:size], a[k][:size])
				points.fill(d+k, first, u[:size])
				ev.invert(k, u[:size], b[k][:size])
			}
			load := func(k int, from []float64) { copy(ev.column(k), from[:size]) }
			for k := range d {
				load(k, b[k])
			}
			copy(fB[first:], ev.run(size))
			for k := range d {
				load(k, a[k])
			}
			copy(fA[first:], ev.run(size))
			for k := range d {
				load(k, b[k])
				copy(fAB[k][first:], ev.run(size))
				load(k, a[k])
			}
		}
	})
	return sumIndices(fA, fB, fAB), nil
}

func columns(d int) [][]float64 {
	c := make([][]float64, d)
	for k := range c {
		c[k] = make([]float64, block)
	}
	return c
}

func sumIndices(fA, fB []float64, fAB [][]float64) indexSums {
	n := float64(len(fA))
	var mean, variance float64
	for i := range fA {
		mean += fA[i] + fB[i]
	}
	mean /= 2 * n
	for i := range fA {
		a, b := fA[i]-mean, fB[i]-mean
		variance += float64(a*a) + float64(b*b)
	}
	variance /= 2 * n
	s := indexSums{variance: variance, first: make([]float64, len(fAB)), total: make([]float64, len(fAB))}
	if variance == 0 {
		return s
	}
	for k, f := range fAB {
		var first, total float64
		for i := range f {
			first += float64((fB[i] - mean) * (f[i] - fA[i]))
			total += float64((fA[i] - f[i]) * (fA[i] - f[i]))
		}
		s.first[k] = min(1, max(0, first/n/variance))
		s.total[k] = max(0, total/(2*n)/variance)
	}
	return s
}
