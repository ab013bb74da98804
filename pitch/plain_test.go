package pitch

import (
	"bytes"
	"cmp"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	cmpdiff "github.com/google/go-cmp/cmp"
)

// plainCheck is check without the parts.
func plainCheck(m *machine, d *draft, src *source, o Options) []Finding {
	r := plainRead(m, d, src)
	if !o.Fragment {
		plainDocument(m, r)
	}
	r.remarks = append(r.remarks, r.long...)
	slices.SortStableFunc(r.remarks, func(a, b remark) int { return cmp.Compare(a.at, b.at) })
	off := src.off
	p := placer{src: src, line: 1}
	out := []Finding{}
	for _, k := range r.remarks {
		if len(out) == maxFindings {
			break
		}
		rule := &m.rules[k.rule].Rule
		line, column := p.place(int(k.at))
		if off.covers(rule.ID, line) {
			continue
		}
		out = append(out, Finding{Rule: rule.ID, Category: rule.Category, Severity: rule.Severity, File: src.name, Line: line, Column: column,
			Text: plainClip(src.text[k.at:k.to]), Why: rule.why(), Source: rule.source(), Suggestion: fill(rule.Suggestion, o.Facts)})
	}
	return append(out, off.unreasoned(src.name)...)
}

// plainReading is what one pass over a text collects.
type plainReading struct {
	remarks, long               []remark
	present                     map[Category]bool
	matched                     map[int32]bool
	words, sentences, syllables int
}

func plainRead(m *machine, d *draft, src *source) *plainReading {
	r := &plainReading{present: map[Category]bool{}, matched: map[int32]bool{}}
	x, s := newPlain(d), &plainScanner{m: m, d: d}
	for s.at < len(src.text) {
		end := len(src.text)
		if src.lines {
			if i := bytes.IndexByte(src.text[s.at:], '\n'); i >= 0 {
				end = s.at + i
			}
		}
		s.text = src.text[:end]
		for s.next() {
			if len(s.tokens) > 0 {
				plainNote(m, r, s, x.read(s.tokens))
			}
		}
		s.at = end + 1
	}
	return r
}

// plainNote keeps the findings of a sentence: one a category, the strongest.
func plainNote(m *machine, r *plainReading, s *plainScanner, hits []hit) {
	r.words += s.words
	r.syllables += s.syllables
	if s.words > 3 {
		r.sentences++
	}
	if len(r.remarks) > maxFindings {
		return
	}
	for i, h := range hits {
		rule := &m.rules[h.rule]
		r.present[rule.Category] = true
		if rule.Document {
			r.matched[h.rule] = true
			continue
		}
		best := rule.Off == ""
		for j, other := range hits {
			o := &m.rules[other.rule]
			if j != i && o.Category == rule.Category && !o.Document && o.Off == "" &&
				(o.Severity.weight() > rule.Severity.weight() || o.Severity == rule.Severity && other.rule < h.rule) {
				best = false
			}
		}
		if best {
			from, to := s.tokens[h.at.from].start, s.tokens[max(h.at.to-1, h.at.from)].end
			r.remarks = append(r.remarks, remark{h.rule, from, to})
		}
	}
	if s.words > m.limits.SentenceWords {
		if i := m.ruleAt("long-sentence"); i >= 0 {
			from, to := s.tokens[0].start, s.tokens[len(s.tokens)-1].end
			r.long = append(r.long, remark{i, from, to})
		}
	}
}

// plainDocument adds the findings about the whole text.
func plainDocument(m *machine, r *plainReading) {
	if r.words < m.limits.DocumentWords {
		return
	}
	for i := range m.rules {
		rule := &m.rules[i]
		if !rule.Document || rule.Off != "" || r.matched[int32(i)] {
			continue
		}
		if slices.ContainsFunc(rule.Counts, func(c Category) bool { return r.present[c] }) {
			continue
		}
		if rule.ID == "reading-grade" && Grade(r.words, r.sentences, r.syllables) <= m.limits.Grade || rule.ID == "long-sentence" {
			continue
		}
		r.remarks = append(r.remarks, remark{rule: int32(i)})
	}
}

// plainClip shortens the words of a finding to what fits a line or two.
func plainClip(b []byte) string {
	const most = 240
	s := strings.ToValidUTF8(string(b[:min(len(b), most)]), "")
	s = strings.Join(strings.Fields(s), " ")
	if len(b) > most {
		s += "…"
	}
	return s
}

// TestPlain holds the fast reading to the plain one, findings and all.
func TestPlain(t *testing.T) {
	for _, name := range append(labelledFiles(t), "seventh.tsv", "eighth.tsv") {
		var text []byte
		for _, l := range readLabelled(t, name) {
			text = append(append(text, l.text...), " \n"...)
		}
		samePlain(t, name, text)
	}
	for _, name := range []string{"letter-good.md", "letter-weak.txt"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		samePlain(t, name, text)
	}
}

// FuzzPlain does so with any text: mixed from words of the rules, and as it comes.
func FuzzPlain(f *testing.F) {
	d, err := drawn()
	if err != nil {
		f.Fatal(err)
	}
	words := slices.Sorted(maps.Keys(d.words))
	for _, l := range readLabelled(f, "labelled.tsv")[:60] {
		f.Add(l.text, uint64(len(l.text)))
	}
	f.Add("—'’\xff\u00a0 Ünit £5k 24/7 ’s", uint64(1))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		var b strings.Builder
		b.WriteString(text)
		for _, w := range strings.Fields(text) {
			b.WriteString([]string{" ", ", ", ". ", "; ", " not ", "\n", " I ", " really ", "’s "}[rnd.IntN(9)] + w + " " + words[rnd.IntN(len(words))])
		}
		samePlain(t, "a.txt", []byte(text))
		samePlain(t, "a.txt", []byte(b.String()))
	})
}

// drawn is the rules as the plain reading goes by them, from the YAML.
var drawn = sync.OnceValues(func() (*draft, error) {
	l, err := read()
	if err != nil {
		return nil, err
	}
	return draw(l)
})

func samePlain(t *testing.T, name string, text []byte) {
	t.Helper()
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	d, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	for _, lines := range []bool{false, true} {
		src := newSource(name, text)
		src.lines = lines
		if diff := cmpdiff.Diff(plainCheck(m, d, src, Options{}), append([]Finding{}, m.check(src, Options{})...)); diff != "" {
			t.Fatalf("%s, lines %v (-plain +fast):\n%s", name, lines, diff)
		}
	}
}
