package postgres_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"homecase/internal/postgres/pgtest"
)

// PostgreSQL is killed while acts are written, with every process it has, at
// moments that a seed draws. What was acknowledged is there once, nothing twice.
func TestAKilledServerLosesNothing(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0])
	dsn := s.Database(t)
	o := open(t, dsn)
	w := begin(t, o)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range many(20, 200) {
		w.grow(3)
		time.Sleep(time.Duration(random.IntN(40_000)) * time.Microsecond)
		s.Kill(t)
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
		s.Restart(t)
	}
	w.grow(10)
	w.end(o)
}

// A server that stops in good order sends everybody away; they come back.
func TestAServerThatStopsAndStartsLosesNothing(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	o := open(t, s.Database(t))
	w := begin(t, o)
	for range many(3, 30) {
		w.grow(5)
		s.Stop(t)
		s.Restart(t)
		w.grow(5)
		s.Exec(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'test_1'")
	}
	w.end(o)
}
