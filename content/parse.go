package content

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"homecase/fault"
)

// Parse checks the bytes and the YAML form and returns the document, before
// anything is known of what it means.
func Parse(name string, data []byte) (*Tree, error) {
	place := fault.Place{File: name}
	bad := func(code fault.Code, say string, args ...any) error {
		return fault.List{fault.New(fault.Invalid, code, say, args...).At(place)}
	}
	if len(data) > MaxBytes {
		return nil, bad("HC-FILE-02", "This file is larger than %d MB, so it is not a homecase file.", MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		place.Line, place.Column = position(data, i)
		return nil, bad("HC-FILE-04", "There is a NUL byte here, so this is not a text file.")
	}
	if !utf8.Valid(data) {
		place.Line, place.Column = position(data, invalidAt(data))
		return nil, bad("HC-FILE-05", "The text here is not UTF-8. Save the file as UTF-8.")
	}
	if i, depth := nesting(data); depth > maxDepth {
		place.Line, place.Column = position(data, i)
		return nil, bad("HC-FILE-06", "This is nested more than %d levels deep, so it is not a homecase file.", maxDepth)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := decodeSafely(dec, &doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, bad("HC-FILE-07", "This file is empty.")
		}
		place.Line, place.Column = yamlPlace(err)
		reason := yamlReason(err)
		return nil, fault.List{fault.New(fault.Invalid, "HC-FILE-08", "This is not YAML: %s.", reason).At(place).Then("%s", yamlHint(reason, data, place.Line))}
	}
	if err := decodeSafely(dec, &second); !errors.Is(err, io.EOF) {
		return nil, bad("HC-FILE-09", "This file holds more than one document. Remove the line with three dashes.")
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return nil, bad("HC-FILE-07", "This file is empty.")
	}
	root := doc.Content[0]
	if n := firstAlias(root, 0); n != nil {
		place.Line, place.Column = n.Line, n.Column
		return nil, bad("HC-FILE-10", "homecase files do not use YAML anchors (&) and aliases (*). Write the value out.")
	}
	return &Tree{name: name, text: data, root: root}, nil
}

// decodeSafely turns a panic inside the YAML reader into an error: hostile
// input must never end the program.
func decodeSafely(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it cannot be read (%v)", r)
		}
	}()
	return dec.Decode(n)
}

// nesting returns the deepest flow nesting outside quotes and where it is. It
// over-counts brackets in plain text, which is harmless at this limit.
func nesting(data []byte) (at, depth int) {
	d := 0
	for i, c := range data {
		switch c {
		case '[', '{':
			if d++; d > depth {
				at, depth = i, d
			}
		case ']', '}':
			d--
		case '\n':
			d = max(d, 0)
		}
	}
	return at, depth
}

func firstAlias(n *yaml.Node, depth int) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || depth > maxDepth*2 {
		return n
	}
	for _, c := range n.Content {
		if a := firstAlias(c, depth+1); a != nil {
			return a
		}
	}
	return nil
}

func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

// position returns the line and column of byte i, both from 1.
func position(data []byte, i int) (line, column int) {
	before := data[:i]
	line = 1 + bytes.Count(before, []byte("\n"))
	return line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

var (
	lineNumber   = regexp.MustCompile(`line (\d+)`)
	columnNumber = regexp.MustCompile(`column (\d+)`)
	reasonNoise  = regexp.MustCompile(`^(yaml: |go-yaml: )?(\S+ error:? ?)?(while \w+ing [^:]*: )?(at )?(L\d+(\.C?\d+)?[:,] ?)?(line \d+(, column \d+)?:? ?)*`)
	shortPlace   = regexp.MustCompile(`L(\d+)(?:[.:,]C?(\d+))?`)
)

func yamlPlace(err error) (line, column int) {
	s := err.Error()
	if m := lineNumber.FindStringSubmatch(s); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	if m := columnNumber.FindStringSubmatch(s); m != nil {
		column, _ = strconv.Atoi(m[1])
	}
	if m := shortPlace.FindStringSubmatch(s); m != nil && line == 0 {
		line, _ = strconv.Atoi(m[1])
		column, _ = strconv.Atoi(m[2])
	}
	return line, column
}

// yamlHint says what usually lies behind a parser's words, for a person who
// has never heard of tokens.
func yamlHint(reason string, data []byte, line int) string {
	if lines := bytes.Split(data, []byte("\n")); line > 0 && line <= len(lines) && bytes.ContainsRune(lines[line-1], '\t') {
		return "There is a tab in this line: use spaces in its place."
	}
	switch {
	case strings.Contains(reason, "',' or '}'"), strings.Contains(reason, "',' or ']'"), strings.Contains(reason, "mapping values"), strings.Contains(reason, "unexpected end of stream"):
		return "Look at this line and the one before. Close every bracket and quotation mark, and put quotes round a text with a colon."
	case strings.Contains(reason, "expected key"), strings.Contains(reason, "'-' indicator"), strings.Contains(reason, "block end"):
		return "Look at the spaces at the start of this line and the one before: lines that belong together start in the same column."
	}
	return "Look at this line and the one before."
}

func yamlReason(err error) string {
	s := strings.TrimSpace(strings.ReplaceAll(err.Error(), "\n", " "))
	s = reasonNoise.ReplaceAllString(s, "")
	return strings.TrimSuffix(strings.TrimSpace(s), ".")
}
