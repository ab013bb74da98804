package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/ops"
	"homecase/share"
)

// editionView is an edition before it leaves: exactly what will.
type editionView struct {
	Boss, Office, At    string
	Edition             int
	First               bool
	Who                 []pair // what the office is told of the person
	Files               []leavingRow
	Terms               []pair
	Route               string
	Changed             int
	Stale               bool
	Mark                string
	Form                form
	When                []field // fields of the e-mail
	Link                bool    // a reader is asked for
	Problem, MayNot     string
	NoPacket, Unchanged bool
}

type leavingRow struct{ Name, What, Size, SHA256 string }

func showEdition(v *visit) error {
	a := newAnswers()
	a.Set("questions", "yes")
	a.Set("how", "copy")
	a.Set("reader", v.kase().Boss.Name)
	a.Set("expires", v.linkEnds().String())
	return v.editionPage(http.StatusOK, a, "")
}

// How long a link lasts, unless the person says otherwise: long enough to answer,
// and until some weeks behind the day on which both decide what follows.
const (
	linkDays   = 90
	linkBehind = 28
)

func (v *visit) linkEnds() day.Date {
	ends := v.today().Add(linkDays)
	if decide := v.kase().Plan.DecideOn; !decide.IsZero() && decide.Add(linkBehind).After(ends) {
		ends = decide.Add(linkBehind)
	}
	return ends
}

func (v *visit) editionPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	view := editionView{Boss: v.boss(), Office: s.Office.OrgName, At: s.Office.Address, Problem: problem, Form: form{Action: "/share/edition"}}
	title := v.s.label("edition-title")
	p := page{Title: title, Error: len(a.bad) > 0 || problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}
	if view.MayNot = v.mayNotSend(); view.MayNot != "" {
		return v.show(status, "share-edition", p, view)
	}
	l, err := v.s.work.PrepareEdition(v.ctx(), v.open)
	if fault.KindOf(err) == fault.Missing && err != nil {
		view.NoPacket = true
		return v.show(status, "share-edition", p, view)
	}
	if err != nil {
		return err
	}
	v.fillEdition(&view, l)
	view.Link = !holds(s, v.s.work.Now())
	if a.Get("to") == "" {
		a.Set("to", l.Message.To)
	}
	if a.Get("subject") == "" {
		a.Set("subject", l.Message.Subject)
	}
	if a.Get("text") == "" {
		a.Set("text", l.Message.Text)
	}
	if view.Link {
		view.Form.Fields, view.When = v.linkFields(a, l.Meeting != "")
	}
	return v.show(status, "share-edition", p, view)
}

// showEditionWords shows every word of the page that would leave.
func showEditionWords(v *visit) error {
	if _, ok, err := v.withOffice(); err != nil || !ok {
		return err
	}
	l, err := v.s.work.PrepareEdition(v.ctx(), v.open)
	if err != nil {
		return err
	}
	plain, _ := mail.Body(l.Document)
	return v.ok("share-words", page{Title: v.s.label("edition-words-title"), Tab: "packet", Back: "/share/edition"}, plain)
}

// holds tells whether anybody can read by a link.
func holds(s *ops.Shared, now time.Time) bool {
	for i := range s.Ahead.Links {
		if s.Ahead.Links[i].Holds(now) {
			return true
		}
	}
	return false
}

func (v *visit) fillEdition(view *editionView, l *ops.Leaving) {
	view.Edition, view.First, view.Stale, view.Mark = l.Publication.Edition, l.Opening != nil, l.Stale, l.Mark
	view.Changed = len(l.Publication.Changed)
	for _, f := range l.Files {
		what := v.s.label("file-" + f.Name)
		if what == "" {
			what = f.Name
		}
		view.Files = append(view.Files, leavingRow{f.Name, what, fileSize(f.Bytes), f.SHA256})
	}
	view.Terms = v.termPairs(l.Publication.Terms)
	if r := l.Publication.Route; r.Regime != "" {
		view.Route = r.Regime
	}
	if o := l.Opening; o != nil {
		view.Who = append(view.Who, pair{v.s.label("who-name"), o.Person})
		if o.Job != "" {
			view.Who = append(view.Who, pair{v.s.label("who-job"), o.Job})
		}
		view.Who = append(view.Who, pair{v.s.label("who-key"), o.PublicKey})
	}
}

// termPairs are terms in lines.
func (v *visit) termPairs(t share.Terms) []pair {
	var out []pair
	add := func(id, text string) {
		if text != "" {
			out = append(out, pair{v.s.label("terms-" + id), text})
		}
	}
	add("days", v.homeDays(t.HalfDays))
	var names []string
	for _, w := range t.Weekdays {
		names = append(names, w.Name())
	}
	if t.Lottery {
		add("drawn", strings.Join(names, ", "))
	} else {
		add("weekdays", strings.Join(names, ", "))
	}
	add("start", v.date(t.Start))
	add("until", v.date(t.Until))
	if t.Weeks > 0 {
		add("weeks", itoa(t.Weeks))
	}
	add("decide", v.date(t.DecideOn))
	switch {
	case t.Notice != "":
		add("stop", v.say(v.s.label("stop-notice-of"), "{notice}", t.Notice))
	case t.Stop != "":
		add("stop", v.s.label("stop-"+t.Stop))
	}
	add("promises", strings.Join(t.Promises, "\n"))
	return out
}

// homeDays says half days as days a week.
func (v *visit) homeDays(half int) string {
	switch half {
	case 1:
		return v.s.label("terms-half-day")
	case 2:
		return v.s.label("terms-one-day")
	}
	return v.say(v.s.label("terms-some-days"), "{n}", v.kase().Locale().Number(float64(half)/2, 2))
}

// linkFields ask for whom a link is, and how it gets there.
func (v *visit) linkFields(a answers, meeting bool) (fields, mail []field) {
	text := func(name, kind string, width int) field {
		f := field{ID: "f-" + name, Name: name, Kind: kind, Label: v.say(v.s.label("link-" + name)), Hint: v.say(v.s.label("link-" + name + "-hint")), Value: a.Get(name), Error: a.bad[name], Width: width}
		return f
	}
	questions := text("questions", "checks", 0)
	questions.Options = []option{{ID: "f-questions", Value: "yes", Label: v.s.label("link-questions-yes"), On: a.Get("questions") == "yes"}}
	how := text("how", "choice", 0)
	for i, id := range []string{"copy", "mail"} {
		how.Options = append(how.Options, option{ID: "f-how-" + itoa(i+1), Value: id, Label: v.s.label("link-how-" + id), Hint: v.s.label("link-how-" + id + "-hint"), On: a.Get("how") == id})
	}
	fields = []field{text("reader", "text", 24), text("expires", "date", 14), questions, how}
	mail = []field{text("to", "text", 24), text("subject", "text", 0), text("text", "area", 0)}
	if t := v.kase().Plan.Talk; meeting && t != nil {
		f := text("meeting", "checks", 0)
		f.Options = []option{{ID: "f-meeting", Value: "yes", Label: v.say(v.s.label("link-meeting-yes"), "{day}", v.kase().Locale().WeekdayDate(t.Date), "{time}", string(t.Time)), On: a.Get("meeting") == "yes"}}
		mail = append(mail, f)
	}
	return fields, mail
}

// readLink reads for whom a link is.
func (v *visit) readLink(a answers) ops.Invited {
	to := ops.Invited{ID: a.line("id"), Reader: a.line("reader"), Questions: a.Get("questions") == "yes"}
	if to.Reader == "" {
		a.refuse("reader", "%s", v.s.label("link-reader-missing"))
	}
	a.long("reader", 200)
	if on := a.date("expires", "The day"); !on.IsZero() {
		if on.Before(v.today()) {
			a.refuse("expires", "%s", v.s.label("link-expires-past"))
		}
		to.Expires = v.endOfDay(on)
	}
	switch a.Get("how") {
	case "copy":
	case "mail":
		address, err := mail.Typed(a.line("to"))
		if err != nil {
			a.refuse("to", "%s", faultSay(err))
		}
		a.long("subject", 200)
		if a.text("text") == "" {
			a.refuse("text", "%s", v.s.label("link-text-missing"))
		}
		to.Email = &ops.LinkEmail{To: address, ReplyTo: v.kase().Person.Email, Subject: a.line("subject"), Text: a.text("text"), Meeting: a.Get("meeting") == "yes"}
	default:
		a.refuse("how", "%s", v.s.label("link-how-missing"))
	}
	return to
}

// endOfDay is the last second of a day on this computer.
func (v *visit) endOfDay(d day.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 23, 59, 59, 0, v.s.work.Now().Location())
}

// publishEdition sends what was shown.
func publishEdition(v *visit) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	a := answers{v.form(), map[string]string{}}
	var to *ops.Invited
	if !holds(s, v.s.work.Now()) {
		link := v.readLink(a)
		to = &link
	}
	if len(a.bad) > 0 {
		return v.editionPage(http.StatusUnprocessableEntity, a, "")
	}
	_, err = v.s.work.Publish(v.ctx(), v.open, a.Get("mark"), to)
	return v.sent(err, "/share", func(say string) error { return v.editionPage(http.StatusUnprocessableEntity, a, say) })
}

// sent goes on after something was put on its way, or shows why it was not.
func (v *visit) sent(err error, next string, refused func(say string) error) error {
	switch {
	case err == nil:
		return v.seeOther(next)
	case fault.CodeOf(err) == ops.Halted:
		return v.seeOther("/share")
	}
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Finding, fault.Invalid, fault.Forbidden, fault.Missing:
		return refused(faultSay(err))
	}
	return err
}

// linkView asks for one more reader.
type linkView struct {
	ID                            string
	Boss, Office, Problem, MayNot string
	Form                          form
	When                          []field
}

func showNewLink(v *visit) error {
	a := newAnswers()
	a.Set("questions", "yes")
	a.Set("how", "copy")
	a.Set("expires", v.linkEnds().String())
	return v.linkPage(http.StatusOK, a, "")
}

func (v *visit) linkPage(status int, a answers, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	if len(s.Ahead.Editions) == 0 {
		return v.seeOther("/share/edition")
	}
	view := linkView{ID: a.line("id"), Boss: v.boss(), Office: s.Office.OrgName, Problem: problem, Form: form{Action: "/share/link"}}
	if view.ID == "" {
		if view.ID, err = v.s.work.NewLinkID(); err != nil {
			return err
		}
	}
	view.MayNot = v.mayNotSend()
	meeting := false
	if l, err := v.s.work.PrepareEdition(v.ctx(), v.open); err == nil {
		meeting = l.Meeting != "" && slices.ContainsFunc(s.Ahead.Edition().Files, func(f share.File) bool { return f.SHA256 == l.Meeting })
		for name, text := range map[string]string{"subject": l.Message.Subject, "text": l.Message.Text} {
			if a.Get(name) == "" {
				a.Set(name, text)
			}
		}
	}
	view.Form.Fields, view.When = v.linkFields(a, meeting)
	return v.show(status, "share-link", page{Title: v.s.label("link-title"), Error: len(a.bad) > 0 || problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}, view)
}

func saveNewLink(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	to := v.readLink(a)
	if len(a.bad) > 0 {
		return v.linkPage(http.StatusUnprocessableEntity, a, "")
	}
	_, err := v.s.work.Link(v.ctx(), v.open, to)
	return v.sent(err, "/share", func(say string) error { return v.linkPage(http.StatusUnprocessableEntity, a, say) })
}

// showWithdraw asks before everything is taken back.
func showWithdraw(v *visit) error { return v.withdrawPage(http.StatusOK, "") }

func (v *visit) withdrawPage(status int, problem string) error {
	s, ok, err := v.withOffice()
	if err != nil || !ok {
		return err
	}
	if len(s.Ahead.Editions) == 0 || !s.Ahead.Withdrawn.IsZero() {
		return v.seeOther("/share")
	}
	view := struct{ Boss, Office, Problem string }{v.boss(), s.Office.OrgName, problem}
	return v.show(status, "share-withdraw", page{Title: v.s.label("withdraw-title"), Error: problem != "", Tab: "packet", Back: "/share", Status: officeStatus(s)}, view)
}

func saveWithdraw(v *visit) error {
	_, err := v.s.work.Withdraw(v.ctx(), v.open)
	return v.sent(err, "/share", func(say string) error { return v.withdrawPage(http.StatusUnprocessableEntity, say) })
}
