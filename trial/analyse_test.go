package trial

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"homecase/day"
)

// y05 and z05 are data V05 of testdata/trial-vectors.json: four weeks, two home
// days a week drawn from five.
var (
	y05 = []float64{21, 24, 25, 22, 17, 24, 25, 20, 23, 18, 22, 26, 23, 25, 16, 21, 27, 24, 23, 20}
	z05 = []int{0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 0}
)

// monday is the first day of the test trials: 11 January 2027 is a Monday.
var monday = day.On(2027, 1, 11)

// planText writes a kofm plan over full weeks.
func planText(weeks, home int, rest string) string {
	var b strings.Builder
	b.WriteString("design: kofm\nweeks:\n")
	for i := range weeks {
		fmt.Fprintf(&b, "  - {start: %s, allowed: [mon, tue, wed, thu, fri], home: %d}\n", monday.Add(7*i), home)
	}
	return b.String() + rest
}

const counted = "measure: {name: Items, unit: items, kind: count, better: higher}\nrecorded: system\n"

func mustPlan(t testing.TB, text string) Plan {
	t.Helper()
	p, err := ReadPlan("PLAN.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// daysOf lays values on the workdays from monday. NaN is a missing value.
func daysOf(y []float64, z []int) Days {
	d := Days{File: "DAYS.csv"}
	for i, v := range y {
		r := Row{Line: i + 2, Date: monday.Add(i/5*7 + i%5), Assigned: InOffice, Place: InOffice}
		if z[i] == 1 {
			r.Assigned, r.Place = AtHome, AtHome
		}
		if !math.IsNaN(v) {
			r.Value = ptr(v)
		}
		d.Rows = append(d.Rows, r)
	}
	return d
}

func analyse(t testing.TB, in Input) *Report {
	t.Helper()
	r, err := Analyse(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t testing.TB, what string, got *float64, want, tol float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s: null, want %g", what, want)
	} else if !(math.Abs(*got-want) <= tol*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g", what, *got, want)
	}
}

// TestPrimaryVectors runs V33 and V15 through the whole analysis: the counts
// out of 10,000 and the limits are those of the file.
func TestPrimaryVectors(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(y05, z05), At: []string{"2", "1", "0"}})
	if r.NAssignments.Int64() != 10000 || !r.Exact {
		t.Errorf("schedules: %v, exact %v", r.NAssignments, r.Exact)
	}
	near(t, "estimate", r.Estimate, 0.4939678113579089, 1e-9)
	near(t, "p(-1)", r.PNonInferiority, .0376, 1e-12)
	near(t, "p(0)", r.PSuperiority, .2691, 1e-12)
	near(t, "p at 2", r.PAt["2"], .0027, 1e-12)
	near(t, "p at 1", r.PAt["1"], .0376, 1e-12)
	near(t, "p at 0", r.PAt["0"], .2691, 1e-12)
	near(t, "lower", r.Interval90[0], -0.8794788692337614, 1e-6)
	near(t, "upper", r.Interval90[1], 2.073435216277111, 1e-6)
	near(t, "linear p", r.Linear.PNonInferiority, .0394, 1e-12)
	near(t, "linear lower", r.Linear.Interval90[0], -0.8975618822389811, 1e-8)
	near(t, "linear upper", r.Linear.Interval90[1], 2.0363581447400736, 1e-8)
	near(t, "floor", &r.FloorP, 1e-4, 1e-15)
	if r.Sampling == nil || r.Sampling.DF != 18 { // V35
		t.Fatal("no sampling variance")
	}
	near(t, "sampling variance", &r.Sampling.Variance, 0.7248800116213615, 1e-9)
	if *r.Verdict != Clearly || r.Grade != GradeA || r.DaysUsed != (Used{8, 12}) {
		t.Errorf("verdict %v, grade %v, days %v", *r.Verdict, r.Grade, r.DaysUsed)
	}
}

// TestMissingVector runs V12: two days without a value. Its linear limits are in
// the file; the studentised test is built over the observed days (decision on
// missing days) and must agree with the linear one roughly.
func TestMissingVector(t *testing.T) {
	y := slices.Clone(y05)
	y[6], y[14] = math.NaN(), math.NaN()
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 2}\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(y, z05)})
	near(t, "estimate", r.Estimate, 0.1942466958308379, 1e-9)
	near(t, "linear p(-2)", r.Linear.PNonInferiority, .0136, 1e-12)
	near(t, "linear lower", r.Linear.Interval90[0], -1.3516186396270726, 1e-8)
	near(t, "linear upper", r.Linear.Interval90[1], 1.9399263879835864, 1e-8)
	near(t, "p(-2)", r.PNonInferiority, .0136, .01)
	if r.Missing.OfficeDays != 2 || r.Missing.HomeDays != 0 || r.Missing.PWorstCase == nil {
		t.Errorf("missing: %+v", r.Missing)
	}
}

// TestRatioVector runs V27's working-model counts through the linear twin.
func TestRatioVector(t *testing.T) {
	for margin, want := range map[string]float64{"0.10": .0013, "0.05": .0264} {
		p := mustPlan(t, planText(4, 2, counted+"margin: {relative: "+margin+"}\n"))
		r := analyse(t, Input{Plan: p, Days: daysOf(y05, z05), At: []string{margin}})
		near(t, "linear p at "+margin, r.Linear.PNonInferiority, want, 1e-12)
		near(t, "p at", r.PAt[margin], *r.PNonInferiority, 0)
		if r.Estimate == nil || *r.Estimate < -.1 || *r.Estimate > .15 {
			t.Errorf("estimate %v of a ratio", r.Estimate)
		}
		if !(*r.Interval90[0] < *r.Estimate && *r.Estimate < *r.Interval90[1]) {
			t.Errorf("interval %v does not hold %v", *r.Interval90[0], *r.Estimate)
		}
	}
}

// TestLowerIsBetter mirrors V33: minus the values with better lower must give
// the same p-values and the mirrored interval.
func TestLowerIsBetter(t *testing.T) {
	neg := make([]float64, len(y05))
	for i, v := range y05 {
		neg[i] = -v
	}
	p := mustPlan(t, planText(4, 2, "measure: {name: Minutes, kind: duration, better: lower}\nmargin: {absolute: 1}\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(neg, z05), At: []string{"2"}})
	near(t, "p", r.PNonInferiority, .0376, 1e-12)
	near(t, "p at 2", r.PAt["2"], .0027, 1e-12)
	near(t, "estimate", r.Estimate, -0.4939678113579089, 1e-9)
	near(t, "lower", r.Interval90[0], -2.073435216277111, 1e-6)
	near(t, "upper", r.Interval90[1], 0.8794788692337614, 1e-6)
}

// TestRatioLowerIsBetter: with times that are better lower, a home that takes
// 40 % more is worse than a margin of 10 %, and one that takes 40 % less is not.
func TestRatioLowerIsBetter(t *testing.T) {
	for factor, want := range map[float64]Verdict{1.4: Worse, .6: Clearly} {
		y := slices.Clone(y05)
		for i := range y {
			if z05[i] == 1 {
				y[i] *= factor
			}
		}
		p := mustPlan(t, planText(4, 2, "measure: {name: Minutes, kind: duration, better: lower}\nmargin: {relative: 0.10}\nrecorded: system\n"))
		r := analyse(t, Input{Plan: p, Days: daysOf(y, z05)})
		if *r.Verdict != want {
			t.Errorf("factor %g: %s, want %s (p %g)", factor, *r.Verdict, want, *r.PNonInferiority)
		}
		near(t, "estimate", r.Estimate, factor-1, .05)
	}
}

// TestVerdicts walks the ladder by shifting the home days of V05.
func TestVerdicts(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	seen := map[Verdict]bool{}
	for shift := 3.0; shift >= -6; shift -= .5 {
		y := slices.Clone(y05)
		for i := range y {
			if z05[i] == 1 {
				y[i] += shift
			}
		}
		r := analyse(t, Input{Plan: p, Days: daysOf(y, z05)})
		seen[*r.Verdict] = true
		want := CannotTell
		switch pn, pw := *r.PNonInferiority, *r.PWorse; {
		case pn <= .05:
			want = Clearly
		case pw <= .05:
			want = Worse
		case pn <= .20:
			want = Probably
		case pw <= .20:
			want = ProbablyWorse
		}
		if *r.Verdict != want || strings.Contains(r.Sentence, "{") || r.Heading == "" {
			t.Errorf("shift %g: %s, want %s: %s", shift, *r.Verdict, want, r.Sentence)
		}
	}
	if len(seen) != 5 {
		t.Errorf("only %d verdicts were reached", len(seen))
	}
}

func TestFewDays(t *testing.T) {
	none := make([]float64, 20)
	for i := range none {
		none[i] = math.NaN()
	}
	oneHome := slices.Clone(y05)
	left := 1
	for i, z := range z05 {
		if z == 1 {
			if left--; left < 0 {
				oneHome[i] = math.NaN()
			}
		}
	}
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	for name, y := range map[string][]float64{"all missing": none, "one home day": oneHome} {
		r := analyse(t, Input{Plan: p, Days: daysOf(y, z05), At: []string{"1"}})
		if *r.Verdict != CannotTell || r.PNonInferiority != nil || r.Interval90 != nil || len(r.Warnings) == 0 {
			t.Errorf("%s: %s, p %v, warnings %q", name, *r.Verdict, r.PNonInferiority, r.Warnings)
		}
		b, err := r.JSON()
		if err != nil || !strings.Contains(string(b), `"p_noninferiority": null`) || !strings.Contains(string(b), `"n_assignments": 10000`) {
			t.Errorf("%s: %v %s", name, err, b)
		}
	}
}

// TestJSONKeys keeps the keys that other programs read.
func TestJSONKeys(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	b, err := analyse(t, Input{Plan: p, Days: daysOf(y05, z05)}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	for _, k := range strings.Fields("n_assignments p_noninferiority p_superiority p_at estimate interval90 linear verdict grade days_used floor_p more_days weekly_totals tipping_point warnings") {
		if _, ok := m[k]; !ok {
			t.Errorf("no key %s", k)
		}
	}
}

func TestGrades(t *testing.T) {
	base := planText(4, 2, "measure: {name: Items, kind: count, better: higher}\nmargin: {absolute: 1}\n")
	moved := func(n int) Days {
		d := daysOf(y05, z05)
		for i := range n {
			d.Rows[i].Place = AtHome
			if d.Rows[i].Assigned == AtHome {
				d.Rows[i].Place = InOffice
			}
		}
		return d
	}
	for _, c := range []struct {
		plan string
		days Days
		want Grade
	}{
		{base + "recorded: system\n", moved(0), GradeA},
		{base + "recorded: system\n", moved(2), GradeA},
		{base + "recorded: system\n", moved(3), GradeB},
		{base, moved(0), GradeB},
		{base + "recorded: system\n", moved(7), GradeD},
		{base + "recorded: system\nreplaces: " + strings.Repeat("a", 64) + "\n", moved(0), GradeB},
	} {
		r := analyse(t, Input{Plan: mustPlan(t, c.plan), Days: c.days})
		if r.Grade != c.want || (c.want == GradeD) != (r.Verdict == nil) {
			t.Errorf("%v of compliance: grade %s, want %s, verdict %v", r.Compliance, r.Grade, c.want, r.Verdict)
		}
	}
}

// TestFixedDays: fixed Tuesdays and Thursdays need a baseline and are capped.
func TestFixedDays(t *testing.T) {
	var b strings.Builder
	b.WriteString("design: fixed\nrecorded: system\nmeasure: {name: Items, kind: count, better: higher}\nmargin: {absolute: 2}\nweeks:\n")
	y, z := make([]float64, 40), make([]int, 40)
	base := Days{File: "BASE.csv"}
	for w := range 8 {
		fmt.Fprintf(&b, "  - {start: %s, allowed: [tue, thu], home: 2}\n", monday.Add(7*w))
		for i := range 5 {
			k := 5*w + i
			y[k] = 20 + float64(i) + float64((k*7)%4)
			if i == 1 || i == 3 {
				z[k] = 1
			}
			base.Rows = append(base.Rows, Row{Line: k + 2, Date: monday.Add(7*(w-10) + i), Value: ptr(20 + float64(i) + float64((k*5)%4))})
		}
	}
	p := mustPlan(t, b.String())
	r := analyse(t, Input{Plan: p, Days: daysOf(y, z)})
	if r.Grade != GradeD || r.Verdict != nil || r.PNonInferiority != nil || r.NAssignments.Int64() != 1 {
		t.Errorf("without a baseline: %s %v %v", r.Grade, r.Verdict, r.PNonInferiority)
	}
	r = analyse(t, Input{Plan: p, Days: daysOf(y, z), Baseline: &base, At: []string{"0"}})
	if r.Grade != GradeC || r.Verdict == nil || *r.Verdict != Probably || r.FixedDays == nil || r.WeeklyTotals == nil {
		t.Errorf("with a baseline: %s %v %v", r.Grade, r.Verdict, r.PNonInferiority)
	}
	near(t, "p at 0", r.PAt["0"], *r.PSuperiority, 0)
}

// TestWeeklyTotalsCap: work moved out of office days cannot end in "clearly".
func TestWeeklyTotalsCap(t *testing.T) {
	y := slices.Clone(y05)
	for i := range y {
		if z05[i] == 0 {
			y[i] -= 9
		}
	}
	base := Days{File: "BASE.csv"}
	for k := range 40 {
		base.Rows = append(base.Rows, Row{Line: k + 2, Date: monday.Add(7*(k/5-10) + k%5), Value: ptr(22 + float64(k*3%5))})
	}
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(y, z05), Baseline: &base})
	if *r.PNonInferiority > .05 || *r.Verdict != CannotTell || r.WeeklyTotals == nil || r.WeeklyTotals.Cap != "cannot_tell" {
		t.Errorf("p %g, verdict %s, weeks %+v", *r.PNonInferiority, *r.Verdict, r.WeeklyTotals)
	}
}

func TestTippingPoint(t *testing.T) {
	y := slices.Clone(y05)
	for i := range y {
		if z05[i] == 1 {
			y[i] += 3
		}
	}
	full := slices.Clone(y)
	y[1], y[12] = math.NaN(), math.NaN() // two home days
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(y, z05)})
	if *r.Verdict != Clearly || r.TippingPoint == nil {
		t.Fatalf("%s, tipping point %v, %q", *r.Verdict, r.TippingPoint, r.Warnings)
	}
	// the analysis with the days filled in agrees on both sides of the point
	for _, side := range []float64{-.2, .2} {
		x := slices.Clone(full)
		x[1], x[12] = *r.TippingPoint+side, *r.TippingPoint+side
		got := analyse(t, Input{Plan: p, Days: daysOf(x, z05)})
		if (*got.PNonInferiority <= .05) != (side > 0) {
			t.Errorf("at %g the p-value is %g", x[1], *got.PNonInferiority)
		}
	}
}
