package web

import (
	"net/http"
	"slices"
	"strconv"

	"homecase/fault"
	"homecase/plan"
)

// ladderScreens are the ladder.
func ladderScreens() []screen {
	return []screen{
		{path: "/ladder", get: showLadder, post: saveLadder},
		{path: "/ladder/ask", get: showAsk, post: saveAsk},
	}
}

type ladderView struct {
	Boss, Heading, Lede string
	Rungs               []rungView
	Ask, Add            bool
	More                []plan.Rung // rungs that may be added at the top
	Errors              []field
}

type rungView struct {
	Name, State, Days string
	Lit               []string // the class of each window
	Now, Open         bool
}

// showLadder says which rung is open, and why or why not.
func showLadder(v *visit) error { return v.ladderPage(http.StatusOK, nil) }

func (v *visit) ladderPage(status int, bad []field) error {
	ladder, err := v.rungs()
	if err != nil {
		return err
	}
	opening, err := v.s.work.Opening(v.ctx(), v.open)
	if err != nil {
		return err
	}
	p := v.kase().Plan
	view := ladderView{Boss: v.boss(), Errors: bad, Heading: v.s.label("ladder-heading"), Lede: v.say(v.s.label("ladder-first"))}
	asked, isRung := ladder.Tries(p.AskedDays(), p.At)
	if opening != nil {
		if err := v.openingWords(*opening, &view); err != nil {
			return err
		}
	} else if n := len(v.open.Course.Past); n == 0 && isRung {
		view.Heading = v.say(v.s.label("ladder-asked"), "{rung}", lowerFirst(asked.Name))
	} else if n > 0 {
		view.Lede = v.s.label("ladder-stopped")
	}
	for i := len(ladder) - 1; i >= 0; i-- {
		r := ladder[i]
		row := rungView{Name: r.Name, Lit: lights(r.Days), Now: r.ID == p.At, Open: opening != nil && opening.Step == plan.Open && opening.Rung != nil && opening.Rung.ID == r.ID}
		switch {
		case row.Now && v.open.Course.Trial != nil:
			row.State = v.s.label("rung-trial")
		case row.Now:
			row.State = v.s.label("rung-here")
		case row.Open:
			row.State = v.s.label("rung-open")
		case p.At != "" && ladder.Above(p.At, r.ID) > 0:
			row.State = v.s.label("rung-below")
		case p.At == "" && isRung && asked.ID == r.ID:
			row.State, row.Now = v.s.label("rung-asked"), true
		case p.At == "" && isRung && ladder.Above(asked.ID, r.ID) > 0:
			row.State = v.s.label("rung-less")
		default:
			row.State = v.s.label("rung-later")
		}
		view.Rungs = append(view.Rungs, row)
	}
	if view.More, err = moreRungs(ladder); err != nil {
		return err
	}
	view.Add = len(view.More) > 0 && len(ladder) > 0 && ladder[len(ladder)-1].ID == p.At
	return v.show(status, "ladder", page{Title: view.Heading, Tab: "ladder", Wide: true, Error: len(bad) > 0}, view)
}

// lights are the classes of five windows: lit for a day at home, half lit for
// less than a day a week.
func lights(days float64) []string {
	out := make([]string, 5)
	for i := range out {
		switch left := days - float64(i); {
		case left >= 1:
			out[i] = "home"
		case left > 0 || i == 0:
			out[i] = "part"
		}
	}
	return out
}

// openingWords puts what is open into words.
func (v *visit) openingWords(o plan.Opening, view *ladderView) error {
	var err error
	view.Heading = v.s.label("ladder-" + string(o.Step))
	if o.Rung != nil {
		view.Heading = v.say(view.Heading, "{rung}", lowerFirst(o.Rung.Name))
	}
	view.Lede, err = v.ruleWords(o.Why)
	view.Ask = o.Step == plan.Open
	return err
}

// moreRungs are the rungs that ship above a ladder.
func moreRungs(l plan.Ladder) ([]plan.Rung, error) {
	all, err := plan.Rungs()
	if err != nil || len(l) == 0 {
		return nil, err
	}
	var out []plan.Rung
	for _, r := range all {
		if r.Rung.Days > l[len(l)-1].Days && !slices.ContainsFunc(l, func(have plan.Rung) bool { return have.ID == r.Rung.ID }) {
			out = append(out, r.Rung)
		}
	}
	return out, nil
}

// saveLadder adds a rung at the top.
func saveLadder(v *visit) error {
	ladder, err := v.rungs()
	if err != nil {
		return err
	}
	more, err := moreRungs(ladder)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(more, func(r plan.Rung) bool { return string(r.ID) == v.form().Get("rung") })
	if i < 0 {
		return v.ladderPage(http.StatusUnprocessableEntity, []field{{ID: "rung", Error: v.s.label("rung-missing")}})
	}
	if err := v.s.work.AddRung(v.ctx(), v.open, ladder, more[i]); err != nil {
		return err
	}
	return v.seeOther("/ladder")
}

// askView is the half page that asks for the next rung, and the round that follows.
type askView struct {
	Boss, Subject      string
	Text               []blockView
	Rung               string
	Running            bool
	Start, Weeks       string
	Errors             []field
	StartBad, WeeksBad string
}

func showAsk(v *visit) error {
	start := usualStart(v.today())
	return v.askPage(http.StatusOK, askView{Start: start.String(), Weeks: "8"})
}

func (v *visit) askPage(status int, view askView) error {
	note, err := v.s.work.NextRung(v.ctx(), v.open)
	if err != nil {
		if k := fault.KindOf(err); k == fault.Finding || k == fault.Missing || k == fault.Invalid {
			return v.seeOther("/ladder") // which says why it is not open
		}
		return err
	}
	opening, err := v.s.work.Opening(v.ctx(), v.open)
	if err != nil {
		return err
	}
	if opening == nil || opening.Rung == nil || opening.Step != plan.Open {
		return v.seeOther("/ladder")
	}
	view.Boss, view.Rung, view.Running = v.boss(), lowerFirst(opening.Rung.Name), v.open.Course.Trial != nil
	view.Subject = note.Subject
	for _, s := range note.Message.Sections {
		view.Text = append(view.Text, blocksOf(s.Blocks)...)
	}
	return v.show(status, "ladder-ask", page{Title: v.say(v.s.label("ask-title"), "{rung}", view.Rung), Tab: "ladder", Back: "/ladder", Wide: true, Error: len(view.Errors) > 0}, view)
}

// saveAsk hands the half page over, or begins the next round.
func saveAsk(v *visit) error {
	switch name := v.form().Get("file"); name {
	case "next-step.docx", "next-step.eml", "next-step.txt":
		data, err := v.s.work.NextRungFile(v.ctx(), v.open, name)
		if err != nil {
			return err
		}
		return v.handOver(name, data)
	}
	a := answers{v.form(), map[string]string{}}
	start := a.date("start", "The first day")
	weeks, err := strconv.Atoi(a.line("weeks"))
	if err != nil || weeks < 1 || weeks > 104 {
		a.refuse("weeks", "%s", v.s.label("ask-weeks-bad"))
	}
	if start.IsZero() || !start.After(v.today()) {
		a.refuse("start", "%s", v.s.label("ask-start-bad"))
	}
	view := askView{Start: a.line("start"), Weeks: a.line("weeks"), StartBad: a.bad["start"], WeeksBad: a.bad["weeks"]}
	for _, name := range []string{"start", "weeks"} {
		if say := a.bad[name]; say != "" {
			view.Errors = append(view.Errors, field{ID: name, Error: say})
		}
	}
	if len(view.Errors) > 0 {
		return v.askPage(http.StatusUnprocessableEntity, view)
	}
	open, err := v.s.work.Climb(v.ctx(), v.open, start, weeks)
	if err != nil {
		return err
	}
	v.open = open
	return v.seeOther("/trial/plan")
}
