package ops

import (
	"context"
	"time"

	"homecase"
	"homecase/content"
	"homecase/fault"
	"homecase/internal/press/mail"
)

// EraseShared has the office take out every word, file and link of a case. The
// chain of hashes stays there, and the record here stays as it is. Nothing can be
// shared of the case afterwards. It may be asked again at any time.
func (w *Workspace) EraseShared(ctx context.Context, o *Open) (*Shared, error) {
	w.posting.Lock()
	defer w.posting.Unlock()
	t, err := w.asking(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if err := w.departed(ctx, "erase:"+o.ID, o.ID, "That the office erases your case", t.Office.OrgName+", "+t.Office.Address, []byte(o.ID)); err != nil {
		return nil, err
	}
	if err := t.Courier.Erase(ctx, t.Office.Org, o.ID); err != nil {
		return nil, err
	}
	for _, out := range t.Outbox { // what was on its way has nowhere to go
		if err := w.Store.TakeOut(ctx, o.ID, out.ID); err != nil {
			return nil, err
		}
	}
	s, err := w.Store.Sharing(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	s.Erased, s.Failed, s.Why, s.Times, s.Mail, s.Seen, s.News = w.Now().UTC(), time.Time{}, "", 0, nil, nil, ""
	if err := w.Store.SetSharing(ctx, o.ID, s); err != nil {
		return nil, err
	}
	return w.Shared(ctx, o.ID)
}

// asking begins to ask the office about a case that it has, also where the record
// does not hold together. The caller holds posting.
func (w *Workspace) asking(ctx context.Context, id string) (*sending, error) {
	s, err := w.Shared(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Office == nil || !s.Paired() || s.N == 0 {
		return nil, noOffice()
	}
	c, err := w.courier(s.Office)
	return &sending{w: w, Courier: c, Shared: s, id: id}, err
}

// TellMe leaves an address at the office, which writes there when the other side
// asks or answers; an empty one takes it out.
func (w *Workspace) TellMe(ctx context.Context, o *Open, to string) (*Shared, error) {
	if to != "" {
		var err error
		if to, err = mail.Typed(to); err != nil {
			return nil, err
		}
	}
	w.posting.Lock()
	defer w.posting.Unlock()
	t, err := w.asking(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if !t.Sharing.Erased.IsZero() {
		return nil, wasErased()
	}
	if to != "" {
		if err := w.departed(ctx, "news:"+o.ID+":"+w.Now().UTC().Format(time.RFC3339Nano), o.ID, "Your e-mail address, for news of your case", t.Office.OrgName+", "+t.Office.Address, []byte(to)); err != nil {
			return nil, err
		}
	}
	if err := t.Courier.News(ctx, t.Office.Org, o.ID, to); err != nil {
		return nil, err
	}
	s, err := w.Store.Sharing(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	s.News = to
	if err := w.Store.SetSharing(ctx, o.ID, s); err != nil {
		return nil, err
	}
	return w.Shared(ctx, o.ID)
}

func wasErased() error {
	return fault.New(fault.Conflict, codeLeave, "The office has erased this case, so nothing more can be shared of it.").Then("Open a copy of the case as a new one to share it again.")
}

// seen asks who said that they have read an edition.
func (t *sending) seen(ctx context.Context) ([]homecase.Seen, error) {
	all, err := t.Courier.Seen(ctx, t.Office.Org, t.id)
	out := make([]homecase.Seen, 0, len(all))
	for _, r := range all {
		out = append(out, homecase.Seen{Name: content.Printable(r.Name), Edition: r.Edition, At: r.At})
	}
	return out, err
}
