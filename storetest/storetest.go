// Package storetest is the suite every engine of homecase.Store passes. It
// holds what the interface promises: what is kept comes back, what is refused
// changes nothing, of two who save the same revision one wins, and what is
// erased is gone. It knows no engine and no database: what only one engine can
// promise, such as a file that survives a crash, stands in that engine's tests.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) homecase.Store { return open(t, t.TempDir()) })
//	}
package storetest

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/share"
	"homecase/trial"
)

// Opener opens a store that holds nothing and closes it at the end of the test.
type Opener func(t *testing.T) homecase.Store

// Run runs the suite. Each part opens its own store.
func Run(t *testing.T, open Opener) {
	parts := []struct {
		name string
		test func(*testing.T, homecase.Store)
	}{
		{"an empty store", empty},
		{"a case comes back", comesBack},
		{"times are kept to the microsecond", times},
		{"a store keeps copies", copies},
		{"every revision is kept", revisions},
		{"cases are listed, the last changed first", order},
		{"texts of every kind", texts},
		{"what no engine can keep", refused},
		{"what is missing", missing},
		{"the log of days", logDays},
		{"an entry comes back whole", entryWhole},
		{"pictures", pictures},
		{"departures", departures},
		{"the case that is open", current},
		{"erasing", erasing},
		{"the office that is published to", pairing},
		{"a case and its office", sharing},
		{"the record that was fetched", record},
		{"acts on their way", outbox},
		{"one saver wins", oneSaverWins},
		{"savers who try again all get in", allGetIn},
		{"one adder wins", oneAdderWins},
		{"one day logged by many", oneDayByMany},
		{"readers see whole revisions", wholeRevisions},
		{"a cancelled request", cancelled},
		{"a closed store", closed},
		{"a backup while others write", backup},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.test(t, open(t))
		})
	}
	t.Run("any history is as in the model", func(t *testing.T) {
		t.Parallel()
		model(t, open)
	})
}

// start is the time of the first change.
var start = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// kept is a case with something in every field.
func kept(id string) homecase.Kept {
	return homecase.Kept{
		ID: id, Revision: 1, Title: "Ask of " + id, Text: []byte("version: 1\n# a comment\ndate: 2026-11-24\n"),
		Course: homecase.Course{
			Version: 1,
			Visited: map[homecase.TaskID]homecase.Visit{"/case/you": homecase.Answered, "/case/money": homecase.Skipped},
			Trial:   &homecase.RunningTrial{Plan: []byte(`{"seed":"1"}`), Nonce: "00ff", Agreed: day.On(2026, 11, 20)},
		},
		Did: "Saved your duties", At: start,
	}
}

// asBytes compares texts at once; byte by byte a large one takes seconds.
var asBytes = cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) > 0 }, cmp.Comparer(bytes.Equal))

// same compares two values; nothing and empty are the same.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, asBytes, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (- want, + got):\n%s", what, diff)
	}
}

// must stops the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails checks that an error is a fault of a kind, with a code and a sentence.
func fails(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.CodeOf(err) == "" || err.Error() == "" {
		t.Errorf("%s: %v (kind %d, code %q), want a fault of kind %d", what, err, fault.KindOf(err), fault.CodeOf(err), kind)
	}
}

// everything is all that a store tells, to be compared before and after.
type everything struct {
	Cases      []homecase.CaseInfo
	Revisions  map[string][]homecase.Kept
	Log        map[string][]trial.Entry
	Departures []homecase.Departure
	Current    string
	Sharings   map[string]homecase.Sharing
	Lines      map[string][]share.Entry
	Outbox     map[string][]homecase.Outgoing
}

// readAll reads all a store tells.
func readAll(t *testing.T, s homecase.Store) (all everything) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	var err error
	all.Cases, err = s.Cases(ctx)
	must(t, err)
	all.Sharings, all.Lines, all.Outbox = map[string]homecase.Sharing{}, map[string][]share.Entry{}, map[string][]homecase.Outgoing{}
	all.Revisions, all.Log = map[string][]homecase.Kept{}, map[string][]trial.Entry{}
	for _, c := range all.Cases {
		history, err := s.History(ctx, c.ID, 0, 0)
		must(t, err)
		for i, r := range history {
			part, err := s.History(ctx, c.ID, r.Revision, 2)
			must(t, err)
			same(t, "two lines of the history", part, history[i:min(len(history), i+2)])
			k, err := s.Revision(ctx, c.ID, r.Revision)
			must(t, err)
			same(t, "the line of the history", r, homecase.RevisionInfo{Revision: k.Revision, Did: k.Did, At: k.At})
			all.Revisions[c.ID] = append(all.Revisions[c.ID], *k)
		}
		all.Log[c.ID], err = s.Log(ctx, c.ID, day.Date{}, day.Date{})
		must(t, err)
		keepSome(t, all.Sharings, c.ID, func() (homecase.Sharing, bool, error) {
			sh, err := s.Sharing(ctx, c.ID)
			return sh, sh.Address+sh.Why != "", err
		})
		keepSome(t, all.Lines, c.ID, func() ([]share.Entry, bool, error) {
			lines, err := s.Lines(ctx, c.ID, 0)
			return lines, len(lines) > 0, err
		})
		keepSome(t, all.Outbox, c.ID, func() ([]homecase.Outgoing, bool, error) {
			acts, err := s.Outbox(ctx, c.ID)
			return acts, len(acts) > 0, err
		})
	}
	all.Departures, err = s.Departures(ctx, "")
	must(t, err)
	all.Current, err = s.Current(ctx)
	must(t, err)
	return all
}

// keepSome puts what a store tells of a case into a map, where it tells something.
func keepSome[T any](t *testing.T, into map[string]T, id string, read func() (T, bool, error)) {
	t.Helper()
	v, some, err := read()
	must(t, err)
	if some {
		into[id] = v
	}
}

// unchanged checks that what do tries changes nothing.
func unchanged(t *testing.T, s homecase.Store, do func()) {
	t.Helper()
	before := readAll(t, s)
	do()
	same(t, "what should not have changed", readAll(t, s), before)
}

// calls are all methods that take the id of a case, by name.
func calls(s homecase.Store) map[string]func(context.Context, string) error {
	return map[string]func(context.Context, string) error{
		"Case":     func(ctx context.Context, id string) error { _, err := s.Case(ctx, id); return err },
		"Revision": func(ctx context.Context, id string) error { _, err := s.Revision(ctx, id, 1); return err },
		"History":  func(ctx context.Context, id string) error { _, err := s.History(ctx, id, 0, 0); return err },
		"Save": func(ctx context.Context, id string) error {
			_, err := s.Save(ctx, homecase.Kept{ID: id, Revision: 1, At: start})
			return err
		},
		"Erase":      s.Erase,
		"SetCurrent": s.SetCurrent,
		"Log": func(ctx context.Context, id string) error {
			_, err := s.Log(ctx, id, day.Date{}, day.Date{})
			return err
		},
		"LogDay":     func(ctx context.Context, id string) error { return s.LogDay(ctx, id, entry("2026-11-24", 7)) },
		"Picture":    func(ctx context.Context, id string) error { _, err := s.Picture(ctx, id, "desk"); return err },
		"SetPicture": func(ctx context.Context, id string) error { return s.SetPicture(ctx, id, "desk", []byte("x")) },
		"Sharing":    func(ctx context.Context, id string) error { _, err := s.Sharing(ctx, id); return err },
		"SetSharing": func(ctx context.Context, id string) error { return s.SetSharing(ctx, id, homecase.Sharing{Why: "x"}) },
		"Lines":      func(ctx context.Context, id string) error { _, err := s.Lines(ctx, id, 0); return err },
		"KeepLines":  func(ctx context.Context, id string) error { return s.KeepLines(ctx, id, nil, nil) },
		"Outbox":     func(ctx context.Context, id string) error { _, err := s.Outbox(ctx, id); return err },
		"PutOut":     func(ctx context.Context, id string) error { return s.PutOut(ctx, id, outgoing("of a case"), nil) },
		"Refused":    func(ctx context.Context, id string) error { return s.Refused(ctx, id, "none", "x") },
		"TakeOut":    func(ctx context.Context, id string) error { return s.TakeOut(ctx, id, "none") },
		"Tokens":     func(ctx context.Context, id string) error { _, err := s.Tokens(ctx, id); return err },
		"SharedFile": func(ctx context.Context, id string) error { _, err := s.SharedFile(ctx, id, "none"); return err },
		"Depart": func(ctx context.Context, id string) error {
			return s.Depart(ctx, homecase.Departure{ID: "of a case", Case: id, At: start})
		},
	}
}

// names are the names of calls, in order.
func names(m map[string]func(context.Context, string) error) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// entry is a logged day with a value.
func entry(on string, value float64) trial.Entry {
	return trial.Entry{Date: day.Must(on), Planned: trial.AtHome, Place: trial.AtHome, Value: &value}
}
