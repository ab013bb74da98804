// Package toggl reads Toggl Track's detailed report (CSV or XLSX). The summary
// report has no days and is refused.
package toggl

import (
	"context"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timesheet"
)

// Source is the name of the source.
const Source = "toggl"

// Fits recognises the headings. Amounts, currencies and tags may be missing.
func Fits(h sheet.Header) bool {
	return h.Has("Start date", "Start time", "Duration") || summary(h)
}

func summary(h sheet.Header) bool { return h.Has("Project", "Registered time") }

// Read reads a report.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return timesheet.Read(ctx, in, o, timesheet.Layout{
		Source: Source, Fits: Fits,
		Day: []string{"Start date"}, Start: []string{"Start time"}, EndDay: []string{"End date", "Stop date"}, End: []string{"End time", "Stop time"},
		Length: []string{"Duration"}, Person: []string{"Email", "User", "Member"}, Tags: []string{"Tags"},
		Refuse: func(h sheet.Header) error {
			if summary(h) {
				return fault.New(fault.Invalid, "HC-INTAKE-30", "This is Toggl's summary report, which has no days.").Then("Export the detailed report.")
			}
			return nil
		},
	})
}
