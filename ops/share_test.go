package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/plan"
	"homecase/share"
	"homecase/storetest"
)

// both is a workspace and an office that it is paired with.
type both struct {
	*Workspace
	office *Office
	shelf  *storetest.Shelf
	org    string
	now    time.Time
	luck   luck
	next   func() luck // instead of luck
	spoil  func(*Batch)
	later  []func()
	reads  int // how many acts of readers
	t      interface {
		Helper()
		Fatal(...any)
		Fatalf(string, ...any)
	}
}

const officeAddress = "https://office.example"

// pairUp opens a workspace with the accounts example, and an office beside it.
func pairUp(t *testing.T) *both {
	t.Helper()
	b := &both{now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC), shelf: storetest.NewShelf(), t: t}
	desk := &Desk{Now: func() time.Time { return b.now }, Getenv: func(string) string { return "" }, Random: rand.NewChaCha8([32]byte{1}), Version: "test"}
	b.office = &Office{Desk: desk, Store: b.shelf, Address: officeAddress}
	folder := t.TempDir()
	store, err := sqlite.Open(t.Context(), folder, sqlite.Options{})
	b.must(err)
	t.Cleanup(func() { _ = store.Close() })
	b.Workspace = &Workspace{Desk: desk, Store: store, Folder: folder, Couriers: b.courier}
	b.must2(b.Begin(t.Context(), "Ines Duarte"))
	return b
}

func (b *both) courier(_ string, key ed25519.PrivateKey) (Courier, error) {
	return walker{Office: b.office, key: key, later: &b.later, spoil: b.spoil, luck: func() luck {
		if b.next != nil {
			return b.next()
		}
		return b.luck
	}}, nil
}

func (b *both) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *both) must2(_ any, err error) { b.t.Helper(); b.must(err) }

// invitation is a new one of the office.
func (b *both) invitation() string {
	b.t.Helper()
	if b.org == "" {
		org, err := b.office.AddOrg(context.Background(), "Example Insurance")
		b.must(err)
		b.org = org.ID
	}
	code, err := b.office.Invite(context.Background(), b.org, "Ines", b.now.Add(time.Hour))
	b.must(err)
	return InvitationAddress(officeAddress, code)
}

// paired is pairUp once the invitation was used.
func paired(t *testing.T) *both {
	t.Helper()
	b := pairUp(t)
	b.must2(b.Pair(t.Context(), b.invitation(), "Ines Duarte"))
	return b
}

// open is the case as it is now.
func (b *both) open() *Open {
	b.t.Helper()
	o, err := b.Current(context.Background())
	b.must(err)
	return o
}

// publish sends an edition without a packet behind it.
func (b *both) publish(id string, terms share.Terms) error {
	s, err := b.Shared(context.Background(), id)
	b.must(err)
	var acts []outward
	if s.Ahead.N == 0 {
		acts = append(acts, outward{body: share.Opening{Key: b.key(), Person: "Ines Duarte", PublicKey: publicKey(s.Office)}})
	}
	doc := []byte(`{"edition":"` + b.key().ID + `"}`)
	acts = append(acts, outward{
		body:  share.Publication{Key: b.key(), Edition: len(s.Ahead.Editions) + 1, Title: "One day", Lang: "en-GB", Document: share.Hash(doc), Terms: terms},
		files: []share.Blob{{Hash: share.Hash(doc), Media: "application/json", Bytes: doc, Made: b.now}},
	})
	_, err = b.send(context.Background(), id, acts...)
	return err
}

func (b *both) key() share.Key {
	id, err := b.newID()
	b.must(err)
	return share.Key{ID: id}
}

// reader does something at the office as whoever holds the newest link.
func (b *both) reader(id string, body func(x *share.Exchange, link string, k share.Key) share.Body) error {
	x, err := b.office.Exchange(context.Background(), b.org, id)
	if err != nil || len(x.Links) == 0 {
		return errAway()
	}
	b.reads++
	act := body(x, x.Links[len(x.Links)-1].Link, b.key())
	raw, err := share.Encode(act)
	if err != nil {
		return err
	}
	_, err = b.office.Act(context.Background(), b.org, id, Acting{Actor: share.Reader, Act: share.ActOf(act), Raw: raw})
	return err
}

var oneDay = share.Terms{HalfDays: 2, Lottery: true, Weekdays: []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu}, Start: day.On(2027, 1, 11), Until: day.On(2027, 3, 5), Weeks: 8, DecideOn: day.On(2027, 3, 8)}

// ask publishes and links, so that a reader can answer.
func (b *both) ask() string {
	b.t.Helper()
	id := b.open().ID
	b.must(b.publish(id, oneDay))
	b.must2(b.Link(context.Background(), b.open(), Invited{Reader: "Dana Whitfield", Questions: true}))
	return id
}

func decide(answer share.Act, change func(*share.Decision)) func(*share.Exchange, string, share.Key) share.Body {
	return func(x *share.Exchange, link string, k share.Key) share.Body {
		d := share.Decision{Key: k, Link: link, Edition: len(x.Editions)}
		if answer == share.Agreed {
			d.Statement = "I have read what I would be agreeing to"
		}
		change(&d)
		return d.Answering(answer)
	}
}

// An invitation whose answer was lost is used again with the same key; the key
// stands in nothing that is shown or exported.
func TestPairing(t *testing.T) {
	b := pairUp(t)
	address := b.invitation()
	b.luck = unheard
	_, err := b.Pair(t.Context(), address, "Ines Duarte")
	if fault.KindOf(err) != fault.Away {
		t.Fatalf("an answer that was lost: %v", err)
	}
	first, err := b.Store.Pairing(t.Context())
	b.must(err)
	b.luck = fine
	p, err := b.Pair(t.Context(), address, "Ines Duarte")
	b.must(err)
	if string(p.Key) != string(first.Key) || p.OrgName != "Example Insurance" || p.Code != "" || !p.Done() {
		t.Errorf("paired as %+v", p)
	}
	if _, err := b.Pair(t.Context(), address, "Ines Duarte"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("pairing twice: %v", err)
	}
	for _, bad := range []string{"", "office.example", "https://office.example/", strings.Replace(address, "https://", "ftp://", 1), address[:len(address)-1]} {
		if _, err := pairUp(t).Pair(t.Context(), bad, "Ines"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the invitation %q: %v", bad, err)
		}
	}
	left, err := b.Store.Departures(t.Context(), "")
	b.must(err)
	if len(left) != 1 || left[0].To != officeAddress {
		t.Errorf("what left: %+v", left)
	}
	b.must(b.Leave(t.Context()))
	if _, err := b.Store.Pairing(t.Context()); fault.KindOf(err) != fault.Missing {
		t.Errorf("after leaving: %v", err)
	}
}

// Each answer moves the case, and what was undone moves it back.
func TestAnswersMoveTheCase(t *testing.T) {
	b := paired(t)
	id := b.ask()
	fetch := func() *Open {
		t.Helper()
		b.must2(b.Fetch(t.Context(), id))
		return b.open()
	}
	b.must(b.reader(id, decide(share.Deferred, func(d *share.Decision) { d.Reason, d.Until = "Month-end cover", day.On(2027, 3, 1) })))
	p := fetch().Case.Plan
	if p.Outcome == nil || p.Outcome.How != plan.SaidNotNow || p.NotNow.RetryOn() != day.On(2027, 3, 1) || p.NotNow.Worry != "Month-end cover" {
		t.Fatalf("not now: %+v %+v", p.Outcome, p.NotNow)
	}
	if _, err := b.Link(t.Context(), b.open(), Invited{Reader: "Somebody"}); err == nil {
		t.Error("somebody was invited before the day to ask again")
	}
	if err := b.publish(id, oneDay); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an edition before the day to ask again: %v", err)
	}
	revision := b.open().Revision
	if got := fetch().Revision; got != revision {
		t.Errorf("nothing was new, and the case went from revision %d to %d", revision, got)
	}

	b.must(b.reader(id, func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Undoing{Key: k, Link: link, Decision: x.Decision().ID}
	}))
	if p := fetch().Case.Plan; p.Outcome != nil || p.NotNow != nil {
		t.Fatalf("undone: %+v %+v", p.Outcome, p.NotNow)
	}

	other := oneDay
	other.HalfDays, other.Start, other.Until, other.DecideOn = 1, day.On(2027, 1, 18), day.On(2027, 3, 12), day.On(2027, 3, 15)
	other.Promises = []string{"I come in when asked."}
	b.must(b.reader(id, decide(share.Countered, func(d *share.Decision) { d.Terms, d.Note = &other, "Half a day first" })))
	if p := fetch().Case.Plan; p.Outcome != nil || p.Days == .5 {
		t.Fatalf("changes nobody accepted went into the plan: %+v", p)
	}
	k, err := b.Counter(t.Context(), b.open())
	b.must(err)
	if _, err := b.Accept(t.Context(), b.open(), "another", ""); fault.KindOf(err) != fault.Conflict {
		t.Errorf("accepting what was not shown: %v", err)
	}
	b.must2(b.Accept(t.Context(), b.open(), k.ID, ""))
	p = b.open().Case.Plan
	if p.Outcome == nil || p.Outcome.How != plan.AgreedWithChanges || p.Days != .5 || p.Start != other.Start || p.DecideOn != other.DecideOn || len(p.Promises) != 1 {
		t.Fatalf("accepted: %+v %+v", p.Outcome, p)
	}
	if got := TermsOf(p); got.Start != other.Start || got.HalfDays != 1 || got.Until != other.Until || !got.Lottery {
		t.Errorf("the terms of the plan are %+v, agreed were %+v", got, other)
	}
}

// Changes that a case cannot hold are not accepted, and the case stays as it is.
func TestChangesThatTheCaseCannotHold(t *testing.T) {
	for name, change := range map[string]func(*share.Terms){
		"a promise longer than one":                   func(c *share.Terms) { c.Promises = []string{strings.Repeat("I come in. ", 60)} },
		"more promises than a plan has":               func(c *share.Terms) { c.Promises = strings.Split(strings.Repeat("I come in.\n", 9)+"And more.", "\n") },
		"a decision before the last day of the trial": func(c *share.Terms) { c.DecideOn, c.Start = c.Start, c.Start.Add(7) },
	} {
		t.Run(name, func(t *testing.T) {
			b := paired(t)
			id := b.ask()
			terms := oneDay
			change(&terms)
			b.must(b.reader(id, decide(share.Countered, func(d *share.Decision) { d.Terms = &terms })))
			b.must2(b.Fetch(t.Context(), id))
			k, err := b.Counter(t.Context(), b.open())
			b.must(err)
			if len(k.Cannot) == 0 {
				t.Fatal("the case is said to hold it")
			}
			if _, err := b.Accept(t.Context(), b.open(), k.ID, ""); fault.KindOf(err) != fault.Finding {
				t.Errorf("accepted: %v", err)
			}
			b.must2(b.Respond(t.Context(), b.open(), k.ID, "Could it be shorter?"))
			if s, err := b.Shared(t.Context(), id); err != nil || s.State(b.now) != share.IsAnswered {
				t.Errorf("after an answer in words: %v", err)
			}
		})
	}
}

// A question comes, and its answer goes.
func TestReply(t *testing.T) {
	b := paired(t)
	id := b.ask()
	b.must(b.reader(id, func(_ *share.Exchange, link string, k share.Key) share.Body {
		return share.Question{Key: k, Link: link, Edition: 1, At: "ask", About: "The ask", Text: "Who covers month-end?"}
	}))
	s, err := b.Fetch(t.Context(), id)
	b.must(err)
	if w := s.Waiting(); len(w) != 1 || w[0].Text != "Who covers month-end?" {
		t.Fatalf("what waits: %+v", w)
	}
	if _, err := b.Reply(t.Context(), b.open(), "none", "x"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an answer to no question: %v", err)
	}
	s, err = b.Reply(t.Context(), b.open(), s.Questions[0].ID, "I do, on <b>every</b> month-end & in person.")
	b.must(err)
	if len(s.Waiting()) != 0 || len(s.Outbox) != 0 {
		t.Errorf("it still waits: %+v %+v", s.Waiting(), s.Outbox)
	}
}

// Whoever presses again, because no answer came, does it once.
func TestPressedTwiceItIsOnce(t *testing.T) {
	b := paired(t)
	id := b.ask()
	twice := func(do func() (*Shared, error)) {
		t.Helper()
		before, err := b.Shared(t.Context(), id)
		b.must(err)
		for range 2 {
			s, err := do()
			b.must(err)
			if s.N != before.N+1 {
				t.Errorf("%d lines were written, want 1", s.N-before.N)
			}
		}
	}
	ctx := t.Context()
	twice(func() (*Shared, error) {
		return b.Link(ctx, b.open(), Invited{ID: "form-1", Reader: "HR", Questions: true})
	})
	b.must(b.reader(id, func(_ *share.Exchange, link string, k share.Key) share.Body {
		return share.Question{Key: k, Link: link, Edition: 1, Text: "Who covers month-end?"}
	}))
	s, err := b.Fetch(ctx, id)
	b.must(err)
	twice(func() (*Shared, error) { return b.Reply(ctx, b.open(), s.Questions[0].ID, "I do.") })
	terms := oneDay
	terms.Start = terms.Start.Add(7)
	b.must(b.reader(id, decide(share.Countered, func(d *share.Decision) { d.Terms = &terms })))
	s, err = b.Fetch(ctx, id)
	b.must(err)
	twice(func() (*Shared, error) { return b.Respond(ctx, b.open(), s.Decision().ID, "Could it be sooner?") })
	if links := len(s.Links); links != 2 {
		t.Errorf("%d links, want the first and one more", links)
	}
}

// What the office may answer that no honest office answers: everything stops, one
// sentence says why, and the evidence is kept.
func TestARecordThatDoesNotHoldTogetherStopsEverything(t *testing.T) {
	for name, spoil := range map[string]func(*Batch){
		"an older record": func(b *Batch) { b.Head.N, b.Entries = b.Head.N-2, nil },
		"another record":  func(b *Batch) { b.Head.N, b.Head.Hash, b.Entries = 3, share.Hash([]byte("x")), nil },
		"lines withheld":  func(b *Batch) { b.Entries = nil },
		"another time":    func(b *Batch) { b.Entries[0].Line.Time = b.Entries[0].Line.Time.Add(time.Second) },
		"other words": func(b *Batch) {
			b.Entries[0].Raw = json.RawMessage(strings.Replace(string(b.Entries[0].Raw), "month-end", "year-end", 1))
		},
		"no countersignature":    func(b *Batch) { b.Entries[0].Countersignature = "" },
		"a line that is no line": func(b *Batch) { b.Entries[0].Raw = json.RawMessage(`{"x":`) },
		"a line twice":           func(b *Batch) { b.Entries = append(b.Entries, b.Entries[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			b := paired(t)
			id := b.ask()
			b.must(b.reader(id, func(_ *share.Exchange, link string, k share.Key) share.Body {
				return share.Question{Key: k, Link: link, Edition: 1, Text: "Who covers month-end?"}
			}))
			b.spoil = spoil
			_, err := b.Fetch(t.Context(), id)
			if fault.CodeOf(err) != Halted {
				t.Fatalf("it goes on: %v", err)
			}
			b.spoil = nil
			s, err := b.Shared(t.Context(), id)
			b.must(err)
			if s.N != 3 || s.Halt == "" || len(s.Evidence) == 0 {
				t.Errorf("line %d is the last here, %q, evidence of %d bytes", s.N, s.Halt, len(s.Evidence))
			}
			if _, err := b.Fetch(t.Context(), id); fault.CodeOf(err) != Halted {
				t.Errorf("fetching goes on: %v", err)
			}
			if _, err := b.Withdraw(t.Context(), b.open()); fault.CodeOf(err) != Halted {
				t.Errorf("sending goes on: %v", err)
			}
		})
	}
}

// mortal is a store whose process may die at any write: before it, or after.
type mortal struct {
	homecase.Store
	die func() int // 1 dies before, 2 after, else nothing
}

func dead() error { return fault.New(fault.Internal, "HC-TEST-09", "The process died.") }

func (m mortal) write(do func() error) error {
	when := m.die()
	if when == 1 {
		return dead()
	}
	if err := do(); err != nil || when != 2 {
		return err
	}
	return dead()
}

func (m mortal) Depart(ctx context.Context, d homecase.Departure) error {
	return m.write(func() error { return m.Store.Depart(ctx, d) })
}

func (m mortal) PutOut(ctx context.Context, id string, o homecase.Outgoing, files []share.Blob) error {
	return m.write(func() error { return m.Store.PutOut(ctx, id, o, files) })
}

func (m mortal) KeepLines(ctx context.Context, id string, lines []share.Entry, done []string) error {
	return m.write(func() error { return m.Store.KeepLines(ctx, id, lines, done) })
}

func (m mortal) SetSharing(ctx context.Context, id string, s homecase.Sharing) error {
	return m.write(func() error { return m.Store.SetSharing(ctx, id, s) })
}

func (m mortal) Save(ctx context.Context, k homecase.Kept) (n int64, err error) {
	err = m.write(func() error { n, err = m.Store.Save(ctx, k); return err })
	return n, err
}

// Whatever is lost, arrives twice or late, and wherever either side dies: what
// the workspace acknowledged stands in the office's record once, nothing stands
// there twice, and in the end both have the same record.
func TestNothingIsLostAndNothingIsDoneTwice(t *testing.T) {
	b := paired(t)
	whole := b.Store
	rapid.Check(t, func(r *rapid.T) {
		b.t = r
		ctx := context.Background()
		b.Workspace = &Workspace{Desk: b.Desk, Store: whole, Folder: b.Folder, Couriers: b.courier}
		o, err := b.Begin(ctx, "Ines Duarte")
		b.must(err)
		id := o.ID
		acknowledged := 0
		b.next = func() luck { return luck(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4}).Draw(r, "luck")) }
		restart := func() {
			b.Workspace = &Workspace{Desk: b.Desk, Folder: b.Folder, Couriers: b.courier, Store: mortal{whole, func() int {
				return rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 2}).Draw(r, "death")
			}}}
		}
		restart()
		step := func(err error) {
			if err == nil {
				acknowledged++
			}
			if fault.KindOf(err) == fault.Internal && err != nil {
				if fault.CodeOf(err) != "HC-TEST-09" {
					r.Fatal(err)
				}
				restart()
			}
			if fault.CodeOf(err) == Halted {
				r.Fatalf("an honest office was taken for a liar: %v", err)
			}
		}
		for range rapid.IntRange(3, 12).Draw(r, "steps") {
			b.now = b.now.Add(time.Second)
			switch rapid.IntRange(0, 6).Draw(r, "what") {
			case 0:
				step(b.publish(id, oneDay))
			case 1:
				_, err := b.Link(ctx, o, Invited{Reader: "Dana", Questions: true})
				step(err)
			case 2:
				if s, err := b.Shared(ctx, id); err == nil && len(s.Ahead.Waiting()) > 0 {
					_, err := b.Reply(ctx, o, s.Ahead.Waiting()[0].ID, "Yes.")
					step(err)
				}
			case 3, 4:
				_ = b.reader(id, func(_ *share.Exchange, link string, k share.Key) share.Body { // may come too early
					return share.Question{Key: k, Link: link, Edition: 1, Text: "Why?"}
				})
			case 5:
				_ = b.reader(id, decide(share.Agreed, func(*share.Decision) {})) // may come too early
			case 6:
				_, err := b.Fetch(ctx, id)
				if err != nil {
					step(err)
				}
			}
		}
		b.next = func() luck { return fine }
		b.Workspace = &Workspace{Desk: b.Desk, Store: whole, Folder: b.Folder, Couriers: b.courier}
		s, err := b.Fetch(ctx, id)
		b.must(err)
		b.agree(r, s, acknowledged)
	})
}

// agree checks that both sides have the same record, with each act once.
func (b *both) agree(r *rapid.T, s *Shared, acknowledged int) {
	lines := b.shelf.Record(s.Case)
	for _, o := range s.Outbox {
		if o.Refusal == "" {
			r.Fatalf("%s still waits", o.Act)
		}
	}
	if s.N != int64(len(lines)) {
		r.Fatalf("the workspace has %d lines and the office %d", s.N, len(lines))
	}
	if len(lines) == 0 {
		if acknowledged > 0 {
			r.Fatalf("%d acts were acknowledged, and nothing stands in the record", acknowledged)
		}
		return
	}
	head, err := lines[len(lines)-1].Line.Hash()
	b.must(err)
	if s.Head != head {
		r.Fatalf("the heads are %s and %s", s.Head, head)
	}
	seen, own := map[string]bool{}, 0
	for _, e := range lines {
		body, err := share.Decode(e.Line.Act, e.Raw)
		b.must(err)
		if id := share.IDOf(body); seen[id] {
			r.Fatalf("the act %s stands there twice", id)
		} else {
			seen[id] = true
		}
		if e.Line.Actor == share.Employee && e.Line.Act != share.Opened {
			own++
		}
	}
	refused := len(s.Outbox)
	if own+refused < acknowledged {
		r.Fatalf("%d acts were acknowledged and %d stand in the record, %d were refused", acknowledged, own, refused)
	}
	o, err := b.Read(context.Background(), s.Case)
	b.must(err)
	if d := s.Decision(); (d != nil) != (o.Course.Answer != "") || d != nil && o.Case.Plan.Outcome == nil {
		r.Fatalf("the answer that stands is %+v, and the case has %q", d, o.Course.Answer)
	}
}

// The record of a case is a file that verifies.
func TestRecordFile(t *testing.T) {
	b := paired(t)
	if _, err := b.RecordFile(t.Context(), b.open().ID); fault.KindOf(err) != fault.Missing {
		t.Errorf("a record before anything was shared: %v", err)
	}
	id := b.ask()
	text, err := b.RecordFile(t.Context(), id)
	b.must(err)
	r, err := share.ReadRecord(text)
	b.must(err)
	v, err := r.Verify(b.now)
	b.must(err)
	if v.Lines != 3 || v.Person != "Ines Duarte" || v.State != share.IsOpen {
		t.Errorf("%+v", v)
	}
	file := t.TempDir() + "/record.json"
	b.must(os.WriteFile(file, text, 0o600))
	if v, err := b.VerifyRecord(file); err != nil || !v.OK || v.Head == "" {
		t.Errorf("%+v, %v", v, err)
	}
	b.must(os.WriteFile(file, []byte(strings.Replace(string(text), "Dana", "Dora", 1)), 0o600))
	if v, err := b.VerifyRecord(file); err != nil || v.OK || v.Line != 3 || v.Lines != 2 || !strings.Contains(v.Problem, "Line 3") {
		t.Errorf("a changed record: %+v, %v", v, err)
	}
}
