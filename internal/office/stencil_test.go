package office

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"homecase/share"
)

// nobody is a token that nobody holds.
const nobody = "aaaabbbbccccddddeeeeffffgggghhhhjj"

// ungzip is what a browser sees.
func ungzip(t *testing.T, packed []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// holds looks whether a page comes back for whoever holds a token, also from the store.
func holds(t *testing.T, page string) *stencil {
	t.Helper()
	s, err := cut([]byte(page), nobody)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := readStencil(s.bytes())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, uint64(len(page))))
	for range 5 {
		token, err := share.NewToken(bytes.NewReader(noise(random, 100)), "harbour2")
		if err != nil {
			t.Fatal(err)
		}
		if got := ungzip(t, kept.filled(token)); got != strings.ReplaceAll(page, nobody, token) {
			t.Fatalf("a page of %d bytes does not come back for %s", len(page), token)
		}
		if strings.Contains(string(s.bytes()), token) {
			t.Error("the stencil holds a token")
		}
	}
	return s
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestStencil(t *testing.T) {
	link := `<p>Ask <a href="/p/` + nobody + `/ask?at=`
	random := rand.New(rand.NewPCG(3, 4))
	words := func(n int) string { // text that hardly packs
		var b strings.Builder
		for b.Len() < n {
			b.WriteRune(rune(' ' + random.IntN(700)))
		}
		return b.String()
	}
	for name, page := range map[string]string{
		"no token":                  "<p>nothing</p>",
		"nothing":                   "",
		"the token alone":           nobody,
		"the token at both ends":    nobody + "<p>" + nobody,
		"tokens side by side":       strings.Repeat(nobody, 30),
		"the same sentence often":   strings.Repeat(link+`q">here</a></p>`, 400),
		"tokens beyond the window":  link + words(70_000) + link + words(40_000) + nobody,
		"tokens among other things": link + words(3000) + link + words(500) + link + words(31_000) + link,
		"lookalikes":                nobody[:33] + link + nobody[1:] + link + nobody[:17] + nobody + nobody[17:],
	} {
		t.Run(name, func(t *testing.T) { holds(t, page) })
	}
	for name, page := range map[string]string{"no UTF-8": "\xff" + nobody} {
		if _, err := cut([]byte(page), nobody); err == nil {
			t.Errorf("%s was cut", name)
		}
	}
	once := holds(t, strings.Repeat(link+`q">here</a></p>`, 40))
	if len(once.at) != 1 {
		t.Errorf("the token stands %d times in a page that repeats it near by, want once", len(once.at))
	}
}

// What the store gives back may be anything: it is refused or filled, and never panics.
func FuzzReadStencil(f *testing.F) {
	s, err := cut([]byte("<p>"+nobody+"</p>"), nobody)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.bytes())
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := readStencil(raw); err == nil {
			if got := s.filled(nobody); len(got) != len(s.packed) {
				t.Errorf("%d bytes became %d", len(s.packed), len(got))
			}
		}
	})
}

func FuzzStencil(f *testing.F) {
	f.Add("<p>Ask", 7, 3)
	f.Add(strings.Repeat("long ", 9000), 100, 2)
	f.Fuzz(func(t *testing.T, text string, each, times int) {
		if !strings.Contains(text, nobody) && len(text) < 1<<16 && times >= 0 && times < 40 && each > 0 {
			page := strings.ToValidUTF8(text, "")
			holds(t, strings.Repeat(page[:min(each, len(page))]+nobody, times)+page)
		}
	})
}

func TestNothingButAMarkIsCopiedFromAMark(t *testing.T) {
	pairs := map[string]bool{}
	for i := range gap - 1 {
		pairs[string(mark[i:i+2])] = true
	}
	if len(pairs) != gap-1 {
		t.Errorf("of %d pairs in the mark %d differ", gap-1, len(pairs))
	}
}
