package estimate

import (
	"fmt"
	"math"
	"math/big"

	"homecase/fault"
)

// Shape is how likely the values inside a range are.
type Shape string

// The shapes. PERT is what three numbers mean and lognormal what a 5–95 % range
// means; the others are used only when a file names them.
const (
	PERT       Shape = "pert"       // three numbers; likely values weigh four times the ends
	Triangular Shape = "triangular" // three numbers, straight sides
	Lognormal  Shape = "lognormal"  // 5–95 % range of something above zero
	Normal     Shape = "normal"     // 5–95 % range of something that may be negative
	Fixed      Shape = "fixed"      // one number that is known
)

// UnmarshalText refuses a word that is not a shape.
func (s *Shape) UnmarshalText(b []byte) error {
	switch v := Shape(b); v {
	case "", PERT, Triangular, Lognormal, Normal, Fixed:
		*s = v
		return nil
	}
	return fmt.Errorf("%q is not a shape: write pert, triangular, lognormal, normal or fixed", string(b))
}

// Range is what somebody can say about a number: either low, likely and high;
// or p5 and p95; or value.
type Range struct {
	// Low is the lowest value you can imagine.
	Low Number `json:"low,omitzero"`
	// Likely is the value you would bet on.
	Likely Number `json:"likely,omitzero"`
	// High is the highest value you can imagine.
	High Number `json:"high,omitzero"`
	// P5 is the value it is below in one year of twenty; use it with p95 instead of low, likely and high.
	P5 Number `json:"p5,omitzero"`
	// P95 is the value it is above in one year of twenty.
	P95 Number `json:"p95,omitzero"`
	// Value is the number itself, when it is known and does not vary.
	Value Number `json:"value,omitzero"`
	// Shape is pert, triangular, lognormal, normal or fixed; leave it out for the usual one.
	Shape Shape `json:"shape,omitempty"`
}

// Point returns the range of one known number.
func Point(n Number) Range { return Range{Value: n} }

// Three returns the range of lowest, likely and highest.
func Three(low, likely, high Number) Range { return Range{Low: low, Likely: likely, High: high} }

// IsZero tells whether nothing was given.
func (r Range) IsZero() bool { return r == Range{} }

// Kind returns the shape in force.
func (r Range) Kind() Shape {
	switch {
	case r.Value.Set(), r.Low.Set() && r.Low.Cmp(r.High) == 0, r.P5.Set() && r.P5.Cmp(r.P95) == 0:
		return Fixed
	case r.Shape != "":
		return r.Shape
	case r.P5.Set():
		return Lognormal
	}
	return PERT
}

// Check says what is wrong with the range, each fault at its field.
func (r Range) Check() fault.List {
	refuse := func(code fault.Code, path, say string) fault.List {
		return fault.List{invalid(code, "%s", say).At(fault.Place{Path: path})}
	}
	three := r.Low.Set() || r.Likely.Set() || r.High.Set()
	span := r.P5.Set() || r.P95.Set()
	switch {
	case !three && !span && !r.Value.Set():
		return refuse(CodeEmpty, "", "Give lowest, likely and highest, or one value.")
	case three && span, three && r.Value.Set(), span && r.Value.Set():
		return refuse(CodeRange, "", "Give low, likely and high, or p5 and p95, or value: one of the three ways.")
	case r.Value.Set():
		if r.Shape != "" && r.Shape != Fixed {
			return refuse(CodeRange, "shape", "One value has no shape. Give a range, or take the shape out.")
		}
		return nil
	case span:
		return r.checkSpan(refuse)
	case !r.Low.Set() || !r.Likely.Set() || !r.High.Set():
		return refuse(CodeRange, "", "Give all three of low, likely and high. A number that is known is written as value.")
	case r.Low.Cmp(r.High) > 0:
		return refuse(CodeRange, "low", "Lowest must be less than highest.")
	case r.Likely.Cmp(r.Low) < 0 || r.Likely.Cmp(r.High) > 0:
		return refuse(CodeRange, "likely", "Likely must lie between lowest and highest.")
	case r.Shape == Normal || r.Shape == Lognormal:
		return refuse(CodeRange, "shape", "A normal or lognormal range is given by p5 and p95.")
	case r.Shape == Fixed && r.Low.Cmp(r.High) != 0:
		return refuse(CodeRange, "shape", "A fixed number is given by value.")
	}
	return nil
}

func (r Range) checkSpan(refuse func(fault.Code, string, string) fault.List) fault.List {
	switch {
	case !r.P5.Set() || !r.P95.Set():
		return refuse(CodeRange, "", "Give both p5 and p95.")
	case r.P5.Cmp(r.P95) > 0:
		return refuse(CodeRange, "p5", "Lowest must be less than highest.")
	case r.Shape == PERT || r.Shape == Triangular:
		return refuse(CodeRange, "shape", "This shape is given by low, likely and high.")
	case r.Shape == Fixed && r.P5.Cmp(r.P95) != 0:
		return refuse(CodeRange, "shape", "A fixed number is given by value.")
	case r.Kind() == Lognormal && r.P5.Decimal().Sign() <= 0:
		return refuse(CodeRange, "p5", "A 5–95 % range must lie above zero. Write shape: normal if it may be negative.")
	}
	return nil
}

// Question asks the person to look again at a range that is probably a slip or
// a guess, or returns "".
func (r Range) Question() string {
	low, high := r.bounds()
	if low.Sign() > 0 && new(big.Rat).Quo(high, low).Cmp(big.NewRat(20, 1)) > 0 {
		return fmt.Sprintf("The highest is more than 20 times the lowest. How often, out of 100 years, would it be above %s?", r.top())
	}
	return ""
}

func (r Range) top() Number {
	if r.P95.Set() {
		return r.P95
	}
	return r.High
}

// bounds are the two outer numbers that were given.
func (r Range) bounds() (low, high *big.Rat) {
	switch {
	case r.Value.Set():
		return r.Value.Rat(), r.Value.Rat()
	case r.P5.Set():
		return r.P5.Rat(), r.P95.Rat()
	}
	return r.Low.Rat(), r.High.Rat()
}

// Lowest returns the lower of the two outer numbers that were given.
func (r Range) Lowest() Number {
	switch {
	case r.Value.Set():
		return r.Value
	case r.P5.Set():
		return r.P5
	}
	return r.Low
}

// Highest returns the higher of the two outer numbers that were given.
func (r Range) Highest() Number {
	if r.Value.Set() {
		return r.Value
	}
	return r.top()
}

// Middle returns the one number that stands for the range: the value, the likely
// number, or the median of a 5–95 % range rounded to four decimals.
func (r Range) Middle() Number {
	switch {
	case r.Value.Set():
		return r.Value
	case r.Likely.Set():
		return r.Likely
	}
	mid := new(big.Rat).Quo(new(big.Rat).Add(r.P5.Rat(), r.P95.Rat()), big.NewRat(2, 1))
	if r.Kind() == Lognormal {
		mid.SetFloat64(math.Sqrt(r.P5.Float() * r.P95.Float()))
	}
	n, err := FromRat(mid, 4)
	if err != nil {
		return r.P5
	}
	return n
}

// Widen returns a range twice as wide about its likely number, for an input of
// which the person says "I do not know". A range above zero stays there.
func (r Range) Widen() Range {
	if r.Kind() == Fixed || !r.Likely.Set() {
		return r
	}
	two := big.NewRat(2, 1)
	mid := r.Likely.Rat()
	low := new(big.Rat).Sub(mid, new(big.Rat).Mul(two, new(big.Rat).Sub(mid, r.Low.Rat())))
	high := new(big.Rat).Add(mid, new(big.Rat).Mul(two, new(big.Rat).Sub(r.High.Rat(), mid)))
	if low.Sign() < 0 && r.Low.Decimal().Sign() >= 0 {
		low = new(big.Rat)
	}
	w := r
	var err error
	if w.Low, err = FromRat(low, 9); err != nil {
		return r
	}
	if w.High, err = FromRat(high, 9); err != nil {
		return r
	}
	return w
}
