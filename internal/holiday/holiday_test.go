package holiday

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/day"
	"homecase/fault"
)

func dates(l List) []string {
	var out []string
	for _, d := range l.Days {
		out = append(out, d.Date.String())
	}
	return out
}

// Listed by hand. Easter is 5 April 2026 and 28 March 2027. In 2026 Boxing Day
// is a Saturday, so Monday 28 stands in. In 2027 Christmas Day is a Saturday and
// Boxing Day a Sunday, so Monday 27 and Tuesday 28 stand in.
func TestHolidaysListedByHand(t *testing.T) {
	for _, c := range []struct {
		country, part string
		year          int
		want          string
	}{
		{"GB", "england", 2026, "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28"},
		{"GB", "england", 2027, "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28"},
		// England 2022: New Year's Day on a Saturday, the jubilee's two days, the funeral, Christmas Day on a Sunday.
		{"GB", "wales", 2022, "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27"},
		// Scotland: no Easter Monday, first Monday of August, St Andrew; the World Cup day of 2026.
		{"GB", "scotland", 2026, "2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-06-15 2026-08-03 2026-11-30 2026-12-25 2026-12-28"},
		// 2028: 1 January is a Saturday, 2 January a Sunday: Monday 3 and Tuesday 4. 25 and 26 December are Monday and Tuesday.
		{"GB", "scotland", 2028, "2028-01-03 2028-01-04 2028-04-14 2028-05-01 2028-05-29 2028-08-07 2028-11-30 2028-12-25 2028-12-26"},
		// Northern Ireland: 12 July 2026 is a Sunday.
		{"gb", "Northern-Ireland", 2026, "2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25 2026-12-28"},
		// Ireland: 1 February 2026 is a Sunday, so St Brigid's is Monday 2.
		{"IE", "", 2026, "2026-01-01 2026-02-02 2026-03-17 2026-04-06 2026-05-04 2026-06-01 2026-08-03 2026-10-26 2026-12-25 2026-12-26"},
		{"NZ", "", 2027, "2027-01-01 2027-01-04 2027-02-08 2027-03-26 2027-03-29 2027-04-26 2027-06-07 2027-06-25 2027-10-25 2027-12-27 2027-12-28"},
		// France: Ascension is Easter + 39 = 14 May, Whit Monday Easter + 50 = 25 May.
		{"FR", "", 2026, "2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25"},
		// Portugal: Corpus Christi is Easter + 60 = 4 June.
		{"PT", "", 2026, "2026-01-01 2026-04-03 2026-04-25 2026-05-01 2026-06-04 2026-06-10 2026-08-15 2026-10-05 2026-11-01 2026-12-01 2026-12-08 2026-12-25"},
	} {
		l, err := Of(c.country, c.part, c.year)
		if err != nil {
			t.Errorf("%s %s: %v", c.country, c.part, err)
			continue
		}
		if diff := cmp.Diff(strings.Fields(c.want), dates(l)); diff != "" {
			t.Errorf("%s %s %d (-want +got):\n%s", c.country, c.part, c.year, diff)
		}
	}
}

// Substitutes across the year's end: 1 January 2028 is a Saturday, kept on
// Friday 31 December 2027 in the US federal calendar.
func TestSubstituteInTheYearBefore(t *testing.T) {
	l, err := Of("US", "CA", 2027)
	if err != nil {
		t.Fatal(err)
	}
	last := l.Days[len(l.Days)-1]
	if last.Date != day.Must("2027-12-31") || !last.Substitute {
		t.Errorf("last day: %+v", last)
	}
	if slices.Contains(dates(mustOf(t, "US", "", 2028)), "2028-01-01") {
		t.Error("New Year's Day of 2028 is listed on the Saturday too")
	}
}

func mustOf(t *testing.T, country, part string, year int) List {
	t.Helper()
	l, err := Of(country, part, year)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestUnknownIsSaidNotEmpty(t *testing.T) {
	for _, c := range []struct {
		country, part string
		year          int
		want          string
	}{
		{"SG", "", 2026, "not known here"}, {"MY", "", 2026, "not known here"}, {"JP", "", 2026, "not known here"}, {"", "", 2026, "not known here"},
		{"GB", "", 2026, "say which"}, {"AU", "", 2026, "say which"}, {"GB", "cornwall", 2026, "not known here"}, {"DE", "xx", 2026, "not known here"},
		{"GB", "england", 2021, "2022 to 2035"}, {"GB", "england", 2036, "2022 to 2035"}, {"NZ", "", 2031, "2022 to 2030"},
	} {
		l, err := Of(c.country, c.part, c.year)
		if fault.KindOf(err) != fault.Missing || err == nil || !strings.Contains(err.Error(), c.want) || len(l.Days) > 0 {
			t.Errorf("%s %s %d: %v %v", c.country, c.part, c.year, l.Days, err)
		}
	}
}

func TestPartialAndUnverified(t *testing.T) {
	nl := mustOf(t, "NL", "", 2026)
	if free := nl.Free(); slices.Contains(free, day.Must("2026-04-03")) || !slices.Contains(free, day.Must("2026-04-27")) {
		t.Errorf("Good Friday is partial, King's Day is not: %v", free)
	}
	for _, c := range []struct {
		country, part, name string
		year                int
		unverified          bool
	}{
		{"GB", "scotland", "World Cup bank holiday", 2026, false},
		{"GB", "scotland", "St Andrew's Day", 2026, true},
		{"NZ", "", "Matariki", 2026, true},
		{"NZ", "", "King's Birthday", 2026, false},
		{"NZ", "", "Queen's Birthday", 2022, false},
		{"AU", "nsw", "King's Birthday", 2026, false},
		{"DE", "be", "80. Jahrestag der Befreiung", 2025, true},
		{"PT", "", "Natal", 2026, true},
	} {
		l := mustOf(t, c.country, c.part, c.year)
		i := slices.IndexFunc(l.Days, func(d Day) bool { return d.Name == c.name })
		if i < 0 || l.Days[i].Unverified != c.unverified || l.Days[i].Source == "" {
			t.Errorf("%s %s %d: %s: %+v", c.country, c.part, c.year, c.name, l.Days)
		}
	}
}

func TestBetween(t *testing.T) {
	got, err := Between("GB", "england", day.Must("2026-12-25"), day.Must("2027-01-01"))
	want := []day.Date{day.Must("2026-12-25"), day.Must("2026-12-28"), day.Must("2027-01-01")}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := Between("SG", "", day.Must("2026-12-25"), day.Must("2027-01-01")); fault.KindOf(err) != fault.Missing {
		t.Error(err)
	}
}

// Every place and year that is known has a sensible list: in order, inside the
// year, with names, and no substitute on a weekend.
func TestEveryKnownList(t *testing.T) {
	places := [][2]string{{"IE", ""}, {"US", ""}, {"CA", "on"}, {"NZ", ""}, {"NL", ""}, {"BE", ""}, {"DE", ""}, {"ES", ""}, {"FR", ""}, {"PT", ""}}
	for _, m := range []struct {
		country string
		parts   []string
	}{{"GB", keys(britain())}, {"AU", keys(australia())}, {"DE", keys(germany())}} {
		for _, p := range m.parts {
			places = append(places, [2]string{m.country, p})
		}
	}
	for _, p := range places {
		for year := FirstYear; year <= LastYear; year++ {
			if p[0] == "NZ" && year > 2030 {
				continue
			}
			l := mustOf(t, p[0], p[1], year)
			if len(l.Days) < 8 || l.Note == "" {
				t.Errorf("%v %d: %d days, note %q", p, year, len(l.Days), l.Note)
			}
			for i, d := range l.Days {
				w := d.Date.Weekday()
				if d.Date.Year != year || d.Name == "" || i > 0 && d.Date.Before(l.Days[i-1].Date) || d.Substitute && (w == day.Sun || w == day.Sat) && p[0] != "NL" {
					t.Errorf("%v %d: %+v", p, year, d)
				}
			}
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("GB", "england", 2026)
	f.Add("US", "CA", 2035)
	f.Add("", "\x00", -1)
	f.Fuzz(func(t *testing.T, country, part string, year int) {
		l, err := Of(country, part, year)
		if (err == nil) == (len(l.Days) == 0) {
			t.Errorf("%q %q %d: %d days and error %v", country, part, year, len(l.Days), err)
		}
	})
}
