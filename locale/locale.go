// Package locale writes numbers, money and days the way readers of a country
// expect them in English, and picks British or American spelling.
//
// It translates nothing: homecase's sentences are English everywhere, and a
// country without English as a common office language gets British spelling
// with its own currency.
package locale

import (
	"math"
	"strconv"
	"strings"

	"homecase/day"
)

// Locale is how to write for one country. Make one with For.
type Locale struct {
	// Tag is a real language tag, such as en-GB.
	Tag      string
	Country  string // ISO 3166-1 alpha-2
	Currency string // ISO 4217
	american bool
}

// countries with English as a language of work, and the currency that is used there.
var english = map[string]string{"GB": "GBP", "IE": "EUR", "US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "MY": "MYR"}

var others = map[string]string{"NL": "EUR", "DE": "EUR", "ES": "EUR", "PT": "EUR", "BE": "EUR", "FR": "EUR", "AT": "EUR", "IT": "EUR", "FI": "EUR", "DK": "DKK", "SE": "SEK", "NO": "NOK", "CH": "CHF", "PL": "PLN", "JP": "JPY", "IN": "INR"}

// signs are the currency signs that stand before an amount without a space.
// Where two countries share a sign, the one at home keeps it.
var signs = map[string]string{"GBP": "£", "EUR": "€", "USD": "$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "SGD": "S$", "MYR": "RM", "JPY": "¥", "INR": "₹"}

var homeSign = map[string]string{"CA": "$", "AU": "$", "NZ": "$", "SG": "$"}

// For returns the locale of a country; currency "" means the country's own.
func For(country, currency string) Locale {
	own, isEnglish := english[country]
	tag := "en-" + country
	if !isEnglish {
		own, tag = others[country], "en-GB"
	}
	if currency == "" {
		currency = own
	}
	return Locale{Tag: tag, Country: country, Currency: currency, american: country == "US"}
}

// Spell picks the British or the American form.
func (l Locale) Spell(british, american string) string {
	if l.american {
		return american
	}
	return british
}

// Date writes 24 November 2026, or November 24, 2026.
func (l Locale) Date(d day.Date) string {
	year := strconv.Itoa(d.Year)
	if l.american {
		return l.DayMonth(d) + ", " + year
	}
	return l.DayMonth(d) + " " + year
}

// DayMonth writes 24 November, or November 24.
func (l Locale) DayMonth(d day.Date) string {
	n := strconv.Itoa(d.Day)
	if l.american {
		return d.Month.String() + " " + n
	}
	return n + " " + d.Month.String()
}

// WeekdayDate writes Thursday 11 March, or Thursday, March 11.
func (l Locale) WeekdayDate(d day.Date) string {
	if l.american {
		return d.Weekday().Name() + ", " + l.DayMonth(d)
	}
	return d.Weekday().Name() + " " + l.DayMonth(d)
}

// Minus is the sign before a negative number.
const Minus = "−"

// Number writes f with at most places decimals, grouped by thousands, without
// trailing zeros.
func (l Locale) Number(f float64, places int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return sign(f, s) + group(s)
}

// Fixed writes f with exactly places decimals, grouped by thousands.
func (l Locale) Fixed(f float64, places int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', places, 64)
	return sign(f, s) + group(s)
}

// Signed is Number with a plus before what is not negative.
func (l Locale) Signed(f float64, places int) string {
	s := l.Number(f, places)
	if !strings.HasPrefix(s, Minus) {
		s = "+" + s
	}
	return s
}

func sign(f float64, digits string) string {
	if f < 0 && strings.Trim(digits, "0.") != "" {
		return Minus
	}
	return ""
}

func group(s string) string {
	whole, frac, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		return whole + "." + frac
	}
	return whole
}

// Money writes £1,100 or −£2.50; a currency without a sign stands behind as CHF 20.
func (l Locale) Money(f float64, places int) string {
	s := group(strconv.FormatFloat(math.Abs(f), 'f', places, 64))
	mark, ok := signs[l.Currency]
	if own, home := homeSign[l.Country]; home && english[l.Country] == l.Currency {
		mark, ok = own, true
	}
	if !ok {
		mark = l.Currency + "\u00a0"
	}
	return sign(f, s) + mark + s
}

// Percent writes a share: .125 is 12.5%. places are those of the percentage.
func (l Locale) Percent(share float64, places int) string { return l.Number(share*100, places) + "%" }

var words = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// Word writes a small count as a word and a larger one in digits.
func (l Locale) Word(n int) string {
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return l.Number(float64(n), 0)
}

// List writes a, b and c; American English puts a comma before the and, and
// so does a list with an and inside an item.
func (l Locale) List(items []string) string {
	n := len(items)
	if n < 2 {
		return strings.Join(items, "")
	}
	and := " and "
	if own := strings.Contains(strings.Join(items, "\n"), and); own || n > 2 && l.american {
		and = ", and "
	}
	return strings.Join(items[:n-1], ", ") + and + items[n-1]
}
