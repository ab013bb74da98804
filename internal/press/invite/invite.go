// Package invite writes a meeting as an iCalendar file (RFC 5545) that Google,
// Outlook and Apple calendars take: lines end in CR LF and are folded, the
// time stands in the zone of the people who meet, with the zone's rules beside
// it. A meeting with guests is a request they can answer; one without is
// published and asks nothing of anybody.
//
// It refuses a meeting without a name, a beginning or an end, and anything
// that would start a line of its own in the file.
package invite

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	_ "time/tzdata" // Windows has no time zones that Go can read
	"unicode"

	ics "github.com/arran4/golang-ical"

	"homecase/fault"
	"homecase/internal/press/text"
)

// Person organises or attends. Name may be empty.
type Person struct{ Name, Email string }

// Event is what ICS writes.
type Event struct {
	// UID names the meeting for good, such as "case-7f3a@homecase.invalid"; empty makes one from the content.
	UID string
	// Stamp is when the file was made; it is part of the file, so the caller gives it.
	Stamp time.Time
	// Start and End are in the zone the meeting is held in, such as Europe/London.
	Start, End time.Time
	// WholeDay marks a day and no meeting: End is the day after, the alarm comes
	// at nine on that day, and nobody counts as busy.
	WholeDay    bool
	Summary     string
	Description string // may hold line breaks
	Location    string
	URL         string // https:, may be empty
	Organizer   *Person
	Attendees   []Person
	// Alarm is how long before the start a calendar reminds; zero for not at all.
	Alarm time.Duration
	// Sequence counts the changes of a meeting that was already sent.
	Sequence int
}

// Method tells whether the file asks for an answer.
func (e Event) Method() string {
	if e.Organizer != nil && len(e.Attendees) > 0 {
		return "REQUEST"
	}
	return "PUBLISH"
}

// ICS writes the meeting, and days that go with it. The same events give the same bytes.
func ICS(e Event, days ...Event) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//homecase//homecase//EN")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.Method(e.Method()))
	zone := e.Start.Location()
	utc := zone == time.UTC || zone.String() == "Local" || e.WholeDay
	if !utc {
		cal.AddVTimezone(timezone(zone, e.Start))
	}
	cal.AddVEvent(e.event(utc))
	for _, d := range days {
		if err := d.check(); err != nil {
			return nil, err
		}
		if !d.WholeDay {
			return nil, fault.New(fault.Internal, "HC-INVITE-07", "What goes with a meeting is a whole day.")
		}
		cal.AddVEvent(d.event(true))
	}
	var b bytes.Buffer
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("write the meeting: %w", err)
	}
	return []byte(unmask.Replace(b.String())), nil
}

func (e Event) event(utc bool) *ics.VEvent {
	v := ics.NewEvent(e.uid())
	v.SetDtStampTime(e.Stamp)
	v.SetSequence(e.Sequence)
	at := func(p ics.ComponentProperty, t time.Time) {
		if e.WholeDay {
			v.SetProperty(p, t.Format("20060102"), ics.WithValue("DATE"))
		} else if utc {
			v.SetProperty(p, t.UTC().Format("20060102T150405Z"))
		} else {
			v.SetProperty(p, t.In(e.Start.Location()).Format("20060102T150405"), ics.WithTZID(e.Start.Location().String()))
		}
	}
	at(ics.ComponentPropertyDtStart, e.Start)
	at(ics.ComponentPropertyDtEnd, e.End)
	v.SetSummary(line(e.Summary))
	if s := strip.Replace(text.Block(e.Description)); s != "" {
		v.SetDescription(s)
	}
	if s := line(e.Location); s != "" {
		v.SetLocation(s)
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	v.SetStatus(ics.ObjectStatusConfirmed)
	v.SetTimeTransparency(ics.TransparencyOpaque)
	if e.WholeDay {
		v.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if e.Organizer != nil {
		v.SetOrganizer("mailto:"+e.Organizer.Email, common(*e.Organizer)...)
	}
	for _, a := range e.Attendees {
		v.AddAttendee("mailto:"+a.Email, append(common(a), ics.ParticipationRoleReqParticipant, ics.ParticipationStatusNeedsAction, &ics.KeyValues{Key: "RSVP", Value: []string{"TRUE"}})...)
	}
	if e.Alarm > 0 || e.WholeDay {
		alarm := v.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		if e.WholeDay {
			alarm.SetTrigger("PT9H")
		} else {
			alarm.SetTrigger("-" + duration(e.Alarm))
		}
		alarm.SetProperty(ics.ComponentPropertyDescription, line(e.Summary))
	}
	return v
}

// The library writes a backslash before signs in a parameter, where RFC 5545
// has quotation marks around it. So those signs go through the library as
// private characters that no text of ours holds, and come back afterwards.
var (
	mask   = strings.NewReplacer(",", "\ue001", ";", "\ue002", ":", "\ue003", "'", "\ue004", `\`, "\ue005", `"`, "\ue004")
	unmask = strings.NewReplacer("\ue000", `"`, "\ue001", ",", "\ue002", ";", "\ue003", ":", "\ue004", "'", "\ue005", `\`)
	strip  = strings.NewReplacer("\ue000", "", "\ue001", "", "\ue002", "", "\ue003", "", "\ue004", "", "\ue005", "")
)

func line(s string) string { return strip.Replace(text.Line(s)) }

// common is the name of a person; a quotation mark in it becomes an
// apostrophe, since a parameter cannot hold one.
func common(p Person) []ics.PropertyParameter {
	name := mask.Replace(strings.ReplaceAll(line(p.Name), "^", ""))
	if name == "" {
		return nil
	}
	return []ics.PropertyParameter{ics.WithCN("\ue000" + name + "\ue000")}
}

// duration writes a length of time as calendars read it: PT30M, P1D.
func duration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return fmt.Sprintf("P%dD", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("PT%dH", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("PT%dM", d/time.Minute)
	}
	return fmt.Sprintf("PT%dS", d/time.Second)
}

func (e Event) uid() string {
	if e.UID != "" {
		return e.UID
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %q %q", e.Start.UTC(), e.End.UTC(), e.Summary, e.Location)
	return hex.EncodeToString(h.Sum(nil))[:32] + "@homecase.invalid"
}

func (e Event) check() error {
	if strings.TrimSpace(line(e.Summary)) == "" {
		return fault.New(fault.Invalid, "HC-INVITE-01", "The meeting has no name.")
	}
	if e.Start.IsZero() || e.Stamp.IsZero() || !e.End.After(e.Start) {
		return fault.New(fault.Invalid, "HC-INVITE-02", "The meeting needs a start, and an end after it.")
	}
	if y := e.Start.Year(); y < 1970 || y > 2200 {
		return fault.New(fault.Invalid, "HC-INVITE-03", "The meeting is in the year %d, which no calendar would take.", y)
	}
	people := e.Attendees
	if e.Organizer != nil {
		people = append([]Person{*e.Organizer}, people...)
	}
	for _, p := range people {
		if got, err := netmail.ParseAddress("<" + p.Email + ">"); err != nil || got.Address != p.Email || strings.ContainsFunc(p.Email, odd) {
			return fault.New(fault.Invalid, "HC-INVITE-04", "%q is not an e-mail address.", p.Email).Because(err)
		}
	}
	if strings.ContainsFunc(e.UID, odd) {
		return fault.New(fault.Internal, "HC-INVITE-05", "A meeting cannot be named %q.", e.UID)
	}
	if e.URL != "" && (!strings.HasPrefix(e.URL, "https://") || strings.ContainsFunc(e.URL, odd)) {
		return fault.New(fault.Invalid, "HC-INVITE-06", "%q is not an address that starts with https.", e.URL)
	}
	return nil
}

// odd characters have a meaning in a calendar file, or none anywhere.
func odd(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || r == '"' || r == ';' || r == ',' || r == '\\'
}
