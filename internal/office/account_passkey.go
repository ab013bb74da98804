package office

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// passkeys are the ceremonies of WebAuthn. Where the office goes by a number and
// not by a name there are none: a passkey belongs to a name.
type passkeys struct{ ceremony *webauthn.WebAuthn }

func newPasskeys(address string) (passkeys, error) {
	u, err := url.Parse(address)
	if err != nil || net.ParseIP(u.Hostname()) != nil {
		return passkeys{}, err
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "homecase", RPOrigins: []string{address}})
	return passkeys{w}, err
}

func (p passkeys) there() error {
	if p.ceremony == nil {
		return fault.New(fault.Finding, "HC-ACCOUNT-70", "This office has no passkeys.").Then("Sign in by e-mail.")
	}
	return nil
}

// holder is an account as the library asks for it.
type holder struct {
	v    *ops.Visitor
	keys []webauthn.Credential
}

// handle names an account to its devices: organisation and account.
func handle(v *ops.Visitor) []byte { return []byte(v.Org.ID + v.Account.ID) }

func (h holder) WebAuthnID() []byte                         { return handle(h.v) }
func (h holder) WebAuthnName() string                       { return h.v.Account.Email }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }
func (h holder) WebAuthnDisplayName() string {
	if h.v.Account.Name != "" {
		return h.v.Account.Name
	}
	return h.v.Account.Email
}

func hold(v *ops.Visitor, keys []share.Passkey) (holder, error) {
	h := holder{v: v}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Data, &c); err != nil {
			return h, fmt.Errorf("a passkey cannot be read: %w", err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// begun is what the page's script gets to begin with.
type begun struct {
	Token   string `json:"token"`
	Options any    `json:"options"`
}

// ended is what the script sends back.
type ended struct {
	Token      string          `json:"token"`
	Name       string          `json:"name"`
	Back       string          `json:"back"`
	Credential json.RawMessage `json:"credential"`
}

// onward tells the script where to go.
type onward struct {
	To string `json:"to"`
}

func readEnded(r *http.Request) (e ended, err error) {
	body, err := readBody(r)
	if err != nil {
		return e, err
	}
	return e, strict(body, &e)
}

// script answers a request of a page's script: always as JSON.
func (s *Server) script(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.answer(w, r, v)
}

func (s *Server) passkeyNew(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	out, err := s.beginNew(r.Context(), v)
	s.script(w, r, out, err)
	return nil
}

func (s *Server) beginNew(ctx context.Context, v *ops.Visitor) (*begun, error) {
	p := s.accounts.passkeys
	if err := p.there(); err != nil {
		return nil, err
	}
	keys, err := s.office.Passkeys(ctx, v)
	if err != nil {
		return nil, err
	}
	h, err := hold(v, keys)
	if err != nil {
		return nil, err
	}
	required := true
	options, session, err := p.ceremony.BeginRegistration(h,
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required, UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return nil, err
	}
	return s.keepCeremony(ctx, v, options, session)
}

func (s *Server) keepCeremony(ctx context.Context, v *ops.Visitor, options any, session *webauthn.SessionData) (*begun, error) {
	data, err := json.Marshal(session)
	if err != nil {
		return nil, err
	}
	token, err := s.office.BeginPasskey(ctx, v, data)
	return &begun{token, options}, err
}

// ceremonyOf takes a ceremony that was begun out, once.
func (s *Server) ceremonyOf(ctx context.Context, v *ops.Visitor, token string) (session webauthn.SessionData, err error) {
	data, err := s.office.EndPasskey(ctx, v, token)
	if err != nil {
		return session, err
	}
	return session, json.Unmarshal(data, &session)
}

func (s *Server) passkeyKeep(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	s.script(w, r, onward{"/account"}, s.endNew(r, v))
	return nil
}

func wrongPasskey(err error) error {
	return fault.New(fault.Forbidden, "HC-ACCOUNT-71", "The passkey was not taken.").Then("Try again, or sign in by e-mail.").Because(err)
}

func (s *Server) endNew(r *http.Request, v *ops.Visitor) error {
	e, err := readEnded(r)
	if err != nil {
		return err
	}
	if err := s.accounts.passkeys.there(); err != nil {
		return err
	}
	session, err := s.ceremonyOf(r.Context(), v, e.Token)
	if err != nil {
		return err
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(e.Credential)
	if err != nil {
		return wrongPasskey(err)
	}
	c, err := s.accounts.passkeys.ceremony.CreateCredential(holder{v: v}, session, made)
	if err != nil {
		return wrongPasskey(err)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.office.KeepPasskey(r.Context(), v, base64.RawURLEncoding.EncodeToString(c.ID), e.Name, data)
}

func (s *Server) passkeyRemove(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	if err := s.office.RemovePasskey(r.Context(), v, r.PostFormValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

func (s *Server) passkeyBegin(w http.ResponseWriter, r *http.Request) {
	out, err := s.beginSignIn(r.Context())
	s.script(w, r, out, err)
}

func (s *Server) beginSignIn(ctx context.Context) (*begun, error) {
	p := s.accounts.passkeys
	if err := p.there(); err != nil {
		return nil, err
	}
	options, session, err := p.ceremony.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return s.keepCeremony(ctx, nil, options, session)
}

func (s *Server) passkeySignIn(w http.ResponseWriter, r *http.Request) {
	in, err := s.endSignIn(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.setCookie(w, sessionCookie, in.Cookie, in.Most)
	s.answer(w, r, onward{ownPath(in.Back)})
}

func (s *Server) endSignIn(r *http.Request) (*ops.SignedIn, error) {
	e, err := readEnded(r)
	if err != nil {
		return nil, err
	}
	if err := s.accounts.passkeys.there(); err != nil {
		return nil, err
	}
	ctx := r.Context()
	session, err := s.ceremonyOf(ctx, nil, e.Token)
	if err != nil {
		return nil, err
	}
	given, err := protocol.ParseCredentialRequestResponseBytes(e.Credential)
	if err != nil {
		return nil, wrongPasskey(err)
	}
	var owner holder
	var keys []share.Passkey
	find := func(_, id []byte) (webauthn.User, error) {
		org, account, ok := splitHandle(id)
		if !ok {
			return nil, fmt.Errorf("a handle of %d bytes", len(id))
		}
		v, kept, err := s.office.PasskeyAccount(ctx, org, account)
		if err != nil {
			return nil, err
		}
		keys = kept
		owner, err = hold(v, kept)
		return owner, err
	}
	_, c, err := s.accounts.passkeys.ceremony.ValidatePasskeyLogin(find, session, given)
	if err != nil {
		return nil, wrongPasskey(err)
	}
	if c.Authenticator.CloneWarning {
		return nil, wrongPasskey(fmt.Errorf("the counter of the passkey went back: there may be a copy of it"))
	}
	id := base64.RawURLEncoding.EncodeToString(c.ID)
	for _, k := range keys {
		if k.ID != id {
			continue
		}
		if k.Data, err = json.Marshal(c); err != nil {
			return nil, err
		}
		return s.office.SignInByPasskey(ctx, owner.v, k, s.cookie(r, sessionCookie), e.Back)
	}
	return nil, wrongPasskey(fmt.Errorf("no such passkey"))
}

// splitHandle is the organisation and the account of a handle.
func splitHandle(id []byte) (org, account string, ok bool) {
	org, _, ok = share.SplitToken(string(id))
	if !ok {
		return "", "", false
	}
	return org, string(id[len(org):]), true
}
