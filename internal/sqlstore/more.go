package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/trial"
)

const (
	getSetting = `SELECT value FROM settings WHERE org_id = $1 AND name = $2`
	putSetting = `
INSERT INTO settings (org_id, name, value) VALUES ($1, $2, $3)
ON CONFLICT (org_id, name) DO UPDATE SET value = EXCLUDED.value`
	dropSetting = `DELETE FROM settings WHERE org_id = $1 AND name = $2`

	current = "current" // the setting that holds the case that is open
)

// Setting returns a setting, "" where it is not there.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, getSetting, s.org, name).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			value, err = "", nil
		}
		return err
	})
	return value, err
}

// Set keeps a setting within a transaction, or takes it out where value is "".
func (s *Store) Set(ctx context.Context, tx *sql.Tx, name, value string) error {
	if value == "" {
		_, err := tx.ExecContext(ctx, dropSetting, s.org, name)
		return err
	}
	_, err := tx.ExecContext(ctx, putSetting, s.org, name, value)
	return err
}

// Current returns the id of the case that is open, "" where none is.
func (s *Store) Current(ctx context.Context) (string, error) { return s.Setting(ctx, current) }

// SetCurrent opens a case; none where id is "".
func (s *Store) SetCurrent(ctx context.Context, id string) error {
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if id != "" {
			if _, err := s.newest(ctx, tx, id); err != nil {
				return err
			}
		}
		return s.Set(ctx, tx, current, id)
	})
}

const (
	// A case without a day gives one row without an entry, no case gives none.
	selectLog = `
SELECT l.entry
FROM cases c
LEFT JOIN log_entries l ON l.org_id = c.org_id AND l.case_id = c.id
    AND ($3 = '' OR l.on_day >= $3) AND ($4 = '' OR l.on_day <= $4)
    AND l.nth = (SELECT MAX(m.nth) FROM log_entries m WHERE m.org_id = l.org_id AND m.case_id = l.case_id AND m.on_day = l.on_day)
WHERE c.org_id = $1 AND c.id = $2
ORDER BY l.on_day`
	insertDay = `
INSERT INTO log_entries (org_id, case_id, on_day, nth, entry)
SELECT $1, $2, $3, COALESCE(MAX(nth), 0) + 1, $4 FROM log_entries WHERE org_id = $1 AND case_id = $2 AND on_day = $3`
)

// Log returns the logged days of a case between two days, in order.
func (s *Store) Log(ctx context.Context, id string, from, until day.Date) ([]trial.Entry, error) {
	if homecase.CheckKey(id) != nil {
		return nil, noCase()
	}
	texts, err := list(ctx, s.handle, func(rows *sql.Rows) (text sql.NullString, err error) {
		return text, rows.Scan(&text)
	}, selectLog, s.org, id, from.String(), until.String())
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, noCase()
	}
	var entries []trial.Entry
	for _, text := range texts {
		if !text.Valid {
			continue
		}
		e, err := homecase.DecodeEntry([]byte(text.String))
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// LogDay keeps an entry behind which earlier ones of the same day stay.
func (s *Store) LogDay(ctx context.Context, id string, e trial.Entry) error {
	text, err := homecase.EncodeEntry(e)
	if err != nil {
		return err
	}
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if _, err := s.newest(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertDay, s.org, id, e.Date.String(), string(text))
		return err
	})
}

const (
	selectPicture = `SELECT jpeg FROM pictures WHERE org_id = $1 AND case_id = $2 AND item = $3`
	insertPicture = `
INSERT INTO pictures (org_id, case_id, item, jpeg) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, case_id, item) DO UPDATE SET jpeg = EXCLUDED.jpeg`
	deletePicture = `DELETE FROM pictures WHERE org_id = $1 AND case_id = $2 AND item = $3`
)

// Picture returns a picture of the home office.
func (s *Store) Picture(ctx context.Context, id, item string) (jpeg []byte, err error) {
	missing := fault.New(fault.Missing, "HC-STORE-17", "There is no such picture here.")
	if homecase.CheckKey(id) != nil || homecase.CheckKey(item) != nil {
		return nil, missing
	}
	err = s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, selectPicture, s.org, id, item).Scan(&jpeg)
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		return err
	})
	return jpeg, err
}

// SetPicture keeps a picture, or takes it out where jpeg is empty. What is also
// to be done happens within the same transaction.
func (s *Store) SetPicture(ctx context.Context, id, item string, jpeg []byte, also ...func(*sql.Tx) error) error {
	if err := homecase.CheckKey(item); err != nil {
		return err
	}
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		_, err := s.newest(ctx, tx, id)
		switch {
		case err != nil:
		case len(jpeg) == 0:
			_, err = tx.ExecContext(ctx, deletePicture, s.org, id, item)
		default:
			_, err = tx.ExecContext(ctx, insertPicture, s.org, id, item, jpeg)
		}
		for _, do := range also {
			if err == nil {
				err = do(tx)
			}
		}
		return err
	})
}

const (
	selectDepartures = `
SELECT id, case_id, made, what, recipient, bytes, sha256
FROM departures WHERE org_id = $1 AND ($2 = '' OR case_id = $2)`
	insertDeparture = `
INSERT INTO departures (org_id, id, case_id, made, what, recipient, bytes, sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, id) DO NOTHING`
)

// Departures lists what left this computer, the latest first.
func (s *Store) Departures(ctx context.Context, id string) ([]homecase.Departure, error) {
	if id != "" && homecase.CheckKey(id) != nil {
		return nil, nil
	}
	all, err := list(ctx, s.handle, func(rows *sql.Rows) (d homecase.Departure, err error) {
		var made int64
		err = rows.Scan(&d.ID, &d.Case, &made, &d.What, &d.To, &d.Bytes, &d.SHA256)
		d.At = fromUnix(made)
		return d, err
	}, selectDepartures, s.org, id)
	slices.SortFunc(all, func(a, b homecase.Departure) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return all, err
}

// Depart records something before it leaves.
func (s *Store) Depart(ctx context.Context, d homecase.Departure) error {
	if err := d.Check(); err != nil {
		return err
	}
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if d.Case != "" {
			if _, err := s.newest(ctx, tx, d.Case); err != nil {
				return err
			}
		}
		n, err := affected(tx.ExecContext(ctx, insertDeparture, s.org, d.ID, d.Case, unix(d.At), d.What, d.To, d.Bytes, d.SHA256))
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "HC-STORE-18", "This departure is on record already.")
		}
		return err
	})
}
