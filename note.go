package homecase

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/packet"
	"homecase/trial"
)

// NoteKind names a small letter.
type NoteKind string

// The small letters.
const (
	ProjectDay NoteKind = "project-day" // one day at home, asked for openly
	Thanks     NoteKind = "thanks"      // after the talk, whatever was said
	NotNow     NoteKind = "not-now"     // after a "not now"
	HRQuestion NoteKind = "hr-question" // what only Human Resources knows
	HRRequest  NoteKind = "hr-request"  // a request under a law that asks for private reasons
	Reference  NoteKind = "reference"   // to a colleague who already works from home
	NextRung   NoteKind = "next-rung"   // after a trial that opens the next step
)

// NoteInfo describes a small letter for the one who chooses among them.
type NoteInfo struct {
	ID    NoteKind   `json:"id"`
	To    string     `json:"to"`
	When  string     `json:"when"`
	Avoid []string   `json:"avoid"` // what does not belong in it
	Needs []NoteSlot `json:"needs"`
}

// Asks tells whether the letter asks the boss or the employer for home days. It
// is refused before the day to ask again.
func (n NoteInfo) Asks() bool { return n.ID == ProjectDay || n.ID == HRRequest || n.ID == NextRung }

// NoteSlot is something a letter cannot do without.
type NoteSlot struct {
	Slot string `json:"slot"`
	What string `json:"what"`
	// Flag gives what no case file holds.
	Flag string `json:"flag,omitempty"`
}

//go:embed data/letters.yaml
var noteData []byte

var noteInfos = sync.OnceValues(func() ([]NoteInfo, error) {
	var f struct {
		Letters []NoteInfo `json:"letters"`
	}
	err := content.Decode("data/letters.yaml", noteData, &f)
	return f.Letters, err
})

// NoteKinds describes every small letter.
func NoteKinds() ([]NoteInfo, error) {
	all, err := noteInfos()
	return slices.Clone(all), err
}

// NoteOptions are what a letter needs besides the case.
type NoteOptions struct {
	// On is the day the letter is dated; zero takes the case's own.
	On day.Date
	// Project is the piece of work of a project day, and ProjectDate its day.
	Project     string
	ProjectDate day.Date
	// To is the colleague a reference is asked of; empty takes the only one there is.
	To string
	// Law is the regime a request to Human Resources is made under; empty takes
	// the only one there is. Reasons are the person's own words for it: they
	// stand in that letter and are kept nowhere. Without them it has a line.
	Law     string
	Reasons string
	// Trial is what the logged days said, for the next rung.
	Trial *trial.Report
}

// Note is a small letter: the words as a message, and the same as a letter
// with its head.
type Note struct {
	Kind    NoteKind
	Subject string
	To      string // a name
	Email   string // where it goes, as far as the case knows
	Message packet.Document
	Letter  packet.Document
}

// Note composes a small letter from the facts of the case. It is the person's
// own letter, which the person reads and sends, so it may use what the person
// noted about the talk; nothing else private stands in it. A letter that lacks
// something names every missing slot, and none is printed with a hole.
func (c *Case) Note(kind NoteKind, o NoteOptions) (*Note, error) {
	all, err := noteInfos()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(n NoteInfo) bool { return n.ID == kind })
	if i < 0 {
		return nil, fault.New(fault.Missing, "HC-NOTE-01", "There is no letter %q.", clipped(string(kind))).Then("The letters are listed by: homecase letter list.")
	}
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	if o.On.IsZero() {
		o.On = c.Date
	}
	k := &composer{c: c.Shared(), l: c.Locale()}
	k.b = packet.NewBook(k.l, phrases)
	n := &noteWriter{composer: k, full: c, o: o, info: all[i], to: c.Boss.Name, email: c.Boss.Email}
	if err := n.whoAndWhen(); err != nil {
		return nil, err
	}
	n.facts()
	write := map[NoteKind]func() error{ProjectDay: n.project, Thanks: n.thanks, NotNow: n.notNow, HRQuestion: n.question, HRRequest: n.request, Reference: n.reference, NextRung: n.next}[kind]
	if err := write(); err != nil {
		return nil, err
	}
	return n.finish()
}

// noteWriter is a small letter being written.
type noteWriter struct {
	*composer
	full   *Case // with what the person noted for themselves
	o      NoteOptions
	info   NoteInfo
	to     string
	email  string
	hello  string // id of the greeting
	title  string // id of the subject
	head   string // id of the addressee in the letter's head
	sign   bool   // the letter is signed by hand
	blocks []packet.Block
}

// facts records what several letters say.
func (n *noteWriter) facts() {
	b, p := n.b, n.c.Plan
	b.Own("letter", "What I write in this letter.")
	b.Own("duties", "How my work is covered.")
	n.letterFacts()
	b.Set("note.date", n.l.Date(n.o.On), "the date of this letter", "letter")
	set := func(ref packet.Ref, text string) {
		if text = strings.TrimSuffix(strings.TrimSpace(text), "."); text != "" {
			b.Set(ref, text, "as given", "letter")
		}
	}
	set("note.reach-from", orWords(string(p.Hours.ReachableFrom), string(p.Hours.From)))
	set("note.reach-to", orWords(string(p.Hours.ReachableTo), string(p.Hours.To)))
	set("note.recall", p.Recall.Notice)
}

// missing refuses a letter whose slots are empty, and names each.
func (n *noteWriter) missing(empty map[string]bool) error {
	var list fault.List
	for _, s := range n.info.Needs {
		if !empty[s.Slot] {
			continue
		}
		f := fault.New(fault.Missing, "HC-NOTE-02", "The letter %s needs %s: %s.", n.info.ID, s.Slot, s.What)
		if s.Flag != "" {
			f = f.Then("Give it with %s.", s.Flag)
		} else {
			f = f.At(fault.Place{Path: s.Slot}).Then("Write it into the case file.")
		}
		list = append(list, f)
	}
	return list.OrNil()
}

// say adds a paragraph of phrases.
func (n *noteWriter) say(ids ...string) {
	n.blocks = append(n.blocks, packet.Para{Text: n.b.Says("", ids...)})
}

func (n *noteWriter) list(style packet.ListStyle, items []packet.Text) {
	n.blocks = append(n.blocks, packet.List{Style: style, Items: items})
}

// finish puts greeting, words and close together, as a message and as a letter.
func (n *noteWriter) finish() (*Note, error) {
	b := n.b
	n.b.Set("note.first", firstName(n.to), "as given")
	n.b.Set("note.to", n.to, "as given")
	hello := orWords(n.hello, "note.hello")
	subject := b.Says("", n.title)
	body := append([]packet.Block{packet.Para{Text: b.Says("", hello)}}, n.blocks...)
	thanks := packet.Para{Text: b.Says("", "note.thank-you")}
	close := []packet.Block{thanks, packet.Para{Text: b.Says("", "note.close")}}
	make := func(head []packet.Block, tail []packet.Block) packet.Document {
		return packet.Document{
			Kind: packet.Letter, Lang: n.l.Tag, Title: subject.String(), Author: n.c.Person.Name, Reader: n.to, Date: n.o.On, Subject: subject.String(), Head: head,
			Sections: []packet.Section{{ID: "letter", Level: 2, Blocks: append(slices.Clone(body), tail...)}},
		}
	}
	meta := func(id string) packet.Block { return packet.Para{Style: packet.Meta, Text: b.Says("", id)} }
	out := &Note{Kind: n.info.ID, Subject: subject.String(), To: n.to, Email: n.email}
	out.Message = make(nil, close)
	if n.sign {
		close = []packet.Block{thanks, packet.Signature{Captions: []string{n.c.Person.Name}}}
	}
	out.Letter = make([]packet.Block{meta("note.from"), meta("note.date"), meta(orWords(n.head, "note.to")), packet.Para{Style: packet.Title, Text: subject}}, close)
	if err := b.Err(); err != nil {
		return nil, err
	}
	for _, d := range []packet.Document{out.Message, out.Letter} {
		if err := d.Validate(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clipped shortens what somebody typed for a message.
func clipped(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
