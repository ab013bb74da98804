package pitch

import (
	"embed"
	"strings"
	"sync"

	"homecase/content"
	"homecase/fault"
)

//go:embed data/*.yaml
var files embed.FS

// Rule is one rule as it stands in a file. The patterns' language is described
// at the top of data/lexicon.yaml.
type Rule struct {
	// ID names the rule for good, like ultimatum-quit.
	ID string `json:"id"`
	// Category is what a finding of the rule is about.
	Category Category `json:"category"`
	// Severity is error, warning, hint or good.
	Severity Severity `json:"severity"`
	// Also lists further categories of the sentence, for labels.
	Also []Category `json:"also"`
	// When lists patterns, one a line; one of them is enough.
	When string `json:"when"`
	// Unless lists patterns that excuse the whole sentence; in a sound rule from what the cues add up to.
	Unless string `json:"unless"`
	// Negated keeps the rule when a "not" stands right before the words.
	Negated bool `json:"negated"`
	// Document makes it a rule about the whole text: a finding when nothing matches.
	Document bool `json:"document"`
	// Counts lists categories whose findings also satisfy a document rule.
	Counts []Category `json:"counts"`
	// Why says in a sentence or two why it matters.
	Why string `json:"why"`
	// Figure is the right figure or rule of law, for claims known to be false.
	Figure string `json:"figure"`
	// Source says where that is from.
	Source string `json:"source"`
	// Unverified marks a source that was recalled and not read.
	Unverified bool `json:"unverified"`
	// Suggestion is one replacement; {slot|words} takes the person's own fact.
	Suggestion string `json:"suggestion"`
	// Sound makes it the rule that reports what cues.yaml adds up to, without a when.
	Sound bool `json:"sound"`
	// Off switches the rule off and says why.
	Off string `json:"off"`

	own bool
}

// Limits are the numbers of the rules about plain words.
type Limits struct {
	// SentenceWords is the longest sentence without a remark, in words.
	SentenceWords int `json:"sentence_words"`
	// Grade is the highest school grade without a remark.
	Grade float64 `json:"grade"`
	// DocumentWords is the shortest text that document rules are applied to, in words.
	DocumentWords int `json:"document_words"`
}

// ruleFile is the shape of a file of rules.
type ruleFile struct {
	Limits Limits `json:"limits"`
	Rules  []Rule `json:"rules"`
}

// lexicon is the shape of data/lexicon.yaml.
type lexicon struct {
	Irregular    string            `json:"irregular"`
	Contractions string            `json:"contractions"`
	Common       string            `json:"common"`
	Numbers      string            `json:"numbers"`
	Abbreviated  string            `json:"abbreviated"`
	Names        string            `json:"names"`
	Filler       string            `json:"filler"`
	Classes      map[string]string `json:"classes"`
}

// loaded is everything in data, decoded.
type loaded struct {
	lex    lexicon
	rules  []Rule
	limits Limits
	cues   cueFile
}

// ruleFiles lists the files of rules in the order of their rules.
func ruleFiles() []string {
	return []string{"claims.yaml", "sentences.yaml", "good.yaml", "documents.yaml"}
}

// read decodes the data that ships with the program.
func read() (*loaded, error) {
	var l loaded
	b, err := files.ReadFile("data/lexicon.yaml")
	if err != nil {
		return nil, err
	}
	if err := content.Decode("lexicon.yaml", b, &l.lex); err != nil {
		return nil, err
	}
	for _, name := range ruleFiles() {
		b, err := files.ReadFile("data/" + name)
		if err != nil {
			return nil, err
		}
		var f ruleFile
		if err := content.Decode(name, b, &f); err != nil {
			return nil, err
		}
		l.rules = append(l.rules, f.Rules...)
		if f.Limits != (Limits{}) {
			l.limits = f.Limits
		}
	}
	if b, err = files.ReadFile("data/cues.yaml"); err != nil {
		return nil, err
	}
	var c cueFile
	if err := content.Decode("cues.yaml", b, &c); err != nil {
		return nil, err
	}
	l.cues = c
	return &l, nil
}

// shipped is the machine compiled from the data, unpacked once.
var shipped = sync.OnceValues(func() (*machine, error) { return unpack(packed) })

// Check refuses what no rule may be.
func (r *Rule) Check() fault.List {
	var l fault.List
	bad := func(path, say string, args ...any) {
		l = append(l, fault.New(fault.Invalid, "HC-PITCH-01", say, args...).At(fault.Place{Path: path}))
	}
	if r.ID == "" || strings.Trim(r.ID, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		bad("id", "A rule's id is written in small letters, digits and hyphens.")
	}
	if r.Category != "" && !r.Category.known() {
		bad("category", "There is no category %q.", r.Category)
	}
	for _, c := range append(append([]Category{}, r.Also...), r.Counts...) {
		if !c.known() {
			bad("also", "There is no category %q.", c)
		}
	}
	if r.Severity != "" && r.Severity.weight() == 0 {
		bad("severity", "A severity is error, warning, hint or good.")
	}
	if r.Severity == Error && r.Category != "" && !r.Category.mayError() {
		bad("severity", "The linter never stops a case: only false claims, deception and unpaid work are errors.")
	}
	return l
}

// tuned returns the data with a person's own file laid over it.
func tuned(own []byte) (*machine, error) {
	var f ruleFile
	if err := content.Decode("rules file", own, &f); err != nil {
		return nil, err
	}
	l, err := read()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, r := range l.rules {
		at[r.ID] = i
	}
	for _, r := range f.Rules {
		i, ok := at[r.ID]
		if !ok {
			if r.Category == "" || r.When == "" {
				return nil, fault.New(fault.Invalid, "HC-PITCH-02", "There is no rule %q to tune.", r.ID).
					Then("A new rule needs a category and a when.")
			}
			if r.Severity == "" {
				r.Severity = Hint
			}
			r.own = true
			l.rules = append(l.rules, r)
			continue
		}
		lay(&l.rules[i], r)
	}
	for _, r := range l.rules {
		if r.Severity == Error && !r.Category.mayError() {
			return nil, fault.New(fault.Invalid, "HC-PITCH-03", "The rule %q cannot be an error.", r.ID).
				Then("Only false claims, deception and unpaid work are errors.")
		}
	}
	l.limits.lay(f.Limits)
	return compile(l)
}

// lay puts the filled fields of own over r; patterns are added to, the rest replaced.
func lay(r *Rule, own Rule) {
	if own.Severity != "" {
		r.Severity = own.Severity
	}
	if own.Off != "" {
		r.Off = own.Off
	}
	if own.Suggestion != "" {
		r.Suggestion = own.Suggestion
	}
	if own.Why != "" {
		r.Why, r.Source = own.Why, own.Source
	}
	r.When += "\n" + own.When
	r.Unless += "\n" + own.Unless
}

func (l *Limits) lay(own Limits) {
	if own.SentenceWords > 0 {
		l.SentenceWords = own.SentenceWords
	}
	if own.Grade > 0 {
		l.Grade = own.Grade
	}
	if own.DocumentWords > 0 {
		l.DocumentWords = own.DocumentWords
	}
}
