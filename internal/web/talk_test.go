package web_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/web/webtest"
	"homecase/plan"
)

const accounts = "../../examples/accounts-one-day.yaml"

// open is the case as the store has it.
func (d *desk) open(t testing.TB) (*homecase.Case, *homecase.Course) {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &o.Case, &o.Course
}

// give posts a form of pairs.
func (d *desk) give(t testing.TB, path string, pairs ...string) (int, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return d.post(t, path, form)
}

// move moves the clock to the morning of a day.
func (d *desk) move(s string) { d.now = day.Must(s).Time().Add(9 * time.Hour) }

// noTalk takes the talk out of a world.
func noTalk(c *homecase.Case, _ *homecase.Course) { c.Plan.Talk = nil }

// A person asks for the talk: a clash is asked about, a day in the past is
// refused, and the invitation leaves with its words and nothing private.
func TestAskForTheTalk(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, noTalk)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/talk")
	if got := p.Heading(); !strings.Contains(got, "Ask Dana for 30 minutes") {
		t.Error(got)
	}
	me.Fill("Day", "2026-11-20")
	me.Press("Save and see the invitation")
	if !me.Has("The day of the talk must be today or later") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Day", "2026-11-30") // the last working day of November: an office day of the example
	me.Fill("Place or link", "Room 4")
	me.Fill("Note, only you see it", "Begin with her goals")
	me.Press("Save and see the invitation")
	if !me.Has("Is this right?") || !me.Has("30 November 2026 falls on a busy day you gave") {
		t.Error(p.Text())
	}
	me.Fill("Day", "2026-12-02")
	me.Press("Save and see the invitation")
	if got := p.Heading(); !strings.Contains(got, "You talk to Dana on 2 December") {
		t.Error(got)
	}
	for _, want := range []string{"30 minutes: an idea for how I work", "Wednesday at 10:30, 30 minutes, Room 4", "Begin with her goals"} {
		if !me.Has(want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	p.Check()
	status, file := d.give(t, "/talk", "do", "invite")
	for _, want := range []string{"SUMMARY:30 minutes: an idea for how I work", "DTSTART;TZID=Europe/London:20261202T103000", "LOCATION:Room 4", "METHOD:REQUEST"} {
		if !strings.Contains(file, want) {
			t.Errorf("status %d: no %s in\n%s", status, want, file)
		}
	}
	if strings.Contains(file, "goals") || strings.Contains(strings.ToLower(file), "home") && !strings.Contains(file, "homecase") {
		t.Errorf("the invitation tells more than it should:\n%s", file)
	}
	o, _ := d.Current(context.Background())
	left, err := d.Store.Departures(context.Background(), o.ID)
	if err != nil || len(left) != 1 || left[0].What != "meeting.ics" || left[0].Bytes != int64(len(file)) {
		t.Errorf("%+v, %v", left, err)
	}
}

// The day that is suggested is calm: no office day, no holiday of the place, no
// end of a month, and a week ahead.
func TestSuggestedDay(t *testing.T) {
	for _, c := range []struct{ today, want string }{
		{"2026-11-24", "2026-12-01"}, // a week on, a Tuesday
		{"2026-11-21", "2026-12-01"}, // 28 November is a Saturday, 30 the end of the month
		{"2026-12-18", "2027-01-04"}, // Christmas, Boxing Day's substitute, the month's end, New Year
	} {
		d := serve(t).take(t, accounts)
		alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Plan.Talk, c.Plan.Start = nil, day.Must("2027-02-01") })
		d.move(c.today)
		if _, body := d.get(t, "/talk"); !strings.Contains(body, `value="`+c.want+`"`) {
			t.Errorf("on %s: no %s", c.today, c.want)
		}
	}
}

// The whole cycle over the moving clock: the talk, a "not now", nothing before
// the day on any page that asks, the day comes, and the person asks again.
func TestNotNowCycle(t *testing.T) {
	d := serve(t).take(t, accounts)
	d.move("2026-12-02")
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/talk")
	if got := p.Heading(); got != "The talk with Dana was on 1 December" {
		t.Error(got)
	}
	p.Check()
	me.Follow("Say how it went")
	me.Press("Continue")
	if !me.Has("Select how it went") {
		t.Error("an answer was not asked for")
	}
	me.Choose("Not now")
	me.Press("Continue")
	me.Fill("The worry, in Dana's words as you remember them", "Nobody may be here when a supplier calls")
	me.In("Which question is it closest to?").Choose("Being reachable")
	me.Fill("Day to ask again", "2026-12-15")
	me.Press("Continue")
	if !me.Has("Is this right?") || !me.Has("under four weeks") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Day to ask again", "2027-02-24")
	me.Press("Continue")
	if got := p.Heading(); !strings.Contains(got, "What will you do about it?") {
		t.Error(got)
	}
	me.Fill("Second task", "Ask Marek to cover the supplier line on my home day")
	me.Press("Continue")
	if got := p.Heading(); got != "Not now. Ask again on 24 February" {
		t.Error(got)
	}
	p.Check()
	p.Look(webtest.View{Width: 1280, Dark: true})
	p.Check()
	if !me.Has("Get ready: a record of reply times") || !me.Has("Nobody may be here when a supplier calls") {
		t.Error(p.Text())
	}
	me.Press("Done (task 2)")
	if !me.Has("Done on 2 December") {
		t.Error(p.Text())
	}
	me.Press("I have said thank you")
	if !me.Has("You said thank you on 2 December") {
		t.Error(p.Text())
	}
	c, _ := d.open(t)
	if n := c.Plan.NotNow; n.Said != day.Must("2026-12-01") || n.RetryOn() != day.Must("2027-02-24") || n.Tasks[1].DoneOn != day.Must("2026-12-02") || n.Thanked.IsZero() {
		t.Errorf("%+v", n)
	}
	for _, today := range []string{"2026-12-02", "2027-01-15", "2027-02-23"} {
		d.move(today)
		nothingIsAsked(t, d, today)
	}
	d.move("2027-02-24")
	me.Go("/talk")
	if got := p.Heading(); got != "You may ask Dana again" {
		t.Error(got)
	}
	if !me.Has("The first day of the trial, 11 January 2027, is past") || !me.Has("Ask Marek to cover the supplier line on my home day (done)") {
		t.Error(p.Text())
	}
	p.Check()
	me.Press("Ask again")
	if got := p.Heading(); !strings.Contains(got, "Ask Dana for 30 minutes") {
		t.Error(got)
	}
	me.Fill("Day", "2027-03-03")
	me.Press("Save and see the invitation")
	if !me.Has("comes after the trial starts") { // its first day is still the old one
		t.Error(p.Text())
	}
	me.Press("Yes, this is right")
	if got := p.Heading(); !strings.Contains(got, "You talk to Dana on 3 March") {
		t.Error(got)
	}
	if status, _ := d.give(t, "/talk", "do", "invite"); status != 200 {
		t.Errorf("the invitation answers %d on the day to ask again", status)
	}
}

// nothingIsAsked tries every page that asks on a day before the one to ask again.
func nothingIsAsked(t *testing.T, d *desk, today string) {
	t.Helper()
	before, _ := d.open(t)
	status, body := d.get(t, "/talk")
	if status != 200 || !strings.Contains(body, "Not now. Ask again on 24 February") || strings.Contains(body, `value="invite"`) || strings.Contains(body, `value="again"`) {
		t.Errorf("%s: /talk answers %d and offers to ask", today, status)
	}
	refusal := "Not before 24 February 2027: that is the day to ask again"
	for _, c := range []struct {
		method, path string
		form         []string
	}{
		{"GET", "/talk/meeting", nil},
		{"POST", "/talk/meeting", []string{"date", "2027-03-03", "sure", "yes"}},
		{"POST", "/talk", []string{"date", "2027-03-03", "sure", "yes"}},
		{"POST", "/talk", []string{"do", "invite"}},
		{"POST", "/talk", []string{"do", "again"}},
		{"GET", "/talk/letters/project-day", nil},
		{"POST", "/talk/letters/project-day", []string{"project", "the supplier file", "day", "2027-02-25"}},
		{"POST", "/talk/letters/project-day", []string{"project", "the supplier file", "day", "2027-02-25", "do", "eml"}},
	} {
		status, body := d.get(t, c.path)
		if c.method == "POST" {
			status, body = d.give(t, c.path, c.form...)
		}
		if !strings.Contains(body, refusal) || strings.Contains(body, "May I do it at home") {
			t.Errorf("%s: %s %s %v answers %d without the reason", today, c.method, c.path, c.form, status)
		}
	}
	after, _ := d.open(t)
	if x, y := before.Plan, after.Plan; x.Talk.Date != y.Talk.Date || y.NotNow == nil || y.Outcome == nil {
		t.Errorf("%s: asking changed the case", today)
	}
	if err := after.MayAsk(day.Must(today)); fault.CodeOf(err) != "HC-NOTE-03" {
		t.Errorf("%s: %v", today, err)
	}
}

// Thinking about it: nothing is asked before the day that was agreed.
func TestThinkingAboutIt(t *testing.T) {
	d := serve(t).take(t, accounts)
	d.move("2026-12-01")
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/talk/outcome")
	me.Choose("Thinking about it")
	me.Press("Continue")
	me.Fill("The day you agreed on", "2026-11-30")
	me.Press("Continue")
	if !me.Has("must come after the answer") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("The day you agreed on", "2026-12-15")
	me.Press("Continue")
	if got := p.Heading(); got != "Dana is thinking about it until 15 December" {
		t.Error(got)
	}
	p.Check()
	if status, body := d.get(t, "/talk/meeting"); status != 422 || !strings.Contains(body, "Not before 15 December 2026") {
		t.Error(status)
	}
	d.move("2026-12-15")
	if _, body := d.get(t, "/talk"); !strings.Contains(body, "The day to come back to Dana is here") {
		t.Error("the day has come and the page does not say so")
	}
	if status, _ := d.get(t, "/talk/meeting"); status != 200 {
		t.Error(status)
	}
}

// A yes with changes goes into the plan, and the thank-you letter repeats it.
func TestAgreedWithChanges(t *testing.T) {
	d := serve(t).take(t, accounts)
	d.move("2026-12-01")
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/talk/outcome")
	me.Choose("Agreed with changes")
	me.Press("Continue")
	me.In("How are the home days chosen?").Choose("Fixed days")
	me.Untick("Tue")
	me.Press("Continue")
	if !me.Has("Fixed days need 1 under wish") {
		t.Error(p.Text())
	}
	p.Check()
	me.Tick("Fri") // not among the days allowed until now
	me.Fill("First day of the trial", "2027-01-18")
	me.Fill("Length", "6")
	me.Fill("Day on which you decide together", "")
	me.Press("Continue")
	if got := p.Heading(); got != "Dana agreed on 1 December" {
		t.Error(got)
	}
	p.Check()
	for _, want := range []string{"Thank you: what we agreed", "with your changes", "six weeks long, from 18 January to 26 February 2027", "The home day is fixed: Fridays", "We decide together on Thursday 4 March", "Your promises were written before"} {
		if !me.Has(want) {
			t.Errorf("the letter does not say %q:\n%s", want, p.Text())
		}
	}
	c, _ := d.open(t)
	if q := c.Plan; q.Choice != plan.Fixed || !slices.Equal(q.Wish, []day.Weekday{day.Fri}) || q.Weeks != 6 || q.DecideOn != day.Must("2027-03-04") || q.Outcome.How != plan.AgreedWithChanges {
		t.Errorf("%+v", q)
	}
	me.Follow("Agree the trial")
	if got := p.Path(); !strings.HasPrefix(got, "/trial/plan") {
		t.Error(got)
	}
}

// Ten cards by keyboard: the answers stand in a fold, and the states are kept.
func TestRehearse(t *testing.T) {
	d := serve(t).take(t, accounts)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.KeyboardPerson()
	me.Go("/talk/rehearse")
	if !me.Has("0 of 10 ready") {
		t.Error(p.Text())
	}
	p.Check()
	me.Follow("Start with the first card")
	if me.Has("Every Friday you get") {
		t.Error("the answer shows before it is asked for")
	}
	me.Press("Show the answer")
	if !me.Has("Every Friday you get a note with three numbers") || !me.Has("How work is seen") {
		t.Error(p.Text())
	}
	p.Check()
	me.Press("I am ready")
	me.Press("Again later")
	if got := p.Path(); got != "/talk/rehearse/3" {
		t.Error(got)
	}
	if _, course := d.open(t); course.Rehearsed["C19"] != homecase.CardReady || course.Rehearsed["C20"] != homecase.CardAgain {
		t.Errorf("%v", course.Rehearsed)
	}
	me.Go("/talk/rehearse")
	if !me.Has("1 of 10 ready") || !me.Has("Go on with card 2") {
		t.Error(p.Text())
	}
	if _, body := d.get(t, "/talk/rehearse/1?show=1"); !strings.Contains(body, "<details class=\"gap6\" open>") {
		t.Error("?show=1 keeps the answer folded")
	}
	for _, path := range []string{"/talk/rehearse/0", "/talk/rehearse/11", "/talk/rehearse/x"} {
		if status, _ := d.get(t, path); status != 404 {
			t.Errorf("%s answers %d", path, status)
		}
	}
	printed := d.browse(t, webtest.View{Width: 1280, Print: true})
	printed.Go("/talk/rehearse/print")
	if got := strings.Count(printed.Text(), "Stop. Let Dana speak."); got != 10 {
		t.Errorf("%d cards on paper", got)
	}
}

// The least is private, has a rung of the ladder, and reaches nothing shared.
func TestLowestRung(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"new-starter.yaml")
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/talk/ladder")
	if !me.Has("Only you see this") {
		t.Error("the page does not say that it is private")
	}
	me.Choose("One project at home")
	p.Check()
	me.Press("Continue")
	c, _ := d.open(t)
	if c.Plan.Lowest != "one-project" || len(c.Plan.Ladder) == 0 || c.Shared().Plan.Lowest != "" {
		t.Errorf("%q of %v", c.Plan.Lowest, c.Plan.Ladder)
	}
	if status, _ := d.give(t, "/talk/ladder", "lowest", "every-other-tuesday"); status != 422 {
		t.Error("a rung that is not there was kept")
	}
}

// Hostile words are kept as they are or refused, and never run.
func TestTalkTakesHostileWords(t *testing.T) {
	d := serve(t).take(t, accounts)
	for _, c := range []struct {
		name, text string
		kept       string // "" where it is refused
	}{
		{"a script", "<script>alert(1)</script>", "<script>alert(1)</script>"},
		{"10,000 characters", strings.Repeat("a", 10_000), ""},
		{"control characters", "Room\x00 4\x07\x1b[31m", "Room 4[31m"},
		{"right to left and emoji", "\u202eחדר 4 👩‍💻", "חדר 4 👩‍💻"},
		{"line breaks", "Room\r\n4", "Room 4"},
	} {
		status, body := d.give(t, "/talk/meeting", "date", "2026-12-02", "time", "10:30", "minutes", "30", "place", c.text, "sure", "yes")
		if strings.Contains(body, "<script>alert") {
			t.Errorf("%s: the script is in the page", c.name)
		}
		k, _ := d.open(t)
		switch {
		case c.kept == "" && status != 422:
			t.Errorf("%s: status %d", c.name, status)
		case c.kept != "" && (status != 303 || k.Plan.Talk.Place != c.kept):
			t.Errorf("%s: status %d, kept %q", c.name, status, k.Plan.Talk.Place)
		}
		if c.kept == "" {
			continue
		}
		if _, body := d.get(t, "/talk/meeting"); strings.Contains(body, "<script>alert") {
			t.Errorf("%s: the script is in the form", c.name)
		}
		if _, file := d.give(t, "/talk", "do", "invite"); strings.Count(file, "BEGIN:VEVENT") != 1 || strings.Contains(file, "\x1b") {
			t.Errorf("%s: %s", c.name, file)
		}
	}
	for _, bad := range [][]string{
		{"minutes", "1.234,5"}, {"minutes", "-5"}, {"minutes", "1e9"}, {"minutes", "NaN"}, {"time", "25:00"}, {"time", "later"}, {"date", "31 February"}, {"date", "2026-02-31"},
	} {
		form := []string{"date", "2026-12-02", "time", "10:30", "minutes", "30", "sure", "yes"}
		form[slices.Index(form, bad[0])+1] = bad[1]
		if status, body := d.give(t, "/talk/meeting", form...); status != 422 || !strings.Contains(body, "There is a problem") {
			t.Errorf("%v answers %d", bad, status)
		}
	}
}

// What a form shows is what it takes back: sending each question of the talk as
// it stands changes nothing but what it is there to note.
func TestTalkRoundTrips(t *testing.T) {
	d := serve(t).take(t, accounts)
	d.move("2026-12-03")
	for _, form := range [][]string{
		{"/talk/outcome/changes", "days", "1.5", "choice", "boss", "wish", "thu", "wish", "tue", "start", "2027-01-18", "weeks", "12", "decide", "2027-04-15", "on", "2026-12-02", "note", "Two lines\nof a note"},
		{"/talk/outcome/thinking", "follow", "2026-12-20", "on", "2026-12-02", "note", "She asked for time"},
		{"/talk/not-now/worry", "worry", "Cover at month-end", "concern", "C05", "said", "2026-12-02", "again", "2027-03-31"},
		{"/talk/not-now/tasks", "task-1", "A rota", "task-2", "A test"},
		{"/talk/keeping/hours", "from", "08:30", "to", "16:30", "reach-from", "09:00", "reach-to", "16:00"},
		{"/talk/ladder", "lowest", "two-days"},
	} {
		path, want := form[0], form[1:]
		if status, body := d.give(t, path, want...); status != 303 {
			t.Fatalf("%s answers %d: %s", path, status, firstWords(body))
		}
		_, body := d.get(t, path)
		for i := 1; i < len(want); i += 2 {
			at := `value="` + want[i] + `"`
			if !strings.Contains(body, at+` checked`) && !strings.Contains(body, at+` selected`) && !strings.Contains(body, ">"+strings.ReplaceAll(want[i], "'", "&#39;")+"</textarea>") && !(strings.Contains(body, at) && !strings.Contains(body, at+` id`)) {
				t.Errorf("%s: %s is not %q in the form", path, want[i-1], want[i])
			}
		}
		if status, _ := d.give(t, path, want...); status != 303 {
			t.Errorf("%s refuses what it showed", path)
		}
	}
}
