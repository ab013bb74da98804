package trial

import (
	"math"
	"slices"
	"strconv"

	"homecase/special"
	"homecase/trial/lottery"
)

// lookDraws is how many schedules are drawn for the sequential test of a large
// lottery; small ones are listed in full.
const (
	lookDraws = 1999
	lookAll   = 20_000
)

// spent is the share of error that a spending rule has used at time t of 1
// (Lan and DeMets 1983).
func spent(rule Spending, alpha, t float64) float64 {
	switch {
	case t <= 0:
		return 0
	case t >= 1:
		return alpha
	}
	switch rule {
	case Pocock:
		return alpha * math.Log(1+(math.E-1)*t)
	case Linear:
		return alpha * t
	}
	return 2 * (1 - special.NormalCDF(special.NormalQuantile(1-alpha/2)/math.Sqrt(t)))
}

// spending returns the plan's rule. With early looks it is O'Brien and
// Fleming's; an extension alone spends about evenly, because both ends are
// meant as decisions.
func (p *Plan) spending() Spending {
	switch {
	case p.Spending != "":
		return p.Spending
	case len(p.Looks) > 0:
		return OBrienFleming
	}
	return Pocock
}

// lookWeeks lists the weeks after which the plan reads a verdict.
func (p *Plan) lookWeeks() []int {
	if p.Groups != nil {
		return nil
	}
	out := append(slices.Clone(p.Looks), len(p.Weeks))
	if p.ExtensionWeeks > 0 {
		out = append(out, len(p.Weeks)+p.ExtensionWeeks)
	}
	return out
}

// looks runs the exact group-sequential lottery test over the looks that have
// come: at each, the schedules most in favour leave, as many as the spending
// rule allows; "clearly" when the observed one is among them. With a single
// look at the end this is the plain test.
func (a *analysis) looks() {
	p := &a.in.Plan
	weeks := p.lookWeeks()
	if len(weeks) < 2 {
		if !a.rec.open && a.out.PNonInferiority != nil {
			a.mayClear = *a.out.PNonInferiority <= p.Level()
			a.mayWorse = *a.out.PWorse <= p.Level()
		}
		return
	}
	a.warn("looks", "n", strconv.Itoa(len(weeks)))
	sample := a.in.Memory.sample(*p, sampled{"looks", a.rec.extended, lookDraws}, func() *lottery.Sample {
		if all := a.lots.All(); all != nil && all.Len() <= lookAll {
			return all
		}
		return a.lots.Draws(seedOf(*p, "looks"), lookDraws)
	})
	better := newRace(sample)
	against := newRace(sample)
	last := float64(weeks[len(weeks)-1])
	for _, w := range weeks {
		if !a.reached(w) {
			break
		}
		share := spent(p.spending(), p.Level(), float64(w)/last)
		look := Look{Week: w, Spent: share}
		if q := a.upTo(w); q.testable() {
			c := lottery.NewCurve(sample, q.a, q.b, q.seen, q.t.assigned)
			look.Better = better.run(c, q.at(a.margin), q.tail(), share)
			look.Against = against.run(c, q.at(a.margin), q.tail().Other(), share)
		}
		look.Better, look.Against = better.won, against.won
		a.out.Looks = append(a.out.Looks, look)
	}
	a.mayClear, a.mayWorse = better.won, against.won
}

// reached tells whether every day of the weeks up to w has a row.
func (a *analysis) reached(w int) bool {
	any := false
	for i, d := range a.rec.days {
		if d.Week <= w && a.rec.rows[i] == nil {
			return false
		}
		any = any || d.Week == w
	}
	return any
}

// upTo asks the question over the first w weeks.
func (a *analysis) upTo(w int) *question {
	seen := slices.Clone(a.seen)
	for i := range seen {
		seen[i] = seen[i] && a.t.week[i] <= w
	}
	return a.t.ask(a.y, seen, a.q.relative, a.in.Plan.Measure.Better)
}

// race is one direction of the sequential test.
type race struct {
	n    int // schedules, the observed one included
	out  []bool
	left int // how many have left
	won  bool
}

func newRace(s *lottery.Sample) *race {
	r := &race{n: s.Len(), out: make([]bool, s.Len())}
	if !s.Exact() {
		r.n++
	}
	return r
}

// run lets the most extreme schedules leave; ties leave together or stay.
func (r *race) run(c *lottery.Curve, h float64, tail lottery.Tail, share float64) bool {
	all, observed := c.Each(h, tail)
	may := lottery.AllowedCount(share, r.n) - r.left
	if may < 1 {
		return r.won
	}
	var alive []float64
	for i, t := range all {
		if !r.out[i] {
			alive = append(alive, t)
		}
	}
	if r.n > len(all) && !r.won { // draws: the observed schedule runs beside them
		alive = append(alive, observed)
	}
	slices.SortFunc(alive, func(x, y float64) int {
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	may = min(may, len(alive))
	for may > 0 && may < len(alive) && !apart(alive[may-1], alive[may]) {
		may--
	}
	if may == 0 {
		return r.won
	}
	bar := alive[may-1]
	leaves := func(t float64) bool { return t >= bar || !apart(bar, t) }
	for i, t := range all {
		if !r.out[i] && leaves(t) {
			r.out[i] = true
		}
	}
	r.left += may
	r.won = r.won || leaves(observed)
	return r.won
}

// apart tells whether x is larger than y by more than rounding.
func apart(x, y float64) bool {
	if math.IsInf(x, 1) || math.IsInf(y, 1) {
		return x > y
	}
	return x-y > 1e-9*max(1, math.Abs(x))
}
