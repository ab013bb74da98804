package trial

import (
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"

	"homecase/trial/lottery"
	"homecase/trial/series"
)

// The simulations repeat tables 2.2 and 3 of the statistics page: trials with a
// known truth, analysed as a real one would be. `make simulate` sets
// HOMECASE_SIMULATE=1 and runs them at full size, some minutes; otherwise a
// small version runs with wider bounds. Seeds are fixed, so a result repeats.

// weekdaySD is an ordinary weekday pattern in day SDs: weak Fridays.
var weekdaySD = [5]float64{-.3, .2, .5, .1, -1.2}

// world is one truth to simulate.
type world struct {
	weeks, home int
	rho         float64
	effect      float64 // in day SDs
	spread      float64 // SD of home days as a multiple; 0 means 1
}

// outcome is what the methods said in one simulated trial.
type outcome struct {
	notWorse, worse, linear float64 // p-values at minus the margin
	welch, gls              float64
	covers                  bool
	width                   float64
}

// scene is what all runs of a world share.
type scene struct {
	w      world
	lot    *lottery.Lottery
	sample *lottery.Sample
}

func newScene(t testing.TB, w world, draws int) *scene {
	t.Helper()
	weeks := make([]lottery.Week, w.weeks)
	for i := range weeks {
		weeks[i] = lottery.Week{Days: []int{1, 2, 3, 4, 5}, Allowed: []int{1, 2, 3, 4, 5}, K: w.home}
	}
	l, err := lottery.KOfM(weeks)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{w: w, lot: l}
	if l.Count().IsInt64() && l.Count().Int64() <= int64(draws) {
		s.sample = l.All()
	} else {
		s.sample = l.Draws([32]byte{'s', 'i', 'm'}, draws)
	}
	return s
}

// run simulates and analyses one trial.
func (s *scene) run(r *rand.Rand, margin float64, limits, peers bool) outcome {
	n := 5 * s.w.weeks
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(r.Uint32())
	}
	z := s.lot.Draw(seed)
	tab := &table{week: make([]int, n), weekday: make([]int, n), assigned: z, home: z, lot: s.lot, sample: s.sample}
	y, seen := make([]float64, n), make([]bool, n)
	noise := r.NormFloat64()
	for i := range n {
		tab.week[i], tab.weekday[i], seen[i] = i/5, i%5, true
		if i > 0 {
			noise = s.w.rho*noise + math.Sqrt(1-s.w.rho*s.w.rho)*r.NormFloat64()
		}
		y[i] = weekdaySD[i%5] + noise
		if z[i] {
			if s.w.spread > 0 {
				y[i] = weekdaySD[i%5] + s.w.spread*noise
			}
			y[i] += s.w.effect
		}
	}
	q := tab.ask(y, seen, false, Higher)
	q.prepare()
	out := outcome{notWorse: q.notWorse(margin), worse: q.worse(margin), linear: q.linear.Greater(-margin)}
	if limits {
		i := q.interval(.05)
		out.covers, out.width = i[0] <= s.w.effect && s.w.effect <= i[1], i[1]-i[0]
	}
	if peers {
		out.welch, out.gls = s.peers(tab, y, margin)
	}
	return out
}

func (s *scene) peers(tab *table, y []float64, margin float64) (welch, gls float64) {
	var home, office []float64
	for i, v := range y {
		if tab.home[i] {
			home = append(home, v)
		} else {
			office = append(office, v)
		}
	}
	welch, gls = 1, 1
	if w, err := series.CompareMeans(home, office); err == nil {
		welch = w.PGreater(-margin)
	}
	if g, err := series.Correlated(series.Days{Weekday: tab.weekday, Week: tab.week}, tab.home, y); err == nil {
		gls = g.PGreater(-margin)
	}
	return welch, gls
}

// rates runs a world many times, on all processors, with one stream a run.
func (s *scene) rates(runs int, margin float64, limits, peers bool) []outcome {
	out := make([]outcome, runs)
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < runs; i += workers {
				out[i] = s.run(rand.New(rand.NewPCG(uint64(i), uint64(1000*s.w.rho)+uint64(s.w.weeks))), margin, limits, peers)
			}
		})
	}
	wg.Wait()
	return out
}

func share(out []outcome, f func(o outcome) bool) float64 {
	n := 0
	for _, o := range out {
		if f(o) {
			n++
		}
	}
	return float64(n) / float64(len(out))
}

func long() bool { return os.Getenv("HOMECASE_SIMULATE") == "1" }

// within checks a share against a published one: four standard errors of both
// simulations, and no less than .01.
func within(t *testing.T, what string, got, want float64, runs int) {
	t.Helper()
	p := max(.02, min(.98, want))
	bound := max(.01, 4*math.Sqrt(p*(1-p)*(1/float64(runs)+1/3000.)))
	t.Logf("%-58s %.3f (page %.3f)", what, got, want)
	if math.Abs(got-want) > bound {
		t.Errorf("%s: %.3f, the page has %.3f", what, got, want)
	}
}

// TestSimulateComparison repeats the rows of table 2.2 that the product rests
// on: false alarms of the primary test, its twin and two peers, cover and
// power.
func TestSimulateComparison(t *testing.T) {
	runs, draws, weeks := 300, 499, []int{2, 4}
	if long() {
		runs, draws, weeks = 3000, 1999, []int{2, 4, 8}
	}
	power := map[int]float64{2: .37, 4: .66, 8: .94}
	welch := map[int][3]float64{2: {.045, .051, .048}, 4: {.065, .053, .037}, 8: {.062, .052, .037}}
	for _, w := range weeks {
		for i, rho := range []float64{0, .3, .6} {
			s := newScene(t, world{weeks: w, home: 2, rho: rho}, draws)
			out := s.rates(runs, 0, true, true)
			name := func(what string) string { return what + ", days " + figure(float64(5*w)) + ", rho " + figure(rho) }
			within(t, name("false alarms, primary"), share(out, func(o outcome) bool { return o.notWorse <= .05 }), .05, runs)
			within(t, name("false alarms, linear"), share(out, func(o outcome) bool { return o.linear <= .05 }), .05, runs)
			within(t, name("false alarms, Welch"), share(out, func(o outcome) bool { return o.welch <= .05 }), welch[w][i], runs)
			within(t, name("cover of the 90 % interval"), share(out, func(o outcome) bool { return o.covers }), .90, runs)
			t.Logf("%-58s %.3f", name("false alarms, model with correlated days"), share(out, func(o outcome) bool { return o.gls <= .05 }))
		}
		s := newScene(t, world{weeks: w, home: 2, rho: .3, effect: 1}, draws)
		out := s.rates(runs, 0, false, false)
		got := share(out, func(o outcome) bool { return o.notWorse <= .05 })
		within(t, "power at 1 SD, days "+figure(float64(5*w)), got, power[w], runs/2)
	}
	// unequal spread: the linear score is liberal, the studentised one nearly not
	s := newScene(t, world{weeks: 8, home: 1, rho: .3, spread: 1.5}, draws)
	out := s.rates(runs, 0, false, false)
	within(t, "false alarms at 1.5 times the spread, primary", share(out, func(o outcome) bool { return o.notWorse <= .05 }), .061, runs)
	within(t, "false alarms at 1.5 times the spread, linear", share(out, func(o outcome) bool { return o.linear <= .05 }), .098, runs)
}

// TestSimulateVerdicts repeats table 3: how often each verdict comes, margin
// .5 SD, rho .3, two home days of five.
func TestSimulateVerdicts(t *testing.T) {
	runs, draws, weeks := 300, 499, []int{4}
	if long() {
		runs, draws, weeks = 4000, 1999, []int{2, 4, 8, 16}
	}
	page := map[float64]map[int][5]float64{
		-1:  {2: {.01, .05, .49, .29, .16}, 4: {0, .02, .37, .32, .28}, 8: {0, 0, .19, .30, .50}, 16: {0, 0, .06, .16, .78}},
		-.5: {2: {.06, .15, .59, .15, .05}, 4: {.05, .15, .61, .14, .05}, 8: {.05, .16, .59, .15, .05}, 16: {.05, .15, .60, .15, .05}},
		0:   {2: {.16, .29, .49, .05, .01}, 4: {.29, .32, .36, .02, 0}, 8: {.49, .30, .20, .01, 0}, 16: {.77, .17, .05, 0, 0}},
		.5:  {2: {.36, .36, .27, .01, 0}, 4: {.67, .23, .10, 0, 0}, 8: {.94, .05, .01, 0, 0}, 16: {1, 0, 0, 0, 0}},
	}
	names := [5]Verdict{Clearly, Probably, CannotTell, ProbablyWorse, Worse}
	for effect, byWeeks := range page {
		for _, w := range weeks {
			s := newScene(t, world{weeks: w, home: 2, rho: .3, effect: effect}, draws)
			out := s.rates(runs, .5, false, false)
			for k, v := range names {
				got := share(out, func(o outcome) bool { return ladderOf(o) == v })
				within(t, "effect "+figure(effect)+", weeks "+figure(float64(w))+", "+string(v), got, byWeeks[w][k], runs)
			}
		}
	}
}

// ladderOf reads the ladder as the analysis does, through a report.
func ladderOf(o outcome) Verdict {
	a := &analysis{out: &Report{PNonInferiority: &o.notWorse, PWorse: &o.worse}, rec: &record{}, mayClear: o.notWorse <= .05, mayWorse: o.worse <= .05}
	return a.ladder()
}
