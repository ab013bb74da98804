package web

import (
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/plan"
)

// promiseOptions are the promises and stop rules that can be ticked.
func promiseOptions(v *visit, name string) ([]option, error) {
	var out []option
	switch name {
	case "promises":
		offers, err := plan.Offers()
		if err != nil {
			return nil, err
		}
		words := v.kase().PlanWords()
		for _, o := range offers {
			if text := o.Write(words); text != "" { // without its words it cannot be promised yet
				out = append(out, option{Value: o.ID, Label: text, Hint: o.Source.Title})
			}
		}
	case "stop":
		offers, err := plan.StopOffers()
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
			out = append(out, option{Value: o.ID, Label: o.Text})
		}
	}
	return out, nil
}

// fillPromises shows the promises of the plan; where it has none, the usual ones.
func fillPromises(v *visit, a answers) {
	p, err := v.kase().WithUsual()
	if err != nil {
		p = v.kase().Plan
	}
	offers, err := plan.Offers()
	if err != nil {
		return
	}
	var own []string
	c := *v.kase()
	c.Plan = p
	words := c.PlanWords()
	for _, promise := range p.Promises {
		i := offerOf(offers, promise, words)
		if i >= 0 {
			a.Add("promises", offers[i].ID)
		} else {
			own = append(own, promise.Text)
		}
	}
	a.Set("own", strings.Join(own, "\n"))
	a.Set("from", string(p.Hours.From))
	a.Set("to", string(p.Hours.To))
	if len(p.CheckIns) > 0 {
		a.Set("every", string(p.CheckIns[0].Every))
		a.Set("what", p.CheckIns[0].What)
	}
}

func takePromises(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	p := &c.Plan
	offers, err := plan.Offers()
	if err != nil {
		a.refuse("promises", "The suggested promises cannot be read")
		return
	}
	before, earlier := p.Promises, c.PlanWords()
	p.Hours.From, p.Hours.To = plan.Clock(a.line("from")), plan.Clock(a.line("to"))
	for name, at := range map[string]plan.Clock{"from": p.Hours.From, "to": p.Hours.To} {
		if _, ok := at.Minutes(); at != "" && !ok {
			a.refuse(name, "Enter a time of day, like 09:00")
		}
	}
	takeCheckIn(a, p)
	places := promisePlaces{offers: map[string]int{}}
	for i, promise := range before {
		if o := offerOf(offers, promise, earlier); o >= 0 {
			places.offers[offers[o].ID] = i
		} else {
			places.own = append(places.own, i)
		}
	}
	words, ticked := c.PlanWords(), a.Values["promises"]
	var list []placed
	for _, o := range offers {
		if text := o.Write(words); slices.Contains(ticked, o.ID) && text != "" {
			at, ok := places.offers[o.ID]
			if !ok {
				at = len(before)
			}
			list = append(list, placed{plan.Promise{Text: text}, at})
		}
	}
	list = append(list, places.ownLines(lineList(a.text("own")), before)...)
	slices.SortStableFunc(list, func(a, b placed) int { return a.at - b.at })
	p.Promises = nil
	for _, l := range list {
		p.Promises = append(p.Promises, l.Promise)
	}
	if len(p.Promises) == 0 {
		a.refuse("promises", "Select or write at least one promise")
	}
}

// placed is a promise with its place in the list; what is new comes last.
type placed struct {
	plan.Promise
	at int
}

// promisePlaces are the places of the promises before the form was sent.
type promisePlaces struct {
	offers map[string]int
	own    []int // of those in the person's own words
}

// ownLines gives lines their places: a line that was changed keeps its place
// while as many lines are there as before.
func (l promisePlaces) ownLines(lines []string, before []plan.Promise) []placed {
	var out []placed
	for i, text := range lines {
		one := placed{plan.Promise{Text: text}, len(before)}
		if len(lines) == len(l.own) {
			one.at = l.own[i]
		}
		for _, at := range l.own {
			if before[at].Text == text {
				one = placed{before[at], at}
			}
		}
		out = append(out, one)
	}
	return out
}

// offerOf is the suggestion that a promise was taken from; -1 for own words.
func offerOf(offers []plan.Offer, p plan.Promise, words map[string]string) int {
	return slices.IndexFunc(offers, func(o plan.Offer) bool {
		return p.Limit == "" && p.Text != "" && (p.Text == o.Write(words) || p.Text == o.Plain)
	})
}

// takeCheckIn sets the first check-in and keeps the others.
func takeCheckIn(a answers, p *plan.Plan) {
	rest := p.CheckIns[min(len(p.CheckIns), 1):]
	p.CheckIns = slices.Clone(rest)
	every, what := plan.Every(a.line("every")), a.line("what")
	switch {
	case every == "" && what != "":
		a.refuse("every", "Select how often you report, or clear what you send")
	case every != "" && what == "":
		a.refuse("what", "Enter what you send")
	case every != "":
		p.CheckIns = append([]plan.CheckIn{{Every: every, What: what}}, rest...)
	}
	if len(p.CheckIns) == 0 {
		p.CheckIns = nil
	}
}

// lineList are the lines of a text that hold something.
func lineList(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// fillRules shows what happens when plans change; the usual rules where the
// plan has no promises yet.
func fillRules(v *visit, a answers) {
	p, err := v.kase().WithUsual()
	if err != nil {
		p = v.kase().Plan
	}
	a.Set("notice", p.Recall.Notice)
	a.Set("travel", p.Recall.Travel)
	a.Set("times", countText(p.Recall.MostPerMonth))
	a.Set("backup", p.Outage.Backup)
	a.Set("minutes", countText(p.Outage.AfterMinutes))
	a.Set("then", p.Outage.Then)
	offers, err := plan.StopOffers()
	if err != nil {
		return
	}
	var own []string
	for _, r := range p.StopRules {
		if i := slices.IndexFunc(offers, func(o plan.StopOffer) bool { return o.Text == r.Text }); i >= 0 {
			a.Add("stop", offers[i].ID)
		} else {
			own = append(own, r.Text)
		}
	}
	a.Set("own", strings.Join(own, "\n"))
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func takeRules(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	p := &c.Plan
	p.Recall.Notice, p.Recall.Travel = a.line("notice"), a.line("travel")
	p.Recall.MostPerMonth = whole(a, "times", "How often")
	p.Outage.Backup, p.Outage.Then = a.line("backup"), a.line("then")
	p.Outage.AfterMinutes = whole(a, "minutes", "The minutes")
	offers, err := plan.StopOffers()
	if err != nil {
		a.refuse("stop", "The suggested reasons cannot be read")
		return
	}
	before := p.StopRules
	p.StopRules = nil
	add := func(text string) {
		rule := plan.StopRule{Text: text}
		if i := slices.IndexFunc(before, func(b plan.StopRule) bool { return b.Text == text }); i >= 0 {
			rule = before[i]
		}
		p.StopRules = append(p.StopRules, rule)
	}
	for _, o := range offers {
		if slices.Contains(a.Values["stop"], o.ID) {
			add(o.Text)
		}
	}
	for _, text := range lineList(a.text("own")) {
		add(text)
	}
}

// whole reads a whole number; 0 where nothing was typed.
func whole(a answers, name, label string) int {
	n, ok := a.number(name, label)
	if ok && (n != float64(int(n)) || n < 0 || n > 10_000) {
		a.refuse(name, "%s must be a whole number, like 4", label)
		return 0
	}
	return int(n)
}
