package estimate

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"homecase/special"
)

// Options say how an estimate is drawn. The zero Options are those of a report.
type Options struct {
	Seed      uint64
	Log2      int // points in one scramble are 2^Log2; 0 is 14
	Scrambles int // independent scrambles; 0 is 8
	Workers   int // 0 is one for each processor; the result does not depend on it
}

// The sizes of a report (decision of trial-statistics section 7): eight
// scrambles of 2^14 points.
const (
	reportLog2      = 14
	reportScrambles = 8
	maxLog2         = 20
)

// block is how many points are computed at once: columns of it stay in the cache.
const block = 512

// strip is how many blocks of an input are drawn at once, while its table is in
// the cache.
const strip = 4

func (o Options) fill() Options {
	if o.Log2 <= 0 {
		o.Log2 = reportLog2
	}
	o.Log2 = min(o.Log2, maxLog2)
	if o.Scrambles <= 0 {
		o.Scrambles = reportScrambles
	}
	o.Scrambles = min(o.Scrambles, 64)
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// Run holds the results of one estimate, in the order of the model's outputs.
type Run struct {
	Results   []Result `json:"results"`
	Seed      uint64   `json:"seed"`
	Points    int      `json:"points"`    // in one scramble, or in all for plain draws
	Scrambles int      `json:"scrambles"` // 0 for plain draws
	// Moved is the largest step any correlation was moved so that all can hold
	// together; 0 when none was.
	Moved float64 `json:"moved,omitempty"`
}

// Result returns the result of an output, or a zero Result.
func (r *Run) Result(output string) Result {
	for _, x := range r.Results {
		if x.Name == output {
			return x
		}
	}
	return Result{}
}

// sampler fills the varied inputs' columns with uniform numbers for one block.
type sampler interface {
	uniform(input, first int, out []float64)
}

type sobolSampler struct{ s *sobol }

func (s sobolSampler) uniform(input, first int, out []float64) { s.s.fill(input, first, out) }

// plainSampler draws from its own stream, two numbers of 32 bits from each word;
// columns are drawn input by input, so the draws depend on the shard and the
// block only.
type plainSampler struct{ r *rand.PCG }

func (s plainSampler) uniform(_, _ int, out []float64) {
	for i := 0; i < len(out); i += 2 {
		w := s.r.Uint64()
		out[i] = (float64(uint32(w)) + 0.5) * 0x1p-32
		if i+1 < len(out) {
			out[i+1] = (float64(w>>32) + 0.5) * 0x1p-32
		}
	}
}

// drawing is the state of one estimate while it is drawn.
type drawing struct {
	m      *Model
	n      int         // points in one group
	groups int         // scrambles or shards
	full   [][]float64 // values of full outputs, all groups after one another
	brief  [][]float64 // values of brief outputs, first group only
	sums   [][]float64 // by task and output: of all outputs
	bad    atomic.Int64
}

func (m *Model) newDrawing(groups, n int) *drawing {
	d := &drawing{m: m, n: n, groups: groups, full: make([][]float64, len(m.outputs)), brief: make([][]float64, len(m.outputs))}
	for i, out := range m.outputs {
		if out.Brief {
			d.brief[i] = make([]float64, n)
		} else {
			d.full[i] = make([]float64, n*groups)
		}
	}
	d.bad.Store(-1)
	m.prepare()
	return d
}

// prepare builds the tables of all distributions, once.
func (m *Model) prepare() { m.tables.Do(m.buildTables) }

func (m *Model) buildTables() {
	var z []float64
	need := m.copula != nil
	for _, d := range m.dists {
		need = need || d.shape == Lognormal || d.shape == Normal
	}
	if need {
		z = normalTable()
	}
	parallel(len(m.dists), runtime.GOMAXPROCS(0), func() func(int) {
		return func(i int) { m.dists[i].prepare(z) }
	})
}

// Sobol estimates all outputs by scrambled Sobol' points.
func (m *Model) Sobol(o Options) (*Run, error) {
	o = o.fill()
	base, err := newSobol(max(len(m.varied), 1))
	if err != nil {
		return nil, err
	}
	n := 1 << o.Log2
	d := m.newDrawing(o.Scrambles, n)
	scrambles := make([]*sobol, o.Scrambles)
	parallel(o.Scrambles, o.Workers, func() func(int) {
		return func(g int) { scrambles[g] = base.scrambled(o.Seed, g) }
	})
	each := (n + block - 1) / block
	strips := (each + strip - 1) / strip
	d.sums = make([][]float64, o.Scrambles*each)
	parallel(o.Scrambles*strips, o.Workers, func() func(int) {
		mc, tmp := m.program.machine(block, strip), m.newScratch(strip*block)
		return func(task int) {
			g, first := task/strips, task%strips*strip*block
			m.sample(mc, tmp, sobolSampler{scrambles[g]}, first, min(strip*block, n-first))
			for c := 0; c < strip && first < n; c, first = c+1, first+block {
				mc.turn(c)
				d.draw(mc, g*each+first/block, g, first, min(block, n-first))
			}
		}
	})
	if err := d.check(); err != nil {
		return nil, err
	}
	run := &Run{Seed: o.Seed, Points: n, Scrambles: o.Scrambles, Results: d.results(o.Workers, true)}
	if m.copula != nil {
		run.Moved = m.copula.moved
	}
	return run, nil
}

// shards is how many streams plain draws come from, whatever the processors.
const shards = 64

// Plain estimates all outputs by plain Monte Carlo: independent draws in fixed
// shards, each with a stream of its own. It needs far more draws than Sobol for
// the same error and is there to check it.
func (m *Model) Plain(seed uint64, draws, workers int) (*Run, error) {
	o := Options{Workers: workers}.fill()
	n := max(1, min(draws, 1<<26)/shards)
	d := m.newDrawing(shards, n)
	d.sums = make([][]float64, shards)
	parallel(shards, o.Workers, func() func(int) {
		mc, tmp := m.program.machine(block, 1), m.newScratch(block)
		return func(g int) {
			s := plainSampler{fastStream("plain", seed, g)}
			for first := 0; first < n; first += block {
				m.sample(mc, tmp, s, first, min(block, n-first))
				d.draw(mc, g, g, first, min(block, n-first))
			}
		}
	})
	if err := d.check(); err != nil {
		return nil, err
	}
	return &Run{Seed: seed, Points: n * shards, Results: d.results(o.Workers, false)}, nil
}

// parallel runs tasks 0 … n-1 on some goroutines, each with its own worker.
func parallel(n, workers int, worker func() func(int)) {
	workers = min(workers, n)
	if workers <= 1 {
		do := worker()
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// scratch is a worker's room for uniform numbers and correlated normals.
type scratch struct {
	u []float64
	z [][]float64
}

func (m *Model) newScratch(n int) *scratch {
	s := &scratch{u: make([]float64, n)}
	if m.copula != nil {
		s.z = make([][]float64, len(m.copula.members))
		for i := range s.z {
			s.z[i] = make([]float64, n)
		}
	}
	return s
}

// sample fills the machine's input columns with n draws.
func (m *Model) sample(mc *machine, tmp *scratch, from sampler, first, n int) {
	u := tmp.u[:n]
	if m.copula == nil {
		for i, d := range m.dists {
			from.uniform(i, first, u)
			d.column(u, mc.input(i)[:n])
		}
		return
	}
	slot := make([]int, len(m.dists))
	for k, i := range m.copula.members {
		slot[i] = k + 1
	}
	for i, d := range m.dists {
		from.uniform(i, first, u)
		if slot[i] == 0 {
			d.column(u, mc.input(i)[:n])
			continue
		}
		for j, v := range u {
			tmp.z[slot[i]-1][j] = special.NormalQuantile(v)
		}
	}
	for k, i := range m.copula.members {
		for j := range u {
			var z float64
			for c, l := range m.copula.lower[k] {
				z += float64(l * tmp.z[c][j])
			}
			u[j] = min(max(special.NormalCDF(z), 0x1p-54), 1-0x1p-53)
		}
		m.dists[i].column(u, mc.input(i)[:n])
	}
}

// draw computes one block of what was sampled and files its values and sums.
func (d *drawing) draw(mc *machine, task, group, first, n int) {
	mc.run(n)
	if d.sums[task] == nil {
		d.sums[task] = make([]float64, len(d.m.outputs))
	}
	for i := range d.m.outputs {
		out := mc.out(i)[:n]
		var sum float64
		for _, v := range out {
			sum += v
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			d.spoil(int64(i))
		}
		d.sums[task][i] += sum
		switch {
		case d.full[i] != nil:
			copy(d.full[i][group*d.n+first:], out)
		case group == 0:
			copy(d.brief[i][first:], out)
		}
	}
}

// spoil notes the first output that could not be computed, whichever worker met one first.
func (d *drawing) spoil(i int64) {
	for old := d.bad.Load(); old < 0 || i < old; old = d.bad.Load() {
		if d.bad.CompareAndSwap(old, i) {
			return
		}
	}
}

func (d *drawing) check() error {
	if i := d.bad.Load(); i >= 0 {
		return invalid(CodeDivision, "%s cannot be computed everywhere in these ranges: somewhere it divides by zero.", d.m.outputs[i].Name).
			Then("Raise the lowest value of the input it divides by.")
	}
	return nil
}

// results turns the filed draws into results. The largest parts of the work
// come first, so that no worker is left alone with one.
func (d *drawing) results(workers int, scrambled bool) []Result {
	outs := d.m.outputs
	list, groups := make([]Result, len(outs)), make([][]part, len(outs))
	var whole, parts, brief []func()
	for i, out := range outs {
		if out.Brief {
			brief = append(brief, func() { list[i] = d.result(i) })
			continue
		}
		whole = append(whole, func() { list[i] = d.result(i) })
		if !scrambled || d.groups < 2 {
			continue
		}
		groups[i] = make([]part, d.groups)
		for g := range groups[i] {
			parts = append(parts, func() { groups[i][g] = partOf(d.full[i][g*d.n : (g+1)*d.n]) })
		}
	}
	tasks := slices.Concat(whole, parts, brief)
	parallel(len(tasks), workers, func() func(int) { return func(k int) { tasks[k]() } })
	for i := range list {
		if groups[i] != nil {
			list[i].Error = scrambleError(groups[i])
		}
		e := list[i].Error
		list[i].Step = stepFor(max(e.Mean, e.P5, e.P50, e.P95))
	}
	return list
}

// result is what all draws of an output say, with the error that independent
// draws would have.
func (d *drawing) result(i int) Result {
	out := d.m.outputs[i]
	r := Result{Name: out.Name, Unit: out.Unit}
	var sum float64
	for _, s := range d.sums {
		sum += s[i]
	}
	r.Mean = sum / float64(d.n*d.groups)
	v := d.full[i]
	if out.Brief {
		v = d.brief[i]
	}
	r.SD, r.Below = spread(v, r.Mean), below(v)
	ps := append([]float64{}, quantilePoints[:]...)
	if out.Brief {
		r.Quantiles = quantilesOf(pick(v, ps))
		return r
	}
	for k := range r.Twenty {
		ps = append(ps, (float64(k)+0.5)/float64(len(r.Twenty)))
	}
	ps = append(ps, neighbours(len(v))...)
	q := pick(v, ps)
	r.Quantiles = quantilesOf(q)
	copy(r.Twenty[:], q[len(quantilePoints):])
	r.Error = plainError(q[len(quantilePoints)+len(r.Twenty):], r, len(v))
	return r
}
