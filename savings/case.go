package savings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"homecase/cite"
	"homecase/estimate"
	"homecase/fault"
)

// Input is what a case says about one number: a range or a value, and who says so.
type Input struct {
	estimate.Range
	// Unit is the unit of your numbers when it is not the line's own, such as GBP/litre or km/day.
	Unit estimate.Unit `json:"unit,omitzero"`
	// Unknown is true when you do not know; the line's own range is used, twice as wide, and printed as an assumption.
	Unknown bool `json:"unknown,omitempty"`
	cite.Origin
}

// Check refuses numbers that cannot be a range.
func (in Input) Check() fault.List {
	if in.Unknown && in.Range.IsZero() {
		return nil
	}
	if in.Unknown {
		return fault.List{fault.New(fault.Invalid, CodeInput, "Give numbers, or write unknown: true, not both.").At(fault.Place{Path: "unknown"})}
	}
	return in.Range.Check()
}

// IsZero tells whether nothing was said.
func (in Input) IsZero() bool { return in == Input{} }

// Entry is one line of the case.
type Entry struct {
	// Line is the id of a line of the catalogue (homecase savings lines) or of one of your own.
	Line string `json:"line"`
	// Inputs gives the line's numbers by name; what is missing takes the catalogue's default and prints as such.
	Inputs map[string]Input `json:"inputs,omitempty"`
	// Answers answers the line's questions with yes or no, such as released: yes.
	Answers map[string]string `json:"answers,omitempty"`
	// ConfirmedBy names who confirmed the line and when, such as "R. Osei, Finance, 3 November".
	ConfirmedBy string `json:"confirmed_by,omitempty"`
	// Share puts a private line into the packet. Without it your own money and travel stay with you.
	Share bool `json:"share,omitempty"`
	// Note is a sentence printed with the line.
	Note string `json:"note,omitempty"`
}

// LeftOut is a line that was left out on purpose.
type LeftOut struct {
	// Line is the id of the line.
	Line string `json:"line"`
	// Why says in a sentence why it is left out; the packet prints it.
	Why string `json:"why"`
}

// Trade is a benefit you might give up. It is private and never enters a packet.
type Trade struct {
	// Benefit is the id of a benefit, such as parking.
	Benefit string `json:"benefit"`
	// Note is for you.
	Note string `json:"note,omitempty"`
}

// Estimate is the money group of a case file.
type Estimate struct {
	// HomeDays is the number of home days a week; leave it out to take the plan's.
	HomeDays Input `json:"home_days,omitzero"`
	// Parameters gives numbers that several lines share, such as weeks_per_year.
	Parameters map[string]Input `json:"parameters,omitempty"`
	// Lines are the savings and costs that are counted.
	Lines []Entry `json:"lines,omitempty"`
	// Own are lines of your own that the catalogue lacks.
	Own []Line `json:"own,omitempty"`
	// Correlations says which inputs tend to be high together; inputs are written line.input, shared ones by name.
	Correlations []estimate.Correlation `json:"correlations,omitempty"`
	// LeftOut lists what is not counted, and why.
	LeftOut []LeftOut `json:"left_out,omitempty"`
	// Trades are benefits you might give up. Private.
	Trades []Trade `json:"trades,omitempty"`
}

// checker collects the faults of an estimate.
type checker struct {
	e      *Estimate
	faults fault.List
	lines  map[string]Line
}

func (c *checker) add(code fault.Code, path, say string, args ...any) *fault.Error {
	f := fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: path})
	c.faults = append(c.faults, f)
	return f
}

// Check says what is wrong with the estimate, each fault at its field.
func (e *Estimate) Check() fault.List {
	c := &checker{e: e, lines: map[string]Line{}}
	params, err := parameters()
	if err != nil {
		return fault.List{fault.New(fault.Internal, CodeCatalogue, "The savings catalogue cannot be read.").Because(err)}
	}
	for i, l := range e.Own {
		if _, err := Lookup(l.ID); err == nil {
			c.add(CodeLine, fmt.Sprintf("own[%d].id", i), "The catalogue has a line %s already.", l.ID)
		}
	}
	if spec, ok := params.spec("home_days_per_week"); ok && !e.HomeDays.IsZero() {
		c.input("home_days", spec, e.HomeDays)
		if e.HomeDays.Highest().Float() > 7 {
			c.add(CodeInput, "home_days", "A week has at most seven home days.")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Parameters)) {
		spec, ok := params.spec(name)
		if !ok {
			c.add(CodeInput, "parameters."+name, "There is no shared input %s.", clip(name)).Then("There are %s.", parameterNames(params))
			continue
		}
		c.input("parameters."+name, spec, e.Parameters[name])
	}
	seen := map[string]bool{}
	for i, entry := range e.Lines {
		c.entry(fmt.Sprintf("lines[%d]", i), entry, seen)
	}
	c.exclusive()
	for i, l := range e.LeftOut {
		path := fmt.Sprintf("left_out[%d]", i)
		if _, err := e.line(l.Line); err != nil {
			c.add(CodeLine, path+".line", "%s", err.Error())
		} else if seen[l.Line] {
			c.add(CodeLine, path+".line", "The line %s is counted and left out.", l.Line)
		}
		if strings.TrimSpace(l.Why) == "" {
			c.add(CodeReason, path, "Say why %s is left out.", clip(l.Line))
		}
	}
	c.trades()
	return c.faults
}

func parameterNames(p *parameterFile) string {
	var names []string
	for _, s := range p.Parameters {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// line finds a line of the catalogue or one of the case's own.
func (e *Estimate) line(id string) (Line, error) {
	for _, l := range e.Own {
		if l.ID == id {
			return l, nil
		}
	}
	return Lookup(id)
}

func (c *checker) entry(path string, entry Entry, seen map[string]bool) {
	l, err := c.e.line(entry.Line)
	if err != nil {
		c.add(CodeLine, path+".line", "%s", err.Error())
		return
	}
	if seen[entry.Line] {
		c.add(CodeLine, path+".line", "The line %s is given twice.", entry.Line)
	}
	seen[entry.Line] = true
	c.lines[entry.Line] = l
	if l.Scope == "group" {
		c.add(CodeTurnover, path+".line", "%s means something for a group only. For one person staying is a chance: use the line turnover.", l.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(entry.Inputs)) {
		spec, ok := l.spec(name)
		if !ok {
			c.add(CodeInput, path+".inputs."+name, "The line %s has no input %s.", l.ID, clip(name)).Then("Its inputs are %s.", strings.Join(l.names(), ", "))
			continue
		}
		c.input(path+".inputs."+name, spec, entry.Inputs[name])
	}
	for _, id := range slices.Sorted(maps.Keys(entry.Answers)) {
		known := slices.ContainsFunc(l.Conditions, func(q Condition) bool { return q.ID == id })
		if v := entry.Answers[id]; !known || v != "yes" && v != "no" {
			c.add(CodeInput, path+".answers."+id, "Answer the questions of %s with yes or no: %s.", l.ID, conditionNames(l))
		}
	}
}

func conditionNames(l Line) string {
	var ids []string
	for _, q := range l.Conditions {
		ids = append(ids, q.ID)
	}
	if len(ids) == 0 {
		return "it has none"
	}
	return strings.Join(ids, ", ")
}

// input checks a number against what the line expects. The range itself was
// checked when it was read.
func (c *checker) input(path string, spec Spec, in Input) {
	if in.Unknown || len(in.Check()) > 0 {
		return
	}
	unit := spec.Unit
	if !in.Unit.IsZero() {
		if err := in.Unit.Converts(spec.Unit); err != nil {
			c.add(CodeInput, path+".unit", "%s", err.Error())
			return
		}
		unit = in.Unit
	}
	for _, n := range []estimate.Number{in.Lowest(), in.Highest()} {
		if err := spec.admit(n, unit); err != nil {
			c.add(CodeInput, path, "%s", err.Error())
			return
		}
	}
	// A normal range reaches below its 5 % value.
	if in.Range.Kind() == estimate.Normal && !spec.Negative {
		c.add(CodeInput, path+".shape", "%s cannot be negative, and a normal range can.", spec.Name)
	}
}

// exclusive refuses two lines that count the same money.
func (c *checker) exclusive() {
	for i, entry := range c.e.Lines {
		for _, other := range c.lines[entry.Line].Excludes {
			if l, ok := c.lines[other]; ok {
				c.add(CodeDouble, fmt.Sprintf("lines[%d].line", i), "%s and %s count the same money. Keep one of them.", c.lines[entry.Line].Name, l.Name)
			}
		}
	}
}

func (c *checker) trades() {
	known, err := Benefits()
	if err != nil {
		c.add(CodeCatalogue, "trades", "The list of benefits cannot be read.")
		return
	}
	for i, t := range c.e.Trades {
		path := fmt.Sprintf("trades[%d].benefit", i)
		at := slices.IndexFunc(known, func(b Benefit) bool { return b.ID == t.Benefit })
		switch {
		case at < 0:
			var ids []string
			for _, b := range known {
				if !b.Locked {
					ids = append(ids, b.ID)
				}
			}
			c.add(CodeTrade, path, "There is no benefit %q.", clip(t.Benefit)).Then("There are %s.", strings.Join(ids, ", "))
		case known[at].Locked:
			c.add(CodeTrade, path, "%s is locked. %s", known[at].Name, known[at].Warning).Then("Take it out of trades.")
		}
	}
}

// Shared returns what may leave the computer: without trades, without private
// lines that were not shared on purpose, and without the inputs, correlations
// and left-out lines that only those lines used.
func (e Estimate) Shared() Estimate {
	out := e
	out.Trades, out.Lines, out.LeftOut, out.Correlations, out.Parameters, out.Own = nil, nil, nil, nil, nil, nil
	keep := map[string]bool{}
	private := map[string]bool{}
	for _, entry := range e.Lines {
		l, err := e.line(entry.Line)
		if err != nil || (l.Private || l.Ledger == EmployeeCash) && !entry.Share {
			private[entry.Line] = true
			continue
		}
		out.Lines = append(out.Lines, entry)
		for _, name := range l.Formula.Names() {
			keep[name] = true
		}
		keep[l.ID] = true
	}
	if params, err := parameters(); err == nil {
		for _, s := range params.Parameters {
			if s.Formula == nil || !keep[s.Name] {
				continue
			}
			for _, n := range s.Formula.Names() {
				keep[n] = true
			}
		}
	}
	for name, in := range e.Parameters {
		if keep[name] {
			if out.Parameters == nil {
				out.Parameters = map[string]Input{}
			}
			out.Parameters[name] = in
		}
	}
	for _, l := range e.Own {
		if keep[l.ID] {
			out.Own = append(out.Own, l)
		}
	}
	for _, k := range e.Correlations {
		if stays(k.A, keep) && stays(k.B, keep) {
			out.Correlations = append(out.Correlations, k)
		}
	}
	for _, l := range e.LeftOut {
		if line, err := e.line(l.Line); err == nil && !line.Private && line.Ledger != EmployeeCash {
			out.LeftOut = append(out.LeftOut, l)
		}
	}
	return out
}

// stays tells whether an input named line.input or by its shared name is kept.
func stays(name string, keep map[string]bool) bool {
	line, _, _ := strings.Cut(name, ".")
	return keep[line]
}
