package ops

import (
	"context"
	"testing"

	"homecase"
	"homecase/share"
)

// recordReads is a store that counts how many lines of records it gives out.
type recordReads struct {
	homecase.Store
	lines int
}

func (s *recordReads) Lines(ctx context.Context, id string, after int64) ([]share.Entry, error) {
	lines, err := s.Store.Lines(ctx, id, after)
	s.lines += len(lines)
	return lines, err
}

// An act does not read the record anew: what was read before is gone on from, also
// after the case was changed. A case that was erased is not remembered.
func TestARecordIsReadOnce(t *testing.T) {
	b := paired(t)
	count := &recordReads{Store: b.Workspace.Store}
	b.Workspace.Store = count
	o := b.open()
	b.must(b.publish(o.ID, share.Terms{HalfDays: 2}))
	b.must2(b.Link(t.Context(), o, Invited{Reader: "Dana", Questions: true}))
	for range 200 {
		b.must(b.reader(o.ID, func(_ *share.Exchange, link string, k share.Key) share.Body {
			return share.Question{Key: k, Link: link, Edition: 1, Text: "Why?"}
		}))
	}
	b.must2(b.Fetch(t.Context(), o.ID))
	s, err := b.Shared(t.Context(), o.ID)
	b.must(err)
	if s.N < 200 {
		t.Fatalf("only %d lines", s.N)
	}
	count.lines = 0
	b.must2(b.Change(t.Context(), o.ID, "Changed", func(c *homecase.Case, _ *homecase.Course) error {
		c.Person.Job = "Clerk"
		return nil
	}))
	b.must2(b.Reply(t.Context(), o, s.Questions[0].ID, "Because."))
	s, err = b.Shared(t.Context(), o.ID)
	b.must(err)
	if s.Questions[0].Answer != "Because." || count.lines > 50 {
		t.Errorf("the answer is %q after %d lines were read", s.Questions[0].Answer, count.lines)
	}
	b.must(b.Erase(t.Context(), o.ID))
	if b.Workspace.shared != nil {
		t.Error("an erased case is remembered")
	}
}
