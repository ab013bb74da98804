package homecase

import (
	"homecase/day"
	"homecase/packet"
	"homecase/plan"
)

// slides are the talk: one sentence and one picture each, the words in the
// notes. They say nothing that the packet does not say.
func (k *composer) slides() packet.Document {
	d := k.document(packet.Slides)
	k.slideFacts()
	d.Sections = []packet.Section{k.askSlide(), k.sameSlide(), k.hoursSlide()}
	if k.money.Headline != nil {
		d.Sections = append(d.Sections, k.moneySlide())
	}
	d.Sections = append(d.Sections, k.trialSlide(), k.needSlide())
	withoutData(d.Sections)
	return d
}

// slideFacts records what only a slide prints: dates without their year.
func (k *composer) slideFacts() {
	b, p := k.b, k.c.Plan
	stay := max(0, k.workingDays()-p.AskedDays())
	b.Set("slides.stay-words", capital(dayWords(stay, k.l.Word)), "my working days less those asked for", "ask", "duties")
	b.Set("slides.stay-lower", dayWords(stay, k.l.Word), "my working days less those asked for", "ask", "duties")
	b.Count("slides.stay", stay, 1, "my working days less those asked for", "ask", "duties")
	b.Set("slides.from", k.b.Span("ask.from").Text, "as asked", "ask")
	if !p.Start.IsZero() {
		b.Set("slides.from", k.l.DayMonth(p.Start), "as asked", "ask")
	}
	if !p.DecideOn.IsZero() {
		b.Set("slides.decide", k.l.DayMonth(p.DecideOn), "as asked", "ask")
	}
	if len(p.CheckIns) > 0 {
		b.Set("slides.every", everyWord(p.CheckIns[0].Every), "as asked", "ask")
	}
}

// slide makes one: its title, its sentence, its picture and its notes.
func (k *composer) slide(id, title, says string, picture packet.Block, notes ...packet.Block) packet.Section {
	s := packet.Section{ID: id, Label: k.label("slides." + title), Level: 2, Blocks: []packet.Block{
		packet.Para{Style: packet.Ask, Text: k.b.Says("", "slides."+says)}, picture,
	}}
	s.Blocks = append(s.Blocks, notes...)
	return s
}

// spoken is a paragraph of the notes.
func spoken(t packet.Text, source ...packet.Text) packet.Block {
	p := packet.Para{Style: packet.Note, Text: t}
	if len(source) > 0 {
		p.Evidence = source[0]
	}
	return p
}

func (k *composer) askSlide() packet.Section {
	says := "ask-trial"
	switch p := k.c.Plan; {
	case !k.lasts():
		says = "ask-standing"
	case p.Choice == plan.Fixed && len(p.Wish) > 0:
		says = "ask-fixed"
	}
	return k.slide("ask", "ask-title", says, k.windows(), spoken(k.b.Says("", "summary.meta")), spoken(k.ask()))
}

// lasts tells whether the ask has weeks that can be named.
func (k *composer) lasts() bool { return k.weeks() > 0 && k.b.Has("ask.weeks-words") }

func (k *composer) sameSlide() packet.Section {
	says, notes := "same-tasks", []packet.Block{}
	switch {
	case k.workingDays() <= k.c.Plan.AskedDays():
		says = "same-all"
	case k.b.Has("hours.from"):
		says = "same-hours"
	}
	if k.b.Has("hours.from") {
		notes = append(notes, spoken(k.b.Says("", "agreeing.hours")))
	}
	for i := range k.c.Plan.Promises {
		notes = append(notes, spoken(k.b.Says(nth("promise", i), "agreeing.promise")))
	}
	return k.slide("same", "same-title", says, k.sameWeeks(), notes...)
}

// sameWeeks are a week as it is and a week as it would be, one over the other.
func (k *composer) sameWeeks() packet.Block {
	p := k.c.Plan
	word := func(id string) []packet.Span { return k.b.Say("slides." + id).Spans }
	then := "example"
	if p.Choice == plan.Fixed || k.workingDays() <= p.AskedDays() {
		then = "then"
	}
	c := packet.Diary{Weeks: []packet.DiaryWeek{{Label: word("now")}, {Label: word(then)}}}
	home := k.exampleDays()
	for i := range int(k.workingDays()) {
		name := "" // whose days are four, nothing says which
		if k.workingDays() == 5 {
			name = day.Working()[i].Name()[:3]
		}
		c.Days = append(c.Days, name)
		office := packet.DiaryDay{Fill: packet.FillOffice, Text: word("office")}
		c.Weeks[0].Days = append(c.Weeks[0].Days, office)
		if home[i] > 0 {
			office = packet.DiaryDay{Fill: packet.FillHome, Text: word("home")}
		}
		if home[i] == .5 {
			office.Text = word("half")
		}
		c.Weeks[1].Days = append(c.Weeks[1].Days, office)
	}
	alt := k.b.Says("", "slides.same-alt")
	if k.workingDays() <= p.AskedDays() {
		alt = k.b.Says("", "slides.same-alt-all")
	} else if then == "example" {
		alt = append(alt, k.b.Say("slides.same-example"))
	}
	return packet.Figure{ID: "same", Chart: c, Alt: alt}
}

// exampleDays says how much of each working day is at home: on the fixed days,
// or on the wished or first days that are allowed, as one week among others.
func (k *composer) exampleDays() map[int]float64 {
	p, left, days := k.c.Plan, k.c.Plan.AskedDays(), int(k.workingDays())
	var order []int
	if days == len(day.Working()) {
		for _, d := range append(append([]day.Weekday{}, p.Wish...), p.AllowedDays()...) {
			order = append(order, int(d-day.Mon))
		}
	}
	for i := range days {
		order = append(order, days-1-i)
	}
	home := map[int]float64{}
	for _, i := range order {
		if home[i] == 0 && left > 0 && i >= 0 && i < days {
			home[i] = min(1, left)
			left -= home[i]
		}
	}
	return home
}

func (k *composer) hoursSlide() packet.Section {
	says := "hours"
	if k.askedHours() > k.c.Readiness.Hours().Home {
		says = "hours-change"
	}
	return k.slide("hours", "hours-title", says, k.hoursBar(), spoken(k.hoursWords(), k.b.Text("duties.origin")), spoken(k.b.Says("", "work.supports")))
}

func (k *composer) moneySlide() packet.Section {
	t := k.money.Headline
	ids := []string{"summary.money"}
	if t.Rounded.P50 < 0 {
		ids[0] = "summary.money-cost"
	}
	ids, title := append(ids, "summary.money-dots", "money.chance-loss"), "money-title"
	if t.Rounded.Twenty[0] < 0 {
		title = "money-title-loss"
	}
	if t.Assumptions.Assumed > 0 {
		ids = append(ids, "summary.money-assumed")
	} else {
		ids = append(ids, "summary.money-assumed-none")
	}
	return k.slide("money", title, "money", k.dots(t), spoken(k.b.Says("", ids...)))
}

func (k *composer) trialSlide() packet.Section {
	b, p := k.b, k.c.Plan
	title, says, alt := "trial-title", "trial", []string{"slides.trial-alt"}
	if !k.lasts() {
		title, says, alt[0] = "trial-title-standing", "standing", "slides.trial-alt-standing"
	}
	how := "-notice"
	if k.request() == Informal && (p.Stop == plan.OnAnyDay || p.Stop == "") {
		how = "-any"
	}
	c := packet.Timeline{Fill: packet.FillPale, Above: b.Say("slides.above" + how).Spans, Moments: []packet.Moment{{Label: b.Say("slides.start").Spans}}}
	if p.Choice == plan.Fixed {
		c.Fill = packet.FillHome
	}
	if k.lasts() {
		c.Weeks = k.weeks()
		c.Length = float64(c.Weeks)
	}
	if b.Has("slides.decide") && !p.Start.IsZero() && p.DecideOn.After(p.Start) {
		at := float64(p.DecideOn.Sub(p.Start)) / 7
		c.Length = max(c.Length, at)
		c.Moments = append(c.Moments, packet.Moment{At: at, Label: b.Say("slides.decide").Spans})
		alt = append(alt, "slides.trial-alt-decide")
	}
	if b.Has("slides.every") {
		c.Each = b.Say("slides.each").Spans
	}
	notes := []packet.Block{spoken(k.know())}
	for i := range p.CheckIns {
		notes = append(notes, spoken(b.Says(nth("check", i), "trial.check")))
	}
	for i := range p.StopRules {
		notes = append(notes, spoken(b.Says(nth("stoprule", i), "trial.stop")))
	}
	notes = append(notes, spoken(b.Says("", "trial.purpose")))
	return k.slide("trial", title, says+how, packet.Figure{ID: "trial", Chart: c, Alt: append(b.Says("", alt...), b.Say("slides.above"+how))}, notes...)
}

func (k *composer) needSlide() packet.Section {
	b := k.b
	var c packet.Windows
	for _, id := range []string{"agree", "change", "not-now"} { // all lit alike: no answer is the better one
		c.Days = append(c.Days, packet.Window{Name: k.label("slides." + id), Place: k.label("slides." + id + "-place"), Lit: packet.FillPale})
	}
	says, law := "need", "summary.law-informal"
	if k.request() == Statutory {
		law = "summary.law-statutory"
	}
	var notes []packet.Block
	if b.Has("measure.usual") && b.Has("margin.drop") {
		says = "need-measure"
		notes = append(notes, spoken(b.Says("", k.forKind("trial.measure"), k.forBetter("trial.margin"))))
	}
	notes = append(notes, spoken(k.questionsLine()), spoken(b.Says("", law, "summary.answer-note")))
	return k.slide("need", "need-title", says, packet.Figure{ID: "answer", Chart: c, Alt: b.Says("", "slides.need-alt")}, notes...)
}
