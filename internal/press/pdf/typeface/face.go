// Package typeface reads TrueType fonts as far as a printed page needs them:
// which glyph a character has, how wide it is, how a pair is kerned, which
// letters join, and a subset with only the glyphs a document uses.
//
// It refuses a character the font has no glyph for; it never prints a box in
// its place. It does not shape scripts that need reordering: such characters
// are missing from our fonts and so refused too.
package typeface

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Face is a parsed font. It is read-only and safe for use by many goroutines.
type Face struct {
	Name                    string // PostScript name
	Ascent, Descent, CapTop int    // in thousandths of the size
	Box                     [4]int
	tables                  map[string][]byte
	advance                 []uint16
	loca                    []uint32
	cmap                    cmap
	kern                    []lookup
	join                    map[uint16][]ligature
}

// errFont marks a font file that ends early or names a table it does not have.
var errFont = errors.New("the font file is damaged")

// Parse reads a TrueType font with 1000 units to the em, as both our families have.
func Parse(ttf []byte) (face *Face, err error) {
	defer func() { // the embedded fonts are whole; an index outside them is a damaged file
		if recover() != nil {
			face, err = nil, errFont
		}
	}()
	f := &Face{tables: map[string][]byte{}}
	for i := range int(u16(ttf, 4)) {
		r := ttf[12+16*i:]
		off, n := u32(r, 8), u32(r, 12)
		f.tables[string(r[:4])] = ttf[off : off+n]
	}
	head, hhea, maxp := f.tables["head"], f.tables["hhea"], f.tables["maxp"]
	if em := u16(head, 18); em != 1000 {
		return nil, fmt.Errorf("%w: %d units to the em, want 1000", errFont, em)
	}
	for i := range f.Box {
		f.Box[i] = int(i16(head, 36+2*i))
	}
	f.Ascent, f.Descent = int(i16(hhea, 4)), int(i16(hhea, 6))
	f.CapTop = int(i16(f.tables["OS/2"], 88))
	f.readAdvances(int(u16(maxp, 4)), int(u16(hhea, 34)))
	f.readLocations(int(u16(maxp, 4)), u16(head, 50) == 0)
	f.Name = postScriptName(f.tables["name"])
	f.cmap = readCmap(f.tables["cmap"])
	f.kern = readKerning(f.tables["GPOS"])
	f.join = readLigatures(f.tables["GSUB"])
	return f, nil
}

func (f *Face) readAdvances(glyphs, long int) {
	f.advance = make([]uint16, glyphs)
	hmtx := f.tables["hmtx"]
	for i := range f.advance {
		f.advance[i] = u16(hmtx, 4*min(i, long-1))
	}
}

func (f *Face) readLocations(glyphs int, short bool) {
	f.loca = make([]uint32, glyphs+1)
	loca := f.tables["loca"]
	for i := range f.loca {
		if short {
			f.loca[i] = 2 * uint32(u16(loca, 2*i))
		} else {
			f.loca[i] = u32(loca, 4*i)
		}
	}
}

// Outline returns the glyph's bytes in the font, empty for a blank glyph.
func (f *Face) Outline(glyph uint16) []byte {
	if int(glyph)+1 >= len(f.loca) {
		return nil
	}
	return f.tables["glyf"][f.loca[glyph]:f.loca[glyph+1]]
}

// Lookup returns the glyph of a character.
func (f *Face) Lookup(r rune) (uint16, bool) {
	g := f.cmap.glyph(sameLook(r))
	return g, g != 0
}

// sameLook maps characters that print like another one and differ only in
// where a line may break.
func sameLook(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2002', '\u2003', '\u2007', '\u2009', '\u200a', '\n', '\t':
		return ' '
	case '\u2010', '\u2011':
		return '-'
	case '\u2012':
		return '–'
	case '\u2015':
		return '—'
	}
	return r
}

// Glyph is a shaped glyph with the characters it stands for.
type Glyph struct {
	ID    uint16
	Text  string
	Width int // advance in thousandths, kerning with the next glyph included
	Kern  int // the kerning in it
}

// Missing is a character the font has no glyph for.
type Missing struct{ Char rune }

func (m Missing) Error() string { return fmt.Sprintf("the font has no %q (U+%04X)", m.Char, m.Char) }

// Shape turns text into glyphs with ligatures and kerning. A letter written
// with combining marks takes the glyph of its composed form.
func (f *Face) Shape(s string) ([]Glyph, error) {
	glyphs := make([]Glyph, 0, len(s))
	for len(s) > 0 {
		n := clusterLen(s)
		g, err := f.cluster(s[:n])
		if err != nil {
			return nil, err
		}
		glyphs = append(glyphs, Glyph{ID: g, Text: s[:n]})
		s = s[n:]
	}
	glyphs = f.ligate(glyphs)
	for i := range glyphs {
		g := &glyphs[i]
		if i+1 < len(glyphs) {
			g.Kern = f.kerning(g.ID, glyphs[i+1].ID)
		}
		g.Width = int(f.advance[g.ID]) + g.Kern
	}
	return glyphs, nil
}

// clusterLen is one character with the combining marks behind it.
func clusterLen(s string) int {
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if norm.NFC.PropertiesString(string(r)).CCC() == 0 {
			break
		}
		n += size
	}
	return n
}

func (f *Face) cluster(s string) (uint16, error) {
	r, n := utf8.DecodeRuneInString(s)
	if n < len(s) {
		composed := norm.NFC.String(s)
		c, size := utf8.DecodeRuneInString(composed)
		if size < len(composed) {
			c, _ = utf8.DecodeRuneInString(composed[size:])
			return 0, Missing{c}
		}
		r = c
	}
	g, ok := f.Lookup(r)
	if !ok {
		return 0, Missing{r}
	}
	return g, nil
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func i16(b []byte, at int) int16  { return int16(u16(b, at)) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }

func postScriptName(name []byte) string {
	store := int(u16(name, 4))
	for i := range int(u16(name, 2)) {
		r := name[6+12*i:]
		if u16(r, 0) != 3 || u16(r, 6) != 6 { // platform Windows, name id 6: UTF-16
			continue
		}
		raw := name[store+int(u16(r, 10)):][:u16(r, 8)]
		out := make([]byte, 0, len(raw)/2)
		for k := 1; k < len(raw); k += 2 {
			out = append(out, raw[k])
		}
		return string(out)
	}
	return "Font"
}
