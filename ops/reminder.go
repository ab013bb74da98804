package ops

import (
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/invite"
)

// Reminder writes a day for the person's own calendar: the whole day, with an
// alarm in the morning, and nobody invited. A calendar at work is read by
// others, so the title names no wish.
func (d *Desk) Reminder(on day.Date, title, words string) ([]byte, error) {
	if on.IsZero() {
		return nil, fault.New(fault.Invalid, "HC-OPS-60", "A reminder needs a day.")
	}
	created, err := d.createdOn(dayOf(d))
	if err != nil {
		return nil, err
	}
	return invite.ICS(invite.Event{Stamp: created, Start: on.Time(), End: on.Add(1).Time(), WholeDay: true, Summary: title, Description: words})
}
