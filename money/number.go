package money

import (
	"math/big"
	"strings"

	"github.com/govalues/decimal"

	"homecase/fault"
)

// Number reads a plain decimal as people type it: 1234.5, 1,234.50, 1 234.50,
// 1'234.50. A comma or space must part thousands; "1,5" could be one and a half
// or a slip, so it is refused rather than guessed. Exponents are refused.
func Number(text string) (decimal.Decimal, error) {
	s := strings.TrimSpace(text)
	sign := ""
	switch {
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "−"):
		sign, s = "-", strings.TrimPrefix(strings.TrimPrefix(s, "-"), "−")
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	whole, ok := ungroup(whole)
	if !ok || !digits(whole) || dotted && !digits(frac) {
		if strings.Contains(text, ",") {
			return decimal.Decimal{}, fault.New(fault.Invalid, CodeNumber, "%q is not clear: write 1.5 for one and a half and 1,500 for fifteen hundred.", clip(text))
		}
		return decimal.Decimal{}, fault.New(fault.Invalid, CodeNumber, "%q is not a number like 1234.50.", clip(text))
	}
	plain := sign + whole
	if dotted {
		plain += "." + frac
	}
	if len(whole) > decimal.MaxPrec || len(strings.TrimLeft(whole, "0"))+len(frac) > decimal.MaxPrec {
		return decimal.Decimal{}, fault.New(fault.Invalid, CodeTooLarge, "%q has more digits than can be kept exactly.", clip(text))
	}
	d, err := decimal.Parse(plain)
	if err != nil {
		return decimal.Decimal{}, fault.New(fault.Invalid, CodeTooLarge, "%q has more digits than can be kept exactly.", clip(text)).Because(err)
	}
	return d, nil
}

// ungroup removes one kind of thousands separator when it stands at every third digit.
func ungroup(whole string) (string, bool) {
	for _, sep := range []string{",", " ", "\u00a0", "\u202f", "'", "’"} {
		parts := strings.Split(whole, sep)
		if len(parts) == 1 {
			continue
		}
		for i, p := range parts {
			if i == 0 && (len(p) == 0 || len(p) > 3) || i > 0 && len(p) != 3 {
				return "", false
			}
		}
		return strings.Join(parts, ""), true
	}
	return whole, true
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Rat returns a decimal as an exact fraction.
func Rat(d decimal.Decimal) *big.Rat {
	num := new(big.Int).SetUint64(d.Coef())
	if d.IsNeg() {
		num.Neg(num)
	}
	den := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.Scale())), nil)
	return new(big.Rat).SetFrac(num, den)
}
