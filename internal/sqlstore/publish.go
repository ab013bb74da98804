package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

const (
	selectPairing = `SELECT document FROM pairings WHERE org_id = $1`
	putPairing    = `
INSERT INTO pairings (org_id, document) VALUES ($1, $2)
ON CONFLICT (org_id) DO UPDATE SET document = EXCLUDED.document`
	dropPairing = `DELETE FROM pairings WHERE org_id = $1`
)

// Pairing returns the office this workspace publishes to.
func (s *Store) Pairing(ctx context.Context) (*homecase.Pairing, error) {
	var text []byte
	err := s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, selectPairing, s.org).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Missing, "HC-STORE-51", "This workspace is not paired with an office.")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	p, err := homecase.DecodeShared[homecase.Pairing](text)
	return &p, err
}

// SetPairing keeps the office, or takes it out where p is nil. What is also to
// be done happens within the same transaction.
func (s *Store) SetPairing(ctx context.Context, p *homecase.Pairing, also ...func(*sql.Tx) error) error {
	var text []byte
	if p != nil {
		var err error
		if text, err = homecase.EncodePairing(*p); err != nil {
			return err
		}
	}
	return s.WithTx(ctx, func(tx *sql.Tx) (err error) {
		if p == nil {
			_, err = tx.ExecContext(ctx, dropPairing, s.org)
		} else {
			_, err = tx.ExecContext(ctx, putPairing, s.org, string(text))
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
	// A case without a sharing gives one row without one, no case gives none.
	selectSharing = `
SELECT s.document FROM cases c
LEFT JOIN sharings s ON s.org_id = c.org_id AND s.case_id = c.id
WHERE c.org_id = $1 AND c.id = $2`
	putSharing = `
INSERT INTO sharings (org_id, case_id, document) VALUES ($1, $2, $3)
ON CONFLICT (org_id, case_id) DO UPDATE SET document = EXCLUDED.document`
)

// Sharing returns what stands here about a case and its office.
func (s *Store) Sharing(ctx context.Context, id string) (homecase.Sharing, error) {
	if homecase.CheckKey(id) != nil {
		return homecase.Sharing{}, noCase()
	}
	var text sql.NullString
	err := s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, selectSharing, s.org, id).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return noCase()
		}
		return err
	})
	if err != nil || !text.Valid {
		return homecase.Sharing{}, err
	}
	return homecase.DecodeShared[homecase.Sharing]([]byte(text.String))
}

// SetSharing keeps it.
func (s *Store) SetSharing(ctx context.Context, id string, sh homecase.Sharing) error {
	text, err := homecase.EncodeSharing(sh)
	if err != nil {
		return err
	}
	return s.ofCase(ctx, id, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, putSharing, s.org, id, string(text))
		return err
	})
}

// ofCase runs a transaction about a case that is there.
func (s *Store) ofCase(ctx context.Context, id string, change func(*sql.Tx) error) error {
	return s.WithTx(ctx, func(tx *sql.Tx) error {
		if _, err := s.newest(ctx, tx, id); err != nil {
			return err
		}
		return change(tx)
	})
}

const (
	// As selectLog: a case without lines gives one row without an entry.
	selectLines = `
SELECT l.entry FROM cases c
LEFT JOIN shared_lines l ON l.org_id = c.org_id AND l.case_id = c.id AND l.n > $3
WHERE c.org_id = $1 AND c.id = $2 ORDER BY l.n`
	lastLine   = `SELECT COALESCE(MAX(n), 0) FROM shared_lines WHERE org_id = $1 AND case_id = $2`
	insertLine = `INSERT INTO shared_lines (org_id, case_id, n, entry) VALUES ($1, $2, $3, $4)`
	markSent   = `
UPDATE shared_acts SET sent = 1, body = '', signature = '', email = '', refusal = ''
WHERE org_id = $1 AND case_id = $2 AND id = $3 AND token <> ''`
	dropSent  = `DELETE FROM shared_acts WHERE org_id = $1 AND case_id = $2 AND id = $3 AND token = ''`
	dropFiles = `
DELETE FROM shared_files WHERE org_id = $1 AND case_id = $2 AND act = $3 AND media <> 'application/json'`
)

// Lines returns the record of a case behind a line.
func (s *Store) Lines(ctx context.Context, id string, after int64) ([]share.Entry, error) {
	if homecase.CheckKey(id) != nil {
		return nil, noCase()
	}
	texts, err := list(ctx, s.handle, func(rows *sql.Rows) (text sql.NullString, err error) {
		return text, rows.Scan(&text)
	}, selectLines, s.org, id, after)
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, noCase()
	}
	var lines []share.Entry
	for _, text := range texts {
		if !text.Valid {
			continue
		}
		e, err := homecase.DecodeShared[share.Entry]([]byte(text.String))
		if err != nil {
			return nil, err
		}
		lines = append(lines, e)
	}
	return lines, nil
}

// KeepLines adds lines to the record and takes what they hold out of the outbox.
func (s *Store) KeepLines(ctx context.Context, id string, lines []share.Entry, done []string) error {
	texts := make([]string, len(lines))
	for i, e := range lines {
		var b strings.Builder
		out := json.NewEncoder(&b)
		out.SetEscapeHTML(false) // the bytes of a body are what its hash is of
		if err := out.Encode(e); err != nil {
			return fault.New(fault.Invalid, "HC-STORE-52", "A line of the record cannot be written.").Because(err)
		}
		texts[i] = b.String()
	}
	return s.ofCase(ctx, id, func(tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRowContext(ctx, lastLine, s.org, id).Scan(&last); err != nil {
			return err
		}
		for i, e := range lines {
			if e.Line.N != last+1 {
				return fault.New(fault.Conflict, "HC-STORE-53", "Line %d of the record does not follow line %d, which is the last here. Nothing was changed.", e.Line.N, last)
			}
			if _, err := tx.ExecContext(ctx, insertLine, s.org, id, e.Line.N, texts[i]); err != nil {
				return err
			}
			last++
		}
		for _, act := range done {
			for _, statement := range []string{markSent, dropSent, dropFiles} {
				if _, err := tx.ExecContext(ctx, statement, s.org, id, act); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

const (
	selectOutbox = `
SELECT id, act, body, signature, token, email, made, refusal
FROM shared_acts WHERE org_id = $1 AND case_id = $2 AND sent = 0 ORDER BY nth`
	insertAct = `
INSERT INTO shared_acts (org_id, case_id, id, nth, act, body, signature, token, email, made, refusal, sent)
SELECT $1, $2, $3, COALESCE(MAX(nth), 0) + 1, $4, $5, $6, $7, $8, $9, $10, 0
FROM shared_acts WHERE org_id = $1 AND case_id = $2
ON CONFLICT (org_id, case_id, id) DO NOTHING`
	insertShared = `
INSERT INTO shared_files (org_id, case_id, act, hash, media, bytes, made)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, case_id, act, hash) DO NOTHING`
	refuseAct  = `UPDATE shared_acts SET refusal = $4 WHERE org_id = $1 AND case_id = $2 AND id = $3 AND sent = 0`
	dropAct    = `DELETE FROM shared_acts WHERE org_id = $1 AND case_id = $2 AND id = $3`
	dropUnsent = `
DELETE FROM shared_files WHERE org_id = $1 AND case_id = $2 AND act = $3
AND EXISTS (SELECT 1 FROM shared_acts a WHERE a.org_id = $1 AND a.case_id = $2 AND a.id = $3 AND a.sent = 0)`
	selectTokens = `SELECT id, token FROM shared_acts WHERE org_id = $1 AND case_id = $2 AND token <> ''`
	selectShared = `
SELECT media, bytes, made FROM shared_files WHERE org_id = $1 AND case_id = $2 AND hash = $3 ORDER BY made LIMIT 1`
)

// Outbox lists the acts that are not known to stand in the office's record.
func (s *Store) Outbox(ctx context.Context, id string) ([]homecase.Outgoing, error) {
	if _, err := s.Sharing(ctx, id); err != nil {
		return nil, err
	}
	return list(ctx, s.handle, func(rows *sql.Rows) (o homecase.Outgoing, err error) {
		var made int64
		err = rows.Scan(&o.ID, &o.Act, &o.Body, &o.Signature, &o.Token, &o.Email, &made, &o.Refusal)
		o.Made = fromUnix(made)
		return o, err
	}, selectOutbox, s.org, id)
}

// PutOut keeps an act with its files before it is sent.
func (s *Store) PutOut(ctx context.Context, id string, o homecase.Outgoing, files []share.Blob) error {
	if err := o.Check(); err != nil {
		return err
	}
	return s.ofCase(ctx, id, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, insertAct, s.org, id, o.ID, string(o.Act), string(o.Body), o.Signature, o.Token, string(o.Email), unix(o.Made), o.Refusal))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "HC-STORE-54", "This is on its way already.")
		}
		for _, f := range files {
			if _, err := tx.ExecContext(ctx, insertShared, s.org, id, o.ID, f.Hash, f.Media, f.Bytes, unix(f.Made)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Refused notes that the office refused an act, and why.
func (s *Store) Refused(ctx context.Context, id, act, why string) error {
	if err := (homecase.Outgoing{ID: act, Refusal: why}).Check(); err != nil {
		return err
	}
	return s.ofCase(ctx, id, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, refuseAct, s.org, id, act, why))
		if err == nil && n == 0 {
			return fault.New(fault.Missing, "HC-STORE-55", "No such act is on its way.")
		}
		return err
	})
}

// TakeOut takes an act out of the outbox with its files, or forgets the token of
// one that was sent.
func (s *Store) TakeOut(ctx context.Context, id, act string) error {
	return s.ofCase(ctx, id, func(tx *sql.Tx) error {
		for _, statement := range []string{dropUnsent, dropAct} {
			if _, err := tx.ExecContext(ctx, statement, s.org, id, act); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tokens returns the tokens of links by the ids of the acts that began them.
func (s *Store) Tokens(ctx context.Context, id string) (map[string]string, error) {
	if _, err := s.Sharing(ctx, id); err != nil {
		return nil, err
	}
	pairs, err := list(ctx, s.handle, func(rows *sql.Rows) (p [2]string, err error) {
		return p, rows.Scan(&p[0], &p[1])
	}, selectTokens, s.org, id)
	tokens := make(map[string]string, len(pairs))
	for _, p := range pairs {
		tokens[p[0]] = p[1]
	}
	return tokens, err
}

// SharedFile returns a file of an act.
func (s *Store) SharedFile(ctx context.Context, id, hash string) (*share.Blob, error) {
	missing := fault.New(fault.Missing, "HC-STORE-56", "There is no such file here.")
	if homecase.CheckKey(id) != nil || homecase.CheckKey(hash) != nil {
		return nil, missing
	}
	b := share.Blob{Hash: hash}
	var made int64
	err := s.Read(ctx, func(db *sql.DB) error {
		err := db.QueryRowContext(ctx, selectShared, s.org, id, hash).Scan(&b.Media, &b.Bytes, &made)
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	b.Made = fromUnix(made)
	return &b, nil
}
