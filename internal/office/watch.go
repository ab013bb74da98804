package office

import (
	"context"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"homecase/fault"
)

// The addresses that machines ask for the state of the server.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

// readyTime is how long the store may take to say that it is there.
const readyTime = 2 * time.Second

// plainRoutes are the addresses that belong to no case.
func (s *Server) plainRoutes() []route {
	return []route{
		{"GET", healthPath, s.health, forAll, 0, ""},
		{"GET", readyPath, s.ready, forAll, 0, ""},
		{"GET", "/invitation", s.invitationPage, forAll, 0, ""},
	}
}

// health says that the process runs.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) { word(w, http.StatusOK, "ok") }

// ready says whether requests should come here: the store answers, and the server is not being stopped.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	switch {
	case s.leaving.Load():
		word(w, http.StatusServiceUnavailable, "stopping")
	case s.office.Store.Ping(ctx) != nil:
		word(w, http.StatusServiceUnavailable, "the store does not answer")
	default:
		word(w, http.StatusOK, "ready")
	}
}

// invitationPage says what to do with the address of an invitation. Its code
// stands behind the #, so that no server, proxy or log ever sees it.
func (s *Server) invitationPage(w http.ResponseWriter, r *http.Request) {
	s.open(w, r, s.show(w, http.StatusOK, "invitation", frame{Title: s.accounts.words.Headings["invitation"]}, nil))
}

func word(w http.ResponseWriter, status int, say string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, say+"\n")
}

// recorder sees what was answered.
type recorder struct {
	http.ResponseWriter
	carries http.Header // what the answer carries besides its own head
	pattern string
	began   time.Time
	status  int
	bytes   int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
		carry(r.Header(), r.carries)
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// tell counts and logs a request once it was answered: the pattern of its
// address, never the address, its query, its headers or who sent it.
func (s *Server) tell(seen *recorder, r *http.Request) {
	if p := recover(); p != nil {
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.log.Error("a handler broke", "method", r.Method, "pattern", seen.pattern, "stack", string(debug.Stack()))
		if seen.status == 0 {
			s.plain(seen, http.StatusInternalServerError, "The office could not do this. Try again later.")
		}
	}
	if seen.status == 0 {
		seen.WriteHeader(http.StatusOK)
	}
	took := s.office.Now().Sub(seen.began)
	s.meter.served(r.Method, seen.pattern, seen.status, took)
	if seen.pattern == healthPath || seen.pattern == readyPath || !s.log.Enabled(r.Context(), slog.LevelInfo) {
		return
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", method(r.Method)), slog.String("pattern", seen.pattern),
		slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes), slog.Float64("ms", float64(took.Microseconds())/1000))
}

// method is the word of a request where it is one of HTTP's own: any other is a stranger's text.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE":
		return m
	}
	return "other"
}

// broke logs a fault that is ours, with its cause.
func (s *Server) broke(r *http.Request, err error) {
	s.log.LogAttrs(r.Context(), slog.LevelError, "a request could not be done", slog.String("method", method(r.Method)), slog.String("err", why(err)))
}

// why is a fault with the cause behind it, for the log.
func why(err error) string {
	var one *fault.Error
	if errors.As(err, &one) && one.Err != nil {
		return one.Error() + ": " + why(one.Err)
	}
	return err.Error()
}

// storeTrouble are the codes of a store that is away, full, read-only or in
// doubt. What they say is for whoever runs the office, and goes to the log.
var storeTrouble = []fault.Code{
	"HC-STORE-10", "HC-STORE-11", "HC-STORE-22", "HC-STORE-24", "HC-STORE-25", "HC-STORE-26", "HC-STORE-29", "HC-STORE-40",
	"HC-STORE-63", "HC-STORE-64", "HC-STORE-65", "HC-STORE-66", "HC-STORE-68", "HC-STORE-69", "HC-STORE-70", "HC-STORE-71", "HC-STORE-72", "HC-STORE-73",
}

// settled makes one kind of whatever is wrong with the store: a workspace asks
// again later, and a person is told no word of it.
func settled(err error) error {
	if slices.Contains(storeTrouble, fault.CodeOf(err)) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Away, "HC-API-35", "The office cannot reach what it keeps.").Because(err)
	}
	return err
}

// plain answers in one sentence, without a word of any case.
func (s *Server) plain(w http.ResponseWriter, status int, say string) {
	body := `<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>` +
		html.EscapeString(http.StatusText(status)) + `</title><p>` + html.EscapeString(say) + "\n"
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// under is the server's own writer, which closes a connection whose body is too large.
func under(w http.ResponseWriter) http.ResponseWriter {
	if r, ok := w.(*recorder); ok {
		return r.ResponseWriter
	}
	return w
}
