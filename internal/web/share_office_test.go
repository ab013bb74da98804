package web_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"testing"
	"time"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
	"homecase/storetest"
)

// employer is an office that a workspace walks into itself.
type employer struct {
	*ops.Office
	shelf *storetest.Shelf
	org   string
	away  bool
	n     int
}

const employerAddress = "https://office.example"

// hire puts an office beside a workspace.
func hire(t testing.TB, d *desk) *employer {
	t.Helper()
	shelf := storetest.NewShelf()
	e := &employer{shelf: shelf, Office: &ops.Office{Desk: d.Desk, Store: shelf, Address: employerAddress}}
	org, err := e.AddOrg(context.Background(), "Example Insurance")
	if err != nil {
		t.Fatal(err)
	}
	e.org = org.ID
	d.Couriers = func(_ string, key ed25519.PrivateKey) (ops.Courier, error) { return visitor{e, key}, nil }
	return e
}

func (e *employer) invitation(t testing.TB) string {
	t.Helper()
	code, err := e.Invite(context.Background(), e.org, "Ines", e.Now().Add(24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return ops.InvitationAddress(employerAddress, code)
}

// visitor is the courier to it.
type visitor struct {
	e   *employer
	key ed25519.PrivateKey
}

func (c visitor) caller(org string) ops.Caller {
	return ops.Caller{Org: org, Key: base64.StdEncoding.EncodeToString(c.key.Public().(ed25519.PublicKey))}
}

func (c visitor) gone() error {
	if c.e.away {
		return fault.New(fault.Away, "HC-COURIER-01", "The office could not be reached.")
	}
	return nil
}

func (c visitor) Pair(ctx context.Context, p ops.Pairing) (*ops.Paired, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.e.PairWorkspace(ctx, c.caller("").Key, p)
}

func (c visitor) Act(ctx context.Context, org, id string, d ops.Delivery) (share.Entry, error) {
	if err := c.gone(); err != nil {
		return share.Entry{}, err
	}
	return c.e.TakeAct(ctx, c.caller(org), id, d)
}

func (c visitor) Entries(ctx context.Context, org, id string, after int64, limit int) (*ops.Batch, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.e.EntriesOf(ctx, c.caller(org), id, after, limit)
}

func (c visitor) Put(ctx context.Context, org, id string, b share.Blob) error {
	if err := c.gone(); err != nil {
		return err
	}
	return c.e.PutFile(ctx, c.caller(org), id, b)
}

func (c visitor) Missing(ctx context.Context, org, id string, hashes []string) ([]string, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.e.MissingFiles(ctx, c.caller(org), id, hashes)
}

func (c visitor) Mail(context.Context, string, string) ([]ops.Mailing, error) {
	return []ops.Mailing{{About: "link", To: "dana@example.com", Made: c.e.Now(), Tries: 3, Why: "No such mailbox.", Dead: true}}, c.gone()
}

func (c visitor) Seen(ctx context.Context, org, id string) ([]ops.Reading, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.e.SeenOf(ctx, c.caller(org), id)
}

func (c visitor) News(ctx context.Context, org, id, to string) error {
	if err := c.gone(); err != nil {
		return err
	}
	return c.e.NewsTo(ctx, c.caller(org), id, to)
}

func (c visitor) Record(ctx context.Context, org, id string) (*share.Record, error) {
	return c.e.RecordOf(ctx, c.caller(org), id)
}

func (c visitor) Erase(ctx context.Context, org, id string) error {
	if err := c.gone(); err != nil {
		return err
	}
	return c.e.EraseOf(ctx, c.caller(org), id)
}

// reads does something as whoever holds the newest link.
func (e *employer) reads(t testing.TB, d *desk, body func(x *share.Exchange, link string, k share.Key) share.Body) {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x, err := e.Exchange(context.Background(), e.org, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	e.n++
	b := body(x, x.Links[len(x.Links)-1].Link, share.Key{ID: "reader-" + string(rune('a'+e.n))})
	raw, err := share.Encode(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Act(context.Background(), e.org, o.ID, ops.Acting{Actor: share.Reader, Act: share.ActOf(b), Raw: raw}); err != nil {
		t.Fatal(err)
	}
}

func question(text string) func(*share.Exchange, string, share.Key) share.Body {
	return func(x *share.Exchange, link string, k share.Key) share.Body {
		return share.Question{Key: k, Link: link, Edition: len(x.Editions), At: "ask", About: "The ask", Text: text}
	}
}

func answered(act share.Act, change func(*share.Decision, share.Terms)) func(*share.Exchange, string, share.Key) share.Body {
	return func(x *share.Exchange, link string, k share.Key) share.Body {
		d := share.Decision{Key: k, Link: link, Edition: len(x.Editions)}
		if act == share.Agreed {
			d.Statement = "I have read what I would be agreeing to."
		}
		change(&d, x.Edition().Terms)
		return d.Answering(act)
	}
}

func asIs(*share.Decision, share.Terms) {}

// withOffice is a case whose packet was published, with a link for Dana.
func withOffice(t testing.TB, d *desk) *employer {
	t.Helper()
	madePacket(t, d)
	e := hire(t, d)
	ctx := context.Background()
	if _, err := d.Pair(ctx, e.invitation(t), "Ines Duarte"); err != nil {
		t.Fatal(err)
	}
	o, err := d.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.PrepareEdition(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish(ctx, o, l.Mark, &ops.Invited{Reader: "Dana Whitfield", Questions: true, Expires: d.now.AddDate(1, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	return e
}

// lookForAnswers looks for answers.
func (d *desk) lookForAnswers(t testing.TB) {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Fetch(context.Background(), o.ID); err != nil {
		t.Fatal(err)
	}
}
