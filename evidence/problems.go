package evidence

import (
	"slices"
	"strings"
)

// problems reports what is wrong with one sentence: known false claims first,
// then each number against the studies the sentence means.
func (m *matcher) problems(s sentence) []Problem {
	out := m.falseClaims(s)
	claimed := len(out) > 0
	for _, q := range quantities(s.tokens) {
		if claimed || negated(s.tokens, q.at) {
			continue // one sentence about a false claim is enough; "not 20 %" claims nothing
		}
		if p, ok := m.weigh(s, q); ok {
			out = append(out, p)
		}
	}
	if len(s.means) == 0 {
		out = append(out, m.unnamed(s)...)
	}
	return out
}

func (m *matcher) falseClaims(s sentence) []Problem {
	var out []Problem
	for _, c := range m.Claims {
		if present(c.unless, s.context) || slices.ContainsFunc(c.phrases, func(g []phrase) bool { return !affirmed(g, s.context) }) {
			continue
		}
		// A sentence that goes on from another one must add something to the claim.
		if len(s.context) > len(s.tokens) && !slices.ContainsFunc(c.phrases, func(g []phrase) bool { return affirmed(g, s.tokens) }) {
			continue
		}
		level := c.Level
		if level == "" {
			level = Error
		}
		out = append(out, Problem{Kind: c.Kind, Level: level, Study: c.Study, Claim: c.ID, Say: c.Say, Next: c.Next, Sentence: s.text})
	}
	return out
}

// weigh compares one number with the studies a sentence means.
func (m *matcher) weigh(s sentence, q quantity) (Problem, bool) {
	if len(s.means) == 0 {
		return Problem{}, false
	}
	way := m.way(s.tokens, q)
	var opposite, old *Problem
	for _, i := range s.means {
		st := m.studies[i]
		for _, f := range st.Effects {
			if !f.states(q) {
				continue
			}
			if s.own[q.at] {
				p := m.problem(Scaled, st, q, f.String(), s)
				return p, true
			}
			if f.About == "output" && way*sense(f) < 0 {
				p := m.problem(Reversed, st, q, f.Measure+": "+f.String(), s)
				opposite = &p
				continue
			}
			return Problem{}, false
		}
	}
	if s.own[q.at] {
		return Problem{}, false // the writer's own number in the writer's own clause
	}
	for _, i := range s.means {
		st := m.studies[i]
		for _, v := range st.Versions {
			for _, f := range v.Figures {
				if !v.Superseded || !f.states(q) || f.About == "output" && way*sense(f) < 0 || present(m.drafts, s.tokens) {
					continue
				}
				p := m.problem(Superseded, st, q, v.Now, s)
				old = &p
			}
		}
	}
	switch {
	case old != nil:
		return *old, true
	case opposite != nil:
		return *opposite, true
	case present(m.drafts, s.tokens):
		return Problem{}, false
	}
	st := m.studies[s.means[0]]
	p := m.problem(NotInSource, st, q, says(st, q.unit), s)
	for _, i := range s.means {
		p.Maybe = append(p.Maybe, m.studies[i].ID)
	}
	if len(p.Maybe) < 2 {
		p.Maybe = nil
	}
	return p, true
}

// says lists what a study does say in a unit, at most four figures.
func says(st Study, unit string) string {
	var out []string
	for _, f := range st.Effects {
		if f.Unit == unit && len(out) < 4 && !f.Unverified {
			out = append(out, f.Measure+": "+f.String())
		}
	}
	if len(out) == 0 {
		return st.Result
	}
	return strings.Join(out, "; ")
}

func (m *matcher) problem(kind ProblemKind, st Study, q quantity, now string, s sentence) Problem {
	fill := strings.NewReplacer("{study}", st.Short, "{found}", tidy(q.said), "{now}", strings.TrimSuffix(now, "."))
	return Problem{Kind: kind, Level: Error, Study: st.ID, Found: tidy(q.said), Now: now, Say: fill.Replace(m.Says[kind]), Next: fill.Replace(m.Next[kind]), Sentence: s.text}
}

func tidy(s string) string { return strings.Replace(s, "pp", "percentage points", 1) }

// sense is +1 for a figure that says work rose, -1 for one that says it fell.
func sense(f Figure) int {
	for _, v := range []*float64{f.Value, f.Low} {
		switch {
		case v == nil || *v == 0:
		case *v > 0:
			return 1
		default:
			return -1
		}
	}
	return 0
}

// way tells whether the words around a number say more (+1), less (-1) or
// neither (0). The nearest word within seven decides; a negation makes it 0.
func (m *matcher) way(ts []token, q quantity) int {
	const reach = 7
	best, dir := reach+1, 0
	look := func(list []phrase, d int) {
		for _, p := range list {
			for i, end := p.find(ts, 0); i >= 0; i, end = p.find(ts, i+1) {
				dist := i - q.end
				if i < q.at {
					dist = q.at - end + 1
				}
				if dist <= 0 || dist > best || crossed(ts, min(i, q.end), max(i, q.at)) {
					continue
				}
				switch {
				case negated(ts, i):
					best, dir = dist, 0
				case dist == best && dir != d:
					dir = 0
				default:
					best, dir = dist, d
				}
			}
		}
	}
	look(m.up, 1)
	look(m.down, -1)
	return dir
}

// crossed tells whether a clause ends between two tokens.
func crossed(ts []token, from, to int) bool {
	for k := from + 1; k < to; k++ {
		if slices.Contains([]string{",", ";", ":", "but", "while", "whereas"}, ts[k].text) {
			return true
		}
	}
	return false
}

var outside = pattern(`\b(?:by|from|at|of|in)\s+(?:the\s+)?(?:University|[A-Z][\p{L}&-]{2,})|\b[A-Z][\p{L}-]+(?:\s+(?:et al\.?|and others|and [A-Z]\p{L}+))?,?\s*\(?(?:19|20)\d\d`)

// unnamed reports "studies show" where no study of the library is named.
func (m *matcher) unnamed(s sentence) []Problem {
	if !m.vague(s.tokens) {
		return nil
	}
	p := Problem{Kind: Unnamed, Level: Warning, Sentence: s.text}
	for _, q := range quantities(s.tokens) {
		if s.own[q.at] {
			continue
		}
		p.Level, p.Found = Error, tidy(q.said)
		for _, st := range m.studies {
			if slices.ContainsFunc(st.Effects, func(f Figure) bool { return q.unit != "people" && f.states(q) }) && !slices.Contains(p.Maybe, st.ID) {
				p.Maybe = append(p.Maybe, st.ID)
			}
		}
	}
	if outside().MatchString(s.text) {
		p.Kind, p.Level = Unlisted, Warning
	}
	p.Say, p.Next = m.Says[p.Kind], m.Next[p.Kind]
	return []Problem{p}
}

// vague tells whether a subject such as "studies" is followed by a verb such as
// "show" within five words, and is not the writer's own.
func (m *matcher) vague(ts []token) bool {
	for _, p := range m.subjects {
		for i, end := p.find(ts, 0); i >= 0; i, end = p.find(ts, i+1) {
			if i > 0 && slices.Contains([]string{"my", "our", "your", "no"}, ts[i-1].text) {
				continue
			}
			if present(m.verbs, ts[end:min(len(ts), end+6)]) || i > 0 && slices.Contains([]string{"to", "by", "per"}, ts[i-1].text) {
				return true
			}
		}
	}
	return false
}
