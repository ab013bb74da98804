package webtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
)

// node is a thing on the page as assistive technology hears it.
type node struct {
	role, name string
	level      int
	id         cdp.BackendNodeID
	parent     *node
}

// tree reads the accessibility tree in document order, without what it ignores.
func (p *Page) tree() []*node {
	p.t.Helper()
	raw := call(p, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range raw {
		byID[n.NodeID] = n
	}
	var list []*node
	var visit func(n *accessibility.Node, parent *node)
	visit = func(n *accessibility.Node, parent *node) {
		if n == nil {
			return
		}
		if !n.Ignored {
			here := &node{role: text(n.Role), name: spaced(text(n.Name)), id: n.BackendDOMNodeID, parent: parent}
			for _, property := range n.Properties {
				if property.Name == accessibility.PropertyNameLevel && property.Value != nil {
					_ = json.Unmarshal(property.Value.Value, &here.level)
				}
			}
			list = append(list, here)
			parent = here
		}
		for _, child := range n.ChildIDs {
			visit(byID[child], parent)
		}
	}
	for _, n := range raw {
		if n.ParentID == "" {
			visit(n, nil)
		}
	}
	return list
}

func text(v *accessibility.Value) string {
	var s string
	if v != nil {
		_ = json.Unmarshal(v.Value, &s)
	}
	return s
}

// spaced puts one space where a text has any number.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// Landmarks finds a page without exactly one h1, main, header and footer, and
// parts of the same kind that their names do not tell apart.
func Landmarks(p *Page) []string {
	p.t.Helper()
	count := map[string]int{}
	names := map[string]int{}
	var found []string
	for _, n := range p.tree() {
		switch {
		case n.role == "heading" && n.level == 1:
			count["h1"]++
		case n.role == "main", n.role == "banner", n.role == "contentinfo":
			count[n.role]++
		case n.role == "navigation" || n.role == "complementary":
			element := map[string]string{"navigation": "nav", "complementary": "aside"}[n.role]
			if n.name == "" {
				found = append(found, "there is a "+element+" without a name")
			} else if names[element+n.name]++; names[element+n.name] == 2 {
				found = append(found, fmt.Sprintf("two of %s are named %q", element, n.name))
			}
		}
	}
	for _, one := range []struct{ role, word string }{{"h1", "h1"}, {"main", "main"}, {"banner", "header"}, {"contentinfo", "footer"}} {
		if n := count[one.role]; n != 1 {
			found = append(found, fmt.Sprintf("there are %d of %s, there must be 1", n, one.word))
		}
	}
	return found
}

// digits are words that other numbers of a page hold by chance, such as 10 in −10%.
var digits = regexp.MustCompile(`^[0-9]+$`)

// Names finds words that look apart and are one word to a screen reader, or
// run together without CSS.
func Names(p *Page) []string {
	p.t.Helper()
	type pair struct {
		Word, At string
		Bare     bool
	}
	pairs := script[[]pair](p, "joined")
	if len(pairs) == 0 {
		return nil
	}
	tree := p.tree()
	var found []string
	for _, pair := range pairs {
		heard := ""
		whole := regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(pair.Word) + `($|[^\pL\pN])`)
		for _, n := range tree {
			if n.role != "RootWebArea" && whole.MatchString(n.name) && !digits.MatchString(pair.Word) {
				heard = fmt.Sprintf("%q is one word in the name of the %s %q", pair.Word, n.role, n.name)
				break
			}
		}
		switch {
		case heard != "":
			found = append(found, heard)
		case pair.Bare:
			found = append(found, fmt.Sprintf("%q is one word without CSS, in %s", pair.Word, pair.At))
		}
	}
	return found
}
