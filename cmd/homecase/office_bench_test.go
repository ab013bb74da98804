package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"homecase"
	"homecase/day"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/ops"
	"homecase/packet"
	"homecase/share"
)

// The office under load, beside a handler that answers nothing and beside
// pgbench, in one run: make bench-office. HOMECASE_BENCH_CASES says how many
// cases the large database holds.
func BenchmarkOffice(b *testing.B) {
	if b.N > 1 {
		return // one round is a whole run
	}
	s := benchServer(b)
	real := s.seed(b, 64, 1, realDocument(b))
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer empty.Close()

	base := load(b, "empty handler", func(int, int) *http.Request { return get(empty.URL) })
	page := load(b, "reader page, 64 links", func(i, n int) *http.Request { return get(s.url + "/p/" + real[(i+n)%len(real)].token) })
	say("reader page / empty handler: %.2f (goal .5)", page.rate/base.rate)

	form := s.decisions(real)
	decide := load(b, "decision POST, agree and undo", form)
	say("decision POST / pgbench simple update: %.2f (goal .33)", decide.rate/s.pgbench(b))
	s.open(b, real[0].token, 1000)

	small := s.seed(b, 1000, 10, smallDocument())
	few := load(b, "reader page, 1,000 cases of 10 editions", func(i, n int) *http.Request { return get(s.url + "/p/" + small[(i*7919+n*104729)%len(small)].token) })
	cases, err := strconv.Atoi(os.Getenv("HOMECASE_BENCH_CASES"))
	if err != nil {
		cases = 20_000
	}
	large := append(small, s.seed(b, cases-len(small), 10, smallDocument())...)
	s.exec(b, "ANALYZE")
	many := load(b, fmt.Sprintf("reader page, %d cases of 10 editions", cases), func(i, n int) *http.Request {
		return get(s.url + "/p/" + large[(i*7919+n*104729)%len(large)].token)
	})
	say("p95 of %d cases / of 1,000: %.2f (goal at most 1.2)", cases, many.at(.95).Seconds()/few.at(.95).Seconds())
}

// benched is an office in a process of its own, over a PostgreSQL of its own.
type benched struct {
	url, dsn string
	pg       *pgtest.Server
	install  pgtest.Install
	process  *exec.Cmd
	office   *ops.Office
	org      *share.Org
	seeded   int
}

func benchServer(b *testing.B) *benched {
	b.Helper()
	s := &benched{install: pgtest.Installed(b)[0]}
	s.pg = pgtest.New(b, s.install, "shared_buffers=512MB", "max_wal_size=4GB")
	s.dsn = s.pg.Database(b)
	dir := b.TempDir()
	binary := filepath.Join(dir, "homecase")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	store, err := postgres.Open(b.Context(), s.dsn, postgres.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	s.office = &ops.Office{Desk: &ops.Desk{Now: time.Now, Random: rand.Reader, Version: "bench"}, Store: store}
	if s.org, err = s.office.AddOrg(b.Context(), "Bench Ltd"); err != nil {
		b.Fatal(err)
	}
	l := httptest.NewUnstartedServer(nil).Listener
	address := l.Addr().String()
	_ = l.Close() // the port is free again
	s.url = "http://" + address
	config := filepath.Join(dir, "office.yaml")
	text := fmt.Sprintf("version: 1\naddress: %s\nlisten: %s\ndatabase: %q\nproxies: [127.0.0.1/32]\nlog: error\n", s.url, address, s.dsn)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	s.process = exec.Command(binary, "serve", "--config", config)
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.process.Process.Kill(); _ = s.process.Wait() })
	if _, err := io.ReadAtLeast(out, make([]byte, 64), 8); err != nil {
		b.Fatal(err)
	}
	return s
}

// readable is a case with a link.
type readable struct{ caseID, token string }

// seed writes cases whose records hold together, past the office's own door.
func (s *benched) seed(b *testing.B, cases, editions int, document []byte) []readable {
	b.Helper()
	began := time.Now()
	w := &seeder{s: s, person: ed25519.NewKeyFromSeed(make([]byte, 32)), signer: ed25519.NewKeyFromSeed(s.org.Key), document: document}
	conn, err := pgx.Connect(b.Context(), s.dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	var out []readable
	for len(out) < cases {
		w.cases, w.lines, w.links, w.files = nil, nil, nil, nil
		for range min(500, cases-len(out)) {
			s.seeded++
			r, err := w.one(fmt.Sprintf("bench-%d", s.seeded), editions)
			if err != nil {
				b.Fatal(err)
			}
			out = append(out, r)
		}
		for _, t := range []struct {
			table, columns string
			rows           [][]any
		}{
			{"cases", "org_id id person_key", w.cases},
			{"lines", "org_id case_id n prev hash made actor act body_hash body signature countersignature", w.lines},
			{"links", "org_id token_hash case_id link_id", w.links},
			{"files", "org_id case_id hash media content made named", w.files},
		} {
			if _, err := conn.CopyFrom(b.Context(), pgx.Identifier{t.table}, strings.Fields(t.columns), pgx.CopyFromRows(t.rows)); err != nil {
				b.Fatal(err)
			}
		}
	}
	say("seeded %d cases of %d editions in %.0f s", cases, editions, time.Since(began).Seconds())
	return out
}

type seeder struct {
	s                          *benched
	person, signer             ed25519.PrivateKey
	document                   []byte
	cases, lines, links, files [][]any
}

func (w *seeder) one(id string, editions int) (readable, error) {
	x, org := share.NewExchange(id), w.s.org.ID
	public := base64.StdEncoding.EncodeToString(w.person.Public().(ed25519.PublicKey))
	token, err := share.NewToken(rand.Reader, org)
	if err != nil {
		return readable{}, err
	}
	bodies := []share.Body{share.Opening{Key: share.Key{ID: "open"}, Person: "Ines Duarte", PublicKey: public}}
	for n := range editions {
		bodies = append(bodies, share.Publication{
			Key: share.Key{ID: fmt.Sprintf("edition-%d", n+1)}, Edition: n + 1, Title: "An eight-week trial", Lang: "en-GB", Document: share.Hash(w.document),
			Terms: share.Terms{HalfDays: 2, Start: day.Must("2027-01-12"), Until: day.Must("2027-03-05"), Weeks: 8, Promises: slices.Repeat([]string{strings.Repeat("I keep what I promise, and say when I cannot. ", 10)}, 4)},
		})
	}
	bodies = append(bodies, share.Linking{Key: share.Key{ID: "link"}, Link: "dana", Token: share.HashToken(token), Reader: "Dana Whitfield", Questions: true})
	w.cases = append(w.cases, []any{org, id, public})
	w.links = append(w.links, []any{org, share.HashToken(token), id, "dana"})
	now := time.Now().UTC().Truncate(time.Microsecond)
	w.files = append(w.files, []any{org, id, share.Hash(w.document), "application/json", w.document, now.UnixMicro(), true})
	for _, body := range bodies {
		raw, err := share.Encode(body)
		if err != nil {
			return readable{}, err
		}
		line := share.Line{N: x.N + 1, Prev: x.Head, Time: now, Actor: share.Employee, Act: share.ActOf(body), Body: share.Hash(raw)}
		counter, err := share.Countersign(w.signer, id, line)
		if err != nil {
			return readable{}, err
		}
		sign := share.Sign(w.person, id, line.Act, raw)
		if x.Head, err = line.Hash(); err != nil {
			return readable{}, err
		}
		x.N++
		w.lines = append(w.lines, []any{org, id, line.N, line.Prev, x.Head, now.UnixMicro(), string(line.Actor), string(line.Act), line.Body, raw, sign, counter})
	}
	return readable{id, token}, nil
}

func realDocument(b *testing.B) []byte {
	b.Helper()
	c, err := homecase.Load("../../examples/accounts-one-day.yaml")
	if err != nil {
		b.Fatal(err)
	}
	e, err := homecase.Compose(c.Shared(), homecase.Options{Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	text, err := packet.Encode(e.Page)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

func smallDocument() []byte {
	d := packet.Document{Kind: packet.Page, Lang: "en-GB", Title: "An eight-week trial", Sections: []packet.Section{{ID: "work", Label: "The work", Blocks: []packet.Block{packet.Para{Text: packet.Plain(strings.Repeat("Reports can be written anywhere. ", 50))}}}}}
	text, err := packet.Encode(d)
	if err != nil {
		panic(err)
	}
	return text
}

func get(address string) *http.Request {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Accept-Encoding", "gzip, br")
	return r
}

// decisions are the forms of readers who agree and undo, each on a case of its own.
func (s *benched) decisions(on []readable) func(i, n int) *http.Request {
	last := make([]string, len(on)) // the id of the decision that stands
	return func(i, n int) *http.Request {
		r, to, form := on[i], "/decide", url.Values{}
		id, err := s.office.NewID()
		if err != nil {
			panic(err)
		}
		if last[i] == "" {
			form = url.Values{"id": {id}, "a": {"agree"}, "edition": {"1"}, "statement": {"yes"}}
			last[i] = id
		} else {
			to, form = "/undo", url.Values{"id": {id}, "decision": {last[i]}}
			last[i] = ""
		}
		q, err := http.NewRequest(http.MethodPost, s.url+"/p/"+r.token+to, strings.NewReader(form.Encode()))
		if err != nil {
			panic(err)
		}
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Sec-Fetch-Site", "same-origin")
		q.Header.Set("X-Forwarded-For", fmt.Sprintf("198.18.%d.%d", n/250%250, n%250)) // the limits are per address
		return q
	}
}

// loaded is what a round of load showed.
type loaded struct {
	rate  float64
	times []time.Duration
}

func (l loaded) at(q float64) time.Duration { return l.times[int(q*float64(len(l.times)-1))] }

// load sends requests from 32 connections for some seconds.
func load(b *testing.B, name string, next func(worker, n int) *http.Request) loaded {
	b.Helper()
	const workers, length = 32, 5 * time.Second
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var mu sync.Mutex
	var all loaded
	run := func(until time.Time, keep bool) {
		var wg sync.WaitGroup
		for i := range workers {
			wg.Go(func() {
				var mine []time.Duration
				for n := i * 100_000; time.Now().Before(until); n++ {
					at := time.Now()
					res, err := client.Do(next(i, n))
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, res.Body)
					_ = res.Body.Close()
					if res.StatusCode >= 400 {
						b.Errorf("%s: status %d", name, res.StatusCode)
						return
					}
					mine = append(mine, time.Since(at))
				}
				mu.Lock()
				defer mu.Unlock()
				if keep {
					all.times = append(all.times, mine...)
				}
			})
		}
		wg.Wait()
	}
	run(time.Now().Add(time.Second), false) // to warm up
	run(time.Now().Add(length), true)
	if len(all.times) == 0 {
		b.Fatalf("%s: nothing was answered", name)
	}
	slices.Sort(all.times)
	all.rate = float64(len(all.times)) / length.Seconds()
	say("%-45s %8.0f/s  p50 %6.2f ms  p95 %6.2f ms  p99 %6.2f ms", name, all.rate, ms(all.at(.5)), ms(all.at(.95)), ms(all.at(.99)))
	return all
}

// say prints a line of the report; the log of a benchmark keeps only ten.
func say(format string, args ...any) { fmt.Printf("office: "+format+"\n", args...) }

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench is its own simple update on the same server.
func (s *benched) pgbench(b *testing.B) float64 {
	b.Helper()
	program := filepath.Join(s.install.Bin, "pgbench")
	run := func(args ...string) string {
		out, err := exec.Command(program, append(args, s.dsn)...).CombinedOutput()
		if err != nil {
			b.Fatalf("pgbench: %v\n%s", err, out)
		}
		return string(out)
	}
	run("-i", "-q", "-s", "10")
	found := tps.FindStringSubmatch(run("-N", "-c", "32", "-j", "2", "-T", "5"))
	if found == nil {
		b.Fatal("pgbench told no rate")
	}
	rate, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	say("%-45s %8.0f/s", "pgbench simple update, 32 clients", rate)
	return rate
}

func (s *benched) exec(b *testing.B, statement string) { s.pg.Exec(b, statement) }

// open holds connections open and tells the memory of the office meanwhile.
func (s *benched) open(b *testing.B, token string, n int) {
	b.Helper()
	t := &http.Transport{MaxIdleConnsPerHost: n, MaxIdleConns: n, IdleConnTimeout: time.Minute}
	defer t.CloseIdleConnections()
	var hold, done sync.WaitGroup
	hold.Add(n)
	for range n {
		done.Go(func() {
			res, err := (&http.Client{Transport: t}).Do(get(s.url + "/p/" + token))
			hold.Done()
			if err != nil {
				b.Error(err)
				return
			}
			hold.Wait() // no connection is free to be used twice
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		})
	}
	done.Wait()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmHWM") || strings.HasPrefix(line, "VmRSS") {
			say("memory at %d open connections: %s (goal 200 MB)", n, strings.Join(strings.Fields(line), " "))
		}
	}
}
