package office

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/share"
)

// No log line and no counter holds a word of a case, a token, a key, an address
// of a reader or of a client.
func TestNothingPersonalIsLoggedOrCounted(t *testing.T) {
	w := newWorld(t)
	secrets := []string{w.ines.token, w.ines.token[8:], "Ines M", "Dana", "Moreau", "Fernhill", w.ines.caseID, w.ines.public(), w.ines.org, w.ines.file, "203.0.113.7", "secret-word", "dana@fernhill.example"}
	for _, rt := range w.server.routes() {
		r := newRequest(rt.method, example(w, rt.pattern)+"?q=secret-word&to=dana@fernhill.example", "text=secret-word")
		r.Header.Set("Referer", "https://"+host+"/p/"+w.ines.token)
		r.Header.Set("User-Agent", "secret-word")
		w.send(r)
		w.send(w.ines.signed(rt.method, example(w, rt.pattern), "text/plain", []byte("secret-word")))
	}
	r := newRequest("GET", "/p/"+w.ines.token+"/secret-word", "")
	w.send(r)
	r.Method = "SECRET-WORD"
	w.send(r)
	w.server.broke(r, context.DeadlineExceeded)
	counters := httptest.NewRecorder()
	w.server.Metrics().ServeHTTP(counters, httptest.NewRequest("GET", "/metrics", nil))
	for where, text := range map[string]string{"log": w.log.String(), "counters": counters.Body.String()} {
		for _, s := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
				t.Errorf("the %s holds %q", where, s)
			}
		}
	}
	for _, want := range []string{`homecase_requests_total{method="GET",route="` + casePath + `/record",status="200"} 1`, `homecase_requests_total{method="other",route="none"`, "homecase_request_seconds_bucket", "go_goroutines"} {
		if !strings.Contains(counters.Body.String(), want) {
			t.Errorf("the counters lack %s", want)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(w.log.String()), "\n") {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil || l["msg"] == "" {
			t.Errorf("a line that is no JSON: %s", line)
		}
	}
	if !strings.Contains(w.log.String(), `"pattern":"`+casePath+`/acts"`) {
		t.Error("the log does not name the pattern of an address")
	}
}

// A handler that breaks answers 500 in a plain sentence, is logged by its
// pattern, and takes nothing else with it.
func TestABrokenHandlerIsContained(t *testing.T) {
	w := newWorld(t)
	h := w.server.guard(w.server.enter(route{"GET", "/p/{token}", func(http.ResponseWriter, *http.Request) { panic("here") }, forReader, 0, ""}))
	seen := httptest.NewRecorder()
	h.ServeHTTP(seen, newRequest("GET", "/p/"+w.ines.token, ""))
	if seen.Code != http.StatusInternalServerError || strings.Contains(seen.Body.String(), "here") {
		t.Errorf("%d %s", seen.Code, seen.Body)
	}
	if log := w.log.String(); !strings.Contains(log, `"pattern":"/p/{token}"`) || strings.Contains(log, w.ines.token) {
		t.Errorf("the log: %s", log)
	}
}

// The states that machines ask for follow the store and the end of the server.
func TestHealth(t *testing.T) {
	w := newWorld(t)
	ask := func(path string) seen {
		r := newRequest("GET", path, "")
		r.Host = "10.1.2.3:8480" // a prober knows no name
		return read(t, w.send(r))
	}
	for path, want := range map[string]seen{
		healthPath: {200, "text/plain; charset=utf-8", "ok\n"},
		readyPath:  {200, "text/plain; charset=utf-8", "ready\n"},
	} {
		if diff := cmp.Diff(want, ask(path)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	w.server.leaving.Store(true)
	if got := ask(readyPath); got.Status != 503 || got.Body != "stopping\n" {
		t.Errorf("while it stops: %+v", got)
	}
	w.server.leaving.Store(false)
	w.office.Store = away{w.office.Store}
	if got := ask(readyPath); got.Status != 503 || got.Body != "the store does not answer\n" {
		t.Errorf("without a store: %+v", got)
	}
	if got := ask(healthPath); got.Status != 200 {
		t.Errorf("the process is healthy without its store: %+v", got)
	}
	// A store that is away is told as such, to be tried again, without its words.
	got := read(t, w.send(w.ines.signed("GET", casePathOf(w.ines, "/record"), "", nil)))
	if got.Status != 500 || strings.Contains(got.Body, "10.9.9.9") {
		t.Errorf("a request without a store: %+v", got)
	}
	if !strings.Contains(w.log.String(), "10.9.9.9") {
		t.Error("the log does not say why")
	}
}

// away is a store that does not answer.
type away struct{ share.Store }

func (away) Ping(context.Context) error { return &net.OpError{Op: "dial", Err: io.ErrUnexpectedEOF} }
func (away) Person(context.Context, string, string) (*share.Person, error) {
	return nil, &net.AddrError{Err: "no route", Addr: "10.9.9.9"}
}

// What is wrong with the store is the office's own affair: a workspace is told to
// ask again, a person that it is done once, and nobody which server it is.
func TestTroubleOfTheStoreIsNotToldToOthers(t *testing.T) {
	w := newWorld(t)
	for _, code := range storeTrouble {
		w.office.Store = troubled{w.office.Store, fault.New(fault.Invalid, code, "The replica 10.9.9.9 takes no changes.").Because(io.ErrUnexpectedEOF)}
		for name, r := range map[string]*http.Request{
			"a workspace":      w.ines.signed("GET", casePathOf(w.ines, "/record"), "", nil),
			"a reader":         newRequest("GET", "/p/"+w.ines.token, ""),
			"a reader's form":  readerRequests(w.ines)["POST /p/{token}/decide"](w.ines.token),
			"somebody sign in": w.ines.signedIn("GET", "/cases", ""),
		} {
			got := read(t, w.send(r))
			if got.Status != http.StatusServiceUnavailable || strings.Contains(got.Body, "replica") || strings.Contains(got.Body, "10.9.9.9") {
				t.Errorf("%s, %s: %+v", name, code, got)
			}
		}
	}
	if log := w.log.String(); !strings.Contains(log, "The replica 10.9.9.9 takes no changes.: unexpected EOF") {
		t.Errorf("the log does not say why: %.400s", log)
	}
	// Every code of PostgreSQL's own faults is one of these, or is met at the start alone.
	start := []fault.Code{"HC-STORE-60", "HC-STORE-61", "HC-STORE-62", "HC-STORE-67"}
	source, err := os.ReadFile("../postgres/fault.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range regexp.MustCompile(`HC-STORE-[67]\d`).FindAllString(string(source), -1) {
		if !slices.Contains(append(start, storeTrouble...), fault.Code(code)) {
			t.Errorf("%s of package postgres is told to others", code)
		}
	}
}

// troubled is a store that has one answer.
type troubled struct {
	share.Store
	err error
}

func (s troubled) Person(context.Context, string, string) (*share.Person, error) { return nil, s.err }
func (s troubled) LinkByToken(context.Context, string, string, time.Time) (*share.OpenLink, error) {
	return nil, s.err
}
func (s troubled) HeadByToken(context.Context, string, string, time.Time) (string, error) {
	return "", s.err
}
func (s troubled) PageByToken(context.Context, string, string, time.Time) (*share.OpenLink, []byte, error) {
	return nil, nil, s.err
}
func (s troubled) Org(context.Context, string) (*share.Org, error) { return nil, s.err }

// The office opens no connection of its own: with a network that fails at the
// first use, everything a person can ask still works.
func TestTheOfficeFetchesNothing(t *testing.T) {
	used := ""
	old := http.DefaultTransport
	http.DefaultTransport = refusing{&used}
	oldResolver := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		used += " dns:" + address
		return nil, io.ErrClosedPipe
	}}
	t.Cleanup(func() { http.DefaultTransport, net.DefaultResolver = old, oldResolver })
	w := newWorld(t)
	for name, try := range attempts {
		if got := read(t, w.send(try(w.ines, w.ines))); got.Status >= 400 && !strings.HasSuffix(name, "/law") { // the case of Ines is under no law
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
		w = newWorld(t)
	}
	hostile := w.ines.publication(2)
	hostile.Title = "http://169.254.169.254/latest/meta-data"
	w.ines.do(hostile)
	for _, rt := range w.server.routes() {
		r := newRequest(rt.method, example(w, rt.pattern)+"?url=http://169.254.169.254/", "url=http%3A%2F%2F169.254.169.254%2F")
		w.send(r)
	}
	if used != "" {
		t.Errorf("the office used the network: %s", used)
	}
}

type refusing struct{ used *string }

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	*r.used += " " + req.URL.Host
	return nil, io.ErrClosedPipe
}
