package office_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/office"
	"homecase/internal/press/mail"
	"homecase/internal/sqlite"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/packet"
	"homecase/share"
)

func TestMain(m *testing.M) { os.Exit(webtest.Main(m)) }

// began is the day the examples are dated.
var began = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// chance stands in for random numbers: bytes that count up.
type chance struct {
	mu sync.Mutex
	n  uint16
}

func (c *chance) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range b {
		if i%2 == 0 {
			c.n++
		}
		b[i] = byte(c.n >> (8 * (i % 2)))
	}
	return len(b), nil
}

// side is an office with one case in it, whose clock stands where a test puts it.
type side struct {
	t      testing.TB
	now    time.Time
	office *ops.Office
	store  share.Store
	org    string
	base   string
	person ed25519.PrivateKey
	acts   int
	doc    packet.Document
	token  string // of the first link
}

// often is a limit that no test reaches.
var often = office.Limit{Burst: 1_000_000, Every: time.Millisecond}

const caseID = "case-1"

// opened is an office with a person's case in it and nothing to read yet.
func opened(t testing.TB) *side {
	t.Helper()
	return openedOn(t, small(t))
}

// small is the store of a small office.
func small(t testing.TB) share.Store {
	t.Helper()
	store, err := sqlite.OpenOffice(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func openedOn(t testing.TB, store share.Store) *side {
	t.Helper()
	s := &side{t: t, now: began, store: store, person: ed25519.NewKeyFromSeed([]byte("the key of the person, 32 bytes."))}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String()
	s.office = &ops.Office{
		Desk:  &ops.Desk{Now: func() time.Time { return s.now }, Getenv: func(string) string { return "" }, Random: &chance{}, Version: "test"},
		Store: s.store, Address: s.base, Letters: ops.Letters{From: mail.Address{Email: "office@case.example"}},
	}
	of, err := office.New(office.Options{Office: s.office, Limits: office.Limits{Miss: often, Write: often}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = of
	server.Start()
	t.Cleanup(server.Close)
	org, err := s.office.AddOrg(context.Background(), "Harbour Ltd")
	if err != nil {
		t.Fatal(err)
	}
	s.org = org.ID
	s.employee(share.Opening{Key: s.key(), Person: "Ines Duarte", Job: "Accounts payable", PublicKey: base64.StdEncoding.EncodeToString(s.person.Public().(ed25519.PublicKey))})
	return s
}

// shared is an office with the accounts example published, and a link for Dana.
func shared(t testing.TB, edit ...func(*share.Publication)) *side {
	t.Helper()
	s := opened(t)
	s.publish(document(t), edit...)
	s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
	return s
}

var documents sync.Map

// document is the packet of an example as a page.
func document(t testing.TB) packet.Document {
	t.Helper()
	const file = "../../examples/accounts-one-day.yaml"
	if d, ok := documents.Load(file); ok {
		return d.(packet.Document)
	}
	c, err := homecase.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := homecase.Compose(c.Shared(), homecase.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	documents.Store(file, e.Page)
	return e.Page
}

func (s *side) key() share.Key { s.acts++; return share.Key{ID: fmt.Sprintf("act-%d", s.acts)} }

// employee writes an act of the person.
func (s *side) employee(b share.Body) {
	s.t.Helper()
	raw, err := share.Encode(b)
	if err != nil {
		s.t.Fatal(err)
	}
	key := base64.StdEncoding.EncodeToString(s.person.Public().(ed25519.PublicKey))
	beside := func(x *share.Exchange, a *share.Append) error {
		a.Bring(x, b)
		return nil
	}
	_, err = s.office.Act(context.Background(), s.org, caseID, ops.Acting{
		Actor: share.Employee, Act: share.ActOf(b), Raw: raw, Key: key, Beside: beside, Signature: share.Sign(s.person, caseID, share.ActOf(b), raw),
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// keep puts a file into the case and returns its hash.
func (s *side) keep(media string, data []byte) string {
	s.t.Helper()
	hash := share.Hash(data)
	if err := s.store.PutBlob(context.Background(), s.org, caseID, share.Blob{Hash: hash, Media: media, Bytes: data}, share.Room{}); err != nil {
		s.t.Fatal(err)
	}
	return hash
}

func (s *side) keepDocument(d packet.Document) string {
	s.t.Helper()
	raw, err := packet.Encode(d)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.keep("application/json", raw)
}

// publish publishes the next edition.
func (s *side) publish(d packet.Document, edit ...func(*share.Publication)) {
	s.t.Helper()
	x, err := s.office.Exchange(context.Background(), s.org, caseID)
	if err != nil {
		s.t.Fatal(err)
	}
	s.doc = d
	pdf := []byte("%PDF-1.7 one page")
	b := share.Publication{
		Key: s.key(), Edition: len(x.Editions) + 1, Title: d.Title, Lang: d.Lang, Document: s.keepDocument(d),
		Files: []share.File{{Name: "one-page.pdf", Media: "application/pdf", SHA256: s.keep("application/pdf", pdf), Bytes: int64(len(pdf))}},
		Terms: share.Terms{
			HalfDays: 2, Weekdays: []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu}, Lottery: true, Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05"), Weeks: 8,
			DecideOn: day.Must("2027-03-08"), Promises: []string{"I answer calls from 9 to 5.", "I move the day when you need me in."}, Stop: "on_any_day",
		},
	}
	for _, e := range edit {
		e(&b)
	}
	s.employee(b)
}

// link lets somebody read and returns the token.
func (s *side) link(id, reader string, questions bool, expires time.Time) string {
	s.t.Helper()
	token, err := share.NewToken(s.office.Random, s.org)
	if err != nil {
		s.t.Fatal(err)
	}
	s.employee(share.Linking{Key: s.key(), Link: id, Token: share.HashToken(token), Reader: reader, Questions: questions, Expires: expires})
	return token
}

// underLaw asks under a law.
func underLaw(id string) func(*share.Publication) {
	return func(p *share.Publication) {
		p.Route = share.Route{Regime: id, Made: day.Must("2026-11-24")}
		p.Terms.Stop = "by_law"
	}
}

func (s *side) path(rest string) string { return "/p/" + s.token + rest }

func (s *side) exchange() *share.Exchange {
	s.t.Helper()
	x, err := s.office.Exchange(context.Background(), s.org, caseID)
	if err != nil {
		s.t.Fatal(err)
	}
	return x
}

// reply is an answer of the server.
type reply struct {
	status int
	head   http.Header
	body   string
}

// has fails the test where the words are not on the page.
func (r reply) has(t testing.TB, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(html.UnescapeString(r.body), w) && !strings.Contains(inText(r.body), w) {
			t.Errorf("the page does not say %q:\n%s", w, inText(r.body))
		}
	}
}

func (r reply) lacks(t testing.TB, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(r.body, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

var tags = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`)

func inText(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(body, " "))), " ")
}

func (s *side) send(method, path string, form url.Values, head ...string) reply {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", s.base)
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(data)}
}

func (s *side) get(rest string) reply { s.t.Helper(); return s.send("GET", s.path(rest), nil) }

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// fill sends the form of a page, with its hidden fields, and returns the answer.
func (s *side) fill(page, action string, fields ...string) reply {
	s.t.Helper()
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(s.get(page).body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.send("POST", s.path(action), form)
}
