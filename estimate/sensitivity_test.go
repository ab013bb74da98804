package estimate

import (
	"math"
	"slices"
	"testing"

	"homecase/fault"
	"homecase/special"
)

func TestCopulaKeepsRankCorrelation(t *testing.T) {
	const rho = 0.5
	inputs := []Input{{Name: "a", Range: three("0", "1", "5")}, {Name: "b", Range: span("1", "9")}, {Name: "c", Range: three("0", "2", "3")}}
	out := []Output{{Name: "a", Terms: []Term{{Formula: formula(t, "a")}}}, {Name: "b", Terms: []Term{{Formula: formula(t, "b")}}}, {Name: "sum", Terms: []Term{{Formula: formula(t, "a + b + c")}}}}
	m, err := NewModel(inputs, out, []Correlation{{A: "a", B: "b", Rho: rho}})
	if err != nil {
		t.Fatal(err)
	}
	m.prepare()
	base, _ := newSobol(3)
	mc, tmp := m.program.machine(block, 1), m.newScratch(block)
	const n = 1 << 13
	var a, b []float64
	for first := 0; first < n; first += block {
		m.sample(mc, tmp, sobolSampler{base.scrambled(3, 0)}, first, block)
		a, b = append(a, mc.input(0)...), append(b, mc.input(1)...)
	}
	if got := spearman(a, b); math.Abs(got-rho) > .005 {
		t.Errorf("rank correlation %.4f, want %.1f", got, rho)
	}
	with, err := m.Sobol(Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	m0, err := NewModel(inputs, out, nil)
	if err != nil {
		t.Fatal(err)
	}
	without, err := m0.Sobol(Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if x, y := with.Result("sum"), without.Result("sum"); !near(x.Mean, y.Mean, 1e-3) || x.SD < 1.1*y.SD {
		t.Errorf("correlation moved the mean %g → %g or did not widen the spread %g → %g", y.Mean, x.Mean, y.SD, x.SD)
	}
}

func spearman(a, b []float64) float64 {
	rank := func(v []float64) []float64 {
		order := make([]int, len(v))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(i, j int) int {
			if v[i] < v[j] {
				return -1
			}
			return 1
		})
		r := make([]float64, len(v))
		for k, i := range order {
			r[i] = float64(k)
		}
		return r
	}
	ra, rb := rank(a), rank(b)
	var d2 float64
	for i := range ra {
		d2 += (ra[i] - rb[i]) * (ra[i] - rb[i])
	}
	n := float64(len(a))
	return 1 - 6*d2/(n*(n*n-1))
}

func TestImpossibleCorrelations(t *testing.T) {
	inputs := []Input{{Name: "a", Range: three("0", "1", "2")}, {Name: "b", Range: three("0", "1", "2")}, {Name: "c", Range: three("0", "1", "2")}}
	out := []Output{{Name: "s", Terms: []Term{{Formula: formula(t, "a + b + c")}}}}
	// a goes with b and with c, yet b goes against c: impossible.
	_, err := NewModel(inputs, out, []Correlation{{A: "a", B: "b", Rho: .9}, {A: "a", B: "c", Rho: .9}, {A: "b", B: "c", Rho: -.9}})
	if fault.CodeOf(err) != CodeCorrelation {
		t.Errorf("impossible correlations: %v", err)
	}
	// Slightly impossible: .9, .9 needs at least 2·.9²−1 ≈ .62 for the normals.
	m, err := NewModel(inputs, out, []Correlation{{A: "a", B: "b", Rho: .9}, {A: "a", B: "c", Rho: .9}, {A: "b", B: "c", Rho: .62}})
	if err != nil || m.copula.moved <= 0 || m.copula.moved > slack {
		t.Errorf("a small repair: %v", err)
	}
	if _, err := NewModel(inputs, out, []Correlation{{A: "a", B: "x", Rho: .1}}); fault.CodeOf(err) != CodeCorrelation {
		t.Errorf("unknown name: %v", err)
	}
}

func TestTornadoAndBreakEven(t *testing.T) {
	// saving = price × days − cost: with days fixed at 40 and cost at 100, nothing is saved at price 2.5.
	inputs := []Input{
		{Name: "price", Unit: MustUnit("GBP/day"), Range: three("0", "4", "8")},
		{Name: "days", Unit: MustUnit("days"), Range: Point(num("40"))},
		{Name: "cost", Unit: MustUnit("GBP"), Range: three("50", "100", "150")},
	}
	m, err := NewModel(inputs, []Output{{Name: "saving", Terms: []Term{{Formula: formula(t, "price * days - cost")}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tor, err := m.Tornado("saving")
	if err != nil {
		t.Fatal(err)
	}
	if !near(tor.Base, 4*40-100, 1e-12) || len(tor.Bars) != 2 || tor.Bars[0].Input != "price" {
		t.Fatalf("%+v", tor)
	}
	b := tor.Bars[0]
	q := 8 * special.BetaQuantile(.05, 3, 3)
	if !near(b.P5, q, 1e-12) || !near(b.AtP5, 40*q-100, 1e-12) || !near(b.Swing, 40*(8-2*q), 1e-12) {
		t.Errorf("%+v, want the 5 %% value %g", b, q)
	}
	if b.Zero == nil || !near(*b.Zero, 2.5, 1e-9) {
		t.Errorf("break-even %v, want 2.5", b.Zero)
	}
	if tor.Bars[1].Zero != nil {
		t.Errorf("the cost has no break-even inside its range, got %v", *tor.Bars[1].Zero)
	}
}

func TestSensitivityOfASum(t *testing.T) {
	// By hand: for a sum of independent inputs first = total = own variance / variance. Widths 1 : 2 give 1 : 4.
	inputs := []Input{{Name: "a", Range: three("0", "1", "2")}, {Name: "b", Range: three("0", "2", "4")}, {Name: "unused", Range: three("0", "1", "2")}}
	m, err := NewModel(inputs, []Output{{Name: "s", Terms: []Term{{Formula: formula(t, "a + b")}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Sensitivity("s", Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Indices) != 2 || s.Indices[0].Input != "b" || !near(s.Indices[0].First, .8, .01) || !near(s.Indices[0].Total, .8, .01) || !near(s.FirstSum, 1, .01) {
		t.Errorf("%+v", s)
	}
	if s.Learn == nil || s.Learn.Input != "b" || !near(s.Learn.Drop, 1-math.Sqrt(.2), .02) {
		t.Errorf("%+v", s.Learn)
	}
}
