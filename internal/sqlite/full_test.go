package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/trial"
)

// says checks the code of a fault and that it is a plain sentence about a file.
func says(t *testing.T, err error, code fault.Code, words ...string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("%v (code %q), want the fault %s", err, fault.CodeOf(err), code)
	}
	for _, w := range words {
		if !strings.Contains(f.Error(), w) {
			t.Errorf("%q does not say %q", f.Error(), w)
		}
	}
}

// pragma sets a pragma on the only connection a store goes on with.
func pragma(t *testing.T, s *sqlite.Store, set string) {
	t.Helper()
	err := s.Exchange(func(db *sql.DB) (*sql.DB, error) {
		db.SetMaxOpenConns(1)
		_, err := db.ExecContext(t.Context(), "PRAGMA "+set)
		return db, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// changes are ways to change a store that need room.
func changes(s *sqlite.Store) map[string]func(context.Context) error {
	big := strings.Repeat("x", 200_000)
	return map[string]func(context.Context) error{
		"Add": func(ctx context.Context) error {
			return s.Add(ctx, homecase.Kept{ID: "two", Text: []byte(big), At: at})
		},
		"Save": func(ctx context.Context) error {
			_, err := s.Save(ctx, homecase.Kept{ID: "one", Revision: 1, Text: []byte(big), At: at})
			return err
		},
		"LogDay": func(ctx context.Context) error {
			return s.LogDay(ctx, "one", trial.Entry{Date: day.On(2026, 11, 24), Planned: trial.AtHome, Note: big})
		},
		"SetPicture": func(ctx context.Context) error { return s.SetPicture(ctx, "one", "desk", []byte(big)) },
		"Depart": func(ctx context.Context) error {
			return s.Depart(ctx, homecase.Departure{ID: "d", At: at, What: big})
		},
	}
}

// untouched checks that a store holds the case "one" and nothing else.
func untouched(t *testing.T, s homecase.Store) {
	t.Helper()
	cases, err := s.Cases(t.Context())
	if err != nil || len(cases) != 1 || cases[0].Revision != 1 {
		t.Errorf("the store lists %v, %v", cases, err)
	}
	if got := text(t, s, "one"); got != "mine" {
		t.Errorf("the case is %q", got)
	}
	log, err := s.Log(t.Context(), "one", day.Date{}, day.Date{})
	if err != nil || len(log) != 0 {
		t.Errorf("the log is %v, %v", log, err)
	}
	if out := left(t, s, ""); len(out) != 0 {
		t.Errorf("what left is %v", out)
	}
	if _, err := s.Picture(t.Context(), "one", "desk"); fault.KindOf(err) != fault.Missing {
		t.Errorf("the picture: %v", err)
	}
}

func TestAFullDiskIsASentenceAndHarmsNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, "one", "mine")
	pragma(t, s, "max_page_count = 1") // SQLite raises it to the present size
	for name, change := range changes(s) {
		err := change(t.Context())
		says(t, err, "HC-STORE-24", filepath.Join(dir, "homecase.db"), "The disk is full. Nothing was changed.", "Free some space")
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: kind %d", name, fault.KindOf(err))
		}
	}
	untouched(t, s)
	pragma(t, s, "max_page_count = 1000000")
	for name, change := range changes(s) {
		if err := change(t.Context()); err != nil {
			t.Errorf("with room again, %s: %v", name, err)
		}
	}
}

func TestAReadOnlyStoreIsASentenceAndHarmsNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, "one", "mine")
	pragma(t, s, "query_only = 1")
	for name, change := range changes(s) {
		err := change(t.Context())
		says(t, err, "HC-STORE-25", filepath.Join(dir, "homecase.db"), "You may not write here. Nothing was changed.")
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: kind %d", name, fault.KindOf(err))
		}
	}
	untouched(t, s)
}

func TestAFolderThatCannotBeMadeIsASentence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		_, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err == nil || fault.CodeOf(err) == "" || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file holds %q: %v", text, err)
	}
	if runtime.GOOS == "linux" { // nobody makes a folder here, not even root
		_, err := sqlite.Open(t.Context(), "/sys/homecase", sqlite.Options{})
		says(t, err, "HC-FILE-24", "/sys/homecase", "You may not write here")
	}
}

// fill saves until that fails, and writes a line for every save that is done.
func fill(dir string, _ []string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Add(ctx, homecase.Kept{ID: "one", At: at}); err != nil {
		return err
	}
	for n := int64(1); n < 1000; n++ {
		if _, err := s.Save(ctx, homecase.Kept{ID: "one", Revision: n, Text: []byte(strings.Repeat("x", 20_000)), At: at}); err != nil {
			return err
		}
		fmt.Println(n + 1)
	}
	return nil
}

// A disk that is really full: a child fills a small one in a room of its own.
func TestASmallDiskFillsUp(t *testing.T) {
	dir := t.TempDir()
	// The room's disk goes with the room, so the files are copied out of it.
	inRoom(t, dir, "mount -t tmpfs -o size=700k tmpfs disk && \"$0\" disk/store; cp -r disk/store kept", func(c *exec.Cmd) {
		checkFilled(t, c, filepath.Join(dir, "kept"), "HC-STORE-24", "The disk is full. Nothing was changed.")
	})
}

// A process that may write no more: what the system says then is another word
// for a full disk.
func TestALimitedProcessFillsUp(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no limit of this kind")
	}
	dir := filepath.Join(t.TempDir(), "store")
	limited := child(t, "fill", dir)
	c := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 800; exec "$0" "$1"`, limited.Path, dir) // 400 or 800 kB
	c.Env, c.Stderr = limited.Env, os.Stderr
	checkFilled(t, c, dir, "HC-STORE-26", "The disk did not take or give the data. Nothing was changed.")
}

// checkFilled runs a filling child and checks that all it did is there.
func checkFilled(t *testing.T, c *exec.Cmd, dir string, code fault.Code, sentence string) {
	t.Helper()
	lines := start(t, c)
	var last int64
	var said string
	for lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
			said = lines.Text()
		}
	}
	c.Wait()
	if !strings.HasPrefix(said, "fault "+string(code)) || !strings.Contains(said, sentence) || last < 5 {
		t.Fatalf("after revision %d the child said %q, want the fault %s", last, said, code)
	}
	s := open(t, dir)
	k, err := s.Case(t.Context(), "one")
	if err != nil || k.Revision != last || len(k.Text) != 20_000 {
		t.Errorf("revision %d was done, and %v is there: %v", last, k, err)
	}
	if _, err := s.Save(t.Context(), homecase.Kept{ID: "one", Revision: last, At: at}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// A folder on a disk that is mounted for reading.
func TestAReadOnlyDiskIsASentence(t *testing.T) {
	dir := t.TempDir()
	inRoom(t, dir, `mount -t tmpfs tmpfs disk && mount -o remount,ro disk && "$0" disk/store`, func(c *exec.Cmd) {
		lines := start(t, c)
		lines.Scan()
		if got := lines.Text(); !strings.HasPrefix(got, "fault HC-FILE-24") || !strings.Contains(got, "You may not write here") {
			t.Errorf("in a new folder the child said %q", got)
		}
		c.Wait()
	})
	inRoom(t, dir, `mount -t tmpfs tmpfs disk && cp -r store disk/store && mount -o remount,ro disk && "$0" disk/store`, func(c *exec.Cmd) {
		s := open(t, filepath.Join(dir, "store"))
		add(t, s, "one", "mine")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		lines := start(t, c)
		lines.Scan()
		if got := lines.Text(); !strings.HasPrefix(got, "fault HC-FILE-24") || !strings.Contains(got, "You may not write here") {
			t.Errorf("in its folder the child said %q", got)
		}
		c.Wait()
	})
}

// inRoom runs a filling child within a script that mounts what only it sees, in
// a folder with an empty folder "disk". A system that grants no such room is
// told, even in the full run: it is a right, not a program, that is missing.
func inRoom(t *testing.T, dir, script string, check func(*exec.Cmd)) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "disk"), 0o700); err != nil {
		t.Fatal(err)
	}
	room := []string{"-rm"} // as root in a user namespace
	if out, err := exec.CommandContext(t.Context(), "unshare", append(room, "mount", "-t", "tmpfs", "tmpfs", filepath.Join(dir, "disk"))...).CombinedOutput(); err != nil {
		t.Skipf("this system lets no test mount a disk of its own: %v %s", err, out)
	}
	filling := child(t, "fill", "")
	c := exec.CommandContext(t.Context(), "unshare", append(room, "sh", "-c", script, filling.Path)...)
	c.Dir, c.Env, c.Stderr = dir, filling.Env, os.Stderr
	check(c)
}
