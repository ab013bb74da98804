package pptx_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// node is an element of a part.
type node struct {
	name     string // with the usual prefix: p:sp
	attr     map[string]string
	text     string
	children []*node
}

// prefixes are those that ECMA-376 and its readers know the namespaces by.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/presentationml/2006/main":          "p",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
	"http://schemas.openxmlformats.org/drawingml/2006/main":               "a",
}

func parse(part string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(part))
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			n := &node{name: qualified(tok.Name), attr: map[string]string{}}
			for _, a := range tok.Attr {
				n.attr[qualified(a.Name)] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(tok)
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

func (n *node) all(name string) []*node {
	var found []*node
	n.each(func(c *node) {
		if c.name == name {
			found = append(found, c)
		}
	})
	return found
}

func (n *node) words() string {
	var b strings.Builder
	for _, t := range n.all("a:t") {
		b.WriteString(t.text)
	}
	return b.String()
}

// orders are the sequences that the schemas demand (ECMA-376 part 1, pml.xsd and dml-main.xsd).
var orders = map[string][]string{
	"p:presentation": strings.Fields("p:sldMasterIdLst p:notesMasterIdLst p:handoutMasterIdLst p:sldIdLst p:sldSz p:notesSz p:embeddedFontLst p:defaultTextStyle p:extLst"),
	"p:sldMaster":    strings.Fields("p:cSld p:clrMap p:sldLayoutIdLst p:transition p:timing p:hf p:txStyles"),
	"p:sldLayout":    strings.Fields("p:cSld p:clrMapOvr p:transition p:timing p:hf"),
	"p:notesMaster":  strings.Fields("p:cSld p:clrMap p:hf p:notesStyle"),
	"p:sld":          strings.Fields("p:cSld p:clrMapOvr p:transition p:timing"),
	"p:notes":        strings.Fields("p:cSld p:clrMapOvr"),
	"p:cSld":         strings.Fields("p:bg p:spTree"),
	"p:sp":           strings.Fields("p:nvSpPr p:spPr p:style p:txBody"),
	"p:cxnSp":        strings.Fields("p:nvCxnSpPr p:spPr p:style"),
	"p:nvSpPr":       strings.Fields("p:cNvPr p:cNvSpPr p:nvPr"),
	"p:nvGrpSpPr":    strings.Fields("p:cNvPr p:cNvGrpSpPr p:nvPr"),
	"p:nvCxnSpPr":    strings.Fields("p:cNvPr p:cNvCxnSpPr p:nvPr"),
	"p:txBody":       strings.Fields("a:bodyPr a:lstStyle a:p"),
	"p:spPr":         strings.Fields("a:xfrm a:prstGeom a:noFill a:solidFill a:pattFill a:ln"),
	"a:xfrm":         strings.Fields("a:off a:ext a:chOff a:chExt"),
	"a:ln":           strings.Fields("a:noFill a:solidFill a:prstDash"),
	"a:p":            strings.Fields("a:pPr a:r a:fld a:endParaRPr"),
	"a:r":            strings.Fields("a:rPr a:t"),
	"a:fld":          strings.Fields("a:rPr a:pPr a:t"),
	"a:rPr":          strings.Fields("a:ln a:noFill a:solidFill a:latin a:ea a:cs"),
	"a:defRPr":       strings.Fields("a:ln a:noFill a:solidFill a:latin a:ea a:cs"),
	"a:lvl1pPr":      strings.Fields("a:lnSpc a:spcBef a:spcAft a:buNone a:defRPr"),
	"a:theme":        strings.Fields("a:themeElements a:objectDefaults a:extraClrSchemeLst"),
	"a:fmtScheme":    strings.Fields("a:fillStyleLst a:lnStyleLst a:effectStyleLst a:bgFillStyleLst"),
	"a:clrScheme":    strings.Fields("a:dk1 a:lt1 a:dk2 a:lt2 a:accent1 a:accent2 a:accent3 a:accent4 a:accent5 a:accent6 a:hlink a:folHlink"),
}

// repeating elements may stand more than once in a row.
var repeating = map[string]bool{"a:p": true, "a:r": true}

// needed are the elements that must not be missing.
var needed = map[string][]string{
	"p:presentation": {"p:sldMasterIdLst", "p:sldIdLst", "p:sldSz", "p:notesSz"}, "p:sldMaster": {"p:cSld", "p:clrMap", "p:sldLayoutIdLst", "p:txStyles"},
	"p:notesMaster": {"p:cSld", "p:clrMap", "p:notesStyle"}, "p:cSld": {"p:spTree"}, "p:sp": {"p:nvSpPr", "p:spPr"}, "p:grpSp": {"p:nvGrpSpPr", "p:grpSpPr"},
	"p:txBody": {"a:bodyPr", "a:p"}, "a:clrScheme": {"a:dk1", "a:lt1", "a:accent6", "a:folHlink"}, "a:r": {"a:t"},
}

// problems lists what PowerPoint would call damage, and what our own rules ask of a slide.
func problems(all map[string]string) []string {
	c := &checker{all: all, trees: map[string]*node{}, targets: map[string]map[string]string{}}
	for name, part := range all {
		tree, err := parse(part)
		if err != nil {
			c.say("%s is not well formed: %v", name, err)
			return c.found
		}
		c.trees[name] = tree
	}
	for _, required := range []string{"[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml", "ppt/_rels/presentation.xml.rels", "ppt/slideMasters/slideMaster1.xml", "ppt/slideMasters/_rels/slideMaster1.xml.rels", "ppt/slideLayouts/slideLayout1.xml", "ppt/notesMasters/notesMaster1.xml", "ppt/theme/theme1.xml", "ppt/theme/theme2.xml", "docProps/core.xml", "docProps/app.xml"} {
		if c.trees[required] == nil {
			c.say("%s is missing", required)
			return c.found
		}
	}
	for name, tree := range c.trees {
		tree.each(func(n *node) { c.element(name, n) })
		c.ids(name, tree)
	}
	c.types()
	c.relations()
	c.presentation()
	titles := map[string]bool{}
	for n := 1; c.trees[slideName(n)] != nil; n++ {
		c.slide(n, titles)
	}
	slices.Sort(c.found)
	return c.found
}

func slideName(n int) string { return fmt.Sprintf("ppt/slides/slide%d.xml", n) }

type checker struct {
	all     map[string]string
	trees   map[string]*node
	targets map[string]map[string]string // part → relationship id → part
	kinds   map[string]map[string]string // part → relationship id → kind
	found   []string
}

func (c *checker) say(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

func (c *checker) element(part string, n *node) {
	for _, want := range needed[n.name] {
		if !slices.ContainsFunc(n.children, func(k *node) bool { return k.name == want }) {
			c.say("%s: %s has no %s", part, n.name, want)
		}
	}
	if lang, ok := n.attr["lang"]; ok && !regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`).MatchString(lang) {
		c.say("%s: the language %q", part, lang)
	}
	if (n.name == "a:rPr" || n.name == "a:endParaRPr") && n.attr["lang"] == "" {
		c.say("%s: text without a language", part)
	}
	if n.name == "a:ext" && (number(n.attr["cx"]) < 0 || number(n.attr["cy"]) < 0) {
		c.say("%s: a size below nothing", part)
	}
	if strings.HasSuffix(n.name, "StyleLst") && len(n.children) < 3 {
		c.say("%s: %s has under three styles", part, n.name)
	}
	order, known := orders[n.name]
	if !known {
		return
	}
	last := -1
	for _, k := range n.children {
		i := slices.Index(order, k.name)
		if i < 0 {
			c.say("%s: %s must not hold %s", part, n.name, k.name)
		}
		if i < last {
			c.say("%s: %s stands too late in %s", part, k.name, n.name)
		}
		if i == last && !repeating[k.name] {
			c.say("%s: %s stands twice in %s", part, k.name, n.name)
		}
		last = max(last, i)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// ids looks that the shapes of a part have numbers of their own.
func (c *checker) ids(part string, tree *node) {
	seen := map[string]bool{}
	for _, n := range tree.all("p:cNvPr") {
		id := n.attr["id"]
		if number(id) < 1 || seen[id] {
			c.say("%s: the shape number %q stands twice", part, id)
		}
		seen[id] = true
	}
}

// kindOf is the content type that a part has to have, by its folder.
var kindOf = map[string]string{"ppt": "presentation.main", "ppt/slides": "slide", "ppt/slideLayouts": "slideLayout", "ppt/slideMasters": "slideMaster", "ppt/notesSlides": "notesSlide", "ppt/notesMasters": "notesMaster", "ppt/theme": "theme", "docProps": "properties"}

func (c *checker) types() {
	overrides := map[string]string{}
	for _, n := range c.trees["[Content_Types].xml"].all("Override") {
		if overrides[n.attr["PartName"]] != "" {
			c.say("two content types for %s", n.attr["PartName"])
		}
		overrides[n.attr["PartName"]] = n.attr["ContentType"]
		if c.all[strings.TrimPrefix(n.attr["PartName"], "/")] == "" {
			c.say("a content type for %s, which is not there", n.attr["PartName"])
		}
	}
	for name := range c.all {
		if strings.HasSuffix(name, ".rels") || name == "[Content_Types].xml" {
			continue
		}
		kind := strings.TrimSuffix(overrides["/"+name], "+xml")
		if !strings.HasSuffix(kind, kindOf[path.Dir(name)]) || kind == "" {
			c.say("%s has the content type %q", name, kind)
		}
	}
}

func (c *checker) relations() {
	c.kinds = map[string]map[string]string{}
	reached := map[string]bool{}
	for name, tree := range c.trees {
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		owner := path.Join(path.Dir(path.Dir(name)), strings.TrimSuffix(path.Base(name), ".rels"))
		if owner != "." && owner != "" && name != "_rels/.rels" && c.all[owner] == "" {
			c.say("%s belongs to no part", name)
		}
		c.targets[owner], c.kinds[owner] = map[string]string{}, map[string]string{}
		for _, n := range tree.all("Relationship") {
			id, target := n.attr["Id"], path.Join(path.Dir(path.Dir(name)), n.attr["Target"])
			if c.targets[owner][id] != "" {
				c.say("%s: %s stands twice", name, id)
			}
			if n.attr["TargetMode"] != "" || c.all[target] == "" {
				c.say("%s leads to %q, which is not there", name, target)
			}
			c.targets[owner][id], c.kinds[owner][id] = target, path.Base(n.attr["Type"])
			reached[target] = true
		}
	}
	for name, tree := range c.trees {
		if !reached[name] && !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" {
			c.say("nothing leads to %s", name)
		}
		tree.each(func(n *node) {
			if id := n.attr["r:id"]; id != "" && c.targets[name][id] == "" {
				c.say("%s: there is no relationship %s", name, id)
			}
		})
	}
}

// one is the single part that another leads to by a kind of relationship.
func (c *checker) one(owner, kind string) string {
	found := ""
	for id, k := range c.kinds[owner] {
		if k == kind {
			if found != "" {
				c.say("%s has two relationships of the kind %s", owner, kind)
			}
			found = c.targets[owner][id]
		}
	}
	if found == "" {
		c.say("%s has no relationship of the kind %s", owner, kind)
	}
	return found
}

// presentation looks at the numbers of masters, layouts and slides (19.7.13 and 19.7.14 of part 1).
func (c *checker) presentation() {
	const firstLayout = 2147483648
	seen := map[string]bool{}
	for _, part := range []string{"ppt/presentation.xml", "ppt/slideMasters/slideMaster1.xml"} {
		for _, n := range append(c.trees[part].all("p:sldMasterId"), c.trees[part].all("p:sldLayoutId")...) {
			if seen[n.attr["id"]] || number(n.attr["id"]) < firstLayout {
				c.say("%s: the number %s of a master or layout", part, n.attr["id"])
			}
			seen[n.attr["id"]] = true
		}
	}
	slides := c.trees["ppt/presentation.xml"].all("p:sldId")
	if len(slides) == 0 {
		c.say("there is no slide")
	}
	for i, n := range slides {
		if id := number(n.attr["id"]); seen[n.attr["id"]] || id < 256 || id >= firstLayout {
			c.say("the number %s of a slide", n.attr["id"])
		}
		seen[n.attr["id"]] = true
		if got := c.targets["ppt/presentation.xml"][n.attr["r:id"]]; got != slideName(i+1) {
			c.say("slide %d is %s", i+1, got)
		}
	}
	if c.one("ppt/slideMasters/slideMaster1.xml", "theme") == c.one("ppt/notesMasters/notesMaster1.xml", "theme") {
		c.say("the masters share a theme, which PowerPoint repairs")
	}
	size := c.trees["ppt/presentation.xml"].all("p:sldSz")
	if len(size) != 1 || number(size[0].attr["cx"])*9 != number(size[0].attr["cy"])*16 {
		c.say("the slides are not 16 by 9")
	}
}

// slide looks at one slide: its title, its placeholders, its sentence, its picture, its order and its notes.
func (c *checker) slide(n int, titles map[string]bool) {
	name := slideName(n)
	tree, layout, notes := c.trees[name], c.trees[c.one(name, "slideLayout")], c.one(name, "notesSlide")
	if back := c.one(notes, "slide"); back != name {
		c.say("%s: its notes belong to %q", name, back)
	}
	if c.one(notes, "notesMaster") == "" || layout == nil {
		return
	}
	places := map[string]string{}
	for _, ph := range layout.all("p:ph") {
		places[ph.attr["idx"]] = ph.attr["type"]
	}
	for _, ph := range tree.all("p:ph") {
		if places[ph.attr["idx"]] != ph.attr["type"] {
			c.say("%s: the placeholder %s %s is not in its layout", name, ph.attr["type"], ph.attr["idx"])
		}
	}
	var order []string
	for _, shape := range tree.all("p:spTree")[0].children {
		ph := shape.all("p:ph")
		switch {
		case shape.name == "p:grpSp":
			order = append(order, "picture")
			if strings.TrimSpace(shape.all("p:cNvPr")[0].attr["descr"]) == "" {
				c.say("%s: a picture without alternative text", name)
			}
		case len(ph) > 0:
			order = append(order, ph[0].attr["type"])
			if ph[0].attr["type"] == "title" {
				if words := strings.TrimSpace(shape.words()); words == "" || titles[words] {
					c.say("%s: the title %q is empty or stands twice", name, words)
				} else {
					titles[words] = true
				}
			}
		}
	}
	want := []string{"title", "body", "picture", "ftr", "sldNum"}
	last := -1
	for _, what := range order {
		i := slices.Index(want, what)
		if i <= last {
			c.say("%s is read in the order %v", name, order)
		}
		last = i
	}
	if len(order) == 0 || order[0] != "title" || slices.Index(order, "sldNum") < 0 {
		c.say("%s has the parts %v", name, order)
	}
}
