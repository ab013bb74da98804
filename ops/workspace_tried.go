package ops

import (
	"context"
	"slices"
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/packet"
	"homecase/plan"
	"homecase/share"
)

// PreparePlan returns the frozen plan with its seal, as it would leave.
func (w *Workspace) PreparePlan(ctx context.Context, o *Open) (*share.Planning, error) {
	r, err := w.Round(ctx, o)
	if err != nil {
		return nil, err
	}
	text, err := r.Agreement.Canonical()
	if err != nil {
		return nil, err
	}
	p := &share.Planning{Plan: string(text), PlanHash: share.Hash(text), Start: r.First(), Until: r.Last()}
	if r.Sealed() {
		hashes, err := w.Hashes(r)
		if err != nil {
			return nil, err
		}
		p.NonceHash = hashes.Nonce
	} else if d := r.Agreement.Drawn; d != nil {
		p.NonceHash = d.Nonce
	}
	return p, nil
}

// SendPlan sends the frozen plan with its seal, for the reader to agree to. The
// reader's word comes back and goes into the draw.
func (w *Workspace) SendPlan(ctx context.Context, o *Open, hash string) (*Shared, error) {
	if err := o.Case.MayAsk(dayOf(w.Desk)); err != nil {
		return nil, err
	}
	p, err := w.PreparePlan(ctx, o)
	if err != nil {
		return nil, err
	}
	if p.PlanHash != hash {
		return nil, fault.New(fault.Conflict, codeShown, "The plan is no longer what this page showed, so nothing was sent.").Then("Look at it again.")
	}
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { p.Key = k; return *p })
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
	if share.Hash(text) != t.PlanHash {
		return nil // another trial than the one of the record
	}
	switch {
	case t.Confirmed.IsZero():
		return nil
	case r.Sealed():
		_, err = w.DrawRound(ctx, o, t.Word)
	case !t.Stopped.IsZero():
		_, err = w.EndRound(ctx, o, plan.GiveUp)
	case t.Next != nil && !(plan.Way(t.Next.Way) == plan.Lengthen && r.Extended):
		_, err = w.EndRound(ctx, o, plan.Way(t.Next.Way))
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Finding:
		return nil // its own page says why, and what to do
	}
	return err
}

// TrialOf tells whether the trial of the record is the one that runs here.
func (s *Shared) TrialOf(p *share.Planning) *share.Trial {
	if t := s.Ahead.Trial; t != nil && p != nil && t.PlanHash == p.PlanHash {
		return t
	}
	return nil
}
