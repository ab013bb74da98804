package ops

import (
	"context"
	"sync"

	"homecase"
	"homecase/day"
	"homecase/fault"
)

// known is what was worked out of an open case, once for all pages that ask. It
// goes with the case: whatever is changed opens another, of which nothing is
// known yet. It lasts a day, since much of it depends on today.
type known struct {
	of *Open // a copy of a case may be changed, so it knows nothing

	mu    sync.Mutex
	today day.Date
	facts map[any]*fact
}

// fact is one answer. The first who asks works it out, and others wait for it.
type fact struct {
	once  sync.Once
	value any
	err   error
}

// know answers a question about an open case, which rests on the case and on
// today alone. The answer is shared: it is read and not changed. Of a case that
// is being changed every question is answered anew.
func know[V any](w *Workspace, o *Open, question any, answer func() (V, error)) (V, error) {
	if o.known == nil || o.known.of != o {
		return answer()
	}
	f := o.known.fact(dayOf(w.Desk), question)
	f.once.Do(func() { f.value, f.err = answer() })
	v, _ := f.value.(V) // nothing where the answer broke off
	return v, f.err
}

func (k *known) fact(today day.Date, question any) *fact {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.facts == nil || k.today != today {
		k.today, k.facts = today, map[any]*fact{}
	}
	f := k.facts[question]
	if f == nil {
		f = new(fact)
		k.facts[question] = f
	}
	return f
}

// shared makes a case one that is read by all and changed by none.
func (o *Open) shared() *Open {
	o.known = &known{of: o}
	return o
}

// The questions that are asked of every open case.
type (
	askText     struct{}
	askProblems struct{}
	askPreview  struct{}
	askAllMoney struct{}
	askMoney    struct{}
	askToday    struct{}
	askReview   struct{}
	askRemarks  struct{}
	askEdition  struct{}
	askWords    struct{}
	askOdds     struct{}
	askCards    struct{}

	askQuestions struct{}
	askSmallest  struct{ weeks int }
)

// Preview composes what the boss will see of a case, as far as it is there.
func (w *Workspace) Preview(o *Open) (*homecase.Preview, error) {
	return know(w, o, askPreview{}, func() (*homecase.Preview, error) {
		options := homecase.Options{Version: w.Version, Odds: w.oddsOf, Money: w.sharedMoney(&o.Case)}
		return o.Case.Shared().Preview(options)
	})
}

// Problems are what the nouns refuse in a case as it stands.
func (w *Workspace) Problems(o *Open) (fault.List, error) {
	return know(w, o, askProblems{}, o.Case.Problems)
}

// Warm works out what the first page shows of the case that lies open, so that
// it is there when the page is asked for. What goes wrong the page will meet.
func (w *Workspace) Warm(ctx context.Context) {
	if o, err := w.Current(ctx); err == nil {
		_, _ = w.Preview(o)
	}
}

// AsToday is the case as a packet of today would be made of it: dated today,
// with the usual promises where the person has chosen none.
func (w *Workspace) AsToday(o *Open) (*Open, error) {
	return know(w, o, askToday{}, func() (*Open, error) {
		c := o.Case
		c.Date = dayOf(w.Desk)
		usual, err := c.WithUsual()
		if err != nil {
			return nil, err
		}
		c.Plan = usual
		return (&Open{ID: o.ID, Revision: o.Revision, At: o.At, Did: o.Did, Case: c, Course: o.Course, text: o.text}).shared(), nil
	})
}

// edition is the packet of a case, composed and not printed.
func (w *Workspace) edition(o *Open) (*homecase.Edition, error) {
	return know(w, o, askEdition{}, func() (*homecase.Edition, error) {
		c := o.Case
		c.Date = dayOf(w.Desk)
		return homecase.Compose(c.Shared(), w.composing(&c))
	})
}
