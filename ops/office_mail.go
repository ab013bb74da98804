package ops

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/internal/press/notice"
	"homecase/locale"
	"homecase/share"
)

// Letters is how an office writes by e-mail.
type Letters struct {
	// From is the office's own address; empty where it sends no e-mail.
	From mail.Address
	// PerDay is the most messages of an organisation in 24 hours, PerAddress the
	// most of one organisation to one address; zero means the usual number.
	PerDay, PerAddress int
}

// The usual bounds of what is sent in 24 hours, and how long an address stays
// in the outbox, so that a message that comes back can be told.
const (
	lettersPerDay     = 2000
	lettersPerAddress = 12
	KeepsAddress      = 14 * 24 * time.Hour
)

// What an address can ask to hear of besides the answer to a question.
const (
	aboutReports = "reports" // each Friday note, for a reader
	aboutNews    = "news"    // what readers do, for the person whose case it is
)

// maxLinkText is the most characters of an e-mail that a person writes.
const maxLinkText = 4000

// The files of an edition that go with the link.
const (
	onePage = "one-page.pdf"
	meeting = "meeting.ics"
)

// LinkEmail is the e-mail that takes a link to its reader, as the person saw it
// before it left. Words that are left out are the office's own.
type LinkEmail struct {
	To      string `json:"to"`
	ReplyTo string `json:"reply_to,omitempty"` // the person's own address, for an answer by e-mail
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty"`
	// Meeting attaches the meeting of the edition, for a calendar.
	Meeting bool `json:"meeting,omitempty"`
}

// SendsMail tells whether this office sends e-mail.
func (o *Office) SendsMail() bool { return o.Letters.From.Email != "" }

func noMail() error {
	return fault.New(fault.Finding, "HC-NOTICE-20", "This office sends no e-mail.").Then("Pass the link on yourself.")
}

// letter is a message before it has bytes.
type letter struct {
	kind       notice.Kind
	key        string // names the message for good: one of the same key is sent once
	caseID, to string
	from       string // the name it comes from; empty for the organisation's
	reply      mail.Address
	view       notice.View
	own        notice.Notice // words somebody wrote for it; empty for the notice's
	files      []mail.Attachment
}

// write makes the message. Its Message-ID follows from its key alone, so that a
// receiver who gets it twice can drop one.
func (o *Office) write(og *share.Org, l letter) (none share.Message, err error) {
	to, err := mail.Typed(l.to)
	if err != nil {
		return none, err
	}
	l.view.Org, l.view.Keeps = og.Name, int(KeepsAddress.Hours()/24)
	n, err := notice.Write(l.kind, l.view)
	if err != nil {
		return none, err
	}
	if l.own.Subject != "" {
		n.Subject = l.own.Subject
	}
	if l.own.Text != "" {
		n.Text = l.own.Text
	}
	from := o.Letters.From
	switch {
	case l.from != "":
		from.Name = notice.Line(l.from, 80) + " via " + notice.Line(og.Name, 80)
	case from.Name == "":
		from.Name = notice.Line(og.Name, 80)
	}
	now := o.Now().UTC().Truncate(time.Microsecond)
	id := MessageID(og.ID, l.key)
	host := from.Email[strings.LastIndexByte(from.Email, '@')+1:]
	raw, err := mail.EML(mail.Message{
		From: from, ReplyTo: l.reply, To: []mail.Address{{Email: to}}, Subject: n.Subject, Text: n.Text, Date: now, Auto: true,
		ID: og.ID + "." + id + "@" + host, Attachments: l.files,
	})
	return share.Message{ID: id, Org: og.ID, Case: l.caseID, Key: l.key, To: to, About: string(l.kind), Raw: raw, Made: now, Next: now}, err
}

// MessageID is the id of a message by its key.
func MessageID(org, key string) string {
	sum := sha256.Sum256([]byte("homecase mail 1\n" + org + "\n" + key))
	return hex.EncodeToString(sum[:16])
}

// room tells whether one more message may go to an address today.
func (o *Office) room(ctx context.Context, org, to string) error {
	them, all, err := o.Store.Posted(ctx, org, to, o.Now().Add(-24*time.Hour))
	switch {
	case err != nil:
		return err
	case them >= orUsual(o.Letters.PerAddress, lettersPerAddress):
		return fault.New(fault.Finding, "HC-NOTICE-21", "This address was sent as many e-mails today as the office sends.").Then("Try again tomorrow.")
	case all >= orUsual(o.Letters.PerDay, lettersPerDay):
		return fault.New(fault.Finding, "HC-NOTICE-22", "The office has sent as many e-mails today as it may.").Then("Try again tomorrow.")
	}
	return nil
}

func orUsual(n, usual int) int {
	if n > 0 {
		return n
	}
	return usual
}

// MailLink returns what hangs on an act that links: the e-mail that takes the
// link to its reader, with the one page attached. The token is not kept.
func (o *Office) MailLink(ctx context.Context, org, token string, e LinkEmail) func(*share.Exchange, *share.Append) error {
	return func(x *share.Exchange, a *share.Append) error {
		b, err := share.Decode(share.Linked, a.Entry.Raw)
		if err != nil {
			return err
		}
		l := b.(share.Linking)
		if !hmac.Equal([]byte(share.HashToken(token)), []byte(l.Token)) {
			return fault.New(fault.Invalid, "HC-NOTICE-23", "The link in the e-mail is another one than the link that begins.")
		}
		m, err := o.linkLetter(ctx, org, token, x, l, e)
		if err != nil {
			return err
		}
		a.Mail = append(a.Mail, m)
		return nil
	}
}

func (o *Office) linkLetter(ctx context.Context, org, token string, x *share.Exchange, l share.Linking, e LinkEmail) (none share.Message, err error) {
	if !o.SendsMail() {
		return none, noMail()
	}
	if n := len([]rune(e.Text)); n > maxLinkText {
		return none, fault.New(fault.Invalid, "HC-NOTICE-24", "The e-mail has %d characters; %d are the most.", n, maxLinkText)
	}
	address := o.Address + "/p/" + token
	if e.Text != "" && !strings.Contains(e.Text, address) {
		return none, fault.New(fault.Invalid, "HC-NOTICE-25", "The e-mail does not hold the link.")
	}
	reply := mail.Address{}
	if e.ReplyTo != "" {
		if reply.Email, err = mail.Typed(e.ReplyTo); err != nil {
			return none, err
		}
		reply.Name = notice.Line(x.Person.Person, 80)
	}
	ed := x.Edition()
	if ed == nil {
		return none, fault.New(fault.Conflict, "HC-NOTICE-26", "There is nothing to read yet.")
	}
	if err := o.room(ctx, org, e.To); err != nil {
		return none, err
	}
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return none, err
	}
	files, err := o.onePage(ctx, org, x.Case, ed)
	if err != nil {
		return none, err
	}
	if e.Meeting {
		one, err := o.meeting(ctx, org, x.Case, ed)
		if err != nil {
			return none, err
		}
		files = append(files, one)
	}
	return o.write(og, letter{
		kind: notice.Link, key: "link/" + x.Case + "/" + l.Link, caseID: x.Case, to: e.To, from: x.Person.Person, reply: reply, files: files,
		own:  notice.Notice{Subject: e.Subject, Text: e.Text},
		view: notice.View{Person: x.Person.Person, Title: ed.Title, URL: address, Attached: len(files) > 0, Meeting: e.Meeting, Reply: reply.Email != ""},
	})
}

// onePage is the page of an edition that goes with an e-mail; none where the edition has none.
func (o *Office) onePage(ctx context.Context, org, caseID string, ed *share.Edition) ([]mail.Attachment, error) {
	i := slices.IndexFunc(ed.Files, func(f share.File) bool { return f.Name == onePage })
	if i < 0 {
		return nil, nil
	}
	b, err := o.Store.Blob(ctx, org, caseID, ed.Files[i].SHA256)
	if err != nil {
		return nil, err
	}
	return []mail.Attachment{{Name: onePage, Type: "application/pdf", Data: b.Bytes}}, nil
}

// meeting is the meeting of an edition, as a mail program offers it.
func (o *Office) meeting(ctx context.Context, org, caseID string, ed *share.Edition) (none mail.Attachment, err error) {
	i := slices.IndexFunc(ed.Files, func(f share.File) bool { return f.Name == meeting && f.Media == calendarMedia })
	if i < 0 {
		return none, fault.New(fault.Finding, "HC-NOTICE-29", "This edition holds no meeting.")
	}
	b, err := o.Store.Blob(ctx, org, caseID, ed.Files[i].SHA256)
	if err != nil {
		return none, err
	}
	return calendarFile(b.Bytes), nil
}

const calendarMedia = "text/calendar"

// calendarFile attaches days or a meeting. Its type names the METHOD of the file,
// as RFC 6047 (2.4) wants it.
func calendarFile(raw []byte) mail.Attachment {
	kind := calendarMedia + "; charset=utf-8"
	for line := range strings.Lines(string(raw)) {
		if m, ok := strings.CutPrefix(strings.TrimSpace(line), "METHOD:"); ok && (m == "REQUEST" || m == "PUBLISH") {
			return mail.Attachment{Name: meeting, Type: kind + "; method=" + m, Data: raw}
		}
	}
	return mail.Attachment{Name: meeting, Type: kind, Data: raw}
}

// Returned names a message that came back for good, and why.
type Returned struct {
	Org string `json:"org"`
	ID  string `json:"id"`
	Why string `json:"why"`
}

// CameBack notes that a message which was sent came back: whose it was sees why.
func (o *Office) CameBack(ctx context.Context, r Returned) error {
	return o.Store.Failed(ctx, r.Org, r.ID, notice.Line(r.Why, 300), time.Time{})
}

// MailCopy sends the decision that stands to an address, once for each decision
// and address. The address is kept in the outbox alone. calendar are the days that
// were agreed, as a file for a calendar; nil attaches none.
func (o *Office) MailCopy(ctx context.Context, org string, open *share.OpenLink, to string, calendar []byte) error {
	if !o.SendsMail() {
		return noMail()
	}
	to, err := mail.Typed(to)
	if err != nil {
		return err
	}
	x, err := o.Exchange(ctx, org, open.Case)
	if err != nil {
		return err
	}
	d, ed := x.Decision(), x.Edition()
	if l := x.Link(open.Link); l == nil || !l.Holds(o.Now()) {
		return NoLink()
	}
	if d == nil || d.Way != "" {
		return fault.New(fault.Conflict, "HC-NOTICE-27", "There is no answer to send a copy of.")
	}
	if err := o.room(ctx, org, to); err != nil {
		return err
	}
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return err
	}
	files, err := o.onePage(ctx, org, x.Case, ed)
	if err != nil {
		return err
	}
	if len(calendar) > 0 {
		files = append(files, calendarFile(calendar))
	}
	terms := &ed.Terms
	if d.Terms != nil {
		terms = d.Terms
	}
	l := tongue(ed.Lang)
	v := termsIn(l, terms)
	v.Person, v.Title, v.Answer, v.Note, v.On, v.Until = x.Person.Person, ed.Title, string(d.Answer), strings.TrimSpace(d.Note+"\n"+d.Reason), l.Date(day.Of(d.At)), dated(l, d.Until)
	if until, ok := x.CanUndo(o.Now()); ok {
		v.Undo = l.Date(day.Of(until))
	}
	m, err := o.write(og, letter{kind: notice.Copy, key: "copy/" + x.Case + "/" + d.ID + "/" + strings.ToLower(to), caseID: x.Case, to: to, view: v, files: files})
	if err != nil {
		return err
	}
	return o.Store.Post(ctx, org, m)
}

func tongue(lang string) locale.Locale {
	_, country, _ := strings.Cut(lang, "-")
	return locale.For(country, "")
}

func dated(l locale.Locale, d day.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.Date(d)
}

// termsIn says terms in words.
func termsIn(l locale.Locale, t *share.Terms) notice.View {
	v := notice.View{Weeks: t.Weeks, Start: dated(l, t.Start), End: dated(l, t.Until), Decide: dated(l, t.DecideOn), Promises: t.Promises}
	switch {
	case t.HalfDays == 1:
		v.Days = "half a day"
	case t.HalfDays == 2:
		v.Days = "1 day"
	case t.HalfDays > 0:
		v.Days = strconv.FormatFloat(float64(t.HalfDays)/2, 'f', -1, 64) + " days"
	}
	names := make([]string, len(t.Weekdays))
	for i, w := range t.Weekdays {
		names[i] = w.Name()
	}
	v.Weekdays = l.List(names)
	switch {
	case t.Lottery && len(names) > 0:
		v.Weekdays += ", drawn by lot"
	case t.Chosen():
		v.Weekdays += ", chosen among them"
	}
	return v
}

// WatchAnswer returns what hangs on a question whose reader left an address for
// its answer.
func (o *Office) WatchAnswer(link, question, to string) func(*share.Exchange, *share.Append) error {
	return func(x *share.Exchange, a *share.Append) error {
		w, err := o.watching(share.Watch{Case: x.Case, Link: link, About: question, To: to})
		a.Watch = &w
		return err
	}
}

// WatchReports keeps an address for the Friday notes.
func (o *Office) WatchReports(ctx context.Context, org string, open *share.OpenLink, to string) error {
	return o.watch(ctx, org, share.Watch{Case: open.Case, Link: open.Link, About: aboutReports, To: to})
}

// WatchNews keeps the address of the person whose case it is, who wants to hear
// when a reader asks or answers; empty forgets it.
func (o *Office) WatchNews(ctx context.Context, org, caseID, to string) error {
	if to == "" {
		return o.Store.Unwatch(ctx, org, caseID, "", aboutNews)
	}
	return o.watch(ctx, org, share.Watch{Case: caseID, About: aboutNews, To: to})
}

func (o *Office) watch(ctx context.Context, org string, w share.Watch) error {
	w, err := o.watching(w)
	if err != nil {
		return err
	}
	return o.Store.Watch(ctx, org, w)
}

// watching is an address as it is kept.
func (o *Office) watching(w share.Watch) (_ share.Watch, err error) {
	if !o.SendsMail() {
		return w, noMail()
	}
	w.To, err = mail.Typed(w.To)
	w.Made = o.Now().UTC().Truncate(time.Microsecond)
	return w, err
}

// ReportsTo returns the address that Friday notes go to by a link; empty where none is kept.
func (o *Office) ReportsTo(ctx context.Context, org string, open *share.OpenLink) (string, error) {
	all, err := o.Store.Watches(ctx, org, open.Case, aboutReports)
	i := slices.IndexFunc(all, func(w share.Watch) bool { return w.Link == open.Link })
	if err != nil || i < 0 {
		return "", err
	}
	return all[i].To, nil
}

// NoReports ends the Friday notes of a link.
func (o *Office) NoReports(ctx context.Context, org string, open *share.OpenLink) error {
	return o.Store.Unwatch(ctx, org, open.Case, open.Link, aboutReports)
}

// StopNotes ends the Friday notes by the address that stands in each of them.
func (o *Office) StopNotes(ctx context.Context, q url.Values) error {
	w, err := o.stopped(ctx, q)
	if err != nil {
		return err
	}
	return o.Store.Unwatch(ctx, q.Get("o"), w.Case, w.Link, aboutReports)
}

// CanStopNotes tells whether an address ends Friday notes; it changes nothing.
func (o *Office) CanStopNotes(ctx context.Context, q url.Values) error {
	_, err := o.stopped(ctx, q)
	return err
}

func (o *Office) stopped(ctx context.Context, q url.Values) (w share.Watch, err error) {
	none := fault.New(fault.Missing, "HC-NOTICE-28", "This address ends nothing.")
	og, err := o.Store.Org(ctx, q.Get("o"))
	if fault.KindOf(err) == fault.Missing {
		return w, none
	}
	if err != nil {
		return w, err
	}
	w = share.Watch{Case: q.Get("c"), Link: q.Get("l")}
	if !hmac.Equal([]byte(stopMark(og, w)), []byte(q.Get("k"))) {
		return w, none
	}
	return w, nil
}

// stopMark shows that an address to end notes is one of ours; nothing is kept for it.
func stopMark(og *share.Org, w share.Watch) string {
	h := hmac.New(sha256.New, og.Key)
	h.Write([]byte("homecase stop notes 1\n" + og.ID + "\n" + w.Case + "\n" + w.Link))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)[:16]))
}

func (o *Office) stopAddress(og *share.Org, w share.Watch) string {
	return o.Address + "/notes?" + url.Values{"o": {og.ID}, "c": {w.Case}, "l": {w.Link}, "k": {stopMark(og, w)}}.Encode()
}
