// Package page writes a packet as one web page and reads such a page back.
//
// The page is phone first, needs no script and asks no other computer for
// anything: type, style, pictures and the working are inside it. The same
// template serves the office, which keeps those parts under their own
// addresses. Every bound number is a data element with its ref as value, so
// that Read can tell what was printed and what stands where no number should.
//
// The package decides nothing about content: it refuses no sentence and adds
// none but the words on its own controls, none of which holds a digit.
package page

import (
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
	"sync"

	"homecase/fault"
	"homecase/internal/press/text"
	"homecase/packet"
)

// Options are the choices of the one who serves or saves the page.
type Options struct {
	// Decision is the bar with the three answers; nil leaves it out and shows the boxes to tick instead.
	Decision *Decision
	// Ask gives the address behind "Ask about this" for the id of a section or
	// question; nil or an empty address leaves it out.
	Ask func(id string) string
	// Beside gives what a server adds at a section or question, by its id: it comes
	// from the record and is no part of the packet.
	Beside func(id string) Beside
	// Notices stand above the packet, and Links behind it.
	Notices []Notice
	Links   []Link
	// Styles are addresses of further style sheets; they count only with Assets.
	Styles []string
	// Assets is the address that style sheet and fonts are served under, ending in a slash. Empty puts everything into the file.
	Assets string
	// Files is the address that this packet's photos and working are served under; it counts only with Assets.
	Files string
}

// Decision is the bar at the foot of the screen.
type Decision struct {
	Lead    string // a short line, without numbers
	Answers []Answer
}

// Beside is what stands beside a place of the packet.
type Beside struct {
	Changed bool // it says something else than the edition before
	Said    []Said
}

// Said is a question somebody asked about a place, with its answer; an empty
// answer has not come yet.
type Said struct{ Who, Question, Answered, Answer string }

// Notice is a short text with links.
type Notice struct {
	Text  []string
	Links []Link
}

// Link is a path of the server, or an address that a page may open.
type Link struct{ Label, Href string }

// Answer is one way to answer; all look the same. Href is a mailto: or https: address or a path of the office.
type Answer struct{ Label, Href string }

// Shows tells what a page prints of each figure: the sentence before it and the table behind it.
func Shows() packet.Shows { return packet.Shows{Alt: true, Data: true} }

//go:embed data/*.html data/*.css
var files embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").ParseFS(files, "data/*.html"))
})

// Write writes the document as one HTML file.
func Write(w io.Writer, doc packet.Document, opt Options) error {
	if err := checkDecision(opt.Decision); err != nil {
		return err
	}
	doc = text.Document(doc)
	p := &printer{opt: opt, templates: templates(), floor: 2}
	v, err := p.view(doc)
	if err != nil {
		return err
	}
	return p.templates.ExecuteTemplate(w, "packet", v)
}

// Parts writes the blocks and sections of a document without a page around them,
// for a page that holds more than the document. Its title becomes a heading of
// the second level.
func Parts(doc packet.Document, opt Options) (template.HTML, error) {
	doc = text.Document(doc)
	p := &printer{opt: opt, templates: templates(), floor: 3, inside: true}
	v, err := p.view(doc)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = p.templates.ExecuteTemplate(&b, "parts", v)
	return template.HTML(b.String()), err
}

func checkDecision(d *Decision) error {
	if d == nil {
		return nil
	}
	words := d.Lead
	for _, a := range d.Answers {
		words += a.Label
		if safeHref(a.Href) == "" {
			return fault.New(fault.Internal, "HC-PAGE-01", "The answer %q leads to %q, which is not an address a page may open.", a.Label, a.Href)
		}
	}
	if packet.HasDigit(words) {
		return fault.New(fault.Internal, "HC-PAGE-02", "The bar with the answers holds a number, and numbers belong in the packet: %q.", d.Lead)
	}
	return nil
}

// view is what the packet template prints.
type view struct {
	Lang, Title, Author, Subject, Footer, Policy string
	Icon                                         template.URL
	Style                                        template.CSS
	StyleAddress                                 string
	Styles                                       []string
	Notices                                      []Notice
	Links                                        []Link
	Head                                         []template.HTML
	Contents                                     []sectionView
	Sections                                     []sectionView
	Decision                                     *Decision
	Working, WorkingName, WorkingAddress         string
}

type sectionView struct {
	ID, Mark, Label, Class string
	Fold, Inner, Paper     bool
	Level                  int
	Blocks                 []template.HTML
	Beside                 Beside
	Ask                    string
}

func (p *printer) view(doc packet.Document) (view, error) {
	v := view{
		Lang: language(doc.Lang), Author: wordsOnly(doc.Author), Subject: wordsOnly(doc.Subject), Footer: doc.Footer,
		Decision: p.opt.Decision, Icon: icon(doc), WorkingName: doc.WorkingName,
	}
	if p.opt.Assets == "" {
		s := inlineStyle()
		v.Style, v.Policy = template.CSS(s.css), s.policy
		v.Working = string(doc.Working)
	} else {
		v.StyleAddress, v.Styles = p.opt.Assets+"packet.css", p.opt.Styles
		if doc.Working != nil {
			v.WorkingAddress = p.opt.Files + doc.WorkingName
		}
	}
	v.Notices, v.Links = safeNotices(p.opt.Notices), safeLinks(p.opt.Links)
	v.Head = p.blocks(doc.Head)
	for i, s := range doc.Sections {
		v.Sections = append(v.Sections, p.section(i, s))
	}
	if p.titles == 0 && doc.Title != "" {
		title := packet.Para{Style: packet.Title, Text: packet.Plain(doc.Title)}
		v.Head = append(p.blocks([]packet.Block{title}), v.Head...)
	}
	if doc.Contents {
		for _, s := range v.Sections {
			if s.ID != "" && s.Label != "" && !s.Paper {
				v.Contents = append(v.Contents, s)
			}
		}
	}
	// A title with a number in it stands bound in the heading; the window then repeats the heading.
	v.Title = doc.Title
	if v.Title == "" || packet.HasDigit(v.Title) {
		v.Title = p.title
	}
	return v, p.err
}

func (p *printer) section(i int, s packet.Section) sectionView {
	v := sectionView{ID: s.ID, Label: s.Label, Fold: s.Fold, Inner: s.Level > 2, Mark: fmt.Sprintf("label-%d", i), Class: "sec"}
	if v.Inner {
		v.Class = "sec inner"
	}
	if s.Fold {
		v.Class += " folded"
	}
	if p.opt.Decision != nil && onPaper(s.Blocks) {
		v.Class, v.Paper = v.Class+" printonly", true
	}
	p.floor = 3
	if v.Inner {
		p.floor = 4
	}
	v.Level = 2
	if v.Inner {
		v.Level++
	}
	if p.inside {
		p.floor, v.Level = p.floor+1, v.Level+1
	}
	v.Blocks = p.blocks(s.Blocks)
	if s.ID != "" && !onPaper(s.Blocks) {
		v.Beside = p.beside(s.ID)
		v.Ask = p.ask(s)
	}
	return v
}

// ask is where a question about a section leads. A section of questions has one
// at each of them.
func (p *printer) ask(s packet.Section) string {
	for _, b := range s.Blocks {
		if _, ok := b.(packet.Question); ok {
			return ""
		}
	}
	if p.opt.Ask == nil || s.Label == "" {
		return ""
	}
	return safeHref(p.opt.Ask(s.ID))
}

func (p *printer) beside(id string) Beside {
	if p.opt.Beside == nil || id == "" {
		return Beside{}
	}
	return p.opt.Beside(id)
}

func safeLinks(links []Link) []Link {
	var out []Link
	for _, l := range links {
		if l.Href = safeHref(l.Href); l.Href != "" {
			out = append(out, l)
		}
	}
	return out
}

func safeNotices(notices []Notice) []Notice {
	out := make([]Notice, len(notices))
	for i, n := range notices {
		out[i] = Notice{n.Text, safeLinks(n.Links)}
	}
	return out
}

// onPaper tells whether a section is only the boxes to tick, which the bar replaces on a screen.
func onPaper(blocks []packet.Block) bool {
	found := false
	for _, b := range blocks {
		switch b.(type) {
		case packet.Choice:
			found = true
		case packet.Para, packet.Signature:
		default:
			return false
		}
	}
	return found
}

var tag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
})

func language(lang string) string {
	if tag().MatchString(lang) {
		return lang
	}
	return "en"
}

// wordsOnly keeps numbers out of places where they cannot be bound.
func wordsOnly(s string) string {
	if packet.HasDigit(s) {
		return ""
	}
	return s
}

// icon is the mark of the packet: five windows, lit as its own week is.
func icon(doc packet.Document) template.URL {
	lit := []packet.Fill{packet.FillOffice, packet.FillHome, packet.FillOffice, packet.FillOffice, packet.FillOffice}
	for _, b := range doc.Head {
		if f, ok := b.(packet.Figure); ok {
			if w, ok := f.Chart.(packet.Windows); ok && len(w.Days) == len(lit) {
				for i, d := range w.Days {
					lit[i] = d.Lit
				}
			}
		}
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">`)
	for i, f := range lit {
		fill := "#dfe7ec"
		switch f {
		case packet.FillHome:
			fill = "#ffc24b"
		case packet.FillPale:
			fill = "#ffe2a3"
		}
		fmt.Fprintf(&b, `<path d="M%d 7h5v18h-5z" fill="%s" stroke="#0f4c5c"/>`, 1+6*i, fill)
	}
	b.WriteString(`</svg>`)
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(b.String())))
}
