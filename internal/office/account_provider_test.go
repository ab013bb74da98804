package office_test

import (
	"bufio"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"homecase/internal/office"
)

// realProvider starts oidc-provider, which the OpenID Foundation has certified.
func realProvider(t *testing.T, back string) (issuer string) {
	t.Helper()
	script, err := filepath.Abs("../../tools/provider/provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	_, missing := os.Stat(filepath.Join(filepath.Dir(script), "node_modules", "oidc-provider"))
	node, err := exec.LookPath("node")
	if missing != nil || err != nil {
		if os.Getenv("HOMECASE_TESTS_COMPLETE") != "" {
			t.Fatal("oidc-provider is not installed; make need installs it")
		}
		t.Skip("oidc-provider is not installed, so nobody signed in by a provider; make need installs it")
	}
	c := exec.CommandContext(t.Context(), node, script, back)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	c.Stderr = &complaints
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider does not start: %v %s", err, complaints.String())
	}
	return strings.TrimSpace(line)
}

// visit is a browser at the provider: it follows redirects until one leads to the office.
type visit struct {
	t    *testing.T
	c    *http.Client
	back string
}

// walk opens an address, signs in there as somebody and says yes, and returns the
// address that leads back.
func (v visit) walk(address, as string) *url.URL {
	v.t.Helper()
	form := regexp.MustCompile(`action="([^"]+)"`)
	prompt := regexp.MustCompile(`name="prompt" value="([^"]+)"`)
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for range 12 {
		res, err := v.c.Do(r)
		if err != nil {
			v.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			v.t.Fatal(err)
		}
		if to := res.Header.Get("Location"); to != "" {
			u, err := r.URL.Parse(to)
			if err != nil {
				v.t.Fatal(err)
			}
			if strings.HasPrefix(u.String(), v.back) {
				return u
			}
			if r, err = http.NewRequestWithContext(v.t.Context(), http.MethodGet, u.String(), nil); err != nil {
				v.t.Fatal(err)
			}
			continue
		}
		action, ask := form.FindSubmatch(body), prompt.FindSubmatch(body)
		if res.StatusCode != http.StatusOK || action == nil || ask == nil {
			v.t.Fatalf("the provider shows %d:\n%s", res.StatusCode, body)
		}
		to, err := r.URL.Parse(string(action[1]))
		if err != nil {
			v.t.Fatal(err)
		}
		values := url.Values{"prompt": {string(ask[1])}, "login": {as}, "password": {"x"}}
		if r, err = http.NewRequestWithContext(v.t.Context(), http.MethodPost, to.String(), strings.NewReader(values.Encode())); err != nil {
			v.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	v.t.Fatal("the provider sends in circles")
	return nil
}

var refresh = regexp.MustCompile(`http-equiv="refresh" content="0;url=([^"]+)"`)

// comeBack returns the fields of the page that a provider sends back to.
func (b *browser) comeBack(u *url.URL) (fields []string) {
	b.h.t.Helper()
	r := b.get(u.RequestURI())
	if r.StatusCode != http.StatusOK || len(r.Cookies()) != 0 {
		b.h.t.Fatalf("coming back: %d, cookies %v", r.StatusCode, r.Cookies())
	}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(r.Text, -1) {
		fields = append(fields, m[1], html.UnescapeString(m[2]))
	}
	return fields
}

func TestSigningInByTheOrganisationsProvider(t *testing.T) {
	h := newHall(t, "https")
	h.later(-time.Until(h.now())) // the provider goes by the clock on the wall
	issuer := realProvider(t, h.office.Address+"/sign-in/provider/back")
	server, err := office.New(office.Options{Office: h.office, Limits: office.Limits{SignIn: plenty},
		Providers: []office.Provider{{Org: h.org.ID, Name: "Fernhill single sign-on", Issuer: issuer, Client: "office", Secret: "a secret of the test"}}})
	h.must(err)
	h.server = server
	at := func(as string) (*browser, *url.URL) {
		jar, err := cookiejar.New(nil)
		h.must(err)
		b := h.browser()
		v := visit{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h.office.Address}
		return b, v.walk(b.toProviderOf(h.org.ID), as)
	}

	b, back := at("dana")
	fields := b.comeBack(back)
	if r := b.post("/sign-in/provider/back", fields...); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/account" {
		t.Fatalf("signing in: %d %s", r.StatusCode, r.Text)
	}
	if r := b.get("/account"); !strings.Contains(r.Text, "dana@fernhill.example") || !strings.Contains(r.Text, "by your organisation") {
		t.Errorf("the account: %s", r.Text)
	}
	if r := b.post("/sign-in/provider/back", fields...); r.StatusCode != http.StatusForbidden {
		t.Errorf("the same answer again: %d", r.StatusCode)
	}
	a, err := h.office.Store.Account(t.Context(), h.org.ID, h.dana.ID)
	h.must(err)
	if a.Subject != issuer+" dana" {
		t.Errorf("subject %q", a.Subject)
	}
	for as, want := range map[string]int{"not-verified": 403, "stranger": 403, "impostor": 403} {
		b, back := at(as)
		if r := b.post("/sign-in/provider/back", b.comeBack(back)...); r.StatusCode != want || b.cookies()["__Host-homecase"] != "" {
			t.Errorf("%s: %d, want %d", as, r.StatusCode, want)
		}
	}

	// The answer to one browser is worth nothing in another, nor with another state or code.
	b, back = at("dana")
	fields = b.comeBack(back)
	other := h.browser()
	if r := other.post("/sign-in/provider/back", fields...); r.StatusCode != http.StatusForbidden {
		t.Errorf("in another browser: %d", r.StatusCode)
	}
	other.toProviderOf(h.org.ID)
	if r := other.post("/sign-in/provider/back", fields...); r.StatusCode != http.StatusForbidden {
		t.Errorf("in another browser that has begun too: %d", r.StatusCode)
	}
	for i, name := range map[int]string{1: "state", 3: "code", 5: "issuer"} {
		b, back := at("dana")
		fields := b.comeBack(back)
		fields[i] += "x"
		if r := b.post("/sign-in/provider/back", fields...); r.StatusCode != http.StatusForbidden || b.cookies()["__Host-homecase"] != "" {
			t.Errorf("another %s: %d %s", name, r.StatusCode, r.Text)
		}
	}
	if r := b.get("/sign-in/provider/back?error=access_denied&state=x"); r.StatusCode != http.StatusUnprocessableEntity || strings.Contains(r.Text, "access_denied") {
		t.Errorf("who said no there: %d", r.StatusCode)
	}
}

// toProviderOf presses the button on the page of one organisation.
func (b *browser) toProviderOf(org string) string {
	b.h.t.Helper()
	if page := b.get("/sign-in"); strings.Contains(page.Text, "single sign-on") {
		b.h.t.Error("a provider of one organisation is shown to all")
	}
	page := b.get("/sign-in?org=" + org)
	m := regexp.MustCompile(`name="provider" value="([^"]+)"`).FindStringSubmatch(page.Text)
	if m == nil {
		b.h.t.Fatalf("no provider is offered:\n%s", page.Text)
	}
	r := b.post("/sign-in/provider", "provider", m[1], "back", "/account")
	to := refresh.FindStringSubmatch(r.Text)
	if r.StatusCode != http.StatusOK || to == nil {
		b.h.t.Fatalf("the button leads nowhere: %d %s", r.StatusCode, r.Text)
	}
	return html.UnescapeString(to[1])
}
