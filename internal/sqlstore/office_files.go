package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"database/sql"

	"homecase/fault"
	"homecase/share"
)

const (
	insertFile = `
INSERT INTO files (org_id, case_id, hash, media, content, made, named) VALUES ($1, $2, $3, $4, $5, $6, FALSE)
ON CONFLICT (org_id, case_id, hash) DO NOTHING`
	selectFile  = `SELECT media, content, made FROM files WHERE org_id = $1 AND case_id = $2 AND hash = $3`
	selectFiles = `SELECT hash FROM files WHERE org_id = $1 AND case_id = $2 AND hash IN (%s)`
	sweepFiles  = `DELETE FROM files WHERE org_id = $1 AND NOT named AND made < $2 RETURNING case_id, LENGTH(content)`

	caseOwner  = `SELECT person_key FROM cases WHERE org_id = $1 AND id = $2`
	storeBytes = `
INSERT INTO stored (org_id, kind, id, bytes) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, kind, id) DO UPDATE SET bytes = stored.bytes + EXCLUDED.bytes RETURNING bytes`
)

// Of what bytes of files are counted.
const (
	ofCase   = "case"
	ofPerson = "person"
	ofOrg    = "org"
)

// PutBlob keeps a file under the hash of its bytes, where there is room for it.
func (o *Office) PutBlob(ctx context.Context, org, caseID string, b share.Blob, room share.Room) error {
	if noKey(org, caseID) {
		return noCase()
	}
	if err := errors.Join(keys(b.Hash, b.Media), times(b.Made)); err != nil {
		return err
	}
	if len(b.Bytes) > share.MaxBlob {
		return fault.New(fault.Invalid, "HC-STORE-49", "This file has more than %d MB.", share.MaxBlob>>20)
	}
	if share.Hash(b.Bytes) != b.Hash {
		return fault.New(fault.Invalid, "HC-STORE-80", "This is not the file that its hash names.")
	}
	return o.belongs(o.WithTx(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, insertFile, org, caseID, b.Hash, b.Media, bytes(b.Bytes), unix(b.Made)))
		if err != nil || n == 0 { // it is here already
			return o.belongs(err, noCase())
		}
		return take(ctx, tx, org, caseID, int64(len(b.Bytes)), room)
	}), noCase())
}

// take counts bytes of a case, and refuses them where there is no room.
func take(ctx context.Context, tx *sql.Tx, org, caseID string, n int64, room share.Room) error {
	var person string
	if err := tx.QueryRowContext(ctx, caseOwner, org, caseID).Scan(&person); err != nil {
		return err
	}
	for _, of := range []struct {
		kind, id, words string
		most            int64
	}{{ofCase, caseID, "one case", room.Case}, {ofPerson, person, "one person", room.Person}, {ofOrg, "", "this organisation", room.Org}} {
		all, err := count(ctx, tx, org, of.kind, of.id, n)
		if err != nil {
			return err
		}
		if of.most > 0 && all > of.most {
			return fault.New(fault.Conflict, NoRoom, "There is no room for this file: all files of %s may have %d MB.", of.words, of.most>>20).
				Then("Erase a case that is over, or ask whoever runs the office for more room.")
		}
	}
	return nil
}

// NoRoom is the code of a file for which there is no room.
const NoRoom fault.Code = "HC-STORE-91"

// count adds bytes to a count, and returns what it is then.
func count(ctx context.Context, tx *sql.Tx, org, kind, id string, n int64) (all int64, err error) {
	err = tx.QueryRowContext(ctx, storeBytes, org, kind, id, n).Scan(&all)
	return all, err
}

// free takes bytes of cases out of the counts. Everybody counts cases first, then
// people, then the organisation, each in order, so that no two wait for each other.
func free(ctx context.Context, tx *sql.Tx, org string, bytes map[string]int64) error {
	people, whole := map[string]int64{}, int64(0)
	for _, caseID := range slices.Sorted(maps.Keys(bytes)) {
		var person string
		if err := tx.QueryRowContext(ctx, caseOwner, org, caseID).Scan(&person); err != nil {
			return err
		}
		people[person] += bytes[caseID]
		whole += bytes[caseID]
		if _, err := count(ctx, tx, org, ofCase, caseID, -bytes[caseID]); err != nil {
			return err
		}
	}
	for _, person := range slices.Sorted(maps.Keys(people)) {
		if _, err := count(ctx, tx, org, ofPerson, person, -people[person]); err != nil {
			return err
		}
	}
	if whole == 0 {
		return nil
	}
	_, err := count(ctx, tx, org, ofOrg, "", -whole)
	return err
}

// takeOutFiles takes files out, by a statement that returns the case and the size of
// each, and frees their room.
func takeOutFiles(ctx context.Context, tx *sql.Tx, org, statement string, args ...any) error {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	gone := map[string]int64{}
	for rows.Next() {
		var caseID string
		var n int64
		if err := rows.Scan(&caseID, &n); err != nil {
			return err
		}
		gone[caseID] += n
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	return free(ctx, tx, org, gone)
}

// Blob returns a file of a case.
func (o *Office) Blob(ctx context.Context, org, caseID, hash string) (*share.Blob, error) {
	missing := fault.New(fault.Missing, "HC-STORE-81", "There is no such file here.")
	if noKey(org, caseID, hash) {
		return nil, missing
	}
	b := share.Blob{Hash: hash}
	var made int64
	if err := o.one(ctx, missing, []any{&b.Media, &b.Bytes, &made}, selectFile, org, caseID, hash); err != nil {
		return nil, err
	}
	b.Made = fromUnix(made)
	return &b, nil
}

// mostHashes bounds how many hashes are asked for in one statement.
const mostHashes = 100

// HasBlobs returns which of these hashes are not kept yet, each once and in order.
func (o *Office) HasBlobs(ctx context.Context, org, caseID string, hashes []string) (missing []string, err error) {
	missing = distinct(hashes)
	if noKey(org, caseID) {
		return missing, nil
	}
	ask := slices.DeleteFunc(slices.Clone(missing), func(h string) bool { return noKey(h) })
	here := map[string]bool{}
	for some := range slices.Chunk(ask, mostHashes) {
		kept, err := list(ctx, o.handle, func(rows *sql.Rows) (h string, err error) {
			return h, rows.Scan(&h)
		}, fmt.Sprintf(selectFiles, params(3, some)), with(some, org, caseID)...)
		if err != nil {
			return nil, err
		}
		for _, h := range kept {
			here[h] = true
		}
	}
	return slices.DeleteFunc(missing, func(h string) bool { return here[h] }), nil
}

// SweepBlobs takes out files that were put before a time and that no line names.
func (o *Office) SweepBlobs(ctx context.Context, org string, before time.Time) error {
	if noKey(org) {
		return nil
	}
	return o.WithTx(ctx, func(tx *sql.Tx) error { return takeOutFiles(ctx, tx, org, sweepFiles, org, unix(before)) })
}
