// Package history says what a person's imported counts show before any trial:
// facts about meetings, and changes larger than luck explains. Nothing was
// drawn by lot in the past, so no change is ever called an effect, and one that
// luck explains is refused with its interval.
//
//	found, err := history.Look(kept, baselines, history.Options{})
package history

import (
	"embed"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/internal/intake/tally"
	"homecase/trial"
	"homecase/trial/series"
)

// Quarter is how many weeks stand on either side of a comparison, and MinWeeks
// the fewest that are compared; MinPlaceDays is the fewest days of either place.
const (
	Quarter      = 13
	MinWeeks     = 6
	MinPlaceDays = 10
	level        = .05
	minDays      = 3 // workdays with a value that make a week whole enough
)

// Fact is something the counts say without any comparison.
type Fact struct {
	// Kind is meeting_hours, meetings, meeting_days, interruptions,
	// interruptions_home or interruptions_office.
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Value is the mean, or the number of days.
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	// Low and High hold eight weeks of ten, where weeks are compared.
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
	// Of is how many weeks or days it rests on.
	Of int `json:"of"`
}

// Change is a difference that luck does not explain.
type Change struct {
	// Kind is quarter, or place for home days beside office days.
	Kind    string         `json:"kind"`
	Measure intake.Measure `json:"measure"`
	Text    string         `json:"text"`
	// From is the first day of the later weeks.
	From   day.Date `json:"from,omitzero"`
	Before float64  `json:"before"` // a day
	After  float64  `json:"after"`  // a day
	// Share is the difference as a share of the mean before.
	Share      float64    `json:"share"`
	Difference float64    `json:"difference"`
	Interval95 [2]float64 `json:"interval95"`
	P          float64    `json:"p"`          // two-sided
	PAdjusted  float64    `json:"p_adjusted"` // for the number of comparisons, after Holm
	// Weeks are those before and after; days for a comparison of places.
	Counts [2]int `json:"counts"`
	// Grade is always D: nothing rules out other explanations.
	Grade   trial.Grade `json:"grade"`
	Meaning string      `json:"meaning"`

	id, least string
}

// Found is everything Look has to say.
type Found struct {
	Facts   []Fact   `json:"facts"`
	Changes []Change `json:"changes"`
	// Refused are comparisons that show nothing, with the reason.
	Refused []string `json:"refused"`
}

// Options say what to compare.
type Options struct {
	// After is the day of an event; without one the last quarter is compared
	// with the quarter before it.
	After day.Date
}

//go:embed data/words.yaml
var data embed.FS

type words struct {
	Facts   map[string]string `json:"facts"`
	Changes map[string]string `json:"changes"`
	Refused map[string]string `json:"refused"`
}

var sentences = sync.OnceValues(func() (words, error) {
	var w words
	raw, err := data.ReadFile("data/words.yaml")
	if err == nil {
		err = content.Decode("words.yaml", raw, &w)
	}
	return w, err
})

func fill(text string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return text
}

// figure writes a number with three significant figures.
func figure(v float64) string {
	places := 0
	if a := math.Abs(v); a > 0 && a < 100 {
		places = min(4, 2-int(math.Floor(math.Log10(a))))
	}
	s := strconv.FormatFloat(v, 'f', max(0, places), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}

// Look reads what was kept for facts, and the days of finished work for
// changes. Names tells each baseline's measure in words, such as "items (jira)".
func Look(kept []intake.Kept, work []intake.Baseline, names []string, o Options) (Found, error) {
	w, err := sentences()
	if err != nil {
		return Found{}, err
	}
	trialWords, err := trial.Sentences()
	if err != nil {
		return Found{}, err
	}
	out := Found{Facts: facts(w, kept), Changes: []Change{}, Refused: []string{}}
	var found []Change
	for i, b := range work {
		for _, compare := range []func(words, intake.Baseline, string, Options) (Change, string){quarter, places} {
			c, refusal := compare(w, b, names[i], o)
			if refusal != "" {
				out.Refused = append(out.Refused, refusal)
			}
			if c.Kind != "" {
				c.Measure, c.Grade, c.Meaning = b.Measure, "D", trialWords.Grades["D"]
				c.least = names[i]
				found = append(found, c)
			}
		}
	}
	out.decide(w, found)
	return out, nil
}

// decide keeps the changes that are larger than luck gives, allowing for how
// many comparisons were made (Holm 1979).
func (f *Found) decide(w words, found []Change) {
	p := make([]float64, len(found))
	for i, c := range found {
		p[i] = c.P
	}
	for i, adjusted := range series.Holm(p) {
		c := found[i]
		c.PAdjusted = adjusted
		say := func(text string) string {
			return fill(text, "measure", c.least, "after", figure(c.After), "before", figure(c.Before), "n_after", strconv.Itoa(c.Counts[1]), "n_before", strconv.Itoa(c.Counts[0]),
				"from", c.From.String(), "percent", figure(math.Abs(100*c.Share))+"%", "difference", figure(c.Difference), "low", figure(c.Interval95[0]), "high", figure(c.Interval95[1]), "tests", strconv.Itoa(len(found)))
		}
		way := "more"
		if c.Difference < 0 {
			way = "fewer"
		}
		switch {
		case c.P >= level:
			f.Refused = append(f.Refused, say(w.Refused[c.id+"luck"]))
		case adjusted >= level:
			f.Refused = append(f.Refused, say(w.Refused["many"]))
		default:
			text := w.Changes[c.id+way]
			if c.id != "" && c.Difference < 0 { // "0.4 a day less" needs no sign
				c.Difference, c.Interval95 = -c.Difference, [2]float64{-c.Interval95[1], -c.Interval95[0]}
				c.Text = say(text)
				c.Difference, c.Interval95 = -c.Difference, [2]float64{-c.Interval95[1], -c.Interval95[0]}
			} else {
				c.Text = say(text)
			}
			f.Changes = append(f.Changes, c)
		}
	}
}

// weekMeans are the means a workday of the weeks with enough days.
func weekMeans(b intake.Baseline) (mondays []day.Date, means []float64) {
	type sum struct {
		total float64
		n     int
	}
	weeks := map[day.Date]*sum{}
	for _, v := range b.Values {
		m := v.Date.Monday()
		if weeks[m] == nil {
			weeks[m] = new(sum)
			mondays = append(mondays, m)
		}
		weeks[m].total += v.Value
		weeks[m].n++
	}
	slices.SortFunc(mondays, func(a, b day.Date) int { return a.Sub(b) })
	mondays = slices.DeleteFunc(mondays, func(m day.Date) bool { return weeks[m].n < minDays })
	for _, m := range mondays {
		means = append(means, weeks[m].total/float64(weeks[m].n))
	}
	return mondays, means
}

// quarter compares the weeks after a day with those before, by Welch's test on
// the weekly means. Weeks that resemble their neighbours carry less than they
// seem to: the error grows by √((1+r)/(1−r)) for a lag-1 correlation r above 0
// (Bartlett 1935).
func quarter(w words, b intake.Baseline, name string, o Options) (Change, string) {
	mondays, means := weekMeans(b)
	cut := len(mondays) - min(Quarter, len(mondays)/2)
	after := cut
	if !o.After.IsZero() {
		cut = slices.IndexFunc(mondays, func(m day.Date) bool { return !m.Add(6).Before(o.After) })
		after = slices.IndexFunc(mondays, func(m day.Date) bool { return !m.Before(o.After) })
		if cut < 0 {
			cut = len(mondays)
		}
		if after < 0 {
			after = len(mondays)
		}
	}
	before, later := means[max(0, cut-Quarter):cut], means[after:min(len(means), after+Quarter)]
	if len(before) < MinWeeks || len(later) < MinWeeks {
		return Change{}, fill(w.Refused["few"], "measure", name, "n_before", strconv.Itoa(len(before)), "n_after", strconv.Itoa(len(later)), "least", strconv.Itoa(MinWeeks))
	}
	t, err := series.CompareMeans(later, before)
	if err != nil {
		return Change{}, fill(w.Refused["flat"], "measure", name)
	}
	e := t.Effect
	if r := neighbours(before, later); r > 0 {
		e.SE *= math.Sqrt((1 + r) / (1 - r))
	}
	c := Change{Kind: "quarter", From: mondays[after], Before: t.Second.Mean, After: t.First.Mean, Difference: e.Estimate, Interval95: e.Interval(.95), P: e.PTwoSided(0), Counts: [2]int{len(before), len(later)}}
	if c.Before > 0 {
		c.Share = c.After/c.Before - 1
	}
	return c, ""
}

// neighbours is the lag-1 correlation r of weeks within their own side. Few
// weeks make it come out too low, by (1+3r)/n (Kendall 1954), which is added.
func neighbours(sides ...[]float64) float64 {
	var product, square, n float64
	for _, s := range sides {
		mean := 0.0
		n += float64(len(s))
		for _, v := range s {
			mean += v / float64(len(s))
		}
		for i, v := range s {
			square += (v - mean) * (v - mean)
			if i > 0 {
				product += (v - mean) * (s[i-1] - mean)
			}
		}
	}
	if square == 0 {
		return 0
	}
	r := product / square
	return min(.9, r+(1+3*r)/n)
}

// places compares days the records place at home with days in the office, by
// the model "weekday + trend + home" with days that resemble their neighbours.
func places(w words, b intake.Baseline, name string, _ Options) (Change, string) {
	var days series.Days
	var home []bool
	var y []float64
	var sums [2]float64
	var counts [2]int // office, home
	for _, v := range b.Values {
		if v.Place == "" {
			continue
		}
		at := 0
		if v.Place == "home" {
			at = 1
		}
		counts[at]++
		sums[at] += v.Value
		home, y = append(home, at == 1), append(y, v.Value)
		days.Weekday = append(days.Weekday, int(v.Date.Weekday()))
		days.Ordinal = append(days.Ordinal, workday(v.Date))
		days.Week = append(days.Week, workday(v.Date)/5)
	}
	if counts[0]+counts[1] == 0 {
		return Change{}, ""
	}
	if counts[0] < MinPlaceDays || counts[1] < MinPlaceDays {
		return Change{}, fill(w.Refused["home_few"], "measure", name, "n_before", strconv.Itoa(counts[0]), "n_after", strconv.Itoa(counts[1]), "least", strconv.Itoa(MinPlaceDays))
	}
	fit, err := series.Correlated(days, home, y)
	switch {
	case fault.CodeOf(err) == series.CodeEntangled:
		return Change{}, fill(w.Refused["entangled"], "measure", name)
	case err != nil:
		return Change{}, fill(w.Refused["flat"], "measure", name)
	}
	c := Change{Kind: "place", id: "home_", Before: sums[0] / float64(counts[0]), After: sums[1] / float64(counts[1]), Difference: fit.Estimate, Interval95: fit.Interval(.95), P: fit.PTwoSided(0), Counts: counts}
	if c.Before > 0 {
		c.Share = fit.Estimate / c.Before
	}
	return c, ""
}

// workday numbers the workdays, five a week.
func workday(d day.Date) int {
	weeks := d.Monday().Sub(day.On(1970, 1, 5)) / 7
	return 5*weeks + min(4, d.Sub(d.Monday()))
}

// facts tells how much of the week meetings take.
func facts(w words, kept []intake.Kept) []Fact {
	hours, begun := map[day.Date]float64{}, map[day.Date]float64{}
	var first, last day.Date
	for _, k := range kept {
		switch k.Measure {
		case "meeting_hours":
			hours[k.Date.Monday()] += k.Value
		case "meetings":
			begun[k.Date] += k.Value
		default:
			continue
		}
		if first.IsZero() || k.Date.Before(first) {
			first = k.Date
		}
		if last.IsZero() || k.Date.After(last) {
			last = k.Date
		}
	}
	out := tallies(w, kept)
	if len(hours)+len(begun) == 0 {
		return out
	}
	var weeks []float64
	for m := first.Monday(); !m.After(last); m = m.Add(7) {
		if !m.Before(first) && !m.Add(4).After(last) { // whole weeks; one without a meeting counts
			weeks = append(weeks, hours[m])
		}
	}
	if len(hours) > 0 && len(weeks) >= 4 {
		slices.Sort(weeks)
		low, high := weeks[len(weeks)/10], weeks[len(weeks)-1-len(weeks)/10]
		mean := sum(weeks) / float64(len(weeks))
		out = append(out, Fact{"meeting_hours", fill(w.Facts["meeting_hours"], "mean", tenth(mean), "weeks", strconv.Itoa(len(weeks)), "low", tenth(low), "high", tenth(high)), mean, "hours a week", &low, &high, len(weeks)})
	}
	return append(out, begunFacts(w, begun, first, last)...)
}

// busy is how many meetings make a day that has little quiet left.
const busy = 3

func begunFacts(w words, begun map[day.Date]float64, first, last day.Date) []Fact {
	days, many, all := 0, 0, 0.0
	for d := first; !d.After(last); d = d.Add(1) {
		if d.Sub(d.Monday()) > 4 {
			continue
		}
		days++
		all += begun[d]
		if begun[d] >= busy {
			many++
		}
	}
	if len(begun) == 0 || days < intake.MinBaseline {
		return nil
	}
	mean := all / float64(days)
	out := []Fact{{Kind: "meetings", Text: fill(w.Facts["meetings"], "mean", tenth(mean), "days", strconv.Itoa(days)), Value: mean, Unit: "meetings a workday", Of: days}}
	if many > 0 {
		out = append(out, Fact{Kind: "meeting_days", Text: fill(w.Facts["meeting_days"], "n", strconv.Itoa(many), "days", strconv.Itoa(days), "least", strconv.Itoa(busy)), Value: float64(many), Unit: "workdays", Of: days})
	}
	return out
}

// MinTally is the fewest days with a tally of interruptions that are told: two
// working weeks.
const MinTally = 10

// tallies tells how often a day was interrupted, of all days and of either place.
// They are told side by side and not compared: the person who counts knows where
// they are, so a difference shows nothing.
func tallies(w words, kept []intake.Kept) []Fact {
	type tallied struct {
		date  day.Date
		place tally.Place
	}
	sums := map[tallied]float64{}
	for _, k := range kept {
		if k.Measure == tally.Interruptions {
			sums[tallied{k.Date, k.Place}] += k.Value
		}
	}
	out := []Fact{}
	for _, of := range []struct {
		kind   string
		places []tally.Place
	}{
		{"interruptions", []tally.Place{tally.Unknown, tally.Home, tally.Office}},
		{"interruptions_home", []tally.Place{tally.Home}},
		{"interruptions_office", []tally.Place{tally.Office}},
	} {
		var days []float64
		for d, n := range sums {
			if slices.Contains(of.places, d.place) {
				days = append(days, n)
			}
		}
		if len(days) < MinTally {
			continue
		}
		slices.Sort(days)
		low, high, mean := days[len(days)/10], days[len(days)-1-len(days)/10], sum(days)/float64(len(days))
		out = append(out, Fact{of.kind, fill(w.Facts[of.kind], "mean", tenth(mean), "days", strconv.Itoa(len(days)), "low", tenth(low), "high", tenth(high)), mean, "interruptions a day", &low, &high, len(days)})
	}
	return out
}

// tenth writes a number to one decimal.
func tenth(v float64) string { return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0") }

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
