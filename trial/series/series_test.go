package series_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/fault"
	"homecase/trial/series"
)

// withGaps leaves days 4, 11, 12, 23 and 40 out of the forty of V13.
func withGaps(t testing.TB) (series.Days, []bool, []float64) {
	d, home, y := trialOf(t, load(t), "V13")
	var out series.Days
	var h []bool
	var v []float64
	for i := range y {
		if slices.Contains([]int{4, 11, 12, 23, 40}, i+1) {
			continue
		}
		out.Ordinal, out.Weekday, out.Week = append(out.Ordinal, i), append(out.Weekday, d.Weekday[i]), append(out.Week, d.Week[i])
		h, v = append(h, home[i]), append(v, y[i])
	}
	return out, h, v
}

// R 4.2.2: the restricted likelihood written out with full matrices, V = rho^|s-s'|,
// and optimize(); nlme::gls with corAR1(form = ~s) agrees to 1e-7.
func TestCorrelatedWithMissingDays(t *testing.T) {
	d, home, y := withGaps(t)
	strong := []float64{19.428, 19.705, 19.804, 18.563, 19.479, 19.428, 21.097, 22.26, 24.304, 22.507, 23.863, 24.176, 21.949, 21.016, 21.046, 22.397, 24.434, 23.277,
		24.566, 21.937, 20.642, 18.303, 18.839, 22.094, 20.694, 21.122, 21.969, 21.145, 22.489, 20.846, 21.528, 19.172, 20.554, 21.916, 22.697}
	for _, c := range []struct {
		name                 string
		y                    []float64
		rho, coef, se, sigma float64
	}{
		{"weak", y, -0.11775656989397, 0.454227746655995, 0.614059060334301, 1.72817442359948},
		{"strong", strong, 0.79539844633961, 0.745017563496096, 0.29335658604537, 1.90677712284825},
	} {
		fit, err := series.Correlated(d, home, c.y)
		ok(t, err)
		near(t, c.name+" rho", fit.Rho, c.rho, 1e-6)
		near(t, c.name+" coef", fit.Estimate, c.coef, 1e-6)
		near(t, c.name+" se", fit.SE, c.se, 1e-6)
		near(t, c.name+" sigma", fit.Sigma, c.sigma, 3e-6)
		near(t, c.name+" df", fit.DF, 35-7, 0)
	}
	// R 4.2.2: lm, sandwich::vcovHC(type = "HC3"), NeweyWest(lag = 2, prewhite = FALSE, adjust = TRUE).
	fit, err := series.Regress(d, home, y, 2)
	ok(t, err)
	near(t, "coef", fit.Estimate, 0.480701557614928, 1e-12)
	near(t, "se", fit.SE, 0.602822810635067, 1e-12)
	near(t, "HC3", fit.SEHC3, 0.644982650406314, 1e-12)
	near(t, "Newey-West", fit.SENeweyWest, 0.542377479499171, 1e-12)
}

// R 4.2.2: t.test(c(1.2, 3.4, 2.2, 5), c(.1, .4, .2)).
func TestWelchAgainstR(t *testing.T) {
	w, err := series.CompareMeans([]float64{1.2, 3.4, 2.2, 5}, []float64{.1, .4, .2})
	ok(t, err)
	near(t, "t", w.T, 3.3018690072928849, 1e-12)
	near(t, "df", w.DF, 3.0695217485459869, 1e-12)
	near(t, "p", w.PTwoSided0, 0.0441707087642664, 1e-13)
	near(t, "low", w.Interval95[0], 0.1314891507417797, 1e-12)
	near(t, "high", w.Interval95[1], 5.3018441825915543, 1e-12)
	near(t, "sides", w.PGreater0+w.PLess0, 1, 1e-15)
	if w.First.N != 4 || w.Second.N != 3 || w.First.Mean != 2.95 {
		t.Errorf("%+v", w)
	}
}

func refused(t *testing.T, name string, err error, want fault.Code) {
	t.Helper()
	f, isFault := err.(*fault.Error)
	if !isFault || f.Code != want || f.Kind != fault.Finding {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

func TestRefusals(t *testing.T) {
	d, home, y := trialOf(t, load(t), "V13")
	flat := make([]float64, 40)
	nan := slices.Clone(y)
	nan[3] = math.NaN()
	tuesdays := make([]bool, 40)
	for i := range tuesdays {
		tuesdays[i] = i%5 == 1
	}
	short := series.Days{Weekday: d.Weekday[:10], Week: d.Week[:10]}
	back := d
	back.Ordinal = make([]int, 40)
	_, err := series.Regress(d, home, y[:39], 3)
	refused(t, "lengths", err, series.CodeShape)
	_, err = series.Regress(back, home, y, 3)
	refused(t, "order", err, series.CodeShape)
	_, err = series.Regress(d, home, nan, 3)
	refused(t, "NaN", err, series.CodeShape)
	_, err = series.Regress(d, home, y, -1)
	refused(t, "lag", err, series.CodeArgument)
	_, err = series.Regress(d, tuesdays, y, 3)
	refused(t, "always Tuesday", err, series.CodeEntangled)
	_, err = series.Regress(d, home, flat, 3)
	refused(t, "flat", err, series.CodeFlat)
	_, err = series.Regress(series.Days{Weekday: d.Weekday[:7], Week: d.Week[:7]}, home[:7], y[:7], 3)
	refused(t, "seven days", err, series.CodeFew)
	_, err = series.Regress(series.Days{}, nil, nil, 3)
	refused(t, "no day", err, series.CodeEntangled)
	_, err = series.Correlated(short, home[:10], y[:10])
	refused(t, "GLS ten days", err, series.CodeFew)
	_, err = series.Correlated(d, tuesdays, y)
	refused(t, "GLS Tuesday", err, series.CodeEntangled)
	_, err = series.Correlated(d, home, flat)
	refused(t, "GLS flat", err, series.CodeFlat)
	_, err = series.CompareMeans([]float64{1}, y)
	refused(t, "Welch one", err, series.CodeFew)
	_, err = series.CompareMeans(flat, flat)
	refused(t, "Welch flat", err, series.CodeFlat)
	_, err = series.CompareMeans(nan, y)
	refused(t, "Welch NaN", err, series.CodeShape)
	_, err = series.Effect{Estimate: 1, SE: 1, DF: 3}.Equivalent(0)
	refused(t, "margin", err, series.CodeArgument)
	_, err = series.SizeTwoSamples(0, .05, .8)
	refused(t, "size", err, series.CodeArgument)
	_, err = series.SizeTwoSamples(1e-9, .05, .8)
	refused(t, "size without end", err, series.CodeArgument)
	_, err = series.DifferenceInDifferences(y[:3], y[:4])
	refused(t, "baseline", err, series.CodeFew)
	_, err = series.DifferenceInDifferences(y[:4], y[:1])
	refused(t, "trial", err, series.CodeFew)
	_, err = series.DifferenceInDifferences(flat[:4], flat[:4])
	refused(t, "contrasts flat", err, series.CodeFlat)
	_, err = series.CompareWeeks(y[:1], y[:4], 1, 5)
	refused(t, "weeks", err, series.CodeFew)
	_, err = series.CompareWeeks(y[:4], y[:4], 0, 5)
	refused(t, "weeks margin", err, series.CodeArgument)
	_, err = series.NewGrid(d, series.Prior{})
	refused(t, "prior", err, series.CodeArgument)
	_, err = series.NewGrid(series.Days{}, series.DefaultPrior())
	refused(t, "grid of nothing", err, series.CodeFew)
	g, err := series.NewGrid(d, series.DefaultPrior())
	ok(t, err)
	_, err = g.Posterior(home, flat, 1)
	refused(t, "Bayes flat", err, series.CodeFlat)
	_, err = g.Posterior(home[:3], y, 1)
	refused(t, "Bayes shape", err, series.CodeShape)
	_, err = g.Posterior(make([]bool, 40), y, 1)
	refused(t, "Bayes arms", err, series.CodeFew)
	_, err = g.Posterior(home, y, math.Inf(1))
	refused(t, "Bayes margin", err, series.CodeArgument)
	_, err = series.StepDownMaxT(nil, nil, series.Sampled)
	refused(t, "no measure", err, series.CodeShape)
	_, err = series.StepDownMaxT([]float64{1, 2}, [][]float64{{1}, {1, 2}}, series.Sampled)
	refused(t, "draws", err, series.CodeShape)
	_, err = series.Progress{}.More()
	refused(t, "forecast", err, series.CodeArgument)
	_, err = series.Progress{Variance: 1, InfoPerWeek: 1, Weeks: 4, Margin: 1}.At(4)
	refused(t, "forecast backwards", err, series.CodeArgument)
	_, err = series.TippingPoint(1, 1, nil)
	refused(t, "tipping", err, series.CodeArgument)
	_, err = series.WorstCase([]bool{true}, []bool{true}, []float64{1})
	refused(t, "worst case", err, series.CodeFew)
}

// dense is the Bayesian model by full matrices, one grid point after another: an
// independent road to the same mixture mean and chance weights.
func dense(d series.Days, p series.Prior, home []bool, y []float64) (mean float64) {
	n := len(y)
	m, ss := 0.0, 0.0
	for _, v := range y {
		m += v / float64(n)
	}
	c, z := make([]float64, n), make([]float64, n)
	for i, v := range y {
		c[i] = v - m
		ss += c[i] * c[i]
		if home[i] {
			z[i] = 1
		}
	}
	s0 := ss / float64(n-1)
	x := make([]float64, n)
	for i := range x {
		x[i] = 2*float64(d.Ordinal[i]-d.Ordinal[0])/float64(d.Ordinal[n-1]-d.Ordinal[0]) - 1
	}
	var logs, means []float64
	for a, rho := range p.Rho {
		for b, wd := range p.WeekdaySD {
			for e, wk := range p.WeekSD {
				v := make([][]float64, n)
				for i := range v {
					v[i] = make([]float64, n)
					for j := range v[i] {
						v[i][j] = math.Pow(rho, math.Abs(float64(d.Ordinal[i]-d.Ordinal[j]))) + p.TrendVariance*x[i]*x[j] + p.MeanVariance
						if d.Weekday[i] == d.Weekday[j] {
							v[i][j] += wd * wd
						}
						if d.Week[i] == d.Week[j] {
							v[i][j] += wk * wk
						}
					}
				}
				logDet := 0.0
				sz, sy := slices.Clone(z), slices.Clone(c)
				for k := range n { // LDL' by elimination, carrying z and y
					logDet += math.Log(v[k][k])
					for i := k + 1; i < n; i++ {
						f := v[i][k] / v[k][k]
						for j := k; j < n; j++ {
							v[i][j] -= f * v[k][j]
						}
						sz[i] -= f * sz[k]
						sy[i] -= f * sy[k]
					}
				}
				var zz, zy, yy float64
				for k := range n {
					zz += sz[k] * sz[k] / v[k][k]
					zy += sz[k] * sy[k] / v[k][k]
					yy += sy[k] * sy[k] / v[k][k]
				}
				lambda := zz + 1/p.EffectVariance
				mg := zy / lambda
				s := p.NoiseDF*s0 + yy - mg*mg*lambda
				means = append(means, mg)
				logs = append(logs, math.Log(p.RhoWeight[a]*p.WeekdayWeight[b]*p.WeekWeight[e])-.5*logDet-.5*math.Log(p.EffectVariance*lambda)-.5*(p.NoiseDF+float64(n))*math.Log(s))
			}
		}
	}
	top, all := slices.Max(logs), 0.0
	for i := range logs {
		w := math.Exp(logs[i] - top)
		all += w
		mean += w * means[i]
	}
	return mean / all
}

func TestBayesWithMissingDaysAgainstFullMatrices(t *testing.T) {
	d, home, y := withGaps(t)
	g, err := series.NewGrid(d, series.DefaultPrior())
	ok(t, err)
	p, err := g.Posterior(home, y, 1)
	ok(t, err)
	near(t, "mean", p.Mean, dense(d, series.DefaultPrior(), home, y), 1e-9)
	near(t, "between its limits", p.Above(p.Interval90[0])-p.Above(p.Interval90[1]), .9, 1e-9)
}

// Adding a level, a weekday pattern and a trend to the values leaves the fitted home
// effect alone; adding c on home days adds c; and the scale goes through.
func TestRegressionsAreEquivariant(t *testing.T) {
	d, home, base := trialOf(t, load(t), "V13")
	rapid.Check(t, func(r *rapid.T) {
		shift := rapid.Float64Range(-50, 50).Draw(r, "shift")
		slope := rapid.Float64Range(-5, 5).Draw(r, "slope")
		effect := rapid.Float64Range(-5, 5).Draw(r, "effect")
		scale := math.Exp(rapid.Float64Range(-5, 5).Draw(r, "log scale"))
		y := make([]float64, len(base))
		for i := range y {
			y[i] = base[i] + shift*float64(d.Weekday[i]) + slope*float64(i)
			if home[i] {
				y[i] += effect
			}
			y[i] *= scale
		}
		a, err := series.Regress(d, home, base, 3)
		ok(t, err)
		b, err := series.Regress(d, home, y, 3)
		ok(t, err)
		for what, c := range map[string][2]float64{
			"estimate": {a.Estimate + effect, b.Estimate / scale}, "se": {a.SE, b.SE / scale},
			"HC3": {a.SEHC3, b.SEHC3 / scale}, "Newey-West": {a.SENeweyWest, b.SENeweyWest / scale},
		} {
			if math.Abs(c[0]-c[1]) > 1e-9 {
				r.Fatalf("%s: %v and %v", what, c[0], c[1])
			}
		}
		e, err := series.Correlated(d, home, base)
		ok(t, err)
		f, err := series.Correlated(d, home, y)
		ok(t, err)
		if math.Abs(e.Estimate+effect-f.Estimate/scale) > 1e-6 || math.Abs(e.Rho-f.Rho) > 1e-6 {
			r.Fatalf("GLS %+v and %+v", e, f)
		}
	})
}

func TestStepDownByHand(t *testing.T) {
	// Two measures, four drawn schedules. Measure b leads with 3: the larger of the two
	// statistics reaches 3 once, so (1+1)/(1+4). Then a alone: 1 is reached by 1 and 5,
	// so (1+2)/(1+4).
	got, err := series.StepDownMaxT([]float64{1, 3}, [][]float64{{0, 1, 5, -1}, {2, 2, 0, 1}}, series.Sampled)
	ok(t, err)
	want := []series.StepDown{{P: 3. / 5, PAdjusted: 3. / 5}, {P: 1. / 5, PAdjusted: 2. / 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := series.AllMustHold([]float64{.01, .2, .03}); p != .2 {
		t.Errorf("all must hold: %v", p)
	}
	if p := series.AllMustHold(nil); p != 1 {
		t.Errorf("nothing holds of nothing: %v", p)
	}
	if p := series.AllMustHold([]float64{.01, math.NaN()}); p != 1 {
		t.Errorf("an unknown p-value passes: %v", p)
	}
}

// Adjusted values are never below the raw ones, keep their order, and Holm is never
// below Hochberg nor BY below BH.
func TestAdjustmentsKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(r, "p")
		holm, hoch, bh, by := series.Holm(p), series.Hochberg(p), series.BenjaminiHochberg(p), series.BenjaminiYekutieli(p)
		for i := range p {
			if holm[i] < hoch[i]-1e-15 || by[i] < bh[i]-1e-15 || bh[i] < p[i]-1e-15 || hoch[i] < bh[i]-1e-15 || holm[i] > 1 || by[i] > 1 {
				r.Fatalf("p %v: Holm %v Hochberg %v BH %v BY %v", p[i], holm[i], hoch[i], bh[i], by[i])
			}
			for j := range p {
				if p[i] < p[j] && (holm[i] > holm[j] || bh[i] > bh[j]) {
					r.Fatalf("order of %v and %v is lost", p[i], p[j])
				}
			}
		}
	})
	if got := series.Holm([]float64{math.NaN(), .01}); got[0] != 1 || got[1] != .02 {
		t.Errorf("%v", got)
	}
}

func TestFixedDaysByHand(t *testing.T) {
	// Week 0: home 10, 12 (mean 11), office 7, 9 (mean 8): 3. Week 1 has no office day.
	// Week 2: home 5, office 6: -1.
	c, err := series.WeeklyContrasts([]int{0, 0, 0, 0, 1, 2, 2}, []bool{true, false, true, false, true, false, true}, []float64{10, 7, 12, 9, 99, 6, 5})
	ok(t, err)
	if diff := cmp.Diff([]float64{3, -1}, c); diff != "" {
		t.Error(diff)
	}
}

func TestWeeklyTotals(t *testing.T) {
	// Week 0 is whole; week 1 has a missing day; week 2 has a holiday: 8 over 4 days is
	// 10 over 5.
	got, err := series.WeekTotals([]int{0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}, []int{5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4},
		[]float64{1, 2, 3, 4, 5, 9, 9, 9, 9, 2, 2, 2, 2}, 5)
	ok(t, err)
	if diff := cmp.Diff([]float64{15, 10}, got); diff != "" {
		t.Error(diff)
	}
	base := []float64{100, 102, 98, 100}
	for _, c := range []struct {
		name  string
		trial []float64
		want  series.Cap
	}{
		// The limit is -1*5. By hand: SE = sqrt(16/6*(1/4+1/4)) = 1.155, t(.95, 6) = 1.943, so +-2.24.
		{"the same", []float64{100, 102, 98, 100}, series.CapNone},
		{"three lower reaches below", []float64{97, 99, 95, 97}, series.CapWarn},
		{"ten lower lies below", []float64{90, 92, 88, 90}, series.CapTell},
		{"ten higher", []float64{110, 112, 108, 110}, series.CapNone},
	} {
		w, err := series.CompareWeeks(base, c.trial, 1, 5)
		ok(t, err)
		if w.Cap != c.want || w.Limit != -5 {
			t.Errorf("%s: %+v", c.name, w)
		}
		near(t, c.name, w.Interval90[1]-w.Estimate, 1.9431802805153*math.Sqrt(4./3), 1e-12)
	}
}

func TestTippingPoint(t *testing.T) {
	p, err := series.TippingPoint(0, 10, func(x float64) bool { return x >= 6.4 })
	ok(t, err)
	if p.Value == nil || *p.Value < 6.4 || *p.Value > 6.4+10./256 || p.Steps != 10 {
		t.Errorf("%+v", p)
	}
	p, err = series.TippingPoint(0, 10, func(float64) bool { return true })
	ok(t, err)
	if p.Value != nil {
		t.Errorf("%+v", p)
	}
	p, err = series.TippingPoint(0, 10, func(float64) bool { return false })
	ok(t, err)
	if p.Value == nil || *p.Value != 10 {
		t.Errorf("%+v", p)
	}
	got, err := series.WorstCase([]bool{true, true, false, false}, []bool{false, true, false, true}, []float64{4, math.NaN(), 7, math.NaN()})
	ok(t, err)
	if diff := cmp.Diff([]float64{4, 4, 7, 7}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCarryOverAndCompliance(t *testing.T) {
	// Days 0..6, day 4 missing. Office days after a known day: 1 (after home): 5;
	// 3 (after office 2): 8; 2 (after office 1): 6; 6 after home 5: 9.
	d := series.Days{Ordinal: []int{0, 1, 2, 3, 5, 6}, Weekday: []int{0, 1, 2, 3, 0, 1}, Week: []int{0, 0, 0, 0, 1, 1}}
	c, err := series.DescribeCarryOver(d, []bool{true, false, false, false, true, false}, []float64{4, 5, 6, 8, 3, 9})
	ok(t, err)
	near(t, "after home", c.AfterHome.Mean, 7, 0)
	near(t, "after office", c.AfterOffice.Mean, 7, 0)
	near(t, "sd", c.AfterOffice.SD, math.Sqrt(2), 1e-15)
	if c.Difference == nil || *c.Difference != 0 || c.AfterHome.N != 2 {
		t.Errorf("%+v", c)
	}
	k, err := series.Comply([]bool{true, true, true, false, false, false}, []bool{true, false, false, false, true, false}, []bool{false, false, true, false, false, true})
	ok(t, err)
	half := .5
	if diff := cmp.Diff(series.Compliance{HomeAtHome: 1, HomeAtOffice: 1, OfficeAtOffice: 1, OfficeAtHome: 1, MissingHome: 1, MissingOffice: 1, Share: &half}, k); diff != "" {
		t.Error(diff)
	}
}

func TestMoreDays(t *testing.T) {
	// Day variance 1, information 1.2 a week (2 of 5): Phi(m/se - 1.6449) >= .8 needs
	// m*sqrt(1.2 W) >= 2.4865, so W >= 5.152/m^2: 20.6 weeks at m = .5.
	p := series.Progress{Estimate: -.1, Variance: 1, InfoPerWeek: 1.2, Weeks: 8, Margin: .5}
	m, err := p.More()
	ok(t, err)
	if m.N == nil || *m.N != 5*13 || m.Weeks != 21 || m.Unlikely {
		t.Errorf("%+v", m)
	}
	p.DaysPerWeek = 4
	if m, err = p.More(); err != nil || *m.N != 4*13 {
		t.Errorf("%+v %v", m, err)
	}
	p.Margin = .2 // 129 weeks
	m, err = p.More()
	ok(t, err)
	if m.N != nil || m.Weeks != series.ForecastCapWeeks {
		t.Errorf("%+v", m)
	}
	p.Estimate = -1
	if m, err = p.More(); err != nil || !m.Unlikely || m.Chance >= .2 {
		t.Errorf("%+v %v", m, err)
	}
	p.Weeks = 60
	if m, err = p.More(); err != nil || m.N != nil || m.Weeks != 61 {
		t.Errorf("%+v %v", m, err)
	}
}

func TestEverythingIsJSON(t *testing.T) {
	d, home, y := trialOf(t, load(t), "V13")
	a, err := series.Regress(d, home, y, 3)
	ok(t, err)
	b, err := series.Correlated(d, home, y)
	ok(t, err)
	b2, err := json.Marshal([]any{a, b})
	ok(t, err)
	var back []map[string]any
	ok(t, json.Unmarshal(b2, &back))
	for _, key := range []string{"estimate", "se", "df", "interval90", "se_hc3", "se_newey_west", "p_two_sided"} {
		if _, there := back[0][key]; !there {
			t.Errorf("no %s in %s", key, b2)
		}
	}
}

// No values, no places and no calendar make any analysis panic or return a number
// that cannot be written.
func FuzzSeries(f *testing.F) {
	f.Add([]byte{1, 0, 5, 2, 1, 9}, uint8(3), 1.0)
	f.Add(make([]byte, 90), uint8(0), 1e99)
	f.Fuzz(func(t *testing.T, b []byte, lag uint8, scale float64) {
		var d series.Days
		var home, missing []bool
		var y []float64
		at := 0
		for i := 0; i+2 < len(b) && len(y) < 60; i += 3 {
			at += 1 + int(b[i]>>6)
			d.Ordinal, d.Weekday, d.Week = append(d.Ordinal, at), append(d.Weekday, at%5), append(d.Week, at/5)
			home, missing = append(home, b[i+1]&1 == 1), append(missing, b[i+1]&2 == 2)
			y = append(y, float64(b[i+2])*scale)
		}
		check := func(v any, err error) {
			if err != nil {
				return
			}
			if _, err := json.Marshal(v); err != nil {
				t.Fatalf("%v: %+v", err, v)
			}
		}
		check2 := func(v any, err error) { t.Helper(); check(v, err) }
		ols, err := series.Regress(d, home, y, int(lag))
		check2(ols, err)
		gls, err := series.Correlated(d, home, y)
		check2(gls, err)
		half := len(y) / 2
		w, err := series.CompareMeans(y[:half], y[half:])
		check2(w, err)
		f, err := series.DifferenceInDifferences(y[:half], y[half:])
		check2(f, err)
		t2, err := series.CompareWeeks(y[:half], y[half:], math.Abs(scale), 5)
		check2(t2, err)
		c, err := series.DescribeCarryOver(d, home, y)
		check2(c, err)
		k, err := series.Comply(home, home, missing)
		check2(k, err)
		if g, err := series.NewGrid(d, series.DefaultPrior()); err == nil {
			p, err := g.Posterior(home, y, scale)
			check2(p, err)
		}
		m, err := series.Progress{Estimate: scale, Variance: math.Abs(scale), InfoPerWeek: 1, Weeks: 4, Margin: math.Abs(scale)}.More()
		check2(m, err)
	})
}

func BenchmarkOLSWithHAC40(b *testing.B) {
	d, home, y := trialOf(b, load(b), "V13")
	for b.Loop() {
		if _, err := series.Regress(d, home, y, 3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGLS40(b *testing.B) {
	d, home, y := trialOf(b, load(b), "V13")
	for b.Loop() {
		if _, err := series.Correlated(d, home, y); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBayes40(b *testing.B) {
	d, home, y := trialOf(b, load(b), "V13")
	for b.Loop() {
		g, err := series.NewGrid(d, series.DefaultPrior())
		if err == nil {
			_, err = g.Posterior(home, y, 1)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
