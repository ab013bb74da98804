package docx_test

import (
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// node is an element of a part.
type node struct {
	name     string // with the usual prefix: w:pPr
	attr     map[string]string
	children []*node
}

// prefixes are those that ECMA-376 and its readers know the namespaces by.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":               "pic",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup":      "wpg",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":      "wps",
	"http://schemas.microsoft.com/office/word/2010/wordml":                   "w14",
}

func parse(t *testing.T, name, part string) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(part))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return root
		}
		if err != nil {
			t.Fatalf("%s is not well formed: %v", name, err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{name: qualified(tok.Name), attr: map[string]string{}}
			for _, a := range tok.Attr {
				n.attr[qualified(a.Name)] = a.Value
			}
			top := stack[len(stack)-1]
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}

func qualified(n xml.Name) string {
	if p := prefixes[n.Space]; p != "" {
		return p + ":" + n.Local
	}
	return n.Local
}

func (n *node) each(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.each(visit)
	}
}

// orders are the sequences that the schema demands (ECMA-376 part 1, annex A).
var orders = map[string][]string{
	"w:pPr":       strings.Fields("w:pStyle w:keepNext w:keepLines w:pageBreakBefore w:framePr w:widowControl w:numPr w:suppressLineNumbers w:pBdr w:shd w:tabs w:suppressAutoHyphens w:bidi w:spacing w:ind w:contextualSpacing w:mirrorIndents w:jc w:textAlignment w:outlineLvl w:rPr w:sectPr"),
	"w:rPr":       strings.Fields("w:rStyle w:rFonts w:b w:bCs w:i w:iCs w:caps w:smallCaps w:strike w:color w:spacing w:w w:kern w:position w:sz w:szCs w:highlight w:u w:shd w:vertAlign w:rtl w:cs w:em w:lang"),
	"w:tblPr":     strings.Fields("w:tblStyle w:tblpPr w:bidiVisual w:tblStyleRowBandSize w:tblStyleColBandSize w:tblW w:jc w:tblCellSpacing w:tblInd w:tblBorders w:shd w:tblLayout w:tblCellMar w:tblLook w:tblCaption w:tblDescription"),
	"w:tcPr":      strings.Fields("w:cnfStyle w:tcW w:gridSpan w:vMerge w:tcBorders w:shd w:noWrap w:tcMar w:textDirection w:tcFitText w:vAlign w:hideMark"),
	"w:tbl":       strings.Fields("w:tblPr w:tblGrid w:tr"),
	"w:tr":        strings.Fields("w:trPr w:tc"),
	"w:sectPr":    strings.Fields("w:headerReference w:footerReference w:type w:pgSz w:pgMar w:pgBorders w:lnNumType w:pgNumType w:cols w:vAlign w:titlePg w:bidi w:docGrid"),
	"w:style":     strings.Fields("w:name w:aliases w:basedOn w:next w:link w:uiPriority w:semiHidden w:unhideWhenUsed w:qFormat w:locked w:pPr w:rPr w:tblPr w:trPr w:tcPr w:tblStylePr"),
	"w:lvl":       strings.Fields("w:start w:numFmt w:lvlRestart w:pStyle w:isLgl w:suff w:lvlText w:lvlJc w:pPr w:rPr"),
	"w:sdt":       strings.Fields("w:sdtPr w:sdtContent"),
	"wp:inline":   strings.Fields("wp:extent wp:effectExtent wp:docPr wp:cNvGraphicFramePr a:graphic"),
	"wps:wsp":     strings.Fields("wps:cNvPr wps:cNvSpPr wps:spPr wps:style wps:txbx wps:bodyPr"),
	"wps:spPr":    strings.Fields("a:xfrm a:prstGeom a:noFill a:solidFill a:pattFill a:ln"),
	"a:ln":        strings.Fields("a:noFill a:solidFill a:prstDash"),
	"pic:pic":     strings.Fields("pic:nvPicPr pic:blipFill pic:spPr"),
	"w:numbering": strings.Fields("w:abstractNum w:num"),
	"w:settings":  strings.Fields("w:zoom w:defaultTabStop w:characterSpacingControl w:compat w:themeFontLang w:decimalSymbol w:listSeparator"),
}

func checkRules(t *testing.T, all map[string]string) {
	t.Helper()
	trees := map[string]*node{}
	for name, part := range all {
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
			trees[name] = parse(t, name, part)
		}
	}
	for _, required := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml", "word/_rels/document.xml.rels", "docProps/core.xml"} {
		if trees[required] == nil {
			t.Fatalf("%s is missing", required)
		}
	}
	for name, tree := range trees {
		tree.each(func(n *node) { checkOrder(t, name, n) })
	}
	checkTypes(t, all, trees)
	targets := checkRelations(t, all, trees)
	checkReferences(t, trees, targets)
	checkIDs(t, trees["word/document.xml"])
	trees["word/document.xml"].each(func(n *node) { checkTable(t, n) })
}

func checkOrder(t *testing.T, part string, n *node) {
	order, known := orders[n.name]
	if !known {
		return
	}
	last := -1
	for _, c := range n.children {
		i := slices.Index(order, c.name)
		if i < 0 {
			t.Errorf("%s: %s must not hold %s", part, n.name, c.name)
		}
		if i < last {
			t.Errorf("%s: %s stands too late in %s", part, c.name, n.name)
		}
		repeats := n.name == "w:tbl" || n.name == "w:tr" || n.name == "w:style" || n.name == "w:numbering"
		if i == last && !repeats {
			t.Errorf("%s: %s stands twice in %s", part, c.name, n.name)
		}
		last = max(last, i)
	}
}

func checkTypes(t *testing.T, all map[string]string, trees map[string]*node) {
	defaults, overrides := map[string]string{}, map[string]string{}
	trees["[Content_Types].xml"].each(func(n *node) {
		switch n.name {
		case "Default":
			defaults[n.attr["Extension"]] = n.attr["ContentType"]
		case "Override":
			overrides[n.attr["PartName"]] = n.attr["ContentType"]
		}
	})
	bare := []string{}
	for name := range all {
		if name != "[Content_Types].xml" && overrides["/"+name] == "" && defaults[strings.TrimPrefix(path.Ext(name), ".")] == "" {
			bare = append(bare, name)
		}
		if strings.HasSuffix(name, ".xml") && name != "[Content_Types].xml" && overrides["/"+name] == "" {
			bare = append(bare, name)
		}
	}
	if len(bare) > 0 {
		t.Errorf("no content type for %v", bare)
	}
	for name := range overrides {
		if all[strings.TrimPrefix(name, "/")] == "" {
			t.Errorf("a content type for %s, which is not there", name)
		}
	}
}

// checkRelations looks for every target and returns the ids of the main part.
func checkRelations(t *testing.T, all map[string]string, trees map[string]*node) map[string]bool {
	ids := map[string]bool{}
	for _, c := range []struct{ rels, base string }{{"_rels/.rels", ""}, {"word/_rels/document.xml.rels", "word/"}} {
		seen := map[string]bool{}
		trees[c.rels].each(func(n *node) {
			if n.name != "Relationship" {
				return
			}
			if seen[n.attr["Id"]] {
				t.Errorf("%s: %s stands twice", c.rels, n.attr["Id"])
			}
			seen[n.attr["Id"]] = true
			target := n.attr["Target"]
			if n.attr["TargetMode"] == "External" {
				if !regexp.MustCompile(`^(https://|mailto:)[^ "<>\\^{|}]+$`).MatchString(target) {
					t.Errorf("%s leads to %q", c.rels, target)
				}
			} else if all[c.base+target] == "" {
				t.Errorf("%s leads to %q, which is not there", c.rels, target)
			}
		})
		ids = seen
	}
	return ids
}

// checkReferences looks that every style, list, relationship and bookmark that is named exists.
func checkReferences(t *testing.T, trees map[string]*node, rels map[string]bool) {
	styles, nums, marks := map[string]bool{}, map[string]bool{}, map[string]bool{}
	trees["word/styles.xml"].each(func(n *node) {
		if n.name == "w:style" {
			if styles[n.attr["w:styleId"]] {
				t.Errorf("the style %s stands twice", n.attr["w:styleId"])
			}
			styles[n.attr["w:styleId"]] = true
		}
	})
	trees["word/numbering.xml"].each(func(n *node) {
		if n.name == "w:num" {
			nums[n.attr["w:numId"]] = true
		}
	})
	trees["word/document.xml"].each(func(n *node) {
		if n.name == "w:bookmarkStart" {
			marks[n.attr["w:name"]] = true
			if len(n.attr["w:name"]) > 40 {
				t.Errorf("the bookmark %s is longer than Word allows", n.attr["w:name"])
			}
		}
	})
	for part, tree := range trees {
		tree.each(func(n *node) {
			val := n.attr["w:val"]
			switch n.name {
			case "w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next":
				if !styles[val] {
					t.Errorf("%s: there is no style %s", part, val)
				}
			case "w:numId":
				if !nums[val] {
					t.Errorf("%s: there is no list %s", part, val)
				}
			case "w:alias", "w:tag":
				if len([]rune(val)) > 64 {
					t.Errorf("%s: %s is longer than Word allows", part, n.name)
				}
			case "w:hyperlink":
				if a := n.attr["w:anchor"]; a != "" && !marks[a] {
					t.Errorf("%s: there is no bookmark %s", part, a)
				}
			}
			for _, key := range []string{"r:id", "r:embed"} {
				if id := n.attr[key]; id != "" && !rels[id] {
					t.Errorf("%s: there is no relationship %s", part, id)
				}
			}
		})
	}
}

// checkIDs looks that drawings, bookmarks and controls have numbers of their
// own and that every drawing says what it shows.
func checkIDs(t *testing.T, doc *node) {
	seen := map[string]bool{}
	doc.each(func(n *node) {
		kind, id := "", n.attr["id"]
		switch n.name {
		case "wp:docPr":
			kind = "drawing"
			if n.attr["descr"] == "" {
				t.Errorf("the drawing %s has no alternative text", id)
			}
		case "wps:cNvPr":
			kind = "drawing"
		case "w:bookmarkStart":
			kind, id = "bookmark", n.attr["w:id"]
		case "w:sdtPr":
			for _, c := range n.children {
				if c.name == "w:id" {
					kind, id = "control", c.attr["w:val"]
				}
			}
		}
		if kind != "" {
			if seen[kind+id] || id == "" {
				t.Errorf("the %s %q stands twice", kind, id)
			}
			seen[kind+id] = true
		}
	})
}

// checkTable looks that rows fit the grid and that cells end in a paragraph.
func checkTable(t *testing.T, n *node) {
	if n.name != "w:tbl" {
		return
	}
	columns := 0
	for _, c := range n.children {
		switch c.name {
		case "w:tblGrid":
			columns = len(c.children)
		case "w:tr":
			cells := 0
			for _, cell := range c.children {
				if cell.name != "w:tc" {
					continue
				}
				cells++
				if len(cell.children) < 2 || cell.children[len(cell.children)-1].name != "w:p" {
					t.Error("a cell does not end in a paragraph; Word calls such a file damaged")
				}
			}
			if cells != columns {
				t.Errorf("a row of %d cells in a table of %d columns", cells, columns)
			}
		}
	}
	if columns == 0 {
		t.Error("a table without a grid")
	}
}
