package pdf

import (
	"fmt"
	"strconv"
	"strings"

	"homecase/fault"
	"homecase/packet"
)

// tocLine is a line of the table of contents, whose page number is known once all is placed.
type tocLine struct {
	id   string
	text []textLine
	e    *elem
}

const wordContents = "Contents"

// tableOfContents sets a line for each section that follows, with a leader to
// its page; what stands on the summary's sheet needs no finding.
func (p *printer) tableOfContents(sections []packet.Section) []*box {
	t := p.theme
	b := &builder{printer: p, parent: p.root.child("Sect", ""), x: t.textX, w: t.textW}
	title := b.parent.child(fmt.Sprintf("H%d", p.nextLevel(2)), "")
	label := lines(p.words(p.plain(wordContents, t.label.look)), max(t.labelW, 100), ragged)
	toc := b.parent.child("TOC", "")
	for _, s := range sections {
		if s.Label == "" || s.Level >= 3 { // the bookmarks have the parts of a section
			continue
		}
		l := t.body.look
		lk := &link{href: "#" + s.ID, text: s.Label, quiet: true}
		pieces := p.plain(s.Label, l)
		pieces[0].link = lk
		line := &tocLine{id: s.ID, e: toc.child("TOCI", "").child("Reference", "")}
		line.text = lines(p.words(pieces), t.textW-40, ragged)
		p.contents = append(p.contents, line)
		lead := t.body.lead * 1.08
		b.put([]*box{{height: lead * float64(max(len(line.text), 1)), base: p.base(t.body), draw: func(pn *pen, _, y float64) { pn.tocLine(line, y, lead) }}}, 0)
	}
	if t.labelW > 0 {
		p.hang(b.boxes, label, title)
	} else {
		b.boxes = append(p.lineBoxes(label, t.label, title, t.textX, t.textW, false), b.boxes...)
	}
	b.boxes[0].before, b.boxes[0].rule = 15*t.space, t.labelW > 0
	if height(b.boxes) < .6*(t.pageH-t.top-t.bottom) {
		glue(b.boxes)
	}
	return b.boxes
}

// tocLine draws a line of the contents: title, leader, page.
func (p *pen) tocLine(l *tocLine, y, lead float64) {
	t := p.theme
	number := p.furniture(packet.Ref("@page "+l.id), strconv.Itoa(p.dests[l.id].page+1), t.body.look)
	set := lines(p.words([]piece{number}), 100, ragged)
	base := y + p.base(t.body)
	x := t.textX
	for i, ln := range l.text {
		p.line(ln, x, base+float64(i)*lead, l.e)
	}
	if len(l.text) == 0 || len(set) == 0 {
		return
	}
	base += float64(len(l.text)-1) * lead
	from, to := x+l.text[len(l.text)-1].width+5, t.textX+t.textW-set[0].width-5
	p.artifact(func() {
		p.write("[.5 3] 0 d\n")
		p.rule(from, base, to, hairline, .6)
		p.write("[] 0 d\n")
	})
	p.line(set[0], t.textX+t.textW-set[0].width, base, l.e)
}

// draw puts the placed boxes on their pages, then the furniture.
func (p *printer) draw(places []placed) {
	t := p.theme
	for _, pl := range places {
		if pl.dest != "" && !pl.again {
			p.dests[pl.dest] = dest{pl.page, t.pageH - pl.y + 12}
		}
	}
	last := places[len(places)-1].page
	for i := 0; i <= last; i++ {
		p.pages = append(p.pages, &page{})
	}
	for _, pl := range places {
		pn := &pen{p, p.pages[pl.page], pl.page}
		if pl.rule && pl.y > t.top && !pl.again {
			y := pl.y - 6.5*t.space
			pn.artifact(func() { pn.rule(t.left, y, t.textX+t.textW, hairline, .5) })
		}
		pl.draw(pn, t.textX, pl.y)
	}
	for i, pg := range p.pages {
		pn := &pen{p, pg, i}
		pn.close()
		p.furnish(pn)
	}
}

// furnish draws the head and foot of a page: the title on further pages, the
// footer, and the page's number when there are several.
func (p *printer) furnish(pn *pen) {
	t := p.theme
	right := t.textX + t.textW
	base := t.pageH - .52*t.bottom
	row := func(sub string, pieces []piece, baseline, width float64, toRight bool) {
		ls := lines(p.words(pieces), width, ragged)
		if len(ls) == 0 {
			return
		}
		if len(ls) > 1 { // furniture has one line
			dots := lines(p.words([]piece{{text: "…", look: pieces[0].look}}), width, ragged)
			ls[0].words = append(ls[0].words[:len(ls[0].words):len(ls[0].words)], dots[0].words...)
		}
		x := t.left
		if toRight {
			x = right - ls[0].width
		}
		pn.pagination(sub, func() { pn.line(ls[0], x, baseline, nil) })
	}
	full := right - t.left
	if p.doc.Footer != "" {
		row("Footer", p.plain(p.doc.Footer, t.small.look), base, .75*full, false)
	}
	if len(p.pages) > 1 {
		text := fmt.Sprintf("Page %d of %d", pn.number+1, len(p.pages))
		row("Footer", []piece{{text: text, look: t.small.look}}, base, full, true)
	}
	if pn.number > 0 && p.doc.Kind != packet.Letter && !packet.HasDigit(p.doc.Title) && p.doc.Title != "" {
		row("Header", p.plain(p.doc.Title, t.small.look), .62*t.top, .9*full, false)
	}
}

// assemble makes the objects of a file from the drawn pages; it returns the
// numbers of its catalog and of its information dictionary.
func (p *printer) assemble() (f *file, catalog, info int, err error) {
	f = newFile()
	catalog = f.reserve()
	tree := f.reserve()
	pageObjects := make([]int, len(p.pages))
	for i := range pageObjects {
		pageObjects[i] = f.reserve()
	}
	fonts, err := p.writeFonts(f)
	if err != nil {
		return nil, 0, 0, writeFault(err)
	}
	images := p.writeImages(f)
	for i, a := range p.annots {
		a.object = f.add(p.linkObject(a, i))
	}
	kids := make([]string, len(pageObjects))
	for i, pg := range p.pages {
		content, err := f.stream("", pg.content)
		if err != nil {
			return nil, 0, 0, writeFault(err)
		}
		f.set(pageObjects[i], p.pageObject(i, tree, content, fonts, images))
		kids[i] = strconv.Itoa(pageObjects[i]) + " 0 R"
	}
	f.set(tree, fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " ")))
	structure := p.writeTree(f, pageObjects)
	rest, info, err := p.writeMeta(f, pageObjects)
	if err != nil {
		return nil, 0, 0, writeFault(err)
	}
	f.set(catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /MarkInfo <</Marked true>> /Lang %s /ViewerPreferences <</DisplayDocTitle true>>%s>>",
		tree, structure, byteString(p.lang()), rest))
	return f, catalog, info, nil
}

func writeFault(err error) error {
	return fault.New(fault.Internal, "HC-PDF-13", "The PDF could not be put together.").Because(err)
}

func (p *printer) lang() string {
	if p.doc.Lang == "" {
		return "en-GB"
	}
	return p.doc.Lang
}

func (p *printer) pageObject(i, tree, content int, fonts, images string) string {
	t, pg := p.theme, p.pages[i]
	s := fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Contents %d 0 R /StructParents %d /Tabs /S /Resources <</Font <<%s>>",
		tree, num(t.pageW), num(t.pageH), content, i, fonts)
	if len(pg.images) > 0 {
		s += " /XObject <<" + images + ">>"
	}
	s += ">>"
	var links []string
	for _, a := range p.annots {
		if a.page == i {
			links = append(links, strconv.Itoa(a.object)+" 0 R")
		}
	}
	if len(links) > 0 {
		s += " /Annots [" + strings.Join(links, " ") + "]"
	}
	return s + ">>"
}

func (p *printer) linkObject(a *annot, i int) string {
	s := fmt.Sprintf("<</Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%s %s %s %s] /StructParent %d /Contents %s ",
		num(a.x), num(a.y), num(a.x+a.w), num(a.y+a.h), len(p.pages)+i, textString(strings.TrimSpace(a.contents)))
	if id, ok := strings.CutPrefix(a.href, "#"); ok {
		return s + "/Dest " + byteString(id) + ">>"
	}
	return s + "/A <</S /URI /URI " + byteString(a.href) + ">>>>"
}

// writeFonts embeds the subset of each face in use.
func (p *printer) writeFonts(f *file) (string, error) {
	var out strings.Builder
	for i, sub := range p.used {
		if sub == nil || sub.Empty() {
			continue
		}
		face := p.faces[i]
		data := sub.Font()
		program, err := f.stream(fmt.Sprintf("/Length1 %d", len(data)), data)
		if err != nil {
			return "", err
		}
		unicode, err := f.stream("", sub.ToUnicode())
		if err != nil {
			return "", err
		}
		name := subsetName(data) + "+" + face.Name
		weight, flags := 80, 4 // symbolic: the font is found by glyph number
		if faceID(i) == sansBold || faceID(i) == serifBold {
			weight = 120
		}
		descriptor := f.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R>>",
			name, flags, face.Box[0], face.Box[1], face.Box[2], face.Box[3], face.Ascent, face.Descent, face.CapTop, weight, program))
		var widths strings.Builder
		for _, w := range sub.Widths() {
			fmt.Fprintf(&widths, "%d ", w)
		}
		cid := f.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 0 /W [0 [%s]]>>",
			name, descriptor, strings.TrimSpace(widths.String())))
		font := f.add(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", name, cid, unicode))
		fmt.Fprintf(&out, "/F%d %d 0 R ", i, font)
	}
	return out.String(), nil
}

func (p *printer) writeImages(f *file) string {
	var out strings.Builder
	for i, im := range p.images {
		space := "/DeviceRGB"
		if im.gray {
			space = "/DeviceGray"
		}
		n := f.plainStream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8 /Filter /DCTDecode", im.width, im.height, space), im.data)
		fmt.Fprintf(&out, "/I%d %d 0 R ", i, n)
	}
	return out.String()
}
