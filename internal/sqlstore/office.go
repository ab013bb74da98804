package sqlstore

import (
	"cmp"
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"slices"
	"time"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

// Office keeps what organisations share. It is safe for many goroutines, and in
// a database that serves several also for many processes.
type Office struct {
	*handle
	looks gather[lookAt, looked]
	marks marks
}

var _ share.Store = (*Office)(nil)

// NewOffice returns the office in a database whose migrations have been made.
func NewOffice(db *sql.DB, d Dialect) *Office { return &Office{handle: newHandle(db, d)} }

// Ping tells whether the database answers.
func (o *Office) Ping(ctx context.Context) error {
	return o.Read(ctx, func(db *sql.DB) error { return db.PingContext(ctx) })
}

func noOrg() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-41", "There is no such organisation here.")
}

func noInvitation() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-42", "There is no such invitation here, or it is over.")
}

func noPerson() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-43", "There is no such person here.")
}

// noKey tells whether one of these can be no key of a row, so that nothing is there.
func noKey(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return homecase.CheckKey(k) != nil })
}

// keys refuses ids that not every engine can keep.
func keys(all ...string) error {
	for _, k := range all {
		if err := homecase.CheckKey(k); err != nil {
			return err
		}
	}
	return nil
}

// times refuses times that do not fit.
func times(all ...time.Time) error {
	for _, t := range all {
		if err := homecase.CheckTime(t); err != nil {
			return err
		}
	}
	return nil
}

// orNever is a time as the tables keep it where the zero time means never.
func orNever(t time.Time) sql.NullInt64 { return sql.NullInt64{Int64: unix(t), Valid: !t.IsZero()} }

func fromNever(us sql.NullInt64) time.Time {
	if !us.Valid {
		return time.Time{}
	}
	return fromUnix(us.Int64)
}

// bytes are kept as they are; none are kept as an empty row of them.
func bytes(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// belongs turns the refusal of a row without what it belongs to into a fault.
func (o *Office) belongs(err error, missing *fault.Error) error {
	if err != nil && o.dialect.Orphan(err) {
		return missing.Because(err)
	}
	return err
}

// put runs one statement on a row that belongs to something.
func (o *Office) put(ctx context.Context, missing *fault.Error, query string, args ...any) (int64, error) {
	n, _, err := o.change(ctx, query, args...)
	return n, o.belongs(err, missing)
}

// one reads one row.
func (o *Office) one(ctx context.Context, missing *fault.Error, scan []any, query string, args ...any) error {
	return o.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, query, args...).Scan(scan...)
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		return err
	})
}

const (
	selectOrgs = `SELECT org_id, name, seed, made FROM orgs`
	selectOrg  = `SELECT name, seed, made FROM orgs WHERE org_id = $1`
	insertOrg  = `INSERT INTO orgs (org_id, name, seed, made) VALUES ($1, $2, $3, $4) ON CONFLICT (org_id) DO NOTHING`
)

// Orgs lists the organisations, the first made first.
func (o *Office) Orgs(ctx context.Context) ([]share.Org, error) {
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (g share.Org, err error) {
		var made int64
		err = rows.Scan(&g.ID, &g.Name, &g.Key, &made)
		g.Made = fromUnix(made)
		return g, err
	}, selectOrgs)
	slices.SortFunc(all, func(a, b share.Org) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// Org returns an organisation.
func (o *Office) Org(ctx context.Context, org string) (*share.Org, error) {
	if noKey(org) {
		return nil, noOrg()
	}
	g := share.Org{ID: org}
	var made int64
	if err := o.one(ctx, noOrg(), []any{&g.Name, &g.Key, &made}, selectOrg, org); err != nil {
		return nil, err
	}
	g.Made = fromUnix(made)
	return &g, nil
}

// AddOrg keeps a new organisation.
func (o *Office) AddOrg(ctx context.Context, g share.Org) error {
	if err := errors.Join(keys(g.ID), homecase.CheckTexts(g.Name), times(g.Made)); err != nil {
		return err
	}
	n, doubt, err := o.change(ctx, insertOrg, g.ID, g.Name, bytes(g.Key), unix(g.Made))
	if err != nil || n == 1 {
		return err
	}
	if doubt {
		if was, err := o.Org(ctx, g.ID); err == nil && subtle.ConstantTimeCompare(was.Key, g.Key) == 1 {
			return nil
		}
	}
	return fault.New(fault.Conflict, "HC-STORE-44", "An organisation with this id is here already. Nothing was changed.")
}

const (
	insertInvitation = `
INSERT INTO invitations (org_id, code_hash, whom, made, expires, used) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, code_hash) DO NOTHING`
	useInvitation = `
UPDATE invitations SET used = $3, used_by = $4
WHERE org_id = $1 AND code_hash = $2 AND used IS NULL AND (expires IS NULL OR expires > $3)`
	findInvitation = `SELECT used_by FROM invitations WHERE org_id = $1 AND code_hash = $2 AND used_by IS NOT NULL`

	putPerson = `
INSERT INTO people (org_id, person_key, name, made) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, person_key) DO UPDATE SET name = EXCLUDED.name`
	selectPerson = `SELECT name, made FROM people WHERE org_id = $1 AND person_key = $2`
)

// Invite keeps an invitation.
func (o *Office) Invite(ctx context.Context, org string, i share.Invitation) error {
	if err := errors.Join(keys(org, i.CodeHash), homecase.CheckTexts(i.For), times(i.Made, i.Expires, i.Used)); err != nil {
		return err
	}
	_, err := o.put(ctx, noOrg(), insertInvitation, org, i.CodeHash, i.For, unix(i.Made), orNever(i.Expires), orNever(i.Used))
	return err
}

// Pair uses an invitation up and keeps the person.
func (o *Office) Pair(ctx context.Context, org, codeHash string, p share.Person, now time.Time) (*share.Person, error) {
	if noKey(org, codeHash) {
		return nil, noInvitation()
	}
	if err := errors.Join(keys(p.Key), homecase.CheckTexts(p.Name), times(p.Made, now)); err != nil {
		return nil, err
	}
	var kept share.Person
	err := o.WithTx(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, useInvitation, org, codeHash, unix(now), p.Key))
		if err == nil && n == 1 {
			_, err = tx.ExecContext(ctx, putPerson, org, p.Key, p.Name, unix(p.Made))
		} else if err == nil {
			var by string
			err = tx.QueryRowContext(ctx, findInvitation, org, codeHash).Scan(&by)
			if errors.Is(err, sql.ErrNoRows) || err == nil && by != p.Key {
				return noInvitation()
			}
		}
		if err != nil {
			return err
		}
		var made int64
		err = tx.QueryRowContext(ctx, selectPerson, org, p.Key).Scan(&kept.Name, &made)
		kept.Key, kept.Made = p.Key, fromUnix(made)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &kept, nil
}

// Person returns a person by their public key.
func (o *Office) Person(ctx context.Context, org, key string) (*share.Person, error) {
	if noKey(org, key) {
		return nil, noPerson()
	}
	p := share.Person{Key: key}
	var made int64
	if err := o.one(ctx, noPerson(), []any{&p.Name, &made}, selectPerson, org, key); err != nil {
		return nil, err
	}
	p.Made = fromUnix(made)
	return &p, nil
}
