package packet

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// DocumentFormat names the form in which Encode writes a document.
const DocumentFormat = "homecase document 1"

// MaxEncoded is the most bytes an encoded document has.
const MaxEncoded = 16 << 20

// Encode writes a document as canonical JSON. Objects have the fields of the
// types of this package in small letters; blocks and charts name their kind;
// what is empty is left out; bytes are base64.
func Encode(d Document) ([]byte, error) {
	if err := d.bounds(); err != nil {
		return nil, err
	}
	tree, _ := written(reflect.ValueOf(d)).(map[string]any)
	tree["format"] = DocumentFormat
	raw, err := content.Canonical(tree)
	switch {
	case err != nil:
		return nil, fault.New(fault.Internal, "HC-PACKET-20", "This document cannot be written.").Because(err)
	case len(raw) > MaxEncoded:
		return nil, fault.New(fault.Invalid, "HC-PACKET-21", "This document has %d bytes, and %d are the most.", len(raw), MaxEncoded).Then("Take a photo out, or make it smaller.")
	}
	return raw, nil
}

// Decode reads a document that Encode wrote. It is made for documents of
// strangers: what is unknown, doubled, out of bounds or in another form is
// refused, and so is what Validate refuses.
func Decode(raw []byte) (Document, error) {
	if len(raw) > MaxEncoded {
		return Document{}, fault.New(fault.Invalid, "HC-PACKET-21", "This document has %d bytes, and %d are the most.", len(raw), MaxEncoded)
	}
	var d Document
	r := &wireReader{dec: json.NewDecoder(bytes.NewReader(raw))}
	r.dec.UseNumber()
	r.document(&d)
	if r.err == nil {
		if _, err := r.dec.Token(); err != io.EOF {
			r.fail("there is something behind its end")
		}
	}
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

// written turns a value into what encoding/json writes.
func written(v reflect.Value) any {
	if d, ok := v.Interface().(day.Date); ok {
		return d.String()
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		tree := written(v.Elem())
		if m, ok := tree.(map[string]any); ok && v.Kind() == reflect.Interface {
			m["kind"] = wireName(v.Elem().Type().Name())
		}
		return tree
	case reflect.Struct:
		tree := map[string]any{}
		for i := range v.NumField() {
			if f := v.Field(i); !empty(f) {
				tree[wireName(v.Type().Field(i).Name)] = written(f)
			}
		}
		return tree
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = written(v.Index(i))
		}
		return list
	}
	return v.Interface()
}

func empty(v reflect.Value) bool { return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 }

// wireReader reads a document value by value, led by the types of this package,
// so that nothing nests deeper than they do. The first fault ends it.
type wireReader struct {
	dec    *json.Decoder
	values int
	err    error
}

func (r *wireReader) fail(why string, args ...any) {
	if r.err == nil {
		r.err = fault.New(fault.Invalid, "HC-PACKET-23", "This document cannot be read at byte %d: %s.", r.dec.InputOffset(), fmt.Sprintf(why, args...))
	}
}

func (r *wireReader) token() json.Token {
	if r.err != nil {
		return nil
	}
	t, err := r.dec.Token()
	if err != nil {
		r.fail("it is no sound JSON")
	}
	if r.values++; r.values > 4*maxParts {
		r.fail("it has more than %d parts", maxParts)
	}
	return t
}

func (r *wireReader) document(d *Document) {
	r.object(reflect.ValueOf(d).Elem(), map[string]string{"format": DocumentFormat})
}

// object reads the fields of a struct. fixed are further keys with the value they must have.
func (r *wireReader) object(v reflect.Value, fixed map[string]string) {
	if r.token() != json.Delim('{') {
		r.fail("a %s is written as an object", v.Type().Name())
	}
	fields := map[string]int{}
	for i := range v.NumField() {
		fields[wireName(v.Type().Field(i).Name)] = i
	}
	for r.err == nil && r.dec.More() {
		key, _ := r.token().(string)
		if want, ok := fixed[key]; ok {
			if r.token() != want {
				r.fail("its %s is not %q", key, want)
			}
			continue
		}
		i, ok := fields[key]
		if !ok {
			r.fail("a %s has no %q, or not twice", v.Type().Name(), clipped(key))
			return
		}
		delete(fields, key)
		r.value(v.Field(i))
	}
	r.token() // the closing brace
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (r *wireReader) value(v reflect.Value) {
	if r.err != nil {
		return
	}
	if d, ok := v.Addr().Interface().(*day.Date); ok {
		s, _ := r.token().(string)
		if err := d.UnmarshalText([]byte(s)); err != nil {
			r.fail("a day is written YYYY-MM-DD")
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		r.text(v)
	case reflect.Bool:
		b, ok := r.token().(bool)
		if !ok {
			r.fail("here stands true, or nothing")
		}
		v.SetBool(b)
	case reflect.Int:
		n, err := r.number().Int64()
		if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
			r.fail("here stands a whole number")
		}
		v.SetInt(n)
	case reflect.Float64:
		f, err := r.number().Float64()
		if err != nil {
			r.fail("here stands a number")
		}
		v.SetFloat(f)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(v.Elem())
	case reflect.Struct:
		r.object(v, nil)
	case reflect.Slice:
		r.list(v)
	case reflect.Interface:
		r.kind(v)
	default:
		r.fail("a %s cannot be written", v.Type().Name())
	}
}

func (r *wireReader) number() json.Number {
	n, ok := r.token().(json.Number)
	if !ok {
		r.fail("here stands a number")
	}
	return n
}

func (r *wireReader) text(v reflect.Value) {
	s, ok := r.token().(string)
	if !ok || utf8.RuneCountInString(s) > maxText {
		r.fail("here stands a text of at most %d characters", maxText)
	}
	v.SetString(s)
}

func (r *wireReader) list(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		s, ok := r.token().(string)
		data, err := base64.StdEncoding.DecodeString(s)
		if !ok || err != nil {
			r.fail("here stand bytes in base64")
		}
		v.SetBytes(data)
		return
	}
	if r.token() != json.Delim('[') {
		r.fail("here stands a list")
	}
	for r.err == nil && r.dec.More() {
		item := reflect.New(v.Type().Elem()).Elem()
		r.value(item)
		v.Set(reflect.Append(v, item))
	}
	r.token() // the closing bracket
}

// kind reads a block or chart. Its kind may stand behind other keys, since
// canonical JSON is in the order of the alphabet, so the object is read twice.
func (r *wireReader) kind(v reflect.Value) {
	var raw json.RawMessage
	if err := r.dec.Decode(&raw); err != nil {
		r.fail("it is no sound JSON")
		return
	}
	var head struct {
		Kind string `json:"kind"`
	}
	if json.Unmarshal(raw, &head) != nil {
		r.fail("a block has a kind")
		return
	}
	for _, t := range kinds(v.Type()) {
		if wireName(t.Name()) != head.Kind {
			continue
		}
		inner := &wireReader{dec: json.NewDecoder(bytes.NewReader(raw)), values: r.values}
		inner.dec.UseNumber()
		item := reflect.New(t).Elem()
		inner.object(item, map[string]string{"kind": head.Kind})
		r.values = inner.values
		if inner.err != nil {
			r.err = inner.err
			return
		}
		v.Set(item)
		return
	}
	r.fail("there is no block or chart %q", clipped(head.Kind))
}
