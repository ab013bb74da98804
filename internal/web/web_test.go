package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/sqlite"
	"homecase/internal/web"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/policy"
	"homecase/readiness"
)

func TestMain(m *testing.M) {
	code := webtest.Main(m)
	gallery.keep.close()
	os.Exit(code)
}

// desk is a desk whose clock stands where a test puts it, and whose chance is
// the same in every run.
type desk struct {
	now time.Time
	*ops.Workspace
	base   string
	server *web.Server
}

const key = "a-key-of-the-tests"

// serve opens an empty workspace on the day the examples are dated, and a
// server for it. The address base+"/enter?key=…" lets a browser in.
func serve(t testing.TB) *desk {
	t.Helper()
	d := &desk{now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)}
	folder := t.TempDir()
	store, err := sqlite.Open(context.Background(), folder, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.Workspace = &ops.Workspace{
		Desk:  &ops.Desk{Now: func() time.Time { return d.now }, Getenv: func(string) string { return "" }, Random: &counter{}, Version: "test"},
		Store: store, Folder: folder, Restore: store.Restore,
	}
	server := httptest.NewUnstartedServer(nil)
	s, err := web.New(web.Options{Workspace: d.Workspace, Key: key, Hosts: []string{server.Listener.Addr().String()}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler, d.server = s, s
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	d.base = server.URL
	return d
}

// counter stands in for chance: bytes that count up.
type counter struct{ n byte }

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		c.n++
		b[i] = c.n
	}
	return len(b), nil
}

// take opens a case file in the workspace.
func (d *desk) take(t testing.TB, file string) *desk {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Take(context.Background(), file, text); err != nil {
		t.Fatal(err)
	}
	return d
}

// browse opens a tab that has come in by the printed address.
func (d *desk) browse(t testing.TB, view webtest.View) *webtest.Page {
	t.Helper()
	p := webtest.Open(t, d.base, view)
	p.Go("/enter?key=" + key)
	return p
}

// get asks for a page as a browser that has come in would.
func (d *desk) get(t testing.TB, path string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	return d.ask(t, http.MethodGet, path, "", change...)
}

func (d *desk) ask(t testing.TB, method, path, body string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, d.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// Whoever lacks the key, comes from another site or by another name is refused.
func TestOnlyThePersonsOwnBrowser(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, c := range []struct {
		name, method, path string
		change             func(*http.Request)
		status             int
	}{
		{"the person", "GET", "/case", func(*http.Request) {}, 200},
		{"no key", "GET", "/case", func(r *http.Request) { r.Header.Del("Cookie") }, 403},
		{"a wrong key", "GET", "/case", func(r *http.Request) { r.Header.Set("Cookie", "homecase=a-key-of-the-testz") }, 403},
		{"an empty key", "GET", "/case", func(r *http.Request) { r.Header.Set("Cookie", "homecase=") }, 403},
		{"another name for this computer", "GET", "/case", func(r *http.Request) { r.Host = "evil.example" }, 403},
		{"another port", "GET", "/case", func(r *http.Request) { r.Host = "127.0.0.1:1" }, 403},
		{"a post from another site", "POST", "/start", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"a post from another port", "POST", "/start", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }, 403},
		{"a cross-site post", "POST", "/start", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"a post from the same site", "POST", "/start", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }, 403},
		{"the wrong key at the door", "GET", "/enter?key=b", func(r *http.Request) { r.Header.Del("Cookie") }, 403},
	} {
		status, body := d.ask(t, c.method, c.path, "", c.change)
		if status != c.status {
			t.Errorf("%s: status %d, want %d", c.name, status, c.status)
		}
		if status == 403 && (strings.Contains(body, "Dana") || strings.Contains(body, key)) {
			t.Errorf("%s: the refusal tells something of the case", c.name)
		}
	}
}

// The first pages as a person fills them in.
func TestFirstPages(t *testing.T) {
	d := serve(t)
	p := d.browse(t, webtest.View{})
	me := p.Person()
	me.Press("Start")
	me.Fill("Your name", "Ines Duarte")
	me.Fill("Your job title", "Accounts assistant")
	me.Fill("Your boss's name", "Dana Whitfield")
	me.Choose("United Kingdom")
	me.Press("Continue")
	me.Choose("England")
	me.Press("Continue")
	me.Choose("One day")
	me.Press("Continue")
	me.Choose("Tuesday")
	me.Press("Continue")
	me.Press("Continue")
	p.Check()
	if got := p.Heading(); !strings.Contains(got, "What do you do in a week?") {
		t.Error(got)
	}
}

// Once the measure is known, each length says how small a change it can show:
// for 8 weeks what homecase trial plan says of the same case.
func TestLengthsSayWhatTheyShow(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	_, body := d.get(t, "/start/trial")
	for _, want := range []string{
		"8 home days. With your usual ups and downs that can show a change of about ",
		"2 home days. They can show that nothing breaks",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if _, body := serve(t).get(t, "/start"); !strings.Contains(body, "Make your case for working from home") {
		t.Error("no start")
	}
}

// A person is asked only for what the law of the country turns on, and not at
// all where one law holds everywhere.
func TestPlaceAsksWhatTheLawTurnsOn(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, c := range []struct {
		country       string
		status        int
		city, federal bool
	}{{"GB", 200, false, false}, {"CA", 200, false, true}, {"US", 200, true, true}, {"IE", 303, false, false}} {
		alter(t, d, func(k *homecase.Case, _ *homecase.Course) { k.Place = policy.Place{Country: c.country} })
		status, body := d.get(t, "/start/place")
		if city, federal := strings.Contains(body, "San Francisco"), strings.Contains(body, "federal law"); status != c.status || city != c.city || federal != c.federal {
			t.Errorf("%s: status %d, city %t, federal %t", c.country, status, city, federal)
		}
	}
}

// The rung that a case asks for is marked, and the ladder says what lies below.
func TestLadderMarksTheAsk(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	_, body := d.get(t, "/ladder")
	for _, want := range []string{`aria-current="step"><span class="lights" aria-hidden="true"><i class="home">`, "Less than you ask for"} {
		if !strings.Contains(body, want) {
			t.Errorf("the ladder does not have %q", want)
		}
	}
	_, body = d.get(t, "/talk/ladder") // the example's ladder goes on above its ask
	_, body, _ = strings.Cut(body, `<ol class="ladderlist`)
	if _, after, _ := strings.Cut(body, "One day a week"); !strings.HasPrefix(after, ` <span class="src">What you ask for`) || strings.Count(body, "What you ask for") != 1 {
		t.Errorf("the ask is marked elsewhere: %s", body)
	}
}

// A task that needs a change is asked about on the next page, in a case that has
// said nothing of it yet. Who names a change is no longer unsure of it.
func TestATaskThatNeedsAChange(t *testing.T) {
	d := serve(t)
	if _, err := d.Begin(t.Context(), "Aoife Ní Bhriain"); err != nil {
		t.Fatal(err)
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Readiness.Duties = []readiness.Duty{{Name: "P45s", Hours: 5.75}}
	})
	for _, step := range []struct {
		path string
		form url.Values
		want []readiness.Change
	}{
		{"/case/ready/tasks/1", url.Values{"where": {"home_with_change"}}, []readiness.Change{"not_sure"}},
		{"/case/ready/tasks/1/change", url.Values{"change": {"access", "not_sure"}}, []readiness.Change{"access"}},
		{"/case/ready/tasks/1", url.Values{"where": {"home_with_change"}}, []readiness.Change{"access"}},
	} {
		status, body := d.post(t, step.path, step.form)
		if got := d.opened(t).Case.Readiness.Duties[0].Change; status != http.StatusSeeOther || !slices.Equal(got, step.want) {
			t.Errorf("%s %v: status %d, change %v: %s", step.path, step.form, status, got, firstWords(body))
		}
	}
}

// The first day that is suggested is a Monday six weeks from now, and not one of
// the weeks of Christmas and New Year.
func TestUsualStart(t *testing.T) {
	for today, want := range map[string]string{
		"2026-11-24": "2027-01-04", // by hand: six weeks later is Tuesday 5 January
		"2026-11-15": "2027-01-04", // would be 21 December, the week of Christmas Day
		"2026-11-22": "2027-01-04", // would be 28 December
		"2026-11-08": "2026-12-14",
		"2028-11-20": "2029-01-08", // would be 1 January 2029, a Monday
	} {
		if got := web.UsualStart(day.Must(today)).String(); got != want {
			t.Errorf("%s: %s, want %s", today, got, want)
		}
	}
}

// A letter with a numbered list shows its list: no other page's styles hide it.
func TestQuestionToHRShowsItsQuestions(t *testing.T) {
	p := serve(t).take(t, "../../examples/accounts-one-day.yaml").browse(t, webtest.View{})
	p.Go("/case/facts/programme/question")
	if !strings.Contains(p.Text(), "Does the employment contract change") {
		t.Error(p.Text())
	}
}
