package content

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Field is one key of a struct.
type Field struct {
	Name      string
	Index     []int
	Type      reflect.Type
	OmitEmpty bool
}

// FieldList holds the keys of a struct in declaration order.
type FieldList []Field

// Find returns the field of that key.
func (l FieldList) Find(name string) (Field, bool) {
	if i := l.index(name); i >= 0 {
		return l[i], true
	}
	return Field{}, false
}

// index returns the place of the field of that key, or -1.
func (l FieldList) index(name string) int {
	return slices.IndexFunc(l, func(f Field) bool { return f.Name == name })
}

var fieldCache sync.Map // reflect.Type → FieldList

// Fields returns the keys of a struct type by its json tags; embedded structs
// without a tag lend their keys.
func Fields(t reflect.Type) FieldList {
	if l, ok := fieldCache.Load(t); ok {
		return l.(FieldList)
	}
	var list FieldList
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "":
			for _, inner := range Fields(f.Type) {
				inner.Index = append([]int{i}, inner.Index...)
				list = append(list, inner)
			}
		default:
			if name == "" {
				name = f.Name
			}
			list = append(list, Field{Name: name, Index: f.Index, Type: f.Type, OmitEmpty: strings.Contains(opts, "omit")})
		}
	}
	fieldCache.Store(t, list)
	return list
}

// suggestion offers the nearest key, or lists a few.
func suggestion(got string, fields FieldList) string {
	if _, err := strconv.Atoi(got); err == nil {
		return " Write a number with a point, like 4.5, and a text with a comma in quotes."
	}
	best, distance := "", 3
	for _, f := range fields {
		if d := editDistance(got, f.Name); d < distance {
			best, distance = f.Name, d
		}
	}
	if best != "" {
		return " Did you mean " + best + "?"
	}
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if len(names) > 12 {
		names = append(names[:12], "…")
	}
	return " The keys here are: " + strings.Join(names, ", ") + "."
}

// editDistance is Levenshtein's, capped by the first 40 bytes.
func editDistance(a, b string) int {
	a, b = a[:min(len(a), 40)], b[:min(len(b), 40)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
