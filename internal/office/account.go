package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"homecase/fault"
	"homecase/internal/press/font"
	"homecase/ops"
)

//go:embed data/account
var accountFiles embed.FS

// accountAssets is where the style and the script of these pages are.
const accountAssets = "/account/assets/"

// scriptPolicy is that of the two pages that can use a passkey.
const scriptPolicy = pagePolicy + "; script-src 'self'; connect-src 'self'"

// accounts are the pages of those who sign in. Only they set a cookie.
type accounts struct {
	pages     *template.Template
	assets    map[string]asset
	providers []*provider
	passkeys  passkeys
	// late is work that goes on after an answer, so that the answer does not tell
	// how much there was; room bounds it.
	late sync.WaitGroup
	room chan struct{}
}

// asset is a file that never changes under its address.
type asset struct {
	kind string
	data []byte
}

// lateTime and lateRoom bound work that goes on after an answer.
const (
	lateTime = 30 * time.Second
	lateRoom = 16
)

func (s *Server) newAccounts() (*accounts, error) {
	a := &accounts{assets: map[string]asset{}, room: make(chan struct{}, lateRoom)}
	var err error
	if a.pages, err = template.ParseFS(accountFiles, "data/account/*.html"); err != nil {
		return nil, err
	}
	var css strings.Builder
	for _, f := range []struct {
		name, weight string
		data         []byte
	}{{"hanken-400.woff2", "400", font.WebSans}, {"hanken-700.woff2", "700", font.WebSansBold}} {
		at := a.add(f.name, "font/woff2", f.data)
		css.WriteString(`@font-face{font-family:"Hanken Grotesk";src:url(` + at + `) format("woff2");font-weight:` + f.weight + ";font-display:swap}\n")
	}
	rules, err := accountFiles.ReadFile("data/account/account.css")
	if err != nil {
		return nil, err
	}
	a.add("account.css", "text/css; charset=utf-8", append([]byte(css.String()), rules...))
	script, err := accountFiles.ReadFile("data/account/passkey.js")
	if err != nil {
		return nil, err
	}
	a.add("passkey.js", "text/javascript; charset=utf-8", script)
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

func (a *accounts) add(name, kind string, data []byte) (address string) {
	sum := sha256.Sum256(data)
	address = accountAssets + hex.EncodeToString(sum[:6]) + "/" + name
	a.assets[address] = asset{kind, data}
	return address
}

// at is the address of a file by its name.
func (a *accounts) at(name string) string {
	for address := range a.assets {
		if path.Base(address) == name {
			return address
		}
	}
	return ""
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
		get(accountAssets+"{hash}/{name}", s.accountAsset),
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
	// Script names the page's own script, which only adds to it.
	Script string

	Style string
	Body  template.HTML
}

// show writes a page: the template of that name with its own data, in the frame.
func (s *Server) show(w http.ResponseWriter, status int, name string, f frame, data any) error {
	var body bytes.Buffer
	if err := s.accounts.pages.ExecuteTemplate(&body, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	f.Body, f.Style = template.HTML(body.String()), s.accounts.at("account.css") // written by the templates of this package
	h := w.Header()
	if f.Script != "" {
		f.Script = s.accounts.at(f.Script)
		h.Set("Content-Security-Policy", scriptPolicy)
	}
	var page bytes.Buffer
	if err := s.accounts.pages.ExecuteTemplate(&page, "frame", f); err != nil {
		return fmt.Errorf("the frame: %w", err)
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the browser is gone: nobody is left to tell
	return nil
}

// said is a page that says one thing.
type said struct {
	Heading string
	Say     []string
	Next    *next
}

type next struct{ Address, Words string }

// sorry shows what went wrong.
func (s *Server) sorry(w http.ResponseWriter, r *http.Request, v *ops.Visitor, err error) {
	code := status(err)
	view := said{Heading: "The office could not do this", Say: []string{"Try again later."}}
	var one *fault.Error
	switch {
	case code >= http.StatusInternalServerError:
		s.broke(r, err)
	case errors.As(err, &one):
		view.Heading, view.Say = strings.TrimSuffix(one.Say, "."), nil
		if one.Next != "" {
			view.Say = []string{one.Next}
		}
	}
	if v == nil {
		view.Next = &next{"/sign-in", "Sign in"}
	} else {
		view.Next = &next{"/cases", "Your cases"}
	}
	if err := s.show(w, code, "said", frame{Title: view.Heading, Visitor: v}, view); err != nil {
		s.broke(r, err)
		s.plain(w, code, view.Heading)
	}
}

// open answers somebody who need not be signed in.
func (s *Server) open(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.sorry(w, r, nil, err)
	}
}

func (s *Server) accountAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.accounts.assets[r.URL.Path]
	if !ok {
		s.plain(w, http.StatusNotFound, "There is no such page.")
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.data) // the browser is gone: nobody is left to tell
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
		if back == own || strings.HasPrefix(back, own+"/") && !strings.HasPrefix(back, accountAssets) {
			return back
		}
	}
	if strings.HasPrefix(back, "/p/") && strings.HasSuffix(back, "/keep") {
		return back
	}
	return home
}
