package policy

import (
	"fmt"
	"slices"
	"strings"

	"homecase/day"
	"homecase/fault"
)

// Dates are the days a person knows. A law needs some of them; the others may
// stay empty.
type Dates struct {
	Made     day.Date   `json:"made,omitzero"`     // the request was sent
	Received day.Date   `json:"received,omitzero"` // the request reached the employer
	Start    day.Date   `json:"start,omitzero"`    // the arrangement is to start
	Met      day.Date   `json:"met,omitzero"`      // both sides met about it
	Decided  day.Date   `json:"decided,omitzero"`  // the employer decided, or both agreed
	Employed day.Date   `json:"employed,omitzero"` // the employment began
	Previous []day.Date `json:"previous,omitempty"`
	// Holidays are the public holidays of the place, used only where a law counts working days.
	Holidays []day.Date `json:"-"`
}

// Clock is a period that a law sets running.
type Clock struct {
	ID  string `json:"id"`
	Who string `json:"who"` // you, employer or both: who must act
	// Kind is latest (act by then), warning (a date some sources give), earliest (not before) or until (a state ends).
	Kind string `json:"kind"`
	// From names the dates the clock may run from; the first one known is used.
	From []string `json:"from,omitempty"` // made, received, start, met, decided, employed
	// After names an earlier clock from whose date this one runs.
	After string `json:"after,omitempty"`
	Count Count  `json:"count,omitzero"`
	// Window replaces Count for a limit such as two requests in any 12 months.
	Window *Window `json:"window,omitempty"`
	What   string  `json:"what"`            // what must be done, or may be
	Means  string  `json:"means,omitempty"` // what follows when the day passes
	// Main marks a clock without which the deadlines of a regime say nothing.
	Main bool `json:"main,omitempty"`
	// Compare names the date that is checked against the result: ask, start, met or decided.
	Compare    string `json:"compare,omitempty"`
	Source     string `json:"source,omitempty"`
	Unverified bool   `json:"unverified,omitempty"`
	Note       string `json:"note,omitempty"`
}

// Window is a limit on how many requests fall into any period of months.
type Window struct {
	Requests int `json:"requests"`
	Months   int `json:"months"`
}

// Check refuses a clock that could not run.
func (c Clock) Check() fault.List {
	var l fault.List
	oneOf := func(path, got string, want ...string) {
		if !slices.Contains(want, got) {
			l = append(l, problem(path, "This must be one of: %s.", strings.Join(want, ", ")))
		}
	}
	oneOf("who", c.Who, "you", "employer", "both")
	oneOf("kind", c.Kind, "latest", "warning", "earliest", "until")
	oneOf("compare", c.Compare, "", "ask", "start", "met", "decided")
	for i, f := range c.From {
		oneOf(fmt.Sprintf("from[%d]", i), f, "made", "received", "start", "met", "decided", "employed")
	}
	if (len(c.From) == 0) == (c.After == "") {
		l = append(l, problem("from", "A clock runs either from a date or after another clock."))
	}
	if c.Window == nil && c.Count.How == "" || c.Window != nil && (c.Count.How != "" || c.Window.Requests < 1 || c.Window.Months < 1) {
		l = append(l, problem("count", "A clock has a count, or a window with requests and months."))
	}
	if c.What == "" {
		l = append(l, problem("what", "Say what must be done by then."))
	}
	return l
}

// Deadline is one date that a law sets.
type Deadline struct {
	ID         string   `json:"id"`
	Date       day.Date `json:"date"`
	Who        string   `json:"who"`
	Kind       string   `json:"kind"`
	What       string   `json:"what"`
	Means      string   `json:"means,omitempty"`
	Counted    string   `json:"counted"` // how it was counted, in words
	Source     string   `json:"source,omitempty"`
	Unverified bool     `json:"unverified"`
	Proposed   bool     `json:"proposed,omitempty"` // from a bill or an announced change: not law
	Note       string   `json:"note,omitempty"`
}

// Uncounted is a clock that could not run, and the date it waits for.
type Uncounted struct {
	ID    string   `json:"id"`
	What  string   `json:"what"`
	Needs []string `json:"needs"` // flags, such as --start
}

// Timetable is what a regime's clocks say for given dates.
type Timetable struct {
	Regime    string      `json:"regime"`
	Title     string      `json:"title"`
	Status    Status      `json:"status"`
	Dates     Dates       `json:"dates"`
	Deadlines []Deadline  `json:"deadlines"`
	Uncounted []Uncounted `json:"uncounted,omitempty"`
	Warnings  []string    `json:"warnings,omitempty"` // a date given does not fit a deadline
	Notes     []string    `json:"notes"`
}

// Deadlines counts the deadlines of a regime, soonest first; see Plan.
func Deadlines(id string, dates Dates) ([]Deadline, error) {
	t, err := Plan(id, dates)
	return t.Deadlines, err
}

// Plan counts the deadlines of the version of a regime in force when the
// request was made. A date without which none of the regime's main clocks can
// run is a fault that names the flag. A bill is counted as proposed.
func Plan(id string, dates Dates) (Timetable, error) {
	r, err := Show(id)
	if err != nil {
		return Timetable{}, err
	}
	if err := dates.check(r.ID); err != nil {
		return Timetable{}, err
	}
	if on := dates.reference(); r.Status == InForce && !on.IsZero() {
		if r, err = At(r.ID, on); err != nil {
			return Timetable{}, err
		}
	}
	return r.Plan(dates)
}

// Plan is the package's Plan for one pack.
func (r Regime) Plan(dates Dates) (Timetable, error) {
	t := Timetable{Regime: r.ID, Title: r.Title, Status: r.Status, Dates: dates, Deadlines: []Deadline{}}
	ran := map[string]Deadline{}
	main, mainNeeds := 0, [][]string{}
	for _, c := range r.Clocks {
		d, needs := c.run(dates, ran)
		if len(needs) > 0 {
			t.Uncounted = append(t.Uncounted, Uncounted{ID: c.ID, What: c.What, Needs: needs})
			if c.Main {
				mainNeeds = append(mainNeeds, needs)
			}
			continue
		}
		if s, ok := r.Source(c.Source); ok {
			d.Source = strings.TrimSpace(s.Title + " " + s.Address)
		}
		d.Proposed = r.Status != InForce
		ran[c.ID] = d
		t.Deadlines = append(t.Deadlines, d)
		if c.Main {
			main++
		}
		if w := c.warn(d, dates); w != "" {
			t.Warnings = append(t.Warnings, w)
		}
	}
	if main == 0 && len(mainNeeds) > 0 {
		return Timetable{}, needed(r.ID, mainNeeds)
	}
	slices.SortStableFunc(t.Deadlines, func(a, b Deadline) int { return a.Date.Sub(b.Date) })
	t.Notes = r.notes(dates)
	return t, nil
}

// needed names the flag of the first main clock, and the other ways in.
func needed(id string, needs [][]string) error {
	words := map[string]string{"--made": "the request was made", "--received": "your employer received the request", "--start": "the arrangement is to start", "--met": "you met", "--decided": "the decision was given", "--employed": "your employment began"}
	f := fault.New(fault.Invalid, "HC-POLICY-05", "%s counts from the day %s: add %s with that date, like %s 2026-04-06.", id, words[needs[0][0]], needs[0][0], needs[0][0])
	var also []string
	for _, n := range slices.Concat(needs...) {
		if n != needs[0][0] && !slices.Contains(also, n) {
			also = append(also, n)
		}
	}
	if len(also) > 0 {
		return f.Then("It can also use %s.", strings.Join(also, ", "))
	}
	return f
}

func (d Dates) get(name string) day.Date {
	switch name {
	case "made":
		return d.Made
	case "received":
		return d.Received
	case "start":
		return d.Start
	case "met":
		return d.Met
	case "decided":
		return d.Decided
	case "employed":
		return d.Employed
	case "ask":
		return d.ask()
	}
	return day.Date{}
}

// ask is the day the request counts from for limits and notice: received when
// known, because most laws count that day; else made.
func (d Dates) ask() day.Date {
	if !d.Received.IsZero() {
		return d.Received
	}
	return d.Made
}

// reference is the day by which the law is chosen.
func (d Dates) reference() day.Date {
	for _, v := range []day.Date{d.ask(), d.Met, d.Decided, d.Start} {
		if !v.IsZero() {
			return v
		}
	}
	return day.Date{}
}

// check refuses days that do not exist and an order that cannot be.
func (d Dates) check(id string) error {
	named := []struct {
		flag string
		date day.Date
	}{{"--employed", d.Employed}, {"--made", d.Made}, {"--received", d.Received}, {"--met", d.Met}, {"--decided", d.Decided}, {"--start", d.Start}}
	for _, p := range d.Previous {
		named = append(named, struct {
			flag string
			date day.Date
		}{"--previous", p})
	}
	for _, n := range named {
		if !n.date.IsZero() && day.Of(n.date.Time()) != n.date {
			return fault.New(fault.Invalid, "HC-POLICY-06", "%s: %s is not a day of the calendar.", n.flag, n.date)
		}
	}
	order := [][2]int{{0, 1}, {0, 2}, {0, 5}, {1, 2}, {1, 3}, {1, 4}, {2, 4}, {1, 5}, {2, 5}}
	for _, o := range order {
		a, b := named[o[0]], named[o[1]]
		if !a.date.IsZero() && !b.date.IsZero() && b.date.Before(a.date) {
			return fault.New(fault.Invalid, "HC-POLICY-07", "For %s, %s (%s) is later than %s (%s), which cannot be.", id, a.flag, a.date, b.flag, b.date)
		}
	}
	return nil
}

// run counts one clock, or names the flags it waits for.
func (c Clock) run(dates Dates, ran map[string]Deadline) (Deadline, []string) {
	d := Deadline{ID: c.ID, Who: c.Who, Kind: c.Kind, What: c.What, Means: c.Means, Unverified: c.Unverified, Note: c.Note}
	var from day.Date
	if c.After != "" {
		from = ran[c.After].Date
	}
	for _, name := range c.From {
		if from.IsZero() {
			from = dates.get(name)
		}
	}
	if from.IsZero() {
		return d, c.needs()
	}
	if c.Window != nil {
		d.Date, d.Counted, d.Means = c.Window.next(from, dates.Previous)
		return d, nil
	}
	d.Date, d.Counted = c.Count.on(from, dates.Holidays)
	return d, nil
}

func (c Clock) needs() []string {
	if c.After != "" {
		return []string{"the date of " + c.After}
	}
	var flags []string
	for _, f := range c.From {
		flags = append(flags, "--"+f)
	}
	slices.Sort(flags) // made before received before start
	return flags
}

// next applies the limit to a request of a day and those made before it.
func (w Window) next(asked day.Date, previous []day.Date) (day.Date, string, string) {
	all := []day.Date{}
	for _, p := range previous {
		if !asked.Before(p) && !asked.After(lastDay(p, w.Months)) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b day.Date) int { return b.Sub(a) }) // latest first
	free := func(p day.Date) (day.Date, string) {
		return lastDay(p, w.Months).Add(1), fmt.Sprintf("The day after the period of %d months that began with the request of %s.", w.Months, long(p))
	}
	if len(all) >= w.Requests {
		d, how := free(all[w.Requests-1])
		return d, how, fmt.Sprintf("A request on %s is one too many: the limit is %d in any %d months. The next is possible from this day.", long(asked), w.Requests, w.Months)
	}
	all = append([]day.Date{asked}, all...)
	if len(all) == w.Requests {
		d, how := free(all[w.Requests-1])
		return d, how, fmt.Sprintf("This is request %d of %d, so no further one is possible before this day.", len(all), w.Requests)
	}
	d, how := free(asked)
	return d, how, fmt.Sprintf("This is request %d of %d in any %d months, by the dates given. Once the last is used, this is the first day for another.", len(all), w.Requests, w.Months)
}

// warn says that a date given does not fit the deadline, or nothing.
func (c Clock) warn(d Deadline, dates Dates) string {
	got := dates.get(c.Compare)
	if c.Compare == "" || got.IsZero() {
		return ""
	}
	name := map[string]string{"ask": "request", "start": "start", "met": "meeting", "decided": "decision"}[c.Compare]
	late := got.Sub(d.Date)
	switch {
	case (c.Kind == "latest" || c.Kind == "warning") && late > 0:
		return fmt.Sprintf("The %s of %s is %s later than %s, the last day for it.", name, long(got), days(late), long(d.Date))
	case c.Kind == "earliest" && late < 0:
		return fmt.Sprintf("The %s of %s is %s earlier than %s, the first day for it.", name, long(got), days(-late), long(d.Date))
	}
	return ""
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// notes says what the dates do not.
func (r Regime) notes(dates Dates) []string {
	notes := []string{"This is not legal advice. Each date names its source; check it before you rely on it."}
	if r.Status != InForce {
		notes = append(notes, fmt.Sprintf("%s is %s. None of these dates binds anybody.", r.ID, statusWords(r.Status)))
	}
	if len(r.Clocks) == 0 {
		notes = append(notes, "No deadline is counted here. "+r.Decision.String())
	}
	notes = append(notes, "If no answer comes: "+r.Silence.Detail.String())
	if c := r.NextChange; c != nil {
		notes = append(notes, fmt.Sprintf("A change is expected: %s. Check whether it has come.", c.Expected))
	}
	if dates.Previous == nil && slices.ContainsFunc(r.Clocks, func(c Clock) bool { return c.Window != nil }) {
		notes = append(notes, "No earlier request was given (--previous), so the limit was counted as if there were none.")
	}
	return notes
}
