package savings

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/govalues/decimal"

	"homecase/cite"
	"homecase/estimate"
	"homecase/fault"
)

// assembly turns a case into a model: which lines count, what each input is, and
// what the rules say about it.
type assembly struct {
	e      Estimate
	b      Basis
	lines  []assembled
	inputs []InputReport // as they are used, each once
	specs  map[string]Spec
	left   []LeftOutLine
	found  []Finding
	faults fault.List
}

// assembled is one line with its inputs bound.
type assembled struct {
	Line
	entry   Entry
	bind    map[string]string // name in the formula → key
	counted bool
	why     string
}

func (a *assembly) find(code fault.Code, rule, line string, stops bool, say, next string) {
	a.found = append(a.found, Finding{Code: code, Rule: rule, Line: line, Stops: stops, Say: say, Next: next})
}

func assemble(e Estimate, b Basis) (*assembly, error) {
	a := &assembly{e: e, b: b, specs: map[string]Spec{}}
	if l := e.Check(); len(l) > 0 {
		return nil, l
	}
	params, err := parameters()
	if err != nil {
		return nil, err
	}
	promoted := a.promote(params)
	for i, entry := range e.Lines {
		l, err := e.line(entry.Line)
		if err != nil {
			return nil, err
		}
		if why := unmet(l, entry); why != "" {
			a.leaveOut(l, why)
			continue
		}
		as := assembled{Line: l, entry: entry, bind: map[string]string{}, counted: true}
		for _, name := range l.Formula.Names() {
			as.bind[name] = a.bindInput(fmt.Sprintf("lines[%d]", i), as, name, params, promoted)
		}
		a.overlap(&as)
		a.lines = append(a.lines, as)
	}
	for _, l := range e.LeftOut {
		line, err := e.line(l.Line)
		if err != nil {
			return nil, err
		}
		a.left = append(a.left, LeftOutLine{l.Line, line.Name, l.Why})
	}
	a.costsPresent()
	a.sources()
	return a, a.faults.OrNil()
}

// unmet returns why the line's conditions keep it out, "" when they are met.
func unmet(l Line, entry Entry) string {
	for _, c := range l.Conditions {
		if entry.Answers[c.ID] != c.Need || c.Confirmed && strings.TrimSpace(entry.ConfirmedBy) == "" {
			return c.Why
		}
	}
	return ""
}

func (a *assembly) leaveOut(l Line, why string) {
	a.left = append(a.left, LeftOutLine{l.ID, l.Name, why})
	if l.Rule != "" {
		a.find(ruleCodes[l.Rule], l.Rule, l.ID, false, fmt.Sprintf("%s is not counted. %s", l.Name, why), "")
	}
}

// promote finds shared inputs that lines give themselves. When all that give one
// say the same, it is one number for the whole case and is drawn once.
func (a *assembly) promote(params *parameterFile) map[string]Input {
	given := map[string][]Input{}
	for _, entry := range a.e.Lines {
		for name, in := range entry.Inputs {
			if _, ok := params.spec(name); ok && !in.Unknown {
				given[name] = append(given[name], in)
			}
		}
	}
	out := map[string]Input{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		list := given[name]
		if shared, ok := a.e.Parameters[name]; ok {
			list = append(list, shared)
		}
		same := !slices.ContainsFunc(list, func(in Input) bool { return in.Range != list[0].Range || in.Unit != list[0].Unit })
		if same {
			out[name] = list[0]
			continue
		}
		a.find(CodeInput, "", "", false, fmt.Sprintf("Lines give different numbers for %s; each is used on its own line.", name), "Give it once, under parameters.")
	}
	return out
}

// bindInput finds the key under which a name of a formula is drawn, and notes the
// input when it is new.
func (a *assembly) bindInput(path string, l assembled, name string, params *parameterFile, promoted map[string]Input) string {
	given, ok := l.entry.Inputs[name]
	spec, shared := params.spec(name)
	own, isOwn := l.spec(name)
	if isOwn && !slices.Contains(l.Shared, name) {
		spec, shared = own, false
	}
	if !shared {
		return a.note(l.ID+"."+name, spec, given, ok, path+".inputs."+name, l.Rule)
	}
	if _, all := promoted[name]; ok && !all {
		return a.note(l.ID+"."+name, spec, given, true, path+".inputs."+name, l.Rule)
	}
	return a.sharedInput(name, spec, params, promoted, path)
}

// sharedInput notes a shared input and what it follows from.
func (a *assembly) sharedInput(name string, spec Spec, params *parameterFile, promoted map[string]Input, path string) string {
	given, ok := promoted[name]
	if !ok {
		given, ok = a.e.Parameters[name]
	}
	if name == "home_days_per_week" && !ok {
		switch {
		case !a.e.HomeDays.IsZero():
			given, ok = a.e.HomeDays, true
		case a.b.HomeDays.Set():
			given = Input{Range: estimate.Point(a.b.HomeDays), Origin: cite.Origin{Kind: cite.Measured, Source: "The plan of this case"}}
			ok, spec.Constant = true, true // a decision, not something to find out
		}
	}
	if !ok && spec.Formula != nil {
		for _, n := range spec.Formula.Names() {
			if s, found := params.spec(n); found {
				a.sharedInput(n, s, params, promoted, path)
			}
		}
		a.specs[name] = spec
		return name
	}
	return a.note(name, spec, given, ok, path, "")
}

// note records an input once and returns its key.
func (a *assembly) note(key string, spec Spec, given Input, ok bool, path, rule string) string {
	if _, done := a.specs[key]; done {
		return key
	}
	spec.Formula = nil // it has a value of its own
	a.specs[key] = spec
	in := InputReport{Key: key, Name: spec.Name, Words: spec.Words, Constant: spec.Constant, Unit: withCurrency(spec.Unit, a.b.Currency)}
	switch {
	case ok && !given.Unknown:
		in.Range, in.Origin = given.Range, given.Origin
		if !given.Unit.IsZero() {
			spec.Unit = given.Unit
			a.specs[key], in.Unit = spec, withCurrency(given.Unit, a.b.Currency)
		}
		if q := given.Question(); q != "" {
			a.find(CodeWide, "", "", false, spec.Words+": "+lowerFirst(q), "")
		}
	default:
		d, found := spec.Default(a.b.Currency)
		if !found {
			a.faults = append(a.faults, fault.New(fault.Invalid, CodeMissing, "Give %s: %s.", spec.Name, lowerFirst(spec.Words)).At(fault.Place{Path: path}))
			return key
		}
		in.Range, in.Origin, in.Default, in.Unverified = d.Range, d.Origin, true, d.Unverified
		if given.Unknown {
			in.Range, in.Widened, in.Kind = d.Widen(), true, cite.Assumption
			if spec.Unit.String() == "share" && in.Range.High.Float() > 1 {
				in.Range.High = estimate.NumberOf(decimal.MustNew(1, 0))
			}
		}
	}
	in = a.limit(in, rule)
	a.inputs = append(a.inputs, in)
	return key
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// mostToWork is the largest likely share of travel time that counts as work, in
// hundredths, and topToWork the largest highest one (rule commute-share): Aksoy
// and others 2023 found 40 % over 27 countries and 42 % in the United States.
const mostToWork, topToWork = 40, 42

// limit applies the two rules that cut a range: commute-share and productivity-zero.
func (a *assembly) limit(in InputReport, rule string) InputReport {
	if in.Default || in.Origin.Kind == cite.Measured {
		return in
	}
	switch {
	case rule == "commute-share" && in.Name == "share_to_work":
		most, top := estimate.NumberOf(decimal.MustNew(mostToWork, 2)), estimate.NumberOf(decimal.MustNew(topToWork, 2))
		switch {
		case in.Range.Middle().Cmp(most) > 0 || in.Range.Highest().Cmp(top) > 0 && !in.Range.High.Set():
			in.Range = estimate.Point(most)
		case in.Range.Highest().Cmp(top) > 0:
			in.Range.High = top
		default:
			return in
		}
		in.Limited = true
		a.find(CodeCommute, rule, "commute-time-to-work", false, "At most 40 % of the travel time counts as work, unless you measured it.", "Log your hours for two weeks.")
	case rule == "productivity-zero" && in.Name == "productivity_effect":
		zero := estimate.NumberOf(decimal.MustNew(0, 0))
		if in.Range.Middle().Cmp(zero) == 0 {
			return in
		}
		in.Range, in.Limited = estimate.Point(zero), true
		a.find(CodeProductivity, rule, "productivity", false, "More output counts as nothing until your own trial measured it.", "Run the trial; its result replaces the zero.")
	}
	return in
}

// overlap keeps the first line of a group that describes the same hours and shows
// the others without counting them: rule no-double-counting.
func (a *assembly) overlap(l *assembled) {
	if l.Overlap == "" {
		return
	}
	for _, other := range a.lines {
		if other.Overlap == l.Overlap && other.counted {
			l.counted = false
			l.why = fmt.Sprintf("These may be the same hours as in %q, which is counted.", other.Name)
			a.find(CodeDouble, "no-double-counting", l.ID, false, fmt.Sprintf("%s is shown and not counted: it may be the same hours as %s.", l.Name, lowerFirst(other.Name)), "List first the one that you know best.")
			return
		}
	}
}

// costsPresent finds usual costs that are neither counted nor left out with a reason.
func (a *assembly) costsPresent() {
	list, err := rules()
	if err != nil {
		a.faults = append(a.faults, fault.New(fault.Internal, CodeCatalogue, "The rules cannot be read.").Because(err))
		return
	}
	savings := false
	present := map[string]bool{}
	for _, l := range a.lines {
		present[l.ID] = true
		savings = savings || l.Effect == Saving && l.Ledger != TimeAndOther
	}
	for _, l := range a.left {
		present[l.Line] = true
	}
	for _, r := range list {
		for _, need := range r.Needs {
			if savings && !slices.ContainsFunc(need.Lines, func(id string) bool { return present[id] }) {
				a.find(CodeCosts, r.ID, need.Lines[0], true, fmt.Sprintf("The cost of %s is missing.", need.Cost),
					fmt.Sprintf("Add a line (%s), or leave it out and say why.", strings.Join(need.Lines, " or ")))
			}
		}
	}
}

// sources finds numbers without a kind or a source, and an estimate that rests on
// assumptions alone.
func (a *assembly) sources() {
	known := 0
	for _, in := range a.inputs {
		if !in.Origin.Known() {
			a.find(CodeSource, "", "", true, fmt.Sprintf("%s has no source.", in.Words), "Say where it comes from: measured, published, colleague or assumption.")
		}
		if in.Origin.Kind != cite.Assumption && !in.Constant && in.Name != "home_days_per_week" {
			known++
		}
	}
	if len(a.inputs) > 0 && known == 0 {
		a.find(CodeOnlyGuesses, "", "", false, "Add at least one number that is not an assumption.", "Ask Facilities, IT or Finance for one.")
	}
}
