package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/plan"
)

// talkBinder asks for the talk itself. It is closed while nothing may be asked.
func talkBinder() binder {
	return binder{
		fill: fillTalk, take: takeTalk, words: talkWords, next: toTalkPage, aside: (*visit).talkAside,
		closed: (*visit).mayAsk, checkThis: checkTalk,
	}
}

func talkWords(v *visit) []string {
	minutes := homecase.DefaultMinutes
	if t := v.kase().Plan.Talk; t != nil && t.Minutes > 0 {
		minutes = t.Minutes
	}
	subject := ""
	if in, err := v.kase().Shared().Invitation(); err == nil {
		subject = in.Subject
	}
	return []string{"{minutes}", strconv.Itoa(minutes), "{subject}", subject}
}

func fillTalk(v *visit, a answers) {
	a.Set("time", "10:30")
	a.Set("minutes", strconv.Itoa(homecase.DefaultMinutes))
	if d := v.s.work.ProposeTalk(v.kase()); !d.IsZero() {
		a.Set("date", d.String())
	}
	t := v.kase().Plan.Talk
	if t == nil {
		return
	}
	a.Set("place", t.Place)
	a.Set("note", t.Note)
	if !t.Date.IsZero() {
		a.Set("date", t.Date.String())
		a.Set("time", string(t.Time))
	}
	if t.Minutes > 0 {
		a.Set("minutes", strconv.Itoa(t.Minutes))
	}
}

func takeTalk(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	say := v.s.words["talk"].Say
	t := plan.Talk{Date: a.date("date", "The day of the talk"), Place: a.line("place"), Note: a.text("note")}
	if !t.Date.IsZero() && t.Date.Before(v.today()) {
		a.refuse("date", "%s", say["past"])
	}
	t.Time = a.clock("time", say["clock"])
	t.Minutes, _ = a.whole("minutes", "Minutes", 480)
	c.Plan.Talk = &t
}

// clock reads a time of day; what is none is refused.
func (a answers) clock(name, say string) plan.Clock {
	var c plan.Clock
	if s := a.line(name); s != "" && c.UnmarshalText([]byte(s)) != nil {
		a.refuse(name, "%s", say)
	}
	return c
}

// checkTalk asks whether a day that clashes is right.
func checkTalk(v *visit, a answers) string {
	try := v.open.Case
	takeTalk(v, answers{a.Values, map[string]string{}}, &try, nil)
	return strings.Join(v.clash(&try), " ")
}

// outcomeBinders ask how the talk went, and then for what belongs to the answer.
func outcomeBinders() map[string]binder {
	return map[string]binder{
		"outcome":          {fill: fillOutcome, take: takeOutcome, next: afterOutcome, aside: none},
		"outcome-agreed":   {fill: fillAnswer, take: takeAnswer(plan.Agreed), next: afterTalk, aside: none},
		"outcome-changes":  {fill: fillChanges, take: takeChanges, next: afterTalk, aside: (*visit).windowsAside},
		"outcome-thinking": {fill: fillThinking, take: takeThinking, next: toTalkPage, aside: none},
	}
}

// none is a page without a picture beside it.
func none(*visit) (template.HTML, error) { return "", nil }

// answered is the day of the answer: the one noted, that of the talk, or today.
func (v *visit) answered() day.Date {
	p := v.kase().Plan
	switch {
	case p.Outcome != nil && !p.Outcome.On.IsZero():
		return p.Outcome.On
	case p.Talk != nil && !p.Talk.Date.IsZero() && !p.Talk.Date.After(v.today()):
		return p.Talk.Date
	}
	return v.today()
}

func fillOutcome(v *visit, a answers) {
	if o := v.kase().Plan.Outcome; o != nil {
		a.Set("how", string(o.How))
	}
}

func takeOutcome(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	o := plan.Outcome{On: v.answered()}
	if before := c.Plan.Outcome; before != nil {
		o = *before
		o.On = v.answered()
	}
	if err := o.How.UnmarshalText([]byte(a.line("how"))); err != nil {
		a.refuse("how", "%s", v.s.words["outcome"].Fields[0].Missing)
		return
	}
	if o.How != plan.Thinking {
		o.FollowUp = day.Date{}
	}
	c.Plan.Answer(o)
}

func afterOutcome(v *visit) string {
	switch v.kase().Plan.Outcome.How {
	case plan.Agreed:
		return "/talk/outcome/agreed"
	case plan.AgreedWithChanges:
		return "/talk/outcome/changes"
	case plan.Thinking:
		return "/talk/outcome/thinking"
	}
	return "/talk/not-now/worry"
}

// fillAnswer fills the day of the answer and what was said.
func fillAnswer(v *visit, a answers) {
	a.Set("on", v.answered().String())
	if o := v.kase().Plan.Outcome; o != nil {
		a.Set("note", o.Note)
	}
}

// takeAnswer keeps an answer with its day and what was said.
func takeAnswer(how plan.How) func(*visit, answers, *homecase.Case, *homecase.Course) {
	return func(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
		c.Plan.Answer(v.readAnswer(a, how))
	}
}

// readAnswer reads the fields that every answer has.
func (v *visit) readAnswer(a answers, how plan.How) plan.Outcome {
	o := plan.Outcome{How: how, On: a.date("on", "The day"), Note: a.text("note")}
	if o.On.After(v.today()) {
		a.refuse("on", "The day cannot lie ahead")
	}
	return o
}

func fillChanges(v *visit, a answers) {
	fillAnswer(v, a)
	p := v.kase().Plan
	a.Set("days", formatNumber(p.AskedDays()))
	a.Set("choice", string(plan.Lottery))
	if p.Choice != "" {
		a.Set("choice", string(p.Choice))
	}
	for _, w := range p.Wish {
		a.Add("wish", w.String())
	}
	a.Set("start", p.Start.String())
	if n := p.WeekCount(); n > 0 {
		a.Set("weeks", strconv.Itoa(n))
	}
	a.Set("decide", p.DecideOn.String())
}

// takeChanges puts what was agreed into the plan. Days that both agreed on are
// allowed from then on.
func takeChanges(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	p, before := &c.Plan, c.Spoken()
	defer follow(a, c, before)
	p.Answer(v.readAnswer(a, plan.AgreedWithChanges))
	if f, ok := a.number("days", "Days"); ok {
		p.Days = f
	}
	if s := a.line("choice"); s != "" {
		p.Choice = plan.Choice(s)
	}
	p.Wish = nil
	for _, s := range a.Values["wish"] {
		if w, ok := weekday(s); ok {
			p.Wish = append(p.Wish, w)
		}
	}
	if len(p.Allowed) > 0 {
		p.Allowed = slices.Clone(p.Allowed)
		for _, w := range p.Wish {
			if !slices.Contains(p.Allowed, w) {
				p.Allowed = append(p.Allowed, w)
			}
		}
		slices.Sort(p.Allowed)
	}
	p.Start = a.date("start", "The first day")
	if n, ok := a.whole("weeks", "Weeks", 104); n > 0 {
		p.Weeks, p.Until = n, day.Date{}
	} else if ok {
		a.refuse("weeks", "%s", v.s.words["outcome-changes"].Say["none"])
	}
	if p.DecideOn = a.date("decide", "The day"); p.DecideOn.IsZero() {
		p.DecideOn = p.DecisionDay()
	}
}

// twoWeeks is how long a boss usually thinks about it.
const twoWeeks = 14

func fillThinking(v *visit, a answers) {
	fillAnswer(v, a)
	a.Set("follow", v.today().Add(twoWeeks).String())
	if o := v.kase().Plan.Outcome; o != nil && !o.FollowUp.IsZero() {
		a.Set("follow", o.FollowUp.String())
	}
}

func takeThinking(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	o := v.readAnswer(a, plan.Thinking)
	o.FollowUp = a.date("follow", "The day")
	c.Plan.Answer(o)
}

// lowestBinder asks for the least the person would accept.
func lowestBinder() binder {
	return binder{fill: fillLowest, take: takeLowest, options: lowestOptions, next: toTalkPage, aside: (*visit).rungsAside}
}

func fillLowest(v *visit, a answers) {
	a.Set("lowest", string(v.kase().Plan.Lowest))
	if ladder, err := v.rungs(); err == nil && a.Get("lowest") == "" && len(ladder) > 0 {
		a.Set("lowest", string(ladder[0].ID))
	}
}

func takeLowest(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	if ladder, err := ladderOf(c); err == nil {
		c.Plan.Ladder = ladder
	}
	c.Plan.Lowest = plan.RungID(a.line("lowest"))
}

func lowestOptions(v *visit, _ string) ([]option, error) {
	ladder, err := v.rungs()
	if err != nil {
		return nil, err
	}
	known, err := plan.Rungs()
	if err != nil {
		return nil, err
	}
	var out []option
	for _, r := range ladder {
		o := option{Value: string(r.ID), Label: r.Name}
		if i := slices.IndexFunc(known, func(k plan.RungEntry) bool { return k.Rung.ID == r.ID }); i >= 0 {
			o.Hint = known[i].Note
		}
		out = append(out, o)
	}
	return out, nil
}

// rungRow is a rung as five windows.
type rungRow struct {
	Name    string
	Windows []string // the class of each
	Lowest  bool
	Asked   bool // the case asks for this one
}

// rungsAside is the ladder as a picture, the full ask on top.
func (v *visit) rungsAside() (template.HTML, error) {
	ladder, err := v.rungs()
	if err != nil {
		return "", err
	}
	var rows []rungRow
	p := v.kase().Plan
	asked, _ := ladder.Tries(p.AskedDays(), p.At)
	for _, r := range slices.Backward(ladder) {
		rows = append(rows, rungRow{Name: r.Name, Windows: lights(r.Days), Lowest: r.ID == p.Lowest, Asked: r.ID == asked.ID})
	}
	return v.s.part("rungs-aside", rows)
}
