package intake

import (
	"context"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/intake/input"
)

// FuzzCalendar looks for series that never end: no calendar may take seconds.
func FuzzCalendar(f *testing.F) {
	for _, rule := range []string{"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO;WKST=SU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU", "FREQ=YEARLY;BYYEARDAY=1,100", "FREQ=MONTHLY;INTERVAL=13;BYMONTHDAY=31"} {
		f.Add("20200106T090000", rule, "20200107T090000Z")
	}
	f.Fuzz(func(t *testing.T, start, rule, except string) {
		text := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/London:" + start + "\nDURATION:PT1H\nRRULE:" + rule + "\nEXDATE:" + except + "\nEND:VEVENT\nEND:VCALENDAR\n"
		began := time.Now()
		_, _ = Read(context.Background(), "ics", input.Bytes("c", []byte(text)), Options{Until: day.Must("2026-01-30")})
		if took := time.Since(began); took > 3*time.Second {
			t.Fatalf("%q took %v", rule, took)
		}
	})
}
