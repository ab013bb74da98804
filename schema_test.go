package homecase_test

import (
	"bytes"
	"encoding"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/estimate"
)

var update = flag.Bool("update", false, "write golden files anew")

// The published schema is what the types and their comments say.
func TestSchemaIsCurrent(t *testing.T) {
	g := &generator{docs: map[string]map[string]string{}, defs: map[string]*jsonschema.Schema{}}
	root := g.schema(reflect.TypeFor[homecase.Case]())
	root.Schema = "https://json-schema.org/draft/2020-12/schema"
	root.ID = "https://homecase.example/case.schema.json"
	root.Title = "homecase case file, format version 1"
	want, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("docs/case.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && !bytes.Equal(homecase.Schema(), want) {
		t.Error("docs/case.schema.json is not current: run go test -run TestSchemaIsCurrent -update .")
	}
	for _, missing := range g.undocumented {
		t.Errorf("%s has no comment: editors show it to the person who types", missing)
	}
}

// The examples hold against the schema, and a wrong file does not.
func TestSchemaAcceptsExamples(t *testing.T) {
	var s jsonschema.Schema
	if err := json.Unmarshal(homecase.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("examples/*.yaml")
	if len(files) < 5 {
		t.Fatalf("found %d examples", len(files))
	}
	for _, f := range files {
		c, err := homecase.Load(f)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(v); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		v["colour"] = "red"
		if resolved.Validate(v) == nil {
			t.Errorf("%s: an unknown key passes", f)
		}
	}
}

// chooser is implemented by types with a fixed list of words.
type chooser interface{ Words() []string }

type generator struct {
	docs         map[string]map[string]string // package path + type → field → comment
	defs         map[string]*jsonschema.Schema
	undocumented []string
}

func (g *generator) schema(t reflect.Type) *jsonschema.Schema {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := reflect.New(t).Interface()
	switch {
	case t == reflect.TypeFor[day.Date]():
		return &jsonschema.Schema{Type: "string", Pattern: `^(\d{4}-\d{2}-\d{2})?$`}
	case t == reflect.TypeFor[estimate.Number]():
		return &jsonschema.Schema{Type: "number"}
	case t == reflect.TypeFor[estimate.Unit](), t == reflect.TypeFor[estimate.Formula]():
		return &jsonschema.Schema{Type: "string"}
	}
	if c, ok := p.(chooser); ok {
		s := &jsonschema.Schema{Type: "string"}
		for _, w := range c.Words() {
			s.Enum = append(s.Enum, w)
		}
		return s
	}
	if _, ok := p.(content.Unmarshaler); ok {
		if t.Kind() == reflect.Struct {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Types: []string{"string", "number", "boolean"}}, g.object(t)}}
		}
		return &jsonschema.Schema{}
	}
	if _, ok := p.(encoding.TextUnmarshaler); ok {
		return &jsonschema.Schema{Type: "string"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return g.object(t)
	case reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: g.schema(t.Elem())}
	case reflect.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: g.schema(t.Elem())}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	case reflect.Float64:
		return &jsonschema.Schema{Type: "number"}
	}
	return &jsonschema.Schema{Type: "integer"}
}

func (g *generator) object(t reflect.Type) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
	for _, f := range content.Fields(t) {
		field := g.schema(f.Type)
		owner, name := t, t.FieldByIndex(f.Index)
		for _, i := range f.Index[:len(f.Index)-1] {
			owner = owner.Field(i).Type
		}
		field.Description = g.comment(owner, name.Name)
		if rest, ok := strings.CutPrefix(field.Description, name.Name); ok {
			field.Description = f.Name + rest // the key a person types, not the program's name for it
		}
		if field.Description == "" {
			g.undocumented = append(g.undocumented, owner.String()+"."+name.Name)
		}
		s.Properties[f.Name] = field
		s.PropertyOrder = append(s.PropertyOrder, f.Name)
		if !f.OmitEmpty {
			s.Required = append(s.Required, f.Name)
		}
	}
	return s
}

// comment returns the comment at a field, read from the package's sources.
func (g *generator) comment(t reflect.Type, field string) string {
	pkg := t.PkgPath()
	if g.docs[pkg] == nil {
		g.docs[pkg] = map[string]string{}
		dir := strings.TrimPrefix(strings.TrimPrefix(pkg, "homecase"), "/")
		if dir == "" {
			dir = "."
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err == nil {
				collect(f, g.docs[pkg])
			}
		}
	}
	return g.docs[pkg][t.Name()+"."+field]
}

func collect(f *ast.File, into map[string]string) {
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if st, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range st.Fields.List {
				for _, name := range field.Names {
					text := field.Doc.Text()
					if text == "" {
						text = field.Comment.Text()
					}
					into[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(text), " ")
				}
			}
		}
		return true
	})
}
