package courier_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/internal/courier"
	"homecase/ops"
	"homecase/share"
)

var now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// sleeps is a sleep that takes no time and remembers how long it was to be.
type sleeps []time.Duration

func (s *sleeps) sleep(ctx context.Context, d time.Duration) error {
	*s = append(*s, d)
	return ctx.Err()
}

func to(t *testing.T, address string, change ...func(*courier.Options)) (*courier.Courier, *sleeps) {
	t.Helper()
	slept := new(sleeps)
	o := courier.Options{
		Address: address, Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)), Version: "test",
		Now: func() time.Time { return now }, Sleep: slept.sleep, Jitter: func() float64 { return 1 },
	}
	for _, c := range change {
		c(&o)
	}
	c, err := courier.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c, slept
}

// answers is an office that gives these answers in turn, the last one for good.
func answers(t *testing.T, list ...http.HandlerFunc) (address string, asked *int) {
	t.Helper()
	asked = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := list[min(*asked, len(list)-1)]
		*asked++
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) } // the connection ends

func wait(seconds string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", seconds)
		w.WriteHeader(code)
	}
}

// What is lost or refused for now is tried again, a little later each time; an
// answer of the office is not.
func TestTries(t *testing.T) {
	const none = `{"missing":[]}`
	for _, c := range []struct {
		name  string
		list  []http.HandlerFunc
		asked int
		waits sleeps
		kind  fault.Kind
		code  fault.Code
	}{
		{"at once", []http.HandlerFunc{status(200, none)}, 1, nil, 0, ""},
		{"a cut connection", []http.HandlerFunc{cut, cut, status(200, none)}, 3, sleeps{500 * time.Millisecond, time.Second}, 0, ""},
		{"500 and 503", []http.HandlerFunc{status(500, ""), status(503, ""), status(200, none)}, 3, sleeps{500 * time.Millisecond, time.Second}, 0, ""},
		{"asked to wait", []http.HandlerFunc{wait("7", 429), status(200, none)}, 2, sleeps{7 * time.Second}, 0, ""},
		{"asked to wait until a time", []http.HandlerFunc{wait(now.Add(9*time.Second).Format(http.TimeFormat), 503), status(200, none)}, 2, sleeps{9 * time.Second}, 0, ""},
		{"asked for too much patience", []http.HandlerFunc{wait("3600", 429)}, 1, nil, fault.Away, ops.OfficeAway},
		{"never there", []http.HandlerFunc{status(502, "")}, 5, sleeps{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}, fault.Away, ops.OfficeAway},
		{"bad request", []http.HandlerFunc{status(400, `{"code":"HC-SHARE-05","message":"This must not be empty."}`)}, 1, nil, fault.Invalid, "HC-SHARE-05"},
		{"forbidden", []http.HandlerFunc{status(403, `{"code":"HC-SHARE-61","message":"The clocks differ.","next":"Set it."}`)}, 1, nil, fault.Forbidden, "HC-SHARE-61"},
		{"not there", []http.HandlerFunc{status(404, `{"code":"HC-OFFICE-06","message":"There is no such case here."}`)}, 1, nil, fault.Missing, "HC-OFFICE-06"},
		{"conflict", []http.HandlerFunc{status(409, `{"code":"HC-SHARE-38","message":"The next edition is number 2."}`)}, 1, nil, fault.Conflict, "HC-SHARE-38"},
		{"finding", []http.HandlerFunc{status(422, `{"code":"HC-OFFICE-20","message":"No e-mail."}`)}, 1, nil, fault.Finding, "HC-OFFICE-20"},
		{"no office at all", []http.HandlerFunc{status(404, "<html>nginx</html>")}, 1, nil, fault.Invalid, "HC-COURIER-07"},
		{"a page instead of an answer", []http.HandlerFunc{status(200, "<html>welcome</html>")}, 1, nil, fault.Invalid, "HC-COURIER-07"},
		{"a redirect", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		}}, 1, nil, fault.Invalid, "HC-COURIER-06"},
		{"a proxy that asks", []http.HandlerFunc{status(407, "")}, 1, nil, fault.Away, ops.OfficeAway},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, asked := answers(t, c.list...)
			office, slept := to(t, address)
			_, err := office.Missing(t.Context(), "org", "case", nil)
			if (err == nil) != (c.code == "") || fault.CodeOf(err) != c.code || err != nil && fault.KindOf(err) != c.kind {
				t.Errorf("err: %v (%s)", err, fault.CodeOf(err))
			}
			if *asked != c.asked {
				t.Errorf("asked %d times, want %d", *asked, c.asked)
			}
			if diff := cmp.Diff([]time.Duration(c.waits), []time.Duration(*slept)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a person sees is the office's own sentence.
func TestSaysWhatTheOfficeSays(t *testing.T) {
	address, _ := answers(t, status(409, `{"code":"HC-SHARE-39","message":"The answer was not now (100 % sure).","next":"Wait until 1 March."}`))
	office, _ := to(t, address)
	_, err := office.Record(t.Context(), "org", "case")
	if got := err.Error(); got != "The answer was not now (100 % sure). Wait until 1 March." {
		t.Errorf("got %q", got)
	}
}

// A body of an act arrives byte for byte: its signature covers these bytes.
func TestBodiesAreNotRewritten(t *testing.T) {
	raw := []byte(`{"id":"q-1","question":"q","text":"5 < 6 & 7 > 2 \u2028 é"}`)
	var got []byte
	address, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		if key, err := share.Authorized(r.Header.Get("Authorization"), r.Method, r.Host, r.RequestURI, now, got); err != nil || key == "" {
			t.Errorf("the signature does not fit: %v", err)
		}
		_, _ = io.WriteString(w, `{"line":{"n":1},"body":`+string(raw)+`,"countersignature":""}`)
	})
	office, _ := to(t, address)
	e, err := office.Act(t.Context(), "org", "case", ops.Delivery{Act: share.Replied, Body: raw, Signature: "s"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(got, raw) || !bytes.Equal(e.Raw, raw) {
		t.Errorf("sent %s\ngot back %s", got, e.Raw)
	}
}

// A signed request follows nobody elsewhere, goes to a named host and names it
// in the signature.
func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		address  string
		insecure bool
		code     fault.Code
	}{
		{"https://case.example", false, ""},
		{"https://case.example/", false, ""},
		{"https://case.example:443", false, ""},
		{"http://127.0.0.1:8480", false, ""},
		{"http://localhost:8480", false, ""},
		{"http://[::1]:8480", false, ""},
		{"http://case.example", false, "HC-COURIER-04"},
		{"http://case.example", true, ""},
		{"http://10.0.0.7", false, "HC-COURIER-04"},
		{"http://localhost.example", false, "HC-COURIER-04"},
		{"ftp://case.example", true, "HC-COURIER-04"},
		{"case.example", false, "HC-COURIER-03"},
		{"https://ines:secret@case.example", false, "HC-COURIER-03"},
		{"https://case.example/office", false, "HC-COURIER-03"},
		{"https://case.example?x=1", false, "HC-COURIER-03"},
		{"", false, "HC-COURIER-03"},
	} {
		_, err := courier.New(courier.Options{Address: c.address, Insecure: c.insecure, Key: ed25519.NewKeyFromSeed(make([]byte, 32))})
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.address, err)
		}
	}
}

// Each way in which an office is not reached has one sentence of its own.
func TestUnreached(t *testing.T) {
	good := httptest.NewTLSServer(status(200, `{"missing":[]}`))
	defer good.Close()
	plain := httptest.NewServer(status(200, `{"missing":[]}`))
	defer plain.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	pool := good.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	dial := func(address string) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	}
	at := good.Listener.Addr().String()
	for _, c := range []struct {
		name      string
		address   string
		transport *http.Transport
		once      bool
		says      string
	}{
		{"unknown authority", "https://" + at, &http.Transport{}, true, "comes from nobody this computer trusts"},
		{"another name", "https://case.test", &http.Transport{DialContext: dial(at), TLSClientConfig: &tls.Config{RootCAs: pool}}, true, "has the certificate of another name"},
		{"over", "https://example.com", &http.Transport{DialContext: dial(at), TLSClientConfig: &tls.Config{RootCAs: pool, Time: func() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }}}, true, "is over or not yet valid"},
		{"plain http there", "https://" + plain.Listener.Addr().String(), &http.Transport{}, true, "does not speak https"},
		{"nobody there", "http://" + nobody, &http.Transport{}, false, "was not reached"},
		{"no such name", "https://case.test", &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "case.test", IsNotFound: true}
		}}, false, "There is no computer called case.test"},
		{"too slow", "http://127.0.0.1:1", &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: timeout{}}
		}}, false, "took too long"},
		{"a proxy", "https://case.test", &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "proxyconnect", Err: errors.New("refused")}
		}}, false, "The proxy of this network did not let homecase through"},
	} {
		t.Run(c.name, func(t *testing.T) {
			office, slept := to(t, c.address, func(o *courier.Options) { o.Transport = c.transport })
			_, err := office.Missing(t.Context(), "org", "case", nil)
			if err == nil || !strings.Contains(err.Error(), c.says) || fault.KindOf(err) != fault.Away {
				t.Errorf("got %v, want %q", err, c.says)
			}
			if c.once != (len(*slept) == 0) {
				t.Errorf("waited %v", *slept)
			}
		})
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// Whoever closes the page is not kept waiting.
func TestStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address, asked := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	office, _ := to(t, address)
	_, err := office.Missing(ctx, "org", "case", nil)
	if fault.CodeOf(err) != ops.OfficeAway || *asked != 1 {
		t.Errorf("asked %d times: %v", *asked, err)
	}
}

// A longer answer than any office gives is not read to its end.
func TestAnswersAreBounded(t *testing.T) {
	address, _ := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 65 {
			if _, err := fmt.Fprint(w, strings.Repeat(" ", 1<<20)); err != nil {
				return
			}
		}
	})
	office, _ := to(t, address)
	_, err := office.Missing(t.Context(), "org", "case", nil)
	if fault.CodeOf(err) != "HC-COURIER-05" {
		t.Errorf("got %v", err)
	}
}
