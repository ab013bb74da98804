package web

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/ops"
	"homecase/trial"
)

// logBinder ties the line of a day to the log.
func logBinder() binder {
	return binder{
		fill: fillLog, take: takeLog, words: logWords, shape: logFields, aside: (*visit).weekAside, missing: noLog,
		save: saveLog, next: func(*visit) string { return "/trial" }, back: func(*visit) string { return "/trial" },
	}
}

// logDay is the day that the address names, in the trial that runs.
func (v *visit) logDay() (*ops.Round, ops.RoundDay, bool) {
	on, err := day.Parse(v.r.PathValue("date"))
	if err != nil || on.After(v.today()) {
		return nil, ops.RoundDay{}, false
	}
	r, err := v.s.work.Round(v.ctx(), v.open)
	if err != nil || r.Sealed() {
		return nil, ops.RoundDay{}, false
	}
	d, err := r.Wanted(on)
	return r, d, err == nil
}

func noLog(v *visit) bool { _, _, ok := v.logDay(); return !ok }

func logWords(v *visit) []string {
	r, d, ok := v.logDay()
	if !ok {
		return nil
	}
	say := v.s.words["trial-log"].Say
	planned := say["before"]
	if d.Week > 0 {
		planned = say[map[bool]string{true: "fixed-", false: "drawn-"}[r.Fixed()]+string(d.Planned)]
	}
	caption := v.s.label("log-before")
	if d.Week > 0 {
		caption = v.say(v.s.label("log-week"), "{week}", itoa(d.Week), "{weeks}", itoa(r.Weeks()))
	}
	m := r.Agreement.Measure
	name := m.Name
	if name == "" {
		name = v.s.label("trial-measure-none")
	}
	return []string{"{caption}", caption, "{day}", v.kase().Locale().WeekdayDate(d.Date), "{planned}", planned, "{measure}", upperFirst(name), "{unit}", m.Unit}
}

// moreField is the name of the control of a further measure.
func moreField(i int) string { return "more-" + itoa(i+1) }

// logFields adds the further measures of the plan behind the number.
func logFields(v *visit, fields []fieldWords) []fieldWords {
	r, _, ok := v.logDay()
	if !ok {
		return fields
	}
	var out []fieldWords
	for _, f := range fields {
		out = append(out, f)
		if f.Name != "value" {
			continue
		}
		for i, m := range r.Agreement.Measures {
			out = append(out, fieldWords{Name: moreField(i), Kind: "number", Label: upperFirst(m.Name), Width: 8, Suffix: m.Unit})
		}
	}
	return out
}

func fillLog(v *visit, a answers) {
	r, d, ok := v.logDay()
	if !ok {
		return
	}
	a.Set("place", string(d.Planned))
	e := d.Entry
	if e == nil {
		return
	}
	a.Set("place", string(e.Place))
	if e.Place == "" {
		a.Set("place", "none")
	}
	if e.Value != nil {
		a.Set("value", formatNumber(*e.Value))
	}
	for i, m := range r.Agreement.Measures {
		if n := e.More[m.Name]; n != nil {
			a.Set(moreField(i), formatNumber(*n))
		}
	}
	a.Set("why", e.Why)
	a.Set("note", e.Note)
	a.Set("remark", e.Remark)
}

// takeLog checks a line; it changes nothing of the case.
func takeLog(v *visit, a answers, _ *homecase.Case, _ *homecase.Course) {
	if r, d, ok := v.logDay(); ok {
		v.readLog(a, r, d)
	}
}

func saveLog(v *visit, a answers) error {
	r, d, ok := v.logDay()
	if !ok {
		return errNoPage
	}
	return v.s.work.LogDay(v.ctx(), v.open, v.readLog(a, r, d))
}

// readLog reads a line of the log, and refuses what cannot be right.
func (v *visit) readLog(a answers, r *ops.Round, d ops.RoundDay) trial.Entry {
	e := trial.Entry{Date: d.Date, Planned: d.Planned, Place: trial.Place(a.line("place")), Why: a.line("why"), Note: a.text("note"), Remark: a.line("remark")}
	say := func(id string) string { return v.s.words["trial-log"].Say[id] }
	if e.Place == "none" {
		e.Place = ""
	}
	if e.Place != "" && e.Place != trial.AtHome && e.Place != trial.InOffice {
		a.refuse("place", "%s", v.s.words["trial-log"].Fields[0].Missing)
	}
	e.Value = v.logNumber(a, "value", r.Agreement.Measure.Name, r.Agreement.Measure.Kind)
	for i, m := range r.Agreement.Measures {
		n := v.logNumber(a, moreField(i), m.Name, m.Kind)
		if n == nil {
			continue
		}
		if e.More == nil {
			e.More = map[string]*float64{}
		}
		e.More[m.Name] = n
	}
	switch {
	case a.bad["value"] != "":
	case e.Place == "" && e.Value != nil:
		a.refuse("value", "%s", say("refuse-notworked"))
	case e.Value == nil && e.Why == "":
		a.refuse("value", "%s", say("refuse-none"))
	case e.Value != nil && e.Why != "":
		a.refuse("why", "%s", say("refuse-both"))
	}
	if len(a.bad) == 0 {
		if err := e.Check(v.today()); err != nil {
			a.refuse("remark", "%s", faultSay(err))
		}
	}
	return e
}

// most is the largest number a day can hold, as a file of days has it.
const mostValue = 1e12

// logNumber reads the number of a day by the kind of its measure.
func (v *visit) logNumber(a answers, name, label string, kind trial.MeasureKind) *float64 {
	s := a.line(name)
	if s == "" {
		return nil
	}
	refuse := func(id string) *float64 {
		a.refuse(name, "%s", v.say(v.s.words["trial-log"].Say[id], "{label}", upperFirst(label)))
		return nil
	}
	if kind == trial.Share {
		return readShare(s, func() *float64 { return refuse("refuse-share") })
	}
	n, err := readNumber(s)
	switch {
	case err != nil || n > mostValue || n < 0:
		if kind == trial.Count {
			return refuse("refuse-count")
		}
		return refuse("refuse-number")
	case kind == trial.Count && n != math.Trunc(n):
		return refuse("refuse-count")
	}
	return &n
}

// readShare reads 11:14, 11 of 14, 79% or .79.
func readShare(s string, bad func() *float64) *float64 {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " of ", ":"), "/", ":")
	if part, of, ok := strings.Cut(s, ":"); ok {
		n, err1 := readNumber(part)
		all, err2 := readNumber(of)
		if err1 != nil || err2 != nil || !(n >= 0) || !(all > 0) || n > all {
			return bad()
		}
		n /= all
		return &n
	}
	percent := strings.HasSuffix(s, "%")
	n, err := readNumber(strings.TrimSuffix(s, "%"))
	if percent {
		n /= 100
	}
	if err != nil || !(n >= 0 && n <= 1) {
		return bad()
	}
	return &n
}

// weekAside shows the days of this week and the last, to log one of them.
func (v *visit) weekAside() (template.HTML, error) {
	r, d, ok := v.logDay()
	if !ok {
		return "", nil
	}
	view := v.diary(r, max(d.Week, 1), 2)
	return v.s.part("diary-aside", view)
}

// diaryCell is one day of the diary.
type diaryCell struct {
	Text, Words, Class, Address string
}

type diaryWeek struct {
	Label string
	Cells []diaryCell
}

type diaryView struct {
	Days           []string
	Weeks          []diaryWeek
	Earlier, Later string
	Measure        string
}

// diary is the weeks up to the one given, as a table.
func (v *visit) diary(r *ops.Round, until, weeks int) diaryView {
	until = min(until, r.Weeks())
	from := max(1, until-weeks+1)
	view := diaryView{Measure: upperFirst(r.Agreement.Measure.Name)}
	l := v.kase().Locale()
	workdays := r.Agreement.Workdays
	if len(workdays) == 0 {
		workdays = day.Working()
	}
	for _, w := range workdays {
		view.Days = append(view.Days, w.Name()[:3])
	}
	for n := from; n <= until; n++ {
		view.Weeks = append(view.Weeks, diaryWeek{Label: v.say(v.s.label("diary-week"), "{n}", strconv.Itoa(n)), Cells: make([]diaryCell, len(workdays))})
		for i := range workdays {
			view.Weeks[n-from].Cells[i] = diaryCell{Class: "x", Words: v.s.label("diary-off")}
		}
	}
	for _, d := range r.Days {
		if d.Week < from || d.Week > until {
			continue
		}
		for i, w := range workdays {
			if w == d.Date.Weekday() {
				view.Weeks[d.Week-from].Cells[i] = v.diaryCell(r, d, l.Number, l.DayMonth)
			}
		}
	}
	if from > 1 {
		view.Earlier = "/trial?week=" + itoa(from-1) + "#diary"
	}
	if until < r.Weeks() && weeks > 2 {
		view.Later = "/trial?week=" + itoa(min(until+weeks, r.Weeks())) + "#diary"
	}
	return view
}

func (v *visit) diaryCell(r *ops.Round, d ops.RoundDay, number func(float64, int) string, date func(day.Date) string) diaryCell {
	c := diaryCell{Class: "x"}
	if !d.Date.After(r.Today) && r.Past == nil {
		c.Address = "/trial/log/" + d.Date.String()
	}
	e := d.Entry
	switch {
	case e != nil && e.Value != nil:
		c.Text, c.Words, c.Class = number(*e.Value, 2), v.s.label("diary-"+string(e.Place)), map[trial.Place]string{trial.AtHome: "h", trial.InOffice: "o"}[e.Place]
		if r.Agreement.Measure.Kind == trial.Share {
			c.Text = v.kase().Locale().Percent(*e.Value, 0)
		}
	case e != nil:
		c.Text, c.Words = v.s.label("diary-none"), v.s.label("diary-no-number")
	case d.Date.After(r.Shown()) || d.Planned == "":
		c.Words = v.s.label("diary-later")
	default:
		c.Text, c.Words = v.s.label("diary-plan-"+string(d.Planned)), v.s.label("diary-planned")
		if d.Planned == trial.AtHome {
			c.Class = "x p"
		}
		if d.Date.Before(r.Today) {
			c.Words = v.s.label("diary-missed")
		}
	}
	if d.Date == r.Today {
		c.Class += " now"
	}
	if c.Address != "" {
		c.Words += ", " + date(d.Date)
		if e == nil {
			c.Text = v.s.label("diary-log")
		}
	}
	return c
}
