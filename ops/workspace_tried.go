package ops

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/packet"
	"homecase/plan"
	"homecase/share"
)

// Proposed is a plan before it leaves: exactly what will.
type Proposed struct {
	share.Planning
	Document packet.Document // the plan as its reader sees it
	// Mark names all of it: what is sent is what was shown.
	Mark string
	raw  []byte
}

// Bytes is how large the plan and its document are.
func (p *Proposed) Bytes() int { return len(p.Plan) + len(p.raw) }

// PreparePlan returns the frozen plan with its seal, and as its reader will see
// it, as it would leave. Once the extension runs it is the plan of the extension.
func (w *Workspace) PreparePlan(ctx context.Context, o *Open) (*Proposed, error) {
	r, err := w.Round(ctx, o)
	if err != nil {
		return nil, err
	}
	text, err := r.Agreement.Canonical()
	if err != nil {
		return nil, err
	}
	p := &Proposed{Planning: share.Planning{Plan: string(text), PlanHash: share.Hash(text), Start: r.First(), Until: r.Last()}}
	if r.Extended {
		i := slices.IndexFunc(r.Days, func(d RoundDay) bool { return d.Extension })
		p.Start = r.Days[i].Date
	}
	if r.Sealed() { // a word is asked for while the days are not drawn
		hashes, err := w.Hashes(r)
		if err != nil {
			return nil, err
		}
		p.NonceHash = hashes.Nonce
	}
	p.Document, err = homecase.ComposePlanned(homecase.PlannedTrial{
		Person: o.Case.Person.Name, Boss: o.Case.Boss.Name, Locale: o.Case.Locale(), Plan: r.Agreement, Made: r.Agreed, Extended: r.Extended,
	})
	if err != nil {
		return nil, err
	}
	if p.raw, err = packet.Encode(p.Document); err != nil {
		return nil, err
	}
	p.Planning.Document = share.Hash(p.raw)
	mark, err := json.Marshal(p.Planning)
	p.Mark = share.Hash(mark)
	return p, err
}

// SendPlan sends the plan that was shown under a mark, for the reader to agree
// to. The reader's word comes back and goes into the draw. Where another plan is
// agreed to and runs at the office, it ends there first, with the words of note.
func (w *Workspace) SendPlan(ctx context.Context, o *Open, mark, note string) (*Shared, error) {
	if err := o.Case.MayAsk(dayOf(w.Desk)); err != nil {
		return nil, err
	}
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	p, err := w.PreparePlan(ctx, o)
	if err != nil {
		return nil, err
	}
	if p.Mark != mark {
		return nil, fault.New(fault.Conflict, codeShown, "The plan is no longer what this page showed, so nothing was sent.").Then("Look at it again.")
	}
	if s.TrialOf(p) != nil { // pressed twice, it is one plan
		return s, nil
	}
	var acts []outward
	if s.Ahead.Trial.Running() {
		id, err := w.newID()
		if err != nil {
			return nil, err
		}
		acts = append(acts, outward{body: share.Stop{Key: share.Key{ID: id}, Note: note}})
	}
	if p.ID, err = w.newID(); err != nil {
		return nil, err
	}
	raw := share.Blob{Hash: p.Planning.Document, Media: "application/json", Bytes: p.raw, Made: w.Now().UTC()}
	return w.send(ctx, o.ID, append(acts, outward{body: p.Planning, files: []share.Blob{raw}})...)
}

// Reporting is a report before it leaves: exactly what will.
type Reporting struct {
	share.Report
	Document *packet.Document // the trial as it stands; nil before the first day
	raw      []byte
}

// PrepareReport returns the note of a week as it was approved, with the trial as
// it stands.
func (w *Workspace) PrepareReport(ctx context.Context, o *Open, monday day.Date) (*Reporting, error) {
	r, err := w.Round(ctx, o)
	if err != nil {
		return nil, err
	}
	n, ok := r.Note(monday)
	if !ok || n.Skipped {
		return nil, fault.New(fault.Missing, codeDay, "The note of this week was not approved yet.")
	}
	return w.reporting(o, r, share.Report{Monday: monday, Note: printable(n.Text)})
}

// PrepareEnd returns the report that ends the trial, with the ways that may follow.
func (w *Workspace) PrepareEnd(ctx context.Context, o *Open, note string) (*Reporting, error) {
	r, err := w.Round(ctx, o)
	if err != nil {
		return nil, err
	}
	ends, err := w.Endings(o, r)
	if err != nil {
		return nil, err
	}
	b := share.Report{Monday: r.Today.Monday(), Note: printable(note)}
	for _, e := range ends {
		if e.Allowed {
			b.Ways = append(b.Ways, string(e.Way))
		}
	}
	return w.reporting(o, r, b)
}

func (w *Workspace) reporting(o *Open, r *Round, b share.Report) (*Reporting, error) {
	out := &Reporting{Report: b}
	reading, err := w.Reading(o, r)
	if err != nil || reading == nil {
		return out, err
	}
	if out.raw, err = packet.Encode(reading.Document); err != nil {
		return nil, err
	}
	out.Document, out.Report.Document = &reading.Document, share.Hash(out.raw)
	return out, nil
}

// Bytes is how large the document is.
func (r *Reporting) Bytes() int { return len(r.raw) }

// SendReport sends a Friday note as it was approved, with the trial as it stands.
func (w *Workspace) SendReport(ctx context.Context, o *Open, monday day.Date) (*Shared, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	r, err := w.PrepareReport(ctx, o, monday)
	if err != nil {
		return nil, err
	}
	if Reported(s.Ahead, monday, r.Note) { // pressed twice, it is one note
		return s, nil
	}
	return w.handReport(ctx, o, r)
}

// Reported tells whether a note stands in a record in these words.
func Reported(x *share.Exchange, monday day.Date, note string) bool {
	if x.Trial == nil {
		return false
	}
	for _, r := range x.Trial.Reports {
		if r.Monday == monday && r.Note == printable(note) && len(r.Ways) == 0 {
			return true
		}
	}
	return false
}

// SendEnd sends the report that ends the trial. What follows is for the reader
// to say, among the ways that were agreed.
func (w *Workspace) SendEnd(ctx context.Context, o *Open, note string) (*Shared, error) {
	r, err := w.PrepareEnd(ctx, o, note)
	if err != nil {
		return nil, err
	}
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if t := s.Ahead.Trial; t != nil && len(t.Reports) > 0 {
		if last := t.Reports[len(t.Reports)-1]; last.Note == r.Report.Note && slices.Equal(last.Ways, r.Ways) && len(r.Ways) > 0 {
			return s, nil // pressed twice, it is one end
		}
	}
	if len(r.Ways) == 0 {
		return nil, fault.New(fault.Finding, codeEnd, "No way to go on is open yet.").Then("See the end of the trial for the reasons.")
	}
	return w.handReport(ctx, o, r)
}

func (w *Workspace) handReport(ctx context.Context, o *Open, r *Reporting) (*Shared, error) {
	var files []share.Blob
	if r.Document != nil {
		files = append(files, share.Blob{Hash: r.Report.Document, Media: "application/json", Bytes: r.raw, Made: w.Now().UTC()})
	}
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { r.Key = k; return r.Report }, files...)
}

// StopTrial tells the office that the person ends the trial.
func (w *Workspace) StopTrial(ctx context.Context, o *Open, note string) (*Shared, error) {
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { return share.Stop{Key: k, Note: strings.TrimSpace(note)} })
}

// carryTrial takes what both agreed on the trial into the case.
func (w *Workspace) carryTrial(ctx context.Context, o *Open, x *share.Exchange) error {
	t := x.Trial
	if t == nil || o.Course.Trial == nil {
		return nil
	}
	r, err := w.Round(ctx, o)
	if err != nil {
		return err
	}
	text, err := r.Agreement.Canonical()
	if err != nil {
		return err
	}
	if share.Hash(text) != t.PlanHash || t.Until != r.Last() {
		return nil // another trial than the one of the record, or its extension
	}
	switch {
	case t.Confirmed.IsZero():
		return nil
	case r.Sealed():
		_, err = w.DrawRound(ctx, o, t.Word)
	case !t.Stopped.IsZero():
		_, err = w.EndRound(ctx, o, plan.GiveUp)
	case t.Next != nil:
		_, err = w.EndRound(ctx, o, plan.Way(t.Next.Way))
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Finding:
		return nil // its own page says why, and what to do
	}
	return err
}

// TrialOf is the trial of the record where it is the one that runs here; nil
// where the record has another, or has not got as far as its extension.
func (s *Shared) TrialOf(p *Proposed) *share.Trial {
	if t := s.Ahead.Trial; t != nil && t.PlanHash == p.PlanHash && t.Until == p.Until && (t.Stopped.IsZero() || t.Confirmed.IsZero()) {
		return t
	}
	return nil
}
