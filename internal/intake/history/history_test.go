package history

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"homecase/day"
	"homecase/internal/intake"
	"homecase/internal/intake/tally"
)

// weekly makes a baseline whose week i has the value of level(i) on each of its days.
func weekly(weeks int, value func(week, weekday int) float64) intake.Baseline {
	b := intake.Baseline{Measure: "items"}
	for w := range weeks {
		for d := range 5 {
			b.Values = append(b.Values, intake.DayValue{Date: day.Must("2026-01-05").Add(7*w + d), Value: value(w, d)})
		}
	}
	return b
}

func look(t *testing.T, b intake.Baseline, o Options) Found {
	t.Helper()
	f, err := Look(nil, []intake.Baseline{b}, []string{"items (jira)"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Twelve weeks by hand: weekly means 9 and 11 in turn, then 13 and 15 in turn.
// The means are 10 and 14, each variance 6·1/5 = 1.2, so SE = √(1.2/6+1.2/6) = 0.632456
// with 10 degrees of freedom; the weeks alternate, so their correlation is below 0
// and adds nothing. t(.975, 10) = 2.228139: 4 ± 1.409196, and 14/10 is 40 % more.
func TestQuarterByHand(t *testing.T) {
	b := weekly(12, func(w, _ int) float64 { return []float64{9, 11}[w%2] + 4*float64(w/6) })
	f := look(t, b, Options{})
	if len(f.Changes) != 1 || len(f.Refused) != 0 {
		t.Fatalf("%+v", f)
	}
	c := f.Changes[0]
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-5 {
			t.Errorf("%s = %g, want %g", name, got, want)
		}
	}
	near("difference", c.Difference, 4)
	near("low", c.Interval95[0], 4-1.409196)
	near("high", c.Interval95[1], 4+1.409196)
	near("share", c.Share, .4)
	if c.Grade != "D" || c.Counts != [2]int{6, 6} || c.From != day.Must("2026-02-16") || c.Meaning == "" {
		t.Errorf("%+v", c)
	}
	want := "items (jira): 14 a day in the 6 weeks from 2026-02-16, 40% more than the 10 a day of the 6 weeks before (difference 4 a day, 95% interval 2.59 to 5.41)."
	if c.Text != want {
		t.Errorf("%s", c.Text)
	}
	// The same weeks after a day in the fourth: three weeks before are too few.
	f = look(t, b, Options{After: day.Must("2026-01-28")})
	if len(f.Changes) != 0 || len(f.Refused) != 1 || f.Refused[0] != "items (jira): 3 whole weeks before and 8 after are too few; 6 on either side are needed." {
		t.Errorf("%+v", f)
	}
	// Six weeks each way round the week of the event, which counts on neither side.
	b = weekly(13, func(w, _ int) float64 { return []float64{9, 11}[w%2] + 4*float64(w/7) })
	f = look(t, b, Options{After: day.Must("2026-02-18")})
	if len(f.Changes) != 1 || f.Changes[0].Counts != [2]int{6, 6} || f.Changes[0].From != day.Must("2026-02-23") {
		t.Errorf("%+v", f)
	}
}

func TestRefusals(t *testing.T) {
	luck := weekly(12, func(w, _ int) float64 { return []float64{9, 11}[w%2] + .5*float64(w/6) })
	if f := look(t, luck, Options{}); len(f.Changes) != 0 || !strings.Contains(f.Refused[0], "so luck explains it") {
		t.Errorf("%+v", f)
	}
	if f := look(t, weekly(12, func(int, int) float64 { return 4 }), Options{}); len(f.Changes) != 0 || !strings.Contains(f.Refused[0], "do not vary") {
		t.Errorf("%+v", f)
	}
	// Weeks that drift carry less than they seem to: without the factor this would pass.
	drift := weekly(12, func(w, _ int) float64 { return 10 + .2*float64(w%6) + .7*float64(w/6) })
	if f := look(t, drift, Options{}); len(f.Changes) != 0 {
		t.Errorf("%+v", f)
	}
	wednesdays := weekly(12, func(w, d int) float64 { return float64(10 + w%3 + d) })
	for i := range wednesdays.Values {
		wednesdays.Values[i].Place = []intake.Place{"office", "office", "home", "office", "office"}[i%5]
	}
	if f := look(t, wednesdays, Options{}); len(f.Changes) != 0 || !strings.Contains(strings.Join(f.Refused, "\n"), "cannot be told apart from the weekday") {
		t.Errorf("%+v", f)
	}
	for i := range wednesdays.Values {
		if wednesdays.Values[i].Place = "office"; i%30 == 0 {
			wednesdays.Values[i].Place = "home"
		}
	}
	if f := look(t, wednesdays, Options{}); !strings.Contains(strings.Join(f.Refused, "\n"), "2 home days and 58 office days are too few; 10") {
		t.Errorf("%+v", f)
	}
}

// Home days drawn by lot that hold two items more are found, and said in words.
func TestPlaces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b := weekly(20, func(int, int) float64 { return 10 + r.NormFloat64() })
	for i := range b.Values {
		b.Values[i].Place = "office"
		if r.IntN(3) == 0 {
			b.Values[i].Place, b.Values[i].Value = "home", b.Values[i].Value+2
		}
	}
	f := look(t, b, Options{})
	if len(f.Changes) != 1 || f.Changes[0].Kind != "place" || f.Changes[0].Grade != "D" || !strings.Contains(f.Changes[0].Text, "more on") || f.Changes[0].Interval95[0] > 2 || f.Changes[0].Interval95[1] < 2 {
		t.Errorf("%+v", f)
	}
}

// When nothing changed, days that resemble their neighbours (lag-1 0.3) must not
// bring out "more" or "fewer" much oftener than five times in 100.
func TestSimulateFalseAlarms(t *testing.T) {
	runs := 400
	if os.Getenv("HOMECASE_SIMULATE") != "" {
		runs = 20_000
	}
	r := rand.New(rand.NewPCG(3, 5))
	for _, rho := range []float64{0, .3, .6} {
		alarms := 0
		for range runs {
			e := 0.0
			b := weekly(26, func(int, int) float64 {
				e = rho*e + math.Sqrt(1-rho*rho)*r.NormFloat64()
				return 20 + 3*e
			})
			f, err := Look(nil, []intake.Baseline{b}, []string{"items"}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			alarms += len(f.Changes)
		}
		share := float64(alarms) / float64(runs)
		t.Logf("lag-1 %.1f: %.1f false alarms in 100 (%d runs)", rho, 100*share, runs)
		if limit := map[float64]float64{0: .05, .3: .06, .6: .09}[rho] + 3*math.Sqrt(.05*.95/float64(runs)); share > limit {
			t.Errorf("lag-1 %.1f: %.3f false alarms, more than %.3f", rho, share, limit)
		}
	}
}

// Four whole weeks by hand: 2, 4, 0 and 6 hours of meetings; one without any counts.
func TestFactsByHand(t *testing.T) {
	var kept []intake.Kept
	add := func(on string, hours, n float64) {
		kept = append(kept, intake.Kept{Date: day.Must(on), Measure: "meeting_hours", Value: hours}, intake.Kept{Date: day.Must(on), Measure: "meetings", Value: n})
	}
	add("2026-01-05", 2, 1)
	add("2026-01-14", 4, 3)
	add("2026-01-26", 5, 4)
	add("2026-01-30", 1, 2)
	f, err := Look(kept, nil, nil, Options{})
	if err != nil || len(f.Facts) != 3 {
		t.Fatalf("%+v %v", f, err)
	}
	for i, want := range []string{
		"Meetings took 3 hours a week on average (4 weeks); in eight weeks of ten it was 0 to 6.",
		"A meeting began 0.5 times on an ordinary workday (20 workdays).",
		"2 of 20 workdays had at least 3 meetings.",
	} {
		if f.Facts[i].Text != want {
			t.Errorf("%s", f.Facts[i].Text)
		}
	}
}

// Ten days by hand: office days with 5, home days with 1 but for one with 12.
func TestInterruptionsByHand(t *testing.T) {
	var kept []intake.Kept
	for i, n := range []float64{5, 1, 5, 1, 5, 1, 5, 1, 5, 12} {
		place := tally.Office
		if i%2 == 1 {
			place = tally.Home
		}
		kept = append(kept, intake.Kept{Date: day.Must("2026-03-02").Add(i), Measure: "interruptions", Value: n, Place: place})
	}
	if f, err := Look(kept[:9], nil, nil, Options{}); err != nil || len(f.Facts) != 0 {
		t.Errorf("nine days are too few to tell of: %+v %v", f.Facts, err)
	}
	f, err := Look(kept, nil, nil, Options{})
	if err != nil || len(f.Facts) != 1 {
		t.Fatalf("%+v %v", f.Facts, err)
	}
	// The sum is 41; of ten sorted days the second is 1 and the ninth 5.
	if want := "4.1 interruptions a day on average, by my own tally (10 days); on eight days of ten it was 1 to 5."; f.Facts[0].Text != want {
		t.Errorf("got  %s\nwant %s", f.Facts[0].Text, want)
	}
	for i := range 10 { // ten more days at home
		kept = append(kept, intake.Kept{Date: day.Must("2026-04-01").Add(i), Measure: "interruptions", Value: 1, Place: tally.Home})
	}
	f, err = Look(kept, nil, nil, Options{})
	if err != nil || len(f.Facts) != 2 || f.Facts[1].Kind != "interruptions_home" || f.Facts[1].Of != 15 {
		t.Fatalf("%+v %v", f.Facts, err)
	}
}
