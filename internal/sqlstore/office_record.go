package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

const (
	insertSharedCase = `INSERT INTO cases (org_id, id, person_key) VALUES ($1, $2, $3) ON CONFLICT (org_id, id) DO NOTHING`
	insertFirst      = `
INSERT INTO lines (org_id, case_id, n, prev, hash, made, actor, act, body_hash, body, signature, countersignature)
VALUES ($1, $2, 1, '', $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (org_id, case_id, n) DO NOTHING`
	// The next line is made from the last one: where that is another, there is none.
	insertEntry = `
INSERT INTO lines (org_id, case_id, n, prev, hash, made, actor, act, body_hash, body, signature, countersignature)
SELECT org_id, case_id, n + 1, hash, $3, $4, $5, $6, $7, $8, $9, $10
FROM lines WHERE org_id = $1 AND case_id = $2 AND n = $11 AND hash = $12
ON CONFLICT (org_id, case_id, n) DO NOTHING`
	nameFiles     = `UPDATE files SET named = TRUE WHERE org_id = $1 AND case_id = $2 AND hash IN (%s)`
	insertLink    = `INSERT INTO links (org_id, token_hash, case_id, link_id, expires) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	endWatches    = `DELETE FROM watches WHERE org_id = $1 AND case_id = $2 AND link_id IN (%s)`
	endLinks      = `UPDATE links SET ended = $3 WHERE org_id = $1 AND case_id = $2 AND ended IS NULL AND link_id IN (%s)`
	selectLine    = `SELECT hash FROM lines WHERE org_id = $1 AND case_id = $2 AND n = $3`
	selectEntries = `
SELECT n, prev, made, actor, act, body_hash, body, signature, countersignature
FROM lines WHERE org_id = $1 AND case_id = $2 AND n > $3 ORDER BY n LIMIT $4`

	// lastEntry joins the last line of a case c.
	lastEntry = `
JOIN lines h ON h.org_id = c.org_id AND h.case_id = c.id
    AND h.n = (SELECT MAX(m.n) FROM lines m WHERE m.org_id = c.org_id AND m.case_id = c.id)`
	selectHead  = `SELECT c.id, c.person_key, h.n, h.hash, h.made, EXISTS (SELECT 1 FROM lines w WHERE w.org_id = c.org_id AND w.case_id = c.id AND w.n = h.n AND w.body IS NULL) FROM cases c` + lastEntry + ` WHERE c.org_id = $1 AND c.id = $2`
	selectHeads = `SELECT c.id, c.person_key, h.n, h.hash, h.made FROM cases c` + lastEntry + ` WHERE c.org_id = $1 AND c.person_key = $2`
)

// params are the places of some values from a number on: $4, $5, $6.
func params(from int, values []string) string {
	out := make([]string, len(values))
	for i := range values {
		out[i] = fmt.Sprintf("$%d", from+i)
	}
	return strings.Join(out, ", ")
}

// with puts values behind arguments.
func with(values []string, args ...any) []any {
	for _, v := range values {
		args = append(args, v)
	}
	return args
}

// distinct sorts values and takes each once.
func distinct(values []string) []string { return slices.Compact(slices.Sorted(slices.Values(values))) }

func headMoved() *fault.Error {
	return fault.New(fault.Conflict, "HC-STORE-30", "Somebody else wrote in this case first. Nothing was changed.").Then("Read it again.")
}

func checkAppend(org string, a share.Append) error {
	l := a.Entry.Line
	err := errors.Join(keys(org, a.Case, a.Hash, l.Body, string(l.Act), string(l.Actor)), keys(a.Blobs...), keys(a.Ends...),
		homecase.CheckTexts(l.Prev, a.Entry.Signature, a.Entry.Countersignature), times(l.Time))
	if a.Prev == 0 {
		err = errors.Join(err, keys(a.Key))
	}
	if a.Link != nil {
		err = errors.Join(err, keys(a.Link.Link, a.Link.Token), times(a.Link.Expires))
	}
	for _, m := range a.Mail {
		err = errors.Join(err, checkMessage(m))
	}
	if a.Watch != nil {
		err = errors.Join(err, keys(a.Watch.Case), checkWatch(*a.Watch))
	}
	if err == nil && (a.Prev < 0 || l.N != a.Prev+1 || (a.Prev == 0) != (l.Prev == "") || a.Entry.Raw == nil) {
		err = fault.New(fault.Invalid, "HC-STORE-45", "This line does not follow the line it names, or has no words.")
	}
	return err
}

// Append writes an act. A line on which nothing hangs is one statement.
func (o *Office) Append(ctx context.Context, org string, a share.Append) error {
	if err := checkAppend(org, a); err != nil {
		return err
	}
	if a.Prev > 0 && len(a.Blobs)+len(a.Ends)+len(a.Mail) == 0 && a.Link == nil && a.Watch == nil {
		n, doubt, err := o.change(ctx, insertEntry, lineArgs(org, a)...)
		if err != nil || n == 1 {
			return err
		}
		return o.Read(ctx, func(db *sql.DB) error { return moved(ctx, db, org, a, doubt) })
	}
	return o.withTx(ctx, func(tx *sql.Tx, doubt bool) error { return o.append(ctx, tx, org, a, doubt) })
}

func lineArgs(org string, a share.Append) []any {
	l := a.Entry.Line
	args := []any{org, a.Case, a.Hash, unix(l.Time), string(l.Actor), string(l.Act), l.Body, []byte(a.Entry.Raw), a.Entry.Signature, a.Entry.Countersignature}
	if a.Prev > 0 {
		args = append(args, a.Prev, l.Prev)
	}
	return args
}

// append writes the line first: it is what two writers meet at.
func (o *Office) append(ctx context.Context, tx *sql.Tx, org string, a share.Append, doubt bool) error {
	query := insertEntry
	if a.Prev == 0 {
		query = insertFirst
		if _, err := tx.ExecContext(ctx, insertSharedCase, org, a.Case, a.Key); err != nil {
			return o.belongs(err, noOrg())
		}
	}
	n, err := affected(tx.ExecContext(ctx, query, lineArgs(org, a)...))
	if err != nil {
		return err
	}
	if n == 0 {
		return moved(ctx, tx, org, a, doubt)
	}
	if blobs := distinct(a.Blobs); len(blobs) > 0 {
		n, err := affected(tx.ExecContext(ctx, fmt.Sprintf(nameFiles, params(3, blobs)), with(blobs, org, a.Case)...))
		if err == nil && int(n) != len(blobs) {
			err = fault.New(fault.Missing, "HC-STORE-46", "%d of the %d files of this are not here. Nothing was changed.", len(blobs)-int(n), len(blobs)).
				Then("Send the files first.")
		}
		if err != nil {
			return err
		}
	}
	if len(a.Ends) > 0 {
		args := with(a.Ends, org, a.Case, unix(a.Entry.Line.Time))
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(endLinks, params(4, a.Ends)), args...); err != nil {
			return err
		}
		for _, end := range []string{endWatches, endPages} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(end, params(3, a.Ends)), with(a.Ends, org, a.Case)...); err != nil {
				return err
			}
		}
	}
	if a.Link != nil {
		n, err := affected(tx.ExecContext(ctx, insertLink, org, a.Link.Token, a.Case, a.Link.Link, orNever(a.Link.Expires)))
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "HC-STORE-47", "There is such a link already. Nothing was changed.")
		}
		if err != nil {
			return err
		}
	}
	for _, m := range a.Mail {
		if _, err := tx.ExecContext(ctx, insertMessage, messageArgs(org, m)...); err != nil {
			return err
		}
	}
	if a.Watch != nil {
		_, err := tx.ExecContext(ctx, putWatch, watchArgs(org, *a.Watch)...)
		return err
	}
	return nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// moved tells why a line could not be written: because it was in an earlier try
// whose outcome was in doubt, because there is no such case, or because somebody
// else was first.
func moved(ctx context.Context, q querier, org string, a share.Append, doubt bool) error {
	var hash string
	err := q.QueryRowContext(ctx, selectLine, org, a.Case, a.Prev+1).Scan(&hash)
	switch {
	case err == nil && doubt && hash == a.Hash:
		return nil
	case err == nil:
		return headMoved()
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	err = q.QueryRowContext(ctx, selectLine, org, a.Case, 1).Scan(&hash)
	switch {
	case errors.Is(err, sql.ErrNoRows) && a.Prev > 0:
		return noCase()
	case err == nil || errors.Is(err, sql.ErrNoRows):
		return headMoved()
	}
	return err
}

// Entries returns the lines of a case behind one, in order.
func (o *Office) Entries(ctx context.Context, org, caseID string, after int64, limit int) ([]share.Entry, error) {
	if noKey(org, caseID) || limit <= 0 {
		return nil, nil
	}
	return list(ctx, o.handle, func(rows *sql.Rows) (e share.Entry, err error) {
		var made int64
		l := &e.Line
		var raw []byte
		err = rows.Scan(&l.N, &l.Prev, &made, &l.Actor, &l.Act, &l.Body, &raw, &e.Signature, &e.Countersignature)
		l.Time, e.Raw = fromUnix(made), json.RawMessage(raw)
		return e, err
	}, selectEntries, org, caseID, after, limit)
}

// head reads the columns of a head.
func head(scan func(...any) error, more ...any) (h share.Head, err error) {
	var made int64
	err = scan(append([]any{&h.Case, &h.Key, &h.N, &h.Hash, &made}, more...)...)
	h.At = fromUnix(made)
	return h, err
}

// Head returns where a case stands.
func (o *Office) Head(ctx context.Context, org, caseID string) (*share.Head, error) {
	if noKey(org, caseID) {
		return nil, noCase()
	}
	var h share.Head
	err := o.Read(ctx, func(db *sql.DB) (err error) {
		var erased bool
		h, err = head(db.QueryRowContext(ctx, selectHead, org, caseID).Scan, &erased)
		h.Erased = erased
		if errors.Is(err, sql.ErrNoRows) {
			return noCase()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &h, nil
}

// heads lists where cases stand, the last changed first.
func (o *Office) heads(ctx context.Context, query, org, of string) ([]share.Head, error) {
	if noKey(org, of) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Head, error) { return head(rows.Scan) }, query, org, of)
	slices.SortFunc(all, func(a, b share.Head) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Case, b.Case)) })
	return all, err
}

// Cases lists the cases of a person, the last changed first.
func (o *Office) Cases(ctx context.Context, org, key string) ([]share.Head, error) {
	return o.heads(ctx, selectHeads, org, key)
}

// EraseCase takes out every body, file, message and address of a case, and who saw
// it, and ends its links. The chain keeps its hashes.
func (o *Office) EraseCase(ctx context.Context, org, caseID string) error {
	return o.Erase(ctx, org, caseID)
}

// Erase is EraseCase. What also is to be done happens within the same transaction.
func (o *Office) Erase(ctx context.Context, org, caseID string, also ...func(*sql.Tx) error) error {
	if noKey(org, caseID) {
		return noCase()
	}
	return o.WithTx(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE lines SET body = NULL WHERE org_id = $1 AND case_id = $2`, org, caseID))
		if err == nil && n == 0 {
			return noCase()
		}
		for _, statement := range []string{
			`UPDATE links SET ended = 0 WHERE org_id = $1 AND case_id = $2 AND ended IS NULL`,
			`DELETE FROM pages WHERE org_id = $1 AND case_id = $2`,
			`DELETE FROM messages WHERE org_id = $1 AND case_id = $2`,
			`DELETE FROM watches WHERE org_id = $1 AND case_id = $2`,
			`DELETE FROM listed WHERE org_id = $1 AND case_id = $2`,
			`DELETE FROM seen WHERE org_id = $1 AND case_id = $2`,
		} {
			if err == nil {
				_, err = tx.ExecContext(ctx, statement, org, caseID)
			}
		}
		if err == nil {
			err = takeOutFiles(ctx, tx, org, `DELETE FROM files WHERE org_id = $1 AND case_id = $2 RETURNING case_id, LENGTH(content)`, org, caseID)
		}
		for _, do := range also {
			if err == nil {
				err = do(tx)
			}
		}
		return err
	})
}
