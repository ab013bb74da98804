package pdf

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"homecase/internal/press/pdf/parse"
)

// Problem is a rule of PDF/UA-1 or PDF/A-3 that a file breaks.
type Problem struct {
	Rule string // a short name, such as figure-alt
	Say  string
}

// Check tests a file's structure: what a screen reader and an archive rely on.
// It is no substitute for a full validator; it holds the rules our own writing
// could break. A file that cannot be read has one problem, "syntax".
func Check(data []byte) []Problem {
	f, err := parse.Open(data)
	if err != nil {
		return []Problem{{"syntax", err.Error()}}
	}
	pages, err := f.Pages()
	if err != nil {
		return []Problem{{"syntax", err.Error()}}
	}
	c := &checker{file: f, catalog: f.Catalog(), contentOf: map[place]parse.Ref{}}
	c.document()
	c.metadata()
	c.attachment()
	c.tree(pages)
	for i, p := range pages {
		c.onePage(i, p)
	}
	c.roundTrip()
	return c.problems
}

// checker gathers what is wrong.
type checker struct {
	file      *parse.File
	catalog   parse.Dict
	problems  []Problem
	parents   map[int64]parse.Object // the parent tree
	pageOf    map[parse.Ref]int
	contentOf map[place]parse.Ref // what the structure tree says about marked content
	seen      map[place]bool      // what the pages draw
	annots    map[parse.Ref]parse.Ref
}

// place is a marked-content id on a page.
type place struct {
	page int
	mcid int64
}

func (c *checker) say(rule, format string, args ...any) {
	if len(c.problems) < 1000 {
		c.problems = append(c.problems, Problem{rule, fmt.Sprintf(format, args...)})
	}
}

func (c *checker) document() {
	if c.file.Dict(c.catalog["MarkInfo"])["Marked"] != true {
		c.say("marked", "The catalog does not say that the file is tagged.")
	}
	if lang, ok := c.file.Resolve(c.catalog["Lang"]).(parse.String); !ok || len(lang) < 2 {
		c.say("language", "The file has no language.")
	}
	if c.file.Dict(c.catalog["ViewerPreferences"])["DisplayDocTitle"] != true {
		c.say("title", "The window would show the file's name, not its title.")
	}
	if c.file.Dict(c.catalog["StructTreeRoot"]) == nil {
		c.say("structure", "There is no structure tree.")
	}
	intents := c.file.Array(c.catalog["OutputIntents"])
	if len(intents) == 0 || c.file.Dict(c.file.Dict(intents[0])["DestOutputProfile"]) == nil {
		c.say("output-intent", "There is no colour profile.")
	}
	if id := c.file.Array(c.file.Trailer["ID"]); len(id) != 2 {
		c.say("id", "The trailer has no identifier.")
	}
}

func (c *checker) metadata() {
	s, ok := c.file.Resolve(c.catalog["Metadata"]).(*parse.Stream)
	if !ok {
		c.say("metadata", "There is no XMP metadata.")
		return
	}
	data, err := c.file.Unpack(s)
	if err != nil {
		c.say("metadata", "The XMP metadata cannot be read.")
		return
	}
	d := xml.NewDecoder(strings.NewReader(string(data)))
	text, path := map[string]string{}, []string{}
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			c.say("metadata", "The XMP metadata is not well-formed.")
			return
		}
		switch t := t.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 2 {
				text[path[min(3, len(path)-1)]] += strings.TrimSpace(string(t))
			}
		}
	}
	info := c.file.Dict(c.file.Trailer["Info"])
	title, _ := c.file.Resolve(info["Title"]).(parse.String)
	if text["title"] == "" || text["title"] != strings.TrimSpace(parse.TextString(title)) {
		c.say("title", "The title in the metadata is missing or differs.")
	}
	if text["part"] == "" || !strings.Contains(text["part"], "1") || !strings.Contains(text["part"], "3") || text["conformance"] == "" {
		c.say("metadata", "The metadata do not name PDF/UA-1 and PDF/A-3.")
	}
}

func (c *checker) attachment() {
	_, specs := c.file.NameTree(c.file.Dict(c.catalog["Names"])["EmbeddedFiles"])
	af := c.file.Array(c.catalog["AF"])
	for _, s := range specs {
		d := c.file.Dict(s)
		if c.file.Resolve(d["AFRelationship"]) == nil {
			c.say("attachment", "An attachment does not say how it relates to the document.")
		}
		if c.file.Dict(c.file.Dict(d["EF"])["F"])["Subtype"] == nil {
			c.say("attachment", "An attachment has no type.")
		}
		found := false
		for _, a := range af {
			found = found || sameRef(a, s)
		}
		if !found {
			c.say("attachment", "An attachment is not associated with the document.")
		}
	}
}

// children lists what may stand below a standard structure type whose children
// are fixed; known is false for a type we do not use.
func children(kind string) (allowed []string, known bool) {
	switch kind {
	case "L":
		return []string{"LI", "Caption"}, true
	case "LI":
		return []string{"Lbl", "LBody"}, true
	case "TOC":
		return []string{"TOCI"}, true
	case "TOCI":
		return []string{"Reference"}, true
	case "Table":
		return []string{"THead", "TBody", "TR", "Caption"}, true
	case "THead", "TBody":
		return []string{"TR"}, true
	case "TR":
		return []string{"TH", "TD"}, true
	case "Document", "Sect", "P", "H1", "H2", "H3", "H4", "H5", "H6", "Link", "Figure", "Caption", "Lbl", "LBody", "Reference", "TH", "TD":
		return nil, true
	}
	return nil, false
}

// tree checks the elements and keeps what content they claim.
func (c *checker) tree(pages []parse.Page) {
	c.pageOf, c.annots, c.seen = map[parse.Ref]int{}, map[parse.Ref]parse.Ref{}, map[place]bool{}
	for i, p := range pages {
		if r, ok := p.Ref.(parse.Ref); ok {
			c.pageOf[r] = i
		}
	}
	c.parents = c.numberTree(c.file.Dict(c.catalog["StructTreeRoot"])["ParentTree"])
	heading := 0
	visited := map[int64]bool{}
	var visit func(o parse.Object, parent parse.Ref, depth int)
	visit = func(o parse.Object, parent parse.Ref, depth int) {
		ref, ok := o.(parse.Ref)
		d := c.file.Dict(o)
		if !ok || d == nil || depth > 64 || visited[ref.Num] {
			c.say("structure", "The structure tree has a broken branch.")
			return
		}
		visited[ref.Num] = true
		kind, _ := c.file.Resolve(d["S"]).(parse.Name)
		if depth > 0 && !sameRef(d["P"], parent) {
			c.say("structure", "A %s does not name its parent.", kind)
		}
		heading = c.element(string(kind), d, heading)
		for _, k := range c.kids(d) {
			c.kid(k, d, ref, func(o parse.Object) { visit(o, ref, depth+1) })
		}
	}
	for _, k := range c.kids(c.file.Dict(c.catalog["StructTreeRoot"])) {
		visit(k, parse.Ref{}, 0)
	}
}

func (c *checker) kids(d parse.Dict) parse.Array {
	if a := c.file.Array(d["K"]); a != nil {
		return a
	}
	if d["K"] == nil {
		return nil
	}
	return parse.Array{d["K"]}
}

// kid files one child: content by number, content on another page, an annotation, or an element.
func (c *checker) kid(k parse.Object, parent parse.Dict, ref parse.Ref, element func(parse.Object)) {
	claim := func(page parse.Object, id int64) {
		r, _ := page.(parse.Ref)
		n, ok := c.pageOf[r]
		if !ok {
			c.say("structure", "An element's content is on no page.")
			return
		}
		at := place{n, id}
		if _, twice := c.contentOf[at]; twice {
			c.say("mcid", "Two elements claim content %d of page %d.", id, n+1)
		}
		c.contentOf[at] = ref
	}
	switch v := k.(type) {
	case int64:
		claim(parent["Pg"], v)
		return
	case parse.Dict:
		page := v["Pg"]
		if page == nil {
			page = parent["Pg"]
		}
		if id, ok := v["MCID"].(int64); ok {
			claim(page, id)
			return
		}
		if obj, ok := v["Obj"].(parse.Ref); ok {
			c.annots[obj] = ref
			return
		}
	}
	element(k)
}

// element checks one element by its kind; it returns the level of the last heading.
func (c *checker) element(kind string, d parse.Dict, heading int) int {
	allowed, known := children(kind)
	if !known {
		c.say("structure", "There is no standard element %q.", kind)
	}
	attrs := c.file.Dict(d["A"])
	var heads, cells int
	for _, k := range c.kids(d) {
		child, _ := c.file.Resolve(c.file.Dict(k)["S"]).(parse.Name)
		if child == "" {
			if len(allowed) > 0 {
				c.say("nesting", "A %s holds content of its own.", kind)
			}
			continue
		}
		ok := len(allowed) == 0
		for _, a := range allowed {
			ok = ok || a == string(child)
		}
		if !ok {
			c.say("nesting", "A %s stands inside a %s.", child, kind)
		}
		if child == "TH" || child == "TD" {
			cells++
		}
		if child == "TH" {
			heads++
		}
	}
	switch kind {
	case "Figure":
		if alt, ok := c.file.Resolve(d["Alt"]).(parse.String); !ok || strings.TrimSpace(parse.TextString(alt)) == "" {
			c.say("figure-alt", "A figure has no alternative text.")
		}
		if len(c.file.Array(attrs["BBox"])) != 4 {
			c.say("figure-box", "A figure does not say where it is.")
		}
	case "TH":
		if s := c.file.Resolve(attrs["Scope"]); s != parse.Name("Column") && s != parse.Name("Row") {
			c.say("th-scope", "A header cell does not say what it heads.")
		}
	case "Table":
		c.table(d)
	case "H1", "H2", "H3", "H4", "H5", "H6":
		level := int(kind[1] - '0')
		if level > heading+1 {
			c.say("headings", "A heading of level %d follows one of level %d.", level, heading)
		}
		return level
	}
	return heading
}

// table checks that every row has as many cells as the first.
func (c *checker) table(d parse.Dict) {
	want, heads := -1, 0
	var rows func(d parse.Dict, depth int)
	rows = func(d parse.Dict, depth int) {
		for _, k := range c.kids(d) {
			row := c.file.Dict(k)
			switch c.file.Resolve(row["S"]) {
			case parse.Name("THead"), parse.Name("TBody"):
				if depth == 0 {
					rows(row, 1)
				}
			case parse.Name("TR"):
				n := len(c.kids(row))
				if want >= 0 && n != want {
					c.say("table", "A table has rows of %d and of %d cells.", want, n)
				}
				want = n
				for _, cell := range c.kids(row) {
					if c.file.Resolve(c.file.Dict(cell)["S"]) == parse.Name("TH") {
						heads++
					}
				}
			}
		}
	}
	rows(d, 0)
	if heads == 0 {
		c.say("th-scope", "A table has no header cell.")
	}
}

func (c *checker) numberTree(o parse.Object) map[int64]parse.Object {
	out := map[int64]parse.Object{}
	var visit func(o parse.Object, depth int)
	visit = func(o parse.Object, depth int) {
		d := c.file.Dict(o)
		if d == nil || depth > 32 || len(out) > maxElements {
			return
		}
		nums := c.file.Array(d["Nums"])
		for i := 0; i+1 < len(nums); i += 2 {
			if n, ok := nums[i].(int64); ok {
				out[n] = nums[i+1]
			}
		}
		for _, k := range c.file.Array(d["Kids"]) {
			visit(k, depth+1)
		}
	}
	visit(o, 0)
	return out
}
