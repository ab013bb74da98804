package web_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/plan"
	"homecase/share"
)

// sharedWithAnswers is a case about which a question was asked and answered,
// another waits, and so does a counter-offer.
func sharedWithAnswers(t testing.TB, d *desk) {
	t.Helper()
	e := withOffice(t, d)
	e.reads(t, d, question("Who covers month-end?"))
	d.lookForAnswers(t)
	d.give(t, "/share/questions", "question", "reader-b", "text", "I am in the office for it.")
	e.reads(t, d, question("What if the line fails?"))
	e.reads(t, d, answered(share.Countered, func(c *share.Decision, asked share.Terms) {
		asked.Start, asked.Until, asked.DecideOn = asked.Start.Add(7), asked.Until.Add(7), asked.DecideOn.Add(7)
		asked.Promises = asked.Promises[:1]
		c.Terms, c.Note = &asked, "A week later, after the audit."
	}))
	d.lookForAnswers(t)
}

// sharedTrial is a trial that both agreed to at the office, in its seventh week,
// with the note of its first week approved.
func sharedTrial(t testing.TB, d *desk) { playTrial(t, d, 3) }

// confirmsPlan agrees to what was asked and to the plan that is sent for it, with
// a word for the draw. It returns the mark with which the plan was sent.
func (e *employer) confirmsPlan(t testing.TB, d *desk, word string) string {
	t.Helper()
	e.reads(t, d, answered(share.Agreed, asIs))
	d.lookForAnswers(t)
	sealed(t, d)
	p, err := d.PreparePlan(context.Background(), mustOpen(t, d))
	if err != nil {
		t.Fatal(err)
	}
	d.send(t, "/share/plan", url.Values{"mark": {p.Mark}})
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Confirmation{Key: k, Link: link, Planning: x.Trial.ID, Word: word}
	})
	return p.Mark
}

func playTrial(t testing.TB, d *desk, effect float64) *employer {
	t.Helper()
	e := withOffice(t, d)
	e.confirmsPlan(t, d, "marmalade")
	d.lookForAnswers(t)
	d.fill(t, values(effect), day.Must("2027-02-25"))
	if _, err := d.KeepNote(context.Background(), mustOpen(t, d), day.Must("2027-01-11"), "All went as planned."); err != nil {
		t.Fatal(err)
	}
	return e
}

// The notes and the end of a trial go to both, and what the other side says
// follows is done here.
func TestTheTrialThroughTheOffice(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := playTrial(t, d, 3)
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/share/note/2027-01-11")
	p.Check()
	me.Press("Send the note")
	if !me.Has("You sent this note.") {
		t.Fatal(p.Text())
	}
	lines := func() int64 {
		s, err := d.Shared(context.Background(), mustOpen(t, d).ID)
		if err != nil {
			t.Fatal(err)
		}
		return s.N
	}
	n := lines()
	d.send(t, "/share/note/2027-01-11", url.Values{}) // pressed twice
	if lines() != n {
		t.Error("the note went twice")
	}
	d.fill(t, values(3), day.Must("2027-03-05"))
	d.on(day.Must("2027-03-11"))
	me.Go("/share/end")
	p.Check()
	me.Fill("Your words to Dana", "")
	me.Press("Send the end of the trial")
	if !me.Has("Write a few words") {
		t.Error(p.Text())
	}
	me.Fill("Your words to Dana", "It went well. What do you say?")
	me.Press("Send the end of the trial")
	if !me.Has("You sent the end of the trial.") {
		t.Fatal(p.Text())
	}
	n = lines()
	d.send(t, "/share/end", url.Values{"note": {"It went well. What do you say?"}}) // pressed twice
	if lines() != n {
		t.Error("the end went twice")
	}
	e.reads(t, d, func(_ *share.Exchange, link string, k share.Key) share.Body {
		return share.Next{Key: k, Link: link, Way: "next_rung"}
	})
	d.lookForAnswers(t)
	_, course := d.open(t)
	if course.Trial != nil || len(course.Past) != 1 || course.Past[0].Decision != homecase.Climb {
		t.Errorf("the reader asked for one more step, and here stands %+v", course.Past)
	}
}

// A person pairs, sees exactly what would leave, sends it, and copies the link.
// What left is listed, and the key is in none of it.
func TestShareThroughAnOffice(t *testing.T) {
	d := serve(t).take(t, accounts)
	madePacket(t, d)
	e := hire(t, d)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/share")
	if !me.Has("Nobody can read it") {
		t.Error(p.Text())
	}
	me.Follow("Pair with it")
	p.Check()
	me.Press("Pair with this office")
	if !me.Has("Paste the address of the invitation") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("The invitation", "office.example")
	me.Press("Pair with this office")
	if !me.Has("This is not the address of an invitation") {
		t.Error(p.Text())
	}
	me.Fill("The invitation", e.invitation(t))
	me.Press("Pair with this office")
	if got := p.Heading(); !strings.Contains(got, "Nobody can read it") {
		t.Fatal(got, p.Text())
	}
	p.Check()
	me.Follow("See what would leave")
	p.Check()
	for _, want := range []string{"Edition 1", "one-page.pdf", "packet.pdf", "edition.json", "Who you are", "The public half of your key"} {
		if !me.Has(want) {
			t.Errorf("the page does not name %q", want)
		}
	}
	me.Fill("Who is the link for?", "")
	me.Press("Send edition 1 to Example Insurance")
	if !me.Has("Enter who the link is for") || len(e.shelf.Record(mustOpen(t, d).ID)) != 0 {
		t.Error(p.Text())
	}
	me.Fill("Who is the link for?", "Dana Whitfield")
	me.Press("Send edition 1 to Example Insurance")
	if got := p.Heading(); !strings.Contains(got, "Dana Whitfield can read it") {
		t.Fatal(got, p.Text())
	}
	if !me.Has(employerAddress + "/p/" + e.org) {
		t.Error("no link to copy: " + p.Text())
	}
	p.Check()
	pairing, err := d.Store.Pairing(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	_, left := d.get(t, "/what-leaves-this-computer")
	for _, want := range []string{"Edition 1: packet.pdf", "Edition 1: edition.json", "A link to read for Dana Whitfield", "Example Insurance, https://office.example"} {
		if !strings.Contains(left, want) {
			t.Errorf("what left does not list %q", want)
		}
	}
	_, file := d.ask(t, http.MethodPost, "/share/do", "do=record")
	_, whole := d.get(t, "/files/case.yaml")
	for name, text := range map[string]string{"the list of what left": left, "the record": file, "the case file": whole} {
		for _, secret := range []string{string(pairing.Key), base64.StdEncoding.EncodeToString(pairing.Key), tokenOf(t, d)} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret", name)
			}
		}
	}
	me.Press("Turn it off for Dana Whitfield")
	if got := p.Heading(); !strings.Contains(got, "Nobody can read it") {
		t.Error(got)
	}
}

func mustOpen(t testing.TB, d *desk) *ops.Open {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// tokenOf is the token of the newest link.
func tokenOf(t testing.TB, d *desk) string {
	t.Helper()
	tokens, err := d.Store.Tokens(context.Background(), mustOpen(t, d).ID)
	if err != nil || len(tokens) == 0 {
		t.Fatal(err)
	}
	for _, token := range tokens {
		return token
	}
	return ""
}

// A question is answered in place; the counter-offer is laid beside the ask, and
// accepted it stands in the plan; the plan goes to both and the word into the draw.
func TestFromTheQuestionToTheDraw(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	p := d.browse(t, webtest.View{Width: 1280})
	me := p.Person()
	e.reads(t, d, question("Who covers month-end? <script>alert(1)</script>"))
	me.Go("/share")
	me.Press("Look for answers now")
	if !me.Has("Dana has asked something.") || !me.Has("it could not be delivered. No such mailbox.") {
		t.Fatal(p.Text())
	}
	me.Follow("Answer the question")
	p.Check()
	me.Press("Send the answer to question 1")
	if !me.Has("Write your answer") {
		t.Error(p.Text())
	}
	p.Check()
	me.Fill("Your answer to question 1", "I am in the office for it.")
	me.Press("Send the answer to question 1")
	if !me.Has("I am in the office for it.") || !me.Has("<script>alert(1)</script>") {
		t.Error(p.Text())
	}

	e.reads(t, d, answered(share.Countered, func(c *share.Decision, asked share.Terms) {
		asked.Start, asked.Until, asked.DecideOn = asked.Start.Add(7), asked.Until.Add(7), asked.DecideOn.Add(7)
		asked.Promises = asked.Promises[:1]
		c.Terms, c.Note = &asked, "A week later, after the audit."
	}))
	me.Press("Look for answers now")
	me.Go("/share/answer")
	if got := p.Heading(); !strings.Contains(got, "Dana would agree with changes") {
		t.Fatal(got)
	}
	p.Check()
	if k, _ := d.open(t); k.Plan.Outcome != nil {
		t.Error("changes nobody accepted moved the case")
	}
	me.Press("Send my answer")
	if !me.Has("Write your answer") {
		t.Error(p.Text())
	}
	me.Press("Accept the changes")
	if got := p.Heading(); !strings.Contains(got, "You accepted the changes") {
		t.Fatal(got, p.Text())
	}
	p.Check()
	k, _ := d.open(t)
	if k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.AgreedWithChanges || k.Plan.Start != day.On(2027, 1, 18) || len(k.Plan.Promises) != 1 {
		t.Errorf("the plan is %+v with the outcome %+v", k.Plan, k.Plan.Outcome)
	}

	d.give(t, "/trial/draw", "do", "agree", "on", "2026-11-24", "both", "yes")
	me.Go("/share/plan")
	p.Check()
	me.Press("Send the plan to Example Insurance")
	if !me.Has("has not agreed to it yet") {
		t.Fatal(p.Text())
	}
	e.reads(t, d, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Confirmation{Key: k, Link: link, Planning: x.Trial.ID, Word: "marmalade"}
	})
	me.Press("Look for answers now")
	if !me.Has("The word for the draw was “marmalade”. It went into the draw.") {
		t.Error(p.Text())
	}
	p.Check()
	if _, course := d.open(t); course.Trial == nil || !strings.Contains(string(course.Trial.Plan), "marmalade") {
		t.Error("the word is not in the draw")
	}
}

// A not now comes with its day; nothing leaves before it, by no page.
func TestNotNowThroughTheOffice(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	e.reads(t, d, answered(share.Deferred, func(c *share.Decision, _ share.Terms) {
		c.Reason, c.Until = "The audit comes first", day.On(2027, 3, 1)
	}))
	d.lookForAnswers(t)
	k, _ := d.open(t)
	if k.Plan.NotNow == nil || k.Plan.NotNow.RetryOn() != day.On(2027, 3, 1) || k.Plan.NotNow.Worry != "The audit comes first" {
		t.Fatalf("%+v", k.Plan.NotNow)
	}
	for _, path := range []string{"/share", "/share/edition", "/share/link"} {
		_, body := d.get(t, path)
		if strings.Contains(body, "Send edition") || strings.Contains(body, "Make the link") || !strings.Contains(body, "1 March 2027") {
			t.Errorf("%s offers to send something before the day", path)
		}
	}
	lines := len(e.shelf.Record(mustOpen(t, d).ID))
	status, _ := d.give(t, "/share/link", "reader", "Somebody", "how", "copy")
	if status != http.StatusUnprocessableEntity || len(e.shelf.Record(mustOpen(t, d).ID)) != lines {
		t.Errorf("a link before the day: status %d", status)
	}
	p := d.browse(t, webtest.View{Width: 320})
	for _, path := range []string{"/share", "/share/answer", "/share/edition"} {
		p.Person().Go(path)
		p.Check()
	}
}

// While the office cannot be reached nothing is lost, and nothing is sent twice.
func TestTheOfficeCannotBeReached(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	e.reads(t, d, question("Why?"))
	d.lookForAnswers(t)
	e.away = true
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/share/questions")
	me.Fill("Your answer to question 1", "Because.")
	me.Press("Send the answer to question 1")
	if !me.Has("on its way") || !me.Has("Nothing is lost.") {
		t.Fatal(p.Text())
	}
	p.Check()
	me.Go("/share")
	if !me.Has("On its way to the office") || !me.Has("An answer to a question") {
		t.Error(p.Text())
	}
	p.Check()
	lines := len(e.shelf.Record(mustOpen(t, d).ID))
	e.away = false
	me.Press("Send what waits, and look for answers")
	if me.Has("On its way to the office") || len(e.shelf.Record(mustOpen(t, d).ID)) != lines+1 {
		t.Error(p.Text())
	}
	if status, body := d.give(t, "/share/office", "do", "leave"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Take it back first") {
		t.Errorf("leaving while somebody can read: status %d", status)
	}
}

// An answer that came another way is written down, and stands in the record.
func TestAnAnswerByHand(t *testing.T) {
	d := serve(t).take(t, accounts)
	withOffice(t, d)
	for _, c := range []struct {
		form url.Values
		say  string
	}{
		{url.Values{}, "Select the answer"},
		{url.Values{"answer": {"agreed"}}, "Select how it came"},
		{url.Values{"answer": {"agreed"}, "way": {"email"}, "on": {"2027-01-01"}}, "The day must be today or before"},
		{url.Values{"answer": {"not_now"}, "way": {"talk"}, "on": {"2026-11-24"}, "until": {"2026-11-01"}}, "must come after today"},
		{url.Values{"answer": {"published"}, "way": {"talk"}, "on": {"2026-11-24"}}, "Select the answer"},
	} {
		if status, body := d.post(t, "/share/answer", c.form); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.say) {
			t.Errorf("%v: status %d, want %q", c.form, status, c.say)
		}
	}
	status, _ := d.give(t, "/share/answer", "answer", "agreed", "way", "email", "on", "2026-11-24", "note", "Yes, go ahead.")
	k, _ := d.open(t)
	if status != http.StatusSeeOther || k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.Agreed || k.Plan.Outcome.Note != "Yes, go ahead." {
		t.Errorf("status %d, outcome %+v", status, k.Plan.Outcome)
	}
	if _, body := d.get(t, "/share/answer"); !strings.Contains(body, "by e-mail") {
		t.Error("the page does not say how it came")
	}
}

// What is sent is what was shown: where the packet was made again in between,
// nothing is sent.
func TestWhatIsSentIsWhatWasShown(t *testing.T) {
	d := serve(t).take(t, accounts)
	madePacket(t, d)
	e := hire(t, d)
	if _, err := d.Pair(context.Background(), e.invitation(t), "Ines Duarte"); err != nil {
		t.Fatal(err)
	}
	_, body := d.get(t, "/share/edition")
	mark := regexp.MustCompile(`name="mark" value="([0-9a-f]+)"`).FindStringSubmatch(body)
	if mark == nil {
		t.Fatal("the page has no mark")
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Plan.Weeks-- })
	madePacket(t, d)
	form := []string{"mark", mark[1], "reader", "Dana", "how", "copy"}
	if status, body := d.give(t, "/share/edition", form...); status != http.StatusUnprocessableEntity || !strings.Contains(body, "nothing was sent") {
		t.Errorf("status %d", status)
	}
	if n := len(e.shelf.Record(mustOpen(t, d).ID)); n != 0 {
		t.Errorf("%d lines were written", n)
	}
}

// A record that does not hold together stops everything, and the page hands out
// the evidence.
func TestTheRecordStandsStill(t *testing.T) {
	d := serve(t).take(t, accounts)
	withOffice(t, d)
	id := mustOpen(t, d).ID
	s, err := d.Store.Sharing(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.Halt, s.Evidence = "The office's record is another one than it gave out earlier.", []byte(`{"after":3}`)
	if err := d.Store.SetSharing(context.Background(), id, s); err != nil {
		t.Fatal(err)
	}
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/share")
	me.Press("Look for answers now")
	if !me.Has("Everything about this case stands still") || !me.Has("another one than it gave out earlier") {
		t.Error(p.Text())
	}
	p.Check()
	status, text := d.give(t, "/share/do", "do", "evidence")
	if status != 200 || !json.Valid([]byte(text)) {
		t.Errorf("the evidence: status %d, %q", status, text)
	}
}

// A second edition says which parts changed, and whoever holds a link reads it.
func TestTheSecondEdition(t *testing.T) {
	d := serve(t).take(t, accounts)
	withOffice(t, d)
	o := mustOpen(t, d)
	l, err := d.PrepareEdition(context.Background(), o)
	if err != nil || len(l.Publication.Changed) != 0 || l.Publication.Edition != 2 || l.Opening != nil {
		t.Fatalf("the same packet again: %v, %d parts changed", err, len(l.Publication.Changed))
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Plan.Promises = slices.Clone(c.Plan.Promises)
		c.Plan.Promises[0].Text = "I come in whenever you ask me to."
	})
	madePacket(t, d)
	if l, err = d.PrepareEdition(context.Background(), mustOpen(t, d)); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(l.Publication.Changed, "promises") || len(l.Publication.Changed) > 3 {
		t.Errorf("changed are %v", l.Publication.Changed)
	}
	p := d.browse(t, webtest.View{Width: 1280})
	p.Person().Go("/share/edition")
	p.Check()
	p.Person().Press("Send edition 2 to Example Insurance")
	if !p.Person().Has("Edition 2, sent on") {
		t.Error(p.Text())
	}
}
