package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// user is whom a server runs as.
type user struct{ uid, gid int }

// unprivileged returns another user where the tests are root: PostgreSQL refuses root.
func unprivileged() (*user, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(found.Uid)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.Atoi(found.Gid)
		return &user{uid, gid}, err
	}
	return nil, errors.New("there is neither a user postgres nor a user nobody to run PostgreSQL as")
}

// own gives a folder to the user.
func (u *user) own(dir string) error {
	if u == nil {
		return nil
	}
	return os.Chown(dir, u.uid, u.gid)
}

// detach lets a process outlive a signal to the terminal, and runs it as a user.
func detach(cmd *exec.Cmd, u *user) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if u != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(u.uid), Gid: uint32(u.gid)}
	}
}

// killAll kills a process and its children, and waits until all are gone.
func killAll(pid int) error {
	all := append([]int{pid}, children(pid)...)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("killing PostgreSQL: %w", err)
	}
	for _, child := range all[1:] {
		syscall.Kill(child, syscall.SIGKILL) // it may be gone by itself
	}
	for range 500 {
		if all = slices.DeleteFunc(all, func(p int) bool { return p == pid || ended(p) }); len(all) == 0 {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("processes of PostgreSQL do not end: %v", all)
}

// ended tells whether a process is gone, or waits for nothing but to be counted.
func ended(pid int) bool {
	words, err := stat(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || words[0] == "Z"
}

// children are the processes that a process started.
func children(pid int) (all []int) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	for _, file := range files {
		words, err := stat(file)
		if err != nil || words[1] != strconv.Itoa(pid) {
			continue // it ended meanwhile, or is another's
		}
		if child, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			all = append(all, child)
		}
	}
	return all
}

// stat reads the state of a process and what started it: "pid (name) state ppid …".
// The name may hold anything, so it is skipped.
func stat(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(words) < 2 {
		return nil, fmt.Errorf("%s says %q", file, text)
	}
	return words, nil
}
