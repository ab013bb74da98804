package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"homecase"
	"homecase/internal/sqlite"
	"homecase/storetest"
)

// at is the time of everything in these tests.
var at = time.Date(2026, 11, 24, 9, 30, 0, 123456000, time.UTC)

// open opens a store and closes it at the end of the test.
func open(t *testing.T, dir string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// add keeps a case with a text.
func add(t *testing.T, s homecase.Store, id, text string) {
	t.Helper()
	if err := s.Add(t.Context(), homecase.Kept{ID: id, Title: "Case " + id, Text: []byte(text), At: at}); err != nil {
		t.Fatal(err)
	}
}

// text returns the newest text of a case.
func text(t *testing.T, s homecase.Store, id string) string {
	t.Helper()
	k, err := s.Case(context.WithoutCancel(t.Context()), id)
	if err != nil {
		t.Fatal(err)
	}
	return string(k.Text)
}

func TestAStoreIsThereAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder", "with? #odd %20 näme")
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "one", "version: 1 # mine\n")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := text(t, open(t, dir), "one"); got != "version: 1 # mine\n" {
		t.Errorf("the text came back as %q", got)
	}
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) homecase.Store { return open(t, t.TempDir()) })
}
