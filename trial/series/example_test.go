package series_test

import (
	"fmt"

	"homecase/trial/series"
)

func ExampleCompareMeans() {
	w, err := series.CompareMeans([]float64{12, 14, 13, 11}, []float64{9, 11, 8})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f more, between %.2f and %.2f, p = %.3f\n", w.Estimate, w.Interval90[0], w.Interval90[1], w.PTwoSided0)
	// Output: 3.17 more, between 0.83 and 5.50, p = 0.045
}

func ExampleProgress_More() {
	p := series.Progress{Estimate: -0.1, Variance: 1, InfoPerWeek: 1.2, Weeks: 8, Margin: 0.5}
	m, err := p.More()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("About %d more days; they would settle it in favour with a chance of %.0f %%.\n", *m.N, 100*m.Chance)
	// Output: About 65 more days; they would settle it in favour with a chance of 65 %.
}
