package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/plan"
	"homecase/trial"
)

// entries is the log of the open case, with every line that was ever kept.
func (d *desk) entries(t testing.TB) []trial.Entry {
	t.Helper()
	list, err := d.Store.Log(context.Background(), d.opened(t).ID, day.Date{}, day.Date{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A person's way: agree, draw with the boss's word, log a day in three actions
// from the trial's page, approve Friday's note, and say that something happened.
func TestTrialInTheBrowser(t *testing.T) {
	d := serve(t).take(t, example)
	p := d.browse(t, webtest.View{Width: 390, NoScript: true})
	p.Go("/trial")
	me := p.Person()
	me.Follow("Plan a trial")
	me.Fill("Length", "16")
	me.Press("Show the odds")
	if !me.Has("16 weeks, from 11 January 2027") || d.opened(t).Case.Plan.Weeks != 8 {
		t.Error("the odds of 16 weeks are not shown, or were saved")
	}
	me.Fill("Length", "eight")
	me.Press("Save and go on")
	if !me.Has("There is a problem") || !strings.HasPrefix(p.Heading(), "The trial") {
		t.Error("a length that is no number went through")
	}
	p.Check()
	me.Fill("Length", "8")
	me.Press("Save and go on")
	me.Press("We agree")
	if !me.Has("Tick the box when Dana has agreed too") {
		t.Error("one side alone could agree")
	}
	p.Check()
	me.Tick("Dana and I both agree to this plan")
	me.Press("We agree")
	me.Press("Draw the home days")
	if !me.Has("Enter the word that Dana gave") {
		t.Error("the days were drawn without a word")
	}
	p.Check()
	me.Fill("The word Dana gives", "acorn")
	me.Press("Draw the home days")
	if r := d.round(t); r.Sealed() || r.Agreement.Drawn.Word != "acorn" || len(r.Days) != 40 {
		t.Fatalf("the days are not drawn with the word: %+v", r.Agreement.Drawn)
	}
	if n := strings.Count(p.Text(), "January 2027"); n > 1 { // two weeks ahead of the first day nothing is shown
		t.Errorf("days are shown before the week before: %s", p.Text())
	}

	d.on(day.Must("2027-01-11"))
	p.Go("/trial")
	before := len(d.entries(t))
	me.Follow("Log today’s number") // 1
	me.Fill("Exceptions closed", "11")
	me.Press("Continue") // 3
	if got := d.entries(t); len(got) != before+1 || *got[before].Value != 11 || got[before].Place != got[before].Planned {
		t.Fatalf("three actions logged %+v", got)
	}
	if p.Path() != "/trial" || !me.Has("Too early to say") {
		t.Errorf("after a day: %s, %q", p.Path(), p.Heading())
	}
	p.Check()
	wide := d.browse(t, webtest.View{Width: 1280, Dark: true})
	wide.Go("/trial")
	wide.Check()

	d.on(day.Must("2027-01-15"))
	p.Go("/trial/notes/2027-01-11")
	me.Press("Approve this note")
	if !me.Has("You approved this note") {
		t.Error("the note was not approved")
	}
	p.Check()
	left, err := d.Store.Departures(context.Background(), d.opened(t).ID)
	if err != nil || len(left) != 1 || left[0].To != "Dana Whitfield" {
		t.Errorf("what left this computer: %+v %v", left, err)
	}
	p.Go("/trial/stop")
	me.Fill("Month-end closes late because of a home day", "2027-01-14")
	me.Press("Save")
	if !me.Has("This happened on 14 January 2027") {
		t.Error("a stop rule that came true is not on the page")
	}
	me.Follow("Decide what follows")
	if me.Has("Take the next step:") {
		t.Error("the next step is offered after a stop rule came true")
	}
	p.Check()
}

// The planner follows typing where a script may run.
func TestPlannerFollowsTyping(t *testing.T) {
	d := serve(t).take(t, example)
	p := d.browse(t, webtest.View{})
	p.Go("/trial/plan")
	me := p.Person()
	me.Fill("Length", "16")
	for end := time.Now().Add(time.Minute); !me.Has("16 weeks, from 11 January 2027") && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	if !me.Has("16 weeks, from 11 January 2027") {
		t.Error("the odds do not follow the length that was typed")
	}
	p.Check()
}

// What people type into the log is kept or refused with their words; nothing is
// guessed. The measure is a count.
func TestHostileLog(t *testing.T) {
	d := serve(t).take(t, example)
	d.agree(t)
	d.on(day.Must("2027-01-12"))
	form := func(pairs ...string) url.Values {
		v := url.Values{"place": {"office"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, c := range []struct {
		name string
		form url.Values
		say  string
	}{
		{"nothing at all", url.Values{}, "Select where you worked"},
		{"no number and no reason", form(), "say why there is none"},
		{"half an item", form("value", "11.5"), "must be a whole number, like 11"},
		{"a comma that parts thousands", form("value", "1.234,5"), "must be a whole number"},
		{"below zero", form("value", "-3"), "must be a whole number"},
		{"infinity", form("value", "Inf"), "must be a whole number"},
		{"a power", form("value", "1e3"), "must be a whole number"},
		{"hexadecimal", form("value", "0x10"), "must be a whole number"},
		{"more than a day can hold", form("value", "9000000000000"), "must be a whole number"},
		{"a script", form("value", "<script>alert(1)</script>"), "&lt;script&gt;"},
		{"another place", form("value", "11", "place", "the moon"), "Select where you worked"},
		{"a number of a day off", form("value", "11", "place", "none"), "You say that you did not work"},
		{"a number and a reason for none", form("value", "11", "why", "sick"), "Take one of them out"},
		{"a note of 10,000 characters", form("value", "11", "note", strings.Repeat("a", 10_000)), "Keep it to 1000"},
	} {
		status, body := d.ask(t, "POST", "/trial/log/2027-01-12", c.form.Encode())
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.say) {
			t.Errorf("%s: status %d, without %q", c.name, status, c.say)
		}
		if strings.Contains(body, "<script>") {
			t.Errorf("%s: a script went into the page", c.name)
		}
	}
	if n := len(d.entries(t)); n != 0 {
		t.Fatalf("%d lines were kept of forms that were refused", n)
	}
	for _, path := range []string{"/trial/log/2027-01-13", "/trial/log/2027-01-16", "/trial/log/2026-12-01", "/trial/log/tomorrow", "/trial/log/2027-02-30"} {
		if status, _ := d.ask(t, "POST", path, form("value", "11").Encode()); status != http.StatusNotFound {
			t.Errorf("%s: status %d, want none", path, status)
		}
	}
	note := "\u202eabc\u0007 🙂 <b>مرحبا</b>"
	d.send(t, "/trial/log/2027-01-12", form("value", "1,200", "note", note))
	d.send(t, "/trial/log/2027-01-12", form("value", "1,200", "note", note)) // pressed twice
	got := d.entries(t)
	if len(got) != 1 || *got[0].Value != 1200 || strings.ContainsRune(got[0].Note, '\a') || !strings.Contains(got[0].Note, "مرحبا") {
		t.Errorf("kept %+v", got)
	}
	if _, body := d.get(t, "/trial/log/2027-01-12"); !strings.Contains(body, `value="1200"`) || strings.Contains(body, "<b>م") {
		t.Error("the line does not come back as it was kept")
	}
	d.on(day.Must("2027-01-20"))
	late := form("value", "9")
	if status, body := d.ask(t, "POST", "/trial/log/2027-01-11", late.Encode()); status != 422 || !strings.Contains(body, "say in a remark") {
		t.Errorf("a day of last week without a remark: status %d", status)
	}
	late.Set("remark", "I was ill")
	d.send(t, "/trial/log/2027-01-11", late)
}

// A plan that was drawn is not changed by its form, nor drawn again.
func TestDrawnPlanStands(t *testing.T) {
	d := serve(t).take(t, example)
	d.agree(t)
	before := d.everything(t)
	d.send(t, "/trial/plan", url.Values{"weeks": {"2"}, "days": {"1"}, "margin": {"40"}, "usual": {"11.5"}, "start": {"2027-01-11"}, "choice": {"lottery"}, "recorded": {"self"}, "margin-in": {"share"}})
	for _, do := range []string{"agree", "draw", "wordless", "open"} {
		status, body := d.ask(t, "POST", "/trial/draw", url.Values{"do": {do}, "on": {"2026-11-24"}, "both": {"yes"}, "word": {"oak"}}.Encode())
		if status != http.StatusConflict {
			t.Errorf("%s after the draw: status %d, %s", do, status, firstWords(body))
		}
	}
	if after := d.everything(t); after != before {
		t.Error("the drawn plan was changed")
	}
}

// A line pressed twice is kept once: the store has no second one behind it.
func TestLogTwiceIsOnce(t *testing.T) {
	d := serve(t).take(t, example)
	d.agree(t)
	d.on(day.Must("2027-01-11"))
	form := url.Values{"place": {"home"}, "value": {"11"}}
	d.send(t, "/trial/log/2027-01-11", form)
	before := d.everything(t)
	d.send(t, "/trial/log/2027-01-11", form)
	d.on(day.Must("2027-01-12"))
	d.send(t, "/trial/log/2027-01-11", form)
	if after := d.everything(t); after != before {
		t.Error("the same line was kept again")
	}
}

// The plan's form gives back what the case has: filling it in and sending it
// unchanged changes nothing.
func TestPlanRoundTrip(t *testing.T) {
	for _, file := range []string{"accounts-one-day.yaml", "engineer-two-days.yaml"} {
		d := serve(t).take(t, exampleFolder+file)
		save := func() homecase.Case {
			p := d.browse(t, webtest.View{NoScript: true})
			p.Go("/trial/plan")
			p.Person().Press("Save and go on")
			return d.opened(t).Case
		}
		once, twice := save(), save()
		a, err1 := once.Encode()
		b, err2 := twice.Encode()
		if err1 != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s: sent again unchanged, the plan becomes\n%s\nbefore:\n%s", file, b, a)
		}
	}
}

// What the plan's form refuses, with what was typed kept.
func TestHostilePlan(t *testing.T) {
	d := serve(t).take(t, example)
	good := url.Values{"usual": {"11.5"}, "spread": {"1.8"}, "margin": {"10"}, "margin-in": {"share"}, "start": {"2027-01-11"}, "weeks": {"8"}, "days": {"1"},
		"never": {"fri"}, "choice": {"lottery"}, "extension": {"4"}, "decide": {"2027-03-11"}, "recorded": {"system"}, "checkins": {"Friday: a note"}, "stops": {"It goes wrong"}}
	for _, c := range []struct{ field, text, say string }{
		{"margin", "", "Enter the margin"},
		{"margin", "0", "must be more than 0"},
		{"margin", "-5", "must be more than 0"},
		{"margin", "200", "would allow nothing at all"},
		{"weeks", "8.5", "must be a whole number"},
		{"weeks", "500", "cannot be right"},
		{"days", "6", "at most 5 days"},
		{"days", "0", "at least half a home day"},
		{"start", "2026-11-24", "must come after today"},
		{"start", "11 January", "a day that exists"},
		{"decide", "2027-02-01", "comes before the last day"},
		{"extension", "-1", "An extension has"},
		{"checkins", "whenever we like", "has no time"},
		{"stops", strings.Repeat("x", 300), "the limit is 200"},
		{"usual", "<script>", "must be a number"},
	} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(c.field, c.text)
		status, body := d.ask(t, "POST", "/trial/plan", form.Encode())
		if status != 422 || !strings.Contains(body, c.say) {
			t.Errorf("%s = %.20q: status %d without %q", c.field, c.text, status, c.say)
		}
		if strings.Contains(body, "<script>") {
			t.Errorf("%s: a script went into the page", c.field)
		}
	}
	if status, body := d.get(t, "/trial/odds?"+good.Encode()); status != 200 || !strings.Contains(body, "about 4 times in 100") {
		t.Errorf("the odds of the example: status %d, %s", status, body)
	}
	good.Set("weeks", "2")
	if _, body := d.get(t, "/trial/odds?"+good.Encode()); !strings.Contains(body, "With fewer than 20") {
		t.Errorf("16 schedules are not refused: %s", body)
	}
	d.send(t, "/trial/plan", good)
	if status, body := d.ask(t, "POST", "/trial/draw", url.Values{"do": {"agree"}, "on": {"2026-11-24"}, "both": {"yes"}}.Encode()); status != 422 || !strings.Contains(body, "16 possible schedules") {
		t.Errorf("a plan with 16 schedules was agreed: status %d", status)
	}
}

// A note of more than 120 words asks first; one passed over is not sent.
func TestFridayNote(t *testing.T) {
	d := serve(t).take(t, example)
	d.agree(t)
	d.fill(t, values(0), day.Must("2027-01-15"))
	long := url.Values{"do": {"approve"}, "text": {strings.Repeat("word ", 121)}}
	if status, body := d.ask(t, "POST", "/trial/notes/2027-01-11", long.Encode()); status != 200 || !strings.Contains(body, "121 words") {
		t.Errorf("121 words: status %d", status)
	}
	long.Set("sure", "yes")
	d.send(t, "/trial/notes/2027-01-11", long)
	d.send(t, "/trial/notes/2027-01-11", long) // pressed twice
	left, err := d.Store.Departures(context.Background(), "")
	if err != nil || len(left) != 1 {
		t.Errorf("one note left this computer %d times (%v)", len(left), err)
	}
	status, body := d.ask(t, "POST", "/trial/notes/2027-01-11", url.Values{"do": {"mail"}}.Encode())
	if status != 200 || !strings.Contains(body, "Subject: Week 1 of 8") || !strings.Contains(body, "dana.whitfield@fernhill.example") {
		t.Errorf("the e-mail: status %d\n%s", status, body)
	}
	if status, _ := d.get(t, "/trial/notes/2027-01-18"); status != 404 {
		t.Errorf("a note of a week to come: status %d", status)
	}
	d.fill(t, values(0), day.Must("2027-01-22"))
	d.send(t, "/trial/notes/2027-01-18", url.Values{"do": {"skip"}})
	if n, ok := d.round(t).Note(day.Must("2027-01-18")); !ok || !n.Skipped {
		t.Error("the second note was not passed over")
	}
}

// Fixed days need no draw. Office days before them are logged for the
// comparison, and the verdict is at most "probably".
func TestFixedDays(t *testing.T) {
	d := serve(t).take(t, example)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Plan.Choice = plan.Fixed })
	d.send(t, "/trial/draw", url.Values{"do": {"agree"}, "on": {"2026-11-24"}, "both": {"yes"}})
	value := values(3)
	for on := day.Must("2026-12-07"); on.Before(day.Must("2027-01-11")); on = on.Add(1) {
		if w := on.Weekday(); w == day.Sat || w == day.Sun {
			continue
		}
		d.on(on)
		d.send(t, "/trial/log/"+on.String(), url.Values{"place": {"office"}, "value": {value(trial.InOffice)}})
	}
	d.fill(t, value, day.Must("2027-03-05"))
	d.on(day.Must("2027-03-11"))
	reading, err := d.Reading(d.opened(t), d.round(t))
	if err != nil {
		t.Fatal(err)
	}
	a := reading.Analysis
	if a.FixedDays == nil || a.FixedDays.BaselineWeeks != 5 || a.Verdict == nil || *a.Verdict == trial.Clearly {
		t.Errorf("fixed days: %+v, verdict %v", a.FixedDays, a.Verdict)
	}
	if status, _ := d.get(t, "/trial"); status != 200 {
		t.Errorf("the page of fixed days: status %d", status)
	}
}

// Undecided is not failed: the one extension is offered, runs on, and is
// offered once. Days nobody logged count as missing once they are settled.
func TestExtension(t *testing.T) {
	d := serve(t).take(t, example)
	d.agree(t)
	d.fill(t, values(-1), day.Must("2027-03-01"))
	d.on(day.Must("2027-03-08"))
	if d.round(t).Over() {
		t.Error("the trial is over while its last days can be logged")
	}
	d.on(day.Must("2027-03-11"))
	if !d.round(t).Over() {
		t.Error("on the day of the decision days are still awaited")
	}
	reading, err := d.Reading(d.opened(t), d.round(t))
	if err != nil {
		t.Fatal(err)
	}
	if *reading.Analysis.Verdict != trial.CannotTell {
		t.Fatalf("the made-up days say %s, and this test needs days that cannot tell", *reading.Analysis.Verdict)
	}
	d.send(t, "/trial/end", url.Values{"way": {"extend"}})
	r := d.round(t)
	// Twelve weeks of five days without Good Friday, 26 March, and Easter Monday, 29 March 2027.
	if !r.Extended || r.Weeks() != 12 || len(r.Days) != 58 || r.DecideOn() != day.Must("2027-04-08") {
		t.Errorf("extended to %d weeks with %d days, decided on %s", r.Weeks(), len(r.Days), r.DecideOn())
	}
	if status, _ := d.ask(t, "POST", "/trial/end", url.Values{"way": {"continue"}}.Encode()); status != 422 {
		t.Errorf("while the extension runs one can go on as it is: status %d", status)
	}
	d.fill(t, values(-1), day.Must("2027-04-02"))
	d.on(day.Must("2027-04-08"))
	if status, _ := d.ask(t, "POST", "/trial/end", url.Values{"way": {"extend"}}.Encode()); status != 422 {
		t.Errorf("a second extension: status %d", status)
	}
}

// Never two rungs at once: after a trial, three days cannot be agreed on, nor
// two where the verdict did not open them.
func TestNeverTwoRungsAtOnce(t *testing.T) {
	d := serve(t)
	d.take(t, example)
	d.agree(t)
	d.fill(t, values(3), day.Must("2027-03-05"))
	d.on(day.Must("2027-03-11"))
	d.send(t, "/trial/end", url.Values{"way": {"continue"}})
	try := func(days float64) int {
		alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
			three, err := plan.RungByID("three-days")
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Plan.Ladder) == 3 {
				c.Plan.Ladder = append(c.Plan.Ladder, three)
			}
			c.Plan.NextRound(plan.Rung{Days: days}, day.Must("2027-04-12"), 8)
		})
		status, _ := d.ask(t, "POST", "/trial/draw", url.Values{"do": {"agree"}, "on": {"2027-03-11"}, "both": {"yes"}}.Encode())
		return status
	}
	if got := try(3); got != 422 {
		t.Errorf("two rungs above: status %d", got)
	}
	if got := try(2); got != 303 {
		t.Errorf("the rung that is open: status %d", got)
	}
}
