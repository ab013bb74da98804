package typeface

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"sort"
	"unicode/utf16"
)

// Subset collects the glyphs one document uses of a face and numbers them
// from 1 in order of first use. Two characters that look alike get a number
// each, so that text read back is the text that was written.
type Subset struct {
	face  *Face
	ids   map[subsetKey]uint16
	first []uint16 // by glyph: the number of its first characters, which are mostly its only ones
	used  []Glyph
	parts []uint16 // glyphs only composites need, numbered behind the used ones
}

type subsetKey struct {
	id   uint16
	text string
}

// NewSubset starts an empty subset: glyph 0 is the font's own missing glyph.
func (f *Face) NewSubset() *Subset {
	return &Subset{face: f, ids: map[subsetKey]uint16{}, first: make([]uint16, len(f.advance)), used: []Glyph{{Width: int(f.advance[0])}}}
}

// Number returns the glyph's number in the subset.
func (s *Subset) Number(g Glyph) uint16 {
	if id := s.first[g.ID]; id > 0 && s.used[id].Text == g.Text {
		return id
	}
	key := subsetKey{g.ID, g.Text}
	id, ok := s.ids[key]
	if !ok {
		id = uint16(len(s.used))
		s.ids[key] = id
		if s.first[g.ID] == 0 {
			s.first[g.ID] = id
		}
		s.used = append(s.used, Glyph{ID: g.ID, Text: g.Text, Width: int(s.face.advance[g.ID])})
	}
	return id
}

// Empty tells whether nothing was used.
func (s *Subset) Empty() bool { return len(s.used) == 1 }

// Widths lists the advance of each numbered glyph, in thousandths.
func (s *Subset) Widths() []int {
	w := make([]int, len(s.used))
	for i, g := range s.used {
		w[i] = g.Width
	}
	return w
}

// ToUnicode is the CMap that gives every number its characters back.
func (s *Subset) ToUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 1; from < len(s.used); from += 100 {
		to := min(from+100, len(s.used))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "<%04X> <", i)
			for _, u := range utf16.Encode([]rune(s.used[i].Text)) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// Font writes the subset as a TrueType file with the tables a PDF reader needs.
func (s *Subset) Font() []byte {
	f := s.face
	number := map[uint16]uint16{}
	var glyf, hmtx []byte
	loca := []byte{0, 0, 0, 0}
	s.parts = nil
	add := func(id uint16) {
		outline := s.renumber(f.Outline(id), number)
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		hmtx = binary.BigEndian.AppendUint16(hmtx, f.advance[id])
		hmtx = binary.BigEndian.AppendUint16(hmtx, leftBearing(f, id))
	}
	for _, g := range s.used {
		add(g.ID)
	}
	for i := 0; i < len(s.parts); i++ { // a part may itself have parts
		add(s.parts[i])
	}
	count := uint16(len(s.used) + len(s.parts))
	head, hhea, maxp := bytes.Clone(f.tables["head"]), bytes.Clone(f.tables["hhea"]), bytes.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(hhea[34:], count)
	binary.BigEndian.PutUint16(maxp[4:], count)
	tables := map[string][]byte{"glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": maxp}
	if prep := f.tables["prep"]; prep != nil {
		tables["prep"] = prep
	}
	return assemble(tables)
}

func leftBearing(f *Face, id uint16) uint16 {
	long := int(u16(f.tables["hhea"], 34))
	if int(id) < long {
		return u16(f.tables["hmtx"], 4*int(id)+2)
	}
	return u16(f.tables["hmtx"], 4*long+2*(int(id)-long))
}

// Flags of a composite glyph's parts, OpenType glyf table.
const (
	argsAreWords = 1 << 0
	haveScale    = 1 << 3
	moreParts    = 1 << 5
	haveXYScale  = 1 << 6
	haveTwoByTwo = 1 << 7
)

// renumber gives the parts of a composite glyph their numbers in the subset.
func (s *Subset) renumber(outline []byte, number map[uint16]uint16) []byte {
	if len(outline) == 0 || i16(outline, 0) >= 0 {
		return outline
	}
	out := bytes.Clone(outline)
	for at := 10; ; {
		flags, part := u16(out, at), u16(out, at+2)
		n, ok := number[part]
		if !ok {
			n = uint16(len(s.used) + len(s.parts))
			number[part] = n
			s.parts = append(s.parts, part)
		}
		binary.BigEndian.PutUint16(out[at+2:], n)
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return out
		}
	}
}

func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for n := range tables {
		names = append(names, n)
	}
	sort.Strings(names)
	n := len(names)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	var body []byte
	for _, name := range names {
		t := tables[name]
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, checksum(t))
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t)))
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	head := at
	for _, name := range names {
		if name == "head" {
			binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
		}
		head += (len(tables[name]) + 3) &^ 3
	}
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}

// Outlines is what a reader can see of an embedded subset.
type Outlines struct {
	loca []uint32
	glyf []byte
}

// ParseSubset reads the outlines of an embedded TrueType file, which may be hostile.
func ParseSubset(ttf []byte) (o *Outlines, err error) {
	defer func() {
		if recover() != nil {
			o, err = nil, errFont
		}
	}()
	f := &Face{tables: map[string][]byte{}}
	for i := range int(u16(ttf, 4)) {
		r := ttf[12+16*i:]
		off, n := u32(r, 8), u32(r, 12)
		f.tables[string(r[:4])] = ttf[off : off+n]
	}
	f.readLocations(int(u16(f.tables["maxp"], 4)), u16(f.tables["head"], 50) == 0)
	return &Outlines{f.loca, f.tables["glyf"]}, nil
}

// Outline returns the bytes of a numbered glyph, nil when there is none.
func (o *Outlines) Outline(n uint16) []byte {
	if int(n)+1 >= len(o.loca) {
		return nil
	}
	from, to := o.loca[n], o.loca[n+1]
	if from > to || int64(to) > int64(len(o.glyf)) {
		return nil
	}
	return o.glyf[from:to]
}
