package office

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/courier"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/packet"
	"homecase/share"
)

// world is an office with two organisations on one server: Fernhill with Ines and
// Marek, and Oak with Sofia. Each has a case with an edition and a link.
type world struct {
	t      *testing.T
	office *ops.Office
	server *Server
	log    *bytes.Buffer

	mu  sync.Mutex
	now time.Time

	ines, marek, sofia *person
}

// person is somebody with a workspace.
type person struct {
	w                      *world
	name, org, caseID      string
	key                    ed25519.PrivateKey
	link, token            string
	document, file, review string // hashes; review is a file that was put and never named
	office                 *courier.Courier
	acts                   int
	boss                   *share.Account // who has the case on a list
	session                string         // of the boss's browser
}

const host = "case.example"

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, log: new(bytes.Buffer), now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	w.office = &ops.Office{Desk: &ops.Desk{Now: w.clock, Random: rand.Reader, Version: "test"}, Store: store, Address: "https://" + host}
	// The suites ask far more often than people do; those of the limits set their own.
	many := Limit{1 << 20, time.Second}
	o := Options{Office: w.office, Limits: Limits{many, many, many, many, many}, Log: slog.New(slog.NewJSONHandler(w.log, nil))}
	for _, c := range change {
		c(&o)
	}
	if w.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	fernhill, oak := w.org("Fernhill Ltd"), w.org("Oak Ltd")
	w.ines, w.marek, w.sofia = w.person("Ines Moreau", fernhill, 1), w.person("Marek Novak", fernhill, 2), w.person("Sofia Rossi", oak, 3)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) org(name string) string {
	w.t.Helper()
	og, err := w.office.AddOrg(w.t.Context(), name)
	w.must(err)
	return og.ID
}

// ServeHTTP and RoundTrip let requests reach the server without a network.
func (w *world) send(r *http.Request) *http.Response {
	if r.RequestURI == "" {
		r.RequestURI = r.URL.RequestURI()
	}
	if r.RemoteAddr == "" {
		r.RemoteAddr = "203.0.113.7:40000"
	}
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	seen := httptest.NewRecorder()
	w.server.ServeHTTP(seen, r)
	return seen.Result()
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) { return w.send(r), nil }

// newRequest is a request as a browser sends it.
func newRequest(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host, r.RemoteAddr = host, "203.0.113.7:40000"
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (w *world) courier(key ed25519.PrivateKey) *courier.Courier {
	w.t.Helper()
	c, err := courier.New(courier.Options{Address: "https://" + host, Key: key, Now: w.clock, Sleep: courier.Sleep, Transport: w})
	w.must(err)
	return c
}

// person pairs somebody, and publishes their case with a document, a file and a link.
func (w *world) person(name, org string, seed byte) *person {
	w.t.Helper()
	p := &person{w: w, name: name, org: org, caseID: "case-" + strings.ToLower(strings.Fields(name)[0]), key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32)), link: "link-1"}
	p.office = w.courier(p.key)
	ctx := w.t.Context()
	code, err := w.office.Invite(ctx, org, name, w.clock().AddDate(0, 0, 14))
	w.must(err)
	_, err = p.office.Pair(ctx, ops.Pairing{Code: code, Name: name})
	w.must(err)
	p.do(share.Opening{Key: p.id(), Person: name, Job: "Accounts", PublicKey: p.public()})
	p.document = p.put("application/json", documentOf(w.t, name))
	p.file = p.put("application/pdf", []byte("%PDF-1.7 "+name))
	p.review = p.put("application/pdf", []byte("%PDF-1.7 not named by "+name))
	p.do(p.publication(1))
	p.token, err = share.NewToken(rand.Reader, org)
	w.must(err)
	p.do(share.Linking{Key: p.id(), Link: p.link, Token: share.HashToken(p.token), Reader: "Dana Fox", Questions: true})
	p.boss, err = w.office.AddAccount(ctx, org, "boss-of-"+p.caseID+"@example.com", "Boss of "+name, share.RoleManager)
	w.must(err)
	og, err := w.office.Store.Org(ctx, org)
	w.must(err)
	v := &ops.Visitor{Org: og, Account: p.boss}
	in, err := w.office.SignInByPasskey(ctx, v, share.Passkey{ID: "key-of-" + p.caseID, Account: p.boss.ID, Name: "phone", Data: []byte("{}"), Made: w.clock()}, "", "")
	w.must(err)
	p.session = in.Cookie
	_, err = w.office.PutOnList(ctx, v, p.token)
	w.must(err)
	return p
}

// opens is the token the person's reader holds; one that nobody made where there is none.
func (p *person) opens() string {
	if p.token != "" {
		return p.token
	}
	return strings.Repeat("a", 34)
}

// signedIn is a request of the browser of the person's boss.
func (p *person) signedIn(method, target, form string) *http.Request {
	r := newRequest(method, target, form)
	if p.session != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-" + sessionCookie, Value: p.session})
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (p *person) publication(edition int) share.Publication {
	return share.Publication{
		Key: p.id(), Edition: edition, Title: "An eight-week trial", Lang: "en-GB", Document: p.document,
		Files: []share.File{{Name: "one-page.pdf", Media: "application/pdf", SHA256: p.file, Bytes: int64(len("%PDF-1.7 " + p.name))}},
		Terms: share.Terms{HalfDays: 2, Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05"), Weeks: 8},
	}
}

func (p *person) public() string {
	return base64.StdEncoding.EncodeToString(p.key.Public().(ed25519.PublicKey))
}

func (p *person) id() share.Key {
	p.acts++
	return share.Key{ID: strings.ToLower(strings.Fields(p.name)[0]) + "-" + string(rune('a'+p.acts))}
}

func (p *person) put(media string, data []byte) string {
	p.w.t.Helper()
	b := share.Blob{Hash: share.Hash(data), Media: media, Bytes: data}
	p.w.must(p.office.Put(p.w.t.Context(), p.org, p.caseID, b))
	return b.Hash
}

// delivery signs an act.
func (p *person) delivery(b share.Body) ops.Delivery {
	p.w.t.Helper()
	raw, err := share.Encode(b)
	p.w.must(err)
	act := share.ActOf(b)
	return ops.Delivery{Act: act, Body: raw, Signature: share.Sign(p.key, p.caseID, act, raw)}
}

func (p *person) do(b share.Body) {
	p.w.t.Helper()
	_, err := p.office.Act(p.w.t.Context(), p.org, p.caseID, p.delivery(b))
	p.w.must(err)
}

// signed is a request of the person's workspace.
func (p *person) signed(method, target, media string, body []byte) *http.Request {
	r := newRequest(method, target, string(body))
	r.Header.Set("Authorization", share.Authorize(p.key, method, host, target, p.w.clock(), body))
	r.Header.Set("Content-Type", media)
	return r
}

func documentOf(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := packet.Encode(packet.Document{
		Kind: packet.Page, Lang: "en-GB", Title: "An eight-week trial", Author: name, Working: []byte(`{}`), WorkingName: "working.json",
		Sections: []packet.Section{{ID: "ask", Label: "The ask", Level: 2, Blocks: []packet.Block{packet.Para{Text: packet.Plain("One day a week from home.")}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// seen is an answer as a stranger can tell it from another.
type seen struct {
	Status int
	Type   string
	Body   string
}

func read(t *testing.T, r *http.Response) seen {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return seen{r.StatusCode, r.Header.Get("Content-Type"), string(body)}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func newSeen() *httptest.ResponseRecorder { return httptest.NewRecorder() }
