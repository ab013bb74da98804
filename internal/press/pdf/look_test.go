package pdf

import (
	"os"
	"path/filepath"
	"testing"
)

// TestKeepPages writes the sample pages into the folder named by
// HOMECASE_PAGES, for looking at them.
func TestKeepPages(t *testing.T) {
	dir := os.Getenv("HOMECASE_PAGES")
	if dir == "" {
		t.Skip("HOMECASE_PAGES names no folder")
	}
	for name, data := range map[string][]byte{
		"one-page": write(t, onePage(), Options{Created: created}), "one-page-letter": write(t, onePage(), Options{Paper: Letter, Created: created}),
		"one-page-large": write(t, onePage(), Options{LargePrint: true}), "full": write(t, full(t), Options{Created: created}), "full-large": write(t, full(t), Options{LargePrint: true}),
		"report": write(t, report(), Options{Created: created}), "letter": write(t, letter(), Options{Created: created}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
