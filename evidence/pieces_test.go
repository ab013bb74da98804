package evidence

import (
	"regexp"
	"slices"
	"testing"
)

// The pieces are those of one regular expression, which is slower to run and to
// compile.
func FuzzPieces(f *testing.F) {
	word := regexp.MustCompile(`\d+(?:\.\d+)?|[\p{L}']+(?:\.[\p{L}]+)*|[-%$£€,;:()?]`)
	for _, s := range []string{
		"", "13% fewer, (9.5 per cent) of U.S. staff", "3.", "3.x", "a.b.c'd.'e", "'tis e.g. 'n'.", "£1,200.50; €3?", "été.à l'œuvre\u00a04.2.1",
		"\xff1\xffa.\xff", "a.", "1..2", "½ ²", "٣ 4", "x-y: (z)", "...", "a'.b'c", "\ufffd",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := pieces(s), word.FindAllString(s, -1); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	})
}
