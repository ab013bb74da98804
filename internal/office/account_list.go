package office

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"homecase/fault"
	"homecase/locale"
	"homecase/ops"
	"homecase/share"
)

// casesView is the list of cases.
type casesView struct {
	Open        []caseRow
	Shut        []shutRow
	Link, Wrong string
}

type caseRow struct {
	Case, Title, Person, State, Since, Read string
	Edition                                 int
}

type shutRow struct {
	Case   string
	Number int
}

const dateOnly = "2 January 2006"

func (s *Server) rowOf(l ops.Listed) caseRow {
	row := caseRow{Case: l.Case, Title: l.Title, Person: l.Person, Edition: l.Edition, State: s.accounts.words.States[string(l.State)], Since: l.At.UTC().Format(dateOnly)}
	if !l.Read.IsZero() {
		row.Read = l.Read.UTC().Format(dateOnly)
	}
	return row
}

func (s *Server) casesPage(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	return s.showCases(w, r, v, http.StatusOK, casesView{})
}

func (s *Server) showCases(w http.ResponseWriter, r *http.Request, v *ops.Visitor, code int, view casesView) error {
	list, err := s.office.ListOf(r.Context(), v)
	if err != nil {
		return err
	}
	for _, l := range list {
		if l.Open {
			view.Open = append(view.Open, s.rowOf(l))
		} else {
			view.Shut = append(view.Shut, shutRow{l.Case, len(view.Shut) + 1})
		}
	}
	words := s.accounts.words.Headings
	f := frame{Title: filled(words["cases"], "n", strconv.Itoa(len(view.Open))), Tab: "cases", Visitor: v}
	switch len(view.Open) {
	case 0:
		f.Title = words["cases_none"]
	case 1:
		f.Title = words["cases_one"]
	}
	if view.Wrong != "" {
		f.Wrong, f.Field = view.Wrong, "link"
	}
	return s.show(w, code, "cases", f, view)
}

func (s *Server) casesAdd(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	link := r.PostFormValue("link")
	if _, err := s.office.PutOnList(r.Context(), v, link); err != nil {
		say, _ := sayOf(err)
		if say == "" {
			return err
		}
		return s.showCases(w, r, v, http.StatusBadRequest, casesView{Link: link, Wrong: say})
	}
	http.Redirect(w, r, "/cases", http.StatusSeeOther)
	return nil
}

func (s *Server) casePage(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	_, l, err := s.office.SharedCase(r.Context(), v, r.PathValue("case"))
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "case", frame{Title: l.Title, Tab: "cases", Visitor: v}, s.rowOf(*l))
}

// sharedPage shows a page of the packet to somebody who has the case on a list.
// It is for looking up: answers go by the link, so that nobody answers twice over.
func (s *Server) sharedPage(h func(*readers, *readerVisit) error) visitorHandler {
	return func(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
		caseID := r.PathValue("case")
		reading, err := s.office.ReadShared(r.Context(), v, caseID)
		if err != nil {
			return err
		}
		base := "/cases/" + url.PathEscape(caseID) + "/packet"
		_, country, _ := strings.Cut(reading.Edition.Lang, "-")
		return h(s.readers, &readerVisit{Visit: reading, w: w, r: r, token: v.Org.ID + base, base: base, l: locale.For(country, ""), signed: true})
	}
}

func (s *Server) caseRead(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	edition, err := strconv.Atoi(r.PostFormValue("edition"))
	if err != nil {
		return fault.New(fault.Invalid, "HC-ACCOUNT-60", "This form is not whole.").Then("Open the page anew.")
	}
	if err := s.office.SayRead(r.Context(), v, r.PathValue("case"), edition); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases/"+url.PathEscape(r.PathValue("case")), http.StatusSeeOther)
	return nil
}

func (s *Server) caseRemove(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	if err := s.office.TakeOffList(r.Context(), v, r.PathValue("case")); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases", http.StatusSeeOther)
	return nil
}

// keepPage is where a reader's page leads those who want it on their list.
func (s *Server) keepPage(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	token := r.PathValue("token")
	if _, _, ok := share.SplitToken(token); !ok {
		return fault.New(fault.Missing, "HC-ACCOUNT-61", "There is no such page.")
	}
	view := s.accounts.words.Confirm["keep"]
	view.Action, view.Else = "/p/"+token+"/keep", &next{"/p/" + token, view.Back}
	return s.asking(w, view, frame{Tab: "cases", Visitor: v})
}

func (s *Server) keep(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	if _, err := s.office.PutOnList(r.Context(), v, r.PathValue("token")); err != nil {
		return err
	}
	http.Redirect(w, r, "/cases", http.StatusSeeOther)
	return nil
}

// peopleView is the page of managers.
type peopleView struct {
	Accounts                 []share.Account
	Own                      string // the visitor's own account
	Email, Name, Role, Wrong string
	Invite                   struct{ Name, Wrong string }
}

func (s *Server) peoplePage(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	return s.showPeople(w, r, v, http.StatusOK, peopleView{})
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request, v *ops.Visitor, code int, view peopleView) (err error) {
	if view.Accounts, err = s.office.People(r.Context(), v); err != nil {
		return err
	}
	view.Own = v.Account.ID
	f := frame{Title: s.accounts.words.Headings["people"], Tab: "people", Visitor: v}
	switch {
	case view.Wrong != "":
		f.Wrong, f.Field = view.Wrong, "email"
	case view.Invite.Wrong != "":
		f.Wrong, f.Field = view.Invite.Wrong, "invite-name"
	}
	return s.show(w, code, "people", f, view)
}

func (s *Server) peopleAdd(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	view := peopleView{Email: r.PostFormValue("email"), Name: r.PostFormValue("name"), Role: r.PostFormValue("role")}
	if _, err := s.office.AddPerson(r.Context(), v, view.Email, view.Name, share.Role(view.Role)); err != nil {
		if view.Wrong, _ = sayOf(err); view.Wrong == "" {
			return err
		}
		return s.showPeople(w, r, v, http.StatusBadRequest, view)
	}
	http.Redirect(w, r, "/people", http.StatusSeeOther)
	return nil
}

func (s *Server) peopleRemove(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	if err := s.office.TakeOutPerson(r.Context(), v, r.PostFormValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/people", http.StatusSeeOther)
	return nil
}

func (s *Server) peopleInvite(w http.ResponseWriter, r *http.Request, v *ops.Visitor) error {
	name := r.PostFormValue("name")
	made, err := s.office.InviteBy(r.Context(), v, name)
	if err != nil {
		view := peopleView{}
		view.Invite.Name = name
		view.Invite.Wrong, _ = sayOf(err)
		if view.Invite.Wrong == "" {
			return err
		}
		return s.showPeople(w, r, v, http.StatusBadRequest, view)
	}
	return s.show(w, http.StatusOK, "code", frame{Title: filled(s.accounts.words.Headings["code"], "name", made.For), Tab: "people", Visitor: v},
		struct{ Name, Code, Until string }{made.For, made.Address, made.Expires.Format(dateOnly)})
}

// notesPage is the address that stands in each Friday note.
func (s *Server) notesPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if err := s.office.CanStopNotes(r.Context(), q); err != nil {
		s.sorry(w, r, nil, err)
		return
	}
	view := s.accounts.words.Confirm["notes"]
	view.Action = "/notes"
	for _, name := range []string{"o", "c", "l", "k"} {
		view.Hidden = append(view.Hidden, hidden{name, q.Get(name)})
	}
	s.open(w, r, s.asking(w, view, frame{}))
}

func (s *Server) notesStop(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.sorry(w, r, nil, fault.New(fault.Invalid, "HC-ACCOUNT-60", "This form is not whole.").Then("Open the page anew.").Because(err))
		return
	}
	if err := s.office.StopNotes(r.Context(), r.PostForm); err != nil {
		s.sorry(w, r, nil, err)
		return
	}
	ended := s.accounts.words.Confirm["notes_ended"]
	s.open(w, r, s.show(w, http.StatusOK, "said", frame{Title: ended.Heading}, said{Say: []string{ended.Say}}))
}
