package lottery

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func seedOf(b byte) [32]byte { return [32]byte{b} }

// brute lists the schedules of KOfM with a limit by trying all day sets.
func brute(weeks []Week, running int) (count int, chance []float64) {
	n := 0
	var of []int // day → week
	var allowed []bool
	for w, x := range weeks {
		for _, d := range x.Days {
			of, allowed = append(of, w), append(allowed, slices.Contains(x.Allowed, d))
			n++
		}
	}
	chance = make([]float64, n)
	for mask := range 1 << n {
		per := make([]int, len(weeks))
		run, ok := 0, true
		for d := range n {
			if mask>>d&1 == 0 {
				run = 0
				continue
			}
			run++
			per[of[d]]++
			ok = ok && allowed[d] && (running == 0 || run <= running)
		}
		for w, x := range weeks {
			ok = ok && per[w] == x.K
		}
		if !ok {
			continue
		}
		count++
		for d := range n {
			if mask>>d&1 == 1 {
				chance[d]++
			}
		}
	}
	for d := range chance {
		chance[d] /= float64(count)
	}
	return count, chance
}

// TestAgainstBruteForce: counts, chances, listing, draws, variance and exact
// tests of random small lotteries against trying every set of days.
func TestAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var weeks []Week
		for range rapid.IntRange(1, 3).Draw(t, "weeks") {
			days := []int{1, 2, 3, 4, 5}[:rapid.IntRange(3, 5).Draw(t, "days")]
			allowed := days[rapid.IntRange(0, 1).Draw(t, "from"):]
			weeks = append(weeks, Week{days, allowed, rapid.IntRange(0, 2).Draw(t, "k")})
		}
		running := rapid.IntRange(0, 2).Draw(t, "running")
		l, err := KOfM(weeks)
		if err != nil {
			t.Fatal(err)
		}
		if running > 0 {
			l, err = l.Limit(running)
		}
		count, chance := brute(weeks, running)
		if count == 0 {
			if !errors.Is(err, ErrNone) {
				t.Fatalf("no schedule: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if l.Count().Int64() != int64(count) {
			t.Fatalf("%v schedules, want %d", l.Count(), count)
		}
		for d, c := range l.Chances() {
			if math.Abs(c-chance[d]) > 1e-12 {
				t.Fatalf("day %d: chance %g, want %g", d, c, chance[d])
			}
		}
		all := l.All()
		if all.Len() != count {
			t.Fatalf("%d listed, want %d", all.Len(), count)
		}
		scores := make([]float64, l.Days())
		for d := range scores {
			scores[d] = float64(rapid.IntRange(0, 9).Draw(t, "score"))
		}
		z := l.Draw(seedOf(byte(rapid.IntRange(0, 255).Draw(t, "seed"))))
		if at, ok := l.Fits(z); !ok {
			t.Fatalf("a draw does not fit at day %d", at)
		}
		obs := 0.0
		for d, h := range z {
			if h {
				obs += scores[d]
			}
		}
		sums := all.Sums(scores)
		ge, le, mean, sq := 0, 0, 0.0, 0.0
		for i, s := range sums {
			if at, ok := l.Fits(all.Home(i)); !ok {
				t.Fatalf("schedule %d does not fit at day %d", i, at)
			}
			if s >= obs {
				ge++
			}
			if s <= obs {
				le++
			}
			mean += s / float64(count)
		}
		for _, s := range sums {
			sq += (s - mean) * (s - mean) / float64(count)
		}
		if v := l.Variance(scores); math.Abs(v-sq) > 1e-9*(1+sq) {
			t.Fatalf("variance %g, want %g", v, sq)
		}
		whole, err := l.Exact(scores, z)
		if err != nil {
			t.Fatal(err)
		}
		real, err := l.exactReal(scores, z)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []Test{whole, real} {
			if got.CountGE.Int64() != int64(ge) || got.CountLE.Int64() != int64(le) || got.Total.Int64() != int64(count) {
				t.Fatalf("%v %v of %v, want %d %d of %d", got.CountGE, got.CountLE, got.Total, ge, le, count)
			}
		}
		if math.Abs(whole.PTwoSidedAbs-real.PTwoSidedAbs) > 1e-12 {
			t.Fatalf("two-sided %g and %g", whole.PTwoSidedAbs, real.PTwoSidedAbs)
		}
	})
}

// TestDrawsAreUniform: 40,000 draws of a limited lottery against its exact
// chances; the standard error of a share is at most .0025.
func TestDrawsAreUniform(t *testing.T) {
	l := must[*Lottery](t)(must[*Lottery](t)(KOfM(fullWeeks(3, 2))).Limit(1))
	s := l.Draws(seedOf(3), 40_000)
	n := make([]float64, l.Days())
	index := map[string]int{}
	for i := range s.Len() {
		z := s.Home(i)
		key := ""
		for d, h := range z {
			if h {
				n[d]++
				key += string(rune('a' + d))
			}
		}
		index[key]++
	}
	for d, c := range l.Chances() {
		if math.Abs(n[d]/40_000-c) > .0125 {
			t.Errorf("day %d: share %g, chance %g", d, n[d]/40_000, c)
		}
	}
	if int64(len(index)) != l.Count().Int64() {
		t.Errorf("%d different schedules, want %v", len(index), l.Count())
	}
	chi := 0.0
	want := 40_000 / float64(l.Count().Int64())
	for _, c := range index {
		chi += (float64(c) - want) * (float64(c) - want) / want
	}
	if df := float64(len(index) - 1); chi > df+6*math.Sqrt(2*df) {
		t.Errorf("chi-square %g on %g", chi, df)
	}
}

func TestDrawsDoNotDependOnProcessors(t *testing.T) {
	l := must[*Lottery](t)(KOfM(fullWeeks(9, 2)))
	score := randomCounts(45)
	var first []float64
	for _, n := range []int{1, 3, 4} {
		old := runtime.GOMAXPROCS(n)
		got := l.Draws(seedOf(1), 5000).Sums(score)
		runtime.GOMAXPROCS(old)
		if first == nil {
			first = got
		} else if !slices.Equal(first, got) {
			t.Errorf("%d processors draw other schedules", n)
		}
	}
}

// TestCurveIsMonotone: with the same schedules the linear p rises with h and is
// a multiple of 1/N; the studentised one is a multiple of 1/N.
func TestCurveIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, err := KOfM(fullWeeks(3, 2))
		if err != nil {
			t.Fatal(err)
		}
		y := make([]float64, 15)
		for i := range y {
			y[i] = float64(rapid.IntRange(0, 30).Draw(t, "y"))
		}
		z := l.Draw(seedOf(byte(rapid.IntRange(0, 255).Draw(t, "z"))))
		a, b := scores(y, floats(z), every(15), false)
		lin := NewLinear(l.All(), a, b, z)
		cur := NewCurve(l.All(), a, b, every(15), z)
		last := 0.0
		for h := -20.0; h <= 20; h += 2.5 {
			p := lin.Greater(h)
			if p < last || p < 1./1000 {
				t.Fatalf("p falls from %g to %g at %g", last, p, h)
			}
			last = p
			for _, p := range []float64{p, lin.Less(h), cur.P(h, AtLeast), cur.P(h, AtMost)} {
				if n := p * 1000; math.Abs(n-math.Round(n)) > 1e-9 || p <= 0 || p > 1 {
					t.Fatalf("p = %g is no multiple of 1/1000", p)
				}
			}
			if g, l := cur.P(h, AtLeast), cur.P(h, AtMost); g+l < 1 {
				t.Fatalf("the two sides add up to %g", g+l)
			}
		}
		if lo, hi := lin.Lower(.05), lin.Upper(.05); lo > hi {
			t.Fatalf("limits %g and %g", lo, hi)
		}
	})
}

// TestLimitsInvertTheTest: just inside the studentised limits the test accepts,
// just outside it refuses.
func TestLimitsInvertTheTest(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	l := must[*Lottery](t)(KOfM(fullWeeks(4, 1)))
	for range 20 {
		y := make([]float64, 20)
		for i := range y {
			y[i] = r.NormFloat64()
		}
		z := l.Draw(seedOf(byte(r.IntN(256))))
		a, b := scores(y, floats(z), every(20), false)
		c := NewCurve(l.All(), a, b, every(20), z)
		e := estimate(l, a, b, z)
		lo, hi := c.Lower(e, .5, .05), c.Upper(e, .5, .05)
		if !math.IsInf(lo, 0) && (c.P(lo+1e-9, AtLeast) <= .05 || c.P(lo-1e-9, AtLeast) > .05) {
			t.Errorf("lower %g: %g inside, %g outside", lo, c.P(lo+1e-9, AtLeast), c.P(lo-1e-9, AtLeast))
		}
		if !math.IsInf(hi, 0) && (c.P(hi-1e-9, AtMost) <= .05 || c.P(hi+1e-9, AtMost) > .05) {
			t.Errorf("upper %g: %g inside, %g outside", hi, c.P(hi-1e-9, AtMost), c.P(hi+1e-9, AtMost))
		}
	}
	few := must[*Lottery](t)(KOfM(fullWeeks(1, 2))) // ten schedules: no limit at .05
	y := []float64{1, 4, 2, 8, 5}
	z := few.Draw(seedOf(1))
	a, b := scores(y, floats(z), every(5), false)
	c := NewCurve(few.All(), a, b, every(5), z)
	if lo := c.Lower(0, 1, .05); !math.IsInf(lo, -1) {
		t.Errorf("lower %g, want minus infinity", lo)
	}
}

// TestMeetsEnumeration: counting in the middle agrees with listing, also with
// negative denominators (places far from the draw).
func TestMeetsEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	plain := must[*Lottery](t)(KOfM(fullWeeks(4, 2)))
	limited := must[*Lottery](t)(plain.Limit(1))
	take := must[*Lottery](t)(Complete(14, 6))
	rotate := must[*Lottery](t)(Rotate5(fullWeeks(5, 1)))
	for _, l := range []*Lottery{plain, limited, take, rotate} {
		for range 8 {
			n := l.Days()
			a, b := make([]float64, n), make([]float64, n)
			for i := range a {
				a[i], b[i] = r.NormFloat64(), r.NormFloat64()
			}
			z := l.Draw(seedOf(byte(r.IntN(256))))
			lin := NewLinear(l.All(), a, b, z)
			for _, h := range []float64{-1, 0, .7} {
				g, err := l.LinearCount(a, b, z, h, AtLeast)
				if err != nil || g.Int64() != int64(lin.CountGreater(h)) {
					t.Errorf("%d days: %v greater, listed %d (%v)", n, g, lin.CountGreater(h), err)
				}
				g, err = l.LinearCount(a, b, z, h, AtMost)
				if err != nil || g.Int64() != int64(lin.CountLess(h)) {
					t.Errorf("%d days: %v less, listed %d (%v)", n, g, lin.CountLess(h), err)
				}
			}
		}
	}
}

// TestLargeCounts: counts beyond 64 bits stay exact. C(200,100) and 10^30 are
// known numbers; with all scores equal every schedule ties.
func TestLargeCounts(t *testing.T) {
	same := make([]float64, 200)
	got := must[Test](t)(Exact(same[:100], same[100:]))
	if got.Total.String() != "90548514656103281165404177077484163874504589675413336841320" || got.CountGE.Cmp(got.Total) != 0 {
		t.Errorf("C(200,100) = %v", got.Total)
	}
	l := must[*Lottery](t)(KOfM(fullWeeks(30, 2)))
	y := randomCounts(150)
	z := l.Draw(seedOf(5))
	x := must[Test](t)(l.Exact(y, z))
	if x.Total.Cmp(new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)) != 0 {
		t.Errorf("10^30 = %v", x.Total)
	}
	if s := new(big.Int).Add(x.CountGE, x.CountLE); s.Cmp(x.Total) <= 0 {
		t.Errorf("the two tails add up to %v of %v", s, x.Total)
	}
	flips := make([]float64, 70)
	for i := range flips {
		flips[i] = 1
	}
	if f := must[Test](t)(SignFlip(flips)); f.CountGE.Int64() != 1 || f.Total.Cmp(new(big.Int).Lsh(big.NewInt(1), 70)) != 0 {
		t.Errorf("70 flips: %v of %v", f.CountGE, f.Total)
	}
}

// TestRealScores: values that are no short decimals take the other road to the
// same answer as their scaled copies.
func TestRealScores(t *testing.T) {
	home, office := []float64{12, 14, 13, 10, 11}, []float64{9, 11, 8, 9, 7}
	third := func(v []float64) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = x / 3
		}
		return out
	}
	a, b := must[Test](t)(Exact(home, office)), must[Test](t)(Exact(third(home), third(office)))
	if a.CountGE.Cmp(b.CountGE) != 0 || a.CountLE.Cmp(b.CountLE) != 0 || a.PTwoSidedAbs != b.PTwoSidedAbs {
		t.Errorf("%+v and %+v", a, b)
	}
	if a.CountGE.Int64() != 3 { // V01
		t.Errorf("count %v, want 3", a.CountGE)
	}
	flip := must[Test](t)(SignFlip(third([]float64{1.5, -.5, 2.25, .75, -1, 3, .25, 1.25, -.25, 2})))
	if flip.CountGE.Int64() != 32 || flip.Total.Int64() != 1024 { // V26
		t.Errorf("%v of %v", flip.CountGE, flip.Total)
	}
}

func TestRefusals(t *testing.T) {
	bad := []float64{1, math.NaN()}
	for name, err := range map[string]error{
		"one side empty": second(Exact(nil, []float64{1})),
		"not a number":   second(Exact(bad, []float64{1})),
		"no differences": second(SignFlip(nil)),
		"infinite":       second(SignFlip([]float64{math.Inf(1)})),
		"five of four":   second(KOfM([]Week{{Days: []int{1, 2, 3, 4, 5}, Allowed: []int{1, 2, 3, 4}, K: 5}})),
		"not scheduled":  second(KOfM([]Week{{Days: []int{1}, Allowed: []int{2}, K: 1}})),
		"rotation":       second(Rotate5(fullWeeks(4, 1))),
		"matched":        second(Matched(fullWeeks(2, 2), [][2]int{{0, 1}})),
		"pairs":          second(AltWeek(fullWeeks(2, 5), [][2]int{{0, 0}})),
		"start":          second(Start(fullWeeks(2, 5), []int{2})),
		"fixed":          second(Fixed(fullWeeks(2, 2))),
		"complete":       second(Complete(3, 3)),
		"running":        second(must[*Lottery](t)(KOfM(fullWeeks(2, 4))).Limit(1)),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	big := must[*Lottery](t)(KOfM(fullWeeks(40, 2)))
	if big.All() != nil {
		t.Error("10^40 schedules were listed")
	}
	if _, err := big.LinearCount(make([]float64, 200), make([]float64, 200), big.Draw(seedOf(1)), 0, AtLeast); !errors.Is(err, ErrTooLarge) {
		t.Errorf("10^40 schedules: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestRotation: each schedule has every weekday twice, and there are 2040.
func TestRotation(t *testing.T) {
	for k, want := range map[int]int64{1: 120, 2: 2040, 3: 2040} {
		l := must[*Lottery](t)(Rotate5(fullWeeks(5, k)))
		if l.Count().Int64() != want {
			t.Errorf("k=%d: %v tables, want %d", k, l.Count(), want)
		}
		z := l.Draw(seedOf(2))
		for j := range 5 {
			n := 0
			for w := range 5 {
				if z[5*w+j] {
					n++
				}
			}
			if n != k {
				t.Errorf("weekday %d is home %d times", j, n)
			}
		}
	}
}

// TestJoinKeepsBeginning: a continued lottery draws the same first days.
func TestJoinKeepsBeginning(t *testing.T) {
	a := must[*Lottery](t)(must[*Lottery](t)(KOfM(fullWeeks(3, 2))).Limit(1))
	b := must[*Lottery](t)(must[*Lottery](t)(KOfM(fullWeeks(2, 2))).Limit(1))
	j := must[*Lottery](t)(Join(a, b))
	if j.Count().Cmp(new(big.Int).Mul(a.Count(), b.Count())) != 0 {
		t.Errorf("%v schedules, want %v × %v", j.Count(), a.Count(), b.Count())
	}
	if !slices.Equal(j.Draw(seedOf(9))[:15], a.Draw(seedOf(9))) {
		t.Error("the longer draw begins otherwise")
	}
}

// TestWorkingModel compares the Woodbury form of P with a dense inverse on an
// irregular calendar with missing days.
func TestWorkingModel(t *testing.T) {
	s, weekday, week := []int{0, 1, 2, 4, 7, 8, 12}, []int{0, 1, 2, 4, 2, 3, 2}, []int{0, 0, 0, 0, 1, 1, 2}
	n := len(s)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		for j := range v[i] {
			x := func(k int) float64 { return 2*float64(s[k])/12 - 1 }
			v[i][j] = math.Pow(.3, math.Abs(float64(s[i]-s[j]))) + x(i)*x(j)
			if weekday[i] == weekday[j] {
				v[i][j] += .5
			}
			if week[i] == week[j] {
				v[i][j] += .1
			}
		}
	}
	p := Default().Project(s, weekday, week)
	r := rand.New(rand.NewPCG(1, 1))
	y := make([]float64, n)
	for i := range y {
		y[i] = r.NormFloat64()
	}
	got := p.Apply(y)
	// P is the matrix with V P y = y − c·1 and 1'P y = 0
	sum := 0.0
	c := y[0] - dot(v[0], got)
	for i := range y {
		sum += got[i]
		if d := y[i] - dot(v[i], got); math.Abs(d-c) > 1e-12 {
			t.Errorf("row %d: %g, want %g", i, d, c)
		}
	}
	if math.Abs(sum) > 1e-12 {
		t.Errorf("1'Py = %g", sum)
	}
}
