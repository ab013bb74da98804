// Package plan is what a person asks for and how it is to go: the days, the
// trial's dates, the promises, the check-ins, the ladder from one project at
// home to the full ask, the talk with the boss, and what a "not now" means.
//
// The package keeps four promises of its own. It never offers a second ask
// before the agreed date. It never climbs two rungs. It never shares the lowest
// rung a person would accept, nor their notes. And "stop on any day" stays an
// informal offer: under a statute the statute's notice holds.
//
// It does not draw days by lot, judge a trial or know a country's law; holidays
// and verdicts come in as arguments. It reads no clock.
//
//	cal, err := p.Calendar(holidays)    // the weeks and their eligible days
//	next, err := ladder.Next(outcome)   // open, stay, extend, wait or back
package plan

import (
	"math"

	"homecase/content"
	"homecase/day"
)

// Plan is the plan group of a case file.
type Plan struct {
	// Days is how many days a week you would like at home, in halves: 1 or 1.5. Left out it counts as 1, the smallest usual ask.
	Days float64 `json:"days,omitempty"`
	// Choice says how the trial's days are chosen: lottery (drawn by lot), fixed (the days under wish) or boss (your boss names them).
	Choice Choice `json:"choice,omitempty"`
	// Allowed lists the weekdays that may become home days, such as [mon, tue, wed, thu]. Left out, all five may.
	Allowed []day.Weekday `json:"allowed,omitempty"`
	// Wish lists the weekdays you would like in the end.
	Wish []day.Weekday `json:"wish,omitempty"`
	// Start is the first day of the trial.
	Start day.Date `json:"start,omitzero"`
	// Weeks is how many weeks the trial lasts: 2, 4, 8 or 12 are usual.
	Weeks int `json:"weeks,omitempty"`
	// Until is the last day of the trial, instead of weeks.
	Until day.Date `json:"until,omitzero"`
	// DecideOn is the day on which both of you decide what follows.
	DecideOn day.Date `json:"decide_on,omitzero"`
	// Stop says how either side can end the trial: on_any_day (informal asks only), by_notice or by_law.
	Stop Stop `json:"stop,omitempty"`
	// StopNotice is the notice for stop: by_notice, such as "two weeks".
	StopNotice string `json:"stop_notice,omitempty"`
	// Promises are what you promise in return, at most eight. The first page shows the first four.
	Promises []Promise `json:"promises,omitempty"`
	// Hours are the hours you agree to work on a home day.
	Hours Hours `json:"hours,omitzero"`
	// Recall says how you can be called in on a home day.
	Recall Recall `json:"recall,omitzero"`
	// Outage says what happens when the line or the computer fails.
	Outage Outage `json:"outage,omitzero"`
	// CheckIns are the regular moments at which you report or talk.
	CheckIns []CheckIn `json:"check_ins,omitempty"`
	// StopRules are what would make you both stop, named before the trial.
	StopRules []StopRule `json:"stop_rules,omitempty"`
	// ExtensionAgreed says whether one extension was agreed beforehand, for a trial that cannot tell.
	ExtensionAgreed bool `json:"extension_agreed,omitempty"`
	// Ladder lists the rungs from the smallest step to the full ask, by id or in your own words.
	Ladder Ladder `json:"ladder,omitempty"`
	// At is the rung you stand on now; empty before the first.
	At RungID `json:"at,omitempty"`
	// Lowest is the least you would accept, a rung's id. Only you see it.
	Lowest RungID `json:"lowest,omitempty"`
	// OfficeDays are days you keep in the office: dates, or rules such as month-end or month-end:3 for the last three working days.
	OfficeDays []DayRule `json:"office_days,omitempty"`
	// BusyDays are days on which not to ask for the talk, written like office_days. Only you see them.
	BusyDays []DayRule `json:"busy_days,omitempty"`
	// PreviousRequests are the dates of earlier statutory requests to the same employer.
	PreviousRequests []day.Date `json:"previous_requests,omitempty"`
	// Talk is the meeting in which you ask.
	Talk *Talk `json:"talk,omitempty"`
	// Outcome is how the talk went. Only you see it.
	Outcome *Outcome `json:"outcome,omitempty"`
	// NotNow is the boss's "not now", with the day to ask again. Only you see it.
	NotNow *NotNow `json:"not_now,omitempty"`
	// OpportunityDays are single days at home that came up and were agreed openly, such as a storm.
	OpportunityDays []OpportunityDay `json:"opportunity_days,omitempty"`
	// Keeping is how you keep what you have won.
	Keeping Keeping `json:"keeping,omitzero"`
	// Notes are for you. Only you see them.
	Notes string `json:"notes,omitempty"`
}

// Promise is one thing the person promises in return.
type Promise struct {
	// Text is the promise in one sentence. Promise what you can keep every time.
	Text string `json:"text"`
	// Limit is where it ends, such as "up to twice a month".
	Limit string `json:"limit,omitempty"`
}

// Hours are agreed hours on a home day.
type Hours struct {
	// From is when you start, as "09:00".
	From Clock `json:"from,omitempty"`
	// To is when you stop.
	To Clock `json:"to,omitempty"`
	// ReachableFrom is when people can count on an answer, when that is not the whole day.
	ReachableFrom Clock `json:"reachable_from,omitempty"`
	// ReachableTo is when that ends.
	ReachableTo Clock `json:"reachable_to,omitempty"`
}

// Recall says how the person can be called in.
type Recall struct {
	// Notice is how long before, in words: "by 15:00 the day before".
	Notice string `json:"notice,omitempty"`
	// MostPerMonth is how often at most, 0 when nothing was agreed.
	MostPerMonth int `json:"most_per_month,omitempty"`
	// Travel says who bears the time and the fare of such a trip.
	Travel string `json:"travel,omitempty"`
	// MovedDay says what becomes of the home day: moved within the week, or lost.
	MovedDay string `json:"moved_day,omitempty"`
}

// Outage says what happens when the line or the computer fails.
type Outage struct {
	// Backup is what you use first, such as a phone's hotspot.
	Backup string `json:"backup,omitempty"`
	// Offline is the work that needs no line.
	Offline string `json:"offline,omitempty"`
	// AfterMinutes is after how many minutes without a line you call your boss.
	AfterMinutes int `json:"after_minutes,omitempty"`
	// Then is what happens next, and who decides it.
	Then string `json:"then,omitempty"`
}

// CheckIn is one regular moment.
type CheckIn struct {
	// Every is when: a weekday such as friday, or day, week, fortnight or month.
	Every Every `json:"every"`
	// What happens then, such as "a note with three numbers".
	What string `json:"what"`
}

// StopRule is one thing that would end the trial.
type StopRule struct {
	// Text says what must happen, so that both would agree that it did.
	Text string `json:"text"`
	// FiredOn is the day on which it happened, if it did.
	FiredOn day.Date `json:"fired_on,omitzero"`
}

// Talk is the meeting in which the person asks.
type Talk struct {
	// Date is the day of the talk.
	Date day.Date `json:"date,omitzero"`
	// Time is when it begins, as "10:30".
	Time Clock `json:"time,omitempty"`
	// Minutes is how long it takes, 30 when left out.
	Minutes int `json:"minutes,omitempty"`
	// Place is the room, or the link.
	Place string `json:"place,omitempty"`
	// Note is for you. Only you see it.
	Note string `json:"note,omitempty"`
}

// Outcome is how the talk went.
type Outcome struct {
	// How is agreed, agreed_with_changes, thinking or not_now.
	How How `json:"how"`
	// On is the day of the answer.
	On day.Date `json:"on,omitzero"`
	// FollowUp is the day you agreed on to come back to it, while your boss is thinking. Nothing is asked before it.
	FollowUp day.Date `json:"follow_up,omitzero"`
	// Note is what was said, while you remember.
	Note string `json:"note,omitempty"`
}

// OpportunityDay is a single day at home that was agreed openly.
type OpportunityDay struct {
	// Date is the day.
	Date day.Date `json:"date"`
	// Why it came up.
	Why string `json:"why"`
	// AgreedBy is who agreed beforehand.
	AgreedBy string `json:"agreed_by"`
	// Result is what you finished.
	Result string `json:"result,omitempty"`
}

// Keeping is how the person keeps what was won.
type Keeping struct {
	// Reviews are the days on which you both look at it again.
	Reviews []day.Date `json:"reviews,omitempty"`
	// Thanks are the thanks you owe or gave. Only you see them.
	Thanks []Thanks `json:"thanks,omitempty"`
}

// Thanks is one word of thanks.
type Thanks struct {
	// Who you thank.
	Who string `json:"who"`
	// For what.
	For string `json:"for"`
	// On is the day on which you said it.
	On day.Date `json:"on,omitzero"`
}

// AskedDays returns the days asked for; not known is 1.
func (p Plan) AskedDays() float64 {
	if p.Days <= 0 {
		return 1
	}
	return p.Days
}

// HomeDaysAWeek returns on how many days of a week the person is at home for
// the whole day or a part of it.
func (p Plan) HomeDaysAWeek() int { return int(math.Ceil(p.AskedDays())) }

// AllowedDays returns the weekdays that may become home days.
func (p Plan) AllowedDays() []day.Weekday {
	if len(p.Allowed) == 0 {
		return day.Working()
	}
	return p.Allowed
}

// Shared returns the plan as others may see it: without the lowest rung, the
// days to avoid, what was said in the talk, a not now, thanks and notes.
func (p Plan) Shared() Plan {
	p.Lowest, p.BusyDays, p.Outcome, p.NotNow, p.Notes = "", nil, nil, nil, ""
	p.Keeping.Thanks = nil
	if p.Talk != nil {
		t := *p.Talk
		t.Note = ""
		p.Talk = &t
	}
	return p
}

// UnmarshalNode reads a rung by its id as well as {id: …, days: …}.
func (r *Rung) UnmarshalNode(n content.Node) error {
	if s, ok := n.Scalar(); ok {
		known, err := RungByID(RungID(s))
		if err != nil {
			return err
		}
		*r = known
		return nil
	}
	type plain Rung
	var v plain
	n.Into(&v)
	*r = Rung(v)
	return nil
}

// MarshalNode writes a rung that ships by its id.
func (r Rung) MarshalNode() any {
	if known, err := RungByID(r.ID); err == nil && known == r {
		return string(r.ID)
	}
	type plain Rung
	return plain(r)
}
