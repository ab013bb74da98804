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
	findAddress    = `SELECT id FROM accounts WHERE org_id = $1 AND address = $2`
	accountColumns = `SELECT id, email, name, role, subject, made FROM accounts WHERE org_id = $1`

	putTicket = `
INSERT INTO tickets (org_id, hash, kind, account_id, data, expires) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, hash) DO UPDATE
SET kind = EXCLUDED.kind, account_id = EXCLUDED.account_id, data = EXCLUDED.data, expires = EXCLUDED.expires`
	// Those that are over go with the one that is used.
	takeTickets = `
DELETE FROM tickets WHERE org_id = $1 AND (hash = $2 OR expires <= $3)
RETURNING hash, kind, account_id, data, expires`

	putSession = `
INSERT INTO sessions (org_id, hash, account_id, made, expires) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, hash) DO UPDATE SET account_id = EXCLUDED.account_id, made = EXCLUDED.made, expires = EXCLUDED.expires`
	dropOverSessions = `DELETE FROM sessions WHERE org_id = $1 AND account_id = $2 AND expires < $3`
	selectSession    = `SELECT account_id, made, expires FROM sessions WHERE org_id = $1 AND hash = $2`
	dropSession      = `DELETE FROM sessions WHERE org_id = $1 AND hash = $2`
	dropSessions     = `DELETE FROM sessions WHERE org_id = $1 AND account_id = $2`

	putPasskey = `
INSERT INTO passkeys (org_id, id, account_id, name, data, made) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (org_id, id) DO UPDATE SET name = EXCLUDED.name, data = EXCLUDED.data
WHERE passkeys.account_id = EXCLUDED.account_id`
	selectPasskeys = `SELECT id, name, data, made FROM passkeys WHERE org_id = $1 AND account_id = $2`

	listCase     = `INSERT INTO listed (org_id, account_id, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	unlistCase   = `DELETE FROM listed WHERE org_id = $1 AND account_id = $2 AND case_id = $3`
	selectListed = `
SELECT c.id, c.person_key, h.n, h.hash, h.made
FROM listed s JOIN cases c ON c.org_id = s.org_id AND c.id = s.case_id` + lastLine + `
WHERE s.org_id = $1 AND s.account_id = $2`
)

func noAccount() *fault.Error {
	return fault.New(fault.Missing, "HC-STORE-53", "There is no such account here.")
}

// address is an e-mail address as two are compared.
func address(email string) string { return strings.ToLower(email) }

// SetAccount keeps an account, by its id. An address belongs to one account.
func (o *Office) SetAccount(ctx context.Context, org string, a share.Account) error {
	if err := errors.Join(keys(org, a.ID, a.Email), homecase.CheckTexts(a.Name, string(a.Role), a.Subject), times(a.Made)); err != nil {
		return err
	}
	err := o.WithTx(ctx, func(tx *sql.Tx) error {
		var id string
		err := tx.QueryRowContext(ctx, findAddress, org, address(a.Email)).Scan(&id)
		switch {
		case err == nil && id != a.ID:
			return takenAddress()
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
		_, err = tx.ExecContext(ctx, putAccount, org, a.ID, a.Email, address(a.Email), a.Name, string(a.Role), a.Subject, unix(a.Made))
		return o.belongs(err, noOrg())
	})
	if err != nil && o.dialect.Taken(err) { // by somebody who was at it at the same time
		return takenAddress().Because(err)
	}
	return err
}

func takenAddress() *fault.Error {
	return fault.New(fault.Conflict, "HC-STORE-54", "Another account has this address. Nothing was changed.")
}

func scanAccount(scan func(...any) error) (a share.Account, err error) {
	var made int64
	err = scan(&a.ID, &a.Email, &a.Name, &a.Role, &a.Subject, &made)
	a.Made = fromUnix(made)
	return a, err
}

func (o *Office) account(ctx context.Context, org, column, value string) (*share.Account, error) {
	if noKey(org, value) {
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
	missing := fault.New(fault.Missing, "HC-STORE-55", "There is no such ticket here, or it is over.")
	if noKey(org, hash) {
		return nil, missing
	}
	var used *share.Ticket
	err := o.WithTx(ctx, func(tx *sql.Tx) error {
		used = nil
		rows, err := tx.QueryContext(ctx, takeTickets, org, hash, unix(now))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t share.Ticket
			var expires int64
			if err := rows.Scan(&t.Hash, &t.Kind, &t.Account, &t.Data, &expires); err != nil {
				return err
			}
			if t.Expires = fromUnix(expires); t.Hash == hash && t.Expires.After(now) {
				used = &t
			}
		}
		return rows.Err()
	})
	if err == nil && used == nil {
		return nil, missing
	}
	return used, err
}

// SetSession keeps a session; those of the account that are over go.
func (o *Office) SetSession(ctx context.Context, org string, s share.Session) error {
	if err := errors.Join(keys(org, s.Hash, s.Account), times(s.Made, s.Expires)); err != nil {
		return err
	}
	return o.WithTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, dropOverSessions, org, s.Account, unix(s.Made))
		if err == nil {
			_, err = tx.ExecContext(ctx, putSession, org, s.Hash, s.Account, unix(s.Made), unix(s.Expires))
		}
		return o.belongs(err, noAccount())
	})
}

// Session returns a session, also one that is over.
func (o *Office) Session(ctx context.Context, org, hash string) (*share.Session, error) {
	missing := fault.New(fault.Missing, "HC-STORE-56", "There is no such session here.")
	if noKey(org, hash) {
		return nil, missing
	}
	s := share.Session{Hash: hash}
	var made, expires int64
	if err := o.one(ctx, missing, []any{&s.Account, &made, &expires}, selectSession, org, hash); err != nil {
		return nil, err
	}
	s.Made, s.Expires = fromUnix(made), fromUnix(expires)
	return &s, nil
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

// maxPasskey is what 1,023 bytes, the most WebAuthn gives an id, take in base64.
const maxPasskey = 1364

// SetPasskey keeps a credential, by its id. It stays with the account it was made for.
func (o *Office) SetPasskey(ctx context.Context, org string, p share.Passkey) error {
	if err := errors.Join(keys(org, p.Account), homecase.CheckTexts(p.ID, p.Name), times(p.Made)); err != nil {
		return err
	}
	if p.ID == "" || len(p.ID) > maxPasskey {
		return fault.New(fault.Invalid, "HC-STORE-59", "The id of a passkey has 1 to %d bytes.", maxPasskey)
	}
	n, err := o.put(ctx, noAccount(), putPasskey, org, p.ID, p.Account, p.Name, bytes(p.Data), unix(p.Made))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "HC-STORE-57", "Another account has this passkey. Nothing was changed.")
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

// Share puts a case on an account's list, or takes it off.
func (o *Office) Share(ctx context.Context, org, account, caseID string, listed bool) error {
	missing := fault.New(fault.Missing, "HC-STORE-58", "There is no such account or no such case here.")
	if noKey(org, account, caseID) {
		return missing
	}
	query := listCase
	if !listed {
		query = unlistCase
	}
	_, err := o.put(ctx, missing, query, org, account, caseID)
	return err
}

// SharedWith lists the cases of an account's list, the last changed first.
func (o *Office) SharedWith(ctx context.Context, org, account string) ([]share.Head, error) {
	return o.heads(ctx, selectListed, org, account)
}
