// Package jira reads issues exported from Jira's search (CSV), from Data
// Center's data pipeline, and from Apache DevLake's issues table. It keeps how
// many issues were finished each day and their story points. Issues closed
// without being done are left out. Titles, comments and people are not kept.
package jira

import (
	"bytes"
	"context"

	"homecase/day"
	"homecase/internal/intake/input"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "jira"

var (
	finished = []string{"Resolved", "Resolution date", "resolution_date", "Resolutiondate", "Custom field (Resolved Date)"}
	keys     = []string{"Issue key", "issue_key", "key"}
	points   = []string{"Custom field (Story Points)", "Custom field (Story point estimate)", "Story Points", "story_points", "story_point"}
	// people in order of weight: who the issue was given to
	people = []string{"Assignee", "assignee_name", "Assignee Id", "assignee_id"}
)

// undone are the resolutions by which an issue ends without work being finished.
var undone = [][]byte{[]byte("won't do"), []byte("won't fix"), []byte("wont fix"), []byte("won’t do"), []byte("won’t fix"), []byte("duplicate"), []byte("cannot reproduce"),
	[]byte("incomplete"), []byte("declined"), []byte("rejected"), []byte("abandoned"), []byte("not a bug"), []byte("obsolete"), []byte("cancelled"), []byte("canceled"), []byte("invalid")}

// Fits recognises the headings.
func Fits(h sheet.Header) bool {
	return h.Find(keys...) >= 0 && h.Find(finished...) >= 0 && h.Find("Issue Type", "issue_type", "Issue id", "type", "Summary", "original_type") >= 0
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	return sheet.Read(ctx, in, Source, o, Fits, func(h sheet.Header) (sheet.Plan, error) {
		c := columns{done: h.Find(finished...), key: h.Find(keys...), points: h.Find(points...), how: h.Find("Resolution"),
			who: h.Find(people...), mine: tally.NewPeople(o.Author), seen: tally.NewSeen()}
		return sheet.Plan{
			Keep: []int{c.done, c.points}, Need: []int{c.key, c.how, c.who}, Dates: []int{c.done, h.Find("Created", "created_date"), h.Find("Updated", "updated_date")},
			Row: c.row, Done: c.end,
		}, nil
	})
}

type columns struct {
	done, key, points, how, who int
	mine                        *tally.People
	seen                        *tally.Seen
	open, ended, again, nobody  int
}

func (c *columns) row(t *tally.Tally, r *sheet.Row) error {
	if !r.Whole(c.done) && c.done >= 0 && !r.Whole(c.key) {
		return r.Bad("The line is too short to be an issue.")
	}
	if len(r.Cell(c.done)) == 0 {
		c.open++
		return nil
	}
	m, err := r.Date(c.done, "when the issue was resolved")
	if err != nil {
		return err
	}
	if how := bytes.ToLower(r.Cell(c.how)); len(how) > 0 {
		for _, u := range undone {
			if bytes.Equal(how, u) {
				c.ended++
				return nil
			}
		}
	}
	if c.who >= 0 {
		who := r.Cell(c.who)
		if len(who) == 0 && c.mine.Asked() {
			c.nobody++
			return nil
		}
		if !c.mine.Mine(who) {
			return nil
		}
	}
	if c.seen.Again(r.Cell(c.key)) {
		c.again++
		return nil
	}
	d := m.Date
	if m.Zoned {
		d = day.Of(t.Local(m.In(t.Zone())))
	}
	t.Add(d, tally.Items, tally.Unknown, 1)
	if p, ok := sheet.Number(r.Cell(c.points)); ok && p > 0 {
		t.Add(d, tally.StoryPoints, tally.Unknown, p)
	}
	return nil
}

// end says what was left out, in numbers.
func (c *columns) end(t *tally.Tally) error {
	if c.open > 0 {
		t.Warn(0, "%d issues have no date of resolution and are not counted.", c.open)
	}
	if c.ended > 0 {
		t.Warn(0, "%d issues ended as duplicate, won't do or the like and are not counted.", c.ended)
	}
	if c.again > 0 {
		t.Warn(0, "%d issues stand in the file more than once and count once.", c.again)
	}
	c.seen.Warn(t)
	if c.nobody > 0 {
		t.Warn(0, "%d finished issues were given to nobody and are not counted as yours.", c.nobody)
	}
	return c.mine.Fault("", "finished issues")
}
