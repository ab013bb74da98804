package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Office is the desk of the employer's side: it keeps the record that both sides
// share, and what people chose to publish. It holds no draft and fetches nothing.
// It may run as many copies over one store; what it remembers is only a shortcut.
type Office struct {
	*Desk
	Store share.Store
	// Address is where readers reach this office, without a slash at its end, such as https://case.example.
	Address string
	// Room bounds the files that are kept.
	Room share.Room
	// Letters is how this office writes by e-mail.
	Letters Letters
	// Build names the program to the byte, so that it shows no page that another one
	// wrote. Where it is empty no pages are kept.
	Build string

	// Forgot is told of a case, by its organisation and id, that this copy lets go
	// of, so that whoever keeps pages of it lets go of them too; nil tells nobody.
	Forgot func(of string)

	memory  officeMemory
	marked  atomic.Pointer[string] // the last mark of the store
	changed changed
}

// Bounds of what is read at once, and of the tries to write.
const (
	entryPage  = 500
	writeTries = 12
)

// Acting is an act on its way into the record.
type Acting struct {
	Actor     share.Actor
	Act       share.Act
	Raw       []byte // the body, canonical
	Signature string // of the employee
	Key       string // whose case it is; needed with share.Opened
	// Head is where the record stood a moment ago, for a caller who knows it; nil
	// asks the store.
	Head *share.Head
	// Beside returns what hangs on the act once it is known to be allowed: mail to
	// be sent, rows that begin. It may be asked several times. nil adds nothing.
	Beside func(x *share.Exchange, a *share.Append) error
}

// Act writes an act into the record of a case, once. The same act again returns
// the line it was written in.
func (o *Office) Act(ctx context.Context, org, caseID string, a Acting) (share.Entry, error) {
	b, err := share.Decode(a.Act, a.Raw)
	if err != nil {
		return share.Entry{}, err
	}
	for try := 1; ; try++ {
		e, err := o.act(ctx, org, caseID, a, b)
		if err == nil {
			err = o.told(ctx, org, caseID, b)
		}
		if fault.CodeOf(err) != HeadMoved || try == writeTries {
			return e, err
		}
		a.Head = nil // it stands somewhere else by now
	}
}

// HeadMoved is the code of the fault by which a store says that somebody wrote first.
const HeadMoved fault.Code = "HC-STORE-30"

func (o *Office) act(ctx context.Context, org, caseID string, a Acting, b share.Body) (none share.Entry, err error) {
	var x *share.Exchange
	if a.Head != nil {
		x, err = o.exchangeAt(ctx, org, *a.Head)
	} else {
		x, err = o.Exchange(ctx, org, caseID)
	}
	if a.Act == share.Opened && fault.KindOf(err) == fault.Missing {
		x, err = share.NewExchange(caseID), nil
	}
	if err != nil {
		return none, err
	}
	if n := x.Line(share.IDOf(b)); n > 0 {
		return o.done(ctx, org, caseID, n, share.Hash(a.Raw))
	}
	now := o.Now().UTC().Truncate(time.Microsecond)
	if now.Before(x.Last) {
		now = x.Last // two servers whose clocks differ
	}
	if err := x.Check(a.Actor, b, now); err != nil {
		return none, err
	}
	key, err := o.signer(ctx, org)
	if err != nil {
		return none, err
	}
	e := share.Entry{Raw: json.RawMessage(a.Raw), Signature: a.Signature, Line: share.Line{
		N: x.N + 1, Prev: x.Head, Time: now, Actor: a.Actor, Act: a.Act, Body: share.Hash(a.Raw),
	}}
	if e.Countersignature, err = share.Countersign(key, caseID, e.Line); err != nil {
		return none, err
	}
	if err := x.CheckSigned(e, b); err != nil {
		return none, fault.New(fault.Forbidden, "HC-OFFICE-03", "This act is not signed by the person whose case this is.").Because(err)
	}
	w := share.Append{Case: caseID, Key: a.Key, Prev: x.N, Entry: e, Blobs: share.BlobsOf(b)}
	if w.Hash, err = e.Line.Hash(); err != nil {
		return none, err
	}
	if a.Beside != nil {
		if err := a.Beside(x, &w); err != nil {
			return none, err
		}
	}
	if err := o.tell(ctx, org, x, b, &w); err != nil {
		return none, err
	}
	if err := o.Store.Append(ctx, org, w); err != nil {
		return none, err
	}
	if next := x.Clone(); next.Apply(e) == nil {
		o.memory.put(seenCase{org, caseID}, next)
	}
	if o.Build != "" {
		o.changed.add(seenCase{org, caseID})
	}
	return e, nil
}

// done returns the line of an act that was written before.
func (o *Office) done(ctx context.Context, org, caseID string, n int64, hash string) (share.Entry, error) {
	entries, err := o.Store.Entries(ctx, org, caseID, n-1, 1)
	if err != nil || len(entries) == 0 {
		return share.Entry{}, err
	}
	if entries[0].Line.Body != hash {
		return share.Entry{}, fault.New(fault.Conflict, "HC-OFFICE-04", "Another act has this id. Nothing was changed.")
	}
	return entries[0], nil
}

// Record returns the whole record of a case, as a file both sides can check.
func (o *Office) Record(ctx context.Context, org, caseID string) (*share.Record, error) {
	key, err := o.signer(ctx, org)
	if err != nil {
		return nil, err
	}
	r := &share.Record{Format: share.RecordFormat, Case: caseID, Office: base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))}
	for after := int64(0); ; {
		entries, err := o.Store.Entries(ctx, org, caseID, after, entryPage)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			break
		}
		r.Entries = append(r.Entries, entries...)
		after = entries[len(entries)-1].Line.N
	}
	if len(r.Entries) == 0 {
		return nil, fault.New(fault.Missing, "HC-OFFICE-06", "There is no such case here.")
	}
	return r, nil
}

// AddOrg makes an organisation with a key of its own.
func (o *Office) AddOrg(ctx context.Context, name string) (*share.Org, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil, fault.New(fault.Invalid, "HC-OFFICE-07", "An organisation has a name.")
	}
	id, err := share.NewOrg(o.Random)
	if err != nil {
		return nil, err
	}
	_, key, err := ed25519.GenerateKey(o.Random)
	if err != nil {
		return nil, err
	}
	org := share.Org{ID: id, Name: name, Key: key.Seed(), Made: o.Now().UTC().Truncate(time.Microsecond)}
	return &org, o.Store.AddOrg(ctx, org)
}

// Invite makes an invitation that one person can use once, and returns its code.
// The code is not kept.
func (o *Office) Invite(ctx context.Context, org, whom string, expires time.Time) (code string, err error) {
	if code, err = share.NewToken(o.Random, org); err != nil {
		return "", err
	}
	now := o.Now().UTC().Truncate(time.Microsecond)
	return code, o.Store.Invite(ctx, org, share.Invitation{CodeHash: share.HashToken(code), For: strings.TrimSpace(whom), Made: now, Expires: expires})
}

// Pair uses an invitation up for a person's key.
func (o *Office) Pair(ctx context.Context, code string, p share.Person) (*share.Org, *share.Person, error) {
	org, hash, ok := share.SplitToken(code)
	if !ok {
		return nil, nil, noInvitation()
	}
	og, err := o.Store.Org(ctx, org)
	if fault.KindOf(err) == fault.Missing {
		return nil, nil, noInvitation()
	}
	if err != nil {
		return nil, nil, err
	}
	p.Made = o.Now().UTC().Truncate(time.Microsecond)
	person, err := o.Store.Pair(ctx, org, hash, p, p.Made)
	if fault.KindOf(err) == fault.Missing {
		return nil, nil, noInvitation()
	}
	return og, person, err
}

func noInvitation() error {
	return fault.New(fault.Missing, "HC-OFFICE-08", "This invitation is not known here, was used, or is over.").Then("Ask whoever sent it for a new one.")
}
