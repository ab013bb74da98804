package ops

import (
	"context"

	"homecase/day"
	"homecase/internal/press/notice"
	"homecase/share"
)

// tell adds the e-mails that follow an act to whoever asked to hear of it.
// Nobody else is told, and nobody is told again.
func (o *Office) tell(ctx context.Context, org string, x *share.Exchange, b share.Body, a *share.Append) error {
	about, ok := concerns(b)
	if !ok || !o.SendsMail() {
		return nil
	}
	watches, err := o.Store.Watches(ctx, org, x.Case, about)
	if err != nil || len(watches) == 0 {
		return err
	}
	og, err := o.Store.Org(ctx, org)
	if err != nil {
		return err
	}
	for _, w := range watches {
		if l := x.Link(w.Link); w.Link != "" && (l == nil || !l.Holds(a.Entry.Line.Time)) {
			continue // whoever may no longer read is no longer told
		}
		m, err := o.write(og, o.following(og, x, b, a, w))
		if err != nil {
			return err
		}
		if err := o.room(ctx, org, w.To); err != nil {
			m.Raw, m.Dead, m.Why = nil, true, err.Error() // the sender sees why nothing went
		}
		a.Mail = append(a.Mail, m)
	}
	return nil
}

// concerns is what an act tells of, as addresses ask for it.
func concerns(b share.Body) (about string, ok bool) {
	switch b := b.(type) {
	case share.Reply:
		return b.Question, true
	case share.Report:
		return aboutReports, true
	case share.Question, share.Decision, share.Undoing, share.Confirmation, share.Next:
		return aboutNews, true
	case share.Stop:
		return aboutNews, b.Link != "" // the person's own stop is no news to them
	}
	return "", false
}

// following is the letter that follows an act.
func (o *Office) following(og *share.Org, x *share.Exchange, b share.Body, a *share.Append, w share.Watch) letter {
	l := letter{caseID: x.Case, to: w.To, from: x.Person.Person, view: notice.View{Person: x.Person.Person}}
	lang := ""
	if ed := x.Edition(); ed != nil {
		l.view.Title, lang = ed.Title, ed.Lang
	}
	l.key = string(a.Entry.Line.Act) + "/" + x.Case + "/" + share.IDOf(b) + "/" + w.Link
	switch b := b.(type) {
	case share.Reply:
		l.kind, l.view.Note = notice.Answer, b.Text
		for _, q := range x.Questions {
			if q.ID == b.Question {
				l.view.About, l.view.Question = q.About, q.Text
			}
		}
	case share.Report:
		l.kind, l.view.Note, l.view.On, l.view.URL = notice.Report, b.Note, tongue(lang).Date(b.Monday), o.stopAddress(og, w)
	default:
		l.kind, l.from, l.view.Answer, l.view.Reader = notice.News, "", string(a.Entry.Line.Act), x.Person.Person
		if k := x.Link(share.LinkOf(b)); k != nil {
			l.view.Reader = k.Reader
		}
		l.view.On = tongue(lang).Date(day.Of(a.Entry.Line.Time))
	}
	return l
}

// told forgets the addresses that an act needed for the last time. It may run
// again: the act is written, and its messages wait in the outbox.
func (o *Office) told(ctx context.Context, org, caseID string, b share.Body) error {
	r, ok := b.(share.Reply)
	if !ok {
		return nil
	}
	watches, err := o.Store.Watches(ctx, org, caseID, r.Question)
	if err != nil {
		return err
	}
	for _, w := range watches {
		if err := o.Store.Unwatch(ctx, org, caseID, w.Link, r.Question); err != nil {
			return err
		}
	}
	return nil
}
