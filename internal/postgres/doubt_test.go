package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/share"
)

// wire stands between the program and the server, and cuts a connection when
// something that it waits for passes.
type wire struct {
	dir, to string
	waiting atomic.Pointer[cut]
	cuts    atomic.Int64
	still   atomic.Bool // nothing arrives, and nobody is told

	mu      sync.Mutex
	down    bool // nothing gets through
	clients map[net.Conn]bool
}

// cut is a moment: these bytes on their way from the server, or to it.
type cut struct {
	fromServer bool
	text       []byte
	forGood    bool // nothing gets through afterwards
}

const socketName = ".s.PGSQL.5432"

// stretch puts a wire in front of the server of an address.
func stretch(t *testing.T, dsn, socket string) (*wire, string) {
	t.Helper()
	w := &wire{clients: map[net.Conn]bool{}, dir: t.TempDir(), to: filepath.Join(socket, socketName)}
	l, err := net.Listen("unix", filepath.Join(w.dir, socketName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(client)
		}
	}()
	return w, with(t, dsn, "host", w.dir)
}

// set lets nothing through, or everything again.
func (w *wire) set(down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = down
	for client := range w.clients {
		if down {
			client.Close()
		}
	}
}

func (w *wire) carry(client net.Conn) {
	defer client.Close()
	w.mu.Lock()
	down := w.down
	w.clients[client] = true
	w.mu.Unlock()
	if down {
		return
	}
	server, err := net.Dial("unix", w.to)
	if err != nil {
		return
	}
	defer server.Close()
	var once sync.Once
	ended := make(chan struct{})
	end := func() { once.Do(func() { close(ended) }) }
	go w.pass(client, server, true, end)
	go w.pass(server, client, false, end)
	<-ended
}

// pass carries bytes one way. What is cut is not passed on.
func (w *wire) pass(to io.Writer, from io.Reader, fromServer bool, end func()) {
	defer end()
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if c := w.waiting.Load(); c != nil && c.fromServer == fromServer && bytes.Contains(b[:n], c.text) && w.waiting.CompareAndSwap(c, nil) {
			w.cuts.Add(1)
			if c.forGood {
				w.set(true)
			}
			return
		}
		if n > 0 && !w.still.Load() {
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// at sets the moment of the next cut.
func (w *wire) at(fromServer bool, text string) {
	w.waiting.Store(&cut{fromServer: fromServer, text: []byte(text)})
}

const (
	commit    = "commit\x00"
	committed = "COMMIT\x00"
)

// moments are those at which a change may be lost, or only its answer.
var moments = []struct {
	name       string
	fromServer bool
	text       string
}{
	{"before a line reaches the server", false, `{"id":"`},
	{"before the answer to a line", true, "INSERT 0 1\x00"},
	{"before the commit reaches the server", false, commit},
	{"before the answer to the commit", true, committed},
}

// follow makes the line that follows the last of a case, with or without a
// message beside it.
func follow(t *testing.T, o *postgres.Office, caseID string, n int, mail bool) share.Append {
	t.Helper()
	raw := fmt.Appendf(nil, `{"id":"%s-%d"}`, caseID, n)
	l := share.Line{N: 1, Time: acme().Made, Actor: share.Employee, Act: share.Replied, Body: share.Hash(raw)}
	if n > 0 {
		h, err := o.Head(t.Context(), "acme", caseID)
		if err != nil {
			t.Fatal(err)
		}
		l.N, l.Prev = h.N+1, h.Hash
	}
	a := share.Append{Case: caseID, Key: "key", Prev: l.N - 1, Entry: share.Entry{Line: l, Raw: raw}}
	var err error
	if a.Hash, err = l.Hash(); err != nil {
		t.Fatal(err)
	}
	if mail {
		a.Mail = []share.Message{{ID: fmt.Sprint(caseID, n), Case: caseID, To: "x", Made: l.Time, Next: l.Time}}
	}
	return a
}

// Wherever the connection is cut, a line is written once and said to be: what may
// have been done is looked up before it is done again.
func TestALineIsWrittenOnceWhereverTheWireIsCut(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	w, dsn := stretch(t, s.Database(t), s.Socket())
	o := open(t, dsn)
	if err := o.AddOrg(t.Context(), acme()); err != nil {
		t.Fatal(err)
	}
	for i, m := range moments {
		caseID := fmt.Sprint("case ", i)
		n := 0
		for _, mail := range []bool{false, true, false, true} { // the first opens the case
			a := follow(t, o, caseID, n, mail)
			before := w.cuts.Load()
			w.at(m.fromServer, m.text)
			if err := o.Append(t.Context(), "acme", a); err != nil {
				t.Errorf("%s, line %d: %v", m.name, n+1, err)
			}
			w.waiting.Store(nil)
			if alone := n > 0 && !mail && (m.text == commit || m.text == committed); w.cuts.Load() == before && !alone {
				t.Errorf("%s, line %d: nothing was cut", m.name, n+1)
			}
			n++
			entries, err := o.Entries(t.Context(), "acme", caseID, 0, 100)
			if err != nil || len(entries) != n {
				t.Errorf("%s: %d lines are there, want %d: %v", m.name, len(entries), n, err)
			}
		}
		mails, err := o.Messages(t.Context(), "acme", caseID)
		if err != nil || len(mails) != 2 {
			t.Errorf("%s: %d messages are there, want 2: %v", m.name, len(mails), err)
		}
	}
	if w.cuts.Load() < int64(len(moments)*2) {
		t.Errorf("the wire was cut %d times only", w.cuts.Load())
	}
}

// Other changes are made once too.
func TestOtherChangesAreMadeOnceWhereverTheWireIsCut(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	w, dsn := stretch(t, s.Database(t), s.Socket())
	o, ctx := open(t, dsn), t.Context()
	w.at(true, "INSERT 0 1\x00")
	if err := o.AddOrg(ctx, acme()); err != nil || w.cuts.Load() != 1 {
		t.Errorf("an organisation: %v after %d cuts", err, w.cuts.Load())
	}
	if err := o.AddOrg(ctx, acme()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the organisation again: %v", err)
	}
	at := acme().Made
	if err := o.Invite(ctx, "acme", share.Invitation{CodeHash: "code", Made: at}); err != nil {
		t.Fatal(err)
	}
	w.at(true, committed)
	if p, err := o.Pair(ctx, "acme", "code", share.Person{Key: "key", Name: "Ana", Made: at}, at); err != nil || p.Name != "Ana" || w.cuts.Load() != 2 {
		t.Errorf("an invitation: %v, %v after %d cuts", p, err, w.cuts.Load())
	}
	if err := o.SetTicket(ctx, "acme", share.Ticket{Hash: "ticket", Expires: at}); err != nil {
		t.Fatal(err)
	}
	// Of a ticket it cannot be known: it is used up, and nobody gets in by it.
	w.at(true, committed)
	if _, err := o.UseTicket(ctx, "acme", "ticket", at.Add(-time.Hour)); fault.KindOf(err) != fault.Missing || w.cuts.Load() != 3 {
		t.Errorf("a ticket: %v after %d cuts", err, w.cuts.Load())
	}
	w.at(true, "INSERT 0 1\x00")
	if err := o.Post(ctx, "acme", share.Message{ID: "m", Case: "one", To: "x", Made: at, Next: at}); err != nil {
		t.Errorf("a message: %v", err)
	}
	if _, all, err := o.Posted(ctx, "acme", "x", at); err != nil || all != 1 {
		t.Errorf("%d messages were posted: %v", all, err)
	}
}

// Where the server stays away, the doubt is told; done again under the same id,
// the act is there once.
func TestADoubtIsTold(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	w, dsn := stretch(t, s.Database(t), s.Socket())
	o := open(t, dsn)
	if err := o.AddOrg(t.Context(), acme()); err != nil {
		t.Fatal(err)
	}
	a := follow(t, o, "one", 0, true)
	w.waiting.Store(&cut{fromServer: true, text: []byte(committed), forGood: true})
	err := o.Append(t.Context(), "acme", a)
	if fault.CodeOf(err) != "HC-STORE-40" || fault.KindOf(err) != fault.Away {
		t.Errorf("a commit without an answer: %v", err)
	}
	err = o.Ping(t.Context())
	if fault.CodeOf(err) != "HC-STORE-72" || fault.KindOf(err) != fault.Away {
		t.Errorf("while the server is away: %v", err)
	}
	w.set(false)
	if err := o.Append(t.Context(), "acme", a); fault.CodeOf(err) != "HC-STORE-30" {
		t.Errorf("the same line again: %v", err) // package ops finds it by its id
	}
	entries, err := o.Entries(t.Context(), "acme", "one", 0, 10)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d lines are there: %v", len(entries), err)
	}
}

// A commit that waits for a replica which is gone ends with the request, without
// a word that it is done; asked again once the replica is no longer waited for, it
// is there once.
func TestACommitThatWaitsForAReplicaEndsWithTheRequest(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	o := open(t, s.Database(t))
	if err := o.AddOrg(t.Context(), acme()); err != nil {
		t.Fatal(err)
	}
	a := follow(t, o, "one", 0, true)
	set := func(names string) {
		t.Helper()
		s.Exec(t, "ALTER SYSTEM SET synchronous_standby_names = '"+names+"'")
		s.Exec(t, "SELECT pg_reload_conf()")
	}
	// commits tells whether a commit ends by itself. The setting reaches one process after the other.
	commits := func(n int) bool {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		err := o.Post(ctx, "acme", share.Message{ID: fmt.Sprint("probe ", n), To: "x", Made: acme().Made, Next: acme().Made})
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		return err == nil
	}
	set("gone")
	for n := 0; commits(n); n++ {
		if n == 1000 {
			t.Fatal("no commit waits for the replica")
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if err := o.Append(ctx, "acme", a); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while the replica is gone: %v", err)
	}
	set("")
	for range 500 { // the commit that was waiting is done now
		entries, err := o.Entries(t.Context(), "acme", "one", 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := o.Append(t.Context(), "acme", a); fault.CodeOf(err) != "HC-STORE-30" {
		t.Errorf("the same line again: %v", err)
	}
	mails, err := o.Messages(t.Context(), "acme", "one")
	if err != nil || len(mails) != 1 {
		t.Errorf("%d messages are there: %v", len(mails), err)
	}
}
