package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

const (
	insertMessage = `
INSERT INTO messages (org_id, id, case_id, once, recipient, address, about, raw, made, due, tries, why, dead, ended)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13)
ON CONFLICT DO NOTHING`
	selectDue = `SELECT org_id, id, due FROM messages WHERE due <= $1 ORDER BY due LIMIT $2`
	// Whoever changes due first has the message; it is due again if nobody says
	// what became of it.
	leaseMessage = `
UPDATE messages SET due = $4 WHERE org_id = $1 AND id = $2 AND due = $3
RETURNING case_id, once, recipient, about, raw, made, tries, why`
	sentMessage = `
UPDATE messages SET due = NULL, raw = NULL, sent = $3, ended = $3 WHERE org_id = $1 AND id = $2`
	failedMessage = `
UPDATE messages SET tries = tries + 1, why = $3, due = CASE WHEN raw IS NULL THEN NULL ELSE CAST($4 AS BIGINT) END
WHERE org_id = $1 AND id = $2`
	// It is given up at the end of its lease at the latest.
	deadMessage = `
UPDATE messages SET tries = tries + 1, why = $3, ended = COALESCE(ended, due, made), due = NULL, raw = NULL, dead = TRUE
WHERE org_id = $1 AND id = $2`
	countMessages = `
SELECT COUNT(CASE WHEN address = $2 THEN 1 END), COUNT(*) FROM messages WHERE org_id = $1 AND made >= $3`

	putWatch = `
INSERT INTO watches (org_id, case_id, link_id, about, recipient, made) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, case_id, link_id, about) DO UPDATE SET recipient = EXCLUDED.recipient, made = EXCLUDED.made`
	selectWatches  = `SELECT link_id, recipient, made FROM watches WHERE org_id = $1 AND case_id = $2 AND about = $3`
	dropWatch      = `DELETE FROM watches WHERE org_id = $1 AND case_id = $2 AND link_id = $3 AND about = $4`
	selectMessages = `
SELECT id, once, recipient, about, made, due, tries, sent, why, dead
FROM messages WHERE org_id = $1 AND case_id = $2`
)

func noMessage() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-82", "There is no such message here.")
}

func checkMessage(m share.Message) error {
	err := errors.Join(keys(m.ID), homecase.CheckTexts(m.To, m.About, m.Why), times(m.Made, m.Next))
	for _, key := range []string{m.Case, m.Key} {
		if key != "" {
			err = errors.Join(err, keys(key))
		}
	}
	return err
}

func messageArgs(org string, m share.Message) []any {
	once := sql.NullString{String: m.Key, Valid: m.Key != ""}
	args := []any{org, m.ID, m.Case, once, m.To, address(m.To), m.About}
	if m.Dead { // it was given up before its first try: whose it is sees why
		return append(args, nil, unix(m.Made), nil, m.Why, true, unix(m.Made))
	}
	return append(args, bytes(m.Raw), unix(m.Made), unix(m.Next), "", false, nil)
}

// Post keeps a message to be sent.
func (o *Office) Post(ctx context.Context, org string, m share.Message) error {
	if err := errors.Join(keys(org), checkMessage(m)); err != nil {
		return err
	}
	_, err := o.put(ctx, noOrg(), insertMessage, messageArgs(org, m)...)
	return err
}

// waiting is a message that may be leased.
type waiting struct {
	org, id string
	due     int64
}

// Due leases messages whose time has come, the longest due first. They are taken
// in the order of their ids, so that two who ask at once do not wait for each other.
func (o *Office) Due(ctx context.Context, now, until time.Time, limit int) (leased []share.Message, err error) {
	if err := times(now, until); err != nil || limit <= 0 {
		return nil, err
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (w waiting, err error) {
		return w, rows.Scan(&w.org, &w.id, &w.due)
	}, selectDue, unix(now), limit)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	slices.SortFunc(all, func(a, b waiting) int { return cmp.Or(cmp.Compare(a.org, b.org), cmp.Compare(a.id, b.id)) })
	was := map[string]int64{}
	err = o.WithTx(ctx, func(tx *sql.Tx) error {
		leased = nil
		for _, w := range all {
			m := share.Message{ID: w.id, Org: w.org, Next: fromUnix(unix(until))}
			var once sql.NullString
			var made int64
			err := tx.QueryRowContext(ctx, leaseMessage, w.org, w.id, w.due, unix(until)).
				Scan(&m.Case, &once, &m.To, &m.About, &m.Raw, &made, &m.Tries, &m.Why)
			if errors.Is(err, sql.ErrNoRows) {
				continue // somebody else has it
			}
			if err != nil {
				return err
			}
			m.Key, m.Made = once.String, fromUnix(made)
			was[m.ID] = w.due
			leased = append(leased, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(leased, func(a, b share.Message) int { return cmp.Compare(was[a.ID], was[b.ID]) })
	return leased, nil
}

// Sent notes that a message was taken by the next server.
func (o *Office) Sent(ctx context.Context, org, id string, at time.Time) error {
	return o.note(ctx, org, id, times(at), sentMessage, unix(at))
}

// Failed notes a try that failed. One that was sent and came back is not tried
// again, for its words are gone.
func (o *Office) Failed(ctx context.Context, org, id, why string, next time.Time) error {
	bad := errors.Join(homecase.CheckTexts(why), times(next))
	if next.IsZero() {
		return o.note(ctx, org, id, bad, deadMessage, why)
	}
	return o.note(ctx, org, id, bad, failedMessage, why, unix(next))
}

func (o *Office) note(ctx context.Context, org, id string, bad error, query string, args ...any) error {
	if bad != nil {
		return bad
	}
	if noKey(org, id) {
		return noMessage()
	}
	n, _, err := o.change(ctx, query, append([]any{org, id}, args...)...)
	if err == nil && n == 0 {
		return noMessage()
	}
	return err
}

// Messages lists what was posted for a case, without words, the latest first.
func (o *Office) Messages(ctx context.Context, org, caseID string) ([]share.Message, error) {
	if noKey(org, caseID) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Message, error) {
		m := share.Message{Org: org, Case: caseID}
		var once sql.NullString
		var made int64
		var due, sent sql.NullInt64
		err := rows.Scan(&m.ID, &once, &m.To, &m.About, &made, &due, &m.Tries, &sent, &m.Why, &m.Dead)
		m.Key, m.Made, m.Next, m.SentAt = once.String, fromUnix(made), fromNever(due), fromNever(sent)
		return m, err
	}, selectMessages, org, caseID)
	slices.SortFunc(all, func(a, b share.Message) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(b.ID, a.ID)) })
	return all, err
}

// Posted counts what was posted since a time, to an address and in all.
func (o *Office) Posted(ctx context.Context, org, to string, since time.Time) (them, all int, err error) {
	if noKey(org) || homecase.CheckTexts(to) != nil {
		return 0, 0, nil
	}
	err = o.one(ctx, nil, []any{&them, &all}, countMessages, org, address(to), unix(since))
	return them, all, err
}

// Watch keeps an address that wants to hear of something in a case.
func (o *Office) Watch(ctx context.Context, org string, w share.Watch) error {
	if noKey(org, w.Case) {
		return noCase()
	}
	if err := checkWatch(w); err != nil {
		return err
	}
	_, err := o.put(ctx, noCase(), putWatch, watchArgs(org, w)...)
	return err
}

func checkWatch(w share.Watch) error {
	err := errors.Join(keys(w.About), homecase.CheckTexts(w.To), times(w.Made))
	if w.Link != "" {
		err = errors.Join(err, keys(w.Link))
	}
	return err
}

func watchArgs(org string, w share.Watch) []any {
	return []any{org, w.Case, w.Link, w.About, w.To, unix(w.Made)}
}

// Watches returns who wants to hear of a matter, the first one first.
func (o *Office) Watches(ctx context.Context, org, caseID, about string) ([]share.Watch, error) {
	if noKey(org, caseID, about) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Watch, error) {
		w := share.Watch{Case: caseID, About: about}
		var made int64
		err := rows.Scan(&w.Link, &w.To, &made)
		w.Made = fromUnix(made)
		return w, err
	}, selectWatches, org, caseID, about)
	slices.SortFunc(all, func(a, b share.Watch) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.Link, b.Link)) })
	return all, err
}

// Unwatch forgets an address.
func (o *Office) Unwatch(ctx context.Context, org, caseID, link, about string) error {
	if noKey(org, caseID, about) || homecase.CheckTexts(link) != nil {
		return nil
	}
	_, _, err := o.change(ctx, dropWatch, org, caseID, link, about)
	return err
}

// Sweep takes out, in every organisation, what is over.
func (o *Office) Sweep(ctx context.Context, now, posted time.Time) error {
	if err := times(now, posted); err != nil {
		return err
	}
	for query, before := range map[string]time.Time{
		`DELETE FROM tickets WHERE expires <= $1`:  now,
		`DELETE FROM sessions WHERE expires <= $1`: now,
		`DELETE FROM messages WHERE ended < $1`:    posted,
	} {
		if _, _, err := o.change(ctx, query, unix(before)); err != nil {
			return err
		}
	}
	return nil
}
