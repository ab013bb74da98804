package plan

import "homecase/day"

// The dates of a "not now".
const (
	defaultRetryMonths = 3  // months until the next ask, when nothing else was said
	shortRetryDays     = 28 // under four weeks we ask whether it is right
)

// NotNow is the boss's "not now", kept with thanks, the worry and a date.
type NotNow struct {
	// Said is the day on which your boss said it.
	Said day.Date `json:"said"`
	// Worry is the main worry behind it, in your boss's words as you remember them.
	Worry string `json:"worry,omitempty"`
	// Concern is the id of that worry among the concerns, such as C05.
	Concern string `json:"concern,omitempty"`
	// AskAgain is the day on which you may ask again, three months later when left out.
	AskAgain day.Date `json:"ask_again,omitzero"`
	// Thanked is the day on which you said thank you.
	Thanked day.Date `json:"thanked,omitzero"`
	// Tasks turn the worry into something you can do meanwhile.
	Tasks []Task `json:"tasks,omitempty"`
}

// Task is one thing to do about a worry.
type Task struct {
	// Text says what to do.
	Text string `json:"text"`
	// DoneOn is the day on which it was done.
	DoneOn day.Date `json:"done_on,omitzero"`
}

// RetryOn returns the first day on which the person may ask again: the date
// agreed, or the corresponding date three months after the answer.
func (n NotNow) RetryOn() day.Date {
	if !n.AskAgain.IsZero() || n.Said.IsZero() {
		return n.AskAgain
	}
	return n.Said.AddMonths(defaultRetryMonths)
}

// Retry is RetryOn of a "not now" that may not be there.
func (n *NotNow) Retry() day.Date {
	if n == nil {
		return day.Date{}
	}
	return n.RetryOn()
}

// MayAsk tells whether the person may ask on a day, and from when: the day to
// ask again after a "not now", or the day that was agreed while the boss thinks
// about it.
func (p Plan) MayAsk(on day.Date) (may bool, from day.Date) {
	if p.NotNow != nil {
		from = p.NotNow.RetryOn()
	}
	if o := p.Outcome; o != nil && o.How == Thinking && o.FollowUp.After(from) {
		from = o.FollowUp
	}
	return from.IsZero() || !on.Before(from), from
}
