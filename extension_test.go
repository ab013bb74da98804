package homecase_test

import (
	"slices"
	"testing"

	"homecase/day"
	"homecase/trial"
)

// The weeks of an extension have their own holidays, days off and office days.
// The example runs from 11 January to 5 March 2027 and may go on for four weeks,
// into Easter: Good Friday is 26 March, Easter Monday 29 March, and the last
// workday of the month, an office day, is 31 March (by the calendar).
func TestExtensionKeepsHolidays(t *testing.T) {
	c := load(t, "examples/accounts-one-day.yaml")
	c.Trial.Leave = []day.Date{day.Must("2027-03-16")}
	holidays := []day.Date{day.Must("2027-03-26"), day.Must("2027-03-29"), day.Must("2027-04-05")}
	p, ok, err := c.TrialPlan(holidays)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	s, err := p.Setting()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Extension); n != 4 || p.Extension[0].Start != day.Must("2027-03-08") {
		t.Fatalf("%d weeks of extension: %+v", n, p.Extension)
	}
	if len(s.More) != 4*5-2 {
		t.Errorf("the extension has %d days", len(s.More))
	}
	for _, d := range s.More {
		if slices.Contains(holidays, d.Date) {
			t.Errorf("%s is a holiday and is scheduled", d.Date)
		}
		if d.Chance > 0 && (d.Date == day.Must("2027-03-31") || d.Date == day.Must("2027-03-16")) {
			t.Errorf("%s may be drawn, and it is kept for the office or off", d.Date)
		}
	}
	if slices.Contains(p.Holidays, day.Must("2027-04-05")) {
		t.Error("a holiday after the extension stands in the plan")
	}

	// A plan file that lists no such weeks goes on as its last week, as before.
	p.Extension = nil
	if s, err = p.Setting(); err != nil || len(s.More) == 0 {
		t.Fatal(err)
	}
	p.Extension = []trial.Week{{Start: day.Must("2027-03-08"), Home: 1}}
	if list := p.Check(); len(list) != 1 || list[0].Place.Path != "extension" {
		t.Errorf("one week listed of four: %v", list)
	}
}
