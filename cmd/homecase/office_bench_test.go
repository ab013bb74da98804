package main

import (
	"context"
	"crypto/rand"
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
	cases, err := strconv.Atoi(os.Getenv("HOMECASE_BENCH_CASES"))
	if err != nil {
		cases = 20_000
	}
	install := pgtest.Installed(b)[0]
	pg := pgtest.New(b, install, "shared_buffers=3GB", "max_wal_size=4GB")
	s := benchServer(b, install, pg.Database(b))
	real := s.seed(b, 64, 1, realDocument(b))
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer empty.Close()

	apart := emptyProcess(b)
	pages := load(b, target{"empty handler, beside the clients", func(int, int) *http.Request { return get(empty.URL) }},
		target{"empty handler, a process of its own", func(int, int) *http.Request { return get(apart) }}, target{"reader page, 64 links", s.spread(real)})
	say("reader page / empty handler: %.2f beside the clients, %.2f of a process of its own (goal .5)", pages[2].rate/pages[0].rate, pages[2].rate/pages[1].rate)

	decide := load(b, target{"decision POST, agree and undo", s.decisions(real)})[0]
	say("decision POST / pgbench simple update: %.2f (goal .33)", decide.rate/s.pgbench(b))
	s.open(b, real[0].token, 1000)

	// The large database and a small one of the same server take turns, each with an
	// office of its own.
	few := benchServer(b, install, pg.Database(b))
	small := few.seed(b, 1000, 10, smallDocument())
	large := s.seed(b, cases, 10, smallDocument())
	few.settle(b)
	s.settle(b)
	both := []target{{"reader page, 1,000 cases of 10 editions", few.spread(small)}, {fmt.Sprintf("reader page, %d cases of 10 editions", cases), s.spread(large)}}
	full, steady := load(b, both...), moderate(b, both...)
	p95 := func(of []loaded) float64 { return of[1].at(.95).Seconds() / of[0].at(.95).Seconds() }
	say("p95 of %d cases / of 1,000: %.2f at 300 a second (goal at most 1.2), %.2f at full load", cases, p95(steady), p95(full))
	s.open(b, real[0].token, 1000)
}

// emptyProgram is a handler that answers nothing, on an address that it is told.
const emptyProgram = `package main

import (
	"net/http"
	"os"
)

func main() {
	panic(http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })))
}
`

// emptyProcess starts a handler that answers nothing as a process of its own, as
// the office is, and returns its address.
func emptyProcess(b *testing.B) string {
	b.Helper()
	source := filepath.Join(b.TempDir(), "main.go")
	if err := os.WriteFile(source, []byte(emptyProgram), 0o600); err != nil {
		b.Fatal(err)
	}
	binary := strings.TrimSuffix(source, ".go")
	if out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	l := httptest.NewUnstartedServer(nil).Listener
	address := l.Addr().String()
	_ = l.Close() // the port is free again
	process := exec.Command(binary, address)
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	for range 200 {
		if res, err := http.Get("http://" + address); err == nil {
			_ = res.Body.Close()
			return "http://" + address
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatal("the empty handler does not answer")
	return ""
}

// spread asks for the page of one link after another, far apart.
func (s *benched) spread(on []readable) func(worker, n int) *http.Request {
	return func(i, n int) *http.Request { return get(s.url + "/p/" + on[(i*7919+n*104729)%len(on)].token) }
}

// moderate sends requests at a steady rate that leaves the processors time, to
// each target for a second in turn, and counts from the moment each was due. The
// first turns are to warm up.
func moderate(b *testing.B, targets ...target) []loaded {
	b.Helper()
	const rate, rounds, warm = 300, 32, 2
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	all := make([]loaded, len(targets))
	began := time.Now()
	for n := range rate * rounds * len(targets) {
		due := began.Add(time.Duration(n) * time.Second / rate)
		second := n / rate
		which := second % len(targets)
		time.Sleep(time.Until(due))
		wg.Go(func() {
			res, err := client.Do(targets[which].next(97, n))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			took := time.Since(due)
			if res.StatusCode != http.StatusOK {
				b.Errorf("%s: status %d", targets[which].name, res.StatusCode)
			}
			mu.Lock()
			defer mu.Unlock()
			if second >= warm*len(targets) {
				all[which].times = append(all[which].times, took)
			}
		})
	}
	wg.Wait()
	for k := range all {
		if len(all[k].times) == 0 {
			b.Fatalf("%s: nothing was answered", targets[k].name)
		}
		slices.Sort(all[k].times)
		all[k].rate = rate
		all[k].say(targets[k].name + ", steady")
	}
	return all
}

// benched is an office in a process of its own, over a database of its own.
type benched struct {
	url, dsn string
	install  pgtest.Install
	process  *exec.Cmd
	office   *ops.Office
	org      *share.Org
	seeded   int
}

func benchServer(b *testing.B, install pgtest.Install, dsn string) *benched {
	b.Helper()
	s := &benched{install: install, dsn: dsn}
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
	program, err := os.ReadFile(binary)
	if err != nil {
		b.Fatal(err)
	}
	// What this process writes into the store is written as by that program: both
	// were built from the same sources.
	s.office = &ops.Office{Desk: &ops.Desk{Now: time.Now, Random: rand.Reader, Version: "bench"}, Store: store, Address: "http://bench.example", Build: share.Hash(program)}
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

func (l loaded) say(name string) {
	say("%-45s %8.0f/s  p50 %6.2f ms  p95 %6.2f ms  p99 %6.2f ms", name, l.rate, ms(l.at(.5)), ms(l.at(.95)), ms(l.at(.99)))
}

// target is what is put under load.
type target struct {
	name string
	next func(worker, n int) *http.Request
}

// load puts targets under load in turn, by 32 connections, so that whatever else
// the machine does meets each alike. Each first warms up for a second. Clients read
// 16 KB at once, as curl does, and the whole of each answer.
func load(b *testing.B, targets ...target) []loaded {
	b.Helper()
	const workers, rounds, length = 32, 5, time.Second
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true, ReadBufferSize: 16 << 10}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	all := make([]loaded, len(targets))
	counts := make([][workers]int, len(targets))
	for round := range rounds + 1 {
		for k, t := range targets {
			var mu sync.Mutex
			var wg sync.WaitGroup
			until := time.Now().Add(length)
			for i := range workers {
				wg.Go(func() {
					var mine []time.Duration
					for time.Now().Before(until) {
						at := time.Now()
						res, err := client.Do(t.next(i, i*100_000+counts[k][i]))
						if err != nil {
							b.Error(err)
							return
						}
						counts[k][i]++
						_, _ = io.Copy(io.Discard, res.Body)
						_ = res.Body.Close()
						if res.StatusCode >= 400 {
							b.Errorf("%s: status %d", t.name, res.StatusCode)
							return
						}
						mine = append(mine, time.Since(at))
					}
					mu.Lock()
					defer mu.Unlock()
					if round > 0 {
						all[k].times = append(all[k].times, mine...)
					}
				})
			}
			wg.Wait()
		}
	}
	for k := range all {
		if len(all[k].times) == 0 {
			b.Fatalf("%s: nothing was answered", targets[k].name)
		}
		slices.Sort(all[k].times)
		all[k].rate = float64(len(all[k].times)) / (rounds * length).Seconds()
		all[k].say(targets[k].name)
	}
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

// exec runs a statement in the office's database.
func (s *benched) exec(b *testing.B, statement string, args ...any) {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), s.dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(b.Context(), statement, args...); err != nil {
		b.Fatal(err)
	}
}

// settle brings the database to where a server has it that has run for a while: its
// rows are counted, written to the disk, and in memory.
func (s *benched) settle(b *testing.B) {
	b.Helper()
	for _, statement := range []string{
		"VACUUM (ANALYZE)", "CHECKPOINT", "CREATE EXTENSION IF NOT EXISTS pg_prewarm",
		"SELECT pg_prewarm(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
	} {
		s.exec(b, statement)
	}
}

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
