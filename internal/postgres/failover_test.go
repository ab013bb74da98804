package postgres_test

import (
	"database/sql"
	"os"
	"testing"
	"time"

	"homecase/internal/postgres/pgtest"
)

// The primary dies and a replica takes its place, again and again. With
// synchronous replication no act that was acknowledged is lost, and nothing is
// there twice.
func TestAReplicaTakesOverAndLosesNothing(t *testing.T) {
	if os.Getenv("HOMECASE_TESTS_LONG") == "" {
		t.Skip("a replica takes over in the long run alone: HOMECASE_TESTS_LONG")
	}
	for range 10 {
		takeOver(t)
	}
}

func takeOver(t *testing.T) {
	t.Helper()
	primary := pgtest.New(t, debian(t))
	replica := primary.Standby(t, "replica", "hot_standby=on")
	primary.Exec(t, "ALTER SYSTEM SET synchronous_standby_names = 'replica'")
	primary.Exec(t, "SELECT pg_reload_conf()")
	dsn := with(t, primary.Address("postgres"), "host", primary.Socket()+","+replica.Socket())
	o := open(t, dsn)
	waitForReplica(t, primary)
	w := begin(t, o)
	w.grow(20)
	primary.Kill(t)
	before := w.count()
	time.Sleep(50 * time.Millisecond) // some knock in vain
	replica.Promote(t)
	w.grow(20)
	w.end(o)
	t.Logf("%d acts were acknowledged when the primary died", before)
}

// waitForReplica waits until commits wait for the replica.
func waitForReplica(t *testing.T, primary *pgtest.Server) {
	t.Helper()
	db, err := sql.Open("pgx", primary.Address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 500 {
		var n int
		if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the replica does not become synchronous")
}
