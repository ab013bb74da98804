package courier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"homecase/fault"
	"homecase/ops"
)

// How often a request is made, and how long is waited in between.
const (
	tries     = 5
	firstWait = 500 * time.Millisecond
	mostWait  = 20 * time.Second
)

// again says that a request may be made again, and how long the office asked to wait.
type again struct{ after time.Duration }

// try makes a request until it was answered, with a longer wait each time. Half
// of a wait is left to chance.
func (c *Courier) try(ctx context.Context, r request, out any) error {
	wait := firstWait
	for n := 1; ; n++ {
		body, retry, err := c.once(ctx, r)
		switch {
		case err == nil && out != nil:
			return c.read(body, out)
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fault.New(fault.Away, ops.OfficeAway, "The office at %s was not waited for any longer.", c.base.Host).Because(ctx.Err())
		case retry == nil || n == tries || final(err):
			return err
		}
		pause := wait/2 + time.Duration(c.o.Jitter()*float64(wait/2))
		if retry.after > mostWait {
			return err // it asks for more patience than a person at a page has
		}
		if err := c.o.Sleep(ctx, max(pause, retry.after)); err != nil {
			return fault.New(fault.Away, ops.OfficeAway, "The office at %s was not waited for any longer.", c.base.Host).Because(err)
		}
		wait = min(2*wait, mostWait)
	}
}

// read takes an answer. Fields that this program does not know are left: the
// office may be newer.
func (c *Courier) read(body []byte, out any) error {
	if err := json.Unmarshal(body, out); err != nil {
		return fault.New(fault.Invalid, "HC-COURIER-07", "%s does not answer as an office does.", c.base.Host).Then("Look whether this is the address of your office.").Because(err)
	}
	return nil
}

// retryAfter reads how long an answer asks to wait: seconds, or a time.
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(strings.TrimSpace(header)); err == nil && s >= 0 && s < 1<<31 {
		return time.Duration(s) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

// certificate is the code of an office whose certificate is not right. Asking
// again does not change it.
const certificate fault.Code = "HC-COURIER-08"

func final(err error) bool { return fault.CodeOf(err) == certificate }

// unreached says in one sentence why an office was not reached.
func (c *Courier) unreached(err error) error {
	host := c.base.Host
	wrong := func(say, next string) error {
		return fault.New(fault.Away, certificate, say, host).Then("%s", next).Because(err)
	}
	away := func(say, next string) error {
		return fault.New(fault.Away, ops.OfficeAway, say, host).Then("%s", next).Because(err)
	}
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		header  tls.RecordHeaderError
		dns     *net.DNSError
		op      *net.OpError
	)
	const nothing = "Nothing is lost. Look whether this computer is on the network, and try again later."
	switch {
	case errors.As(err, &name):
		return wrong("The computer that answers for %s has the certificate of another name, so nothing was sent.", "Look at the address, and ask your office.")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return wrong("The certificate of %s is over or not yet valid, so nothing was sent.", "Look at the clock of this computer; if it is right, tell your office.")
	case errors.As(err, &unknown), errors.As(err, &invalid):
		return wrong("The certificate of %s comes from nobody this computer trusts, so nothing was sent.", "Ask your office; where it has a certificate authority of its own, SSL_CERT_FILE names its file.")
	case errors.As(err, &header), strings.Contains(err.Error(), "HTTP response to HTTPS client"): // net/http's own words for it
		return wrong("%s does not speak https at this address.", "Look at the address and its port.")
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return away("The proxy of this network did not let homecase through to %s.", "Look at HTTPS_PROXY, or ask whoever runs the network.")
	case strings.Contains(err.Error(), "Proxy Authentication Required"):
		return c.proxyAsks()
	case errors.As(err, &dns) && dns.IsNotFound:
		return away("There is no computer called %s, as far as this network knows.", "Look at the address. "+nothing)
	}
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return away("The office at %s took too long to answer.", nothing)
	}
	return away("The office at %s was not reached.", nothing)
}
