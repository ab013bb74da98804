package pitch

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// token is a word or number of the text with the names it goes by.
type token struct {
	*sense
	start, end int32 // bytes in the text
	gap        uint8 // what stands before it: nothing, a comma, or a clause's end
}

// What may stand before a token.
const (
	joined uint8 = iota
	comma        // a light break
	clause       // ; : a dash or a bracket
)

// sentenceTokens is the longest sentence read as one; longer ones are cut, so
// that hostile text costs no more than plain text.
const sentenceTokens = 140

// sentence is what one run over the text hands on.
type sentence struct {
	tokens    []token
	words     int
	syllables int
}

// scanner cuts a text into sentences.
type scanner struct {
	m    *machine
	text []byte
	at   int
	low  letters // the word in small letters
	cur  sentence
	gap  uint8

	forms   forms
	figures forms
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// next reads one sentence; false at the end of the text. The tokens belong to
// the scanner until the next call.
func (s *scanner) next() bool {
	s.cur.tokens = s.cur.tokens[:0]
	s.cur.words, s.cur.syllables = 0, 0
	s.gap = joined
	for s.at < len(s.text) && len(s.cur.tokens) < sentenceTokens {
		c := s.text[s.at]
		switch {
		case c == ' ':
			s.at++
		case isLetter(c):
			if c >= 0x80 && s.symbol() {
				continue
			}
			s.word()
		case c == '\t' || c == '\r':
			s.at++
		case c == '\n':
			if s.newline() {
				return true
			}
		case isDigit(c) || (c == '$' || c == '#') && s.digitAt(s.at+1):
			s.number(s.at)
		case c == '.' || c == '!' || c == '?':
			if s.stop() {
				return true
			}
		default:
			s.mark(c)
		}
	}
	return len(s.cur.tokens) > 0
}

func (s *scanner) digitAt(i int) bool { return i < len(s.text) && isDigit(s.text[i]) }

// newline tells whether the line break ends a sentence: before an empty line, a
// list item or a heading, and after a short line.
func (s *scanner) newline() bool {
	i := s.at + 1
	s.at++
	for i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\t' || s.text[i] == '\r') {
		i++
	}
	if len(s.cur.tokens) == 0 {
		return false
	}
	if i >= len(s.text) {
		s.at = i
		return true
	}
	first := s.cur.tokens[0].start
	lineStart := s.at - 2
	for lineStart > int(first) && s.text[lineStart] != '\n' {
		lineStart--
	}
	if s.at-1-lineStart < 40 {
		return true
	}
	switch c := s.text[i]; {
	case c == '\n', c == '#', c == '>', c == '|', c == 0xE2 && i+2 < len(s.text) && s.text[i+1] == 0x80 && s.text[i+2] == 0xA2:
		return true
	case c == '-' || c == '*' || c == '+':
		return i+1 < len(s.text) && s.text[i+1] == ' '
	case isDigit(c):
		for i < len(s.text) && isDigit(s.text[i]) {
			i++
		}
		return i+1 < len(s.text) && (s.text[i] == '.' || s.text[i] == ')') && s.text[i+1] == ' '
	}
	return false
}

// stop reads . ! or ? and tells whether the sentence ends there.
func (s *scanner) stop() bool {
	c := s.text[s.at]
	i := s.at + 1
	for i < len(s.text) && (s.text[i] == '.' || s.text[i] == '!' || s.text[i] == '?') {
		i++
	}
	for i < len(s.text) && (s.text[i] == '"' || s.text[i] == '\'' || s.text[i] == ')' || s.text[i] == ']' || s.text[i] == '*' || s.text[i] == '_') {
		i++
	}
	if i+2 < len(s.text) && s.text[i] == 0xE2 && s.text[i+1] == 0x80 && (s.text[i+2] == 0x9D || s.text[i+2] == 0x99) {
		i += 3
	}
	if i < len(s.text) && s.text[i] != ' ' && s.text[i] != '\n' && s.text[i] != '\t' && s.text[i] != '\r' {
		s.at++
		s.gap = max(s.gap, comma)
		return false
	}
	if c == '.' && s.abbreviated(i) {
		s.at = i
		return false
	}
	s.at = i
	return len(s.cur.tokens) > 0
}

// abbreviated tells whether the full stop before i belongs to the word, as in
// "Dr. Shah", "e.g. this" and "a.m. on".
func (s *scanner) abbreviated(i int) bool {
	j := i
	for j < len(s.text) && (s.text[j] == ' ' || s.text[j] == '\n') {
		j++
	}
	if j < len(s.text) && (s.text[j] >= 'a' && s.text[j] <= 'z' || isDigit(s.text[j])) {
		n := len(s.cur.tokens)
		return n > 0 && (s.m.short(s.text[s.cur.tokens[n-1].start:s.cur.tokens[n-1].end]) || s.text[j] >= 'a' && s.cur.tokens[n-1].end-s.cur.tokens[n-1].start <= 3)
	}
	n := len(s.cur.tokens)
	return n > 0 && s.m.title(s.text[s.cur.tokens[n-1].start:s.cur.tokens[n-1].end])
}

// mark reads punctuation between words.
func (s *scanner) mark(c byte) {
	switch c {
	case ',', '"':
		s.gap = max(s.gap, comma)
	case ';', ':', '(', ')', '[', ']', '|':
		s.gap = clause
	case '-':
		if s.at > 0 && s.text[s.at-1] == ' ' {
			s.gap = clause
		}
	}
	s.at++
}

// symbol reads what is not ASCII and no letter: dashes, quotes, currency signs.
func (s *scanner) symbol() bool {
	r, n := utf8.DecodeRune(s.text[s.at:])
	switch {
	case r == '—' || r == '–':
		if s.at > 0 && s.digitAt(s.at+n) && isDigit(s.text[s.at-1]) {
			s.at += n
			return true
		}
		s.gap = clause
	case r == '£' || r == '€' || r == '¥' || r == '₹':
		if s.digitAt(s.at + n) {
			s.number(s.at)
			return true
		}
	case r == '•' || r == '…' || r == '·':
		s.gap = clause
	case r == '“' || r == '”' || r == '‘' || r == '’' || r == '\u00a0' || r == '\ufeff' || r == utf8.RuneError || r > 0x2000 && r < 0x2C00:
	default:
		return false
	}
	s.at += n
	return true
}

// push adds a token.
func (s *scanner) push(t *sense, start, end int) {
	gap := s.gap
	if len(s.cur.tokens) == 0 {
		gap = clause
	}
	s.gap = joined
	s.cur.tokens = append(s.cur.tokens, token{t, int32(start), int32(end), gap})
}

// smalls maps ASCII letters and digits to what they are in small letters, and
// everything else to 0.
var smalls = func() (out [256]byte) {
	for c := range out {
		switch b := byte(c); {
		case b >= 'A' && b <= 'Z':
			out[c] = b | 0x20
		case b >= 'a' && b <= 'z', isDigit(b):
			out[c] = b
		}
	}
	return out
}()

// inWord marks what does not end a word behind a letter: more than short can read.
var inWord = func() (out [256]bool) {
	for c := range out {
		out[c] = smalls[c] != 0 || c == '\'' || c >= 0x80
	}
	return out
}()

// word reads a word with its apostrophes. It begins with a letter.
func (s *scanner) word() {
	start := s.at
	key, n := s.short()
	if n > 0 {
		if at := s.forms.findShort(key); at != nil {
			s.at = start + n
			s.emit(at, start, s.at)
			if s.text[s.at] == ' ' { // short has seen that the text goes on
				s.at++
			}
			return
		}
	}
	if n = s.letters(); n == 0 {
		_, size := utf8.DecodeRune(s.text[start:])
		s.at = start + size
		return
	}
	how := small
	if c := s.text[start]; c >= 'A' && c <= 'Z' {
		how = s.large(c != 'I' || n > 2 && s.low[1] != '\'')
	}
	s.emit(s.form(s.low.key(n, how), n, how), start, s.at)
}

// letters reads the word at the place into low, and returns its length there.
func (s *scanner) letters() int {
	i, n, text := s.at, 0, s.text
	for i < len(text) && n < longest {
		c := text[i]
		if l := smalls[c]; l != 0 {
			s.low[n] = l
			n++
			i++
			continue
		}
		if c == '\'' {
			if i+1 >= len(text) || !isLetter(text[i+1]) || text[i+1] >= 0x80 {
				break
			}
			s.low[n] = c
			n++
			i++
			continue
		}
		if c < 0x80 {
			break
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == '’' || r == '‘' || r == '\u02bc' {
			if i+size >= len(text) || text[i+size] >= 0x80 || !isLetter(text[i+size]) {
				break
			}
			s.low[n] = '\''
			n++
			i += size
			continue
		}
		if r == utf8.RuneError || r >= 0x2000 && r < 0x2C00 || r == 0xA0 || r == '£' || r == '¥' {
			break
		}
		n += copy(s.low[n:], text[i:i+size])
		i += size
	}
	s.at = i
	return n
}

// large tells how a word with a large first letter is written. The word I is large
// anywhere, alone or before an apostrophe.
func (s *scanner) large(name bool) int {
	if name && len(s.cur.tokens) > 0 {
		return capital
	}
	return opening
}

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// short reads the key and the length of a word of up to seven letters without
// looking at each. The length is 0 when the word is something else.
func (s *scanner) short() (key uint64, n int) {
	rest := s.text[s.at:]
	if len(rest) < 8 {
		return 0, 0
	}
	eight := binary.LittleEndian.Uint64(rest)
	lower := eight | 0x20*ones
	seven := lower &^ high // no byte's sum reaches the next
	other := high &^ ((seven + (0x80-'a')*ones) &^ (seven + (0x7F-'z')*ones) &^ eight)
	n = bits.TrailingZeros64(other) / 8
	if n == 0 || n == 8 || inWord[byte(eight>>(8*n))] {
		return 0, 0
	}
	how := small
	if c := byte(eight); c <= 'Z' {
		how = s.large(c != 'I' || n > 2)
	}
	return shortKey(lower, n, how), n
}

// emit pushes a written word: one token, or two for a contraction.
func (s *scanner) emit(t *sense, start, end int) {
	s.cur.words++
	s.cur.syllables += int(t.syllables)
	s.push(t, start, end)
	if t.second != nil {
		s.push(t.second, start, end)
	}
}
