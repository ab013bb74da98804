package estimate

import (
	"fmt"
	"math/big"
	"strings"

	"homecase/money"
)

// The base dimensions. A home day is not 24 hours and a working year is not 52
// weeks, so days, weeks, months and years do not turn into one another: a formula
// must say days per week and weeks per year.
const (
	dimMoney = iota
	dimHour
	dimDay
	dimWeek
	dimMonth
	dimYear
	dimPerson
	dimDistance
	dimVolume
	dimEnergy
	dimMass
	dimArea
	dimItem
	dimCount
)

// baseNames are the words for one and for many of each base dimension.
var baseNames = [dimCount][2]string{
	{"money", "money"}, {"hour", "hours"}, {"day", "days"}, {"week", "weeks"}, {"month", "months"}, {"year", "years"},
	{"person", "people"}, {"km", "km"}, {"litre", "litres"}, {"kWh", "kWh"}, {"kg", "kg"}, {"sq_m", "sq_m"}, {"item", "items"},
}

// Dimension says what kind of quantity a unit measures: money, hours, money per
// hour. Two quantities can be added only when their dimensions are equal.
type Dimension [dimCount]int8

// String writes the dimension in base units, such as "money per hour".
func (d Dimension) String() string {
	var over, under []string
	for i, e := range d {
		for range e {
			over = append(over, baseNames[i][1])
		}
		for range -e {
			under = append(under, baseNames[i][0])
		}
	}
	if len(over) == 0 && len(under) == 0 {
		return "a plain number or share"
	}
	if len(over) == 0 {
		over = []string{"a number"}
	}
	s := strings.Join(over, " × ")
	for _, u := range under {
		s += " per " + u
	}
	return s
}

func (d Dimension) times(o Dimension, sign int8) (Dimension, bool) {
	for i := range d {
		e := int(d[i]) + int(sign)*int(o[i])
		if e < -9 || e > 9 {
			return d, false
		}
		d[i] = int8(e)
	}
	return d, true
}

// Unit is a unit of measure, such as hours/week, GBP/hour or miles/gallon. The
// zero Unit is a plain number.
type Unit struct {
	text     string
	dim      Dimension
	num, den int64 // one of this unit is num/den of the base unit; 0/0 is 1
	currency money.Currency
}

// atom is one word a unit may contain.
type atom struct {
	dim      int // dimCount for a plain number
	num, den int64
}

// atoms: exact by definition. The international mile is 1.609344 km, the US
// gallon 3.785411784 l, the imperial gallon 4.54609 l, the pound 0.45359237 kg,
// the foot 0.3048 m (NIST Special Publication 811, appendix B.8).
var atoms = map[string]atom{
	"money": {dimMoney, 1, 1}, "hour": {dimHour, 1, 1}, "minute": {dimHour, 1, 60}, "day": {dimDay, 1, 1}, "week": {dimWeek, 1, 1},
	"month": {dimMonth, 1, 1}, "year": {dimYear, 1, 1}, "person": {dimPerson, 1, 1},
	"km": {dimDistance, 1, 1}, "mile": {dimDistance, 1609344, 1000000},
	"litre": {dimVolume, 1, 1}, "gallon": {dimVolume, 3785411784, 1000000000}, "uk_gallon": {dimVolume, 454609, 100000},
	"kwh": {dimEnergy, 1, 1}, "kg": {dimMass, 1, 1}, "g": {dimMass, 1, 1000}, "tonne": {dimMass, 1000, 1}, "lb": {dimMass, 45359237, 100000000},
	"sq_m": {dimArea, 1, 1}, "sq_ft": {dimArea, 9290304, 100000000},
	"item": {dimItem, 1, 1}, "share": {dimCount, 1, 1}, "percent": {dimCount, 1, 100}, "number": {dimCount, 1, 1},
}

var atomAliases = map[string]string{
	"h": "hour", "hr": "hour", "min": "minute", "people": "person", "kilometre": "km", "kilometer": "km", "mi": "mile", "l": "litre", "liter": "litre",
	"us_gallon": "gallon", "gal": "gallon", "imperial_gallon": "uk_gallon", "kilogram": "kg", "gram": "g", "t": "tonne", "m2": "sq_m", "sqft": "sq_ft",
	"%": "percent", "desk": "item", "trip": "item", "piece": "item", "licence": "item",
}

// ParseUnit reads a unit: a word, or words joined by *, / or "per". ISO 4217
// codes and the word money are money; watts are kWh per thousand hours.
func ParseUnit(text string) (Unit, error) {
	u := Unit{text: strings.TrimSpace(text), num: 1, den: 1}
	if len(text) > 80 {
		return Unit{}, invalid(CodeUnit, "A unit is at most 80 letters long.")
	}
	s := strings.ReplaceAll(u.text, " per ", "/")
	s = strings.NewReplacer("·", "*", "×", "*", "/", " / ", "*", " * ").Replace(s)
	sign, want := int8(1), true
	for _, w := range strings.Fields(s) {
		if w == "/" || w == "*" {
			if want {
				return Unit{}, notUnit(text)
			}
			want, sign = true, 1
			if w == "/" {
				sign = -1
			}
			continue
		}
		if !want {
			return Unit{}, notUnit(text)
		}
		if err := u.multiply(w, sign); err != nil {
			return Unit{}, err
		}
		want = false
	}
	if want && u.text != "" {
		return Unit{}, notUnit(text)
	}
	return u, nil
}

func notUnit(text string) error {
	return invalid(CodeUnit, "%q is not a unit: write one like hours/week, GBP/hour or miles/gallon.", clip(text))
}

func (u *Unit) multiply(word string, sign int8) error {
	if c := money.Currency(word); len(word) == 3 && word == strings.ToUpper(word) && c.Known() {
		if u.currency != "" && u.currency != c {
			return invalid(CodeDimension, "%s and %s cannot stand in one unit: they are different currencies.", u.currency, c)
		}
		u.currency, word = c, "money"
	}
	scaled := map[string]int64{"w": 1000, "watt": 1000, "watts": 1000, "kw": 1}
	if k, ok := scaled[strings.ToLower(word)]; ok { // power is energy per hour
		u.apply(atom{dimEnergy, 1, k}, sign)
		u.apply(atom{dimHour, 1, 1}, -sign)
		return nil
	}
	a, ok := findAtom(word)
	if !ok {
		return notUnit(word)
	}
	if !u.apply(a, sign) {
		return invalid(CodeUnit, "The unit %q is too long.", clip(u.text))
	}
	return nil
}

func findAtom(word string) (atom, bool) {
	w := strings.ToLower(word)
	for _, try := range []string{w, strings.TrimSuffix(w, "s"), strings.TrimSuffix(w, "es")} {
		if alias, ok := atomAliases[try]; ok {
			try = alias
		}
		if a, ok := atoms[try]; ok {
			return a, true
		}
	}
	return atom{}, false
}

func (u *Unit) apply(a atom, sign int8) bool {
	if a.dim < dimCount {
		var one Dimension
		one[a.dim] = 1
		d, ok := u.dim.times(one, sign)
		if !ok {
			return false
		}
		u.dim = d
	}
	r := big.NewRat(a.num, a.den)
	if sign < 0 {
		r.Inv(r)
	}
	r.Mul(r, u.scale())
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return false
	}
	u.num, u.den = r.Num().Int64(), r.Denom().Int64()
	return true
}

// MustUnit is ParseUnit for constants and tests; it panics on a bad unit.
func MustUnit(text string) Unit {
	u, err := ParseUnit(text)
	if err != nil {
		panic(err)
	}
	return u
}

// scale is how much of the base unit one of u is.
func (u Unit) scale() *big.Rat {
	if u.den == 0 {
		return big.NewRat(1, 1)
	}
	return big.NewRat(u.num, u.den)
}

// Dimension returns what the unit measures.
func (u Unit) Dimension() Dimension { return u.dim }

// Currency returns the ISO code a unit names, "" when it says only money.
func (u Unit) Currency() money.Currency { return u.currency }

// IsMoney tells whether the unit is an amount of money, not money per something.
func (u Unit) IsMoney() bool { return u.dim == Dimension{dimMoney: 1} }

// IsPlain tells whether the unit is a plain number or a share.
func (u Unit) IsPlain() bool { return u.dim == Dimension{} }

// HasMoney tells whether money is part of the unit, as in GBP/hour.
func (u Unit) HasMoney() bool { return u.dim[dimMoney] != 0 }

// Converts tells whether a value in u can be written in o.
func (u Unit) Converts(o Unit) error {
	if u.dim != o.dim {
		return invalid(CodeDimension, "%s is %s, and %s is %s.", u, u.dim, o, o.dim)
	}
	if u.currency != "" && o.currency != "" && u.currency != o.currency {
		return invalid(CodeDimension, "%s cannot be turned into %s: homecase knows no exchange rates.", u.currency, o.currency)
	}
	return nil
}

// String writes the unit as it was given.
func (u Unit) String() string {
	if u.text == "" {
		return "number"
	}
	return u.text
}

// MarshalText writes the unit as it was given.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.text), nil }

// UnmarshalText reads a unit.
func (u *Unit) UnmarshalText(b []byte) error {
	v, err := ParseUnit(string(b))
	if err != nil {
		return err
	}
	*u = v
	return nil
}

// IsZero tells whether no unit was given.
func (u Unit) IsZero() bool { return u.text == "" }

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return fmt.Sprintf("%s…", string(r[:40]))
	}
	return s
}

// Base turns a number of u into base units, exactly.
func (u Unit) Base(n Number) *big.Rat { return new(big.Rat).Mul(n.Rat(), u.scale()) }

// FromBase turns a quantity in base units into a number of u, exactly.
func (u Unit) FromBase(r *big.Rat) *big.Rat { return new(big.Rat).Quo(r, u.scale()) }
