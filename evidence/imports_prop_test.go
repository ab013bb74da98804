package evidence

import (
	"testing"

	"pgregory.net/rapid"

	"homecase/day"
)

// However exports overlap: the same one again changes nothing, a value of one
// record counts once, and the last import of a day is what holds.
func TestMergeTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Ledger{}
		latest := map[string]float64{}
		for range rapid.IntRange(1, 6).Draw(t, "imports") {
			in := Import{Source: rapid.SampledFrom([]string{"git", "toggl"}).Draw(t, "source"), FileSHA256: hash, ImportedOn: day.Must("2026-11-24")}
			start, n := rapid.IntRange(0, 9).Draw(t, "start"), rapid.IntRange(1, 8).Draw(t, "days")
			for i := range n {
				in.Days = append(in.Days, DayCount{Date: day.Must("2026-09-01").Add(start + i), Measure: "hours", Value: float64(rapid.IntRange(0, 3).Draw(t, "value"))})
			}
			in.From, in.Until = in.Days[0].Date, in.Days[n-1].Date
			one, m := l.Merge(in)
			if m.New+m.Same+m.Changed != n {
				t.Fatalf("%d days, %+v", n, m)
			}
			if !m.Nothing() {
				var kept []Import
				for _, old := range l.Imports {
					gone := false
					for _, id := range m.Replaces {
						gone = gone || id == old.ID
					}
					if !gone {
						kept = append(kept, old)
					}
				}
				l.Imports = append(kept, one)
			}
			if _, again := l.Merge(in); !again.Nothing() {
				t.Fatalf("a second time: %+v", again)
			}
			for _, d := range in.Days {
				latest[in.Source+d.Date.String()] = d.Value
			}
			counts := l.Counts()
			if len(counts) != len(latest) {
				t.Fatalf("%d counts of %d days", len(counts), len(latest))
			}
			for _, c := range counts {
				if latest[c.Source+c.Date.String()] != c.Value {
					t.Fatalf("%+v", c)
				}
			}
			if list := l.Check(); len(list) > 0 {
				t.Fatal(list)
			}
		}
	})
}
