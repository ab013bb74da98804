package money

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/govalues/decimal"

	"homecase/fault"
)

// Mode is a rule for rounding.
type Mode string

// The rounding rules. HalfUp is what shops and payslips do; HalfEven keeps long
// sums unbiased; Floor is the cautious one for a saving.
const (
	HalfUp   Mode = "half_up"   // halves away from zero
	HalfEven Mode = "half_even" // halves to the even digit
	Down     Mode = "down"      // toward zero
	Up       Mode = "up"        // away from zero
	Floor    Mode = "floor"     // toward minus infinity
	Ceiling  Mode = "ceiling"   // toward plus infinity
)

// Round rounds the amount to the decimals of its currency.
func (a Amount) Round(m Mode) Amount {
	return Amount{RoundDecimal(a.value, a.currency.Digits(), m), a.currency}
}

// RoundDecimal rounds d to the given number of decimals.
func RoundDecimal(d decimal.Decimal, places int, m Mode) decimal.Decimal {
	switch m {
	case HalfEven:
		return d.Round(places)
	case Down:
		return d.Trunc(places)
	case Floor:
		return d.Floor(places)
	case Ceiling:
		return d.Ceil(places)
	case Up:
		if d.IsNeg() {
			return d.Floor(places)
		}
		return d.Ceil(places)
	}
	down := d.Trunc(places)
	rest, err := d.Sub(down)
	if err != nil {
		return d.Round(places)
	}
	// Half of one unit in the last place kept: 5 at the next decimal.
	half, err := decimal.New(5, places+1)
	if err != nil || rest.Abs().Less(half) {
		return down
	}
	return RoundDecimal(d, places, Up)
}

// Allocate shares the amount out by whole weights so that the parts add up to
// it exactly: each part is cut to the currency's decimals and the coins left
// over go to the parts that lost most, earlier parts first.
func (a Amount) Allocate(weights ...int) ([]Amount, error) {
	total := 0
	for _, w := range weights {
		if w < 0 || w > 1<<31 {
			return nil, fault.New(fault.Invalid, CodeWeights, "A share cannot be negative.")
		}
		total += w
	}
	if total == 0 {
		return nil, fault.New(fault.Invalid, CodeWeights, "At least one share must be more than nothing.")
	}
	places := max(a.currency.Digits(), a.value.Scale())
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	coins := new(big.Int).Div(new(big.Int).Mul(a.Rat().Num(), unit), a.Rat().Denom()) // exact: places covers the scale
	parts, losses := make([]*big.Int, len(weights)), make([]*big.Int, len(weights))
	left := new(big.Int).Set(coins)
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(coins, big.NewInt(int64(w))), big.NewInt(int64(total)), new(big.Int))
		parts[i], losses[i] = q, r.Abs(r)
		left.Sub(left, q)
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return losses[j].Cmp(losses[i]) })
	for k, one := 0, big.NewInt(int64(left.Sign())); left.Sign() != 0; k++ {
		parts[order[k]].Add(parts[order[k]], one)
		left.Sub(left, one)
	}
	out := make([]Amount, len(weights))
	for i, p := range parts {
		d, err := decimal.Parse(fmt.Sprintf("%se-%d", p, places))
		if err != nil {
			return nil, tooLarge(err)
		}
		out[i] = Amount{d, a.currency}
	}
	return out, nil
}

// Split shares the amount out into n equal parts that add up to it exactly.
func (a Amount) Split(n int) ([]Amount, error) {
	if n < 1 || n > 1<<20 {
		return nil, fault.New(fault.Invalid, CodeWeights, "An amount is split into at least one part.")
	}
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return a.Allocate(weights...)
}
