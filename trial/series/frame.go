package series

import "math"

// frame is the model matrix "weekday + trend + home" of a trial, without the
// columns that the earlier ones already explain; home is always the last.
type frame struct {
	n    int
	cols [][]float64
}

// independent is the share of a column's length that must be left after the
// earlier columns are taken out for the column to count as new.
const independent = 1e-9

// newFrame builds the matrix. It refuses a calendar on which home is a
// combination of weekday and trend: at ten days one lottery in ten draws such
// a one, and software that does not look gives a number all the same.
func newFrame(d Days, home []bool) (*frame, error) {
	n := len(home)
	f := &frame{n: n}
	var basis [][]float64
	add := func(c []float64) bool {
		q, length, left := project(basis, c)
		if length == 0 || left <= independent*length {
			return false
		}
		scale(q, 1/left)
		basis = append(basis, q)
		f.cols = append(f.cols, c)
		return true
	}
	for i, w := range d.Weekday {
		if first(d.Weekday, w) == i {
			c := make([]float64, n)
			for j, v := range d.Weekday {
				if v == w {
					c[j] = 1
				}
			}
			add(c)
		}
	}
	add(d.trend())
	h := make([]float64, n)
	for i, at := range home {
		if at {
			h[i] = 1
		}
	}
	if !add(h) {
		return nil, refuse(CodeEntangled, "On these days home cannot be told apart from the weekday and the trend.")
	}
	if n <= len(f.cols) {
		return nil, refuse(CodeFew, "%d days are too few for a model with %d unknowns.", n, len(f.cols))
	}
	return f, nil
}

func first(a []int, v int) int {
	for i, x := range a {
		if x == v {
			return i
		}
	}
	return -1
}

// project returns what is left of c after the orthonormal basis is taken out
// (twice, which is enough for full precision: Giraud et al. 2005), with the
// lengths before and after.
func project(basis [][]float64, c []float64) (q []float64, before, after float64) {
	q = append([]float64(nil), c...)
	before = norm(q)
	for range 2 {
		for _, b := range basis {
			axpy(-dot(b, q), b, q)
		}
	}
	return q, before, norm(q)
}

func dot(a, b []float64) float64 {
	s := 0.0
	b = b[:len(a)] // seen once, not at every step
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func axpy(k float64, x, y []float64) {
	for i, v := range x {
		y[i] += k * v
	}
}

func scale(a []float64, k float64) {
	for i := range a {
		a[i] *= k
	}
}

// qr makes the columns in place orthonormal and returns the logarithm of the
// determinant of X'X and the length of the last column before scaling.
func qr(cols [][]float64) (logDet, last float64) {
	for j, c := range cols {
		for range 2 {
			for _, b := range cols[:j] {
				axpy(-dot(b, c), b, c)
			}
		}
		last = norm(c)
		logDet += 2 * math.Log(last)
		scale(c, 1/last)
	}
	return logDet, last
}
