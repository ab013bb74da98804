package plan_test

import (
	"slices"
	"testing"

	"homecase/plan"
)

// What may be chosen at the end follows the verdict, by the rule that undecided
// is not failed: decision 3 of the design.
func TestEndings(t *testing.T) {
	ladder := plan.Ladder{{ID: "one-project"}, {ID: "one-day", Days: 1}, {ID: "two-days", Days: 2}}
	over := func(v plan.Verdict) plan.Passed {
		return plan.Passed{At: "one-day", Verdict: v, WeeksAgreed: 8, WeeksPassed: 8}
	}
	with := func(p plan.Passed, change func(*plan.Passed)) plan.Passed { change(&p); return p }
	agreed := func(p *plan.Passed) { p.ExtensionAgreed = true }
	used := func(p *plan.Passed) { p.ExtensionAgreed, p.ExtensionUsed = true, true }
	all := []plan.Way{plan.GoOn, plan.Lengthen, plan.GiveUp, plan.Climb}
	for _, c := range []struct {
		name string
		p    plan.Passed
		want []plan.Way
		why  string // of the extension where it is refused for a reason of its own
	}{
		{"clearly", over(plan.ClearlyGood), []plan.Way{plan.GoOn, plan.GiveUp, plan.Climb}, ""},
		{"clearly, extension agreed", with(over(plan.ClearlyGood), agreed), []plan.Way{plan.GoOn, plan.GiveUp, plan.Climb}, "HC-LADDER-CLEAR"},
		{"clearly, on the highest rung", with(over(plan.ClearlyGood), func(p *plan.Passed) { p.At = "two-days" }), []plan.Way{plan.GoOn, plan.GiveUp}, ""},
		{"probably", over(plan.ProbablyGood), []plan.Way{plan.GoOn, plan.GiveUp}, "HC-LADDER-NO-EXTENSION"},
		{"probably, extension agreed", with(over(plan.ProbablyGood), agreed), []plan.Way{plan.GoOn, plan.Lengthen, plan.GiveUp}, ""},
		{"cannot tell, extension agreed", with(over(plan.CannotTell), agreed), []plan.Way{plan.Lengthen, plan.GiveUp}, ""},
		{"cannot tell, extension used", with(over(plan.CannotTell), used), []plan.Way{plan.GoOn, plan.GiveUp}, "HC-LADDER-EXTENDED"},
		{"cannot tell", over(plan.CannotTell), []plan.Way{plan.GoOn, plan.GiveUp}, "HC-LADDER-NO-EXTENSION"},
		{"probably worse", with(over(plan.ProbablyBad), agreed), []plan.Way{plan.GiveUp}, ""},
		{"worse", over(plan.Bad), []plan.Way{plan.GiveUp}, ""},
		{"a stop rule fired", with(over(plan.ClearlyGood), func(p *plan.Passed) { p.StopFired = true }), []plan.Way{plan.GiveUp}, ""},
		{"clearly at an early look", with(over(plan.ClearlyGood), func(p *plan.Passed) { p.WeeksPassed = 4 }), []plan.Way{plan.GiveUp}, ""},
		{"no verdict", over(""), []plan.Way{plan.GiveUp}, ""},
	} {
		ends, err := ladder.Endings(c.p)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for i, e := range ends {
			if e.Way != all[i] || e.Allowed != slices.Contains(c.want, e.Way) {
				t.Errorf("%s: %s allowed %v, want %v", c.name, e.Way, e.Allowed, c.want)
			}
			if len(e.Why) == 0 {
				t.Errorf("%s: %s has no reason", c.name, e.Way)
			}
			if e.Way == plan.Lengthen && c.why != "" && e.Why[0] != c.why {
				t.Errorf("%s: no extension because of %v, want %s", c.name, e.Why, c.why)
			}
			if e.Way == plan.Climb && e.Allowed && e.Rung.ID != "two-days" {
				t.Errorf("%s: leads to %v", c.name, e.Rung)
			}
			if e.Way == plan.GiveUp && e.Rung == nil {
				t.Errorf("%s: stopping leads nowhere", c.name)
			}
		}
	}
	if _, err := ladder.Endings(plan.Passed{At: "six-days"}); err == nil {
		t.Error("a rung that is not there has an ending")
	}
}

// The rung that is tried: above where one stands, else where one stands.
func TestTries(t *testing.T) {
	ladder := plan.Ladder{{ID: "one-project"}, {ID: "trial", Days: 1}, {ID: "keep", Days: 1}, {ID: "two-days", Days: 2}}
	for _, c := range []struct {
		days float64
		at   plan.RungID
		want plan.RungID
	}{
		{1, "", "trial"}, {1, "one-project", "trial"}, {1, "trial", "keep"}, {1, "keep", "keep"}, {2, "keep", "two-days"}, {1, "two-days", "keep"}, {0, "", "one-project"}, {4, "", ""},
	} {
		if got, _ := ladder.Tries(c.days, c.at); got.ID != c.want {
			t.Errorf("%g days from %q try %q, want %q", c.days, c.at, got.ID, c.want)
		}
	}
	if n := ladder.Above("two-days", "trial"); n != 2 {
		t.Errorf("two rungs above is %d", n)
	}
	if n := ladder.Above("one-project", ""); n != 1 {
		t.Errorf("the first rung is %d above the ground", n)
	}
}
