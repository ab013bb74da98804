package main

import (
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// wire is a network between two: it carries bytes until it is cut, in the middle
// of whatever passes, and nothing from then on until it is mended.
type wire struct {
	listener net.Listener
	network  string
	to       string

	mu    sync.Mutex
	down  bool
	left  int // bytes until the cut, where one is set
	armed chan struct{}
	open  map[net.Conn]bool
}

// stretch puts a wire in front of an address: host:port, or the path of a socket.
func stretch(t *testing.T, network, at, to string) *wire {
	t.Helper()
	l, err := net.Listen(network, at)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, network: network, to: to, open: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = l.Close(); w.end() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

// stretchSocket is stretch in front of the socket of a PostgreSQL; it returns the folder.
func stretchSocket(t *testing.T, socket string) (*wire, string) {
	t.Helper()
	const name = ".s.PGSQL.5432"
	dir := t.TempDir()
	return stretch(t, "unix", filepath.Join(dir, name), filepath.Join(socket, name)), dir
}

func (w *wire) carry(near net.Conn) {
	defer near.Close()
	if !w.keep(near) {
		return
	}
	far, err := net.DialTimeout(w.network, w.to, time.Second)
	if err != nil {
		return
	}
	defer far.Close()
	if !w.keep(far) {
		return
	}
	var both sync.WaitGroup
	pass := func(to, from net.Conn) {
		defer to.Close()
		defer from.Close()
		b := make([]byte, 32<<10)
		for {
			n, err := from.Read(b)
			if n = w.through(n); n > 0 {
				if _, err := to.Write(b[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
	both.Go(func() { pass(near, far) })
	both.Go(func() { pass(far, near) })
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, near)
	delete(w.open, far)
}

func (w *wire) keep(c net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.down {
		w.open[c] = true
	}
	return !w.down
}

// through tells how many of some bytes get through.
func (w *wire) through(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return 0
	}
	if w.armed == nil || n < w.left {
		w.left -= n
		return n
	}
	n = w.left
	w.down = true
	close(w.armed)
	w.armed = nil
	time.AfterFunc(time.Millisecond, w.end) // what was let through may arrive
	return n
}

// end closes what is open.
func (w *wire) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for c := range w.open {
		_ = c.Close() // the other side may have
	}
	w.open = map[net.Conn]bool{}
}

// cut cuts after so many bytes, and at once where they do not pass in time.
func (w *wire) cut(after int, most time.Duration) {
	w.mu.Lock()
	done := make(chan struct{})
	w.left, w.armed = after, done
	w.mu.Unlock()
	select {
	case <-done:
	case <-time.After(most):
		w.mu.Lock()
		w.armed = nil
		w.mu.Unlock()
		w.end()
	}
}

// mend lets everything through again.
func (w *wire) mend() {
	time.Sleep(2 * time.Millisecond) // the cut is over
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}
