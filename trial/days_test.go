package trial

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"homecase/day"
	"homecase/fault"
)

const head = "date,assigned,place,value\n"

func TestReadDays(t *testing.T) {
	d, err := ReadDays("DAYS.csv", strings.NewReader("\ufeffDate, assigned,place,value,why,quality\r\n2027-01-12,office,office,,sick,\r\n2027-01-11,Home,home, 11:14,,4.5\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Rows) != 2 || d.Rows[0].Date != monday || *d.Rows[0].Value != 11./14 || *d.Rows[0].More["quality"] != 4.5 || d.Rows[0].Line != 3 {
		t.Errorf("%+v", d.Rows)
	}
	if d.Rows[1].Value != nil || d.Rows[1].Why != "sick" || d.Rows[1].More["quality"] != nil {
		t.Errorf("%+v", d.Rows[1])
	}
	var b bytes.Buffer
	if err := WriteDays(&b, d); err != nil {
		t.Fatal(err)
	}
	again, err := ReadDays("again", &b)
	if err != nil || *again.Rows[0].Value != *d.Rows[0].Value || again.Rows[1].Why != "sick" {
		t.Errorf("%v %+v", err, again)
	}
}

// TestBadRows: every bad cell is refused with the file and its line.
func TestBadRows(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
		say  string
	}{
		"empty":            {"", 1, "empty"},
		"no header":        {"2027-01-11,home,home,3\n", 1, `no column "date"`},
		"two values":       {"date,assigned,place,value,value\n", 1, "two columns"},
		"no name":          {"date,assigned,place,value,\n", 1, "no name"},
		"duplicate":        {head + "2027-01-11,home,home,3\n2027-01-12,home,home,3\n2027-01-11,home,home,4\n", 4, "first time on line 2"},
		"no number":        {head + "2027-01-11,home,home,eleven\n", 2, `"eleven" is not a number`},
		"hexadecimal":      {head + "2027-01-11,home,home,0x10\n", 2, "not a number"},
		"infinity":         {head + "2027-01-11,home,home,Inf\n", 2, "not a number"},
		"not a number":     {head + "2027-01-11,home,home,NaN\n", 2, "not a number"},
		"a decimal comma":  {head + "2027-01-11,home,home,\"3,5\"\n", 2, "not a number"},
		"huge":             {head + "2027-01-11,home,home,1e300\n", 2, "not a number"},
		"a bad share":      {head + "2027-01-11,home,home,14:11\n", 2, "not be larger"},
		"place unknown":    {head + "2027-01-11,home,cafe,3\n", 2, `"cafe" is not a place`},
		"place empty":      {head + "2027-01-11,home,,3\n", 2, "is not a place"},
		"assigned unknown": {head + "2027-01-11,,home,3\n", 2, "assigned"},
		"no such day":      {head + "2027-02-30,home,home,3\n", 2, "not a day of the calendar"},
		"an American date": {head + "11/01/2027,home,home,3\n", 2, "2026-11-24"},
		"a short row":      {head + "2027-01-11,home\n", 2, "2 cells"},
		"quotation marks":  {head + "2027-01-11,\"home,home,3\n", 2, "quotation"},
		"NUL":              {head + "2027-01-11,home,home,\x00\n", 2, "NUL"},
		"not UTF-8":        {head + "2027-01-11,home,home,\xff\n", 2, "UTF-8"},
	} {
		_, err := ReadDays("DAYS.csv", strings.NewReader(c.text))
		var list fault.List
		if !errors.As(err, &list) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f := list[0]; !strings.Contains(f.Say, c.say) || f.Place.File != "DAYS.csv" || f.Place.Line != c.line {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestManyRows(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	for i := range 100_000 {
		fmt.Fprintf(&b, "%s,office,office,3\n", monday.Add(i))
	}
	_, err := ReadDays("DAYS.csv", strings.NewReader(b.String()))
	var list fault.List
	if !errors.As(err, &list) || list[0].Place.Line != MaxRows+2 {
		t.Errorf("%v", err)
	}
}

func TestBaselineIsOffice(t *testing.T) {
	if _, err := ReadBaseline("B.csv", strings.NewReader("date,value\n2026-11-02,12\n")); err != nil {
		t.Error(err)
	}
	_, err := ReadBaseline("B.csv", strings.NewReader("date,value,place\n2026-11-02,12,home\n"))
	if err == nil || !strings.Contains(err.Error(), "B.csv:2: 2026-11-02 was a home day") {
		t.Error(err)
	}
}

// TestDaysAgainstPlan: rows that do not fit the plan are refused by date.
func TestDaysAgainstPlan(t *testing.T) {
	plan := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	change := func(f func(d *Days)) Input {
		d := daysOf(y05, z05)
		f(&d)
		return Input{Plan: plan, Days: d}
	}
	changed := plan
	changed.Drawn = &Commitment{Plan: strings.Repeat("0", 64)}
	ratio := plan
	ratio.Margin = Margin{Relative: .1}
	limited := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\nconstraints: {max_running: 1}\n"))
	four := mustPlan(t, strings.ReplaceAll(planText(4, 2, counted+"margin: {absolute: 1}\n"), ", fri]", "]"))
	for name, c := range map[string]struct {
		in   Input
		code fault.Code
		line int
		say  string
	}{
		"a day is missing":        {change(func(d *Days) { d.Rows = slices.Delete(d.Rows, 3, 4) }), CodeSchedule, 20, "2027-01-14 is a workday"},
		"a Saturday":              {change(func(d *Days) { d.Rows[4].Date = day.On(2027, 1, 16) }), CodeSchedule, 6, "2027-01-16, a Saturday, is not a workday"},
		"three home days":         {change(func(d *Days) { d.Rows[0].Assigned = AtHome }), CodeUndrawn, 2, "week 1"},
		"a Friday never allowed":  {Input{Plan: four, Days: daysOf(y05, z05)}, CodeUndrawn, 11, "2027-01-22, a Friday"},
		"too many running":        {Input{Plan: limited, Days: daysOf(y05, z05)}, CodeUndrawn, 12, "week 3"},
		"plan changed after draw": {Input{Plan: changed, Days: daysOf(y05, z05)}, CodeChanged, 0, "changed after the draw"},
		"a negative ratio":        {Input{Plan: ratio, Days: change(func(d *Days) { d.Rows[2].Value = ptr(-1.) }).Days}, CodeRow, 4, "below zero"},
		"not the drawn days":      {Input{Plan: plan, Days: daysOf(y05, z05), Nonce: nonce}, CodeUndrawn, 5, "the draw with this nonce says office"},
		"too many draws":          {Input{Plan: plan, Days: daysOf(y05, z05), Draws: 1 << 40}, CodeAsked, 0, "draws"},
	} {
		_, err := Analyse(c.in)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != c.code || f.Place.Line != c.line || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", name, err)
		}
	}
	groups := mustPlan(t, "groups: {days: 20, home: 8}\nmargin: {absolute: 1}\n"+counted)
	if _, err := Analyse(Input{Plan: groups, Days: daysOf(y05[:19], z05)}); fault.CodeOf(err) != CodeSchedule {
		t.Errorf("19 of 20 days: %v", err)
	}
	wrong := slices.Clone(z05)
	wrong[0] = 1
	if _, err := Analyse(Input{Plan: groups, Days: daysOf(y05, wrong)}); fault.CodeOf(err) != CodeUndrawn {
		t.Errorf("nine home days: %v", err)
	}
	r := analyse(t, Input{Plan: groups, Days: daysOf(y05, z05)})
	if r.NAssignments.Int64() != 125970 || *r.PNonInferiority <= 0 { // C(20,8)
		t.Errorf("groups: %v", r.NAssignments)
	}
}

// TestNonceChecksTheDraw: with the right nonce the drawn days pass.
func TestNonceChecksTheDraw(t *testing.T) {
	plan := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\n"))
	d, err := DrawDays(plan, nonce, "heron")
	if err != nil {
		t.Fatal(err)
	}
	z := make([]int, 20)
	for i, h := range d.Days {
		if h.Home {
			z[i] = 1
		}
	}
	plan.Drawn = &d.Commitment
	analyse(t, Input{Plan: plan, Days: daysOf(y05, z), Nonce: nonce})
	if _, err := Analyse(Input{Plan: plan, Days: daysOf(y05, z), Nonce: []byte("not that nonce, really")}); fault.CodeOf(err) != CodeNonce {
		t.Error(err)
	}
}

// TestOneWeekday: all home days on one weekday under a lottery is said loudly.
func TestOneWeekday(t *testing.T) {
	z := make([]int, 40)
	y := make([]float64, 40)
	for i := range z {
		if y[i] = y05[i%20]; i%5 == 1 {
			z[i] = 1
		}
	}
	r := analyse(t, Input{Plan: mustPlan(t, planText(8, 1, counted+"margin: {absolute: 1}\n")), Days: daysOf(y, z)})
	if !strings.Contains(strings.Join(r.Warnings, "\n"), "All home days fell on Tuesday") {
		t.Errorf("%q", r.Warnings)
	}
}

func TestLog(t *testing.T) {
	today := day.On(2027, 1, 22) // a Friday
	v := ptr(11.)
	for name, c := range map[string]struct {
		e  Entry
		ok bool
	}{
		"today":             {Entry{Date: today, Planned: AtHome, Place: AtHome, Value: v}, true},
		"last Friday":       {Entry{Date: today.Add(-7), Planned: AtHome, Place: AtHome, Value: v}, true},
		"last Thursday":     {Entry{Date: today.Add(-8), Planned: AtHome, Place: AtHome, Value: v}, false},
		"with a remark":     {Entry{Date: today.Add(-8), Planned: AtHome, Place: AtHome, Value: v, Remark: "was ill"}, true},
		"tomorrow":          {Entry{Date: today.Add(1), Planned: AtHome, Place: AtHome, Value: v}, false},
		"missing":           {Entry{Date: today, Planned: AtHome}, false},
		"leave":             {Entry{Date: today, Planned: AtHome, Why: "leave"}, true},
		"a value, no place": {Entry{Date: today, Planned: AtHome, Value: v}, false},
		"a café":            {Entry{Date: today, Planned: AtHome, Place: "café", Value: v}, false},
	} {
		if err := c.e.Check(today); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := FromLog([]Entry{{Date: today, Planned: AtHome, Place: AtHome, Value: v}, {Date: today.Add(-1), Planned: InOffice, Place: InOffice, Value: v},
		{Date: today, Planned: AtHome, Place: InOffice, Value: ptr(12.), Note: "private"}})
	if len(d.Rows) != 2 || *d.Rows[1].Value != 12 || d.Rows[1].Place != InOffice {
		t.Errorf("%+v", d.Rows)
	}
	if w := d.WeekTotals(); len(w) != 1 || w[0].Total != 23 || w[0].Days != 2 || w[0].Monday != day.On(2027, 1, 18) {
		t.Errorf("%+v", w)
	}
}

func TestFridayNote(t *testing.T) {
	p := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 1}\ndecide_on: 2027-02-12\n"))
	y := slices.Clone(y05)
	y[2] = math.NaN()
	d := daysOf(y, z05)
	d.Rows[2].Why = "leave"
	d.Rows[9].Place = InOffice
	n, err := FridayNote(p, d, monday.Add(11))
	if err != nil {
		t.Fatal(err)
	}
	// home: days 2, 4 and 6 of V05 have 24, 22, 24; the drawn tenth day went to the office
	if n.Week != 2 || n.Done != 4 || n.Planned != 8 || math.Abs(*n.Home-70./3) > 1e-12 {
		t.Errorf("%+v", n)
	}
	lines := strings.Split(n.Text, "\n")
	if len(strings.Fields(n.Text)) >= MaxNoteWords || !strings.HasPrefix(lines[0], "On home days: 23.3 items on average (3 days).") || strings.Contains(n.Text, "{") {
		t.Errorf("%s", n.Text)
	}
	for _, want := range []string{"On office days: ", "(6 days)", "4 of 8 home days logged, with 2 weeks to go.", "1 day without a value.", "1 day was not where the plan had it.", "Friday 12 February"} {
		if !strings.Contains(n.Text, want) {
			t.Errorf("no %q in\n%s", want, n.Text)
		}
	}
	if strings.Contains(n.Text, "leave") {
		t.Error("the note says why a day is missing")
	}
	if _, err := FridayNote(p, Days{}, monday.Add(4)); fault.CodeOf(err) != CodeSchedule {
		t.Errorf("no rows: %v", err)
	}
}

// TestWords: every sentence that people read is there, short, and filled in.
func TestWords(t *testing.T) {
	w, err := Sentences()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []Verdict{Clearly, Probably, CannotTell, ProbablyWorse, Worse} {
		if w.Verdicts[v].Heading == "" || w.Verdicts[v].Sentence == "" {
			t.Errorf("%s has no words", v)
		}
	}
	for _, g := range []Grade{GradeA, GradeB, GradeC, GradeD} {
		if w.Grades[g] == "" {
			t.Errorf("grade %s has no words", g)
		}
	}
	check := func(text string) {
		for _, s := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == ';' || r == ':' }) {
			if n := len(strings.Fields(s)); n > 25 {
				t.Errorf("%d words: %s", n, s)
			}
		}
	}
	for _, v := range w.Verdicts {
		for _, s := range []string{v.Heading, v.Better, v.Sentence, v.Inside, v.Open, v.More, v.Never, v.Unlikely} {
			check(s)
		}
	}
	for _, m := range []map[string]string{w.Report, w.Plan, w.Refusals, w.Alternatives, w.Note.Numbers, w.Note.Body} {
		for _, s := range m {
			check(s)
		}
	}
}

func FuzzReadDays(f *testing.F) {
	f.Add([]byte(head + "2027-01-11,home,home,3\n"))
	f.Add([]byte("date,assigned,place,value,why,q\n2027-01-11,office,,,sick,1:2\n"))
	f.Add([]byte(head + "2027-01-11,\"home\",home,\"3\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ReadDays("DAYS.csv", bytes.NewReader(b))
		if err != nil {
			var list fault.List
			if !errors.As(err, &list) || list[0].Place.File == "" {
				t.Fatalf("a fault without a place: %v", err)
			}
			return
		}
		for i, r := range d.Rows {
			if r.Value != nil && (math.IsNaN(*r.Value) || math.IsInf(*r.Value, 0)) || i > 0 && !d.Rows[i-1].Date.Before(r.Date) {
				t.Fatalf("row %d: %+v", i, r)
			}
		}
		var out bytes.Buffer
		if err := WriteDays(&out, d); err != nil {
			t.Fatal(err)
		}
	})
}
