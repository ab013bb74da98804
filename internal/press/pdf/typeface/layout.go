package typeface

import "sort"

// The tables read here are those of the OpenType specification 1.9: cmap
// formats 4 and 12, GPOS pair adjustment (lookup type 2) under feature kern,
// GSUB ligatures (lookup type 4) under feature liga, both also by way of
// extension lookups.

type cmap struct{ four, twelve []byte }

func readCmap(t []byte) cmap {
	var c cmap
	for i := range int(u16(t, 2)) {
		sub := t[u32(t, 4+8*i+4):]
		switch u16(sub, 0) {
		case 4:
			c.four = sub
		case 12:
			c.twelve = sub
		}
	}
	return c
}

func (c cmap) glyph(r rune) uint16 {
	if r < 0 {
		return 0
	}
	if c.twelve != nil {
		n := int(u32(c.twelve, 12))
		i := sort.Search(n, func(i int) bool { return u32(c.twelve, 16+12*i+4) >= uint32(r) })
		if i < n && u32(c.twelve, 16+12*i) <= uint32(r) {
			return uint16(u32(c.twelve, 16+12*i+8) + uint32(r) - u32(c.twelve, 16+12*i))
		}
		return 0
	}
	if c.four == nil || r > 0xffff {
		return 0
	}
	n := int(u16(c.four, 6)) / 2
	i := sort.Search(n, func(i int) bool { return u16(c.four, 14+2*i) >= uint16(r) })
	if i == n {
		return 0
	}
	start, delta, off := u16(c.four, 16+2*n+2*i), u16(c.four, 16+4*n+2*i), 16+6*n+2*i
	if start > uint16(r) {
		return 0
	}
	if o := int(u16(c.four, off)); o != 0 {
		g := u16(c.four, off+o+2*int(uint16(r)-start))
		if g == 0 {
			return 0
		}
		return g + delta
	}
	return uint16(r) + delta
}

// lookup is the subtables of one kerning lookup; the first that applies wins.
type lookup [][]byte

// subtables lists the subtables of each lookup that a feature names, of the
// wanted lookup type, in lookup order.
func subtables(t []byte, feature string, kind, extension uint16) []lookup {
	if len(t) == 0 {
		return nil
	}
	features, lookups := t[u16(t, 6):], t[u16(t, 8):]
	wanted := map[int]bool{}
	for i := range int(u16(features, 0)) {
		if r := features[2+6*i:]; string(r[:4]) == feature {
			f := features[u16(r, 4):]
			for k := range int(u16(f, 2)) {
				wanted[int(u16(f, 4+2*k))] = true
			}
		}
	}
	var all []lookup
	for i := range int(u16(lookups, 0)) {
		if !wanted[i] {
			continue
		}
		l := lookups[u16(lookups, 2+2*i):]
		var subs lookup
		for k := range int(u16(l, 4)) {
			sub, typ := l[u16(l, 6+2*k):], u16(l, 0)
			if typ == extension {
				typ, sub = u16(sub, 2), sub[u32(sub, 4):]
			}
			if typ == kind {
				subs = append(subs, sub)
			}
		}
		all = append(all, subs)
	}
	return all
}

func readKerning(gpos []byte) []lookup { return subtables(gpos, "kern", 2, 9) }

// covered returns the coverage index of a glyph, or -1.
func covered(t []byte, g uint16) int {
	n := int(u16(t, 2))
	if u16(t, 0) == 1 {
		i := sort.Search(n, func(i int) bool { return u16(t, 4+2*i) >= g })
		if i < n && u16(t, 4+2*i) == g {
			return i
		}
		return -1
	}
	i := sort.Search(n, func(i int) bool { return u16(t, 4+6*i+2) >= g })
	if i < n && u16(t, 4+6*i) <= g {
		return int(u16(t, 4+6*i+4)) + int(g-u16(t, 4+6*i))
	}
	return -1
}

func class(t []byte, g uint16) int {
	if u16(t, 0) == 1 {
		start, n := u16(t, 2), u16(t, 4)
		if g < start || g-start >= n {
			return 0
		}
		return int(u16(t, 6+2*int(g-start)))
	}
	n := int(u16(t, 2))
	i := sort.Search(n, func(i int) bool { return u16(t, 4+6*i+2) >= g })
	if i < n && u16(t, 4+6*i) <= g {
		return int(u16(t, 4+6*i+4))
	}
	return 0
}

// valueSize is the bytes of a value record; advanceAt is where XAdvance lies in it, or -1.
func valueSize(format uint16) (size, advanceAt int) {
	advanceAt = -1
	for bit := range 8 {
		if format&(1<<bit) != 0 {
			if bit == 2 {
				advanceAt = size
			}
			size += 2
		}
	}
	return size, advanceAt
}

func (f *Face) kerning(left, right uint16) int {
	total := 0
	for _, subs := range f.kern {
		for _, t := range subs {
			if v, ok := pair(t, left, right); ok {
				total += v
				break
			}
		}
	}
	return total
}

func pair(t []byte, left, right uint16) (int, bool) {
	index := covered(t[u16(t, 2):], left)
	if index < 0 {
		return 0, false
	}
	size1, at := valueSize(u16(t, 4))
	size2, _ := valueSize(u16(t, 6))
	if u16(t, 0) == 1 {
		set, rec := t[u16(t, 10+2*index):], 2+size1+size2
		n := int(u16(set, 0))
		i := sort.Search(n, func(i int) bool { return u16(set, 2+rec*i) >= right })
		if i == n || u16(set, 2+rec*i) != right {
			return 0, false
		}
		return advanceOf(set[2+rec*i+2:], at), true
	}
	c1, c2 := class(t[u16(t, 8):], left), class(t[u16(t, 10):], right)
	rec := size1 + size2
	return advanceOf(t[16+rec*(c1*int(u16(t, 14))+c2):], at), true
}

func advanceOf(record []byte, at int) int {
	if at < 0 {
		return 0
	}
	return int(i16(record, at))
}

// ligature replaces the glyph it is filed under and the rest by one glyph.
type ligature struct {
	rest []uint16
	to   uint16
}

func readLigatures(gsub []byte) map[uint16][]ligature {
	join := map[uint16][]ligature{}
	for _, subs := range subtables(gsub, "liga", 4, 7) {
		for _, t := range subs {
			cov := t[u16(t, 2):]
			for _, g := range coverageList(cov) {
				set := t[u16(t, 6+2*covered(cov, g)):]
				for k := range int(u16(set, 0)) {
					l := set[u16(set, 2+2*k):]
					lig := ligature{to: u16(l, 0)}
					for c := range int(u16(l, 2)) - 1 {
						lig.rest = append(lig.rest, u16(l, 4+2*c))
					}
					join[g] = append(join[g], lig)
				}
			}
		}
	}
	return join
}

func coverageList(t []byte) []uint16 {
	var list []uint16
	for i := range int(u16(t, 2)) {
		if u16(t, 0) == 1 {
			list = append(list, u16(t, 4+2*i))
			continue
		}
		for g := int(u16(t, 4+6*i)); g <= int(u16(t, 4+6*i+2)); g++ {
			list = append(list, uint16(g))
		}
	}
	return list
}

func (f *Face) ligate(glyphs []Glyph) []Glyph {
	out := glyphs[:0]
	for i := 0; i < len(glyphs); {
		g, n := glyphs[i], 1
	find:
		for _, l := range f.join[g.ID] {
			if i+len(l.rest) >= len(glyphs) {
				continue
			}
			text := g.Text
			for k, r := range l.rest {
				if glyphs[i+1+k].ID != r {
					continue find
				}
				text += glyphs[i+1+k].Text
			}
			g, n = Glyph{ID: l.to, Text: text}, 1+len(l.rest)
			break
		}
		out = append(out, g)
		i += n
	}
	return out
}
