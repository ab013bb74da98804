package savings_test

import (
	"fmt"

	"homecase/savings"
)

// One line of the catalogue, computed exactly.
func ExampleLineValue() {
	r, err := savings.LineValue("fuel", map[string]string{
		"round_trip_distance": "40", "home_days_per_week": "3", "weeks_per_year": "46", "fuel_economy": "25", "fuel_price": "$3.50",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Words)
	fmt.Println(r.Working)
	fmt.Println("a week", r.PerWeek)
	// Output:
	// distance to work and back × home days ÷ distance on a gallon × price of a gallon
	// 40 × 138 ÷ 25 × 3.50 = 772.80
	// a week 16.80
}
