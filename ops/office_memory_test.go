package ops

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"homecase/internal/sqlite"
	"homecase/share"
)

// held is a store whose records are read once somebody lets them be.
type held struct {
	share.Store
	mu      sync.Mutex
	reads   int
	reached chan struct{} // closed by the first
	goOn    chan struct{}
}

func (h *held) Entries(ctx context.Context, org, caseID string, after int64, limit int) ([]share.Entry, error) {
	h.mu.Lock()
	if h.reads++; h.reads == 1 {
		close(h.reached)
	}
	h.mu.Unlock()
	select {
	case <-h.goOn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return h.Store.Entries(ctx, org, caseID, after, limit)
}

// However many open a case that no copy of the office remembers, it is read once.
// Whoever asked first may go away meanwhile.
func TestACaseIsReadOnceForAll(t *testing.T) {
	store, err := sqlite.OpenOffice(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	desk := &Desk{Now: func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }, Random: rand.Reader}
	_, token := caseToErase(t, &Office{Desk: desk, Store: store, Address: officeAddress}, time.Time{})
	h := &held{Store: store, reached: make(chan struct{}), goOn: make(chan struct{})}
	o := &Office{Desk: desk, Store: h, Address: officeAddress}

	leaves, leave := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { _, err := o.Read(leaves, token); first <- err }()
	<-h.reached
	leave()
	var readers sync.WaitGroup
	visits := make([]*Visit, 20)
	for i := range visits {
		readers.Go(func() {
			v, err := o.Read(t.Context(), token)
			if err != nil {
				t.Errorf("a reader is told %v", err)
			}
			visits[i] = v
		})
	}
	close(h.goOn)
	readers.Wait()
	<-first
	if h.reads != 1 {
		t.Errorf("the record was read %d times", h.reads)
	}
	for _, v := range visits {
		if v != nil && v.Exchange != visits[0].Exchange {
			t.Error("two readers were shown two readings")
		}
	}
}
