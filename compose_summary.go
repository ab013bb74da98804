package homecase

import (
	"strings"

	"homecase/concern"
	"homecase/day"
	"homecase/packet"
	"homecase/plan"
)

// shownPromises and shownReasons are what the first page has room for.
const (
	shownPromises = 4
	shownReasons  = 3
)

// titleText is the title without marks, for metadata.
func (k *composer) titleText() string { return k.title().String() }

func (k *composer) title() packet.Sentence {
	id := "summary.title-boss"
	switch p := k.c.Plan; {
	case k.weeks() == 0:
		id = "summary.title-standing"
	case p.Choice == plan.Fixed && len(p.Wish) > 0:
		id = "summary.title-fixed"
	case p.Choice == plan.Lottery:
		id = "summary.title-lottery"
	}
	return k.b.Say(id)
}

// ask says what, from when to when, which day, and how it stops.
func (k *composer) ask() packet.Text {
	p := k.c.Plan
	ids := []string{"summary.ask-trial"}
	switch {
	case k.weeks() == 0:
		ids[0] = "summary.ask-standing"
	case p.Choice == plan.Fixed && len(p.Wish) > 0:
		ids[0] = "summary.ask-fixed"
	}
	if k.weeks() > 0 && p.Start.IsZero() {
		ids[0] += "-undated"
	}
	switch p.Choice {
	case plan.Lottery:
		ids = append(ids, "summary.day-lottery")
	case plan.Boss:
		ids = append(ids, "summary.day-boss")
	}
	if p.AskedDays() != float64(int(p.AskedDays())) {
		ids = append(ids, "summary.day-half")
	}
	return k.b.Says("", append(ids, k.stops())...)
}

// stops picks the sentence on how the arrangement ends.
func (k *composer) stops() string {
	switch p := k.c.Plan; {
	case k.request() == Informal && (p.Stop == plan.OnAnyDay || p.Stop == ""):
		return "summary.stop-any"
	case p.Stop == plan.ByNotice && k.b.Has("ask.notice"):
		return "summary.stop-notice"
	}
	return "summary.stop-law"
}

// head is the top of every packet document.
func (k *composer) head(minutes bool) []packet.Block {
	meta := k.b.Says("", "summary.meta")
	if minutes {
		k.b.Count("read.minutes", 3, 0, "at 240 words a minute")
		meta = append(meta, k.b.Say("summary.minutes"))
	}
	return []packet.Block{
		packet.Para{Style: packet.Meta, Text: meta},
		packet.Para{Style: packet.Title, Text: packet.Text{k.title()}},
		packet.Para{Style: packet.Ask, Text: k.ask()},
		k.windows(),
	}
}

// windows are the five days: lit, possible, or in the office.
func (k *composer) windows() packet.Block {
	p := k.c.Plan
	var w packet.Windows
	lit := map[string]packet.Fill{}
	for _, d := range p.AllowedDays() {
		lit[d.String()] = packet.FillPale
	}
	if p.Choice == plan.Fixed {
		clear(lit)
		for _, d := range p.Wish {
			lit[d.String()] = packet.FillHome
		}
	}
	places := map[packet.Fill]string{packet.FillHome: "Home", packet.FillPale: "One of these", packet.FillOffice: "Office"}
	if p.AskedDays() < 1 {
		places[packet.FillHome], places[packet.FillPale] = "Half at home", "Half of one"
	}
	if p.HomeDaysAWeek() > 1 {
		places[packet.FillPale] = capital(k.l.Word(p.HomeDaysAWeek())) + " of these"
	}
	var alt []string
	for _, d := range day.Working() {
		fill := packet.FillOffice
		if f, ok := lit[d.String()]; ok {
			fill = f
		}
		name := d.Name()[:3]
		w.Days = append(w.Days, packet.Window{Name: name, Place: places[fill], Lit: fill})
		alt = append(alt, d.Name()+": "+lower(places[fill]))
	}
	return packet.Figure{ID: "week", Chart: w, Alt: packet.Plain(strings.Join(alt, ", ") + ".")}
}

// onePage is the sheet that stands alone.
func (k *composer) onePage() packet.Document {
	d := k.document(packet.OnePage)
	d.Head = k.head(false)
	d.Sections = k.summarySections()
	questions := k.questionsLine()
	questions = append(questions, k.b.Say("summary.questions-where"))
	d.Sections = append(d.Sections,
		packet.Section{ID: "questions", Label: k.label("summary.label-questions"), Level: 2, Blocks: []packet.Block{packet.Para{Style: packet.Meta, Text: questions}}},
		k.answerSection())
	withoutData(d.Sections)
	return d
}

// summarySections are why, what is promised and how both will know.
func (k *composer) summarySections() []packet.Section {
	return []packet.Section{
		{ID: "why", Label: k.label("summary.label-why"), Level: 2, Blocks: k.why()},
		{ID: "promises", Label: k.label("summary.label-promise"), Level: 2, Blocks: k.promises(shownPromises)},
		{ID: "know", Label: k.label("summary.label-know"), Level: 2, Blocks: []packet.Block{packet.Para{Text: k.know()}}},
	}
}

func (k *composer) label(id string) string { return k.b.Say(id).String() }

// why are the three facts of the first page.
func (k *composer) why() []packet.Block {
	blocks := []packet.Block{
		packet.Heading{Level: 3, Text: k.b.Says("", "summary.hours-head")},
		packet.Para{Text: k.hoursWords(), Evidence: k.b.Text("duties.origin")},
		k.hoursBar(),
	}
	for i, r := range k.c.Reasons.Business {
		if i >= k.reasonRoom() {
			break
		}
		prefix := nth("reason", i)
		blocks = append(blocks,
			packet.Heading{Level: 3, Text: k.b.Text(prefix + ".head")},
			packet.Para{Text: k.b.Text(prefix + ".text"), Evidence: k.evidenceOf(r)})
	}
	return append(blocks, k.moneySummary()...)
}

// reasonRoom is how many reasons stand on the first page beside the hours and,
// where there is an estimate, the money.
func (k *composer) reasonRoom() int {
	if k.money.Headline != nil {
		return shownReasons - 2
	}
	return shownReasons - 1
}

func (k *composer) hoursWords() packet.Text {
	ids := []string{"summary.hours"}
	h := k.c.Readiness.Hours()
	if h.HomeWithChange > 0 {
		ids = append(ids, "summary.hours-change")
	}
	ids = append(ids, "summary.hours-ask")
	if h.Office+h.NotSure > 0 {
		ids = append(ids, "summary.hours-stay")
	}
	return k.b.Says("", ids...)
}

// evidenceOf names the sources of a reason, shortest form.
func (k *composer) evidenceOf(r Reason) packet.Text {
	for _, id := range r.Facts {
		for _, suffix := range []packet.Ref{".short", ".source"} {
			if ref := packet.Ref(id) + suffix; k.b.Has(ref) {
				return k.b.Text(ref)
			}
		}
		if id == "hours" || id == "duties" {
			return k.b.Text("duties.origin")
		}
	}
	return nil
}

func (k *composer) hoursBar() packet.Block {
	h := k.c.Readiness.Hours()
	bar := packet.HoursBar{Parts: []packet.HoursPart{
		{Hours: k.askedHours(), Fill: packet.FillHome, Label: k.b.Say("summary.bar-asked").Spans},
		{Hours: max(0, h.Portable()-k.askedHours()), Fill: packet.FillPale, Label: k.b.Say("summary.bar-more").Spans},
		{Hours: h.Office + h.NotSure, Fill: packet.FillOffice, Label: k.b.Say("summary.bar-office").Spans},
	}}
	var parts []packet.HoursPart
	for _, p := range bar.Parts {
		if p.Hours > 0 {
			parts = append(parts, p)
		}
	}
	return packet.Figure{ID: "hours", Chart: packet.HoursBar{Parts: parts}, Alt: k.b.Says("", "summary.hours-alt")}
}

// askedHours is the part of the week that the days asked for stand for.
func (k *composer) askedHours() float64 {
	h := k.c.Readiness.Hours()
	return min(h.Total()/k.workingDays()*k.c.Plan.AskedDays(), h.Portable())
}

// workingDays is how many days a week the person works.
func (k *composer) workingDays() float64 {
	if n := k.c.Readiness.WorkingDays; n > 0 {
		return float64(n)
	}
	return 5
}

func (k *composer) promises(most int) []packet.Block {
	var items []packet.Text
	for i := range k.c.Plan.Promises {
		if i == most {
			break
		}
		items = append(items, k.b.Says(nth("promise", i), "agreeing.promise"))
	}
	if len(items) == 0 && k.b.Has("hours.from") {
		items = append(items, k.b.Says("", "agreeing.hours"))
	}
	items = append(items[:min(len(items), most)], k.b.Says("", "agreeing.ill"))
	if len(items) > most {
		items = items[:most]
	}
	return []packet.Block{packet.List{Style: packet.Ticks, Items: items}}
}

// know says how both will know that it works.
func (k *composer) know() packet.Text {
	if !k.b.Has("measure.usual") || !k.b.Has("margin.drop") {
		return k.b.Says("", "summary.know-none")
	}
	ids := []string{"summary.know"}
	switch {
	case k.trial.plan.Measure.Better == "lower":
		ids[0] = "summary.know-lower"
	case k.trial.plan.Measure.Kind == "rating":
		ids[0] = "summary.know-rating"
	}
	ids = append(ids, "summary.know-back")
	if k.b.Has("odds.equal-yes") {
		ids = append(ids, "summary.know-odds")
	}
	return k.b.Says("", ids...)
}

// questionsLine counts the questions: 18 questions: 13 answered, 3 need your view.
func (k *composer) questionsLine() packet.Text {
	if t := concern.Count(k.views()); t.Open == t.Questions {
		return k.b.Says("", "summary.questions-open") // not "20 questions: 20 still open"
	}
	s := packet.Sentence{Facts: []string{"concerns"}}
	total := k.b.Span("questions.total")
	s.Spans = append(s.Spans, total, packet.Span{Text: " questions: "})
	for i, part := range k.tallyParts() {
		if i > 0 {
			s.Spans = append(s.Spans, packet.Span{Text: ", "})
		}
		s.Spans = append(s.Spans, part.Spans...)
	}
	s.Spans = append(s.Spans, packet.Span{Text: "."})
	return packet.Text{s}
}

func (k *composer) answerSection() packet.Section {
	law := "summary.law-informal"
	if k.request() == Statutory {
		law = "summary.law-statutory"
	}
	return packet.Section{ID: "answer", Label: k.label("summary.label-answer"), Level: 2, Blocks: []packet.Block{packet.Choice{
		Options: []packet.Option{{ID: "agree", Label: "Agree"}, {ID: "change", Label: "Change it"}, {ID: "not-now", Label: "Not now, ask again on", Line: true}},
		Note:    k.b.Says("", law, "summary.answer-note"),
	}}}
}
