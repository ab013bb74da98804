package postgres_test

import (
	"fmt"
	"testing"

	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/share"
	"homecase/storetest"
)

// open opens an office and closes it at the end of the test.
func open(t *testing.T, dsn string) *postgres.Office {
	t.Helper()
	o, err := postgres.Open(t.Context(), dsn, postgres.Options{})
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

// The same suite runs on every version that is installed.
func TestOffice(t *testing.T) {
	for _, install := range pgtest.Installed(t) {
		t.Run(fmt.Sprint("PostgreSQL ", install.Major), func(t *testing.T) {
			storetest.RunOffice(t, func(t *testing.T) share.Store { return open(t, pgtest.StartOn(t, install)) })
		})
	}
}
