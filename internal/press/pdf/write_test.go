package pdf

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/packet"
)

var updateGolden = flag.Bool("update", false, "write the goldens anew")

// The goldens are the words of each document as another program reads them,
// page by page.
func TestPagesReadAsGolden(t *testing.T) {
	needTool(t, "pdftotext")
	for name, d := range documents(t) {
		for _, opt := range []Options{{Created: created}, {Created: created, Paper: Letter}} {
			got := string(runTool(t, write(t, d, opt), "pdftotext", "-layout", "-enc", "UTF-8", "{in}", "-"))
			pages := strings.Count(got, "\f")
			got = fmt.Sprintf("%d pages\n%s", pages, strings.ReplaceAll(got, "\f", "\n-- page --\n"))
			file := filepath.Join("testdata", name+string(opt.Paper)+".txt")
			if *updateGolden {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", file, diff)
			}
		}
	}
}

// Three programs that are not ours find nothing wrong, on both papers and in large print.
func TestOtherProgramsAreContent(t *testing.T) {
	for _, tool := range []string{"qpdf", "pdfinfo", "pdffonts"} {
		needTool(t, tool)
	}
	for name, d := range documents(t) {
		for _, opt := range []Options{{Created: created}, {Paper: Letter}, {LargePrint: true}} {
			data := write(t, d, opt)
			runTool(t, data, "qpdf", "--check", "{in}")
			info := string(runTool(t, data, "pdfinfo", "{in}"))
			for _, want := range []string{"Tagged:          yes", d.Title, "PDF version:     1.7"} {
				if !strings.Contains(info, want) {
					t.Errorf("%s: pdfinfo does not say %q:\n%s", name, want, info)
				}
			}
			size := map[Paper]string{"": "(A4)", Letter: "(letter)"}[opt.Paper]
			if !strings.Contains(info, size) {
				t.Errorf("%s: the paper is not %s:\n%s", name, size, info)
			}
			for _, row := range strings.Split(strings.TrimSpace(string(runTool(t, data, "pdffonts", "{in}"))), "\n")[2:] {
				if f := strings.Fields(row); len(f) < 8 || f[len(f)-5] != "yes" || f[len(f)-4] != "yes" || f[len(f)-3] != "yes" || !strings.Contains(f[0], "+") {
					t.Errorf("%s: a font is not embedded, subset and mapped: %s", name, row)
				}
			}
		}
	}
}

// The structure as Poppler reads it: headings, list, table and the words of a paragraph with numbers in order.
func TestStructureIsReadInOrder(t *testing.T) {
	needTool(t, "pdfinfo")
	d := full(t)
	d.Sections = slices.DeleteFunc(d.Sections, func(s packet.Section) bool { // Poppler takes long over long files
		return s.ID == "money" || s.ID == "office" || s.ID == "sources"
	})
	for i, s := range d.Sections {
		switch s.ID {
		case "working":
			d.Sections[i].Blocks = s.Blocks[:1]
		case "all-questions":
			d.Sections[i].Blocks = s.Blocks[:2]
		}
	}
	text := string(runTool(t, write(t, d, Options{}), "pdfinfo", "-struct-text", "{in}"))
	at := 0
	for _, want := range []string{"H1 (block)", "An eight-week trial: ", "H2 (block)", "Why it helps the team", "H3 (block)", "\"8\"", "\" of \"", "\"29\"", "\" hours\"", "Link (inline)", "L (block)", "LBody", "TOC", "TOCI", "Caption", "Hours a week by duty", "TR", "TH", "TD", "H4 (block)", "Who pays for the internet?"} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q does not follow:\n%s", want, text)
		}
		at += i
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	for name, d := range documents(t) {
		a, b := write(t, d, Options{Created: created}), write(t, d, Options{Created: created})
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two writings differ", name)
		}
	}
}

func TestOnePageIsOneSmallPage(t *testing.T) {
	for _, paper := range []Paper{A4, Letter} {
		p, err := printed(onePage(), Options{Paper: paper})
		if err != nil || len(p.pages) != 1 {
			t.Fatalf("%s: %d pages, %v", paper, len(p.pages), err)
		}
		if data := write(t, onePage(), Options{Paper: paper}); len(data) > 100_000 {
			t.Errorf("%s: %d bytes, want under 100 KB", paper, len(data))
		}
	}
}

// A short page keeps the drawn design; one that is too long is tightened; one
// far too long is refused with the number of lines.
func TestOnePageTightensThenRefuses(t *testing.T) {
	short := onePage()
	short.Sections = short.Sections[1:]
	step, err := fit(short, Options{}, newMemory())
	if err != nil || step != asDrawn() {
		t.Errorf("short: %v %v", step, err)
	}
	long := onePage()
	long.Sections = append(long.Sections, packet.Section{ID: "more", Label: "More", Level: 2, Blocks: []packet.Block{packet.Para{Text: packet.Plain(strings.Repeat("Words enough for some lines of text. ", 5))}}})
	step, err = fit(long, Options{}, newMemory())
	if err != nil || step.size < .9 || step == asDrawn() {
		t.Errorf("long: %v %v", step, err)
	}
	long.Sections[5].Blocks = append(long.Sections[5].Blocks, packet.Para{Text: packet.Plain(strings.Repeat("Words enough for many lines of text. ", 90))})
	err = Write(io.Discard, long, Options{})
	if fault.CodeOf(err) != "HC-PDF-02" || !strings.Contains(err.Error(), "lines too long for one sheet of A4") {
		t.Errorf("far too long: %v", err)
	}
}

func TestWriteRefusesWhatItCannotPrint(t *testing.T) {
	para := func(s string) packet.Document {
		return packet.Document{Kind: packet.Full, Title: "Title", Sections: []packet.Section{{ID: "a", Label: "Home office", Level: 2, Blocks: []packet.Block{packet.Para{Text: packet.Plain(s)}}}}}
	}
	linked := func(s string) packet.Document {
		d := para("")
		d.Sections[0].Blocks = []packet.Block{packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: s, Href: "https://homecase.example"}}}}}}
		return d
	}
	bound := func(s string) packet.Document {
		d := para("")
		d.Sections[0].Blocks = []packet.Block{packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: s, Ref: "x"}}}}}}
		return d
	}
	tests := []struct {
		name string
		doc  packet.Document
		code fault.Code
		says string
	}{
		{"emoji", para("Fine 🙂"), "HC-PDF-04", "the picture character U+1F642"},
		{"Hebrew", para("שלום"), "HC-PDF-04", "right-to-left letter ש"},
		{"Arabic", para("مرحبا"), "HC-PDF-04", "right-to-left letter"},
		{"Han", para("漢字"), "HC-PDF-04", "the character 漢 (U+6F22)"},
		{"direction override", para("abc\u202edef"), "HC-PDF-04", "turns the direction of writing (U+202E)"},
		{"control character", para("abc\x07"), "HC-PDF-04", "control character (U+0007)"},
		{"zero width", para("a\u200bb"), "HC-PDF-04", "control character (U+200B)"},
		{"not UTF-8", para("abc\xff"), "HC-PDF-04", "bytes that are no character"},
		{"Han before a space", para("Ines 王 writes"), "HC-PDF-04", "the character 王 (U+738B)"},
		{"emoji behind a hyphen", para("so-🙂 and on"), "HC-PDF-04", "the picture character U+1F642"},
		{"Han ends a link", linked("about 王"), "HC-PDF-04", "the character 王 (U+738B)"},
		{"Han is a link", linked("王 王"), "HC-PDF-04", "the character 王 (U+738B)"},
		{"place is named", para("漢"), "HC-PDF-04", `section "Home office"`},
		{"line end in a number", bound("8\n9"), "HC-PDF-06", "line end"},
		{"a number of no fact", para("8 hours"), "HC-PACKET-01", ""},
		{"a number in a label", packet.Document{Kind: packet.Full, Sections: []packet.Section{{ID: "a", Label: "Part 2"}}}, "HC-PDF-08", "Part 2"},
		{"a script's address", packet.Document{Kind: packet.Full, Sections: []packet.Section{{ID: "a", Label: "A", Blocks: []packet.Block{packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: "x", Href: "javascript:alert()"}}}}}}}}}, "HC-PDF-07", "javascript"},
		{"no photo", packet.Document{Kind: packet.Full, Sections: []packet.Section{{ID: "a", Label: "A", Blocks: []packet.Block{packet.Photo{ID: "desk", JPEG: []byte("GIF89a"), Alt: packet.Plain("A desk")}}}}}, "HC-PDF-11", "not a JPEG"},
		{"nothing", packet.Document{Kind: packet.Full}, "HC-PDF-09", "nothing to print"},
		{"a paper unknown", packet.Document{}, "HC-PDF-01", "a5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := Options{}
			if tt.code == "HC-PDF-01" {
				opt.Paper = "a5"
			}
			var b bytes.Buffer
			err := Write(&b, tt.doc, opt)
			if !errors.Is(err, fault.New(0, tt.code, "")) || !strings.Contains(fmt.Sprint(err), tt.says) {
				t.Errorf("%v, want %s saying %q", err, tt.code, tt.says)
			}
			if b.Len() > 0 {
				t.Error("something was written")
			}
		})
	}
}

// Text that means something elsewhere is text here, and long things break into pages.
func TestWritePrintsOddTextAsText(t *testing.T) {
	odd := []string{"<script>alert()</script> & \"quotes\" (brackets) \\ back", "=SUM(A:A)", "naïve café Ærøskøbing Łódź", "e\u0301 is composed", strings.Repeat("long", 60), "https://example.org/" + strings.Repeat("path/", 40), strings.Repeat("A concern of many words. ", 400), "non\u00a0breaking and thin\u202fspace and hyphen\u2011ated"}
	d := packet.Document{Kind: packet.Full, Title: "<b>&", Author: "A & B", Lang: "en-GB"}
	var rows []packet.Row
	for i, s := range odd {
		d.Sections = append(d.Sections, packet.Section{ID: fmt.Sprint("s", i), Label: "Odd (text) <&", Level: 2, Blocks: []packet.Block{
			packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: s, Ref: packet.Ref("odd/)(" + string(rune(97+i)))}}}}},
			packet.List{Items: []packet.Text{packet.Plain(s)}}, packet.Question{Question: packet.Plain(s), Answer: packet.Plain(s), State: "ünsure"}}})
		rows = append(rows, packet.Row{Cells: []packet.Cell{{Text: packet.Plain(s)}, {Text: packet.Plain(s), Note: packet.Plain(s)}}})
	}
	for i := range 300 {
		rows = append(rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Duty")}, {Text: txt(fmt.Sprint("duty", i), fmt.Sprint(i))}}})
	}
	d.Sections = append(d.Sections, packet.Section{ID: "t", Label: "Table", Level: 2, Blocks: []packet.Block{packet.Table{ID: "t", Columns: []packet.Column{{Head: packet.Plain("A")}, {Head: packet.Plain("B"), Right: true}}, Rows: rows}}})
	for _, opt := range []Options{{}, {LargePrint: true, Paper: Letter}} {
		data := write(t, d, opt)
		got, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if diffs := packet.Compare(got, d.Marks(Shows(d.Kind))); len(diffs) > 0 {
			t.Errorf("%v", diffs)
		}
		if problems := Check(data); len(problems) > 0 {
			t.Errorf("%v", problems)
		}
	}
}

// No line of text runs out of its column, and no two pages break a pair of lines.
func TestNothingRunsOverTheMargin(t *testing.T) {
	needTool(t, "pdftotext")
	for name, d := range documents(t) {
		for _, opt := range []Options{{}, {Paper: Letter}, {LargePrint: true}} {
			th := newTheme(opt, d.Kind, asDrawn())
			right := th.textX + th.textW
			for _, row := range strings.Split(string(runTool(t, write(t, d, opt), "pdftotext", "-bbox", "{in}", "-")), "\n") {
				var x, y, x2, y2 float64
				if n, _ := fmt.Sscanf(strings.TrimSpace(row), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f"`, &x, &y, &x2, &y2); n == 4 {
					if x < th.left-1 || x2 > right+1 || y < 0 || y2 > th.pageH-4 {
						t.Errorf("%s %+v: outside the margins (%.1f to %.1f): %s", name, opt, th.left, right, row)
					}
				}
			}
		}
	}
}
