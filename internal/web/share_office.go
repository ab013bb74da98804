package web

import (
	"net/http"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// shareScreens are the pages about who can read a case, and about the office it
// is shared through.
func shareScreens() []screen {
	return []screen{
		{path: "/share", get: showShare, post: recordSent},
		{path: "/share/by-hand", get: showByHand, post: recordSent},
		{path: "/share/office", get: showPair, post: savePair},
		{path: "/share/do", get: func(v *visit) error { return v.seeOther("/share") }, post: doShare},
		{path: "/share/edition", get: showEdition, post: publishEdition},
		{path: "/share/edition/words", get: showEditionWords},
		{path: "/share/link", get: showNewLink, post: saveNewLink},
		{path: "/share/erase", get: showErase, post: saveErase},
		{path: "/share/news", get: showNews, post: saveNews},
		{path: "/share/withdraw", get: showWithdraw, post: saveWithdraw},
		{path: "/share/questions", get: showAsked, post: saveReply},
		{path: "/share/answer", get: showAnswer, post: saveAnswer},
		{path: "/share/answer/changes", get: showChanges, post: saveChanges},
		{path: "/share/answer/correct", get: showCorrect, post: saveCorrect},
		{path: "/talk/outcome/office", get: showSpoken, post: saveSpoken},
		{path: "/share/plan", get: showSendPlan, post: saveSendPlan},
		{path: "/share/note/{week}", get: showSendNote, post: saveSendNote},
		{path: "/share/end", get: showSendEnd, post: saveSendEnd},
	}
}

// shared is where the open case stands between its two sides.
func (v *visit) shared() (*ops.Shared, error) { return v.s.work.Shared(v.ctx(), v.open.ID) }

// withOffice is shared for a page that is there with an office alone; others
// lead to where one is paired.
func (v *visit) withOffice() (s *ops.Shared, ok bool, err error) {
	s, err = v.shared()
	if err != nil {
		return nil, false, err
	}
	if !s.Paired() {
		return s, false, v.seeOther("/share/office")
	}
	if !s.Sharing.Erased.IsZero() { // its one page says what is left
		return s, false, v.seeOther("/share")
	}
	return s, true, nil
}

// sharedAt is the name of the office through which the open case is shared;
// empty where it is not.
func (v *visit) sharedAt() (string, error) {
	s, err := v.shared()
	if err != nil || !s.Paired() || len(s.Ahead.Editions) == 0 || !s.Ahead.Withdrawn.IsZero() || !s.Sharing.Erased.IsZero() {
		return "", err
	}
	return s.Office.OrgName, nil
}

// again opens the case as it is after the office was asked, which may have moved it.
func (v *visit) again() error {
	open, err := v.s.work.Read(v.ctx(), v.open.ID)
	if err == nil {
		v.open = open
	}
	return err
}

// officeStatus says at the top of a page who can see what is on it.
func officeStatus(s *ops.Shared) string {
	if s.N == 0 {
		return ""
	}
	return "Shared through " + s.Office.OrgName
}

// shareOverview is the front of what is shared through an office.
type shareOverview struct {
	Boss, Heading, Office, State string
	Readers, Ended               []readerRow
	Edition                      string
	Next                         string // what may be done next: edition, or why not
	MayNot                       string
	Waiting                      int
	Counter                      bool   // changes wait for the person's answer
	Plan                         string // a plan waits to be sent
	Outbox                       []outRow
	Mail                         []mailRow
	Line                         fetchedLine
	Halt                         string
	Answer                       bool // an answer or its record may be looked at
	Record                       bool
	Shared                       bool
	Withdrawn                    bool
	Erased                       string // when the office took the words out
	Seen                         []string
	News                         string // the address that hears of what happens
}

type readerRow struct {
	ID, Name, Since, Until, Address string
	Questions                       bool
}

type outRow struct{ ID, What, Made, Refusal string }

type mailRow struct{ To, What string }

// fetchedLine says when the office was asked last, and what came of it.
type fetchedLine struct {
	Fetched, Why, Next string
	Itself, Waiting    bool
}

// showShare says who can read what, and what went out.
func showShare(v *visit) error {
	s, err := v.shared()
	if err != nil {
		return err
	}
	if s.Office == nil || !s.Office.Done() {
		return showByHand(v)
	}
	if !s.Paired() {
		return v.seeOther("/share/office")
	}
	view := shareOverview{Boss: v.boss(), Office: s.Office.OrgName, Halt: s.Halt, Waiting: len(s.Ahead.Waiting()), Line: v.fetched(s), Record: s.N > 0}
	view.Shared = len(s.Ahead.Editions) > 0
	view.Withdrawn = !s.Ahead.Withdrawn.IsZero()
	if e := s.Sharing.Erased; !e.IsZero() {
		view.Erased, view.Withdrawn = when(e), true
	}
	view.Answer, view.News = view.Shared && !view.Withdrawn, s.News
	for _, one := range s.Seen {
		view.Seen = append(view.Seen, v.say(v.s.label("share-seen"), "{name}", one.Name, "{n}", itoa(one.Edition), "{day}", v.date(day.Of(one.At.Local()))))
	}
	if e := s.Ahead.Edition(); e != nil {
		view.Edition = v.say(v.s.label("share-edition"), "{n}", itoa(e.Edition), "{day}", v.date(day.Of(e.At.Local())))
	}
	for i := range s.Ahead.Links {
		l := &s.Ahead.Links[i]
		row := readerRow{ID: l.Link, Name: l.Reader, Since: v.date(day.Of(l.At.Local())), Questions: l.Questions, Address: s.Address(*l)}
		if !l.Expires.IsZero() {
			row.Until = v.date(day.Of(l.Expires.Local()))
		}
		if l.Holds(v.s.work.Now()) && view.Erased == "" {
			view.Readers = append(view.Readers, row)
		} else {
			view.Ended = append(view.Ended, row)
		}
	}
	view.Heading, view.Counter = v.readersWords(view.Readers), s.Ahead.State(v.s.work.Now()) == share.IsCounter
	if view.Shared {
		view.State = v.stateWords(s)
		if view.Plan, err = v.planToSend(); err != nil {
			return err
		}
	}
	switch view.MayNot = v.mayNotSend(); {
	case view.Erased != "":
		view.State, view.MayNot, view.Plan, view.Waiting, view.Counter = "", v.s.label("share-erased"), "", 0, false
	case view.MayNot == "" && s.Ahead.Trial.Running():
		view.MayNot = v.s.label("share-running")
	}
	for _, o := range s.Outbox {
		view.Outbox = append(view.Outbox, outRow{ID: o.ID, What: v.s.label("act-" + string(o.Act)), Made: when(o.Made), Refusal: o.Refusal})
	}
	view.Mail = v.mailRows(s)
	return v.ok("share-office", page{Title: view.Heading, Tab: "packet", Back: "/packet", BackTo: "Your packet", Status: officeStatus(s)}, view)
}

// mayNotSend says why nothing that asks may be sent today; empty where it may.
func (v *visit) mayNotSend() string {
	may, from := v.kase().Plan.MayAsk(v.today())
	if may {
		return ""
	}
	return v.say(v.s.label("share-not-before"), "{day}", v.date(from))
}

// readersWords is the heading: who can read it.
func (v *visit) readersWords(readers []readerRow) string {
	switch len(readers) {
	case 0:
		return v.s.label("share-nobody")
	case 1:
		return v.say(v.s.label("share-one"), "{name}", readers[0].Name)
	}
	return v.say(v.s.label("share-many"), "{n}", itoa(len(readers)))
}

// stateWords say where the two sides stand.
func (v *visit) stateWords(s *ops.Shared) string {
	state, until := s.Ahead.State(v.s.work.Now()), ""
	if d := s.Ahead.Decision(); d != nil {
		until = v.date(v.kase().Plan.NotNow.Retry())
	}
	label := "state-" + string(state)
	if len(s.Ahead.Links) == 0 && state == share.IsOpen {
		label = "state-unlinked"
	}
	return v.say(v.s.label(label), "{day}", until)
}

func (v *visit) fetched(s *ops.Shared) fetchedLine {
	f := fetchedLine{Itself: s.Office != nil && s.Office.Fetch, Waiting: len(s.Outbox) > 0}
	if !s.Fetched.IsZero() {
		f.Fetched = when(s.Fetched)
	}
	why, next := s.Failing()
	if f.Why = why; why != "" && f.Itself {
		f.Next = next.Local().Format("15:04")
	}
	return f
}

// mailRows are the e-mails that did not go, or have not gone yet.
func (v *visit) mailRows(s *ops.Shared) []mailRow {
	var out []mailRow
	for _, m := range s.Mail {
		what := "mail-sent"
		switch {
		case m.Dead:
			what = "mail-dead"
		case m.Sent.IsZero():
			what = "mail-waits"
		}
		out = append(out, mailRow{m.To, v.say(v.s.label(what), "{when}", when(m.Sent), "{why}", m.Why)})
	}
	return out
}

// doShare does what a button of the overview says.
func doShare(v *visit) error {
	what, id, _ := strings.Cut(v.form().Get("do"), ":")
	var err error
	switch what {
	case "look":
		if s, err := v.shared(); err != nil {
			return err
		} else if !s.Sharing.Erased.IsZero() {
			break // nothing comes from there any more
		}
		_, err = v.s.work.Fetch(v.ctx(), v.open.ID)
	case "unlink":
		_, err = v.s.work.Unlink(v.ctx(), v.open, id)
	case "retract":
		_, err = v.s.work.Retract(v.ctx(), v.open, id)
	case "record":
		return v.sendRecord()
	case "evidence":
		return v.sendEvidence()
	}
	switch {
	case err == nil, fault.KindOf(err) == fault.Away, fault.CodeOf(err) == ops.Halted: // the page says what and when
	default:
		return err
	}
	return v.seeOther(backAfter(v.form().Get("back")))
}

// backAfter is the page that a button came from.
func backAfter(page string) string {
	switch page {
	case "questions", "answer", "plan":
		return "/share/" + page
	}
	return "/share"
}

// sendRecord hands the record out as a file.
func (v *visit) sendRecord() error {
	text, err := v.s.work.RecordFile(v.ctx(), v.open.ID)
	if err != nil {
		return err
	}
	return v.send(ops.File{Name: "record-of-both.json", Data: text}, false)
}

func (v *visit) sendEvidence() error {
	s, err := v.shared()
	if err != nil {
		return err
	}
	if len(s.Evidence) == 0 {
		return errNoPage
	}
	return v.send(ops.File{Name: "evidence.json", Data: s.Evidence}, false)
}

// pairView is the page on which a workspace is paired with an office.
type pairView struct {
	Boss    string
	Office  *homecase.Pairing
	Since   string
	Form    form
	Pending bool
	Problem string
	Other   string // the office this case is shared at, where it is another one
	Ready   bool   // this homecase can speak with an office
}

func showPair(v *visit) error {
	a := newAnswers()
	a.Set("name", v.kase().Person.Name)
	return v.officePage(http.StatusOK, a, "")
}

func (v *visit) officePage(status int, a answers, problem string) error {
	s, err := v.shared()
	if err != nil {
		return err
	}
	view := pairView{Boss: v.boss(), Problem: problem, Ready: v.s.work.Couriers != nil, Form: form{Action: "/share/office"}}
	if s.Office != nil {
		view.Since, view.Pending = when(s.Office.Made), !s.Office.Done()
		if s.Office.Done() {
			view.Office = s.Office
		} else if a.Get("invitation") == "" {
			a.Set("invitation", ops.InvitationAddress(s.Office.Address, s.Office.Code))
		}
		if s.Office.Done() && !s.Paired() {
			view.Other = s.Sharing.Address
		}
	}
	view.Form.Fields = []field{
		{ID: "f-invitation", Name: "invitation", Kind: "text", Label: v.s.label("pair-invitation"), Hint: v.s.label("pair-invitation-hint"), Value: a.Get("invitation"), Error: a.bad["invitation"]},
		{ID: "f-name", Name: "name", Kind: "text", Label: v.s.label("pair-name"), Hint: v.s.label("pair-name-hint"), Value: a.Get("name"), Error: a.bad["name"], Autocomplete: "name", Width: 24},
	}
	title := v.s.label("pair-title")
	if view.Office != nil {
		title = v.say(v.s.label("paired-title"), "{office}", view.Office.OrgName)
	}
	return v.show(status, "share-pair", page{Title: title, Error: len(a.bad) > 0 || problem != "", Tab: "packet", Back: "/share"}, view)
}

// savePair pairs, switches fetching, or leaves.
func savePair(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	switch v.form().Get("do") {
	case "fetch-on", "fetch-off":
		if err := v.s.work.FetchByItself(v.ctx(), v.form().Get("do") == "fetch-on"); err != nil {
			return err
		}
		return v.seeOther("/share/office")
	case "leave":
		if err := v.s.work.Leave(v.ctx()); err != nil {
			if fault.KindOf(err) != fault.Conflict {
				return err
			}
			return v.officePage(http.StatusUnprocessableEntity, a, faultSay(err))
		}
		return v.seeOther("/share")
	}
	if a.line("invitation") == "" {
		a.refuse("invitation", "%s", v.s.label("pair-missing"))
	}
	if a.line("name") == "" {
		a.refuse("name", "%s", v.s.label("pair-name-missing"))
	}
	if len(a.bad) == 0 {
		_, err := v.s.work.Pair(v.ctx(), a.line("invitation"), a.line("name"))
		switch fault.KindOf(err) {
		case fault.Away, fault.Invalid, fault.Missing, fault.Conflict, fault.Forbidden:
			if err != nil {
				a.refuse("invitation", "%s", faultSay(err))
			}
		}
		if err != nil && len(a.bad) == 0 {
			return err
		}
	}
	if len(a.bad) > 0 {
		return v.officePage(http.StatusUnprocessableEntity, a, "")
	}
	return v.seeOther("/share")
}
