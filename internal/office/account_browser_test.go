package office_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"homecase/internal/web/webtest"
)

// signInAs signs a person in by the link in the e-mail.
func (h *hall) signInAs(me *webtest.Person, email string) {
	h.t.Helper()
	me.Go("/sign-in")
	me.Fill("Your e-mail address", email)
	me.Press("Send me a link")
	m := signInAddress.FindStringSubmatch(h.mailed()[email])
	if m == nil {
		h.t.Fatalf("no link was mailed to %s", email)
	}
	me.Go(m[1])
	me.Press("Sign in")
	if me.Path() != "/cases" {
		h.t.Fatalf("signed in to %s:\n%s", me.Path(), me.Text())
	}
}

// Every page of those who sign in, empty and full, right and sent back, passes
// every check at the narrow and the wide window.
func TestAccountPagesInTheBrowser(t *testing.T) {
	h := newHall(t, "http")
	one := h.published("case-1", "Ines Duarte", "An eight-week trial: one day a week from home, drawn by lot")
	two := h.published("case-2", "Marek Nowak", "Two days a week")
	p := webtest.Open(t, h.office.Address, webtest.View{Width: 320})
	look := func() {
		t.Helper()
		for _, v := range []webtest.View{{Width: 390}, {Width: 1280, Dark: true}, {Width: 320}} {
			p.Look(v)
			p.Check()
		}
		p.Look(webtest.View{Width: 320})
	}
	me := p.Person()
	me.Go("/sign-in")
	look()
	me.Press("Send me a link")
	if !me.Has("Enter an e-mail address in the right format") {
		t.Errorf("an empty form: %s", me.Text())
	}
	look()
	me.Fill("Your e-mail address", "dana@fernhill.example")
	me.Press("Send me a link")
	look()
	me.Go(signInAddress.FindStringSubmatch(h.mailed()["dana@fernhill.example"])[1])
	look()
	me.Press("Sign in")
	look()
	me.Fill("The link you were sent", "nothing")
	me.Press("Put it on my list")
	look()
	for _, token := range []string{one, two} {
		me.Go("/cases")
		me.Fill("The link you were sent", h.office.Address+"/p/"+token)
		me.Press("Put it on my list")
	}
	h.unlink("case-2")
	me.Go("/cases")
	look()
	me.Follow("An eight-week trial: one day a week from home, drawn by lot")
	look()
	me.Follow("Read it")
	if wrong := append(webtest.Axe(p), webtest.Sideways(p)...); len(wrong) > 0 { // the packet has suites of its own
		t.Error(wrong)
	}
	me.Go("/cases/case-1")
	me.Press("I have read edition 1")
	if seen, err := h.office.WhoSaw(t.Context(), h.org.ID, "case-1"); err != nil || len(seen) != 1 {
		t.Errorf("who saw: %v, %v", seen, err)
	}
	look()
	me.Go("/p/" + one + "/keep")
	look()
	me.Go("/people")
	look()
	me.Press("Make a code")
	look()
	me.Fill("Their name", "Ines Duarte")
	me.Press("Make a code")
	look()
	me.Go("/account")
	look()
	me.Go("/cases/none")
	look()
}

func TestPasskeysInTheBrowser(t *testing.T) {
	h := newHall(t, "http")
	p := webtest.Open(t, h.office.Address, webtest.View{Width: 390})
	device := p.Device()
	me := p.Person()
	h.signInAs(me, "dana@fernhill.example")
	me.Go("/account")
	me.Fill("Name of the new passkey", "My phone <b>x</b>")
	me.Press("Add a passkey")
	if !me.Has("My phone <b>x</b>") {
		t.Fatalf("the passkey is not listed:\n%s", me.Text())
	}
	p.Check()
	me.Press("Add a passkey")
	if !me.Has("This device has a passkey here already.") {
		t.Errorf("a second one on the same device:\n%s", me.Text())
	}
	me.Press("Sign out")
	enter := func() bool {
		t.Helper()
		me.Go("/sign-in?back=/account")
		me.Press("Sign in with a passkey")
		return me.Path() == "/account"
	}
	device.Lies(true, false)
	if enter() || !me.Has("The passkey was not taken.") {
		t.Fatalf("a wrong signature:\n%s", me.Text())
	}
	device.Lies(false, true)
	if enter() || !me.Has("The passkey was not taken.") {
		t.Fatalf("a device that did not look:\n%s", me.Text())
	}
	device.Lies(false, false)
	device.Knows(false)
	if enter() || !me.Has("Your device did not go on.") {
		t.Fatalf("a stranger at the device:\n%s", me.Text())
	}
	device.Knows(true)
	if !enter() || !me.Has("by a passkey") {
		t.Fatalf("the right one:\n%s", me.Text())
	}
	if keys, err := h.office.Store.Passkeys(t.Context(), h.org.ID, h.dana.ID); err != nil || len(keys) != 1 || !strings.Contains(string(keys[0].Data), `"signCount":`) {
		t.Errorf("passkeys %+v, %v", keys, err)
	}
	me.Press("Remove My phone <b>x</b>")
	me.Press("Sign out")
	if enter() || !me.Has("The passkey was not taken.") {
		t.Fatalf("a passkey that was removed:\n%s", me.Text())
	}
}

// What a script can send by itself opens nothing.
func TestPasskeyAnswersAreUsedOnceAndByWhoBegan(t *testing.T) {
	h := newHall(t, "http")
	dana, kim := h.signIn("dana@fernhill.example"), h.signIn("kim@fernhill.example")
	begin := func(b *browser, path string) string {
		t.Helper()
		r := b.ask(http.MethodPost, path, nil)
		if r.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", path, r.StatusCode, r.Text)
		}
		_, token, _ := strings.Cut(r.Text, `"token":"`)
		token, _, _ = strings.Cut(token, `"`)
		return token
	}
	end := func(b *browser, path, body string) answer {
		return b.ask(http.MethodPost, path, nil, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		})
	}
	token := begin(dana, "/account/passkeys/begin")
	const credential = `"credential":{"id":"YQ","rawId":"YQ","type":"public-key","response":{}}`
	if r := end(kim, "/account/passkeys", `{"token":"`+token+`","name":"x",`+credential+`}`); r.StatusCode != http.StatusForbidden {
		t.Errorf("begun by somebody else: %d", r.StatusCode)
	}
	if r := end(dana, "/account/passkeys", `{"token":"`+token+`","name":"x",`+credential+`}`); r.StatusCode != http.StatusNotFound {
		t.Errorf("used before: %d", r.StatusCode)
	}
	in := begin(h.browser(), "/sign-in/passkey/begin")
	for name, body := range map[string]string{
		"nothing in it": `{"token":"` + in + `",` + credential + `}`, "the token again": `{"token":"` + in + `",` + credential + `}`,
		"no token": `{"token":"",` + credential + `}`, "no credential": `{"token":"x"}`, "unknown field": `{"token":"x","admin":true,` + credential + `}`, "no JSON": `<x>`,
		"a registration's token": `{"token":"` + begin(dana, "/account/passkeys/begin") + `",` + credential + `}`,
	} {
		if r := end(h.browser(), "/sign-in/passkey", body); r.StatusCode < 400 || r.StatusCode >= 500 || len(r.Cookies()) != 0 {
			t.Errorf("%s: %d, cookies %v", name, r.StatusCode, r.Cookies())
		}
	}
	if keys, err := h.office.Store.Passkeys(t.Context(), h.org.ID, h.dana.ID); err != nil || len(keys) != 0 {
		t.Errorf("passkeys %v, %v", keys, err)
	}
}
