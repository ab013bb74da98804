package web_test

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/plan"
	"homecase/share"
)

// The boss agreed with changes on paper. The person writes them down, sees them
// beside the ask, and accepts them; the other side's page has them too.
func TestChangesThatCameOnPaper(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/share/answer")
	me.Follow("Dana would agree with changes: write them down")
	p.Check()
	me.Choose("On paper")
	me.Press("Send the changes to the office")
	if !me.Has("Change at least one thing.") || len(e.decisions(t, d)) != 0 {
		t.Fatal(p.Text())
	}
	p.Check()
	me.Fill("First day", "2027-01-18")
	me.Fill("The day to decide together", "2027-03-18")
	me.Fill("Promise 2", "")
	me.Fill("What was said", "A week later, and no lunch calls.")
	me.Press("Send the changes to the office")
	if got := p.Heading(); !strings.Contains(got, "Dana would agree with changes") || !me.Has("on paper") || !me.Has("18 January 2027") || !me.Has("A week later, and no lunch calls.") {
		t.Fatal(got, p.Text())
	}
	p.Check()
	all := e.decisions(t, d)
	if len(all) != 1 || all[0].Answer != share.Countered || all[0].Way != "paper" || all[0].Terms.Start != day.Must("2027-01-18") || all[0].Terms.Until != day.Must("2027-03-12") {
		t.Fatalf("at the office stands %+v", all)
	}
	me.Press("Accept the changes")
	k, _ := d.open(t)
	if k.Plan.Start != day.Must("2027-01-18") || k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.AgreedWithChanges || k.Plan.DecideOn != day.Must("2027-03-18") {
		t.Errorf("the plan is %+v", k.Plan)
	}
}

// decisions are those at the office.
func (e *employer) decisions(t testing.TB, d *desk) []share.Standing {
	t.Helper()
	x, err := e.Exchange(context.Background(), e.org, mustOpen(t, d).ID)
	if err != nil {
		t.Fatal(err)
	}
	return x.Decisions
}

// What cannot be is refused at its field, and nothing is sent; what was typed stays.
func TestChangesThatCannotBe(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	good := func() url.Values {
		return url.Values{"days": {"2"}, "weekdays": {"tue", "wed"}, "lottery": {"yes"}, "start": {"2027-01-18"}, "weeks": {"8"}, "decide": {"2027-03-18"}, "stop": {"on_any_day"}, "way": {"talk"}, "on": {"2026-11-24"}}
	}
	for _, c := range []struct{ name, value, say string }{
		{"days", "eleven", "Choose how many days a week"}, {"days", "11", "Choose how many days a week"}, {"days", "-2", "Choose how many days a week"},
		{"weekdays", "someday", "Choose at least 1 weekdays"}, {"start", "2027-02-30", "must be a day that exists"}, {"weeks", "1e9", "from 1 to 104"}, {"weeks", "105", "from 1 to 104"},
		{"decide", "2027-01-20", "comes after the last day"}, {"way", "pigeon", "Select how it came"}, {"on", "2027-01-01", "today or before"},
		{"stop", "by_notice", "Enter how long the notice is"},
		{"promise-1", strings.Repeat("x", share.MaxQuestion+1), "Keep it to 1000"}, {"note", strings.Repeat("y", share.MaxQuestion+1), "Keep it to 1000"},
	} {
		form := good()
		form.Set(c.name, c.value)
		status, body := d.post(t, "/share/answer/changes", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.say) || !strings.Contains(body, "<title>Error: ") {
			t.Errorf("%s=%.20q: status %d, want %q", c.name, c.value, status, c.say)
		}
		if n := len(e.decisions(t, d)); n != 0 {
			t.Fatalf("%s=%.20q was sent", c.name, c.value)
		}
	}
	form := good()
	form.Set("promise-1", "<script>alert(1)</script>\u202e\x00")
	form.Set("stop", "by_law") // not to be chosen
	if status, _ := d.post(t, "/share/answer/changes", form); status != http.StatusSeeOther {
		t.Fatalf("status %d", status)
	}
	all := e.decisions(t, d)
	if len(all) != 1 || all[0].Terms.Promises[0] != "<script>alert(1)</script>" || all[0].Terms.Stop != "on_any_day" {
		t.Errorf("%+v", all)
	}
	if _, body := d.get(t, "/share/answer"); strings.Contains(body, "<script>alert") {
		t.Error("the page runs what was typed")
	}
	if status, _ := d.post(t, "/share/answer/changes", good()); status != http.StatusSeeOther || len(e.decisions(t, d)) != 1 {
		t.Errorf("a second answer while one stands: status %d", status)
	}
}

// The reader undoes an answer whose changes were accepted: they leave the plan
// again, with the trial that was agreed on them, and what the person changed since stays.
func TestUndoTakesAcceptedChangesOut(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	asked, _ := d.open(t)
	e.reads(t, d, answered(share.Countered, func(c *share.Decision, asked share.Terms) {
		asked.HalfDays, asked.Weekdays, asked.Lottery = 2, []day.Weekday{day.Wed}, false
		asked.Start, asked.Until, asked.DecideOn = asked.Start.Add(7), asked.Until.Add(7), asked.DecideOn.Add(7)
		asked.Promises, asked.Stop = append([]string{"Come in on Mondays."}, asked.Promises[1:]...), "by_notice"
		asked.Notice = "two weeks"
		c.Terms = &asked
	}))
	d.lookForAnswers(t)
	d.send(t, "/share/answer", url.Values{"do": {"accept"}, "decision": {e.decisions(t, d)[0].ID}})
	if k, _ := d.open(t); k.Plan.Start == asked.Plan.Start || k.Plan.Choice != plan.Fixed || k.Plan.Stop != plan.ByNotice || k.Plan.StopNotice != "two weeks" || k.Plan.Promises[0].Text != "Come in on Mondays." {
		t.Fatalf("accepted, the plan is %+v", k.Plan)
	}
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Undoing{Key: k, Link: link, Decision: x.Decision().ID}
	})
	d.lookForAnswers(t)
	k, course := d.open(t)
	if k.Plan.Outcome != nil || course.Before != nil {
		t.Errorf("the answer that was undone stands: %+v", k.Plan.Outcome)
	}
	k.Plan.Outcome = asked.Plan.Outcome
	if !reflect.DeepEqual(k.Plan, asked.Plan) {
		t.Errorf("undone, the plan is\n%+v\nbefore it was\n%+v", k.Plan, asked.Plan)
	}
}

// What was agreed on an answer goes with it: the plan at the office ends, the
// trial here is open again, and a new edition may follow.
func TestUndoEndsThePlanThatRestedOnIt(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	e.confirmsPlan(t, d, "quince")
	d.lookForAnswers(t)
	if d.round(t).Sealed() {
		t.Fatal("nothing was drawn")
	}
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Undoing{Key: k, Link: link, Decision: x.Decision().ID}
	})
	d.lookForAnswers(t)
	if _, course := d.open(t); course.Trial != nil || len(course.Past) != 0 {
		t.Errorf("the trial goes on here: %+v", course)
	}
	madePacket(t, d)
	l, err := d.PrepareEdition(context.Background(), mustOpen(t, d))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish(context.Background(), mustOpen(t, d), l.Mark, nil); err != nil {
		t.Errorf("no edition may follow an answer that was undone: %v", err)
	}
}
