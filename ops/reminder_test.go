package ops_test

import (
	"strings"
	"testing"

	"homecase/day"
	"homecase/fault"
)

// A reminder is a day and no meeting: RFC 5545, 3.3.4 and 3.6.1.
func TestReminder(t *testing.T) {
	file, err := desk().Reminder(day.Must("2027-02-24"), "An idea for how I work: look at it again", "My own note.")
	if err != nil {
		t.Fatal(err)
	}
	text := string(file)
	for _, want := range []string{"METHOD:PUBLISH", "DTSTART;VALUE=DATE:20270224", "DTEND;VALUE=DATE:20270225", "TRANSP:TRANSPARENT", "TRIGGER:PT9H", "SUMMARY:An idea for how I work: look at it again"} {
		if !strings.Contains(text, want+"\r\n") {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "ATTENDEE") || strings.Contains(text, "ORGANIZER") || strings.Contains(text, "VTIMEZONE") {
		t.Errorf("somebody is invited:\n%s", text)
	}
	if _, err := desk().Reminder(day.Date{}, "x", ""); fault.CodeOf(err) != "HC-OPS-60" {
		t.Error(err)
	}
	if _, err := desk().Reminder(day.Must("2027-02-24"), " ", ""); err == nil {
		t.Error("a reminder without a name")
	}
}
