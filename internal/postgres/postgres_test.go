package postgres_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/internal/sqlstore"
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

// Every table is cut into three by organisation, by PostgreSQL's own means. It
// refuses what a spread database refuses too: a key, or a key to another table,
// without the organisation. The suite then finds statements that need one part.
func TestOfficeWhoseTablesAreSpreadByOrganisation(t *testing.T) {
	steps, err := sqlstore.OfficeMigrations()
	if err != nil {
		t.Fatal(err)
	}
	spread := fstest.MapFS{}
	names, err := fs.Glob(steps, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, name := range names {
		step, err := fs.ReadFile(steps, name)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \(\n(.*?)\n\);`).ReplaceAllStringFunc(string(step), func(create string) string {
			tables++
			table := strings.Fields(create)[2]
			parts := strings.TrimSuffix(create, ";") + " PARTITION BY HASH (org_id);\n"
			for n := range 3 {
				parts += fmt.Sprintf("CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH (MODULUS 3, REMAINDER %d);\n", table, n, table, n)
			}
			return parts
		})
		spread[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if tables < 14 {
		t.Fatalf("only %d tables were cut", tables)
	}
	storetest.RunOffice(t, func(t *testing.T) share.Store {
		o, err := postgres.Open(t.Context(), pgtest.Start(t), postgres.Options{Migrations: spread})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { o.Close() })
		return o
	})
}

// acme is an organisation.
func acme() share.Org {
	return share.Org{ID: "acme", Name: "Acme", Key: make([]byte, 32), Made: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
}
