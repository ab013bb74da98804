package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"homecase/cite"
	"homecase/day"
	"homecase/fault"
)

// Limits of what a case may hold of imports; ten years of three measures are
// 8,000 counts.
const (
	MaxImports = 60
	MaxCounts  = 40_000
)

// Import is what one export gave: counts by day, and nothing else of it.
type Import struct {
	// ID names the import for homecase evidence undo.
	ID string `json:"id"`
	// Source is the kind of export, such as git or toggl.
	Source string `json:"source"`
	// Part tells records of the same kind apart, such as two repositories. Their counts add up.
	Part string `json:"part,omitempty"`
	// FileSHA256 is the SHA-256 of the export, or of the counts where the export was a folder.
	FileSHA256 string `json:"file_sha256"`
	// ImportedOn is the day of the import.
	ImportedOn day.Date `json:"imported_on"`
	// From is the first day with a count.
	From day.Date `json:"from"`
	// Until is the last day with a count.
	Until day.Date `json:"until"`
	// Days are the counts, by day and measure. They never leave this computer.
	Days []DayCount `json:"days,omitempty"`
}

// DayCount is one number of one day.
type DayCount struct {
	// Date is the day.
	Date day.Date `json:"date"`
	// Measure is what was counted, such as items or hours.
	Measure string `json:"measure"`
	// Value is how many.
	Value float64 `json:"value"`
	// Place is home or office, where the export says so.
	Place Place `json:"place,omitempty"`
}

// OneLine keeps a day on a line of its own.
func (DayCount) OneLine() {}

// Place is where a day was worked.
type Place string

// The places.
const (
	Home   Place = "home"
	Office Place = "office"
)

// UnmarshalText refuses a word that is not a place.
func (p *Place) UnmarshalText(b []byte) error { return oneOf(p, b, "home or office", Home, Office) }

// Words lists the words a file may use.
func (Place) Words() []string { return []string{string(Home), string(Office)} }

var (
	importID      = pattern(`^[a-z][a-z0-9_-]{0,39}$`)
	importWord    = pattern(`^[a-z][a-z_]{0,29}$`)
	importHash    = pattern(`^[0-9a-f]{64}$`)
	importPart    = pattern(`^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$`)
	importRefer   = pattern(`\bimport ([a-z][a-z0-9_-]{0,39})\b`)
	importMeasure = []string{"items", "pull_requests", "commits", "story_points", "hours", "meeting_hours", "meetings", "interruptions", "marked_days", "away_days"}
)

// CountedMeasures lists what an import may count, finished work first.
func CountedMeasures() []string { return slices.Clone(importMeasure) }

// checkImports refuses what no import wrote.
func (l Ledger) checkImports(bad refuse) {
	if n := len(l.Imports); n > MaxImports {
		bad("imports", "HC-FACT-30", "There are %d imports. Keep at most %d.", n, MaxImports).Then("homecase evidence undo takes one out.")
	}
	total := 0
	for i, m := range l.Imports {
		total += len(m.Days)
		at := func(field string) string { return fmt.Sprintf("imports[%d].%s", i, field) }
		switch {
		case !importID().MatchString(m.ID):
			bad(at("id"), "HC-FACT-31", "An import needs an id of small letters and digits, such as git-1.")
		case slices.ContainsFunc(l.Imports[:i], func(o Import) bool { return o.ID == m.ID }):
			bad(at("id"), "HC-FACT-31", "Two imports have the id %s.", m.ID)
		case !importWord().MatchString(m.Source):
			bad(at("source"), "HC-FACT-32", "An import needs the kind of its export, such as git or toggl.")
		case m.Part != "" && !importPart().MatchString(m.Part):
			bad(at("part"), "HC-FACT-32", "The name of a part has up to 40 letters, digits, spaces, points and dashes.")
		case !importHash().MatchString(m.FileSHA256):
			bad(at("file_sha256"), "HC-FACT-33", "A SHA-256 has 64 digits from 0 to 9 and a to f.")
		case m.ImportedOn.IsZero():
			bad(at("imported_on"), "HC-FACT-34", "Give the day of the import.")
		case m.From.IsZero() || m.Until.Before(m.From):
			bad(at("from"), "HC-FACT-34", "Give the first and the last day of the import.")
		default:
			m.checkDays(i, bad)
		}
	}
	if total > MaxCounts {
		bad("imports", "HC-FACT-30", "The imports hold %d counts. Keep at most %d.", total, MaxCounts).Then("Import the last two years only.")
	}
}

func (m Import) checkDays(i int, bad refuse) {
	type key struct {
		date    day.Date
		measure string
		place   Place
	}
	seen := make(map[key]bool, len(m.Days))
	for j, d := range m.Days {
		say := ""
		switch k := (key{d.Date, d.Measure, d.Place}); {
		case d.Date.IsZero() || d.Date.Before(m.From) || d.Date.After(m.Until):
			say = "This day lies outside the days of its import."
		case !slices.Contains(importMeasure, d.Measure):
			say = fmt.Sprintf("There is no measure %q; the measures are %s.", clip(d.Measure), strings.Join(importMeasure, ", "))
		case !(d.Value >= 0 && d.Value <= 1e6):
			say = "A count of a day lies between 0 and a million."
		case seen[k]:
			say = "This day stands twice with the same measure and place."
		default:
			seen[k] = true
		}
		if say != "" {
			bad(fmt.Sprintf("imports[%d].days[%d]", i, j), "HC-FACT-35", "%s", say)
		}
	}
}

// Merged says what a further import changes in a ledger.
type Merged struct {
	// ID is the id of the import, empty where nothing changes.
	ID string `json:"id,omitempty"`
	// New counts were not there before.
	New int `json:"new"`
	// Same counts were there already, with the same value.
	Same int `json:"same"`
	// Changed counts were there with another value; the later import holds.
	Changed int `json:"changed"`
	// Replaces names earlier imports of the same record that this one holds whole.
	Replaces []string `json:"replaces"`
}

// Nothing tells whether the import changes nothing.
func (m Merged) Nothing() bool { return m.New == 0 && m.Changed == 0 }

// record is which record of work a count belongs to: two imports of one record
// tell the same days, two records add up.
type record struct{ source, part string }

// daySlot is one measure of one day in one record. A later import tells all of it,
// so that a day whose place became known does not count twice.
type daySlot struct {
	record
	date    day.Date
	measure string
}

// Merge compares a further import with the ledger and gives it an id. An
// import that brings nothing new is not to be kept.
func (l Ledger) Merge(in Import) (Import, Merged) {
	out := Merged{Replaces: []string{}}
	of := record{in.Source, in.Part}
	was := map[daySlot]map[Place]float64{}
	for _, c := range l.Counts() {
		if (record{c.Source, c.Part}) == of {
			s := daySlot{of, c.Date, c.Measure}
			if was[s] == nil {
				was[s] = map[Place]float64{}
			}
			was[s][c.Place] = c.Value
		}
	}
	now, tells := map[daySlot]int{}, map[daySlot]bool{}
	for _, d := range in.Days {
		s := daySlot{of, d.Date, d.Measure}
		now[s]++
		tells[s] = true
		switch v, ok := was[s][d.Place]; {
		case ok && v == d.Value:
			out.Same++
		case ok || was[s] != nil:
			out.Changed++
		default:
			out.New++
		}
	}
	for s, n := range now { // a place that is gone is a change too
		if len(was[s]) > n {
			out.Changed += len(was[s]) - n
		}
	}
	if out.Nothing() {
		return in, out
	}
	for _, m := range l.Imports {
		if (record{m.Source, m.Part}) == of && !slices.ContainsFunc(m.Days, func(d DayCount) bool { return !tells[daySlot{of, d.Date, d.Measure}] }) {
			out.Replaces = append(out.Replaces, m.ID)
		}
	}
	in.ID = l.freeID(in.Source)
	out.ID = in.ID
	return in, out
}

// Keep adds an import, in place of those that it holds whole. What brings
// nothing new is not kept.
func (l *Ledger) Keep(in Import) Merged {
	in, out := l.Merge(in)
	if out.Nothing() {
		return out
	}
	kept := slices.DeleteFunc(slices.Clone(l.Imports), func(m Import) bool { return slices.Contains(out.Replaces, m.ID) })
	l.Imports = append(kept, in)
	return out
}

// Undo takes an import out.
func (l *Ledger) Undo(id string) error {
	i, err := l.FindImport(id)
	if err != nil {
		return err
	}
	l.Imports = slices.Delete(slices.Clone(l.Imports), i, i+1)
	return nil
}

// freeID is the source with the next number, so that no id comes back.
func (l Ledger) freeID(source string) string {
	highest := 0
	for _, m := range l.Imports {
		var n int
		if _, err := fmt.Sscanf(m.ID, source+"-%d", &n); err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("%s-%d", source, highest+1)
}

// Counted is a count with the record it comes from.
type Counted struct {
	Source, Part string
	DayCount
}

// Counts are the counts of all imports, each day of a record once: where two
// imports tell the same measure of the same day, the later one holds.
func (l Ledger) Counts() []Counted {
	last := map[daySlot]int{}
	for i, m := range l.Imports {
		for _, d := range m.Days {
			last[daySlot{record{m.Source, m.Part}, d.Date, d.Measure}] = i
		}
	}
	var out []Counted
	for i, m := range l.Imports {
		for _, d := range m.Days {
			if last[daySlot{record{m.Source, m.Part}, d.Date, d.Measure}] == i {
				out = append(out, Counted{m.Source, m.Part, d})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Counted) int {
		return cmp.Or(a.Date.Sub(b.Date), cmp.Compare(slices.Index(importMeasure, a.Measure), slices.Index(importMeasure, b.Measure)), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Place, b.Place))
	})
	return out
}

// FindImport returns the place of an import in the ledger.
func (l Ledger) FindImport(id string) (int, error) {
	if i := slices.IndexFunc(l.Imports, func(m Import) bool { return m.ID == id }); i >= 0 {
		return i, nil
	}
	f := fault.New(fault.Missing, "HC-FACT-36", "There is no import %q in this case.", clip(id))
	var ids []string
	for _, m := range l.Imports {
		ids = append(ids, m.ID)
	}
	if len(ids) > 0 {
		f.Then("The imports are %s.", strings.Join(ids, ", "))
	}
	return 0, f
}

// sharedImports are the imports that a shared sentence names as its source,
// "import git-1", without their days: a reader who holds the same export can
// compare the hash. What was done on which day stays on this computer.
func (l Ledger) sharedImports() []Import {
	named := map[string]bool{}
	look := func(o cite.Origin, more ...string) {
		for _, m := range importRefer().FindAllStringSubmatch(strings.Join(append(more, o.Source), " "), -1) {
			named[m[1]] = true
		}
	}
	look(l.Measure.Origin)
	for _, r := range l.Results {
		if r.Business {
			look(r.Origin, r.Proof)
		}
	}
	var out []Import
	for _, m := range l.Imports {
		if named[m.ID] {
			m.Days, m.Part = nil, ""
			out = append(out, m)
		}
	}
	return out
}
