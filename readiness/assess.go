package readiness

import (
	"fmt"
	"slices"
	"strings"

	"homecase/cite"
)

// The weights of what is not known. Four or more make the certainty low.
const (
	light = 1 // a detail, or an assumption
	heavy = 4 // it may change the verdict
)

// Assess gives the verdict. Decision by decision: not_yet when a gate is shut
// that a date or an act opens, or no half day is supported; else
// ready_for_less when the work supports less than the ask; else ready. The
// error is never the person's: it means that the rules that ship are damaged.
func Assess(a Answers, in Input) (Verdict, error) {
	list, err := rules()
	if err != nil {
		return Verdict{}, err
	}
	if in.Asked <= 0 {
		in.Asked = 1
	}
	b := &bench{a: a, in: in, rules: list, week: a.Week(true)}
	b.v = Verdict{
		DaysSupported: b.week.Supports(),
		DaysNow:       a.Week(false).Supports(),
		DaysAsked:     in.Asked,
		Hours:         a.Hours(),
		Reasons:       []Reason{},
		Next:          []string{},
	}
	b.v.HalvesOnly = b.week.Daily > 0 && b.v.DaysSupported > 0
	b.tenure()
	b.statute()
	b.hours()
	b.duties()
	b.origin()
	b.unsupervised()
	if b.v.DaysSupported > 0 { // a list of things to buy helps nobody who has no day to use them on
		b.gates()
		b.homeOffice()
		b.company()
		b.colleagues()
		b.cover()
		b.safety()
	}
	return b.finish()
}

// bench is where one verdict is put together.
type bench struct {
	a      Answers
	in     Input
	rules  map[RuleID]Rule
	week   Week
	v      Verdict
	steps  []step
	weight int
	err    error
}

type step struct {
	effect Effect
	order  int
	text   string
}

// slots are the values of a sentence.
type slots map[string]string

// add records one reason by its rule. The answer is what the person wrote, in short.
func (b *bench) add(id RuleID, e Effect, answer string, s slots) {
	rule, ok := b.rules[id]
	text, says := rule.Says[e]
	if !ok || !says {
		b.fail(fmt.Errorf("rule %s has no sentence for %s", id, e))
		return
	}
	say, err := fill(text, s)
	if err != nil {
		b.fail(fmt.Errorf("rule %s, %s: %w", id, e, err))
		return
	}
	r := Reason{Rule: id, Answer: answer, Source: rule.Source.Title, Effect: e, Say: say}
	if rule.Source.Unverified {
		r.Source += " (not verified)"
	}
	if text, ok := rule.Next[e]; ok {
		if r.Next, err = fill(text, s); err != nil {
			b.fail(fmt.Errorf("rule %s, next for %s: %w", id, e, err))
			return
		}
		b.steps = append(b.steps, step{e, rule.Order, r.Next})
	}
	b.v.Reasons = append(b.v.Reasons, r)
}

// addFrom is add with the origin of the answer, where the file gives one.
func (b *bench) addFrom(id RuleID, e Effect, answer string, o cite.Origin, s slots) {
	before := len(b.v.Reasons)
	b.add(id, e, answer, s)
	if len(b.v.Reasons) > before {
		b.v.Reasons[before].Origin = originText(o)
	}
}

// unknown is add for an answer that is not known.
func (b *bench) unknown(id RuleID, answer string, weight int, s slots) {
	b.add(id, Uncertain, answer, s)
	b.weight += weight
}

func (b *bench) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// finish decides and puts everything in order.
func (b *bench) finish() (Verdict, error) {
	if b.err != nil {
		return Verdict{}, b.err
	}
	rank := map[Effect]int{}
	for i, e := range Effects() {
		rank[e] = i
	}
	slices.SortStableFunc(b.v.Reasons, func(x, y Reason) int { return rank[x.Effect] - rank[y.Effect] })
	slices.SortStableFunc(b.steps, func(x, y step) int {
		if x.effect != y.effect {
			return rank[x.effect] - rank[y.effect]
		}
		return x.order - y.order
	})
	for _, s := range b.steps {
		if !slices.Contains(b.v.Next, s.text) {
			b.v.Next = append(b.v.Next, s.text)
		}
	}
	b.v.Word = b.word(b.v.DaysSupported)
	if slices.ContainsFunc(b.v.Reasons, func(r Reason) bool { return r.Effect == Closes }) {
		b.v.Word = NotYet
	}
	switch {
	case b.weight >= heavy:
		b.v.Certainty = Low
	case b.weight > 0:
		b.v.Certainty = Medium
	default:
		b.v.Certainty = High
	}
	return b.v, nil
}

// word is the verdict by days alone.
func (b *bench) word(supported float64) Word {
	switch {
	case supported <= 0:
		return NotYet
	case supported < b.in.Asked:
		return ReadyForLess
	}
	return Ready
}

// hours says what the week supports.
func (b *bench) hours() {
	h, w := b.v.Hours, b.week
	s := slots{
		"portable": number(h.Portable()), "total": number(h.Total()), "supported": Days(b.v.DaysSupported),
		"asked": Days(b.in.Asked), "now": Days(b.v.DaysNow), "day": number(w.DayHours()), "half": number(w.DayHours() / 2),
		"daily": number(w.Daily / float64(w.Days)),
	}
	s["duties"] = b.names(func(d Duty) bool { c := d.Counts(); return c == Home || c == HomeWithChange })
	answer := fmt.Sprintf("home %s h, home with a change %s h, office %s h, not sure %s h",
		number(h.Home), number(h.HomeWithChange), number(h.Office), number(h.NotSure))
	effect := Supports
	switch b.word(b.v.DaysSupported) {
	case NotYet:
		effect = Closes
	case ReadyForLess:
		effect = Limits
	}
	b.addFrom("HC-READY-HOURS", effect, answer, b.a.DutiesOrigin, s)

	switch {
	case b.v.DaysSupported == 0 && h.Portable() > 0:
		b.add("HC-READY-GATHER", Closes, answer, s)
	case b.v.DaysSupported == 0 && h.NotSure == 0:
		b.add("HC-READY-PLACE", Closes, answer, s)
	case b.v.DaysSupported > 0 && b.v.DaysSupported < 1:
		b.add("HC-READY-HALF", Limits, answer, s)
	}
	if free := (Week{w.Days, w.Total, w.Tied, 0}); w.Daily > 0 && free.Supports() > b.v.DaysSupported {
		daily := slots{"duties": b.names(func(d Duty) bool {
			c := d.Counts()
			return (c == Office || c == WhereNotSure) && d.binds() == Daily
		}), "daily": s["daily"], "half": s["half"]}
		if b.v.DaysSupported > 0 {
			b.add("HC-READY-DAILY", Limits, "binds: daily", daily)
		} else {
			b.add("HC-READY-DAILY", Closes, "binds: daily", daily)
		}
	}
	if h.Portable() > 0 && b.word(b.v.DaysSupported) == ReadyForLess {
		b.add("HC-READY-GATHER", Notes, answer, s)
	}
	if h.HomeWithChange > 0 && b.v.DaysNow < b.v.DaysSupported {
		if b.word(b.v.DaysNow) != b.word(b.v.DaysSupported) {
			b.unknown("HC-READY-NOW", "days without a change: "+number(b.v.DaysNow), light, s)
		} else {
			b.add("HC-READY-NOW", Notes, "days without a change: "+number(b.v.DaysNow), s)
		}
	}
}

// duties says what ties, what a change would free and what is not decided.
func (b *bench) duties() {
	open := light // what is not known about duties weighs more when it may change the verdict
	if b.word(b.a.best().Supports()) != b.word(b.v.DaysSupported) {
		open = heavy
	}
	for _, d := range b.a.Duties {
		s := slots{"duty": d.Name, "hours": number(d.Hours)}
		switch d.Counts() {
		case Office:
			b.ties(d, s)
		case WhereNotSure:
			b.unknown("HC-READY-NOT-SURE", "where: "+string(d.Where), open, s)
			continue // its binding is part of the same doubt
		case HomeWithChange:
			b.change(d, s)
		}
		if d.Counts() == Office && d.Binds != Daily && d.binds() == Daily {
			b.unknown("HC-READY-BINDING", "binds: "+orNone(string(d.Binds)), open, s)
		}
	}
}

// ties says why a duty counts as office, when more than the person's word says so.
func (b *bench) ties(d Duty, s slots) {
	conditions, err := Conditions()
	if err != nil {
		b.fail(err)
		return
	}
	var why []string
	for _, c := range conditions {
		if slices.Contains(d.Conditions, c.ID) {
			why = append(why, strings.ToLower(c.Name[:1])+c.Name[1:])
		}
	}
	if len(why) > 0 {
		s["why"] = strings.Join(why, ", ")
		b.add("HC-READY-CONDITION", Limits, "conditions: "+joined(d.Conditions), s)
		return
	}
	for _, t := range []struct {
		answer Answer
		name   string
	}{
		{d.Tests.Thing, "a thing that is only there"},
		{d.Tests.People, "people in the same room"},
		{d.Tests.Data, "data that may not leave"},
	} {
		if t.answer == Yes {
			why = append(why, t.name)
		}
	}
	answer := "tests: yes"
	if len(why) == 0 {
		why, answer = []string{"your answer"}, "where: office"
	}
	s["why"] = strings.Join(why, ", ")
	b.add("HC-READY-TIED", Limits, answer, s)
}

func (b *bench) change(d Duty, s slots) {
	if slices.Contains(d.Change, ChangeNotSure) || len(d.Change) == 0 {
		b.unknown("HC-READY-CHANGE", "change: not_sure", light, s)
		return
	}
	named := map[Change]string{
		ChangeAccess: "access", ChangeEquipment: "equipment", ChangeVideoLink: "a video link",
		ChangePaper: "paper made digital", ChangeOther: "something else",
	}
	var why []string
	for _, c := range d.Change {
		why = append(why, named[c])
	}
	s["why"] = strings.Join(why, ", ")
	b.add("HC-READY-CHANGE", First, "change: "+joined(d.Change), s)
	if d.testOpen() {
		b.weight += light
	}
}

func (b *bench) origin() {
	o := b.a.DutiesOrigin
	if o.Known() && o.Kind != cite.Assumption {
		b.addFrom("HC-READY-ORIGIN", Supports, string(o.Kind), o, slots{"origin": originText(o)})
		return
	}
	b.unknown("HC-READY-ORIGIN", orNone(string(o.Kind)), light, nil)
}

func (b *bench) unsupervised() {
	n := len(b.a.Unsupervised)
	if n == 0 {
		b.unknown("HC-READY-UNSUPERVISED", "none", light, nil)
		return
	}
	count := "1 example"
	if n > 1 {
		count = number(float64(n)) + " examples"
	}
	b.add("HC-READY-UNSUPERVISED", Supports, count, slots{"count": count})
}

// names lists the duties that fit, in words.
func (b *bench) names(fits func(Duty) bool) string {
	var out []string
	for _, d := range b.a.Duties {
		if fits(d) {
			out = append(out, d.Name)
		}
	}
	return listed(out)
}

// listed joins names as a sentence does, the first four of many.
func listed(names []string) string {
	const most = 4
	if len(names) > most {
		more := len(names) - most
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", more))
	}
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func joined[T ~string](list []T) string { return strings.Join(strs(list), ", ") }

func orNone(s string) string {
	if s == "" {
		return "not answered"
	}
	return s
}

// originText writes an origin in one line: measured, My task log, 2026-10-30.
func originText(o cite.Origin) string {
	var parts []string
	for _, p := range []string{string(o.Kind), o.Source, o.Date.String()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
