package content_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
)

// A tree decodes to what its YAML decodes to, and a tree of another text is left alone.
func TestShippedTrees(t *testing.T) {
	text := []byte("version: 1\nitems:\n  - {name: \"a: b\", hours: 2.5, when: 2026-11-24}\n  - name: |\n      two\n      lines\nprices: {x: 0.1}\non: true\n")
	tree, err := content.Compile("x.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	var want, got file
	if err := content.Decode("x.yaml", text, &want); err != nil {
		t.Fatal(err)
	}
	read := func(yaml, tree []byte, into any) error {
		return content.DecodeShipped(fstest.MapFS{"data/x.yaml": {Data: yaml}, "data/x.tree": {Data: tree}}, "p", "data/x.yaml", into)
	}
	if err := read(text, tree, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(item{})); diff != "" {
		t.Error(diff)
	}
	changed := []byte("version: 7\n")
	var other file
	if err := read(changed, tree, &other); err != nil || other.Version != 7 {
		t.Errorf("an old tree was read: %+v, %v", other, err)
	}
	// A fault in shipped content has the line of the YAML, read from a tree or not.
	wrong := []byte("version: 1\nitems:\n  - {name: a, hours: -1}\n")
	tree, err = content.Compile("x.yaml", wrong)
	if err != nil {
		t.Fatal(err)
	}
	a, b := read(wrong, tree, new(file)), content.Decode("p/data/x.yaml", wrong, new(file))
	if a == nil || a.Error() != b.Error() {
		t.Errorf("%v, want %v", a, b)
	}
}

func FuzzTree(f *testing.F) {
	text := []byte("a: [1, b, {c: d}]\n")
	tree, err := content.Compile("x.yaml", text)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tree)
	f.Fuzz(func(t *testing.T, tree []byte) {
		var into struct {
			A []string `json:"a"`
		}
		_ = content.DecodeShipped(fstest.MapFS{"x.yaml": {Data: text}, "x.tree": {Data: tree}}, "p", "x.yaml", &into)
	})
}
