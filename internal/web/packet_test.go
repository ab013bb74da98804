package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/plan"
)

// madePacket makes every file of a packet.
func madePacket(t testing.TB, d *desk) {
	t.Helper()
	alter(t, d, func(_ *homecase.Case, course *homecase.Course) { course.Visit(homecase.TaskCheck, homecase.Answered) })
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.MakePacket(context.Background(), o.ID, ops.BuildOptions{Only: append(ops.Formats(), ops.ExtraFormats()...)}); err != nil {
		t.Fatal(err)
	}
}

// unmadePacket asks for a packet of a case that names a photo nobody kept.
func unmadePacket(t testing.TB, d *desk) {
	t.Helper()
	alter(t, d, func(c *homecase.Case, course *homecase.Course) {
		course.Visit(homecase.TaskCheck, homecase.Answered)
		c.Readiness.HomeOffice.Door.Photo = "door.jpg"
	})
	d.make(t, "only=one-page.pdf")
}

// working is the mark of a page that goes on by itself.
var working = regexp.MustCompile(`http-equiv="refresh"`)

// make asks for a packet and waits until the work has ended.
func (d *desk) make(t testing.TB, form string) {
	t.Helper()
	if status, body := d.ask(t, http.MethodPost, "/packet", form); status != http.StatusSeeOther {
		t.Fatalf("POST /packet answers %d: %s", status, firstWords(body))
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		status, body := d.get(t, "/packet/making")
		if status == http.StatusSeeOther || status == http.StatusOK && !working.MatchString(body) {
			return
		}
	}
	t.Fatal("the packet is still being made after a minute")
}

// One op, two doors: what the workspace hands out is byte for byte what the
// command line makes of the same case file, and it proves its own numbers.
func TestFilesAreThoseOfTheCommandLine(t *testing.T) {
	for _, c := range []struct {
		name, form string
		o          ops.BuildOptions
	}{
		{"everything", "", ops.BuildOptions{Only: append(ops.Formats(), ops.ExtraFormats()...)}},
		{"on letter paper, large, with the agreement", "&paper=letter&large=yes&with=agreement", ops.BuildOptions{Only: []string{"one-page.pdf", "packet.pdf", "packet.docx"}, Paper: "letter", Large: true, With: []string{"agreement"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := serve(t).take(t, accounts)
			form := c.form
			for _, name := range c.o.Only {
				form += "&only=" + name
			}
			d.make(t, form[1:])
			want, err := d.BuildPacket(t.Context(), accounts, c.o)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, f := range want.Files {
				kind := ""
				status, got := d.fetch(t, "/files/"+f.Name, &kind)
				if status != http.StatusOK || got != string(f.Data) {
					t.Errorf("%s: status %d, %d bytes of the kind %s; the command line makes %d", f.Name, status, len(got), kind, len(f.Data))
				}
				if name := f.Name; name == "one-page.pdf" || name == "packet.pdf" || name == "packet.html" || name == "agreement.pdf" {
					path := filepath.Join(dir, name)
					if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
					if v, err := d.Verify(path); err != nil || !v.OK || v.Numbers == 0 {
						t.Errorf("%s does not verify: %+v %v", name, v, err)
					}
				}
			}
		})
	}
}

// A photo from before days were kept has none; the page says so, and takes one.
func TestAPhotoWithoutADate(t *testing.T) {
	d := serve(t).take(t, accounts)
	withPhoto(t, d)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		if err := c.DatePhoto("door", day.Date{}); err != nil {
			t.Fatal(err)
		}
	})
	const path = "/case/ready/office/door/photo"
	if body := d.page("/case/ready/office"); !strings.Contains(body, "With a photo, no date") && !strings.Contains(body, "with a photo, no date") {
		t.Error("the list does not say that the photo has no date")
	}
	if body := d.page(path); !strings.Contains(body, "No date.") {
		t.Errorf("the page says nothing of it: %s", firstWords(body))
	}
	for on, say := range map[string]string{"": "Enter the day it was added", "2027-01-01": "The day must be today or before", "2026-02-30": "must be a day that exists"} {
		status, body := d.post(t, path, url.Values{"on": {on}})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, say) || !strings.Contains(body, "<title>Error: ") {
			t.Errorf("%q is answered %d without %q", on, status, say)
		}
	}
	d.send(t, path, url.Values{"on": {"2025-10-01"}})
	if body := d.page(path); !strings.Contains(body, "Added on 1 October 2025.") {
		t.Errorf("the day is not shown: %s", firstWords(body))
	}
	if got := d.opened(t).Case.PhotoPaths(); len(got) != 1 {
		t.Errorf("the photo is %v", got)
	}
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	p.Person().Go(path)
	p.Check()
	if status, _ := d.post(t, "/case/ready/office/phone/photo", url.Values{"on": {"2025-10-01"}}); status != http.StatusNotFound {
		t.Errorf("a photo that is not there is dated: %d", status)
	}
}

// A photo is erased when it is taken out, so a packet that holds it cannot be
// built again. The pages say so, at once and after a restart, and hand out no
// other file in its place. Going back in the history brings no photo back.
func TestAPacketWhosePhotoIsGone(t *testing.T) {
	d := serve(t).take(t, accounts)
	withPhoto(t, d)
	madePacket(t, d)
	with := d.opened(t).Revision
	d.send(t, "/case/ready/office/door/photo/out", nil)
	for name, d := range map[string]*desk{"at once": d, "after a restart": d.afresh(t)} {
		for path, want := range map[string]string{
			"/packet/made": "a photo in it was taken out since", "/packet": "a photo in it was taken out since", "/share/by-hand": "200", "/files/packet.pdf": "409 Conflict",
		} {
			if body := d.page(path); !strings.Contains(body, want) {
				t.Errorf("%s: %s does not say %q: %s", name, path, want, firstWords(body))
			}
		}
		if body := d.page("/packet/made"); strings.Contains(body, "/files/") || !strings.Contains(body, "The full packet") {
			t.Errorf("%s: the page offers files that are gone, or does not say what there was", name)
		}
	}
	d.send(t, "/share/by-hand", url.Values{"file": {"packet.pdf"}, "how": {"on paper"}, "on": {"2026-11-24"}})
	made := d.opened(t).Course.Made
	gone, err := d.Store.Departures(t.Context(), d.opened(t).ID)
	if err != nil || len(gone) == 0 || !slices.ContainsFunc(made[len(made)-1].Files, func(f homecase.RecordFile) bool {
		return f.Name == "packet.pdf" && f.SHA256 == gone[0].SHA256 && int64(f.Bytes) == gone[0].Bytes
	}) {
		t.Errorf("what was handed over before is noted as %+v, %v", gone, err)
	}
	d.send(t, "/history/"+d.opened(t).ID+"/"+strconv.FormatInt(with, 10), nil)
	if got := d.opened(t).Case.PhotoPaths(); len(got) > 0 {
		t.Errorf("an erased photo is back: %v", got)
	}
	d.make(t, "only=one-page.pdf&only=packet.pdf")
	if body := d.page("/packet/made"); !strings.Contains(body, "Your packet is ready") {
		t.Errorf("made again: %s", firstWords(body))
	}

	// Another photo in its place is another packet.
	withPhoto(t, d)
	d.make(t, "only=packet.pdf")
	var other bytes.Buffer
	if err := jpeg.Encode(&other, image.NewRGBA(image.Rect(0, 0, 30, 40)), nil); err != nil {
		t.Fatal(err)
	}
	if err := d.SetPhoto(t.Context(), d.opened(t).ID, "door", "door.jpg", &other); err != nil {
		t.Fatal(err)
	}
	if body := d.page("/packet/made"); !strings.Contains(body, "a photo in it was changed since") {
		t.Errorf("another photo: %s", firstWords(body))
	}
}

// A file that goes out is on record before, with its size and hash; one that is
// no longer in memory is built again as it was.
func TestEveryDownloadIsOnRecord(t *testing.T) {
	d := serve(t).take(t, accounts)
	if status, _ := d.get(t, "/files/one-page.pdf"); status != http.StatusNotFound {
		t.Errorf("a file of no packet: status %d", status)
	}
	madePacket(t, d)
	made := d.course(t).Made[0]
	again := &ops.Workspace{Desk: d.Desk, Store: d.Store} // as after a restart, with nothing in memory
	if o, err := again.Current(t.Context()); err != nil {
		t.Fatal(err)
	} else if _, built, err := again.LastMade(t.Context(), o); err != nil || len(built.Files) != len(made.Files) {
		t.Fatalf("built again: %v", err)
	} else {
		for i, f := range built.Files {
			if sum := sha256.Sum256(f.Data); hex.EncodeToString(sum[:]) != made.Files[i].SHA256 {
				t.Errorf("%s is built otherwise after a restart", f.Name)
			}
		}
	}
	_, first := d.get(t, "/files/letter.docx")
	d.get(t, "/files/one-page.pdf?open=1")
	if status, _ := d.get(t, "/files/other.pdf"); status != http.StatusNotFound {
		t.Errorf("a file that is none of the packet: status %d", status)
	}
	o, err := d.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.Store.Departures(t.Context(), o.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("departures %v %v, want 2", list, err)
	}
	to := map[string]string{"letter.docx": "downloaded to this computer", "one-page.pdf": "opened in the browser on this computer"}
	for _, dep := range list {
		if dep.To != to[dep.What] {
			t.Errorf("%s went to %q", dep.What, dep.To)
		}
		for _, f := range made.Files {
			if f.Name == dep.What && (dep.SHA256 != f.SHA256 || dep.Bytes != int64(f.Bytes)) {
				t.Errorf("%s is on record with %s and %d bytes, and was made with %s and %d", dep.What, dep.SHA256, dep.Bytes, f.SHA256, f.Bytes)
			}
		}
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Plan.Promises = c.Plan.Promises[:1] })
	if _, again := d.get(t, "/files/letter.docx"); again != first {
		t.Error("a file changed with the case after it was made")
	}
	if _, body := d.get(t, "/packet/made"); !strings.Contains(body, "Your case says something else now") {
		t.Error("the page does not say that the case has changed")
	}
}

// Cases that are not ready are refused kindly, with what to do instead.
func TestNotReadyMakesNoPacket(t *testing.T) {
	for file, says := range map[string][]string{
		"new-starter":    {"Not yet: you can ask from 14 March 2027", "Save a reminder for 14 March 2027", "asks for 6 months"},
		"nurse":          {"that says nothing against you", "gathered into one half day"},
		"campus-manager": {"The work supports half a day a week at home", "Ask for half a day instead"},
	} {
		d := serve(t).take(t, exampleFolder+file+".yaml")
		alter(t, d, func(_ *homecase.Case, course *homecase.Course) { course.Visit(homecase.TaskCheck, homecase.Answered) })
		for _, path := range []string{"/packet/check", "/packet"} {
			_, body := d.get(t, path)
			for _, s := range says {
				if !strings.Contains(body, s) {
					t.Errorf("%s: %s does not say %q", file, path, s)
				}
			}
		}
		if status, _ := d.ask(t, http.MethodPost, "/packet", "only=one-page.pdf"); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: POST /packet answers %d", file, status)
		}
		if n := len(d.course(t).Made); n > 0 {
			t.Errorf("%s: %d packets were made", file, n)
		}
		status, reminder := d.get(t, "/packet/reminder.ics")
		if ok := strings.Contains(reminder, "DTSTART;VALUE=DATE:20270314"); ok != (file == "new-starter") || ok != (status == http.StatusOK) {
			t.Errorf("%s: the reminder answers %d: %s", file, status, reminder)
		}
	}
}

// A number without a source keeps the packet closed; nothing else does.
func TestSourcelessNumberCloses(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Facts.Results[0].Origin.Kind, c.Facts.Results[0].Origin.Source = "", ""
		c.Plan.Promises = append(c.Plan.Promises[:2:2], plan.Promise{Text: "I always answer within 15 minutes"})
	})
	_, body := d.get(t, "/packet/check")
	for _, s := range []string{"A number has no source", `href="/case/facts/results?from=check"`, "always answer within 15 minutes", "These stop nothing"} {
		if !strings.Contains(body, s) {
			t.Errorf("the check does not say %q", s)
		}
	}
	d.make(t, "only=letter.docx")
	if _, body := d.get(t, "/packet/making"); !strings.Contains(body, "The packet was not made") || len(d.course(t).Made) > 0 {
		t.Error("a packet was made with a number that has no source")
	}
}

// Who never visits the promises gets the usual four: shown as suggested, and
// stored on Continue.
func TestUsualPromisesAreSeenAndStored(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Plan.Promises, c.Plan.StopRules, c.Plan.CheckIns, c.Plan.Recall = nil, nil, nil, plan.Recall{}
	})
	_, body := d.get(t, "/packet/check")
	if n := strings.Count(body, ">Suggested<"); n != 2 || strings.Count(body, "I move the day when you need me in") != 2 {
		t.Errorf("%d rows are marked as suggested, want 2; the promise must stand in the list and on the page", n)
	}
	if o, _ := d.Current(t.Context()); len(o.Case.Plan.Promises) != 0 {
		t.Error("looking stored something")
	}
	if status, _ := d.ask(t, http.MethodPost, "/packet/check", ""); status != http.StatusSeeOther {
		t.Errorf("POST /packet/check answers %d", status)
	}
	o, err := d.Current(t.Context())
	if err != nil || len(o.Case.Plan.Promises) != 4 || o.Case.Plan.Recall.Notice == "" || len(o.Case.Plan.StopRules) == 0 {
		t.Errorf("stored %+v %v", o.Case.Plan, err)
	}
}

// What was handed over without this computer is written down by hand.
func TestSentByHand(t *testing.T) {
	d := serve(t).take(t, accounts)
	if _, body := d.get(t, "/share"); !strings.Contains(body, "Nobody can read it") {
		t.Error("the empty page does not say that nobody can read it")
	}
	madePacket(t, d)
	for form, want := range map[string]int{
		"file=one-page.pdf&how=on+paper&on=2026-11-25": 422, "file=one-page.pdf&how=on+paper&on=": 422, "file=other.pdf&how=on+paper&on=2026-11-24": 422,
		"file=one-page.pdf&how=by+pigeon&on=2026-11-24": 422, "file=one-page.pdf&how=on+paper&on=2026-11-24": 303,
	} {
		if status, _ := d.ask(t, http.MethodPost, "/share", form); status != want {
			t.Errorf("%s answers %d, want %d", form, status, want)
		}
	}
	_, body := d.get(t, "/share")
	if !strings.Contains(body, "one-page.pdf to Dana Whitfield, on paper, on 24 November 2026") || strings.Contains(body, "Nobody can read it") {
		t.Error("the page does not say what was handed over")
	}
}

// A person goes from the check to the files without a script.
func TestPacketWithoutScript(t *testing.T) {
	d := serve(t).take(t, accounts)
	me := d.browse(t, webtest.View{Width: 390, NoScript: true}).Person()
	me.Go("/packet")
	me.Press("Continue")
	me.Untick("The letter")
	me.Untick("The one page")
	me.Press("Make the packet")
	if !me.Has("Select at least one") {
		t.Error("nothing to make was taken")
	}
	me.Tick("The one page")
	me.Press("Make the packet")
	for end := time.Now().Add(time.Minute); me.Path() == "/packet/making" && time.Now().Before(end); {
		me.Follow("Look again now")
	}
	if got := me.Heading(); got != "Your packet is ready" {
		t.Fatal(got)
	}
	me.Follow("Hand it over")
	me.In("I gave this to Dana").Press("Write it down")
	if !strings.Contains(me.Heading(), "Dana can read what you handed over") {
		t.Error(me.Heading())
	}
	me.Go("/packet/addresses")
	me.Fill("Dana's e-mail address", "dana at example")
	me.Press("Continue")
	if !me.Has("Enter an e-mail address in the right format, like dana@example.com") {
		t.Error("a wrong address was taken")
	}
}

func (d *desk) course(t testing.TB) homecase.Course {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o.Course
}
