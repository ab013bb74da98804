package readiness

import (
	"homecase/content"
	"reflect"
)

// Advice is what a private answer suggests. Only the person sees it; it is no
// part of a verdict and there is no score.
type Advice struct {
	Group  string `json:"group"` // trust, career or right_for_me
	ID     string `json:"id"`
	Ask    string `json:"ask"`
	Answer Answer `json:"answer"`
	Why    string `json:"why"`
	Do     string `json:"do"`
	Source string `json:"source"`
}

// WorkOnThisFirst lists what the private answers suggest doing before asking,
// in the order of the questions. Skipped questions say nothing.
func WorkOnThisFirst(a Answers) ([]Advice, error) {
	list, err := Questions("")
	if err != nil {
		return nil, err
	}
	given := map[string]Answer{}
	for group, v := range map[string]any{"trust": a.Trust, "career": a.Career, "right_for_me": a.RightForMe} {
		rv := reflect.ValueOf(v)
		for _, f := range content.Fields(rv.Type()) {
			given[group+"."+f.Name] = Answer(rv.FieldByIndex(f.Index).String())
		}
	}
	out := []Advice{}
	for _, q := range list {
		answer, private := given[q.Group+"."+q.ID]
		calls := Answer(q.If)
		if calls == "" {
			calls = No
		}
		if !private || q.Advice == "" || answer != calls && answer != NotSure {
			continue
		}
		source := q.Source.Title
		if q.Source.Unverified {
			source += " (not verified)"
		}
		out = append(out, Advice{Group: q.Group, ID: q.ID, Ask: q.Ask, Answer: answer, Why: q.Why, Do: q.Advice, Source: source})
	}
	return out, nil
}

// Equipment is one thing a home day needs, with who has it and what it costs.
type Equipment struct {
	Item  string `json:"item"`  // key of the home office or the name of a duty
	State State  `json:"state"` // have, can_get, no or not_sure; "" when not answered
	For   string `json:"for"`   // home_office, or duty for a change that a duty needs
	Cost  *Cost  `json:"cost,omitempty"`
	Note  string `json:"note,omitempty"`
	Photo string `json:"photo,omitempty"`
}

// EquipmentList lists the seven items and the changes that cost money, for the
// packet's table and the costs of the money page.
func (a Answers) EquipmentList() []Equipment {
	var out []Equipment
	rv := reflect.ValueOf(a.HomeOffice)
	for _, f := range content.Fields(rv.Type()) {
		if it, ok := rv.FieldByIndex(f.Index).Interface().(Item); ok {
			out = append(out, Equipment{Item: f.Name, State: it.State, For: "home_office", Cost: it.Cost, Note: it.Note, Photo: it.Photo})
		}
	}
	for _, d := range a.Duties {
		if d.Cost != nil {
			out = append(out, Equipment{Item: d.Name, State: CanGet, For: "duty", Cost: d.Cost})
		}
	}
	return out
}
