package mail_test

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/press/mail"
)

func TestTypedAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		"dana@example.com":                   "dana@example.com",
		"  Dana.W+work@Example.COM ":         "Dana.W+work@example.com",
		"o'brien@mail.example.ie":            "o'brien@mail.example.ie",
		"dana@bücher.example":                "dana@xn--bcher-kva.example", // RFC 3492 punycode, as Python's "idna" codec writes it
		"":                                   "",
		"dana":                               "",
		"@example.com":                       "",
		"dana@":                              "",
		"dana@localhost":                     "",
		"dana@example.com.":                  "",
		"dana@.example.com":                  "",
		"dana@exa mple.com":                  "",
		"dana@example.com, eve@example.com":  "",
		"Dana <dana@example.com>":            "",
		`"a b"@example.com`:                  "",
		"dana@[127.0.0.1]":                   "",
		"dana@example.com\r\nBcc: e@evil.io": "",
		"dana@example.com\nBcc":              "",
		"dana\x00@example.com":               "",
		"dána@example.com":                   "",
		"<dana@example.com>":                 "",
		"dana..w@example.com":                "",
		strings.Repeat("a", 250) + "@ex.com": "",
	} {
		got, err := mail.Typed(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: kind of %v", typed, err)
		}
	}
}

// Every field that becomes a header refuses a line break, so none can begin a header of its own.
func TestNoFieldBeginsAHeader(t *testing.T) {
	const evil = "x\r\nBcc: eve@evil.example"
	plain := func() mail.Message {
		return mail.Message{From: mail.Address{Name: "Ines", Email: "ines@fernhill.example"}, ReplyTo: mail.Address{Name: "Ines", Email: "ines@fernhill.example"},
			To: []mail.Address{{Name: "Dana", Email: "dana@fernhill.example"}}, Subject: "A trial", ID: "a@b.example", Text: "Hello.", Date: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC),
			Attachments: []mail.Attachment{{Name: "a.pdf", Type: "application/pdf"}}}
	}
	if _, err := mail.EML(plain()); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*mail.Message, string){
		"from name":     func(m *mail.Message, s string) { m.From.Name = s },
		"from address":  func(m *mail.Message, s string) { m.From.Email = "ines@fernhill.example" + s },
		"reply name":    func(m *mail.Message, s string) { m.ReplyTo.Name = s },
		"reply address": func(m *mail.Message, s string) { m.ReplyTo.Email = "ines@fernhill.example" + s },
		"to name":       func(m *mail.Message, s string) { m.To[0].Name = s },
		"to address":    func(m *mail.Message, s string) { m.To[0].Email = "dana@fernhill.example" + s },
		"cc name":       func(m *mail.Message, s string) { m.Cc = []mail.Address{{Name: s, Email: "c@fernhill.example"}} },
		"subject":       func(m *mail.Message, s string) { m.Subject = s },
		"id":            func(m *mail.Message, s string) { m.ID = "a" + s + "@b" },
		"file name":     func(m *mail.Message, s string) { m.Attachments[0].Name = s },
		"file type":     func(m *mail.Message, s string) { m.Attachments[0].Type = s },
	} {
		for _, s := range []string{evil, strings.ReplaceAll(evil, "\r", ""), strings.ReplaceAll(evil, "\n", ""), "x\u0085y", "x\x00y"} {
			m := plain()
			spoil(&m, s)
			if eml, err := mail.EML(m); err == nil {
				t.Errorf("%s: %q was written: %q", field, s, eml)
			}
		}
	}
}

func TestAutomaticMailSaysSo(t *testing.T) {
	m := mail.Message{From: mail.Address{Name: "Инес Дуарте via Fernhill", Email: "office@fernhill.example"}, ReplyTo: mail.Address{Name: "Инес", Email: "ines@fernhill.example"},
		To: []mail.Address{{Email: "dana@fernhill.example"}}, Subject: "Вопрос", Text: "Hello.", Auto: true, Date: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	eml, err := mail.EML(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := netmail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	from, err := got.Header.AddressList("From")
	if err != nil || from[0].Name != m.From.Name {
		t.Errorf("from: %v, %v", from, err)
	}
	reply, err := got.Header.AddressList("Reply-To")
	if err != nil || reply[0].Address != "ines@fernhill.example" || reply[0].Name != "Инес" {
		t.Errorf("reply-to: %v, %v", reply, err)
	}
	if got.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("headers: %v", got.Header)
	}
	for line := range strings.Lines(string(eml)) {
		if strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			t.Errorf("a raw byte beyond ASCII in %q", line)
		}
	}
}
