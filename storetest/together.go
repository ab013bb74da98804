package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
)

// many is how many do the same thing at once.
const many = 8

// together runs do many times at once and waits for all.
func together(do func(n int)) {
	var wait sync.WaitGroup
	begin := make(chan struct{})
	for n := range many {
		wait.Go(func() {
			<-begin
			do(n)
		})
	}
	close(begin)
	wait.Wait()
}

func oneSaverWins(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	for round := range int64(5) {
		var wins atomic.Int64
		var winner atomic.Int64
		together(func(n int) {
			k := kept("one")
			k.Revision, k.Title = round+1, fmt.Sprint(n)
			switch got, err := s.Save(t.Context(), k); {
			case err == nil && got == round+2:
				wins.Add(1)
				winner.Store(int64(n))
			default:
				fails(t, "the other saver", err, fault.Conflict)
			}
		})
		got, err := s.Case(t.Context(), "one")
		must(t, err)
		if wins.Load() != 1 || got.Revision != round+2 || got.Title != fmt.Sprint(winner.Load()) {
			t.Fatalf("%d savers of revision %d won; the newest is %d by %s, and %d was told so", wins.Load(), round+1, got.Revision, got.Title, winner.Load())
		}
	}
}

func allGetIn(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	together(func(n int) {
		for {
			k, err := s.Case(t.Context(), "one")
			if err == nil {
				k.Text = fmt.Appendf(k.Text, "%d\n", n)
				_, err = s.Save(t.Context(), *k)
			}
			if fault.KindOf(err) != fault.Conflict || err == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
		}
	})
	k, err := s.Case(t.Context(), "one")
	must(t, err)
	if want := len(kept("one").Text) + 2*many; k.Revision != many+1 || len(k.Text) != want {
		t.Errorf("the newest is revision %d with %d bytes, want %d and %d: a change was lost", k.Revision, len(k.Text), many+1, want)
	}
}

func oneAdderWins(t *testing.T, s homecase.Store) {
	var wins atomic.Int64
	together(func(int) {
		if err := s.Add(t.Context(), kept("one")); err != nil {
			fails(t, "the other adder", err, fault.Conflict)
			return
		}
		wins.Add(1)
	})
	if wins.Load() != 1 {
		t.Errorf("%d added the same case", wins.Load())
	}
	same(t, "the case", readAll(t, s).Revisions["one"], []homecase.Kept{kept("one")})
}

func oneDayByMany(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	together(func(n int) {
		for i := range 5 {
			if err := s.LogDay(t.Context(), "one", entry("2026-11-24", float64(n*10+i))); err != nil {
				t.Error(err)
			}
		}
	})
	must(t, s.LogDay(t.Context(), "one", entry("2026-11-24", 1000)))
	got, err := s.Log(t.Context(), "one", day.Date{}, day.Date{})
	must(t, err)
	if len(got) != 1 || *got[0].Value != 1000 {
		t.Errorf("the log holds %v, want the last entry alone", got)
	}
}

func wholeRevisions(t *testing.T, s homecase.Store) {
	part := func(n int64) homecase.Kept {
		k := kept("one")
		k.Revision, k.Title, k.Text = n-1, fmt.Sprint(n), fmt.Append(nil, n)
		k.Course.Trial.Nonce = fmt.Sprint(n)
		return k
	}
	first := part(1)
	must(t, s.Add(t.Context(), first))
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for last := int64(0); ctx.Err() == nil; {
				k, err := s.Case(t.Context(), "one")
				if err != nil {
					t.Error(err)
					return
				}
				n := fmt.Sprint(k.Revision)
				if k.Revision < last || k.Title != n || string(k.Text) != n || k.Course.Trial.Nonce != n {
					t.Errorf("after revision %d came revision %d as %q, %q, %q", last, k.Revision, k.Title, k.Text, k.Course.Trial.Nonce)
					return
				}
				last = k.Revision
			}
		})
	}
	for n := range int64(50) {
		if _, err := s.Save(t.Context(), part(n+2)); err != nil {
			t.Error(err)
			break
		}
	}
	stop()
	wait.Wait()
}

func cancelled(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.SetPicture(t.Context(), "one", "desk", []byte("x")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	all := calls(s)
	all["Add"] = func(ctx context.Context, _ string) error { return s.Add(ctx, kept("two")) }
	all["Cases"] = func(ctx context.Context, _ string) error { _, err := s.Cases(ctx); return err }
	all["Current"] = func(ctx context.Context, _ string) error { _, err := s.Current(ctx); return err }
	all["Departures"] = func(ctx context.Context, id string) error { _, err := s.Departures(ctx, id); return err }
	path := filepath.Join(t.TempDir(), "backup")
	all["Backup"] = func(ctx context.Context, _ string) error { return s.Backup(ctx, path) }
	unchanged(t, s, func() {
		for _, name := range names(all) {
			if err := all[name](ctx, "one"); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v, want context.Canceled", name, err)
			}
		}
	})
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a cancelled backup left a file: %v", err)
	}
}

func closed(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Close())
	must(t, s.Close()) // again is no fault
	all := calls(s)
	for _, name := range names(all) {
		fails(t, name+" of a closed store", all[name](t.Context(), "one"), fault.Internal)
	}
	path := filepath.Join(t.TempDir(), "backup")
	fails(t, "a backup of a closed store", s.Backup(t.Context(), path), fault.Internal)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the backup of a closed store left a file: %v", err)
	}
}

func backup(t *testing.T, s homecase.Store) {
	dir := t.TempDir()
	must(t, s.Add(t.Context(), kept("one")))
	together(func(n int) {
		if n%2 == 0 {
			if err := s.Backup(t.Context(), filepath.Join(dir, fmt.Sprint(n))); err != nil {
				t.Error(err)
			}
			return
		}
		for range 5 {
			if err := s.LogDay(t.Context(), "one", entry("2026-11-24", float64(n))); err != nil {
				t.Error(err)
			}
		}
	})
	files, err := os.ReadDir(dir)
	must(t, err)
	if len(files) != many/2 {
		t.Errorf("%d backups left %d files", many/2, len(files))
	}

	path := filepath.Join(dir, "there already")
	must(t, os.WriteFile(path, []byte("mine"), 0o600))
	fails(t, "a backup onto a file", s.Backup(t.Context(), path), fault.Invalid)
	if text, err := os.ReadFile(path); err != nil || string(text) != "mine" {
		t.Errorf("the file that was there holds %q: %v", text, err)
	}
	fails(t, "a backup into no folder", s.Backup(t.Context(), filepath.Join(dir, "none", "backup")), fault.Missing)
}
