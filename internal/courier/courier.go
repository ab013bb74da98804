// Package courier carries what a person shares from their workspace to an
// office, over HTTPS, and signs each request with their key. It only ever asks:
// nothing reaches the workspace on its own, so it works behind any firewall.
//
// A request that was lost, or that the office could not do just then, is made
// again, a little later each time; every request of the API may be made again.
// The package follows no redirect, so that a signed request goes to the named
// office alone, and speaks plain HTTP to this computer only, unless it is allowed.
//
//	c, err := courier.New(courier.Options{Address: "https://case.example", Key: key, Now: time.Now, Sleep: courier.Sleep})
//	paired, err := c.Pair(ctx, ops.Pairing{Code: code, Name: "Ines Moreau"})
package courier

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// Options are what a courier needs.
type Options struct {
	Address string // of the office, such as https://case.example
	Key     ed25519.PrivateKey
	Now     func() time.Time
	// Sleep waits, or returns the context's error as soon as it ends.
	Sleep func(ctx context.Context, d time.Duration) error
	// Jitter returns a number from 0 up to 1, so that many workspaces do not come back at once.
	Jitter func() float64
	// Insecure allows plain HTTP to another computer than this one.
	Insecure bool
	// Transport is how requests travel; nil is the system's way, with its proxy and certificates.
	Transport http.RoundTripper
	Version   string
}

// Times and sizes of a request.
const (
	dialTime   = 10 * time.Second
	answerTime = 30 * time.Second // to the first byte of the answer
	wholeTime  = 3 * time.Minute  // of one try, with a large file on a slow line
	maxAnswer  = 64 << 20         // bytes of an answer
)

// Courier goes to one office. It is safe to use from several goroutines.
type Courier struct {
	o      Options
	base   url.URL
	client *http.Client
}

var _ ops.Courier = (*Courier)(nil)

// New returns the courier of an office. It connects to nothing yet.
func New(o Options) (*Courier, error) {
	base, err := office(o.Address, o.Insecure)
	if err != nil {
		return nil, err
	}
	if len(o.Key) != ed25519.PrivateKeySize {
		return nil, fault.New(fault.Internal, "HC-COURIER-02", "A courier needs the person's key.")
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: dialTime}).DialContext, TLSHandshakeTimeout: dialTime,
			ResponseHeaderTimeout: answerTime, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: 64 << 10,
		}
	}
	if o.Jitter == nil {
		o.Jitter = func() float64 { return 0.5 }
	}
	return &Courier{o: o, base: *base, client: &http.Client{
		Transport: o.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}}, nil
}

// office reads an address. Only https is taken, except for this computer.
func office(address string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fault.New(fault.Invalid, "HC-COURIER-03", "%q is not the address of an office. It looks like https://case.example.", address).Because(err)
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && (insecure || thisComputer(u.Hostname())):
	default:
		return nil, fault.New(fault.Invalid, "HC-COURIER-04", "An office is reached by https, so that nobody on the way can read along.").Then("Ask your office for its https address.")
	}
	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

func thisComputer(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Sleep waits by the clock of this computer.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Pair uses an invitation up for the courier's key.
func (c *Courier) Pair(ctx context.Context, p ops.Pairing) (*ops.Paired, error) {
	var out ops.Paired
	return &out, c.send(ctx, http.MethodPost, "/api/1/pair", p, &out)
}

// Act hands an act over.
func (c *Courier) Act(ctx context.Context, org, caseID string, d ops.Delivery) (share.Entry, error) {
	var out share.Entry
	err := c.send(ctx, http.MethodPost, casePath(org, caseID, "/acts"), d, &out)
	return out, err
}

// Entries returns the lines behind one.
func (c *Courier) Entries(ctx context.Context, org, caseID string, after int64, limit int) (*ops.Batch, error) {
	query := url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {strconv.Itoa(limit)}}
	var out ops.Batch
	return &out, c.send(ctx, http.MethodGet, casePath(org, caseID, "/entries")+"?"+query.Encode(), nil, &out)
}

// Put hands a file over.
func (c *Courier) Put(ctx context.Context, org, caseID string, b share.Blob) error {
	return c.try(ctx, request{http.MethodPut, casePath(org, caseID, "/files/"+b.Hash), b.Media, b.Bytes}, nil)
}

// Missing returns which of these files the office does not have.
func (c *Courier) Missing(ctx context.Context, org, caseID string, hashes []string) ([]string, error) {
	in := struct {
		Hashes []string `json:"hashes"`
	}{append([]string{}, hashes...)}
	var out struct {
		Missing []string `json:"missing"`
	}
	err := c.send(ctx, http.MethodPost, casePath(org, caseID, "/missing"), in, &out)
	return out.Missing, err
}

// Mail tells what became of the e-mails of a case.
func (c *Courier) Mail(ctx context.Context, org, caseID string) ([]ops.Mailing, error) {
	var out []ops.Mailing
	err := c.send(ctx, http.MethodGet, casePath(org, caseID, "/mail"), nil, &out)
	return out, err
}

// Seen lists who said that they have read an edition.
func (c *Courier) Seen(ctx context.Context, org, caseID string) ([]ops.Reading, error) {
	var out []ops.Reading
	err := c.send(ctx, http.MethodGet, casePath(org, caseID, "/seen"), nil, &out)
	return out, err
}

// News leaves an address that hears when the other side asks or answers.
func (c *Courier) News(ctx context.Context, org, caseID, to string) error {
	in := struct {
		To string `json:"to"`
	}{to}
	return c.send(ctx, http.MethodPut, casePath(org, caseID, "/news"), in, nil)
}

// Record returns the whole record of a case.
func (c *Courier) Record(ctx context.Context, org, caseID string) (*share.Record, error) {
	var out share.Record
	return &out, c.send(ctx, http.MethodGet, casePath(org, caseID, "/record"), nil, &out)
}

// Erase takes the words, files and links of a case out of the office.
func (c *Courier) Erase(ctx context.Context, org, caseID string) error {
	return c.send(ctx, http.MethodDelete, casePath(org, caseID, ""), nil, nil)
}

func casePath(org, caseID, rest string) string {
	return "/api/1/" + url.PathEscape(org) + "/cases/" + url.PathEscape(caseID) + rest
}

// send makes a request with a JSON body, where there is one.
func (c *Courier) send(ctx context.Context, method, target string, in, out any) error {
	r := request{method: method, target: target}
	if in != nil {
		var body bytes.Buffer
		enc := json.NewEncoder(&body)
		enc.SetEscapeHTML(false) // the body of an act goes as it was signed
		if err := enc.Encode(in); err != nil {
			return err
		}
		r.media, r.body = "application/json", body.Bytes()
	}
	return c.try(ctx, r, out)
}

type request struct {
	method, target, media string
	body                  []byte
}

// once makes a request one time. It returns the answer's body, or a fault.
func (c *Courier) once(ctx context.Context, r request) (body []byte, retry *again, err error) {
	ctx, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	to, err := c.base.Parse(r.target)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.method, to.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Authorization", share.Authorize(c.o.Key, r.method, req.Host, req.URL.RequestURI(), c.o.Now(), r.body))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", strings.TrimSuffix("homecase/"+c.o.Version, "/"))
	if r.media != "" {
		req.Header.Set("Content-Type", r.media)
	}
	res, err := c.client.Do(req)
	if err != nil {
		return nil, &again{}, c.unreached(err)
	}
	defer res.Body.Close()
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, &again{}, c.unreached(err)
	}
	if len(body) > maxAnswer {
		return nil, nil, fault.New(fault.Invalid, "HC-COURIER-05", "The answer of %s is longer than any an office gives.", c.base.Host)
	}
	return c.judge(res, body)
}

// judge reads what an answer means.
func (c *Courier) judge(res *http.Response, body []byte) ([]byte, *again, error) {
	s := res.StatusCode
	switch {
	case s >= 200 && s < 300:
		return body, nil, nil
	case s >= 300 && s < 400:
		return nil, nil, fault.New(fault.Invalid, "HC-COURIER-06", "%s points to another address instead of answering.", c.base.Host).Then("Ask your office for its own address.")
	case s == http.StatusTooManyRequests || s >= 500:
		err := fault.New(fault.Away, ops.OfficeAway, "The office at %s cannot answer just now (%d).", c.base.Host, s).Then("Nothing is lost. Try again later.")
		return nil, &again{after: retryAfter(res.Header.Get("Retry-After"), c.o.Now())}, err
	case s == http.StatusProxyAuthRequired:
		return nil, nil, c.proxyAsks()
	}
	var no ops.Refusal
	if json.Unmarshal(body, &no) != nil || no.Code == "" || no.Message == "" {
		return nil, nil, fault.New(fault.Invalid, "HC-COURIER-07", "%s does not answer as an office does (%d).", c.base.Host, s).Then("Look whether this is the address of your office.")
	}
	return nil, nil, fault.New(kind(s), no.Code, "%s", no.Message).Then("%s", no.Next)
}

// kind is the kind of fault that a status stands for.
func kind(status int) fault.Kind {
	switch status {
	case http.StatusUnprocessableEntity:
		return fault.Finding
	case http.StatusForbidden:
		return fault.Forbidden
	case http.StatusNotFound:
		return fault.Missing
	case http.StatusConflict:
		return fault.Conflict
	}
	return fault.Invalid
}

func (c *Courier) proxyAsks() error {
	return fault.New(fault.Away, ops.OfficeAway, "The proxy of this network wants a name and a password before it lets anything out.").
		Then("Put them into the address in HTTPS_PROXY, as http://name:password@proxy:port.").Because(fmt.Errorf("407 on the way to %s", c.base.Host))
}
