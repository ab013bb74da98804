package web

import (
	"net/http"
	"slices"
	"strconv"

	"homecase/day"
	"homecase/share"
)

// changesView is where changes are written down that came another way.
type changesView struct {
	Boss    string
	Form    form
	Problem string
	// Corrects is the id of what was written down before and was wrong; empty where
	// nothing was.
	Corrects string
}

func showChanges(v *visit) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	a := newAnswers()
	a.Set("on", v.today().String())
	e, d := s.Ahead.Edition(), s.Ahead.Decision()
	switch {
	case e == nil:
	case d != nil && d.Way != "":
		if fillRecording(a, d); d.Terms != nil {
			fillTerms(a, *d.Terms)
			break
		}
		fallthrough
	default:
		fillTerms(a, e.Terms)
	}
	return v.changesPage(http.StatusOK, a, "")
}

func (v *visit) changesPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	e := s.Ahead.Edition()
	d := s.Ahead.Decision()
	if e == nil || d != nil && d.Way == "" {
		return v.seeOther("/share/answer")
	}
	view := changesView{Boss: v.boss(), Problem: problem, Form: form{Action: "/share/answer/changes"}}
	if d != nil {
		view.Corrects = d.ID
	}
	view.Form.Fields = append(v.termFields(a, e.Terms), v.recordFields(a, "way", "on", "note")...)
	title := v.say(v.s.label("changes-title"))
	return v.show(status, "share-changes", page{Title: title, Error: len(a.bad) > 0 || problem != "", Tab: "talk", Back: "/share/answer", Status: officeStatus(s)}, view)
}

// mostPromises is how many promises a form shows or sends.
const mostPromises = 40

// fillTerms puts terms into a form.
func fillTerms(a answers, t share.Terms) {
	a.Set("days", itoa(t.HalfDays))
	for _, w := range t.Weekdays {
		a.Add("weekdays", w.String())
	}
	if t.Lottery {
		a.Set("lottery", "yes")
	}
	for name, on := range map[string]day.Date{"start": t.Start, "decide": t.DecideOn} {
		if !on.IsZero() {
			a.Set(name, on.String())
		}
	}
	if t.Weeks > 0 {
		a.Set("weeks", itoa(t.Weeks))
	}
	a.Set("stop", t.Stop)
	a.Set("notice", t.Notice)
	for i, p := range t.Promises {
		a.Set("promise-"+itoa(i+1), p)
	}
}

// termFields ask for terms. was is what was asked for.
func (v *visit) termFields(a answers, was share.Terms) []field {
	one := func(name, kind string) field {
		return field{ID: "f-" + name, Name: name, Kind: kind, Label: v.s.label("changes-" + name), Hint: v.s.label("changes-" + name + "-hint"), Value: a.Get(name), Error: a.bad[name]}
	}
	days, week, lottery := one("days", "select"), one("weekdays", "home-days"), one("lottery", "checks")
	for half := 1; half <= 10; half++ {
		days.Options = append(days.Options, option{Value: itoa(half), Label: v.homeDays(half), On: a.Get("days") == itoa(half)})
	}
	for i := range 7 {
		d := day.Weekday((i + 1) % 7)
		if i < 5 || slices.Contains(was.Weekdays, d) {
			week.Options = append(week.Options, option{ID: "f-weekdays-" + itoa(i+1), Value: d.String(), Label: d.Name()[:3], On: slices.Contains(a.Values["weekdays"], d.String())})
		}
	}
	lottery.Options = []option{{ID: "f-lottery", Value: "yes", Label: v.s.label("changes-lottery-yes"), On: a.Get("lottery") == "yes"}}
	start, weeks, decide := one("start", "date"), one("weeks", "text"), one("decide", "date")
	start.Width, weeks.Width, weeks.Numeric, decide.Width = 14, 4, true, 14
	fields := []field{days, week, lottery, start, weeks, decide}
	for i := range min(len(was.Promises)+2, mostPromises) {
		name := "promise-" + itoa(i+1)
		f := field{ID: "f-" + name, Name: name, Kind: "area", Value: a.Get(name), Error: a.bad[name], Label: v.say(v.s.label("changes-promise"), "{n}", itoa(i+1))}
		if i >= len(was.Promises) {
			f.Label = v.say(v.s.label("changes-new-promise"), "{n}", itoa(i+1))
		}
		fields = append(fields, f)
	}
	if was.Stop == "by_law" {
		return fields
	}
	stop := one("stop", "choice")
	for i, id := range []string{"on_any_day", "by_notice"} {
		stop.Options = append(stop.Options, option{ID: "f-stop-" + itoa(i+1), Value: id, Label: v.s.label("stop-" + id), On: a.Get("stop") == id})
	}
	notice := one("notice", "text")
	notice.Width = 14
	return append(fields, stop, notice)
}

// readTerms reads the fields of terms. What the form does not ask for stays.
func (v *visit) readTerms(a answers, was share.Terms) share.Terms {
	t := share.Terms{Lottery: a.Get("lottery") == "yes", Stop: was.Stop, Until: was.Until}
	if n, err := strconv.Atoi(a.line("days")); err == nil && n >= 1 && n <= 10 {
		t.HalfDays = n
	} else {
		a.refuse("days", "%s", v.s.label("changes-days-missing"))
	}
	for _, name := range a.Values["weekdays"] {
		var d day.Weekday
		if d.UnmarshalText([]byte(name)) == nil && !slices.Contains(t.Weekdays, d) {
			t.Weekdays = append(t.Weekdays, d)
		}
	}
	if need := t.NeedsDays(was); need > 0 {
		a.refuse("weekdays", "%s", v.say(v.s.label("changes-weekdays-few"), "{n}", itoa(need)))
	}
	t.Start = a.date("start", v.s.label("changes-start"))
	if weeks := a.line("weeks"); weeks != "" {
		n, err := strconv.Atoi(weeks)
		if err != nil || n < 1 || n > share.MaxWeeks {
			a.refuse("weeks", "%s", v.say(v.s.label("changes-weeks-wrong"), "{n}", itoa(share.MaxWeeks)))
			n = 0
		}
		t.Weeks = n
	}
	if t.Start != was.Start || t.Weeks != was.Weeks {
		t.Until = share.LastDay(t.Start, t.Weeks)
	}
	t.DecideOn = a.date("decide", v.s.label("changes-decide"))
	if !t.DecideOn.IsZero() && t.DecideOn.Before(t.Until) && t.DecideOn != was.DecideOn {
		a.refuse("decide", "%s", v.s.label("changes-decide-early"))
	}
	if s := a.Get("stop"); was.Stop != "by_law" && (s == "on_any_day" || s == "by_notice") {
		t.Stop = s
	}
	if t.Stop == "by_notice" {
		if t.Notice = a.line("notice"); t.Notice == "" {
			a.refuse("notice", "%s", v.s.label("changes-notice-missing"))
		}
		a.long("notice", share.MaxNotice)
	}
	for i := range mostPromises {
		name := "promise-" + itoa(i+1)
		if a.long(name, share.MaxQuestion); a.text(name) != "" {
			t.Promises = append(t.Promises, a.text(name))
		}
	}
	return t
}

// saveChanges writes down what the other side would agree to.
func saveChanges(v *visit) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	e := s.Ahead.Edition()
	a := answers{v.form(), map[string]string{}}
	if d := s.Ahead.Decision(); e == nil || d != nil && d.ID != a.line("corrects") {
		return v.seeOther("/share/answer")
	}
	terms := v.readTerms(a, e.Terms)
	a.Set("answer", string(share.Countered))
	r := v.readRecording(a)
	if len(a.bad) == 0 && terms.Same(e.Terms) {
		a.refuse("days", "%s", v.say(v.s.label("changes-none")))
	}
	refused := func(say string) error { return v.changesPage(http.StatusUnprocessableEntity, a, say) }
	if len(a.bad) > 0 {
		return refused("")
	}
	r.Terms, r.Corrects = &terms, a.line("corrects")
	_, err = v.s.work.Recorded(v.ctx(), v.open, r)
	return v.sent(err, "/share/answer", refused)
}
