package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"homecase/content"
	"homecase/fault"
)

// Backup writes everything as one file while the store is in use. The file is
// whole or not there, and holds nothing of what was erased.
func (s *Store) Backup(ctx context.Context, path string) error {
	return writeBackup(ctx, path, s.Read)
}

// Backup is the method Backup for a folder that this process has not open;
// another one may have. It reads beside it and takes no lock.
func Backup(ctx context.Context, dir, path string, opts Options) error {
	opts, err := opts.whole()
	if err != nil {
		return err
	}
	f, err := opts.form()
	if err != nil {
		return err
	}
	file, err := filepath.Abs(filepath.Join(dir, dataName))
	if err != nil {
		return content.OpenFault(dir, err)
	}
	if _, err := os.Stat(file); err != nil {
		return content.OpenFault(file, err)
	}
	if err := inspect(ctx, file, f); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", address(file, readMode(file), []string{"busy_timeout(5000)", "temp_store(MEMORY)", "secure_delete(1)"}))
	if err != nil {
		return explain(file, err)
	}
	defer db.Close()
	return writeBackup(ctx, path, func(_ context.Context, read func(*sql.DB) error) error {
		if err := read(db); err != nil {
			return explain(file, err)
		}
		return nil
	})
}

// writeBackup copies the database that reading gives into a new file.
func writeBackup(ctx context.Context, path string, reading func(context.Context, func(*sql.DB) error) error) (err error) {
	if err := content.CreateFile(path, nil); err != nil {
		return err // it is there already, or cannot be written
	}
	dir := filepath.Dir(path)
	part, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return errors.Join(content.WriteFault(path, err), os.Remove(path))
	}
	defer func() {
		part.Close()
		if err != nil {
			os.Remove(part.Name())
			os.Remove(path)
		}
	}()
	if err := private(part.Name(), 0o600); err != nil { // whatever the umask made of it
		return err
	}
	err = reading(ctx, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, "VACUUM INTO $1", part.Name())
		return err
	})
	if err != nil {
		return err
	}
	if err := errors.Join(part.Sync(), part.Close(), os.Rename(part.Name(), path)); err != nil {
		return content.WriteFault(path, err)
	}
	return content.SyncFolder(dir)
}

func notBackup(path string, err error) *fault.Error {
	return fault.New(fault.Invalid, "HC-STORE-27", "This file is not a homecase backup, or it is damaged.").At(fault.Place{File: path}).Because(err)
}

// Restore puts a backup in the place of the database of a folder. The file is
// checked first; the old database is kept beside it, under the name that is
// returned, "" where there was none. It returns an *InUse where a process has
// the folder open: that one must restore by itself.
func Restore(ctx context.Context, dir, file string, opts Options) (kept string, err error) {
	opts, err = opts.whole()
	if err != nil {
		return "", err
	}
	dir, err = makeDir(dir)
	if err != nil {
		return "", err
	}
	lock, err := Take(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	f, err := opts.form()
	if err != nil {
		return "", err
	}
	if err := prepare(ctx, dir, file, f); err != nil {
		return "", err
	}
	return swap(ctx, dir)
}

// Restore is the function Restore on a store that is in use: everybody waits,
// and goes on with what the backup holds.
func (s *Store) Restore(ctx context.Context, file string) (kept string, err error) {
	s.restore.Lock()
	defer s.restore.Unlock()
	f, err := s.opts.form()
	if err != nil {
		return "", err
	}
	if err := prepare(ctx, s.dir, file, f); err != nil {
		return "", err
	}
	err = s.Exchange(func(old *sql.DB) (*sql.DB, error) {
		if old == nil {
			return nil, fault.New(fault.Internal, "HC-STORE-10", "The store is closed.")
		}
		if err := old.Close(); err != nil {
			return nil, explain(file, err)
		}
		var swapErr error
		kept, swapErr = swap(ctx, s.dir)
		// Whatever became of it, the folder holds the old database or the new one.
		db, err := openFile(context.WithoutCancel(ctx), filepath.Join(s.dir, dataName), f)
		return db, errors.Join(swapErr, err)
	})
	return kept, err
}

// prepare copies a backup into the folder, checks it and brings its tables up
// to date, so that only the names remain to be changed.
func prepare(ctx context.Context, dir, file string, f form) (err error) {
	path := filepath.Join(dir, restoring)
	if err := removeAll(path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeAll(path))
		}
	}()
	if err := copyFile(file, path); err != nil {
		return err
	}
	if err := plausible(path); err != nil {
		return notBackup(file, err)
	}
	err = withFile(ctx, address(path, "ro", nil)+"&immutable=1", file, func(c *sql.Conn) error {
		var tables int
		if err := c.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(&tables); err != nil {
			return err
		}
		if tables == 0 {
			return notBackup(file, errors.New("it has no tables"))
		}
		if err := examine(ctx, c, file, "integrity_check", f); err != nil {
			return err
		}
		var broken string
		switch err := c.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check`).Scan(&broken); {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		return notBackup(file, fmt.Errorf("%s has rows without their case", broken))
	})
	switch fault.CodeOf(err) {
	case "HC-STORE-22", "HC-STORE-23":
		return notBackup(file, err)
	}
	if err != nil {
		return err
	}
	db, err := openFile(ctx, path, f)
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil { // the last one out writes the log back and removes it
		return explain(path, err)
	}
	return nil
}

// removeAll removes a database that nobody has open.
func removeAll(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return content.WriteFault(path+suffix, err)
		}
	}
	return nil
}

// swap puts the prepared database in the place of the old one, which nobody has
// open, and keeps the old one. Up to the last step the old one is in place.
func swap(ctx context.Context, dir string) (kept string, err error) {
	path, ready := filepath.Join(dir, dataName), filepath.Join(dir, restoring)
	defer func() {
		if err != nil {
			err = errors.Join(err, removeAll(ready))
		}
	}()
	if _, err := os.Lstat(path); err == nil {
		kept, err = keepOld(ctx, dir, path)
		if err != nil {
			return "", err
		}
	}
	if err := os.Rename(ready, path); err != nil {
		return "", content.WriteFault(path, err)
	}
	return kept, content.SyncFolder(dir)
}

// keepOld gives the old database a second name, log and all. The log must not
// stay where the new database would take it for its own.
func keepOld(ctx context.Context, dir, path string) (kept string, err error) {
	err = withFile(ctx, address(path, readMode(path), nil), path, func(c *sql.Conn) error { return sound(ctx, c, "quick_check", path) })
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		// A sound database takes its log in; the last connection removes it.
		err = withFile(ctx, address(path, "rw", []string{"busy_timeout(5000)"}), path, func(c *sql.Conn) error {
			return emptyLog(ctx, c)
		})
		if err != nil {
			return "", err
		}
	}
	for n := 1; kept == ""; n++ {
		name := filepath.Join(dir, fmt.Sprintf(replaced, n))
		err := os.Link(path, name)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = copyFile(path, name) // a disk without second names
		}
		switch {
		case err == nil:
			kept = name
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
	}
	// Of a damaged one they are kept as they are.
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Rename(path+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", content.WriteFault(path+suffix, err)
		}
	}
	return kept, nil
}
