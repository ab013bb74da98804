package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/concern"
	"homecase/day"
	"homecase/ops"
	"homecase/packet"
	"homecase/plan"
)

// notNowScreens are the pages of a "not now".
func notNowScreens() []screen {
	return []screen{{path: "/talk/not-now", get: showNotNow, post: saveNotNow}}
}

func notNowBinders() map[string]binder {
	return map[string]binder{
		"not-now":       {fill: fillNotNow, take: takeNotNow, options: heardOptions, next: afterNotNow, aside: none, checkThis: checkRetry},
		"not-now-tasks": {fill: fillTasks, take: takeTasks, next: afterTalk, missing: noNotNow, aside: none},
	}
}

func noNotNow(v *visit) bool { return v.kase().Plan.NotNow == nil }

// mostTasks is how many tasks a worry is turned into.
const mostTasks = 4

func fillNotNow(v *visit, a answers) {
	p := v.kase().Plan
	said := v.answered()
	if n := p.NotNow; n != nil {
		said = n.Said
		a.Set("worry", n.Worry)
		a.Set("concern", n.Concern)
		a.Set("again", n.RetryOn().String())
	}
	a.Set("said", said.String())
	if a.Get("again") == "" {
		a.Set("again", plan.NotNow{Said: said}.RetryOn().String())
	}
}

func takeNotNow(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	n := plan.NotNow{}
	if before := c.Plan.NotNow; before != nil {
		n = *before
	}
	n.Worry, n.Concern = a.text("worry"), a.line("concern")
	n.Said, n.AskAgain = a.date("said", "The day"), a.date("again", "The day to ask again")
	if n.Said.After(v.today()) {
		a.refuse("said", "%s", v.s.words["not-now"].Say["future"])
	}
	known, err := concern.Find(concern.ID(n.Concern))
	switch {
	case n.Worry != "":
	case err == nil && n.Concern != "":
		n.Worry = known.Question
	default:
		a.refuse("worry", "%s", v.s.words["not-now"].Say["worry"])
	}
	o := plan.Outcome{How: plan.SaidNotNow}
	if before := c.Plan.Outcome; before != nil {
		o.Note = before.Note
	}
	o.On = n.Said
	c.Plan.Outcome, c.Plan.NotNow = &o, &n
}

// put is the place at which a question was put first; those that were not come last.
func put(q concern.View) int {
	if q.Top == 0 {
		return 1 << 10
	}
	return q.Top
}

// heardOptions are the questions of the case, those put first at the head.
func heardOptions(v *visit, _ string) ([]option, error) {
	views, err := v.s.work.Questions(v.open)
	if err != nil {
		return nil, err
	}
	views = slices.Clone(views)
	slices.SortStableFunc(views, func(a, b concern.View) int { return cmp.Compare(put(a), put(b)) })
	all, err := concern.Catalogue()
	if err != nil {
		return nil, err
	}
	out := []option{{Label: v.s.words["not-now"].Say["none"]}}
	for _, w := range views {
		if slices.ContainsFunc(all, func(c concern.Concern) bool { return c.ID == w.ID }) {
			out = append(out, option{Value: string(w.ID), Label: w.Title})
		}
	}
	for _, c := range all {
		if !slices.ContainsFunc(views, func(w concern.View) bool { return w.ID == c.ID }) {
			out = append(out, option{Value: string(c.ID), Label: c.Title})
		}
	}
	return out, nil
}

// checkRetry asks about a day to ask again that comes very soon.
func checkRetry(v *visit, a answers) string {
	try := v.open.Case
	takeNotNow(v, answers{a.Values, map[string]string{}}, &try, nil)
	for _, f := range try.CheckThis() {
		if f.Place.Path == "plan.not_now.ask_again" {
			return f.Say
		}
	}
	return ""
}

func afterNotNow(*visit) string { return "/talk/not-now/tasks" }

// fillTasks offers what settles the worry, until the person has tasks.
func fillTasks(v *visit, a answers) {
	n := v.kase().Plan.NotNow
	var texts []string
	for _, t := range n.Tasks {
		texts = append(texts, t.Text)
	}
	if len(texts) == 0 {
		texts, _ = homecase.SuggestTasks(n.Concern) // a concern of an older catalogue suggests nothing
	}
	for i, s := range texts[:min(len(texts), mostTasks)] {
		a.Set("task-"+itoa(i+1), s)
	}
}

// takeTasks keeps the list; a task that keeps its words stays done.
func takeTasks(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	if c.Plan.NotNow == nil {
		return
	}
	n := *c.Plan.NotNow
	before := n.Tasks
	n.Tasks = nil
	for i := 1; i <= mostTasks; i++ {
		t := plan.Task{Text: a.line("task-" + itoa(i))}
		if t.Text == "" {
			continue
		}
		if k := slices.IndexFunc(before, func(b plan.Task) bool { return b.Text == t.Text }); k >= 0 {
			t.DoneOn = before[k].DoneOn
		}
		n.Tasks = append(n.Tasks, t)
	}
	if len(before) > mostTasks { // the form shows the first four
		n.Tasks = append(n.Tasks, before[mostTasks:]...)
	}
	c.Plan.NotNow = &n
}

// notNowView is the page between a "not now" and the day to ask again.
type notNowView struct {
	Heading, Lede   string
	Boss            string
	Open            bool // the day has come
	Worry           string
	Picture         packet.Chart
	Alt             string
	Tasks           []taskView
	Letter          *letterSheet
	Thanked         string
	Around          aroundTalk
	RetryDay, Again string
}

type taskView struct{ N, Text, Done string }

// showNotNow is the page of a "not now": thanks, the worry, what to do, and the
// day. Before that day nothing on it asks for anything.
func showNotNow(v *visit) error {
	n := v.kase().Plan.NotNow
	if n == nil || n.Worry == "" {
		return v.seeOther("/talk/not-now/worry")
	}
	retry := n.RetryOn()
	view := notNowView{Boss: v.boss(), Open: !v.today().Before(retry), Worry: n.Worry, RetryDay: v.near(retry), Again: v.date(retry)}
	view.Heading = v.say(v.s.label("not-now-head"), "{day}", v.near(retry))
	view.Lede = v.say(v.s.label("not-now-lede"), "{day}", v.date(retry))
	if view.Open {
		view.Heading, view.Lede = v.say(v.s.label("talk-head-again")), v.say(v.s.label("talk-lede-again"), "{day}", v.date(retry))
	}
	view.Picture, view.Alt = v.waitPicture(*n)
	for i, t := range n.Tasks {
		w := taskView{N: itoa(i + 1), Text: t.Text}
		if !t.DoneOn.IsZero() {
			w.Done = v.near(t.DoneOn)
		}
		view.Tasks = append(view.Tasks, w)
	}
	if !n.Thanked.IsZero() {
		view.Thanked = v.near(n.Thanked)
	}
	var err error
	if view.Letter, err = v.letterSheet(homecase.NotNow); err != nil {
		return err
	}
	if view.Around, err = v.around(); err != nil {
		return err
	}
	return v.ok("not-now", page{Title: view.Heading, Tab: "talk", Back: backTo(v, "/talk")}, view)
}

// backTo is the address behind Back, none on that page itself.
func backTo(v *visit, front string) string {
	if v.r.URL.Path == front {
		return ""
	}
	return front
}

// waitPicture is the time between the answer and the day to ask again.
func (v *visit) waitPicture(n plan.NotNow) (packet.Chart, string) {
	days := max(n.RetryOn().Sub(n.Said), 1)
	weeks := max((days+3)/7, 1)
	l := v.kase().Locale()
	label := func(words string, d day.Date) []packet.Span {
		return []packet.Span{{Text: v.s.label(words) + ", " + l.DayMonth(d)}}
	}
	chart := packet.Timeline{Weeks: weeks, Length: float64(weeks), Fill: packet.FillOffice, Moments: []packet.Moment{
		{At: 0, Label: label("not-now-moment-said", n.Said)}, {At: float64(weeks), Label: label("not-now-moment-again", n.RetryOn())},
	}}
	long := strconv.Itoa(weeks) + " weeks"
	if weeks == 1 {
		long = "1 week"
	}
	return chart, v.say(v.s.label("not-now-alt"), "{boss}", v.boss(), "{said}", v.date(n.Said), "{day}", v.date(n.RetryOn()), "{weeks}", long)
}

// saveNotNow ticks a task, notes that the thanks were sent, or hands out the
// day to ask again for the person's own calendar.
func saveNotNow(v *visit) error {
	if no := v.kase().Plan.NotNow; no != nil && v.form().Get("do") == "remind" {
		return v.remind("reminder.ics", no.RetryOn(), "talk-reminder")
	}
	what, n, _ := strings.Cut(v.form().Get("do"), "-")
	did := map[string]string{"done": "Did a task about the worry", "open": "Took back that a task was done", "thanked": "Noted that the thanks were sent"}[what]
	if did == "" || v.kase().Plan.NotNow == nil {
		return v.seeOther("/talk/not-now")
	}
	err := v.change(did, func(c *homecase.Case, _ *homecase.Course) error {
		if c.Plan.NotNow == nil {
			return nil
		}
		no := *c.Plan.NotNow
		no.Tasks = slices.Clone(no.Tasks)
		if i, err := strconv.Atoi(n); err == nil && i >= 1 && i <= len(no.Tasks) {
			no.Tasks[i-1].DoneOn = map[string]day.Date{"done": v.today()}[what]
		}
		if what == "thanked" {
			no.Thanked = v.today()
		}
		c.Plan.NotNow = &no
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther("/talk/not-now")
}

// remind hands out a day for the person's own calendar.
func (v *visit) remind(name string, on day.Date, label string) error {
	file, err := v.s.work.Reminder(on, v.say(v.s.label(label)), v.say(v.s.label(label+"-words")))
	if err != nil {
		return err
	}
	return v.send(ops.File{Name: name, Data: file}, false)
}
