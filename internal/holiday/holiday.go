// Package holiday lists the public holidays of a place, so that a trial is not
// scheduled on them and a law that counts working days can leave them out.
//
// The rules come from rickar/cal, whose data end in 2023; the file
// data/corrections.yaml adds the days it misses. A place or a year that
// neither knows is refused with "not known here". An empty list would say that
// there are no holidays, and that is never so.
//
// The days are those on which work stops: where Christmas Day falls on a
// Saturday and Monday stands in for it, Monday is listed. Local days, such as
// a town's feast, are not known; Note says what a list leaves out.
//
//	list, err := holiday.Of("GB", "england", 2026)
//	free := list.Free()
package holiday

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

//go:embed data/corrections.yaml
var data embed.FS

// The years for which the rules are trusted: earlier ones had other one-off
// days, later ones may have other laws.
const (
	FirstYear = 2022
	LastYear  = 2035
)

// library names the source of the rules.
const library = "rickar/cal v2.1.13, rules of 2023"

// recalled marks, in a rule's description, a rule of ours that nobody read in
// a source.
const recalled = "recalled, not read in a source"

// Day is one public holiday.
type Day struct {
	Date day.Date `json:"date"`
	Name string   `json:"name"`
	// Substitute tells that the day stands in for one at a weekend.
	Substitute bool `json:"substitute,omitempty"`
	// Partial tells that only some employers give the day.
	Partial    bool   `json:"partial,omitempty"`
	Unverified bool   `json:"unverified,omitempty"` // nobody read it in a source
	Source     string `json:"source"`
}

// List is the holidays of one place and year, in order of date.
type List struct {
	Country string `json:"country"`
	Part    string `json:"part,omitempty"`
	Year    int    `json:"year"`
	Days    []Day  `json:"days"`
	// Note says what the list leaves out.
	Note string `json:"note,omitempty"`
}

// Free returns the days on which nobody is expected to work, partial ones
// left out, each date once.
func (l List) Free() []day.Date {
	out := []day.Date{}
	for _, d := range l.Days {
		if !d.Partial && !slices.Contains(out, d.Date) {
			out = append(out, d.Date)
		}
	}
	return out
}

// Of returns the public holidays of a place in a year. The country is a
// two-letter code, the part as in a case's place. A place or year that is not
// known is a fault of kind missing, never an empty list.
func Of(country, part string, year int) (List, error) {
	country, part = strings.ToUpper(strings.TrimSpace(country)), strings.ToLower(strings.TrimSpace(part))
	rules, err := rulesOf(country, part)
	if err != nil {
		return List{}, err
	}
	if last := rules.last(); year < FirstYear || year > last {
		return List{}, fault.New(fault.Missing, "HC-HOLIDAY-02", "The public holidays of %d are not known here: the rules cover %d to %d.", year, FirstYear, last)
	}
	c, err := corrections()
	if err != nil {
		return List{}, err
	}
	l := List{Country: country, Part: part, Year: year, Note: rules.note}
	for y := year - 1; y <= year+1; y++ { // New Year's Day may be kept on 31 December
		for _, h := range rules.list {
			if d, ok := keep(h, y); ok && d.Date.Year == year {
				l.Days = append(l.Days, d)
			}
		}
	}
	c.apply(&l)
	slices.SortStableFunc(l.Days, func(a, b Day) int { return a.Date.Sub(b.Date) })
	return l, nil
}

// Between returns the free days from one day to another, both included.
func Between(country, part string, from, to day.Date) ([]day.Date, error) {
	out := []day.Date{}
	for y := from.Year; y <= to.Year; y++ {
		l, err := Of(country, part, y)
		if err != nil {
			return nil, err
		}
		for _, d := range l.Free() {
			if !d.Before(from) && !d.After(to) {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// keep returns the day on which a rule's holiday is kept in the sense of work.
// The library counts in the local zone, where midnight may not exist; noon
// always does, so the weekday is worked out here.
func keep(h *cal.Holiday, year int) (Day, bool) {
	actual, _ := h.Calc(year)
	if actual.IsZero() {
		return Day{}, false
	}
	d := Day{Date: day.Of(actual.Add(12 * time.Hour)), Name: h.Name, Source: library}
	if h.Description == recalled {
		d.Source, d.Unverified = recalled, true
	}
	for _, alt := range h.Observed {
		if day.Weekday(alt.Day) == d.Date.Weekday() {
			d.Date, d.Substitute = d.Date.Add(alt.Offset), true
			break
		}
	}
	return d, true
}

// Corrections is the file of what the library misses.
type Corrections struct {
	Corrections []Correction `json:"corrections"`
	Renames     []Rename     `json:"renames,omitempty"`
	Partial     []Partial    `json:"partial,omitempty"`
}

// Correction is one day more.
type Correction struct {
	Country    string   `json:"country"`
	Parts      []string `json:"parts,omitempty"` // empty: every part
	Date       day.Date `json:"date"`
	Name       string   `json:"name"`
	Source     string   `json:"source,omitempty"`
	Address    string   `json:"address,omitempty"`
	Read       day.Date `json:"read,omitzero"`
	Unverified bool     `json:"unverified,omitempty"`
}

// Rename gives a day another name from a year on.
type Rename struct {
	Country string `json:"country"`
	From    string `json:"from"`
	To      string `json:"to"`
	Since   int    `json:"since"`
}

// Partial names days that are a day off for some only.
type Partial struct {
	Country string   `json:"country"`
	Names   []string `json:"names"`
}

// Check refuses a correction without a day, a name or an origin.
func (c Correction) Check() fault.List {
	if c.Country == "" || c.Date.IsZero() || c.Name == "" || (c.Source == "") != c.Unverified {
		return fault.List{fault.New(fault.Invalid, "HC-HOLIDAY-08", "A correction needs country, date and name, and either a source or unverified: true.")}
	}
	return nil
}

var corrections = sync.OnceValues(func() (Corrections, error) {
	var c Corrections
	b, err := data.ReadFile("data/corrections.yaml")
	if err == nil {
		err = content.Decode("data/corrections.yaml", b, &c)
	}
	if err != nil {
		return c, fault.New(fault.Internal, "HC-HOLIDAY-09", "The holiday data shipped with homecase cannot be read.").Because(err)
	}
	return c, nil
})

// apply renames, marks partial days and adds the missing ones.
func (c Corrections) apply(l *List) {
	for i, d := range l.Days {
		for _, r := range c.Renames {
			if r.Country == l.Country && r.From == d.Name && l.Year >= r.Since {
				l.Days[i].Name = r.To
			}
		}
		for _, p := range c.Partial {
			if p.Country == l.Country && slices.Contains(p.Names, d.Name) {
				l.Days[i].Partial = true
			}
		}
	}
	for _, k := range c.Corrections {
		here := k.Country == l.Country && (len(k.Parts) == 0 || slices.Contains(k.Parts, l.Part))
		if !here || k.Date.Year != l.Year {
			continue
		}
		source := strings.TrimSpace(fmt.Sprintf("%s %s", k.Source, k.Address))
		if k.Unverified {
			source = recalled
		}
		l.Days = append(l.Days, Day{Date: k.Date, Name: k.Name, Unverified: k.Unverified, Source: source})
	}
}
