package pdf

import (
	"strings"

	"homecase/internal/press/pdf/parse"
)

// onePage checks what a page draws and the annotations on it.
func (c *checker) onePage(i int, p parse.Page) {
	if c.file.Resolve(p.Dict["Tabs"]) != parse.Name("S") {
		c.say("tabs", "On page %d the tab key does not follow the structure.", i+1)
	}
	key, ok := c.file.Resolve(p.Dict["StructParents"]).(int64)
	if !ok {
		c.say("parent-tree", "Page %d has no entry in the parent tree.", i+1)
	}
	content, err := c.file.Content(p.Dict)
	if err != nil {
		c.say("syntax", "Page %d cannot be read: %v.", i+1, err)
		return
	}
	v := &pageCheck{checker: c, page: i, parents: c.file.Array(c.parents[key]), told: map[string]bool{}}
	if err := newScanner(c.file, v).run(content, p.Resources); err != nil {
		c.say("syntax", "Page %d cannot be read: %v.", i+1, err)
	}
	if len(v.open) > 0 {
		v.once("balance", "Page %d leaves marked content open.", i+1)
	}
	for n, e := range v.parents {
		at := place{i, int64(n)}
		if r, ok := e.(parse.Ref); !ok || c.contentOf[at] != r {
			v.once("parent-tree", "On page %d the parent tree and the structure tree disagree about content %d.", i+1, n)
		}
	}
	c.fonts(i, p)
	for _, o := range c.file.Array(p.Dict["Annots"]) {
		c.annotation(i, o)
	}
}

func (c *checker) annotation(page int, o parse.Object) {
	ref, _ := o.(parse.Ref)
	a := c.file.Dict(o)
	if t, ok := c.file.Resolve(a["Contents"]).(parse.String); !ok || strings.TrimSpace(parse.TextString(t)) == "" {
		c.say("link", "A link on page %d has no description.", page+1)
	}
	owner, ok := c.annots[ref]
	if !ok {
		c.say("link", "An annotation on page %d is not in the structure tree.", page+1)
		return
	}
	key, ok := c.file.Resolve(a["StructParent"]).(int64)
	if back, isRef := c.parents[key].(parse.Ref); !ok || !isRef || back != owner {
		c.say("parent-tree", "A link on page %d and the parent tree disagree.", page+1)
	}
	if c.file.Resolve(a["Subtype"]) == parse.Name("Link") && c.file.Resolve(c.file.Dict(owner)["S"]) != parse.Name("Link") {
		c.say("link", "A link on page %d is not tagged as one.", page+1)
	}
}

// fonts checks that each font is embedded, a subset by name, and mapped to text.
func (c *checker) fonts(page int, p parse.Page) {
	for name, o := range c.file.Dict(p.Resources["Font"]) {
		d := c.file.Dict(o)
		if c.file.Dict(d["ToUnicode"]) == nil {
			c.say("to-unicode", "The font %s on page %d does not say which characters it prints.", name, page+1)
		}
		kids := c.file.Array(d["DescendantFonts"])
		cid := parse.Dict(nil)
		if len(kids) > 0 {
			cid = c.file.Dict(kids[0])
		}
		if c.file.Dict(c.file.Dict(cid["FontDescriptor"])["FontFile2"]) == nil {
			c.say("embedded", "The font %s on page %d is not embedded.", name, page+1)
		}
		base, _ := c.file.Resolve(d["BaseFont"]).(parse.Name)
		if i := strings.IndexByte(string(base), '+'); i != 6 {
			c.say("subset", "The font %s on page %d is not named as a subset.", name, page+1)
		}
	}
}

// roundTrip checks that all content the structure tree claims is drawn.
func (c *checker) roundTrip() {
	for at := range c.contentOf {
		if !c.seen[at] {
			c.say("mcid", "The structure tree names content on page %d that is not there.", at.page+1)
			return
		}
	}
}

// pageCheck watches a page being drawn.
type pageCheck struct {
	*checker
	page    int
	parents parse.Array
	open    []markedAs
	told    map[string]bool
}

type markedAs struct{ artifact, tagged bool }

// once says a problem one time a page.
func (v *pageCheck) once(rule, format string, args ...any) {
	if !v.told[rule] {
		v.told[rule] = true
		v.say(rule, format, args...)
	}
}

func (v *pageCheck) begin(tag parse.Name, props parse.Dict) {
	m := markedAs{artifact: tag == "Artifact"}
	if id, ok := v.file.Resolve(props["MCID"]).(int64); ok {
		m.tagged = true
		at := place{v.page, id}
		if v.seen[at] {
			v.once("mcid", "Page %d uses content number %d twice.", v.page+1, id)
		}
		v.seen[at] = true
		if id < 0 || id >= int64(len(v.parents)) {
			v.once("parent-tree", "Content %d of page %d has no entry in the parent tree.", id, v.page+1)
		}
	}
	for _, o := range v.open {
		if o.artifact && m.tagged || o.tagged && m.artifact || o.tagged && m.tagged {
			v.once("nesting", "On page %d tagged content and artifacts lie in each other.", v.page+1)
		}
	}
	v.open = append(v.open, m)
}

func (v *pageCheck) end() {
	if len(v.open) == 0 {
		v.once("balance", "Page %d ends marked content that was not begun.", v.page+1)
		return
	}
	v.open = v.open[:len(v.open)-1]
}

// inside says so when something is drawn that is neither tagged nor an artifact.
func (v *pageCheck) inside(what string) {
	for _, o := range v.open {
		if o.artifact || o.tagged {
			return
		}
	}
	v.once("content", "Page %d draws %s that is neither tagged nor furniture.", v.page+1, what)
}

func (v *pageCheck) text(f *readFont, s parse.String) {
	v.inside("text")
	text, _ := f.decode(s)
	if strings.ContainsAny(text, "\ufffd\x00\ufffe\ufeff") {
		v.once("to-unicode", "Page %d prints characters that its fonts do not name.", v.page+1)
	}
}

func (v *pageCheck) paint(string) { v.inside("a shape") }
func (v *pageCheck) image()       { v.inside("a picture") }
func (v *pageCheck) odd(what string) {
	v.once("plain", "Page %d uses %s.", v.page+1, what)
}
