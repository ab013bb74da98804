package policy_test

import (
	"fmt"

	"homecase/day"
	"homecase/policy"
)

// A request made on 31 December leaves the employer until the last day of February.
func ExampleDeadlines() {
	list, err := policy.Deadlines("GB-FW", policy.Dates{Made: day.Must("2025-12-31")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list[0].ID, list[0].Date)
	fmt.Println(list[0].Counted)
	_, err = policy.Deadlines("NL-WFW", policy.Dates{Made: day.Must("2026-11-24")})
	fmt.Println(err)
	// Output:
	// decide 2026-02-28
	// 2 months beginning with 31 December 2025, that day included. February 2026 has no day 31, so its last day counts.
	// NL-WFW counts from the day the arrangement is to start: add --start with that date, like --start 2026-04-06.
}

// Law is chosen by place and by date.
func ExampleFor() {
	r, err := policy.For(policy.Place{Country: "GB", Part: "england"}, day.Must("2024-04-05"))
	fmt.Println(r.Primary == "", r.NotCovered, err)
	// Output:
	// true [GB-FW: homecase holds this law only from 6 April 2024 on, so 5 April 2024 is not covered.] <nil>
}
