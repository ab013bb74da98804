package web

import (
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/evidence"
	"homecase/packet"
	"homecase/readiness"
)

// factScreens are the pages about facts that are more than one question.
func factScreens() []screen {
	return slices.Concat(peopleScreens(), resultScreens(), studyScreens(), hrScreens(), importScreens())
}

// factBinders ties the questions about facts to the case.
func factBinders() map[string]binder {
	return map[string]binder{
		"programme": {fill: fillProgramme, take: takeProgramme, next: afterProgramme},
		"result":    {fill: fillResult, take: takeResult, words: resultWords, next: afterResult, back: beforeResult, missing: noResult},
		"measure":   {fill: fillMeasure, take: takeMeasure, aside: (*visit).daysAside},
	}
}

func fillProgramme(v *visit, a answers) {
	p := v.kase().Facts.Programme
	a.Set("status", string(p.Status))
	a.Set("note", p.Note)
	a.Set("source", p.Source)
}

func takeProgramme(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	p := &c.Facts.Programme
	before := p.Origin
	p.Status, p.Note = evidence.Status(a.line("status")), a.line("note")
	p.Origin = sayWho(before, a.line("source"), cite.Colleague, c)
	a.unsourced(c.Facts, "programme", "source")
}

// sayWho is the origin of what a person typed a source for. A source that stays
// the same stays of its kind.
func sayWho(before cite.Origin, source string, kind cite.Kind, c *homecase.Case) cite.Origin {
	switch source {
	case "":
		return cite.Origin{}
	case before.Source:
		return before
	}
	return cite.Origin{Kind: kind, Source: source, Date: c.Date}
}

// unsourced refuses numbers under a path that do not say where they come from.
func (a answers) unsourced(l evidence.Ledger, path, control string) {
	for _, f := range l.Unsourced() {
		if under(f.Place.Path, path) {
			a.refuse(control, "%s", strings.TrimSuffix(f.Say, "."))
			return
		}
	}
}

// afterProgramme shows the question to HR where the answer is not known.
func afterProgramme(v *visit) string {
	if v.kase().Facts.Programme.Status == evidence.Unknown {
		return "/case/facts/programme/question"
	}
	return v.onward(homecase.TaskProgramme)
}

func fillMeasure(v *visit, a answers) {
	m := v.kase().Facts.Measure
	if m.Name == "" {
		if s, ok := v.usualMeasure(); ok {
			m = s
		}
	}
	a.Set("name", m.Name)
	a.Set("unit", m.Unit)
	a.Set("kind", string(m.Kind))
	a.Set("better", string(m.Better))
	a.Set("usual", numberText(m.Usual))
	a.Set("spread", numberText(m.Spread))
	a.Set("recorded", m.Recorded)
	days := make([]string, len(m.Recent))
	for i, d := range m.Recent {
		days[i] = formatNumber(d)
	}
	a.Set("recent", strings.Join(days, " "))
}

// usualMeasure is what people in such a job often count.
func (v *visit) usualMeasure() (evidence.Measure, bool) {
	job, _, err := readiness.Suggest(v.kase().Person.Job)
	if err != nil {
		return evidence.Measure{}, false
	}
	return evidence.MeasureFor(job)
}

func numberText(n *float64) string {
	if n == nil {
		return ""
	}
	return formatNumber(*n)
}

func takeMeasure(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	m := &c.Facts.Measure
	before := *m
	m.Name, m.Unit, m.Recorded = a.line("name"), a.line("unit"), a.line("recorded")
	m.Kind, m.Better = evidence.Kind(a.line("kind")), evidence.Better(a.line("better"))
	m.Recent = a.numbers("recent", "The amounts of your last days")
	m.Usual, m.Spread = a.optional("usual", "The usual amount"), a.optional("spread", "How far days differ")
	if len(m.Recent) > 1 {
		mean, sd := spreadOf(m.Recent)
		fresh := !slices.Equal(before.Recent, m.Recent) // what was worked out from other days is worked out again
		if m.Usual == nil || fresh && sameNumber(before.Usual, m.Usual) {
			m.Usual = &mean
		}
		if m.Spread == nil || fresh && sameNumber(before.Spread, m.Spread) {
			m.Spread = &sd
		}
	}
	if m.Usual == nil && a.bad["usual"] == "" && a.bad["recent"] == "" {
		a.refuse("usual", "Enter the usual amount on an office day, or list some days")
	}
	m.Origin = measureOrigin(before, *m, c)
}

// measureOrigin says who counted: an import while its numbers stand, the record
// that is named, or else nobody but the person.
func measureOrigin(before, now evidence.Measure, c *homecase.Case) cite.Origin {
	switch {
	case before.Origin.Known() && sameNumber(before.Usual, now.Usual) && sameNumber(before.Spread, now.Spread) && before.Recorded == now.Recorded:
		return before.Origin
	case now.Recorded != "":
		return cite.Origin{Kind: cite.Measured, Source: now.Recorded, Date: c.Date}
	}
	return cite.Origin{Kind: cite.Assumption, Source: "My own estimate of an ordinary day", Date: c.Date}
}

func sameNumber(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// spreadOf is the mean of the days and their standard deviation, rounded to
// what a few days can bear.
func spreadOf(days []float64) (mean, sd float64) {
	for _, d := range days {
		mean += d / float64(len(days))
	}
	for _, d := range days {
		sd += (d - mean) * (d - mean) / float64(len(days)-1)
	}
	return threeFigures(mean), threeFigures(math.Sqrt(sd))
}

func threeFigures(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// mostRecent is how many days can be listed: a quarter of a year.
const mostRecent = 66

// numbers reads amounts with spaces, semicolons or new lines between them.
func (a answers) numbers(name, label string) []float64 {
	var out []float64
	for _, s := range strings.FieldsFunc(a.text(name), func(r rune) bool { return r == ' ' || r == ';' || r == '\n' || r == '\t' || r == '\u00a0' }) {
		s = strings.TrimSuffix(s, ",")
		if s == "" {
			continue
		}
		v, err := readNumber(s)
		switch {
		case err != nil || v < 0:
			a.refuse(name, "%s must be numbers with spaces between them, like 11 9 12", label)
			return nil
		case len(out) == mostRecent:
			a.refuse(name, "Keep the last %d days", mostRecent)
			return nil
		}
		out = append(out, v)
	}
	return out
}

// optional reads a number that need not be there.
func (a answers) optional(name, label string) *float64 {
	v, ok := a.number(name, label)
	if !ok {
		return nil
	}
	return &v
}

// daysView is the picture of the recent days.
type daysView struct {
	Chart   packet.Chart
	Text    string
	Imports bool
}

// daysAside shows recent days as dots.
func (v *visit) daysAside() (template.HTML, error) {
	say := v.s.words["measure"].Say
	view := daysView{Text: say["aside-none"], Imports: len(v.kase().Facts.Imports) > 0}
	if days := v.kase().Facts.Measure.Recent; len(days) > 1 {
		l := v.kase().Locale()
		low, high := slices.Min(days), slices.Max(days)
		mean, sd := spreadOf(days)
		view.Text = v.say(say["aside-days"], "{n}", itoa(len(days)), "{low}", l.Number(low, 2), "{high}", l.Number(high, 2), "{mean}", l.Number(mean, 2), "{sd}", l.Number(sd, 2))
		view.Chart = packet.Dots{Values: days, Axis: plainAxis(low, high, func(f float64) string { return l.Number(f, 2) })}
	}
	return v.s.part("days-aside", view)
}

// plainAxis is an axis of round numbers about some values.
func plainAxis(low, high float64, write func(float64) string) packet.Axis {
	step := math.Pow(10, math.Floor(math.Log10(max(high-low, 1e-6))))
	if (high-low)/step > 4 {
		step *= 2
	}
	a := packet.Axis{Min: math.Floor(low/step) * step, Max: math.Ceil(high/step) * step}
	if a.Max <= a.Min {
		a.Max = a.Min + step
	}
	for n := 0; a.Min+float64(n)*step <= a.Max+step/2; n++ {
		at := a.Min + float64(n)*step
		a.Ticks = append(a.Ticks, packet.Tick{At: at, Label: packet.Span{Text: write(at)}})
	}
	return a
}
