package mail_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/internal/press/presstest"
)

func message() mail.Message {
	plain, rich := mail.Body(presstest.Letter())
	return mail.Message{
		From: mail.Address{Name: "Inês Duarte", Email: "ines@fernhill.example"}, To: []mail.Address{{Name: "Whitfield, Dana", Email: "dana@fernhill.example"}},
		Subject: "A trial of one home day a week – 試行", Date: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Text: plain, HTML: rich, Draft: true,
		Invite: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Method: "REQUEST",
		Attachments: []mail.Attachment{{Name: "one-page.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 \x00\xff")}, {Name: "Größe £ 名前.ics", Type: "text/calendar; method=REQUEST", Data: []byte("BEGIN:VCALENDAR\r\n")}},
	}
}

type leaf struct{ Type, Name, Body string }

// leaves reads a message with the standard library and lists its parts.
func leaves(t *testing.T, eml []byte) (netmail.Header, []leaf) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	var out []leaf
	var walk func(header map[string][]string, body io.Reader)
	walk = func(header map[string][]string, body io.Reader) {
		get := func(k string) string { return netmail.Header(header).Get(k) }
		media, params, err := mime.ParseMediaType(get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(media, "multipart/") {
			r := multipart.NewReader(body, params["boundary"])
			out = append(out, leaf{Type: media})
			for {
				p, err := r.NextRawPart()
				if err == io.EOF {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(p.Header, p)
			}
		}
		switch get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		_, d, _ := mime.ParseMediaType(get("Content-Disposition"))
		out = append(out, leaf{media, d["filename"], string(data)})
	}
	walk(m.Header, m.Body)
	return m.Header, out
}

func TestReadBack(t *testing.T) {
	msg := message()
	eml, err := mail.EML(msg)
	if err != nil {
		t.Fatal(err)
	}
	header, got := leaves(t, eml)
	text := strings.ReplaceAll(msg.Text, "\n", "\r\n")
	rich := strings.ReplaceAll(msg.HTML, "\n", "\r\n")
	want := []leaf{{Type: "multipart/mixed"}, {Type: "multipart/alternative"}, {"text/plain", "", text}, {"text/html", "", rich}, {"text/calendar", "", string(msg.Invite)},
		{"application/pdf", "one-page.pdf", "%PDF-1.7 \x00\xff"}, {"text/calendar", "Größe £ 名前.ics", "BEGIN:VCALENDAR\r\n"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if err != nil || subject != msg.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for _, k := range []string{"From", "To"} {
		if _, err := header.AddressList(k); err != nil {
			t.Errorf("%s: %v", k, err)
		}
	}
	if date, err := header.Date(); err != nil || !date.Equal(msg.Date) {
		t.Errorf("date %v, %v", date, err)
	}
	for line := range bytes.Lines(eml) {
		if !bytes.HasSuffix(line, []byte("\r\n")) || len(line) > 1000 || bytes.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line that mail does not allow: %q", line)
		}
	}
}

func TestSameBytes(t *testing.T) {
	a, errA := mail.EML(message())
	b, errB := mail.EML(message())
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("two writings differ: %v %v %s", errA, errB, cmp.Diff(string(a), string(b)))
	}
	other := message()
	other.Text += "x"
	if c, err := mail.EML(other); err != nil || bytes.Equal(a, c) {
		t.Errorf("another message has the same bytes: %v", err)
	}
}

// Python's parser is a reader that is not ours.
func TestPython(t *testing.T) {
	python := presstest.Tool(t, "python3")
	msg := message()
	eml, err := mail.EML(msg)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", `
import sys, json, email, email.policy
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
json.dump({"subject": m["subject"], "from": str(m["from"].addresses[0].display_name), "to": str(m["to"].addresses[0].display_name), "date": m["date"].datetime.isoformat(),
  "text": m.get_body(("plain",)).get_content(), "rich": "Dear Dana" in m.get_body(("html",)).get_content(),
  "files": [a.get_filename() for a in m.iter_attachments()], "defects": [str(d) for p in m.walk() for d in p.defects]}, sys.stdout)`)
	cmd.Stdin = bytes.NewReader(eml)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"subject": msg.Subject, "from": "Inês Duarte", "to": "Whitfield, Dana", "date": "2026-11-24T09:00:00+00:00", "text": msg.Text, "rich": true,
		"files": []any{"one-page.pdf", "Größe £ 名前.ics"}, "defects": []any{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*mail.Message)
		code fault.Code
	}{
		{"subject with a line break", func(m *mail.Message) { m.Subject = "Hi\r\nBcc: all@evil.example" }, "HC-MAIL-03"},
		{"name with a line break", func(m *mail.Message) { m.From.Name = "Ines\nBcc: x@y.z" }, "HC-MAIL-03"},
		{"address with a line break", func(m *mail.Message) { m.To[0].Email = "a@b.example\r\nBcc: x@y.z" }, "HC-MAIL-01"},
		{"two addresses in one", func(m *mail.Message) { m.To[0].Email = "a@b.example>, <c@d.example" }, "HC-MAIL-01"},
		{"no address", func(m *mail.Message) { m.From.Email = "ines" }, "HC-MAIL-01"},
		{"file name with a line break", func(m *mail.Message) { m.Attachments[0].Name = "a\r\nX: y.pdf" }, "HC-MAIL-03"},
		{"file name with a path", func(m *mail.Message) { m.Attachments[0].Name = "../a.pdf" }, "HC-MAIL-02"},
		{"type with a line break", func(m *mail.Message) { m.Attachments[0].Type = "text/plain\r\nX: y" }, "HC-MAIL-03"},
		{"id that is no id", func(m *mail.Message) { m.ID = "a> <b@c" }, "HC-MAIL-04"},
		{"method that is no word", func(m *mail.Message) { m.Method = "REQUEST; x=y" }, "HC-MAIL-05"},
		{"no words", func(m *mail.Message) { m.Text = " \n" }, "HC-MAIL-06"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := message()
			c.edit(&m)
			eml, err := mail.EML(m)
			var f *fault.Error
			if eml != nil || !asFault(err, &f) || f.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func asFault(err error, f **fault.Error) bool {
	e, ok := err.(*fault.Error)
	*f = e
	return ok
}

// Subjects come back as they went in, and no line of theirs is over 76 characters.
func TestSubject(t *testing.T) {
	for _, want := range []string{"A trial", "", strings.Repeat("word ", 40) + "end", "two  spaces", " leading", strings.Repeat("x", 200), "=?utf-8?q?trick?=", strings.Repeat("名前と件名", 30), "ends in a space "} {
		eml, err := mail.EML(mail.Message{Subject: want, Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(eml))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != want {
			t.Errorf("%q came back as %q, %v", want, got, err)
		}
		head, _, _ := strings.Cut(string(eml), "\r\n\r\n")
		for line := range strings.Lines(head) {
			if len(strings.TrimRight(line, "\r\n")) > 76 {
				t.Errorf("%d characters: %s", len(line), line)
			}
		}
	}
}

func TestDraftWithoutAddresses(t *testing.T) {
	eml, err := mail.EML(mail.Message{Subject: "A case", Text: "Words.", Date: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Draft: true})
	if err != nil {
		t.Fatal(err)
	}
	header, got := leaves(t, eml)
	if header.Get("X-Unsent") != "1" || len(got) != 1 || got[0].Body != "Words." {
		t.Errorf("got %v %v", header, got)
	}
}

// Hostile words stay words in the HTML body: no element and no address but ours.
func TestHostileBody(t *testing.T) {
	for _, s := range presstest.Hostile() {
		plain, rich := mail.Body(presstest.Spoil(presstest.Packet(), s))
		root, err := html.Parse(strings.NewReader(rich))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "img" || n.Data == "link" || n.Data == "iframe") {
				t.Errorf("%q became <%s>", s, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "mailto:") || strings.HasPrefix(a.Key, "on") || a.Key == "src" {
					t.Errorf("%q became %s=%q", s, a.Key, a.Val)
				}
			}
		}
		if _, err := mail.EML(mail.Message{Subject: "x", Text: plain, HTML: rich}); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzEML(f *testing.F) {
	f.Add("Subject", "Name", "a@b.example", "text\n", "file.pdf")
	f.Add("s\r\nBcc: x", "n", "a@b", "--=_homecase_1_\n.\n", "ü.pdf")
	f.Fuzz(func(t *testing.T, subject, name, address, text, file string) {
		eml, err := mail.EML(mail.Message{From: mail.Address{Name: name, Email: address}, Subject: subject, Text: text, HTML: "<p>x", Attachments: []mail.Attachment{{Name: file, Type: "application/pdf", Data: []byte(text)}}})
		if err != nil {
			return
		}
		m, err := netmail.ReadMessage(bytes.NewReader(eml))
		if err != nil {
			t.Fatalf("%v in %q", err, eml)
		}
		for k := range m.Header {
			switch k {
			case "From", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type":
			default:
				t.Errorf("a header nobody asked for: %s in %q", k, eml)
			}
		}
	})
}

func BenchmarkEML(b *testing.B) {
	m := message()
	m.Attachments[0].Data = make([]byte, 100_000)
	for b.Loop() {
		if _, err := mail.EML(m); err != nil {
			b.Fatal(err)
		}
	}
}
