package web_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/web/webtest"
	"homecase/readiness"
)

// post sends a form as the person's browser would.
func (d *desk) post(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	return d.ask(t, http.MethodPost, path, form.Encode())
}

func (d *desk) current(t testing.TB) readiness.Answers {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o.Case.Readiness
}

// Years and months are counted back from today, so that they stay true.
func TestTimeInTheJob(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, c := range []struct {
		form url.Values
		want string // part of the page that comes back; empty where it is saved
	}{
		{url.Values{"years": {"3"}, "months": {"2"}, "rule": {"no"}}, ""},
		{url.Values{"rule": {"no"}}, "Enter the years and months in this job"},
		{url.Values{"years": {"3"}, "months": {"12"}, "rule": {"no"}}, "Months must be a whole number from 0 to 11"},
		{url.Values{"years": {"-1"}, "rule": {"no"}}, "Years must be a whole number"},
		{url.Values{"years": {"many"}, "rule": {"no"}}, "Years must be a number, like 4"},
		{url.Values{"since": {"2026-02-30"}, "rule": {"no"}}, "must be a day that exists"},
		{url.Values{"since": {"2027-02-03"}, "rule": {"no"}}, "must not be after today"},
		{url.Values{"years": {"3"}}, "Select whether there is a rule"},
		{url.Values{"years": {"3"}, "rule": {"yes"}}, "Enter how many months the rule asks for"},
	} {
		status, body := d.post(t, "/case/ready/time", c.form)
		if c.want == "" && status != http.StatusSeeOther || c.want != "" && (status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want)) {
			t.Errorf("%v: status %d, want %q in the page", c.form, status, c.want)
		}
	}
	if got := d.current(t).Tenure.Since; got != day.Must("2023-09-24") { // three years and two months before 24 November 2026
		t.Errorf("the first day is %s", got)
	}
}

// A rule that is not met yet leads over the page that says from when.
func TestNotYetHasADate(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	me := d.browse(t, webtest.View{Width: 320}).Person()
	me.Go("/case/ready/time")
	me.Fill("Or your first day, if you know it", "2026-09-01")
	me.Fill("Months the rule asks for", "6")
	me.Press("Continue")
	if got := me.Heading(); got != "Not yet. Ask from 1 March 2027" {
		t.Errorf("the heading is %q", got)
	}
	me.Page.Check()
	me.Press("Continue")
}

// Every page of the group passes every check, wide and narrow, light and dark,
// and takes its form without a script.
func TestReadyPages(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	for _, path := range []string{"time", "self", "trust", "office", "company", "colleagues", "career", "office/door/photo"} {
		p.Go("/case/ready/" + path)
		p.Check(webtest.Check{Name: "sideways", Find: webtest.Sideways}, webtest.Check{Name: "labels", Find: webtest.Labels}, webtest.Check{Name: "targets", Find: webtest.Targets})
	}
	me := p.Person()
	me.Go("/case/ready/trust")
	me.In("My boss could say what I finished last week.").Choose("Yes")
	me.Press("Continue")
	if got := d.current(t).Trust.KnowsMyWork; got != readiness.Yes {
		t.Errorf("the answer is %q", got)
	}
	dark := d.browse(t, webtest.View{Width: 1280, Dark: true})
	for _, path := range []string{"time", "self", "trust", "office"} {
		dark.Go("/case/ready/" + path)
		dark.Check()
	}
}

// What is typed comes back as typed, whatever it is, and never as markup.
func TestHostileExamples(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, text := range []string{"<script>alert(1)</script>", "🙂🙂", "=1+1", "{boss} {{.}}"} {
		if status, _ := d.post(t, "/case/ready/self", url.Values{"text-1": {text}}); status != http.StatusSeeOther {
			t.Errorf("%q: status %d", text, status)
		}
		if got := d.current(t).Unsupervised[0].Text; got != text {
			t.Errorf("%q was kept as %q", text, got)
		}
		if _, body := d.get(t, "/case/ready/self"); strings.Contains(body, "<script>alert") {
			t.Error("the page runs what was typed")
		}
	}
	// What no page can print is taken out, and the rest is kept.
	d.post(t, "/case/ready/self", url.Values{"text-1": {"a\u202eb\x00c\u00adמרים"}})
	if got := d.current(t).Unsupervised[0].Text; strings.ContainsAny(got, "\u202e\x00") || !strings.HasSuffix(got, "מרים") {
		t.Errorf("kept %q", got)
	}
	status, body := d.post(t, "/case/ready/self", url.Values{"text-1": {strings.Repeat("a", 401)}, "when-1": {"soon"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, strings.Repeat("a", 401)) {
		t.Errorf("a text that is too long: status %d, and what was typed must be kept", status)
	}
}

// picture is a JPEG with a place in its metadata.
func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	img.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	note := []byte("Exif\x00\x00GPS 51.5 N")
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(note) + 2)}, note...)
	return append(head, b.Bytes()[2:]...)
}

func (d *desk) upload(t *testing.T, path, name string, data []byte) (int, string) {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("photo", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	kind := m.FormDataContentType()
	return d.ask(t, http.MethodPost, path, body.String(), func(r *http.Request) { r.Header.Set("Content-Type", kind) })
}

// A case that came as a file names a photo that is not here: the pages say so and
// show no broken picture.
func TestPhotoThatIsNotHere(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Readiness.HomeOffice.Door.Photo = "door.jpg" })
	for path, says := range map[string]string{
		"/case/ready/office":                "Its photo is not kept here",
		"/case/ready/office/door/photo":     "Your case names a photo that is not kept here",
		"/case/ready/office/door/photo/out": "It is not kept here",
	} {
		status, body := d.get(t, path)
		if status != http.StatusOK || !strings.Contains(strings.ToLower(body), strings.ToLower(says)) || strings.Contains(body, "/photos/") {
			t.Errorf("%s: status %d: %s", path, status, firstWords(body))
		}
	}
	if status, _ := d.post(t, "/case/ready/office/door/photo/out", nil); status != http.StatusSeeOther {
		t.Errorf("taking it out: status %d", status)
	}
	if got := d.opened(t).Case.Readiness.HomeOffice.Door.Photo; got != "" {
		t.Errorf("the case still names %q", got)
	}
}

// A photo is kept as pixels alone; what is no photo is refused with the reason.
func TestPhotoForgetsItsPlace(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	const path = "/case/ready/office/door/photo"
	if status, body := d.upload(t, path, "door.jpg", picture(t)); status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", status, body)
	}
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Store.Picture(context.Background(), o.ID, "door")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("Exif")) {
		t.Error("the kept picture knows where it was taken")
	}
	if got := o.Case.Readiness.HomeOffice.Door.Photo; got != "door.jpg" {
		t.Errorf("the case names the photo %q", got)
	}
	if status, body := d.get(t, "/photos/door"); status != http.StatusOK || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("the photo is not shown: status %d", status)
	}
	heic := append([]byte{0, 0, 0, 24}, "ftypheic\x00\x00\x00\x00mif1heic"...)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a.heic": {heic, "HEIC"}, "a.jpg": {[]byte("not a picture"), "photo"}, "empty.png": {nil, "Choose a photo"},
	} {
		if status, body := d.upload(t, path, name, c.data); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if status, _ := d.upload(t, "/case/ready/office/cellar/photo", "a.jpg", picture(t)); status != http.StatusNotFound {
		t.Errorf("a photo of nothing: status %d", status)
	}
	if status, body := d.get(t, path+"/out"); status != http.StatusOK || !strings.Contains(body, "you cannot undo that") {
		t.Errorf("before it is erased: status %d", status)
	}
	if status, _ := d.post(t, path+"/out", nil); status != http.StatusSeeOther {
		t.Errorf("taking it out: status %d", status)
	}
	if status, _ := d.get(t, path+"/out"); status != http.StatusNotFound {
		t.Errorf("there is a photo to take out still: status %d", status)
	}
	if status, _ := d.get(t, "/photos/door"); status != http.StatusNotFound {
		t.Errorf("the photo is still there: status %d", status)
	}
}

// The seven items with a note and a cost come back as they were given.
func TestOfficeRoundTrip(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	before := d.current(t).HomeOffice
	form := url.Values{"door": {"have"}, "door-note": {before.Door.Note}, "desk_and_chair": {"can_get"}, "desk_and_chair-note": {before.DeskAndChair.Note},
		"desk_and_chair-low": {"90"}, "desk_and_chair-likely": {"140"}, "desk_and_chair-high": {"220"}, "desk_and_chair-source": {"Office supplier's price list"},
		"computer": {"have"}, "computer-note": {before.Computer.Note}, "visit": {"yes"}}
	if status, body := d.post(t, "/case/ready/office", form); status != http.StatusSeeOther {
		t.Fatal(status, body)
	}
	after := d.current(t).HomeOffice
	if after.Door != before.Door || after.Computer != before.Computer || *after.DeskAndChair.Cost != *before.DeskAndChair.Cost {
		t.Errorf("before %+v\nafter  %+v", before, after)
	}
	if after.Phone.State != "" {
		t.Error("an item that was not answered has an answer")
	}
	for _, bad := range []url.Values{{"door-low": {"9"}, "door-high": {"3"}}, {"door-low": {"-1"}}, {"door-low": {"cheap"}}, {"door-note": {strings.Repeat("x", 201)}}} {
		if status, _ := d.post(t, "/case/ready/office", bad); status != http.StatusUnprocessableEntity {
			t.Errorf("%v was taken: %d", bad, status)
		}
	}
}
