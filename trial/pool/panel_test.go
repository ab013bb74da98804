package pool_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homecase/fault"
	"homecase/trial/pool"
)

func readPanel(t testing.TB, name string) *pool.Panel {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	ok(t, err)
	p, err := pool.ReadPanel(name, bytes.NewReader(b))
	ok(t, err)
	return p
}

// R 4.2.2 on the files in testdata (set.seed(42), 24 people over 18 weeks; the second
// file keeps 286 of the rows and one person has a single row):
//
//	m <- lm(outcome ~ I(treated*post) + factor(person) + factor(period))
//	sandwich::vcovCL(m, cluster = person, type = "HC1", cadjust = TRUE)
//
// whose factor is G/(G-1)*(N-1)/(N-K) with K = people + periods.
func TestPanelAgainstR(t *testing.T) {
	for _, c := range []struct {
		file           string
		b, se, p       float64
		rows, g, weeks int
	}{
		{"panel_balanced.csv", 0.547304584304587283, 0.299303214649251748, 0.080458808237383786, 432, 24, 18},
		{"panel_unbalanced.csv", 0.45572769166622595, 0.31728165944775116, 0.16497139162061997, 286, 23, 18},
	} {
		f, err := readPanel(t, c.file).Fit()
		ok(t, err)
		near(t, c.file+" effect", f.Estimate, c.b, 1e-12)
		near(t, c.file+" se", f.SE, c.se, 1e-12)
		near(t, c.file+" p", f.P, c.p, 1e-12)
		if f.Rows != c.rows || f.People != c.g || f.Periods != c.weeks || f.DF != float64(c.g-1) {
			t.Errorf("%s: %+v", c.file, f)
		}
	}
}

// R 4.2.2: all 35 groups of three among seven people, the same lm and vcovCL each.
func TestPanelListsAllGroups(t *testing.T) {
	p := readPanel(t, "panel_small.csv")
	f, err := p.Fit()
	ok(t, err)
	near(t, "t", f.T, 1.5866211330498121, 1e-12)
	d, err := p.Randomise(1, 100)
	ok(t, err)
	if !d.Exact || d.Draws != 35 || d.PTwoSided != 5./35 || d.PGreater != 3./35 || d.PLess != 33./35 {
		t.Errorf("%+v", d)
	}
}

func TestPanelDraws(t *testing.T) {
	p := readPanel(t, "panel_balanced.csv")
	var first string
	old := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(old)
	for _, n := range []int{1, 4} {
		runtime.GOMAXPROCS(n)
		d, err := p.Randomise(9, 4000)
		ok(t, err)
		b, err := json.Marshal(d)
		ok(t, err)
		if first == "" {
			first = string(b)
		}
		if string(b) != first {
			t.Errorf("%s with one processor, %s with %d", first, b, n)
		}
		// Near the clustered t's .080; four standard errors of 4,000 draws are .017.
		near(t, "p", d.PTwoSided, .0805, .03)
		if d.Exact || d.Draws != 4000 {
			t.Errorf("%+v", d)
		}
	}
	other, err := p.Randomise(10, 4000)
	ok(t, err)
	if b, _ := json.Marshal(other); string(b) == first {
		t.Error("another seed gives the same draws")
	}
}

// Whatever is added to a person or a period leaves the effect alone, and an effect
// added to the home rows after the start is found.
func TestPanelTakesLevelsOut(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 3))
		g, w := rapid.IntRange(6, 14).Draw(r, "people"), rapid.IntRange(4, 9).Draw(r, "weeks")
		person, week := make([]float64, g), make([]float64, w)
		for i := range person {
			person[i] = 1000 * rng.NormFloat64()
		}
		for i := range week {
			week[i] = 1000 * rng.NormFloat64()
		}
		var plain, moved pool.Panel
		for i := range g {
			for j := range w {
				if rng.Float64() < .2 {
					continue
				}
				y := rng.NormFloat64()
				for _, p := range []*pool.Panel{&plain, &moved} {
					p.Person, p.Period = append(p.Person, int32(i)), append(p.Period, int32(j))
					p.Treated, p.Post = append(p.Treated, i%2 == 0), append(p.Post, 2*j >= w)
				}
				plain.Outcome = append(plain.Outcome, y)
				if i%2 == 0 && 2*j >= w {
					y += 3
				}
				moved.Outcome = append(moved.Outcome, y+person[i]+week[j])
			}
		}
		used := map[int32]bool{}
		for _, i := range plain.Person {
			used[i] = true
		}
		if len(used) < g {
			r.Skip("a person lost all rows")
		}
		for _, p := range []*pool.Panel{&plain, &moved} {
			p.People, p.Periods = make([]string, g), make([]string, w)
		}
		a, err := plain.Fit()
		if err != nil {
			r.Skip(err)
		}
		b, err := moved.Fit()
		if err != nil {
			r.Fatal(err)
		}
		if math.Abs(b.Estimate-a.Estimate-3) > 1e-8 || math.Abs(a.SE-b.SE) > 1e-8 {
			r.Fatalf("effect %v and %v, error %v and %v", a.Estimate, b.Estimate, a.SE, b.SE)
		}
	})
}

func TestPanelRefusals(t *testing.T) {
	head := "person,period,treated,post,outcome\n"
	for _, c := range []struct{ file, want string }{
		{"", "p.csv:1: The file is empty."},
		{head, "p.csv: The file has a first line and no rows."},
		{"person,period,treated,outcome\n", "p.csv:1: The column post is missing."},
		{head + "a,1,yes,0,1\n", `p.csv:2: treated is "yes"; write 0 or 1.`},
		{head + "a,1,1,2,1\n", `p.csv:2: post is "2"; write 0 or 1.`},
		{head + "a,1,1,1,\n", `p.csv:2: The outcome is "" and not a number that can be used`},
		{head + ",1,1,1,3\n", "p.csv:2: The person or the period is empty."},
		{head + "a,1,1,1\n", "p.csv:2: This line has 4 columns and the first has 5."},
	} {
		_, err := pool.ReadPanel("p.csv", strings.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.60q: %v", c.file, err)
		}
	}
	for _, c := range []struct{ name, file, want string }{
		{"one person", "a,1,1,0,1\na,2,1,1,2\n", "at least two people"},
		{"one period", "a,1,1,0,1\nb,1,1,1,2\n", "at least two periods"},
		{"few rows", "a,1,1,0,1\na,2,1,1,2\nb,1,0,0,1\nb,2,0,1,2\n", "4 rows are too few"},
		{"all home", "a,1,1,0,1\na,2,1,1,2\na,3,1,1,1\nb,1,1,0,1\nb,2,1,1,2\nb,3,1,1,4\n", "cannot be told apart"},
		{"nobody home", "a,1,0,0,1\na,2,0,1,2\na,3,0,1,1\nb,1,0,0,1\nb,2,0,1,2\nb,3,0,1,4\n", "cannot be told apart"},
		{"no noise", "a,1,1,0,1\na,2,1,1,2\na,3,1,1,2\nb,1,0,0,1\nb,2,0,1,1\nb,3,0,1,1\n", "Nothing is left to chance"},
	} {
		p, err := pool.ReadPanel("p.csv", strings.NewReader(head+c.file))
		ok(t, err)
		_, err = p.Fit()
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Finding {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	p := readPanel(t, "panel_balanced.csv")
	p.Treated[0] = !p.Treated[0]
	both, err := p.Analyse(1, 10)
	ok(t, err)
	if both.Lottery != nil || !strings.Contains(strings.Join(both.Warnings, "\n"), "in both groups") {
		t.Errorf("%+v", both)
	}
	p = readPanel(t, "panel_small.csv")
	p.Person = p.Person[:3]
	if _, err := p.Fit(); err == nil {
		t.Error("columns of different length are accepted")
	}
	twice := head + "a,1,1,0,1\na,2,1,1,2\na,2,1,1,2.5\na,3,1,1,2\nb,1,0,0,1\nb,2,0,1,1\nb,3,0,1,1.5\n"
	p, err = pool.ReadPanel("p.csv", strings.NewReader(twice))
	ok(t, err)
	f, err := p.Fit()
	ok(t, err)
	if !strings.Contains(strings.Join(f.Warnings, "\n"), "1 rows repeat a person and a period, the first in line 4") {
		t.Errorf("%q", f.Warnings)
	}
}

func FuzzReadPanel(f *testing.F) {
	b, err := os.ReadFile("testdata/panel_small.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("person,period,treated,post,outcome\na,1,1,0,1\na,2,1,1,2\na,3,1,1,1\nb,1,0,0,1\nb,2,0,1,2\nb,3,0,1,4\n"))
	f.Add([]byte("person,period,treated,post,outcome\na,1,1,0,1e49\nb,2,1,1,-1e-300\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := pool.ReadPanel("p.csv", bytes.NewReader(b))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		fit, err := p.Analyse(1, 20)
		if err != nil {
			return
		}
		if _, err := json.Marshal(fit); err != nil {
			t.Fatalf("%v: %+v", err, fit)
		}
	})
}

func bigPanel(g, w int) *pool.Panel {
	r := rand.New(rand.NewPCG(1, 2))
	p := &pool.Panel{}
	for i := range g {
		p.People = append(p.People, fmt.Sprint(i))
		for j := range w {
			p.Person, p.Period = append(p.Person, int32(i)), append(p.Period, int32(j))
			p.Treated, p.Post = append(p.Treated, i%2 == 0), append(p.Post, j > w/2)
			p.Outcome = append(p.Outcome, r.NormFloat64())
		}
	}
	for j := range w {
		p.Periods = append(p.Periods, fmt.Sprint(j))
	}
	return p
}

func BenchmarkPanelFit250x80(b *testing.B) {
	p := bigPanel(250, 80)
	for b.Loop() {
		if _, err := p.Fit(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPanelRandomise250x80x1000(b *testing.B) {
	p := bigPanel(250, 80)
	for b.Loop() {
		if _, err := p.Randomise(1, 1000); err != nil {
			b.Fatal(err)
		}
	}
}
