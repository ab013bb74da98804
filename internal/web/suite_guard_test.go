package web_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"homecase/internal/web"
)

// Whatever a page takes, it takes from the person's own browser alone, and what
// is refused has changed nothing.
func TestEveryPostIsGuarded(t *testing.T) {
	d := worlds()[0].make(t)
	before := d.everything(t)
	posts := 0
	for _, a := range d.addresses(t) {
		if !a.posts {
			continue
		}
		posts++
		for _, c := range []struct {
			name   string
			change func(*http.Request)
		}{
			{"no key", func(r *http.Request) { r.Header.Del("Cookie") }},
			{"another key", func(r *http.Request) { r.Header.Set("Cookie", "homecase=another") }},
			{"another name for this computer", func(r *http.Request) { r.Host = "rebound.example" }},
			{"a form on another site", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }},
			{"a form on another port", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }},
			{"a file opened from disk", func(r *http.Request) { r.Header.Set("Origin", "null") }},
			{"a cross-site request", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		} {
			if status, _ := d.ask(t, http.MethodPost, a.path, "do=more", c.change); status != http.StatusForbidden {
				t.Errorf("POST %s with %s: status %d, want 403", a.path, c.name, status)
			}
		}
		status, body := d.ask(t, http.MethodPost, a.path, "name="+strings.Repeat("a", 2<<20))
		if status != http.StatusBadRequest || !strings.Contains(body, "more than a form can hold") {
			t.Errorf("POST %s with 2 MB: status %d, want 400 and the reason", a.path, status)
		}
		status, _ = d.ask(t, http.MethodPost, a.path, "name=%zz")
		if status != http.StatusBadRequest {
			t.Errorf("POST %s with a broken form: status %d, want 400", a.path, status)
		}
	}
	if after := d.everything(t); after != before {
		t.Errorf("what was refused changed the store:\n%s", after)
	}
	if posts == 0 {
		t.Error("no page takes a form")
	}
}

// A method that a page does not have is refused as such, and changes nothing.
func TestUnknownMethods(t *testing.T) {
	d := worlds()[0].make(t)
	before := d.everything(t)
	for _, a := range d.addresses(t) {
		methods := []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, http.MethodTrace, "BREW"}
		if !a.posts {
			methods = append(methods, http.MethodPost)
		}
		for _, m := range methods {
			allow := ""
			r, err := http.NewRequest(m, d.base+a.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
			res, _ := exchange(t, r)
			allow = res.Header.Get("Allow")
			if res.StatusCode != http.StatusMethodNotAllowed || !strings.HasPrefix(allow, "GET, HEAD") || strings.Contains(allow, "POST") != a.posts {
				t.Errorf("%s %s: status %d, Allow %q", m, a.path, res.StatusCode, allow)
			}
		}
	}
	if after := d.everything(t); after != before {
		t.Errorf("an unknown method changed the store:\n%s", after)
	}
}

// The headers that keep a page to itself stand on every answer, a refusal too.
func TestHeadersOfEveryAnswer(t *testing.T) {
	d := worlds()[0].make(t)
	paths := []string{"/no/such/page", "/enter?key=wrong"}
	for _, a := range d.addresses(t) {
		paths = append(paths, a.path)
	}
	for _, path := range paths {
		r, err := http.NewRequest(http.MethodGet, d.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
		res, _ := exchange(t, r)
		h := res.Header
		if p := h.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; style-src 'self'; script-src 'self';") || strings.Contains(p, "unsafe") {
			t.Errorf("%s: policy %q", path, p)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") == "" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, h)
		}
		if len(h["Set-Cookie"]) > 0 {
			t.Errorf("%s sets a cookie", path)
		}
	}
}

// Clients that send half a request do not keep the person waiting, and are let
// go in the end.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	s, err := web.New(web.Options{Workspace: d.Workspace, Key: key, Hosts: []string{host}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	var slow []net.Conn
	for range 64 {
		c, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Write([]byte("POST /start HTTP/1.1\r\nHost: " + host + "\r\nX-Slow: ")); err != nil {
			t.Fatal(err)
		}
		slow = append(slow, c)
	}
	d.base = "http://" + host
	if status, _ := d.get(t, "/case"); status != http.StatusOK {
		t.Errorf("beside 64 slow clients /case answers %d", status)
	}
	for _, c := range slow[:3] { // waits until the server hangs up; a server that never does fails by the time of the whole run
		if _, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
			continue // told that it took too long
		} else if errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// No address is known twice, and every one begins at the root and ends without
// a slash.
func TestAddresses(t *testing.T) {
	var seen []string
	for _, r := range serve(t).server.Routes() {
		if slices.Contains(seen, r.Path) || !strings.HasPrefix(r.Path, "/") || r.Path != "/" && strings.HasSuffix(r.Path, "/") || r.Path != strings.ToLower(r.Path) {
			t.Errorf("%s is not an address of its own", r.Path)
		}
		seen = append(seen, r.Path)
	}
}
