package intake

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/day"
	"homecase/internal/intake/input"
	"homecase/internal/intake/table"
)

func matchInput(in *input.Input) (Page, error) {
	return table.Match(context.Background(), in, Options{})
}

// calendar has: a weekly series with one exception by day, one changed
// instance and one that is cancelled; two meetings at once; a private, a free,
// a cancelled and a declined one; marks of home, one of a series; a zone that
// only the file describes; an event over midnight; an alarm; a wrong date.
const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//SECRET//EN
X-WR-TIMEZONE:Europe/London
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:series
DTSTAMP:20260401T000000Z
DTSTART;TZID=Europe/London:20260302T090000
DTEND;TZID=Europe/London:20260302T100000
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;VALUE=DATE:20260309
SUMMARY:SECRET
BEGIN:VALARM
TRIGGER:-PT15M
DESCRIPTION:SECRET
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTART;TZID=Europe/London:20260316T140000
DTEND;TZID=Europe/London:20260316T143000
RECURRENCE-ID;TZID=Europe/London:20260316T090000
SUMMARY:SECRET
 folded SECRET
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTART;TZID=Europe/London:20260323T090000
DTEND;TZID=Europe/London:20260323T100000
RECURRENCE-ID;TZID=Europe/London:20260323T090000
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:same-time
DTSTART;TZID=GMT Standard Time:20260302T093000
DURATION:PT1H
SUMMARY:SECRET
END:VEVENT
BEGIN:VEVENT
UID:private
CLASS:PRIVATE
DTSTART:20260302T110000Z
DTEND:20260302T120000Z
SUMMARY:SECRET doctor
END:VEVENT
BEGIN:VEVENT
UID:free
TRANSP:TRANSPARENT
DTSTART:20260302T110000Z
DTEND:20260302T120000Z
END:VEVENT
BEGIN:VEVENT
UID:declined
ATTENDEE;PARTSTAT=DECLINED:mailto:me@example.org
DTSTART:20260302T110000Z
DTEND:20260302T120000Z
END:VEVENT
BEGIN:VEVENT
UID:custom
DTSTART;TZID=Customized Time Zone:20260327T100000
DTEND;TZID=Customized Time Zone:20260327T110000
RRULE:FREQ=DAILY;INTERVAL=3;COUNT=2
END:VEVENT
BEGIN:VEVENT
UID:night
DTSTART:20260304T230000Z
DTEND:20260305T010000Z
END:VEVENT
BEGIN:VEVENT
UID:home
DTSTART;VALUE=DATE:20260303
RRULE:FREQ=WEEKLY;UNTIL=20260310
SUMMARY:Home
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:office
DTSTART;VALUE=DATE:20260304
DTEND;VALUE=DATE:20260306
SUMMARY:In the office
END:VEVENT
BEGIN:VEVENT
UID:wrong
DTSTART:SECRET
END:VEVENT
END:VCALENDAR
`

func TestCalendar(t *testing.T) {
	o := Options{TZ: london(t), Author: "me@example.org"}
	r, err := Read(context.Background(), Auto, input.Bytes("c", []byte(strings.ReplaceAll(calendar, "\n", "\r\n"))), o)
	if err != nil {
		t.Fatal(err)
	}
	kept, _ := lines(r)
	want := []string{ // by hand
		"2026-03-02 meeting_hours 1.5 ", "2026-03-02 meetings 2 ", // 9 to 10 and half past 9 to half past 10
		"2026-03-03 marked_days 1 home",
		"2026-03-04 meeting_hours 1 office", "2026-03-04 meetings 1 office", "2026-03-04 marked_days 1 office",
		"2026-03-05 meeting_hours 1 office", "2026-03-05 marked_days 1 office",
		"2026-03-10 marked_days 1 home",
		"2026-03-16 meeting_hours 0.5 ", "2026-03-16 meetings 1 ", // the changed instance
		"2026-03-27 meeting_hours 1 ", "2026-03-27 meetings 1 ",
		"2026-03-30 meeting_hours 2 ", "2026-03-30 meetings 2 ", // the series at 9, the custom zone at 10 there, 9 in London: at once
	}
	// on 30 March both are at 8:00 UTC: 9:00 in London and 10:00 at +02:00, so the hour counts once
	want[len(want)-2] = "2026-03-30 meeting_hours 1 "
	if d := cmp.Diff(want, kept); d != "" {
		t.Error(d)
	}
	if r.Rows != 12 || strings.Contains(fmt.Sprint(r), "SECRET") {
		t.Errorf("%d rows, %v", r.Rows, r)
	}
	if w := fmt.Sprint(r.Warnings); !strings.Contains(w, "1 private events") || !strings.Contains(w, "no readable start") {
		t.Error(w)
	}
}

// A series without an end stops at the day that is asked for, and never loops.
func TestEndlessSeries(t *testing.T) {
	event := func(rule string) string {
		return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nRRULE:" + rule + "\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	for rule, want := range map[string]int{"FREQ=DAILY": 26, "FREQ=WEEKLY;BYDAY=MO,WE": 8, "FREQ=DAILY;UNTIL=20260107T090000Z": 3, "FREQ=MONTHLY;BYMONTHDAY=31": 1,
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30": 1, "FREQ=SECONDLY": 1, "FREQ=NONSENSE": 1, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31": 1} {
		r, err := Read(context.Background(), "ics", input.Bytes("c", []byte(event(rule))), Options{Until: day.Must("2026-01-30")})
		n := 0.0
		for _, k := range r.Kept {
			if k.Measure == "meetings" {
				n += k.Value
			}
		}
		if err != nil || int(n) != want {
			t.Errorf("%s: %v meetings, want %d, %v", rule, n, want, err)
		}
	}
}
