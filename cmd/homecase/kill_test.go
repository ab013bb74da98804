package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"homecase/internal/courier"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/internal/sqlite"
	"homecase/ops"
	"homecase/share"
)

// killing is an office and a workspace as processes, with people who publish,
// ask and decide, and everything that can die under them.
type killing struct {
	t      *testing.T
	random *mrand.Rand
	name   string // of the program
	env    []string
	ahead  time.Duration
	deeds  deeds

	database string // folder, or DSN past the wire
	pg       *pgtest.Server
	back     *wire // between the office and PostgreSQL
	front    *wire // between people and the office
	config   string
	address  string // of the office
	mailed   string // the folder of its e-mails
	server   *exec.Cmd
	log      *bytes.Buffer

	room string
	work *exec.Cmd
	org  string
	kase string
	link []string // paths of readers' links

	mu      sync.Mutex
	at, key string         // of the workspace that runs
	whys    map[string]int // why something was refused, and how often
}

// killSeed is the seed of a run: HOMECASE_SEED, or a new one.
func killSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("HOMECASE_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("HOMECASE_SEED=%d", seed)
	return seed
}

// kills is how many times something is killed.
func kills() int {
	if os.Getenv("HOMECASE_TESTS_LONG") != "" {
		return 200
	}
	return 20
}

// The server, PostgreSQL, the network on either side of the server and the
// workspace are killed at moments that a seed draws, while people publish, ask
// and decide. What was acknowledged is there once, nothing twice, no edition by
// half; both records verify, and each message waits or was sent once.
func TestWhateverDiesNothingIsLostOrTwice(t *testing.T) {
	for _, engine := range []string{"PostgreSQL", "SQLite"} {
		t.Run(engine, func(t *testing.T) {
			k := newKilling(t, engine)
			k.setUp()
			k.startServer()
			k.startWork()
			stop := k.people()
			ways := k.ways()
			for n := range kills() {
				k.grow(2+k.random.IntN(3), n%2)
				time.Sleep(time.Duration(k.random.IntN(60_000)) * time.Microsecond)
				ways[n%len(ways)]()
				if n%len(ways) == len(ways)-1 {
					k.random.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
				}
			}
			k.grow(10, 2)
			stop()
			k.check()
		})
	}
}

func newKilling(t *testing.T, engine string) *killing {
	t.Helper()
	k := &killing{t: t, name: program(t), random: mrand.New(mrand.NewPCG(killSeed(t), 0)), deeds: deeds{all: map[[2]string]*deed{}}, whys: map[string]int{}}
	k.ahead = time.Until(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)).Round(time.Second)
	dir, port := t.TempDir(), freePort(t)
	k.room, k.mailed, k.config = filepath.Join(dir, "room"), filepath.Join(dir, "mail"), filepath.Join(dir, "office.yaml")
	k.front = stretch(t, "tcp", "127.0.0.1:0", "127.0.0.1:"+port)
	k.address = "http://" + k.front.listener.Addr().String()
	k.env = append(os.Environ(), "AHEAD="+k.ahead.String())
	k.database = filepath.Join(dir, "office")
	database := k.database
	if engine == "PostgreSQL" {
		k.pg = pgtest.New(t, pgtest.Installed(t)[0])
		k.database = k.pg.Database(t)
		wire, socket := stretchSocket(t, k.pg.Socket())
		u, err := url.Parse(k.database)
		k.must(err)
		q := u.Query()
		q.Set("host", socket)
		u.RawQuery = q.Encode()
		k.back, database = wire, u.String()
	}
	k.must(os.WriteFile(k.config, fmt.Appendf(nil, "version: 1\naddress: %s\nlisten: 127.0.0.1:%s\ndatabase: %q\nproxies: [127.0.0.1/32]\nmail: {from: office@case.example, folder: %q, per_day: 100000}\n", k.address, port, database, k.mailed), 0o600))
	return k
}

func (k *killing) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *killing) now() time.Time { return time.Now().Add(k.ahead) }

// breathe is how long people wait between two things they do.
func (k *killing) breathe() { time.Sleep(30 * time.Millisecond) }

// office opens the office's store in this process; no other has it open.
func (k *killing) office() *ops.Office {
	k.t.Helper()
	var store share.Store
	var err error
	if k.pg != nil {
		store, err = postgres.Open(k.t.Context(), k.database, postgres.Options{})
	} else {
		store, err = sqlite.OpenOffice(k.t.Context(), k.database, sqlite.Options{})
	}
	k.must(err)
	return &ops.Office{Desk: k.desk(), Store: store, Address: k.address}
}

func (k *killing) desk() *ops.Desk {
	return &ops.Desk{Now: k.now, Getenv: func(string) string { return "" }, Random: rand.Reader, Version: "test"}
}

// workspace opens the workspace in this process; no other has it open.
func (k *killing) workspace() (*ops.Workspace, func() error) {
	k.t.Helper()
	store, err := sqlite.Open(k.t.Context(), k.room, sqlite.Options{})
	k.must(err)
	return &ops.Workspace{Desk: k.desk(), Store: store, Folder: k.room, Couriers: func(at string, key ed25519.PrivateKey) (ops.Courier, error) {
		return courier.New(courier.Options{Address: at, Key: key, Now: k.now, Sleep: courier.Sleep})
	}}, store.Close
}

// setUp pairs a workspace with an office, and publishes a first edition for three readers.
func (k *killing) setUp() {
	k.t.Helper()
	ctx := k.t.Context()
	o := k.office()
	org, err := o.MakeOrganisation(ctx, "Fernhill Insurance")
	k.must(err)
	invited, err := o.InvitePerson(ctx, org.ID, "Ines Duarte", 14)
	k.must(err)
	k.must(o.Store.Close())
	k.org = org.ID
	k.startServer()
	w, done := k.workspace()
	const example = "../../examples/accounts-one-day.yaml"
	text, err := os.ReadFile(example)
	k.must(err)
	open, err := w.Take(ctx, example, text)
	k.must(err)
	k.kase = open.ID
	_, err = w.Pair(ctx, invited.Address, "Ines Duarte")
	k.must(err)
	_, err = w.MakePacket(ctx, open.ID, ops.BuildOptions{Only: []string{"one-page.pdf"}})
	k.must(err)
	open, err = w.Current(ctx)
	k.must(err)
	leaving, err := w.PrepareEdition(ctx, open)
	k.must(err)
	_, err = w.Publish(ctx, open, leaving.Mark, &ops.Invited{Reader: "Dana Whitfield", Questions: true})
	k.must(err)
	var s *ops.Shared
	for n := range 2 {
		s, err = w.Link(ctx, open, ops.Invited{Reader: fmt.Sprint("Asking ", n), Questions: true})
		k.must(err)
	}
	for _, l := range s.Links {
		k.link = append(k.link, strings.TrimPrefix(s.Address(l), k.address))
	}
	k.must(done())
	k.killServer()
}

func (k *killing) startServer() {
	k.t.Helper()
	k.server, k.log = beginOffice(k.t, k.name, k.config, k.env...)
}

func (k *killing) killServer() {
	k.t.Helper()
	k.must(k.server.Process.Kill())
	_ = k.server.Wait() // killed, as it should be
}

func (k *killing) startWork() {
	k.t.Helper()
	c, address := beginIn(k.t, k.env, k.name, "--data", k.room)
	at, err := url.Parse(address)
	k.must(err)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.work, k.at, k.key = c, "http://"+at.Host, at.Query().Get("key")
}

func (k *killing) killWork() {
	k.t.Helper()
	k.must(k.work.Process.Kill())
	_ = k.work.Wait() // killed, as it should be
}

// ways are those in which something dies, and comes back after a while.
func (k *killing) ways() []func() {
	while := func() { time.Sleep(time.Duration(k.random.IntN(100)) * time.Millisecond) }
	cut := func(w *wire, most int) func() {
		return func() {
			w.cut(1+k.random.IntN(most), time.Second)
			while()
			w.mend()
		}
	}
	all := []func(){
		func() { k.killServer(); while(); k.startServer() },
		func() { k.killWork(); while(); k.startWork() },
		cut(k.front, 40_000),
	}
	if k.pg != nil {
		all = append(all, func() { k.pg.Kill(k.t); while(); k.pg.Restart(k.t) }, cut(k.back, 20_000))
	}
	return all
}

// people lets everybody begin. What it returns lets each end what they are at,
// and stops the processes.
func (k *killing) people() (stop func()) {
	var all sync.WaitGroup
	over := make(chan struct{})
	atOffice := func(from string) *browser {
		return &browser{k: k, client: plainClient(), from: from, where: func() (string, string) { return k.address, "" }, enough: func() bool { return closed(over) }}
	}
	all.Go(func() { atOffice("192.0.2.100").decides(k.link[0]) })
	for n, link := range k.link[1:] {
		all.Go(func() { atOffice(fmt.Sprint("192.0.2.", n+1)).asks(link, n) })
	}
	me := &browser{k: k, client: plainClient(), enough: func() bool { return closed(over) }, where: func() (string, string) {
		k.mu.Lock()
		defer k.mu.Unlock()
		return k.at, k.key
	}}
	all.Go(me.works)
	return func() {
		close(over)
		all.Wait()
	}
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// plainClient follows nobody, and waits no longer than people do.
func plainClient() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// patience is how long is waited for people to get on: long enough for a machine
// that has much else to do, and a record of thousands of lines.
const patience = 5 * time.Minute

// grow waits until some more was acknowledged, and some of it at the workspace.
func (k *killing) grow(more, work int) {
	k.t.Helper()
	allBefore, workBefore := k.deeds.count()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if all, worked := k.deeds.count(); all >= allBefore+more && worked >= workBefore+work {
			return
		}
		if time.Now().After(end) {
			k.t.Fatalf("in %s no %d acts were acknowledged, %d of them at the workspace\n%s", patience, more, work, k.log)
		}
	}
}

// why keeps why something was refused.
func (k *killing) why(kind string, a *answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	says := fmt.Sprint(kind, " ", a.status)
	for _, h := range a.words("h1", "li", "p") {
		says += " | " + h
	}
	k.whys[says[:min(len(says), 300)]]++
}

// check sends what waits, stops the server in good order, and looks at what is there.
func (k *killing) check() {
	k.t.Helper()
	k.killWork()
	w, done := k.workspace()
	var s *ops.Shared
	var err error
	for range 5 {
		if s, err = w.Fetch(context.Background(), k.kase); err == nil && len(s.Outbox) == 0 {
			break
		}
	}
	k.must(err)
	if len(s.Outbox) > 0 || s.Halt != "" {
		k.t.Errorf("%d acts are on their way still; %s", len(s.Outbox), s.Halt)
	}
	mine, err := w.RecordFile(context.Background(), k.kase)
	k.must(err)
	k.must(done())
	readers := k.asRead()
	k.must(k.server.Process.Signal(syscall.SIGTERM))
	if err := k.server.Wait(); err != nil {
		k.t.Errorf("the office stopped badly: %v\n%s", err, k.log)
	}
	o := k.office()
	defer o.Store.Close()
	record, err := o.Record(context.Background(), k.org, k.kase)
	k.must(err)
	theirs, err := json.Marshal(record)
	k.must(err)
	dir := k.t.TempDir()
	for side, text := range map[string][]byte{"mine": mine, "theirs": theirs, "readers": readers} {
		file := filepath.Join(dir, side+".json")
		k.must(os.WriteFile(file, text, 0o600))
		c := exec.Command(k.name, "record", "verify", file)
		c.Env = k.env
		said, err := c.CombinedOutput()
		if want := fmt.Sprintf("All %d lines hold.", len(record.Entries)); err != nil || !bytes.Contains(said, []byte(want)) {
			k.t.Errorf("the record of %s: %v, %s", side, err, said)
		}
	}
	if s.N != int64(len(record.Entries)) || s.Head != headOf(record) {
		k.t.Errorf("the workspace stands at line %d, the office at %d", s.N, len(record.Entries))
	}
	k.compare(o, record)
}

// asRead looks at the pages of each reader, which hold every question that was
// taken, and returns the record as a reader is given it.
func (k *killing) asRead() (record []byte) {
	k.t.Helper()
	for n, link := range k.link {
		b := &browser{k: k, client: plainClient(), from: fmt.Sprint("198.51.100.", n+1), where: func() (string, string) { return k.address, "" }, enough: func() bool { return false }}
		for _, path := range []string{"", "/full", "/questions"} {
			if a := b.get(link + path); a.status != http.StatusOK {
				k.t.Errorf("reader %d is answered %d at %s", n, a.status, path)
			}
		}
		page := b.get(link + "/questions").body
		for what, it := range k.deeds.all {
			if what[0] == "asked" && it.said == taken && !bytes.Contains(page, []byte(it.text)) {
				k.t.Errorf("reader %d does not see the question %q", n, it.text)
			}
		}
		record = b.get(link + "/record.json").body
	}
	return record
}

func headOf(r *share.Record) string {
	h, err := r.Entries[len(r.Entries)-1].Line.Hash()
	return errors.Join(err, errors.New(h)).Error()
}

// found are the acts of a record by what people know them by.
type found struct {
	times map[[2]string]int
	mails map[string]int // messages by their address
}

// compare looks for each deed in what the office has.
func (k *killing) compare(o *ops.Office, record *share.Record) {
	k.t.Helper()
	f := found{times: map[[2]string]int{}, mails: map[string]int{}}
	for _, e := range record.Entries {
		b, err := share.Decode(e.Line.Act, e.Raw)
		k.must(err)
		switch b := b.(type) {
		case share.Publication:
			f.times[[2]string{"published", fmt.Sprintf("Edition %d What would leave", b.Edition)}]++
			if what := [2]string{"published", fmt.Sprintf("Edition %d What would leave", b.Edition)}; b.Edition > 1 && k.deeds.all[what] == nil {
				k.t.Errorf("edition %d was published, and nobody meant to", b.Edition)
			}
			k.whole(o, b)
		case share.Linking:
			f.times[[2]string{"linked", b.Reader}]++
		case share.Reply:
			f.times[[2]string{"replied", b.Question}]++
		case share.Question:
			f.times[[2]string{"asked", b.ID}]++
			f.times[[2]string{"text", b.Text}]++
		case share.Decision:
			f.times[[2]string{"agreed", b.ID}]++
		case share.Undoing:
			f.times[[2]string{"undone", b.ID}]++
		}
	}
	for what, n := range f.times {
		if n > 1 {
			k.t.Errorf("%s %s stands in the record %d times", what[0], what[1], n)
		}
	}
	messages, err := o.Store.Messages(context.Background(), k.org, k.kase)
	k.must(err)
	for _, m := range messages {
		if f.mails[m.To]++; f.mails[m.To] > 1 {
			k.t.Errorf("%d messages about %s go to %s", f.mails[m.To], m.About, m.To)
		}
		if m.About == "copy" {
			f.times[[2]string{"copied", m.To}]++
		}
	}
	k.eachDeed(&f)
	k.letters(f.mails)
}

// eachDeed compares what people were told with what is there.
func (k *killing) eachDeed(f *found) {
	k.t.Helper()
	tally := map[string]int{}
	for what, it := range k.deeds.all {
		tally[it.kind+" "+it.said]++
		n := f.times[what]
		switch it.said {
		case taken:
			if n != 1 {
				k.t.Errorf("%s %s was acknowledged, and is there %d times", it.kind, it.id, n)
			}
		case refused:
			if n != 0 {
				k.t.Errorf("%s %s was refused, and is there", it.kind, it.id)
			}
		}
		wants := it.kind == "linked" || it.kind == "copied" || it.kind == "asked" && f.times[[2]string{"replied", it.id}] == 1
		if it.said == taken && it.email != "" && wants && f.mails[it.email] != 1 {
			k.t.Errorf("%d messages go to %s for what was %s, want 1", f.mails[it.email], it.email, it.kind)
		}
	}
	all, _ := k.deeds.count()
	k.t.Logf("%d kills; %d acts acknowledged: %v", kills(), all, tally)
	for why, n := range k.whys {
		k.t.Logf("%d times: %s", n, why)
	}
	for _, kind := range []string{"asked", "agreed", "undone", "replied", "published", "linked", "copied"} {
		if tally[kind+" "+taken] == 0 {
			k.t.Errorf("nothing was %s", kind)
		}
	}
}

// whole looks whether an edition has all its files.
func (k *killing) whole(o *ops.Office, p share.Publication) {
	k.t.Helper()
	for _, hash := range share.BlobsOf(p) {
		b, err := o.Store.Blob(context.Background(), k.org, k.kase, hash)
		if err != nil || share.Hash(b.Bytes) != hash {
			k.t.Errorf("edition %d lacks %s: %v", p.Edition, hash, err)
		}
	}
}

// letters looks at the e-mails that left: each is one that waits in the outbox
// or did, and no two are the same.
func (k *killing) letters(mails map[string]int) {
	k.t.Helper()
	files, err := filepath.Glob(filepath.Join(k.mailed, "*.eml"))
	k.must(err)
	seen := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		k.must(err)
		_, to, _ := strings.Cut(string(text), "\r\nTo: ")
		to, _, _ = strings.Cut(to, "\r\n")
		if to = strings.Trim(to, "<>"); mails[to] != 1 || seen[to] {
			k.t.Errorf("an e-mail to %q: %d messages, sent before: %t", to, mails[to], seen[to])
		}
		seen[to] = true
	}
	k.t.Logf("%d e-mails left", len(files))
}
