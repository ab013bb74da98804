package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"homecase/internal/press/docx"
	"homecase/internal/press/presstest"
	"homecase/internal/press/text"
	"homecase/packet"
)

func write(t testing.TB, doc packet.Document, opt docx.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, doc, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts unpacks a file.
func parts(t testing.TB, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range r.File {
		if _, twice := out[f.Name]; twice {
			t.Errorf("%s stands twice", f.Name)
		}
		if f.Modified.UTC().Format("2006-01-02") != "2026-11-24" {
			t.Errorf("%s is dated %s", f.Name, f.Modified)
		}
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(body)
	}
	return out
}

func contents() packet.Document {
	d := presstest.Packet()
	d.Contents = true
	d.Sections[2].Level = 3
	return d
}

func TestGolden(t *testing.T) {
	for name, doc := range map[string]packet.Document{"packet.txtar": contents(), "letter.txtar": presstest.Letter()} {
		t.Run(name, func(t *testing.T) {
			all := parts(t, write(t, doc, docx.Options{}))
			var a txtar.Archive
			for _, part := range []string{"word/document.xml", "word/footer1.xml", "word/_rels/document.xml.rels", "docProps/core.xml"} {
				body := regexp.MustCompile(`(</w:p>|</w:tr>|</w:tblPr>|</w:tblGrid>|</wps:wsp>|/>)(<)`).ReplaceAllString(all[part], "$1\n$2")
				a.Files = append(a.Files, txtar.File{Name: part, Data: []byte(body + "\n")})
			}
			presstest.Golden(t, name, txtar.Format(&a))
		})
	}
}

func TestSameBytes(t *testing.T) {
	if a, b := write(t, contents(), docx.Options{}), write(t, contents(), docx.Options{}); !bytes.Equal(a, b) {
		t.Error("two writings of one document differ")
	}
}

// The rules of ECMA-376 that Word enforces, over all our documents and over
// documents full of hostile words.
func TestWordRules(t *testing.T) {
	docs := map[string]packet.Document{"packet": contents(), "letter": presstest.Letter(), "empty": {Date: contents().Date}}
	for i, s := range presstest.Hostile() {
		d := presstest.Spoil(presstest.Packet(), s)
		d.Contents = true
		docs[fmt.Sprintf("hostile %d", i)] = d
	}
	for name, doc := range docs {
		for _, paper := range []docx.Paper{docx.A4, docx.Letter} {
			t.Run(name+" "+string(paper), func(t *testing.T) { checkRules(t, parts(t, write(t, doc, docx.Options{Paper: paper}))) })
		}
	}
}

func TestHostileWordsStay(t *testing.T) {
	for _, s := range presstest.Hostile() {
		clean := strings.TrimSpace(text.Line(s))
		all := words(t, parts(t, write(t, presstest.Spoil(presstest.Packet(), s), docx.Options{}))["word/document.xml"])
		if !strings.Contains(all, clean) {
			t.Errorf("%q is not in the document", clean)
		}
		if strings.ContainsAny(all, "\x00\x07\u202e") {
			t.Errorf("%q left a control character", s)
		}
	}
}

// words joins the text of runs.
func words(t *testing.T, part string) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(part))
	in := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			in = tok.Name.Local == "t"
			if tok.Name.Local == "p" {
				b.WriteByte('\n')
			}
		case xml.EndElement:
			in = false
		case xml.CharData:
			if in {
				b.Write(tok)
			}
		}
	}
}

// Every marked number of the document stands in the file, in reading order.
func TestNumbersInOrder(t *testing.T) {
	doc := presstest.Letter()
	all := words(t, parts(t, write(t, doc, docx.Options{}))["word/document.xml"])
	for _, m := range doc.Marks(packet.Shows{Alt: true, Data: true}) {
		_, rest, found := strings.Cut(all, m.Text)
		if !found {
			t.Errorf("%s (%s) is missing or out of order", m.Text, m.Ref)
			continue
		}
		all = rest
	}
}

func TestRightToLeft(t *testing.T) {
	doc := presstest.Letter()
	doc.Sections[0].Blocks = []packet.Block{packet.Para{Text: packet.Plain("From דנה לוי, 3 days, to سارة.")}}
	got := parts(t, write(t, doc, docx.Options{}))["word/document.xml"]
	for _, want := range []string{`<w:rtl/></w:rPr><w:t xml:space="preserve">דנה לוי</w:t>`, `<w:t xml:space="preserve">, 3 days, to </w:t>`, `<w:rtl/></w:rPr><w:t xml:space="preserve">سارة</w:t>`, `<w:t xml:space="preserve">From </w:t>`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// Pandoc reads structure: headings, tables with header rows, alternative text.
func TestPandoc(t *testing.T) {
	pandoc := presstest.Tool(t, "pandoc")
	file := filepath.Join(t.TempDir(), "packet.docx")
	if err := os.WriteFile(file, write(t, contents(), docx.Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(pandoc, "-f", "docx", "-t", "json", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var ast struct {
		Blocks []struct {
			T string          `json:"t"`
			C json.RawMessage `json:"c"`
		} `json:"blocks"`
	}
	if err := json.Unmarshal(out, &ast); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, b := range ast.Blocks {
		count[b.T]++
		if b.T == "Header" {
			var level []json.RawMessage
			if err := json.Unmarshal(b.C, &level); err != nil {
				t.Fatal(err)
			}
			count["Header "+string(level[0])]++
		}
	}
	if count["Header 1"] != 7 || count["Header 2"] < 4 || count["Table"] < 7 || count["BulletList"] < 2 || count["OrderedList"] != 1 {
		t.Errorf("pandoc sees %v", count)
	}
	plain, err := exec.Command(pandoc, "-f", "docx", "-t", "html", "--wrap=none", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`alt="The desk, with one screen and a plant by a window."`, `<th`, `<a href="https://example.org/a?b=1&amp;c=2">labour force survey</a>`, `<a href="#the-work-task-by-task">see the working</a>`} {
		if !bytes.Contains(plain, []byte(want)) {
			t.Errorf("pandoc does not see %s", want)
		}
	}
}

// LibreOffice opens the file and prints the pages that we expect.
func TestLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	office, pdftotext := presstest.Tool(t, "soffice"), presstest.Tool(t, "pdftotext")
	dir := t.TempDir()
	for name, doc := range map[string]packet.Document{"packet.docx": contents(), "letter.docx": presstest.Letter()} {
		if err := os.WriteFile(filepath.Join(dir, name), write(t, doc, docx.Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "packet.docx"), filepath.Join(dir, "letter.docx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		name      string
		low, high int
		want      []string
	}{
		{"packet.pdf", 4, 6, []string{"An eight-week trial: one day a week from home, drawn by lot", "8 of 29 hours", "Page 1 of", "labour force survey", "☐ Agree", "☐ Change it", "1. We agree the plan.", "£1,000"}},
		{"letter.pdf", 1, 1, []string{"Dear Dana,", "I would like to work from home one day a week for eight weeks", "Ines Duarte"}},
	} {
		out, err := exec.Command(pdftotext, filepath.Join(dir, c.name), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		if pages := bytes.Count(out, []byte("\f")); pages < c.low || pages > c.high {
			t.Errorf("%s has %d pages", c.name, pages)
		}
		all := strings.Join(strings.Fields(string(out)), " ")
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s does not say %q", c.name, want)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	doc := contents()
	for b.Loop() {
		if err := docx.Write(io.Discard, doc, docx.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
