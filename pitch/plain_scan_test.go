package pitch

import "unicode/utf8"

// The plain reading: what scanner, matcher and check do, one step behind the
// other and nothing remembered, as it was before it was made fast. TestPlain and
// FuzzPlain hold the fast reading to it.

// plainToken is a token with its names in itself.
type plainToken struct {
	sense
	start, end int32
	gap        uint8
}

// plainScanner cuts a text into sentences.
type plainScanner struct {
	m                *machine
	d                *draft
	text             []byte
	at               int
	low              []byte
	tokens           []plainToken
	words, syllables int
	gap              uint8
}

// next reads one sentence; false at the end of the text. The tokens belong to
// the scanner until the next call.
func (s *plainScanner) next() bool {
	s.tokens = s.tokens[:0]
	s.words, s.syllables = 0, 0
	s.gap = joined
	for s.at < len(s.text) {
		if len(s.tokens) >= sentenceTokens {
			return true
		}
		c := s.text[s.at]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			s.at++
		case c == '\n':
			if s.newline() {
				return true
			}
		case isDigit(c) || (c == '$' || c == '#') && s.digitAt(s.at+1):
			s.number(s.at)
		case isLetter(c):
			if s.symbol() {
				continue
			}
			s.word()
		case c == '.' || c == '!' || c == '?':
			if s.stop() {
				return true
			}
		default:
			s.mark(c)
		}
	}
	return len(s.tokens) > 0
}

func (s *plainScanner) digitAt(i int) bool { return i < len(s.text) && isDigit(s.text[i]) }

// newline tells whether the line break ends a sentence: before an empty line, a
// list item or a heading, and after a short line.
func (s *plainScanner) newline() bool {
	i := s.at + 1
	s.at++
	for i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\t' || s.text[i] == '\r') {
		i++
	}
	if len(s.tokens) == 0 {
		return false
	}
	if i >= len(s.text) {
		s.at = i
		return true
	}
	first := s.tokens[0].start
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
func (s *plainScanner) stop() bool {
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
	return len(s.tokens) > 0
}

// abbreviated tells whether the full stop before i belongs to the word, as in
// "Dr. Shah", "e.g. this" and "a.m. on".
func (s *plainScanner) abbreviated(i int) bool {
	j := i
	for j < len(s.text) && (s.text[j] == ' ' || s.text[j] == '\n') {
		j++
	}
	if j < len(s.text) && (s.text[j] >= 'a' && s.text[j] <= 'z' || isDigit(s.text[j])) {
		n := len(s.tokens)
		return n > 0 && (s.m.short(s.text[s.tokens[n-1].start:s.tokens[n-1].end]) || s.text[j] >= 'a' && s.tokens[n-1].end-s.tokens[n-1].start <= 3)
	}
	n := len(s.tokens)
	return n > 0 && s.m.title(s.text[s.tokens[n-1].start:s.tokens[n-1].end])
}

// mark reads punctuation between words.
func (s *plainScanner) mark(c byte) {
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
func (s *plainScanner) symbol() bool {
	if s.text[s.at] < 0x80 {
		return false
	}
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
func (s *plainScanner) push(t plainToken) {
	t.gap = s.gap
	if len(s.tokens) == 0 {
		t.gap = clause
	}
	s.gap = joined
	s.tokens = append(s.tokens, t)
}

// word reads a word with its apostrophes.
func (s *plainScanner) word() {
	start := s.at
	low := s.low[:0]
	vowel, syllables := false, 0
	i := start
loop:
	for i < len(s.text) && len(low) < 40 {
		c := s.text[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		case c >= 'a' && c <= 'z':
		case isDigit(c) && i > start:
		case c == '\'':
			if i+1 >= len(s.text) || !isLetter(s.text[i+1]) || s.text[i+1] >= 0x80 {
				break loop
			}
		case c >= 0x80:
			r, n := utf8.DecodeRune(s.text[i:])
			if r == '’' || r == '‘' || r == '\u02bc' {
				if i+n >= len(s.text) || s.text[i+n] >= 0x80 || !isLetter(s.text[i+n]) {
					break loop
				}
				low = append(low, '\'')
				vowel = false
				i += n
				continue
			}
			if r == utf8.RuneError || r >= 0x2000 && r < 0x2C00 || r == 0xA0 || r == '£' || r == '¥' {
				break loop
			}
			low = append(low, s.text[i:i+n]...)
			if !vowel {
				syllables++
			}
			vowel = true
			i += n
			continue
		default:
			break loop
		}
		v := c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'
		if v && !vowel {
			syllables++
		}
		vowel = v
		low = append(low, c)
		i++
	}
	if i == start {
		_, n := utf8.DecodeRune(s.text[start:])
		i = start + n
		s.at = i
		return
	}
	s.at, s.low = i, low
	if n := len(low); n > 2 && low[n-1] == 'e' && syllables > 1 && !(low[n-2] == 'l') {
		syllables-- // a silent e at the end
	}
	s.words++
	s.syllables += max(1, syllables)
	s.emit(start, i, low)
}

// number reads a figure with its sign, separators and unit mark, and names it
// by kind: #num, #pct, #money, #year, #time, #date, #few.
func (s *plainScanner) number(start int) {
	i := start
	money := false
	for i < len(s.text) && !isDigit(s.text[i]) { // the currency sign
		money = s.text[i] != '#'
		i++
	}
	first := i
	f, i := s.figure(first)
	t := plainToken{start: int32(start), end: int32(i)}
	i = s.unit(&t, f, i, money)
	t.end = int32(i)
	t.cue = s.m.cues.id(cueKind(&t.sense, s.m.kinds))
	s.named(&t, first, i)
	s.at = i
	s.words++
	s.syllables++
	s.push(t)
}

// figure reads the digits and what stands between them.
func (s *plainScanner) figure(i int) (figure, int) {
	var f figure
	for i < len(s.text) {
		c := s.text[i]
		if isDigit(c) {
			if f.seps == 0 && f.value < 1e7 {
				f.value = f.value*10 + int(c-'0')
			}
			f.digits++
			i++
			continue
		}
		if c != '.' && c != ',' && c != ':' && c != '-' && c != '/' || !s.digitAt(i+1) {
			break
		}
		switch c {
		case ':':
			f.colon = true
		case '-', '/':
			f.dashes++
		}
		if c != ',' || f.colon { // the comma of 1,612 parts nothing
			f.seps++
		}
		i++
	}
	return f, i
}

// unit names the figure by what stands around it and returns where it ends.
func (s *plainScanner) unit(t *plainToken, f figure, i int, money bool) int {
	k, rest := s.m.kinds, s.text[i:]
	if len(rest) > 1 && rest[0] == ' ' && rest[1] == '%' {
		rest = rest[1:]
		i++
	}
	switch {
	case len(rest) > 0 && rest[0] == '%':
		t.add(k.percent)
		return i + 1
	case money:
		t.add(k.money)
		return i + suffix(rest)
	case f.dashes == 2 || f.dashes == 1 && f.digits == 6:
		t.add(k.date)
		return i
	case f.colon:
		t.add(k.time)
		return i
	case hasClock(rest):
		t.add(k.time)
		return i + 2
	case f.digits == 4 && f.seps == 0 && f.value >= 1900 && f.value < 2100:
		t.add(k.year)
		return i
	case ordinal(rest):
		t.add(k.ordinal)
		return i + 2
	}
	t.add(k.num)
	if f.seps == 0 && f.value <= 30 {
		t.add(k.few)
	}
	return i + suffix(rest)
}

// named adds the words that claims use for single figures, such as 277 or 24/7.
func (s *plainScanner) named(t *plainToken, first, end int) {
	if end-first > 14 {
		return
	}
	s.low = append(s.low[:0], digitsOf(s.text[first:end])...)
	t.add(s.d.words[string(s.low)].word)
	t.add(s.d.words[string(s.text[first:end])].word) // 24/7, 9-5, 1:1
	if c := s.text[end-1] | 0x20; c == 'k' || c == 'm' {
		t.add(s.d.words[string(append(s.low, c))].word)
	}
}

// emit turns one written word into one token, or two for a contraction.
func (s *plainScanner) emit(start, end int, low []byte) {
	pair := s.m.names2(low)
	t := plainToken{sense: pair[0], start: int32(start), end: int32(end)}
	if c := s.text[start]; c >= 'A' && c <= 'Z' {
		if len(s.tokens) > 0 && low[0] != 'i' || len(low) > 2 && low[0] == 'i' && low[1] != '\'' && len(s.tokens) > 0 {
			t.add(s.m.kinds.capital)
		}
		if s.d.words[string(low)].is&firstName != 0 {
			t.add(s.m.kinds.name)
		}
	}
	s.push(t)
	if u := pair[1]; u.n > 0 {
		s.push(plainToken{sense: u, start: t.start, end: t.end})
	}
}
