package homecase_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/packet"
	"homecase/trial"
)

// reportPlans are plans of every design and measure.
var reportPlans = map[string]string{
	"kofm": `{design: kofm, weeks: [WEEKS8K1], measure: {name: items closed, unit: items, kind: count, better: higher}, margin: {absolute: 1}, usual: {mean: 11, sd: 2}}`,
	"rotate5": `{design: rotate5, weeks: [WEEKS5K2], measure: {name: minutes a call, unit: minutes, kind: duration, better: lower}, margin: {relative: 0.1}, recorded: system,
 agreed: {by: [Ines, Dana], on: 2027-01-04}, decide_on: 2027-03-15, stop: [Two customers complain], check_ins: [Friday], purpose: For this trial only}`,
	"altweek": `{design: altweek, weeks: [WEEKS10K5], measure: {name: share closed the same day, kind: share, better: higher}, margin: {absolute: 0.1}}`,
	"mixed":   `{design: mixed, weeks: [WEEKS8K2], measure: {name: mood, kind: rating, better: higher}, margin: {absolute: 0.25}, extension_weeks: 2, looks: [6]}`,
	"matched": `{design: matched, weeks: [WEEKS4K2], measure: {name: items, kind: count, better: higher}, margin: {relative: 0.2}, measures: [{name: errors, kind: count, better: lower, margin: {absolute: 1}}]}`,
	"groups":  `{design: groups, groups: {days: 12, home: 6}, measure: {name: items, unit: items, kind: count, better: higher}, margin: {absolute: 1}}`,
	"fixed":   `{design: fixed, weeks: [FIXED8], measure: {name: items, unit: items, kind: count, better: higher}, margin: {relative: 0.1}, baseline: before.csv}`,
}

func reportPlan(t testing.TB, name string) trial.Plan {
	t.Helper()
	text := reportPlans[name]
	weeks := func(n int, allowed string, home int) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf("{start: %s, allowed: [%s], home: %d}", day.Must("2027-01-11").Add(7*i), allowed, home))
		}
		return strings.Join(parts, ", ")
	}
	all := "mon, tue, wed, thu, fri"
	text = strings.NewReplacer("WEEKS8K1", weeks(8, "mon, tue, wed, thu", 1), "WEEKS5K2", weeks(5, all, 2), "WEEKS10K5", weeks(10, all, 5),
		"WEEKS8K2", weeks(8, all, 2), "WEEKS4K2", weeks(4, "mon, tue, wed, thu", 2), "FIXED8", weeks(8, "tue", 1)).Replace(text)
	p, err := trial.ReadPlan(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reportDays logs days for a plan: value says each day's number, nil for none.
func reportDays(t testing.TB, p trial.Plan, value func(i int, home bool) *float64) trial.Input {
	t.Helper()
	in := trial.Input{Plan: p, Days: trial.Days{File: "days.csv"}, Draws: 500}
	for _, m := range p.Measures {
		in.Days.Columns = append(in.Days.Columns, m.Name)
	}
	add := func(i int, on day.Date, home bool) {
		r := trial.Row{Line: i + 2, Date: on, Assigned: trial.InOffice, Place: trial.InOffice, Value: value(i, home), More: map[string]*float64{}}
		if home {
			r.Assigned, r.Place = trial.AtHome, trial.AtHome
		}
		for _, c := range in.Days.Columns {
			r.More[c] = value(i+7, home)
		}
		in.Days.Rows = append(in.Days.Rows, r)
	}
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	if p.Design == trial.Fixed {
		before := trial.Days{File: "before.csv"}
		for i, d := range s.Days {
			add(i, d.Date, d.Chance == 1)
			before.Rows = append(before.Rows, trial.Row{Line: i + 2, Date: d.Date.Add(-84), Assigned: trial.InOffice, Place: trial.InOffice, Value: value(i+3, false)})
		}
		in.Baseline = &before
		return in
	}
	draw, err := trial.DrawDays(p, []byte("sixteen bytes or more"), "word")
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range draw.Days[:len(s.Days)] {
		on := h.Date
		if on.IsZero() {
			on = day.Must("2027-01-11").Add(i/5*7 + i%5)
		}
		add(i, on, h.Home)
	}
	return in
}

// A report composes for every design, whatever the days hold, and the working
// in it gives the same report again.
func TestReportsCompose(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	number := func(v float64) *float64 { return &v }
	values := map[string]func(i int, home bool) *float64{
		"usual":   func(int, bool) *float64 { return number(float64(8 + rng.IntN(7))) },
		"shares":  func(int, bool) *float64 { return number(float64(rng.IntN(100)) / 100) },
		"flat":    func(int, bool) *float64 { return number(5) },
		"zero":    func(int, bool) *float64 { return number(0) },
		"missing": func(int, bool) *float64 { return nil },
		"gaps": func(i int, _ bool) *float64 {
			if i%4 == 0 {
				return nil
			}
			return number(1e6 + rng.Float64())
		},
		"home only": func(_ int, home bool) *float64 {
			if !home {
				return nil
			}
			return number(3)
		},
		"worse": func(i int, home bool) *float64 {
			if home {
				return number(1 + float64(i%3)/10)
			}
			return number(20 + float64(i%4))
		},
		"large": func(i int, home bool) *float64 { return number(1e11 * float64(1+i%5)) },
		"tiny":  func(i int, home bool) *float64 { return number(1e-9 * float64(1+i%5)) },
	}
	for name := range reportPlans {
		for kind, value := range values {
			t.Run(name+"/"+kind, func(t *testing.T) {
				in := reportDays(t, reportPlan(t, name), value)
				in.At = []string{"0", "0.05"}
				composeTwice(t, in)
				if in.Plan.Groups == nil && in.Plan.Design != trial.Fixed {
					in.Days.Rows = in.Days.Rows[:7]
					in.Through = in.Days.Rows[6].Date
					if e := composeTwice(t, in); strings.Contains(e.Document.Title, "good") || strings.Contains(e.Document.Title, "worse") {
						t.Errorf("after seven days the heading is %q", e.Document.Title)
					}
				}
			})
		}
	}
}

func composeTwice(t *testing.T, in trial.Input) *homecase.ReportEdition {
	t.Helper()
	e, err := homecase.ComposeReport(homecase.NewTrialRecord(in), "test")
	if err != nil {
		t.Fatal(err)
	}
	passes(t, "the report", e.Document)
	w, err := homecase.ReadReport("working", e.Document.Working)
	if err != nil {
		t.Fatal(err)
	}
	again, err := homecase.RecomputeReport(w)
	if err != nil {
		t.Fatal(err)
	}
	if diffs := w.Compare(again); len(diffs) > 0 {
		t.Errorf("the working differs from itself: %+v", diffs[0])
	}
	shows := packet.Shows{Alt: true, Data: true}
	if a, b := e.Document.Marks(shows), again.Document.Marks(shows); len(a) != len(b) {
		t.Errorf("%d marks, then %d", len(a), len(b))
	} else {
		for i := range a {
			if a[i] != b[i] {
				t.Errorf("mark %d: %v, then %v", i, a[i], b[i])
			}
		}
	}
	return e
}

// Before the end a report shows no p-value and no nonce.
func TestReportBeforeTheEnd(t *testing.T) {
	p := reportPlan(t, "kofm")
	nonce := []byte("sixteen bytes or more")
	draw, err := trial.DrawDays(p, nonce, "word")
	if err != nil {
		t.Fatal(err)
	}
	p.Drawn = &draw.Commitment
	in := reportDays(t, p, func(i int, home bool) *float64 { v := float64(9 + i*5%4); return &v })
	in.Nonce = nonce
	whole := composeTwice(t, in)
	in.Days.Rows = in.Days.Rows[:30]
	in.Through = in.Days.Rows[29].Date
	part := composeTwice(t, in)
	for name, e := range map[string]*homecase.ReportEdition{"before the end": part, "at the end": whole} {
		end := name == "at the end"
		if got := strings.Contains(printedIn(e.Document, "difference"), "in 100"); got != end {
			t.Errorf("%s: a p-value is printed: %v", name, got)
		}
		if got := strings.Contains(printedWords(e.Document)+string(e.Document.Working), fmt.Sprintf("%x", nonce)); got != end {
			t.Errorf("%s: the nonce is in the report: %v", name, got)
		}
		if got := strings.Contains(e.Document.Title, "6 of 8 home days logged"); got == end {
			t.Errorf("%s: the heading is %q", name, e.Document.Title)
		}
	}
}

func printedWords(d packet.Document) string {
	s := d.Title
	for _, m := range d.Marks(packet.Shows{Alt: true, Data: true}) {
		s += " " + m.Text
	}
	return s
}

func printedIn(d packet.Document, section string) string {
	for _, s := range d.Sections {
		if s.ID == section {
			return printedWords(packet.Document{Sections: []packet.Section{s}})
		}
	}
	return ""
}
