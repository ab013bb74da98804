package pitch

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write data/rules.pack and docs/vale anew")

// TestPack holds data/rules.pack to the YAML it is compiled from.
func TestPack(t *testing.T) {
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	m, err := compile(l)
	if err != nil {
		t.Fatal(err)
	}
	want := pack(m)
	if *update {
		if err := os.WriteFile("data/rules.pack", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, packed) {
		t.Fatal("data/rules.pack does not match the YAML: go test ./pitch -run 'Pack|Vale' -update")
	}
	again, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pack(again), want) {
		t.Error("unpacking loses something")
	}
}

func TestUnpackRefusesDamage(t *testing.T) {
	for n := 0; n < len(packed); n += 997 {
		if _, err := unpack(packed[:n]); err == nil {
			t.Fatalf("%d of %d bytes were taken for the whole", n, len(packed))
		}
	}
}
