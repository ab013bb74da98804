package tally

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/day"
	"homecase/fault"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func hours(r Result) map[string]float64 {
	out := map[string]float64{}
	for _, k := range r.Kept {
		out[k.Date.String()] += k.Value
	}
	return out
}

// By hand: each span cut at the local midnights.
func TestSpanSplitsAtLocalMidnight(t *testing.T) {
	utc := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		name, zone, from, to string
		want                 map[string]float64
	}{
		{"one day", "Europe/London", "2026-01-05T09:00:00Z", "2026-01-05T17:30:00Z", map[string]float64{"2026-01-05": 8.5}},
		{"over midnight", "Europe/London", "2026-01-05T22:00:00Z", "2026-01-06T01:30:00Z", map[string]float64{"2026-01-05": 2, "2026-01-06": 1.5}},
		{"another day there", "Pacific/Auckland", "2026-01-05T12:00:00Z", "2026-01-05T13:00:00Z", map[string]float64{"2026-01-06": 1}},
		// 29 March 2026: the clocks in London go from 1 to 2, so the day has 23 hours
		{"clocks forward", "Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T23:30:00Z", map[string]float64{"2026-03-29": 23, "2026-03-30": .5}},
		// 25 October 2026: from 2 back to 1, 25 hours
		{"clocks back", "Europe/London", "2026-10-24T23:00:00Z", "2026-10-26T00:30:00Z", map[string]float64{"2026-10-25": 25, "2026-10-26": .5}},
		// 4 November 2018: in São Paulo midnight itself does not exist
		{"no midnight", "America/Sao_Paulo", "2018-11-04T02:00:00Z", "2018-11-04T04:00:00Z", map[string]float64{"2018-11-03": 1, "2018-11-04": 1}},
		// 30 December 2011 does not exist in Samoa
		{"no day", "Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-30T11:00:00Z", map[string]float64{"2011-12-29": 1, "2011-12-31": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ta := New("x", Options{TZ: zone(t, c.zone)})
			if !ta.Span(utc(c.from), utc(c.to), Hours, Unknown) {
				t.Fatal("refused")
			}
			if d := cmp.Diff(c.want, hours(ta.Result())); d != "" {
				t.Error(d)
			}
		})
	}
	ta := New("x", Options{})
	if ta.Span(utc("2026-01-05T10:00:00Z"), utc("2026-01-05T09:00:00Z"), Hours, Unknown) || ta.Span(utc("2026-01-05T10:00:00Z"), utc("2027-01-05T09:00:00Z"), Hours, Unknown) {
		t.Error("a backward or endless span was taken")
	}
}

// However a span is cut, no time is lost or made.
func TestSpanKeepsTheTime(t *testing.T) {
	names := []string{"UTC", "Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "Asia/Beirut"}
	rapid.Check(t, func(rt *rapid.T) {
		loc, _ := Zone(rapid.SampledFrom(names).Draw(rt, "zone"))
		start := time.Unix(rapid.Int64Range(86_400*31, 2_000_000_000).Draw(rt, "start"), 0)
		length := time.Duration(rapid.IntRange(0, 30*86400).Draw(rt, "length")) * time.Second
		ta := New("x", Options{TZ: loc})
		ta.Span(start, start.Add(length), Hours, Unknown)
		sum := 0.0
		for d, h := range hours(ta.Result()) {
			if sum += h; h > 25 {
				rt.Fatalf("%s has %v hours", d, h)
			}
		}
		if math.Abs(sum-length.Hours()) > .01 {
			rt.Fatalf("%v hours became %v", length.Hours(), sum)
		}
	})
}

// The union is compared with a plain list of minutes.
func TestUnionCountsOverlapsOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var u Union
		minutes := map[int]bool{}
		base := time.Date(2026, 1, 5, 20, 0, 0, 0, time.UTC)
		for range rapid.IntRange(0, 40).Draw(rt, "spans") {
			from, n := rapid.IntRange(0, 600).Draw(rt, "from"), rapid.IntRange(0, 90).Draw(rt, "length")
			u.Add(base.Add(time.Duration(from)*time.Minute), time.Duration(n)*time.Minute)
			for i := range n {
				minutes[from+i] = true
			}
		}
		total := time.Duration(0)
		u.Each(func(a, b time.Time) { total += b.Sub(a) })
		if got := int(total / time.Minute); got != len(minutes) {
			rt.Fatalf("got %d minutes, want %d", got, len(minutes))
		}
	})
}

// Heartbeats are joined over gaps of at most fifteen minutes, in any order: 0,
// 10 and 25 minutes belong together, 41 does not.
func TestUnionJoinsHeartbeats(t *testing.T) {
	u := Union{Gap: 15 * time.Minute}
	base := time.Date(2026, 1, 5, 23, 50, 0, 0, time.UTC)
	for _, m := range []int{41, 25, 0, 10} {
		u.Add(base.Add(time.Duration(m)*time.Minute), 0)
	}
	ta := New("x", Options{})
	u.Spread(ta, Hours, Unknown)
	if d := cmp.Diff(map[string]float64{"2026-01-05": .1667, "2026-01-06": .25}, hours(ta.Result())); d != "" {
		t.Error(d)
	}
}

func TestPeople(t *testing.T) {
	b := func(s string) []byte { return []byte(s) }
	p := NewPeople("Jo@Example.org, @jo")
	if !p.Mine(b("jo@example.org")) || !p.Mine(nil, b("Jo")) || p.Mine(b("anna")) || p.Fault("f", "hours") != nil {
		t.Error("the author is not found, or somebody else is")
	}
	p = NewPeople("nobody")
	p.Mine(b("anna"))
	if fault.CodeOf(p.Fault("f", "hours")) != "HC-INTAKE-12" {
		t.Error("a missing author is not reported")
	}
	p = NewPeople("")
	p.Mine(b("anna"))
	p.Mine(b("anna"))
	if p.Fault("f", "hours") != nil {
		t.Error("one person is refused")
	}
	p.Mine(b("jo"))
	err := p.Fault("f", "hours")
	if fault.CodeOf(err) != "HC-INTAKE-11" || strings.Contains(err.Error(), "anna") {
		t.Errorf("two people: %v", err)
	}
	if !NewPeople("René").Mine([]byte("Ren\xe9")) {
		t.Error("Windows-1252 is not understood")
	}
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string]Place{"Home": Home, "WFH": Home, "🏠 Home": Home, "home-office": Home, "Télétravail": Home, "Office": Office, "im Büro": Office,
		"go home early": Unknown, "home insurance": Unknown, "": Unknown, "Post Office": Unknown} {
		if got := PlaceOf([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	var m Marks
	for tags, want := range map[string]Place{"report, home": Home, "office;x": Office, "home,office": Unknown, "x,y": Unknown} {
		for range 2 {
			if got := m.Of([]byte(tags)); got != want {
				t.Errorf("%q is %q, want %q", tags, got, want)
			}
		}
	}
}

func TestZones(t *testing.T) {
	for name, want := range map[string]string{"Europe/London": "Europe/London", "GMT Standard Time": "Europe/London", "w. europe standard time": "Europe/Berlin",
		"/freeassociation.sourceforge.net/Europe/Oslo": "Europe/Oslo", `"Asia/Tokyo"`: "Asia/Tokyo", "utc": "Etc/UTC"} {
		if loc, ok := Zone(name); !ok || loc.String() != want {
			t.Errorf("%s is %v, want %s", name, loc, want)
		}
	}
	for _, name := range []string{"", "local", "Local", "Nowhere", "../../etc/passwd", "Customized Time Zone", "Europe/"} {
		if loc, ok := Zone(name); ok {
			t.Errorf("%q is %v", name, loc)
		}
	}
	names, err := windows()
	if err != nil || len(names) < 130 {
		t.Fatalf("%d names, %v", len(names), err)
	}
	for w, iana := range names {
		if _, err := time.LoadLocation(iana); err != nil {
			t.Errorf("%s: %v", w, err)
		}
	}
}

func TestResultOrderAndLimits(t *testing.T) {
	ta := New("x", Options{From: day.Must("2026-01-05"), Until: day.Must("2026-01-06")})
	for _, d := range []string{"2026-01-06", "2026-01-05", "2026-01-04", "2026-01-07"} {
		ta.Add(day.Must(d), Meetings, Unknown, 1)
		ta.Time(day.Must(d), Hours, Home, 90*time.Minute)
		ta.Add(day.Must(d), Items, Unknown, 2)
	}
	ta.Add(day.Must("2026-01-05"), Items, Unknown, math.NaN())
	for i := range 300 {
		ta.Warn(i+1, "wrong")
	}
	ta.Drop("a\x1b[31m b\u202e" + strings.Repeat("c", 100))
	r := ta.Result()
	var got []Measure
	for _, k := range r.Kept {
		got = append(got, k.Measure)
	}
	if d := cmp.Diff([]Measure{Items, Hours, Meetings, Items, Hours, Meetings}, got); d != "" || r.Days != 2 {
		t.Errorf("%s days %d", d, r.Days)
	}
	if n := len(r.Warnings); n != maxWarnings+2 {
		t.Errorf("%d warnings", n)
	}
	if f := r.DroppedFields[0]; strings.ContainsAny(f, "\x1b\u202e") || len([]rune(f)) > maxField+1 {
		t.Errorf("unsafe label %q", f)
	}
}
