package ops

import (
	"crypto/sha256"
	"sync"

	"homecase"
	"homecase/concern"
	"homecase/savings"
)

// Money composes what the packet says about money; nil while nothing is counted.
func (w *Workspace) Money(o *Open) (*homecase.MoneyPreview, error) {
	return know(w, o, askMoney{}, func() (*homecase.MoneyPreview, error) {
		shared := o.Case.Shared()
		report, err := w.estimate(&shared.Case)
		if err != nil {
			return nil, err
		}
		return shared.PreviewMoney(homecase.Options{Version: w.Version, Money: &report, Odds: w.oddsOf})
	})
}

// AllMoney is the estimate with what only the person may see.
func (w *Workspace) AllMoney(o *Open) (savings.Report, error) {
	return know(w, o, askAllMoney{}, func() (savings.Report, error) { return w.estimate(&o.Case) })
}

// Questions are the questions of a case as the packet of today asks them.
func (w *Workspace) Questions(o *Open) ([]concern.View, error) {
	return know(w, o, askQuestions{}, func() ([]concern.View, error) {
		c := o.Case
		c.Date = dayOf(w.Desk)
		return c.Questions(w.sharedMoney(&c))
	})
}

// Rehearsal are the cards for the talk.
func (w *Workspace) Rehearsal(o *Open) ([]homecase.Rehearsal, error) {
	return know(w, o, askCards{}, func() ([]homecase.Rehearsal, error) {
		return o.Case.Rehearsal(dayOf(w.Desk), w.sharedMoney(&o.Case))
	})
}

// sharedMoney is the estimate of what is shared; nil where nothing is counted
// yet.
func (w *Workspace) sharedMoney(c *homecase.Case) *savings.Report {
	shared := c.Shared()
	if len(shared.Money.Lines) == 0 {
		return nil
	}
	report, err := w.estimate(&shared.Case)
	if err != nil { // a line that is not finished yet leaves the money out
		return nil
	}
	return &report
}

// estimates are the latest few.
type estimates struct {
	mu   sync.Mutex
	kept []estimated
}

// estimated is the money of one case as it stood.
type estimated struct {
	key    [sha256.Size]byte
	report savings.Report
	err    error
}

// mostEstimates is how many estimates are kept: what is shared, what is
// private, and both as they were before the last change.
const mostEstimates = 4

// estimate computes the money of a case once for all pages that show it.
func (w *Workspace) estimate(c *homecase.Case) (savings.Report, error) {
	rests := homecase.Case{Money: c.Money, Place: c.Place, Currency: c.Currency, Seed: c.Seed}
	rests.Plan.Days = c.Plan.Days
	text, err := rests.Encode()
	if err != nil {
		return savings.Report{}, err
	}
	key := sha256.Sum256(text)
	m := &w.money
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.kept {
		if e.key == key {
			return e.report, e.err
		}
	}
	report, err := rests.EstimateForPages()
	m.kept = append([]estimated{{key, report, err}}, m.kept[:min(len(m.kept), mostEstimates-1)]...)
	return report, err
}
