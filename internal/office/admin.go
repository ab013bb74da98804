package office

import (
	"net/http"

	"homecase/ops"
	"homecase/share"
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
	s.adminAccounts(mux)
	return mux
}

// Accounting is what the command line asks for an account with.
type Accounting struct {
	Org   string     `json:"org"`
	Email string     `json:"email"`
	Name  string     `json:"name"`
	Role  share.Role `json:"role"`
}

// adminAccounts are the addresses about accounts, and about mail that came back.
func (s *Server) adminAccounts(mux *http.ServeMux) {
	mux.HandleFunc("GET /accounts", func(w http.ResponseWriter, r *http.Request) {
		list, err := s.office.Accounts(r.Context(), r.URL.Query().Get("org"))
		s.either(w, r, append([]ops.Account{}, list...), err)
	})
	mux.HandleFunc("POST /accounts", func(w http.ResponseWriter, r *http.Request) {
		var in Accounting
		if err := s.readAdmin(w, r, &in); err != nil {
			s.fail(w, r, err)
			return
		}
		made, err := s.office.MakeAccount(r.Context(), in.Org, ops.Account{Email: in.Email, Name: in.Name, Role: in.Role})
		s.either(w, r, made, err)
	})
	mux.HandleFunc("DELETE /accounts", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		s.either(w, r, struct{}{}, s.office.TakeOut(r.Context(), q.Get("org"), q.Get("email")))
	})
	mux.HandleFunc("POST /returned", func(w http.ResponseWriter, r *http.Request) {
		var in ops.Returned
		if err := s.readAdmin(w, r, &in); err != nil {
			s.fail(w, r, err)
			return
		}
		s.either(w, r, struct{}{}, s.office.CameBack(r.Context(), in))
	})
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
