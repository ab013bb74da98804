package pdf

import (
	"io"
	"testing"
)

// One page and the full packet together have to stay under 60 ms on one core.
func BenchmarkOnePageAndFull(b *testing.B) {
	one, all := onePage(), full(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, one, Options{Created: created}); err != nil {
			b.Fatal(err)
		}
		if err := Write(io.Discard, all, Options{Created: created}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := write(b, full(b), Options{Created: created})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	data := write(b, full(b), Options{Created: created})
	for b.Loop() {
		if p := Check(data); len(p) > 0 {
			b.Fatal(p)
		}
	}
}
