package office

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/share"
)

// readerRequests has an entry for every address of readers, each as somebody
// with a token would ask for it.
func readerRequests(of *person) map[string]func(token string) *http.Request {
	get := func(rest string) func(string) *http.Request {
		return func(token string) *http.Request { return newRequest("GET", "/p/"+token+rest, "") }
	}
	post := func(rest string, form url.Values) func(string) *http.Request {
		return func(token string) *http.Request {
			form.Set("id", "guess")
			r := newRequest("POST", "/p/"+token+rest, form.Encode())
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			return r
		}
	}
	document := ""
	if of != nil {
		document = of.document
	}
	return map[string]func(token string) *http.Request{
		"GET /p/{token}":                  get(""),
		"GET /p/{token}/full":             get("/full"),
		"GET /p/{token}/questions":        get("/questions"),
		"GET /p/{token}/law":              get("/law"),
		"GET /p/{token}/ask":              get("/ask?at=ask"),
		"POST /p/{token}/ask":             post("/ask", url.Values{"edition": {"1"}, "text": {"Why?"}}),
		"GET /p/{token}/decide":           get("/decide?a=agree"),
		"POST /p/{token}/decide":          post("/decide", url.Values{"a": {"agree"}, "edition": {"1"}, "statement": {"yes"}}),
		"GET /p/{token}/decided":          get("/decided"),
		"POST /p/{token}/undo":            post("/undo", url.Values{"decision": {"d"}}),
		"POST /p/{token}/copy":            post("/copy", url.Values{"to": {"dana@fernhill.example"}}),
		"GET /p/{token}/trial":            get("/trial"),
		"POST /p/{token}/trial/confirm":   post("/trial/confirm", url.Values{"planning": {"p"}}),
		"POST /p/{token}/trial/stop":      post("/trial/stop", url.Values{}),
		"POST /p/{token}/trial/next":      post("/trial/next", url.Values{"way": {"stop"}}),
		"POST /p/{token}/trial/notes":     post("/trial/notes", url.Values{"to": {"dana@fernhill.example"}}),
		"GET /p/{token}/files/{name}":     get("/files/one-page.pdf"),
		"GET /p/{token}/of/{hash}/{name}": get("/of/" + document + "/working.json"),
		"GET /p/{token}/meeting.ics":      get("/meeting.ics"),
		"GET /p/{token}/record.json":      get("/record.json"),
	}
}

// counting is a store that counts what it is asked.
type counting struct {
	share.Store
	mu    sync.Mutex
	calls []string
}

func (c *counting) note(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
}

func (c *counting) taken() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer func() { c.calls = nil }()
	return strings.Join(c.calls, " ")
}

func (c *counting) Org(ctx context.Context, org string) (*share.Org, error) {
	c.note("org")
	return c.Store.Org(ctx, org)
}
func (c *counting) Head(ctx context.Context, org, caseID string) (*share.Head, error) {
	c.note("head")
	return c.Store.Head(ctx, org, caseID)
}
func (c *counting) Entries(ctx context.Context, org, caseID string, after int64, limit int) ([]share.Entry, error) {
	c.note("entries")
	return c.Store.Entries(ctx, org, caseID, after, limit)
}
func (c *counting) Blob(ctx context.Context, org, caseID, hash string) (*share.Blob, error) {
	c.note("blob")
	return c.Store.Blob(ctx, org, caseID, hash)
}
func (c *counting) LinkByToken(ctx context.Context, org, hash string, now time.Time) (*share.OpenLink, error) {
	c.note("link")
	return c.Store.LinkByToken(ctx, org, hash, now)
}
func (c *counting) HeadByToken(ctx context.Context, org, hash string, now time.Time) (string, error) {
	c.note("link")
	return c.Store.HeadByToken(ctx, org, hash, now)
}
func (c *counting) PageByToken(ctx context.Context, org, hash string, now time.Time) (*share.OpenLink, []byte, error) {
	c.note("link")
	return c.Store.PageByToken(ctx, org, hash, now)
}
func (c *counting) Append(ctx context.Context, org string, a share.Append) error {
	c.note("append")
	return c.Store.Append(ctx, org, a)
}

// A token that opens nothing is answered in the same bytes and headers, after
// the same look-up, at every address of readers: one that nobody made, of an
// organisation that is not there, in no form at all, ended, expired or taken back.
func TestTokensThatOpenNothingAreAlike(t *testing.T) {
	w := newWorld(t)
	store := &counting{Store: w.office.Store}
	w.office.Store = store
	link := func(name string, expires time.Time) string {
		token, err := share.NewToken(rand.Reader, w.ines.org)
		w.must(err)
		w.ines.do(share.Linking{Key: w.ines.id(), Link: name, Token: share.HashToken(token), Reader: "HR", Expires: expires, Questions: true})
		return token
	}
	unknown, err := share.NewToken(rand.Reader, w.ines.org)
	w.must(err)
	ended, over := link("ended", time.Time{}), link("over", w.clock().Add(time.Hour))
	w.ines.do(share.Unlinking{Key: w.ines.id(), Link: "ended"})
	w.marek.do(share.Withdrawal{Key: w.marek.id()})
	w.later(2 * time.Hour)
	w.send(newRequest("GET", "/p/"+w.ines.token, "")) // the case was read before

	requests := readerRequests(w.ines)
	for name, request := range requests {
		store.taken()
		want := w.send(request(unknown))
		body, calls := read(t, want), store.taken()
		if body.Status != http.StatusNotFound || calls != "link" {
			t.Errorf("%s: an unknown token is answered %d after %q", name, body.Status, calls)
		}
		for kind, token := range map[string]string{"of no organisation": "aaaaaaaa" + unknown[8:], "too short": unknown[:33], "too long": unknown + "a", "ended": ended, "expired": over, "taken back": w.marek.token, "in capitals": strings.ToUpper(w.ines.token)} {
			got := w.send(request(token))
			if diff := cmp.Diff(want.Header, got.Header); diff != "" {
				t.Errorf("%s: %s has other headers:\n%s", name, kind, diff)
			}
			if diff := cmp.Diff(body, read(t, got)); diff != "" {
				t.Errorf("%s: %s has another page:\n%s", name, kind, diff)
			}
			if got := store.taken(); got != calls {
				t.Errorf("%s: %s is looked up otherwise: %q, want %q", name, kind, got, calls)
			}
		}
	}
}

// Whoever guesses tokens is slowed down at every address that shows something,
// and whoever holds one is not, from elsewhere.
func TestGuessingTokensIsSlowedDown(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Miss, o.Limits.Write = Limit{3, time.Minute}, Limit{3, time.Minute} })
	for name, request := range readerRequests(w.ines) {
		w.later(time.Hour)
		var got []int
		for range 5 {
			token, err := share.NewToken(rand.Reader, w.ines.org)
			w.must(err)
			got = append(got, w.send(request(token)).StatusCode)
		}
		if diff := cmp.Diff([]int{404, 404, 404, 429, 429}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		r := request(w.ines.token)
		r.RemoteAddr = "198.51.100.9:1"
		if got := w.send(r).StatusCode; got == 429 {
			t.Errorf("%s: somebody else is slowed down", name)
		}
	}
	w.later(time.Hour)
	for range 50 {
		if got := w.send(newRequest("GET", "/p/"+w.ines.token, "")).StatusCode; got != 200 {
			t.Fatalf("a reader is slowed down: %d", got)
		}
	}
}
