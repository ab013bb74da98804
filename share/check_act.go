package share

import (
	"slices"
	"strings"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/locale"
)

// Check tells whether an act may follow what was before it. It says in one
// sentence why not.
func (x *Exchange) Check(who Actor, b Body, now time.Time) error {
	if err := b.check().OrNil(); err != nil {
		return err
	}
	if x.erased {
		return refuse("HC-SHARE-57", "The words of this case were erased. Nothing can follow.")
	}
	act := b.act()
	if !slices.Contains(act.actors(), who) {
		return fault.New(fault.Forbidden, "HC-SHARE-30", "This is not for the %s to do.", who)
	}
	if x.ids[b.id()] > 0 {
		return refuse("HC-SHARE-31", "This was done already.")
	}
	if (act == Opened) != (x.N == 0) {
		return refuse("HC-SHARE-32", "A case is opened once, before anything else.")
	}
	if !x.Withdrawn.IsZero() && act != Published && act != Recorded {
		return refuse("HC-SHARE-33", "This was taken back.")
	}
	if l := LinkOf(b); l != "" && who == Reader {
		if link := x.Link(l); link == nil || !link.Holds(now) {
			return fault.New(fault.Missing, "HC-SHARE-34", "This link is not open.")
		}
	}
	return x.may(who, b, now)
}

// LinkOf is the link that an act of a reader came by; empty for other acts.
func LinkOf(b Body) string {
	switch b := b.(type) {
	case Question:
		return b.Link
	case Decision:
		return b.Link
	case Undoing:
		return b.Link
	case Confirmation:
		return b.Link
	case Stop:
		return b.Link
	case Next:
		return b.Link
	}
	return ""
}

func (x *Exchange) may(who Actor, b Body, now time.Time) error {
	switch b := b.(type) {
	case Publication:
		return x.mayPublish(b, now)
	case Linking:
		return x.mayLink(b, now)
	case Unlinking:
		if l := x.Link(b.Link); l == nil || !l.Ended.IsZero() {
			return refuse("HC-SHARE-35", "There is no open link of that name.")
		}
	case Question:
		return x.mayAsk(b)
	case Reply:
		if !slices.ContainsFunc(x.Questions, func(q Asking) bool { return q.ID == b.Question && q.Answered.IsZero() != b.Corrects }) {
			return refuse("HC-SHARE-37", "No question of that id waits for an answer.")
		}
	case Decision:
		return x.mayDecide(b, now)
	case Undoing:
		if d := x.Decision(); d == nil || d.ID != b.Decision {
			return refuse("HC-SHARE-42", "That decision does not stand.")
		}
		if until, ok := x.CanUndo(now); !ok {
			return refuse("HC-SHARE-43", "This could be taken back until %s. Talk to %s instead.", x.date(day.Of(until.Add(-time.Second))), x.Person.Person)
		}
	case Acceptance:
		return x.standingCounter(b.Decision)
	case Response:
		return x.standingCounter(b.Decision)
	case Recording:
		return x.mayRecord(b)
	default:
		return x.mayTry(who, b, now)
	}
	return nil
}

func (x *Exchange) mayPublish(b Publication, now time.Time) error {
	if b.Edition != len(x.Editions)+1 {
		return refuse("HC-SHARE-38", "The next edition is number %d.", len(x.Editions)+1)
	}
	if d := x.Decision(); d != nil && d.Answer == Deferred && !d.Until.IsZero() && day.Of(now).Before(d.Until) {
		return refuse("HC-SHARE-39", "The answer was not now, ask again on %s. Nothing is sent before that day.", x.date(d.Until))
	}
	if x.Trial.Running() {
		return refuse("HC-SHARE-45", "A trial is running. The next ask comes after its end.")
	}
	return nil
}

func (x *Exchange) mayLink(b Linking, now time.Time) error {
	switch {
	case len(x.Editions) == 0:
		return refuse("HC-SHARE-46", "There is no edition to read yet.")
	case x.Link(b.Link) != nil || slices.ContainsFunc(x.Links, func(l Link) bool { return l.Token == b.Token }):
		return refuse("HC-SHARE-47", "There is such a link already.")
	case !b.Expires.IsZero() && !b.Expires.After(now):
		return refuse("HC-SHARE-48", "This link would have ended before it began.")
	}
	return nil
}

func (x *Exchange) mayAsk(b Question) error {
	if b.Edition < 1 || b.Edition > len(x.Editions) {
		return refuse("HC-SHARE-49", "There is no edition %d.", b.Edition)
	}
	if l := x.Link(b.Link); !l.Questions {
		return fault.New(fault.Forbidden, "HC-SHARE-36", "This link takes no questions.")
	}
	return nil
}

func (x *Exchange) mayDecide(b Decision, now time.Time) error {
	switch {
	case b.Edition != len(x.Editions):
		return refuse("HC-SHARE-40", "There is a newer edition. Read it before you answer.")
	case x.Decision() != nil:
		return refuse("HC-SHARE-41", "There is an answer already. Undo it to give another.")
	case !b.Until.IsZero() && !b.Until.After(day.Of(now)):
		return fault.New(fault.Invalid, "HC-SHARE-50", "The day to ask again lies behind us.").At(fault.Place{Path: "until"})
	}
	return nil
}

// mayRecord allows an answer to be written down while none stands, and to be
// written down anew where the one that stands was written down too. What both sides
// have agreed on since shows that the first was right.
func (x *Exchange) mayRecord(b Recording) error {
	d := x.Decision()
	switch {
	case b.Corrects == "" && (len(x.Editions) == 0 || d != nil):
		return refuse("HC-SHARE-44", "There is no edition that waits for an answer.")
	case b.Corrects == "":
		return nil
	case d == nil || d.ID != b.Corrects || d.Way == "":
		return refuse("HC-SHARE-58", "There is no such answer that was written down and stands.")
	case x.restsOn(d):
		return refuse("HC-SHARE-59", "A trial that both agreed to rests on this answer, so it stays as it was written down.")
	}
	return nil
}

// MayCorrect tells whether the decision that stands may be written down anew.
func (x *Exchange) MayCorrect(d *Standing) bool { return d.Way != "" && !x.restsOn(d) }

// restsOn tells whether both have agreed to a trial since a decision.
func (x *Exchange) restsOn(d *Standing) bool {
	for t := x.Trial; t != nil && !t.At.Before(d.At); t = t.Before {
		if !t.Confirmed.IsZero() {
			return true
		}
	}
	return false
}

func (x *Exchange) standingCounter(id string) error {
	if d := x.Decision(); d == nil || d.ID != id || d.Answer != Countered || !d.Accepted.IsZero() {
		return refuse("HC-SHARE-51", "No changes of that id wait for an answer.")
	}
	return nil
}

// mayTry is may for the acts of a trial.
func (x *Exchange) mayTry(who Actor, b Body, now time.Time) error {
	t := x.Trial
	switch b := b.(type) {
	case Planning:
		if s := x.State(now); s != IsAgreed && s != IsAccepted && !(s == IsExpired && x.Decision() != nil) {
			return refuse("HC-SHARE-52", "A trial is planned once both have agreed.")
		}
		if t.Running() {
			return refuse("HC-SHARE-53", "A trial is running already.")
		}
	case Confirmation:
		if t == nil || t.ID != b.Planning || !t.Confirmed.IsZero() || !t.Stopped.IsZero() {
			return refuse("HC-SHARE-54", "No plan of that id waits for an answer.")
		}
	case Report:
		if !t.Running() {
			return refuse("HC-SHARE-55", "No trial is running.")
		}
	case Stop:
		if !t.Running() {
			return refuse("HC-SHARE-55", "No trial is running.")
		}
		if who == Reader && b.Link == "" {
			return fault.New(fault.Missing, "HC-SHARE-34", "This link is not open.")
		}
	case Next:
		if !t.Running() || len(t.Reports) == 0 || !slices.Contains(t.Reports[len(t.Reports)-1].Ways, b.Way) {
			return refuse("HC-SHARE-56", "The trial does not stand where this may be decided.")
		}
	}
	return nil
}

// date writes a day as readers of the newest edition write it.
func (x *Exchange) date(d day.Date) string {
	country := ""
	if e := x.Edition(); e != nil {
		_, country, _ = strings.Cut(e.Lang, "-")
	}
	return locale.For(country, "").Date(d)
}
