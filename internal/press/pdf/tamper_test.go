package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"homecase/internal/press/pdf/parse"
	"homecase/packet"
)

// forge is a printed document on its way to a file, open to changes.
type forge struct {
	*printer
	f             *file
	catalog, info int
}

// forged prints a document with its drawing and its objects changed.
func forged(t *testing.T, d packet.Document, drawing func(*printer), objects func(*forge)) []byte {
	t.Helper()
	p, err := printed(d, Options{Created: created})
	if err != nil {
		t.Fatal(err)
	}
	if drawing != nil {
		drawing(p)
	}
	f, catalog, info, err := p.assemble()
	if err != nil {
		t.Fatal(err)
	}
	if objects != nil {
		objects(&forge{p, f, catalog, info})
	}
	var b bytes.Buffer
	if err := f.write(&b, catalog, info); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// swap replaces text in the objects; it fails when there is none.
func (g *forge) swap(t *testing.T, old, with string, n int) {
	t.Helper()
	done := 0
	for i, o := range g.f.objects {
		if done == n && n > 0 {
			break
		}
		if bytes.Contains(o, []byte(old)) {
			g.f.objects[i] = bytes.Replace(o, []byte(old), []byte(with), 1)
			done++
		}
	}
	if done == 0 {
		t.Fatalf("no object holds %q", old)
	}
}

func (g *forge) stream(t *testing.T, dict, content string) int {
	t.Helper()
	n, err := g.f.stream(dict, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const foreignFont = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>"

// update appends an incremental update with one object changed.
func update(t *testing.T, data []byte, num int, body string) []byte {
	t.Helper()
	f, err := parse.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	old := data[bytes.LastIndex(data, []byte("startxref"))+9:]
	var prev int
	if _, err := fmt.Sscan(string(old), &prev); err != nil {
		t.Fatal(err)
	}
	root := f.Trailer["Root"].(parse.Ref)
	out := bytes.Clone(data)
	at := len(out)
	out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", num, body)
	table := len(out)
	return fmt.Appendf(out, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", num, at, f.Trailer["Size"], root.Num, prev, table)
}

// Every change below is seen, whatever tool made it.
func TestReadSeesEdits(t *testing.T) {
	contentOf := func(t *testing.T, data []byte, page int) (num int, content []byte) {
		f, err := parse.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := f.Pages()
		if err != nil {
			t.Fatal(err)
		}
		content, err = f.Content(pages[page].Dict)
		if err != nil {
			t.Fatal(err)
		}
		return int(pages[page].Dict["Contents"].(parse.Ref).Num), content
	}
	glyph := func(p *printer, f faceID, s string) string { // the hex code a text is written with
		g, err := p.faces[f].Shape(s)
		if err != nil || len(g) != 1 {
			t.Fatal(s, err)
		}
		return fmt.Sprintf("%04X", p.subset(f).Number(g[0]))
	}
	inContent := func(t *testing.T, p *printer, page int, old, with string) {
		t.Helper()
		c := p.pages[page].content
		if !bytes.Contains(c, []byte(old)) {
			t.Fatalf("page %d does not hold %q", page+1, old)
		}
		p.pages[page].content = bytes.Replace(c, []byte(old), []byte(with), 1)
	}
	inMark := func(t *testing.T, p *printer, page int, ref string, n int, old, with string) {
		t.Helper()
		c := p.pages[page].content
		at := bytes.Index(c, fmt.Appendf(nil, "/HC <</Ref (%s) /N %d ", ref, n))
		if at < 0 {
			t.Fatalf("page %d has no mark %s", page+1, ref)
		}
		tail := bytes.Replace(c[at:], []byte("[<"+old), []byte("[<"+with), 1)
		p.pages[page].content = append(c[:at:at], tail...)
	}
	edits := map[string]func(t *testing.T) []byte{
		"a number's glyph changed": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inMark(t, p, 0, "f1.0.0", 0, glyph(p, serif, "8"), glyph(p, serif, "9"))
			}, nil)
		},
		"a ref changed": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) { inContent(t, p, 0, "/Ref (f1.0.0)", "/Ref (f1.0.1)") }, nil)
		},
		"a mark dropped": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inContent(t, p, 0, "/HC <</Ref (f1.0.0) /N 0 ", "/H3 <<")
			}, nil)
		},
		"a mark made furniture": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inContent(t, p, 0, "/HC <</Ref (f1.0.0) /N 0 ", "/Artifact <<")
			}, nil)
		},
		"text of our own added": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				p.pages[0].content = append(p.pages[0].content, []byte("/Artifact BMC BT /F2 10 Tf 1 0 0 1 100 100 Tm [<"+glyph(p, serif, "9")+">]TJ ET EMC\n")...)
			}, nil)
		},
		"a second content stream": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				n := g.stream(t, "", "BT /F9 12 Tf 100 100 Td (Saves 9,000) Tj ET")
				font := g.f.add(foreignFont)
				g.swap(t, "/Resources <</Font <<", fmt.Sprintf("/Resources <</Font <</F9 %d 0 R ", font), 1)
				for i, o := range g.f.objects {
					if bytes.HasPrefix(o, []byte("<</Type /Page ")) {
						s := string(o)
						at := strings.Index(s, "/Contents ") + 10
						end := at + strings.Index(s[at:], " R") + 2
						g.f.objects[i] = []byte(s[:at] + "[" + s[at:end] + fmt.Sprintf(" %d 0 R]", n) + s[end:])
						break
					}
				}
			})
		},
		"a note on top": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				n := g.f.add("<</Type /Annot /Subtype /FreeText /Rect [0 0 100 100] /Contents (nine thousand) /DA (/Helv 12 Tf)>>")
				g.swap(t, "/Annots [", fmt.Sprintf("/Annots [%d 0 R ", n), 1)
			})
		},
		"a link with a look": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				n := g.stream(t, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", "BT /F2 12 Tf (99) Tj ET")
				g.swap(t, "/Subtype /Link ", fmt.Sprintf("/Subtype /Link /AP <</N %d 0 R>> ", n), 1)
			})
		},
		"a link's description": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				g.swap(t, textString("see the working"), textString("saves 9,000"), 1)
			})
		},
		"a form": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				p.pages[0].content = append(p.pages[0].content, "/Artifact BMC /X1 Do EMC\n"...)
			}, func(g *forge) {
				font := g.f.add(foreignFont)
				n := g.stream(t, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 90 20] /Resources <</Font <</A %d 0 R>>>>", font), "BT /A 12 Tf (9,000) Tj ET")
				g.swap(t, "/Resources <<", fmt.Sprintf("/Resources <</XObject <</X1 %d 0 R>> ", n), 1)
			})
		},
		"a picture on top": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				p.pages[0].content = append(p.pages[0].content, "/Artifact BMC q 50 0 0 20 100 100 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q EMC\n"...)
			}, nil)
		},
		"what is copied differs from what is seen": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				// the outline of 8 and of 9 change places in the embedded font
				sub := g.used[serif]
				e, _ := g.faces[serif].Shape("8")
				n, _ := g.faces[serif].Shape("9")
				a, b := sub.Number(e[0]), sub.Number(n[0])
				g.f.objects = swapGlyphs(t, g, a, b)
			})
		},
		"an incremental update": func(t *testing.T) []byte {
			data := write(t, full(t), Options{Created: created})
			num, content := contentOf(t, data, 0)
			content = bytes.Replace(content, []byte("/Ref (f1.0.0)"), []byte("/Ref (f1.0.9)"), 1)
			return update(t, data, num, fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content))
		},
		"the count of pages": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				foot := "/Artifact <</Type /Pagination /Subtype /Footer>> BDC"
				at := bytes.LastIndex(p.pages[1].content, []byte(foot))
				tail := bytes.Replace(p.pages[1].content[at:], []byte(glyph(p, sans, "2")), []byte(glyph(p, sans, "3")), 1)
				p.pages[1].content = append(p.pages[1].content[:at:at], tail...)
			}, nil)
		},
		"a page in the contents": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inMark(t, p, 1, "@page work", 0, glyph(p, serif, "2"), glyph(p, serif, "3"))
			}, nil)
		},
		"a number of a list": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inMark(t, p, 4, "@item", 1, glyph(p, serif, "2"), glyph(p, serif, "9"))
			}, nil)
		},
		"a repeated head": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inMark(t, p, 6, "wt.0.0", 0, glyph(p, sans, "9"), glyph(p, sans, "8"))
			}, nil)
		},
		"a text for readers alone": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) {
				inContent(t, p, 0, "/HC <</Ref (f1.0.0) /N 0 ", "/HC <</Ref (f1.0.0) /N 0 /ActualText (99) ")
			}, nil)
		},
		"a second attachment": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				n := g.stream(t, "/Type /EmbeddedFile", "{}")
				spec := g.f.add(fmt.Sprintf("<</Type /Filespec /F (x.json) /EF <</F %d 0 R>>>>", n))
				g.swap(t, "/EmbeddedFiles <</Names [", fmt.Sprintf("/EmbeddedFiles <</Names [(a) %d 0 R ", spec), 1)
			})
		},
		"transparency": func(t *testing.T) []byte {
			return forged(t, full(t), func(p *printer) { p.pages[0].content = append([]byte("/G1 gs\n"), p.pages[0].content...) }, nil)
		},
		"a page cropped": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) { g.swap(t, "/MediaBox", "/CropBox [0 300 595 842] /MediaBox", 1) })
		},
		"an alternative text": func(t *testing.T) []byte {
			return forged(t, full(t), nil, func(g *forge) {
				g.swap(t, textString("One day from Monday to Thursday at home, the others in the office."), textString("Every day at home."), 1)
			})
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			got, err := Read(edit(t))
			if err != nil {
				t.Fatal(err)
			}
			d := full(t)
			diffs := packet.Compare(got, d.Marks(Shows(d.Kind)))
			if len(diffs) == 0 && strings.Join(got.Alts, "|") == strings.Join(d.Alts(), "|") {
				t.Error("the edit was not seen")
			}
		})
	}
}

// swapGlyphs exchanges two outlines of the serif font in the file.
func swapGlyphs(t *testing.T, g *forge, a, b uint16) [][]byte {
	t.Helper()
	data := g.used[serif].Font()
	for i, o := range g.f.objects {
		if !bytes.Contains(o, fmt.Appendf(nil, "/Length1 %d ", len(data))) {
			continue
		}
		swapped := exchange(t, data, a, b)
		n, err := g.f.stream(fmt.Sprintf("/Length1 %d", len(swapped)), swapped)
		if err != nil {
			t.Fatal(err)
		}
		g.f.objects[i] = g.f.objects[n]
		return g.f.objects
	}
	t.Fatal("no font in the file")
	return nil
}

// exchange swaps two entries of loca, which keeps both glyphs' bytes when they
// have one length; else it swaps the shorter one's place for the longer's.
func exchange(t *testing.T, font []byte, a, b uint16) []byte {
	t.Helper()
	out := bytes.Clone(font)
	table := func(name string) []byte {
		for i := range int(out[4])<<8 | int(out[5]) {
			r := out[12+16*i:]
			if string(r[:4]) == name {
				at := int(r[8])<<24 | int(r[9])<<16 | int(r[10])<<8 | int(r[11])
				return out[at:]
			}
		}
		t.Fatal("no table ", name)
		return nil
	}
	loca, glyf := table("loca"), table("glyf")
	span := func(n uint16) []byte {
		at := func(i int) int { return int(loca[i])<<24 | int(loca[i+1])<<16 | int(loca[i+2])<<8 | int(loca[i+3]) }
		return glyf[at(4*int(n)):at(4*int(n)+4)]
	}
	x, y := span(a), span(b)
	n := min(len(x), len(y))
	for i := range n {
		x[i], y[i] = y[i], x[i]
	}
	return out
}

// Every fault below is planted in a sound file and has to be caught by its rule.
func TestCheckCatchesPlantedFaults(t *testing.T) {
	content := func(f func(c []byte) []byte) func(*printer) {
		return func(p *printer) { p.pages[0].content = f(p.pages[0].content) }
	}
	swapped := func(old, with string) func(*testing.T, *forge) {
		return func(t *testing.T, g *forge) { t.Helper(); g.swap(t, old, with, 1) }
	}
	faults := []struct {
		rule    string
		name    string
		drawing func(*printer)
		objects func(*testing.T, *forge)
	}{
		{"marked", "not marked", nil, swapped("/Marked true", "/Marked false")},
		{"structure", "no tree", nil, swapped("/StructTreeRoot ", "/StructTreeGone ")},
		{"structure", "an element of no standard", nil, swapped("/S /Sect", "/S /Chapter")},
		{"structure", "a wrong parent", nil, swapped("/S /LI /P ", "/S /LI /P 1 0 R /X ")},
		{"language", "no language", nil, swapped("/Lang (en-GB)", "")},
		{"title", "no title shown", nil, swapped("/DisplayDocTitle true", "")},
		{"title", "another title in the metadata", nil, swapped("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">An eight-week", "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">A nine--week")},
		{"metadata", "no metadata", nil, swapped("/Metadata ", "/Metagone ")},
		{"metadata", "no identification", nil, swapped("<pdfaid:part>3</pdfaid:part>", "<pdfaid:part> </pdfaid:part>")},
		{"output-intent", "no colour profile", nil, swapped("/OutputIntents", "/OutputNothing")},
		{"figure-alt", "no alternative text", nil, swapped("/Alt <", "/Als <")},
		{"figure-box", "no box", nil, swapped("/BBox", "/BBux")},
		{"th-scope", "no scope", nil, swapped("/Scope /Column", "")},
		{"headings", "a level skipped", nil, swapped("/S /H3", "/S /H6")},
		{"nesting", "a paragraph in a list", nil, swapped("/S /LI ", "/S /P ")},
		{"table", "a cell too few", nil, func(t *testing.T, g *forge) { dropCell(t, g) }},
		{"tabs", "no tab order", nil, swapped(" /Tabs /S", "")},
		{"parent-tree", "pages without entry", nil, swapped("/StructParents 0", "/StructPurents 0")},
		{"parent-tree", "the tree back is gone", nil, swapped("/ParentTree ", "/PurentTree ")},
		{"link", "no description", nil, swapped("/Contents <FEFF", "/Cuntents <FEFF")},
		{"link", "not in the tree", nil, swapped("/Type /OBJR /Obj ", "/Type /OBJR /Obk ")},
		{"to-unicode", "no map", nil, swapped("/ToUnicode ", "/ToNothing ")},
		{"embedded", "not embedded", nil, swapped("/FontFile2 ", "/FontFileX ")},
		{"attachment", "no relation", nil, swapped("/AFRelationship /Source", "")},
		{"attachment", "not associated", nil, swapped("/AF [", "/AG [")},
		{"content", "text outside", content(func(c []byte) []byte { return append(c, "BT /F2 9 Tf <0001> Tj ET\n"...) }), nil},
		{"content", "a shape outside", content(func(c []byte) []byte { return append(c, "0 0 9 9 re f\n"...) }), nil},
		{"mcid", "a number twice", content(func(c []byte) []byte { return bytes.Replace(c, []byte("/MCID 1>>"), []byte("/MCID 0>>"), 1) }), nil},
		{"mcid", "content gone", content(func(c []byte) []byte { return bytes.Replace(c, []byte("/MCID 1>>"), []byte("/MCIX 1>>"), 1) }), nil},
		{"parent-tree", "content no element claims", content(func(c []byte) []byte { return append(c, "/P <</MCID 9999>> BDC EMC\n"...) }), nil},
		{"nesting", "an artifact in a paragraph", content(func(c []byte) []byte { return bytes.Replace(c, []byte("BT\n"), []byte("/Artifact BMC EMC BT\n"), 1) }), nil},
		{"balance", "left open", content(func(c []byte) []byte { return append(c, "/Artifact BMC\n"...) }), nil},
		{"balance", "ended twice", content(func(c []byte) []byte { return append(c, "EMC\n"...) }), nil},
		{"to-unicode", "a code without text", content(func(c []byte) []byte { return append(c, "/Artifact BMC BT /F2 9 Tf <FFF0> Tj ET EMC\n"...) }), nil},
		{"syntax", "a page cut off", content(func(c []byte) []byte { return append(c, "[<00"...) }), nil},
	}
	for _, f := range faults {
		t.Run(f.rule+" "+f.name, func(t *testing.T) {
			data := forged(t, full(t), f.drawing, func(g *forge) {
				if f.objects != nil {
					f.objects(t, g)
				}
			})
			for _, p := range Check(data) {
				if p.Rule == f.rule {
					return
				}
			}
			t.Errorf("not caught; found %v", Check(data))
		})
	}
}

func dropCell(t *testing.T, g *forge) {
	t.Helper()
	for i, o := range g.f.objects {
		s := string(o)
		if strings.Contains(s, "/S /TR ") {
			at := strings.LastIndex(s, " 0 R]")
			from := strings.LastIndex(s[:at], " ")
			if open := strings.LastIndex(s[:at], "["); open > from {
				continue
			}
			g.f.objects[i] = []byte(s[:from] + s[at+4:])
			return
		}
	}
	t.Fatal("no row")
}

// A file that another program has rewritten with object streams reads the same.
func TestReadSurvivesRewriting(t *testing.T) {
	needTool(t, "qpdf")
	d := onePage()
	got, err := Read(runTool(t, write(t, d, Options{Created: created}), "qpdf", "--object-streams=generate", "--recompress-flate", "{in}", "{out}"))
	if err != nil {
		t.Fatal(err)
	}
	if diffs := packet.Compare(got, d.Marks(Shows(d.Kind))); len(diffs) > 0 || string(got.Working) != string(d.Working) {
		t.Errorf("%v, working %q", diffs, got.Working)
	}
	if problems := Check(runTool(t, write(t, full(t), Options{}), "qpdf", "--linearize", "--object-streams=generate", "{in}", "{out}")); len(problems) > 0 {
		t.Error(problems)
	}
}

func FuzzRead(f *testing.F) {
	for _, d := range []packet.Document{letter(), report()} {
		var b bytes.Buffer
		if err := Write(&b, d, Options{}); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Kids [2 0 R]>>\nendobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \ntrailer\n<</Root 1 0 R>>\nstartxref\n93\n%%EOF\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Read(data)
		_ = Check(data)
	})
}

// FuzzContent runs any content in place of the letter's.
func FuzzContent(f *testing.F) {
	d := letter()
	p, err := printed(d, Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p.pages[0].content)
	f.Add([]byte("/HC <</Ref (a) /N 0 /MCID 0>> BDC BT /F2 9 Tf [<0001> 3 <00>] TJ ET EMC EMC q Q Q BI /W 1 ID x EI /X Do"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p.pages[0].content = content
		file, catalog, info, err := p.assemble()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := file.write(&b, catalog, info); err != nil {
			t.Fatal(err)
		}
		_, _ = Read(b.Bytes())
		_ = Check(b.Bytes())
	})
}
