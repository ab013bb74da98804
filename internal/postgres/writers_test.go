package postgres_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"homecase/internal/postgres"
	"homecase/ops"
	"homecase/share"
)

// many is how often something is broken: often in the long run.
func many(normal, long int) int {
	if os.Getenv("HOMECASE_TESTS_LONG") != "" {
		return long
	}
	return normal
}

// cases is how many cases the writers write in, and perCase how many write in each.
const (
	cases   = 2
	perCase = 3
)

// writers ask questions in some cases, as readers do, until they are told to
// stop. Each question has an id of its own and is asked again under it until an
// answer comes, as a browser or a workspace does; some give up after one error.
type writers struct {
	t      *testing.T
	org    string
	stop   context.CancelFunc
	wait   sync.WaitGroup
	person ed25519.PrivateKey

	mu     sync.Mutex
	acked  map[string]bool // by id: the office said it is written
	gaveUp map[string]bool // the office said it does not know, or could not
	faults map[string]int  // what was said instead, by sentence
}

// office is an office over a store, as one process has it.
func office(s share.Store) *ops.Office {
	return &ops.Office{Desk: &ops.Desk{Now: time.Now, Getenv: os.Getenv, Random: bytes.NewReader(make([]byte, 4096))}, Store: s}
}

func caseName(n int) string { return fmt.Sprint("case ", n) }

// begin opens cases with a link each, and starts writers.
func begin(t *testing.T, s *postgres.Office) *writers {
	t.Helper()
	o := office(s)
	org, err := o.AddOrg(t.Context(), "Acme")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	w := &writers{
		t: t, org: org.ID, stop: stop, person: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)),
		acked: map[string]bool{}, gaveUp: map[string]bool{}, faults: map[string]int{},
	}
	key := base64.StdEncoding.EncodeToString(w.person.Public().(ed25519.PublicKey))
	for n := range cases {
		document := []byte(`{"of":"` + caseName(n) + `"}`)
		w.employee(o, n, share.Opening{Key: share.Key{ID: "open"}, Person: "Ana", PublicKey: key}, key)
		if err := s.PutBlob(t.Context(), org.ID, caseName(n), share.Blob{Hash: share.Hash(document), Media: "application/json", Bytes: document, Made: time.Now()}, share.Room{}); err != nil {
			t.Fatal(err)
		}
		w.employee(o, n, share.Publication{Key: share.Key{ID: "publish"}, Edition: 1, Title: "A day at home", Lang: "en", Document: share.Hash(document), Terms: share.Terms{HalfDays: 2}}, key)
		w.employee(o, n, share.Linking{Key: share.Key{ID: "link"}, Link: "l", Token: share.HashToken(caseName(n)), Reader: "Priya", Questions: true}, key)
	}
	for n := range cases {
		for i := range perCase {
			w.wait.Go(func() { w.ask(ctx, o, n, i) })
		}
	}
	return w
}

// employee does one act of the person.
func (w *writers) employee(o *ops.Office, n int, b share.Body, key string) {
	w.t.Helper()
	raw, err := share.Encode(b)
	if err != nil {
		w.t.Fatal(err)
	}
	a := ops.Acting{Actor: share.Employee, Act: share.ActOf(b), Raw: raw, Key: key, Signature: share.Sign(w.person, caseName(n), share.ActOf(b), raw)}
	if link, ok := b.(share.Linking); ok {
		a.Beside = func(_ *share.Exchange, a *share.Append) error {
			a.Link = &share.Link{Linking: link}
			return nil
		}
	}
	if _, err := o.Act(w.t.Context(), w.org, caseName(n), a); err != nil {
		w.t.Fatal(err)
	}
}

// ask asks question after question. Every second one has a message beside it.
func (w *writers) ask(ctx context.Context, o *ops.Office, n, i int) {
	for k := 0; ctx.Err() == nil; k++ {
		id := fmt.Sprintf("case-%d-writer-%d-question-%d", n, i, k)
		raw, err := share.Encode(share.Question{Key: share.Key{ID: id}, Link: "l", Edition: 1, Text: "What about " + id + "?"})
		if err != nil {
			w.t.Error(err)
			return
		}
		a := ops.Acting{Actor: share.Reader, Act: share.Asked, Raw: raw}
		if k%2 == 0 {
			a.Beside = func(_ *share.Exchange, a *share.Append) error {
				at := a.Entry.Line.Time
				a.Mail = append(a.Mail, share.Message{ID: id, Case: a.Case, Key: id, To: "ana@example.org", About: "question", Raw: raw, Made: at, Next: at})
				return nil
			}
		}
		for {
			_, err := o.Act(context.WithoutCancel(ctx), w.org, caseName(n), a)
			w.mu.Lock()
			if err == nil {
				w.acked[id] = true
			} else {
				w.faults[err.Error()]++
			}
			again := err != nil && k%5 > 0 && ctx.Err() == nil
			if err != nil && !again {
				w.gaveUp[id] = true
			}
			w.mu.Unlock()
			if !again {
				break
			}
		}
	}
}

// count is how many questions were acknowledged.
func (w *writers) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// grow waits until some more questions were acknowledged.
func (w *writers) grow(more int) {
	w.t.Helper()
	want := w.count() + more
	for range 3000 {
		if w.count() >= want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatalf("in a minute no %d questions were acknowledged; said was %v", more, w.faults)
}

// end stops the writers and looks at what is there: what was acknowledged once,
// nothing twice, a record that holds together, and the mail of every second line.
func (w *writers) end(s *postgres.Office) {
	w.t.Helper()
	w.stop()
	w.wait.Wait()
	there := map[string]int{}
	for n := range cases {
		record, err := office(s).Record(w.t.Context(), w.org, caseName(n))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := record.Verify(time.Now()); err != nil {
			w.t.Errorf("the record of %s: %v", caseName(n), err)
		}
		mails, err := s.Messages(w.t.Context(), w.org, caseName(n))
		if err != nil {
			w.t.Fatal(err)
		}
		mailed := map[string]int{}
		for _, m := range mails {
			mailed[m.ID]++
		}
		for _, e := range record.Entries {
			b, err := share.Decode(e.Line.Act, e.Raw)
			if err != nil {
				w.t.Fatal(err)
			}
			q, ok := b.(share.Question)
			if !ok {
				continue
			}
			there[q.ID]++
			var caseN, writer, k int
			if _, err := fmt.Sscanf(q.ID, "case-%d-writer-%d-question-%d", &caseN, &writer, &k); err != nil {
				w.t.Fatal(err)
			}
			if want := (k + 1) % 2; mailed[q.ID] != want {
				w.t.Errorf("%s has %d messages, want %d", q.ID, mailed[q.ID], want)
			}
		}
	}
	for id := range w.acked {
		if there[id] != 1 {
			w.t.Errorf("%s was acknowledged and is there %d times", id, there[id])
		}
	}
	for id, n := range there {
		if n > 1 || !w.acked[id] && !w.gaveUp[id] {
			w.t.Errorf("%s is there %d times; acknowledged: %t", id, n, w.acked[id])
		}
	}
	w.t.Logf("%d acts acknowledged, %d given up, %d there", len(w.acked), len(w.gaveUp), len(there))
	for said, n := range w.faults {
		w.t.Logf("%d times: %s", n, said)
	}
}
