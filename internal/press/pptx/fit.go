package pptx

import (
	"math"
	"strings"
	"unicode/utf8"
)

// em estimates the width of a text in Georgia, in units of its size. The four
// widths are those of its commonest letters: l .29, e .48 to n .59, D .75, m .88.
func em(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r >= utf8.RuneSelf && (r >= 0x2E80 || r >= 0x1F000):
			w++
		case strings.ContainsRune(" .,:;'|!iljtfrI()[]-’‘", r):
			w += .33
		case strings.ContainsRune("mwMWOQ@%—", r):
			w += .86
		case r >= 'A' && r <= 'Z':
			w += .72
		case r >= '0' && r <= '9':
			w += .61
		default:
			w += .54
		}
	}
	return w
}

// sans is how wide Calibri runs beside Georgia.
const sans = .88

// linesOf counts the lines that a sentence takes in a width; a longer word is cut.
func linesOf(sentence string, size, width float64) int {
	lines, used := 1, 0.0
	for _, word := range strings.Fields(sentence) {
		w := em(word) * size
		if used > 0 && used+em(" ")*size+w > width {
			lines, used = lines+1, 0
		}
		if used > 0 {
			used += em(" ") * size
		}
		used += w
		for used > width {
			lines, used = lines+1, used-width
		}
	}
	return lines
}

// mostLines is what the sentence's place holds at its full size.
const mostLines = 3

// fit says by what share a sentence has to shrink and how many lines it then
// takes. Ours fit at 32 points at least; a person's own may be of any length.
func fit(sentence string) (scale float64, lines int) {
	for _, size := range []float64{type1, least} {
		if n := linesOf(sentence, size, width); n <= mostLines {
			return math.Ceil(size/type1*200) / 200, n // in half per cents, never below the size meant
		}
	}
	for scale = .85; scale > .25; scale -= .05 {
		if n := linesOf(sentence, type1*scale, width); float64(n)*scale <= mostLines {
			return scale, n
		}
	}
	return .25, linesOf(sentence, type1*.25, width)
}
