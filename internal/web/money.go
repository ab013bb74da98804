package web

import (
	"html/template"

	"homecase"
	"homecase/internal/press/draw"
	"homecase/packet"
	"homecase/savings"
)

// moneyScreens are what a year saves and costs, and the numbers behind it.
func moneyScreens() []screen {
	return []screen{
		{path: "/case/money", get: showMoney, post: useMoney},
		{path: "/case/money/inputs", get: showInputs, post: saveInputs},
	}
}

// moneyBinders: the pages about money are no questions.
func moneyBinders() map[string]binder { return nil }

type moneyView struct {
	Boss     string
	Heading  string
	P        *homecase.MoneyPreview
	Bars     []tornadoRow
	Head     template.HTML // the labels above the bars
	Findings []savings.Finding
	Private  []string // what the person keeps, in words
	Stronger string   // the input that moves the answer most and is an assumption
	From     string
}

type tornadoRow struct {
	Name, Low, High string
	Notes           []string
	Bar             template.HTML
}

// barHeight is how tall a bar of the tornado is on a screen.
const barHeight = 24

// showMoney answers with the finding: what the company saves or spends.
func showMoney(v *visit) error {
	view := moneyView{Boss: v.boss(), From: v.from()}
	if len(v.kase().Money.Lines) == 0 {
		return v.ok("money-none", page{Title: "No figures yet", Tab: "case", Back: "/case"}, view)
	}
	p, err := v.s.work.Money(v.open)
	if err != nil {
		return err
	}
	view.P = p
	if p == nil { // nothing of it is cash to the company
		return v.ok("money-none", page{Title: "No figures yet", Tab: "case", Back: "/case"}, view)
	}
	t := p.Report.Headline
	money := func(f float64) string { return v.kase().Locale().Money(f, 0) }
	label, middle := "money-maybe", t.Rounded.P50
	switch {
	case t.Rounded.P10 > 0:
		label = "money-saves"
	case t.Rounded.P90 < 0:
		label, middle = "money-costs", -middle
	case middle < 0:
		label, middle = "money-maybe-cost", -middle
	}
	view.Heading = v.say(v.s.label(label), "{middle}", money(middle))
	view.Findings = p.Report.Findings
	if p.Tornado != nil {
		if err := view.tornado(*p.Tornado); err != nil {
			return err
		}
	}
	if view.Private, err = v.privateMoney(); err != nil {
		return err
	}
	for _, b := range t.Tornado.Bars {
		if in, ok := p.Report.Input(b.Input); ok && !in.Constant && in.Kind == "assumption" {
			view.Stronger = in.Words
			break
		}
	}
	return v.ok("money", page{Title: view.Heading, Tab: "case", Back: "/case/money/inputs"}, view)
}

// tornado lays the bars out as rows of a table.
func (m *moneyView) tornado(c packet.Tornado) error {
	var err error
	if m.Head, err = svg(draw.TornadoHead(c, draw.Screen()), "tornado-head"); err != nil {
		return err
	}
	for i, r := range c.Rows {
		row := tornadoRow{Name: r.Name.Text, Low: r.LowLabel.Text, High: r.HighLabel.Text}
		for _, n := range r.Notes {
			row.Notes = append(row.Notes, upperFirst(n.String()))
		}
		if row.Bar, err = svg(draw.TornadoBar(c, i, barHeight, draw.Screen()), "tornado-"+itoa(i+1)); err != nil {
			return err
		}
		m.Bars = append(m.Bars, row)
	}
	return nil
}

// privateMoney is what the person would keep: money and hours of their own.
func (v *visit) privateMoney() ([]string, error) {
	all, err := v.s.work.AllMoney(v.open)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, l := range all.Ledgers {
		for _, line := range l.Lines {
			if !line.Private && l.Ledger != savings.EmployeeCash || !line.Counted {
				continue
			}
			words := v.kase().Locale().Number(roundish(line.Quantiles.P50), 0) + " " + line.Unit
			if l.Ledger == savings.EmployeeCash {
				words = v.kase().Locale().Money(roundish(line.Quantiles.P50), 0)
			}
			out = append(out, line.Name+": about "+words+" a year")
		}
	}
	return out, nil
}

// useMoney keeps the range for the packet, as it stands.
func useMoney(v *visit) error {
	err := v.change("Looked at the money", func(_ *homecase.Case, course *homecase.Course) error {
		course.Visit(homecase.TaskMoney, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	return v.leave(homecase.TaskMoney)
}

// roundish takes a figure for the person's eyes to two digits.
func roundish(f float64) float64 {
	for scale := 1.0; scale < 1e12; scale *= 10 {
		if f < 100*scale && f > -100*scale {
			return float64(int64(f/scale+half(f))) * scale
		}
	}
	return f
}

func half(f float64) float64 {
	if f < 0 {
		return -.5
	}
	return .5
}
