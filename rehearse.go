package homecase

import (
	"slices"
	"strconv"
	"strings"

	"homecase/concern"
	"homecase/day"
	"homecase/plan"
	"homecase/readiness"
	"homecase/savings"
)

// Rehearsal is a card of the rehearsal with what the case can answer.
type Rehearsal struct {
	plan.Card
	// Say is the answer in one sentence; empty where the case lacks something.
	Say string
	// Lacks names the slots that the case leaves empty, such as recall.notice.
	Lacks []string
	// Title is the question's name in the packet, and Packet tells whether it
	// stands there, with Text as its answer and Label as its state.
	Title, Text, Label string
	Packet             bool
}

// Rehearsal returns the ten cards with the case's own answers. They are for the
// person alone. The money is that of RaisedConcerns.
func (c *Case) Rehearsal(on day.Date, money *savings.Report) ([]Rehearsal, error) {
	cards, err := plan.Cards()
	if err != nil {
		return nil, err
	}
	raised, err := c.RaisedConcerns(money)
	if err != nil {
		return nil, err
	}
	shared := c.Shared()
	views, err := shared.Concerns.Views(raised...)
	if err != nil {
		return nil, err
	}
	values := c.cardValues(on)
	var out []Rehearsal
	for _, card := range cards {
		r := Rehearsal{Card: card}
		r.Say, r.Lacks = card.Answer.Fill(values)
		known, err := concern.Find(concern.ID(card.Concern))
		if err != nil {
			return nil, err
		}
		r.Title = known.Title
		if i := slices.IndexFunc(views, func(v concern.View) bool { return string(v.ID) == card.Concern }); i >= 0 {
			r.Packet, r.Text, r.Label = true, views[i].Text, views[i].Label
		}
		out = append(out, r)
	}
	return out, nil
}

// cardValues are the slots of the cards, as far as the case knows them.
func (c *Case) cardValues(on day.Date) map[string]string {
	l, v := c.Locale(), c.Plan.Values()
	for k, s := range v {
		v[k] = strings.TrimSuffix(strings.TrimSpace(s), ".")
	}
	v["stop.rule"], v["outage.backup"] = lower(v["stop.rule"]), lower(v["outage.backup"])
	retry := plan.NotNow{Said: on}.RetryOn()
	if n := c.Plan.NotNow; n != nil && n.RetryOn().After(on) {
		retry = n.RetryOn()
	}
	v["retry.date"] = l.Date(retry)
	if h := c.Readiness.Hours(); h.Portable() > 0 {
		v["duties.portable"], v["duties.total"] = l.Number(h.Portable(), 2), l.Number(h.Total(), 2)
	}
	var office []string
	for _, d := range c.Readiness.Duties {
		if d.Where == readiness.Office {
			office = append(office, lower(d.Name))
		}
	}
	v["duties.office"] = l.List(office)
	v["trial.measure"] = lower(c.Facts.Measure.Name)
	if t := c.Trial; t != nil && t.Margin.Relative != 0 {
		v["trial.margin"] = l.Percent(t.Margin.Relative, 0)
	} else if t != nil && t.Margin.Absolute != 0 {
		v["trial.margin"] = strings.TrimSpace(l.Number(t.Margin.Absolute, 2) + " " + c.Facts.Measure.Unit + " a day")
	}
	if n := c.Plan.WeekCount(); n > 0 {
		v["trial.weeks"] = strconv.Itoa(n)
	}
	return v
}

// SuggestTasks proposes what to do about a worry: to get what settles it.
func SuggestTasks(worry string) ([]string, error) {
	if worry == "" {
		return nil, nil
	}
	known, err := concern.Find(concern.ID(worry))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range known.Settles {
		out = append(out, "Get ready: "+strings.ReplaceAll(lower(s), "your own", "my own"))
	}
	return out, nil
}
