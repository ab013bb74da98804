package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

const (
	putAccount = `
INSERT INTO accounts (org_id, id, email, address, name, role, subject, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (org_id, id) DO UPDATE
SET email = EXCLUDED.email, address = EXCLUDED.address, name = EXCLUDED.name, role = EXCLUDED.role, subject = EXCLUDED.subject`
	findTaken      = `SELECT id FROM accounts WHERE org_id = $1 AND id <> $2 AND (address = $3 OR subject = $4)`
	accountColumns = `SELECT id, email, name, role, subject, made FROM accounts WHERE org_id = $1`

	dropAccount = `DELETE FROM accounts WHERE org_id = $1 AND id = $2`
	dropTickets = `DELETE FROM tickets WHERE org_id = $1 AND account_id = $2`
	dropListed  = `DELETE FROM listed WHERE org_id = $1 AND account_id = $2`
	dropKeys    = `DELETE FROM passkeys WHERE org_id = $1 AND account_id = $2`
	dropSeen    = `DELETE FROM seen WHERE org_id = $1 AND account_id = $2`

	putTicket = `
INSERT INTO tickets (org_id, hash, kind, account_id, data, expires) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, hash) DO UPDATE
SET kind = EXCLUDED.kind, account_id = EXCLUDED.account_id, data = EXCLUDED.data, expires = EXCLUDED.expires`
	takeTicket = `
DELETE FROM tickets WHERE org_id = $1 AND hash = $2 AND expires > $3 RETURNING kind, account_id, data, expires`

	putSession = `
INSERT INTO sessions (org_id, hash, account_id, signed_by, made, expires) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, hash) DO UPDATE
SET account_id = EXCLUDED.account_id, signed_by = EXCLUDED.signed_by, made = EXCLUDED.made, expires = EXCLUDED.expires`
	selectSession  = `SELECT hash, account_id, signed_by, made, expires FROM sessions WHERE org_id = $1 AND hash = $2`
	selectSessions = `
SELECT hash, account_id, signed_by, made, expires FROM sessions WHERE org_id = $1 AND account_id = $2 AND expires > $3`
	dropSession  = `DELETE FROM sessions WHERE org_id = $1 AND hash = $2`
	dropSessions = `DELETE FROM sessions WHERE org_id = $1 AND account_id = $2`

	putPasskey = `
INSERT INTO passkeys (org_id, id, account_id, name, data, made) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, id) DO UPDATE SET name = EXCLUDED.name, data = EXCLUDED.data
WHERE passkeys.account_id = EXCLUDED.account_id`
	selectPasskeys = `SELECT id, name, data, made FROM passkeys WHERE org_id = $1 AND account_id = $2`

	dropPasskey = `DELETE FROM passkeys WHERE org_id = $1 AND account_id = $2 AND id = $3`

	listCase = `
INSERT INTO listed (org_id, account_id, case_id, link_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, account_id, case_id) DO UPDATE SET link_id = EXCLUDED.link_id`
	unlistCase   = `DELETE FROM listed WHERE org_id = $1 AND account_id = $2 AND case_id = $3`
	selectListed = `
SELECT c.id, c.person_key, h.n, h.hash, h.made, s.link_id
FROM listed s JOIN cases c ON c.org_id = s.org_id AND c.id = s.case_id` + lastEntry + `
WHERE s.org_id = $1 AND s.account_id = $2`

	insertSeen = `
INSERT INTO seen (org_id, case_id, account_id, edition, made) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, case_id, account_id, edition) DO NOTHING`
	selectSeen = `SELECT account_id, edition, made FROM seen WHERE org_id = $1 AND case_id = $2`
)

func noAccount() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-83", "There is no such account here.")
}

// address is an e-mail address as two are compared.
func address(email string) string { return strings.ToLower(email) }

// SetAccount keeps an account, by its id. An address, and what a provider calls
// somebody, belong to one account.
func (o *Office) SetAccount(ctx context.Context, org string, a share.Account) error {
	if err := errors.Join(keys(org, a.ID, a.Email), homecase.CheckTexts(a.Name, string(a.Role), a.Subject), times(a.Made)); err != nil {
		return err
	}
	subject := sql.NullString{String: a.Subject, Valid: a.Subject != ""}
	if len(a.Subject) > maxSubject {
		return fault.New(fault.Invalid, "HC-STORE-90", "What the provider calls this person has more than %d bytes.", maxSubject)
	}
	err := o.WithTx(ctx, func(tx *sql.Tx) error {
		var id string
		switch err := tx.QueryRowContext(ctx, findTaken, org, a.ID, address(a.Email), subject).Scan(&id); {
		case err == nil:
			return taken()
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err := tx.ExecContext(ctx, putAccount, org, a.ID, a.Email, address(a.Email), a.Name, string(a.Role), subject, unix(a.Made))
		return o.belongs(err, noOrg())
	})
	if err != nil && o.dialect.Taken(err) { // by somebody who was at it at the same time
		return taken().Because(err)
	}
	return err
}

// maxSubject keeps a subject well inside what a database can index: OpenID
// Connect Core, section 2, gives it 255 bytes; the rest is the issuer.
const maxSubject = 1000

func taken() *fault.Error {
	return fault.New(fault.Conflict, "HC-STORE-84", "Another account has this address or belongs to this person. Nothing was changed.")
}

func scanAccount(scan func(...any) error) (a share.Account, err error) {
	var made int64
	var subject sql.NullString
	err = scan(&a.ID, &a.Email, &a.Name, &a.Role, &subject, &made)
	a.Subject, a.Made = subject.String, fromUnix(made)
	return a, err
}

func (o *Office) account(ctx context.Context, org, column, value string) (*share.Account, error) {
	if noKey(org) || value == "" || homecase.CheckTexts(value) != nil {
		return nil, noAccount()
	}
	var a share.Account
	err := o.Read(ctx, func(db *sql.DB) (err error) {
		a, err = scanAccount(db.QueryRowContext(ctx, accountColumns+` AND `+column+` = $2`, org, value).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return noAccount()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// Account returns an account.
func (o *Office) Account(ctx context.Context, org, id string) (*share.Account, error) {
	return o.account(ctx, org, "id", id)
}

// AccountByEmail finds an account by its address.
func (o *Office) AccountByEmail(ctx context.Context, org, email string) (*share.Account, error) {
	return o.account(ctx, org, "address", address(email))
}

// AccountBySubject finds an account by what its provider calls it.
func (o *Office) AccountBySubject(ctx context.Context, org, subject string) (*share.Account, error) {
	return o.account(ctx, org, "subject", subject)
}

// AccountsOf lists the accounts of an organisation by address.
func (o *Office) AccountsOf(ctx context.Context, org string) ([]share.Account, error) {
	if noKey(org) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Account, error) { return scanAccount(rows.Scan) }, accountColumns, org)
	slices.SortFunc(all, func(a, b share.Account) int { return cmp.Compare(address(a.Email), address(b.Email)) })
	return all, err
}

// SetTicket keeps something that opens once.
func (o *Office) SetTicket(ctx context.Context, org string, t share.Ticket) error {
	if err := errors.Join(keys(org, t.Hash), homecase.CheckTexts(t.Kind, t.Account), times(t.Expires)); err != nil {
		return err
	}
	_, err := o.put(ctx, noOrg(), putTicket, org, t.Hash, t.Kind, t.Account, bytes(t.Data), unix(t.Expires))
	return err
}

// UseTicket returns a ticket and takes it out.
func (o *Office) UseTicket(ctx context.Context, org, hash string, now time.Time) (*share.Ticket, error) {
	if err := times(now); err != nil {
		return nil, err
	}
	missing := fault.New(fault.Missing, "HC-STORE-85", "There is no such ticket here, or it is over.")
	if noKey(org, hash) {
		return nil, missing
	}
	t := share.Ticket{Hash: hash}
	var expires int64
	err := o.WithTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, takeTicket, org, hash, unix(now)).Scan(&t.Kind, &t.Account, &t.Data, &expires)
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	t.Expires = fromUnix(expires)
	return &t, nil
}

// SetSession keeps a session.
func (o *Office) SetSession(ctx context.Context, org string, s share.Session) error {
	if err := errors.Join(keys(org, s.Hash, s.Account), homecase.CheckTexts(s.By), times(s.Made, s.Expires)); err != nil {
		return err
	}
	_, err := o.put(ctx, noAccount(), putSession, org, s.Hash, s.Account, s.By, unix(s.Made), unix(s.Expires))
	return err
}

func scanSession(scan func(...any) error) (s share.Session, err error) {
	var made, expires int64
	err = scan(&s.Hash, &s.Account, &s.By, &made, &expires)
	s.Made, s.Expires = fromUnix(made), fromUnix(expires)
	return s, err
}

// Session returns a session, also one that is over.
func (o *Office) Session(ctx context.Context, org, hash string) (*share.Session, error) {
	missing := fault.New(fault.Missing, "HC-STORE-86", "There is no such session here.")
	if noKey(org, hash) {
		return nil, missing
	}
	var s share.Session
	err := o.Read(ctx, func(db *sql.DB) (err error) {
		s, err = scanSession(db.QueryRowContext(ctx, selectSession, org, hash).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return missing
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &s, nil
}

// Sessions lists those of an account that are not over, the latest first.
func (o *Office) Sessions(ctx context.Context, org, account string, now time.Time) ([]share.Session, error) {
	if noKey(org, account) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Session, error) { return scanSession(rows.Scan) }, selectSessions, org, account, unix(now))
	slices.SortFunc(all, func(a, b share.Session) int { return cmp.Or(b.Made.Compare(a.Made), cmp.Compare(a.Hash, b.Hash)) })
	return all, err
}

// EndSession ends a session; one that is not there has ended.
func (o *Office) EndSession(ctx context.Context, org, hash string) error {
	if noKey(org, hash) {
		return nil
	}
	_, _, err := o.change(ctx, dropSession, org, hash)
	return err
}

// EndSessions ends every session of an account.
func (o *Office) EndSessions(ctx context.Context, org, account string) error {
	if noKey(org, account) {
		return nil
	}
	_, _, err := o.change(ctx, dropSessions, org, account)
	return err
}

// RemoveAccount takes an account out with all that is kept of it.
func (o *Office) RemoveAccount(ctx context.Context, org, id string) error {
	if noKey(org, id) {
		return noAccount()
	}
	return o.WithTx(ctx, func(tx *sql.Tx) error {
		for _, drop := range []string{dropSessions, dropKeys, dropTickets, dropListed, dropSeen} {
			if _, err := tx.ExecContext(ctx, drop, org, id); err != nil {
				return err
			}
		}
		done, err := tx.ExecContext(ctx, dropAccount, org, id)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err == nil && n == 0 {
			return noAccount()
		}
		return err
	})
}

// maxPasskey is what 1,023 bytes, the most WebAuthn gives an id, take in base64.
const maxPasskey = 1364

// SetPasskey keeps a credential, by its id. It stays with the account it was made for.
func (o *Office) SetPasskey(ctx context.Context, org string, p share.Passkey) error {
	if err := errors.Join(keys(org, p.Account), homecase.CheckTexts(p.ID, p.Name), times(p.Made)); err != nil {
		return err
	}
	if p.ID == "" || len(p.ID) > maxPasskey {
		return fault.New(fault.Invalid, "HC-STORE-89", "The id of a passkey has 1 to %d bytes.", maxPasskey)
	}
	n, err := o.put(ctx, noAccount(), putPasskey, org, p.ID, p.Account, p.Name, bytes(p.Data), unix(p.Made))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "HC-STORE-87", "Another account has this passkey. Nothing was changed.")
	}
	return err
}

// Passkeys lists the credentials of an account, the first made first.
func (o *Office) Passkeys(ctx context.Context, org, account string) ([]share.Passkey, error) {
	if noKey(org, account) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Passkey, error) {
		p := share.Passkey{Account: account}
		var made int64
		err := rows.Scan(&p.ID, &p.Name, &p.Data, &made)
		p.Made = fromUnix(made)
		return p, err
	}, selectPasskeys, org, account)
	slices.SortFunc(all, func(a, b share.Passkey) int { return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// RemovePasskey takes a passkey out.
func (o *Office) RemovePasskey(ctx context.Context, org, account, id string) error {
	if noKey(org, account) || homecase.CheckTexts(id) != nil {
		return nil
	}
	_, _, err := o.change(ctx, dropPasskey, org, account, id)
	return err
}

func noneToShare() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-88", "There is no such account or no such case here.")
}

// Share puts a case on an account's list by the link that led there, or takes it off.
func (o *Office) Share(ctx context.Context, org, account, caseID, link string) error {
	if noKey(org, account, caseID) {
		return noneToShare()
	}
	if link == "" {
		_, _, err := o.change(ctx, unlistCase, org, account, caseID)
		return err
	}
	if err := keys(link); err != nil {
		return err
	}
	_, err := o.put(ctx, noneToShare(), listCase, org, account, caseID, link)
	return err
}

// SharedWith lists the cases of an account's list, the last changed first.
func (o *Office) SharedWith(ctx context.Context, org, account string) ([]share.OpenLink, error) {
	if noKey(org, account) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (l share.OpenLink, err error) {
		l.Head, err = head(rows.Scan, &l.Link)
		return l, err
	}, selectListed, org, account)
	slices.SortFunc(all, func(a, b share.OpenLink) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Case, b.Case)) })
	return all, err
}

// Saw notes that an account said it has read an edition; the first time stands.
func (o *Office) Saw(ctx context.Context, org string, s share.Seen) error {
	if noKey(org, s.Account, s.Case) {
		return noneToShare()
	}
	if err := times(s.At); err != nil {
		return err
	}
	_, err := o.put(ctx, noneToShare(), insertSeen, org, s.Case, s.Account, s.Edition, unix(s.At))
	return err
}

// WhoSaw lists who said so, the first one first.
func (o *Office) WhoSaw(ctx context.Context, org, caseID string) ([]share.Seen, error) {
	if noKey(org, caseID) {
		return nil, nil
	}
	all, err := list(ctx, o.handle, func(rows *sql.Rows) (share.Seen, error) {
		s := share.Seen{Case: caseID}
		var made int64
		err := rows.Scan(&s.Account, &s.Edition, &made)
		s.At = fromUnix(made)
		return s, err
	}, selectSeen, org, caseID)
	slices.SortFunc(all, func(a, b share.Seen) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Edition, b.Edition))
	})
	return all, err
}
