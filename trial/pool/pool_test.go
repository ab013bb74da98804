package pool_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/fault"
	"homecase/special"
	"homecase/trial/pool"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.15g, want %.15g (off by %.2g, allowed %.1g)", what, got, want, math.Abs(got-want), tol)
	}
}

// vector reads one entry of testdata/vectors.json, reference numbers made with R's
// metafor and limma and with SciPy; the file names the commands.
func vector(t testing.TB, id string, inputs, expected any) {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	ok(t, err)
	var doc struct {
		Vectors []struct {
			ID       string          `json:"id"`
			Inputs   json.RawMessage `json:"inputs"`
			Expected json.RawMessage `json:"expected"`
		} `json:"vectors"`
	}
	ok(t, json.Unmarshal(b, &doc))
	for _, v := range doc.Vectors {
		if v.ID == id {
			ok(t, json.Unmarshal(v.Inputs, inputs))
			ok(t, json.Unmarshal(v.Expected, expected))
			return
		}
	}
	t.Fatalf("no vector %s", id)
}

type v18in struct {
	Est, Var, DF []float64
}

type v18line struct {
	Mu, SE, Tau2 float64
	CI95Z        [2]float64 `json:"ci95_z"`
	SEHK         float64    `json:"se_hksj"`
	CI95         [2]float64 `json:"ci95_hksj"`
	CI95Modified [2]float64 `json:"ci95_hksj_modified"`
	PI90         [2]float64 `json:"pi90"`
}

type v18out struct {
	DL, PM, REML v18line
	Q            float64
	QProfile     [2]float64 `json:"qprofile_tau2_ci95"`
	EB           struct {
		Shrunk  []float64
		SDKnown []float64 `json:"sd_ignoring_mu"`
		SD      []float64 `json:"sd_with_mu"`
		Share   float64   `json:"share_above_minus_0_3"`
	} `json:"eb_PM"`
}

func TestV18RandomEffects(t *testing.T) {
	var in v18in
	var want v18out
	vector(t, "V18", &in, &want)
	a, err := pool.Combine(in.Est, in.Var, in.DF, pool.Options{Margin: .3, Variances: pool.AsGiven})
	ok(t, err)
	for _, c := range []struct {
		name string
		got  *pool.Line
		want v18line
	}{{"DL", a.DerSimonianLaird, want.DL}, {"PM", a.PauleMandel, want.PM}, {"REML", a.REML, want.REML}} {
		near(t, c.name+" mu", c.got.Mu, c.want.Mu, 1e-8)
		near(t, c.name+" se", c.got.SE, c.want.SE, 1e-8)
		near(t, c.name+" tau2", c.got.Tau2, c.want.Tau2, 1e-8)
		near(t, c.name+" se hk", c.got.SEHK, c.want.SEHK, 1e-8)
		for i := range 2 {
			near(t, c.name+" z", c.got.Interval95Z[i], c.want.CI95Z[i], 1e-8)
			near(t, c.name+" hk", c.got.Interval95[i], c.want.CI95Modified[i], 1e-8)
			near(t, c.name+" prediction", c.got.Prediction90[i], c.want.PI90[i], 1e-8)
		}
	}
	near(t, "Q", a.Heterogeneity.Q, want.Q, 1e-8)
	near(t, "Q-profile low", a.Heterogeneity.Tau295[0], want.QProfile[0], 1e-4)
	near(t, "Q-profile high", a.Heterogeneity.Tau295[1], want.QProfile[1], 1e-4)
	near(t, "share", a.PauleMandel.Share(.3), want.EB.Share, 1e-8)
	for i := range in.Est {
		m, sd, known := a.PauleMandel.Shrink(in.Est[i], in.Var[i])
		near(t, "shrunk", m, want.EB.Shrunk[i], 1e-8)
		near(t, "sd", sd, want.EB.SD[i], 1e-8)
		near(t, "sd, mean known", known, want.EB.SDKnown[i], 1e-8)
	}
}

func TestV20Moderation(t *testing.T) {
	var in struct {
		S2 []float64
		DF float64
	}
	var want struct {
		DFPrior  float64   `json:"df_prior"`
		VarPrior float64   `json:"var_prior"`
		VarPost  []float64 `json:"var_post"`
	}
	vector(t, "V20", &in, &want)
	df := make([]float64, len(in.S2))
	for i := range df {
		df[i] = in.DF
	}
	m, err := pool.Moderate(in.S2, df)
	ok(t, err)
	near(t, "df", *m.DFPrior, want.DFPrior, 1e-7)
	near(t, "var", m.VarPrior, want.VarPrior, 1e-7)
	for i, s2 := range in.S2 {
		v, total := m.Variance(s2, in.DF)
		near(t, "posterior", v, want.VarPost[i], 1e-7)
		near(t, "total df", total, want.DFPrior+in.DF, 1e-7)
	}
}

// workingModel is P of the primary analysis for four full weeks.
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
	for c := range n {
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

func TestV35DesignVariance(t *testing.T) {
	var in struct{ Z, Y []float64 }
	var want struct {
		Estimate, Den, S2, DF float64
		VarT                  float64 `json:"var_T"`
	}
	vector(t, "V35", &in, &want)
	p := workingModel(20)
	var up, down float64
	for i := range p {
		for j := range p {
			up += (in.Z[i] - .4) * p[i][j] * in.Y[j]
			down += (in.Z[i] - .4) * p[i][j] * in.Z[j]
		}
	}
	near(t, "estimate", up/down, want.Estimate, 1e-9)
	near(t, "slope", down, want.Den, 1e-9)
	a := make([]float64, 20)
	for i := range p {
		for j := range p {
			a[i] += p[i][j] * (in.Y[j] - up/down*in.Z[j])
		}
	}
	var blocks [][]float64
	for w := 0; w < 20; w += 5 {
		s, err := pool.SubsetSums(a[w:w+5], 2)
		ok(t, err)
		blocks = append(blocks, s)
	}
	d, err := pool.DesignVariance(blocks, down, 20)
	ok(t, err)
	near(t, "score variance", d.ScoreVariance, want.VarT, 1e-9)
	near(t, "variance", d.Variance, want.S2, 1e-9)
	near(t, "df", d.DF, want.DF, 0)
}

// The tau grid on the data of V18, computed a second time from the formulas as they
// stand in the specification, one person and one grid point after the other.
func TestTauGridByHand(t *testing.T) {
	var in v18in
	var none struct{}
	vector(t, "V18", &in, &none)
	const margin = .3
	var mu, v, tau, lp [41]float64
	top := math.Inf(-1)
	for g := range 41 {
		tau[g] = 2 * float64(g) / 40
		var s0, s1, s2, s3 float64
		for i := range in.Est {
			a := in.Var[i] + tau[g]*tau[g]
			s0 += math.Log(a)
			s1 += 1 / a
			s2 += in.Est[i] / a
			s3 += in.Est[i] * in.Est[i] / a
		}
		mu[g], v[g] = s2/s1, 1/s1
		lp[g] = -.5*s0 - .5*math.Log(s1) - .5*(s3-s2*s2/s1) - tau[g]*tau[g]/(2*.25)
		top = math.Max(top, lp[g])
	}
	var sum, mean, second, above, share, meanTau float64
	for g := range 41 {
		lp[g] = math.Exp(lp[g] - top)
		sum += lp[g]
	}
	first, firstSq := 0.0, 0.0 // person 1
	for g := range 41 {
		w := lp[g] / sum
		mean += w * mu[g]
		second += w * (v[g] + mu[g]*mu[g])
		above += w * special.NormalCDF((mu[g]+margin)/math.Sqrt(v[g]))
		share += w * special.NormalCDF((mu[g]+margin)/math.Sqrt(v[g]+tau[g]*tau[g]))
		meanTau += w * tau[g]
		b := in.Var[0] / (in.Var[0] + tau[g]*tau[g])
		e := mu[g] + (1-b)*(in.Est[0]-mu[g])
		first += w * e
		firstSq += w * (e*e + (1-b)*in.Var[0] + b*b*v[g])
	}
	a, err := pool.Combine(in.Est, in.Var, in.DF, pool.Options{Margin: margin, Variances: pool.AsGiven})
	ok(t, err)
	near(t, "unit", a.Unit, 1, 0)
	near(t, "mean", a.Bayes.Mean, mean, 1e-12)
	near(t, "sd", a.Bayes.SD, math.Sqrt(second-mean*mean), 1e-12)
	near(t, "above", a.Bayes.PAboveMinusMargin, above, 1e-12)
	near(t, "share", *a.Bayes.Share, share, 1e-12)
	near(t, "tau", a.Bayes.Tau, meanTau, 1e-12)
	p, shown := a.Shrink(in.Est[0], in.Var[0], in.DF[0])
	if !shown {
		t.Fatal("no person")
	}
	near(t, "person", p.Mean, first, 1e-12)
	near(t, "person sd", p.SD, math.Sqrt(firstSq-first*first), 1e-12)
}

// people draws a population: effects N(mu, tau^2), variances of trials with df days.
func people(seed uint64, k int, mu, tau, scale float64) (est, variance, df []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	est, variance, df = make([]float64, k), make([]float64, k), make([]float64, k)
	for i := range est {
		df[i] = 18
		v := .05 + .1*r.Float64()
		est[i] = scale * (mu + tau*r.NormFloat64() + math.Sqrt(v)*r.NormFloat64())
		variance[i] = scale * scale * v
	}
	return est, variance, df
}

func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := rapid.IntRange(3, 60).Draw(r, "k")
		seed := rapid.Uint64().Draw(r, "seed")
		scale := math.Exp(rapid.Float64Range(-12, 12).Draw(r, "log scale"))
		margin := rapid.Float64Range(0, 1).Draw(r, "margin")
		run := func(s float64) *pool.Answer {
			e, v, df := people(seed, k, .1, .3, s)
			a, err := pool.Combine(e, v, df, pool.Options{Margin: margin * s, Unit: s})
			if err != nil {
				r.Fatal(err)
			}
			return a
		}
		a, b := run(1), run(scale)
		for _, c := range []struct {
			what      string
			one, many float64
		}{
			{"mean", a.Bayes.Mean, b.Bayes.Mean / scale}, {"upper", a.Bayes.Interval95[1], b.Bayes.Interval95[1] / scale},
			{"share", *a.Bayes.Share, *b.Bayes.Share}, {"above", a.Bayes.PAboveMinusMargin, b.Bayes.PAboveMinusMargin},
			{"tau", a.Bayes.Tau, b.Bayes.Tau / scale}, {"PM", a.PauleMandel.Tau2, b.PauleMandel.Tau2 / scale / scale},
			{"REML", a.REML.Interval95[0], b.REML.Interval95[0] / scale}, {"Q", a.Heterogeneity.Q, b.Heterogeneity.Q},
		} {
			if math.Abs(c.one-c.many) > 1e-7*(1+math.Abs(c.one)) {
				r.Fatalf("%s: %v in one unit and %v in the other", c.what, c.one, c.many)
			}
		}
	})
}

// A grid of 41 points from 0 to 2 is too coarse for a thousand people and for
// people who hardly differ: the spread must be found all the same.
func TestGridFindsTheSpread(t *testing.T) {
	for _, c := range []struct {
		k        int
		tau, tol float64
	}{{20_000, .3, .01}, {20_000, .02, .03}, {20_000, 6, .1}, {2000, .3, .03}, {20_000, 0, .02}} {
		e, v, df := people(7, c.k, .1, c.tau, 1)
		a, err := pool.Combine(e, v, df, pool.Options{Margin: .1, Variances: pool.AsGiven})
		ok(t, err)
		near(t, fmt.Sprintf("tau of %d people", c.k), a.Bayes.Tau, c.tau, c.tol)
		near(t, "Bayes and REML", a.Bayes.Tau*a.Bayes.Tau, a.REML.Tau2, .02*(1+c.tau*c.tau)) // the half-normal prior pulls a spread of 6 down by .02
		near(t, "mean", a.Bayes.Mean, .1, 5*(c.tau+.3)/math.Sqrt(float64(c.k)))
		if i := a.Bayes.TauInterval90; !(i[0] <= a.Bayes.Tau && a.Bayes.Tau <= i[1]) {
			t.Errorf("tau %v outside its interval %v", a.Bayes.Tau, i)
		}
	}
}

func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	e, v, df := people(3, 50_000, .1, .3, 1)
	var first []byte
	old := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(old)
	for _, n := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(n)
		a, err := pool.Combine(e, v, df, pool.Options{Margin: .1})
		ok(t, err)
		b, err := json.Marshal(a)
		ok(t, err)
		if first == nil {
			first = b
		}
		if !bytes.Equal(first, b) {
			t.Fatalf("with %d processors:\n%s", n, cmp.Diff(string(first), string(b)))
		}
	}
}

// Merging people in two halves gives what one pass gives.
func TestSumsMerge(t *testing.T) {
	e, v, _ := people(5, 1000, .1, .3, 1)
	var tau2 [41]float64
	for g := range tau2 {
		tau2[g] = float64(g*g) / 400
	}
	var all, a, b pool.Sums
	all.Add(e, v, &tau2)
	a.Add(e[:333], v[:333], &tau2)
	b.Add(e[333:], v[333:], &tau2)
	a.Merge(b)
	if a.N != all.N {
		t.Errorf("%d people, want %d", a.N, all.N)
	}
	for g := range tau2 {
		near(t, "log det", a.G[g].LogDet, all.G[g].LogDet, 1e-9)
		near(t, "wdd", a.G[g].WDD, all.G[g].WDD, 1e-9*all.G[g].WDD)
	}
}

func TestFewPeople(t *testing.T) {
	for k := range 3 {
		a, err := pool.Combine(make([]float64, k), []float64{1, 1}[:k], []float64{8, 8}[:k], pool.Options{})
		ok(t, err)
		if a.Verdict != nil || a.Bayes != nil || a.PauleMandel != nil || len(a.Warnings) != 1 {
			t.Errorf("%d people have a result: %+v", k, a)
		}
		if _, shown := a.Shrink(1, 1, 8); shown {
			t.Errorf("%d people have a shrunken person", k)
		}
		if _, err := a.ForOffice(); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an office sees %d people: %v", k, err)
		}
	}
	e, v, df := people(1, 9, .2, .3, 1)
	for k, want := range map[int]bool{4: false, 5: true, 9: true} {
		a, err := pool.Combine(e[:k], v[:k], df[:k], pool.Options{})
		ok(t, err)
		o, err := a.ForOffice()
		if (err == nil) != want {
			t.Errorf("%d people: %v", k, err)
		}
		if err == nil && (o.Bayes.Share != nil || a.Bayes.Share == nil) {
			t.Errorf("%d people: the office sees a share, or the people do not", k)
		}
	}
}

func TestRefusals(t *testing.T) {
	one := []float64{1, 1, 1}
	for name, f := range map[string]func() error{
		"lengths":  func() error { _, err := pool.Combine(one, one[:2], one, pool.Options{}); return err },
		"variance": func() error { _, err := pool.Combine(one, []float64{1, 0, 1}, one, pool.Options{}); return err },
		"nan": func() error {
			_, err := pool.Combine([]float64{1, math.NaN(), 1}, one, one, pool.Options{})
			return err
		},
		"df":     func() error { _, err := pool.Combine(one, one, []float64{1, -1, 1}, pool.Options{}); return err },
		"margin": func() error { _, err := pool.Combine(one, one, one, pool.Options{Margin: -1}); return err },
		"unit":   func() error { _, err := pool.Combine(one, one, one, pool.Options{Unit: math.NaN()}); return err },
		"one":    func() error { _, err := pool.Moderate(one[:1], one[:1]); return err },
		"days":   func() error { _, err := pool.DesignVariance(nil, 1, 2); return err },
		"slope":  func() error { _, err := pool.DesignVariance([][]float64{{1, 2}}, 0, 9); return err },
		"flat":   func() error { _, err := pool.DesignVariance([][]float64{{1, 1}}, 1, 9); return err },
		"subset": func() error { _, err := pool.SubsetSums(make([]float64, 30), 2); return err },
		"common": func() error { _, err := pool.CommonEffect(one, nil); return err },
	} {
		if err := f(); fault.KindOf(err) != fault.Finding {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Three people who agree to the last digit have a spread of 0 and no more.
	a, err := pool.Combine(one, one, []float64{8, 8, 8}, pool.Options{})
	ok(t, err)
	if a.PauleMandel.Tau2 != 0 || a.Moderation.DFPrior != nil {
		t.Errorf("%+v %+v", a.PauleMandel, a.Moderation)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
}

func TestCommonEffect(t *testing.T) {
	obs := make([]float64, 36)
	for i := range obs {
		obs[i] = .5
	}
	p, err := pool.CommonEffect(obs, nil)
	ok(t, err)
	near(t, "36 people at .5", p, 0.00134989803163009, 1e-15) // R: pnorm(-3)
	// Three people, draws 0..3 each: sums 0, 3, 6, 9; observed 6 -> (1+2)/(1+4), by hand.
	d := []float64{0, 1, 2, 3}
	p, err = pool.CommonEffect([]float64{2, 2, 2}, [][]float64{d, d, d})
	ok(t, err)
	near(t, "three people", p, .6, 1e-15)
}

const goodFile = "person,estimate,variance,df,group\n\"Kay, Ann\",0.62,0.09,8,sales\nBob,-0.3,0.12,6,sales\r\n\nCy,1.25,.2,4,ops\nDi,0.31,7e-2,12,sales\nEd,-0.65,0.15,6,sales\nFay,+0.9,0.11,8,sales\n"

func TestReadEstimates(t *testing.T) {
	table, err := pool.ReadEstimates("e.csv", strings.NewReader("\ufeff"+goodFile))
	ok(t, err)
	if table.Len() != 6 || table.Person(0) != "Kay, Ann" || table.Person(5) != "Fay" || table.Variance[3] != .07 {
		t.Errorf("%+v", table)
	}
	a, err := table.Combine(pool.Options{Margin: .5})
	ok(t, err)
	if len(a.Groups) != 1 || a.Groups[0].Name != "sales" || a.Groups[0].People != 5 || a.Groups[0].Share != nil || a.Withheld.Groups != 1 || a.Withheld.People != 1 {
		t.Errorf("%+v %+v", a.Groups, a.Withheld)
	}
}

func TestReadEstimatesSaysWhereItIsWrong(t *testing.T) {
	head := "person,estimate,variance,df\n"
	for _, c := range []struct{ file, want string }{
		{"", "e.csv:1: The file is empty."},
		{head, "e.csv: The file has a first line and no people."},
		{"person,estimate,df\n", "e.csv:1: The column variance is missing."},
		{"person;estimate;variance;df\n", "e.csv:1: The columns are separated by semicolons here."},
		{"person,person,estimate,variance,df\n", "e.csv:1: The column person stands here twice."},
		{head + "a,1,1,8\nb,x,1,8\n", `e.csv:3: The estimate of "b" is "x" and not a number.`},
		{head + "\n\na,1,1,8\nb,NaN,1,8\n", `e.csv:5: The estimate of "b" is "NaN" and not a number.`},
		{head + "a,1,0x10,8\n", `e.csv:2: The variance of "a" is "0x10" and not a number.`},
		{head + "a,1,0,8\n", `e.csv:2: For "a" the variance must be above 0: no trial is certain.`},
		{head + "a,1,1,0\n", `e.csv:2: For "a" the degrees of freedom must be above 0.`},
		{head + "a,1e200,1,5\n", `e.csv:2: For "a" the estimate is not a number that can be used.`},
		{head + ",1,1,8\n", "e.csv:2:1: The person is empty."},
		{head + "a,1,1\n", "e.csv:2: This line has 3 columns and the first has 4."},
		{head + "\"a,1,1,8\n", "e.csv:2: A quotation mark is not closed on this line."},
		{head + "\"a\"b,1,1,8\n", "e.csv:2: Something stands between a closing quotation mark and the next comma."},
		{head + "a,1,1,8\nb,1,1,8\na,2,1,8\n", `e.csv:4: "a" stands in line 2 already; a person counts once.`},
		{head + "a\xff,1,1,8\n", "e.csv:2: This line is not UTF-8 text."},
		{head + "a\x00,1,1,8\n", "e.csv:2: There is a NUL byte in this line"},
		{head + strings.Repeat("a", 1<<17) + ",1,1,8\n", "e.csv:2: This line is longer than 64 KB"},
		{head + strings.Repeat("a", 5<<20), "longer than 64 KB"},
	} {
		_, err := pool.ReadEstimates("e.csv", strings.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got %v, want %s", c.file, err, c.want)
			continue
		}
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.40q: kind %v", c.file, fault.KindOf(err))
		}
	}
	// Many faults: the first twenty, in the order of the file, over many chunks.
	var b strings.Builder
	b.WriteString(head)
	for i := range 200_000 {
		fmt.Fprintf(&b, "p%d,1,%d,8\n", i, i%5000)
	}
	_, err := pool.ReadEstimates("e.csv", strings.NewReader(b.String()))
	var l fault.List
	if !errors.As(err, &l) || len(l) != 21 || l[1].Place.Line != 5002 || l[20].Code != pool.CodeMore {
		t.Errorf("%v", err)
	}
}

// table writes k people as a file.
func table(k int, seed uint64) []byte {
	e, v, df := people(seed, k, .1, .3, 1)
	var b bytes.Buffer
	b.WriteString("person,estimate,variance,df\n")
	for i := range e {
		fmt.Fprintf(&b, "person-%07d,%.6f,%.6f,%g\n", i, e[i], v[i], df[i])
	}
	return b.Bytes()
}

func TestReadingKeepsTheOrder(t *testing.T) {
	old := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(old)
	file := table(120_000, 2)
	got, err := pool.ReadEstimates("e.csv", bytes.NewReader(file))
	ok(t, err)
	for _, i := range []int{0, 1, 40_000, 40_001, 119_999} {
		if want := fmt.Sprintf("person-%07d", i); got.Person(i) != want {
			t.Errorf("person %d is %s", i, got.Person(i))
		}
	}
	if got.Len() != 120_000 {
		t.Errorf("%d people", got.Len())
	}
}

func FuzzReadEstimates(f *testing.F) {
	f.Add([]byte(goodFile))
	f.Add([]byte("person,estimate,variance,df\na,1,1,8\na,1,1,8\n"))
	f.Add([]byte("person;estimate\n"))
	f.Add([]byte("\"person\",\"estimate\",variance,df\n\"a\"\"\",1,2,3\n"))
	f.Add([]byte("\n\n,,,\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := pool.ReadEstimates("e.csv", bytes.NewReader(b))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		a, err := table.Combine(pool.Options{Margin: .1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatalf("%v: %+v", err, a)
		}
	})
}

func BenchmarkPoolMillion(b *testing.B) {
	e, v, df := people(1, 1_000_000, .1, .3, 1)
	for b.Loop() {
		if _, err := pool.Combine(e, v, df, pool.Options{Margin: .1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPoolMillionFromFile(b *testing.B) {
	file := table(1_000_000, 1)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		t, err := pool.ReadEstimates("e.csv", bytes.NewReader(file))
		if err == nil {
			_, err = t.Combine(pool.Options{Margin: .1})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
