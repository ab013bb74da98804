package office

import (
	"context"
	"net/http"
	"strings"
	"time"

	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/ops"
	"homecase/share"
)

// signInView is the page to sign in on.
type signInView struct {
	Mail      bool
	Passkeys  bool
	Email     string
	Back      string
	Wrong     string
	Providers []*provider
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request) {
	s.open(w, r, s.showSignIn(w, r, http.StatusOK, signInView{Back: ownPath(r.URL.Query().Get("back"))}))
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, code int, v signInView) error {
	v.Mail, v.Passkeys = s.office.SendsMail(), s.accounts.passkeys.there() == nil
	providers, err := s.providersFor(r)
	if err != nil {
		return err
	}
	v.Providers = providers
	f := frame{Title: s.accounts.words.Headings["sign_in"], Script: true}
	if v.Wrong != "" {
		f.Wrong, f.Field = v.Wrong, "email"
	}
	return s.show(w, code, "sign-in", f, v)
}

// providersFor are the providers to offer. Where many organisations share a
// server, one learns of no other: its providers are offered at its own address.
func (s *Server) providersFor(r *http.Request) ([]*provider, error) {
	org := r.FormValue("org")
	if org == "" {
		orgs, err := s.office.Store.Orgs(r.Context())
		if err != nil || len(orgs) != 1 {
			return nil, err
		}
		org = orgs[0].ID
	}
	var out []*provider
	for _, p := range s.accounts.providers {
		if p.Org == org {
			out = append(out, p)
		}
	}
	return out, nil
}

// signInMail answers alike whether an address has an account or not, and takes
// as long: what is to be done is done after the answer.
func (s *Server) signInMail(w http.ResponseWriter, r *http.Request) {
	email, back := strings.TrimSpace(r.PostFormValue("email")), ownPath(r.PostFormValue("back"))
	typed, err := mail.Typed(email)
	if err != nil {
		s.open(w, r, s.showSignIn(w, r, http.StatusBadRequest, signInView{Email: email, Back: back, Wrong: err.Error()}))
		return
	}
	if !s.office.SendsMail() {
		s.open(w, r, s.office.MailSignIn(r.Context(), typed, back))
		return
	}
	if !s.later(r, func(ctx context.Context) error { return s.office.MailSignIn(ctx, typed, back) }) {
		s.plain(w, http.StatusServiceUnavailable, "Many people sign in at this moment. Try again in a minute.")
		return
	}
	s.open(w, r, s.show(w, http.StatusOK, "sent", frame{Title: s.accounts.words.Headings["sent"]}, typed))
}

// confirm is a page with one button: what it does happens by POST alone, so that
// programs that follow every link in a message change nothing.
type confirm struct {
	Heading string `json:"heading"`
	Say     string `json:"say"`
	Press   string `json:"press,omitempty"`
	Back    string `json:"else,omitempty"`

	Action string
	Hidden []hidden
	Else   *next
}

// asking shows a page with one button.
func (s *Server) asking(w http.ResponseWriter, view confirm, f frame) error {
	f.Title = view.Heading
	return s.show(w, http.StatusOK, "confirm", f, view)
}

type hidden struct{ Name, Value string }

func (s *Server) signInLinkPage(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if _, _, ok := share.SplitToken(token); !ok {
		s.sorry(w, r, nil, fault.New(fault.Missing, "HC-ACCOUNT-43", "This link is not whole.").Then("Copy the whole address from the message."))
		return
	}
	// Whether the link still opens is not looked up: this page is the same for all.
	view := s.accounts.words.Confirm["sign_in"]
	view.Action = "/sign-in/" + token
	s.open(w, r, s.asking(w, view, frame{}))
}

func (s *Server) signInLink(w http.ResponseWriter, r *http.Request) {
	in, err := s.office.SignInByLink(r.Context(), r.PathValue("token"), s.cookie(r, sessionCookie))
	s.enterWith(w, r, in, err)
}

// enterWith gives the browser its session and goes on to the page that was asked for.
func (s *Server) enterWith(w http.ResponseWriter, r *http.Request, in *ops.SignedIn, err error) {
	if err != nil {
		s.sorry(w, r, nil, err)
		return
	}
	s.setCookie(w, sessionCookie, in.Cookie, in.Most)
	http.Redirect(w, r, ownPath(in.Back), http.StatusSeeOther)
}

// sayOf is what a form says of a fault the person can mend, and the field it is about.
func sayOf(err error) (say, at string) {
	f, ok := err.(*fault.Error)
	if !ok || f.Kind == fault.Internal || f.Kind == fault.Missing || f.Kind == fault.Forbidden {
		return "", ""
	}
	return strings.TrimSpace(f.Say + " " + f.Next), f.Place.Path
}

// accountView is the page of one's own account.
type accountView struct {
	Name, Wrong string
	Passkeys    bool
	Keys        []keyRow
	Sessions    []sessionRow
}

type keyRow struct{ ID, Name, Made string }

type sessionRow struct {
	Made, Expires, By string
	This              bool
}

const dateTime = "2 January 2006, 15:04 MST"

func (s *Server) accountPage(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	return s.showAccount(w, r, v, http.StatusOK, accountView{Name: v.Account.Name})
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, v *ops.Visitor, code int, view accountView) error {
	view.Passkeys = s.accounts.passkeys.there() == nil
	keys, err := s.office.Passkeys(r.Context(), v)
	if err != nil {
		return err
	}
	for _, k := range keys {
		view.Keys = append(view.Keys, keyRow{k.ID, k.Name, k.Made.UTC().Format("2 January 2006")})
	}
	sessions, err := s.office.Store.Sessions(r.Context(), v.Org.ID, v.Account.ID, s.office.Now())
	if err != nil {
		return err
	}
	for _, x := range sessions {
		view.Sessions = append(view.Sessions, sessionRow{x.Made.UTC().Format(dateTime), x.Expires.UTC().Format(dateTime), s.accounts.words.WaysIn[x.By], x.Hash == v.Session.Hash})
	}
	f := frame{Title: s.accounts.words.Headings["account"], Tab: "account", Visitor: v, Script: true}
	if view.Wrong != "" {
		f.Wrong, f.Field = view.Wrong, "name"
	}
	return s.show(w, code, "account", f, view)
}

func (s *Server) accountName(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	name := r.PostFormValue("name")
	if err := s.office.Rename(r.Context(), v, name); err != nil {
		say, _ := sayOf(err)
		if say == "" {
			return err
		}
		return s.showAccount(w, r, v, http.StatusBadRequest, accountView{Name: name, Wrong: say})
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, _ *ops.Visitor) error {
	if err := s.office.SignOut(r.Context(), s.cookie(r, sessionCookie)); err != nil {
		return err
	}
	return s.signedOut(w, r)
}

func (s *Server) signOutEverywhere(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	if err := s.office.SignOutEverywhere(r.Context(), v); err != nil {
		return err
	}
	return s.signedOut(w, r)
}

func (s *Server) signedOut(w http.ResponseWriter, r *http.Request) error {
	s.setCookie(w, sessionCookie, "", time.Time{})
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}
