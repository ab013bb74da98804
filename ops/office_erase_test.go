package ops

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/share"
)

// Another copy of an office, over the same store, has a case in its memory when
// the first erases it. At the next request about it, by the link or by the
// workspace, the words go from that memory too, and nothing can follow.
func TestAnotherCopyForgetsWhatWasErased(t *testing.T) {
	for name, next := range map[string]func(t *testing.T, o *Office, c Caller, token string){
		"the link": func(t *testing.T, o *Office, _ Caller, token string) {
			if _, err := o.Read(t.Context(), token); fault.KindOf(err) != fault.Missing {
				t.Errorf("the link opens something: %v", err)
			}
			cases, _ := o.changed.take() // what WritePages does beside the answers
			for at := range cases {
				if err := o.keepPages(t.Context(), at.org, at.id, nil); err != nil {
					t.Error(err)
				}
			}
		},
		"the workspace": func(t *testing.T, o *Office, c Caller, _ string) {
			if _, err := o.EntriesOf(t.Context(), c, "case-1", 0, 0); err != nil {
				t.Error(err)
			}
		},
		"an act": func(t *testing.T, o *Office, c Caller, _ string) {
			x, err := o.Exchange(t.Context(), c.Org, "case-1")
			if err != nil || x.State(o.Now()) != share.IsErased {
				t.Errorf("the case stands at %v, %v", x, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = store.Close() }()
			desk := &Desk{Now: func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }, Random: rand.Reader}
			one, two := &Office{Desk: desk, Store: store, Address: officeAddress}, &Office{Desk: desk, Store: store, Address: officeAddress}
			c, token := caseToErase(t, one, time.Time{})
			var told []string
			two.Forgot = func(of string) { told = append(told, of) }
			if _, err := two.Read(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(remembered(two), "Secret Squirrel") {
				t.Fatal("the copy remembers nothing, so this test shows nothing")
			}
			if err := one.EraseOf(t.Context(), c, "case-1"); err != nil {
				t.Fatal(err)
			}
			next(t, two, c, token)
			for which, o := range map[string]*Office{"the one": one, "the other": two} {
				if got := remembered(o); strings.Contains(got, "Secret Squirrel") {
					t.Errorf("%s still remembers %s", which, got)
				}
			}
			if len(told) == 0 || told[0] != c.Org+" case-1" {
				t.Errorf("whoever keeps pages was told %v", told)
			}
			raw, err := share.Encode(share.Withdrawal{Key: share.Key{ID: "late"}})
			if err != nil {
				t.Fatal(err)
			}
			key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
			_, err = two.TakeAct(t.Context(), c, "case-1", Delivery{Act: share.Withdrew, Body: raw, Signature: share.Sign(key, "case-1", share.Withdrew, raw)})
			if fault.CodeOf(err) != "HC-SHARE-57" {
				t.Errorf("an act after the end: %v", err)
			}
		})
	}
}

// remembered are all words in the memory of an office.
func remembered(o *Office) string {
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	var b strings.Builder
	for _, all := range []map[seenCase]*share.Exchange{o.memory.fresh, o.memory.old} {
		for at, x := range all {
			fmt.Fprintf(&b, "%v %+v %+v\n", at, x.Person, x.Links)
		}
	}
	return b.String()
}

// A look at a link that is known to be over leaves nothing to do beside the answer,
// as a look at one that nobody made; and neither reads anything of a case.
func TestALinkThatIsOverLeavesNothingToDo(t *testing.T) {
	store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	o := &Office{Desk: &Desk{Now: func() time.Time { return now }, Random: rand.Reader}, Store: store, Address: officeAddress, Build: "program"}
	c, over := caseToErase(t, o, now.Add(time.Hour))
	unknown, err := share.NewToken(rand.Reader, c.Org)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	o.changed.take()
	for what, token := range map[string]string{"is over": over, "nobody made": unknown} {
		for way, ask := range map[string]func() error{
			"read":  func() error { _, err := o.Read(t.Context(), token); return err },
			"front": func() error { _, err := o.FrontOf(t.Context(), token); return err },
			"head":  func() error { _, err := o.StandOf(t.Context(), token); return err },
		} {
			if err := ask(); fault.CodeOf(err) != "HC-READ-01" {
				t.Errorf("%s of a link that %s: %v", way, what, err)
			}
			if cases, all := o.changed.take(); len(cases) > 0 || all {
				t.Errorf("%s of a link that %s leaves %v to be written", way, what, cases)
			}
		}
	}
}

// caseToErase opens a case with an edition and a link, and returns who may act on it.
func caseToErase(t *testing.T, o *Office, expires time.Time) (Caller, string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, key := t.Context(), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	public := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	org, err := o.AddOrg(ctx, "Fernhill")
	must(err)
	code, err := o.Invite(ctx, org.ID, "Ines", o.Now().Add(time.Hour))
	must(err)
	_, _, err = o.Pair(ctx, code, share.Person{Key: public, Name: "Ines"})
	must(err)
	c := Caller{Org: org.ID, Key: public}
	token, err := share.NewToken(rand.Reader, org.ID)
	must(err)
	doc := []byte(`{}`)
	do := func(b share.Body) {
		t.Helper()
		raw, err := share.Encode(b)
		must(err)
		_, err = o.TakeAct(ctx, c, "case-1", Delivery{Act: share.ActOf(b), Body: raw, Signature: share.Sign(key, "case-1", share.ActOf(b), raw)})
		must(err)
	}
	do(share.Opening{Key: share.Key{ID: "open"}, Person: "Secret Squirrel", PublicKey: public})
	must(o.Store.PutBlob(ctx, org.ID, "case-1", share.Blob{Hash: share.Hash(doc), Media: "application/json", Bytes: doc, Made: o.Now()}, share.Room{}))
	b := share.Publication{Key: share.Key{ID: "one"}, Edition: 1, Title: "T", Lang: "en-GB", Document: share.Hash(doc)}
	raw, err := share.Encode(b)
	must(err)
	_, err = o.Act(ctx, org.ID, "case-1", Acting{Actor: share.Employee, Act: share.Published, Raw: raw, Signature: share.Sign(key, "case-1", share.Published, raw), Key: public})
	must(err)
	do(share.Linking{Key: share.Key{ID: "link"}, Link: "link", Token: share.HashToken(token), Reader: "Dana", Expires: expires})
	return c, token
}
