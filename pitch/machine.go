package pitch

import "slices"

// machine is the rules as a reading goes by them: the tables of rules.pack, most
// of them as they lie there. It is read only and may be shared.
type machine struct {
	words    wordIndex // of the words that rules and the lexicon know
	entries  []byte    // what is known of each, see packEntry
	kinds    kinds
	quick    quick
	rules    []compiledRule
	patterns []pattern
	limits   Limits
	cues     cues
	ends     int32 // the atom of #end
	not      int32 // the atom of @negation
}

// compiledRule is a rule with its excuses.
type compiledRule struct {
	Rule
	unless  []pattern
	guarded bool
	own     bool // a person's own rule, which cues do not let off

	// Worked out from the rest by machine.settle:
	excuses []need // in step with unless
	kind    uint8  // the category's place in Categories, or past their end
	bit     uint16 // of the category among those with cues, or 0: see bitOf
	weight  uint8  // the severity's
}

// need is two atoms without which a pattern is not in a sentence, and the bit of
// its category, without whose hope it is not looked for.
type need struct {
	a, b    uint16
	hope    uint16
	pattern uint16
}

// always is the hope of a pattern that no words rule out.
const always = 1 << mostCues

// settle works out what the file does not hold.
func (m *machine) settle() {
	for i := range m.rules {
		r := &m.rules[i]
		r.kind, r.weight = uint8(len(Categories())), uint8(r.Severity.weight())
		r.excuses = make([]need, len(r.unless))
		for k, p := range r.unless {
			a, b := p.askExcuse()
			r.excuses[k] = need{uint16(a), uint16(b), 0, uint16(k)}
		}
		if k := slices.Index(Categories(), r.Category); k >= 0 {
			r.kind = uint8(k)
		}
	}
	m.cues.settle(m.rules)
	needs := make([]need, len(m.patterns))
	for i, p := range m.patterns {
		a, b := p.ask()
		needs[i] = need{uint16(a), uint16(b), m.rules[p.rule].bit, uint16(i)}
		if !m.rules[p.rule].yields() || needs[i].hope == 0 {
			needs[i].hope = always
		}
	}
	m.quick.needs = make([]need, len(m.quick.pivots))
	for i, p := range m.quick.pivots {
		m.quick.needs[i] = needs[p]
	}
	for i := range m.quick.nodes {
		n := &m.quick.nodes[i]
		for _, need := range m.quick.needs[n.need:][:n.needSize] {
			n.hope |= need.hope
		}
	}
}

// yields tells whether cues may let the rule off.
func (r *compiledRule) yields() bool { return !r.Document && !r.own && r.Severity != Error }
