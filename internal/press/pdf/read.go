package pdf

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"homecase/fault"
	"homecase/internal/press/pdf/parse"
	"homecase/packet"
)

// Read finds what a finished file prints: the marked numbers in reading order,
// digits outside them, alternative texts, and the attached working. What our
// printer never writes (annotations, pictures outside figures, patterns, fonts
// of others behind a number) is reported among the stray runs in words.
//
// It does not look at pictures or at lines: a number painted with lines over
// ours is not seen.
func Read(data []byte) (packet.Reading, error) {
	f, err := parse.Open(data)
	if err != nil {
		return packet.Reading{}, readFault(err)
	}
	pages, err := f.Pages()
	if err != nil {
		return packet.Reading{}, readFault(err)
	}
	r := &reader{file: f, marks: map[mark]int{}, pages: len(pages), starts: sectionStarts(f, pages), reading: packet.Reading{Format: "pdf"}}
	s := newScanner(f, r)
	for i, p := range pages {
		r.page = i
		content, err := f.Content(p.Dict)
		if err != nil {
			return packet.Reading{}, readFault(err)
		}
		r.open = nil
		if err := s.run(content, p.Resources); err != nil {
			return packet.Reading{}, readFault(err)
		}
		r.flush()
		r.extras(p)
		if err := r.annotations(p, s); err != nil {
			return packet.Reading{}, readFault(err)
		}
	}
	r.finish()
	r.alternatives()
	if err := r.attachments(); err != nil {
		return packet.Reading{}, readFault(err)
	}
	return r.reading, nil
}

// Pages counts the pages of a file.
func Pages(data []byte) (int, error) {
	f, err := parse.Open(data)
	if err != nil {
		return 0, readFault(err)
	}
	pages, err := f.Pages()
	if err != nil {
		return 0, readFault(err)
	}
	return len(pages), nil
}

func readFault(err error) error {
	if errors.Is(err, parse.ErrRefused) {
		return fault.New(fault.Invalid, "HC-PDF-21", "This PDF cannot be checked: it uses what homecase never writes.").Because(err).Then("Check the file as it came from homecase.")
	}
	return fault.New(fault.Invalid, "HC-PDF-20", "This is not a PDF, or it is damaged.").Because(err).Then("Check the file as it came from homecase.")
}

// reader collects what a file prints.
type reader struct {
	file    *parse.File
	reading packet.Reading
	marks   map[mark]int // place of each mark in the reading
	repeats []repeat
	labels  []string // numbers of list items, in order
	page    int
	pages   int
	starts  map[string]int
	open    []context
	run     strings.Builder // text outside marks
	all     strings.Builder // every text, for comparing tooltips
}

// context is one open marked-content sequence.
type context struct {
	tag      parse.Name
	mark     *mark
	artifact bool
	text     *strings.Builder
}

// repeat is a mark drawn again in a repeated table head.
type repeat struct {
	mark mark
	text string
}

func (r *reader) stray(text string) {
	r.reading.Stray = append(r.reading.Stray, text)
}

func (r *reader) inArtifact() bool {
	for i := range r.open {
		if r.open[i].artifact {
			return true
		}
	}
	return false
}

func (r *reader) begin(tag parse.Name, props parse.Dict) {
	r.flush()
	c := context{tag: tag, artifact: tag == "Artifact"}
	if t, ok := r.file.Resolve(props["ActualText"]).(parse.String); ok {
		r.stray("a text for readers alone: " + parse.TextString(t))
	}
	if tag == "HC" {
		ref, _ := r.file.Resolve(props["Ref"]).(parse.String)
		n, _ := r.file.Resolve(props["N"]).(int64)
		c.mark, c.text = &mark{packet.Ref(ref), int(n)}, &strings.Builder{}
	}
	r.open = append(r.open, c)
}

func (r *reader) end() {
	r.flush()
	n := len(r.open)
	if n == 0 {
		return
	}
	c := &r.open[n-1]
	r.open = r.open[:n-1]
	if c.mark == nil {
		return
	}
	text := c.text.String()
	switch {
	case strings.HasPrefix(string(c.mark.ref), "@"):
		r.furniture(string(c.mark.ref), text)
	case r.inArtifact():
		r.repeats = append(r.repeats, repeat{*c.mark, text})
	default:
		r.keep(*c.mark, text)
	}
}

// keep adds to a mark, or starts it.
func (r *reader) keep(m mark, text string) {
	if i, ok := r.marks[m]; ok && m.n >= 0 {
		r.reading.Marks[i].Text += text
		return
	}
	r.marks[m] = len(r.reading.Marks)
	r.reading.Marks = append(r.reading.Marks, packet.Mark{Ref: m.ref, Text: text})
}

// furniture checks a number of the printer's own: the page in the contents, a list's number.
func (r *reader) furniture(ref, text string) {
	if id, ok := strings.CutPrefix(ref, "@page "); ok {
		if at, ok := r.starts[id]; !ok || text != strconv.Itoa(at+1) {
			r.stray("a page number in the contents: " + text)
		}
		return
	}
	if ref == "@item" {
		r.labels = append(r.labels, strings.TrimSpace(text))
		return
	}
	r.stray(text)
}

func (r *reader) text(f *readFont, s parse.String) {
	text, ours := f.decode(s)
	r.all.WriteString(text)
	if !ours && (packet.HasDigit(text) || strings.ContainsRune(text, '\ufffd')) {
		r.stray("in a font that is not ours: " + text)
	}
	for i := len(r.open) - 1; i >= 0; i-- {
		if r.open[i].mark != nil {
			if !ours && !packet.HasDigit(text) {
				r.stray("a number in a font that is not ours: " + text)
			}
			r.open[i].text.WriteString(text)
			return
		}
	}
	r.run.WriteString(text)
}

// flush ends a run of text outside marks.
func (r *reader) flush() {
	text := strings.TrimSpace(r.run.String())
	r.run.Reset()
	if !packet.HasDigit(text) {
		return
	}
	if r.inArtifact() && text == fmt.Sprintf("Page %d of %d", r.page+1, r.pages) { // the foot of the page
		return
	}
	r.stray(text)
}

func (r *reader) paint(string) {}

func (r *reader) image() {
	for _, c := range r.open {
		if c.tag == "Figure" {
			return
		}
	}
	r.stray(fmt.Sprintf("a picture on page %d outside the document's figures", r.page+1))
}

func (r *reader) odd(what string) {
	r.stray(fmt.Sprintf("%s on page %d, which homecase never prints", what, r.page+1))
}

// extras reports what a page has that our pages never have.
func (r *reader) extras(p parse.Page) {
	for _, key := range []parse.Name{"Pattern", "Shading", "ExtGState"} {
		if len(r.file.Dict(p.Resources[key])) > 0 {
			r.odd("a " + strings.ToLower(string(key)))
		}
	}
	for _, key := range []parse.Name{"CropBox", "UserUnit", "Rotate"} {
		if v, ok := p.Dict[key]; ok && r.file.Resolve(v) != int64(0) {
			r.odd("a changed page frame (" + string(key) + ")")
		}
	}
}

// annotations reads what was put on top of a page. Our own links have no look.
func (r *reader) annotations(p parse.Page, s *scanner) error {
	for _, o := range r.file.Array(p.Dict["Annots"]) {
		a := r.file.Dict(o)
		contents, _ := r.file.Resolve(a["Contents"]).(parse.String)
		words := strings.TrimSpace(parse.TextString(contents))
		if r.file.Resolve(a["Subtype"]) != parse.Name("Link") {
			kind, _ := r.file.Resolve(a["Subtype"]).(parse.Name)
			r.stray(strings.TrimSpace(fmt.Sprintf("a note on page %d (%s) %s", r.page+1, kind, words)))
		} else if packet.HasDigit(words) && !strings.Contains(squash(r.all.String()), squash(words)) {
			r.stray("a link's description: " + words)
		}
		if look := r.file.Dict(a["AP"]); look != nil {
			if err := r.appearance(look, p, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// appearance reads the drawing of an annotation, in all its states.
func (r *reader) appearance(look parse.Dict, p parse.Page, s *scanner) error {
	for _, key := range []parse.Name{"N", "D", "R"} {
		states := []parse.Object{look[key]}
		if d, ok := r.file.Resolve(look[key]).(parse.Dict); ok {
			states = states[:0]
			for _, k := range slices.Sorted(maps.Keys(d)) {
				states = append(states, d[k])
			}
		}
		for _, v := range states {
			x, ok := r.file.Resolve(v).(*parse.Stream)
			if !ok {
				continue
			}
			r.open = nil
			if err := s.form(x, p.Resources); err != nil {
				return err
			}
			r.flush()
		}
	}
	return nil
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

// finish compares repeated heads with their first print, and checks the numbers of lists.
func (r *reader) finish() {
	said := map[mark]string{}
	for _, rep := range r.repeats { // a repeated mark may be drawn in several runs of one page
		said[rep.mark] += rep.text
	}
	for _, rep := range r.repeats {
		text, ok := said[rep.mark]
		if !ok {
			continue
		}
		delete(said, rep.mark)
		i, known := r.marks[rep.mark]
		if !known || !repeated(text, r.reading.Marks[i].Text) {
			r.stray("a repeated head of a table: " + text)
		}
	}
	last := 0
	for _, l := range r.labels {
		n, err := strconv.Atoi(strings.TrimSuffix(l, "."))
		if err != nil || !strings.HasSuffix(l, ".") || n != last+1 && n != 1 {
			r.stray("the number of a list: " + l)
		}
		last = n
	}
	if r.file.Catalog()["AcroForm"] != nil {
		r.stray("a form to fill in, which homecase never prints")
	}
	if r.file.Catalog()["OCProperties"] != nil {
		r.stray("layers, which homecase never prints")
	}
}

// repeated tells whether text is the other one or more times.
func repeated(text, once string) bool {
	return once != "" && len(text)%len(once) == 0 && strings.Repeat(once, len(text)/len(once)) == text
}

// sectionStarts maps each named place to its page.
func sectionStarts(f *parse.File, pages []parse.Page) map[string]int {
	number := map[parse.Ref]int{}
	for i, p := range pages {
		if r, ok := p.Ref.(parse.Ref); ok {
			number[r] = i
		}
	}
	starts := map[string]int{}
	keys, values := f.NameTree(f.Dict(f.Catalog()["Names"])["Dests"])
	for i, k := range keys {
		if a := f.Array(values[i]); len(a) > 0 {
			if r, ok := a[0].(parse.Ref); ok {
				if n, ok := number[r]; ok {
					starts[k] = n
				}
			}
		}
	}
	return starts
}

// alternatives lists the alternative texts of figures, and the summaries of
// charts that are tables, in the order of the structure tree.
func (r *reader) alternatives() {
	walkTree(r.file, func(d parse.Dict, _ int) {
		for _, key := range []parse.Name{"ActualText", "E"} {
			if t, ok := r.file.Resolve(d[key]).(parse.String); ok {
				r.stray("a text for readers alone: " + parse.TextString(t))
			}
		}
		if t, ok := r.file.Resolve(d["Alt"]).(parse.String); ok {
			r.reading.Alts = append(r.reading.Alts, parse.TextString(t))
		} else if t, ok := r.file.Resolve(r.file.Dict(d["A"])["Summary"]).(parse.String); ok {
			r.reading.Alts = append(r.reading.Alts, parse.TextString(t))
		}
	})
}

// maxElements is how many elements of a structure tree are visited.
const maxElements = 1 << 18

// walkTree visits the elements of the structure tree in order.
func walkTree(f *parse.File, visit func(d parse.Dict, depth int)) {
	seen := map[int64]bool{}
	left := maxElements
	var walk func(o parse.Object, depth int)
	walk = func(o parse.Object, depth int) {
		if left--; left < 0 || depth > 64 {
			return
		}
		if ref, ok := o.(parse.Ref); ok {
			if seen[ref.Num] {
				return
			}
			seen[ref.Num] = true
		}
		switch v := f.Resolve(o).(type) {
		case parse.Array:
			for _, k := range v {
				walk(k, depth)
			}
		case parse.Dict:
			if v["S"] != nil {
				visit(v, depth)
				walk(v["K"], depth+1)
			}
		}
	}
	walk(f.Dict(f.Catalog()["StructTreeRoot"])["K"], 0)
}

func sameRef(a, b parse.Object) bool {
	x, ok1 := a.(parse.Ref)
	y, ok2 := b.(parse.Ref)
	return ok1 && ok2 && x == y
}

// attachments finds the working. Another attachment, or two that differ, is reported.
func (r *reader) attachments() error {
	catalog := r.file.Catalog()
	names, values := r.file.NameTree(r.file.Dict(catalog["Names"])["EmbeddedFiles"])
	af := r.file.Array(catalog["AF"])
	if len(values) == 0 && len(af) == 0 {
		return nil
	}
	if len(values) != 1 || len(af) != 1 || !sameRef(values[0], af[0]) {
		r.stray("attachments beside the working: " + strings.Join(names, ", "))
	}
	if len(af) == 0 {
		af = parse.Array{values[0]}
	}
	s, ok := r.file.Resolve(r.file.Dict(r.file.Dict(af[0])["EF"])["F"]).(*parse.Stream)
	if !ok {
		return nil
	}
	data, err := r.file.Unpack(s)
	if err != nil {
		return err
	}
	r.reading.Working = append([]byte{}, data...)
	return nil
}
