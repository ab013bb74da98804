package ops_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/pdf"
	"homecase/internal/press/pdf/parse"
	"homecase/ops"
)

// The agreement is made only when asked for by name; the packet stays as it is.
func TestAgreementOnlyWhenAskedFor(t *testing.T) {
	files := build(t, accounts, ops.BuildOptions{})
	if len(files) != 8 || len(ops.Formats()) != 8 {
		t.Errorf("the packet has %d files", len(files))
	}
	for _, name := range ops.ExtraFormats() {
		if files[name] != nil {
			t.Errorf("%s was made without being asked for", name)
		}
	}
	for _, c := range []struct {
		only []string
		want int
	}{{[]string{"agreement"}, 2}, {[]string{"agreement.docx"}, 1}, {[]string{"agreement.pdf", "record"}, 2}, {[]string{"pdf"}, 2}, {[]string{"docx"}, 2}} {
		if files := build(t, accounts, ops.BuildOptions{Only: c.only}); len(files) != c.want {
			t.Errorf("--only %v made %d files", c.only, len(files))
		}
	}
}

// The printed draft carries its working and can be verified like the packet; a
// changed number is named. The same case gives the same bytes.
func TestAgreementIsVerified(t *testing.T) {
	for _, path := range []string{accounts, example("engineer-two-days")} {
		for _, o := range []ops.BuildOptions{{Paper: "a4"}, {Paper: "letter", Large: true}} {
			o.Only = []string{"agreement"}
			files, again := build(t, path, o), build(t, path, o)
			if v := verify(t, "agreement.pdf", files["agreement.pdf"]); !v.OK || v.Numbers < 20 || v.Document != "agreement" {
				t.Errorf("%s: %+v", path, v)
			}
			for name, data := range files {
				if !bytes.Equal(data, again[name]) {
					t.Errorf("%s differs from one build to the next", name)
				}
			}
		}
	}
	pdf := build(t, accounts, ops.BuildOptions{Only: []string{"agreement.pdf"}})["agreement.pdf"]
	if v, err := tryVerify(t, "agreement.pdf", editAttachment(t, pdf, `"hours": 14`, `"hours": 12`)); err == nil && v.OK {
		t.Error("a changed input was not noticed")
	}
}

// The draft stands behind the packet only when it is asked for: in packet.pdf
// and packet.docx, word for word as alone, with every number recomputed. The
// other files say the same as without it.
func TestAgreementBehindThePacket(t *testing.T) {
	for _, path := range []string{accounts, example("engineer-two-days")} {
		plain, with := build(t, path, ops.BuildOptions{}), build(t, path, ops.BuildOptions{With: []string{"agreement"}})
		alone := build(t, path, ops.BuildOptions{Only: []string{"agreement"}})
		before, after := verify(t, "packet.pdf", plain["packet.pdf"]), verify(t, "packet.pdf", with["packet.pdf"])
		if !before.OK || !after.OK || after.Numbers < before.Numbers+20 {
			t.Errorf("%s: %d numbers, then %d: %v", path, before.Numbers, after.Numbers, after.Differences)
		}
		for _, name := range []string{"one-page.pdf", "packet.html"} {
			if v := verify(t, name, with[name]); !v.OK || v.Numbers != verify(t, name, plain[name]).Numbers {
				t.Errorf("%s: %s: %+v", path, name, v.Differences)
			}
		}
		if problems := pdf.Check(with["packet.pdf"]); len(problems) > 0 {
			t.Errorf("%s: the structure of packet.pdf: %v", path, problems)
		}
		packet, draft := documentXML(t, with["packet.docx"]), documentXML(t, alone["agreement.docx"])
		for _, part := range []string{"A. Who agrees", "K. How the work is judged", "Y. Attachments", "Safety check", "What the law asks for"} {
			if !strings.Contains(packet, part) || !strings.Contains(draft, part) || strings.Contains(documentXML(t, plain["packet.docx"]), part) {
				t.Errorf("%s: %q is not where it belongs", path, part)
			}
			if !slices.Contains(bookmarks(t, with["packet.pdf"]), "  "+part) {
				t.Errorf("%s: no bookmark for %q", path, part)
			}
		}
		if bytes.Contains(with["packet.html"], []byte("Y. Attachments")) {
			t.Error("the web page holds the draft")
		}
		if v, err := tryVerify(t, "packet.pdf", editAttachment(t, with["packet.pdf"], `"agreement": true`, `"agreement": false`)); err == nil && v.OK {
			t.Error("that the draft belongs to the packet can be taken out of the working unseen")
		}
	}
	if _, err := desk().BuildPacket(t.Context(), accounts, ops.BuildOptions{With: []string{"hologram"}}); fault.CodeOf(err) != "HC-OPS-09" {
		t.Errorf("an appendix that is not there: %v", err)
	}
}

// bookmarks lists a PDF's bookmarks, those below another behind two spaces.
func bookmarks(t *testing.T, data []byte) (titles []string) {
	t.Helper()
	f, err := parse.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	var list func(item parse.Object, in string)
	list = func(item parse.Object, in string) {
		for ; item != nil; item = f.Dict(item)["Next"] {
			d := f.Dict(item)
			title, _ := f.Resolve(d["Title"]).(parse.String)
			titles = append(titles, in+parse.TextString(title))
			list(d["First"], in+"  ")
		}
	}
	list(f.Dict(f.Catalog()["Outlines"])["First"], "")
	return titles
}

// Every letter comes as text, as a letter to edit and as a message to send.
func TestLettersInEveryForm(t *testing.T) {
	with := func(old, new string) string { return edited(t, accounts, old, new) }
	at := with("  lowest: one-project\n", "  lowest: one-project\n  at: one-day\n")
	said := with("  lowest: one-project\n", "  lowest: one-project\n  not_now: {said: 2026-12-01, worry: Month-end may slip}\n")
	on := day.Must("2026-12-01")
	trial := ops.LetterOptions{Plan: "../examples/trial/plan.yaml", Days: "../examples/trial/days-good.csv"}
	for kind, c := range map[homecase.NoteKind]struct {
		path string
		o    ops.LetterOptions
		says string
	}{
		homecase.ProjectDay: {accounts, ops.LetterOptions{Project: "the supplier file", ProjectDate: day.Must("2026-12-08")}, "Subject: One day at home for the supplier file"},
		homecase.Thanks:     {accounts, ops.LetterOptions{On: on}, "Thank you for your time on Tuesday 1 December."},
		homecase.NotNow:     {said, ops.LetterOptions{On: on}, "May I come back to it on 1 March 2027?"},
		homecase.HRQuestion: {accounts, ops.LetterOptions{}, "To: Human Resources"},
		homecase.Reference:  {accounts, ops.LetterOptions{}, "To: Colin Bright"},
		homecase.NextRung:   {at, trial, "The verdict is: clearly at least as good."},
	} {
		text, err := desk().Letter(kind, c.path, "", c.o)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if flat := strings.Join(strings.Fields(string(text)), " "); !strings.Contains(flat, c.says) || strings.Contains(flat, "{") || !strings.HasSuffix(flat, "Ines Duarte") {
			t.Errorf("%s: %s", kind, text)
		}
		same, err := desk().Letter(kind, c.path, "a.TXT", c.o)
		if err != nil || !bytes.Equal(text, same) {
			t.Errorf("%s as .txt: %v", kind, err)
		}
		message, err := desk().Letter(kind, c.path, "a.eml", c.o)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if m, err := mail.ReadMessage(bytes.NewReader(message)); err != nil || m.Header.Get("Subject") == "" || m.Header.Get("From") == "" {
			t.Errorf("%s as .eml: %v", kind, err)
		}
		file, err := desk().Letter(kind, c.path, "a.docx", c.o)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if _, err := zip.NewReader(bytes.NewReader(file), int64(len(file))); err != nil {
			t.Errorf("%s as .docx: %v", kind, err)
		}
	}
	if _, err := desk().Letter(homecase.Thanks, accounts, "a.pdf", ops.LetterOptions{On: on}); fault.CodeOf(err) != "HC-OPS-30" {
		t.Errorf("as .pdf: %v", err)
	}
	trial.Days = "../examples/trial/days-worse.csv"
	if text, err := desk().Letter(homecase.NextRung, at, "", trial); fault.KindOf(err) != fault.Finding || text != nil {
		t.Errorf("after a bad trial: %v", err)
	}
}

// The reasons of a request to Human Resources come from a file of their own and
// reach no file of the packet.
func TestReasonsReachNoFileOfThePacket(t *testing.T) {
	path := edited(t, accounts, "country: GB, part: england", "country: SG")
	why := filepath.Join(t.TempDir(), "why.txt")
	if err := os.WriteFile(why, []byte("My mother is ill, zqx.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := desk().Letter(homecase.HRRequest, path, "", ops.LetterOptions{Reasons: why})
	if err != nil || !strings.Contains(string(text), "My reason: My mother is ill, zqx.") {
		t.Fatalf("%v: %s", err, text)
	}
	file, err := desk().Letter(homecase.HRRequest, path, "a.docx", ops.LetterOptions{Reasons: why})
	if err != nil || !strings.Contains(documentXML(t, file), "zqx") {
		t.Errorf("the letter to edit: %v", err)
	}
	if _, err := desk().Letter(homecase.HRRequest, path, "", ops.LetterOptions{Reasons: why + "x"}); fault.CodeOf(err) != "HC-FILE-20" {
		t.Errorf("a file that is not there: %v", err)
	}
	for name, data := range build(t, path, ops.BuildOptions{}) {
		if bytes.Contains(data, []byte("zqx")) {
			t.Errorf("the reasons stand in %s", name)
		}
	}
}

// documentXML is the text part of a word processor's file.
func documentXML(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edited is a case file with one piece of text changed.
func edited(t *testing.T, path, old, new string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "case.yaml")
	if err := os.WriteFile(out, swap(t, text, old, new), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}
