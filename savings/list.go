package savings

import "homecase/estimate"

// Listed is one line as the catalogue is shown to people and programs: every
// input that may be given, shared ones included.
type Listed struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Ledger     Ledger            `json:"ledger"`
	Effect     Effect            `json:"effect"`
	OneOff     bool              `json:"one_off,omitempty"`
	Private    bool              `json:"private,omitempty"`
	Scope      string            `json:"scope,omitempty"`
	Words      string            `json:"words"`
	Formula    *estimate.Formula `json:"formula"`
	Unit       estimate.Unit     `json:"unit"`
	Inputs     []ListedInput     `json:"inputs"`
	Conditions []Condition       `json:"conditions,omitempty"`
	Rule       string            `json:"rule,omitempty"`
	PartOf     string            `json:"part_of,omitempty"`
	Excludes   []string          `json:"excludes,omitempty"`
	Notes      []string          `json:"notes,omitempty"`
}

// ListedInput is an input with its unit and what the catalogue offers for it.
type ListedInput struct {
	Spec
	Shared bool `json:"shared,omitempty"` // one number for all lines, given under parameters
}

// List lists the catalogue with all inputs, units, defaults and sources.
func List() ([]Listed, error) {
	f, err := catalogue()
	if err != nil {
		return nil, err
	}
	params, err := parameters()
	if err != nil {
		return nil, err
	}
	var out []Listed
	for _, l := range f.Lines {
		x := Listed{
			ID: l.ID, Name: l.Name, Ledger: l.Ledger, Effect: l.Effect, OneOff: l.OneOff, Private: l.Private, Scope: l.Scope, Words: l.Words, Formula: l.Formula,
			Unit: l.Unit, Conditions: l.Conditions, Rule: l.Rule, PartOf: l.PartOf, Excludes: l.Excludes, Notes: l.Notes,
		}
		for _, s := range l.Inputs {
			x.Inputs = append(x.Inputs, ListedInput{Spec: s})
		}
		names := append([]string{}, l.Shared...)
		for i := 0; i < len(names); i++ {
			s, ok := params.spec(names[i])
			if !ok {
				continue
			}
			x.Inputs = append(x.Inputs, ListedInput{Spec: s, Shared: true})
			if s.Formula != nil {
				names = append(names, s.Formula.Names()...)
			}
		}
		out = append(out, x)
	}
	return out, nil
}
