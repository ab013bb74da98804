// Package pdf prints a packet as PDF and reads such a file back.
//
// Write sets a document in our two families with kerning and ligatures, tags
// it in reading order for people who do not see it (the rules of PDF/UA-1),
// keeps to the rules of PDF/A-3, and attaches the working. Every bound number
// stands in marked content of its own, /HC with its ref and occurrence.
//
// Read finds those marks again, and any digit outside them, whoever put it
// there. Check tests a file's structure. Both refuse what they cannot read and
// never trust what a file says about its own lengths.
//
// The package refuses a character its fonts lack, a one-page document that
// does not fit on one page, and a number that is bound to nothing. It writes
// the PDF objects itself: marked content, a glyph's own text and a parsed font
// kept for the next file are not to be had from the libraries we tried.
package pdf

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"homecase/fault"
	"homecase/internal/press/pdf/typeface"
	"homecase/packet"
)

// Paper is a sheet size.
type Paper string

// The papers. The zero Paper is A4.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// Options say how a document is printed.
type Options struct {
	Paper      Paper
	LargePrint bool      // 14-point text; a one-page document may then take more pages
	Created    time.Time // for the file's metadata; zero leaves the dates out
}

// Shows says what a PDF of this kind prints of a figure besides the chart: the
// alternative text is the figure's tag, the table behind it is printed unless
// the document has to fit one sheet.
func Shows(kind packet.Kind) packet.Shows {
	return packet.Shows{Data: kind != packet.OnePage && kind != packet.Letter}
}

// Write prints the document. The same document and options give the same bytes.
func Write(w io.Writer, doc packet.Document, opt Options) error {
	p, err := printed(doc, opt)
	if err != nil {
		return err
	}
	f, catalog, info, err := p.assemble()
	if err != nil {
		return err
	}
	return f.write(w, catalog, info)
}

// printed sets and draws a document.
func printed(doc packet.Document, opt Options) (*printer, error) {
	if err := doc.Validate(); err != nil {
		return nil, err
	}
	if opt.Paper != "" && opt.Paper != A4 && opt.Paper != Letter {
		return nil, fault.New(fault.Invalid, "HC-PDF-01", "There is no paper called %q.", opt.Paper).Then("Choose a4 or letter.")
	}
	known := newMemory()
	step, err := fit(doc, opt, known)
	if err != nil {
		return nil, err
	}
	p, err := newPrinter(doc, opt, step, known)
	if err != nil {
		return nil, err
	}
	boxes := p.build()
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	p.draw(flow(boxes, p.theme.top, p.theme.pageH-p.theme.bottom))
	if len(p.faults) > 0 { // a character only the furniture has
		return nil, p.faults
	}
	return p, nil
}

// fit finds the first step at which the summary holds on one sheet. A one-page
// document that never does is refused; the first part of a packet then takes
// the room it needs, as drawn.
func fit(doc packet.Document, opt Options, known memory) (fitStep, error) {
	front := doc
	for i, s := range doc.Sections {
		if s.NewPage && i > 0 {
			front.Sections = doc.Sections[:i]
			break
		}
	}
	must := doc.Kind == packet.OnePage
	if opt.LargePrint || !must && (doc.Kind != packet.Full || len(front.Sections) == len(doc.Sections)) {
		return asDrawn(), nil
	}
	front.Contents = false
	over := 0.0
	for i, step := range fitSteps() {
		long, err := overrun(front, opt, step, known)
		if err != nil {
			return step, err
		}
		if long <= 0 {
			return loosen(front, opt, i, known)
		}
		over = long
	}
	if !must {
		return asDrawn(), nil
	}
	return fitStep{}, fault.New(fault.Finding, "HC-PDF-02", "The one-page summary is about %d lines too long for one sheet of %s, even at the smallest type we print.", int(over/12)+1, paperName(opt.Paper)).
		Then("Shorten the facts, the promises or the questions on it.")
}

// overrun is by how many points a document is longer than its first sheet.
func overrun(doc packet.Document, opt Options, step fitStep, known memory) (float64, error) {
	p, err := newPrinter(doc, opt, step, known)
	if err != nil {
		return 0, err
	}
	boxes := p.build()
	if len(p.faults) > 0 {
		return 0, p.faults
	}
	if places := flow(boxes, p.theme.top, p.theme.pageH-p.theme.bottom); places[len(places)-1].page == 0 {
		return 0, nil
	}
	return max(p.theme.top+height(boxes)-(p.theme.pageH-p.theme.bottom), 1), nil
}

// loosen looks between the step that fits and the one before it, which does
// not, for the loosest setting that still fits.
func loosen(doc packet.Document, opt Options, fits int, known memory) (fitStep, error) {
	if fits == 0 {
		return asDrawn(), nil
	}
	steps := fitSteps()
	good, tooLong := steps[fits], steps[fits-1]
	for range 2 {
		mid := fitStep{(good.space + tooLong.space) / 2, (good.lead + tooLong.lead) / 2, (good.size + tooLong.size) / 2}
		long, err := overrun(doc, opt, mid, known)
		if err != nil {
			return mid, err
		}
		if long <= 0 {
			good = mid
		} else {
			tooLong = mid
		}
	}
	return good, nil
}

func paperName(p Paper) string {
	if p == Letter {
		return "US Letter"
	}
	return "A4"
}

// printer is one attempt at a document: its theme, what was set, what went wrong.
type printer struct {
	doc    packet.Document
	opt    Options
	theme  theme
	front  theme // of the head and the sections before the first new page
	faces  [faceCount]*typeface.Face
	shaped memory
	used   [faceCount]*typeface.Subset

	root        *elem
	pages       []*page
	annots      []*annot
	images      []picture
	occurrences map[packet.Ref]int
	sections    map[string]bool
	dests       map[string]dest
	contents    []*tocLine
	lastLevel   int    // of headings, so that none is skipped
	where       string // the section being set, for faults
	faults      fault.List
}

// memory keeps the shapes of words from one attempt to the next, for each face.
type memory [faceCount]map[string][]typeface.Glyph

func newMemory() memory {
	var m memory
	for i := range m {
		m[i] = map[string][]typeface.Glyph{}
	}
	return m
}

// dest is where a section starts.
type dest struct {
	page int
	y    float64
}

func newPrinter(doc packet.Document, opt Options, step fitStep, known memory) (*printer, error) {
	all, err := faces()
	if err != nil {
		return nil, fault.New(fault.Internal, "HC-PDF-03", "The fonts in the program cannot be read.").Because(err)
	}
	p := &printer{doc: doc, opt: opt, theme: newTheme(opt, doc.Kind, asDrawn()), front: newTheme(opt, doc.Kind, step), faces: all, shaped: known, root: &elem{kind: "Document"},
		occurrences: map[packet.Ref]int{}, sections: map[string]bool{}, dests: map[string]dest{}, where: "the head of the page"}
	for _, s := range doc.Sections {
		p.sections[s.ID] = true
	}
	return p, nil
}

func (p *printer) subset(f faceID) *typeface.Subset {
	if p.used[f] == nil {
		p.used[f] = p.faces[f].NewSubset()
	}
	return p.used[f]
}

// refuse keeps a fault; the document is not written then.
func (p *printer) refuse(code fault.Code, say string, args ...any) *fault.Error {
	e := fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: p.where})
	for _, old := range p.faults {
		if old.Say == e.Say {
			return old
		}
	}
	p.faults = append(p.faults, e)
	return e
}

// refuseCharacter says which character cannot be printed, where, and why.
func (p *printer) refuseCharacter(err error, text string) {
	var m typeface.Missing
	if !errors.As(err, &m) {
		p.refuse("HC-PDF-03", "The fonts in the program cannot be read.").Because(err)
		return
	}
	p.refuse("HC-PDF-04", "The text %q in %s has %s, which the PDF's fonts cannot print.", clip(text), p.where, describeChar(m.Char)).
		Then("Write it in another way, or use the web page or the word processor's file.")
}

func describeChar(r rune) string {
	code := fmt.Sprintf("U+%04X", r)
	switch {
	case unicode.Is(unicode.Bidi_Control, r):
		return "an invisible sign that turns the direction of writing (" + code + ")"
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return "an invisible control character (" + code + ")"
	case unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko):
		return fmt.Sprintf("the right-to-left letter %c (%s)", r, code)
	case r == unicode.ReplacementChar:
		return "bytes that are no character"
	case r >= 0x1F000 || unicode.In(r, unicode.So, unicode.Sk):
		return "the picture character " + code
	}
	return fmt.Sprintf("the character %c (%s)", r, code)
}

func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// piecesOf turns a text into pieces of one style. Sentences are joined by a space.
func (p *printer) piecesOf(t packet.Text, l look) []piece {
	var out []piece
	for i, s := range t {
		if i > 0 && len(out) > 0 && !strings.HasSuffix(out[len(out)-1].text, " ") {
			out = append(out, piece{text: " ", look: l})
		}
		var lk *link
		for _, sp := range s.Spans {
			lk = p.linkOf(sp, lk)
			if sp.Text != "" {
				out = append(out, p.pieceOf(sp, l, lk))
			}
		}
	}
	return out
}

func (p *printer) pieceOf(sp packet.Span, l look, lk *link) piece {
	if sp.Strong {
		l = style{look: l}.bold().look
	}
	if lk != nil {
		l.colour = dusk
	}
	pc := piece{text: p.clean(sp.Text, sp.Ref != ""), look: l, link: lk}
	if sp.Ref != "" {
		if strings.HasPrefix(string(sp.Ref), "@") {
			p.refuse("HC-PDF-05", "The ref %q is one of the printer's own.", sp.Ref)
		}
		pc.mark = p.mark(sp.Ref)
		pc.keep = len(sp.Text) <= 18
	}
	return pc
}

func (p *printer) mark(ref packet.Ref) *mark {
	n := p.occurrences[ref]
	p.occurrences[ref]++
	return &mark{ref, n}
}

// clean turns line ends and tabs into spaces. In bound text that would change
// what was bound, and an invisible character may hide anything: both are refused.
func (p *printer) clean(s string, bound bool) string {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			if bound {
				p.refuse("HC-PDF-06", "The text %q in %s has a line end or a tab among its numbers.", clip(s), p.where).Then("Put it on one line.")
				return s
			}
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			p.refuseCharacter(typeface.Missing{Char: r}, s)
			return ""
		}
	}
	if !bound && strings.ContainsAny(s, "\n\r\t") {
		return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
	}
	return s
}

// linkOf returns the link a span belongs to, the one before it when the address is the same.
func (p *printer) linkOf(sp packet.Span, before *link) *link {
	switch {
	case sp.Href == "":
		return nil
	case strings.HasPrefix(sp.Href, "#"):
		if !p.sections[sp.Href[1:]] { // the place is in another document, such as the full packet
			return nil
		}
	case strings.HasPrefix(sp.Href, "https://") || strings.HasPrefix(sp.Href, "mailto:"):
	default:
		p.refuse("HC-PDF-07", "The address %q in %s is not one a packet may link to.", clip(sp.Href), p.where).Then("Use an https: or mailto: address.")
		return nil
	}
	if before != nil && before.href == sp.Href {
		before.text += sp.Text
		return before
	}
	return &link{href: sp.Href, text: sp.Text}
}

// plain sets a word of the model that is no span, such as a label. It may hold no number.
func (p *printer) plain(s string, l look) []piece {
	if packet.HasDigit(s) {
		p.refuse("HC-PDF-08", "The label %q in %s holds a number that rests on no fact.", clip(s), p.where)
	}
	return []piece{{text: p.clean(s, false), look: l}}
}

// furniture sets a number of the printer's own, which the reader checks by itself.
func (p *printer) furniture(ref packet.Ref, s string, l look) piece {
	return piece{text: s, look: l, mark: p.mark(ref)}
}
