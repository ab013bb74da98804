package sqlite

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"homecase/content"
	"homecase/fault"
)

// Lock is held by the one process that has a folder open. The operating system
// lets go of it when the process ends, however it ends, so it is never stale.
type Lock struct{ f *os.File }

// InUse says that another process has the folder open.
type InUse struct {
	// Address is where the other process is found, "" while it has not said so.
	Address string
	fault   *fault.Error
}

// Error is the fault's sentence.
func (e *InUse) Error() string { return e.fault.Error() }

// Unwrap returns the fault, a Conflict.
func (e *InUse) Unwrap() error { return e.fault }

// Take takes the lock of a folder, or returns an *InUse. It does not wait.
func Take(dir string) (*Lock, error) { return take(dir, lockName) }

func take(dir, name string) (*Lock, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, content.WriteFault(path, err)
	}
	taken, err := tryLock(f)
	switch {
	case err != nil:
		f.Close()
		return nil, fault.New(fault.Invalid, "HC-STORE-32", "This folder cannot be locked, so two programs could harm each other in it.").
			At(fault.Place{File: path}).Then("Name a folder on a disk of this computer.").Because(err)
	case !taken:
		defer f.Close()
		return nil, inUse(dir, f)
	}
	// What is in the file is of a process that ended.
	if err := errors.Join(private(path, 0o600), f.Truncate(0)); err != nil {
		f.Close()
		return nil, content.WriteFault(path, err)
	}
	return &Lock{f: f}, nil
}

// maxAddress bounds what is read from a lock.
const maxAddress = 4096

func inUse(dir string, f *os.File) *InUse {
	e := &InUse{fault: fault.New(fault.Conflict, "HC-STORE-20", "Another homecase has this folder open.").At(fault.Place{File: dir})}
	text, err := io.ReadAll(io.LimitReader(f, maxAddress))
	// Without the line's end the other process is still writing it.
	if line, _, whole := strings.Cut(string(text), "\n"); err == nil && whole && line != "" {
		e.Address = line
		e.fault.Then("It is at %s.", line)
		return e
	}
	e.fault.Then("Close it and try again.")
	return e
}

// Announce writes the address for the process that finds the lock taken.
func (l *Lock) Announce(address string) error {
	if strings.ContainsAny(address, "\r\n") || len(address) >= maxAddress {
		return fault.New(fault.Internal, "HC-STORE-31", "This address does not fit on a line.")
	}
	err := l.f.Truncate(0)
	if err == nil {
		_, err = l.f.WriteAt([]byte(address+"\n"), 0)
	}
	if err != nil {
		return content.WriteFault(l.f.Name(), err)
	}
	return nil
}

// Release lets go of the lock. The file stays: were it removed, two processes
// could each lock one of the same name. Releasing twice is no fault.
func (l *Lock) Release() error {
	err := errors.Join(l.f.Truncate(0), l.f.Close())
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
