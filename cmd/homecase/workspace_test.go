package main

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// program is the test binary under the name by which it is the program.
func program(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("signals of this test are those of Unix")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "homecase")
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// begin starts the workspace and returns the address it prints.
func begin(t *testing.T, name string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	return beginIn(t, nil, name, args...)
}

// beginIn is begin in an environment; nil is this one.
func beginIn(t *testing.T, env []string, name string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	c := exec.Command(name, append(args, "--no-open")...)
	c.Env = env
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, unless the test failed
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return c, strings.TrimSpace(line)
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Jar: jar}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The printed address opens the case; a second start finds the first; the
// program closes cleanly, and after a kill it opens again.
func TestWorkspaceStartsFindsAndCloses(t *testing.T) {
	name, room := program(t), filepath.Join(t.TempDir(), "room")
	first, address := begin(t, name, "open", "../../examples/accounts-one-day.yaml", "--data", room)
	if !strings.HasPrefix(address, "http://127.0.0.1:") || !strings.Contains(address, "/enter?key=") {
		t.Fatalf("the address is %q", address)
	}
	if page := fetch(t, address); !strings.Contains(page, "Your case to Dana Whitfield") {
		t.Error("the address does not open the case")
	}
	if page := fetch(t, address[:len(address)-1]); strings.Contains(page, "Dana") {
		t.Error("an address with another key opens the case")
	}
	second, err := exec.Command(name, "--data", room, "--no-open").Output()
	if err != nil || strings.TrimSpace(string(second)) != address {
		t.Errorf("the second start says %q (%v), the first is at %q", second, err, address)
	}
	for _, file := range []string{"", "homecase.db", "homecase.lock"} {
		info, err := os.Stat(filepath.Join(room, file))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q can be read by others: %s", file, info.Mode())
		}
	}
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("it did not close cleanly: %v", err)
	}

	third, _ := begin(t, name, "--data", room)
	if err := third.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = third.Wait() // killed, as it should be
	fourth, again := begin(t, name, "--data", room)
	if page := fetch(t, again); !strings.Contains(page, "Your case to Dana Whitfield") {
		t.Error("after a kill the case is gone")
	}
	if err := fourth.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := fourth.Wait(); err != nil {
		t.Errorf("it did not close cleanly: %v", err)
	}
}
