package series

import (
	"math"
)

// Cap is what a guardrail does to the verdict.
type Cap string

// The three answers of a guardrail.
const (
	CapNone Cap = "none"        // nothing to say
	CapWarn Cap = "warn"        // print a warning beside the verdict
	CapTell Cap = "cannot_tell" // the verdict is at most "cannot tell yet"
)

// WeeklyTotals compares whole weeks of the trial with whole weeks before it. Work
// moved from office days to home days flatters home and shows only here.
type WeeklyTotals struct {
	Effect
	TrialWeeks    int     `json:"trial_weeks"`
	BaselineWeeks int     `json:"baseline_weeks"`
	TrialMean     float64 `json:"trial_mean"`
	BaselineMean  float64 `json:"baseline_mean"`
	Limit         float64 `json:"limit"` // minus the margin times the days of a week
	Cap           Cap     `json:"cap"`
}

// WeekTotals adds up each week that has a value on every scheduled day, and
// brings weeks with a holiday to the length of daysPerWeek. scheduled[i] is how
// many workdays the week of value i has. Weeks with a missing day are left out.
func WeekTotals(week, scheduled []int, y []float64, daysPerWeek int) ([]float64, error) {
	if len(week) != len(y) || len(scheduled) != len(y) {
		return nil, refuse(CodeShape, "The calendar has not one entry for each of the %d values.", len(y))
	}
	if err := finite(y); err != nil {
		return nil, err
	}
	type sums struct {
		total     float64
		n, should int
	}
	var order []int
	by := map[int]*sums{}
	for i, w := range week {
		s := by[w]
		if s == nil {
			s = &sums{should: scheduled[i]}
			by[w], order = s, append(order, w)
		}
		s.total, s.n = s.total+y[i], s.n+1
	}
	var out []float64
	for _, w := range order {
		if s := by[w]; s.n > 0 && s.n == s.should {
			out = append(out, s.total*float64(daysPerWeek)/float64(s.n))
		}
	}
	return out, nil
}

// CompareWeeks is the guardrail: the t test with pooled variance on week totals,
// better up. The verdict is capped when the whole 90 % interval lies below minus
// the margin times the days of a week, and a warning is due when it reaches there.
func CompareWeeks(baseline, trial []float64, margin, daysPerWeek float64) (WeeklyTotals, error) {
	if err := finite(baseline, trial); err != nil {
		return WeeklyTotals{}, err
	}
	if len(baseline) < 2 || len(trial) < 2 {
		return WeeklyTotals{}, refuse(CodeFew, "Weekly totals need at least two whole weeks before the trial and two in it; there are %d and %d.", len(baseline), len(trial))
	}
	if !(margin > 0 && daysPerWeek > 0) {
		return WeeklyTotals{}, refuse(CodeArgument, "Weekly totals need a margin above 0 and the days of a week.")
	}
	e, err := pooled(baseline, trial)
	if err != nil {
		return WeeklyTotals{}, err
	}
	mb, _ := moments(baseline)
	mt, _ := moments(trial)
	w := WeeklyTotals{Effect: e, TrialWeeks: len(trial), BaselineWeeks: len(baseline), TrialMean: mt, BaselineMean: mb, Limit: -margin * daysPerWeek, Cap: CapNone}
	switch {
	case e.Interval90[1] < w.Limit:
		w.Cap = CapTell
	case e.Interval90[0] < w.Limit:
		w.Cap = CapWarn
	}
	return w, nil
}

// Tipping says how bad the missing home days would have to be to change the
// verdict. Value is nil when no value between Low and High changes it.
type Tipping struct {
	Value *float64 `json:"value"`
	Low   float64  `json:"low"`
	High  float64  `json:"high"`
	Steps int      `json:"steps"` // how often the trial was analysed again
}

// TippingPoint looks between low and high for the value below which the missing
// home days would overturn the verdict. holds analyses the trial again with every
// missing home day at x. The answer is exact to 1/256 of the range: the sentence
// needs no more, and each step is a whole analysis.
func TippingPoint(low, high float64, holds func(x float64) bool) (Tipping, error) {
	if !(low < high) || math.IsInf(low, -1) || math.IsInf(high, 1) {
		return Tipping{}, refuse(CodeArgument, "A tipping point needs two different values to look between.")
	}
	t := Tipping{Low: low, High: high, Steps: 2}
	if holds(low) {
		return t, nil
	}
	if !holds(high) { // even good days do not bring it back: the verdict rests on their absence
		t.Value = &t.High
		return t, nil
	}
	a, b := low, high
	for range 8 {
		t.Steps++
		if m := (a + b) / 2; holds(m) {
			b = m
		} else {
			a = m
		}
	}
	t.Value = &b
	return t, nil
}

// WorstCase fills the missing days against home: missing home days get the worst
// observed value, missing office days the best, better up. It returns a copy.
func WorstCase(home, missing []bool, y []float64) ([]float64, error) {
	if len(home) != len(y) || len(missing) != len(y) {
		return nil, refuse(CodeShape, "There are %d places and %d marks for %d values.", len(home), len(missing), len(y))
	}
	worst, best := math.Inf(1), math.Inf(-1)
	for i, v := range y {
		if !missing[i] {
			worst, best = math.Min(worst, v), math.Max(best, v)
		}
	}
	if !(worst <= best) || math.IsInf(worst, 0) || math.IsInf(best, 0) {
		return nil, refuse(CodeFew, "No day has a value.")
	}
	out := append([]float64(nil), y...)
	for i := range out {
		switch {
		case missing[i] && home[i]:
			out[i] = worst
		case missing[i]:
			out[i] = best
		}
	}
	return out, nil
}

// CarryOver describes office days by what the workday before them was. It is a
// description and not a test.
type CarryOver struct {
	AfterHome   Sample   `json:"after_home"`
	AfterOffice Sample   `json:"after_office"`
	Difference  *float64 `json:"difference"` // after home less after office; null when one of them is empty
}

// DescribeCarryOver looks at the office days whose previous scheduled workday has
// a value; Friday comes before Monday.
func DescribeCarryOver(d Days, home []bool, y []float64) (CarryOver, error) {
	if err := d.check(home, y); err != nil {
		return CarryOver{}, err
	}
	var after [2][]float64
	for i := 1; i < len(y); i++ {
		if home[i] || d.ordinal(i)-d.ordinal(i-1) != 1 {
			continue
		}
		k := 0
		if home[i-1] {
			k = 1
		}
		after[k] = append(after[k], y[i])
	}
	out := CarryOver{AfterHome: describe(after[1]), AfterOffice: describe(after[0])}
	if out.AfterHome.N > 0 && out.AfterOffice.N > 0 {
		diff := out.AfterHome.Mean - out.AfterOffice.Mean
		out.Difference = &diff
	}
	return out, nil
}

func describe(y []float64) Sample {
	if len(y) == 0 {
		return Sample{}
	}
	m, ss := moments(y)
	if len(y) == 1 {
		return Sample{N: 1, Mean: m}
	}
	return Sample{len(y), m, math.Sqrt(ss / float64(len(y)-1))}
}

// Compliance is the table of what was drawn against what happened.
type Compliance struct {
	HomeAtHome     int      `json:"home_at_home"`
	HomeAtOffice   int      `json:"home_at_office"`
	OfficeAtOffice int      `json:"office_at_office"`
	OfficeAtHome   int      `json:"office_at_home"`
	MissingHome    int      `json:"missing_home"`   // drawn for home, no value
	MissingOffice  int      `json:"missing_office"` // drawn for the office, no value
	Share          *float64 `json:"share"`          // of the days with a value that went as drawn; null when there are none
}

// Comply counts. Days without a value are counted by what was drawn only.
func Comply(assigned, actual, missing []bool) (Compliance, error) {
	if len(actual) != len(assigned) || len(missing) != len(assigned) {
		return Compliance{}, refuse(CodeShape, "There are %d days drawn, %d places and %d marks.", len(assigned), len(actual), len(missing))
	}
	var c Compliance
	for i, home := range assigned {
		switch {
		case missing[i] && home:
			c.MissingHome++
		case missing[i]:
			c.MissingOffice++
		case home && actual[i]:
			c.HomeAtHome++
		case home:
			c.HomeAtOffice++
		case actual[i]:
			c.OfficeAtHome++
		default:
			c.OfficeAtOffice++
		}
	}
	if n := c.HomeAtHome + c.HomeAtOffice + c.OfficeAtOffice + c.OfficeAtHome; n > 0 {
		s := float64(c.HomeAtHome+c.OfficeAtOffice) / float64(n)
		c.Share = &s
	}
	return c, nil
}
