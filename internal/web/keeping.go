package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/plan"
)

// keepingScreens are how what was won is kept, and the private page for staying
// or moving on.
func keepingScreens() []screen {
	return []screen{
		{path: "/talk/keeping", get: showKeeping, post: saveKeeping},
		{path: "/talk/moving-on", get: showMovingOn, post: saveMovingOn},
	}
}

func keepingBinders() map[string]binder {
	return map[string]binder{
		"keeping-hours":  {fill: fillKeptHours, take: takeKeptHours, next: toKeepingPage, aside: none},
		"keeping-thanks": {take: takeThanks, next: toKeepingPage, aside: none},
		"keeping-review": {take: takeReview, next: toKeepingPage, aside: none},
		"keeping-day":    {take: takeOpportunity, next: toKeepingPage, aside: none},
	}
}

func toKeepingPage(*visit) string { return "/talk/keeping" }

func fillKeptHours(v *visit, a answers) {
	h := v.kase().Plan.Hours
	for name, c := range map[string]plan.Clock{"from": h.From, "to": h.To, "reach-from": h.ReachableFrom, "reach-to": h.ReachableTo} {
		a.Set(name, string(c))
	}
}

func takeKeptHours(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	say := v.s.words["keeping-hours"].Say["clock"]
	c.Plan.Hours = plan.Hours{From: a.clock("from", say), To: a.clock("to", say), ReachableFrom: a.clock("reach-from", say), ReachableTo: a.clock("reach-to", say)}
}

func takeThanks(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	t := plan.Thanks{Who: a.line("who"), For: a.line("for"), On: a.past(v, "on")}
	c.Plan.Keeping.Thanks = append(slices.Clone(c.Plan.Keeping.Thanks), t)
}

// past reads a day that cannot lie ahead.
func (a answers) past(v *visit, name string) day.Date {
	d := a.date(name, "The day")
	if d.After(v.today()) {
		a.refuse(name, "The day cannot lie ahead")
	}
	return d
}

func takeReview(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	d := a.date("on", "The day")
	if d.IsZero() {
		return
	}
	if slices.Contains(c.Plan.Keeping.Reviews, d) {
		a.refuse("on", "%s", v.s.words["keeping-review"].Say["twice"])
		return
	}
	c.Plan.Keeping.Reviews = append(slices.Clone(c.Plan.Keeping.Reviews), d)
	slices.SortFunc(c.Plan.Keeping.Reviews, func(a, b day.Date) int { return a.Sub(b) })
}

func takeOpportunity(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	o := plan.OpportunityDay{Date: a.date("date", "The day"), Why: a.line("why"), AgreedBy: a.line("by"), Result: a.line("result")}
	c.Plan.OpportunityDays = append(slices.Clone(c.Plan.OpportunityDays), o)
}

// keepingView is what keeps a home day.
type keepingView struct {
	Boss    string
	Hours   string
	Reach   string
	Items   []plan.KeepingItem
	Thanks  []thanksView
	Owed    int
	Reviews []reviewView
	Days    []opportunityView
}

type thanksView struct{ N, Who, For, On string }

type reviewView struct {
	N, On string
	Past  bool
}

type opportunityView struct{ N, On, Why, AgreedBy, Result string }

func showKeeping(v *visit) error {
	items, err := plan.KeepingItems()
	if err != nil {
		return err
	}
	p := v.kase().Plan
	view := keepingView{Boss: v.boss(), Items: items}
	if h := p.Hours; h.From != "" {
		view.Hours = string(h.From) + " to " + string(h.To)
		if h.ReachableFrom != "" {
			view.Reach = string(h.ReachableFrom) + " to " + string(h.ReachableTo)
		}
	}
	for i, t := range p.Keeping.Thanks {
		w := thanksView{N: itoa(i + 1), Who: t.Who, For: t.For}
		if t.On.IsZero() {
			view.Owed++
		} else {
			w.On = v.date(t.On)
		}
		view.Thanks = append(view.Thanks, w)
	}
	for i, d := range p.Keeping.Reviews {
		view.Reviews = append(view.Reviews, reviewView{itoa(i + 1), v.date(d), d.Before(v.today())})
	}
	for i, o := range p.OpportunityDays {
		view.Days = append(view.Days, opportunityView{itoa(i + 1), v.date(o.Date), o.Why, o.AgreedBy, o.Result})
	}
	return v.ok("keeping", page{Title: "Keep what you have won", Tab: "talk", Back: "/talk"}, view)
}

// saveKeeping notes that thanks were said, takes a line out, or hands out a
// review day for a calendar.
func saveKeeping(v *visit) error {
	what, n, _ := strings.Cut(v.form().Get("do"), "-")
	i, err := strconv.Atoi(n)
	if reviews := v.kase().Plan.Keeping.Reviews; what == "calendar" && err == nil && i >= 1 && i <= len(reviews) {
		return v.remind("review.ics", reviews[i-1], "review-reminder")
	}
	did := map[string]string{"said": "Said thank you", "thanks": "Took thanks out", "review": "Took a review day out", "day": "Took a single day at home out"}[what]
	if did == "" || err != nil || i < 1 {
		return v.seeOther("/talk/keeping")
	}
	save := v.remove
	if what == "said" {
		save = v.change
	}
	err = save(did, func(c *homecase.Case, _ *homecase.Course) error {
		k := &c.Plan.Keeping
		switch {
		case what == "said" && i <= len(k.Thanks):
			k.Thanks = slices.Clone(k.Thanks)
			k.Thanks[i-1].On = v.today()
		case what == "thanks" && i <= len(k.Thanks):
			k.Thanks = slices.Delete(slices.Clone(k.Thanks), i-1, i)
		case what == "review" && i <= len(k.Reviews):
			k.Reviews = slices.Delete(slices.Clone(k.Reviews), i-1, i)
		case what == "day" && i <= len(c.Plan.OpportunityDays):
			c.Plan.OpportunityDays = slices.Delete(slices.Clone(c.Plan.OpportunityDays), i-1, i)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/talk/keeping")
}

// movingOnView is the page for a no that stays. Nothing of it is shared.
type movingOnView struct {
	Boss  string
	Items []plan.MovingOn
	Wait  string // the day to ask again, while there is one
	Notes field
}

// mostNotes is what the case holds of a person's notes.
const mostNotes = 4000

func showMovingOn(v *visit) error {
	return v.movingOn(answers{map[string][]string{"notes": {v.kase().Plan.Notes}}, map[string]string{}})
}

func (v *visit) movingOn(a answers) error {
	items, err := plan.MovingOnQuestions()
	if err != nil {
		return err
	}
	view := movingOnView{Boss: v.boss(), Items: items}
	if n := v.kase().Plan.NotNow; n != nil && v.today().Before(n.RetryOn()) {
		view.Wait = v.date(n.RetryOn())
	}
	view.Notes = field{ID: "f-notes", Name: "notes", Kind: "area", Label: "Notes for you", Value: a.Get("notes"), Error: a.bad["notes"], Most: mostNotes}
	status := http.StatusOK
	if view.Notes.Error != "" {
		status = http.StatusUnprocessableEntity
	}
	return v.show(status, "moving-on", page{Title: "Stay, wait or move on?", Tab: "talk", Back: "/talk", Error: status != http.StatusOK}, view)
}

func saveMovingOn(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	if a.long("notes", mostNotes); len(a.bad) > 0 {
		return v.movingOn(a)
	}
	err := v.change("Saved notes", func(c *homecase.Case, _ *homecase.Course) error {
		c.Plan.Notes = a.text("notes")
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/talk/moving-on")
}
