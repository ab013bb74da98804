package web

import (
	"slices"

	"homecase"
	"homecase/savings"
)

// omission is a usual cost that is counted, or left out with a reason.
type omission struct {
	ID, Cost, Usual, Why, Error string
	On                          bool
	line                        string   // the one that is named as left out: a line that the company sees
	lines                       []string // all that would count it
}

// usualCosts are the costs that somebody will ask about, by the rule of the
// model that wants each of them counted or left out.
func (v *visit) usualCosts() ([]omission, error) {
	rules, err := savings.Rules()
	if err != nil {
		return nil, err
	}
	catalogue, err := savings.Catalogue()
	if err != nil {
		return nil, err
	}
	seen := func(id string) bool {
		return slices.ContainsFunc(catalogue, func(l savings.Line) bool { return l.ID == id && !l.Private && l.Ledger != savings.EmployeeCash })
	}
	var out []omission
	for _, r := range rules {
		for _, n := range r.Needs {
			o := omission{Cost: upperFirst(n.Cost), line: n.Lines[max(0, slices.IndexFunc(n.Lines, seen))], lines: n.Lines}
			o.ID = "omit-" + o.line
			o.Usual = v.say(v.s.label(o.ID))
			out = append(out, o)
		}
	}
	return out, nil
}

// fillOmissions puts the reasons that the case has into the form.
func (v *visit) fillOmissions(a answers) error {
	costs, err := v.usualCosts()
	if err != nil {
		return err
	}
	for _, l := range v.kase().Money.LeftOut {
		for _, o := range costs {
			switch {
			case !slices.Contains(o.lines, l.Line):
			case l.Why == o.Usual:
				a.Set(o.ID, "yes")
			default:
				a.Set(o.ID+"-why", l.Why)
			}
		}
	}
	return nil
}

// omissions are the costs as the form shows them.
func (v *visit) omissions(a answers) ([]omission, error) {
	costs, err := v.usualCosts()
	for i := range costs {
		o := &costs[i]
		o.On, o.Why, o.Error = a.Get(o.ID) != "", a.Get(o.ID+"-why"), a.bad[o.ID]
	}
	return costs, err
}

// takeOmissions keeps why a cost is not counted, and asks where neither stands.
// What else was left out on purpose stays as it is.
func (v *visit) takeOmissions(a answers, c *homecase.Case) error {
	costs, err := v.omissions(a)
	if err != nil {
		return err
	}
	var left []savings.LeftOut
	about := func(line string) int {
		return slices.IndexFunc(costs, func(o omission) bool { return slices.Contains(o.lines, line) })
	}
	for i := range costs {
		o := &costs[i]
		o.Why = a.line(o.ID + "-why")
		if o.Why == "" && o.On {
			o.Why = o.Usual
		}
		if slices.ContainsFunc(c.Money.Lines, func(e savings.Entry) bool { return slices.Contains(o.lines, e.Line) }) {
			o.Why = "" // it is counted
		} else if o.Why == "" {
			a.refuse(o.ID, "%s", v.say(v.s.label("omit-missing"), "{cost}", lowerFirst(o.Cost)))
		}
	}
	for _, l := range c.Money.LeftOut {
		i := about(l.Line)
		if i >= 0 && costs[i].Why == "" {
			continue
		}
		if i >= 0 {
			l.Why, costs[i].Why = costs[i].Why, ""
		}
		left = append(left, l)
	}
	for _, o := range costs {
		if o.Why != "" {
			left = append(left, savings.LeftOut{Line: o.line, Why: o.Why})
		}
	}
	c.Money.LeftOut = left
	return nil
}
