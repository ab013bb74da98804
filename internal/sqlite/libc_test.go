package sqlite_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// modernc.org/sqlite is translated from C against one version of
// modernc.org/libc and breaks with others in ways no compiler sees; another
// module may raise it.
func TestLibcIsTheOneSqliteNames(t *testing.T) {
	var sqlite, libc struct{ Dir, Version string }
	for path, into := range map[string]any{"modernc.org/sqlite": &sqlite, "modernc.org/libc": &libc} {
		out, err := exec.Command("go", "list", "-m", "-json", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, into); err != nil {
			t.Fatal(err)
		}
	}
	mod, err := os.ReadFile(filepath.Join(sqlite.Dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?m)^\s*(?:require )?modernc\.org/libc (v\S+)`).FindSubmatch(mod)
	if named == nil || string(named[1]) != libc.Version {
		t.Errorf("this build has libc %s; sqlite %s names %q", libc.Version, sqlite.Version, named)
	}
}
