package pptx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"homecase/day"
	"homecase/internal/press/pptx"
	"homecase/internal/press/presstest"
	"homecase/internal/press/text"
	"homecase/packet"
)

func write(t testing.TB, doc packet.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pptx.Write(&b, doc); err != nil {
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
	for i, f := range r.File {
		if _, twice := out[f.Name]; twice {
			t.Errorf("%s stands twice", f.Name)
		}
		if i == 0 && f.Name != "[Content_Types].xml" {
			t.Errorf("the file begins with %s", f.Name)
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

// talk has a slide for every chart, one without a picture, and two of one name.
func talk() packet.Document {
	say, note := presstest.Text, func(s ...string) packet.Block {
		return packet.Para{Style: packet.Note, Text: presstest.Text(s...), Evidence: presstest.Text("My task log")}
	}
	week := packet.Windows{Days: []packet.Window{{Name: "Mon", Place: "Home", Lit: packet.FillHome}, {Name: "Tue", Place: "One of these", Lit: packet.FillPale}, {Name: "Wed", Place: "Office", Lit: packet.FillOffice}}}
	line := packet.Timeline{Weeks: 8, Length: 8.4, Fill: packet.FillPale, Above: presstest.Spans("Any of these days can be the last"), Moments: []packet.Moment{{Label: presstest.Spans("{from|11 January}: it starts")}, {At: 8.4, Label: presstest.Spans("{decide|11 March}: we decide")}}, Each: presstest.Spans("a check-in every Friday")}
	d := packet.Document{Kind: packet.Slides, Lang: "en-GB", Title: "A trial of one home day a week", Author: "Ines Duarte", Reader: "Dana Whitfield", Date: day.Must("2026-11-24"), Subject: "A proposal", Footer: "From Ines Duarte to Dana Whitfield", Sections: []packet.Section{
		{ID: "ask", Label: "What I ask for", Blocks: []packet.Block{packet.Para{Style: packet.Ask, Text: say("I would like to work from home one day a week for eight weeks.")}, packet.Figure{ID: "week", Chart: week, Alt: say("Monday at home, Tuesday perhaps, Wednesday in the office.")}, note("From {start|11 January} on.")}},
		{ID: "trial", Label: "The trial", Blocks: []packet.Block{packet.Para{Text: say("You can stop it on any day by telling me.")}, packet.Figure{ID: "line", Chart: line, Alt: say("Eight weeks from {from|11 January}.")}}},
		{ID: "words", Label: "The trial", Blocks: []packet.Block{packet.Para{Text: say("No picture stands here.")}, packet.List{Items: []packet.Text{say("A promise.")}}}},
	}}
	for _, b := range append(presstest.Packet().Sections[0].Blocks, presstest.Packet().Sections[5].Blocks...) {
		if f, ok := b.(packet.Figure); ok {
			d.Sections = append(d.Sections, packet.Section{ID: f.ID, Label: "Picture of " + f.ID, Blocks: []packet.Block{packet.Para{Text: f.Alt}, f}})
		}
	}
	return d
}

func TestGolden(t *testing.T) {
	all := parts(t, write(t, talk()))
	var a txtar.Archive
	for _, part := range []string{"ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/slides/slide2.xml", "ppt/slides/slide3.xml", "ppt/notesSlides/notesSlide1.xml", "ppt/notesSlides/notesSlide3.xml", "ppt/slides/_rels/slide1.xml.rels", "docProps/core.xml"} {
		body := regexp.MustCompile(`(</p:sp>|</p:cxnSp>|</p:grpSpPr>|</a:p>|/>)(<)`).ReplaceAllString(all[part], "$1\n$2")
		a.Files = append(a.Files, txtar.File{Name: part, Data: []byte(body + "\n")})
	}
	presstest.Golden(t, "talk.txtar", txtar.Format(&a))
}

func TestSameBytes(t *testing.T) {
	if a, b := write(t, talk()), write(t, talk()); !bytes.Equal(a, b) {
		t.Error("two writings of one document differ")
	}
}

// The rules hold for a talk, for a packet that was never meant as one, for
// nothing at all and for documents full of hostile words.
func TestRules(t *testing.T) {
	docs := map[string]packet.Document{"talk": talk(), "packet": presstest.Packet(), "letter": presstest.Letter(), "empty": {Date: talk().Date}}
	for i, s := range presstest.Hostile() {
		docs[fmt.Sprintf("hostile %d", i)] = presstest.Spoil(presstest.Packet(), s)
	}
	for name, doc := range docs {
		t.Run(name, func(t *testing.T) {
			for _, p := range problems(parts(t, write(t, doc))) {
				t.Error(p)
			}
		})
	}
}

// Each planted fault is found: rules that find nothing prove nothing.
func TestRulesCatchFaults(t *testing.T) {
	const slide, master = "ppt/slides/slide1.xml", "ppt/slideMasters/slideMaster1.xml"
	for _, c := range []struct{ name, part, old, new, want string }{
		{"a number twice", slide, `<p:cNvPr id="3"`, `<p:cNvPr id="2"`, "stands twice"},
		{"no title", slide, `type="title"`, `type="body"`, "not in its layout"},
		{"a title twice", "ppt/slides/slide2.xml", "The trial", "What I ask for", "stands twice"},
		{"no alternative text", slide, `descr="Monday at home, Tuesday perhaps, Wednesday in the office."`, `descr=""`, "alternative text"},
		{"text before its properties", slide, `<a:rPr lang="en-GB"/><a:t>What I ask for</a:t>`, `<a:t>What I ask for</a:t><a:rPr lang="en-GB"/>`, "too late"},
		{"no language", slide, `<a:rPr lang="en-GB"/><a:t>What`, `<a:rPr/><a:t>What`, "without a language"},
		{"a relationship to nowhere", "ppt/slides/_rels/slide1.xml.rels", "slideLayout2.xml", "slideLayout9.xml", "not there"},
		{"notes of another slide", "ppt/notesSlides/_rels/notesSlide1.xml.rels", "slide1.xml", "slide2.xml", "belong to"},
		{"a content type left out", "[Content_Types].xml", `PartName="/ppt/slides/slide1.xml"`, `PartName="/ppt/slides/slide99.xml"`, "content type"},
		{"a wrong content type", "[Content_Types].xml", `notesSlide+xml`, `slide+xml`, "content type"},
		{"a slide's number too small", "ppt/presentation.xml", `<p:sldId id="256"`, `<p:sldId id="1"`, "number 1 of a slide"},
		{"a layout's number used twice", master, `id="2147483650"`, `id="2147483649"`, "master or layout"},
		{"masters with one theme", "ppt/notesMasters/_rels/notesMaster1.xml.rels", "theme2", "theme1", "share a theme"},
		{"a shape without properties", slide, `<p:spPr/>`, ``, "no p:spPr"},
		{"an unknown element", slide, `<p:spPr/>`, `<p:spPr><a:glow/></p:spPr>`, "must not hold"},
		{"not XML", slide, `</p:sld>`, ``, "well formed"},
	} {
		all := parts(t, write(t, talk()))
		if !strings.Contains(all[c.part], c.old) {
			t.Errorf("%s: there is nothing to spoil", c.name)
			continue
		}
		all[c.part] = strings.Replace(all[c.part], c.old, c.new, 1)
		if got := strings.Join(problems(all), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s is not found: %q", c.name, got)
		}
	}
}

func TestHostileWordsStay(t *testing.T) {
	for _, s := range presstest.Hostile() {
		clean := strings.TrimSpace(text.Line(s))
		all := parts(t, write(t, presstest.Spoil(presstest.Packet(), s)))
		said := ""
		for name, part := range all {
			if strings.HasPrefix(name, "ppt/") && strings.HasSuffix(name, ".xml") {
				tree, err := parse(part)
				if err != nil {
					t.Fatal(err)
				}
				said += tree.words() + "\n"
			}
		}
		if !strings.Contains(said, clean) {
			t.Errorf("%q is on no slide", clean)
		}
		if strings.ContainsAny(said, "\x00\x07\u202e") {
			t.Errorf("%q left a control character", s)
		}
	}
}

// Every marked number is on the slide or in its notes.
func TestNumbersAreThere(t *testing.T) {
	doc := talk()
	all := parts(t, write(t, doc))
	for i, s := range doc.Sections {
		said := ""
		for _, name := range []string{slideName(i + 1), fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", i+1)} {
			tree, err := parse(all[name])
			if err != nil {
				t.Fatal(err)
			}
			said += tree.words()
			for _, n := range tree.all("p:cNvPr") {
				said += n.attr["descr"]
			}
		}
		for _, m := range (packet.Document{Sections: []packet.Section{s}}).Marks(packet.Shows{Alt: true, Data: true}) {
			if !strings.Contains(said, m.Text) {
				t.Errorf("%s: %s (%s) is missing", s.Label, m.Text, m.Ref)
			}
		}
	}
}

// The sentence is set in 32 points or more as long as 32 points fit, and a
// picture stays between the sentence and the foot.
func TestSizes(t *testing.T) {
	doc := talk()
	for _, words := range []int{4, 12, 16, 18} {
		doc.Sections[0].Blocks[0] = packet.Para{Text: packet.Plain(strings.TrimSpace(strings.Repeat("reports ", words)))}
		tree, err := parse(parts(t, write(t, doc))[slideName(1)])
		if err != nil {
			t.Fatal(err)
		}
		for _, fit := range tree.all("a:normAutofit") {
			if scale := number(fit.attr["fontScale"]); scale*36/100000 < 32 {
				t.Errorf("%d words shrink to %d of a hundred thousand", words, scale)
			}
		}
		for _, g := range tree.all("p:grpSp") {
			off, ext := g.all("a:off")[0], g.all("a:ext")[0]
			top, low := number(off.attr["y"])/12700, (number(off.attr["y"])+number(ext.attr["cy"]))/12700
			if top < 84 || low > 480 {
				t.Errorf("with %d words the picture stands from %d to %d", words, top, low)
			}
		}
		for _, r := range tree.all("a:rPr") {
			if size := r.attr["sz"]; size != "" && number(size) < 1800 {
				t.Errorf("with %d words a label has %s hundredths of a point", words, size)
			}
		}
	}
}

// LibreOffice opens the file and prints one page for each slide.
func TestLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	office, pdftotext := presstest.Tool(t, "soffice"), presstest.Tool(t, "pdftotext")
	dir, doc := t.TempDir(), talk()
	hostile := presstest.Spoil(presstest.Packet(), presstest.Hostile()[2])
	for name, d := range map[string]packet.Document{"talk.pptx": doc, "hostile.pptx": hostile} {
		if err := os.WriteFile(filepath.Join(dir, name), write(t, d), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "talk.pptx"), filepath.Join(dir, "hostile.pptx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range []struct {
		name  string
		pages int
		want  []string
	}{
		{"talk.pdf", len(doc.Sections), []string{"What I ask for", "I would like to work from home one day a week for eight weeks.", "One of these", "11 January: it starts", "Any of these days can be the last", "From Ines Duarte to Dana Whitfield", "8 asked for"}},
		{"hostile.pdf", len(hostile.Sections), []string{"]]></w:t>"}},
	} {
		got, err := exec.Command(pdftotext, filepath.Join(dir, c.name), "-").Output()
		if os.IsNotExist(err) || len(got) == 0 {
			t.Skipf("LibreOffice made no %s: its part for slides is not installed: %s", c.name, out)
		}
		if pages := bytes.Count(got, []byte("\f")); pages != c.pages {
			t.Errorf("%s has %d pages, want %d", c.name, pages, c.pages)
		}
		all := strings.Join(strings.Fields(string(got)), " ")
		for _, want := range c.want {
			if !strings.Contains(all, want) {
				t.Errorf("%s does not say %q", c.name, want)
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	doc := talk()
	for b.Loop() {
		if err := pptx.Write(io.Discard, doc); err != nil {
			b.Fatal(err)
		}
	}
}
