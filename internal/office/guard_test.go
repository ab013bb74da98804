package office

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/internal/courier"
	"homecase/ops"
	"homecase/share"
)

// Every answer of every address carries what keeps a page from being framed,
// sniffed, kept, indexed or told to another site.
func TestEveryAnswerIsHardened(t *testing.T) {
	w := newWorld(t)
	want := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Strict-Transport-Security":    "max-age=31536000",
	}
	ask := func(method, target string) {
		t.Helper()
		res := w.send(newRequest(method, target, ""))
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%s %s: %s is %q, want %q", method, target, name, got, value)
			}
		}
		policy := res.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s %s: the policy lacks %q: %s", method, target, part, policy)
			}
		}
		for _, never := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
			if strings.Contains(policy, never) {
				t.Errorf("%s %s: the policy has %q: %s", method, target, never, policy)
			}
		}
		for _, c := range res.Cookies() {
			if c.MaxAge >= 0 { // to take one out is no harm
				t.Errorf("%s %s sets %v for somebody who did nothing", method, target, c)
			}
		}
	}
	for _, r := range w.server.routes() {
		ask(r.method, example(w, r.pattern))
	}
	ask("GET", "/nowhere")
	ask("GET", "/p/"+strings.Repeat("a", 34)+"/nowhere")
}

// example fills a pattern with things of Ines.
func example(w *world, pattern string) string {
	return strings.NewReplacer("{org}", w.ines.org, "{case}", w.ines.caseID, "{sha256}", w.ines.file, "{token}", w.ines.token,
		"{name}", "one-page.pdf", "{rest...}", "x", "{$}", "").Replace(pattern)
}

// A name that somebody pointed at this server is not answered, and neither is a
// form that another site sends.
func TestOtherNamesAndSitesAreRefused(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Hosts = []string{"intranet.example:8443"} })
	for h, status := range map[string]int{
		host: http.StatusNotFound, "CASE.example": http.StatusNotFound, "intranet.example:8443": http.StatusNotFound,
		"evil.example": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest, host + ".evil.example": http.StatusMisdirectedRequest,
		host + ":81": http.StatusMisdirectedRequest, "127.0.0.1": http.StatusMisdirectedRequest,
	} {
		r := newRequest("GET", "/nowhere", "")
		r.Host = h
		if h == "" {
			r.Host = " "
		}
		if got := w.send(r).StatusCode; got != status {
			t.Errorf("host %q: %d, want %d", h, got, status)
		}
	}
	for name, c := range map[string]struct {
		header, value string
		refused       bool
	}{
		"another site":         {"Sec-Fetch-Site", "cross-site", true},
		"a neighbour":          {"Sec-Fetch-Site", "same-site", true},
		"the page itself":      {"Sec-Fetch-Site", "same-origin", false},
		"an old browser":       {"Origin", "https://evil.example", true},
		"an old browser, ours": {"Origin", "https://" + host, false},
		"a hidden origin":      {"Origin", "null", true},
		"no browser":           {"", "", false},
	} {
		for _, rt := range w.server.routes() {
			if rt.method == "GET" {
				continue
			}
			r := newRequest(rt.method, example(w, rt.pattern), "x=1")
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			got := read(t, w.send(r))
			if c.refused != (got.Status == http.StatusForbidden && strings.Contains(got.Body, "another site")) {
				t.Errorf("%s %s from %s: %d %s", rt.method, rt.pattern, name, got.Status, got.Body)
			}
		}
	}
}

// No address sends anybody to another site.
func TestNobodyIsSentElsewhere(t *testing.T) {
	w := newWorld(t)
	targets := []string{"//evil.example/", "/\\evil.example", "/%2f%2fevil.example", "//evil.example/%2e%2e", "/p//evil.example", "/.//evil.example", "/http://evil.example", "/p/" + w.ines.token + "//evil.example"}
	for _, rt := range w.server.routes() {
		for _, name := range []string{"next", "return", "url", "to", "from", "redirect", "r"} {
			targets = append(targets, example(w, rt.pattern)+"?"+name+"=https://evil.example/")
		}
	}
	for _, target := range targets {
		for _, method := range []string{"GET", "POST"} {
			r := newRequest(method, "/", "")
			u, err := url.ParseRequestURI(target)
			if err != nil {
				continue
			}
			r.URL, r.RequestURI = u, target
			to := w.send(r).Header.Get("Location")
			if u, err := url.Parse(to); err != nil || u.Host != "" && u.Host != host || strings.HasPrefix(to, "/\\") {
				t.Errorf("%s %s leads to %q", method, target, to)
			}
		}
	}
	for _, target := range []string{"/p/x", "//evil.example/x", "/a?b=//evil.example"} {
		r := newRequest("GET", "/", "")
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.Host = u, "evil.example"
		seen := newSeen()
		w.server.toHTTPS(seen, r)
		if to := seen.Header().Get("Location"); !strings.HasPrefix(to, "https://"+host+"/") {
			t.Errorf("plain http: %s leads to %q", target, to)
		}
	}
}

// A packed body, a body too large and an unknown field are refused, and nothing is read of what is too much.
func TestBodiesAreBounded(t *testing.T) {
	w := newWorld(t)
	for _, rt := range w.server.routes() {
		if rt.method == "GET" {
			continue
		}
		r := newRequest(rt.method, example(w, rt.pattern), "x=1")
		r.Header.Set("Content-Encoding", "gzip")
		if got := w.send(r).StatusCode; got != http.StatusUnsupportedMediaType {
			t.Errorf("%s %s takes a packed body: %d", rt.method, rt.pattern, got)
		}
	}
	large := []byte(strings.Repeat("x", share.MaxBlob+1))
	got := read(t, w.send(w.ines.signed("PUT", casePathOf(w.ines, "/files/"+share.Hash(large)), "application/pdf", large)))
	if got.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a file too large: %d %s", got.Status, got.Body)
	}
	long := &endless{}
	r := w.ines.signed("POST", casePathOf(w.ines, "/acts"), "application/json", nil)
	r.Body = long
	if got := read(t, w.send(r)); got.Status != http.StatusRequestEntityTooLarge || long.read > maxDelivery+64<<10 {
		t.Errorf("an endless act: %d %s after %d bytes", got.Status, got.Body, long.read)
	}
	// A stranger's body is not read at all.
	long = &endless{}
	nobody := &person{w: w, key: w.stranger()}
	r = nobody.signed("PUT", casePathOf(w.ines, "/files/"+w.ines.file), "application/pdf", nil)
	r.Body = long
	if got := read(t, w.send(r)); got.Status != http.StatusNotFound || long.read > 0 {
		t.Errorf("a stranger: %d after %d bytes", got.Status, long.read)
	}
	for body, code := range map[string]string{
		`{"act":"withdrew","body":{},"signature":"","more":1}`: "HC-API-32",
		`{"act":"withdrew","body":{},"signature":""} {}`:       "HC-API-32",
		`[`:   "HC-API-32",
		``:    "HC-API-32",
		`nul`: "HC-API-32",
		`{"act":"withdrew","body":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `,"signature":""}`: "HC-API-32",
	} {
		got := read(t, w.send(w.ines.signed("POST", casePathOf(w.ines, "/acts"), "application/json", []byte(body))))
		if got.Status != http.StatusBadRequest || !strings.Contains(got.Body, code) {
			t.Errorf("%.60s: %d %s", body, got.Status, got.Body)
		}
	}
}

// endless is a body far beyond its bounds.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 4<<20 {
		return 0, io.EOF
	}
	e.read += len(p)
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
func (e *endless) Close() error { return nil }

// Whoever guesses is slowed down after some tries, alone: others are not.
func TestGuessingIsSlowedDown(t *testing.T) {
	guess := func(w *world, from string) int {
		code, err := share.NewToken(w.office.Random, w.ines.org)
		w.must(err)
		p := &person{w: w, key: w.stranger()}
		r := p.signed("POST", "/api/1/pair", "application/json", asJSON(t, ops.Pairing{Code: code, Name: "Nobody"}))
		r.RemoteAddr = from
		return w.send(r).StatusCode
	}
	w := newWorld(t, func(o *Options) { o.Limits.Pair = Limit{5, time.Minute} })
	var got []int
	for range 7 {
		got = append(got, guess(w, "203.0.113.7:1"))
	}
	if diff := cmp.Diff([]int{404, 404, 404, 404, 404, 429, 429}, got); diff != "" {
		t.Error(diff)
	}
	for from, want := range map[string]int{"203.0.113.7:2": 429, "203.0.113.8:1": 404, "[2001:db8::1]:1": 404} {
		if got := guess(w, from); got != want {
			t.Errorf("from %s: %d, want %d", from, got, want)
		}
	}
	w.later(time.Minute)
	if got := guess(w, "203.0.113.7:1"); got != 404 {
		t.Errorf("a minute later: %d", got)
	}
	// An IPv6 network is one guesser.
	w = newWorld(t, func(o *Options) { o.Limits.Pair = Limit{2, time.Minute} })
	got = nil
	for _, from := range []string{"[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::ffff:3]:1", "[2001:db8:0:1::1]:1"} {
		got = append(got, guess(w, from))
	}
	if diff := cmp.Diff([]int{404, 404, 429, 404}, got); diff != "" {
		t.Error(diff)
	}
}

// What a right request asks is not counted against whoever asks.
func TestWorkspacesAreNotSlowedDown(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Signed = Limit{3, time.Minute} })
	for range 20 {
		if _, err := w.ines.office.Entries(t.Context(), w.ines.org, w.ines.caseID, 0, 10); err != nil {
			t.Fatal(err)
		}
	}
	ask := func() error {
		_, err := w.marek.office.Record(t.Context(), w.ines.org, w.ines.caseID)
		return err
	}
	for range 3 {
		if err := ask(); fault.KindOf(err) != fault.Missing {
			t.Fatal(err)
		}
	}
	impatient, err := courier.New(courier.Options{Address: "https://" + host, Key: w.marek.key, Now: w.clock, Transport: w,
		Sleep: func(context.Context, time.Duration) error { return errors.New("no time") }})
	w.must(err)
	if _, err := impatient.Record(t.Context(), w.ines.org, w.ines.caseID); fault.CodeOf(err) != ops.OfficeAway {
		t.Errorf("the fourth stranger's try: %v", err)
	}
}

// The address of a client is that of the connection, unless a trusted proxy names another.
func TestOnlyTrustedProxiesNameClients(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	})
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.7:1", "", "203.0.113.7/32"},
		{"203.0.113.7:1", "198.51.100.1", "203.0.113.7/32"},
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1/32"},
		{"10.0.0.1:1", "192.0.2.9, 198.51.100.1", "198.51.100.1/32"},
		{"10.0.0.1:1", "198.51.100.1, 10.0.0.2", "198.51.100.1/32"},
		{"10.0.0.1:1", "not an address", "10.0.0.1/32"},
		{"10.0.0.1:1", "198.51.100.1, not an address, 10.0.0.2", "10.0.0.2/32"},
		{"10.0.0.1:1", "", "10.0.0.1/32"},
		{"[::1]:1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{"[::ffff:203.0.113.7]:1", "", "203.0.113.7/32"},
		{"[fe80::1%eth0]:1", "", "fe80::/64"},
		{"@", "198.51.100.1", "invalid Prefix"},
	} {
		r := newRequest("GET", "/", "")
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := w.server.from(r).String(); got != c.want {
			t.Errorf("%s for %s: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

// The counters of strangers take a bounded room.
func TestCountersAreBounded(t *testing.T) {
	l := newLimits(Limits{}, time.Now)
	for i := range 3 * maxCounted {
		l.take(limitMiss, netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}), 32))
	}
	if n := len(l.fresh) + len(l.old); n > 2*maxCounted {
		t.Errorf("%d counters are kept", n)
	}
}

// GET changes nothing, whatever is asked.
func TestGETWritesNothing(t *testing.T) {
	w := newWorld(t)
	before := w.lines()
	for _, rt := range w.server.routes() {
		if rt.method == "GET" {
			target := example(w, rt.pattern)
			w.send(newRequest("GET", target, ""))
			w.send(w.ines.signed("GET", target, "", nil))
		}
	}
	if diff := cmp.Diff(before, w.lines()); diff != "" {
		t.Errorf("a GET wrote:\n%s", diff)
	}
	methods := []string{}
	for _, rt := range w.server.routes() {
		if !slices.Contains(methods, rt.method) {
			methods = append(methods, rt.method)
		}
	}
	slices.Sort(methods)
	if diff := cmp.Diff([]string{"DELETE", "GET", "POST", "PUT"}, methods); diff != "" {
		t.Errorf("another method is served; say what it may do:\n%s", diff)
	}
}
