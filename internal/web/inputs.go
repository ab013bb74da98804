package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/estimate"
	"homecase/money"
	"homecase/packet"
	"homecase/savings"
)

// suggestedLines stand open on the page of inputs; the others wait in a fold.
// They are what most cases have numbers for, cash to the company first.
var suggestedLines = []string{"parking-employer", "overtime-avoided", "desk-energy", "equipment", "licences", "manager-time", "focused-time", "commute-time"}

// lineRow is a line of the catalogue with its inputs.
type lineRow struct {
	ID, Name, Words, Sign string
	Private, On           bool
	Inputs                []inputRow
	Conditions            []field
	Error                 string
}

// inputRow is a number that varies: lowest, likely, highest, and who says so.
type inputRow struct {
	field
	Kind    string
	Default string // what the catalogue offers, in words
	Unknown bool   // "I do not know": the catalogue's range, widened
	Picture packet.Bar
	HasBar  bool
}

type inputsView struct {
	Lines, More []lineRow
	All         bool       // More is shown too
	Shared      []inputRow // numbers that several lines use
	Left        []omission // usual costs, and why one is not counted
	Errors      []field
	From, Boss  string
	Unit        string
}

func showInputs(v *visit) error {
	a := v.fillInputs()
	if err := v.fillOmissions(a); err != nil {
		return err
	}
	return v.inputs(http.StatusOK, a)
}

// fillInputs puts the case's lines into the form.
func (v *visit) fillInputs() answers {
	a := newAnswers()
	for name, in := range v.kase().Money.Parameters {
		a.input("shared."+name, in)
	}
	for _, e := range v.kase().Money.Lines {
		a.Set("on-"+e.Line, "yes")
		for name, in := range e.Inputs {
			a.input(e.Line+"."+name, in)
		}
		for id, answer := range e.Answers {
			a.Set(e.Line+"?"+id, answer)
		}
	}
	return a
}

// input puts a number with its range and source into the form.
func (a answers) input(key string, in savings.Input) {
	low, likely, high := rangeTexts(in.Range)
	a.Set(key+"-low", low)
	a.Set(key+"-likely", likely)
	a.Set(key+"-high", high)
	a.Set(key+"-source", in.Source)
	a.Set(key+"-kind", string(in.Origin.Kind))
	if in.Unknown {
		a.Set(key+"-unknown", "yes")
	}
}

// inputsOf are the inputs a line asks for: its own, and of those that several
// lines share the ones that nobody has a value for, or that stand with it.
func (v *visit) inputsOf(l savings.Line, shared []savings.Spec) []savings.Spec {
	out := slices.Clone(l.Inputs)
	i := slices.IndexFunc(v.kase().Money.Lines, func(e savings.Entry) bool { return e.Line == l.ID })
	for _, s := range shared {
		_, hasDefault := s.Default(currencyOf(v))
		_, given := v.kase().Money.Parameters[s.Name]
		stands := false
		if i >= 0 {
			_, stands = v.kase().Money.Lines[i].Inputs[s.Name]
		}
		if slices.Contains(l.Shared, s.Name) && s.Formula == nil && !s.Constant && (stands || !hasDefault && !given) {
			out = append(out, s)
		}
	}
	return out
}

// rangeTexts writes a range as three numbers; one number stands in the middle.
func rangeTexts(r estimate.Range) (low, likely, high string) {
	if r.Value.Set() {
		return "", r.Value.String(), ""
	}
	text := func(n estimate.Number) string {
		if !n.Set() {
			return ""
		}
		return n.String()
	}
	return cmp.Or(text(r.Low), text(r.P5)), text(r.Likely), cmp.Or(text(r.High), text(r.P95))
}

func (v *visit) inputs(status int, a answers) error {
	catalogue, err := savings.Catalogue()
	if err != nil {
		return err
	}
	shared, err := savings.Parameters()
	if err != nil {
		return err
	}
	view := inputsView{From: v.from(), All: a.Get("all") != "", Boss: v.boss(), Unit: v.kase().Locale().Currency}
	for _, spec := range shared {
		if _, given := v.kase().Money.Parameters[spec.Name]; given {
			view.Shared = append(view.Shared, v.inputRow("shared."+spec.Name, spec, a))
		}
	}
	for _, l := range catalogue {
		if l.Scope == "group" {
			continue // it means something only for many people
		}
		row := v.lineRow(l, v.inputsOf(l, shared), a)
		suggested := slices.Index(suggestedLines, l.ID)
		if suggested >= 0 || row.On {
			view.Lines = append(view.Lines, row)
		} else {
			view.More = append(view.More, row)
			view.All = view.All || row.Error != ""
		}
		if row.Error != "" {
			view.Errors = append(view.Errors, field{ID: "on-" + l.ID, Error: row.Error})
		}
		view.Errors = append(view.Errors, wrong(row.Inputs)...)
	}
	view.Errors = append(view.Errors, wrong(view.Shared)...)
	if view.Left, err = v.omissions(a); err != nil {
		return err
	}
	for _, o := range view.Left {
		if o.Error != "" {
			view.Errors = append(view.Errors, field{ID: o.ID, Error: o.Error})
		}
	}
	slices.SortStableFunc(view.Lines, func(x, y lineRow) int { return lineOrder(x.ID) - lineOrder(y.ID) })
	return v.show(status, "inputs", page{Title: "What could change in a year?", Tab: "case", Back: "/case", Error: len(view.Errors) > 0}, view)
}

func lineOrder(id string) int {
	if i := slices.Index(suggestedLines, id); i >= 0 {
		return i
	}
	return len(suggestedLines)
}

// wrong are the inputs with an error, for the summary.
func wrong(rows []inputRow) []field {
	var out []field
	for _, in := range rows {
		if in.Error != "" {
			out = append(out, field{ID: in.ID + "-low", Error: in.Error})
		}
	}
	return out
}

func (v *visit) inputRow(key string, spec savings.Spec, a answers) inputRow {
	in := inputRow{Kind: cmp.Or(a.Get(key+"-kind"), string(cite.Assumption)), Unknown: a.Get(key+"-unknown") != ""}
	in.field = field{ID: "i-" + strings.ReplaceAll(key, ".", "-"), Name: key, Label: spec.Words, Hint: spec.Note, Suffix: v.unit(spec.Unit), Error: a.bad[key],
		Low: a.Get(key + "-low"), Likely: a.Get(key + "-likely"), High: a.Get(key + "-high"), Source: a.Get(key + "-source")}
	if d, ok := spec.Default(currencyOf(v)); ok {
		low, likely, high := rangeTexts(d.Range)
		in.Default = v.say(v.s.label("input-default"), "{low}", cmp.Or(low, likely), "{likely}", likely, "{high}", cmp.Or(high, likely), "{source}", d.Source)
	}
	low, lowErr := readNumber(in.Low)
	high, highErr := readNumber(in.High)
	if lowErr == nil && highErr == nil && high > low && low >= 0 {
		in.Picture, in.HasBar = packet.Bar{From: low, To: high, Max: high, Fill: packet.FillLow}, true
	}
	return in
}

func (v *visit) lineRow(l savings.Line, asked []savings.Spec, a answers) lineRow {
	row := lineRow{ID: l.ID, Name: l.Name, Words: l.Words, Private: l.Private || l.Ledger == savings.EmployeeCash, On: a.Get("on-"+l.ID) != "", Sign: "saves", Error: a.bad["on-"+l.ID]}
	if l.Effect == savings.Cost {
		row.Sign = "costs"
	}
	for _, spec := range asked {
		in := v.inputRow(l.ID+"."+spec.Name, spec, a)
		row.Inputs = append(row.Inputs, in)
	}
	for _, c := range l.Conditions {
		f := field{ID: "c-" + l.ID + "-" + c.ID, Name: l.ID + "?" + c.ID, Label: c.Ask}
		for i, o := range []option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}} {
			o.ID, o.On = f.ID+"-"+itoa(i+1), a.Get(f.Name) == o.Value
			f.Options = append(f.Options, o)
		}
		row.Conditions = append(row.Conditions, f)
	}
	return row
}

func currencyOf(v *visit) money.Currency {
	c, err := money.ParseCurrency(v.kase().Locale().Currency)
	if err != nil {
		return ""
	}
	return c
}

// unit writes money/day as GBP a day, and money/hour as GBP an hour.
func (v *visit) unit(u estimate.Unit) string {
	return strings.NewReplacer("money", v.kase().Locale().Currency, "/hour", " an hour", "/", " a ").Replace(u.String())
}

// saveInputs keeps the lines that are counted, with what the person said.
func saveInputs(v *visit) error {
	catalogue, err := savings.Catalogue()
	if err != nil {
		return err
	}
	shared, err := savings.Parameters()
	if err != nil {
		return err
	}
	a := answers{v.form(), map[string]string{}}
	if v.form().Get("do") == "all" {
		a.Set("all", "yes")
		return v.inputs(http.StatusOK, a)
	}
	try := *v.kase()
	v.takeInputs(a, &try, catalogue, shared)
	if len(try.Money.Lines) > 0 {
		if err := v.takeOmissions(a, &try); err != nil {
			return err
		}
	}
	if len(a.bad) == 0 {
		problems, err := try.Problems()
		if err != nil {
			return err
		}
		for _, f := range problems {
			for i, e := range try.Money.Lines {
				if under(f.Place.Path, "money.lines["+itoa(i)+"]") {
					a.refuse("on-"+e.Line, "%s", strings.TrimSpace(f.Say+" "+f.Next))
				}
			}
		}
	}
	if len(a.bad) == 0 && len(try.Money.Lines) == 0 {
		a.refuse("on-"+suggestedLines[0], "%s", v.s.label("inputs-none"))
	}
	if len(a.bad) > 0 {
		return v.inputs(http.StatusUnprocessableEntity, a)
	}
	err = v.change("Saved the numbers about money", func(c *homecase.Case, course *homecase.Course) error {
		v.takeInputs(answers{v.form(), map[string]string{}}, c, catalogue, shared)
		course.Visit(homecase.TaskMoney, homecase.Answered)
		return v.takeOmissions(answers{v.form(), map[string]string{}}, c)
	})
	if err != nil {
		return err
	}
	if v.from() == "check" {
		return v.seeOther("/packet/check")
	}
	return v.seeOther("/case/money")
}

// takeInputs builds the lines anew. What the form does not show of a line, such
// as who confirmed it, stays as it was.
func (v *visit) takeInputs(a answers, c *homecase.Case, catalogue []savings.Line, shared []savings.Spec) {
	var lines []savings.Entry
	c.Money.Parameters = maps.Clone(c.Money.Parameters)
	for _, spec := range shared {
		if was, given := c.Money.Parameters[spec.Name]; given {
			if in, ok := v.takeInput(a, "shared."+spec.Name, spec, was); ok {
				c.Money.Parameters[spec.Name] = in
			} else {
				delete(c.Money.Parameters, spec.Name)
			}
		}
	}
	for _, l := range catalogue {
		i := slices.IndexFunc(c.Money.Lines, func(e savings.Entry) bool { return e.Line == l.ID })
		if l.Scope == "group" && i >= 0 {
			lines = append(lines, c.Money.Lines[i])
		}
		if l.Scope == "group" || a.Get("on-"+l.ID) == "" {
			continue
		}
		e := savings.Entry{Line: l.ID}
		if i >= 0 {
			e = c.Money.Lines[i]
		}
		was := e.Inputs
		e.Inputs, e.Answers = nil, nil
		for _, spec := range v.inputsOf(l, shared) {
			if in, ok := v.takeInput(a, l.ID+"."+spec.Name, spec, was[spec.Name]); ok {
				if e.Inputs == nil {
					e.Inputs = map[string]savings.Input{}
				}
				e.Inputs[spec.Name] = in
			}
		}
		for _, cond := range l.Conditions {
			if answer := a.Get(l.ID + "?" + cond.ID); answer == "yes" || answer == "no" {
				if e.Answers == nil {
					e.Answers = map[string]string{}
				}
				e.Answers[cond.ID] = answer
			}
		}
		lines = append(lines, e)
	}
	for _, e := range c.Money.Lines { // lines of the person's own
		if !slices.ContainsFunc(catalogue, func(l savings.Line) bool { return l.ID == e.Line }) {
			lines = append(lines, e)
		}
	}
	if slices.EqualFunc(lines, c.Money.Lines, func(x, y savings.Entry) bool { return x.Line == y.Line }) {
		c.Money.Lines = lines
		return
	}
	order := map[string]int{}
	for i, e := range c.Money.Lines {
		order[e.Line] = i + 1
	}
	slices.SortStableFunc(lines, func(x, y savings.Entry) int {
		return cmp.Or(cmp.Compare(placeIn(order, x.Line), placeIn(order, y.Line)), 0)
	})
	c.Money.Lines = lines
	for i := len(c.Money.LeftOut) - 1; i >= 0; i-- { // what is counted is not left out
		if slices.ContainsFunc(lines, func(e savings.Entry) bool { return e.Line == c.Money.LeftOut[i].Line }) {
			c.Money.LeftOut = slices.Delete(slices.Clone(c.Money.LeftOut), i, i+1)
		}
	}
}

// placeIn is where a line stood; new ones come last.
func placeIn(order map[string]int, id string) int {
	if n := order[id]; n > 0 {
		return n
	}
	return 1 << 20
}

// takeInput reads one number with its range and source. Nothing typed means the
// catalogue's own, where it has one.
func (v *visit) takeInput(a answers, key string, spec savings.Spec, was savings.Input) (savings.Input, bool) {
	texts := [3]string{a.line(key + "-low"), a.line(key + "-likely"), a.line(key + "-high")}
	wasLow, wasLikely, wasHigh := rangeTexts(was.Range)
	source, kind := a.line(key+"-source"), cite.Kind(a.line(key+"-kind"))
	if was.Origin.Kind != "" && texts == [3]string{wasLow, wasLikely, wasHigh} && source == was.Source && (kind == was.Origin.Kind || kind == "") {
		return was, true // nothing was changed
	}
	_, hasDefault := spec.Default(currencyOf(v))
	if hasDefault && a.Get(key+"-unknown") != "" {
		if texts != ([3]string{}) {
			a.refuse(key, "%s", v.s.label("input-both"))
		}
		return savings.Input{Unknown: true}, true
	}
	if texts == ([3]string{}) {
		if !hasDefault {
			a.refuse(key, "%s", v.say(v.s.label("input-missing"), "{what}", lowerFirst(spec.Words)))
		}
		return savings.Input{}, false
	}
	var n [3]estimate.Number
	for i, text := range texts {
		f, err := readNumber(text)
		if err != nil {
			a.refuse(key, "%s", v.s.label(map[bool]string{true: "input-three", false: "input-number"}[text == ""]))
			return savings.Input{}, false
		}
		if n[i], err = estimate.ParseNumber(formatNumber(f)); err != nil {
			a.refuse(key, "%s", v.s.label("input-number"))
			return savings.Input{}, false
		}
	}
	if n[0].Cmp(n[1]) > 0 || n[1].Cmp(n[2]) > 0 || n[0].Cmp(n[2]) == 0 {
		a.refuse(key, "%s", v.s.label("input-order"))
		return savings.Input{}, false
	}
	in := savings.Input{Range: estimate.Three(n[0], n[1], n[2]), Unit: was.Unit, Origin: cite.Origin{Kind: kind, Source: source, Date: v.today()}}
	if kind == "" {
		in.Origin.Kind = cite.Assumption
	}
	if !in.Known() {
		a.refuse(key, "%s", v.say(v.s.label("input-source"), "{what}", lowerFirst(spec.Words)))
	}
	return in, true
}
