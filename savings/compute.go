package savings

import (
	"slices"

	"homecase/cite"
	"homecase/estimate"
)

// Compute draws the whole estimate. The same estimate, basis and seed give the
// same report on any number of processors. Faults name the field; findings do
// not stop the computation.
func (e Estimate) Compute(b Basis) (Report, error) {
	a, err := assemble(e, b)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Currency: b.Currency, Seed: b.Seed,
		// A list without entries is printed as an empty one, never as null.
		Inputs: append([]InputReport{}, a.inputs...), LeftOut: append([]LeftOutLine{}, a.left...), Findings: append([]Finding{}, a.found...),
		AssumedIndependent: len(e.Correlations) == 0,
	}
	for _, l := range Ledgers() {
		r.Ledgers = append(r.Ledgers, LedgerReport{Ledger: l, Name: l.Name(), Private: l == EmployeeCash, Totals: []Total{}, Lines: []LineReport{}})
	}
	if len(a.lines) == 0 {
		return r, nil
	}
	m, err := a.model()
	if err != nil {
		return Report{}, err
	}
	run, err := m.Sobol(estimate.Options{Seed: b.Seed, Workers: b.Workers})
	if err != nil {
		return Report{}, err
	}
	r.Points, r.Scrambles, r.CorrelationMoved = run.Points, run.Scrambles, run.Moved
	for i, l := range Ledgers() {
		if err := a.ledger(&r.Ledgers[i], l, m, run); err != nil {
			return Report{}, err
		}
	}
	if t := r.Ledgers[0].Totals; len(t) > 0 {
		r.Headline = &t[0]
	}
	return r, nil
}

// model makes one model of all lines and of the totals.
func (a *assembly) model() (*estimate.Model, error) {
	var inputs []estimate.Input
	for _, in := range a.inputs {
		inputs = append(inputs, estimate.Input{Name: in.Key, Unit: a.specs[in.Key].Unit, Range: in.Range})
	}
	params, err := parameters()
	if err != nil {
		return nil, err
	}
	for _, s := range params.Parameters {
		if spec, ok := a.specs[s.Name]; ok && spec.Formula != nil {
			inputs = append(inputs, estimate.Input{Name: s.Name, Unit: s.Unit, Formula: s.Formula})
		}
	}
	var outputs []estimate.Output
	for _, l := range a.lines {
		outputs = append(outputs, estimate.Output{Name: "line " + l.ID, Unit: l.Unit, Terms: []estimate.Term{l.term()}, Brief: true})
	}
	for _, s := range params.Sums {
		for _, ledger := range Ledgers() {
			if out, ok := a.total(ledger, s.ID); ok {
				outputs = append(outputs, out)
			}
		}
	}
	return estimate.NewModel(inputs, outputs, a.correlations(inputs))
}

// correlations keeps those between inputs that vary; a fixed number goes with nothing.
func (a *assembly) correlations(inputs []estimate.Input) []estimate.Correlation {
	varies := func(name string) bool {
		i := slices.IndexFunc(inputs, func(in estimate.Input) bool { return in.Name == name })
		return i < 0 || inputs[i].Formula != nil || inputs[i].Range.Kind() != estimate.Fixed
	}
	var keep []estimate.Correlation
	for _, k := range a.e.Correlations {
		if varies(k.A) && varies(k.B) {
			keep = append(keep, k)
		}
	}
	return keep
}

func (l assembled) term() estimate.Term {
	return estimate.Term{Formula: l.Formula, Bind: l.bind, Minus: l.Effect == Cost}
}

func totalName(l Ledger, sum string) string { return "total " + string(l) + " " + sum }

// total is the output that adds the counted lines of one ledger and sum. A line
// that is part of another is taken off the whole, so that no hour counts twice.
func (a *assembly) total(ledger Ledger, sum string) (estimate.Output, bool) {
	out := estimate.Output{Name: totalName(ledger, sum)}
	for _, l := range a.lines {
		if l.Ledger == ledger && l.Sum == sum && l.counted {
			out.Unit = l.Unit
			out.Terms = append(out.Terms, l.term())
		}
		if l.PartOf == "" || !l.counted {
			continue
		}
		whole := slices.IndexFunc(a.lines, func(w assembled) bool {
			return w.ID == l.PartOf && w.Ledger == ledger && w.Sum == sum && w.counted && w.Sum != l.Sum
		})
		if whole >= 0 {
			t := l.term()
			t.Minus = !t.Minus
			out.Terms = append(out.Terms, t)
		}
	}
	return out, len(out.Terms) > 0 && !out.Unit.IsZero()
}

// ledger fills one ledger's lines and totals.
func (a *assembly) ledger(r *LedgerReport, ledger Ledger, m *estimate.Model, run *estimate.Run) error {
	for _, l := range a.lines {
		if l.Ledger != ledger {
			continue
		}
		name := "line " + l.ID
		exact, err := m.Exact(name)
		if err != nil {
			return err
		}
		res := run.Result(name)
		line := LineReport{
			Line: l.ID, Name: l.Name, Effect: l.Effect, OneOff: l.OneOff, Private: l.Private, Words: l.Words, Formula: l.Formula.String(), Unit: withCurrency(l.Unit, a.b.Currency),
			Mean: res.Mean, Quantiles: res.Quantiles, Counted: l.counted, Why: l.why, Notes: l.Notes,
		}
		if l.entry.Note != "" {
			line.Notes = append(slices.Clone(l.Notes), l.entry.Note)
		}
		if line.Likely, err = rounded(exact, l.Unit, a.b.Currency); err != nil {
			return err
		}
		for _, in := range m.Used(name) {
			line.Inputs = append(line.Inputs, in.Name)
		}
		r.Lines = append(r.Lines, line)
	}
	params, err := parameters()
	if err != nil {
		return err
	}
	for _, s := range params.Sums {
		if _, ok := a.total(ledger, s.ID); !ok {
			continue
		}
		t, err := a.totalReport(s, totalName(ledger, s.ID), m, run)
		if err != nil {
			return err
		}
		r.Totals = append(r.Totals, t)
	}
	return nil
}

func (a *assembly) totalReport(s Sum, name string, m *estimate.Model, run *estimate.Run) (Total, error) {
	res := run.Result(name)
	t := Total{
		Sum: s.ID, Name: s.Name, Unit: withCurrency(res.Unit, a.b.Currency), Mean: res.Mean, SD: res.SD, Quantiles: res.Quantiles,
		BelowZero: res.Below, Twenty: res.Twenty, Error: res.Error, Step: res.Step, result: res,
	}
	exact, err := m.Exact(name)
	if err != nil {
		return t, err
	}
	if t.Likely, err = rounded(exact, res.Unit, a.b.Currency); err != nil {
		return t, err
	}
	q := res.Quantiles
	t.Rounded = Rounded{Mean: res.Round(res.Mean), P5: res.Round(q.P5), P10: res.Round(q.P10), P50: res.Round(q.P50), P90: res.Round(q.P90), P95: res.Round(q.P95)}
	for i, v := range res.Twenty {
		t.Rounded.Twenty[i] = res.Round(v)
	}
	t.Assumptions = a.assumptions(m.Used(name))
	if t.Tornado, err = m.Tornado(name); err != nil {
		return t, err
	}
	if !a.b.WithoutIndices {
		if t.Sensitivity, err = m.Sensitivity(name, estimate.Options{Seed: a.b.Seed, Workers: a.b.Workers}); err != nil {
			return t, err
		}
	}
	if len(t.Tornado.Bars) > 0 {
		top := t.Tornado.Bars[0]
		t.BreakEven = &BreakEven{Input: top.Input, Unit: withCurrency(top.Unit, a.b.Currency), Value: top.Zero, Below: top.Zero == nil && t.Tornado.Base < 0}
	}
	return t, nil
}

// assumptions counts the inputs a total rests on that nobody else stands behind.
func (a *assembly) assumptions(used []estimate.Input) Assumptions {
	var n Assumptions
	for _, u := range used {
		i := slices.IndexFunc(a.inputs, func(in InputReport) bool { return in.Key == u.Name })
		if i < 0 || a.inputs[i].Constant {
			continue
		}
		n.Of++
		if k := a.inputs[i].Origin.Kind; k == cite.Assumption || k == "" {
			n.Assumed++
		}
	}
	if n.Of > 0 {
		n.Share = float64(n.Assumed) / float64(n.Of)
	}
	return n
}
