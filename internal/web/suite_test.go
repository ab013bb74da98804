package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/plan"
)

// The suites look at every page the server has. A page that is new is covered
// from its first day; one with a name in its address needs a sample here.

// samples are addresses for the pages with a name in theirs. Where none of them
// is there in a world, as the first task of an empty case, that is no fault:
// TestEveryRouteIsShown asks that one world shows each.
var samples = map[string][]string{
	"/case/ready/office/{item}/photo/out": {"/case/ready/office/door/photo/out"},

	"/case/ready/tasks/{n}":           {"/case/ready/tasks/1"},
	"/case/ready/tasks/{n}/change":    {"/case/ready/tasks/1/change"},
	"/case/ready/office/{item}/photo": {"/case/ready/office/desk_and_chair/photo"},
	"/photos/{item}":                  {"/photos/door"},
	"/case/reasons/{n}":               {"/case/reasons/1"},
	"/case/reasons/{n}/share":         {"/case/reasons/1/share"},
	"/case/facts/results/{n}":         {"/case/facts/results/1", "/case/facts/results/3"},
	"/case/concerns/{n}":              {"/case/concerns/1", "/case/concerns/19"},
	"/files/{name}":                   {"/files/one-page.pdf"},
	"/trial/log/{date}":               {"/trial/log/2027-01-12"},
	"/trial/notes/{week}":             {"/trial/notes/2027-01-11"},
	"/share/note/{week}":              {"/share/note/2027-01-11"},
	"/help/{topic}":                   {"/help/start", "/help/verdicts", "/help/draw", "/help/all"},
	"/sources/{n}":                    {"/sources/e01", "/sources/gb-fw", "/sources/c11", "/sources/money"},
	"/settings/erase/{case}":          {"/settings/erase/{open case}"},
	"/history/{case}":                 {"/history/{open case}"},
	"/history/{case}/{revision}":      {"/history/{open case}/1", "/history/{open case}/2", "/history/{open case}/1?whole=yes"},
	"/talk/rehearse/{n}":              {"/talk/rehearse/1"},
	"/talk/letters/{kind}":            {"/talk/letters/project-day", "/talk/letters/not-now", "/talk/letters/hr-question"},
}

// leadOn are addresses that only take a form or hand out a file; to be read they
// lead to the page with the button.
var leadOn = []string{"/", "/settings/open", "/settings/take", "/settings/restore", "/files/case.yaml", "/files/backup.homecase", "/undo", "/share/do"}

// world is a workspace in one state.
type world struct {
	name string
	make func(testing.TB) *desk
}

const exampleFolder = "../../examples/"

// gallery are the worlds as the suites that only read share them: built once,
// and open until the last test has run.
var gallery struct {
	sync.Once
	desks []*desk
	pages map[*desk][]shown // that were asked for: reading changes nothing, as TestGetNeverWrites shows
	keep  keeper
}

// stand is a world of the gallery.
type stand struct {
	name string
	*desk
}

func stands(t testing.TB) []stand {
	t.Helper()
	gallery.Do(func() {
		gallery.keep.TB, gallery.pages = t, map[*desk][]shown{}
		for _, w := range worlds() {
			gallery.desks = append(gallery.desks, w.make(&gallery.keep))
		}
	})
	out := make([]stand, 0, len(gallery.desks))
	for i, d := range gallery.desks {
		out = append(out, stand{worlds()[i].name, d})
	}
	if len(out) != len(worlds()) {
		t.Fatal("the worlds could not be built; the first test that wanted them says why")
	}
	return out
}

// keeper is a test that lasts as long as the binary.
type keeper struct {
	testing.TB
	ends []func()
}

func (k *keeper) Cleanup(end func()) { k.ends = append(k.ends, end) }
func (k *keeper) Output() io.Writer  { return os.Stderr }
func (k *keeper) Helper()            {}

func (k *keeper) TempDir() string {
	dir, err := os.MkdirTemp("", "homecase-gallery-")
	if err != nil {
		k.Fatal(err)
	}
	k.Cleanup(func() { _ = os.RemoveAll(dir) }) // a folder of a test
	return dir
}

// Error is told where nobody listens to a test that has ended.
func (k *keeper) Error(args ...any) { fmt.Fprintln(os.Stderr, args...) }

func (k *keeper) close() {
	for _, end := range slices.Backward(k.ends) {
		end()
	}
}

// worlds are the states in which a person may meet a page. The first is the one
// in which most pages have something to show.
func worlds() []world {
	from := func(file string, then ...func(testing.TB, *desk)) func(testing.TB) *desk {
		return func(t testing.TB) *desk {
			d := serve(t).take(t, exampleFolder+file)
			for _, f := range then {
				f(t, d)
			}
			return d
		}
	}
	return []world{
		{"the accounts example", from("accounts-one-day.yaml", withPhoto)},
		{"an empty case", func(t testing.TB) *desk {
			d := serve(t)
			if _, err := d.Begin(context.Background(), "Ines Duarte"); err != nil {
				t.Fatal(err)
			}
			return d
		}},
		{"an engineer in the United States", from("engineer-two-days.yaml")},
		{"a nurse", from("nurse.yaml")},
		{"a new starter", from("new-starter.yaml")},
		{"a manager of a campus", from("campus-manager.yaml")},
		{"records that were counted", from("accounts-one-day.yaml", counted)},
		{"not now", from("accounts-one-day.yaml", notNow)},
		{"a packet that was made", from("accounts-one-day.yaml", madePacket)},
		{"a packet that could not be made", from("accounts-one-day.yaml", unmadePacket)},
		{"a plan that waits for its word", from("accounts-one-day.yaml", sealed)},
		{"a trial in its seventh week", from("accounts-one-day.yaml", seventhWeek)},
		{"a trial that has opened a rung", from("accounts-one-day.yaml", rungOpened)},
		{"an edition that waits for its answer", from("accounts-one-day.yaml", func(t testing.TB, d *desk) { withOffice(t, d) })},
		{"an answer written down wrongly, and a talk the office has not heard of", from("accounts-one-day.yaml", func(t testing.TB, d *desk) {
			withOffice(t, d)
			d.send(t, "/share/answer", url.Values{"do": {"record"}, "answer": {"not_now"}, "way": {"email"}, "on": {"2026-11-24"}, "until": {"2027-02-24"}})
			d.send(t, "/talk/outcome", url.Values{"how": {"agreed"}})
		})},
		{"shared through an office", from("accounts-one-day.yaml", sharedWithAnswers)},
		{"a trial shared through an office", from("accounts-one-day.yaml", sharedTrial)},
		{"no case at all", func(t testing.TB) *desk { return serve(t) }},
	}
}

// alter changes the open case of a world behind the pages.
func alter(t testing.TB, d *desk, change func(*homecase.Case, *homecase.Course)) {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Change(context.Background(), o.ID, "Set up by a test", func(c *homecase.Case, course *homecase.Course) error {
		change(c, course)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// withPhoto adds a picture of the door of the home office.
func withPhoto(t testing.TB, d *desk) {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	if err := d.SetPhoto(context.Background(), o.ID, "door", "door.jpg", &b); err != nil {
		t.Fatal(err)
	}
}

func notNow(t testing.TB, d *desk) {
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-11-23"), AskAgain: day.Must("2027-02-23"), Worry: "Month-end needs everybody in the room"}
	})
}

// addresses are the sample addresses of every page; a page without one fails.
func (d *desk) addresses(t testing.TB) []address {
	t.Helper()
	var out []address
	for _, r := range d.server.Routes() {
		paths := samples[r.Path]
		if !strings.Contains(r.Path, "{") {
			paths = []string{r.Path}
		}
		if len(paths) == 0 {
			t.Errorf("%s has a name in its address and no sample in suite_test.go", r.Path)
		}
		for _, p := range paths {
			if o, err := d.Current(context.Background()); err == nil {
				p = strings.ReplaceAll(p, "{open case}", o.ID)
			}
			out = append(out, address{route: r.Path, path: p, posts: r.Posts})
		}
	}
	return out
}

type address struct {
	route, path string
	posts       bool
}

// shown is a page that a world shows.
type shown struct {
	address
	world *desk
	name  string // of the world
	body  string
}

// look asks a world for all of its pages and returns those that are pages: not
// the redirects, not the files, not what is not there.
func (d stand) look(t testing.TB) []shown {
	t.Helper()
	out := gallery.pages[d.desk]
	if out != nil {
		return out
	}
	for _, a := range d.addresses(t) { // TestEveryRouteIsShown tells what is broken
		kind := ""
		if status, body := d.fetch(t, a.path, &kind); status == http.StatusOK && strings.HasPrefix(kind, "text/html") {
			out = append(out, shown{a, d.desk, d.name, body})
		}
	}
	gallery.pages[d.desk] = out
	return out
}

// fetch is get that tells the kind of what comes.
func (d *desk) fetch(t testing.TB, path string, kind *string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, d.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	res, body := exchange(t, r)
	*kind = res.Header.Get("Content-Type")
	return res.StatusCode, body
}

// exchange sends a request and reads what comes, without following it.
func exchange(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

// firstWords are what a page says first, for a failure to show.
func firstWords(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	words := strings.Join(htmlTexts("<main"+body), " ")
	return words[:min(len(words), 200)]
}

func long() bool { return os.Getenv("HOMECASE_TESTS_LONG") != "" }

// Every page is shown in at least one of the worlds, so that the suites see it,
// and no world answers a page with a fault of the program.
func TestEveryRouteIsShown(t *testing.T) {
	seen := map[string]bool{}
	var all []string
	for _, d := range stands(t) {
		for _, a := range d.addresses(t) {
			status, body := d.get(t, a.path)
			if status >= 500 {
				t.Errorf("%s: GET %s answers %d: %s", d.name, a.path, status, firstWords(body))
			}
			seen[a.route] = seen[a.route] || status == http.StatusOK
			if !slices.Contains(all, a.route) {
				all = append(all, a.route)
			}
		}
	}
	for _, route := range all {
		if !seen[route] && !slices.Contains(leadOn, route) {
			t.Errorf("no world shows %s: give it a sample, or add a world in suite_test.go", route)
		}
	}
}
