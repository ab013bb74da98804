package estimate

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"homecase/fault"
	"homecase/money"
)

// maxFormula and maxNesting bound a formula; ours are under a tenth of both.
const (
	maxFormula = 600
	maxNesting = 40
)

// Formula is an arithmetic expression over names: + - * / ( ), min and max.
// Names are lower case with underscores. A number in a formula is plain; 0 may
// stand for nothing of any unit, as in max(0, bought - sold).
type Formula struct {
	text string
	root *node
}

type node struct {
	op    byte     // '+', '-', '*', '/', 'n' number, 'v' name, 'm' min, 'M' max, '~' minus sign
	value *big.Rat // of a number
	name  string   // of a name
	args  []*node
	at    int // character position from 1
}

// ParseFormula reads an expression and refuses what it cannot read with the
// position of the character.
func ParseFormula(text string) (*Formula, error) {
	if len(text) > maxFormula {
		return nil, invalid(CodeSyntax, "A formula is at most %d letters long.", maxFormula)
	}
	p := &parser{text: text}
	root, err := p.sum(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.i < len(p.text) {
		return nil, p.fail("there is something left over that does not belong here")
	}
	return &Formula{text, root}, nil
}

// String returns the expression as written.
func (f *Formula) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// MarshalText writes the expression.
func (f *Formula) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads an expression.
func (f *Formula) UnmarshalText(b []byte) error {
	v, err := ParseFormula(string(b))
	if err != nil {
		return err
	}
	*f = *v
	return nil
}

// IsZero tells whether there is no expression.
func (f Formula) IsZero() bool { return f.root == nil }

// Names lists the names the formula uses, each once, in order of appearance.
func (f *Formula) Names() []string {
	var names []string
	f.walk(func(n *node) {
		if n.op == 'v' && !slices.Contains(names, n.name) {
			names = append(names, n.name)
		}
	})
	return names
}

func (f *Formula) walk(visit func(*node)) {
	if f == nil || f.root == nil {
		return
	}
	var down func(*node)
	down = func(n *node) {
		visit(n)
		for _, a := range n.args {
			down(a)
		}
	}
	down(f.root)
}

type parser struct {
	text string
	i    int
}

func (p *parser) fail(why string) error {
	return invalid(CodeSyntax, "The formula %q cannot be read at character %d: %s.", clip(p.text), p.i+1, why)
}

func (p *parser) space() {
	for p.i < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.i]) >= 0 {
		p.i++
	}
}

func (p *parser) peek() byte {
	p.space()
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

func (p *parser) sum(depth int) (*node, error)     { return p.chain("+-", depth, p.product) }
func (p *parser) product(depth int) (*node, error) { return p.chain("*/", depth, p.factor) }

func (p *parser) chain(ops string, depth int, next func(int) (*node, error)) (*node, error) {
	left, err := next(depth)
	if err != nil {
		return nil, err
	}
	for c := p.peek(); c != 0 && strings.IndexByte(ops, c) >= 0; c = p.peek() {
		at := p.i + 1
		p.i++
		right, err := next(depth)
		if err != nil {
			return nil, err
		}
		left = &node{op: c, args: []*node{left, right}, at: at}
	}
	return left, nil
}

func (p *parser) factor(depth int) (*node, error) {
	if depth > maxNesting {
		return nil, p.fail("it is nested too deeply")
	}
	c := p.peek()
	at := p.i + 1
	switch {
	case c == '-':
		p.i++
		inner, err := p.factor(depth + 1)
		if err != nil {
			return nil, err
		}
		return &node{op: '~', args: []*node{inner}, at: at}, nil
	case c == '(':
		p.i++
		inner, err := p.sum(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.peek() != ')' {
			return nil, p.fail("a closing bracket is missing")
		}
		p.i++
		return inner, nil
	case c >= '0' && c <= '9':
		return p.number(at)
	case isLetter(c):
		return p.name(at, depth)
	case c == 0:
		return nil, p.fail("it ends too early")
	}
	return nil, p.fail("a number, a name or a bracket was expected")
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c == '_' }

func (p *parser) number(at int) (*node, error) {
	start := p.i
	for p.i < len(p.text) && (p.text[p.i] >= '0' && p.text[p.i] <= '9' || p.text[p.i] == '.') {
		p.i++
	}
	d, err := money.Number(p.text[start:p.i])
	if err != nil {
		p.i = start
		return nil, p.fail("this is not a number")
	}
	return &node{op: 'n', value: money.Rat(d), at: at}, nil
}

func (p *parser) name(at, depth int) (*node, error) {
	start := p.i
	for p.i < len(p.text) && (isLetter(p.text[p.i]) || p.text[p.i] >= '0' && p.text[p.i] <= '9') {
		p.i++
	}
	name := p.text[start:p.i]
	if p.peek() != '(' {
		return &node{op: 'v', name: name, at: at}, nil
	}
	op, ok := map[string]byte{"min": 'm', "max": 'M'}[name]
	if !ok {
		p.i = start
		return nil, p.fail("there is no function " + clip(name) + "; there are min and max")
	}
	n := &node{op: op, at: at}
	for {
		p.i++ // the bracket or the comma
		arg, err := p.sum(depth + 1)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
		switch p.peek() {
		case ',':
		case ')':
			p.i++
			return n, nil
		default:
			return nil, p.fail("a comma or a closing bracket is missing")
		}
	}
}

// dims is a dimension with its currency, or any dimension for the number 0.
type dims struct {
	dim      Dimension
	currency money.Currency
	any      bool
}

// Check returns the dimension of the formula, given the unit of each name. It
// refuses unknown names, sums of different dimensions and mixed currencies.
func (f *Formula) Check(unit func(name string) (Unit, bool)) (Unit, error) {
	if f == nil || f.root == nil {
		return Unit{}, invalid(CodeSyntax, "A formula is missing.")
	}
	d, err := f.check(f.root, unit)
	if err != nil {
		return Unit{}, err
	}
	return Unit{text: d.dim.String(), dim: d.dim, num: 1, den: 1, currency: d.currency}, nil
}

func (f *Formula) check(n *node, unit func(string) (Unit, bool)) (dims, error) {
	switch n.op {
	case 'n':
		return dims{any: n.value.Sign() == 0}, nil
	case 'v':
		u, ok := unit(n.name)
		if !ok {
			return dims{}, invalid(CodeName, "The formula %q names %s (character %d), and there is no such input.", clip(f.text), clip(n.name), n.at)
		}
		return dims{dim: u.dim, currency: u.currency}, nil
	}
	left, err := f.check(n.args[0], unit)
	if err != nil {
		return dims{}, err
	}
	for _, a := range n.args[1:] {
		right, err := f.check(a, unit)
		if err != nil {
			return dims{}, err
		}
		if left, err = f.join(n, left, right); err != nil {
			return dims{}, err
		}
	}
	return left, nil
}

func (f *Formula) join(n *node, a, b dims) (dims, error) {
	if a.currency != "" && b.currency != "" && a.currency != b.currency {
		return dims{}, f.wrong(n, "%s and %s are different currencies", a.currency, b.currency)
	}
	out := dims{dim: a.dim, currency: a.currency}
	if out.currency == "" {
		out.currency = b.currency
	}
	switch n.op {
	case '*', '/':
		sign := int8(1)
		if n.op == '/' {
			sign = -1
		}
		var ok bool
		if out.dim, ok = a.dim.times(b.dim, sign); !ok {
			return dims{}, f.wrong(n, "the units pile up too high")
		}
		if out.dim[dimMoney] == 0 {
			out.currency = ""
		}
		return out, nil
	}
	switch {
	case a.any && b.any:
		out.any = true
	case a.any:
		out.dim = b.dim
	case !b.any && a.dim != b.dim:
		return dims{}, f.wrong(n, "%s cannot be %s %s", a.dim, map[byte]string{'+': "added to", '-': "reduced by", 'm': "compared with", 'M': "compared with"}[n.op], b.dim)
	}
	return out, nil
}

func (f *Formula) wrong(n *node, why string, args ...any) *fault.Error {
	return invalid(CodeDimension, "The formula %q does not add up at character %d: %s.", clip(f.text), n.at, fmt.Sprintf(why, args...))
}

// Exact computes the formula in fractions, from values in base units.
func (f *Formula) Exact(value func(name string) (*big.Rat, error)) (*big.Rat, error) {
	if f == nil || f.root == nil {
		return nil, invalid(CodeSyntax, "A formula is missing.")
	}
	return f.exact(f.root, value)
}

func (f *Formula) exact(n *node, value func(string) (*big.Rat, error)) (*big.Rat, error) {
	switch n.op {
	case 'n':
		return n.value, nil
	case 'v':
		return value(n.name)
	}
	left, err := f.exact(n.args[0], value)
	if err != nil {
		return nil, err
	}
	if n.op == '~' {
		return new(big.Rat).Neg(left), nil
	}
	for _, a := range n.args[1:] {
		right, err := f.exact(a, value)
		if err != nil {
			return nil, err
		}
		switch n.op {
		case '+':
			left = new(big.Rat).Add(left, right)
		case '-':
			left = new(big.Rat).Sub(left, right)
		case '*':
			left = new(big.Rat).Mul(left, right)
		case '/':
			if right.Sign() == 0 {
				return nil, invalid(CodeDivision, "The formula %q divides by zero at character %d.", clip(f.text), n.at)
			}
			left = new(big.Rat).Quo(left, right)
		case 'm':
			if right.Cmp(left) < 0 {
				left = right
			}
		case 'M':
			if right.Cmp(left) > 0 {
				left = right
			}
		}
	}
	return left, nil
}
