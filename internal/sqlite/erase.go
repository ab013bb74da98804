package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"homecase"
	"homecase/fault"
)

// erasing is the setting that stands from the moment rows are deleted until
// their bytes are gone. A process that ends in between leaves it for the next.
const erasing = "erasing"

// Erase takes out a case and then overwrites its bytes, in the database and in
// its log. Where only the second fails, a fault says that the case is erased.
func (s *Store) Erase(ctx context.Context, id string) error {
	err := s.Store.Erase(ctx, id, func(tx *sql.Tx) error { return s.Set(ctx, tx, erasing, "yes") })
	if err != nil {
		return err
	}
	return s.finishErasing(context.WithoutCancel(ctx))
}

// SetPicture keeps a picture, or takes it out and overwrites its bytes where
// jpeg is empty.
func (s *Store) SetPicture(ctx context.Context, id, item string, jpeg []byte) error {
	if len(jpeg) > 0 {
		return s.Store.SetPicture(ctx, id, item, jpeg)
	}
	err := s.Store.SetPicture(ctx, id, item, nil, func(tx *sql.Tx) error { return s.Set(ctx, tx, erasing, "yes") })
	if err != nil {
		return err
	}
	return s.finishErasing(context.WithoutCancel(ctx))
}

// SetPairing keeps the office that a workspace publishes to, or takes it out and
// overwrites its bytes, which hold the person's key.
func (s *Store) SetPairing(ctx context.Context, p *homecase.Pairing) error {
	if p != nil {
		return s.Store.SetPairing(ctx, p)
	}
	err := s.Store.SetPairing(ctx, nil, func(tx *sql.Tx) error { return s.Set(ctx, tx, erasing, "yes") })
	if err != nil {
		return err
	}
	return s.finishErasing(context.WithoutCancel(ctx))
}

// finishErasing overwrites what was deleted, if something was. secure_delete
// alone leaves traces where pages were split before; VACUUM writes every page
// anew without what lies between the rows. The checkpoint cuts off the log,
// which still holds the old pages. Nobody may read meanwhile: a reader
// would keep the log alive.
func (s *Store) finishErasing(ctx context.Context) error {
	pending, err := s.Setting(ctx, erasing)
	if err != nil || pending == "" {
		return err
	}
	err = s.Exchange(func(db *sql.DB) (*sql.DB, error) {
		if db == nil {
			return nil, nil // closed meanwhile: the next one does it
		}
		return db, overwrite(ctx, db)
	})
	if err == nil {
		err = s.WithTx(ctx, func(tx *sql.Tx) error { return s.Set(ctx, tx, erasing, "") })
	}
	if err != nil {
		return fault.New(fault.Internal, "HC-STORE-28", "This is erased, but its bytes could not be overwritten yet.").
			Then("It is tried again whenever homecase starts.").Because(err)
	}
	return nil
}

func overwrite(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return emptyLog(ctx, c)
}

// emptyLog moves the log into the database and cuts it off.
func emptyLog(ctx context.Context, c *sql.Conn) error {
	var busy, inLog, moved int
	if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &inLog, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return held(errors.New("the log is in use"))
	}
	return nil
}
