package readiness

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
)

//go:embed data/*.yaml data/*.tree
var files embed.FS

// load decodes one embedded file.
func load[T any](name string) (T, error) {
	var v T
	if err := content.DecodeShipped(files, "readiness", "data/"+name, &v); err != nil {
		return v, fmt.Errorf("read %s: %w", name, err)
	}
	return v, nil
}

// Column is one column of the occupation table and the score from which it ties.
type Column struct {
	Column  string   `json:"column"`
	Element string   `json:"element"` // the O*NET element it is read from
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`
}

// Ties tells whether a score ties the occupation to its place.
func (c Column) Ties(score float64) bool {
	return c.AtLeast != nil && score >= *c.AtLeast || c.AtMost != nil && score <= *c.AtMost
}

// Condition is one of the fifteen, asked in plain words.
type Condition struct {
	ID      ConditionID  `json:"id"`
	Name    string       `json:"name"`
	Ask     string       `json:"ask"`
	Columns []Column     `json:"columns"`
	Source  cite.Reading `json:"source,omitzero"`
}

type conditionFile struct {
	Source     cite.Reading `json:"source"`
	Conditions []Condition  `json:"conditions"`
}

var conditions = sync.OnceValues(func() ([]Condition, error) {
	f, err := load[conditionFile]("conditions.yaml")
	for i := range f.Conditions {
		f.Conditions[i].Source = f.Source
	}
	return f.Conditions, err
})

// Conditions returns the fifteen conditions in the order of the table.
func Conditions() ([]Condition, error) {
	list, err := conditions()
	return slices.Clone(list), err
}

// Question is one question behind an answer of the case file.
type Question struct {
	Group      string       `json:"group"`                // the group of the case file, such as home_office
	ID         string       `json:"id"`                   // the key in that group
	Ask        string       `json:"ask"`                  // the question or statement
	Why        string       `json:"why"`                  // why it is asked
	If         string       `json:"if,omitempty"`         // the answer that calls for the advice; no when empty
	Advice     string       `json:"if_no,omitempty"`      // what to do then
	Gate       bool         `json:"gate,omitempty"`       // whether a no means not yet
	Private    bool         `json:"private,omitempty"`    // whether the answer stays with the person
	Unverified bool         `json:"unverified,omitempty"` // whether the why rests on something nobody read in the original
	From       string       `json:"source"`               // key of the source in the file
	Source     cite.Reading `json:"reading,omitzero"`     // filled from From
}

type questionFile struct {
	Sources   map[string]cite.Reading `json:"sources"`
	Questions []Question              `json:"questions"`
}

var questions = sync.OnceValues(func() ([]Question, error) {
	f, err := load[questionFile]("questions.yaml")
	if err != nil {
		return nil, err
	}
	for i, q := range f.Questions {
		r, ok := f.Sources[q.From]
		if !ok {
			return nil, fmt.Errorf("questions.yaml: %s names the source %q, which is not there", q.ID, q.From)
		}
		f.Questions[i].Source = r
		f.Questions[i].Source.Unverified = r.Unverified || q.Unverified
	}
	return f.Questions, nil
})

// Questions returns the questions of a group, or all for "".
func Questions(group string) ([]Question, error) {
	list, err := questions()
	if group == "" || err != nil {
		return slices.Clone(list), err
	}
	var out []Question
	for _, q := range list {
		if q.Group == group {
			out = append(out, q)
		}
	}
	return out, nil
}

// Rule is one rule of the verdict with its sentences.
type Rule struct {
	ID     RuleID            `json:"id"`
	About  string            `json:"about"`
	Order  int               `json:"order"` // of its next steps within one effect
	From   string            `json:"source"`
	Says   map[Effect]string `json:"says"`
	Next   map[Effect]string `json:"next,omitempty"`
	Source cite.Reading      `json:"reading,omitzero"` // filled from From
}

type ruleFile struct {
	Sources map[string]cite.Reading `json:"sources"`
	Rules   []Rule                  `json:"rules"`
}

var rules = sync.OnceValues(func() (map[RuleID]Rule, error) {
	f, err := load[ruleFile]("rules.yaml")
	if err != nil {
		return nil, err
	}
	out := make(map[RuleID]Rule, len(f.Rules))
	for _, r := range f.Rules {
		src, ok := f.Sources[r.From]
		if !ok {
			return nil, fmt.Errorf("rules.yaml: %s names the source %q, which is not there", r.ID, r.From)
		}
		if _, twice := out[r.ID]; twice {
			return nil, fmt.Errorf("rules.yaml: %s is there twice", r.ID)
		}
		r.Source = src
		out[r.ID] = r
	}
	return out, nil
})

// Rules returns every rule of the verdict, by id.
func Rules() ([]Rule, error) {
	m, err := rules()
	if err != nil {
		return nil, err
	}
	out := make([]Rule, 0, len(m))
	for _, r := range m {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Rule) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out, nil
}

// SafetyItem is one line of the safety check.
type SafetyItem struct {
	ID         string       `json:"id"`
	Group      string       `json:"group"` // room, fire, electric, body, emergency, data, insurance
	Ask        string       `json:"ask"`
	Unverified bool         `json:"unverified,omitempty"`
	Source     cite.Reading `json:"source,omitzero"`
}

type safetyFile struct {
	Source cite.Reading `json:"source"`
	Items  []SafetyItem `json:"items"`
}

var safety = sync.OnceValues(func() ([]SafetyItem, error) {
	f, err := load[safetyFile]("safety.yaml")
	for i := range f.Items {
		f.Items[i].Source = f.Source
		f.Items[i].Source.Unverified = f.Items[i].Unverified
	}
	return f.Items, err
})

// SafetyItems returns the safety check of a place at home.
func SafetyItems() ([]SafetyItem, error) {
	list, err := safety()
	return slices.Clone(list), err
}

// Suggestion is a duty to start from. It has no hours: only the person knows those.
type Suggestion struct {
	Name  string  `json:"name"`
	Where Where   `json:"where"`
	Binds Binding `json:"binds,omitempty"`
}

// Job is a common job and what people in it often do.
type Job struct {
	Job    string       `json:"job"`
	Also   []string     `json:"also,omitempty"`
	Duties []Suggestion `json:"duties"`
}

type jobFile struct {
	Source  cite.Reading `json:"source"`
	Jobs    []Job        `json:"jobs"`
	General []Suggestion `json:"general"`
}

var jobs = sync.OnceValues(func() (jobFile, error) { return load[jobFile]("jobs.yaml") })

// Jobs returns the common jobs.
func Jobs() ([]Job, error) {
	f, err := jobs()
	return slices.Clone(f.Jobs), err
}

// Suggest returns duties to start from for a job title as a person types it,
// and the job they belong to, "" when the list is the general one.
func Suggest(title string) (job string, duties []Suggestion, err error) {
	f, err := jobs()
	if err != nil {
		return "", nil, err
	}
	want := words(title)
	best := 0
	duties = f.General
	for _, j := range f.Jobs {
		for _, name := range append([]string{j.Job}, j.Also...) {
			if n := phraseIn(words(name), want); n > best {
				best, job, duties = n, j.Job, j.Duties
			}
		}
	}
	return job, slices.Clone(duties), nil
}

// words lower-cases and splits a title.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(clip(s, 200)), func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127)
	})
}

// phraseIn returns the length of name in letters when all its words stand
// together in the title, so that the most specific name wins.
func phraseIn(name, title []string) int {
	for i := 0; i+len(name) <= len(title); i++ {
		if slices.Equal(name, title[i:i+len(name)]) {
			return len(strings.Join(name, " "))
		}
	}
	return 0
}

// fill puts values into the {slots} of a sentence. It fails on a slot without
// a value, so that no brace is ever printed.
func fill(text string, slots map[string]string) (string, error) {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		v, ok := slots[name]
		if !closed || !ok {
			return "", fmt.Errorf("no value for the slot {%s}", clip(name, 40))
		}
		b.WriteString(v)
		text = after
	}
}
