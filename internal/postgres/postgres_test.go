package postgres_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

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

// The same suite runs on every version that is installed: Debian's and the newest.
func TestOffice(t *testing.T) {
	all := pgtest.Installed(t)
	if runtime.GOARCH == "amd64" && !slices.ContainsFunc(all, func(i pgtest.Install) bool { return i.Major == newest }) {
		t.Run("the newest", func(t *testing.T) { pgtest.Version(t, newest) })
	}
	for _, install := range all {
		t.Run(fmt.Sprint("PostgreSQL ", install.Major), func(t *testing.T) {
			storetest.RunOffice(t, func(t *testing.T) share.Store { return open(t, pgtest.StartOn(t, install)) })
		})
	}
}

// newest is the newest version the tests know of.
const newest = 18

// Where every transaction is serializable, as CockroachDB has it, many more of
// them must be tried again.
func TestOfficeWhereTransactionsAreSerializable(t *testing.T) {
	storetest.RunOffice(t, func(t *testing.T) share.Store {
		return open(t, with(t, pgtest.Start(t), "default_transaction_isolation", "serializable"))
	})
}

// acme is an organisation.
func acme() share.Org {
	return share.Org{ID: "acme", Name: "Acme", Key: make([]byte, 32), Made: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
}
