package evidence

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"homecase/money"
)

// Amount is money in the case's currency, exact, without a sign or a currency.
type Amount struct{ decimal.Decimal }

// UnmarshalText reads 1200 or 1,200.50 and refuses a currency sign or a minus.
func (a *Amount) UnmarshalText(b []byte) error {
	s := strings.TrimSpace(string(b))
	if s == "" {
		*a = Amount{}
		return nil
	}
	d, err := money.Number(s)
	if err != nil || d.IsNeg() {
		return fmt.Errorf("%q is not an amount: write it like 1200 or 1,200.50, without a currency", clip(s))
	}
	a.Decimal = d
	return nil
}

// MarshalText writes the amount; nothing for zero.
func (a Amount) MarshalText() ([]byte, error) {
	if a.IsZero() {
		return nil, nil
	}
	return a.Decimal.MarshalText()
}

func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

var (
	dated   = pattern(`\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}[:.]\d\d ?(?:am|pm|h)\b|\b\d{1,2}:\d\d\b|(?i)\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}\b|\b(?:q|week|version|section|page|form|room|level|phase|step) ?\d+\b|\b\p{L}+-?\d+\b`)
	counted = pattern(`[$£€]?\d[\d,.]*(?: ?(?:%|per cent|percent|million|hours?|minutes?|days?|items?))?`)
)

// bareNumbers returns the numbers of a text that claim something: not years,
// dates, times of day, or names such as Q3 and ISO9001.
func bareNumbers(text string) []string {
	text = dated().ReplaceAllString(text, " ")
	var out []string
	for _, n := range counted().FindAllString(text, -1) {
		n = strings.TrimRight(n, ".,")
		if v, err := strconv.ParseFloat(n, 64); err == nil && year(v) {
			continue
		}
		out = append(out, n)
	}
	return out
}
