package concern

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"homecase/cite"
	"homecase/day"
	"homecase/fault"
)

// Limits of a register.
const (
	MaxTop    = 3    // a packet opens with at most three
	MaxText   = 4000 // characters of an answer: a page and a half is the most a boss reads
	MaxOwn    = 20
	MaxAsking = 300 // characters of a question
)

// State is where a question stands.
type State string

// The states. An answer that is not there is Open.
const (
	Answered      State = "company"        // answered by the company, with a name and a source
	Proposal      State = "proposal"       // my proposal, nobody has confirmed it
	WithOwner     State = "with_owner"     // asked, no answer yet
	BossDecides   State = "boss_decides"   // only the boss can settle it
	NotApplicable State = "not_applicable" // does not apply here
	Open          State = "open"
)

// States lists them in the order in which a packet counts them.
func States() []State {
	return []State{Answered, Proposal, BossDecides, WithOwner, NotApplicable, Open}
}

// UnmarshalText refuses a word that is not a state.
func (s *State) UnmarshalText(b []byte) error {
	v := State(strings.TrimSpace(string(b)))
	if v == "" || slices.Contains(States(), v) {
		*s = v
		return nil
	}
	return fmt.Errorf("%q is not a state: write company, proposal, with_owner, boss_decides, not_applicable or open", clip(string(b)))
}

// Register is the concerns group of a case: what the boss may worry about and
// what is answered.
type Register struct {
	// Top names up to three concerns that come first in the packet, such as C19 or own-1.
	Top []ID `json:"top,omitempty"`
	// Answers are what you know so far. A concern without an answer stays open and is listed as open.
	Answers []Answer `json:"answers,omitempty"`
	// Own are questions of your own boss that the catalogue does not hold.
	Own []Own `json:"own,omitempty"`
}

// Answer is what is known about one question of the catalogue.
type Answer struct {
	// Concern is the id of the question, such as C01 or own-1.
	Concern ID `json:"concern"`
	Reply
}

// Own is a question the person adds.
type Own struct {
	// ID is own-1, own-2 and so on; left out, the place in the list decides.
	ID ID `json:"id,omitempty"`
	// Question is what your boss may ask, in your boss's words.
	Question string `json:"question"`
	Reply
}

// Reply is an answer and where it comes from.
type Reply struct {
	// State is company, proposal, with_owner, boss_decides, not_applicable or open.
	State State `json:"state,omitempty"`
	// Text is the answer, in words your boss can read. Up to 4,000 characters.
	Text string `json:"text,omitempty"`
	// By names who gave the answer, such as "Priya Nair, IT".
	By string `json:"by,omitempty"`
	cite.Origin
	// Owner is who has the question now: manager, hr, legal, it, security, finance, insurance, safety, facilities, union, employee or team.
	Owner Owner `json:"owner,omitempty"`
	// Since is the day from which the owner has had the question.
	Since day.Date `json:"since,omitzero"`
	// Asked is the day you last asked about it.
	Asked day.Date `json:"asked,omitzero"`
}

// Standing is the state that the reply may claim: an answer by the company
// without a name and a source is the person's own proposal, and an answer
// without words is open.
func (r Reply) Standing() State {
	switch {
	case r.State == "" && strings.TrimSpace(r.Text) != "":
		return Proposal
	case r.State == "":
		return Open
	case (r.State == Answered || r.State == Proposal) && strings.TrimSpace(r.Text) == "":
		return Open
	case r.State == Answered && (strings.TrimSpace(r.By) == "" || !r.Known() || r.Kind == cite.Assumption):
		return Proposal
	}
	return r.State
}

var ownID = regexp.MustCompile(`^own-[1-9]\d{0,2}$`)

// ids returns the ids of the own questions, in order.
func (r Register) ids() []ID {
	out := make([]ID, len(r.Own))
	for i, o := range r.Own {
		if out[i] = o.ID; o.ID == "" {
			out[i] = ID(fmt.Sprintf("own-%d", i+1))
		}
	}
	return out
}

var catalogueID = regexp.MustCompile(`^C(0[1-9]|[1-5]\d|6[01])$`)

// Core tells whether the id is one of the eighteen questions every boss may ask.
// Like known it does not read the catalogue.
func (id ID) Core() bool { return catalogueID.MatchString(string(id)) && id <= "C18" }

// known tells whether the id is of the catalogue or of the person's own
// questions. It does not read the catalogue: a check of a file must be quick.
func (r Register) known(id ID) bool {
	return catalogueID.MatchString(string(id)) || slices.Contains(r.ids(), id)
}

// Check returns what is wrong with the register as a file. An answer without a
// source is no fault: it stands as "my proposal".
func (r Register) Check() fault.List {
	var out fault.List
	bad := func(path string, code fault.Code, say string, args ...any) *fault.Error {
		f := fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: path})
		out = append(out, f)
		return f
	}
	missing := func(path string, id ID) {
		bad(path, "HC-CONC-02", "There is no concern %q.", clip(string(id))).Then("Use C01 to C61, or own-1 and so on for your own questions.")
	}
	if len(r.Top) > MaxTop {
		bad("top", "HC-CONC-03", "Pick up to %d that come first. There are %d.", MaxTop, len(r.Top))
	}
	for i, id := range r.Top {
		path := fmt.Sprintf("top[%d]", i)
		if slices.Contains(r.Top[:i], id) {
			bad(path, "HC-CONC-04", "%s is picked twice.", id)
		} else if !r.known(id) {
			missing(path, id)
		}
	}
	seen := map[ID]bool{}
	for i, a := range r.Answers {
		path := fmt.Sprintf("answers[%d]", i)
		switch {
		case !r.known(a.Concern):
			missing(path+".concern", a.Concern)
		case seen[a.Concern]:
			bad(path+".concern", "HC-CONC-05", "%s is answered twice.", a.Concern).Then("Keep the newer answer.")
		}
		seen[a.Concern] = true
		a.check(path, string(a.Concern), bad)
	}
	r.checkOwn(bad, seen)
	return out
}

// Findings lists answers that repeat a known false claim, with the reason.
func (r Register) Findings() (fault.List, error) {
	var out fault.List
	find := func(path, text string) error {
		found, err := TrapsIn(text)
		for _, f := range found {
			out = append(out, fault.New(fault.Finding, "HC-CONC-20", "%s", f.Why).At(fault.Place{Path: path}).Then("Change the answer, or say whose word it is."))
		}
		return err
	}
	for i, a := range r.Answers {
		if err := find(fmt.Sprintf("answers[%d].text", i), a.Text); err != nil {
			return nil, err
		}
	}
	for i, o := range r.Own {
		if err := find(fmt.Sprintf("own[%d].text", i), o.Text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type refuse func(path string, code fault.Code, say string, args ...any) *fault.Error

func (r Register) checkOwn(bad refuse, answered map[ID]bool) {
	if len(r.Own) > MaxOwn {
		bad("own", "HC-CONC-06", "There are %d questions of your own. Keep the %d that matter.", len(r.Own), MaxOwn)
	}
	ids := r.ids()
	for i, o := range r.Own {
		path := fmt.Sprintf("own[%d]", i)
		if o.ID != "" && !ownID.MatchString(string(o.ID)) {
			bad(path+".id", "HC-CONC-07", "The id of your own question is written own-1, own-2 and so on, not %q.", clip(string(o.ID)))
		}
		if slices.Contains(ids[:i], ids[i]) {
			bad(path+".id", "HC-CONC-07", "Two questions of your own are called %s.", ids[i])
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(o.Question)); n == 0 || n > MaxAsking {
			bad(path+".question", "HC-CONC-08", "A question of your own needs words, up to %d characters.", MaxAsking)
		}
		if answered[ids[i]] && (o.Text != "" || o.State != "") {
			bad(path, "HC-CONC-05", "%s is answered twice.", ids[i]).Then("Keep the answer in one place.")
		}
		o.check(path, string(ids[i]), bad)
	}
}

func (r Reply) check(path, name string, bad refuse) {
	if n := utf8.RuneCountInString(r.Text); n > MaxText {
		bad(path+".text", "HC-CONC-09", "The answer to %s has %d characters. Keep it under %d: a boss reads a page and a half at most.", name, n, MaxText)
	}
	if r.State == WithOwner && (r.Owner == "" || r.Since.IsZero()) {
		bad(path, "HC-CONC-10", "%s is with somebody: say who, and since when.", name).Then("Write owner: hr and since: with the day you asked.")
	}
	if (r.State == Answered || r.State == Proposal) && strings.TrimSpace(r.Text) == "" {
		bad(path, "HC-CONC-11", "%s is marked as answered, but there is no answer.", name).Then("Write the text, or leave the state out.")
	}
	if !r.Since.IsZero() && !r.Asked.IsZero() && r.Asked.Before(r.Since) {
		bad(path+".asked", "HC-CONC-12", "%s was asked on %s, before its owner had it on %s.", name, r.Asked, r.Since)
	}
}
