package pptx

import (
	"fmt"
	"strings"

	"homecase/internal/press/opc"
	"homecase/internal/press/text"
	"homecase/packet"
)

// The slide in points, as the master has it.
const (
	slideWidth, slideHeight = 960.0, 540.0
	left, width             = 64.0, 832.0
	sentenceTop             = 84.0
	pictureBottom           = 474.0
	type1                   = 36.0 // size of the sentence in the master
	least                   = 32.0 // no sentence of ours is set smaller
	leading                 = 1.2
)

// slide is one slide with its notes.
type slide struct {
	title    string
	sentence string
	figure   *packet.Figure
	notes    []string
}

// slidesOf cuts a document into slides. Without a section there is one slide with the title.
func slidesOf(doc packet.Document) []slide {
	sections := doc.Sections
	if len(sections) == 0 {
		sections = []packet.Section{{Label: doc.Title, Blocks: doc.Head}}
	}
	slides := make([]slide, len(sections))
	used := map[string]bool{}
	for i, s := range sections {
		slides[i].title = unique(s.Label, i+1, used)
		for _, b := range s.Blocks {
			slides[i].take(b)
		}
	}
	return slides
}

// unique keeps titles apart: readers who hear slides find their way by them.
func unique(title string, n int, used map[string]bool) string {
	title = strings.TrimSpace(title)
	if title == "" {
		title = fmt.Sprintf("Slide %d", n)
	}
	for used[title] {
		title = fmt.Sprintf("%s (%d)", title, n)
	}
	used[title] = true
	return title
}

// take puts a block where it belongs: the first sentence and the first chart
// on the slide, all else into the notes.
func (s *slide) take(b packet.Block) {
	switch b := b.(type) {
	case packet.Para:
		if s.sentence == "" && b.Style != packet.Note && b.Style != packet.Meta {
			s.sentence = strings.TrimSpace(b.Text.String())
			s.note(evidence("", b.Evidence))
			return
		}
		s.note(evidence(b.Text.String(), b.Evidence))
	case packet.Figure:
		if s.figure == nil && b.Chart != nil {
			s.figure = &b // its sentence is the picture's alternative text
		} else {
			s.note(b.Alt.String())
		}
		if b.Data != nil {
			s.table(*b.Data)
		}
	default:
		s.other(b)
	}
}

// other puts the blocks of a page into words.
func (s *slide) other(b packet.Block) {
	switch b := b.(type) {
	case packet.Heading:
		s.note(b.Text.String())
	case packet.List:
		for _, item := range b.Items {
			s.note("– " + item.String())
		}
	case packet.Choice:
		for _, o := range b.Options {
			s.note("– " + o.Label)
		}
		s.note(b.Note.String())
	case packet.Question:
		s.note(strings.TrimSpace(b.Number.Text + " " + b.Question.String()))
		s.note(strings.TrimSpace(text.State(b.State, b.By.String()) + " " + evidence(b.Answer.String(), b.By)))
	case packet.Table:
		s.table(b)
	case packet.Photo:
		s.note(b.Alt.String())
	case packet.Signature:
		for _, c := range b.Captions {
			s.note(c)
		}
	}
}

func (s *slide) table(t packet.Table) {
	s.note(t.Caption.String())
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			if words := strings.TrimSpace(c.Text.String() + " " + c.Note.String()); words != "" {
				cells = append(cells, words)
			}
		}
		s.note(strings.Join(cells, "; "))
	}
}

func (s *slide) note(words string) {
	if words = strings.TrimSpace(words); words != "" {
		s.notes = append(s.notes, words)
	}
}

// evidence adds a source in brackets.
func evidence(words string, source packet.Text) string {
	if from := strings.TrimSuffix(strings.TrimSpace(source.String()), "."); from != "" {
		return words + " (" + from + ")"
	}
	return words
}

// layout is the number of the slide's layout: windows are lit in the dark.
func (s slide) layout() int {
	if s.figure == nil {
		return 3
	}
	if s.dark() {
		return 2
	}
	return 1
}

func (s slide) dark() bool {
	if s.figure == nil {
		return false
	}
	_, windows := s.figure.Chart.(packet.Windows)
	return windows
}

// xml writes the slide in reading order: title, sentence, picture, foot.
func (s slide) xml(footer, lang string) []byte {
	var b strings.Builder
	b.WriteString(opc.Header + `<p:sld ` + namespaces + `><p:cSld><p:spTree>` + treeTop)
	b.WriteString(placeholder(2, "Title", `type="title"`, "", run(s.title, lang)))
	scale, lines := fit(s.sentence)
	id := 3
	if s.sentence != "" {
		body := ""
		if scale < 1 {
			body = fmt.Sprintf(`<a:normAutofit fontScale="%d"/>`, int(scale*100000))
		}
		b.WriteString(placeholder(id, "Sentence", `type="body" sz="quarter" idx="1"`, body, run(s.sentence, lang)))
		id++
	}
	if s.figure != nil {
		top := sentenceTop + 32 // the least air below a title; pictures stand alike on all slides
		if s.sentence != "" {
			top = sentenceTop + float64(max(lines, 2))*type1*leading*min(scale, 1) + 32
		}
		d := drawing{id: id, lang: lang, dark: s.dark()}
		b.WriteString(d.group(*s.figure, min(top, 300), pictureBottom))
		id = d.id
	}
	if footer != "" {
		b.WriteString(placeholder(id, "Footer", `type="ftr" sz="quarter" idx="10"`, "", run(footer, lang)))
		id++
	}
	b.WriteString(placeholder(id, "Slide number", `type="sldNum" sz="quarter" idx="11"`, "", `<a:fld id="{5B7A3C10-6D0E-4C55-9A53-0F4C5C10242B}" type="slidenum"><a:rPr lang="`+lang+`"/><a:t>‹#›</a:t></a:fld>`))
	b.WriteString(`</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>`)
	return []byte(b.String())
}

// notesXML writes the page with the words.
func (s slide) notesXML(lang string) []byte {
	var words strings.Builder
	for _, n := range s.notes {
		words.WriteString(`<a:p>` + run(n, lang) + `</a:p>`)
	}
	if words.Len() == 0 {
		words.WriteString(`<a:p><a:endParaRPr lang="` + lang + `"/></a:p>`)
	}
	return []byte(opc.Header + `<p:notes ` + namespaces + `><p:cSld><p:spTree>` + treeTop +
		`<p:sp><p:nvSpPr><p:cNvPr id="2" name="Slide"/><p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>` +
		`<p:sp><p:nvSpPr><p:cNvPr id="3" name="Notes"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="body" sz="quarter" idx="3"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>` + words.String() + `</p:txBody></p:sp>` +
		placeholder(4, "Slide number", `type="sldNum" sz="quarter" idx="5"`, "", `<a:fld id="{5B7A3C10-6D0E-4C55-9A53-0F4C5C10242C}" type="slidenum"><a:rPr lang="`+lang+`"/><a:t>‹#›</a:t></a:fld>`) +
		`</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>`)
}

// treeTop opens a tree of shapes.
const treeTop = `<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>`

// placeholder writes a shape whose place and look come from the layout.
func placeholder(id int, name, ph, fit, runs string) string {
	body := `<a:bodyPr/>`
	if fit != "" {
		body = `<a:bodyPr>` + fit + `</a:bodyPr>`
	}
	return fmt.Sprintf(`<p:sp><p:nvSpPr><p:cNvPr id="%d" name="%s"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph %s/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody>%s<a:lstStyle/><a:p>%s</a:p></p:txBody></p:sp>`, id, name, ph, body, runs)
}

func run(words, lang string) string {
	return `<a:r><a:rPr lang="` + lang + `"/><a:t>` + opc.Escape(words) + `</a:t></a:r>`
}
