package ops_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/share"
)

// bureau is an office over SQLite whose clock is set by hand.
type bureau struct {
	*ops.Office
	at  time.Time
	org *share.Org
	key ed25519.PrivateKey
	n   int // of acts
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	b := &bureau{at: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	b.Office = &ops.Office{Desk: &ops.Desk{Now: func() time.Time { return b.at }, Random: rand.Reader}, Store: store, Address: "https://case.example",
		Letters: ops.Letters{From: mail.Address{Email: "office@fernhill.example"}}}
	if b.org, err = b.AddOrg(t.Context(), "Fernhill Accounts"); err != nil {
		t.Fatal(err)
	}
	if _, b.key, err = ed25519.GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	return b
}

// act writes an act of the person or of the reader, and what hangs on it.
func (b *bureau) act(t *testing.T, caseID string, body share.Body, beside func(*share.Exchange, *share.Append) error) {
	t.Helper()
	if err := b.try(t, caseID, body, beside); err != nil {
		t.Fatalf("%s: %v", share.ActOf(body), err)
	}
}

func (b *bureau) try(t *testing.T, caseID string, body share.Body, beside func(*share.Exchange, *share.Append) error) error {
	t.Helper()
	raw, err := share.Encode(body)
	if err != nil {
		t.Fatal(err)
	}
	a := ops.Acting{Actor: share.Employee, Act: share.ActOf(body), Raw: raw, Key: base64.StdEncoding.EncodeToString(b.key.Public().(ed25519.PublicKey)), Beside: beside}
	switch body.(type) {
	case share.Question, share.Decision, share.Undoing, share.Confirmation, share.Next:
		a.Actor = share.Reader
	default:
		a.Signature = share.Sign(b.key, caseID, a.Act, raw)
	}
	_, err = b.Act(t.Context(), b.org.ID, caseID, a)
	return err
}

func (b *bureau) id() share.Key {
	b.n++
	return share.Key{ID: "act-" + strings.Repeat("0", 4) + string(rune('a'+b.n/26)) + string(rune('a'+b.n%26))}
}

// published is a case with an edition, its one page and a link; email takes the link to its reader.
func (b *bureau) published(t *testing.T, caseID string, email *ops.LinkEmail) (token string, open *share.OpenLink) {
	t.Helper()
	pdf := []byte("%PDF-1.7 one page")
	doc := []byte("a document of " + caseID)
	b.act(t, caseID, share.Opening{Key: b.id(), Person: "Inês Duarte", PublicKey: base64.StdEncoding.EncodeToString(b.key.Public().(ed25519.PublicKey))}, nil)
	for media, data := range map[string][]byte{"application/pdf": pdf, "application/json": doc} {
		if err := b.Store.PutBlob(t.Context(), b.org.ID, caseID, share.Blob{Hash: share.Hash(data), Media: media, Bytes: data, Made: b.at}, share.Room{}); err != nil {
			t.Fatal(err)
		}
	}
	b.act(t, caseID, share.Publication{Key: b.id(), Edition: 1, Title: "A trial of one home day a week", Lang: "en-GB", Document: share.Hash(doc),
		Files: []share.File{{Name: "one-page.pdf", Media: "application/pdf", SHA256: share.Hash(pdf), Bytes: int64(len(pdf))}},
		Terms: share.Terms{HalfDays: 2, Weekdays: []day.Weekday{day.Mon, day.Tue}, Lottery: true, Start: day.Must("2027-01-04"), Until: day.Must("2027-02-26"), Weeks: 8, DecideOn: day.Must("2027-03-05"), Promises: []string{"I move the day when you need me in."}, Stop: "on_any_day"}}, nil)
	token, err := share.NewToken(rand.Reader, b.org.ID)
	if err != nil {
		t.Fatal(err)
	}
	link := share.Linking{Key: b.id(), Link: "link-" + caseID, Token: share.HashToken(token), Reader: "Dana Whitfield", Questions: true}
	b.act(t, caseID, link, func(x *share.Exchange, a *share.Append) error {
		a.Link = &share.Link{Linking: link, At: a.Entry.Line.Time}
		if email == nil {
			return nil
		}
		return b.MailLink(t.Context(), b.org.ID, token, *email)(x, a)
	})
	if open, err = b.Store.LinkByToken(t.Context(), b.org.ID, share.HashToken(token), b.Now()); err != nil {
		t.Fatal(err)
	}
	return token, open
}

// letter is a message of the outbox as a mail program reads it.
type letter struct {
	share.Message
	Header netmail.Header
	Text   string
	Files  []string
}

// posted leases what waits in the outbox, in the order it was made.
func (b *bureau) posted(t *testing.T) (out []letter) {
	t.Helper()
	all, err := b.Store.Due(t.Context(), b.at, b.at.Add(time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		got, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
		if err != nil {
			t.Fatal(err)
		}
		l := letter{Message: m, Header: got.Header}
		media, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			text, err := io.ReadAll(decoded(got.Header.Get("Content-Transfer-Encoding"), got.Body))
			if err != nil {
				t.Fatal(err)
			}
			l.Text = string(text)
		} else {
			for r := multipart.NewReader(got.Body, params["boundary"]); ; {
				p, err := r.NextPart() // decodes quoted-printable
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				data, err := io.ReadAll(p)
				if err != nil {
					t.Fatal(err)
				}
				if p.FileName() != "" {
					l.Files = append(l.Files, p.FileName()+" "+p.Header.Get("Content-Type"))
				} else {
					l.Text += string(data)
				}
			}
		}
		l.Text = strings.ReplaceAll(l.Text, "\r\n", "\n")
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b letter) int { return a.Made.Compare(b.Made) })
	return out
}

func TestTheLinkIsMailedWithThePage(t *testing.T) {
	b := newBureau(t)
	token, _ := b.published(t, "case-1", &ops.LinkEmail{To: "Dana@Fernhill.Example", ReplyTo: "ines@fernhill.example"})
	got := b.posted(t)
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	m := got[0]
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "Inês Duarte via Fernhill Accounts" || from[0].Address != "office@fernhill.example" {
		t.Errorf("from %v, %v", from, err)
	}
	if reply, err := m.Header.AddressList("Reply-To"); err != nil || reply[0].Address != "ines@fernhill.example" {
		t.Errorf("reply to %v, %v", reply, err)
	}
	if m.To != "Dana@fernhill.example" || m.About != "link" || m.Case != "case-1" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%+v %v", m.Message.To, m.Header)
	}
	if m.Header.Get("List-Unsubscribe") != "" || strings.Contains(string(m.Raw), "text/html") || strings.Contains(string(m.Raw), "Content-Location") {
		t.Error("the message is more than plain text")
	}
	if want := "<" + b.org.ID + "." + ops.MessageID(b.org.ID, "link/case-1/link-case-1") + "@fernhill.example>"; m.Header.Get("Message-Id") != want {
		t.Errorf("message id %s, want %s", m.Header.Get("Message-Id"), want)
	}
	if !strings.Contains(m.Text, "https://case.example/p/"+token) || len(strings.Fields(m.Text)) > 90 || !strings.Contains(m.Text, "just reply") {
		t.Errorf("text:\n%s", m.Text)
	}
	if want := []string{"one-page.pdf application/pdf; name=one-page.pdf"}; !slices.Equal(m.Files, want) {
		t.Errorf("files %q", m.Files)
	}
}

func TestALinkIsMailedInThePersonsWords(t *testing.T) {
	b := newBureau(t)
	email := &ops.LinkEmail{To: "dana@fernhill.example", Subject: "Could we try one day?"}
	wrong := *email
	wrong.Text = "Read this: https://evil.example/p/abc"
	for name, e := range map[string]ops.LinkEmail{
		"another address in the text": wrong,
		"an address with a line":      {To: "dana@fernhill.example\r\nBcc: eve@evil.example"},
		"two addresses":               {To: "dana@fernhill.example, eve@evil.example"},
		"a subject with a line":       {To: "dana@fernhill.example", Subject: "x\r\nBcc: eve@evil.example"},
		"an answer to nowhere":        {To: "dana@fernhill.example", ReplyTo: "x\nBcc: y@z.example"},
		"too long":                    {To: "dana@fernhill.example", Text: strings.Repeat("a", 5000)},
	} {
		if err := func() (err error) {
			c := newBureau(t)
			defer func() {
				if got := c.posted(t); len(got) != 0 {
					t.Errorf("%s: %d messages", name, len(got))
				}
			}()
			c.published(t, "case-1", nil)
			token, err := share.NewToken(rand.Reader, c.org.ID)
			if err != nil {
				t.Fatal(err)
			}
			second := share.Linking{Key: c.id(), Link: "link-2", Token: share.HashToken(token), Reader: "Dana"}
			return c.try(t, "case-1", second, c.MailLink(t.Context(), c.org.ID, token, e))
		}(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A token that is not the link's own is refused: nobody is sent to another page.
	other, err := share.NewToken(rand.Reader, b.org.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.published(t, "case-1", nil)
	token, err := share.NewToken(rand.Reader, b.org.ID)
	if err != nil {
		t.Fatal(err)
	}
	link := share.Linking{Key: b.id(), Link: "link-2", Token: share.HashToken(token), Reader: "Dana"}
	if err := b.try(t, "case-1", link, b.MailLink(t.Context(), b.org.ID, other, *email)); fault.CodeOf(err) != "HC-NOTICE-23" {
		t.Errorf("another token: %v", err)
	}
	b.Letters = ops.Letters{}
	if err := b.try(t, "case-1", link, b.MailLink(t.Context(), b.org.ID, token, *email)); fault.CodeOf(err) != "HC-NOTICE-20" {
		t.Errorf("an office without mail: %v", err)
	}
}

func decide(b *bureau, open *share.OpenLink, answer share.Act) share.Decision {
	d := share.Decision{Key: b.id(), Link: open.Link, Edition: 1, Note: "Mondays are\nfine."}
	if answer == share.Agreed {
		d.Statement = "I have read what I would be agreeing to"
	}
	return d.Answering(answer)
}

func TestACopyGoesToWhoeverAskedOnce(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	if err := b.MailCopy(t.Context(), b.org.ID, open, "dana@fernhill.example", nil); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("a copy of no answer: %v", err)
	}
	b.act(t, "case-1", decide(b, open, share.Agreed), nil)
	for range 3 { // a form sent again
		if err := b.MailCopy(t.Context(), b.org.ID, open, "Dana@fernhill.example ", nil); err != nil {
			t.Fatal(err)
		}
	}
	got := b.posted(t)
	if len(got) != 1 || got[0].About != "copy" || !slices.Equal(got[0].Files, []string{"one-page.pdf application/pdf; name=one-page.pdf"}) {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"You agreed to this on 24 November 2026", "1 day a week, on Monday and Tuesday, drawn by lot", "From 4 January 2027 to 26 February 2027", "For 8 weeks", "5 March 2027", "I move the day", "Mondays are\nfine.", "undo this until 1 December 2026"} {
		if !strings.Contains(got[0].Text, want) {
			t.Errorf("the copy lacks %q:\n%s", want, got[0].Text)
		}
	}
	for _, bad := range []string{"dana", "dana@fernhill.example\nBcc: e@evil.example", ""} {
		if err := b.MailCopy(t.Context(), b.org.ID, open, bad, nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	// The record keeps no address.
	r, err := b.Record(t.Context(), b.org.ID, "case-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Entries {
		if bytes.Contains(e.Raw, []byte("@")) {
			t.Errorf("the record has an address: %s", e.Raw)
		}
	}
}

func TestAnAnswerIsMailedOnceAndTheAddressForgotten(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	q := share.Question{Key: b.id(), Link: open.Link, Edition: 1, About: "Who covers", Text: "Who covers the desk?"}
	b.act(t, "case-1", q, b.WatchAnswer(open.Link, q.ID, "dana@fernhill.example"))
	r := share.Reply{Key: b.id(), Question: q.ID, Text: "Sam covers it."}
	b.act(t, "case-1", r, nil)
	b.act(t, "case-1", r, nil) // the workspace had no answer and tries again
	got := b.posted(t)
	if len(got) != 1 || got[0].To != "dana@fernhill.example" || !strings.Contains(got[0].Text, "Who covers the desk?") || !strings.Contains(got[0].Text, "Sam covers it.") {
		t.Fatalf("%+v", got)
	}
	if w, err := b.Store.Watches(t.Context(), b.org.ID, "case-1", q.ID); err != nil || len(w) != 0 {
		t.Errorf("the address is still kept: %v, %v", w, err)
	}
}

func TestWhoseLinkEndedHearsNothing(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	q := share.Question{Key: b.id(), Link: open.Link, Edition: 1, Text: "Who covers the desk?"}
	b.act(t, "case-1", q, b.WatchAnswer(open.Link, q.ID, "dana@fernhill.example"))
	b.act(t, "case-1", share.Unlinking{Key: b.id(), Link: open.Link}, func(_ *share.Exchange, a *share.Append) error { a.Ends = []string{open.Link}; return nil })
	b.act(t, "case-1", share.Reply{Key: b.id(), Question: q.ID, Text: "Sam covers it."}, nil)
	if got := b.posted(t); len(got) != 0 {
		t.Errorf("%d messages", len(got))
	}
}

// trialOf brings a case to a trial both agreed to.
func (b *bureau) trialOf(t *testing.T, open *share.OpenLink) {
	t.Helper()
	b.act(t, open.Case, decide(b, open, share.Agreed), nil)
	plan := `{"weeks":8}`
	p := share.Planning{Key: b.id(), Plan: plan, PlanHash: share.Hash([]byte(plan)), Start: day.Must("2027-01-04"), Until: day.Must("2027-02-26")}
	b.act(t, open.Case, p, nil)
	b.act(t, open.Case, share.Confirmation{Key: b.id(), Link: open.Link, Planning: p.ID, Word: "lantern"}, nil)
}

func TestFridayNotesGoToWhoeverAskedUntilTheySayStop(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	b.trialOf(t, open)
	report := func(monday string) {
		b.act(t, "case-1", share.Report{Key: b.id(), Monday: day.Must(monday), Note: "Two home days, eleven items each."}, nil)
	}
	report("2027-01-04")
	if got := b.posted(t); len(got) != 0 {
		t.Fatalf("nobody asked and %d messages went", len(got))
	}
	if err := b.WatchReports(t.Context(), b.org.ID, open, "dana@fernhill.example"); err != nil {
		t.Fatal(err)
	}
	if to, err := b.ReportsTo(t.Context(), b.org.ID, open); err != nil || to != "dana@fernhill.example" {
		t.Errorf("%q, %v", to, err)
	}
	report("2027-01-11")
	got := b.posted(t)
	if len(got) != 1 || got[0].About != "report" || !strings.Contains(got[0].Text, "Two home days") {
		t.Fatalf("%+v", got)
	}
	_, at, ok := strings.Cut(got[0].Text, "https://case.example/notes?")
	if !ok {
		t.Fatalf("no address to end them:\n%s", got[0].Text)
	}
	q, err := url.ParseQuery(strings.TrimSpace(at))
	if err != nil {
		t.Fatal(err)
	}
	for _, spoil := range []string{"o", "c", "l", "k"} {
		bad := url.Values{}
		for k := range q {
			bad.Set(k, q.Get(k))
		}
		bad.Set(spoil, q.Get(spoil)+"x")
		if err := b.StopNotes(t.Context(), bad); fault.KindOf(err) != fault.Missing {
			t.Errorf("another %s ends them: %v", spoil, err)
		}
	}
	if err := b.CanStopNotes(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if to, _ := b.ReportsTo(t.Context(), b.org.ID, open); to == "" {
		t.Error("looking at the address ended the notes")
	}
	for range 2 {
		if err := b.StopNotes(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	report("2027-01-18")
	if got := b.posted(t); len(got) != 0 {
		t.Errorf("%d messages after the end", len(got))
	}
}

func TestThePersonHearsOfAQuestionOnlyWhenAsked(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	b.act(t, "case-1", share.Question{Key: b.id(), Link: open.Link, Edition: 1, Text: "Secret words?"}, nil)
	if got := b.posted(t); len(got) != 0 {
		t.Fatalf("%d messages", len(got))
	}
	if err := b.WatchNews(t.Context(), b.org.ID, "case-1", "ines@fernhill.example"); err != nil {
		t.Fatal(err)
	}
	b.act(t, "case-1", share.Question{Key: b.id(), Link: open.Link, Edition: 1, Text: "Secret words?"}, nil)
	b.act(t, "case-1", decide(b, open, share.Agreed), nil)
	got := b.posted(t)
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	for _, m := range got {
		if m.To != "ines@fernhill.example" || strings.Contains(m.Text, "Secret") || !strings.Contains(m.Text, "Dana Whitfield") {
			t.Errorf("to %s:\n%s", m.To, m.Text)
		}
	}
	if err := b.WatchNews(t.Context(), b.org.ID, "case-1", ""); err != nil {
		t.Fatal(err)
	}
	b.act(t, "case-1", share.Question{Key: b.id(), Link: open.Link, Edition: 1, Text: "More?"}, nil)
	if got := b.posted(t); len(got) != 0 {
		t.Errorf("%d messages after the address was taken out", len(got))
	}
}

func TestMailHasBounds(t *testing.T) {
	b := newBureau(t)
	b.Letters.PerAddress, b.Letters.PerDay = 2, 4
	_, open := b.published(t, "case-1", nil)
	ask := func(to string) error {
		t.Helper()
		q := share.Question{Key: b.id(), Link: open.Link, Edition: 1, Text: "?"}
		b.act(t, "case-1", q, b.WatchAnswer(open.Link, q.ID, to))
		return b.try(t, "case-1", share.Reply{Key: b.id(), Question: q.ID, Text: "!"}, nil)
	}
	for range 3 { // the third is over the bound of the address: the answer is given all the same
		if err := ask("Dana@fernhill.example"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := b.Store.Messages(t.Context(), b.org.ID, "case-1")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d messages, %v", len(all), err)
	}
	dead := slices.IndexFunc(all, func(m share.Message) bool { return m.Dead })
	if dead < 0 || !strings.Contains(all[dead].Why, "as many e-mails today") {
		t.Errorf("the sender is not told: %+v", all)
	}
	if got := b.posted(t); len(got) != 2 {
		t.Errorf("%d messages go", len(got))
	}
	b.act(t, "case-1", decide(b, open, share.Agreed), nil)
	if err := b.MailCopy(t.Context(), b.org.ID, open, "dana@FERNHILL.example", nil); fault.CodeOf(err) != "HC-NOTICE-21" {
		t.Errorf("one more to the address: %v", err)
	}
	if err := b.MailCopy(t.Context(), b.org.ID, open, "sam@fernhill.example", nil); err != nil {
		t.Error(err)
	}
	if err := b.MailCopy(t.Context(), b.org.ID, open, "kim@fernhill.example", nil); fault.CodeOf(err) != "HC-NOTICE-22" {
		t.Errorf("one more of the organisation: %v", err)
	}
	b.at = b.at.Add(25 * time.Hour)
	if err := b.MailCopy(t.Context(), b.org.ID, open, "dana@fernhill.example", nil); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	if encoding == "quoted-printable" {
		return quotedprintable.NewReader(body)
	}
	return body
}
