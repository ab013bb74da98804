package plan

import (
	"testing"

	"pgregory.net/rapid"

	"homecase/fault"
)

func ladder(t testing.TB) Ladder {
	t.Helper()
	l, err := DefaultLadder(3)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestNextRung(t *testing.T) {
	l := ladder(t) // one-project half-day one-day-trial one-day two-days three-days
	done := Passed{At: "one-day-trial", WeeksAgreed: 8, WeeksPassed: 8}
	with := func(v Verdict) Passed { p := done; p.Verdict = v; return p }
	extension := with(CannotTell)
	extension.ExtensionAgreed = true
	used := extension
	used.ExtensionUsed = true
	early := with(ClearlyGood)
	early.WeeksPassed = 7
	stopped := with(ClearlyGood)
	stopped.StopFired = true
	top := with(ClearlyGood)
	top.At = "three-days"
	bottom := with(Bad)
	bottom.At = "one-project"
	for _, c := range []struct {
		name string
		in   Passed
		step Step
		rung RungID
		why  string
	}{
		{"before the first", Passed{}, Open, "one-project", "HC-LADDER-FIRST"},
		{"clearly", with(ClearlyGood), Open, "one-day", "HC-LADDER-CLEAR"},
		{"probably", with(ProbablyGood), Stay, "one-day-trial", "HC-LADDER-PROBABLY"},
		{"cannot tell", with(CannotTell), Stay, "one-day-trial", "HC-LADDER-CANNOT-TELL"},
		{"cannot tell, extension agreed", extension, Extend, "one-day-trial", "HC-LADDER-EXTEND"},
		{"cannot tell after the extension", used, Stay, "one-day-trial", "HC-LADDER-CANNOT-TELL"},
		{"probably worse", with(ProbablyBad), Back, "half-day", "HC-LADDER-WORSE"},
		{"worse", with(Bad), Back, "half-day", "HC-LADDER-WORSE"},
		{"a week early", early, Wait, "one-day-trial", "HC-LADDER-WEEKS"},
		{"no verdict", with(""), Wait, "one-day-trial", "HC-LADDER-NO-VERDICT"},
		{"a stop rule fired", stopped, Back, "half-day", "HC-LADDER-STOPPED"},
		{"the top", top, Top, "three-days", "HC-LADDER-TOP"},
		{"worse on the first rung", bottom, Back, "", "HC-LADDER-WORSE"},
	} {
		o, err := l.Next(c.in)
		if err != nil {
			t.Fatal(err)
		}
		var rung RungID
		if o.Rung != nil {
			rung = o.Rung.ID
		}
		if o.Step != c.step || rung != c.rung || len(o.Why) != 1 || o.Why[0] != c.why {
			t.Errorf("%s: %s %s %v, want %s %s %s", c.name, o.Step, rung, o.Why, c.step, c.rung, c.why)
		}
	}
	for _, bad := range []Passed{{At: "moon"}, with("splendid")} {
		if _, err := l.Next(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := (Ladder{}).Next(Passed{}); err == nil {
		t.Error("an empty ladder opens a rung")
	}
}

// Never two rungs, and never up without a finished trial that is clearly good.
func TestNeverTwoRungs(t *testing.T) {
	verdicts := []Verdict{ClearlyGood, ProbablyGood, CannotTell, ProbablyBad, Bad, ""}
	l := ladder(t)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(l)-1).Draw(t, "at")
		p := Passed{
			At: l[at].ID, Verdict: rapid.SampledFrom(verdicts).Draw(t, "verdict"),
			WeeksAgreed: rapid.IntRange(0, 12).Draw(t, "agreed"), WeeksPassed: rapid.IntRange(0, 14).Draw(t, "passed"),
			StopFired: rapid.Bool().Draw(t, "stop"), ExtensionAgreed: rapid.Bool().Draw(t, "ext"), ExtensionUsed: rapid.Bool().Draw(t, "used"),
		}
		o, err := l.Next(p)
		if err != nil {
			t.Fatal(err)
		}
		to := -1
		if o.Rung != nil {
			to = l.index(o.Rung.ID)
		}
		if to > at+1 || to < at-1 {
			t.Fatalf("from rung %d to %d", at, to)
		}
		if to == at+1 && (p.Verdict != ClearlyGood || p.StopFired || p.WeeksPassed < p.WeeksAgreed || p.WeeksAgreed < 1 || o.Step != Open) {
			t.Fatalf("the next rung opened on %+v", p)
		}
	})
}

func TestDefaultLadderEndsAtTheAsk(t *testing.T) {
	for ask, last := range map[float64]RungID{0.5: "half-day", 1: "one-day", 1.5: "days-1.5", 2: "two-days", 5: "five-days"} {
		l, err := DefaultLadder(ask)
		if err != nil {
			t.Fatal(err)
		}
		if top := l[len(l)-1]; top.ID != last || top.Days != ask || len(l.check("", "")) > 0 {
			t.Errorf("ask %v: the ladder ends at %+v", ask, top)
		}
	}
}
