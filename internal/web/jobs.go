package web

import (
	"context"
	"sync"
	"time"

	"homecase/ops"
)

// jobs run work that takes longer than a page should. One job runs for a case
// at a time; what it made is kept by the workspace, not here.
type jobs struct {
	ctx  context.Context
	stop context.CancelFunc
	wait sync.WaitGroup

	mu sync.Mutex
	by map[string]*job
}

// job is one piece of work. done closes when it has come to its end.
type job struct {
	done chan struct{}

	mu   sync.Mutex
	step ops.Step
	err  error
}

func newJobs() *jobs {
	ctx, stop := context.WithCancel(context.Background())
	return &jobs{ctx: ctx, stop: stop, by: map[string]*job{}}
}

// begin starts the work for a case, unless some is under way already.
func (j *jobs) begin(id string, work func(context.Context, func(ops.Step)) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if running := j.by[id]; running != nil && !running.ended() {
		return
	}
	one := &job{done: make(chan struct{})}
	j.by[id] = one
	j.wait.Go(func() {
		defer close(one.done)
		err := work(j.ctx, one.tell)
		one.mu.Lock()
		one.err = err
		one.mu.Unlock()
	})
}

// of is the last job of a case; nil without one.
func (j *jobs) of(id string) *job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.by[id]
}

// forget drops a job that has ended and was told of.
func (j *jobs) forget(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if one := j.by[id]; one != nil && one.ended() {
		delete(j.by, id)
	}
}

// close calls everything off and waits until it has stopped.
func (j *jobs) close() {
	j.stop()
	j.wait.Wait()
}

func (o *job) tell(step ops.Step) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.step = step
}

func (o *job) ended() bool {
	select {
	case <-o.done:
		return true
	default:
		return false
	}
}

// within waits a moment for the end: most work is done by then, and a page in
// between would only flicker.
func (o *job) within(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-o.done:
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

// state is how far the work is, and what went wrong once it has ended.
func (o *job) state() (ops.Step, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.step, o.err
}
