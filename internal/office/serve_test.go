package office

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"homecase/ops"
	"homecase/share"
)

// pipes is a listener whose connections are pipes in this process, so that time
// in a test is the test's own.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return pipeAddr("pipe") }

type pipeAddr string

func (pipeAddr) Network() string  { return "pipe" }
func (a pipeAddr) String() string { return string(a) }

// fromAddr is a pipe that comes from an address.
type fromAddr struct {
	net.Conn
	from string
}

func (f fromAddr) RemoteAddr() net.Addr { return pipeAddr(f.from) }

func (p *pipes) dial(t *testing.T, from string) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	select {
	case p.conns <- fromAddr{there, from}:
	case <-p.done:
		t.Fatal("nobody listens")
	}
	return here
}

// stillStore is a store that answers nothing but is there.
type stillStore struct{ share.Store }

func (stillStore) Orgs(context.Context) ([]share.Org, error)         { return nil, nil }
func (stillStore) Sweep(context.Context, time.Time, time.Time) error { return nil }
func (stillStore) Ping(context.Context) error                        { return nil }

// still serves a server over pipes inside a bubble of time, until stop.
func still(t *testing.T, l Listening, slow http.HandlerFunc) (in *pipes, stop func() error) {
	t.Helper()
	o := &ops.Office{Desk: &ops.Desk{Now: time.Now}, Store: stillStore{}, Address: "https://" + host}
	s, err := New(Options{Office: o})
	if err != nil {
		t.Fatal(err)
	}
	if slow != nil {
		mux := http.NewServeMux()
		mux.Handle("POST /slow", s.enter(route{"POST", "/slow", slow, forAll, 0, ""}))
		mux.Handle("PUT /slow", s.enter(route{"PUT", "/slow", slow, forAll, share.MaxBlob, ""}))
		mux.Handle("GET /healthz", s.enter(route{"GET", healthPath, slow, forAll, 0, ""}))
		s.handler = s.guard(mux)
	}
	in = newPipes()
	l.Public = in
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	return in, func() error { cancel(); return <-done }
}

// A request whose store gives no answer ends in time, with the word that it may be
// tried again.
func TestARequestEndsWhileTheStoreHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, stop := still(t, Listening{}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // once it is here, it is not hurried
			<-r.Context().Done()               // a store that waits for a connection
			w.WriteHeader(status(r.Context().Err()))
		})
		c := in.dial(t, "203.0.113.7:1")
		began := time.Now()
		_, err := io.WriteString(c, "POST /slow HTTP/1.1\r\nHost: "+host+"\r\nContent-Length: 3\r\n\r\nabc")
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || res.StatusCode != http.StatusServiceUnavailable || time.Since(began) != workTime {
			t.Errorf("%v after %s: %v", res, time.Since(began), err)
		}
		c.Close()
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// A client that opens a connection and says nothing, that sends a header letter
// by letter or a body drop by drop, is let go of in time.
func TestSlowClientsAreLetGo(t *testing.T) {
	for name, c := range map[string]struct {
		sends []string
		each  time.Duration
		most  time.Duration
	}{
		"silent":                {nil, 0, headerTime},
		"a header by letters":   {strings.Split("GET /healthz HTTP/1.1\r\nHost: "+host+"\r\nX: aaaaaaaaaaaaaaaa", ""), time.Second, headerTime},
		"a body by drops":       {append([]string{"POST /slow HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 60000\r\n\r\n"}, strings.Split(strings.Repeat("x", 600), "")...), time.Second, formTime + time.Second},
		"a file by drops":       {append([]string{"PUT /slow HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 6000000\r\n\r\n"}, strings.Split(strings.Repeat("x", 600), "")...), time.Second, fileTime + time.Second},
		"nothing after a reply": {[]string{"GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n"}, 0, idleTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in, stop := still(t, Listening{}, func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
				})
				conn := in.dial(t, "203.0.113.7:1")
				began := time.Now()
				var sender sync.WaitGroup
				sender.Go(func() {
					for _, part := range c.sends {
						if _, err := io.WriteString(conn, part); err != nil {
							return
						}
						time.Sleep(c.each)
					}
				})
				_, _ = io.Copy(io.Discard, conn) // until it is closed
				if took := time.Since(began); took > c.most+time.Second {
					t.Errorf("it was held for %v, and %v is the most", took, c.most)
				}
				conn.Close()
				sender.Wait()
				if err := stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// More connections than may be open are closed, in all and from one network; a
// place is free again once one is closed.
func TestConnectionsAreCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, stop := still(t, Listening{Most: 3, MostEach: 2}, nil)
		open := func(from string) (net.Conn, bool) {
			conn := in.dial(t, from)
			if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
				return conn, false
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			return conn, err == nil && res.StatusCode == http.StatusOK
		}
		var held []net.Conn
		for _, c := range []struct {
			from string
			ok   bool
		}{{"203.0.113.7:1", true}, {"203.0.113.7:2", true}, {"203.0.113.7:3", false}, {"203.0.113.8:1", true}, {"203.0.113.9:1", false}} {
			conn, ok := open(c.from)
			if ok != c.ok {
				t.Errorf("%s: %v, want %v", c.from, ok, c.ok)
			}
			held = append(held, conn)
		}
		held[0].Close()
		synctest.Wait()
		if _, ok := open("203.0.113.7:4"); !ok {
			t.Error("a place that was free was not given")
		}
		for _, c := range held {
			c.Close()
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// A server that is told to stop says so, answers what is under way, and waits
// for the jobs beside it.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		job := false
		in, stop := still(t, Listening{Drain: 3 * time.Second, Beside: []func(context.Context) error{func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(time.Second)
			job = true
			return nil
		}}}, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(10 * time.Second)
			_, _ = io.WriteString(w, "done")
		})
		conn := in.dial(t, "203.0.113.7:1")
		if _, err := io.WriteString(conn, "POST /slow HTTP/1.1\r\nHost: "+host+"\r\nContent-Length: 0\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "done" {
			t.Errorf("what was under way: %q, %v", body, err)
		}
		conn.Close()
		if err := <-ended; err != nil || !job {
			t.Errorf("the end: %v; the job beside ended: %v", err, job)
		}
	})
}

// A listener that breaks ends the server with its fault.
func TestABrokenListenerEndsTheServer(t *testing.T) {
	w := newWorld(t)
	err := w.server.Serve(t.Context(), Listening{Public: brokenListener{}})
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

var errBroken = errors.New("broken")

type brokenListener struct{}

func (brokenListener) Accept() (net.Conn, error) { return nil, errBroken }
func (brokenListener) Close() error              { return nil }
func (brokenListener) Addr() net.Addr            { return pipeAddr("broken") }
