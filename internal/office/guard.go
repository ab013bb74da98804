package office

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// pagePolicy lets a page load what this server sends and nothing else. No script
// runs: a page that needs one sets a policy of its own.
const pagePolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxForm is how many bytes a form may have. A body of at most maxShort has to
// arrive as soon as a form.
const (
	maxForm  = 64 << 10
	maxShort = 1 << 20
	noBody   = -1
)

// guard refuses what no handler should see, and sets what every answer carries.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.plain(w, http.StatusForbidden, "This request came from another site, so nothing was changed.")
	}))
	inner := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &recorder{ResponseWriter: w, carries: s.headers, pattern: "none", began: s.office.Now()}
		defer s.tell(seen, r)
		if !s.answers(r) {
			s.plain(seen, http.StatusMisdirectedRequest, "This address does not belong to this office.")
			return
		}
		inner.ServeHTTP(seen, r)
	})
}

// headers are what every answer carries.
func headers(secure bool) http.Header {
	h := http.Header{}
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin") // the address holds the token: no other site learns it
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store")
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

// carry adds what every answer carries, where a handler set nothing else. Answers
// share the lists.
func carry(h, all http.Header) {
	for name, values := range all {
		if _, set := h[name]; !set {
			h[name] = values
		}
	}
}

// answers tells whether the server goes by the name a request was sent to. A
// name that somebody pointed here is not one of ours. The state of the server is
// asked by machines that know no name.
func (s *Server) answers(r *http.Request) bool {
	return slices.Contains(s.hosts, strings.ToLower(r.Host)) || r.URL.Path == healthPath || r.URL.Path == readyPath
}

// enter is what comes before the handler of one address.
func (s *Server) enter(rt route) http.Handler {
	most := rt.most
	if most == 0 {
		most = maxForm
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen, _ := w.(*recorder)
		if seen != nil {
			seen.pattern = rt.pattern
		}
		if seen != nil && s.o.Traces != nil {
			traced, span := s.span(r, rt.pattern)
			r = traced
			defer func() { endSpan(span, seen.status) }()
		}
		if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
			s.refuse(w, rt, http.StatusUnsupportedMediaType, "A packed body is not taken.")
			return
		}
		if rt.limit != "" {
			from := s.from(r)
			ask := s.limits.take
			if rt.limit.byAnswer() {
				ask = s.limits.left
			}
			if wait, ok := ask(rt.limit, from); !ok {
				s.meter.limited(rt.limit)
				retryAfter(w, wait)
				s.refuse(w, rt, http.StatusTooManyRequests, "Too many tries came from here.")
				return
			}
			if rt.limit.byAnswer() && seen != nil {
				defer func() {
					if seen.status == http.StatusNotFound || seen.status == http.StatusForbidden {
						s.limits.take(rt.limit, from)
					}
				}()
			}
		}
		if most == noBody {
			rt.serve(w, r)
			return
		}
		patience := workTime
		if most <= maxShort {
			body := hurry(w, r.Body, formTime)
			defer body.stop()
			r.Body = body
		} else {
			patience += fileTime
		}
		r.Body = http.MaxBytesReader(under(w), r.Body, most)
		ctx, stop := context.WithTimeout(r.Context(), patience)
		defer stop()
		rt.serve(w, r.WithContext(ctx))
	})
}

// refuse says no in the form of the address: JSON to a workspace, a plain page to a person.
func (s *Server) refuse(w http.ResponseWriter, rt route, status int, say string) {
	if rt.access == forWorkspace {
		s.refuseJSON(w, status, say)
		return
	}
	s.plain(w, status, say)
}
