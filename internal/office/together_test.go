package office

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// tallied counts how often its connections are written to.
type tallied struct {
	net.Listener
	writes atomic.Int64
}

type talliedConn struct {
	net.Conn
	writes *atomic.Int64
}

func (l *tallied) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return talliedConn{c, &l.writes}, nil
}

func (c talliedConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

// A page that was written before leaves in one piece with its head, also where it
// is larger than what net/http gathers; and one answer after another on a
// connection comes whole.
func TestAPageLeavesInOnePiece(t *testing.T) {
	w := newWorld(t)
	l := &tallied{}
	var err error
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.server.Serve(ctx, Listening{Public: l}) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	conn, err := net.DialTimeout("tcp", l.Addr().String(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	long := w.ines.publication(2)
	var text strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&text, "%x ", i*i*i*7919)
	}
	long.Document = w.ines.put("application/json", documentOf(t, text.String()))
	w.ines.do(long)
	for round := range 3 {
		for _, path := range []string{"/p/" + w.ines.token, "/p/" + w.marek.token + "/full", "/p/" + strings.Repeat("a", 34)} {
			want := read(t, w.send(newRequest("GET", path, "")))
			before := l.writes.Load()
			if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, res); got != want {
				t.Errorf("round %d of %s: %d bytes with status %d, want %d with %d", round, path, len(got.Body), got.Status, len(want.Body), want.Status)
			}
			if n := l.writes.Load() - before; want.Status == 200 && n != 1 {
				t.Errorf("a page of %d bytes left in %d pieces", len(want.Body), n)
			}
		}
	}
}
