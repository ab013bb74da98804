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
		if have, want := pointsOf(m.cues.single[(id-1)*rowBytes:]), d.cues.single[id]; have != want {
			t.Errorf("%s has the points %d, and %d in the file", w, want, have)
		}
	}
	for a := int32(1); a < 400; a++ {
		for b := int32(0); b < 400; b++ {
			for gap := range 2 {
				key := pairKey(a, b, gap)
				want, ok := d.cues.pairs[key]
				at := m.cues.pairs.find(key)
				if ok != (at > 0) || ok && pointsOf(m.cues.pairs.row(at)) != want {
					t.Errorf("the pair of %d and %d, gap %d: there %v, in the file %v", a, b, gap, ok, at > 0)
				}
			}
		}
	}
	for key, want := range d.cues.pairs {
		if at := m.cues.pairs.find(key); at == 0 || pointsOf(m.cues.pairs.row(at)) != want {
			t.Errorf("the pair %x is not in the file with its points", key)
		}
	}
}

// pointsOf reads a row as tally does.
func pointsOf(row []byte) (p points) {
	var sum tally
	sum.addRow(row)
	for i, v := range sum.points {
		p[i] = int8(v)
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
