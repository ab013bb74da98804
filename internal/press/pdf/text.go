package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/internal/press/pdf/typeface"
	"homecase/packet"
)

// mark is one occurrence of a bound run. Furniture marks carry a ref of ours
// that starts with @: the reader checks them by itself.
type mark struct {
	ref packet.Ref
	n   int
}

// link is one link of the document; its pieces on several lines share the element.
type link struct {
	href, text string
	elem       *elem
	quiet      bool // not underlined: its place says that it is one
}

// piece is a run of text with one look, one mark and one link.
type piece struct {
	text string
	look look
	mark *mark
	link *link
	keep bool // lines should not break inside
}

// bit is a part of a word that belongs to one piece.
type bit struct {
	glyphs []typeface.Glyph
	width  float64
	piece  *piece
}

// word is what cannot be broken in good setting, and the space behind it.
type word struct {
	bits         []bit
	space        []bit
	width, blank float64
	glue         float64 // how much a break behind the word is disliked
}

// textLine is a set line.
type textLine struct {
	words []word
	width float64 // without the space at its end
}

// isSpace tells where a line may break; the no-break spaces are not among these.
func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || (r >= '\u2000' && r <= '\u200a' && r != '\u2007')
}

// cut finds the end of the first run of s that is all space or all not, and
// ends behind a hyphen or slash that a line may break after.
func cut(s string) (n int, space bool) {
	r, size := utf8.DecodeRuneInString(s)
	space = isSpace(r)
	prev := r
	for n = size; n < len(s); {
		r, size := utf8.DecodeRuneInString(s[n:])
		if isSpace(r) != space {
			return n, space
		}
		if !space && breaksAfter(prev) && unicode.IsLetter(r) {
			return n, false
		}
		prev = r
		n += size
	}
	return n, space
}

func breaksAfter(r rune) bool { return strings.ContainsRune("-–—/\u2010", r) }

// words cuts pieces into words. A word may run over several pieces.
func (p *printer) words(pieces []piece) []word {
	spaces := 0
	for i := range pieces {
		spaces += strings.Count(pieces[i].text, " ")
	}
	// Most words are one bit and a space; the bits of all stand in one room.
	all, room := make([]word, 0, spaces+len(pieces)), make([]bit, 0, 2*spaces+len(pieces))
	var w word
	start, middle := 0, 0 // of the word at hand: its bits, its space
	flush := func() {
		end := len(room)
		w.bits, w.space = room[start:middle:middle], room[middle:end:end]
		if start < end {
			w.glue = dislike(w)
			all = append(all, w)
		}
		w, start, middle = word{}, end, end
	}
	for i := range pieces {
		pc := &pieces[i]
		s := pc.text
		for len(s) > 0 {
			n, space := cut(s)
			b := bit{glyphs: p.shape(pc.look.face, s[:n]), piece: pc}
			for _, g := range b.glyphs {
				b.width += float64(g.Width)*pc.look.size/1000 + pc.look.track
			}
			if space {
				room = append(room, b)
				w.blank += b.width
			} else {
				if len(room) > middle || middle > start && endsBreakable(room[middle-1]) {
					flush()
				}
				room = append(room, b)
				middle++
				w.width += b.width
			}
			s = s[n:]
		}
	}
	flush()
	return all
}

// endsBreakable tells whether a bit ends in a hyphen that cut broke behind.
func endsBreakable(b bit) bool {
	g := b.glyphs
	if len(g) < 2 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(g[len(g)-1].Text)
	before, _ := utf8.DecodeLastRuneInString(g[len(g)-2].Text)
	return breaksAfter(r) && unicode.IsLetter(before)
}

// dislike keeps a short number with what it counts and short phrases together.
func dislike(w word) float64 {
	if len(w.bits) == 0 {
		return 0
	}
	if len(w.space) == 0 { // behind a hyphen
		return 15
	}
	cost := 0.0
	last := w.bits[len(w.bits)-1]
	if len(last.glyphs) == 0 { // what no font has: the whole print is refused
		return 0
	}
	n := 0
	for _, b := range w.bits {
		n += len(b.glyphs)
	}
	if n <= 3 && packet.HasDigit(last.glyphs[0].Text) {
		cost += 30
	}
	if n == 1 && !packet.HasDigit(last.glyphs[0].Text) { // a single letter, as "I" or "a", looks lost at a line's end
		cost += 6
	}
	if last.piece.keep && w.space[0].piece == last.piece {
		cost += 40
	}
	return cost
}

// setting says how lines are filled.
type setting int

const (
	ragged   setting = iota // even right edge, no short last line
	balanced                // lines of like length, for titles
)

// lines breaks words into lines of the width with the least raggedness over
// the whole paragraph, at the least number of lines. Words longer than a line
// are cut where they must be.
func lines(words []word, width float64, how setting) []textLine {
	words = fitWords(words, width)
	n := len(words)
	if n == 0 {
		return nil
	}
	const perLine = 1e4
	best, next := make([]float64, n+1), make([]int, n)
	for i := n - 1; i >= 0; i-- {
		best[i] = 1e18
		w := 0.0
		for j := i; j < n; j++ {
			w += words[j].width
			if w > width+.01 && j > i {
				break
			}
			cost := perLine + best[j+1] + lineCost(w/width, j == n-1, j == i && i > 0, how)
			if j < n-1 {
				cost += words[j].glue
			}
			if cost < best[i] {
				best[i], next[i] = cost, j+1
			}
			w += words[j].blank
		}
	}
	var out []textLine
	for i := 0; i < n; i = next[i] {
		l := textLine{words: words[i:next[i]]}
		for k, w := range l.words {
			l.width += w.width
			if k < len(l.words)-1 {
				l.width += w.blank
			}
		}
		out = append(out, l)
	}
	return out
}

func lineCost(filled float64, last, single bool, how setting) float64 {
	slack := 1 - filled
	switch {
	case how == balanced:
		return 100 * slack * slack
	case !last:
		return 100 * slack * slack
	case single && filled < .2: // one short word alone on the last line
		return 25
	case filled < .12:
		return 12
	}
	return 0
}

// fitWords cuts words that are wider than a line, such as addresses, behind a
// sign where they break well, or anywhere.
func fitWords(words []word, width float64) []word {
	for i := range words {
		if words[i].width > width {
			out := append([]word{}, words[:i]...)
			for _, w := range words[i:] {
				out = append(out, split(w, width)...)
			}
			return out
		}
	}
	return words
}

func split(w word, width float64) []word {
	if w.width <= width {
		return []word{w}
	}
	var out []word
	var cur word
	for _, b := range w.bits {
		part := bit{piece: b.piece}
		for _, g := range b.glyphs {
			gw := float64(g.Width)*b.piece.look.size/1000 + b.piece.look.track
			good := len(part.glyphs) > 0 && strings.Contains("/.@?&=_-", part.glyphs[len(part.glyphs)-1].Text) && cur.width+part.width > width*.6
			if cur.width+part.width+gw > width || good {
				if len(part.glyphs) > 0 {
					cur.bits, cur.width = append(cur.bits, part), cur.width+part.width
				}
				if len(cur.bits) > 0 {
					out = append(out, cur)
				}
				cur, part = word{}, bit{piece: b.piece}
			}
			part.glyphs, part.width = append(part.glyphs, g), part.width+gw
		}
		cur.bits, cur.width = append(cur.bits, part), cur.width+part.width
	}
	cur.space, cur.blank, cur.glue = w.space, w.blank, w.glue
	return append(out, cur)
}

// measure is the width of a plain string in a look.
func (p *printer) measure(l look, s string) float64 {
	w := 0.0
	for _, g := range p.shape(l.face, s) {
		w += float64(g.Width)*l.size/1000 + l.track
	}
	return w
}

// shape is typeface.Shape with a memory for words, since most occur often. A
// character without a glyph is kept as a fault and printed as nothing, because
// the document is then refused.
func (p *printer) shape(f faceID, s string) []typeface.Glyph {
	if g, ok := p.shaped[f][s]; ok {
		return g
	}
	g, err := p.faces[f].Shape(s)
	if err != nil {
		p.refuseCharacter(err, s)
	}
	p.shaped[f][s] = g
	return g
}
