package homecase

import (
	"slices"
	"strconv"
	"strings"

	"homecase/evidence"
)

// SetResult puts a result in the place of the i-th, or behind the last one.
// Reasons that rest on results go on resting on the same ones.
func (c *Case) SetResult(i int, r evidence.Result) {
	now := slices.Clone(c.Facts.Results)
	if i < len(now) {
		now[i] = r
	} else {
		now = append(now, r)
	}
	c.renumber(now, func(old int) int { return old })
}

// RemoveResult takes the i-th result out; no reason rests on it any more.
func (c *Case) RemoveResult(i int) {
	if i < 0 || i >= len(c.Facts.Results) {
		return
	}
	c.renumber(slices.Delete(slices.Clone(c.Facts.Results), i, i+1), func(old int) int {
		switch {
		case old == i:
			return -1
		case old > i:
			return old - 1
		}
		return old
	})
}

// renumber changes the results. A reason names them by their place among those
// that are shared, which moves when one before it goes or becomes private.
func (c *Case) renumber(now []evidence.Result, moved func(old int) int) {
	before := sharedPlaces(c.Facts.Results)
	after := map[int]int{}
	for n, i := range sharedPlaces(now) {
		after[i] = n + 1
	}
	c.Facts.Results = now
	reasons := slices.Clone(c.Reasons.Business)
	for i := range reasons {
		var facts []string
		for _, f := range reasons[i].Facts {
			if place, ok := strings.CutPrefix(f, "result."); ok {
				n, err := strconv.Atoi(place)
				if err != nil || n < 1 || n > len(before) {
					continue
				}
				if n = after[moved(before[n-1])]; n == 0 {
					continue
				}
				f = "result." + strconv.Itoa(n)
			}
			facts = append(facts, f)
		}
		reasons[i].Facts = facts
	}
	c.Reasons.Business = reasons
}

// sharedPlaces are the places of the results that may be shared.
func sharedPlaces(all []evidence.Result) []int {
	var out []int
	for i, r := range all {
		if r.Business {
			out = append(out, i)
		}
	}
	return out
}
