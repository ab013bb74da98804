package homecase

import (
	"math"
	"slices"

	"homecase/cite"
	"homecase/day"
	"homecase/fault"
	"homecase/locale"
	"homecase/packet"
	"homecase/trial"
)

// PlannedTrial is a frozen plan as somebody reads it who is to agree to it.
type PlannedTrial struct {
	Person, Boss string
	Locale       locale.Locale
	Plan         trial.Plan
	Made         day.Date
	// Extended shows the weeks of the extension alone: those before were agreed to.
	Extended bool
}

// ComposePlanned writes a frozen plan as a document: which days, what is counted,
// what it can show, and how it ends. It holds all that is agreed to by agreeing
// to the plan, and nothing that was drawn.
func ComposePlanned(t PlannedTrial) (packet.Document, error) {
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return packet.Document{}, err
	}
	k := &planner{PlannedTrial: t, b: packet.NewBook(t.Locale, phrases), l: t.Locale}
	if k.set, err = t.Plan.Setting(); err != nil {
		return packet.Document{}, err
	}
	if k.odds, err = trial.PlanOdds(t.Plan); err != nil {
		return packet.Document{}, err
	}
	if k.days = k.set.Days; t.Extended {
		k.days = k.set.More
	}
	if len(k.days) == 0 || k.days[0].Date.IsZero() {
		return packet.Document{}, fault.New(fault.Invalid, "HC-PACKET-09", "This plan has no days with a date, so it cannot be read before it is agreed to.")
	}
	k.facts()
	d := k.document()
	if list := k.b.Unsourced(); len(list) > 0 {
		return packet.Document{}, list
	}
	if err := k.b.Err(); err != nil {
		return packet.Document{}, err
	}
	return d, d.Validate()
}

// planner holds one composition of a frozen plan.
type planner struct {
	PlannedTrial
	l    locale.Locale
	b    *packet.Book
	set  *trial.Setting
	odds *trial.Odds
	days []trial.Scheduled
}

func (k *planner) label(id string) string { return k.b.Say(id).String() }

func (k *planner) facts() {
	b, p := k.b, k.Plan
	b.Own("plan", "The plan of the trial, as both agree to it.")
	b.Fact(cite.Fact{ID: "trial.odds", Text: "What the trial can show, computed from its own plan.", Origin: cite.Origin{Kind: cite.Measured, Source: "homecase trial plan, from the dates, the margin and the usual spread"}})
	b.Set("who.me", k.Person, "as given")
	b.Set("who.boss", k.Boss, "as given")
	b.Set("planned.from", k.l.Date(k.days[0].Date), "as agreed", "plan")
	b.Set("planned.to", k.l.Date(k.days[len(k.days)-1].Date), "as agreed", "plan")
	b.Word("planned.weeks", len(k.weeks()), "as agreed", "plan")
	for ref, days := range map[packet.Ref][]day.Date{"planned.holidays": p.Holidays, "planned.leave": p.Leave} {
		if names := k.dates(days); len(names) > 0 {
			b.Set(ref, k.l.List(names), "as agreed", "plan")
		}
	}
	k.measureFacts()
	if !p.DecideOn.IsZero() {
		on := p.DecideOn
		if k.Extended {
			on = on.Add(7 * p.ExtensionWeeks)
		}
		b.Set("plan.decide", k.l.WeekdayDate(on), "as agreed", "plan")
	}
	if p.ExtensionWeeks > 0 {
		b.Word("plan.extension", p.ExtensionWeeks, "as agreed", "plan")
	}
	if p.Purpose != "" {
		b.Set("plan.purpose", sentence(p.Purpose), "as agreed", "plan")
	}
	if d := p.Drawn; d != nil && d.Word != "" {
		b.Set("draw.word", d.Word, "as given for the draw", "plan")
	}
	for i, c := range p.CheckIns {
		b.Set(nth("checkin", i)+".text", sentence(c), "as agreed", "plan")
	}
	for i, s := range p.Stop {
		b.Set(nth("stop", i)+".text", sentence(lower(s)), "as agreed", "plan")
	}
	if k.odds.Odds != nil {
		b.Set("odds.hundred", "100", "a round number to count in", "trial.odds")
		(&composer{b: b, l: k.l}).scenarioFacts(*k.odds.Odds, "trial.odds")
	}
}

func (k *planner) measureFacts() {
	b, p := k.b, k.Plan
	name := p.Measure.Name
	if name == "" {
		name = "The measure"
	}
	b.Set("measure.name", capital(name), "as agreed", "plan")
	b.Set("measure.unit", unitWord(p.Measure), "as agreed", "plan")
	if s := p.Measure.Source; s != "" {
		b.Set("measure.source", s, "as agreed", "plan")
	}
	if p.Usual != nil {
		b.Set("measure.usual", k.amount(p.Usual.Mean), "as agreed", "plan")
	}
	if p.Margin.Given() {
		(&composer{b: b, l: k.l}).marginAs(p, "as agreed", "plan")
	}
	var beside []string
	for _, m := range p.Measures {
		beside = append(beside, m.Name)
	}
	if len(beside) > 0 {
		b.Set("planned.beside", k.l.List(beside), "as agreed", "plan")
	}
}

// amount writes a level of the measure; a share is a percentage.
func (k *planner) amount(v float64) string {
	if k.Plan.Measure.Kind == trial.Share {
		return k.l.Percent(v, 1)
	}
	return k.l.Number(v, 2)
}

// dates writes those days that lie in the weeks shown.
func (k *planner) dates(days []day.Date) []string {
	var out []string
	for _, d := range days {
		if !d.Before(k.days[0].Date.Monday()) && !d.After(k.days[len(k.days)-1].Date.Monday().Add(6)) {
			out = append(out, k.l.WeekdayDate(d))
		}
	}
	return out
}

// plannedWeek is a week with the days on which a home day may fall.
type plannedWeek struct {
	from day.Date
	home float64 // on average where a coin decides
	on   []day.Weekday
}

func (k *planner) weeks() []plannedWeek {
	var out []plannedWeek
	last := 0
	for _, d := range k.days {
		if d.Week != last {
			out, last = append(out, plannedWeek{from: d.Date}), d.Week
		}
		w := &out[len(out)-1]
		if w.home = math.Round((w.home+d.Chance)*1e6) / 1e6; d.Chance > 0 {
			w.on = append(w.on, d.Date.Weekday())
		}
	}
	return out
}

// alike tells whether every week has the same home days, and some.
func alike(weeks []plannedWeek) bool {
	for _, w := range weeks {
		if len(w.on) == 0 || w.home != weeks[0].home || !slices.Equal(w.on, weeks[0].on) {
			return false
		}
	}
	return true
}

func (k *planner) document() packet.Document {
	d := packet.Document{
		Kind: packet.Report, Lang: k.l.Tag, Title: k.label("planned.title"), Author: k.Person, Reader: k.Boss, Date: k.Made,
		Subject: k.label("planned.footer"), Footer: k.label("planned.footer"),
		Head: []packet.Block{packet.Para{Style: packet.Meta, Text: k.b.Says("", "planned.meta")}},
	}
	span := "planned.span"
	if k.Extended {
		span = "planned.more"
	}
	d.Head = append(d.Head, packet.Para{Style: packet.Ask, Text: k.b.Says("", span)})
	d.Sections = append(d.Sections, k.daysSection(), k.measureSection())
	if k.odds.Odds != nil {
		d.Sections = append(d.Sections, k.section("show", packet.Para{Text: k.b.Says("", "planned.show")}, oddsTable(k.b)))
	}
	d.Sections = append(d.Sections, k.endSection())
	return d
}

func (k *planner) section(id string, blocks ...packet.Block) packet.Section {
	return packet.Section{ID: "planned-" + id, Label: k.label("planned." + id + "-label"), Level: 2, Blocks: blocks}
}

func (k *planner) daysSection() packet.Section {
	b, p := k.b, k.Plan
	ids, among, each := []string{"planned.drawn"}, "planned.head-among", "planned.each-drawn"
	if p.Design == trial.Fixed {
		ids, among, each = []string{"planned.fixed"}, "planned.head-on", "planned.each-on"
	}
	if k.Extended && p.Drawn != nil {
		if ids = append(ids, "planned.wordless"); b.Has("draw.word") {
			ids[len(ids)-1] = "planned.word"
		}
	}
	weeks := k.weeks()
	for i, w := range weeks {
		ref := nth("week", i)
		b.Set(ref+".from", k.l.Date(w.from), "as agreed", "plan")
		b.Count(ref+".home", w.home, 1, "as agreed", "plan")
		b.Set(ref+".on", dayRange(w.on, k.l.List), "as agreed", "plan")
		if len(w.on) == 0 {
			b.Set(ref+".on", "–", "as agreed", "plan")
		}
	}
	s := k.section("days", packet.Para{Text: b.Says("", ids...)})
	if alike(weeks) {
		s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("week.1", each)})
	} else {
		s.Blocks = append(s.Blocks, k.weekTable(among))
	}
	for _, id := range []string{"holidays", "leave"} {
		if b.Has(packet.Ref("planned." + id)) {
			s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "planned."+id)})
		}
	}
	return s
}

// weekTable lists weeks that differ.
func (k *planner) weekTable(among string) packet.Table {
	b := k.b
	t := packet.Table{ID: "planned-weeks", Caption: b.Says("", "planned.table"), Columns: []packet.Column{
		{Head: b.Says("", "planned.head-week"), Width: .34}, {Head: b.Says("", "planned.head-home"), Right: true, Width: .2}, {Head: b.Says("", among), Width: .46}}}
	for i := range k.weeks() {
		ref := nth("week", i)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Text(ref + ".from")}, {Text: b.Text(ref + ".home")}, {Text: b.Text(ref + ".on")}}})
	}
	return t
}

func (k *planner) measureSection() packet.Section {
	b, m := k.b, k.Plan.Measure
	ids := []string{"planned.measure"}
	if b.Has("measure.source") {
		ids[0] = "planned.measure-at"
	}
	if b.Has("measure.usual") {
		if m.Kind == trial.Count {
			ids = append(ids, "planned.usual")
		} else {
			ids = append(ids, "planned.usual-level")
		}
	}
	if k.Plan.Recorded == trial.System {
		ids = append(ids, "planned.system")
	} else {
		ids = append(ids, "planned.self")
	}
	blocks := []packet.Block{packet.Para{Text: b.Says("", ids...)}}
	say := func(id string) { blocks = append(blocks, packet.Para{Text: b.Says("", id)}) }
	switch {
	case !b.Has("margin.drop"):
	case m.Better == trial.Lower:
		say("planned.margin-lower")
	default:
		say("planned.margin")
	}
	if b.Has("planned.beside") {
		say("planned.beside")
	}
	if b.Has("plan.purpose") {
		say("planned.purpose")
	}
	return k.section("measure", blocks...)
}

func (k *planner) endSection() packet.Section {
	b := k.b
	var items []packet.Text
	say := func(id string) { items = append(items, b.Says("", id)) }
	if b.Has("plan.decide") {
		say("planned.decide")
	}
	switch {
	case k.Extended:
	case b.Has("plan.extension"):
		say("planned.extension")
	default:
		say("planned.extension-none")
	}
	for i := range k.Plan.CheckIns {
		items = append(items, b.Says(nth("checkin", i), "planned.check"))
	}
	for i := range k.Plan.Stop {
		items = append(items, b.Says(nth("stop", i), "planned.stop"))
	}
	return k.section("end", packet.List{Items: items})
}
