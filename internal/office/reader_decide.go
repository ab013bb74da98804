package office

import (
	"slices"
	"strconv"
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// decideView is what the three pages of an answer show. What was typed stays.
type decideView struct {
	ID, A, Person string
	Edition       int
	Trial         bool // it is for some weeks
	Law           *lawNote
	Windows       []window
	Terms         termsView
	Note          control
	Tick          tickbox

	// of Change it
	Days                   selection
	Week                   []option
	WeekError              *problem
	Lottery, ByLaw         bool
	Start, Weeks, DecideOn control
	Promises               []control
	Stop                   string
	NoticeOf               control

	// of Not now
	Refusal      bool
	Grounds      []option
	GroundsError *problem
	Notice       []control
	Reason       control
	Until        selection
}

// lawNote is the law of the request in short.
type lawNote struct {
	Title, Due, Silence, Longer, Appeal, Offer, When, GroundsSay string
	Changes                                                      []string
}

func (rd *readers) lawNote(v *readerVisit) *lawNote {
	law := v.Law()
	if law == nil || !law.Known {
		return nil
	}
	r := law.Regime
	n := &lawNote{
		Title: r.Title, Longer: rd.known(r.Extension), Appeal: rd.known(r.Appeal),
		Offer: rd.known(r.CounterOffer), When: rd.known(r.Decision), GroundsSay: rd.known(r.Grounds.Detail), Changes: rd.texts(r.Starts),
	}
	if v.Exchange.Decision() == nil { // once it is answered, no clock runs for an answer
		n.Due, n.Silence = v.date(dueBy(law)), rd.known(r.Silence.Detail)
	}
	return n
}

// The answers as the address names them.
var answersByName = map[string]share.Act{"agree": share.Agreed, "change": share.Countered, "not-now": share.Deferred}

// decideForm shows what an answer means before it is sent.
func (rd *readers) decideForm(v *readerVisit) error {
	if v.Exchange.Decision() != nil {
		return v.to("/decided")
	}
	name := v.r.URL.Query().Get("a")
	if _, ok := answersByName[name]; !ok {
		return rd.page(v, "choose", rd.words.Headings["choose"], nil, nil)
	}
	id, err := rd.office.NewID()
	if err != nil {
		return err
	}
	return rd.decidePage(v, name, id, answerForm{terms: v.Edition.Terms}, nil)
}

// answerForm is an answer as it was typed.
type answerForm struct {
	ticked                     bool
	note, reason, until        string
	grounds                    []string
	notice                     map[string]string
	terms                      share.Terms
	days, start, weeks, decide string
	typedTerms                 bool // the fields of Change it were sent
}

// decide takes an answer.
func (rd *readers) decide(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	name, id := v.field("a"), v.field("id")
	act, ok := answersByName[name]
	edition, err := strconv.Atoi(v.field("edition"))
	if !ok || err != nil || id == "" {
		return fault.New(fault.Invalid, "HC-READ-11", "This form is not whole.").Then("Open the page again.")
	}
	f := answerForm{
		ticked: v.field("statement") == "yes", note: v.field("note"), reason: v.field("reason"), until: v.field("until"),
		grounds: v.r.PostForm["grounds"], notice: map[string]string{}, terms: v.Edition.Terms,
	}
	for key := range v.r.PostForm {
		if of, is := strings.CutPrefix(key, "notice."); is {
			f.notice[of] = v.field(key)
		}
	}
	var wrong problems
	a := ops.Answer{ID: id, Edition: edition, Answer: act, Note: f.note}
	switch act {
	case share.Countered:
		rd.readTerms(v, &f, &wrong)
		a.Terms = &f.terms
	case share.Deferred:
		a.Reason, a.Grounds, a.Notice = f.reason, f.grounds, f.notice
		a.Until = rd.readUntil(v, f.until, &wrong)
	}
	rd.tooLong(&wrong, "note", f.note, share.MaxQuestion)
	rd.tooLong(&wrong, "reason", f.reason, share.MaxQuestion)
	for _, id := range sortedKeys(f.notice) {
		rd.tooLong(&wrong, "notice."+id, f.notice[id], share.MaxNote)
	}
	if a.Statement = rd.statement(v, name); !f.ticked {
		wrong.add("statement", rd.words.Errors["tick"])
	}
	if len(wrong) > 0 {
		rd.alsoRefusal(v, a, &wrong)
		return rd.decidePage(v, name, id, f, wrong)
	}
	err = wrong.take(rd.office.Decide(v.r.Context(), v.token, a), rd.decideControl)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return rd.decidePage(v, name, id, f, wrong)
	}
	return v.to("/decided")
}

// alsoRefusal tells what a refusal lacks along with what else is wrong.
func (rd *readers) alsoRefusal(v *readerVisit, a ops.Answer, wrong *problems) {
	law := v.Law()
	if a.Answer != share.Deferred || law == nil || !law.Refuses {
		return
	}
	tick := (*wrong)[len(*wrong)-1]
	var lacks problems
	_ = lacks.take(ops.CheckRefusal(law, a.Grounds, a.Notice), rd.decideControl) // faults of the form alone
	if tick.At == "statement" {
		*wrong = append(append((*wrong)[:len(*wrong)-1], lacks...), tick)
		return
	}
	*wrong = append(*wrong, lacks...)
}

// decideControl is the control of a path in an answer.
func (rd *readers) decideControl(path string) string {
	if i, ok := strings.CutPrefix(path, "terms.promises["); ok {
		return "promise-" + strings.TrimSuffix(i, "]")
	}
	switch path {
	case "terms.half_days":
		return "days"
	case "terms.until", "terms.start":
		return "start"
	case "statement", "note", "reason", "grounds", "until":
		return path
	}
	if strings.HasPrefix(path, "notice.") {
		return path
	}
	return ""
}

// statement is what is ticked for an answer.
func (rd *readers) statement(v *readerVisit, name string) string {
	switch law := v.Law(); name {
	case "agree":
		return rd.words.Statements["agree"]
	case "change":
		return rd.words.Statements["change"]
	default:
		if law == nil || !law.Refuses {
			return rd.words.Statements["not_now"]
		}
		switch { // by what the page above it asks for
		case len(law.Regime.GroundsToName()) > 0:
			return rd.words.Statements["refuse"]
		case len(law.Regime.WordsOfNotice(nil)) > 0:
			return rd.words.Statements["refuse_reasons"]
		}
		return rd.words.Statements["refuse_only"]
	}
}

// readTerms reads the fields of Change it.
func (rd *readers) readTerms(v *readerVisit, f *answerForm, wrong *problems) {
	was, e := v.Edition.Terms, rd.words.Errors
	f.typedTerms = true
	f.days, f.start, f.weeks, f.decide = v.field("days"), strings.TrimSpace(v.field("start")), strings.TrimSpace(v.field("weeks")), strings.TrimSpace(v.field("decide"))
	t := share.Terms{Lottery: v.field("lottery") == "yes", Stop: was.Stop, Until: was.Until}
	n, err := strconv.Atoi(f.days)
	if err != nil || n < 1 || n > 10 {
		wrong.add("days", e["days"])
	}
	t.HalfDays = n
	for _, name := range v.r.PostForm["weekdays"] {
		var d day.Weekday
		if d.UnmarshalText([]byte(name)) == nil && !slices.Contains(t.Weekdays, d) {
			t.Weekdays = append(t.Weekdays, d)
		}
	}
	if need := t.NeedsDays(was); n > 0 && n <= 10 && need > 0 {
		wrong.add("weekdays", filled(e["weekdays"], "n", v.l.Word(need)))
	}
	if t.Start, err = readDay(f.start); err != nil {
		wrong.add("start", e["start"])
	}
	if f.weeks != "" {
		if t.Weeks, err = strconv.Atoi(f.weeks); err != nil || t.Weeks < 1 || t.Weeks > share.MaxWeeks {
			wrong.add("weeks", e["weeks"])
			t.Weeks = 0
		}
	}
	if t.Start != was.Start || t.Weeks != was.Weeks {
		t.Until = share.LastDay(t.Start, t.Weeks)
	}
	if t.DecideOn, err = readDay(f.decide); err != nil || !t.DecideOn.IsZero() && !t.Until.IsZero() && t.DecideOn.Before(t.Until) && t.DecideOn != was.DecideOn {
		wrong.add("decide", e["decide"])
	}
	if s := v.field("stop"); was.Stop != "by_law" && (s == "on_any_day" || s == "by_notice") {
		t.Stop = s
	}
	if t.Stop == "by_notice" {
		if t.Notice = strings.Join(strings.Fields(v.field("notice-of")), " "); t.Notice == "" {
			wrong.add("notice-of", e["notice"])
		}
		rd.tooLong(wrong, "notice-of", t.Notice, share.MaxNotice)
	}
	for i := range mostPromises {
		text := strings.TrimSpace(v.field("promise-" + strconv.Itoa(i)))
		rd.tooLong(wrong, "promise-"+strconv.Itoa(i), text, share.MaxQuestion)
		if text != "" {
			t.Promises = append(t.Promises, text)
		}
	}
	f.terms = t
	if len(*wrong) == 0 && t.Same(was) {
		wrong.add("days", e["same"])
	}
}

// mostPromises is how many promises a form may send.
const mostPromises = 40

func readDay(s string) (day.Date, error) {
	if s == "" {
		return day.Date{}, nil
	}
	return day.Parse(s)
}

// readUntil reads the month to ask again: its first day.
func (rd *readers) readUntil(v *readerVisit, month string, wrong *problems) day.Date {
	if month == "" {
		return day.Date{}
	}
	d, err := day.Parse(month + "-01")
	if err != nil || !slices.ContainsFunc(rd.months(v, month), func(o option) bool { return o.Value == month }) {
		wrong.add("until", rd.words.Errors["until"])
		return day.Date{}
	}
	return d
}

// months are those in which the person may ask again.
func (rd *readers) months(v *readerVisit, chosen string) []option {
	out := []option{{Label: rd.words.Fields["no_month"], On: chosen == ""}}
	on := day.Of(v.Now)
	on = on.Add(1 - on.Day)
	for range 12 {
		on = on.AddMonths(1)
		value := on.String()[:len("2026-01")]
		out = append(out, option{Value: value, Label: on.Month.String() + " " + strconv.Itoa(on.Year), On: value == chosen})
	}
	return out
}

// decidePage shows the page of an answer, with what was typed.
func (rd *readers) decidePage(v *readerVisit, name, id string, f answerForm, wrong problems) error {
	w, law := rd.words, v.Law()
	d := decideView{
		ID: id, A: name, Edition: v.Edition.Publication.Edition, Person: v.Exchange.Person.Person, Trial: v.Edition.Terms.Weeks > 0, Law: rd.lawNote(v),
		Windows: rd.windowsOf(&v.Edition.Terms), Terms: rd.termsOf(v, &v.Edition.Terms),
		Note: control{At: "note", Label: w.Fields["note"], Value: f.note, Error: wrong.at("note")},
		Tick: tickbox{"statement", rd.statement(v, name), f.ticked, wrong.at("statement")},
	}
	heading := w.Headings[strings.ReplaceAll(name, "-", "_")]
	switch name {
	case "agree":
		if d.Trial {
			heading = w.Headings["agree_trial"]
		}
	case "change":
		rd.changeView(v, f, wrong, &d)
	default:
		d.Reason = control{At: "reason", Label: w.Fields["reason"], Hint: w.Fields["reason_hint"], Value: f.reason, Error: wrong.at("reason")}
		d.Until = selection{rd.months(v, f.until), wrong.at("until")}
		if law != nil && law.Refuses {
			heading, d.Refusal = w.Headings["refuse"], true
			rd.refusalView(law, f, wrong, &d)
		}
	}
	return rd.page(v, name, heading, wrong, d)
}

func (rd *readers) refusalView(law *ops.Law, f answerForm, wrong problems, d *decideView) {
	for _, g := range law.Regime.GroundsToName() {
		d.Grounds = append(d.Grounds, option{At: "ground-" + g.ID, Value: g.ID, Label: g.Text, On: slices.Contains(f.grounds, g.ID)})
	}
	d.GroundsError = wrong.at("grounds")
	grounds := f.grounds
	for _, g := range d.Grounds {
		if g.Value == "other" { // its words are asked for from the start: no script shows them later
			grounds = append(slices.Clone(grounds), "other")
		}
	}
	for _, s := range law.Regime.WordsOfNotice(grounds) {
		c := control{At: "notice." + s.ID, Label: s.Text, Value: f.notice[s.ID], Error: wrong.at("notice." + s.ID)}
		if s.ID == "other" {
			c.Label, c.Hint = rd.words.Fields["other_ground"], rd.words.Fields["other_ground_hint"]
		} else if s.Summary || s.Unverified {
			c.Hint = rd.words.Law["unverified"]
		}
		d.Notice = append(d.Notice, c)
	}
	for i := range wrong {
		if wrong[i].At == "grounds" && len(d.Grounds) > 0 {
			wrong[i].At = d.Grounds[0].At
			d.GroundsError = &problem{"grounds", wrong[i].Say}
		}
	}
}

func (rd *readers) changeView(v *readerVisit, f answerForm, wrong problems, d *decideView) {
	w, t := rd.words.Fields, f.terms
	if !f.typedTerms {
		f.days, f.start, f.decide = strconv.Itoa(t.HalfDays), dateValue(t.Start), dateValue(t.DecideOn)
		if t.Weeks > 0 {
			f.weeks = strconv.Itoa(t.Weeks)
		}
	}
	for half := 1; half <= 10; half++ {
		value := strconv.Itoa(half)
		d.Days.Options = append(d.Days.Options, option{Value: value, Label: daysInWords(v.l, half), On: value == f.days})
	}
	d.Days.Error = wrong.at("days")
	for i := range 7 {
		wd := day.Weekday((i + 1) % 7)
		if i > 4 && !slices.Contains(v.Edition.Terms.Weekdays, wd) {
			continue
		}
		d.Week = append(d.Week, option{At: "weekday-" + wd.String(), Value: wd.String(), Label: wd.Name(), On: slices.Contains(t.Weekdays, wd)})
	}
	if p := wrong.at("weekdays"); p != nil {
		d.WeekError = &problem{"weekdays", p.Say}
		p.At = d.Week[0].At
	}
	d.Lottery, d.Stop, d.ByLaw = t.Lottery, t.Stop, v.Edition.Terms.Stop == "by_law"
	d.NoticeOf = control{At: "notice-of", Label: w["notice_of"], Hint: w["notice_of_hint"], Type: "text", Value: t.Notice, Error: wrong.at("notice-of")}
	d.Start = control{At: "start", Label: w["start"], Type: "date", Value: f.start, Error: wrong.at("start")}
	d.Weeks = control{At: "weeks", Label: w["weeks"], Hint: w["weeks_hint"], Type: "text", Mode: "numeric", Value: f.weeks, Error: wrong.at("weeks")}
	d.DecideOn = control{At: "decide", Label: w["decide"], Type: "date", Value: f.decide, Error: wrong.at("decide")}
	for i := range min(len(t.Promises)+2, mostPromises) {
		c := control{At: "promise-" + strconv.Itoa(i), Label: filled(w["promise"], "n", strconv.Itoa(i+1)), Short: true}
		if i < len(t.Promises) {
			c.Value = t.Promises[i]
		} else {
			c.Label = w["new_promise"]
			if i > len(t.Promises) {
				c.Label = w["newer_promise"]
			}
		}
		c.Error = wrong.at(c.At)
		d.Promises = append(d.Promises, c)
	}
}

func dateValue(d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
