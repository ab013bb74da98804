package postgres_test

import (
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
	"homecase/share"
)

// A server that can be reached and gives no answer is waited for so long and no
// longer, once: whoever asked is told, and of a change that it may have been made.
// Once it answers again, so does the office.
func TestAServerThatHangsIsGivenUp(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	w, dsn := stretch(t, s.Database(t), s.Socket())
	o, err := postgres.Open(t.Context(), with(t, dsn, "connect_timeout", "1"), postgres.Options{Answer: 300 * time.Millisecond, Conns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.AddOrg(t.Context(), acme()); err != nil {
		t.Fatal(err)
	}
	a := follow(t, o, "one", 0, true)
	message := share.Message{ID: "m", To: "x", Made: acme().Made, Next: acme().Made}
	for _, c := range []struct {
		name string
		do   func() error
		code fault.Code
		says string
	}{
		{"a question", func() error { _, err := o.Orgs(t.Context()); return err }, "HC-STORE-73", "gave no answer in time"},
		{"a change of one statement", func() error { return o.Post(t.Context(), "acme", message) }, "HC-STORE-40", "may or may not be done"},
		{"a change of many", func() error { return o.Append(t.Context(), "acme", a) }, "HC-STORE-73", "gave no answer in time"},
	} {
		if err := o.Ping(t.Context()); err != nil { // there is a connection
			t.Fatal(err)
		}
		w.still.Store(true)
		began := time.Now()
		err := c.do()
		if fault.CodeOf(err) != c.code || fault.KindOf(err) != fault.Away || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v (%s)", c.name, err, fault.CodeOf(err))
		}
		t.Logf("%s was given up after %s", c.name, time.Since(began).Round(time.Millisecond))
		w.still.Store(false)
	}
	if err := o.Append(t.Context(), "acme", a); err != nil {
		t.Errorf("once it answers again: %v", err)
	}
}
