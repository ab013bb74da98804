package ops

import (
	"context"
	"encoding/json"

	"homecase/fault"
	"homecase/internal/press/notice"
	"homecase/share"
)

// maxPasskeys is how many passkeys an account has at most.
const maxPasskeys = 10

// challenge is what a ticket of a passkey holds. Data is the library's own.
type challenge struct {
	Account string          `json:"account,omitempty"`
	Data    json.RawMessage `json:"data"`
}

// BeginPasskey keeps the challenge of a ceremony; v is nil where somebody signs in.
func (o *Office) BeginPasskey(ctx context.Context, v *Visitor, data []byte) (token string, err error) {
	c := challenge{Data: data}
	org := ""
	if v != nil {
		org, c.Account = v.Org.ID, v.Account.ID
		if keys, err := o.Passkeys(ctx, v); err != nil || len(keys) >= maxPasskeys {
			return "", orElse(err, fault.New(fault.Finding, "HC-ACCOUNT-51", "An account has at most %d passkeys.", maxPasskeys).Then("Take one out first."))
		}
	} else if org, err = o.anyOrg(ctx); err != nil {
		return "", err
	}
	held, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	token, _, err = o.ticket(ctx, org, ticketPasskey, c.Account, held, challengeTime)
	return token, err
}

func orElse(err error, other error) error {
	if err != nil {
		return err
	}
	return other
}

// anyOrg is where a challenge is kept before anybody knows whose it will be.
func (o *Office) anyOrg(ctx context.Context) (string, error) {
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return "", err
	}
	if len(orgs) == 0 {
		return "", fault.New(fault.Missing, "HC-ACCOUNT-52", "This office has no organisation yet.")
	}
	return orgs[0].ID, nil
}

// EndPasskey takes a challenge out, once, for the one it was made for.
func (o *Office) EndPasskey(ctx context.Context, v *Visitor, token string) ([]byte, error) {
	_, t, err := o.use(ctx, token, ticketPasskey)
	if err != nil {
		return nil, err
	}
	var c challenge
	if err := json.Unmarshal(t.Data, &c); err != nil {
		return nil, err
	}
	if v == nil && c.Account != "" || v != nil && c.Account != v.Account.ID {
		return nil, fault.New(fault.Forbidden, "HC-ACCOUNT-53", "This passkey was begun by somebody else.")
	}
	return c.Data, nil
}

// Passkeys lists those of the visitor's account.
func (o *Office) Passkeys(ctx context.Context, v *Visitor) ([]share.Passkey, error) {
	return o.Store.Passkeys(ctx, v.Org.ID, v.Account.ID)
}

// KeepPasskey keeps a passkey of the visitor's account under a name.
func (o *Office) KeepPasskey(ctx context.Context, v *Visitor, id, name string, data []byte) error {
	if name = notice.Line(name, maxAccountName); name == "" {
		name = "Passkey"
	}
	return o.Store.SetPasskey(ctx, v.Org.ID, share.Passkey{ID: id, Account: v.Account.ID, Name: name, Data: data, Made: o.moment()})
}

// RemovePasskey takes a passkey out of the visitor's account.
func (o *Office) RemovePasskey(ctx context.Context, v *Visitor, id string) error {
	return o.Store.RemovePasskey(ctx, v.Org.ID, v.Account.ID, id)
}

// PasskeyAccount returns the account that a passkey says it belongs to, with its passkeys.
func (o *Office) PasskeyAccount(ctx context.Context, org, account string) (*Visitor, []share.Passkey, error) {
	none := fault.New(fault.Missing, "HC-ACCOUNT-54", "This passkey is not known here.")
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return nil, nil, missing(err, none)
	}
	a, err := o.Store.Account(ctx, org, account)
	if err != nil {
		return nil, nil, missing(err, none)
	}
	v := &Visitor{Org: og, Account: a}
	keys, err := o.Passkeys(ctx, v)
	return v, keys, err
}

// SignInByPasskey signs the owner of a passkey in that was just proved, and
// keeps what its use has changed.
func (o *Office) SignInByPasskey(ctx context.Context, v *Visitor, used share.Passkey, before, back string) (*SignedIn, error) {
	if err := o.Store.SetPasskey(ctx, v.Org.ID, used); err != nil {
		return nil, err
	}
	return o.begin(ctx, v.Org.ID, v.Account.ID, ByPasskey, before, back)
}
