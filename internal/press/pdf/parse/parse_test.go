package parse

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLexer(t *testing.T) {
	tests := []struct {
		in   string
		want Object
	}{
		{"12", int64(12)}, {"-1.5", -1.5}, {".25", .25}, {"+3", int64(3)}, {"true", true}, {"null", nil},
		{"/Na#20me", Name("Na me")}, {"/", Name("")}, {"(a(b)\\)\\n\\101)", String("a(b))\nA")}, {"(a\\\nb)", String("ab")},
		{"<48 65 6C6>", String("Hel`")}, {"[1 (x) /y]", Array{int64(1), String("x"), Name("y")}},
		{"<</A 1/B<</C[2 0 R]>>>>", Dict{"A": int64(1), "B": Dict{"C": Array{Ref{2, 0}}}}},
		{"7 0 R", Ref{7, 0}}, {"7 0 Rx", int64(7)}, {"% comment\nTj", Operator("Tj")},
	}
	for _, tt := range tests {
		got, err := NewLexer([]byte(tt.in)).Next(true)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q: %s", tt.in, diff)
		}
	}
	for _, bad := range []string{"", "(", "<4", "<4x>", "[1", "<<1 2>>", "<</A", ">", ")", "1.2.3", "[a]", strings.Repeat("[", 1000), "99999999999999999999999"} {
		if got, err := NewLexer([]byte(bad)).Next(true); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q is read as %v (%v)", bad, got, err)
		}
	}
}

// build makes a file from object bodies, numbered from 1, with the given trailer entries.
func build(trailer string, objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := len(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		b = fmt.Appendf(b, "%010d 00000 n \n", a)
	}
	return fmt.Appendf(b, "trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, table)
}

func pack(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return fmt.Sprintf("<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", b.Len(), b.String())
}

func TestOpenRefuses(t *testing.T) {
	tests := map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "no table": []byte("%PDF-1.7\nstartxref\n"), "a place outside": []byte("%PDF-1.7\nstartxref\n9999\n"),
		"encrypted": build("/Encrypt <<>> /Root 1 0 R", "<<>>"),
		"a loop":    []byte("%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9>>\nstartxref\n9\n"),
	}
	for name, data := range tests {
		f, err := Open(data)
		if name == "a loop" { // a section that names itself is read once
			if err != nil || f.Sections != 1 {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s is opened", name)
		}
	}
}

// 64 MB is the limit of one stream; a bomb of 100 MB packs into 100 KB.
func TestUnpackRefusesBombs(t *testing.T) {
	f, err := Open(build("/Root 1 0 R", "<<>>", pack(make([]byte, 100<<20))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Unpack(f.Resolve(Ref{2, 0}).(*Stream)); !errors.Is(err, ErrRefused) {
		t.Errorf("%v, want ErrRefused", err)
	}
}

func TestPagesRefuseLoops(t *testing.T) {
	f, err := Open(build("/Root 1 0 R", "<</Pages 2 0 R>>", "<</Kids [2 0 R]>>"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Pages(); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

func TestResolveSurvivesLoops(t *testing.T) {
	f, err := Open(build("/Root 1 0 R", "2 0 R", "1 0 R", "<</Length 3 0 R>>\nstream\nabc\nendstream"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Resolve(Ref{1, 0}) != nil || f.Resolve(Ref{3, 0}) != nil || f.Resolve(Ref{99, 0}) != nil || f.Resolve(Ref{1, 7}) != nil {
		t.Error("a loop gives an object")
	}
}

func TestCMap(t *testing.T) {
	m, err := ReadCMap([]byte("1 beginbfchar <0001> <00660069> endbfchar 2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0058> <0059>] endbfrange"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(CMap{1: "fi", 0x10: "A", 0x11: "B", 0x12: "C", 0x20: "X", 0x21: "Y"}, m); diff != "" {
		t.Error(diff)
	}
	if m, _ := ReadCMap([]byte("<00000000> <FFFFFFFF> <0041> endbfrange")); len(m) > maxCodes {
		t.Errorf("%d codes", len(m))
	}
}

func TestTextString(t *testing.T) {
	for in, want := range map[String]string{"plain": "plain", "\xfe\xff\x00a\x20\xac": "a€", "\xef\xbb\xbf€": "€", "\xe9": "é"} {
		if got := TextString(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(build("/Root 1 0 R", "<</Pages 2 0 R>>", "<</Kids [3 0 R]>>", "<</Contents 4 0 R>>", pack([]byte("BT (x) Tj ET"))))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<</Type /XRef /W [1 2 1] /Index [0 2] /Size 2 /Length 8>>\nstream\n\x00\x00\x00\x00\x01\x00\x09\x00\nendstream\nendobj\nstartxref\n9\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(data)
		if err != nil {
			return
		}
		pages, _ := file.Pages()
		for _, p := range pages {
			_, _ = file.Content(p.Dict)
		}
		for n := range int64(20) {
			if s, ok := file.Resolve(Ref{Num: n}).(*Stream); ok {
				data, _ := file.Unpack(s)
				_, _ = ReadCMap(data)
			}
		}
	})
}

func FuzzReadCMap(f *testing.F) {
	f.Add([]byte("1 beginbfchar <0001> <00660069> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange"))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = ReadCMap(data) })
}
