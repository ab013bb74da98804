package content

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"homecase/fault"
)

// ReadFile reads a file that a person named, with their words in the fault.
func ReadFile(path string) ([]byte, error) {
	place := fault.Place{File: path}
	f, err := os.Open(path)
	if err != nil {
		return nil, OpenFault(path, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fault.New(fault.Invalid, "HC-FILE-21", "This is a folder, not a file.").At(place)
	}
	return Read(path, f)
}

// ReadLarge is ReadFile for files that are not YAML, with their own limit.
func ReadLarge(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, OpenFault(path, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-FILE-01", "This file cannot be read: %v.", cause(err)).At(fault.Place{File: path}).Because(err)
	}
	if int64(len(b)) > limit {
		return nil, fault.New(fault.Invalid, "HC-FILE-27", "This file is larger than %d MB.", limit>>20).At(fault.Place{File: path})
	}
	return b, nil
}

// OpenFault says in one sentence why a file cannot be opened.
func OpenFault(path string, err error) error {
	place := fault.Place{File: path}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.Missing, "HC-FILE-20", "There is no file of this name.").At(place).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return fault.New(fault.Forbidden, "HC-FILE-22", "You may not read this file.").At(place).Because(err)
	}
	return fault.New(fault.Invalid, "HC-FILE-01", "This file cannot be read: %v.", cause(err)).At(place).Because(err)
}

// WriteFile writes a file so that a crash at any moment leaves the old file or
// the new one, whole: a temporary file in the same folder, fsync, rename,
// fsync of the folder. The file is readable by its owner alone.
func WriteFile(path string, data []byte) error {
	return WriteFiles(filepath.Dir(path), []Named{{filepath.Base(path), data}})
}

// Named is a file to be written into a folder.
type Named struct {
	Name string
	Data []byte
}

// WriteFiles is WriteFile for several files of one folder. All are on the disk
// under other names before the first takes its place, so a full disk leaves
// every old file as it was.
func WriteFiles(dir string, files []Named) error {
	staged := make([]string, len(files))
	faults := make([]error, len(files))
	var wait sync.WaitGroup
	for i, f := range files {
		wait.Go(func() { staged[i], faults[i] = stage(dir, f) })
	}
	wait.Wait()
	discard := func() {
		for _, name := range staged {
			if name != "" {
				os.Remove(name)
			}
		}
	}
	for i, err := range faults {
		if err != nil {
			discard()
			return WriteFault(filepath.Join(dir, files[i].Name), err)
		}
	}
	for i, f := range files {
		if err := os.Rename(staged[i], filepath.Join(dir, f.Name)); err != nil {
			discard()
			return WriteFault(filepath.Join(dir, f.Name), err)
		}
		staged[i] = ""
	}
	return SyncFolder(dir)
}

// stage writes a file under a temporary name and returns that name.
func stage(dir string, f Named) (name string, err error) {
	tmp, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(f.Data); err != nil {
		return "", err
	}
	if err = tmp.Sync(); err != nil {
		return "", err
	}
	return tmp.Name(), tmp.Close()
}

// CreateFile writes a new file and refuses to replace one that is there.
func CreateFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Invalid, "HC-FILE-28", "There is a file of this name already, and it was not touched.").At(fault.Place{File: path})
	}
	if err != nil {
		return WriteFault(path, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path)
		return WriteFault(path, err)
	}
	return nil
}

// SyncFolder makes a rename within a folder last. Systems that cannot sync a folder say so
// with EINVAL or refuse to open it; there the rename alone must do.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// WriteFault says in one sentence why a file cannot be written. A fault stays as it is.
func WriteFault(path string, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	place := fault.Place{File: path}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fault.New(fault.Invalid, "HC-FILE-23", "The disk is full, so nothing was written.").At(place).Because(err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fault.New(fault.Forbidden, "HC-FILE-24", "You may not write here, so nothing was written.").At(place).Because(err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fault.New(fault.Missing, "HC-FILE-25", "There is no such folder, so nothing was written.").At(place).Because(err)
	}
	return fault.New(fault.Invalid, "HC-FILE-26", "This file cannot be written: %v. Nothing was changed.", cause(err)).At(place).Because(err)
}
