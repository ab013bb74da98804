package share_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/share"
)

const caseID = "0192-case"

var begin = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// keys from fixed seeds, so that a failing test fails the same way twice.
func keyFrom(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey))
}

// story writes lines as an office would.
type story struct {
	t      *testing.T
	person ed25519.PrivateKey
	office ed25519.PrivateKey
	now    time.Time
	x      *share.Exchange
	record share.Record
	nth    int
}

func newStory(t *testing.T) *story {
	s := &story{t: t, person: keyFrom(1), office: keyFrom(2), now: begin, x: share.NewExchange(caseID)}
	s.record = share.Record{Format: share.RecordFormat, Case: caseID, Office: public(s.office)}
	return s
}

func (s *story) key() share.Key { s.nth++; return share.Key{ID: fmt.Sprintf("act-%d", s.nth)} }

// try writes an act, or says why it may not be.
func (s *story) try(who share.Actor, b share.Body) error {
	s.t.Helper()
	raw, err := share.Encode(b)
	if err != nil {
		return err
	}
	if err := s.x.Check(who, b, s.now); err != nil {
		return err
	}
	e := share.Entry{Raw: raw, Line: share.Line{N: s.x.N + 1, Prev: s.x.Head, Time: s.now, Actor: who, Act: share.ActOf(b), Body: share.Hash(raw)}}
	if who == share.Employee {
		e.Signature = share.Sign(s.person, caseID, e.Line.Act, raw)
	}
	if e.Countersignature, err = share.Countersign(s.office, caseID, e.Line); err != nil {
		return err
	}
	if err := s.x.Apply(e); err != nil {
		return err
	}
	s.record.Entries = append(s.record.Entries, e)
	return nil
}

func (s *story) do(who share.Actor, b share.Body) {
	s.t.Helper()
	if err := s.try(who, b); err != nil {
		s.t.Fatalf("%s: %v", share.ActOf(b), err)
	}
}

func (s *story) refused(code fault.Code, who share.Actor, b share.Body) {
	s.t.Helper()
	n := s.x.N
	if err := s.try(who, b); fault.CodeOf(err) != code {
		s.t.Fatalf("%s: got %v, want the fault %s", share.ActOf(b), err, code)
	}
	if s.x.N != n {
		s.t.Fatalf("%s was refused and written", share.ActOf(b))
	}
}

func (s *story) in(want share.State) {
	s.t.Helper()
	if got := s.x.State(s.now); got != want {
		s.t.Fatalf("after %d lines the state is %q, want %q", s.x.N, got, want)
	}
}

func (s *story) after(d time.Duration) { s.now = s.now.Add(d) }

func (s *story) on(date string) { s.now = day.Must(date).Time().Add(9 * time.Hour) }

func hashOf(word string) string { return share.Hash([]byte(word)) }

func (s *story) edition() share.Publication {
	return share.Publication{
		Key: s.key(), Edition: len(s.x.Editions) + 1, Title: "An eight-week trial", Lang: "en-GB", Document: hashOf("document"),
		Terms: share.Terms{HalfDays: 2, Weekdays: []day.Weekday{day.Mon, day.Tue}, Start: day.Must("2027-01-12"), Until: day.Must("2027-03-05"), Weeks: 8, DecideOn: day.Must("2027-03-09"), Promises: []string{"I answer in agreed hours."}, Stop: "on_any_day"},
	}
}

func (s *story) link(id string) share.Linking {
	return share.Linking{Key: s.key(), Link: id, Token: hashOf("token " + id), Reader: "Dana Whitfield", Questions: true}
}

// shared is a story in which Dana may read the first edition.
func shared(t *testing.T) *story {
	s := newStory(t)
	s.do(share.Employee, share.Opening{Key: s.key(), Person: "Ines Duarte", PublicKey: public(s.person)})
	s.do(share.Employee, s.edition())
	s.do(share.Employee, s.link("dana"))
	s.in(share.IsOpen)
	return s
}

func (s *story) decision(answer share.Act) share.Decision {
	d := share.Decision{Key: s.key(), Link: "dana", Edition: len(s.x.Editions)}
	switch answer {
	case share.Agreed:
		d.Statement = "I have read what I would be agreeing to."
	case share.Countered:
		d.Terms = &share.Terms{HalfDays: 1, Start: day.Must("2027-02-01"), Until: day.Must("2027-03-26")}
	case share.Deferred:
		d.Until = day.Must("2027-02-24")
	}
	return d.Answering(answer)
}

func (s *story) planning() share.Planning {
	plan := `{"design":"kofm"}`
	return share.Planning{Key: s.key(), Plan: plan, PlanHash: hashOf(plan), NonceHash: hashOf("nonce"), Start: day.Must("2027-01-12"), Until: day.Must("2027-03-05")}
}

func TestTheWholeStory(t *testing.T) {
	s := shared(t)
	q := share.Question{Key: s.key(), Link: "dana", Edition: 1, At: "q4", About: "Who pays for the internet?", Text: "And the router?"}
	s.do(share.Reader, q)
	s.in(share.IsAsked)
	s.do(share.Employee, share.Reply{Key: s.key(), Question: q.ID, Text: "It is mine."})
	s.in(share.IsAnswered)
	s.refused("HC-SHARE-37", share.Employee, share.Reply{Key: s.key(), Question: q.ID, Text: "Again."})

	counter := s.decision(share.Countered)
	s.do(share.Reader, counter)
	s.in(share.IsCounter)
	s.refused("HC-SHARE-41", share.Reader, s.decision(share.Agreed))
	s.do(share.Employee, share.Response{Key: s.key(), Decision: counter.ID, Text: "Could it begin in January?"})
	s.in(share.IsAnswered)
	second := s.decision(share.Countered)
	s.do(share.Reader, second)
	s.do(share.Employee, share.Acceptance{Key: s.key(), Decision: second.ID})
	s.in(share.IsAccepted)

	plan := s.planning()
	s.do(share.Employee, plan)
	s.refused("HC-SHARE-54", share.Reader, share.Confirmation{Key: s.key(), Link: "dana", Planning: "another"})
	s.do(share.Reader, share.Confirmation{Key: s.key(), Link: "dana", Planning: plan.ID, Word: "harbour"})
	s.refused("HC-SHARE-45", share.Employee, s.edition())
	s.on("2027-01-15")
	s.do(share.Employee, share.Report{Key: s.key(), Monday: day.Must("2027-01-11"), Note: "One home day, 12 items."})
	s.refused("HC-SHARE-56", share.Reader, share.Next{Key: s.key(), Link: "dana", Way: "continue"})
	s.on("2027-03-09")
	s.do(share.Employee, share.Report{Key: s.key(), Monday: day.Must("2027-03-08"), Note: "The trial is over.", Ways: []string{"continue", "stop", "next_rung"}})
	s.refused("HC-SHARE-56", share.Reader, share.Next{Key: s.key(), Link: "dana", Way: "extend"})
	s.do(share.Reader, share.Next{Key: s.key(), Link: "dana", Way: "next_rung"})
	s.do(share.Employee, s.edition())
	s.in(share.IsOpen) // the next rung asks anew; questions belong to the case

	v, err := s.record.Verify(s.now)
	if err != nil {
		t.Fatal(err)
	}
	if v.Lines != len(s.record.Entries) || v.Head != s.x.Head || v.Person != "Ines Duarte" {
		t.Errorf("the check found %+v", v)
	}
}

func TestNothingIsAskedBeforeTheDay(t *testing.T) {
	s := shared(t)
	s.do(share.Reader, s.decision(share.Deferred))
	s.in(share.IsNotNow)
	s.refused("HC-SHARE-39", share.Employee, s.edition())
	s.on("2027-02-23")
	s.refused("HC-SHARE-39", share.Employee, s.edition())
	s.on("2027-02-24")
	s.do(share.Employee, s.edition())
	s.in(share.IsOpen)
}

func TestUndoEndsAfterSevenDaysOrWithTheTrial(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer share.Act
		wait   time.Duration
		start  string // of the trial, where it is not the edition's
		ok     bool
	}{
		{"at once", share.Agreed, time.Minute, "", true},
		{"just before seven days are over", share.Agreed, 7*24*time.Hour - time.Second, "", true},
		{"when they are over", share.Agreed, 7 * 24 * time.Hour, "", false},
		{"the trial has begun", share.Agreed, 24 * time.Hour, "2026-11-25", false},
		{"the trial begins tomorrow", share.Agreed, 10 * time.Hour, "2026-11-25", true},
		{"not now, whatever begins", share.Deferred, 48 * time.Hour, "2026-11-25", true},
		{"changes that nobody accepted", share.Countered, 48 * time.Hour, "2026-11-25", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStory(t)
			s.do(share.Employee, share.Opening{Key: s.key(), Person: "Ines", PublicKey: public(s.person)})
			e := s.edition()
			if test.start != "" {
				e.Terms.Start = day.Must(test.start)
			}
			s.do(share.Employee, e)
			s.do(share.Employee, s.link("dana"))
			d := s.decision(test.answer)
			s.do(share.Reader, d)
			s.after(test.wait)
			undo := share.Undoing{Key: s.key(), Link: "dana", Decision: d.ID}
			if !test.ok {
				s.refused("HC-SHARE-43", share.Reader, undo)
				return
			}
			s.do(share.Reader, undo)
			s.in(share.IsOpen)
			s.refused("HC-SHARE-42", share.Reader, share.Undoing{Key: s.key(), Link: "dana", Decision: d.ID})
			s.do(share.Reader, s.decision(share.Agreed))
			s.in(share.IsAgreed)
		})
	}
}

func TestALinkOpensOnlyWhileItHolds(t *testing.T) {
	s := shared(t)
	l := s.link("hr")
	l.Expires, l.Questions = s.now.Add(time.Hour), false
	s.do(share.Employee, l)
	ask := func(link string) share.Question {
		return share.Question{Key: s.key(), Link: link, Edition: 1, Text: "Why?"}
	}
	s.refused("HC-SHARE-36", share.Reader, ask("hr"))
	s.refused("HC-SHARE-34", share.Reader, ask("nobody"))
	s.after(time.Hour)
	d := s.decision(share.Agreed)
	d.Link = "hr"
	s.refused("HC-SHARE-34", share.Reader, d)
	s.do(share.Employee, share.Unlinking{Key: s.key(), Link: "dana"})
	s.in(share.IsExpired)
	s.refused("HC-SHARE-34", share.Reader, ask("dana"))
	s.do(share.Employee, share.Withdrawal{Key: s.key()})
	s.in(share.IsWithdrawn)
	s.refused("HC-SHARE-33", share.Employee, s.link("again"))
	s.do(share.Employee, s.edition())
	s.do(share.Employee, s.link("again"))
	s.in(share.IsOpen)
}

func TestWhoMayDoWhat(t *testing.T) {
	s := shared(t)
	s.refused("HC-SHARE-30", share.Employee, s.decision(share.Agreed))
	s.refused("HC-SHARE-30", share.Reader, share.Withdrawal{Key: s.key()})
	s.refused("HC-SHARE-32", share.Employee, share.Opening{Key: s.key(), Person: "Mallory", PublicKey: public(keyFrom(9))})
	s.refused("HC-SHARE-31", share.Employee, share.Withdrawal{Key: share.Key{ID: "act-1"}})
	e := s.edition()
	e.Edition = 1
	s.refused("HC-SHARE-38", share.Employee, e)
	old := s.decision(share.Agreed)
	s.do(share.Employee, s.edition())
	s.refused("HC-SHARE-40", share.Reader, old)
	s.refused("HC-SHARE-52", share.Employee, s.planning())
	s.refused("HC-SHARE-55", share.Employee, share.Stop{Key: s.key()})
}

func TestEitherSideStopsATrial(t *testing.T) {
	for _, who := range []share.Actor{share.Employee, share.Reader} {
		s := shared(t)
		s.do(share.Reader, s.decision(share.Agreed))
		plan := s.planning()
		s.do(share.Employee, plan)
		s.do(share.Reader, share.Confirmation{Key: s.key(), Link: "dana", Planning: plan.ID})
		s.refused("HC-SHARE-53", share.Employee, s.planning())
		if who == share.Reader {
			s.refused("HC-SHARE-34", who, share.Stop{Key: s.key()})
		}
		stop := share.Stop{Key: s.key(), Note: "Month-end needs us."}
		if who == share.Reader {
			stop.Link = "dana"
		}
		s.do(who, stop)
		if s.x.Trial.Running() || s.x.Trial.StoppedBy != who {
			t.Errorf("the trial goes on after the %s stopped it", who)
		}
	}
}

func TestAnAnswerOnPaper(t *testing.T) {
	s := shared(t)
	s.do(share.Employee, share.Recording{Key: s.key(), Way: "paper", Answer: share.Agreed, On: day.Must("2026-11-24")})
	s.in(share.IsAgreed)
	if _, ok := s.x.CanUndo(s.now); ok {
		t.Error("an answer on paper was not given here, and cannot be undone here")
	}
	s.refused("HC-SHARE-44", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Deferred, On: day.Must("2026-11-24")})
}

// An answer that was written down wrongly is written down anew: the later line
// stands, the first stays in the record, and nobody else's answer is touched.
func TestAnAnswerOnPaperIsCorrected(t *testing.T) {
	s := shared(t)
	on := day.Must("2026-11-24")
	s.refused("HC-SHARE-58", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: on, Corrects: "none"})
	first := share.Recording{Key: s.key(), Way: "paper", Answer: share.Deferred, On: on, Until: day.Must("2027-02-24")}
	s.do(share.Employee, first)
	s.now = s.now.Add(time.Hour)
	s.refused("HC-SHARE-58", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: on, Corrects: "act-1"})
	second := share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: on.Add(-1), Corrects: first.ID}
	s.do(share.Employee, second)
	s.in(share.IsAgreed)
	s.refused("HC-SHARE-58", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: on, Corrects: first.ID})
	third := share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: on, Corrects: second.ID}
	s.do(share.Employee, third)
	d := s.x.Decision()
	if d.ID != third.ID || d.On != on || len(s.x.Decisions) != 3 {
		t.Errorf("%+v stands among %d", d, len(s.x.Decisions))
	}
	before := s.x.CorrectedBy(d)
	if len(before) != 2 || before[0].ID != second.ID || before[1].ID != first.ID || before[1].Answer != share.Deferred || !before[1].Corrected.Equal(s.now) {
		t.Errorf("it stands in for %+v", before)
	}

	s.do(share.Employee, s.planning())
	fourth := share.Recording{Key: s.key(), Way: "email", Answer: share.Agreed, On: on, Corrects: third.ID}
	s.do(share.Employee, fourth)
	if x := s.x.Trial; x.Stopped.IsZero() || x.StoppedBy != share.Employee {
		t.Error("a plan that rested on the first answer can still be agreed to")
	}
	s.do(share.Employee, s.planning())
	s.do(share.Reader, share.Confirmation{Key: s.key(), Link: "dana", Planning: s.x.Trial.ID})
	s.refused("HC-SHARE-59", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Deferred, On: on, Corrects: fourth.ID})
	if _, err := s.record.Verify(s.now); err != nil {
		t.Error(err)
	}
}

// An answer to a question is corrected as often as need be, and says when it was
// given first. Only what was answered is corrected.
func TestAReplyIsCorrected(t *testing.T) {
	s := shared(t)
	s.do(share.Reader, share.Question{Key: share.Key{ID: "q"}, Link: "dana", Edition: 1, Text: "Why?"})
	s.refused("HC-SHARE-37", share.Employee, share.Reply{Key: s.key(), Question: "q", Text: "So.", Corrects: true})
	s.do(share.Employee, share.Reply{Key: s.key(), Question: "q", Text: "Because."})
	first := s.now
	s.refused("HC-SHARE-37", share.Employee, share.Reply{Key: s.key(), Question: "q", Text: "So."})
	before := s.x.Clone()
	for _, text := range []string{"So.", "Thus."} {
		s.after(time.Hour)
		s.do(share.Employee, share.Reply{Key: s.key(), Question: "q", Text: text, Corrects: true})
	}
	if q := s.x.Questions[0]; q.Answer != "Thus." || !q.First.Equal(first) || !q.Answered.Equal(s.now) {
		t.Errorf("%+v", q)
	}
	if q := before.Questions[0]; q.Answer != "Because." || !q.First.IsZero() {
		t.Errorf("a clone has changed: %+v", q)
	}
	if _, err := s.record.Verify(s.now); err != nil {
		t.Error(err)
	}
}

// Nobody writes anew what the other side answered by its link.
func TestAnAnswerByTheLinkIsNotCorrected(t *testing.T) {
	s := shared(t)
	d := s.decision(share.Deferred)
	s.do(share.Reader, d)
	s.refused("HC-SHARE-58", share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Agreed, On: day.Must("2026-11-24"), Corrects: "act-4"})
}

// Changes that were accepted stay accepted where only their day was wrong.
func TestCorrectedChangesStayAccepted(t *testing.T) {
	for same, want := range map[bool]share.State{true: share.IsAccepted, false: share.IsCounter} {
		s := shared(t)
		terms := share.Terms{HalfDays: 1, Start: day.Must("2027-02-01"), Until: day.Must("2027-03-26")}
		first := share.Recording{Key: s.key(), Way: "talk", Answer: share.Countered, On: day.Must("2026-11-24"), Terms: &terms}
		s.do(share.Employee, first)
		s.do(share.Employee, share.Acceptance{Key: s.key(), Decision: first.ID})
		other := terms
		if !same {
			other.HalfDays = 2
		}
		s.do(share.Employee, share.Recording{Key: s.key(), Way: "talk", Answer: share.Countered, On: day.Must("2026-11-23"), Terms: &other, Corrects: first.ID})
		s.in(want)
	}
}

// What is added to a clone is not seen in the exchange it was made of, whatever
// is added.
func TestAClone(t *testing.T) {
	s := shared(t)
	steps := []func(){
		func() {
			s.do(share.Reader, share.Question{Key: share.Key{ID: "q"}, Link: "dana", Edition: 1, Text: "Why?"})
		},
		func() { s.do(share.Employee, share.Reply{Key: s.key(), Question: "q", Text: "Because."}) },
		func() { s.do(share.Reader, s.decision(share.Agreed)) },
		func() { s.do(share.Employee, s.planning()) },
		func() {
			s.do(share.Reader, share.Confirmation{Key: s.key(), Link: "dana", Planning: s.x.Trial.ID, Word: "harbour"})
		},
		func() {
			s.do(share.Employee, share.Report{Key: s.key(), Monday: day.Must("2026-11-23"), Note: "Quiet.", Ways: []string{"stop"}})
		},
		func() { s.do(share.Reader, share.Next{Key: s.key(), Link: "dana", Way: "stop"}) },
		func() { s.do(share.Employee, share.Unlinking{Key: s.key(), Link: "dana"}) },
		func() { s.do(share.Employee, s.edition()) },
		func() { s.do(share.Employee, share.Withdrawal{Key: s.key()}) },
	}
	for i, step := range steps {
		kept := s.x
		before := fmt.Sprintf("%+v %+v", *kept, kept.Trial)
		s.x = kept.Clone()
		step()
		if after := fmt.Sprintf("%+v %+v", *kept, kept.Trial); after != before {
			t.Errorf("step %d changed what it was cloned from:\n%s\n%s", i, before, after)
		}
		if s.x.N != kept.N+1 {
			t.Errorf("step %d wrote no line", i)
		}
	}
}
