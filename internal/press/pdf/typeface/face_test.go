package typeface

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"homecase/internal/press/font"
)

func faces(t *testing.T) map[string]*Face {
	t.Helper()
	all := map[string]*Face{}
	for name, data := range map[string][]byte{"sans": font.Sans, "bold": font.SansBold, "serif": font.Serif, "semibold": font.SerifSemiBold} {
		f, err := Parse(data)
		if err != nil {
			t.Fatal(name, err)
		}
		all[name] = f
	}
	return all
}

// Advances of digits are 560 and 529 units, measured when the families were chosen.
func TestDigitsAreTabular(t *testing.T) {
	all := faces(t)
	for name, want := range map[string]int{"sans": 560, "serif": 529} {
		for _, d := range "0123456789" {
			g, err := all[name].Shape(string(d))
			if err != nil || g[0].Width != want {
				t.Errorf("%s: %c is %v wide (%v), want %d", name, d, g, err, want)
			}
		}
	}
}

func TestShapeJoinsAndKerns(t *testing.T) {
	f := faces(t)["serif"]
	g, err := f.Shape("office")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, x := range g {
		text.WriteString(x.Text)
	}
	if len(g) >= 6 || text.String() != "office" {
		t.Errorf("office is %d glyphs of %q, want a ligature", len(g), text.String())
	}
	for _, pair := range []string{"To", "AV", "We"} {
		if g, _ := f.Shape(pair); g[0].Kern >= 0 {
			t.Errorf("%s is kerned by %d, want less than 0", pair, g[0].Kern)
		}
	}
}

func TestShapeComposesMarksAndRefusesMissing(t *testing.T) {
	f := faces(t)["serif"]
	g, err := f.Shape("e\u0301t\u00e9")
	if err != nil || len(g) != 3 || g[0].ID != g[2].ID || g[0].Text != "e\u0301" {
		t.Errorf("combining acute: %+v, %v", g, err)
	}
	for _, s := range []string{"🙂", "שלום", "漢", "\u202e", "q\u0301"} {
		var m Missing
		if _, err := f.Shape("a" + s); !errors.As(err, &m) {
			t.Errorf("%q: %v, want Missing", s, err)
		}
	}
}

func TestSubsetKeepsOutlines(t *testing.T) {
	for name, f := range faces(t) {
		s := f.NewSubset()
		glyphs, err := f.Shape("Åé8 office\u00a0") // Å and é are composites in most fonts
		if err != nil {
			t.Fatal(err)
		}
		numbers := map[uint16]Glyph{}
		for _, g := range glyphs {
			numbers[s.Number(g)] = g
		}
		sub, err := ParseSubset(s.Font())
		if err != nil {
			t.Fatal(name, err)
		}
		for n, g := range numbers {
			want := f.Outline(g.ID)
			if len(want) > 0 && i16(want, 0) < 0 {
				continue // parts are renumbered
			}
			if got := sub.Outline(n); !bytes.Equal(bytes.TrimRight(got, "\x00"), bytes.TrimRight(want, "\x00")) {
				t.Errorf("%s: outline of %q changed", name, g.Text)
			}
		}
		if got := string(s.ToUnicode()); !strings.Contains(got, "<00A0>") || !strings.Contains(got, "<0020>") {
			t.Errorf("%s: space and no-break space are not told apart:\n%s", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(font.Sans[:4000])
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Parse(data)
		_, _ = ParseSubset(data)
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(font.Serif); err != nil {
			b.Fatal(err)
		}
	}
}
