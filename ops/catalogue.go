package ops

import (
	"io"
	"strings"

	"homecase"
	"homecase/concern"
	"homecase/content"
	"homecase/evidence"
	"homecase/fault"
	"homecase/policy"
	"homecase/readiness"
	"homecase/savings"
)

// Estimate computes the money of a case; seed replaces the case's own.
func (d *Desk) Estimate(path string, seed *uint64) (savings.Report, error) {
	c, err := d.Load(path)
	if err != nil {
		return savings.Report{}, err
	}
	r, err := c.Estimate(seed)
	return r, placed(path, err)
}

// Concerns lists the questions of a case, or of the catalogue without one.
func (d *Desk) Concerns(path, owner string) ([]concern.View, error) {
	var who concern.Owner
	if owner != "" {
		if err := who.UnmarshalText([]byte(owner)); err != nil {
			return nil, fault.New(fault.Invalid, "HC-OPS-06", "%s.", err)
		}
	}
	if path == "" {
		return concern.Rows(who)
	}
	c, err := d.Load(path)
	if err != nil {
		return nil, err
	}
	var money *savings.Report
	if shared := c.Shared(); len(shared.Money.Lines) > 0 {
		if report, err := shared.EstimateForPages(); err == nil { // a line that is not finished raises nothing yet
			money = &report
		}
	}
	raised, err := c.RaisedConcerns(money)
	if err != nil {
		return nil, err
	}
	return c.Concerns.List(who, raised...)
}

// Studies lists the library, or what it holds on one point.
func (d *Desk) Studies(tag string) ([]evidence.Row, error) {
	return evidence.List(evidence.Tag(strings.ToUpper(tag)))
}

// Occupations scores a table of occupations.
func (d *Desk) Occupations(path string, r io.Reader) ([]readiness.Occupation, error) {
	return readiness.ReadOccupations(path, r)
}

// Deadlines counts the deadlines of a regime.
func (d *Desk) Deadlines(id string, dates policy.Dates) (policy.Timetable, error) {
	return policy.Plan(id, dates)
}

// NewOptions say what a new case starts from.
type NewOptions struct{ Job, Country string }

// New writes a case file to start from. It never overwrites.
func (d *Desk) New(path string, o NewOptions) error {
	text, err := homecase.Template(o.Job, strings.ToUpper(o.Country), dayOf(d))
	if err != nil {
		return err
	}
	return content.CreateFile(path, text)
}
