package pitch

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
	value, digits, seps, colon, dash := 0, 0, 0, false, 0
	for i < len(s.text) {
		c := s.text[i]
		if isDigit(c) {
			if seps == 0 && value < 1e7 {
				value = value*10 + int(c-'0')
			}
			digits++
			i++
			continue
		}
		if (c == '.' || c == ',' || c == ':' || c == '-' || c == '/') && s.digitAt(i+1) {
			switch c {
			case ':':
				colon = true
			case '-', '/':
				dash++
			}
			if c == ',' && !colon { // 1,612
				i++
				continue
			}
			seps++
			i++
			continue
		}
		break
	}
	t := token{start: int32(start), end: int32(i)}
	k := s.m.kinds
	plain := true
	rest := s.text[i:]
	if len(rest) > 0 && rest[0] == ' ' && len(rest) > 1 && rest[1] == '%' {
		rest = rest[1:]
		i++
	}
	switch {
	case len(rest) > 0 && rest[0] == '%':
		i++
		t.add(k.percent)
		plain = false
	case money:
		t.add(k.money)
		plain = false
		i += suffix(rest)
	case dash == 2 || dash == 1 && digits == 6:
		t.add(k.date)
		plain = false
	case colon:
		t.add(k.time)
		plain = false
	case hasClock(rest):
		t.add(k.time)
		i += 2
		plain = false
	case digits == 4 && seps == 0 && value >= 1900 && value < 2100:
		t.add(k.year)
		plain = false
	case ordinal(rest):
		t.add(k.ordinal)
		i += 2
		plain = false
	default:
		i += suffix(rest)
	}
	if plain {
		t.add(k.num)
		if seps == 0 && value <= 30 {
			t.add(k.few)
		}
	}
	t.end = int32(i)
	t.cue = s.m.cues.id(cueKind(t, k))
	if n := i - first; n <= 14 { // claims name figures such as 277 or 11,000
		s.low = append(s.low[:0], digitsOf(s.text[first:i])...)
		if e, ok := s.m.words[string(s.low)]; ok {
			t.add(e.word)
		}
		if e, ok := s.m.words[string(s.text[first:i])]; ok { // 24/7, 9-5, 1:1
			t.add(e.word)
		}
		if c := s.text[i-1] | 0x20; c == 'k' || c == 'm' {
			if e, ok := s.m.words[string(append(s.low, c))]; ok {
				t.add(e.word)
			}
		}
	}
	s.at = i
	s.cur.words++
	s.cur.syllables++
	s.push(t)
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
func cueKind(t token, k kinds) []byte {
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
