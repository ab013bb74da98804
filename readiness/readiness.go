// Package readiness answers one question: is this job, and this person's
// place at home, ready for the days that are asked for? It turns duties with
// hours into the largest number of home days the work supports, looks at the
// gates that may still be shut, and gives a verdict with every reason, the rule
// behind it and what to do next.
//
// An answer that is not known counts as the worst of its likely answers and
// lowers the certainty. It never raises the verdict or the number of days.
//
// The package refuses to score people: what a person says about trust, career
// and solitude yields advice that only this person sees, and no part of it
// reaches a verdict. It does not know a country's law; the caller passes in the
// minimum service, if any. It does not read a clock: the day of the case is an
// input.
//
//	v, err := readiness.Assess(answers, readiness.Input{Date: on, Asked: 1})
//	// v.Word == readiness.Ready, v.DaysSupported == 2.5
package readiness

import (
	"homecase/day"
	"homecase/locale"
)

// Word is the verdict in one word.
type Word string

// The verdicts, best first.
const (
	Ready        Word = "ready"          // the work supports the ask and no gate is shut
	ReadyForLess Word = "ready_for_less" // the work supports some days, fewer than asked
	NotYet       Word = "not_yet"        // a date or an act opens it, or no half day is supported
)

// Certainty says how much of the verdict rests on known answers.
type Certainty string

// The certainties, best first.
const (
	High   Certainty = "high"
	Medium Certainty = "medium"
	Low    Certainty = "low"
)

// Effect is what one reason does to the verdict.
type Effect string

// The effects, in the order in which reasons are listed.
const (
	Closes    Effect = "closes"    // a gate is shut: not yet
	Limits    Effect = "limits"    // it lowers the number of days
	Uncertain Effect = "uncertain" // not known: it lowers the certainty
	First     Effect = "first"     // it does not stop the ask; do it before the first home day
	Supports  Effect = "supports"  // it speaks for the ask
	Notes     Effect = "notes"     // worth knowing, without effect on the verdict
)

// Effects lists the effects in order.
func Effects() []Effect { return []Effect{Closes, Limits, Uncertain, First, Supports, Notes} }

// RuleID names a rule for good, like HC-READY-HOURS.
type RuleID string

// Reason is one line of the verdict: which rule, which answer, which source.
type Reason struct {
	Rule   RuleID `json:"rule"`
	Answer string `json:"answer"`           // what the person answered, in short
	Source string `json:"source"`           // where the rule comes from
	Effect Effect `json:"effect"`           //
	Say    string `json:"say"`              // the sentence a person reads
	Origin string `json:"origin,omitempty"` // where the answer comes from, when the file says so
	Next   string `json:"next,omitempty"`   // what to do about it
}

// Hours is the week by where its work can be done. The four add up to the week.
type Hours struct {
	Home           float64 `json:"home"`
	HomeWithChange float64 `json:"home_with_change"`
	Office         float64 `json:"office"`
	NotSure        float64 `json:"not_sure"` // counts as office until it is decided
}

// Total returns the hours of the week.
func (h Hours) Total() float64 { return h.Home + h.HomeWithChange + h.Office + h.NotSure }

// Portable returns the hours that can be done at home, changes included.
func (h Hours) Portable() float64 { return h.Home + h.HomeWithChange }

// Verdict is the answer of Assess. Nothing in it is private.
type Verdict struct {
	Word          Word      `json:"verdict"`
	DaysSupported float64   `json:"days_supported"` // with the changes that duties name
	DaysNow       float64   `json:"days_now"`       // as things are today
	DaysAsked     float64   `json:"days_asked"`
	HalvesOnly    bool      `json:"half_days_only,omitempty"` // daily-bound work allows half home days only
	Certainty     Certainty `json:"certainty"`
	OpensOn       day.Date  `json:"opens_on,omitzero"` // the day on which the last dated gate opens
	Hours         Hours     `json:"hours"`
	Reasons       []Reason  `json:"reasons"`
	Next          []string  `json:"next"` // what to do, first things first
}

// Input is what the verdict needs from outside the readiness answers.
type Input struct {
	Date      day.Date      // the day of the case
	Asked     float64       // days a week asked for, in halves; 0 is taken as 1, the smallest usual ask
	Start     day.Date      // the first day asked for, when known
	Statutory bool          // the person asks under a statute, so its minimum service binds
	Service   *Service      // the statute's minimum service; nil when it has none or none is known
	Locale    locale.Locale // how days are written; the zero value writes 24 November 2026
}

// Service is a statute's minimum time in the job.
type Service struct {
	Months int    // calendar months, added to Weeks
	Weeks  int    //
	ToAsk  bool   // true: needed on the day of asking; false: needed on the first day of the arrangement
	Source string // the law, in words a reader can follow up
}
