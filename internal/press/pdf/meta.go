package pdf

import (
	"crypto/md5" //nolint:gosec // the format asks for this sum beside an attachment; nothing rests on it
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

const producer = "homecase"

// subsetName is the six letters before a subset font's name, made from its bytes.
func subsetName(font []byte) string {
	sum := sha256.Sum256(font)
	out := make([]byte, 6)
	for i := range out {
		out[i] = 'A' + sum[i]%26
	}
	return string(out)
}

// writeMeta adds metadata, colour profile, bookmarks and attachment; it returns
// the catalog's entries for them and the number of the information dictionary.
func (p *printer) writeMeta(f *file, pageObjects []int) (catalog string, info int, err error) {
	profile, err := f.stream("/N 3", srgbProfile())
	if err != nil {
		return "", 0, err
	}
	meta := f.plainStream("/Type /Metadata /Subtype /XML", []byte(p.xmp()))
	catalog = fmt.Sprintf(" /Metadata %d 0 R /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>]", meta, profile)
	if n := p.writeBookmarks(f, pageObjects); n > 0 {
		catalog += fmt.Sprintf(" /Outlines %d 0 R", n)
		if len(p.pages) > 4 {
			catalog += " /PageMode /UseOutlines"
		}
	}
	names := p.destinations(pageObjects)
	if p.doc.Working != nil {
		spec, err := p.attach(f)
		if err != nil {
			return "", 0, err
		}
		catalog += fmt.Sprintf(" /AF [%d 0 R]", spec)
		names += fmt.Sprintf(" /EmbeddedFiles <</Names [%s %d 0 R]>>", textString(p.workingName()), spec)
	}
	if names != "" {
		catalog += " /Names <<" + strings.TrimSpace(names) + ">>"
	}
	return catalog, f.add(p.info()), nil
}

// destinations names the place of each section, so that links inside the file
// and from outside find it, and the reader can check the contents' page numbers.
func (p *printer) destinations(pageObjects []int) string {
	if len(p.dests) == 0 {
		return ""
	}
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(p.dests)) {
		d := p.dests[id]
		fmt.Fprintf(&b, "%s [%d 0 R /XYZ null %s null] ", byteString(id), pageObjects[d.page], num(d.y))
	}
	return "/Dests <</Names [" + strings.TrimSpace(b.String()) + "]>>"
}

func (p *printer) workingName() string {
	if p.doc.WorkingName == "" {
		return "working.json"
	}
	return p.doc.WorkingName
}

// attach embeds the working, from which verification recomputes the document.
func (p *printer) attach(f *file) (int, error) {
	dates := ""
	if !p.opt.Created.IsZero() {
		dates = fmt.Sprintf(" /CreationDate (%[1]s) /ModDate (%[1]s)", pdfDate(p.opt.Created))
	}
	kind := "application#2Foctet-stream"
	switch path.Ext(p.workingName()) {
	case ".json":
		kind = "application#2Fjson"
	case ".yaml", ".yml":
		kind = "application#2Fyaml"
	}
	data, err := f.stream(fmt.Sprintf("/Type /EmbeddedFile /Subtype /%s /Params <</Size %d /CheckSum <%x>%s>>", kind, len(p.doc.Working), md5.Sum(p.doc.Working), dates), p.doc.Working) //nolint:gosec // see above
	if err != nil {
		return 0, err
	}
	return f.add(fmt.Sprintf("<</Type /Filespec /F %s /UF %[1]s /AFRelationship /Source /Desc %s /EF <</F %d 0 R /UF %[3]d 0 R>>>>",
		textString(p.workingName()), textString("The working: inputs, ranges, seeds and versions behind every number"), data)), nil
}

func pdfDate(t time.Time) string { return t.UTC().Format("D:20060102150405Z") }

// info is the information dictionary; every entry says the same as the XMP metadata.
func (p *printer) info() string {
	s := "<</Title " + textString(p.doc.Title)
	if p.doc.Author != "" {
		s += " /Author " + textString(p.doc.Author)
	}
	if p.doc.Subject != "" {
		s += " /Subject " + textString(p.doc.Subject)
	}
	s += " /Creator (" + producer + ") /Producer (" + producer + ")"
	if !p.opt.Created.IsZero() {
		s += fmt.Sprintf(" /CreationDate (%[1]s) /ModDate (%[1]s)", pdfDate(p.opt.Created))
	}
	return s + ">>"
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}

// xmp is the metadata that PDF/A-3 and PDF/UA-1 ask for, with the schema of
// the latter's identifier, which PDF/A does not know.
func (p *printer) xmp() string {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" " +
		"xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" " +
		"xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n")
	fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", escape(p.doc.Title))
	if p.doc.Author != "" {
		fmt.Fprintf(&b, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", escape(p.doc.Author))
	}
	if p.doc.Subject != "" {
		fmt.Fprintf(&b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n", escape(p.doc.Subject))
	}
	fmt.Fprintf(&b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", escape(p.lang()))
	b.WriteString("<pdfuaid:part>1</pdfuaid:part><pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\n" +
		"<xmp:CreatorTool>" + producer + "</xmp:CreatorTool><pdf:Producer>" + producer + "</pdf:Producer>\n")
	if !p.opt.Created.IsZero() {
		at := p.opt.Created.UTC().Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(&b, "<xmp:CreateDate>%[1]s</xmp:CreateDate><xmp:ModifyDate>%[1]s</xmp:ModifyDate>\n", at)
	}
	b.WriteString("<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>" +
		"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>" +
		"<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>" +
		"<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n" +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return b.String()
}

// bookmark is an entry of the bookmarks.
type bookmark struct {
	title string
	at    dest
	level int
}

// writeBookmarks lists the sections, those inside a section below it.
func (p *printer) writeBookmarks(f *file, pageObjects []int) int {
	marks := []bookmark{{p.doc.Title, dest{0, p.theme.pageH}, 2}}
	for _, s := range p.doc.Sections {
		if s.Label != "" {
			marks = append(marks, bookmark{s.Label, p.dests[s.ID], max(s.Level, 2)})
		}
	}
	if p.doc.Title == "" {
		marks = marks[1:]
	}
	if len(marks) == 0 {
		return 0
	}
	root := f.reserve()
	numbers := make([]int, len(marks))
	for i := range marks {
		numbers[i] = f.reserve()
	}
	parent := make([]int, len(marks)) // index of the parent, -1 for the root
	top := -1
	for i, m := range marks {
		parent[i] = -1
		if m.level > 2 && top >= 0 {
			parent[i] = top
		} else {
			top = i
		}
	}
	siblings := func(of int) []int {
		var s []int
		for i := range marks {
			if parent[i] == of {
				s = append(s, i)
			}
		}
		return s
	}
	ends := func(kids []int) string {
		if len(kids) == 0 {
			return ""
		}
		return fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", numbers[kids[0]], numbers[kids[len(kids)-1]], len(kids))
	}
	for i, m := range marks {
		up := root
		if parent[i] >= 0 {
			up = numbers[parent[i]]
		}
		s := fmt.Sprintf("<</Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ null %s null]", textString(m.title), up, pageObjects[m.at.page], num(m.at.y))
		row := siblings(parent[i])
		for k, n := range row {
			if n == i && k > 0 {
				s += fmt.Sprintf(" /Prev %d 0 R", numbers[row[k-1]])
			}
			if n == i && k+1 < len(row) {
				s += fmt.Sprintf(" /Next %d 0 R", numbers[row[k+1]])
			}
		}
		f.set(numbers[i], s+ends(siblings(i))+">>")
	}
	f.set(root, fmt.Sprintf("<</Type /Outlines%s>>", strings.Replace(ends(siblings(-1)), fmt.Sprintf("/Count %d", len(siblings(-1))), fmt.Sprintf("/Count %d", len(marks)), 1)))
	return root
}
