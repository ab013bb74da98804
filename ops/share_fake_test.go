package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"

	"homecase/fault"
	"homecase/share"
)

// errAway is what a courier says that got no answer.
func errAway() error {
	return fault.New(fault.Away, "HC-COURIER-01", "The office could not be reached.").Then("Nothing is lost.")
}

// luck decides what becomes of a request.
type luck int

const (
	fine    luck = iota
	lost         // it never arrives
	unheard      // it arrives, and the answer is lost
	twice        // it arrives twice
	late         // it is lost, and arrives after all before the next one
)

// walker is a courier that walks into the office itself, with luck.
type walker struct {
	*Office
	key   ed25519.PrivateKey
	luck  func() luck
	later *[]func()
	// spoil changes what the office answers; nil changes nothing.
	spoil func(*Batch)
}

func (c walker) public() string {
	return base64.StdEncoding.EncodeToString(c.key.Public().(ed25519.PublicKey))
}

// walk does something with luck.
func walk[T any](c walker, do func() (T, error)) (T, error) {
	var nothing T
	for _, l := range *c.later {
		l()
	}
	*c.later = nil
	switch c.luck() {
	case lost:
		return nothing, errAway()
	case unheard:
		_, _ = do()
		return nothing, errAway()
	case twice:
		_, _ = do()
	case late:
		*c.later = append(*c.later, func() { _, _ = do() })
		return nothing, errAway()
	}
	return do()
}

func (c walker) Pair(ctx context.Context, p Pairing) (*Paired, error) {
	return walk(c, func() (*Paired, error) {
		org, person, err := c.Office.Pair(ctx, p.Code, share.Person{Key: c.public(), Name: p.Name})
		if err != nil {
			return nil, err
		}
		key := ed25519.NewKeyFromSeed(org.Key).Public().(ed25519.PublicKey)
		return &Paired{Org: org.ID, OrgName: org.Name, OfficeKey: base64.StdEncoding.EncodeToString(key), Person: person.Name}, nil
	})
}

func (c walker) Act(ctx context.Context, org, id string, d Delivery) (share.Entry, error) {
	return walk(c, func() (share.Entry, error) {
		return c.Office.Act(ctx, org, id, Acting{Actor: share.Employee, Act: d.Act, Raw: d.Body, Signature: d.Signature, Key: c.public()})
	})
}

func (c walker) Entries(ctx context.Context, org, id string, after int64, limit int) (*Batch, error) {
	return walk(c, func() (*Batch, error) {
		head, err := c.Store.Head(ctx, org, id)
		if err != nil {
			return nil, err
		}
		lines, err := c.Store.Entries(ctx, org, id, after, min(limit, 2)) // several pages, always
		b := &Batch{Entries: lines, Head: Mark{head.N, head.Hash}}
		if c.spoil != nil {
			c.spoil(b)
		}
		return b, err
	})
}

func (c walker) Put(ctx context.Context, org, id string, b share.Blob) error {
	_, err := walk(c, func() (int, error) { return 0, c.Store.PutBlob(ctx, org, id, b, share.Room{}) })
	return err
}

func (c walker) Missing(ctx context.Context, org, id string, hashes []string) ([]string, error) {
	return walk(c, func() ([]string, error) { return c.Store.HasBlobs(ctx, org, id, hashes) })
}

func (c walker) Mail(context.Context, string, string) ([]Mailing, error) { return nil, nil }

func (c walker) Seen(context.Context, string, string) ([]Reading, error) { return nil, nil }

func (c walker) News(context.Context, string, string, string) error { return nil }

func (c walker) Record(ctx context.Context, org, id string) (*share.Record, error) {
	return c.Office.Record(ctx, org, id)
}

func (c walker) Erase(context.Context, string, string) error { return nil }
