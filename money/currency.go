package money

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"homecase/fault"
)

// Currency is an ISO 4217 code, such as GBP.
type Currency string

// iso4217 lists the currencies of the countries homecase knows a law or an
// employer in, with the decimals ISO 4217 gives them.
//
//go:embed data/iso4217.csv
var iso4217 string

type currencyRow struct {
	code    Currency
	digits  int
	name    string
	symbols []string
}

var table = sync.OnceValues(func() ([]currencyRow, error) {
	r := csv.NewReader(strings.NewReader(iso4217))
	r.Comment, r.FieldsPerRecord = '#', 4
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the currency table: %w", err)
	}
	rows := make([]currencyRow, 0, len(records))
	for _, rec := range records[1:] {
		n, err := strconv.Atoi(rec[1])
		if err != nil {
			return nil, fmt.Errorf("read the decimals of %s: %w", rec[0], err)
		}
		rows = append(rows, currencyRow{Currency(rec[0]), n, rec[2], strings.Fields(rec[3])})
	}
	return rows, nil
})

// Currencies lists the codes homecase knows, in alphabetical order.
func Currencies() []Currency {
	rows, _ := table() // the test of the table fails before a broken one ships
	codes := make([]Currency, len(rows))
	for i, r := range rows {
		codes[i] = r.code
	}
	return codes
}

func (c Currency) row() currencyRow {
	rows, _ := table()
	for _, r := range rows {
		if r.code == c {
			return r
		}
	}
	return currencyRow{code: c, digits: 2}
}

// ParseCurrency reads an ISO 4217 code, in either case.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if !c.Known() {
		return "", fault.New(fault.Invalid, CodeCurrency, "%q is not a currency homecase knows: write a code like GBP, USD or EUR.", clip(s))
	}
	return c, nil
}

// Known tells whether the code is in the table.
func (c Currency) Known() bool { return c.row().name != "" }

// Digits is the number of decimals the currency has: 2 for GBP, 0 for JPY.
func (c Currency) Digits() int {
	if c == "" {
		return 0
	}
	return c.row().digits
}

// Name is the English name.
func (c Currency) Name() string { return c.row().name }

func (c Currency) symbols() []string { return c.row().symbols }

// UnmarshalText reads a known code; an empty text is no currency.
func (c *Currency) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*c = ""
		return nil
	}
	v, err := ParseCurrency(string(b))
	if err != nil {
		return err
	}
	*c = v
	return nil
}
