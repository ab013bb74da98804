package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"log/slog"
	"math"
	mrand "math/rand/v2"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/courier"
	"homecase/internal/office"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/internal/press/mail"
	"homecase/internal/sqlite"
	"homecase/internal/web"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/share"
	"homecase/trial"
)

// sides are both halves on one machine: a workspace over SQLite and an office
// over PostgreSQL, a browser for each, and one clock.
type sides struct {
	t *testing.T

	mu  sync.Mutex
	now time.Time

	work             *ops.Workspace
	office           *ops.Office
	workAt, officeAt string
	me, boss         *webtest.Person
	link             string // the path of the boss's link
}

const storyKey = "a-key-of-the-story"

func play(t *testing.T, example string) *sides {
	t.Helper()
	ctx := context.Background()
	s := &sides{t: t, now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	desk := &ops.Desk{Now: s.clock, Getenv: func(string) string { return "" }, Random: rand.Reader, Version: "test"}

	store, err := postgres.Open(ctx, pgtest.Start(t), postgres.Options{})
	s.must(err)
	there := httptest.NewUnstartedServer(nil)
	s.officeAt = "http://" + there.Listener.Addr().String()
	s.office = &ops.Office{Desk: desk, Store: store, Address: s.officeAt, Letters: ops.Letters{From: mail.Address{Email: "office@case.example"}}}
	there.Config.Handler, err = office.New(office.Options{Office: s.office})
	s.must(err)
	there.Start()

	folder := t.TempDir()
	kept, err := sqlite.Open(ctx, folder, sqlite.Options{})
	s.must(err)
	s.work = &ops.Workspace{Desk: desk, Store: kept, Folder: folder, Couriers: func(at string, key ed25519.PrivateKey) (ops.Courier, error) {
		return courier.New(courier.Options{Address: at, Key: key, Now: s.clock, Sleep: courier.Sleep})
	}}
	here := httptest.NewUnstartedServer(nil)
	s.workAt = "http://" + here.Listener.Addr().String()
	here.Config.Handler, err = web.New(web.Options{Workspace: s.work, Key: storyKey, Hosts: []string{here.Listener.Addr().String()}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	s.must(err)
	here.Start()
	t.Cleanup(func() {
		here.Close()
		there.Close()
		s.must(kept.Close())
		s.must(store.Close())
	})

	text, err := os.ReadFile(example)
	s.must(err)
	_, err = s.work.Take(ctx, example, text)
	s.must(err)
	s.me = webtest.Open(t, s.workAt, webtest.View{Width: 1280}).Person()
	s.boss = webtest.Open(t, s.officeAt, webtest.View{Width: 390, NoScript: true}).Person()
	s.me.Go("/enter?key=" + storyKey)
	return s
}

func (s *sides) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sides) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Millisecond) // no two acts at once
	return s.now
}

func (s *sides) on(date string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = day.Must(date).Time().Add(10 * time.Hour)
}

// says looks for words on a page, and looks at the page. The boss's page is the
// employee's document: it has no header of a product.
func (s *sides) says(who *webtest.Person, words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !who.Has(w) {
			s.t.Fatalf("%s does not say %q:\n%s", who.Path(), w, who.Text())
		}
	}
	checks := webtest.Checks()
	if who == s.boss {
		checks = slices.DeleteFunc(checks, func(c webtest.Check) bool { return c.Name == "landmarks" })
	}
	who.Check(checks...)
}

// read opens a page of the boss's link.
func (s *sides) read(path string, words ...string) {
	s.t.Helper()
	s.boss.Go(s.link + path)
	s.says(s.boss, words...)
}

// look fetches what the office has.
func (s *sides) look(path string, words ...string) {
	s.t.Helper()
	s.me.Go(path)
	s.me.Press("Look for answers now")
	s.says(s.me, words...)
}

// send presses a button that sends something to the office, and waits until the
// office has it: on a busy machine a page answers first and sends again later.
func (s *sides) send(button string) {
	s.t.Helper()
	s.me.Press(button)
	for range 20 {
		o, err := s.work.Current(context.Background())
		s.must(err)
		x, err := s.work.Shared(context.Background(), o.ID)
		s.must(err)
		if len(x.Outbox) == 0 {
			return
		}
		back := s.me.Path()
		s.me.Go("/share")
		s.me.Press("Send what waits, and look for answers")
		s.me.Go(back)
	}
	s.t.Fatalf("%q did not reach the office:\n%s", button, s.me.Text())
}

// packet makes the packet in the browser.
func (s *sides) packet() {
	s.t.Helper()
	s.me.Go("/packet/check")
	s.me.Press("Continue")
	s.me.Press("Make the packet")
	for range 100 {
		if !strings.HasPrefix(s.me.Path(), "/packet/making") {
			break
		}
		s.me.Go("/packet/making")
	}
	s.me.Go("/packet/made")
	s.says(s.me, "Your packet is ready")
}

// publish pairs, and sends the first edition with a link for Dana.
func (s *sides) publish() {
	s.t.Helper()
	org, err := s.office.MakeOrganisation(context.Background(), "Fernhill Insurance")
	s.must(err)
	invited, err := s.office.InvitePerson(context.Background(), org.ID, "Ines Duarte", 14)
	s.must(err)
	s.packet()
	s.me.Go("/share")
	s.says(s.me, "Nobody can read it")
	s.me.Follow("Pair with it")
	s.me.Fill("The invitation", invited.Address)
	s.me.Press("Pair with this office")
	s.me.Follow("See what would leave")
	s.says(s.me, "edition.json")
	s.me.Fill("Who is the link for?", "Dana Whitfield")
	s.send("Send edition 1 to Fernhill Insurance")
	s.says(s.me, "Dana Whitfield can read it")
	_, after, found := strings.Cut(s.me.Text(), s.officeAt+"/p/")
	if !found {
		s.t.Fatalf("no link to copy:\n%s", s.me.Text())
	}
	s.link = "/p/" + strings.Fields(after)[0]
}

func (s *sides) state() share.State {
	s.t.Helper()
	x := s.exchange()
	return x.State(s.clock())
}

func (s *sides) exchange() *share.Exchange {
	s.t.Helper()
	o, err := s.work.Current(context.Background())
	s.must(err)
	orgs, err := s.office.Organisations(context.Background())
	s.must(err)
	x, err := s.office.Exchange(context.Background(), orgs[0].ID, o.ID)
	s.must(err)
	return x
}

func (s *sides) in(want share.State) {
	s.t.Helper()
	if got := s.state(); got != want {
		s.t.Fatalf("the office is at %q, want %q", got, want)
	}
}

// log keeps the days of the trial up to one, each on its own day. The numbers
// are made up, and home days are 3 items better.
func (s *sides) log(until string) {
	s.t.Helper()
	rng := mrand.New(mrand.NewPCG(20270111, 1))
	o, err := s.work.Current(context.Background())
	s.must(err)
	r, err := s.work.Round(context.Background(), o)
	s.must(err)
	for _, x := range r.Days {
		v := 11.5 + 1.8*rng.NormFloat64()
		if x.Planned == trial.AtHome {
			v += 3
		}
		if v = math.Max(0, math.Round(v)); x.Date.After(day.Must(until)) || x.Entry != nil {
			continue
		}
		s.on(x.Date.String())
		s.must(s.work.LogDay(context.Background(), o, trial.Entry{Date: x.Date, Place: x.Planned, Value: &v}))
	}
}

// Two browsers and two databases: publish, read on a phone, ask, answer, change,
// accept, plan, agree to the plan with a word, Friday's note, the end, and the
// next rung with its second edition. Both sides then hold the same record, and
// it checks without either.
func TestTheWholeStoryBetweenTwoSides(t *testing.T) {
	s := play(t, "../../examples/accounts-one-day.yaml")
	s.publish()
	s.in(share.IsOpen)

	s.read("", "Dana Whitfield", "Agree", "Change it", "Not now")
	s.boss.Go(s.link + "/ask")
	s.boss.Press("Send the question")
	s.says(s.boss, "Enter your question.")
	s.boss.Fill("Your question", "Who covers month-end? <b>Really</b>")
	s.boss.Press("Send the question")
	s.says(s.boss, "Ines Duarte has not answered yet")
	s.in(share.IsAsked)

	s.look("/share/questions", "Who covers month-end? <b>Really</b>")
	s.me.Fill("Your answer to question 1", "I do, in the office.")
	s.send("Send the answer to question 1")
	s.read("/questions", "I do, in the office.")
	s.in(share.IsAnswered)

	s.read("/decide?a=agree", "What you would be agreeing to")
	s.read("/decide?a=change", "Change what you would agree to instead")
	s.boss.Fill("First day", "2027-01-18")
	s.boss.Tick("I have read the packet, and I would agree with the changes above.")
	s.boss.Press("Send these changes")
	s.says(s.boss, "You asked for changes")
	s.in(share.IsCounter)

	s.look("/share/answer", "Dana would agree with changes", "18 January 2027")
	s.send("Accept the changes")
	s.says(s.me, "You accepted the changes")
	s.in(share.IsAccepted)
	s.read("/decided", "Ines Duarte accepted your changes")

	s.me.Go("/trial/plan")
	s.me.Press("Save and go on")
	s.me.Tick("Dana and I both agree to this plan")
	s.me.Press("We agree")
	s.me.Go("/share/plan")
	s.send("Send the plan to Fernhill Insurance")
	s.says(s.me, "has not agreed to it yet")
	s.read("/trial", "Nothing in it changes once you agree.")
	s.boss.Fill("A word for the lottery (optional)", "harbour")
	s.boss.Tick("I have read this plan, and I agree to it.")
	s.boss.Press("Agree to the plan")
	s.look("/share/plan", "The word for the draw was “harbour”. It went into the draw.")

	s.log("2027-01-22")
	s.me.Go("/trial/notes/2027-01-18")
	s.me.Press("Approve this note")
	s.me.Go("/share/note/2027-01-18")
	s.send("Send the note")
	s.read("/trial", "The latest Friday note", "For the week of 18 January 2027", "The trial as it stands")

	s.log("2027-03-19")
	s.on("2027-03-25")
	s.me.Go("/share/end")
	s.send("Send the end of the trial")
	s.says(s.me, "You sent the end of the trial.")
	s.read("/trial", "The trial has ended", "What follows the trial")
	s.boss.Choose("Take the next step")
	s.boss.Tick("This is what I want to follow the trial.")
	s.boss.Press("Send this decision")
	s.says(s.boss, "The trial is over")
	s.look("/share")

	s.me.Go("/ladder/ask")
	s.me.Press("Plan the next trial")
	s.packet()
	s.me.Go("/share/edition")
	s.send("Send edition 2 to Fernhill Insurance")
	s.read("", "This is edition 2")
	s.in(share.IsOpen)
	s.sameRecord()
}

// sameRecord compares the copies of both sides, and checks one alone.
func (s *sides) sameRecord() {
	s.t.Helper()
	ctx := context.Background()
	o, err := s.work.Current(ctx)
	s.must(err)
	s.look("/share")
	mine, err := s.work.Shared(ctx, o.ID)
	s.must(err)
	orgs, err := s.office.Organisations(ctx)
	s.must(err)
	theirs, err := s.office.Record(ctx, orgs[0].ID, o.ID)
	s.must(err)
	v, err := theirs.Verify(s.clock())
	s.must(err)
	if mine.Head != v.Head || mine.N != int64(v.Lines) {
		s.t.Errorf("the workspace stands at line %d, %s; the office at %d, %s", mine.N, mine.Head, v.Lines, v.Head)
	}
}

// "Not now" comes with its month; the office takes nothing before it, and the
// workspace offers nothing. Taken back, the link says what any other link says.
func TestNotNowBetweenTwoSides(t *testing.T) {
	s := play(t, "../../examples/accounts-one-day.yaml")
	s.publish()
	s.read("/decide?a=not-now", "gets your answer with what you write here")
	s.boss.Press("Send: not now")
	s.says(s.boss, "Tick the box to send this.")
	s.boss.Fill("Your reason (optional)", "The audit comes first.")
	s.boss.Choose("February 2027")
	s.boss.Tick("I have read the packet, and my answer is not now.")
	s.boss.Press("Send: not now")
	s.says(s.boss, "You answered: not now")
	s.in(share.IsNotNow)

	s.look("/share", "The answer is: not now. You can ask again from 1 February 2027.")
	s.me.Go("/share/edition")
	s.says(s.me, "Nothing is sent for now")
	s.me.Go("/talk")
	s.says(s.me, "Not now")
	s.boss.Go(s.link + "/decided")
	s.boss.Press("Undo: take my answer back")
	s.in(share.IsOpen)
	s.look("/share")
	s.me.Go("/share/withdraw")
	s.send("Take everything back")
	s.in(share.IsWithdrawn)
	s.boss.Go(s.link)
	if !s.boss.Has("This link opens nothing") || s.boss.Has("Ines") {
		t.Error(s.boss.Text())
	}
}
