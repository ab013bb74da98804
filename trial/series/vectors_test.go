package series_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"homecase/trial/series"
)

// vectors holds the reference numbers of testdata/vectors.json, made with R and
// SciPy; each entry of the file names its command and its cross-checks.
type vectors map[string]struct {
	Inputs   map[string]json.RawMessage `json:"inputs"`
	Expected map[string]json.RawMessage `json:"expected"`
}

func load(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Vectors []json.RawMessage `json:"vectors"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	out := vectors{}
	for _, raw := range doc.Vectors {
		var id struct{ ID string }
		var v = out[""]
		if json.Unmarshal(raw, &id) != nil || json.Unmarshal(raw, &v) != nil {
			t.Fatalf("cannot read %.40s", raw)
		}
		out[id.ID] = v
	}
	return out
}

func get[T any](t testing.TB, m map[string]json.RawMessage, key string) (v T) {
	t.Helper()
	if err := json.Unmarshal(m[key], &v); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return v
}

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.15g, want %.15g (off by %.2g, allowed %.1g)", what, got, want, math.Abs(got-want), tol)
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func floats(v []int) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

func bools(v []int) []bool {
	out := make([]bool, len(v))
	for i, x := range v {
		out[i] = x == 1
	}
	return out
}

// fullWeeks is Monday to Friday, n days.
func fullWeeks(n int) series.Days {
	d := series.Days{Weekday: make([]int, n), Week: make([]int, n)}
	for i := range n {
		d.Weekday[i], d.Week[i] = i%5, i/5
	}
	return d
}

func trialOf(t testing.TB, v vectors, id string) (series.Days, []bool, []float64) {
	t.Helper()
	in := v[id].Inputs
	y := floats(get[[]int](t, in, "y"))
	return fullWeeks(len(y)), bools(get[[]int](t, in, "z")), y
}

func TestV13Regression(t *testing.T) {
	v := load(t)
	d, home, y := trialOf(t, v, "V13")
	want := v["V13"].Expected
	ols := get[map[string]float64](t, want, "ols")
	hc := get[map[string]float64](t, want, "hc")
	fit, err := series.Regress(d, home, y, 3)
	ok(t, err)
	near(t, "coef", fit.Estimate, ols["coef"], 1e-10)
	near(t, "se", fit.SE, ols["se"], 1e-10)
	near(t, "t", fit.T, ols["t"], 1e-10)
	near(t, "p", fit.PTwoSided0, ols["p_two"], 1e-10)
	near(t, "df", fit.DF, ols["df"], 0)
	near(t, "HC0", fit.SEHC0, hc["HC0"], 1e-10)
	near(t, "HC2", fit.SEHC2, hc["HC2"], 1e-10)
	near(t, "HC3", fit.SEHC3, hc["HC3"], 1e-10)
	near(t, "Newey-West 3", fit.SENeweyWest0, get[float64](t, want, "nw_lag3_noadj"), 1e-10)
	near(t, "Newey-West 3 adjusted", fit.SENeweyWest, get[float64](t, want, "nw_lag3_adj"), 1e-10)
	fit, err = series.Regress(d, home, y, 1)
	ok(t, err)
	near(t, "Newey-West 1", fit.SENeweyWest0, get[float64](t, want, "nw_lag1_noadj"), 1e-10)
}

func TestV14Correlated(t *testing.T) {
	v := load(t)
	d, home, y := trialOf(t, v, "V14")
	want := v["V14"].Expected
	fit, err := series.Correlated(d, home, y)
	ok(t, err)
	near(t, "rho", fit.Rho, get[float64](t, want, "rho"), 1e-5)
	near(t, "coef", fit.Estimate, get[float64](t, want, "coef"), 1e-5)
	near(t, "se", fit.SE, get[float64](t, want, "se"), 1e-5)
	near(t, "sigma", fit.Sigma, get[float64](t, want, "sigma"), 1e-5)
}

func TestV16Welch(t *testing.T) {
	v := load(t)["V16"]
	x, y := get[[]float64](t, v.Inputs, "x"), get[[]float64](t, v.Inputs, "y")
	w, err := series.CompareMeans(x, y)
	ok(t, err)
	q, err := w.Equivalent(get[float64](t, v.Inputs, "margin"))
	ok(t, err)
	near(t, "diff", q.Estimate, get[float64](t, v.Expected, "diff"), 1e-10)
	near(t, "t", q.T, get[float64](t, v.Expected, "ni_t"), 1e-10)
	near(t, "df", q.DF, get[float64](t, v.Expected, "df"), 1e-10)
	near(t, "p_ni", q.PNonInferiority, get[float64](t, v.Expected, "p_ni"), 1e-12)
	near(t, "p_upper", q.PUpper, get[float64](t, v.Expected, "p_upper"), 1e-12)
	near(t, "p_tost", q.PEquivalence, get[float64](t, v.Expected, "p_tost"), 1e-12)
	ci := get[[2]float64](t, v.Expected, "ci90")
	near(t, "lower", q.Interval90[0], ci[0], 1e-10)
	near(t, "upper", q.Interval90[1], ci[1], 1e-10)
}

func TestV17Power(t *testing.T) {
	want := load(t)["V17"].Expected
	near(t, "power", series.PowerTwoSamples(10, 1, .05), get[float64](t, want, "power_onesided_d1_n10"), 1e-9)
	n, err := series.SizeTwoSamples(.5, .05, .8)
	ok(t, err)
	// R 4.2.2, power.t.test(..., tol=1e-13). The vector was made with R's default
	// tolerance and is itself 1.6e-5 too large.
	near(t, "n", n, 50.15078338685672, 1e-9)
	near(t, "n of the vector", n, get[float64](t, want, "n_for_d05_power80"), 2e-5)
}

// workingModel returns P of the working covariance of the primary analysis for
// full weeks: .3^|i-j| + .5 same weekday + .1 same week + x_i x_j.
func workingModel(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, 2*n)
		m[i][n+i] = 1
		for j := range n {
			xi, xj := 2*float64(i)/float64(n-1)-1, 2*float64(j)/float64(n-1)-1
			m[i][j] = math.Pow(.3, math.Abs(float64(i-j))) + xi*xj
			if i%5 == j%5 {
				m[i][j] += .5
			}
			if i/5 == j/5 {
				m[i][j] += .1
			}
		}
	}
	for c := range n { // Gauss-Jordan; the matrix is positive definite
		p := m[c][c]
		for j := range m[c] {
			m[c][j] /= p
		}
		for r := range n {
			if f := m[r][c]; r != c {
				for j := range m[r] {
					m[r][j] -= f * m[c][j]
				}
			}
		}
	}
	inv, row, all := make([][]float64, n), make([]float64, n), 0.0
	for i := range inv {
		inv[i] = m[i][n:]
		for _, x := range inv[i] {
			row[i] += x
		}
		all += row[i]
	}
	for i := range inv {
		for j := range inv[i] {
			inv[i][j] -= row[i] * row[j] / all
		}
	}
	return inv
}

// twoOfFive calls f with the sum of r over the home days of each of the 10^W
// schedules of two days in five.
func twoOfFive(r []float64, f func(sum float64)) {
	var walk func(i int, s float64)
	walk = func(i int, s float64) {
		if i == len(r) {
			f(s)
			return
		}
		for a := range 5 {
			for b := range a {
				walk(i+5, s+r[i+a]+r[i+b])
			}
		}
	}
	walk(0, 0)
}

// standardised returns, for one measure, the observed statistic and that of each
// schedule: sum of P(y-d0 z) over home days, by its exact mean and SD.
func standardised(p [][]float64, y []float64, home []bool, d0 float64) (float64, []float64) {
	r := make([]float64, len(y))
	for i := range p {
		for j := range p {
			v := y[j]
			if home[j] {
				v -= d0
			}
			r[i] += p[i][j] * v
		}
	}
	obs := 0.0
	for i, h := range home {
		if h {
			obs += r[i]
		}
	}
	var all []float64
	var s, q float64
	twoOfFive(r, func(v float64) { all = append(all, v); s += v })
	n := float64(len(all))
	mean := s / n
	for _, v := range all {
		q += (v - mean) * (v - mean)
	}
	sd := math.Sqrt(q / n)
	for i := range all {
		all[i] = (all[i] - mean) / sd
	}
	return (obs - mean) / sd, all
}

func TestV21SeveralMeasures(t *testing.T) {
	v := load(t)["V21"]
	home := bools(get[[]int](t, v.Inputs, "z"))
	metrics := get[map[string][]float64](t, v.Inputs, "metrics")
	margins := get[map[string]float64](t, v.Inputs, "margins")
	order := get[[]string](t, v.Expected, "order")
	p := workingModel(len(home))
	var observed, worst []float64
	var draws [][]float64
	niWant := get[map[string]float64](t, v.Expected, "ni_p")
	for i, name := range order {
		obs, all := standardised(p, metrics[name], home, 0)
		observed, draws = append(observed, obs), append(draws, all)
		near(t, name+" T", obs, get[[]float64](t, v.Expected, "standardised_T")[i], 1e-9)
		// Not worse than the margin: one measure alone, at minus its margin.
		obs, all = standardised(p, metrics[name], home, -margins[name])
		alone, err := series.StepDownMaxT([]float64{obs}, [][]float64{all}, series.Enumerated)
		ok(t, err)
		near(t, name+" ni", alone[0].P, niWant[name], 1e-12)
		worst = append(worst, alone[0].P)
	}
	near(t, "iut", series.AllMustHold(worst), get[float64](t, v.Expected, "iut_p"), 1e-12)
	got, err := series.StepDownMaxT(observed, draws, series.Enumerated)
	ok(t, err)
	raw := make([]float64, len(got))
	for i, g := range got {
		raw[i] = g.P
		near(t, order[i]+" raw", g.P, get[[]float64](t, v.Expected, "raw_p")[i], 1e-12)
		near(t, order[i]+" adjusted", g.PAdjusted, get[[]float64](t, v.Expected, "westfall_young_p")[i], 1e-12)
	}
	for i, h := range series.Holm(raw) {
		near(t, order[i]+" Holm", h, get[[]float64](t, v.Expected, "holm_p")[i], 1e-12)
	}
}

func TestV22Adjustments(t *testing.T) {
	v := load(t)["V22"]
	p := get[[]float64](t, v.Inputs, "p")
	for name, f := range map[string]func([]float64) []float64{
		"holm": series.Holm, "hochberg": series.Hochberg, "BH": series.BenjaminiHochberg, "BY": series.BenjaminiYekutieli,
	} {
		want := get[[]float64](t, v.Expected, name)
		for i, got := range f(p) {
			near(t, name, got, want[i], 1e-12)
		}
	}
}

func TestV23Bayes(t *testing.T) {
	v := load(t)
	type answer struct {
		Mean, SD          float64
		CI90              [2]float64
		PAboveMinusMargin float64 `json:"p_above_minus_margin"`
		PAboveZero        float64 `json:"p_above_zero"`
		GridPoints        int     `json:"grid_points"`
		Nu                float64
	}
	for _, id := range []string{"V06", "V05"} {
		want := get[answer](t, v["V23"].Expected, id)
		d, home, y := trialOf(t, v, "V13") // V13 is on the data of V06
		if id == "V05" {                   // and V21 on those of V05
			d, home, y = fullWeeks(20), bools(get[[]int](t, v["V21"].Inputs, "z")), get[map[string][]float64](t, v["V21"].Inputs, "metrics")["tickets"]
		}
		g, err := series.NewGrid(d, series.DefaultPrior())
		ok(t, err)
		p, err := g.Posterior(home, y, 1)
		ok(t, err)
		near(t, id+" mean", p.Mean, want.Mean, 1e-8)
		near(t, id+" sd", p.SD, want.SD, 1e-8)
		near(t, id+" lower", p.Interval90[0], want.CI90[0], 1e-8)
		near(t, id+" upper", p.Interval90[1], want.CI90[1], 1e-8)
		near(t, id+" above margin", p.PAboveMinusMargin, want.PAboveMinusMargin, 1e-8)
		near(t, id+" above zero", p.PAboveZero, want.PAboveZero, 1e-8)
		near(t, id+" df", p.DF, want.Nu, 0)
		near(t, id+" grid", float64(p.GridPoints), float64(want.GridPoints), 0)
	}
}

func TestV37FixedDays(t *testing.T) {
	v := load(t)["V37"]
	e, err := series.DifferenceInDifferences(get[[]float64](t, v.Inputs, "baseline_contrasts"), get[[]float64](t, v.Inputs, "trial_contrasts"))
	ok(t, err)
	near(t, "diff", e.Estimate, get[float64](t, v.Expected, "diff"), 1e-12)
	near(t, "p", e.PGreater0, get[float64](t, v.Expected, "p_greater_0"), 1e-12)
	near(t, "p_ni", e.PGreater(-.5), get[float64](t, v.Expected, "p_ni_05"), 1e-12)
	near(t, "df", e.DF, 10, 0)
	ci := get[[2]float64](t, v.Expected, "ci90")
	near(t, "lower", e.Interval90[0], ci[0], 1e-10)
	near(t, "upper", e.Interval90[1], ci[1], 1e-10)
}

func TestV38Forecast(t *testing.T) {
	v := load(t)["V38"]
	num := func(k string) float64 { return get[float64](t, v.Inputs, k) }
	p := series.Progress{Estimate: num("est"), Variance: num("s2"), InfoPerWeek: num("info_per_week"), Weeks: num("weeks_now"), Margin: num("margin")}
	for weeks, want := range map[float64]string{6: "6", 8: "8", 12: "12", 20: "20"} {
		c, err := p.At(weeks)
		ok(t, err)
		e := get[map[string]float64](t, v.Expected, want)
		near(t, want+" clear", c.Clear, e["chance_clear"], 1e-9)
		near(t, want+" equal", c.IfEqual, e["chance_if_equal"], 1e-9)
	}
}
