package homecase

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"homecase/cite"
	"homecase/day"
	"homecase/evidence"
)

// Aged is something in a case that was right once and may be no longer.
type Aged struct {
	Path string // its field
	Kind AgedKind
	What string // its words, or its name
	On   day.Date
}

// AgedKind says what became old.
type AgedKind string

// The kinds of what becomes old.
const (
	AgedStart   AgedKind = "start"   // the first day of the trial has passed
	AgedPromise AgedKind = "promise" // a promise names another day than the plan
	AgedPhoto   AgedKind = "photo"
	AgedPrice   AgedKind = "price"
	AgedResult  AgedKind = "result"
)

// agedAfter is how many months a photo, a price or a result is taken as it is.
const agedAfter = 12

// LookAgain lists what a person should look at again today. running tells that
// the trial has begun, or is over. After a "not now" it lists nothing before the
// agreed date.
func (c *Case) LookAgain(today day.Date, running bool) []Aged {
	if n := c.Plan.NotNow; n != nil && today.Before(n.AskAgain) {
		return nil // nothing asks before the agreed date
	}
	var out []Aged
	old := func(on day.Date) bool { return !on.IsZero() && on.AddMonths(agedAfter).Before(today) }
	if s := c.Plan.Start; !running && !s.IsZero() && s.Before(today) {
		out = append(out, Aged{"plan.start", AgedStart, "", s})
	}
	places, _ := c.OutdatedPromises()
	for _, i := range places {
		out = append(out, Aged{fmt.Sprintf("plan.promises[%d].text", i), AgedPromise, c.Plan.Promises[i].Text, c.Plan.DecideOn})
	}
	for _, it := range officeItems(c.Readiness.HomeOffice) {
		path := "readiness.home_office." + it.id
		if it.Photo != "" && old(it.PhotoDate) {
			out = append(out, Aged{path + ".photo", AgedPhoto, it.name, it.PhotoDate})
		}
		if it.Cost != nil && old(it.Cost.Origin.Date) {
			out = append(out, Aged{path + ".cost", AgedPrice, it.name, it.Cost.Origin.Date})
		}
	}
	for i, r := range c.Facts.Results {
		if r.Business && old(r.Origin.Date) {
			out = append(out, Aged{fmt.Sprintf("facts.results[%d].text", i), AgedResult, r.Text, r.Origin.Date})
		}
	}
	return out
}

// FromImport is what was taken from an import into the rest of a case.
type FromImport struct {
	Measure bool  // the measure, or what is usual of it
	Whole   bool  // all of the measure; otherwise its name is the person's own
	Usual   bool  // what the plan of the trial takes for usual
	Results []int // by their places
}

// FromImport tells what was taken from an import.
func (c *Case) FromImport(id string) FromImport {
	named := regexp.MustCompile(`\bimport ` + regexp.QuoteMeta(id) + `($|[^\w-])`)
	from := func(o cite.Origin) bool { return o.Kind == cite.Measured && named.MatchString(o.Source) }
	var out FromImport
	if m := c.Facts.Measure; from(m.Origin) {
		out.Measure, out.Whole = true, m.Recorded != "" && strings.HasPrefix(m.Origin.Source, m.Recorded+", ")
		out.Usual = c.Trial != nil && c.Trial.Usual != nil && m.Usual != nil && c.Trial.Usual.Mean == *m.Usual
	}
	for i, r := range c.Facts.Results {
		if strings.HasPrefix(r.Source, OwnRecords) && from(r.Origin) {
			out.Results = append(out.Results, i)
		}
	}
	return out
}

// TakeOutImport undoes an import, and takes out what was taken from it: the
// measure, what is usual of it, and results. It tells what went.
func (c *Case) TakeOutImport(id string) (FromImport, error) {
	out := c.FromImport(id)
	if err := c.Facts.Undo(id); err != nil {
		return FromImport{}, err
	}
	switch m := c.Facts.Measure; {
	case out.Whole:
		c.Facts.Measure = evidence.Measure{}
	case out.Measure:
		m.Usual, m.Spread, m.Origin = nil, nil, cite.Origin{}
		c.Facts.Measure = m
	}
	if out.Usual {
		trial := *c.Trial
		trial.Usual = nil
		c.Trial = &trial
	}
	var results []evidence.Result
	for i, r := range c.Facts.Results {
		if !slices.Contains(out.Results, i) {
			results = append(results, r)
		}
	}
	c.Facts.Results = results
	return out, nil
}

// OwnRecords begins the source of a result that was taken from imported records.
const OwnRecords = "My own records, "
