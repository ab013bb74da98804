package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/concern"
)

// concernScreens are the questions a boss may have.
func concernScreens() []screen {
	return []screen{
		{path: "/case/concerns", get: listConcerns, post: takeDrafts},
		{path: "/case/concerns/{n}", get: showConcern, post: saveConcern},
		{path: "/case/request", get: showRequest, post: saveRequest},
	}
}

// concernBinders ties the questions a boss may have to the case.
func concernBinders() map[string]binder {
	return map[string]binder{
		"worries":        {fill: fillWorries, take: takeWorries, options: worryOptions},
		"promises":       {fill: fillPromises, take: takePromises, options: promiseOptions, next: func(*visit) string { return "/case/promises/rules" }},
		"promises-rules": {fill: fillRules, take: takeRules, options: promiseOptions},
	}
}

// boxes are the picture of how far the person is: one box for each question,
// filled, tinted or dashed.
type boxes struct {
	Width, Height int
	List          []box
}

type box struct {
	X, Y  int
	Class string
}

type concernRow struct {
	N                            int
	Question, Label, State, Note string
}

type concernGroup struct {
	ID, Name, Count string
	Boxes           boxes
	Rows            []concernRow
}

type concernsView struct {
	Boss, Heading, Lede, Took, Next, On, Tally, ReadyHeading string
	Ready, Waiting                                           []homecase.Draft
	Groups                                                   []concernGroup
	Boxes                                                    boxes
	Meanings                                                 []concern.Meaning
}

// listConcerns shows the questions by their owners.
func listConcerns(v *visit) error {
	all, err := v.s.work.Questions(v.open)
	if err != nil {
		return err
	}
	t := concern.Count(all)
	view := concernsView{Boss: v.boss(), Tally: t.Sentence(), Heading: strconv.Itoa(t.Answered) + " of " + strconv.Itoa(t.Questions) + " answered", On: v.onward(homecase.TaskConcerns)}
	view.Lede = v.say(v.s.label("concerns-lede"))
	if t.Open == 0 {
		view.Lede = v.say(v.s.label("concerns-all"))
	}
	if n, err := strconv.Atoi(v.r.URL.Query().Get("took")); err == nil && n > 0 {
		view.Took = v.say(v.s.label("concerns-took"), "{n}", answersWord(n))
	}
	if i := nextOpen(all, 0); i > 0 {
		view.Next = "/case/concerns/" + strconv.Itoa(i)
	}
	drafts, err := v.kase().Drafts()
	if err != nil {
		return err
	}
	for _, d := range drafts {
		if len(d.Open) == 0 {
			view.Ready = append(view.Ready, d)
		} else {
			view.Waiting = append(view.Waiting, d)
		}
	}
	view.ReadyHeading = v.say(v.s.label("concerns-ready"), "{n}", answersWord(len(view.Ready)))
	if view.Meanings, err = concern.Meanings(); err != nil {
		return err
	}
	view.Meanings = slices.Clone(view.Meanings)
	for i := range view.Meanings {
		view.Meanings[i].Label = strings.ReplaceAll(view.Meanings[i].Label, "{owner}", "its owner")
	}
	view.Groups, view.Boxes = v.byOwner(all)
	return v.ok("concerns", page{Title: view.Heading, Tab: "case", Back: "/case"}, view)
}

func answersWord(n int) string {
	if n == 1 {
		return "1 ready answer"
	}
	return strconv.Itoa(n) + " ready answers"
}

// byOwner groups the questions by who can settle them, in the owners' order.
func (v *visit) byOwner(all []concern.View) (groups []concernGroup, whole boxes) {
	whole = boxesOf(all, 10)
	for _, owner := range concern.Owners() {
		var mine []concern.View
		g := concernGroup{ID: string(owner), Name: v.ownerName(owner)}
		for i, q := range all {
			if q.With != owner && (q.With != "" || len(q.Owners) == 0 || q.Owners[0] != owner) {
				continue
			}
			mine = append(mine, q)
			g.Rows = append(g.Rows, concernRow{N: i + 1, Question: q.Question, Label: v.stateLabel(q), State: string(q.State), Note: v.sinceNote(q)})
		}
		if len(mine) == 0 {
			continue
		}
		t := concern.Count(mine)
		g.Count = strconv.Itoa(t.Questions-t.Open) + " of " + strconv.Itoa(t.Questions)
		g.Boxes = boxesOf(mine, len(mine))
		groups = append(groups, g)
	}
	return groups, whole
}

// ownerName is an owner as a heading; the manager is the boss.
func (v *visit) ownerName(o concern.Owner) string {
	switch o {
	case concern.Manager:
		return v.say("{Boss}")
	case concern.Employee:
		return "You"
	}
	name := strings.TrimPrefix(o.Name(), "the ")
	return upperFirst(name)
}

// stateLabel is where a question stands, as the person reads it.
func (v *visit) stateLabel(q concern.View) string {
	switch q.State {
	case concern.BossDecides:
		return v.say("{Boss} decides")
	case concern.WithOwner:
		return "With " + strings.TrimPrefix(v.ownerName(q.With), "the ")
	case concern.Answered:
		return "Answered"
	}
	return q.Label
}

func (v *visit) sinceNote(q concern.View) string {
	switch {
	case q.State == concern.WithOwner && !q.Since.IsZero():
		return "Since " + v.kase().Locale().Date(q.Since)
	case q.State == concern.Answered:
		return "By " + q.By
	}
	return ""
}

// boxesOf draws the questions, so many in a row.
func boxesOf(all []concern.View, row int) boxes {
	b := boxes{Width: 20 * min(len(all), row), Height: 20 * ((len(all) + row - 1) / row)}
	for i, q := range all {
		class := "f-hi"
		switch q.State {
		case concern.Open:
			class = "f-open"
		case concern.Proposal:
			class = "f-lo"
		}
		b.List = append(b.List, box{X: 2 + 20*(i%row), Y: 2 + 20*(i/row), Class: class})
	}
	return b
}

// nextOpen is the number of the first open question after the n-th; 0 without one.
func nextOpen(all []concern.View, n int) int {
	for i := n; i < len(all); i++ {
		if all[i].State == concern.Open {
			return i + 1
		}
	}
	return 0
}

// takeDrafts makes the ready answers the person's own proposals.
func takeDrafts(v *visit) error {
	if v.form().Get("do") != "ready" {
		return v.seeOther("/case/concerns")
	}
	took := 0
	err := v.change("Used the ready answers", func(c *homecase.Case, _ *homecase.Course) (err error) {
		took, err = c.TakeDrafts()
		return err
	})
	if err != nil {
		return err
	}
	return v.seeOther("/case/concerns?took=" + strconv.Itoa(took))
}

func fillWorries(v *visit, a answers) {
	for _, id := range v.kase().Concerns.Top {
		a.Add("top", string(id))
	}
}

func takeWorries(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	top := []concern.ID{}
	for _, s := range a.Values["top"] {
		if id := concern.ID(s); !slices.Contains(top, id) {
			top = append(top, id)
		}
	}
	if text := a.line("own"); text != "" {
		top = append(top, ownQuestion(c, text))
	}
	if len(top) > concern.MaxTop {
		name := "top"
		if len(top) == concern.MaxTop+1 && a.line("own") != "" {
			name = "own"
		}
		a.refuse(name, "Pick up to three. The others stay in the packet, further down")
	}
	c.Concerns.Top = slices.Compact(top)
	if len(top) == 0 {
		c.Concerns.Top = nil
	}
}

// ownQuestion is the id of a question of the person's own, which is added when
// it is new.
func ownQuestion(c *homecase.Case, text string) concern.ID {
	for i := range c.Concerns.Own {
		if strings.EqualFold(strings.TrimSpace(c.Concerns.Own[i].Question), text) && c.Concerns.Own[i].ID != "" {
			return c.Concerns.Own[i].ID
		}
	}
	own := slices.Clone(c.Concerns.Own)
	for i := range own { // a place in the list stands for an id that is left out
		if own[i].ID == "" {
			own[i].ID = concern.ID("own-" + strconv.Itoa(i+1))
		}
	}
	n := 1
	id := func() concern.ID { return concern.ID("own-" + strconv.Itoa(n)) }
	for slices.ContainsFunc(own, func(o concern.Own) bool { return o.ID == id() }) {
		n++
	}
	c.Concerns.Own = append(own, concern.Own{ID: id(), Question: text})
	return id()
}

// worryOptions are the questions of the case, the usual five first.
func worryOptions(v *visit, _ string) ([]option, error) {
	all, err := v.s.work.Questions(v.open)
	if err != nil {
		return nil, err
	}
	usual, err := concern.Usual()
	if err != nil {
		return nil, err
	}
	var first, rest []option
	for _, q := range all {
		o := option{Value: string(q.ID), Label: q.Question}
		if slices.Contains(usual, q.ID) {
			o.Hint = "One of the five most people are asked first"
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	return append(first, rest...), nil
}

// concernStatus sends a form back, or shows it.
func concernStatus(bad int) int {
	if bad > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
