package homecase

import (
	"slices"
	"strings"

	"homecase/concern"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/packet"
	"homecase/plan"
)

// MayAsk refuses whatever asks for something before the agreed day.
func (c *Case) MayAsk(on day.Date) error {
	may, from := c.Plan.MayAsk(on)
	if may {
		return nil
	}
	f := fault.New(fault.Finding, "HC-NOTE-03", "Not before %s: that is the day to ask again.", c.Locale().Date(from)).At(fault.Place{Path: "plan.not_now"})
	if o := c.Plan.Outcome; o != nil && o.How == plan.Thinking {
		return f.Then("Let it be thought about until then.")
	}
	return f.Then("Work on the worry until then.")
}

// mayAsk refuses a letter that asks for something before the agreed day.
func (n *noteWriter) mayAsk() error { return n.full.MayAsk(n.o.On) }

// project asks openly for one day at home.
func (n *noteWriter) project() error {
	o, b := n.o, n.b
	if err := n.missing(map[string]bool{"project.name": strings.TrimSpace(o.Project) == "", "project.date": o.ProjectDate.IsZero()}); err != nil {
		return err
	}
	if err := n.mayAsk(); err != nil {
		return err
	}
	if err := n.projectDay(); err != nil {
		return err
	}
	b.Set("project.name", strings.TrimSuffix(strings.TrimSpace(o.Project), "."), "as given", "letter")
	b.Set("project.day", n.l.WeekdayDate(o.ProjectDate), "as given", "letter")
	b.Set("project.result-day", n.l.WeekdayDate(nextWorkingDay(o.ProjectDate)), "the next day from Monday to Friday", "letter")
	n.title = "note.project-subject"
	n.say("note.project-why", "note.project-ask")
	ids := []string{"note.project-reach-usual"}
	if b.Has("note.reach-from") && b.Has("note.reach-to") {
		ids[0] = "note.project-reach"
	}
	if b.Has("note.recall") {
		ids = append(ids, "note.project-recall")
	}
	if b.Span("letter.cover").Text != "" {
		ids = append(ids, "note.project-cover")
	}
	n.say(ids...)
	n.say("note.project-result", "note.project-other")
	return nil
}

// CodeProjectDay is the code of a project day that cannot be meant.
const CodeProjectDay fault.Code = "HC-NOTE-04"

// projectDay refuses a day that the person cannot mean.
func (n *noteWriter) projectDay() error {
	d := n.o.ProjectDate
	bad := func(say string, args ...any) error {
		return fault.New(fault.Invalid, CodeProjectDay, say, args...).Then("Choose another day.")
	}
	switch w := d.Weekday(); {
	case !d.After(n.o.On):
		return bad("The day %s does not come after the letter, which is dated %s.", n.l.Date(d), n.l.Date(n.o.On))
	case w == day.Sat || w == day.Sun:
		return bad("The day %s is a %s.", n.l.Date(d), w.Name())
	}
	for _, r := range n.c.Plan.OfficeDays {
		if r.Matches(d, working) {
			return bad("The day %s is one you keep in the office: %s.", n.l.Date(d), r)
		}
	}
	return nil
}

func working(d day.Date) bool { w := d.Weekday(); return w != day.Sat && w != day.Sun }

func nextWorkingDay(d day.Date) day.Date {
	for d = d.Add(1); !working(d); {
		d = d.Add(1)
	}
	return d
}

// thanks says thank you on the day of the talk, and repeats what was agreed.
func (n *noteWriter) thanks() error {
	p, b := n.full.Plan, n.b
	var on day.Date
	if p.Talk != nil {
		on = p.Talk.Date
	}
	how := plan.How("")
	if p.Outcome != nil {
		how = p.Outcome.How
		if !p.Outcome.On.IsZero() && (on.IsZero() || p.Outcome.On.Before(on)) { // the talk came sooner than arranged
			on = p.Outcome.On
		}
	}
	if err := n.missing(map[string]bool{"plan.talk.date": on.IsZero()}); err != nil {
		return err
	}
	if on.After(n.o.On) {
		return fault.New(fault.Invalid, "HC-NOTE-05", "The talk is on %s, after the date of this letter, %s.", n.l.Date(on), n.l.Date(n.o.On)).
			At(fault.Place{Path: "plan.talk.date"}).Then("Date the letter with --on.")
	}
	b.Set("talk.day", n.l.WeekdayDate(on), "as given", "letter")
	n.title = "note.thanks-subject"
	switch how {
	case plan.Agreed, plan.AgreedWithChanges:
		n.title = "note.thanks-agreed-subject"
		id := "note.thanks-agreed"
		if how == plan.AgreedWithChanges {
			id = "note.thanks-changes"
		}
		n.say("note.thanks", id)
		n.list(packet.Bullets, n.agreed())
		n.say("note.thanks-wrong")
	case plan.Thinking:
		n.say("note.thanks", "note.thanks-thinking")
	case plan.SaidNotNow:
		n.say("note.thanks", "note.thanks-no")
	default:
		n.say("note.thanks", "note.thanks-noted")
	}
	return nil
}

// agreed is what a yes was given to, point by point.
func (n *noteWriter) agreed() []packet.Text {
	p := n.c.Plan
	ids := []string{"note.agreed-undated"}
	switch {
	case n.b.Has("ask.to"):
		ids[0] = "note.agreed-days"
	case !p.Start.IsZero():
		ids[0] = "note.agreed-standing"
	}
	switch {
	case p.Choice == plan.Lottery:
		ids = append(ids, "note.agreed-drawn")
	case p.Choice == plan.Boss:
		ids = append(ids, "note.agreed-boss")
	case len(p.Wish) > 0:
		ids = append(ids, "note.agreed-fixed")
	}
	if n.b.Has("ask.decide") {
		ids = append(ids, "note.agreed-decide")
	}
	var items []packet.Text
	for _, id := range ids {
		items = append(items, n.b.Says("", id))
	}
	for i, promise := range p.Promises {
		n.b.Set(nth("promise", i)+".text", sentence(promise.Text), "as promised", "letter")
		items = append(items, n.b.Says(nth("promise", i), "note.not-now-task"))
	}
	return items
}

// notNow takes a "not now" with thanks, the worry, and the day to ask again.
func (n *noteWriter) notNow() error {
	no, b := n.full.Plan.NotNow, n.b
	if no == nil {
		no = &plan.NotNow{}
	}
	if err := n.missing(map[string]bool{"plan.not_now.said": no.Said.IsZero(), "plan.not_now.worry": strings.TrimSpace(no.Worry) == ""}); err != nil {
		return err
	}
	b.Set("not-now.said", n.l.WeekdayDate(no.Said), "as given", "letter")
	b.Set("not-now.worry", sentence(no.Worry), "as given", "letter")
	b.Set("not-now.again", n.l.Date(no.RetryOn()), "the day agreed, or three months later", "letter")
	n.title = "note.not-now-subject"
	n.say("note.not-now-thanks", "note.not-now-worry")
	var tasks []packet.Text
	for i, t := range no.Tasks {
		if !t.DoneOn.IsZero() || strings.TrimSpace(t.Text) == "" {
			continue
		}
		ref := nth("task", i)
		b.Set(ref+".text", sentence(t.Text), "as given", "letter")
		tasks = append(tasks, n.b.Says(ref, "note.not-now-task"))
	}
	b.Word("not-now.tasks", len(tasks), "counted", "letter")
	if len(tasks) > 0 {
		n.say("note.not-now-tasks")
		n.list(packet.Bullets, tasks)
	} else {
		n.say("note.not-now-work")
	}
	n.say("note.not-now-again", "note.not-now-stays")
	return nil
}

// question asks Human Resources what is unknown, and what is theirs to answer.
func (n *noteWriter) question() error {
	b, c := n.b, n.c
	at := ""
	if c.Company.Name != "" {
		at = " at " + c.Company.Name
	}
	b.Set("hr.at", at, "as given", "letter")
	var items []packet.Text
	if s := c.Facts.Programme.Status; s == "" || s == evidence.Unknown {
		items = append(items, b.Says("", "note.hr-programme"))
	}
	if x := c.Readiness.EmployerRule.Exists; !x.Known() {
		ids := []string{"note.hr-tenure"}
		if t := c.Readiness.Tenure; t != nil && !t.Since.IsZero() {
			b.Set("hr.since", n.l.Date(t.Since), "as given", "letter")
			ids = append(ids, "note.hr-tenure-since")
		}
		items = append(items, b.Says("", ids...))
	}
	raised, err := n.full.RaisedConcerns(nil) // the one that money raises is not for others to answer
	if err != nil {
		return err
	}
	views, err := c.Concerns.Views(raised...)
	if err != nil {
		return err
	}
	for _, v := range views {
		if t, ok := n.theirs(v); ok {
			items = append(items, t)
		}
	}
	if len(items) == 0 {
		return fault.New(fault.Finding, "HC-NOTE-06", "Nothing in this case is open that Human Resources can answer.").Then("See the questions with: homecase concern list FILE --owner hr.")
	}
	b.Word("hr.count", len(items), "counted", "letter")
	b.Set("hr.count-capital", capital(n.l.Word(len(items))), "counted", "letter")
	n.to, n.email, n.hello, n.title = "Human Resources", "", "note.hello-hr", "note.hr-subject"
	n.say("note.hr-intro")
	n.list(packet.Numbers, items)
	n.say("note.hr-close")
	return nil
}

// medical is the question whether an ask is one for a disability. It has a
// confidential way of its own and stands in no letter.
const medical concern.ID = "C36"

// theirs turns a question of the boss into one for Human Resources, where it
// is with them or begins with them. What they cannot answer is left out.
func (n *noteWriter) theirs(v concern.View) (packet.Text, bool) {
	waiting := v.State == concern.WithOwner && v.With == concern.HR
	begins := v.State == concern.Open && len(v.Owners) > 0 && v.Owners[0] == concern.HR
	ask := "hr-ask." + string(v.ID)
	known := n.b.Knows(ask)
	if v.ID == medical || !waiting && !(begins && known) {
		return nil, false
	}
	ref := packet.Ref("hr-" + string(v.ID))
	ids := []string{ask}
	if !known {
		n.b.Set(ref+".about", lower(v.Title), "from the questions a boss may have", "letter")
		ids[0] = "note.hr-concern"
	}
	if waiting && !v.Since.IsZero() {
		n.b.Set(ref+".since", n.l.DayMonth(v.Since), "as given", "letter")
		ids = append(ids, "note.hr-asked")
	}
	return n.b.Says(ref, ids...), true
}

// reference asks a colleague who already works from home.
func (n *noteWriter) reference() error {
	p, err := n.colleague()
	if err != nil {
		return err
	}
	asks, err := evidence.Questions()
	if err != nil {
		return err
	}
	b := n.b
	n.to, n.email, n.title = p.Name, "", "note.reference-subject"
	b.Set("reference.name", p.Name, "as given", "letter")
	about, words := "note.reference-plain", "note.reference-words"
	if works := strings.TrimSuffix(strings.TrimSpace(p.Works), "."); works != "" {
		b.Set("reference.works", works, "as given", "letter")
		about, words = "note.reference-works", "note.reference-words-how"
	}
	var items []packet.Text
	for i, a := range asks {
		if a.ID == "again" && p.Consent == evidence.Yes {
			continue // it asks to name the colleague, who agreed
		}
		ref := nth("ask", i)
		b.Set(ref+".text", a.Ask, "from the five questions", "letter")
		items = append(items, b.Says(ref, "note.reference-question"))
	}
	b.Word("reference.count", len(items), "counted", "letter")
	n.say(about, "note.reference-ask")
	n.list(packet.Numbers, items)
	if p.Consent == evidence.Yes {
		n.say("note.reference-named")
		return nil
	}
	b.Set("reference.words", b.Say(words).String(), "the words as they would stand", "letter")
	n.say("note.reference-name", "note.reference-free")
	return nil
}

// colleague is who is asked: the one named, or the only one there is.
func (n *noteWriter) colleague() (evidence.Person, error) {
	people := n.full.Facts.People // the letter goes to the person named, so no consent is needed
	var names []string
	for _, p := range people {
		names = append(names, p.Name)
	}
	if len(people) == 0 && n.o.To == "" {
		return evidence.Person{}, n.missing(map[string]bool{"facts.people": true})
	}
	if n.o.To == "" && len(people) == 1 {
		return people[0], nil
	}
	if n.o.To == "" {
		return evidence.Person{}, fault.New(fault.Invalid, "HC-NOTE-07", "The case names several colleagues: %s.", n.l.List(names)).Then("Say which one with --to.")
	}
	i := slices.IndexFunc(people, func(p evidence.Person) bool { return strings.EqualFold(p.Name, strings.TrimSpace(n.o.To)) })
	if i < 0 {
		f := fault.New(fault.Missing, "HC-NOTE-08", "The case names no colleague %q.", clipped(n.o.To)).At(fault.Place{Path: "facts.people"})
		if len(names) > 0 {
			return evidence.Person{}, f.Then("It names %s.", n.l.List(names))
		}
		return evidence.Person{}, f.Then("Write the colleague into the case file.")
	}
	return people[i], nil
}

// next asks for the next rung, where the trial's verdict opens it.
func (n *noteWriter) next() error {
	p, r, b := n.full.Plan, n.o.Trial, n.b
	if err := n.missing(map[string]bool{"plan.at": p.At == "", "trial.days": r == nil}); err != nil {
		return err
	}
	if err := n.mayAsk(); err != nil {
		return err
	}
	opening, err := p.Ladder.Next(n.passed())
	if err != nil {
		return err
	}
	if opening.Step != plan.Open || opening.Rung == nil {
		return n.closed(opening)
	}
	b.Set("next.verdict", lower(b.Say("verdicts."+string(*r.Verdict)).String()), "as the report says", "letter")
	b.Count("next.home", float64(r.DaysUsed.Home), 0, "counted", "letter")
	b.Count("next.office", float64(r.DaysUsed.Office), 0, "counted", "letter")
	b.Set("next.grade", string(r.Grade), "as the report says", "letter")
	b.Set("next.name", lower(opening.Rung.Name), "the next rung of the ladder", "letter")
	b.Set("next.ask", opening.Rung.Ask, "the next rung of the ladder", "letter")
	n.title = "note.next-subject"
	verdict := "note.next-verdict"
	switch {
	case !b.Has("ask.weeks-words"):
		verdict = "note.next-verdict-plain"
	case n.weeks() == 1:
		verdict = "note.next-verdict-one"
	}
	n.say("note.next-thanks")
	n.say(verdict, "note.next-days", "note.next-grade")
	ask := "note.next-ask"
	if strings.TrimSpace(opening.Rung.Ask) == "" {
		ask = "note.next-ask-name"
	}
	n.say(ask, "note.next-same", "note.next-no")
	n.say("note.next-report")
	return nil
}

// passed is the trial as the ladder asks for it.
func (n *noteWriter) passed() plan.Passed {
	extension := n.full.Plan.ExtensionAgreed || n.full.Trial != nil && n.full.Trial.ExtensionWeeks > 0
	return Passed(n.full.Plan, n.weeks(), extension, n.o.Trial)
}

// closed refuses to ask for a rung that is not open, with the ladder's reason.
func (n *noteWriter) closed(o plan.Opening) error {
	rules, err := plan.OpeningRules()
	if err != nil {
		return err
	}
	say := "The next rung is not open."
	for _, r := range rules {
		if slices.Contains(o.Why, r.ID) {
			say = r.Say
		}
	}
	return fault.New(fault.Finding, "HC-NOTE-09", "%s", say).At(fault.Place{Path: "plan.at"})
}
