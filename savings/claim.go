package savings

import (
	"fmt"
	"math/big"

	"homecase/estimate"
	"homecase/fault"
)

// Claim is a published figure that scales an observation up to a year.
type Claim struct {
	Observed    estimate.Number // the amount that was observed
	Days        estimate.Number // home days it was observed over, for each person
	DaysPerWeek estimate.Number // home days a week that the claim speaks of
	Weeks       estimate.Number // weeks in the claim's year
	Claimed     estimate.Number // what the claim says it comes to
}

// ClaimResult compares a claim with what the observation gives.
type ClaimResult struct {
	Expected estimate.Number `json:"expected"` // observed ÷ days × days a week × weeks
	Ratio    estimate.Number `json:"ratio"`    // claimed ÷ expected
	Holds    bool            `json:"holds"`
	Say      string          `json:"say"`
}

// CheckClaim recomputes a scaled-up claim. The claim that 134,988 people who
// saved 12.2 million dollars in five days would save 612 million with one day a
// week is five times too large: it took five days.
func CheckClaim(c Claim) (ClaimResult, error) {
	for _, n := range []estimate.Number{c.Observed, c.Days, c.DaysPerWeek, c.Weeks, c.Claimed} {
		if n.Decimal().Sign() <= 0 {
			return ClaimResult{}, fault.New(fault.Invalid, CodeInput, "A claim needs the amount, the days, the days a week and the weeks, all above nothing.")
		}
	}
	expected := new(big.Rat).Quo(c.Observed.Rat(), c.Days.Rat())
	expected.Mul(expected, c.DaysPerWeek.Rat())
	expected.Mul(expected, c.Weeks.Rat())
	ratio := new(big.Rat).Quo(c.Claimed.Rat(), expected)
	off := new(big.Rat).Sub(ratio, big.NewRat(1, 1))
	var r ClaimResult
	var err error
	if r.Expected, err = estimate.FromRat(expected, 2); err != nil {
		return r, err
	}
	if r.Ratio, err = estimate.FromRat(ratio, 4); err != nil {
		return r, err
	}
	r.Holds = off.Abs(off).Cmp(big.NewRat(2, 100)) <= 0 // sources round: two per cent
	r.Say = "The claim follows from what was observed."
	if !r.Holds {
		r.Say = fmt.Sprintf("The claim is %s times what was observed comes to: that is %s.", ratio.FloatString(1), r.Expected)
	}
	return r, nil
}
