// Package text prepares a person's words for printing. It takes out what no
// page can show and what could make a page lie: control characters, invisible
// overrides of the writing direction, broken encoding. It never changes a
// character that a reader can see, and it knows no file format: escaping is
// each writer's own matter.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Line makes s fit for one line of running text: line breaks and tabs become
// spaces, everything that Block drops is dropped.
func Line(s string) string {
	if plain(s) {
		return s
	}
	return clean(s, false)
}

// Block is Line for text that may hold line breaks; every break becomes one "\n".
func Block(s string) string {
	if plain(s) {
		return s
	}
	return clean(strings.ReplaceAll(s, "\r\n", "\n"), true)
}

// plain is the quick way out: printable ASCII needs no work.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func clean(s string, breaks bool) string {
	isolates := balanced(s)
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
			if breaks {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		case r == '\t':
			b.WriteByte(' ')
		case hidden(r) || isolate(r) && !isolates:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden characters have no glyph and no place in a document: controls, the
// five old direction overrides, the byte order mark, noncharacters. XML 1.0
// refuses several of them, so a single one would spoil a whole file.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r == 0xFEFF ||
		r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

// isolate tells whether r opens or closes a direction isolate.
func isolate(r rune) bool { return r >= 0x2066 && r <= 0x2069 }

// balanced tells whether every isolate that opens also closes. Those are how
// a right-to-left name is set inside a sentence; a stray one would turn the
// rest of the line around.
func balanced(s string) bool {
	open := 0
	for _, r := range s {
		switch {
		case r == 0x2069:
			open--
		case isolate(r):
			open++
		}
		if open < 0 {
			return false
		}
	}
	return open == 0
}

// Columns counts the columns of a terminal or a monospaced letter that s takes.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

func wide(r rune) bool {
	if r < utf8.RuneSelf {
		return false
	}
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// Wrap breaks s into lines of at most columns, at spaces only; a longer word
// keeps a line of its own. A no-break space does not break.
func Wrap(s string, columns int) []string {
	var lines []string
	for part := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(part, columns)...)
	}
	return lines
}

func wrapLine(s string, columns int) []string {
	var lines []string
	line, used := "", 0
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
	for _, w := range words {
		n := Columns(w)
		switch {
		case line == "":
			line, used = w, n
		case used+1+n <= columns:
			line, used = line+" "+w, used+1+n
		default:
			lines = append(lines, line)
			line, used = w, n
		}
	}
	return append(lines, line)
}

// State is the word that stands before who said so: "answered" becomes
// "Answered.", and nothing where by says the same already.
func State(state, by string) string {
	state = strings.TrimSuffix(strings.TrimSpace(state), ".")
	if state == "" || strings.EqualFold(state, strings.TrimSuffix(strings.TrimSpace(by), ".")) {
		return ""
	}
	r, n := utf8.DecodeRuneInString(state)
	return string(unicode.ToUpper(r)) + state[n:] + "."
}
