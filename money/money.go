// Package money keeps amounts exact. An Amount is a decimal and a currency;
// binary floating point never holds money at rest, because 0.1 + 0.2 is not
// 0.3 there and a payslip is.
//
// The package adds and subtracts amounts of one currency, multiplies by exact
// decimals, rounds by a named rule and shares an amount out without losing a
// cent. It refuses to add different currencies and knows no exchange rates.
// How an amount looks to people ("£1,234.50") is package locale's matter; here
// is only the plain form "GBP 1234.50".
//
//	fare, err := money.Parse("£4.20", "GBP")
//	week, err := fare.Mul(decimal.MustParse("5")) // GBP 21.00
package money

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/govalues/decimal"

	"homecase/fault"
)

// Codes of the faults this package returns.
const (
	CodeCurrency fault.Code = "HC-MONEY-01" // not a currency we know
	CodeNumber   fault.Code = "HC-MONEY-02" // not a number
	CodeMixed    fault.Code = "HC-MONEY-03" // two currencies in one sum
	CodeTooLarge fault.Code = "HC-MONEY-04" // more digits than an amount can hold
	CodeWeights  fault.Code = "HC-MONEY-05" // an allocation without a positive weight
)

// Amount is an exact sum of money. The zero Amount has no currency and may be
// added to any.
type Amount struct {
	value    decimal.Decimal
	currency Currency
}

// New returns an amount as it stands, not rounded.
func New(value decimal.Decimal, c Currency) Amount { return Amount{value, c} }

// Minor returns an amount of n minor units: Minor(1230, "GBP") is GBP 12.30.
func Minor(n int64, c Currency) (Amount, error) {
	d, err := decimal.New(n, c.Digits())
	if err != nil {
		return Amount{}, tooLarge(err)
	}
	return Amount{d, c}, nil
}

// Parse reads an amount in currency c: "1234.5", "£1,234.50", "GBP 1,234.50" or
// "1234.50 GBP". A symbol or code of another currency is refused, and so are
// more decimals than the currency has.
func Parse(text string, c Currency) (Amount, error) {
	s := strings.TrimSpace(text)
	negative := false
	if rest, ok := cutSign(s); ok {
		s, negative = rest, true
	}
	s, err := cutCurrency(s, c)
	if err != nil {
		return Amount{}, err
	}
	d, err := Number(s)
	if err != nil {
		return Amount{}, fault.New(fault.Invalid, CodeNumber, "%q is not an amount like 1234.50.", clip(text))
	}
	if negative {
		if d.IsNeg() {
			return Amount{}, fault.New(fault.Invalid, CodeNumber, "%q has two minus signs.", clip(text))
		}
		d = d.Neg()
	}
	if d.MinScale() > c.Digits() {
		return Amount{}, fault.New(fault.Invalid, CodeNumber, "%q has more than %d decimals, and %s has no smaller coin.", clip(text), c.Digits(), c)
	}
	return Amount{d, c}, nil
}

func cutSign(s string) (string, bool) {
	for _, minus := range []string{"-", "−"} {
		if rest, ok := strings.CutPrefix(s, minus); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return s, false
}

// cutCurrency takes the symbol or the code of c off either end.
func cutCurrency(s string, c Currency) (string, error) {
	for _, mark := range append([]string{string(c)}, c.symbols()...) {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			return strings.TrimSpace(rest), nil
		}
		if rest, ok := strings.CutSuffix(s, mark); ok {
			return strings.TrimSpace(rest), nil
		}
	}
	for _, k := range Currencies() {
		for _, mark := range append([]string{string(k)}, k.symbols()...) {
			if strings.HasPrefix(s, mark) || strings.HasSuffix(s, mark) {
				return "", fault.New(fault.Invalid, CodeMixed, "%q is not in %s.", clip(s), c)
			}
		}
	}
	return s, nil
}

// Value returns the exact decimal.
func (a Amount) Value() decimal.Decimal { return a.value }

// Currency returns the currency, "" for the zero Amount.
func (a Amount) Currency() Currency { return a.currency }

// Sign is -1, 0 or 1.
func (a Amount) Sign() int { return a.value.Sign() }

// Neg returns the amount with the other sign.
func (a Amount) Neg() Amount { return Amount{a.value.Neg(), a.currency} }

// Rat returns the exact value as a fraction.
func (a Amount) Rat() *big.Rat { return Rat(a.value) }

// Add returns a + b. Different currencies are refused.
func (a Amount) Add(b Amount) (Amount, error) {
	c, err := common(a, b)
	if err != nil {
		return Amount{}, err
	}
	// Exact: no digit of either side may be lost, which Add alone would allow.
	d, err := a.value.AddExact(b.value, max(a.value.Scale(), b.value.Scale()))
	if err != nil {
		return Amount{}, tooLarge(err)
	}
	return Amount{d, c}, nil
}

// Sub returns a − b. Different currencies are refused.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Mul returns a × f, exact; a product that needs more than 19 digits is refused.
func (a Amount) Mul(f decimal.Decimal) (Amount, error) {
	d, err := a.value.MulExact(f, min(a.value.MinScale()+f.MinScale(), decimal.MaxScale))
	if err != nil {
		return Amount{}, tooLarge(err)
	}
	return Amount{d, a.currency}, nil
}

// Cmp compares two amounts of one currency: -1, 0 or 1.
func (a Amount) Cmp(b Amount) (int, error) {
	if _, err := common(a, b); err != nil {
		return 0, err
	}
	return a.value.Cmp(b.value), nil
}

// Sum adds amounts of one currency; the sum of none is the zero Amount.
func Sum(amounts ...Amount) (Amount, error) {
	var total Amount
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

// String writes "GBP 12.30": the code, and at least the currency's decimals.
func (a Amount) String() string {
	s := a.value.Pad(a.currency.Digits()).String()
	if a.currency == "" {
		return a.value.String()
	}
	return string(a.currency) + " " + s
}

// MarshalText writes the plain form, "GBP 12.30".
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the plain form; an empty text is the zero Amount.
func (a *Amount) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if s == "" {
		*a = Amount{}
		return nil
	}
	code, rest, ok := strings.Cut(s, " ")
	if !ok {
		return fmt.Errorf("%q is not an amount like GBP 12.30", clip(s))
	}
	c, err := ParseCurrency(code)
	if err != nil {
		return err
	}
	d, err := Number(rest)
	if err != nil {
		return err
	}
	*a = Amount{d, c}
	return nil
}

func common(a, b Amount) (Currency, error) {
	switch {
	case a.currency == "" && a.value.IsZero():
		return b.currency, nil
	case b.currency == "" && b.value.IsZero(), a.currency == b.currency:
		return a.currency, nil
	}
	return "", fault.New(fault.Invalid, CodeMixed, "%s and %s cannot be added: they are different currencies.", a, b)
}

func tooLarge(err error) error {
	return fault.New(fault.Invalid, CodeTooLarge, "This amount is too large or too fine to be kept exactly.").Because(err)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
