package office

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Times of a connection. A client that sends slower than these is let go of.
const (
	headerTime = 5 * time.Second
	formTime   = 15 * time.Second // of a form's body
	fileTime   = 3 * time.Minute  // of a file's
	writeTime  = 2 * time.Minute
	workTime   = 30 * time.Second // of what a request asks the store for; a little longer than the store's own
	idleTime   = 90 * time.Second
	closeTime  = 20 * time.Second
	sweepEach  = time.Hour
	maxHeader  = 32 << 10
)

// Listening is where and how a server listens.
type Listening struct {
	Public  net.Listener
	Metrics net.Listener // nil where counters are not shown
	Admin   net.Listener // the socket of the command line; nil where it is not needed
	// TLS is how the server itself speaks https; nil behind a reverse proxy.
	TLS *tls.Config
	// Redirect is where plain HTTP is listened to and sent on to https; nil for nowhere.
	// Challenge answers there for a certificate authority first; nil where none asks.
	Redirect  net.Listener
	Challenge func(http.Handler) http.Handler
	// Most and MostEach are how many connections may be open in all, and from one
	// network; 0 takes the usual number. Proxies are not held to MostEach.
	Most, MostEach int
	// Drain is how long the server says that it is not ready before it stops to
	// listen, so that a load balancer can turn away.
	Drain time.Duration
	// Beside are jobs that run while the server does, such as the sender of e-mails.
	Beside []func(context.Context) error
}

// The usual numbers of connections.
const (
	mostConns     = 4096
	mostConnsEach = 256
)

// Serve answers until the context ends, and lets what is under way come to its end.
func (s *Server) Serve(ctx context.Context, l Listening) error {
	public := s.listens(s, fileTime)
	servers := []*http.Server{public}
	done := make(chan error, 4) // as many as there are servers
	go func() {
		if l.TLS == nil {
			done <- public.Serve(s.counted(l))
			return
		}
		public.TLSConfig = l.TLS
		done <- public.ServeTLS(s.counted(l), "", "")
	}()
	side := func(at net.Listener, h http.Handler) {
		srv := s.listens(h, formTime)
		servers = append(servers, srv)
		go func() { done <- srv.Serve(at) }()
	}
	if l.Metrics != nil {
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", s.Metrics())
		side(l.Metrics, mux)
	}
	if l.Admin != nil {
		side(l.Admin, s.Admin())
	}
	if l.Redirect != nil {
		h := http.Handler(http.HandlerFunc(s.toHTTPS))
		if l.Challenge != nil {
			h = l.Challenge(h)
		}
		side(l.Redirect, h)
	}
	beside := s.runBeside(ctx, l.Beside)
	var failed error
	select {
	case failed = <-done:
	case <-ctx.Done():
		s.leaving.Store(true)
		pause(l.Drain)
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	for _, srv := range servers {
		if err := srv.Shutdown(end); err != nil {
			failed = errors.Join(failed, err, srv.Close())
		}
	}
	if failed == nil {
		beside.Wait()
	}
	if errors.Is(failed, http.ErrServerClosed) {
		return nil
	}
	return failed
}

// listens is a server with the times and sizes that hold for each.
func (s *Server) listens(h http.Handler, body time.Duration) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime, ReadTimeout: body, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader, ConnContext: holding,
		ErrorLog: slog.NewLogLogger(quiet{s.log.Handler()}, slog.LevelDebug),
	}
}

// toHTTPS sends a reader on to the same page by https: under the office's own
// name, whatever name was asked for.
func (s *Server) toHTTPS(w http.ResponseWriter, r *http.Request) {
	carry(w.Header(), s.headers)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.plain(w, http.StatusForbidden, "This office takes nothing by plain http. Use its https address.")
		return
	}
	w.Header().Set("Location", s.office.Address+(&url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}).RequestURI())
	w.WriteHeader(http.StatusMovedPermanently)
}

// runBeside starts the jobs that run while the server does, the sweep, and the
// writer of pages.
func (s *Server) runBeside(ctx context.Context, jobs []func(context.Context) error) *sync.WaitGroup {
	var group sync.WaitGroup
	for _, job := range append(jobs, s.sweep, s.writePages) {
		group.Go(func() {
			if err := job(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("a job beside the server ended", "err", err.Error())
			}
		})
	}
	return &group
}

// sweep takes out what is over, now and then. Many servers over one store may do so at once.
func (s *Server) sweep(ctx context.Context) error {
	t := time.NewTicker(sweepEach)
	defer t.Stop()
	for {
		if err := s.office.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("the store could not be swept", "err", err.Error())
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// writePages keeps the readers' first pages written.
func (s *Server) writePages(ctx context.Context) error {
	return s.office.WritePages(ctx, s.readers.writeFirst, func(err error) {
		if ctx.Err() == nil {
			s.log.Warn("a page could not be written beforehand", "err", why(err))
		}
	})
}

func pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	<-t.C
}

// quiet keeps what a stranger sent out of the log: net/http's own messages name
// addresses and quote what could not be read.
type quiet struct{ slog.Handler }

func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	about := "a connection ended badly"
	if strings.Contains(r.Message, "TLS handshake") {
		about = "a TLS handshake failed"
	}
	return q.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, about, 0))
}

// capped is a listener that lets so many connections be open, in all and from
// one network. One too many is closed at once.
type capped struct {
	net.Listener
	s              *Server
	most, mostEach int

	mu   sync.Mutex
	all  int
	each map[netip.Prefix]int
}

func (s *Server) counted(l Listening) *capped {
	c := &capped{Listener: l.Public, s: s, most: l.Most, mostEach: l.MostEach, each: map[netip.Prefix]int{}}
	if c.most == 0 {
		c.most = mostConns
	}
	if c.mostEach == 0 {
		c.mostEach = mostConnsEach
	}
	return c
}

// Accept returns the next connection that there is room for.
func (c *capped) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if held := c.hold(conn); held != nil {
			return held, nil
		}
		_ = conn.Close() // there is no room: nothing was read from it
	}
}

func (c *capped) hold(conn net.Conn) net.Conn {
	from, proxy := c.s.peerAt(conn.RemoteAddr().String())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.most || !proxy && c.each[from] >= c.mostEach {
		c.s.meter.limited("connection")
		return nil
	}
	c.all++
	c.each[from]++
	c.s.meter.open.Set(float64(c.all))
	return &heldConn{Conn: conn, from: from, proxy: proxy, free: func() { c.release(from) }}
}

func (c *capped) release(from netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.each[from]--; c.each[from] == 0 {
		delete(c.each, from)
	}
	c.s.meter.open.Set(float64(c.all))
}

// heldConn gives its place back when it is closed.
type heldConn struct {
	net.Conn
	from   netip.Prefix // the network of the other end
	proxy  bool         // it is a trusted proxy
	sealed bool         // it carries TLS
	once   sync.Once
	free   func()
	later  *bytes.Buffer // what is sent together, while it gathers; nil otherwise
	lines  string        // of a head, to be put behind its first line; empty once they are there
}

func (h *heldConn) Close() error {
	h.once.Do(h.free)
	return h.Conn.Close()
}

func (h *heldConn) Write(b []byte) (int, error) {
	if h.later == nil {
		return h.Conn.Write(b)
	}
	rest := b
	if h.lines != "" {
		status := bytes.IndexByte(b, '\n') + 1
		h.later.Write(b[:status])
		h.later.WriteString(h.lines)
		h.lines, rest = "", b[status:]
	}
	h.later.Write(rest)
	return len(b), nil
}

// heldConnKey is where the context of a request has its connection.
type heldConnKey struct{}

// holding puts a connection where requests find it.
func holding(ctx context.Context, c net.Conn) context.Context {
	over, sealed := c.(*tls.Conn)
	if sealed {
		c = over.NetConn()
	}
	if held, ok := c.(*heldConn); ok {
		held.sealed = sealed
	}
	return context.WithValue(ctx, heldConnKey{}, c)
}

// gathered are buffers of answers that were sent.
var gathered = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// together sends a page in one piece: net/http sends its head and the first 4 KB,
// and then the rest, for which the browser's side wakes up twice. What the heads of
// pages have in common goes as text: net/http copies, sorts and writes each field
// anew, which costs as much as the page.
func together(w http.ResponseWriter, r *http.Request, head pageHead, page []byte) {
	seen, _ := w.(*recorder)
	h, _ := r.Context().Value(heldConnKey{}).(*heldConn)
	if seen == nil || h == nil || r.ProtoMajor != 1 { // HTTP/2 has many answers at once on a connection
		carry(w.Header(), head.fields)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(page)
		return
	}
	h.later = gathered.Get().(*bytes.Buffer)
	defer func() {
		whole := h.later
		h.later, h.lines = nil, ""
		_, _ = h.Conn.Write(whole.Bytes()) // of a connection that broke the next read tells
		whole.Reset()
		gathered.Put(whole)
	}()
	if h.sealed { // what comes by here is no text
		carry(w.Header(), head.fields)
	} else {
		h.lines, seen.carries = head.lines, nil
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(page)
	_ = http.NewResponseController(w).Flush() // what net/http still holds back
}

// hurry lets go of a client that does not send its body in time. Once the body
// has been read, time no longer counts.
func hurry(w http.ResponseWriter, body io.ReadCloser, within time.Duration) hurriedBody {
	if body == http.NoBody {
		return hurriedBody{body, func() bool { return false }}
	}
	t := time.AfterFunc(within, func() {
		// A time long past ends the read that waits. A connection that cannot be
		// hurried, as in tests without one, has no slow client.
		_ = http.NewResponseController(w).SetReadDeadline(time.Unix(1, 0))
	})
	return hurriedBody{body, t.Stop}
}

// hurriedBody is a body that has to arrive in time.
type hurriedBody struct {
	io.ReadCloser
	stop func() bool
}

func (b hurriedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.stop()
	}
	return n, err
}
