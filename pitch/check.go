package pitch

import (
	"bytes"
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"homecase/fault"
)

// MaxBytes is the largest text that is read, in one file.
const MaxBytes = 32 << 20

// maxFindings is how many findings one file gets; hostile text has no end of them.
const maxFindings = 10_000

// File is one text to read. The name's ending says how: .md, .docx and .eml
// have readers of their own, everything else is plain text.
type File struct {
	Name string
	Data []byte
}

// Options tune a reading.
type Options struct {
	// Facts are the person's own facts for suggestions, such as measure, period, hours, boss.
	Facts map[string]string
	// Own is a person's file of rules (YAML), laid over those that ship: see data/sentences.yaml.
	Own []byte
	// Fragment leaves the rules about whole documents out.
	Fragment bool
}

// Check reads the files and returns what it found, by file and place.
func Check(fs []File, o Options) ([]Finding, error) {
	m, err := o.machine()
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, f := range fs {
		src, err := open(f)
		if err != nil {
			return nil, err
		}
		if found := m.check(src, o); out == nil {
			out = found
		} else {
			out = append(out, found...)
		}
	}
	return out, nil
}

// CheckWords reads a packet's own words, one string a line. Line n is words[n-1];
// the rules about whole documents look at all of them together.
func CheckWords(name string, words []string, o Options) ([]Finding, error) {
	m, err := o.machine()
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(words))
	for i, w := range words {
		lines[i] = strings.NewReplacer("\n", " ", "\r", " ").Replace(w)
	}
	return m.check(&source{name: name, text: []byte(strings.Join(lines, "\n")), lines: true}, o), nil
}

func (o Options) machine() (*machine, error) {
	if len(o.Own) > 0 {
		return tuned(o.Own)
	}
	return shipped()
}

// Label returns the categories of one line, in the order of Categories.
func Label(line string) []Category {
	m, err := shipped()
	if err != nil {
		return nil // damaged rules do not pass the tests, so no such program is built
	}
	return m.label(line)
}

func (m *machine) label(line string) []Category {
	have := map[Category]bool{}
	src := &source{text: []byte(strings.ReplaceAll(line, "\n", " "))}
	newReader(m).each(src, 0, len(src.text), func(_ *sentence, hits []hit) {
		for _, h := range hits {
			r := &m.rules[h.rule]
			if r.Document || r.Off != "" {
				continue
			}
			have[r.Category] = true
			for _, c := range r.Also {
				have[c] = true
			}
		}
	})
	out := []Category{}
	for _, c := range Categories() {
		if have[c] {
			out = append(out, c)
		}
	}
	return out
}

// reader holds the working memory of one goroutine.
type reader struct {
	x *matcher
	s scanner
}

func newReader(m *machine) *reader {
	return &reader{newMatcher(m), scanner{m: m}}
}

// each reads the part of the source from..to sentence by sentence.
func (r *reader) each(src *source, from, to int, see func(*sentence, []hit)) {
	x, s := r.x, &r.s
	clear(x.settled) // rules about whole documents are looked for anew
	for s.at = from; s.at < to; {
		end := to
		if src.lines {
			if i := bytes.IndexByte(src.text[s.at:to], '\n'); i >= 0 {
				end = s.at + i
			}
		}
		s.text = src.text[:end]
		for s.next() {
			if len(s.cur.tokens) > 0 {
				see(&s.cur, x.read(s.cur.tokens))
			}
		}
		s.at = end + 1
	}
}

// partBytes is the least that is worth a goroutine of its own.
const partBytes = 64 << 10

// parts cuts a long text at empty lines, or at lines where each stands for itself.
func (src *source) parts() []int {
	cuts := []int{0}
	size := max(partBytes, len(src.text)/(4*runtime.GOMAXPROCS(0)))
	sep := []byte("\n\n")
	if src.lines {
		sep = sep[:1]
	}
	for at := size; at < len(src.text); {
		i := bytes.Index(src.text[at:], sep)
		if i < 0 {
			break
		}
		cuts = append(cuts, at+i+len(sep))
		at += i + len(sep) + size
	}
	return append(cuts, len(src.text))
}

// readAll reads the parts side by side and puts them together in order.
func (m *machine) readAll(src *source) *reading {
	cuts := src.parts()
	parts := make([]*reading, len(cuts)-1)
	var next atomic.Int32
	work := func() {
		rd := newReader(m)
		for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
			r := &reading{matched: make([]bool, len(m.rules)), longRule: m.ruleAt("long-sentence")}
			rd.each(src, cuts[i], cuts[i+1], func(s *sentence, hits []hit) { m.note(r, s, hits) })
			parts[i] = r
		}
	}
	var wg sync.WaitGroup
	for range min(len(parts), runtime.GOMAXPROCS(0)) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	all := parts[0]
	for _, r := range parts[1:] {
		all.words, all.sentences, all.syllables = all.words+r.words, all.sentences+r.sentences, all.syllables+r.syllables
		all.remarks, all.long = append(all.remarks, r.remarks...), append(all.long, r.long...)
		for i, have := range r.matched {
			all.matched[i] = all.matched[i] || have
		}
	}
	return all
}

// remark is a finding whose place and words are not worked out yet.
type remark struct {
	rule   int32
	at, to int32
}

// reading is what one pass over a text collects.
type reading struct {
	remarks   []remark
	matched   []bool // by rule
	words     int
	sentences int
	syllables int
	long      []remark
	longRule  int32 // the rule about long sentences, or -1
}

// check reads one source and returns its findings by place.
func (m *machine) check(src *source, o Options) []Finding {
	r := m.readAll(src)
	if !o.Fragment {
		m.document(r)
	}
	r.remarks = append(r.remarks, r.long...)
	slices.SortStableFunc(r.remarks, func(a, b remark) int { return cmp.Compare(a.at, b.at) })
	off := src.off
	p := placer{src: src, line: 1}
	said := make([]string, len(m.rules))
	out := make([]Finding, 0, min(len(r.remarks), maxFindings))
	for _, k := range r.remarks {
		if len(out) == maxFindings {
			break
		}
		rule := &m.rules[k.rule].Rule
		line, column := p.place(int(k.at))
		if off.covers(rule.ID, line) {
			continue
		}
		if said[k.rule] == "" {
			said[k.rule] = fill(rule.Suggestion, o.Facts)
		}
		out = append(out, Finding{Rule: rule.ID, Category: rule.Category, Severity: rule.Severity, File: src.name, Line: line, Column: column,
			Text: clip(src.text[k.at:k.to]), Why: rule.why(), Source: rule.source(), Suggestion: said[k.rule]})
	}
	return append(out, off.unreasoned(src.name)...)
}

// note keeps the findings of a sentence: one a category, the strongest.
func (m *machine) note(r *reading, s *sentence, hits []hit) {
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
		r.matched[h.rule] = true
		if rule.Document {
			continue
		}
		best := rule.Off == ""
		for j, other := range hits {
			o := &m.rules[other.rule]
			if j != i && o.kind == rule.kind && !o.Document && o.Off == "" &&
				(o.weight > rule.weight || o.weight == rule.weight && other.rule < h.rule) {
				best = false
			}
		}
		if best {
			r.remarks = append(r.remarks, remark{h.rule, s.tokens[h.at.from].start, s.tokens[max(h.at.to-1, h.at.from)].end})
		}
	}
	if s.words > m.limits.SentenceWords && r.longRule >= 0 {
		r.long = append(r.long, remark{r.longRule, s.tokens[0].start, s.tokens[len(s.tokens)-1].end})
	}
}

// document adds the findings about the whole text.
func (m *machine) document(r *reading) {
	if r.words < m.limits.DocumentWords {
		return
	}
	present := map[Category]bool{}
	for i, have := range r.matched {
		if have {
			present[m.rules[i].Category] = true
		}
	}
	for i := range m.rules {
		rule := &m.rules[i]
		if !rule.Document || rule.Off != "" || r.matched[i] {
			continue
		}
		if slices.ContainsFunc(rule.Counts, func(c Category) bool { return present[c] }) {
			continue
		}
		if rule.ID == "reading-grade" && Grade(r.words, r.sentences, r.syllables) <= m.limits.Grade || rule.ID == "long-sentence" {
			continue
		}
		r.remarks = append(r.remarks, remark{rule: int32(i)})
	}
}

func (m *machine) ruleAt(id string) int32 {
	for i := range m.rules {
		if m.rules[i].ID == id && m.rules[i].Off == "" {
			return int32(i)
		}
	}
	return -1
}

// Grade is the Flesch–Kincaid grade level: Kincaid, Fishburne, Rogers and
// Chissom 1975, Derivation of new readability formulas for Navy enlisted
// personnel, Research Branch Report 8-75.
func Grade(words, sentences, syllables int) float64 {
	if words == 0 || sentences == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

// clip shortens the words of a finding to what fits a line or two.
func clip(b []byte) string {
	const most = 240
	s := string(b[:min(len(b), most)])
	if !plainLine(s) {
		s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	}
	if len(b) > most {
		s += "…"
	}
	return s
}

// plainLine tells whether a text is ASCII with single spaces between words.
func plainLine(s string) bool {
	space := true
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < ' ' || s[i] == ' ' && space {
			return false
		}
		space = s[i] == ' '
	}
	return !space
}

func (r *Rule) why() string {
	if r.Figure == "" {
		return r.Why
	}
	return strings.TrimSpace(r.Why + " " + r.Figure)
}

func (r *Rule) source() string {
	if r.Unverified {
		return r.Source + " (not verified)"
	}
	return r.Source
}

// fill puts the person's facts into the slots of a suggestion; a slot without a
// fact keeps its own words.
func fill(s string, facts map[string]string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return b.String() + s
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			return b.String() + s
		}
		b.WriteString(s[:open])
		slot, words, _ := strings.Cut(s[open+1:open+end], "|")
		if fact := strings.TrimSpace(facts[slot]); fact != "" {
			words = fact
		}
		b.WriteString(words)
		s = s[open+end+1:]
	}
}

// placer turns rising offsets into lines and columns in one pass.
type placer struct {
	src    *source
	at     int
	line   int
	column int
}

func (p *placer) place(offset int) (line, column int) {
	text := p.src.text
	for p.at < offset && p.at < len(text) {
		if i := bytes.IndexByte(text[p.at:offset], '\n'); i >= 0 {
			p.at += i + 1
			p.line++
			p.column = 0
			continue
		}
		p.column += utf8.RuneCount(text[p.at:offset])
		p.at = offset
	}
	return p.line, p.column + 1
}

// tooLarge refuses a file that nobody wrote by hand.
func tooLarge(name string) error {
	return fault.New(fault.Invalid, "HC-PITCH-20", "This file holds more than %d MB of text, so it is not read.", MaxBytes>>20).At(fault.Place{File: name})
}
