package content

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"homecase/fault"
)

// OneLine is implemented by types that are written on one line, as in
// {date: 2026-11-24, value: 3}, so that a long list of them stays readable.
type OneLine interface{ OneLine() }

// Set returns the document's text with v under a path such as
// facts.imports[2], or without that entry where v is nil. A key that is not
// there is added, and an index one past the end adds to a list; a list or group
// that loses its last entry goes with it.
//
// Only the lines of the entry change. Every other line stays as the person
// wrote it, with its comments, order, quotation marks and line ends. Where an
// entry shares its line with others, the smallest group around it is written
// anew. The result is read again before it is returned, and holds what was asked.
func (t *Tree) Set(path string, v any) ([]byte, error) {
	steps, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	var fresh *yaml.Node
	if v != nil {
		if fresh, err = node(reflect.ValueOf(v)); err != nil {
			return nil, err
		}
	} else {
		steps = t.lonely(steps)
	}
	want := clone(t.root)
	if err := put(want, steps, fresh, path); err != nil {
		return nil, err
	}
	text := t.splice(steps, want)
	if len(text) <= MaxBytes && !t.holds(text, want) {
		if text, err = t.whole(want); err != nil {
			return nil, err
		}
		if len(text) <= MaxBytes && !t.holds(text, want) {
			return nil, fault.New(fault.Internal, "HC-FILE-29", "%s could not be written into this file, so nothing was changed.", path).At(fault.Place{File: t.name})
		}
	}
	if len(text) > MaxBytes {
		return nil, fault.New(fault.Invalid, "HC-FILE-02", "With %s this file would be larger than %d MB, so nothing was changed.", path, MaxBytes>>20).At(fault.Place{File: t.name})
	}
	return text, nil
}

// Len returns how many entries the list or group under a path has.
func (t *Tree) Len(path string) int {
	steps, err := parsePath(path)
	if err != nil {
		return 0
	}
	n := t.root
	for _, s := range steps {
		at := s.of(n)
		if at < 0 {
			return 0
		}
		n = entry(n, at).value
	}
	return entries(n)
}

func parsePath(path string) ([]step, error) {
	var steps []step
	for _, part := range strings.Split(path, ".") {
		key, rest, _ := strings.Cut(part, "[")
		steps = append(steps, step{key: key})
		for rest != "" {
			number, after, ok := strings.Cut(rest, "]")
			i, err := strconv.Atoi(number)
			if !ok || err != nil || i < 0 {
				return nil, fault.New(fault.Internal, "HC-FILE-29", "%q is no path of a file.", path)
			}
			steps, rest = append(steps, step{index: i + 1}), strings.TrimPrefix(after, "[")
		}
	}
	return steps, nil
}

// lonely shortens a path whose last entry is the only one of its group.
func (t *Tree) lonely(steps []step) []step {
	keep, n := 1, t.root
	for i, s := range steps {
		at := s.of(n)
		if at < 0 {
			return steps
		}
		if entries(n) > 1 || i == 0 {
			keep = i + 1
		}
		n = entry(n, at).value
	}
	return steps[:keep]
}

// of returns the place of the step's entry in n, or -1.
func (s step) of(n *yaml.Node) int {
	switch {
	case s.index > 0 && n.Kind == yaml.SequenceNode && s.index <= len(n.Content):
		return s.index - 1
	case s.index == 0 && n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == s.key {
				return i / 2
			}
		}
	}
	return -1
}

// part is an entry of a list or a group; a list's has no key.
type part struct{ key, value *yaml.Node }

func entries(n *yaml.Node) int {
	switch n.Kind {
	case yaml.MappingNode:
		return len(n.Content) / 2
	case yaml.SequenceNode:
		return len(n.Content)
	}
	return 0
}

func entry(n *yaml.Node, i int) part {
	if n.Kind == yaml.MappingNode {
		return part{n.Content[2*i], n.Content[2*i+1]}
	}
	return part{nil, n.Content[i]}
}

// put sets the value in a tree, or takes the entry out where value is nil.
func put(n *yaml.Node, steps []step, value *yaml.Node, path string) error {
	s := steps[0]
	if n.Tag == "!!null" { // "facts:" with nothing behind it
		*n = yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", LineComment: n.LineComment}
		if s.index > 0 {
			n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
		}
	}
	at := s.of(n)
	misfit := s.index > 0 && n.Kind != yaml.SequenceNode || s.index == 0 && n.Kind != yaml.MappingNode
	if misfit || at < 0 && (value == nil || s.index > len(n.Content)+1) {
		return fault.New(fault.Missing, "HC-FILE-30", "There is no %s in this file.", path)
	}
	if at < 0 {
		fresh := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
		if s.index == 0 {
			n.Content = append(n.Content, scalar("!!str", s.key))
		}
		n.Content = append(n.Content, fresh)
		at = entries(n) - 1
	}
	if len(steps) > 1 {
		return put(entry(n, at).value, steps[1:], value, path)
	}
	width := 1
	if n.Kind == yaml.MappingNode {
		width = 2
	}
	if value == nil {
		n.Content = slices.Delete(n.Content, at*width, (at+1)*width)
		return nil
	}
	old := entry(n, at).value
	comment := old.LineComment
	*old = *value
	old.LineComment = comment
	return nil
}

func clone(n *yaml.Node) *yaml.Node {
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}

// splice puts the changed entry between the lines of the file. It returns nil
// where no group around it has lines of its own.
func (t *Tree) splice(steps []step, want *yaml.Node) []byte {
	if !plainLines(t.text) {
		return nil
	}
	lines := bytes.SplitAfter(t.text, []byte("\n"))
	have, end := t.root, len(lines)
	for i, s := range steps {
		if !t.ownLines(lines, have) {
			return nil
		}
		was, is := s.of(have), s.of(want)
		if i == len(steps)-1 && entries(want) < entries(have) {
			is = -1 // taken out
		}
		indent := strings.Repeat(" ", have.Column-1)
		if was < 0 {
			at := trim(lines[:end], have.Column-1)
			return insert(lines, at, at, indent, want, is)
		}
		first, last := extent(lines, have, was, end)
		inner := entry(have, was).value
		if i == len(steps)-1 || is < 0 || !t.ownLines(lines, inner) {
			return insert(lines, first, last, indent, want, is)
		}
		have, want, end = inner, entry(want, is).value, last
	}
	return nil
}

// plainLines tells whether the only line ends are those of Unix and Windows:
// YAML counts others too, and then lines cannot be told by their numbers.
func plainLines(text []byte) bool {
	return len(text) > 0 && bytes.Count(text, []byte("\r")) == bytes.Count(text, []byte("\r\n")) && !bytes.ContainsAny(text, "\u0085\u2028\u2029")
}

// ownLines tells whether every entry of n begins on a line of its own.
func (t *Tree) ownLines(lines [][]byte, n *yaml.Node) bool {
	if entries(n) == 0 || n.Style&yaml.FlowStyle != 0 {
		return false
	}
	for i := range entries(n) {
		line := lines[start(n, i)]
		lead := len(line) - len(bytes.TrimLeft(line, " "))
		if lead != n.Column-1 || n.Kind == yaml.SequenceNode && line[lead] != '-' {
			return false
		}
	}
	return true
}

// start is the line, from nought, on which an entry begins.
func start(n *yaml.Node, i int) int {
	p := entry(n, i)
	if p.key != nil {
		return p.key.Line - 1
	}
	return p.value.Line - 1
}

// extent returns the lines of an entry: up to the next one, without the
// comments and blank lines that belong to what follows.
func extent(lines [][]byte, n *yaml.Node, i, end int) (first, last int) {
	first = start(n, i)
	if i+1 < entries(n) {
		end = start(n, i+1)
	}
	return first, max(first+1, trim(lines[:end], n.Column-1))
}

// trim returns where the text ends before trailing blank lines and before
// comments that are indented no further than the entries.
func trim(lines [][]byte, indent int) int {
	for i := len(lines); i > 0; i-- {
		text := bytes.TrimSpace(lines[i-1])
		lead := len(lines[i-1]) - len(bytes.TrimLeft(lines[i-1], " "))
		if len(text) > 0 && (text[0] != '#' || lead > indent) {
			return i
		}
	}
	return 0
}

// insert writes one entry of want in place of the lines from first to last; a
// negative entry leaves nothing there.
func insert(lines [][]byte, first, last int, indent string, want *yaml.Node, at int) []byte {
	newline := "\n"
	if bytes.HasSuffix(lines[0], []byte("\r\n")) {
		newline = "\r\n"
	}
	var out bytes.Buffer
	for _, l := range lines[:first] {
		out.Write(l)
	}
	if at >= 0 {
		if out.Len() > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
			out.WriteString(newline)
		}
		p := entry(want, at)
		alone := &yaml.Node{Kind: want.Kind, Tag: want.Tag}
		if p.key != nil {
			key := *p.key
			key.HeadComment, key.FootComment = "", "" // they stand outside the lines
			alone.Content = append(alone.Content, &key)
		}
		value := *p.value
		value.HeadComment, value.FootComment = "", ""
		alone.Content = append(alone.Content, &value)
		text, err := writeWide(clone(alone)) // the writer changes tags
		if err != nil {
			return nil
		}
		for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if l != "" {
				out.WriteString(indent)
			}
			out.WriteString(l + newline)
		}
	}
	for _, l := range lines[last:] {
		out.Write(l)
	}
	return out.Bytes()
}

// whole writes the document anew, comments included: the way for a document
// that has no lines of its own to change, such as JSON.
func (t *Tree) whole(want *yaml.Node) ([]byte, error) {
	root := *want
	root.Style &^= yaml.FlowStyle
	root.HeadComment = "" // it stands before
	text, err := writeWide(clone(&root))
	if err != nil {
		return nil, err
	}
	if !plainLines(t.text) {
		return text, nil
	}
	lines := bytes.SplitAfter(t.text, []byte("\n"))
	return append(bytes.Join(lines[:t.root.Line-1], nil), text...), nil
}

// holds tells whether a text reads as the wanted tree.
func (t *Tree) holds(text []byte, want *yaml.Node) bool {
	again, err := Parse(t.name, text)
	return err == nil && same(again.root, want)
}

// same compares what two trees mean; comments and styles mean nothing.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || len(a.Content) != len(b.Content) || !sameTag(a, b) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// sameTag compares tags. A value that was written without one, such as a
// date, gets its tag when it is read; what it must not become is another text.
func sameTag(a, b *yaml.Node) bool {
	return a.Tag == b.Tag || a.Kind == yaml.ScalarNode && (a.Tag == "" || b.Tag == "" || a.Tag == "!!int" && b.Tag == "!!float")
}

func write(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return b.Bytes(), nil
}

// writeWide breaks no line: what stood on one line stays there.
func writeWide(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	d, err := yaml.NewDumper(&b, yaml.WithV3Defaults(), yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	if err := d.Dump(n); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	if err := d.Close(); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return b.Bytes(), nil
}
