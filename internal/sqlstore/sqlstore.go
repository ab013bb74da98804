// Package sqlstore keeps cases in tables. It holds the statements and the
// migrations that all engines share: one text for SQLite and PostgreSQL 15 to
// 18, with $n parameters and portable columns. Store keeps the cases of a
// workspace, Office what people chose to share. An engine opens the database,
// says which of its errors are worth another try and what they mean to a
// person, and adds what only it can do.
//
// The package knows no clock, makes no id and judges no case: it refuses only
// what not every engine can keep.
//
//	tables := sqlstore.New(db, "local", sqlstore.Dialect{Again: busy, Explain: explain})
//	revision, err := tables.Save(ctx, kept)
package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/pressly/goose/v3"

	"homecase/fault"
)

//go:embed migrations/*.sql office/*.sql
var migrations embed.FS

// Migrations are the steps from an empty database to today's tables of a
// workspace. A step that was released is never changed: a test holds their hashes.
func Migrations() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

// OfficeMigrations are the steps to today's tables of an office, kept alike.
func OfficeMigrations() (fs.FS, error) { return fs.Sub(migrations, "office") }

// NewestVersion is the version of the tables that migrations make.
func NewestVersion(migrations fs.FS) (newest int64, err error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, fault.New(fault.Internal, "HC-STORE-19", "The migration %s has no number.", name).Because(err)
		}
		newest = max(newest, v)
	}
	return newest, nil
}

// Dialect is what engines do not share. Of a function that is nil the answer is no.
type Dialect struct {
	// Again tells whether the same transaction may succeed on another try, such as
	// after a serialization failure (SQLSTATE 40001) or a busy database.
	Again func(error) bool
	// Explain says what an error of the database means to a person, nil where the
	// engine does not know it.
	Explain func(error) *fault.Error
	// Doubt tells whether a change whose commit ended in this error may have been
	// made all the same, such as when the connection was lost.
	Doubt func(error) bool
	// Orphan tells whether a row was refused because what it belongs to is not there.
	Orphan func(error) bool
	// Taken tells whether a row was refused because another has its key.
	Taken func(error) bool
	// Mark is that of share.Pages, asked of the database anew; nil where it has none.
	Mark func() string
	// Tries is how often something is tried; 0 for a database on the same computer.
	Tries int
}

// handle is a database that several may use, exchange and close.
type handle struct {
	dialect Dialect

	mu sync.RWMutex // held for writing while the database is exchanged
	db *sql.DB      // nil once closed
}

func newHandle(db *sql.DB, d Dialect) *handle {
	for _, answer := range []*func(error) bool{&d.Again, &d.Doubt, &d.Orphan, &d.Taken} {
		if *answer == nil {
			*answer = func(error) bool { return false }
		}
	}
	if d.Explain == nil {
		d.Explain = func(error) *fault.Error { return nil }
	}
	if d.Tries == 0 {
		d.Tries = tries
	}
	return &handle{db: db, dialect: d}
}

// Store keeps the cases of one organisation. It is safe for many goroutines.
type Store struct {
	*handle
	org string
}

// New returns the store of an organisation in a database whose migrations have
// been made.
func New(db *sql.DB, org string, d Dialect) *Store { return &Store{handle: newHandle(db, d), org: org} }

// errClosed is what is left of a store after Close.
func errClosed() error {
	return fault.New(fault.Internal, "HC-STORE-10", "The store is closed.")
}

// Read runs a statement that changes nothing.
func (h *handle) Read(ctx context.Context, read func(*sql.DB) error) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.db == nil {
		return errClosed()
	}
	return h.again(ctx, func(bool) error { return read(h.db) })
}

// WithTx runs a transaction: all of it or nothing. It may run change several
// times, so change must set, never add to, what it returns through its closure.
func (h *handle) WithTx(ctx context.Context, change func(*sql.Tx) error) error {
	return h.withTx(ctx, func(tx *sql.Tx, _ bool) error { return change(tx) })
}

// withTx is WithTx. It says whether an earlier try may have been made.
func (h *handle) withTx(ctx context.Context, change func(tx *sql.Tx, doubt bool) error) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.db == nil {
		return errClosed()
	}
	return h.again(ctx, func(doubt bool) error {
		tx, err := h.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after Commit
		if err := change(tx, doubt); err != nil {
			return err
		}
		return h.committed(tx.Commit())
	})
}

// change runs one statement as a transaction of its own. It tells how many rows
// it changed, and whether an earlier try may have changed them.
func (h *handle) change(ctx context.Context, query string, args ...any) (n int64, doubt bool, err error) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.db == nil {
		return 0, false, errClosed()
	}
	err = h.again(ctx, func(before bool) (err error) {
		doubt = before
		n, err = affected(h.db.ExecContext(ctx, query, args...))
		return h.committed(err)
	})
	return n, doubt, err
}

// doubtful is the error of a commit that may have been made.
type doubtful struct{ error }

func (d doubtful) Unwrap() error { return d.error }

func (h *handle) committed(err error) error {
	if err != nil && h.dialect.Doubt(err) {
		return doubtful{err}
	}
	return err
}

// Exchange waits until nobody uses the database and puts another in its place.
// exchange gets the old one, nil where the store is closed, and returns what
// the store goes on with, also when it fails.
func (h *handle) Exchange(exchange func(old *sql.DB) (*sql.DB, error)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	db, err := exchange(h.db)
	h.db = db
	return err
}

// Close lets go of the database. Closing twice is no fault.
func (h *handle) Close() error {
	return h.Exchange(func(old *sql.DB) (*sql.DB, error) {
		if old == nil {
			return nil, nil
		}
		return nil, old.Close()
	})
}

// tries and firstPause bound the waiting for a busy database: 6 pauses, 0.6 s
// in all, beside whatever the engine waits by itself.
const (
	tries      = 7
	firstPause = 10 * time.Millisecond
)

// again does what may succeed on another try, and says what failed in words. It
// tells every try whether an earlier one may have been made.
func (h *handle) again(ctx context.Context, do func(doubt bool) error) error {
	pause, doubt := firstPause, false
	for try := 1; ; try++ {
		err := do(doubt)
		var d doubtful
		doubt = doubt || errors.As(err, &d)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case try == h.dialect.Tries || !h.dialect.Again(err):
			return h.explain(err, doubt)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// explain turns an error of the database into a fault. What is a fault already
// stays as it is.
func (h *handle) explain(err error, doubt bool) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	if doubt {
		return fault.New(fault.Away, "HC-STORE-40", "The database was lost while this was written, so it may or may not be done.").
			Then("Do it again: what was done is not done twice.").Because(err)
	}
	if f := h.dialect.Explain(err); f != nil {
		return f
	}
	return fault.New(fault.Internal, "HC-STORE-11", "The database refused this. Nothing was changed.").Because(err)
}
