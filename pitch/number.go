package pitch

// figure is what the digits of a number say about themselves.
type figure struct {
	value, digits, seps, dashes int
	colon                       bool
}

// number reads a figure with its sign, separators and unit mark, and names it
// by kind: #num, #pct, #money, #year, #time, #date, #few.
func (s *scanner) number(start int) {
	i := start
	money := false
	for i < len(s.text) && !isDigit(s.text[i]) { // the currency sign
		money = s.text[i] != '#'
		i++
	}
	first := i
	f, i := s.figure(first)
	var t sense
	i = s.unit(&t, f, i, money)
	s.at = i
	s.cur.words++
	s.cur.syllables++
	s.push(s.named(t, first, i), start, i)
}

// figure reads the digits and what stands between them.
func (s *scanner) figure(i int) (figure, int) {
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
func (s *scanner) unit(t *sense, f figure, i int, money bool) int {
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

// named returns the sense of a figure of some kind, with the words that claims use
// for single figures, such as 277 or 24/7. It is kept for the next time.
func (s *scanner) named(t sense, first, end int) *sense {
	n := copy(s.low[:longest], s.text[first:end])
	figure := s.low[:n]
	key := s.low.key(n, int(t.ids[0])) // the kinds are the first names of all
	s.figures.begin()
	at := s.figures.find(key, figure)
	if at.sense != nil && end-first <= longest {
		return at.sense
	}
	t.cue = s.m.cues.id(cueKind(&t, s.m.kinds))
	t.text = string(figure)
	if end-first <= 14 {
		digits := digitsOf(figure)
		t.add(s.m.entry(digits).word)
		t.add(s.m.entry(figure).word)                        // 24/7, 9-5, 1:1
		if c := s.text[end-1] | 0x20; c == 'k' || c == 'm' { // 5k
			t.add(s.m.entry(append(digits, c)).word)
		}
	}
	if end-first > longest || at.sense != nil {
		return s.settle(t)
	}
	return s.figures.put(at, key, s.settle(t))
}

// digitsOf drops the commas of a figure and everything behind its digits.
func digitsOf(b []byte) []byte {
	var buf [16]byte
	out := buf[:0]
	for _, c := range b {
		if isDigit(c) || c == '.' && len(out) > 0 {
			out = append(out, c)
		} else if c != ',' {
			break
		}
	}
	return out
}

// suffix is the length of k, m or bn right behind a figure.
func suffix(rest []byte) int {
	if len(rest) == 0 || (rest[0] != 'k' && rest[0] != 'K' && rest[0] != 'm' && rest[0] != 'M' && rest[0] != 'b' && rest[0] != 'x') {
		return 0
	}
	if len(rest) > 1 && rest[0] == 'b' && rest[1] == 'n' {
		return 2
	}
	if len(rest) == 1 || !isLetter(rest[1]) {
		return 1
	}
	return 0
}

func hasClock(rest []byte) bool {
	return len(rest) > 1 && (rest[0]|0x20 == 'a' || rest[0]|0x20 == 'p') && rest[1]|0x20 == 'm' && (len(rest) == 2 || !isLetter(rest[2]))
}

func ordinal(rest []byte) bool {
	if len(rest) < 2 || len(rest) > 2 && isLetter(rest[2]) {
		return false
	}
	switch string(rest[:2]) {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// cueKind is the stem that stands for a figure among the cues.
func cueKind(t *sense, k kinds) []byte {
	switch t.ids[0] {
	case k.percent:
		return []byte("#pct")
	case k.money:
		return []byte("#money")
	case k.time:
		return []byte("#time")
	case k.year, k.date:
		return []byte("#date")
	}
	return []byte("#num")
}
