package homecase_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

// rank orders the folders; a package may import only lower ranks of our own,
// and its own subfolders.
var rank = map[string]int{
	"fault": 0, "day": 0, "special": 0,
	"content": 1, "money": 1, "cite": 1, "locale": 1,
	"estimate":  2,
	"readiness": 3, "share": 3, "evidence": 3, "savings": 3, "concern": 3,
	"plan": 3, "trial": 3, "policy": 3, "pitch": 3, "packet": 3,
	".": 4, "internal/intake": 4, "internal/press": 4, "internal/holiday": 4,
	"programme": 5, "internal/sqlstore": 5, "internal/post": 5,
	"ops": 6, "storetest": 6, "internal/sqlite": 6, "internal/postgres": 6,
	"internal/cli": 7, "internal/web": 7, "internal/office": 7, "internal/mcp": 7,
	"internal/courier": 7,
	"cmd":              8,
}

// outside lists the modules that packages outside internal/ and cmd/ may use, and why.
var outside = map[string]map[string]string{
	"": {
		"gonum.org/v1/gonum":          "distributions and matrices of nouns that compute",
		"github.com/govalues/decimal": "exact money",
	},
	"content": {"go.yaml.in/yaml/v4": "the one place that reads YAML"},
	".":       {"github.com/google/jsonschema-go": "the case file's schema"},
	"ops":     {"golang.org/x/sync": "one reading of a case for all who ask at once"},
}

func TestArrowsPointDown(t *testing.T) {
	eachImport(t, func(file, from, imp string) {
		rest, ours := strings.CutPrefix(imp+"/", "homecase/")
		if !ours {
			return
		}
		to := tier(t, path.Clean(rest))
		engine := to == "internal/sqlite" || to == "internal/postgres"
		if to != from && rank[to] >= rank[from] || engine && from != "cmd" && from != to {
			t.Errorf("%s must not import %s: arrows point down (docs/style.md)", file, imp)
		}
	})
}

func TestFewModulesOutsideInternal(t *testing.T) {
	eachImport(t, func(file, from, imp string) {
		if strings.HasPrefix(from, "internal/") || from == "cmd" || from == "storetest" || !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
			return
		}
		for _, allowed := range []map[string]string{outside[""], outside[from]} {
			for mod := range allowed {
				if strings.HasPrefix(imp, mod) {
					return
				}
			}
		}
		t.Errorf("%s must not import %s: outside internal/ only what outside[] in arch_test.go lists", file, imp)
	})
}

// Packages whose names end in test serve tests; the program is built without them.
func TestPackagesForTestsStayOutOfTheProgram(t *testing.T) {
	eachImport(t, func(file, _, imp string) {
		if strings.HasSuffix(imp, "test") && !strings.HasSuffix(path.Dir(file), "test") || strings.HasPrefix(imp, "github.com/chromedp/") && path.Dir(file) != "internal/web/webtest" {
			t.Errorf("%s must not import %s: it is for tests", file, imp)
		}
	})
}

// eachImport visits every import of the files that are built into the program.
func eachImport(t *testing.T, visit func(file, from, imp string)) {
	t.Helper()
	files := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "tools" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			visit(file, tier(t, path.Dir(file)), imp)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("walked %d files: %v", files, err)
	}
}

// tier returns the nearest enclosing folder of dir that has a rank.
func tier(t *testing.T, dir string) string {
	t.Helper()
	for d := dir; ; d = path.Dir(d) {
		if _, ok := rank[d]; ok && (d != "." || dir == ".") {
			return d
		}
		if d == "." {
			t.Fatalf("%s has no rank: give it one in arch_test.go", dir)
		}
	}
}
