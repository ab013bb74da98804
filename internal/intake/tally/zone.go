package tally

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Windows and small containers have no zone files

	"homecase/content"
	"homecase/fault"
)

var windows = sync.OnceValues(func() (map[string]string, error) {
	raw, err := data.ReadFile("data/windows.yaml")
	if err != nil {
		return nil, err
	}
	var list struct {
		Source string            `json:"source"`
		Zones  map[string]string `json:"zones"`
	}
	if err := content.Decode("windows.yaml", raw, &list); err != nil {
		return nil, err
	}
	out := make(map[string]string, len(list.Zones))
	for k, v := range list.Zones {
		out[strings.ToLower(k)] = v
	}
	return out, nil
})

// Zone finds a time zone by its IANA name, its Windows name, or an IANA name
// at the end of a longer one, as calendars write them.
func Zone(name string) (*time.Location, bool) {
	name = strings.Trim(strings.TrimSpace(name), `"`)
	if name == "" || len(name) > 200 || strings.EqualFold(name, "local") {
		return nil, false
	}
	if names, err := windows(); err == nil {
		if iana, ok := names[strings.ToLower(name)]; ok {
			name = iana
		}
	}
	for {
		// "Local" and odd paths are refused by LoadLocation or above; UTC in any spelling is UTC.
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, true
		}
		if strings.EqualFold(name, "utc") || strings.EqualFold(name, "gmt") || strings.EqualFold(name, "z") {
			return time.UTC, true
		}
		_, rest, more := strings.Cut(strings.TrimPrefix(name, "/"), "/") // /freeassociation.sourceforge.net/Europe/London
		if !more || !strings.Contains(rest, "/") {
			return nil, false
		}
		name = rest
	}
}

// ParseZone reads what a person wrote after --tz.
func ParseZone(name string) (*time.Location, error) {
	if loc, ok := Zone(name); ok {
		return loc, nil
	}
	return nil, fault.New(fault.Invalid, "HC-INTAKE-10", "%q is not a time zone known here.", Label(name)).
		Then("Write it as Europe/London or America/New_York.")
}
