package pgtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL of its own.
type Server struct {
	bin       string
	dir       string // holds data, the log and the socket
	user      *user  // whom it runs as; nil for whoever runs the tests
	settings  []string
	databases atomic.Int64
	guard     *exec.Cmd
	alive     io.Closer // the guard stops the server once this is closed

	mu   sync.Mutex
	cmd  *exec.Cmd // nil while it does not run
	done chan struct{}
}

// A guard outlives the test binary, however that ends: its input ends then. It
// stops the server at once and removes the folder.
const guard = `
trap '' HUP INT TERM
cat >/dev/null
for f in "$1"/*/postmaster.pid; do
	[ -f "$f" ] || continue
	read -r pid <"$f"
	grep -q postgres "/proc/$pid/comm" 2>/dev/null || continue
	kill -QUIT "$pid"
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	kill -KILL "$pid" 2>/dev/null
done
rm -rf "$1"
`

// folder makes a folder, named without links. The path of a socket is short.
func folder() (string, error) {
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

// create makes a cluster and starts it.
func create(i Install, settings ...string) (_ *Server, err error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: i.Bin, dir: dir, settings: settings}
	defer func() {
		if err != nil {
			s.remove()
		}
	}()
	if err := s.watch(); err != nil {
		return nil, err
	}
	if s.user, err = unprivileged(); err != nil {
		return nil, err
	}
	if err := s.user.own(dir); err != nil {
		return nil, err
	}
	if err := s.reachable(); err != nil {
		return nil, err
	}
	_, err = s.run("initdb", "-D", s.Data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err != nil {
		return nil, err
	}
	return s, s.start()
}

// Data is the folder of the cluster.
func (s *Server) Data() string { return filepath.Join(s.dir, "data") }

// watch starts the guard.
func (s *Server) watch() error {
	s.guard = exec.Command("/bin/sh", "-c", guard, "guard", s.dir)
	detach(s.guard, nil)
	alive, err := s.guard.StdinPipe()
	if err != nil {
		return err
	}
	s.alive = alive
	return s.guard.Start()
}

// remove stops the server for good and removes its folder.
func (s *Server) remove() {
	if s.alive != nil {
		s.alive.Close()
		s.guard.Wait()
	}
	os.RemoveAll(s.dir)
}

// run runs a program of the install to its end.
func (s *Server) run(program string, args ...string) (string, error) {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	detach(cmd, s.user)
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return string(said), nil
}

// reachable copies the install where the unprivileged user can reach it, if they
// cannot now: a repository below /root is closed to them.
func (s *Server) reachable() error {
	if _, err := s.run("postgres", "--version"); err == nil {
		return nil
	}
	own := filepath.Join(s.dir, "install")
	if said, err := exec.Command("cp", "-a", filepath.Dir(s.bin), own).CombinedOutput(); err != nil {
		return fmt.Errorf("copying PostgreSQL: %w\n%s", err, said)
	}
	s.bin = filepath.Join(own, "bin")
	_, err := s.run("postgres", "--version")
	return err
}

// start runs the server and waits until it answers.
func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"-D", s.Data(), "-c", "listen_addresses=", "-c", "unix_socket_directories=" + s.dir, "-c", "unix_socket_permissions=0700", "-c", "shared_buffers=32MB"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, log, log
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	detach(cmd, s.user)
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		cmd.Wait()
		close(done)
	}()
	s.cmd, s.done = cmd, done
	return s.ready()
}

// ready waits until the server answers.
func (s *Server) ready() error {
	limit, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	for {
		c, err := pgx.Connect(limit, s.Address("postgres"))
		if err == nil {
			return c.Close(limit)
		}
		select {
		case <-s.done:
			return fmt.Errorf("PostgreSQL ended:\n%s", s.tail())
		case <-limit.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, s.tail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Running tells whether the server runs.
func (s *Server) Running() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return false
	}
	select {
	case <-s.done:
		return false
	default:
		return true
	}
}

// Kill ends every process of the server at once, as when the machine fails.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := killAll(s.cmd.Process.Pid, s.Data()); err != nil {
		t.Fatal(err)
	}
	<-s.done
}

// Stop ends the server in good order: whoever is connected is sent away.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if _, err := s.run("pg_ctl", "stop", "-D", s.Data(), "-m", "fast", "-w"); err != nil {
		t.Fatal(err)
	}
	<-s.done
}

// Restart starts the server again.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Write adds to the front of a file in the cluster, such as pg_hba.conf.
func (s *Server) Write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(s.Data(), name)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte(text), old...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Standby starts a replica that follows the server.
func (s *Server) Standby(t testing.TB, name string, settings ...string) *Server {
	t.Helper()
	dir, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	r := &Server{bin: s.bin, dir: dir, user: s.user, settings: settings}
	t.Cleanup(r.remove)
	for _, step := range []func() error{
		r.watch,
		func() error { return r.user.own(dir) },
		func() error {
			_, err := r.run("pg_basebackup", "-D", r.Data(), "-R", "-X", "stream", "-c", "fast", "--no-sync",
				"-d", strings.Replace(s.Address("postgres"), "?", "?application_name="+name+"&", 1))
			return err
		},
		r.start,
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// Promote makes a replica the primary and waits until it is.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	if _, err := s.run("pg_ctl", "promote", "-D", s.Data(), "-w"); err != nil {
		t.Fatal(err)
	}
}
