package office_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"homecase/internal/office"
)

// fakeIssuer is a provider that says whatever a test wants it to say.
type fakeIssuer struct {
	*httptest.Server
	key   *rsa.PrivateKey
	token func() string
	asked url.Values // what the last exchange asked for
}

func newFakeIssuer(t *testing.T) *fakeIssuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeIssuer{key: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": f.URL, "authorization_endpoint": f.URL + "/auth", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		f.asked = r.PostForm
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": f.token()})
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// sign writes claims as a token signed by a key.
func sign(t *testing.T, key any, alg jose.SignatureAlgorithm, claims map[string]any) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Each token that differs from the right one in one way is refused, and says nothing of how.
func TestEachWrongTokenIsRefused(t *testing.T) {
	h := newHall(t, "https")
	f := newFakeIssuer(t)
	server, err := office.New(office.Options{Office: h.office, Limits: office.Limits{SignIn: plenty}, Providers: []office.Provider{{Org: h.org.ID, Name: "Fernhill single sign-on", Issuer: f.URL, Client: "office"}}})
	h.must(err)
	h.server = server
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	h.must(err)
	try := func(make func(claims map[string]any) string) (*browser, answer) {
		b := h.browser()
		to, err := url.Parse(b.toProviderOf(h.org.ID))
		h.must(err)
		q := to.Query()
		if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || len(q.Get("nonce")) < 43 {
			t.Fatalf("asked with %v", q)
		}
		claims := map[string]any{"iss": f.URL, "aud": "office", "sub": "1", "exp": h.now().Add(time.Minute).Unix(), "iat": h.now().Unix(), "nonce": q.Get("nonce"), "email": "dana@fernhill.example", "email_verified": true}
		f.token = func() string { return make(maps.Clone(claims)) }
		r := b.post("/sign-in/provider/back", "state", q.Get("state"), "code", "c", "iss", f.URL)
		sum := sha256.Sum256([]byte(f.asked.Get("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge") {
			t.Error("the exchange does not prove who began (RFC 7636)")
		}
		return b, r
	}
	with := func(name string, v any) func(map[string]any) string {
		return func(c map[string]any) string {
			if v == nil {
				delete(c, name)
			} else {
				c[name] = v
			}
			return sign(t, f.key, jose.RS256, c)
		}
	}
	for name, make := range map[string]func(map[string]any) string{
		"another nonce":        with("nonce", "x"),
		"no nonce":             with("nonce", nil),
		"another audience":     with("aud", "somebody else"),
		"another issuer":       with("iss", "https://evil.example"),
		"over":                 with("exp", h.now().Add(-time.Minute).Unix()),
		"no end":               with("exp", nil),
		"no subject":           with("sub", ""),
		"address not verified": with("email_verified", false),
		"verified as a word":   with("email_verified", "no"),
		"nothing of it":        with("email_verified", nil),
		"no address":           with("email", nil),
		"an odd address":       with("email", "dana@fernhill.example\r\nx"),
		"another key":          func(c map[string]any) string { return sign(t, other, jose.RS256, c) },
		"the public key as a secret": func(c map[string]any) string {
			return sign(t, f.key.PublicKey.N.Bytes(), jose.HS256, c)
		},
		"not signed": func(c map[string]any) string {
			text, _ := json.Marshal(c)
			return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
		},
		"nothing":        func(map[string]any) string { return "" },
		"no token":       func(map[string]any) string { return "a.b.c" },
		"a long subject": with("sub", strings.Repeat("x", 100_000)),
	} {
		want := "did not vouch"
		b, r := try(make)
		if name == "a long subject" {
			want = "" // it is somebody unknown, however long the name
		}
		if r.StatusCode < 400 || b.cookies()["__Host-homecase"] != "" || !strings.Contains(r.Text, want) && !strings.Contains(r.Text, "no account for you") {
			t.Errorf("%s: %d, cookies %v", name, r.StatusCode, b.cookies())
		}
	}
	b, r := try(func(c map[string]any) string { return sign(t, f.key, jose.RS256, c) })
	if r.StatusCode != http.StatusSeeOther || b.cookies()["__Host-homecase"] == "" {
		t.Fatalf("the right token: %d %s", r.StatusCode, r.Text)
	}
	// Who is known by the provider's own name may change the address.
	if _, r := try(with("email", "dana@elsewhere.example")); r.StatusCode != http.StatusSeeOther {
		t.Errorf("after a change of address: %d", r.StatusCode)
	}
	f.Close()
	if _, err := office.New(office.Options{Office: h.office, Providers: []office.Provider{{Org: h.org.ID, Name: "x", Issuer: "http://sso.example", Client: "office"}}}); err == nil {
		t.Error("a provider without https is taken")
	}
}
