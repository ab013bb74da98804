// Package docx writes a document as a file for a word processor: the packet
// that HR wants to edit, and the letter that the person wants to change.
//
// It writes Office Open XML itself, because what matters to the one who edits
// is not how the file looks but that headings are headings: every paragraph
// has a style, lists are numbered by Word, tables repeat their header row,
// charts are drawn with Word's own shapes and carry the sentence that says
// what they show. Formatting stands in the styles and hardly ever on a run.
//
// It refuses nothing: what a word processor cannot show, control characters
// above all, is left out. It reads no file and no clock; the same document
// gives the same bytes.
package docx

import (
	"bytes"
	"embed"
	"fmt"
	"io"

	"homecase/internal/press/opc"
	"homecase/internal/press/text"
	"homecase/packet"
)

// Paper is a size of sheet.
type Paper string

// The sizes. The text is as wide on both.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// Options are the choices of the one who prints.
type Options struct {
	Paper Paper // A4 when empty
}

// width is the width of the text in twentieths of a point: 154 mm.
const width = 8730

//go:embed data/*.xml
var files embed.FS

// Write writes the document.
func Write(w io.Writer, doc packet.Document, opt Options) error {
	doc = text.Document(doc)
	b := &body{doc: doc, anchors: map[string]string{}}
	b.write()
	if b.err != nil {
		return b.err
	}
	lang := opc.Language(doc.Lang)
	styles, err := static("styles.xml", "LANG", lang)
	if err != nil {
		return err
	}
	numbering, err := static("numbering.xml", "NUMS", b.nums())
	if err != nil {
		return err
	}
	settings, err := static("settings.xml", "LANG", lang)
	if err != nil {
		return err
	}
	parts := []opc.Part{
		{Name: "[Content_Types].xml", Data: []byte(contentTypes)},
		{Name: "_rels/.rels", Data: []byte(packageRels)},
		{Name: "word/document.xml", Data: []byte(opc.Header + `<w:document ` + namespaces + ` mc:Ignorable="w14"><w:body>` + b.xml.String() + section(opt.Paper) + `</w:body></w:document>`)},
		{Name: "word/styles.xml", Data: styles},
		{Name: "word/numbering.xml", Data: numbering},
		{Name: "word/settings.xml", Data: settings},
		{Name: "word/footer1.xml", Data: []byte(opc.Header + footer(doc))},
		{Name: "word/_rels/document.xml.rels", Data: []byte(opc.Header + b.relations())},
		{Name: "docProps/core.xml", Data: opc.Core(doc)},
		{Name: "docProps/app.xml", Data: []byte(opc.Header + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>homecase</Application></Properties>`)},
	}
	return opc.Pack(w, append(parts, b.media...), opc.Stamp(doc))
}

func static(name, mark, with string) ([]byte, error) {
	data, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return bytes.ReplaceAll(data, []byte(mark), []byte(with)), nil
}

const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"`

const contentTypes = opc.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`

const packageRels = opc.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>`

// section closes the body: the sheet, its margins and the foot of each page.
func section(p Paper) string {
	w, h := 11906, 16838
	if p == Letter {
		w, h = 12240, 15840
	}
	side := (w - width) / 2
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="1134" w:right="%d" w:bottom="1134" w:left="%d" w:header="567" w:footer="567" w:gutter="0"/><w:cols w:space="720"/></w:sectPr>`, w, h, side, side)
}

// footer is the line at the foot: who and what, and the page's number. A
// letter of one page has none.
func footer(doc packet.Document) string {
	line := run(doc.Footer, "")
	if doc.Kind != packet.Letter {
		line += `<w:r><w:tab/></w:r>` + run("Page ", "") + field("PAGE") + run(" of ", "") + field("NUMPAGES")
	}
	return `<w:ftr ` + namespaces + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` + line + `</w:p></w:ftr>`
}

func field(name string) string {
	return `<w:fldSimple w:instr=" ` + name + ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`
}
