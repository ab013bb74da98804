package homecase_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homecase/content"
)

// shippedTrees are the folders whose YAML is also kept as trees, because every
// packet needs it.
var shippedTrees = []string{"concern/data", "evidence/data", "savings/data", "readiness/data", "packet/data", "trial/data"}

// Beside each YAML file of these folders stands its tree, made of it.
func TestTreesAreCurrent(t *testing.T) {
	for _, dir := range shippedTrees {
		names, _ := filepath.Glob(dir + "/*.yaml")
		if len(names) == 0 {
			t.Errorf("%s holds no YAML", dir)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := content.Compile(name, text)
			if err != nil {
				t.Fatal(err)
			}
			tree := strings.TrimSuffix(name, ".yaml") + ".tree"
			if *update {
				if err := os.WriteFile(tree, want, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if got, err := os.ReadFile(tree); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not current: run go test -run TestTreesAreCurrent -update .", tree)
			}
		}
	}
}
