// Package kimai reads Kimai's timesheet export (CSV or XLSX). A length may be
// hours and minutes, decimal hours, or, in older versions, whole seconds; where
// start and end stand beside a bare number, they decide.
package kimai

import (
	"context"

	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timesheet"
)

// Source is the name of the source.
const Source = "kimai"

// Fits recognises the headings.
func Fits(h sheet.Header) bool {
	return h.Has("Date") && h.Find("Duration", "From", "Begin") >= 0 && h.Has("Customer", "Project", "Activity")
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return timesheet.Read(ctx, in, o, timesheet.Layout{
		Source: Source, Fits: Fits, WholeNumberSeconds: true,
		Day: []string{"Date"}, Start: []string{"From", "Begin", "Start"}, End: []string{"To", "End"},
		Length: []string{"Duration"}, Person: []string{"E-mail", "Email", "User", "Username", "Name"}, Tags: []string{"Tags"},
	})
}
