package trial

import (
	"embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"

	"homecase/content"
)

//go:embed data/*.yaml data/*.tree
var data embed.FS

// Words is what the trial says to people, kept as data.
type Words struct {
	Verdicts     map[Verdict]VerdictWords
	None         Phrase
	Interim      Phrase
	Grades       map[Grade]string
	Report       map[string]string
	Plan         map[string]string
	Refusals     map[string]string
	Alternatives map[string]string
	Note         noteWords
}

// VerdictWords says one verdict.
type VerdictWords struct {
	// Heading is the verdict as a heading.
	Heading string `json:"heading"`
	// Better is the heading when the interval lies above zero.
	Better string `json:"better,omitempty"`
	// Sentence says what the verdict means, with its error rate.
	Sentence string `json:"sentence"`
	// Inside is added when the estimate is a small loss inside the margin.
	Inside string `json:"inside,omitempty"`
	// Open replaces the sentence when there is no interval.
	Open string `json:"open,omitempty"`
	// More says how many more days would settle it.
	More string `json:"more,omitempty"`
	// Never is added when no number of days of one person would settle it.
	Never string `json:"never,omitempty"`
	// Unlikely is added when more days are unlikely to help.
	Unlikely string `json:"unlikely,omitempty"`
}

// Phrase is a heading with a sentence.
type Phrase struct {
	// Heading is the heading.
	Heading string `json:"heading"`
	// Sentence is the sentence below it.
	Sentence string `json:"sentence"`
}

type verdictFile struct {
	Verdicts map[Verdict]VerdictWords `json:"verdicts"`
	None     Phrase                   `json:"none"`
	Interim  Phrase                   `json:"interim"`
	Grades   map[Grade]string         `json:"grades"`
}

type warningFile struct {
	Report       map[string]string `json:"report"`
	Plan         map[string]string `json:"plan"`
	Refusals     map[string]string `json:"refusals"`
	Alternatives map[string]string `json:"alternatives"`
}

type noteWords struct {
	Subject string            `json:"subject"`
	Numbers map[string]string `json:"numbers"`
	Body    map[string]string `json:"body"`
	Counts  map[string]noun   `json:"counts"`
}

// noun is the word for one, and for many.
type noun struct {
	One  string `json:"one"`
	Many string `json:"many"`
}

var loadWords = sync.OnceValues(func() (*Words, error) {
	var v verdictFile
	var w warningFile
	var n noteWords
	for name, into := range map[string]any{"verdicts": &v, "warnings": &w, "note": &n} {
		if err := content.DecodeShipped(data, "trial", "data/"+name+".yaml", into); err != nil {
			return nil, fmt.Errorf("the trial's words: %w", err)
		}
	}
	return &Words{v.Verdicts, v.None, v.Interim, v.Grades, w.Report, w.Plan, w.Refusals, w.Alternatives, n}, nil
})

// Sentences returns the words of the trial. They are read once.
func Sentences() (*Words, error) { return loadWords() }

// say fills the words in braces: pairs of name and value.
func say(template string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		template = strings.ReplaceAll(template, "{"+pairs[i]+"}", pairs[i+1])
	}
	return template
}

// figure writes a number for a sentence: three significant digits at most.
func figure(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	s := strconv.FormatFloat(v, 'f', max(0, min(digits, 8)), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}

// percent writes a share as a percentage: 14%.
func percent(v float64) string { return figure(math.Round(v*1000)/10) + "%" }

// signed writes an effect with its sign.
func signed(v float64) string {
	if v > 0 {
		return "+" + figure(v)
	}
	return figure(v)
}
