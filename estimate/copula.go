package estimate

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"homecase/fault"
)

// Correlation says that two inputs tend to be high together (rho above zero) or
// that one is high when the other is low.
type Correlation struct {
	// A is the first input, written line.input, or the name of a shared input.
	A string `json:"a"`
	// B is the second input.
	B string `json:"b"`
	// Rho is Spearman's rank correlation, between -1 and 1.
	Rho float64 `json:"rho"`
}

// Check refuses a correlation that is out of bounds or of an input with itself.
func (c Correlation) Check() fault.List {
	var l fault.List
	if !(c.Rho > -1 && c.Rho < 1) {
		l = append(l, invalid(CodeCorrelation, "A correlation lies between -1 and 1.").At(fault.Place{Path: "rho"}))
	}
	if c.A == c.B {
		l = append(l, invalid(CodeCorrelation, "A correlation needs two different inputs.").At(fault.Place{Path: "b"}))
	}
	return l
}

// Pearson returns the correlation of the normals that gives two variables the
// rank correlation rho in a Gaussian copula: 2 sin(π rho / 6) (Pearson 1907).
func Pearson(rho float64) float64 { return 2 * math.Sin(math.Pi*rho/6) }

// slack is how far an impossible set of correlations may be moved to the nearest
// possible one without asking: people give them in steps of a tenth.
const slack = 0.05

// copula ties some inputs together.
type copula struct {
	members []int       // positions among the varied inputs
	lower   [][]float64 // Cholesky factor
	moved   float64     // largest change made to a wanted correlation
}

// newCopula builds the Cholesky factor for the correlations of the named inputs.
// Correlations that cannot hold together are moved to the nearest that can when
// that is a small step, and refused otherwise.
func newCopula(varied map[string]int, cors []Correlation) (*copula, error) {
	c := &copula{}
	slot := map[int]int{}
	for _, k := range cors {
		for _, name := range []string{k.A, k.B} {
			at, ok := varied[name]
			if !ok {
				return nil, invalid(CodeCorrelation, "A correlation names %s, and no input of that name varies.", clip(name))
			}
			if _, ok := slot[at]; !ok {
				slot[at] = len(c.members)
				c.members = append(c.members, at)
			}
		}
	}
	n := len(c.members)
	if n == 0 {
		return nil, nil
	}
	want := mat.NewSymDense(n, nil)
	for i := range n {
		want.SetSym(i, i, 1)
	}
	for _, k := range cors {
		if l := k.Check(); len(l) > 0 {
			return nil, l[0]
		}
		want.SetSym(slot[varied[k.A]], slot[varied[k.B]], Pearson(k.Rho))
	}
	use := want
	var chol mat.Cholesky
	if !chol.Factorize(want) {
		var ok bool
		if use, ok = nearest(want); !ok || !chol.Factorize(use) {
			return nil, impossible()
		}
		for i := range n {
			for j := range i {
				c.moved = max(c.moved, math.Abs(use.At(i, j)-want.At(i, j)))
			}
		}
		if c.moved > slack {
			return nil, impossible()
		}
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	for i := range n {
		row := make([]float64, i+1)
		for j := range row {
			row[j] = lower.At(i, j)
		}
		c.lower = append(c.lower, row)
	}
	return c, nil
}

func impossible() error {
	return invalid(CodeCorrelation, "These correlations cannot all hold together.").
		Then("Bring them closer to zero: if a goes with b and b with c, then a goes with c.")
}

// nearest lifts negative eigenvalues to a small positive one and scales the
// diagonal back to one (Rebonato and Jäckel 1999): close to the nearest
// correlation matrix for the small repairs that are allowed here.
func nearest(want *mat.SymDense) (*mat.SymDense, bool) {
	var eig mat.EigenSym
	if !eig.Factorize(want, true) {
		return nil, false
	}
	n := want.SymmetricDim()
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	values := eig.Values(nil)
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			var sum float64
			for k, v := range values {
				sum += max(v, 1e-8) * vectors.At(i, k) * vectors.At(j, k)
			}
			out.SetSym(i, j, sum)
		}
	}
	scale := make([]float64, n)
	for i := range n {
		scale[i] = 1 / math.Sqrt(out.At(i, i))
	}
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, out.At(i, j)*scale[i]*scale[j])
		}
	}
	return out, true
}
