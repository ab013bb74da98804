package text

import (
	"reflect"

	"homecase/packet"
)

// Document returns the document with every string as Line leaves it: itself
// where nothing is to be done, else a copy. Attachments and photos are bytes
// and stay as they are. A document that went through it once prints the same
// in every format, and its marks are the printed ones to the character.
func Document(d packet.Document) packet.Document {
	v := reflect.ValueOf(d)
	if fit(v) {
		return d
	}
	return cleaned(v).Interface().(packet.Document)
}

// fit tells whether Line would change no string.
func fit(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return Line(v.String()) == v.String()
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); holdsStrings(f.Kind()) && !fit(f) {
				return false
			}
		}
	case reflect.Slice:
		for i := 0; holdsStrings(v.Type().Elem().Kind()) && i < v.Len(); i++ {
			if !fit(v.Index(i)) {
				return false
			}
		}
	case reflect.Pointer, reflect.Interface:
		return v.IsNil() || fit(v.Elem())
	}
	return true
}

// cleaned copies what holds strings and shares the rest.
func cleaned(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		s := v.String()
		if plain(s) {
			return v
		}
		out := reflect.New(v.Type()).Elem()
		out.SetString(Line(s))
		return out
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if f := v.Field(i); holdsStrings(f.Kind()) {
				out.Field(i).Set(cleaned(f))
			}
		}
		return out
	case reflect.Slice:
		if v.IsNil() || !holdsStrings(v.Type().Elem().Kind()) {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(cleaned(v.Index(i)))
		}
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(cleaned(v.Elem()))
		return out
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		return cleaned(v.Elem())
	}
	return v
}

func holdsStrings(k reflect.Kind) bool {
	switch k {
	case reflect.String, reflect.Struct, reflect.Slice, reflect.Pointer, reflect.Interface:
		return true
	}
	return false
}
