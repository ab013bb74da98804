package evidence

import (
	"slices"
	"sync"

	"homecase/cite"
)

// often is what people in one job count.
type often struct {
	Job  string `json:"job"`
	Name string `json:"name"`
	Unit string `json:"unit"`
}

var oftenCounted = sync.OnceValues(func() ([]often, error) {
	var f struct {
		Source   cite.Reading `json:"source"`
		Measures []often      `json:"measures"`
	}
	err := read("measures.yaml", &f)
	return f.Measures, err
})

// MeasureFor suggests what a person of that job may count, by the job's name in
// the list of duties; false where the library has nothing for it. The
// suggestion has no amount: only the person knows that.
func MeasureFor(job string) (Measure, bool) {
	all, err := oftenCounted()
	if err != nil {
		return Measure{}, false
	}
	i := slices.IndexFunc(all, func(o often) bool { return o.Job == job })
	if i < 0 {
		return Measure{}, false
	}
	return Measure{Name: all[i].Name, Unit: all[i].Unit, Kind: Count, Better: Higher}, true
}
