package postgres

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// A network that swallows everything must not hold a request for a quarter of an
// hour, as TCP would: a server that does not answer for silence is given up.
const (
	connectTime = 10 * time.Second
	probeAfter  = 10 * time.Second
	probeEvery  = 5 * time.Second
	probes      = 2
	silence     = probeAfter + probes*probeEvery
	// answerTime is how long a server may leave what it was asked without a word,
	// though its network answers. It is longer than silence: a connection that is
	// gone is tried anew, a server that hangs is not asked again.
	answerTime = 25 * time.Second
)

// patient sets how long is waited for a network that is silent. What the address
// says about connecting stands. answer is how long is waited for each answer; 0
// for as long as it takes.
func patient(config *pgx.ConnConfig, answer time.Duration) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	d := &net.Dialer{
		Timeout:         config.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: probeAfter, Interval: probeEvery, Count: probes},
		Control:         giveUpSending,
	}
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.DialContext(ctx, network, address)
		if err != nil || answer <= 0 {
			return c, err
		}
		return &awaiting{Conn: c, answer: answer}, nil
	}
}

// awaiting is a connection on which an answer is awaited for so long after each
// question, and after each part of the answer.
type awaiting struct {
	net.Conn
	answer time.Duration

	mu   sync.Mutex
	told bool // a deadline was set by whoever uses the connection; it stands
	late *time.Timer
}

// await begins to wait anew. Where nothing is read, nobody minds that it ends.
func (a *awaiting) await() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.told {
		return
	}
	_ = a.Conn.SetReadDeadline(time.Time{}) // of a closed connection: the read says so
	if a.late == nil {
		a.late = time.AfterFunc(a.answer, a.giveUp)
	}
	a.late.Reset(a.answer)
}

// giveUp ends the read that waits, by a time long past.
func (a *awaiting) giveUp() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.told {
		_ = a.Conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// Close ends the connection.
func (a *awaiting) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.late != nil {
		a.late.Stop()
	}
	return a.Conn.Close()
}

// Write sends a question, or a part of one.
func (a *awaiting) Write(b []byte) (int, error) {
	a.await()
	return a.Conn.Write(b)
}

// Read reads a part of an answer.
func (a *awaiting) Read(b []byte) (int, error) {
	n, err := a.Conn.Read(b)
	if n > 0 {
		a.await()
	}
	return n, err
}

// SetDeadline sets when reading and writing end.
func (a *awaiting) SetDeadline(t time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told = !t.IsZero()
	return a.Conn.SetDeadline(t)
}

// SetReadDeadline sets when reading ends.
func (a *awaiting) SetReadDeadline(t time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told = !t.IsZero()
	return a.Conn.SetReadDeadline(t)
}
