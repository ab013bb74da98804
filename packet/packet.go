// Package packet is what a boss reads, before it is a file: sentences, tables
// and figures in reading order, each resting on facts, each printed number
// bound to the fact or formula it comes from.
//
// The model knows no file format and no case. Writers turn a Document into
// PDF, HTML or a word processor's file; the reader side of verification turns
// a file back into Marks and compares them with a Document's own. A Document
// with a digit that is bound to nothing is refused by Validate, so that no
// writer can print it.
package packet

import (
	"strings"
	"unicode"

	"homecase/day"
)

// Ref names the fact, formula or piece of the person's own text that a printed
// run of characters comes from, such as "hours.portable" or "promise.1".
type Ref string

// Span is a run of text. Ref is set wherever Text holds a digit.
type Span struct {
	Text   string
	Ref    Ref
	Href   string // a live link: https:, mailto: or #section
	Strong bool
}

// Sentence is a sentence with the ids of the facts it rests on.
type Sentence struct {
	Spans []Span
	Facts []string
}

// Text is sentences in a row; writers put one space between them.
type Text []Sentence

// String joins the text without marks.
func (t Text) String() string {
	parts := make([]string, len(t))
	for i, s := range t {
		parts[i] = s.String()
	}
	return strings.Join(parts, " ")
}

// String joins the sentence without marks.
func (s Sentence) String() string {
	var b strings.Builder
	for _, p := range s.Spans {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Plain makes a Text of one sentence without numbers.
func Plain(s string) Text { return Text{{Spans: []Span{{Text: s}}}} }

// Kind tells writers which page form a document has.
type Kind string

// The kinds of document.
const (
	OnePage Kind = "one-page" // one sheet that stands alone
	Full    Kind = "packet"   // the full packet
	Page    Kind = "page"     // the packet as one web page, with folds
	Letter  Kind = "letter"   // a letter: sender, date, addressee, text, close
	Report  Kind = "report"   // the trial's report

	Agreement Kind = "agreement" // the draft of a telework agreement
	Slides    Kind = "slides"    // a talk: each section is a slide, its notes in paragraphs of the style Note
)

// Document is one thing to be printed.
type Document struct {
	Kind     Kind
	Lang     string // a real language tag, such as en-GB
	Title    string // plain, for metadata, bookmarks and the window's title
	Author   string
	Reader   string // to whom
	Date     day.Date
	Subject  string // one line of description for metadata
	Head     []Block
	Sections []Section
	// Contents asks for a table of contents; writers make it from the sections.
	Contents bool
	// Footer is a short line for the foot of each page, without numbers.
	Footer string
	// Working is the attachment that verification recomputes from, and its file name.
	Working     []byte
	WorkingName string
}

// Section is a part with a label in the margin (or a heading where there is no margin).
type Section struct {
	ID      string // anchor, unique in the document
	Label   string // plain text, no digits except in an appendix letter
	Blocks  []Block
	NewPage bool // starts a page in paged formats
	Fold    bool // starts closed in a web page
	Level   int  // heading level: 2 for a section of the document, 3 inside one
}

// Block is one of the block types of this package.
type Block interface{ block() }

// Style is the voice of a paragraph; writers map it to type.
type Style string

// Styles of paragraphs.
const (
	Body  Style = ""      // serif text
	Title Style = "title" // the document's one title
	Ask   Style = "ask"   // the ask, larger than body
	Meta  Style = "meta"  // small sans: who, when, where to find
	Note  Style = "note"  // small sans note below a figure or table
)

// Para is a paragraph. Evidence is the short source in brackets behind it.
type Para struct {
	Style    Style
	Text     Text
	Evidence Text
}

// Heading is a heading inside a section. A fact's figure ("8 of 29 hours") is a
// Heading with Level 3.
type Heading struct {
	Level int
	Text  Text
}

// ListStyle says what stands before each item.
type ListStyle string

// Styles of lists.
const (
	Bullets ListStyle = ""
	Ticks   ListStyle = "ticks"
	Numbers ListStyle = "numbers"
)

// List is a list of short texts.
type List struct {
	Style ListStyle
	Items []Text
}

// Choice is the row of boxes to answer on paper: Agree, Change it, Not now.
// All options have the same weight. Line marks the option followed by a blank to write on.
type Choice struct {
	Options []Option
	Note    Text
}

// Option is one box.
type Option struct {
	ID    string // agree, change, not-now
	Label string
	Line  bool
}

// Question is a question the reader may have, with its answer.
type Question struct {
	ID       string
	Number   Span // "4" with its ref, or empty
	Question Text
	Answer   Text
	By       Text   // who says so and when
	State    string // a word for people: answered, my proposal, with HR
	Open     bool   // nothing to answer yet
}

// Table is a table. Every column of numbers is aligned right.
type Table struct {
	ID      string
	Caption Text
	Columns []Column
	Rows    []Row
}

// Column is a column's header and alignment. Width is a share of the table; zero shares the rest.
type Column struct {
	Head  Text
	Right bool
	Width float64
}

// Row is a row; the first cell is its header when Header is set. Total draws a rule above.
type Row struct {
	Cells  []Cell
	Header bool
	Total  bool
}

// Cell is text, or a bar drawn in place of text (with Text as its equivalent for readers who do not see it).
type Cell struct {
	Text Text
	Note Text // smaller, below the text
	Bar  *Bar
}

// Figure is a chart with its equivalents: Alt is the sentence that carries the
// finding, Data the table behind it (writers may fold it away, never drop it
// from the page's text).
type Figure struct {
	ID    string
	Chart Chart
	Alt   Text
	Data  *Table
}

// Photo is a picture of the home office, cleaned before it gets here: JPEG without metadata.
type Photo struct {
	ID            string
	JPEG          []byte
	Width, Height int
	Alt           Text
}

// Signature is a line to sign on, with a caption below.
type Signature struct{ Captions []string }

func (Para) block()      {}
func (Heading) block()   {}
func (List) block()      {}
func (Choice) block()    {}
func (Question) block()  {}
func (Table) block()     {}
func (Figure) block()    {}
func (Photo) block()     {}
func (Signature) block() {}

// Heading returns what stands above a place of the document: a section's label,
// or a question's words. ok is false where there is no such place.
func (d Document) Heading(id string) (heading string, ok bool) {
	d.blocks(func(b Block) {
		if q, is := b.(Question); is && q.ID == id && id != "" {
			heading, ok = q.Question.String(), true
		}
	})
	for _, s := range d.Sections {
		if s.ID == id && id != "" {
			return s.Label, true
		}
	}
	return heading, ok
}

// HasDigit tells whether s holds a decimal digit of any script.
func HasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }
