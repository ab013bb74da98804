package office

import (
	"net/http"

	"homecase/ops"
)

// The addresses of the socket by which the command line reaches a running
// office. It lies in the folder of the database; whoever may read that folder may
// use it, and nobody else can.
const (
	organisationsPath = "/organisations"
	invitationsPath   = "/invitations"
)

// Inviting is what the command line asks for an invitation with.
type Inviting struct {
	Org  string `json:"org"`
	For  string `json:"for"`
	Days int    `json:"days"`
}

// Naming is what the command line asks for an organisation with.
type Naming struct {
	Name string `json:"name"`
}

// Admin is the handler of that socket.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+organisationsPath, func(w http.ResponseWriter, r *http.Request) {
		list, err := s.office.Organisations(r.Context())
		s.either(w, r, append([]ops.Organisation{}, list...), err)
	})
	mux.HandleFunc("POST "+organisationsPath, func(w http.ResponseWriter, r *http.Request) {
		var in Naming
		if err := s.readAdmin(w, r, &in); err != nil {
			s.fail(w, r, err)
			return
		}
		made, err := s.office.MakeOrganisation(r.Context(), in.Name)
		s.either(w, r, made, err)
	})
	mux.HandleFunc("POST "+invitationsPath, func(w http.ResponseWriter, r *http.Request) {
		var in Inviting
		if err := s.readAdmin(w, r, &in); err != nil {
			s.fail(w, r, err)
			return
		}
		made, err := s.office.InvitePerson(r.Context(), in.Org, in.For, in.Days)
		s.either(w, r, made, err)
	})
	return mux
}

func (s *Server) readAdmin(w http.ResponseWriter, r *http.Request, into any) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	body, err := readBody(r)
	if err != nil {
		return err
	}
	return strict(body, into)
}

func (s *Server) either(w http.ResponseWriter, r *http.Request, v any, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.answer(w, r, v)
}
