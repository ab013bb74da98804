package packet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homecase/content"
	"homecase/fault"
	"homecase/internal/press/presstest"
	"homecase/packet"
)

func encode(t testing.TB, d packet.Document) []byte {
	t.Helper()
	raw, err := packet.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The names of the encoding are a promise: an office reads what a workspace of
// another day wrote.
func TestEncodeNames(t *testing.T) {
	d := packet.Document{Kind: packet.Letter, WorkingName: "w.json", Working: []byte("{}"), Sections: []packet.Section{{ID: "a", NewPage: true, Blocks: []packet.Block{
		packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: "8 <b>", Ref: "n", Strong: true}}, Facts: []string{"log"}}}},
		packet.Figure{ID: "f", Alt: packet.Plain("Days."), Chart: packet.Windows{Days: []packet.Window{{Name: "Mon", Lit: packet.FillHome}}}},
		packet.Photo{ID: "desk", JPEG: presstest.JPEG(1, 1), Width: 1, Height: 1},
	}}}}
	raw := string(encode(t, d))
	jpeg := raw[strings.Index(raw, `"jpeg":"`)+8 : strings.Index(raw, `","kind":"photo"`)]
	want := `{"format":"homecase document 1","kind":"letter","sections":[{"blocks":[` +
		`{"kind":"para","text":[{"facts":["log"],"spans":[{"ref":"n","strong":true,"text":"8 <b>"}]}]},` +
		`{"alt":[{"spans":[{"text":"Days."}]}],"chart":{"days":[{"lit":"home","name":"Mon"}],"kind":"windows"},"id":"f","kind":"figure"},` +
		`{"height":1,"id":"desk","jpeg":"` + jpeg + `","kind":"photo","width":1}],"id":"a","new_page":true}],"working":"e30=","working_name":"w.json"}`
	if raw != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
}

// Every type of block and chart comes back as it was.
func TestEncodeRoundTrip(t *testing.T) {
	odd := section(packet.Para{Text: packet.Plain("a\u2028b \\ \" <i>&amp;</i> \x00 \x7f é 長 \ufffd \ufeff\n")}, figure(packet.Dots{Values: []float64{1e14, 1e-7, 123456.75, -0.5, 100, math.Copysign(0, -1)}}))
	for name, d := range map[string]packet.Document{"packet": presstest.Packet(), "letter": presstest.Letter(), "figure": document(), "odd": odd} {
		if name == "figure" {
			d.Kind = packet.Page
		}
		raw := encode(t, d)
		if want, err := content.Canonical(json.RawMessage(raw)); err != nil || !bytes.Equal(raw, want) {
			t.Errorf("%s is not in canonical form: %v\n%s\n%s", name, err, raw, want)
		}
		got, err := packet.Decode(raw)
		if diff := cmp.Diff(d, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	d := presstest.Letter()
	want := encode(t, d)
	d.Sections[0].Blocks[0] = packet.Para{Text: packet.Plain("Dear Dana,"), Evidence: packet.Text{}}
	if got := encode(t, d); !bytes.Equal(got, want) {
		t.Errorf("an empty list is written: %s", got)
	}
}

// Each change to a sound encoding is refused.
func TestDecodeRefuses(t *testing.T) {
	sound := string(encode(t, presstest.Letter()))
	swap := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	for name, raw := range map[string]string{
		"nothing":          "",
		"no object":        "[]",
		"null":             "null",
		"no format":        swap(`"format":"homecase document 1",`, ""),
		"another format":   swap("homecase document 1", "homecase document 2"),
		"unknown key":      swap(`"kind":"letter"`, `"kind":"letter","kinds":"x"`),
		"doubled key":      swap(`"kind":"letter"`, `"kind":"letter","kind":"letter"`),
		"unknown document": swap(`"kind":"letter"`, `"kind":"novel"`),
		"unknown block":    swap(`"kind":"para"`, `"kind":"script"`),
		"a null block":     swap(`"blocks":[`, `"blocks":[null,`),
		"a wrong type":     swap(`"level":2`, `"level":"2"`),
		"a broken number":  swap(`"level":2`, `"level":2.5`),
		"another number":   swap(`"level":2`, `"level":2e0`),
		"a large number":   swap(`"level":2`, `"level":99999999999999999999`),
		"a level too deep": swap(`"level":2`, `"level":7`),
		"a bad date":       swap(`"date":"2026-11-24"`, `"date":"2026-02-30"`),
		"space":            swap(`"kind":"letter"`, `"kind": "letter"`),
		"something behind": sound + "{}",
		"cut off":          sound[:len(sound)-2],
		"a written zero":   swap(`"level":2`, `"fold":false,"level":2`),
		"capital key":      swap(`"kind":"letter"`, `"Kind":"letter"`),
		"an unbound digit": swap("Dear Dana", "Dear 4"),
		"deep nesting":     strings.Repeat(`{"head":[`, 50_000),
		"deep in a block":  swap(`"blocks":[`, `"blocks":[`+strings.Repeat(`[`, 50_000)),
		"another alphabet": swap(`"kind":"letter"`, `"k\u0069nd":"letter"`),
		"no UTF-8":         swap("Dear Dana", "Dear \xff"),
	} {
		if _, err := packet.Decode([]byte(raw)); err == nil {
			t.Errorf("%s is taken", name)
		} else if k := fault.KindOf(err); k != fault.Invalid && name != "an unbound digit" {
			t.Errorf("%s: %v is of kind %v", name, err, k)
		}
	}
	if _, err := packet.Decode([]byte(sound)); err != nil {
		t.Error(err)
	}
}

func section(blocks ...packet.Block) packet.Document {
	return packet.Document{Kind: packet.Page, Sections: []packet.Section{{ID: "a", Blocks: blocks}}}
}

func figure(c packet.Chart) packet.Block {
	return packet.Figure{ID: "f", Alt: packet.Plain("A picture."), Chart: c}
}

// What no reader should have to print is refused on both sides.
func TestBounds(t *testing.T) {
	photo := packet.Photo{ID: "p", JPEG: presstest.JPEG(2, 2), Width: 2, Height: 2}
	var photos, many []packet.Block
	for i := range 13 {
		p := photo
		p.ID = fmt.Sprintf("p%d", i)
		photos = append(photos, p)
	}
	for range 5001 {
		many = append(many, packet.Para{})
	}
	huge := photo
	huge.Width = 100_000
	gif := photo
	gif.JPEG = []byte("GIF89a<script>")
	for name, d := range map[string]packet.Document{
		"no kind":           {},
		"many photos":       section(photos...),
		"twice one photo":   section(photo, photo),
		"a wide photo":      section(huge),
		"no JPEG":           section(gif),
		"many blocks":       section(many...),
		"a long text":       section(packet.Para{Text: packet.Plain(strings.Repeat("a", 20_001))}),
		"many dots":         section(figure(packet.Dots{Values: make([]float64, 1001)})),
		"endless axis":      section(figure(packet.Dots{Axis: packet.Axis{Max: math.Inf(1)}})),
		"no number":         section(figure(packet.HoursBar{Parts: []packet.HoursPart{{Hours: math.NaN()}}})),
		"a large number":    section(figure(packet.Dots{Values: []float64{1e300}})),
		"many weeks":        section(figure(packet.Timeline{Weeks: 2_000_000_000})),
		"no such verdict":   section(figure(packet.Verdicts{Names: []string{"a"}, Current: 1})),
		"a figure of none":  section(figure(nil)),
		"a missing block":   section(nil),
		"a pointer":         section(&packet.Para{}),
		"a slash in an id":  section(packet.Question{ID: "../a"}),
		"a long id":         section(packet.Question{ID: strings.Repeat("a", 65)}),
		"two questions":     section(packet.Question{ID: "q"}, packet.Question{ID: "q"}),
		"a path for a file": {Kind: packet.Page, WorkingName: "../w.json"},
	} {
		if _, err := packet.Encode(d); fault.CodeOf(err) != "HC-PACKET-24" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := packet.Encode(section(photo)); err != nil {
		t.Error(err)
	}
	large := section(photo)
	large.Working, large.WorkingName = make([]byte, packet.MaxEncoded), "w.json"
	if _, err := packet.Encode(large); fault.CodeOf(err) != "HC-PACKET-21" {
		t.Errorf("a large document: %v", err)
	}
	if _, err := packet.Decode(make([]byte, packet.MaxEncoded+1)); fault.CodeOf(err) != "HC-PACKET-21" {
		t.Errorf("a large document: %v", err)
	}
}

// A small encoding that asks for much is refused before it takes much: each of
// these has 16 MB at most and would be hundreds of megabytes as values.
func TestDecodeStaysSmall(t *testing.T) {
	head := `{"format":"homecase document 1","kind":"page","sections":[`
	for name, raw := range map[string]string{
		"sections": head + strings.Repeat("{},", 5_000_000) + "{}]}",
		"spans":    head + `{"blocks":[{"kind":"para","text":[{"spans":[` + strings.Repeat("{},", 5_000_000) + `{}]}]}]}]}`,
	} {
		taken := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if _, err := packet.Decode([]byte(raw)); fault.KindOf(err) != fault.Invalid {
					b.Fatal(err)
				}
			}
		}).AllocedBytesPerOp()
		if taken > 400<<20 {
			t.Errorf("%s: %d bytes were asked for", name, taken)
		}
		t.Logf("%s: %d MB", name, taken>>20)
	}
}

// Whatever bytes a stranger sends: no panic, and what is taken is what Encode writes.
func FuzzDecodeDocument(f *testing.F) {
	for _, d := range []packet.Document{presstest.Packet(), presstest.Letter(), document(), section(figure(packet.Timeline{Weeks: 8, Length: 9}))} {
		if raw, err := packet.Encode(d); err == nil {
			f.Add(raw)
		}
	}
	f.Add([]byte(`{"format":"homecase document 1","kind":"page"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := packet.Decode(raw)
		if err != nil {
			return
		}
		if again := encode(t, d); !bytes.Equal(again, raw) {
			t.Errorf("%s comes back as %s", raw, again)
		}
		if !json.Valid(raw) {
			t.Errorf("%s is no JSON", raw)
		}
	})
}

func BenchmarkCodec(b *testing.B) {
	d := presstest.Packet()
	raw := encode(b, d)
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			encode(b, d)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := packet.Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}
