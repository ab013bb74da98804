package estimate

import (
	"fmt"
	"math/big"
	"sync"

	"homecase/fault"
)

// Input is one quantity of a model: a range of its own, or a formula over other
// inputs.
type Input struct {
	Name    string
	Unit    Unit
	Range   Range
	Formula *Formula // when set, the input follows from others and has no range
}

// Term is one part of an output.
type Term struct {
	Formula *Formula
	// Bind maps a name in the formula to the name of an input; a name that is not
	// in it is the input's own.
	Bind  map[string]string
	Minus bool // the term is taken off the output
}

// Output is a quantity that is asked for: the sum of its terms.
type Output struct {
	Name  string
	Unit  Unit // what the result is given in; the zero Unit takes it from the formulas
	Terms []Term
	// Brief outputs give mean and quantiles without error and twenty results:
	// what a single line of a table needs.
	Brief bool
}

// Model is a set of inputs and the outputs computed from them. It is checked
// when made and does not change.
type Model struct {
	inputs  []Input
	outputs []Output
	byName  map[string]int
	varied  []int // positions in inputs of those that vary
	copula  *copula
	dists   []*dist // one for each varied input
	program *program
	tables  sync.Once
}

// NewModel checks every range, unit and formula and refuses what does not fit
// together, all faults at once.
func NewModel(inputs []Input, outputs []Output, cors []Correlation) (*Model, error) {
	m := &Model{inputs: inputs, byName: map[string]int{}}
	var faults fault.List
	add := func(name string, err error) {
		if err != nil {
			faults = append(faults, asFault(err, name))
		}
	}
	dims := map[string]int{}
	for i, in := range inputs {
		if _, twice := m.byName[in.Name]; twice {
			add(in.Name, invalid(CodeName, "The input %s is given twice.", clip(in.Name)))
		}
		m.byName[in.Name] = i
		if in.Formula != nil {
			continue
		}
		for _, f := range in.Range.Check() {
			add(in.Name, f)
		}
		if in.Range.Kind() != Fixed {
			dims[in.Name] = len(m.varied)
			m.varied = append(m.varied, i)
		}
	}
	for _, in := range inputs {
		if in.Formula != nil {
			add(in.Name, m.checkDerived(in))
		}
	}
	for _, out := range outputs {
		u, err := m.checkOutput(out)
		add(out.Name, err)
		if out.Unit.IsZero() {
			out.Unit = u
		}
		m.outputs = append(m.outputs, out)
	}
	if len(m.varied) > MaxDimensions {
		add("", invalid(CodeTooMany, "%d inputs vary at once; at most %d can.", len(m.varied), MaxDimensions))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	var err error
	if m.copula, err = newCopula(dims, cors); err != nil {
		return nil, err
	}
	for _, i := range m.varied {
		m.dists = append(m.dists, newDist(inputs[i].Range, inputs[i].Unit.factor()))
	}
	m.program, err = m.compile(m.outputs)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func asFault(err error, path string) *fault.Error {
	var f *fault.Error
	switch e := err.(type) {
	case *fault.Error:
		f = e
	case fault.List:
		f = e[0]
	default:
		f = invalid(CodeRange, "%s", err.Error())
	}
	if f.Place.Path == "" {
		f.Place.Path = path
	} else if path != "" {
		f.Place.Path = path + "." + f.Place.Path
	}
	return f
}

func (u Unit) factor() float64 {
	f, _ := u.scale().Float64()
	return f
}

func (m *Model) unit(bind map[string]string) func(string) (Unit, bool) {
	return func(name string) (Unit, bool) {
		if to, ok := bind[name]; ok {
			name = to
		}
		i, ok := m.byName[name]
		if !ok {
			return Unit{}, false
		}
		return m.inputs[i].Unit, true
	}
}

// checkDerived checks the formula of an input and that it does not lead back to itself.
func (m *Model) checkDerived(in Input) error {
	got, err := in.Formula.Check(m.unit(nil))
	if err != nil {
		return err
	}
	if err := got.Converts(in.Unit); err != nil {
		return err
	}
	seen := map[string]bool{}
	var down func(name string) error
	down = func(name string) error {
		if name == in.Name && len(seen) > 0 {
			return invalid(CodeName, "The input %s follows from itself.", clip(name))
		}
		if seen[name] {
			return nil
		}
		seen[name] = true
		if i, ok := m.byName[name]; ok && m.inputs[i].Formula != nil {
			for _, n := range m.inputs[i].Formula.Names() {
				if err := down(n); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return down(in.Name)
}

func (m *Model) checkOutput(out Output) (Unit, error) {
	unit := out.Unit
	for i, t := range out.Terms {
		u, err := t.Formula.Check(m.unit(t.Bind))
		if err != nil {
			return Unit{}, err
		}
		if i == 0 && unit.IsZero() {
			unit = u
		}
		if err := u.Converts(unit); err != nil {
			return Unit{}, invalid(CodeDimension, "%s is %s, and its formula %q gives %s.", out.Name, unit.Dimension(), clip(t.Formula.String()), u.Dimension())
		}
	}
	if len(out.Terms) == 0 {
		return Unit{}, invalid(CodeEmpty, "%s has no terms.", out.Name)
	}
	return unit, nil
}

// Used lists the inputs with a range of their own that an output rests on.
func (m *Model) Used(output string) []Input {
	used := map[string]bool{}
	var down func(name string)
	down = func(name string) {
		if used[name] {
			return
		}
		used[name] = true
		if f := m.inputs[m.byName[name]].Formula; f != nil {
			for _, n := range f.Names() {
				down(n)
			}
		}
	}
	for _, out := range m.outputs {
		if out.Name != output {
			continue
		}
		for _, t := range out.Terms {
			for _, n := range t.Formula.Names() {
				if to, ok := t.Bind[n]; ok {
					n = to
				}
				down(n)
			}
		}
	}
	var list []Input
	for _, in := range m.inputs {
		if used[in.Name] && in.Formula == nil {
			list = append(list, in)
		}
	}
	return list
}

// Exact computes an output in fractions with every input at the middle of its
// range, in the output's unit.
func (m *Model) Exact(output string) (*big.Rat, error) {
	i, err := m.output(output)
	if err != nil {
		return nil, err
	}
	memo := map[string]*big.Rat{}
	var value func(name string) (*big.Rat, error)
	value = func(name string) (*big.Rat, error) {
		if v, ok := memo[name]; ok {
			return v, nil
		}
		in := m.inputs[m.byName[name]]
		var v *big.Rat
		if in.Formula != nil {
			var err error
			if v, err = in.Formula.Exact(value); err != nil {
				return nil, err
			}
		} else {
			v = new(big.Rat).Mul(in.Range.Middle().Rat(), in.Unit.scale())
		}
		memo[name] = v
		return v, nil
	}
	sum := new(big.Rat)
	for _, t := range m.outputs[i].Terms {
		v, err := t.Formula.Exact(func(name string) (*big.Rat, error) {
			if to, ok := t.Bind[name]; ok {
				name = to
			}
			return value(name)
		})
		if err != nil {
			return nil, err
		}
		if t.Minus {
			sum.Sub(sum, v)
		} else {
			sum.Add(sum, v)
		}
	}
	return sum.Quo(sum, m.outputs[i].Unit.scale()), nil
}

func (m *Model) output(name string) (int, error) {
	for i, out := range m.outputs {
		if out.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("estimate: there is no output %q", name)
}
