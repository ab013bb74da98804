package ops

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/share"
)

// fetchPage is how many lines are asked for at once.
const fetchPage = 500

// The waits between tries of a workspace that asks by itself.
const (
	shortest = time.Minute
	longest  = time.Hour
	askEvery = 5 * time.Minute // while all goes well
)

// pause is how long to wait after so many failures in a row.
func pause(times int) time.Duration {
	p := shortest
	for ; times > 1 && p < longest; times-- {
		p *= 2
	}
	return min(p, longest)
}

// sending is one talk with the office about one case.
type sending struct {
	w *Workspace
	Courier
	*Shared
	id string
}

// talk begins to speak with the office about a case. The caller holds posting.
func (w *Workspace) talk(ctx context.Context, id string) (*sending, error) {
	s, err := w.Shared(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Halt != "":
		return nil, fault.New(fault.Finding, Halted, "%s", s.Halt).Then("Save the record with its evidence, and ask the office what happened.")
	case s.Office == nil || !s.Office.Done():
		return nil, noOffice()
	case !s.Sharing.Erased.IsZero():
		return nil, wasErased()
	case !s.Paired():
		return nil, fault.New(fault.Conflict, codeOffice, "This case is shared at %s, and this workspace is paired with another office.", s.Sharing.Address).Then("Begin a new case for the other office.")
	}
	c, err := w.courier(s.Office)
	if err != nil {
		return nil, err
	}
	return &sending{w: w, Courier: c, Shared: s, id: id}, nil
}

// outward is an act with what goes along with it.
type outward struct {
	body  share.Body
	files []share.Blob
	token string
	email *LinkEmail
}

// send puts acts on their way, in their order: into the outbox first, then to
// the office. An office that gives no answer is no fault: the acts wait. Where
// it refuses one, that one is taken out again and its fault returned.
func (w *Workspace) send(ctx context.Context, id string, acts ...outward) (*Shared, error) {
	w.posting.Lock()
	defer w.posting.Unlock()
	t, err := w.talk(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		if err := t.put(ctx, a); err != nil {
			return nil, err
		}
	}
	if err := t.round(ctx); err != nil && fault.KindOf(err) != fault.Away {
		return nil, err
	}
	var no error
	for _, o := range t.Outbox {
		if i := slices.IndexFunc(acts, func(a outward) bool { return share.IDOf(a.body) == o.ID }); i >= 0 && o.Refusal != "" {
			if no == nil {
				no = fault.New(fault.Conflict, codeLeave, "The office did not take this: %s", o.Refusal)
			}
			if err := w.Store.TakeOut(ctx, id, o.ID); err != nil {
				return nil, err
			}
		}
	}
	if no != nil {
		return nil, no
	}
	return w.Shared(ctx, id)
}

// put keeps an act in the outbox, after looking whether it may follow.
func (t *sending) put(ctx context.Context, a outward) error {
	now := t.w.lineTime(t.Ahead)
	if err := t.Ahead.Check(share.Employee, a.body, now); err != nil {
		return err
	}
	raw, err := share.Encode(a.body)
	if err != nil {
		return err
	}
	act := share.ActOf(a.body)
	o := homecase.Outgoing{ID: share.IDOf(a.body), Act: act, Body: raw, Token: a.token, Made: t.w.Now().UTC(), Signature: share.Sign(ed25519.NewKeyFromSeed(t.Office.Key), t.id, act, raw)}
	if a.email != nil {
		if o.Email, err = json.Marshal(a.email); err != nil {
			return err
		}
	}
	if t.Sharing.Address == "" {
		t.Sharing.Address, t.Sharing.Org, t.Sharing.OfficeKey = t.Office.Address, t.Office.Org, t.Office.OfficeKey
		if err := t.w.Store.SetSharing(ctx, t.id, t.Sharing); err != nil {
			return err
		}
	}
	if err := t.w.Store.PutOut(ctx, t.id, o, a.files); err != nil {
		return err
	}
	return t.again(ctx)
}

// again reads what the store has by now.
func (t *sending) again(ctx context.Context) error {
	s, err := t.w.Shared(ctx, t.id)
	if err == nil {
		t.Shared = s
	}
	return err
}

// Fetch sends what waits and fetches what is new. Away says that the office gave
// no answer; nothing is lost by it.
func (w *Workspace) Fetch(ctx context.Context, id string) (*Shared, error) {
	w.posting.Lock()
	defer w.posting.Unlock()
	t, err := w.talk(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := t.round(ctx); err != nil {
		return nil, err
	}
	return w.Shared(ctx, id)
}

// round sends the outbox, fetches what is new, and carries it into the case.
func (t *sending) round(ctx context.Context) error {
	err := t.deliver(ctx)
	if err == nil && t.N > 0 {
		err = t.pull(ctx)
	}
	var heard heard
	if err == nil && len(t.Links) > 0 {
		if heard.mail, err = t.mailed(ctx); err == nil {
			heard.seen, err = t.seen(ctx)
		}
	}
	if err = t.note(ctx, err, heard); err != nil {
		return err
	}
	return t.w.carry(ctx, t.id)
}

// heard is what the office says beside the record.
type heard struct {
	mail []homecase.Mailed
	seen []homecase.Seen
}

// mailed asks what became of the e-mails the office sent.
func (t *sending) mailed(ctx context.Context) ([]homecase.Mailed, error) {
	all, err := t.Courier.Mail(ctx, t.Office.Org, t.id)
	out := make([]homecase.Mailed, 0, len(all))
	for _, m := range all {
		out = append(out, homecase.Mailed{About: content.Printable(m.About), To: content.Printable(m.To), Made: m.Made, Sent: m.Sent, Why: content.Printable(m.Why), Dead: m.Dead})
	}
	return out, err
}

// note keeps whether the office answered, and what it said beside the record.
func (t *sending) note(ctx context.Context, failed error, heard heard) error {
	if failed == nil && t.Sharing.Address == "" {
		return nil // nothing was asked
	}
	s, err := t.w.Store.Sharing(ctx, t.id)
	if err != nil {
		return errors.Join(failed, err)
	}
	now := t.w.Now().UTC()
	switch {
	case s.Halt != "":
	case failed != nil:
		s.Failed, s.Why, s.Times = now, faultWords(failed), s.Times+1
	default:
		s.Fetched, s.Failed, s.Why, s.Times, s.Mail, s.Seen = now, time.Time{}, "", 0, heard.mail, heard.seen
	}
	if err := t.w.Store.SetSharing(context.WithoutCancel(ctx), t.id, s); err != nil {
		return errors.Join(failed, err)
	}
	t.Sharing = s
	if failed != nil {
		return failed
	}
	return t.again(ctx)
}

// faultWords are the sentences of a fault.
func faultWords(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "The office gave no answer."
	}
	if f.Next != "" && f.Kind != fault.Away { // what to do then is said by the page
		return f.Say + " " + f.Next
	}
	return f.Say
}

// deliver hands the acts of the outbox over, in their order.
func (t *sending) deliver(ctx context.Context) error {
	for _, o := range t.Outbox {
		if o.Refusal != "" {
			continue
		}
		if t.Line(o.ID) == 0 {
			if err := t.hand(ctx, o); err != nil {
				return err
			}
		} else if err := t.w.Store.KeepLines(ctx, t.id, nil, []string{o.ID}); err != nil {
			return err
		}
		if err := t.again(ctx); err != nil {
			return err
		}
	}
	return nil
}

// hand hands one act over with its files, and keeps the line it was written in.
func (t *sending) hand(ctx context.Context, o homecase.Outgoing) error {
	d, err := t.depart(ctx, o)
	if err != nil {
		return err
	}
	e, err := t.handOver(ctx, o, *d)
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Finding, fault.Conflict:
		if err != nil { // the office's own answer, and it will be the same again
			return t.w.Store.Refused(ctx, t.id, o.ID, faultWords(err))
		}
	}
	if err != nil {
		return err
	}
	if e.Raw, err = content.Canonical(e.Raw); err != nil || share.Hash(e.Raw) != share.Hash(o.Body) || e.Line.Act != o.Act || e.Line.Actor != share.Employee {
		return t.halt(ctx, "The office answered with a line that is not what was sent to it.", []share.Entry{e})
	}
	if e.Line.N == t.N+1 {
		return t.keep(ctx, []share.Entry{e})
	}
	if err := t.pull(ctx); err != nil {
		return err
	}
	if t.Line(o.ID) == 0 {
		return t.halt(ctx, "The office says that it wrote a line, and its record does not have it.", []share.Entry{e})
	}
	return nil
}

// handOver hands the files over that the office lacks, and then the act.
func (t *sending) handOver(ctx context.Context, o homecase.Outgoing, d Delivery) (share.Entry, error) {
	body, err := share.Decode(o.Act, o.Body)
	if err != nil {
		return share.Entry{}, err
	}
	if hashes := share.BlobsOf(body); len(hashes) > 0 {
		missing, err := t.Missing(ctx, t.Office.Org, t.id, hashes)
		if err != nil {
			return share.Entry{}, err
		}
		for _, hash := range hashes {
			if !slices.Contains(missing, hash) {
				continue
			}
			b, err := t.w.Store.SharedFile(ctx, t.id, hash)
			if err != nil {
				return share.Entry{}, err
			}
			if err := t.Put(ctx, t.Office.Org, t.id, *b); err != nil {
				return share.Entry{}, err
			}
		}
	}
	return t.Act(ctx, t.Office.Org, t.id, d)
}

// keep adds lines that follow to the record here, and takes out of the outbox
// what stands in them.
func (t *sending) keep(ctx context.Context, lines []share.Entry) error {
	office, err := share.PublicKey(t.OfficeKey)
	if err != nil {
		return err
	}
	x, err := t.w.fold(ctx, t.id)
	if err != nil {
		return err
	}
	x = x.Clone()
	for i := range lines {
		if lines[i].Raw != nil {
			if lines[i].Raw, err = content.Canonical(lines[i].Raw); err != nil {
				return t.halt(ctx, "The office sent a line that cannot be read.", lines)
			}
		}
		err := x.Apply(lines[i])
		if err == nil {
			err = lines[i].CheckCountersigned(office, t.id)
		}
		if err != nil {
			return t.halt(ctx, "Line "+strconv.FormatInt(lines[i].Line.N, 10)+" of the office's record does not fit what came before: "+err.Error()+".", lines)
		}
	}
	var done []string
	for _, o := range t.Outbox {
		if x.Line(o.ID) > 0 {
			done = append(done, o.ID)
		}
	}
	if err := t.w.Store.KeepLines(ctx, t.id, lines, done); err != nil {
		return err
	}
	t.w.folded(x)
	return t.again(ctx)
}

// pull fetches the lines that are new.
func (t *sending) pull(ctx context.Context) error {
	for {
		b, err := t.Entries(ctx, t.Office.Org, t.id, t.N, fetchPage)
		if err != nil {
			return err
		}
		switch {
		case b.Head.N < t.N:
			return t.halt(ctx, "The office's record ends before lines that it gave out earlier.", b)
		case b.Head.N == t.N && b.Head.Hash != t.Head:
			return t.halt(ctx, "The office's record is another one than it gave out earlier.", b)
		case len(b.Entries) == 0 && b.Head.N > t.N:
			return t.halt(ctx, "The office's record has lines that it does not give out.", b)
		case len(b.Entries) == 0:
			return nil
		}
		if err := t.keep(ctx, b.Entries); err != nil {
			return err
		}
		if t.N >= b.Head.N {
			return nil
		}
	}
}

// halt stops everything about the case for good, and keeps what the office gave.
func (t *sending) halt(ctx context.Context, why string, evidence any) error {
	text, err := content.JSON(struct {
		After    int64  `json:"after"` // the last line that is kept here
		Head     string `json:"head"`  // its hash
		Evidence any    `json:"evidence"`
	}{t.N, t.Head, evidence}, "  ")
	if err != nil {
		return err
	}
	s, err := t.w.Store.Sharing(ctx, t.id)
	if err != nil {
		return err
	}
	s.Halt, s.Evidence = content.Printable(why), text
	if err := t.w.Store.SetSharing(context.WithoutCancel(ctx), t.id, s); err != nil {
		return err
	}
	return fault.New(fault.Finding, Halted, "%s Nothing is sent or fetched any more.", s.Halt).Then("Save the record with its evidence, and ask the office what happened.")
}

// FetchWhile looks for answers by itself until ctx is done, where the person
// switched that on. tick says when to look whether it is time.
func (w *Workspace) FetchWhile(ctx context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
			w.fetchDue(ctx)
		}
	}
}

// fetchDue asks for the cases whose time has come. What goes wrong is kept with
// the case, for its pages to say.
func (w *Workspace) fetchDue(ctx context.Context) {
	p, err := w.Store.Pairing(ctx)
	if err != nil || !p.Fetch || !p.Done() {
		return
	}
	cases, err := w.Store.Cases(ctx)
	if err != nil {
		return
	}
	for _, c := range cases {
		s, err := w.Store.Sharing(ctx, c.ID)
		if err != nil || s.Address == "" || s.Halt != "" || !s.Erased.IsZero() {
			continue
		}
		due := s.Fetched.Add(askEvery)
		if s.Why != "" {
			due = s.Failed.Add(pause(s.Times))
		}
		if !w.Now().Before(due) {
			_, _ = w.Fetch(ctx, c.ID) // its pages say what went wrong
		}
	}
}
