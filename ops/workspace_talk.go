package ops

import (
	"slices"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/holiday"
)

// askAhead is how many days before the talk a boss is asked for it.
const askAhead = 7

// Meeting is the meeting to ask in: its words, and the file for a calendar. It
// is refused before the day to ask again.
func (d *Desk) Meeting(c *homecase.Case) (homecase.Invite, []byte, error) {
	if err := c.MayAsk(dayOf(d)); err != nil {
		return homecase.Invite{}, nil, err
	}
	in, err := c.Shared().Invitation()
	if err != nil {
		return in, nil, err
	}
	created, err := d.createdOn(dayOf(d))
	if err != nil {
		return in, nil, err
	}
	dated := *c
	dated.Date = dayOf(d)
	file, err := invitation(in, &dated, created)
	return in, file, err
}

// ProposeTalk is a calm day for the talk, about a week from now; the zero Date
// where the case leaves none.
func (d *Desk) ProposeTalk(c *homecase.Case) day.Date {
	from := dayOf(d).Add(askAhead)
	if _, again := c.Plan.MayAsk(from); again.After(from) {
		from = again
	}
	return c.Plan.CalmDay(from, holidaysBetween(c, from, from.Add(70)))
}

// CheckTalk lists what speaks against the day of the talk, and stops nothing.
func (d *Desk) CheckTalk(c *homecase.Case) fault.List {
	var out fault.List
	for _, f := range c.CheckThis() {
		if f.Place.Path == "plan.talk.date" {
			out = append(out, f)
		}
	}
	if t := c.Plan.Talk; t != nil && !t.Date.IsZero() && slices.Contains(holidaysBetween(c, t.Date, t.Date), t.Date) {
		out = append(out, fault.New(fault.Finding, "HC-OPS-61", "The talk on %s falls on a public holiday.", c.Locale().Date(t.Date)).At(fault.Place{Path: "plan.talk.date"}).Then("Is this right?"))
	}
	return out
}

// holidaysBetween are the public holidays between two days; none where they are not known.
func holidaysBetween(c *homecase.Case, from, to day.Date) []day.Date {
	days, err := holiday.Between(c.Place.Country, c.Place.Part, from, to)
	if err != nil {
		return nil
	}
	return days
}
