package web

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
)

// contentPolicy lets a page load what this server sends and nothing else.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// cookie carries the key of the start. It is seen by no script, and goes with
// no request that another site starts.
const cookie = "homecase"

// Limits of a request: a form of words, and a form with a picture or a backup.
const (
	maxForm = 1 << 20
	maxFile = 64 << 20
)

// guard refuses what does not come from the person's own browser.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.refuse(w, "This request came from another site, so nothing was changed.")
	}))
	inner := origin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/enter":
			s.enter(w, r)
		case strings.HasPrefix(r.URL.Path, assetPath): // no word of the case is in them
			s.serveAsset(w, r)
		case !s.known(r):
			s.refuse(w, "This page opens only from the address that homecase printed when it started. Start homecase again, or copy that address.")
		default:
			next.ServeHTTP(w, r)
		}
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !strings.HasPrefix(r.URL.Path, assetPath) { // a typeface or a style sheet opens nothing by itself
			h.Set("Content-Security-Policy", contentPolicy)
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			h.Set("Cache-Control", "no-store")
		}
		if !slices.Contains(s.o.Hosts, r.Host) { // a name that was pointed at this computer
			s.refuse(w, "This address does not belong to homecase.")
			return
		}
		if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host {
			s.refuse(w, "This request came from another site, so nothing was changed.")
			return
		}
		most := int64(maxForm)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			most = maxFile
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		inner.ServeHTTP(w, r)
	})
}

// enter takes the key out of the address that was opened and into the browser.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if !same(r.URL.Query().Get("key"), s.o.Key) {
		s.refuse(w, "This address belongs to an earlier start of homecase. Copy the address that it printed this time.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: s.o.Key, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Server) known(r *http.Request) bool {
	c, err := r.Cookie(cookie)
	return err == nil && same(c.Value, s.o.Key)
}

func same(a, b string) bool { return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// refuse answers 403 in one sentence, without a word of the case.
func (s *Server) refuse(w http.ResponseWriter, say string) {
	s.bare(w, http.StatusForbidden, "This page is closed", say)
}
