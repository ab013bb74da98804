package homecase_test

import (
	"slices"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/plan"
)

// A promise with the day of an earlier plan is found; one without a day, or
// with the right one, is not.
func TestOutdatedPromises(t *testing.T) {
	c := &homecase.Case{}
	c.Place.Country = "GB"
	c.Plan.DecideOn = day.Must("2027-04-08")
	c.Plan.Promises = []plan.Promise{
		{Text: "We decide together on 11 March, from those numbers"}, {Text: "We decide together on 8 April"},
		{Text: "We decide together at the end"}, {Text: "In March I am in on every month-end day"},
	}
	if places, on := c.OutdatedPromises(); !slices.Equal(places, []int{0}) || on != "8 April 2027" {
		t.Errorf("%v %s", places, on)
	}
	c.Plan.DecideOn = day.Date{}
	if places, _ := c.OutdatedPromises(); places != nil {
		t.Errorf("without a day: %v", places)
	}
}
