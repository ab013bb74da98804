package pdf

import (
	"fmt"
	"strconv"
	"strings"
)

// elem is a node of the structure tree: what a piece of the page is, in
// reading order, for people who do not see it.
type elem struct {
	kind, attrs string
	kids        []kid
	object      int
}

// kid is a child element, a run of marked content, or a link's annotation.
type kid struct {
	elem  *elem
	page  int
	mcid  int
	annot *annot
}

// annot is the clickable area of a link on one line.
type annot struct {
	page           int
	x, y, w, h     float64
	href, contents string
	elem           *elem
	object         int
}

func (e *elem) child(kind, attrs string) *elem {
	c := &elem{kind: kind, attrs: attrs}
	e.kids = append(e.kids, kid{elem: c})
	return c
}

// prune drops elements that hold nothing, so that none is announced for nothing.
func (e *elem) prune() bool {
	kept := e.kids[:0]
	for _, k := range e.kids {
		if k.elem == nil || k.elem.prune() {
			kept = append(kept, k)
		}
	}
	e.kids = kept
	return len(kept) > 0 || e.kind == "TD" || e.kind == "TH"
}

const (
	columnHead = "/A <</O /Table /Scope /Column>>"
	rowHead    = "/A <</O /Table /Scope /Row>>"
)

// writeTree adds the structure tree and its way back from content to element.
func (p *printer) writeTree(f *file, pageObjects []int) int {
	root := f.reserve()
	p.root.prune()
	p.root.number(f)
	p.root.write(f, root, pageObjects)
	var nums strings.Builder
	for i, pg := range p.pages {
		fmt.Fprintf(&nums, "%d [", i)
		for _, e := range pg.marked {
			fmt.Fprintf(&nums, "%d 0 R ", e.object)
		}
		nums.WriteString("]\n")
	}
	for i, a := range p.annots {
		fmt.Fprintf(&nums, "%d %d 0 R\n", len(p.pages)+i, a.elem.object)
	}
	parents := f.add("<</Nums [" + nums.String() + "]>>")
	f.set(root, fmt.Sprintf("<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>",
		p.root.object, parents, len(p.pages)+len(p.annots)))
	return root
}

func (e *elem) number(f *file) {
	e.object = f.reserve()
	for _, k := range e.kids {
		if k.elem != nil {
			k.elem.number(f)
		}
	}
}

func (e *elem) write(f *file, parent int, pageObjects []int) {
	var kids []string
	page := -1
	for _, k := range e.kids {
		switch {
		case k.elem != nil:
			k.elem.write(f, e.object, pageObjects)
			kids = append(kids, strconv.Itoa(k.elem.object)+" 0 R")
		case k.annot != nil:
			kids = append(kids, fmt.Sprintf("<</Type /OBJR /Obj %d 0 R /Pg %d 0 R>>", k.annot.object, pageObjects[k.annot.page]))
		default:
			if page < 0 {
				page = k.page
			}
			if k.page == page {
				kids = append(kids, strconv.Itoa(k.mcid))
			} else {
				kids = append(kids, fmt.Sprintf("<</Type /MCR /Pg %d 0 R /MCID %d>>", pageObjects[k.page], k.mcid))
			}
		}
	}
	s := fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R", e.kind, parent)
	if page >= 0 {
		s += fmt.Sprintf(" /Pg %d 0 R", pageObjects[page])
	}
	if e.attrs != "" {
		s += " " + e.attrs
	}
	f.set(e.object, s+" /K ["+strings.Join(kids, " ")+"]>>")
}
