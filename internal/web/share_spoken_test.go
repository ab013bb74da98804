package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/plan"
	"homecase/share"
)

// What was agreed in a talk is shown as it will leave, and reaches the office's
// record only once it is sent; the person's own note of the talk stays here.
func TestATalkReachesTheOffice(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/talk/outcome")
	me.Choose("Agreed")
	me.Press("Continue")
	me.Fill("What was said", "Dana looked tired. My secret note.")
	me.Press("Continue")
	if got := p.Heading(); !strings.Contains(got, "Tell Example Insurance") || !me.Has("24 November 2026") || me.Has("My secret note.") {
		t.Fatal(got, p.Text())
	}
	p.Check()
	if n := len(e.decisions(t, d)); n != 0 {
		t.Fatalf("%d answers left before anybody sent them", n)
	}
	me.Follow("Send nothing")
	if !me.Has("Tell Example Insurance what was decided") {
		t.Fatal(p.Text())
	}
	me.Follow("Tell Example Insurance what was decided")
	me.Fill("What was said", "Start after the audit.")
	me.Press("Send it to Example Insurance")
	all := e.decisions(t, d)
	if len(all) != 1 || all[0].Answer != share.Agreed || all[0].Way != "talk" || all[0].On != day.Must("2026-11-24") || all[0].Note != "Start after the audit." {
		t.Fatalf("at the office stands %+v", all)
	}
	if k, _ := d.open(t); k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.Agreed || k.Plan.Outcome.Note != "Dana looked tired. My secret note." {
		t.Errorf("the person's own note became %+v", k.Plan.Outcome)
	}
	if me.Has("what was decided") {
		t.Error("it is offered again")
	}
}

// Changes that both agreed on in a talk are accepted by the same press. A "not now"
// that is noted later corrects what was sent, with the day to ask again.
func TestChangesOfATalkReachTheOffice(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	k, _ := d.open(t)
	d.send(t, "/talk/outcome", url.Values{"how": {"agreed_with_changes"}})
	d.send(t, "/talk/outcome/changes", url.Values{"days": {strconv.FormatFloat(k.Plan.AskedDays(), 'f', -1, 64)}, "choice": {"lottery"}, "start": {"2027-01-18"}, "weeks": {"8"}, "decide": {"2027-03-19"}, "on": {"2026-11-24"}})
	mark := func() string {
		t.Helper()
		status, body := d.get(t, "/talk/outcome/office")
		_, rest, ok := strings.Cut(body, `name="mark" value="`)
		if status != http.StatusOK || !ok {
			t.Fatalf("%d: %s", status, body)
		}
		mark, _, _ := strings.Cut(rest, `"`)
		return mark
	}
	first := mark()
	if status, body := d.post(t, "/talk/outcome/office", url.Values{"mark": {"another"}, "way": {"talk"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "no longer what this page showed") {
		t.Errorf("what was not shown: %d", status)
	}
	if status, _ := d.post(t, "/talk/outcome/office", url.Values{"mark": {first}, "way": {"pigeon"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("no way: %d", status)
	}
	d.send(t, "/talk/outcome/office", url.Values{"mark": {first}, "way": {"talk"}})
	all := e.decisions(t, d)
	if len(all) != 1 || all[0].Answer != share.Countered || all[0].Accepted.IsZero() || all[0].Terms.Start != day.Must("2027-01-18") {
		t.Fatalf("at the office stands %+v", all)
	}
	if k, _ := d.open(t); k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.AgreedWithChanges || k.Plan.Start != day.Must("2027-01-18") {
		t.Errorf("the plan is %+v", k.Plan)
	}
	if status, _ := d.get(t, "/talk/outcome/office"); status != http.StatusSeeOther {
		t.Errorf("what the office has is offered: %d", status)
	}

	d.send(t, "/talk/outcome", url.Values{"how": {"not_now"}})
	d.send(t, "/talk/not-now/worry", url.Values{"worry": {"Cover on Fridays."}, "said": {"2026-11-24"}, "again": {"2027-03-01"}})
	d.send(t, "/talk/not-now/tasks", url.Values{"task-1": {"Ask Marek."}})
	if _, body := d.get(t, "/share/answer"); strings.Contains(body, "from .") {
		t.Error("a day is missing")
	}
	if _, body := d.get(t, "/talk/outcome/office"); !strings.Contains(body, "The office has another answer") || !strings.Contains(body, "1 March 2027") || strings.Contains(body, "Cover on Fridays.") {
		t.Errorf("the page shows\n%s", body)
	}
	d.send(t, "/talk/outcome/office", url.Values{"mark": {mark()}, "way": {"talk"}})
	all = e.decisions(t, d)
	if len(all) != 2 || all[1].Answer != share.Deferred || all[1].Until != day.Must("2027-03-01") || all[1].Corrects != all[0].ID || all[0].Corrected.IsZero() {
		t.Fatalf("at the office stands %+v", all)
	}
	if k, _ := d.open(t); k.Plan.NotNow == nil || k.Plan.NotNow.Worry != "Cover on Fridays." || len(k.Plan.NotNow.Tasks) != 1 || k.Plan.Outcome.How != plan.SaidNotNow {
		t.Errorf("the worry and its tasks became %+v", k.Plan.NotNow)
	}
}

// Without an office, and where the other side answered by its link, a talk stays here.
func TestATalkThatStaysHere(t *testing.T) {
	for name, shared := range map[string]bool{"no office": false, "answered by the link": true} {
		d := serve(t).take(t, accounts)
		if shared {
			e := withOffice(t, d)
			e.reads(t, d, answered(share.Agreed, asIs))
			d.lookForAnswers(t)
		}
		d.send(t, "/talk/outcome", url.Values{"how": {"not_now"}})
		d.send(t, "/talk/not-now/worry", url.Values{"worry": {"Cover."}, "said": {"2026-11-24"}, "again": {"2027-03-01"}})
		d.send(t, "/talk/not-now/tasks", url.Values{"task-1": {"Ask Marek."}})
		for _, path := range []string{"/talk/outcome/office", "/share/answer/correct"} {
			if status, _ := d.get(t, path); status != http.StatusSeeOther {
				t.Errorf("%s: %s is answered %d", name, path, status)
			}
		}
		if all, err := d.Store.Outbox(context.Background(), mustOpen(t, d).ID); err != nil || len(all) != 0 {
			t.Errorf("%s: %d acts wait, %v", name, len(all), err)
		}
	}
}

// An answer that was written down wrongly is corrected by a further line: both
// sides see both dates, and the case follows what is right.
func TestAWrittenAnswerIsCorrected(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	p := d.browse(t, webtest.View{Width: 390, NoScript: true})
	me := p.Person()
	d.send(t, "/share/answer", url.Values{"do": {"record"}, "answer": {"not_now"}, "way": {"email"}, "on": {"2026-11-24"}, "until": {"2027-02-24"}, "note": {"Not before the audit."}})
	d.send(t, "/talk/outcome", url.Values{"how": {"agreed"}}) // the plan and the record differ
	me.Go("/share/answer")
	if !me.Has("You can ask again from 24 February 2027.") {
		t.Error(p.Text())
	}
	p.Check()
	me.Follow("Correct it")
	if !me.Has("not now, by e-mail on 24 November 2026") {
		t.Error(p.Text())
	}
	p.Check()
	me.Choose("Agreed")
	me.Choose("In a talk")
	me.Fill("On which day?", "2027-01-01")
	me.Press("Send the correction")
	if !me.Has("The day must be today or before") || len(e.decisions(t, d)) != 1 {
		t.Fatal(p.Text())
	}
	p.Check()
	me.Fill("On which day?", "2026-11-23")
	me.Fill("What was said", "From January.")
	me.Press("Send the correction")
	if !me.Has("It corrects what you wrote down on 24 November 2026") || !me.Has("not now, by e-mail on 24 November 2026") || !me.Has("From January.") {
		t.Fatal(p.Text())
	}
	p.Check()
	all := e.decisions(t, d)
	if len(all) != 2 || all[1].Corrects != all[0].ID || all[1].Answer != share.Agreed || all[1].On != day.Must("2026-11-23") {
		t.Fatalf("at the office stands %+v", all)
	}
	if k, _ := d.open(t); k.Plan.NotNow != nil || k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.Agreed || k.Plan.Outcome.On != day.Must("2026-11-23") {
		t.Errorf("the case says %+v, %+v", k.Plan.Outcome, k.Plan.NotNow)
	}
	again := url.Values{"corrects": {all[1].Corrects}, "answer": {"agreed"}, "way": {"talk"}, "on": {"2026-11-23"}, "note": {"From January."}}
	if status, _ := d.post(t, "/share/answer/correct", again); status != http.StatusSeeOther || len(e.decisions(t, d)) != 2 {
		t.Errorf("pressed twice it is answered %d, and %d lines stand", status, len(e.decisions(t, d)))
	}
	again.Set("answer", "not_now")
	if status, body := d.post(t, "/share/answer/correct", again); status != http.StatusUnprocessableEntity || !strings.Contains(body, "no such answer") {
		t.Errorf("a correction of what stands no longer is answered %d", status)
	}

	me.Follow("Correct it")
	me.Follow("Dana would agree with changes: write them down")
	me.Fill("First day", "2027-01-18")
	me.Fill("The day to decide together", "2027-03-18")
	me.Press("Send the changes to the office")
	all = e.decisions(t, d)
	if len(all) != 3 || all[2].Answer != share.Countered || all[2].Corrects != all[1].ID {
		t.Fatalf("at the office stands %+v", all)
	}
	if k, _ := d.open(t); k.Plan.Outcome != nil {
		t.Errorf("the case says %+v before the changes were accepted", k.Plan.Outcome)
	}
	me.Press("Accept the changes")
	if k, _ := d.open(t); k.Plan.Outcome == nil || k.Plan.Outcome.How != plan.AgreedWithChanges || k.Plan.Start != day.Must("2027-01-18") {
		t.Errorf("the case says %+v", k.Plan.Outcome)
	}
}

// An answer to a question that was wrong is answered anew, with both days.
func TestAReplyIsCorrected(t *testing.T) {
	d := serve(t).take(t, accounts)
	e := withOffice(t, d)
	e.reads(t, d, question("Who covers Fridays?"))
	d.lookForAnswers(t)
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/share/questions")
	me.Fill("Your answer to question 1", "Marek.")
	me.Press("Send the answer to question 1")
	d.now = d.now.Add(48 * time.Hour)
	me.Go("/share/questions")
	p.Check()
	stands := func() share.Asking {
		x, err := e.Exchange(context.Background(), e.org, mustOpen(t, d).ID)
		if err != nil {
			t.Fatal(err)
		}
		return x.Questions[0]
	}
	id := stands().ID
	if status, _ := d.post(t, "/share/questions", url.Values{"question": {id}, "text": {""}, "do": {"correct"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("an empty correction is answered %d", status)
	}
	d.send(t, "/share/questions", url.Values{"question": {id}, "text": {"Priya does."}, "do": {"correct"}})
	if q := stands(); q.Answer != "Priya does." || q.First.IsZero() || !q.Answered.After(q.First) {
		t.Errorf("at the office stands %+v", q)
	}
	me.Go("/share/questions")
	if !me.Has("Your answer, 26 November 2026, 09:30, in place of the one of 24 November 2026, 09:30") || me.Has("Marek.") {
		t.Error(p.Text())
	}
	p.Check()
}
