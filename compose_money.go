package homecase

import (
	"fmt"
	"math"
	"strings"

	"homecase/cite"
	"homecase/estimate"
	"homecase/fault"
	"homecase/money"
	"homecase/packet"
	"homecase/savings"
)

// Estimate computes the money of a case, with the sensitivity indices; seed
// replaces the case's own.
func (c *Case) Estimate(seed *uint64) (savings.Report, error) {
	basis, err := c.basis()
	if err != nil {
		return savings.Report{}, err
	}
	if seed != nil {
		basis.Seed = *seed
	}
	return c.Money.Compute(basis)
}

// EstimateForPages computes the money of a case as packets and pages show it:
// without the sensitivity indices, which take most of the time.
func (c *Case) EstimateForPages() (savings.Report, error) {
	basis, err := c.basis()
	if err != nil {
		return savings.Report{}, err
	}
	basis.WithoutIndices = true
	return c.Money.Compute(basis)
}

// basis is what the estimate needs from the rest of the case.
func (c *Case) basis() (savings.Basis, error) {
	currency, err := money.ParseCurrency(c.Locale().Currency)
	if err != nil {
		return savings.Basis{}, fault.New(fault.Invalid, "HC-CASE-07", "%q is not a currency. Write three capital letters, like GBP.", c.Currency).At(fault.Place{Path: "currency"}).Because(err)
	}
	days, err := estimate.ParseNumber(fmt.Sprint(c.Plan.AskedDays()))
	if err != nil {
		return savings.Basis{}, fmt.Errorf("days of the plan: %w", err)
	}
	return savings.Basis{Currency: currency, HomeDays: days, Seed: c.Seed}, nil
}

// moneyFacts computes the estimate and records its numbers.
func (k *composer) moneyFacts() error {
	if len(k.c.Money.Lines) == 0 {
		return nil
	}
	report, err := k.estimate()
	if err != nil {
		return err
	}
	k.money = report
	if err := stopping(report.Findings); err != nil {
		return err
	}
	b := k.b
	b.Fact(cite.Fact{ID: "money", Text: "What home days save and cost in a year.", Origin: cite.Origin{Kind: cite.Assumption, Source: "estimate from the inputs of appendix B"}})
	b.Set("money.seed", fmt.Sprint(report.Seed), "as given", "money")
	for _, in := range report.Inputs {
		b.Fact(cite.Fact{ID: inputFact(in.Key), Text: capital(in.Words) + ".", Unit: in.Unit, Origin: in.Origin})
	}
	if t := report.Headline; t != nil {
		k.headlineFacts(t)
	}
	for _, l := range report.Ledgers {
		for _, line := range l.Lines {
			k.lineFacts(l, line)
		}
	}
	for i, o := range report.LeftOut {
		b.Set(nth("leftout", i)+".name", o.Name, "as given", "money")
		b.Set(nth("leftout", i)+".why", sentence(o.Why), "as given", "money")
	}
	return nil
}

func (k *composer) estimate() (savings.Report, error) {
	if k.o.Money != nil {
		return *k.o.Money, nil
	}
	return k.c.EstimateForPages()
}

// stopping returns the findings that stop a packet.
func stopping(findings []savings.Finding) error {
	var list fault.List
	for _, f := range findings {
		if f.Stops {
			list = append(list, fault.New(fault.Finding, f.Code, "%s", f.Say).At(fault.Place{Path: "money." + f.Line}).Then("%s", f.Next))
		}
	}
	return list.OrNil()
}

func inputFact(key string) string { return "input." + key }

// headlineFacts records the employer's cash in round numbers.
func (k *composer) headlineFacts(t *savings.Total) {
	b, r := k.b, t.Rounded
	ids := []string{"money"}
	b.Set("money.low", k.money0(r.P10), "the tenth hundredth of the draws", ids...)
	b.Set("money.high", k.money0(r.P90), "the ninetieth hundredth of the draws", ids...)
	b.Set("money.cost-low", k.money0(-r.P90), "the ninetieth hundredth of the draws, as a cost", ids...)
	b.Set("money.cost-high", k.money0(-r.P10), "the tenth hundredth of the draws, as a cost", ids...)
	b.Set("money.middle", k.money0(r.P50), "the middle of the draws", ids...)
	losses := 0
	for _, v := range r.Twenty {
		if v < 0 {
			losses++
		}
	}
	b.Count("money.dots", float64(len(t.Twenty)), 0, "as many as can be counted on a page", ids...)
	b.Count("money.losses", float64(losses), 0, "results below zero", ids...)
	b.Set("money.loss-words", k.lossWords(losses, len(t.Twenty)), "results below zero", ids...)
	b.Count("money.gains", float64(len(t.Twenty)-losses), 0, "results not below zero", ids...)
	b.Count("money.assumed", float64(t.Assumptions.Assumed), 0, "inputs that are assumptions", ids...)
	b.Count("money.inputs", float64(t.Assumptions.Of), 0, "inputs", ids...)
	b.Set("money.loss-chance", k.chance(t.BelowZero), "the share of draws below zero", ids...)
	b.Set("money.points", fmt.Sprintf("%s × %s", k.l.Number(float64(k.money.Scrambles), 0), k.l.Number(float64(k.money.Points), 0)), "scrambles times points", ids...)
	for i, v := range r.Twenty {
		b.Set(nth("dot", i), k.money0(v), "one of the equally likely results, in order", ids...)
	}
	b.Set("tornado.base", k.money0(t.Round(t.Tornado.Base)), "the result with every input at its middle", "money")
	b.Count("tornado.others", float64(max(0, len(t.Tornado.Bars)-shownBars)), 0, "inputs whose bars are not shown", ids...)
	for i, bar := range k.bars(t) {
		ref, in := nth("tornado", i), k.input(bar.Input)
		low, high := bar.AtP5, bar.AtP95
		from, to := bar.P5, bar.P95
		if low > high {
			low, high, from, to = high, low, to, from
		}
		fact := inputFact(bar.Input)
		b.Set(ref+".name", in.Words, "an input", fact)
		b.Set(ref+".low", k.money0(t.Round(low)), "the result with this input at its worse end", "money", fact)
		b.Set(ref+".high", k.money0(t.Round(high)), "the result with this input at its better end", "money", fact)
		b.Set(ref+".from", k.amount(roundTo(from), in.Unit), "its own worse end", fact)
		b.Set(ref+".to", k.amount(roundTo(to), in.Unit), "its own better end", fact)
		b.Set(ref+".source", k.inputNote(in), "as given", fact)
		if i == 0 {
			b.Set("tornado.first", lower(in.Words), "the input with the widest bar", fact)
			b.Set("tornado.first-low", k.money0(t.Round(low)), "the result at its worse end", "money", fact)
			b.Set("tornado.first-high", k.money0(t.Round(high)), "the result at its better end", "money", fact)
		}
	}
}

// lossWords end the sentence about the dots.
func (k *composer) lossWords(losses, of int) string {
	switch losses {
	case 0:
		return "; none loses money"
	case 1:
		return "; 1 loses money"
	case of:
		return "; all cost money"
	}
	return "; " + k.l.Number(float64(losses), 0) + " lose money"
}

// shownBars is how many inputs the tornado shows; the rest move the result least.
const shownBars = 7

func (k *composer) bars(t *savings.Total) []estimate.Bar {
	return t.Tornado.Bars[:min(len(t.Tornado.Bars), shownBars)]
}

func (k *composer) input(key string) savings.InputReport {
	in, ok := k.money.Input(key)
	if !ok {
		in.Words = key
	}
	return in
}

func (k *composer) money0(v float64) string { return k.l.Money(v, 0) }

func (k *composer) chance(p float64) string {
	switch n := math.Round(p * 100); {
	case p == 0:
		return "under 1 in 100"
	case n < 1:
		return "under 1 in 100"
	case n > 99:
		return "over 99 in 100"
	default:
		return k.l.Number(n, 0) + " in 100"
	}
}

// amount writes a value with its unit: £8 a day, 20 hours, 45%.
func (k *composer) amount(v float64, unit string) string {
	base, per, _ := strings.Cut(unit, "/")
	var s string
	switch {
	case base == "money" || len(base) == 3 && strings.ToUpper(base) == base:
		places := 0
		if v != math.Trunc(v) {
			places = 2
		}
		s = k.l.Money(v, places)
	case base == "share":
		s = k.l.Percent(v, 1)
	default:
		s = k.l.Number(v, 4) // an input of 0.25 is printed as given
		if base != "" && base != "1" {
			s += " " + unitWords(base, v)
		}
	}
	if per != "" {
		article := " a "
		if per == "hour" || per == "hours" || per == "h" {
			article = " an "
		}
		s += article + unitWords(per, 1)
	}
	return s
}

// unitWords writes a unit as a word for one or many.
func unitWords(unit string, v float64) string {
	one := map[string]string{"hours": "hour", "hour": "hour", "h": "hour", "days": "day", "day": "day", "weeks": "week", "week": "week", "months": "month", "month": "month", "years": "year", "year": "year", "people": "person", "minutes": "minute", "min": "minute", "miles": "mile", "mile": "mile", "litre": "litre", "gallon": "gallon"}[unit]
	switch {
	case one == "":
		return unit
	case v == 1:
		return one
	case one == "person":
		return "people"
	}
	return one + "s"
}

// lineFacts records one line of a ledger.
func (k *composer) lineFacts(l savings.LedgerReport, line savings.LineReport) {
	ref := packet.Ref("line." + line.Line)
	q := line.Quantiles
	show := func(v float64) string { return k.amount(roundTo(v), line.Unit) }
	facts := []string{"money"}
	for _, in := range line.Inputs {
		facts = append(facts, inputFact(in))
	}
	k.b.Set(ref+".name", line.Name, "a line of the catalogue", facts...)
	k.b.Set(ref+".formula", line.Words, "in words", facts...)
	k.b.Set(ref+".least", k.l.Number(roundTo(q.P5), 4), "the fifth hundredth of the draws", facts...)
	k.b.Set(ref+".low", show(q.P5), "the fifth hundredth of the draws", facts...)
	k.b.Set(ref+".middle", show(q.P50), "the middle of the draws", facts...)
	k.b.Set(ref+".high", show(q.P95), "the ninety-fifth hundredth of the draws", facts...)
}

// roundTo keeps two digits of a line: the draws bear no more.
func roundTo(v float64) float64 {
	if v == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	return math.Round(v/unit) * unit
}

// signed picks the phrase for an estimate that saves, that costs, or whose
// range holds both.
func (k *composer) signed(id string) string {
	switch r := k.money.Headline.Rounded; {
	case r.P90 < 0:
		return id + "-cost"
	case r.P10 < 0:
		return id + "-mixed"
	}
	return id
}

// moneySummary is the third fact of the first page.
func (k *composer) moneySummary() []packet.Block {
	t := k.money.Headline
	if t == nil {
		return nil
	}
	head, ids := "summary.money-head", []string{k.signed("summary.money"), "summary.money-dots"}
	if t.Rounded.P90 < 0 {
		head += "-cost"
	}
	if t.Assumptions.Assumed > 0 {
		ids = append(ids, "summary.money-assumed")
	} else {
		ids = append(ids, "summary.money-assumed-none")
	}
	return []packet.Block{
		packet.Heading{Level: 3, Text: k.b.Says("", head)},
		packet.Para{Text: k.b.Says("", ids...), Evidence: k.b.Says("", "summary.money-evidence")},
		k.dots(t),
	}
}

func (k *composer) dots(t *savings.Total) packet.Block {
	axis := k.moneyAxis(t.Rounded.Twenty[0], t.Rounded.Twenty[len(t.Twenty)-1])
	chart := packet.Dots{Axis: axis, Values: t.Rounded.Twenty[:]}
	return packet.Figure{ID: "dots", Chart: chart, Alt: k.b.Says("", "summary.money-alt"), Data: k.dotsTable()}
}

// dotsTable lists the results in order, five to a row.
func (k *composer) dotsTable() *packet.Table {
	const across = 5
	t := &packet.Table{ID: "dots-data", Caption: k.b.Says("", "money.dots-caption")}
	for range across {
		t.Columns = append(t.Columns, packet.Column{Head: k.b.Says("", "money.head-result"), Right: true})
	}
	n := len(k.money.Headline.Twenty)
	for first := 0; first < n; first += across {
		var row packet.Row
		for i := first; i < min(first+across, n); i++ {
			row.Cells = append(row.Cells, packet.Cell{Text: k.b.Text(nth("dot", i))})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// moneyAxis is an axis of round amounts that holds both ends and zero.
func (k *composer) moneyAxis(low, high float64) packet.Axis {
	low, high = math.Min(low, 0), math.Max(high, 0)
	step := niceStep((high - low) / 4)
	a := packet.Axis{Min: math.Floor(low/step) * step, Max: math.Ceil(high/step) * step}
	if a.Max == a.Min {
		a.Max = a.Min + step
	}
	for n := 0; ; n++ {
		at := a.Min + float64(n)*step
		if at > a.Max+step/2 {
			return a
		}
		ref := packet.Ref("axis." + fmt.Sprint(at))
		k.b.Set(ref, k.money0(at), "a mark of the scale", "money")
		a.Ticks = append(a.Ticks, packet.Tick{At: at, Label: k.b.Span(ref)})
	}
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that is at least s.
func niceStep(s float64) float64 {
	if s <= 0 || math.IsInf(s, 0) || math.IsNaN(s) {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(s)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*p >= s-1e-9 {
			return m * p
		}
	}
	return 10 * p
}

func (k *composer) moneySection() (packet.Section, bool) {
	t := k.money.Headline
	if t == nil {
		return packet.Section{}, false
	}
	b := k.b
	s := packet.Section{ID: "money", Label: k.label("money.label"), Level: 2}
	s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "money.intro", "money.range", "money.chance-loss", "money.error")}, k.lineTable())
	if len(t.Tornado.Bars) > 0 {
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "money.tornado-head")}, packet.Para{Text: b.Says("", "money.tornado")}, k.tornado(t))
		if len(t.Tornado.Bars) > shownBars {
			s.Blocks = append(s.Blocks, packet.Para{Style: packet.Note, Text: b.Says("", "money.tornado-others")})
		}
	}
	s.Blocks = append(s.Blocks, k.timeBlocks()...)
	if len(k.money.LeftOut) > 0 {
		var items []packet.Text
		for i := range k.money.LeftOut {
			items = append(items, b.Says(nth("leftout", i), "money.out"))
		}
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "money.out-head")}, packet.List{Items: items})
	}
	return s, true
}

// lineTable lists the employer's cash lines.
func (k *composer) lineTable() packet.Block {
	b := k.b
	t := packet.Table{ID: "lines", Caption: b.Says("", "money.lines-caption"), Columns: []packet.Column{
		{Head: b.Says("", "money.head-line"), Width: .46}, {Head: b.Says("", "money.head-low"), Right: true, Width: .18}, {Head: b.Says("", "money.head-middle"), Right: true, Width: .18}, {Head: b.Says("", "money.head-high"), Right: true, Width: .18},
	}}
	for _, line := range k.money.Ledger(savings.EmployerCash).Lines {
		ref := packet.Ref("line." + line.Line)
		name := b.Text(ref + ".name")
		if line.Effect == savings.Cost {
			name[0].Spans = append(name[0].Spans, packet.Span{Text: " (cost)"})
		}
		if !line.Counted {
			name[0].Spans = append(name[0].Spans, packet.Span{Text: " (not counted)"})
		}
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: name}, {Text: b.Text(ref + ".low")}, {Text: b.Text(ref + ".middle")}, {Text: b.Text(ref + ".high")}}})
	}
	return t
}

func (k *composer) tornado(t *savings.Total) packet.Block {
	b := k.b
	low, high := t.Rounded.P50, t.Rounded.P50
	for _, bar := range k.bars(t) {
		low, high = min(low, bar.AtP5, bar.AtP95), max(high, bar.AtP5, bar.AtP95)
	}
	low, high = min(low, 0), max(high, 0) // no marks: the lines at nothing and at the middle carry the labels
	air := (high - low) / 40
	chart := packet.Tornado{Axis: packet.Axis{Min: low - air, Max: high + air}, Likely: packet.Tick{At: t.Tornado.Base, Label: b.Span("tornado.base")}, Zero: packet.Tick{At: 0, Label: k.spanOf("tornado.zero", k.money0(0), "nothing")}}
	data := packet.Table{ID: "tornado-data", Caption: b.Says("", "money.tornado-head"), Columns: []packet.Column{{Head: b.Says("", "money.head-input")}, {Head: b.Says("", "money.head-worse"), Right: true}, {Head: b.Says("", "money.head-better"), Right: true}}}
	for i, bar := range k.bars(t) {
		ref := nth("tornado", i)
		row := packet.TornadoRow{Name: b.Span(ref + ".name"), Notes: []packet.Text{b.Says(ref, "money.from-to"), b.Text(ref + ".source")},
			Low: min(bar.AtP5, bar.AtP95), High: max(bar.AtP5, bar.AtP95), LowLabel: b.Span(ref + ".low"), HighLabel: b.Span(ref + ".high")}
		chart.Rows = append(chart.Rows, row)
		data.Rows = append(data.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Text(ref + ".name")}, {Text: b.Text(ref + ".low")}, {Text: b.Text(ref + ".high")}}})
	}
	return packet.Figure{ID: "tornado", Chart: chart, Alt: b.Says("", "money.tornado-alt"), Data: &data}
}

// spanOf records a number and returns it at once.
func (k *composer) spanOf(ref packet.Ref, printed, how string) packet.Span {
	k.b.Set(ref, printed, how, "money")
	return k.b.Span(ref)
}

// timeBlocks are the third ledger, in its own units.
func (k *composer) timeBlocks() []packet.Block {
	var items []packet.Text
	for _, line := range k.money.Ledger(savings.TimeAndOther).Lines {
		items = append(items, k.b.Says(packet.Ref("line."+line.Line), "money.time"))
	}
	if len(items) == 0 {
		return nil
	}
	return []packet.Block{packet.Heading{Level: 3, Text: k.b.Says("", "money.time-head")}, packet.List{Items: items}, packet.Para{Style: packet.Note, Text: k.b.Says("", "money.time-minus", "money.time-note")}}
}

// workingSection is appendix B: every input, formula and number.
func (k *composer) workingSection() packet.Section {
	b := k.b
	s := packet.Section{ID: "working", Label: k.label("working.label"), Level: 2}
	s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "working.intro", "working.proves")})
	if len(k.money.Inputs) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "working.seed")}, k.inputTable())
	var formulas []packet.Text
	for _, l := range k.money.Ledgers {
		for _, line := range l.Lines {
			formulas = append(formulas, b.Says(packet.Ref("line."+line.Line), "working.formula"))
		}
	}
	s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "working.formulas-head")}, packet.List{Items: formulas})
	if k.money.Headline != nil {
		s.Blocks = append(s.Blocks, *k.dotsTable())
	}
	return s
}

// inputNote is where an input comes from in one line of a chart; appendix B
// has all of it.
func (k *composer) inputNote(in savings.InputReport) string {
	o := in.Origin
	switch {
	case o.Kind == cite.Assumption && in.Default:
		return "homecase's assumption"
	case o.Kind == cite.Assumption:
		return "my assumption"
	}
	o.Source, _, _ = strings.Cut(o.Source, ": ")
	return k.originWords(o)
}

// inputOrigin says where an input comes from; what the person left to the
// catalogue is not the person's own assumption.
func (k *composer) inputOrigin(in savings.InputReport) string {
	if in.Default && in.Origin.Kind == cite.Assumption {
		return "homecase's assumption: " + in.Origin.Source
	}
	return k.originWords(in.Origin)
}

func (k *composer) inputTable() packet.Block {
	b := k.b
	t := packet.Table{ID: "inputs", Caption: b.Says("", "working.inputs-caption"), Columns: []packet.Column{
		{Head: b.Says("", "working.head-input"), Width: .34}, {Head: b.Says("", "working.head-low"), Right: true, Width: .13}, {Head: b.Says("", "working.head-likely"), Right: true, Width: .13},
		{Head: b.Says("", "working.head-high"), Right: true, Width: .13}, {Head: b.Says("", "working.head-from"), Width: .27},
	}}
	for _, in := range k.money.Inputs {
		ref, fact := packet.Ref("input."+in.Key), inputFact(in.Key)
		cell := func(key string, n estimate.Number) packet.Cell {
			if !n.Set() {
				return packet.Cell{}
			}
			b.Set(ref+packet.Ref(key), k.amount(n.Float(), in.Unit), "as given", fact)
			return packet.Cell{Text: b.Text(ref + packet.Ref(key))}
		}
		b.Set(ref+".words", in.Words, "as given", fact)
		b.Set(ref+".from", k.inputOrigin(in), "as given", fact)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Text(ref + ".words")}, cell(".low", in.Range.Lowest()), cell(".likely", in.Range.Middle()), cell(".high", in.Range.Highest()), {Text: b.Text(ref + ".from")}}})
	}
	return t
}
