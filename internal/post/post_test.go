package post_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"homecase/internal/post"
	"homecase/internal/press/mail"
	"homecase/share"
)

// taken is one message as a server took it.
type taken struct {
	From, To, Raw string
	TLS           bool
	User          string
}

// server is a mail server of the test, made of emersion/go-smtp.
type server struct {
	mu     sync.Mutex
	taken  []taken
	said   []string // commands that tell something: auth
	onRcpt func(n int) error
	onData func(n int, c *smtp.Conn) error
	rcpts  int
	data   int
	ways   []string
	client *post.SMTP
}

func serve(t *testing.T, implicit, offerTLS bool) *server {
	t.Helper()
	certs := httptest.NewTLSServer(nil)
	t.Cleanup(certs.Close)
	pool := x509.NewCertPool()
	pool.AddCert(certs.Certificate())
	s := &server{ways: []string{sasl.Plain, sasl.Login}}
	x := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, c: c}, nil }))
	x.Domain, x.AllowInsecureAuth = "mail.test", !offerTLS
	x.ErrorLog = quiet{}
	if offerTLS || implicit {
		x.TLSConfig = &tls.Config{Certificates: certs.TLS.Certificates}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if implicit {
		l = tls.NewListener(l, x.TLSConfig)
	}
	go func() { _ = x.Serve(l) }()
	t.Cleanup(func() { _ = x.Close() })
	s.client = &post.SMTP{Host: "127.0.0.1", Port: port, From: "office@fernhill.example", User: "office", Password: "pass word", Config: &tls.Config{RootCAs: pool}}
	if implicit {
		s.client.Security = post.TLS
	}
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type session struct {
	s    *server
	c    *smtp.Conn
	t    taken
	user string
}

func (x *session) AuthMechanisms() []string { return x.s.ways }
func (x *session) Auth(mech string) (sasl.Server, error) {
	x.s.mu.Lock()
	x.s.said = append(x.s.said, "AUTH "+mech)
	x.s.mu.Unlock()
	check := func(_, user, password string) error {
		if user != "office" || password != "pass word" {
			return smtp.ErrAuthFailed
		}
		x.user = user
		return nil
	}
	if mech == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(check), nil
}

// login is the server's side of AUTH LOGIN, which go-sasl does not have: name, then password.
type login struct {
	check func(_, user, password string) error
	said  []string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.said = append(l.said, string(response))
	}
	if len(l.said) < 2 {
		return []byte([]string{"Username:", "Password:"}[len(l.said)]), false, nil
	}
	return nil, true, l.check("", l.said[0], l.said[1])
}

func (x *session) Reset()        { x.t = taken{} }
func (x *session) Logout() error { return nil }
func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if x.user == "" && len(x.s.ways) > 0 {
		return smtp.ErrAuthRequired
	}
	_, secure := x.c.TLSConnectionState()
	x.t = taken{From: from, TLS: secure, User: x.user}
	return nil
}
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.t.To = to
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.rcpts++
	if x.s.onRcpt != nil {
		return x.s.onRcpt(x.s.rcpts)
	}
	return nil
}
func (x *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.t.Raw = string(raw)
	x.s.mu.Lock()
	x.s.data++
	n := x.s.data
	x.s.taken = append(x.s.taken, x.t)
	hook := x.s.onData
	x.s.mu.Unlock()
	if hook != nil {
		return hook(n, x.c)
	}
	return nil
}

func (s *server) got() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// message is one as an outbox holds it; its text has lines that SMTP and MIME mind.
func message(t *testing.T, id, to string) share.Message {
	t.Helper()
	made := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	raw, err := mail.EML(mail.Message{From: mail.Address{Name: "Inês Duarte via Fernhill", Email: "office@fernhill.example"}, To: []mail.Address{{Email: to}}, Subject: "Eine Prüfung – 試行",
		ID: "abcdefgh." + id + "@fernhill.example", Date: made, Auto: true, Text: "Hello.\n.\n..two dots\nFrom here on.\n" + strings.Repeat("long ", 300)})
	if err != nil {
		t.Fatal(err)
	}
	return share.Message{ID: id, Org: "abcdefgh", Key: id, To: to, About: "link", Raw: raw, Made: made, Next: made}
}

// box is an outbox in memory with the rules of share.Mailbox that a Runner leans on.
type box struct {
	share.Mailbox
	mu       sync.Mutex
	rows     []share.Message
	loseSent int // so many notes of a sent message are lost, as when a server dies
}

func (b *box) Due(_ context.Context, now, until time.Time, limit int) (out []share.Message, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.rows {
		m := &b.rows[i]
		if m.SentAt.IsZero() && !m.Dead && !m.Next.After(now) && len(out) < limit {
			m.Next = until
			out = append(out, *m)
		}
	}
	return out, nil
}

func (b *box) find(id string) *share.Message {
	return &b.rows[slices.IndexFunc(b.rows, func(m share.Message) bool { return m.ID == id })]
}

func (b *box) Sent(_ context.Context, _, id string, at time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loseSent > 0 {
		b.loseSent--
		return errors.New("the store is gone")
	}
	m := b.find(id)
	m.SentAt, m.Raw = at, nil
	return nil
}

func (b *box) Failed(_ context.Context, _, id, why string, next time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.find(id)
	m.Tries, m.Why, m.Next, m.Dead = m.Tries+1, why, next, next.IsZero()
	return nil
}

// clock is set by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func runner(b *box, s post.Sender) (*post.Runner, *clock) {
	c := &clock{time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	return &post.Runner{Box: b, Sender: s, Now: c.now, Random: zeros{}}, c
}

func once(t *testing.T, r *post.Runner, want int) {
	t.Helper()
	if n, err := r.Once(t.Context()); n != want || err != nil {
		t.Fatalf("tried %d messages, %v; want %d", n, err, want)
	}
}

const id1 = "00000000000000000000000000000001"

func TestSMTPHandsOverEveryByte(t *testing.T) {
	for name, s := range map[string]*server{"starttls": serve(t, false, true), "tls": serve(t, true, false)} {
		m := message(t, id1, "dana@fernhill.example")
		if err := s.client.Send(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := s.got()
		if len(got) != 1 || got[0].From != "office@fernhill.example" || got[0].To != "dana@fernhill.example" || !got[0].TLS || got[0].User != "office" {
			t.Fatalf("%s: %+v", name, got)
		}
		// SMTP ends a message with CRLF; everything before is as it was.
		if want := strings.TrimRight(string(m.Raw), "\r\n"); strings.TrimRight(got[0].Raw, "\r\n") != want {
			t.Errorf("%s: the bytes differ:\n%q\n%q", name, got[0].Raw, want)
		}
	}
}

func TestSMTPSignsInByLogin(t *testing.T) {
	s := serve(t, false, true)
	s.ways = []string{sasl.Login}
	if err := s.client.Send(t.Context(), message(t, id1, "dana@fernhill.example")); err != nil || len(s.got()) != 1 {
		t.Fatalf("%v, %d messages", err, len(s.got()))
	}
}

// What is not encrypted gets neither the message nor the password.
func TestNothingLeavesWithoutEncryption(t *testing.T) {
	bare := serve(t, false, false)
	strange := serve(t, false, true)
	strange.client.Config = nil // does not trust the test's certificate
	for name, s := range map[string]*server{"no STARTTLS": bare, "unknown certificate": strange} {
		err := s.client.Send(t.Context(), message(t, id1, "dana@fernhill.example"))
		var r *post.Refusal
		if !errors.As(err, &r) || r.Step != "starttls" || r.Final {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.got()) != 0 || len(s.said) != 0 {
			t.Errorf("%s: the server got %v %v", name, s.got(), s.said)
		}
	}
	for name, c := range map[string]post.SMTP{
		"password in the clear": {Host: "127.0.0.1", Port: 25, From: "a@b.example", User: "u", Security: post.Plain},
		"no port":               {Host: "127.0.0.1", From: "a@b.example"},
		"no host":               {Port: 25, From: "a@b.example"},
		"no sender":             {Host: "127.0.0.1", Port: 25},
		"a sender with a line":  {Host: "127.0.0.1", Port: 25, From: "a@b.example>\r\nRCPT TO:<e@evil.example"},
		"unknown security":      {Host: "127.0.0.1", Port: 25, From: "a@b.example", Security: "ssl3"},
	} {
		if err := c.Check(); err == nil {
			t.Errorf("%s is taken", name)
		}
		if err := c.Send(t.Context(), message(t, id1, "dana@fernhill.example")); err == nil {
			t.Errorf("%s is sent", name)
		}
	}
	bare.client.Security, bare.client.User, bare.ways = post.Plain, "", nil
	if err := bare.client.Send(t.Context(), message(t, id1, "dana@fernhill.example")); err != nil {
		t.Errorf("a server on the same machine, as configured: %v", err)
	}
}

// An address with a line break never becomes a command.
func TestNoAddressBecomesACommand(t *testing.T) {
	s := serve(t, false, true)
	m := message(t, id1, "dana@fernhill.example")
	m.To = "dana@fernhill.example>\r\nRCPT TO:<eve@evil.example"
	if err := s.client.Send(t.Context(), m); err == nil || len(s.got()) != 0 {
		t.Errorf("%v, %+v", err, s.got())
	}
}

func TestWhatAServerSaysDecidesWhatFollows(t *testing.T) {
	said := func(code int, e smtp.EnhancedCode) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: e, Message: "<script>words of a server</script>"}
	}
	for _, x := range []struct {
		name  string
		rcpt  func(int) error
		data  func(int, *smtp.Conn) error
		wrong bool // password
		dead  bool
		why   string
	}{
		{name: "busy", rcpt: func(int) error { return said(451, smtp.EnhancedCode{4, 3, 0}) }, why: "The mail server does not take mail for this address. It is tried again."},
		{name: "full for now", rcpt: func(int) error { return said(452, smtp.EnhancedCode{4, 2, 2}) }, why: "The mailbox is full. It is tried again."},
		{name: "unknown", rcpt: func(int) error { return said(550, smtp.EnhancedCode{5, 1, 1}) }, dead: true, why: "The mail server does not know this address."},
		{name: "no code of its own", rcpt: func(int) error { return said(550, smtp.NoEnhancedCode) }, dead: true, why: "The mail server does not take mail for this address."},
		{name: "own rules", data: func(int, *smtp.Conn) error { return said(554, smtp.EnhancedCode{5, 7, 1}) }, dead: true, why: "The mail server refused the message by its own rules."},
		{name: "too big", data: func(int, *smtp.Conn) error { return said(552, smtp.EnhancedCode{5, 3, 4}) }, dead: true, why: "The message is too big for the mail server."},
		{name: "wrong password", wrong: true, why: "The office could not sign in to its mail server. It is tried again."},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := serve(t, false, true)
			s.onRcpt, s.onData = x.rcpt, x.data
			if x.wrong {
				s.client.Password = "another"
			}
			b := &box{rows: []share.Message{message(t, id1, "dana@fernhill.example")}}
			r, c := runner(b, s.client)
			counts := map[string]int{}
			r.Count = func(result string) { counts[result]++ }
			once(t, r, 1)
			m := b.rows[0]
			if m.Dead != x.dead || m.Why != x.why || m.Tries != 1 || !m.SentAt.IsZero() {
				t.Fatalf("%+v", m)
			}
			if want := map[bool]string{true: "refused", false: "later"}[x.dead]; counts[want] != 1 {
				t.Errorf("counted %v", counts)
			}
			once(t, r, 0) // nothing before its time
			if x.dead {
				c.at = c.at.Add(100 * time.Hour)
				once(t, r, 0)
				return
			}
			s.mu.Lock()
			s.onRcpt, s.onData = nil, nil
			s.mu.Unlock()
			s.client.Password = "pass word"
			c.at = m.Next
			once(t, r, 1)
			if got := s.got(); len(got) != 1 || b.rows[0].SentAt.IsZero() || b.rows[0].Raw != nil {
				t.Errorf("after the server came round: %d taken, %+v", len(got), b.rows[0])
			}
		})
	}
}

// messageIDs are those of what a server took, each once.
func messageIDs(t *testing.T, all []taken) []string {
	t.Helper()
	var ids []string
	for _, x := range all {
		m, err := netmail.ReadMessage(strings.NewReader(x.Raw))
		if err != nil {
			t.Fatal(err)
		}
		if id := m.Header.Get("Message-Id"); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// The connection ends after the last byte and before the server's word: nobody
// can know, so it goes again, under the same Message-ID.
func TestALostAnswerIsSentOnceInEffect(t *testing.T) {
	s := serve(t, false, true)
	s.onData = func(n int, c *smtp.Conn) error {
		if n == 1 {
			_ = c.Conn().Close()
		}
		return nil
	}
	b := &box{rows: []share.Message{message(t, id1, "dana@fernhill.example")}}
	r, c := runner(b, s.client)
	once(t, r, 1)
	if m := b.rows[0]; m.Dead || m.Why != "The office's mail server did not answer as it should. It is tried again." {
		t.Fatalf("%+v", m)
	}
	c.at = b.rows[0].Next
	once(t, r, 1)
	if got := s.got(); len(got) != 2 || len(messageIDs(t, got)) != 1 || got[0].Raw != got[1].Raw || b.rows[0].SentAt.IsZero() {
		t.Errorf("%d taken under %v", len(got), messageIDs(t, got))
	}
}

// A server of ours dies between the mail server's word and its own note.
func TestALostNoteIsSentOnceInEffect(t *testing.T) {
	s := serve(t, false, true)
	b := &box{rows: []share.Message{message(t, id1, "dana@fernhill.example")}, loseSent: 1}
	r, c := runner(b, s.client)
	if n, err := r.Once(t.Context()); n != 1 || err == nil {
		t.Fatalf("%d, %v", n, err)
	}
	once(t, r, 0) // another still has the lease, as far as anybody knows
	c.at = b.rows[0].Next
	once(t, r, 1)
	if got := s.got(); len(got) != 2 || len(messageIDs(t, got)) != 1 || b.rows[0].SentAt.IsZero() {
		t.Errorf("%d taken under %v", len(got), messageIDs(t, got))
	}
}

func TestASlowServerIsLetGoOf(t *testing.T) {
	s := serve(t, false, true)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	s.onData = func(int, *smtp.Conn) error { <-hold; return nil }
	s.client.Timeout = 300 * time.Millisecond
	err := s.client.Send(t.Context(), message(t, id1, "dana@fernhill.example"))
	var r *post.Refusal
	if !errors.As(err, &r) || r.Final {
		t.Errorf("a server that says nothing: %v", err)
	}
	// One that never greets.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	mute := &post.SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "a@b.example", Timeout: 200 * time.Millisecond}
	if err := mute.Send(t.Context(), message(t, id1, "dana@fernhill.example")); !errors.As(err, &r) || r.Step != "greet" || r.Final {
		t.Errorf("a server that does not greet: %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	s := serve(t, false, true)
	b := &box{}
	for i := range 30 {
		m := message(t, strings.Repeat("0", 30)+string(rune('a'+i/16))+string("0123456789abcdef"[i%16]), "dana@fernhill.example")
		b.rows = append(b.rows, m)
	}
	ctx, stop := context.WithCancel(t.Context())
	sent := make(chan struct{}, 100)
	var runs sync.WaitGroup
	for range 3 { // three replicas over one outbox
		r, _ := runner(b, s.client)
		r.Pause = time.Millisecond
		r.Count = func(string) { sent <- struct{}{} }
		runs.Go(func() {
			if err := r.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	for range b.rows {
		<-sent
	}
	stop()
	runs.Wait()
	if got := s.got(); len(got) != 30 || len(messageIDs(t, got)) != 30 {
		t.Errorf("%d messages, %d different ones", len(got), len(messageIDs(t, got)))
	}
	for _, m := range b.rows {
		if m.SentAt.IsZero() || m.Raw != nil {
			t.Errorf("%s keeps its words or was not noted", m.ID)
		}
	}
}

// down is a mail server that is not there.
type down struct{ err error }

func (d down) Send(context.Context, share.Message) error { return d.err }

type filled byte

func (f filled) Read(b []byte) (int, error) {
	copy(b, bytes.Repeat([]byte{byte(f)}, len(b)))
	return len(b), nil
}

// One minute, doubled each time, four hours at most, each less or more by a
// quarter; for two days (the plan stands in runner.go, the sums by hand).
func TestTriesGrowApartAndEnd(t *testing.T) {
	for _, x := range []struct {
		random io.Reader
		factor float64
	}{{zeros{}, .75}, {filled(0xff), 1.25}} {
		b := &box{rows: []share.Message{message(t, id1, "dana@fernhill.example")}}
		r, c := runner(b, down{&post.Refusal{Step: "connect", Err: errors.New("refused")}})
		r.Random = x.random
		start := c.at
		want := []float64{1, 2, 4, 8, 16, 32, 64, 128, 240, 240}
		for i := 0; !b.rows[0].Dead; i++ {
			if i > 40 {
				t.Fatal("it never ends")
			}
			once(t, r, 1)
			if b.rows[0].Dead {
				break
			}
			minutes := 240.0
			if i < len(want) {
				minutes = want[i]
			}
			if got := b.rows[0].Next.Sub(c.at).Minutes(); got < minutes*x.factor-.01 || got > minutes*x.factor+.01 {
				t.Fatalf("after try %d: %.2f minutes, want %.2f", i+1, got, minutes*x.factor)
			}
			c.at = b.rows[0].Next
		}
		if d := c.at.Sub(start); d < 48*time.Hour || d > 54*time.Hour {
			t.Errorf("it gave up after %v", d)
		}
		if want := "The office's mail server could not be reached. The office tried for two days and then gave up."; b.rows[0].Why != want {
			t.Errorf("why: %q", b.rows[0].Why)
		}
	}
}
