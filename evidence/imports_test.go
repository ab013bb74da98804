package evidence

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

var hash = strings.Repeat("0a", 32)

func imported(source, part string, days ...DayCount) Import {
	return Import{Source: source, Part: part, FileSHA256: hash, ImportedOn: day.Must("2026-11-24"), From: days[0].Date, Until: days[len(days)-1].Date, Days: days}
}

func count(on, measure string, v float64, p Place) DayCount {
	return DayCount{Date: day.Must(on), Measure: measure, Value: v, Place: p}
}

// A re-import changes nothing, a longer export replaces the shorter one, a
// changed day is told by the later import, and another part adds up.
func TestMergeByHand(t *testing.T) {
	first := imported("toggl", "", count("2026-09-01", "hours", 7, ""), count("2026-09-02", "hours", 8, ""))
	l := Ledger{}
	one, m := l.Merge(first)
	if d := cmp.Diff(Merged{ID: "toggl-1", New: 2, Replaces: []string{}}, m); d != "" {
		t.Fatal(d)
	}
	l.Imports = append(l.Imports, one)
	if _, m = l.Merge(first); !m.Nothing() || m.Same != 2 || m.ID != "" {
		t.Errorf("again: %+v", m)
	}
	longer := imported("toggl", "", append(first.Days, count("2026-09-03", "hours", 6, ""))...)
	if _, m = l.Merge(longer); m.ID != "toggl-2" || m.New != 1 || m.Same != 2 || len(m.Replaces) != 1 || m.Replaces[0] != "toggl-1" {
		t.Errorf("longer: %+v", m)
	}
	// The second day got a tag: 5 hours at home and 3 elsewhere are the 8 of before, not 16.
	tagged, m := l.Merge(imported("toggl", "", count("2026-09-02", "hours", 3, ""), count("2026-09-02", "hours", 5, Home)))
	if m.New != 0 || m.Changed != 2 || len(m.Replaces) != 0 {
		t.Errorf("tagged: %+v", m)
	}
	l.Imports = append(l.Imports, tagged)
	other, m := l.Merge(imported("toggl", "club", count("2026-09-02", "hours", 1, "")))
	if m.ID != "toggl-3" || m.New != 1 {
		t.Errorf("other part: %+v", m)
	}
	l.Imports = append(l.Imports, other)
	total := 0.0
	for _, c := range l.Counts() {
		total += c.Value
	}
	if total != 7+3+5+1 {
		t.Errorf("%g hours in all: %+v", total, l.Counts())
	}
	i, err := l.FindImport("toggl-2")
	if err != nil || i != 1 {
		t.Error(i, err)
	}
	if _, err := l.FindImport("git-1"); fault.KindOf(err) != fault.Missing || !strings.Contains(err.Error(), "toggl-1, toggl-2, toggl-3") {
		t.Error(err)
	}
}

func TestImportsAreChecked(t *testing.T) {
	good := "imports:\n  - id: git-1\n    source: git\n    file_sha256: " + hash + "\n    imported_on: 2026-11-24\n    from: 2026-09-01\n    until: 2026-09-02\n    days:\n      - {date: 2026-09-01, measure: commits, value: 3}\n      - {date: 2026-09-02, measure: commits, value: 2, place: home}\n"
	l := decode(t, good)
	text, err := content.Encode(l)
	if err != nil || string(text) != good {
		t.Errorf("written as\n%s%v", text, err)
	}
	for _, c := range []struct{ old, fresh, want string }{
		{"id: git-1", "id: Git 1", "HC-FACT-31"},
		{"source: git", "source: GIT!", "HC-FACT-32"},
		{"source: git\n", "source: git\n    part: '../x'\n", "HC-FACT-32"},
		{hash, "abc", "HC-FACT-33"},
		{"from: 2026-09-01", "from: 2026-09-03", "HC-FACT-34"},
		{"date: 2026-09-02", "date: 2026-09-05", "HC-FACT-35"},
		{"measure: commits, value: 3", "measure: windows, value: 3", "HC-FACT-35"},
		{"value: 3", "value: -3", "HC-FACT-35"},
		{"date: 2026-09-02, measure: commits, value: 2, place: home", "date: 2026-09-01, measure: commits, value: 2", "HC-FACT-35"},
		{"place: home", "place: café", "HC-FILE-12"},
		{"value: 3}", "value: 3, title: secret}", "HC-FILE-14"},
	} {
		var l Ledger
		err := content.Decode("f", []byte(strings.Replace(good, c.old, c.fresh, 1)), &l)
		if fault.CodeOf(err) != fault.Code(c.want) {
			t.Errorf("%s: %v", c.fresh, err)
		}
	}
	twice := decode(t, good)
	twice.Imports = append(twice.Imports, twice.Imports[0])
	if fault.CodeOf(twice.Check()) != "HC-FACT-31" {
		t.Error("two imports of one id passed")
	}
}

// No day of an import travels; its head does when a shared number names it.
func TestSharedKeepsImportedDaysHome(t *testing.T) {
	one, _ := Ledger{}.Merge(imported("git", "job search", count("2026-09-01", "commits", 3, Home)))
	l := Ledger{Imports: []Import{one}}
	if s := l.Shared(); s.Imports != nil {
		t.Errorf("unnamed: %+v", s.Imports)
	}
	l.Results = []Result{{Text: "Private.", Proof: "import git-1"}}
	if s := l.Shared(); s.Imports != nil {
		t.Errorf("named by a private result: %+v", s.Imports)
	}
	l.Measure.Origin.Source = "git history, import git-1, 2026-09-01 to 2026-11-20"
	s := l.Shared()
	text, err := json.Marshal(s)
	if err != nil || len(s.Imports) != 1 || s.Imports[0].FileSHA256 != hash || strings.Contains(string(text), "commits") || strings.Contains(string(text), "job search") {
		t.Errorf("%s %v", text, err)
	}
	if len(l.Imports[0].Days) != 1 {
		t.Error("the case lost its days")
	}
	if list := s.Check(); len(list) > 0 {
		t.Error(list)
	}
}

// Two weeks by hand: the timesheet tells hours, because it knows more days than
// the tracker; a day at both places is neither.
func TestWorkWeeksByHand(t *testing.T) {
	l := Ledger{}
	for _, in := range []Import{
		imported("toggl", "", count("2026-09-07", "hours", 7, Home), count("2026-09-08", "hours", 8, Office), count("2026-09-09", "hours", 2, Home), count("2026-09-09", "hours", 5, Office), count("2026-09-14", "hours", 6.5, "")),
		imported("activitywatch", "", count("2026-09-07", "hours", 5, "")),
		imported("ics", "", count("2026-09-08", "meeting_hours", 1.5, ""), count("2026-09-10", "marked_days", 1, Home)),
	} {
		one, _ := l.Merge(in)
		l.Imports = append(l.Imports, one)
	}
	f := func(v float64) *float64 { return &v }
	want := WorkWeeks{
		Weeks:     []WorkWeek{{Monday: day.Must("2026-09-07"), Home: 2, Office: 1, Both: 1, Hours: f(22), Meetings: f(1.5)}, {Monday: day.Must("2026-09-14"), Hours: f(6.5)}},
		HoursFrom: "toggl", MeetingsFrom: "ics", LeftOut: []string{"activitywatch"}, From: day.Must("2026-09-07"), Until: day.Must("2026-09-14"),
	}
	if d := cmp.Diff(want, l.WorkWeeks()); d != "" {
		t.Error(d)
	}
}

// A longer export takes the place of the one it holds whole; what brings
// nothing new is not kept; an undone import leaves the others.
func TestKeepAndUndo(t *testing.T) {
	short := imported("toggl", "", count("2026-09-01", "hours", 7, ""))
	long := imported("toggl", "", append(short.Days, count("2026-09-02", "hours", 8, ""))...)
	var l Ledger
	l.Keep(short)
	l.Keep(imported("toggl", "club", count("2026-09-02", "hours", 1, "")))
	before := l.Imports
	if m := l.Keep(long); m.ID != "toggl-3" || len(l.Imports) != 2 || l.Imports[1].ID != "toggl-3" || before[0].ID != "toggl-1" {
		t.Errorf("%+v of %+v", m, l.Imports)
	}
	if m := l.Keep(long); !m.Nothing() || len(l.Imports) != 2 {
		t.Errorf("kept twice: %+v", l.Imports)
	}
	if err := l.Undo("toggl-3"); err != nil || len(l.Imports) != 1 || l.Imports[0].ID != "toggl-2" {
		t.Errorf("%v, left %+v", err, l.Imports)
	}
	if err := l.Undo("toggl-3"); fault.KindOf(err) != fault.Missing {
		t.Error(err)
	}
}
