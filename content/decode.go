// Package content reads and writes the YAML that homecase lives on: case files
// that people type, and the questions, studies and laws that ship with it.
//
// Reading is strict. An unknown key, a wrong type, a key given twice, an anchor
// or a NUL byte is refused with the file, the line, the column and a sentence
// that says what was expected. All faults of a file are reported at once. Keys
// are the json tags of the Go types, so a type has one set of names in a file,
// in a database and on the wire.
//
// The package knows nothing of what the content means.
package content

import (
	"encoding"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v4"

	"homecase/fault"
)

// MaxBytes is the largest file Decode reads. A case with a year of notes is under 200 KB.
const MaxBytes = 4 << 20

// MaxFile is the most bytes of a file that is made to be shared, photos and all.
const MaxFile = 16 << 20

// maxFaults is how many faults one reading reports before it stops.
const maxFaults = 20

// maxDepth is how deeply a file may be nested.
const maxDepth = 40

// Checker is implemented by types that can say what is wrong with a value that
// decoded well. Check returns one fault for each problem; Place.Path names the
// field relative to the value ("hours", "inputs.price.low") and the decoder
// turns it into a line.
type Checker interface{ Check() fault.List }

// Unmarshaler is implemented by types that read several YAML shapes themselves.
type Unmarshaler interface {
	UnmarshalNode(n Node) error
}

// Node is one value of a file, for Unmarshaler.
type Node struct {
	n *yaml.Node
	d *decoder
}

// Scalar returns the text of a scalar and whether the node is one.
func (n Node) Scalar() (string, bool) {
	return n.n.Value, n.n.Kind == yaml.ScalarNode && n.n.Tag != "!!null"
}

// Into decodes the node into v by the usual rules; faults are collected by the
// reading that Node belongs to.
func (n Node) Into(v any) { n.d.value(n.n, reflect.ValueOf(v).Elem(), 0) }

// Read reads at most MaxBytes from r and refuses more.
func Read(name string, r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-FILE-01", "This file cannot be read: %v.", cause(err)).At(fault.Place{File: name}).Because(err)
	}
	if len(b) > MaxBytes {
		return nil, fault.New(fault.Invalid, "HC-FILE-02", "This file is larger than %d MB, so it is not a homecase file.", MaxBytes>>20).At(fault.Place{File: name})
	}
	return b, nil
}

func cause(err error) error {
	var inner interface{ Unwrap() error }
	if errors.As(err, &inner) && inner.Unwrap() != nil {
		return inner.Unwrap()
	}
	return err
}

// Decode reads one YAML document into v, a pointer to a struct. It returns a
// fault.List with every problem found, or nil.
func Decode(name string, data []byte, v any) error {
	t, err := Parse(name, data)
	if err != nil {
		return err
	}
	return t.Decode(v)
}

// Decode reads the document into v, a pointer to a struct.
func (t *Tree) Decode(v any) error { return t.decode(v, strict) }

// DecodeDraft reads a document that is still being written: unknown keys and
// wrong types are refused as ever, but no value is asked to Check itself, so
// that what is missing may be missing.
func (t *Tree) DecodeDraft(v any) error { return t.decode(v, draft) }

// DecodeAll reads a document and asks every value to Check itself, those too
// whose parts have faults, so that a form can show all of them at once.
func (t *Tree) DecodeAll(v any) error { return t.decode(v, all) }

func (t *Tree) decode(v any, how reading) error {
	name := t.name
	d := &decoder{name: name, how: how}
	d.value(t.root, reflect.ValueOf(v).Elem(), 0)
	if len(d.faults) > maxFaults {
		more := len(d.faults) - maxFaults
		d.faults = append(d.faults[:maxFaults], fault.New(fault.Invalid, "HC-FILE-03", "There are %d more problems after these.", more).At(fault.Place{File: name}))
	}
	return d.faults.OrNil()
}

type decoder struct {
	name   string
	how    reading
	faults fault.List
	at     []step // the way from the top to the value being read
}

// reading says when a value is asked to Check itself.
type reading uint8

const (
	strict reading = iota // when its parts are good
	draft                 // never
	all                   // always
)

// step is one step of a path: a key, or a place in a list.
type step struct {
	key   string
	index int // counted from one; 0 for a key
}

// path writes the way to the value being read. Faults are rare, so it is only
// put together when there is one.
func (d *decoder) path() string {
	var b strings.Builder
	for _, s := range d.at {
		switch {
		case s.index > 0:
			b.WriteString("[" + strconv.Itoa(s.index-1) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// under reads one value a step further down.
func (d *decoder) under(s step, read func()) {
	d.at = append(d.at, s)
	read()
	d.at = d.at[:len(d.at)-1]
}

func (d *decoder) place(n *yaml.Node, path string) fault.Place {
	return fault.Place{File: d.name, Line: n.Line, Column: n.Column, Path: path}
}

// refuse records a fault at the value being read. The sentence may begin with
// %s for the value's name.
func (d *decoder) refuse(n *yaml.Node, code fault.Code, say string, args ...any) {
	d.faults = append(d.faults, fault.New(fault.Invalid, code, say, args...).At(d.place(n, d.path())))
}

func (d *decoder) label() string {
	if p := d.path(); p != "" {
		return p
	}
	return "The file"
}

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	nodeUnmarshaler = reflect.TypeFor[Unmarshaler]()
	checker         = reflect.TypeFor[Checker]()
)

// value decodes n into v. Faults are collected, and decoding goes on.
func (d *decoder) value(n *yaml.Node, v reflect.Value, depth int) {
	if len(d.faults) > 10*maxFaults || depth > maxDepth {
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // "key:" with nothing behind it is as good as no key
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem(), depth)
		return
	}
	before, form := len(d.faults), formOf(v.Type())
	switch {
	case form.node:
		if err := v.Addr().Interface().(Unmarshaler).UnmarshalNode(Node{n, d}); err != nil {
			d.refuse(n, "HC-FILE-15", "%s: %s.", d.label(), err)
		}
	case form.text:
		d.text(n, v)
	default:
		d.plain(n, v, depth)
	}
	if form.check && (d.how == all || d.how == strict && before == len(d.faults)) {
		d.check(n, v.Addr().Interface().(Checker))
	}
}

// form says what a type can do for itself.
type form struct{ node, text, check bool }

var forms sync.Map // reflect.Type → form

func formOf(t reflect.Type) form {
	if f, ok := forms.Load(t); ok {
		return f.(form)
	}
	p := reflect.PointerTo(t)
	f := form{node: p.Implements(nodeUnmarshaler), text: p.Implements(textUnmarshaler), check: p.Implements(checker)}
	forms.Store(t, f)
	return f
}

func (d *decoder) plain(n *yaml.Node, v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		d.structure(n, v, depth)
	case reflect.Slice:
		d.slice(n, v, depth)
	case reflect.Map:
		d.mapping(n, v, depth)
	default:
		d.scalar(n, v)
	}
}

// check runs a value's own rules and gives each fault the line of its field,
// or of the nearest field above it that the file has.
func (d *decoder) check(n *yaml.Node, c Checker) {
	for _, f := range c.Check() {
		place := d.place(nearest(n, f.Place.Path), join(d.path(), f.Place.Path))
		f.Place = place
		d.faults = append(d.faults, f)
	}
}

// nearest follows a path such as inputs.price[2].low as far as the file goes.
func nearest(n *yaml.Node, path string) *yaml.Node {
	for path != "" {
		var key string
		if inner, ok := strings.CutPrefix(path, "["); ok {
			key, path, _ = strings.Cut(inner, "]")
			i, err := strconv.Atoi(key)
			if err != nil || n.Kind != yaml.SequenceNode || i < 0 || i >= len(n.Content) {
				return n
			}
			n = n.Content[i]
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			key, path = path[:end], path[end:]
			_, child := find(n, key)
			if child == nil {
				return n
			}
			n = child
		}
		path = strings.TrimPrefix(path, ".")
	}
	return n
}

func (d *decoder) text(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.refuse(n, "HC-FILE-11", "%s must be a single value.", d.label())
		return
	}
	if d.how == draft && n.Value == "" {
		return // not answered yet
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Value)); err != nil {
		d.refuse(n, "HC-FILE-12", "%s: %s.", d.label(), strings.TrimSuffix(err.Error(), "."))
	}
}

func (d *decoder) slice(n *yaml.Node, v reflect.Value, depth int) {
	if n.Kind != yaml.SequenceNode {
		d.refuse(n, "HC-FILE-11", "%s must be a list: lines that start with a dash.", d.label())
		return
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.under(step{index: i + 1}, func() { d.value(item, out.Index(i), depth+1) })
	}
	v.Set(out)
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, depth int) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, "HC-FILE-11", "%s must be a group of key: value lines.", d.label())
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		key := reflect.New(v.Type().Key()).Elem()
		d.value(k, key, depth+1)
		d.under(step{key: k.Value}, func() {
			if out.MapIndex(key).IsValid() {
				d.refuse(k, "HC-FILE-13", "%s is given twice.", d.label())
				return
			}
			item := reflect.New(v.Type().Elem()).Elem()
			d.value(n.Content[i+1], item, depth+1)
			out.SetMapIndex(key, item)
		})
	}
	v.Set(out)
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, depth int) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, "HC-FILE-11", "%s must be a group of key: value lines.", d.label())
		return
	}
	fields := Fields(v.Type())
	seen := make([]bool, len(fields))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, item := n.Content[i], n.Content[i+1]
		at := fields.index(key.Value)
		d.under(step{key: key.Value}, func() {
			switch {
			case at < 0:
				d.refuse(key, "HC-FILE-14", "There is no key %q here.%s", clip(key.Value), suggestion(key.Value, fields))
			case seen[at]:
				d.refuse(key, "HC-FILE-13", "%s is given twice.", d.label())
			default:
				seen[at] = true
				d.value(item, v.FieldByIndex(fields[at].Index), depth+1)
			}
		})
	}
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value) {
	kind := v.Kind()
	switch kind {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		kind = reflect.Int
	}
	wrong := func() {
		want := map[reflect.Kind]string{reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "a whole number, like 4", reflect.Float64: "a number, like 4 or 2.5"}
		if n.Kind != yaml.ScalarNode {
			d.refuse(n, "HC-FILE-11", "%s must be %s.", d.label(), want[kind])
			return
		}
		hint := ""
		if kind == reflect.String {
			hint = " Put it in quotation marks."
		}
		d.refuse(n, "HC-FILE-11", "%s must be %s, not %q.%s", d.label(), want[kind], clip(n.Value), hint)
	}
	if n.Kind != yaml.ScalarNode {
		wrong()
		return
	}
	switch kind {
	case reflect.String:
		if n.Tag != "!!str" && n.Tag != "!!timestamp" {
			wrong()
			return
		}
		if r, bad := unprintable(n.Value); bad {
			d.refuse(n, "HC-FILE-16", "%s holds the character U+%04X, which cannot be printed. Take it out.", d.label(), r)
			return
		}
		v.SetString(n.Value)
	case reflect.Bool:
		b, err := strconv.ParseBool(n.Value)
		if err != nil || n.Tag != "!!bool" {
			wrong()
			return
		}
		v.SetBool(b)
	case reflect.Int:
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil || n.Tag != "!!int" || !fits(v, i) {
			wrong()
			return
		}
		setInt(v, i)
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || n.Tag != "!!int" && n.Tag != "!!float" || f != f || f > 1e300 || f < -1e300 {
			wrong()
			return
		}
		v.SetFloat(f)
	default:
		panic("content: cannot decode into " + v.Type().String())
	}
}

// Printable takes out the characters that no file may hold because no page can
// print them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if _, bad := unprintable(string(r)); bad {
			return -1
		}
		return r
	}, s)
}

// unprintable finds a control character or one that turns the direction of
// writing: neither can be printed as the person sees it.
func unprintable(s string) (rune, bool) {
	for _, r := range s {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == '\ufeff' || r == '\ufffe' {
			return r, true
		}
	}
	return 0, false
}

func fits(v reflect.Value, i int64) bool {
	if v.CanUint() {
		return i >= 0 && !v.OverflowUint(uint64(i))
	}
	return !v.OverflowInt(i)
}

func setInt(v reflect.Value, i int64) {
	if v.CanUint() {
		v.SetUint(uint64(i))
		return
	}
	v.SetInt(i)
}

func join(path, key string) string {
	switch {
	case key == "":
		return path
	case path == "" || strings.HasPrefix(key, "["):
		return path + key
	}
	return path + "." + key
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
