package office_test

import (
	"net/url"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/press/presstest"
	"homecase/share"
)

// sendPlan sends a plan with these days, and with a page to read where there is one.
func (s *side) sendPlan(plan, document, from, until string) share.Planning {
	p := share.Planning{Key: s.key(), Plan: plan, PlanHash: share.Hash([]byte(plan)), Start: day.Must(from), Until: day.Must(until), Document: document}
	s.employee(p)
	return p
}

// Nobody agrees to a plan that came without a page to read it on, by the page or past it.
func TestNobodyAgreesToWhatTheyCannotRead(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	p := s.sendPlan(`{"design":"fixed"}`, "", "2027-01-11", "2027-03-05")
	page := s.get("/trial")
	page.has(t, "The plan came without a page to read", "Ask Ines Duarte to send it again.")
	page.lacks(t, "Agree to the plan", `name="planning"`)
	got := s.send("POST", s.path("/trial/confirm"), url.Values{"id": {"x1"}, "planning": {p.ID}, "statement": {"yes"}})
	if got.status != 409 || !s.exchange().Trial.Confirmed.IsZero() {
		t.Errorf("a plan nobody could read was agreed to: %d", got.status)
	}
	s.sendPlan(`{"design":"fixed"}`, s.keepDocument(presstest.Letter()), "2027-01-11", "2027-03-05")
	s.get("/trial").has(t, "A trial of one home day a week", "I have read this plan, and I agree to it.")
}

// A trial that goes on is agreed to anew: the page shows the plan of the extension,
// takes the yes, keeps the notes that were written before, and follows the new ones.
func TestTheExtensionIsAgreedAnew(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	const plan = `{"design":"fixed"}`
	first, more := s.keepDocument(presstest.Letter()), s.keepDocument(trialDoc(t, day.Must("2027-01-15")))
	s.sendPlan(plan, first, "2027-01-11", "2027-03-05")
	s.fill("/trial", "/trial/confirm", "statement", "yes")
	s.now = time.Date(2027, 3, 11, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-03-01"), Note: "Eight weeks are over.", Ways: []string{"extend", "stop"}})
	if got := s.fill("/trial", "/trial/next", "way", "extend", "statement", "yes"); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/trial").has(t, "The trial goes on", "Decided on 11 March 2027: Extend the trial.", "Ines Duarte now sends the plan of the weeks to come.")
	s.sendPlan(plan, more, "2027-03-08", "2027-04-02")
	s.get("").has(t, "The plan of the trial waits for you.")
	s.get("/trial").has(t, "The plan of the extension", "You decided on 11 March 2027 that the trial goes on.", "8 March 2027 to 2 April 2027", "Eight weeks are over.")
	s.fill("/trial", "/trial/confirm").has(t, "Tick the box to send this.")
	if got := s.fill("/trial", "/trial/confirm", "statement", "yes"); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/trial").has(t, "You agreed to the plan of the extension on 11 March 2027.", "Stop the trial")
	s.now = time.Date(2027, 3, 12, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-03-08"), Note: "The ninth week.", Document: more})
	s.get("/trial").has(t, "The latest Friday note", "The ninth week.", "The notes before it", "Eight weeks are over.", "The trial as it stands")
	r, err := share.ReadRecord([]byte(s.get("/record.json").body))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(s.now); err != nil {
		t.Error(err)
	}
}

// A plan that takes the place of one that was agreed to says so, and nothing runs meanwhile.
func TestAnotherPlanTakesThePlaceOfOne(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	document := s.keepDocument(presstest.Letter())
	s.sendPlan(`{"design":"fixed"}`, document, "2027-01-11", "2027-03-05")
	s.fill("/trial", "/trial/confirm", "statement", "yes")
	s.employee(share.Stop{Key: s.key(), Note: "A new plan takes its place."})
	s.sendPlan(`{"design":"kofm"}`, document, "2027-01-18", "2027-03-12")
	page := s.get("/trial")
	page.has(t, "The plan of the trial", "It takes the place of the plan you agreed to on 24 November 2026, which has ended.", "18 January 2027 to 12 March 2027")
	page.lacks(t, "Stop the trial")
}

func TestStopTrial(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	plan := `{"design":"fixed"}`
	s.employee(share.Planning{Key: s.key(), Plan: plan, PlanHash: share.Hash([]byte(plan)), Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05"), Document: s.keepDocument(presstest.Letter())})
	s.get("/trial").lacks(t, "lottery (optional)")
	s.fill("/trial", "/trial/confirm", "statement", "yes")
	s.fill("/trial", "/trial/stop", "stop-note", "The team needs you.").has(t, "Tick the box to send this.", "The team needs you.")
	if got := s.fill("/trial", "/trial/stop", "stop-note", "The team needs you.", "stop-statement", "yes"); got.status != 303 {
		t.Fatalf("%d %s", got.status, inText(got.body))
	}
	s.get("/trial").has(t, "The trial was stopped", "The employer’s side stopped the trial on 24 November 2026.", "The team needs you.")
}

// Why an answer cannot be taken back is said with the day as the page writes days.
func TestTooLateToUndo(t *testing.T) {
	s := shared(t)
	s.fill("/decide?a=not-now", "/decide", "statement", "yes")
	id := s.exchange().Decision().ID
	s.now = s.now.AddDate(0, 0, 8)
	got := s.send("POST", s.path("/undo"), url.Values{"id": {"late"}, "decision": {id}})
	if got.status != 409 {
		t.Errorf("%d", got.status)
	}
	got.has(t, "This could be taken back until 1 December 2026. Talk to Ines Duarte instead.")
	got.lacks(t, "2026-12")
}
