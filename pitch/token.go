package pitch

import "unicode/utf8"

// token is a word or number of the text with every name it goes by: its own
// form, its base form, and kinds such as #num.
type token struct {
	start, end int32 // bytes in the text
	ids        [7]uint16
	cue        int32 // the stem's number among the cues, or 0
	n          uint8
	gap        uint8 // what stands before it: nothing, a comma, or a clause's end
	skip       bool  // a word like "really" that may stand anywhere
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

func (t *token) add(id uint16) {
	if id == 0 || int(t.n) >= len(t.ids) {
		return
	}
	for _, have := range t.ids[:t.n] {
		if have == id {
			return
		}
	}
	t.ids[t.n] = id
	t.n++
}

// sentence is what one run over the text hands on.
type sentence struct {
	tokens    []token
	words     int
	syllables int
	heading   bool // has no end mark: a title, a list item, a table cell
}

// scanner cuts a text into sentences.
type scanner struct {
	m    *machine
	text []byte
	at   int
	low  []byte // the word in small letters
	cur  sentence
	gap  uint8
	have map[string]*[2]token // words met before, with their names
}

// cacheWords is how many different words a reading remembers.
const cacheWords = 20_000

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// next reads one sentence; false at the end of the text. The tokens belong to
// the scanner until the next call.
func (s *scanner) next() bool {
	s.cur.tokens = s.cur.tokens[:0]
	s.cur.words, s.cur.syllables, s.cur.heading = 0, 0, false
	s.gap = joined
	for s.at < len(s.text) {
		if len(s.cur.tokens) >= sentenceTokens {
			return true
		}
		c := s.text[s.at]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			s.at++
		case c == '\n':
			if s.newline() {
				s.cur.heading = true
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
	s.cur.heading = true
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
func (s *scanner) push(t token) {
	t.gap = s.gap
	if len(s.cur.tokens) == 0 {
		t.gap = clause
	}
	s.gap = joined
	s.cur.tokens = append(s.cur.tokens, t)
}

// word reads a word with its apostrophes.
func (s *scanner) word() {
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
	s.cur.words++
	s.cur.syllables += max(1, syllables)
	s.emit(start, i, low)
}

// emit turns one written word into one token, or two for a contraction.
func (s *scanner) emit(start, end int, low []byte) {
	pair, ok := s.have[string(low)]
	if !ok {
		named := s.m.names2(low)
		pair = &named
		if s.have == nil {
			s.have = make(map[string]*[2]token, 256)
		}
		if len(s.have) < cacheWords {
			s.have[string(low)] = pair
		}
	}
	t := pair[0]
	t.start, t.end = int32(start), int32(end)
	if c := s.text[start]; c >= 'A' && c <= 'Z' {
		if len(s.cur.tokens) > 0 && low[0] != 'i' || len(low) > 2 && low[0] == 'i' && low[1] != '\'' && len(s.cur.tokens) > 0 {
			t.add(s.m.kinds.capital)
		}
		if s.m.names[string(low)] {
			t.add(s.m.kinds.name)
		}
	}
	s.push(t)
	if u := pair[1]; u.n > 0 {
		u.start, u.end = t.start, t.end
		s.push(u)
	}
}

// names2 gives a written word its names; the second token is that of a
// contraction, such as the not of isn't.
func (m *machine) names2(low []byte) (pair [2]token) {
	t, u := &pair[0], &pair[1]
	if e, ok := m.words[string(low)]; ok && e.second != 0 {
		t.add(e.word)
		t.add(e.exact)
		t.add(e.lemma)
		t.cue = m.cues.id(low)
		u.add(e.second)
		return pair
	}
	for i, c := range low {
		if c != '\'' {
			continue
		}
		base, tail := low[:i], string(low[i+1:])
		switch {
		case tail == "t" && i > 1 && base[i-1] == 'n': // isn't, doesn't
			m.name(t, base[:i-1])
			m.name(u, []byte("not"))
		case tail == "ll" || tail == "re" || tail == "ve" || tail == "d" || tail == "m":
			m.name(t, base)
			m.name(u, m.tail(tail))
		case tail == "s" && m.isWord(base):
			m.name(t, base)
			m.name(u, []byte("is"))
		default:
			m.name(t, base)
		}
		return pair
	}
	m.name(t, low)
	return pair
}
