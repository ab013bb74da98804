package pitch

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"homecase/fault"
)

// source is a file as text, with the place it came from.
type source struct {
	name  string
	text  []byte
	lines bool // every line stands for itself: a paragraph, a string of the packet
	off   marks
}

// open reads a file by its ending.
func open(f File) (*source, error) {
	if len(f.Data) > MaxBytes {
		return nil, tooLarge(f.Name)
	}
	switch strings.ToLower(path.Ext(f.Name)) {
	case ".docx":
		return openDOCX(f)
	case ".eml":
		return openEML(f)
	case ".md", ".markdown":
		text, err := plainText(f)
		if err != nil {
			return nil, err
		}
		return newSource(f.Name, maskMarkdown(text)), nil
	}
	text, err := plainText(f)
	if err != nil {
		return nil, err
	}
	return newSource(f.Name, text), nil
}

// newSource takes the marks out of a text, so that their words are not read.
func newSource(name string, text []byte) *source {
	s := &source{name: name, text: text}
	if s.off = s.switched(); s.off != nil {
		s.text = bytes.Clone(text)
		for at := 0; at < len(text); {
			end := at + bytes.IndexByte(text[at:], '\n')
			if end < at {
				end = len(text)
			}
			if k := bytes.Index(text[at:end], markKey); k >= 0 {
				if c := bytes.LastIndex(text[at:at+k], []byte("<!--")); c >= 0 {
					k = c
				}
				blank(s.text[at+k : end])
			}
			at = end + 1
		}
	}
	return s
}

// plainText refuses what is not text.
func plainText(f File) ([]byte, error) {
	text := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fault.New(fault.Invalid, "HC-PITCH-21", "This is not a text file: it holds a NUL byte.").At(fault.Place{File: f.Name}).
			Then("Give a .txt, .md, .docx or .eml file.")
	}
	if !utf8.Valid(text) {
		text = fromWindows(text)
	}
	return text, nil
}

// maskMarkdown blanks what is not prose, byte for byte, so that places hold:
// code, HTML tags and comments, and the addresses of links. Comments
// that switch rules off are left to newSource.
func maskMarkdown(text []byte) []byte {
	if !slices.ContainsFunc([]string{"`", "~~~", "](", "<!--"}, func(mark string) bool { return bytes.Contains(text, []byte(mark)) }) {
		return text // most letters
	}
	out := bytes.Clone(text)
	fence, comment := false, false
	for at := 0; at < len(out); {
		end := at + bytes.IndexByte(out[at:], '\n')
		if end < at {
			end = len(out)
		}
		line := bytes.TrimLeft(out[at:end], " ")
		if bytes.HasPrefix(line, []byte("```")) || bytes.HasPrefix(line, []byte("~~~")) {
			fence = !fence
			blank(out[at:end])
		} else if fence {
			blank(out[at:end])
		} else {
			comment = maskComment(out[at:end], comment)
			maskLine(out[at:end])
		}
		at = end + 1
	}
	return out
}

// maskComment blanks HTML comments in one line, but for marks; it tells whether
// one goes on in the next.
func maskComment(line []byte, inside bool) bool {
	for i := 0; i < len(line); {
		if !inside {
			open := bytes.Index(line[i:], []byte("<!--"))
			if open < 0 || bytes.Contains(line[i+open:], markKey) {
				return false
			}
			i += open
		}
		end := bytes.Index(line[i:], []byte("-->"))
		if end < 0 {
			blank(line[i:])
			return true
		}
		blank(line[i : i+end+3])
		i, inside = i+end+3, false
	}
	return inside
}

// maskLine blanks code spans and link addresses in one line.
func maskLine(line []byte) {
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '`':
			if n := bytes.IndexByte(line[i+1:], '`'); n >= 0 {
				blank(line[i : i+n+2])
				i += n + 1
			}
		case line[i] == ']' && i+1 < len(line) && line[i+1] == '(':
			if n := bytes.IndexByte(line[i:], ')'); n >= 0 {
				copy(line[i:], "] http")
				blank(line[min(i+6, i+n) : i+n])
				i += n
			}
		}
	}
}

func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// mark is an inline switch: "homecase: off rule-id because …", in a comment or a
// line of its own, for that line, the paragraph it stands in, and the next.
type mark struct {
	rule, reason string
	from, to     int // lines
}

type marks []mark

var markKey = []byte("homecase: off ")

// switched collects the marks of a text.
func (s *source) switched() marks {
	key := markKey
	if !bytes.Contains(s.text, key[bytes.IndexByte(key, ':'):]) { // a colon is found sooner than an h
		return nil
	}
	var out marks
	lines := bytes.Split(s.text, []byte("\n"))
	for i, l := range lines {
		k := bytes.Index(l, key)
		if k < 0 {
			continue
		}
		rest := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(string(l[k+len(key):])), "-->"))
		rule, reason, _ := strings.Cut(rest, " ")
		reason = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(reason), "because"))
		to := i + 1
		for to < len(lines) && (to == i+1 || len(bytes.TrimSpace(lines[to])) > 0) {
			to++
		}
		out = append(out, mark{strings.TrimRight(rule, ":,"), reason, i + 1, to})
		if len(out) == 1000 {
			break
		}
	}
	return out
}

// covers tells whether a rule is off on a line. Rules about the whole text are
// off wherever the mark stands.
func (ms marks) covers(rule string, line int) bool {
	for _, m := range ms {
		if m.rule == rule && m.reason != "" && (line >= m.from && line <= m.to || strings.HasPrefix(rule, "missing-") || rule == "reading-grade") {
			return true
		}
	}
	return false
}

// unreasoned reports marks that say no reason: those switch nothing off.
func (ms marks) unreasoned(file string) []Finding {
	var out []Finding
	for _, m := range ms {
		if m.reason == "" {
			out = append(out, Finding{Rule: "off-without-reason", Category: Switched, Severity: Hint, File: file, Line: m.from, Column: 1, Text: m.rule,
				Why: "A rule is switched off with a reason, so that the next reader knows why.", Source: "homecase",
				Suggestion: "Write: homecase: off " + m.rule + " because …"})
		}
	}
	return out
}
