package page

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"homecase/fault"
	"homecase/packet"
)

// Limit is the size of a page that Read still reads: photos make packets
// large, and nothing a person would send is larger.
const Limit = 64 << 20

// Read finds in a page what a reader of it sees of numbers: the marked runs in
// reading order, and every run with digits that stands outside a mark, be it
// text, an attribute people see or a picture drawn by a style sheet. Anything
// Write never writes (a script, a style of its own, a hidden number, an
// element that could show something) is a stray as well, because a page may
// say with it what its marks do not.
func Read(data []byte) (packet.Reading, error) {
	if len(data) > Limit {
		return packet.Reading{}, fault.New(fault.Invalid, "HC-PAGE-10", "This page is larger than %d MB, so it is not a homecase packet.", Limit>>20)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return packet.Reading{}, fault.New(fault.Invalid, "HC-PAGE-11", "This is not a web page that can be read.").Because(err)
	}
	r := &reader{out: packet.Reading{Format: "html"}}
	r.walk(root)
	if r.main == 0 {
		return packet.Reading{}, fault.New(fault.Invalid, "HC-PAGE-12", "This page is not a homecase packet: it has no text of one.")
	}
	r.once("page title", r.titles)
	r.once("style sheet", r.styles)
	r.once("part with the text", r.main)
	if title := squash(r.title); packet.HasDigit(title) && title != squash(r.heading) {
		r.stray("window title: " + title)
	}
	return r.out, nil
}

type reader struct {
	out                  packet.Reading
	main, titles, styles int
	title, heading       string
	working              int
}

func (r *reader) stray(s string) {
	const most = 200 // a file made of strays need not be listed in full
	if len(r.out.Stray) < most {
		if len(s) > 120 {
			s = strings.ToValidUTF8(s[:120], "") + "…"
		}
		r.out.Stray = append(r.out.Stray, s)
	}
}

func (r *reader) once(what string, n int) {
	if n > 1 {
		r.stray(fmt.Sprintf("a second %s", what))
	}
}

func (r *reader) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if packet.HasDigit(n.Data) {
			r.stray(squash(n.Data))
		}
		return
	case html.ElementNode:
		if r.element(n) {
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
}

// element looks at one element and tells whether its inside is dealt with.
func (r *reader) element(n *html.Node) bool {
	name := n.Data
	known, ok := elements[name]
	if !ok {
		r.stray("an element that homecase does not write: <" + name + ">")
	}
	r.attributes(n, known)
	switch name {
	case "template":
		return r.template(n)
	case "style":
		r.styles++
		if inside(n) != inlineStyle().css {
			r.stray("a style sheet that homecase did not write")
		}
		return true
	case "title":
		r.titles++
		r.title = inside(n)
		return true
	case "main":
		r.main++
	case "h1":
		r.heading = inside(n)
	case "link", "meta", "img":
		r.outward(n)
	}
	if ref, ok := mark(n); ok {
		r.out.Marks = append(r.out.Marks, packet.Mark{Ref: packet.Ref(ref), Text: joined(inside(n))})
		r.only(n)
		return true
	}
	return false
}

// mark tells whether n is a marked run: a data element, or text in a drawing.
func mark(n *html.Node) (string, bool) {
	if n.Data == "data" && n.Namespace == "" {
		return attr(n, "value")
	}
	if n.Namespace == "svg" && (n.Data == "text" || n.Data == "tspan") {
		return attr(n, "data-ref")
	}
	return "", false
}

// only refuses elements inside a mark: a run is text and nothing else.
func (r *reader) only(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			r.stray("an element inside a number: <" + c.Data + ">")
		}
	}
}

// template is where the working stands; it does not show, and there is one.
func (r *reader) template(n *html.Node) bool {
	if id, _ := attr(n, "id"); id != "working" {
		r.stray("a hidden part that homecase did not write")
		return true
	}
	r.working++
	if r.working > 1 {
		r.stray("a second working")
		return true
	}
	if n.FirstChild != nil {
		r.only(n)
		r.out.Working = []byte(inside(n))
	}
	return true
}

// outward looks at the elements that can bring something in from outside.
func (r *reader) outward(n *html.Node) {
	switch n.Data {
	case "link":
		rel, _ := attr(n, "rel")
		href, _ := attr(n, "href")
		switch {
		case rel == "icon" && strings.HasPrefix(href, "data:image/svg+xml;base64,"):
		case (rel == "stylesheet" || rel == "alternate") && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//"):
		default:
			r.stray("a link to a file that homecase did not write: " + href)
		}
	case "meta":
		if name, _ := attr(n, "name"); name == "author" || name == "description" {
			if content, _ := attr(n, "content"); packet.HasDigit(content) {
				r.stray(name + ": " + content)
			}
		}
		if equiv, ok := attr(n, "http-equiv"); ok && !strings.EqualFold(equiv, "Content-Security-Policy") {
			r.stray("an instruction to the browser that homecase did not write: " + equiv)
		}
	case "img":
		src, _ := attr(n, "src")
		raw, found := strings.CutPrefix(src, "data:image/jpeg;base64,")
		if found {
			_, err := base64.StdEncoding.DecodeString(raw)
			found = err == nil
		}
		local := strings.HasPrefix(src, "/") && !strings.HasPrefix(src, "//")
		if n.Parent == nil || n.Parent.Data != "figure" || !found && !local {
			r.stray("a picture that homecase did not write")
		}
	}
}

// attributes refuses those that homecase does not write on this element, and
// numbers in those that people see or hear.
func (r *reader) attributes(n *html.Node, known string) {
	for _, a := range n.Attr {
		key := a.Key
		if a.Namespace != "" {
			key = a.Namespace + ":" + key
		}
		switch {
		case n.Namespace == "svg" && drawing[key]:
		case n.Namespace == "" && (key == "id" || key == "class" || key == "role" || key == "aria-labelledby" || strings.Contains(known, " "+key+" ")):
		default:
			r.stray(fmt.Sprintf("an attribute that homecase does not write: %s=%q on <%s>", key, a.Val, n.Data))
			continue
		}
		if (key == "aria-label" || key == "data-l") && packet.HasDigit(a.Val) {
			r.stray(key + ": " + a.Val)
		}
	}
}

// elements are those that Write writes, each with the attributes it may carry
// besides id, class, role and aria-labelledby.
var elements = map[string]string{
	"html": " lang ", "head": "", "body": "", "meta": " charset http-equiv content name ", "title": "", "link": " rel href type ", "style": "",
	"main": "", "header": "", "footer": "", "nav": " aria-label ", "section": "", "div": " aria-label tabindex ",
	"h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "p": "", "span": "", "b": "", "strong": "", "a": " href ", "data": " value ",
	"ul": "", "ol": "", "li": "", "details": "", "summary": "", "figure": "", "figcaption": "", "img": " src width height ",
	"table": "", "caption": "", "thead": "", "tbody": "", "tr": "", "th": " scope ", "td": " data-l ", "template": " data-name ",
	"svg": "", "defs": "", "pattern": "", "path": "", "rect": "", "line": "", "circle": "", "g": "", "text": "", "tspan": "",
}

// drawing are the attributes of drawings.
var drawing = map[string]bool{
	"class": true, "id": true, "height": true, "width": true, "aria-hidden": true, "x": true, "y": true, "x1": true, "x2": true, "y1": true, "y2": true,
	"cx": true, "cy": true, "r": true, "rx": true, "ry": true, "d": true, "dx": true, "dy": true, "text-anchor": true, "data-ref": true,
	"patternUnits": true, "patternTransform": true, "transform": true, "viewBox": true, "focusable": true, "fill": true, "preserveAspectRatio": true,
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// inside is the text of an element without its markup.
func inside(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// squash joins what an editor may have broken over lines; no-break spaces stay.
func squash(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }), " ")
}

// joined mends a run that an editor broke over lines and leaves others as they stand.
func joined(s string) string {
	if strings.ContainsAny(s, "\n\r") {
		return squash(s)
	}
	return s
}
