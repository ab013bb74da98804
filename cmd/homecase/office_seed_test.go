package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"homecase/day"
	"homecase/internal/office"
	"homecase/ops"
	"homecase/share"
)

// readable is a case with a link.
type readable struct{ caseID, token string }

// seeder writes cases whose records hold together, past the office's own door:
// every signature is there, and every row is what the office would write. The
// cases differ in their ids, tokens and signatures; the first one's page is written
// by the office itself and is that of the others too.
type seeder struct {
	s              *benched
	person, signer ed25519.PrivateKey
	document       []byte
	now            time.Time
	bodies         []share.Body // of the lines before the link
	raw            [][]byte
	page           []byte
}

// rows are what one worker copies at once, by table.
type rows map[string][][]any

// tables are the tables in the order in which rows refer to each other.
var tables = []struct{ name, columns string }{
	{"cases", "org_id id person_key"},
	{"lines", "org_id case_id n prev hash made actor act body_hash body signature countersignature"},
	{"links", "org_id token_hash case_id link_id"},
	{"files", "org_id case_id hash media content made named"},
	{"stored", "org_id kind id bytes"},
	{"pages", "org_id token_hash case_id document form head content"},
}

func (s *benched) seed(b *testing.B, cases, editions int, document []byte) []readable {
	b.Helper()
	began := time.Now()
	w, err := s.seeder(editions, document)
	if err != nil {
		b.Fatal(err)
	}
	first := s.seeded + 1
	s.seeded += cases
	out := make([]readable, cases)
	if err := w.copy(b.Context(), out[:1], first); err != nil {
		b.Fatal(err)
	}
	if w.page, err = s.written(b, out[0]); err != nil {
		b.Fatal(err)
	}
	const at = 250 // cases copied at once
	parts := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) + 1 { // one waits for the database
		wg.Go(func() {
			for from := range parts {
				if err := w.copy(b.Context(), out[from:min(from+at, cases)], first+from); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for from := 1; from < cases; from += at {
		parts <- from
	}
	close(parts)
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	for _, of := range [][2]string{{"person", w.public()}, {"org", ""}} {
		s.exec(b, `INSERT INTO stored (org_id, kind, id, bytes) VALUES ($1, $2, $3, $4)
ON CONFLICT (org_id, kind, id) DO UPDATE SET bytes = stored.bytes + EXCLUDED.bytes`, s.org.ID, of[0], of[1], cases*len(document))
	}
	say("seeded %d cases of %d editions in %.0f s", cases, editions, time.Since(began).Seconds())
	return out
}

func (s *benched) seeder(editions int, document []byte) (*seeder, error) {
	w := &seeder{
		s: s, person: ed25519.NewKeyFromSeed(make([]byte, 32)), signer: ed25519.NewKeyFromSeed(s.org.Key), document: document,
		now: time.Now().UTC().Truncate(time.Microsecond),
	}
	w.bodies = []share.Body{share.Opening{Key: share.Key{ID: "open"}, Person: "Ines Duarte", PublicKey: w.public()}}
	for n := range editions {
		w.bodies = append(w.bodies, share.Publication{
			Key: share.Key{ID: fmt.Sprintf("edition-%d", n+1)}, Edition: n + 1, Title: "An eight-week trial", Lang: "en-GB", Document: share.Hash(document),
			Terms: share.Terms{HalfDays: 2, Start: day.Must("2027-01-12"), Until: day.Must("2027-03-05"), Weeks: 8, Promises: slices.Repeat([]string{strings.Repeat("I keep what I promise, and say when I cannot. ", 3)}, 4)},
		})
	}
	for _, body := range w.bodies {
		raw, err := share.Encode(body)
		if err != nil {
			return nil, err
		}
		w.raw = append(w.raw, raw)
	}
	return w, nil
}

func (w *seeder) public() string {
	return base64.StdEncoding.EncodeToString(w.person.Public().(ed25519.PublicKey))
}

// written has the office write the page of a case, and returns it.
func (s *benched) written(b *testing.B, r readable) ([]byte, error) {
	server, err := office.New(office.Options{Office: s.office})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error)
	listener := httptest.NewUnstartedServer(nil).Listener
	go func() { done <- server.Serve(ctx, office.Listening{Public: listener}) }()
	defer func() { stop(); <-done }()
	for {
		front, err := s.office.FrontOf(b.Context(), r.token)
		if err != nil || front.Page != nil {
			return front.Page, err
		}
		select {
		case err := <-done:
			return nil, err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// copy makes cases, numbered from one on, and copies their rows.
func (w *seeder) copy(ctx context.Context, out []readable, from int) error {
	all := rows{}
	for i := range out {
		var err error
		if out[i], err = w.one(all, fmt.Sprintf("bench-%d", from+i)); err != nil {
			return err
		}
	}
	conn, err := pgx.Connect(ctx, w.s.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, strings.Fields(t.columns), pgx.CopyFromRows(all[t.name])); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return tx.Commit(ctx)
}

func (w *seeder) one(all rows, id string) (readable, error) {
	org := w.s.org.ID
	token, err := share.NewToken(rand.Reader, org)
	if err != nil {
		return readable{}, err
	}
	linking := share.Linking{Key: share.Key{ID: "link"}, Link: "dana", Token: share.HashToken(token), Reader: "Dana Whitfield", Questions: true}
	link, err := share.Encode(linking)
	if err != nil {
		return readable{}, err
	}
	add := func(table string, row ...any) { all[table] = append(all[table], row) }
	made, document := w.now.UnixMicro(), share.Hash(w.document)
	add("cases", org, id, w.public())
	add("links", org, linking.Token, id, linking.Link)
	add("files", org, id, document, "application/json", w.document, made, true)
	add("stored", org, "case", id, len(w.document))
	prev := ""
	for n, raw := range append(w.raw[:len(w.raw):len(w.raw)], link) {
		act := share.Linked
		if n < len(w.bodies) {
			act = share.ActOf(w.bodies[n])
		}
		line := share.Line{N: int64(n + 1), Prev: prev, Time: w.now, Actor: share.Employee, Act: act, Body: share.Hash(raw)}
		counter, err := share.Countersign(w.signer, id, line)
		if err != nil {
			return readable{}, err
		}
		if prev, err = line.Hash(); err != nil {
			return readable{}, err
		}
		add("lines", org, id, line.N, line.Prev, prev, made, string(line.Actor), string(act), line.Body, raw, share.Sign(w.person, id, act, raw), counter)
	}
	if w.page != nil {
		build := w.s.office.Build
		add("pages", org, linking.Token, id, document, build, prev, ops.SealPage(w.signer, linking.Token, build, prev, time.Time{}, w.page))
	}
	return readable{id, token}, nil
}
