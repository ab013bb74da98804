package web

import (
	"html/template"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/ops"
	"homecase/plan"
)

// talkScreens are the pages about the talk, and about what follows it.
func talkScreens() []screen {
	own := []screen{{path: "/talk", get: showTalk, post: saveTalk}}
	for _, group := range [][]screen{rehearsalScreens(), notNowScreens(), letterScreens(), keepingScreens()} {
		own = append(own, group...)
	}
	return own
}

// talkBinders ties the pages about the talk to the case.
func talkBinders() map[string]binder {
	all := map[string]binder{"talk": talkBinder(), "lowest": lowestBinder()}
	for _, group := range []map[string]binder{outcomeBinders(), notNowBinders(), keepingBinders()} {
		for id, b := range group {
			all[id] = b
		}
	}
	return all
}

func toTalkPage(*visit) string { return "/talk" }

// mayAsk refuses what asks for something before the agreed day.
func (v *visit) mayAsk() error { return v.kase().MayAsk(v.today()) }

// near writes a day without its year while it cannot be mistaken.
func (v *visit) near(d day.Date) string {
	if n := d.Sub(v.today()); n > -300 && n < 300 {
		return v.kase().Locale().DayMonth(d)
	}
	return v.date(d)
}

// talkView is the front of the talk: what it says follows the case.
type talkView struct {
	Stage         plan.Stage
	Heading, Lede string
	Boss          string
	Invite        *homecase.Invite
	Place, Note   string
	Today         bool // it is the day of the talk
	Changed       bool // the yes came with changes, and promises were made before them
	Clash         []string
	PastStart     string // the trial's first day, where it is over
	Tasks         []plan.Task
	Letter        *letterSheet
	Around        aroundTalk
}

// aroundTalk is what else there is to do about the talk.
type aroundTalk struct {
	Ready, Cards int
	Lowest       string
	Won, Waiting bool   // what was won is kept; nothing is asked for
	Packet       bool   // a packet was made
	Office       string // through which the case is shared
	Untold       bool   // what was decided is not in its record
	Boss         string
}

// showTalk is the page for where the talk stands.
func showTalk(v *visit) error {
	stage := v.kase().Plan.Stage(v.today())
	switch stage {
	case plan.TalkOpen:
		return v.ask(v.s.words["talk"], talkBinder())
	case plan.TalkNotNow:
		return showNotNow(v)
	}
	view := talkView{Stage: stage, Boss: v.boss()}
	var err error
	if view.Around, err = v.around(); err != nil {
		return err
	}
	p := v.kase().Plan
	on, at := p.NotNow.Retry(), ""
	switch stage {
	case plan.TalkSet, plan.TalkOver:
		on, at = p.Talk.Date, meetingLine(p.Talk)
		err = v.fillMeeting(&view)
	case plan.TalkThinking:
		on = p.Outcome.FollowUp
	case plan.TalkAgreed:
		on = p.Outcome.On
		view.Changed = p.Outcome.How == plan.AgreedWithChanges && len(p.Promises) > 0
	case plan.TalkAgain:
		if !p.Start.IsZero() && !p.Start.After(v.today()) {
			view.PastStart = v.date(p.Start)
		}
		if p.NotNow != nil {
			view.Tasks = p.NotNow.Tasks
		}
	}
	if err != nil {
		return err
	}
	label := string(stage)
	if stage == plan.TalkThinking && !v.today().Before(on) {
		label += "-over"
	}
	if stage == plan.TalkThinking || stage == plan.TalkAgreed {
		if view.Letter, err = v.letterSheet(homecase.Thanks); err != nil {
			return err
		}
	}
	view.Heading = v.say(v.s.label("talk-head-"+label), "{day}", v.near(on))
	view.Lede = v.say(v.s.label("talk-lede-"+label), "{day}", v.near(on), "{at}", at)
	return v.ok("talk", page{Title: view.Heading, Tab: "talk"}, view)
}

// meetingLine says when and where in one line.
func meetingLine(t *plan.Talk) string {
	minutes := t.Minutes
	if minutes == 0 {
		minutes = homecase.DefaultMinutes
	}
	parts := []string{t.Date.Weekday().Name()}
	if t.Time != "" {
		parts[0] += " at " + string(t.Time)
	}
	parts = append(parts, strconv.Itoa(minutes)+" minutes")
	if t.Place != "" {
		parts = append(parts, t.Place)
	}
	return strings.Join(parts, ", ")
}

// fillMeeting adds the invitation, and what speaks against its day.
func (v *visit) fillMeeting(view *talkView) error {
	t := v.kase().Plan.Talk
	view.Place, view.Note, view.Today = t.Place, t.Note, t.Date == v.today()
	if view.Stage != plan.TalkSet {
		return nil
	}
	in, _, err := v.s.work.Meeting(v.kase())
	if err != nil {
		return err
	}
	view.Invite, view.Clash = &in, v.clash(v.kase())
	return nil
}

// clash says what speaks against the day of the talk, in the country's dates.
func (v *visit) clash(c *homecase.Case) []string {
	var out []string
	for _, f := range v.s.work.CheckTalk(c) {
		out = append(out, strings.ReplaceAll(f.Say, c.Plan.Talk.Date.String(), v.date(c.Plan.Talk.Date)))
	}
	return out
}

func (v *visit) around() (aroundTalk, error) {
	p := v.kase().Plan
	a := aroundTalk{Boss: v.boss(), Packet: len(v.open.Course.Made) > 0}
	cards, err := plan.Cards()
	if err != nil {
		return a, err
	}
	if a.Office, err = v.sharedAt(); err != nil {
		return a, err
	}
	if a.Office != "" {
		untold, err := v.untold()
		if err != nil {
			return a, err
		}
		a.Untold = untold != nil
	}
	a.Cards = len(cards)
	for _, c := range cards {
		if v.open.Course.Rehearsed[c.Concern] == homecase.CardReady {
			a.Ready++
		}
	}
	ladder, err := v.rungs()
	if err != nil {
		return a, err
	}
	for _, r := range ladder {
		if r.ID == p.Lowest {
			a.Lowest = r.Name
		}
	}
	stage := p.Stage(v.today())
	a.Won = stage == plan.TalkAgreed
	a.Waiting = stage == plan.TalkNotNow || stage == plan.TalkAgain
	return a, nil
}

// saveTalk hands out the invitation, begins to ask again, or keeps the day of
// the talk: the page that asks for it is the front while there is none.
func saveTalk(v *visit) error {
	switch v.form().Get("do") {
	case "invite":
		return sendMeeting(v)
	case "again":
		return askAgain(v)
	}
	return v.answer(v.s.words["talk"], talkBinder())
}

// sendMeeting hands out the invitation for a calendar.
func sendMeeting(v *visit) error {
	if t := v.kase().Plan.Talk; t == nil || t.Date.IsZero() {
		return v.seeOther("/talk")
	}
	_, file, err := v.s.work.Meeting(v.kase())
	if err != nil {
		return err
	}
	return v.send(ops.File{Name: "meeting.ics", Data: file}, false)
}

// askAgain begins the next ask, once the day has come.
func askAgain(v *visit) error {
	if err := v.mayAsk(); err != nil {
		return err
	}
	err := v.change("Began to ask again", func(c *homecase.Case, _ *homecase.Course) error {
		c.Plan.AskAgain()
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/talk")
}

// rungs is the ladder of the case, or the one that ships up to the ask.
// rungs are the person's own ladder, or the one that ships up to the ask.
func (v *visit) rungs() (plan.Ladder, error) { return ladderOf(v.kase()) }

func ladderOf(c *homecase.Case) (plan.Ladder, error) {
	if len(c.Plan.Ladder) > 0 {
		return c.Plan.Ladder, nil
	}
	return plan.DefaultLadder(c.Plan.AskedDays())
}

// talkAside is what else to do about the talk, beside the question of its day.
func (v *visit) talkAside() (template.HTML, error) {
	a, err := v.around()
	if err != nil {
		return "", err
	}
	return v.s.part("talk-aside", a)
}
