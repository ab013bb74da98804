package readiness

import (
	"fmt"
	"strings"
)

// Where is the place in which a duty can be done.
type Where string

// The places.
const (
	Home           Where = "home"
	HomeWithChange Where = "home_with_change"
	Office         Where = "office"
	WhereNotSure   Where = "not_sure"
)

// Wheres lists the places.
func Wheres() []Where { return []Where{Home, HomeWithChange, Office, WhereNotSure} }

// Words lists the words of a file.
func (Where) Words() []string { return strs(Wheres()) }

// UnmarshalText refuses other words.
func (w *Where) UnmarshalText(b []byte) error { return pick(w, b, "a place of work", Wheres()) }

// Binding is how tightly office work is tied to a day.
type Binding string

// The bindings.
const (
	Daily          Binding = "daily"    // it needs doing in the office on every working day
	Weekly         Binding = "weekly"   // once a week, on a day others set
	Any            Binding = "any"      // whenever I am in
	BindingNotSure Binding = "not_sure" // counts as daily
)

// Bindings lists the bindings.
func Bindings() []Binding { return []Binding{Daily, Weekly, Any, BindingNotSure} }

// Words lists the words of a file.
func (Binding) Words() []string { return strs(Bindings()) }

// UnmarshalText refuses other words.
func (v *Binding) UnmarshalText(b []byte) error { return pick(v, b, "a binding", Bindings()) }

// Answer is yes, no, or not known. The zero Answer is a question not answered.
type Answer string

// The answers. Not sure and unknown mean the same.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	NotSure Answer = "not_sure"
	Unknown Answer = "unknown"
)

// AnswerWords lists the words an answer may be.
func AnswerWords() []Answer { return []Answer{Yes, No, NotSure, Unknown} }

// Words lists the words of a file.
func (Answer) Words() []string { return strs(AnswerWords()) }

// UnmarshalText refuses other words; true and false are taken as yes and no.
func (a *Answer) UnmarshalText(b []byte) error {
	switch string(b) {
	case "true":
		b = []byte(Yes)
	case "false":
		b = []byte(No)
	}
	return pick(a, b, "an answer", AnswerWords())
}

// Known tells whether the answer is yes or no.
func (a Answer) Known() bool { return a == Yes || a == No }

// State is what there is of a home office item.
type State string

// The states.
const (
	Have         State = "have"
	CanGet       State = "can_get"
	None         State = "no"
	StateNotSure State = "not_sure"
)

// States lists the states.
func States() []State { return []State{Have, CanGet, None, StateNotSure} }

// Words lists the words of a file.
func (State) Words() []string { return strs(States()) }

// UnmarshalText refuses other words; yes and unknown are understood.
func (s *State) UnmarshalText(b []byte) error {
	switch string(b) {
	case "yes", "true":
		b = []byte(Have)
	case "false":
		b = []byte(None)
	case "unknown":
		b = []byte(StateNotSure)
	}
	return pick(s, b, "a state", States())
}

// Provided says whether the company provides a thing.
type Provided string

// The words for it.
const (
	ProvidedYes  Provided = "yes"
	ProvidedNo   Provided = "no"
	NotNeeded    Provided = "not_needed"
	ProvidedMay  Provided = "can_get" // it can be had for the asking
	ProvidedOpen Provided = "not_sure"
)

// ProvidedWords lists them.
func ProvidedWords() []Provided {
	return []Provided{ProvidedYes, ProvidedMay, ProvidedNo, NotNeeded, ProvidedOpen}
}

// Words lists the words of a file.
func (Provided) Words() []string { return strs(ProvidedWords()) }

// UnmarshalText refuses other words; have and unknown are understood.
func (p *Provided) UnmarshalText(b []byte) error {
	switch string(b) {
	case "have", "true":
		b = []byte(ProvidedYes)
	case "false":
		b = []byte(ProvidedNo)
	case "unknown":
		b = []byte(ProvidedOpen)
	}
	return pick(p, b, "an answer", ProvidedWords())
}

// Change is what would have to change before a duty can be done at home.
type Change string

// The changes.
const (
	ChangeAccess    Change = "access"        // rights, accounts, a way in from outside
	ChangeEquipment Change = "equipment"     // a machine, a second screen, a headset
	ChangeVideoLink Change = "video_link"    // people meet by video instead
	ChangePaper     Change = "digital_paper" // paper becomes files
	ChangeOther     Change = "other"
	ChangeNotSure   Change = "not_sure"
)

// Changes lists the changes.
func Changes() []Change {
	return []Change{ChangeAccess, ChangeEquipment, ChangeVideoLink, ChangePaper, ChangeOther, ChangeNotSure}
}

// Words lists the words of a file.
func (Change) Words() []string { return strs(Changes()) }

// UnmarshalText refuses other words.
func (c *Change) UnmarshalText(b []byte) error { return pick(c, b, "a change", Changes()) }

// ConditionID is one of the fifteen conditions that tie work to a place.
type ConditionID string

// The fifteen conditions, in the order of the occupation table.
const (
	Physical   ConditionID = "physical"
	Handling   ConditionID = "handling"
	Machines   ConditionID = "machines"
	Vehicles   ConditionID = "vehicles"
	Public     ConditionID = "public"
	RepairMech ConditionID = "repair_mech"
	RepairElec ConditionID = "repair_elec"
	Inspect    ConditionID = "inspect"
	Email      ConditionID = "email"
	Outdoors   ConditionID = "outdoors"
	Violent    ConditionID = "violent"
	Protective ConditionID = "ppe"
	Burns      ConditionID = "burns"
	Disease    ConditionID = "disease"
	Walking    ConditionID = "walking"
)

// ConditionIDs lists the fifteen in order.
func ConditionIDs() []ConditionID {
	return []ConditionID{Physical, Handling, Machines, Vehicles, Public, RepairMech, RepairElec, Inspect,
		Email, Outdoors, Violent, Protective, Burns, Disease, Walking}
}

// Words lists the words of a file.
func (ConditionID) Words() []string { return strs(ConditionIDs()) }

// UnmarshalText refuses other words and lists the fifteen.
func (c *ConditionID) UnmarshalText(b []byte) error {
	return pick(c, b, "one of the fifteen conditions", ConditionIDs())
}

// pick sets v to the word in b when it is one of the list.
func pick[T ~string](v *T, b []byte, what string, list []T) error {
	s := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.TrimSpace(strings.ToLower(string(b))))
	names := make([]string, len(list))
	for i, w := range list {
		if s == string(w) {
			*v = w
			return nil
		}
		names[i] = string(w)
	}
	shown := []rune(string(b))
	if len(shown) > 40 {
		shown = append(shown[:40], '…')
	}
	last := len(names) - 1
	return fmt.Errorf("%q is not %s: write %s or %s", string(shown), what, strings.Join(names[:last], ", "), names[last])
}

// strs turns a list of words into plain text.
func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
