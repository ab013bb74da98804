package pitch

import (
	"slices"
	"strconv"
	"strings"

	"homecase/fault"
)

// Besides rules there are cues: words and pairs of words that speak for or
// against a category, with points. The points come from the labelled sentences
// of testdata (logistic regression; train_test.go) and stand in data/cues.yaml,
// where a person can read and change them. A rule that finds a sentence adds
// points of its own. A sentence whose points reach "at" is found by the rule
// marked "sound" of the category, unless another has found it; one that falls
// below "veto" is let off by the category's other rules, unless they are errors.

// Cue is the points of one category.
type Cue struct {
	// Category is what the words speak for.
	Category Category `json:"category"`
	// Base is the score of a sentence without any cue, in tenths.
	Base int `json:"base"`
	// At is the score from which the sentence is found.
	At int `json:"at"`
	// Veto is the score below which the category's rules let it off.
	Veto int `json:"veto"`
}

// cueFile is the shape of data/cues.yaml.
type cueFile struct {
	Cues []Cue `json:"cues"`
	// Words lists, a line each, a word, a pair, "word * word" with a gap of one or
	// "%rule", and its points in tenths for each category in turn.
	Words string `json:"words"`
}

// Pairs may name a sentence's begin and end, as words stand there for who acts:
// "^ i" and "^ the", "me $".
const (
	beginStem = "^"
	endStem   = "$"
)

// ruleMark stands before the id of a rule among the words.
const ruleMark = "%"

// mostCues is how many categories may have cues.
const mostCues = 12

// points is a number a category, each from -127 to 127.
type points [mostCues]int8

// cueDraft is the points compiled.
type cueDraft struct {
	words  map[string]int32 // the number of a stem, from 1; those in pairs come first
	single map[int32]points // by stem
	pairs  map[uint32]points
	rules  map[int32]points
	cats   []cueCategory
}

// cueLine is a line of words and points.
type cueLine struct {
	words []string // one, two, or three with a * between
	points
}

// compileCues reads the points. rules tells which rule reports a category.
func compileCues(f cueFile, rules []compiledRule) (cueDraft, error) {
	c := cueDraft{words: map[string]int32{}, single: map[int32]points{}, pairs: map[uint32]points{}, rules: map[int32]points{}}
	if len(f.Cues) > mostCues {
		return c, fault.New(fault.Invalid, "HC-PITCH-12", "There are cues for %d categories, and room for %d.", len(f.Cues), mostCues)
	}
	for _, cue := range f.Cues {
		for _, v := range []int{cue.Base, cue.At, cue.Veto} {
			if v < -mostBar || v > mostBar {
				return c, fault.New(fault.Invalid, "HC-PITCH-11", "The base, at and veto of a category are from -%d to %[1]d, not %d.", mostBar, v)
			}
		}
		cat := cueCategory{category: cue.Category, base: int32(cue.Base), at: int32(cue.At), veto: int32(cue.Veto), rule: -1}
		for r := range rules {
			if rules[r].Sound && rules[r].Category == cue.Category && rules[r].Off == "" {
				cat.rule = int32(r)
			}
		}
		c.cats = append(c.cats, cat)
	}
	var single []cueLine
	for text := range strings.Lines(f.Words) {
		line, err := c.line(strings.Fields(text))
		switch {
		case err != nil:
			return c, err
		case len(line.words) == 1:
			single = append(single, line)
		case len(line.words) > 1:
			last := len(line.words) - 1
			a, b := c.stemID(line.words[0]), c.stemID(line.words[last])
			c.pairs[pairKey(a, b, last-1)] = line.points
		}
	}
	if len(c.words) > mostPairStems {
		return c, fault.New(fault.Invalid, "HC-PITCH-12", "There are pairs of %d words, and room for %d.", len(c.words), mostPairStems)
	}
	return c, c.add(single, rules)
}

// add takes up the points of single words and of rules.
func (c *cueDraft) add(single []cueLine, rules []compiledRule) error {
	for _, line := range single {
		id, ok := strings.CutPrefix(line.words[0], ruleMark)
		if !ok {
			c.single[c.stemID(id)] = line.points
			continue
		}
		at := slices.IndexFunc(rules, func(r compiledRule) bool { return r.ID == id })
		if at < 0 {
			return fault.New(fault.Invalid, "HC-PITCH-11", "The cues name a rule %q, and there is none.", id)
		}
		c.rules[int32(at)] = line.points
	}
	return nil
}

// stemID is the number of a stem, a new one for a new stem.
func (c *cueDraft) stemID(w string) int32 {
	id := c.words[w]
	if id == 0 {
		id = int32(len(c.words) + 1)
		c.words[w] = id
	}
	return id
}

// line reads a line; an empty one has no words.
func (c *cueDraft) line(fields []string) (line cueLine, err error) {
	n := len(fields) - len(c.cats)
	if len(fields) == 0 || len(c.cats) == 0 {
		return line, nil
	}
	if n < 1 || n > 3 || n == 3 && fields[1] != "*" {
		return line, fault.New(fault.Invalid, "HC-PITCH-11", "A cue is one or two words and a number for each category, not %q.", strings.Join(fields, " "))
	}
	line.words = fields[:n]
	for i, text := range fields[n:] {
		v, err := strconv.ParseInt(text, 10, 8)
		if err != nil {
			return line, fault.New(fault.Invalid, "HC-PITCH-11", "The points of a cue are a number from -127 to 127, not %q.", text)
		}
		line.points[i] = int8(max(v, -127))
	}
	return line, nil
}
