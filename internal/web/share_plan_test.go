package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/share"
	"homecase/trial"
)

// The other side says that the trial goes on. The plan of the extension is offered,
// read as the other side will, sent once, agreed to, and the notes go on.
func TestTheExtensionGoesToBoth(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := playTrial(t, d, -.5)
	d.fill(t, values(-.5), day.Must("2027-03-05"))
	d.on(day.Must("2027-03-11"))
	reading, err := d.Reading(d.opened(t), d.round(t))
	if err != nil {
		t.Fatal(err)
	}
	if *reading.Analysis.Verdict != trial.CannotTell {
		t.Fatalf("the made-up days say %s, and this test needs days that cannot tell", *reading.Analysis.Verdict)
	}
	d.send(t, "/share/end", url.Values{"do": {"end"}, "note": {"Four weeks more?"}})
	e.reads(t, d, func(_ *share.Exchange, link string, k share.Key) share.Body {
		return share.Next{Key: k, Link: link, Way: "extend"}
	})
	d.lookForAnswers(t)
	if _, course := d.open(t); course.Trial == nil || !course.Trial.Extended {
		t.Fatal("the other side extended the trial, and here it did not go on")
	}
	p := d.browse(t, webtest.View{Width: 390})
	me := p.Person()
	for _, at := range []string{"/trial", "/trial/draw", "/share"} {
		me.Go(at)
		if !me.Has("Send the plan of the extension to Example Insurance") {
			t.Errorf("%s does not offer the plan: %s", at, p.Text())
		}
	}
	me.Go("/share/note/2027-03-08")
	me.Go("/share")
	me.Follow("Send the plan of the extension to Example Insurance")
	for _, want := range []string{"The extension, for both", "Both agreed beforehand on one extension", "8 March 2027", "2 April 2027", "They were drawn with the word “marmalade”"} {
		if !me.Has(want) {
			t.Errorf("the page does not say %q: %s", want, p.Text())
		}
	}
	p.Check()
	mark, err := d.PreparePlan(context.Background(), mustOpen(t, d))
	if err != nil {
		t.Fatal(err)
	}
	me.Press("Send the plan to Example Insurance")
	if !me.Has("Dana has not agreed to it yet.") {
		t.Fatal(p.Text())
	}
	n := len(e.shelf.Record(mustOpen(t, d).ID))
	d.send(t, "/share/plan", url.Values{"mark": {mark.Mark}}) // pressed twice
	if got := len(e.shelf.Record(mustOpen(t, d).ID)); got != n {
		t.Errorf("pressed twice, the plan went %d times more", got-n)
	}
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		if x.Trial.NonceHash != "" || x.Trial.Start != day.Must("2027-03-08") || x.Trial.Until != day.Must("2027-04-02") {
			t.Errorf("the plan of the extension is %+v", x.Trial.Planning)
		}
		return share.Confirmation{Key: k, Link: link, Planning: x.Trial.ID}
	})
	me.Press("Look for answers now")
	if !me.Has("Dana agreed to this plan on") || me.Has("gave no word") {
		t.Error(p.Text())
	}
	d.fill(t, values(-.5), day.Must("2027-03-12"))
	if _, err := d.KeepNote(context.Background(), mustOpen(t, d), day.Must("2027-03-08"), "The ninth week."); err != nil {
		t.Fatal(err)
	}
	me.Go("/share/note/2027-03-08")
	me.Press("Send the note")
	if !me.Has("You sent this note.") {
		t.Error(p.Text())
	}
	d.fill(t, values(-.5), day.Must("2027-04-02"))
	d.on(day.Must("2027-04-08"))
	d.send(t, "/share/end", url.Values{"do": {"end"}, "note": {"That was it."}})
	e.reads(t, d, func(_ *share.Exchange, link string, k share.Key) share.Body {
		return share.Next{Key: k, Link: link, Way: "stop"}
	})
	d.lookForAnswers(t)
	if _, course := d.open(t); course.Trial != nil || len(course.Past) != 1 {
		t.Errorf("the extension has ended for the other side, and here it stands at %+v", course)
	}
}

// A plan that both change after the other side agreed to one is sent anew: the
// page says that the old one ends, and it does.
func TestAChangedPlanGoesToBothAnew(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	stale := e.confirmsPlan(t, d, "late")
	d.on(day.Must("2027-01-11")) // the first day has come before anybody looked, so the word draws nothing
	d.lookForAnswers(t)
	if !d.round(t).Sealed() {
		t.Fatal("the days were drawn on the first day")
	}
	d.send(t, "/trial/draw", url.Values{"do": {"open"}})
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Plan.Start, c.Plan.DecideOn = day.Must("2027-01-18"), day.Must("2027-03-18")
		if c.Trial != nil {
			c.Trial.Weeks, c.Trial.DecideOn = nil, day.Date{}
		}
	})
	sealed(t, d)
	page := d.browse(t, webtest.View{Width: 320, Dark: true})
	me := page.Person()
	me.Go("/share/plan")
	if !me.Has("Dana agreed to another plan on") {
		t.Error(page.Text())
	}
	page.Check()
	if status, body := d.give(t, "/share/plan", "mark", stale); status != 422 || !strings.Contains(body, "nothing was sent") {
		t.Errorf("an old form sent something: %d", status)
	}
	me.Press("Send the plan to Example Insurance")
	if !me.Has("Dana has not agreed to it yet.") {
		t.Fatal(page.Text())
	}
	x, err := e.Exchange(context.Background(), e.org, mustOpen(t, d).ID)
	if err != nil {
		t.Fatal(err)
	}
	if x.Trial.Before == nil || x.Trial.Before.Stopped.IsZero() || x.Trial.Before.StopNote == "" || x.Trial.Start != day.Must("2027-01-18") {
		t.Errorf("at the office stands %+v", x.Trial)
	}
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Confirmation{Key: k, Link: link, Planning: x.Trial.ID, Word: "early"}
	})
	d.lookForAnswers(t)
	if d.round(t).Sealed() {
		t.Error("the word of the new plan drew nothing")
	}
}
