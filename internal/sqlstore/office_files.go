package sqlstore

import (
	"context"
	"errors"
	"fmt"
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
	sweepFiles  = `DELETE FROM files WHERE org_id = $1 AND NOT named AND made < $2`
)

// PutBlob keeps a file under the hash of its bytes.
func (o *Office) PutBlob(ctx context.Context, org, caseID string, b share.Blob) error {
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
	_, err := o.put(ctx, noCase(), insertFile, org, caseID, b.Hash, b.Media, bytes(b.Bytes), unix(b.Made))
	return err
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
	_, _, err := o.change(ctx, sweepFiles, org, unix(before))
	return err
}
