package post

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"homecase/share"
)

// Runner empties an outbox. Many may run over one outbox: each leases what it is
// about to send, and what a runner that died had leased is taken up again.
type Runner struct {
	Box    share.Mailbox
	Sender Sender
	Now    func() time.Time
	Random io.Reader // spreads the tries
	Log    *slog.Logger
	// Count hears of each try: sent, later or refused. It may be nil.
	Count func(result string)
	// Together is how many messages go at a time; zero is 4.
	Together int
	// Pause is how long to wait when nothing is due; zero is 5 seconds.
	Pause time.Duration
	// Rate is the most messages a minute of this runner; zero is no bound but the server's.
	Rate int
}

// How a message is tried: at once, then after one minute, two, four and so on up
// to four hours, each give or take a quarter; not after two days.
const (
	firstWait = time.Minute
	longWait  = 4 * time.Hour
	giveUp    = 48 * time.Hour
	lease     = 5 * time.Minute // longer than a message takes
)

const (
	usualTogether = 4
	usualPause    = 5 * time.Second
)

// Run sends until the context ends. It returns nil then.
func (r *Runner) Run(ctx context.Context) error {
	pause := r.Pause
	if pause == 0 {
		pause = usualPause
	}
	for {
		n, err := r.Once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			r.log().Error("the outbox could not be read or written", "err", err)
		}
		wait := pause
		if n > 0 && err == nil {
			wait = r.spacing(n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

func (r *Runner) spacing(n int) time.Duration {
	if r.Rate <= 0 {
		return 0
	}
	return time.Duration(n) * time.Minute / time.Duration(r.Rate)
}

func (r *Runner) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}

// Once sends what is due now, at most as many as go together, and returns how
// many it tried.
func (r *Runner) Once(ctx context.Context) (tried int, err error) {
	words, err := readWords()
	if err != nil {
		return 0, err
	}
	limit := r.Together
	if limit == 0 {
		limit = usualTogether
	}
	now := r.Now().UTC()
	due, err := r.Box.Due(ctx, now, now.Add(lease), limit)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(due))
	var all sync.WaitGroup
	for i, m := range due {
		all.Go(func() { errs[i] = r.one(ctx, words, m) })
	}
	all.Wait()
	return len(due), errors.Join(errs...)
}

func (r *Runner) count(result string) {
	if r.Count != nil {
		r.Count(result)
	}
}

// one tries one message and notes how it went. That it was sent is noted even
// when the runner is told to stop meanwhile.
func (r *Runner) one(ctx context.Context, words *words, m share.Message) error {
	err := r.Sender.Send(ctx, m)
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), lease/10)
	defer stop()
	now := r.Now().UTC().Truncate(time.Microsecond)
	if err == nil {
		r.count("sent")
		return r.Box.Sent(ctx, m.Org, m.ID, now)
	}
	why, next := words.why(err), time.Time{}
	var refused *Refusal
	switch {
	case errors.As(err, &refused) && refused.Final:
	case now.Sub(m.Made) >= giveUp:
		why += " " + words.Over
	default:
		wait, err := r.wait(m.Tries)
		if err != nil {
			return err
		}
		next = now.Add(wait)
		why += " " + words.Again
	}
	result := "later"
	if next.IsZero() {
		result = "refused"
	}
	r.count(result)
	// The address and the words stay out of the log.
	r.log().Warn("a message was not taken", "org", m.Org, "message", m.ID, "about", m.About, "tries", m.Tries+1, "final", next.IsZero(), "why", why)
	return r.Box.Failed(ctx, m.Org, m.ID, why, next)
}

// wait is how long to wait after so many tries that failed before.
func (r *Runner) wait(tries int) (time.Duration, error) {
	d := longWait
	if tries < 8 { // one minute doubled eight times is longer than the longest wait
		d = min(firstWait<<max(0, tries), longWait)
	}
	var b [8]byte
	if _, err := io.ReadFull(r.Random, b[:]); err != nil {
		return 0, err
	}
	share := float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
	return time.Duration(float64(d) * (.75 + .5*share)), nil
}
