package postgres_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
)

// connect is another program's connection.
func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

// At rest a mark stays what it is. It moves with whatever commits, also by another
// program, and with what was under way while it was asked for; what is taken back
// need not move it.
func TestAMarkStaysUntilSomethingIsCommitted(t *testing.T) {
	for _, install := range pgtest.Installed(t) {
		t.Run(fmt.Sprint("PostgreSQL ", install.Major), func(t *testing.T) {
			s := pgtest.New(t, install, "fsync=off", "autovacuum=off", "max_prepared_transactions=2")
			dsn := s.Database(t)
			o := open(t, dsn)
			last := o.Mark(t.Context())
			if last == "" {
				t.Fatal("there is no mark")
			}
			moved := func(what string, want bool) {
				t.Helper()
				now := o.Mark(t.Context())
				if now == "" || want != (now != last) {
					t.Errorf("%s: the mark was %q and is %q", what, last, now)
				}
				last = now
			}
			moved("nothing", false)
			if _, err := o.Orgs(t.Context()); err != nil {
				t.Fatal(err)
			}
			moved("a question", false)
			if err := o.AddOrg(t.Context(), acme()); err != nil {
				t.Fatal(err)
			}
			moved("an organisation", true)
			moved("nothing after it", false)
			conn := connect(t, dsn)
			do := func(statement string) {
				t.Helper()
				if _, err := conn.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			do("UPDATE orgs SET name = 'one'")
			moved("another program", true)
			for i, by := range [][]string{{"UPDATE orgs SET name = 'two'"}, {"SAVEPOINT a", "UPDATE orgs SET name = 'three'", "RELEASE a"}} {
				do("BEGIN")
				for _, statement := range by {
					do(statement)
				}
				o.Mark(t.Context())
				later := acme()
				later.ID = fmt.Sprint("later-", i)
				if err := o.AddOrg(t.Context(), later); err != nil { // so that it is the older one
					t.Fatal(err)
				}
				last = o.Mark(t.Context())
				moved("while a transaction is under way", false)
				do("COMMIT")
				moved("its end: "+by[0], true)
			}
			do("BEGIN")
			do("UPDATE orgs SET name = 'four'")
			do("PREPARE TRANSACTION 'later'")
			last = o.Mark(t.Context())
			do("COMMIT PREPARED 'later'")
			moved("a transaction in two parts", true)
		})
	}
}

// A server that crashed may give a number to another transaction, and so may a
// replica: a mark holds for one session, which ends with its server.
func TestAMarkEndsWithItsSession(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "autovacuum=off")
	dsn := s.Database(t)
	o := open(t, dsn)
	seen := map[string]bool{}
	another := func(after string) {
		t.Helper()
		for range 100 {
			word := o.Mark(t.Context())
			if seen[word] {
				t.Fatalf("after %s the mark is one from before: %s", after, word)
			}
			if word != "" {
				seen[word] = true
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("after %s there is no mark any more", after)
	}
	another("the start")
	s.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'homecase'")
	another("the end of the session")
	s.Stop(t)
	s.Restart(t)
	another("a stop")
	s.Kill(t)
	s.Restart(t)
	another("a crash")
	// One process that dies takes the others along, though the server stays.
	var pid int
	c := connect(t, dsn)
	if err := c.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	if p, err := os.FindProcess(pid); err != nil || p.Kill() != nil {
		t.Fatalf("process %d of the server was not found: %v", pid, err)
	}
	for gone := false; !gone; { // the server is told in a moment
		gone = c.Ping(t.Context()) != nil && !seen[o.Mark(t.Context())]
	}
	another("a process that died")
	if open(t, dsn).Mark(t.Context()) == o.Mark(t.Context()) {
		t.Error("two offices have the same mark")
	}
}

// Only PostgreSQL itself is believed: the version as it says it, and as others do.
func TestWhoseMarksAreBelieved(t *testing.T) {
	for version, want := range map[string]bool{
		"PostgreSQL 15.14 (Debian 15.14-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit": true,
		"PostgreSQL 18.0 on aarch64-unknown-linux-gnu, compiled by gcc, 64-bit":                                                       true,
		"PostgreSQL 19beta1 (Ubuntu 19~beta1-1) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit":                                      true,
		"PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang, 64-bit":                                            false,
		"CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15 21:28:29, go1.22.2)":                                          false,
		"PostgreSQL 13.0.0 (CockroachDB)": false,
	} {
		if postgres.Ordinary(version) != want {
			t.Errorf("%s is taken for PostgreSQL itself: %t", version, !want)
		}
	}
}
