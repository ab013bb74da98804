package share

import (
	"crypto/ed25519"
	"maps"
	"slices"
	"time"

	"homecase/day"
	"homecase/fault"
)

// UndoTime is how long a decision can be taken back.
const UndoTime = 7 * 24 * time.Hour

// State is where the two sides stand.
type State string

// The states. IsExpired is a state of a link; the others are of the case.
const (
	IsOpen      State = "open"
	IsAsked     State = "asked"    // a question waits for its answer
	IsAnswered  State = "answered" // every question was answered, or the changes asked for were
	IsAgreed    State = "agreed"
	IsCounter   State = "counter"
	IsAccepted  State = "accepted"
	IsNotNow    State = "not_now"
	IsWithdrawn State = "withdrawn"
	IsExpired   State = "expired"
	IsErased    State = "erased" // the chain alone is left
)

// Exchange is what the lines of a record add up to. It is changed by Apply alone.
type Exchange struct {
	Case   string
	N      int64     // the number of the last line
	Head   string    // its hash
	Last   time.Time // when it was written
	Person Opening

	Editions  []Edition
	Links     []Link
	Questions []Asking
	Decisions []Standing // all that were ever made, the latest last
	Trial     *Trial     // the one that was planned last
	Withdrawn time.Time  // zero unless the case was taken back

	key    ed25519.PublicKey
	ids    map[string]int64 // the lines by the ids of their acts
	erased bool
	words  int
}

// Edition is a publication with its time.
type Edition struct {
	Publication
	At time.Time
}

// Link is somebody's leave to read.
type Link struct {
	Linking
	At    time.Time
	Ended time.Time // zero while it holds
}

// Asking is a question with its answer.
type Asking struct {
	Question
	Asked    time.Time
	Answer   string
	Answered time.Time // zero while it waits
	First    time.Time // of an answer that was corrected: when the question was answered first
}

// Standing is a decision with what became of it.
type Standing struct {
	Decision
	Answer    Act
	At        time.Time
	Undone    time.Time
	Accepted  time.Time // of Change it
	Response  string    // the words that answered Change it
	Responded time.Time
	On        day.Date // of an answer that came another way: the day it was given
	Way       string   // how it reached the person when not by the link: email, paper or talk
	Corrects  string   // the id of the one it stands in for, where that was written down wrongly
	Corrected time.Time
}

// Trial is a trial as both sides know it.
type Trial struct {
	Planning
	Before    *Trial // the plan that stood before this one; nil for the first
	At        time.Time
	Confirmed time.Time
	Word      string
	Reports   []Report
	Stopped   time.Time
	StoppedBy Actor
	StopNote  string
	Next      *Next
	NextAt    time.Time
}

// NewExchange begins with no line.
func NewExchange(id string) *Exchange { return &Exchange{Case: id, ids: map[string]int64{}} }

// Clone returns an exchange that shares nothing with x that Apply changes.
func (x *Exchange) Clone() *Exchange {
	y := *x
	y.Editions, y.Links = slices.Clone(x.Editions), slices.Clone(x.Links)
	y.Questions, y.Decisions = slices.Clone(x.Questions), slices.Clone(x.Decisions)
	y.ids = maps.Clone(x.ids)
	if x.Trial != nil {
		t := *x.Trial
		t.Reports = slices.Clone(t.Reports)
		y.Trial = &t
	}
	return &y
}

// Words is how many bytes the words of its lines have.
func (x *Exchange) Words() int { return x.words }

// Line returns the number of the line an act with this id was written in; 0 where there is none.
func (x *Exchange) Line(id string) int64 { return x.ids[id] }

// Edition returns the newest edition; nil before the first.
func (x *Exchange) Edition() *Edition {
	if len(x.Editions) == 0 {
		return nil
	}
	return &x.Editions[len(x.Editions)-1]
}

// Decision returns the decision that stands; nil where none does. A new edition
// asks anew, so decisions on earlier ones stand no longer.
func (x *Exchange) Decision() *Standing {
	for i := len(x.Decisions) - 1; i >= 0; i-- {
		d := &x.Decisions[i]
		if d.Edition != len(x.Editions) {
			return nil
		}
		if d.Undone.IsZero() && d.Responded.IsZero() && d.Corrected.IsZero() {
			return d
		}
	}
	return nil
}

// Link returns a link by its id; nil where there is none.
func (x *Exchange) Link(id string) *Link {
	for i := range x.Links {
		if x.Links[i].Link == id {
			return &x.Links[i]
		}
	}
	return nil
}

// Holds tells whether a link may be read at a time.
func (l *Link) Holds(now time.Time) bool {
	return l.Ended.IsZero() && (l.Expires.IsZero() || now.Before(l.Expires))
}

// Waiting are the questions nobody has answered yet.
func (x *Exchange) Waiting() []Asking {
	return slices.DeleteFunc(slices.Clone(x.Questions), func(q Asking) bool { return !q.Answered.IsZero() })
}

// State tells where the two sides stand.
func (x *Exchange) State(now time.Time) State {
	switch {
	case x.erased:
		return IsErased
	case !x.Withdrawn.IsZero():
		return IsWithdrawn
	}
	if d := x.Decision(); d != nil {
		switch {
		case d.Answer == Agreed:
			return IsAgreed
		case d.Answer == Deferred:
			return IsNotNow
		case !d.Accepted.IsZero():
			return IsAccepted
		}
		return IsCounter
	}
	switch {
	case len(x.Links) > 0 && !slices.ContainsFunc(x.Links, func(l Link) bool { return l.Holds(now) }):
		return IsExpired
	case len(x.Waiting()) > 0:
		return IsAsked
	case x.answered():
		return IsAnswered
	}
	return IsOpen
}

// answered tells whether anything about the newest edition was answered.
func (x *Exchange) answered() bool {
	newest := len(x.Editions)
	return slices.ContainsFunc(x.Questions, func(q Asking) bool { return q.Edition == newest }) ||
		slices.ContainsFunc(x.Decisions, func(d Standing) bool { return d.Edition == newest && !d.Responded.IsZero() })
}

// CanUndo tells whether the decision that stands can be taken back, and until when.
func (x *Exchange) CanUndo(now time.Time) (until time.Time, ok bool) {
	d := x.Decision()
	if d == nil || d.Way != "" {
		return time.Time{}, false
	}
	until = d.At.Add(UndoTime)
	if start := x.starts(d); !start.IsZero() {
		if t := start.Time(); t.Before(until) {
			until = t
		}
	}
	return until, now.Before(until)
}

// starts is the day on which what was agreed begins.
func (x *Exchange) starts(d *Standing) day.Date {
	switch {
	case d.Answer == Deferred:
		return day.Date{}
	case x.Trial != nil && !x.Trial.Confirmed.IsZero() && x.Trial.At.After(d.At):
		return x.Trial.Start
	case d.Terms != nil && !d.Accepted.IsZero():
		return d.Terms.Start
	case d.Answer == Agreed:
		return x.Edition().Terms.Start
	}
	return day.Date{}
}

// Running tells whether a trial that both agreed to goes on.
func (t *Trial) Running() bool {
	return t != nil && !t.Confirmed.IsZero() && t.Stopped.IsZero() && t.Next == nil
}

// Extends tells whether a trial goes on with another one of the same plan.
func (t *Trial) Extends() bool {
	return t != nil && t.Before != nil && t.Before.PlanHash == t.PlanHash && t.Before.Until.Before(t.Until)
}

// Apply adds a line, after looking whether it fits the chain and may follow what
// was before it. It changes nothing when it returns a fault.
func (x *Exchange) Apply(e Entry) error {
	if e.Line.N != x.N+1 || e.Line.Prev != x.Head {
		return broken("HC-SHARE-20", "it does not follow the line before it")
	}
	if e.Line.Time.Before(x.Last) {
		return broken("HC-SHARE-21", "its time lies before that of the line before it")
	}
	head, err := e.Line.Hash()
	if err != nil {
		return err
	}
	if e.Raw == nil {
		x.erased = true
	} else if err := x.take(e); err != nil {
		return err
	}
	x.N, x.Head, x.Last = e.Line.N, head, e.Line.Time
	x.words += len(e.Raw)
	return nil
}

// take applies what a line says.
func (x *Exchange) take(e Entry) error {
	if Hash(e.Raw) != e.Line.Body {
		return broken("HC-SHARE-22", "its words are not those it was written with")
	}
	b, err := Decode(e.Line.Act, e.Raw)
	if err != nil {
		return err
	}
	if err := x.CheckSigned(e, b); err != nil {
		return err
	}
	if err := x.Check(e.Line.Actor, b, e.Line.Time); err != nil {
		return err
	}
	x.ids[b.id()] = e.Line.N
	x.apply(e, b)
	return nil
}

// CheckSigned looks at the signature of the employee's lines; those of a reader have none.
func (x *Exchange) CheckSigned(e Entry, b Body) error {
	if e.Line.Actor != Employee {
		return nil
	}
	key := x.key
	if o, ok := b.(Opening); ok {
		key, _ = PublicKey(o.PublicKey)
	}
	if !verified(key, Signed(x.Case, e.Line.Act, e.Line.Body), e.Signature) {
		return broken("HC-SHARE-23", "the signature is not that of the person whose case this is")
	}
	return nil
}

// apply changes what the lines add up to; Check has allowed it.
func (x *Exchange) apply(e Entry, b Body) {
	now := e.Line.Time
	switch b := b.(type) {
	case Opening:
		x.Person = b
		x.key, _ = PublicKey(b.PublicKey)
	case Publication:
		x.Editions = append(x.Editions, Edition{b, now})
		x.Withdrawn = time.Time{}
	case Linking:
		x.Links = append(x.Links, Link{Linking: b, At: now})
	case Unlinking:
		x.Link(b.Link).Ended = now
	case Withdrawal:
		x.Withdrawn = now
		for i := range x.Links {
			if x.Links[i].Ended.IsZero() {
				x.Links[i].Ended = now
			}
		}
	case Question:
		x.Questions = append(x.Questions, Asking{Question: b, Asked: now})
	case Reply:
		q := &x.Questions[slices.IndexFunc(x.Questions, func(q Asking) bool { return q.ID == b.Question })]
		if q.First.IsZero() {
			q.First = q.Answered
		}
		q.Answer, q.Answered = b.Text, now
	case Decision:
		x.Decisions = append(x.Decisions, Standing{Decision: b, Answer: b.answer, At: now})
	case Undoing:
		d := x.Decision()
		d.Undone = now
		x.stopWith(d, now, Reader)
	case Acceptance:
		x.Decision().Accepted = now
	case Response:
		d := x.Decision()
		d.Response, d.Responded = b.Text, now
	case Recording:
		x.record(b, now)
	default:
		x.applyTrial(e, b)
	}
}

// stopWith ends the trial that rested on a decision.
func (x *Exchange) stopWith(d *Standing, now time.Time, by Actor) {
	if t := x.Trial; t != nil && t.Next == nil && t.Stopped.IsZero() && !t.At.Before(d.At) {
		t.Stopped, t.StoppedBy = now, by
	}
}

// record adds an answer that was written down. One that stands in for another with
// the same terms stays accepted.
func (x *Exchange) record(b Recording, now time.Time) {
	d := Decision{Key: b.Key, Edition: len(x.Editions), Terms: b.Terms, Note: b.Note, Until: b.Until}
	next := Standing{Decision: d, Answer: b.Answer, At: now, On: b.On, Way: b.Way, Corrects: b.Corrects}
	if was := x.Decision(); was != nil {
		if was.Answer == b.Answer && was.Terms != nil && b.Terms != nil && was.Terms.Same(*b.Terms) {
			next.Accepted = was.Accepted
		}
		was.Corrected = now
		x.stopWith(was, now, Employee)
	}
	x.Decisions = append(x.Decisions, next)
}

// CorrectedBy are the answers that a decision stands in for, the latest first.
func (x *Exchange) CorrectedBy(d *Standing) []Standing {
	var all []Standing
	for id := d.Corrects; id != ""; {
		i := slices.IndexFunc(x.Decisions, func(was Standing) bool { return was.ID == id })
		if i < 0 {
			break
		}
		all, id = append(all, x.Decisions[i]), x.Decisions[i].Corrects
	}
	return all
}

func (x *Exchange) applyTrial(e Entry, b Body) {
	now := e.Line.Time
	switch b := b.(type) {
	case Planning:
		x.Trial = &Trial{Planning: b, At: now, Before: x.Trial}
	case Confirmation:
		x.Trial.Confirmed, x.Trial.Word = now, b.Word
	case Report:
		x.Trial.Reports = append(x.Trial.Reports, b)
	case Stop:
		x.Trial.Stopped, x.Trial.StoppedBy, x.Trial.StopNote = now, e.Line.Actor, b.Note
	case Next:
		x.Trial.Next, x.Trial.NextAt = &b, now
	}
}

// refuse is an act that may not follow.
func refuse(code fault.Code, say string, args ...any) *fault.Error {
	return fault.New(fault.Conflict, code, say, args...)
}
