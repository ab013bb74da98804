package pitch

import (
	"bytes"
	"os"
	"testing"
)

// Start-up: decode and compile. The target is 5 ms.
func BenchmarkCompile(b *testing.B) {
	l, err := read()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := compile(l); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck reads a long text in one process. The target is 20 MB/s.
func BenchmarkCheck(b *testing.B) {
	var text []byte
	for _, l := range readLabelled(b, "labelled.tsv") {
		text = append(append(text, l.text...), "\n\n"...)
	}
	for len(text) < 1<<20 {
		text = append(text, text...)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Check([]File{{Name: "long.txt", Data: text}}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLetter reads letters of the usual kind.
func BenchmarkLetter(b *testing.B) {
	letter, err := os.ReadFile("testdata/letter-good.md")
	if err != nil {
		b.Fatal(err)
	}
	text := bytes.Repeat(letter, 1<<20/len(letter))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Check([]File{{Name: "long.md", Data: text}}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnpack is what a run of the program does instead of reading YAML.
func BenchmarkUnpack(b *testing.B) {
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
