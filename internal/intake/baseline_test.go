package intake

import (
	"math"
	"strings"
	"testing"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/tally"
)

// weeks gives n weeks from Monday 5 January 2026 the same five values, plus add on even weeks.
func weeks(n int, m Measure, values [5]float64, add float64) (out []Kept) {
	for w := range n {
		for i, v := range values {
			if w%2 == 1 {
				v += add
			}
			out = append(out, Kept{Date: day.Must("2026-01-05").Add(7*w + i), Measure: m, Value: v})
		}
	}
	return out
}

// By hand: four weeks of 2, 4, 6, 8, 10; every other week is 2 more. The means
// are 3, 5, 7, 9, 11, the mean 7; each residual is 1 or -1. Over all days the
// squares are 20·(8+1) = 180, so sd = √(180/19) = 3.0779; the residuals leave
// √(20/15) = 1.1547, cv .16496. Neighbours within a week agree (16 pairs of +1),
// over a weekend they differ (3 pairs of -1): lag 1 = (13/19)/(20/20) = .68421.
func TestBaselineByHand(t *testing.T) {
	got, err := MakeBaselines(weeks(4, tally.Items, [5]float64{2, 4, 6, 8, 10}, 2), nil)
	if err != nil || len(got.All) != 1 {
		t.Fatal(got, err)
	}
	b := got.All[0]
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 5e-5 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	near("mean", b.Mean, 7)
	near("sd", b.SD, 3.07794)
	near("residual sd", b.ResidualSD, 1.15470)
	near("cv", b.CV, .164957)
	near("lag1", *b.Lag1, .684211)
	for i, w := range b.Weekdays {
		near(w.Weekday.String(), w.Mean, float64(3+2*i))
	}
	if b.Days != 20 || b.Filled != 0 || b.First != day.Must("2026-01-05") || b.Last != day.Must("2026-01-30") {
		t.Errorf("%+v", b)
	}
}

func TestTheLeastNoisyMeasureOfFinishedWork(t *testing.T) {
	kept := append(weeks(6, tally.Commits, [5]float64{1, 1, 1, 1, 1}, 3), weeks(6, tally.Items, [5]float64{5, 6, 5, 6, 5}, 1)...)
	kept = append(kept, weeks(6, tally.Hours, [5]float64{8, 8, 8, 8, 8}, 0.01)...)
	got, err := MakeBaselines(kept, nil)
	if err != nil || got.Best != tally.Items || len(got.All) != 3 {
		t.Errorf("best %q of %d, %v", got.Best, len(got.All), err)
	}
	got, err = MakeBaselines(weeks(6, tally.Hours, [5]float64{8, 8, 8, 8, 8}, 1), nil)
	if err != nil || got.Best != tally.Hours || !strings.Contains(got.Why, "presence") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDaysWithoutARecord(t *testing.T) {
	full := weeks(6, tally.Items, [5]float64{5, 6, 5, 6, 5}, 0)
	drop := func(list []Kept, dates ...string) (out []Kept) {
		for _, k := range list {
			keep := true
			for _, d := range dates {
				keep = keep && k.Date != day.Must(d)
			}
			if keep {
				out = append(out, k)
			}
		}
		return out
	}
	week := []string{"2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"}
	for name, c := range map[string]struct {
		kept               []Kept
		free               map[day.Date]bool
		days, filled, left int
	}{
		"one day counts as nought": {drop(full, "2026-01-13"), nil, 30, 1, 0},
		"a week is time away":      {drop(full, week...), nil, 25, 0, 5},
		"a holiday is no workday":  {drop(full, "2026-01-13"), map[day.Date]bool{day.Must("2026-01-13"): true}, 29, 0, 0},
		"away as the source says":  {append(drop(full, "2026-01-13"), Kept{Date: day.Must("2026-01-13"), Measure: tally.AwayDays, Value: 1}), nil, 29, 0, 1},
		"worked by another measure": {append(drop(full, week...), Kept{Date: day.Must("2026-01-13"), Measure: tally.Commits, Value: 1},
			Kept{Date: day.Must("2026-01-14"), Measure: tally.Commits, Value: 1}), nil, 27, 2, 3},
		"weekends are left out": {append(full, Kept{Date: day.Must("2026-01-10"), Measure: tally.Items, Value: 99}), nil, 30, 0, 0},
	} {
		got, err := MakeBaselines(c.kept, c.free)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b := got.All[0]; b.Days != c.days || b.Filled != c.filled || b.Left != c.left {
			t.Errorf("%s: %d days, %d filled, %d left out; want %d, %d, %d", name, b.Days, b.Filled, b.Left, c.days, c.filled, c.left)
		}
	}
}

func TestTooFewDaysAreRefused(t *testing.T) {
	for _, kept := range [][]Kept{nil, weeks(3, tally.Items, [5]float64{1, 2, 3, 4, 5}, 0), weeks(6, tally.Meetings, [5]float64{1, 2, 3, 4, 5}, 0)} {
		if got, err := MakeBaselines(kept, nil); fault.CodeOf(err) != "HC-INTAKE-60" || len(got.All) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestBaselinePlaces(t *testing.T) {
	kept := weeks(4, tally.Items, [5]float64{2, 4, 6, 8, 10}, 2)
	kept = append(kept, Kept{Date: day.Must("2026-01-06"), Measure: tally.MarkedDays, Value: 1, Place: tally.Home}, Kept{Date: day.Must("2026-01-07"), Measure: tally.Hours, Value: 8, Place: tally.Office},
		Kept{Date: day.Must("2026-01-08"), Measure: tally.Hours, Value: 4, Place: tally.Office}, Kept{Date: day.Must("2026-01-08"), Measure: tally.Hours, Value: 4, Place: tally.Home})
	got, err := MakeBaselines(kept, nil)
	if err != nil || got.All[0].HomeDays != 1 || got.All[0].OfficeDays != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
