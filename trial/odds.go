package trial

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"homecase/day"
	"homecase/special"
	"homecase/trial/lottery"
)

// VerdictOdds is how likely each verdict is.
type VerdictOdds struct {
	Clearly       float64 `json:"clearly_at_least_as_good"`
	Probably      float64 `json:"probably_at_least_as_good"`
	CannotTell    float64 `json:"cannot_tell_yet"`
	ProbablyWorse float64 `json:"probably_worse"`
	Worse         float64 `json:"worse"`
}

// Scenarios are the odds under three truths: home is equal, better by as much
// as the margin, or worse by exactly the margin.
type Scenarios struct {
	Equal    VerdictOdds `json:"equal"`
	Better   VerdictOdds `json:"better"`
	AtMargin VerdictOdds `json:"at_margin"`
}

// Alternative is another plan with its odds. The margin is no alternative: it
// is chosen from the work, never from the odds.
type Alternative struct {
	Text           string  `json:"text"`
	ClearlyIfEqual float64 `json:"clearly_if_equal"`
}

// Example is the odds for a measure that varies so much.
type Example struct {
	CV             float64 `json:"cv"` // day-to-day spread as a share of the mean
	ClearlyIfEqual float64 `json:"clearly_if_equal"`
	DaysNeeded     *int    `json:"days_needed"`
}

// Odds is what a plan can show, computed before the first day.
type Odds struct {
	Design       Design        `json:"design"`
	NAssignments *big.Int      `json:"n_assignments"`
	FloorP       float64       `json:"floor_p"`
	Weeks        int           `json:"weeks"`
	Days         int           `json:"days"`
	HomeDays     float64       `json:"home_days"` // on average
	SE           *float64      `json:"se"`        // of the effect, in units of the measure
	SEInSD       *float64      `json:"se_sd"`     // in day-to-day standard deviations
	MDE          *float64      `json:"mde"`       // the distance from the margin found with 80 in 100 chance, in units
	MDEInSD      *float64      `json:"mde_sd"`
	MarginInSD   *float64      `json:"margin_sd"`
	Odds         *Scenarios    `json:"odds"`
	DaysNeeded   *int          `json:"days_needed"` // for 80 in 100 chance of "clearly" if home is equal
	Examples     []Example     `json:"examples"`
	Warnings     []string      `json:"warnings"`
	Refusals     []string      `json:"refusals"`
	Alternatives []Alternative `json:"alternatives"`
}

// trueRho is the correlation of one workday with the next that the planner
// assumes once weekdays are taken out.
const trueRho = .3

// maxNeeded is the longest trial, in days, that is offered as needed.
const maxNeeded = 2600

// precision is what the odds depend on: the standard error in SDs and the days.
type precision struct {
	se        float64
	days      int
	home      float64
	alpha     float64 // that "clearly" may use at the end of the plan
	floor     float64
	fixed     bool
	perWeek   int
	schedules *big.Int
}

// PlanOdds says before the start what the plan can show.
func PlanOdds(p Plan) (*Odds, error) {
	s, err := p.ready()
	if err != nil {
		return nil, err
	}
	words, err := Sentences()
	if err != nil {
		return nil, err
	}
	pr := p.precision(s)
	o := &Odds{Design: p.designOf(), NAssignments: s.Lottery.Count(), FloorP: pr.floor, Weeks: len(p.Weeks), Days: pr.days,
		HomeDays: pr.home, Examples: []Example{}, Warnings: []string{}, Refusals: []string{}, Alternatives: []Alternative{}}
	if p.Groups != nil {
		o.Weeks = (p.Groups.Days + 4) / 5
	}
	if !math.IsInf(pr.se, 0) {
		mde := pr.mde()
		o.SEInSD, o.MDEInSD = &pr.se, &mde
	}
	sd, margin := p.spread()
	if o.SEInSD != nil && sd > 0 {
		o.SE, o.MDE, o.MarginInSD = ptr(pr.se*sd), ptr(*o.MDEInSD*sd), ptr(margin/sd)
		m := margin / sd
		o.Odds = &Scenarios{Equal: pr.verdicts(m, 0), Better: pr.verdicts(m, m), AtMargin: pr.verdicts(m, -m)}
		o.DaysNeeded = pr.needed(m)
		o.Alternatives = p.alternatives(words, pr, m)
	} else if o.SEInSD != nil && p.Margin.Relative > 0 {
		for _, cv := range []float64{.1, .2, .3, .4} {
			m := p.Margin.Relative / cv
			o.Examples = append(o.Examples, Example{cv, pr.verdicts(m, 0).Clearly, pr.needed(m)})
		}
	}
	p.advise(o, words, pr)
	return o, nil
}

// spread returns the usual day-to-day spread and the margin, in units; 0 when
// the plan does not give the usual values.
func (p Plan) spread() (sd, margin float64) {
	if p.Usual == nil {
		return 0, 0
	}
	if p.Margin.Relative > 0 {
		return p.Usual.SD, p.Margin.Relative * p.Usual.Mean
	}
	return p.Usual.SD, p.Margin.Absolute
}

// precision averages the standard error over draws of the plan's own lottery:
// SE = σ·√(z'PVPz)/(z'Pz), V the true correlation of days, P the working model.
func (p Plan) precision(s *Setting) precision {
	pr := precision{days: len(s.Days), home: s.HomeDays(), alpha: p.Level(), floor: s.Lottery.Floor(), fixed: p.designOf() == Fixed,
		perWeek: len(p.workdays()), schedules: s.Lottery.Count()}
	if w := p.lookWeeks(); len(w) > 1 {
		pr.alpha = spent(p.spending(), p.Level(), float64(len(p.Weeks))/float64(w[len(w)-1]))
	}
	week, weekday, ordinal := make([]int, pr.days), make([]int, pr.days), make([]int, pr.days)
	for i, d := range s.Days {
		week[i], weekday[i], ordinal[i] = d.Week, i%5, i
		if !d.Date.IsZero() {
			weekday[i] = int(d.Date.Weekday())
		}
	}
	proj := lottery.Default().Project(ordinal, weekday, week)
	draws := 100 // the standard error hardly varies from draw to draw in a long trial
	switch {
	case pr.days > 120:
		draws = 12
	case pr.days > 40:
		draws = 40
	}
	sample := s.Lottery.Draws([32]byte{'o', 'd', 'd', 's'}, draws)
	if s.Lottery.Count().Cmp(big.NewInt(150)) <= 0 {
		sample = s.Lottery.All()
	}
	sum, n := 0.0, 0
	for i := range sample.Len() {
		z := make([]float64, pr.days)
		for t, home := range sample.Home(i) {
			if home {
				z[t] = 1
			}
		}
		w := proj.Apply(z)
		info := inner(z, w)
		if info <= 1e-9 {
			continue
		}
		sum += math.Sqrt(lottery.SerialForm(w, ordinal, trueRho)) / info
		n++
	}
	pr.se = math.Inf(1)
	if n > 0 {
		pr.se = sum / float64(n)
	}
	return pr
}

func (pr precision) nu() float64 { return max(2, float64(pr.days-6)) }

// mde is the smallest distance from the margin found with 80 in 100 chance.
func (pr precision) mde() float64 {
	return (special.TQuantile(1-pr.alpha, pr.nu()) + special.TQuantile(.8, pr.nu())) * pr.se
}

// verdicts returns the odds of the five verdicts for a margin and a true
// effect, both in SDs: the test statistic is a noncentral t with
// (effect + margin)/SE, and the ladder is read as in the analysis.
func (pr precision) verdicts(margin, effect float64) VerdictOdds {
	if pr.home < MinHomeDays || math.IsInf(pr.se, 0) {
		return VerdictOdds{CannotTell: 1}
	}
	below := func(q float64) float64 {
		return special.NoncentralTCDF(q, pr.nu(), (effect+margin)/pr.se)
	}
	sure, likely := special.TQuantile(1-pr.alpha, pr.nu()), special.TQuantile(1-alphaProbable, pr.nu())
	v := VerdictOdds{Clearly: 1 - below(sure), Worse: below(-sure)}
	v.Probably = 1 - below(likely) - v.Clearly
	v.ProbablyWorse = below(-likely) - v.Worse
	if pr.fixed || pr.floor > pr.alpha {
		v.Probably, v.ProbablyWorse = v.Probably+v.Clearly, v.ProbablyWorse+v.Worse
		v.Clearly, v.Worse = 0, 0
	}
	v.CannotTell = max(0, 1-v.Clearly-v.Probably-v.Worse-v.ProbablyWorse)
	return v
}

// scaled returns the precision of a trial that is so many times as long.
func (pr precision) scaled(times float64) precision {
	pr.days = int(math.Round(float64(pr.days) * times))
	pr.home *= times
	pr.se /= math.Sqrt(times)
	pr.floor = math.Pow(pr.floor, times)
	return pr
}

// needed returns the least number of workdays with an 80 in 100 chance of
// "clearly" if home is equal, in whole weeks.
func (pr precision) needed(margin float64) *int {
	if pr.fixed || pr.days == 0 {
		return nil
	}
	week := float64(pr.perWeek)
	enough := func(weeks int) bool {
		return pr.scaled(float64(weeks)*week/float64(pr.days)).verdicts(margin, 0).Clearly >= .8
	}
	low, high := 1, maxNeeded/pr.perWeek
	if !enough(high) {
		return nil
	}
	for low < high {
		if mid := (low + high) / 2; enough(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return ptr(low * pr.perWeek)
}

// alternatives offers other plans: longer, a second home day, a steadier
// measure, colleagues' trials.
func (p Plan) alternatives(words *Words, pr precision, margin float64) []Alternative {
	var out []Alternative
	add := func(text string, odds VerdictOdds) { out = append(out, Alternative{text, odds.Clearly}) }
	if n := len(p.Weeks); n > 0 && !pr.fixed {
		add(say(words.Alternatives["weeks"], "weeks", strconv.Itoa(2*n), "now", strconv.Itoa(n)), pr.scaled(2).verdicts(margin, 0))
		second := p
		second.Weeks = slices.Clone(p.Weeks)
		for i := range second.Weeks {
			second.Weeks[i].Home++
		}
		if s, err := second.Setting(); err == nil && p.designOf() != AltWeek && p.designOf() != Start {
			add(words.Alternatives["second_day"], second.precision(s).verdicts(margin, 0))
		}
	}
	steady := pr
	steady.se *= .75
	add(words.Alternatives["steadier"], steady.verdicts(margin, 0))
	if !pr.fixed {
		group := pr.scaled(3) // three people's days say about the group what three times the days say
		add(words.Alternatives["colleagues"], group.verdicts(margin, 0))
	}
	return out
}

// advise adds warnings and refusals.
func (p Plan) advise(o *Odds, words *Words, pr precision) {
	warn := func(id string, pairs ...string) { o.Warnings = append(o.Warnings, say(words.Plan[id], pairs...)) }
	design := p.designOf()
	if design == Fixed {
		warn("fixed")
		if p.Baseline == "" {
			o.Refusals = append(o.Refusals, words.Refusals["baseline"])
		}
	} else if pr.schedules.Cmp(big.NewInt(MinSchedules)) < 0 {
		o.Refusals = append(o.Refusals, say(words.Refusals["schedules"], "n", pr.schedules.String(), "least", strconv.Itoa(MinSchedules)))
	}
	if design == Start {
		warn("start")
	}
	if p.Usual == nil {
		warn("no_usual")
	} else {
		if cv := 1 / math.Sqrt(p.Usual.Mean); p.Measure.Kind == Count && p.Usual.Mean > 0 && p.Usual.SD/p.Usual.Mean < .8*cv {
			warn("count_spread", "mean", figure(p.Usual.Mean), "cv", percent(cv))
		}
		if m := o.MarginInSD; m != nil && *m < .3 {
			days := "more than " + strconv.Itoa(maxNeeded)
			if o.DaysNeeded != nil {
				days = strconv.Itoa(*o.DaysNeeded)
			}
			warn("strict", "days", days)
		}
	}
	if r := p.relativeMargin(); r > .25 {
		warn("wide")
	}
	if o.Odds != nil && o.Odds.Equal.Clearly < .5 {
		warn("not_reachable")
	}
	if pr.home < MinHomeDays {
		warn("few_home")
	}
	if n := len(p.Weeks); n > 0 && n < 4 {
		warn("short", "weeks", "4")
	}
	if p.Recorded != System {
		warn("self")
	}
	if p.ExtensionWeeks > 0 {
		warn("extension", "first", figure(pr.alpha), "alpha", figure(p.Level()))
	}
	if w, ok := p.onlyWeekday(); ok && design != Fixed {
		warn("one_day", "weekday", w.Name())
	}
}

// relativeMargin returns the margin as a share of the usual day, 0 if unknown.
func (p Plan) relativeMargin() float64 {
	switch {
	case p.Margin.Relative > 0:
		return p.Margin.Relative
	case p.Usual != nil && p.Usual.Mean > 0:
		return p.Margin.Absolute / p.Usual.Mean
	}
	return 0
}

// onlyWeekday tells whether home days can fall on one weekday only.
func (p Plan) onlyWeekday() (day.Weekday, bool) {
	var seen []day.Weekday
	for _, w := range p.Weeks {
		if len(w.Allowed) == 0 {
			return 0, false
		}
		for _, d := range w.Allowed {
			if !slices.Contains(seen, d) {
				seen = append(seen, d)
			}
		}
	}
	if len(seen) != 1 {
		return 0, false
	}
	return seen[0], true
}
