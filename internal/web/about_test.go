package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"homecase"
	"homecase/concern"
	"homecase/evidence"
	"homecase/internal/web"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/policy"
)

// attach sends a file and further fields as a browser's form does.
func (d *desk) attach(t testing.TB, path, name string, data []byte, fields ...string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := m.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return d.ask(t, http.MethodPost, path, body.String(), func(r *http.Request) { r.Header.Set("Content-Type", m.FormDataContentType()) })
}

// A backup that was saved from the page brings everything back while the
// workspace runs: cases, answers, pictures. What was there is kept beside it.
func TestBackupAndRestore(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	withPhoto(t, d)
	before, want := d.opened(t), d.everything(t)
	status, backup := d.ask(t, http.MethodPost, "/files/backup.homecase", "")
	if status != http.StatusOK || !strings.HasPrefix(backup, "SQLite format 3\x00") {
		t.Fatalf("the backup answers %d with %.20q", status, backup)
	}
	left, err := d.Store.Departures(context.Background(), "")
	if err != nil || len(left) != 1 {
		t.Fatalf("departures %v, %v", left, err)
	}
	if sum := sha256.Sum256([]byte(backup)); left[0].SHA256 != hex.EncodeToString(sum[:]) || left[0].Bytes != int64(len(backup)) || left[0].What != "backup.homecase" {
		t.Errorf("recorded as %+v", left[0])
	}

	// Another life: one case is erased, one begun.
	if status, body := d.ask(t, http.MethodPost, "/settings/erase/"+before.ID, "sure=yes"); status != http.StatusSeeOther {
		t.Fatalf("erasing answers %d: %s", status, firstWords(body))
	}
	if _, err := d.Begin(context.Background(), "Somebody else"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		data   string
		fields []string
		want   string
	}{
		{"backup.homecase", backup, nil, "Tick the box"},
		{"", "", []string{"sure", "yes"}, "Select a file."},
		{"letter.docx", "PK\x03\x04 is no backup", []string{"sure", "yes"}, "This file is not a homecase backup, or it is damaged."},
		{"cut.homecase", backup[:len(backup)/2], []string{"sure", "yes"}, "This file is not a homecase backup, or it is damaged."},
	} {
		status, body := d.attach(t, "/settings/restore", c.name, []byte(c.data), c.fields...)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) || !strings.Contains(body, "<title>Error: ") {
			t.Errorf("%s: status %d, want %q in the page", c.name, status, c.want)
		}
	}
	status, body := d.attach(t, "/settings/restore", "backup.homecase", []byte(backup), "sure", "yes")
	if status != http.StatusSeeOther {
		t.Fatalf("restoring answers %d: %s", status, firstWords(body))
	}
	if got := d.everything(t); got != want {
		t.Errorf("the backup brought back\n%s\nand not\n%s", got, want)
	}
	if picture, err := d.Store.Picture(context.Background(), before.ID, "door"); err != nil || len(picture) == 0 {
		t.Errorf("the picture is %d bytes, %v", len(picture), err)
	}
	if _, body := d.get(t, "/case"); !strings.Contains(body, "Dana") {
		t.Error("the case of the backup does not lie open")
	}
	entries, err := os.ReadDir(d.Folder)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, e := range entries {
		if strings.Contains(e.Name(), "aside") {
			t.Errorf("%s was left behind", e.Name())
		}
		if strings.Contains(e.Name(), "replaced") {
			kept++
		}
	}
	if kept == 0 {
		t.Error("the old database is not kept beside it")
	}
}

// A workspace whose engine cannot restore while it runs says how to do it, and
// shows no dead control.
func TestRestoreByTheCommandLine(t *testing.T) {
	d := serve(t)
	d.Restore = nil
	status, body := d.get(t, "/settings")
	if status != http.StatusOK || !strings.Contains(body, "homecase restore FILE") || strings.Contains(body, `action="/settings/restore"`) {
		t.Errorf("status %d: %s", status, firstWords(body))
	}
	if status, body := d.attach(t, "/settings/restore", "backup.homecase", []byte("x"), "sure", "yes"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "homecase restore FILE") {
		t.Errorf("status %d: %s", status, firstWords(body))
	}
}

// A case file that was saved opens again as a case of its own, byte for byte;
// what is no case file is refused with its place, and nothing is kept.
func TestCaseFileThereAndBack(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	want, err := os.ReadFile(exampleFolder + "accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	status, file := d.ask(t, http.MethodPost, "/files/case.yaml", "")
	if status != http.StatusOK || file != string(want) {
		t.Fatalf("status %d, %d bytes of %d", status, len(file), len(want))
	}
	first := d.opened(t).ID
	if status, body := d.attach(t, "/settings/take", `C:\Users\ines\case.yaml`, []byte(file)); status != http.StatusSeeOther {
		t.Fatalf("opening it answers %d: %s", status, firstWords(body))
	}
	second := d.opened(t)
	if second.ID == first || string(second.Text()) != file {
		t.Error("it is not a case of its own, byte for byte")
	}
	if did := second.Did; did != "Opened case.yaml" {
		t.Errorf("the history says %q", did)
	}
	before := d.everything(t)
	for _, c := range []struct{ name, text, want string }{
		{"", "", "Select a file."},
		{"case.yaml", "version: 1\nplan: {days: many}\n", "Line 2"},
		{"case.yaml", "\x00\x01", ""},
		{"backup.homecase", "SQLite format 3\x00", "This is a backup, not a case file."},
		{"case.yaml", strings.Repeat("# long\n", 200_000), "at most 1 MB"},
		{"case.yaml", "version: 1\nperson: {name: \"<script>alert(1)</script>\"}\nextra: 1\n", "Line 3"},
	} {
		status, body := d.attach(t, "/settings/take", c.name, []byte(c.text))
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) || strings.Contains(body, "<script>alert") {
			t.Errorf("%.30q: status %d, want %q: %s", c.text, status, c.want, firstWords(body))
		}
	}
	if after := d.everything(t); after != before {
		t.Error("what was refused is kept")
	}
	d.send(t, "/settings/open", url.Values{"case": {first}})
	if d.opened(t).ID != first {
		t.Error("the first case does not lie open again")
	}
}

// Erasing asks for a tick, takes the case with its history, and opens another.
func TestEraseACase(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	kept := d.opened(t).ID
	d.take(t, exampleFolder+"nurse.yaml")
	gone := d.opened(t).ID
	if status, body := d.ask(t, http.MethodPost, "/settings/erase/"+gone, ""); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Tick the box") {
		t.Errorf("without the tick: status %d", status)
	}
	d.send(t, "/settings/erase/"+gone, url.Values{"sure": {"yes"}})
	if d.opened(t).ID != kept {
		t.Error("the other case does not lie open")
	}
	for _, path := range []string{"/settings/erase/" + gone, "/history/" + gone, "/history/" + gone + "/1"} {
		if status, _ := d.get(t, path); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
	d.send(t, "/settings/erase/"+kept, url.Values{"sure": {"yes"}})
	if status, _ := d.get(t, "/case"); status != http.StatusSeeOther {
		t.Errorf("without a case /case answers %d", status)
	}
}

// A person takes something back at once, and goes back further by the history.
func TestUndoAndHistory(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	d.send(t, "/start/ask", url.Values{"days": {"2"}})
	d.send(t, "/start/ask", url.Values{"days": {"3"}})
	o := d.opened(t)
	if o.Revision != 3 || o.Case.Plan.Days != 3 {
		t.Fatalf("revision %d asks for %v days", o.Revision, o.Case.Plan.Days)
	}

	// The address offers to undo the newest change only.
	if _, body := d.get(t, "/case?undo=2"); !strings.Contains(body, `action="/undo"`) {
		t.Error("the page does not offer to undo")
	}
	for _, path := range []string{"/case?undo=1", "/case?undo=9", "/case?undo=x", "/case"} {
		if _, body := d.get(t, path); strings.Contains(body, `action="/undo"`) {
			t.Errorf("%s offers to undo", path)
		}
	}
	d.send(t, "/undo", url.Values{"revision": {"2"}, "to": {"/case"}})
	if o = d.opened(t); o.Case.Plan.Days != 2 || o.Revision != 4 || o.Did != "Took back: Saved how many days you ask for" {
		t.Errorf("after undo revision %d asks for %v days (%s)", o.Revision, o.Case.Plan.Days, o.Did)
	}
	if status, _ := d.ask(t, http.MethodPost, "/undo", "revision=2&to=/case"); status != http.StatusConflict {
		t.Errorf("undoing twice answers %d", status)
	}
	for _, to := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "case"} {
		d.send(t, "/start/ask", url.Values{"days": {"1"}})
		r, err := http.NewRequest(http.MethodPost, d.base+"/undo", strings.NewReader(url.Values{"revision": {fmt.Sprint(d.opened(t).Revision - 1)}, "to": {to}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
		if res, _ := exchange(t, r); res.Header.Get("Location") != "/case" {
			t.Errorf("undo leads to %q", res.Header.Get("Location"))
		}
	}

	// Further back, and nothing of the history is lost.
	me := d.browse(t, webtest.View{Width: 390}).Person()
	me.Go("/settings")
	me.Follow("History")
	me.Check()
	me.Follow("Opened accounts-one-day.yaml")
	me.Check()
	me.Press("Go back to this")
	text, err := os.ReadFile(exampleFolder + "accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if now := d.opened(t); string(now.Text()) != string(text) || !strings.HasPrefix(now.Did, "Went back to 24 November 2026") {
		t.Errorf("the case is not what it was: %s", now.Did)
	}
}

// What happened outside the file is not undone by going back: a packet that was
// made stays made.
func TestGoingBackKeepsWhatHappened(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, course *homecase.Course) {
		course.Made = append(course.Made, homecase.Made{At: d.now, Revision: 1})
		course.Visit(homecase.TaskCheck, homecase.Answered)
		c.Boss.Name = "Somebody else"
	})
	o := d.opened(t)
	back, err := d.GoBack(context.Background(), o.ID, 1, "Went back")
	if err != nil {
		t.Fatal(err)
	}
	if back.Case.Boss.Name != "Dana Whitfield" || len(back.Course.Made) != 1 || back.Course.Visited[homecase.TaskCheck] != "" {
		t.Errorf("boss %q, %d packets, visited %v", back.Case.Boss.Name, len(back.Course.Made), back.Course.Visited)
	}
}

// The page of the sources names every study, law and sourced question, and each
// has a page with its limits and where it was read.
func TestSourcesAreComplete(t *testing.T) {
	d := serve(t)
	_, list := d.get(t, "/sources")
	studies, err := evidence.Studies()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range studies {
		_, body := d.get(t, "/sources/"+strings.ToLower(string(s.ID)))
		if !strings.Contains(list, "/sources/"+strings.ToLower(string(s.ID))+`"`) || !strings.Contains(body, "What it does not show") || !strings.Contains(body, "Grade") || !strings.Contains(body, "Where it was read") {
			t.Errorf("%s is not told in full", s.ID)
		}
		if s.Doubtful() && !strings.Contains(strings.ToLower(body), "unverified") {
			t.Errorf("%s does not say that part of it is unverified", s.ID)
		}
	}
	laws, err := policy.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		r, err := policy.Show(l.ID)
		if err != nil {
			t.Fatal(err)
		}
		status, body := d.get(t, "/sources/"+strings.ToLower(l.ID))
		if status != http.StatusOK || !strings.Contains(list, "/sources/"+strings.ToLower(l.ID)+`"`) || len(r.NotVerified) > 0 && !strings.Contains(body, "What was not checked") {
			t.Errorf("%s is not told in full (status %d)", l.ID, status)
		}
		for _, s := range r.Sources {
			if s.Address != "" && !strings.Contains(body, strings.ReplaceAll(s.Address, "&", "&amp;")) {
				t.Errorf("%s lacks its source %s", l.ID, s.Address)
			}
		}
	}
	questions, err := concern.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range questions {
		if status, _ := d.get(t, "/sources/"+strings.ToLower(string(q.ID))); status != http.StatusOK {
			t.Errorf("%s answers %d", q.ID, status)
		}
	}
	for _, path := range []string{"/sources/e99", "/sources/x", "/sources/%3Cscript%3E", "/help/none", "/history/none", "/history/none/1"} {
		if status, _ := d.get(t, path); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
}

// No link of a page leads nowhere, in any world.
func TestLinksLeadSomewhere(t *testing.T) {
	href := regexp.MustCompile(`href="(/[^"#?]*)`)
	for _, w := range stands(t) {
		tried := map[string]bool{}
		for _, s := range w.look(t) {
			for _, m := range href.FindAllStringSubmatch(s.body, -1) {
				if tried[m[1]] || strings.HasPrefix(m[1], "/assets/") || strings.HasPrefix(m[1], "/files/") {
					continue
				}
				tried[m[1]] = true
				if status, _ := s.world.get(t, m[1]); status != http.StatusOK && status != http.StatusSeeOther {
					t.Errorf("%s: %s links to %s, which answers %d", w.name, s.path, m[1], status)
				}
			}
		}
	}
}

// broken is a store that keeps nothing any more.
type broken struct{ homecase.Store }

func (broken) Save(context.Context, homecase.Kept) (int64, error) {
	return 0, errors.New("the disk is gone")
}

// A page that could not be saved says when the last answer was, and shows what
// was typed, so that it can be copied. The cause goes to the log alone.
func TestWhatCouldNotBeSaved(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	work := &ops.Workspace{Desk: d.Desk, Store: broken{d.Store}}
	server := httptest.NewUnstartedServer(nil)
	s, err := web.New(web.Options{Workspace: work, Key: key, Hosts: []string{server.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	d.base = server.URL
	form := url.Values{"name": {"Ines <b>Duarte</b>"}, "job": {"Accounts assistant"}, "boss": {"Dana Whitfield"}, "country": {"GB"}}
	status, body := d.ask(t, http.MethodPost, "/start/you", form.Encode())
	for _, want := range []string{"homecase could not save that", "Your last saved answer was at ", "<dt>Your name</dt><dd>Ines &lt;b&gt;Duarte&lt;/b&gt;</dd>", "<dt>Your job title</dt>"} {
		if status != http.StatusInternalServerError || !strings.Contains(body, want) {
			t.Errorf("status %d, want %q: %s", status, want, firstWords(body))
		}
	}
	if strings.Contains(body, "the disk is gone") {
		t.Error("the cause is on the page")
	}
	status, body = d.get(t, "/no/such/page")
	if status != http.StatusNotFound || !strings.Contains(body, "We could not find that page") || !strings.Contains(body, "Your case is safe.") || !strings.Contains(body, `href="/case"`) {
		t.Errorf("status %d: %s", status, firstWords(body))
	}
}

// The pages about the program as a person meets them, in the browser.
func TestAboutPages(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	me := d.browse(t, webtest.View{Width: 320}).Person()
	me.Go("/case")
	me.Follow("Help")
	me.Check()
	me.Follow("What the verdict words mean")
	me.Check()
	me.Go("/settings")
	me.Press("Put the backup back")
	if !me.Has("There is a problem") || !me.Has("Select a file.") {
		t.Error("the form is not sent back with what is wrong")
	}
	me.Check()
	me.Go("/what-leaves-this-computer")
	if me.Heading() != "Nothing has left this computer" {
		t.Error(me.Heading())
	}
	d.ask(t, http.MethodPost, "/files/case.yaml", "")
	me.Look(webtest.View{Width: 1280, Dark: true})
	me.Go("/what-leaves-this-computer")
	if me.Heading() != "One thing has left this computer" || !me.Has("case.yaml") {
		t.Error(me.Heading())
	}
	me.Check()
}

// What a person takes out comes back by the button on the page that follows.
func TestUndoAfterTakingOut(t *testing.T) {
	d := serve(t).take(t, accounts)
	before := d.opened(t)
	me := d.browse(t, webtest.View{Width: 390}).Person()
	me.Go("/case/facts/results")
	me.Press("Take out result 2")
	if n := len(d.opened(t).Case.Facts.Results); n != len(before.Case.Facts.Results)-1 {
		t.Fatalf("%d results are left", n)
	}
	if !me.Has("Took a result out.") {
		t.Error("the page does not say what was taken out")
	}
	me.Check()
	me.Press("Undo")
	after := d.opened(t)
	if string(after.Text()) != string(before.Text()) || after.Did != "Took back: Took a result out" {
		t.Errorf("the case is not what it was: %s", after.Did)
	}
	if me.Has("Took a result out.") {
		t.Error("the page still offers to undo")
	}
}
