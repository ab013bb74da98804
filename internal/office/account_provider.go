package office

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"homecase/fault"
	"homecase/ops"
)

// Provider signs the people of one organisation in by OpenID Connect.
type Provider struct {
	Org    string // whose people
	Name   string // on the button, such as "Fernhill single sign-on"
	Issuer string
	Client string // the id it knows this office by
	Secret string // empty for a public client: PKCE is used either way
}

// provider is one that is asked for its addresses when somebody first uses it,
// so that the office starts while it is down.
type provider struct {
	Provider
	ID     string // its place in the configuration
	back   string
	now    func() time.Time
	client *http.Client

	mu   sync.Mutex
	open *opened
}

type opened struct {
	verifier *oidc.IDTokenVerifier
	flow     oauth2.Config
}

// providerTime bounds a request to a provider.
const providerTime = 10 * time.Second

func newProvider(p Provider, address string, now func() time.Time) (*provider, error) {
	u, err := url.Parse(p.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u.Hostname())) {
		return nil, fmt.Errorf("the issuer of a provider is an address that begins with https://, not %q", p.Issuer)
	}
	if p.Org == "" || p.Name == "" || p.Client == "" {
		return nil, fmt.Errorf("the provider %s needs an organisation, a name and a client id", p.Issuer)
	}
	return &provider{Provider: p, ID: p.Org + "/" + p.Client, back: address + "/sign-in/provider/back", now: now, client: &http.Client{Timeout: providerTime}}, nil
}

// ask reads the provider's addresses, once.
func (p *provider) ask(ctx context.Context) (*opened, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != nil {
		return p.open, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	if err != nil {
		return nil, p.away(err)
	}
	p.open = &opened{
		verifier: found.VerifierContext(oidc.ClientContext(context.Background(), p.client), &oidc.Config{ClientID: p.Client, Now: p.now}),
		flow:     oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: p.back, Scopes: []string{oidc.ScopeOpenID, "email"}},
	}
	return p.open, nil
}

func (p *provider) away(err error) error {
	return fault.New(fault.Finding, "HC-ACCOUNT-62", "%s does not answer as it should.", p.Name).Then("Try again later, or sign in by e-mail.").Because(err)
}

// handshake is what is kept until the browser comes back.
type handshake struct {
	Provider string `json:"provider"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Back     string `json:"back"`
}

// signInProvider sends the browser on. It goes by a page and not by a redirect:
// our pages let no form lead to another site.
func (s *Server) signInProvider(w http.ResponseWriter, r *http.Request) {
	s.open(w, r, s.toProvider(w, r))
}

func (s *Server) toProvider(w http.ResponseWriter, r *http.Request) error {
	p := s.accounts.provider(r.PostFormValue("provider"))
	if p == nil {
		return fault.New(fault.Missing, "HC-ACCOUNT-63", "There is no such way to sign in.")
	}
	open, err := p.ask(r.Context())
	if err != nil {
		s.broke(r, err)
		return err
	}
	nonce, err := s.office.Nonce()
	if err != nil {
		return err
	}
	secret, err := s.office.Nonce()
	if err != nil {
		return err
	}
	h := handshake{Provider: p.ID, Nonce: nonce, Verifier: secret, Back: ownPath(r.PostFormValue("back"))}
	data, err := json.Marshal(h)
	if err != nil {
		return err
	}
	state, err := s.office.BeginProvider(r.Context(), p.Org, data)
	if err != nil {
		return err
	}
	s.setCookie(w, providerCookie, state, s.office.Now().Add(ops.SignInTime))
	to := open.flow.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(secret))
	return s.show(w, http.StatusOK, "go-on", frame{Title: filled(s.accounts.words.Headings["go_on"], "name", p.Name), Refresh: to}, struct{ Name, Address string }{p.Name, to})
}

func (a *accounts) provider(id string) *provider {
	for _, p := range a.providers {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// providerBackPage is where the provider sends the browser. It changes nothing:
// the button does.
func (s *Server) providerBackPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if said := q.Get("error"); said != "" || q.Get("code") == "" {
		s.sorry(w, r, nil, fault.New(fault.Finding, "HC-ACCOUNT-64", "You were not signed in there.").Then("Try again, or sign in by e-mail."))
		return
	}
	view := s.accounts.words.Confirm["one_more"]
	view.Action = "/sign-in/provider/back"
	for _, name := range []string{"state", "code", "iss"} {
		view.Hidden = append(view.Hidden, hidden{name, q.Get(name)})
	}
	s.open(w, r, s.asking(w, view, frame{}))
}

func (s *Server) providerBack(w http.ResponseWriter, r *http.Request) {
	in, err := s.fromProvider(w, r)
	s.enterWith(w, r, in, err)
}

// fromProvider takes the state out, once and only in the browser that began, and
// asks the provider who this is.
func (s *Server) fromProvider(w http.ResponseWriter, r *http.Request) (*ops.SignedIn, error) {
	state := r.PostFormValue("state")
	began := s.cookie(r, providerCookie)
	s.setCookie(w, providerCookie, "", time.Time{})
	if began == "" || !hmac.Equal([]byte(began), []byte(state)) {
		return nil, fault.New(fault.Forbidden, "HC-ACCOUNT-65", "This sign-in was begun in another browser.").Then("Begin again in this one.")
	}
	org, data, err := s.office.EndProvider(r.Context(), state)
	if err != nil {
		return nil, err
	}
	var h handshake
	if err := json.Unmarshal(data, &h); err != nil {
		return nil, err
	}
	p := s.accounts.provider(h.Provider)
	if p == nil || p.Org != org {
		return nil, fault.New(fault.Missing, "HC-ACCOUNT-63", "There is no such way to sign in.")
	}
	if iss := r.PostFormValue("iss"); iss != "" && iss != p.Issuer { // RFC 9207
		return nil, fault.New(fault.Forbidden, "HC-ACCOUNT-66", "The answer came from another provider.").Then("Begin again.")
	}
	claim, err := p.claim(r.Context(), r.PostFormValue("code"), h)
	if err != nil {
		s.broke(r, err)
		return nil, err
	}
	return s.office.SignInByProvider(r.Context(), org, *claim, s.cookie(r, sessionCookie), h.Back)
}

// claim changes the code for an ID token and reads it.
func (p *provider) claim(ctx context.Context, code string, h handshake) (*ops.Claim, error) {
	open, err := p.ask(ctx)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, p.client), providerTime)
	defer stop()
	refused := func(err error) error {
		return fault.New(fault.Forbidden, "HC-ACCOUNT-67", "%s did not vouch for you.", p.Name).Then("Begin again.").Because(err)
	}
	token, err := open.flow.Exchange(ctx, code, oauth2.VerifierOption(h.Verifier))
	if err != nil {
		return nil, refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := open.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, refused(err)
	}
	if id.Nonce == "" || !hmac.Equal([]byte(id.Nonce), []byte(h.Nonce)) {
		return nil, refused(fmt.Errorf("the nonce is another one"))
	}
	var said struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some providers write a word
	}
	if err := id.Claims(&said); err != nil {
		return nil, refused(err)
	}
	c := &ops.Claim{Issuer: id.Issuer, Subject: id.Subject}
	switch v := said.Verified.(type) {
	case bool:
		if v {
			c.Email = said.Email
		}
	case string:
		if ok, err := strconv.ParseBool(v); err == nil && ok {
			c.Email = said.Email
		}
	}
	return c, nil
}
