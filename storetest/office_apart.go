package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

// read is what a method of an office returned.
type read struct {
	Got any
	Err error
}

// reads are all methods that change nothing, on what fill keeps, by name.
func reads(s share.Store, org string) map[string]func(context.Context) read {
	h := hash("of " + org)
	return map[string]func(context.Context) read{
		"Org":     func(ctx context.Context) read { v, err := s.Org(ctx, org); return read{v, err} },
		"Person":  func(ctx context.Context) read { v, err := s.Person(ctx, org, "key"); return read{v, err} },
		"Entries": func(ctx context.Context) read { v, err := s.Entries(ctx, org, "one", 0, 10); return read{v, err} },
		"Head":    func(ctx context.Context) read { v, err := s.Head(ctx, org, "one"); return read{v, err} },
		"Cases":   func(ctx context.Context) read { v, err := s.Cases(ctx, org, "key of one"); return read{v, err} },
		"Blob": func(ctx context.Context) read {
			v, err := s.Blob(ctx, org, "one", share.Hash([]byte("file")))
			return read{v, err}
		},
		"HasBlobs": func(ctx context.Context) read {
			v, err := s.HasBlobs(ctx, org, "one", []string{h})
			return read{v, err}
		},
		"LinkByToken": func(ctx context.Context) read {
			v, err := s.LinkByToken(ctx, org, hash("token"), start)
			return read{v, err}
		},
		"HeadByToken": func(ctx context.Context) read {
			head, err := s.HeadByToken(ctx, org, hash("token"), start)
			if err != nil {
				return read{(*string)(nil), err}
			}
			return read{head, nil}
		},
		"PageByToken": func(ctx context.Context) read {
			link, page, err := s.PageByToken(ctx, org, hash("token"), start)
			if err != nil {
				return read{link, err}
			}
			return read{fmt.Sprint(*link, string(page)), nil}
		},
		"Unwritten": func(ctx context.Context) read {
			v, err := s.Unwritten(ctx, org, "another form", "", 10)
			return read{v, err}
		},
		"Messages": func(ctx context.Context) read { v, err := s.Messages(ctx, org, "one"); return read{v, err} },
		"Account":  func(ctx context.Context) read { v, err := s.Account(ctx, org, "b"); return read{v, err} },
		"AccountByEmail": func(ctx context.Context) read {
			v, err := s.AccountByEmail(ctx, org, "boss-b@example.org")
			return read{v, err}
		},
		"AccountBySubject": func(ctx context.Context) read {
			v, err := s.AccountBySubject(ctx, org, account("b").Subject)
			return read{v, err}
		},
		"Posted": func(ctx context.Context) read {
			them, all, err := s.Posted(ctx, org, "acme@example.org", start)
			return read{[]int{them, all}, err}
		},
		"Watches":    func(ctx context.Context) read { v, err := s.Watches(ctx, org, "one", "question"); return read{v, err} },
		"Sessions":   func(ctx context.Context) read { v, err := s.Sessions(ctx, org, "b", start); return read{v, err} },
		"WhoSaw":     func(ctx context.Context) read { v, err := s.WhoSaw(ctx, org, "one"); return read{v, err} },
		"AccountsOf": func(ctx context.Context) read { v, err := s.AccountsOf(ctx, org); return read{v, err} },
		"Session":    func(ctx context.Context) read { v, err := s.Session(ctx, org, hash("session")); return read{v, err} },
		"Passkeys":   func(ctx context.Context) read { v, err := s.Passkeys(ctx, org, "b"); return read{v, err} },
		"SharedWith": func(ctx context.Context) read { v, err := s.SharedWith(ctx, org, "b"); return read{v, err} },
	}
}

// changes are all methods that change something of an organisation, on the ids of fill.
func changes(s share.Store, org string) map[string]func(context.Context) error {
	later := start.Add(time.Hour)
	return map[string]func(context.Context) error{
		"Invite": func(ctx context.Context) error {
			return s.Invite(ctx, org, share.Invitation{CodeHash: hash("code"), For: "X", Made: later})
		},
		"Pair": func(ctx context.Context) error {
			_, err := s.Pair(ctx, org, hash("code"), share.Person{Key: "key", Name: "X", Made: later}, later)
			return err
		},
		"Append": func(ctx context.Context) error { return s.Append(ctx, org, line("one", 0, "")) },
		"PutBlob": func(ctx context.Context) error {
			return s.PutBlob(ctx, org, "one", blobOf([]byte("file")), share.Room{})
		},
		"SweepBlobs": func(ctx context.Context) error { return s.SweepBlobs(ctx, org, later) },
		"EraseCase":  func(ctx context.Context) error { return s.EraseCase(ctx, org, "one") },
		"Post": func(ctx context.Context) error {
			return s.Post(ctx, org, share.Message{ID: "m", Case: "one", To: "x", Made: later, Next: later})
		},
		"Sent":       func(ctx context.Context) error { return s.Sent(ctx, org, "m", later) },
		"Failed":     func(ctx context.Context) error { return s.Failed(ctx, org, "m", "x", later) },
		"SetAccount": func(ctx context.Context) error { return s.SetAccount(ctx, org, account("b")) },
		"SetTicket": func(ctx context.Context) error {
			return s.SetTicket(ctx, org, share.Ticket{Hash: hash("ticket"), Kind: "x", Expires: later})
		},
		"UseTicket": func(ctx context.Context) error { _, err := s.UseTicket(ctx, org, hash("ticket"), start); return err },
		"SetSession": func(ctx context.Context) error {
			return s.SetSession(ctx, org, share.Session{Hash: hash("session"), Account: "b", Made: later, Expires: later})
		},
		"EndSession":  func(ctx context.Context) error { return s.EndSession(ctx, org, hash("session")) },
		"EndSessions": func(ctx context.Context) error { return s.EndSessions(ctx, org, "b") },
		"SetPasskey": func(ctx context.Context) error {
			return s.SetPasskey(ctx, org, share.Passkey{ID: "p", Account: "b", Name: "X", Made: later})
		},
		"RemoveAccount": func(ctx context.Context) error { return s.RemoveAccount(ctx, org, "b") },
		"RemovePasskey": func(ctx context.Context) error { return s.RemovePasskey(ctx, org, "b", "p") },
		"Watch": func(ctx context.Context) error {
			return s.Watch(ctx, org, share.Watch{Case: "one", Link: "l", About: "question", To: "x", Made: later})
		},
		"Unwatch": func(ctx context.Context) error { return s.Unwatch(ctx, org, "one", "l", "question") },
		"KeepPage": func(ctx context.Context) error {
			return s.KeepPage(ctx, org, share.Page{Token: hash("token"), Case: "one", Document: share.Hash([]byte("file")), Form: "form", Head: "head", Content: []byte("of " + org)})
		},
		"Saw": func(ctx context.Context) error {
			return s.Saw(ctx, org, share.Seen{Case: "one", Account: "b", Edition: 2, At: later})
		},
		"Share": func(ctx context.Context) error { return s.Share(ctx, org, "b", "one", "l2") },
	}
}

// ofAll are the methods that belong to no single organisation.
var ofAll = []string{"Orgs", "AddOrg", "Due", "Sweep", "Mark", "Ping", "Close"}

// fill keeps one of everything.
func fill(t *testing.T, s share.Store, org string) {
	t.Helper()
	ctx := t.Context()
	must(t, s.Invite(ctx, org, share.Invitation{CodeHash: hash("code"), For: "Ana", Made: start}))
	_, err := s.Pair(ctx, org, hash("code"), share.Person{Key: "key", Name: "of " + org, Made: start}, start)
	must(t, err)
	write(t, s, org, "one", 2)
	a := next(t, s, org, "one")
	a.Entry.Raw = json.RawMessage(`{"of":"` + org + `"}`)
	a.Entry.Line.Body = share.Hash(a.Entry.Raw)
	a.Hash, err = a.Entry.Line.Hash()
	must(t, err)
	a.Blobs = []string{put(t, s, org, "one", "file", start)}
	a.Link = &share.Link{Linking: share.Linking{Link: "l", Token: hash("token")}}
	a.Mail = []share.Message{{ID: "m", Case: "one", Key: "k", To: org + "@example.org", Raw: []byte(org), Made: start, Next: start.AddDate(1, 0, 0)}}
	must(t, s.Append(ctx, org, a))
	must(t, s.KeepPage(ctx, org, share.Page{Token: hash("token"), Case: "one", Document: a.Blobs[0], Form: "form", Head: a.Hash, Content: []byte("of " + org)}))
	b := account("b")
	b.Name = "of " + org
	must(t, s.SetAccount(ctx, org, b))
	must(t, s.SetTicket(ctx, org, share.Ticket{Hash: hash("ticket"), Kind: "sign-in", Data: []byte(org), Expires: start.Add(time.Hour)}))
	must(t, s.SetSession(ctx, org, share.Session{Hash: hash("session"), Account: "b", Made: start, Expires: start.Add(time.Hour)}))
	must(t, s.SetPasskey(ctx, org, share.Passkey{ID: "p", Account: "b", Name: "of " + org, Data: []byte(org), Made: start}))
	must(t, s.Share(ctx, org, "b", "one", "l"))
	must(t, s.Watch(ctx, org, share.Watch{Case: "one", Link: "l", About: "question", To: org + "@example.org", Made: start}))
	must(t, s.Saw(ctx, org, share.Seen{Case: "one", Account: "b", Edition: 1, At: start}))
}

// all reads everything of an organisation, the ticket last, for it is used up.
func all(t *testing.T, s share.Store, org string) map[string]any {
	t.Helper()
	got := map[string]any{}
	for name, call := range reads(s, org) {
		r := call(context.WithoutCancel(t.Context()))
		must(t, r.Err)
		got[name] = r.Got
	}
	return got
}

// Whatever is done in the name of one organisation, with all the ids of the
// other, tells nothing of the other and changes nothing there.
func apart(t *testing.T, s share.Store) {
	with(t, s)
	var covered []string
	fill(t, s, "acme")
	for name, call := range reads(s, "other") {
		covered = append(covered, name)
		switch r := call(t.Context()); name {
		case "Org":
			must(t, r.Err)
		case "HasBlobs":
			must(t, r.Err)
			same(t, name, r.Got, []string{hash("of other")})
		case "Posted":
			must(t, r.Err)
			same(t, name, r.Got, []int{0, 0})
		default:
			if v := reflect.ValueOf(r.Got); v.Kind() == reflect.Slice && v.Len() == 0 {
				must(t, r.Err)
			} else if fault.KindOf(r.Err) != fault.Missing || !v.IsNil() {
				t.Errorf("%s of another organisation: %+v, %v", name, r.Got, r.Err)
			}
		}
	}
	want := all(t, s, "acme")
	for name, change := range changes(s, "other") {
		covered = append(covered, name)
		if err := change(t.Context()); err != nil && fault.KindOf(err) != fault.Missing {
			t.Errorf("%s with the ids of another organisation: %v", name, err)
		}
	}
	for range 2 { // once more, now that some of it is there
		for _, change := range changes(s, "other") {
			change(t.Context()) // what is refused now differs with the order
		}
	}
	same(t, "what one organisation has after all the other did", all(t, s, "acme"), want)
	got, err := s.UseTicket(t.Context(), "acme", hash("ticket"), start)
	must(t, err)
	same(t, "the ticket", string(got.Data), "acme")
	mail, err := s.Due(t.Context(), start.AddDate(1, 0, 0), start.AddDate(1, 0, 1), 10)
	must(t, err)
	for _, m := range mail {
		if m.ID == "m" && m.Org == "acme" && string(m.Raw) != "acme" || m.Org == "other" && string(m.Raw) == "acme" {
			t.Errorf("the message of %s says %s", m.Org, m.Raw)
		}
	}

	methods := slices.Clone(ofAll)
	for m := range reflect.TypeFor[share.Store]().Methods() {
		if !slices.Contains(ofAll, m.Name) {
			methods = append(methods, m.Name)
		}
	}
	covered = append(covered, ofAll...)
	slices.Sort(methods)
	slices.Sort(covered)
	same(t, "the methods that were tried", covered, methods)
}

func officeCancelled(t *testing.T, s share.Store) {
	with(t, s)
	fill(t, s, "acme")
	want := all(t, s, "acme")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tried := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	for name, call := range reads(s, "acme") {
		tried(name, call(ctx).Err)
	}
	for name, change := range changes(s, "acme") {
		tried(name, change(ctx))
	}
	_, err := s.Orgs(ctx)
	tried("Orgs", err)
	_, err = s.Due(ctx, start, start, 10)
	tried("Due", err)
	tried("Sweep", s.Sweep(ctx, start.AddDate(9, 0, 0), start.AddDate(9, 0, 0)))
	tried("AddOrg", s.AddOrg(ctx, org("third")))
	tried("Ping", s.Ping(ctx))
	same(t, "the mark for whoever has gone", s.Mark(ctx), "")
	same(t, "what is kept", all(t, s, "acme"), want)
}

func officeClosed(t *testing.T, s share.Store) {
	with(t, s)
	fill(t, s, "acme")
	must(t, s.Close())
	must(t, s.Close()) // again is no fault
	for name, call := range reads(s, "acme") {
		fails(t, name+" of a closed office", call(t.Context()).Err, fault.Internal)
	}
	for name, change := range changes(s, "acme") {
		fails(t, name+" of a closed office", change(t.Context()), fault.Internal)
	}
	fails(t, "Ping of a closed office", s.Ping(t.Context()), fault.Internal)
	same(t, "the mark of a closed office", s.Mark(t.Context()), "")
}

func officeTimes(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	for i, at := range timesOfEveryKind() {
		want := at.UTC().Truncate(time.Microsecond)
		id := string(rune('a' + i))
		o := org(id)
		o.Made = at
		must(t, s.AddOrg(ctx, o))
		got, err := s.Org(ctx, id)
		must(t, err)
		if !got.Made.Equal(want) || got.Made.Location() != time.UTC {
			t.Errorf("%s came back as %s", at, got.Made)
		}
		a := line("one", 0, "")
		a.Entry.Line.Time = at
		must(t, s.Append(ctx, id, a))
		entries, err := s.Entries(ctx, id, "one", 0, 1)
		must(t, err)
		head, err := s.Head(ctx, id, "one")
		must(t, err)
		if !entries[0].Line.Time.Equal(want) || !head.At.Equal(want) {
			t.Errorf("%s came back as %s in the line and %s in the head", at, entries[0].Line.Time, head.At)
		}
		must(t, s.SetAccount(ctx, id, account("b")))
		must(t, s.SetSession(ctx, id, share.Session{Hash: hash(id), Account: "b", Made: at, Expires: at}))
		session, err := s.Session(ctx, id, hash(id))
		must(t, err)
		if !session.Made.Equal(want) || !session.Expires.Equal(want) || session.Expires.Location() != time.UTC {
			t.Errorf("%s came back as %s and %s in a session", at, session.Made, session.Expires)
		}
	}
}

// hostileTexts are texts that are kept as they are.
func hostileTexts() []string {
	return []string{
		"", " ", "'; DROP TABLE orgs; --", `\x00\\`, `"}`, "$1", "%s%n", "ÄÖÜ ß – “quotes” 🏡 e\u0301", "\u202eright to left", "line\r\nbreaks\t\v\f",
		"\x01\x02\x1b[31m", "<script>alert(1)</script>", "{{.}}", strings.Repeat("long ", 20000), "\ufeffmark", "\uffff\U0010ffff",
	}
}

func officeTexts(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	for i, text := range hostileTexts() {
		id := string(rune('a' + i))
		o := org(id)
		o.Name = text
		must(t, s.AddOrg(ctx, o))
		got, err := s.Org(ctx, id)
		must(t, err)
		same(t, "the name of an organisation", got.Name, text)

		a := line("one", 0, "")
		a.Entry.Raw, a.Entry.Signature, a.Entry.Countersignature = append([]byte(text), 'x'), text, text
		a.Entry.Line.Body = share.Hash(a.Entry.Raw)
		a.Hash, err = a.Entry.Line.Hash()
		must(t, err)
		must(t, s.Append(ctx, id, a))
		entries, err := s.Entries(ctx, id, "one", 0, 1)
		must(t, err)
		same(t, "a line", entries, []share.Entry{a.Entry})

		b := account("b")
		b.Name, b.Role = text, share.Role(text)
		if len(text) <= 1000 {
			b.Subject = text
		}
		must(t, s.SetAccount(ctx, id, b))
		account, err := s.Account(ctx, id, "b")
		must(t, err)
		same(t, "an account", *account, b)

		m := share.Message{ID: "m", Org: id, Case: "one", To: text, About: text, Raw: []byte(text + "\x00\xff"), Made: start, Next: start.Add(time.Hour)}
		must(t, s.Post(ctx, id, m))
		must(t, s.Failed(ctx, id, "m", text, start))
		due, err := s.Due(ctx, start, start.Add(time.Hour), 1)
		must(t, err)
		m.Why, m.Tries = text, 1
		same(t, "a message", due, []share.Message{m})
		must(t, s.Sent(ctx, id, "m", start))
	}
	for i, id := range hostileTexts() {
		if id == "" || len(id) > 200 {
			continue
		}
		o := org(id)
		must(t, s.AddOrg(ctx, o))
		must(t, s.Append(ctx, id, line(id, 0, "")))
		head, err := s.Head(ctx, id, id)
		must(t, err)
		same(t, "an id", head.Case, id)
		_, err = s.LinkByToken(ctx, id, id, start)
		fails(t, "a token of "+string(rune('a'+i)), err, fault.Missing)
	}
}

func officeRefused(t *testing.T, s share.Store) {
	with(t, s)
	fill(t, s, "acme")
	ctx := t.Context()
	want := all(t, s, "acme")
	for _, id := range []string{"", "\x00", "a\x00b", "\xff", strings.Repeat("x", 3000)} {
		for name, call := range reads(s, id) {
			if r := call(ctx); r.Err != nil && fault.KindOf(r.Err) != fault.Missing || r.Err == nil && name == "Org" {
				t.Errorf("%s of %.10q: %v", name, id, r.Err)
			}
		}
		for name, change := range changes(s, id) {
			if err := change(ctx); err != nil && fault.KindOf(err) != fault.Missing && fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s of %.10q: %v", name, id, err)
			}
		}
		fails(t, "an organisation with such an id", s.AddOrg(ctx, org(id)), fault.Invalid)
		_, err := s.LinkByToken(ctx, "acme", id, start)
		fails(t, "such a token", err, fault.Missing)
		_, err = s.Head(ctx, "acme", id)
		fails(t, "such a case", err, fault.Missing)
	}
	for what, err := range map[string]error{
		"a name with a zero byte": s.AddOrg(ctx, share.Org{ID: "x", Name: "a\x00b", Made: start}),
		"a name that is no text":  s.AddOrg(ctx, share.Org{ID: "x", Name: "a\xffb", Made: start}),
		"a year of 5 digits":      s.AddOrg(ctx, share.Org{ID: "x", Made: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}),
		"a reason of no text":     s.Failed(ctx, "acme", "m", "\xff", start),
		"a recipient of no text":  s.Post(ctx, "acme", share.Message{ID: "y", To: "\x00", Made: start}),
		"an account of no text":   s.SetAccount(ctx, "acme", share.Account{ID: "y", Email: "y", Name: "\x00", Made: start}),
	} {
		fails(t, what, err, fault.Invalid)
	}
	same(t, "what is kept", all(t, s, "acme"), want)
}
