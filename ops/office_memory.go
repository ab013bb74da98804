package ops

import (
	"context"
	"crypto/ed25519"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"homecase/fault"
	"homecase/share"
)

// officeMemory is what an office remembers of its store: cases as their records
// stood, and the keys of organisations, which never change. It is only a
// shortcut: every use of a case begins with its head in the store.
type officeMemory struct {
	mu         sync.Mutex
	fresh, old map[seenCase]*share.Exchange // when fresh is full it becomes old
	size       int                          // of fresh
	// freshLinks and oldLinks are where the links of their cases lead, by the hashes
	// of their tokens.
	freshLinks, oldLinks map[string]seenCase
	signers              map[string]ed25519.PrivateKey

	reading singleflight.Group
}

type seenCase struct{ org, id string }

// mostSeen is how many bytes the words of a generation's cases may have; there are
// two generations. A case takes some besides its words.
const (
	mostSeen   = 6 << 20
	seenBeside = 2 << 10
)

func (m *officeMemory) get(c seenCase) *share.Exchange {
	m.mu.Lock()
	defer m.mu.Unlock()
	x := m.fresh[c]
	if x == nil {
		if x = m.old[c]; x != nil {
			m.keep(c, x)
		}
	}
	return x
}

func (m *officeMemory) put(c seenCase, x *share.Exchange) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(c, x)
}

func (m *officeMemory) keep(c seenCase, x *share.Exchange) {
	if was := m.fresh[c]; was != nil {
		m.size -= seenBeside + was.Words()
	} else if m.size >= mostSeen {
		m.fresh, m.old, m.size = nil, m.fresh, 0
		m.freshLinks, m.oldLinks = nil, m.freshLinks
	}
	if m.fresh == nil {
		m.fresh, m.freshLinks = map[seenCase]*share.Exchange{}, map[string]seenCase{}
	}
	m.fresh[c] = x
	for i := range x.Links {
		m.freshLinks[x.Links[i].Token] = c
	}
	m.size += seenBeside + x.Words()
}

func (m *officeMemory) forget(c seenCase) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if was := m.fresh[c]; was != nil {
		m.size -= seenBeside + was.Words()
	}
	delete(m.fresh, c)
	delete(m.old, c)
}

// Exchange returns where a case stands. The result is shared: it must not be changed.
func (o *Office) Exchange(ctx context.Context, org, caseID string) (*share.Exchange, error) {
	head, err := o.head(ctx, org, caseID)
	if err != nil {
		return nil, err
	}
	return o.exchangeAt(ctx, org, *head)
}

// readTime is the longest that a case is read.
const readTime = 30 * time.Second

// exchangeAt returns where a case stands at a head that the store has told. Of a
// case it remembers from before it reads only the lines that came since. However
// many ask at once, it is read and verified once for all of them.
func (o *Office) exchangeAt(ctx context.Context, org string, head share.Head) (*share.Exchange, error) {
	at := seenCase{org, head.Case}
	was := o.memory.get(at)
	if was != nil && was.Head == head.Hash {
		return was, nil
	}
	x, err, _ := o.memory.reading.Do(at.org+" "+at.id+" "+head.Hash, func() (any, error) {
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), readTime) // whoever asked first may have gone
		defer stop()
		if now := o.memory.get(at); now != nil && now.Head == head.Hash { // it was read meanwhile
			return now, nil
		}
		if was != nil && was.N < head.N {
			if x, err := o.follow(ctx, at, was.Clone(), head); err == nil {
				return x, nil
			}
		}
		return o.follow(ctx, at, share.NewExchange(head.Case), head)
	})
	if err != nil {
		return nil, err
	}
	return x.(*share.Exchange), nil
}

// follow reads the lines behind those an exchange has, up to a head.
func (o *Office) follow(ctx context.Context, at seenCase, x *share.Exchange, head share.Head) (*share.Exchange, error) {
	for x.N < head.N {
		entries, err := o.Store.Entries(ctx, at.org, at.id, x.N, entryPage)
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			return nil, fault.New(fault.Internal, "HC-OFFICE-01", "The record of a case ends before its last line.")
		}
		for _, e := range entries {
			if err := x.Apply(e); err != nil {
				return nil, fault.New(fault.Internal, "HC-OFFICE-02", "The record of a case does not hold together.").Because(err)
			}
		}
	}
	o.memory.put(at, x)
	return x, nil
}

// forget drops what is remembered of a case here.
func (o *Office) forget(org, caseID string) {
	o.memory.forget(seenCase{org, caseID})
	if o.Forgot != nil {
		o.Forgot(org + " " + caseID)
	}
}

// head is where a case stands. Another copy of this office may have erased it:
// its words then go from the memory here too.
func (o *Office) head(ctx context.Context, org, caseID string) (*share.Head, error) {
	head, err := o.Store.Head(ctx, org, caseID)
	if err != nil {
		return nil, err
	}
	if x := o.memory.get(seenCase{org, caseID}); head.Erased && (x == nil || x.State(o.Now()) != share.IsErased) {
		o.forget(org, caseID)
	}
	return head, nil
}

// holding is a case that is remembered with a link of this token which holds as
// far as is remembered.
func (m *officeMemory) holding(tokenHash string, now time.Time) (found seenCase, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, links := range []map[string]seenCase{m.freshLinks, m.oldLinks} {
		at, known := links[tokenHash]
		for _, x := range []*share.Exchange{m.fresh[at], m.old[at]} {
			if known && x != nil && slices.ContainsFunc(x.Links, func(l share.Link) bool { return l.Token == tokenHash && l.Holds(now) }) {
				found, ok = at, true
			}
		}
	}
	return found, ok
}

// missed has a case looked at beside the answers whose link opens nothing any
// more: it may have been erased by another copy of this office. The answer itself
// waits for nothing that an unknown link would not wait for.
func (o *Office) missed(org, tokenHash string) {
	if at, ok := o.memory.holding(tokenHash, o.Now()); ok && at.org == org {
		o.changed.add(at)
	}
}

// signer is the key of an organisation.
func (o *Office) signer(ctx context.Context, org string) (ed25519.PrivateKey, error) {
	o.memory.mu.Lock()
	key := o.memory.signers[org]
	o.memory.mu.Unlock()
	if key != nil {
		return key, nil
	}
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return nil, err
	}
	if len(og.Key) != ed25519.SeedSize {
		return nil, fault.New(fault.Internal, "HC-OFFICE-05", "The key of this organisation cannot be read.")
	}
	key = ed25519.NewKeyFromSeed(og.Key)
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	if o.memory.signers == nil {
		o.memory.signers = map[string]ed25519.PrivateKey{}
	}
	o.memory.signers[org] = key
	return key, nil
}
