package homecase_test

import (
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/concern"
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

// A promise that was taken from a suggestion follows the plan; one in the
// person's own words does not.
func TestFollow(t *testing.T) {
	c := &homecase.Case{}
	c.Place.Country = "IE"
	c.Plan.DecideOn = day.Must("2027-03-04")
	p, err := c.WithUsual()
	if err != nil {
		t.Fatal(err)
	}
	p.Promises = append(p.Promises, plan.Promise{Text: "On 4 March I bring the numbers"})
	c.Plan = p
	c.Plan.Start, c.Plan.Weeks = day.Must("2027-01-04"), 8
	n, err := c.TakeDrafts()
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	c.Answer("C15", concern.Reply{State: concern.Proposal, Text: "I ask Legal myself by 26 February 2027."})
	before, words := slices.Clone(p.Promises), c.Spoken()
	c.Plan.DecideOn, c.Plan.Start = day.Must("2027-04-01"), day.Must("2027-02-01")
	if err := c.Follow(words); err != nil {
		t.Fatal(err)
	}
	for i, was := range before {
		want := strings.Replace(was.Text, "together on 4 March 2027", "together on 1 April 2027", 1)
		if got := c.Plan.Promises[i].Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if i := slices.IndexFunc(c.Plan.Promises, func(p plan.Promise) bool { return strings.Contains(p.Text, "1 April 2027") }); i < 0 {
		t.Errorf("no promise has the new day: %v", c.Plan.Promises)
	}
	// 8 weeks from 4 January end on 26 February, from 1 February on 26 March
	for _, a := range c.Concerns.Answers {
		if own := a.Concern == "C15"; strings.Contains(a.Text, "26 February") != own || strings.Contains(a.Text, "4 January") {
			t.Errorf("%s: %s", a.Concern, a.Text)
		}
	}
	if !slices.ContainsFunc(c.Concerns.Answers, func(a concern.Answer) bool { return strings.Contains(a.Text, "26 March 2027") }) {
		t.Errorf("no answer has the new end: %v", c.Concerns.Answers)
	}
}
