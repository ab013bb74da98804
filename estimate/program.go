package estimate

import (
	"math"
	"math/big"
)

// program is a model flattened to a list of instructions over columns of
// numbers: equal subexpressions are computed once and constants beforehand.
type program struct {
	consts []constant
	inputs []int // register of each varied input
	code   []instr
	outs   []int // register of each output
	regs   int
}

type constant struct {
	reg   int
	value float64
}

type instr struct {
	op        byte
	dst, a, b int
}

// builder makes a program, sharing equal instructions.
type builder struct {
	m      *Model
	p      *program
	value  []float64 // of constant registers, NaN for others
	shared map[instr]int
	consts map[uint64]int
	names  map[string]int // inputs already placed
}

// compile flattens the given outputs; all inputs keep their places.
func (m *Model) compile(outputs []Output) (*program, error) {
	b := &builder{m: m, p: &program{}, shared: map[instr]int{}, consts: map[uint64]int{}, names: map[string]int{}}
	for _, i := range m.varied {
		r := b.register(math.NaN())
		b.p.inputs = append(b.p.inputs, r)
		b.names[m.inputs[i].Name] = r
	}
	for _, out := range outputs {
		total := b.constant(0)
		for _, t := range out.Terms {
			r := b.node(t.Formula.root, t.Bind)
			if t.Minus {
				total = b.emit('-', total, r)
			} else {
				total = b.emit('+', total, r)
			}
		}
		if f := out.Unit.factor(); f != 1 {
			total = b.emit('/', total, b.constant(f))
		}
		b.p.outs = append(b.p.outs, total)
	}
	b.p.regs = len(b.value)
	return b.p, nil
}

func (b *builder) register(v float64) int {
	b.value = append(b.value, v)
	return len(b.value) - 1
}

func (b *builder) constant(v float64) int {
	if r, ok := b.consts[math.Float64bits(v)]; ok {
		return r
	}
	r := b.register(v)
	b.consts[math.Float64bits(v)] = r
	b.p.consts = append(b.p.consts, constant{r, v})
	return r
}

func (b *builder) emit(op byte, x, y int) int {
	i := instr{op: op, a: x, b: y}
	if r, ok := b.shared[i]; ok {
		return r
	}
	var r int
	switch v, w := b.value[x], b.value[y]; {
	case v == 0 && op == '+':
		r = y
	case v == v && w == w: // both constant: neither is NaN
		out := []float64{0}
		step(op, out, []float64{v}, []float64{w})
		if out[0] != out[0] { // 0/0 is found when the draws are read
			return b.place(i)
		}
		r = b.constant(out[0])
	default:
		return b.place(i)
	}
	b.shared[i] = r
	return r
}

func (b *builder) place(i instr) int {
	key := i
	i.dst = b.register(math.NaN())
	b.p.code = append(b.p.code, i)
	b.shared[key] = i.dst
	return i.dst
}

func (b *builder) node(n *node, bind map[string]string) int {
	switch n.op {
	case 'n':
		return b.constant(ratFloat(n.value))
	case 'v':
		name := n.name
		if to, ok := bind[name]; ok {
			name = to
		}
		return b.input(name)
	}
	left := b.node(n.args[0], bind)
	if n.op == '~' {
		return b.emit('-', b.constant(0), left)
	}
	for _, a := range n.args[1:] {
		left = b.emit(n.op, left, b.node(a, bind))
	}
	return left
}

func (b *builder) input(name string) int {
	if r, ok := b.names[name]; ok {
		return r
	}
	in := b.m.inputs[b.m.byName[name]]
	var r int
	if in.Formula != nil {
		r = b.node(in.Formula.root, nil)
	} else {
		r = b.constant(ratFloat(new(big.Rat).Mul(in.Range.Middle().Rat(), in.Unit.scale())))
	}
	b.names[name] = r
	return r
}

func ratFloat(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

// machine runs a program on columns of up to n numbers. Its inputs may be
// filled for several columns at once.
type machine struct {
	p   *program
	n   int
	reg [][]float64
	in  [][]float64 // the columns of the inputs, one behind the other
}

func (p *program) machine(n, columns int) *machine {
	mc := &machine{p: p, n: n, reg: make([][]float64, p.regs), in: make([][]float64, len(p.inputs))}
	all := make([]float64, n*(p.regs+(columns-1)*len(p.inputs)))
	take := func(n int) (room []float64) {
		room, all = all[:n:n], all[n:]
		return room
	}
	for i, r := range p.inputs {
		mc.in[i] = take(n * columns)
		mc.reg[r] = mc.in[i][:n]
	}
	for i := range mc.reg {
		if mc.reg[i] == nil {
			mc.reg[i] = take(n)
		}
	}
	for _, c := range p.consts {
		for i := range mc.reg[c.reg] {
			mc.reg[c.reg][i] = c.value
		}
	}
	return mc
}

// input is all columns of a varied input, to be filled before run.
func (mc *machine) input(i int) []float64 { return mc.in[i] }

// turn makes the inputs of a column those of the next run.
func (mc *machine) turn(column int) {
	for i, r := range mc.p.inputs {
		mc.reg[r] = mc.in[i][column*mc.n : (column+1)*mc.n]
	}
}

// out is the column of an output, valid after run.
func (mc *machine) out(i int) []float64 { return mc.reg[mc.p.outs[i]] }

func (mc *machine) run(n int) {
	for _, i := range mc.p.code {
		step(i.op, mc.reg[i.dst][:n], mc.reg[i.a][:n], mc.reg[i.b][:n])
	}
}

func step(op byte, out, x, y []float64) {
	x, y = x[:len(out)], y[:len(out)]
	switch op {
	case '+':
		for i := range out {
			out[i] = x[i] + y[i]
		}
	case '-':
		for i := range out {
			out[i] = x[i] - y[i]
		}
	case '*':
		for i := range out {
			out[i] = x[i] * y[i]
		}
	case '/':
		for i := range out {
			out[i] = x[i] / y[i]
		}
	case 'm':
		for i := range out {
			out[i] = min(x[i], y[i])
		}
	case 'M':
		for i := range out {
			out[i] = max(x[i], y[i])
		}
	}
}
