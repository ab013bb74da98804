package concern

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
	"homecase/fault"
)

//go:embed data/*.yaml data/*.tree
var files embed.FS

// ID names a concern: C01 to C61 of the catalogue, own-1 and so on for the person's own.
type ID string

// Owner is who can settle a question.
type Owner string

// The owners, in the order in which a packet lists them.
const (
	Manager    Owner = "manager"
	HR         Owner = "hr"
	Legal      Owner = "legal"
	IT         Owner = "it"
	Security   Owner = "security"
	Finance    Owner = "finance"
	Insurance  Owner = "insurance"
	Safety     Owner = "safety"
	Facilities Owner = "facilities"
	Union      Owner = "union"
	Employee   Owner = "employee"
	Team       Owner = "team"
)

// Owners lists them in order.
func Owners() []Owner {
	return []Owner{Manager, HR, Legal, IT, Security, Finance, Insurance, Safety, Facilities, Union, Employee, Team}
}

// UnmarshalText reads an owner's word, whatever its case; data protection,
// payroll and tax have the owners they belong to.
func (o *Owner) UnmarshalText(b []byte) error {
	s := strings.ToLower(strings.TrimSpace(string(b)))
	if alias, ok := map[string]Owner{"dpo": Security, "data protection": Security, "payroll": Finance, "tax": Finance, "risk": Insurance, "hse": Safety,
		"health and safety": Safety, "occupational health": Safety, "works council": Union, "boss": Manager, "me": Employee, "procurement": IT, "operations": Manager}[s]; ok {
		*o = alias
		return nil
	}
	if s == "" || slices.Contains(Owners(), Owner(s)) {
		*o = Owner(s)
		return nil
	}
	names := make([]string, 0, len(Owners()))
	for _, v := range Owners() {
		names = append(names, string(v))
	}
	return fmt.Errorf("%q owns no question: write one of %s", clip(string(b)), strings.Join(names, ", "))
}

// Name is the owner as a sentence names it: HR, IT, the works council.
func (o Owner) Name() string {
	if n, ok := map[Owner]string{Manager: "the manager", HR: "HR", Legal: "Legal", IT: "IT", Security: "Security", Finance: "Finance", Insurance: "Insurance",
		Safety: "Health and Safety", Facilities: "Facilities", Union: "the works council", Employee: "the employee", Team: "the team"}[o]; ok {
		return n
	}
	return string(o)
}

// Note is what a country's or state's law adds to a question.
type Note struct {
	Regimes    []string       `json:"regimes"` // ids of package policy, or a place such as US-CA
	Says       string         `json:"says"`
	Unverified bool           `json:"unverified,omitempty"`
	Sources    []cite.Reading `json:"sources"`
}

// Fact is a figure or a finding that bears on a question.
type Fact struct {
	Text       string         `json:"text"`
	Unverified bool           `json:"unverified,omitempty"`
	Sources    []cite.Reading `json:"sources"`
}

// Trap is an answer that goes round and is false or harmful.
type Trap struct {
	Claim   string         `json:"claim"`
	Why     string         `json:"why"`
	All     [][]string     `json:"all,omitempty"` // words by which it is recognised: one of each group
	Sources []cite.Reading `json:"sources,omitempty"`
}

// Slot is a gap of a draft that the person fills, where the case does not.
type Slot struct {
	Name string `json:"name"`
	Ask  string `json:"ask"`
	// Fill names what the case may know already, such as trial.end.
	Fill string `json:"fill,omitempty"`
	// Suggest is a neutral filling to start from.
	Suggest string `json:"suggest,omitempty"`
}

// Value is what a slot begins with: what the case knows, else the suggestion.
func (s Slot) Value(known map[string]string) string {
	if v := known[s.Fill]; s.Fill != "" && v != "" {
		return v
	}
	return s.Suggest
}

// Propose writes the draft with its slots filled, and lists those that stay
// empty. given are the person's own words by the name of the slot.
func (c Concern) Propose(given, known map[string]string) (text string, open []Slot) {
	var pairs []string
	for _, s := range c.Slots {
		v := strings.TrimSpace(given[s.Name])
		if v == "" {
			v = s.Value(known)
		}
		if v == "" {
			open = append(open, s)
			continue
		}
		pairs = append(pairs, "{"+s.Name+"}", v)
	}
	return strings.NewReplacer(pairs...).Replace(c.Draft), open
}

// Concern is one question of the catalogue.
type Concern struct {
	ID       ID             `json:"id"`
	Title    string         `json:"title"`    // short
	Question string         `json:"question"` // as a manager would ask it
	Owners   []Owner        `json:"owners"`   // the first one settles it
	AskedBy  string         `json:"asked_by"` // who raised it
	Core     bool           `json:"core,omitempty"`
	Usual    bool           `json:"usual,omitempty"` // one of the five a packet opens with when the person picks none
	Section  string         `json:"section"`         // where the packet deals with it
	Good     []string       `json:"good_answer"`
	Settles  []string       `json:"settles"`
	Notes    []Note         `json:"regime_notes,omitempty"`
	Facts    []Fact         `json:"facts,omitempty"`
	Traps    []Trap         `json:"traps,omitempty"`
	Draft    string         `json:"draft"` // a neutral proposal; {slots} are the person's
	Slots    []Slot         `json:"slots,omitempty"`
	Studies  []string       `json:"studies,omitempty"` // ids of package evidence
	Raised   []Signal       `json:"raised,omitempty"`  // what in a case raises it
	Sources  []cite.Reading `json:"sources,omitempty"`
}

// Sections lists where a packet deals with questions.
func Sections() []string {
	return []string{"work", "money", "equipment", "security", "safety", "availability", "team", "contract", "trial"}
}

// Signal is something in a case that raises a question nobody asked yet. The
// case says which signals hold; this package says what they raise. A regime or
// place id is a signal too.
type Signal string

// The signals.
const (
	NewInJob        Signal = "new_in_job"        // under a year in the job
	OverHalf        Signal = "over_half_week"    // more than two and a half home days asked
	PersonalData    Signal = "personal_data"     // duties with data that may not leave
	PaperFiles      Signal = "paper_files"       // duties that need paper
	PhoneCover      Signal = "phone_cover"       // duties with calls or customers
	OfficeEquipment Signal = "office_equipment"  // duties that need a thing in the office
	Mentors         Signal = "mentors"           // duties that train others
	PaidByHour      Signal = "paid_by_hour"      // hours are paid, overtime can arise
	UnpaidOffer     Signal = "unpaid_work_offer" // the text offers work nobody pays
	SpaceClaimed    Signal = "space_claimed"     // the money counts office space
	SavingsAssumed  Signal = "savings_assumed"   // most of the money is assumption
	OtherState      Signal = "other_state"       // home and office lie in different states
	Abroad          Signal = "abroad"            // work from another country is asked
	Statutory       Signal = "statutory"         // the request is made under a statute
	OfficeRule      Signal = "office_day_rule"   // the company asks everyone in on given days
	OwnComputer     Signal = "own_computer"      // work on the person's own computer
	Collective      Signal = "collective"        // a union or works council is there
)

type sheet struct {
	Concerns []Concern `json:"concerns"`
}

// catalogue reads all questions once, on first use.
var catalogue = sync.OnceValues(func() ([]Concern, error) {
	var all []Concern
	for _, name := range []string{"concerns-core.yaml", "concerns-c19-c40.yaml", "concerns-c41-c61.yaml"} {
		var s sheet
		if err := read(name, &s); err != nil {
			return nil, err
		}
		all = append(all, s.Concerns...)
	}
	slices.SortFunc(all, func(a, b Concern) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all, nil
})

func read(name string, v any) error {
	if err := content.DecodeShipped(files, "concern", "data/"+name, v); err != nil {
		return fmt.Errorf("read concerns: %w", err)
	}
	return nil
}

// Catalogue returns the 61 questions by id. The caller must not change it.
func Catalogue() ([]Concern, error) { return catalogue() }

// Find returns one question of the catalogue, or a fault of kind Missing.
func Find(id ID) (Concern, error) {
	all, err := catalogue()
	if err != nil {
		return Concern{}, err
	}
	if i := slices.IndexFunc(all, func(c Concern) bool { return c.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Concern{}, fault.New(fault.Missing, "HC-CONC-01", "There is no concern %q.", clip(string(id))).
		Then("They run from %s to %s: homecase concern list shows them.", all[0].ID, all[len(all)-1].ID)
}

// Usual returns the five questions a packet opens with when the person picked none.
func Usual() ([]ID, error) {
	all, err := catalogue()
	var out []ID
	for _, c := range all {
		if c.Usual {
			out = append(out, c.ID)
		}
	}
	return out, err
}

// RaisedBy returns the questions that signals raise, by id.
func RaisedBy(signals ...Signal) ([]ID, error) {
	all, err := catalogue()
	var out []ID
	for _, c := range all {
		if slices.ContainsFunc(c.Raised, func(s Signal) bool { return slices.Contains(signals, s) }) {
			out = append(out, c.ID)
		}
	}
	return out, err
}

// For returns the notes of a question for regimes and places, such as GB-FW or US-CA.
func (c Concern) For(regimes ...string) []Note {
	var out []Note
	for _, n := range c.Notes {
		if slices.ContainsFunc(n.Regimes, func(r string) bool { return slices.Contains(regimes, r) }) {
			out = append(out, n)
		}
	}
	return out
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
