package web

import (
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/evidence"
	"homecase/fault"
	"homecase/ops"
	"homecase/packet"
)

// records are what the imported counts say: without a suggestion while they are
// too few for a baseline, nil where they say nothing.
func (v *visit) records() (*ops.EvidenceBaseline, error) {
	if len(v.kase().Facts.Imports) == 0 {
		return nil, nil
	}
	b, err := v.s.work.Baseline(v.open)
	if fault.KindOf(err) == fault.Finding { // too few days: nothing to suggest
		return b, nil
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
			return fault.New(fault.Conflict, "HC-WEB-26", "There is no room for another result.").Then("Take one out first.")
		}
		var ids []string
		for _, m := range c.Facts.Imports {
			ids = append(ids, "import "+m.ID)
		}
		c.SetResult(len(c.Facts.Results), evidence.Result{
			Text: found[n-1].Text, Business: true, Origin: cite.Origin{Kind: cite.Measured, Source: homecase.OwnRecords + strings.Join(ids, " and "), Date: v.today()},
		})
		course.Visit(homecase.TaskResults, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/facts/results")
}

// recordsView is what a day usually holds.
type recordsView struct {
	Best    string // the measure that is suggested
	Lede    string
	Why     string
	Current string // the measure the case has, where it is another one
	Taken   bool   // the case has this one already
	Days    []weekdayRow
	Others  []otherRow
	Facts   []string
	Nothing []string
}

type weekdayRow struct {
	ID, Name, Mean string
	N              int
	Bar            packet.Bar
}

type otherRow struct{ Name, Usual, Differ, Days string }

// recordsView puts the baseline into words; nil while there is nothing to say.
func (v *visit) recordsView() (*recordsView, error) {
	b, err := v.records()
	if err != nil || b == nil {
		return nil, err
	}
	if b.Suggest == nil { // too few days of work, and perhaps facts all the same
		if len(b.Facts) == 0 {
			return nil, nil
		}
		view := &recordsView{}
		for _, f := range b.Facts {
			view.Facts = append(view.Facts, f.Text)
		}
		return view, nil
	}
	l, m, best := v.kase().Locale(), b.Suggest.Measure, b.Measures[0]
	view := &recordsView{Best: b.Best, Why: b.Why, Nothing: slices.Concat(b.Refused, b.NotShown)}
	view.Lede = v.say(v.s.label("records-usual"), "{usual}", l.Number(*m.Usual, 2), "{unit}", m.Unit, "{spread}", l.Number(*m.Spread, 2), "{days}", itoa(best.Days), "{from}", l.Date(best.First), "{until}", l.Date(best.Last))
	now := v.kase().Facts.Measure
	view.Taken = now.Name == m.Name && now.Origin == m.Origin
	if now.Name != "" && !view.Taken {
		view.Current = now.Name
	}
	most := 0.0
	for _, w := range best.Weekdays {
		most = max(most, w.Mean)
	}
	for _, w := range best.Weekdays {
		view.Days = append(view.Days, weekdayRow{"day-" + w.Weekday.String(), w.Weekday.Name(), l.Number(w.Mean, 2), w.Days, packet.Bar{To: w.Mean, Max: most, Fill: packet.FillHigh}})
	}
	for _, o := range b.Measures {
		needs := "not known"
		if o.DaysNeeded != nil {
			needs = itoa(*o.DaysNeeded)
		}
		view.Others = append(view.Others, otherRow{upperFirst(o.Name), l.Number(o.Mean, 2), l.Percent(o.CV, 0), needs})
	}
	for _, f := range b.Facts {
		view.Facts = append(view.Facts, f.Text)
	}
	for _, c := range b.Changes {
		view.Facts = append(view.Facts, c.Text)
	}
	return view, nil
}
