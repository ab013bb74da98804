package homecase

import (
	"slices"
	"strings"

	"homecase/cite"
	"homecase/concern"
	"homecase/evidence"
	"homecase/packet"
	"homecase/plan"
	"homecase/readiness"
)

// full is the whole packet on paper.
func (k *composer) full() packet.Document {
	d := k.document(packet.Full)
	d.Contents = true
	d.Head = k.head(false)
	d.Sections = append(k.summarySections(), k.questionsSummary(), k.answerSection())
	for i, s := range k.rest() {
		s.NewPage = i == 0 // the first page stands alone; the printer finds the other breaks
		d.Sections = append(d.Sections, s)
	}
	withoutData(d.Sections)
	if k.draft != nil {
		d.Sections = append(d.Sections, k.draft.appendix()...)
	}
	return d
}

// withoutData takes the tables behind charts away: on paper the same numbers
// stand in the tornado's own cells and in appendix B.
func withoutData(sections []packet.Section) {
	for _, s := range sections {
		for i, b := range s.Blocks {
			if f, ok := b.(packet.Figure); ok {
				f.Data = nil
				s.Blocks[i] = f
			}
		}
	}
}

// page is the packet as one web page: the first page open, the rest in folds.
func (k *composer) page() packet.Document {
	d := k.document(packet.Page)
	d.Head = k.head(true)
	d.Sections = append(k.summarySections(), k.questionsSummary(), k.answerSection())
	for _, s := range k.rest() {
		s.Fold = s.ID != "asked"
		d.Sections = append(d.Sections, s)
	}
	return d
}

// rest are the pages behind the first one, the same in every format.
func (k *composer) rest() []packet.Section {
	sections := []packet.Section{k.workSection()}
	if m, ok := k.moneySection(); ok {
		sections = append(sections, m)
	}
	if e := k.evidenceSection(); len(e.Blocks) > 0 {
		sections = append(sections, e)
	}
	sections = append(sections, k.askedSection(), k.lawSection())
	if k.trial.ok {
		sections = append(sections, k.trialSection())
	}
	return append(sections, k.agreeingSection(), k.officeSection(), k.workingSection(), k.sourcesSection(), k.recordSection())
}

func (k *composer) questionsSummary() packet.Section {
	return packet.Section{ID: "questions", Label: k.label("summary.label-questions"), Level: 2, Blocks: []packet.Block{packet.Para{Style: packet.Meta, Text: k.questionsLine()}}}
}

func (k *composer) workSection() packet.Section {
	s := packet.Section{ID: "work", Label: k.label("work.label"), Level: 2}
	h := k.c.Readiness.Hours()
	ids := []string{"work.intro"}
	for id, show := range map[string]bool{"work.change": h.HomeWithChange > 0, "work.office": h.Office > 0, "work.unsure": h.NotSure > 0} {
		if show {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids[1:])
	s.Blocks = append(s.Blocks, packet.Para{Text: append(k.b.Says("", ids...), k.b.Say(k.supports())), Evidence: k.b.Text("duties.origin")}, k.dutyTable())
	s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "work.cover-head")})
	var cover []packet.Text
	for i, d := range k.c.Readiness.Duties {
		if d.CoveredBy != "" {
			cover = append(cover, k.b.Says(nth("duty", i), "work.cover"))
		}
	}
	if len(cover) > 0 {
		s.Blocks = append(s.Blocks, packet.List{Items: cover})
	} else {
		none := "work.cover-none"
		if k.ready.HalvesOnly {
			none = "work.cover-none-halves"
		}
		s.Blocks = append(s.Blocks, packet.Para{Text: k.b.Says("", none)})
	}
	if team := k.team(); len(team) > 0 {
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "work.team-head")}, packet.List{Items: team})
	}
	if n := len(k.c.Readiness.Unsupervised); n > 0 {
		var items []packet.Text
		for i := range n {
			item := k.b.Says(nth("example", i), "work.unsupervised")
			if k.b.Has(nth("example", i) + ".when") {
				item = append(item, k.b.Say("work.unsupervised-when", nth("example", i)))
			}
			items = append(items, item)
		}
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "work.unsupervised-head")}, packet.List{Items: items})
	}
	return s
}

// supports picks the sentence on the days that the office work leaves.
func (k *composer) supports() string {
	if k.ready.HalvesOnly {
		return "work.supports-halves"
	}
	return "work.supports"
}

// team says how colleagues are affected, as far as the person could say yes.
func (k *composer) team() []packet.Text {
	k.b.Own("team", "What I agreed with my colleagues.")
	c := k.c.Readiness.Colleagues
	var items []packet.Text
	for _, a := range []struct {
		answer readiness.Answer
		id     string
	}{{c.UnderstandMyJob, "work.team-understand"}, {c.NoExtraWork, "work.team-extra"}, {c.CanReachMe, "work.team-reach"}, {c.SameChance, "work.team-chance"}} {
		if a.answer == readiness.Yes {
			items = append(items, k.b.Says("", a.id))
		}
	}
	return items
}

// dutyTable is the week by task: the table is the chart.
func (k *composer) dutyTable() packet.Block {
	b, duties := k.b, k.c.Readiness.Duties
	t := packet.Table{ID: "duties", Caption: b.Says("", "work.table-caption"), Columns: []packet.Column{
		{Head: b.Says("", "work.head-task"), Width: .34}, {Head: b.Says("", "work.head-picture"), Width: .34},
		{Head: b.Says("", "work.head-where"), Width: .22}, {Head: b.Says("", "work.head-hours"), Right: true, Width: .10},
	}}
	longest := 0.0
	for _, d := range duties {
		longest = max(longest, d.Hours)
	}
	fills := map[readiness.Where]packet.Fill{readiness.Home: packet.FillHome, readiness.HomeWithChange: packet.FillChange, readiness.Office: packet.FillOffice, readiness.WhereNotSure: packet.FillNone}
	for i, d := range duties {
		ref := nth("duty", i)
		where := d.Counts()
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{
			{Text: b.Text(ref + ".name")},
			{Bar: &packet.Bar{To: d.Hours, Max: longest, Fill: fills[where]}},
			{Text: b.Says("", "work.where-"+string(where))},
			{Text: b.Text(ref + ".hours")},
		}})
	}
	t.Rows = append(t.Rows, packet.Row{Header: true, Total: true, Cells: []packet.Cell{
		{Text: b.Says("", "work.total")}, {}, {}, {Text: b.Text("hours.total")},
	}})
	return t
}

func (k *composer) evidenceSection() packet.Section {
	b, f := k.b, k.c.Facts
	s := packet.Section{ID: "evidence", Label: k.label("evidence.label"), Level: 2, Blocks: k.furtherReasons()}
	if results := k.results(); len(results) > 0 {
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "evidence.results-head")})
		for i := range results {
			s.Blocks = append(s.Blocks, packet.Para{Text: b.Text(nth("result", i) + ".text"), Evidence: b.Text(nth("result", i) + ".source")})
		}
	}
	if st := f.Programme.Status; st != "" {
		var t packet.Text
		if st != "informal" || !b.Has("programme.note") {
			t = b.Says("", "evidence.programme-"+string(st)) // a note on who does it says as much, and more
		}
		if b.Has("programme.note") {
			t = append(t, b.Say("evidence.programme-note"))
		}
		if b.Has("people.names") {
			t = append(t, b.Say("evidence.people"))
		}
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "evidence.programme-head")}, packet.Para{Text: t})
	}
	return k.studies(s)
}

// furtherReasons are the business reasons that the first page has no room for.
func (k *composer) furtherReasons() []packet.Block {
	var blocks []packet.Block
	for i, r := range k.c.Reasons.Business {
		if i < k.reasonRoom() {
			continue
		}
		if blocks == nil {
			blocks = append(blocks, packet.Heading{Level: 3, Text: k.b.Says("", "evidence.reasons-head")})
		}
		prefix := nth("reason", i)
		text := packet.Text{{Spans: []packet.Span{k.b.Span(prefix + ".head"), {Text: "."}}, Facts: k.reasonFacts(r, i)}}
		text[0].Spans[0].Strong = true
		blocks = append(blocks, packet.Para{Text: append(text, k.b.Text(prefix+".text")...), Evidence: k.evidenceOf(r)})
	}
	return blocks
}

// studies adds the chosen studies and, beside them, what says otherwise.
func (k *composer) studies(s packet.Section) packet.Section {
	b := k.b
	selection, err := evidence.Select(k.c.Facts.Studies)
	if err != nil || len(selection.Chosen) == 0 {
		return s // studyFacts reported the error
	}
	s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "evidence.studies-head")})
	show := func(id evidence.ID, note string) {
		ref := packet.Ref(id)
		t := packet.Text{{Spans: []packet.Span{{Text: k.label(note) + ". ", Strong: true}, b.Span(ref + ".result")}, Facts: []string{string(id)}}}
		t = append(t, b.Say("evidence.study-limits", ref))
		s.Blocks = append(s.Blocks, packet.Para{Text: t, Evidence: b.Text(ref + ".short")})
	}
	for _, st := range selection.Chosen {
		show(st.ID, bearing(st))
	}
	for _, c := range selection.Contrary {
		show(c.Study.ID, bearing(c.Study)) // by all it found: one that raised output does not speak against
	}
	for i, id := range k.quoted {
		s.Blocks = append(s.Blocks, packet.Para{Text: b.Text(nth("quote", i) + ".text"), Evidence: b.Text(packet.Ref(id) + ".short")})
	}
	s.Blocks = append(s.Blocks, packet.Para{Style: packet.Note, Text: b.Says("", "evidence.studies-note")})
	return s
}

// bearing is the note of a study, from all that it found: choosing it does not
// make it speak for the ask, nor does standing beside another against it.
func bearing(s evidence.Study) string {
	found := map[evidence.Direction]bool{}
	for _, b := range s.Bears {
		found[b.Direction] = true
	}
	switch {
	case found[evidence.For] && !found[evidence.Against]:
		return "evidence.study-for"
	case found[evidence.Against] && !found[evidence.For] && !found[evidence.Mixed]:
		return "evidence.study-against"
	}
	return "evidence.study-mixed"
}

func (k *composer) askedSection() packet.Section {
	s := packet.Section{ID: "asked", Label: k.label("asked.label"), Level: 2}
	tops, others := false, false
	for _, a := range k.asked {
		if a.Top > 0 && !tops {
			tops = true
			s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "asked.label-top")})
		}
		if a.Top == 0 && tops && !others {
			others = true
			s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: k.b.Says("", "asked.label-others")})
		}
		s.Blocks = append(s.Blocks, k.question(a))
	}
	return s
}

func (k *composer) question(a askedView) packet.Question {
	b := k.b
	q := packet.Question{ID: string(a.ID), Question: b.Text(a.ref + ".asked"), State: a.Label}
	if b.Has(a.ref + ".answer") {
		q.Answer = b.Text(a.ref + ".answer")
	}
	switch a.State {
	case concern.Answered:
		q.By = b.Says(a.ref, "asked.by")
	case concern.Proposal:
		if b.Has(a.ref + ".from") {
			q.By = b.Says(a.ref, "asked.by-source")
		}
	case concern.WithOwner:
		q.By, q.Open = b.Says(a.ref, "asked.since"), a.Text == ""
	case concern.BossDecides:
		q.Open = a.Text == ""
	case concern.NotApplicable:
	default:
		q.By, q.Open = b.Says(a.ref, "asked.open"), true
	}
	return q
}

func (k *composer) agreeingSection() packet.Section {
	s := packet.Section{ID: "agreeing", Label: k.label("agreeing.label"), Level: 2}
	var items []packet.Text
	for i := range k.c.Plan.Promises {
		items = append(items, k.b.Says(nth("promise", i), "agreeing.promise"))
	}
	if k.b.Has("hours.from") {
		items = append(items, k.b.Says("", "agreeing.hours"))
	}
	items = append(items, k.b.Says("", "agreeing.ill"), k.b.Says("", "agreeing.care"))
	s.Blocks = []packet.Block{packet.List{Style: packet.Ticks, Items: items}, packet.Para{Style: packet.Note, Text: k.b.Says("", "agreeing.holder")}}
	return s
}

// officeFacts records the seven items of the home office.
func (k *composer) officeFacts() {
	for i, it := range officeItems(k.c.Readiness.HomeOffice) {
		ref := nth("office", i)
		if it.Note != "" {
			k.own(ref, "note", it.Note)
		}
		if c := it.Cost; c != nil {
			id := string(ref) + ".cost"
			k.b.Fact(cite.Fact{ID: id, Text: "Cost: " + it.name + ".", Origin: c.Origin})
			low, _ := c.Low.Float64()
			high, _ := c.High.Float64()
			k.b.Set(ref+".cost", k.l.Money(low, 0)+" to "+k.l.Money(high, 0), "as given", id)
		}
	}
}

type officeItem struct {
	readiness.Item
	id, name string
}

// officeItems are the seven in the order in which they are asked.
func officeItems(h readiness.HomeOffice) []officeItem {
	return []officeItem{
		{h.Door, "door", "A door that shuts"}, {h.DeskAndChair, "desk_and_chair", "Desk and chair"}, {h.Computer, "computer", "Computer"},
		{h.Phone, "phone", "Phone"}, {h.Connection, "connection", "Connection"}, {h.Backup, "backup", "Backup connection"}, {h.RemoteAccess, "remote_access", "Remote access"},
	}
}

// officeCells are what an item is, whether it is there, and what it costs.
func officeCells(b *packet.Book, i int, it officeItem) (name, state, cost packet.Cell) {
	states := map[readiness.State]string{readiness.Have: "office.have", readiness.CanGet: "office.can_get", readiness.None: "office.no"}
	key, ok := states[it.State]
	if !ok {
		key = "office.unknown"
	}
	ref := nth("office", i)
	name.Text = packet.Plain(it.name)
	if it.Note != "" {
		name.Note = b.Text(ref + ".note")
	}
	state.Text = b.Says("", key)
	if it.Cost != nil {
		cost.Text = b.Text(ref + ".cost")
	}
	return name, state, cost
}

func (k *composer) officeSection() packet.Section {
	b := k.b
	s := packet.Section{ID: "home-office", Label: k.label("office.label"), Level: 2}
	t := packet.Table{ID: "home-office-table", Caption: b.Says("", "office.caption"), Columns: []packet.Column{
		{Head: b.Says("", "office.head-item"), Width: .5}, {Head: b.Says("", "office.head-state"), Width: .25}, {Head: b.Says("", "office.head-cost"), Right: true, Width: .25},
	}}
	costs := false
	for i, it := range officeItems(k.c.Readiness.HomeOffice) {
		name, state, cost := officeCells(b, i, it)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{name, state, cost}})
		costs = costs || it.Cost != nil
	}
	if !costs { // an empty column asks a question that nobody has
		t.Columns = []packet.Column{{Head: t.Columns[0].Head, Width: .7}, {Head: t.Columns[1].Head, Width: .3}}
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:2]
		}
	}
	s.Blocks = append(s.Blocks, t)
	for _, it := range officeItems(k.c.Readiness.HomeOffice) {
		if p, ok := k.o.Photos[it.id]; ok {
			p.ID, p.Alt = it.id, packet.Plain("Photo of my home office: "+lower(it.name)+".")
			s.Blocks = append(s.Blocks, p)
		}
	}
	if k.c.Readiness.HomeOffice.VisitWelcome == readiness.Yes {
		s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "office.visit")})
	}
	return s
}

func (k *composer) sourcesSection() packet.Section {
	b := k.b
	s := packet.Section{ID: "sources", Label: k.label("sources.label"), Level: 2}
	s.Blocks = append(s.Blocks, packet.Para{Text: b.Says("", "sources.intro")})
	var items []packet.Text
	for _, f := range b.Facts() {
		if f.Kind == packet.OwnWords || f.ID == "trial.odds" && k.trial.odds == nil {
			continue
		}
		ref := packet.Ref("source." + f.ID)
		b.Set(ref+".text", sentence(f.Text), "as recorded", f.ID)
		words := k.originWords(f.Origin)
		if f.Kind == cite.Assumption {
			words = orWords(f.Source, "my own")
		}
		if f.Kind == cite.Published && !f.Date.IsZero() && f.Source != "" {
			words = f.Source + ", read on " + k.l.Date(f.Date)
		}
		if f.Kind == cite.Measured && !f.Date.IsZero() && f.Source != "" {
			words = f.Source + ", " + k.l.Date(f.Date)
		}
		b.Set(ref+".source", words, "as recorded", f.ID)
		kind := "sources." + string(f.Kind)
		switch f.ID {
		case "money", "trial.odds":
			kind = "sources.computed"
		case inputFact("home_days_per_week"):
			kind = "sources.asked" // what the person asks for is neither measured nor assumed
		}
		t := packet.Sentence{Facts: []string{f.ID}, Spans: []packet.Span{b.Span(ref + ".text"), {Text: " " + k.label(kind) + ": "}, b.Span(ref + ".source"), {Text: "."}}}
		if f.Address != "" {
			b.Set(ref+".address", f.Address, "as recorded", f.ID)
			link := b.Span(ref + ".address")
			if strings.HasPrefix(f.Address, "https://") {
				link.Href = f.Address // an address that anybody on the way could change is printed and not linked
			}
			t.Spans = append(t.Spans, packet.Span{Text: " "}, link)
		}
		items = append(items, packet.Text{t})
	}
	s.Blocks = append(s.Blocks, packet.List{Style: packet.Numbers, Items: items})
	return s
}

func (k *composer) recordSection() packet.Section {
	t := k.b.Says("", "record.edition", "record.by-hand")
	return packet.Section{ID: "record", Label: k.label("record.label"), Level: 2, Blocks: []packet.Block{packet.Para{Text: t}}}
}

// choiceIsLottery tells whether the days are drawn.
func (k *composer) choiceIsLottery() bool { return k.c.Plan.Choice == plan.Lottery }
