package office_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/office"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/ops"
	"homecase/share"
)

// reads counts how often a case is read from the store.
type reads struct {
	share.Store
	mu sync.Mutex
	n  int
}

func (r *reads) Entries(ctx context.Context, org, caseID string, after int64, limit int) ([]share.Entry, error) {
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
	return r.Store.Entries(ctx, org, caseID, after, limit)
}

// replica is one more server over the store of an office, that remembers nothing
// yet. build is its program; empty for one that keeps no pages.
func (s *side) replica(build string) (http.Handler, *ops.Office, *reads) {
	s.t.Helper()
	count := &reads{Store: s.store}
	o := &ops.Office{Desk: s.office.Desk, Store: count, Address: s.base, Letters: s.office.Letters, Build: build}
	server, err := office.New(office.Options{Office: o, Limits: office.Limits{Miss: often, Write: often}})
	if err != nil {
		s.t.Fatal(err)
	}
	return server, o, count
}

// on is what a server answers: its status and its page, whose packed form was undone.
func (s *side) on(server http.Handler, path string, packed bool) (int, string) {
	s.t.Helper()
	r := httptest.NewRequest("GET", s.base+path, nil)
	if packed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	body := io.Reader(w.Body)
	if w.Header().Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(body); err != nil {
			s.t.Fatal(err)
		}
	}
	page, err := io.ReadAll(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Code, string(page)
}

// writePages has a program write the pages that the store lacks.
func (s *side) writePages(build string) {
	s.t.Helper()
	server, o, _ := s.replica(build)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	listener := httptest.NewUnstartedServer(nil).Listener
	go func() { done <- server.(*office.Server).Serve(ctx, office.Listening{Public: listener}) }()
	s.untilWritten(o)
	stop()
	if err := <-done; err != nil {
		s.t.Error(err)
	}
}

func (s *side) untilWritten(o *ops.Office) {
	s.t.Helper()
	for range 1000 {
		missing, err := s.store.Unwritten(context.Background(), s.org, o.Build, "", 10)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(missing) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatal("the pages were not written")
}

// engines are the stores an office may have.
func engines(t *testing.T, test func(*testing.T, share.Store)) {
	t.Run("SQLite", func(t *testing.T) { test(t, small(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		store, err := postgres.Open(t.Context(), pgtest.Start(t), postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		test(t, store)
	})
}

// Whatever changes a case changes its pages at once, on every server: on one that
// remembers the page, on one that finds it in the store, and on one that reads
// every line and signature anew, whose bytes the others have to show.
func TestAPageIsNeverOlderThanItsCase(t *testing.T) {
	engines(t, func(t *testing.T, store share.Store) {
		s := openedOn(t, store)
		s.publish(document(t), underLaw("be-cct85"))
		s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
		until := s.now.Add(30 * 24 * time.Hour)
		hr := s.link("hr", "Joanne Pike", false, until)
		remembers, _, _ := s.replica("")
		other, _, _ := s.replica("program")
		last := map[string]string{}
		compare := func(what string, servers ...http.Handler) {
			t.Helper()
			fresh, _, _ := s.replica("")
			for _, path := range []string{s.path(""), s.path("/full"), s.path("/questions"), "/p/" + hr} {
				status, want := s.on(fresh, path, false)
				if status != 200 {
					t.Fatalf("%s: %s is answered %d", what, path, status)
				}
				for i, server := range servers {
					for _, packed := range []bool{true, false} {
						if status, got := s.on(server, path, packed); status != 200 || got != want {
							t.Errorf("%s: %s of server %d is answered %d, packed %t, with another page than that of a server without memory", what, path, i, status, packed)
						}
					}
				}
				last[path] = want
			}
		}
		fromStore := func(what string) {
			t.Helper()
			s.writePages("program")
			cold, _, read := s.replica("program")
			another, _, readAnew := s.replica("another program")
			for _, path := range []string{s.path(""), "/p/" + hr} {
				if status, got := s.on(cold, path, true); status != 200 || got != last[path] || read.n > 0 {
					t.Errorf("%s: %s from the store is answered %d after %d reads of the case; the same page: %t", what, path, status, read.n, got == last[path])
				}
				if status, got := s.on(another, path, true); status != 200 || got != last[path] || readAnew.n == 0 {
					t.Errorf("%s: another program answers %s with %d after %d reads of the case", what, path, status, readAnew.n)
				}
			}
		}
		compare("at first", remembers, other)
		fromStore("at first")
		for _, step := range []struct {
			what string
			do   func()
		}{
			{"a question", func() { s.fill("/ask?at=promises", "/ask", "text", "Who answers on Fridays?") }},
			{"its answer", func() {
				s.employee(share.Reply{Key: s.key(), Question: s.exchange().Questions[0].ID, Text: "Marek does."})
			}},
			{"a decision", func() { s.fill("/decide?a=agree", "/decide", "statement", "yes") }},
			{"its undoing", func() { s.fill("/decided", "/undo") }},
			{"another edition", func() { s.publish(document(t)) }},
			{"a trial", func() {
				s.fill("/decide?a=agree", "/decide", "statement", "yes")
				plan := `{"plan":1}`
				s.employee(share.Planning{Key: s.key(), Plan: plan, PlanHash: share.Hash([]byte(plan)), Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05")})
			}},
		} {
			before, n := last[s.path("")], s.exchange().N
			step.do()
			if s.exchange().N == n {
				t.Fatalf("%s wrote no line", step.what)
			}
			compare(step.what, remembers, other)
			if last[s.path("")] == before {
				t.Errorf("%s changes nothing on the first page", step.what)
			}
			fromStore(step.what)
		}

		gone := func(what, path string, servers ...http.Handler) {
			t.Helper()
			_, nothing := s.on(remembers, "/p/"+s.org+strings.Repeat("a", 26), false)
			cold, _, _ := s.replica("program")
			for i, server := range append(servers, cold) {
				if status, got := s.on(server, path, i == 0); status != 404 || got != nothing {
					t.Errorf("%s: server %d answers %d", what, i, status)
				}
			}
		}
		s.now = until.Add(-time.Microsecond)
		compare("just before a link is over", remembers, other)
		fromStore("just before a link is over")
		s.now = until
		gone("a link that is over", "/p/"+hr, remembers, other)
		s.writePages("program")
		gone("a link that is over, once that is written", "/p/"+hr, remembers, other)
		third := s.link("it", "IT", true, time.Time{})
		s.on(other, "/p/"+third, true)
		s.writePages("program")
		s.employee(share.Unlinking{Key: s.key(), Link: "it"})
		gone("a link that ended", "/p/"+third, remembers, other)
		s.employee(share.Withdrawal{Key: s.key()})
		gone("a case that was taken back", s.path(""), remembers, other)
		s.publish(document(t))
		s.token = s.link("dana-2", "Dana Whitfield", true, time.Time{})
		seen, _, _ := s.replica("program")
		s.on(seen, s.path(""), true)
		s.writePages("program")
		if err := s.store.EraseCase(t.Context(), s.org, caseID); err != nil {
			t.Fatal(err)
		}
		gone("a case that was erased", s.path(""), remembers, other, seen)
	})
}

// A page follows its case into the store while the server runs. One that was
// changed there, or belongs to another link, is not shown.
func TestPagesAreWrittenBesideTheAnswers(t *testing.T) {
	engines(t, func(t *testing.T, store share.Store) {
		s := openedOn(t, store)
		s.publish(document(t))
		s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
		server, o, _ := s.replica("program")
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		listener := httptest.NewUnstartedServer(nil).Listener
		go func() { done <- server.(*office.Server).Serve(ctx, office.Listening{Public: listener}) }()
		s.untilWritten(o)
		s.office = o
		s.employee(share.Linking{Key: s.key(), Link: "hr", Token: share.HashToken(s.org + strings.Repeat("b", 26)), Reader: "Joanne Pike"})
		if missing, err := store.Unwritten(t.Context(), s.org, o.Build, "", 10); err != nil || len(missing) == 0 {
			t.Errorf("right after a line the pages know of it: %v", err)
		}
		s.untilWritten(o)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}

		open, page, err := store.PageByToken(t.Context(), s.org, share.HashToken(s.token), s.now)
		if err != nil || len(page) == 0 {
			t.Fatalf("there is no page: %v", err)
		}
		_, others, err := store.PageByToken(t.Context(), s.org, share.HashToken(s.org+strings.Repeat("b", 26)), s.now)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(page), s.token) {
			t.Error("the page holds its token")
		}
		changed := append([]byte{}, page...)
		changed[len(changed)/2] ^= 1
		_, want := s.on(server, s.path(""), false)
		for what, content := range map[string][]byte{"changed": changed, "another link's": others, "cut": page[:len(page)-1], "short": page[:20], "none": nil} {
			err := store.KeepPage(t.Context(), s.org, share.Page{Token: share.HashToken(s.token), Case: caseID, Document: s.exchange().Edition().Document, Form: o.Build, Head: open.Hash, Content: content})
			if err != nil {
				t.Fatal(err)
			}
			cold, _, read := s.replica("program")
			if status, got := s.on(cold, s.path(""), true); status != 200 || got != want || read.n == 0 {
				t.Errorf("a page that is %s was shown", what)
			}
		}
	})
}
