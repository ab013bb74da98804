package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"homecase/fault"
	"homecase/internal/sqlstore"
)

// errBusy is what the dialect of these tests tries again.
var errBusy = errors.New("busy")

// store returns a store over an empty database with one table of numbers.
func store(t *testing.T) *sqlstore.Store {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE numbers (n BIGINT NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	s := sqlstore.New(db, "org", sqlstore.Dialect{
		Again: func(err error) bool { return errors.Is(err, errBusy) },
		Explain: func(err error) *fault.Error {
			if errors.Is(err, errBusy) {
				return fault.New(fault.Conflict, "HC-TEST-01", "It is busy.").Because(err)
			}
			return nil
		},
	})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// numbers counts the rows that were kept.
func numbers(t *testing.T, s *sqlstore.Store) (n int) {
	t.Helper()
	err := s.Read(t.Context(), func(db *sql.DB) error {
		return db.QueryRowContext(context.Background(), "SELECT COUNT(*) FROM numbers").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// insert adds a row and then fails as often as it is told.
func insert(tx *sql.Tx, fails *int, err error) error {
	if _, err := tx.Exec("INSERT INTO numbers (n) VALUES ($1)", *fails); err != nil {
		return err
	}
	if *fails > 0 {
		*fails--
		return err
	}
	return nil
}

func TestABusyTransactionIsTriedAgain(t *testing.T) {
	s := store(t)
	fails := 3
	if err := s.WithTx(t.Context(), func(tx *sql.Tx) error { return insert(tx, &fails, errBusy) }); err != nil {
		t.Fatal(err)
	}
	if n := numbers(t, s); n != 1 || fails != 0 {
		t.Errorf("%d rows were kept and %d failures are left: a failed try left something, or there was none", n, fails)
	}
}

func TestATransactionThatStaysBusySaysSo(t *testing.T) {
	s := store(t)
	fails, tried := 1000, 1000
	err := s.WithTx(t.Context(), func(tx *sql.Tx) error { return insert(tx, &fails, errBusy) })
	if tried -= fails; fault.CodeOf(err) != "HC-TEST-01" || !errors.Is(err, errBusy) || tried < 2 {
		t.Errorf("after %d tries: %v", tried, err)
	}
	if n := numbers(t, s); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}

func TestOtherErrorsAreNotTriedAgain(t *testing.T) {
	s := store(t)
	broken := errors.New("broken")
	own := fault.New(fault.Missing, "HC-TEST-02", "It is not there.")
	for _, c := range []struct {
		err  error
		code fault.Code
	}{{broken, "HC-STORE-11"}, {own, "HC-TEST-02"}} {
		fails := 1000
		err := s.WithTx(t.Context(), func(tx *sql.Tx) error { return insert(tx, &fails, c.err) })
		if fault.CodeOf(err) != c.code || !errors.Is(err, c.err) || fails != 999 {
			t.Errorf("after %d tries: %v", 1000-fails, err)
		}
	}
	if n := numbers(t, s); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}

// Whoever gives up while the database is busy is let go of.
func TestABusyTransactionEndsWithItsRequest(t *testing.T) {
	s := store(t)
	ctx, cancel := context.WithCancel(t.Context())
	tried := 0
	err := s.WithTx(ctx, func(*sql.Tx) error {
		if tried++; tried == 2 {
			cancel()
		}
		return errBusy
	})
	if !errors.Is(err, context.Canceled) || tried != 2 {
		t.Errorf("after %d tries: %v", tried, err)
	}
}

func TestAPanicLeavesNothingLocked(t *testing.T) {
	s := store(t)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		s.WithTx(t.Context(), func(tx *sql.Tx) error {
			if _, err := tx.Exec("INSERT INTO numbers (n) VALUES (1)"); err != nil {
				return err
			}
			panic("in the middle")
		})
	}()
	if n := numbers(t, s); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}
