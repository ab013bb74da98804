package special_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"homecase/special"
)

// reference reads values made with R 4.2.2 and SciPy 1.10.1; the file names the calls.
func reference(t *testing.T) map[string][][]float64 {
	t.Helper()
	b, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	out := map[string][][]float64{}
	for k, v := range raw {
		if k == "origin" {
			continue
		}
		var rows [][]float64
		if err := json.Unmarshal(v, &rows); err != nil {
			t.Fatalf("%s: %v", k, err)
		}
		out[k] = rows
	}
	return out
}

func near(t *testing.T, what string, args []float64, got, want, tol float64) {
	t.Helper()
	if got == want {
		return
	}
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s%v = %.17g, want %.17g (off by %.2g, allowed %.2g)", what, args, got, want, math.Abs(got-want), tol)
	}
}

func TestAgainstRAndSciPy(t *testing.T) {
	ref := reference(t)
	for _, r := range ref["t_cdf"] {
		near(t, "TCDF", r[:2], special.TCDF(r[0], r[1]), r[2], 4e-14)
		near(t, "TSurvival", r[:2], special.TSurvival(r[0], r[1]), r[3], 4e-14)
		if r[1] < 1e5 && r[2] > 0 { // tails keep their digits, not only their size
			near(t, "TCDF (relative)", r[:2], special.TCDF(r[0], r[1])/r[2], 1, 2e-11)
		}
	}
	for _, r := range ref["t_quantile"] {
		near(t, "TQuantile", r[:2], special.TQuantile(r[0], r[1]), r[2], 2e-12*math.Max(1, math.Abs(r[2])))
	}
	for _, r := range ref["nct_cdf"] {
		near(t, "NoncentralTCDF", r[:3], special.NoncentralTCDF(r[0], r[1], r[2]), r[3], 1e-11)
	}
	for _, r := range ref["digamma"] {
		near(t, "Digamma", r[:1], special.Digamma(r[0]), r[1], 1e-14*math.Max(1, math.Abs(r[1])))
	}
	for _, r := range ref["trigamma"] {
		near(t, "Trigamma", r[:1], special.Trigamma(r[0]), r[1], 2e-15*math.Max(1, r[1]))
		near(t, "InverseTrigamma", r[1:], special.InverseTrigamma(r[1]), r[0], 1e-13*math.Max(1, r[0]))
	}
	for _, r := range ref["beta_quantile"] {
		near(t, "BetaQuantile", r[:3], special.BetaQuantile(r[0], r[1], r[2]), r[3], 1e-12)
	}
	for _, r := range ref["normal"] {
		near(t, "NormalCDF", r[:1], special.NormalCDF(r[0]), r[1], 2e-13*r[1])
	}
	for _, r := range ref["normal_quantile"] {
		near(t, "NormalQuantile", r[:1], special.NormalQuantile(r[0]), r[1], 1e-14*math.Max(1, math.Abs(r[1])))
	}
}

// V17: R 4.2.2, pt(qt(.95,18), 18, ncp=1/sqrt(2/10), lower.tail=FALSE), and qt(.95, 6).
func TestPowerOfTheTTest(t *testing.T) {
	power := 1 - special.NoncentralTCDF(special.TQuantile(.95, 18), 18, math.Sqrt(5))
	near(t, "power", nil, power, 0.693557491937064, 1e-12)
	near(t, "qt(.95,6)", nil, special.TQuantile(.95, 6), 1.9431802805153, 5e-14)
}

func TestOutsideTheDomain(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, got := range map[string]float64{
		"TQuantile(-.1)": special.TQuantile(-.1, 5), "TQuantile(1.1)": special.TQuantile(1.1, 5), "TQuantile(nan)": special.TQuantile(nan, 5),
		"TQuantile nu 0": special.TQuantile(.3, 0), "TQuantile nu nan": special.TQuantile(.3, nan),
		"TCDF nan": special.TCDF(nan, 3), "TCDF nu -1": special.TCDF(1, -1), "TSurvival nu nan": special.TSurvival(1, nan),
		"Noncentral nan": special.NoncentralTCDF(1, nan, 1), "Noncentral nu 0": special.NoncentralTCDF(1, 0, 1),
		"Digamma 0": special.Digamma(0), "Digamma -3": special.Digamma(-3), "Trigamma -1": special.Trigamma(-1), "Digamma -inf": special.Digamma(-inf),
		"InverseTrigamma -1": special.InverseTrigamma(-1), "BetaQuantile p": special.BetaQuantile(2, 1, 1), "BetaQuantile a": special.BetaQuantile(.5, 0, 1),
		"BetaQuantile nan": special.BetaQuantile(nan, 1, 1), "NormalQuantile": special.NormalQuantile(-1), "NormalQuantile nan": special.NormalQuantile(nan),
	} {
		if !math.IsNaN(got) {
			t.Errorf("%s = %v, want NaN", name, got)
		}
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"TQuantile 0", special.TQuantile(0, 3), -inf}, {"TQuantile 1", special.TQuantile(1, 3), inf}, {"TQuantile .5", special.TQuantile(.5, 3), 0},
		{"TCDF inf", special.TCDF(inf, 3), 1}, {"TCDF -inf", special.TCDF(-inf, 3), 0}, {"TCDF 1e200", special.TCDF(-1e200, 3), 0},
		{"normal limit", special.TCDF(1.5, inf), special.NormalCDF(1.5)}, {"normal quantile limit", special.TQuantile(.3, inf), special.NormalQuantile(.3)},
		{"InverseTrigamma 0", special.InverseTrigamma(0), inf}, {"InverseTrigamma inf", special.InverseTrigamma(inf), 0},
		{"Noncentral far", special.NoncentralTCDF(1, 5, inf), 0}, {"Noncentral far below", special.NoncentralTCDF(1, 5, -inf), 1},
		{"Noncentral t inf", special.NoncentralTCDF(inf, 5, 1), 1}, {"Noncentral at 0", special.NoncentralTCDF(0, 5, 1), special.NormalCDF(-1)},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestInverses(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		nu := math.Exp(rapid.Float64Range(-1, 16).Draw(r, "log nu"))
		p := rapid.Float64Range(1e-9, 1-1e-9).Draw(r, "p")
		if got := special.TCDF(special.TQuantile(p, nu), nu); math.Abs(got-p) > 1e-13 {
			r.Fatalf("TCDF(TQuantile(%v, %v)) is off by %g", p, nu, got-p)
		}
		a, b := rapid.Float64Range(.2, 50).Draw(r, "a"), rapid.Float64Range(.2, 50).Draw(r, "b")
		if x := special.BetaQuantile(p, a, b); !(x >= 0 && x <= 1) {
			r.Fatalf("BetaQuantile(%v, %v, %v) = %v", p, a, b, x)
		}
		y := math.Exp(rapid.Float64Range(-20, 20).Draw(r, "log y"))
		if got := special.InverseTrigamma(special.Trigamma(y)); math.Abs(got-y) > 1e-12*y {
			r.Fatalf("InverseTrigamma(Trigamma(%v)) = %v", y, got)
		}
	})
}

// A chance grows with t and falls with the shift, for any parameters.
func TestNoncentralIsMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		nu := math.Exp(rapid.Float64Range(-2, 9).Draw(r, "log nu"))
		ncp := rapid.Float64Range(-40, 40).Draw(r, "ncp")
		x := rapid.Float64Range(-60, 60).Draw(r, "t")
		p := special.NoncentralTCDF(x, nu, ncp)
		if !(p >= 0 && p <= 1+1e-12) {
			r.Fatalf("F(%v; %v, %v) = %v", x, nu, ncp, p)
		}
		if q := special.NoncentralTCDF(x+.1, nu, ncp); q < p-1e-11 {
			r.Fatalf("F falls from %v to %v at t=%v nu=%v ncp=%v", p, q, x, nu, ncp)
		}
		if q := special.NoncentralTCDF(x, nu, ncp+.1); q > p+1e-11 {
			r.Fatalf("F rises with the shift at t=%v nu=%v ncp=%v", x, nu, ncp)
		}
	})
}

func FuzzNothingPanics(f *testing.F) {
	for _, s := range [][3]float64{{.5, 3, 1}, {0, 0, 0}, {1, math.Inf(1), -1}, {math.NaN(), 1e300, 1e300}, {1e-320, 1e-300, 5}, {.3, 1e9, -1e9}, {1e-12, .01, 3}} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(_ *testing.T, a, b, c float64) {
		special.TCDF(a, b)
		special.TSurvival(a, b)
		special.TQuantile(a, b)
		special.NoncentralTCDF(a, b, c)
		special.BetaQuantile(a, b, c)
		special.NormalQuantile(a)
		special.Digamma(math.Max(a, -1e6))
		special.Trigamma(a)
		special.InverseTrigamma(a)
	})
}

func BenchmarkNoncentralTCDF(b *testing.B) {
	for b.Loop() {
		special.NoncentralTCDF(1.69, 34, 2.1)
	}
}

func BenchmarkTQuantile(b *testing.B) {
	for b.Loop() {
		special.TQuantile(.95, 34)
	}
}
