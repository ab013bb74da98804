package trial

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/fault"
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

// TestLooks: a trial with looks is read early only through the boundary, and a
// declared extension leaves less for the first end.
func TestLooks(t *testing.T) {
	y := slices.Clone(y05)
	for i := range y {
		if z05[i] == 1 {
			y[i] += 6
		}
	}
	d := daysOf(y, z05)
	d.Rows = d.Rows[:15]
	through := monday.Add(18)
	plain := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	r := analyse(t, Input{Plan: plain, Days: d, Through: through})
	if *r.Verdict != CannotTell || !r.Interim || r.Heading != "6 of 8 home days logged" {
		t.Errorf("without a look: %s, %q", *r.Verdict, r.Heading)
	}
	looks := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\nlooks: [2, 3]\n"))
	r = analyse(t, Input{Plan: looks, Days: d, Through: through})
	if *r.Verdict != Clearly || len(r.Looks) != 2 || !r.Looks[1].Better {
		t.Errorf("with a look: %s, %+v", *r.Verdict, r.Looks)
	}
	ext := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\nextension_weeks: 4\n"))
	r = analyse(t, Input{Plan: ext, Days: daysOf(y05, z05)}) // p = .0376 at the first end
	want := .05 * math.Log(1+(math.E-1)*.5)                  // .0310 by hand
	if len(r.Looks) != 1 || *r.Verdict != Probably || math.Abs(r.Looks[0].Spent-want) > 1e-12 {
		t.Errorf("first end of an extension: %s, %+v", *r.Verdict, r.Looks)
	}
}

// TestExtended: with the extension's days the whole lottery of both parts is
// used, and the verdict is read at two looks.
func TestExtended(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\nextension_weeks: 4\n"))
	r := analyse(t, Input{Plan: p, Days: daysOf(append(slices.Clone(y05), y05...), append(slices.Clone(z05), z05...))})
	if !r.Extended || r.Interim || len(r.Looks) != 2 || r.NAssignments.Int64() != 100_000_000 || r.Exact || !r.Linear.Exact {
		t.Errorf("extended %v, looks %+v, schedules %v", r.Extended, r.Looks, r.NAssignments)
	}
	if r.Looks[1].Spent != .05 || *r.Verdict != Clearly {
		t.Errorf("%+v %s p %g", r.Looks, *r.Verdict, *r.PNonInferiority)
	}
	half := daysOf(append(slices.Clone(y05), y05...), append(slices.Clone(z05), z05...))
	half.Rows = half.Rows[:30]
	if _, err := Analyse(Input{Plan: p, Days: half}); fault.CodeOf(err) != CodeSchedule {
		t.Errorf("half an extension: %v", err)
	}
	r = analyse(t, Input{Plan: p, Days: half, Through: half.Rows[29].Date})
	if !r.Interim || len(r.Looks) != 1 || *r.Verdict == Probably || *r.Verdict == ProbablyWorse {
		t.Errorf("during the extension: %+v %s", r.Looks, *r.Verdict)
	}
}

// TestSequentialSize: over every schedule of a small lottery the share that
// crosses at some look is at most alpha, whatever the values: the test is exact.
func TestSequentialSize(t *testing.T) {
	p := mustPlan(t, planText(3, 1, counted+"margin: {absolute: 1}\nlooks: [1, 2]\nspending: linear\nalpha: 0.1\n"))
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	all := s.Lottery.All()
	crossed := 0
	for k := range all.Len() {
		z := make([]int, 15)
		y := slices.Clone(y05[:15])
		for i, h := range all.Home(k) {
			if h {
				z[i] = 1
				y[i]-- // an effect of exactly the margin: the sharp null
			}
		}
		r := analyse(t, Input{Plan: p, Days: daysOf(y, z)})
		for _, l := range r.Looks {
			if l.Better {
				crossed++
				break
			}
		}
	}
	if share := float64(crossed) / float64(all.Len()); share > .1 {
		t.Errorf("%d of %d schedules cross", crossed, all.Len())
	} else if share == 0 {
		t.Error("no schedule crosses: the test has no power at all")
	}
}

func TestSeveralMeasures(t *testing.T) {
	raw, err := os.ReadFile("testdata/trial-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Vectors []struct {
			ID     string
			Inputs struct {
				Metrics map[string][]float64 `json:"metrics"`
			}
			Expected struct {
				Raw []float64 `json:"raw_p"`
				WY  []float64 `json:"westfall_young_p"`
			}
		}
	}
	// other vectors have other shapes: read V21 alone
	var loose struct{ Vectors []json.RawMessage }
	if err := json.Unmarshal(raw, &loose); err != nil {
		t.Fatal(err)
	}
	for _, v := range loose.Vectors {
		if strings.Contains(string(v), `"V21"`) {
			if err := json.Unmarshal([]byte(`{"vectors":[`+string(v)+`]}`), &doc); err != nil {
				t.Fatal(err)
			}
		}
	}
	v := doc.Vectors[0]
	d := daysOf(v.Inputs.Metrics["tickets"], z05)
	d.Columns = []string{"quality", "focus"}
	for i := range d.Rows {
		d.Rows[i].More = map[string]*float64{"quality": ptr(v.Inputs.Metrics["quality"][i]), "focus": ptr(v.Inputs.Metrics["focus"][i])}
	}
	p := mustPlan(t, planText(4, 2, counted+`margin: {absolute: 2}
measures:
  - {name: quality, kind: rating, better: higher, margin: {absolute: 3}}
  - {name: focus, kind: rating, better: higher, margin: {absolute: 0.5}}
`))
	r := analyse(t, Input{Plan: p, Days: d})
	if r.Several == nil || len(r.Several.Measures) != 3 {
		t.Fatalf("several: %+v", r.Several)
	}
	for i, m := range r.Several.Measures {
		near(t, "Westfall–Young "+m.Name, m.PImproved, v.Expected.WY[i], 1e-12)
		near(t, "raw "+m.Name, m.PSuperiority, v.Expected.Raw[i], .01) // studentised beside linear
	}
	if r.Several.PNonInferiority == nil || *r.Several.PNonInferiority > .01 {
		t.Errorf("all hold: %v", r.Several.PNonInferiority)
	}
}

// TestProcessors: the same bytes on one processor and on all.
func TestProcessors(t *testing.T) {
	in := longTrial(t)
	var first string
	for _, n := range []int{1, 2, 3, runtime.NumCPU()} {
		old := runtime.GOMAXPROCS(n)
		b, err := analyse(t, in).JSON()
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(b)
		} else if first != string(b) {
			t.Errorf("%d processors give another report", n)
		}
	}
}

// longTrial is twelve weeks with two home days a week: 10^12 schedules.
func longTrial(t testing.TB) Input {
	p := mustPlan(t, planText(12, 2, counted+"margin: {relative: 0.10}\n"))
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	y, z := make([]float64, 60), make([]int, 60)
	for i, h := range s.Lottery.Draw([32]byte{7}) {
		y[i] = y05[(i*7)%20]
		if h {
			z[i] = 1
		}
	}
	return Input{Plan: p, Days: daysOf(y, z)}
}

func BenchmarkReport60Days(b *testing.B) {
	in := longTrial(b)
	for b.Loop() {
		if _, err := Analyse(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOdds(b *testing.B) {
	for _, weeks := range []int{8, 12, 26, 52} {
		p := mustPlan(b, planText(weeks, 2, counted+"margin: {relative: 0.10}\nusual: {mean: 20, sd: 3}\n"))
		b.Run(fmt.Sprintf("%d weeks", weeks), func(b *testing.B) {
			for b.Loop() {
				if _, err := PlanOdds(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestWhatIfIsQuick keeps the planner fit for a page that follows typing. The
// promise is 5 ms; the test allows a busy machine ten times that.
func TestWhatIfIsQuick(t *testing.T) {
	p := mustPlan(t, planText(52, 2, counted+"margin: {relative: 0.10}\nusual: {mean: 20, sd: 3}\n"))
	best := time.Hour
	for range 5 {
		start := time.Now()
		if _, err := PlanOdds(p); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	if best > 50*time.Millisecond {
		t.Errorf("a what-if of 52 weeks takes %v", best)
	}
}

func TestAskedMargins(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {relative: 0.1}\n"))
	if _, err := Analyse(Input{Plan: p, Days: daysOf(y05, z05), At: []string{"many"}}); fault.CodeOf(err) != CodeAsked {
		t.Errorf("a margin that is no number: %v", err)
	}
	r := analyse(t, Input{Plan: p, Days: daysOf(y05, z05), At: []string{"1", "0.1"}})
	if p, ok := r.PAt["1"]; !ok || p != nil || r.PAt["0.1"] == nil || !strings.Contains(strings.Join(r.Warnings, ""), "leaves nothing") {
		t.Errorf("%v %q", r.PAt, r.Warnings)
	}
}

// TestAlternatingWeeks runs the differences of V10 through a plan: four pairs
// of weeks, 16 schedules, never below 1/16, so at most "probably".
func TestAlternatingWeeks(t *testing.T) {
	home, office := []float64{104.5, 98, 110.25, 101.5}, []float64{99, 97.5, 103, 102.25}
	var b strings.Builder
	b.WriteString("design: altweek\nweeks:\n")
	y, z := make([]float64, 40), make([]int, 40)
	for w := range 8 {
		fmt.Fprintf(&b, "  - {start: %s, home: 5}\n", monday.Add(7*w))
		for i := range 5 {
			if y[5*w+i] = office[w/2] / 5; w%2 == 0 {
				y[5*w+i], z[5*w+i] = home[w/2]/5, 1
			}
		}
	}
	p := mustPlan(t, b.String()+counted+"margin: {absolute: 3}\n")
	r := analyse(t, Input{Plan: p, Days: daysOf(y, z)})
	if r.NAssignments.Int64() != 16 || r.FloorP != .0625 || *r.Verdict == Clearly {
		t.Errorf("%v schedules, floor %g, %s", r.NAssignments, r.FloorP, *r.Verdict)
	}
	if r.WeeksLot == nil || r.WeeksLot.PGreater != .1875 {
		t.Errorf("whole weeks: %+v, want p .1875", r.WeeksLot)
	}
}

// TestFlatDays: values without any noise are no trap.
func TestFlatDays(t *testing.T) {
	y := make([]float64, 20)
	for _, v := range []float64{0, 7} {
		for i := range y {
			y[i] = v
		}
		for _, m := range []string{"{absolute: 1}", "{relative: 0.1}"} {
			r := analyse(t, Input{Plan: mustPlan(t, planText(4, 2, counted+"margin: "+m+"\n")), Days: daysOf(y, z05)})
			if _, err := r.JSON(); err != nil || r.Verdict == nil {
				t.Errorf("%g, %s: %v", v, m, err)
			}
		}
	}
}

// ExampleAnalyse reads two files and prints the verdict.
func ExampleAnalyse() {
	plan, err := ReadPlan("PLAN.yaml", []byte("groups: {days: 10, home: 5}\nmeasure: {name: Items, kind: count, better: higher}\nmargin: {absolute: 1}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	days, err := ReadDays("DAYS.csv", strings.NewReader(`date,assigned,place,value
2027-01-11,home,home,12
2027-01-12,office,office,9
2027-01-13,home,home,14
2027-01-14,office,office,11
2027-01-15,home,home,13
2027-01-18,office,office,8
2027-01-19,home,home,10
2027-01-20,office,office,9
2027-01-21,office,office,7
2027-01-22,home,home,11
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := Analyse(Input{Plan: plan, Days: days})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.NAssignments, "schedules:", *r.Verdict)
	// Output: 252 schedules: clearly_at_least_as_good
}
