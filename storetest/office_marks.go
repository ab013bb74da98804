package storetest

import (
	"fmt"
	"sync"
	"testing"

	"homecase/share"
)

// Whatever was changed, the next mark is another one. An engine without marks has
// none.
func marks(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	var page share.Page
	last := s.Mark(ctx)
	for _, change := range []struct {
		what string
		make func() error
	}{
		{"a link", func() error { page = linked(t, s, "a", 2); return nil }},
		{"its page", func() error { return s.KeepPage(ctx, "acme", page) }},
		{"a line", func() error { return s.Append(ctx, "acme", next(t, s, "acme", "a")) }},
		{"an account", func() error { return s.SetAccount(ctx, "acme", account("m")) }},
		{"the end of a link", func() error {
			a := next(t, s, "acme", "a")
			a.Ends = []string{"dana"}
			return s.Append(ctx, "acme", a)
		}},
		{"erasing", func() error { return s.EraseCase(ctx, "acme", "a") }},
	} {
		must(t, change.make())
		now := s.Mark(ctx)
		if last != "" && now == last {
			t.Errorf("%s leaves the mark as it was: %s", change.what, now)
		}
		last = now
	}
}

// While many write, whatever is read between two marks that are the same is what
// everybody reads between such marks; and nobody who was told that their line is
// written finds the mark from before.
func standing(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	const cases, lines = 4, 15
	tokens := make([]string, cases)
	for i := range cases {
		tokens[i] = linked(t, s, fmt.Sprint("case-", i), 2).Token
	}
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for i := range cases {
		writers.Go(func() {
			for range lines {
				a := next(t, s, "acme", fmt.Sprint("case-", i))
				before := s.Mark(ctx)
				if err := s.Append(ctx, "acme", a); err != nil {
					t.Error(err)
					return
				}
				if now := s.Mark(ctx); now != "" && now == before {
					t.Errorf("after a line the mark is that from before: %s", now)
				}
			}
		})
	}
	var mu sync.Mutex
	seen := map[string]string{} // heads by mark and token
	for i := range 2 * cases {
		readers.Go(func() {
			token := tokens[i%cases]
			for {
				select {
				case <-done:
					return
				default:
				}
				before := s.Mark(ctx)
				head, err := s.HeadByToken(ctx, "acme", token, start)
				if err != nil {
					t.Error(err)
					return
				}
				if after := s.Mark(ctx); after == "" || after != before {
					continue
				}
				mu.Lock()
				if was := seen[before+token]; was != "" && was != head {
					t.Errorf("at the mark %s a case stood at %s and at %s", before, was, head)
				}
				seen[before+token] = head
				mu.Unlock()
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}
