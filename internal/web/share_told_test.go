package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/internal/press/mail"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/share"
)

// The person has the office erase a case: nothing happens without the tick, then the
// words are gone there, the record here stays, and nothing more can be shared.
func TestTheOfficeErases(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	e.reads(t, d, question("Who covers month-end?"))
	d.lookForAnswers(t)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/share/withdraw")
	p.Check()
	me.Follow("Have it erase them")
	p.Check()
	me.Press("Erase it at the office")
	if !me.Has("Tick the box to have it erased") || !strings.Contains(words(e.shelf.Record(mustOpen(t, d).ID)), "month-end") {
		t.Fatal(p.Text())
	}
	p.Check()
	e.away = true
	me.Tick("I want Example Insurance to erase every word of my case")
	me.Press("Erase it at the office")
	if !me.Has("could not be reached") || !strings.Contains(words(e.shelf.Record(mustOpen(t, d).ID)), "month-end") {
		t.Fatal(p.Text())
	}
	e.away = false
	me.Tick("I want Example Insurance to erase every word of my case")
	me.Press("Erase it at the office")
	if !me.Has("Example Insurance erased its words on") || !me.Has("Nobody can read it") || !me.Has("Nothing more can be shared of this case.") {
		t.Fatal(p.Text())
	}
	p.Check()
	if got := words(e.shelf.Record(mustOpen(t, d).ID)); got != "" {
		t.Errorf("the office still has %s", got)
	}
	for _, at := range []string{"/share/edition", "/share/link", "/share/erase", "/share/news", "/share/withdraw", "/share/questions", "/share/answer", "/trial", "/talk", "/case"} {
		status, body := d.get(t, at)
		if status >= 500 || strings.Contains(body, "Send edition") || strings.Contains(body, "Make the link") {
			t.Errorf("%s: status %d, or it offers to send something", at, status)
		}
	}
	lines := len(e.shelf.Record(mustOpen(t, d).ID))
	if status, _ := d.give(t, "/share/link", "reader", "Somebody", "how", "copy"); status != http.StatusUnprocessableEntity && status != http.StatusSeeOther || len(e.shelf.Record(mustOpen(t, d).ID)) != lines {
		t.Errorf("a link to what was erased: status %d", status)
	}
	_, file := d.ask(t, http.MethodPost, "/share/do", "do=record")
	r, err := share.ReadRecord([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := r.Verify(d.now); err != nil || v.Lines != lines || !strings.Contains(file, "month-end") {
		t.Errorf("the record here: %+v, %v", v, err)
	}
	if _, body := d.get(t, "/what-leaves-this-computer"); !strings.Contains(body, "That the office erases your case") {
		t.Error("the list of what left does not name the request")
	}
	if status, _ := d.give(t, "/share/office", "do", "leave"); status != http.StatusSeeOther {
		t.Errorf("the office cannot be left: status %d", status)
	}
}

// words are all bodies of a record.
func words(lines []share.Entry) string {
	var b strings.Builder
	for _, e := range lines {
		b.Write(e.Raw)
	}
	return b.String()
}

// Who says they have read stands on the page with what they said, and nothing else
// is said of readers. What somebody calls themselves is text.
func TestWhoSaysTheyHaveRead(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	d.lookForAnswers(t)
	p := d.browse(t, webtest.View{Width: 390})
	me := p.Person()
	me.Go("/share")
	if !me.Has("You do not see whether Dana has read it.") {
		t.Error(p.Text())
	}
	for _, name := range []string{"Joanne Pike", "<script>alert(1)</script>\u202e"} {
		if err := e.shelf.Saw(context.Background(), e.org, share.Seen{Case: mustOpen(t, d).ID, Account: name, Edition: 1, At: d.now}); err != nil {
			t.Fatal(err)
		}
	}
	me.Press("Look for answers now")
	if !me.Has("They say they have read it") || !me.Has("Joanne Pike, edition 1, on 24 November 2026") || !me.Has("<script>alert(1)</script>, edition 1") || me.Has("You do not see whether") {
		t.Error(p.Text())
	}
	p.Check()
}

// The person leaves an address for news, changes and takes it out again; the office
// has it then and only then. Nobody's form can slip a header into it.
func TestNewsByMail(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	about := func() string {
		all, err := e.shelf.Watches(context.Background(), e.org, mustOpen(t, d).ID, "news")
		if err != nil {
			t.Fatal(err)
		}
		var to []string
		for _, w := range all {
			to = append(to, w.To)
		}
		return strings.Join(to, " ")
	}
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/share")
	me.Follow("News by e-mail: off")
	p.Check()
	me.Press("Save")
	if !me.Has("Select yes or no") {
		t.Error(p.Text())
	}
	me.Choose("Yes, write to me")
	me.Fill("Your e-mail address", "ines at home")
	me.Press("Save")
	if !strings.Contains(p.Text(), "There is a problem") || about() != "" {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Your e-mail address", "ines@home.example")
	me.Press("Save")
	if !me.Has("This office sends no e-mail.") || about() != "" {
		t.Fatal(p.Text())
	}
	e.Letters = ops.Letters{From: mail.Address{Email: "office@office.example"}}
	me.Choose("Yes, write to me")
	me.Press("Save")
	if !me.Has("News by e-mail, to ines@home.example") || about() != "ines@home.example" {
		t.Fatal(p.Text(), about())
	}
	for _, bad := range []string{"a@b.example\r\nBcc: all@evil.example", "a@b.example, c@d.example", strings.Repeat("x", 400) + "@b.example", "<a@b.example>x"} {
		if status, _ := d.give(t, "/share/news", "news", "yes", "to", bad); status != http.StatusUnprocessableEntity || about() != "ines@home.example" {
			t.Errorf("%.40q: status %d, the office has %q", bad, status, about())
		}
	}
	e.reads(t, d, question("Are you there?"))
	d.now = d.now.Add(time.Minute)
	me.Go("/share/news")
	me.Choose("No")
	me.Press("Save")
	if !me.Has("News by e-mail: off") || about() != "" {
		t.Error(p.Text(), about())
	}
}

// The office's e-mail may carry the talk that is arranged; a day that was only
// proposed, moved since, or gone by is not offered.
func TestTheMailMayCarryTheTalk(t *testing.T) {
	d := serve(t).take(t, accounts)
	k, _ := d.open(t)
	if k.Plan.Talk == nil || k.Plan.Talk.Time == "" {
		t.Fatal("the example has no talk")
	}
	withOffice(t, d)
	const offer = "Attach the invitation to the talk on"
	for _, at := range []string{"/share/link"} {
		if _, body := d.get(t, at); !strings.Contains(body, offer) {
			t.Errorf("%s does not offer the talk", at)
		}
	}
	day := k.Plan.Talk.Date
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		moved := *c.Plan.Talk
		moved.Date = day.Add(1)
		c.Plan.Talk = &moved
	})
	if _, body := d.get(t, "/share/link"); strings.Contains(body, offer) {
		t.Error("a talk that was moved since is offered")
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		moved := *c.Plan.Talk
		moved.Date = day
		c.Plan.Talk = &moved
	})
	d.on(day.Add(1))
	if _, body := d.get(t, "/share/link"); strings.Contains(body, offer) {
		t.Error("a talk that has gone by is offered")
	}
}
