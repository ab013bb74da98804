// Package mail writes a message as an .eml file that a mail program opens as a
// draft: the same words as plain text and as simple HTML, and attachments. The
// message asks no other computer for anything: no picture, no style sheet, no
// receipt. The package sends nothing.
//
// It refuses a header that would break out of its line, an address that is
// none, and a message without words.
package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"homecase/fault"
	"homecase/internal/press/text"
)

// Address is a person. Name may be empty.
type Address struct{ Name, Email string }

// Attachment is a file that goes with the message. Type is its media type,
// such as application/pdf or "text/calendar; method=REQUEST".
type Attachment struct {
	Name string
	Type string
	Data []byte
}

// Message is what EML writes. Everything that could differ from run to run is
// given by the caller.
type Message struct {
	From    Address   // may be empty in a draft
	ReplyTo Address   // may be empty: answers then go to From
	To, Cc  []Address // may be empty in a draft
	Subject string
	Date    time.Time
	// ID names the message for good, such as "case-7f3a@homecase.invalid"; empty makes one from the content.
	ID   string
	Text string
	HTML string // empty leaves the HTML part out
	// Invite is a meeting as iCalendar text; mail programs show it with buttons to accept. Method is its METHOD.
	Invite []byte
	Method string
	// Auto marks a message that no person sent by hand, so that no machine answers it (RFC 3834).
	Auto bool
	// Draft marks the message as one to be looked at and sent by the person.
	Draft       bool
	Attachments []Attachment
}

// EML writes the message in the form of RFC 5322. The same message gives the
// same bytes.
func EML(msg Message) ([]byte, error) {
	if err := msg.check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if err := msg.address(m); err != nil {
		return nil, err
	}
	m.SetGenHeaderPreformatted(gomail.HeaderSubject, subject(msg.Subject))
	m.SetDateWithValue(msg.Date)
	m.SetMessageIDWithValue(msg.id())
	if msg.Draft {
		m.SetGenHeader("X-Unsent", "1") // Outlook opens the file ready to be sent
	}
	if msg.Auto {
		m.SetGenHeader("Auto-Submitted", "auto-generated")
	}
	m.SetBodyString(gomail.TypeTextPlain, crlf(msg.Text))
	if msg.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, crlf(msg.HTML))
	}
	if len(msg.Invite) > 0 {
		m.AddAlternativeString(gomail.ContentType("text/calendar; method="+msg.Method), string(msg.Invite))
	}
	for _, a := range msg.Attachments {
		if err := m.AttachReader(a.Name, bytes.NewReader(a.Data)); err != nil {
			return nil, fmt.Errorf("attach %s: %w", a.Name, err)
		}
	}
	for i, f := range m.GetAttachments() {
		label(f, msg.Attachments[i])
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("write the message: %w", err)
	}
	return settle(b.Bytes(), msg.digest()), nil
}

// subject writes a subject line: plain where it can be, else as encoded words
// of RFC 2047, folded so that no line is longer than 76 characters.
func subject(s string) string {
	const room = 76 - len("Subject: ")
	ascii := !strings.Contains(s, "=?") && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
	if lines := text.Wrap(s, room); ascii && strings.Join(lines, " ") == s && longest(lines) <= room {
		return strings.Join(lines, "\r\n ")
	}
	const bytesAWord = 39 // 52 letters of base64 and 12 of frame fit into room
	var words []string
	word := ""
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		if len(word)+utf8.RuneLen(r) > bytesAWord {
			words = append(words, word)
			word = ""
		}
		word += string(r)
	}
	words = append(words, word)
	for i, w := range words {
		words[i] = "=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(w)) + "?="
	}
	return strings.Join(words, "\r\n ")
}

func longest(lines []string) int {
	n := 0
	for _, l := range lines {
		n = max(n, len(l))
	}
	return n
}

// label writes the headers of an attachment. Names beyond ASCII are written
// as RFC 2231 has them, which Thunderbird, Outlook, Apple Mail and Gmail read;
// the name in Content-Type, for old programs, is an encoded word of RFC 2047.
func label(f *gomail.File, a Attachment) {
	media, params, err := mime.ParseMediaType(a.Type)
	if err != nil {
		media, params = "application/octet-stream", map[string]string{}
	}
	params["name"] = mime.QEncoding.Encode("utf-8", a.Name)
	f.Header.Set("Content-Type", mime.FormatMediaType(media, params))
	f.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	f.Header.Set("Content-Transfer-Encoding", string(gomail.EncodingB64))
}

func (msg Message) address(m *gomail.Msg) error {
	if msg.From.Email != "" {
		if err := m.FromFormat(msg.From.Name, msg.From.Email); err != nil {
			return refuse(msg.From, err)
		}
	}
	if msg.ReplyTo.Email != "" {
		if err := m.ReplyToFormat(msg.ReplyTo.Name, msg.ReplyTo.Email); err != nil {
			return refuse(msg.ReplyTo, err)
		}
	}
	for _, to := range msg.To {
		if err := m.AddToFormat(to.Name, to.Email); err != nil {
			return refuse(to, err)
		}
	}
	for _, cc := range msg.Cc {
		if err := m.AddCcFormat(cc.Name, cc.Email); err != nil {
			return refuse(cc, err)
		}
	}
	return nil
}

func refuse(a Address, err error) error {
	return fault.New(fault.Invalid, "HC-MAIL-01", "%q is not an e-mail address.", a.Email).Because(err)
}

// check refuses what could add a header of its own, and a message that says nothing.
func (msg Message) check() error {
	lines := []struct{ what, s string }{{"subject", msg.Subject}, {"name of the message", msg.ID}, {"method", msg.Method}}
	for _, a := range append(append([]Address{msg.From, msg.ReplyTo}, msg.To...), msg.Cc...) {
		lines = append(lines, struct{ what, s string }{"name", a.Name}, struct{ what, s string }{"address", a.Email})
		if a.Email == "" {
			continue
		}
		if got, err := netmail.ParseAddress("<" + a.Email + ">"); err != nil || got.Address != a.Email {
			return refuse(a, err)
		}
	}
	for _, a := range msg.Attachments {
		lines = append(lines, struct{ what, s string }{"name of an attachment", a.Name}, struct{ what, s string }{"type of an attachment", a.Type})
		if strings.TrimSpace(a.Name) == "" || strings.ContainsAny(a.Name, `/\`) {
			return fault.New(fault.Invalid, "HC-MAIL-02", "An attachment cannot be called %q.", a.Name)
		}
	}
	for _, l := range lines {
		if strings.ContainsFunc(l.s, unicode.IsControl) {
			return fault.New(fault.Invalid, "HC-MAIL-03", "The %s %q holds a line break or another control character.", l.what, l.s)
		}
	}
	if strings.ContainsAny(msg.ID, " <>") || msg.ID != "" && !strings.Contains(msg.ID, "@") {
		return fault.New(fault.Internal, "HC-MAIL-04", "A message cannot be named %q: the form is left@right.", msg.ID)
	}
	if len(msg.Invite) > 0 && !method.MatchString(msg.Method) {
		return fault.New(fault.Internal, "HC-MAIL-05", "An invitation has the method REQUEST, PUBLISH or another word, not %q.", msg.Method)
	}
	if strings.TrimSpace(msg.Text) == "" {
		return fault.New(fault.Invalid, "HC-MAIL-06", "The message has no text.")
	}
	return nil
}

var method = regexp.MustCompile(`^[A-Z]+$`)

// digest stands for the whole content.
func (msg Message) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %s %q %q %q %q %q %t\n", msg.From, msg.To, msg.Cc, msg.Subject, msg.Date.UTC(), msg.ID, msg.Text, msg.HTML, msg.Invite, msg.Method, msg.Draft)
	if msg.Auto || msg.ReplyTo != (Address{}) {
		fmt.Fprintf(h, "%q %t\n", msg.ReplyTo, msg.Auto)
	}
	for _, a := range msg.Attachments {
		fmt.Fprintf(h, "%q %q %x\n", a.Name, a.Type, sha256.Sum256(a.Data))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (msg Message) id() string {
	if msg.ID != "" {
		return msg.ID
	}
	return msg.digest()[:32] + "@homecase.invalid"
}

func crlf(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

var boundary = regexp.MustCompile(`boundary=([0-9a-f]{60})\b`)

// settle puts boundaries made from the content in place of the random ones.
// They begin with "=_", which neither quoted-printable nor base64 can hold, so
// no body can contain one.
func settle(eml []byte, digest string) []byte {
	head, _, _ := bytes.Cut(eml, []byte("\r\n\r\n"))
	random := [][]byte{}
	if m := boundary.FindSubmatch(head); m != nil {
		random = append(random, m[1])
		// An inner boundary stands in the headers right behind the first outer one.
		if _, inner, ok := bytes.Cut(eml, append([]byte("--"), m[1]...)); ok {
			innerHead, _, _ := bytes.Cut(inner, []byte("\r\n\r\n"))
			if m := boundary.FindSubmatch(innerHead); m != nil {
				random = append(random, m[1])
			}
		}
	}
	for i, r := range random {
		fixed := fmt.Appendf(nil, "=_homecase_%d_%s", i+1, digest[:32])
		eml = bytes.ReplaceAll(eml, append([]byte("boundary="), r...), []byte(`boundary="`+string(fixed)+`"`))
		eml = bytes.ReplaceAll(eml, append([]byte("--"), r...), append([]byte("--"), fixed...))
	}
	return eml
}
