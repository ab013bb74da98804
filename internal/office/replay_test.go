package office

import (
	"crypto/ed25519"
	"net/http"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

func (w *world) stranger() ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = 99
	return ed25519.NewKeyFromSeed(seed)
}

// A signature holds for one method, host, address, time and body, and for one
// key. Moved anywhere else it is none.
func TestSignaturesCannotBeMoved(t *testing.T) {
	w := newWorld(t)
	target := casePathOf(w.ines, "/record")
	good := func() *http.Request { return w.ines.signed("GET", target, "", nil) }
	if got := read(t, w.send(good())); got.Status != http.StatusOK {
		t.Fatalf("the request itself: %d %s", got.Status, got.Body)
	}
	other := share.Authorize(w.marek.key, "GET", host, target, w.clock(), nil)
	for name, c := range map[string]struct {
		change func(r *http.Request)
		status int
	}{
		"no signature":     {func(r *http.Request) { r.Header.Del("Authorization") }, http.StatusForbidden},
		"another scheme":   {func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+w.ines.public()) }, http.StatusForbidden},
		"a shorter scheme": {func(r *http.Request) { r.Header.Set("Authorization", "Homecase-Ed25519 "+w.ines.public()) }, http.StatusForbidden},
		"another method": {func(r *http.Request) {
			r.Method = "DELETE"
			r.RequestURI, r.URL.Path = casePathOf(w.ines, ""), casePathOf(w.ines, "")
		}, http.StatusNotFound},
		"another address": {func(r *http.Request) { r.URL.Path = casePathOf(w.ines, "/mail"); r.RequestURI = r.URL.Path }, http.StatusNotFound},
		"another query":   {func(r *http.Request) { r.URL.RawQuery = "x=1"; r.RequestURI += "?x=1" }, http.StatusNotFound},
		"another host":    {func(r *http.Request) { r.Host = "other.example" }, http.StatusMisdirectedRequest},
		"signed for another host": {func(r *http.Request) {
			r.Header.Set("Authorization", share.Authorize(w.ines.key, "GET", "other.example", target, w.clock(), nil))
		}, http.StatusNotFound},
		"another body": {func(r *http.Request) {
			*r = *w.ines.signed("GET", target, "", nil)
			r.Body = http.NoBody
			r.Header.Set("Authorization", share.Authorize(w.ines.key, "GET", host, target, w.clock(), []byte("x")))
		}, http.StatusNotFound},
		"the key of one, the hand of other": {func(r *http.Request) {
			parts := strings.Split(other, " ")
			parts[1] = w.ines.public()
			r.Header.Set("Authorization", strings.Join(parts, " "))
		}, http.StatusNotFound},
		"another time": {func(r *http.Request) {
			parts := strings.Split(r.Header.Get("Authorization"), " ")
			parts[2] = w.clock().Add(time.Minute).Format(time.RFC3339)
			r.Header.Set("Authorization", strings.Join(parts, " "))
		}, http.StatusNotFound},
		"too old":         {func(*http.Request) { w.later(6 * time.Minute) }, http.StatusForbidden},
		"from the future": {func(*http.Request) { w.later(-12 * time.Minute) }, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			w.now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
			r := good()
			c.change(r)
			if got := read(t, w.send(r)); got.Status != c.status {
				t.Errorf("answered %d, want %d: %s", got.Status, c.status, got.Body)
			}
		})
	}
}

// An act carries a signature of its own, which holds for one case and one act.
func TestActsCannotBeMoved(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	second := "case-ines-2"
	raw, err := share.Encode(share.Opening{Key: share.Key{ID: "open-2"}, Person: w.ines.name, PublicKey: w.ines.public()})
	w.must(err)
	_, err = w.ines.office.Act(ctx, w.ines.org, second, ops.Delivery{Act: share.Opened, Body: raw, Signature: share.Sign(w.ines.key, second, share.Opened, raw)})
	w.must(err)

	withdrawal := w.ines.delivery(share.Withdrawal{Key: share.Key{ID: "withdraw"}})
	refused := func(name, caseID string, d ops.Delivery, code fault.Code) {
		t.Helper()
		if _, err := w.ines.office.Act(ctx, w.ines.org, caseID, d); fault.CodeOf(err) != code {
			t.Errorf("%s: %v (%s)", name, err, fault.CodeOf(err))
		}
	}
	refused("an act of another case", second, withdrawal, "HC-OFFICE-03")
	moved := withdrawal
	moved.Act = share.Published
	refused("a body of another act", w.ines.caseID, moved, "HC-SHARE-02")
	unsigned := withdrawal
	unsigned.Signature = ""
	refused("an act without a signature", w.ines.caseID, unsigned, "HC-OFFICE-03")
	other := withdrawal
	other.Signature = share.Sign(w.marek.key, w.ines.caseID, share.Withdrew, withdrawal.Body)
	refused("an act signed by another", w.ines.caseID, other, "HC-OFFICE-03")
	loose := withdrawal
	loose.Body = []byte(`{"id": "withdraw" }`)
	loose.Signature = share.Sign(w.ines.key, w.ines.caseID, share.Withdrew, loose.Body)
	if err := w.rawAct(w.ines, loose); fault.CodeOf(err) != "HC-SHARE-02" {
		t.Errorf("a body in another form: %v", err)
	}
	reader := w.ines.delivery(share.Question{Key: share.Key{ID: "q"}, Link: w.ines.link, Edition: 1, Text: "Why?"})
	refused("an act of a reader", w.ines.caseID, reader, "HC-SHARE-30")

	// The same act again is the same line; another act of its id is none.
	first, err := w.ines.office.Act(ctx, w.ines.org, w.ines.caseID, withdrawal)
	w.must(err)
	w.later(time.Minute)
	again, err := w.ines.office.Act(ctx, w.ines.org, w.ines.caseID, withdrawal)
	w.must(err)
	if first.Line != again.Line {
		t.Errorf("the same act became another line: %v, %v", first.Line, again.Line)
	}
	refused("another act of that id", w.ines.caseID, w.ines.delivery(share.Unlinking{Key: share.Key{ID: "withdraw"}, Link: w.ines.link}), "HC-OFFICE-04")
}

// rawAct hands a delivery to the op without the courier, which would tidy its JSON.
func (w *world) rawAct(p *person, d ops.Delivery) error {
	_, err := w.office.TakeAct(w.t.Context(), ops.Caller{Org: p.org, Key: p.public()}, p.caseID, d)
	return err
}

// An invitation is used once, by one key, in its time.
func TestInvitationsOpenOnce(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	code, err := w.office.Invite(ctx, w.ines.org, "New", w.clock().AddDate(0, 0, 14))
	w.must(err)
	first := w.courier(w.stranger())
	paired, err := first.Pair(ctx, ops.Pairing{Code: code, Name: "New"})
	w.must(err)
	if paired.Org != w.ines.org || paired.OrgName != "Fernhill Ltd" || paired.Person != "New" {
		t.Errorf("paired: %+v", paired)
	}
	if again, err := first.Pair(ctx, ops.Pairing{Code: code, Name: "New"}); err != nil || *again != *paired {
		t.Errorf("the same key again: %+v, %v", again, err)
	}
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = 98
	thief := w.courier(ed25519.NewKeyFromSeed(seed))
	_, replayed := thief.Pair(ctx, ops.Pairing{Code: code, Name: "Thief"})
	unknown, err := share.NewToken(w.office.Random, w.ines.org)
	w.must(err)
	_, never := thief.Pair(ctx, ops.Pairing{Code: unknown, Name: "Thief"})
	_, nowhere := thief.Pair(ctx, ops.Pairing{Code: "aaaaaaaa" + unknown[8:], Name: "Thief"})
	_, noCode := thief.Pair(ctx, ops.Pairing{Code: "../../etc/passwd", Name: "Thief"})
	late, err := w.office.Invite(ctx, w.ines.org, "Late", w.clock().AddDate(0, 0, 1))
	w.must(err)
	w.later(25 * time.Hour)
	_, over := thief.Pair(ctx, ops.Pairing{Code: late, Name: "Thief"})
	for name, err := range map[string]error{"replayed": replayed, "unknown": never, "of no organisation": nowhere, "no code": noCode, "over": over} {
		if err == nil || err.Error() != replayed.Error() || fault.KindOf(err) != fault.Missing {
			t.Errorf("%s: %v", name, err)
		}
	}
	if known, err := w.office.Knows(ctx, ops.Caller{Org: w.ines.org, Key: (&person{key: ed25519.NewKeyFromSeed(seed)}).public()}); known || err != nil {
		t.Errorf("the thief is known: %v, %v", known, err)
	}
}

// An edition is what it was: its file and its number cannot be given to another.
func TestEditionsCannotBeReplaced(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	// Other bytes under the hash of a file that is there.
	err := w.ines.office.Put(ctx, w.ines.org, w.ines.caseID, share.Blob{Hash: w.ines.file, Media: "application/pdf", Bytes: []byte("%PDF-1.7 something else")})
	if fault.CodeOf(err) != "HC-API-20" {
		t.Errorf("other bytes under a hash: %v", err)
	}
	// The same bytes under another type stay what they were.
	w.must(w.ines.office.Put(ctx, w.ines.org, w.ines.caseID, share.Blob{Hash: w.ines.file, Media: "application/pdf", Bytes: []byte("%PDF-1.7 " + w.ines.name)}))
	other := w.ines.put("application/json", []byte(`{"title":"no document"}`))
	for name, c := range map[string]struct {
		change func(p *share.Publication)
		code   fault.Code
	}{
		"the number of an edition":       {func(p *share.Publication) { p.Edition = 1 }, "HC-SHARE-38"},
		"a number left out":              {func(p *share.Publication) { p.Edition = 3 }, "HC-SHARE-38"},
		"a file that is not here":        {func(p *share.Publication) { p.Files[0].SHA256 = share.Hash([]byte("nowhere")) }, "HC-API-28"},
		"a document that is not here":    {func(p *share.Publication) { p.Document = share.Hash([]byte("nowhere")) }, "HC-API-28"},
		"a file of another's case":       {func(p *share.Publication) { p.Files[0].SHA256 = w.marek.file }, "HC-API-28"},
		"a file of another size":         {func(p *share.Publication) { p.Files[0].Bytes++ }, "HC-API-27"},
		"a file of another type":         {func(p *share.Publication) { p.Files[0].Media = "image/jpeg" }, "HC-API-27"},
		"a file that is no document":     {func(p *share.Publication) { p.Document = w.ines.file }, "HC-API-29"},
		"JSON that is no document":       {func(p *share.Publication) { p.Document = other }, "HC-API-29"},
		"a file that leaves the folder":  {func(p *share.Publication) { p.Files[0].Name = "../one-page.pdf" }, "HC-SHARE-05"},
		"a type that runs in a browser":  {func(p *share.Publication) { p.Files[0].Media = "text/html" }, "HC-SHARE-05"},
		"the same name for two files":    {func(p *share.Publication) { p.Files = append(p.Files, p.Files[0]) }, "HC-SHARE-05"},
		"a line that steers mail's head": {func(p *share.Publication) { p.Title = "Trial\r\nBcc: all@example" }, "HC-SHARE-05"},
	} {
		pub := w.ines.publication(2)
		c.change(&pub)
		raw := asJSON(t, pub)
		canonical := strings.TrimSpace(string(raw))
		if r, err := share.Encode(pub); err == nil {
			canonical = string(r)
		}
		d := ops.Delivery{Act: share.Published, Body: []byte(canonical), Signature: share.Sign(w.ines.key, w.ines.caseID, share.Published, []byte(canonical))}
		if err := w.rawAct(w.ines, d); fault.CodeOf(err) != c.code && !(c.code == "HC-SHARE-05" && fault.CodeOf(err) == "HC-SHARE-02") {
			t.Errorf("%s: %v (%s)", name, err, fault.CodeOf(err))
		}
	}
	if err := w.rawAct(w.ines, w.ines.delivery(w.ines.publication(2))); err != nil {
		t.Errorf("the next edition itself: %v", err)
	}
}

// Another version of the API, of the signature or of the words signed is none.
func TestNothingOlderIsSpoken(t *testing.T) {
	w := newWorld(t)
	for _, target := range []string{"/api/0/pair", "/api/2/pair", "/api/pair", "/api/1//pair", strings.Replace(casePathOf(w.ines, "/record"), "/1/", "/0/", 1)} {
		got := read(t, w.send(w.ines.signed("GET", target, "", nil)))
		if got.Status == http.StatusOK {
			t.Errorf("%s was answered", target)
		}
	}
}
