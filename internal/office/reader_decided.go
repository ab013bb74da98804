package office

import (
	"slices"
	"strings"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// decidedView is what the page after an answer shows. It may be opened again at any time.
type decidedView struct {
	Person                      string
	Law                         *lawNote
	Standing                    *standingView
	Response, TakenBack         string
	Next                        []string
	Trial, TrialWaits, Calendar bool
	Undo                        *undoView
	Copy                        *copyView
}

// standingView is the answer that stands.
type standingView struct {
	Way, On, Reader, Accepted, Note, Reason, Until string
	Agreed, Countered                              bool
	Windows                                        []window
	Terms                                          termsView
	Grounds                                        []string
	Notice                                         []labelled
	Given                                          string   // the day of an answer that came another way
	Before                                         []byHand // what it was written down as before
}

// byHand is an answer that was written down, and later corrected.
type byHand struct {
	On, Way, Given string
	Answer         share.Act
}

type undoView struct{ ID, Decision, Until string }

type copyView struct {
	Sent  bool
	Email control
}

func (rd *readers) decided(v *readerVisit) error { return rd.decidedPage(v, "", nil) }

func (rd *readers) decidedPage(v *readerVisit, email string, wrong problems) error {
	d, x := v.Exchange.Decision(), v.Exchange
	view := decidedView{Person: x.Person.Person, Law: rd.lawNote(v)}
	heading := "decided_none"
	if d != nil {
		heading = rd.standing(v, d, &view)
		if until, ok := x.CanUndo(v.Now); ok {
			id, err := rd.office.NewID()
			if err != nil {
				return err
			}
			view.Undo = &undoView{id, d.ID, v.on(until)}
		}
		if rd.office.SendsMail() && d.Way == "" {
			view.Copy = &copyView{Sent: v.r.URL.Query().Get("copy") == "sent", Email: control{At: "email", Label: rd.words.Fields["copy"], Type: "email", Value: email, Error: wrong.at("email")}}
		}
		view.Calendar = len(rd.daysOf(v, d)) > 0
		view.Trial = x.Trial != nil && x.Trial.At.After(d.At)
		view.TrialWaits = view.Trial && x.Trial.Confirmed.IsZero()
	} else if n := len(x.Decisions); n > 0 && x.Decisions[n-1].Edition == v.Edition.Publication.Edition {
		last := x.Decisions[n-1]
		view.Response = last.Response
		if !last.Undone.IsZero() {
			view.TakenBack = v.on(last.Undone)
		}
	}
	return rd.page(v, "decided", filled(rd.words.Headings[heading], "person", view.Person), wrong, view)
}

// standing fills in the answer that stands, and returns which heading it has.
func (rd *readers) standing(v *readerVisit, d *share.Standing, view *decidedView) (heading string) {
	s := &standingView{Way: d.Way, On: v.on(d.At), Note: d.Note, Reason: d.Reason, Until: v.date(d.Until)}
	if l := v.Exchange.Link(d.Link); l != nil {
		s.Reader = l.Reader
	}
	if d.Way != "" {
		s.Given = v.date(d.Day())
	}
	for _, was := range v.Exchange.CorrectedBy(d) {
		s.Before = append(s.Before, byHand{v.on(was.At), was.Way, v.date(was.Day()), was.Answer})
	}
	view.Standing = s
	terms := &v.Edition.Terms
	if d.Terms != nil {
		terms = d.Terms
	}
	s.Windows, s.Terms = rd.windowsOf(terms), rd.termsOf(v, terms)
	next := ""
	switch {
	case d.Answer == share.Agreed:
		s.Agreed, heading, next = true, "decided_agreed", "agreed"
		if terms.Weeks > 0 {
			heading, next = "decided_trial", "trial"
		}
	case d.Answer == share.Countered:
		s.Countered, heading, next = true, "decided_change", "change"
		if !d.Accepted.IsZero() {
			s.Accepted, heading, next = v.on(d.Accepted), "decided_accepted", "trial"
		}
	default:
		heading, next = "decided_not_now", "not_now"
		if len(d.Grounds) > 0 || len(d.Notice) > 0 {
			heading, next = "decided_refused", "refused"
			rd.refusedOn(v, d, s)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(rd.words.Next[next]), "\n") {
		if appeal := strings.Contains(line, "{appeal}"); appeal && (view.Law == nil || view.Law.Appeal == "") {
			continue
		} else if appeal {
			line = filled(line, "appeal", view.Law.Appeal)
		}
		view.Next = append(view.Next, filled(line, "person", view.Person))
	}
	return heading
}

// refusedOn writes the grounds and the notice of a refusal in the law's words.
func (rd *readers) refusedOn(v *readerVisit, d *share.Standing, s *standingView) {
	law := v.Law()
	for _, g := range d.Grounds {
		words := g
		if law != nil && law.Known {
			for _, known := range law.Regime.GroundsToName() {
				if known.ID == g {
					words = known.Text
				}
			}
		}
		s.Grounds = append(s.Grounds, words)
	}
	for _, n := range d.Notice {
		label := n.ID
		if law != nil && law.Known {
			for _, known := range law.Regime.WordsOfNotice(d.Grounds) {
				if known.ID == n.ID {
					label = known.Text
				}
			}
		}
		s.Notice = append(s.Notice, labelled{label, n.Text})
	}
}

// undo takes an answer back.
func (rd *readers) undo(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	if err := rd.office.Undo(v.r.Context(), v.token, v.field("id"), v.field("decision")); err != nil {
		return err
	}
	return v.to("/decided")
}

// copy sends the answer to an address.
func (rd *readers) copy(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	email := strings.TrimSpace(v.field("email"))
	if !ops.IsAddress(email) {
		return rd.decidedPage(v, email, problems{{"email", rd.words.Errors["email"]}})
	}
	var days []byte
	if d := v.Exchange.Decision(); d != nil {
		var err error
		if days, err = rd.calendar(v, d); err != nil {
			return err
		}
	}
	if err := rd.office.MailCopy(v.r.Context(), v.Org, &v.Open, email, days); err != nil {
		return err
	}
	return v.to("/decided?copy=sent")
}

// waysOf are what may follow a trial, as its latest report says.
func waysOf(t *share.Trial) []string {
	if t == nil || len(t.Reports) == 0 {
		return nil
	}
	return t.Reports[len(t.Reports)-1].Ways
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// needsID refuses a form whose id was left out: without it a double press would
// be two acts.
func needsID(id string) error {
	if id == "" {
		return fault.New(fault.Invalid, "HC-READ-11", "This form is not whole.").Then("Open the page again.")
	}
	return nil
}
