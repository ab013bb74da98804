package post

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"
	"sync"

	"homecase/fault"
)

// Bounds of a message that tells of one that came back.
const (
	maxBounce = 2 << 20
	maxParts  = 20
	maxFields = 64 << 10 // bytes of header that are read of one part
)

// Return is a message that came back for good.
type Return struct {
	Org, ID string
	State   string // the status code of RFC 3463
}

// ours is the form of a Message-ID of this program: organisation, message, host.
var ours = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<([a-z2-7]{8})\.([0-9a-f]{32})@[^<>@\s]{1,255}>$`)
})

// ReadBounce reads a delivery status notification (RFC 3464) and returns what it
// says of a message of ours. A Finding is what tells of no message that came back
// for good: a delay, a receipt, an answer of a person, mail of others.
func ReadBounce(r io.Reader) (*Return, error) {
	m, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxBounce)))
	if err != nil {
		return nil, notBounce("It is no e-mail message.").Because(err)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") || params["boundary"] == "" {
		return nil, notBounce("It is no delivery report.")
	}
	state, final, id := "", false, ""
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range maxParts {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, notBounce("Its parts cannot be read.").Because(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			state, final = failed(p)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			id = fields(bufio.NewReader(io.LimitReader(p, maxFields))).Get("Message-Id")
		}
	}
	if !final {
		return nil, notBounce("It tells of no message that came back for good.")
	}
	hit := ours().FindStringSubmatch(strings.TrimSpace(id))
	if hit == nil {
		return nil, notBounce("It tells of no message of this office.")
	}
	return &Return{Org: hit[1], ID: hit[2], State: state}, nil
}

func notBounce(say string) *fault.Error {
	return fault.New(fault.Finding, "HC-POST-10", "%s", "This is not taken as mail that came back. "+say)
}

// failed reads the groups of fields behind the first one, which is of the whole
// message; a message of ours has one receiver.
func failed(r io.Reader) (state string, final bool) {
	b := bufio.NewReader(io.LimitReader(r, maxFields))
	fields(b)
	for range maxParts {
		h := fields(b)
		if len(h) == 0 {
			return state, final
		}
		if action := strings.ToLower(strings.TrimSpace(h.Get("Action"))); action != "failed" {
			continue
		}
		final = true
		if s, _, _ := strings.Cut(strings.TrimSpace(h.Get("Status")), " "); isStatus(s) {
			state = s
		}
	}
	return state, final
}

// fields reads fields up to an empty line, as far as they can be read.
func fields(b *bufio.Reader) textproto.MIMEHeader {
	h, err := textproto.NewReader(b).ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) && len(h) == 0 {
		return nil
	}
	return h
}

// Why says in plain words why the message came back.
func (r *Return) Why() (string, error) {
	words, err := readWords()
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(words.Returned + " " + words.byStatus(r.State)), nil
}
