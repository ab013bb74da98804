package intake

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/tally"
)

// Baseline is the usual amount of one measure in a day, before a trial.
type Baseline struct {
	Measure Measure `json:"measure"`
	Unit    string  `json:"unit"`
	// Days is how many workdays it rests on, Filled how many of them had no record
	// and count as nought, Left how many were left out as time away.
	Days   int `json:"days"`
	Filled int `json:"filled"`
	Left   int `json:"left_out"`
	// First and Last are the days it reaches over.
	First day.Date `json:"first"`
	Last  day.Date `json:"last"`
	Mean  float64  `json:"mean"`
	// SD is the spread of the days, ResidualSD what is left of it after the weekday pattern.
	SD         float64 `json:"sd"`
	ResidualSD float64 `json:"residual_sd"`
	// CV is ResidualSD divided by Mean: the smaller, the fewer days a trial needs.
	CV float64 `json:"cv"`
	// Weekdays is the mean of each weekday.
	Weekdays []WeekdayMean `json:"weekdays"`
	// Lag1 is how far a workday's surplus carries over to the next, from -1 to 1; null under ten pairs.
	Lag1       *float64 `json:"lag1"`
	HomeDays   int      `json:"home_days"`
	OfficeDays int      `json:"office_days"`
	// Values are the days, for the trial's baseline file.
	Values []DayValue `json:"values,omitempty"`
}

// WeekdayMean is the mean of one weekday.
type WeekdayMean struct {
	Weekday day.Weekday `json:"weekday"`
	Days    int         `json:"days"`
	Mean    float64     `json:"mean"`
}

// DayValue is one workday.
type DayValue struct {
	Date  day.Date `json:"date"`
	Value float64  `json:"value"`
	Place Place    `json:"place,omitempty"`
}

// Baselines is one baseline per measure and the one to use.
type Baselines struct {
	// Best is the measure that needs the fewest days, or empty.
	Best    Measure    `json:"best"`
	Why     string     `json:"why"`
	All     []Baseline `json:"all"`
	Refused []string   `json:"refused"` // measures that have too little, with the reason
}

// MinBaseline is how many workdays a baseline needs: four weeks, as the trial asks of office weeks.
const MinBaseline = 20

// longGap is how many workdays without any record are taken as time away: a week.
const longGap = 5

// gathered is a measure's values by day.
type gathered map[day.Date]float64

// MakeBaselines makes a baseline of every measure of finished work and of hours
// in what was kept. Free are public holidays. The least noisy measure of
// finished work is best; hours are second, because they show presence, not work.
func MakeBaselines(kept []Kept, free map[day.Date]bool) (Baselines, error) {
	meanings, err := Measures()
	if err != nil {
		return Baselines{}, err
	}
	by, present, away, places := gather(kept)
	out := Baselines{All: []Baseline{}, Refused: []string{}}
	for _, m := range meanings {
		if m.Kind != Finished && m.Kind != Spent || len(by[m.Measure]) == 0 {
			continue
		}
		b := Baseline{Measure: m.Measure, Unit: m.Unit}
		b.choose(by[m.Measure], m.Kind == Finished, worked{present, away, free, len(by) > 1})
		if b.Days < MinBaseline {
			out.Refused = append(out.Refused, fmt.Sprintf("%s has %d workdays; %d are needed.", m.Measure, b.Days, MinBaseline))
			continue
		}
		if b.describe(places); b.Mean <= 0 {
			out.Refused = append(out.Refused, fmt.Sprintf("%s is nought on every workday.", m.Measure))
			continue
		}
		out.All = append(out.All, b)
	}
	if len(out.All) == 0 {
		e := fault.New(fault.Finding, "HC-INTAKE-60", "There are too few days for a baseline: at least %d workdays of one measure are needed.", MinBaseline)
		return out, e.Then("Import a longer stretch of your records.")
	}
	out.pick(meanings)
	return out, nil
}

// gather sorts what was kept by measure.
func gather(kept []Kept) (by map[Measure]gathered, present map[day.Date]bool, away gathered, places map[day.Date]Place) {
	by, present, away, places = map[Measure]gathered{}, map[day.Date]bool{}, gathered{}, map[day.Date]Place{}
	for _, k := range kept {
		if k.Place != tally.Unknown {
			if p, ok := places[k.Date]; ok && p != k.Place {
				places[k.Date] = tally.Unknown // both on one day: neither
			} else if !ok {
				places[k.Date] = k.Place
			}
		}
		switch k.Measure {
		case tally.AwayDays:
			away[k.Date] += k.Value
			continue
		case tally.MarkedDays:
			continue
		case tally.Meetings, tally.MeetingHours, tally.Interruptions:
			present[k.Date] = true
			continue
		}
		present[k.Date] = present[k.Date] || k.Value > 0
		if by[k.Measure] == nil {
			by[k.Measure] = gathered{}
		}
		by[k.Measure][k.Date] += k.Value
	}
	return by, present, away, places
}

// worked says on which days the person worked.
type worked struct {
	present map[day.Date]bool
	away    gathered
	free    map[day.Date]bool
	several bool // more than one measure: a day without any was not worked
}

// choose takes the workdays that count. A day with no record of finished work
// counts as nought when another measure shows that it was worked, or when there
// is no other measure and the gap is shorter than a week; hours are never filled.
func (b *Baseline) choose(values gathered, fill bool, c worked) {
	first, last := day.Date{}, day.Date{}
	for d := range values {
		if first.IsZero() || d.Before(first) {
			first = d
		}
		if last.IsZero() || d.After(last) {
			last = d
		}
	}
	b.First, b.Last = first, last
	var gap []DayValue
	flush := func() {
		if len(gap) >= longGap {
			b.Left += len(gap)
		} else {
			b.Values = append(b.Values, gap...)
			b.Filled += len(gap)
		}
		gap = gap[:0]
	}
	for d := first; !d.After(last); d = d.Add(1) {
		if w := d.Weekday(); w == day.Sat || w == day.Sun || c.free[d] {
			continue
		}
		v, ok := values[d]
		switch {
		case c.away[d] >= .5:
			b.Left++
		case ok:
			flush()
			b.Values = append(b.Values, DayValue{Date: d, Value: v})
		case !fill:
			b.Left++
		case c.present[d]:
			flush()
			b.Values = append(b.Values, DayValue{Date: d})
			b.Filled++
		case c.several:
			b.Left++
		default:
			gap = append(gap, DayValue{Date: d})
		}
	}
	flush()
	b.Days = len(b.Values)
}

// describe computes the numbers of the chosen days.
func (b *Baseline) describe(places map[day.Date]Place) {
	var sums [7]float64
	var counts [7]int
	total := 0.0
	for i, v := range b.Values {
		w := v.Date.Weekday()
		sums[w] += v.Value
		counts[w]++
		total += v.Value
		b.Values[i].Place = places[v.Date]
		switch places[v.Date] {
		case tally.Home:
			b.HomeDays++
		case tally.Office:
			b.OfficeDays++
		}
	}
	n := float64(b.Days)
	b.Mean = total / n
	var all, rest float64
	residuals := make([]float64, b.Days)
	for i, v := range b.Values {
		w := v.Date.Weekday()
		residuals[i] = v.Value - sums[w]/float64(counts[w])
		all += (v.Value - b.Mean) * (v.Value - b.Mean)
		rest += residuals[i] * residuals[i]
	}
	for _, w := range day.Working() {
		if counts[w] > 0 {
			b.Weekdays = append(b.Weekdays, WeekdayMean{w, counts[w], sums[w] / float64(counts[w])})
		}
	}
	b.SD = math.Sqrt(all / (n - 1))
	b.ResidualSD = math.Sqrt(rest / max(1, n-float64(len(b.Weekdays)))) // one mean is spent per weekday
	b.CV = b.ResidualSD / b.Mean
	b.Lag1 = lag1(b.Values, residuals, rest)
}

// lag1 is the autocorrelation of residuals from one workday to the next: the
// mean product of neighbours over the mean square. Pairs over a gap longer than
// a weekend do not count.
func lag1(values []DayValue, residuals []float64, squares float64) *float64 {
	sum, pairs := 0.0, 0
	for i := 1; i < len(values); i++ {
		apart := values[i].Date.Sub(values[i-1].Date)
		if apart == 1 || apart == 3 && values[i].Date.Weekday() == day.Mon {
			sum += residuals[i] * residuals[i-1]
			pairs++
		}
	}
	if pairs < 10 || squares <= 0 {
		return nil
	}
	r := (sum / float64(pairs)) / (squares / float64(len(values)))
	r = min(1, max(-1, r))
	return &r
}

// pick names the least noisy measure of finished work, else hours.
func (o *Baselines) pick(meanings []Meaning) {
	kind := map[Measure]Kind{}
	for _, m := range meanings {
		kind[m.Measure] = m.Kind
	}
	best := slices.MinFunc(o.All, func(a, b Baseline) int {
		if fa, fb := kind[a.Measure] == Finished, kind[b.Measure] == Finished; fa != fb {
			if fa {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.CV, b.CV)
	})
	o.Best = best.Measure
	switch {
	case kind[best.Measure] != Finished:
		o.Why = "Nothing imported counts finished work, so hours are all there is. Hours show presence, not work."
	case len(o.All) == 1:
		o.Why = "It is the only measure with enough days."
	default:
		o.Why = fmt.Sprintf("Its days differ least: by %.0f %% of the mean once the weekday is allowed for.", 100*best.CV)
	}
}
