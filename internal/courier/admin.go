package courier

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"homecase/fault"
	"homecase/ops"
)

// adminTime is how long a running office may take.
const adminTime = 30 * time.Second

// Admin reaches an office that runs on this computer by its socket.
type Admin struct{ c *Courier }

var _ ops.OfficeAdmin = (*Admin)(nil)

// NewAdmin returns the way to the office that listens on a socket.
func NewAdmin(socket string) *Admin {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: adminTime}).DialContext(ctx, "unix", socket)
	}
	return &Admin{&Courier{base: url.URL{Scheme: "http", Host: "localhost"}, client: &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: adminTime,
	}}}
}

// Organisations lists those of the office.
func (a *Admin) Organisations(ctx context.Context) (list []ops.Organisation, err error) {
	err = a.ask(ctx, http.MethodGet, "/organisations", nil, &list)
	return list, err
}

// MakeOrganisation adds one.
func (a *Admin) MakeOrganisation(ctx context.Context, name string) (*ops.Organisation, error) {
	var made ops.Organisation
	return &made, a.ask(ctx, http.MethodPost, "/organisations", map[string]any{"name": name}, &made)
}

// InvitePerson invites somebody.
func (a *Admin) InvitePerson(ctx context.Context, org, whom string, days int) (*ops.InvitedPerson, error) {
	var made ops.InvitedPerson
	return &made, a.ask(ctx, http.MethodPost, "/invitations", map[string]any{"org": org, "for": whom, "days": days}, &made)
}

// Accounts lists those of an organisation.
func (a *Admin) Accounts(ctx context.Context, org string) (list []ops.Account, err error) {
	err = a.ask(ctx, http.MethodGet, "/accounts?"+url.Values{"org": {org}}.Encode(), nil, &list)
	return list, err
}

// MakeAccount lets somebody sign in.
func (a *Admin) MakeAccount(ctx context.Context, org string, of ops.Account) (*ops.Account, error) {
	var made ops.Account
	return &made, a.ask(ctx, http.MethodPost, "/accounts", map[string]any{"org": org, "email": of.Email, "name": of.Name, "role": of.Role}, &made)
}

// TakeOut takes an account out.
func (a *Admin) TakeOut(ctx context.Context, org, email string) error {
	return a.ask(ctx, http.MethodDelete, "/accounts?"+url.Values{"org": {org}, "email": {email}}.Encode(), nil, &struct{}{})
}

// CameBack notes that a message came back.
func (a *Admin) CameBack(ctx context.Context, r ops.Returned) error {
	return a.ask(ctx, http.MethodPost, "/returned", r, &struct{}{})
}

// ask makes one request, once: an invitation made twice would be two.
func (a *Admin) ask(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, a.c.base.String()+path, &body)
	if err != nil {
		return err
	}
	res, err := a.c.client.Do(req)
	if err != nil {
		return fault.New(fault.Away, "HC-COURIER-09", "Another homecase has this office open and cannot be asked.").Then("Stop it, or look whether it runs well.").Because(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return a.c.unreached(err)
	}
	text, _, err = a.c.judge(res, text)
	if err != nil {
		return err
	}
	return a.c.read(text, out)
}
