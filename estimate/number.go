package estimate

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"homecase/money"
)

// Number is an exact decimal that may be absent. In YAML and JSON it is a plain
// number with the digits it was written with.
type Number struct {
	d   decimal.Decimal
	set bool
}

// ParseNumber reads a plain decimal such as 1234.5 or 1,234.50.
func ParseNumber(s string) (Number, error) {
	d, err := money.Number(s)
	if err != nil {
		return Number{}, err
	}
	if d.CmpAbs(decimal.MustNew(1_000_000_000_000, 0)) > 0 { // a slip of the hand
		return Number{}, invalid(CodeNumber, "%s is larger than a million million, so it is probably a slip.", d)
	}
	return Number{d, true}, nil
}

// NumberOf wraps an exact decimal.
func NumberOf(d decimal.Decimal) Number { return Number{d, true} }

// FromRat rounds an exact fraction to at most the given decimals, halves away
// from zero, and drops zeros at the end.
func FromRat(r *big.Rat, places int) (Number, error) {
	s := r.FloatString(places)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	d, err := decimal.Parse(s)
	if err != nil {
		return Number{}, invalid(CodeNumber, "This result has more digits than can be kept.").Because(err)
	}
	return Number{d, true}, nil
}

// IsZero tells whether the number is absent; the number 0 is not.
func (n Number) IsZero() bool { return !n.set }

// Set tells whether there is a number.
func (n Number) Set() bool { return n.set }

// Decimal returns the value, 0 when absent.
func (n Number) Decimal() decimal.Decimal { return n.d }

// Rat returns the value as an exact fraction.
func (n Number) Rat() *big.Rat { return money.Rat(n.d) }

// Float returns the nearest float64.
func (n Number) Float() float64 {
	f, _ := strconv.ParseFloat(n.d.String(), 64)
	return f
}

// Cmp compares two numbers: -1, 0 or 1.
func (n Number) Cmp(o Number) int { return n.d.Cmp(o.d) }

// String writes the digits, nothing for an absent number.
func (n Number) String() string {
	if !n.set {
		return ""
	}
	return n.d.String()
}

// MarshalText writes the digits.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads a plain decimal; an empty text is absent.
func (n *Number) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*n = Number{}
		return nil
	}
	v, err := ParseNumber(string(b))
	if err != nil {
		return err
	}
	*n = v
	return nil
}

// MarshalJSON writes a JSON number, null when absent.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.set {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}

// UnmarshalJSON reads a JSON number or a string of digits.
func (n *Number) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), `"`)
	if s == "null" {
		s = ""
	}
	return n.UnmarshalText([]byte(s))
}
