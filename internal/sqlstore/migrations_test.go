package sqlstore_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"strings"
	"testing"

	"homecase/internal/sqlstore"
)

// Beside every folder of migrations stands the SHA-256 of each that people's
// databases may have run: by sha256sum. A change to one would leave those
// databases behind without a word, because they never run it again. Write a new
// step instead.
func TestMigrationsStayAsReleased(t *testing.T) {
	for released, folder := range map[string]func() (fs.FS, error){
		"testdata/migrations.sha256": sqlstore.Migrations,
		"testdata/office.sha256":     sqlstore.OfficeMigrations,
	} {
		stayAsReleased(t, released, folder)
	}
}

func stayAsReleased(t *testing.T, released string, folder func() (fs.FS, error)) {
	t.Helper()
	steps, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(steps, "*")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(released)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		hash, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		want[name] = hash
	}
	if len(names) != len(want) {
		t.Errorf("there are %d migrations and %d hashes in %s", len(names), len(want), released)
	}
	for _, name := range names {
		step, err := fs.ReadFile(steps, name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(step)
		if got := hex.EncodeToString(sum[:]); got != want[name] {
			t.Errorf("%s has the hash %s and was released with %q", name, got, want[name])
		}
	}
}
