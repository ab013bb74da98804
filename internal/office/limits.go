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

func (l *limits) of(k limitKind, from netip.Prefix) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := counted{k, from}
	r := l.fresh[c]
	if r == nil {
		if r = l.old[c]; r == nil {
			r = rate.NewLimiter(rate.Every(l.most[k].Every), l.most[k].Burst)
		}
		if len(l.fresh) >= maxCounted {
			l.fresh, l.old = map[counted]*rate.Limiter{}, l.fresh
		}
		l.fresh[c] = r
	}
	return r
}

// take counts one, and tells how long to wait where there are too many.
func (l *limits) take(k limitKind, from netip.Prefix) (wait time.Duration, ok bool) {
	if l.of(k, from).AllowN(l.now(), 1) {
		return 0, true
	}
	return l.most[k].Every, false
}

// left tells whether another one may be tried, and counts nothing.
func (l *limits) left(k limitKind, from netip.Prefix) (wait time.Duration, ok bool) {
	if l.of(k, from).TokensAt(l.now()) >= 1 {
		return 0, true
	}
	return l.most[k].Every, false
}

// from is the network a request comes from: that of the connection, or of the
// client a trusted proxy names.
func (s *Server) from(r *http.Request) netip.Prefix {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{} // a connection without an address, such as a pipe: all count as one
	}
	addr := at.Addr().Unmap()
	if s.proxied(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break // beyond this hop nothing can be believed
			}
			if addr = hop.Unmap(); !s.proxied(addr) {
				break
			}
		}
	}
	return network(addr)
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

// behindProxy tells whether a request came by a trusted proxy.
func (s *Server) behindProxy(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && s.proxied(at.Addr().Unmap())
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
