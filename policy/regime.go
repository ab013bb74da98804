package policy

import (
	"fmt"
	"slices"
	"strings"

	"homecase/day"
	"homecase/fault"
)

// Status says whether a pack's law binds anybody.
type Status string

// The statuses.
const (
	InForce   Status = "in_force"
	Bill      Status = "bill"      // before a parliament, or enacted with no date of effect
	Announced Status = "announced" // law whose date of effect is not fixed
)

func statusWords(s Status) string {
	switch s {
	case Bill:
		return "a bill"
	case Announced:
		return "a change announced for later, with no date fixed"
	}
	return "in force"
}

// Route says what part a regime plays for a person it covers.
type Route string

// The routes.
const (
	General Route = "general" // a route any employee of the place may take
	Reasons Route = "reasons" // a route for people with listed reasons: care, age, health
	Channel Route = "channel" // a confidential matter with HR, never part of a packet
	Floor   Route = "floor"   // binds states, which carry it out in laws of their own
	Shield  Route = "shield"  // protects the asking, gives no route
	Duty    Route = "duty"    // rules for an arrangement both sides already want
	NoRoute Route = "none"    // no statutory route exists, or none was read
)

// Head is the part of a pack that finds it.
type Head struct {
	ID           string   `json:"id"`
	Aliases      []string `json:"aliases,omitempty"`
	VersionOf    string   `json:"version_of,omitempty"` // the id whose next version this is
	Title        string   `json:"title"`
	Jurisdiction string   `json:"jurisdiction"`
	LegalForm    string   `json:"legal_form"` // statute, guideline, agreement, directive or none
	Status       Status   `json:"status"`
	Route        Route    `json:"route"`
	// InForceFrom is the first day the pack speaks for; zero where the pack reports that there is no law.
	InForceFrom day.Date `json:"in_force_from,omitzero"`
	// InForceUnverified marks a first day that nobody read in a source.
	InForceUnverified bool    `json:"in_force_unverified,omitempty"`
	Applies           []Where `json:"applies"`
	// Letter tells whether homecase writes the statutory letter, and why.
	Letter StatutoryLetter `json:"statutory_letter"`
}

func (h Head) family() string {
	if h.VersionOf != "" {
		return h.VersionOf
	}
	return h.ID
}

func (h Head) inForce(on day.Date) bool {
	return h.Status == InForce && (h.InForceFrom.IsZero() || !on.Before(h.InForceFrom))
}

// Where is a place a pack applies to; empty fields match every place.
type Where struct {
	Country string   `json:"country"`
	Parts   []string `json:"parts,omitempty"`
	City    string   `json:"city,omitempty"`
	Federal string   `json:"federal,omitempty"` // yes or no
}

// StatutoryLetter says whether homecase writes a letter that claims the law.
type StatutoryLetter struct {
	Available bool   `json:"available"`
	To        string `json:"to,omitempty"` // boss, or hr where the reasons are of a special category
	Why       string `json:"why"`
}

// Statement is one thing a pack says, and where it was read.
type Statement struct {
	ID   string `json:"id,omitempty"`
	Text string `json:"text"`
	Note string `json:"note,omitempty"` // a limit, or a conflict between sources
	// Source is the id of one of the pack's sources.
	Source     string `json:"source,omitempty"`
	Summary    bool   `json:"summary,omitempty"`    // read in somebody else's summary, not in the law's own words
	Unverified bool   `json:"unverified,omitempty"` // nobody read it: recalled, or a source says so without authority
	Nothing    bool   `json:"nothing,omitempty"`    // no rule was found in what was read
	// SaidBy tells, of what a refusal must say, that sending it says so (answer),
	// or the ground that is named (ground); empty asks for words.
	SaidBy string `json:"said_by,omitempty"`
}

// Check refuses a statement without words or without an origin.
func (s Statement) Check() fault.List {
	var l fault.List
	if strings.TrimSpace(s.Text) == "" {
		l = append(l, problem("text", "A statement needs words."))
	}
	if s.Source == "" && !s.Unverified && !s.Nothing {
		l = append(l, problem("source", "A statement needs a source, or unverified: true, or nothing: true."))
	}
	return l
}

// String writes the statement with what a reader must know about it.
func (s Statement) String() string {
	var b strings.Builder
	b.WriteString(s.Text)
	switch {
	case s.Unverified:
		b.WriteString(" [unverified]")
	case s.Summary:
		b.WriteString(" [read in a summary]")
	}
	if s.Note != "" {
		b.WriteString(" Note: " + s.Note)
	}
	return b.String()
}

// Required is one statement that a statutory request must, or may, contain.
type Required struct {
	Statement
	// Wording is our sentence for the letter; words in braces are filled in: {date} {name} {employer} {change} {start} {end} {previous} {reasons} {place}.
	Wording  string `json:"wording,omitempty"`
	Optional bool   `json:"optional,omitempty"`
	// Special marks contents that may reveal health, care, pregnancy or violence; they belong in the letter to HR only.
	Special bool `json:"special,omitempty"`
}

// Service is how long a person must have been employed.
type Service struct {
	ToAsk   Statement `json:"to_ask"`
	ToStart Statement `json:"to_start"`
}

// Form is what a request must look like.
type Form struct {
	Written string    `json:"written"` // yes, no, either or not_known
	Signed  string    `json:"signed"`  // yes, no or not_known
	Detail  Statement `json:"detail"`
}

// Grounds are the reasons for which an employer may refuse.
type Grounds struct {
	// Kind is closed, illustrative, open, standard (one test, such as undue hardship), none or not_known.
	Kind   string      `json:"kind"`
	Detail Statement   `json:"detail"`
	List   []Statement `json:"list,omitempty"`
}

// Silence is what follows when the employer does not answer in time.
type Silence struct {
	// Means is breach, granted, presumed_granted, dispute, complaint, guideline or not_stated.
	Means  string    `json:"means"`
	Detail Statement `json:"detail"`
}

// Change is a change of the law that is expected.
type Change struct {
	Expected string      `json:"expected"`       // a year or a date, in words
	Pack     string      `json:"pack,omitempty"` // the id of the pack that describes it
	What     []Statement `json:"what"`
}

// Special says whether asking by this route may reveal special-category facts.
type Special struct {
	Flagged    bool     `json:"flagged"`
	Categories []string `json:"categories,omitempty"` // health, disability, pregnancy, care, age, violence
	Say        string   `json:"say"`
}

// Source is a page that was read.
type Source struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Address string   `json:"address,omitempty"`
	Read    day.Date `json:"read"`
	// Original tells that the page gives the law's own words.
	Original bool `json:"original,omitempty"`
}

// Case is a decided case that shows how a rule works.
type Case struct {
	Name   string `json:"name"`
	Shows  string `json:"shows"`
	Source string `json:"source"`
}

// Regime is one data pack: a law or guideline as homecase knows it.
type Regime struct {
	Head
	Basis         Statement   `json:"basis"`
	NextChange    *Change     `json:"next_change,omitempty"`
	WhoMayAsk     []Statement `json:"who_may_ask"`
	EmployerSize  Statement   `json:"employer_size"`
	Service       Service     `json:"min_service"`
	WhatMayChange []Statement `json:"what_may_change"`
	Frequency     Statement   `json:"frequency_limit"`
	Concurrency   Statement   `json:"concurrency"`
	Purpose       Purpose     `json:"purpose"`
	Notice        Statement   `json:"notice_before_start"`
	Form          Form        `json:"form"`
	Contents      []Required  `json:"required_contents,omitempty"`
	Duties        []Statement `json:"employer_duties,omitempty"` // before a refusal
	Decision      Statement   `json:"decision_deadline"`
	Extension     Statement   `json:"extension"`
	Silence       Silence     `json:"silence"`
	Grounds       Grounds     `json:"refusal_grounds"`
	RefusalNotice []Statement `json:"refusal_notice,omitempty"`
	CounterOffer  Statement   `json:"counter_offer"`
	Appeal        Statement   `json:"appeal"`
	Remedy        Statement   `json:"remedy"`
	ClaimLimit    Statement   `json:"time_limit"`
	Retaliation   Statement   `json:"retaliation"`
	Revert        []Statement `json:"revert,omitempty"`
	Records       []Statement `json:"records,omitempty"`
	Agreement     []Statement `json:"agreement,omitempty"` // what an agreement must contain
	Special       Special     `json:"special_reasons"`
	UsesUp        []Statement `json:"uses_up,omitempty"` // what a statutory request spends
	Starts        []Statement `json:"starts,omitempty"`  // what a statutory request sets going
	Clocks        []Clock     `json:"clocks,omitempty"`
	Cases         []Case      `json:"cases,omitempty"`
	NotVerified   []string    `json:"not_verified,omitempty"`
	Sources       []Source    `json:"sources"`
}

// Purpose tells whether the law asks why.
type Purpose struct {
	Required bool      `json:"required"`
	Detail   Statement `json:"detail"`
}

// Source returns the source with that id, and whether there is one.
func (r Regime) Source(id string) (Source, bool) {
	i := slices.IndexFunc(r.Sources, func(s Source) bool { return s.ID == id })
	if i < 0 {
		return Source{}, false
	}
	return r.Sources[i], true
}

// Missing returns the required contents for which given holds no text, so that
// a letter can be checked statement by statement. Optional contents never miss.
func (r Regime) Missing(given map[string]string) []Required {
	var out []Required
	for _, c := range r.Contents {
		if !c.Optional && strings.TrimSpace(given[c.ID]) == "" {
			out = append(out, c)
		}
	}
	return out
}

// Check refuses a pack that contradicts itself. Whether it says what the law
// says is for its sources to show.
func (r Regime) Check() fault.List {
	var l fault.List
	oneOf := func(path, got string, want ...string) {
		if !slices.Contains(want, got) {
			l = append(l, problem(path, "This must be one of: %s.", strings.Join(want, ", ")))
		}
	}
	oneOf("status", string(r.Status), string(InForce), string(Bill), string(Announced))
	oneOf("route", string(r.Route), string(General), string(Reasons), string(Channel), string(Floor), string(Shield), string(Duty), string(NoRoute))
	oneOf("legal_form", r.LegalForm, "statute", "guideline", "agreement", "directive", "none")
	oneOf("form.written", r.Form.Written, "yes", "no", "either", "not_known")
	oneOf("form.signed", r.Form.Signed, "yes", "no", "not_known")
	oneOf("refusal_grounds.kind", r.Grounds.Kind, "closed", "illustrative", "open", "standard", "none", "not_known")
	oneOf("silence.means", r.Silence.Means, "breach", "granted", "presumed_granted", "dispute", "complaint", "guideline", "not_stated")
	oneOf("statutory_letter.to", r.Letter.To, "", "boss", "hr")
	if r.Letter.Available != (r.Letter.To != "") {
		l = append(l, problem("statutory_letter.to", "A letter that is available goes to boss or hr, another to nobody."))
	}
	if r.Letter.Why == "" {
		l = append(l, problem("statutory_letter.why", "Say why there is, or is not, a statutory letter."))
	}
	seen := map[string]bool{}
	for i, s := range r.RefusalNotice {
		oneOf(fmt.Sprintf("refusal_notice[%d].said_by", i), s.SaidBy, "", saidByAnswer, saidByGround)
	}
	for i, c := range r.Contents {
		if c.ID == "" || seen[c.ID] {
			l = append(l, problem(fmt.Sprintf("required_contents[%d].id", i), "Each required statement needs an id of its own."))
		}
		seen[c.ID] = true
	}
	return append(l, r.checkClocks()...)
}

func (r Regime) checkClocks() fault.List {
	var l fault.List
	ids := map[string]bool{}
	for i, c := range r.Clocks {
		at := fmt.Sprintf("clocks[%d]", i)
		if c.ID == "" || ids[c.ID] {
			l = append(l, problem(at+".id", "Each clock needs an id of its own."))
		}
		if c.After != "" && !ids[c.After] {
			l = append(l, problem(at+".after", "A clock may run only from one listed before it."))
		}
		ids[c.ID] = true
		if _, ok := r.Source(c.Source); !ok && !c.Unverified {
			l = append(l, problem(at+".source", "A clock needs one of the pack's sources, or unverified: true."))
		}
	}
	return l
}

func problem(path, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "HC-POLICY-08", say, args...).At(fault.Place{Path: path})
}
