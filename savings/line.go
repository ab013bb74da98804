package savings

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"homecase/cite"
	"homecase/estimate"
	"homecase/fault"
	"homecase/money"
)

// LineResult is one line computed exactly at one point.
type LineResult struct {
	Line       string          `json:"line"`
	Name       string          `json:"name"`
	Ledger     Ledger          `json:"ledger"`
	Effect     Effect          `json:"effect"`
	OneOff     bool            `json:"one_off,omitempty"`
	Words      string          `json:"words"`
	Formula    string          `json:"formula"`
	Working    string          `json:"working"` // the formula with the values put in
	Inputs     []LineInput     `json:"inputs"`
	Result     estimate.Number `json:"result"` // money to the cent, others to six decimals
	Unit       string          `json:"unit"`
	Exact      string          `json:"exact"`  // the unrounded result as a fraction
	Period     string          `json:"period"` // what the result covers
	PerHomeDay estimate.Number `json:"per_home_day,omitzero"`
	PerWeek    estimate.Number `json:"per_week,omitzero"`
	PerMonth   estimate.Number `json:"per_month,omitzero"`
	Currency   money.Currency  `json:"currency,omitempty"`
	Notes      []string        `json:"notes,omitempty"`

	rat *big.Rat
	sum string
}

// LineInput is one value that went into a line.
type LineInput struct {
	Name       string          `json:"name"`
	Words      string          `json:"words"`
	Value      estimate.Number `json:"value"`
	Unit       string          `json:"unit"`
	Default    bool            `json:"default,omitempty"` // not given: the catalogue's likely value
	Unverified bool            `json:"unverified,omitempty"`
	cite.Origin
}

// point is the values one line is computed from.
type point struct {
	line     Line
	set      map[string]string
	currency money.Currency
	values   map[string]*big.Rat // base units
	inputs   []LineInput
	missing  []string
}

// LineValue computes one line of the catalogue exactly, from values given by the
// names of inputs; shared inputs may be given too, and home_days directly or
// through home_days_per_week and weeks_per_year. A value may carry a unit or a
// currency ("1.45 GBP/litre", "£4", "40%"). What is not given takes the
// catalogue's likely value. Every fault names the input.
func LineValue(id string, set map[string]string) (LineResult, error) {
	l, err := Lookup(id)
	if err != nil {
		return LineResult{}, err
	}
	p := &point{line: l, set: set, values: map[string]*big.Rat{}}
	if err := p.findCurrency(); err != nil {
		return LineResult{}, err
	}
	used := map[string]bool{}
	for _, name := range l.Formula.Names() {
		if _, err := p.value(name, used); err != nil {
			return LineResult{}, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if !used[name] {
			return LineResult{}, fault.New(fault.Invalid, CodeInput, "The line %s has no input %q.", id, clip(name)).
				Then("Its inputs are %s.", strings.Join(p.allNames(), ", "))
		}
	}
	if len(p.missing) > 0 {
		return LineResult{}, fault.New(fault.Invalid, CodeMissing, "The line %s needs a value for %s.", id, strings.Join(p.missing, ", ")).
			Then("Give it with --set %s=….", p.missing[0])
	}
	return p.result()
}

// allNames lists what may be set: the inputs and what they follow from.
func (p *point) allNames() []string {
	names := p.line.names()
	params, err := parameters()
	if err != nil {
		return names
	}
	for i := 0; i < len(names); i++ {
		if s, ok := params.spec(names[i]); ok && s.Formula != nil {
			names = append(names, s.Formula.Names()...)
		}
	}
	return names
}

// findCurrency takes the currency from the values that name one.
func (p *point) findCurrency() error {
	for _, name := range slices.Sorted(maps.Keys(p.set)) {
		for _, w := range strings.FieldsFunc(p.set[name], func(r rune) bool { return r == ' ' || r == '/' }) {
			c := money.Currency(w)
			if len(w) != 3 || !c.Known() {
				continue
			}
			if p.currency != "" && p.currency != c {
				return fault.New(fault.Invalid, CodeInput, "The values are in %s and in %s.", p.currency, c).Then("Give all of them in one currency.")
			}
			p.currency = c
		}
	}
	return nil
}

// value returns the value of an input in base units, given, derived or default.
func (p *point) value(name string, used map[string]bool) (*big.Rat, error) {
	if v, ok := p.values[name]; ok {
		return v, nil
	}
	used[name] = true
	spec, ok := p.line.spec(name)
	if !ok {
		params, err := parameters()
		if err != nil {
			return nil, err
		}
		if spec, ok = params.spec(name); !ok {
			return nil, fault.New(fault.Internal, CodeCatalogue, "The line %s uses an input that is not there.", p.line.ID)
		}
	}
	in := LineInput{Name: name, Words: spec.Words, Unit: spec.Unit.String()}
	text, given := p.set[name]
	switch {
	case given:
		v, n, err := readValue(spec, text)
		if err != nil {
			return nil, err
		}
		in.Value, p.values[name] = n, v
	case spec.Formula != nil:
		v, err := spec.Formula.Exact(func(n string) (*big.Rat, error) { return p.value(n, used) })
		if err != nil {
			return nil, err
		}
		p.values[name] = v
		if in.Value, err = estimate.FromRat(v, 6); err != nil {
			return nil, err
		}
	default:
		d, ok := spec.Default(p.currency)
		if !ok {
			p.missing = append(p.missing, name)
			p.values[name] = big.NewRat(1, 1)
			return p.values[name], nil
		}
		if d.Currency != "" && p.currency == "" {
			p.currency = d.Currency
		}
		in.Value, in.Origin, in.Default, in.Unverified = d.Middle(), d.Origin, true, d.Unverified
		p.values[name] = spec.Unit.Base(in.Value)
	}
	p.inputs = append(p.inputs, in)
	return p.values[name], nil
}

// readValue reads "40", "£4", "40%", "1.45 GBP/litre" as a value of the input;
// the number is returned in the input's own unit.
func readValue(spec Spec, text string) (*big.Rat, estimate.Number, error) {
	bad := func(why string, args ...any) error {
		return fault.New(fault.Invalid, CodeInput, "%s: %s.", spec.Name, fmt.Sprintf(why, args...))
	}
	s := strings.TrimSpace(text)
	number, unitText, _ := strings.Cut(s, " ")
	unit := spec.Unit
	switch {
	case strings.HasSuffix(s, "%") && spec.Unit.IsPlain():
		number, unitText = strings.TrimSpace(strings.TrimSuffix(s, "%")), "percent"
	case money.Currency(number).Known(): // "GBP 4"
		unitText, number, _ = strings.Cut(s, " ")
		number, _, _ = strings.Cut(number, " ")
		unitText = strings.Replace(spec.Unit.String(), "money", unitText, 1)
	case spec.Unit.HasMoney():
		number = strings.TrimLeft(number, "£$€¥₹")
		if money.Currency(unitText).Known() { // "4 GBP" for a price by the day
			unitText = strings.Replace(spec.Unit.String(), "money", unitText, 1)
		}
	}
	if unitText != "" {
		u, err := estimate.ParseUnit(unitText)
		if err != nil {
			return nil, estimate.Number{}, bad("%q is not a number with a unit like %s", clip(text), spec.Unit)
		}
		if err := u.Converts(spec.Unit); err != nil {
			return nil, estimate.Number{}, bad("%s", strings.TrimSuffix(err.Error(), "."))
		}
		unit = u
	}
	n, err := estimate.ParseNumber(number)
	if err != nil {
		return nil, estimate.Number{}, bad("%s", strings.TrimSuffix(err.Error(), "."))
	}
	v := unit.Base(n)
	if err := spec.admit(n, unit); err != nil {
		return nil, n, err
	}
	if unit != spec.Unit {
		own, err := estimate.FromRat(spec.Unit.FromBase(v), 9)
		if err != nil {
			return nil, n, err
		}
		n = own
	}
	return v, n, nil
}

// admit refuses values that cannot be: negative ones where nothing can be
// negative, and shares above one.
func (s Spec) admit(n estimate.Number, unit estimate.Unit) error {
	v := unit.Base(n)
	one := big.NewRat(1, 1)
	switch {
	case v.Sign() < 0 && !s.Negative:
		return fault.New(fault.Invalid, CodeInput, "%s cannot be negative.", s.Name)
	case s.Unit.String() == "share" && (v.Cmp(one) > 0 || v.Cmp(new(big.Rat).Neg(one)) < 0):
		return fault.New(fault.Invalid, CodeInput, "%s is a share and lies between 0 and 1.", s.Name).Then("Write 0.4 for 40 %%.")
	}
	return nil
}

func (p *point) result() (LineResult, error) {
	l := p.line
	v, err := l.Formula.Exact(func(name string) (*big.Rat, error) { return p.values[name], nil })
	if err != nil {
		return LineResult{}, err
	}
	v = l.Unit.FromBase(v)
	r := LineResult{
		Line: l.ID, Name: l.Name, Ledger: l.Ledger, Effect: l.Effect, OneOff: l.OneOff, Words: l.Words, Formula: l.Formula.String(),
		Inputs: p.inputs, Unit: withCurrency(l.Unit, p.currency), Exact: v.RatString(), Notes: l.Notes, Currency: p.currency, rat: v, sum: l.Sum,
	}
	if !l.Unit.HasMoney() {
		r.Currency = ""
	}
	for i := range r.Inputs {
		spec, _ := l.spec(r.Inputs[i].Name)
		if !spec.Unit.IsZero() {
			r.Inputs[i].Unit = withCurrency(spec.Unit, p.currency)
		}
	}
	for _, c := range l.Conditions {
		r.Notes = append([]string{c.Ask + " It counts in a case only when the answer is " + c.Need + "."}, r.Notes...)
	}
	if r.Result, err = rounded(v, l.Unit, p.currency); err != nil {
		return LineResult{}, err
	}
	r.Working = p.working() + " = " + r.Result.String()
	return r, p.periods(&r)
}

// periods says what the result covers and gives it by the day, week and month
// where that follows.
func (p *point) periods(r *LineResult) error {
	r.Period = "a year"
	days, byDay := p.values["home_days"]
	by := func(divisor *big.Rat, to *estimate.Number) error {
		if divisor == nil || divisor.Sign() == 0 {
			return nil
		}
		n, err := rounded(new(big.Rat).Quo(r.rat, divisor), p.line.Unit, p.currency)
		*to = n
		return err
	}
	if byDay && slices.Contains(p.line.Shared, "home_days") {
		if err := by(days, &r.PerHomeDay); err != nil {
			return err
		}
		if _, direct := p.set["home_days"]; direct {
			r.Period = "the home days given"
			return nil
		}
	}
	if weeks, ok := p.values["weeks_per_year"]; ok {
		if err := by(weeks, &r.PerWeek); err != nil {
			return err
		}
	}
	return by(big.NewRat(12, 1), &r.PerMonth)
}

// rounded gives money to the coin and other quantities to six decimals.
func rounded(v *big.Rat, unit estimate.Unit, c money.Currency) (estimate.Number, error) {
	if !unit.IsMoney() {
		return estimate.FromRat(v, 6)
	}
	places := 2
	if c != "" {
		places = c.Digits()
	}
	d, err := decimal.Parse(v.FloatString(places))
	if err != nil {
		return estimate.Number{}, fault.New(fault.Invalid, CodeInput, "The result has more digits than can be kept.").Because(err)
	}
	return estimate.NumberOf(d), nil
}

// withCurrency writes a unit with the code of a currency for the word money.
func withCurrency(u estimate.Unit, c money.Currency) string {
	if c == "" || u.Currency() != "" {
		return u.String()
	}
	return strings.Replace(u.String(), "money", string(c), 1)
}

// working writes the formula with the values in place of the names.
func (p *point) working() string {
	text := p.line.Formula.String()
	names := p.line.Formula.Names()
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) }) // longer first: home_days before days
	pairs := make([]string, 0, 2*len(names))
	for _, n := range names {
		for _, in := range p.inputs {
			if in.Name == n {
				pairs = append(pairs, n, in.Value.String())
			}
		}
	}
	return strings.NewReplacer(append(pairs, " * ", " × ", " / ", " ÷ ", " - ", " − ")...).Replace(text)
}

// Add adds results of one ledger, savings less costs. It refuses to add what
// stands in different ledgers or sums: rule ledgers-apart.
func Add(results ...LineResult) (estimate.Number, error) {
	sum := new(big.Rat)
	for i, r := range results {
		if i > 0 && (r.Ledger != results[0].Ledger || r.sum != results[0].sum) {
			return estimate.Number{}, fault.New(fault.Invalid, CodeLedgers, "%s and %s stand in different ledgers and are never added.", results[0].Name, r.Name)
		}
		if i > 0 && r.Currency != "" && results[0].Currency != "" && r.Currency != results[0].Currency {
			return estimate.Number{}, fault.New(fault.Invalid, CodeLedgers, "%s is in %s and %s in %s.", results[0].Name, results[0].Currency, r.Name, r.Currency)
		}
		if r.Effect == Cost {
			sum.Sub(sum, r.rat)
		} else {
			sum.Add(sum, r.rat)
		}
	}
	if len(results) > 0 && results[0].Ledger != TimeAndOther {
		return rounded(sum, estimate.MustUnit("money"), results[0].Currency)
	}
	return estimate.FromRat(sum, 6)
}
