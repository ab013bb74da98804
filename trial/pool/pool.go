// Package pool puts many people's trials together, and reads a panel of people
// over weeks. From one effect, variance and degrees of freedom a person it says
// how large the effect is on average, how much people differ, which share of
// them is at least as good at home, and what to expect of the next person.
//
// It gives no verdict for one or two people, it does not rank people, and what
// it says of one person is for that person alone: an office may see groups of
// five and more, and tails of ten and more.
//
// The sums run over fixed shards that are merged in order, so the result is the
// same to the last bit on any number of processors.
//
//	table, err := pool.ReadEstimates("ESTIMATES.csv", file)
//	answer, err := table.Combine(pool.Options{Margin: 0.1})
package pool

import (
	"fmt"
	"math"

	"homecase/fault"
	"homecase/special"
)

// Codes of the refusals.
const (
	CodeFile     fault.Code = "HC-POOL-01" // the file cannot be read as a table
	CodeHeader   fault.Code = "HC-POOL-02" // a column is missing
	CodeValue    fault.Code = "HC-POOL-03" // a value is not what its column holds
	CodeTwice    fault.Code = "HC-POOL-04" // a person stands in the file twice
	CodeMore     fault.Code = "HC-POOL-05" // there are more problems than shown
	CodeShape    fault.Code = "HC-POOL-06" // slices of different length, or values that are no numbers
	CodeFew      fault.Code = "HC-POOL-07" // too few people
	CodeFlat     fault.Code = "HC-POOL-08" // nothing varies
	CodeArgument fault.Code = "HC-POOL-09" // an option outside its domain
	CodePanel    fault.Code = "HC-POOL-10" // the panel cannot answer
)

// Who may be shown to whom.
const (
	MinPeople     = 3  // fewer have no pooled verdict
	MinGroup      = 5  // fewer are never shown to an office
	MinTail       = 10 // shares of people are shown from here
	shortTrialDF  = 13 // fewer degrees of freedom than three weeks of days leave
	priorTau      = 0.5
	probableAlpha = 0.20
	clearAlpha    = 0.05
)

// Options steer Combine. The zero value is the default.
type Options struct {
	// Margin is the drop that would not matter, in the unit of the estimates.
	Margin float64
	// Unit is the day-to-day SD in the unit of the estimates. The spread of people
	// is looked for between 0 and two of them. 0 leaves it to the data.
	Unit float64
	// Variances says whether the variances are moderated first.
	Variances Variances
}

// Variances is what happens to the variances before they are used.
type Variances uint8

// The two ways.
const (
	Moderated Variances = iota // each is drawn towards the common one (Smyth 2004)
	AsGiven
)

// Verdict is one of the five words of a trial.
type Verdict string

// The five verdicts.
const (
	Clearly       Verdict = "clearly_at_least_as_good"
	Probably      Verdict = "probably_at_least_as_good"
	CannotTell    Verdict = "cannot_tell_yet"
	ProbablyWorse Verdict = "probably_worse"
	Worse         Verdict = "worse"
)

// Answer is the pooled result. Parts that cannot be computed are null, and
// Warnings says why.
type Answer struct {
	People     int         `json:"people"`
	Margin     float64     `json:"margin"`
	Unit       float64     `json:"unit"`
	UnitFrom   string      `json:"unit_from"` // given, estimates (already in SDs) or variances
	Moderation *Moderation `json:"moderation"`
	Verdict    *Verdict    `json:"verdict"`
	Bayes      *Bayes      `json:"bayes"`

	PauleMandel      *Line     `json:"paule_mandel"`
	DerSimonianLaird *Line     `json:"dersimonian_laird"`
	REML             *Line     `json:"reml"`
	Heterogeneity    *Spread   `json:"heterogeneity"`
	Groups           []Group   `json:"groups,omitempty"`
	Withheld         *Withheld `json:"withheld,omitempty"`
	Warnings         []string  `json:"warnings"`
}

// Withheld counts what is not shown because too few people stand behind it.
type Withheld struct {
	Groups int `json:"groups"`
	People int `json:"people"`
}

// Spread is how much the estimates differ beyond chance.
type Spread struct {
	Q      float64    `json:"q"`
	DF     int        `json:"df"`
	P      float64    `json:"p"`
	Tau295 [2]float64 `json:"tau2_interval95"` // Q-profile
}

// Combine pools estimates with their variances and degrees of freedom. It returns
// an Answer without a verdict for one or two people.
func Combine(estimate, variance, df []float64, o Options) (*Answer, error) {
	if err := checkInput(estimate, variance, df, o); err != nil {
		return nil, err
	}
	a := &Answer{People: len(estimate), Margin: o.Margin, Warnings: []string{}}
	if a.People < MinPeople {
		a.Warnings = append(a.Warnings, fmt.Sprintf("%d people are too few for a pooled verdict; it needs %d.", a.People, MinPeople))
		return a, nil
	}
	if o.Variances == Moderated {
		m, err := Moderate(variance, df)
		if err != nil {
			return nil, err
		}
		a.Moderation = m
		variance = m.apply(variance, df)
	}
	p := newProblem(estimate, variance, df, o.Unit)
	a.Unit, a.UnitFrom = p.unit, p.unitFrom
	a.Bayes = p.bayes(o.Margin)
	dl, pm, reml := p.dl(), p.pm(), p.reml()
	a.DerSimonianLaird, a.PauleMandel, a.REML = &dl, &pm, &reml
	a.Heterogeneity = p.heterogeneity()
	a.Verdict = verdict(a.Bayes.PAboveMinusMargin)
	a.warn(p)
	return a, nil
}

func checkInput(estimate, variance, df []float64, o Options) error {
	if len(variance) != len(estimate) || len(df) != len(estimate) {
		return fault.New(fault.Finding, CodeShape, "There are %d estimates, %d variances and %d degrees of freedom.", len(estimate), len(variance), len(df))
	}
	if !(o.Margin >= 0) || math.IsInf(o.Margin, 1) || !(o.Unit == 0 || o.Unit >= 1e-50 && o.Unit <= 1e50) {
		return fault.New(fault.Finding, CodeArgument, "The margin and the unit must be 0 or more.")
	}
	for i := range estimate {
		if say := unusable(estimate[i], variance[i], df[i]); say != "" {
			return fault.New(fault.Finding, CodeShape, "Person %d: %s", i+1, say)
		}
	}
	return nil
}

// unusable says what is wrong with a person's three numbers, or nothing.
func unusable(estimate, variance, df float64) string {
	switch {
	case !(math.Abs(estimate) <= 1e50):
		return "the estimate is not a number that can be used."
	case !(variance >= 1e-100 && variance <= 1e100):
		return "the variance must be above 0: no trial is certain."
	case !(df >= 0.1 && df <= 1e9):
		return "the degrees of freedom must be above 0."
	}
	return ""
}

// verdict walks the ladder in its order: clearly, worse, probably, probably worse.
func verdict(above float64) *Verdict {
	v := CannotTell
	switch {
	case 1-above <= clearAlpha:
		v = Clearly
	case above <= clearAlpha:
		v = Worse
	case 1-above <= probableAlpha:
		v = Probably
	case above <= probableAlpha:
		v = ProbablyWorse
	}
	return &v
}

func (a *Answer) warn(p *problem) {
	add := func(say string, args ...any) { a.Warnings = append(a.Warnings, fmt.Sprintf(say, args...)) }
	if a.People < MinGroup {
		add("Fewer than %d people: the result is for them alone and is not shown to an office.", MinGroup)
	}
	if p.short*10 >= p.k {
		add("%d of %d trials are shorter than three weeks, which makes people look more different than they are.", p.short, p.k)
	}
	if a.Moderation != nil && p.maxDF > 3*p.minDF {
		add("The trials are of very different length, so their variances are drawn together less than they could be.")
	}
	if p.unitFrom == "variances" {
		add("The day-to-day spread was guessed from the variances as %.3g; give it where it is known.", p.unit)
	}
	if q := a.Bayes.ShareRange; q != nil && q[1]-q[0] > 0.05 {
		add("The share depends on how true effects are spread: between %.0f %% and %.0f %%.", 100*q[0], 100*q[1])
	}
}

// ForOffice returns the answer as an office may see it: nothing under five people,
// no shares of people under ten.
func (a *Answer) ForOffice() (*Answer, error) {
	if a.People < MinGroup {
		return nil, fault.New(fault.Forbidden, CodeFew, "A result of fewer than %d people is not shown.", MinGroup)
	}
	out := *a
	if a.People < MinTail && a.Bayes != nil {
		b := *a.Bayes
		b.Share, b.ShareRange, b.Prediction90 = nil, nil, nil
		out.Bayes = &b
		out.Warnings = append(append([]string{}, a.Warnings...), fmt.Sprintf("Shares of people are shown from %d people on.", MinTail))
	}
	return &out, nil
}

// CommonEffect is the pooled p-value for one effect shared by all: the sum of the
// standardised lottery statistics. From 30 people on it is normal. Below that
// draws[i] holds the same statistics of person i under schedules drawn for that
// person alone, equally many for each.
func CommonEffect(observed []float64, draws [][]float64) (float64, error) {
	k := len(observed)
	if k < MinPeople {
		return 0, fault.New(fault.Finding, CodeFew, "%d people are too few for a pooled verdict; it needs %d.", k, MinPeople)
	}
	sum := 0.0
	for _, t := range observed {
		sum += t
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return 0, fault.New(fault.Finding, CodeShape, "A statistic is not a number.")
	}
	if k >= 30 {
		return special.NormalCDF(-sum / math.Sqrt(float64(k))), nil
	}
	if len(draws) != k || len(draws[0]) == 0 {
		return 0, fault.New(fault.Finding, CodeShape, "Fewer than 30 people need draws for each of them.")
	}
	m := len(draws[0])
	above := 0
	for _, d := range draws {
		if len(d) != m {
			return 0, fault.New(fault.Finding, CodeShape, "The people have not the same number of draws.")
		}
	}
	for j := range m {
		s := 0.0
		for i := range draws {
			s += draws[i][j]
		}
		if !(s < sum-1e-9*math.Max(1, math.Abs(sum))) {
			above++
		}
	}
	return float64(1+above) / float64(1+m), nil // Phipson and Smyth 2010
}
