package sqlstore

import (
	"context"
	"runtime"
	"sync"
)

// gather asks for many at once: those who ask while the database answers others
// are asked for together next, in one statement. Under load a statement serves
// many, and at rest nobody waits.
type gather[Q, A any] struct {
	mu      sync.Mutex
	waiting []*question[Q, A]
	running int
	under   int // how many are being answered
}

// question is what somebody waits for.
type question[Q, A any] struct {
	ask    Q
	done   chan struct{} // closed once answer and err are set
	answer A
	err    error
}

// At most sideBySide statements are under way, of at most mostAtOnce questions
// each. While only a few are being answered the second begins at once, so that nobody
// waits for a neighbour; else once a good many wait, for one of many costs less than
// two of few.
const (
	sideBySide = 2
	few        = 2
	goodMany   = 24
	mostAtOnce = 64
)

// ask waits for the answer to one question. answers returns one to each, in order.
func (g *gather[Q, A]) ask(ctx context.Context, ask Q, answers func([]Q) ([]A, error)) (none A, err error) {
	if err := ctx.Err(); err != nil {
		return none, err
	}
	q := &question[Q, A]{ask: ask, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, q)
	atRest := g.under > 0 && g.under <= few
	if g.running == 0 || g.running < sideBySide && (atRest || len(g.waiting) >= goodMany) {
		g.running++
		go g.work(answers)
	}
	g.mu.Unlock()
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case <-q.done:
		return q.answer, q.err
	}
}

// work answers whoever waits until nobody does.
func (g *gather[Q, A]) work(answers func([]Q) ([]A, error)) {
	for {
		runtime.Gosched() // whoever is about to ask comes along
		g.mu.Lock()
		n := min(len(g.waiting), mostAtOnce)
		if n == 0 {
			g.running--
			g.mu.Unlock()
			return
		}
		now := g.waiting[:n:n]
		if g.waiting = g.waiting[n:]; len(g.waiting) == 0 {
			g.waiting = nil // nobody who was answered is held on to
		}
		g.under += n
		g.mu.Unlock()
		asks := make([]Q, n)
		for i, q := range now {
			asks[i] = q.ask
		}
		all, err := answers(asks)
		for i, q := range now {
			if q.err = err; err == nil {
				q.answer = all[i]
			}
			close(q.done)
		}
		g.mu.Lock()
		g.under -= n
		g.mu.Unlock()
	}
}

// roundedUp is how many places a statement has for n questions, so that the
// database knows the few statements there are.
func roundedUp(n int) int {
	for _, size := range []int{1, 2, 4, 8, 12, 16, 24, 32, 48} {
		if n <= size {
			return size
		}
	}
	return mostAtOnce
}
