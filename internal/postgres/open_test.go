package postgres_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"homecase/fault"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/internal/sqlstore"
)

// refused checks that a database is not opened, and what is said about it.
func refused(t *testing.T, dsn string, kind fault.Kind, code fault.Code, words ...string) {
	t.Helper()
	o, err := postgres.Open(t.Context(), dsn, postgres.Options{})
	if err == nil {
		o.Close()
		t.Errorf("it was opened, want %s", code)
		return
	}
	if fault.KindOf(err) != kind || fault.CodeOf(err) != code {
		t.Errorf("%v (kind %d, code %s), want kind %d and code %s", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%q tells the password", err)
	}
}

// with changes a part of an address.
func with(t *testing.T, dsn, name, value string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// do runs statements on a database.
func do(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestAWrongAddressIsRefused(t *testing.T) {
	for _, dsn := range []string{
		"", " ", "postgres://user:secret@host:port/x", "postgres://user:secret@[::1/x", "mysql://user:secret@host/x", "host=x password='secret", "postgres://h/x?sslmode=secret",
	} {
		refused(t, dsn, fault.Invalid, "HC-STORE-60", "postgres://user@host:5432/database")
	}
}

func TestAServerThatDoesNotAnswerIsASentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	refused(t, "postgres://ana:secret@"+address+"/office", fault.Away, "HC-STORE-72", address, "does not answer", "Check that PostgreSQL runs there")
	refused(t, "postgres:///office?host="+t.TempDir(), fault.Away, "HC-STORE-72", "does not answer")
	refused(t, "postgres://ana:secret@nowhere.invalid/office", fault.Away, "HC-STORE-72", "nowhere.invalid")
}

func TestARefusedLoginIsASentence(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	s.Exec(t, "CREATE ROLE ana LOGIN PASSWORD 'right'")
	s.Write(t, "pg_hba.conf", "local all ana scram-sha-256\nlocal all bo reject\n")
	s.Exec(t, "SELECT pg_reload_conf()")
	dsn := s.Database(t)
	refused(t, with(t, with(t, dsn, "user", "ana"), "password", "secret"), fault.Forbidden, "HC-STORE-64", `"ana"`, "pg_hba.conf")
	refused(t, with(t, dsn, "user", "bo"), fault.Forbidden, "HC-STORE-64", `"bo"`)
	refused(t, with(t, dsn, "user", "nobody"), fault.Forbidden, "HC-STORE-64", `"nobody"`)
	refused(t, s.Address("none"), fault.Invalid, "HC-STORE-65", `"none"`, "createdb none")
	// Somebody who may log in and may not make tables: so it is since PostgreSQL 15.
	refused(t, with(t, with(t, dsn, "user", "ana"), "password", "right"), fault.Forbidden, "HC-STORE-66", `"ana"`, "ALTER DATABASE", "OWNER TO ana")
}

func TestAServerThatIsTooOldIsRefused(t *testing.T) {
	dsn := pgtest.Start(t)
	do(t, dsn, `CREATE FUNCTION current_setting(TEXT) RETURNS TEXT LANGUAGE sql AS
		$$ SELECT CASE $1 WHEN 'server_version_num' THEN '140019' ELSE pg_catalog.current_setting($1) END $$`)
	refused(t, with(t, dsn, "search_path", "public,pg_catalog"), fault.Invalid, "HC-STORE-61", "PostgreSQL 14", "15 or newer")
}

func TestADatabaseThatIsNotUTF8IsRefused(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	s.Exec(t, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
	refused(t, s.Address("latin"), fault.Invalid, "HC-STORE-62", "LATIN1", "ENCODING 'UTF8'")
}

func TestAReadOnlyServerIsRefused(t *testing.T) {
	dsn := with(t, pgtest.Start(t), "default_transaction_read_only", "on")
	refused(t, dsn, fault.Invalid, "HC-STORE-63", "takes no changes", "primary")

	primary := pgtest.New(t, debian(t), "fsync=off")
	replica := primary.Standby(t, "replica", "fsync=off")
	refused(t, replica.Address("postgres"), fault.Invalid, "HC-STORE-63", "replica", "Nothing was changed")
	// Of several hosts the one that takes changes is found.
	both := with(t, primary.Address("postgres"), "host", replica.Socket()+","+primary.Socket())
	open(t, both)
	refused(t, with(t, both, "host", replica.Socket()+","+replica.Socket()), fault.Invalid, "HC-STORE-63", "primary")
}

// debian is an install with every program of PostgreSQL; the one from npm has few.
func debian(t *testing.T) pgtest.Install {
	t.Helper()
	for _, i := range pgtest.Installed(t) {
		if programs, err := filepath.Glob(filepath.Join(i.Bin, "pg_basebackup")); err == nil && len(programs) == 1 {
			return i
		}
	}
	t.Skip("pg_basebackup is not installed, so no replica was tried; make need installs it")
	return pgtest.Install{}
}

// knows is what a refusal says of the newest tables this program makes.
func knows(t *testing.T) string {
	t.Helper()
	steps, err := sqlstore.OfficeMigrations()
	if err != nil {
		t.Fatal(err)
	}
	newest, err := sqlstore.NewestVersion(steps)
	if err != nil || newest < 1 {
		t.Fatalf("the newest version is %d: %v", newest, err)
	}
	return fmt.Sprintf("versions up to %d.", newest)
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	dsn := pgtest.Start(t)
	o := open(t, dsn)
	if err := o.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, TRUE)")
	refused(t, dsn, fault.Invalid, "HC-STORE-21", "version 99", knows(t), "Open it with a newer homecase. Nothing was changed.")
}

func TestAnotherProgramsDatabaseIsRefused(t *testing.T) {
	dsn := pgtest.Start(t)
	do(t, dsn, "CREATE TABLE sessions (theirs TEXT)", "INSERT INTO sessions VALUES ('kept')")
	refused(t, dsn, fault.Invalid, "HC-STORE-67", "another program", "Nothing was changed")
	do(t, dsn, "UPDATE sessions SET theirs = 'still here'", "DO $$ BEGIN ASSERT to_regclass('orgs') IS NULL; END $$")
}

func TestAServerWithoutConnectionsIsASentence(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	s.Exec(t, "CREATE ROLE ana LOGIN")
	dsn := s.Database(t)
	s.Exec(t, "ALTER DATABASE test_1 CONNECTION LIMIT 0")
	refused(t, with(t, dsn, "user", "ana"), fault.Away, "HC-STORE-69", "max_connections")
}

// The processes of an office may all start at once, on an empty database too.
func TestManyOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	for _, install := range pgtest.Installed(t) {
		t.Run(fmt.Sprint("PostgreSQL ", install.Major), func(t *testing.T) {
			dsn := pgtest.StartOn(t, install)
			var wait sync.WaitGroup
			for n := range 8 {
				wait.Go(func() {
					o, err := postgres.Open(t.Context(), dsn, postgres.Options{Conns: 1})
					if err != nil {
						t.Errorf("process %d: %v", n, err)
						return
					}
					defer o.Close()
					if _, err := o.Orgs(t.Context()); err != nil {
						t.Errorf("process %d: %v", n, err)
					}
				})
			}
			wait.Wait()
			do(t, dsn, "DO $$ BEGIN ASSERT (SELECT COUNT(*) = 1 FROM goose_db_version WHERE version_id = 1); END $$")
		})
	}
}

// What the next version of the program does: many bring the tables up to date at
// once, beside one of this version that goes on.
func TestTheNextVersionBringsTheTablesUpToDate(t *testing.T) {
	dsn := pgtest.Start(t)
	running := open(t, dsn)
	if err := running.AddOrg(t.Context(), acme()); err != nil {
		t.Fatal(err)
	}
	steps, err := sqlstore.OfficeMigrations()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(steps, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	next := fstest.MapFS{}
	for _, name := range names {
		text, err := fs.ReadFile(steps, name)
		if err != nil {
			t.Fatal(err)
		}
		next[name] = &fstest.MapFile{Data: text}
	}
	next["00099_next.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nALTER TABLE orgs ADD COLUMN colour TEXT NOT NULL DEFAULT 'green';\nSELECT pg_sleep(0.3);\n")}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			o, err := postgres.Open(t.Context(), dsn, postgres.Options{Migrations: next, Conns: 3})
			if err != nil {
				t.Error(err)
				return
			}
			defer o.Close()
			if all, err := o.Orgs(t.Context()); err != nil || len(all) != 1 {
				t.Errorf("the next version sees %v: %v", all, err)
			}
		})
	}
	for range 20 {
		if _, err := running.Org(t.Context(), "acme"); err != nil {
			t.Errorf("the version that runs: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	wait.Wait()
	refused(t, dsn, fault.Invalid, "HC-STORE-21", "version 99")

	// A step that fails leaves the database at the version it had.
	dsn = pgtest.Start(t)
	open(t, dsn)
	next["00099_next.sql"].Data = []byte("-- +goose Up\nALTER TABLE orgs ADD COLUMN colour TEXT;\nALTER TABLE nothing ADD COLUMN a TEXT;\n")
	if o, err := postgres.Open(t.Context(), dsn, postgres.Options{Migrations: next}); err == nil {
		o.Close()
		t.Fatal("the broken step was made")
	}
	open(t, dsn)
}

// A commit waits for the disk, whatever the server was set to.
func TestEveryConnectionIsDurable(t *testing.T) {
	dsn := pgtest.Start(t)
	for was, want := range map[string]string{"off": "on", "on": "on", "remote_apply": "remote_apply", "local": "local"} {
		o := open(t, with(t, dsn, "synchronous_commit", was))
		var got, idle string
		err := o.Read(t.Context(), func(db *sql.DB) error {
			return db.QueryRowContext(context.Background(), "SELECT current_setting('synchronous_commit'), current_setting('idle_in_transaction_session_timeout')").Scan(&got, &idle)
		})
		if err != nil || got != want || idle != "1min" {
			t.Errorf("synchronous_commit was %s and is %s (idle for %s): %v", was, got, idle, err)
		}
	}
}
