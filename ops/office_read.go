package ops

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/packet"
	"homecase/policy"
	"homecase/share"
)

// Visit is a case as whoever holds a link sees it.
type Visit struct {
	Org      string
	Open     share.OpenLink
	Exchange *share.Exchange // shared: it must not be changed
	Link     *share.Link
	Edition  *share.Edition // the newest
	State    share.State
	Now      time.Time

	law func() *Law // read once
}

// nowhere is an organisation that cannot be: its id is no base 32 of five bytes.
const nowhere = "00000000"

// NoLink is the one answer for a link that is not known, was ended, is over, or
// whose case was taken back or erased.
func NoLink() error {
	return fault.New(fault.Missing, "HC-READ-01", "This link opens nothing.")
}

// Read returns what a link opens. A link that opens nothing is the same fault
// whatever the reason, after the same look-up.
func (o *Office) Read(ctx context.Context, token string) (*Visit, error) {
	org, hash := splitToken(token)
	open, err := o.Store.LinkByToken(ctx, org, hash, o.Now())
	if err != nil {
		return nil, o.found(org, hash, err)
	}
	return o.visit(ctx, org, open)
}

// visit is what an open link shows.
func (o *Office) visit(ctx context.Context, org string, open *share.OpenLink) (*Visit, error) {
	x, err := o.exchangeAt(ctx, org, open.Head)
	if err != nil {
		return nil, err
	}
	r := &Visit{Org: org, Open: *open, Exchange: x, Link: x.Link(open.Link), Edition: x.Edition(), Now: o.Now().UTC()}
	r.State, r.law = x.State(r.Now), sync.OnceValue(r.lawOf)
	if r.Link == nil || r.Edition == nil || !r.Link.Holds(r.Now) || r.State == share.IsErased || r.State == share.IsWithdrawn {
		return nil, NoLink()
	}
	return r, nil
}

// NewID makes the id of an act, for the form that will do it.
func (o *Office) NewID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(o.Random, b[:]); err != nil {
		return "", fault.New(fault.Internal, "HC-READ-02", "This computer gave no random numbers.").Because(err)
	}
	return hex.EncodeToString(b[:]), nil
}

// Document returns a document that an edition, a plan or a report names.
func (o *Office) Document(ctx context.Context, r *Visit, hash string) (packet.Document, error) {
	blob, err := o.Store.Blob(ctx, r.Org, r.Open.Case, hash)
	if err == nil {
		d, bad := packet.Decode(blob.Bytes)
		if bad == nil {
			return d, nil
		}
		err = bad
	} else if fault.KindOf(err) != fault.Missing {
		return packet.Document{}, err
	}
	// The link is good: that what it opens is not there is our fault, and no dead link.
	return packet.Document{}, fault.New(fault.Internal, "HC-READ-03", "This document cannot be shown.").Because(err)
}

// File returns a file of the newest edition, or of the trial's latest report.
func (o *Office) File(ctx context.Context, r *Visit, name string) (*share.Blob, error) {
	files := slices.Clone(r.Edition.Files)
	if t := r.Exchange.Trial; t != nil && len(t.Reports) > 0 {
		files = append(files, t.Reports[len(t.Reports)-1].Files...)
	}
	i := slices.IndexFunc(files, func(f share.File) bool { return f.Name == name })
	if i < 0 {
		return nil, NoLink()
	}
	return o.Store.Blob(ctx, r.Org, r.Open.Case, files[i].SHA256)
}

// RecordFor returns the whole record of a case to whoever may read it.
func (o *Office) RecordFor(ctx context.Context, r *Visit) (*share.Record, error) {
	return o.Record(ctx, r.Org, r.Open.Case)
}

// Law is the law that an edition was asked under, as its pack knows it.
type Law struct {
	Regime policy.Regime
	Named  string // as the edition names it
	// Known is false where this office has no pack that speaks for the day.
	Known bool
	// Refuses tells that Not now is a refusal under this law.
	Refuses bool
	// Times are the clocks; nil where none can be counted, and WhyNot says why.
	Times  *policy.Timetable
	WhyNot string
}

// Law returns the law of the newest edition; nil for an informal ask.
func (r *Visit) Law() *Law { return r.law() }

func (r *Visit) lawOf() *Law {
	route := r.Edition.Route
	if route.Regime == "" {
		return nil
	}
	dates := policy.Dates{Made: route.Made, Received: r.received(), Start: r.Edition.Terms.Start}
	if d := r.Exchange.Decision(); d != nil && d.Answer != share.Countered {
		dates.Decided = day.Of(d.At)
	}
	if dates.Made.After(dates.Received) {
		dates.Made = dates.Received
	}
	if !dates.Start.IsZero() && dates.Start.Before(dates.Received) {
		dates.Start = day.Date{}
	}
	law := &Law{Named: route.Regime}
	regime, err := policy.At(route.Regime, dates.Received)
	if err != nil {
		law.WhyNot = saying(err)
		return law
	}
	law.Regime, law.Known, law.Refuses = regime, true, regime.Refuses()
	times, err := regime.Plan(dates)
	if err != nil {
		law.WhyNot = saying(err)
		return law
	}
	law.Times = &times
	return law
}

// received is the day on which the request reached the employer: as the edition
// says, or the day the first of its editions could be read here.
func (r *Visit) received() day.Date {
	route := r.Edition.Route
	if !route.Received.IsZero() {
		return route.Received
	}
	on := day.Of(r.Edition.At)
	for _, e := range slices.Backward(r.Exchange.Editions) {
		if e.Route != route {
			break
		}
		on = day.Of(e.At)
	}
	return on
}

// saying is the sentence of a fault, without its place.
func saying(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Say
	}
	return ""
}

// typed is what a person typed, with the line ends of this computer and without
// what no page can print.
func typed(s string) string {
	return strings.TrimSpace(content.Printable(strings.ReplaceAll(s, "\r\n", "\n")))
}

// oneLine is text that stands on one line, cut where it is longer than a heading may be.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(typed(s)), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:199]) + "…"
	}
	return s
}

// Asked is a question as a reader typed it.
type Asked struct {
	ID    string // of the form
	At    string // the id of a section or question; empty asks about the whole
	Text  string
	Email string // where the answer is to be sent besides; empty for nowhere
}

// Ask puts a question to the person.
func (o *Office) Ask(ctx context.Context, token string, q Asked) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	b := share.Question{Key: share.Key{ID: q.ID}, Link: r.Open.Link, Edition: r.Edition.Publication.Edition, Text: typed(q.Text)}
	if slices.ContainsFunc(r.Exchange.Questions, func(was share.Asking) bool { return was.ID == b.ID && was.Link == b.Link && was.Text == b.Text }) {
		return nil // it is sent again, and there may be a newer edition since
	}
	if q.At != "" {
		d, err := o.Document(ctx, r, r.Edition.Document)
		if err != nil {
			return err
		}
		if about, ok := d.Heading(q.At); ok {
			b.At, b.About = q.At, oneLine(about)
		}
	}
	if to := strings.TrimSpace(q.Email); to != "" {
		return o.asReaderWith(ctx, r, b, o.WatchAnswer(b.Link, b.ID, to))
	}
	return o.asReader(ctx, r, b)
}

// Answer is a decision as a reader gave it.
type Answer struct {
	ID        string // of the form
	Edition   int    // the one that was read
	Answer    share.Act
	Statement string // what was ticked
	Note      string
	Terms     *share.Terms // of Change it
	Reason    string       // of Not now
	Until     day.Date     // of Not now
	Grounds   []string     // of a refusal under a law
	Notice    map[string]string
}

// Decide records an answer. Under a law, Not now is a refusal: it names one of the
// law's grounds and says what its notice must say, or it is not taken.
func (o *Office) Decide(ctx context.Context, token string, a Answer) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	b := share.Decision{
		Key: share.Key{ID: a.ID}, Link: r.Open.Link, Edition: a.Edition, Statement: a.Statement, Note: typed(a.Note),
		Terms: a.Terms, Reason: typed(a.Reason), Until: a.Until,
	}
	if strings.TrimSpace(a.Statement) == "" {
		return fault.New(fault.Invalid, "HC-READ-04", "An answer needs its statement ticked.").At(fault.Place{Path: "statement"})
	}
	if err := o.refusal(r, a, &b); err != nil {
		return err
	}
	return o.asReader(ctx, r, b.Answering(a.Answer))
}

// refusal looks at what a Not now says under a law, and takes it over.
func (o *Office) refusal(r *Visit, a Answer, b *share.Decision) error {
	law := r.Law()
	if a.Answer != share.Deferred || law == nil || !law.Refuses {
		if len(a.Grounds) > 0 || len(a.Notice) > 0 {
			return fault.New(fault.Invalid, "HC-READ-05", "Grounds and a notice belong to a refusal under a law.").At(fault.Place{Path: "grounds"})
		}
		return nil
	}
	if !a.Until.IsZero() {
		return fault.New(fault.Invalid, "HC-READ-06", "Under this law Not now is a refusal, and a refusal has no day to ask again.").At(fault.Place{Path: "until"})
	}
	words := noticeWords(a.Notice)
	if err := CheckRefusal(law, a.Grounds, a.Notice); err != nil {
		return err
	}
	b.Grounds = a.Grounds
	for _, s := range law.Regime.WordsOfNotice(a.Grounds) {
		b.Notice = append(b.Notice, share.Said{ID: s.ID, Text: words[s.ID]})
	}
	return nil
}

// CheckRefusal names what a refusal under a law lacks.
func CheckRefusal(law *Law, grounds []string, notice map[string]string) error {
	return law.Regime.CheckRefusal(policy.Refusal{Grounds: grounds, Words: noticeWords(notice)}).OrNil()
}

// noticeWords are the statements of a notice that hold words.
func noticeWords(notice map[string]string) map[string]string {
	words := map[string]string{}
	for id, text := range notice {
		if text = typed(text); text != "" {
			words[id] = text
		}
	}
	return words
}

// IsAddress tells whether somebody typed an e-mail address.
func IsAddress(s string) bool {
	_, err := mail.Typed(s)
	return err == nil
}

// Undo takes the reader's own decision back.
func (o *Office) Undo(ctx context.Context, token, id, decision string) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	return o.asReader(ctx, r, share.Undoing{Key: share.Key{ID: id}, Link: r.Open.Link, Decision: decision})
}

// ConfirmPlan agrees to the frozen plan of a trial. The word goes into its lottery.
func (o *Office) ConfirmPlan(ctx context.Context, token, id, planning, word string) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	if t := r.Exchange.Trial; t != nil && t.ID == planning && t.Document == "" {
		return fault.New(fault.Conflict, "HC-READ-07", "This plan came without a page to read, so there is nothing to agree to.").Then("Ask for it to be sent again.")
	}
	return o.asReader(ctx, r, share.Confirmation{Key: share.Key{ID: id}, Link: r.Open.Link, Planning: planning, Word: oneLine(word)})
}

// StopTrial ends a trial before its end.
func (o *Office) StopTrial(ctx context.Context, token, id, note string) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	return o.asReader(ctx, r, share.Stop{Key: share.Key{ID: id}, Link: r.Open.Link, Note: typed(note)})
}

// DecideTrial says what follows a trial.
func (o *Office) DecideTrial(ctx context.Context, token, id, way, note string) error {
	r, err := o.Read(ctx, token)
	if err != nil {
		return err
	}
	return o.asReader(ctx, r, share.Next{Key: share.Key{ID: id}, Link: r.Open.Link, Way: way, Note: typed(note)})
}

// asReader writes an act of whoever holds the link.
func (o *Office) asReader(ctx context.Context, r *Visit, b share.Body) error {
	return o.asReaderWith(ctx, r, b, nil)
}

// asReaderWith is asReader with what hangs on the act.
func (o *Office) asReaderWith(ctx context.Context, r *Visit, b share.Body, beside func(*share.Exchange, *share.Append) error) error {
	raw, err := share.Encode(b)
	if err != nil {
		return err
	}
	_, err = o.Act(ctx, r.Org, r.Open.Case, Acting{Actor: share.Reader, Act: share.ActOf(b), Raw: raw, Head: &r.Open.Head, Beside: beside})
	if fault.CodeOf(err) == "HC-SHARE-34" { // it ended between reading and writing
		return NoLink()
	}
	return err
}
