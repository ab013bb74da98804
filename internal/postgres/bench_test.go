package postgres_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/share"
)

// clients is how many write or read at once, here and in pgbench.
const clients = 8

// benchServer is a server that waits for the disk, and an office on it.
func benchServer(b *testing.B) (*pgtest.Server, *postgres.Office) {
	b.Helper()
	s := pgtest.New(b, pgtest.Installed(b)[0])
	o, err := postgres.Open(b.Context(), s.Database(b), postgres.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { o.Close() })
	if err := o.AddOrg(b.Context(), acme()); err != nil {
		b.Fatal(err)
	}
	return s, o
}

// benchLine is the line of a case that follows n others.
func benchLine(caseID string, n int64) share.Append {
	raw := fmt.Appendf(nil, `{"edition":1,"id":"%s-%d","link":"l","statement":"I have read what I would be agreeing to."}`, caseID, n)
	l := share.Line{N: n + 1, Time: acme().Made, Actor: share.Reader, Act: share.Agreed, Body: share.Hash(raw)}
	a := share.Append{Case: caseID, Key: "key", Prev: n, Hash: fmt.Sprint("hash ", n+1), Entry: share.Entry{Line: l, Raw: raw}}
	if n > 0 {
		a.Entry.Line.Prev = fmt.Sprint("hash ", n)
	}
	return a
}

// spread does something b.N times by all clients, and returns how often a second.
func spread(b *testing.B, do func(client int, k int64) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var wait sync.WaitGroup
	b.ResetTimer()
	for c := range clients {
		wait.Go(func() {
			for k := int64(0); left.Add(-1) >= 0; k++ {
				if err := do(c, k); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "per_s")
}

// A decision: the link is looked up and a line is written, each of 8 at once in a
// case of its own. BenchmarkPgbench is the peer.
func BenchmarkDecision(b *testing.B) {
	_, o := benchServer(b)
	for c := range clients {
		a := benchLine(fmt.Sprint("case ", c), 0)
		a.Link = &share.Link{Linking: share.Linking{Link: "l", Token: fmt.Sprint("token ", c)}}
		if err := o.Append(b.Context(), "acme", a); err != nil {
			b.Fatal(err)
		}
	}
	spread(b, func(c int, k int64) error {
		l, err := o.LinkByToken(b.Context(), "acme", fmt.Sprint("token ", c), acme().Made)
		if err != nil {
			return err
		}
		return o.Append(b.Context(), "acme", benchLine(l.Case, l.N))
	})
}

// A line alone, and one with a message beside it.
func BenchmarkAppend(b *testing.B) {
	for _, mail := range []bool{false, true} {
		b.Run(fmt.Sprintf("mail=%t", mail), func(b *testing.B) {
			_, o := benchServer(b)
			for c := range clients {
				if err := o.Append(b.Context(), "acme", benchLine(fmt.Sprint("case ", c), 0)); err != nil {
					b.Fatal(err)
				}
			}
			spread(b, func(c int, k int64) error {
				a := benchLine(fmt.Sprint("case ", c), k+1)
				if mail {
					a.Mail = []share.Message{{ID: fmt.Sprint(c, k), Case: a.Case, To: "x", Raw: make([]byte, 2000), Made: acme().Made, Next: acme().Made}}
				}
				return o.Append(b.Context(), "acme", a)
			})
		})
	}
}

// Where a token leads, among a thousand cases of 10 lines.
func BenchmarkLinkByToken(b *testing.B) {
	_, o := benchServer(b)
	const cases = 1000
	for c := range cases {
		for n := range int64(10) {
			a := benchLine(fmt.Sprint("case ", c), n)
			if n == 9 {
				a.Link = &share.Link{Linking: share.Linking{Link: "l", Token: fmt.Sprint("token ", c)}}
			}
			if err := o.Append(b.Context(), "acme", a); err != nil {
				b.Fatal(err)
			}
		}
	}
	spread(b, func(c int, k int64) error {
		_, err := o.LinkByToken(b.Context(), "acme", fmt.Sprint("token ", (int64(c)*131+k)%cases), acme().Made)
		return err
	})
}

// PostgreSQL's own program: a simple update by as many clients on such a server.
func BenchmarkPgbench(b *testing.B) {
	s, _ := benchServer(b)
	pgbench := filepath.Join(pgtest.Installed(b)[0].Bin, "pgbench")
	address := s.Address("postgres")
	if said, err := exec.Command(pgbench, "-q", "-i", "-s", "10", address).CombinedOutput(); err != nil {
		b.Fatalf("pgbench: %v\n%s", err, said)
	}
	for _, kind := range []string{"simple-update", "select-only"} {
		b.Run(kind, func(b *testing.B) {
			each := strconv.Itoa(max(1, b.N/clients))
			said, err := exec.Command(pgbench, "-n", "-b", kind, "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2", "-t", each, address).CombinedOutput()
			if err != nil {
				b.Fatalf("pgbench: %v\n%s", err, said)
			}
			tps := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(said)
			if tps == nil {
				b.Fatalf("pgbench says\n%s", said)
			}
			n, err := strconv.ParseFloat(string(tps[1]), 64)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(n, "per_s")
		})
	}
}
