package plan

import (
	"slices"

	"homecase/day"
)

// Stage is where the talk with the boss stands.
type Stage string

// The stages.
const (
	TalkOpen     Stage = "open"     // no day yet
	TalkSet      Stage = "set"      // the day lies ahead, or is today
	TalkOver     Stage = "over"     // the day is past, and nobody noted how it went
	TalkThinking Stage = "thinking" // the boss is thinking about it
	TalkAgreed   Stage = "agreed"   // a yes, with changes or without
	TalkNotNow   Stage = "not-now"  // nothing is asked before the day to ask again
	TalkAgain    Stage = "again"    // after a "not now", and the day to ask again has come
)

// Stage says where the talk stands on a day.
func (p Plan) Stage(on day.Date) Stage {
	how := How("")
	if p.Outcome != nil {
		how = p.Outcome.How
	}
	may, _ := p.MayAsk(on)
	switch {
	case how == Agreed || how == AgreedWithChanges:
		return TalkAgreed
	case how == Thinking:
		return TalkThinking
	case !may:
		return TalkNotNow
	case how == SaidNotNow:
		return TalkAgain
	case p.Talk == nil || p.Talk.Date.IsZero():
		return TalkOpen
	case p.NotNow != nil && !p.Talk.Date.After(p.NotNow.Said): // the talk that led to it
		return TalkAgain
	case p.Talk.Date.Before(on):
		return TalkOver
	}
	return TalkSet
}

// AskAgain begins the next ask: the talk and its answer are over.
func (p *Plan) AskAgain() { p.Talk, p.Outcome = nil, nil }

// Answer keeps how the talk went. A "not now" starts its three months at once,
// so that nothing is asked before anything else was written down. Any other
// answer ends a wait that still runs: the boss came back to it first.
func (p *Plan) Answer(o Outcome) {
	p.Outcome = &o
	n := p.NotNow
	switch {
	case o.How == SaidNotNow && (n == nil || n.Said != o.On && !o.On.Before(n.RetryOn())):
		p.NotNow = &NotNow{Said: o.On}
	case o.How == SaidNotNow:
		again := *n
		again.Said = o.On
		p.NotNow = &again
	case n != nil && o.On.Before(n.RetryOn()):
		p.NotNow = nil
	}
}

// monthEnd are the days on which most teams close their books.
var monthEnd = DayRule{Rule: "month-end", Count: 3}

// CalmDay proposes a day for the talk: the first working day from a day on that
// is no holiday, no busy day or office day of the person, and none of the last
// three working days of a month. It lies before the trial and not before the
// day to ask again. The zero Date says that there is none.
func (p Plan) CalmDay(from day.Date, holidays []day.Date) day.Date {
	if _, again := p.MayAsk(from); again.After(from) {
		from = again
	}
	working := func(d day.Date) bool {
		w := d.Weekday()
		return w != day.Sat && w != day.Sun && !slices.Contains(holidays, d)
	}
	busy := append(slices.Concat(p.BusyDays, p.OfficeDays), monthEnd)
	for i := range 60 {
		d := from.Add(i)
		if !p.Start.IsZero() && p.Start.After(from) && !d.Before(p.Start) {
			break
		}
		if working(d) && !slices.ContainsFunc(busy, func(r DayRule) bool { return r.Matches(d, working) }) {
			return d
		}
	}
	return day.Date{}
}
