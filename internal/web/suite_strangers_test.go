package web_test

import (
	"net/url"
	"strings"
	"testing"

	"homecase/day"
)

// An engineer in Spain asks for two days: numbers with a comma, euro, a law of
// her own, a letter and an agreement.
func TestAnEngineerInSpain(t *testing.T) {
	d := serve(t)
	w := d.walk(t, withMouse)
	w.open("/")
	w.press("Start")
	w.Fill("Your name", "Nuria Peña Gil")
	w.Fill("Your job title", "Software engineer")
	w.Fill("Your boss's name", "Íñigo Azcárate")
	w.pick("Spain")
	w.pick("Two days")
	for _, x := range []string{"Tuesday", "Thursday"} {
		w.Tick(x)
	}
	w.press("Continue")
	w.pick("8 weeks")
	w.at(tasksPath)
	w.sort([]duty{{"Writing code", "18,5", atHome}, {"Code review", "6", atHome}, {"Stand-up and planning", "5,5", atHome}, {"Hardware lab tests", "6", fixedDay}, {"Mentoring", "4", anyDay}})
	w.at("/case/ready/time")
	w.Fill("Years", "2")
	w.Fill("Months", "3")
	w.pick("No")
	w.at("/case/ready/self")
	w.Fill("What you did", "Released the billing service alone in August. No defect came back in 30 days, as the issue tracker shows.")
	w.press("Continue")
	w.at("/case/ready/trust")
	for _, statement := range []string{"My boss gives me work", "I tell my boss early", "We can talk about"} {
		w.In(statement).Choose("Yes")
	}
	w.press("Continue")
	w.at("/case/ready/office")
	for _, item := range []string{"A room with a door", "A computer that may", "A way to take calls", "An internet line", "Something to use when", "A way into the company", "A desk, and a chair"} {
		w.In(item).Choose("Have")
	}
	w.press("Continue")
	w.at("/case/ready/career")
	w.press("Continue")
	w.at("/case/facts/programme")
	w.pick("Some people do, without a rule")
	w.at("/case/facts/results/1")
	w.Fill("What you achieved", "Defects found after release fell from 4,5 to 2,1 a month.")
	w.Fill("Where the number comes from", "Issue tracker")
	w.press("Save this result")
	w.press("Continue")
	w.at("/case/facts/measure")
	w.Fill("What is counted", "reviews finished")
	w.Fill("What one is called", "reviews")
	w.Choose("A count of things finished")
	w.Choose("More is better")
	w.Fill("Usual amount on an office day", "3,5")
	w.Fill("How far days differ", "1,25")
	w.Fill("Where it is written down", "code host")
	w.press("Continue")
	w.at("/case/facts/studies")
	w.Tick("Bloom, Han and Liang 2024")
	w.press("Continue")
	w.at("/case/money/inputs")
	w.Tick("Equipment for the home desk")
	w.In("What the company buys once").Fill("Lowest", "90,50")
	w.In("What the company buys once").Fill("Likely", "140")
	w.In("What the company buys once").Fill("Highest", "1.220,00")
	w.press("Continue")
	w.at("/case/money/inputs")
	w.says("There is a problem")
	w.In("What the company buys once").Fill("Where it comes from", "Supplier's price list")
	for _, reason := range []string{"I pay my own line", "What I use in the office", "I check my own desk", "The insurer has not been asked", "We meet as often", "I pay heat and light", "When I am called in", "Nothing is paid to me"} {
		w.Tick(reason)
	}
	w.press("Continue")
	w.at("/case/money")
	w.press("Use this range in the packet")
	w.at("/case/reasons")
	w.Tick("A result on record")
	w.Tick("My work is counted already")
	w.press("Continue")
	w.at("/case/concerns")
	w.press("Use these ready answers")
	w.follow("Go on with the case")
	w.press("Continue")
	w.open("/case/request")
	w.says("Ley 10/2021")
	w.says("art. 34.8")
	w.open("/packet/check")
	w.make()
	for _, p := range []string{"/packet/letter", "/packet/slides", "/packet/made", "/talk/letters", "/talk/letters/hr-question", "/talk/ladder", "/trial/draw"} {
		w.open(p)
		if strings.Contains(w.Text(), "\ufffd") {
			t.Errorf("%s holds a broken letter", p)
		}
	}
	o := d.opened(t)
	if got := o.Case.Plan.Wish; len(got) != 2 {
		t.Errorf("wished for %v", got)
	}
	if m := o.Case.Facts.Measure; *m.Usual != 3.5 || *m.Spread != 1.25 || o.Case.Readiness.Duties[0].Hours != 18.5 {
		t.Errorf("numbers with a comma were read as %v, %v and %v", *m.Usual, *m.Spread, o.Case.Readiness.Duties[0].Hours)
	}
	if text := string(o.Text()); !strings.Contains(text, "90.5") || !strings.Contains(text, "1220") {
		t.Error("90,50 and 1.220,00 euros were not read as 90.50 and 1220")
	}
}

// A payroll clerk in Ireland tries home days: with days of illness, a public
// holiday, a day nobody logged, Friday's notes, the end and what follows. The
// trial runs from 18 January to 12 March 2027 and may go on over St Patrick's
// Day; 1 February is St Brigid's holiday.
func TestAPayrollClerkInIreland(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	w := d.walk(t, bareHands)
	w.open("/start/you")
	w.Fill("Your name", "Aoife Ní Bhriain")
	w.Fill("Your job title", "Payroll clerk")
	w.Fill("Your boss's name", "Órla de Búrca")
	w.pick("Ireland")
	w.open("/case/request")
	w.open("/trial/plan")
	w.Fill("First day of the trial", "2027-01-18")
	w.Fill("Length", "8")
	w.Fill("One extension", "2")
	w.Fill("The day you decide together", "2027-03-16")
	w.press("Save and go on")
	w.Tick("Órla and I both agree to this plan")
	w.press("We agree")
	w.Fill("The word Órla gives", "cáin")
	w.press("Draw the home days")
	r := d.round(t)
	for _, x := range r.Days {
		if x.Date == day.Must("2027-02-01") {
			t.Error("St Brigid's holiday is scheduled")
		}
	}
	value := values(3)
	for i, x := range r.Days {
		d.on(x.Date)
		form := url.Values{"place": {string(x.Planned)}, "value": {value(x.Planned)}}
		switch i {
		case 6, 7: // two days of illness, with the form as a person sends it
			w.open("/trial/log/" + x.Date.String())
			w.Choose("I did not work")
			w.Choose("Sick")
			w.press("Continue")
			continue
		case 12: // nobody logs it
			continue
		}
		d.send(t, "/trial/log/"+x.Date.String(), form)
		if x.Date.Weekday() == day.Fri && x.Week <= 2 {
			w.open("/trial/notes/" + x.Date.Monday().String())
			w.press("Approve")
		}
		if i == 20 {
			w.open("/trial")
			w.says("Never logged: Thursday 4 February")
		}
	}
	d.on(day.Must("2027-03-16"))
	w.open("/trial")
	w.says("Home days are at least as good")
	w.says("not logged")
	w.open("/trial/end")
	w.says("these days have told")
	if strings.Contains(w.Text(), "\ufffd") {
		t.Error("a broken letter")
	}
	w.Choose("Take the next step")
	w.press("Save the decision")
	w.at("/ladder")
	w.follow("Ask for it")
	w.says("Ask Órla for two days a week")
}
