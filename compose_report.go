package homecase

import (
	"math"
	"strconv"

	"homecase/cite"
	"homecase/content"
	"homecase/fault"
	"homecase/locale"
	"homecase/packet"
	"homecase/trial"
)

// ReportEdition is a trial's report: the document, and what it rests on.
type ReportEdition struct {
	Document packet.Document
	Analysis *trial.Report
	Note     *trial.Note // nil for a plan without weeks
	Facts    []WorkingFact
	Numbers  []packet.Entry
}

// reporter holds one composition of a report.
type reporter struct {
	rec    TrialRecord
	in     trial.Input
	l      locale.Locale
	b      *packet.Book
	r      *trial.Report
	odds   *trial.Odds
	weeks  int // of the trial so far planned, the extension included once it runs
	now    int // the week of the last row
	unit   string
	places int // decimals of an effect
	words  *trial.Words
}

// ComposeReport analyses the days of a record and makes the report. The nonce
// goes in only once no day is still to come.
func ComposeReport(rec TrialRecord, version string) (*ReportEdition, error) {
	in, err := rec.Input()
	if err != nil {
		return nil, err
	}
	k := &reporter{rec: rec, in: in, l: locale.For(rec.Country, rec.Currency)}
	phrases, err := packet.LoadPhrases()
	if err != nil {
		return nil, err
	}
	k.b = packet.NewBook(k.l, phrases)
	if k.words, err = trial.Sentences(); err != nil {
		return nil, err
	}
	if k.r, err = trial.Analyse(in); err != nil {
		return nil, err
	}
	if k.odds, err = in.Memory.PlanOdds(in.Plan); err != nil {
		return nil, err
	}
	if k.r.Interim {
		k.rec.Nonce = ""
	}
	k.facts()
	e := &ReportEdition{Analysis: k.r, Document: k.document()}
	if in.Plan.Groups == nil {
		if e.Note, err = trial.FridayNote(in.Plan, in.Days, rec.Made); err != nil {
			return nil, err
		}
	}
	if list := k.b.Unsourced(); len(list) > 0 {
		return nil, list
	}
	if err := k.b.Err(); err != nil {
		return nil, err
	}
	if err := e.Document.Validate(); err != nil {
		return nil, err
	}
	for _, f := range k.b.Facts() {
		e.Facts = append(e.Facts, WorkingFact{f.ID, f.Text, string(f.Kind), f.Source, f.Date, f.Address})
	}
	e.Numbers = k.b.Entries()
	w := ReportWorking{Homecase: version, Document: packet.Report, Trial: k.rec, Facts: e.Facts, Numbers: e.Numbers}
	if e.Document.Working, err = content.JSON(w, " "); err != nil {
		return nil, fault.New(fault.Internal, "HC-PACKET-08", "The working cannot be written.").Because(err)
	}
	e.Document.WorkingName = "working.json"
	return e, nil
}

// facts records what the report rests on, and its numbers.
func (k *reporter) facts() {
	b, p, m := k.b, k.in.Plan, k.in.Plan.Measure
	source := m.Source
	switch {
	case source != "":
	case p.Recorded == trial.System:
		source = "the system that counts it"
	default:
		source = "the person's own log"
	}
	record := func(id, text, from string) {
		b.Fact(cite.Fact{ID: id, Text: text, Origin: cite.Origin{Kind: cite.Measured, Source: from, Date: k.rec.Made}})
	}
	record("days", "The days of the trial, with what was drawn, where each was worked, and its value.", source)
	b.Own("plan", "The plan, agreed before the first day.")
	record("draw", "The lottery of the home days.", "homecase trial replay, from the plan attached")
	record("analysis", "What the days show.", "homecase trial analyse, from the plan and the days attached")
	b.Set("who.me", k.rec.Person, "as given")
	b.Set("who.boss", k.rec.Boss, "as given")
	b.Set("date.made", k.l.Date(k.rec.Made), "the last day with a row")
	name := m.Name
	if name == "" {
		name = "The measure"
	}
	if k.unit = unitWord(m); m.Kind == trial.Share {
		k.unit = "percentage points"
	}
	b.Set("measure.name", capital(name), "as agreed", "plan")
	b.Set("measure.short", lower(name), "as agreed", "plan")
	b.Set("measure.source", source, "as given", "days")
	way := "lower"
	if m.Better == trial.Lower {
		way = "higher"
	}
	b.Set("measure.way", way, "as agreed", "plan")
	k.dayFacts()
	k.effectFacts()
	k.chanceFacts()
	k.restFacts()
	k.planFacts()
}

// dayFacts counts the days and finds their means.
func (k *reporter) dayFacts() {
	b := k.b
	home, office := k.shown()
	never := 0
	for _, d := range k.r.Days {
		k.weeks = max(k.weeks, d.Week)
		if d.Assigned != "" {
			k.now = max(k.now, d.Week)
		}
		if d.Value != nil && !k.counts(d) {
			never++
		}
	}
	k.counted([]tallied{
		{"days.home", k.r.DaysUsed.Home}, {"days.office", k.r.DaysUsed.Office}, {"days.never", never},
		{"days.home-shown", len(home)}, {"days.office-shown", len(office)}, {"days.all", len(k.r.Days)},
		{"missing.home", k.r.Missing.HomeDays}, {"missing.office", k.r.Missing.OfficeDays},
	})
	b.Count("week.now", float64(k.now), 0, "of the last day", "days")
	b.Count("week.total", float64(k.weeks), 0, "of the plan", "plan")
	largest := 0.0
	for _, m := range []*float64{k.r.Means.Home, k.r.Means.Office} {
		if m != nil {
			largest = max(largest, math.Abs(*m))
		}
	}
	places := k.decimals(largest)
	for _, g := range []struct {
		name   string
		values []float64
		mean   *float64
	}{{"home", home, k.r.Means.Home}, {"office", office, k.r.Means.Office}} {
		if len(g.values) == 0 || g.mean == nil {
			continue
		}
		low, high := extent(g.values)
		b.Set(packet.Ref("mean."+g.name), k.mean(*g.mean, places), "the mean of these days", "days")
		b.Set(packet.Ref(g.name+".min"), k.value(low), "the least of these days", "days")
		b.Set(packet.Ref(g.name+".max"), k.value(high), "the greatest of these days", "days")
	}
	for _, d := range k.r.Days {
		if d.Value != nil {
			b.Set(packet.Ref("day."+d.Date), k.value(*d.Value), "as logged", "days")
		}
	}
}

// tallied is a count under its ref.
type tallied struct {
	ref packet.Ref
	n   int
}

func (k *reporter) counted(list []tallied) {
	for _, t := range list {
		k.b.Count(t.ref, float64(t.n), 0, "counted", "days")
	}
}

// counts tells whether a day is among those shown as marks: days that could
// have been drawn either way, or all days where nothing was drawn.
func (k *reporter) counts(d trial.DayMark) bool { return d.Drawable || k.r.Design == trial.Fixed }

// shown are the values of home and office days, by where they were worked.
func (k *reporter) shown() (home, office []float64) {
	for _, d := range k.r.Days {
		switch {
		case d.Value == nil || !k.counts(d):
		case d.Place == trial.AtHome:
			home = append(home, *d.Value)
		default:
			office = append(office, *d.Value)
		}
	}
	return home, office
}

func extent(v []float64) (low, high float64) {
	low, high = v[0], v[0]
	for _, x := range v {
		low, high = min(low, x), max(high, x)
	}
	return low, high
}

// value writes a day's number; shares are percentages.
func (k *reporter) value(v float64) string {
	if k.in.Plan.Measure.Kind == trial.Share {
		return k.l.Percent(v, 0)
	}
	return k.l.Number(v, 2)
}

// mean writes a mean of days.
func (k *reporter) mean(v float64, places int) string {
	if k.in.Plan.Measure.Kind == trial.Share {
		return k.l.Percent(v, 1)
	}
	return k.l.Fixed(v, places)
}

// decimals are as many as a mean of that size deserves.
func (k *reporter) decimals(v float64) int {
	if v = math.Abs(v); v == 0 || math.IsInf(v, 0) {
		return 1
	}
	return min(max(2-int(math.Floor(math.Log10(v))), 1), 4)
}

// relative tells whether effects are shares of the office days.
func (k *reporter) relative() bool { return k.in.Plan.Margin.Relative > 0 }

// effect writes a difference: +5%, or +0.9 items.
func (k *reporter) effect(v float64) string {
	if k.relative() {
		return k.signedShare(v, k.places)
	}
	return k.l.Signed(v*k.scale(), k.places)
}

// scale turns a share into percentage points, in which its differences are told.
func (k *reporter) scale() float64 {
	if k.in.Plan.Measure.Kind == trial.Share {
		return 100
	}
	return 1
}

// perDay names what a difference is counted in: items a day, minutes, points.
func (k *reporter) perDay() string {
	switch {
	case k.relative():
		return ""
	case k.in.Plan.Measure.Kind == trial.Count:
		return " " + k.unit + " a day"
	}
	return " " + k.unit
}

func (k *reporter) signedShare(v float64, places int) string {
	s := k.l.Percent(v, places)
	if v >= 0 {
		s = "+" + s
	}
	return s
}

// effectFacts records the difference, its interval and the limit.
func (k *reporter) effectFacts() {
	b, r := k.b, k.r
	k.places = 1
	if i := r.Interval90; i != nil && i[0] != nil && i[1] != nil {
		width := (*i[1] - *i[0]) * k.scale()
		if k.relative() {
			width *= 100
		}
		if width > 0 {
			k.places = min(max(1-int(math.Floor(math.Log10(width))), 0), 4)
		}
	}
	how := "the randomisation test of the plan, turned around"
	if r.Estimate != nil {
		b.Set("effect.estimate", k.effect(*r.Estimate)+k.perDay(), how, "analysis")
	}
	b.Set("effect.low", "any size below", how, "analysis")
	b.Set("effect.high", "any size above", how, "analysis")
	if i := r.Interval90; i != nil {
		if i[0] != nil {
			b.Set("effect.low", k.effect(*i[0]), how, "analysis")
		}
		if i[1] != nil {
			b.Set("effect.high", k.effect(*i[1]), how, "analysis")
		}
	}
	limit := k.limit()
	if k.relative() {
		b.Set("effect.limit", k.signedShare(limit, 1), "as agreed", "plan")
		b.Set("margin.drop", k.l.Percent(math.Abs(limit), 1), "as agreed", "plan")
	} else {
		b.Set("effect.limit", k.l.Signed(limit*k.scale(), 2), "as agreed", "plan")
		b.Set("margin.drop", k.l.Number(math.Abs(limit)*k.scale(), 2)+k.perDay(), "as agreed", "plan")
	}
	b.Set("interval.level", k.l.Percent(.9, 0), "as agreed in the method", "analysis")
	if a := k.in.Plan.Agreed; a != nil && len(a.By) > 0 {
		b.Set("margin.by", k.l.List(a.By), "as agreed", "plan")
		if !a.On.IsZero() {
			b.Set("margin.on", k.l.Date(a.On), "as agreed", "plan")
		}
	}
}

// limit is the margin as home minus office.
func (k *reporter) limit() float64 {
	m := k.in.Plan.Margin.Absolute
	if k.relative() {
		m = k.in.Plan.Margin.Relative
	}
	if k.in.Plan.Measure.Better == trial.Lower {
		return m
	}
	return -m
}

// chance writes a p-value as a count of 100.
func (k *reporter) chance(p float64) string {
	switch n := p * 100; {
	case n < .01:
		return "under 0.01 in 100"
	case n < 1:
		return k.l.Number(n, 2) + " in 100"
	case n < 10:
		return k.l.Number(n, 1) + " in 100"
	case n >= 99.5:
		return "over 99 in 100"
	default:
		return k.l.Number(n, 0) + " in 100"
	}
}

// chanceFacts records the p-values and how many schedules stand behind them.
func (k *reporter) chanceFacts() {
	b, r := k.b, k.r
	set := func(ref packet.Ref, p *float64, how string) {
		if p != nil {
			b.Set(ref, k.chance(*p), how, "analysis")
		}
	}
	share := "the share of schedules at least as extreme"
	set("p.margin", r.PNonInferiority, share)
	set("p.equal", r.PSuperiority, share)
	set("p.worse", r.PWorse, share)
	set("twin.p", r.Linear.PNonInferiority, "the same with the linear score")
	set("missing.p", r.Missing.PWorstCase, share+", with the missing days filled in against home")
	for i, at := range k.rec.At {
		if p := r.PAt[at]; p != nil {
			ref := nth("asked", i)
			b.Set(ref, k.chance(*p), share, "analysis")
			shown := at
			if k.relative() {
				if v, err := strconv.ParseFloat(at, 64); err == nil {
					shown = k.l.Percent(v, 2)
				}
			}
			b.Set(ref+".margin", shown, "as asked", "plan")
		}
	}
	c := composer{b: b, l: k.l}
	if r.NAssignments != nil {
		b.Set("lottery.all", c.bigNumber(r.NAssignments), "counted from the plan", "draw")
	}
	b.Count("lottery.compared", float64(r.Schedules), 0, "counted", "draw")
	if o := k.odds.Odds; o != nil {
		b.Set("odds.hundred", "100", "a round number to count in", "trial.odds")
		b.Fact(cite.Fact{ID: "trial.odds", Text: "What the plan could show before it started.", Origin: cite.Origin{Kind: cite.Measured, Source: "homecase trial plan, from the plan attached", Date: k.rec.Made}})
		b.Fact(cite.Fact{ID: "measure", Text: "What an ordinary day is like, as the plan gives it.", Origin: cite.Origin{Kind: cite.Measured, Source: "the plan attached", Date: k.rec.Made}})
		c.oddsFacts(*o)
	}
}
