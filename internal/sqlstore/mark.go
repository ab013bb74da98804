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
}

// mark is an answer that some wait for.
type mark struct {
	waiting int
	done    chan struct{} // closed once word is set
	word    string
}

// Where many are answered at once, more are about to ask: the next time begins a
// little later, so that it serves them too. It is what PostgreSQL does with commits
// that wait for the disk (commit_siblings, commit_delay).
const (
	markSiblings = 4
	markDelay    = time.Millisecond
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
	mine.waiting++
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
			time.Sleep(markDelay)
		}
	}
}

// Mark returns a word for what the database holds, asked for after the call.
func (o *Office) Mark(ctx context.Context) string {
	if o.dialect.Mark == nil {
		return ""
	}
	return o.marks.ask(ctx, o.dialect.Mark)
}
