package text_test

import (
	"strings"
	"testing"
	"unicode"

	"homecase/internal/press/text"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "8 of 29 hours", "8 of 29 hours"},
		{"line breaks", "one\ntwo\r\nthree\u2028four", "one two  three four"},
		{"controls", "a\x00b\x07c\x1b[31md\u009be", "abc[31mde"},
		{"override", "total \u202e05$\u202c", "total 05$"},
		{"isolates that close", "from \u2068دانا\u2069 to you", "from \u2068دانا\u2069 to you"},
		{"isolate left open", "from \u2068دانا to you", "from دانا to you"},
		{"emoji", "👩🏽‍💻 & 🏴", "👩🏽‍💻 & 🏴"},
		{"broken encoding", "caf\xe9", "caf\ufffd"},
		{"noncharacters", "a\ufffeb\uffffc\ufeff", "abc"},
		{"markup stays as text", "<script>=1+1</script>", "<script>=1+1</script>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text.Line(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	got := text.Wrap("the quick brown fox jumps\n\nover averyveryverylongword 名前名前 no\u00a0break", 10)
	want := []string{"the quick", "brown fox", "jumps", "", "over", "averyveryverylongword", "名前名前", "no\u00a0break"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("a\x00b\u202e\u2066")
	f.Add("\xff\u2069\u2068")
	f.Fuzz(func(t *testing.T, s string) {
		once := text.Line(s)
		if text.Line(once) != once {
			t.Errorf("cleaning twice changes %q", once)
		}
		if strings.ContainsFunc(once, unicode.IsControl) {
			t.Errorf("control left in %q", once)
		}
	})
}

func TestState(t *testing.T) {
	for _, c := range [][3]string{{"answered", "Bill, 14 November.", "Answered."}, {"my proposal", "My proposal.", ""}, {"", "By me.", ""}, {"offen.", "", "Offen."}, {"écrit", "x", "Écrit."}} {
		if got := text.State(c[0], c[1]); got != c[2] {
			t.Errorf("State(%q, %q) = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
