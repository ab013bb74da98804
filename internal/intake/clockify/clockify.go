// Package clockify reads Clockify's detailed report (CSV or XLSX): dates in
// either order, 12-hour clocks, and breaks, which are not work. A summary report
// is read when it is grouped by day and refused when it has no days.
package clockify

import (
	"context"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timesheet"
)

// Source is the name of the source.
const Source = "clockify"

// Fits recognises the headings of the detailed and the summary report.
func Fits(h sheet.Header) bool {
	return h.Find("Start Date", "Date", "Project") >= 0 && h.Find("Duration (h)", "Duration (decimal)", "Time (h)", "Time (decimal)") >= 0 && h.Find("Start") < 0
}

// Read reads a report.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return timesheet.Read(ctx, in, o, timesheet.Layout{
		Source: Source, Fits: Fits,
		Day: []string{"Start Date", "Date"}, Start: []string{"Start Time"}, EndDay: []string{"End Date"}, End: []string{"End Time"},
		Length: []string{"Duration (h)", "Time (h)"}, Decimal: []string{"Duration (decimal)", "Time (decimal)"},
		Person: []string{"Email", "User"}, Tags: []string{"Tags"}, Kind: []string{"Type"},
		Refuse: func(h sheet.Header) error {
			if h.Find("Start Date", "Date") < 0 {
				return fault.New(fault.Invalid, "HC-INTAKE-30", "This is Clockify's summary report without days.").Then("Export the detailed report, or group the summary by date.")
			}
			return nil
		},
	})
}
