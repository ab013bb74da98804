// Package post takes what waits in an outbox to its receivers: by SMTP, or into
// a folder while an office is tried out.
//
// A message is handed over at least once. Its Message-ID follows from what it is
// about, so a receiver that gets it twice can drop one. What a server refuses for
// now is tried again later and later; what it refuses for good is not tried again,
// and the sender can read why.
//
// The package writes no message and decides nothing about whom to write to. It
// refuses to speak without encryption unless it is told to, and to sign in where
// the connection is not encrypted.
//
//	r := post.Runner{Box: store, Sender: &post.SMTP{Host: "mail.example", Port: 587, From: "office@example"}, Now: time.Now, Random: rand.Reader}
//	err := r.Run(ctx)
package post

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"homecase/fault"
	"homecase/share"
)

// Sender hands one message over. It returns nil once the next server has taken
// it, and a Refusal where it has not.
type Sender interface {
	Send(ctx context.Context, m share.Message) error
}

// Security is how a connection is kept from listeners.
type Security string

// The securities. STARTTLS is what a zero SMTP uses.
const (
	STARTTLS Security = "starttls" // required: without it nothing is sent
	TLS      Security = "tls"      // from the first byte on
	Plain    Security = "none"     // for a server on the same machine
)

// SMTP sends through one mail server.
type SMTP struct {
	Host     string
	Port     int
	Security Security
	// User and Password sign in; empty User does not.
	User, Password string
	// From is the address in the envelope: what comes back goes there.
	From string
	// Hello is the name this side gives; empty gives localhost.
	Hello string
	// Timeout bounds one message from the first byte to the last; zero is a minute.
	Timeout time.Duration
	// Config is of TLS; nil trusts what the system trusts.
	Config *tls.Config
}

const usualTimeout = time.Minute

// Check tells what is missing before anything is sent.
func (s *SMTP) Check() error {
	switch {
	case s.Host == "" || s.Port < 1 || s.Port > 65535:
		return fault.New(fault.Invalid, "HC-POST-01", "The mail server needs a host and a port from 1 to 65535.")
	case s.From == "" || strings.ContainsAny(s.From, "<> \t\r\n"):
		return fault.New(fault.Invalid, "HC-POST-02", "The mail server needs an address to send from.")
	case s.Security != "" && s.Security != STARTTLS && s.Security != TLS && s.Security != Plain:
		return fault.New(fault.Invalid, "HC-POST-03", "The security of mail is starttls, tls or none, not %q.", s.Security)
	case s.Security == Plain && s.User != "":
		return fault.New(fault.Invalid, "HC-POST-04", "A password is not sent without encryption.").Then("Set the security of mail to starttls or tls.")
	}
	return nil
}

// Send hands a message over.
func (s *SMTP) Send(ctx context.Context, m share.Message) error {
	if err := s.Check(); err != nil {
		return err
	}
	timeout := s.Timeout
	if timeout == 0 {
		timeout = usualTimeout
	}
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	conn, err := s.dial(ctx)
	if err != nil {
		return later("connect", err)
	}
	defer conn.Close()
	// A server that goes quiet is let go of when the time is up.
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	return s.speak(conn, m)
}

func (s *SMTP) dial(ctx context.Context) (net.Conn, error) {
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	if s.Security == TLS {
		return (&tls.Dialer{Config: s.config()}).DialContext(ctx, "tcp", address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

func (s *SMTP) config() *tls.Config {
	c := &tls.Config{}
	if s.Config != nil {
		c = s.Config.Clone()
	}
	c.ServerName, c.MinVersion = s.Host, tls.VersionTLS12
	return c
}

// speak is the conversation with the server. What goes wrong before the message
// itself is named is no fault of the message, so it is tried again.
func (s *SMTP) speak(conn net.Conn, m share.Message) error {
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return later("greet", err)
	}
	c.SkipSMTPUTF8(true) // every header and address of ours is ASCII
	hello := s.Hello
	if hello == "" {
		hello = "localhost"
	}
	if err := c.Hello(hello); err != nil {
		return later("greet", err)
	}
	if s.Security == "" || s.Security == STARTTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return later("starttls", errors.New("the server offers no STARTTLS"))
		}
		if err := c.StartTLS(s.config()); err != nil {
			return later("starttls", err)
		}
	}
	if err := s.signIn(c); err != nil {
		return later("sign in", err)
	}
	if err := c.Mail("<" + s.From + ">"); err != nil {
		return later("sender", err)
	}
	if err := c.Rcpt("<" + m.To + ">"); err != nil {
		return refusal("receiver", err)
	}
	w, err := c.Data()
	if err != nil {
		return refusal("message", err)
	}
	if _, err := w.Write(m.Raw); err != nil {
		return later("message", err)
	}
	if err := w.Close(); err != nil {
		return refusal("message", err)
	}
	_ = c.Quit() // the message is taken, whatever the server says now
	return nil
}

// signIn picks the strongest way that the server offers.
func (s *SMTP) signIn(c *smtp.Client) error {
	if s.User == "" {
		return nil
	}
	_, offered := c.Extension("AUTH")
	ways := " " + strings.ToUpper(offered) + " "
	switch {
	case strings.Contains(ways, " SCRAM-SHA-256 "):
		return c.Auth(smtp.ScramSHA256Auth(s.User, s.Password))
	case strings.Contains(ways, " PLAIN "):
		return c.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host, false))
	case strings.Contains(ways, " LOGIN "):
		return c.Auth(smtp.LoginAuth(s.User, s.Password, s.Host, false))
	}
	return errors.New("the server offers no way to sign in that is known here: " + offered)
}

// Refusal is why a message was not taken.
type Refusal struct {
	Step  string // connect, greet, starttls, sign in, sender, receiver or message
	Code  int    // of SMTP; 0 where the server said nothing
	State string // the enhanced status code of RFC 3463, such as 5.1.1
	Final bool   // trying again will not help
	Err   error
}

func (r *Refusal) Error() string { return "mail: " + r.Step + ": " + r.Err.Error() }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func later(step string, err error) *Refusal {
	r := refusal(step, err)
	r.Final = false
	return r
}

// refusal reads what a server said: 5xx is for good (RFC 5321, section 4.2.1).
func refusal(step string, err error) *Refusal {
	r := &Refusal{Step: step, Err: err}
	var said *textproto.Error
	if errors.As(err, &said) {
		r.Code, r.Final = said.Code, said.Code >= 500 && said.Code < 600
		r.State = status(said.Msg)
	}
	return r
}

// status is the enhanced status code at the beginning of what a server says.
func status(msg string) string {
	first, _, _ := strings.Cut(msg, " ")
	if isStatus(first) {
		return first
	}
	return ""
}

// isStatus tells whether a word is a status code of RFC 3463, section 2.
func isStatus(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || !strings.Contains("245", parts[0]) || len(parts[0]) != 1 {
		return false
	}
	for _, p := range parts[1:] {
		if n, err := strconv.Atoi(p); err != nil || n < 0 || n > 999 || strconv.Itoa(n) != p {
			return false
		}
	}
	return true
}
