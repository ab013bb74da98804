// Package sqlstore keeps cases in tables. It holds the statements and the
// migrations that all engines share: one text for SQLite and PostgreSQL 15 to
// 18, with $n parameters and portable columns. An engine opens the database,
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

	"homecase/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the steps from an empty database to today's tables. A step
// that was released is never changed: a test holds their hashes.
func Migrations() (fs.FS, error) { return fs.Sub(migrations, "migrations") }

// Dialect is what engines do not share.
type Dialect struct {
	// Again tells whether the same transaction may succeed on another try, such as
	// after a serialization failure (SQLSTATE 40001) or a busy database.
	Again func(error) bool
	// Explain says what an error of the database means to a person, nil where the
	// engine does not know it.
	Explain func(error) *fault.Error
}

// Store keeps the cases of one organisation. It is safe for many goroutines.
type Store struct {
	org     string
	dialect Dialect

	mu sync.RWMutex // held for writing while the database is exchanged
	db *sql.DB      // nil once closed
}

// New returns the store of an organisation in a database whose migrations have
// been made.
func New(db *sql.DB, org string, d Dialect) *Store { return &Store{db: db, org: org, dialect: d} }

// errClosed is what is left of a store after Close.
func errClosed() error {
	return fault.New(fault.Internal, "HC-STORE-10", "The store is closed.")
}

// Read runs a statement that changes nothing.
func (s *Store) Read(ctx context.Context, read func(*sql.DB) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed()
	}
	return s.again(ctx, func() error { return read(s.db) })
}

// WithTx runs a transaction: all of it or nothing. It may run change several
// times, so change must set, never add to, what it returns through its closure.
func (s *Store) WithTx(ctx context.Context, change func(*sql.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return errClosed()
	}
	return s.again(ctx, func() error {
		tx, err := s.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() // does nothing after Commit
		if err := change(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// Exchange waits until nobody uses the database and puts another in its place.
// exchange gets the old one, nil where the store is closed, and returns what
// the store goes on with, also when it fails.
func (s *Store) Exchange(exchange func(old *sql.DB) (*sql.DB, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	db, err := exchange(s.db)
	s.db = db
	return err
}

// Close lets go of the database. Closing twice is no fault.
func (s *Store) Close() error {
	return s.Exchange(func(old *sql.DB) (*sql.DB, error) {
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

// again does what may succeed on another try, and says what failed in words.
func (s *Store) again(ctx context.Context, do func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := do()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case try == tries || !s.dialect.Again(err):
			return s.explain(err)
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
func (s *Store) explain(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	if f := s.dialect.Explain(err); f != nil {
		return f
	}
	return fault.New(fault.Internal, "HC-STORE-11", "The database refused this. Nothing was changed.").Because(err)
}
