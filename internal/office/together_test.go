package office

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
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
// connection comes whole, with the head it has where net/http writes it.
func TestAPageLeavesInOnePiece(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	both := certified.TLS.Clone()
	both.NextProtos = nil                             // as a server has it that speaks HTTP/2 too
	trusting := &tls.Config{InsecureSkipVerify: true} // of a certificate for example.com
	for _, by := range []struct {
		name string
		tls  *tls.Config
		dial func(address string) (net.Conn, error)
	}{
		{"plain", nil, func(a string) (net.Conn, error) { return net.Dial("tcp", a) }},
		{"by TLS", certified.TLS, func(a string) (net.Conn, error) { return tls.Dial("tcp", a, trusting) }},
	} {
		t.Run(by.name, func(t *testing.T) {
			w, l := servedLong(t, by.tls)
			conn, err := by.dial(l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for round := range 3 {
				for _, r := range longPages(w) {
					want := answered(t, w.send(r))
					before := l.writes.Load()
					if err := r.Write(conn); err != nil {
						t.Fatal(err)
					}
					res, err := http.ReadResponse(in, nil)
					if err != nil {
						t.Fatal(err)
					}
					if got := answered(t, res); !reflect.DeepEqual(got, want) {
						t.Errorf("round %d of %s: %d bytes with status %d and %v, want %d with %d and %v", round, r.URL.Path,
							len(got.Body), got.Status, got.head, len(want.Body), want.Status, want.head)
					}
					if n := l.writes.Load() - before; want.Status == 200 && n != 1 {
						t.Errorf("a page of %d bytes left in %d pieces", len(want.Body), n)
					}
				}
			}
		})
	}
	t.Run("HTTP/2", func(t *testing.T) {
		w, l := servedLong(t, both)
		client := &http.Transport{TLSClientConfig: trusting, ForceAttemptHTTP2: true, DisableCompression: true}
		defer client.CloseIdleConnections()
		for _, r := range longPages(w) {
			want := answered(t, w.send(r))
			r.URL.Scheme, r.URL.Host, r.RequestURI = "https", l.Addr().String(), ""
			res, err := client.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := answered(t, res); res.ProtoMajor != 2 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s by %s: %d bytes with status %d and %v, want %d with %d and %v", r.URL.Path, res.Proto,
					len(got.Body), got.Status, got.head, len(want.Body), want.Status, want.head)
			}
		}
	})
}

// whole is an answer with its head.
type whole struct {
	seen
	head http.Header
}

func answered(t *testing.T, r *http.Response) whole {
	t.Helper()
	head := r.Header.Clone()
	head.Del("Date")
	return whole{read(t, r), head}
}

// longPages asks for pages, packed and not, and for one that is not there.
func longPages(w *world) (all []*http.Request) {
	for _, path := range []string{"/p/" + w.ines.token, "/p/" + w.ines.token + "/full", "/p/" + w.marek.token, "/p/" + strings.Repeat("a", 34)} {
		for _, packing := range []string{"", "gzip"} {
			r := newRequest("GET", path, "")
			r.Header.Set("Accept-Encoding", packing)
			all = append(all, r)
		}
	}
	return all
}

// servedLong is an office that listens, with a long edition.
func servedLong(t *testing.T, by *tls.Config) (*world, *tallied) {
	t.Helper()
	w, l := newWorld(t), &tallied{}
	var err error
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.server.Serve(ctx, Listening{Public: l, TLS: by}) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	long := w.ines.publication(2)
	var text strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&text, "%x ", i*i*i*7919)
	}
	long.Document = w.ines.put("application/json", documentOf(t, text.String()))
	w.ines.do(long)
	return w, l
}
