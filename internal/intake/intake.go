// Package intake turns the exports that people already have into a number per
// day: finished work first, hours second, and home or office where the source
// knows. It stores no title, window, address or colleague: what a reader hands
// on has no field for them, and what was dropped is listed by name.
//
// What a file is, is recognised by its content, not its name.
//
//	result, err := intake.Import(ctx, "auto", "report.csv", intake.Options{TZ: london})
package intake

import (
	"context"
	"embed"
	"slices"
	"strings"
	"sync"
	"time"

	"homecase/content"
	"homecase/fault"
	"homecase/internal/intake/activitywatch"
	"homecase/internal/intake/clockify"
	"homecase/internal/intake/github"
	"homecase/internal/intake/gitlog"
	"homecase/internal/intake/harvest"
	"homecase/internal/intake/ics"
	"homecase/internal/intake/input"
	"homecase/internal/intake/jira"
	"homecase/internal/intake/kimai"
	"homecase/internal/intake/rescuetime"
	"homecase/internal/intake/solidtime"
	"homecase/internal/intake/table"
	"homecase/internal/intake/tally"
	"homecase/internal/intake/timeoff"
	"homecase/internal/intake/timewarrior"
	"homecase/internal/intake/toggl"
	"homecase/internal/intake/wakatime"
)

// The words of an import, which all readers share.
type (
	Kept      = tally.Kept
	Result    = tally.Result
	Warning   = tally.Warning
	Options   = tally.Options
	Columns   = tally.Columns
	Measure   = tally.Measure
	Place     = tally.Place
	DateOrder = tally.DateOrder
	Page      = table.Page
)

// Auto asks to recognise the source.
const Auto = "auto"

// Source is one kind of export, for people who look for theirs.
type Source struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Reads says which forms of the export are read.
	Reads string `json:"reads"`
	// How says where the export is found.
	How string `json:"how"`
	// Keeps lists what is stored.
	Keeps []Measure `json:"keeps"`
	// Drops names what the export holds that is never stored.
	Drops []string `json:"drops"`
	// Place tells how the source knows home from office, empty when it does not.
	Place string `json:"place,omitempty"`
	// Note is something to know before trusting the numbers.
	Note   string `json:"note,omitempty"`
	Source string `json:"source"`
	// Unverified tells that the format was recalled, not read in a source.
	Unverified bool `json:"unverified,omitempty"`
}

// Kind groups measures by what they show.
type Kind string

// The kinds.
const (
	Finished Kind = "finished" // work that got done
	Spent    Kind = "time"
	Meeting  Kind = "meetings"
	Broken   Kind = "interruptions"
	Where    Kind = "place"
	Away     Kind = "away"
)

// Meaning explains a measure.
type Meaning struct {
	Measure Measure `json:"measure"`
	// Name is what a sentence calls it.
	Name  string `json:"name"`
	Unit  string `json:"unit"`
	Kind  Kind   `json:"kind"`
	Means string `json:"means"`
}

//go:embed data/sources.yaml
var data embed.FS

type register struct {
	Measures []Meaning `json:"measures"`
	Sources  []Source  `json:"sources"`
}

var registry = sync.OnceValues(func() (register, error) {
	var r register
	raw, err := data.ReadFile("data/sources.yaml")
	if err == nil {
		err = content.Decode("sources.yaml", raw, &r)
	}
	return r, err
})

// Sources lists the exports that can be read.
func Sources() ([]Source, error) {
	r, err := registry()
	return slices.Clone(r.Sources), err
}

// Measures lists what can be counted, finished work first.
func Measures() ([]Meaning, error) {
	r, err := registry()
	return slices.Clone(r.Measures), err
}

// readers are the sources' readers, by id.
func readers() map[string]func(context.Context, *input.Input, Options) (Result, error) {
	return map[string]func(context.Context, *input.Input, Options) (Result, error){
		activitywatch.Source: activitywatch.Read, wakatime.Source: wakatime.Read, toggl.Source: toggl.Read, clockify.Source: clockify.Read,
		harvest.Source: harvest.Read, kimai.Source: kimai.Read, solidtime.Source: solidtime.Read, rescuetime.Source: rescuetime.Read,
		jira.Source: jira.Read, github.Source: github.Read, gitlog.Source: gitlog.Read, timewarrior.Source: timewarrior.Read,
		ics.Source: ics.Read, timeoff.Source: timeoff.Read, table.Source: table.Read,
	}
}

// Import reads the file or folder at path as source, or as what it is found to
// be when source is "auto". Nothing is stored: the result is what would be kept.
func Import(ctx context.Context, source, path string, o Options) (Result, error) {
	in, err := input.Open(path, o.Unpacked())
	if err != nil {
		return Result{}, err
	}
	defer in.Close()
	return Read(ctx, source, in, o)
}

// Read is Import for an input that is already open.
func Read(ctx context.Context, source string, in *input.Input, o Options) (Result, error) {
	if source == Auto || source == "" {
		found, err := Detect(in)
		if err != nil {
			return Result{}, err
		}
		source = found
	}
	read, ok := readers()[source]
	if !ok {
		return Result{}, fault.New(fault.Missing, "HC-INTAKE-50", "There is no source named %q.", tally.Label(source)).Then("See homecase evidence sources, or say auto.")
	}
	r, err := read(ctx, in, o)
	if err != nil {
		return Result{}, err
	}
	if r.Rows == 0 {
		return Result{}, fault.New(fault.Invalid, "HC-INTAKE-51", "This file has nothing to count for source %s.", source).At(fault.Place{File: in.Name}).Then("See homecase evidence sources for the export to choose.")
	}
	return r, nil
}

// MatchColumns shows what a table's columns hold and suggests which is which.
func MatchColumns(ctx context.Context, path string, o Options) (Page, error) {
	in, err := input.Open(path, o.Unpacked())
	if err != nil {
		return Page{}, err
	}
	defer in.Close()
	return table.Match(ctx, in, o)
}

// MatchColumnsOf is MatchColumns for an input that is already open.
func MatchColumnsOf(ctx context.Context, in *input.Input, o Options) (Page, error) {
	return table.Match(ctx, in, o)
}

// ParseZone reads the name of a time zone.
func ParseZone(name string) (*time.Location, error) { return tally.ParseZone(name) }

// ParseDateOrder reads dmy or mdy.
func ParseDateOrder(s string) (DateOrder, error) {
	switch o := DateOrder(strings.ToLower(strings.TrimSpace(s))); o {
	case "", tally.DayFirst, tally.MonthFirst:
		return o, nil
	}
	return "", fault.New(fault.Invalid, "HC-INTAKE-13", "The order of dates is dmy or mdy.")
}
