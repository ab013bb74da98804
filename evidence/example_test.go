package evidence_test

import (
	"fmt"

	"homecase/evidence"
)

func ExampleCheckQuote() {
	problems, err := evidence.CheckQuote("Sitting near teammates raises feedback by 22% (Emanuel, Harrington and Pallais).")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range problems {
		fmt.Println(p.Kind, "-", p.Say)
	}
	// Output: superseded - 22% comes from an earlier version of Emanuel, Harrington and Pallais 2026. The current one says 18.3% more.
}

func ExampleSelect() {
	s, err := evidence.Select([]evidence.ID{"E06"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range s.Contrary {
		fmt.Println(c.Study.Short, c.Tags)
	}
	// Output:
	// Atkin, Schoar and Shinde 2023 [A-PROD]
	// Allen, Golden and Shockley 2015 [A-SAT]
}
