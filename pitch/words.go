package pitch

import "encoding/binary"

// entry is what the machine knows about one written form.
type entry struct {
	is     traits
	word   uint16 // the word as patterns name it
	exact  uint16 // the form alone, for patterns that begin with =
	lemma  uint16 // its base form, where that is irregular
	second uint16 // the second word of a contraction written as one, like cannot
}

// traits are what a written form is, as bits.
type traits uint8

const (
	known        traits = 1 << iota // to a rule
	settled                         // its base form is known: no endings are taken off
	filler                          // a word like "really" that may stand anywhere
	number                          // a number in words
	smallNumber                     // one up to thirty
	abbreviation                    // it takes a full stop that ends no sentence
	firstName
)

// entryBytes is the size of an entry in the file.
const entryBytes = 10

// entry returns what is known of a written form, nothing for most words.
func (m *machine) entry(w []byte) (e entry) {
	n, ok := m.words.find(w)
	if !ok {
		return e
	}
	b := m.entries[n*entryBytes:][:entryBytes]
	half := binary.LittleEndian.Uint16
	return entry{traits(b[0]), half(b[2:]), half(b[4:]), half(b[6:]), half(b[8:])}
}

// appendTo writes the entry as machine.entry reads it.
func (e entry) appendTo(b []byte) []byte {
	b = append(b, byte(e.is), 0)
	for _, v := range []uint16{e.word, e.exact, e.lemma, e.second} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}

// kinds are the names of what is not a word.
type kinds struct {
	num, percent, money, year, time, date, ordinal, few, capital, name uint16
}

// name gives the token the names of the word: as written, and its base form.
func (m *machine) name(t *sense, w []byte) {
	if t.cue == 0 {
		t.cue = m.cues.id(w)
	}
	e := m.entry(w)
	t.add(e.word)
	t.add(e.exact)
	t.add(e.lemma)
	t.skip = t.skip || e.is&filler != 0
	if e.is&number != 0 {
		t.add(m.kinds.num)
	}
	if e.is&smallNumber != 0 {
		t.add(m.kinds.few)
	}
	if e.is&settled == 0 {
		m.stems(t, w)
	}
}

// tail is the full word behind 'll, 're, 've, 'd and 'm.
func (m *machine) tail(t string) []byte {
	switch t {
	case "ll":
		return []byte("will")
	case "re", "m":
		return []byte("be")
	case "ve":
		return []byte("have")
	}
	return []byte("would")
}

// isWord tells whether 's after the word stands for "is".
func (m *machine) isWord(w []byte) bool {
	switch string(w) {
	case "it", "that", "there", "he", "she", "what", "here", "who", "where", "how":
		return true
	}
	return false
}

// stems adds the base forms the word may have: studies → study, stopped → stop,
// making → make, organized → organise. Only words the rules know are added.
func (m *machine) stems(t *sense, w []byte) {
	n := len(w)
	if n < 4 {
		return
	}
	var buf [48]byte
	try := func(stem []byte, add string) bool {
		if len(stem) < 2 || len(stem)+len(add) > len(buf) {
			return false
		}
		b := append(append(buf[:0], stem...), add...)
		e := m.entry(b)
		if e.is&known == 0 {
			return false
		}
		t.add(e.word)
		t.add(e.lemma)
		return true
	}
	switch {
	case w[n-1] == 's' && w[n-2] != 's':
		if w[n-2] == 'e' && n > 4 {
			if w[n-3] == 'i' {
				try(w[:n-3], "y")
			}
			try(w[:n-2], "")
		}
		if n > 3 {
			try(w[:n-1], "")
		}
	case w[n-1] == 'd' && w[n-2] == 'e':
		if w[n-3] == 'i' {
			try(w[:n-3], "y")
		}
		if !try(w[:n-1], "") && !try(w[:n-2], "") && n > 5 && w[n-3] == w[n-4] {
			try(w[:n-3], "")
		}
	case n > 4 && w[n-1] == 'g' && w[n-2] == 'n' && w[n-3] == 'i':
		if !try(w[:n-3], "") && !try(w[:n-3], "e") && n > 6 && w[n-4] == w[n-5] {
			try(w[:n-4], "")
		}
	case w[n-1] == 'r' && w[n-2] == 'o' && w[n-3] != 'u': // behavior, favor
		try(w[:n-1], "ur")
	}
	for i := 2; i+2 < n; i++ { // organize, analyze
		if w[i] == 'z' && (w[i-1] == 'i' || w[i-1] == 'y') {
			v := append([]byte(nil), w...)
			v[i] = 's'
			if e := m.entry(v); e.is&known != 0 {
				t.add(e.word)
				t.add(e.lemma)
			} else {
				m.stems(t, v)
			}
			return
		}
	}
}

// short tells whether a word is an abbreviation that takes a full stop.
func (m *machine) short(w []byte) bool {
	return m.entry(lower(w)).is&abbreviation != 0
}

// title tells whether a word is Mr, Dr and their like, before a name.
func (m *machine) title(w []byte) bool {
	switch string(w) {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Mx", "No":
		return true
	}
	return false
}

func lower(w []byte) []byte {
	out := make([]byte, 0, 24)
	for i := 0; i < len(w) && i < 24; i++ {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		out = append(out, c)
	}
	return out
}

// names2 gives a written word its names; the second token is that of a
// contraction, such as the not of isn't.
func (m *machine) names2(low []byte) (pair [2]sense) {
	t, u := &pair[0], &pair[1]
	if e := m.entry(low); e.second != 0 {
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
