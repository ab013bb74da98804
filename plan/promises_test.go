package plan_test

import (
	"slices"
	"testing"

	"homecase/day"
	"homecase/plan"
)

// A first page has four promises, each with something behind it but the hours,
// which nobody can guess.
func TestUsualPromises(t *testing.T) {
	p := plan.Plan{DecideOn: day.Must("2027-03-11")}
	got, err := p.WithUsual(map[string]string{"trial.decide": "11 March"})
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Promise{
		{Text: "I answer calls and chat in my usual hours"},
		{Text: "I move the day when you need me in"},
		{Text: "Every Friday you get a note with what I finished"},
		{Text: "We decide together on 11 March, from what was counted"},
	}
	if !slices.Equal(got.Promises, want) {
		t.Errorf("promises %q, want %q", got.Promises, want)
	}
	unbacked, err := got.Unbacked()
	if err != nil || len(unbacked) != 1 || unbacked[0].Promise != 0 {
		t.Errorf("unbacked %v %v, want the first alone", unbacked, err)
	}
	got.Hours = plan.Hours{From: "09:00", To: "17:00"}
	if unbacked, _ := got.Unbacked(); len(unbacked) != 0 {
		t.Errorf("with hours: unbacked %v", unbacked)
	}
	if list := got.Check(); len(list) > 0 {
		t.Error(list)
	}
	own := plan.Plan{Promises: []plan.Promise{{Text: "I keep month-end in the office"}}}
	if got, _ := own.WithUsual(nil); len(got.Promises) != 1 || len(got.StopRules) != 0 {
		t.Errorf("a plan with its own promise was changed: %+v", got)
	}
}

// Each kind of promise is known by its words, and misses what stands behind it.
func TestUnbackedPromises(t *testing.T) {
	offers, err := plan.Offers()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range offers {
		text := o.Write(map[string]string{"hours.from": "09:00", "hours.to": "17:00", "trial.decide": "11 March", "outage.backup": "a telephone", "check_in.every": "Every Friday", "check_in.what": "a note"})
		p := plan.Plan{Promises: []plan.Promise{{Text: text}}}
		unbacked, err := p.Unbacked()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(unbacked), 1; o.RestsOn == "" {
			if got != 0 {
				t.Errorf("%s rests on nothing and is unbacked", o.ID)
			}
		} else if got != want || unbacked[0].Say != o.Lacks {
			t.Errorf("%s: %q: unbacked %v", o.ID, text, unbacked)
		}
		if o.Source.Title == "" {
			t.Errorf("%s has no source", o.ID)
		}
	}
}
