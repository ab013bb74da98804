package evidence

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"homecase/fault"
)

// Quote is what a person wants to say about a study. It is checked against the
// library before it can stand in a packet.
type Quote struct {
	// Study is the id of the study in the library, such as E23.
	Study ID `json:"study"`
	// Text is the sentence you want to write about it.
	Text string `json:"text,omitempty"`
	// Number is the figure you want to give, if it does not stand in the text.
	Number *float64 `json:"number,omitempty"`
	// Unit is what the number counts, such as %, minutes or million dollars.
	Unit string `json:"unit,omitempty"`
}

// ProblemKind says what is wrong with a statement about a study.
type ProblemKind string

// The kinds of problem.
const (
	Superseded  ProblemKind = "superseded"    // a later version changed the number
	NotInSource ProblemKind = "not_in_source" // the study does not say the number
	Reversed    ProblemKind = "reversed"      // the study says the opposite
	Misquote    ProblemKind = "misquote"      // a known false account of a study
	Scaled      ProblemKind = "scaled"        // a figure of many promised for one
	Unnamed     ProblemKind = "unnamed"       // "studies show" and no study
	Unlisted    ProblemKind = "unlisted"      // a study the library does not hold
)

// Level says whether a problem is a finding or a hint.
type Level string

// The levels. Error means a known false claim: exit code 3.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// Problem is one thing wrong with a sentence about a study.
type Problem struct {
	Kind     ProblemKind `json:"kind"`
	Level    Level       `json:"level"`
	Study    ID          `json:"study,omitempty"`
	Claim    string      `json:"claim,omitempty"` // the known false claim it is, by its id
	Found    string      `json:"found,omitempty"` // the number as written
	Now      string      `json:"now,omitempty"`   // what the source says
	Say      string      `json:"say"`             // what is wrong, for the person
	Next     string      `json:"next,omitempty"`  // what to write in its place
	Maybe    []ID        `json:"maybe,omitempty"` // studies that may be meant
	Sentence string      `json:"sentence"`        // where
}

// Claim is a known false account of a study. Its groups of phrases are compared
// with a sentence: one phrase of every group must stand there unnegated.
type Claim struct {
	ID      string      `json:"id"`
	Study   ID          `json:"study,omitempty"`
	Kind    ProblemKind `json:"kind"`
	Level   Level       `json:"level,omitempty"` // error when empty
	All     [][]string  `json:"all"`             // a * at the end of a word stands for any ending
	Unless  []string    `json:"unless,omitempty"`
	Say     string      `json:"say"`
	Next    string      `json:"next"`
	Source  string      `json:"source"`
	phrases [][]phrase
	unless  []phrase
}

// wording is data/claims.yaml.
type wording struct {
	Says        map[ProblemKind]string `json:"says"`
	Next        map[ProblemKind]string `json:"next"`
	Subjects    []string               `json:"subjects"`
	Verbs       []string               `json:"verbs"`
	FirstPerson []string               `json:"first_person"`
	Reporting   []string               `json:"reporting"`
	Up          []string               `json:"up"`
	Down        []string               `json:"down"`
	Drafts      []string               `json:"drafts"`
	Claims      []Claim                `json:"claims"`
}

// matcher is the wording and the library made ready to be compared.
type matcher struct {
	wording
	studies                                                   []Study
	names                                                     [][]phrase // by study
	subjects, verbs, firstPerson, reporting, up, down, drafts []phrase
}

var ready = sync.OnceValues(func() (*matcher, error) {
	m := &matcher{}
	var err error
	if m.studies, err = Studies(); err != nil {
		return nil, err
	}
	if err = read("claims.yaml", &m.wording); err != nil {
		return nil, err
	}
	for _, s := range m.studies {
		names := append([]string{string(s.ID), s.Title, s.DOI}, s.Names...)
		m.names = append(m.names, phrases(names))
	}
	for i := range m.Claims {
		c := &m.Claims[i]
		for _, g := range c.All {
			c.phrases = append(c.phrases, phrases(g))
		}
		c.unless = phrases(c.Unless)
	}
	m.subjects, m.verbs, m.firstPerson = phrases(m.Subjects), phrases(m.Verbs), phrases(m.FirstPerson)
	m.reporting = phrases(m.Reporting)
	m.up, m.down, m.drafts = phrases(m.Up), phrases(m.Down), phrases(m.Drafts)
	return m, nil
})

// Claims lists the known false accounts, for pages that explain them.
func Claims() ([]Claim, error) {
	m, err := ready()
	if err != nil {
		return nil, err
	}
	return m.Claims, nil
}

// MaxText is the longest text CheckQuote reads; what follows is left unread.
const MaxText = 20_000

// CheckQuote compares a text with the library and reports what the studies it
// names do not say. It works on words and numbers, not on meaning: a sentence
// it passes may still be wrong, and a number set beside two named studies is
// accepted when either says it.
func CheckQuote(text string) ([]Problem, error) { return check(text, "") }

// Check compares a quotation with its study. An unknown study is a fault of
// kind Missing.
func Check(q Quote) ([]Problem, error) {
	if _, err := Find(q.Study); err != nil {
		return nil, err
	}
	text := q.Text
	if q.Number != nil {
		text += "\n" + strconv.FormatFloat(*q.Number, 'f', -1, 64) + " " + q.Unit
		if strings.TrimSpace(q.Unit) == "" {
			text += "%"
		}
	}
	if len(text) > 2*MaxText {
		return nil, fault.New(fault.Invalid, "HC-EVID-03", "This quotation is longer than %d characters.", MaxText)
	}
	return check(text, q.Study)
}

func check(text string, forced ID) ([]Problem, error) {
	m, err := ready()
	if err != nil {
		return nil, err
	}
	if len(text) > MaxText {
		text = strings.ToValidUTF8(text[:MaxText], "")
	}
	var out []Problem
	var before sentence
	for _, s := range sentences(text) {
		now := m.read(s, forced, before)
		out = append(out, m.problems(now)...)
		before = now
	}
	return out, nil
}

// sentence is one sentence made ready: what it says and which studies it means.
type sentence struct {
	text    string
	tokens  []token
	context []token // with the sentence it goes on from, if it does
	means   []int   // studies, by place in matcher.studies
	own     []bool  // by token: inside a clause about the writer
}

var goesOn = pattern(`(?i)^\s*["'(]?(it|they|this|that|these|the (study|paper|authors?|experiment|trial|firm|company|result|gain|fall)|their|he|she|and|but|also|there|workers|staff|people|employees|productivity|output|attrition|quits?|performance|in fact|on average|overall|of (them|these|those)|half|most|both|\d)`)

func (m *matcher) read(text string, forced ID, before sentence) sentence {
	s := sentence{text: strings.TrimSpace(text), tokens: tokens(text)}
	s.context = s.tokens
	s.means = m.meant(s.tokens)
	if forced != "" {
		if i := slices.IndexFunc(m.studies, func(st Study) bool { return st.ID == forced }); i >= 0 && !slices.Contains(s.means, i) {
			s.means = append(s.means, i)
		}
	}
	if len(s.means) == 0 && len(before.means) > 0 && goesOn().MatchString(text) && !present(m.firstPerson, s.tokens) {
		s.means = before.means
		s.context = append(slices.Clone(before.tokens), s.tokens...)
	} else if forced != "" && len(before.tokens) > 0 {
		s.context = append(slices.Clone(before.tokens), s.tokens...)
	}
	s.own = m.ownClauses(s.tokens)
	return s
}

// meant returns the studies a sentence names. A study whose words are all part
// of a better match is left out: "Bloom 2015" is not every paper by Bloom.
func (m *matcher) meant(ts []token) []int {
	type hit struct {
		study int
		words []string
	}
	var hits []hit
	for i, names := range m.names {
		found := hit{study: i}
		for _, p := range names {
			if p.scattered(ts) {
				found.words = append(found.words, p.words...)
			}
		}
		if len(found.words) > 0 {
			slices.Sort(found.words)
			found.words = slices.Compact(found.words)
			hits = append(hits, found)
		}
	}
	var out []int
	for _, h := range hits {
		if !slices.ContainsFunc(hits, func(o hit) bool { return len(o.words) > len(h.words) && subset(h.words, o.words) }) {
			out = append(out, h.study)
		}
	}
	return out
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(w string) bool { return !slices.Contains(b, w) })
}

// ownClauses marks the tokens of clauses in which the writer speaks of the
// writer: "so I will do 13 % more", but not "I read that".
func (m *matcher) ownClauses(ts []token) []bool {
	own := make([]bool, len(ts))
	start := 0
	for i := 0; i <= len(ts); i++ {
		if i < len(ts) && !slices.Contains([]string{",", ";", ":", "(", ")", "but", "while", "whereas", "so", "and", "therefore"}, ts[i].text) {
			continue
		}
		clause := ts[start:i]
		if present(m.firstPerson, clause) && !present(m.reporting, clause) {
			for k := start; k < i; k++ {
				own[k] = true
			}
		}
		start = i + 1
	}
	return own
}
