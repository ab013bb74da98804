// Package pptx writes a document as slides with notes, for a talk: each
// section is a slide with its label as title, one large sentence and one
// picture, and everything else of the section stands in the notes.
//
// It writes Office Open XML itself (ECMA-376). Titles and sentences are
// placeholders of real layouts, so that another design can be put on them;
// pictures are the slide program's own shapes in one group with the sentence
// that says what they show. Formatting stands in the master.
//
// It refuses nothing: what a slide cannot hold, tables and photographs above
// all, goes into the notes in words, and titles that are empty or stand twice
// are told apart. Links become plain words. It reads no file and no clock;
// the same document gives the same bytes.
package pptx

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"strings"

	"homecase/internal/press/opc"
	"homecase/internal/press/text"
	"homecase/packet"
)

//go:embed data/*.xml
var files embed.FS

const (
	relTypes   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	pkgRel     = "http://schemas.openxmlformats.org/package/2006/relationships"
	mediaType  = "application/vnd.openxmlformats-officedocument.presentationml."
	namespaces = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
)

// Write writes the document as slides.
func Write(w io.Writer, doc packet.Document) error {
	doc = text.Document(doc)
	slides := slidesOf(doc)
	lang, foot := opc.Language(doc.Lang), doc.Footer
	if foot == "" {
		foot = "Footer" // what a layout shows in its empty place
	}
	var parts, static []opc.Part
	for _, f := range []struct{ part, file string }{
		{"ppt/slideMasters/slideMaster1.xml", "slideMaster1.xml"}, {"ppt/slideLayouts/slideLayout1.xml", "slideLayout1.xml"},
		{"ppt/slideLayouts/slideLayout2.xml", "slideLayout2.xml"}, {"ppt/slideLayouts/slideLayout3.xml", "slideLayout3.xml"},
		{"ppt/notesMasters/notesMaster1.xml", "notesMaster1.xml"}, {"ppt/theme/theme1.xml", "theme.xml"}, {"ppt/theme/theme2.xml", "theme.xml"},
	} {
		data, err := files.ReadFile("data/" + f.file)
		if err != nil {
			return fmt.Errorf("read %s: %w", f.file, err)
		}
		data = bytes.ReplaceAll(data, []byte(`"LANG"`), []byte(`"`+lang+`"`))
		static = append(static, opc.Part{Name: f.part, Data: bytes.ReplaceAll(data, []byte(`>FOOTER<`), []byte(`>`+opc.Escape(foot)+`<`))})
	}
	parts = append(parts,
		opc.Part{Name: "[Content_Types].xml", Data: contentTypes(len(slides))},
		relations("_rels/.rels", "officeDocument", "ppt/presentation.xml", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml", "extended-properties", "docProps/app.xml"),
		opc.Part{Name: "ppt/presentation.xml", Data: presentation(len(slides), lang)},
		presentationRels(len(slides)))
	parts = append(parts, static...)
	parts = append(parts,
		relations("ppt/slideMasters/_rels/slideMaster1.xml.rels", "slideLayout", "../slideLayouts/slideLayout1.xml", "slideLayout", "../slideLayouts/slideLayout2.xml", "slideLayout", "../slideLayouts/slideLayout3.xml", "theme", "../theme/theme1.xml"),
		relations("ppt/notesMasters/_rels/notesMaster1.xml.rels", "theme", "../theme/theme2.xml"))
	for n := 1; n <= layouts; n++ {
		parts = append(parts, relations(fmt.Sprintf("ppt/slideLayouts/_rels/slideLayout%d.xml.rels", n), "slideMaster", "../slideMasters/slideMaster1.xml"))
	}
	for i, s := range slides {
		slide, notes := fmt.Sprintf("slide%d.xml", i+1), fmt.Sprintf("notesSlide%d.xml", i+1)
		parts = append(parts,
			opc.Part{Name: "ppt/slides/" + slide, Data: s.xml(doc.Footer, lang)},
			relations("ppt/slides/_rels/"+slide+".rels", "slideLayout", fmt.Sprintf("../slideLayouts/slideLayout%d.xml", s.layout()), "notesSlide", "../notesSlides/"+notes),
			opc.Part{Name: "ppt/notesSlides/" + notes, Data: s.notesXML(lang)},
			relations("ppt/notesSlides/_rels/"+notes+".rels", "notesMaster", "../notesMasters/notesMaster1.xml", "slide", "../slides/"+slide))
	}
	parts = append(parts,
		opc.Part{Name: "docProps/core.xml", Data: opc.Core(doc)},
		opc.Part{Name: "docProps/app.xml", Data: fmt.Appendf(nil, `%s<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>homecase</Application><PresentationFormat>Widescreen</PresentationFormat><Slides>%d</Slides><Notes>%[2]d</Notes></Properties>`, opc.Header, len(slides))})
	return opc.Pack(w, parts, opc.Stamp(doc))
}

// layouts is how many there are: sentence and picture, windows, sentence alone.
const layouts = 3

// relations makes a part of relationships from pairs of kind and target.
func relations(name string, pairs ...string) opc.Part {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		kind := pairs[i]
		if !strings.HasPrefix(kind, "http") {
			kind = relTypes + kind
		}
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i/2+1, kind, pairs[i+1])
	}
	return opc.Part{Name: name, Data: []byte(opc.Header + `<Relationships xmlns="` + pkgRel + `">` + b.String() + `</Relationships>`)}
}

// firstSlide is the relationship of the first slide, after master, notes master and theme.
const firstSlide = 4

func presentationRels(slides int) opc.Part {
	pairs := []string{"slideMaster", "slideMasters/slideMaster1.xml", "notesMaster", "notesMasters/notesMaster1.xml", "theme", "theme/theme1.xml"}
	for n := 1; n <= slides; n++ {
		pairs = append(pairs, "slide", fmt.Sprintf("slides/slide%d.xml", n))
	}
	return relations("ppt/_rels/presentation.xml.rels", pairs...)
}

// presentation lists the slides; they are 16 by 9, 960 by 540 points.
func presentation(slides int, lang string) []byte {
	var ids strings.Builder
	for i := range slides {
		fmt.Fprintf(&ids, `<p:sldId id="%d" r:id="rId%d"/>`, 256+i, firstSlide+i) // ids of slides begin at 256, ECMA-376 part 1, 19.7.13
	}
	var levels strings.Builder // of text that is no placeholder: the labels of pictures
	for n := 1; n <= 9; n++ {
		fmt.Fprintf(&levels, `<a:lvl%dpPr marL="0" algn="l" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"><a:defRPr sz="1800" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr></a:lvl%[1]dpPr>`, n)
	}
	return fmt.Appendf(nil, `%s<p:presentation %s><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst><p:sldIdLst>%s</p:sldIdLst><p:sldSz cx="%d" cy="%d"/><p:notesSz cx="6858000" cy="9144000"/><p:defaultTextStyle><a:defPPr><a:defRPr lang="%s"/></a:defPPr>%s</p:defaultTextStyle></p:presentation>`,
		opc.Header, namespaces, ids.String(), emu(slideWidth), emu(slideHeight), lang, levels.String())
}

func contentTypes(slides int) []byte {
	var b strings.Builder
	b.WriteString(opc.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	add := func(name, kind string) {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, name, kind)
	}
	add("ppt/presentation.xml", mediaType+"presentation.main+xml")
	add("ppt/slideMasters/slideMaster1.xml", mediaType+"slideMaster+xml")
	for n := 1; n <= layouts; n++ {
		add(fmt.Sprintf("ppt/slideLayouts/slideLayout%d.xml", n), mediaType+"slideLayout+xml")
	}
	add("ppt/notesMasters/notesMaster1.xml", mediaType+"notesMaster+xml")
	for n := 1; n <= 2; n++ {
		add(fmt.Sprintf("ppt/theme/theme%d.xml", n), "application/vnd.openxmlformats-officedocument.theme+xml")
	}
	for n := 1; n <= slides; n++ {
		add(fmt.Sprintf("ppt/slides/slide%d.xml", n), mediaType+"slide+xml")
		add(fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", n), mediaType+"notesSlide+xml")
	}
	add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	add("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")
	b.WriteString(`</Types>`)
	return []byte(b.String())
}
