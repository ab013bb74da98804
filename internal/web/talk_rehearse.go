package web

import (
	"homecase"
	"homecase/plan"
)

// rehearsalScreens are the ten cards.
func rehearsalScreens() []screen {
	return []screen{
		{path: "/talk/rehearse", get: showCards},
		{path: "/talk/rehearse/print", get: printCards},
		{path: "/talk/rehearse/{n}", get: showCard, post: saveCard},
	}
}

// cardView is a card with what the person said of it.
type cardView struct {
	homecase.Rehearsal
	N        int
	State    homecase.CardState
	Standing string // the state in words
}

type cardsView struct {
	Boss     string
	Cards    []cardView
	Ready    int
	Next     *cardView
	Openings []plan.OpeningQuestion
}

func (v *visit) cards() (cardsView, error) {
	view := cardsView{Boss: v.boss()}
	all, err := v.s.work.Rehearsal(v.open)
	if err != nil {
		return view, err
	}
	for i, r := range all {
		c := cardView{Rehearsal: r, N: i + 1, State: v.open.Course.Rehearsed[r.Concern]}
		c.Standing = v.s.label("card-state-none")
		if c.State != "" {
			c.Standing = v.s.label("card-state-" + string(c.State))
		}
		if c.State == homecase.CardReady {
			view.Ready++
		} else if view.Next == nil {
			next := c
			view.Next = &next
		}
		view.Cards = append(view.Cards, c)
	}
	view.Openings, err = plan.OpeningQuestions()
	return view, err
}

func showCards(v *visit) error {
	view, err := v.cards()
	if err != nil {
		return err
	}
	return v.ok("rehearse", page{Title: v.say("Rehearse the talk with {boss}"), Tab: "talk", Back: "/talk"}, view)
}

func printCards(v *visit) error {
	view, err := v.cards()
	if err != nil {
		return err
	}
	return v.ok("cards-print", page{Title: "Ten cards to rehearse with", Tab: "talk", Back: "/talk/rehearse", Wide: true}, view)
}

// oneCard is a card with how far the ten are.
type oneCard struct {
	cardView
	Boss string
	Of   int
	Show bool
}

func showCard(v *visit) error {
	view, err := v.cards()
	if err != nil {
		return err
	}
	i := v.index()
	if i < 0 || i >= len(view.Cards) {
		return errNoPage
	}
	c := oneCard{cardView: view.Cards[i], Boss: v.boss(), Of: len(view.Cards), Show: v.r.URL.Query().Get("show") == "1"}
	return v.ok("card", page{Title: c.Says, Tab: "talk", Back: "/talk/rehearse"}, c)
}

// saveCard keeps how the person feels about a card, and leads to the next one.
func saveCard(v *visit) error {
	cards, err := plan.Cards()
	if err != nil {
		return err
	}
	i := v.index()
	if i < 0 || i >= len(cards) {
		return errNoPage
	}
	state := homecase.CardState(v.form().Get("do"))
	if state != homecase.CardReady && state != homecase.CardAgain {
		return v.seeOther(v.r.URL.Path)
	}
	err = v.change("Rehearsed a card", func(_ *homecase.Case, course *homecase.Course) error {
		if course.Rehearsed == nil {
			course.Rehearsed = map[string]homecase.CardState{}
		}
		course.Rehearsed[cards[i].Concern] = state
		return nil
	})
	if err != nil {
		return err
	}
	if i+1 < len(cards) {
		return v.seeOther("/talk/rehearse/" + itoa(i+2))
	}
	return v.seeOther("/talk/rehearse")
}
