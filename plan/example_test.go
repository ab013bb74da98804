package plan_test

import (
	"fmt"

	"homecase/day"
	"homecase/plan"
)

func ExamplePlan_Calendar() {
	p := plan.Plan{
		Days: 1, Start: day.Must("2027-01-11"), Weeks: 8,
		Allowed: []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu},
	}
	c, err := p.Calendar(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	scheduled, home := c.Days()
	fmt.Printf("%s to %s: %d days, %d of them at home\n", c.First, c.Last, scheduled, home)
	// Output: 2027-01-11 to 2027-03-05: 40 days, 8 of them at home
}

func ExampleLadder_Next() {
	ladder, err := plan.DefaultLadder(2)
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := ladder.Next(plan.Passed{At: "one-day", Verdict: plan.ClearlyGood, WeeksAgreed: 8, WeeksPassed: 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(next.Step, next.Rung.Name)
	// Output: open Two days a week
}
