package storetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Shelf is the part of an office's store that a workspace needs, in maps. It is
// for tests of those who speak with an office, and forgets all in the end.
type Shelf struct {
	share.Store
	mu      sync.Mutex
	orgs    map[string]share.Org
	invites map[string]share.Invitation
	people  map[string]share.Person
	lines   map[string][]share.Entry
	blobs   map[string]share.Blob
	keys    map[string]string // whose case it is
	seen    []share.Seen
	watches []share.Watch
}

// NewShelf returns an empty one.
func NewShelf() *Shelf {
	return &Shelf{orgs: map[string]share.Org{}, invites: map[string]share.Invitation{}, people: map[string]share.Person{}, lines: map[string][]share.Entry{}, blobs: map[string]share.Blob{}, keys: map[string]string{}}
}

// Record are the lines of a case.
func (s *Shelf) Record(id string) []share.Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines[id])
}

func none() error { return fault.New(fault.Missing, "HC-TEST-01", "There is no such thing.") }

func (s *Shelf) Org(_ context.Context, org string) (*share.Org, error) {
	o, ok := s.orgs[org]
	if !ok {
		return nil, none()
	}
	return &o, nil
}

func (s *Shelf) AddOrg(_ context.Context, o share.Org) error { s.orgs[o.ID] = o; return nil }

func (s *Shelf) Invite(_ context.Context, _ string, i share.Invitation) error {
	s.invites[i.CodeHash] = i
	return nil
}

func (s *Shelf) Pair(_ context.Context, _, hash string, p share.Person, now time.Time) (*share.Person, error) {
	i, ok := s.invites[hash]
	if was, used := s.people[hash]; used && was.Key == p.Key {
		return &was, nil
	} else if !ok || used || !now.Before(i.Expires) {
		return nil, none()
	}
	s.people[hash] = p
	return &p, nil
}

func (s *Shelf) Head(_ context.Context, _, id string) (*share.Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.lines[id]
	if len(lines) == 0 {
		return nil, none()
	}
	hash, err := lines[len(lines)-1].Line.Hash()
	return &share.Head{Case: id, Key: s.keys[id], N: int64(len(lines)), Hash: hash, Erased: lines[len(lines)-1].Raw == nil}, err
}

func (s *Shelf) Entries(_ context.Context, _, id string, after int64, limit int) ([]share.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := s.lines[id]
	after = min(after, int64(len(lines)))
	return slices.Clone(lines[after:min(int(after)+limit, len(lines))]), nil
}

func (s *Shelf) Append(_ context.Context, _ string, a share.Append) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if int64(len(s.lines[a.Case])) != a.Prev {
		return fault.New(fault.Conflict, "HC-STORE-30", "Somebody wrote first.")
	}
	for _, hash := range a.Blobs {
		if _, ok := s.blobs[a.Case+hash]; !ok {
			return fault.New(fault.Invalid, "HC-TEST-02", "A file is missing.")
		}
	}
	if a.Key != "" && a.Prev == 0 {
		s.keys[a.Case] = a.Key
	}
	s.lines[a.Case] = append(s.lines[a.Case], a.Entry)
	return nil
}

func (s *Shelf) PutBlob(_ context.Context, _, id string, b share.Blob, _ share.Room) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blobs[id+b.Hash] = b
	return nil
}

func (s *Shelf) HasBlobs(_ context.Context, _, id string, hashes []string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(hashes), func(h string) bool { _, ok := s.blobs[id+h]; return ok }), nil
}

func (s *Shelf) Watches(_ context.Context, _, id, about string) (out []share.Watch, err error) {
	for _, w := range s.watches {
		if w.Case == id && w.About == about {
			out = append(out, w)
		}
	}
	return out, nil
}

func (s *Shelf) Watch(_ context.Context, _ string, w share.Watch) error {
	s.watches = append(s.watches, w)
	return nil
}

func (s *Shelf) Unwatch(_ context.Context, _, id, link, about string) error {
	s.watches = slices.DeleteFunc(s.watches, func(w share.Watch) bool { return w.Case == id && w.Link == link && w.About == about })
	return nil
}

func (s *Shelf) Saw(_ context.Context, _ string, one share.Seen) error {
	s.seen = append(s.seen, one)
	return nil
}

func (s *Shelf) WhoSaw(_ context.Context, _, id string) ([]share.Seen, error) {
	return slices.DeleteFunc(slices.Clone(s.seen), func(one share.Seen) bool { return one.Case != id }), nil
}

func (s *Shelf) Account(_ context.Context, _, id string) (*share.Account, error) {
	return &share.Account{ID: id, Name: id}, nil
}

func (s *Shelf) Posted(context.Context, string, string, time.Time) (int, int, error) {
	return 0, 0, nil
}

func (s *Shelf) EraseCase(_ context.Context, _, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines[id]) == 0 {
		return none()
	}
	for i := range s.lines[id] {
		s.lines[id][i].Raw = nil
	}
	s.seen, s.watches = nil, nil
	return nil
}

func (s *Shelf) Person(_ context.Context, _, key string) (*share.Person, error) {
	for _, p := range s.people {
		if p.Key == key {
			return &p, nil
		}
	}
	return nil, none()
}

func (s *Shelf) Blob(_ context.Context, _, id, hash string) (*share.Blob, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.blobs[id+hash]
	if !ok {
		return nil, none()
	}
	return &b, nil
}

func (s *Shelf) Messages(context.Context, string, string) ([]share.Message, error) { return nil, nil }
