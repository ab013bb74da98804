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

	"homecase/fault"
)

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

// BenchmarkWhatIf is the planner as a page asks it while somebody types: a year of weeks.
func BenchmarkWhatIf(b *testing.B) {
	p := mustPlan(b, planText(52, 2, counted+"margin: {relative: 0.10}\nusual: {mean: 20, sd: 3}\n"))
	for b.Loop() {
		if _, err := PlanOdds(p); err != nil {
			b.Fatal(err)
		}
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
