package ops

import (
	"testing"

	"homecase/day"
	"homecase/locale"
	"homecase/plan"
)

// Days are said as the country of the case writes them.
func TestDaysAreSaidByCountry(t *testing.T) {
	for country, want := range map[string]string{"IE": "25 December 2026", "US": "December 25, 2026"} {
		b := pairUp(t)
		c := b.open().Case
		c.Place.Country, c.Place.Part = country, ""
		c.Plan.Talk = &plan.Talk{Date: day.Must("2026-12-25")}
		said := ""
		for _, f := range b.CheckTalk(&c) {
			if f.Code == "HC-OPS-61" {
				said = f.Say
			}
		}
		if said != "The talk on "+want+" falls on a public holiday." {
			t.Errorf("%s: %q", country, said)
		}
		r := Round{l: locale.For(country, "")}
		if _, err := r.Wanted(day.Must("2026-12-25")); err == nil || saying(err) != want+" is not a workday of this trial." {
			t.Errorf("%s: %v", country, err)
		}
	}
}
