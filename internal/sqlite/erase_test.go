package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/sqlite"
	"homecase/share"
	"homecase/trial"
)

// secret is what is looked for in the files, in every place words can be.
const secret = "Rosenkrantz"

// confide keeps the secret in every field of a case, in the database and its log.
func confide(t *testing.T, s *sqlite.Store, id string) {
	t.Helper()
	ctx := t.Context()
	k := homecase.Kept{ID: id, Title: secret, Text: []byte(strings.Repeat(secret+" ", 3000)), Did: secret, At: at}
	k.Course.Visited = map[homecase.TaskID]homecase.Visit{secret: homecase.Answered}
	if err := s.Add(ctx, k); err != nil {
		t.Fatal(err)
	}
	for n := range int64(10) {
		k.Revision = n + 1
		if _, err := s.Save(ctx, k); err != nil {
			t.Fatal(err)
		}
		e := trial.Entry{Date: day.On(2026, 11, 24).Add(int(n / 2)), Planned: trial.AtHome, Note: secret, Why: secret, Remark: secret}
		if err := s.LogDay(ctx, id, e); err != nil {
			t.Fatal(err)
		}
	}
	for _, item := range []string{"desk", "chair"} {
		if err := s.SetPicture(ctx, id, item, []byte(strings.Repeat(secret, 2000))); err != nil {
			t.Fatal(err)
		}
	}
	sharing := homecase.Sharing{Address: secret, Org: secret, Why: secret, Evidence: []byte(secret)}
	if err := s.SetSharing(ctx, id, sharing); err != nil {
		t.Fatal(err)
	}
	line := share.Entry{Line: share.Line{N: 1, Time: at}, Raw: []byte(`"` + strings.Repeat(secret, 100) + `"`)}
	if err := s.KeepLines(ctx, id, []share.Entry{line}, nil); err != nil {
		t.Fatal(err)
	}
	act := homecase.Outgoing{ID: secret, Act: share.Linked, Body: []byte(secret), Token: secret, Email: []byte(secret), Made: at}
	if err := s.PutOut(ctx, id, act, []share.Blob{{Hash: secret, Media: "application/pdf", Bytes: []byte(strings.Repeat(secret, 2000)), Made: at}}); err != nil {
		t.Fatal(err)
	}
	d := homecase.Departure{ID: "of " + id, Case: id, At: at, What: secret, To: secret, Bytes: 7, SHA256: "ab12"}
	if err := s.Depart(ctx, d); err != nil {
		t.Fatal(err)
	}
}

// traces counts the secret in all files of a folder.
func traces(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	for _, text := range contents(t, dir) {
		n += strings.Count(text, secret)
	}
	return n
}

func TestErasedBytesAreGoneFromEveryFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, "other", "mine")
	confide(t, s, "one")
	for n := range 400 { // rows of both in turn, so that pages split with the words in them
		for id, word := range map[string]string{"one": secret, "other": "nothing"} {
			e := trial.Entry{Date: day.On(2020, 1, 1).Add(n * 37 % 400), Planned: trial.AtHome, Note: strings.Repeat(word, n%7)}
			if err := s.LogDay(t.Context(), id, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	if traces(t, dir) == 0 {
		t.Fatal("the search finds nothing where there is something")
	}
	ctx, stop := context.WithCancel(t.Context())
	reading := make(chan struct{})
	go func() { // somebody reads all the time
		defer close(reading)
		for ctx.Err() == nil {
			if _, err := s.Cases(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}()
	err := s.Erase(t.Context(), "one")
	stop()
	<-reading
	if err != nil {
		t.Fatal(err)
	}
	if n := traces(t, dir); n != 0 {
		t.Errorf("the words are still there %d times", n)
	}
	if got := text(t, s, "other"); got != "mine" {
		t.Errorf("the other case is %q", got)
	}
	err = s.Read(t.Context(), func(db *sql.DB) error {
		var free int
		if err := db.QueryRowContext(t.Context(), "PRAGMA freelist_count").Scan(&free); err != nil {
			return err
		}
		if free != 0 {
			t.Errorf("%d pages that held it are still in the file", free)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	all := left(t, s, "one")
	if len(all) != 1 || all[0].SHA256 != "ab12" || all[0].Bytes != 7 || !all[0].At.Equal(at) {
		t.Errorf("what left is on record as %v", all)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "backup")); err != nil {
		t.Fatal(err)
	}
	if n := traces(t, dir); n != 0 {
		t.Errorf("the backup holds the words %d times", n)
	}
}

func TestAPictureTakenOutIsGoneFromEveryFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, "one", "mine")
	if err := s.SetPicture(t.Context(), "one", "desk", []byte(strings.Repeat(secret, 2000))); err != nil {
		t.Fatal(err)
	}
	if traces(t, dir) == 0 {
		t.Fatal("the search finds nothing where there is something")
	}
	if err := s.SetPicture(t.Context(), "one", "desk", nil); err != nil {
		t.Fatal(err)
	}
	if n := traces(t, dir); n != 0 {
		t.Errorf("the picture is still there %d times", n)
	}
}

// A process may die when the rows are deleted and their bytes are not. The next
// one finishes.
func TestAnErasingThatWasCutOffIsFinishedAtTheNextStart(t *testing.T) {
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "other", "mine")
	confide(t, s, "one")
	err = s.Store.Erase(t.Context(), "one", func(tx *sql.Tx) error { return s.Set(t.Context(), tx, "erasing", "yes") })
	if err != nil {
		t.Fatal(err)
	}
	if traces(t, dir) == 0 {
		t.Fatal("the bytes were gone without being overwritten")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if n := traces(t, dir); n != 0 {
		t.Errorf("after the next start the words are still there %d times", n)
	}
	if pending, err := s.Setting(t.Context(), "erasing"); err != nil || pending != "" {
		t.Errorf("it is still pending: %q, %v", pending, err)
	}
	if got := text(t, s, "other"); got != "mine" {
		t.Errorf("the other case is %q", got)
	}
}

// A program that reads beside us keeps the log alive. The case is erased all the
// same, the fault says what is still to come, and the next start does it.
func TestAnErasingBesideAReaderSaysSo(t *testing.T) {
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	confide(t, s, "one")
	reader, err := sql.Open("sqlite", filepath.Join(dir, "homecase.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	tx, err := reader.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM cases").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	pragma(t, s, "busy_timeout = 1")
	says(t, s.Erase(t.Context(), "one"), "HC-STORE-28", "This is erased, but its bytes could not be overwritten yet.")
	if cases, err := s.Cases(t.Context()); err != nil || len(cases) != 0 {
		t.Errorf("the store lists %v, %v", cases, err)
	}
	if err := errors.Join(tx.Rollback(), reader.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if n := traces(t, dir); n != 0 {
		t.Errorf("after the next start the words are still there %d times", n)
	}
}

func TestTheKeyIsGoneOnceTheOfficeIsLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	p := homecase.Pairing{Address: "https://office.example", Code: secret, Key: []byte("the seed"), Name: secret, OrgName: secret, Made: at}
	for range 5 {
		if err := s.SetPairing(t.Context(), &p); err != nil {
			t.Fatal(err)
		}
	}
	if traces(t, dir) == 0 {
		t.Fatal("the search finds nothing where there is something")
	}
	if err := s.SetPairing(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := traces(t, dir); n != 0 {
		t.Errorf("the pairing is still there %d times", n)
	}
}
