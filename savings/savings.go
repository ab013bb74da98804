// Package savings says what working from home saves and costs, in three ledgers
// that are never added together: cash to the employer, cash to the employee, and
// time and other. Every line has a formula in words and in figures, and every
// input a unit, a range and a source; lines and defaults are data.
//
// The package enforces the seven rules of data/rules.yaml. It counts no rent for
// a desk nobody gives up, no output that the person's own trial did not measure,
// and no saving from one person's chance of staying. It gives no grand total, and
// it never turns a company-wide figure into one person's.
//
//	r, err := savings.LineValue("parking-employer", map[string]string{"price_per_day": "4", "home_days": "46"})
package savings

import (
	"fmt"

	"homecase/fault"
)

// Ledger is one of the three accounts.
type Ledger string

// The ledgers. Only the first is a headline.
const (
	EmployerCash Ledger = "employer_cash"
	EmployeeCash Ledger = "employee_cash"
	TimeAndOther Ledger = "time_and_other"
)

// Ledgers lists the three in the order they are shown.
func Ledgers() []Ledger { return []Ledger{EmployerCash, EmployeeCash, TimeAndOther} }

// Name is what people read.
func (l Ledger) Name() string {
	return map[Ledger]string{EmployerCash: "Cash to the employer", EmployeeCash: "Cash to the employee", TimeAndOther: "Time and other"}[l]
}

// UnmarshalText refuses a word that is not a ledger.
func (l *Ledger) UnmarshalText(b []byte) error {
	v := Ledger(b)
	if v.Name() == "" {
		return fmt.Errorf("%q is not a ledger: write employer_cash, employee_cash or time_and_other", string(b))
	}
	*l = v
	return nil
}

// Effect says which way a line counts.
type Effect string

// A line is a saving or a cost.
const (
	Saving Effect = "saving"
	Cost   Effect = "cost"
)

// UnmarshalText refuses a word that is not an effect.
func (e *Effect) UnmarshalText(b []byte) error {
	v := Effect(b)
	if v != Saving && v != Cost {
		return fmt.Errorf("%q is neither saving nor cost", string(b))
	}
	*e = v
	return nil
}

// Codes of the faults and findings of this package. The first seven are the rules.
const (
	CodeLedgers      fault.Code = "HC-SAVE-01" // rule ledgers-apart
	CodeProductivity fault.Code = "HC-SAVE-02" // rule productivity-zero
	CodeSpace        fault.Code = "HC-SAVE-03" // rule space-released
	CodeCommute      fault.Code = "HC-SAVE-04" // rule commute-share
	CodeTurnover     fault.Code = "HC-SAVE-05" // rule turnover-probability
	CodeCosts        fault.Code = "HC-SAVE-06" // rule costs-present
	CodeDouble       fault.Code = "HC-SAVE-07" // rule no-double-counting
	CodeLine         fault.Code = "HC-SAVE-08" // there is no such line, or it is given twice
	CodeInput        fault.Code = "HC-SAVE-09" // there is no such input, or its value cannot be
	CodeMissing      fault.Code = "HC-SAVE-10" // an input without value and without default
	CodeSource       fault.Code = "HC-SAVE-11" // a number without a kind or a source
	CodeTrade        fault.Code = "HC-SAVE-12" // a benefit that is locked
	CodeReason       fault.Code = "HC-SAVE-13" // left out without a reason
	CodeCatalogue    fault.Code = "HC-SAVE-14" // the catalogue contradicts itself
	CodeOnlyGuesses  fault.Code = "HC-SAVE-15" // every number is an assumption
	CodeWide         fault.Code = "HC-SAVE-16" // a range so wide that it is asked about
)

// ruleCodes gives each rule its code.
var ruleCodes = map[string]fault.Code{
	"ledgers-apart": CodeLedgers, "productivity-zero": CodeProductivity, "space-released": CodeSpace, "commute-share": CodeCommute,
	"turnover-probability": CodeTurnover, "costs-present": CodeCosts, "no-double-counting": CodeDouble,
}

// Code returns the stable code of the rule.
func (r Rule) Code() fault.Code { return ruleCodes[r.ID] }
