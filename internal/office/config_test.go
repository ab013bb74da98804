package office

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"homecase/share"
)

// The example holds every field of the settings, each with a comment, and its
// commented lines are settings that are read.
func TestExampleConfig(t *testing.T) {
	none := func(string) string { return "" }
	if _, err := ReadConfig("office.yaml", ExampleConfig(), none); err != nil {
		t.Fatalf("the example itself: %v", err)
	}
	text := string(ExampleConfig())
	var missing func(of reflect.Type)
	missing = func(of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !regexp.MustCompile(`(?m)^#?[ -]*` + name + `:`).MatchString(text) {
				t.Errorf("the example lacks %s", name)
			}
			at := f.Type
			if at.Kind() == reflect.Pointer || at.Kind() == reflect.Slice {
				at = at.Elem()
			}
			if at.Kind() == reflect.Struct {
				missing(at)
			}
		}
	}
	missing(reflect.TypeFor[Config]())
	// Every commented setting taken in, a certificate or ACME at a time.
	all := regexp.MustCompile(`(?m)^# ((?:  )*(?:- )?[a-z_]+:(?: .*)?)$`).ReplaceAllString(text, "$1")
	all = regexp.MustCompile(`(?m)^#   (  )?([a-z_]+:)`).ReplaceAllString(all, "  $1$2")
	for name, drop := range map[string]string{"a certificate": `acme`, "ACME": `certificate|key`} {
		one := regexp.MustCompile(`(?m)^  (`+drop+`):.*$`).ReplaceAllString(all, "")
		one = regexp.MustCompile(`(?m)^  server:.*$`).ReplaceAllString(one, "")
		c, err := ReadConfig("office.yaml", []byte(one), none)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, one)
			continue
		}
		if c.Listen != "127.0.0.1:8480" || len(c.Proxies) != 2 || c.TLS == nil || c.Mail == nil || len(c.SignIn) != 1 || c.SignIn[0].Client != "homecase" || c.Each != 256 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Settings that cannot work are refused with the field and a sentence.
func TestConfigRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"address: http://case.example":                                                                                "only",
		"address: https://case.example/office":                                                                        "looks like https://case.example",
		"address: https://case.example\nproxies: [10.0.0.1]":                                                          "A network looks like",
		"address: https://case.example\nlog: loud":                                                                    "debug, info, warn, error",
		"address: https://case.example\ntraces: localhost":                                                            "The address of a collector",
		"address: https://case.example\nmetrics: 9480":                                                                "must be text",
		"address: https://case.example\nmetrics: here":                                                                "An address to listen on",
		"address: https://case.example\nconnections: -1":                                                              "a number from 0",
		"address: https://case.example\ntls: {certificate: a}":                                                        "go together",
		"address: https://case.example\ntls: {email: a}":                                                              "or set acme to true",
		"address: https://case.example\nmail: {from: a@b}":                                                            "Name a server to send by",
		"address: https://case.example\nmail: {from: a, folder: f}":                                                   "The office sends from an address",
		"address: https://case.example\nmail: {from: a@b, server: s}":                                                 "A mail server looks like",
		"address: https://case.example\nmail: {from: a@b, folder: f, security: x}":                                    "starttls, tls, none",
		"address: https://case.example\nsign_in: [{organisation: o, name: n, client: c, issuer: 'http://x.example'}]": "begins with https://",
		"address: https://case.example\nsign_in: [{issuer: 'https://x.example'}]":                                     "A provider needs",
		"address: https://case.example\nlisten: ''":                                                                   "",
	} {
		_, err := ReadConfig("f", []byte("version: 1\ndatabase: d\n"+text+"\n"), func(string) string { return "" })
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want))):
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	c, err := ReadConfig("f", []byte("version: 1\naddress: https://case.example/\n"), func(name string) string { return map[string]string{DatabaseVariable: "postgres://x"}[name] })
	if err != nil || c.Database != "postgres://x" || c.Address != "https://case.example" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Room for files is what the settings say, in MB, and else as usual.
func TestRoomOfTheSettings(t *testing.T) {
	none := func(string) string { return "" }
	c, err := ReadConfig("f", []byte("version: 1\naddress: https://case.example\ndatabase: /d\nfiles: {case: 3}\n"), none)
	if err != nil || len(c.Check()) > 0 {
		t.Fatal(err, c.Check())
	}
	if got, want := c.Room(), (share.Room{Case: 3 << 20, Person: 1 << 30, Org: 64 << 30}); got != want {
		t.Errorf("room %+v, want %+v", got, want)
	}
	c.Files.Person = -1
	if list := c.Check(); len(list) != 1 || list[0].Place.Path != "files.person" {
		t.Errorf("less than none: %v", list)
	}
}

// A span has the pattern of an address, in the JSON that OTLP 1 asks for
// (opentelemetry.io/docs/specs/otlp: ids in hexadecimal, times and whole numbers as text).
func TestTraces(t *testing.T) {
	var got otlpRequest
	var kind string
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/v1/traces" || r.Method != http.MethodPost {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
		kind = r.Header.Get("Content-Type")
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		for _, word := range []string{"token", "Ines", "203.0.113"} {
			if strings.Contains(strings.ReplaceAll(string(body), "{token}", ""), word) {
				t.Errorf("a span holds %q: %s", word, body)
			}
		}
	}))
	defer collector.Close()
	traces := NewTraces(collector.URL+"/", "1.2.3", collector.Client())
	w := newWorld(t, func(o *Options) { o.Traces = traces })
	w.send(newRequest("GET", "/p/"+w.ines.token+"?x=secret", ""))
	if err := traces.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	if kind != "application/json" || len(got.Resources) != 1 || len(got.Resources[0].Scopes) != 1 {
		t.Fatalf("%s: %+v", kind, got)
	}
	about := map[string]string{}
	for _, p := range got.Resources[0].Resource.About {
		about[p.Key] = *p.Value.Text
	}
	if diff := cmp.Diff(map[string]string{"service.name": "homecase", "service.version": "1.2.3"}, about); diff != "" {
		t.Error(diff)
	}
	spans := got.Resources[0].Scopes[0].Spans
	last := spans[len(spans)-1]
	if last.Name != "GET /p/{token}" || last.Kind != 2 || len(last.Trace) != 32 || len(last.Span) != 16 || len(last.Start) != 19 || last.Start > last.End {
		t.Errorf("%+v", last)
	}
	said := map[string]string{}
	for _, p := range last.About {
		if p.Value.Text != nil {
			said[p.Key] = *p.Value.Text
		} else {
			said[p.Key] = "number " + *p.Value.Whole
		}
	}
	if diff := cmp.Diff(map[string]string{"http.request.method": "GET", "http.route": "/p/{token}", "http.response.status_code": "number 200"}, said); diff != "" {
		t.Error(diff)
	}
}

// A trace is carried on from a proxy in front, and from nobody else; a collector
// that refuses is told of.
func TestTracesBeginHere(t *testing.T) {
	w := newWorld(t)
	r := newRequest("GET", "/", "")
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	_, span := w.server.span(r, "/")
	if span.SpanContext().TraceID().String() == "0af7651916cd43dd8448eb211c80319c" {
		t.Error("a stranger chose the trace")
	}
	refused := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refused.Close()
	e := &exporter{refused.URL, refused.Client()}
	stub := tracetest.SpanStubs{{Name: "x"}}.Snapshots()
	if err := e.ExportSpans(t.Context(), stub); err == nil {
		t.Error("a batch that was refused counts as sent")
	}
	if err := e.ExportSpans(t.Context(), nil); err != nil {
		t.Errorf("nothing to send: %v", err)
	}
}

// A certificate that was renewed is used without a restart; half a renewal is not.
func TestCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	file, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	write := func(serial int64, at time.Time) {
		t.Helper()
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{host}}, &x509.Certificate{SerialNumber: big.NewInt(serial)}, &k.PublicKey, k)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		for name, block := range map[string]*pem.Block{file: {Type: "CERTIFICATE", Bytes: cert}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
			if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	serial := func(config *tls.Config) int64 {
		t.Helper()
		c, err := config.GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.SerialNumber.Int64()
	}
	if _, err := ReadCertificate(file, key); err == nil {
		t.Error("a certificate that is not there was read")
	}
	day := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	write(1, day)
	c, err := ReadCertificate(file, key)
	if err != nil {
		t.Fatal(err)
	}
	config := c.TLS()
	if got := serial(config); got != 1 || config.MinVersion != tls.VersionTLS12 {
		t.Errorf("serial %d, TLS %x", got, config.MinVersion)
	}
	write(2, day.Add(time.Hour))
	if got := serial(config); got != 2 {
		t.Errorf("after a renewal: %d", got)
	}
	if err := os.WriteFile(file, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(config); got != 2 {
		t.Errorf("after half a renewal: %d", got)
	}
}
