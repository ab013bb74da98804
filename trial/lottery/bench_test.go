package lottery

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func randomCounts(n int) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(15 + r.IntN(16))
	}
	return out
}

func BenchmarkExact10v10(b *testing.B) {
	v := randomCounts(20)
	for b.Loop() {
		if _, err := Exact(v[:10], v[10:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExact30v30(b *testing.B) {
	v := randomCounts(60)
	for b.Loop() {
		if _, err := Exact(v[:30], v[30:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExact100v100(b *testing.B) {
	v := randomCounts(200)
	for b.Loop() {
		if _, err := Exact(v[:100], v[100:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWeeks8Whole(b *testing.B) {
	l, _ := KOfM(fullWeeks(8, 2))
	v, z := randomCounts(40), l.Draw([32]byte{1})
	for b.Loop() {
		if _, err := l.Exact(v, z); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkMeet(b *testing.B, weeks int) {
	l, _ := KOfM(fullWeeks(weeks, 2))
	r := rand.New(rand.NewPCG(1, 2))
	v := make([]float64, 5*weeks)
	for i := range v {
		v[i] = 20 + 3*r.NormFloat64()
	}
	z := l.Draw([32]byte{1})
	w := floats(z)
	for b.Loop() {
		if _, err := l.LinearCount(v, w, z, -1, AtLeast); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMeet8(b *testing.B)  { benchmarkMeet(b, 8) }
func BenchmarkMeet10(b *testing.B) { benchmarkMeet(b, 10) }
func BenchmarkMeet12(b *testing.B) { benchmarkMeet(b, 12) }

func BenchmarkCurve20000(b *testing.B) {
	l, _ := KOfM(fullWeeks(12, 2))
	v, z := randomCounts(60), l.Draw([32]byte{1})
	pa, pb := scores(v, floats(z), every(60), false)
	for b.Loop() {
		s := l.Draws([32]byte{2}, 20000)
		c := NewCurve(s, pa, pb, every(60), z)
		e := estimate(l, pa, pb, z)
		c.P(-1, AtLeast)
		c.Lower(e, 1, .05)
		c.Upper(e, 1, .05)
	}
}

// The peers of tools/bench/trial.sh test the same values as the benchmarks
// here: the file they read is the one this writes.
func TestPeersTestTheSameValues(t *testing.T) {
	l, err := KOfM(fullWeeks(8, 2))
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	want.WriteString("week,home,value\n")
	z := l.Draw([32]byte{1})
	for i, v := range randomCounts(40) {
		home := 0
		if z[i] {
			home = 1
		}
		fmt.Fprintf(&want, "%d,%d,%g\n", 1+i/5, home, v)
	}
	const file = "../../tools/bench/trial_values.csv"
	if os.Getenv("UPDATE_VALUES") != "" {
		if err := os.WriteFile(file, []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("%s is not what the benchmarks test: run this test with UPDATE_VALUES=1", file)
	}
	// What the peers printed for these values: exactRankTests 0.8-35 and coin
	// 1.4-2 (R 4.2.2), scipy 1.10.1; the second from coin alone.
	v := randomCounts(40)
	two, err := Exact(v[:10], v[10:20])
	if err != nil || math.Abs(two.PGreater-.934437853) > 1e-9 {
		t.Errorf("10 against 10: %v, %v", two.PGreater, err)
	}
	weeks, err := l.Exact(v, z)
	if err != nil || math.Abs(weeks.PGreater-.97012002) > 1e-9 {
		t.Errorf("8 weeks: %v, %v", weeks.PGreater, err)
	}
}
