package packet

import (
	"fmt"
	"slices"
	"strings"

	"homecase/cite"
	"homecase/fault"
	"homecase/locale"
)

// OwnWords is the kind of what the person proposes or promises: a commitment,
// not a claim, so it needs no source but its author.
const OwnWords cite.Kind = "own words"

// Entry is what a ref prints, how it came about and the facts behind it.
type Entry struct {
	Ref     Ref      `json:"ref"`
	Printed string   `json:"printed"`
	How     string   `json:"how,omitempty"`
	Facts   []string `json:"facts,omitempty"`
	one     bool     // the value is exactly one: choose the singular
}

// Book holds every fact and every number of one packet. Sentences take their
// numbers from the book and nowhere else.
type Book struct {
	Locale  locale.Locale
	phrases Phrases
	facts   map[string]cite.Fact
	order   []string
	entries map[Ref]Entry
	refs    []Ref
	faults  fault.List
}

// NewBook returns an empty book that says the given phrases.
func NewBook(l locale.Locale, p Phrases) *Book {
	return &Book{Locale: l, phrases: p, facts: map[string]cite.Fact{}, entries: map[Ref]Entry{}}
}

// Fact records a fact. A second fact with the same id replaces the first.
func (b *Book) Fact(f cite.Fact) {
	if _, ok := b.facts[f.ID]; !ok {
		b.order = append(b.order, f.ID)
	}
	b.facts[f.ID] = f
}

// Own records something the person proposes or promises.
func (b *Book) Own(id, text string) {
	b.Fact(cite.Fact{ID: id, Text: text, Origin: cite.Origin{Kind: OwnWords}})
}

// Set records a number as it is printed, with its formula in words and the
// facts it rests on.
func (b *Book) Set(ref Ref, printed, how string, facts ...string) {
	printed = oneLine.Replace(printed) // people's own text may be written over several lines
	b.put(Entry{Ref: ref, Printed: printed, How: how, Facts: facts})
}

// Count is Set for a number that grammar depends on; places is as in locale.Number.
func (b *Book) Count(ref Ref, n float64, places int, how string, facts ...string) {
	printed := b.Locale.Number(n, places)
	b.put(Entry{Ref: ref, Printed: printed, How: how, Facts: facts, one: printed == "1"})
}

// Word is Count written as a word where it is small: eight weeks.
func (b *Book) Word(ref Ref, n int, how string, facts ...string) {
	b.put(Entry{Ref: ref, Printed: b.Locale.Word(n), How: how, Facts: facts, one: n == 1})
}

// oneLine makes line ends and tabs into spaces; writers break lines themselves.
var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")

func (b *Book) put(e Entry) {
	if _, ok := b.entries[e.Ref]; !ok {
		b.refs = append(b.refs, e.Ref)
	}
	b.entries[e.Ref] = e
}

// Has tells whether the ref was set.
func (b *Book) Has(ref Ref) bool { _, ok := b.entries[ref]; return ok }

// Facts lists the facts in the order they were recorded.
func (b *Book) Facts() []cite.Fact {
	out := make([]cite.Fact, len(b.order))
	for i, id := range b.order {
		out[i] = b.facts[id]
	}
	return out
}

// Entries lists the numbers in the order they were set.
func (b *Book) Entries() []Entry {
	out := make([]Entry, len(b.refs))
	for i, r := range b.refs {
		out[i] = b.entries[r]
	}
	return out
}

// Span returns the printed text of a ref, bound where it holds a digit.
func (b *Book) Span(ref Ref) Span {
	e, ok := b.entries[ref]
	if !ok {
		b.faults = append(b.faults, fault.New(fault.Internal, "HC-PACKET-04", "The packet needs %q and nothing sets it.", ref))
		return Span{Text: "?", Ref: ref}
	}
	s := Span{Text: e.Printed}
	if HasDigit(e.Printed) {
		s.Ref = ref
	}
	return s
}

// Text returns the ref as a sentence of its own.
func (b *Book) Text(ref Ref) Text {
	return Text{{Spans: []Span{b.Span(ref)}, Facts: b.entries[ref].Facts}}
}

// Say composes a phrase. Slots like {hours.total} take the ref's text; a slot
// that starts with a dot, {.hours}, is completed with prefix: duty.3 makes
// duty.3.hours. {ref|item|items} chooses by whether the number is one, and
// [[organise|organize]] by spelling.
func (b *Book) Say(id string, prefix ...Ref) Sentence {
	p, ok := b.phrases[id]
	if !ok {
		b.faults = append(b.faults, fault.New(fault.Internal, "HC-PACKET-05", "There is no phrase %q.", id))
		return Sentence{}
	}
	under := Ref("")
	if len(prefix) > 0 {
		under = prefix[0]
	}
	s := Sentence{Facts: slices.Clone(p.Rests)}
	for i, f := range s.Facts {
		if strings.HasPrefix(f, ".") {
			s.Facts[i] = string(under) + f
		}
	}
	for _, part := range split(b.spell(p.Text)) {
		if !part.slot {
			s.Spans = append(s.Spans, Span{Text: part.text})
			continue
		}
		b.fill(&s, part.text, under)
	}
	s.Spans = merge(s.Spans)
	slices.Sort(s.Facts)
	s.Facts = slices.Compact(s.Facts)
	if len(s.Facts) == 0 && !p.Frame {
		b.faults = append(b.faults, fault.New(fault.Internal, "HC-PACKET-06", "The sentence %q rests on no fact.", id))
	}
	return s
}

// Knows tells whether there is such a phrase.
func (b *Book) Knows(id string) bool { _, ok := b.phrases[id]; return ok }

// Says composes several phrases into one text.
func (b *Book) Says(prefix Ref, ids ...string) Text {
	t := make(Text, len(ids))
	for i, id := range ids {
		t[i] = b.Say(id, prefix)
	}
	return t
}

func (b *Book) fill(s *Sentence, slot string, under Ref) {
	name, forms, plural := strings.Cut(slot, "|")
	ref := Ref(name)
	if strings.HasPrefix(name, ".") {
		ref = under + ref
	}
	e := b.entries[ref]
	if plural {
		one, many, _ := strings.Cut(forms, "|")
		if !b.Has(ref) {
			b.Span(ref) // records the fault
		}
		if e.one {
			many = one
		}
		s.Spans = append(s.Spans, Span{Text: many})
		return
	}
	s.Spans = append(s.Spans, b.Span(ref))
	s.Facts = append(s.Facts, e.Facts...)
}

func (b *Book) spell(text string) string {
	for {
		before, rest, ok := strings.Cut(text, "[[")
		if !ok {
			return text
		}
		inner, after, _ := strings.Cut(rest, "]]")
		british, american, _ := strings.Cut(inner, "|")
		text = before + b.Locale.Spell(british, american) + after
	}
}

// Err reports what was asked of the book and not there: a fault of ours, never of the person's.
func (b *Book) Err() error { return b.faults.OrNil() }

// Unsourced lists the facts whose number has none of the four kinds of
// origin. While there is one, the packet does not build.
func (b *Book) Unsourced() fault.List {
	var list fault.List
	for _, id := range b.order {
		f := b.facts[id]
		if f.Kind == OwnWords || f.Known() {
			continue
		}
		list = append(list, fault.New(fault.Finding, "HC-FACT-01", "Nothing says where this comes from: %s.", strings.TrimSuffix(f.Text, ".")).
			At(fault.Place{Path: id}).
			Then("Give its kind (measured, published, colleague or assumption) and its source, or take it out."))
	}
	return list
}

type part struct {
	text string
	slot bool
}

// split cuts a phrase into literal text and slots.
func split(text string) []part {
	var parts []part
	for {
		before, rest, ok := strings.Cut(text, "{")
		if before != "" {
			parts = append(parts, part{before, false})
		}
		if !ok {
			return parts
		}
		slot, after, _ := strings.Cut(rest, "}")
		parts = append(parts, part{slot, true})
		text = after
	}
}

// merge joins neighbouring spans that carry no mark.
func merge(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].Ref == "" && s.Ref == "" && out[n-1].Href == s.Href && out[n-1].Strong == s.Strong {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	return out
}

// String names the book's size, for logs.
func (b *Book) String() string {
	return fmt.Sprintf("%d facts, %d numbers", len(b.facts), len(b.entries))
}
