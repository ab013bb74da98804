package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/ops"
)

// visit is one request for a page.
type visit struct {
	s    *Server
	w    http.ResponseWriter
	r    *http.Request
	open *ops.Open // the case that lies open, which a page only reads; nil where there is none
	took int64     // the revision before something was taken away here; 0 where nothing was
}

// screen is a page under an address; post is nil where there is nothing to send.
type screen struct {
	path      string // as package http writes a pattern, without the method
	free      bool   // it needs no case
	get, post func(*visit) error
}

// allScreens are the pages of the workspace, each group in a file of its own.
func (s *Server) allScreens() []screen {
	var all []screen
	for _, group := range [][]screen{
		s.questionScreens(), homeScreens(), dutyScreens(), readyScreens(), factScreens(), moneyScreens(), reasonScreens(), concernScreens(),
		packetScreens(), shareScreens(), talkScreens(), trialScreens(), ladderScreens(), aboutScreens(),
	} {
		all = append(all, group...)
	}
	return all
}

func (s *Server) route() error {
	mux := http.NewServeMux()
	for _, sc := range s.screens {
		path := sc.path
		if path == "/" {
			path = "/{$}"
		}
		mux.HandleFunc(path, s.serve(sc))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		v := &visit{s: s, w: w, r: r}
		if open, err := s.work.Current(v.ctx()); err == nil { // for the navigation
			v.open = open
		}
		v.fail(errNoPage)
	})
	s.handler = s.guard(mux)
	return nil
}

// allowed names the methods of a page, as RFC 9110, 10.2.1 has them.
func allowed(sc screen) string {
	if sc.post == nil {
		return "GET, HEAD"
	}
	return "GET, HEAD, POST"
}

// serve opens the case, runs the handler of the method and shows what went wrong.
func (s *Server) serve(sc screen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		handle := sc.get
		switch {
		case r.Method == http.MethodPost && sc.post != nil:
			handle = sc.post
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", allowed(sc))
			s.bare(w, http.StatusMethodNotAllowed, "This page cannot do that", "Nothing was changed.")
			return
		}
		v := &visit{s: s, w: w, r: r}
		if err := v.run(sc, handle); err != nil {
			v.fail(err)
		}
	}
}

func (v *visit) run(sc screen, handle func(*visit) error) error {
	open, err := v.s.work.Current(v.ctx())
	switch {
	case err == nil:
		v.open = open
	case fault.KindOf(err) != fault.Missing:
		return err
	case !sc.free:
		return v.seeOther("/start")
	}
	if v.r.Method == http.MethodPost && open != nil { // a form is tried on a case of its own
		if v.open, err = open.Copy(); err != nil {
			return err
		}
	}
	if v.r.Method == http.MethodPost && !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		if err := v.r.ParseForm(); err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				return fault.New(fault.Invalid, "HC-WEB-02", "This is more than a form can hold. Nothing was saved.").Then("Go back and shorten what you typed.")
			}
			return fault.New(fault.Invalid, "HC-WEB-03", "This form came broken. Nothing was saved.").Because(err)
		}
	}
	return handle(v)
}

func (v *visit) ctx() context.Context { return v.r.Context() }

func (v *visit) kase() *homecase.Case { return &v.open.Case }

func (v *visit) today() day.Date { return day.Of(v.s.work.Now()) }

// form are the fields that were sent.
func (v *visit) form() url.Values { return v.r.PostForm }

// from is the page to go back to, as the address of a question names it.
func (v *visit) from() string {
	if v.r.Method == http.MethodPost {
		return v.r.PostForm.Get("from")
	}
	return v.r.URL.Query().Get("from")
}

func (v *visit) seeOther(address string) error {
	if v.took > 0 {
		address = offerUndo(address, v.took)
	}
	http.Redirect(v.w, v.r, address, http.StatusSeeOther)
	return nil
}

// change saves what the person did, and opens the case as it is now.
func (v *visit) change(did string, change func(*homecase.Case, *homecase.Course) error) error {
	open, err := v.s.work.Change(v.ctx(), v.open.ID, did, change)
	if err == nil {
		v.open = open
	}
	return err
}

// remove is change for what takes something away: the page that follows offers
// to undo it.
func (v *visit) remove(did string, change func(*homecase.Case, *homecase.Course) error) error {
	before := v.open.Revision
	if err := v.change(did, change); err != nil {
		return err
	}
	v.took = before
	return nil
}

// boss is what the pages call the boss: the first name, once it is known.
func (v *visit) boss() string {
	if v.open == nil {
		return "your boss"
	}
	if name, _, _ := strings.Cut(strings.TrimSpace(v.open.Case.Boss.Name), " "); name != "" {
		return name
	}
	return "your boss"
}

// say puts names and numbers into the words of a page: {boss}, {job} and what
// else is given in pairs. A sentence that begins with the boss gets a capital.
func (v *visit) say(words string, pairs ...string) string {
	if !strings.Contains(words, "{") {
		return words
	}
	boss := v.boss()
	job := "your job"
	if v.open != nil && v.open.Case.Person.Job != "" {
		job = v.open.Case.Person.Job
	}
	pairs = append(pairs, "{boss}", boss, "{Boss}", upperFirst(boss), "{job}", job)
	return strings.NewReplacer(pairs...).Replace(words)
}

// fail shows a fault as a page with the status of its kind.
func (v *visit) fail(err error) {
	status := map[fault.Kind]int{
		fault.Invalid: http.StatusBadRequest, fault.Finding: http.StatusUnprocessableEntity, fault.Forbidden: http.StatusForbidden,
		fault.Missing: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	}[fault.KindOf(err)]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	if status >= 500 {
		v.s.o.Log.Error("a page failed", "path", v.r.URL.Path, "code", fault.CodeOf(err), "err", err)
	}
	v.showFault(status, err)
}
