package presstest

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A test package that uses Golden has this flag; it must not define one of the same name.
var update = flag.Bool("update", false, "write the goldens anew")

// Tool finds a program that reads our files and is not ours. A machine
// without it skips the test and says so; a build server has to have it.
func Tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatalf("%s is not installed, and the build server has to try our files with it", name)
	}
	t.Skipf("%s is not installed, so this file was not opened by a program that is not ours", name)
	return ""
}

// Updating says whether the goldens are written anew.
func Updating() bool { return *update }

// Golden compares got with testdata/name; the flag -update writes it anew.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; run with -update if that is meant: %s", file, diff)
	}
}
