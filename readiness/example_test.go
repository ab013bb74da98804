package readiness_test

import (
	"fmt"

	"homecase/day"
	"homecase/readiness"
)

func ExampleAssess() {
	answers := readiness.Answers{
		Duties: []readiness.Duty{
			{Name: "Reports", Hours: 28, Where: readiness.Home},
			{Name: "Post", Hours: 12, Where: readiness.Office, Binds: readiness.Any},
		},
		Tenure:       &readiness.Tenure{Years: 3},
		EmployerRule: readiness.EmployerRule{Exists: readiness.No},
		HomeOffice: readiness.HomeOffice{
			Computer:     readiness.Item{State: readiness.Have},
			Connection:   readiness.Item{State: readiness.Have},
			RemoteAccess: readiness.Item{State: readiness.Have},
		},
	}
	v, err := readiness.Assess(answers, readiness.Input{Date: day.Must("2026-11-24"), Asked: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Word, v.DaysSupported)
	fmt.Println(v.Next[0])
	// Output:
	// ready_for_less 3.5
	// Ask for 3.5 days a week first; more can follow when duties move.
}
