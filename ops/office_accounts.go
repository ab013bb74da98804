package ops

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/internal/press/notice"
	"homecase/share"
)

// How long what opens once stays good, and a browser stays signed in.
const (
	SignInTime    = 15 * time.Minute
	challengeTime = 10 * time.Minute
	sessionMost   = 7 * 24 * time.Hour
	sessionIdle   = 12 * time.Hour
	stampEvery    = 5 * time.Minute
)

// Kinds of tickets.
const (
	ticketSignIn   = "sign-in"
	ticketProvider = "oidc"
	ticketPasskey  = "passkey"
)

// How a session was signed in.
const (
	ByLink     = "link"
	ByProvider = "provider"
	ByPasskey  = "passkey"
)

const (
	maxAccountName = 120
	maxClaim       = 255 // OpenID Connect Core 1.0, section 2
)

// Visitor is somebody signed in.
type Visitor struct {
	Org     *share.Org
	Account *share.Account
	Session *share.Session
}

// Manages tells whether the visitor may invite people.
func (v *Visitor) Manages() bool { return v.Account.Role == share.RoleManager }

// AddAccount lets somebody sign in. An address has one account in an organisation.
func (o *Office) AddAccount(ctx context.Context, org, email, name string, role share.Role) (*share.Account, error) {
	email, err := mail.Typed(email)
	if err != nil {
		return nil, err
	}
	if role != share.RoleReader && role != share.RoleManager {
		return nil, fault.New(fault.Invalid, "HC-ACCOUNT-40", "An account is that of a reader or a manager, not %q.", role)
	}
	if _, err := o.Store.Org(ctx, org); err != nil {
		return nil, err
	}
	switch _, err := o.Store.AccountByEmail(ctx, org, email); {
	case err == nil:
		return nil, fault.New(fault.Conflict, "HC-ACCOUNT-41", "This address has an account already.")
	case fault.KindOf(err) != fault.Missing:
		return nil, err
	}
	token, err := share.NewToken(o.Random, org)
	if err != nil {
		return nil, err
	}
	a := share.Account{ID: token[len(org):], Email: email, Name: notice.Line(name, maxAccountName), Role: role, Made: o.moment()}
	return &a, o.Store.SetAccount(ctx, org, a)
}

// Account is what is shown of somebody who may sign in.
type Account struct {
	Email string     `json:"email"`
	Name  string     `json:"name,omitempty"`
	Role  share.Role `json:"role"`
	Made  time.Time  `json:"made,omitzero"`
}

// Accounts lists those of an organisation, which is given by its id or its name.
func (o *Office) Accounts(ctx context.Context, org string) ([]Account, error) {
	og, err := o.OrgNamed(ctx, org)
	if err != nil {
		return nil, err
	}
	all, err := o.Store.AccountsOf(ctx, og.ID)
	if err != nil {
		return nil, err
	}
	list := make([]Account, len(all))
	for i, a := range all {
		list[i] = Account{a.Email, a.Name, a.Role, a.Made}
	}
	return list, nil
}

// MakeAccount lets somebody sign in to an organisation, which is given by its id or its name.
func (o *Office) MakeAccount(ctx context.Context, org string, a Account) (*Account, error) {
	og, err := o.OrgNamed(ctx, org)
	if err != nil {
		return nil, err
	}
	made, err := o.AddAccount(ctx, og.ID, a.Email, a.Name, a.Role)
	if err != nil {
		return nil, err
	}
	return &Account{made.Email, made.Name, made.Role, made.Made}, nil
}

// TakeOut takes the account of an address out of an organisation, which is given
// by its id or its name, with all that is kept of it.
func (o *Office) TakeOut(ctx context.Context, org, email string) error {
	og, err := o.OrgNamed(ctx, org)
	if err != nil {
		return err
	}
	a, err := o.Store.AccountByEmail(ctx, og.ID, email)
	if err != nil {
		return err
	}
	return o.Store.RemoveAccount(ctx, og.ID, a.ID)
}

func (o *Office) moment() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }

// Rename gives an account another name.
func (o *Office) Rename(ctx context.Context, v *Visitor, name string) error {
	if name = notice.Line(name, maxAccountName); name == "" {
		return fault.New(fault.Invalid, "HC-ACCOUNT-42", "Enter your name.").At(fault.Place{Path: "name"})
	}
	a := *v.Account
	a.Name = name
	return o.Store.SetAccount(ctx, v.Org.ID, a)
}

// signIn is what a ticket of a sign-in holds.
type signIn struct {
	Back string `json:"back,omitempty"`
}

// MailSignIn sends a link to sign in by to an address that has an account, one
// for each organisation where it has. Nothing tells the caller whether it has:
// the work is done after the answer.
func (o *Office) MailSignIn(ctx context.Context, email, back string) error {
	if !o.SendsMail() {
		return noMail()
	}
	email, err := mail.Typed(email)
	if err != nil {
		return err
	}
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return err
	}
	for i := range orgs {
		a, err := o.Store.AccountByEmail(ctx, orgs[i].ID, email)
		if fault.KindOf(err) == fault.Missing {
			continue
		}
		if err != nil {
			return err
		}
		if err := o.mailSignIn(ctx, &orgs[i], a, back); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) mailSignIn(ctx context.Context, og *share.Org, a *share.Account, back string) error {
	if err := o.room(ctx, og.ID, a.Email); err != nil {
		return err
	}
	data, err := json.Marshal(signIn{back})
	if err != nil {
		return err
	}
	token, expires, err := o.ticket(ctx, og.ID, ticketSignIn, a.ID, data, SignInTime)
	if err != nil {
		return err
	}
	m, err := o.write(og, letter{kind: notice.SignIn, key: "sign-in/" + share.HashToken(token), to: a.Email,
		view: notice.View{URL: o.Address + "/sign-in/" + token, Until: expires.Format("15:04 MST on 2 January 2006")}})
	if err != nil {
		return err
	}
	return o.Store.Post(ctx, og.ID, m)
}

func (o *Office) ticket(ctx context.Context, org, kind, account string, data []byte, lasts time.Duration) (token string, expires time.Time, err error) {
	if token, err = share.NewToken(o.Random, org); err != nil {
		return "", expires, err
	}
	expires = o.moment().Add(lasts)
	return token, expires, o.Store.SetTicket(ctx, org, share.Ticket{Hash: share.HashToken(token), Kind: kind, Account: account, Data: data, Expires: expires})
}

// use takes a ticket of a kind out.
func (o *Office) use(ctx context.Context, token, kind string) (org string, t *share.Ticket, err error) {
	over := fault.New(fault.Missing, "HC-ACCOUNT-43", "This was used already, or its time is over.").Then("Begin to sign in again.")
	org, hash, ok := share.SplitToken(token)
	if !ok {
		return "", nil, over
	}
	t, err = o.Store.UseTicket(ctx, org, hash, o.moment())
	if fault.KindOf(err) == fault.Missing || err == nil && t.Kind != kind {
		return "", nil, over
	}
	return org, t, err
}

// SignedIn is a session that has just begun.
type SignedIn struct {
	Cookie string // what the browser keeps; only its hash is kept here
	Most   time.Time
	Back   string
}

// SignInByLink uses the link of an e-mail up. before is what the browser held
// until now: a session in it ends.
func (o *Office) SignInByLink(ctx context.Context, token, before string) (*SignedIn, error) {
	org, t, err := o.use(ctx, token, ticketSignIn)
	if err != nil {
		return nil, err
	}
	var held signIn
	if err := json.Unmarshal(t.Data, &held); err != nil {
		return nil, err
	}
	return o.begin(ctx, org, t.Account, ByLink, before, held.Back)
}

// begin makes a session under a new token, so that one somebody planted before is worth nothing.
func (o *Office) begin(ctx context.Context, org, account, by, before, back string) (*SignedIn, error) {
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return nil, err
	}
	if _, err := o.Store.Account(ctx, org, account); err != nil {
		return nil, err
	}
	if err := o.SignOut(ctx, before); err != nil {
		return nil, err
	}
	token, err := share.NewToken(o.Random, org)
	if err != nil {
		return nil, err
	}
	now := o.moment()
	s := share.Session{Hash: share.HashToken(token), Account: account, By: by, Made: now, Expires: now.Add(sessionMost)}
	if err := o.Store.SetSession(ctx, org, s); err != nil {
		return nil, err
	}
	return &SignedIn{Cookie: stamped(og, token, now), Most: s.Expires, Back: back}, nil
}

// A cookie holds the token, when it was last used and the office's mark of both.
// So a browser left alone is let go of although no request to read writes anything.
func stamped(og *share.Org, token string, at time.Time) string {
	stamp := strconv.FormatInt(at.Unix(), 36)
	return token + "." + stamp + "." + stampMark(og, token, stamp)
}

func stampMark(og *share.Org, token, stamp string) string {
	h := hmac.New(sha256.New, og.Key)
	h.Write([]byte("homecase session 1\n" + token + "\n" + stamp))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// Visitor returns who a cookie belongs to, and the cookie anew where it is time.
// It changes nothing. A cookie that opens nothing is a fault of kind Missing.
func (o *Office) Visitor(ctx context.Context, cookie string) (v *Visitor, renewed string, err error) {
	none := fault.New(fault.Missing, "HC-ACCOUNT-44", "You are not signed in.").Then("Sign in to go on.")
	parts := strings.Split(cookie, ".")
	if len(parts) != 3 {
		return nil, "", none
	}
	org, hash, ok := share.SplitToken(parts[0])
	if !ok {
		return nil, "", none
	}
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return nil, "", missing(err, none)
	}
	seconds, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || !hmac.Equal([]byte(stampMark(og, parts[0], parts[1])), []byte(parts[2])) {
		return nil, "", none
	}
	now, used := o.moment(), time.Unix(seconds, 0)
	if now.Sub(used) > sessionIdle {
		return nil, "", none
	}
	s, err := o.Store.Session(ctx, org, hash)
	if err != nil {
		return nil, "", missing(err, none)
	}
	if !now.Before(s.Expires) {
		return nil, "", none
	}
	a, err := o.Store.Account(ctx, org, s.Account)
	if err != nil {
		return nil, "", missing(err, none)
	}
	if now.Sub(used) >= stampEvery {
		renewed = stamped(og, parts[0], now)
	}
	return &Visitor{og, a, s}, renewed, nil
}

// missing answers alike whatever is not there.
func missing(err error, none *fault.Error) error {
	if fault.KindOf(err) == fault.Missing {
		return none
	}
	return err
}

// SignOut ends the session of a cookie; none there is no fault.
func (o *Office) SignOut(ctx context.Context, cookie string) error {
	token, _, _ := strings.Cut(cookie, ".")
	org, hash, ok := share.SplitToken(token)
	if !ok {
		return nil
	}
	if err := o.Store.EndSession(ctx, org, hash); fault.KindOf(err) != fault.Missing {
		return err
	}
	return nil
}

// SignOutEverywhere ends every session of the visitor's account.
func (o *Office) SignOutEverywhere(ctx context.Context, v *Visitor) error {
	return o.Store.EndSessions(ctx, v.Org.ID, v.Account.ID)
}

// BeginProvider keeps what a sign-in by a provider needs when the browser comes back.
func (o *Office) BeginProvider(ctx context.Context, org string, data []byte) (state string, err error) {
	state, _, err = o.ticket(ctx, org, ticketProvider, "", data, challengeTime)
	return state, err
}

// EndProvider takes it out again, once.
func (o *Office) EndProvider(ctx context.Context, state string) (org string, data []byte, err error) {
	org, t, err := o.use(ctx, state, ticketProvider)
	if err != nil {
		return "", nil, err
	}
	return org, t.Data, nil
}

// Claim is what a provider says of somebody: who they are to it, and an address
// that it has verified.
type Claim struct {
	Issuer, Subject string
	Email           string // empty unless verified
}

// SignInByProvider signs somebody in whom a provider vouches for: the account
// that it signed in before, or one with the address it has verified. It makes no account.
func (o *Office) SignInByProvider(ctx context.Context, org string, c Claim, before, back string) (*SignedIn, error) {
	unknown := fault.New(fault.Forbidden, "HC-ACCOUNT-45", "Your organisation knows you, but there is no account for you here.").Then("Ask a manager to add you.")
	if c.Issuer == "" || c.Subject == "" || len(c.Subject) > maxClaim {
		return nil, unknown
	}
	subject := c.Issuer + " " + c.Subject
	a, err := o.Store.AccountBySubject(ctx, org, subject)
	if err == nil {
		return o.begin(ctx, org, a.ID, ByProvider, before, back)
	}
	if fault.KindOf(err) != fault.Missing {
		return nil, err
	}
	email, err := mail.Typed(c.Email)
	if err != nil {
		return nil, unknown
	}
	a, err = o.Store.AccountByEmail(ctx, org, email)
	if err != nil {
		return nil, missing(err, unknown)
	}
	if a.Subject != "" {
		return nil, unknown // somebody else of the provider has this account
	}
	a.Subject = subject
	if err := o.Store.SetAccount(ctx, org, *a); err != nil {
		return nil, err
	}
	return o.begin(ctx, org, a.ID, ByProvider, before, back)
}

// Nonce is a number nobody can guess, for a handshake.
func (o *Office) Nonce() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(o.Random, b); err != nil {
		return "", fault.New(fault.Internal, "HC-ACCOUNT-55", "This computer gave no random numbers.").Because(err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}
