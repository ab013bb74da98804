package evidence

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/fault"
)

func ids(list []Study) []ID {
	out := make([]ID, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

// By hand from the library: E06 speaks for output (strongest against: E03, the
// newest experiment against it) and for satisfaction (only E19 is mixed).
func TestSelectAddsTheStrongestContraryStudy(t *testing.T) {
	for _, c := range []struct {
		chosen    []ID
		contrary  []ID
		unopposed []Tag
	}{
		{[]ID{"E06"}, []ID{"E03", "E19"}, nil},
		{[]ID{"E01"}, []ID{"E03"}, []Tag{"A-RET"}},
		{[]ID{"E02"}, []ID{"E03", "E19", "E01"}, []Tag{"A-RET"}},
		{[]ID{"E20"}, []ID{"E31"}, nil},
		{[]ID{"E24"}, []ID{"E33"}, nil},
		{[]ID{"E03"}, nil, nil},
		{[]ID{"E01", "E03"}, nil, []Tag{"A-RET"}},
		{[]ID{"E07"}, []ID{"E03", "E19", "E01"}, nil},
		{nil, nil, nil},
	} {
		got, err := Select(c.chosen)
		if err != nil {
			t.Fatal(err)
		}
		var contrary []ID
		for _, s := range got.Contrary {
			contrary = append(contrary, s.Study.ID)
		}
		if d := cmp.Diff(c.contrary, contrary); d != "" {
			t.Errorf("%v: contrary %s", c.chosen, d)
		}
		if d := cmp.Diff(c.unopposed, got.Unopposed); d != "" {
			t.Errorf("%v: unopposed %s", c.chosen, d)
		}
	}
	_, err := Select([]ID{"E99"})
	if !errors.Is(err, fault.New(0, "HC-EVID-01", "")) {
		t.Errorf("E99: %v", err)
	}
}

// For any choice: every point a chosen study speaks for is answered by a study
// that does not speak for it, or is listed as unopposed.
func TestSelectNeverShowsOneSide(t *testing.T) {
	all, err := Studies()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "n")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var chosen []ID
		for range n {
			chosen = append(chosen, all[r.IntN(len(all))].ID)
		}
		got, err := Select(chosen)
		if err != nil {
			t.Fatal(err)
		}
		shown := slices.Clone(got.Chosen)
		for _, c := range got.Contrary {
			shown = append(shown, c.Study)
		}
		for _, s := range got.Chosen {
			for _, b := range s.Bears {
				if b.Direction != For || slices.Contains(got.Unopposed, b.Tag) {
					continue
				}
				if !slices.ContainsFunc(shown, func(o Study) bool {
					x, ok := o.On(b.Tag)
					return ok && (x.Direction == Against || x.Direction == Mixed)
				}) {
					t.Fatalf("%v: %s for %s stands alone", chosen, s.ID, b.Tag)
				}
			}
		}
	})
}

func TestByTagOrdersByStrength(t *testing.T) {
	got, err := ByTag("O-PROMO")
	if err != nil {
		t.Fatal(err)
	}
	// E02 and E01 are experiments (A), the newer first; E28 and E05 compare records (B).
	if d := cmp.Diff([]ID{"E02", "E01", "E05", "E28"}, ids(got)); d != "" {
		t.Error(d)
	}
	if _, err := ByTag("A-NONE"); !errors.Is(err, fault.New(0, "HC-EVID-02", "")) {
		t.Errorf("unknown tag: %v", err)
	}
	rows, err := List("A-CLIM")
	if err != nil || len(rows) != 1 || rows[0].Direction != Mixed || rows[0].Grade != "D" {
		t.Errorf("rows %+v, %v", rows, err)
	}
	rows, err = List("")
	if err != nil || len(rows) != 36 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestFigureStrings(t *testing.T) {
	p := func(v float64) *float64 { return &v }
	for want, f := range map[string]Figure{
		"−19 to −8%":          {Low: p(-19), High: p(-8), Unit: "%"},
		"277 million USD":     {Value: p(277e6), Unit: "USD"},
		"500 billion USD":     {Value: p(5e11), Unit: "USD"},
		"12,883 people":       {Value: p(12883), Unit: "people"},
		"0.17 (0.08 to 0.27)": {Value: p(.17), Low: p(.08), High: p(.27)},
		"10,006 USD":          {Value: p(10006), Unit: "USD"},
		"1,000.5 USD":         {Value: p(1000.5), Unit: "USD"},
	} {
		if got := f.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
