package plaintext_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"homecase/internal/press/plaintext"
	"homecase/internal/press/presstest"
	"homecase/internal/press/text"
	"homecase/packet"
)

func TestGolden(t *testing.T) {
	for name, doc := range map[string]packet.Document{"packet.txt": presstest.Packet(), "letter.txt": presstest.Letter()} {
		t.Run(name, func(t *testing.T) {
			got := plaintext.Write(doc)
			presstest.Golden(t, name, []byte(got))
		})
	}
}

// No line is longer than the width unless it is one word, as an address is.
func TestWidth(t *testing.T) {
	for line := range strings.Lines(plaintext.Write(presstest.Packet())) {
		line = strings.TrimRight(line, "\n")
		if text.Columns(line) > plaintext.Columns && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("%d columns: %s", text.Columns(line), line)
		}
	}
}

// Every marked number of the document stands in the text.
func TestNothingIsLost(t *testing.T) {
	doc := presstest.Letter()
	got := strings.Join(strings.Fields(plaintext.Write(doc)), " ")
	for _, m := range doc.Marks(packet.Shows{Alt: true, Data: true}) {
		if !strings.Contains(got, m.Text) {
			t.Errorf("%s (%s) is missing", m.Text, m.Ref)
		}
	}
}

func TestHostile(t *testing.T) {
	for _, s := range presstest.Hostile() {
		got := plaintext.Write(presstest.Spoil(presstest.Packet(), s))
		if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r >= 0x202a && r <= 0x202e }); i >= 0 {
			t.Errorf("%q leaves a control character: %q", s, got[i:min(i+10, len(got))])
		}
		if strings.Contains(got, "<javascript:") {
			t.Errorf("%q became an address", s)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	doc := presstest.Packet()
	for b.Loop() {
		plaintext.Write(doc)
	}
}

// To copy, a paragraph is one line; the words are those of the wrapped text.
func TestFlow(t *testing.T) {
	doc := presstest.Letter()
	flow, wrapped := plaintext.Flow(doc), plaintext.Write(doc)
	if strings.Join(strings.Fields(flow), " ") != strings.Join(strings.Fields(wrapped), " ") {
		t.Error("the words are others")
	}
	paragraphs, long := 0, 0
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			p, ok := b.(packet.Para)
			if !ok {
				continue
			}
			paragraphs++
			if len(p.Text.String()) > plaintext.Columns {
				long++
			}
			linked := slices.ContainsFunc(p.Text, func(s packet.Sentence) bool {
				return slices.ContainsFunc(s.Spans, func(s packet.Span) bool { return s.Href != "" })
			})
			if len(p.Evidence) == 0 && !linked && !strings.Contains(flow, "\n"+p.Text.String()+"\n") {
				t.Errorf("this paragraph is not on one line: %s", p.Text)
			}
		}
	}
	if paragraphs == 0 || long == 0 {
		t.Fatal("the letter has no long paragraph, so this shows nothing")
	}
}
