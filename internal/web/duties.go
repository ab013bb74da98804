package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/packet"
	"homecase/readiness"
)

// dutyScreens are the list of tasks and what comes of it.
func dutyScreens() []screen {
	return []screen{
		{path: "/case/ready/tasks", get: showDuties, post: saveDuties},
		{path: "/case/ready/tasks/check", get: checkDuties, post: leaveDuties},
	}
}

// dutyBinders ask about one task after the other.
func dutyBinders() map[string]binder {
	return map[string]binder{
		"duty":        {fill: fillDuty, take: takeDuty, words: dutyWords, next: afterDuty, aside: (*visit).hoursAside, missing: noDuty},
		"duty-change": {fill: fillDutyChange, take: takeDutyChange, words: dutyWords, next: afterDutyChange, aside: (*visit).hoursAside, missing: noDuty},
	}
}

// dutyRow is a line of the list as it is typed.
type dutyRow struct {
	N                int
	Name, Hours      string
	NameBad, HourBad string
}

type dutiesView struct {
	Rows      []dutyRow
	Errors    []field
	Total     string
	From      string
	CheckThis string
	Aside     template.HTML
	Focus     int // the row to begin in, after one was added
}

// Rows of the list: what a new list begins with, and what it can hold.
const (
	firstDuties = 5
	mostDuties  = 40
)

func showDuties(v *visit) error {
	var rows []dutyRow
	for _, d := range v.kase().Readiness.Duties {
		rows = append(rows, dutyRow{Name: d.Name, Hours: hoursText(d.Hours)})
	}
	if len(rows) == 0 {
		_, suggested, err := readiness.Suggest(v.kase().Person.Job)
		if err != nil {
			return err
		}
		for _, s := range suggested[:min(len(suggested), firstDuties)] {
			rows = append(rows, dutyRow{Name: s.Name})
		}
	}
	return v.duties(http.StatusOK, dutiesView{Rows: rows})
}

func hoursText(h float64) string {
	if h == 0 {
		return ""
	}
	return formatNumber(h)
}

func (v *visit) duties(status int, view dutiesView) error {
	for len(view.Rows) < firstDuties {
		view.Rows = append(view.Rows, dutyRow{})
	}
	total := 0.0
	for i := range view.Rows {
		view.Rows[i].N = i + 1
		if h, err := readNumber(view.Rows[i].Hours); err == nil {
			total += h
		}
	}
	view.Total, view.From = formatNumber(total), v.from()
	var err error
	if view.Aside, err = v.hoursAside(); err != nil {
		return err
	}
	return v.show(status, "duties", page{Title: "What do you do in a week?", Tab: "case", Back: "/case", Error: len(view.Errors) > 0}, view)
}

// saveDuties keeps the list. "Add another" keeps it too, and shows one more row.
func saveDuties(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	rows, duties := readDuties(a, v.kase().Readiness.Duties)
	view := dutiesView{Rows: rows}
	for _, r := range rows {
		for _, e := range []struct{ id, say string }{{"name-", r.NameBad}, {"hours-", r.HourBad}} {
			if e.say != "" {
				view.Errors = append(view.Errors, field{ID: e.id + itoa(r.N), Error: e.say})
			}
		}
	}
	more := v.form().Get("do") == "more"
	if len(duties) == 0 && !more && len(view.Errors) == 0 {
		view.Errors = []field{{ID: "name-1", Error: "Enter at least one task with its hours"}}
	}
	if len(view.Errors) > 0 {
		return v.duties(http.StatusUnprocessableEntity, view)
	}
	if more {
		view.Rows = append(view.Rows, dutyRow{})
		view.Focus = len(view.Rows)
		return v.duties(http.StatusOK, view)
	}
	total := 0.0
	for _, d := range duties {
		total += d.Hours
	}
	if (total > 80 || total < 10) && v.form().Get("sure") == "" {
		view.CheckThis = "This adds up to " + formatNumber(total) + " hours a week."
		return v.duties(http.StatusOK, view)
	}
	err := v.change("Saved your tasks", func(c *homecase.Case, _ *homecase.Course) error {
		_, c.Readiness.Duties = readDuties(a, c.Readiness.Duties)
		if c.Readiness.DutiesOrigin.Kind == "" {
			c.Readiness.DutiesOrigin = cite.Origin{Kind: cite.Assumption, Source: "My own list of an ordinary week", Date: v.today()}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther(v.nextDuty(0))
}

// readDuties reads the rows. A task that keeps its name keeps its answers.
func readDuties(a answers, before []readiness.Duty) ([]dutyRow, []readiness.Duty) {
	var rows []dutyRow
	var duties []readiness.Duty
	seen := map[string]bool{}
	for i := 1; i <= mostDuties; i++ {
		n := itoa(i)
		r := dutyRow{N: len(rows) + 1, Name: a.line("name-" + n), Hours: a.line("hours-" + n)}
		if r.Name == "" && r.Hours == "" {
			continue
		}
		hours, err := readNumber(r.Hours)
		switch {
		case r.Name == "":
			r.NameBad = "Enter the name of the task with " + r.Hours + " hours"
		case len([]rune(r.Name)) > 80:
			r.NameBad = "A task's name has at most 80 characters"
		case seen[strings.ToLower(r.Name)]:
			r.NameBad = r.Name + " is there twice. Give each task a name of its own"
		case r.Hours == "":
			r.HourBad = "Enter the hours for " + r.Name + ", or clear its name"
		case err != nil || hours <= 0 || hours > 100:
			r.HourBad = "Hours for " + r.Name + " must be a number, like 4"
		}
		seen[strings.ToLower(r.Name)] = true
		rows = append(rows, r)
		d := readiness.Duty{Name: r.Name, Hours: hours}
		if k := slices.IndexFunc(before, func(d readiness.Duty) bool { return d.Name == r.Name }); k >= 0 {
			d = before[k]
			d.Hours = hours
		}
		if r.NameBad == "" && r.HourBad == "" {
			duties = append(duties, d)
		}
	}
	return rows, duties
}

// nextDuty is the page of the first task from i on that nobody sorted yet, and
// the check where all are.
func (v *visit) nextDuty(i int) string {
	for n, d := range v.kase().Readiness.Duties {
		if n >= i && d.Where == "" {
			return "/case/ready/tasks/" + itoa(n+1)
		}
	}
	return "/case/ready/tasks/check"
}

// noDuty: the address names a task that is not there.
func noDuty(v *visit) bool { return v.index() < 0 || v.index() >= len(v.kase().Readiness.Duties) }

func dutyWords(v *visit) []string {
	all := v.kase().Readiness.Duties
	d := all[v.index()]
	return []string{"{number}", itoa(v.index() + 1), "{of}", itoa(len(all)), "{hours}", formatNumber(d.Hours), "{name}", d.Name}
}

func fillDuty(v *visit, a answers) {
	d := v.kase().Readiness.Duties[v.index()]
	where := string(d.Where)
	if d.Where == readiness.Office {
		binds := d.Binds
		if binds == "" || binds == readiness.BindingNotSure {
			binds = readiness.Daily
		}
		where += "-" + string(binds)
	}
	a.Set("where", where)
}

func takeDuty(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	i := v.index()
	if i >= len(c.Readiness.Duties) || a.line("where") == "" {
		return
	}
	c.Readiness.Duties = slices.Clone(c.Readiness.Duties)
	d := &c.Readiness.Duties[i]
	where, binds, _ := strings.Cut(a.line("where"), "-")
	d.Where, d.Binds = readiness.Where(where), readiness.Binding(binds)
	switch {
	case d.Where != readiness.HomeWithChange:
		d.Change, d.Cost = nil, nil
	case len(d.Change) == 0: // until the next page says
		d.Change = []readiness.Change{readiness.ChangeNotSure}
	}
}

func afterDuty(v *visit) string {
	if d := v.kase().Readiness.Duties[v.index()]; d.Where == readiness.HomeWithChange {
		return v.r.URL.Path + "/change"
	}
	return v.nextDuty(v.index() + 1)
}

func fillDutyChange(v *visit, a answers) {
	for _, c := range v.kase().Readiness.Duties[v.index()].Change {
		a.Add("change", string(c))
	}
}

func takeDutyChange(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	i := v.index()
	if i >= len(c.Readiness.Duties) {
		return
	}
	c.Readiness.Duties = slices.Clone(c.Readiness.Duties)
	c.Readiness.Duties[i].Change = nil
	for _, s := range a.Values["change"] {
		c.Readiness.Duties[i].Change = append(c.Readiness.Duties[i].Change, readiness.Change(s))
	}
	if change := c.Readiness.Duties[i].Change; len(change) > 1 { // who names a change is sure of it
		c.Readiness.Duties[i].Change = slices.DeleteFunc(change, func(s readiness.Change) bool { return s == readiness.ChangeNotSure })
	}
}

func afterDutyChange(v *visit) string { return v.nextDuty(v.index() + 1) }

// hoursRow is a task with its bar.
type hoursRow struct {
	ID, Name, Place, Hours string
	Bar                    packet.Bar
	Now                    bool
}

type hoursView struct {
	Total, Portable, Change, Open string
	Rows                          []hoursRow
}

// hours is the table of tasks that is a chart.
func (v *visit) hours() hoursView {
	h := v.kase().Readiness.Hours()
	view := hoursView{Total: formatNumber(h.Total()), Portable: formatNumber(h.Portable())}
	if h.HomeWithChange > 0 {
		view.Change = formatNumber(h.HomeWithChange)
	}
	most, open := 1.0, 0.0
	for _, d := range v.kase().Readiness.Duties {
		most = max(most, d.Hours)
		if d.Where == "" {
			open += d.Hours
		}
	}
	if open > 0 {
		view.Open = formatNumber(open)
	}
	places := map[readiness.Where]string{readiness.Home: "At home", readiness.HomeWithChange: "At home, with a change", readiness.Office: "Office", readiness.WhereNotSure: "Not sure, counts as office"}
	fills := map[readiness.Where]packet.Fill{readiness.Home: packet.FillHome, readiness.HomeWithChange: packet.FillChange, readiness.Office: packet.FillOffice, readiness.WhereNotSure: packet.FillOffice}
	for i, d := range v.kase().Readiness.Duties {
		r := hoursRow{ID: itoa(i + 1), Name: d.Name, Place: places[d.Where], Hours: formatNumber(d.Hours), Bar: packet.Bar{To: d.Hours, Max: most, Fill: fills[d.Where]}}
		if d.Where == "" {
			r.Place, r.Bar.Fill = "Not asked yet", packet.FillNone
		}
		if v.index() == i {
			r.Now, r.Place = true, "You are here"
		}
		view.Rows = append(view.Rows, r)
	}
	return view
}

// hoursAside is the table beside a question.
func (v *visit) hoursAside() (template.HTML, error) { return v.s.part("hours-aside", v.hours()) }

// checkView is what the sorted tasks come to.
type checkView struct {
	Heading, Lede string
	Soft          bool // under a full day: what instead
	Verdict       readiness.Verdict
	hoursView
}

// checkDuties says what the work supports, with every task to change.
func checkDuties(v *visit) error {
	h := v.kase().Readiness.Hours()
	if h.Total() == 0 {
		return v.seeOther("/case/ready/tasks")
	}
	verdict, err := v.kase().Assess()
	if err != nil {
		return err
	}
	view := checkView{hoursView: v.hours(), Verdict: verdict}
	view.Heading = view.Portable + " of your " + view.Total + " hours can be done at home"
	view.Soft = verdict.DaysSupported < 1
	view.Lede = v.say(v.s.label("duties-supports"), "{days}", readiness.Days(verdict.DaysSupported))
	if verdict.HalvesOnly {
		view.Lede += " " + v.s.label("duties-halves")
	}
	switch {
	case view.Soft && verdict.DaysSupported > 0:
		view.Lede = v.say(v.s.label("duties-soft"), "{days}", readiness.Days(verdict.DaysSupported))
	case view.Soft:
		view.Lede = v.s.label("duties-none")
	case verdict.DaysSupported < verdict.DaysAsked:
		view.Lede = v.say(v.s.label("duties-less"), "{days}", readiness.Days(verdict.DaysSupported), "{asked}", readiness.Days(verdict.DaysAsked))
	}
	return v.ok("duties-check", page{Title: view.Heading, Tab: "case", Back: "/case/ready/tasks"}, view)
}

func leaveDuties(v *visit) error { return v.seeOther(v.onward(homecase.TaskDuties)) }
