package series

import (
	"math"

	"homecase/special"
)

// Constants of the forecast: the level of "clearly", the power at which more
// days are worth asking for, the weeks after which one person should not go on,
// and the spread of true effects that a fair reader expects, in day SDs.
const (
	ForecastAlpha    = 0.05
	ForecastPower    = 0.80
	ForecastCapWeeks = 40
	ForecastPriorSD  = 0.5
	forecastUnlikely = 0.20
)

// Progress is what a trial has shown so far.
type Progress struct {
	Estimate    float64 // the effect, better up
	Variance    float64 // of a day: u'Pu/(n-2) with u = y - estimate*home
	InfoPerWeek float64 // z'Pz over the weeks so far
	Weeks       float64 // so far
	Margin      float64 // the drop that would not matter, above 0
	DaysPerWeek float64 // scheduled days a week; 0 means 5
}

// Chance is what a trial of a given length would show.
type Chance struct {
	Clear   float64 `json:"chance_clear"`    // that it ends "clearly", after what was seen
	IfEqual float64 `json:"chance_if_equal"` // that it ends "clearly" if home is truly equal, whatever was seen
}

func (p Progress) check() error {
	for _, v := range []float64{p.Variance, p.InfoPerWeek, p.Weeks, p.Margin} {
		if !(v > 0) || math.IsInf(v, 1) {
			return refuse(CodeArgument, "A forecast needs days that vary, a margin above 0 and at least part of a week.")
		}
	}
	if math.IsNaN(p.Estimate) || math.IsInf(p.Estimate, 0) || !(p.DaysPerWeek >= 0 && p.DaysPerWeek <= 7) {
		return refuse(CodeArgument, "A forecast needs an estimate and a week of at most seven days.")
	}
	return nil
}

// At forecasts a trial of the given number of weeks in all. The prior of the true
// effect is N(0, (SD/2)^2); the final estimate is the mean of what was seen and
// what comes, weighted by weeks.
func (p Progress) At(weeks float64) (Chance, error) {
	if err := p.check(); err != nil {
		return Chance{}, err
	}
	if !(weeks > p.Weeks) || math.IsInf(weeks, 1) {
		return Chance{}, refuse(CodeArgument, "A forecast looks beyond the %g weeks so far.", p.Weeks)
	}
	return p.at(weeks), nil
}

func (p Progress) at(weeks float64) Chance {
	z := special.NormalQuantile(1 - ForecastAlpha)
	seen := p.InfoPerWeek * p.Weeks / p.Variance
	post := 1 / (1/(ForecastPriorSD*ForecastPriorSD*p.Variance) + seen)
	centre := post * seen * p.Estimate
	ahead := (weeks - p.Weeks) / weeks
	mean := p.Estimate*(1-ahead) + ahead*centre
	sd := ahead * math.Sqrt(post+p.Variance/(p.InfoPerWeek*(weeks-p.Weeks)))
	se := math.Sqrt(p.Variance / (p.InfoPerWeek * weeks))
	return Chance{
		Clear:   special.NormalCDF((mean + p.Margin - z*se) / sd),
		IfEqual: special.NormalCDF(p.Margin/se - z),
	}
}

// MoreDays answers "how many more days would settle it?".
type MoreDays struct {
	N        *int    `json:"n"`               // more workdays; null when one person cannot reach it in 40 weeks
	Weeks    float64 `json:"weeks"`           // the length in all that Chance belongs to
	Chance   float64 `json:"chance"`          // that they settle it in favour, given what was seen
	IfEqual  float64 `json:"chance_if_equal"` // that they settle it in favour if home is truly equal
	Unlikely bool    `json:"unlikely"`        // even 40 weeks have less than one chance in five
}

// More finds the smallest whole number of further weeks that would give "clearly"
// with 80 % chance if home is truly equal. Where 40 weeks are not enough N is
// nil and the chances are those of 40 weeks.
func (p Progress) More() (MoreDays, error) {
	if err := p.check(); err != nil {
		return MoreDays{}, err
	}
	days := p.DaysPerWeek
	if days == 0 {
		days = 5
	}
	end := math.Max(ForecastCapWeeks, p.Weeks+1)
	far := p.at(end)
	out := MoreDays{Weeks: end, Chance: far.Clear, IfEqual: far.IfEqual, Unlikely: far.Clear < forecastUnlikely}
	for more := 1.0; p.Weeks+more <= ForecastCapWeeks; more++ {
		if c := p.at(p.Weeks + more); c.IfEqual >= ForecastPower {
			n := int(math.Ceil(days*more - 1e-9))
			out.N, out.Weeks, out.Chance, out.IfEqual = &n, p.Weeks+more, c.Clear, c.IfEqual
			break
		}
	}
	return out, nil
}
