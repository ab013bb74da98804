package homecase

import (
	"homecase/packet"
	"homecase/savings"
)

// MoneyPreview is what the packet says about money, for the page on which the
// person looks at it first. What is the person's own is not in it.
type MoneyPreview struct {
	Lede     packet.Text
	Dots     packet.Chart
	DotsAlt  packet.Text
	DotsData *packet.Table
	// Tornado has a row for each input that moves the result; nil where none does.
	Tornado      *packet.Tornado
	TornadoIntro packet.Text
	Lines        packet.Table
	Time         []packet.Text // the third ledger, line by line
	LeftOut      []packet.Text
	Report       savings.Report
}

// PreviewMoney composes the money of the packet; nil while the case counts nothing
// that is cash to the employer. A number without a source is a fault.
func (c Shared) PreviewMoney(o Options) (*MoneyPreview, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	k := &composer{c: c, o: o, l: c.Locale()}
	k.b = packet.NewBook(k.l, phrases)
	for _, step := range []func() error{k.whoAndWhen, k.moneyFacts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	t := k.money.Headline
	if t == nil {
		return nil, k.b.Err()
	}
	p := &MoneyPreview{Report: k.money}
	summary := moneyPart(k.moneySummary())
	p.Lede, p.Dots, p.DotsAlt, p.DotsData = summary.Text, summary.Chart, summary.Alt, k.dotsTable()
	if table, ok := k.lineTable().(packet.Table); ok {
		p.Lines = table
	}
	if len(t.Tornado.Bars) > 0 {
		if chart, ok := chartOf(k.tornado(t)).(packet.Tornado); ok {
			p.Tornado, p.TornadoIntro = &chart, k.b.Says("", "money.tornado")
		}
	}
	for _, line := range k.money.Ledger(savings.TimeAndOther).Lines {
		p.Time = append(p.Time, k.b.Says(packet.Ref("line."+line.Line), "money.time"))
	}
	for i := range k.money.LeftOut {
		p.LeftOut = append(p.LeftOut, k.b.Says(nth("leftout", i), "money.out"))
	}
	return p, k.b.Err()
}
