package office_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/office"
	"homecase/internal/press/mail"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/packet"
	"homecase/share"
)

// hall is an office whose people sign in: Dana manages, Kim reads, and another
// organisation has Sofia.
type hall struct {
	t           *testing.T
	mu          sync.Mutex
	at          time.Time
	office      *ops.Office
	server      *office.Server
	http        *httptest.Server
	org, other  *share.Org
	dana, sofia *share.Account
	key         ed25519.PrivateKey
	acts        int
}

// newHall starts one; over is https or http.
func newHall(t *testing.T, over string, change ...func(*office.Options)) *hall {
	t.Helper()
	store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{t: t, at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	h.office = &ops.Office{Desk: &ops.Desk{Now: h.now, Random: rand.Reader}, Store: store, Letters: ops.Letters{From: mail.Address{Email: "office@fernhill.example"}}}
	pass := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.server.ServeHTTP(w, r) })
	if over == "https" {
		h.http = httptest.NewTLSServer(pass)
		h.office.Address = h.http.URL
	} else {
		h.http = httptest.NewServer(pass)
		h.office.Address = strings.Replace(h.http.URL, "127.0.0.1", "localhost", 1)
	}
	o := office.Options{Office: h.office, Limits: office.Limits{SignIn: plenty, Write: plenty, Miss: plenty}}
	h.org, h.other = h.addOrg("Fernhill Accounts"), h.addOrg("Oak Law")
	for _, c := range change {
		c(&o)
	}
	if h.server, err = office.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.http.Close(); h.server.Wait(); _ = store.Close() })
	h.dana = h.account(h.org, "dana@fernhill.example", "Dana Whitfield", share.RoleManager)
	h.account(h.org, "kim@fernhill.example", "", share.RoleReader)
	h.sofia = h.account(h.other, "sofia@oak.example", "Sofia", share.RoleManager)
	_, h.key, err = ed25519.GenerateKey(rand.Reader)
	h.must(err)
	return h
}

// plenty is a limit that no test reaches.
var plenty = office.Limit{Burst: 1_000_000, Every: time.Millisecond}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hall) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func (h *hall) addOrg(name string) *share.Org {
	h.t.Helper()
	og, err := h.office.AddOrg(h.t.Context(), name)
	h.must(err)
	return og
}

func (h *hall) account(og *share.Org, email, name string, role share.Role) *share.Account {
	h.t.Helper()
	a, err := h.office.AddAccount(h.t.Context(), og.ID, email, name, role)
	h.must(err)
	return a
}

// browser is one with cookies of its own that follows no redirect.
type browser struct {
	h *hall
	c *http.Client
}

func (h *hall) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	c := &http.Client{Transport: h.http.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &browser{h, c}
}

// answer is what came back, with its body read.
type answer struct {
	*http.Response
	Text string
}

func (b *browser) get(path string) answer { return b.ask(http.MethodGet, path, nil) }
func (b *browser) post(path string, form ...string) answer {
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	return b.ask(http.MethodPost, path, v)
}

func (b *browser) ask(method, path string, form url.Values, change ...func(*http.Request)) answer {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.office.Address+path, strings.NewReader(form.Encode()))
	b.h.must(err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.h.office.Address)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range change {
		c(r)
	}
	res, err := b.c.Do(r)
	b.h.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.h.must(err)
	return answer{res, string(body)}
}

// cookies are those the browser would send.
func (b *browser) cookies() map[string]string {
	u, err := url.Parse(b.h.office.Address)
	b.h.must(err)
	out := map[string]string{}
	for _, c := range b.c.Jar.Cookies(u) {
		out[c.Name] = c.Value
	}
	return out
}

var signInAddress = regexp.MustCompile(`https?://[^/\s]+(/sign-in/[a-z2-7]+)`)

// mailed leases what waits in the outbox and returns texts by address.
func (h *hall) mailed() map[string]string {
	h.t.Helper()
	h.server.Wait()
	all, err := h.office.Store.Due(h.t.Context(), h.now(), h.now().Add(100*365*24*time.Hour), 100)
	h.must(err)
	out := map[string]string{}
	for _, m := range all {
		got, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
		h.must(err)
		text, err := io.ReadAll(quotedprintable.NewReader(got.Body))
		h.must(err)
		out[m.To] += string(text)
	}
	return out
}

// link asks for a link to sign in by and returns its path.
func (b *browser) link(email, back string) string {
	b.h.t.Helper()
	if r := b.post("/sign-in", "email", email, "back", back); r.StatusCode != http.StatusOK {
		b.h.t.Fatalf("asking for a link: %d %s", r.StatusCode, r.Text)
	}
	m := signInAddress.FindStringSubmatch(b.h.mailed()[email])
	if m == nil {
		b.h.t.Fatalf("no link was mailed to %s", email)
	}
	return m[1]
}

// signIn signs a browser in.
func (h *hall) signIn(email string) *browser {
	h.t.Helper()
	b := h.browser()
	if r := b.post(b.link(email, "")); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/cases" {
		h.t.Fatalf("signing in: %d %s", r.StatusCode, r.Text)
	}
	return b
}

func (h *hall) act(caseID string, body share.Body, beside func(*share.Exchange, *share.Append) error) {
	h.t.Helper()
	raw, err := share.Encode(body)
	h.must(err)
	a := ops.Acting{Actor: share.Employee, Act: share.ActOf(body), Raw: raw, Key: base64.StdEncoding.EncodeToString(h.key.Public().(ed25519.PublicKey)), Beside: beside}
	a.Signature = share.Sign(h.key, caseID, a.Act, raw)
	_, err = h.office.Act(h.t.Context(), h.org.ID, caseID, a)
	h.must(err)
}

func (h *hall) id() share.Key {
	h.acts++
	return share.Key{ID: "act-" + strings.Repeat("x", h.acts)}
}

// published is a case of the first organisation with a link; it returns the link's token.
func (h *hall) published(caseID, person, title string) (token string) {
	h.t.Helper()
	h.act(caseID, share.Opening{Key: h.id(), Person: person, PublicKey: base64.StdEncoding.EncodeToString(h.key.Public().(ed25519.PublicKey))}, nil)
	doc, err := packet.Encode(document(h.t))
	h.must(err)
	h.must(h.office.Store.PutBlob(h.t.Context(), h.org.ID, caseID, share.Blob{Hash: share.Hash(doc), Media: "application/json", Bytes: doc, Made: h.now()}, share.Room{}))
	h.act(caseID, share.Publication{Key: h.id(), Edition: 1, Title: title, Lang: "en-GB", Document: share.Hash(doc), Terms: share.Terms{HalfDays: 2, Weeks: 8}}, nil)
	token, err = share.NewToken(rand.Reader, h.org.ID)
	h.must(err)
	l := share.Linking{Key: h.id(), Link: "link-" + caseID, Token: share.HashToken(token), Reader: "Dana"}
	h.act(caseID, l, func(_ *share.Exchange, a *share.Append) error {
		a.Link = &share.Link{Linking: l, At: a.Entry.Line.Time}
		return nil
	})
	return token
}

func (h *hall) unlink(caseID string) {
	h.t.Helper()
	h.act(caseID, share.Unlinking{Key: h.id(), Link: "link-" + caseID}, func(_ *share.Exchange, a *share.Append) error { a.Ends = []string{"link-" + caseID}; return nil })
}

// An address with an account and one without get the same answer; only the
// first gets a message, with a link that a program which follows links cannot use up.
func TestSigningInByALink(t *testing.T) {
	h := newHall(t, "https")
	b := h.browser()
	known, unknown := b.post("/sign-in", "email", "dana@fernhill.example"), b.post("/sign-in", "email", "nobody@fernhill.example")
	if known.StatusCode != unknown.StatusCode || strings.ReplaceAll(known.Text, "dana@", "nobody@") != unknown.Text || len(known.Header) != len(unknown.Header) {
		t.Errorf("known %d, unknown %d:\n%s\n%s", known.StatusCode, unknown.StatusCode, known.Text, unknown.Text)
	}
	got := h.mailed()
	if len(got) != 1 {
		t.Fatalf("messages to %d addresses", len(got))
	}
	path := signInAddress.FindStringSubmatch(got["dana@fernhill.example"])[1]
	for range 5 { // a scanner
		if r := h.browser().get(path); r.StatusCode != http.StatusOK || len(r.Cookies()) != 0 {
			t.Fatalf("looking at the link: %d, cookies %v", r.StatusCode, r.Cookies())
		}
	}
	r := b.post(path)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/cases" || len(r.Cookies()) != 1 {
		t.Fatalf("using the link: %d %s", r.StatusCode, r.Text)
	}
	c := r.Cookies()[0]
	if c.Name != "__Host-homecase" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
		t.Errorf("cookie %+v", c)
	}
	if r := b.get("/cases"); r.StatusCode != http.StatusOK || !strings.Contains(r.Text, "dana@fernhill.example") {
		t.Errorf("signed in: %d %s", r.StatusCode, r.Text)
	}
	if r := h.browser().post(path); r.StatusCode != http.StatusNotFound || len(r.Cookies()) != 0 {
		t.Errorf("the link again: %d, cookies %v", r.StatusCode, r.Cookies())
	}
	if s, err := h.office.Store.Sessions(t.Context(), h.org.ID, h.dana.ID, h.now()); err != nil || len(s) != 1 || strings.Contains(c.Value, s[0].Hash) {
		t.Errorf("sessions %+v, %v", s, err)
	}
	late := b.link("dana@fernhill.example", "")
	h.later(15*time.Minute + time.Second)
	if r := b.post(late); r.StatusCode != http.StatusNotFound {
		t.Errorf("after 15 minutes: %d", r.StatusCode)
	}
	for _, wrong := range []string{"", "dana", "dana@fernhill.example\r\nBcc: eve@evil.example", `"><script>alert(1)</script>`} {
		if r := b.post("/sign-in", "email", wrong); r.StatusCode != http.StatusBadRequest || strings.Contains(r.Text, "<script>alert") {
			t.Errorf("%q: %d", wrong, r.StatusCode)
		}
	}
}

// Who plants a session or a half-used one in a browser has nothing of what is
// signed in there later.
func TestASessionIsMadeAnewAtEachSignIn(t *testing.T) {
	h := newHall(t, "https")
	evil := h.signIn("kim@fernhill.example")
	planted := evil.cookies()["__Host-homecase"]
	victim := h.browser()
	u, err := url.Parse(h.office.Address)
	h.must(err)
	victim.c.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-homecase", Value: planted, Path: "/", Secure: true}})
	if r := victim.post(victim.link("dana@fernhill.example", "")); r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", r.StatusCode)
	}
	if victim.cookies()["__Host-homecase"] == planted {
		t.Error("the planted session became Dana's")
	}
	if r := evil.get("/cases"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("the planted session still opens something: %d", r.StatusCode)
	}
}

func TestSessionsEnd(t *testing.T) {
	h := newHall(t, "https")
	idle, busy := h.signIn("dana@fernhill.example"), h.signIn("dana@fernhill.example")
	old := idle.cookies()["__Host-homecase"]
	for range 13 { // 6 days and 12 hours, used each twelve hours
		h.later(12*time.Hour - time.Minute)
		if r := busy.get("/account"); r.StatusCode != http.StatusOK || len(r.Cookies()) != 1 {
			t.Fatalf("in use: %d, cookies %v", r.StatusCode, r.Cookies())
		}
	}
	if r := idle.get("/account"); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/sign-in?back=%2Faccount" {
		t.Errorf("left alone: %d %s", r.StatusCode, r.Header.Get("Location"))
	}
	h.later(11 * time.Hour)
	busy.get("/account")
	h.later(90 * time.Minute)
	if r := busy.get("/account"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("after seven days: %d", r.StatusCode)
	}
	// Nobody can write a later time into a cookie.
	parts := strings.Split(h.signIn("dana@fernhill.example").cookies()["__Host-homecase"], ".")
	h.later(13 * time.Hour)
	late := parts[0] + "." + strconv.FormatInt(h.now().Unix(), 36) + "." + parts[2]
	if _, _, err := h.office.Visitor(t.Context(), late); fault.KindOf(err) != fault.Missing {
		t.Errorf("a later time under the old mark: %v", err)
	}
	parts = strings.Split(old, ".")
	for _, forged := range []string{parts[0], parts[0] + ".zzzzzz." + parts[2], parts[0] + "." + parts[1] + ".", "..", strings.Repeat("a", 34) + ".1.x", parts[0] + "." + parts[1] + "." + parts[2] + ".x"} {
		if _, _, err := h.office.Visitor(t.Context(), forged); fault.KindOf(err) != fault.Missing {
			t.Errorf("%q: %v", forged, err)
		}
	}
	one, two := h.signIn("dana@fernhill.example"), h.signIn("dana@fernhill.example")
	if r := one.post("/account/sign-out"); r.StatusCode != http.StatusSeeOther || one.cookies()["__Host-homecase"] != "" {
		t.Errorf("signing out: %d", r.StatusCode)
	}
	if r := two.get("/account"); r.StatusCode != http.StatusOK {
		t.Errorf("the other browser: %d", r.StatusCode)
	}
	three := h.signIn("dana@fernhill.example")
	two.post("/account/sign-out-everywhere")
	if r := three.get("/account"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("signed out everywhere: %d", r.StatusCode)
	}
}

// The way back leads to a page of this office and nowhere else.
func TestNoWayLeadsOut(t *testing.T) {
	h := newHall(t, "https")
	token := h.published("case-1", "Ines Duarte", "One day")
	for back, want := range map[string]string{
		"/account": "/account", "/cases/case-1": "/cases/case-1", "/people": "/people", "/p/" + token + "/keep": "/p/" + token + "/keep",
		"": "/cases", "//evil.example": "/cases", "https://evil.example/cases": "/cases", `/\evil.example`: "/cases", "/cases/../../evil": "/cases",
		"javascript:alert(1)": "/cases", "/cases\r\nSet-Cookie: a=b": "/cases", "/cases?x=//evil": "/cases", "/cases//evil.example": "/cases", "/%2F%2Fevil.example": "/cases",
		"/p/" + token + "/decide": "/cases", "cases": "/cases", "/casesevil": "/cases",
	} {
		b := h.browser()
		if r := b.post(b.link("dana@fernhill.example", back)); r.Header.Get("Location") != want {
			t.Errorf("%q leads to %q, want %q", back, r.Header.Get("Location"), want)
		}
		h.later(25 * time.Hour) // the bound of messages to one address
	}
}

func TestTheListFollowsTheLink(t *testing.T) {
	h := newHall(t, "https")
	token := h.published("case-1", "Ines Duarte", `One day <script>alert("t")</script>`)
	dana, kim, sofia := h.signIn("dana@fernhill.example"), h.signIn("kim@fernhill.example"), h.signIn("sofia@oak.example")
	for _, link := range []string{"", "x", h.office.Address + "/p/" + strings.Repeat("a", 34), "https://evil.example/p/" + h.org.ID + strings.Repeat("b", 26), strings.Repeat("a", 60_000)} {
		if r := dana.post("/cases", "link", link); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%.40q: %d", link, r.StatusCode)
		}
	}
	// The other organisation's people learn nothing of a link of this one.
	wrong, none := sofia.post("/cases", "link", token), sofia.post("/cases", "link", h.org.ID+strings.Repeat("b", 26))
	if wrong.StatusCode != http.StatusBadRequest || strings.ReplaceAll(wrong.Text, token, "") != strings.ReplaceAll(none.Text, h.org.ID+strings.Repeat("b", 26), "") {
		t.Errorf("another organisation: %d and %d", wrong.StatusCode, none.StatusCode)
	}
	if r := dana.get("/p/" + token + "/keep"); r.StatusCode != http.StatusOK || !strings.Contains(r.Text, `action="/p/`+token+`/keep"`) {
		t.Errorf("the page to keep: %d", r.StatusCode)
	}
	if r := dana.get("/cases"); strings.Contains(r.Text, "Ines") {
		t.Error("looking at that page has changed the list")
	}
	if r := dana.post("/p/" + token + "/keep"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("keeping it: %d %s", r.StatusCode, r.Text)
	}
	if r := kim.post("/cases", "link", " "+h.office.Address+"/p/"+token+"/decide?a=agree "); r.StatusCode != http.StatusSeeOther {
		t.Errorf("a pasted address: %d %s", r.StatusCode, r.Text)
	}
	r := dana.get("/cases")
	if !strings.Contains(r.Text, "Ines Duarte") || !strings.Contains(r.Text, "Waits for your answer") || strings.Contains(r.Text, `<script>alert`) {
		t.Errorf("the list:\n%s", r.Text)
	}
	for _, b := range []*browser{sofia, h.browser()} {
		if r := b.get("/cases/case-1"); r.StatusCode == http.StatusOK || strings.Contains(r.Text, "Ines") {
			t.Errorf("a stranger sees %d", r.StatusCode)
		}
		if r := b.post("/cases/case-1/read", "edition", "1"); r.StatusCode < 400 {
			t.Errorf("a stranger has read it: %d", r.StatusCode)
		}
	}
	// The packet is read by the list as by the link, without a way to answer by it.
	for _, path := range []string{"", "/full", "/questions"} {
		r := dana.get("/cases/case-1/packet" + path)
		if r.StatusCode != http.StatusOK || len(r.Text) < 5000 || strings.Contains(r.Text, "/decide") || strings.Contains(r.Text, "/ask") || strings.Contains(r.Text, token) || strings.Contains(r.Text, "<form") {
			t.Errorf("the packet%s: %d, %d bytes", path, r.StatusCode, len(r.Text))
		}
		for who, b := range map[string]*browser{"a stranger": h.browser(), "another organisation": sofia} {
			if r := b.get("/cases/case-1/packet" + path); r.StatusCode == http.StatusOK {
				t.Errorf("%s reads the packet%s", who, path)
			}
		}
	}
	if r := dana.get("/cases/case-1/packet/decide"); r.StatusCode != http.StatusNotFound {
		t.Errorf("answering by the list: %d", r.StatusCode)
	}
	// Reading tells nobody; saying so does.
	dana.get("/cases/case-1")
	if seen, err := h.office.WhoSaw(t.Context(), h.org.ID, "case-1"); err != nil || len(seen) != 0 {
		t.Errorf("opening the page was told: %v, %v", seen, err)
	}
	for range 2 {
		dana.post("/cases/case-1/read", "edition", "1")
	}
	for edition, want := range map[string]int{"2": 409, "x": 400, "-1": 409} {
		if r := dana.post("/cases/case-1/read", "edition", edition); r.StatusCode != want {
			t.Errorf("edition %s: %d, want %d", edition, r.StatusCode, want)
		}
	}
	if seen, err := h.office.WhoSaw(t.Context(), h.org.ID, "case-1"); err != nil || len(seen) != 1 || seen[0].Name != "Dana Whitfield" || seen[0].Edition != 1 {
		t.Errorf("who saw: %v, %v", seen, err)
	}
	// The end of the link is the end of the place on the list, without a name.
	h.unlink("case-1")
	if r := dana.get("/cases"); strings.Contains(r.Text, "Ines") || !strings.Contains(r.Text, "can be read no longer") {
		t.Errorf("after the link's end:\n%s", r.Text)
	}
	for _, path := range []string{"", "/packet", "/packet/full"} {
		if r := dana.get("/cases/case-1" + path); r.StatusCode != http.StatusNotFound || strings.Contains(r.Text, "Ines") {
			t.Errorf("the case%s after the link's end: %d", path, r.StatusCode)
		}
	}
	dana.post("/cases/case-1/remove")
	if r := dana.get("/cases"); strings.Contains(r.Text, "can be read no longer") {
		t.Error("it cannot be taken off")
	}
}

var invitation = regexp.MustCompile(`<code>([^<]+)</code>`)

func TestOnlyManagersInvite(t *testing.T) {
	h := newHall(t, "https")
	dana, kim := h.signIn("dana@fernhill.example"), h.signIn("kim@fernhill.example")
	for _, ask := range []func() answer{
		func() answer { return kim.get("/people") }, func() answer { return kim.post("/people/invite", "name", "Ines") },
		func() answer { return kim.post("/people", "email", "a@b.example", "role", "manager") },
	} {
		if r := ask(); r.StatusCode != http.StatusForbidden || strings.Contains(r.Text, "dana@") {
			t.Errorf("a reader: %d", r.StatusCode)
		}
	}
	r := dana.post("/people/invite", "name", "Ines <b>Duarte</b>")
	m := invitation.FindStringSubmatch(r.Text)
	if r.StatusCode != http.StatusOK || m == nil || strings.Contains(r.Text, "<b>Duarte") {
		t.Fatalf("%d %s", r.StatusCode, r.Text)
	}
	if again := dana.get("/people"); strings.Contains(again.Text, m[1]) {
		t.Error("the code is shown twice")
	}
	for name, form := range map[string][]string{
		"no name": {"/people/invite", "name", " \r\n"}, "no address": {"/people", "email", "x", "role", "reader"}, "an unknown role": {"/people", "email", "x@y.example", "role", "owner"},
		"an address twice": {"/people", "email", "KIM@fernhill.example", "role", "reader"},
	} {
		if r := dana.post(form[0], form[1:]...); r.StatusCode != http.StatusBadRequest || !strings.Contains(r.Text, "There is a problem") {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	if r := dana.post("/people", "email", "sam@fernhill.example", "name", "Sam", "role", "reader"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("adding Sam: %d %s", r.StatusCode, r.Text)
	}
	if r := h.signIn("sam@fernhill.example").get("/people"); r.StatusCode != http.StatusForbidden {
		t.Errorf("Sam: %d", r.StatusCode)
	}
	sam, err := h.office.Store.AccountByEmail(t.Context(), h.org.ID, "sam@fernhill.example")
	h.must(err)
	in := h.signIn("sam@fernhill.example")
	for id, want := range map[string]int{h.dana.ID: 422, h.sofia.ID: 404, "": 404} {
		if r := dana.post("/people/remove", "id", id); r.StatusCode != want {
			t.Errorf("taking out %q: %d, want %d", id, r.StatusCode, want)
		}
	}
	if r := kim.post("/people/remove", "id", sam.ID); r.StatusCode != http.StatusForbidden {
		t.Errorf("a reader takes somebody out: %d", r.StatusCode)
	}
	if r := dana.post("/people/remove", "id", sam.ID); r.StatusCode != http.StatusSeeOther {
		t.Errorf("taking Sam out: %d", r.StatusCode)
	}
	if r := in.get("/cases"); r.StatusCode != http.StatusSeeOther {
		t.Errorf("Sam is still signed in: %d", r.StatusCode)
	}
	if r := dana.get("/people"); strings.Contains(r.Text, "sofia@") {
		t.Error("the other organisation's people are listed")
	}
}

// Nothing of a form that another site sends is done, and a page without a
// session does nothing either.
func TestFormsOfOthersDoNothing(t *testing.T) {
	h := newHall(t, "https")
	token := h.published("case-1", "Ines Duarte", "One day")
	dana := h.signIn("dana@fernhill.example")
	dana.post("/cases", "link", token)
	paths := []string{"/account", "/account/sign-out", "/account/sign-out-everywhere", "/account/passkeys/begin", "/account/passkeys", "/account/passkeys/remove", "/cases", "/cases/case-1/read", "/cases/case-1/remove", "/p/" + token + "/keep", "/people", "/people/invite", "/people/remove"}
	form := url.Values{"name": {"Eve"}, "edition": {"1"}, "link": {token}, "email": {"eve@evil.example"}, "role": {"manager"}}
	for _, path := range append(paths, "/sign-in", "/sign-in/provider", "/sign-in/provider/back", "/sign-in/passkey", "/sign-in/passkey/begin", "/notes") {
		for name, change := range map[string]func(*http.Request){
			"another origin":  func(r *http.Request) { r.Header.Set("Origin", "https://evil.example"); r.Header.Del("Sec-Fetch-Site") },
			"no origin":       func(r *http.Request) { r.Header.Set("Origin", "null"); r.Header.Del("Sec-Fetch-Site") },
			"a cross site":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
			"a sister domain": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		} {
			if r := dana.ask(http.MethodPost, path, form, change); r.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %d", path, name, r.StatusCode)
			}
		}
	}
	stranger := h.browser()
	for _, path := range paths {
		if r := stranger.ask(http.MethodPost, path, form); r.StatusCode != http.StatusForbidden || len(r.Cookies()) != 0 {
			t.Errorf("%s without a session: %d", path, r.StatusCode)
		}
	}
	if r := dana.get("/account"); !strings.Contains(r.Text, "Dana Whitfield") {
		t.Error("something was done")
	}
}

func TestTriesToSignInAreCounted(t *testing.T) {
	h := newHall(t, "https", func(o *office.Options) { o.Limits.SignIn = office.Limit{Burst: 5, Every: time.Minute} })
	b := h.browser()
	for i := range 7 {
		want := http.StatusNotFound
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		if r := b.post("/sign-in/" + h.org.ID + strings.Repeat("a", 26)); r.StatusCode != want {
			t.Errorf("try %d: %d, want %d", i+1, r.StatusCode, want)
		}
	}
}

func TestFridayNotesEndByTheirOwnAddress(t *testing.T) {
	h := newHall(t, "https")
	if r := h.browser().get("/notes?o=" + h.org.ID + "&c=case-1&l=link&k=x"); r.StatusCode != http.StatusNotFound {
		t.Errorf("an address that is not ours: %d", r.StatusCode)
	}
	if r := h.browser().post("/notes", "o", h.org.ID, "c", "case-1", "l", "link", "k", "x"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a form that is not ours: %d", r.StatusCode)
	}
}
