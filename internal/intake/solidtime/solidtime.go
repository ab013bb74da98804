// Package solidtime reads solidtime's detailed export. Start and end stand in
// the zone of the user's profile, so they are read as local times.
//
// Columns: solidtime-io/solidtime 31746c7, TimeEntriesDetailedCsvExport.
package solidtime

import (
	"context"

	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timesheet"
)

// Source is the name of the source.
const Source = "solidtime"

// Fits recognises the headings.
func Fits(h sheet.Header) bool {
	return h.Has("Start", "End", "Duration", "Duration (decimal)")
}

// Read reads an export. The decimal length is exact, the other has whole seconds.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return timesheet.Read(ctx, in, o, timesheet.Layout{
		Source: Source, Fits: Fits,
		Day: []string{"Start"}, End: []string{"End"}, Length: []string{"Duration"}, Decimal: []string{"Duration (decimal)"},
		Person: []string{"User"}, Tags: []string{"Tags"},
	})
}
