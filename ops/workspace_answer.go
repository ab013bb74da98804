package ops

import (
	"context"
	"slices"
	"strings"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/plan"
	"homecase/share"
)

// mostWorry is how much of a reason the plan keeps as the worry.
const mostWorry = 400

// Reply answers a question.
func (w *Workspace) Reply(ctx context.Context, o *Open, question, text string) (*Shared, error) {
	return w.reply(ctx, o, share.Reply{Question: question, Text: text})
}

// CorrectReply answers a question anew: the first answer stays in the record, and
// counts no longer.
func (w *Workspace) CorrectReply(ctx context.Context, o *Open, question, text string) (*Shared, error) {
	return w.reply(ctx, o, share.Reply{Question: question, Text: text, Corrects: true})
}

func (w *Workspace) reply(ctx context.Context, o *Open, r share.Reply) (*Shared, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.Ahead.Questions, func(q share.Asking) bool { return q.ID == r.Question && q.Answer == r.Text && r.Text != "" }) {
		return s, nil // pressed twice, it is one answer
	}
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { r.Key = k; return r })
}

// Counter is a counter-offer that waits, with the case as it would be with it.
type Counter struct {
	share.Standing
	Before share.Terms
	Then   homecase.Case
	Cannot fault.List // why the case cannot keep these terms
}

// Counter returns the changes that wait for an answer; Missing where none do.
func (w *Workspace) Counter(ctx context.Context, o *Open) (*Counter, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	d := s.Decision()
	if d == nil || d.Answer != share.Countered || !d.Accepted.IsZero() || d.Terms == nil {
		return nil, fault.New(fault.Missing, codeAnswer, "No changes wait for your answer.")
	}
	k := &Counter{Standing: *d, Before: s.Edition().Terms, Then: o.Case}
	if k.Then.Plan, err = o.Case.WithUsual(); err != nil {
		return nil, err
	}
	takeTerms(&k.Then.Plan, *d.Terms, k.Before)
	k.Cannot, err = cannotHold(&o.Case, &k.Then)
	return k, err
}

// cannotHold lists what is wrong with the plan of a case and was not before.
func cannotHold(before, then *homecase.Case) (fault.List, error) {
	was, err := before.Problems()
	if err != nil {
		return nil, err
	}
	is, err := then.Problems()
	if err != nil {
		return nil, err
	}
	var out fault.List
	for _, f := range is {
		old := slices.ContainsFunc(was, func(w *fault.Error) bool { return w.Code == f.Code && w.Place.Path == f.Place.Path && w.Say == f.Say })
		if !old && strings.HasPrefix(f.Place.Path, "plan") {
			out = append(out, f)
		}
	}
	return out, nil
}

// Accept takes the changes up. They go into the plan of the case once the line
// stands in the record.
func (w *Workspace) Accept(ctx context.Context, o *Open, decision, text string) (*Shared, error) {
	k, err := w.Counter(ctx, o)
	if err != nil {
		return nil, err
	}
	if k.ID != decision {
		return nil, fault.New(fault.Conflict, codeAnswer, "These are no longer the changes that were shown.").Then("Look at them again.")
	}
	if len(k.Cannot) > 0 {
		return nil, fault.New(fault.Finding, codeAnswer, "Your case cannot keep these changes: %s", k.Cannot[0].Say).Then("Answer in words, and ask for others.")
	}
	return w.sendNew(ctx, o.ID, func(key share.Key) share.Body { return share.Acceptance{Key: key, Decision: decision, Text: text} })
}

// Respond answers the changes in words, so that the reader may decide again.
func (w *Workspace) Respond(ctx context.Context, o *Open, decision, text string) (*Shared, error) {
	s, err := w.Shared(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(s.Ahead.Decisions, func(d share.Standing) bool { return d.ID == decision && d.Response == text }) {
		return s, nil // pressed twice, it is one answer
	}
	return w.sendNew(ctx, o.ID, func(k share.Key) share.Body { return share.Response{Key: k, Decision: decision, Text: text} })
}

// carry takes what the record says into the case: the answer that stands, and
// what was agreed on the trial. It looks at where things stand and not at what
// is new, so that it may be done again at any time.
func (w *Workspace) carry(ctx context.Context, id string) error {
	s, err := w.Shared(ctx, id)
	if err != nil {
		return err
	}
	o, err := w.Read(ctx, id)
	if err != nil {
		return err
	}
	if key := answerKey(s.Exchange); key != o.Course.Answer {
		did := carriedWords(s.Exchange)
		o, err = w.Change(ctx, id, did, func(c *homecase.Case, course *homecase.Course) error {
			d := s.Decision()
			if d == nil {
				return dropUndone(c, course, s.Exchange, key)
			}
			if d.Corrects != "" {
				if err := dropWrong(c, course, s.Exchange, key); err != nil {
					return err
				}
			}
			promised, err := c.WithUsual() // what was read and agreed to had them
			if err != nil {
				return err
			}
			if !d.Accepted.IsZero() {
				was := c.Plan
				course.Before = &was
			}
			takeAnswer(&c.Plan, promised, s.Exchange)
			course.Answer = key
			return nil
		})
		if err != nil && fault.KindOf(err) == fault.Invalid { // the plan was changed meanwhile, and cannot hold the terms
			o, err = w.Change(ctx, id, did, func(c *homecase.Case, course *homecase.Course) error {
				if d := s.Decision(); d != nil && !d.Accepted.IsZero() {
					c.Plan.Answer(plan.Outcome{How: plan.AgreedWithChanges, On: d.Day(), Note: printable(d.Note)})
				}
				course.Answer = key
				return nil
			})
		}
		if err != nil {
			return err
		}
	}
	return w.carryTrial(ctx, o, s.Exchange)
}

// answerKey names the answer that stands; empty where none does.
func answerKey(x *share.Exchange) string {
	d := x.Decision()
	switch {
	case d == nil:
		return ""
	case !d.Accepted.IsZero():
		return d.ID + ":accepted"
	}
	return d.ID
}

// carriedWords are what the history of the case says.
func carriedWords(x *share.Exchange) string {
	d := x.Decision()
	switch {
	case d == nil:
		return "The answer no longer stands"
	case d.Answer == share.Agreed:
		return "The answer came: agreed"
	case d.Answer == share.Deferred:
		return "The answer came: not now"
	case !d.Accepted.IsZero():
		return "Accepted the changes"
	}
	return "The answer came: changes asked for"
}

// takeAnswer makes the plan say what the decision that stands says. promised is
// the plan with all that was promised.
func takeAnswer(p *plan.Plan, promised plan.Plan, x *share.Exchange) {
	d := x.Decision()
	on, note := d.Day(), printable(d.Note)
	if was := p.Outcome; was != nil && was.Note != "" && d.Way != "" && was.How == howOf(d) {
		note = was.Note // their own, of the same answer
	}
	switch {
	case d.Answer == share.Agreed:
		p.Answer(plan.Outcome{How: plan.Agreed, On: on, Note: note})
	case d.Answer == share.Deferred:
		if d.Reason != "" {
			note = strings.TrimSpace(note + "\n" + printable(d.Reason))
		}
		p.Answer(plan.Outcome{How: plan.SaidNotNow, On: on, Note: note})
		n := *p.NotNow
		if d.Until.After(on) {
			n.AskAgain = d.Until
		}
		if worry := strings.Join(strings.Fields(printable(d.Reason)), " "); n.Worry == "" && worry != "" {
			n.Worry = string([]rune(worry)[:min(len([]rune(worry)), mostWorry)])
		}
		p.NotNow = &n
	case !d.Accepted.IsZero() && d.Terms != nil:
		*p = promised
		takeTerms(p, *d.Terms, x.Editions[d.Edition-1].Terms)
		p.Answer(plan.Outcome{How: plan.AgreedWithChanges, On: on, Note: note})
	}
}

func printable(s string) string { return strings.TrimSpace(content.Printable(s)) }

// howOf is a decision as the plan has it; empty for changes that wait.
func howOf(d *share.Standing) plan.How {
	switch {
	case d.Answer == share.Agreed:
		return plan.Agreed
	case d.Answer == share.Deferred:
		return plan.SaidNotNow
	case !d.Accepted.IsZero():
		return plan.AgreedWithChanges
	}
	return ""
}

// dropWrong takes an answer out of the case that was written down wrongly. What the
// person noted here beside the answer that is right stays.
func dropWrong(c *homecase.Case, course *homecase.Course, x *share.Exchange, key string) error {
	said, wait := c.Plan.Outcome, c.Plan.NotNow
	if err := dropUndone(c, course, x, key); err != nil {
		return err
	}
	if how := howOf(x.Decision()); said != nil && said.How == how {
		if c.Plan.Outcome = said; how == plan.SaidNotNow {
			c.Plan.NotNow = wait
		}
	}
	return nil
}

// dropUndone takes an answer out of the case that its reader has undone, or that was
// written down wrongly, with the changes that were accepted by it and the trial that
// was agreed on it. An answer to an earlier edition stays what it was.
func dropUndone(c *homecase.Case, course *homecase.Course, x *share.Exchange, key string) error {
	id, accepted, _ := strings.Cut(course.Answer, ":")
	i := slices.IndexFunc(x.Decisions, func(d share.Standing) bool { return d.ID == id })
	before := course.Before
	course.Answer, course.Before = key, nil
	if i < 0 || x.Decisions[i].Undone.IsZero() && x.Decisions[i].Corrected.IsZero() {
		return nil
	}
	d, p := x.Decisions[i], &c.Plan
	p.Outcome = nil
	if d.Answer == share.Deferred {
		p.NotNow = nil
	}
	if accepted != "" && d.Terms != nil && before != nil {
		was := *c
		was.Plan = *before
		taken, err := was.WithUsual()
		if err != nil {
			return err
		}
		takeTerms(&taken, *d.Terms, x.Editions[d.Edition-1].Terms)
		giveBack(p, taken, *before)
	}
	if t := course.Trial; t != nil && x.Trial != nil && !x.Trial.Stopped.IsZero() {
		course.Trial = nil
		if c.Trial != nil {
			plain := *c.Trial
			plain.Agreed = nil
			c.Trial = &plain
		}
		if len(course.Past) == 0 {
			p.At = ""
		}
	}
	return nil
}

// giveBack makes what terms have changed say what it did before them. What the
// person has changed since stays.
func giveBack(p *plan.Plan, taken, before plan.Plan) {
	if p.Days == taken.Days {
		p.Days = before.Days
	}
	if p.Choice == taken.Choice && slices.Equal(p.Allowed, taken.Allowed) && slices.Equal(p.Wish, taken.Wish) {
		p.Choice, p.Allowed, p.Wish = before.Choice, before.Allowed, before.Wish
	}
	if p.Start == taken.Start && p.Weeks == taken.Weeks && p.Until == taken.Until && p.DecideOn == taken.DecideOn {
		p.Start, p.Weeks, p.Until, p.DecideOn = before.Start, before.Weeks, before.Until, before.DecideOn
	}
	if p.Stop == taken.Stop && p.StopNotice == taken.StopNotice {
		p.Stop, p.StopNotice = before.Stop, before.StopNotice
	}
	if slices.Equal(p.Promises, taken.Promises) {
		p.Promises = before.Promises
	}
}

// takeTerms puts what was agreed into a plan. before is what was asked for: what
// is not another in the terms stays as the plan has it.
func takeTerms(p *plan.Plan, t, before share.Terms) {
	p.Days = float64(t.HalfDays) / 2
	if !slices.Equal(t.Weekdays, before.Weekdays) || t.Lottery != before.Lottery {
		switch {
		case t.Lottery:
			p.Choice, p.Allowed = plan.Lottery, slices.Clone(t.Weekdays)
			if len(p.Allowed) == len(day.Working()) {
				p.Allowed = nil
			}
		case len(t.Weekdays) == p.HomeDaysAWeek():
			p.Choice, p.Wish = plan.Fixed, slices.Clone(t.Weekdays)
		default:
			p.Choice, p.Allowed = plan.Boss, slices.Clone(t.Weekdays)
		}
		if p.Choice == plan.Fixed && len(p.Allowed) > 0 {
			p.Allowed = slices.Clone(t.Weekdays)
		}
	}
	if !t.Start.IsZero() {
		p.Start = t.Start
	}
	if t.Weeks > 0 {
		p.Weeks, p.Until = t.Weeks, day.Date{}
	}
	if !t.Until.IsZero() && p.EndDate() != t.Until { // the last day says more than the weeks
		p.Weeks, p.Until = 0, t.Until
	}
	if p.DecideOn = t.DecideOn; p.DecideOn.IsZero() || t.DecideOn == before.DecideOn && p.DecideOn.Before(p.EndDate()) {
		p.DecideOn = p.DecisionDay()
	}
	if t.Stop != "" {
		p.Stop = plan.Stop(t.Stop)
	}
	if t.Notice != before.Notice {
		p.StopNotice = printable(t.Notice)
	}
	if !slices.Equal(t.Promises, before.Promises) {
		was := p.Promises
		p.Promises = nil
		for _, text := range t.Promises {
			promise := plan.Promise{Text: printable(text)}
			for i, b := range before.Promises {
				if b == text && i < len(was) {
					promise = was[i]
				}
			}
			p.Promises = append(p.Promises, promise)
		}
	}
}
