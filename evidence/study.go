package evidence

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
	"homecase/fault"
	"homecase/locale"
)

//go:embed data/*.yaml data/*.tree
var files embed.FS

// ID names a study of the library, like E06.
type ID string

// Design is how a study was made.
type Design string

// The designs. What they are worth, see Study.Grade.
const (
	Randomised Design = "rct"              // people were assigned by lot
	Quasi      Design = "quasi_experiment" // an event assigned them, and records were compared
	Meta       Design = "meta_analysis"    // many studies pooled or reviewed
	Lab        Design = "lab"              // a task set for the purpose
	Survey     Design = "survey"           // people or firms were asked
	Model      Design = "model"            // computed from assumptions
	Macro      Design = "macro"            // industries or whole economies
)

// Direction is what a study says about working from home on one point.
type Direction string

// The directions.
const (
	For     Direction = "for"     // speaks for working from home
	Against Direction = "against" // speaks against it
	Mixed   Direction = "mixed"   // speaks for and against, by group or by amount
	None    Direction = "none"    // takes no side, or found no difference
)

// Scope is whose figure it is. Only a sample's figure may be set beside a
// person's own; none may be promised for one person.
type Scope string

// The scopes; an empty scope is Sample.
const (
	Sample   Scope = "sample"
	Company  Scope = "company"
	Industry Scope = "industry"
	Country  Scope = "country"
)

// Figure is one number of a study as its source states it. The numbers are for
// reading and comparing with a quotation, never for arithmetic with money.
type Figure struct {
	Measure    string   `json:"measure"`              // what was counted, in words
	Value      *float64 `json:"value,omitempty"`      // negative is a fall
	Low        *float64 `json:"low,omitempty"`        // lower end
	High       *float64 `json:"high,omitempty"`       // upper end
	Interval   string   `json:"interval,omitempty"`   // what low and high are: range or ci95
	Unit       string   `json:"unit,omitempty"`       // %, pp, minutes, hours, days, people, SD, t, miles or a currency code; none where the source gives none
	About      string   `json:"about,omitempty"`      // output where the sign says whether work rose or fell
	Of         Scope    `json:"of,omitempty"`         // whose figure
	When       string   `json:"when,omitempty"`       // the condition it holds under
	Secondary  bool     `json:"secondary,omitempty"`  // read in somebody else's summary
	Unverified bool     `json:"unverified,omitempty"` // nobody read it in the original
}

// Version is one state of a study that changed over time.
type Version struct {
	Version    string   `json:"version"`
	Year       int      `json:"year"`
	Claim      string   `json:"claim"`             // what this version said
	Figures    []Figure `json:"figures,omitempty"` // its numbers
	Superseded bool     `json:"superseded"`
	Now        string   `json:"now,omitempty"` // what the current version says in its place
	Unverified bool     `json:"unverified,omitempty"`
}

// Bearing is what a study says on one point.
type Bearing struct {
	Tag       Tag       `json:"tag"`
	Direction Direction `json:"direction"`
	Why       string    `json:"why,omitempty"`
}

// Study is one entry of the library.
type Study struct {
	ID             ID             `json:"id"`
	Short          string         `json:"short"` // how a packet names it
	Authors        string         `json:"authors"`
	Year           int            `json:"year"`
	Title          string         `json:"title"`
	Journal        string         `json:"journal"`
	DOI            string         `json:"doi,omitempty"`
	Population     string         `json:"population"`
	Design         Design         `json:"design"`
	Days           string         `json:"days"` // how much home working was studied
	DaysUnverified bool           `json:"days_unverified,omitempty"`
	Result         string         `json:"result"` // one plain sentence
	Effects        []Figure       `json:"effects"`
	Versions       []Version      `json:"versions,omitempty"`
	Limits         []string       `json:"limits"`
	Bears          []Bearing      `json:"bears"`
	Use            string         `json:"use"`
	Vendor         bool           `json:"vendor,omitempty"`     // made by somebody who sells the thing
	Unverified     bool           `json:"unverified,omitempty"` // the result itself was not read in the original
	Names          []string       `json:"names"`                // words by which people refer to it
	Sources        []cite.Reading `json:"sources"`
}

// Tag names a point that studies speak on, like A-PROD.
type Tag string

// Topic is a tag in words.
type Topic struct {
	Tag      Tag    `json:"tag"`
	Name     string `json:"name"`
	Question string `json:"question"` // what the tag asks
}

type library struct {
	Topics  []Topic `json:"topics"`
	Studies []Study `json:"studies"`
}

// loaded reads every study once, on first use.
var loaded = sync.OnceValues(func() (library, error) {
	var all library
	for _, name := range []string{"topics.yaml", "studies-work.yaml", "studies-wider.yaml"} {
		var part library
		if err := read(name, &part); err != nil {
			return library{}, err
		}
		all.Topics = append(all.Topics, part.Topics...)
		all.Studies = append(all.Studies, part.Studies...)
	}
	slices.SortFunc(all.Studies, func(a, b Study) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all, nil
})

func read(name string, v any) error {
	if err := content.DecodeShipped(files, "evidence", "data/"+name, v); err != nil {
		return fmt.Errorf("read evidence data: %w", err)
	}
	return nil
}

// Studies returns the whole library by id. The caller must not change it.
func Studies() ([]Study, error) {
	l, err := loaded()
	return l.Studies, err
}

// Topics returns every tag with its name.
func Topics() ([]Topic, error) {
	l, err := loaded()
	return l.Topics, err
}

// Find returns one study, or a fault of kind Missing that names the nearest ids.
func Find(id ID) (Study, error) {
	all, err := Studies()
	if err != nil {
		return Study{}, err
	}
	for _, s := range all {
		if s.ID == id {
			return s, nil
		}
	}
	return Study{}, fault.New(fault.Missing, "HC-EVID-01", "There is no study %q in the library.", clip(string(id))).
		Then("The ids run from %s to %s: homecase evidence list shows them.", all[0].ID, all[len(all)-1].ID)
}

// ByTag returns the studies that speak on a point, the strongest first. An
// unknown tag is a fault of kind Missing.
func ByTag(tag Tag) ([]Study, error) {
	l, err := loaded()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(l.Topics, func(t Topic) bool { return t.Tag == tag }) {
		names := make([]string, len(l.Topics))
		for i, t := range l.Topics {
			names[i] = string(t.Tag)
		}
		return nil, fault.New(fault.Missing, "HC-EVID-02", "There is no tag %q.", clip(string(tag))).Then("The tags are %s.", strings.Join(names, ", "))
	}
	var out []Study
	for _, s := range l.Studies {
		if _, ok := s.On(tag); ok {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, stronger)
	return out, nil
}

// On returns what the study says about a tag.
func (s Study) On(tag Tag) (Bearing, bool) {
	i := slices.IndexFunc(s.Bears, func(b Bearing) bool { return b.Tag == tag })
	if i < 0 {
		return Bearing{}, false
	}
	return s.Bears[i], true
}

// Grade is how far the design can be trusted: A people were assigned by lot, B
// records were compared or studies pooled, C a laboratory task, a survey or
// industry figures, D a vendor's survey or a model.
func (s Study) Grade() string {
	switch {
	case s.Vendor || s.Design == Model:
		return "D"
	case s.Design == Randomised:
		return "A"
	case s.Design == Quasi || s.Design == Meta:
		return "B"
	}
	return "C"
}

// Doubtful tells whether anything printed about the study was not read in the original.
func (s Study) Doubtful() bool {
	return s.Unverified || s.DaysUnverified || slices.ContainsFunc(s.Effects, func(f Figure) bool { return f.Unverified })
}

// stronger orders by grade, then results read in the original, then the newer, then by id.
func stronger(a, b Study) int {
	if c := strings.Compare(a.Grade(), b.Grade()); c != 0 {
		return c
	}
	if a.Unverified != b.Unverified {
		if a.Unverified {
			return 1
		}
		return -1
	}
	if a.Year != b.Year {
		return b.Year - a.Year
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// String writes the figure as a reader would quote it: "-19 to -8%", "72 minutes".
func (f Figure) String() string {
	var s string
	switch {
	case f.Value != nil && f.Low != nil && f.High != nil:
		s = fmt.Sprintf("%s (%s to %s)", number(*f.Value), number(*f.Low), number(*f.High))
	case f.Value != nil:
		s = number(*f.Value)
	case f.Low != nil && f.High != nil:
		s = number(*f.Low) + " to " + number(*f.High)
	default:
		return ""
	}
	switch f.Unit {
	case "":
		return s
	case "%":
		return s + "%"
	}
	return s + " " + f.Unit
}

// number writes a figure without noise: 1234567 as 1.234567 million.
func number(v float64) string {
	if v < 0 {
		return locale.Minus + number(-v)
	}
	if v >= 1e9 {
		return strconv.FormatFloat(v/1e9, 'g', -1, 64) + " billion"
	} else if v >= 1e6 {
		return strconv.FormatFloat(v/1e6, 'g', -1, 64) + " million"
	} else if v >= 1000 {
		s := strconv.FormatFloat(v, 'f', -1, 64)
		whole, frac, _ := strings.Cut(s, ".")
		s = whole[:len(whole)-3] + "," + whole[len(whole)-3:]
		if frac != "" {
			s += "." + frac
		}
		return s
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
