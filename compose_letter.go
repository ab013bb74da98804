package homecase

import (
	"strconv"
	"strings"

	"homecase/day"
	"homecase/packet"
)

// letter is the request as a letter of one page: informal, or with the
// statements that the law of the place asks for.
func (k *composer) letter() packet.Document {
	b, c := k.b, k.c
	k.letterFacts()
	d := k.document(packet.Letter)
	meta := func(id string) packet.Block { return packet.Para{Style: packet.Meta, Text: b.Says("", id)} }
	d.Head = []packet.Block{meta("letter.from"), meta("letter.date"), meta("letter.to")}
	if c.Company.Name != "" {
		d.Head = append(d.Head, meta("letter.company"))
	}
	d.Head = append(d.Head, packet.Para{Style: packet.Title, Text: packet.Text{k.title()}})
	blocks := []packet.Block{packet.Para{Text: b.Says("", "letter.dear")}}
	if k.request() == Statutory {
		says, hand := k.statements(*k.law.regime, "")
		blocks = append(blocks, packet.Para{Text: b.Says("", "letter.statements")}, packet.List{Items: says})
		if len(hand) > 0 {
			blocks = append(blocks, packet.Para{Text: b.Says("", "letter.by-hand")}, packet.Signature{Captions: hand})
		}
	}
	blocks = append(blocks, packet.Para{Text: k.ask()}, packet.Para{Text: b.Says("", "letter.now")})
	if k.request() != Statutory || !k.states("effect") {
		blocks[len(blocks)-1] = packet.Para{Text: append(b.Says("", "letter.now"), k.effect()...)}
	}
	if len(k.c.Plan.Promises) > 0 {
		blocks = append(blocks, k.promises(shownPromises)...)
	}
	if line := k.trialLine(); line != nil {
		blocks = append(blocks, packet.Para{Text: line})
	}
	blocks = append(blocks, packet.Para{Text: b.Says("", "letter.enclosed", "letter.thanks")},
		packet.Para{Text: b.Says("", "letter.close")}, packet.Signature{Captions: []string{c.Person.Name}})
	d.Sections = []packet.Section{{ID: "letter", Level: 2, Blocks: blocks}}
	return d
}

func (k *composer) letterFacts() {
	b, c := k.b, k.c
	with := func(s string) string {
		if s == "" {
			return ""
		}
		return ", " + s
	}
	b.Set("letter.job", with(c.Person.Job)+with(c.Person.Team), "as given")
	b.Set("letter.boss-job", with(c.Boss.Job), "as given")
	b.Set("letter.company", c.Company.Name+with(c.Company.Address), "as given")
	b.Set("letter.boss-first", firstName(c.Boss.Name), "as given")
	var cover []string
	for _, d := range c.Readiness.Duties {
		if d.CoveredBy != "" {
			cover = append(cover, sentence(d.CoveredBy))
		}
	}
	b.Set("letter.cover", strings.Join(cover, " "), "as given", "duties")
}

// firstName is how one writes to a boss one knows; a single word is kept whole.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// effect is the effect on the work and how it is handled, in one paragraph.
func (k *composer) effect() packet.Text {
	ids := []string{"letter.work"}
	if h := k.c.Readiness.Hours(); h.Office+h.NotSure > 0 {
		if k.ready.HalvesOnly {
			ids = append(ids, "summary.hours-stay") // work of every day does not move to other days
		} else {
			ids = append(ids, "letter.work-office")
		}
	}
	t := k.b.Says("", ids...)
	if k.b.Span("letter.cover").Text != "" {
		t = append(t, k.b.Say("letter.cover"))
	}
	return t
}

func (k *composer) trialLine() packet.Text {
	switch {
	case k.b.Has("measure.name") && k.b.Has("ask.decide"):
		return k.b.Says("", "letter.trial")
	case k.b.Has("measure.name"):
		return k.b.Says("", "letter.trial-undated")
	case k.b.Has("ask.decide"):
		return k.b.Says("", "letter.decide")
	}
	return nil
}

func orWords(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// message is the e-mail's own words: under 90 of them.
func (k *composer) message() packet.Document {
	d := k.document(packet.Letter)
	ids := []string{"message.hours"}
	if k.b.Has("money.low") {
		ids = append(ids, k.signed("message.money"))
	}
	d.Sections = []packet.Section{{ID: "message", Level: 2, Blocks: []packet.Block{
		packet.Para{Text: k.b.Says("", "letter.dear")},
		packet.Para{Text: k.ask()},
		packet.Para{Text: k.b.Says("", ids...)},
		packet.Para{Text: k.b.Says("", "message.attached", "message.reply")},
		packet.Para{Text: k.b.Says("", "message.thanks")},
		packet.Para{Text: k.b.Text("who.me")},
	}}}
	return d
}

// Invite is the meeting in which the person asks.
type Invite struct {
	Subject, Body, Place string
	Date                 day.Date
	Time                 string // 10:30, empty for a meeting without a time yet
	Minutes              int
}

// DefaultMinutes is how long the talk takes when nobody said.
const DefaultMinutes = 30

// Invitation is the meeting to ask in, with the words that go with it. It needs
// no packet.
func (c Shared) Invitation() (Invite, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return Invite{}, err
	}
	k := &composer{c: c, l: c.Locale()}
	k.b = packet.NewBook(k.l, phrases)
	if err := k.whoAndWhen(); err != nil {
		return Invite{}, err
	}
	in := k.invite()
	return in, k.b.Err()
}

// invite is neutral: it names no wish in the subject.
func (k *composer) invite() Invite {
	in := Invite{Minutes: DefaultMinutes}
	if t := k.c.Plan.Talk; t != nil {
		in.Date, in.Time, in.Place = t.Date, string(t.Time), t.Place
		if t.Minutes > 0 {
			in.Minutes = t.Minutes
		}
	}
	k.b.Set("talk.minutes", strconv.Itoa(in.Minutes), "as asked", "ask")
	in.Subject, in.Body = k.b.Say("invite.subject").String(), k.b.Say("invite.body").String()
	return in
}

// Record is the packet for a file: what it said, on what it rested, and what
// was sent with it.
type Record struct {
	Homecase string         `json:"homecase"`
	Title    string         `json:"title"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	Date     day.Date       `json:"date"`
	Request  Request        `json:"request"`
	Regime   string         `json:"regime,omitempty"`
	Ask      string         `json:"ask"`
	Promises []string       `json:"promises"`
	Facts    []WorkingFact  `json:"facts"`
	Numbers  []packet.Entry `json:"numbers"`
	Files    []RecordFile   `json:"files"`
}

// RecordFile is one file of a packet, with the hash that recognises it.
type RecordFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
}

func (k *composer) record() Record {
	r := Record{Homecase: k.o.Version, Title: k.titleText(), From: k.c.Person.Name, To: k.c.Boss.Name, Date: k.c.Date, Request: k.request(), Ask: k.ask().String(), Promises: []string{}}
	if k.law.regime != nil {
		r.Regime = k.law.regime.ID
	}
	for i := range k.c.Plan.Promises {
		r.Promises = append(r.Promises, k.b.Span(nth("promise", i)+".text").Text)
	}
	r.Facts, r.Numbers = k.workingFacts(), k.b.Entries()
	return r
}

func (k *composer) workingFacts() []WorkingFact {
	var out []WorkingFact
	for _, f := range k.b.Facts() {
		out = append(out, WorkingFact{f.ID, f.Text, string(f.Kind), f.Source, f.Date, f.Address})
	}
	return out
}
