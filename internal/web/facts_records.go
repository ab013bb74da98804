package web

import (
	"strconv"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/evidence"
	"homecase/fault"
	"homecase/ops"
)

// records are what the imported counts say, nil while there are too few.
func (v *visit) records() (*ops.EvidenceBaseline, error) {
	if len(v.kase().Facts.Imports) == 0 {
		return nil, nil
	}
	b, err := v.s.work.Baseline(v.open)
	if fault.KindOf(err) == fault.Finding { // too few days: nothing to suggest
		return nil, nil
	}
	return b, err
}

// foundFacts are sentences that the records support and that are no results yet.
func (v *visit) foundFacts() ([]foundFact, error) {
	b, err := v.records()
	if err != nil || b == nil {
		return nil, err
	}
	var out []foundFact
	add := func(text, note string) {
		for _, r := range v.kase().Facts.Results {
			if r.Text == text {
				return
			}
		}
		out = append(out, foundFact{len(out) + 1, text, note})
	}
	for _, f := range b.Facts {
		add(f.Text, "")
	}
	for _, c := range b.Changes {
		add(c.Text, c.Meaning)
	}
	return out, nil
}

// useFound keeps one of the sentences as a result.
func (v *visit) useFound() error {
	found, err := v.foundFacts()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.form().Get("found"))
	if err != nil || n < 1 || n > len(found) || found[n-1].Text != v.form().Get("text") {
		return v.seeOther("/case/facts/results") // the records changed in the meantime
	}
	err = v.change("Took a result from your records", func(c *homecase.Case, course *homecase.Course) error {
		if len(c.Facts.Results) >= evidence.MaxResults {
			return fault.New(fault.Conflict, "HC-WEB-20", "There is no room for another result.").Then("Take one out first.")
		}
		var ids []string
		for _, m := range c.Facts.Imports {
			ids = append(ids, "import "+m.ID)
		}
		c.SetResult(len(c.Facts.Results), evidence.Result{
			Text: found[n-1].Text, Business: true, Origin: cite.Origin{Kind: cite.Measured, Source: "My own records, " + strings.Join(ids, " and "), Date: v.today()},
		})
		course.Visit(homecase.TaskResults, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/facts/results")
}
