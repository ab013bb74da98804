package packet

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// DocumentFormat names the form in which Encode writes a document.
const DocumentFormat = "homecase document 1"

// MaxEncoded is the most bytes an encoded document has.
const MaxEncoded = content.MaxFile

// Encode writes a document as canonical JSON. Objects have the fields of the
// types of this package in small letters; blocks and charts name their kind;
// what is empty is left out; bytes are base64.
func Encode(d Document) ([]byte, error) {
	if err := d.bounds(); err != nil {
		return nil, err
	}
	w := &wireWriter{}
	w.object(reflect.ValueOf(d), "format", DocumentFormat)
	if raw := w.out.Bytes(); w.err == nil && len(raw) <= MaxEncoded {
		return raw, nil
	}
	if w.err != nil {
		return nil, fault.New(fault.Internal, "HC-PACKET-20", "This document cannot be written.").Because(w.err)
	}
	return nil, fault.New(fault.Invalid, "HC-PACKET-21", "This document has %d bytes, and %d are the most.", w.out.Len(), MaxEncoded).Then("Take a photo out, or make it smaller.")
}

// Decode reads a document that Encode wrote. It is made for documents of
// strangers: what is unknown, doubled, out of bounds or in another form is
// refused, and so is what Validate refuses.
func Decode(raw []byte) (Document, error) {
	if len(raw) > MaxEncoded {
		return Document{}, fault.New(fault.Invalid, "HC-PACKET-21", "This document has %d bytes, and %d are the most.", len(raw), MaxEncoded)
	}
	if n := bytes.Count(raw, []byte{','}) + bytes.Count(raw, []byte{'{'}) + bytes.Count(raw, []byte{'['}); n > 3*maxParts {
		return Document{}, fault.New(fault.Invalid, "HC-PACKET-24", "This document is out of bounds: it has more than %d parts.", maxParts)
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err := dec.Decode(&tree)
	if _, more := dec.Token(); err != nil || more != io.EOF {
		return Document{}, fault.New(fault.Invalid, "HC-PACKET-23", "This document cannot be read: it is no sound JSON.").Because(err)
	}
	var d Document
	r := &wireReader{}
	r.object(reflect.ValueOf(&d).Elem(), tree, "format", DocumentFormat)
	if r.err != nil {
		return Document{}, r.err
	}
	again, err := Encode(d)
	if err != nil {
		return Document{}, err
	}
	if !bytes.Equal(again, raw) {
		return Document{}, fault.New(fault.Invalid, "HC-PACKET-22", "This document is not in canonical form.")
	}
	return d, d.Validate()
}

// kinds are the types that a block or a chart may be, by the name they are written under.
func kinds(of reflect.Type) []reflect.Type {
	switch of {
	case reflect.TypeFor[Block]():
		return []reflect.Type{
			reflect.TypeFor[Para](), reflect.TypeFor[Heading](), reflect.TypeFor[List](), reflect.TypeFor[Choice](), reflect.TypeFor[Question](),
			reflect.TypeFor[Table](), reflect.TypeFor[Figure](), reflect.TypeFor[Photo](), reflect.TypeFor[Signature](),
		}
	case reflect.TypeFor[Chart]():
		return []reflect.Type{
			reflect.TypeFor[Windows](), reflect.TypeFor[HoursBar](), reflect.TypeFor[Dots](), reflect.TypeFor[Tornado](), reflect.TypeFor[DayMarks](),
			reflect.TypeFor[Difference](), reflect.TypeFor[Diary](), reflect.TypeFor[Verdicts](), reflect.TypeFor[Timeline](),
		}
	}
	return nil
}

// wireName is a Go name in small letters: NewPage is new_page, JPEG is jpeg.
func wireName(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// wireFields are the fields of a type in the order of their written names, as
// canonical JSON has them.
func wireFields(t reflect.Type) []wireField {
	if known, ok := wireKnown.Load(t); ok {
		return known.([]wireField)
	}
	var fields []wireField
	for i := range t.NumField() {
		fields = append(fields, wireField{wireName(t.Field(i).Name), i})
	}
	slices.SortFunc(fields, func(a, b wireField) int { return strings.Compare(a.name, b.name) })
	wireKnown.Store(t, fields)
	return fields
}

type wireField struct {
	name  string
	index int
}

// wireKnown remembers wireFields: the types never change.
var wireKnown sync.Map

// wireWriter writes canonical JSON in one pass, byte for byte as package content
// would write it.
type wireWriter struct {
	out bytes.Buffer
	err error
}

// object writes a struct with one more key.
func (w *wireWriter) object(v reflect.Value, key, value string) {
	w.out.WriteByte('{')
	first := true
	name := func(n string) {
		if !first {
			w.out.WriteByte(',')
		}
		first = false
		w.out.WriteString(`"` + n + `":`)
	}
	for _, f := range wireFields(v.Type()) {
		if key != "" && key < f.name {
			name(key)
			w.plain(value)
			key = ""
		}
		if field := v.Field(f.index); !empty(field) {
			name(f.name)
			w.value(field)
		}
	}
	if key != "" {
		name(key)
		w.plain(value)
	}
	w.out.WriteByte('}')
}

func (w *wireWriter) value(v reflect.Value) {
	if d, ok := v.Interface().(day.Date); ok {
		w.plain(d.String())
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		w.object(v.Elem(), "kind", wireName(v.Elem().Type().Name()))
	case reflect.Pointer:
		w.value(v.Elem())
	case reflect.Struct:
		w.object(v, "", "")
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.plain(base64.StdEncoding.EncodeToString(v.Bytes()))
			return
		}
		w.out.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				w.out.WriteByte(',')
			}
			w.value(v.Index(i))
		}
		w.out.WriteByte(']')
	case reflect.String:
		w.plain(v.String())
	default:
		w.plain(v.Interface())
	}
}

// plain writes a text, a number or a truth value as encoding/json does, with the
// signs of HTML as they are.
func (w *wireWriter) plain(v any) {
	if s, ok := v.(string); ok && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '"' || r == '\\' || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
	}) {
		w.out.WriteString(`"` + s + `"`)
		return
	}
	enc := json.NewEncoder(&w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		w.err = err
		return
	}
	w.out.Truncate(w.out.Len() - 1) // the line's end
}

func empty(v reflect.Value) bool { return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 }

// wireReader turns what encoding/json read into a document, led by the types of
// this package. The first fault ends it.
type wireReader struct{ err error }

func (r *wireReader) fail(why string, args ...any) {
	if r.err == nil {
		r.err = fault.New(fault.Invalid, "HC-PACKET-23", "This document cannot be read: %s.", fmt.Sprintf(why, args...))
	}
}

// object reads the fields of a struct. key is a further one, with the value it must have.
func (r *wireReader) object(v reflect.Value, from any, key, value string) {
	tree, ok := from.(map[string]any)
	if !ok || key != "" && tree[key] != value {
		r.fail("a %s is written as an object%s", v.Type().Name(), map[bool]string{true: " with its " + key}[key != ""])
		return
	}
	seen := 0
	for _, f := range wireFields(v.Type()) {
		if item, ok := tree[f.name]; ok && r.err == nil && f.name != key {
			seen++
			r.value(v.Field(f.index), item)
		}
	}
	if key != "" {
		seen++
	}
	if seen != len(tree) && r.err == nil {
		r.fail("a %s has a key that is none of its own", v.Type().Name())
	}
}

func (r *wireReader) value(v reflect.Value, from any) {
	text, isText := from.(string)
	if d, ok := v.Addr().Interface().(*day.Date); ok {
		if err := d.UnmarshalText([]byte(text)); err != nil || !isText {
			r.fail("a day is written YYYY-MM-DD")
		}
		return
	}
	number, _ := from.(json.Number)
	switch v.Kind() {
	case reflect.String:
		if !isText {
			r.fail("here stands a text")
		}
		v.SetString(text)
	case reflect.Bool:
		b, ok := from.(bool)
		if !ok {
			r.fail("here stands true, or nothing")
		}
		v.SetBool(b)
	case reflect.Int:
		n, err := number.Int64()
		if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
			r.fail("here stands a whole number")
		}
		v.SetInt(n)
	case reflect.Float64:
		f, err := number.Float64()
		if err != nil {
			r.fail("here stands a number")
		}
		v.SetFloat(f)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(v.Elem(), from)
	case reflect.Struct:
		r.object(v, from, "", "")
	case reflect.Slice:
		r.list(v, from)
	case reflect.Interface:
		r.kind(v, from)
	default:
		r.fail("a %s cannot be written", v.Type().Name())
	}
}

func (r *wireReader) list(v reflect.Value, from any) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		text, ok := from.(string)
		data, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil {
			r.fail("here stand bytes in base64")
		}
		v.SetBytes(data)
		return
	}
	items, ok := from.([]any)
	if !ok {
		r.fail("here stands a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		if r.err == nil {
			r.value(v.Index(i), item)
		}
	}
}

// kind reads a block or a chart.
func (r *wireReader) kind(v reflect.Value, from any) {
	tree, _ := from.(map[string]any)
	name, _ := tree["kind"].(string)
	for _, t := range kinds(v.Type()) {
		if wireName(t.Name()) == name {
			item := reflect.New(t).Elem()
			r.object(item, from, "kind", name)
			v.Set(item)
			return
		}
	}
	r.fail("there is no block or chart %q", clipped(name))
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
