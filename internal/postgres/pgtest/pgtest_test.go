package pgtest_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"homecase/internal/postgres/pgtest"
)

// one asks a database for a number.
func one(t *testing.T, dsn, query string) (n int) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	if err := c.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// table makes a table.
func table(t *testing.T, dsn string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	if _, err := c.Exec(t.Context(), "CREATE TABLE mine (n INTEGER)"); err != nil {
		t.Fatal(err)
	}
}

func TestEveryCallGetsAnEmptyDatabaseOnOneServer(t *testing.T) {
	first, second := pgtest.Start(t), pgtest.Start(t)
	if first == second {
		t.Errorf("both are %s", first)
	}
	table(t, first)
	for dsn, want := range map[string]int{first: 1, second: 0} {
		if n := one(t, dsn, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'mine'"); n != want {
			t.Errorf("%s has %d tables of the first, want %d", dsn, n, want)
		}
	}
	const started = "SELECT CAST(EXTRACT(EPOCH FROM pg_postmaster_start_time()) * 1000 AS BIGINT) % 1000000000"
	if one(t, first, started) != one(t, second, started) {
		t.Error("each has a server of its own")
	}
}

func TestAServerComesBackWithWhatItKept(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0])
	dsn := s.Database(t)
	table(t, dsn)
	s.Kill(t)
	if s.Running() {
		t.Error("it runs after it was killed")
	}
	s.Restart(t)
	if n := one(t, dsn, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'mine'"); n != 1 {
		t.Error("the table is gone")
	}
	if !strings.Contains(s.Log(t), "was not properly shut down") {
		t.Error("the server did not notice that it was killed")
	}
	s.Stop(t)
	if s.Running() {
		t.Error("it runs after it was stopped")
	}
}

const childVariable = "HOMECASE_PGTEST_CHILD"

// A test binary that is killed leaves neither a server nor its folder behind.
func TestAKilledTestLeavesNothing(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
		fmt.Println("started", s.Socket())
		time.Sleep(time.Minute) // until it is killed
		return
	}
	pgtest.Installed(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "-test.run=^TestAKilledTestLeavesNothing$", "-test.v")
	c.Env = append(os.Environ(), childVariable+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	dir := ""
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		_, dir, _ = strings.Cut(lines.Text(), "started ")
	}
	if _, err := os.Stat(dir); dir == "" || err != nil {
		t.Fatalf("the other test started no server: %q, %v", dir, err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	for range 1000 {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s is still there", dir)
}

// report is a test that says how it ended.
type report struct {
	testing.TB
	said string
}

type ended struct{}

func (r *report) Helper() {}
func (r *report) Skipf(f string, a ...any) {
	r.said = "skipped: " + fmt.Sprintf(f, a...)
	panic(ended{})
}
func (r *report) Skip(a ...any) { r.Skipf("%s", fmt.Sprint(a...)) }
func (r *report) Fatalf(f string, a ...any) {
	r.said = "failed: " + fmt.Sprintf(f, a...)
	panic(ended{})
}
func (r *report) Fatal(a ...any) { r.Fatalf("%s", fmt.Sprint(a...)) }

// What is not installed skips a test with the reason, and fails the full run.
func TestWhatIsMissingIsSaid(t *testing.T) {
	for _, c := range []struct{ ci, complete, want string }{
		{"", "", "skipped: PostgreSQL 9 is not installed"}, {"true", "", "failed: PostgreSQL 9 is not installed"}, {"", "1", "failed: PostgreSQL 9 is not installed"},
	} {
		t.Setenv("CI", c.ci)
		t.Setenv("HOMECASE_TESTS_COMPLETE", c.complete)
		r := &report{TB: t}
		func() {
			defer func() {
				if p := recover(); p != nil && p != (ended{}) {
					panic(p)
				}
			}()
			pgtest.Version(r, 9)
		}()
		if !strings.HasPrefix(r.said, c.want) || !strings.Contains(r.said, "make need") {
			t.Errorf("CI=%q, complete=%q: %q", c.ci, c.complete, r.said)
		}
	}
}
