package web

import (
	"net/http"

	"homecase/fault"
	"homecase/internal/press/mail"
)

// shareEraseView asks before the office takes out every word of a case.
type shareEraseView struct {
	Boss, Office string
	Errors       []field
	Error        string
	Problem      string
}

func showErase(v *visit) error { return v.erasePage(http.StatusOK, "", "") }

func (v *visit) erasePage(status int, bad, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	if s.N == 0 {
		return v.seeOther("/share")
	}
	view := shareEraseView{Boss: v.boss(), Office: s.Office.OrgName, Error: bad, Problem: problem}
	if bad != "" {
		view.Errors = []field{{ID: "sure", Error: bad}}
	}
	return v.show(status, "share-erase", page{Title: v.s.label("share-erase-title"), Error: bad != "" || problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}, view)
}

// saveErase has the case erased once the person has said that they are sure.
func saveErase(v *visit) error {
	if v.form().Get("sure") != "yes" {
		return v.erasePage(http.StatusUnprocessableEntity, v.s.label("share-erase-missing"), "")
	}
	_, err := v.s.work.EraseShared(v.ctx(), v.open)
	return v.doneThere(err, func(say string) error { return v.erasePage(http.StatusUnprocessableEntity, "", say) })
}

// doneThere goes back to what is shared, or says why the office did not do it.
func (v *visit) doneThere(err error, refused func(say string) error) error {
	if err == nil {
		return v.seeOther("/share")
	}
	switch fault.KindOf(err) {
	case fault.Away, fault.Conflict, fault.Finding, fault.Invalid, fault.Forbidden, fault.Missing:
		return refused(faultSay(err))
	}
	return err
}

// newsView asks whether the office writes when something happens.
type newsView struct {
	Boss, Office, On string
	Form             form
	Problem          string
}

func showNews(v *visit) error {
	a := newAnswers()
	if s, err := v.shared(); err != nil {
		return err
	} else if a.Set("to", s.News); s.News == "" {
		a.Set("to", v.kase().Person.Email)
	} else {
		a.Set("news", "yes")
	}
	return v.newsPage(http.StatusOK, a, "")
}

func (v *visit) newsPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	if s.N == 0 {
		return v.seeOther("/share")
	}
	view := newsView{Boss: v.boss(), Office: s.Office.OrgName, On: s.News, Problem: problem, Form: form{Action: "/share/news"}}
	news := field{ID: "f-news", Name: "news", Kind: "choice", Label: v.say(v.s.label("news-question"), "{office}", s.Office.OrgName), Error: a.bad["news"]}
	for i, id := range []string{"yes", "no"} {
		news.Options = append(news.Options, option{ID: "f-news-" + itoa(i+1), Value: id, Label: v.s.label("news-" + id), Hint: v.s.label("news-" + id + "-hint"), On: a.Get("news") == id})
	}
	to := field{ID: "f-to", Name: "to", Kind: "text", Label: v.s.label("news-to"), Hint: v.s.label("news-to-hint"), Value: a.Get("to"), Error: a.bad["to"], Autocomplete: "email", Width: 24}
	view.Form.Fields = []field{news, to}
	return v.show(status, "share-news", page{Title: v.s.label("news-title"), Error: len(a.bad) > 0 || problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}, view)
}

func saveNews(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	to := ""
	switch a.Get("news") {
	case "yes":
		address, err := mail.Typed(a.line("to"))
		if err != nil {
			a.refuse("to", "%s", faultSay(err))
		}
		to = address
	case "no":
	default:
		a.refuse("news", "%s", v.s.label("news-missing"))
	}
	refused := func(say string) error { return v.newsPage(http.StatusUnprocessableEntity, a, say) }
	if len(a.bad) > 0 {
		return refused("")
	}
	_, err := v.s.work.TellMe(v.ctx(), v.open, to)
	return v.doneThere(err, refused)
}
