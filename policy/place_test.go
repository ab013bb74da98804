package policy

import (
	"strings"
	"testing"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

func TestFor(t *testing.T) {
	for _, c := range []struct {
		place   Place
		on      string
		primary string
		ids     string // all regimes in order
		pending string
		says    string // part of NotCovered or Questions
	}{
		{Place{Country: "GB", Part: "england"}, "2026-11-24", "GB-FW", "GB-FW", "GB-FW-2027", ""},
		{Place{Country: "GB", Part: "Scotland"}, "2026-11-24", "GB-FW", "GB-FW", "GB-FW-2027", ""},
		{Place{Country: "GB", Part: "england"}, "2024-04-05", "", "", "GB-FW-2027", "only from 6 April 2024 on"},
		{Place{Country: "GB", Part: "northern-ireland"}, "2026-11-24", "", "GB-NI", "", ""},
		{Place{Country: "GB"}, "2026-11-24", "", "", "", "Northern Ireland"},
		{Place{Country: "IE"}, "2026-11-24", "IE-RW", "IE-RW IE-FW EU-2019-1158-9", "", ""},
		{Place{Country: "AU", Part: "vic"}, "2026-11-24", "AU-FWA65", "AU-FWA65", "AU-VIC-WFH", ""},
		{Place{Country: "AU", Part: "nsw"}, "2026-11-24", "AU-FWA65", "AU-FWA65", "", ""},
		{Place{Country: "NZ"}, "2026-11-24", "NZ-6AA", "NZ-6AA", "", ""},
		{Place{Country: "NL"}, "2026-11-24", "NL-WFW", "NL-WFW EU-2019-1158-9", "", ""},
		{Place{Country: "DE"}, "2026-11-24", "", "DE-NONE EU-2019-1158-9", "", ""},
		{Place{Country: "BE"}, "2026-11-24", "BE-CAO162", "BE-CAO162 EU-2019-1158-9", "", ""},
		{Place{Country: "ES"}, "2026-11-24", "ES-ET34.8", "ES-ET34.8 ES-10-2021 EU-2019-1158-9", "", ""},
		{Place{Country: "FR"}, "2026-11-24", "", "EU-2019-1158-9", "", ""},
		{Place{Country: "CA", Part: "ON", Federal: "yes"}, "2026-11-24", "CA-177.1", "CA-177.1", "", ""},
		{Place{Country: "CA", Part: "ON", Federal: "no"}, "2026-11-24", "", "", "", "no pack for CA"},
		{Place{Country: "CA", Part: "ON"}, "2026-11-24", "", "", "", "federally regulated"},
		{Place{Country: "US", Part: "VT", Federal: "no"}, "2026-11-24", "US-VT", "US-VT US-ADA US-FED-NONE", "", ""},
		{Place{Country: "US", Part: "CA", City: "San Francisco", Federal: "no"}, "2026-11-24", "US-SF", "US-SF US-ADA US-FED-NONE", "", ""},
		{Place{Country: "US", Part: "CA", City: "Oakland", Federal: "no"}, "2026-11-24", "", "US-ADA US-FED-NONE", "", ""},
		{Place{Country: "US", Part: "CA", Federal: "no"}, "2026-11-24", "", "US-ADA US-FED-NONE", "", "San Francisco"},
		{Place{Country: "US", Part: "NH", Federal: "yes"}, "2026-11-24", "", "US-ADA US-TEA-2010 US-NH US-FED-NONE", "", ""},
		{Place{Country: "JP"}, "2026-11-24", "", "", "", "no pack for JP"},
		{Place{}, "2026-11-24", "", "", "", "names no place"},
	} {
		r, err := For(c.place, d(c.on))
		if err != nil {
			t.Errorf("%+v: %v", c.place, err)
			continue
		}
		var ids, pending []string
		for _, a := range r.Regimes {
			ids = append(ids, a.ID)
			if a.Primary != (a.ID == r.Primary) {
				t.Errorf("%+v: primary is not marked", c.place)
			}
		}
		for _, h := range r.Pending {
			pending = append(pending, h.ID)
		}
		if r.Primary != c.primary || strings.Join(ids, " ") != c.ids || strings.Join(pending, " ") != c.pending {
			t.Errorf("%+v on %s: primary %q, regimes %v, pending %v", c.place, c.on, r.Primary, ids, pending)
		}
		if said := strings.Join(append(r.NotCovered, r.Questions...), " "); !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%+v: says %q, want %q", c.place, said, c.says)
		}
		if r.Informal == "" {
			t.Errorf("%+v: no informal way", c.place)
		}
	}
}

func TestPlaceCheck(t *testing.T) {
	for yaml, want := range map[string]string{
		"{country: GB, part: england, city: \"\", federal: \"\"}": "",
		"{country: US, part: CA, city: Fresno}":                   "",
		"{country: CA, part: ON, federal: yes}":                   "",
		"{country: UK}":                                           "Write GB",
		"{country: Germany}":                                      "not a country code",
		"{country: GB, part: cornwall}":                           "has no part",
		"{country: US, part: XX}":                                 "has no part",
		"{part: england}":                                         "country is missing",
		"{country: GB, part: wales, federal: yes}":                "asked only in CA and US",
		"{country: CA, federal: maybe}":                           "write yes or no",
		"{country: GB, town: Leeds}":                              "no key",
	} {
		var p Place
		err := content.Decode("case.yaml", []byte(yaml), &p)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", yaml, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "case.yaml:1:")):
			t.Errorf("%s: got %v, want %q with its place", yaml, err, want)
		}
	}
	if _, err := For(Place{Country: "UK"}, d("2026-11-24")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("For checks its place: %v", err)
	}
}

func FuzzShow(f *testing.F) {
	for _, s := range []string{"GB-FW", "au-65", "../../etc/passwd", "", "GB-FW\x00", "DE-NONE ", "data/index"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		r, err := Show(id)
		if err == nil && r.ID == "" || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %+v %v", id, r.Head, err)
		}
	})
}

func FuzzPlace(f *testing.F) {
	f.Add("country: GB\npart: england\n")
	f.Add("country: US\npart: CA\ncity: San Francisco\nfederal: no\n")
	f.Fuzz(func(t *testing.T, text string) {
		var p Place
		if content.Decode("case.yaml", []byte(text), &p) == nil {
			if _, err := For(p, d("2026-11-24")); err != nil {
				t.Errorf("a place that decodes has routes: %q: %v", text, err)
			}
		}
	})
}

// Any days at all give a timetable or one clear refusal.
func FuzzDeadlines(f *testing.F) {
	f.Add("GB-FW", "2026-04-06", "", "", "", "2025-04-06")
	f.Add("NL-WFW", "", "", "2028-02-29", "", "")
	f.Add("ES-34.8", "9999-12-31", "9999-12-31", "", "9999-12-31", "0000-01-01")
	f.Fuzz(func(t *testing.T, id, made, received, start, decided, previous string) {
		var x Dates
		for _, p := range []struct {
			text string
			to   *day.Date
		}{{made, &x.Made}, {received, &x.Received}, {start, &x.Start}, {decided, &x.Decided}} {
			if p.to.UnmarshalText([]byte(p.text)) != nil {
				return
			}
		}
		if p, err := day.Parse(previous); err == nil {
			x.Previous = append(x.Previous, p)
		}
		list, err := Deadlines(id, x)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s %+v: %v", id, x, err)
		}
		for _, one := range list {
			if one.Date.IsZero() {
				t.Errorf("%s %+v: %s has no date", id, x, one.ID)
			}
		}
	})
}
