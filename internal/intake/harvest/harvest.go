// Package harvest reads Harvest's detailed time report: a day and its hours in
// each row. Rounded hours are used only where the exact ones are missing.
package harvest

import (
	"context"

	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timesheet"
)

// Source is the name of the source.
const Source = "harvest"

// Fits recognises the headings.
func Fits(h sheet.Header) bool {
	return h.Has("Date") && h.Find("Hours", "Hours Rounded") >= 0 && h.Find("Billable?", "Invoiced?", "Project Code", "First Name", "Employee?") >= 0
}

// Read reads a report.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return timesheet.Read(ctx, in, o, timesheet.Layout{
		Source: Source, Fits: Fits,
		Day: []string{"Date"}, Decimal: []string{"Hours", "Hours Rounded"}, Person: []string{"Employee", "Last Name", "First Name"},
	})
}
