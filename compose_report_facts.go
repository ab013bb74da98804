package homecase

import (
	"strings"

	"homecase/packet"
	"homecase/trial"
)

// restFacts records the guardrails and the secondary analyses.
func (k *reporter) restFacts() {
	b, r := k.b, k.r
	w := k.verdictWord()
	b.Set("verdict.heading", r.Heading, "the ladder of five verdicts", "analysis")
	b.Set("verdict.sentence", r.Sentence, "the ladder of five verdicts", "analysis")
	b.Set("verdict.word", w, "the ladder of five verdicts", "analysis")
	b.Set("grade.letter", string(r.Grade), "how the days were chosen, kept and counted", "analysis")
	b.Set("grade.meaning", k.words.Grades[r.Grade], "how the days were chosen, kept and counted", "analysis")
	c := r.Compliance
	k.counted([]tallied{
		{"kept.home.home", c.HomeAtHome}, {"kept.home.office", c.HomeAtOffice}, {"kept.home.none", c.MissingHome},
		{"kept.office.home", c.OfficeAtHome}, {"kept.office.office", c.OfficeAtOffice}, {"kept.office.none", c.MissingOffice},
	})
	if c.Share != nil {
		b.Set("kept.share", k.l.Percent(*c.Share, 0), "counted", "days")
	}
	if t := r.WeeklyTotals; t != nil {
		places := k.decimals(t.TrialMean) - 1
		b.Set("weeks.trial", k.l.Number(t.TrialMean, places), "the mean of whole weeks", "analysis")
		b.Set("weeks.before", k.l.Number(t.BaselineMean, places), "the mean of whole weeks", "analysis")
		b.Set("weeks.effect", k.l.Signed(t.Estimate, places), "trial less before", "analysis")
		b.Set("weeks.low", k.l.Signed(t.Interval90[0], places), "the t interval of week totals", "analysis")
		b.Set("weeks.high", k.l.Signed(t.Interval90[1], places), "the t interval of week totals", "analysis")
	}
	if f := r.FixedDays; f != nil {
		b.Count("fixed.trial", float64(f.TrialWeeks), 0, "counted", "days")
		b.Count("fixed.before", float64(f.BaselineWeeks), 0, "counted", "days")
	}
	for i, text := range r.Warnings {
		b.Set(nth("warning", i)+".text", text, "the rules of the analysis", "analysis")
	}
	k.modelFacts()
	k.severalFacts()
}

// modelFacts records the secondary analyses, in units of the measure a day.
func (k *reporter) modelFacts() {
	b, r := k.b, k.r
	if c := r.CarryOver; c != nil && c.Difference != nil {
		b.Set("carry.home", k.mean(c.AfterHome.Mean, 1), "the mean of such days", "analysis")
		b.Set("carry.office", k.mean(c.AfterOffice.Mean, 1), "the mean of such days", "analysis")
	}
	effect := func(prefix packet.Ref, estimate float64, interval [2]float64, how string) {
		scale := k.scale()
		places := k.decimals((interval[1]-interval[0])*scale) - 1
		unit := " " + k.unit
		if k.in.Plan.Measure.Kind == trial.Count {
			unit += " a day"
		}
		b.Set(prefix+".effect", k.l.Signed(estimate*scale, places)+unit, how, "analysis")
		b.Set(prefix+".low", k.l.Signed(interval[0]*scale, places), how, "analysis")
		b.Set(prefix+".high", k.l.Signed(interval[1]*scale, places), how, "analysis")
	}
	if g := r.Correlated; g != nil {
		effect("model", g.Estimate, g.Interval90, "weekday, trend and home, with correlated days (REML)")
	}
	if s := r.Sceptic; s != nil {
		effect("sceptic", s.Mean, s.Interval90, "the Bayesian grid")
		b.Set("sceptic.chance", strings.TrimSpace(k.chance(s.PAboveMinusMargin))+" chance", "the Bayesian grid", "analysis")
	}
}

// severalFacts records the further measures of the plan.
func (k *reporter) severalFacts() {
	s := k.r.Several
	if s == nil {
		return
	}
	b := k.b
	for i, m := range s.Measures {
		ref := nth("other", i)
		b.Set(ref+".name", capital(m.Name), "as agreed", "plan")
		write := func(v float64) string { return k.l.Signed(v, 2) }
		if i := k.second(m.Name); i >= 0 && k.in.Plan.Measures[i].Margin.Relative > 0 {
			write = func(v float64) string { return k.signedShare(v, 1) }
		} else if i < 0 {
			write = k.effect
		}
		if m.Estimate != nil {
			b.Set(ref+".effect", write(*m.Estimate), "the same test for this measure", "analysis")
		}
		if iv := m.Interval90; iv != nil && iv[0] != nil && iv[1] != nil {
			b.Set(ref+".low", write(*iv[0]), "the same test for this measure", "analysis")
			b.Set(ref+".high", write(*iv[1]), "the same test for this measure", "analysis")
		}
		if m.PNonInferiority != nil {
			b.Set(ref+".p", k.chance(*m.PNonInferiority), "the same test for this measure", "analysis")
		}
		if m.PImproved != nil {
			b.Set(ref+".better", k.chance(*m.PImproved), "Westfall and Young, over all measures", "analysis")
		}
	}
	if s.PNonInferiority != nil {
		b.Set("others.all", k.chance(*s.PNonInferiority), "the largest of them (intersection-union)", "analysis")
	}
}

// second finds a further measure of the plan, −1 for the primary one.
func (k *reporter) second(name string) int {
	for i, m := range k.in.Plan.Measures {
		if m.Name == name {
			return i
		}
	}
	return -1
}

// planFacts records what the plan says of the end, and the seal of the draw.
func (k *reporter) planFacts() {
	b, p := k.b, k.in.Plan
	if !p.DecideOn.IsZero() {
		b.Set("plan.decide", k.l.WeekdayDate(p.DecideOn), "as agreed", "plan")
	}
	if p.ExtensionWeeks > 0 {
		b.Set("plan.extension", k.l.Word(p.ExtensionWeeks), "as agreed", "plan")
	}
	if p.Purpose != "" {
		b.Set("plan.purpose", sentence(p.Purpose), "as agreed", "plan")
	}
	for i, c := range p.CheckIns {
		b.Set(nth("checkin", i)+".text", sentence(c), "as agreed", "plan")
	}
	for i, s := range p.Stop {
		b.Set(nth("stop", i)+".text", sentence(lower(s)), "as agreed", "plan")
	}
	if hash, err := p.Hash(); err == nil {
		b.Set("plan.hash", hash, "SHA-256 of the plan's canonical form", "plan")
	}
	if d := p.Drawn; d != nil {
		b.Set("nonce.hash", d.Nonce, "as published at the draw", "draw")
		b.Set("draw.word", d.Word, "as published at the draw", "draw")
		if !d.On.IsZero() {
			b.Set("draw.on", k.l.Date(d.On), "as published at the draw", "draw")
		}
	}
	if k.rec.Nonce != "" {
		b.Set("nonce.value", k.rec.Nonce, "shown at the end", "draw")
	}
}

// ladderWords are the five verdicts from worst to best.
var ladderWords = [...]trial.Verdict{trial.Worse, trial.ProbablyWorse, trial.CannotTell, trial.Probably, trial.Clearly}

// verdictWord is the verdict in the words of the row of five.
func (k *reporter) verdictWord() string {
	if i := k.current(); i >= 0 {
		return k.label("verdicts." + string(ladderWords[i]))
	}
	return "none"
}

// current is the place of the verdict in the row of five, −1 while none is read.
func (k *reporter) current() int {
	v := k.r.Verdict
	if v == nil || k.waiting() {
		return -1
	}
	for i, w := range ladderWords {
		if w == *v {
			return i
		}
	}
	return -1
}

// waiting tells whether days are still to come and no look has decided.
func (k *reporter) waiting() bool {
	return k.r.Interim && k.r.Verdict != nil && *k.r.Verdict == trial.CannotTell
}

func (k *reporter) label(id string) string { return k.b.Say(id).String() }
