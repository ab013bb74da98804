package pool_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"homecase/trial/pool"
)

// The 95 % intervals of the mean hold the true mean in 91 to 98 of 100 pools, people's
// 90 % intervals hold the true effect in 86 and more, and a shrunken effect is nearer
// the truth than the raw one (specification of the pool, simulated there with the same
// ranges). 400 pools of 20 people, tau .3: the simulation's SE is 1.1 points for the mean
// and .6 for people, of whom 4,000 pools (and the same in NumPy) cover .860 to .862.
func TestIntervalsKeepTheirPromise(t *testing.T) {
	const pools, k, mu, tau = 400, 20, .1, .3
	var bayes, hk, person, raw, shrunk, all float64
	for s := range pools {
		e, v, df := people(uint64(1000+s), k, mu, tau, 1)
		truth := truths(uint64(1000+s), k, mu, tau)
		a, err := pool.Combine(e, v, df, pool.Options{Margin: .1, Variances: pool.AsGiven})
		ok(t, err)
		in := func(i [2]float64, x float64) float64 {
			if i[0] <= x && x <= i[1] {
				return 1
			}
			return 0
		}
		bayes += in(a.Bayes.Interval95, mu)
		hk += in(a.PauleMandel.Interval95, mu)
		for i := range e {
			p, _ := a.Shrink(e[i], v[i], df[i])
			person += in(p.Interval90, truth[i])
			raw += (e[i] - truth[i]) * (e[i] - truth[i])
			shrunk += (p.Mean - truth[i]) * (p.Mean - truth[i])
			all++
		}
	}
	for name, c := range map[string][3]float64{
		"Bayes mean": {bayes / pools, .91, .99}, "Hartung-Knapp mean": {hk / pools, .91, .985}, "person": {person / all, .845, .90},
	} {
		if c[0] < c[1] || c[0] > c[2] {
			t.Errorf("%s: cover %.3f, want %.3f to %.3f", name, c[0], c[1], c[2])
		}
	}
	if r := math.Sqrt(shrunk / raw); r > .8 {
		t.Errorf("a shrunken effect has %.2f of the raw one's error", r)
	}
}

// truths repeats the draws of people and keeps the true effects.
func truths(seed uint64, k int, mu, tau float64) []float64 {
	with, _, _ := people(seed, k, mu, tau, 1)
	without, _, _ := people(seed, k, 0, 0, 1)
	out := make([]float64, k)
	for i := range out {
		out[i] = with[i] - without[i] // the noise is the same
	}
	return out
}

func ExampleReadEstimates() {
	file := "person,estimate,variance,df\nann,0.6,0.1,18\nbob,-0.1,0.1,18\ncy,0.3,0.2,8\ndi,0.4,0.1,18\ned,0.2,0.1,18\n"
	table, err := pool.ReadEstimates("ESTIMATES.csv", strings.NewReader(file))
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := table.Combine(pool.Options{Margin: 0.3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d people: %.2f on average, %s\n", a.People, a.Bayes.Mean, *a.Verdict)
	// Output: 5 people: 0.28 on average, clearly_at_least_as_good
}
