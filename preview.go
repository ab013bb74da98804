package homecase

import "homecase/packet"

// Preview is what the boss will see, as far as the case has it: pieces of the
// first page, in its own words. Nothing private can be in it.
type Preview struct {
	Title string
	Ask   packet.Text
	Week  packet.Chart
	// Hours and Money are missing while the case has none.
	Hours, Money *PreviewPart
	// Promises are those that the first page shows.
	Promises []packet.Text
	// Reasons are the heads of the business reasons that the first page shows.
	Reasons []string
	// Questions says how many questions are answered and where the others lie.
	Questions packet.Text
	// Sourceless are the numbers that keep the packet from being built.
	Sourceless error
}

// PreviewPart is one fact of the first page with its picture.
type PreviewPart struct {
	Head string // empty where the text says it all
	Text packet.Text
	// Chart is the picture, and Alt what it shows in words.
	Chart packet.Chart
	Alt   packet.Text
}

// Preview composes the pieces of the first page that are there already. A case
// that is still being written lacks some of them; that is no fault.
func (c Shared) Preview(o Options) (*Preview, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	k := &composer{c: c, o: o, l: c.Locale()}
	if k.c.Boss.Name == "" {
		k.c.Boss.Name = "your boss"
	}
	k.b = packet.NewBook(k.l, phrases)
	for _, step := range []func() error{k.whoAndWhen, k.hours, k.concernFacts, k.promiseFacts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	p := &Preview{Title: k.titleText(), Ask: k.ask(), Week: chartOf(k.windows())}
	if k.c.Readiness.Hours().Total() > 0 {
		p.Hours = part("", k.hoursWords(), k.hoursBar())
	}
	if err := k.moneyFacts(); err == nil && k.money.Headline != nil {
		p.Money = moneyPart(k.moneySummary())
	}
	for _, block := range k.promises(shownPromises) {
		if l, ok := block.(packet.List); ok {
			p.Promises = append(p.Promises, l.Items...)
		}
	}
	for i, r := range k.c.Reasons.Business {
		if i < k.reasonRoom() {
			p.Reasons = append(p.Reasons, r.Head)
		}
	}
	p.Questions = k.questionsLine()
	if list := k.b.Unsourced(); len(list) > 0 {
		p.Sourceless = list
	}
	return p, k.b.Err()
}

func chartOf(b packet.Block) packet.Chart {
	f, _ := b.(packet.Figure)
	return f.Chart
}

func part(head string, text packet.Text, figure packet.Block) *PreviewPart {
	f, _ := figure.(packet.Figure)
	return &PreviewPart{Head: head, Text: text, Chart: f.Chart, Alt: f.Alt}
}

// moneyPart takes the three blocks of the money on the first page apart.
func moneyPart(blocks []packet.Block) *PreviewPart {
	p := new(PreviewPart)
	for _, b := range blocks {
		switch b := b.(type) {
		case packet.Heading:
			p.Head = b.Text.String()
		case packet.Para:
			p.Text = b.Text
		case packet.Figure:
			p.Chart, p.Alt = b.Chart, b.Alt
		}
	}
	return p
}
