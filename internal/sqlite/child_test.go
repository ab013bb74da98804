package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"homecase/fault"
	"homecase/internal/sqlite"
)

// children are what this test program does when a test starts it once more, as
// a process that can be killed, starved or locked out. Each gets a folder and
// further words, and writes a line for everything that is done.
var children = map[string]func(dir string, args []string) error{
	"write":   writeForEver,
	"restore": restoreForEver,
	"fill":    fill,
	"hold":    hold,
	"open":    openOnce,
	"append":  appendForEver,
}

const childVariable = "HOMECASE_STORE_CHILD"

func TestMain(m *testing.M) {
	name := os.Getenv(childVariable)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := children[name](os.Args[1], os.Args[2:]); err != nil {
		fmt.Printf("fault %s %s\n", fault.CodeOf(err), strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
}

// child is this program as another process.
func child(t *testing.T, name, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, append([]string{dir}, args...)...)
	c.Env = append(os.Environ(), childVariable+"="+name)
	c.Stderr = os.Stderr
	return c
}

// start starts a child and returns its lines.
func start(t *testing.T, c *exec.Cmd) *bufio.Scanner {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return bufio.NewScanner(out)
}

// hold opens a store, says where it is found and waits to be killed.
func hold(dir string, args []string) error {
	s, err := sqlite.Open(context.Background(), dir, sqlite.Options{})
	if err != nil {
		return err
	}
	if err := s.Announce(args[0]); err != nil {
		return err
	}
	fmt.Println("held")
	_, err = bufio.NewReader(os.Stdin).ReadByte() // the pipe ends with the parent
	return err
}

// openOnce opens a store and closes it.
func openOnce(dir string, _ []string) error {
	s, err := sqlite.Open(context.Background(), dir, sqlite.Options{})
	if err != nil {
		return err
	}
	fmt.Println("opened")
	return s.Close()
}
