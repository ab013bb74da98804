package trial

import (
	"errors"
	"math"
	"strings"
	"testing"

	"homecase/day"
	"homecase/fault"
	"pgregory.net/rapid"
)

// TestBadPlans: each bad plan is refused with its code and a line.
func TestBadPlans(t *testing.T) {
	good := counted + "margin: {absolute: 1}\n"
	for name, c := range map[string]struct {
		text string
		code fault.Code
		say  string
	}{
		"no weeks":              {good, CodeDesign, "no weeks"},
		"no margin":             {planText(4, 1, counted), CodeMeasure, "no margin"},
		"two margins":           {planText(4, 1, "margin: {absolute: 1, relative: 0.1}\n"), CodeMeasure, "once"},
		"a margin of 120 %":     {planText(4, 1, "margin: {relative: 1.2}\n"), CodeMeasure, "0.10 means"},
		"a negative margin":     {planText(4, 1, "margin: {absolute: -1}\n"), CodeMeasure, "without a minus"},
		"alpha":                 {planText(4, 1, good+"alpha: 0.5\n"), CodeLevel, "alpha"},
		"too many home days":    {planText(4, 6, good), CodeDesign, "allow only 5"},
		"no home day":           {planText(4, 0, good), CodeDesign, "No week has a home day"},
		"weeks out of order":    {"weeks:\n  - {start: 2027-01-18, home: 1}\n  - {start: 2027-01-11, home: 1}\n" + good, CodeDesign, "in order"},
		"a weekday twice":       {"weeks:\n  - {start: 2027-01-11, allowed: [mon, mon], home: 1}\n" + good, CodeDesign, "twice"},
		"a Saturday":            {"weeks:\n  - {start: 2027-01-11, allowed: [sat], home: 1}\n" + good, CodeDesign, "Saturday is not a workday"},
		"an unknown design":     {"design: coin\n" + planText(4, 1, good)[len("design: kofm\n"):], "HC-FILE-12", "not a design"},
		"rotation of 4 weeks":   {"design: rotate5\n" + planText(4, 1, good)[len("design: kofm\n"):], CodeLottery, "five full weeks"},
		"odd pairs":             {"design: altweek\n" + planText(5, 1, good)[len("design: kofm\n"):], CodeLottery, "odd number"},
		"a week in two pairs":   {"design: altweek\npairs: [[1, 2], [2, 3]]\n" + planText(4, 1, good)[len("design: kofm\n"):], CodeLottery, "no week twice"},
		"start without weeks":   {"design: start\n" + planText(4, 1, good)[len("design: kofm\n"):], CodeLottery, "no schedule"},
		"weeks and groups":      {planText(4, 1, good) + "groups: {days: 10, home: 5}\n", CodeDesign, "not both"},
		"groups without office": {"groups: {days: 10, home: 10}\n" + good, CodeDesign, "one in the office"},
		"running home days":     {planText(4, 5, good+"constraints: {max_running: 2}\n"), CodeLottery, "no schedule meets"},
		"looks beyond the end":  {planText(4, 1, good+"looks: [4]\n"), CodeLevel, "rising order"},
		"agreed too late":       {planText(4, 1, good+"agreed: {by: [Ines, Dana], on: 2027-02-01}\n"), CodeMeasure, "after the trial began"},
		"one name":              {planText(4, 1, good+"agreed: {by: [Ines]}\n"), CodeMeasure, "name both"},
		"cover":                 {planText(4, 1, good+"constraints: {cover: {team: 3, in_office: 3}}\n"), CodeDesign, "Cover needs"},
		"the name of a column":  {planText(4, 1, good+"measures: [{name: value}]\n"), CodeMeasure, "taken"},
		"an unknown key":        {planText(4, 1, good+"seed: 1\n"), "HC-FILE-14", "no key"},
		"holidays":              {planText(1, 1, good) + "holidays: [2027-01-11, 2027-01-12, 2027-01-13, 2027-01-14, 2027-01-15]\n", CodeDesign, "allow only 0"},
	} {
		_, err := ReadPlan("PLAN.yaml", []byte(c.text))
		var list fault.List
		if !errors.As(err, &list) {
			t.Errorf("%s: accepted (%v)", name, err)
			continue
		}
		if list[0].Code != c.code || !strings.Contains(err.Error(), c.say) || list[0].Place.File != "PLAN.yaml" || list[0].Place.Line == 0 {
			t.Errorf("%s: %s %v", name, list[0].Code, err)
		}
	}
}

// TestPartialPlan: inside a case the weeks may still be missing.
func TestPartialPlan(t *testing.T) {
	p := Plan{Measure: Measure{Name: "Items"}, Margin: Margin{Relative: .1}}
	if l := p.Check(); len(l) > 0 {
		t.Error(l)
	}
	if p.Complete() == nil {
		t.Error("a plan without weeks is not complete")
	}
	p.Weeks = WeeksFrom(monday, 8, []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu}, 1)
	if err := p.Complete(); err != nil {
		t.Error(err)
	}
	s, err := p.Setting()
	if err != nil || s.Lottery.Count().Int64() != 65536 { // 4^8
		t.Errorf("%v schedules, %v", s.Lottery.Count(), err)
	}
}

func TestDefaultDesign(t *testing.T) {
	full := "weeks:\n"
	for i := range 5 {
		full += "  - {start: " + monday.Add(7*i).String() + ", home: 2}\n"
	}
	m := "margin: {absolute: 1}\n"
	for text, want := range map[string]Design{
		full + m:                              Rotate5,
		full + m + "holidays: [2027-01-12]\n": KOfM,
		full + m + "extension_weeks: 2\n":     KOfM,
		strings.ReplaceAll(full, "home: 2", "home: 2, allowed: [mon, tue, wed]") + m: KOfM,
		"groups: {days: 10, home: 5}\n" + m:                                          Grouped,
	} {
		p := mustPlan(t, text)
		if got := p.designOf(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	s, err := mustPlan(t, full+m).Setting()
	if err != nil || s.Lottery.Count().Int64() != 2040 {
		t.Errorf("rotation of two days: %v schedules, want 2040 (%v)", s.Lottery.Count(), err)
	}
}

// TestHolidaysLeaveCover: a holiday is no workday; leave and days without cover
// are workdays that are never drawn.
func TestHolidaysLeaveCover(t *testing.T) {
	p := mustPlan(t, planText(2, 1, "margin: {absolute: 1}\nholidays: [2027-01-11]\nleave: [2027-01-12]\nconstraints: {cover: {team: 4, in_office: 2, away: [{date: 2027-01-13, people: 2}]}}\n"))
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Days) != 9 || s.Days[0].Date != day.On(2027, 1, 12) || s.Days[0].Chance != 0 || s.Days[1].Chance != 0 || s.Days[2].Chance != .5 {
		t.Errorf("%+v", s.Days[:4])
	}
	if n := s.Lottery.Count().Int64(); n != 10 { // Thursday or Friday, then five
		t.Errorf("%d schedules, want 10", n)
	}
}

func TestHash(t *testing.T) {
	a := mustPlan(t, planText(4, 2, "title: A & B <c>\nmargin: {absolute: 1}\n"))
	b := mustPlan(t, "margin: {absolute: 1.0}\ntitle: \"A & B <c>\"\n"+planText(4, 2, ""))
	ha, err := a.Hash()
	if err != nil {
		t.Fatal(err)
	}
	if hb, _ := b.Hash(); ha != hb {
		t.Error("the same plan in another order of keys has another hash")
	}
	b.Margin.Absolute = 1.5
	if hb, _ := b.Hash(); ha == hb {
		t.Error("another margin has the same hash")
	}
	a.Drawn = &Commitment{Plan: ha, Word: "x"}
	if again, _ := a.Hash(); again != ha {
		t.Error("the record of the draw changes the hash")
	}
	c, _ := a.Canonical()
	if !strings.HasPrefix(string(c), `{"design":"kofm","margin":{"absolute":1},"title":"A & B <c>","weeks":[{"allowed":["mon",`) {
		t.Errorf("canonical: %s", c)
	}
}

var nonce = []byte("0123456789abcdef0123456789abcdef")

func TestDrawAndReplay(t *testing.T) {
	p := mustPlan(t, planText(8, 1, "margin: {absolute: 1}\n"))
	d, err := DrawDays(p, nonce, "marigold")
	if err != nil {
		t.Fatal(err)
	}
	again, err := Replay(p, d.Commitment, nonce)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Days {
		if d.Days[i] != again.Days[i] {
			t.Errorf("%s differs", d.Days[i].Date)
		}
	}
	// a golden draw: it must be the same for ever
	var got []string
	for _, h := range d.Days {
		if h.Home {
			got = append(got, h.Date.Weekday().String())
		}
	}
	if s := strings.Join(got, " "); s != goldenDraw {
		t.Errorf("drawn: %s", s)
	}
	other, err := DrawDays(p, nonce, "tulip")
	if err != nil {
		t.Fatal(err)
	}
	same := true
	for i := range d.Days {
		same = same && d.Days[i] == other.Days[i]
	}
	if same {
		t.Error("another word gives the same days")
	}
	if _, err := Replay(p, d.Commitment, []byte("another nonce of bytes")); fault.CodeOf(err) != CodeNonce {
		t.Errorf("a wrong nonce: %v", err)
	}
	p.Margin.Absolute = 2
	if _, err := Replay(p, d.Commitment, nonce); fault.CodeOf(err) != CodeChanged {
		t.Errorf("a changed plan: %v", err)
	}
	if n := len(d.Until(monday)); n != 10 {
		t.Errorf("%d days are shown in the first week, want the ten of two weeks", n)
	}
}

const goldenDraw = "mon wed thu wed tue fri mon tue"

// TestExtensionBegins: the draw of a plan with an extension begins with the
// planned weeks, and all of it fits.
func TestExtensionBegins(t *testing.T) {
	p := mustPlan(t, planText(4, 2, "margin: {absolute: 1}\nextension_weeks: 2\nconstraints: {max_running: 1}\n"))
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	d, err := DrawDays(p, nonce, "w")
	if err != nil || len(d.Days) != 30 {
		t.Fatal(err, len(d.Days))
	}
	z := make([]bool, 30)
	for i, h := range d.Days {
		z[i] = h.Home
	}
	if at, ok := s.Long.Fits(z); !ok {
		t.Errorf("day %d does not fit", at)
	}
	if at, ok := s.Lottery.Fits(z[:20]); !ok {
		t.Errorf("day %d of the planned weeks does not fit", at)
	}
}

func TestRefusedDraws(t *testing.T) {
	few := mustPlan(t, planText(1, 1, "margin: {absolute: 1}\n"))
	if _, err := DrawDays(few, nonce, ""); fault.CodeOf(err) != CodeTooFew || fault.KindOf(err) != fault.Finding {
		t.Errorf("5 schedules: %v", err)
	}
	ok := mustPlan(t, planText(2, 1, "margin: {absolute: 1}\n"))
	if _, err := DrawDays(ok, nonce[:8], ""); fault.CodeOf(err) != CodeNonce {
		t.Errorf("a short nonce: %v", err)
	}
	fixed := mustPlan(t, "design: fixed\nweeks: [{start: 2027-01-11, allowed: [tue], home: 1}]\nmargin: {absolute: 1}\n")
	if _, err := DrawDays(fixed, nonce, ""); fault.CodeOf(err) != CodeTooFew {
		t.Errorf("fixed days: %v", err)
	}
}

// TestDrawsFit: for any small plan the draw fits, and replay gives it again.
func TestDrawsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		design := rapid.SampledFrom([]Design{KOfM, AltWeek, Mixed, Matched, Start}).Draw(t, "design")
		weeks := 2 * rapid.IntRange(3, 6).Draw(t, "pairs")
		allowed := []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu}
		p := Plan{Design: design, Weeks: WeeksFrom(monday, weeks, allowed, 2), Margin: Margin{Absolute: 1}}
		if design == Start {
			p.Weeks = WeeksFrom(monday, 25, allowed, 2)
			p.Start = &Candidates{}
			for i := range 22 {
				p.Start.Candidates = append(p.Start.Candidates, WeekRef(monday.Add(7*i).String()))
			}
		}
		if design == KOfM && rapid.Bool().Draw(t, "limited") {
			p.Constraints.MaxRunning = 1
		}
		word := rapid.String().Draw(t, "word")
		if len(word) > maxWord {
			word = ""
		}
		d, err := DrawDays(p, nonce, word)
		if fault.CodeOf(err) == CodeTooFew {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		s, err := p.Setting()
		if err != nil {
			t.Fatal(err)
		}
		z := make([]bool, len(d.Days))
		for i, h := range d.Days {
			z[i] = h.Home
		}
		if at, ok := s.Lottery.Fits(z); !ok {
			t.Fatalf("day %d of the draw does not fit", at)
		}
		again, err := Replay(p, d.Commitment, nonce)
		if err != nil {
			t.Fatal(err)
		}
		for i := range z {
			if again.Days[i].Home != z[i] {
				t.Fatal("replay differs")
			}
		}
	})
}

// TestPrecisionTable compares the planner's standard errors with the table of
// section 1.2 (rho .3): the plan's draws are ours, so 3 in 100 are allowed.
func TestPrecisionTable(t *testing.T) {
	for _, c := range []struct {
		weeks, home int
		se          float64
	}{{2, 1, .74}, {4, 1, .53}, {8, 1, .36}, {12, 1, .29}, {2, 2, .61}, {4, 2, .43}, {8, 2, .30}, {24, 2, .17}} {
		p := mustPlan(t, planText(c.weeks, c.home, "margin: {absolute: 1}\n"))
		s, err := p.Setting()
		if err != nil {
			t.Fatal(err)
		}
		if got := p.precision(s).se; math.Abs(got-c.se) > .005+.03*c.se {
			t.Errorf("%d weeks, %d days: SE %.3f, table %.2f", c.weeks, c.home, got, c.se)
		}
	}
}

// TestVerdictOdds compares with the simulated table of section 3 (margin .5 SD,
// two days of five): noncentral t against 4000 runs, so .03 is allowed.
func TestVerdictOdds(t *testing.T) {
	for _, c := range []struct {
		weeks  int
		effect float64
		want   VerdictOdds
	}{
		{4, 0, VerdictOdds{.29, .32, .36, .02, 0}},
		{8, 0, VerdictOdds{.49, .30, .20, .01, 0}},
		{16, 0, VerdictOdds{.77, .17, .05, 0, 0}},
		{8, -.5, VerdictOdds{.05, .16, .59, .15, .05}},
		{8, -1, VerdictOdds{0, 0, .19, .30, .50}},
		{8, .5, VerdictOdds{.94, .05, .01, 0, 0}},
	} {
		p := mustPlan(t, planText(c.weeks, 2, "margin: {absolute: 1}\n"))
		s, err := p.Setting()
		if err != nil {
			t.Fatal(err)
		}
		got := p.precision(s).verdicts(.5, c.effect)
		for i, d := range []float64{got.Clearly - c.want.Clearly, got.Probably - c.want.Probably, got.CannotTell - c.want.CannotTell,
			got.ProbablyWorse - c.want.ProbablyWorse, got.Worse - c.want.Worse} {
			if math.Abs(d) > .03 {
				t.Errorf("%d weeks, effect %g, verdict %d: %+v, want %+v", c.weeks, c.effect, i, got, c.want)
			}
		}
	}
}

// TestDaysNeeded compares with the table of days of section 1.2: 20 % spread
// and a 10 % margin need about 86 days, 30 % about 195.
func TestDaysNeeded(t *testing.T) {
	for sd, want := range map[string]float64{"2": 86, "3": 195, "4": 346} {
		p := mustPlan(t, planText(8, 2, "margin: {relative: 0.10}\nusual: {mean: 10, sd: "+sd+"}\n"))
		o, err := PlanOdds(p)
		if err != nil {
			t.Fatal(err)
		}
		if o.DaysNeeded == nil || math.Abs(float64(*o.DaysNeeded)-want) > .08*want+5 {
			t.Errorf("spread %s: %v days, want about %g", sd, *o.DaysNeeded, want)
		}
		if len(o.Alternatives) != 4 || o.Odds == nil || *o.MarginInSD <= 0 {
			t.Errorf("%+v", o)
		}
	}
}

func TestOddsWarnAndRefuse(t *testing.T) {
	o, err := PlanOdds(mustPlan(t, planText(1, 1, "margin: {relative: 0.3}\n")))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Refusals) != 1 || o.Odds != nil || len(o.Examples) != 4 {
		t.Errorf("%+v", o)
	}
	all := strings.Join(o.Warnings, "\n")
	for _, want := range []string{"usual spread", "more than a quarter", "fewer than five home days", "fewer than 4 weeks", "grade B"} {
		if !strings.Contains(all, want) {
			t.Errorf("no warning with %q in %s", want, all)
		}
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add([]byte(planText(4, 2, counted+"margin: {absolute: 1}\n")))
	f.Add([]byte("groups: {days: 10, home: 5}\nmargin: {relative: 0.1}\n"))
	f.Add([]byte("design: start\nstart: {candidates: [1, 2027-01-18]}\nmargin: {relative: 0.1}\nweeks: [{start: 2027-01-11, home: 1}, {start: 2027-01-18, home: 1}]\n"))
	f.Add([]byte("design: mixed\npairs: [[1, 2]]\nmargin: {relative: 0.1}\nweeks: [{start: 2027-01-11, home: 1}, {start: 9999-12-30, home: 1}]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ReadPlan("PLAN.yaml", b)
		if err != nil {
			return
		}
		if _, err := p.Hash(); err != nil {
			t.Fatal(err)
		}
		if len(p.Weeks) > 30 || p.Groups != nil && p.Groups.Days > 200 || p.ExtensionWeeks > 30 {
			return // only to keep the fuzzing quick
		}
		if _, err := PlanOdds(p); err != nil {
			t.Fatalf("a plan that was read has no odds: %v", err)
		}
	})
}
