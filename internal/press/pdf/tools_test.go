package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needTool skips a test when a program is missing, with the reason, but never
// where the build says it has to be there.
func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
}

// runTool runs a program on a file; "{in}" stands for it and "{out}" for the file
// it writes, whose bytes come back, or its output when it writes none.
func runTool(t *testing.T, data []byte, name string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	wrote := false
	for i, a := range args {
		switch a {
		case "{in}":
			args[i] = in
		case "{out}":
			args[i], wrote = out, true
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, stdout.String(), stderr.String())
	}
	if s := stderr.String(); strings.Contains(strings.ToLower(s), "warn") || strings.Contains(s, "Error") {
		t.Errorf("%s says: %s", name, s)
	}
	if !wrote {
		return stdout.Bytes()
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
