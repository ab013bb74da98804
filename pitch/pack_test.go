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
	d, err := draw(l)
	if err != nil {
		t.Fatal(err)
	}
	want := d.pack()
	if *update {
		if err := os.WriteFile("data/rules.pack", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, packed) {
		t.Fatal("data/rules.pack does not match the YAML: go test ./pitch -run 'Pack|Vale' -update")
	}
}

// TestPackedTables looks every word and pair of the YAML up in the file, and
// others that are not there.
func TestPackedTables(t *testing.T) {
	d, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	m, err := unpack(d.pack())
	if err != nil {
		t.Fatal(err)
	}
	for w, e := range d.words {
		if have := m.entry([]byte(w)); have != e {
			t.Errorf("%s is %+v in the YAML and %+v in the file", w, e, have)
		}
		if have := m.entry([]byte(w + "qx")); have != (entry{}) {
			t.Errorf("%sqx is in no rule, and %+v in the file", w, have)
		}
	}
	for w, id := range d.cues.words {
		if have, ok := m.cues.index.find([]byte(w)); !ok || have != int(id) {
			t.Errorf("the stem %s is number %d, and %d in the file", w, id, have)
		}
		if have, ok := m.cues.index.find([]byte(w + "qx")); ok {
			t.Errorf("no cue has the stem %sqx, and it is number %d in the file", w, have)
		}
		if have, want := pointsOf(rowOf(m.cues.single[(id-1)*rowBytes:]), 1), d.cues.single[id]; have != want {
			t.Errorf("%s has the points %d, and %d in the file", w, want, have)
		}
	}
	for a := range int32(400) {
		for b := range int32(400) {
			for gap := range 2 {
				key := pairKey(a, b, gap)
				want, ok := d.cues.pairs[key]
				if row, n := m.cues.pairs.points(key); ok != (n > 0) || pointsOf(row, n) != want {
					t.Errorf("the pair of %d and %d, gap %d: there %v, in the file %v", a, b, gap, ok, n > 0)
				}
			}
		}
	}
	for key, want := range d.cues.pairs {
		if row, n := m.cues.pairs.points(key); n == 0 || pointsOf(row, n) != want {
			t.Errorf("the pair %x is not in the file with its points", key)
		}
	}
}

// points looks a pair up.
func (p *pairTable) points(key uint32) (sums, int) {
	if f, ok := p.find(key); ok {
		if row, ok := p.row(f); ok {
			return rowOf(row), 1
		}
	}
	return sums{}, 0
}

// pointsOf reads a row, or none.
func pointsOf(s sums, rows int) (p points) {
	t := tally{sums: s, rows: rows}
	for i := range p {
		p[i] = int8(t.points(i))
	}
	return p
}

func TestUnpackRefusesDamage(t *testing.T) {
	for n := 0; n < len(packed); n += 997 {
		if _, err := unpack(packed[:n]); err == nil {
			t.Fatalf("%d of %d bytes were taken for the whole", n, len(packed))
		}
	}
}
