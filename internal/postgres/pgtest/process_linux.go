package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
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

// killAll kills a server and waits until no process works in its folder: each
// that it started does, whether it was counted in time or not.
func killAll(pid int, data string) error {
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("killing PostgreSQL: %w", err)
	}
	for range 1000 {
		all := workingIn(data)
		if len(all) == 0 {
			return nil
		}
		for _, p := range all {
			syscall.Kill(p, syscall.SIGKILL) // it may be gone by itself
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("processes of PostgreSQL do not end: %v", workingIn(data))
}

// workingIn are the processes in a folder. One that has ended has none.
func workingIn(folder string) (all []int) {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil
	}
	for _, link := range links {
		if where, err := os.Readlink(link); err != nil || where != folder {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			all = append(all, pid)
		}
	}
	return all
}
