package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"homecase"
	"homecase/fault"
)

// unix is a time as the tables keep it.
func unix(t time.Time) int64 { return t.UnixMicro() }

func fromUnix(us int64) time.Time { return time.UnixMicro(us).UTC() }

func noCase() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-12", "There is no such case here.")
}

const selectCases = `
SELECT c.id, n.title, c.revision, f.made, n.made
FROM cases c
JOIN revisions n ON n.org_id = c.org_id AND n.case_id = c.id AND n.revision = c.revision
JOIN revisions f ON f.org_id = c.org_id AND f.case_id = c.id AND f.revision = 1
WHERE c.org_id = $1`

// Cases lists the cases, the last changed first.
func (s *Store) Cases(ctx context.Context) ([]homecase.CaseInfo, error) {
	infos, err := list(ctx, s.handle, func(rows *sql.Rows) (i homecase.CaseInfo, err error) {
		var made, changed int64
		err = rows.Scan(&i.ID, &i.Title, &i.Revision, &made, &changed)
		i.Made, i.Changed = fromUnix(made), fromUnix(changed)
		return i, err
	}, selectCases, s.org)
	// Databases order text by their own rules; Go does it the same everywhere.
	slices.SortFunc(infos, func(a, b homecase.CaseInfo) int {
		return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(a.ID, b.ID))
	})
	return infos, err
}

// list reads every row of a query.
func list[T any](ctx context.Context, s *handle, scan func(*sql.Rows) (T, error), query string, args ...any) (all []T, err error) {
	err = s.Read(ctx, func(db *sql.DB) error {
		all = nil
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			one, err := scan(rows)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return rows.Err()
	})
	return all, err
}

const (
	selectNewest = `
SELECT r.revision, r.title, r.document, r.course, r.did, r.made
FROM cases c
JOIN revisions r ON r.org_id = c.org_id AND r.case_id = c.id AND r.revision = c.revision
WHERE c.org_id = $1 AND c.id = $2`
	selectRevision = `
SELECT revision, title, document, course, did, made
FROM revisions WHERE org_id = $1 AND case_id = $2 AND revision = $3`
	selectHistory = `
SELECT revision, did, made
FROM revisions WHERE org_id = $1 AND case_id = $2 AND revision <= $3 ORDER BY revision DESC LIMIT $4`
)

// Case returns the newest revision of a case.
func (s *Store) Case(ctx context.Context, id string) (*homecase.Kept, error) {
	return s.kept(ctx, noCase, id, selectNewest, s.org, id)
}

// Revision returns a case as it was.
func (s *Store) Revision(ctx context.Context, id string, revision int64) (*homecase.Kept, error) {
	missing := func() *fault.Error {
		return fault.New(fault.Missing, "HC-STORE-13", "There is no revision %d of this case.", revision)
	}
	return s.kept(ctx, missing, id, selectRevision, s.org, id, revision)
}

func (s *Store) kept(ctx context.Context, missing func() *fault.Error, id, query string, args ...any) (*homecase.Kept, error) {
	if homecase.CheckKey(id) != nil {
		return nil, missing()
	}
	k := homecase.Kept{ID: id}
	var course []byte
	var made int64
	err := s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, query, args...).Scan(&k.Revision, &k.Title, &k.Text, &course, &k.Did, &made)
		if errors.Is(err, sql.ErrNoRows) {
			return missing()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	k.At = fromUnix(made)
	if k.Course, err = homecase.DecodeCourse(course); err != nil {
		return nil, err
	}
	return &k, nil
}

// History lists the revisions of a case, the newest first.
func (s *Store) History(ctx context.Context, id string, upTo int64, most int) ([]homecase.RevisionInfo, error) {
	if homecase.CheckKey(id) != nil {
		return nil, noCase()
	}
	if upTo <= 0 {
		upTo = math.MaxInt64
	}
	if most <= 0 {
		most = math.MaxInt32
	}
	infos, err := list(ctx, s.handle, func(rows *sql.Rows) (i homecase.RevisionInfo, err error) {
		var made int64
		err = rows.Scan(&i.Revision, &i.Did, &made)
		i.At = fromUnix(made)
		return i, err
	}, selectHistory, s.org, id, upTo, most)
	if err == nil && len(infos) == 0 {
		return nil, noCase() // every case has its first revision
	}
	return infos, err
}

const (
	insertCase = `INSERT INTO cases (org_id, id, revision) VALUES ($1, $2, 1) ON CONFLICT (org_id, id) DO NOTHING`
	nextCase   = `UPDATE cases SET revision = revision + 1 WHERE org_id = $1 AND id = $2 AND revision = $3`
	findCase   = `SELECT revision FROM cases WHERE org_id = $1 AND id = $2`

	insertRevision = `
INSERT INTO revisions (org_id, case_id, revision, title, document, course, did, made)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// Add keeps a new case as its revision 1.
func (s *Store) Add(ctx context.Context, k homecase.Kept) error {
	k.Revision = 1
	return s.keep(ctx, k, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, insertCase, s.org, k.ID))
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "HC-STORE-14", "A case with this id is here already. Nothing was changed.")
		}
		return err
	})
}

// Save keeps the next revision of a case.
func (s *Store) Save(ctx context.Context, k homecase.Kept) (int64, error) {
	read := k.Revision
	k.Revision++
	err := s.keep(ctx, k, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, nextCase, s.org, k.ID, read))
		if err != nil || n == 1 {
			return err
		}
		newest, err := s.newest(ctx, tx, k.ID)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "HC-STORE-15", "This case was saved elsewhere in the meantime: revision %d is the newest, and this was made from %d. Nothing was changed.", newest, read).
			Then("Read the case again and make the change on top.")
	})
	if err != nil {
		return 0, err
	}
	return k.Revision, nil
}

// keep claims the revision's number and writes it, all or nothing.
func (s *Store) keep(ctx context.Context, k homecase.Kept, claim func(*sql.Tx) error) error {
	if err := k.Check(); err != nil {
		return err
	}
	course, err := homecase.EncodeCourse(k.Course)
	if err != nil {
		return fault.New(fault.Internal, "HC-STORE-16", "The notes on the course of this case cannot be written.").Because(err)
	}
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if err := claim(tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertRevision, s.org, k.ID, k.Revision, k.Title, string(k.Text), string(course), k.Did, unix(k.At))
		return err
	})
}

// newest returns the newest revision of a case, Missing where there is no case.
func (s *Store) newest(ctx context.Context, tx *sql.Tx, id string) (n int64, err error) {
	if homecase.CheckKey(id) != nil {
		return 0, noCase()
	}
	err = tx.QueryRowContext(ctx, findCase, s.org, id).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noCase()
	}
	return n, err
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

const (
	eraseCase       = `DELETE FROM cases WHERE org_id = $1 AND id = $2`
	eraseDepartures = `UPDATE departures SET what = '', recipient = '' WHERE org_id = $1 AND case_id = $2`
	closeCase       = `DELETE FROM settings WHERE org_id = $1 AND name = 'current' AND value = $2`
)

// Erase takes out a case. The rows are gone; an engine sees to it that their
// bytes are, and does so within the same transaction as far as it can.
func (s *Store) Erase(ctx context.Context, id string, also ...func(*sql.Tx) error) error {
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if _, err := s.newest(ctx, tx, id); err != nil {
			return err
		}
		for _, statement := range []string{eraseCase, eraseDepartures, closeCase} {
			if _, err := tx.ExecContext(ctx, statement, s.org, id); err != nil {
				return err
			}
		}
		for _, do := range also {
			if err := do(tx); err != nil {
				return err
			}
		}
		return nil
	})
}
