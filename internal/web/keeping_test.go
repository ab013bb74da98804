package web_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/pitch"
	"homecase/plan"
)

// Each small letter that the example can make says nothing private, presses for
// nothing by the linter of words, and leaves in three forms.
func TestSmallLetters(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Plan.Talk.Note, c.Plan.Notes = "a secret note", "another secret note"
		c.Plan.Answer(plan.Outcome{How: plan.SaidNotNow, On: day.Must("2026-11-23"), Note: "she was tired"})
		c.Plan.NotNow.Worry = "Month-end needs everybody in the room"
		c.Plan.NotNow.Tasks = []plan.Task{{Text: "Get ready: a calendar of cover"}}
		c.Plan.Talk.Date = day.Must("2026-11-23")
	})
	for _, kind := range []string{"thanks", "not-now", "reference", "hr-question"} {
		status, page := d.get(t, "/talk/letters/"+kind)
		if status != 200 || !strings.Contains(page, "The words to send") {
			t.Fatalf("%s answers %d", kind, status)
		}
		_, text := d.give(t, "/talk/letters/"+kind, "do", "txt")
		if !strings.HasPrefix(text, "To: ") || !strings.Contains(text, "Ines Duarte") {
			t.Errorf("%s: %s", kind, text)
		}
		for _, private := range []string{"secret", "tired", "train", "one-project", "promotion"} {
			if strings.Contains(text, private) || strings.Contains(page, "a secret note") {
				t.Errorf("%s says %q", kind, private)
			}
		}
		found, err := pitch.Check([]pitch.File{{Name: kind + ".txt", Data: []byte(text)}}, pitch.Options{})
		if err != nil || pitch.HasErrors(found) {
			t.Errorf("%s: %v %v", kind, found, err)
		}
		if _, file := d.give(t, "/talk/letters/"+kind, "do", "docx"); !strings.HasPrefix(file, "PK") {
			t.Errorf("%s.docx is none", kind)
		}
		if _, file := d.give(t, "/talk/letters/"+kind, "do", "eml"); !strings.Contains(file, "X-Unsent: 1") {
			t.Errorf("%s.eml is no draft", kind)
		}
	}
	o, _ := d.Current(context.Background())
	if left, err := d.Store.Departures(context.Background(), o.ID); err != nil || len(left) != 12 {
		t.Errorf("%d departures, %v", len(left), err)
	}
	for _, path := range []string{"/talk/letters/none", "/talk/letters/next-rung"} {
		if status, _ := d.get(t, path); status != 404 {
			t.Errorf("%s answers %d", path, status)
		}
	}
}

// A project day asks openly: what is missing is named at its field, a day of
// the office is refused, and what was typed is kept nowhere.
func TestProjectDay(t *testing.T) {
	d := serve(t).take(t, accounts)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/talk/letters")
	p.Check()
	me.Follow("Ask for one day at home for one project")
	me.Press("Show the letter")
	if !me.Has("Enter the piece of work") || !me.Has("Enter the day") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Piece of work", "the supplier file <b>")
	me.Fill("Day at home", "2026-11-30")
	me.Press("Show the letter")
	if !me.Has("is one you keep in the office") {
		t.Error(p.Text())
	}
	me.Fill("Day at home", "2026-12-08")
	me.Press("Show the letter")
	if !me.Has("May I do it at home on Tuesday 8 December?") || !me.Has("the supplier file <b>") {
		t.Error(p.Text())
	}
	p.Check()
	if _, body := d.get(t, "/talk/letters/project-day"); strings.Contains(body, "supplier file <b>") {
		t.Error("what was typed was kept")
	}
	if status, text := d.give(t, "/talk/letters/project-day", "project", "the supplier file", "day", "2026-12-08", "do", "txt"); status != 200 || !strings.Contains(text, "on Tuesday 8 December?") {
		t.Errorf("%d %s", status, text)
	}
}

// Keeping it: hours, thanks, days to look at it together, single days.
func TestKeeping(t *testing.T) {
	d := serve(t).take(t, accounts)
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/talk/keeping")
	if !me.Has("09:00 to 17:00") || !me.Has("When you are ill, take sick leave, at home too.") || !me.Has("ACOEM") {
		t.Error(p.Text())
	}
	me.Follow("Change the hours")
	me.Fill("You stop at", "08:00")
	me.Press("Continue")
	if !me.Has("09:00 is not before 08:00") {
		t.Error(p.Text())
	}
	me.Fill("You stop at", "17:30")
	me.Press("Continue")
	me.Follow("Add a day")
	me.Fill("Day", "2027-04-12")
	me.Press("Continue")
	me.Follow("Add thanks")
	me.Fill("Who", "Marek")
	me.Fill("For what", "Opening the post")
	me.Press("Continue")
	if !me.Has("Marek: Opening the post") || !me.Has("Still owed") {
		t.Error(p.Text())
	}
	me.Press("Said today (thanks 1)")
	me.Follow("Add a day that was agreed")
	me.Press("Continue")
	if !me.Has("Enter who agreed to it beforehand") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Day", "2026-11-18")
	me.Fill("Why it came up", "A storm closed the line")
	me.Fill("Who agreed to it beforehand", "Dana Whitfield")
	me.Fill("What you finished", "The bank file")
	me.Press("Continue")
	p.Check()
	p.Look(webtest.View{Width: 1280, Dark: true})
	p.Check()
	c, _ := d.open(t)
	k := c.Plan.Keeping
	if c.Plan.Hours.To != "17:30" || len(k.Thanks) != 1 || k.Thanks[0].On != day.Must("2026-11-24") || !slices.Equal(k.Reviews, []day.Date{day.Must("2027-04-12")}) || len(c.Plan.OpportunityDays) != 1 {
		t.Errorf("%+v %+v", k, c.Plan.OpportunityDays)
	}
	if len(c.Shared().Plan.Keeping.Thanks) != 0 {
		t.Error("thanks are shared")
	}
	if status, _ := d.give(t, "/talk/keeping/review", "on", "2027-04-12"); status != 422 {
		t.Error("the same day stands there twice")
	}
	if status, file := d.give(t, "/talk/keeping", "do", "calendar-1"); status != 200 || !strings.Contains(file, "DTSTART;VALUE=DATE:20270412") {
		t.Errorf("%d %s", status, file)
	}
	for _, do := range []string{"thanks-1", "review-1", "day-1", "day-1", "said-9", "review-x", "calendar-7", "nothing"} {
		if status, _ := d.give(t, "/talk/keeping", "do", do); status != 303 {
			t.Errorf("%s answers %d", do, status)
		}
	}
	c, _ = d.open(t)
	if k := c.Plan.Keeping; len(k.Thanks)+len(k.Reviews)+len(c.Plan.OpportunityDays) != 0 {
		t.Errorf("%+v", k)
	}
}

// The page for staying or moving on keeps notes that no packet and no letter has.
func TestMovingOn(t *testing.T) {
	d := serve(t).take(t, accounts)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/talk/moving-on")
	if !me.Has("Only you see this") || !me.Has("Then stay, and do not bring it up before the date.") {
		t.Error(p.Text())
	}
	me.Fill("Notes for you", "Look at the job board of the city")
	p.Check()
	me.Press("Save the notes")
	c, _ := d.open(t)
	if c.Plan.Notes != "Look at the job board of the city" || c.Shared().Plan.Notes != "" {
		t.Errorf("%q, shared %q", c.Plan.Notes, c.Shared().Plan.Notes)
	}
	if status, body := d.give(t, "/talk/moving-on", "notes", strings.Repeat("x", 4001)); status != 422 || !strings.Contains(body, "This has 4001 characters. Keep it to 4000.") || !strings.Contains(body, strings.Repeat("x", 4001)) {
		t.Errorf("%d", status)
	}
}
