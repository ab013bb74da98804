package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"homecase"
	"homecase/fault"
	"homecase/internal/sqlite"
)

// backedUp returns a backup of a store with the case "one".
func backedUp(t *testing.T, text string) string {
	t.Helper()
	s := open(t, t.TempDir())
	add(t, s, "one", text)
	file := filepath.Join(t.TempDir(), "backup.homecase")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	return file
}

// restore restores and returns where the old database is kept.
func restore(t *testing.T, dir, file string) string {
	t.Helper()
	kept, err := sqlite.Restore(t.Context(), dir, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// holds opens a store, checks the text of the case "one" and closes it.
func holds(t *testing.T, dir, want string) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, s, "one"); got != want {
		t.Errorf("the case is %.40q, want %.40q", got, want)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestABackupComesBackAndTheOldOneIsKept(t *testing.T) {
	dir, _ := made(t)
	backup := backedUp(t, "of the backup")
	first := restore(t, dir, backup)
	holds(t, dir, "of the backup")
	second := restore(t, dir, first) // the way back
	holds(t, dir, "mine")
	if first == second || filepath.Dir(first) != dir || filepath.Dir(second) != dir {
		t.Errorf("the old ones are kept as %s and %s", first, second)
	}
	if kept := restore(t, filepath.Join(t.TempDir(), "new"), backup); kept != "" {
		t.Errorf("where nothing was, %s was kept", kept)
	}
}

// The file of a closed store, copied by hand, is a backup too.
func TestACopyMadeByHandComesBack(t *testing.T) {
	_, file := made(t)
	dir := t.TempDir()
	restore(t, dir, file)
	holds(t, dir, "mine")
}

func TestWhatIsNoBackupIsRefused(t *testing.T) {
	good, err := os.ReadFile(backedUp(t, strings.Repeat("of the backup", 5000)))
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := made(t)
	before := contents(t, dir)
	file := filepath.Join(t.TempDir(), "file")
	refuse := func(name string, code fault.Code, words ...string) {
		t.Helper()
		_, err := sqlite.Restore(t.Context(), dir, file, sqlite.Options{})
		if err == nil {
			t.Errorf("%s was taken for a backup", name)
			return
		}
		says(t, err, code, append(words, file)...)
		if after := contents(t, dir); len(after) != len(before) || after["homecase.db"] != before["homecase.db"] {
			t.Errorf("%s left %d files, and the database as it was: %t", name, len(after), after["homecase.db"] == before["homecase.db"])
		}
	}
	const no = "This file is not a homecase backup, or it is damaged."
	for name, text := range map[string][]byte{
		"an empty file":       {},
		"a text":              []byte("version: 1\n"),
		"a long text":         bytes.Repeat([]byte("not a database\n"), 1000),
		"half a backup":       good[:len(good)/2/4096*4096],
		"a backup cut off":    good[:len(good)-1],
		"a page of nothing":   append(append(bytes.Clone(good[:3*4096]), make([]byte, 4096)...), good[4*4096:]...),
		"words overwritten":   bytes.Replace(good, []byte("CREATE TABLE cases"), []byte("CREATE TABLE cakes"), 1),
		"the header alone":    good[:100],
		"something behind it": append(bytes.Clone(good), "more"...),
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		refuse(name, "HC-STORE-27", no)
	}
	for name, statements := range map[string][]string{
		"somebody's database": {"PRAGMA application_id = 1", "CREATE TABLE theirs (a TEXT)"},
		"an empty database":   {"CREATE TABLE a (b TEXT)", "DROP TABLE a"},
	} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		raw(t, file, statements...)
		refuse(name, "HC-STORE-27", no)
	}
	for name, c := range map[string]struct {
		code   fault.Code
		say    string
		change string
	}{
		"a newer backup":    {"HC-STORE-21", "Open it with a newer homecase.", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, TRUE)"},
		"a trigger in it":   {"HC-STORE-27", no, "CREATE TRIGGER slipped AFTER INSERT ON revisions BEGIN DELETE FROM pictures; END"},
		"a view in it":      {"HC-STORE-27", no, "CREATE VIEW slipped AS SELECT 1"},
		"rows without case": {"HC-STORE-27", no, "DELETE FROM cases"}, // keys are not checked here
	} {
		if err := os.WriteFile(file, good, 0o600); err != nil {
			t.Fatal(err)
		}
		raw(t, file, c.change)
		refuse(name, c.code, c.say)
	}
	for name, code := range map[string]fault.Code{"a folder": "HC-STORE-27", "nothing": "HC-FILE-20"} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if name == "a folder" {
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		refuse(name, code)
		if name == "nothing" {
			break
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, dir, "mine")
}

func TestARestoreOverADamagedDatabaseKeepsIt(t *testing.T) {
	dir, file := made(t)
	damaged := bytes.Repeat([]byte("damaged"), 3000)
	log := []byte("what was a log")
	for path, text := range map[string][]byte{file: damaged, file + "-wal": log} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept := restore(t, dir, backedUp(t, "of the backup"))
	holds(t, dir, "of the backup")
	for path, want := range map[string][]byte{kept: damaged, kept + "-wal": log} {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s holds %d bytes: %v", path, len(got), err)
		}
	}
}

// A killed process leaves its last saves in the log. They belong to the old
// database, and must not be taken into the new one.
func TestARestoreAfterAKillKeepsTheLog(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	c := child(t, "write", dir, "1")
	lines := start(t, c)
	for lines.Scan() && lines.Text() != "5" {
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	if info, err := os.Stat(filepath.Join(dir, "homecase.db-wal")); err != nil || info.Size() == 0 {
		t.Fatalf("the log: %v, %v", info, err)
	}
	kept := restore(t, dir, backedUp(t, "of the backup"))
	holds(t, dir, "of the backup")
	restore(t, dir, kept)
	s := open(t, dir)
	for n := 1; n <= 5; n++ {
		if !done(t, s, n) {
			t.Errorf("step %d is not in the database that was kept", n)
		}
	}
}

func TestARunningStoreIsRestored(t *testing.T) {
	dir, _ := made(t)
	s := open(t, dir)
	backup := backedUp(t, "of the backup")
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for n := range 4 {
		wait.Go(func() { // whatever they read is of the one or the other
			for {
				select {
				case <-stop:
					return
				default:
				}
				if k, err := s.Case(t.Context(), "one"); err != nil || string(k.Text) != "mine" && string(k.Text) != "of the backup" {
					t.Errorf("the case is %v: %v", k, err)
				}
				if err := s.SetPicture(t.Context(), "one", fmt.Sprint(n), []byte("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	var kept string
	for n := range 3 {
		file := backup
		if n%2 == 1 {
			file = kept
		}
		var err error
		if kept, err = s.Restore(t.Context(), file); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wait.Wait()
	if got := text(t, s, "one"); got != "of the backup" {
		t.Errorf("in the end the case is %q", got)
	}

	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(bad, []byte("bad"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(t.Context(), bad); fault.CodeOf(err) != "HC-STORE-27" {
		t.Errorf("a bad file: %v", err)
	}
	if _, err := sqlite.Open(t.Context(), dir, sqlite.Options{}); fault.CodeOf(err) != "HC-STORE-20" {
		t.Errorf("the lock was let go of: %v", err)
	}
	if _, err := s.Save(t.Context(), homecase.Kept{ID: "one", Revision: 1, Text: []byte("later"), At: at}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(t.Context(), backup); fault.CodeOf(err) != "HC-STORE-10" {
		t.Errorf("a closed store: %v", err)
	}
	holds(t, dir, "later")
}

// What a killed restore or backup leaves behind is in nobody's way.
func TestLeftoversAreInNobodysWay(t *testing.T) {
	dir, _ := made(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.WriteFile(filepath.Join(dir, "homecase-restoring.db"+suffix), []byte("left over"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, dir, "mine")
	restore(t, dir, backedUp(t, "of the backup"))
	holds(t, dir, "of the backup")
	left, err := fs.Glob(os.DirFS(dir), "*restoring*")
	if err != nil || len(left) != 0 {
		t.Errorf("%v are left: %v", left, err)
	}
}

// A second process makes a backup while the first goes on.
func TestABackupBesideARunningProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	out := t.TempDir()
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(out, "none"), sqlite.Options{}); fault.CodeOf(err) != "HC-FILE-20" {
		t.Errorf("a backup of nothing: %v", err)
	}
	c := child(t, "write", dir, "1")
	lines := start(t, c)
	said := 0
	for n := range 5 {
		for lines.Scan() {
			if fmt.Sscan(lines.Text(), &said); said >= 7*(n+1) {
				break
			}
		}
		file := filepath.Join(out, fmt.Sprint(n))
		if err := sqlite.Backup(t.Context(), dir, file, sqlite.Options{}); err != nil {
			t.Fatal(err)
		}
		restored := t.TempDir()
		restore(t, restored, file)
		s := open(t, restored)
		for step := 1; step <= said; step++ {
			if !done(t, s, step) {
				t.Errorf("backup %d lacks step %d of %d", n, step, said)
			}
		}
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(out, "0"), sqlite.Options{}); fault.CodeOf(err) != "HC-FILE-28" {
		t.Errorf("a backup onto a file: %v", err)
	}
	if err := sqlite.Backup(t.Context(), dir, filepath.Join(out, "after the kill"), sqlite.Options{}); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(out); err != nil || len(files) != 6 {
		t.Errorf("there are %d files: %v", len(files), err)
	}
}

func TestAFailedBackupLeavesNoFile(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, "one", "mine")
	dir := t.TempDir()
	err := s.Exchange(func(db *sql.DB) (*sql.DB, error) { return db, db.Close() })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "backup")); err == nil {
		t.Error("a backup of a database that is gone was made")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 0 {
		t.Errorf("it left %v: %v", files, err)
	}
}
