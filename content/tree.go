package content

import (
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v4"

	"homecase/fault"
)

// Tree is a document that was read and not decoded yet: what an upgrade from
// an older format version works on. Changing it loses no key it does not name.
type Tree struct {
	name string
	text []byte // as it was read, without a byte order mark
	root *yaml.Node
}

// Int returns the whole number under a top-level key, and whether there is one.
func (t *Tree) Int(key string) (int, bool) {
	_, n := find(t.root, key)
	if n == nil || n.Tag != "!!int" {
		return 0, false
	}
	i, err := strconv.Atoi(n.Value)
	return i, err == nil
}

// DecodePart reads the value under a top-level key into v, a pointer to a
// struct, and nothing else: a file that is not finished elsewhere can be used.
// Without the key v stays as it is.
func (t *Tree) DecodePart(key string, v any) error {
	_, n := find(t.root, key)
	if n == nil {
		return nil
	}
	d := &decoder{name: t.name}
	d.under(step{key: key}, func() { d.value(n, reflect.ValueOf(v).Elem(), 0) })
	return d.faults.OrNil()
}

// Place is where a top-level key stands, or the start of the document.
func (t *Tree) Place(key string) fault.Place {
	k, _ := find(t.root, key)
	if k == nil {
		k = t.root
	}
	return fault.Place{File: t.name, Line: k.Line, Column: k.Column, Path: key}
}

// At is where the value of a path such as plan.promises[2].text stands. Where
// the path leads further than the document, it is the last value on the way.
func (t *Tree) At(path string) fault.Place {
	n := nearest(t.root, path)
	return fault.Place{File: t.name, Line: n.Line, Column: n.Column, Path: path}
}

// SetInt sets a top-level key that is there already.
func (t *Tree) SetInt(key string, value int) {
	if _, n := find(t.root, key); n != nil {
		n.Tag, n.Value = "!!int", strconv.Itoa(value)
	}
}

// Rename gives a key a new name. The path leads from the top; where it does
// not exist nothing happens, and where the new name is taken the old key
// stays, so that decoding refuses it in the person's sight.
func (t *Tree) Rename(path []string, to string) {
	n := t.root
	for _, key := range path[:len(path)-1] {
		if _, n = find(n, key); n == nil {
			return
		}
	}
	if taken, _ := find(n, to); taken != nil {
		return
	}
	if k, _ := find(n, path[len(path)-1]); k != nil {
		k.Value = to
	}
}

// find returns the key and value nodes of a mapping.
func find(n *yaml.Node, key string) (k, v *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}
