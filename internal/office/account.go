package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"homecase/content"
	"homecase/fault"
	"homecase/ops"
)

// scriptPolicy is that of the two pages that can use a passkey.
const scriptPolicy = pagePolicy + "; script-src 'self'; connect-src 'self'"

// accounts are the pages of those who sign in. Only they set a cookie.
type accounts struct {
	words     accountWords
	providers []*provider
	passkeys  passkeys
	// late is work that goes on after an answer, so that the answer does not tell
	// how much there was; room bounds it.
	late sync.WaitGroup
	room chan struct{}
}

// accountWords are what the pages say besides their templates.
type accountWords struct {
	Headings map[string]string  `json:"headings"`
	Confirm  map[string]confirm `json:"confirm"`
	Next     map[string]string  `json:"next"`
	States   map[string]string  `json:"states"`
	WaysIn   map[string]string  `json:"ways_in"`
	Tabs     map[string]string  `json:"tabs"`
	Foot     map[string]string  `json:"foot"`
}

// lateTime and lateRoom bound work that goes on after an answer.
const (
	lateTime = 30 * time.Second
	lateRoom = 16
)

func (s *Server) newAccounts() (*accounts, error) {
	a := &accounts{room: make(chan struct{}, lateRoom)}
	err := content.DecodeShipped(readerFiles, "office", "data/words/account.yaml", &a.words)
	if err != nil {
		return nil, err
	}
	for _, p := range s.o.Providers {
		one, err := newProvider(p, s.office.Address, s.office.Now)
		if err != nil {
			return nil, err
		}
		a.providers = append(a.providers, one)
	}
	a.passkeys, err = newPasskeys(s.office.Address)
	return a, err
}

// Wait returns when the work that goes on after answers is done.
func (s *Server) Wait() { s.accounts.late.Wait() }

// accountRoutes are the addresses of those who sign in.
func (s *Server) accountRoutes() []route {
	get := func(pattern string, h http.HandlerFunc) route { return route{"GET", pattern, h, forAll, 0, ""} }
	post := func(pattern string, h http.HandlerFunc) route {
		return route{"POST", pattern, h, forAll, 0, limitSignIn}
	}
	in := func(method, pattern string, h visitorHandler) route {
		limit := limitKind("")
		if method == "POST" {
			limit = limitWrite
		}
		return route{method, pattern, s.visited(h), forAccount, 0, limit}
	}
	return []route{
		get("/sign-in", s.signInPage),
		post("/sign-in", s.signInMail),
		get("/sign-in/{token}", s.signInLinkPage),
		post("/sign-in/{token}", s.signInLink),
		post("/sign-in/provider", s.signInProvider),
		get("/sign-in/provider/back", s.providerBackPage),
		post("/sign-in/provider/back", s.providerBack),
		post("/sign-in/passkey/begin", s.passkeyBegin),
		post("/sign-in/passkey", s.passkeySignIn),
		get("/notes", s.notesPage),
		{"POST", "/notes", s.notesStop, forAll, 0, limitWrite},
		in("GET", "/account", s.accountPage),
		in("POST", "/account", s.accountName),
		in("POST", "/account/sign-out", s.signOut),
		in("POST", "/account/sign-out-everywhere", s.signOutEverywhere),
		in("POST", "/account/passkeys/begin", s.passkeyNew),
		in("POST", "/account/passkeys", s.passkeyKeep),
		in("POST", "/account/passkeys/remove", s.passkeyRemove),
		in("GET", "/cases", s.casesPage),
		in("POST", "/cases", s.casesAdd),
		in("GET", "/cases/{case}", s.casePage),
		in("POST", "/cases/{case}/read", s.caseRead),
		in("GET", "/cases/{case}/packet", s.sharedPage((*readers).summary)),
		in("GET", "/cases/{case}/packet/full", s.sharedPage((*readers).full)),
		in("GET", "/cases/{case}/packet/questions", s.sharedPage((*readers).questions)),
		in("GET", "/cases/{case}/packet/law", s.sharedPage((*readers).law)),
		in("GET", "/cases/{case}/packet/files/{name}", s.sharedPage((*readers).file)),
		in("GET", "/cases/{case}/packet/of/{hash}/{name}", s.sharedPage((*readers).part)),
		in("POST", "/cases/{case}/remove", s.caseRemove),
		in("GET", "/p/{token}/keep", s.keepPage),
		in("POST", "/p/{token}/keep", s.keep),
		in("GET", "/people", s.peoplePage),
		in("POST", "/people", s.peopleAdd),
		in("POST", "/people/invite", s.peopleInvite),
		in("POST", "/people/remove", s.peopleRemove),
	}
}

// visitorHandler answers somebody signed in.
type visitorHandler func(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error

// visited lets only those pass who are signed in. Others are shown where to sign
// in, and come back to a page they asked for.
func (s *Server) visited(h visitorHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, renewed, err := s.office.Visitor(r.Context(), s.cookie(r, sessionCookie))
		switch {
		case fault.KindOf(err) == fault.Missing && r.Method == http.MethodGet:
			http.Redirect(w, r, "/sign-in?"+url.Values{"back": {r.URL.Path}}.Encode(), http.StatusSeeOther)
			return
		case fault.KindOf(err) == fault.Missing:
			err = fault.New(fault.Forbidden, "HC-ACCOUNT-44", "You are not signed in.").Then("Sign in to go on.")
		case err == nil:
			if renewed != "" {
				s.setCookie(w, sessionCookie, renewed, v.Session.Expires)
			}
			err = h(w, r, v)
		}
		if err != nil {
			s.sorry(w, r, v, err)
		}
	}
}

// The cookies. Both are the browser's own, sent to this host alone, hidden from
// scripts and from requests that other sites begin.
const (
	sessionCookie  = "homecase"
	providerCookie = "homecase-provider"
)

func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name // plain http is for trying out on one machine
}

func (s *Server) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie keeps a value in the browser until a time; a zero time takes it out.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, until time.Time) {
	c := http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if !until.IsZero() {
		c.MaxAge = max(1, int(until.Sub(s.office.Now()).Seconds()))
	}
	http.SetCookie(w, &c)
}

// frame is what a page has around its own part.
type frame struct {
	Title   string
	Tab     string
	Wrong   string // what is wrong with the form, for the top of the page
	Field   string // the id of the field it is about
	Refresh string // an address to go on to
	Visitor *ops.Visitor
	// Script tells that the page can use a passkey; its script only adds to it.
	Script bool
}

// topBar is above the pages of those who sign in.
type topBar struct {
	Name string
	Tabs []tab
}

type tab struct {
	Address, Words string
	On             bool
}

// show writes a page: the template of that name with its own data, in the frame
// of the readers' pages.
func (s *Server) show(w http.ResponseWriter, status int, name string, f frame, data any) error {
	var body bytes.Buffer
	if err := s.readers.templates.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	words := s.accounts.words
	p := readerPage{Heading: f.Title, Refresh: f.Refresh, Top: &topBar{Name: "homecase"}, Foot: words.Foot["other"], V: template.HTML(body.String())} // written by the templates of this package
	if f.Wrong != "" {
		p.Errors = []problem{{f.Field, f.Wrong}}
	}
	if f.Script {
		p.Script = s.readers.files.folder + passkeyScript
		w.Header().Set("Content-Security-Policy", scriptPolicy)
	}
	if v := f.Visitor; v != nil {
		p.Top.Name, p.Foot = v.Org.Name, filled(words.Foot["signed"], "org", v.Org.Name, "email", v.Account.Email)
		for _, name := range []string{"cases", "people", "account"} {
			if name != "people" || v.Manages() {
				p.Top.Tabs = append(p.Top.Tabs, tab{"/" + name, words.Tabs[name], f.Tab == name})
			}
		}
	}
	s.readers.show(w, status, "account-page", p)
	return nil
}

// said is a page that says one thing.
type said struct {
	Say  []string
	Next *next
}

type next struct{ Address, Words string }

// sorry shows what went wrong.
func (s *Server) sorry(w http.ResponseWriter, r *http.Request, v *ops.Visitor, err error) {
	code := status(err)
	words := s.accounts.words
	heading, view := words.Headings["broke"], said{Say: []string{words.Next["later"]}}
	var one *fault.Error
	switch {
	case code >= http.StatusInternalServerError:
		s.broke(r, err)
	case errors.As(err, &one):
		heading, view.Say = strings.TrimSuffix(one.Say, "."), nil
		if one.Next != "" {
			view.Say = []string{one.Next}
		}
	}
	if v == nil {
		view.Next = &next{"/sign-in", words.Next["sign_in"]}
	} else {
		view.Next = &next{"/cases", words.Next["cases"]}
	}
	if err := s.show(w, code, "said", frame{Title: heading, Visitor: v}, view); err != nil {
		s.broke(r, err)
		s.plain(w, code, heading)
	}
}

// open answers somebody who need not be signed in.
func (s *Server) open(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.sorry(w, r, nil, err)
	}
}

// later does work after the answer; false where too much waits already.
func (s *Server) later(r *http.Request, work func(ctx context.Context) error) bool {
	select {
	case s.accounts.room <- struct{}{}:
	default:
		return false
	}
	ctx := context.WithoutCancel(r.Context())
	s.accounts.late.Go(func() {
		defer func() { <-s.accounts.room }()
		ctx, stop := context.WithTimeout(ctx, lateTime)
		defer stop()
		if err := work(ctx); err != nil {
			s.log.Warn("work after an answer failed", "err", err)
		}
	})
	return true
}

// ownPath is an address to go back to: a path of these pages and nothing else.
func ownPath(back string) string {
	const home = "/cases"
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" ||
		strings.ContainsAny(back, "\\%") || path.Clean(u.Path) != u.Path || len(back) > 200 {
		return home
	}
	for _, own := range []string{"/cases", "/account", "/people"} {
		if back == own || strings.HasPrefix(back, own+"/") {
			return back
		}
	}
	if strings.HasPrefix(back, "/p/") && strings.HasSuffix(back, "/keep") {
		return back
	}
	return home
}
