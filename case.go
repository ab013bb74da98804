// Package homecase is the case: what one person asks, why, and what it rests
// on, from "I would like to work from home" to a packet a boss can read. It
// composes the nouns on the shelf (readiness, evidence, savings, concern,
// policy, plan, trial) into one document and one packet.
//
// A Case is what a person writes, private parts included. Nothing is ever
// composed from a Case itself: Shared takes the private parts out first, and
// Compose accepts only a Shared case, so that a private answer cannot reach a
// packet by mistake.
//
//	c, err := homecase.Decode("case.yaml", text)
//	edition, err := homecase.Compose(c.Shared(), homecase.Options{Version: "1.0"})
package homecase

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/concern"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/locale"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
	"homecase/savings"
	"homecase/trial"
)

// Version is the format version this program writes.
const Version = 1

// Case is a case file.
type Case struct {
	// Version is the version of the file format: 1.
	Version int `json:"version"`
	// Date is the day the packet is dated.
	Date day.Date `json:"date"`
	// Request is informal or statutory. Informal uses up no right and starts no clock; statutory uses the country's law.
	Request Request `json:"request,omitempty"`
	// Person is you.
	Person Person `json:"person"`
	// Boss is who decides.
	Boss Boss `json:"boss"`
	// Company is the employer.
	Company Company `json:"company,omitzero"`
	// Place is where you work, as far as the law needs it.
	Place policy.Place `json:"place"`
	// Currency is the three-letter code of the money in this case, such as GBP. Left out, it is the country's own.
	Currency string `json:"currency,omitempty"`
	// Seed starts the draws of the money estimate, so that anybody gets the same numbers.
	Seed uint64 `json:"seed,omitempty"`
	// Readiness is what you do, where it can be done and what is there to do it with.
	Readiness readiness.Answers `json:"readiness"`
	// Facts are the company's programme, your results, your measure and the studies you chose.
	Facts evidence.Ledger `json:"facts,omitzero"`
	// Money is what could change in a year.
	Money savings.Estimate `json:"money,omitzero"`
	// Reasons are up to three business reasons, and personal ones that stay private unless you share their exact words.
	Reasons Reasons `json:"reasons,omitzero"`
	// Concerns are the questions your boss may have, with their answers.
	Concerns concern.Register `json:"concerns,omitzero"`
	// Plan is the ask, the promises, the check-ins and the ladder.
	Plan plan.Plan `json:"plan"`
	// Trial says how the trial is drawn, measured and judged. Its weeks come from the plan, and its measure from the facts, when left out.
	Trial *trial.Plan `json:"trial,omitempty"`
}

// Request is how the person asks.
type Request string

// The two ways to ask. Informal is the default.
const (
	Informal  Request = "informal"
	Statutory Request = "statutory"
)

// Words lists the words a file may use.
func (Request) Words() []string { return []string{string(Informal), string(Statutory)} }

// UnmarshalText refuses any other word.
func (r *Request) UnmarshalText(b []byte) error {
	switch Request(b) {
	case Informal, Statutory:
		*r = Request(b)
		return nil
	}
	return fault.New(fault.Invalid, "HC-CASE-01", "%q is not a way to ask: write informal or statutory", string(b))
}

// Person is who asks.
type Person struct {
	// Name is your name as your boss knows it.
	Name string `json:"name"`
	// Job is your job title.
	Job string `json:"job,omitempty"`
	// Team is your team or department.
	Team string `json:"team,omitempty"`
	// Email is where an answer reaches you.
	Email string `json:"email,omitempty"`
	// EmployeeNumber is needed by some statutory forms.
	EmployeeNumber string `json:"employee_number,omitempty"`
}

// Boss is who decides.
type Boss struct {
	// Name is your boss's name.
	Name string `json:"name"`
	// Job is your boss's job title.
	Job string `json:"job,omitempty"`
	// Email is where the packet goes.
	Email string `json:"email,omitempty"`
	// Goals are what your boss is measured by, in your boss's own words. Put the reasons that serve them first. Only you see them.
	Goals []string `json:"goals,omitempty"`
}

// Company is the employer.
type Company struct {
	// Name is the employer's name.
	Name string `json:"name,omitempty"`
	// Address is the employer's address, for letters.
	Address string `json:"address,omitempty"`
}

// Reasons are why the ask is worth a yes.
type Reasons struct {
	// Business reasons, the strongest first. The first page has room for three.
	Business []Reason `json:"business,omitempty"`
	// Personal reasons stay on this computer. Set share to true to put the exact words into the packet.
	Personal []Personal `json:"personal,omitempty"`
}

// Reason is a business reason with the facts it rests on.
type Reason struct {
	// Head is the reason's figure or name in a few words, such as "11 of 11 month-ends on time".
	Head string `json:"head"`
	// Text says what it means for the team, in one or two sentences.
	Text string `json:"text"`
	// Facts names what it rests on: hours, money, a study such as E06, or a result such as result.1, counted from one.
	Facts []string `json:"facts"`
}

// Personal is a personal reason.
type Personal struct {
	// Text is the exact words the boss would read.
	Text string `json:"text"`
	// Share puts these words into the packet. Without it they stay private.
	Share bool `json:"share,omitempty"`
}

// Locale is how the case's packet is written.
func (c *Case) Locale() locale.Locale { return locale.For(c.Place.Country, c.Currency) }

// maxName is longer than any name on record and short enough for a line.
const maxName = 120

// Check refuses what no packet could print.
func (c *Case) Check() fault.List {
	var list fault.List
	bad := func(path string, code fault.Code, say string, args ...any) {
		list = append(list, fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: path}))
	}
	if c.Date.IsZero() {
		bad("date", "HC-CASE-02", "Give the day the packet is dated, like date: 2026-11-24.")
	}
	for path, s := range map[string]string{"person.name": c.Person.Name, "boss.name": c.Boss.Name} {
		switch {
		case strings.TrimSpace(s) == "", s == "Your name", s == "Your boss's name": // as the file to start from has it
			bad(path, "HC-CASE-03", "Enter %s.", map[string]string{"person.name": "your name", "boss.name": "your boss's name"}[path])
		case utf8.RuneCountInString(s) > maxName:
			bad(path, "HC-CASE-04", "A name has at most %d characters.", maxName)
		}
	}
	if n := len(c.Reasons.Business); n > 8 {
		bad("reasons.business", "HC-CASE-05", "There are %d reasons. Choose at most eight; the first page shows three.", n)
	}
	for _, m := range []struct{ path, mail string }{{"person.email", c.Person.Email}, {"boss.email", c.Boss.Email}} {
		if m.mail != "" && !plausibleMail(m.mail) {
			bad(m.path, "HC-CASE-06", "Enter an e-mail address in the right format, like dana@example.com.")
		}
	}
	if c.Currency != "" && (len(c.Currency) != 3 || strings.ToUpper(c.Currency) != c.Currency) {
		bad("currency", "HC-CASE-07", "Write the currency as three capital letters, like GBP.")
	}
	return list
}

func plausibleMail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-3 && strings.Contains(s[at:], ".") &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>,;:\"", r)
		})
}

// Shared is a case without its private parts: what a packet may be composed
// from, and what travels inside it as the working.
type Shared struct{ Case }

// Shared takes everything private out: trust, career and whether home is right
// for the person, the lowest rung, benefit trades, the employee's own money,
// people who did not agree to be named, the boss's goals, and personal reasons
// that were not released word by word.
func (c *Case) Shared() Shared {
	s := *c
	s.Readiness = c.Readiness.Shared()
	s.Facts = c.Facts.Shared()
	s.Money = c.Money.Shared()
	s.Plan = c.Plan.Shared()
	s.Boss.Goals = nil
	s.Readiness.Colleagues = onlyYes(s.Readiness.Colleagues)
	s.Reasons.Personal = nil
	for _, p := range c.Reasons.Personal {
		if p.Share {
			s.Reasons.Personal = append(s.Reasons.Personal, p)
		}
	}
	return Shared{s}
}

// onlyYes keeps what the person could say yes to: a no is a task for the
// person, not news for the boss.
func onlyYes(c readiness.Colleagues) readiness.Colleagues {
	for _, a := range []*readiness.Answer{&c.UnderstandMyJob, &c.NoExtraWork, &c.CanReachMe, &c.SameChance} {
		if *a != readiness.Yes {
			*a = ""
		}
	}
	return c
}
