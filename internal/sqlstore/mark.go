package sqlstore

import (
	"context"
	"sync"
	"time"
)

// marks asks the database for its mark, once for all who wait: whoever comes while
// it is asked waits for the next time, so that each is told what was so after they
// came. At rest nobody waits for others.
type marks struct {
	mu     sync.Mutex
	next   *mark // of whoever waits for it to be asked
	asking bool
	// enough is told once as many wait as wanted.
	wanted int
	enough chan struct{}
}

// mark is an answer that some wait for.
type mark struct {
	waiting int
	done    chan struct{} // closed once word is set
	word    string
}

// Where some are answered at once, as many are about to ask: the next time begins
// once they do, or a little later, so that it serves them all. PostgreSQL does so with
// commits that wait for the disk (commit_siblings, commit_delay).
const (
	markSiblings = 4
	markDelay    = 2 * time.Millisecond
)

// ask waits for a mark that is asked for after the call.
func (m *marks) ask(ctx context.Context, tell func() string) string {
	if ctx.Err() != nil {
		return ""
	}
	m.mu.Lock()
	if m.next == nil {
		m.next = &mark{done: make(chan struct{})}
	}
	mine := m.next
	if mine.waiting++; mine.waiting == m.wanted {
		close(m.enough)
	}
	if !m.asking {
		m.asking = true
		go m.work(tell)
	}
	m.mu.Unlock()
	select {
	case <-ctx.Done():
		return ""
	case <-mine.done:
		return mine.word
	}
}

// work asks until nobody waits.
func (m *marks) work(tell func() string) {
	for {
		m.mu.Lock()
		now := m.next
		m.next, m.asking = nil, now != nil
		m.mu.Unlock()
		if now == nil {
			return
		}
		now.word = tell()
		close(now.done)
		if now.waiting >= markSiblings {
			m.gather(now.waiting)
		}
	}
}

// gather waits a little until so many wait.
func (m *marks) gather(so int) {
	m.mu.Lock()
	if m.next != nil && m.next.waiting >= so {
		m.mu.Unlock()
		return
	}
	m.wanted, m.enough = so, make(chan struct{})
	m.mu.Unlock()
	late := time.NewTimer(markDelay)
	defer late.Stop()
	select {
	case <-m.enough:
	case <-late.C:
	}
	m.mu.Lock()
	m.wanted = 0
	m.mu.Unlock()
}

// Mark returns a word for what the database holds, asked for after the call.
func (o *Office) Mark(ctx context.Context) string {
	if o.dialect.Mark == nil {
		return ""
	}
	return o.marks.ask(ctx, o.dialect.Mark)
}
