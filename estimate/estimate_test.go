package estimate

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/fault"
)

func num(s string) Number {
	n, err := ParseNumber(s)
	if err != nil {
		panic(err)
	}
	return n
}

func three(low, likely, high string) Range { return Three(num(low), num(likely), num(high)) }
func span(p5, p95 string) Range            { return Range{P5: num(p5), P95: num(p95)} }

func formula(t testing.TB, s string) *Formula {
	t.Helper()
	f, err := ParseFormula(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// vector reads one entry of testdata/vectors.json (SciPy, see the file).
func vector(t *testing.T, id string, inputs, expected any) {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			ID               string
			Inputs, Expected json.RawMessage
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, v := range file.Vectors {
		if v.ID == id {
			if err := errors.Join(json.Unmarshal(v.Inputs, inputs), json.Unmarshal(v.Expected, expected)); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no vector %s", id)
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(b)) }

func TestFamiliesV29(t *testing.T) {
	var in struct{ Q []float64 }
	type family struct {
		Alpha, Beta, Mean, SD, Mu, Sigma float64
		Quantiles                        []float64
	}
	var want struct{ Pert, Triangular, Lognormal family }
	vector(t, "V29", &in, &want)
	tri := three("2", "5", "14")
	tri.Shape = Triangular
	for name, c := range map[string]struct {
		r    Range
		want family
	}{"pert": {three("2", "5", "14"), want.Pert}, "triangular": {tri, want.Triangular}, "lognormal": {span("400", "2500"), want.Lognormal}} {
		d := newDist(c.r, 1)
		for i, q := range in.Q {
			if got := d.quantile(q); !near(got, c.want.Quantiles[i], 1e-10) {
				t.Errorf("%s: quantile %g is %.15g, want %.15g", name, q, got, c.want.Quantiles[i])
			}
		}
		if !near(d.mean(), c.want.Mean, 1e-10) {
			t.Errorf("%s: mean %.15g, want %.15g", name, d.mean(), c.want.Mean)
		}
		if name == "pert" && (d.p != c.want.Alpha || d.q != c.want.Beta) {
			t.Errorf("pert shapes %g, %g", d.p, d.q)
		}
		if name == "lognormal" && !(near(d.mu, c.want.Mu, 1e-12) && near(d.sigma, c.want.Sigma, 1e-12)) {
			t.Errorf("lognormal mu %g sigma %g", d.mu, d.sigma)
		}
	}
}

func TestSobolPointsV30(t *testing.T) {
	var in struct{ D, N int }
	var want struct{ Points [][]float64 }
	vector(t, "V30", &in, &want)
	s, err := newSobol(in.D)
	if err != nil {
		t.Fatal(err)
	}
	u := make([]float64, in.N)
	for d := range in.D {
		s.fill(d, 0, u)
		for i := range u {
			if got := u[i] - 0x1p-33; got != want.Points[i][d] { // the corner of the cell
				t.Errorf("point %d dimension %d is %v, want %v", i, d, got, want.Points[i][d])
			}
		}
	}
}

func TestPearsonV31(t *testing.T) {
	var in struct{ Spearman []float64 }
	var want struct{ Pearson []float64 }
	vector(t, "V31", &in, &want)
	for i, r := range in.Spearman {
		if got := Pearson(r); !near(got, want.Pearson[i], 1e-12) {
			t.Errorf("Pearson(%g) = %.15g, want %.15g", r, got, want.Pearson[i])
		}
	}
}

// The Ishigami function has known indices (V30); ours come from a finite sample.
func TestIshigamiIndicesV30(t *testing.T) {
	var in struct{ D, N int }
	var want struct{ Ishigami struct{ S1, ST []float64 } }
	vector(t, "V30", &in, &want)
	worker := func() evaluator {
		x := columns(3)
		out := make([]float64, block)
		return evaluator{
			column: func(k int) []float64 { return x[k] },
			invert: func(_ int, u, out []float64) {
				for i, v := range u {
					out[i] = math.Pi * (2*v - 1)
				}
			},
			run: func(n int) []float64 {
				for i := range n {
					a, b, c := x[0][i], x[1][i], x[2][i]
					out[i] = math.Sin(a) + 7*math.Pow(math.Sin(b), 2) + 0.1*math.Pow(c, 4)*math.Sin(a)
				}
				return out[:n]
			},
		}
	}
	got, err := indices(3, 1<<13, Options{Seed: 7}.fill(), worker)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 3 {
		if math.Abs(got.first[k]-want.Ishigami.S1[k]) > .01 || math.Abs(got.total[k]-want.Ishigami.ST[k]) > .01 {
			t.Errorf("input %d: first %.4f total %.4f, want %.4f and %.4f", k, got.first[k], got.total[k], want.Ishigami.S1[k], want.Ishigami.ST[k])
		}
	}
}

// Every dimension alone is a (0, m, 1)-net: each of 2^m intervals holds one
// point, scrambled or not. A wrong digit in the table would break it; so would a
// polynomial that is not primitive break the pairs below.
func TestDirectionNumbers(t *testing.T) {
	s, err := newSobol(MaxDimensions)
	if err != nil {
		t.Fatal(err)
	}
	const m = 10
	for name, seq := range map[string]*sobol{"plain": s, "scrambled": s.scrambled(1, 0)} {
		u := make([]float64, 1<<m)
		for d := range MaxDimensions {
			seq.fill(d, 0, u)
			seen := make([]bool, 1<<m)
			for _, v := range u {
				if v <= 0 || v >= 1 || seen[int(v*(1<<m))] {
					t.Fatalf("%s dimension %d is not a net", name, d+1)
				}
				seen[int(v*(1<<m))] = true
			}
			seq.fill(d, 512, u[:3]) // starting in the middle gives the same points
			w := make([]float64, 515)
			seq.fill(d, 0, w)
			if u[0] != w[512] || u[2] != w[514] {
				t.Fatalf("%s dimension %d depends on where it starts", name, d+1)
			}
		}
	}
	if _, err := newSobol(MaxDimensions + 1); fault.CodeOf(err) != CodeTooMany {
		t.Errorf("one dimension too many: %v", err)
	}
}

// The polynomials must be primitive and all different (Joe and Kuo take the
// first ones by degree), the numbers odd and below 2^k.
func TestDirectionTableIsWellFormed(t *testing.T) {
	seen := map[[2]uint64]bool{}
	rows := 0
	for line := range strings.Lines(joeKuo) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		var f []uint64
		for _, w := range strings.Fields(line) {
			f = append(f, uint64(num(w).Float()))
		}
		s, a := f[1], f[2]
		poly := 1<<s | a<<1 | 1
		if seen[[2]uint64{s, a}] || !primitive(poly, int(s)) {
			t.Errorf("dimension %d: polynomial %b", f[0], poly)
		}
		seen[[2]uint64{s, a}] = true
		for k, m := range f[3:] {
			if m%2 == 0 || m >= 1<<(k+1) {
				t.Errorf("dimension %d: number %d is %d", f[0], k+1, m)
			}
		}
	}
	if rows != MaxDimensions-1 {
		t.Errorf("%d rows", rows)
	}
}

// primitive tells whether x generates all 2^s − 1 powers modulo the polynomial.
func primitive(poly uint64, s int) bool {
	x := uint64(1)
	for k := 1; k < 1<<s; k++ {
		if x <<= 1; x>>s&1 == 1 {
			x ^= poly
		}
		if x == 1 {
			return k == 1<<s-1
		}
	}
	return false
}

// The tables must agree with the exact inverse everywhere, tails included.
func TestTablesAgreeWithExactInverse(t *testing.T) {
	skew := three("0", "0", "10")
	ranges := []Range{three("2", "5", "14"), skew, three("0", "10", "10"), three("-3", "1", "2"), three("0", "1", "100"), span("400", "2500"),
		{P5: num("-2"), P95: num("5"), Shape: Normal}, {Low: num("1"), Likely: num("2"), High: num("9"), Shape: Triangular}}
	var us []float64
	for k := 1; k < 40; k++ {
		us = append(us, math.Pow(.6, float64(k)), 1-math.Pow(.6, float64(k)))
	}
	for i := range 997 {
		us = append(us, (float64(i)+.5)/997)
	}
	for _, r := range ranges {
		d := newDist(r, 1)
		d.prepare(normalTable())
		width := d.quantile(.95) - d.quantile(.05)
		out := make([]float64, len(us))
		d.column(us, out)
		for i, u := range us {
			if want := d.quantile(u); math.Abs(out[i]-want) > 5e-5*width {
				t.Errorf("%+v: at %g the table says %.9g, exact %.9g", r, u, out[i], want)
			}
		}
	}
}

func TestPickAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 300).Draw(t, "v")
		if rapid.Bool().Draw(t, "outlier") {
			v = append(v, 1e15)
		}
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		got := pick(v, []float64{0, q, 1})
		slices.Sort(v)
		h := q * float64(len(v)-1)
		k := int(h)
		want := v[k] + (h-float64(k))*(v[min(k+1, len(v)-1)]-v[k])
		if got[0] != v[0] || got[2] != v[len(v)-1] || !near(got[1], want, 1e-12) {
			t.Fatalf("quantile %g of %v: %v, want %g", q, v, got, want)
		}
	})
}

func twelve(t testing.TB) *Model {
	inputs := []Input{
		{Name: "participants", Range: three("20", "40", "80")},
		{Name: "effect", Range: three("-0.02", "0.01", "0.05")},
		{Name: "salary", Unit: MustUnit("GBP"), Range: span("28000", "52000")},
		{Name: "desk_share", Range: three("0", "0.1", "0.5")},
		{Name: "desk_cost", Unit: MustUnit("GBP"), Range: span("2000", "9000")},
		{Name: "turnover", Range: three("0.05", "0.12", "0.25")},
		{Name: "turnover_cut", Range: three("0", "0.15", "0.35")},
		{Name: "replacement", Range: three("0.16", "0.21", "0.5")},
		{Name: "day_cost", Unit: MustUnit("GBP/day"), Range: span("2", "12")},
		{Name: "days", Unit: MustUnit("days"), Range: three("40", "46", "90")},
		{Name: "it", Unit: MustUnit("GBP"), Range: span("150", "600")},
		{Name: "set_up", Unit: MustUnit("GBP"), Range: span("200", "900")},
	}
	out := Output{Name: "saving", Unit: MustUnit("GBP"), Terms: []Term{
		{Formula: formula(t, "participants * salary * effect")},
		{Formula: formula(t, "participants * desk_share * desk_cost")},
		{Formula: formula(t, "participants * turnover * turnover_cut * replacement * salary")},
		{Formula: formula(t, "participants * days * day_cost")},
		{Formula: formula(t, "participants * (it + set_up)"), Minus: true},
	}}
	m, err := NewModel(inputs, []Output{out}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSobolAgreesWithPlain(t *testing.T) {
	m := twelve(t)
	quasi, err := m.Sobol(Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := m.Plain(2, 400_000, 0)
	if err != nil {
		t.Fatal(err)
	}
	q, p := quasi.Results[0], plain.Results[0]
	for name, c := range map[string][3]float64{
		"mean": {q.Mean, p.Mean, math.Hypot(q.Error.Mean, p.Error.Mean)}, "5 %": {q.Quantiles.P5, p.Quantiles.P5, math.Hypot(q.Error.P5, p.Error.P5)},
		"median": {q.Quantiles.P50, p.Quantiles.P50, math.Hypot(q.Error.P50, p.Error.P50)}, "95 %": {q.Quantiles.P95, p.Quantiles.P95, math.Hypot(q.Error.P95, p.Error.P95)},
		"chance of a loss": {q.Below, p.Below, math.Hypot(q.Error.Below, p.Error.Below)},
	} {
		if math.Abs(c[0]-c[1]) > 4.5*c[2] {
			t.Errorf("%s: %g by Sobol' points, %g by plain draws, error %g", name, c[0], c[1], c[2])
		}
	}
	if q.Error.Mean > p.Error.Mean/3 {
		t.Errorf("131072 Sobol' points have an error of %g, 400000 plain draws %g", q.Error.Mean, p.Error.Mean)
	}
	// The exact mean: the inputs are independent, so products of means.
	mean := func(i int) float64 { return m.dists[i].mean() }
	n := mean(0)
	want := n*mean(2)*mean(1) + n*mean(3)*mean(4) + n*mean(5)*mean(6)*mean(7)*mean(2) + n*mean(9)*mean(8) - n*(mean(10)+mean(11))
	if math.Abs(q.Mean-want) > 5*q.Error.Mean+1e-6*want {
		t.Errorf("mean %g, exact %g, error %g", q.Mean, want, q.Error.Mean)
	}
}

func TestSameBitsForAnyNumberOfProcessors(t *testing.T) {
	m := twelve(t)
	old := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(old)
	var first []any
	for i, procs := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(procs)
		a, err := m.Sobol(Options{Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Plain(5, 100_000, 0)
		if err != nil {
			t.Fatal(err)
		}
		c, err := m.Sensitivity("saving", Options{Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		all := []any{a.Results[0], b.Results[0], c.Indices}
		if i == 0 {
			first = all
		} else if d := cmp.Diff(first, all, cmp.AllowUnexported(Unit{}), cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })); d != "" {
			t.Errorf("%d processors give another result: %s", procs, d)
		}
	}
	a, _ := m.Sobol(Options{Seed: 5})
	b, _ := m.Sobol(Options{Seed: 6})
	if a.Results[0].Mean == b.Results[0].Mean {
		t.Error("another seed gives the same result")
	}
}

func TestTotalsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "lines")
		var inputs []Input
		var outputs []Output
		total := Output{Name: "total"}
		for i := range n {
			low := rapid.Int64Range(-1000, 1000).Draw(t, "low")
			likely := low + rapid.Int64Range(0, 500).Draw(t, "likely")
			high := likely + rapid.Int64Range(0, 500).Draw(t, "high")
			name := string(rune('a' + i))
			inputs = append(inputs, Input{Name: name, Unit: MustUnit("GBP"), Range: Three(whole(low), whole(likely), whole(high))})
			f, _ := ParseFormula(name + " * 2")
			term := Term{Formula: f, Minus: rapid.Bool().Draw(t, "cost")}
			outputs = append(outputs, Output{Name: name, Terms: []Term{term}, Brief: true})
			total.Terms = append(total.Terms, term)
		}
		m, err := NewModel(inputs, append(outputs, total), nil)
		if err != nil {
			t.Fatal(err)
		}
		seed := rapid.Uint64().Draw(t, "seed")
		run, err := m.Sobol(Options{Seed: seed, Log2: 8, Scrambles: 2})
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		for _, o := range outputs {
			sum += run.Result(o.Name).Mean
		}
		r := run.Result("total")
		if !near(r.Mean, sum, 1e-9) {
			t.Fatalf("lines add up to %g, total %g", sum, r.Mean)
		}
		q := r.Quantiles
		if !slices.IsSorted([]float64{q.P1, q.P5, q.P10, q.P25, q.P50, q.P75, q.P90, q.P95, q.P99}) || !slices.IsSorted(r.Twenty[:]) {
			t.Fatalf("quantiles out of order: %+v", r)
		}
		if r.Twenty[0] > r.Mean+1e-9 || r.Twenty[19] < r.Mean-1e-9 || q.P1 > q.P50 {
			t.Fatalf("the range does not hold its middle: %+v", r)
		}
		again, err := m.Sobol(Options{Seed: seed, Log2: 8, Scrambles: 2, Workers: 3})
		if err != nil || again.Result("total") != r {
			t.Fatalf("the same seed gave another result: %v", err)
		}
	})
}

func whole(n int64) Number {
	b, _ := json.Marshal(n)
	return num(string(b))
}

func TestRefusals(t *testing.T) {
	in := []Input{{Name: "a", Unit: MustUnit("GBP"), Range: three("0", "1", "2")}, {Name: "b", Unit: MustUnit("hours"), Range: three("0", "1", "2")}}
	out := func(f string) []Output { return []Output{{Name: "o", Terms: []Term{{Formula: formula(t, f)}}}} }
	_, err := NewModel(in, out("a + b"), nil)
	if fault.CodeOf(err) != CodeDimension || !strings.Contains(err.Error(), "money cannot be added to hours") || !strings.Contains(err.Error(), "character 3") {
		t.Errorf("pounds plus hours: %v", err)
	}
	if _, err := NewModel(in, []Output{{Name: "o", Unit: MustUnit("hours"), Terms: []Term{{Formula: formula(t, "a")}}}}, nil); fault.CodeOf(err) != CodeDimension {
		t.Errorf("pounds as hours: %v", err)
	}
	if _, err := NewModel(in, out("c"), nil); fault.CodeOf(err) != CodeName {
		t.Errorf("unknown name: %v", err)
	}
	loop := append(slices.Clone(in), Input{Name: "x", Unit: MustUnit("GBP"), Formula: formula(t, "y")}, Input{Name: "y", Unit: MustUnit("GBP"), Formula: formula(t, "x + a")})
	if _, err := NewModel(loop, out("x"), nil); fault.CodeOf(err) != CodeName {
		t.Errorf("a circle: %v", err)
	}
	usd := append(slices.Clone(in), Input{Name: "d", Unit: MustUnit("USD"), Range: three("0", "1", "2")})
	if _, err := NewModel(usd, out("a + d"), nil); fault.CodeOf(err) != CodeDimension {
		t.Errorf("pounds plus dollars: %v", err)
	}
	zero, err := NewModel(in, out("a / (b - b)"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zero.Sobol(Options{}); fault.CodeOf(err) != CodeDivision {
		t.Errorf("division by zero: %v", err)
	}
	if _, err := zero.Exact("o"); fault.CodeOf(err) != CodeDivision {
		t.Errorf("exact division by zero: %v", err)
	}
}

func TestHonestStep(t *testing.T) {
	for err, want := range map[float64]float64{0: 0, 5.8: 10, 257: 500, .4: .5, 1: 1, 1.01: 2, 659: 1000} {
		if got := stepFor(err); !near(got, want, 1e-12) {
			t.Errorf("stepFor(%g) = %g, want %g", err, got, want)
		}
	}
	r := Result{SD: 880, Step: 5}
	if got := r.Round(1117); got != 1120 {
		t.Errorf("1117 with a spread of 880 is said as %g", got)
	}
}

func BenchmarkSobol12Inputs(b *testing.B) {
	m := twelve(b)
	for b.Loop() {
		if _, err := m.Sobol(Options{Seed: 1, Scrambles: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSobol12InputsCold makes the model and its tables anew each time.
func BenchmarkSobol12InputsCold(b *testing.B) {
	for b.Loop() {
		if _, err := twelve(b).Sobol(Options{Seed: 1, Scrambles: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReport12Inputs(b *testing.B) {
	m := twelve(b)
	for b.Loop() {
		if _, err := m.Sobol(Options{Seed: 1}); err != nil {
			b.Fatal(err)
		}
		if _, err := m.Sensitivity("saving", Options{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain1e6(b *testing.B) {
	m := twelve(b)
	for b.Loop() {
		if _, err := m.Plain(1, 1_000_000, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// However the points are asked for, one by one or many at once, they are the same.
func TestSobolInPieces(t *testing.T) {
	s, err := newSobol(MaxDimensions)
	if err != nil {
		t.Fatal(err)
	}
	s = s.scrambled(7, 1)
	for _, c := range []struct{ first, n int }{{0, 1}, {0, 16}, {0, 47}, {16, 33}, {7, 40}, {496, 512}, {1 << 13, 100}} {
		for _, d := range []int{0, 1, 5, MaxDimensions - 1} {
			many, one := make([]float64, c.n), make([]float64, 1)
			s.fill(d, c.first, many)
			for i, u := range many {
				if s.fill(d, c.first+i, one); u != one[0] {
					t.Fatalf("dimension %d, point %d of %d from %d: %v, alone %v", d, i, c.n, c.first, u, one[0])
				}
			}
		}
	}
}
