package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/internal/sqlstore"
)

// made makes a store with the case "one" and closes it; it returns the folder
// and the database file.
func made(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "one", "mine")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "homecase.db")
}

// raw runs statements on a database file behind the engine's back.
func raw(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// contents are all files of a folder and what they hold, but for the lock.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		if e.Name() == "homecase.lock" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}

// refuses opens a store that must be refused with a code, and checks that
// nothing in its folder changed.
func refuses(t *testing.T, dir string, code fault.Code, words ...string) {
	t.Helper()
	before := contents(t, dir)
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err == nil {
		s.Close()
		t.Fatal("it was opened")
	}
	says(t, err, code, append(words, filepath.Join(dir, "homecase.db"))...)
	after := contents(t, dir)
	for name := range after { // an empty log, or one that was there
		if _, was := before[name]; !was && after[name] != "" && !strings.HasSuffix(name, "-shm") {
			t.Errorf("%s is new", name)
		}
	}
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s changed from %d bytes to %d", name, len(text), len(after[name]))
		}
	}
}

func TestADamagedDatabaseIsRefused(t *testing.T) {
	for name, harm := range map[string]func([]byte) []byte{
		"a page of nothing": func(b []byte) []byte {
			clear(b[2*4096 : 3*4096])
			return b
		},
		"a flipped header of every page": func(b []byte) []byte {
			for at := 4096; at < len(b); at += 4096 {
				b[at] ^= 0xff
			}
			return b
		},
		"half of it":        func(b []byte) []byte { return b[:len(b)/2] },
		"cut inside a page": func(b []byte) []byte { return b[:len(b)-100] },
		"another file":      func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 500)) },
		"a broken header":   func(b []byte) []byte { b[0] = 'X'; return b },
		"one byte":          func([]byte) []byte { return []byte{0} },
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := made(t)
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, harm(b), 0o600); err != nil {
				t.Fatal(err)
			}
			refuses(t, dir, "HC-STORE-22", "The database is damaged.", "homecase restore BACKUP", "kept beside it")
		})
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dir, file := made(t)
	raw(t, file, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (7, TRUE)")
	refuses(t, dir, "HC-STORE-21", "version 7", "versions up to 2.", "Open it with a newer homecase. Nothing was changed.")
}

func TestAForeignDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	raw(t, filepath.Join(dir, "homecase.db"), "CREATE TABLE theirs (a TEXT)", "INSERT INTO theirs VALUES ('kept')")
	refuses(t, dir, "HC-STORE-23", "was not made by homecase", "Nothing was changed.")

	dir, file := made(t) // ours, with something slipped in
	raw(t, file, "CREATE TRIGGER slipped AFTER INSERT ON revisions BEGIN DELETE FROM pictures; END")
	refuses(t, dir, "HC-STORE-23", "was not made by homecase")
}

// What the next version of the program does: it brings the tables up to date,
// and what was kept is there. This version then refuses it.
func TestTheNextVersionBringsTheTablesUpToDate(t *testing.T) {
	dir, _ := made(t)
	steps, err := sqlstore.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	next := fstest.MapFS{}
	names, err := fs.Glob(steps, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		step, err := fs.ReadFile(steps, name)
		if err != nil {
			t.Fatal(err)
		}
		next[name] = &fstest.MapFile{Data: step}
	}
	const newer = "00999_next.sql"
	next[newer] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE cases ADD COLUMN colour TEXT NOT NULL DEFAULT 'green';\n")}

	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{Migrations: next})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, s, "one"); got != "mine" {
		t.Errorf("the case is %q", got)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	refuses(t, dir, "HC-STORE-21", "version 999")

	// A step that fails leaves the database at the version it had.
	dir, _ = made(t)
	next[newer].Data = []byte("-- +goose Up\nALTER TABLE cases ADD COLUMN colour TEXT;\nALTER TABLE nothing ADD COLUMN a TEXT;\n")
	if s, err := sqlite.Open(t.Context(), dir, sqlite.Options{Migrations: next}); err == nil {
		s.Close()
		t.Fatal("the broken step was made")
	}
	s, err = sqlite.Open(t.Context(), dir, sqlite.Options{Migrations: steps})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := text(t, s, "one"); got != "mine" {
		t.Errorf("after the broken step the case is %q", got)
	}
}

func TestASecondProcessIsToldWhereTheFirstIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	holder := child(t, "hold", dir, "http://127.0.0.1:4711/enter?key=abc")
	if _, err := holder.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	lines := start(t, holder)
	if !lines.Scan() || lines.Text() != "held" {
		t.Fatalf("the first process said %q", lines.Text())
	}

	_, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	var other *sqlite.InUse
	if !errors.As(err, &other) || other.Address != "http://127.0.0.1:4711/enter?key=abc" {
		t.Fatalf("%v, want to be told where the first process is", err)
	}
	says(t, err, "HC-STORE-20", "Another homecase has this folder open.", other.Address, dir)
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("kind %d", fault.KindOf(err))
	}
	if _, err := sqlite.Restore(t.Context(), dir, "any", sqlite.Options{}); !errors.As(err, &other) {
		t.Errorf("a restore beside it: %v", err)
	}

	// Killed, it holds nothing, and nobody is sent to where it was.
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	holder.Wait()
	s := open(t, dir)
	if _, err := sqlite.Open(t.Context(), dir, sqlite.Options{}); !errors.As(err, &other) || other.Address != "" {
		t.Errorf("%v, want one in use at no address yet", err)
	}
	for _, address := range []string{"http://a/long/address", "short"} {
		if err := s.Announce(address); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Open(t.Context(), dir, sqlite.Options{}); !errors.As(err, &other) || other.Address != address {
			t.Errorf("%v, want one in use at %s", err, address)
		}
	}
	if err := s.Announce("two\nlines"); fault.KindOf(err) != fault.Internal || fault.CodeOf(err) != "HC-STORE-31" {
		t.Errorf("an address of two lines: %v", err)
	}
}

func TestALockIsFreeOnceItIsReleased(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		lock, err := sqlite.Take(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Take(dir); fault.KindOf(err) != fault.Conflict {
			t.Errorf("it was taken twice: %v", err)
		}
		for range 2 {
			if err := lock.Release(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestEveryConnectionIsDurable(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.Read(t.Context(), func(db *sql.DB) error {
		for range 4 { // as many as there may be, none let go of before the last is asked
			c, err := db.Conn(t.Context())
			if err != nil {
				return err
			}
			defer c.Close()
			for name, want := range map[string]string{
				"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
				"secure_delete": "1", "temp_store": "2", "fullfsync": "1", "checkpoint_fullfsync": "1", "trusted_schema": "0",
			} {
				var got string
				if err := c.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if got != want {
					t.Errorf("%s is %s, want %s", name, got, want)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// BYTEA is a name PostgreSQL needs; in SQLite it must not change the bytes.
func TestPicturesAreKeptAsBytes(t *testing.T) {
	s := open(t, t.TempDir())
	add(t, s, "one", "mine")
	for _, jpeg := range []string{"123", "1e5", "\xff\xd8\xff\x00"} {
		if err := s.SetPicture(t.Context(), "one", "desk", []byte(jpeg)); err != nil {
			t.Fatal(err)
		}
		err := s.Read(t.Context(), func(db *sql.DB) error {
			var kind string
			var size int
			if err := db.QueryRowContext(t.Context(), "SELECT typeof(jpeg), length(jpeg) FROM pictures").Scan(&kind, &size); err != nil {
				return err
			}
			if kind != "blob" || size != len(jpeg) {
				t.Errorf("%q is kept as %s of %d bytes", jpeg, kind, size)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// Every primary key begins with the organisation, so that a database may be
// spread by it without new tables.
func TestEveryKeyBeginsWithTheOrganisation(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.Read(t.Context(), func(db *sql.DB) error {
		rows, err := db.QueryContext(t.Context(), `
SELECT s.name, COALESCE((SELECT c.name FROM pragma_table_info(s.name) c WHERE c.pk = 1), '')
FROM sqlite_schema s WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' AND s.name <> 'goose_db_version'`)
		if err != nil {
			return err
		}
		defer rows.Close()
		tables := 0
		for rows.Next() {
			var table, first string
			if err := rows.Scan(&table, &first); err != nil {
				return err
			}
			tables++
			if first != "org_id" {
				t.Errorf("the key of %s begins with %q", table, first)
			}
		}
		if tables < 6 {
			t.Errorf("there are %d tables", tables)
		}
		return rows.Err()
	})
	if err != nil {
		t.Error(err)
	}
}
