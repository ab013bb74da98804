package trial

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"homecase/day"
	"homecase/fault"
)

// Note is the Friday note to the boss: three numbers first, no verdict.
type Note struct {
	Week    int      `json:"week"`
	Weeks   int      `json:"weeks"`
	Home    *float64 `json:"home"`   // mean of home days so far
	Office  *float64 `json:"office"` // mean of office days so far
	Done    int      `json:"home_days_logged"`
	Planned int      `json:"home_days_planned"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"` // under 120 words
}

// noteWriter gathers what a note says.
type noteWriter struct {
	*Note
	plan    *Plan
	setting *Setting
	record  *record
	words   noteWords
	through day.Date // the last day of the note
	missing int      // days without a value; why stays with the person
	counted [2]int   // home and office days with a value
	moved   int      // days that went otherwise than drawn
	lines   []string
}

// MaxNoteWords is the length of a Friday note.
const MaxNoteWords = 120

// FridayNote writes the note for the days up to through.
func FridayNote(p Plan, d Days, through day.Date) (*Note, error) {
	setting, err := p.ready()
	if err != nil {
		return nil, err
	}
	if p.Groups != nil {
		return nil, fault.New(fault.Invalid, CodeDesign, "A plan without weeks has no Friday note.")
	}
	words, err := Sentences()
	if err != nil {
		return nil, err
	}
	n := &noteWriter{Note: &Note{Weeks: len(p.Weeks)}, words: words.Note, plan: &p, setting: setting, through: through}
	so := Days{File: d.File, Columns: d.Columns}
	for _, r := range d.Rows {
		if !r.Date.After(through) {
			so.Rows = append(so.Rows, r)
		}
	}
	if n.record, err = n.setting.fit(so, through); err != nil {
		return nil, err
	}
	n.count()
	n.write()
	return n.Note, nil
}

func (n *noteWriter) count() {
	var home, office []float64
	expected := 0.0
	for i, d := range n.record.days {
		expected += d.Chance
		row := n.record.rows[i]
		if !d.Date.After(n.through) {
			n.Week = d.Week
		}
		if row == nil {
			continue
		}
		switch {
		case row.Value == nil:
			n.missing++
			continue
		case row.Place == AtHome:
			home = append(home, *row.Value)
		default:
			office = append(office, *row.Value)
		}
		if row.Assigned == AtHome {
			n.Done++
		}
		if row.Place != row.Assigned {
			n.moved++
		}
	}
	n.Weeks = max(n.Weeks, n.record.days[len(n.record.days)-1].Week)
	n.Planned = int(math.Round(expected))
	n.Home, n.Office = mean(home), mean(office)
	n.counted = [2]int{len(home), len(office)}
}

// dated writes a day as people say it: Thursday 11 March.
func dated(d day.Date) string {
	return fmt.Sprintf("%s %d %s", d.Weekday().Name(), d.Day, d.Month)
}

// many counts with the word for one or for many: 1 day, 2 days.
func (n *noteWriter) many(what string, count int) string {
	words := n.words.Counts[what]
	if count == 1 {
		return "1 " + words.One
	}
	return strconv.Itoa(count) + " " + words.Many
}

func (n *noteWriter) write() {
	unit := n.plan.Measure.Unit
	if unit == "" {
		unit = strings.ToLower(n.plan.Measure.Name)
	}
	pairs := []string{"week", strconv.Itoa(n.Week), "weeks", strconv.Itoa(n.Weeks), "done", strconv.Itoa(n.Done), "planned", strconv.Itoa(n.Planned),
		"unit", unit, "date", dated(n.plan.DecideOn)}
	line := func(template string, more ...string) {
		n.lines = append(n.lines, say(template, append(more, pairs...)...))
	}
	n.Subject = say(n.words.Subject, pairs...)
	for i, k := range []struct {
		id string
		v  *float64
	}{{"home", n.Home}, {"office", n.Office}} {
		if k.v == nil {
			line(n.words.Numbers[k.id+"_none"])
		} else {
			line(n.words.Numbers[k.id], "value", figure(*k.v), "days", n.many("days", n.counted[i]))
		}
	}
	if left := n.Weeks - n.Week; left > 0 {
		line(n.words.Numbers["days"], "weeks", n.many("weeks", left))
	} else {
		line(n.words.Numbers["days_last"])
	}
	if n.missing > 0 {
		line(n.words.Body["missing"], "days", n.many("days", n.missing))
	}
	switch {
	case n.moved == 1:
		line(n.words.Body["moved_one"], "days", n.many("days", 1))
	case n.moved > 1:
		line(n.words.Body["moved"], "days", n.many("days", n.moved))
	}
	if n.plan.DecideOn.IsZero() {
		line(n.words.Body["early_undated"])
	} else {
		line(n.words.Body["early"])
	}
	line(n.words.Body["ask"])
	n.Text = strings.Join(n.lines, "\n")
}
