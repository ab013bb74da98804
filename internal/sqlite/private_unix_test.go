//go:build !windows

package sqlite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"homecase/internal/sqlite"
)

// modes checks the permissions of a folder and every file in it.
func modes(t *testing.T, dir string, files int) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			seen++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has the mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil || seen < files {
		t.Errorf("there are %d files, want %d: %v", seen, files, err)
	}
}

func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077, 0o777} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "store")
		old := syscall.Umask(umask) // of the whole process: no test here runs beside it
		s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err != nil {
			syscall.Umask(old)
			t.Fatalf("umask %o: %v", umask, err)
		}
		add(t, s, "one", "mine")
		err = s.Backup(t.Context(), filepath.Join(dir, "homecase-copy"))
		syscall.Umask(old)
		if err != nil {
			t.Fatalf("umask %o: %v", umask, err)
		}
		modes(t, dir, 5) // the database, its log and index, the lock, the copy
		if _, err := s.Restore(t.Context(), filepath.Join(dir, "homecase-copy")); err != nil {
			t.Fatal(err)
		}
		modes(t, dir, 5)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnOpenStoreIsClosedToOthers(t *testing.T) {
	dir, file := made(t)
	for path, mode := range map[string]fs.FileMode{dir: 0o755, file: 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	modes(t, dir, 4)
}

func TestFilesOfAnOfficeAreForTheirOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "office")
	old := syscall.Umask(0)
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	syscall.Umask(old)
	if err != nil {
		t.Fatal(err)
	}
	modes(t, dir, 4)
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
}

// A folder that holds other things too is not ours to close; the files are.
func TestAFolderOfOtherThingsStaysAsItIs(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	for name, want := range map[string]fs.FileMode{".": 0o755, "notes.txt": 0o644, "homecase.db": 0o600, "homecase.db-wal": 0o600, "homecase.lock": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want the mode %o", name, info, err, want)
		}
	}
}
