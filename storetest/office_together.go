package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

func oneAppenderWins(t *testing.T, s share.Store) {
	with(t, s)
	write(t, s, "acme", "one", 1)
	for round := range 10 {
		from := next(t, s, "acme", "one")
		var wins atomic.Int64
		together(func(n int) {
			a := from
			a.Entry.Signature = fmt.Sprint(n)
			if round%2 == 1 { // with something hanging on it
				a.Mail = []share.Message{{ID: fmt.Sprint(round, n), Case: "one", To: "x", Made: start, Next: start}}
			}
			switch err := s.Append(t.Context(), "acme", a); err {
			case nil:
				if wins.Add(1) == 1 {
					break
				}
				t.Error("a second appender won")
			default:
				is(t, "the other appender", err, fault.Conflict, headMoved)
			}
		})
		if wins.Load() != 1 {
			t.Fatalf("%d appenders of line %d won", wins.Load(), from.Entry.Line.N)
		}
	}
	mails, err := s.Messages(t.Context(), "acme", "one")
	must(t, err)
	if len(mails) != 5 {
		t.Errorf("%d messages are kept, want one of each round that had some", len(mails))
	}
}

// Files that come at once do not get past the bound together.
func roomTogether(t *testing.T, s share.Store) {
	with(t, s)
	write(t, s, "acme", "one", 1)
	var kept atomic.Int64
	together(func(n int) {
		b := blobOf([]byte(fmt.Sprintf("file %03d", n)))
		switch err := s.PutBlob(t.Context(), "acme", "one", b, share.Room{Case: 3 * int64(len(b.Bytes))}); err {
		case nil:
			kept.Add(1)
		default:
			is(t, "a file without room", err, fault.Conflict, "HC-STORE-91")
		}
	})
	if kept.Load() != 3 {
		t.Errorf("%d files were kept where there is room for 3", kept.Load())
	}
}

func allAppended(t *testing.T, s share.Store) {
	with(t, s)
	write(t, s, "acme", "one", 1)
	const each = 5
	together(func(n int) {
		for i := range each {
			for {
				h, err := s.Head(t.Context(), "acme", "one")
				if err != nil {
					t.Error(err)
					return
				}
				a := line("one", h.N, h.Hash)
				a.Entry.Signature = fmt.Sprint(n, i)
				if err = s.Append(t.Context(), "acme", a); err == nil {
					break
				}
				if fault.CodeOf(err) != headMoved {
					t.Error(err)
					return
				}
			}
		}
	})
	entries, err := s.Entries(t.Context(), "acme", "one", 1, 1000)
	must(t, err)
	seen := map[string]int{}
	for _, e := range entries {
		seen[e.Signature]++
	}
	if len(seen) != many*each || len(entries) != many*each {
		t.Errorf("%d lines of %d acts are there, want each of %d once", len(entries), len(seen), many*each)
	}
}

func oneOpenerWins(t *testing.T, s share.Store) {
	with(t, s)
	for i := range 5 {
		id := fmt.Sprint("case ", i)
		var wins atomic.Int64
		together(func(n int) {
			a := line(id, 0, "")
			a.Key = fmt.Sprint(n)
			if err := s.Append(t.Context(), "acme", a); err != nil {
				is(t, "the other opener", err, fault.Conflict, headMoved)
				return
			}
			wins.Add(1)
		})
		if wins.Load() != 1 {
			t.Errorf("%d opened the same case", wins.Load())
		}
	}
}

func oneUsesInvitation(t *testing.T, s share.Store) {
	with(t, s)
	must(t, s.Invite(t.Context(), "acme", share.Invitation{CodeHash: hash("code"), Made: start}))
	var winner atomic.Int64
	together(func(n int) {
		p := share.Person{Key: fmt.Sprint("key ", n), Name: fmt.Sprint(n), Made: start}
		if _, err := s.Pair(t.Context(), "acme", hash("code"), p, start); err != nil {
			fails(t, "the other person", err, fault.Missing)
			return
		}
		if !winner.CompareAndSwap(0, int64(n+1)) {
			t.Error("two used one invitation")
		}
	})
	for n := range many {
		_, err := s.Person(t.Context(), "acme", fmt.Sprint("key ", n))
		if (err == nil) != (winner.Load() == int64(n+1)) {
			t.Errorf("person %d: %v, and %d won", n, err, winner.Load()-1)
		}
	}
	// Many of the same key all get the same person.
	must(t, s.Invite(t.Context(), "acme", share.Invitation{CodeHash: hash("mine"), Made: start}))
	together(func(int) {
		p, err := s.Pair(t.Context(), "acme", hash("mine"), share.Person{Key: "mine", Name: "Ana", Made: start}, start)
		if err != nil || p.Name != "Ana" {
			t.Errorf("the same key got %v: %v", p, err)
		}
	})
}

func oneUsesTicket(t *testing.T, s share.Store) {
	with(t, s)
	for i := range 10 {
		h := hash(fmt.Sprint(i))
		must(t, s.SetTicket(t.Context(), "acme", share.Ticket{Hash: h, Kind: "sign-in", Expires: start}))
		must(t, s.SetTicket(t.Context(), "acme", share.Ticket{Hash: hash("over" + h), Kind: "sign-in", Expires: start.Add(-time.Hour)}))
		var wins atomic.Int64
		together(func(int) {
			if _, err := s.UseTicket(t.Context(), "acme", h, start.Add(-time.Second)); err != nil {
				fails(t, "the other user", err, fault.Missing)
				return
			}
			wins.Add(1)
		})
		if wins.Load() != 1 {
			t.Errorf("%d used the same ticket", wins.Load())
		}
	}
}

func leasedOnce(t *testing.T, s share.Store) {
	with(t, s)
	const each = 20
	for i := range each {
		for _, org := range []string{"acme", "other"} {
			must(t, s.Post(t.Context(), org, share.Message{ID: fmt.Sprint(org, i), To: "x", Raw: []byte("x"), Made: start, Next: start}))
		}
	}
	var mu sync.Mutex
	leased := map[string]int{}
	together(func(n int) {
		for {
			some, err := s.Due(t.Context(), start, start.Add(time.Hour), 3+n)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			for _, m := range some {
				leased[m.ID]++
			}
			done := len(leased) == 2*each
			mu.Unlock()
			if done {
				return
			}
		}
	})
	for id, n := range leased {
		if n != 1 {
			t.Errorf("message %s was leased %d times", id, n)
		}
	}
}

func oneAddress(t *testing.T, s share.Store) {
	with(t, s)
	var wins atomic.Int64
	together(func(n int) {
		a := account(fmt.Sprint(n))
		a.Email = "Same@example.org"
		if err := s.SetAccount(t.Context(), "acme", a); err != nil {
			fails(t, "the other account", err, fault.Conflict)
			return
		}
		wins.Add(1)
	})
	all, err := s.AccountsOf(t.Context(), "acme")
	must(t, err)
	if wins.Load() != 1 || len(all) != 1 {
		t.Errorf("%d got the address, and %d accounts are kept", wins.Load(), len(all))
	}
}

// A file is either there for the line that names it, or the line is refused.
func sweptMeanwhile(t *testing.T, s share.Store) {
	with(t, s)
	write(t, s, "acme", "one", 1)
	for i := range 20 {
		h := put(t, s, "acme", "one", fmt.Sprint(i), start)
		a := next(t, s, "acme", "one")
		a.Blobs = []string{h}
		var kept error
		together(func(n int) {
			if n == 0 {
				kept = s.Append(t.Context(), "acme", a)
			} else if err := s.SweepBlobs(t.Context(), "acme", start.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
		_, err := s.Blob(t.Context(), "acme", "one", h)
		switch {
		case kept == nil && err != nil:
			t.Errorf("a line was written and its file is gone: %v", err)
		case kept != nil:
			fails(t, "a line whose file was swept", kept, fault.Missing)
		}
	}
}
