package homecase_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// sources visits every Go file of the project.
func sources(t *testing.T, visit func(file string)) {
	t.Helper()
	n := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if strings.HasSuffix(file, ".go") {
			n++
			visit(file)
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("visited %d files: %v", n, err)
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	sources(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		dir := path.Dir(file)
		documented[dir] = documented[dir] || f.Doc != nil && len(f.Doc.Text()) > 80
	})
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment that says what it is for and what it refuses", dir)
		}
	}
}

// Files stay under 600 lines and functions under 80.
func TestFilesStayShort(t *testing.T) {
	sources(t, func(file string) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if lines := fset.Position(f.End()).Line; lines > 600 {
			t.Errorf("%s has %d lines", file, lines)
		}
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > 80 {
					t.Errorf("%s: %s has %d lines", file, fn.Name.Name, n)
				}
			}
		}
	})
}

// Nouns own no clock, no global randomness and no init.
func TestNounsOwnNoClock(t *testing.T) {
	sources(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "cmd/") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s has an init", file)
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && n.Sel.Name == "Now" {
					t.Errorf("%s asks the clock", file)
				}
			}
			return true
		})
	})
}

// The first screen of the README has exactly two commands: the main job and the tests.
func TestReadmeStartsWithTwoCommands(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Join(strings.SplitN(string(text), "\n", 41)[:40], "\n")
	blocks := regexp.MustCompile("(?s)```[a-z]*\n(.*?)```").FindAllStringSubmatch(first, -1)
	var commands []string
	for _, b := range blocks {
		for _, line := range strings.Split(strings.TrimSpace(b[1]), "\n") {
			if strings.TrimSpace(line) != "" {
				commands = append(commands, strings.TrimSpace(line))
			}
		}
	}
	want := []string{"go run ./cmd/homecase packet build examples/accounts-one-day.yaml --out packet", "make test"}
	if strings.Join(commands, "\n") != strings.Join(want, "\n") {
		t.Errorf("the first 40 lines show\n%s\nwant\n%s", strings.Join(commands, "\n"), strings.Join(want, "\n"))
	}
}

// docs/method.md keeps the 44 steps of the method, each with a command or
// screen and a test that exists.
func TestMethodRowsPointAtTests(t *testing.T) {
	text, err := os.ReadFile("docs/method.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	sources(t, func(file string) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				tests[path.Dir(file)+"."+fn.Name.Name] = true
			}
		}
	})
	rows := regexp.MustCompile(`(?m)^\| (M\d\d) \|.*$`).FindAllStringSubmatch(string(text), -1)
	if len(rows) != 44 {
		t.Errorf("there are %d rows, want 44", len(rows))
	}
	ref := regexp.MustCompile("`([a-z/_]*)\\.((?:Test|Fuzz|Example)\\w+)`")
	for _, row := range rows {
		refs := ref.FindAllStringSubmatch(row[0], -1)
		if len(refs) == 0 && !strings.Contains(row[0], "not built yet") {
			t.Errorf("%s names no test and does not say that it is not built yet", row[1])
		}
		for _, r := range refs {
			dir := r[1]
			if dir == "" || dir == "homecase" {
				dir = "."
			}
			if !tests[dir+"."+r[2]] {
				t.Errorf("%s names %s.%s, which is not there", row[1], r[1], r[2])
			}
		}
	}
}

// Each module we ask for has a line that says why, and no line outlives its module.
func TestDependenciesAreExplained(t *testing.T) {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllSubmatch(mod, -1) {
		direct[string(m[1])] = true
		if !strings.Contains(string(doc), "| "+string(m[1])+" |") {
			t.Errorf("docs/dependencies.md does not say why %s is here", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^\| ((?:[a-z]+\.)+[a-z]+/\S+|pgregory\S+) \|`).FindAllSubmatch(doc, -1) {
		if !direct[string(m[1])] {
			t.Errorf("docs/dependencies.md explains %s, which is not used", m[1])
		}
	}
}
