package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"homecase/fault"
	"homecase/internal/sqlstore"
	"homecase/share"
)

// Office is the store of a small office in a folder: one process, one file. It
// is safe for many goroutines.
type Office struct {
	*sqlstore.Office
	lock *Lock
}

var _ share.Store = (*Office)(nil)

// OpenOffice opens the office in a folder, or makes both. It returns an *InUse
// where another process has it open. Its file is as private and as durable as
// that of a workspace.
func OpenOffice(ctx context.Context, dir string, opts Options) (_ *Office, err error) {
	if opts.Migrations == nil {
		if opts.Migrations, err = sqlstore.OfficeMigrations(); err != nil {
			return nil, err
		}
	}
	f, err := opts.form()
	if err != nil {
		return nil, err
	}
	f.mark = officeMark
	if dir, err = makeDir(dir); err != nil {
		return nil, err
	}
	lock, err := take(dir, officeLock)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, officeName)
	db, err := openFile(ctx, path, f)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	o := &Office{Office: sqlstore.NewOffice(db, dialect(path)), lock: lock}
	if err := o.finishErasing(ctx); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// Announce tells other processes where this one is found.
func (o *Office) Announce(address string) error { return o.lock.Announce(address) }

// Close lets go of the database and then of the lock.
func (o *Office) Close() error { return errors.Join(o.Office.Close(), o.lock.Release()) }

// The number in the file's header that a program may use for itself is 1 from
// the moment something is erased until its bytes are gone.
const (
	isErasing  = "PRAGMA user_version"
	setErasing = "PRAGMA user_version = 1"
	endErasing = "PRAGMA user_version = 0"
)

// EraseCase takes out what a case says and then overwrites its bytes, in the
// database and in its log. Where only the second fails, a fault says so.
func (o *Office) EraseCase(ctx context.Context, org, caseID string) error {
	err := o.Erase(ctx, org, caseID, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, setErasing)
		return err
	})
	if err != nil {
		return err
	}
	return o.finishErasing(context.WithoutCancel(ctx))
}

// finishErasing is that of a workspace.
func (o *Office) finishErasing(ctx context.Context) error {
	var pending int
	err := o.Read(ctx, func(db *sql.DB) error { return db.QueryRowContext(ctx, isErasing).Scan(&pending) })
	if err != nil || pending == 0 {
		return err
	}
	err = o.Exchange(func(db *sql.DB) (*sql.DB, error) {
		if db == nil {
			return nil, nil // closed meanwhile: the next one does it
		}
		err := overwrite(ctx, db)
		if err == nil {
			_, err = db.ExecContext(ctx, endErasing)
		}
		return db, err
	})
	if err != nil {
		return fault.New(fault.Internal, "HC-STORE-28", "This is erased, but its bytes could not be overwritten yet.").
			Then("It is tried again whenever homecase starts.").Because(err)
	}
	return nil
}
