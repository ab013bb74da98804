package office_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/press/presstest"
	"homecase/packet"
	"homecase/share"
	"homecase/trial"
)

// The first page is the packet with three answers of the same weight.
func TestFirstPage(t *testing.T) {
	s := shared(t)
	got := s.get("")
	got.has(t, "An eight-week trial: one day a week from home", "Agree", "Change it", "Not now", "All questions", "The full packet", "One page to print", "Ask about this")
	got.lacks(t, "<script", "Set-Cookie", "changed</span>")
	for _, a := range []string{"agree", "change", "not-now"} {
		if !strings.Contains(got.body, `<a class="btn" href="`+s.path("/decide?a="+a)+`">`) {
			t.Errorf("no button for %s", a)
		}
	}
	for head, want := range map[string]string{"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow", "Set-Cookie": ""} {
		if v := got.head.Get(head); v != want {
			t.Errorf("%s is %q", head, v)
		}
	}
	if !strings.Contains(got.head.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(got.head.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("the policy is %s", got.head.Get("Content-Security-Policy"))
	}
	s.get("/full").has(t, "Contents", "B. Working", "D. Record")
	s.get("/questions").has(t, "Questions and answers", "Whose insurance pays when equipment is damaged at home?")
	packed := s.send("GET", s.path(""), nil, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || string(plain) != got.body {
		t.Errorf("packed, the page is another one: %v", err)
	}
}

// A link that opens nothing says so in the same bytes, whatever the reason.
func TestLinksThatOpenNothing(t *testing.T) {
	s := shared(t)
	unknown := strings.Repeat("a", 34)
	want := s.send("GET", "/p/"+unknown, nil)
	if want.status != 404 || strings.Contains(want.body, "Ines") || strings.Contains(want.body, "Dana") {
		t.Fatalf("%d: %s", want.status, inText(want.body))
	}
	same := func(name, token string) {
		t.Helper()
		for _, rest := range []string{"", "/full", "/questions", "/law", "/ask", "/decide?a=agree", "/decided", "/trial", "/files/one-page.pdf", "/of/x/desk.jpg", "/meeting.ics", "/record.json"} {
			got := s.send("GET", "/p/"+token+rest, nil)
			if got.status != 404 || got.body != want.body {
				t.Errorf("%s%s: %d, another page than that of an unknown link: %s", name, rest, got.status, inText(got.body))
			}
			for _, h := range []string{"Content-Type", "Cache-Control", "Content-Length", "Set-Cookie", "Vary"} {
				if got.head.Get(h) != want.head.Get(h) {
					t.Errorf("%s%s: %s is %q", name, rest, h, got.head.Get(h))
				}
			}
		}
		for _, rest := range []string{"/ask", "/decide", "/undo", "/copy", "/trial/confirm", "/trial/stop", "/trial/next", "/trial/notes"} {
			if got := s.send("POST", "/p/"+token+rest, url.Values{"id": {"x"}}); got.status != 404 || got.body != want.body {
				t.Errorf("POST %s%s: %d", name, rest, got.status)
			}
		}
	}
	same("an odd token", "x%20y")
	same("a short token", "abc")
	other := s.link("hr", "Joanne Pike", false, s.now.Add(time.Hour))
	if got := s.send("GET", "/p/"+other, nil); got.status != 200 {
		t.Fatalf("a good link: %d", got.status)
	}
	s.now = s.now.Add(2 * time.Hour)
	same("an expired link", other)
	third := s.link("it", "IT", false, time.Time{})
	s.employee(share.Unlinking{Key: s.key(), Link: "it"})
	same("an ended link", third)
	s.employee(share.Withdrawal{Key: s.key()})
	same("a withdrawn case", s.token)
	if err := s.store.EraseCase(context.Background(), s.org, caseID); err != nil {
		t.Fatal(err)
	}
	same("an erased case", s.token)
}

// GET never writes, and a POST without what a person must do decides nothing.
func TestNothingDecidesAlone(t *testing.T) {
	s := shared(t)
	n := s.exchange().N
	for _, rest := range []string{"", "/full", "/questions", "/ask?at=why", "/decide", "/decide?a=agree", "/decide?a=change", "/decide?a=not-now", "/decided", "/trial", "/record.json"} {
		if got := s.get(rest); got.status != 200 {
			t.Errorf("%s: %d", rest, got.status)
		}
	}
	for _, a := range []string{"agree", "change", "not-now"} { // a scanner that presses the one button of each form
		got := s.fill("/decide?a="+a, "/decide", "days", "2", "stop", "on_any_day")
		if got.status != 422 {
			t.Errorf("%s: %d", a, got.status)
		}
		got.has(t, "There is a problem", "Tick the box to send this.")
		if !strings.Contains(got.body, "<title>Error: ") {
			t.Error("the title does not say that there is an error")
		}
	}
	form := url.Values{"id": {"foreign"}, "a": {"agree"}, "edition": {"1"}, "statement": {"yes"}}
	if got := s.send("POST", s.path("/decide"), form, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); got.status != 403 {
		t.Errorf("a form of another site: %d", got.status)
	}
	if got := s.exchange().N; got != n {
		t.Errorf("%d lines, then %d", n, got)
	}
}

func TestAskAndAnswer(t *testing.T) {
	s := shared(t)
	s.get("/ask?at=promises").has(t, "Your question about: What you would be agreeing to", "Ines Duarte gets it")
	got := s.fill("/ask?at=promises", "/ask", "text", " \n ")
	if got.status != 422 {
		t.Errorf("no question: %d", got.status)
	}
	got.has(t, "Enter your question.")
	long := strings.Repeat("é", 1001)
	if got = s.fill("/ask?at=promises", "/ask", "text", long); got.status != 422 {
		t.Errorf("a long question: %d", got.status)
	}
	got.has(t, "This has 1001 characters, and 1000 are the most.", long)
	s.fill("/ask?at=promises", "/ask", "text", "x", "email", "nobody at home").has(t, "Enter an e-mail address in the right format")
	got = s.fill("/ask?at=promises", "/ask", "text", "Who covers\r\nthe phone?", "email", "dana@harbour.example")
	if got.status != 303 || got.head.Get("Location") != s.path("#promises") {
		t.Errorf("%d to %s", got.status, got.head.Get("Location"))
	}
	q := s.exchange().Questions[0]
	if q.Text != "Who covers\nthe phone?" || q.At != "promises" || q.About != "What you would be agreeing to" {
		t.Errorf("asked %+v", q)
	}
	if w, err := s.store.Watches(context.Background(), s.org, caseID, q.ID); err != nil || len(w) != 1 || w[0].To != "dana@harbour.example" {
		t.Errorf("watches %v, %v", w, err)
	}
	page := s.get("")
	page.has(t, "Dana Whitfield asked on 24 November 2026:", "Ines Duarte has not answered yet")
	s.now = s.now.AddDate(0, 0, 1)
	s.employee(share.Reply{Key: s.key(), Question: q.ID, Text: "Priya does, as on my leave."})
	page = s.get("")
	page.has(t, "Ines Duarte answered on 25 November 2026:", "Priya does, as on my leave.")
	s.now = s.now.Add(24 * time.Hour)
	s.employee(share.Reply{Key: s.key(), Question: s.exchange().Questions[0].ID, Text: "Priya does, and Marek on her leave.", Corrects: true})
	corrected := s.get("/questions")
	corrected.has(t, "Ines Duarte answered on 25 November 2026, and corrected the answer on 26 November 2026:", "Marek on her leave.")
	corrected.lacks(t, "as on my leave")
	section := page.body[strings.Index(page.body, `id="promises"`):]
	if !strings.Contains(section[:strings.Index(section, "</section>")], "Priya does") {
		t.Error("the answer does not stand in the section it is about")
	}
	// About a place that only the full packet shows, and about the whole.
	if got = s.fill("/ask?at=money", "/ask", "text", "Is VAT in?"); got.head.Get("Location") != s.path("#asked-here") {
		t.Errorf("to %s", got.head.Get("Location"))
	}
	s.fill("/ask?at=no-such-place", "/ask", "text", "When can we talk?")
	s.get("").has(t, "What else was asked", "The money", "Is VAT in?", "When can we talk?")
	if got = s.send("GET", "/p/"+s.link("hr", "HR", false, time.Time{})+"/ask", nil); got.status != 403 {
		t.Errorf("a link without questions: %d", got.status)
	}
}

// The same form sent twice is one act; an undone answer leaves the page as before.
func TestAgreeAndUndo(t *testing.T) {
	s := shared(t)
	s.get("/decide?a=agree").has(t, "Agree to the trial", "At home one day a week, drawn by lot from Monday, Tuesday, Wednesday and Thursday.", "starts on 11 January 2027 and ends on 5 March 2027, after eight weeks",
		"I answer calls from 9 to 5.", "Either of you can stop it on any day.", "It records that whoever holds this link agrees", "It does not change a contract by itself.")
	form := url.Values{"statement": {"yes"}, "note": {"Start after the audit."}}
	for _, m := range hidden.FindAllStringSubmatch(s.get("/decide?a=agree").body, -1) {
		form.Set(m[1], m[2])
	}
	for range 2 {
		if got := s.send("POST", s.path("/decide"), form); got.status != 303 || got.head.Get("Location") != s.path("/decided") {
			t.Errorf("%d to %s: %s", got.status, got.head.Get("Location"), inText(got.body))
		}
	}
	if d := s.exchange().Decisions; len(d) != 1 || d[0].Answer != share.Agreed || d[0].Note != "Start after the audit." || d[0].Statement != "I have read what I would be agreeing to, and I agree." {
		t.Errorf("decided %+v", d)
	}
	got := s.get("/decided")
	got.has(t, "You agreed to the trial", "Recorded on 24 November 2026, for whoever holds the link of Dana Whitfield.", "You can take this answer back until 1 December 2026", "Save the days to your calendar", "A copy by e-mail", "Start after the audit.")
	s.get("").has(t, "An answer was given.", "See the answer")
	s.get("").lacks(t, "decide?a=")
	if got := s.get("/decide?a=change"); got.status != 303 {
		t.Errorf("a second answer is offered: %d", got.status)
	}
	ics := s.get("/meeting.ics")
	for _, want := range []string{"DTSTART;VALUE=DATE:20270111", "DTSTART;VALUE=DATE:20270308", "SUMMARY:First day: An eight-week trial"} {
		if !strings.Contains(ics.body, want) {
			t.Errorf("the calendar lacks %s: %s", want, ics.body)
		}
	}
	if got := s.fill("/decided", "/copy", "email", "dana@harbour.example"); got.head.Get("Location") != s.path("/decided?copy=sent") {
		t.Errorf("a copy: %d %s", got.status, inText(got.body))
	}
	s.get("/decided?copy=sent").has(t, "A copy is on its way.")
	s.fill("/decided", "/copy", "email", "x@").has(t, "Enter an e-mail address in the right format")
	if got := s.fill("/decided", "/undo"); got.status != 303 {
		t.Errorf("undo: %d %s", got.status, inText(got.body))
	}
	s.get("/decided").has(t, "You took your answer back on 24 November 2026", "Agree", "Not now")
	s.get("").has(t, "decide?a=agree")
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	s.now = s.now.AddDate(0, 0, 8)
	s.get("/decided").lacks(t, "Undo")
	form = url.Values{"id": {"late"}, "decision": {s.exchange().Decision().ID}}
	late := s.send("POST", s.path("/undo"), form)
	late.has(t, "This could not be recorded", "This could be taken back until 1 December 2026")
	if late.status != 409 {
		t.Errorf("a late undo: %d", late.status)
	}
}

func TestChange(t *testing.T) {
	s := shared(t)
	page := s.get("/decide?a=change")
	page.has(t, "Home days a week", "one day", "2027-01-11", "I move the day when you need me in.", "A new promise (optional)")
	all := []string{"days", "2", "weekdays", "mon", "weekdays", "tue", "weekdays", "wed", "weekdays", "thu", "lottery", "yes", "start", "2027-01-11", "weeks", "8", "decide", "2027-03-08",
		"promise-0", "I answer calls from 9 to 5.", "promise-1", "I move the day when you need me in.", "stop", "on_any_day", "statement", "yes"}
	with := func(pairs ...string) []string {
		out := []string{}
		for i := 0; i < len(all); i += 2 {
			keep := true
			for k := 0; k < len(pairs); k += 2 {
				keep = keep && pairs[k] != all[i]
			}
			if keep {
				out = append(out, all[i:i+2]...)
			}
		}
		return append(out, pairs...)
	}
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"nothing changed":  {all, "Change at least one thing, or go back and choose Agree."},
		"no days":          {with("days", ""), "Choose how many days a week."},
		"11 half days":     {with("days", "11"), "Choose how many days a week."},
		"too few weekdays": {with("days", "4", "weekdays", "tue"), "Choose at least two weekdays, one for each home day."},
		"no such date":     {with("start", "2027-02-30"), "Enter the first day as a date, such as 12 January 2027."},
		"odd weeks":        {with("weeks", "eight"), "Enter a number of weeks from 1 to 104, or leave it empty."},
		"105 weeks":        {with("weeks", "105"), "Enter a number of weeks from 1 to 104, or leave it empty."},
		"decides early":    {with("decide", "2027-02-01"), "Enter the day to decide as a date after the last day."},
		"no length":        {with("stop", "by_notice"), "Enter how long the notice is, such as two weeks."},
		"a long promise":   {with("promise-1", strings.Repeat("a", 1001)), "This has 1001 characters, and 1000 are the most."},
		"a long note":      {with("weeks", "4", "note", strings.Repeat("a", 1001)), "This has 1001 characters, and 1000 are the most."},
	} {
		got := s.fill("/decide?a=change", "/decide", c.fields...)
		if got.status != 422 {
			t.Errorf("%s: %d", name, got.status)
		}
		got.has(t, c.says)
	}
	kept := s.fill("/decide?a=change", "/decide", with("weeks", "x", "note", "<b>Only</b> if \"IT\" agrees", "promise-1", "", "promise-2", "I am in on month-end days.")...)
	kept.has(t, `value="x"`, `<b>Only</b> if "IT" agrees`, "I am in on month-end days.")
	kept.lacks(t, "<b>Only</b>")
	if s.exchange().Decision() != nil {
		t.Fatal("a refused form decided")
	}
	got := s.fill("/decide?a=change", "/decide", with("days", "1", "weekdays", "tue", "lottery", "", "start", "2027-02-01", "weeks", "4", "decide", "", "promise-1", "", "promise-2", "I am in on month-end days.", "stop", "by_notice", "notice-of", " two  weeks ", "note", "Half a day first.")...)
	if got.status != 303 {
		t.Fatalf("%d: %s", got.status, inText(got.body))
	}
	d := s.exchange().Decision()
	want := share.Terms{HalfDays: 1, Weekdays: []day.Weekday{day.Tue}, Start: day.Must("2027-02-01"), Until: day.Must("2027-02-26"), Weeks: 4, Promises: []string{"I answer calls from 9 to 5.", "I am in on month-end days."}, Stop: "by_notice", Notice: "two weeks"}
	if raw, old := canonical(t, d.Terms), canonical(t, &want); raw != old {
		t.Errorf("asked for\n%s, want\n%s", raw, old)
	}
	s.get("/decided").has(t, "You asked for changes", "At home half a day a week, on Tuesday.", "Either of you can stop it by giving notice of two weeks.")
	s.employee(share.Response{Key: s.key(), Decision: d.ID, Text: "Half a day does not pay the way in."})
	s.get("/decided").has(t, "No answer stands", "Ines Duarte answered your changes", "Half a day does not pay the way in.", "So you can answer again.")
	s.fill("/decide?a=change", "/decide", with("weeks", "4")...)
	s.employee(share.Acceptance{Key: s.key(), Decision: s.exchange().Decision().ID})
	s.get("/decided").has(t, "Ines Duarte accepted your changes", "They count as agreed.")
}

func canonical(t testing.TB, terms *share.Terms) string {
	t.Helper()
	raw, err := share.Encode(share.Decision{Key: share.Key{ID: "x"}, Link: "x", Terms: terms}.Answering(share.Countered))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestNotNow(t *testing.T) {
	s := shared(t)
	page := s.get("/decide?a=not-now")
	page.has(t, "Your reason (optional)", "When may Ines Duarte ask again?", "December 2026", "November 2027")
	page.lacks(t, "ground")
	s.fill("/decide?a=not-now", "/decide", "statement", "yes", "until", "2026-01").has(t, "Choose a month from the list, or no month.")
	if got := s.fill("/decide?a=not-now", "/decide", "statement", "yes", "until", "2027-03", "reason", "The audit comes first."); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	d := s.exchange().Decision()
	if d.Answer != share.Deferred || d.Until != day.Must("2027-03-01") || d.Reason != "The audit comes first." {
		t.Errorf("%+v", d)
	}
	s.get("/decided").has(t, "You answered: not now", "Ines Duarte may ask again from 1 March 2027", "The audit comes first.")
	if got := s.get("/meeting.ics"); got.status != 404 {
		t.Errorf("a calendar without a day: %d", got.status)
	}
}

// Under a law the page shows its clocks, and takes a refusal only with what the
// law wants of it.
func TestUnderALaw(t *testing.T) {
	s := shared(t, underLaw("GB-FW"))
	s.get("").has(t, "This is a request under a law: Statutory request for flexible working (Great Britain).", "The answer is due by 23 January 2027.", "The request is not granted by silence.", "What this law says")
	s.get("/law").has(t, "23 January 2027: the employer acts", "“you” is Ines Duarte", "Burden of additional costs", "No right in statute. Offering one is good practice", "What nobody could check", "Employment Rights Act 1996 s.80G")
	s.get("/decide?a=agree").has(t, "HR, or whoever signs contracts for your company, must confirm the change in writing.", "If agreed, a change of your contract.", "How it can end, the law says.")
	s.get("/decide?a=change").has(t, "Allowed: agreeing to something else ends the request.")
	page := s.get("/decide?a=not-now")
	page.has(t, "Refuse the request", "Under this law, Not now is a refusal.", "To wait is no answer", "Detrimental effect on ability to meet customer demand")
	page.lacks(t, "ask again?")
	got := s.fill("/decide?a=not-now", "/decide", "statement", "yes")
	got.has(t, "A refusal names at least one ground of this law.")
	s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "morale").has(t, `"morale" is no ground of this law.`)
	if got.status != 422 || s.exchange().Decision() != nil {
		t.Errorf("a refusal without a ground: %d", got.status)
	}
	if got = s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "quality", "note", "Talk to me."); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/decided").lacks(t, "The answer is due by")
	s.get("/decided").has(t, "You refused the request", "Detrimental impact on quality", "If Ines Duarte wants to appeal: No right in statute.", "Talk to me.")

	s = shared(t, underLaw("NZ-6AA"))
	got = s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "costs", "notice.explain", "  ")
	got.has(t, "A refusal must say this: The reasons for that ground.")
	if got = s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "costs", "notice.explain", "A second screen costs 900 dollars."); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	if d := s.exchange().Decision(); len(d.Notice) != 1 || d.Notice[0] != (share.Said{ID: "explain", Text: "A second screen costs 900 dollars."}) {
		t.Errorf("%+v", d)
	}
	s.get("/decided").has(t, "The reasons for that ground.", "A second screen costs 900 dollars.")

	s = shared(t, underLaw("US-VT")) // a list of examples: a ground of one's own is named
	s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "other").has(t, "A refusal must say this: The other ground.")
	if got = s.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "other", "notice.other", "The mill moves."); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}

	s = shared(t, underLaw("SG-TGFWAR"))
	s.get("/law").has(t, "This is a guideline.")
	s = shared(t, underLaw("DE-NONE")) // no route: Not now asks to wait
	s.get("/decide?a=not-now").has(t, "No form of a refusal was read in this law", "ask again?")
	s = shared(t, underLaw("XX-NEW"))
	s.get("").has(t, "This request names a law that this office has no data for: XX-NEW. Ask Ines Duarte or HR which rules apply.")
	s.get("/law").has(t, "This request names a law that this office has no data for: XX-NEW.")
	s.get("/decide?a=not-now").has(t, "ask again?")
}

// What is new since the edition before is marked by the edition, not by who read what.
func TestSecondEdition(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=not-now", "/decide", "statement", "yes")
	stale := s.get("/decided").body
	s.now = s.now.AddDate(0, 0, 11)
	s.publish(s.doc, func(p *share.Publication) { p.Changed = []string{"promises", "C05"} })
	page := s.get("")
	page.has(t, "This is edition 2, of 5 December 2026.", "decide?a=agree")
	if n := strings.Count(page.body, `<span class="state">changed</span>`); n != 2 {
		t.Errorf("%d marks", n)
	}
	form := url.Values{"statement": {"yes"}, "id": {"old"}, "edition": {"1"}, "a": {"agree"}}
	if got := s.send("POST", s.path("/decide"), form); got.status != 409 {
		t.Errorf("an answer to the old edition: %d", got.status)
	}
	_ = stale
}

// trialDoc is the report of the example trial, through a day of it.
func trialDoc(t testing.TB, through day.Date) packet.Document {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile("../../examples/trial/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	plan, err := trial.ReadPlan("plan.yaml", read("plan.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	days, err := trial.ReadDays("days-good.csv", bytes.NewReader(read("days-good.csv")))
	if err != nil {
		t.Fatal(err)
	}
	before, err := trial.ReadBaseline("baseline.csv", bytes.NewReader(read("baseline.csv")))
	if err != nil {
		t.Fatal(err)
	}
	in := trial.Input{Plan: plan, Days: days, Baseline: &before, Draws: 500}
	if last := days.Rows[len(days.Rows)-1].Date; through.Before(last) {
		in.Days.Rows = slices.DeleteFunc(slices.Clone(days.Rows), func(r trial.Row) bool { return r.Date.After(through) })
		in.Through = through
	}
	e, err := homecase.ComposeReport(homecase.NewTrialRecord(in), "test")
	if err != nil {
		t.Fatal(err)
	}
	return e.Document
}

func TestTrialPages(t *testing.T) {
	s := shared(t)
	s.get("/trial").has(t, "There is no plan yet", "Ines Duarte has not sent a plan yet.")
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	plan := `{"design":"kofm"}`
	s.employee(share.Planning{Key: s.key(), Plan: plan, PlanHash: share.Hash([]byte(plan)), NonceHash: share.Hash([]byte("nonce")), Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05"), Document: s.keepDocument(presstest.Letter())})
	s.get("").has(t, "The plan of the trial waits for you.", "See the plan")
	s.get("/trial").has(t, "The plan of the trial", "11 January 2027 to 5 March 2027", "A word for the lottery (optional)", share.Hash([]byte(plan)), "A trial of one home day a week")
	got := s.fill("/trial", "/trial/confirm", "word", "heron")
	got.has(t, "Tick the box to send this.", `value="heron"`)
	if got = s.fill("/trial", "/trial/confirm", "word", "heron", "statement", "yes"); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/trial").has(t, "You agreed to its plan on 24 November 2026.", "Your word for the lottery is “heron”.", "Stop the trial")
	s.get("").has(t, "See the trial")
	s.now = time.Date(2027, 1, 15, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-01-11"), Note: "13 items on the home day.", Document: s.keepDocument(trialDoc(t, day.Must("2027-01-15")))})
	s.get("/trial").has(t, "The latest Friday note", "For the week of 11 January 2027:", "13 items on the home day.", "The trial as it stands", "The plan both agreed")
	if got = s.fill("/trial", "/trial/notes", "email", "dana@harbour.example"); got.status != 303 {
		t.Errorf("notes: %d", got.status)
	}
	s.get("/trial").has(t, "The notes go to dana@harbour.example.")
	if got = s.fill("/trial", "/trial/notes"); got.status != 303 {
		t.Errorf("no notes: %d", got.status)
	}
	s.get("/trial").has(t, "Send me the notes")
	s.now = time.Date(2027, 3, 5, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-03-01"), Note: "All in.", Ways: []string{"continue", "stop", "next_rung"}})
	s.get("").has(t, "The trial has ended. What follows is yours to say.")
	page := s.get("/trial")
	page.has(t, "What follows the trial", "Go on as it is", "Take the next step")
	page.lacks(t, "Extend the trial", "Stop the trial<")
	s.fill("/trial", "/trial/next", "note", "Well done.").has(t, "Choose what follows the trial.", "Tick the box to send this.", "Well done.")
	if got = s.fill("/trial", "/trial/next", "way", "extend", "statement", "yes"); got.status != 409 {
		t.Errorf("a way that is not open: %d", got.status)
	}
	if got = s.fill("/trial", "/trial/next", "way", "next_rung", "statement", "yes", "note", "Well done."); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/trial").has(t, "The trial is over", "Decided on 5 March 2027: Take the next step.", "Well done.")
}

// A photo and the working have addresses of their own, which name the document.
func TestFilesOfAnEdition(t *testing.T) {
	s := opened(t)
	s.publish(presstest.Packet())
	s.token = s.link("dana", "Dana", true, time.Time{})
	d := s.exchange().Edition()
	photo := s.get("/of/" + d.Document + "/desk.jpg")
	if photo.head.Get("Content-Type") != "image/jpeg" || !bytes.Equal([]byte(photo.body), presstest.JPEG(320, 200)) || !strings.Contains(photo.head.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", photo.status, photo.head)
	}
	s.get("/full").has(t, `src="`+s.path("/of/"+d.Document+"/desk.jpg")+`"`)
	for _, rest := range []string{"/of/" + d.Document + "/other.jpg", "/of/" + strings.Repeat("0", 64) + "/desk.jpg", "/files/other.pdf", "/files/..%2fone-page.pdf"} {
		if got := s.get(rest); got.status != 404 {
			t.Errorf("%s: %d", rest, got.status)
		}
	}
	pdf := s.get("/files/one-page.pdf")
	if pdf.head.Get("Content-Disposition") != `attachment; filename="one-page.pdf"` || pdf.head.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v", pdf.head)
	}
	r, err := share.ReadRecord([]byte(s.get("/record.json").body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(s.now); err != nil {
		t.Error(err)
	}
}

// noDigits takes the digits out, since a document with one that is bound to
// nothing never gets to a page.
var noDigits = strings.NewReplacer("0", "o", "1", "l", "2", "z", "3", "e", "4", "a", "5", "s", "6", "b", "7", "t", "8", "b", "9", "g")

// Whatever strangers put into every field is shown as text, on every page.
func TestHostileWords(t *testing.T) {
	for _, bad := range presstest.Hostile() {
		s := opened(t)
		d := presstest.Spoil(presstest.Packet(), strings.ToValidUTF8(noDigits.Replace(bad), ""))
		for i := range d.Sections { // ids are bounded, the words are not
			d.Sections[i].ID, d.Sections[i].Level = []string{"a", "b"}[i], 2
			for k, b := range d.Sections[i].Blocks {
				switch b := b.(type) {
				case packet.Heading:
					b.Level = 3
					d.Sections[i].Blocks[k] = b
				case packet.Question:
					b.ID = "q"
					d.Sections[i].Blocks[k] = b
				case packet.Photo:
					b.ID = "p"
					d.Sections[i].Blocks[k] = b
				}
			}
		}
		d.Kind, d.WorkingName, d.Lang = packet.Page, "w.json", "en-GB"
		if _, err := packet.Encode(d); err != nil {
			t.Fatalf("%q: %v", bad, err)
		}
		if err := d.Validate(); err != nil {
			t.Fatalf("%q: %v", bad, err)
		}
		s.publish(d, func(p *share.Publication) { p.Title = "T" })
		s.token = s.link("dana", "Dana <b>x</b>", true, time.Time{})
		text := bad
		if strings.TrimSpace(text) != "" {
			s.fill("/ask?at=a", "/ask", "text", text)
			s.fill("/decide?a=not-now", "/decide", "statement", "yes", "reason", text, "note", text)
		}
		for _, rest := range []string{"", "/full", "/questions", "/ask?at=" + url.QueryEscape(bad), "/decide?a=" + url.QueryEscape(bad), "/decided", "/trial"} {
			got := s.get(rest)
			if strings.Contains(got.body, "<script") || strings.Contains(got.body, "<img src=x") || strings.Contains(got.body, "<b>x</b>") || strings.Contains(got.body, `href="javascript:`) || strings.ContainsAny(got.body, "\u202e\x00\x07") {
				t.Errorf("%s shows %q as it is", rest, bad)
			}
		}
	}
}

// An answer that came another way stands on the page as the person wrote it down.
func TestAnAnswerByHand(t *testing.T) {
	for way, says := range map[string]string{"email": "It came by e-mail on 23 November 2026.", "paper": "It came on paper on 23 November 2026.", "talk": "It came in a talk on 23 November 2026."} {
		s := shared(t)
		s.employee(share.Recording{Key: s.key(), Way: way, Answer: share.Countered, On: day.Must("2026-11-23"), Terms: &share.Terms{HalfDays: 2, Weeks: 4}, Note: "Four weeks will do."})
		got := s.get("/decided")
		got.has(t, "You asked for changes", "Ines Duarte wrote this answer down on 24 November 2026. "+says, "It lasts four weeks. The first day is not fixed yet.", "Four weeks will do.")
		got.lacks(t, "Undo", "A copy by e-mail", "Your note", "corrects")
		s.get("").has(t, "An answer was given.")

		s.now = s.now.Add(48 * time.Hour)
		first := s.exchange().Decision().ID
		s.employee(share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: day.Must("2026-11-20"), Corrects: first})
		got = s.get("/decided")
		got.has(t, "You agreed", "Ines Duarte wrote this answer down on 26 November 2026. It came in a talk on 20 November 2026.",
			"It corrects what was written down on 24 November 2026: that you would agree with changes, ", strings.TrimPrefix(says, "It came "), "Every one of these lines stays in the record.")
		got.lacks(t, "Four weeks will do.")
	}
}

// The clock of a law starts when the first edition of the same request could be
// read, not with a later one.
func TestTheClockStartsOnce(t *testing.T) {
	s := shared(t, underLaw("GB-FW"))
	s.now = s.now.AddDate(0, 0, 20)
	s.publish(s.doc, underLaw("GB-FW"))
	s.get("").has(t, "The answer is due by 23 January 2027.")
	s.publish(s.doc, func(p *share.Publication) { // a request of its own
		p.Route = share.Route{Regime: "GB-FW", Made: day.Must("2026-12-14")}
	})
	s.get("").has(t, "The answer is due by 13 February 2027.")
	s.publish(s.doc, func(p *share.Publication) {
		p.Route = share.Route{Regime: "GB-FW", Made: day.Must("2026-12-14"), Received: day.Must("2026-12-16")}
	})
	s.get("").has(t, "The answer is due by 15 February 2027.")
}

// A document that cannot be read is the office's fault, and no link that opens nothing.
func TestADocumentThatCannotBeRead(t *testing.T) {
	s := opened(t)
	s.publish(document(t), func(p *share.Publication) { p.Document = s.keep("application/json", []byte(`{"kind":"never"}`)) })
	s.token = s.link("dana", "Dana", true, time.Time{})
	got := s.get("")
	if got.status != 500 {
		t.Errorf("%d: %s", got.status, inText(got.body))
	}
	got.lacks(t, "Ines", "never")
}
