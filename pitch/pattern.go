package pitch

import (
	"slices"
	"strconv"
	"strings"

	"homecase/fault"
)

// The patterns' language is described for people in data/lexicon.yaml. Here it
// becomes atoms, which stand for a set of phrases, and steps from atom to atom.

// step is one element of a sequence and how far it may lie behind the one before.
type step struct {
	atom int32
	gap  int16 // tokens that may stand between; far for anything in the sentence
}

const (
	far    = 1000
	someOf = 4 // the gap of ".."
)

// sequence is elements in order. An absent sequence excuses the pattern.
type sequence struct {
	steps  []step
	absent bool
}

// pattern is sequences that must all occur in one sentence, in any order.
type pattern struct {
	rule  int32
	seqs  []sequence
	atoms []int32 // every atom that must be present
}

// branch is a place in the trie of phrases while it grows.
type branch struct {
	edges []edge
	atoms []int32
}

type edge struct {
	id uint16
	to int32
}

// compiler turns the data into a machine.
type compiler struct {
	d         *draft
	nodes     []branch
	classes   map[string]string
	ids       map[string]uint16
	atoms     map[string]int32
	busy      map[string]bool
	edges     map[uint64]int32 // from node and word to node
	bad       *fault.Error     // the last phrase that is none
	weight    map[int32]int    // by atom: how likely it is in a sentence
	common    map[string]bool
	commonest []string
}

// id names a word. "=word" is the form alone; "#num" and their like are kinds.
func (c *compiler) id(w string) uint16 {
	if id, ok := c.ids[w]; ok {
		return id
	}
	id := uint16(len(c.ids) + 1)
	c.ids[w] = id
	if strings.HasPrefix(w, "#") {
		return id
	}
	form, exact := strings.CutPrefix(w, "=")
	e := c.d.words[form]
	if exact {
		e.exact = id
	} else {
		e.word = id
	}
	e.is |= known
	c.d.words[form] = e
	return id
}

// class returns the atom of a named class.
func (c *compiler) class(name string) (int32, error) {
	key := "@" + name
	if a, ok := c.atoms[key]; ok {
		return a, nil
	}
	text, ok := c.classes[name]
	if !ok {
		return 0, fault.New(fault.Invalid, "HC-PITCH-04", "There is no class @%s.", name)
	}
	if c.busy[name] {
		return 0, fault.New(fault.Invalid, "HC-PITCH-05", "The class @%s contains itself.", name)
	}
	c.busy[name] = true
	defer delete(c.busy, name)
	phrases, err := c.flatten(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }))
	if err != nil {
		return 0, err
	}
	return c.atom(key, phrases), nil
}

// flatten replaces @class in a list of phrases by the class's own phrases.
func (c *compiler) flatten(list []string) ([]string, error) {
	var out []string
	for _, p := range list {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		name, ok := strings.CutPrefix(p, "@")
		if !ok || strings.ContainsRune(p, ' ') {
			out = append(out, p)
			continue
		}
		text, ok := c.classes[name]
		if !ok || c.busy[name] && c.busy["@"+name] {
			return nil, fault.New(fault.Invalid, "HC-PITCH-04", "There is no class @%s.", name)
		}
		c.busy["@"+name], c.busy[name] = true, true
		inner, err := c.flatten(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }))
		delete(c.busy, "@"+name)
		delete(c.busy, name)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}

// atom registers the phrases of one atom in the trie.
func (c *compiler) atom(key string, phrases []string) int32 {
	a := int32(len(c.atoms))
	c.atoms[key] = a
	for _, p := range phrases {
		words := written(p)
		if len(words) > 1 && strings.Contains(p, "#end") || strings.ContainsAny(p, "()") {
			c.bad = fault.New(fault.Invalid, "HC-PITCH-10", "A phrase of a group or class is words only, not %q.", p)
		}
		switch {
		case len(words) == 1 && c.common[words[0]]:
			c.weight[a] += 1000
		case len(words) == 1:
			c.weight[a] += 10
		default:
			c.weight[a]++
		}
		c.insert(words, a)
	}
	return a
}

// written cuts a phrase as the scanner cuts a text: "stand-up" is two words,
// "day's" is day, and a figure stays whole.
func written(p string) []string {
	var out []string
	for w := range strings.FieldsSeq(p) {
		if w = strings.TrimLeft(w, "£$€"); w != "" && isDigit(w[0]) {
			out = append(out, w)
			continue
		}
		for part := range strings.FieldsFuncSeq(w, func(r rune) bool { return r == '-' || r == '.' || r == '/' }) {
			part = strings.TrimSuffix(strings.TrimSuffix(part, "'"), "'s")
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func (c *compiler) insert(words []string, a int32) {
	at := int32(0)
	for _, w := range words {
		id := c.id(w)
		key := uint64(at)<<16 | uint64(id)
		next, ok := c.edges[key]
		if !ok {
			next = int32(len(c.nodes))
			c.nodes = append(c.nodes, branch{})
			c.nodes[at].edges = append(c.nodes[at].edges, edge{id, next})
			c.edges[key] = next
		}
		at = next
	}
	if have := c.nodes[at].atoms; len(have) == 0 || have[len(have)-1] != a {
		c.nodes[at].atoms = append(have, a)
	}
}

// patterns reads the lines of a when or unless.
func (c *compiler) patterns(rule int32, text string) ([]pattern, error) {
	var out []pattern
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		variants, err := optional(line)
		if err != nil {
			return nil, err
		}
		for _, v := range variants {
			p, err := c.pattern(rule, v)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// optional writes a line with [parts] out as lines with and without them.
func optional(line string) ([]string, error) {
	open := strings.IndexByte(line, '[')
	if open < 0 {
		return []string{line}, nil
	}
	end := strings.IndexByte(line[open:], ']')
	if end < 0 || strings.Count(line, "[") > 5 {
		return nil, fault.New(fault.Invalid, "HC-PITCH-06", "A bracket is not closed, or there are too many: %s.", line)
	}
	end += open
	with, err := optional(line[:open] + line[open+1:end] + line[end+1:])
	if err != nil {
		return nil, err
	}
	without, err := optional(line[:open] + line[end+1:])
	return append(with, without...), err
}

func (c *compiler) pattern(rule int32, line string) (pattern, error) {
	p := pattern{rule: rule}
	for part := range strings.SplitSeq(line, "&") {
		part = strings.TrimSpace(part)
		part, absent := strings.CutPrefix(part, "!")
		s, err := c.sequence(part)
		if err != nil {
			return p, err
		}
		if len(s.steps) == 0 {
			return p, fault.New(fault.Invalid, "HC-PITCH-07", "A pattern needs words: %s.", line)
		}
		s.absent = absent
		p.seqs = append(p.seqs, s)
		if !absent {
			for _, st := range s.steps {
				p.atoms = append(p.atoms, st.atom)
			}
		}
	}
	if !slices.ContainsFunc(p.atoms, func(a int32) bool { return a != c.d.ends }) {
		return p, fault.New(fault.Invalid, "HC-PITCH-07", "A pattern needs words: %s.", line)
	}
	return p, nil
}

// sequence reads words, @classes, (a|b) and gaps.
func (c *compiler) sequence(text string) (sequence, error) {
	var s sequence
	gap := int16(0)
	for _, el := range elements(text) {
		if el == "..." {
			gap = far
			continue
		}
		if n, ok := strings.CutPrefix(el, ".."); ok {
			gap = someOf
			if n != "" {
				v, err := strconv.Atoi(n)
				if err != nil || v < 1 || v > 60 {
					return s, fault.New(fault.Invalid, "HC-PITCH-08", "A gap is written .. or ..3 or ..., not %s.", el)
				}
				gap = int16(v)
			}
			continue
		}
		a, err := c.element(el)
		if err != nil {
			return s, err
		}
		s.steps = append(s.steps, step{a, gap})
		gap = 0
	}
	return s, nil
}

func (c *compiler) element(el string) (int32, error) {
	if name, ok := strings.CutPrefix(el, "@"); ok {
		return c.class(name)
	}
	if a, ok := c.atoms[el]; ok {
		return a, nil
	}
	list := []string{el}
	if strings.HasPrefix(el, "(") {
		list = alternatives(el)
	}
	phrases, err := c.flatten(list)
	if err != nil {
		return 0, err
	}
	return c.atom(el, phrases), nil
}

// maxPhrases is how many phrases one group may stand for.
const maxPhrases = 500

// alternatives writes (a|b (c|d)) out as a, b c and b d.
func alternatives(el string) []string {
	if !strings.HasPrefix(el, "(") || !strings.HasSuffix(el, ")") {
		return []string{el}
	}
	var out []string
	depth, start := 0, 1
	for i := 1; i < len(el); i++ {
		switch c := el[i]; {
		case c == '(':
			depth++
		case c == ')' && i < len(el)-1:
			depth--
		case depth == 0 && (c == '|' || i == len(el)-1):
			phrases := []string{""}
			for _, part := range elements(el[start:i]) {
				var longer []string
				for _, p := range phrases {
					for _, a := range alternatives(part) {
						longer = append(longer, strings.TrimSpace(p+" "+a))
					}
				}
				if phrases = longer; len(phrases) > maxPhrases {
					return []string{"("} // refused by atom
				}
			}
			out = append(out, phrases...)
			start = i + 1
		}
	}
	return out
}

// elements splits a sequence at spaces outside brackets.
func elements(text string) []string {
	var out []string
	depth, start := 0, -1
	for i := 0; i <= len(text); i++ {
		if i == len(text) || text[i] == ' ' && depth == 0 {
			if start >= 0 {
				out = append(out, text[start:i])
				start = -1
			}
			continue
		}
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if start < 0 {
			start = i
		}
	}
	return out
}
