package docx

import (
	"fmt"
	"slices"
	"strings"

	"homecase/internal/press/opc"
	"homecase/internal/press/text"
	"homecase/packet"
)

// body writes the blocks of a document into word/document.xml.
type body struct {
	doc     packet.Document
	xml     strings.Builder
	rels    []string
	media   []opc.Part
	anchors map[string]string // section id → bookmark
	ids     int               // of drawings and bookmarks
	lists   int               // numbered lists so far
	broken  bool              // the page break after the summary is set
	level   int               // heading level of the section at hand
	err     error
}

func (b *body) write() {
	for i, s := range b.doc.Sections {
		if _, taken := b.anchors[s.ID]; !taken {
			b.anchors[s.ID] = fmt.Sprintf("part_%d", i+1)
		}
	}
	b.level = 1
	b.blocks(b.doc.Head)
	first := slices.IndexFunc(b.doc.Sections, func(s packet.Section) bool { return s.NewPage })
	for i, s := range b.doc.Sections {
		if b.doc.Contents && i == max(first, 0) { // what comes before it stands alone
			b.contents(first > 0)
		}
		b.section(i, s)
	}
}

// para writes one paragraph. Extra are paragraph properties that follow the
// style in the schema's order.
func (b *body) para(style, extra, inner string) {
	b.xml.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + extra + `</w:pPr>` + inner + `</w:p>`)
}

func (b *body) id() int { b.ids++; return b.ids }

func (b *body) section(i int, s packet.Section) {
	b.level = min(max(s.Level-1, 1), 2)
	extra := ""
	if s.NewPage && !b.broken && i > 0 {
		// Only what comes first stands alone on its page; the rest flows, since
		// somebody will write into it.
		extra, b.broken = `<w:pageBreakBefore/>`, true
	}
	mark := fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="part_%d"/>`, b.id(), i+1)
	end := fmt.Sprintf(`<w:bookmarkEnd w:id="%d"/>`, b.ids)
	switch {
	case s.Label != "":
		b.para(heading(b.level), extra, mark+run(s.Label, "")+end)
	default:
		b.xml.WriteString(mark + end)
	}
	b.blocks(s.Blocks)
}

func heading(level int) string { return fmt.Sprintf("Heading%d", min(max(level, 1), 3)) }

// contents lists the sections as links inside Word's own field, so that Word
// can make the list anew.
func (b *body) contents(newPage bool) {
	extra := ""
	if newPage {
		extra, b.broken = `<w:pageBreakBefore/>`, true
	}
	b.para("TOCHeading", extra, run("Contents", ""))
	first := true
	for i, s := range b.doc.Sections {
		if s.Label == "" || s.Level > 2 {
			continue
		}
		start := ""
		if first {
			start = `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-1" \n \h \z </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`
		}
		first = false
		b.para("TOC1", "", start+fmt.Sprintf(`<w:hyperlink w:anchor="part_%d" w:history="1">`, i+1)+run(s.Label, "")+`</w:hyperlink>`)
	}
	if !first {
		b.para("TOC1", "", `<w:r><w:fldChar w:fldCharType="end"/></w:r>`)
	}
}

func (b *body) blocks(blocks []packet.Block) {
	for _, block := range blocks {
		b.block(block)
	}
}

func (b *body) block(block packet.Block) {
	switch block := block.(type) {
	case packet.Para:
		b.paragraph(block)
	case packet.Heading:
		b.para(heading(max(block.Level-1, b.level+1)), "", b.sentences(block.Text, ""))
	case packet.List:
		b.list(block)
	case packet.Choice:
		b.choice(block)
	case packet.Question:
		b.question(block)
	case packet.Table:
		b.table(block)
	case packet.Figure:
		b.figure(block)
	case packet.Photo:
		b.photo(block)
	case packet.Signature:
		for _, c := range block.Captions {
			b.para("SignatureLine", "", `<w:r><w:tab/></w:r>`)
			b.para("Meta", "", run(c, ""))
		}
	default:
		b.err = fmt.Errorf("a word processor's file cannot hold a block of type %T", block)
	}
}

func (b *body) paragraph(p packet.Para) {
	style := "BodyText"
	switch p.Style {
	case packet.Title:
		style = "Title"
	case packet.Ask:
		style = "Ask"
	case packet.Meta:
		style = "Meta"
	case packet.Note:
		style = "Note"
	}
	if b.doc.Kind == packet.Letter {
		switch p.Style {
		case packet.Title:
			style = "LetterSubject"
		case packet.Meta:
			style = "LetterLine"
		}
	}
	inner := b.sentences(p.Text, "")
	if len(p.Evidence) > 0 {
		inner += run(" ", "") + run("[", "Evidence") + b.sentences(p.Evidence, "Evidence") + run("]", "Evidence")
	}
	b.para(style, "", inner)
}

func (b *body) list(l packet.List) {
	style, extra := "ListBullet", ""
	switch l.Style {
	case packet.Ticks:
		style = "ListTick"
	case packet.Numbers:
		b.lists++
		style, extra = "ListNumber", fmt.Sprintf(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="%d"/></w:numPr>`, firstList+b.lists)
	}
	for _, item := range l.Items {
		b.para(style, extra, b.sentences(item, ""))
	}
}

// firstList is the last of the fixed lists; each numbered list after it
// starts again at one.
const firstList = 3

func (b *body) nums() string {
	var out strings.Builder
	for i := range b.lists {
		fmt.Fprintf(&out, `<w:num w:numId="%d"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`+"\n", firstList+1+i)
	}
	return out.String()
}

// choice writes a box that can be ticked for each option, each on its own
// line and of the same weight.
func (b *body) choice(c packet.Choice) {
	for _, o := range c.Options {
		line := ""
		if o.Line {
			line = run(" ", "") + `<w:r><w:tab/></w:r>`
		}
		box := fmt.Sprintf(`<w:sdt><w:sdtPr><w:alias w:val="%[1]s"/><w:tag w:val="%[2]s"/><w:id w:val="%[3]d"/><w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent>%[4]s</w:sdtContent></w:sdt>`,
			cut(o.Label, 60), cut(o.ID, 60), 1000+b.id(), run("☐", "Box"))
		b.para("Choice", "", box+run(" "+o.Label, "")+line)
	}
	if len(c.Note) > 0 {
		b.para("Note", "", b.sentences(c.Note, ""))
	}
}

// cut shortens a name to what Word allows for names of controls (64 characters).
func cut(s string, n int) string {
	r := []rune(s)
	return opc.Escape(string(r[:min(len(r), n)]))
}

func (b *body) question(q packet.Question) {
	head := ""
	if q.Number.Text != "" {
		head = b.spans([]packet.Span{q.Number}, "") + run(" ", "")
	}
	b.para(heading(b.level+1+min(1, 2-b.level)), "", head+b.sentences(q.Question, ""))
	if len(q.Answer) > 0 {
		b.para("BodyText", "", b.sentences(q.Answer, ""))
	}
	by := ""
	if state := text.State(q.State, q.By.String()); state != "" {
		by = run(state, "")
	}
	if len(q.By) > 0 {
		if by != "" {
			by += run(" ", "")
		}
		by += b.sentences(q.By, "")
	}
	if by != "" {
		b.para("Meta", "", by)
	}
}
