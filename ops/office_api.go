package ops

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"homecase/fault"
	"homecase/share"
)

// Caller is a workspace that signed a request: the organisation it names and its key.
type Caller struct {
	Org string
	Key string // Ed25519, base64
}

// Bounds of what a workspace may ask at once.
const (
	maxHashes   = 200
	maxSubject  = 200
	maxPersonal = 200 // characters of a name
)

// Knows tells whether a key is paired with an organisation. It comes before a
// request's body is read.
func (o *Office) Knows(ctx context.Context, c Caller) (bool, error) {
	_, err := o.Store.Person(ctx, c.Org, c.Key)
	if fault.KindOf(err) == fault.Missing {
		return false, nil
	}
	return err == nil, err
}

// NoCase is the answer for a case that is not there, and for one of another key
// or organisation.
func NoCase() error {
	return fault.New(fault.Missing, "HC-OFFICE-06", "There is no such case here.")
}

// own returns where a case of the caller stands.
func (o *Office) own(ctx context.Context, c Caller, caseID string) (*share.Head, error) {
	known, err := o.Knows(ctx, c)
	if err != nil {
		return nil, err
	}
	if !known || !share.IsID(caseID) {
		return nil, NoCase()
	}
	head, err := o.head(ctx, c.Org, caseID)
	if fault.KindOf(err) == fault.Missing || err == nil && head.Key != c.Key {
		return nil, NoCase()
	}
	return head, err
}

// PairWorkspace uses an invitation up for the key that signed the request.
func (o *Office) PairWorkspace(ctx context.Context, key string, p Pairing) (*Paired, error) {
	name := strings.TrimSpace(p.Name)
	if name == "" || utf8.RuneCountInString(name) > maxPersonal || strings.ContainsFunc(name, unicode.IsControl) {
		return nil, fault.New(fault.Invalid, "HC-API-10", "A name has 1 to %d characters on one line.", maxPersonal)
	}
	if _, err := share.PublicKey(key); err != nil {
		return nil, err
	}
	org, person, err := o.Pair(ctx, p.Code, share.Person{Key: key, Name: name})
	if err != nil {
		return nil, err
	}
	signer, err := o.signer(ctx, org.ID)
	if err != nil {
		return nil, err
	}
	public := base64.StdEncoding.EncodeToString(signer[len(signer)-32:])
	return &Paired{Org: org.ID, OrgName: org.Name, OfficeKey: public, Person: person.Name}, nil
}

// TakeAct writes an act of a workspace into the record of its own case.
func (o *Office) TakeAct(ctx context.Context, c Caller, caseID string, d Delivery) (share.Entry, error) {
	_, err := o.own(ctx, c, caseID)
	if d.Act == share.Opened && fault.CodeOf(err) == "HC-OFFICE-06" {
		err = o.mayOpen(ctx, c, caseID)
	}
	if err != nil {
		return share.Entry{}, err
	}
	b, err := share.Decode(d.Act, d.Body)
	if err != nil {
		return share.Entry{}, err
	}
	if err := o.checkDelivery(ctx, c, caseID, d, b); err != nil {
		return share.Entry{}, err
	}
	return o.Act(ctx, c.Org, caseID, Acting{
		Actor: share.Employee, Act: d.Act, Raw: d.Body, Signature: d.Signature, Key: c.Key,
		Beside: func(x *share.Exchange, a *share.Append) error { return o.besideAct(ctx, c, x, d, b, a) },
	})
}

// mayOpen tells whether a case that the caller does not own may begin: the key
// is paired, and nobody else has a case of that id.
func (o *Office) mayOpen(ctx context.Context, c Caller, caseID string) error {
	known, err := o.Knows(ctx, c)
	if err != nil {
		return err
	}
	if !known || !share.IsID(caseID) {
		return NoCase()
	}
	_, err = o.Store.Head(ctx, c.Org, caseID)
	switch {
	case err == nil:
		return NoCase()
	case fault.KindOf(err) == fault.Missing:
		return nil
	}
	return err
}

// checkDelivery looks at what goes with an act.
func (o *Office) checkDelivery(ctx context.Context, c Caller, caseID string, d Delivery, b share.Body) error {
	if open, ok := b.(share.Opening); ok && open.PublicKey != c.Key {
		return fault.New(fault.Forbidden, "HC-API-11", "A case is opened with the key that signs the request.")
	}
	link, ok := b.(share.Linking)
	if !ok {
		if d.Token != "" || d.Email != nil {
			return fault.New(fault.Invalid, "HC-API-12", "A token and an e-mail go with a link alone.")
		}
		return o.checkFiles(ctx, c.Org, caseID, b)
	}
	if d.Token == "" && d.Email == nil {
		return nil
	}
	if org, hash, ok := share.SplitToken(d.Token); !ok || org != c.Org || hash != link.Token {
		return fault.New(fault.Invalid, "HC-API-13", "This is not the token of that link.")
	}
	return checkEmail(d.Email)
}

// checkEmail looks at the form of an e-mail; the address itself is read where the message is made.
func checkEmail(e *LinkEmail) error {
	switch {
	case e == nil:
		return nil
	case strings.ContainsFunc(e.To+e.ReplyTo+e.Subject, unicode.IsControl):
		return fault.New(fault.Invalid, "HC-API-14", "An address and a subject are one line of plain text.")
	case utf8.RuneCountInString(e.Subject) > maxSubject:
		return fault.New(fault.Invalid, "HC-API-15", "The subject of an e-mail has at most %d characters.", maxSubject)
	case !utf8.ValidString(e.Text) || strings.ContainsFunc(e.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return fault.New(fault.Invalid, "HC-API-16", "The text of this e-mail holds characters that are not text.")
	}
	return nil
}

// EntriesOf returns the lines of the caller's case behind one, and where its record stands.
func (o *Office) EntriesOf(ctx context.Context, c Caller, caseID string, after int64, limit int) (*Batch, error) {
	if after < 0 || limit < 0 {
		return nil, fault.New(fault.Invalid, "HC-API-17", "Lines are counted from 0.")
	}
	head, err := o.own(ctx, c, caseID)
	if err != nil {
		return nil, err
	}
	if limit == 0 || limit > entryPage {
		limit = entryPage
	}
	entries, err := o.Store.Entries(ctx, c.Org, caseID, after, limit)
	if err != nil {
		return nil, err
	}
	return &Batch{Entries: entries, Head: Mark{head.N, head.Hash}}, nil
}

// MissingFiles returns which files of the caller's case are not kept here.
func (o *Office) MissingFiles(ctx context.Context, c Caller, caseID string, hashes []string) ([]string, error) {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return nil, err
	}
	if len(hashes) > maxHashes || slices.ContainsFunc(hashes, func(h string) bool { return !share.IsHash(h) }) {
		return nil, fault.New(fault.Invalid, "HC-API-18", "Files are asked for by at most %d SHA-256 hashes.", maxHashes)
	}
	return o.Store.HasBlobs(ctx, c.Org, caseID, hashes)
}

// MailOf tells what became of the e-mails of the caller's case.
func (o *Office) MailOf(ctx context.Context, c Caller, caseID string) ([]Mailing, error) {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return nil, err
	}
	messages, err := o.Store.Messages(ctx, c.Org, caseID)
	if err != nil {
		return nil, err
	}
	list := make([]Mailing, len(messages))
	for i, m := range messages {
		list[i] = Mailing{About: m.About, To: m.To, Made: m.Made, Sent: m.SentAt, Tries: m.Tries, Why: m.Why, Dead: m.Dead}
	}
	return list, nil
}

// RecordOf returns the whole record of the caller's case.
func (o *Office) RecordOf(ctx context.Context, c Caller, caseID string) (*share.Record, error) {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return nil, err
	}
	return o.Record(ctx, c.Org, caseID)
}

// EraseOf takes the words, files, links and e-mails of the caller's case out.
// The chain of hashes stays, so that either side's copy can still be checked.
func (o *Office) EraseOf(ctx context.Context, c Caller, caseID string) error {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return err
	}
	if err := o.Store.EraseCase(ctx, c.Org, caseID); err != nil {
		return err
	}
	o.forget(c.Org, caseID)
	return nil
}

// Sweep takes out what no one needs any longer: files that no line names, tickets
// and sessions that are over, messages that were sent.
func (o *Office) Sweep(ctx context.Context) error {
	now := o.Now().UTC()
	orgs, err := o.Store.Orgs(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := o.Store.SweepBlobs(ctx, org.ID, now.Add(-keepUnnamed)); err != nil {
			return err
		}
	}
	return o.Store.Sweep(ctx, now, now.Add(-keepPosted))
}

// How long what has done its work is kept.
const (
	keepUnnamed = 24 * time.Hour // files that no line names
	keepPosted  = KeepsAddress   // messages that were sent or given up: words go at once, addresses now
)

// besideAct adds the rows that hang on an act of a workspace.
func (o *Office) besideAct(ctx context.Context, c Caller, x *share.Exchange, d Delivery, b share.Body, a *share.Append) error {
	a.Bring(x, b)
	if d.Email != nil {
		return o.MailLink(ctx, c.Org, d.Token, *d.Email)(x, a)
	}
	return nil
}
