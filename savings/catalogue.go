package savings

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
	"homecase/estimate"
	"homecase/fault"
	"homecase/money"
)

//go:embed data/*.yaml data/*.tree
var data embed.FS

// Default is a value the catalogue offers where a case gives none. A default in
// a currency is offered to cases in that currency only.
type Default struct {
	estimate.Range
	// Currency is the currency the value is in, such as GBP; empty for what is no money.
	Currency money.Currency `json:"currency,omitempty"`
	cite.Origin
	// Unverified marks a value that nobody read in the original.
	Unverified bool `json:"unverified,omitempty"`
}

// Spec describes one input.
type Spec struct {
	// Name is the name the formula uses, in lower case with underscores.
	Name string `json:"name"`
	// Words say what the input is.
	Words string `json:"words"`
	// Unit is the input's unit, such as money/day, hours or share.
	Unit     estimate.Unit     `json:"unit"`
	Formula  *estimate.Formula `json:"formula,omitempty"`  // follows from other shared inputs
	Constant bool              `json:"constant,omitempty"` // part of the calendar, not something to find out
	Negative bool              `json:"negative,omitempty"` // may be below zero
	// Note is what to mind about the input.
	Note string `json:"note,omitempty"`
	// Defaults are values offered where a case gives none.
	Defaults []Default `json:"defaults,omitempty"`
}

// Default returns the value offered in a currency; c may be empty when the
// currency does not matter yet, and then any will do.
func (s Spec) Default(c money.Currency) (Default, bool) {
	for _, d := range s.Defaults {
		if d.Currency == "" || c == "" || d.Currency == c {
			return d, true
		}
	}
	return Default{}, false
}

// Condition is a question whose answer decides whether a line counts.
type Condition struct {
	// ID is the name under which an entry answers it.
	ID string `json:"id"`
	// Ask is the question.
	Ask       string `json:"ask"`
	Need      string `json:"need"`                // yes or no
	Confirmed bool   `json:"confirmed,omitempty"` // the entry must also say who confirmed it
	Why       string `json:"why"`                 // printed when the line is not counted
}

// Line is one entry of the catalogue.
type Line struct {
	// ID is the short name, in lower case with hyphens.
	ID string `json:"id"`
	// Name is what a reader sees.
	Name string `json:"name"`
	// Ledger is employer_cash, employee_cash or time_and_other.
	Ledger Ledger `json:"ledger"`
	// Effect is saving or cost.
	Effect Effect `json:"effect"`
	// OneOff is true for a purchase that is spread over the years it lasts.
	OneOff bool `json:"one_off,omitempty"`
	// Sum names the total the line belongs to: cash in the two cash ledgers, where it may be left out; else work_hours, own_hours, manager_hours, absence_days, leaving_chance, co2 or desks.
	Sum string `json:"sum,omitempty"`
	// Private lines stay with the person unless they are shared on purpose.
	Private bool `json:"private,omitempty"`
	// Scope is group for lines that mean something only for many people.
	Scope string `json:"scope,omitempty"`
	// Words is the formula in words.
	Words string `json:"words"`
	// Formula is the same in names of inputs.
	Formula *estimate.Formula `json:"formula"`
	// Unit is the unit of the result.
	Unit estimate.Unit `json:"unit"`
	// Shared lists the shared inputs the formula uses.
	Shared []string `json:"shared,omitempty"`
	// Inputs lists the line's own inputs.
	Inputs []Spec `json:"inputs,omitempty"`
	// Conditions are questions that must be answered for the line to count.
	Conditions []Condition `json:"conditions,omitempty"`
	// Rule is the rule of the model that watches this line.
	Rule string `json:"rule,omitempty"`
	// PartOf names the line whose quantity this one takes a part of.
	PartOf string `json:"part_of,omitempty"`
	// Overlap names a group of lines that describe the same hours; one counts.
	Overlap string `json:"overlap,omitempty"`
	// Excludes lists lines that count the same money.
	Excludes []string `json:"excludes,omitempty"`
	// Notes are printed with the line.
	Notes []string `json:"notes,omitempty"`
}

// Check refuses a line whose formula names unknown inputs, adds different units
// or gives another unit than the line says.
func (l *Line) Check() fault.List {
	var faults fault.List
	add := func(path, say string, args ...any) {
		faults = append(faults, fault.New(fault.Invalid, CodeCatalogue, say, args...).At(fault.Place{Path: path}))
	}
	if !slug(l.ID) || l.Name == "" || l.Words == "" || l.Ledger == "" || l.Effect == "" {
		add("id", "A line needs an id in lower case, a name, a ledger, an effect and its formula in words.")
	}
	params, err := parameters()
	if err != nil {
		add("", "The shared inputs cannot be read: %v.", err)
		return faults
	}
	units := map[string]estimate.Unit{}
	for _, name := range l.Shared {
		p, ok := params.spec(name)
		if !ok {
			add("shared", "There is no shared input %s.", name)
		}
		units[name] = p.Unit
	}
	for i, in := range l.Inputs {
		path := fmt.Sprintf("inputs[%d]", i)
		if _, twice := units[in.Name]; twice || in.Name == "" || in.Words == "" {
			add(path, "An input needs a name of its own and words for it.")
		}
		units[in.Name] = in.Unit
	}
	if l.Formula == nil {
		add("formula", "A line needs a formula.")
		return faults
	}
	got, err := l.Formula.Check(func(name string) (estimate.Unit, bool) { u, ok := units[name]; return u, ok })
	if err == nil {
		err = got.Converts(l.Unit)
	}
	if err != nil {
		f, ok := err.(*fault.Error)
		if !ok {
			f = fault.New(fault.Invalid, CodeCatalogue, "%v", err)
		}
		return append(faults, f.At(fault.Place{Path: "formula"}))
	}
	used := l.Formula.Names()
	for name := range units {
		if !slices.Contains(used, name) {
			add("formula", "The formula does not use %s.", name)
		}
	}
	if l.Sum == "" && l.Unit.IsMoney() {
		l.Sum = "cash"
	}
	if (l.Sum == "cash") != l.Unit.IsMoney() || (l.Ledger == TimeAndOther) == l.Unit.IsMoney() {
		add("sum", "Money stands in a cash ledger, and everything else in time_and_other.")
	}
	if !slices.ContainsFunc(params.Sums, func(s Sum) bool { return s.ID == l.Sum }) {
		add("sum", "There is no sum %q.", l.Sum)
	}
	return faults
}

func slug(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// spec finds an input of the line, its own or shared.
func (l *Line) spec(name string) (Spec, bool) {
	for _, in := range l.Inputs {
		if in.Name == name {
			return in, true
		}
	}
	if slices.Contains(l.Shared, name) {
		if p, err := parameters(); err == nil {
			return p.spec(name)
		}
	}
	return Spec{}, false
}

// names lists the inputs a case may give for the line.
func (l *Line) names() []string {
	var n []string
	for _, in := range l.Inputs {
		n = append(n, in.Name)
	}
	return append(n, l.Shared...)
}

// Sum is the name of a total.
type Sum struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type parameterFile struct {
	Parameters []Spec `json:"parameters"`
	Sums       []Sum  `json:"sums"`
}

// Check checks the formulas of derived shared inputs.
func (p *parameterFile) Check() fault.List {
	var faults fault.List
	for i, s := range p.Parameters {
		if s.Formula == nil {
			continue
		}
		u, err := s.Formula.Check(func(name string) (estimate.Unit, bool) { o, ok := p.spec(name); return o.Unit, ok })
		if err == nil {
			err = u.Converts(s.Unit)
		}
		if err != nil {
			faults = append(faults, fault.New(fault.Invalid, CodeCatalogue, "%v", err).At(fault.Place{Path: fmt.Sprintf("parameters[%d].formula", i)}))
		}
	}
	return faults
}

func (p *parameterFile) spec(name string) (Spec, bool) {
	i := slices.IndexFunc(p.Parameters, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, false
	}
	return p.Parameters[i], true
}

type lineFile struct {
	Lines []Line `json:"lines"`
}

// Check refuses ids that are given twice and names of lines that do not exist.
func (f *lineFile) Check() fault.List {
	var faults fault.List
	ids := map[string]bool{}
	for i, l := range f.Lines {
		if ids[l.ID] {
			faults = append(faults, fault.New(fault.Invalid, CodeCatalogue, "The line %s is given twice.", l.ID).At(fault.Place{Path: fmt.Sprintf("lines[%d]", i)}))
		}
		ids[l.ID] = true
	}
	for i, l := range f.Lines {
		for _, other := range append(slices.Clone(l.Excludes), l.PartOf) {
			if other != "" && !ids[other] {
				faults = append(faults, fault.New(fault.Invalid, CodeCatalogue, "There is no line %s.", other).At(fault.Place{Path: fmt.Sprintf("lines[%d]", i)}))
			}
		}
	}
	return faults
}

// Rule is one of the seven rules of the model.
type Rule struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Why    string `json:"why"`
	Source string `json:"source"`
	Needs  []Need `json:"needs,omitempty"`
}

// Need is a cost that must be present, and the lines that can hold it.
type Need struct {
	Cost  string   `json:"cost"`
	Lines []string `json:"lines"`
}

// Benefit is something a person may think of trading for home days.
type Benefit struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Locked  bool   `json:"locked,omitempty"`
	Warning string `json:"warning"`
}

func load[T any](file string) (T, error) {
	var v T
	if err := content.DecodeShipped(data, "savings", "data/"+file, &v); err != nil {
		return v, fmt.Errorf("read the savings catalogue: %w", err)
	}
	return v, nil
}

var (
	parameters = sync.OnceValues(func() (*parameterFile, error) { p, err := load[parameterFile]("parameters.yaml"); return &p, err })
	catalogue  = sync.OnceValues(func() (*lineFile, error) { f, err := load[lineFile]("lines.yaml"); return &f, err })
	rules      = sync.OnceValues(func() ([]Rule, error) {
		f, err := load[struct {
			Rules []Rule `json:"rules"`
		}]("rules.yaml")
		return f.Rules, err
	})
	benefits = sync.OnceValues(func() ([]Benefit, error) {
		f, err := load[struct {
			Trades []Benefit `json:"trades"`
		}]("trades.yaml")
		return f.Trades, err
	})
)

// Catalogue lists all lines.
func Catalogue() ([]Line, error) {
	f, err := catalogue()
	if err != nil {
		return nil, err
	}
	return slices.Clone(f.Lines), nil
}

// Parameters lists the inputs that lines share.
func Parameters() ([]Spec, error) {
	p, err := parameters()
	if err != nil {
		return nil, err
	}
	return slices.Clone(p.Parameters), nil
}

// Rules lists the seven rules.
func Rules() ([]Rule, error) { return rules() }

// Benefits lists what a person may think of trading, with warnings.
func Benefits() ([]Benefit, error) { return benefits() }

// Lookup returns the line of that id, or a fault that names near ones.
func Lookup(id string) (Line, error) {
	f, err := catalogue()
	if err != nil {
		return Line{}, err
	}
	for _, l := range f.Lines {
		if l.ID == id {
			return l, nil
		}
	}
	var near []string
	for _, l := range f.Lines {
		for _, word := range strings.Split(id, "-") {
			if len(word) > 2 && strings.Contains(l.ID, word) && !slices.Contains(near, l.ID) {
				near = append(near, l.ID)
			}
		}
	}
	e := fault.New(fault.Missing, CodeLine, "There is no line %q.", clip(id))
	if len(near) > 0 && len(near) < 8 {
		return Line{}, e.Then("There are %s.", strings.Join(near, ", "))
	}
	return Line{}, e.Then("homecase savings lines lists them.")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
