package homecase

import (
	_ "embed"
	"fmt"
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/readiness"
)

//go:embed data/template.yaml
var template string

// Template is a case file to start from, with a comment at each group. The
// duties of a common job are put in without hours.
func Template(job, country string, on day.Date) ([]byte, error) {
	if len(country) != 2 {
		return nil, fault.New(fault.Invalid, "HC-CASE-11", "%q is not a two-letter country code, such as GB.", country)
	}
	_, duties, err := readiness.Suggest(job)
	if err != nil {
		return nil, err
	}
	var lines strings.Builder
	for _, d := range duties {
		binds := ""
		if d.Where == readiness.Office {
			binds = ", binds: " + string(d.Binds)
		}
		if d.Where == readiness.HomeWithChange {
			binds = ", change: [not_sure]"
		}
		fmt.Fprintf(&lines, "    - {name: %q, hours: 0, where: %s%s}\n", d.Name, d.Where, binds)
	}
	text := strings.NewReplacer("{date}", on.String(), "{country}", country, "{job}", fmt.Sprintf("%q", job), "{duties}\n", lines.String(), "{start}", on.Add(42).Monday().String()).Replace(template)
	return []byte(text), nil
}
