package ops

import (
	"context"
	"encoding/json"

	"homecase/day"
	"homecase/fault"
	"homecase/plan"
	"homecase/share"
)

// Recorded writes an answer down that came by e-mail, on paper or in talk; with
// Corrects it stands in for one that was written down wrongly. The same again is
// the line that stands.
func (w *Workspace) Recorded(ctx context.Context, o *Open, r share.Recording) (*Shared, error) {
	return w.recorded(ctx, o, r, false)
}

// recorded is Recorded. Changes that were agreed to in the same talk are accepted with it.
func (w *Workspace) recorded(ctx context.Context, o *Open, r share.Recording, accepted bool) (*Shared, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if d := s.Ahead.Decision(); d != nil && says(d, r) && d.Note == r.Note && d.Way == r.Way && (!accepted || !d.Accepted.IsZero()) {
		return s, nil
	}
	if r.ID, err = w.newID(); err != nil {
		return nil, err
	}
	acts := []outward{{body: r}}
	if accepted {
		yes := share.Acceptance{Decision: r.ID}
		if yes.ID, err = w.newID(); err != nil {
			return nil, err
		}
		acts = append(acts, outward{body: yes})
	}
	return w.send(ctx, o.ID, acts...)
}

// says tells whether a decision was written down with the same answer, day and terms.
func says(d *share.Standing, r share.Recording) bool {
	terms := d.Terms == nil && r.Terms == nil || d.Terms != nil && r.Terms != nil && d.Terms.Same(*r.Terms)
	return d.Way != "" && d.Answer == r.Answer && d.On == r.On && d.Until == r.Until && terms
}

// Spoken is what was decided in a talk, as the office's record would have it.
type Spoken struct {
	share.Recording
	// Accepted tells that the changes were agreed to by both, so that they are
	// accepted with the same press.
	Accepted bool
	Asked    share.Terms     // what was asked for
	Was      *share.Standing // the answer that it corrects; nil where none was written down
	To, At   string          // whose office, and its address
	// Mark names all of it: what is sent is what was shown.
	Mark string
}

// Spoken returns what the case says was decided and the office's record does not;
// Missing where there is no such thing. What the other side answered by its link
// is never written down anew.
func (w *Workspace) Spoken(ctx context.Context, o *Open) (*Spoken, error) {
	none := fault.New(fault.Missing, codeAnswer, "There is nothing to tell the office.")
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	said, edition := o.Case.Plan.Outcome, s.Ahead.Edition()
	if !s.Paired() || s.Halt != "" || !s.Sharing.Erased.IsZero() || !s.Ahead.Withdrawn.IsZero() || edition == nil || said == nil || said.On.Before(day.Of(edition.At.Local())) {
		return nil, none
	}
	p := &Spoken{Recording: share.Recording{Way: "talk", On: said.On}, Asked: edition.Terms, To: s.Office.OrgName, At: s.Office.Address}
	switch said.How {
	case plan.Agreed:
		p.Answer = share.Agreed
	case plan.AgreedWithChanges:
		promised, err := o.Case.WithUsual()
		if err != nil {
			return nil, err
		}
		terms := TermsOf(promised)
		if p.Answer = share.Agreed; !terms.Same(edition.Terms) {
			p.Answer, p.Terms, p.Accepted = share.Countered, &terms, true
		}
	case plan.SaidNotNow:
		if p.Answer = share.Deferred; o.Case.Plan.NotNow != nil {
			p.Until = o.Case.Plan.NotNow.RetryOn()
		}
	default:
		return nil, none
	}
	if p.Was = s.Ahead.Decision(); p.Was != nil {
		if says(p.Was, p.Recording) && p.Accepted == !p.Was.Accepted.IsZero() {
			return nil, none
		}
		p.Corrects = p.Was.ID
	}
	trial := p.Recording
	trial.ID = "spoken"
	if s.Ahead.Check(share.Employee, trial, w.lineTime(s.Ahead)) != nil {
		return nil, none
	}
	mark, err := json.Marshal([]any{p.Recording, p.Accepted, p.At})
	if err != nil {
		return nil, err
	}
	p.Mark = share.Hash(mark)
	return p, nil
}

// Tell writes what was decided in a talk into the office's record, as it was shown
// under a mark. Of the person's own note of the talk nothing is sent.
func (w *Workspace) Tell(ctx context.Context, o *Open, mark, way, note string) (*Shared, error) {
	p, err := w.Spoken(ctx, o)
	if err != nil {
		return nil, err
	}
	if p.Mark != mark {
		return nil, fault.New(fault.Conflict, codeShown, "What would leave is no longer what this page showed, so nothing was sent.").Then("Look at it again.")
	}
	p.Way, p.Note = way, note
	return w.recorded(ctx, o, p.Recording, p.Accepted)
}
