package policy

import (
	"slices"
	"strings"

	"homecase/fault"
)

// OtherGround is the id under which a ground of one's own is named, where the
// law's list is only of examples.
const OtherGround = "other"

// What says a statement of a notice already.
const (
	saidByAnswer = "answer"
	saidByGround = "ground"
)

// Refusal is a no under a law: the grounds by their ids, and the words of its
// notice by the statements' ids.
type Refusal struct {
	Grounds []string
	Words   map[string]string
}

// Refuses tells whether a no to a request under this regime is a refusal that the
// law, or the guideline, speaks about. A bill refuses nothing, and neither does a
// law that gives no route.
func (r Regime) Refuses() bool {
	return r.Status == InForce && (r.Route == General || r.Route == Reasons)
}

// GroundsToName are the grounds of which a refusal must name one; none where the
// law has no list, or one that is not about the place of work alone.
func (r Regime) GroundsToName() []Statement {
	switch r.Grounds.Kind {
	case "closed":
		return r.Grounds.List
	case "illustrative":
		return append(slices.Clone(r.Grounds.List), Statement{ID: OtherGround, Text: "Another ground, which the notice names"})
	}
	return nil
}

// WordsOfNotice are the statements for which a refusal needs words of its own.
func (r Regime) WordsOfNotice(grounds []string) []Statement {
	var out []Statement
	for _, s := range r.RefusalNotice {
		if s.SaidBy == "" {
			out = append(out, s)
		}
	}
	if slices.Contains(grounds, OtherGround) {
		out = append(out, Statement{ID: OtherGround, Text: "The other ground."})
	}
	return out
}

// CheckRefusal names everything that a refusal lacks, and every ground that is
// none of the law's.
func (r Regime) CheckRefusal(f Refusal) fault.List {
	var l fault.List
	add := func(path, say string, args ...any) {
		l = append(l, fault.New(fault.Invalid, "HC-POLICY-20", say, args...).At(fault.Place{Path: path}))
	}
	known := r.GroundsToName()
	for _, g := range f.Grounds {
		if !slices.ContainsFunc(known, func(s Statement) bool { return s.ID == g }) {
			add("grounds", "%q is no ground of this law.", g)
		}
	}
	if len(known) > 0 && len(f.Grounds) == 0 {
		add("grounds", "A refusal names at least one ground of this law.")
	}
	words := r.WordsOfNotice(f.Grounds)
	for _, s := range words {
		if strings.TrimSpace(f.Words[s.ID]) == "" {
			add("notice."+s.ID, "A refusal must say this: %s", s.Text)
		}
	}
	for id := range f.Words {
		if !slices.ContainsFunc(words, func(s Statement) bool { return s.ID == id }) {
			add("notice."+id, "The notice of this law has no statement %q.", id)
		}
	}
	return l
}
