package office

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// How many bytes a request of a workspace may have.
const (
	maxPairing  = 4 << 10
	maxDelivery = share.MaxBody + 32<<10 // an act, with an e-mail
	maxAsking   = 32 << 10               // a list of hashes
)

// casePath is where the routes of a case begin.
const casePath = "/api/1/{org}/cases/{case}"

// apiRoutes are the addresses of workspaces.
func (s *Server) apiRoutes() []route {
	of := func(method, rest string, most int64, h caseHandler) route {
		return route{method, casePath + rest, s.ofCase(h), forWorkspace, most, limitSigned}
	}
	return []route{
		{"POST", "/api/1/pair", s.pair, forWorkspace, maxPairing, limitPair},
		of("GET", "/entries", 0, s.entries),
		of("POST", "/acts", maxDelivery, s.act),
		of("PUT", "/files/{sha256}", share.MaxBlob, s.putFile),
		of("POST", "/missing", maxAsking, s.missing),
		of("GET", "/mail", 0, s.mail),
		of("GET", "/seen", 0, s.seen),
		of("PUT", "/news", maxPairing, s.news),
		of("GET", "/record", 0, s.record),
		of("DELETE", "", 0, s.erase),
	}
}

// ask is a request of a workspace that was signed by the key it names.
type ask struct {
	ops.Caller
	caseID string
	body   []byte
}

type caseHandler func(w http.ResponseWriter, r *http.Request, a ask) error

// ofCase lets a request pass that a paired workspace signed. A body is read only
// once the key that signs it is known; an unknown key, a signature that does not
// fit and a case that is not there have one answer.
func (s *Server) ofCase(h caseHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := ask{Caller: ops.Caller{Org: r.PathValue("org")}, caseID: r.PathValue("case")}
		if err := s.signed(r, &a); err != nil {
			s.fail(w, r, err)
			return
		}
		if err := h(w, r, a); err != nil {
			s.fail(w, r, err)
		}
	}
}

func (s *Server) signed(r *http.Request, a *ask) error {
	header := r.Header.Get("Authorization")
	key, ok := share.Claimed(header)
	if !ok {
		return fault.New(fault.Forbidden, "HC-SHARE-60", "This request is not signed by a workspace that this office knows.")
	}
	a.Key = key
	known, err := s.office.Knows(r.Context(), a.Caller)
	if err != nil {
		return err
	}
	if !known {
		return ops.NoCase()
	}
	if a.body, err = readBody(r); err != nil {
		return err
	}
	_, err = share.Authorized(header, r.Method, r.Host, r.RequestURI, s.office.Now(), a.body)
	if fault.CodeOf(err) == "HC-SHARE-60" {
		return ops.NoCase()
	}
	return err
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.New(fault.Invalid, tooLarge, "This request has more than %d bytes.", large.Limit)
	case err != nil:
		return nil, fault.New(fault.Invalid, "HC-API-31", "This request ended before its end.").Because(err)
	}
	return body, nil
}

// tooLarge is the code of a body beyond its bounds.
const tooLarge fault.Code = "HC-API-30"

func (s *Server) pair(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	key, err := share.Authorized(r.Header.Get("Authorization"), r.Method, r.Host, r.RequestURI, s.office.Now(), body)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var p ops.Pairing
	if err := strict(body, &p); err != nil {
		s.fail(w, r, err)
		return
	}
	paired, err := s.office.PairWorkspace(r.Context(), key, p)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.answer(w, r, paired)
}

func (s *Server) entries(w http.ResponseWriter, r *http.Request, a ask) error {
	after, err := number(r, "after")
	if err != nil {
		return err
	}
	limit, err := number(r, "limit")
	if err != nil {
		return err
	}
	batch, err := s.office.EntriesOf(r.Context(), a.Caller, a.caseID, after, int(min(limit, 1<<20)))
	if err != nil {
		return err
	}
	s.answer(w, r, batch)
	return nil
}

func (s *Server) act(w http.ResponseWriter, r *http.Request, a ask) error {
	var d ops.Delivery
	if err := strict(a.body, &d); err != nil {
		return err
	}
	e, err := s.office.TakeAct(r.Context(), a.Caller, a.caseID, d)
	if err != nil {
		return err
	}
	s.answer(w, r, e)
	return nil
}

func (s *Server) putFile(w http.ResponseWriter, r *http.Request, a ask) error {
	b := share.Blob{Hash: r.PathValue("sha256"), Media: r.Header.Get("Content-Type"), Bytes: a.body}
	if err := s.office.PutFile(r.Context(), a.Caller, a.caseID, b); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) missing(w http.ResponseWriter, r *http.Request, a ask) error {
	var q hashes
	if err := strict(a.body, &q); err != nil {
		return err
	}
	missing, err := s.office.MissingFiles(r.Context(), a.Caller, a.caseID, q.Hashes)
	if err != nil {
		return err
	}
	s.answer(w, r, missingHashes{append([]string{}, missing...)})
	return nil
}

type hashes struct {
	Hashes []string `json:"hashes"`
}

type missingHashes struct {
	Missing []string `json:"missing"`
}

func (s *Server) mail(w http.ResponseWriter, r *http.Request, a ask) error {
	list, err := s.office.MailOf(r.Context(), a.Caller, a.caseID)
	if err != nil {
		return err
	}
	s.answer(w, r, append([]ops.Mailing{}, list...))
	return nil
}

// seen lists who said, signed in, that they have read an edition.
func (s *Server) seen(w http.ResponseWriter, r *http.Request, a ask) error {
	list, err := s.office.SeenOf(r.Context(), a.Caller, a.caseID)
	if err != nil {
		return err
	}
	s.answer(w, r, list)
	return nil
}

// news keeps the address that hears when a reader asks or answers; an empty one forgets it.
func (s *Server) news(w http.ResponseWriter, r *http.Request, a ask) error {
	var to struct {
		To string `json:"to"`
	}
	if err := strict(a.body, &to); err != nil {
		return err
	}
	if err := s.office.NewsTo(r.Context(), a.Caller, a.caseID, to.To); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) record(w http.ResponseWriter, r *http.Request, a ask) error {
	rec, err := s.office.RecordOf(r.Context(), a.Caller, a.caseID)
	if err != nil {
		return err
	}
	s.answer(w, r, rec)
	return nil
}

func (s *Server) erase(w http.ResponseWriter, r *http.Request, a ask) error {
	if err := s.office.EraseOf(r.Context(), a.Caller, a.caseID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// strict reads one JSON value and refuses fields that are not known.
func strict(body []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			return nil
		}
	}
	return fault.New(fault.Invalid, "HC-API-32", "This request is not the JSON that this office reads.").Because(err)
}

// number reads a number of the query; 0 where there is none.
func number(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "HC-API-33", "%s must be a whole number.", name)
	}
	return n, nil
}

// answer writes a value as JSON. Bodies of acts keep their very bytes: nothing is escaped for HTML.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, v any) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(out.Bytes()) // whoever asked has gone: they ask again
}

// statuses are the answers of HTTP to the kinds of fault.
func status(err error) int {
	if fault.CodeOf(err) == tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(settled(err)) {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Finding:
		return http.StatusUnprocessableEntity
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Missing:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Away:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers a workspace's request with a fault. What is ours goes to the log, not to them.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	code := status(err)
	no := ops.Refusal{Code: fault.CodeOf(err)}
	var one *fault.Error
	if errors.As(err, &one) {
		no.Message, no.Next = one.Say, one.Next
		if one.Place.Path != "" {
			no.Message = one.Place.Path + ": " + one.Say
		}
	}
	if code >= http.StatusInternalServerError {
		s.broke(r, err)
		no.Message, no.Next = "The office could not do this.", "Try again later."
	}
	if code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	s.writeRefusal(w, code, no)
}

func (s *Server) refuseJSON(w http.ResponseWriter, code int, say string) {
	s.writeRefusal(w, code, ops.Refusal{Code: "HC-API-34", Message: say})
}

func (s *Server) writeRefusal(w http.ResponseWriter, code int, no ops.Refusal) {
	body, err := json.Marshal(no)
	if err != nil {
		http.Error(w, "", code)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n'))
}
