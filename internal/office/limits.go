package office

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limitKind is what is counted for an address.
type limitKind string

// The kinds. A miss is counted after the answer, when it told of nothing there;
// the others are counted before.
const (
	limitMiss   limitKind = "miss"    // a token that opens nothing
	limitPair   limitKind = "pair"    // an invitation that is not known
	limitSigned limitKind = "signed"  // a request that no known workspace signed
	limitSignIn limitKind = "sign-in" // a try to sign in
	limitWrite  limitKind = "write"   // a form that was sent
)

// counted tells whether a kind is counted by its answer.
func (k limitKind) byAnswer() bool { return k == limitMiss || k == limitPair || k == limitSigned }

// Limit is how often something may be: Burst at once, then one each Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limits are those of one address: an IPv4 address, or the 64 bits of an IPv6
// network. A link has 128 random bits; the limits spare the store, not the link.
type Limits struct {
	Miss, Pair, Signed, SignIn, Write Limit
}

func (l Limits) usual() map[limitKind]Limit {
	or := func(l, usual Limit) Limit {
		if l.Burst == 0 {
			return usual
		}
		return l
	}
	return map[limitKind]Limit{
		limitMiss:   or(l.Miss, Limit{20, 6 * time.Second}),
		limitPair:   or(l.Pair, Limit{10, time.Minute}),
		limitSigned: or(l.Signed, Limit{60, 2 * time.Second}),
		limitSignIn: or(l.SignIn, Limit{10, time.Minute}),
		limitWrite:  or(l.Write, Limit{30, 2 * time.Second}),
	}
}

// maxCounted is how many counters one generation holds; there are two.
const maxCounted = 50_000

// limits counts by kind and network. Its memory is bounded: when a generation is
// full it becomes the old one, and the old one is let go of.
type limits struct {
	now  func() time.Time
	most map[limitKind]Limit

	mu         sync.Mutex
	fresh, old map[counted]*rate.Limiter
}

type counted struct {
	kind limitKind
	from netip.Prefix
}

func newLimits(l Limits, now func() time.Time) *limits {
	return &limits{now: now, most: l.usual(), fresh: map[counted]*rate.Limiter{}}
}

// of is the counter of a network, nil where nothing was counted.
func (l *limits) of(c counted) *rate.Limiter {
	if r := l.fresh[c]; r != nil {
		return r
	}
	return l.old[c]
}

// take counts one, and tells how long to wait where there are too many.
func (l *limits) take(k limitKind, from netip.Prefix) (wait time.Duration, ok bool) {
	c := counted{k, from}
	l.mu.Lock()
	r := l.of(c)
	if r == nil {
		r = rate.NewLimiter(rate.Every(l.most[k].Every), l.most[k].Burst)
	}
	if l.fresh[c] == nil {
		if len(l.fresh) >= maxCounted {
			l.fresh, l.old = map[counted]*rate.Limiter{}, l.fresh
		}
		l.fresh[c] = r
	}
	l.mu.Unlock()
	if r.AllowN(l.now(), 1) {
		return 0, true
	}
	return l.most[k].Every, false
}

// left tells whether another one may be tried, and counts nothing.
func (l *limits) left(k limitKind, from netip.Prefix) (wait time.Duration, ok bool) {
	l.mu.Lock()
	r := l.of(counted{k, from})
	l.mu.Unlock()
	if r == nil || r.TokensAt(l.now()) >= 1 {
		return 0, true
	}
	return l.most[k].Every, false
}

// from is the network a request comes from: that of the connection, or of the
// client a trusted proxy names.
func (s *Server) from(r *http.Request) netip.Prefix {
	from, proxy := s.peer(r)
	named := r.Header["X-Forwarded-For"]
	if !proxy || len(named) == 0 {
		return from
	}
	hops := strings.Split(strings.Join(named, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break // beyond this hop nothing can be believed
		}
		hop = hop.Unmap()
		if from = network(hop); !s.proxied(hop) {
			break
		}
	}
	return from
}

// peer is the network of the other end of a connection, and whether that is a
// trusted proxy. A connection without an address, such as a pipe, has none: all
// of them count as one.
func (s *Server) peer(r *http.Request) (from netip.Prefix, proxy bool) {
	if held, ok := r.Context().Value(heldConnKey{}).(*heldConn); ok {
		return held.from, held.proxy
	}
	return s.peerAt(r.RemoteAddr)
}

func (s *Server) peerAt(address string) (from netip.Prefix, proxy bool) {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return from, false
	}
	addr := at.Addr().Unmap()
	return network(addr), s.proxied(addr)
}

// network is an IPv4 address, or the 64 bits an IPv6 network has.
func network(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	p, err := addr.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

func (s *Server) proxied(addr netip.Addr) bool {
	for _, p := range s.o.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// retryAfter writes how long to wait, in whole seconds.
func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second))))
}
