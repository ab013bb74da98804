// Package sqlite keeps cases in one file on the person's own computer. It opens
// the database only when it is whole, not newer than the program and in nobody
// else's hands; it makes it private, durable at every commit and empty of what
// was erased.
//
// The package refuses to guess: a damaged, foreign or newer database is left as
// it is, and the fault says what to do. Statements and migrations are those of
// package sqlstore.
//
//	store, err := sqlite.Open(ctx, dir, sqlite.Options{})
//	var other *sqlite.InUse
//	if errors.As(err, &other) {
//		// another homecase has the folder open, at other.Address
//	}
//	defer store.Close()
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"homecase"
	"homecase/content"
	"homecase/internal/sqlstore"
)

// The files of a folder. All names begin alike, so that the folder can be told
// to be ours.
const (
	prefix     = "homecase"
	dataName   = prefix + ".db"
	lockName   = prefix + ".lock"
	officeName = prefix + "-office.db"
	officeLock = prefix + "-office.lock"
	restoring  = prefix + "-restoring.db"
	replaced   = prefix + "-replaced-%d.db"
)

// local is the one organisation of a store on a person's own computer.
const local = "local"

// Options are for programs that need other than the usual.
type Options struct {
	// Migrations are the steps to today's tables; nil for those of package sqlstore.
	Migrations fs.FS
}

// form is what a database file must be to be opened.
type form struct {
	migrations fs.FS
	newest     int64 // the version of the tables that this program makes
	mark       int64 // the application id in the file's header
}

// form is that of a workspace.
func (o Options) form() (form, error) {
	newest, err := sqlstore.NewestVersion(o.Migrations)
	return form{o.Migrations, newest, workspaceMark}, err
}

// whole fills in what was left out.
func (o Options) whole() (_ Options, err error) {
	if o.Migrations == nil {
		o.Migrations, err = sqlstore.Migrations()
	}
	return o, err
}

// Store is the store in a folder. It is safe for many goroutines, and of one
// process at a time.
type Store struct {
	*sqlstore.Store
	dir  string
	opts Options
	lock *Lock

	restore sync.Mutex // one at a time
}

var _ homecase.Store = (*Store)(nil)

// Open opens the store in a folder, or makes both. It returns an *InUse where
// another process has it open.
func Open(ctx context.Context, dir string, opts Options) (_ *Store, err error) {
	opts, err = opts.whole()
	if err != nil {
		return nil, err
	}
	dir, err = makeDir(dir)
	if err != nil {
		return nil, err
	}
	f, err := opts.form()
	if err != nil {
		return nil, err
	}
	lock, err := Take(dir)
	if err != nil {
		return nil, err
	}
	db, err := openFile(ctx, filepath.Join(dir, dataName), f)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	s := &Store{Store: sqlstore.New(db, local, dialect(filepath.Join(dir, dataName))), dir: dir, opts: opts, lock: lock}
	if err := s.finishErasing(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Announce tells other processes where this one is found, such as the address
// of its pages.
func (s *Store) Announce(address string) error { return s.lock.Announce(address) }

// Close lets go of the database and then of the lock.
func (s *Store) Close() error { return errors.Join(s.Store.Close(), s.lock.Release()) }

// makeDir makes the folder of a store for its owner alone, and closes one that
// holds nothing but a store to others.
func makeDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", content.WriteFault(dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", content.WriteFault(dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", content.OpenFault(dir, err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			return dir, nil // a folder of other things too: not ours to close
		}
	}
	return dir, private(dir, 0o700)
}

// private takes a file or folder away from everybody but its owner, whatever
// the umask made of it.
func private(path string, mode fs.FileMode) error {
	if runtime.GOOS == "windows" {
		return nil // the folder's access list is inherited from the person's profile
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && info.Mode().Perm() != mode {
		err = os.Chmod(path, mode)
	}
	if err != nil {
		return content.WriteFault(path, err)
	}
	return nil
}

// openFile opens a database file, or makes it, and brings its tables up to date.
func openFile(ctx context.Context, path string, f form) (*sql.DB, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, content.WriteFault(path, err)
	}
	if err := file.Close(); err != nil {
		return nil, content.WriteFault(path, err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := private(path+suffix, 0o600); err != nil {
			return nil, err
		}
	}
	if err := inspect(ctx, path, f); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address(path, "rw", durable))
	if err != nil {
		return nil, explain(path, err)
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	if err := migrate(ctx, db, f); err != nil {
		return nil, errors.Join(explain(path, err), db.Close())
	}
	return db, nil
}

// migrate marks a database as ours and brings its tables up to date. The mark
// comes first: a database without it and with tables is somebody else's.
func migrate(ctx context.Context, db *sql.DB, f form) error {
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", f.mark)); err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, f.migrations, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
