// Package office is the employer's server over HTTP: the API that workspaces
// publish through, the pages that readers open by a link, and the pages of those
// who sign in. A handler parses, calls one op and shows.
//
// Every address stands in one table with who may use it; guard.go holds what is
// refused before a handler runs. GET never writes. The package opens no
// connection, keeps nothing between requests but counters, and logs the pattern
// of an address, never the address: a token, a name or a question reaches no log.
//
//	s, err := office.New(office.Options{Office: o, Hosts: []string{"case.example"}})
//	http.Serve(listener, s)
package office

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel/trace"

	"homecase/ops"
)

// Options are what a server needs.
type Options struct {
	Office *ops.Office
	// Hosts are the names under which the server answers besides that of
	// Office.Address, with their port where it is not the usual one.
	Hosts []string
	// Proxies are the networks of reverse proxies, whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Limits are how often one address may ask; zero fields take the usual ones.
	Limits Limits
	// Providers sign people in by OpenID Connect.
	Providers []Provider
	// Traces are where spans go; nil makes none.
	Traces trace.TracerProvider
	Log    *slog.Logger
}

// Server is the office as a handler.
type Server struct {
	o        Options
	office   *ops.Office
	log      *slog.Logger
	hosts    []string
	secure   bool // readers reach it by https
	headers  http.Header
	limits   *limits
	meter    *meter
	trace    trace.Tracer
	accounts *accounts
	leaving  atomic.Bool // it is being stopped
	readers  *readers
	handler  http.Handler
}

// access is who an address is for. It decides what the guard asks before its
// handler runs, and what the tests ask of it.
type access int

const (
	forAll       access = iota // whoever: a style sheet, the state of the server
	forWorkspace               // a signed request of a paired workspace
	forReader                  // whoever holds the token in the address
	forAccount                 // whoever has signed in
)

// route is one address.
type route struct {
	method, pattern string // as http.ServeMux writes them
	serve           http.HandlerFunc
	access          access
	// most is how many bytes a body may have; 0 is the size of a form, and noBody is
	// for a handler that reads none and bounds its own time.
	most int64
	// limit is the way of counting that a request falls under; empty counts nothing beyond all requests.
	limit limitKind
}

// New returns a server.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	at, err := url.Parse(o.Office.Address)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" {
		return nil, fmt.Errorf("office: %q is no address such as https://case.example", o.Office.Address)
	}
	s := &Server{o: o, office: o.Office, log: o.Log, secure: at.Scheme == "https", limits: newLimits(o.Limits, o.Office.Now), meter: newMeter()}
	s.headers, s.trace = headers(s.secure), s.tracer()
	for _, h := range append([]string{at.Host}, o.Hosts...) {
		s.hosts = append(s.hosts, strings.ToLower(h))
	}
	if s.accounts, err = s.newAccounts(); err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	if s.readers, err = newReaders(s); err != nil {
		return nil, err
	}
	o.Office.Forgot = s.readers.written.forget
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.method+" "+r.pattern, s.enter(r))
	}
	s.handler = s.guard(mux)
	return s, nil
}

// routes is the table of every address.
func (s *Server) routes() []route {
	return slices.Concat(s.apiRoutes(), s.readers.routes(), s.plainRoutes(), s.accountRoutes())
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
