package homecase

import (
	"math"
	"slices"
	"strconv"

	"homecase/cite"
	"homecase/day"
	"homecase/packet"
	"homecase/trial"
)

// document puts the report together.
func (k *reporter) document() packet.Document {
	d := packet.Document{
		Kind: packet.Report, Lang: k.l.Tag, Title: k.r.Heading, Author: k.rec.Person, Reader: k.rec.Boss,
		Date: k.rec.Made, Subject: k.label("report.footer"), Footer: k.label("report.footer"), Head: k.head(),
	}
	d.Sections = append(d.Sections, k.marksSection(), k.differenceSection(), k.diarySection())
	if s, ok := k.othersSection(); ok {
		d.Sections = append(d.Sections, s)
	}
	d.Sections = append(d.Sections, k.gradeSection(), k.misleadSection(), k.keptSection(), k.nextSection())
	if s, ok := k.toldSection(); ok {
		d.Sections = append(d.Sections, s)
	}
	d.Sections = append(d.Sections, k.checkSection(), k.fromSection())
	return d
}

func (k *reporter) section(id string, blocks ...packet.Block) packet.Section {
	return packet.Section{ID: id, Label: k.label(id + ".label"), Level: 2, Blocks: blocks}
}

// head is the verdict, what it means, and the row of five.
func (k *reporter) head() []packet.Block {
	b := k.b
	ids := []string{"report.week"}
	switch {
	case k.in.Plan.Groups != nil:
		ids[0] = "report.over-days"
	case !k.r.Interim:
		ids[0] = "report.over"
	}
	if k.r.Extended {
		ids = append(ids, "report.extended")
	}
	if k.rec.Person != "" && k.rec.Boss != "" {
		ids = append(ids, "report.meta")
	} else {
		ids = append(ids, "report.meta-nameless")
	}
	short := "report.short"
	if !b.Has("effect.estimate") || k.r.Interval90 == nil {
		short = "report.short-open"
	}
	names := make([]string, len(ladderWords))
	for i, w := range ladderWords {
		names[i] = k.label("report.scale-" + string(w))
	}
	alt := "report.verdict-alt"
	switch {
	case k.r.Verdict == nil:
		alt = "report.verdict-none"
	case k.current() < 0:
		alt = "report.verdict-open"
	}
	return []packet.Block{
		packet.Para{Style: packet.Meta, Text: b.Says("", ids...)},
		packet.Para{Style: packet.Title, Text: b.Text("verdict.heading")},
		packet.Para{Style: packet.Ask, Text: b.Says("", "report.sentence")},
		packet.Figure{ID: "verdict", Chart: packet.Verdicts{Names: names, Current: k.current()}, Alt: b.Says("", alt)},
		packet.Para{Text: b.Says("", short)},
	}
}

// marksSection shows every day as a mark.
func (k *reporter) marksSection() packet.Section {
	b := k.b
	home, office := k.shown()
	all := slices.Concat(home, office)
	if len(all) == 0 {
		return k.section("marks", packet.Para{Text: b.Says("", "report.short-open")})
	}
	low, high := extent(all)
	c := packet.DayMarks{Axis: k.axis("axis", low, high, k.value), Home: home, Office: office, HomeLabel: b.Say("marks.home").Spans, OfficeMark: b.Say("marks.office").Spans}
	ids := []string{"marks.alt"}
	if b.Has("mean.home") {
		c.HomeMean = k.meanTick("home", *k.r.Means.Home)
		ids = append(ids, "marks.alt-home")
	}
	if b.Has("mean.office") {
		c.OfficeMean = k.meanTick("office", *k.r.Means.Office)
		ids = append(ids, "marks.alt-office")
	}
	note := b.Says("", "marks.source")
	if b.Span("days.never").Text != "0" {
		note = append(note, b.Say("marks.never"))
	}
	return k.section("marks", packet.Heading{Level: 3, Text: b.Says("", "marks.head")},
		packet.Figure{ID: "marks", Chart: c, Alt: b.Says("", ids...)}, packet.Para{Style: packet.Note, Text: note})
}

func (k *reporter) meanTick(which string, at float64) packet.Tick {
	s := k.b.Say("marks.mean-" + which)
	ref := packet.Ref("mean." + which + ".label")
	k.b.Set(ref, s.String(), "the mean of these days", "days")
	return packet.Tick{At: at, Label: k.b.Span(ref)}
}

// axis is a scale with round ticks about a range.
func (k *reporter) axis(prefix packet.Ref, low, high float64, write func(float64) string) packet.Axis {
	span := high - low
	if span <= 0 {
		span = max(math.Abs(high), 1)
	}
	step := niceStep(span / 4)
	whole := low == math.Trunc(low) && high == math.Trunc(high) && k.in.Plan.Measure.Kind != trial.Share
	if whole {
		step = max(1, step)
	}
	a := packet.Axis{Min: low - .12*span, Max: high + .12*span}
	for i, v := 0, math.Ceil(low/step)*step; v <= high+step*1e-9 && i < 12; i, v = i+1, v+step {
		at := math.Round(v/step) * step
		ref := packet.Ref(string(prefix) + "." + strconv.Itoa(i+1))
		k.b.Set(ref, write(at), "a mark of the scale", "days")
		a.Ticks = append(a.Ticks, packet.Tick{At: at, Label: k.b.Span(ref)})
	}
	return a
}

// differenceSection sets home minus office against the limit.
func (k *reporter) differenceSection() packet.Section {
	b, r := k.b, k.r
	s := k.section("difference", packet.Figure{ID: "difference", Chart: k.differenceChart(), Alt: k.differenceAlt()})
	var note []string
	if r.Interval90 != nil {
		note = append(note, "difference.bar")
	}
	switch {
	case b.Has("margin.by") && b.Has("margin.on"):
		note = append(note, "difference.agreed")
	case b.Has("margin.by"):
		note = append(note, "difference.agreed-undated")
	default:
		note = append(note, "difference.planned")
	}
	switch {
	case r.FixedDays != nil:
		note = append(note, "difference.fixed")
	case r.PNonInferiority == nil:
	case r.Exact:
		note = append(note, "difference.exact")
	default:
		note = append(note, "difference.drawn")
	}
	s.Blocks = append(s.Blocks, packet.Para{Style: packet.Note, Text: b.Says("", note...)})
	if t, ok := k.chances(); ok {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

func (k *reporter) differenceChart() packet.Difference {
	b, r := k.b, k.r
	limit := k.limit()
	low, high := min(limit, 0), max(limit, 0)
	c := packet.Difference{BetterIsHigher: k.in.Plan.Measure.Better != trial.Lower, WorseLabel: k.label("difference.worse")}
	if i := r.Interval90; i != nil && r.Estimate != nil {
		c.Estimate = packet.Tick{At: *r.Estimate, Label: b.Span("effect.estimate")}
		low, high = min(low, *r.Estimate), max(high, *r.Estimate)
		if c.LowOpen = i[0] == nil; !c.LowOpen {
			c.Low = packet.Tick{At: *i[0], Label: b.Span("effect.low")}
			low = min(low, *i[0])
		}
		if c.HighOpen = i[1] == nil; !c.HighOpen {
			c.High = packet.Tick{At: *i[1], Label: b.Span("effect.high")}
			high = max(high, *i[1])
		}
	} else {
		c.NotComputable = k.label("difference.none")
	}
	pad := .18 * (high - low)
	c.Axis = packet.Axis{Min: low - pad, Max: high + pad}
	if c.LowOpen {
		c.Low = packet.Tick{At: c.Axis.Min}
	}
	if c.HighOpen {
		c.High = packet.Tick{At: c.Axis.Max}
	}
	b.Set("difference.zero", "0", "a mark of the scale", "analysis")
	c.Axis.Ticks = []packet.Tick{{At: 0, Label: b.Span("difference.zero")}}
	b.Set("difference.limit", b.Say("difference.limit").String(), "as agreed", "plan")
	c.Limit = packet.Tick{At: limit, Label: b.Span("difference.limit")}
	return c
}

func (k *reporter) differenceAlt() packet.Text {
	i := k.r.Interval90
	if i == nil || k.r.Estimate == nil {
		return k.b.Says("", "difference.alt-none")
	}
	side := "difference.across"
	limit := k.limit()
	inside, beyond := i[0] != nil && *i[0] > limit, i[1] != nil && *i[1] < limit
	if k.in.Plan.Measure.Better == trial.Lower {
		inside, beyond = i[1] != nil && *i[1] < limit, i[0] != nil && *i[0] > limit
	}
	switch {
	case inside:
		side = "difference.right"
	case beyond:
		side = "difference.wrong"
	}
	return k.b.Says("", "difference.alt", side)
}

// chances is the table of p-values in words.
func (k *reporter) chances() (packet.Table, bool) {
	b := k.b
	t := packet.Table{ID: "chances", Caption: b.Says("", "difference.p-table"), Columns: []packet.Column{
		{Head: b.Says("", "difference.p-head"), Width: .62}, {Head: b.Says("", "difference.p-head-chance"), Right: true, Width: .38}}}
	row := func(text packet.Text, ref packet.Ref) {
		if b.Has(ref) {
			t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: text}, {Text: b.Text(ref)}}})
		}
	}
	row(b.Says("", "difference.p-margin"), "p.margin")
	row(b.Says("", "difference.p-equal"), "p.equal")
	for i := range k.rec.At {
		if ref := nth("asked", i); b.Has(ref) {
			row(b.Says(ref, "difference.p-at"), ref)
		}
	}
	row(b.Says("", "difference.p-worse"), "p.worse")
	return t, len(t.Rows) > 0 && !k.waiting() // a p-value before the agreed day would be a look nobody declared
}

// diarySection is the calendar with each day's number.
func (k *reporter) diarySection() packet.Section {
	c := packet.Diary{}
	var columns []day.Weekday
	weeks := map[int][]trial.DayMark{}
	for _, d := range k.r.Days {
		on, err := day.Parse(d.Date)
		if err != nil {
			continue
		}
		if !slices.Contains(columns, on.Weekday()) {
			columns = append(columns, on.Weekday())
		}
		if d.Assigned != "" {
			weeks[d.Week] = append(weeks[d.Week], d)
		}
	}
	slices.SortFunc(columns, func(a, b day.Weekday) int { return int(a+6)%7 - int(b+6)%7 })
	for _, w := range columns {
		c.Days = append(c.Days, w.Name()[:3])
	}
	for n := 1; n <= k.weeks; n++ {
		ref := nth("week", n-1)
		k.b.Set(ref+".n", strconv.Itoa(n), "counted", "plan")
		week := packet.DiaryWeek{Label: k.b.Say("diary.week", ref).Spans, Days: make([]packet.DiaryDay, len(columns))}
		for i := range week.Days {
			week.Days[i].Fill = packet.FillNone
		}
		for _, d := range weeks[n] {
			on, _ := day.Parse(d.Date) // it was read above
			week.Days[slices.Index(columns, on.Weekday())] = k.diaryDay(d)
		}
		c.Weeks = append(c.Weeks, week)
	}
	return k.section("diary", packet.Figure{ID: "diary", Chart: c, Alt: k.b.Says("", "diary.alt")}, packet.Para{Style: packet.Note, Text: k.b.Says("", "diary.note")})
}

func (k *reporter) diaryDay(d trial.DayMark) packet.DiaryDay {
	if d.Value == nil {
		return packet.DiaryDay{Fill: packet.FillNone, Text: k.b.Say("diary.none").Spans}
	}
	fill := packet.FillOffice
	if d.Place == trial.AtHome {
		fill = packet.FillHome
	}
	return packet.DiaryDay{Fill: fill, Text: []packet.Span{k.b.Span(packet.Ref("day." + d.Date))}}
}

// othersSection is the table of further measures.
func (k *reporter) othersSection() (packet.Section, bool) {
	b, r := k.b, k.r
	if r.Several == nil || len(r.Several.Measures) == 0 || k.waiting() {
		return packet.Section{}, false
	}
	t := packet.Table{ID: "others-table", Caption: b.Says("", "others.caption"), Columns: []packet.Column{
		{Head: b.Says("", "others.head-name"), Width: .26}, {Head: b.Says("", "others.head-effect"), Right: true, Width: .16}, {Head: b.Says("", "others.head-interval"), Right: true, Width: .22},
		{Head: b.Says("", "others.head-limit"), Right: true, Width: .18}, {Head: b.Says("", "others.head-better"), Right: true, Width: .18}}}
	for i := range r.Several.Measures {
		ref := nth("other", i)
		cell := func(suffix packet.Ref) packet.Cell {
			if !b.Has(ref + suffix) {
				return packet.Cell{Text: b.Says("", "others.none")}
			}
			return packet.Cell{Text: b.Text(ref + suffix)}
		}
		between := packet.Cell{Text: b.Says("", "others.none")}
		if b.Has(ref + ".low") {
			between = packet.Cell{Text: b.Says(ref, "others.between")}
		}
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{cell(".name"), cell(".effect"), between, cell(".p"), cell(".better")}})
	}
	ids := []string{"others.how"}
	if b.Has("others.all") {
		ids = []string{"others.all", "others.how"}
	}
	return k.section("others", t, packet.Para{Style: packet.Note, Text: b.Says("", ids...)}), true
}

func (k *reporter) gradeSection() packet.Section {
	return k.section("grade", packet.Heading{Level: 3, Text: k.b.Says("", "grade.head")},
		packet.Para{Text: k.b.Says("", "grade.meaning")}, packet.Para{Style: packet.Note, Text: k.b.Says("", "grade.scale")})
}

// misleadSection lists the warnings and the analyses that stand beside the test.
func (k *reporter) misleadSection() packet.Section {
	b := k.b
	var items []packet.Text
	for i := range k.r.Warnings {
		items = append(items, b.Says(nth("warning", i), "mislead.warning"))
	}
	items = append(items, b.Says("", "mislead.blind"))
	for _, x := range []struct {
		id  string
		ref packet.Ref
	}{{"mislead.carry", "carry.home"}, {"mislead.twin", "twin.p"}, {"mislead.model", "model.effect"}, {"mislead.sceptic", "sceptic.effect"}} {
		if b.Has(x.ref) && !k.waiting() {
			items = append(items, b.Says("", x.id))
		}
	}
	return k.section("mislead", packet.List{Items: items})
}

// keptSection is compliance, missing days and whole weeks.
func (k *reporter) keptSection() packet.Section {
	b := k.b
	t := packet.Table{ID: "kept-table", Caption: b.Says("", "kept.caption"), Columns: []packet.Column{
		{Head: b.Says("", "kept.head-drawn"), Width: .34}, {Head: b.Says("", "kept.head-home"), Right: true, Width: .22}, {Head: b.Says("", "kept.head-office"), Right: true, Width: .22}, {Head: b.Says("", "kept.head-none"), Right: true, Width: .22}}}
	for _, row := range []string{"home", "office"} {
		ref := packet.Ref("kept." + row)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{
			{Text: b.Says("", "kept."+row)}, {Text: b.Text(ref + ".home")}, {Text: b.Text(ref + ".office")}, {Text: b.Text(ref + ".none")}}})
	}
	var ids []string
	if b.Has("kept.share") {
		ids = append(ids, "kept.share")
	}
	if m := k.r.Missing; m.HomeDays+m.OfficeDays == 0 {
		ids = append(ids, "kept.missing-none")
	} else {
		ids = append(ids, "kept.missing")
	}
	if b.Has("missing.p") && !k.waiting() {
		ids = append(ids, "kept.worst")
	}
	s := k.section("kept", t, packet.Para{Text: b.Says("", ids...)})
	if b.Has("weeks.effect") {
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Says("", "kept.weeks-head")}, packet.Para{Text: b.Says("", "kept.weeks", "kept.weeks-why")})
	}
	return s
}

// nextSection says what follows from the verdict, as agreed.
func (k *reporter) nextSection() packet.Section {
	b, p := k.b, k.in.Plan
	var ids []string
	switch v := k.r.Verdict; {
	case v == nil:
		ids = append(ids, "next.described")
	case k.waiting():
		ids = append(ids, "next.open")
	case *v == trial.Clearly:
		ids = append(ids, "next.clearly")
	case *v == trial.Probably:
		ids = append(ids, "next.probably")
	case *v == trial.CannotTell && p.ExtensionWeeks > 0 && !k.r.Extended:
		ids = append(ids, "next.extend")
	case *v == trial.CannotTell:
		ids = append(ids, "next.undecided")
	default:
		ids = append(ids, "next.back")
	}
	if b.Has("plan.decide") {
		ids = append(ids, "next.decide")
	}
	var items []packet.Text
	for _, id := range ids {
		items = append(items, b.Says("", id))
	}
	if k.r.Interim {
		for i := range p.CheckIns {
			items = append(items, b.Says(nth("checkin", i), "next.check-in"))
		}
		for i := range p.Stop {
			items = append(items, b.Says(nth("stop", i), "next.stop"))
		}
	}
	if b.Has("plan.purpose") {
		items = append(items, b.Says("", "next.purpose"))
	}
	return k.section("next", packet.List{Items: items})
}

// toldSection repeats the odds that were told before the first day.
func (k *reporter) toldSection() (packet.Section, bool) {
	b := k.b
	if k.odds.Odds == nil {
		return packet.Section{}, false
	}
	intro := b.Says("", "told.intro")
	if k.in.Plan.Drawn != nil {
		intro = append(intro, b.Say("told.sealed"))
	}
	return k.section("told", packet.Para{Text: intro}, oddsTable(b)), true
}

// oddsTable is how many of 100 such trials end in each verdict.
func oddsTable(b *packet.Book) packet.Table {
	t := packet.Table{ID: "odds", Caption: b.Says("", "told.caption"), Columns: []packet.Column{
		{Head: b.Says("", "trial.odds-head-verdict"), Width: .37}, {Head: b.Says("", "trial.odds-head-equal"), Right: true, Width: .17},
		{Head: b.Says("", "trial.odds-head-better"), Right: true, Width: .23}, {Head: b.Says("", "trial.odds-head-margin"), Right: true, Width: .23},
	}}
	for _, v := range slices.Backward(ladderWords[:]) {
		ref := packet.Ref("odds." + string(v))
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{
			{Text: b.Says("", "verdicts."+string(v))}, {Text: b.Text(ref + ".equal")}, {Text: b.Text(ref + ".better")}, {Text: b.Text(ref + ".margin")}}})
	}
	return t
}

// checkSection says how anyone can repeat the draw and every number.
func (k *reporter) checkSection() packet.Section {
	b, d := k.b, k.in.Plan.Drawn
	var items []packet.Text
	say := func(ids ...string) { items = append(items, b.Says("", ids...)) }
	if b.Has("lottery.all") && k.r.Design != trial.Fixed {
		say("check.schedules")
	}
	say("check.plan-hash")
	switch {
	case k.r.Design == trial.Fixed:
	case d == nil:
		say("check.undrawn")
	default:
		say("check.nonce-hash")
		switch {
		case b.Has("nonce.value"):
			say("check.nonce", "check.agrees")
		case k.r.Interim:
			say("check.nonce-later")
		default:
			say("check.nonce-kept")
		}
		if d.Word == "" {
			say("check.no-word")
		} else {
			say("check.word")
		}
		if b.Has("draw.on") {
			say("check.on")
		}
	}
	text := b.Says("", "check.verify")
	if d != nil {
		text = append(text, b.Say("check.replay"))
	}
	return k.section("check", packet.Para{Text: text}, packet.List{Items: items}, packet.Para{Style: packet.Note, Text: b.Says("", "check.proves")})
}

func (k *reporter) fromSection() packet.Section {
	var items []packet.Text
	for _, f := range k.b.Facts() {
		if f.Kind == packet.OwnWords {
			continue
		}
		ref := packet.Ref("source." + f.ID)
		k.b.Set(ref+".text", sentence(f.Text), "as recorded", f.ID)
		k.b.Set(ref+".source", k.sourceWords(f), "as recorded", f.ID)
		items = append(items, k.b.Says(ref, "from.entry"))
	}
	return k.section("from", packet.List{Style: packet.Numbers, Items: items})
}

func (k *reporter) sourceWords(f cite.Fact) string {
	if f.Source == "" {
		return string(f.Kind)
	}
	return f.Source
}
