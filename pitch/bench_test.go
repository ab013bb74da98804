package pitch

import "testing"

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
