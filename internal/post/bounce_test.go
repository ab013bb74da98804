package post_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homecase/fault"
	"homecase/internal/post"
	"homecase/share"
)

// report is a delivery report as RFC 3464, appendix A, shows one, with parts of the test's choice.
func report(status, original string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mail.fernhill.example
To: office@fernhill.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="RAA14128.773615765/mail.fernhill.example"

--RAA14128.773615765/mail.fernhill.example
Content-Type: text/plain; charset=us-ascii

I am sorry to tell you that your message could not be delivered.
Action: failed

--RAA14128.773615765/mail.fernhill.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.fernhill.example
Arrival-Date: Tue, 24 Nov 2026 09:00:00 +0000

`+status+`
--RAA14128.773615765/mail.fernhill.example
Content-Type: `+original+`
--RAA14128.773615765/mail.fernhill.example--
`, "\n", "\r\n")
}

const (
	gone  = "Final-Recipient: rfc822; dana@fernhill.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <script>no such user</script>\n"
	whole = "message/rfc822\n\nMessage-ID: <abcdefgh." + id1 + "@fernhill.example>\nSubject: A trial\n\nHello.\n"
	head  = "text/rfc822-headers\n\nSubject: A trial\nMessage-ID:\n <abcdefgh." + id1 + "@fernhill.example>\n"
)

func TestReportsOfMailThatCameBack(t *testing.T) {
	for name, x := range map[string]struct{ text, state string }{
		"whole message returned": {report(gone, whole), "5.1.1"},
		"headers returned":       {report(gone, head), "5.1.1"},
		"no code":                {report("Action: failed\n", whole), ""},
		"a code with words":      {report("Action: FAILED\nStatus: 5.2.2 (full)\n", whole), "5.2.2"},
		"a wrong code":           {report("Action: failed\nStatus: 9.x\n", whole), ""},
		"two receivers":          {report("Action: delayed\nStatus: 4.0.0\n\nAction: failed\nStatus: 5.0.0\n", whole), "5.0.0"},
	} {
		got, err := post.ReadBounce(strings.NewReader(x.text))
		if err != nil || got.Org != "abcdefgh" || got.ID != id1 || got.State != x.state {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, text := range map[string]string{
		"nothing":                 "",
		"no message":              "hello",
		"a person's answer":       "From: dana@fernhill.example\r\nIn-Reply-To: <abcdefgh." + id1 + "@fernhill.example>\r\n\r\nYes.\r\n",
		"delayed":                 report("Action: delayed\nStatus: 4.4.1\n", whole),
		"delivered":               report("Action: delivered\nStatus: 2.0.0\n", whole),
		"nothing returned":        report(gone, "text/plain\n\nnothing\n"),
		"mail of others":          report(gone, "message/rfc822\n\nMessage-ID: <x@elsewhere.example>\n\n"),
		"two marks in one":        report(gone, "message/rfc822\n\nMessage-ID: <abcdefgh."+id1+"@a.example> <bbbbbbbb."+id1+"@b.example>\n\n"),
		"no boundary":             "Content-Type: multipart/report; report-type=delivery-status\r\n\r\nx",
		"cut":                     report(gone, whole)[:600],
		"another report":          strings.Replace(report(gone, whole), "delivery-status;", "disposition-notification;", 1),
		"in the text only":        report("Action: relayed\n", whole),
		"too many parts":          manyParts(),
		"more than two MB":        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" + strings.Repeat("x", 3<<20) + "\r\n--b\r\n",
		"a header without an end": "Content-Type: " + strings.Repeat("a", 1<<20),
	} {
		if got, err := post.ReadBounce(strings.NewReader(text)); fault.KindOf(err) != fault.Finding {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func manyParts() string {
	var b strings.Builder
	b.WriteString("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n")
	for range 30 {
		b.WriteString("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n")
	}
	b.WriteString("--b\r\nContent-Type: message/delivery-status\r\n\r\nA: b\r\n\r\nAction: failed\r\n\r\n--b\r\nContent-Type: " + strings.ReplaceAll(whole, "\n", "\r\n") + "\r\n--b--\r\n")
	return b.String()
}

// Whose message it was sees why, in words of ours and none of the mail server.
func TestABounceIsShownToTheSender(t *testing.T) {
	for text, want := range map[string]string{
		report(gone, whole):                              "The message came back. The mail server does not know this address.",
		report("Action: failed\n", whole):                "The message came back.",
		report("Action: failed\nStatus: 5.2.9\n", whole): "The message came back. The mailbox takes no messages.",
	} {
		back, err := post.ReadBounce(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if why, err := back.Why(); err != nil || why != want {
			t.Errorf("%q, %v; want %q", why, err, want)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add([]byte(report(gone, whole)))
	f.Add([]byte(report(gone, head)))
	f.Add([]byte(report("Action: delayed\n\nAction: failed\nStatus: 5.1.1\n", whole)))
	f.Add([]byte(manyParts()))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := post.ReadBounce(bytes.NewReader(data))
		if (got == nil) == (err == nil) {
			t.Fatalf("%+v, %v", got, err)
		}
		if got != nil && (len(got.Org) != 8 || len(got.ID) != 32 || strings.ContainsAny(got.Org+got.ID, "/\\.\x00")) {
			t.Fatalf("%+v", got)
		}
		if err != nil && fault.KindOf(err) != fault.Finding {
			t.Fatalf("%v", err)
		}
	})
}

func TestFolderKeepsEachMessageOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	m := message(t, id1, "dana@fernhill.example")
	for range 2 {
		if err := post.Folder(dir).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 || names[0].Name() != "20261124-090000-link-"+id1+".eml" {
		t.Fatalf("%v, %v", names, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, names[0].Name()))
	if err != nil || !bytes.Equal(raw, m.Raw) {
		t.Errorf("the file is not the message: %v", err)
	}
	for _, id := range []string{"", "..", "../x", "a/b"} {
		m.ID = id
		if err := post.Folder(dir).Send(t.Context(), m); err == nil {
			t.Errorf("%q is taken as a name", id)
		}
	}
	// A folder that cannot be written is tried again.
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b := &box{rows: []share.Message{message(t, id1, "dana@fernhill.example")}}
	r, _ := runner(b, post.Folder(file))
	once(t, r, 1)
	if got := b.rows[0]; got.Dead || got.Next.Sub(got.Made) < 40*time.Second || got.Why != "The folder for messages could not be written. It is tried again." {
		t.Errorf("%+v", got)
	}
}
