package pdf

import (
	"encoding/binary"
	"testing"
)

// The profile is whole: sizes and places agree, and its primaries add up to the
// white point, as those of a display have to (ICC.1:2001-04, 6.3.1).
func TestProfileIsWhole(t *testing.T) {
	p := srgbProfile()
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(p[at:])) }
	if u32(0) != len(p) || string(p[36:40]) != "acsp" || string(p[12:24]) != "mntrRGB XYZ " {
		t.Fatalf("header: size %d of %d", u32(0), len(p))
	}
	xyz := map[string][3]float64{}
	for i := range u32(128) {
		at := 132 + 12*i
		name, off, n := string(p[at:at+4]), u32(at+4), u32(at+8)
		if off%4 != 0 || off+n > len(p) {
			t.Errorf("%s lies outside", name)
			continue
		}
		if string(p[off:off+4]) == "XYZ " {
			var v [3]float64
			for k := range v {
				v[k] = float64(int32(u32(off+8+4*k))) / 65536
			}
			xyz[name] = v
		}
		if string(p[off:off+4]) == "curv" && (n != 12+2*1024 || p[off+n-1] != 255) {
			t.Errorf("%s is %d bytes long", name, n)
		}
	}
	for k := range 3 {
		sum := xyz["rXYZ"][k] + xyz["gXYZ"][k] + xyz["bXYZ"][k]
		if d := sum - xyz["wtpt"][k]; d > .001 || d < -.001 {
			t.Errorf("the primaries add up to %.4f, the white point is %.4f", sum, xyz["wtpt"][k])
		}
	}
}

func TestSubsetNamesDiffer(t *testing.T) {
	a, b := subsetName([]byte("a")), subsetName([]byte("b"))
	if a == b || len(a) != 6 || a < "AAAAAA" || a > "ZZZZZZ" {
		t.Errorf("%s and %s", a, b)
	}
}
