package concern_test

import (
	"fmt"

	"homecase/concern"
)

func ExampleRegister_Views() {
	r := concern.Register{
		Top:     []concern.ID{"C05"},
		Answers: []concern.Answer{{Concern: "C05", Reply: concern.Reply{Text: "Yes, within 75 minutes."}}},
	}
	views, err := r.Views()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(views[0].Title, "-", views[0].Label)
	fmt.Println(concern.Count(views).Sentence())
	// Output:
	// Coming in at short notice - My proposal
	// 18 questions: 1 answered, 17 still open.
}

func ExampleQuality() {
	score, _, missing := concern.Quality(concern.Reply{Text: "The company pays 20 pounds a month under the expenses policy."})
	fmt.Println(score, missing)
	// Output: 3 [fails signed]
}
