package parse

import (
	"encoding/binary"
	"unicode/utf16"
)

// TextString decodes a text string: UTF-16 with a mark, UTF-8 with a mark, else Latin-1.
func TextString(s String) string {
	switch {
	case len(s) >= 2 && s[0] == 0xFE && s[1] == 0xFF:
		return utf16Text([]byte(s[2:]))
	case len(s) >= 3 && s[:3] == "\xEF\xBB\xBF":
		return string(s[3:])
	}
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}

func utf16Text(b []byte) string {
	u := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u = append(u, binary.BigEndian.Uint16(b))
	}
	return string(utf16.Decode(u))
}

// CMap maps the codes of a font to text.
type CMap map[uint32]string

// maxCodes is how many codes of a map are read; a font of ours has a few hundred.
const maxCodes = 1 << 17

// ReadCMap reads a ToUnicode map.
func ReadCMap(data []byte) (CMap, error) {
	m := CMap{}
	l := NewLexer(data)
	var stack []Object
	for !l.End() {
		o, err := l.Next(false)
		if err != nil {
			return nil, err
		}
		op, ok := o.(Operator)
		if !ok {
			if stack = append(stack, o); len(stack) > 4096 {
				return nil, damaged(l.Pos(), "a character map")
			}
			continue
		}
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(stack); i += 2 {
				from, ok1 := stack[i].(String)
				to, ok2 := stack[i+1].(String)
				if ok1 && ok2 && len(m) < maxCodes {
					m[code(from)] = utf16Text([]byte(to))
				}
			}
		case "endbfrange":
			for i := 0; i+2 < len(stack); i += 3 {
				m.addRange(stack[i], stack[i+1], stack[i+2])
			}
		}
		stack = stack[:0]
	}
	return m, nil
}

func (m CMap) addRange(from, to, text Object) {
	a, ok1 := from.(String)
	b, ok2 := to.(String)
	if !ok1 || !ok2 {
		return
	}
	first, last := code(a), code(b)
	switch t := text.(type) {
	case String:
		r := []rune(utf16Text([]byte(t)))
		for c := first; c <= last && len(r) > 0 && len(m) < maxCodes; c++ {
			m[c] = string(r)
			r[len(r)-1]++
			if c == 1<<32-1 {
				break
			}
		}
	case Array:
		for i, x := range t {
			if s, ok := x.(String); ok && len(m) < maxCodes {
				m[first+uint32(i)] = utf16Text([]byte(s))
			}
		}
	}
}

func code(s String) uint32 {
	v := uint32(0)
	for i := range min(len(s), 4) {
		v = v<<8 | uint32(s[i])
	}
	return v
}
