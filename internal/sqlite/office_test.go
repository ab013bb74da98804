package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/internal/sqlstore"
	"homecase/share"
	"homecase/storetest"
)

// openOffice opens an office and closes it at the end of the test.
func openOffice(t *testing.T, dir string) *sqlite.Office {
	t.Helper()
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestOffice(t *testing.T) {
	storetest.RunOffice(t, func(t *testing.T) share.Store { return openOffice(t, t.TempDir()) })
}

// officeLine is the line of a case that follows n others. Its hash is its number:
// the store keeps it as it is told.
func officeLine(caseID string, n int, words string) share.Append {
	prev := ""
	if n > 0 {
		prev = fmt.Sprint("hash ", n)
	}
	return share.Append{
		Case: caseID, Key: "key", Prev: int64(n), Hash: fmt.Sprint("hash ", n+1),
		Entry: share.Entry{Raw: []byte(words), Line: share.Line{N: int64(n) + 1, Prev: prev, Time: at, Actor: share.Employee, Act: share.Replied, Body: "body"}},
	}
}

// madeOffice makes an office with an organisation and closes it.
func madeOffice(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.AddOrg(t.Context(), share.Org{ID: "acme", Made: at}), o.Close()); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "homecase-office.db")
}

func refusesOffice(t *testing.T, dir string, code fault.Code, words ...string) {
	t.Helper()
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	if err == nil {
		o.Close()
		t.Fatal("it was opened")
	}
	says(t, err, code, words...)
}

func TestAnOfficeThatIsNotOursIsRefused(t *testing.T) {
	dir, file := madeOffice(t)
	raw(t, file, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, TRUE)")
	steps, err := sqlstore.OfficeMigrations()
	if err != nil {
		t.Fatal(err)
	}
	newest, err := sqlstore.NewestVersion(steps)
	if err != nil {
		t.Fatal(err)
	}
	refusesOffice(t, dir, "HC-STORE-21", "version 99", fmt.Sprintf("versions up to %d.", newest))

	dir, file = madeOffice(t)
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	refusesOffice(t, dir, "HC-STORE-22", "damaged", "Stop the server", "newest copy")

	_, workspace := made(t) // the database of a workspace under the name of an office
	dir = t.TempDir()
	text, err := os.ReadFile(workspace)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "homecase-office.db"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	refusesOffice(t, dir, "HC-STORE-23", "was not made by homecase")
}

// A workspace and an office may share a folder; two offices may not.
func TestAnOfficeHasAFolderForItself(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	o := openOffice(t, dir)
	if err := o.Announce("https://case.example"); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	var other *sqlite.InUse
	if !errors.As(err, &other) || other.Address != "https://case.example" || fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second office: %v", err)
	}
}

func TestEveryConnectionToAnOfficeIsDurable(t *testing.T) {
	o := openOffice(t, t.TempDir())
	err := o.Read(t.Context(), func(db *sql.DB) error {
		for name, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "application_id": "1752131174"} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s, want %s: %v", name, got, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Every key begins with the organisation, also those to other tables and those
// that keep something unique, so that a database may be spread by it.
func TestEveryKeyOfAnOfficeBeginsWithTheOrganisation(t *testing.T) {
	o := openOffice(t, t.TempDir())
	err := o.Read(t.Context(), func(db *sql.DB) error {
		rows, err := db.QueryContext(t.Context(), `
WITH tables AS (SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version')
SELECT t.name || ': the key', COALESCE((SELECT c.name FROM pragma_table_info(t.name) c WHERE c.pk = 1), '') FROM tables t
UNION ALL
SELECT t.name || ': the key to ' || f."table", f."from" FROM tables t, pragma_foreign_key_list(t.name) f WHERE f.seq = 0
UNION ALL
SELECT t.name || ': ' || i.name, (SELECT n.name FROM pragma_index_info(i.name) n WHERE n.seqno = 0)
FROM tables t, pragma_index_list(t.name) i WHERE i."unique"`)
		if err != nil {
			return err
		}
		defer rows.Close()
		keys := 0
		for rows.Next() {
			var key, first string
			if err := rows.Scan(&key, &first); err != nil {
				return err
			}
			keys++
			if first != "org_id" {
				t.Errorf("%s begins with %q", key, first)
			}
		}
		if keys < 40 {
			t.Errorf("only %d keys were looked at", keys)
		}
		return rows.Err()
	})
	if err != nil {
		t.Error(err)
	}
}

// confideOffice keeps the secret wherever a case has words.
func confideOffice(t *testing.T, o *sqlite.Office, caseID string) {
	t.Helper()
	ctx := t.Context()
	b := []byte(strings.Repeat(secret, 3000))
	for n := range 20 {
		a := officeLine(caseID, n, strings.Repeat(secret+" ", 1+n*n))
		if n > 0 {
			if err := o.PutBlob(ctx, "acme", caseID, share.Blob{Hash: share.Hash(b), Media: "application/pdf", Bytes: b, Made: at}, share.Room{}); err != nil {
				t.Fatal(err)
			}
			a.Blobs = []string{share.Hash(b)}
		}
		a.Mail = []share.Message{{ID: fmt.Sprint(caseID, n), Case: caseID, To: secret, Raw: b[:2000], Made: at, Next: at}}
		if err := o.Append(ctx, "acme", a); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Watch(ctx, "acme", share.Watch{Case: caseID, About: "notes", To: secret, Made: at}); err != nil {
		t.Fatal(err)
	}
}

func TestErasedBytesOfAnOfficeAreGoneFromEveryFile(t *testing.T) {
	dir, _ := madeOffice(t)
	o := openOffice(t, dir)
	confideOffice(t, o, "one")
	if err := o.Append(t.Context(), "acme", officeLine("two", 0, "stays")); err != nil {
		t.Fatal(err)
	}
	if traces(t, dir) == 0 {
		t.Fatal("the words were never in the files")
	}
	if err := o.EraseCase(t.Context(), "acme", "one"); err != nil {
		t.Fatal(err)
	}
	if n := traces(t, dir); n > 0 {
		t.Errorf("%d traces are left", n)
	}
	entries, err := o.Entries(t.Context(), "acme", "two", 0, 10)
	if err != nil || len(entries) != 1 || string(entries[0].Raw) != "stays" {
		t.Errorf("the other case: %v, %v", entries, err)
	}
}

// A process that ends between the two leaves it to the next.
func TestErasingAnOfficeThatWasCutOffIsFinishedAtTheStart(t *testing.T) {
	dir, file := madeOffice(t)
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	confideOffice(t, o, "one")
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, file, "PRAGMA secure_delete = 0", "UPDATE lines SET body = NULL", "DELETE FROM files", "DELETE FROM messages", "DELETE FROM watches", "PRAGMA user_version = 1")
	if traces(t, dir) == 0 {
		t.Fatal("the words are gone before they were overwritten")
	}
	openOffice(t, dir)
	if n := traces(t, dir); n > 0 {
		t.Errorf("%d traces are left", n)
	}
}

// appendForEver writes one line after the other, from the one that is named, and
// says the number of each that the store says is done.
func appendForEver(dir string, args []string) error {
	ctx := context.Background()
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	o, err := sqlite.OpenOffice(ctx, dir, sqlite.Options{})
	if err != nil {
		return err
	}
	if err := o.AddOrg(ctx, share.Org{ID: "acme", Made: at}); err != nil && fault.KindOf(err) != fault.Conflict {
		return err
	}
	for ; ; n++ {
		a := officeLine("one", n-1, body(n))
		if n%2 == 0 {
			a.Mail = []share.Message{{ID: fmt.Sprint(n), Case: "one", To: "x", Made: at, Next: at}}
		}
		if err := o.Append(ctx, "acme", a); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		fmt.Println(n)
	}
}

// What an office said is written is there after the process was killed at any
// moment, once, with what hangs on it.
func TestAKilledOfficeLosesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	random := rand.New(rand.NewPCG(7, 8))
	last := 0
	for kill := range kills() / 2 {
		said := killedOffice(t, random, dir, last)
		o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", kill+1, err)
		}
		entries, err := o.Entries(t.Context(), "acme", "one", 0, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		mails, err := o.Messages(t.Context(), "acme", "one")
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != said && len(entries) != said+1 || len(mails) != len(entries)/2 {
			t.Fatalf("kill %d: %d lines were said to be written; %d and %d messages are there", kill+1, said, len(entries), len(mails))
		}
		for i, e := range entries {
			if e.Line.N != int64(i)+1 || string(e.Raw) != body(i+1) {
				t.Fatalf("kill %d: line %d is number %d with %d bytes", kill+1, i+1, e.Line.N, len(e.Raw))
			}
		}
		last = len(entries)
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if last < kills()/4 {
		t.Errorf("%d kills left only %d lines: the writers hardly wrote", kills()/2, last)
	}
}

// killedOffice starts a writer, kills it and returns the last line it said is written.
func killedOffice(t *testing.T, random *rand.Rand, dir string, last int) int {
	t.Helper()
	c := child(t, "append", dir, fmt.Sprint(last+1))
	lines := start(t, c)
	said := last
	var timer *time.Timer
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the writer said %q", lines.Text())
		}
		said = n
		if timer == nil {
			timer = time.AfterFunc(time.Duration(random.Int64N(int64(60*time.Millisecond))), func() { c.Process.Kill() })
		}
	}
	c.Wait()
	if timer == nil {
		t.Fatal("the writer ended by itself")
	}
	timer.Stop()
	return said
}
