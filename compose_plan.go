package homecase

import (
	"math"
	"strconv"
	"strings"

	"homecase/concern"
	"homecase/day"
	"homecase/packet"
	"homecase/plan"
	"homecase/readiness"
	"homecase/savings"
)

// askFacts records what is asked for: how many days, which, from when to when.
func (k *composer) askFacts(p plan.Plan) error {
	b := k.b
	days := p.AskedDays()
	b.Set("ask.days-words", dayWords(days, k.l.Word), "as asked", "ask")
	b.Set("ask.days-words-capital", capital(dayWords(days, k.l.Word)), "as asked", "ask")
	b.Count("ask.days", float64(p.HomeDaysAWeek()), 0, "weekdays with time at home", "ask")
	b.Set("ask.allowed", dayRange(p.AllowedDays(), k.l.List), "as asked", "ask")
	b.Set("ask.weekdays", dayPlurals(p.Wish, k.l.List), "as asked", "ask")
	if p.StopNotice != "" {
		b.Set("ask.notice", p.StopNotice, "as asked", "ask.stop")
	}
	weeks := k.weeks()
	if weeks > 0 {
		b.Word("ask.weeks", weeks, "as asked", "ask")
		b.Set("ask.weeks-words", k.l.Word(weeks)+plural(weeks, " week", " weeks"), "as asked", "ask")
		b.Set("ask.title-weeks", article(k.l.Word(weeks))+"-week", "as asked", "ask")
	}
	if p.Start.IsZero() {
		b.Set("ask.from", "a day that suits you", "not fixed yet", "ask")
		return nil
	}
	b.Set("ask.from", k.l.Date(p.Start), "as asked", "ask")
	if weeks > 0 {
		end := p.EndDate()
		b.Set("ask.to", k.l.Date(end), "the last day of the last week", "ask")
		if end.Year == p.Start.Year {
			b.Set("ask.from", k.l.DayMonth(p.Start), "as asked", "ask")
		}
	}
	if !p.DecideOn.IsZero() {
		b.Set("ask.decide", k.l.WeekdayDate(p.DecideOn), "as asked", "ask")
	}
	return nil
}

// weeks is the length of the trial, 0 for a standing arrangement.
func (k *composer) weeks() int {
	p := k.c.Plan
	if p.Weeks > 0 || p.Start.IsZero() || p.Until.IsZero() {
		return p.Weeks
	}
	return p.Until.Sub(p.Start.Monday())/7 + 1
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// article puts A or An before a number word, as the beginning of a title.
func article(word string) string {
	if strings.HasPrefix(word, "eight") || strings.HasPrefix(word, "eleven") || strings.HasPrefix(word, "8") || word == "11" || word == "18" {
		return "An " + word
	}
	return "A " + word
}

// dayWords writes one day, one and a half days, half a day.
func dayWords(days float64, word func(int) string) string {
	whole, half := math.Modf(days)
	n := int(whole)
	switch {
	case half == 0:
		return word(n) + plural(n, " day", " days")
	case n == 0:
		return "half a day"
	}
	return word(n) + " and a half days"
}

// dayRange writes Monday to Thursday where the days follow each other.
func dayRange(days []day.Weekday, list func([]string) string) string {
	names := make([]string, len(days))
	run := len(days) > 2
	for i, d := range days {
		names[i] = d.Name()
		run = run && (i == 0 || d == days[i-1]+1)
	}
	if run {
		return names[0] + " to " + names[len(names)-1]
	}
	return list(names)
}

func dayPlurals(days []day.Weekday, list func([]string) string) string {
	names := make([]string, len(days))
	for i, d := range days {
		names[i] = d.Name() + "s"
	}
	return list(names)
}

// promiseFacts records promises, agreed hours, check-ins and the examples of
// work nobody checked.
func (k *composer) promiseFacts() error {
	b, p := k.b, k.c.Plan
	for i, promise := range p.Promises {
		text := strings.TrimSuffix(promise.Text, ".")
		if promise.Limit != "" {
			text += ", " + promise.Limit
		}
		k.own(nth("promise", i), "text", text)
	}
	for i, c := range p.CheckIns {
		k.own(nth("check", i), "text", "Every "+everyWord(c.Every)+": "+c.What)
	}
	for i, s := range p.StopRules {
		k.own(nth("stoprule", i), "text", lower(s.Text))
	}
	for i, e := range k.c.Readiness.Unsupervised {
		k.own(nth("example", i), "text", e.Text)
		if when := k.when(e); when != "" {
			b.Set(nth("example", i)+".when", when, "as given", factOf(nth("example", i)))
		}
	}
	if p.Hours.From != "" && p.Hours.To != "" {
		b.Set("hours.from", string(p.Hours.From), "as agreed", "ask")
		b.Set("hours.to", string(p.Hours.To), "as agreed", "ask")
	}
	for i, r := range k.c.Reasons.Business {
		b.Own(factOf(nth("reason", i)), r.Head)
		b.Set(nth("reason", i)+".head", strings.TrimSuffix(r.Head, "."), "as given", k.reasonFacts(r, i)...)
		b.Set(nth("reason", i)+".text", sentence(r.Text), "as given", k.reasonFacts(r, i)...)
	}
	for i, r := range k.c.Reasons.Personal {
		k.own(nth("personal", i), "text", r.Text)
	}
	k.officeFacts()
	return nil
}

// when says when an example was and who knows of it; the boss is you.
func (k *composer) when(e readiness.Example) string {
	first := e.Date.First()
	var parts []string
	switch len(e.Date) {
	case len("2026"):
		parts = append(parts, string(e.Date))
	case len("2026-06"):
		parts = append(parts, first.Month.String()+" "+strconv.Itoa(first.Year))
	case len("2026-06-30"):
		parts = append(parts, k.l.Date(first))
	}
	switch e.Who {
	case "":
	case k.c.Boss.Name:
		parts = append(parts, "known to you")
	default:
		parts = append(parts, "known to "+strings.TrimSuffix(e.Who, "."))
	}
	return capital(strings.Join(parts, "; "))
}

// reasonFacts are the facts a reason rests on; its own words stand for none.
func (k *composer) reasonFacts(r Reason, i int) []string {
	if len(r.Facts) == 0 {
		return []string{factOf(nth("reason", i))}
	}
	return r.Facts
}

// nth is the ref of the i-th thing of a kind, counted from one.
func nth(kind string, i int) packet.Ref { return packet.Ref(kind + "." + strconv.Itoa(i+1)) }

// factOf is the id of the fact that stands behind one thing of the case.
func factOf(r packet.Ref) string { return string(r) + ".fact" }

func everyWord(e plan.Every) string {
	if w, ok := e.Weekday(); ok {
		return w.Name()
	}
	return string(e)
}

// RaisedConcerns are the questions that this case's own facts raise, as the
// packet asks them. The money may raise one too; its report is that of what is
// shared, and nil where none was made.
func (c *Case) RaisedConcerns(money *savings.Report) ([]concern.ID, error) {
	if money == nil {
		money = new(savings.Report)
	}
	return concern.RaisedBy(c.signals(*money)...)
}

// signals are what this case raises among the concerns.
func (c *Case) signals(report savings.Report) []concern.Signal {
	var s []concern.Signal
	r, p := c.Readiness, c.Plan
	add := func(when bool, signal concern.Signal) {
		if when {
			s = append(s, signal)
		}
	}
	if t := r.Tenure; t != nil {
		add(!t.Since.IsZero() && c.Date.Before(t.Since.AddMonths(12)) || t.Since.IsZero() && t.Years == 0, concern.NewInJob)
	}
	add(p.AskedDays() > 2.5, concern.OverHalf)
	for _, d := range r.Duties {
		add(d.Tests.Data == readiness.Yes, concern.PersonalData)
		add(d.Tests.Thing == readiness.Yes, concern.OfficeEquipment)
	}
	add(c.Request == Statutory, concern.Statutory)
	add(c.Place.Part != "", concern.Signal(c.Place.Country+"-"+c.Place.Part)) // a state's own law, such as US-CA on expenses
	for _, l := range c.Money.Lines {
		add(l.Line == "office-space", concern.SpaceClaimed)
	}
	if t := report.Headline; t != nil {
		add(t.Assumptions.Share > .5, concern.SavingsAssumed)
	}
	return s
}
