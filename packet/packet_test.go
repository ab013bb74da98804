package packet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/cite"
	"homecase/fault"
	"homecase/locale"
	"homecase/packet"
)

func book(t *testing.T, country string) *packet.Book {
	t.Helper()
	b := packet.NewBook(locale.For(country, ""), packet.Phrases{
		"a.hours":    {Text: "{hours.portable} of my {hours.total} {hours.total|hour|hours} can be [[organised|organized]] anywhere."},
		"a.own":      {Text: "{.text}", Rests: []string{".fact"}},
		"a.frame":    {Text: "Contents", Frame: true},
		"a.rootless": {Text: "It will be fine."},
		"a.gap":      {Text: "{nothing.here} remains."},
	})
	b.Fact(cite.Fact{ID: "log", Text: "My log.", Origin: cite.Origin{Kind: cite.Measured, Source: "task log"}})
	b.Count("hours.total", 40, 1, "added up", "log")
	b.Count("hours.portable", 29.5, 1, "added up", "log")
	b.Own("promise.1.fact", "I answer calls.")
	b.Set("promise.1.text", "I answer calls from 9\nto 5.", "as given", "promise.1.fact")
	return b
}

// A sentence takes its numbers from the book, bound, with the facts behind them.
func TestSay(t *testing.T) {
	b := book(t, "US")
	got := b.Say("a.hours")
	want := packet.Sentence{Facts: []string{"log"}, Spans: []packet.Span{{Text: "29.5", Ref: "hours.portable"}, {Text: " of my "}, {Text: "40", Ref: "hours.total"}, {Text: " hours can be organized anywhere."}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	own := b.Say("a.own", "promise.1")
	if own.String() != "I answer calls from 9 to 5." || own.Facts[0] != "promise.1.fact" || own.Spans[0].Ref != "promise.1.text" {
		t.Errorf("%+v", own)
	}
	if err := b.Err(); err != nil {
		t.Error(err)
	}
}

func TestBookRefuses(t *testing.T) {
	for phrase, code := range map[string]fault.Code{"a.rootless": "HC-PACKET-06", "a.gap": "HC-PACKET-04", "a.unknown": "HC-PACKET-05"} {
		b := book(t, "GB")
		b.Say(phrase)
		if fault.CodeOf(b.Err()) != code {
			t.Errorf("%s: %v, want %s", phrase, b.Err(), code)
		}
	}
	b := book(t, "GB")
	b.Say("a.frame")
	if b.Err() != nil {
		t.Error(b.Err())
	}
	b.Fact(cite.Fact{ID: "x", Text: "A number from nowhere."})
	b.Fact(cite.Fact{ID: "y", Text: "Measured, it is said.", Origin: cite.Origin{Kind: cite.Measured}})
	if list := b.Unsourced(); len(list) != 2 {
		t.Errorf("unsourced: %v", list)
	}
}

func text(s string, ref packet.Ref) packet.Text {
	return packet.Text{{Spans: []packet.Span{{Text: s, Ref: ref}}}}
}

func document() packet.Document {
	figure := packet.Figure{ID: "dots", Alt: text("20 results", "n"), Chart: packet.Dots{Axis: packet.Axis{Ticks: []packet.Tick{{Label: packet.Span{Text: "£0", Ref: "axis.0"}}}}},
		Data: &packet.Table{Rows: []packet.Row{{Cells: []packet.Cell{{Text: text("5", "dot.1"), Note: text("6", "dot.2")}}}}}}
	return packet.Document{Head: []packet.Block{packet.Para{Text: text("8 weeks", "weeks")}}, Sections: []packet.Section{{ID: "a", Blocks: []packet.Block{figure, packet.List{Items: []packet.Text{text("9 to 5", "hours")}}}}}}
}

// Marks come in reading order, with what the format shows of a figure.
func TestMarks(t *testing.T) {
	refs := func(s packet.Shows) string {
		var out []string
		for _, m := range document().Marks(s) {
			out = append(out, string(m.Ref))
		}
		return strings.Join(out, " ")
	}
	if got := refs(packet.Shows{}); got != "weeks axis.0 hours" {
		t.Error(got)
	}
	if got := refs(packet.Shows{Alt: true, Data: true}); got != "weeks n axis.0 dot.1 dot.2 hours" {
		t.Error(got)
	}
	if alts := document().Alts(); len(alts) != 1 || alts[0] != "20 results" {
		t.Error(alts)
	}
}

func TestValidate(t *testing.T) {
	d := document()
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
	d.Sections = append(d.Sections, packet.Section{ID: "a", Blocks: []packet.Block{packet.Para{Text: packet.Plain("40 hours")}, packet.Figure{ID: "bare", Chart: packet.Windows{}}}})
	err := d.Validate()
	for _, want := range []string{`"40 hours" holds a number`, `share the anchor "a"`, `"bare" has no text`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

// Each reading differs from the document in one way; the difference is named.
func TestCompare(t *testing.T) {
	want := []packet.Mark{{Ref: "a", Text: "1"}, {Ref: "b", Text: "2"}, {Ref: "a", Text: "1"}}
	for _, c := range []struct {
		name  string
		got   packet.Reading
		where string
	}{
		{"same", packet.Reading{Marks: want}, ""},
		{"changed", packet.Reading{Marks: []packet.Mark{{Ref: "a", Text: "1"}, {Ref: "b", Text: "3"}, {Ref: "a", Text: "1"}}}, "b"},
		{"second of two changed", packet.Reading{Marks: []packet.Mark{{Ref: "a", Text: "1"}, {Ref: "b", Text: "2"}, {Ref: "a", Text: "7"}}}, "a (2)"},
		{"missing", packet.Reading{Marks: want[:2]}, "a (2)"},
		{"added", packet.Reading{Marks: append(append([]packet.Mark{}, want...), packet.Mark{Ref: "c", Text: "9"})}, "c"},
		{"moved", packet.Reading{Marks: []packet.Mark{{Ref: "b", Text: "2"}, {Ref: "a", Text: "1"}, {Ref: "a", Text: "1"}}}, "a (order)"},
		{"stray", packet.Reading{Marks: want, Stray: []string{"saves 900"}}, "outside the marked numbers"},
	} {
		diffs := packet.Compare(c.got, want)
		switch {
		case c.where == "" && len(diffs) != 0:
			t.Errorf("%s: %v", c.name, diffs)
		case c.where != "" && (len(diffs) != 1 || diffs[0].Where != c.where):
			t.Errorf("%s: %v, want one at %q", c.name, diffs, c.where)
		}
	}
}

// Every phrase that ships is short, closed, and names slots that could exist.
func TestPhrases(t *testing.T) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range phrases {
		if strings.Count(p.Text, "{") != strings.Count(p.Text, "}") || strings.Count(p.Text, "[[") != strings.Count(p.Text, "]]") {
			t.Errorf("%s: a bracket is open: %s", id, p.Text)
		}
		for _, sentence := range strings.SplitAfter(p.Text, ". ") {
			if n := len(strings.Fields(sentence)); n > 25 {
				t.Errorf("%s has a sentence of %d words: %s", id, n, sentence)
			}
		}
	}
}
