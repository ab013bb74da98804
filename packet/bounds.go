package packet

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase/fault"
)

// Bounds of a document that passes from one computer to another. The largest
// full packet of the examples has about 6,000 parts.
const (
	maxParts  = 100_000 // objects, lists, texts and numbers together
	maxText   = 20_000  // characters of one text
	maxList   = 5_000   // items of a list
	maxDrawn  = 1_000   // items of a list in a chart
	maxName   = 64      // characters of an id
	maxPhotos = 12
	maxPixels = 10_000 // along one side of a photo
	maxAmount = 1e15   // of a number in a chart
)

// bounds refuses a document that no writer should have to print.
func (d Document) bounds() error {
	b := &bounder{anchors: map[string]bool{}}
	if !slices.Contains([]Kind{OnePage, Full, Page, Letter, Report, Agreement, Slides}, d.Kind) {
		b.bad("there is no document of the kind %q", clipped(string(d.Kind)))
	}
	b.anchor("file", d.WorkingName)
	b.value(reflect.ValueOf(d), maxList)
	if photos := b.photos; photos > maxPhotos {
		b.bad("it has %d photos, and %d are the most", photos, maxPhotos)
	}
	return b.err
}

type bounder struct {
	parts, photos int
	anchors       map[string]bool // ids of questions, sections and photos
	err           error
}

func (b *bounder) bad(why string, args ...any) {
	if b.err == nil {
		b.err = fault.New(fault.Invalid, "HC-PACKET-24", "This document is out of bounds: %s.", fmt.Sprintf(why, args...))
	}
}

func (b *bounder) value(v reflect.Value, most int) {
	if b.parts++; b.parts > maxParts {
		b.bad("it has more than %d parts", maxParts)
	}
	if b.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxText {
			b.bad("a text is valid UTF-8 of at most %d characters", maxText)
		}
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.Abs(f) > maxAmount {
			b.bad("a number in a chart lies beyond %g", maxAmount)
		}
	case reflect.Interface:
		b.variant(v, most)
	case reflect.Pointer:
		if !v.IsNil() {
			b.value(v.Elem(), most)
		}
	case reflect.Struct:
		b.known(v.Interface())
		for i := range v.NumField() {
			b.value(v.Field(i), most)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		if v.Len() > most {
			b.bad("a list has %d items, and %d are the most here", v.Len(), most)
			return
		}
		for i := range v.Len() {
			b.value(v.Index(i), most)
		}
	}
}

// variant looks at a block or a chart.
func (b *bounder) variant(v reflect.Value, most int) {
	if !slices.Contains(kinds(v.Type()), kindOf(v)) {
		b.bad("a %s is missing", strings.ToLower(v.Type().Name()))
		return
	}
	if _, ok := v.Interface().(Chart); ok {
		most = maxDrawn
	}
	b.value(v.Elem(), most)
}

// kindOf is the type of what an interface holds; nil where it holds nothing.
func kindOf(v reflect.Value) reflect.Type {
	if v.IsNil() {
		return nil
	}
	return v.Elem().Type()
}

// known looks at the types whose fields have bounds of their own.
func (b *bounder) known(v any) {
	switch v := v.(type) {
	case Section:
		b.anchor("section", v.ID)
		b.within("level", v.Level, 0, 6)
	case Heading:
		b.within("level", v.Level, 0, 6)
	case Question:
		b.anchor("question", v.ID)
	case Verdicts:
		b.within("verdict", v.Current, -1, len(v.Names)-1)
	case Timeline:
		b.within("count of weeks", v.Weeks, 0, 1_000)
	case Photo:
		b.photos++
		b.anchor("photo", v.ID)
		b.within("width", v.Width, 1, maxPixels)
		b.within("height", v.Height, 1, maxPixels)
		if c, err := jpeg.DecodeConfig(bytes.NewReader(v.JPEG)); err != nil || c.Width > maxPixels || c.Height > maxPixels {
			b.bad("a photo is a JPEG of at most %d pixels a side", maxPixels)
		}
	}
}

func (b *bounder) within(what string, n, low, high int) {
	if n < low || n > high {
		b.bad("a %s of %d lies beyond %d to %d", what, n, low, high)
	}
}

// anchor looks at an id that a page's addresses use. Empty ids are Validate's matter.
func (b *bounder) anchor(of, id string) {
	switch key := of + " " + id; {
	case id == "":
	case len(id) > maxName || strings.ContainsFunc(id, func(r rune) bool {
		return r > unicode.MaxASCII || r != '-' && r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}):
		b.bad("%q is no id of a %s: letters, digits, dots and hyphens, at most %d", clipped(id), of, maxName)
	case b.anchors[key]:
		b.bad("two %ss share the id %q", of, id)
	default:
		b.anchors[key] = true
	}
}
