package sqlite_test

import (
	"testing"

	"homecase/internal/sqlite"
	"homecase/share"
	"homecase/storetest"
)

// openOffice opens an office and closes it at the end of the test.
func openOffice(t *testing.T, dir string) *sqlite.Office {
	t.Helper()
	o, err := sqlite.OpenOffice(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestOffice(t *testing.T) {
	storetest.RunOffice(t, func(t *testing.T) share.Store { return openOffice(t, t.TempDir()) })
}
