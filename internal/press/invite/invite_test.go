package invite_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/teambition/rrule-go"

	"homecase/fault"
	"homecase/internal/press/invite"
	"homecase/internal/press/presstest"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func event(t *testing.T, name string, year int, month time.Month) invite.Event {
	t.Helper()
	start := time.Date(year, month, 1, 14, 0, 0, 0, zone(t, name))
	return invite.Event{
		Stamp: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Start: start, End: start.Add(30 * time.Minute),
		Summary: "30 minutes: an idea for how I work", Description: "Dear Dana,\nI would like to show you a plan; it is one page, with numbers.\n\nInês", Location: "Your office, or a call",
		URL: "https://example.org/p", Organizer: &invite.Person{Name: "Inês Duarte", Email: "ines@fernhill.example"}, Attendees: []invite.Person{{Name: `Whitfield, Dana "D"`, Email: "dana@fernhill.example"}},
		Alarm: 15 * time.Minute,
	}
}

func write(t *testing.T, e invite.Event) string {
	t.Helper()
	b, err := invite.ICS(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGolden(t *testing.T) {
	presstest.Golden(t, "meeting.ics", []byte(write(t, event(t, "Europe/London", 2026, time.December))))
}

// The rules of RFC 5545 that calendars enforce.
func TestForm(t *testing.T) {
	alone := event(t, "America/Los_Angeles", 2027, time.July)
	alone.Organizer, alone.Attendees = nil, nil
	alone.Summary = strings.Repeat("名前; a, b\\ ", 30)
	for name, e := range map[string]invite.Event{"request": event(t, "Europe/London", 2026, time.December), "published": alone} {
		t.Run(name, func(t *testing.T) {
			out := write(t, e)
			for line := range strings.Lines(out) {
				if !strings.HasSuffix(line, "\r\n") || strings.Count(line, "\n") != strings.Count(line, "\r") || len(line) > 77 {
					t.Errorf("bad line of %d octets: %q", len(line), line)
				}
			}
			for _, p := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:", "METHOD:" + e.Method(), "BEGIN:VTIMEZONE", "BEGIN:VEVENT", "UID:", "DTSTAMP:20261124T090000Z", "DTSTART;TZID=" + e.Start.Location().String(), "DTEND;TZID=", "SUMMARY:"} {
				if n := strings.Count(out, "\r\n"+p) + strings.Count(out[:len(p)], p); n != 1 {
					t.Errorf("%s stands %d times", p, n)
				}
			}
			cal, err := ics.ParseCalendar(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			v := cal.Events()[0]
			if got := ics.FromText(v.GetProperty(ics.ComponentPropertySummary).Value); got != strings.TrimSuffix(e.Summary, "") {
				t.Errorf("summary came back as %q", got)
			}
			if start, err := v.GetStartAt(); err != nil || !start.Equal(e.Start) {
				t.Errorf("start came back as %v, %v", start, err)
			}
			if e.Organizer != nil {
				a := v.Attendees()[0]
				if a.Email() != "dana@fernhill.example" || a.ICalParameters["CN"][0] != "Whitfield, Dana 'D'" {
					t.Errorf("guest came back as %v %v", a.Email(), a.ICalParameters)
				}
			}
		})
	}
}

// The zone's own rules, expanded by a library that is not ours, give the
// offset that Go gives, at the meeting itself.
func TestZones(t *testing.T) {
	for _, name := range []string{"Europe/London", "Europe/Dublin", "Europe/Lisbon", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "Asia/Kolkata", "Africa/Casablanca", "Asia/Singapore", "America/St_Johns", "Asia/Kuala_Lumpur", "Australia/Lord_Howe"} {
		for month := time.January; month <= time.December; month++ {
			e := event(t, name, 2027, month)
			cal, err := ics.ParseCalendar(strings.NewReader(write(t, e)))
			if err != nil {
				t.Fatal(err)
			}
			_, want := e.Start.Zone()
			if got := offsetAt(t, cal, e.Start); got != want {
				t.Errorf("%s in %s: %d seconds, want %d\n%s", name, month, got, want, write(t, e))
			}
		}
	}
}

func offsetAt(t *testing.T, cal *ics.Calendar, at time.Time) int {
	t.Helper()
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	var onset time.Time
	offset := -1
	for _, c := range cal.Timezones()[0].Components {
		value := func(p string) string {
			for _, prop := range c.UnknownPropertiesIANAProperties() {
				if prop.IANAToken == p {
					return prop.Value
				}
			}
			return ""
		}
		start, err := time.Parse("20060102T150405", value("DTSTART"))
		if err != nil {
			t.Fatal(err)
		}
		if r := value("RRULE"); r != "" {
			rule, err := rrule.StrToRRule(r)
			if err != nil {
				t.Fatal(err)
			}
			rule.DTStart(start)
			if first := rule.After(start, true); !first.Equal(start) {
				t.Errorf("the rule %s does not start with its own start %s", r, start)
			}
			start = rule.Before(wall, true)
		}
		if !start.IsZero() && !start.After(wall) && start.After(onset) {
			onset = start
			to, err := time.Parse("-0700", value("TZOFFSETTO"))
			if err != nil {
				t.Fatal(err)
			}
			_, offset = to.Zone()
		}
	}
	return offset
}

// Python's dateutil is a reader of zones that is not ours.
func TestPython(t *testing.T) {
	python := presstest.Tool(t, "python3")
	cmd := exec.Command(python, "-c", `
import sys, io, datetime
from dateutil.tz import tzical
z = tzical(io.StringIO(sys.stdin.buffer.read().decode().replace("\r\n", "\n"))).get()
print(*[int(datetime.datetime(2027, m, 1, 14, tzinfo=z).utcoffset().total_seconds()) for m in range(1, 13)])`)
	cmd.Stdin = strings.NewReader(write(t, event(t, "America/New_York", 2027, time.January)))
	out, err := cmd.Output()
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("python3 has no dateutil: %v", err)
	}
	// Summer time 2027 in New York runs from 14 March to 7 November.
	if want := "-18000 -18000 -18000 -14400 -14400 -14400 -14400 -14400 -14400 -14400 -14400 -18000\n"; string(out) != want {
		t.Errorf("got %s, want %s", out, want)
	}
}

func TestUTC(t *testing.T) {
	e := event(t, "UTC", 2026, time.December)
	out := write(t, e)
	if strings.Contains(out, "VTIMEZONE") || !strings.Contains(out, "DTSTART:20261201T140000Z\r\n") {
		t.Error(out)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*invite.Event)
		code fault.Code
	}{
		{"no name", func(e *invite.Event) { e.Summary = " \x00\n" }, "HC-INVITE-01"},
		{"no end", func(e *invite.Event) { e.End = e.Start }, "HC-INVITE-02"},
		{"no stamp", func(e *invite.Event) { e.Stamp = time.Time{} }, "HC-INVITE-02"},
		{"far future", func(e *invite.Event) { e.Start = e.Start.AddDate(5000, 0, 0); e.End = e.Start.Add(1) }, "HC-INVITE-03"},
		{"guest with a line break", func(e *invite.Event) { e.Attendees[0].Email = "a@b.example\r\nX:y" }, "HC-INVITE-04"},
		{"guest with a parameter", func(e *invite.Event) { e.Attendees[0].Email = `"a;b"@b.example` }, "HC-INVITE-04"},
		{"name with a line break", func(e *invite.Event) { e.UID = "a\r\nb" }, "HC-INVITE-05"},
		{"script", func(e *invite.Event) { e.URL = "javascript:alert(1)" }, "HC-INVITE-06"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := event(t, "Europe/London", 2026, time.December)
			c.edit(&e)
			out, err := invite.ICS(e)
			var f *fault.Error
			if out != nil || !errors.As(err, &f) || f.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

// Hostile words stay values: no property and no component more than without them.
func TestHostile(t *testing.T) {
	plain := names(write(t, event(t, "Europe/London", 2026, time.December)))
	for _, s := range presstest.Hostile() {
		e := event(t, "Europe/London", 2026, time.December)
		e.Summary, e.Description, e.Location, e.Organizer.Name, e.Attendees[0].Name = "x"+s, "x"+s, "x"+s, "x"+s, "x"+s
		if diff := cmp.Diff(plain, names(write(t, e))); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
	}
}

// names are the first words of unfolded lines.
func names(out string) []string {
	var names []string
	for line := range strings.SplitSeq(strings.ReplaceAll(out, "\r\n ", ""), "\r\n") {
		end := strings.IndexAny(line, ":;")
		names = append(names, line[:max(end, 0)])
	}
	return names
}

func FuzzICS(f *testing.F) {
	f.Add("Meeting", "words\r\nUID:x", "here", "Dana", "dana@b.example")
	f.Add("BEGIN:VEVENT\n", "\u2028;,\\", "\"", "^n", "a@b")
	f.Fuzz(func(t *testing.T, summary, description, location, name, email string) {
		start := time.Date(2026, 12, 1, 14, 0, 0, 0, time.UTC)
		out, err := invite.ICS(invite.Event{Stamp: start, Start: start, End: start.Add(1e9), Summary: summary, Description: description, Location: location, Organizer: &invite.Person{Name: name, Email: email}, Attendees: []invite.Person{{Name: name, Email: email}}})
		if err != nil {
			return
		}
		if n := bytes.Count(out, []byte("\r\nBEGIN:")); n != 1 {
			t.Errorf("%d components in %q", n, out)
		}
		if _, err := ics.ParseCalendar(bytes.NewReader(out)); err != nil {
			t.Errorf("%v in %q", err, out)
		}
	})
}

func BenchmarkICS(b *testing.B) {
	z, err := time.LoadLocation("Europe/London")
	if err != nil {
		b.Fatal(err)
	}
	start := time.Date(2026, 12, 1, 14, 0, 0, 0, z)
	for b.Loop() {
		if _, err := invite.ICS(invite.Event{Stamp: start, Start: start, End: start.Add(time.Hour), Summary: "x"}); err != nil {
			b.Fatal(err)
		}
	}
}
