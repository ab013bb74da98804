package pitch

import "slices"

// Category is what a finding is about.
type Category string

// The categories of sentences, in the order in which Label lists them.
const (
	Personal           Category = "personal"
	Care               Category = "care"
	Ultimatum          Category = "ultimatum"
	Vague              Category = "vague"
	Overpromise        Category = "overpromise"
	Unsupported        Category = "unsupported"
	KnownFalse         Category = "known_false"
	Unpaid             Category = "unpaid"
	Deception          Category = "deception"
	Comparison         Category = "comparison"
	HidesNegatives     Category = "hides_negatives"
	GoodTrial          Category = "good_trial"
	GoodAccountability Category = "good_accountability"
)

// The categories of whole documents.
const (
	MissingTrial          Category = "missing_trial"
	MissingAccountability Category = "missing_accountability"
	MissingDates          Category = "missing_dates"
	MissingExit           Category = "missing_exit"
	MissingThanks         Category = "missing_thanks"
	MissingConcerns       Category = "missing_concerns"
	Reading               Category = "reading" // sentence length and grade
	Switched              Category = "switched_off"
)

// Categories lists the categories a sentence can have, in order.
func Categories() []Category {
	return []Category{Personal, Care, Ultimatum, Vague, Overpromise, Unsupported, KnownFalse,
		Unpaid, Deception, Comparison, HidesNegatives, GoodTrial, GoodAccountability}
}

// documentCategories are found in whole documents only.
func documentCategories() []Category {
	return []Category{MissingTrial, MissingAccountability, MissingDates, MissingExit, MissingThanks, MissingConcerns, Reading, Switched}
}

// known tells whether the category exists.
func (c Category) known() bool {
	return slices.Contains(Categories(), c) || slices.Contains(documentCategories(), c)
}

// mayError tells whether findings of the category may have severity error.
func (c Category) mayError() bool { return c == KnownFalse || c == Deception || c == Unpaid }

// Severity says how much a finding matters. None of them stops anything.
type Severity string

// The severities, the strongest first.
const (
	Error   Severity = "error"   // false, deceiving or unlawful: exit status 3
	Warning Severity = "warning" // works against the case
	Hint    Severity = "hint"    // could be better
	Good    Severity = "good"    // keep this
)

// weight orders severities: the greater, the stronger; 0 is no severity.
func (s Severity) weight() int {
	return 1 + slices.Index([]Severity{Good, Hint, Warning, Error}, s)
}

// Finding is one remark about the text, with its place.
type Finding struct {
	Rule       string   `json:"rule"`       // the rule's name for good
	Category   Category `json:"category"`   // what it is about
	Severity   Severity `json:"severity"`   // error, warning, hint or good
	File       string   `json:"file"`       // the file's name as given
	Line       int      `json:"line"`       // from 1; in a DOCX the paragraph
	Column     int      `json:"column"`     // from 1, in characters
	Text       string   `json:"text"`       // the words that were found
	Why        string   `json:"why"`        // why it matters to a reader
	Source     string   `json:"source"`     // where that is from
	Suggestion string   `json:"suggestion"` // one concrete replacement
}

// HasErrors tells whether one of the findings has severity error.
func HasErrors(fs []Finding) bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == Error })
}
